package types_test

import (
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// TestArrayTexts holds quoting, nulls and blanks of an array's text.
func TestArrayTexts(t *testing.T) {
	f := literal(t, "_text")
	f("{}", "{}")
	f(" { } ", "{}")
	f("{a,b}", "{a,b}")
	f("{ a , b }", "{a,b}")
	f(`{"a","b c"}`, `{a,"b c"}`)
	f(`{"",""}`, `{"",""}`)
	f("{NULL,null,Null}", "{NULL,NULL,NULL}")
	f(`{"NULL","null"}`, `{"NULL","null"}`)
	f(`{\NULL,n\ull}`, `{"NULL","null"}`)
	f(`{a\,b,c\}d,e\"f,g\\h}`, `{"a,b","c}d","e\\"f","g\\\\h"}`)
	f(`{"a,b","{c}","d\"e","f\\g"}`, `{"a,b","{c}","d\\"e","f\\\\g"}`)
	f("{a b  c}", `{"a b  c"}`)
	f("{a\tb}", `{"a\tb"}`)
	f(`{a\ }`, `{"a "}`)
	f(`{ "a" , b }`, "{a,b}")
	f("{'a'}", "{'a'}")
	f(`{a"b}`, `ERROR 22P02: malformed array literal: "{a"b}" DETAIL: Unexpected array element.`)
	f(`{"a"b}`, `ERROR 22P02: malformed array literal: "{"a"b}" DETAIL: Unexpected array element.`)
	f(`{"a" b}`, `ERROR 22P02: malformed array literal: "{"a" b}" DETAIL: Unexpected array element.`)
	f(`{"a}`, `ERROR 22P02: malformed array literal: "{"a}" DETAIL: Unexpected end of input.`)
	f(`{a\`, `ERROR 22P02: malformed array literal: "{a\\" DETAIL: Unexpected end of input.`)
	f(`{"a\`, `ERROR 22P02: malformed array literal: "{"a\\" DETAIL: Unexpected end of input.`)
	f("{ä,😀}", "{ä,😀}")
	f("{a;b}", "{a;b}")
	f("{\n a,\n b\n}", "{a,b}")
	f("{\v\f}", "{}")
	f("{(1,2),[3]}", "{(1,2),[3]}")
	f("a", `ERROR 22P02: malformed array literal: "a" DETAIL: Array value must start with "{" or dimension information.`)
	f("{a}b", `ERROR 22P02: malformed array literal: "{a}b" DETAIL: Junk after closing right brace.`)
	f("{a} {b}", `ERROR 22P02: malformed array literal: "{a} {b}" DETAIL: Junk after closing right brace.`)
	f("{,a}", `ERROR 22P02: malformed array literal: "{,a}" DETAIL: Unexpected "," character.`)
	f("{a,,b}", `ERROR 22P02: malformed array literal: "{a,,b}" DETAIL: Unexpected "," character.`)
	f("{a,}", `ERROR 22P02: malformed array literal: "{a,}" DETAIL: Unexpected "}" character.`)
	f("{", `ERROR 22P02: malformed array literal: "{" DETAIL: Unexpected end of input.`)
	f("{{", `ERROR 22P02: malformed array literal: "{{" DETAIL: Unexpected end of input.`)
	f("}", `ERROR 22P02: malformed array literal: "}" DETAIL: Array value must start with "{" or dimension information.`)
	f("{}}", `ERROR 22P02: malformed array literal: "{}}" DETAIL: Junk after closing right brace.`)
	f("{a", `ERROR 22P02: malformed array literal: "{a" DETAIL: Unexpected end of input.`)
}

// TestArrayShapes holds nesting and explicit bounds.
func TestArrayShapes(t *testing.T) {
	f := literal(t, "_int4")
	f("{{1,2},{3,4}}", "{{1,2},{3,4}}")
	f("{{1},{2},{3}}", "{{1},{2},{3}}")
	f("{{{1,2}},{{3,4}}}", "{{{1,2}},{{3,4}}}")
	f("{{1,NULL},{NULL,4}}", "{{1,NULL},{NULL,4}}")
	f("{{1,2},{3}}",
		`ERROR 22P02: malformed array literal: "{{1,2},{3}}" `+
			`DETAIL: Multidimensional arrays must have sub-arrays with matching dimensions.`)
	f("{{1},2}", `ERROR 22P02: malformed array literal: "{{1},2}" DETAIL: Unexpected array element.`)
	f("{1,{2}}", `ERROR 22P02: malformed array literal: "{1,{2}}" DETAIL: Unexpected "{" character.`)
	f("{{1},{{2}}}", "{{{1}},{{2}}}")
	f("{{}}", `ERROR 22P02: malformed array literal: "{{}}" DETAIL: Unexpected "}" character.`)
	f("{{},{}}", `ERROR 22P02: malformed array literal: "{{},{}}" DETAIL: Unexpected "}" character.`)
	f("{{},{1}}", `ERROR 22P02: malformed array literal: "{{},{1}}" DETAIL: Unexpected "}" character.`)
	f("{{1},{}}", `ERROR 22P02: malformed array literal: "{{1},{}}" DETAIL: Unexpected "}" character.`)
	f("{{1}{2}}", `ERROR 22P02: malformed array literal: "{{1}{2}}" DETAIL: Unexpected "{" character.`)
	f("{{1},,{2}}", `ERROR 22P02: malformed array literal: "{{1},,{2}}" DETAIL: Unexpected "," character.`)
	f("{{1},}", `ERROR 22P02: malformed array literal: "{{1},}" DETAIL: Unexpected "}" character.`)
	f("{{{{{{1}}}}}}", "{{{{{{1}}}}}}")
	f("{{{{{{{1}}}}}}}", "ERROR 54000: number of array dimensions (7) exceeds the maximum allowed (6)")
	f("[1:2]={1,2}", "{1,2}")
	f("[2]={1,2}", "{1,2}")
	f("[0:1]={1,2}", "[0:1]={1,2}")
	f("[-2:-1][5:5]={{1},{2}}", "[-2:-1][5:5]={{1},{2}}")
	f(" [0:1] = {1,2} ", "[0:1]={1,2}")
	f("[ 0:1]={1,2}",
		`ERROR 22P02: malformed array literal: "[ 0:1]={1,2}" `+
			`DETAIL: "[" must introduce explicitly-specified array dimensions.`)
	f("[0:2]={1,2}",
		`ERROR 22P02: malformed array literal: "[0:2]={1,2}" DETAIL: Specified array dimensions do not match array contents.`)
	f("[0:1]={}",
		`ERROR 22P02: malformed array literal: "[0:1]={}" DETAIL: Specified array dimensions do not match array contents.`)
	f("[0:1]={{1},{2}}",
		`ERROR 22P02: malformed array literal: "[0:1]={{1},{2}}" `+
			`DETAIL: Specified array dimensions do not match array contents.`)
	f("[1:0]={}", "ERROR 2202E: upper bound cannot be less than lower bound")
	f("[1:0]={1}", "ERROR 2202E: upper bound cannot be less than lower bound")
	f("[2:1]={1,2}", "ERROR 2202E: upper bound cannot be less than lower bound")
	f("[1:2]{1,2}", `ERROR 22P02: malformed array literal: "[1:2]{1,2}" DETAIL: Missing "=" after array dimensions.`)
	f("[1:2]=1,2", `ERROR 22P02: malformed array literal: "[1:2]=1,2" DETAIL: Array contents must start with "{".`)
	f("[1:2]", `ERROR 22P02: malformed array literal: "[1:2]" DETAIL: Missing "=" after array dimensions.`)
	f("[:2]={1,2}",
		`ERROR 22P02: malformed array literal: "[:2]={1,2}" `+
			`DETAIL: "[" must introduce explicitly-specified array dimensions.`)
	f("[1:]={1,2}", `ERROR 22P02: malformed array literal: "[1:]={1,2}" DETAIL: Missing array dimension value.`)
	f("[]={1}", `ERROR 22P02: malformed array literal: "[]={1}" `+
		`DETAIL: "[" must introduce explicitly-specified array dimensions.`)
	f("[1:1", `ERROR 22P02: malformed array literal: "[1:1" DETAIL: Missing "]" after array dimensions.`)
	f("[a:b]={1}",
		`ERROR 22P02: malformed array literal: "[a:b]={1}" DETAIL: "[" must introduce explicitly-specified array dimensions.`)
	f("[1:1][1:1][1:1][1:1][1:1][1:1]={{{{{{1}}}}}}", "{{{{{{1}}}}}}")
	f("[1:1][1:1][1:1][1:1][1:1][1:1][1:1]={{{{{{{1}}}}}}}",
		"ERROR 54000: number of array dimensions (7) exceeds the maximum allowed (6)")
	f("[2147483646:2147483646]={1}", "[2147483646:2147483646]={1}")
	f("[2147483647:2147483647]={1}", "ERROR 54000: array lower bound is too large: 2147483647")
	f("[-2147483648:-2147483648]={1}", "[-2147483648:-2147483648]={1}")
	f("[-2147483648:2147483647]={1}",
		`ERROR 22P02: malformed array literal: "[-2147483648:2147483647]={1}" `+
			`DETAIL: Specified array dimensions do not match array contents.`)
	f("[1:2147483647]={1}",
		`ERROR 22P02: malformed array literal: "[1:2147483647]={1}" `+
			`DETAIL: Specified array dimensions do not match array contents.`)
}

// TestArrayElements holds that elements are read as their type's, after the braces are known to match.
func TestArrayElements(t *testing.T) {
	f := literal(t, "_int4")
	f("{1, 2 ,3}", "{1,2,3}")
	f("{x}", `ERROR 22P02: invalid input syntax for type integer: "x"`)
	f("{1,2147483648}", `ERROR 22003: value "2147483648" is out of range for type integer`)
	f("{x}}", `ERROR 22P02: malformed array literal: "{x}}" DETAIL: Junk after closing right brace.`)
	f(`{""}`, `ERROR 22P02: invalid input syntax for type integer: ""`)
	f("{'1'}", `ERROR 22P02: invalid input syntax for type integer: "'1'"`)
	literal(t, "_bool")("{t,f,yes,NULL}", "{t,f,t,NULL}")
	literal(t, "_float8")("{1,NaN,-inf,1e20}", "{1,NaN,-Infinity,1e+20}")
	literal(t, "_numeric")("{1.50,1e2,NaN}", "{1.50,100,NaN}")
	literal(t, "_bytea")(`{"\\x00ff",abc}`, `{"\\\\x00ff","\\\\x616263"}`)
	literal(t, "_date")("{2024-02-29,infinity}", "{2024-02-29,infinity}")
	literal(t, "_timestamp")(`{2024-02-29 12:00,"2024-01-01 00:00:00"}`, `{"2024-02-29 12:00:00","2024-01-01 00:00:00"}`)
	literal(t, "_timestamptz", "timezone=Europe/Berlin")(`{2024-02-29 12:00Z}`, `{"2024-02-29 13:00:00+01"}`)
	literal(t, "_date", "datestyle=German, DMY")("{1.2.2024}", "{01.02.2024}")
	literal(t, "_interval", "intervalstyle=postgres_verbose")("{1 day,-2:00}", `{"@ 1 day","@ 2 hours ago"}`)
	literal(t, "_uuid")("{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}", "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}")
	literal(t, "_jsonb")(`{"{\"a\":1}",null,"null"}`, `{"{\\"a\\": 1}",NULL,"null"}`)
	literal(t, "_bpchar")("{a ,b}", "{a,b}")
	literal(t, "_char")("{a,b}", "{a,b}")
	literal(t, "_vector")(`{"[1,2]","[3]"}`, `{"[1,2]",[3]}`)
	literal(t, "_varchar(2)")("{ab,c}", "{ab,c}")
	literal(t, "_varchar(2)")("{ab,abc}", "ERROR 22001: value too long for type character varying(2)")
	literal(t, "_numeric(3,1)")("{1.25,99.94}", "{1.3,99.9}")
	literal(t, "_numeric(3,1)")("{99.95}",
		"ERROR 22003: numeric field overflow "+
			"DETAIL: A field with precision 3, scale 1 must round to an absolute value less than 10^2.")
	literal(t, "_vector(2)")(`{"[1,2]","[1]"}`, "ERROR 22000: expected 2 dimensions, not 1")
}

// TestArrayTextRoundTrip prints arrays of texts that are hard to quote and reads them back.
func TestArrayTextRoundTrip(t *testing.T) {
	const seed = 71
	r := rand.New(rand.NewSource(seed))
	elem, typ := types.ByName("text"), types.ByName("_text")
	words := []string{
		"", "NULL", "null", " ", "a b", "a,b", "{", "}", "{}", `"`, `\`, `\\`, "\n", "\t", "\v", "'", ";",
		"ä", "😀", "[1:1]={a}", "x\"y\\z",
	}
	for range 2000 {
		a := randomArray(t, r, elem)
		for i := range a.Items {
			if !a.Items[i].Null {
				a.Items[i] = types.StringDatum(words[r.Intn(len(words))] + words[r.Intn(len(words))])
			}
		}
		printed := text(typ, types.StringDatum(a.Encode()))
		back, err := types.DecodeArray(datum(t, typ, printed).S)
		if err != nil || !slices.Equal(back.Items, a.Items) || !slices.Equal(back.Dims, a.Dims) ||
			!slices.Equal(back.Lower, a.Lower) {
			t.Fatalf("seed %d: %+v prints as %s, read as %+v %v", seed, a, printed, back, err)
		}
	}
}

// TestArrayMods holds that a modifier is of each element, in casts as in input.
func TestArrayMods(t *testing.T) {
	f := func(name string, args []int32, in string, explicit bool, want string) {
		t.Helper()
		typ := types.ByName(name)
		mod, err := typ.ModIn(args)
		if err != nil {
			t.Fatal(err)
		}
		d, err := typ.ApplyMod(datum(t, typ, in), mod, explicit)
		got := ""
		if err != nil {
			got = pgerr.Code(err) + " " + err.Error()
		} else {
			got = text(typ, d)
		}
		if got != want {
			t.Errorf("%s%v %s: %q, want %q", name, args, in, got, want)
		}
	}
	f("_varchar", []int32{2}, "{abc,NULL,d}", true, "{ab,NULL,d}")
	f("_varchar", []int32{2}, "{abc,NULL,d}", false, "22001 value too long for type character varying(2)")
	f("_varchar", []int32{2}, "{}", false, "{}")
	f("_bpchar", []int32{3}, "{a,NULL}", false, `{"a  ",NULL}`)
	f("_numeric", []int32{4, 1}, "[0:0]={1.25}", false, "[0:0]={1.3}")
	f("_timestamp", []int32{0}, `{"2024-01-01 00:00:00.5"}`, false, `{"2024-01-01 00:00:01"}`)
	f("_vector", []int32{2}, `{"[1,2]","[1]"}`, true, "22000 expected 2 dimensions, not 1")
}

// TestIntVectors holds the text of int2vector and oidvector, arrays that count from 0 and are written with blanks.
func TestIntVectors(t *testing.T) {
	f := literal(t, "int2vector")
	f("1 2 3", "1 2 3")
	f("", "<empty>")
	f("  1   2", "1 2")
	f("1 2 ", "1 2")
	f("-1 +2", "-1 2")
	f("1 x", `ERROR 22P02: invalid input syntax for type smallint: "x"`)
	f("x", `ERROR 22P02: invalid input syntax for type smallint: "x"`)
	f("1,2", `ERROR 22P02: invalid input syntax for type smallint: "1,2"`)
	f("32768 1", `ERROR 22003: value "32768 1" is out of range for type smallint`)
	f("1\t2", `ERROR 22P02: invalid input syntax for type smallint: "1\t2"`)
	f = literal(t, "oidvector")
	f("1 4294967295", "1 4294967295")
	f("-1", "4294967295")
	f("1\t2", "1 2")
	f("1 4294967296 2", `ERROR 22003: value "4294967296 2" is out of range for type oid`)
	f("1 x 2", `ERROR 22P02: invalid input syntax for type oid: "x 2"`)
	f("1,2", `ERROR 22P02: invalid input syntax for type oid: ",2"`)
	a, err := types.DecodeArray(datum(t, types.ByName("int2vector"), "7 8").S)
	if err != nil || !slices.Equal(a.Lower, []int{0}) || !slices.Equal(a.Dims, []int{2}) {
		t.Errorf("%+v %v", a, err)
	}
}

// TestHugeArrays holds that a head which announces more items than there are bytes takes no memory for them.
func TestHugeArrays(t *testing.T) {
	typ := types.ByName("_int4")
	one := types.ArrayOf(types.Int4OID, []types.Datum{types.IntDatum(1)})
	dims := strings.Index(one, "\x01\x01\x02") // one dimension, of one item, from 1
	if dims < 0 {
		t.Fatalf("%x", one)
	}
	for _, head := range []string{
		"\x01\xff\xff\xff\x3f\x02", "\x02\xff\xff\x3f\x02\xff\xff\x3f\x02",
		"\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x02", "\x07\x01\x02",
	} {
		damaged := one[:dims] + head + one[dims+3:]
		if _, err := types.DecodeArray(damaged); pgerr.Code(err) != "XX001" {
			t.Errorf("%x: %v", damaged, err)
		}
	}
	huge := be(int32(1), int32(0), uint32(23), int32(1<<27-1), int32(1))
	allocated := testing.AllocsPerRun(1, func() {
		if _, err := typ.Recv(huge, -1, nil); err == nil {
			t.Error("an array without its items is read")
		}
	})
	if allocated > 100 {
		t.Errorf("%v allocations for an array that is not there", allocated)
	}
}
