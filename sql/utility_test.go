package sql_test

import (
	"testing"

	"github.com/vecdb/vecdb/sql"
)

// Transactions and settings.
func TestTransactions(t *testing.T) {
	parsed(t, "begin", &sql.Begin{})
	parsed(t, "start transaction isolation level repeatable read, read only, not deferrable", &sql.Begin{
		Options: sql.TxOptions{Isolation: "repeatable read", ReadOnly: new(true), Deferrable: new(false)},
		Start:   true,
	})
	parsed(t, "begin work read write deferrable",
		&sql.Begin{Options: sql.TxOptions{ReadOnly: new(false), Deferrable: new(true)}})
	parsed(t, "commit and chain", &sql.Commit{Chain: true})
	parsed(t, "end", &sql.Commit{})
	parsed(t, "rollback and no chain", &sql.Rollback{})
	parsed(t, "abort", &sql.Rollback{})
	parsed(t, "savepoint a", &sql.Savepoint{Name: "a"})
	parsed(t, "release savepoint a", &sql.Release{Name: "a"})
	parsed(t, "rollback to savepoint a", &sql.RollbackTo{Name: "a"})
	unsupported(t, "prepare transaction 'x'", "PREPARE TRANSACTION")
	parsed(t, "set transaction isolation level serializable read only",
		&sql.SetTransaction{Options: sql.TxOptions{Isolation: "serializable", ReadOnly: new(true)}})
	parsed(t, "set session characteristics as transaction isolation level read uncommitted",
		&sql.SetTransaction{Session: true, Options: sql.TxOptions{Isolation: "read uncommitted"}})
	parsed(t, "set constraints all deferred", &sql.SetConstraints{Deferred: true})
	parsed(t, "set constraints a, s.b immediate", &sql.SetConstraints{Names: []*sql.TableName{table("a"), table("s.b")}})
	parsed(t, "set local work_mem = 64",
		&sql.Set{Name: "work_mem", Args: []sql.SetArg{{Text: "64", Number: true}}, Local: true})
	parsed(t, "set a.b to 'x', 'y', 3.5, on",
		&sql.Set{Name: "a.b", Args: []sql.SetArg{{Text: "x"}, {Text: "y"}, {Text: "3.5", Number: true}, {Text: "on"}}})
	parsed(t, `set search_path = public, "$user"`,
		&sql.Set{Name: "search_path", Args: []sql.SetArg{{Text: "public"}, {Text: "$user"}}})
	parsed(t, "set time zone 'UTC'", &sql.Set{Name: "timezone", Args: []sql.SetArg{{Text: "UTC"}}})
	parsed(t, "set time zone local", &sql.Set{Kind: sql.SetDefault, Name: "timezone"})
	parsed(t, "set time zone interval '1' hour to minute",
		&sql.Set{Name: "timezone", Args: []sql.SetArg{{Text: "<+00:01>-00:01"}}})
	parsed(t, "set work_mem to default", &sql.Set{Kind: sql.SetDefault, Name: "work_mem"})
	parsed(t, "set session authorization r", &sql.Set{Name: "session_authorization", Args: []sql.SetArg{{Text: "r"}}})
	parsed(t, "set role none", &sql.Set{Name: "role", Args: []sql.SetArg{{Text: "none"}}})
	parsed(t, "set names 'utf8'", &sql.Set{Name: "client_encoding", Args: []sql.SetArg{{Text: "utf8"}}})
	parsed(t, "set schema 's'", &sql.Set{Name: "search_path", Args: []sql.SetArg{{Text: "s"}}})
	parsed(t, "reset work_mem", &sql.Set{Kind: sql.Reset, Name: "work_mem"})
	parsed(t, "reset all", &sql.Set{Kind: sql.ResetAll})
	parsed(t, "show all", &sql.Show{Name: "all"})
	parsed(t, "show time zone", &sql.Show{Name: "timezone"})
	parsed(t, "show transaction isolation level", &sql.Show{Name: "transaction_isolation"})
	parsed(t, "discard plans", &sql.Discard{What: "PLANS"})
	parsed(t, "discard all", &sql.Discard{What: "ALL"})
}

// Prepared statements, cursors, notifications, upkeep, EXPLAIN, COPY, LOCK.
func TestUtility(t *testing.T) {
	parsed(t, "prepare p (int, text[]) as select $1, $2", &sql.Prepare{
		Name:  "p",
		Types: []*sql.TypeName{typ("pg_catalog.int4"), {Names: []string{"text"}, Dims: 1}},
		Query: sql.Statement{
			Node:   &sql.Select{Targets: []sql.Target{{Expr: &sql.Param{N: 1}}, {Expr: &sql.Param{N: 2}}}},
			Text:   "prepare p (int, text[]) as select $1, $2",
			Params: 2,
		},
	})
	parsed(t, "execute p (1, 'x')", &sql.Execute{Name: "p", Args: []sql.Expr{num(1), text("x")}})
	parsed(t, "execute p", &sql.Execute{Name: "p"})
	parsed(t, "deallocate prepare p", &sql.Deallocate{Name: "p"})
	parsed(t, "deallocate all", &sql.Deallocate{})
	parsed(t, "declare c binary insensitive no scroll cursor with hold for select 1", &sql.DeclareCursor{
		Name:        "c",
		Query:       &sql.Select{Targets: []sql.Target{{Expr: num(1)}}},
		Binary:      true,
		NoScroll:    true,
		Hold:        true,
		Insensitive: true,
	})
	parsed(t, "declare c scroll cursor for values (1)",
		&sql.DeclareCursor{Name: "c", Query: &sql.Select{Values: [][]sql.Expr{{num(1)}}}, Scroll: true})
	parsed(t, "fetch c", &sql.Fetch{Cursor: "c", Count: 1})
	parsed(t, "fetch next from c", &sql.Fetch{Cursor: "c", Count: 1})
	parsed(t, "fetch backward 3 in c", &sql.Fetch{Cursor: "c", Direction: sql.FetchBackward, Count: 3})
	parsed(t, "fetch all c", &sql.Fetch{Cursor: "c", Count: sql.FetchAll})
	parsed(t, "fetch last from c", &sql.Fetch{Cursor: "c", Direction: sql.FetchAbsolute, Count: -1})
	parsed(t, "fetch relative -2 from c", &sql.Fetch{Cursor: "c", Direction: sql.FetchRelative, Count: -2})
	parsed(t, "move forward all in c", &sql.Fetch{Cursor: "c", Count: sql.FetchAll, Move: true})
	parsed(t, "close c", &sql.CloseCursor{Name: "c"})
	parsed(t, "close all", &sql.CloseCursor{})
	parsed(t, "listen ch", &sql.Listen{Channel: "ch"})
	parsed(t, "unlisten *", &sql.Unlisten{})
	parsed(t, "notify ch, 'payload'", &sql.Notify{Channel: "ch", Payload: "payload"})
	parsed(t, "vacuum", &sql.Vacuum{Vacuum: true})
	parsed(t, "vacuum (analyze, verbose false) a (x, y), s.b", &sql.Vacuum{
		Vacuum:  true,
		Options: []sql.Option{{Name: "analyze"}, {Name: "verbose", Set: true, Value: "false"}},
		Tables:  []sql.VacuumTable{{Table: table("a"), Cols: []string{"x", "y"}}, {Table: table("s.b")}},
	})
	parsed(t, "vacuum full freeze verbose analyze t", &sql.Vacuum{
		Vacuum:  true,
		Options: []sql.Option{{Name: "full"}, {Name: "freeze"}, {Name: "verbose"}, {Name: "analyze"}},
		Tables:  []sql.VacuumTable{{Table: table("t")}},
	})
	parsed(t, "analyze verbose t (a)", &sql.Vacuum{
		Options: []sql.Option{{Name: "verbose"}},
		Tables:  []sql.VacuumTable{{Table: table("t"), Cols: []string{"a"}}},
	})
	parsed(t, "reindex index concurrently i",
		&sql.Reindex{Kind: "INDEX", Table: table("i"), Options: []sql.Option{{Name: "concurrently"}}})
	parsed(t, "reindex (verbose) table s.t",
		&sql.Reindex{Kind: "TABLE", Table: table("s.t"), Options: []sql.Option{{Name: "verbose"}}})
	parsed(t, "reindex schema s", &sql.Reindex{Kind: "SCHEMA", Name: "s"})
	parsed(t, "reindex database d", &sql.Reindex{Kind: "DATABASE", Name: "d"})
	parsed(t, "cluster t using i", &sql.Cluster{Table: table("t"), Index: "i"})
	parsed(t, "cluster", &sql.Cluster{})
	parsed(t, "checkpoint", &sql.Checkpoint{})
	parsed(t, "lock table only a, s.b in share row exclusive mode nowait",
		&sql.LockTable{Tables: []*sql.TableName{{Name: "a", Only: true}, table("s.b")}, Mode: 6, NoWait: true})
	parsed(t, "lock t", &sql.LockTable{Tables: []*sql.TableName{table("t")}, Mode: 8})
	parsed(t, "explain select 1", &sql.Explain{Query: &sql.Select{Targets: []sql.Target{{Expr: num(1)}}}})
	parsed(t, "explain analyze verbose update t set a = 1", &sql.Explain{
		Query:   &sql.Update{Table: table("t"), Set: []sql.Target{{Name: "a", Expr: num(1)}}},
		Options: []sql.Option{{Name: "analyze"}, {Name: "verbose"}},
	})
	parsed(t, "explain (analyze, costs off, format json, buffers true) execute p", &sql.Explain{
		Query: &sql.Execute{Name: "p"},
		Options: []sql.Option{
			{Name: "analyze"},
			{Name: "costs", Set: true, Value: "off"},
			{Name: "format", Set: true, Value: "json"},
			{Name: "buffers", Set: true, Value: "true"},
		},
	})
	parsed(t, "copy t from stdin", &sql.Copy{Table: table("t"), From: true})
	parsed(t, `copy s.t (a, b) from '/x' with (format csv, header match, null 'N', force_not_null (a, b), `+
		`delimiter E'\t') where a > 1`,
		&sql.Copy{
			Table: table("s.t"),
			Cols:  []string{"a", "b"},
			From:  true,
			File:  "/x",
			Options: []sql.Option{
				{Name: "format", Set: true, Value: "csv"},
				{Name: "header", Set: true, Value: "match"},
				{Name: "null", Set: true, Value: "N"},
				{Name: "force_not_null", Set: true, Value: "a.b", List: []string{"a", "b"}},
				{Name: "delimiter", Set: true, Value: "\t"},
			},
			Where: op(col("a"), ">", num(1)),
		})
	parsed(t, `copy (select 1) to stdout with csv header quote '"' escape '\' force quote *`, &sql.Copy{
		Query: &sql.Select{Targets: []sql.Target{{Expr: num(1)}}},
		Options: []sql.Option{
			{Name: "format", Set: true, Value: "csv"},
			{Name: "header", Set: true, Value: "true"},
			{Name: "quote", Set: true, Value: `"`},
			{Name: "escape", Set: true, Value: `\`},
			{Name: "force_quote", Set: true, Value: "*", Star: true},
		},
	})
	parsed(t, "copy t to program 'x' binary", &sql.Copy{
		Table:   table("t"),
		Program: true,
		File:    "x",
		Options: []sql.Option{{Name: "format", Set: true, Value: "binary"}},
	})
	parsed(t, "copy (insert into t values (1) returning a) to stdout", &sql.Copy{
		Query: &sql.Insert{
			Table:     table("t"),
			Query:     &sql.Select{Values: [][]sql.Expr{{num(1)}}},
			Returning: []sql.Target{{Expr: col("a")}},
		},
	})
	parsed(t, "copy t from stdin with (freeze, default 'x', encoding 'utf8', header 1)", &sql.Copy{
		Table: table("t"),
		From:  true,
		Options: []sql.Option{
			{Name: "freeze"},
			{Name: "default", Set: true, Value: "x"},
			{Name: "encoding", Set: true, Value: "utf8"},
			{Name: "header", Set: true, Value: "1"},
		},
	})
	parsed(t, "set time zone interval '-08:00' hour to minute",
		&sql.Set{Name: "timezone", Args: []sql.SetArg{{Text: "<-08>+08"}}})
	parsed(t, "set time zone interval '15 hours'", &sql.Set{Name: "timezone", Args: []sql.SetArg{{Text: "<+15>-15"}}})
	refused(t, "set time zone interval '1 month'",
		"22023: invalid value for parameter \"TimeZone\": \"INTERVAL '1 mon'\"", 0)
	refused(t, "set time zone interval '1 day'", "22023: invalid value for parameter \"TimeZone\": \"INTERVAL '1 day'\"",
		0)
	refused(t, "set time zone interval '200 hours'",
		"22023: invalid value for parameter \"TimeZone\": \"INTERVAL '200:00:00'\"", 0)
	refused(t, "set time zone interval '1-2' year to month", "42601: time zone interval must be HOUR or HOUR TO MINUTE",
		30)
	parsed(t, "set time zone -7.5", &sql.Set{Name: "timezone", Args: []sql.SetArg{{Text: "-7.5", Number: true}}})
}
