package metamorphic_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/internal/rowset"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

var (
	seedFlag  = flag.Int64("seed", 0, "run only this seed")
	seedsFlag = flag.Int64("seeds", 20, "number of seeds to run")
	stepsFlag = flag.Int("steps", 400, "operations of a run")
)

// verify compares everything that a reader of tx can return with the rows it must see.
func (r *run) verify(tx *storage.Txn, want rows) {
	r.t.Helper()
	ctx := context.Background()
	rd := tx.Reader()
	defer func() { r.check(rd.Close()) }()
	tr, err := rd.Table(tableOID)
	r.check(err)
	r.verifyScan(tr, want)
	r.verifyIndexes(tr, want)
	ids := append(want.ids(), 999999)
	b, found, err := tr.Fetch(ctx, ids, []int16{1, 2, 3})
	r.check(err)
	for i, id := range ids {
		x, ok := want[id]
		if found[i] != ok || (ok && rowAt(b, i) != x) {
			r.fail("fetch row %d: found %v %v, want %v %v", id, found[i], rowAt(b, i), ok, x)
		}
	}
	r.check(tr.FetchVectors(ids, 3, func(i int, v []float32) {
		x, ok := want[ids[i]]
		if (v != nil) != (ok && !x.null) || (v != nil && v[0] != x.vec) {
			r.fail("vector of row %d is %v, want %v", ids[i], v, x)
		}
	}))
	a, err := tr.ANN(annOID)
	r.check(err)
	got := map[storage.RowID]float32{}
	for u := a.Uncovered(); ; {
		ids, vecs, err := u.Next(ctx)
		r.check(err)
		if len(ids) == 0 {
			break
		}
		for i, id := range ids {
			if _, twice := got[id]; twice {
				r.fail("uncovered row %d comes twice", id)
			}
			got[id] = vecs[i][0]
		}
	}
	for id, x := range want {
		if v, ok := got[id]; ok == x.null || (ok && v != x.vec) {
			r.fail("uncovered row %d: %v %v, want %v", id, ok, v, x)
		}
		delete(got, id)
	}
	if len(got) > 0 {
		r.fail("uncovered rows that are not visible: %v", got)
	}
}

func (r *run) verifyScan(tr *storage.TableReader, want rows) {
	r.t.Helper()
	o := storage.ScanOptions{Cols: []int16{1, 2, 3}, Reverse: r.rng.IntN(3) == 0}
	filtered := want
	if r.rng.IntN(3) == 0 {
		o.Filter, filtered = rowset.New(), rows{}
		for id, x := range want {
			if r.rng.IntN(2) == 0 {
				o.Filter.Add(uint64(id))
				filtered[id] = x
			}
		}
	}
	got := rows{}
	for s := tr.Scan(o); ; {
		b, ids, err := s.Next(context.Background())
		r.check(err)
		if b == nil {
			break
		}
		for i := range b.N {
			if _, twice := got[ids[i]]; twice {
				r.fail("row %d comes twice", ids[i])
			}
			got[ids[i]] = rowAt(b, i)
		}
	}
	if g, w := got.texts(), filtered.texts(); !slices.Equal(g, w) {
		r.fail("scan: got %q\nwant %q", g, w)
	}
}

func (r *run) collect(s *storage.IndexScan) []storage.RowID {
	r.t.Helper()
	var out []storage.RowID
	for {
		ids, err := s.Next(context.Background())
		r.check(err)
		if len(ids) == 0 {
			r.check(s.Close())
			return out
		}
		out = append(out, ids...)
	}
}

func (r *run) verifyIndexes(tr *storage.TableReader, want rows) {
	r.t.Helper()
	reverse := r.rng.IntN(2) == 0
	flip := func(l []storage.RowID) []storage.RowID {
		if reverse {
			slices.Reverse(l)
		}
		return l
	}
	if r.named {
		if g, w := r.collect(tr.IndexScan(nameOID, []storage.KeyRange{{}},
			reverse)), flip(byName(want)); !slices.Equal(g, w) {
			r.fail("index over name: got %v want %v", g, w)
		}
		name := fmt.Sprintf("n%d", r.rng.IntN(20))
		d := []types.Datum{types.StringDatum(name)}
		null := []types.Datum{types.NullDatum}
		open := r.rng.IntN(2) == 0
		var w []storage.RowID
		for _, id := range byName(want) {
			if n := want[id].name; n == "" || n > name || (n == name && !open) {
				w = append(w, id)
			}
		}
		g := r.collect(tr.IndexScan(nameOID, []storage.KeyRange{{Lo: null, Hi: d, HiOpen: open}}, reverse))
		if !slices.Equal(g, flip(w)) {
			r.fail("index over name up to %s (open %v): got %v want %v", name, open, g, w)
		}
	}
	lo := int64(r.rng.IntN(keysMax))
	w := rowset.New()
	for id, x := range want {
		if x.id >= lo && x.id < lo+10 {
			w.Add(uint64(id))
		}
	}
	g, err := tr.IndexRows(context.Background(), pkOID, []storage.KeyRange{
		{Lo: []types.Datum{types.IntDatum(lo)}, Hi: []types.Datum{types.IntDatum(lo + 10)}, HiOpen: true},
	})
	r.check(err)
	n := g.Cardinality()
	if g.AndNot(w); !g.Empty() || n != w.Cardinality() {
		r.fail("index rows: %d, want %d", n, w.Cardinality())
	}
}

// step does one operation.
func (r *run) step() {
	if len(r.sessions) == 0 {
		r.begin()
	}
	s := pick(r, r.sessions)
	ops := []struct {
		weight int
		f      func()
	}{
		{3, r.begin},
		{12, func() { r.insert(s) }},
		{12, func() { r.update(s) }},
		{6, func() { r.remove(s) }},
		{3, func() { r.savepoint(s) }},
		{3, func() { r.rollbackTo(s) }},
		{6, func() { r.commit(s) }},
		{1, func() { r.rollback(s) }},
		{2, r.flush},
		{2, r.merge},
		{1, r.sweep},
		{1, r.reopen},
		{1, r.toggleIndex},
		{4, func() { r.verify(s.tx, s.view()) }},
		{2, r.timeTravel},
	}
	total := 0
	for _, o := range ops {
		total += o.weight
	}
	n := r.rng.IntN(total)
	for _, o := range ops {
		if n -= o.weight; n < 0 {
			o.f()
			return
		}
	}
}

func (r *run) timeTravel() {
	var vs []storage.Version
	for v := range r.history {
		vs = append(vs, v)
	}
	slices.Sort(vs)
	v := pick(r, vs)
	tx := r.s.Begin(storage.TxnOptions{AsOf: v})
	defer tx.Rollback()
	r.note("read version %d", v)
	r.verify(tx, r.history[v])
}

func TestStore(t *testing.T) {
	first, n := int64(1), *seedsFlag
	if *seedFlag != 0 {
		first, n = *seedFlag, 1
	}
	for seed := first; seed < first+n; seed++ {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Logf("replay: go test ./tests/metamorphic -run TestStore -seed %d -steps %d", seed, *stepsFlag)
				}
			}()
			rng := rand.New(rand.NewPCG(uint64(seed), 1))
			r := &run{t: t, rng: rng, o: randomOptions(rng)}
			r.create()
			for range *stepsFlag {
				r.step()
			}
			r.reopen()
			tx := r.s.Begin(storage.TxnOptions{})
			r.verify(tx, r.history[r.newest])
			tx.Rollback()
			r.check(r.s.Close())
		})
	}
}
