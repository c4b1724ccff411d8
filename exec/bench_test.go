package exec_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/vecdb/vecdb/sql/types"
)

// BenchmarkStatement measures whole statements through a session, prepared ("plan cached") and as text.
func BenchmarkStatement(b *testing.B) {
	db := newDB(b)
	db.must(`CREATE TABLE t1 (a int, b int, c int, d int, e int);
		INSERT INTO t1 SELECT i, i * 2, i * 7 % 31, i * 5 % 29, i FROM generate_series(1, 30) i`)
	for _, q := range []struct{ name, text string }{
		{"scan", "SELECT a + b FROM t1 WHERE c > d ORDER BY 1"},
		{
			"correlated",
			`SELECT a, (SELECT count(*) FROM t1 AS x WHERE x.b < t1.b) FROM t1
				WHERE EXISTS (SELECT 1 FROM t1 AS x WHERE x.b < t1.c) ORDER BY 1`,
		},
		{"constant", "SELECT 1"},
		{"aggregate", "SELECT e % 3, sum(a), count(DISTINCT b) FROM t1 GROUP BY 1"},
		{"join", "SELECT * FROM t1 x, t1 y, t1 z WHERE x.a = y.b AND y.c = z.d"},
	} {
		b.Run(q.name+"/prepared", func(b *testing.B) {
			b.ReportAllocs()
			ctx := context.Background()
			s := db.session("a")
			if err := s.Parse(ctx, "p", q.text, nil); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := s.Bind(ctx, "", "p", nil, nil, nil); err != nil {
					b.Fatal(err)
				}
				p, err := s.Portal("")
				if err != nil {
					b.Fatal(err)
				}
				for {
					batch, err := p.Next(ctx, 0)
					if err != nil {
						b.Fatal(err)
					}
					if batch == nil {
						break
					}
				}
				if err := s.Sync(ctx, false); err != nil {
					b.Fatal(err)
				}
			}
			if err := s.CloseStatement("p"); err != nil {
				b.Fatal(err)
			}
		})
		b.Run(q.name+"/text", func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n++ // another text each time, as a generator of statements sends them
				if _, err := db.run("a", fmt.Sprintf("%s -- %d", q.text, n)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkANN measures a warm distance search through a session, all of it but the wire.
func BenchmarkANN(b *testing.B) {
	db := newDB(b)
	db.must("CREATE EXTENSION vector; CREATE TABLE v (id int PRIMARY KEY, cat int, emb vector(64))")
	db.must(`INSERT INTO v SELECT i, i % 10, (SELECT array_agg(sin(i * 0.37 + j * j * 0.11) + cos(i * 0.013 * j))
		FROM generate_series(1, 64) j)::vector(64)
		FROM generate_series(1, 20000) i`)
	db.must("CREATE INDEX v_emb ON v USING ivfpq (emb vector_l2_ops)")
	db.settle()
	query := db.must("SELECT emb FROM v WHERE id = 777").rows[0][0]
	for _, q := range []struct{ name, text string }{
		{"nearest", "SELECT id FROM v ORDER BY emb <-> $1 LIMIT 10"},
		{"filtered", "SELECT id FROM v WHERE cat = 3 ORDER BY emb <-> $1 LIMIT 10"},
	} {
		b.Run(q.name, func(b *testing.B) {
			b.ReportAllocs()
			ctx := context.Background()
			s := db.session("a")
			if err := s.Parse(ctx, "p", q.text, []types.OID{0}); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := s.Bind(ctx, "", "p", []int16{0}, [][]byte{[]byte(query)}, nil); err != nil {
					b.Fatal(err)
				}
				p, err := s.Portal("")
				if err != nil {
					b.Fatal(err)
				}
				for {
					batch, err := p.Next(ctx, 0)
					if err != nil {
						b.Fatal(err)
					}
					if batch == nil {
						break
					}
				}
				if err := s.Sync(ctx, false); err != nil {
					b.Fatal(err)
				}
			}
			if err := s.CloseStatement("p"); err != nil {
				b.Fatal(err)
			}
		})
	}
}
