package testcat_test

import (
	"testing"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/planner/cat/testcat"
	"github.com/vecdb/vecdb/sql/types"
)

var (
	_ cat.Catalog       = (*testcat.Catalog)(nil)
	_ types.RegResolver = (*testcat.Catalog)(nil)
)

func TestCatalog(t *testing.T) {
	c := testcat.New()
	err := c.Exec(`create schema s;
		create table s.t (id serial primary key, a int default 1 + 1 not null, g int generated always as (a * 2) stored,
			check (a > 0), unique (a, g));
		create table t (i int generated always as identity, e vector(3));
		create index ix on t using ivfpq (e vector_l2_ops) with (lists = 10) where i > 5;
		create view v (x) as select id from s.t`)
	if err != nil {
		t.Fatal(err)
	}
	st, _ := c.Relation("s", "t")
	f := func(got, want any) {
		t.Helper()
		if got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	f(st.Table.Columns[1].Default, "(1 + 1)")
	f(st.Table.Columns[2].Generated, "(a * 2)")
	f(len(st.Table.Constraints), 3)
	f(len(st.Indexes), 2)
	f(c.RelationByOID(st.Table.OID), st)
	f(c.RowTypeRelation(st.Table.RowType), st)
	name, visible := c.NamespaceOf(st)
	f(name, "s")
	f(visible, false)
	pub := c.Table("t")
	f(pub.Indexes[0].Where, "(i > 5)")
	f(pub.Indexes[0].Options["lists"], "10")
	f(pub.Table.Columns[0].Identity, byte('a'))
	f(c.Table("v").Table.Columns[0].Name, "x")
	f(c.Table("v").Table.View, " SELECT id\n   FROM s.t")
	oid, ok := c.TypeByName("", "t")
	f(oid, pub.Table.RowType)
	f(ok, true)
	c.Deny("t", "SELECT")
	f(c.Allowed(pub, "SELECT"), false)
	f(c.Allowed(pub, "INSERT"), true)
	c.SetExtension("vector", false)
	f(c.HasExtension("vector"), false)
	f(c.SchemaExists("nope"), false)
	if err := c.Exec("drop table t"); err == nil {
		t.Error("DROP TABLE should not be known")
	}
	if err := c.Exec("create index on nope (a)"); err == nil {
		t.Error("an index on no table should fail")
	}
}
