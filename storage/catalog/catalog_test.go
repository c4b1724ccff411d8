package catalog_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage/catalog"
)

const (
	db     = schema.PostgresDBOID
	public = schema.PublicOID
)

func table(oid catalog.OID, name string) *schema.Table {
	return &schema.Table{
		OID: oid, DB: db, Namespace: public, Name: name, Kind: schema.KindTable, Owner: 10,
		Columns: []schema.Column{{Num: 1, Name: "a", Type: types.Of(23)}, {Num: 2, Name: "b", Type: types.Of(25)}},
	}
}

func index(oid, on catalog.OID, name string) *schema.Index {
	return &schema.Index{
		OID: oid, DB: db, Namespace: public, Table: on, Name: name, Method: "btree",
		Keys: []schema.IndexKey{{Column: 1, Type: types.Of(23)}},
	}
}

func boot(t *testing.T, more ...any) *catalog.Catalog {
	t.Helper()
	var changes []catalog.Change
	for _, o := range append(catalog.Bootstrap(catalog.BootstrapOptions{Superusers: []string{
		"postgres", "me", "me",
	}}), more...) {
		changes = append(changes, catalog.Change{Object: o})
	}
	c, err := new(catalog.Catalog).With(changes...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBootstrap(t *testing.T) {
	c := boot(t)
	if d := c.DatabaseNamed("postgres"); d == nil || d.OID != db || c.Database(db) != d {
		t.Fatal("no database postgres")
	}
	if r := c.RoleNamed("postgres"); r == nil || !r.Super || r.OID != schema.BootstrapRoleOID {
		t.Fatal("no superuser")
	}
	if len(c.Roles()) != 2 || len(c.Databases()) != 3 {
		t.Fatalf("%d roles, %d databases", len(c.Roles()), len(c.Databases()))
	}
	for _, name := range []string{"public", "pg_catalog", "information_schema"} {
		if c.Namespace(db, name) == nil {
			t.Fatalf("no namespace %s", name)
		}
	}
	if c.Namespace(db, "nope") != nil || c.DatabaseNamed("nope") != nil || c.Role(1) != nil || c.Table(1) != nil {
		t.Fatal("something that is not there is found")
	}
	var names []string
	for _, n := range c.Namespaces(db) {
		names = append(names, n.Name)
	}
	if want := []string{"pg_catalog", "public", "information_schema"}; !slices.Equal(names, want) {
		t.Fatalf("got %v, want %v", names, want)
	}
}

func TestSnapshots(t *testing.T) {
	a := boot(t, table(20000, "t"), index(20001, 20000, "i2"), index(20002, 20000, "i1"))
	b, err := a.With(catalog.Change{Object: table(20000, "renamed")},
		catalog.Change{Object: index(20001, 20000, "i2"), Drop: true})
	if err != nil {
		t.Fatal(err)
	}
	if a.Version() == b.Version() {
		t.Fatal("a change without a new version")
	}
	if same, err := b.With(); err != nil || same != b {
		t.Fatal("no change makes a new catalog")
	}
	f := func(c *catalog.Catalog, name string, want bool, indexes int) {
		t.Helper()
		r, ok := c.Relation(public, name)
		if ok != want || len(c.IndexesOf(20000)) != indexes {
			t.Fatalf("%s: %v, %d indexes", name, ok, len(c.IndexesOf(20000)))
		}
		if ok && (r.Name() != name || r.OID() != 20000 || r.Kind() != schema.KindTable || r.Namespace() != public) {
			t.Fatalf("%+v", r)
		}
	}
	f(a, "t", true, 2)
	f(a, "renamed", false, 2)
	f(b, "t", false, 1)
	f(b, "renamed", true, 1)
	if r, ok := b.Relation(public, "i1"); !ok || r.Kind() != schema.KindIndex || r.OID() != 20002 || r.Name() != "i1" {
		t.Fatal("the index is not found by name")
	}
	if len(b.Tables(db)) != 1 || len(b.TablesIn(public)) != 1 || len(b.Indexes(0)) != 1 || len(b.Tables(77)) != 0 {
		t.Fatal("lists")
	}
}

func TestDuplicate(t *testing.T) {
	c := boot(t, table(20000, "t"))
	f := func(o any, existing catalog.OID) {
		t.Helper()
		_, err := c.With(catalog.Change{Object: o})
		var dup *catalog.DuplicateError
		if errors.As(err, &dup) != (existing != 0) || (dup != nil && dup.Existing != existing) {
			t.Fatalf("%+v: %v", o, err)
		}
	}
	f(table(20001, "t"), 20000)
	f(index(20001, 20000, "t"), 20000)
	f(table(20000, "t"), 0) // replaces itself
	f(&schema.Database{OID: 77, Name: "postgres"}, db)
	f(&schema.Namespace{OID: 77, DB: db, Name: "public"}, public)
	f(&schema.Namespace{OID: 77, DB: 1, Name: "other"}, 0)
	if _, err := c.With(catalog.Change{Object: 5}); !errors.Is(err, catalog.ErrUnknownObject) {
		t.Fatal(err)
	}
}

func TestManyObjects(t *testing.T) {
	c := boot(t)
	const n = 2000
	for i := range n {
		var err error
		if c, err = c.With(catalog.Change{Object: table(catalog.OID(30000+i), fmt.Sprintf("t%d", i))}); err != nil {
			t.Fatal(err)
		}
	}
	for i := 0; i < n; i += 2 {
		var err error
		if c, err = c.With(catalog.Change{Object: c.Table(catalog.OID(30000 + i)), Drop: true}); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(c.Tables(db)); got != n/2 {
		t.Fatalf("%d tables", got)
	}
	for i := range n {
		if _, ok := c.Relation(public, fmt.Sprintf("t%d", i)); ok != (i%2 == 1) {
			t.Fatalf("table %d: %v", i, ok)
		}
	}
}

func TestDependents(t *testing.T) {
	view := table(20010, "v")
	view.Kind, view.Deps = schema.KindView, []schema.Dep{{OID: 20000, Column: 2}}
	seq := table(20011, "s")
	seq.Kind, seq.Sequence = schema.KindSequence, &schema.Sequence{OwnerTable: 20000, OwnerColumn: 1}
	other := table(20012, "o")
	other.Columns[0].Deps = []schema.Dep{{OID: 20011}}
	other.Constraints = []schema.Constraint{{OID: 20013, Type: 'f', RefTable: 20000}}
	c := boot(t, table(20000, "t"), index(20001, 20000, "i"), view, seq, other)
	f := func(oid catalog.OID, want ...string) {
		t.Helper()
		var got []string
		for _, d := range c.Dependents(oid) {
			got = append(got, fmt.Sprintf("%d col %d con %d ref %d auto %v", d.OID, d.Column, d.Constraint, d.RefColumn, d.Auto))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%d: got %q", oid, got)
		}
	}
	f(20000, "20001 col 0 con 0 ref 0 auto true", "20010 col 0 con 0 ref 2 auto false",
		"20011 col 0 con 0 ref 1 auto true", "20012 col 0 con 20013 ref 0 auto false")
	f(20011, "20012 col 1 con 0 ref 0 auto false")
	f(20012)
	if n := len(c.Dependents(public)); n != 4 {
		t.Fatalf("%d objects in public", n) // tables, views, sequences: an index goes with its table
	}
}

func TestRecords(t *testing.T) {
	stats := &catalog.Stats{Table: 20000, Rows: 7, Columns: []catalog.ColumnStats{{
		Num: 2, Distinct: 3,
		Common: []types.Datum{types.StringDatum("x")}, CommonFraction: []float64{0.5},
	}}}
	objects := append(catalog.Bootstrap(catalog.BootstrapOptions{}), table(20000, "t"), index(20001, 20000, "i"),
		&schema.Extension{OID: 20002, DB: db, Name: "vector", Namespace: public}, stats)
	for _, o := range objects {
		b, err := catalog.Encode(o)
		if err != nil {
			t.Fatal(err)
		}
		back, err := catalog.Decode(b)
		if err != nil || !reflect.DeepEqual(o, back) {
			t.Fatalf("%+v came back as %+v, %v", o, back, err)
		}
	}
	if _, err := catalog.Encode("x"); !errors.Is(err, catalog.ErrUnknownObject) {
		t.Fatal(err)
	}
	c := boot(t, objects[len(objects)-4:]...)
	if s := c.Stats(20000); s == nil || s.Column(2) == nil || s.Column(1) != nil || c.Stats(1).Column(1) != nil {
		t.Fatal("statistics")
	}
	if c.Extension(db, "vector") == nil || len(c.Extensions(db)) != 1 {
		t.Fatal("extension")
	}
	next, err := c.With(catalog.Change{Object: table(20000, "t"), Drop: true})
	if err != nil || next.Stats(20000) != nil {
		t.Fatal("statistics outlive their table")
	}
}

func FuzzDecode(f *testing.F) {
	for _, o := range append(catalog.Bootstrap(catalog.BootstrapOptions{}), table(20000, "t")) {
		b, err := catalog.Encode(o)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		o, err := catalog.Decode(b)
		if err != nil {
			if !errors.Is(err, catalog.ErrRecord) {
				t.Fatal(err)
			}
			return
		}
		if _, err := catalog.Encode(o); err != nil {
			t.Fatal(err)
		}
	})
}
