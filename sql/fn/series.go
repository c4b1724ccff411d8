package fn

import "github.com/vecdb/vecdb/sql/types"

var seriesSets = []setEntry{
	{"generate_series(int4,int4)", seriesInt},
	{"generate_series(int4,int4,int4)", seriesInt},
	{"generate_series(int8,int8)", seriesInt},
	{"generate_series(int8,int8,int8)", seriesInt},
	{"generate_series(numeric,numeric)", seriesNumeric},
	{"generate_series(numeric,numeric,numeric)", seriesNumeric},
	{"generate_series(timestamp,timestamp,interval)", seriesTime(false)},
	{"generate_series(timestamptz,timestamptz,interval)", seriesTime(true)},
	{"generate_series(timestamptz,timestamptz,interval,text)", seriesTime(true)},
	{"generate_subscripts", subscripts},
	{"unnest(anyarray)", unnest},
	{"_pg_expandarray", expandArray},
	{"string_to_table", stringToTable},
	{"pg_get_keywords", getKeywords},
	{"regexp_matches", regexMatches},
	{"regexp_split_to_table", regexSplitTable},
}

func errZeroStep() error { return errParameter("step size cannot equal zero") }

func seriesInt(_ *Call, args []types.Datum, emit func([]types.Datum) error) error {
	from, to, step := args[0].I, args[1].I, int64(1)
	if len(args) == 3 {
		step = args[2].I
	}
	if step == 0 {
		return errZeroStep()
	}
	row := make([]types.Datum, 1)
	for v := from; step > 0 && v <= to || step < 0 && v >= to; {
		row[0] = types.IntDatum(v)
		if err := emit(row); err != nil {
			return err
		}
		next := v + step
		if (next > v) != (step > 0) {
			return nil // past the end of bigint
		}
		v = next
	}
	return nil
}
