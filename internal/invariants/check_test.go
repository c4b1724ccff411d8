package invariants_test

import (
	"errors"
	"testing"

	"github.com/vecdb/vecdb/internal/invariants"
)

// broken calls Check and gives what it returned or panicked with.
func broken(t *testing.T, ok bool, format string, args ...any) (err error) {
	t.Helper()
	defer func() {
		r := recover()
		if (r != nil) != (invariants.Enabled && !ok) {
			t.Fatalf("panicked: %v, in a build with invariants: %v", r, invariants.Enabled)
		}
		if r != nil {
			err = r.(error)
		}
	}()
	return invariants.Check(ok, format, args...)
}

func TestCheck(t *testing.T) {
	if err := broken(t, true, "never"); err != nil {
		t.Fatalf("a true condition gave %v", err)
	}
	err := broken(t, false, "%d rows in a batch of %d", 3, 2)
	if !errors.Is(err, invariants.ErrBroken) {
		t.Fatalf("%v does not wrap ErrBroken", err)
	}
	if want := "internal error: 3 rows in a batch of 2"; err.Error() != want {
		t.Fatalf("got %q, want %q", err, want)
	}
}
