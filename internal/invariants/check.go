package invariants

import (
	"errors"
	"fmt"
)

// ErrBroken is wrapped by every error of this package.
var ErrBroken = errors.New("internal error")

// Check returns nil if ok, and otherwise what Broken returns. The arguments are evaluated in any case,
// so hot paths write `if !ok { return invariants.Broken(...) }`.
func Check(ok bool, format string, args ...any) error {
	if ok {
		return nil
	}
	return Broken(format, args...)
}

// Broken reports a state that our own code should have made impossible: it panics in a build with the
// tag invariants, and returns an error that wraps ErrBroken in any other.
func Broken(format string, args ...any) error {
	err := fmt.Errorf("%w: %s", ErrBroken, fmt.Sprintf(format, args...))
	if Enabled {
		panic(err)
	}
	return err
}
