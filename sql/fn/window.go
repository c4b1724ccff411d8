package fn

import (
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

var windowFuncs = []windowEntry{
	{"row_number", windowNumber(func(_ *Partition, i int) int64 { return int64(i) + 1 })},
	{"rank", windowNumber(func(p *Partition, i int) int64 { return int64(p.Peers[i]) + 1 })},
	{"dense_rank", denseRank},
	{"percent_rank", percentRank},
	{"cume_dist", cumeDist},
	{"ntile", ntile},
	{"lag", offsetRow(-1)},
	{"lead", offsetRow(1)},
	{"first_value", frameValue(1)},
	{"last_value", frameValue(-1)},
	{"nth_value", nthValue},
}

func windowNumber(f func(p *Partition, i int) int64) WindowFunc {
	return func(_ *Call, p *Partition, out *batch.Column) error {
		for i := range p.N {
			out.I[i] = f(p, i)
		}
		return nil
	}
}

func denseRank(_ *Call, p *Partition, out *batch.Column) error {
	rank := int64(0)
	for i := range p.N {
		if int(p.Peers[i]) == i {
			rank++
		}
		out.I[i] = rank
	}
	return nil
}

func percentRank(_ *Call, p *Partition, out *batch.Column) error {
	for i := range p.N {
		out.F[i] = 0
		if p.N > 1 {
			out.F[i] = float64(p.Peers[i]) / float64(p.N-1)
		}
	}
	return nil
}

// cumeDist is the share of rows up to the end of the row's peer group.
func cumeDist(_ *Call, p *Partition, out *batch.Column) error {
	end := p.N
	for i := p.N - 1; i >= 0; i-- {
		if i+1 < p.N && int(p.Peers[i+1]) == i+1 {
			end = i + 1
		}
		out.F[i] = float64(end) / float64(p.N)
	}
	return nil
}

// ntile deals the rows into buckets whose sizes differ by one at most, the larger ones first. Its
// argument is read at the first row, as PostgreSQL does.
func ntile(_ *Call, p *Partition, out *batch.Column) error {
	if p.N == 0 {
		return nil
	}
	if p.Args[0].Null(0) {
		for i := range p.N {
			out.SetNull(i)
		}
		return nil
	}
	buckets := p.Args[0].I[0]
	if buckets <= 0 {
		return pgerr.New(pgerrcode.InvalidArgumentForNtileFunction, "argument of ntile must be greater than zero")
	}
	small, larger := int64(p.N)/buckets, int64(p.N)%buckets
	for i := range int64(p.N) {
		if split := larger * (small + 1); i < split {
			out.I[i] = i/(small+1) + 1
		} else {
			out.I[i] = larger + (i-split)/small + 1
		}
	}
	return nil
}

// offsetRow is lag (direction -1) and lead: the value some rows away, or the default.
func offsetRow(direction int64) WindowFunc {
	return func(_ *Call, p *Partition, out *batch.Column) error {
		for i := range p.N {
			distance := int64(1)
			if len(p.Args) > 1 {
				if p.Args[1].Null(i) {
					out.SetNull(i)
					continue
				}
				distance = p.Args[1].I[i]
			}
			j := int64(i) + direction*distance
			switch {
			case j >= 0 && j < int64(p.N):
				out.SetDatum(i, p.Args[0].Datum(int(j)))
			case len(p.Args) > 2:
				out.SetDatum(i, p.Args[2].Datum(i))
			default:
				out.SetNull(i)
			}
		}
		return nil
	}
}

// endOf is the first (step 1) or last (step -1) row of row i's frame that is not excluded, or -1.
func endOf(p *Partition, i, step int) int {
	from, to := p.Frame(i)
	j := from
	if step < 0 {
		j = to - 1
	}
	for ; j >= from && j < to; j += step {
		if p.Excluded == nil || !p.Excluded(i, j) {
			return j
		}
	}
	return -1
}

// frameValue is first_value (step 1) and last_value (step -1).
func frameValue(step int) WindowFunc {
	return func(_ *Call, p *Partition, out *batch.Column) error {
		for i := range p.N {
			if j := endOf(p, i, step); j >= 0 {
				out.SetDatum(i, p.Args[0].Datum(j))
			} else {
				out.SetNull(i)
			}
		}
		return nil
	}
}

func nthValue(_ *Call, p *Partition, out *batch.Column) error {
	for i := range p.N {
		if p.Args[1].Null(i) {
			out.SetNull(i)
			continue
		}
		n := p.Args[1].I[i]
		if n <= 0 {
			return pgerr.New(pgerrcode.InvalidArgumentForNthValueFunction, "argument of nth_value must be greater than zero")
		}
		out.SetDatum(i, frameRow(p, i, n))
	}
	return nil
}

// frameRow is the value of the n-th row of row i's frame, from 1.
func frameRow(p *Partition, i int, n int64) types.Datum {
	from, to := p.Frame(i)
	for j := from; j < to; j++ {
		if p.Excluded != nil && p.Excluded(i, j) {
			continue
		}
		if n--; n == 0 {
			return p.Args[0].Datum(j)
		}
	}
	return types.NullDatum
}
