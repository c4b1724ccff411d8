package metamorphic_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"

	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

const (
	int4 types.OID = 23
	text types.OID = 25

	tableOID storage.OID = 20001
	pkOID    storage.OID = 20002
	nameOID  storage.OID = 20003
	annOID   storage.OID = 20004

	keysMax     = 60 // small, so that keys collide
	sessionsMax = 3
)

// errSkip stands for a statement that would mean nothing, since a row it wants is gone.
var errSkip = errors.New("skipped")

// run is one seeded list of operations.
type run struct {
	t        *testing.T
	rng      *rand.Rand
	o        storage.Options
	s        *storage.Store
	history  map[storage.Version]rows // committed states
	newest   storage.Version
	sessions []*session
	log      []string
	named    bool // the index over name exists
}

func (r *run) note(format string, args ...any) {
	r.log = append(r.log, fmt.Sprintf(format, args...))
}

func (r *run) fail(format string, args ...any) {
	r.t.Helper()
	for _, l := range r.log[max(0, len(r.log)-40):] {
		r.t.Log(l)
	}
	r.t.Fatalf(format, args...)
}

func (r *run) check(err error) {
	r.t.Helper()
	if err != nil {
		r.fail("%v", err)
	}
}

func pick[T any](r *run, l []T) T { return l[r.rng.IntN(len(l))] }

func (r *run) randomRow() row {
	x := row{id: int64(r.rng.IntN(keysMax)), vec: float32(r.rng.IntN(1000)), null: r.rng.IntN(10) == 0}
	if r.rng.IntN(5) > 0 {
		x.name = fmt.Sprintf("n%d", r.rng.IntN(20))
	}
	if x.null {
		x.vec = 0
	}
	return x
}

func (r *run) open() {
	s, err := storage.Open("/db", r.o)
	r.check(err)
	r.s = s
}

func (r *run) create() {
	r.open()
	tx := r.s.Begin(storage.TxnOptions{})
	r.check(tx.Put(&schema.Table{
		OID: tableOID, DB: 5, Namespace: schema.PublicOID, Name: "t", Kind: schema.KindTable,
		Columns: []schema.Column{
			{Num: 1, Name: "id", Type: types.Of(int4)},
			{Num: 2, Name: "name", Type: types.Of(text)},
			{Num: 3, Name: "vec", Type: vector2()},
		},
	}))
	r.check(tx.Put(&schema.Index{
		OID: pkOID, DB: 5, Namespace: schema.PublicOID, Table: tableOID, Name: "t_pkey",
		Method: "btree", Unique: true, Keys: []schema.IndexKey{{Column: 1, Type: types.Of(int4)}},
	}))
	r.check(tx.Put(&schema.Index{
		OID: annOID, DB: 5, Namespace: schema.PublicOID, Table: tableOID, Name: "t_vec",
		Method: "ivfpq", Keys: []schema.IndexKey{{Column: 3, Type: vector2()}},
	}))
	v, err := tx.Commit(context.Background())
	r.check(err)
	r.newest = v
	r.history = map[storage.Version]rows{v: {}}
}

// begin opens a session.
func (r *run) begin() {
	if len(r.sessions) == sessionsMax {
		return
	}
	s := &session{
		iso: pick(r, []storage.Isolation{storage.ReadCommitted, storage.RepeatableRead}),
		own: map[storage.RowID]change{},
	}
	s.tx = r.s.Begin(storage.TxnOptions{Isolation: s.iso})
	s.tx.SetLockTimeout(-1)
	s.base = r.history[r.newest]
	r.sessions = append(r.sessions, s)
	r.note("begin %d", s.iso)
}

func (r *run) drop(s *session) {
	r.sessions = slices.DeleteFunc(r.sessions, func(o *session) bool { return o == s })
}

// statement runs f as one statement; an error that concurrency explains undoes it.
func (r *run) statement(s *session, what string, f func() error, apply func()) {
	r.t.Helper()
	m := s.tx.StartStatement()
	if s.iso == storage.ReadCommitted {
		s.base = r.history[r.newest]
	}
	err := f()
	var dup *storage.UniqueError
	switch {
	case err == nil:
		r.note("%s", what)
		apply()
	case errors.Is(err, errSkip):
		s.tx.RollbackTo(m)
	case errors.Is(err, storage.ErrLocked), errors.Is(err, storage.ErrConflict):
		if len(r.sessions) == 1 && s.iso == storage.ReadCommitted {
			r.fail("%s: %v with nobody else there", what, err)
		}
		r.note("%s: %v", what, err)
		s.tx.RollbackTo(m)
	case errors.As(err, &dup):
		if dup.Index != pkOID {
			r.fail("%s: duplicate in index %d", what, dup.Index)
		}
		r.note("%s: %v", what, err)
		s.tx.RollbackTo(m)
	default:
		r.fail("%s: %v", what, err)
	}
}

func (r *run) insert(s *session) {
	n := 1 + r.rng.IntN(4)
	if r.rng.IntN(10) == 0 {
		n = 40
	}
	var in []row
	used := map[int64]bool{}
	for _, x := range s.view() {
		used[x.id] = true
	}
	for range n {
		x := r.randomRow()
		if used[x.id] && r.rng.IntN(20) > 0 {
			x.id = int64(1000 + r.rng.IntN(1000000)) // mostly no collision
		}
		in = append(in, x)
	}
	var ids []storage.RowID
	r.statement(s, fmt.Sprintf("insert %v", in), func() (err error) {
		ids, err = s.tx.Insert(context.Background(), tableOID, &storage.Rows{N: n, Cols: columnsOf(in)})
		if err == nil && s.iso == storage.ReadCommitted { // an older snapshot may see a key that is gone
			keys := map[int64]bool{}
			for _, x := range s.view() {
				keys[x.id] = true
			}
			for _, x := range in {
				if keys[x.id] {
					r.fail("insert of %v passed although the key is there", x)
				}
				keys[x.id] = true
			}
		}
		return err
	}, func() {
		for i, id := range ids {
			s.own[id] = change{row: in[i]}
		}
	})
}

func (r *run) update(s *session) {
	view := s.view()
	if len(view) == 0 {
		return
	}
	ids := view.ids()
	r.rng.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	ids = ids[:min(len(ids), 1+r.rng.IntN(3))]
	cols := pick(r, [][]int16{{2}, {3}, {2, 3}, {1, 2}, {1, 2, 3}})
	next := make([]row, len(ids))
	for i, id := range ids {
		x, old := r.randomRow(), view[id]
		if !slices.Contains(cols, 1) {
			x.id = old.id
		} else {
			x.id = int64(1000 + r.rng.IntN(1000000))
		}
		if !slices.Contains(cols, 2) {
			x.name = old.name
		}
		if !slices.Contains(cols, 3) {
			x.vec, x.null = old.vec, old.null
		}
		next[i] = x
	}
	all := columnsOf(next)
	in := &storage.Rows{N: len(ids)}
	for _, c := range cols {
		in.Cols = append(in.Cols, all[c-1])
	}
	r.statement(s, fmt.Sprintf("update %v %v to %v", ids, cols, next), func() error {
		if s.iso == storage.ReadCommitted && !seen(s, ids) {
			return errSkip // somebody deleted one meanwhile: not what this tests
		}
		return s.tx.Update(context.Background(), tableOID, ids, cols, in)
	}, func() {
		for i, id := range ids {
			// Columns that the statement did not set come from the version it saw.
			old := s.view()[id]
			x := next[i]
			if !slices.Contains(cols, 1) {
				x.id = old.id
			}
			if !slices.Contains(cols, 2) {
				x.name = old.name
			}
			if !slices.Contains(cols, 3) {
				x.vec, x.null = old.vec, old.null
			}
			s.own[id] = change{row: x}
		}
	})
}

// seen says whether the session sees all rows.
func seen(s *session, ids []storage.RowID) bool {
	v := s.view()
	for _, id := range ids {
		if _, ok := v[id]; !ok {
			return false
		}
	}
	return true
}

func (r *run) remove(s *session) {
	view := s.view()
	if len(view) == 0 {
		return
	}
	ids := view.ids()
	r.rng.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	ids = ids[:min(len(ids), 1+r.rng.IntN(3))]
	r.statement(s, fmt.Sprintf("delete %v", ids), func() error {
		if s.iso == storage.ReadCommitted && !seen(s, ids) {
			return errSkip
		}
		return s.tx.Delete(context.Background(), tableOID, ids)
	}, func() {
		for _, id := range ids {
			s.own[id] = change{gone: true}
		}
	})
}

func (r *run) savepoint(s *session) {
	s.marks = append(s.marks, savepoint{s.tx.Savepoint(), maps.Clone(s.own)})
	r.note("savepoint")
}

func (r *run) rollbackTo(s *session) {
	if len(s.marks) == 0 {
		return
	}
	i := r.rng.IntN(len(s.marks))
	s.tx.RollbackTo(s.marks[i].mark)
	s.own = maps.Clone(s.marks[i].own)
	s.marks = s.marks[:i+1]
	r.note("rollback to savepoint %d", i)
}

func (r *run) commit(s *session) {
	v, err := s.tx.Commit(context.Background())
	r.check(err)
	r.drop(s)
	r.note("commit %d: %d changes", v, len(s.own))
	if v <= r.newest {
		if v < r.newest || len(s.own) > 0 {
			if len(s.own) > 0 {
				r.fail("commit of %d changes has version %d, the newest was %d", len(s.own), v, r.newest)
			}
		}
		return
	}
	next := maps.Clone(r.history[r.newest])
	for id, c := range s.own {
		if c.gone {
			delete(next, id)
		} else {
			next[id] = c.row
		}
	}
	r.newest = v
	r.history[v] = next
}

func (r *run) rollback(s *session) {
	s.tx.Rollback()
	r.drop(s)
	r.note("rollback")
}

func (r *run) reopen() {
	for len(r.sessions) > 0 {
		r.rollback(r.sessions[0])
	}
	r.check(r.s.Close())
	r.open()
	r.note("reopen")
	if got := r.s.Version(); got != r.newest {
		r.fail("version %d after reopening, want %d", got, r.newest)
	}
}

func (r *run) flush() {
	r.check(r.s.FlushTable(context.Background(), tableOID))
	r.note("flush")
}

// merge rewrites some scalar fragments, and forgets the versions that are no longer readable.
func (r *run) merge() {
	in, _ := r.s.TableInfo(tableOID)
	var ids []uint64
	for _, f := range in.Fragments {
		if f.Column == 0 && r.rng.IntN(2) == 0 {
			ids = append(ids, f.ID)
		}
	}
	if len(ids) == 0 {
		return
	}
	h, err := r.s.Horizon()
	r.check(err)
	ok, err := r.s.MergeTable(context.Background(), tableOID, storage.MergeOptions{Fragments: ids, Horizon: h})
	r.check(err)
	r.note("merge %v at horizon %d: %v", ids, h, ok)
	for v := range r.history {
		if v < h {
			delete(r.history, v)
		}
	}
}

// sweep removes stale index entries.
func (r *run) sweep() {
	for _, idx := range []storage.OID{pkOID, nameOID} {
		next, n, err := r.s.SweepIndex(context.Background(), idx, nil)
		r.check(err)
		r.note("sweep of index %d: %d stale, more %v", idx, n, next != nil)
	}
}

// toggleIndex builds or drops the index over name, with nobody else there.
func (r *run) toggleIndex() {
	for len(r.sessions) > 0 {
		r.rollback(r.sessions[0])
	}
	idx := &schema.Index{
		OID: nameOID, DB: 5, Namespace: schema.PublicOID, Table: tableOID, Name: "t_name", Method: "btree",
		Keys: []schema.IndexKey{
			{Column: 2, Type: types.Of(text), Desc: true, NullsFirst: true},
			{Column: 1, Type: types.Of(int4)},
		},
	}
	tx := r.s.Begin(storage.TxnOptions{})
	if r.named {
		r.check(tx.Drop(idx))
	} else {
		r.check(tx.BuildIndex(context.Background(), idx, storage.BuildOptions{}))
	}
	if r.rng.IntN(3) == 0 {
		tx.Rollback()
		r.note("index toggle rolled back")
		return
	}
	v, err := tx.Commit(context.Background())
	r.check(err)
	r.named = !r.named
	r.history[v] = r.history[r.newest]
	r.newest = v
	r.note("index over name: %v", r.named)
}

func randomOptions(rng *rand.Rand) storage.Options {
	choose := func(l ...int) int { return l[rng.IntN(len(l))] }
	return storage.Options{
		FS: pvfs.NewMem(), SpillBytes: int64(choose(0, 1, 2000)), DirectRows: choose(0, 1, 5, 30),
		EntriesMax: choose(0, 1, 10), Retention: []time.Duration{-1, time.Hour}[rng.IntN(2)],
	}
}
