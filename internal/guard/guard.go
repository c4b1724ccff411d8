package guard

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/vecdb/vecdb/internal/invariants"
)

// PanicError is what a panic under a guard turns into.
type PanicError struct {
	Name  string // of the guarded work, as given to Run or Go
	Value any    // what was panicked with
	Stack []byte // of the goroutine, when it panicked
}

// Error names the work and the value; the stack is for the log.
func (e *PanicError) Error() string {
	return fmt.Sprintf("internal error: panic in %s: %v", e.Name, e.Value)
}

// Unwrap gives the value if it is an error, so that a panic with a marked error keeps its marks.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// Run calls f in the calling goroutine and turns a panic into a *PanicError.
func Run(name string, f func() error) (err error) {
	if !invariants.Enabled {
		defer func() {
			if v := recover(); v != nil {
				err = errors.Join(err, &PanicError{Name: name, Value: v, Stack: debug.Stack()})
			}
		}()
	}
	return f()
}

// Go starts f in a goroutine of its own. What f returns, or its panic, is given to done in that
// goroutine; done is called exactly once and must not panic.
func Go(name string, done func(error), f func() error) {
	go func() {
		done(Run(name, f))
	}()
}

// Group is a set of goroutines that work on one task. The first error cancels the group's context.
type Group struct {
	cancel context.CancelCauseFunc
	wait   sync.WaitGroup
	once   sync.Once
	err    error
}

// NewGroup returns an empty group and the context that its first error, or the end of Wait, cancels.
func NewGroup(ctx context.Context) (*Group, context.Context) {
	ctx, cancel := context.WithCancelCause(ctx)
	return &Group{cancel: cancel}, ctx
}

// Go starts f as a member. It must not be called after Wait has returned.
func (g *Group) Go(name string, f func() error) {
	g.wait.Add(1)
	Go(name, g.done, f)
}

// done notes a member's end.
func (g *Group) done(err error) {
	defer g.wait.Done()
	if err == nil {
		return
	}
	g.once.Do(func() {
		g.err = err
		g.cancel(err)
	})
}

// Wait returns when all members have ended, with the error that came first.
func (g *Group) Wait() error {
	g.wait.Wait()
	g.cancel(context.Canceled)
	return g.err
}
