package catalog_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage/catalog"
)

func with(t *testing.T, c *catalog.Catalog, changes ...catalog.Change) *catalog.Catalog {
	t.Helper()
	next, err := c.With(changes...)
	if err != nil {
		t.Fatal(err)
	}
	return next
}

func put(o any) catalog.Change  { return catalog.Change{Object: o} }
func drop(o any) catalog.Change { return catalog.Change{Object: o, Drop: true} }

// What OIDOf says of each kind of object: databases, roles and statistics belong to no database.
func TestOIDOf(t *testing.T) {
	f := func(o any, oid, in catalog.OID) {
		t.Helper()
		got, gotDB, err := catalog.OIDOf(o)
		if err != nil || got != oid || gotDB != in {
			t.Fatalf("%T: %d of %d, %v", o, got, gotDB, err)
		}
	}
	f(&schema.Database{OID: 7}, 7, 0)
	f(&schema.Role{OID: 7}, 7, 0)
	f(&schema.Namespace{OID: 7, DB: 5}, 7, 5)
	f(&schema.Table{OID: 7, DB: 5}, 7, 5)
	f(&schema.Index{OID: 7, DB: 5}, 7, 5)
	f(&schema.Extension{OID: 7, DB: 5}, 7, 5)
	f(&catalog.Stats{Table: 7}, 7, 0)
	for _, o := range []any{nil, 5, schema.Table{OID: 7}} {
		if _, _, err := catalog.OIDOf(o); !errors.Is(err, catalog.ErrUnknownObject) {
			t.Fatalf("%T: %v", o, err)
		}
	}
}

// A list of changes is made in order, and not at all when one of them fails.
func TestChangesAreOne(t *testing.T) {
	c := boot(t, table(20000, "a"))
	// Two tables exchange their names by way of a third.
	c = with(t, c, put(table(20001, "b")))
	c = with(t, c, put(table(20000, "x")), put(table(20001, "a")), put(table(20000, "b")))
	if c.Table(20000).Name != "b" || c.Table(20001).Name != "a" {
		t.Fatal("the names are not exchanged")
	}
	// A name is free again within the list that drops it.
	c = with(t, c, drop(c.Table(20000)), put(table(20002, "b")))
	if c.Table(20000) != nil || c.Table(20002) == nil {
		t.Fatal("drop and put of one name")
	}
	before := c.Len()
	var dup *catalog.DuplicateError
	next, err := c.With(put(table(20003, "new")), put(table(20004, "b")))
	if !errors.As(err, &dup) || dup.Name != "b" || dup.Existing != 20002 || next != nil {
		t.Fatalf("%v, %v", next, err)
	}
	if want := `name "b" is taken by object 20002`; dup.Error() != want {
		t.Fatalf("got %q, want %q", dup, want)
	}
	if c.Len() != before || c.Table(20003) != nil {
		t.Fatal("a failed list of changes shows")
	}
}

// Dropping what is not there changes nothing but the version.
func TestDropOfNothing(t *testing.T) {
	c := boot(t, table(20000, "t"), index(20001, 20000, "i"))
	next := with(t, c, drop(table(20009, "t")), drop(index(20010, 20000, "i")), drop(&catalog.Stats{Table: 20000}))
	if next.Len() != c.Len() || next.Table(20000) == nil || len(next.IndexesOf(20000)) != 1 {
		t.Fatal("something went")
	}
	if r, ok := next.Relation(public, "t"); !ok || r.OID() != 20000 {
		t.Fatal("the name went")
	}
}

// An index that moves to another table is in that table's list only, and lists are in order of OID.
func TestIndexesOf(t *testing.T) {
	c := boot(t, table(20000, "t"), table(20001, "u"), index(20012, 20000, "c"), index(20010, 20000, "a"),
		index(20011, 20000, "b"))
	oids := func(on catalog.OID) (out []catalog.OID) {
		for _, i := range c.IndexesOf(on) {
			out = append(out, i.OID)
		}
		return out
	}
	f := func(on catalog.OID, want ...catalog.OID) {
		t.Helper()
		if got := oids(on); !slices.Equal(got, want) {
			t.Fatalf("indexes of %d: %v, want %v", on, got, want)
		}
	}
	f(20000, 20010, 20011, 20012)
	f(20001)
	old := c.IndexesOf(20000)
	c = with(t, c, put(index(20011, 20001, "b")))
	f(20000, 20010, 20012)
	f(20001, 20011)
	if len(old) != 3 || old[1].OID != 20011 {
		t.Fatal("a list that was handed out has changed")
	}
	c = with(t, c, drop(c.Index(20010)), drop(c.Index(20012)))
	f(20000)
}

// Statistics live beside their table: they go with it, and replace each other without touching names.
func TestStats(t *testing.T) {
	c := boot(t, table(20000, "t"))
	c = with(t, c, put(&catalog.Stats{Table: 20000, Rows: 1}))
	c = with(t, c, put(&catalog.Stats{Table: 20000, Rows: 2}))
	if c.Stats(20000).Rows != 2 || c.Len() != boot(t, table(20000, "t")).Len() {
		t.Fatal("statistics count as an object, or are not replaced")
	}
	if c = with(t, c, put(table(20000, "renamed"))); c.Stats(20000) == nil {
		t.Fatal("a changed table loses its statistics")
	}
	if c = with(t, c, drop(&catalog.Stats{Table: 20000})); c.Stats(20000) != nil || c.Table(20000) == nil {
		t.Fatal("drop of statistics")
	}
	c = with(t, c, put(&catalog.Stats{Table: 20000}), drop(c.Table(20000)))
	if c.Stats(20000) != nil {
		t.Fatal("statistics outlive their table")
	}
	var none *catalog.Stats
	if none.Column(1) != nil {
		t.Fatal("a column of no statistics")
	}
}

// The parts of a relation are those of the table or of the index.
func TestRelation(t *testing.T) {
	v := table(20003, "v")
	v.Kind = schema.KindView
	c := boot(t, table(20000, "t"), index(20001, 20000, "i"), v)
	f := func(oid catalog.OID, name string, kind byte) {
		t.Helper()
		r, ok := c.RelationByOID(oid)
		if !ok || r.OID() != oid || r.Name() != name || r.Kind() != kind || r.Namespace() != public {
			t.Fatalf("%d: %+v, %v", oid, r, ok)
		}
		named, ok := c.Relation(public, name)
		if !ok || named != r {
			t.Fatalf("%s: %+v, %v", name, named, ok)
		}
	}
	f(20000, "t", schema.KindTable)
	f(20001, "i", schema.KindIndex)
	f(20003, "v", schema.KindView)
	for _, oid := range []catalog.OID{public, db, 10, 99999} {
		if r, ok := c.RelationByOID(oid); ok {
			t.Fatalf("%d is no relation: %+v", oid, r)
		}
	}
	if _, ok := c.Relation(1, "t"); ok {
		t.Fatal("found in another namespace")
	}
	if got := c.NamespaceName(c.Table(20000)); got != "public" {
		t.Fatalf("in namespace %q", got)
	}
	if got := c.NamespaceName(&schema.Table{Namespace: 999}); got != "" {
		t.Fatalf("in namespace %q", got)
	}
}

// A bootstrap takes at most as many superusers as there are OIDs for, and only the first has the password.
func TestBootstrapSuperusers(t *testing.T) {
	var names []string
	for i := range 40 {
		names = append(names, fmt.Sprintf("u%d", i))
	}
	var roles []*schema.Role
	for _, o := range catalog.Bootstrap(catalog.BootstrapOptions{Superusers: names, Verifier: "SCRAM"}) {
		if r, ok := o.(*schema.Role); ok {
			roles = append(roles, r)
		}
	}
	if len(roles) != 16 || roles[0].Verifier != "SCRAM" || roles[0].OID != schema.BootstrapRoleOID {
		t.Fatalf("%d roles, the first %+v", len(roles), roles[0])
	}
	seen := map[catalog.OID]bool{}
	for i, r := range roles {
		if seen[r.OID] || r.OID >= schema.FirstUserOID || !r.Super || (i > 0 && r.Verifier != "") {
			t.Fatalf("role %+v", r)
		}
		seen[r.OID] = true
	}
}

// model is a catalog as plain maps.
type model struct {
	objects map[catalog.OID]any
	stats   map[catalog.OID]*catalog.Stats
}

func (m model) clone() model { return model{maps.Clone(m.objects), maps.Clone(m.stats)} }

// taken says whether another object has the name of o.
func (m model) taken(o any) bool {
	for oid, other := range m.objects {
		if self, _, _ := catalog.OIDOf(o); oid != self && key(other) == key(o) {
			return true
		}
	}
	return false
}

// key is the name of an object, of a kind where names must differ.
func key(o any) string {
	switch o := o.(type) {
	case *schema.Table:
		return fmt.Sprintf("relation %d %s", o.Namespace, o.Name)
	case *schema.Index:
		return fmt.Sprintf("relation %d %s", o.Namespace, o.Name)
	case *schema.Namespace:
		return fmt.Sprintf("namespace %d %s", o.DB, o.Name)
	case *schema.Extension:
		return fmt.Sprintf("extension %d %s", o.DB, o.Name)
	}
	return ""
}

// randomObject makes an object with one of few OIDs and names, so that they meet.
func randomObject(rng *rand.Rand) any {
	oid, name := catalog.OID(30000+rng.IntN(12)), string(rune('a'+rng.IntN(6)))
	switch oid % 4 {
	case 0:
		return &schema.Namespace{OID: oid, DB: db, Name: name}
	case 1:
		return &schema.Extension{OID: oid, DB: db, Name: name}
	case 2:
		return index(oid, 30003, name)
	}
	t := table(oid, name)
	t.RowType = 10 * oid
	for i := range rng.IntN(3) {
		t.Constraints = append(t.Constraints, schema.Constraint{
			OID: 10*oid + 2 + catalog.OID(i), Type: 'f', RefTable: catalog.OID(30003 + 4*rng.IntN(3)),
		})
	}
	if rng.IntN(3) == 0 {
		t.Sequence = &schema.Sequence{OwnerTable: catalog.OID(30003 + 4*rng.IntN(3))}
	}
	return t
}

// partsAndReferrers are what TableOfPart and Referrers have to find.
func (m model) partsAndReferrers() (parts map[catalog.OID]catalog.OID, referrers map[catalog.OID][]catalog.OID) {
	parts, referrers = map[catalog.OID]catalog.OID{}, map[catalog.OID][]catalog.OID{}
	for oid := catalog.OID(30000); oid < 30012; oid++ {
		t, ok := m.objects[oid].(*schema.Table)
		if !ok {
			continue
		}
		parts[t.RowType], parts[t.RowType+1] = oid, oid
		to := map[catalog.OID]bool{}
		for _, c := range t.Constraints {
			parts[c.OID], to[c.RefTable] = oid, true
		}
		if t.Sequence != nil {
			to[t.Sequence.OwnerTable] = true
		}
		for other := range to {
			referrers[other] = append(referrers[other], oid)
		}
	}
	return parts, referrers
}

// Random changes leave every snapshot, old and new, as a map says.
func TestSnapshotsAgainstMaps(t *testing.T) {
	for seed := uint64(1); seed <= 10; seed++ {
		rng := rand.New(rand.NewPCG(seed, 7))
		c := new(catalog.Catalog)
		m := model{map[catalog.OID]any{}, map[catalog.OID]*catalog.Stats{}}
		catalogs, models := []*catalog.Catalog{c}, []model{m}
		for range 150 {
			o, next := randomObject(rng), m.clone()
			oid, _, _ := catalog.OIDOf(o)
			change, wantErr := put(o), m.taken(o)
			switch rng.IntN(4) {
			case 0:
				change, wantErr = drop(o), false
				delete(next.objects, oid)
				delete(next.stats, oid)
			case 1:
				s := &catalog.Stats{Table: oid, Rows: rng.Int64N(100)}
				change, wantErr = put(s), false
				next.stats[oid] = s
			default:
				next.objects[oid] = o
			}
			after, err := c.With(change)
			if (err != nil) != wantErr {
				t.Fatalf("seed %d: %+v: %v", seed, change, err)
			}
			if err != nil {
				continue
			}
			c, m = after, next
			catalogs, models = append(catalogs, c), append(models, m)
		}
		for i, c := range catalogs {
			verify(t, seed, c, models[i])
		}
	}
}

func verify(t *testing.T, seed uint64, c *catalog.Catalog, m model) {
	t.Helper()
	if c.Len() != len(m.objects) {
		t.Fatalf("seed %d: %d objects, want %d", seed, c.Len(), len(m.objects))
	}
	parts, referrers := m.partsAndReferrers()
	for part := catalog.OID(300000); part < 300120; part++ {
		got := c.TableOfPart(part)
		if want := parts[part]; got == nil && want != 0 || got != nil && got.OID != want {
			t.Fatalf("seed %d: part %d is of %+v, want %d", seed, part, got, want)
		}
	}
	var indexes []*schema.Index
	for oid := catalog.OID(30000); oid < 30012; oid++ {
		o, ok := m.objects[oid]
		if got := c.Object(oid); ok && got != o || !ok && got != nil {
			t.Fatalf("seed %d: object %d is %+v, want %+v", seed, oid, got, o)
		}
		var from []catalog.OID
		for _, r := range c.Referrers(oid) {
			from = append(from, r.OID)
		}
		if !slices.Equal(from, referrers[oid]) {
			t.Fatalf("seed %d: %d is referred to by %v, want %v", seed, oid, from, referrers[oid])
		}
		if c.Stats(oid) != m.stats[oid] {
			t.Fatalf("seed %d: statistics of %d", seed, oid)
		}
		switch o := o.(type) {
		case *schema.Table:
			if r, ok := c.Relation(public, o.Name); !ok || r.Table != o {
				t.Fatalf("seed %d: table %s is not found", seed, o.Name)
			}
		case *schema.Index:
			indexes = append(indexes, o)
		case *schema.Namespace:
			if c.Namespace(db, o.Name) != o || c.NamespaceByOID(oid) != o {
				t.Fatalf("seed %d: namespace %s is not found", seed, o.Name)
			}
		case *schema.Extension:
			if c.Extension(db, o.Name) != o {
				t.Fatalf("seed %d: extension %s is not found", seed, o.Name)
			}
		}
	}
	if got := c.IndexesOf(30003); !slices.Equal(got, indexes) {
		t.Fatalf("seed %d: indexes %v, want %v", seed, got, indexes)
	}
	if got := c.Indexes(db); !reflect.DeepEqual(got, append([]*schema.Index{}, indexes...)) {
		t.Fatalf("seed %d: list of indexes %v", seed, got)
	}
}

// Which objects each kind of edge of the dependency graph makes dependents, and what is needed of them.
func TestEdges(t *testing.T) {
	self := table(20000, "self")
	self.Constraints = []schema.Constraint{{OID: 20050, Type: 'f', RefTable: 20000}}
	dropped := table(20001, "dropped")
	dropped.Columns[1].Dropped, dropped.Columns[1].Deps = true, []schema.Dep{{OID: 20000}}
	check := table(20002, "checked")
	check.Constraints = []schema.Constraint{{OID: 20051, Type: 'c', Deps: []schema.Dep{{OID: 20003, Column: 2}}}}
	identity := table(20003, "identity")
	identity.Columns[0].Deps = []schema.Dep{{OID: 20004, Auto: true}}
	partial := index(20005, 20001, "partial")
	partial.Deps = []schema.Dep{{OID: 20003, Column: 1}, {OID: 20003, Column: 2}}
	ext := &schema.Extension{OID: 20006, DB: db, Namespace: 20007, Name: "e"}
	ns := &schema.Namespace{OID: 20007, DB: db, Name: "n"}
	c := boot(t, self, dropped, check, identity, table(20004, "seq"), partial, ext, ns)
	f := func(oid catalog.OID, want ...string) {
		t.Helper()
		var got []string
		for _, d := range c.Dependents(oid) {
			if o, _, _ := catalog.OIDOf(d.Object); o != d.OID {
				t.Fatalf("dependent %+v", d)
			}
			got = append(got, fmt.Sprintf("%d col %d con %d ref %d auto %v", d.OID, d.Column, d.Constraint, d.RefColumn, d.Auto))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%d: got %q", oid, got)
		}
	}
	f(20000) // neither its own foreign key nor a dropped column counts
	f(20001, "20005 col 0 con 0 ref 0 auto true")
	f(20003, "20002 col 0 con 20051 ref 2 auto false",
		"20005 col 0 con 0 ref 1 auto false", "20005 col 0 con 0 ref 2 auto false")
	f(20004, "20003 col 1 con 0 ref 0 auto true")
	f(20007, "20006 col 0 con 0 ref 0 auto false")
	f(0)
	if n := len(c.Dependents(db)); n != 9 { // with the namespace public
		t.Fatalf("%d objects in the database", n)
	}
}
