package session

import (
	"hash/maphash"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/exec/pgcatalog"
	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/catalog"
	"github.com/vecdb/vecdb/storage/upkeep"
)

// catalogView is one version of the catalog as the session sees it: its database, search path, role and
// temporary schema. It implements cat.Catalog and lives as long as none of these changes.
type catalogView struct {
	cat     *catalog.Catalog
	store   *storage.Store
	db      *schema.Database
	role    *schema.Role
	path    []schema.OID // where bare names are looked for, pg_catalog among them
	create  []schema.OID // the path without pg_catalog unless named: where new relations go
	names   []string     // of path, for current_schemas
	pathKey string
	temp    schema.OID
	version uint64
	rels    map[types.OID]*cat.Relation
	byName  map[string]*cat.Relation
	exts    map[string]bool
}

// catalogView returns the view that statements bind against now.
func (s *Session) catalogView() *catalogView {
	if s.view == nil {
		s.freshView()
	}
	return s.view
}

// freshView makes the view anew when the catalog, the path or the role has changed.
func (s *Session) freshView() {
	var c *catalog.Catalog
	if s.tx.txn != nil {
		c = s.tx.txn.Catalog()
	} else {
		c = s.srv.Store.Catalog()
	}
	path := s.searchPath()
	if s.view == nil || s.view.cat != c {
		s.renewRoles(c)
	}
	if v := s.view; v != nil && v.cat == c && v.pathKey == path && v.role == s.role && v.temp == s.temp {
		return
	}
	s.view = s.newView(c)
}

// searchPath is the search path in force.
func (s *Session) searchPath() string {
	path, _ := s.set.Get("search_path")
	if s.inside != "" {
		path = bind.QuoteIdent(s.inside) + ", " + path
	}
	return path
}

// newView makes a view of a version of the catalog.
func (s *Session) newView(c *catalog.Catalog) *catalogView {
	path := s.searchPath()
	return newCatalogView(c, s.srv.Store, s.db, s.role, path, s.temp)
}

func newCatalogView(
	c *catalog.Catalog, store *storage.Store, db *schema.Database, role *schema.Role, path string, temp schema.OID,
) *catalogView {
	v := &catalogView{
		cat: c, store: store, db: db, role: role, pathKey: path, temp: temp,
		rels: map[types.OID]*cat.Relation{}, byName: map[string]*cat.Relation{}, exts: map[string]bool{},
	}
	v.resolvePath(path)
	v.version = v.fingerprint()
	return v
}

var versionSeed = maphash.MakeSeed()

// fingerprint identifies all that plans depend on.
func (v *catalogView) fingerprint() uint64 {
	var h maphash.Hash
	h.SetSeed(versionSeed)
	maphash.WriteComparable(&h, v.cat)
	maphash.WriteComparable(&h, v.role.OID)
	maphash.WriteComparable(&h, v.temp)
	_, _ = h.WriteString(v.pathKey) // never fails
	return h.Sum64()
}

// resolvePath turns search_path into schemas. Those that do not exist are passed over.
func (v *catalogView) resolvePath(path string) {
	explicit, placed := false, false // pg_catalog and pg_temp come first unless the path says where
	var found []schema.OID
	for _, name := range splitIdents(path) {
		if name == "$user" {
			name = v.role.Name
		}
		if name == "pg_temp" {
			if v.temp != 0 {
				found, placed = append(found, v.temp), true
			}
			continue
		}
		if ns := v.cat.Namespace(v.db.OID, name); ns != nil && v.mayUse(ns) {
			found = append(found, ns.OID)
			explicit = explicit || ns.OID == schema.PgCatalogOID
		}
	}
	v.create = found
	if v.temp != 0 && !placed {
		v.path = append(v.path, v.temp)
	}
	if !explicit {
		v.path = append(v.path, schema.PgCatalogOID)
	}
	v.path = append(v.path, found...)
	for _, o := range v.path {
		if ns := v.cat.NamespaceByOID(o); ns != nil {
			v.names = append(v.names, ns.Name)
		}
	}
}

// splitIdents splits a list of identifiers as search_path has it: quoted or folded to lower case.
func splitIdents(list string) []string {
	var out []string
	for i := 0; i < len(list); {
		switch c := list[i]; {
		case c == ',' || c == ' ' || c == '\t' || c == '\n':
			i++
		case c == '"':
			var b strings.Builder
			for i++; i < len(list); i++ {
				if list[i] == '"' {
					if i+1 < len(list) && list[i+1] == '"' {
						i++
					} else {
						break
					}
				}
				b.WriteByte(list[i])
			}
			i++
			out = append(out, b.String())
		default:
			end := i
			for end < len(list) && list[end] != ',' && list[end] != ' ' {
				end++
			}
			out = append(out, strings.ToLower(list[i:end]))
			i = end
		}
	}
	return out
}

// Version implements cat.Catalog.
func (v *catalogView) Version() uint64 { return v.version }

// Relation implements cat.Catalog.
func (v *catalogView) Relation(namespace, name string) (*cat.Relation, error) {
	key := namespace + "\x00" + name
	if r, ok := v.byName[key]; ok {
		return r, nil
	}
	r, err := v.findRelation(namespace, name)
	if err == nil && r != nil {
		v.byName[key] = r
	}
	return r, err
}

func (v *catalogView) findRelation(namespace, name string) (*cat.Relation, error) {
	if namespace == "" {
		for _, ns := range v.path {
			if r := v.inNamespace(ns, name); r != nil {
				return r, nil
			}
		}
		return nil, nil
	}
	ns := v.cat.Namespace(v.db.OID, namespace)
	if namespace == "pg_temp" && v.temp != 0 {
		ns = v.cat.NamespaceByOID(v.temp)
	}
	if ns == nil {
		return nil, pgerr.New(pgerrcode.InvalidSchemaName, "schema %q does not exist", namespace)
	}
	if !v.mayUse(ns) {
		return nil, pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied for schema %s", ns.Name)
	}
	return v.inNamespace(ns.OID, name), nil
}

func (v *catalogView) inNamespace(ns schema.OID, name string) *cat.Relation {
	switch ns {
	case schema.PgCatalogOID:
		return v.virtual(pgcatalog.Lookup("pg_catalog", name))
	case schema.InfoSchemaOID:
		return v.virtual(pgcatalog.Lookup("information_schema", name))
	}
	if r, ok := v.cat.Relation(ns, name); ok && r.Table != nil {
		return v.RelationByOID(r.Table.OID)
	}
	return nil
}

func (v *catalogView) virtual(t *schema.Table) *cat.Relation {
	if t == nil {
		return nil
	}
	if r := v.rels[t.OID]; r != nil {
		return r
	}
	r := &cat.Relation{Table: t, Virtual: true}
	if k := pgcatalog.KeyColumn(t); k != 0 {
		r.KeyColumns = []int16{k}
	}
	if n := pgcatalog.Rows(t, v.cat.Len()); n > systemRowsMin {
		r.Stats = systemStats(n)
	}
	v.rels[t.OID] = r
	return r
}

// systemRowsMin is the number of rows from which a system table is larger than a plan takes it for anyway.
const systemRowsMin = 200

// systemStats is what is known of a system table: its number of rows.
type systemStats float64

// Rows implements cat.Stats.
func (n systemStats) Rows() float64 { return float64(n) }

// Column implements cat.Stats.
func (systemStats) Column(int16) *cat.ColumnStats { return nil }

// ANN implements cat.Stats.
func (systemStats) ANN(types.OID) *cat.ANNStats { return nil }

// RelationByOID implements cat.Catalog.
func (v *catalogView) RelationByOID(oid types.OID) *cat.Relation {
	if r := v.rels[oid]; r != nil {
		return r
	}
	t := v.cat.Table(oid)
	if t == nil {
		return v.virtual(pgcatalog.ByOID(oid))
	}
	if t.DB != v.db.OID {
		return nil
	}
	r := &cat.Relation{Table: t, Indexes: v.cat.IndexesOf(oid), Stats: &tableStats{v: v, table: t}}
	v.rels[oid] = r
	return r
}

// TypeByName implements cat.Catalog.
func (v *catalogView) TypeByName(namespace, name string) (types.OID, bool) {
	if x := v.cat.Extension(v.db.OID, "vector"); x != nil && namespace != "" {
		n, t := v.cat.NamespaceByOID(x.Namespace), types.ByName(name)
		if n != nil && n.Name == namespace && t != nil && t.OID >= types.FirstExtensionOID {
			return t.OID, true
		}
	}
	elem, array := strings.CutPrefix(name, "_")
	for i, n := range []string{name, elem} {
		if i == 1 && !array {
			break
		}
		r, err := v.Relation(namespace, n)
		if err == nil && r != nil && r.Table.RowType != 0 && r.Table.Kind != schema.KindSequence {
			return r.Table.RowType + types.OID(i), true
		}
	}
	return 0, false
}

// RowTypeRelation implements cat.Catalog.
func (v *catalogView) RowTypeRelation(oid types.OID) *cat.Relation {
	if t := v.cat.TableOfPart(oid); t != nil && t.DB == v.db.OID && t.RowType == oid {
		return v.RelationByOID(t.OID)
	}
	for _, t := range pgcatalog.Relations() {
		if t.RowType == oid {
			return v.virtual(t)
		}
	}
	return nil
}

// Database implements cat.Catalog.
func (v *catalogView) Database() string { return v.db.Name }

// HasExtension implements cat.Catalog.
func (v *catalogView) HasExtension(name string) bool {
	has, ok := v.exts[name]
	if !ok {
		has = v.cat.Extension(v.db.OID, name) != nil
		v.exts[name] = has
	}
	return has
}

// SchemaExists implements cat.Catalog.
func (v *catalogView) SchemaExists(name string) bool {
	return v.cat.Namespace(v.db.OID, name) != nil || name == "pg_temp"
}

// NamespaceOf implements cat.Catalog.
func (v *catalogView) NamespaceOf(rel *cat.Relation) (string, bool) {
	name := ""
	if ns := v.cat.NamespaceByOID(rel.Table.Namespace); ns != nil {
		name = ns.Name
	}
	r, err := v.Relation("", rel.Table.Name)
	return name, err == nil && r != nil && r.Table.OID == rel.Table.OID
}

// Allowed implements cat.Catalog.
func (v *catalogView) Allowed(rel *cat.Relation, privilege string) bool {
	t := rel.Table
	if v.role.Super {
		return !rel.Virtual || privilege == "SELECT"
	}
	if rel.Virtual {
		return privilege == "SELECT" && t.Name != "pg_authid" && t.Name != "pg_shadow"
	}
	o := t.Object()
	letter, ok := o.Kind.Letter(privilege)
	return ok && o.Allows(v.role, letter, v.cat.Role)
}

// mayUse says whether the role may look into a schema.
func (v *catalogView) mayUse(ns *schema.Namespace) bool {
	return ns.OID == v.temp || ns.Object().Allows(v.role, 'U', v.cat.Role)
}

// tableStats implements cat.Stats over the store's counts and what ANALYZE found.
type tableStats struct {
	v     *catalogView
	table *schema.Table
}

// Rows implements cat.Stats.
func (s *tableStats) Rows() float64 {
	return float64(s.v.store.RowCount(s.table.OID))
}

// Column implements cat.Stats.
func (s *tableStats) Column(attr int16) *cat.ColumnStats {
	c := s.v.cat.Stats(s.table.OID).Column(attr)
	if c == nil {
		return nil
	}
	return &cat.ColumnStats{
		NullFrac: c.NullFraction, Distinct: c.Distinct, AvgBytes: float64(c.Width), MCV: c.Common,
		MCVFreq: c.CommonFraction, Histogram: c.Histogram,
	}
}

// ANN implements cat.Stats: what the store knows of an index's segments and their measured curve.
func (s *tableStats) ANN(index types.OID) *cat.ANNStats {
	info, ok := s.v.store.TableInfo(s.table.OID)
	x := s.v.cat.Index(index)
	if !ok || x == nil {
		return nil
	}
	for _, a := range info.Indexes {
		if a.Index != index {
			continue
		}
		out := &cat.ANNStats{Unindexed: float64(a.Uncovered + info.TailRows), Metric: planner.OpclassMetric(x.Keys[0].Opclass)}
		measured := int64(-1)
		for _, seg := range a.Segments {
			out.Rows += float64(seg.Rows)
			if c := upkeep.CurveOf(seg); c != nil && seg.Rows > measured {
				measured = seg.Rows
				out.Partitions = c.Partitions
				out.Curve = out.Curve[:0]
				for _, p := range c.Points {
					out.Curve = append(out.Curve, cat.ANNPoint{Probes: p.NProbe, Refine: p.Refine, Recall: p.Recall[0]})
				}
			}
		}
		return out
	}
	return nil
}
