package types_test

import (
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// cast returns an f-test of a type's modifier: what a value becomes by assignment and by an explicit cast, or the
// error.
func cast(t *testing.T, name string, args ...int32) func(in, assigned, explicit string) {
	t.Helper()
	typ := types.ByName(name)
	mod, err := typ.ModIn(args)
	if err != nil {
		t.Fatal(err)
	}
	full := types.FormatType(types.T{OID: typ.OID, Mod: mod})
	oracle := connect(t)
	apply := func(in string, explicit bool) string {
		d, err := typ.ApplyMod(datum(t, typ, in), mod, explicit)
		if err != nil {
			return errorText(err)
		}
		return escape(text(typ, d))
	}
	return func(in, assigned, explicit string) {
		t.Helper()
		if oracle != nil {
			plain := types.FormatType(types.Of(typ.OID))
			create := "create temp table if not exists cast_in (v " + full + "); drop table cast_in; " +
				"create temp table cast_in (v " + full + ");"
			ask := func(sql string) string {
				rows, err := oracle.query(sql)
				if err != nil {
					return serverError(err)
				}
				return escape(rows[0])
			}
			if pg := ask(create + "insert into cast_in select " + quote(in) + "::" + plain + " returning v"); pg != assigned {
				t.Errorf("assigned: PostgreSQL %q", pg)
			}
			if pg := ask("select concat(" + quote(in) + "::" + plain + "::" + full + ", '')"); pg != explicit {
				t.Errorf("explicit: PostgreSQL %q", pg)
			}
		}
		if got := apply(in, false); got != assigned {
			t.Errorf("%s of %q by assignment: %q, want %q", full, in, got, assigned)
		}
		if got := apply(in, true); got != explicit {
			t.Errorf("%s of %q by a cast: %q, want %q", full, in, got, explicit)
		}
	}
}

// TestLengths holds that too long a text is cut by a cast, and refused by an assignment unless what goes is blank.
func TestLengths(t *testing.T) {
	const tooLong = "ERROR 22001: value too long for type character varying(3)"
	f := cast(t, "varchar", 3)
	f("", "<empty>", "<empty>")
	f("abc", "abc", "abc")
	f("abcd", tooLong, "abc")
	f("abc  ", "abc", "abc")
	f("abc x", tooLong, "abc")
	f("a    ", "a  ", "a  ")
	f("äöü", "äöü", "äöü")
	f("äöüß", tooLong, "äöü")
	f("😀😀😀😀", tooLong, "😀😀😀")
	f("abc\t", tooLong, "abc")
	f = cast(t, "bpchar", 3)
	f("", "   ", "   ")
	f("a", "a  ", "a  ")
	f("abc", "abc", "abc")
	f("abcd", "ERROR 22001: value too long for type character(3)", "abc")
	f("abc   ", "abc", "abc")
	f("ä", "ä  ", "ä  ")
	f("äöüß", "ERROR 22001: value too long for type character(3)", "äöü")
}

// TestPrecisions holds that times are rounded to the digits of their type, halves away from zero.
func TestPrecisions(t *testing.T) {
	same := func(f func(in, assigned, explicit string), in, want string) { t.Helper(); f(in, want, want) }
	f := cast(t, "timestamp", 0)
	same(f, "2024-01-01 00:00:00.4", "2024-01-01 00:00:00")
	same(f, "2024-01-01 00:00:00.5", "2024-01-01 00:00:01")
	same(f, "2024-12-31 23:59:59.5", "2025-01-01 00:00:00")
	same(f, "1999-12-31 23:59:59.5", "1999-12-31 23:59:59")
	same(f, "1999-12-31 23:59:59.500001", "2000-01-01 00:00:00")
	same(f, "infinity", "infinity")
	f = cast(t, "timestamp", 3)
	same(f, "2024-01-01 00:00:00.0005", "2024-01-01 00:00:00.001")
	same(f, "2024-01-01 00:00:00.000499", "2024-01-01 00:00:00")
	f = cast(t, "timestamp", 6)
	same(f, "2024-01-01 00:00:00.123456", "2024-01-01 00:00:00.123456")
	f = cast(t, "time", 2)
	same(f, "23:59:59.995", "24:00:00")
	same(f, "12:00:00.994999", "12:00:00.99")
	f = cast(t, "timetz", 0)
	same(f, "12:00:00.5+02", "12:00:01+02")
	f = cast(t, "numeric", 5, 2)
	same(f, "1.005", "1.01")
	same(f, "-1.005", "-1.01")
	same(f, "999.994", "999.99")
	same(f, "999.995",
		"ERROR 22003: numeric field overflow "+
			"DETAIL: A field with precision 5, scale 2 must round to an absolute value less than 10^3.")
	same(f, "NaN", "NaN")
	same(f, "Infinity",
		"ERROR 22003: numeric field overflow DETAIL: A field with precision 5, scale 2 cannot hold an infinite value.")
	f = cast(t, "numeric", 3, -2)
	same(f, "12349", "12300")
	same(f, "12350", "12400")
	same(f, "99950",
		"ERROR 22003: numeric field overflow "+
			"DETAIL: A field with precision 3, scale -2 must round to an absolute value less than 10^5.")
	f = cast(t, "numeric", 2, 4)
	same(f, "0.00994", "0.0099")
	same(f, "0.01",
		"ERROR 22003: numeric field overflow "+
			"DETAIL: A field with precision 2, scale 4 must round to an absolute value less than 10^-2.")
	f = cast(t, "numeric", 2, 2)
	same(f, "0.999",
		"ERROR 22003: numeric field overflow "+
			"DETAIL: A field with precision 2, scale 2 must round to an absolute value less than 1.")
}

// TestIntervalFields holds that an interval keeps the fields of its type, and how a number without a unit is read
// under it.
func TestIntervalFields(t *testing.T) {
	const year, month, day, hour, minute, second = 1 << 2, 1 << 1, 1 << 3, 1 << 10, 1 << 11, 1 << 12
	const full = "3 years 5 mons 7 days 11:13:17.1999999"
	f := func(fields int32, precision int32, want string) {
		t.Helper()
		args := []int32{fields}
		if precision >= 0 {
			args = append(args, precision)
		}
		cast(t, "interval", args...)(full, want, want)
	}
	f(year, -1, "3 years")
	f(month, -1, "3 years 5 mons")
	f(year|month, -1, "3 years 5 mons")
	f(day, -1, "3 years 5 mons 7 days")
	f(hour, -1, "3 years 5 mons 7 days 11:00:00")
	f(day|hour, -1, "3 years 5 mons 7 days 11:00:00")
	f(minute, -1, "3 years 5 mons 7 days 11:13:00")
	f(hour|minute, -1, "3 years 5 mons 7 days 11:13:00")
	f(day|hour|minute, -1, "3 years 5 mons 7 days 11:13:00")
	f(second, -1, "3 years 5 mons 7 days 11:13:17.2")
	f(second, 0, "3 years 5 mons 7 days 11:13:17")
	f(hour|minute|second, 1, "3 years 5 mons 7 days 11:13:17.2")
	f(0x7fff, 3, "3 years 5 mons 7 days 11:13:17.2")
	cast(t, "interval", year)("-17 mons", "-1 years", "-1 years")
	cast(t, "interval", hour)("-00:59:59", "00:00:00", "00:00:00")
	cast(t, "interval", 0x7fff, 0)("-00:00:00.5", "-00:00:01", "-00:00:01")

	typ := types.ByName("interval")
	read := func(fields int32, in, want string) {
		t.Helper()
		mod, err := typ.ModIn([]int32{fields})
		if err != nil {
			t.Fatal(err)
		}
		d, err := typ.Parse(in, mod, nil)
		if err != nil || text(typ, d) != want {
			t.Errorf("%q with fields %x: %s %v, want %s", in, fields, text(typ, d), err, want)
		}
	}
	read(year, "2", "2 years")
	read(month, "14", "1 year 2 mons")
	read(day, "2", "2 days")
	read(hour, "2", "02:00:00")
	read(minute, "2", "00:02:00")
	read(second, "2", "00:00:02")
	read(year|month, "2", "2 mons")
	read(minute|second, "2:03", "00:02:03")
	read(hour|minute, "2:03", "02:03:00")
	read(day|hour, "1 2", "1 day 02:00:00")
	read(day|hour, "1 2:03", "1 day 02:00:00")
	read(0x7fff, "1 2 hours", "1 day 02:00:00")
	read(hour, "1.5", "01:00:00")
	read(hour|minute, "2:03.5", "00:02:00")
}

// TestInputIsAssigned holds that text and binary input apply the modifier as an assignment does.
func TestInputIsAssigned(t *testing.T) {
	f := func(name string, args []int32, in, want string) {
		t.Helper()
		typ := types.ByName(name)
		mod, err := typ.ModIn(args)
		if err != nil {
			t.Fatal(err)
		}
		show := func(d types.Datum, err error) string {
			if err != nil {
				return pgerr.Code(err) + " " + err.Error()
			}
			return text(typ, d)
		}
		if got := show(typ.Parse(in, mod, nil)); got != want {
			t.Errorf("%s%v %q as text: %q, want %q", name, args, in, got, want)
		}
		if got := show(typ.Recv(typ.Send(nil, datum(t, typ, in), nil), mod, nil)); got != want {
			t.Errorf("%s%v %q as binary: %q, want %q", name, args, in, got, want)
		}
	}
	f("varchar", []int32{2}, "abc", "22001 value too long for type character varying(2)")
	f("varchar", []int32{2}, "ab ", "ab")
	f("bpchar", []int32{4}, "ab", "ab  ")
	f("bpchar", []int32{1}, "ab", "22001 value too long for type character(1)")
	f("numeric", []int32{3, 1}, "12.35", "12.4")
	f("numeric", []int32{3, 1}, "123.45", "22003 numeric field overflow")
	f("numeric", []int32{3, 1}, "NaN", "NaN")
	f("time", []int32{0}, "12:00:00.5", "12:00:01")
	f("timetz", []int32{0}, "12:00:00.5+01", "12:00:01+01")
	f("timestamp", []int32{1}, "2024-01-01 00:00:00.15", "2024-01-01 00:00:00.2")
	f("timestamptz", []int32{1}, "2024-01-01 00:00:00.15+00", "2024-01-01 00:00:00.2+00")
	f("interval", []int32{0x7fff, 0}, "1.5 sec", "00:00:02")
	f("vector", []int32{2}, "[1,2]", "[1,2]")
	f("vector", []int32{2}, "[1]", "22000 expected 2 dimensions, not 1")
	f("_varchar", []int32{2}, "{abc}", "22001 value too long for type character varying(2)")
	f("_numeric", []int32{3, 1}, "{12.35,NULL}", "{12.4,NULL}")
	f("_vector", []int32{2}, `{"[1]"}`, "22000 expected 2 dimensions, not 1")
}

// TestModifierTexts holds modifiers as they are written back, for every type that has one.
func TestModifierTexts(t *testing.T) {
	f := func(name string, args []int32, want string) {
		t.Helper()
		typ := types.ByName(name)
		mod, err := typ.ModIn(args)
		if err != nil || typ.ModOut(mod) != want {
			t.Errorf("%s%v: %q %v, want %q", name, args, typ.ModOut(mod), err, want)
		}
	}
	f("varchar", []int32{1}, "(1)")
	f("varchar", []int32{10485760}, "(10485760)")
	f("numeric", []int32{1000, 1000}, "(1000,1000)")
	f("numeric", []int32{1000, -1000}, "(1000,-1000)")
	f("numeric", []int32{7}, "(7,0)")
	f("time", []int32{0}, "(0)")
	f("timestamptz", []int32{9}, "(6)")
	f("interval", []int32{0x7fff, 9}, "(6)")
	f("vector", []int32{16000}, "(16000)")
	f("_bpchar", []int32{3}, "(3)")
	for p := 1; p <= 1000; p += 111 {
		for s := -1000; s <= 1000; s += 97 {
			mod, err := types.ByName("numeric").ModIn([]int32{int32(p), int32(s)})
			if gp, gs := types.NumericTypmod(mod); err != nil || gp != p || gs != s {
				t.Fatalf("numeric(%d,%d) is kept as (%d,%d) %v", p, s, gp, gs, err)
			}
		}
	}
}

// TestTexts holds the texts that no type takes, and how names and single characters are cut.
func TestTexts(t *testing.T) {
	bad := func(s, bytes string) {
		t.Helper()
		for _, name := range []string{"text", "varchar", "bpchar", "name", "json"} {
			_, err := types.ByName(name).Parse(`"`+s+`"`, -1, nil)
			if pgerr.Code(err) != "22021" || err.Error() != `invalid byte sequence for encoding "UTF8": `+bytes {
				t.Errorf("%s %q: %v", name, s, err)
			}
		}
	}
	bad("\xff", "0xff")
	bad("a\x00", "0x00")
	bad("\xc3", "0xc3 0x22")
	bad("\xc3\x28", "0xc3 0x28")
	bad("\xe2\x82", "0xe2 0x82 0x22")
	bad("\xf0\x9f\x98", "0xf0 0x9f 0x98 0x22")
	bad("\xc0\xaf", "0xc0 0xaf")
	bad("\xed\xa0\x80", "0xed 0xa0 0x80")
	bad("\xf4\x90\x80\x80", "0xf4 0x90 0x80 0x80")
	bad("\x80", "0x80")
	bad("ok\xfe", "0xfe")
	for _, s := range []string{"", "häß", "😀", "\u0001\u007f", "\uffff", "\U0010ffff"} {
		if err := types.CheckText(s); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}
	cut := func(s, want string) {
		t.Helper()
		if got := types.TruncateName(s); got != want {
			t.Errorf("the name %q is cut to %q, want %q", s, got, want)
		}
	}
	cut(strings.Repeat("a", 63), strings.Repeat("a", 63))
	cut(strings.Repeat("a", 64), strings.Repeat("a", 63))
	cut(strings.Repeat("a", 62)+"ä", strings.Repeat("a", 62))
	cut(strings.Repeat("a", 60)+"😀x", strings.Repeat("a", 60))
	cut(strings.Repeat("a", 59)+"😀x", strings.Repeat("a", 59)+"😀")
}

// TestSystemNumbers holds the texts of types that count in the server: oid and its kin, tid, pg_lsn and "char".
func TestSystemNumbers(t *testing.T) {
	f := literal(t, "oid")
	f("0x1F", "31")
	f("-0x1", "4294967295")
	f("010", "8")
	f("08", `ERROR 22P02: invalid input syntax for type oid: "08"`)
	f("0x", `ERROR 22P02: invalid input syntax for type oid: "0x"`)
	f("4294967295", "4294967295")
	f("4294967296", `ERROR 22003: value "4294967296" is out of range for type oid`)
	f("-1", "4294967295")
	f("-2147483648", "2147483648")
	f("-2147483649", `ERROR 22003: value "-2147483649" is out of range for type oid`)
	f("18446744073709551616", `ERROR 22003: value "18446744073709551616" is out of range for type oid`)
	f(" 7 ", "7")
	f("+7", "7")
	f("7x", `ERROR 22P02: invalid input syntax for type oid: "7x"`)
	f("9999999999x", `ERROR 22P02: invalid input syntax for type oid: "9999999999x"`)
	f("", `ERROR 22P02: invalid input syntax for type oid: ""`)
	f("-", `ERROR 22P02: invalid input syntax for type oid: "-"`)
	f = literal(t, "xid8")
	f("18446744073709551615", "18446744073709551615")
	f("18446744073709551616", `ERROR 22003: value "18446744073709551616" is out of range for type xid8`)
	f("-1", "18446744073709551615")
	f("0xffffffffffffffff", "18446744073709551615")
	f = literal(t, "pg_lsn")
	f("16/B374D848", "16/B374D848")
	f("16/b374d848", "16/B374D848")
	f("0/0", "0/0")
	f("00000000/00000001", "0/1")
	f("000000001/1", `ERROR 22P02: invalid input syntax for type pg_lsn: "000000001/1"`)
	f("1/000000001", `ERROR 22P02: invalid input syntax for type pg_lsn: "1/000000001"`)
	f("1", `ERROR 22P02: invalid input syntax for type pg_lsn: "1"`)
	f("/1", `ERROR 22P02: invalid input syntax for type pg_lsn: "/1"`)
	f("1/", `ERROR 22P02: invalid input syntax for type pg_lsn: "1/"`)
	f("g/1", `ERROR 22P02: invalid input syntax for type pg_lsn: "g/1"`)
	f(" 1/1", `ERROR 22P02: invalid input syntax for type pg_lsn: " 1/1"`)
	f = literal(t, "tid")
	f("(1,2)", "(1,2)")
	f(" (1,2)", "(1,2)")
	f("(4294967295,65535)", "(4294967295,65535)")
	f("(-1,1)", "(4294967295,1)")
	f("(1,65536)", `ERROR 22P02: invalid input syntax for type tid: "(1,65536)"`)
	f("(1)", `ERROR 22P02: invalid input syntax for type tid: "(1)"`)
	f("1,2", `ERROR 22P02: invalid input syntax for type tid: "1,2"`)
	f = literal(t, "char")
	f("", "<empty>")
	f("a", "a")
	f("abc", "a")
	f("ä", `\\303`)
	f(`\101`, "A")
	f(`\377`, `\\377`)
	f(`\777`, `\\377`)
	f(`\1`, `\\`)
	f(`\1011`, `\\`)
	f(`\400`, "<empty>")
}
