package sql_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/vecdb/vecdb/sql"
)

// TestShape prints the key of each text with <class> for literals, then what its template keeps.
func TestShape(t *testing.T) {
	datadriven.RunTest(t, "testdata/shape", func(_ *testing.T, d *datadriven.TestData) string {
		var s sql.Shape
		if !s.Scan(d.Input) {
			return "not shapeable\n"
		}
		out := showKey(s.Key) + "\n"
		tpl, err := sql.ParseShape(d.Input, &s)
		if err != nil {
			return out + "error: " + err.Error() + "\n"
		}
		for i, p := range tpl.Params {
			out += fmt.Sprintf("$%d = %s\n", i+1, p.Value(d.Input, s.Lits))
		}
		for _, k := range tpl.Kept {
			out += "kept " + s.Lits[k].Value(d.Input) + "\n"
		}
		return out
	})
}

func showKey(key []byte) string {
	names := []string{"", "<int4>", "<int8>", "<num>", "<str>"}
	var b strings.Builder
	for _, c := range key {
		if int(c) < len(names) {
			b.WriteString(names[c])
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

const vectorQuery = `SELECT id, title FROM items WHERE price < 10 AND kind = 'book'
	ORDER BY embedding <-> '[%s]' LIMIT 10`

func longVector() string { return strings.Repeat("0.125,", 383) + "1" }

func BenchmarkShapeShort(b *testing.B) {
	var s sql.Shape
	q := "SELECT a, b FROM t WHERE id = 12345 AND name = 'x'"
	b.ReportAllocs()
	for b.Loop() {
		s.Scan(q)
	}
}

func BenchmarkShapeVector(b *testing.B) {
	var s sql.Shape
	q := fmt.Sprintf(vectorQuery, longVector())
	b.ReportAllocs()
	for b.Loop() {
		s.Scan(q)
	}
}

func BenchmarkParse(b *testing.B) {
	q := "SELECT a, b FROM t WHERE id = 12345 AND name = 'x'"
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sql.Parse(q); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzShape checks what a plan cache relies on: the spans are the literals; another statement made
// by putting other literals of the same classes in has the same key and the same tree.
func FuzzShape(f *testing.F) {
	for _, q := range []string{
		"select 1", "select -1, - 2.5e3, 'a''b' from t where x in (1,2)", "select a::varchar(3) || 'x' order by 1",
		"insert into t values (1,'a'),(2147483647, 99999999999)", "select interval '1' day, date '2020-01-01'",
		"select \"a'b\", 'x' -- c'\n, 5 /* '7' */", "update t set (a,b)=(1,2) where c=3;", "select 1.e5, .5, 0x1F",
		"select x'1F', e'\\'', u&'x', $$1$$, $1", "select 'a'\n'b'", "select -2147483648, 9223372036854775808",
	} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		var s sql.Shape
		if !s.Scan(q) {
			return
		}
		if _, err := sql.Parse(q); err != nil {
			return
		}
		tpl, err := sql.ParseShape(q, &s)
		if err != nil {
			t.Fatalf("%q parses, its shape does not: %v", q, err)
		}
		other, otherShape := substitute(q, s, tpl)
		if string(otherShape.Key) != string(s.Key) {
			t.Fatalf("%q and %q have different keys", q, other)
		}
		otherTpl, err := sql.ParseShape(other, otherShape)
		if err != nil {
			t.Fatalf("%q: %v", other, err)
		}
		if got, want := stripPositions(otherTpl.Node), stripPositions(tpl.Node); got != want {
			t.Fatalf("%q and %q differ:\n%s\n%s", q, other, want, got)
		}
	})
}

// substitute replaces the literals that became parameters.
func substitute(q string, s sql.Shape, tpl *sql.Template) (string, *sql.Shape) {
	repl := map[sql.LitClass]string{
		sql.ClassInt4: "71", sql.ClassInt8: "3000000001", sql.ClassNumber: "1.75", sql.ClassString: "'it''s -- /* \" $1'",
	}
	isParam := map[int]bool{}
	for _, p := range tpl.Params {
		isParam[p.Lit] = true
	}
	var b strings.Builder
	last := 0
	for i, l := range s.Lits {
		if !isParam[i] {
			continue
		}
		b.WriteString(q[last:l.Start])
		if q[l.Start] == '.' { // what stands before may be an identifier
			b.WriteString(".25")
		} else {
			b.WriteString(repl[l.Class])
		}
		last = l.End
	}
	b.WriteString(q[last:])
	out := &sql.Shape{}
	out.Scan(b.String())
	return b.String(), out
}

// stripPositions prints a tree without what depends on where things stand.
func stripPositions(n any) string {
	var b strings.Builder
	printTree(&b, reflect.ValueOf(n))
	return b.String()
}

func printTree(b *strings.Builder, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			b.WriteString("nil ")
			return
		}
		printTree(b, v.Elem())
	case reflect.Struct:
		b.WriteString(v.Type().Name() + "{")
		for i := range v.NumField() {
			if v.Type().Field(i).Name != "At" {
				b.WriteString(v.Type().Field(i).Name + ":")
				printTree(b, v.Field(i))
			}
		}
		b.WriteString("} ")
	case reflect.Slice:
		b.WriteString("[")
		for i := range v.Len() {
			printTree(b, v.Index(i))
		}
		b.WriteString("] ")
	default:
		fmt.Fprintf(b, "%v ", v)
	}
}
