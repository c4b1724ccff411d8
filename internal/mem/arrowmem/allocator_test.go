package arrowmem_test

import (
	"errors"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/vecdb/vecdb/internal/mem"
	"github.com/vecdb/vecdb/internal/mem/arrowmem"
)

var _ memory.Allocator = (*arrowmem.Allocator)(nil)

func TestBuilderDrawsOnTheAccount(t *testing.T) {
	account := mem.New("operator", 1<<20)
	alloc := arrowmem.New(account)
	b := array.NewInt64Builder(alloc)
	for i := range int64(10_000) {
		b.Append(i)
	}
	column := b.NewInt64Array()
	if used := account.Used(); used < 80_000 || alloc.Err() != nil {
		t.Fatalf("80 kB of values count as %d bytes, err %v", used, alloc.Err())
	}
	column.Release()
	b.Release()
	if used := account.Used(); used != 0 {
		t.Fatalf("%d bytes left after release", used)
	}
}

func TestPastTheBudget(t *testing.T) {
	account := mem.New("operator", 100)
	alloc := arrowmem.New(account)
	a := alloc.Allocate(80)
	if alloc.Err() != nil {
		t.Fatal(alloc.Err())
	}
	a = alloc.Reallocate(160, a)
	if len(a) != 160 || !errors.Is(alloc.Err(), mem.ErrBudget) || account.Used() != 160 {
		t.Fatalf("%d bytes, err %v, used %d", len(a), alloc.Err(), account.Used())
	}
	a = alloc.Reallocate(10, a)
	if account.Used() != 10 {
		t.Fatalf("used %d after shrinking", account.Used())
	}
	alloc.Free(a)
	if account.Used() != 0 || alloc.Err() == nil {
		t.Fatal("freeing must give back, and the refusal must stay told")
	}
}
