package fn

import (
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// Direction is how ORDER BY sorts by one key.
type Direction struct{ Desc, NullsFirst bool }

// rankCounts is what a group knows of the row that its direct arguments describe.
type rankCounts struct {
	rows, before, distinct, notAfter int64 // distinct counts different rows before
	last                             []types.Datum
}

// hypotheticalState is rank(...) WITHIN GROUP and its kin. Rows come in order.
type hypotheticalState struct {
	groups  []rankCounts
	order   []Direction
	compare []func(a, b types.Datum) int
	result  func(c rankCounts) types.Datum
}

func hypothetical(result func(c rankCounts) types.Datum) func(AggCall) State {
	return func(c AggCall) State {
		s := &hypotheticalState{order: c.Order, result: result}
		for i := range c.Order {
			s.compare = append(s.compare, comparer(c.Args[i].OID))
		}
		return s
	}
}

var hypotheticalAggs = []aggEntry{
	{"rank", hypothetical(func(c rankCounts) types.Datum { return types.IntDatum(c.before + 1) })},
	{"dense_rank", hypothetical(func(c rankCounts) types.Datum { return types.IntDatum(c.distinct + 1) })},
	{"percent_rank", hypothetical(func(c rankCounts) types.Datum {
		if c.rows == 0 {
			return types.FloatDatum(0)
		}
		return types.FloatDatum(float64(c.before) / float64(c.rows))
	})},
	{"cume_dist", hypothetical(func(c rankCounts) types.Datum {
		return types.FloatDatum(float64(c.notAfter+1) / float64(c.rows+1))
	})},
}

func (s *hypotheticalState) Resize(n int) { s.groups = grown(s.groups, n) }
func (s *hypotheticalState) Bytes() int64 {
	return sliceBytes(s.groups) + int64(len(s.groups)*len(s.order))*datumBytes
}

func (s *hypotheticalState) Add(groups []int32, args []*batch.Column, sel []int32, n int) error {
	keys := len(s.order)
	row, described := make([]types.Datum, keys), make([]types.Datum, keys)
	for k, g := range groups[:selected(sel, n)] {
		i := at(sel, k)
		for j := range keys {
			described[j], row[j] = args[j].Datum(i), args[keys+j].Datum(i)
		}
		c := &s.groups[g]
		c.rows++
		order := s.compareRows(row, described)
		if order <= 0 {
			c.notAfter++
		}
		if order < 0 {
			c.before++
			if c.last == nil || s.compareRows(row, c.last) != 0 {
				c.distinct++
				c.last = append(c.last[:0], row...)
			}
		}
	}
	return nil
}

func (s *hypotheticalState) Result(n int, out *batch.Column) error {
	for g := range n {
		out.SetDatum(g, s.result(s.groups[g]))
	}
	return nil
}

// compareRows is negative when a stands before b in the order of WITHIN GROUP.
func (s *hypotheticalState) compareRows(a, b []types.Datum) int {
	for j, by := range s.order {
		nulls, sign := 1, 1
		if by.NullsFirst {
			nulls = -1
		}
		if by.Desc {
			sign = -1
		}
		switch {
		case a[j].Null && b[j].Null:
		case a[j].Null:
			return nulls
		case b[j].Null:
			return -nulls
		default:
			if order := sign * s.compare[j](a[j], b[j]); order != 0 {
				return order
			}
		}
	}
	return 0
}
