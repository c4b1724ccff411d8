package planner

import (
	"math/bits"

	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
)

// colSet is a set of column ids. Ids are small and dense within a statement, so it is a bitmap.
type colSet []uint64

func (s colSet) has(id eval.ColID) bool {
	w := int(id) >> 6
	return w < len(s) && s[w]&(1<<(uint(id)&63)) != 0
}

func (s *colSet) add(id eval.ColID) {
	w := int(id) >> 6
	for w >= len(*s) {
		*s = append(*s, 0)
	}
	(*s)[w] |= 1 << (uint(id) & 63)
}

func (s *colSet) addAll(o colSet) {
	for len(*s) < len(o) {
		*s = append(*s, 0)
	}
	for i, w := range o {
		(*s)[i] |= w
	}
}

func (s *colSet) addCols(cols []eval.Column) {
	for i := range cols {
		s.add(cols[i].ID)
	}
}

func (s colSet) clone() colSet { return append(colSet(nil), s...) }

func (s colSet) empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

// within says whether every id of s is in o.
func (s colSet) within(o colSet) bool {
	for i, w := range s {
		if i < len(o) {
			w &^= o[i]
		}
		if w != 0 {
			return false
		}
	}
	return true
}

// meets says whether s and o share an id.
func (s colSet) meets(o colSet) bool {
	for i := 0; i < len(s) && i < len(o); i++ {
		if s[i]&o[i] != 0 {
			return true
		}
	}
	return false
}

// each calls f with every id, ascending.
func (s colSet) each(f func(eval.ColID)) {
	for i, w := range s {
		for w != 0 {
			f(eval.ColID(i<<6 + bits.TrailingZeros64(w)))
			w &= w - 1
		}
	}
}

// setOf is the set of the columns' ids.
func setOf(cols []eval.Column) colSet {
	var s colSet
	s.addCols(cols)
	return s
}

// outputSet is setOf the relation's output. A join's is not listed for that: trees of joins are deep.
func outputSet(r eval.Rel) colSet {
	switch r := r.(type) {
	case *bind.Filter:
		return outputSet(r.Input)
	case *bind.Join:
		s := outputSet(r.Left)
		if r.Kind != bind.Semi && r.Kind != bind.Anti {
			s.addAll(outputSet(r.Right))
		}
		return s
	}
	return setOf(r.Output())
}
