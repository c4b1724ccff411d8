package fn

import (
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// vectorState is sum and avg of vectors, one sum a group: of elements that are rounded to the type's at each step, as
// repeated addition does, or of doubles when an average shall be made of it.
type vectorState struct {
	dense
	elements *types.ElementReader
	sums     [][]float64
	counts   []int64
	avg      bool
	bytes    int64
}

func newVectorState(d dense, avg bool) func(AggCall) State {
	return func(AggCall) State { return &vectorState{dense: d, elements: d.Reader(), avg: avg} }
}

func (s *vectorState) Resize(n int) { s.sums, s.counts = grown(s.sums, n), grown(s.counts, n) }
func (s *vectorState) Bytes() int64 { return sliceBytes(s.sums) + sliceBytes(s.counts) + s.bytes }

func (s *vectorState) Add(groups []int32, args []*batch.Column, sel []int32, n int) error {
	a := args[0]
	for k, g := range groups[:selected(sel, n)] {
		i := at(sel, k)
		if a.Null(i) {
			continue
		}
		if err := s.addTo(g, s.elements.Floats(a.S[i])); err != nil {
			return err
		}
	}
	return nil
}

func (s *vectorState) addTo(g int32, v []float32) error {
	sum := s.sums[g]
	if sum == nil {
		sum = make([]float64, len(v))
		s.sums[g] = sum
		s.bytes += 8 * int64(len(v))
	}
	if len(sum) != len(v) && s.avg { // pgvector's two aggregates differ in their words
		return types.CheckVectorDims(int32(len(sum)), len(v))
	}
	if len(sum) != len(v) {
		return errDims(s.Name, len(sum), len(v))
	}
	s.counts[g]++
	if s.avg {
		for j, f := range v {
			sum[j] += float64(f)
		}
		return nil
	}
	for j, f := range v {
		r := s.Rounded(float32(sum[j]) + f)
		if r-r != 0 {
			return errOverflow()
		}
		sum[j] = float64(r)
	}
	return nil
}

func (s *vectorState) Result(n int, out *batch.Column) error {
	for g := range n {
		if s.counts[g] == 0 {
			out.SetNull(g)
			continue
		}
		by := 1.0
		if s.avg {
			by = float64(s.counts[g])
		}
		v := make([]float32, len(s.sums[g]))
		for j, x := range s.sums[g] {
			v[j] = float32(x / by)
		}
		var err error
		if out.S[g], err = s.packed(v); err != nil {
			return err
		}
	}
	return nil
}

func vectorAggs() []aggEntry {
	var list []aggEntry
	for _, d := range []dense{{types.Vectors}, {types.Halfvecs}} {
		list = append(list,
			aggEntry{"sum(" + d.Name + ")", newVectorState(d, false)}, aggEntry{"avg(" + d.Name + ")", newVectorState(d, true)})
	}
	return list
}
