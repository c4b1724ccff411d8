package fn

import (
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

func errFrameOffset() error {
	return pgerr.New(pgerrcode.InvalidPrecedingOrFollowingSize,
		"invalid preceding or following size in window function")
}

// inRange makes the function behind RANGE frames with an offset: whether a value lies on the given side
// of base ± offset. negative says that an offset is refused, add moves the base by it (sign -1: back);
// beyond the type's range the bound lies past all values.
func inRange(typeName string, negative func(types.Datum) bool, add func(c *Call, base, offset types.Datum, sign int) (types.Datum, error)) Kernel {
	return rows(func(c *Call, a []types.Datum) (types.Datum, error) {
		value, base, offset, back, less := a[0], a[1], a[2], a[3].Bool(), a[4].Bool()
		if negative(offset) {
			return types.Datum{}, errFrameOffset()
		}
		sign := 1
		if back {
			sign = -1
		}
		bound, err := add(c, base, offset, sign)
		if err != nil {
			return types.BoolDatum(less != back), nil
		}
		order := comparer(typeNamed(typeName))(value, bound)
		if less {
			return types.BoolDatum(order <= 0), nil
		}
		return types.BoolDatum(order >= 0), nil
	})
}

func negativeInt(d types.Datum) bool { return d.I < 0 }

func negativeInterval(d types.Datum) bool {
	return types.IntervalCmp(unpackInterval(d.S), types.Interval{}) < 0
}

func addIntOffset(_ *Call, base, offset types.Datum, sign int) (types.Datum, error) {
	v, err := addWide(base.I, int64(sign)*offset.I)
	return types.IntDatum(v), err
}

func addIntervalOffset(zoned bool) func(*Call, types.Datum, types.Datum, int) (types.Datum, error) {
	return func(c *Call, base, offset types.Datum, sign int) (types.Datum, error) {
		v, err := shift(c, base.I, offset.S, sign, zoned)
		return types.IntDatum(v), err
	}
}

// rangeKernels are the in_range functions of the types that frames can have offsets in.
func rangeKernels() []entry {
	var list []entry
	for _, pair := range []string{
		"int8,int8,int8", "int4,int4,int8", "int4,int4,int4", "int4,int4,int2",
		"int2,int2,int8", "int2,int2,int4", "int2,int2,int2",
	} {
		list = append(list, entry{"in_range(" + pair + ",bool,bool)", inRange("int8", negativeInt, addIntOffset)})
	}
	floats := func(_ *Call, base, offset types.Datum, sign int) (types.Datum, error) {
		return types.FloatDatum(base.Float() + float64(sign)*offset.Float()), nil
	}
	negativeFloat := func(d types.Datum) bool { v := d.Float(); return v < 0 || v != v }
	list = append(list,
		entry{"in_range(float8,float8,float8,bool,bool)", inRange("float8", negativeFloat, floats)},
		entry{"in_range(float4,float4,float8,bool,bool)", inRange("float8", negativeFloat, floats)},
		entry{"in_range(numeric,numeric,numeric,bool,bool)", inRange("numeric",
			func(d types.Datum) bool { return types.NumericIsNaN(d.S) || types.NumericSign(d.S) < 0 },
			func(_ *Call, base, offset types.Datum, sign int) (types.Datum, error) {
				by := offset.S
				if sign < 0 {
					by = types.NumericNeg(by)
				}
				v, err := types.NumericAdd(base.S, by)
				return types.StringDatum(v), err
			})},
		entry{"in_range(timestamp,timestamp,interval,bool,bool)", inRange("timestamp", negativeInterval, addIntervalOffset(false))},
		entry{"in_range(timestamptz,timestamptz,interval,bool,bool)", inRange("timestamptz", negativeInterval, addIntervalOffset(true))},
		entry{"in_range(interval,interval,interval,bool,bool)", inRange("interval", negativeInterval,
			func(_ *Call, base, offset types.Datum, sign int) (types.Datum, error) {
				by := unpackInterval(offset.S)
				if sign < 0 {
					by = by.Neg()
				}
				s, err := packed(addIntervals(unpackInterval(base.S), by))
				return types.StringDatum(s), err
			})},
		// A time knows no days: only the hours of a distance count.
		entry{"in_range(time,time,interval,bool,bool)", inRange("time", func(d types.Datum) bool { return unpackInterval(d.S).Micros < 0 },
			func(_ *Call, base, offset types.Datum, sign int) (types.Datum, error) {
				return types.IntDatum(base.I + int64(sign)*unpackInterval(offset.S).Micros), nil
			})},
		// A date's bound is a timestamp, so the date is compared as one.
		entry{"in_range(date,date,interval,bool,bool)", rows(func(c *Call, a []types.Datum) (types.Datum, error) {
			return dateInRange(c, a)
		})},
	)
	return list
}

func dateInRange(c *Call, a []types.Datum) (types.Datum, error) {
	if negativeInterval(a[2]) {
		return types.Datum{}, errFrameOffset()
	}
	sign := 1
	if a[3].Bool() {
		sign = -1
	}
	bound, err := shift(c, clampedTime(a[1].I), a[2].S, sign, false)
	if err != nil {
		return types.BoolDatum(a[4].Bool() != a[3].Bool()), nil
	}
	order := compareInt64(clampedTime(a[0].I), bound)
	return types.BoolDatum(order == 0 || order < 0 == a[4].Bool()), nil
}
