package storage_test

import (
	"testing"
	"time"

	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// clock is a time that the test moves.
type clock struct{ now time.Time }

func newClock() *clock { return &clock{time.Unix(1_700_000_000, 0)} }

func (c *clock) read() time.Time { return c.now }

// pass lets time pass and returns the new time in µs.
func (c *clock) pass(d time.Duration) int64 {
	c.now = c.now.Add(d)
	return c.now.UnixMicro()
}

// Every version within the retention can be read, by its number and by its time, whatever upkeep does; one that is
// older is refused and not wrong.
func TestReadingThePast(t *testing.T) {
	c := newClock()
	h := start(t, storage.Options{Now: c.read, Retention: time.Hour})
	type moment struct {
		v    storage.Version
		at   int64
		want []string
	}
	var moments []moment
	state := []string{line(1, ""), line(2, "")}
	note := func(v storage.Version) {
		moments = append(moments, moment{v, c.now.UnixMicro(), append([]string(nil), state...)})
	}
	note(h.insert(1, 2))
	for i, name := range []string{"a", "b", "c", "d"} {
		c.pass(10 * time.Minute)
		state[i%2] = line(1+i%2, name)
		note(h.rename(name, int64(1+i%2)))
		if i == 1 {
			h.flush()
		}
	}
	check := func(readable int) {
		t.Helper()
		for i, m := range moments {
			for _, at := range []int64{m.at, m.at + 5*60*1e6} { // then, and five minutes later
				v, err := h.s.VersionAt(at)
				if i < readable {
					h.wants(err, storage.ErrVersion)
					continue
				}
				if err != nil || v != m.v {
					t.Fatalf("moment %d: version %d, %v, want %d", i, v, err, m.v)
				}
			}
			tx := h.s.Begin(storage.TxnOptions{AsOf: m.v})
			r := tx.Reader()
			if _, err := r.Table(h.table); i < readable {
				h.wants(err, storage.ErrVersion)
			} else {
				h.check(err)
				h.sees(tx, m.want...)
			}
			h.check(r.Close())
			tx.Rollback()
		}
	}
	check(0)
	keep := func() {
		t.Helper()
		v, err := h.s.Horizon()
		h.check(err)
		h.flush()
		h.merge(v)
		_, err = h.s.TrimLog()
		h.check(err)
	}
	keep()
	check(0)
	c.pass(31 * time.Minute) // the second moment is 61 minutes old: the first is no longer what an hour ago was
	keep()
	check(1)
	h.reopen()
	keep()
	check(1)
	c.pass(20 * time.Minute)
	keep()
	check(3)
	if _, err := h.s.VersionAt(0); err == nil {
		t.Fatal("the time before the store can be read")
	}
	if v, err := h.s.VersionAt(c.pass(time.Hour)); err != nil || v != h.s.Version() {
		t.Fatalf("the future is version %d, %v", v, err)
	}
}

// A transaction that reads the past writes nothing.
func TestThePastIsReadOnly(t *testing.T) {
	h := start(t, storage.Options{})
	v := h.insert(1, 2)
	h.remove(1)
	tx := h.s.Begin(storage.TxnOptions{AsOf: v})
	defer tx.Rollback()
	_, err := tx.Insert(ctx, h.table, rows(5, 1))
	h.wants(err, storage.ErrReadOnly)
	h.wants(tx.Put(tableOf(5, "x")), storage.ErrReadOnly)
	h.wants(tx.Drop(tx.Catalog().Table(h.table)), storage.ErrReadOnly)
	h.wants(tx.Truncate(h.table), storage.ErrReadOnly)
	if tx.Version() != v || !tx.Options().ReadOnly {
		t.Fatal(tx.Version(), tx.Options())
	}
	tx.StartStatement()
	h.sees(tx, lines(1, 2)...)
	now := h.s.Begin(storage.TxnOptions{ReadOnly: true})
	defer now.Rollback()
	h.wants(now.Delete(ctx, h.table, []storage.RowID{2}), storage.ErrReadOnly)
}

// Who reads a version keeps it readable beyond the retention, and nobody else does.
func TestReadersPinVersions(t *testing.T) {
	c := newClock()
	h := start(t, storage.Options{Now: c.read, Retention: -1})
	first := h.insert(1, 1)
	for what, pin := range map[string]func() (release func()){
		"repeatable read": func() func() {
			tx := h.s.Begin(storage.TxnOptions{Isolation: storage.RepeatableRead})
			return tx.Rollback
		},
		"read committed": func() func() {
			tx := h.begin()
			return func() { tx.StartStatement(); tx.Rollback() }
		},
		"as of": func() func() { return h.s.Begin(storage.TxnOptions{AsOf: h.s.Version()}).Rollback },
		"newest reader": func() func() {
			tx := h.begin()
			r := tx.NewestReader()
			return func() { h.check(r.Close()); tx.Rollback() }
		},
	} {
		v := h.s.Version()
		release := pin()
		for range 3 {
			h.rename(what, 1)
		}
		c.pass(time.Hour)
		if got, err := h.s.Horizon(); err != nil || got != v {
			t.Fatalf("%s: horizon %d, %v, want %d", what, got, err, v)
		}
		release()
		if got, err := h.s.Horizon(); err != nil || got != h.s.Version() {
			t.Fatalf("%s released: horizon %d, %v, want %d", what, got, err, h.s.Version())
		}
	}
	if s := h.s.Stats(); s.Horizon != h.s.Version() || s.Snapshots != 0 || s.Version <= first || s.Tables != 1 {
		t.Fatalf("%+v", s)
	}
	// READ COMMITTED lets go of what its last statement saw.
	tx := h.begin()
	h.rename("x", 1)
	tx.StartStatement()
	if got, err := h.s.Horizon(); err != nil || got != tx.Version() {
		t.Fatalf("horizon %d, %v, the statement reads %d", got, err, tx.Version())
	}
	tx.Rollback()
}

// The log is trimmed up to the horizon, but some records stay, and with them the store's version.
func TestTrimLog(t *testing.T) {
	c := newClock()
	h := start(t, storage.Options{Now: c.read, Retention: time.Minute})
	trim := func(want bool) {
		t.Helper()
		_, err := h.s.Horizon()
		h.check(err)
		if got, err := h.s.TrimLog(); err != nil || got != want {
			t.Fatalf("trimmed: %v, %v, want %v", got, err, want)
		}
	}
	trim(false)
	for i := range 40 {
		h.insert(1+i, 1)
	}
	trim(false) // all is within the retention
	v := h.s.Version()
	c.pass(time.Hour)
	trim(true)
	trim(false) // nothing more
	for range 2 {
		if h.s.Version() != v {
			t.Fatalf("version %d, it was %d", h.s.Version(), v)
		}
		if got, err := h.s.VersionAt(c.now.UnixMicro()); err != nil || got != v {
			t.Fatalf("now is version %d, %v", got, err)
		}
		h.holds(lines(1, 40)...)
		h.reopen()
	}
}

// A version of the future is refused: what it shows would change.
func TestTheFuture(t *testing.T) {
	h := start(t, storage.Options{})
	v := h.insert(1, 1)
	tx := h.s.Begin(storage.TxnOptions{AsOf: v + 5})
	defer tx.Rollback()
	r := tx.Reader()
	defer func() { h.check(r.Close()) }()
	_, err := r.Table(h.table)
	h.wants(err, storage.ErrVersion)
}

// Columns added after a version, and dropped after it, are as today's table has them: tables have one form.
func TestThePastHasTodaysColumns(t *testing.T) {
	h := start(t, storage.Options{})
	v := h.insert(1, 1)
	tx := h.begin()
	wide := *h.s.Catalog().Table(h.table)
	wide.Columns = append(wide.Columns[:5:5], wide.Columns[0])
	wide.Columns[5].Num, wide.Columns[5].Name = 6, "more"
	wide.Columns[5].HasMissing, wide.Columns[5].Missing = true, "7"
	wide.Columns[5].Type = types.Of(int4OID)
	h.check(tx.Put(&wide))
	h.commit(tx)
	h.remove(1)
	old := h.s.Begin(storage.TxnOptions{AsOf: v})
	defer old.Rollback()
	r, tr := h.reader(old)
	defer func() { h.check(r.Close()) }()
	h.expect(h.readAll(tr.Scan(storage.ScanOptions{Cols: []int16{1, 6}})), "1|7")
}
