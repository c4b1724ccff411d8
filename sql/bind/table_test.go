package bind_test

import (
	"testing"

	"github.com/vecdb/vecdb/planner/cat/testcat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
)

const tableDDL = `create table t (id int primary key, a int, b text, c numeric(10,2), "Odd Name" int,
		unique nulls not distinct (a, b), constraint positive check (a > 0));
	create table r (id int, t_id int);
	create unique index i on t (lower(b) desc, a desc nulls last, "Odd Name") include (c) where a > 5;
	create index j on t ((a + 1))`

func newCatalog(t *testing.T) *testcat.Catalog {
	t.Helper()
	c := testcat.New()
	if err := c.Exec(tableDDL); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBindExpr(t *testing.T) {
	c := newCatalog(t)
	table := c.Table("t").Table
	b := &bind.Binder{Catalog: c}
	f := func(use bind.ExprUse, text, want string) {
		t.Helper()
		e, err := sql.ParseExpr(text)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if x, err := b.BindExpr(e, table, use); err != nil {
			got = pgerr.Code(err) + ": " + err.Error()
		} else {
			got = bind.DeparseExpr(c, x.Expr)
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	f(bind.UseCheck, "a > 1 and b <> 'x'", "((a > 1) AND (b <> 'x'::text))")
	f(bind.UseCheck, "a", "42804: argument of CHECK must be type boolean, not type integer")
	f(bind.UseCheck, "a > (select 1)", "0A000: cannot use subquery in check constraint")
	f(bind.UseCheck, "count(*) > 1", "42803: aggregate functions are not allowed in check constraints")
	f(bind.UseCheck, "row_number() over () > 1", "42P20: window functions are not allowed in check constraints")
	f(bind.UseCheck, "generate_series(1, 2) > 1", "0A000: set-returning functions are not allowed in check constraints")
	f(bind.UseCheck, "a > $1", "42P02: there is no parameter $1")
	f(bind.UseDefault, "1 + 2", "(1 + 2)")
	f(bind.UseDefault, "a + 1", "0A000: cannot use column reference in DEFAULT expression")
	f(bind.UseDefault, "now()", "now()")
	f(bind.UseDefault, "current_timestamp", "CURRENT_TIMESTAMP")
	f(bind.UseIndex, "lower(b)", "lower(b)")
	f(bind.UseIndex, "now()", "42P17: functions in index expression must be marked IMMUTABLE")
	f(bind.UsePredicate, "a > random()", "42P17: functions in index predicate must be marked IMMUTABLE")
	f(bind.UseGenerated, "a * 2", "(a * 2)")
	f(bind.UseGenerated, "random()", "42P17: generation expression is not immutable")
	f(bind.UseTransform, "a::text || b", "((a)::text || b)")
	f(bind.UseWhere, `"Odd Name" is null`, `("Odd Name" IS NULL)`)
	f(bind.UseWhere, "nope = 1", `42703: column "nope" does not exist`)
}

func TestBindExprUses(t *testing.T) {
	c := newCatalog(t)
	table := c.Table("t").Table
	e, err := sql.ParseExpr("a > 1 and b = 'x' and a < 5")
	if err != nil {
		t.Fatal(err)
	}
	x, err := (&bind.Binder{Catalog: c}).BindExpr(e, table, bind.UseCheck)
	if err != nil {
		t.Fatal(err)
	}
	if len(x.Attrs) != 2 || x.Attrs[0] != 2 || x.Attrs[1] != 3 {
		t.Errorf("uses columns %v, want [2 3]", x.Attrs)
	}
	want := []schema.Dep{{OID: table.OID, Column: 2}, {OID: table.OID, Column: 3}}
	if len(x.Deps) != 2 || x.Deps[0] != want[0] || x.Deps[1] != want[1] {
		t.Errorf("depends on %v, want %v", x.Deps, want)
	}
}

func TestBindAssign(t *testing.T) {
	c := newCatalog(t)
	table := c.Table("t").Table
	b := &bind.Binder{Catalog: c, Cache: bind.NewCache()}
	f := func(column, text, want string) {
		t.Helper()
		e, err := sql.ParseExpr(text)
		if err != nil {
			t.Fatal(err)
		}
		col := table.Column(column)
		got := ""
		if x, err := b.BindAssign(e, table, col.Name, col.Type, bind.UseDefault); err != nil {
			got = pgerr.Code(err) + ": " + err.Error()
		} else {
			got = bind.FormatExpr(x.Expr)
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	f("a", "'5'", "5")
	f("a", "5.5", "~int4:int4('5.5':numeric)")
	f("a", "true", `42804: column "a" is of type integer but default expression is of type boolean`)
	f("c", "1", "mod:numeric(10,2)(~numeric:numeric(1))")
	f("b", "null", "null:text")
}

func TestBindValueAndDefault(t *testing.T) {
	c := newCatalog(t)
	b := &bind.Binder{Catalog: c}
	e, err := sql.ParseExpr("'7'")
	if err != nil {
		t.Fatal(err)
	}
	col := c.Table("t").Table.Column("a")
	x, err := b.BindValue(e, col.Type)
	if err != nil || x.(*eval.Const).D.I != 7 {
		t.Errorf("got %v, %v", x, err)
	}
	d, err := b.BindDefault(c.Table("t"), col)
	if err != nil || !d.(*eval.Const).D.Null {
		t.Errorf("got %v, %v", d, err)
	}
	if b.CanCast(16, 1700, 'a') || !b.CanCast(23, 20, 'i') || b.CanCast(20, 23, 'i') {
		t.Error("CanCast is wrong")
	}
}

func TestDeparseDefinitions(t *testing.T) {
	c := newCatalog(t)
	rel := c.Table("t")
	f := func(got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	index := func(name string) *schema.Index {
		for _, ix := range rel.Indexes {
			if ix.Name == name {
				return ix
			}
		}
		t.Fatalf("no index %s", name)
		return nil
	}
	f(bind.DeparseIndex(c, rel, index("i")),
		`CREATE UNIQUE INDEX i ON public.t USING btree (lower(b) DESC, a DESC NULLS LAST, "Odd Name") INCLUDE (c) `+
			`WHERE (a > 5)`)
	f(bind.DeparseIndex(c, rel, index("j")), "CREATE INDEX j ON public.t USING btree ((a + 1))")
	f(bind.DeparseIndex(c, rel, index("t_key")),
		"CREATE UNIQUE INDEX t_key ON public.t USING btree (a, b) NULLS NOT DISTINCT")
	for i, want := range []string{"PRIMARY KEY (id)", "UNIQUE NULLS NOT DISTINCT (a, b)", "CHECK ((a > 0))"} {
		for j := range rel.Table.Constraints {
			k := &rel.Table.Constraints[j]
			if k.Type == "puc"[i] {
				f(bind.DeparseConstraint(c, rel.Table, k, index([]string{"t_pkey", "t_key", "t_key"}[i])), want)
			}
		}
	}
	fk := &schema.Constraint{
		Type: 'f', Columns: []int16{2}, RefTable: rel.Table.OID, RefColumns: []int16{1},
		OnDelete: 'c', Deferrable: true,
	}
	f(bind.DeparseConstraint(c, c.Table("r").Table, fk, nil),
		"FOREIGN KEY (t_id) REFERENCES t(id) ON DELETE CASCADE DEFERRABLE")
}

func TestQuoteIdent(t *testing.T) {
	f := func(name, want string) {
		t.Helper()
		if got := bind.QuoteIdent(name); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
		}
	}
	f("abc_1", "abc_1")
	f("Abc", `"Abc"`)
	f("1a", `"1a"`)
	f(`a"b`, `"a""b"`)
	f("select", `"select"`)
	f("name", "name")
	f("", `""`)
	if got := bind.QuoteLiteral(`it's \`); got != `'it''s \'` {
		t.Errorf("got %s", got)
	}
}

func TestResolveType(t *testing.T) {
	b := &bind.Binder{Catalog: newCatalog(t)}
	f := func(text, want string) {
		t.Helper()
		n, err := sql.ParseTypeName(text)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if typ, err := b.ResolveType(n); err != nil {
			got = pgerr.Code(err) + ": " + err.Error()
		} else {
			got = bind.FormatExpr(&eval.Const{T: typ})
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	f("int", "0")
	f("varchar(5)", "'':varchar(5)")
	f("nosuch", `42704: type "nosuch" does not exist`)
	f("nosuch.x", `3F000: schema "nosuch" does not exist`)
	f("int[][]", "'{}':_int4")
	f("text(3)", `42601: type modifier is not allowed for type "text"`)
	f("point(3)", `42601: type modifier is not allowed for type "point"`)
	f("bit(3)", "'':bit(3)")
	f("bit varying(3)", "'':varbit(3)")
	f("halfvec(3)", "'[]':halfvec(3)")
	f("sparsevec(3)", "'{}/0':sparsevec(3)")
	f("halfvec(0)", "22023: dimensions for type halfvec must be at least 1")
	f("bit(0)", "22023: length for type bit must be at least 1")
}

// TestRename prints a check and a view anew after their table's columns have other names.
func TestRename(t *testing.T) {
	old, now := newCatalog(t), newCatalog(t)
	table := now.Table("t").Table
	table.Columns[1].Name = "amount"
	table.Name = "renamed"
	b := &bind.Binder{Catalog: old}
	e, err := sql.ParseExpr("a > 1 and b = 'x'")
	if err != nil {
		t.Fatal(err)
	}
	x, err := b.BindExpr(e, old.Table("t").Table, bind.UseCheck)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := x.Deparse(now, table), "((amount > 1) AND (b = 'x'::text))"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	stmts, err := sql.Parse("select a, b from t where a > 1")
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.BindQueryForView(stmts[0].Node.(*sql.Select))
	if err != nil {
		t.Fatal(err)
	}
	want := " SELECT amount AS a,\n    b\n   FROM public.renamed t\n  WHERE (amount > 1)"
	if got := bind.DeparseQuery(now, r, bind.DeparseStored); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
