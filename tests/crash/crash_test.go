package crash_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/vecdb/vecdb/internal/vfs"
	"github.com/vecdb/vecdb/storage"
)

var (
	seedFlag  = flag.Int64("seed", 0, "run only this seed")
	seedsFlag = flag.Int64("seeds", 15, "number of seeds to run")
	stepsFlag = flag.Int("steps", 60, "operations of a run")
)

// crash is a file system as it was left at some moment, and what it may contain.
type crash struct {
	fs      vfs.FS
	what    string
	allowed []state
	given   int64
}

// crasher takes clones of a file system before random operations that change it.
type crasher struct {
	mu   sync.Mutex
	r    *run
	mem  *pvfs.MemFS
	rng  *rand.Rand
	left int // clones still to take
	gap  int // operations until the next
	out  []crash
}

// crashesMax bounds the clones of a run, and gapMax the operations between two.
const (
	crashesMax = 12
	gapMax     = 60
)

// MaybeError implements errorfs.Injector; it never fails an operation.
func (c *crasher) MaybeError(op errorfs.Op) error {
	if op.Kind.ReadOrWrite() != errorfs.OpIsWrite {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left == 0 {
		return nil
	}
	if c.gap--; c.gap > 0 {
		return nil
	}
	c.gap = 1 + c.rng.IntN(gapMax)
	c.left--
	percent := []int{0, 50, 100}[c.rng.IntN(3)]
	clone := c.mem.CrashClone(pvfs.CrashCloneCfg{
		UnsyncedDataPercent: percent,
		RNG:                 rand.New(rand.NewPCG(c.rng.Uint64(), 1)),
	})
	allowed := []state{c.r.acked}
	if p := c.r.pending; p != nil {
		allowed = append(allowed, *p)
	}
	c.out = append(c.out,
		crash{clone, fmt.Sprintf("before %v of %s, %d %% of unsynced data kept, after operation %d", op.Kind,
			op.Path, percent, len(c.r.log)), allowed, c.r.given})
	return nil
}

// String implements errorfs.Injector.
func (c *crasher) String() string { return "crasher" }

func TestCrash(t *testing.T) {
	first, n := int64(1), *seedsFlag
	if *seedFlag != 0 {
		first, n = *seedFlag, 1
	}
	for seed := first; seed < first+n; seed++ {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Logf("replay: go test ./tests/crash -run TestCrash -seed %d -steps %d", seed, *stepsFlag)
				}
			}()
			crashRun(t, seed)
		})
	}
}

func crashRun(t *testing.T, seed int64) {
	mem := pvfs.NewCrashableMem()
	c := &crasher{mem: mem, rng: rand.New(rand.NewPCG(uint64(seed), 9)), gap: 1}
	r := newRun(t, seed, errorfs.Wrap(mem, c))
	r.create()
	c.mu.Lock()
	c.r, c.left, c.gap = r, crashesMax, 1+c.rng.IntN(gapMax)
	c.mu.Unlock()
	for range *stepsFlag {
		r.check(r.step())
	}
	c.mu.Lock()
	c.left = 0
	c.mu.Unlock()
	r.verify(r.acked)
	r.check(r.s.Close())
	for _, x := range c.out {
		after := &run{t: t, rng: r.rng, o: r.o, log: append(r.log, "crash "+x.what)}
		after.o.FS = x.fs
		after.open()
		after.verify(x.allowed...)
		after.goOn(x)
		after.check(after.s.Close())
	}
}

// goOn uses a store that came back from a crash: it must work like any other.
func (r *run) goOn(x crash) {
	r.t.Helper()
	tx := r.s.Begin(storage.TxnOptions{})
	r.acked, _ = r.found(tx)
	tx.Rollback()
	r.nextKey = 1 << 20
	v, err := r.s.NextVal(seqOID, sequence, 1)
	r.check(err)
	if v <= x.given {
		r.fail("the sequence gives %d again, %d was given before", v, x.given)
	}
	for range 3 {
		r.check(r.step())
	}
	r.verify(r.acked)
	r.check(r.s.Close())
	r.open()
	r.verify(r.acked)
}
