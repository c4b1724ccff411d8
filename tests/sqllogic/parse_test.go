package sqllogic_test

import (
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/sqllogic"
)

const sample = `# a comment

statement ok
CREATE TABLE t (a int,
  b text)

statement count 2
INSERT INTO t VALUES (1, 'x'), (2, NULL)

onlyif vecdb
connection other
statement error pgcode 42P01 relation "u" does not exist
SELECT * FROM u

fails vecdb
query IT rowsort
SELECT * FROM t
----
1 | x
2 | NULL

copy from error pgcode 22P02
COPY t FROM STDIN
----
x	y

copy to
COPY t TO STDOUT
----
1	x
2	\N

hash-threshold 8
control protocol extended
halt
`

func TestParse(t *testing.T) {
	records, err := sqllogic.Parse(sample)
	if err != nil {
		t.Fatal(err)
	}
	if got := sqllogic.Format(records); got != sample {
		t.Fatalf("written anew:\n%s", got)
	}
	var kept []*sqllogic.Record
	for _, r := range records {
		if r.Kind != sqllogic.Text {
			kept = append(kept, r)
		}
	}
	if len(kept) != 9 {
		t.Fatalf("%d records", len(kept))
	}
	if r := kept[0]; r.SQL != "CREATE TABLE t (a int,\n  b text)" || r.Line != 3 || r.Count != -1 {
		t.Errorf("%+v", r)
	}
	if r := kept[1]; r.Count != 2 {
		t.Errorf("%+v", r)
	}
	r := kept[2]
	if !r.WantError || r.Code != "42P01" || !r.Message.MatchString(`relation "u" does not exist`) ||
		r.Connection != "other" || r.OnlyIf[0] != "vecdb" {
		t.Errorf("%+v", r)
	}
	if r := kept[3]; r.Types != "IT" || r.Sort != "rowsort" || len(r.Expected) != 2 || r.Fails[0] != "vecdb" {
		t.Errorf("%+v", r)
	}
	if r := kept[4]; r.Kind != sqllogic.CopyFrom || r.Code != "22P02" || r.Data[0] != "x\ty" {
		t.Errorf("%+v", r)
	}
	if r := kept[5]; r.Kind != sqllogic.CopyTo || len(r.Expected) != 2 {
		t.Errorf("%+v", r)
	}
}

func TestParseErrors(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		_, err := sqllogic.Parse(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gives %v, want %q", text, err, want)
		}
	}
	f("statement ok", "without SQL")
	f("\nstatement fine\nSELECT 1", "line 2: ")
	f("query II upward\nSELECT 1", "unknown sort mode")
	f("query II\n", "without SQL")
	f("copy\nCOPY t TO STDOUT", "copy from or copy to?")
	f("skipif\nstatement ok\nSELECT 1", "skipif of what?")
	f("skipif vecdb", "without a record")
	f("skipif vecdb\n\nstatement ok", "conditions without a record")
	f("statement error pgcode 42601 (\nSELECT", "missing closing")
	f("statement count x\nSELECT", "invalid syntax")
	f("select 1", "unknown record")
}

func FuzzParse(f *testing.F) {
	f.Add(sample)
	f.Add("query\nSELECT 1\n----\n1\n")
	f.Fuzz(func(t *testing.T, text string) {
		records, err := sqllogic.Parse(text)
		if err != nil {
			return
		}
		// What was written is read as the same.
		again, err := sqllogic.Parse(sqllogic.Format(records))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := sqllogic.Format(again), sqllogic.Format(records); got != want {
			t.Fatalf("%q becomes %q", want, got)
		}
	})
}
