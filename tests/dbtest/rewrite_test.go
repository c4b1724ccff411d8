package dbtest

import (
	"go/ast"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const trial = `package x_test

func test(db *DB) {
	db.Is("select 1", "?")
	db.Rows("select 2",
		"?")
	f := func(q, want string) { db.Is("select "+q, want) }
	f("3", "?" +
		"?")
	cases := []struct{ q, want string }{{"select 4", "?"}, {q: "select 5", want: "?"}}
	keyed := map[string]string{"select 6": "?"}
}
`

// trialSource is a file of tests in a folder that goes with the test.
func trialSource(t *testing.T) *source {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x_test.go")
	if err := os.WriteFile(path, []byte(trial), 0o644); err != nil {
		t.Fatal(err)
	}
	s := sourceOf(path)
	if s == nil {
		t.Fatal("not parsed")
	}
	return s
}

// Answers are put in place of literals, wherever they are, and earlier edits stay.
func TestRewrite(t *testing.T) {
	s := trialSource(t)
	replaced := func(line int, method string, arg int, got string) {
		t.Helper()
		call := s.call(line, method)
		if call == nil || !s.replace(call.Args[arg], quote(got)) {
			t.Errorf("line %d: not replaced", line)
		}
	}
	replaced(4, "Is", 1, "one")
	replaced(9, "f", 1, `a "quoted" one`)
	rows := s.call(6, "Rows")
	if !s.put(rows.Args[0].End(), rows.Rparen, ",\n\"b\",\n\"c\",\n") {
		t.Error("rows were not put")
	}
	for _, query := range []string{"select 4", "select 5", "select 6"} {
		if !s.table(query, "?", "answer of "+query) {
			t.Errorf("%s is in no table", query)
		}
	}
	if s.table("select 4", "other", "x") {
		t.Error("a literal that was not wanted was replaced")
	}
	text, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`db.Is("select 1", "one")`, "\t\t\"b\",\n\t\t\"c\",\n\t)", "f(\"3\", `a \"quoted\" one`)",
		`{"select 4", "answer of select 4"}, {q: "select 5", want: "answer of select 5"}`, `"select 6": "answer of select 6"`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is missing in\n%s", want, text)
		}
	}
}

// A wanted answer that is a parameter is looked for where the function is called.
func TestParameterOfCaller(t *testing.T) {
	s := trialSource(t)
	call := s.call(7, "Is")
	if name, place := s.parameter(call, call.Args[1].(*ast.Ident).Name); name != "f" || place != 1 {
		t.Errorf("got %s, %d", name, place)
	}
	if _, place := s.parameter(call, "db"); place != 0 {
		t.Errorf("parameter of the outer function: %d", place)
	}
	if _, place := s.parameter(call, "none"); place != -1 {
		t.Errorf("no parameter: %d", place)
	}
}

// Quotes are such that a reader sees the answer as it is.
func TestQuote(t *testing.T) {
	f := func(s, want string) {
		t.Helper()
		if got := quote(s); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	f("plain", `"plain"`)
	f(`with "quotes"`, "`with \"quotes\"`")
	f("two\nlines", `"two\nlines"`)
	f("back`quote and \"", `"back`+"`"+`quote and \""`)
}
