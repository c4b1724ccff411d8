package ddl

import (
	"slices"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
)

// privilege is one privilege of tables and sequences with its letter in an aclitem, in the order in
// which PostgreSQL prints them.
type privilege struct {
	word   string
	letter byte
}

var tablePrivileges = []privilege{
	{"INSERT", 'a'}, {"SELECT", 'r'}, {"UPDATE", 'w'}, {"DELETE", 'd'}, {"TRUNCATE", 'D'}, {"REFERENCES", 'x'}, {"TRIGGER", 't'},
}

var sequencePrivileges = []privilege{{"SELECT", 'r'}, {"UPDATE", 'w'}, {"USAGE", 'U'}}

// grant is GRANT and REVOKE on tables, sequences and schemas.
func (c *Context) grant(n *sql.Grant) error {
	if n.Columns {
		return pgerr.Unsupported("privileges on columns")
	}
	switch n.Kind {
	case sql.ObjTable, sql.ObjSequence, sql.ObjView:
	case sql.ObjSchema, sql.ObjDatabase:
		return c.grantTop(n)
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
			t, err := c.table(name, schema.KindTable, schema.KindView, schema.KindSequence)
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

// grantOn changes the ACL of one relation. The first grant writes down what the owner has by itself.
func (c *Context) grantOn(old *schema.Table, n *sql.Grant) error {
	all := tablePrivileges
	if old.Kind == schema.KindSequence {
		all = sequencePrivileges
	}
	letters, err := privilegeLetters(n.Privileges, all)
	if err != nil {
		return err
	}
	owner := c.catalog().Role(old.Owner)
	t := cloneTable(old)
	t.ACL = slices.Clone(old.ACL)
	if len(t.ACL) == 0 {
		full, _ := privilegeLetters(nil, all)
		t.ACL = []string{owner.Name + "=" + full + "/" + owner.Name}
	}
	for _, g := range n.Grantees {
		grantee := ""
		if g.Special != "public" {
			r, err := c.role(g)
			if err != nil {
				return err
			}
			grantee = r.Name
		}
		t.ACL = changeACL(t.ACL, grantee, owner.Name, letters, n.Grant, all)
	}
	return c.Txn.Put(t)
}

// privilegeLetters turns privilege words (nil: all) into letters.
func privilegeLetters(words []string, all []privilege) (string, error) {
	var out strings.Builder
	for _, p := range all {
		if words == nil || slices.Contains(words, p.word) {
			out.WriteByte(p.letter)
		}
	}
	for _, w := range words {
		if !slices.ContainsFunc(all, func(p privilege) bool { return p.word == w }) {
			return "", pgerr.New(pgerrcode.InvalidGrantOperation, "invalid privilege type %s for relation", w)
		}
	}
	return out.String(), nil
}

// changeACL adds letters to, or takes them from, a grantee's item.
func changeACL(acl []string, grantee, grantor, letters string, add bool, all []privilege) []string {
	i := slices.IndexFunc(acl, func(item string) bool { return strings.HasPrefix(item, grantee+"=") })
	have := ""
	if i >= 0 {
		_, rest, _ := strings.Cut(acl[i], "=")
		have, _, _ = strings.Cut(rest, "/")
	}
	var now strings.Builder
	for _, p := range all {
		has, named := strings.IndexByte(have, p.letter) >= 0, strings.IndexByte(letters, p.letter) >= 0
		if add && (has || named) || !add && has && !named {
			now.WriteByte(p.letter)
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

// grantTop accepts grants on schemas and databases: roles must exist, and everyone may use both already.
func (c *Context) grantTop(n *sql.Grant) error {
	for _, name := range n.Objects {
		if n.Kind == sql.ObjSchema && c.catalog().Namespace(c.DB.OID, name.Name) == nil {
			return pgerr.New(pgerrcode.InvalidSchemaName, "schema %q does not exist", name.Name)
		}
		if n.Kind == sql.ObjDatabase && c.catalog().DatabaseNamed(name.Name) == nil {
			return pgerr.New(pgerrcode.InvalidCatalogName, "database %q does not exist", name.Name)
		}
	}
	if !n.Grant {
		return pgerr.Unsupported("REVOKE ON %s", n.Kind)
	}
	for _, g := range n.Grantees {
		if g.Special == "public" {
			continue
		}
		if _, err := c.role(g); err != nil {
			return err
		}
	}
	return nil
}
