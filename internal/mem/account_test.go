package mem_test

import (
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/vecdb/vecdb/internal/mem"
)

func wantUsed(t *testing.T, a *mem.Account, want int64) {
	t.Helper()
	if got := a.Used(); got != want {
		t.Fatalf("%s uses %d bytes, want %d", a.Name(), got, want)
	}
}

func TestGrowAndShrink(t *testing.T) {
	a := mem.New("statement", 100)
	if err := a.Grow(60); err != nil {
		t.Fatal(err)
	}
	err := a.Grow(41)
	var b *mem.BudgetError
	if !errors.Is(err, mem.ErrBudget) || !errors.As(err, &b) {
		t.Fatalf("past the limit: %v", err)
	}
	if b.Account != "statement" || b.Used != 60 || b.Asked != 41 || b.Limit != 100 {
		t.Fatalf("%+v", b)
	}
	wantUsed(t, a, 60)
	if err := a.Grow(40); err != nil {
		t.Fatalf("at the limit: %v", err)
	}
	a.Shrink(70)
	wantUsed(t, a, 30)
	a.Shrink(1000)
	wantUsed(t, a, 0)
	if a.Peak() != 100 || a.Limit() != 100 {
		t.Fatalf("peak %d, limit %d", a.Peak(), a.Limit())
	}
	if err := a.Resize(0, 50); err != nil {
		t.Fatal(err)
	}
	if err := a.Resize(50, 20); err != nil {
		t.Fatal(err)
	}
	wantUsed(t, a, 20)
}

func TestNilCountsNothing(t *testing.T) {
	var a *mem.Account
	if err := a.Grow(1 << 60); err != nil {
		t.Fatal(err)
	}
	a.Shrink(1)
	a.Close()
	if a.Used() != 0 || a.Peak() != 0 || a.Limit() != 0 || a.Name() != "" || a.Overdraw(1) != nil {
		t.Fatal("nil counted something")
	}
	if err := a.Child("root", 10).Grow(11); !errors.Is(err, mem.ErrBudget) {
		t.Fatalf("child of nil: %v", err)
	}
}

func TestParentsLimit(t *testing.T) {
	process := mem.New("process", 100_000)
	left, right := process.Child("left", 0), process.Child("right", 0)
	if err := left.Grow(70_001); err != nil {
		t.Fatal(err)
	}
	// The last bytes below a limit are had without the reserve that is usually taken.
	rest := 100_000 - process.Used()
	if err := right.Grow(rest); err != nil {
		t.Fatalf("the last %d bytes: %v", rest, err)
	}
	err := right.Grow(1)
	var b *mem.BudgetError
	if !errors.As(err, &b) || b.Account != "process" {
		t.Fatalf("want the process to refuse, got %v", err)
	}
	left.Close()
	left.Close()
	if err := right.Grow(1); err != nil {
		t.Fatalf("after the other gave back: %v", err)
	}
	right.Close()
	wantUsed(t, process, 0)
}

func TestReserveIsBounded(t *testing.T) {
	process := mem.New("process", 0)
	a := process.Child("operator", 0)
	if err := a.Grow(1 << 20); err != nil {
		t.Fatal(err)
	}
	a.Shrink(1<<20 - 1)
	if held := process.Used(); held > 64<<10 {
		t.Fatalf("%d bytes held for 1 byte in use", held)
	}
}

func TestOverdraw(t *testing.T) {
	process := mem.New("process", 100)
	a := process.Child("operator", 0)
	if err := a.Overdraw(90); err != nil {
		t.Fatal(err)
	}
	if err := a.Overdraw(20); !errors.Is(err, mem.ErrBudget) {
		t.Fatalf("got %v, want to be told", err)
	}
	wantUsed(t, a, 110)
	wantUsed(t, process, 110)
	a.Close()
	wantUsed(t, process, 0)
}

// TestConcurrent grows and shrinks leaves of one tree from many goroutines and expects that nothing is
// lost and no limit is passed.
func TestConcurrent(t *testing.T) {
	const limit = 1 << 20
	process := mem.New("process", limit)
	var wait sync.WaitGroup
	for seed := range uint64(8) {
		wait.Go(func() {
			rng := rand.New(rand.NewPCG(seed, 1))
			session := process.Child("session", limit/2)
			defer session.Close()
			operator := session.Child("operator", 0)
			defer operator.Close()
			var have int64
			for range 10_000 {
				n := rng.Int64N(64 << 10)
				if rng.IntN(2) == 0 && operator.Grow(n) == nil {
					have += n
				} else {
					n = min(n, have)
					operator.Shrink(n)
					have -= n
				}
			}
			if operator.Used() != have {
				t.Errorf("seed %d: operator uses %d, want %d", seed, operator.Used(), have)
			}
		})
	}
	wait.Wait()
	wantUsed(t, process, 0)
	if process.Peak() > limit {
		t.Fatalf("peak %d past the limit", process.Peak())
	}
}

func BenchmarkGrowShrink(b *testing.B) {
	operator := mem.New("process", 0).Child("session", 0).Child("statement", 0).Child("operator", 1<<30)
	for b.Loop() {
		if err := operator.Grow(4096); err != nil {
			b.Fatal(err)
		}
		operator.Shrink(4096)
	}
}
