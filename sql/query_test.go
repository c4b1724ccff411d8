package sql_test

import (
	"testing"

	"github.com/vecdb/vecdb/sql"
)

// What a select list may hold: stars, aliases with and without AS, whole names, fields and subscripts.
func TestSelectLists(t *testing.T) {
	parsed(t, "select * from t", &sql.Select{Targets: []sql.Target{{Expr: star("")}}, From: []sql.TableExpr{table("t")}})
	parsed(t, "select t.*, s.t.a, a as b, a c, 1 from t", &sql.Select{
		Targets: []sql.Target{
			{Expr: star("t")},
			{Expr: col("s.t.a")},
			{Name: "b", Expr: col("a")},
			{Name: "c", Expr: col("a")},
			{Expr: num(1)},
		},
		From: []sql.TableExpr{table("t")},
	})
	parsed(t, "select", &sql.Select{})
	parsed(t, "select all a, b from t",
		&sql.Select{Targets: []sql.Target{{Expr: col("a")}, {Expr: col("b")}}, From: []sql.TableExpr{table("t")}})
	parsed(t, "select distinct a from t",
		&sql.Select{Distinct: true, Targets: []sql.Target{{Expr: col("a")}}, From: []sql.TableExpr{table("t")}})
	parsed(t, "select distinct on (a, b + 1) c from t order by a", &sql.Select{
		Distinct:   true,
		DistinctOn: []sql.Expr{col("a"), op(col("b"), "+", num(1))},
		Targets:    []sql.Target{{Expr: col("c")}},
		From:       []sql.TableExpr{table("t")},
		OrderBy:    []sql.OrderItem{{Expr: col("a")}},
	})
	parsed(t, "select (r).f, (r).*, a[1], a[2:3], a[:], (a)[1].x[2] from t", &sql.Select{
		Targets: []sql.Target{
			{Expr: &sql.Indirection{Arg: col("r"), Steps: []sql.Step{{Field: "f"}}}},
			{Expr: &sql.Indirection{Arg: col("r"), Steps: []sql.Step{{Star: true}}}},
			{Expr: &sql.Indirection{Arg: col("a"), Steps: []sql.Step{{Upper: num(1)}}}},
			{
				Expr: &sql.Indirection{Arg: col("a"), Steps: []sql.Step{{Slice: true, Lower: num(2), Upper: num(3)}}},
			},
			{Expr: &sql.Indirection{Arg: col("a"), Steps: []sql.Step{{Slice: true}}}},
			{
				Expr: &sql.Indirection{Arg: col("a"), Steps: []sql.Step{{Upper: num(1)}, {Field: "x"}, {Upper: num(2)}}},
			},
		},
		From: []sql.TableExpr{table("t")},
	})
	parsed(t, `select "A b", "select" from "T"."x"`, &sql.Select{
		Targets: []sql.Target{{Expr: col("A b")}, {Expr: col("select")}},
		From:    []sql.TableExpr{table("T.x")},
	})
}

// Items of FROM: names, aliases with columns, joins of every kind, subqueries, functions.
func TestFrom(t *testing.T) {
	parsed(t, "select 1 from a, b as x, only c y, s.d (p, q)", &sql.Select{
		Targets: []sql.Target{{Expr: num(1)}},
		From: []sql.TableExpr{
			table("a"),
			as("b", "x"),
			&sql.TableName{Name: "c", Only: true, Alias: &sql.Alias{Name: "y"}},
			&sql.FuncTable{
				Funcs: []sql.TableFunc{
					{Call: &sql.Func{Names: []string{"s", "d"}, Args: []sql.Expr{col("p"), col("q")}}},
				},
			},
		},
	})
	parsed(t, "select 1 from a join b on a.i = b.i", &sql.Select{
		Targets: []sql.Target{{Expr: num(1)}},
		From:    []sql.TableExpr{&sql.Join{Left: table("a"), Right: table("b"), On: op(col("a.i"), "=", col("b.i"))}},
	})
	parsed(t, "select 1 from a left outer join b using (i, j) as u", &sql.Select{
		Targets: []sql.Target{{Expr: num(1)}},
		From: []sql.TableExpr{
			&sql.Join{
				Kind:       sql.JoinLeft,
				Left:       table("a"),
				Right:      table("b"),
				Using:      []string{"i", "j"},
				UsingAlias: "u",
			},
		},
	})
	parsed(t, "select 1 from a right join b on true full join c using (k)", &sql.Select{
		Targets: []sql.Target{{Expr: num(1)}},
		From: []sql.TableExpr{
			&sql.Join{
				Kind: sql.JoinFull,
				Left: &sql.Join{
					Kind:  sql.JoinRight,
					Left:  table("a"),
					Right: table("b"),
					On:    &sql.Literal{Kind: sql.LitBool, Text: "t"},
				},
				Right: table("c"),
				Using: []string{"k"},
			},
		},
	})
	parsed(t, "select 1 from a natural join b natural left join c cross join d", &sql.Select{
		Targets: []sql.Target{{Expr: num(1)}},
		From: []sql.TableExpr{
			&sql.Join{
				Kind: sql.JoinCross,
				Left: &sql.Join{
					Kind:    sql.JoinLeft,
					Natural: true,
					Left:    &sql.Join{Natural: true, Left: table("a"), Right: table("b")},
					Right:   table("c"),
				},
				Right: table("d"),
			},
		},
	})
	parsed(t, "select 1 from (a join b using (i)) as j (x, y)", &sql.Select{
		Targets: []sql.Target{{Expr: num(1)}},
		From: []sql.TableExpr{
			&sql.Join{
				Left:  table("a"),
				Right: table("b"),
				Using: []string{"i"},
				Alias: &sql.Alias{Name: "j", Cols: []string{"x", "y"}},
			},
		},
	})
	parsed(t, "select 1 from (select 1) s, (values (1, 2), (3, 4)) as v (x, y), lateral (select s.a) l", &sql.Select{
		Targets: []sql.Target{{Expr: num(1)}},
		From: []sql.TableExpr{
			&sql.SubqueryTable{
				Query: &sql.Select{Targets: []sql.Target{{Expr: num(1)}}},
				Alias: &sql.Alias{Name: "s"},
			},
			&sql.SubqueryTable{
				Query: &sql.Select{Values: [][]sql.Expr{{num(1), num(2)}, {num(3), num(4)}}},
				Alias: &sql.Alias{Name: "v", Cols: []string{"x", "y"}},
			},
			&sql.SubqueryTable{
				Lateral: true,
				Query:   &sql.Select{Targets: []sql.Target{{Expr: col("s.a")}}},
				Alias:   &sql.Alias{Name: "l"},
			},
		},
	})
	parsed(t, "select 1 from (select 1)", &sql.Select{
		Targets: []sql.Target{{Expr: num(1)}},
		From:    []sql.TableExpr{&sql.SubqueryTable{Query: &sql.Select{Targets: []sql.Target{{Expr: num(1)}}}}},
	})
	parsed(t, "select 1 from f(1) as g, lateral s.h(a, 2) with ordinality as o (x, n)", &sql.Select{
		Targets: []sql.Target{{Expr: num(1)}},
		From: []sql.TableExpr{
			&sql.FuncTable{
				Funcs: []sql.TableFunc{{Call: &sql.Func{Names: []string{"f"}, Args: []sql.Expr{num(1)}}}},
				Alias: &sql.Alias{Name: "g"},
			},
			&sql.FuncTable{
				Lateral:    true,
				Ordinality: true,
				Funcs:      []sql.TableFunc{{Call: &sql.Func{Names: []string{"s", "h"}, Args: []sql.Expr{col("a"), num(2)}}}},
				Alias:      &sql.Alias{Name: "o", Cols: []string{"x", "n"}},
			},
		},
	})
	parsed(t, "select 1 from f() as (a int, b text), rows from (f(1), g() as (x int)) with ordinality as r", &sql.Select{
		Targets: []sql.Target{{Expr: num(1)}},
		From: []sql.TableExpr{
			&sql.FuncTable{
				Funcs: []sql.TableFunc{{Call: &sql.Func{Names: []string{"f"}}}},
				Cols:  []sql.ColumnDef{{Name: "a", Type: typ("pg_catalog.int4")}, {Name: "b", Type: typ("text")}},
			},
			&sql.FuncTable{
				Ordinality: true,
				RowsFrom:   true,
				Funcs: []sql.TableFunc{
					{Call: &sql.Func{Names: []string{"f"}, Args: []sql.Expr{num(1)}}},
					{
						Call: &sql.Func{Names: []string{"g"}},
						Cols: []sql.ColumnDef{{Name: "x", Type: typ("pg_catalog.int4")}},
					},
				},
				Alias: &sql.Alias{Name: "r"},
			},
		},
	})
	parsed(t, "select 1 from json_each('{}') t(k, v) where k = 'a'", &sql.Select{
		Targets: []sql.Target{{Expr: num(1)}},
		From: []sql.TableExpr{
			&sql.FuncTable{
				Funcs: []sql.TableFunc{{Call: &sql.Func{Names: []string{"json_each"}, Args: []sql.Expr{text("{}")}}}},
				Alias: &sql.Alias{Name: "t", Cols: []string{"k", "v"}},
			},
		},
		Where: op(col("k"), "=", text("a")),
	})
	refused(t, "select 1 from t tablesample system (10)", "0A000: TABLESAMPLE is not supported", 29)
}

// GROUP BY with sets, HAVING, windows by name.
func TestGrouping(t *testing.T) {
	parsed(t, "select a, count(*) from t where b > 1 group by a having count(*) > 2", &sql.Select{
		Targets: []sql.Target{{Expr: col("a")}, {Expr: &sql.Func{Names: []string{"count"}, Star: true}}},
		From:    []sql.TableExpr{table("t")},
		Where:   op(col("b"), ">", num(1)),
		GroupBy: []sql.Expr{col("a")},
		Having:  op(&sql.Func{Names: []string{"count"}, Star: true}, ">", num(2)),
	})
	parsed(t, "select a from t group by distinct rollup (a, b), cube (c), grouping sets ((a, b), (), c)", &sql.Select{
		Targets: []sql.Target{{Expr: col("a")}},
		From:    []sql.TableExpr{table("t")},
		GroupBy: []sql.Expr{
			&sql.GroupSet{Kind: sql.GroupRollup, Args: []sql.Expr{col("a"), col("b")}},
			&sql.GroupSet{Kind: sql.GroupCube, Args: []sql.Expr{col("c")}},
			&sql.GroupSet{
				Kind: sql.GroupSets,
				Args: []sql.Expr{&sql.Row{Fields: []sql.Expr{col("a"), col("b")}}, &sql.GroupSet{}, col("c")},
			},
		},
		GroupDistinct: true,
	})
	parsed(t, "select grouping(a, b) from t group by ()", &sql.Select{
		Targets: []sql.Target{{Expr: &sql.Grouping{Args: []sql.Expr{col("a"), col("b")}}}},
		From:    []sql.TableExpr{table("t")},
		GroupBy: []sql.Expr{&sql.GroupSet{}},
	})
	parsed(t, "select sum(a) over w, rank() over (w order by c desc) from t "+
		"window w as (partition by b), x as (w order by a)",
		&sql.Select{
			Targets: []sql.Target{
				{Expr: &sql.Func{Names: []string{"sum"}, Args: []sql.Expr{col("a")}, Over: &sql.Window{Name: "w"}}},
				{
					Expr: &sql.Func{
						Names: []string{"rank"},
						Over:  &sql.Window{Ref: "w", OrderBy: []sql.OrderItem{{Expr: col("c"), Desc: true}}},
					},
				},
			},
			From: []sql.TableExpr{table("t")},
			Windows: []*sql.Window{
				{Name: "w", Partition: []sql.Expr{col("b")}},
				{Name: "x", Ref: "w", OrderBy: []sql.OrderItem{{Expr: col("a")}}},
			},
		})
	parsed(t, "select sum(a) over (order by b rows between 2 preceding and current row exclude ties) from t", &sql.Select{
		Targets: []sql.Target{
			{
				Expr: &sql.Func{
					Names: []string{"sum"},
					Args:  []sql.Expr{col("a")},
					Over: &sql.Window{
						OrderBy: []sql.OrderItem{{Expr: col("b")}},
						Frame: &sql.Frame{
							Mode:     'o',
							Start:    sql.OffsetPreceding,
							End:      sql.CurrentRow,
							StartOff: num(2),
							Exclude:  't',
							Between:  true,
						},
					},
				},
			},
		},
		From: []sql.TableExpr{table("t")},
	})
	parsed(t, "select sum(a) over (order by b range between interval '1 day' preceding "+
		"and unbounded following exclude group) from t",
		&sql.Select{
			Targets: []sql.Target{
				{
					Expr: &sql.Func{
						Names: []string{"sum"},
						Args:  []sql.Expr{col("a")},
						Over: &sql.Window{
							OrderBy: []sql.OrderItem{{Expr: col("b")}},
							Frame: &sql.Frame{
								Mode:     'r',
								Start:    sql.OffsetPreceding,
								End:      sql.UnboundedFollowing,
								StartOff: &sql.Cast{Arg: text("1 day"), Type: typ("pg_catalog.interval")},
								Exclude:  'g',
								Between:  true,
							},
						},
					},
				},
			},
			From: []sql.TableExpr{table("t")},
		})
	parsed(t, "select sum(a) over (order by b groups unbounded preceding exclude current row), count(*) over () from t",
		&sql.Select{
			Targets: []sql.Target{
				{
					Expr: &sql.Func{
						Names: []string{"sum"},
						Args:  []sql.Expr{col("a")},
						Over: &sql.Window{
							OrderBy: []sql.OrderItem{{Expr: col("b")}},
							Frame:   &sql.Frame{Mode: 'g', End: sql.CurrentRow, Exclude: 'c'},
						},
					},
				},
				{Expr: &sql.Func{Names: []string{"count"}, Star: true, Over: &sql.Window{}}},
			},
			From: []sql.TableExpr{table("t")},
		})
	refused(t, "select sum(a) over (rows between unbounded following and current row) from t",
		"42P20: frame start cannot be UNBOUNDED FOLLOWING", 34)
}

// ORDER BY, LIMIT in its spellings, locking.
func TestOrderLimit(t *testing.T) {
	parsed(t, "select a from t order by a desc nulls last, 2 asc nulls first, b using >, lower(c)", &sql.Select{
		Targets: []sql.Target{{Expr: col("a")}},
		From:    []sql.TableExpr{table("t")},
		OrderBy: []sql.OrderItem{
			{Expr: col("a"), Desc: true, Nulls: 'l'},
			{Expr: num(2), Nulls: 'f'},
			{Expr: col("b"), Using: ">"},
			{Expr: &sql.Func{Names: []string{"lower"}, Args: []sql.Expr{col("c")}}},
		},
	})
	parsed(t, "select a from t limit 5 offset 2", &sql.Select{
		Targets: []sql.Target{{Expr: col("a")}},
		From:    []sql.TableExpr{table("t")},
		Limit:   num(5),
		Offset:  num(2),
	})
	parsed(t, "select a from t offset 2 rows fetch first 5 rows only", &sql.Select{
		Targets: []sql.Target{{Expr: col("a")}},
		From:    []sql.TableExpr{table("t")},
		Limit:   num(5),
		Offset:  num(2),
	})
	parsed(t, "select a from t order by a fetch next row with ties", &sql.Select{
		Targets:  []sql.Target{{Expr: col("a")}},
		From:     []sql.TableExpr{table("t")},
		OrderBy:  []sql.OrderItem{{Expr: col("a")}},
		Limit:    num(1),
		WithTies: true,
	})
	parsed(t, "select a from t limit all",
		&sql.Select{Targets: []sql.Target{{Expr: col("a")}}, From: []sql.TableExpr{table("t")}, Limit: null()})
	parsed(t, "select a from t for update of t, u nowait for share skip locked", &sql.Select{
		Targets: []sql.Target{{Expr: col("a")}},
		From:    []sql.TableExpr{table("t")},
		Locks: []sql.Lock{
			{Strength: 'u', Tables: []*sql.TableName{table("t"), table("u")}, NoWait: true},
			{Strength: 's', Skip: true},
		},
	})
	parsed(t, "select a from t for no key update for key share", &sql.Select{
		Targets: []sql.Target{{Expr: col("a")}},
		From:    []sql.TableExpr{table("t")},
		Locks:   []sql.Lock{{Strength: 'n'}, {Strength: 'k'}},
	})
	refused(t, "select a from t fetch first 3 rows with ties",
		"42601: WITH TIES cannot be specified without ORDER BY clause", 0)
}

// Set operations nest as their precedence says; ORDER BY and LIMIT belong to the whole.
func TestSetOperations(t *testing.T) {
	parsed(t, "select 1 union select 2 union all select 3", &sql.Select{
		Op:  sql.SetUnion,
		All: true,
		Left: &sql.Select{
			Op:    sql.SetUnion,
			Left:  &sql.Select{Targets: []sql.Target{{Expr: num(1)}}},
			Right: &sql.Select{Targets: []sql.Target{{Expr: num(2)}}},
		},
		Right: &sql.Select{Targets: []sql.Target{{Expr: num(3)}}},
	})
	parsed(t, "select 1 union select 2 intersect select 3", &sql.Select{
		Op:   sql.SetUnion,
		Left: &sql.Select{Targets: []sql.Target{{Expr: num(1)}}},
		Right: &sql.Select{
			Op:    sql.SetIntersect,
			Left:  &sql.Select{Targets: []sql.Target{{Expr: num(2)}}},
			Right: &sql.Select{Targets: []sql.Target{{Expr: num(3)}}},
		},
	})
	parsed(t, "(select 1 limit 1) except all (select 2 order by 1) order by 1 limit 3", &sql.Select{
		Op:      sql.SetExcept,
		All:     true,
		Left:    &sql.Select{Targets: []sql.Target{{Expr: num(1)}}, Limit: num(1)},
		Right:   &sql.Select{Targets: []sql.Target{{Expr: num(2)}}, OrderBy: []sql.OrderItem{{Expr: num(1)}}},
		OrderBy: []sql.OrderItem{{Expr: num(1)}},
		Limit:   num(3),
	})
	parsed(t, "values (1, default), ($1, 'x')",
		&sql.Select{Values: [][]sql.Expr{{num(1), &sql.Default{}}, {&sql.Param{N: 1}, text("x")}}})
	parsed(t, "table t", &sql.Select{Targets: []sql.Target{{Expr: star("")}}, From: []sql.TableExpr{table("t")}})
	parsed(t, "select 1 intersect distinct select 2", &sql.Select{
		Op:    sql.SetIntersect,
		Left:  &sql.Select{Targets: []sql.Target{{Expr: num(1)}}},
		Right: &sql.Select{Targets: []sql.Target{{Expr: num(2)}}},
	})
}

// WITH: recursion, columns, materialisation, statements that change data.
func TestWith(t *testing.T) {
	parsed(t, "with a as (select 1), b (x, y) as materialized (select 2, 3) select * from a, b", &sql.Select{
		With: &sql.With{
			CTEs: []*sql.CTE{
				{Name: "a", Query: &sql.Select{Targets: []sql.Target{{Expr: num(1)}}}, Materialized: 'd'},
				{
					Name:         "b",
					Cols:         []string{"x", "y"},
					Query:        &sql.Select{Targets: []sql.Target{{Expr: num(2)}, {Expr: num(3)}}},
					Materialized: 'm',
				},
			},
		},
		Targets: []sql.Target{{Expr: star("")}},
		From:    []sql.TableExpr{table("a"), table("b")},
	})
	parsed(t, "with recursive r (n) as not materialized (values (1) union all select n + 1 from r) table r", &sql.Select{
		With: &sql.With{
			Recursive: true,
			CTEs: []*sql.CTE{
				{
					Name: "r",
					Cols: []string{"n"},
					Query: &sql.Select{
						Op:   sql.SetUnion,
						All:  true,
						Left: &sql.Select{Values: [][]sql.Expr{{num(1)}}},
						Right: &sql.Select{
							Targets: []sql.Target{{Expr: op(col("n"), "+", num(1))}},
							From:    []sql.TableExpr{table("r")},
						},
					},
					Materialized: 'n',
				},
			},
		},
		Targets: []sql.Target{{Expr: star("")}},
		From:    []sql.TableExpr{table("r")},
	})
	parsed(t, "with d as (delete from t returning *) insert into u select * from d", &sql.Insert{
		With: &sql.With{
			CTEs: []*sql.CTE{
				{
					Name:         "d",
					Query:        &sql.Delete{Table: table("t"), Returning: []sql.Target{{Expr: star("")}}},
					Materialized: 'd',
				},
			},
		},
		Table: table("u"),
		Query: &sql.Select{Targets: []sql.Target{{Expr: star("")}}, From: []sql.TableExpr{table("d")}},
	})
	refused(t, "with recursive a as (select 1) search depth first by x set y select 1",
		"0A000: SEARCH and CYCLE in WITH is not supported", 16)
	refused(t, "with recursive a as (select 1) cycle x set y using z select 1",
		"0A000: SEARCH and CYCLE in WITH is not supported", 16)
}

// INSERT in all forms.
func TestInsert(t *testing.T) {
	parsed(t, "insert into t values (1, default)",
		&sql.Insert{Table: table("t"), Query: &sql.Select{Values: [][]sql.Expr{{num(1), &sql.Default{}}}}})
	parsed(t, "insert into s.t as x (a, b[1], c.d) overriding user value select 1, 2, 3 returning *, a as b", &sql.Insert{
		Table: &sql.TableName{Schema: "s", Name: "t", Alias: &sql.Alias{Name: "x"}},
		Cols: []sql.Target{
			{Name: "a"},
			{Name: "b", Steps: []sql.Step{{Upper: num(1)}}},
			{Name: "c", Steps: []sql.Step{{Field: "d"}}},
		},
		Query:     &sql.Select{Targets: []sql.Target{{Expr: num(1)}, {Expr: num(2)}, {Expr: num(3)}}},
		Override:  'u',
		Returning: []sql.Target{{Expr: star("")}, {Name: "b", Expr: col("a")}},
	})
	parsed(t, "insert into t default values returning a",
		&sql.Insert{Table: table("t"), Returning: []sql.Target{{Expr: col("a")}}})
	parsed(t, "insert into t (a) overriding system value values (1) on conflict do nothing", &sql.Insert{
		Table:      table("t"),
		Cols:       []sql.Target{{Name: "a"}},
		Query:      &sql.Select{Values: [][]sql.Expr{{num(1)}}},
		Override:   's',
		OnConflict: &sql.OnConflict{},
	})
	parsed(t, `insert into t values (1) on conflict (a, lower(b) collate "C" text_ops) where a > 0 do update `+
		`set b = excluded.b, (c, d) = (1, default) where t.a < 5`,
		&sql.Insert{
			Table: table("t"),
			Query: &sql.Select{Values: [][]sql.Expr{{num(1)}}},
			OnConflict: &sql.OnConflict{
				Update: true,
				Target: []sql.IndexElem{
					{Column: "a"},
					{
						Expr:      &sql.Func{Names: []string{"lower"}, Args: []sql.Expr{col("b")}},
						Collation: []string{"C"},
						Opclass:   []string{"text_ops"},
					},
				},
				TargetPred: op(col("a"), ">", num(0)),
				Set: []sql.Target{
					{Name: "b", Expr: col("excluded.b")},
					{
						Name: "c",
						Expr: &sql.MultiAssign{Source: &sql.Row{Fields: []sql.Expr{num(1), &sql.Default{}}}, N: 1, Count: 2},
					},
					{
						Name: "d",
						Expr: &sql.MultiAssign{Source: &sql.Row{Fields: []sql.Expr{num(1), &sql.Default{}}}, N: 2, Count: 2},
					},
				},
				Where: op(col("t.a"), "<", num(5)),
			},
		})
	parsed(t, "insert into t values (1) on conflict on constraint t_pkey do update set (a, b) = (select 1, 2)",
		&sql.Insert{
			Table: table("t"),
			Query: &sql.Select{Values: [][]sql.Expr{{num(1)}}},
			OnConflict: &sql.OnConflict{
				Update:     true,
				Constraint: "t_pkey",
				Set: []sql.Target{
					{
						Name: "a",
						Expr: &sql.MultiAssign{
							Source: &sql.Subquery{
								Op:    "=",
								Query: &sql.Select{Targets: []sql.Target{{Expr: num(1)}, {Expr: num(2)}}},
							},
							N:     1,
							Count: 2,
						},
					},
					{
						Name: "b",
						Expr: &sql.MultiAssign{
							Source: &sql.Subquery{
								Op:    "=",
								Query: &sql.Select{Targets: []sql.Target{{Expr: num(1)}, {Expr: num(2)}}},
							},
							N:     2,
							Count: 2,
						},
					},
				},
			},
		})
}

// UPDATE and DELETE with joins, several columns, RETURNING.
func TestUpdateDelete(t *testing.T) {
	parsed(t, "update t set a = 1, b = default, c[2] = 3 where a = 2 returning a", &sql.Update{
		Table: table("t"),
		Set: []sql.Target{
			{Name: "a", Expr: num(1)},
			{Name: "b", Expr: &sql.Default{}},
			{Name: "c", Steps: []sql.Step{{Upper: num(2)}}, Expr: num(3)},
		},
		Where:     op(col("a"), "=", num(2)),
		Returning: []sql.Target{{Expr: col("a")}},
	})
	parsed(t, "update only t as x set (a, b) = (select 1, 2), (c, d) = row (x.c, 4) from u join v on true where u.i = x.i",
		&sql.Update{
			Table: &sql.TableName{Name: "t", Only: true, Alias: &sql.Alias{Name: "x"}},
			Set: []sql.Target{
				{
					Name: "a",
					Expr: &sql.MultiAssign{
						Source: &sql.Subquery{
							Op:    "=",
							Query: &sql.Select{Targets: []sql.Target{{Expr: num(1)}, {Expr: num(2)}}},
						},
						N:     1,
						Count: 2,
					},
				},
				{
					Name: "b",
					Expr: &sql.MultiAssign{
						Source: &sql.Subquery{
							Op:    "=",
							Query: &sql.Select{Targets: []sql.Target{{Expr: num(1)}, {Expr: num(2)}}},
						},
						N:     2,
						Count: 2,
					},
				},
				{
					Name: "c",
					Expr: &sql.MultiAssign{
						Source: &sql.Row{Fields: []sql.Expr{col("x.c"), num(4)}, Explicit: true},
						N:      1,
						Count:  2,
					},
				},
				{
					Name: "d",
					Expr: &sql.MultiAssign{
						Source: &sql.Row{Fields: []sql.Expr{col("x.c"), num(4)}, Explicit: true},
						N:      2,
						Count:  2,
					},
				},
			},
			From: []sql.TableExpr{
				&sql.Join{Left: table("u"), Right: table("v"), On: &sql.Literal{Kind: sql.LitBool, Text: "t"}},
			},
			Where: op(col("u.i"), "=", col("x.i")),
		})
	parsed(t, "update t set a = 1 where current of c", &sql.Update{
		Table: table("t"),
		Set:   []sql.Target{{Name: "a", Expr: num(1)}},
		Where: &sql.CurrentOf{Cursor: "c"},
	})
	parsed(t, "delete from t", &sql.Delete{Table: table("t")})
	parsed(t, "delete from t x using u, v where x.a = u.a returning x.*", &sql.Delete{
		Table:     as("t", "x"),
		Using:     []sql.TableExpr{table("u"), table("v")},
		Where:     op(col("x.a"), "=", col("u.a")),
		Returning: []sql.Target{{Expr: star("x")}},
	})
	unsupported(t, "merge into t using u on t.a = u.a when matched then delete", "MERGE")
}
