package types_test

import (
	"testing"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

func TestTableIsWhole(t *testing.T) {
	last := types.OID(0)
	for _, typ := range types.All() {
		if typ.OID <= last {
			t.Errorf("%s (%d) is out of order", typ.Name, typ.OID)
		}
		last = typ.OID
		if types.Lookup(typ.OID) != typ || types.FactsOf(typ.OID) == nil {
			t.Errorf("%s (%d) is not found", typ.Name, typ.OID)
		}
		if typ.Array != 0 && (types.Lookup(typ.Array) == nil || types.Lookup(typ.Array).Elem != typ.OID) {
			t.Errorf("%s: its array type %d is wrong", typ.Name, typ.Array)
		}
		pairs := []struct {
			what string
			a, b bool
		}{
			{"Compare and AppendKey", typ.Compare == nil, typ.AppendKey == nil},
			{"Parse and Format", typ.Parse == nil, typ.Format == nil},
			{"Recv and Send", typ.Recv == nil, typ.Send == nil},
			{"ModIn and ModOut", typ.ModIn == nil, typ.ModOut == nil},
			{"ModIn and ApplyMod", typ.ModIn == nil, typ.ApplyMod == nil},
		}
		for _, p := range pairs {
			if p.a != p.b {
				t.Errorf("%s: %s go together", typ.Name, p.what)
			}
		}
		if typ.Arrow != nil && typ.Parse == nil {
			t.Errorf("%s can be stored but not written", typ.Name)
		}
	}
	if types.Lookup(3) != nil || types.Lookup(1<<31) != nil || types.FactsOf(3) != nil {
		t.Error("unknown OIDs are found")
	}
}

func TestNames(t *testing.T) {
	f := func(name string, oid types.OID) {
		t.Helper()
		if typ := types.ByName(name); typ == nil || typ.OID != oid {
			t.Errorf("%s: %v", name, typ)
		}
	}
	f("int4", types.Int4OID)
	f("integer", types.Int4OID)
	f("int", types.Int4OID)
	f("double precision", types.Float8OID)
	f("decimal", types.NumericOID)
	f("timestamp with time zone", types.TimestamptzOID)
	f("character varying", types.VarcharOID)
	f(`"char"`, types.CharOID)
	f("character", types.BpcharOID)
	f("_text", types.TextArrayOID)
	f("vector", types.VectorOID)
	f("_vector", types.VectorArrayOID)
	if types.ByName("nothing") != nil {
		t.Error("unknown names are found")
	}
}

func TestFormatType(t *testing.T) {
	f := func(name string, args []int32, want string) {
		t.Helper()
		typ := types.ByName(name)
		ty := types.Of(typ.OID)
		if args != nil {
			mod, err := typ.ModIn(args)
			if err != nil {
				t.Fatal(err)
			}
			ty.Mod = mod
		}
		if got := types.FormatType(ty); got != want {
			t.Errorf("%s%v: %q, want %q", name, args, got, want)
		}
	}
	f("int4", nil, "integer")
	f("_int4", nil, "integer[]")
	f("varchar", []int32{10}, "character varying(10)")
	f("varchar", nil, "character varying")
	f("_varchar", []int32{10}, "character varying(10)[]")
	f("bpchar", []int32{5}, "character(5)")
	f("bpchar", nil, "bpchar")
	f("char", nil, `"char"`)
	f("numeric", []int32{8, 2}, "numeric(8,2)")
	f("numeric", []int32{8}, "numeric(8,0)")
	f("numeric", []int32{3, -2}, "numeric(3,-2)")
	f("timestamptz", nil, "timestamp with time zone")
	f("timestamptz", []int32{3}, "timestamp(3) with time zone")
	f("time", []int32{0}, "time(0) without time zone")
	f("vector", []int32{3}, "vector(3)")
	f("vector", nil, "vector")
	f("int2vector", nil, "int2vector")
	f("interval", []int32{0x7fff, 3}, "interval(3)")
	f("interval", []int32{1 << 2}, "interval year")
	f("interval", []int32{1<<2 | 1<<1}, "interval year to month")
	f("interval", []int32{1<<3 | 1<<10 | 1<<11 | 1<<12, 2}, "interval day to second(2)")
	if got := types.FormatType(types.Of(0)); got != "-" {
		t.Error(got)
	}
	if got := types.FormatType(types.Of(99999)); got != "???" {
		t.Error(got)
	}
}

// TestTypeName holds the names without a modifier, which regtype prints.
func TestTypeName(t *testing.T) {
	f := func(oid types.OID, name, formatted string) {
		t.Helper()
		if got := types.TypeName(oid); got != name {
			t.Errorf("TypeName(%d): %q, want %q", oid, got, name)
		}
		if got := types.FormatType(types.Of(oid)); got != formatted {
			t.Errorf("FormatType(%d): %q, want %q", oid, got, formatted)
		}
	}
	f(1042, "character", "bpchar")
	f(1014, "character[]", "bpchar[]")
	f(1560, "bit", `"bit"`)
	f(1561, "bit[]", `"bit"[]`)
	f(18, `"char"`, `"char"`)
	f(1043, "character varying", "character varying")
	f(1184, "timestamp with time zone", "timestamp with time zone")
	f(22, "int2vector", "int2vector")
	f(0, "-", "-")
	f(3, "???", "???")
}

// TestBadModifiers holds the codes and messages of modifiers out of range.
func TestBadModifiers(t *testing.T) {
	f := func(name string, args []int32, want string) {
		t.Helper()
		_, err := types.ByName(name).ModIn(args)
		if pgerr.Code(err) != "22023" || err.Error() != want {
			t.Errorf("%s%v: %v, want %s", name, args, err, want)
		}
	}
	f("varchar", []int32{0}, "length for type varchar must be at least 1")
	f("varchar", []int32{10485761}, "length for type varchar cannot exceed 10485760")
	f("varchar", []int32{1, 2}, "invalid type modifier")
	f("bpchar", []int32{0}, "length for type char must be at least 1")
	f("numeric", []int32{0}, "NUMERIC precision 0 must be between 1 and 1000")
	f("numeric", []int32{1001}, "NUMERIC precision 1001 must be between 1 and 1000")
	f("numeric", []int32{5, 1001}, "NUMERIC scale 1001 must be between -1000 and 1000")
	f("numeric", []int32{1, 2, 3}, "invalid NUMERIC type modifier")
	f("timestamp", []int32{-1}, "TIMESTAMP(-1) precision must not be negative")
	f("time", []int32{-1}, "TIME(-1) precision must not be negative")
	f("interval", []int32{0x7fff, -1}, "INTERVAL(-1) precision must not be negative")
}

// TestApplyMod casts values, explicitly or by assignment, and shows the text.
func TestApplyMod(t *testing.T) {
	f := func(name string, args []int32, in string, explicit bool, want string) {
		t.Helper()
		typ := types.ByName(name)
		mod, err := typ.ModIn(args)
		if err != nil {
			t.Fatal(err)
		}
		d, err := typ.Parse(in, -1, nil)
		if err == nil {
			d, err = typ.ApplyMod(d, mod, explicit)
		}
		got := ""
		if err != nil {
			got = pgerr.Code(err)
		} else {
			got = string(typ.Format(nil, d, nil))
		}
		if got != want {
			t.Errorf("%q as %s%v: %q, want %q", in, name, args, got, want)
		}
	}
	f("varchar", []int32{3}, "abcd", true, "abc")
	f("varchar", []int32{3}, "abcd", false, "22001")
	f("varchar", []int32{3}, "äöü  ", false, "äöü")
	f("bpchar", []int32{3}, "a", false, "a  ")
	f("bpchar", []int32{3}, "abcd", true, "abc")
	f("numeric", []int32{4, 2}, "1.005", false, "1.01")
	f("numeric", []int32{4, 2}, "100", true, "22003")
	f("timestamp", []int32{0}, "2000-01-01 00:00:00.5", false, "2000-01-01 00:00:01")
	f("timetz", []int32{1}, "01:02:03.46+02", false, "01:02:03.5+02")
	f("interval", []int32{1 << 3}, "1 mon 2 days 03:00:00", false, "1 mon 2 days")
	f("_numeric", []int32{4, 1}, "{1.25,NULL}", false, "{1.3,NULL}")
	f("_varchar", []int32{2}, "{abc}", false, "22001")
	f("vector", []int32{2}, "[1,2,3]", true, "22000")
}

// TestMoments reads the words that depend on the statement's time.
func TestMoments(t *testing.T) {
	zone, err := types.ParseZone("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	utc := types.ByName("timestamptz")
	now, err := utc.Parse("2024-06-15 02:30:00+00", -1, nil)
	if err != nil {
		t.Fatal(err)
	}
	env := &types.Session{TimeZone: zone, NowMicros: now.I}
	f := func(name, in, want string) {
		t.Helper()
		typ := types.ByName(name)
		d, err := typ.Parse(in, -1, env)
		if err != nil {
			t.Errorf("%s %q: %v", name, in, err)
			return
		}
		if got := string(typ.Format(nil, d, env)); got != want {
			t.Errorf("%s %q: %q, want %q", name, in, got, want)
		}
	}
	f("timestamptz", "now", "2024-06-14 22:30:00-04")
	f("timestamp", "now", "2024-06-14 22:30:00")
	f("date", "now", "2024-06-14")
	f("date", "today", "2024-06-14")
	f("date", "TOMORROW", "2024-06-15")
	f("timestamptz", "yesterday", "2024-06-13 00:00:00-04")
	f("timestamp", "today", "2024-06-14 00:00:00")
	f("timestamp", "tomorrow 04:05", "2024-06-15 04:05:00")
	f("time", "now", "22:30:00")
	f("timetz", "now", "22:30:00-04")
	f("timestamptz", "epoch", "1969-12-31 19:00:00-05")
}

// schema is a catalog of one object.
type schema struct{}

func (schema) RegIn(_ types.OID, name string) (types.OID, error) {
	if name == "t" {
		return 20000, nil
	}
	return 0, pgerr.New("42P01", "relation \"%s\" does not exist", name)
}

func (schema) RegOut(_, oid types.OID) (string, bool) { return "t", oid == 20000 }

func TestReg(t *testing.T) {
	typ := types.ByName("regclass")
	f := func(env *types.Session, in, want string) {
		t.Helper()
		d, err := typ.Parse(in, -1, env)
		got := ""
		if err != nil {
			got = pgerr.Code(err)
		} else {
			got = string(typ.Format(nil, d, env))
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	env := &types.Session{Catalog: schema{}}
	f(env, "t", "t")
	f(env, "20000", "t")
	f(env, "7", "7")
	f(env, "-", "-")
	f(env, "u", "42P01")
	f(nil, "7", "7")
	f(nil, "t", "42704")
}
