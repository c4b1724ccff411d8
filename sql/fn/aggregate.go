package fn

import (
	"unsafe"

	"github.com/vecdb/vecdb/sql/batch"
)

// Aggregates keep one slot a group in plain slices, so that a million groups are a few allocations.
// A group's slot counts when its seen flag or count says so.

// grown makes s n long, new slots zero.
func grown[T any](s []T, n int) []T {
	if cap(s) >= n {
		old := len(s)
		s = s[:n]
		if n > old {
			clear(s[old:])
		}
		return s
	}
	out := make([]T, n, max(n, 2*cap(s)))
	copy(out, s)
	return out
}

func sliceBytes[T any](s []T) int64 {
	var z T
	return int64(cap(s)) * int64(unsafe.Sizeof(z))
}

// countRows is count(*), countValues count(x).
type countState struct {
	counts []int64
	values bool
}

func (s *countState) Resize(n int) { s.counts = grown(s.counts, n) }
func (s *countState) Bytes() int64 { return sliceBytes(s.counts) }

func (s *countState) Add(groups []int32, args []*batch.Column, sel []int32, n int) error {
	if !s.values || args[0].Nulls == nil {
		for _, g := range groups[:selected(sel, n)] {
			s.counts[g]++
		}
		return nil
	}
	nulls := args[0].Nulls
	for k, g := range groups[:selected(sel, n)] {
		if !nulls[at(sel, k)] {
			s.counts[g]++
		}
	}
	return nil
}

func (s *countState) Result(n int, out *batch.Column) error {
	copy(out.I[:n], s.counts)
	return nil
}

// foldState is an aggregate of values T that are combined two by two: the first value of a group
// stands, each later one is folded in. Groups without a value are null.
type foldState[T value] struct {
	values []T
	seen   []bool
	fold   func(a, b T) (T, error)
	// weigh is the memory that a value holds beside its slot; nil for none.
	bytes int64
}

func (s *foldState[T]) Resize(n int) {
	s.values, s.seen = grown(s.values, n), grown(s.seen, n)
}

func (s *foldState[T]) Bytes() int64 { return sliceBytes(s.values) + sliceBytes(s.seen) + s.bytes }

func (s *foldState[T]) Add(groups []int32, args []*batch.Column, sel []int32, n int) error {
	a, nulls := vals[T](args[0]), args[0].Nulls
	for k, g := range groups[:selected(sel, n)] {
		i := at(sel, k)
		if nulls != nil && nulls[i] {
			continue
		}
		if !s.seen[g] {
			s.values[g], s.seen[g] = a[i], true
			s.bytes += valueBytes(a[i])
			continue
		}
		v, err := s.fold(s.values[g], a[i])
		if err != nil {
			return err
		}
		s.values[g] = v
	}
	return nil
}

func (s *foldState[T]) Result(n int, out *batch.Column) error {
	copy(vals[T](out), s.values[:n])
	for g, seen := range s.seen[:n] {
		if !seen {
			out.SetNull(g)
		}
	}
	return nil
}

func valueBytes[T value](v T) int64 {
	if s, ok := any(v).(string); ok {
		return int64(len(s))
	}
	return 0
}

// fold makes an aggregate that combines values two by two.
func fold[T value](f func(a, b T) T) func(AggCall) State {
	return tryFold(func(a, b T) (T, error) { return f(a, b), nil })
}

func tryFold[T value](f func(a, b T) (T, error)) func(AggCall) State {
	return func(AggCall) State { return &foldState[T]{fold: f} }
}

// extremeState is min and max of numbers in a loop without calls.
type extremeState struct {
	values []int64
	seen   []bool
	max    bool
}

func (s *extremeState) Resize(n int) {
	s.values, s.seen = grown(s.values, n), grown(s.seen, n)
}

func (s *extremeState) Bytes() int64 { return sliceBytes(s.values) + sliceBytes(s.seen) }

func (s *extremeState) Add(groups []int32, args []*batch.Column, sel []int32, n int) error {
	a, nulls := args[0].I, args[0].Nulls
	for k, g := range groups[:selected(sel, n)] {
		i := at(sel, k)
		if nulls != nil && nulls[i] {
			continue
		}
		v := a[i]
		if !s.seen[g] || (v > s.values[g]) == s.max && v != s.values[g] {
			s.values[g], s.seen[g] = v, true
		}
	}
	return nil
}

func (s *extremeState) Result(n int, out *batch.Column) error {
	copy(out.I[:n], s.values)
	for g, seen := range s.seen[:n] {
		if !seen {
			out.SetNull(g)
		}
	}
	return nil
}

// sumIntState is sum of smallint and integer: a bigint, whose overflow is an error.
type sumIntState struct {
	sums []int64
	seen []bool
}

func (s *sumIntState) Resize(n int) { s.sums, s.seen = grown(s.sums, n), grown(s.seen, n) }
func (s *sumIntState) Bytes() int64 { return sliceBytes(s.sums) + sliceBytes(s.seen) }

func (s *sumIntState) Add(groups []int32, args []*batch.Column, sel []int32, n int) error {
	a, nulls := args[0].I, args[0].Nulls
	over := int64(0)
	for k, g := range groups[:selected(sel, n)] {
		i := at(sel, k)
		if nulls != nil && nulls[i] {
			continue
		}
		old := s.sums[g]
		v := old + a[i]
		over |= (old ^ v) & (a[i] ^ v)
		s.sums[g], s.seen[g] = v, true
	}
	if over < 0 {
		return errOutOfRange(int8.name)
	}
	return nil
}

func (s *sumIntState) Result(n int, out *batch.Column) error {
	copy(out.I[:n], s.sums)
	for g, seen := range s.seen[:n] {
		if !seen {
			out.SetNull(g)
		}
	}
	return nil
}

// sumFloat adds as PostgreSQL's float8pl and float4pl do.
func sumFloat(real4 bool) func(AggCall) State {
	return tryFold(func(a, b float64) (float64, error) {
		v := a + b
		if real4 {
			v = float64(float32(v))
		}
		return checked(v, a, b)
	})
}

// distinctFrom says whether two strings differ; bool aggregates need and, or.
func boolAnd(a, b bool) bool { return a && b }
func boolOr(a, b bool) bool  { return a || b }

var plainAggs = []aggEntry{
	{"count()", func(AggCall) State { return &countState{} }},
	{"count(any)", func(AggCall) State { return &countState{values: true} }},
	{"sum(int2)", func(AggCall) State { return &sumIntState{} }},
	{"sum(int4)", func(AggCall) State { return &sumIntState{} }},
	{"sum(float4)", sumFloat(true)},
	{"sum(float8)", sumFloat(false)},
	{"sum(money)", tryFold(addWide)},
	{"bool_and", fold(boolAnd)},
	{"every", fold(boolAnd)},
	{"bool_or", fold(boolOr)},
	{"min(float4)", fold(floatMin)},
	{"min(float8)", fold(floatMin)},
	{"max(float4)", fold(floatMax)},
	{"max(float8)", fold(floatMax)},
	{"min(text)", fold(minOf[string])},
	{"max(text)", fold(maxOf[string])},
	{"min(bpchar)", fold(blankPaddedMin)},
	{"max(bpchar)", fold(blankPaddedMax)},
}

func blankPaddedMin(a, b string) string {
	if compareBlankPadded(b, a) < 0 {
		return b
	}
	return a
}

func blankPaddedMax(a, b string) string {
	if compareBlankPadded(b, a) > 0 {
		return b
	}
	return a
}

// integerAggs are the aggregates that all types of integers in memory share.
func integerAggs() []aggEntry {
	var list []aggEntry
	for _, t := range []string{"int2", "int4", "int8", "oid", "date", "time", "timestamp", "timestamptz", "money"} {
		list = append(list,
			aggEntry{"min(" + t + ")", func(AggCall) State { return &extremeState{} }},
			aggEntry{"max(" + t + ")", func(AggCall) State { return &extremeState{max: true} }})
	}
	for _, t := range []string{"int2", "int4", "int8"} {
		list = append(list,
			aggEntry{"bit_and(" + t + ")", fold(func(a, b int64) int64 { return a & b })},
			aggEntry{"bit_or(" + t + ")", fold(func(a, b int64) int64 { return a | b })},
			aggEntry{"bit_xor(" + t + ")", fold(func(a, b int64) int64 { return a ^ b })})
	}
	return list
}

// anyValue is any_value: the first value that is not null.
func anyValue(c AggCall) State {
	switch physicalOf(c.Args[0].OID) {
	case boolForm:
		return &foldState[bool]{fold: first[bool]}
	case intForm:
		return &foldState[int64]{fold: first[int64]}
	case floatForm:
		return &foldState[float64]{fold: first[float64]}
	}
	return &foldState[string]{fold: first[string]}
}

func first[T value](a, _ T) (T, error) { return a, nil }
