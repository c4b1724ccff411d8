package main_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/vecdb/vecdb/internal/testutil"
)

// A client that is just leaving, or is being sent away, does not fail a DROP DATABASE.
func TestDropDatabaseWaitsForLeavingSessions(t *testing.T) {
	ctx := t.Context()
	server, err := testutil.Start(testutil.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	connect := func(db string) *pgconn.PgConn {
		t.Helper()
		c, err := pgconn.Connect(ctx, server.DSN(db))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	admin := connect("postgres")
	defer func() { _ = admin.Close(ctx) }()
	run := func(query string) {
		t.Helper()
		if _, err := admin.Exec(ctx, query).ReadAll(); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	for range 20 {
		run("CREATE DATABASE forced")
		connect("forced")
		run("DROP DATABASE forced WITH (FORCE)")
	}

	run("CREATE DATABASE leaving")
	guest := connect("leaving")
	left := make(chan error, 1)
	go func() {
		time.Sleep(200 * time.Millisecond)
		left <- guest.Close(ctx)
	}()
	run("DROP DATABASE leaving")
	if err := <-left; err != nil {
		t.Fatal(err)
	}
}
