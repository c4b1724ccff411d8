package session_test

import (
	"context"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
	"github.com/vecdb/vecdb/wire/backend"
)

// The time of statement_timeout runs over all steps of a statement: many short ones do not go on for ever.
func TestStatementTimeoutOverSteps(t *testing.T) {
	db := dbtest.NewOwn(t)
	ctx := context.Background()
	const rows = 20_000_000 // more steps than fit into the time
	db.Must("begin; set local statement_timeout = 20")
	err := db.Parse(ctx, "", "select n from generate_series(1, 20000000) n", nil)
	if err == nil {
		err = db.Bind(ctx, "", "", nil, nil, nil)
	}
	var p backend.Portal
	if err == nil {
		p, err = db.Portal("")
	}
	for n := 0; err == nil; n++ {
		if err = p.Start(); err == nil {
			_, err = p.Next(ctx, 1)
		}
		if n == rows {
			t.Fatal("the statement has run to its end")
		}
	}
	if got := dbtest.ErrorText(err); got != "57014: canceling statement due to statement timeout" {
		t.Errorf("got %s", got)
	}
	db.Fail(err)
	if err := db.Sync(ctx, true); err != nil {
		t.Error(err)
	}
	db.Must("rollback")
	// The next statement has a time of its own.
	db.Is("set statement_timeout = '90min'; select 1", "1")
}
