package crash_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
)

// faults fails every operation that a predicate names, when it is on.
type faults struct {
	pred errorfs.Predicate
	on   atomic.Bool
	// after counts down operations that pass first.
	after atomic.Int32
	hit   atomic.Int32
}

// MaybeError implements errorfs.Injector.
func (f *faults) MaybeError(op errorfs.Op) error {
	if !f.on.Load() || !f.pred.Evaluate(op) || f.after.Add(-1) >= 0 {
		return nil
	}
	f.hit.Add(1)
	return errorfs.ErrInjected
}

// String implements errorfs.Injector.
func (f *faults) String() string { return "faults" }

// TestFaults fails writes of fragments and segments one after the other. The operation must say so, and
// leave the store as it was.
func TestFaults(t *testing.T) {
	for seed := int64(1); seed <= *seedsFlag; seed++ {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			f := &faults{pred: errorfs.And(errorfs.Writes, errorfs.PathMatch("/db/[di]*/*/*"))}
			r := newRun(t, seed, errorfs.Wrap(pvfs.NewMem(), f))
			r.create()
			for range *stepsFlag {
				f.after.Store(int32(r.rng.IntN(6)))
				f.hit.Store(0)
				f.on.Store(r.rng.IntN(2) == 0)
				err := r.step()
				f.on.Store(false)
				if err != nil && f.hit.Load() == 0 {
					r.fail("step failed without a fault: %v", err)
				}
				if err != nil {
					r.note("failed: %v", err)
				}
				tx := r.s.Begin(txnOptions)
				got, keys := r.found(tx)
				r.verifyIndexes(tx, got, keys)
				tx.Rollback()
				r.expect(got)
			}
			r.check(r.s.Close())
			r.open()
			r.verify(r.acked)
			r.check(r.s.Close())
		})
	}
}
