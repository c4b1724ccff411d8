package fn

import (
	"crypto/rand"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// intervalState is sum and avg of intervals.
type intervalState struct {
	sums   []types.Interval
	counts []int64
	avg    bool
}

func (s *intervalState) Resize(n int) { s.sums, s.counts = grown(s.sums, n), grown(s.counts, n) }
func (s *intervalState) Bytes() int64 { return sliceBytes(s.sums) + sliceBytes(s.counts) }

func (s *intervalState) Add(groups []int32, args []*batch.Column, sel []int32, n int) error {
	a := args[0]
	for k, g := range groups[:selected(sel, n)] {
		i := at(sel, k)
		if a.Null(i) {
			continue
		}
		sum, err := addIntervals(s.sums[g], unpackInterval(a.S[i]))
		if err != nil {
			return err
		}
		s.sums[g] = sum
		s.counts[g]++
	}
	return nil
}

func (s *intervalState) Result(n int, out *batch.Column) error {
	for g := range n {
		if s.counts[g] == 0 {
			out.SetNull(g)
			continue
		}
		v := s.sums[g]
		if s.avg {
			var err error
			if v, err = divideInterval(v, float64(s.counts[g])); err != nil {
				return err
			}
		}
		out.S[g] = packInterval(v)
	}
	return nil
}

var intervalAggs = []aggEntry{
	{"sum(interval)", func(AggCall) State { return &intervalState{} }},
	{"avg(interval)", func(AggCall) State { return &intervalState{avg: true} }},
}

// seriesTime is generate_series of timestamps; a step with months or days walks the calendar.
func seriesTime(zoned bool) SetFunc {
	return func(c *Call, args []types.Datum, emit func([]types.Datum) error) error {
		iv := unpackInterval(args[2].S)
		sign := compareInt64(int64(iv.Months)*daysMonth*microsDay+int64(iv.Days)*microsDay+iv.Micros, 0)
		if sign == 0 {
			return errZeroStep()
		}
		loc := zoneOf(c)
		if len(args) == 4 {
			var err error
			if loc, err = zoneNamed(args[3].S); err != nil {
				return err
			}
		}
		row := make([]types.Datum, 1)
		for t := args[0].I; sign*compareInt64(t, args[1].I) <= 0; {
			row[0] = types.IntDatum(t)
			if err := emit(row); err != nil {
				return err
			}
			next, err := int64(0), error(nil)
			if zoned {
				next, err = addToInstant(t, iv, loc)
			} else {
				next, err = addToTime(t, iv)
			}
			if err != nil || next == t {
				return err
			}
			t = next
		}
		return nil
	}
}

// genRandomUUID gives version 4 UUIDs.
func genRandomUUID(_ *Call, _ []*batch.Column, sel []int32, n int, out *batch.Column) error {
	count := selected(sel, n)
	buf := make([]byte, 16*count)
	if _, err := rand.Read(buf); err != nil {
		return err
	}
	for k := range count {
		u := buf[16*k : 16*k+16]
		u[6] = u[6]&0x0f | 0x40
		u[8] = u[8]&0x3f | 0x80
		out.S[at(sel, k)] = string(u)
	}
	return nil
}
