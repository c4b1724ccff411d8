package schema

import "strings"

// Privilege is one privilege of a kind of object, with its letter in an aclitem.
type Privilege struct {
	Word   string
	Letter byte
}

// ACLKind is what may be granted on a kind of object, in the order in which PostgreSQL prints it.
type ACLKind struct {
	Privileges []Privilege
	// Public is the letters that everyone has before the first GRANT or REVOKE.
	Public string
}

// The kinds of objects that keep privileges.
var (
	TableACL = &ACLKind{Privileges: []Privilege{
		{"INSERT", 'a'}, {"SELECT", 'r'}, {"UPDATE", 'w'}, {"DELETE", 'd'}, {"TRUNCATE", 'D'}, {"REFERENCES", 'x'}, {"TRIGGER", 't'},
	}}
	SequenceACL     = &ACLKind{Privileges: []Privilege{{"SELECT", 'r'}, {"UPDATE", 'w'}, {"USAGE", 'U'}}}
	NamespaceACL    = &ACLKind{Privileges: []Privilege{{"USAGE", 'U'}, {"CREATE", 'C'}}}
	openNamespace   = &ACLKind{Privileges: NamespaceACL.Privileges, Public: "U"}
	DatabaseACL     = &ACLKind{Privileges: []Privilege{{"CREATE", 'C'}, {"TEMPORARY", 'T'}, {"CONNECT", 'c'}}, Public: "Tc"}
	privilegeAlias  = map[string]string{"TEMP": "TEMPORARY"}
	grantOptionEnds = []string{" WITH GRANT OPTION", " WITH ADMIN OPTION"}
)

// Letter is the letter of a privilege word; false: the kind has no such privilege.
func (k *ACLKind) Letter(word string) (byte, bool) {
	word = strings.ToUpper(word)
	if full, ok := privilegeAlias[word]; ok {
		word = full
	}
	for _, p := range k.Privileges {
		if p.Word == word {
			return p.Letter, true
		}
	}
	return 0, false
}

// Letters are all letters of the kind.
func (k *ACLKind) Letters() string {
	b := make([]byte, len(k.Privileges))
	for i, p := range k.Privileges {
		b[i] = p.Letter
	}
	return string(b)
}

// Initial is the ACL that the first GRANT or REVOKE begins with: what holds without one.
func (k *ACLKind) Initial(owner string) []string {
	var acl []string
	if k.Public != "" {
		acl = append(acl, "="+k.Public+"/"+owner)
	}
	return append(acl, owner+"="+k.Letters()+"/"+owner)
}

// WithoutGrantOption cuts the words that ask for the right to grant off a privilege; asked says that they were there.
func WithoutGrantOption(word string) (_ string, asked bool) {
	upper := strings.ToUpper(strings.TrimSpace(word))
	for _, end := range grantOptionEnds {
		if cut, ok := strings.CutSuffix(upper, end); ok {
			return strings.TrimSpace(cut), true
		}
	}
	return upper, false
}

// Object is what decides who may do what with an object.
type Object struct {
	Kind  *ACLKind
	Owner OID
	ACL   []string // nil: what the kind says
}

// Object is the relation as an object of privileges.
func (t *Table) Object() Object {
	if t.Kind == KindSequence {
		return Object{SequenceACL, t.Owner, t.ACL}
	}
	return Object{TableACL, t.Owner, t.ACL}
}

// Object is the schema as an object of privileges. Everyone may use the system's, and public.
func (n *Namespace) Object() Object {
	if n.DB == 0 || n.Name == "public" {
		return Object{openNamespace, n.Owner, n.ACL}
	}
	return Object{NamespaceACL, n.Owner, n.ACL}
}

// Object is the database as an object of privileges.
func (d *Database) Object() Object { return Object{DatabaseACL, d.Owner, d.ACL} }

// RoleByOID finds a role; nil: there is none.
type RoleByOID func(OID) *Role

// Acts lists the roles whose privileges a role has: itself, and those that it inherits from, directly or not.
func Acts(role *Role, find RoleByOID) []*Role {
	acts := []*Role{role}
	for i := 0; i < len(acts); i++ {
		if !acts[i].NoInherit {
			acts = appendGroups(acts, acts[i], find)
		}
	}
	return acts
}

// IsMember says whether a role is another one or a member of it, directly or not.
func IsMember(role *Role, of OID, find RoleByOID) bool {
	seen := []*Role{role}
	for i := 0; i < len(seen); i++ {
		if seen[i].OID == of {
			return true
		}
		seen = appendGroups(seen, seen[i], find)
	}
	return false
}

func appendGroups(list []*Role, r *Role, find RoleByOID) []*Role {
next:
	for _, of := range r.MemberOf {
		for _, have := range list {
			if have.OID == of {
				continue next
			}
		}
		if g := find(of); g != nil {
			list = append(list, g)
		}
	}
	return list
}

// Owns says whether a role may do what an owner may.
func Owns(role *Role, owner OID, find RoleByOID) bool {
	if role.Super {
		return true
	}
	for _, r := range Acts(role, find) {
		if r.OID == owner {
			return true
		}
	}
	return false
}

// Allows says whether a role (nil: what everyone may) has the privilege of a letter.
func (o Object) Allows(role *Role, letter byte, find RoleByOID) bool {
	if role != nil && Owns(role, o.Owner, find) {
		return true
	}
	if o.ACL == nil {
		return strings.IndexByte(o.Kind.Public, letter) >= 0
	}
	names := map[string]bool{"": true}
	if role != nil {
		for _, r := range Acts(role, find) {
			names[r.Name] = true
		}
	}
	for _, item := range o.ACL {
		grantee, rest, _ := strings.Cut(item, "=")
		letters, _, _ := strings.Cut(rest, "/")
		if names[grantee] && strings.IndexByte(letters, letter) >= 0 {
			return true
		}
	}
	return false
}
