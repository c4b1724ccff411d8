package sql_test

import (
	"testing"

	"github.com/vecdb/vecdb/sql"
)

// Constants: numbers by size, strings in every notation, bits, parameters.
func TestConstants(t *testing.T) {
	parsed(t, "select 1, 2147483647, 2147483648, 1.5, .5, 1e10, -5, - 5, + 3, 0x1F, 0b101, 0o17, 1_000", &sql.Select{
		Targets: []sql.Target{
			{Expr: num(1)},
			{Expr: num(2147483647)},
			{Expr: &sql.Literal{Kind: sql.LitNumber, Text: "2147483648"}},
			{Expr: &sql.Literal{Kind: sql.LitNumber, Text: "1.5"}},
			{Expr: &sql.Literal{Kind: sql.LitNumber, Text: ".5"}},
			{Expr: &sql.Literal{Kind: sql.LitNumber, Text: "1e10"}},
			{Expr: num(-5)},
			{Expr: num(-5)},
			{Expr: &sql.Op{Name: "+", Right: num(3)}},
			{Expr: num(31)},
			{Expr: num(5)},
			{Expr: num(15)},
			{Expr: num(1000)},
		},
	})
	parsed(t, `select 'a', 'it''s', E'\n\x41\u00e9', $$raw$$, $q$a $$ b$q$, U&'\0061', N'n'`, &sql.Select{
		Targets: []sql.Target{
			{Expr: text("a")},
			{Expr: text("it's")},
			{Expr: text("\nAé")},
			{Expr: text("raw")},
			{Expr: text("a $$ b")},
			{Expr: text("a")},
			{Expr: &sql.Cast{Arg: text("n"), Type: typ("pg_catalog.bpchar")}},
		},
	})
	parsed(t, "select B'101', X'1F', true, false, null, $1, $2::int", &sql.Select{
		Targets: []sql.Target{
			{Expr: &sql.Literal{Kind: sql.LitBit, Text: "b101"}},
			{Expr: &sql.Literal{Kind: sql.LitBit, Text: "x1F"}},
			{Expr: &sql.Literal{Kind: sql.LitBool, Text: "t"}},
			{Expr: &sql.Literal{Kind: sql.LitBool, Text: "f"}},
			{Expr: null()},
			{Expr: &sql.Param{N: 1}},
			{Expr: &sql.Cast{Arg: &sql.Param{N: 2}, Type: typ("pg_catalog.int4")}},
		},
	})
	parsed(t, "select date '2020-01-01', timestamp(3) 'now', interval '1' day, interval '1 day', "+
		"time with time zone '1:00', double precision '1.5'",
		&sql.Select{
			Targets: []sql.Target{
				{Expr: &sql.Cast{Arg: text("2020-01-01"), Type: typ("date")}},
				{
					Expr: &sql.Cast{
						Arg:  text("now"),
						Type: &sql.TypeName{Names: []string{"pg_catalog", "timestamp"}, Mods: []sql.Expr{num(3)}},
					},
				},
				{
					Expr: &sql.Cast{
						Arg:  text("1"),
						Type: &sql.TypeName{Names: []string{"pg_catalog", "interval"}, Mods: []sql.Expr{num(8)}},
					},
				},
				{Expr: &sql.Cast{Arg: text("1 day"), Type: typ("pg_catalog.interval")}},
				{Expr: &sql.Cast{Arg: text("1:00"), Type: typ("pg_catalog.timetz")}},
				{Expr: &sql.Cast{Arg: text("1.5"), Type: typ("pg_catalog.float8")}},
			},
		})
	parsed(t, "select interval(2) '1', interval '1-2' year to month, char 'x', bit '1', vector '[1]'", &sql.Select{
		Targets: []sql.Target{
			{
				Expr: &sql.Cast{
					Arg:  text("1"),
					Type: &sql.TypeName{Names: []string{"pg_catalog", "interval"}, Mods: []sql.Expr{num(32767), num(2)}},
				},
			},
			{
				Expr: &sql.Cast{
					Arg:  text("1-2"),
					Type: &sql.TypeName{Names: []string{"pg_catalog", "interval"}, Mods: []sql.Expr{num(6)}},
				},
			},
			{Expr: &sql.Cast{Arg: text("x"), Type: typ("pg_catalog.bpchar")}},
			{Expr: &sql.Cast{Arg: text("1"), Type: typ("pg_catalog.bit")}},
			{Expr: &sql.Cast{Arg: text("[1]"), Type: typ("vector")}},
		},
	})
}

// Operators bind as PostgreSQL's precedence says.
func TestOperators(t *testing.T) {
	refused(t, "select a + b * c ^ d, -a ^ 2, a || b || c, not a = b and c or d, a < b = c",
		"42601: syntax error at or near \"=\"", 72)
	parsed(t, "select a <-> b, a <#> b, a <=> b, a <+> b, a @> b, a ->> 'x' = 'y', a # b, @ a, a operator(pg_catalog.+) b",
		&sql.Select{
			Targets: []sql.Target{
				{Expr: op(col("a"), "<->", col("b"))},
				{Expr: op(col("a"), "<#>", col("b"))},
				{Expr: op(col("a"), "<=>", col("b"))},
				{Expr: op(col("a"), "<+>", col("b"))},
				{Expr: op(col("a"), "@>", col("b"))},
				{Expr: op(op(col("a"), "->>", text("x")), "=", text("y"))},
				{Expr: op(col("a"), "#", col("b"))},
				{Expr: &sql.Op{Name: "@", Right: col("a")}},
				{Expr: &sql.Op{Schema: "pg_catalog", Name: "+", Left: col("a"), Right: col("b")}},
			},
		})
	parsed(t, "select a is null, a isnull, a is not null, a notnull, a is true, a is not false, a is unknown, "+
		"a is not unknown",
		&sql.Select{
			Targets: []sql.Target{
				{Expr: &sql.IsNull{Arg: col("a")}},
				{Expr: &sql.IsNull{Arg: col("a")}},
				{Expr: &sql.IsNull{Not: true, Arg: col("a")}},
				{Expr: &sql.IsNull{Not: true, Arg: col("a")}},
				{Expr: &sql.BoolTest{Want: 't', Arg: col("a")}},
				{Expr: &sql.BoolTest{Not: true, Want: 'f', Arg: col("a")}},
				{Expr: &sql.BoolTest{Want: 'u', Arg: col("a")}},
				{Expr: &sql.BoolTest{Not: true, Want: 'u', Arg: col("a")}},
			},
		})
	parsed(t, "select a is distinct from b, a is not distinct from b, a between 1 and 2, a not between symmetric 1 and 2",
		&sql.Select{
			Targets: []sql.Target{
				{Expr: &sql.IsDistinct{Left: col("a"), Right: col("b")}},
				{Expr: &sql.IsDistinct{Not: true, Left: col("a"), Right: col("b")}},
				{Expr: &sql.Between{Arg: col("a"), Low: num(1), High: num(2)}},
				{Expr: &sql.Between{Not: true, Symmetric: true, Arg: col("a"), Low: num(1), High: num(2)}},
			},
		})
	parsed(t, "select a in (1, 2), a not in (1), a = any ($1), a <> all (array[1, 2]), a < some (b)", &sql.Select{
		Targets: []sql.Target{
			{Expr: &sql.In{Left: col("a"), List: []sql.Expr{num(1), num(2)}}},
			{Expr: &sql.In{Not: true, Left: col("a"), List: []sql.Expr{num(1)}}},
			{Expr: &sql.OpAnyAll{Name: "=", Left: col("a"), Right: &sql.Param{N: 1}}},
			{
				Expr: &sql.OpAnyAll{
					Name:  "<>",
					All:   true,
					Left:  col("a"),
					Right: &sql.Array{Elems: []sql.Expr{num(1), num(2)}},
				},
			},
			{Expr: &sql.OpAnyAll{Name: "<", Left: col("a"), Right: col("b")}},
		},
	})
	parsed(t, "select a like 'x', a not like 'x' escape '#', a ilike 'x', a similar to 'x', "+
		"a not similar to 'x' escape '!', a ~ 'x'",
		&sql.Select{
			Targets: []sql.Target{
				{Expr: &sql.Like{Name: "~~", Left: col("a"), Right: text("x")}},
				{
					Expr: &sql.Like{
						Name: "!~~",
						Left: col("a"),
						Right: &sql.Func{
							Names: []string{"pg_catalog", "like_escape"},
							Args:  []sql.Expr{text("x"), text("#")},
						},
					},
				},
				{Expr: &sql.Like{Kind: sql.LikeFold, Name: "~~*", Left: col("a"), Right: text("x")}},
				{
					Expr: &sql.Like{
						Kind:  sql.LikeSimilar,
						Name:  "~",
						Left:  col("a"),
						Right: &sql.Func{Names: []string{"pg_catalog", "similar_to_escape"}, Args: []sql.Expr{text("x")}},
					},
				},
				{
					Expr: &sql.Like{
						Kind: sql.LikeSimilar,
						Name: "!~",
						Left: col("a"),
						Right: &sql.Func{
							Names: []string{"pg_catalog", "similar_to_escape"},
							Args:  []sql.Expr{text("x"), text("!")},
						},
					},
				},
				{Expr: op(col("a"), "~", text("x"))},
			},
		})
	parsed(t, "select a and b and c, (a or b) or c, not not a", &sql.Select{
		Targets: []sql.Target{
			{Expr: &sql.BoolOp{Args: []sql.Expr{col("a"), col("b"), col("c")}}},
			{Expr: &sql.BoolOp{Kind: sql.BoolOr, Args: []sql.Expr{col("a"), col("b"), col("c")}}},
			{
				Expr: &sql.BoolOp{
					Kind: sql.BoolNot,
					Args: []sql.Expr{&sql.BoolOp{Kind: sql.BoolNot, Args: []sql.Expr{col("a")}}},
				},
			},
		},
	})
	parsed(t, `select a at time zone 'UTC', a at time zone b collate "C", a::int::text, `+
		`cast(a as numeric(10, 2)), a::int[][], a::varchar(5)[3]`,
		&sql.Select{
			Targets: []sql.Target{
				{
					Expr: &sql.Func{
						Names:     []string{"pg_catalog", "timezone"},
						Args:      []sql.Expr{text("UTC"), col("a")},
						SQLSyntax: true,
					},
				},
				{
					Expr: &sql.Func{
						Names:     []string{"pg_catalog", "timezone"},
						Args:      []sql.Expr{&sql.Collate{Arg: col("b"), Names: []string{"C"}}, col("a")},
						SQLSyntax: true,
					},
				},
				{Expr: &sql.Cast{Arg: &sql.Cast{Arg: col("a"), Type: typ("pg_catalog.int4")}, Type: typ("text")}},
				{
					Expr: &sql.Cast{
						Arg:  col("a"),
						Type: &sql.TypeName{Names: []string{"pg_catalog", "numeric"}, Mods: []sql.Expr{num(10), num(2)}},
					},
				},
				{Expr: &sql.Cast{Arg: col("a"), Type: &sql.TypeName{Names: []string{"pg_catalog", "int4"}, Dims: 2}}},
				{
					Expr: &sql.Cast{
						Arg:  col("a"),
						Type: &sql.TypeName{Names: []string{"pg_catalog", "varchar"}, Mods: []sql.Expr{num(5)}, Dims: 1},
					},
				},
			},
		})
	parsed(t, "select row(1, 2), (1, 2), row(), array[1, 2], array[[1], [2]], array[]::int[]", &sql.Select{
		Targets: []sql.Target{
			{Expr: &sql.Row{Fields: []sql.Expr{num(1), num(2)}, Explicit: true}},
			{Expr: &sql.Row{Fields: []sql.Expr{num(1), num(2)}}},
			{Expr: &sql.Row{Explicit: true}},
			{Expr: &sql.Array{Elems: []sql.Expr{num(1), num(2)}}},
			{
				Expr: &sql.Array{
					Elems: []sql.Expr{&sql.Array{Elems: []sql.Expr{num(1)}}, &sql.Array{Elems: []sql.Expr{num(2)}}},
				},
			},
			{
				Expr: &sql.Cast{Arg: &sql.Array{}, Type: &sql.TypeName{Names: []string{"pg_catalog", "int4"}, Dims: 1}},
			},
		},
	})
	parsed(t, "select (1, 2) = (3, 4), row(a, b) < row(1, 2), (a, b) in ((1, 2), (3, 4))", &sql.Select{
		Targets: []sql.Target{
			{
				Expr: op(&sql.Row{Fields: []sql.Expr{num(1), num(2)}}, "=", &sql.Row{Fields: []sql.Expr{num(3), num(4)}}),
			},
			{
				Expr: op(&sql.Row{Fields: []sql.Expr{col("a"), col("b")}, Explicit: true}, "<",
					&sql.Row{Fields: []sql.Expr{num(1), num(2)}, Explicit: true}),
			},
			{
				Expr: &sql.In{
					Left: &sql.Row{Fields: []sql.Expr{col("a"), col("b")}},
					List: []sql.Expr{
						&sql.Row{Fields: []sql.Expr{num(1), num(2)}},
						&sql.Row{Fields: []sql.Expr{num(3), num(4)}},
					},
				},
			},
		},
	})
	refused(t, "select a is json, a is document", "0A000: SQL/JSON constructor syntax is not supported", 0)
}

// Function calls: arguments by name, aggregates with their clauses, the grammar's own syntax.
func TestCalls(t *testing.T) {
	parsed(t, "select f(), f(a, b => 1, c := 2), f(variadic array[1]), s.f(*), count(distinct a), sum(all a), "+
		"string_agg(a, ',' order by b desc)",
		&sql.Select{
			Targets: []sql.Target{
				{Expr: &sql.Func{Names: []string{"f"}}},
				{
					Expr: &sql.Func{
						Names: []string{"f"},
						Args: []sql.Expr{
							col("a"),
							&sql.NamedArg{Name: "b", Arg: num(1)},
							&sql.NamedArg{Name: "c", Arg: num(2)},
						},
					},
				},
				{
					Expr: &sql.Func{
						Names:    []string{"f"},
						Args:     []sql.Expr{&sql.Array{Elems: []sql.Expr{num(1)}}},
						Variadic: true,
					},
				},
				{Expr: &sql.Func{Names: []string{"s", "f"}, Star: true}},
				{Expr: &sql.Func{Names: []string{"count"}, Args: []sql.Expr{col("a")}, Distinct: true}},
				{Expr: &sql.Func{Names: []string{"sum"}, Args: []sql.Expr{col("a")}}},
				{
					Expr: &sql.Func{
						Names:   []string{"string_agg"},
						Args:    []sql.Expr{col("a"), text(",")},
						OrderBy: []sql.OrderItem{{Expr: col("b"), Desc: true}},
					},
				},
			},
		})
	parsed(t, "select count(*) filter (where a > 1), percentile_cont(0.5) within group (order by a), "+
		"max(a) over (partition by b)",
		&sql.Select{
			Targets: []sql.Target{
				{Expr: &sql.Func{Names: []string{"count"}, Star: true, Filter: op(col("a"), ">", num(1))}},
				{
					Expr: &sql.Func{
						Names:   []string{"percentile_cont"},
						Args:    []sql.Expr{&sql.Literal{Kind: sql.LitNumber, Text: "0.5"}},
						OrderBy: []sql.OrderItem{{Expr: col("a")}},
						Within:  true,
					},
				},
				{
					Expr: &sql.Func{
						Names: []string{"max"},
						Args:  []sql.Expr{col("a")},
						Over:  &sql.Window{Partition: []sql.Expr{col("b")}},
					},
				},
			},
		})
	parsed(t, "select extract(year from a), position('a' in b), substring(a from 1 for 2), substring(a for 2), "+
		"substring(a, 1, 2), trim(a), trim(leading 'x' from a), trim(both from a), overlay(a placing b from 1 for 2)",
		&sql.Select{
			Targets: []sql.Target{
				{
					Expr: &sql.Func{
						Names:     []string{"pg_catalog", "extract"},
						Args:      []sql.Expr{text("year"), col("a")},
						SQLSyntax: true,
					},
				},
				{
					Expr: &sql.Func{
						Names:     []string{"pg_catalog", "position"},
						Args:      []sql.Expr{col("b"), text("a")},
						SQLSyntax: true,
					},
				},
				{
					Expr: &sql.Func{
						Names:     []string{"pg_catalog", "substring"},
						Args:      []sql.Expr{col("a"), num(1), num(2)},
						SQLSyntax: true,
					},
				},
				{
					Expr: &sql.Func{
						Names:     []string{"pg_catalog", "substring"},
						Args:      []sql.Expr{col("a"), num(1), &sql.Cast{Arg: num(2), Type: typ("pg_catalog.int4")}},
						SQLSyntax: true,
					},
				},
				{Expr: &sql.Func{Names: []string{"substring"}, Args: []sql.Expr{col("a"), num(1), num(2)}}},
				{
					Expr: &sql.Func{Names: []string{"pg_catalog", "btrim"}, Args: []sql.Expr{col("a")}, SQLSyntax: true},
				},
				{
					Expr: &sql.Func{
						Names:     []string{"pg_catalog", "ltrim"},
						Args:      []sql.Expr{col("a"), text("x")},
						SQLSyntax: true,
					},
				},
				{
					Expr: &sql.Func{Names: []string{"pg_catalog", "btrim"}, Args: []sql.Expr{col("a")}, SQLSyntax: true},
				},
				{
					Expr: &sql.Func{
						Names:     []string{"pg_catalog", "overlay"},
						Args:      []sql.Expr{col("a"), col("b"), num(1), num(2)},
						SQLSyntax: true,
					},
				},
			},
		})
	parsed(t, "select current_date, current_time(2), localtimestamp, current_user, session_user, user, "+
		"current_catalog, current_schema, current_role",
		&sql.Select{
			Targets: []sql.Target{
				{Expr: &sql.ValueFunc{Name: "CURRENT_DATE", Mod: -1}},
				{Expr: &sql.ValueFunc{Name: "CURRENT_TIME", Mod: 2}},
				{Expr: &sql.ValueFunc{Name: "LOCALTIMESTAMP", Mod: -1}},
				{Expr: &sql.ValueFunc{Name: "CURRENT_USER", Mod: -1}},
				{Expr: &sql.ValueFunc{Name: "SESSION_USER", Mod: -1}},
				{Expr: &sql.ValueFunc{Name: "USER", Mod: -1}},
				{Expr: &sql.ValueFunc{Name: "CURRENT_CATALOG", Mod: -1}},
				{Expr: &sql.ValueFunc{Name: "CURRENT_SCHEMA", Mod: -1}},
				{Expr: &sql.ValueFunc{Name: "CURRENT_ROLE", Mod: -1}},
			},
		})
	parsed(t, "select coalesce(a, b), nullif(a, b), greatest(a, b), least(a, b), collation for (a), "+
		"normalize(a, nfc), a is nfc normalized",
		&sql.Select{
			Targets: []sql.Target{
				{Expr: &sql.Coalesce{Args: []sql.Expr{col("a"), col("b")}}},
				{Expr: &sql.NullIf{Left: col("a"), Right: col("b")}},
				{Expr: &sql.MinMax{Greatest: true, Args: []sql.Expr{col("a"), col("b")}}},
				{Expr: &sql.MinMax{Args: []sql.Expr{col("a"), col("b")}}},
				{
					Expr: &sql.Func{
						Names:     []string{"pg_catalog", "pg_collation_for"},
						Args:      []sql.Expr{col("a")},
						SQLSyntax: true,
					},
				},
				{
					Expr: &sql.Func{
						Names:     []string{"pg_catalog", "normalize"},
						Args:      []sql.Expr{col("a"), text("NFC")},
						SQLSyntax: true,
					},
				},
				{
					Expr: &sql.Func{
						Names:     []string{"pg_catalog", "is_normalized"},
						Args:      []sql.Expr{col("a"), text("NFC")},
						SQLSyntax: true,
					},
				},
			},
		})
	parsed(t, "select case when a then b end, case a when 1 then 2 when 3 then 4 else 5 end", &sql.Select{
		Targets: []sql.Target{
			{Expr: &sql.Case{Whens: []sql.When{{Cond: col("a"), Result: col("b")}}}},
			{
				Expr: &sql.Case{
					Arg:   col("a"),
					Whens: []sql.When{{Cond: num(1), Result: num(2)}, {Cond: num(3), Result: num(4)}},
					Else:  num(5),
				},
			},
		},
	})
	parsed(t, "select f(a) ->> 'x', (f(a)).b, (array[1, 2])[1], (select 1), exists (select 1), array(select 1), "+
		"a = any (select 1), a not in (select 1), (a, b) = (select 1, 2)",
		&sql.Select{
			Targets: []sql.Target{
				{Expr: op(&sql.Func{Names: []string{"f"}, Args: []sql.Expr{col("a")}}, "->>", text("x"))},
				{
					Expr: &sql.Indirection{
						Arg:   &sql.Func{Names: []string{"f"}, Args: []sql.Expr{col("a")}},
						Steps: []sql.Step{{Field: "b"}},
					},
				},
				{
					Expr: &sql.Indirection{
						Arg:   &sql.Array{Elems: []sql.Expr{num(1), num(2)}},
						Steps: []sql.Step{{Upper: num(1)}},
					},
				},
				{Expr: &sql.Subquery{Op: "=", Query: &sql.Select{Targets: []sql.Target{{Expr: num(1)}}}}},
				{
					Expr: &sql.Subquery{
						Kind:  sql.SubExists,
						Op:    "=",
						Query: &sql.Select{Targets: []sql.Target{{Expr: num(1)}}},
					},
				},
				{
					Expr: &sql.Subquery{
						Kind:  sql.SubArray,
						Op:    "=",
						Query: &sql.Select{Targets: []sql.Target{{Expr: num(1)}}},
					},
				},
				{
					Expr: &sql.Subquery{
						Kind:  sql.SubAny,
						Test:  col("a"),
						Op:    "=",
						Query: &sql.Select{Targets: []sql.Target{{Expr: num(1)}}},
					},
				},
				{
					Expr: &sql.BoolOp{
						Kind: sql.BoolNot,
						Args: []sql.Expr{
							&sql.Subquery{
								Kind:  sql.SubAny,
								Test:  col("a"),
								Op:    "=",
								Query: &sql.Select{Targets: []sql.Target{{Expr: num(1)}}},
							},
						},
					},
				},
				{
					Expr: op(&sql.Row{Fields: []sql.Expr{col("a"), col("b")}}, "=", &sql.Subquery{
						Op:    "=",
						Query: &sql.Select{Targets: []sql.Target{{Expr: num(1)}, {Expr: num(2)}}},
					}),
				},
			},
		})
	refused(t, "select xmlelement(name a)", "0A000: XML is not supported", 0)
	parsed(t, "select treat(a as int)", &sql.Select{
		Targets: []sql.Target{{Expr: &sql.Func{Names: []string{"pg_catalog", "int4"}, Args: []sql.Expr{col("a")}}}},
	})
}

// Types: the grammar's own names, modifiers, arrays, schemas.
func TestTypeNames(t *testing.T) {
	parsed(t, "select null::int, null::integer, null::bigint, null::smallint, null::real, null::float, "+
		"null::float(20), null::float(40), null::decimal(3), null::dec, null::bool",
		&sql.Select{
			Targets: []sql.Target{
				{Expr: &sql.Cast{Arg: null(), Type: typ("pg_catalog.int4")}},
				{Expr: &sql.Cast{Arg: null(), Type: typ("pg_catalog.int4")}},
				{Expr: &sql.Cast{Arg: null(), Type: typ("pg_catalog.int8")}},
				{Expr: &sql.Cast{Arg: null(), Type: typ("pg_catalog.int2")}},
				{Expr: &sql.Cast{Arg: null(), Type: typ("pg_catalog.float4")}},
				{Expr: &sql.Cast{Arg: null(), Type: typ("pg_catalog.float8")}},
				{Expr: &sql.Cast{Arg: null(), Type: typ("pg_catalog.float4")}},
				{Expr: &sql.Cast{Arg: null(), Type: typ("pg_catalog.float8")}},
				{
					Expr: &sql.Cast{
						Arg:  null(),
						Type: &sql.TypeName{Names: []string{"pg_catalog", "numeric"}, Mods: []sql.Expr{num(3)}},
					},
				},
				{Expr: &sql.Cast{Arg: null(), Type: typ("pg_catalog.numeric")}},
				{Expr: &sql.Cast{Arg: null(), Type: typ("bool")}},
			},
		})
	parsed(t, `select null::char, null::char(3), null::character varying(4), null::varchar, null::bpchar, `+
		`null::text, null::"char", null::national character(2)`,
		&sql.Select{
			Targets: []sql.Target{
				{
					Expr: &sql.Cast{
						Arg:  null(),
						Type: &sql.TypeName{Names: []string{"pg_catalog", "bpchar"}, Mods: []sql.Expr{num(1)}},
					},
				},
				{
					Expr: &sql.Cast{
						Arg:  null(),
						Type: &sql.TypeName{Names: []string{"pg_catalog", "bpchar"}, Mods: []sql.Expr{num(3)}},
					},
				},
				{
					Expr: &sql.Cast{
						Arg:  null(),
						Type: &sql.TypeName{Names: []string{"pg_catalog", "varchar"}, Mods: []sql.Expr{num(4)}},
					},
				},
				{Expr: &sql.Cast{Arg: null(), Type: typ("pg_catalog.varchar")}},
				{Expr: &sql.Cast{Arg: null(), Type: typ("bpchar")}},
				{Expr: &sql.Cast{Arg: null(), Type: typ("text")}},
				{Expr: &sql.Cast{Arg: null(), Type: typ("char")}},
				{
					Expr: &sql.Cast{
						Arg:  null(),
						Type: &sql.TypeName{Names: []string{"pg_catalog", "bpchar"}, Mods: []sql.Expr{num(2)}},
					},
				},
			},
		})
	parsed(t, "select null::time, null::time(2) with time zone, null::timestamp without time zone, "+
		"null::timestamptz(0), null::interval day to second(3), null::interval(4)",
		&sql.Select{
			Targets: []sql.Target{
				{Expr: &sql.Cast{Arg: null(), Type: typ("pg_catalog.time")}},
				{
					Expr: &sql.Cast{
						Arg:  null(),
						Type: &sql.TypeName{Names: []string{"pg_catalog", "timetz"}, Mods: []sql.Expr{num(2)}},
					},
				},
				{Expr: &sql.Cast{Arg: null(), Type: typ("pg_catalog.timestamp")}},
				{
					Expr: &sql.Cast{
						Arg:  null(),
						Type: &sql.TypeName{Names: []string{"timestamptz"}, Mods: []sql.Expr{num(0)}},
					},
				},
				{
					Expr: &sql.Cast{
						Arg:  null(),
						Type: &sql.TypeName{Names: []string{"pg_catalog", "interval"}, Mods: []sql.Expr{num(7176), num(3)}},
					},
				},
				{
					Expr: &sql.Cast{
						Arg:  null(),
						Type: &sql.TypeName{Names: []string{"pg_catalog", "interval"}, Mods: []sql.Expr{num(32767), num(4)}},
					},
				},
			},
		})
	parsed(t, "select null::bit(3), null::bit varying, null::bit varying(5), null::s.t, null::vector(3), "+
		"null::halfvec(3), null::json, null::numeric(5, -2), null::int array, null::int array[4], null::pg_catalog.int4[]",
		&sql.Select{
			Targets: []sql.Target{
				{
					Expr: &sql.Cast{
						Arg:  null(),
						Type: &sql.TypeName{Names: []string{"pg_catalog", "bit"}, Mods: []sql.Expr{num(3)}},
					},
				},
				{Expr: &sql.Cast{Arg: null(), Type: typ("pg_catalog.varbit")}},
				{
					Expr: &sql.Cast{
						Arg:  null(),
						Type: &sql.TypeName{Names: []string{"pg_catalog", "varbit"}, Mods: []sql.Expr{num(5)}},
					},
				},
				{Expr: &sql.Cast{Arg: null(), Type: typ("s.t")}},
				{
					Expr: &sql.Cast{Arg: null(), Type: &sql.TypeName{Names: []string{"vector"}, Mods: []sql.Expr{num(3)}}},
				},
				{
					Expr: &sql.Cast{Arg: null(), Type: &sql.TypeName{Names: []string{"halfvec"}, Mods: []sql.Expr{num(3)}}},
				},
				{Expr: &sql.Cast{Arg: null(), Type: typ("json")}},
				{
					Expr: &sql.Cast{
						Arg:  null(),
						Type: &sql.TypeName{Names: []string{"pg_catalog", "numeric"}, Mods: []sql.Expr{num(5), num(-2)}},
					},
				},
				{Expr: &sql.Cast{Arg: null(), Type: &sql.TypeName{Names: []string{"pg_catalog", "int4"}, Dims: 1}}},
				{Expr: &sql.Cast{Arg: null(), Type: &sql.TypeName{Names: []string{"pg_catalog", "int4"}, Dims: 1}}},
				{Expr: &sql.Cast{Arg: null(), Type: &sql.TypeName{Names: []string{"pg_catalog", "int4"}, Dims: 1}}},
			},
		})
	parsed(t, "select null::t.a%type",
		&sql.Select{Targets: []sql.Target{{Expr: op(&sql.Cast{Arg: null(), Type: typ("t.a")}, "%", col("type"))}}})
}
