package testcat

import (
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// Catalog implements cat.Catalog.
type Catalog struct {
	relations  map[string]*cat.Relation // by schema.name
	byOID      map[types.OID]*cat.Relation
	byRowType  map[types.OID]*cat.Relation
	namespaces map[types.OID]string
	extensions map[string]bool
	denied     map[string]bool // table privilege
	next       types.OID
	binder     *bind.Binder
}

// New returns a catalog with the schemas pg_catalog, information_schema and public, and the vector extension.
func New() *Catalog {
	c := &Catalog{
		relations: make(map[string]*cat.Relation), byOID: make(map[types.OID]*cat.Relation),
		byRowType:  make(map[types.OID]*cat.Relation),
		namespaces: map[types.OID]string{schema.PgCatalogOID: "pg_catalog", schema.PublicOID: "public", schema.InfoSchemaOID: "information_schema"},
		extensions: map[string]bool{"vector": true}, denied: make(map[string]bool), next: schema.FirstUserOID,
	}
	c.binder = &bind.Binder{Catalog: c}
	return c
}

func (c *Catalog) newOID() types.OID {
	c.next++
	return c.next - 1
}

// Add puts a relation into a schema. Its OID, row type and namespace are set when they are zero.
func (c *Catalog) Add(namespace string, rel *cat.Relation) {
	t := rel.Table
	if t.OID == 0 {
		t.OID = c.newOID()
	}
	if t.RowType == 0 && t.Kind != schema.KindSequence {
		t.RowType = c.newOID()
		c.newOID() // the array of it
	}
	for oid, name := range c.namespaces {
		if name == namespace {
			t.Namespace = oid
		}
	}
	c.relations[namespace+"."+t.Name] = rel
	c.byOID[t.OID] = rel
	if t.RowType != 0 {
		c.byRowType[t.RowType] = rel
	}
}

// Table returns a relation of public, or nil.
func (c *Catalog) Table(name string) *cat.Relation { return c.relations["public."+name] }

// Deny takes a privilege on a table away from the current user.
func (c *Catalog) Deny(table, privilege string) { c.denied[table+" "+privilege] = true }

// SetExtension says whether an extension exists.
func (c *Catalog) SetExtension(name string, exists bool) { c.extensions[name] = exists }

// SetStats gives a table statistics.
func (c *Catalog) SetStats(table string, s cat.Stats) { c.Table(table).Stats = s }

// Version implements cat.Catalog.
func (c *Catalog) Version() uint64 { return 1 }

// Relation implements cat.Catalog; the search path is pg_catalog, public.
func (c *Catalog) Relation(namespace, name string) (*cat.Relation, error) {
	if namespace != "" {
		return c.relations[namespace+"."+name], nil
	}
	if r := c.relations["pg_catalog."+name]; r != nil {
		return r, nil
	}
	return c.relations["public."+name], nil
}

// RelationByOID implements cat.Catalog.
func (c *Catalog) RelationByOID(oid types.OID) *cat.Relation { return c.byOID[oid] }

// TypeByName implements cat.Catalog.
func (c *Catalog) TypeByName(namespace, name string) (types.OID, bool) {
	rel, _ := c.Relation(namespace, strings.TrimPrefix(name, "_"))
	if rel == nil || rel.Table.RowType == 0 {
		return 0, false
	}
	if strings.HasPrefix(name, "_") {
		return rel.Table.RowType + 1, true
	}
	return rel.Table.RowType, true
}

// RowTypeRelation implements cat.Catalog.
func (c *Catalog) RowTypeRelation(oid types.OID) *cat.Relation { return c.byRowType[oid] }

// Database implements cat.Catalog.
func (c *Catalog) Database() string { return "testcat" }

// HasExtension implements cat.Catalog.
func (c *Catalog) HasExtension(name string) bool { return c.extensions[name] }

// SchemaExists implements cat.Catalog.
func (c *Catalog) SchemaExists(name string) bool {
	for _, n := range c.namespaces {
		if n == name {
			return true
		}
	}
	return false
}

// NamespaceOf implements cat.Catalog.
func (c *Catalog) NamespaceOf(rel *cat.Relation) (string, bool) {
	name := c.namespaces[rel.Table.Namespace]
	return name, name == "public" || name == "pg_catalog"
}

// Allowed implements cat.Catalog.
func (c *Catalog) Allowed(rel *cat.Relation, privilege string) bool {
	return !c.denied[rel.Table.Name+" "+privilege]
}

// RegIn implements types.RegResolver for regclass.
func (c *Catalog) RegIn(typ types.OID, name string) (types.OID, error) {
	namespace, table := "", name
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		namespace, table = name[:i], name[i+1:]
	}
	if rel, _ := c.Relation(namespace, strings.Trim(table, `"`)); rel != nil && typ == types.RegclassOID {
		return rel.Table.OID, nil
	}
	return 0, pgerr.New(pgerrcode.UndefinedTable, "relation %q does not exist", name)
}

// RegOut implements types.RegResolver.
func (c *Catalog) RegOut(typ, oid types.OID) (string, bool) {
	if rel := c.byOID[oid]; rel != nil && typ == types.RegclassOID {
		return rel.Table.Name, true
	}
	if typ == types.RegtypeOID && types.Lookup(oid) != nil {
		return types.TypeName(oid), true
	}
	return "", false
}
