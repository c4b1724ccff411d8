package fn

import (
	"math/big"
	"math/bits"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// wide is a signed integer of 128 bits: sums of bigints and of squares of integers fit.
type wide struct {
	lo uint64
	hi int64
}

func (w *wide) add(v int64) {
	var carry uint64
	w.lo, carry = bits.Add64(w.lo, uint64(v), 0)
	w.hi += v>>63 + int64(carry)
}

// addSquare adds v*v.
func (w *wide) addSquare(v int64) {
	hi, lo := bits.Mul64(magnitude(v), magnitude(v))
	var carry uint64
	w.lo, carry = bits.Add64(w.lo, lo, 0)
	w.hi += int64(hi + carry)
}

func (w wide) big() *big.Int {
	v := big.NewInt(w.hi)
	return v.Add(v.Lsh(v, 64), new(big.Int).SetUint64(w.lo))
}

// numeric is the sum as a numeric.
func (w wide) numeric() string {
	if w.hi == int64(w.lo)>>63 {
		return types.NumericFromInt64(int64(w.lo))
	}
	return w.big().String()
}

// intSums are what aggregates of integers with numeric results keep.
type intSums struct {
	n       int64
	sum     wide
	squares wide
}

// intState is sum of bigint, avg and variance of all integers.
type intState struct {
	groups  []intSums
	squares bool
	least   int64
	result  func(s *intSums) (string, error)
}

func (s *intState) Resize(n int) { s.groups = grown(s.groups, n) }
func (s *intState) Bytes() int64 { return sliceBytes(s.groups) }

func (s *intState) Add(groups []int32, args []*batch.Column, sel []int32, n int) error {
	a, nulls := args[0].I, args[0].Nulls
	for k, g := range groups[:selected(sel, n)] {
		i := at(sel, k)
		if nulls != nil && nulls[i] {
			continue
		}
		sums := &s.groups[g]
		sums.n++
		sums.sum.add(a[i])
		if s.squares {
			sums.squares.addSquare(a[i])
		}
	}
	return nil
}

func (s *intState) Result(n int, out *batch.Column) error {
	for g := range n {
		if s.groups[g].n < s.least {
			out.SetNull(g)
			continue
		}
		v, err := s.result(&s.groups[g])
		if err != nil {
			return err
		}
		out.S[g] = v
	}
	return nil
}

// spreadOf is a variance, or its root, from count, sum and sum of squares given as numerics.
type spreadOf struct {
	sample, root bool
}

func (p spreadOf) least() int64 {
	if p.sample {
		return 2
	}
	return 1
}

// of is (n·Σx² - (Σx)²) / (n·n or n·(n-1)), never below zero.
func (p spreadOf) of(n int64, sum, squares string) (string, error) {
	count := types.NumericFromInt64(n)
	a, err := types.NumericMul(count, squares)
	if err != nil {
		return "", err
	}
	b, err := types.NumericMul(sum, sum)
	if err != nil {
		return "", err
	}
	if a, err = types.NumericSub(a, b); err != nil {
		return "", err
	}
	if types.NumericIsNaN(a) {
		return a, nil
	}
	if types.NumericSign(a) <= 0 {
		return "0", nil
	}
	by := n
	if p.sample {
		by--
	}
	divisor, err := types.NumericMul(count, types.NumericFromInt64(by))
	if err != nil {
		return "", err
	}
	variance, err := types.NumericDiv(a, divisor)
	if err != nil || !p.root {
		return variance, err
	}
	root, err := types.NumericSqrt(variance)
	return types.NumericRound(root, types.NumericScale(variance)), err
}

// numericState is sum, avg and variance of numerics.
type numericState struct {
	counts  []int64
	sums    []string
	squares []string
	square  bool
	least   int64
	result  func(n int64, sum, squares string) (string, error)
}

func (s *numericState) Resize(n int) {
	s.counts, s.sums = grown(s.counts, n), grown(s.sums, n)
	if s.square {
		s.squares = grown(s.squares, n)
	}
}

// numericBytes is what a sum takes beside its slot.
const numericBytes = 24

func (s *numericState) Bytes() int64 {
	return sliceBytes(s.counts) + sliceBytes(s.sums) + sliceBytes(s.squares) + numericBytes*int64(len(s.sums)+len(s.squares))
}

func (s *numericState) Add(groups []int32, args []*batch.Column, sel []int32, n int) error {
	a := args[0]
	for k, g := range groups[:selected(sel, n)] {
		i := at(sel, k)
		if a.Null(i) {
			continue
		}
		if err := s.addValue(g, a.S[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *numericState) addValue(g int32, v string) error {
	square := ""
	var err error
	if s.square {
		if square, err = types.NumericMul(v, v); err != nil {
			return err
		}
	}
	s.counts[g]++
	if s.counts[g] == 1 {
		s.sums[g] = v
		if s.square {
			s.squares[g] = square
		}
		return nil
	}
	if s.sums[g], err = types.NumericAdd(s.sums[g], v); err != nil || !s.square {
		return err
	}
	s.squares[g], err = types.NumericAdd(s.squares[g], square)
	return err
}

func (s *numericState) Result(n int, out *batch.Column) error {
	for g := range n {
		if s.counts[g] < s.least {
			out.SetNull(g)
			continue
		}
		squares := ""
		if s.square {
			squares = s.squares[g]
		}
		v, err := s.result(s.counts[g], s.sums[g], squares)
		if err != nil {
			return err
		}
		out.S[g] = v
	}
	return nil
}

// numericAggs are the aggregates whose result is numeric.
func numericAggs() []aggEntry {
	average := func(n int64, sum, _ string) (string, error) {
		return types.NumericDiv(sum, types.NumericFromInt64(n))
	}
	list := []aggEntry{
		{"sum(int8)", func(AggCall) State {
			return &intState{least: 1, result: func(s *intSums) (string, error) { return s.sum.numeric(), nil }}
		}},
		{"sum(numeric)", func(AggCall) State {
			return &numericState{least: 1, result: func(_ int64, sum, _ string) (string, error) { return sum, nil }}
		}},
		{"avg(numeric)", func(AggCall) State { return &numericState{least: 1, result: average} }},
		{"min(numeric)", fold(numericMin)},
		{"max(numeric)", fold(numericMax)},
	}
	for _, t := range []string{"(int2)", "(int4)", "(int8)"} {
		list = append(list, aggEntry{"avg" + t, func(AggCall) State {
			return &intState{least: 1, result: func(s *intSums) (string, error) { return average(s.n, s.sum.numeric(), "") }}
		}})
	}
	for _, v := range []struct {
		name string
		p    spreadOf
	}{
		{"var_pop", spreadOf{}},
		{"var_samp", spreadOf{sample: true}},
		{"variance", spreadOf{sample: true}},
		{"stddev_pop", spreadOf{root: true}},
		{"stddev_samp", spreadOf{sample: true, root: true}},
		{"stddev", spreadOf{sample: true, root: true}},
	} {
		for _, t := range []string{"(int2)", "(int4)", "(int8)"} {
			list = append(list, aggEntry{v.name + t, func(AggCall) State {
				return &intState{squares: true, least: v.p.least(), result: func(s *intSums) (string, error) {
					return v.p.of(s.n, s.sum.numeric(), s.squares.numeric())
				}}
			}})
		}
		list = append(list, aggEntry{v.name + "(numeric)", func(AggCall) State {
			return &numericState{square: true, least: v.p.least(), result: v.p.of}
		}})
	}
	return list
}
