package guard_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/internal/guard"
	"github.com/vecdb/vecdb/internal/invariants"
)

// skipPanics skips a test whose panic is meant to end the process in this build.
func skipPanics(t *testing.T) {
	t.Helper()
	if invariants.Enabled {
		t.Skip("panics go on in a build with the tag invariants")
	}
}

func TestRun(t *testing.T) {
	if err := guard.Run("work", func() error { return io.EOF }); !errors.Is(err, io.EOF) {
		t.Fatalf("got %v, want what f returned", err)
	}
	skipPanics(t)
	err := guard.Run("work", func() error { panic(io.ErrUnexpectedEOF) })
	var p *guard.PanicError
	if !errors.As(err, &p) || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("got %v, want a PanicError that wraps the value", err)
	}
	if !strings.Contains(string(p.Stack), "TestRun") || !strings.Contains(err.Error(), "panic in work") {
		t.Fatalf("neither stack nor name tell where: %v\n%s", err, p.Stack)
	}
}

func TestGo(t *testing.T) {
	done := make(chan error, 1)
	guard.Go("work", func(err error) { done <- err }, func() error { return io.EOF })
	if err := <-done; !errors.Is(err, io.EOF) {
		t.Fatalf("got %v", err)
	}
	skipPanics(t)
	guard.Go("work", func(err error) { done <- err }, func() error { panic("lost") })
	if err := <-done; err == nil || !strings.Contains(err.Error(), "lost") {
		t.Fatalf("got %v", err)
	}
}

func TestGroup(t *testing.T) {
	g, ctx := guard.NewGroup(context.Background())
	g.Go("waiting", func() error { <-ctx.Done(); return context.Cause(ctx) })
	g.Go("failing", func() error { return io.EOF })
	if err := g.Wait(); !errors.Is(err, io.EOF) {
		t.Fatalf("got %v, want the first error", err)
	}
	if !errors.Is(context.Cause(ctx), io.EOF) {
		t.Fatalf("cause %v", context.Cause(ctx))
	}
	g, ctx = guard.NewGroup(context.Background())
	for range 10 {
		g.Go("fine", func() error { return nil })
	}
	if err := g.Wait(); err != nil || ctx.Err() == nil {
		t.Fatalf("err %v, context %v", err, ctx.Err())
	}
}
