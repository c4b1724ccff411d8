package main_test

import (
	"testing"

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
	dropped := make(chan error, 1)
	go func() {
		_, err := admin.Exec(ctx, "DROP DATABASE leaving").ReadAll()
		dropped <- err
	}()
	watcher := connect("postgres")
	defer func() { _ = watcher.Close(ctx) }()
	for running := false; !running; {
		r := watcher.ExecParams(ctx, "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DROP DATABASE%'",
			nil, nil, nil, nil).Read()
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		running = len(r.Rows) > 0
		select {
		case err := <-dropped:
			t.Fatal("ended while a session was there: ", err)
		default:
		}
	}
	if err := guest.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-dropped; err != nil {
		t.Fatal(err)
	}
}
