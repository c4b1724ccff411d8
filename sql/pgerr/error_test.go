package pgerr_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
)

func TestCode(t *testing.T) {
	f := func(err error, want string) {
		t.Helper()
		if got := pgerr.Code(err); got != want {
			t.Fatalf("Code(%v) = %q, want %q", err, got, want)
		}
	}
	dup := pgerr.New(pgerrcode.UniqueViolation, "duplicate key")
	f(nil, "")
	f(errors.New("plain"), "XX000")
	f(dup, "23505")
	f(fmt.Errorf("insert: %w", dup), "23505")
	f(pgerr.New(pgerrcode.InternalError, "x").Wrap(dup), "XX000")
	f(pgerr.New(pgerrcode.DataException, "x").Wrap(dup), "23505")
	f(pgerr.Unsupported("CREATE TRIGGER"), "0A000")
	f(errors.Join(dup, errors.New("close")), "23505")
	f(fmt.Errorf("copy: %w, %w", errors.New("close"), dup), "23505")
	f(pgerr.New(pgerrcode.DataException, "x").Wrap(errors.Join(nil, dup)), "23505")
	f(errors.Join(errors.New("a"), errors.New("b")), "XX000")
}

func TestFrom(t *testing.T) {
	if pgerr.From(nil) != nil {
		t.Fatal("From(nil) is not nil")
	}
	e := pgerr.New(pgerrcode.UndefinedTable, "relation %q does not exist", "t").At(14).Hint("h").Detail("d")
	if got := pgerr.From(fmt.Errorf("bind: %w", e)); got != e || got.Position != 15 {
		t.Fatalf("From lost the error: %+v", got)
	}
	if got := pgerr.From(errors.New("io")); got.SQLState != "XX000" {
		t.Fatalf("code %s", got.SQLState)
	}
}

func TestQuotesAreVerbatim(t *testing.T) {
	f := func(e *pgerr.Error, want string) {
		t.Helper()
		if e.Message != want {
			t.Fatalf("message %s, want %s", e.Message, want)
		}
	}
	f(pgerr.New("42P01", "relation %q does not exist", `a"b\ü`), `relation "a"b\ü" does not exist`)
	f(pgerr.New("42601", "%s at or near %q: %d", "error", "x", 7), `error at or near "x": 7`)
	f(pgerr.New("42601", "%-5s|%q", "ab", "x"), `ab   |"x"`)
}
