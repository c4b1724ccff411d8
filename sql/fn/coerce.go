package fn

import (
	"cmp"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// coerceLength makes a length coercion, whose second argument is the typmod: varchar(v, mod, explicit).
func coerceLength(typeName string) Kernel {
	return rows(func(_ *Call, args []types.Datum) (types.Datum, error) {
		t := types.ByName(typeName)
		if t.ApplyMod == nil || args[1].I < 0 {
			return args[0], nil
		}
		explicit := len(args) < 3 || args[2].Bool()
		return t.ApplyMod(args[0], int32(args[1].I), explicit)
	})
}

// binaryForm is a type's send function: the binary form as a bytea.
var binaryForm = rows(func(c *Call, args []types.Datum) (types.Datum, error) {
	t := types.Lookup(c.Args[0].OID)
	if t == nil || t.Send == nil {
		return types.Datum{}, pgerr.Unsupported("binary output of type %s", types.FormatType(c.Args[0]))
	}
	return types.StringDatum(string(t.Send(nil, args[0], sessionOf(c.Env)))), nil
})

var coercionKernels = []entry{
	{"varchar(varchar,int4,bool)", coerceLength("varchar")},
	{"bpchar(bpchar,int4,bool)", coerceLength("bpchar")},
	{"numeric(numeric,int4)", coerceLength("numeric")},
	{"interval(interval,int4)", coerceLength("interval")},
	{"time(time,int4)", coerceLength("time")},
	{"timetz(timetz,int4)", coerceLength("timetz")},
	{"timestamp(timestamp,int4)", coerceLength("timestamp")},
	{"timestamptz(timestamptz,int4)", coerceLength("timestamptz")},
	{"float4send", binaryForm},
	{"float8send", binaryForm},
	{"int2send", binaryForm},
	{"int4send", binaryForm},
	{"int8send", binaryForm},
	{"boolsend", binaryForm},
	{"textsend", binaryForm},
	{"byteasend", binaryForm},
	{"numeric_send", binaryForm},
	{"uuid_send", binaryForm},
	{"date_send", binaryForm},
	{"time_send", binaryForm},
	{"timestamp_send", binaryForm},
	{"timestamptz_send", binaryForm},
	{"interval_send", binaryForm},
	{"jsonb_send", binaryForm},
	{"array_send", binaryForm},
	{"vector_send", binaryForm},
	{"halfvec_send", binaryForm},
	{"sparsevec_send", binaryForm},
	{"bit_send", binaryForm},
	{"varbit_send", binaryForm},
	{"regclass(text)", rows(func(c *Call, args []types.Datum) (types.Datum, error) {
		return types.Lookup(types.RegclassOID).Parse(args[0].S, -1, sessionOf(c.Env))
	})},
	{"pg_input_is_valid", rows(func(c *Call, args []types.Datum) (types.Datum, error) {
		name, isArray := strings.CutSuffix(strings.ToLower(strings.TrimSpace(args[1].S)), "[]")
		t := types.ByName(name)
		if t != nil && isArray {
			t = types.Lookup(t.Array)
		}
		if t == nil || t.Parse == nil {
			return types.Datum{}, pgerr.New(pgerrcode.UndefinedObject, "type %q does not exist", args[1].S)
		}
		_, err := t.Parse(args[0].S, -1, sessionOf(c.Env))
		return types.BoolDatum(err == nil), nil
	})},
}

// typeOrderKernels are the three-way comparisons and the larger and smaller of types by their order.
func typeOrderKernels() []entry {
	var list []entry
	for _, t := range []struct{ cmp, name string }{
		{"btfloat4cmp", "float4"},
		{"btfloat8cmp", "float8"},
		{"btoidcmp", "oid"},
		{"btnamecmp", "name"},
		{"date_cmp", "date"},
		{"time_cmp", "time"},
		{"timetz_cmp", "timetz"},
		{"timestamp_cmp", "timestamp"},
		{"timestamptz_cmp", "timestamptz"},
		{"interval_cmp", "interval"},
		{"bpcharcmp", "bpchar"},
		{"byteacmp", "bytea"},
		{"uuid_cmp", "uuid"},
		{"jsonb_cmp", "jsonb"},
	} {
		list = append(list, entry{t.cmp, rows(func(_ *Call, a []types.Datum) (types.Datum, error) {
			return types.IntDatum(int64(cmp.Compare(comparer(typeNamed(t.name))(a[0], a[1]), 0))), nil
		})})
	}
	for _, name := range []string{"date", "time", "timetz", "timestamp", "timestamptz", "interval"} {
		pick := func(sign int) Kernel {
			return rows(func(_ *Call, a []types.Datum) (types.Datum, error) {
				if sign*comparer(typeNamed(name))(a[0], a[1]) >= 0 {
					return a[0], nil
				}
				return a[1], nil
			})
		}
		list = append(list, entry{name + "_larger", pick(1)}, entry{name + "_smaller", pick(-1)})
	}
	tid := orderedKernels[int64]()
	list = append(list, comparisons("tid", tid)...)
	return append(list, byArguments("record_image_")...)
}
