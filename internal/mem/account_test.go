package mem_test

import (
	"errors"
	"fmt"
	"math/rand"
	"sync"
	"testing"

	"github.com/vecdb/vecdb/internal/mem"
)

func wantUsed(t *testing.T, a *mem.Account, want int64) {
	t.Helper()
	if got := a.Used(); got != want {
		t.Errorf("used %d, want %d", got, want)
	}
}

// What a child grows by is counted at every level, up to a limit and not a byte further.
func TestLimits(t *testing.T) {
	process := mem.New("process", 100)
	session := process.Child("session", 0)
	statement := session.Child("statement", 60)
	refused := func(a *mem.Account, n int64, by string) {
		t.Helper()
		var limit *mem.LimitError
		before := [3]int64{process.Used(), session.Used(), statement.Used()}
		if err := a.Grow(n); !errors.Is(err, mem.ErrLimit) || !errors.As(err, &limit) || limit.Account != by ||
			limit.Asked != n {
			t.Errorf("grow by %d: %v, want %s to refuse", n, err, by)
		}
		if after := [3]int64{process.Used(), session.Used(), statement.Used()}; after != before {
			t.Errorf("refused, but counted: %v, then %v", before, after)
		}
	}
	granted := func(a *mem.Account, n int64) {
		t.Helper()
		if err := a.Grow(n); err != nil {
			t.Error(err)
		}
	}
	granted(statement, 60)
	refused(statement, 1, "statement")
	granted(session, 40)
	refused(session, 1, "process")
	refused(statement, 1, "statement")
	granted(statement, -10)
	refused(statement, 11, "statement")
	granted(statement, 10)
	wantUsed(t, process, 100)
	statement.Close()
	wantUsed(t, process, 40)
	wantUsed(t, statement, 0)
	granted(statement, 60)
	statement.Close()
	session.Close()
	wantUsed(t, process, 0)
}

// Owners move their account by the difference, and stay as they were when they are refused.
func TestResize(t *testing.T) {
	a := mem.New("a", 10)
	var h, other int64
	set := func(h *int64, n int64, ok bool) {
		t.Helper()
		before := *h
		if err := a.Resize(h, n); (err == nil) != ok || ok && *h != n || !ok && *h != before {
			t.Errorf("resize to %d: %v, %d is held", n, err, *h)
		}
	}
	set(&h, 7, true)
	set(&other, 3, true)
	set(&h, 8, false)
	wantUsed(t, a, 10)
	set(&h, 2, true)
	set(&other, 8, true)
	wantUsed(t, a, 10)
	set(&h, 0, true)
	set(&other, 0, true)
	wantUsed(t, a, 0)
	a = nil
	set(&h, 1<<40, true)
}

// Goroutines that grow and shrink at once never count past the limit, and leave nothing.
func TestConcurrent(t *testing.T) {
	const limit = 1000
	process := mem.New("process", limit)
	var wg sync.WaitGroup
	for seed := range 8 {
		wg.Go(func() {
			rng := rand.New(rand.NewSource(int64(seed)))
			session := process.Child(fmt.Sprint("session ", seed), 300)
			var held int64
			for range 2000 {
				if err := session.Resize(&held, rng.Int63n(400)); err == nil && session.Used() > 300 {
					t.Errorf("session %d holds %d", seed, session.Used())
				}
			}
			session.Close()
		})
	}
	wg.Wait()
	wantUsed(t, process, 0)
}

// A limit holds for the sum of all children.
func ExampleAccount() {
	process := mem.New("process", 1<<20)
	sort, join := process.Child("statement", 0), process.Child("statement", 0)
	fmt.Println(sort.Grow(600 << 10))
	fmt.Println(join.Grow(600 << 10))
	sort.Close()
	fmt.Println(join.Grow(600 << 10))
	// Output:
	// <nil>
	// process: 614400 bytes more would pass the limit of 1048576
	// <nil>
}
