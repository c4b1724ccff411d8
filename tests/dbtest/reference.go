package dbtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/wire/backend"
)

// reference is a PostgreSQL that is asked in place of vecdb. Every DB has a database of its own there, and what a test
// creates outside of it (roles, databases) is dropped with the test.
type reference struct {
	dsn      string
	database string
	created  []string // "role x", "database y"
}

// referenceDatabases counts the databases that this process has made.
var referenceDatabases atomic.Int64

// newReference makes a database that goes with the test.
func newReference(t testing.TB, dsn string) *reference {
	t.Helper()
	r := &reference{dsn: dsn}
	admin := r.admin(t)
	pid := int64(admin.PID()) // unlike other processes' of this server
	r.database = fmt.Sprintf("dbtest_%d_%d", pid, referenceDatabases.Add(1))
	must := func(statement string) {
		if _, err := admin.Exec(t.Context(), statement).ReadAll(); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	must("create database " + r.database + " template template0 encoding 'UTF8' locale 'C.UTF-8'")
	must("alter database " + r.database + " set timezone = 'UTC'")
	if err := admin.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.drop(t) })
	return r
}

// admin is a connection as the DSN says.
func (r *reference) admin(t testing.TB) *pgconn.PgConn {
	t.Helper()
	conn, err := pgconn.Connect(context.Background(), r.dsn)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// drop removes what the test has left. Objects that others depend on are met again in the second pass.
func (r *reference) drop(t testing.TB) {
	ctx := context.Background()
	admin := r.admin(t)
	left := append([]string{"database " + r.database}, r.created...)
	for range 2 {
		for _, object := range left {
			how := ""
			if strings.HasPrefix(object, "database") {
				how = " with (force)"
			}
			// What the test has dropped itself is not there any more; what cannot go in one pass goes in the next.
			_, _ = admin.Exec(ctx, "drop "+object+how).ReadAll()
		}
	}
	if err := admin.Close(ctx); err != nil {
		t.Error(err)
	}
}

// connect opens a session as a client asks for it. The database postgres is the test's own.
func (r *reference) connect(as backend.Startup, s *Session) (*asked, error) {
	config, err := pgconn.ParseConfig(r.dsn)
	if err != nil {
		return nil, err
	}
	config.User, config.Database = as.User, as.Database
	if as.Database == "postgres" {
		config.Database = r.database
	}
	config.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { (*ear)(s).hear(n.Severity + ": " + n.Message) }
	config.OnNotification = func(_ *pgconn.PgConn, n *pgconn.Notification) { (*ear)(s).hear(n.Channel + ": " + n.Payload) }
	conn, err := pgconn.ConnectConfig(context.Background(), config)
	return &asked{conn, r}, err
}

// asked is a session of a reference server.
type asked struct {
	*pgconn.PgConn
	of *reference
}

func (a *asked) close() {
	// A connection that a test has broken cannot say goodbye.
	_ = a.Close(context.Background())
}

var (
	copyIn  = regexp.MustCompile(`(?is)^\s*copy\b.*\bfrom\s+stdin`)
	copyOut = regexp.MustCompile(`(?is)^\s*copy\b.*\bto\s+stdout`)
	creates = regexp.MustCompile(`(?i)\bcreate\s+(role|user|group|database)\s+("[^"]+"|\w+)`)
)

// simple runs a simple query and returns the answer of its last statement.
func (a *asked) simple(query, data string) (string, error) {
	for _, m := range creates.FindAllStringSubmatch(query, -1) {
		kind := strings.ToLower(m[1])
		if kind != "database" {
			kind = "role"
		}
		a.of.created = append(a.of.created, kind+" "+m[2])
	}
	ctx := context.Background()
	switch {
	case copyIn.MatchString(query):
		tag, err := a.CopyFrom(ctx, strings.NewReader(data), query)
		return tag.String(), err
	case copyOut.MatchString(query):
		var out bytes.Buffer
		_, err := a.CopyTo(ctx, &out, query)
		return out.String(), err
	}
	results := a.Exec(ctx, query)
	last := ""
	for results.NextResult() {
		last = answer(results.ResultReader())
	}
	return last, results.Close()
}

// with runs one statement with parameters in text format.
func (a *asked) with(query string, args [][]byte) (string, error) {
	r := a.ExecParams(context.Background(), query, args, nil, nil, nil)
	got := answer(r)
	_, err := r.Close()
	return got, err
}

// answer reads a result to its end.
func answer(r *pgconn.ResultReader) string {
	var rows []string
	for r.NextRow() {
		row := r.Values()
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = string(cell)
			if cell == nil {
				cells[i] = "<null>"
			}
		}
		rows = append(rows, strings.Join(cells, "|"))
	}
	hasRows := len(r.FieldDescriptions()) > 0
	tag, err := r.Close()
	if err != nil || hasRows {
		return strings.Join(rows, "; ")
	}
	return tag.String()
}

// referenceError is what a reference server has reported, as an error of ours.
func referenceError(err error) error {
	r := new(pgconn.PgError)
	if !errors.As(err, &r) {
		return err
	}
	return pgerr.New(r.Code, "%s", r.Message).Detail("%s", r.Detail).Hint("%s", r.Hint).At(int(r.Position) - 1)
}
