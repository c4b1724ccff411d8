package copyfmt_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/vecdb/vecdb/sql/copyfmt"
	"github.com/vecdb/vecdb/sql/types"
)

// postgresEnv names a connection string of a PostgreSQL 16 with pgvector. When it is set, the cases of these tests
// are held against it.
const postgresEnv = "VECDB_TEST_POSTGRES"

type postgres struct{ conn *pgconn.PgConn }

// connect returns the server, nil when there is none to ask.
func connect(t *testing.T) *postgres {
	t.Helper()
	dsn := os.Getenv(postgresEnv)
	if dsn == "" {
		return nil
	}
	conn, err := pgconn.Connect(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return &postgres{conn}
}

func (p *postgres) exec(t *testing.T, sql string) []*pgconn.Result {
	t.Helper()
	results, err := p.conn.Exec(context.Background(), sql).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return results
}

// table makes the temporary table t.
func (p *postgres) table(t *testing.T, cols []copyfmt.Column) {
	t.Helper()
	var defs []string
	for _, c := range cols {
		defs = append(defs, c.Name+" "+types.FormatType(c.Type))
	}
	p.exec(t, "set timezone = 'UTC'; drop table if exists t; create temp table t ("+strings.Join(defs, ", ")+")")
}

// with writes the options of these tests as SQL does.
func with(text string) string {
	if text == "" {
		return ""
	}
	var list []string
	for _, item := range strings.Split(text, ", ") {
		name, value, _ := strings.Cut(item, " ")
		switch name {
		case "header":
		case "format":
			value = "'" + value + "'"
		case "force_quote", "force_not_null", "force_null":
			if value != "*" {
				value = "(" + strings.ReplaceAll(value, "+", ", ") + ")"
			}
		default:
			value = "'" + strings.ReplaceAll(value, "'", "''") + "'"
		}
		list = append(list, name+" "+value)
	}
	return " with (" + strings.Join(list, ", ") + ")"
}

// copyFrom loads data and shows the rows, or the error, as show does.
func (p *postgres) copyFrom(t *testing.T, cols []copyfmt.Column, opts, data string) string {
	t.Helper()
	p.table(t, cols)
	_, err := p.conn.CopyFrom(context.Background(), strings.NewReader(data), "copy t from stdin"+with(opts))
	if err != nil {
		var e *pgconn.PgError
		if !errors.As(err, &e) {
			t.Fatal(err)
		}
		out := e.Code + " " + e.Message
		if e.Where != "" {
			out += " @ " + e.Where
		}
		return out
	}
	var out strings.Builder
	for _, row := range p.exec(t, "select * from t")[0].Rows {
		for i, v := range row {
			if i > 0 {
				out.WriteByte('|')
			}
			if v == nil {
				v = []byte("NULL")
			}
			out.Write(v)
		}
		out.WriteByte(';')
	}
	return out.String()
}

// copyTo writes rows of text, null for NULL, and returns the data.
func (p *postgres) copyTo(t *testing.T, cols []copyfmt.Column, opts string, rows [][]string) string {
	t.Helper()
	p.table(t, cols)
	for _, row := range rows {
		var values []string
		for _, v := range row {
			if v == null {
				values = append(values, "null")
			} else {
				values = append(values, "'"+strings.ReplaceAll(v, "'", "''")+"'")
			}
		}
		p.exec(t, "insert into t values ("+strings.Join(values, ", ")+")")
	}
	var out bytes.Buffer
	if _, err := p.conn.CopyTo(context.Background(), &out, "copy t to stdout"+with(opts)); err != nil {
		return fmt.Sprint(err)
	}
	return out.String()
}

// check says whether the server takes the options, or its error.
func (p *postgres) check(t *testing.T, cols []copyfmt.Column, opts string, from bool) string {
	t.Helper()
	var names []string
	for _, c := range cols {
		names = append(names, c.Name)
	}
	p.table(t, append(slices.Clone(cols), copyfmt.Column{Name: "c", Type: types.Of(types.Int4OID)}))
	table := "copy t (" + strings.Join(names, ", ") + ")"
	var err error
	if from {
		_, err = p.conn.CopyFrom(context.Background(), strings.NewReader(""), table+" from stdin"+with(opts))
	} else {
		_, err = p.conn.CopyTo(context.Background(), &bytes.Buffer{}, table+" to stdout"+with(opts))
	}
	var e *pgconn.PgError
	if !errors.As(err, &e) || e.Where != "" { // an empty file has no binary header
		return "ok"
	}
	if strings.Contains(e.Message, "signature") {
		return "ok"
	}
	return e.Code + " " + e.Message
}
