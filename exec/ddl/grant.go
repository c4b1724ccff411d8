package ddl

import (
	"slices"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
)

// grant is GRANT and REVOKE on tables, sequences and schemas.
func (c *Context) grant(n *sql.Grant) error {
	if n.Columns {
		return pgerr.Unsupported("privileges on columns")
	}
	if n.WithGrant {
		return pgerr.Unsupported("GRANT OPTION")
	}
	switch n.Kind {
	case sql.ObjTable, sql.ObjSequence, sql.ObjView:
	case sql.ObjSchema, sql.ObjDatabase:
		on := map[sql.ObjectKind]func(string, *sql.Grant) error{sql.ObjSchema: c.grantNamespace, sql.ObjDatabase: c.grantDatabase}
		for _, name := range n.Objects {
			if err := on[n.Kind](name.Name, n); err != nil {
				return err
			}
		}
		return nil
	default:
		return pgerr.Unsupported("GRANT ON %s", n.Kind)
	}
	tables, err := c.grantTables(n)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := c.grantOn(t, n); err != nil {
			return err
		}
	}
	return nil
}

func (c *Context) grantTables(n *sql.Grant) ([]*schema.Table, error) {
	var out []*schema.Table
	for _, name := range n.Objects {
		if !n.AllInSchema {
			kinds := []byte{schema.KindTable, schema.KindView, schema.KindSequence}
			if n.Kind == sql.ObjSequence {
				kinds = kinds[2:]
			}
			t, err := c.table(name, kinds...)
			if err != nil {
				return nil, err
			}
			out = append(out, t)
			continue
		}
		ns := c.catalog().Namespace(c.DB.OID, name.Name)
		if ns == nil {
			return nil, pgerr.New(pgerrcode.InvalidSchemaName, "schema %q does not exist", name.Name)
		}
		for _, t := range c.catalog().TablesIn(ns.OID) {
			if (t.Kind == schema.KindSequence) == (n.Kind == sql.ObjSequence) {
				out = append(out, t)
			}
		}
	}
	return out, nil
}

// grantOn changes the ACL of one relation.
func (c *Context) grantOn(old *schema.Table, n *sql.Grant) (err error) {
	t := cloneTable(old)
	kind := "table"
	if old.Kind == schema.KindSequence {
		kind = "sequence"
	}
	if t.ACL, err = c.granted(old.Object(), n, kind); err != nil {
		return err
	}
	return c.Txn.Put(t)
}

// grantNamespace changes the ACL of a schema.
func (c *Context) grantNamespace(name string, n *sql.Grant) (err error) {
	old := c.catalog().Namespace(c.DB.OID, name)
	if old == nil {
		return pgerr.New(pgerrcode.InvalidSchemaName, "schema %q does not exist", name)
	}
	if old.DB == 0 {
		return pgerr.Unsupported("privileges on schema %q", name)
	}
	if err := c.mayGrant(old.Owner, "schema", name); err != nil {
		return err
	}
	ns := *old
	if ns.ACL, err = c.granted(old.Object(), n, "schema"); err != nil {
		return err
	}
	return c.Txn.Put(&ns)
}

// grantDatabase changes the ACL of a database.
func (c *Context) grantDatabase(name string, n *sql.Grant) (err error) {
	old := c.catalog().DatabaseNamed(name)
	if old == nil {
		return pgerr.New(pgerrcode.InvalidCatalogName, "database %q does not exist", name)
	}
	if err := c.mayGrant(old.Owner, "database", name); err != nil {
		return err
	}
	d := *old
	if d.ACL, err = c.granted(old.Object(), n, "database"); err != nil {
		return err
	}
	return c.Txn.Put(&d)
}

// mayGrant refuses who is not the owner: nobody else has a right to grant.
func (c *Context) mayGrant(owner schema.OID, kind, name string) error {
	if schema.Owns(c.Role, owner, c.catalog().Role) {
		return nil
	}
	return pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied for %s %s", kind, name)
}

// granted is the ACL of an object after a GRANT or REVOKE. The first one writes down what held without.
func (c *Context) granted(o schema.Object, n *sql.Grant, kind string) ([]string, error) {
	letters, err := privilegeLetters(n.Privileges, o.Kind, kind)
	if err != nil {
		return nil, err
	}
	owner := c.catalog().Role(o.Owner)
	acl := slices.Clone(o.ACL)
	if o.ACL == nil {
		acl = o.Kind.Initial(owner.Name)
	}
	for _, g := range n.Grantees {
		grantee := ""
		if g.Special != "public" {
			r, err := c.role(g)
			if err != nil {
				return nil, err
			}
			grantee = r.Name
		}
		acl = changeACL(acl, grantee, owner.Name, letters, n.Grant, o.Kind)
	}
	if len(acl) == 0 { // not the same as what holds without one
		acl = []string{owner.Name + "=/" + owner.Name}
	}
	return acl, nil
}

// privilegeWords are all that any kind of object has in PostgreSQL.
var privilegeWords = strings.Fields("SELECT INSERT UPDATE DELETE TRUNCATE REFERENCES TRIGGER EXECUTE USAGE CREATE CONNECT TEMPORARY TEMP SET")

// privilegeLetters turns privilege words (nil: all) into letters.
func privilegeLetters(words []string, of *schema.ACLKind, kind string) (string, error) {
	if words == nil {
		return of.Letters(), nil
	}
	var out []byte
	for _, w := range words {
		letter, ok := of.Letter(w)
		if !ok && !slices.Contains(privilegeWords, w) {
			return "", pgerr.New(pgerrcode.SyntaxError, "unrecognized privilege type %q", strings.ToLower(w))
		}
		if !ok {
			return "", pgerr.New(pgerrcode.InvalidGrantOperation, "invalid privilege type %s for %s", w, kind)
		}
		out = append(out, letter)
	}
	return string(out), nil
}

// changeACL adds letters to, or takes them from, a grantee's item.
func changeACL(acl []string, grantee, grantor, letters string, add bool, kind *schema.ACLKind) []string {
	i := slices.IndexFunc(acl, func(item string) bool { return strings.HasPrefix(item, grantee+"=") })
	have := ""
	if i >= 0 {
		_, rest, _ := strings.Cut(acl[i], "=")
		have, _, _ = strings.Cut(rest, "/")
	}
	var now strings.Builder
	for _, p := range kind.Privileges {
		has, named := strings.IndexByte(have, p.Letter) >= 0, strings.IndexByte(letters, p.Letter) >= 0
		if add && (has || named) || !add && has && !named {
			now.WriteByte(p.Letter)
		}
	}
	item := grantee + "=" + now.String() + "/" + grantor
	switch {
	case i >= 0 && now.Len() == 0:
		return slices.Delete(acl, i, i+1)
	case i >= 0:
		acl[i] = item
		return acl
	case now.Len() == 0:
		return acl
	}
	return append(acl, item)
}

// renameInACLs gives what is granted to, and by, a role to its new name.
func (c *Context) renameInACLs(old, now string) error {
	return c.changeACLs(func(acl []string) ([]string, bool) { return renamedACL(acl, old, now) })
}

// changeACLs changes the privileges of all objects; change says whether it did.
func (c *Context) changeACLs(change func(acl []string) ([]string, bool)) error {
	for _, d := range c.catalog().Databases() {
		if acl, ok := change(d.ACL); ok {
			m := *d
			m.ACL = acl
			if err := c.Txn.Put(&m); err != nil {
				return err
			}
		}
	}
	for _, ns := range c.catalog().Namespaces(0) {
		if acl, ok := change(ns.ACL); ok {
			m := *ns
			m.ACL = acl
			if err := c.Txn.Put(&m); err != nil {
				return err
			}
		}
	}
	for _, t := range c.catalog().Tables(0) {
		if acl, ok := change(t.ACL); ok {
			m := cloneTable(t)
			m.ACL = acl
			if err := c.Txn.Put(m); err != nil {
				return err
			}
		}
	}
	return nil
}

// renamedACL renames a role in an ACL; false: it is not in it.
func renamedACL(acl []string, old, now string) ([]string, bool) {
	out, found := make([]string, len(acl)), false
	for i, item := range acl {
		grantee, rest, _ := strings.Cut(item, "=")
		letters, grantor, _ := strings.Cut(rest, "/")
		if grantee == old {
			grantee, found = now, true
		}
		if grantor == old {
			grantor, found = now, true
		}
		out[i] = grantee + "=" + letters + "/" + grantor
	}
	return out, found
}
