package kill_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/vecdb/vecdb/internal/testutil"
)

// query returns the rows of a query as text.
func query(t *testing.T, c *pgconn.PgConn, sql string) [][]string {
	t.Helper()
	results, err := c.Exec(t.Context(), sql).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	var out [][]string
	for _, row := range results[len(results)-1].Rows {
		var texts []string
		for _, v := range row {
			texts = append(texts, string(v))
		}
		out = append(out, texts)
	}
	return out
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// verify compares what the server has with what was acknowledged, and settles what was in doubt.
func (w *work) verify(t *testing.T, s *testutil.Server) {
	t.Helper()
	c := connect(t, s)
	w.verifyBatches(t, c)
	w.verifyGroups(t, c)
	w.verifyIndexes(t, c)
	if err := c.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// verifyBatches checks that each COPY is there whole or not at all, and each UPDATE of a batch too.
func (w *work) verifyBatches(t *testing.T, c *pgconn.PgConn) {
	t.Helper()
	type found struct{ rows, min, max, wrong int }
	have := map[int]found{}
	for _, r := range query(t, c, "SELECT batch, count(*), min(gen), max(gen), count(*) FILTER (WHERE v IS NULL OR "+
		"(v::real[])[2] <> (id*5 + gen*15838) % 1009) FROM items GROUP BY batch") {
		have[number(t, r[0])] = found{number(t, r[1]), number(t, r[2]), number(t, r[3]), number(t, r[4])}
	}
	for i, b := range w.batches {
		f := have[i]
		delete(have, i)
		switch {
		case !b.acked && f.rows == 0:
			b.rows = 0
		case f.rows != b.rows:
			t.Errorf("batch %d: %d rows of %d, acknowledged %v", i, f.rows, b.rows, b.acked)
		case b.rows == 0:
		case f.min != f.max || f.wrong > 0:
			t.Errorf("batch %d: half an update, from %d to %d, %d wrong vectors", i, f.min, f.max, f.wrong)
		case f.min != b.gen && (f.min != b.gen+1 || !b.doubt):
			t.Errorf("batch %d: %d updates of %d, in doubt %v", i, f.min, b.gen, b.doubt)
		}
		b.acked, b.doubt, b.gen = b.rows > 0, false, f.min
	}
	for i, f := range have {
		t.Errorf("batch %d with %d rows was never sent", i, f.rows)
	}
}

// verifyGroups checks that all rows of a group have seen the same bookings.
func (w *work) verifyGroups(t *testing.T, c *pgconn.PgConn) {
	t.Helper()
	for _, r := range query(t, c, "SELECT grp, min(n), max(n), count(*) FROM accounts GROUP BY grp") {
		g := &w.groups[number(t, r[0])]
		least, most := number(t, r[1]), number(t, r[2])
		if number(t, r[3]) != groupRows || least != most {
			t.Errorf("group %s: %s rows, bookings from %d to %d", r[0], r[3], least, most)
		}
		if least != g.n && (least != g.n+1 || !g.doubt) {
			t.Errorf("group %s: %d bookings of %d, in doubt %v", r[0], least, g.n, g.doubt)
		}
		g.n, g.doubt = least, false
	}
}

// verifyIndexes checks that every index has every row and finds it where it is.
func (w *work) verifyIndexes(t *testing.T, c *pgconn.PgConn) {
	t.Helper()
	if bad := query(t, c,
		"SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid OR NOT indisready"); len(bad) > 0 {
		t.Errorf("unfinished indexes: %v", bad)
	}
	total := query(t, c, "SELECT count(*), coalesce(sum(id), 0) FROM items")[0]
	for _, cond := range []string{"id > 0", "batch >= 0", "note >= ''"} {
		got := query(t, c, "SET enable_seqscan = off; SELECT count(*), coalesce(sum(id), 0) FROM items WHERE "+cond)[0]
		if got[0] != total[0] || got[1] != total[1] {
			t.Errorf("by index where %s: %v, by scan %v", cond, got, total)
		}
	}
	zero := vectorText(0, 0)
	for _, op := range []string{"<->", "<=>"} {
		got := query(t, c, fmt.Sprintf("SELECT count(*), coalesce(sum(id), 0) FROM "+
			"(SELECT id FROM items ORDER BY v %s '%s' LIMIT 1000000) s", op, zero))[0]
		if got[0] != total[0] || got[1] != total[1] {
			t.Errorf("nearest by %s: %v of %v", op, got, total)
		}
	}
	for _, r := range query(t, c, "SELECT id, v FROM items ORDER BY id % 1013, id LIMIT 20") {
		near := query(t, c,
			fmt.Sprintf("SET vecdb.target_recall = 1; SELECT v <-> '%s' FROM items ORDER BY v <-> '%[1]s' LIMIT 1", r[1]))
		if len(near) != 1 || near[0][0] != "0" {
			t.Errorf("row %s is not found by its own vector: %v", r[0], near)
		}
	}
}
