package sql_test

import (
	"testing"

	"github.com/vecdb/vecdb/sql"
)

// Errors of the grammar have PostgreSQL's SQLSTATE, text and place.
func TestSyntaxErrors(t *testing.T) {
	refused(t, "selec 1", "42601: syntax error at or near \"selec\"", 1)
	refused(t, "select (1", "42601: syntax error at end of input", 10)
	refused(t, "select 1 from", "42601: syntax error at end of input", 14)
	refused(t, "select 'abc", "42601: unterminated quoted string at or near \"'abc\"", 8)
	refused(t, `select "abc`, "42601: unterminated quoted identifier at or near \"\"abc\"", 8)
	refused(t, "select $$abc", "42601: unterminated dollar-quoted string at or near \"$$abc\"", 8)
	refused(t, "select /* abc", "42601: unterminated /* comment at or near \"/* abc\"", 8)
	refused(t, "select 1a", "42601: trailing junk after numeric literal at or near \"1a\"", 8)
	refused(t, "select 0x", "42601: invalid hexadecimal integer at or near \"0x\"", 8)
	refused(t, `select E'\u12'`, "22025: invalid Unicode escape", 10)
	refused(t, `select U&'\zzzz'`, "22025: invalid Unicode escape", 11)
	refused(t, `select "" from t`, "42601: zero-length delimited identifier at or near \"\"\"\"", 8)
	refused(t, "create table t", "42601: syntax error at end of input", 15)
	refused(t, "insert into t", "42601: syntax error at end of input", 14)
	refused(t, "insert t values (1)", "42601: syntax error at or near \"t\"", 8)
	refused(t, "delete t", "42601: syntax error at or near \"t\"", 8)
	refused(t, "update t a = 1", "42601: syntax error at or near \"=\"", 12)
	refused(t, "select * from t order a", "42601: syntax error at or near \"a\"", 23)
	refused(t, "select 1 +", "42601: syntax error at end of input", 11)
	parsed(t, "select $0", &sql.Select{Targets: []sql.Target{{Expr: &sql.Param{}}}})
	parsed(t, "select 1 as select", &sql.Select{Targets: []sql.Target{{Name: "select", Expr: num(1)}}})
	refused(t, "select interval '1' day to month(3)", "42601: syntax error at or near \"month\"", 28)
	refused(t, "create table t (a int, constraint)", "42601: syntax error at or near \")\"", 34)
	refused(t, "select count(distinct *)", "42601: syntax error at or near \"*\"", 23)
	refused(t, "select f(variadic a, b)", "42601: syntax error at or near \",\"", 20)
	parsed(t, "select f(a => 1, 2)", &sql.Select{
		Targets: []sql.Target{
			{
				Expr: &sql.Func{Names: []string{"f"}, Args: []sql.Expr{&sql.NamedArg{Name: "a", Arg: num(1)}, num(2)}},
			},
		},
	})
	refused(t, "select a from t limit 1 limit 2", "42601: syntax error at or near \"limit\"", 25)
	refused(t, "select a from t order by a order by b", "42601: syntax error at or near \"order\"", 28)
	refused(t, "with a as (select 1)", "42601: syntax error at end of input", 21)
	refused(t, "select 1 where true where false", "42601: syntax error at or near \"where\"", 21)
	refused(t, "select * from t group by grouping sets", "42601: syntax error at end of input", 39)
	refused(t, "select float(0) '1'", "22023: precision for type float must be at least 1 bit", 14)
	parsed(t, "select * from (values (1), (1, 2)) v", &sql.Select{
		Targets: []sql.Target{{Expr: star("")}},
		From: []sql.TableExpr{
			&sql.SubqueryTable{
				Query: &sql.Select{Values: [][]sql.Expr{{num(1)}, {num(1), num(2)}}},
				Alias: &sql.Alias{Name: "v"},
			},
		},
	})
	refused(t, "select 1 fetch first row only limit 2", "42601: syntax error at or near \"limit\"", 31)
	refused(t, "drop table", "42601: syntax error at end of input", 11)
	refused(t, "alter table t", "42601: syntax error at end of input", 14)
	refused(t, "create index on t", "42601: syntax error at end of input", 18)
}

// What we do not have is said by the name of the statement.
func TestUnsupportedStatements(t *testing.T) {
	unsupported(t, "create function f() returns int language sql as 'select 1'", "CREATE FUNCTION")
	unsupported(t, "create procedure p() language sql as ''", "CREATE PROCEDURE")
	unsupported(t, "create aggregate a (int) (sfunc = f, stype = int)", "CREATE AGGREGATE")
	unsupported(t, "create type c as (a int)", "CREATE TYPE")
	unsupported(t, "create type e as enum ('a')", "CREATE TYPE")
	unsupported(t, "create domain d as int", "CREATE DOMAIN")
	unsupported(t, "create trigger g before insert on t execute function f()", "CREATE TRIGGER")
	unsupported(t, "create rule r as on insert to t do nothing", "CREATE RULE")
	unsupported(t, "create policy p on t", "CREATE POLICY")
	unsupported(t, "create operator + (leftarg = int, function = f)", "CREATE OPERATOR")
	unsupported(t, "create cast (int as text) without function", "CREATE CAST")
	unsupported(t, `create collation c from "C"`, "CREATE COLLATION")
	unsupported(t, "create publication p", "CREATE PUBLICATION")
	unsupported(t, "create subscription s connection '' publication p", "CREATE SUBSCRIPTION")
	unsupported(t, "create tablespace x location '/x'", "CREATE TABLESPACE")
	unsupported(t, "create server s foreign data wrapper w", "CREATE SERVER")
	unsupported(t, "create foreign table f (a int) server s", "CREATE FOREIGN TABLE")
	unsupported(t, "create statistics s on a, b from t", "CREATE STATISTICS")
	unsupported(t, "create event trigger e on ddl_command_start execute function f()", "CREATE EVENT TRIGGER")
	parsed(t, "create language l", &sql.CreateExtension{Name: "l"})
	unsupported(t, "create access method m type index handler h", "CREATE ACCESS METHOD")
	unsupported(t, "create text search configuration c (parser = p)", "CREATE TEXT SEARCH CONFIGURATION")
	unsupported(t, "do 'x'", "DO")
	unsupported(t, "call p()", "CALL")
	unsupported(t, "security label on table t is 'x'", "SECURITY LABEL")
	unsupported(t, "import foreign schema s from server v into t", "IMPORT FOREIGN SCHEMA")
	unsupported(t, "load 'x'", "LOAD")
	unsupported(t, "refresh materialized view m", "REFRESH MATERIALIZED VIEW")
}
