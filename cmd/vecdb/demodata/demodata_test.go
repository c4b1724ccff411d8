package demodata_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/vecdb/vecdb/cmd/vecdb/demodata"
)

func TestTables(t *testing.T) {
	for _, table := range demodata.Tables {
		r, err := demodata.Open(table.Name)
		if err != nil {
			t.Fatal(err)
		}
		rows := 0
		for {
			b, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range b.Names {
				if !strings.Contains(table.Create, "\n  "+name+" ") {
					t.Fatalf("%s: column %s is not in CREATE TABLE", table.Name, name)
				}
			}
			rows += b.Rows
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		if rows != table.Rows {
			t.Errorf("%s has %d rows, want %d", table.Name, rows, table.Rows)
		}
	}
	if _, err := demodata.Open("nothing"); err == nil {
		t.Error("opened a table that is not there")
	}
}

func TestText(t *testing.T) {
	r, err := demodata.Open("words")
	if err != nil {
		t.Fatal(err)
	}
	b, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	word, ok := b.Text(slices.Index(b.Names, "word"), 0)
	if !ok || word == "" {
		t.Fatalf("first word %q, %v", word, ok)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestVectorsHaveUnitLength(t *testing.T) {
	for _, table := range []string{"definitions", "words", "questions"} {
		v, err := demodata.Vectors(table)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(v); i += demodata.Dims {
			sum := 0.0
			for _, x := range v[i:][:demodata.Dims] {
				sum += float64(x) * float64(x)
			}
			if math.Abs(sum-1) > 0.01 {
				t.Fatalf("%s row %d has length %g", table, i/demodata.Dims, math.Sqrt(sum))
			}
		}
	}
	if _, err := demodata.Vectors("categories"); err == nil {
		t.Error("categories have embeddings")
	}
}

// TestWriteCopy reads the stream back by the rules of the format.
func TestWriteCopy(t *testing.T) {
	for _, table := range demodata.Tables {
		var out bytes.Buffer
		last := 0
		if err := demodata.WriteCopy(&out, table.Name, func(rows int) { last = rows }); err != nil {
			t.Fatal(err)
		}
		p := out.Bytes()
		if !bytes.HasPrefix(p, []byte("PGCOPY\n\xff\r\n\x00")) {
			t.Fatalf("begins with %q", p[:11])
		}
		p = p[19:]
		rows := 0
		for {
			columns := int16(binary.BigEndian.Uint16(p))
			p = p[2:]
			if columns == -1 {
				break
			}
			for range columns {
				n := int32(binary.BigEndian.Uint32(p))
				p = p[4+max(0, n):]
			}
			rows++
		}
		if rows != table.Rows || last != table.Rows || len(p) != 0 {
			t.Errorf("%s: %d rows, told of %d, %d bytes left", table.Name, rows, last, len(p))
		}
	}
	if err := demodata.WriteCopy(io.Discard, "nothing", nil); err == nil {
		t.Error("wrote a table that is not there")
	}
	if err := demodata.WriteCopy(failing{}, "words", nil); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v, want the writer's error", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestLicence(t *testing.T) {
	if !strings.Contains(demodata.Licence(), "Princeton University") {
		t.Error("the licence of WordNet is missing")
	}
}

// TestSearches loads everything into the server at VECDB_DSN, without approximate indexes, and expects each
// search's answer. PostgreSQL with pgvector does.
func TestSearches(t *testing.T) {
	dsn := os.Getenv("VECDB_DSN")
	if dsn == "" {
		t.Skip("set VECDB_DSN to a server that may be written to")
	}
	ctx := context.Background()
	conn, err := pgconn.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	do := func(sql string) {
		t.Helper()
		if _, err := conn.Exec(ctx, sql).ReadAll(); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	do("CREATE EXTENSION IF NOT EXISTS vector")
	do("BEGIN")
	for _, table := range demodata.Tables {
		do(table.Create)
		var data bytes.Buffer
		if err := demodata.WriteCopy(&data, table.Name, nil); err != nil {
			t.Fatal(err)
		}
		tag, err := conn.CopyFrom(ctx, &data, "COPY "+table.Name+" FROM STDIN (FORMAT binary)")
		if err != nil || tag.RowsAffected() != int64(table.Rows) {
			t.Fatalf("%s: %v, %v", table.Name, tag, err)
		}
		for _, index := range table.Indexes {
			if !strings.Contains(index, "USING") {
				do(index)
			}
		}
	}
	for _, s := range demodata.Searches {
		res := conn.ExecParams(ctx, s.Vector, nil, nil, nil, nil).Read()
		if res.Err != nil || len(res.Rows) != 1 {
			t.Fatalf("%s: %d vectors, %v", s.Title, len(res.Rows), res.Err)
		}
		res = conn.ExecParams(ctx, s.SQL, res.Rows[0], nil, nil, nil).Read()
		if res.Err != nil {
			t.Fatalf("%s: %v", s.Title, res.Err)
		}
		found := false
		for _, row := range res.Rows {
			t.Logf("%s", bytes.Join(row, []byte(" | ")))
			found = found || string(row[0]) == s.Expect
		}
		if !found {
			t.Errorf("%s: %q is not among the answers", s.Title, s.Expect)
		}
	}
	do("ROLLBACK")
}
