package testcat_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/planner/cat/testcat"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// indexText describes an index: its keys with their order, what it includes, its predicate.
func indexText(t *schema.Table, ix *schema.Index) string {
	var keys []string
	for _, k := range ix.Keys {
		s := k.Expr
		if k.Column != 0 {
			s = t.Col(k.Column).Name
		}
		s += ":" + types.FormatType(k.Type)
		if k.Opclass != "" {
			s += " " + k.Opclass
		}
		if k.Desc {
			s += " desc"
		}
		if k.NullsFirst {
			s += " nulls first"
		}
		keys = append(keys, s)
	}
	out := fmt.Sprintf("%s %s (%s)", ix.Name, ix.Method, strings.Join(keys, ", "))
	if ix.Unique {
		out = "unique " + out
	}
	if len(ix.Include) > 0 {
		out += fmt.Sprint(" include ", ix.Include)
	}
	if ix.Where != "" {
		out += " where " + ix.Where
	}
	return out
}

// Indexes are made as the statement says: columns and expressions, directions, operator classes, predicates.
func TestCreateIndex(t *testing.T) {
	c := testcat.New()
	if err := c.Exec("create table t (id int primary key, a int, b text, e vector(3), unique (a, b))"); err != nil {
		t.Fatal(err)
	}
	f := func(stmt, want string) {
		t.Helper()
		if err := c.Exec(stmt); err != nil {
			t.Errorf("%s: %v", stmt, err)
			return
		}
		rel := c.Table("t")
		if got := indexText(rel.Table, rel.Indexes[len(rel.Indexes)-1]); got != want {
			t.Errorf("%s\n got %s\nwant %s", stmt, got, want)
		}
	}
	f("create index i1 on t (a)", "i1 btree (a:integer)")
	f("create index i2 on t (a desc, b)", "i2 btree (a:integer desc nulls first, b:text)")
	f("create index i3 on t (a desc nulls last, b nulls first)", "i3 btree (a:integer desc, b:text nulls first)")
	f("create index i4 on t (lower(b), (a + 1))", "i4 btree (lower(b):text, (a + 1):integer)")
	f("create unique index i5 on t (a) where b is not null and a > 1",
		"unique i5 btree (a:integer) where ((b IS NOT NULL) AND (a > 1))")
	f("create index i6 on t (b) include (a, id)", "i6 btree (b:text) include [2 1]")
	f("create index i7 on t using ivfpq (e vector_cosine_ops)", "i7 ivfpq (e:vector(3) vector_cosine_ops)")
	f("create index i8 on t (b text_pattern_ops)", "i8 btree (b:text text_pattern_ops)")
	rel := c.Table("t")
	for _, ix := range rel.Indexes {
		want := map[string]string{
			"t_pkey": "unique t_pkey btree (id:integer)",
			"t_key":  "unique t_key btree (a:integer, b:text)",
		}[ix.Name]
		if got := indexText(rel.Table, ix); want != "" && (got != want || ix.Primary != (ix.Name == "t_pkey")) {
			t.Errorf("constraint: got %s, primary %v; want %s", got, ix.Primary, want)
		}
	}
	if !rel.Table.Column("id").NotNull || rel.Table.Column("a").NotNull {
		t.Error("a primary key makes its column NOT NULL, a unique one does not")
	}
}

// Statements that are wrong, or that the catalog does not know, are refused and leave nothing.
func TestCreateErrors(t *testing.T) {
	c := testcat.New()
	if err := c.Exec("create table t (id int, a int)"); err != nil {
		t.Fatal(err)
	}
	f := func(stmt, want string) {
		t.Helper()
		if err := c.Exec(stmt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n got %v\nwant %s", stmt, err, want)
		}
	}
	f("create tabel x (a int)", "syntax error")
	f("create table x (a nosuchtype)", `type "nosuchtype" does not exist`)
	f("create table x (a int check (b > 1))", `column "b" does not exist`)
	f("create table x (a int default b)", "column reference")
	f("create table x (a int, g int generated always as (random()) stored)", "not immutable")
	f("create index on x (a)", `relation "x" does not exist`)
	f("create index on t (b)", `column "b" does not exist`)
	f("create index on t ((random()))", "IMMUTABLE")
	f("create index on t (a) where random() < 1", "IMMUTABLE")
	f("create index on t (a) where a + 1", "boolean")
	f("create view x as select b from t", `column "b" does not exist`)
	f("drop table t", "is not known here")
	f("insert into t values (1)", "is not known here")
	if c.Table("x") != nil || len(c.Table("t").Indexes) != 0 {
		t.Error("a refused statement left something")
	}
}

// Names are found through the search path, by schema, and by OID; types of rows by their tables' names.
func TestNames(t *testing.T) {
	c := testcat.New()
	if err := c.Exec(`create schema s; create table s.t (a int); create table t (b int);
		create table "Odd Name" (a int)`); err != nil {
		t.Fatal(err)
	}
	for _, n := range []struct{ schema, name, column string }{
		{"", "t", "b"}, {"s", "t", "a"}, {"public", "t", "b"}, {"", "Odd Name", "a"},
	} {
		rel, err := c.Relation(n.schema, n.name)
		if err != nil || rel == nil || rel.Table.Columns[0].Name != n.column {
			t.Errorf("%s.%s: %v, %v", n.schema, n.name, rel, err)
			continue
		}
		if c.RelationByOID(rel.Table.OID) != rel || c.RowTypeRelation(rel.Table.RowType) != rel {
			t.Errorf("%s.%s is not found by its numbers", n.schema, n.name)
		}
	}
	for _, n := range [][2]string{{"", "nope"}, {"s", "Odd Name"}, {"nope", "t"}} {
		if rel, err := c.Relation(n[0], n[1]); rel != nil || err != nil {
			t.Errorf("%v: %v, %v", n, rel, err)
		}
	}
	row := c.Table("t").Table.RowType
	if oid, ok := c.TypeByName("public", "_t"); !ok || oid != row+1 {
		t.Errorf("the array of t's row type is %d, %v; want %d", oid, ok, row+1)
	}
	if _, ok := c.TypeByName("", "nope"); ok {
		t.Error("a type of no table is found")
	}
	for name, visible := range map[string]bool{"s": false, "public": true} {
		rel, _ := c.Relation(name, "t")
		if got, v := c.NamespaceOf(rel); got != name || v != visible {
			t.Errorf("t of %s is in %s, visible %v", name, got, v)
		}
		if !c.SchemaExists(name) {
			t.Errorf("schema %s is not there", name)
		}
	}
}

// Relations are read and written as regclass, types as regtype.
func TestRegNames(t *testing.T) {
	c := testcat.New()
	if err := c.Exec("create schema s; create table s.t (a int); create table t (b int)"); err != nil {
		t.Fatal(err)
	}
	in := func(name string, want *schema.Table) {
		t.Helper()
		if oid, err := c.RegIn(types.RegclassOID, name); err != nil || oid != want.OID {
			t.Errorf("%s is %d, %v; want %d", name, oid, err, want.OID)
		}
	}
	st, _ := c.Relation("s", "t")
	in("t", c.Table("t").Table)
	in("public.t", c.Table("t").Table)
	in("s.t", st.Table)
	in(`"t"`, c.Table("t").Table)
	if _, err := c.RegIn(types.RegclassOID, "nope"); err == nil {
		t.Error("a relation that is not there has an OID")
	}
	for _, x := range []struct {
		typ, oid types.OID
		want     string
		ok       bool
	}{
		{types.RegclassOID, st.Table.OID, "t", true},
		{types.RegtypeOID, types.Int4OID, "integer", true},
		{types.RegclassOID, 1, "", false},
		{types.RegtypeOID, 1, "", false},
	} {
		if got, ok := c.RegOut(x.typ, x.oid); got != x.want || ok != x.ok {
			t.Errorf("%d of type %d is %q, %v; want %q, %v", x.oid, x.typ, got, ok, x.want, x.ok)
		}
	}
}
