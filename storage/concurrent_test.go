package storage_test

import (
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// TestTransfers moves amounts between rows from many goroutines while others read and upkeep rewrites the
// table: every snapshot has the same sum.
func TestTransfers(t *testing.T) {
	const accounts, workers, rounds, amount = 20, 4, 40, 100.0
	h := newHarness(t, storage.Options{})
	defer func() { h.check(h.s.Close()) }()
	in := rows(1, accounts)
	for i := range in.Cols[2].F {
		in.Cols[2].F[i] = amount
	}
	tx := h.begin()
	_, err := tx.Insert(ctx, h.table, in)
	h.check(err)
	h.commit(tx)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(w), 1))
			for range rounds {
				transfer(t, h, int64(1+rng.IntN(accounts)), int64(1+rng.IntN(accounts)), float64(rng.IntN(10)))
			}
		})
	}
	wg.Go(func() {
		for range rounds {
			if err := h.s.FlushTable(ctx, h.table); err != nil {
				t.Error(err)
			}
			in, _ := h.s.TableInfo(h.table)
			o := storage.MergeOptions{}
			for _, f := range in.Fragments {
				if f.Column == 0 {
					o.Fragments = append(o.Fragments, f.ID)
				}
			}
			if o.Horizon, err = h.s.Horizon(); err == nil {
				_, err = h.s.MergeTable(ctx, h.table, o)
			}
			if err != nil {
				t.Error(err)
			}
		}
	})
	for range 2 {
		wg.Go(func() {
			for range rounds {
				if got := sum(t, h); got != accounts*amount {
					t.Errorf("a snapshot has %v", got)
				}
			}
		})
	}
	wg.Wait()
	h.reopen()
	if got := sum(t, h); got != accounts*amount {
		t.Fatalf("after reopening: %v", got)
	}
}

func sum(t *testing.T, h *harness) (total float64) {
	tx := h.begin()
	defer tx.Rollback()
	r := tx.Reader()
	defer func() { _ = r.Close() }() // no iterator is open
	tr, err := r.Table(h.table)
	if err != nil {
		t.Error(err)
		return 0
	}
	for s := tr.Scan(storage.ScanOptions{Cols: []int16{3}}); ; {
		b, _, err := s.Next(ctx)
		if err != nil {
			t.Error(err)
		}
		if b == nil {
			return total
		}
		for _, f := range b.Cols[0].F[:b.N] {
			total += f
		}
	}
}

// transfer moves an amount; it starts again when somebody else was first.
func transfer(t *testing.T, h *harness, from, to int64, amount float64) {
	if from == to {
		return
	}
	for {
		tx := h.begin()
		err := move(tx, h, from, to, amount)
		if err == nil {
			_, err = tx.Commit(ctx)
		}
		tx.Rollback()
		if err == nil {
			return
		}
		if !errors.Is(err, storage.ErrRetry) && !errors.Is(err, storage.ErrDeadlock) {
			t.Error(err)
			return
		}
	}
}

func move(tx *storage.Txn, h *harness, from, to int64, amount float64) error {
	for key, by := range map[int64]float64{from: -amount, to: amount} {
		r := tx.Reader()
		tr, err := r.Table(h.table)
		if err != nil {
			return err
		}
		k := []types.Datum{types.IntDatum(key)}
		s := tr.IndexScan(h.pk, []storage.KeyRange{{Lo: k, Hi: k}}, false)
		ids, err := s.Next(ctx)
		if err != nil {
			return err
		}
		b, _, err := tr.Fetch(ctx, ids, []int16{3})
		if err != nil {
			return err
		}
		if err := errors.Join(s.Close(), r.Close()); err != nil {
			return err
		}
		c := batch.New(types.Of(floatOID), types.Float, 1)
		c.Append(types.FloatDatum(b.Cols[0].F[0] + by))
		err = tx.Update(ctx, h.table, ids, []int16{3}, &storage.Rows{N: 1, Cols: []*batch.Column{c}})
		if err != nil {
			return err
		}
	}
	return nil
}
