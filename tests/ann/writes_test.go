package ann_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

// insert puts one row into the table, in the given session's transaction, and into the model.
func (b *bench) insertSQL(v []float32) (id int, statement string) {
	id = b.next
	b.next++
	return id, fmt.Sprintf("insert into t values (%d, %d, '%s')", id, b.rng.Intn(1000), text(v))
}

// far is a vector away from all others, so that who is near it is certain.
func (b *bench) far(where float32) []float32 {
	v := make([]float32, b.dims)
	for j := range v {
		v[j] = where + b.rng.Float32()
	}
	return v
}

// A new row is found as soon as it is committed, whatever upkeep has done; and once.
func TestNewRowsAreFoundAtOnce(t *testing.T) {
	b := newBench(t, 16)
	centers := b.centers(20)
	b.loadNear(4000, centers)
	b.index(l2)
	other := b.Beside()
	for i := range 20 {
		v := b.far(100 + 10*float32(i))
		id, statement := b.insertSQL(v)
		b.Must(statement)
		for _, s := range []string{"", "where share >= 0"} {
			if got := ids(t, other, l2.search(v, s, 3)); len(got) != 3 || got[0] != id {
				t.Fatalf("row %d %s: found %v", id, s, got)
			}
		}
		if i%7 == 3 {
			b.Settle()
		}
	}
	b.Settle()
	for i := range 20 {
		id := 4001 + i
		v := b.Ask(fmt.Sprintf("select v from t where id = %d", id))
		got := ids(t, b.Session, fmt.Sprintf("select id from t order by v <-> '%s' limit 5", v))
		if got[0] != id || slices.Contains(got[1:], id) {
			t.Errorf("row %d: found %v", id, got)
		}
	}
}

// Deleted rows are not found and take no place: the limit is filled by the next nearest.
func TestDeletedRows(t *testing.T) {
	b := newBench(t, 16)
	centers := b.centers(20)
	b.loadNear(5000, centers)
	b.index(l2)
	q := b.near(centers)
	for round := range 3 {
		nearest, _ := b.exact(l2, q, 150, nil)
		var gone []string
		for _, n := range nearest {
			gone = append(gone, fmt.Sprint(n.id))
			delete(b.rows, n.id)
		}
		b.Is("delete from t where id in ("+strings.Join(gone, ",")+")", "DELETE 150")
		_, within := b.exact(l2, q, 10, nil)
		found := ids(t, b.Session, l2.search(q, "", 10))
		if len(found) != 10 {
			t.Fatalf("round %d: %d rows", round, len(found))
		}
		b.checkOrder(l2, q, found, nil)
		hits := 0
		for _, id := range found {
			if l2.distance(q, b.rows[id].vec) <= within {
				hits++
			}
		}
		if hits < 9 {
			t.Errorf("round %d: %d of the 10 nearest", round, hits)
		}
		if round == 1 {
			b.Settle()
		}
	}
	// Half of everything, at random.
	b.Must("delete from t where id % 2 = 0")
	for id := range b.rows {
		if id%2 == 0 {
			delete(b.rows, id)
		}
	}
	for _, settled := range []bool{false, true} {
		if settled {
			b.Settle()
		}
		if got := b.recall(l2, centers, 25, 10, "", nil); got < recallFloor {
			t.Errorf("settled %v: recall %.3f", settled, got)
		}
	}
	b.Must("delete from t")
	if got := ids(t, b.Session, l2.search(q, "", 10)); len(got) != 0 {
		t.Errorf("an empty table gave %v", got)
	}
}

// A row whose vector was changed is found at its new place, not at the old one, and once; other columns change
// without the vector.
func TestUpdatedRows(t *testing.T) {
	b := newBench(t, 16)
	centers := b.centers(20)
	b.loadNear(5000, centers)
	b.index(l2)
	for i := range 30 {
		id := 1 + i*151
		r := b.rows[id]
		old := r.vec
		if i%2 == 0 {
			r.vec = b.far(200 + 10*float32(i))
		} else {
			r.vec = b.near(centers)
		}
		b.Must(fmt.Sprintf("update t set v = '%s' where id = %d", text(r.vec), id))
		b.rows[id] = r
		for _, q := range [][]float32{old, r.vec} {
			found := ids(t, b.Session, l2.search(q, "", 10))
			b.checkOrder(l2, q, found, nil)
			if at := slices.Index(found, id); &q[0] == &r.vec[0] && at != 0 {
				t.Errorf("row %d is at place %d of its own search: %v", id, at, found)
			}
		}
		if i == 15 {
			b.Settle()
		}
	}
	b.Must("update t set share = share + 1000 where id % 3 = 0")
	for id, r := range b.rows {
		if id%3 == 0 {
			r.share += 1000
			b.rows[id] = r
		}
	}
	pass := func(r row) bool { return r.share >= 1000 }
	for _, settled := range []bool{false, true} {
		if settled {
			b.Settle()
		}
		if got := b.recall(l2, centers, 20, 10, "where share >= 1000", pass); got < recallFloor {
			t.Errorf("settled %v: recall %.3f among updated rows", settled, got)
		}
	}
	b.Must("update t set v = null where id <= 2500")
	for id, r := range b.rows {
		if id <= 2500 {
			r.vec = nil
			b.rows[id] = r
		}
	}
	if got := b.recall(l2, centers, 20, 10, "where v is not null",
		func(r row) bool { return r.vec != nil }); got < recallFloor {
		t.Errorf("recall %.3f after half of the vectors went", got)
	}
}

// A transaction finds what it wrote, others do not until it commits, and what is rolled back never was.
func TestTransactions(t *testing.T) {
	b := newBench(t, 8)
	b.loadNear(3000, b.centers(10))
	b.index(l2)
	other := b.Beside()
	v := b.far(300)
	first := func(s string, want int, who string) {
		t.Helper()
		session := b.Session
		if who == "other" {
			session = other
		}
		if got := ids(t, session, l2.search(v, s, 1)); len(got) != 1 || got[0] != want {
			t.Errorf("%s %s: found %v, want %d", who, s, got, want)
		}
	}
	before := ids(t, other, l2.search(v, "", 1))[0]
	id, statement := b.insertSQL(v)
	b.Must("begin")
	b.Must(statement)
	first("", id, "own")
	first("where share >= 0", id, "own")
	first("", before, "other")
	b.Must("savepoint s")
	b.Must(fmt.Sprintf("delete from t where id = %d", id))
	first("", before, "own")
	b.Must("rollback to s")
	first("", id, "own")
	b.Must(fmt.Sprintf("update t set v = '%s' where id = %d", text(b.far(-500)), id))
	first("", before, "own")
	b.Must("rollback")
	first("", before, "own")

	// A snapshot stays as it is while others commit and upkeep works.
	other.Must("begin isolation level repeatable read")
	first("", before, "other")
	b.Must(statement)
	b.Settle()
	first("", id, "own")
	first("", before, "other")
	other.Must("commit")
	first("", id, "other")
	b.Must(fmt.Sprintf("delete from t where id = %d", id))
	first("", before, "other")
}

// Rows without a vector come behind all others, as sorting has them, and not at all when they are asked away.
func TestNullVectors(t *testing.T) {
	b := newBench(t, 4)
	centers := b.centers(5)
	b.loadNear(1500, centers)
	b.load(nil, nil, nil)
	b.index(l2)
	q := b.near(centers)
	got := ids(t, b.Session, l2.search(q, "", 1503))
	slices.Sort(got[1500:])
	if len(got) != 1503 || !slices.Equal(got[1500:], []int{1501, 1502, 1503}) {
		t.Errorf("%d rows, the last are %v", len(got), got[max(len(got)-3, 0):])
	}
	if got := ids(t, b.Session, l2.search(q, "where v is not null", 1503)); len(got) != 1500 {
		t.Errorf("%d rows have a vector", len(got))
	}
	if got := ids(t, b.Session, l2.search(q, "where v is null", 10)); len(got) != 3 {
		t.Errorf("%d rows have none", len(got))
	}
	b.Is("select count(*) from (select id from t order by v <-> null limit 7) s", "7")
	b.Is("select id, v <-> '[1,2,3,4]' from t where id = 1502", "1502|<null>")
	first := b.Ask(fmt.Sprintf("select v is null from t order by v <-> '%s' desc limit 1", text(q)))
	if first != "t" {
		t.Errorf("descending, the first row has a vector")
	}
}

// Writers, searches and upkeep at once: a search always fills its limit from rows that are there.
func TestSearchesBesideWritersAndUpkeep(t *testing.T) {
	b := newBench(t, 8)
	centers := b.centers(10)
	b.loadNear(3000, centers)
	b.index(l2)
	queries := make([]string, 16)
	for i := range queries {
		queries[i] = l2.search(b.near(centers), "", 10)
	}
	inserts := make([]string, 200)
	for i := range inserts {
		_, inserts[i] = b.insertSQL(b.near(centers))
	}
	writer, reader := b.Beside(), b.Beside()
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(done)
		for i, statement := range inserts {
			if got := writer.Ask(statement); got != "INSERT 0 1" {
				t.Error(got)
			}
			if got := writer.Ask(fmt.Sprintf("delete from t where id = %d", i+1)); got != "DELETE 1" {
				t.Error(got)
			}
			if got := writer.Ask(fmt.Sprintf("update t set share = share where id = %d", i+1000)); got != "UPDATE 1" {
				t.Error(got)
			}
		}
	})
	wg.Go(func() {
		for i := 0; ; i++ {
			got := reader.Ask(queries[i%len(queries)])
			if rows := strings.Split(got, "; "); len(rows) != 10 {
				t.Errorf("%d rows: %s", len(rows), got)
			}
			select {
			case <-done:
				return
			default:
			}
		}
	})
	for running := true; running; {
		if _, err := b.Keeper.Step(context.Background()); err != nil {
			t.Error(err)
		}
		select {
		case <-done:
			running = false
		default:
		}
	}
	wg.Wait()
	b.Settle()
	b.Is("select count(*) from t", "3000")
}
