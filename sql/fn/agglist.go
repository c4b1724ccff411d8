package fn

import (
	"math"
	"unsafe"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// stringAggState is string_agg of text and bytea.
type stringAggState struct {
	groups [][]byte
	seen   []bool
	bytes  int64
}

func newStringAgg(AggCall) State { return &stringAggState{} }

func (s *stringAggState) Resize(n int) { s.groups, s.seen = grown(s.groups, n), grown(s.seen, n) }
func (s *stringAggState) Bytes() int64 { return sliceBytes(s.groups) + sliceBytes(s.seen) + s.bytes }

func (s *stringAggState) Add(groups []int32, args []*batch.Column, sel []int32, n int) error {
	text, separator := args[0], args[1]
	for k, g := range groups[:selected(sel, n)] {
		i := at(sel, k)
		if text.Null(i) {
			continue
		}
		if have, more := len(s.groups[g]), len(text.S[i]); have+more > textBytesMax {
			return pgerr.New(pgerrcode.ProgramLimitExceeded, "out of memory").
				Detail("Cannot enlarge string buffer containing %d bytes by %d more bytes.", have, more)
		}
		before := cap(s.groups[g])
		if s.seen[g] && !separator.Null(i) {
			s.groups[g] = append(s.groups[g], separator.S[i]...)
		}
		s.groups[g] = append(s.groups[g], text.S[i]...)
		s.seen[g] = true
		s.bytes += int64(cap(s.groups[g]) - before)
	}
	return nil
}

func (s *stringAggState) Result(n int, out *batch.Column) error {
	for g := range n {
		if !s.seen[g] {
			out.SetNull(g)
			continue
		}
		text := s.groups[g] // later rows are put behind it, so that it may be given away as it is
		out.S[g] = unsafe.String(unsafe.SliceData(text), len(text))
	}
	return nil
}

// listState keeps the values of each group, one list for each argument, and makes the result of them.
type listState struct {
	lists     [][]types.Datum
	width     int  // arguments a row
	skipNulls bool // of the last argument
	bytes     int64
	result    func(rows []types.Datum) (types.Datum, error)
}

func (s *listState) Resize(n int) { s.lists = grown(s.lists, n) }
func (s *listState) Bytes() int64 { return sliceBytes(s.lists) + s.bytes }

// datumBytes is the memory of a datum beside its string.
const datumBytes = 32

func (s *listState) Add(groups []int32, args []*batch.Column, sel []int32, n int) error {
	last := args[s.width-1]
	for k, g := range groups[:selected(sel, n)] {
		i := at(sel, k)
		if s.skipNulls && last.Null(i) {
			continue
		}
		for _, a := range args[:s.width] {
			d := a.Datum(i)
			s.lists[g] = append(s.lists[g], d)
			s.bytes += datumBytes + int64(len(d.S))
		}
	}
	return nil
}

func (s *listState) Result(n int, out *batch.Column) error {
	for g := range n {
		d, err := s.result(s.lists[g])
		if err != nil {
			return err
		}
		out.SetDatum(g, d)
	}
	return nil
}

// arrayAgg is array_agg of values: nulls are kept, no rows give null.
func arrayAgg(c AggCall) State {
	elem := c.Args[0].OID
	return &listState{width: 1, result: func(list []types.Datum) (types.Datum, error) {
		if len(list) == 0 {
			return types.NullDatum, nil
		}
		return makeArray(elem, list), nil
	}}
}

// percentileState makes the functions of ordered-set aggregates with one direct argument: rows come
// as (fraction, value), in the order of the values.
func percentileState(pick func(c AggCall, p float64, values []types.Datum) (types.Datum, error)) func(AggCall) State {
	return func(c AggCall) State {
		return &listState{width: 2, skipNulls: true, result: func(rows []types.Datum) (types.Datum, error) {
			if len(rows) == 0 || rows[0].Null {
				return types.NullDatum, nil
			}
			return percentile(c, rows[0].Float(), seconds(rows), pick)
		}}
	}
}

func percentile(c AggCall, p float64, values []types.Datum, pick func(AggCall, float64, []types.Datum) (types.Datum, error)) (types.Datum, error) {
	if !(p >= 0 && p <= 1) {
		return types.Datum{}, errPercentile(p)
	}
	return pick(c, p, values)
}

// seconds are the values of rows that were kept as pairs.
func seconds(rows []types.Datum) []types.Datum {
	values := make([]types.Datum, len(rows)/2)
	for i := range values {
		values[i] = rows[2*i+1]
	}
	return values
}

// percentilesState is the same with an array of fractions.
func percentilesState(pick func(c AggCall, p float64, values []types.Datum) (types.Datum, error)) func(AggCall) State {
	return func(c AggCall) State {
		return &listState{width: 2, skipNulls: true, result: func(rows []types.Datum) (types.Datum, error) {
			if len(rows) == 0 || rows[0].Null {
				return types.NullDatum, nil
			}
			a, err := types.DecodeArray(rows[0].S)
			if err != nil {
				return types.Datum{}, err
			}
			values := seconds(rows)
			for i, f := range a.Items {
				if f.Null {
					continue
				}
				if a.Items[i], err = percentile(c, f.Float(), values, pick); err != nil {
					return types.Datum{}, err
				}
			}
			a.Elem = elementOf(c.Ret.OID)
			return types.StringDatum(a.Encode()), nil
		}}
	}
}

// place is the position of a fraction among n sorted values: between two rows, and how far.
func place(p float64, n int) (low, high int, part float64) {
	at := p * float64(n-1)
	low, high = int(math.Floor(at)), int(math.Ceil(at))
	return low, high, at - float64(low)
}

func continuousFloat(_ AggCall, p float64, values []types.Datum) (types.Datum, error) {
	low, high, part := place(p, len(values))
	a, b := values[low].Float(), values[high].Float()
	if low == high {
		return values[low], nil
	}
	return types.FloatDatum(a + part*(b-a)), nil
}

func continuousInterval(_ AggCall, p float64, values []types.Datum) (types.Datum, error) {
	low, high, part := place(p, len(values))
	if low == high {
		return values[low], nil
	}
	a, b := unpackInterval(values[low].S), unpackInterval(values[high].S)
	minus, err := negateInterval(a)
	if err != nil {
		return types.Datum{}, err
	}
	gap, err := addIntervals(b, minus)
	if err != nil {
		return types.Datum{}, err
	}
	if gap, err = multiplyInterval(gap, part); err != nil {
		return types.Datum{}, err
	}
	s, err := packed(addIntervals(a, gap))
	return types.StringDatum(s), err
}

func discrete(_ AggCall, p float64, values []types.Datum) (types.Datum, error) {
	row := int(math.Ceil(p * float64(len(values))))
	return values[max(row, 1)-1], nil
}

// mode is the most frequent value; of several the first in order.
func mode(c AggCall) State {
	compare := comparer(c.Args[len(c.Args)-1].OID)
	return &listState{width: 1, skipNulls: true, result: func(list []types.Datum) (types.Datum, error) {
		best, bestCount, count := types.NullDatum, 0, 0
		for i, d := range list {
			if i > 0 && compare(list[i-1], d) == 0 {
				count++
			} else {
				count = 1
			}
			if count > bestCount {
				best, bestCount = list[i-count+1], count
			}
		}
		return best, nil
	}}
}

var listAggs = []aggEntry{
	{"string_agg", newStringAgg},
	{"array_agg(anynonarray)", arrayAgg},
	{"percentile_cont(float8,float8)", percentileState(continuousFloat)},
	{"percentile_cont(float8,interval)", percentileState(continuousInterval)},
	{"percentile_cont(_float8,float8)", percentilesState(continuousFloat)},
	{"percentile_cont(_float8,interval)", percentilesState(continuousInterval)},
	{"percentile_disc(float8,anyelement)", percentileState(discrete)},
	{"percentile_disc(_float8,anyelement)", percentilesState(discrete)},
	{"mode", mode},
}
