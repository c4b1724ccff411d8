package exec_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	pvfs "github.com/cockroachdb/pebble/v2/vfs"

	"github.com/vecdb/vecdb/exec/session"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/upkeep"
	"github.com/vecdb/vecdb/wire/backend"
)

// testDB is a store in memory with sessions by name.
type testDB struct {
	t        testing.TB
	fs       *pvfs.MemFS
	store    *storage.Store
	keeper   *upkeep.Keeper
	server   *session.Server
	sessions map[string]backend.Session
}

// quiet is a client that hears nothing.
type quiet struct{}

func (quiet) Notice(*pgerr.Error)                 {}
func (quiet) ParameterStatus(string, string)      {}
func (quiet) Notification(uint32, string, string) {}

func newDB(t testing.TB) *testDB {
	t.Helper()
	db := &testDB{t: t, fs: pvfs.NewMem(), sessions: map[string]backend.Session{}}
	var err error
	db.store, err = storage.Open("db", storage.Options{FS: db.fs, Keys: session.IndexKeys, Builders: upkeep.Builders()})
	if err != nil {
		t.Fatal(err)
	}
	db.keeper = upkeep.New(db.store, upkeep.Options{})
	db.server = &session.Server{Store: db.store}
	t.Cleanup(func() {
		for _, s := range db.sessions {
			s.Close()
		}
		if err := errors.Join(db.keeper.Close(), db.store.Close()); err != nil {
			t.Error(err)
		}
	})
	return db
}

// session returns the session of that name, opened on first use.
func (db *testDB) session(name string) backend.Session {
	if s := db.sessions[name]; s != nil {
		return s
	}
	s, err := db.server.Open(context.Background(), backend.Startup{User: "postgres", Database: "postgres"}, quiet{})
	if err != nil {
		db.t.Fatal(err)
	}
	db.sessions[name] = s
	return s
}

// result is what a statement answered.
type result struct {
	rows [][]string
	tag  string
}

// run runs the statements of text in one session and returns the last answer.
func (db *testDB) run(name, text string) (r result, err error) {
	ctx := context.Background()
	s := db.session(name)
	defer func() {
		if err != nil {
			s.Fail(err)
		}
		if serr := s.Sync(ctx, err != nil); err == nil {
			err = serr
		}
	}()
	script, err := s.Simple(ctx, text)
	if err != nil {
		return r, err
	}
	for {
		p, err := script.Next(ctx)
		if p == nil || err != nil {
			return r, err
		}
		if r, err = readPortal(ctx, s, p); err != nil {
			return r, err
		}
	}
}

func readPortal(ctx context.Context, s backend.Session, p backend.Portal) (result, error) {
	var r result
	if p.Kind() != backend.Plain {
		return r, errors.New("COPY is not for this harness")
	}
	for {
		b, err := p.Next(ctx, 0)
		if err != nil {
			return r, err
		}
		if b == nil {
			r.tag = p.Tag()
			return r, nil
		}
		fields := p.Fields()
		for k := range b.Rows() {
			row := make([]string, len(fields))
			for i, f := range fields {
				d := b.Cols[i].Datum(b.Row(k))
				row[i] = "NULL"
				if typ := types.Lookup(f.Type.OID); !d.Null && typ != nil {
					row[i] = string(typ.Format(nil, d, s.Settings()))
				}
			}
			r.rows = append(r.rows, row)
		}
	}
}

// must runs statements that have to succeed.
func (db *testDB) must(text string) result {
	db.t.Helper()
	r, err := db.run("a", text)
	if err != nil {
		db.t.Fatalf("%s: %v", text, err)
	}
	return r
}

// lines prints rows, one a line.
func (r result) lines() []string {
	out := make([]string, len(r.rows))
	for i, row := range r.rows {
		out[i] = strings.Join(row, " | ")
	}
	return out
}

func errorText(err error) string {
	e := pgerr.From(err)
	out := fmt.Sprintf("error %s: %s\n", pgerr.Code(err), e.Message)
	if e.DetailMsg != "" {
		out += "detail: " + e.DetailMsg + "\n"
	}
	return out
}

// TestSQL runs the files of testdata, each on a store of its own. Commands:
//
//	exec   [session=NAME]   statements; prints nothing, or the error
//	query  [session=NAME] [rowsort]   prints the rows of the last statement
//	upkeep   runs upkeep until there is nothing to do
//	temp     prints how many temporary files there are
func TestSQL(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		db := newDB(t)
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			name := "a"
			d.MaybeScanArgs(t, "session", &name)
			switch d.Cmd {
			case "exec":
				if _, err := db.run(name, d.Input); err != nil {
					return errorText(err)
				}
				return ""
			case "query":
				r, err := db.run(name, d.Input)
				if err != nil {
					return errorText(err)
				}
				lines := r.lines()
				if d.HasArg("rowsort") {
					slices.Sort(lines)
				}
				if len(lines) == 0 {
					return r.tag + "\n"
				}
				return strings.Join(lines, "\n") + "\n"
			case "upkeep":
				db.settle()
				return ""
			case "temp":
				return fmt.Sprintf("%d files\n", db.tempFiles())
			}
			t.Fatalf("unknown command %s", d.Cmd)
			return ""
		})
	})
}

// settleMax bounds the steps of upkeep in a test.
const settleMax = 100

func (db *testDB) settle() {
	for range settleMax {
		did, err := db.keeper.Step(context.Background())
		if err != nil {
			db.t.Fatal(err)
		}
		if !did {
			return
		}
	}
}

func (db *testDB) tempFiles() int {
	names, err := db.fs.List(db.store.TempDir())
	if err != nil && !errors.Is(err, io.EOF) {
		return 0
	}
	return len(names)
}
