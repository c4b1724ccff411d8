package eval

import (
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// memberSet is a set of values of one type under the equality of its default order.
type memberSet struct {
	ints map[int64]struct{}
	keys map[string]struct{}
	key  func(dst []byte, d types.Datum) []byte // nil: strings are their own keys
	null bool                                   // a null was among the values
	buf  []byte
}

// hashable says whether equality by f is membership in a memberSet: f is an equality by physical form
// of integers or strings, or the equality of one type with a key encoding.
func hashable(f *fn.Func) bool {
	if f == nil || len(f.Args) != 2 {
		return false
	}
	if f.Compare == fn.EQ {
		return true
	}
	if f.Args[0] != f.Args[1] || !f.Strict || f.Kernel == nil {
		return false
	}
	typ, err := typeOf(f.Args[0])
	return err == nil && typ.AppendKey != nil && equalityNames[f.Name]
}

// equalityNames are equalities by value whose types have a key encoding.
var equalityNames = map[string]bool{"numeric_eq": true, "bpchareq": true, "interval_eq": true, "timetz_eq": true}

func newMemberSet(oid types.OID) *memberSet {
	s := &memberSet{}
	switch physical(oid) {
	case types.Int:
		s.ints = make(map[int64]struct{})
	case types.String:
		s.keys = make(map[string]struct{})
		if typ, err := typeOf(oid); err == nil && !isText(oid) {
			s.key = typ.AppendKey
		}
	default:
		s.keys = make(map[string]struct{})
		if typ, err := typeOf(oid); err == nil {
			s.key = typ.AppendKey
		}
	}
	return s
}

// fill replaces the members.
func (s *memberSet) fill(col *batch.Column, n int) {
	s.reset()
	for i := range n {
		s.add(col.Datum(i))
	}
}

func (s *memberSet) reset() {
	clear(s.ints)
	clear(s.keys)
	s.null = false
}

func (s *memberSet) add(d types.Datum) {
	switch {
	case d.Null:
		s.null = true
	case s.ints != nil:
		s.ints[d.I] = struct{}{}
	case s.key == nil:
		s.keys[d.S] = struct{}{}
	default:
		s.buf = s.key(s.buf[:0], d)
		s.keys[string(s.buf)] = struct{}{}
	}
}

// has says whether row i of a column is a member.
func (s *memberSet) has(col *batch.Column, i int) bool {
	var ok bool
	switch {
	case s.ints != nil:
		_, ok = s.ints[col.I[i]]
	case s.key == nil:
		_, ok = s.keys[col.S[i]]
	default:
		s.buf = s.key(s.buf[:0], col.Datum(i))
		_, ok = s.keys[string(s.buf)]
	}
	return ok
}
