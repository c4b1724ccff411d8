package ddl

import (
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/exec/pgcatalog"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage/catalog"
)

// nameBytesMax is the length of a name, PostgreSQL's NAMEDATALEN - 1.
const nameBytesMax = 63

// relation finds a relation by name through the search path. Nil without error: there is none.
func (c *Context) relation(n *sql.TableName) (*catalog.Relation, error) {
	if n.Catalog != "" && n.Catalog != c.DB.Name {
		return nil, errOtherDatabase(n)
	}
	if n.Schema != "" {
		ns := c.catalog().Namespace(c.DB.OID, n.Schema)
		if n.Schema == "pg_temp" {
			ns = c.tempNamespace()
		}
		if ns == nil {
			return nil, pgerr.New(pgerrcode.InvalidSchemaName, "schema %q does not exist", n.Schema).At(n.Pos())
		}
		if !ns.Temp && !ns.Object().Allows(c.Role, 'U', c.catalog().Role) {
			return nil, pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied for schema %s", ns.Name)
		}
		if r, ok := c.catalog().Relation(ns.OID, n.Name); ok {
			return &r, nil
		}
		return systemRelation(n.Schema, n.Name), nil
	}
	if r := systemRelation("pg_catalog", n.Name); r != nil {
		return r, nil
	}
	for _, ns := range c.Path {
		if r, ok := c.catalog().Relation(ns, n.Name); ok {
			return &r, nil
		}
	}
	return nil, nil
}

// existing finds the relation that ALTER is about. Nil without error: there is none, which is a notice when missingOK.
func (c *Context) existing(n *sql.TableName, missingOK bool) (*catalog.Relation, error) {
	r, err := c.relation(n)
	if missingOK && pgerr.Code(err) == pgerrcode.InvalidSchemaName {
		err = nil
	}
	if err != nil || r != nil {
		return r, err
	}
	if missingOK {
		c.notice("relation %q does not exist, skipping", n.Name)
		return nil, nil
	}
	return nil, noRelation(n)
}

func systemRelation(ns, name string) *catalog.Relation {
	if t := pgcatalog.Lookup(ns, name); t != nil {
		return &catalog.Relation{Table: t}
	}
	return nil
}

func (c *Context) tempNamespace() *schema.Namespace {
	for _, o := range c.Path {
		if ns := c.catalog().NamespaceByOID(o); ns != nil && ns.Temp {
			return ns
		}
	}
	return nil
}

// isTemp says whether a schema is a session's temporary one.
func (c *Context) isTemp(namespace schema.OID) bool {
	ns := c.catalog().NamespaceByOID(namespace)
	return ns != nil && ns.Temp
}

// kindWords are what messages call the kinds of relations.
var kindWords = map[byte]string{
	schema.KindTable: "table", schema.KindView: "view", schema.KindSequence: "sequence", schema.KindIndex: "index",
}

// table finds a table (or, with kinds, another kind of relation) that the current role owns.
func (c *Context) table(n *sql.TableName, kinds ...byte) (*schema.Table, error) {
	r, err := c.relation(n)
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, noRelation(n)
	}
	if len(kinds) == 0 {
		kinds = []byte{schema.KindTable}
	}
	for _, k := range kinds {
		if r.Kind() == k && r.Table != nil {
			return r.Table, c.mustOwn(r.Table.Owner, r.Table.DB, kindWords[k], r.Table.Name)
		}
	}
	return nil, pgerr.New(pgerrcode.WrongObjectType, "%q is not a %s", n.Name, kindWords[kinds[0]])
}

func noRelation(n *sql.TableName) *pgerr.Error {
	name := n.Name
	if n.Schema != "" {
		name = n.Schema + "." + name
	}
	return pgerr.New(pgerrcode.UndefinedTable, "relation %q does not exist", name).At(n.Pos())
}

// mustOwn refuses who neither owns an object nor is a superuser, and everyone for system objects.
func (c *Context) mustOwn(owner, db schema.OID, kind, name string) error {
	if db == 0 && kind != "database" && kind != "role" {
		return pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied: %q is a system catalog", name)
	}
	if schema.Owns(c.Role, owner, c.catalog().Role) {
		return nil
	}
	return pgerr.New(pgerrcode.InsufficientPrivilege, "must be owner of %s %s", kind, name)
}

func errOtherDatabase(n *sql.TableName) error {
	return pgerr.New(pgerrcode.FeatureNotSupported, "cross-database references are not implemented: %q", n.Catalog+"."+n.Schema+"."+n.Name).
		At(n.Pos())
}

// createIn is the schema in which a new relation of that name goes.
func (c *Context) createIn(n *sql.TableName) (schema.OID, error) {
	if n.Catalog != "" && n.Catalog != c.DB.Name {
		return 0, errOtherDatabase(n)
	}
	if n.Temp && (n.Schema == "" || n.Schema == "pg_temp") || n.Schema == "pg_temp" {
		return c.TempSchema()
	}
	if n.Temp {
		return 0, pgerr.New(pgerrcode.InvalidTableDefinition, "cannot create temporary relation in non-temporary schema").At(n.Pos())
	}
	if n.Schema == "" {
		for _, o := range c.Path {
			ns := c.catalog().NamespaceByOID(o)
			if ns != nil && ns.DB == 0 {
				return 0, errSystemSchema(ns.Name, n)
			}
			if ns != nil && !ns.Temp {
				return o, c.mayCreateIn(ns, n.Pos())
			}
		}
		return 0, pgerr.New(pgerrcode.InvalidSchemaName, "no schema has been selected to create in").At(n.Pos())
	}
	ns := c.catalog().Namespace(c.DB.OID, n.Schema)
	if ns == nil {
		return 0, pgerr.New(pgerrcode.InvalidSchemaName, "schema %q does not exist", n.Schema).At(n.Pos())
	}
	if ns.DB == 0 {
		return 0, errSystemSchema(n.Schema, n)
	}
	return ns.OID, c.mayCreateIn(ns, n.Pos())
}

func errSystemSchema(namespace string, n *sql.TableName) error {
	return pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied to create %q", namespace+"."+n.Name).
		Detail("System catalog modifications are currently disallowed.")
}

// mayCreateIn refuses who has no CREATE on a schema.
func (c *Context) mayCreateIn(ns *schema.Namespace, at int) error {
	if ns.Temp || ns.Object().Allows(c.Role, 'C', c.catalog().Role) {
		return nil
	}
	return pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied for schema %s", ns.Name).At(at)
}

// freeName says whether a new relation may have the name; with ifNotExists a taken one is a notice.
func (c *Context) freeName(ns schema.OID, name string, ifNotExists bool) (bool, error) {
	if _, taken := c.catalog().Relation(ns, name); !taken {
		return true, nil
	}
	if ifNotExists {
		c.notice("relation %q already exists, skipping", name)
		return false, nil
	}
	return false, pgerr.New(pgerrcode.DuplicateTable, "relation %q already exists", name)
}

// objectName makes "table_column_label", cut so that it is a legal name (PostgreSQL's makeObjectName):
// the longer of the two first parts is shortened.
func objectName(table, column, label string) string {
	room := nameBytesMax - len(label)
	if label != "" {
		room--
	}
	if column != "" {
		room--
	}
	for len(table)+len(column) > room {
		if len(table) > len(column) {
			table = table[:len(table)-1]
		} else {
			column = column[:len(column)-1]
		}
	}
	name := table
	if column != "" {
		name += "_" + column
	}
	if label != "" {
		name += "_" + label
	}
	return name
}

// chooseName makes a relation name that is free in the schema and among taken.
func (c *Context) chooseName(ns schema.OID, table, column, label string, taken map[string]bool) string {
	for i := 0; ; i++ {
		l := label
		if i > 0 {
			l += strconv.Itoa(i)
		}
		name := objectName(table, column, l)
		if _, used := c.catalog().Relation(ns, name); !used && !taken[name] {
			return name
		}
	}
}

// constraintName makes a constraint name that the table does not have yet.
func constraintName(t *schema.Table, column, label string) string {
	for i := 0; ; i++ {
		l := label
		if i > 0 {
			l += strconv.Itoa(i)
		}
		name := objectName(t.Name, column, l)
		if findConstraint(t, name) < 0 {
			return name
		}
	}
}

// findConstraint is the index of a table's constraint, or -1.
func findConstraint(t *schema.Table, name string) int {
	for i := range t.Constraints {
		if t.Constraints[i].Name == name {
			return i
		}
	}
	return -1
}

// columnNums turns names into column numbers.
func columnNums(t *schema.Table, names []string, what string) ([]int16, error) {
	nums := make([]int16, len(names))
	for i, name := range names {
		col := t.Column(name)
		if col == nil {
			return nil, pgerr.New(pgerrcode.UndefinedColumn, "column %q named in key does not exist", name)
		}
		for _, n := range nums[:i] {
			if n == col.Num {
				return nil, pgerr.New(pgerrcode.DuplicateColumn, "column %q appears twice in %s constraint", name, what)
			}
		}
		nums[i] = col.Num
	}
	return nums, nil
}

func columnNames(t *schema.Table, nums []int16) []string {
	names := make([]string, len(nums))
	for i, n := range nums {
		names[i] = t.Col(n).Name
	}
	return names
}

// quote quotes a name for the texts of internal statements.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// quoted is a relation's full name for the texts of internal statements.
func (c *Context) quoted(t *schema.Table) string {
	ns := c.catalog().NamespaceByOID(t.Namespace)
	if ns == nil {
		return quote(t.Name)
	}
	return quote(ns.Name) + "." + quote(t.Name)
}

// cloneTable copies a record so that it can be changed.
func cloneTable(t *schema.Table) *schema.Table {
	n := *t
	n.Columns = append([]schema.Column(nil), t.Columns...)
	n.Constraints = append([]schema.Constraint(nil), t.Constraints...)
	return &n
}
