package session_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// copyDir is a folder that the server may write, whoever it runs as.
func copyDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for d := dir; d != filepath.Clean(os.TempDir()); d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// COPY writes a table or a query to a file of the server, and reads it back, in every format.
func TestCopyFiles(t *testing.T) {
	db := dbtest.New(t)
	file := filepath.Join(copyDir(t), "rows")
	db.Must("create table t (k int primary key, v text); insert into t values (1, 'one'), (2, null), (3, E'a\tb,\"c\"')")
	db.Must("create table u (k int primary key, v text)")
	f := func(options, text string) {
		t.Helper()
		db.Is("copy t to '"+file+"' "+options, "COPY 3")
		got, err := os.ReadFile(file)
		if err != nil || text != "" && string(got) != text {
			t.Errorf("%s wrote %q, %v", options, got, err)
		}
		db.Must("truncate u")
		db.Is("copy u from '"+file+"' "+options, "COPY 3")
		db.Is("select count(*) from t join u using (k) where t.v is not distinct from u.v", "3")
	}
	f("", "1\tone\n2\t\\N\n3\ta\\tb,\"c\"\n")
	f("csv header", "k,v\n1,one\n2,\n3,\"a\tb,\"\"c\"\"\"\n")
	f("(format binary)", "")
	db.Is("copy (select k * 2 from t where k < 3 order by k) to '"+file+"'", "COPY 2")
	db.Is("copy u (k) from '"+file+"' where k > 2", "COPY 1")
	db.Rows("select * from u order by k",
		"1|one",
		"2|<null>",
		`3|a	b,"c"`,
		"4|<null>",
	)
	db.Is("begin; copy t to '"+file+"'; rollback", "ROLLBACK")
	db.Is("begin; truncate u; copy u from '"+file+"'; rollback", "ROLLBACK")
	db.Is("select count(*) from u", "4")
	db.IsWith("copy t to '"+file+"'", nil, "COPY 3")
}

// A file that is not there, not whole, or not the reader's to open is an error, and no row is lost or half there.
func TestCopyFileErrors(t *testing.T) {
	db := dbtest.New(t)
	dir := copyDir(t)
	bad := filepath.Join(dir, "bad")
	if err := os.WriteFile(bad, []byte(strings.Repeat("1\n", 3)+"x\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	f := func(query, want string) {
		t.Helper()
		if got := strings.ReplaceAll(db.Ask(query), dir, "DIR"); got != want {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
	db.Must("create table t (a int)")
	const hint = " You may want a client-side facility such as psql's \\copy."
	f("copy t from '"+bad+"'", `22P02: invalid input syntax for type integer: "x"`)
	db.Is("select count(*) from t", "0")
	f("copy t from '"+dir+"'", `42809: "DIR" is a directory`)
	f("copy t to '"+dir+"'", `42809: could not open file "DIR" for writing: Is a directory`)
	f("copy t to 'rows'", "42602: relative path not allowed for COPY to file")
	f("copy none to '"+dir+"/x'", `42P01: relation "none" does not exist`)
	got := strings.ReplaceAll(db.Ask("copy t from '"+dir+"/none'"), dir, "DIR")
	if want := `58P01: could not open file "DIR/none" for reading: No such file or directory`; !strings.HasPrefix(got, want) ||
		!strings.HasSuffix(got, hint) {
		t.Errorf("a file that is not there: %s", got)
	}
	got = strings.ReplaceAll(db.Ask("copy t to '"+dir+"/none/x'"), dir, "DIR")
	if want := `58P01: could not open file "DIR/none/x" for writing: No such file or directory`; !strings.HasPrefix(got, want) ||
		!strings.HasSuffix(got, hint) {
		t.Errorf("a folder that is not there: %s", got)
	}
	db.Must("create role copier; grant all on t to copier; set role copier")
	const anyone = " HINT: Anyone can COPY to stdout or from stdin. psql's \\copy command also works for anyone."
	f("copy t from '"+bad+"'", "42501: permission denied to COPY from a file DETAIL: Only roles with privileges of the "+
		`"pg_read_server_files" role may COPY from a file.`+anyone)
	f("copy t to '"+bad+"'", "42501: permission denied to COPY to a file DETAIL: Only roles with privileges of the "+
		`"pg_write_server_files" role may COPY to a file.`+anyone)
	db.Must("reset role; drop owned by copier; drop role copier")
}
