package sqllogic_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/vecdb/vecdb/internal/testutil"
	"github.com/vecdb/vecdb/tests/sqllogic"
)

var (
	rewrite   = flag.Bool("rewrite", false, "write what the server at VECDB_DSN gives as expected")
	mark      = flag.Bool("mark", false, "write `fails` lines for what does not work")
	codesOnly = flag.Bool("codes", false, "compare errors by SQLSTATE only")
	slow      = flag.Bool("slow", false, "run *.test_slow too")
)

// shown is how many failures of a file are printed.
const shown = 15

func TestMain(m *testing.M) {
	code := m.Run()
	testutil.RemoveBuild()
	os.Exit(code)
}

// dsn gives the server to test, as a function from database to DSN, and its engine.
func dsn(t *testing.T) (func(database string) string, string) {
	t.Helper()
	given := os.Getenv("VECDB_DSN")
	if given == "" {
		server, err := testutil.Start(testutil.Options{})
		if errors.Is(err, testutil.ErrNoServer) {
			t.Skipf("%v; set VECDB_DSN to run on another server", err)
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := server.Stop(); err != nil {
				t.Errorf("the server ended with %v\n%s", err, server.Output())
			}
		})
		return server.DSN, "vecdb"
	}
	u, err := url.Parse(given)
	if err != nil || u.Scheme == "" {
		t.Fatalf("VECDB_DSN=%s is not a URL: %v", given, err)
	}
	at := func(database string) string {
		if database == "postgres" {
			return given
		}
		other := *u
		other.Path = "/" + database
		return other.String()
	}
	engine := "postgres"
	if version := ask(t, given, "SELECT version()"); strings.Contains(strings.ToLower(version), "vecdb") {
		engine = "vecdb"
	}
	return at, engine
}

// ask sends SQL and gives the last value of the result.
func ask(t *testing.T, dsn, sql string) string {
	t.Helper()
	conn, err := pgconn.Connect(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	results, err := conn.Exec(context.Background(), sql).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	value := ""
	for _, res := range results {
		for _, row := range res.Rows {
			for _, v := range row {
				value = string(v)
			}
		}
	}
	return value
}

// drop removes a database. A session that the server has not noticed to be gone may keep it there, which
// is no fault of the file's.
func drop(t *testing.T, dsn, database string) {
	t.Helper()
	conn, err := pgconn.Connect(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(context.Background(), "DROP DATABASE "+database).ReadAll(); err != nil {
		t.Logf("drop %s: %v", database, err)
	}
}

// files gives the paths of all test files, sorted.
func files(t *testing.T) []string {
	t.Helper()
	var paths []string
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		ext := filepath.Ext(p)
		if err == nil && !d.IsDir() && (ext == ".test" || ext == ".test_slow" && *slow) {
			paths = append(paths, filepath.ToSlash(p))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// TestFiles runs each file in a database of its own.
func TestFiles(t *testing.T) {
	at, engine := dsn(t)
	var sum sqllogic.Outcome
	for _, path := range files(t) {
		t.Run(strings.TrimSuffix(path, filepath.Ext(path)), func(t *testing.T) {
			o := runFile(t, at, engine, path)
			sum.Passed += o.Passed
			sum.Skipped += o.Skipped
			sum.Known += o.Known
			for i, f := range o.Failures {
				if i == shown {
					t.Errorf("... and %d more", len(o.Failures)-shown)
					break
				}
				t.Error(f)
			}
		})
	}
	t.Logf("%s: %d records passed, %d are known to fail, %d were skipped", engine, sum.Passed, sum.Known, sum.Skipped)
}

// runFile runs one file in a new database, and writes it back if asked to.
func runFile(t *testing.T, at func(string) string, engine, path string) sqllogic.Outcome {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	records, err := sqllogic.Parse(string(text))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	h := fnv.New32a()
	_, _ = fmt.Fprint(h, path, os.Getpid()) // a hash never fails
	database := fmt.Sprintf("slt_%08x", h.Sum32())
	ask(t, at("postgres"), "CREATE DATABASE "+database)
	t.Cleanup(func() { drop(t, at("postgres"), database) })
	r := sqllogic.Runner{Engine: engine, DSN: at(database), CodesOnly: *codesOnly, Rewrite: *rewrite, Mark: *mark}
	o, err := r.Run(t.Context(), path, records)
	if err != nil {
		o.Failures = append(o.Failures, err.Error())
	}
	if *rewrite || *mark {
		if err := os.WriteFile(path, []byte(sqllogic.Format(records)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// TestFilesAreWellFormed parses every file and expects that writing gives the same text, on any machine.
func TestFilesAreWellFormed(t *testing.T) {
	count := 0
	for _, path := range files(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		records, err := sqllogic.Parse(string(text))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if got := sqllogic.Format(records); got != string(text) && !*rewrite {
			t.Errorf("%s is not as it would be written", path)
		}
		for _, r := range records {
			if r.Kind != sqllogic.Text && r.Kind != sqllogic.Control {
				count++
			}
		}
	}
	t.Logf("%d records", count)
}
