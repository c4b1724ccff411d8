// Package guard starts goroutines that cannot take the server down. Read guard.go.
//
// Every goroutine outside of tests starts here (internal/lint holds that), because a panic that nobody
// recovers ends the process with all its sessions. A guarded function that panics yields a *PanicError
// with the stack instead: from Run to the caller, from a Group to Wait, from Go to the function that
// was given for it. In a build with the tag invariants the panic goes on, so that tests see it.
//
// Nothing here owns memory beyond the goroutine's own. All functions are safe for concurrent use, and a
// Group must be waited for by one goroutine.
package guard
