package ann_test

import (
	"fmt"
	"maps"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// at is the bench as another session sees it: what is in the table now stays in its model.
func (b *bench) at(s *dbtest.Session) *bench {
	old := *b
	db := *b.DB
	db.Session = s
	old.DB, old.rows = &db, maps.Clone(b.rows)
	return &old
}

// snapshot opens a session whose transaction sees the table as it is now for as long as it lasts.
func (b *bench) snapshot() *bench {
	b.t.Helper()
	s := b.Beside()
	s.Must("begin isolation level repeatable read")
	s.Ask("select count(*) from t")
	return b.at(s)
}

// move gives all rows for which pick says so new vectors, in one statement.
func (b *bench) move(pick func(id int) bool, to func() []float32) {
	b.t.Helper()
	b.Must("create temp table moved (id int, v vector)")
	data, n := "", 0
	for id := 1; id < b.next; id++ {
		r, ok := b.rows[id]
		if !ok || !pick(id) {
			continue
		}
		r.vec = to()
		b.rows[id] = r
		data += fmt.Sprintf("%d\t%s\n", id, text(r.vec))
		n++
	}
	b.IsCopy("copy moved from stdin", data, fmt.Sprintf("COPY %d", n))
	b.Is("update t set v = moved.v from moved where moved.id = t.id", fmt.Sprintf("UPDATE %d", n))
	b.Must("drop table moved")
}

// remove deletes rows.
func (b *bench) remove(where string, pick func(id int) bool) {
	b.t.Helper()
	b.Must("delete from t where " + where)
	maps.DeleteFunc(b.rows, func(id int, _ row) bool { return pick(id) })
}

// Most rows left the one place that all had: those that stayed are found there, whether the index came before or
// after, and whether upkeep has seen to it or not.
func TestMostRowsMovedAway(t *testing.T) {
	f := func(first bool) {
		t.Helper()
		b := newBench(t, 3)
		b.Must("insert into t select g, 0, '[1,2,3]' from generate_series(1, 9000) g")
		if first {
			b.index(l2)
		}
		b.Must("update t set v = '[900,900,900]'::vector + array[id, 0, 0]::vector where id <= 8000")
		if !first {
			b.Must("create index on t using ivfpq (v vector_l2_ops)")
		}
		check := func(when string) {
			t.Helper()
			for _, q := range []string{
				"select v, count(*) from (select v from t order by v <-> '[1,2,3]' limit 3) s group by 1",
				"select v, count(*) from (select v from t where share = 0 order by v <-> '[1,2,3]' limit 3) s group by 1",
			} {
				if got := b.Ask(q); got != "[1,2,3]|3" {
					t.Errorf("index first %v, %s: %s\n%s", first, when, q, got)
				}
			}
			b.Is("select count(*) from (select 1 from t order by v <-> '[1,2,3]' limit 9500) s", "9000")
		}
		check("before upkeep")
		b.Settle()
		check("after upkeep")
	}
	f(false)
	f(true)
}

// However many rows are updated and deleted, now and in older snapshots searches find what is near, as a fresh index
// would.
func TestRecallAfterManyChanges(t *testing.T) {
	for _, m := range metrics {
		t.Run(m.name, func(t *testing.T) {
			b := newBench(t, 12)
			centers, other := b.centers(25), b.centers(25)
			b.loadNear(3000, centers)
			views := []*bench{b}
			check := func(when string) {
				t.Helper()
				for i, v := range views {
					for name, at := range map[string][][]float32{"old": centers, "new": other} {
						if got := v.recall(m, at, 12, 10, "", nil); got < recallFloor {
							t.Errorf("%s, view %d, %s places: recall %.3f", when, i, name, got)
						}
						pass := func(r row) bool { return r.share < 200 }
						if got := v.recall(m, at, 8, 10, "where share < 200", pass); got < recallFloor {
							t.Errorf("%s, view %d, %s places, filtered: recall %.3f", when, i, name, got)
						}
					}
				}
			}
			step := func(when string, change func()) {
				t.Helper()
				views = append(views, b.snapshot())
				change()
				check(when)
				b.Settle()
				check(when + ", settled")
			}
			step("five of six moved, then indexed", func() {
				b.move(func(id int) bool { return id%6 != 0 }, func() []float32 { return b.near(other) })
				b.Must("create index on t using ivfpq (v " + m.class + ")")
				b.uses(m.search(other[0], "", 10), true)
			})
			step("half moved back", func() {
				b.move(func(id int) bool { return id%2 == 0 }, func() []float32 { return b.near(centers) })
			})
			step("two thirds deleted", func() { b.remove("id % 3 <> 1", func(id int) bool { return id%3 != 1 }) })
			step("new rows", func() { b.loadNear(1500, other) })
			if n := len(b.rows); n != 2500 {
				t.Fatalf("%d rows in the model", n)
			}
			for _, v := range views[1:] {
				v.Must("commit")
				v.rows = b.rows
			}
			check("all snapshots ended")
		})
	}
}

// A row whose vector was changed many times has many codes, also in an index of few partitions, and is found once.
func TestRowsComeOnce(t *testing.T) {
	b := newBench(t, 4)
	centers := b.centers(4)
	b.loadNear(1500, centers)
	b.Must("create index t_v_idx on t using ivfpq (v vector_l2_ops) with (lists = 3)")
	b.Settle()
	for round := range 6 {
		b.move(func(id int) bool { return id%(round+2) == 0 }, func() []float32 { return b.near(centers) })
		for _, settled := range []bool{false, true} {
			if settled {
				b.Must("insert into t select g + 100000 + " + fmt.Sprint(round) + " * 2000, 0, null from generate_series(1, 1100) g")
				b.Settle()
			}
			if got := b.recall(l2, centers, 8, 20, "where v is not null", nil); got < recallFloor {
				t.Errorf("round %d, settled %v: recall %.3f", round, settled, got)
			}
		}
	}
}

// What a transaction changed itself and has not committed is left out of its searches, and kept in those of others.
func TestOwnManyChanges(t *testing.T) {
	b := newBench(t, 8)
	centers, other := b.centers(12), b.centers(12)
	b.loadNear(4000, centers)
	b.index(l2)
	before := b.at(b.Beside())
	check := func(v *bench, who string) {
		t.Helper()
		if got := v.recall(l2, centers, 15, 10, "", nil); got < recallFloor {
			t.Errorf("%s: recall %.3f", who, got)
		}
	}
	b.Must("begin")
	b.move(func(id int) bool { return id%4 != 0 }, func() []float32 { return b.near(other) })
	check(b, "own")
	check(before, "another")
	b.remove("id % 8 = 0", func(id int) bool { return id%8 == 0 })
	check(b, "own after a deletion")
	check(before, "another after a deletion")
	b.Must("rollback")
	b.rows = before.rows
	check(b, "rolled back")
}
