package storage_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// reader opens a reader of the table, which the caller closes.
func (h *harness) reader(tx *storage.Txn) (*storage.Reader, *storage.TableReader) {
	h.t.Helper()
	r := tx.Reader()
	tr, err := r.Table(h.table)
	h.check(err)
	return r, tr
}

// readAll reads a scan to its end as text.
func (h *harness) readAll(s *storage.Scan) (out []string) {
	h.t.Helper()
	for {
		b, ids, err := s.Next(ctx)
		h.check(err)
		if b == nil {
			return out
		}
		if len(ids) != b.N || b.Sel != nil || b.N > batch.RowsMax {
			h.t.Fatalf("%d ids for %d rows, selection %v", len(ids), b.N, b.Sel)
		}
		for i := range b.N {
			out = append(out, show(b, i))
		}
	}
}

// A statement never sees what it writes itself, nor what the transaction writes after it began, on any
// way of reading; the next statement sees all of it.
func TestStatementDoesNotSeeItsOwnWrites(t *testing.T) {
	f := func(o storage.Options) {
		t.Helper()
		h := start(t, o)
		h.insert(1, 4)
		h.flush()
		h.insert(5, 2)
		tx := h.begin()
		defer tx.Rollback()
		r, tr := h.reader(tx)
		_, err := tx.Insert(ctx, h.table, rows(7, 3))
		h.check(err)
		ids := h.findAll(tx, 1, 5, 7) // a statement of its own
		h.check(tx.Delete(ctx, h.table, ids[:2]))
		h.check(h.renameIn(tx, "own", 2, 6, 7))
		got := h.readAll(tr.Scan(storage.ScanOptions{Cols: allCols}))
		slices.Sort(got)
		h.expect(got, lines(1, 6)...)
		set, err := tr.IndexRows(ctx, h.pk, []storage.KeyRange{{}})
		h.check(err)
		if set.Cardinality() != 6 {
			t.Fatalf("%d rows by the index", set.Cardinality())
		}
		b, found, err := tr.Fetch(ctx, ids, allCols)
		h.check(err)
		if !found[0] || !found[1] || found[2] || show(b, 0) != line(1, "") || show(b, 1) != line(5, "") {
			t.Fatalf("fetch: %v %s", found, show(b, 0))
		}
		h.check(r.Close())
		h.sees(tx, line(2, "own"), line(3, ""), line(4, ""), line(6, "own"), line(7, "own"), line(8, ""), line(9, ""))
		h.holds(lines(1, 6)...)
	}
	f(storage.Options{})
	f(storage.Options{SpillBytes: 1})
}

// Statements of READ COMMITTED see what was committed when each began, those of the other levels what was
// when the transaction began.
func TestSnapshots(t *testing.T) {
	h := start(t, storage.Options{})
	h.insert(1, 2)
	levels := []storage.Isolation{storage.ReadCommitted, storage.RepeatableRead, storage.Serializable}
	var txs []*storage.Txn
	for _, iso := range levels {
		tx := h.s.Begin(storage.TxnOptions{Isolation: iso})
		tx.StartStatement()
		txs = append(txs, tx)
	}
	v := txs[0].Version()
	h.rename("new", 1)
	h.insert(3, 1)
	for _, tx := range txs {
		h.sees(tx, lines(1, 2)...) // the statement goes on
	}
	for i, tx := range txs {
		tx.StartStatement()
		if levels[i] == storage.ReadCommitted {
			h.sees(tx, line(1, "new"), line(2, ""), line(3, ""))
		} else {
			h.sees(tx, lines(1, 2)...)
		}
		if (tx.Version() == v) != (levels[i] != storage.ReadCommitted) {
			t.Fatalf("level %d reads version %d, it began at %d", levels[i], tx.Version(), v)
		}
		tx.Rollback()
	}
	// The level may be changed before anything is read.
	tx := h.begin()
	tx.SetIsolation(storage.RepeatableRead)
	h.remove(3)
	tx.StartStatement()
	h.sees(tx, line(1, "new"), line(2, ""), line(3, ""))
	if tx.Options().Isolation != storage.RepeatableRead {
		t.Fatal(tx.Options())
	}
	tx.Rollback()
}

// A reader of the newest version sees what others have committed meanwhile, with the transaction's own writes.
func TestNewestReader(t *testing.T) {
	h := start(t, storage.Options{})
	h.insert(1, 2)
	tx := h.s.Begin(storage.TxnOptions{Isolation: storage.RepeatableRead})
	defer tx.Rollback()
	_, err := tx.Insert(ctx, h.table, rows(10, 1))
	h.check(err)
	h.remove(1)
	h.insert(3, 1)
	h.sees(tx, append(lines(1, 2), line(10, ""))...)
	r := tx.NewestReader()
	tr, err := r.Table(h.table)
	h.check(err)
	got := h.readAll(tr.Scan(storage.ScanOptions{Cols: allCols}))
	slices.Sort(got)
	h.expect(got, line(2, ""), line(3, ""), line(10, ""))
	h.check(r.Close())
	h.check(r.Close())
}

// A row that was inserted and changed again before any reader was opened has one version, in memory and when
// it was spilled to a file, also when only some of its vectors are its own.
func TestChangedInTheSameStep(t *testing.T) {
	f := func(o storage.Options) {
		t.Helper()
		h := start(t, o)
		h.insert(1, 2)
		tx := h.begin()
		h.check(h.renameIn(tx, "shares its vector", 1))
		ids, err := tx.Insert(ctx, h.table, rows(10, 3))
		h.check(err)
		in := rows(20, 2)
		h.check(tx.Update(ctx, h.table, ids[:2], []int16{2, 5},
			&storage.Rows{N: 2, Cols: []*batch.Column{in.Cols[1], in.Cols[4]}}))
		h.check(tx.Update(ctx, h.table, ids[:1], []int16{2}, textColumn("twice")))
		h.check(tx.Delete(ctx, h.table, ids[2:]))
		want := []string{
			line(1, "shares its vector"), line(2, ""), "10|twice|5|true|[20]", "11|name 21|5.5|false|[21]",
		}
		h.sees(tx, want...)
		h.commit(tx)
		h.holds(want...)
		h.reopen()
		h.holds(want...)
		h.flush()
		h.merge(h.s.Version())
		h.holds(want...)
	}
	f(storage.Options{})
	f(storage.Options{DirectRows: 1})
	f(storage.Options{SpillBytes: 1})
	f(storage.Options{SpillBytes: 1200})
}

// Marks nest: rolling back to one undoes the inner ones, and it can be rolled back to again.
func TestNestedMarks(t *testing.T) {
	f := func(o storage.Options) {
		t.Helper()
		h := start(t, o)
		h.insert(1, 3)
		tx := h.begin()
		defer tx.Rollback()
		insert := func(id int) {
			t.Helper()
			_, err := tx.Insert(ctx, h.table, rows(id, 1))
			h.check(err)
		}
		insert(4)
		a := tx.Savepoint()
		h.check(h.renameIn(tx, "a", 1, 4))
		h.check(tx.Delete(ctx, h.table, h.findAll(tx, 2)))
		b := tx.Savepoint()
		insert(5)
		h.check(h.renameIn(tx, "b", 1, 3, 5))
		h.check(tx.Delete(ctx, h.table, h.findAll(tx, 4)))
		c := tx.Savepoint()
		h.check(tx.Delete(ctx, h.table, h.findAll(tx, 1, 3, 5)))
		h.sees(tx)
		tx.RollbackTo(c)
		h.sees(tx, line(1, "b"), line(3, "b"), line(5, "b"))
		for range 2 {
			tx.RollbackTo(b)
			h.sees(tx, line(1, "a"), line(3, ""), line(4, "a"))
			insert(6)
			h.sees(tx, line(1, "a"), line(3, ""), line(4, "a"), line(6, ""))
		}
		tx.RollbackTo(a)
		h.sees(tx, lines(1, 4)...)
		h.check(h.renameIn(tx, "end", 2))
		h.commit(tx)
		want := []string{line(1, ""), line(2, "end"), line(3, ""), line(4, "")}
		h.holds(want...)
		h.reopen()
		h.holds(want...)
	}
	f(storage.Options{})
	f(storage.Options{SpillBytes: 1})
	f(storage.Options{EntriesMax: 1})
}

// TRUNCATE hides the rows there were from its own transaction only, and a mark brings them back.
func TestTruncateVisibility(t *testing.T) {
	for _, o := range []storage.Options{{}, {SpillBytes: 1}} {
		h := start(t, o)
		h.insert(1, 3)
		h.flush()
		h.insert(4, 2)
		tx := h.begin()
		_, err := tx.Insert(ctx, h.table, rows(6, 1))
		h.check(err)
		h.check(h.renameIn(tx, "own", 1))
		m := tx.Savepoint()
		r, tr := h.reader(tx)
		h.check(tx.Truncate(h.table))
		got := h.readAll(tr.Scan(storage.ScanOptions{Cols: allCols}))
		slices.Sort(got)
		before := append([]string{line(1, "own")}, lines(2, 5)...)
		h.expect(got, before...)
		h.check(r.Close())
		h.sees(tx)
		_, err = tx.Insert(ctx, h.table, rows(1, 2)) // the keys are free for its own transaction
		h.check(err)
		h.sees(tx, lines(1, 2)...)
		h.holds(lines(1, 5)...)
		tx.RollbackTo(m)
		h.sees(tx, before...)
		h.check(tx.Truncate(h.table))
		_, err = tx.Insert(ctx, h.table, rows(100, 1))
		h.check(err)
		h.check(tx.Truncate(h.table))
		_, err = tx.Insert(ctx, h.table, rows(200, 1))
		h.check(err)
		h.commit(tx)
		h.holds(line(200, ""))
		h.reopen()
		h.holds(line(200, ""))
		if n := h.s.RowCount(h.table); n != 1 {
			t.Fatalf("%d rows counted", n)
		}
	}
}

// What a reader says the table has, about, follows the transaction's own writes.
func TestEstimatedRows(t *testing.T) {
	for _, o := range []storage.Options{{}, {SpillBytes: 1}} {
		h := start(t, o)
		h.insert(1, 10)
		tx := h.begin()
		rowsOf := func() int64 {
			t.Helper()
			r, tr := h.reader(tx)
			defer func() { h.check(r.Close()) }()
			if tr.Schema().OID != h.table {
				t.Fatal("another schema")
			}
			return tr.Rows()
		}
		f := func(want int64) {
			t.Helper()
			if got := rowsOf(); got != want {
				t.Fatalf("%d rows, want %d", got, want)
			}
		}
		f(10)
		_, err := tx.Insert(ctx, h.table, rows(11, 5))
		h.check(err)
		f(15)
		h.check(h.renameIn(tx, "x", 1, 2, 11))
		f(15)
		h.check(tx.Delete(ctx, h.table, h.findAll(tx, 3, 12)))
		f(13)
		h.check(tx.Truncate(h.table))
		f(0)
		tx.Rollback()
		if n := h.s.RowCount(h.table); n != 10 || h.s.RowCount(999) != 0 {
			t.Fatalf("%d rows", n)
		}
	}
}

// table is what a transaction sees under random statements: lines by key.
type table map[int64]string

func (m table) lines() []string { return slices.Collect(maps.Values(m)) }

// randomStatement changes some rows in tx and in the model.
func (h *harness) randomStatement(rng *rand.Rand, tx *storage.Txn, m table, next *int) {
	h.t.Helper()
	keys := slices.Sorted(maps.Keys(m))
	rng.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	keys = keys[:min(len(keys), 1+rng.IntN(5))]
	switch k := rng.IntN(10); {
	case k < 3 || len(keys) == 0:
		n := 1 + rng.IntN(40)
		_, err := tx.Insert(ctx, h.table, rows(*next, n))
		h.check(err)
		for id := *next; id < *next+n; id++ {
			m[int64(id)] = line(id, "")
		}
		*next += n
	case k < 6:
		name := fmt.Sprintf("s%d", rng.IntN(1000))
		h.check(h.renameIn(tx, name, keys...))
		for _, k := range keys {
			vec := m[k][len(m[k])-len(vecOf(m[k])):]
			l := line(int(k), name)
			m[k] = l[:len(l)-len(vecOf(l))] + vec
		}
	case k < 7:
		h.check(h.moveVectors(tx, rng, m, keys))
	case k < 9:
		h.check(tx.Delete(ctx, h.table, h.findAll(tx, keys...)))
		for _, k := range keys {
			delete(m, k)
		}
	default:
		if rng.IntN(6) > 0 {
			return
		}
		h.check(tx.Truncate(h.table))
		clear(m)
	}
}

// vecOf is the part of a line that shows the vector.
func vecOf(l string) string {
	for i := len(l) - 1; ; i-- {
		if l[i] == '|' {
			return l[i:]
		}
	}
}

// moveVectors gives rows new vectors and nothing else.
func (h *harness) moveVectors(tx *storage.Txn, rng *rand.Rand, m table, keys []int64) error {
	h.t.Helper()
	c := batch.New(vectorType(), types.String, len(keys))
	for _, k := range keys {
		x := rng.IntN(100000)
		c.Append(types.StringDatum(vec(float64(x))))
		m[k] = m[k][:len(m[k])-len(vecOf(m[k]))] + fmt.Sprintf("|[%d]", x)
	}
	return tx.Update(ctx, h.table, h.findAll(tx, keys...), []int16{5},
		&storage.Rows{N: len(keys), Cols: []*batch.Column{c}})
}

// Random statements, marks and rollbacks in one transaction after the other leave what a map says, whatever
// is in memory, spilled, flushed, merged, or read from disk again.
func TestTransactionsAgainstMap(t *testing.T) {
	for seed := uint64(1); seed <= 12; seed++ {
		rng := rand.New(rand.NewPCG(seed, 21))
		o := storage.Options{
			SpillBytes: []int64{0, 1, 3000}[rng.IntN(3)], DirectRows: []int{0, 1, 30}[rng.IntN(3)],
			EntriesMax: []int{0, 1, 20}[rng.IntN(3)],
		}
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			h := start(t, o)
			committed, next := table{}, 1
			for range 12 {
				h.randomTransaction(rng, committed, &next)
				switch rng.IntN(6) {
				case 0:
					h.flush()
				case 1:
					h.merge(h.s.Version())
				case 2:
					h.reopen()
				}
				h.holds(committed.lines()...)
			}
			h.reopen()
			h.holds(committed.lines()...)
		})
	}
}

func (h *harness) randomTransaction(rng *rand.Rand, committed table, next *int) {
	h.t.Helper()
	type mark struct {
		at   storage.Mark
		then table
	}
	tx := h.begin()
	m := maps.Clone(committed)
	var marks []mark
	for range 1 + rng.IntN(12) {
		statement := tx.StartStatement()
		before := maps.Clone(m)
		h.randomStatement(rng, tx, m, next)
		switch rng.IntN(8) {
		case 0: // the statement fails
			tx.RollbackTo(statement)
			m = before
		case 1, 2:
			marks = append(marks, mark{tx.Savepoint(), maps.Clone(m)})
		case 3:
			if len(marks) > 0 {
				i := rng.IntN(len(marks))
				tx.RollbackTo(marks[i].at)
				m = maps.Clone(marks[i].then)
				marks = marks[:i+1]
			}
		}
		if rng.IntN(3) == 0 {
			h.sees(tx, m.lines()...)
			h.holds(committed.lines()...)
		}
	}
	h.sees(tx, m.lines()...)
	if rng.IntN(5) == 0 {
		tx.Rollback()
		return
	}
	h.commit(tx)
	clear(committed)
	maps.Copy(committed, m)
}
