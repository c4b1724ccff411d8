package schema_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/schema"
)

// roles: carol is in staff, which is in all; dave is in staff but inherits nothing; root may do everything.
var roles = map[schema.OID]*schema.Role{
	1: {OID: 1, Name: "all"},
	2: {OID: 2, Name: "staff", MemberOf: []schema.OID{1}},
	3: {OID: 3, Name: "carol", MemberOf: []schema.OID{2, 99}},
	4: {OID: 4, Name: "dave", MemberOf: []schema.OID{2}, NoInherit: true},
	5: {OID: 5, Name: "root", Super: true},
	6: {OID: 6, Name: "ring", MemberOf: []schema.OID{7}},
	7: {OID: 7, Name: "gnir", MemberOf: []schema.OID{6}},
}

func find(oid schema.OID) *schema.Role { return roles[oid] }

// A role acts for the groups that it inherits from, each once, also where they are in a ring or gone.
func TestActs(t *testing.T) {
	f := func(role schema.OID, want string) {
		t.Helper()
		var names []string
		for _, r := range schema.Acts(roles[role], find) {
			names = append(names, r.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	f(1, "all")
	f(3, "carol staff all")
	f(4, "dave")
	f(6, "ring gnir")
}

// Membership does not ask for inheritance.
func TestIsMember(t *testing.T) {
	f := func(role, of schema.OID, want bool) {
		t.Helper()
		if got := schema.IsMember(roles[role], of, find); got != want {
			t.Errorf("%d of %d: got %v", role, of, got)
		}
	}
	f(3, 3, true)
	f(3, 1, true)
	f(4, 1, true)
	f(1, 3, false)
	f(5, 1, false)
	f(6, 6, true)
	f(6, 1, false)
}

// Owners are the role itself, those that inherit from it, and superusers.
func TestOwns(t *testing.T) {
	f := func(role, owner schema.OID, want bool) {
		t.Helper()
		if got := schema.Owns(roles[role], owner, find); got != want {
			t.Errorf("%d owns %d's: got %v", role, owner, got)
		}
	}
	f(3, 3, true)
	f(3, 1, true)
	f(4, 2, false)
	f(1, 3, false)
	f(5, 1, true)
}

// A privilege comes from owning, from an entry for the role or its groups or for everyone, or from the kind's
// beginnings.
func TestAllows(t *testing.T) {
	f := func(o schema.Object, role schema.OID, letter byte, want bool) {
		t.Helper()
		if got := o.Allows(roles[role], letter, find); got != want {
			t.Errorf("%v: role %d, %c: got %v", o.ACL, role, letter, got)
		}
	}
	table := func(acl ...string) schema.Object {
		return (&schema.Table{Kind: schema.KindTable, Owner: 1, ACL: acl}).Object()
	}
	f(table(), 1, 'r', true)
	f(table(), 3, 'r', true) // inherits from the owner
	f(table(), 4, 'r', false)
	f(table(), 0, 'r', false)
	f(table("dave=rw/all"), 4, 'w', true)
	f(table("dave=rw/all"), 4, 'd', false)
	f(table("staff=a/all"), 4, 'a', false) // is a member and does not inherit
	f(table("=r/all"), 4, 'r', true)
	f(table("=r/all"), 0, 'r', true)
	f(table("=r/all"), 0, 'w', false)
	f(table("dave=/all"), 4, 'r', false)
	f((&schema.Namespace{DB: 5, Name: "s", Owner: 1}).Object(), 4, 'U', false)
	f((&schema.Namespace{DB: 5, Name: "public", Owner: 1}).Object(), 4, 'U', true)
	f((&schema.Namespace{DB: 5, Name: "public", Owner: 1}).Object(), 4, 'C', false)
	f((&schema.Namespace{Name: "pg_catalog", Owner: 1}).Object(), 0, 'U', true)
	f((&schema.Database{Owner: 1}).Object(), 0, 'c', true)
	f((&schema.Database{Owner: 1}).Object(), 4, 'T', true)
	f((&schema.Database{Owner: 1}).Object(), 4, 'C', false)
	f((&schema.Database{Owner: 1, ACL: []string{"all=CTc/all"}}).Object(), 4, 'c', false) // revoked from everyone
}

// Words have letters in any case; each kind has its own.
func TestPrivilegeLetters(t *testing.T) {
	f := func(k *schema.ACLKind, word string, want byte) {
		t.Helper()
		if got, ok := k.Letter(word); got != want || ok != (want != 0) {
			t.Errorf("%s: got %c, %v", word, got, ok)
		}
	}
	f(schema.TableACL, "select", 'r')
	f(schema.TableACL, "TRUNCATE", 'D')
	f(schema.TableACL, "usage", 0)
	f(schema.SequenceACL, "Usage", 'U')
	f(schema.SequenceACL, "insert", 0)
	f(schema.DatabaseACL, "temp", 'T')
	f(schema.DatabaseACL, "temporary", 'T')
	f(schema.NamespaceACL, "", 0)
	if got := schema.TableACL.Letters(); got != "arwdDxt" {
		t.Errorf("got %s", got)
	}
	if got := schema.DatabaseACL.Initial("bob"); !slices.Equal(got, []string{"=Tc/bob", "bob=CTc/bob"}) {
		t.Errorf("got %v", got)
	}
	if got := schema.TableACL.Initial("bob"); !slices.Equal(got, []string{"bob=arwdDxt/bob"}) {
		t.Errorf("got %v", got)
	}
}

// The words that ask for the right to grant on are told apart from the privilege.
func TestWithoutGrantOption(t *testing.T) {
	f := func(word, want string, wantAsked bool) {
		t.Helper()
		if got, asked := schema.WithoutGrantOption(word); got != want || asked != wantAsked {
			t.Errorf("%s: got %q, %v", word, got, asked)
		}
	}
	f("select", "SELECT", false)
	f(" select with grant option ", "SELECT", true)
	f("USAGE WITH ADMIN OPTION", "USAGE", true)
	f("with grant option", "WITH GRANT OPTION", false)
}

// A dropped column keeps its number, and its name is free.
func TestColumns(t *testing.T) {
	table := &schema.Table{Columns: []schema.Column{
		{Num: 1, Name: "a", Dropped: true},
		{Num: 2, Name: "b"},
		{Num: 3, Name: "a"},
	}}
	if live := table.Live(); len(live) != 2 || live[0].Num != 2 || live[1].Num != 3 {
		t.Errorf("live columns: %v", live)
	}
	if c := table.Column("a"); c == nil || c.Num != 3 {
		t.Errorf("column a: %v", c)
	}
	if c := table.Column("A"); c != nil {
		t.Errorf("column A: %v", c)
	}
	for num, want := range map[int16]bool{-1: false, 0: false, 1: true, 3: true, 4: false} {
		if c := table.Col(num); (c != nil) != want || want && c.Num != num {
			t.Errorf("column %d: %v", num, c)
		}
	}
}
