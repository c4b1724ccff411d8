package session_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/vecdb/vecdb/exec/session"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/catalog"
	"github.com/vecdb/vecdb/wire/backend"
)

// silent is a client that is told nothing.
type silent struct{}

func (silent) Notice(*pgerr.Error)                 {}
func (silent) ParameterStatus(string, string)      {}
func (silent) Notification(uint32, string, string) {}

// copier runs simple queries as the wire does, with the data of COPY at hand.
type copier struct {
	t   *testing.T
	srv *session.Server
	s   backend.Session
}

func newCopier(t *testing.T) *copier {
	t.Helper()
	st, err := storage.Open(t.TempDir(), storage.Options{
		Keys: session.IndexKeys, Bootstrap: catalog.BootstrapOptions{Superusers: []string{"postgres"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	c := &copier{t: t, srv: &session.Server{Store: st}}
	return c.beside()
}

// beside is another session of the same server.
func (c *copier) beside() *copier {
	c.t.Helper()
	s, err := c.srv.Open(c.t.Context(), backend.Startup{User: "postgres", Database: "postgres"}, silent{})
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(s.Close)
	return &copier{t: c.t, srv: c.srv, s: s}
}

// run runs a query string and returns the tags, parted by commas, and what COPY TO gave.
func (c *copier) run(query string, in io.Reader) (out string, err error) {
	ctx := context.Background()
	defer func() {
		if err != nil {
			c.s.Fail(err)
		}
		if serr := c.s.Sync(ctx, err != nil); err == nil {
			err = serr
		}
	}()
	script, err := c.s.Simple(ctx, query)
	if err != nil {
		return "", err
	}
	var tags []string
	var data bytes.Buffer
	for {
		p, err := script.Next(ctx)
		if err != nil {
			return "", err
		}
		if p == nil {
			return data.String() + strings.Join(tags, ", "), nil
		}
		tag := ""
		switch p.Kind() {
		case backend.CopyIn:
			tag, err = p.RunCopyIn(ctx, in)
		case backend.CopyOut:
			tag, err = p.RunCopyOut(ctx, &data)
		default:
			for b, nerr := p.Next(ctx, 0); b != nil || nerr != nil; b, nerr = p.Next(ctx, 0) {
				if nerr != nil {
					return "", nerr
				}
			}
			tag = p.Tag()
		}
		if err != nil {
			return "", err
		}
		tags = append(tags, tag)
	}
}

// f runs a query with data and compares what comes back: output and tags, or the error with its context.
func (c *copier) f(query, data, want string) {
	c.t.Helper()
	got, err := c.run(query, strings.NewReader(data))
	if err != nil {
		e := pgerr.From(err)
		got = strings.TrimSuffix(fmt.Sprintf("%s %s | %s", e.SQLState, e.Message, e.Where), " | ")
	}
	if got != want {
		c.t.Fatalf("%s\n got %s\nwant %s", query, got, want)
	}
}

func TestCopyFrom(t *testing.T) {
	c := newCopier(t)
	c.f(`CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, a varchar(5) NOT NULL, b int DEFAULT 7 CHECK (b < 100),
		c int GENERATED ALWAYS AS (b * 2) STORED)`, "", "CREATE TABLE")
	c.f("COPY t (a, b) FROM STDIN", "x\t1\ny\t\\N\n", "COPY 2")
	c.f("COPY t (a) FROM STDIN CSV HEADER", "a\nz\n", "COPY 1")
	c.f("COPY t FROM STDIN (DELIMITER '|')", "50|w|9\n", "COPY 1")
	c.f("COPY (SELECT * FROM t) TO STDOUT", "", "1\tx\t1\t2\n2\ty\t\\N\t\\N\n3\tz\t7\t14\n50\tw\t9\t18\nCOPY 4")
	c.f("COPY t TO STDOUT (FORMAT csv, HEADER)", "", "id,a,b\n1,x,1\n2,y,\n3,z,7\n50,w,9\nCOPY 4")
	c.f("COPY t (b, a) TO STDOUT", "", "1\tx\n\\N\ty\n7\tz\n9\tw\nCOPY 4")

	c.f("COPY t (a, b) FROM STDIN WHERE b > 1 AND id > 0", "m\t1\nn\t2\n", "COPY 1")
	c.f("COPY t (a, b) FROM STDIN WHERE b IN (SELECT 1)", "", "0A000 cannot use subquery in COPY FROM WHERE condition")
	c.f("COPY t (a, b) FROM STDIN", "p\t1\nq\t100\n",
		`23514 new row for relation "t" violates check constraint "t_b_check" | COPY t, line 2`)
	c.f("COPY t (a, b) FROM STDIN", "p\t1\n\\N\t1\n",
		`23502 null value in column "a" of relation "t" violates not-null constraint | COPY t, line 2`)
	c.f("COPY t (a, b) FROM STDIN", "p\t1\ntoolong\t1\n",
		`22001 value too long for type character varying(5) | COPY t, line 2, column a: "toolong"`)
	c.f("COPY t (a, b) FROM STDIN", "p\t1\nq\n", `22P04 missing data for column "b" | COPY t, line 2: "q"`)
	c.f("COPY (SELECT a FROM t WHERE a = 'p') TO STDOUT", "", "COPY 0")
}

// TestCopyBatches finds the line of a bad row in a later batch, and the transaction is as before.
func TestCopyBatches(t *testing.T) {
	c := newCopier(t)
	c.f("CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE child (id int REFERENCES t)", "", "CREATE TABLE, CREATE TABLE")
	var good strings.Builder
	for i := range 2500 {
		fmt.Fprintf(&good, "%d\n", i)
	}
	const dup = `23505 duplicate key value violates unique constraint "t_pkey" | COPY t, line `
	c.f("COPY t FROM STDIN", good.String()+"1234\n", dup+"2501")
	c.f("COPY t TO STDOUT", "", "COPY 0")
	c.f("COPY t FROM STDIN", good.String(), "COPY 2500")
	c.f("COPY t FROM STDIN", "9000\n17\n", dup+"2")
	c.f("COPY child FROM STDIN", "1\n2499\n\\N\n", "COPY 3")
	c.f("COPY child FROM STDIN", "1\n2500\n",
		`23503 insert or update on table "child" violates foreign key constraint "child_id_fkey"`)
	c.f("COPY (SELECT count(*) FROM child) TO STDOUT", "", "3\nCOPY 1")
}

func TestCopyTransactions(t *testing.T) {
	c := newCopier(t)
	c.f("CREATE TABLE t (a int)", "", "CREATE TABLE")
	c.f("BEGIN; COPY t FROM STDIN; COPY t TO STDOUT; ROLLBACK", "1\n", "1\nBEGIN, COPY 1, COPY 1, ROLLBACK")
	c.f("COPY t TO STDOUT", "", "COPY 0")
	c.f("COPY t FROM STDIN; SELECT 1/0", "1\n", "22012 division by zero")
	c.f("COPY t TO STDOUT", "", "COPY 0")
	c.f("BEGIN; SAVEPOINT s", "", "BEGIN, SAVEPOINT")
	c.f("COPY t FROM STDIN", "1\nx\n", `22P02 invalid input syntax for type integer: "x" | COPY t, line 2, column a: "x"`)
	c.f("SELECT 1", "", "25P02 current transaction is aborted, commands ignored until end of transaction block")
	c.f("ROLLBACK TO s; COPY t FROM STDIN; COMMIT", "5\n", "ROLLBACK, COPY 1, COMMIT")
	c.f("COPY (INSERT INTO t VALUES (6) RETURNING a, -a) TO STDOUT", "", "6\t-6\nCOPY 1")
	c.f("COPY t TO STDOUT", "", "5\n6\nCOPY 2")
	c.f("BEGIN READ ONLY; COPY t FROM STDIN", "", "25006 cannot execute COPY FROM in a read-only transaction")
	c.f("ROLLBACK", "", "ROLLBACK")

	failed := pgerr.New("57014", "COPY from stdin failed: enough")
	if _, err := c.run("COPY t FROM STDIN",
		io.MultiReader(strings.NewReader("7\n"), iotest.ErrReader(failed))); !errors.Is(err, failed) {
		t.Fatal(err)
	}
	c.f("COPY t TO STDOUT", "", "5\n6\nCOPY 2")
}

func TestCopyBinary(t *testing.T) {
	c := newCopier(t)
	c.f("CREATE TABLE t (a int, b text)", "", "CREATE TABLE")
	c.f("COPY t FROM STDIN", "1\tx\n\\N\t\\N\n", "COPY 2")
	var data bytes.Buffer
	out, err := c.run("COPY t TO STDOUT (FORMAT binary)", nil)
	if err != nil {
		t.Fatal(err)
	}
	data.WriteString(strings.TrimSuffix(out, "COPY 2"))
	if out, err = c.run("COPY t FROM STDIN BINARY", &data); err != nil || out != "COPY 2" {
		t.Fatal(out, err)
	}
	c.f("COPY t TO STDOUT", "", "1\tx\n\\N\t\\N\n1\tx\n\\N\t\\N\nCOPY 4")
}

func TestCopyErrors(t *testing.T) {
	c := newCopier(t)
	c.f(`CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a) STORED); CREATE VIEW v AS SELECT 1 AS x;
		CREATE SEQUENCE s; CREATE ROLE nobody`,
		"", "CREATE TABLE, CREATE VIEW, CREATE SEQUENCE, CREATE ROLE")
	c.f("COPY none FROM STDIN", "", `42P01 relation "none" does not exist`)
	c.f("COPY none TO STDOUT", "", `42P01 relation "none" does not exist`)
	c.f("COPY v FROM STDIN", "", `42809 cannot copy to view "v"`)
	c.f("COPY v TO STDOUT", "", `42809 cannot copy from view "v"`)
	c.f("COPY s FROM STDIN", "", `42809 cannot copy to sequence "s"`)
	c.f("COPY s TO STDOUT", "", `42809 cannot copy from sequence "s"`)
	c.f("COPY t (z) FROM STDIN", "", `42703 column "z" of relation "t" does not exist`)
	c.f("COPY t (a, a) TO STDOUT", "", `42701 column "a" specified more than once`)
	c.f("COPY t (g) TO STDOUT", "", `42P10 column "g" is a generated column`)
	c.f("COPY t TO PROGRAM 'x'", "", "0A000 COPY TO a program is not supported")
	c.f("COPY (DELETE FROM t) TO STDOUT", "", "0A000 COPY query must have a RETURNING clause")
	c.f("COPY t FROM STDIN (x 1)", "", `42601 option "x" not recognized`)
	c.f("COPY t FROM STDIN (FORMAT csv, FORMAT csv)", "", "42601 conflicting or redundant options")
	c.f("COPY t FROM STDIN (FORMAT xml)", "", `22023 COPY format "xml" not recognized`)
	c.f("COPY t FROM STDIN (DELIMITER)", "", "42601 delimiter requires a parameter")
	c.f("COPY t FROM STDIN (FORMAT csv, FORCE_NULL (z))", "", `42703 column "z" of relation "t" does not exist`)
	c.f("COPY t FROM STDIN (FORMAT csv, FORCE_NULL a)", "",
		`22023 argument to option "force_null" must be a list of column names`)
	c.f("COPY t FROM STDIN (ENCODING latin1)", "", `0A000 COPY in encoding "latin1" is not supported`)
	c.f("COPY t FROM STDIN (ENCODING 'UTF-8', FREEZE, ON_ERROR stop, LOG_VERBOSITY verbose)", "", "COPY 0")
	c.f("COPY t FROM STDIN (ON_ERROR ignore)", "", "0A000 COPY with ON_ERROR ignore is not supported")
	c.f("COPY t FROM STDIN (DEFAULT 'd')", "", "0A000 COPY with DEFAULT is not supported")
	c.f("SET ROLE nobody", "", "SET")
	c.f("COPY t FROM STDIN", "", "42501 permission denied for table t")
	c.f("COPY t TO STDOUT", "", "42501 permission denied for table t")
}
