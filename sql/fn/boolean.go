package fn

import "github.com/vecdb/vecdb/sql/types"

// booleanKernels: AND, OR and NOT are nodes of their own in eval and not here.
var booleanKernels = []entry{
	{"booland_statefunc", map2(func(a, b bool) bool { return a && b })},
	{"boolor_statefunc", map2(func(a, b bool) bool { return a || b })},
	{"text(bool)", map1(boolText)},
	{"num_nulls", rows(countNulls(true))},
	{"num_nonnulls", rows(countNulls(false))},
}

func countNulls(null bool) func(*Call, []types.Datum) (types.Datum, error) {
	return func(c *Call, args []types.Datum) (types.Datum, error) {
		if c.Spread && args[0].Null {
			return types.NullDatum, nil
		}
		list, _, err := spread(c, args, 0)
		if err != nil {
			return types.Datum{}, err
		}
		n := int64(0)
		for _, d := range list {
			if d.Null == null {
				n++
			}
		}
		return types.IntDatum(n), nil
	}
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
