package pgcatalog

import (
	"strconv"
	"strings"

	"github.com/vecdb/vecdb/exec/settings"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// Source is what providers read of the catalog: one consistent version of it.
type Source interface {
	Databases() []*schema.Database
	Roles() []*schema.Role
	// Namespaces lists the schemas of a database, the system's included.
	Namespaces(db schema.OID) []*schema.Namespace
	// Tables lists tables, views and sequences of a database.
	Tables(db schema.OID) []*schema.Table
	Indexes(db schema.OID) []*schema.Index
	Extensions(db schema.OID) []*schema.Extension
	Table(oid schema.OID) *schema.Table
	Index(oid schema.OID) *schema.Index
	IndexesOf(table schema.OID) []*schema.Index
	NamespaceByOID(oid schema.OID) *schema.Namespace
	Role(oid schema.OID) *schema.Role
	// Has says whether a schema has a relation of that name.
	Has(namespace schema.OID, name string) bool
	// TableOfPart returns the table that a row type, its array type or a constraint belongs to, or nil.
	TableOfPart(oid schema.OID) *schema.Table
	// Referrers returns the tables whose foreign keys point at a table, and the sequences that it owns.
	Referrers(table schema.OID) []*schema.Table
}

// Runtime is what providers ask of the running server. Nil functions answer with nothing.
type Runtime struct {
	// Rows and Bytes are the size of a table or index.
	Rows  func(oid schema.OID) float64
	Bytes func(oid schema.OID) int64
	// Sequence returns the last value and whether it was handed out.
	Sequence func(oid schema.OID) (last int64, called bool)
	// Backends lists the connections.
	Backends func() []Backend
	// Prepared and Cursors list the session's own.
	Prepared func() []Prepared
	Cursors  func() []Cursor
	// Progress lists running index builds.
	Progress func() []BuildProgress
	// Locks lists the locks of all sessions on tables and the advisory ones.
	Locks func() []Lock
	// IndexStats returns what is indexed and what is still searched exactly.
	IndexStats func(oid schema.OID) (indexed, unindexed int64, ok bool)
	// Stats returns column statistics, for pg_stats.
	Stats func(table schema.OID) []ColumnStats
}

// ColumnStats is a row of pg_stats.
type ColumnStats struct {
	Attr               int16
	NullFrac, Distinct float64
	AvgBytes           int64
	Common             []types.Datum // most common values, with their shares
	CommonFrac         []float64
	Histogram          []types.Datum
	Correlation        float64 // 0: not known
}

// Backend is a row of pg_stat_activity.
type Backend struct {
	PID                          uint32
	Database                     schema.OID
	Role                         schema.OID
	Application, ClientAddr      string
	ClientPort                   int
	State, Query                 string
	WaitType, WaitEvent          string // what it waits for; empty: nothing
	StartMicros, XactStartMicros int64  // µs since 2000-01-01 UTC; 0: none
	QueryStartMicros             int64
	StateChangeMicros            int64
}

// Lock is a row of pg_locks: a lock on a relation, or an advisory one when that is 0.
type Lock struct {
	PID      uint32
	Relation schema.OID
	Database schema.OID // of an advisory lock
	Key      uint64
	Pair     bool   // Key is two numbers
	Mode     string // AccessShareLock ...
	Granted  bool
}

// Prepared is a row of pg_prepared_statements.
type Prepared struct {
	Name, Statement string
	Params, Results []types.OID
	FromSQL         bool
	PrepareMicros   int64
}

// Cursor is a row of pg_cursors.
type Cursor struct {
	Name, Statement  string
	Holdable, Binary bool
	Scrollable       bool
	CreationMicros   int64
}

// BuildProgress is a row of pg_stat_progress_create_index.
type BuildProgress struct {
	PID                     uint32
	Database, Table, Index  schema.OID
	Command, Phase          string
	TuplesDone, TuplesTotal int64
}

// View is the system catalog as one statement of one session sees it.
type View struct {
	Source   Source
	DB       *schema.Database
	Role     *schema.Role
	Settings *settings.Session
	Runtime  Runtime
	// Find resolves a relation's name as regclass does. Nil finds system relations only.
	Find func(name string) (schema.OID, error)
	// Path is the effective search path (schema OIDs), pg_catalog included where it stands.
	Path []schema.OID
	// Deparse prints stored expressions the way pg_get_expr does. Nil returns the stored text.
	Deparse Deparser
	// Zone and formats for values printed inside rows.
	Session *types.Session
}

// Layout is how the text of an expression looks.
type Layout uint8

// Layouts.
const (
	Flat     Layout = iota // on one line
	Indented               // CASE on lines of its own
	Pretty                 // and only the parentheses that are needed
)

func layoutOf(pretty bool) Layout {
	if pretty {
		return Pretty
	}
	return Indented
}

// Deparser turns stored texts into PostgreSQL's display forms.
type Deparser interface {
	// Expr shows an expression over the columns of t (nil: none) without qualification.
	Expr(t *schema.Table, text string, layout Layout) string
	// View shows a view's query.
	View(t *schema.Table, pretty bool) string
}

// relation finds a table, view or sequence, user's or system's, or nil.
func (v *View) relation(oid schema.OID) *schema.Table {
	if t := ByOID(oid); t != nil {
		return t
	}
	t := v.Source.Table(oid)
	if t == nil || t.DB != v.DB.OID {
		return nil
	}
	return t
}

// tableOfPart finds the table of the database that a type of rows or a constraint belongs to.
func (v *View) tableOfPart(oid schema.OID) *schema.Table {
	if t := v.Source.TableOfPart(oid); t != nil && t.DB == v.DB.OID {
		return t
	}
	return nil
}

func (v *View) index(oid schema.OID) *schema.Index {
	x := v.Source.Index(oid)
	if x == nil || x.DB != v.DB.OID {
		return nil
	}
	return x
}

// namespaces lists the schemas of the database, the system's included.
func (v *View) namespaces() []*schema.Namespace { return v.Source.Namespaces(v.DB.OID) }

// namespaceName returns the name of a schema of this database, or "".
func (v *View) namespaceName(oid schema.OID) string {
	if ns := v.Source.NamespaceByOID(oid); ns != nil && (ns.DB == 0 || ns.DB == v.DB.OID) {
		return ns.Name
	}
	return ""
}

// roleName returns the name of a role, as pg_get_userbyid does for unknown ones too.
func (v *View) roleName(oid schema.OID) string {
	if r := v.Source.Role(oid); r != nil {
		return r.Name
	}
	return "unknown (OID=" + strconv.FormatUint(uint64(oid), 10) + ")"
}

// visible says whether a relation is found by its bare name: its schema is on the path, and no earlier
// schema on the path has a relation of that name.
func (v *View) visible(namespace schema.OID, name string) bool {
	for _, ns := range v.Path {
		if ns == namespace {
			return true
		}
		if v.hasRelation(ns, name) {
			return false
		}
	}
	return false
}

func (v *View) hasRelation(ns schema.OID, name string) bool {
	switch ns {
	case schema.PgCatalogOID:
		return Lookup("pg_catalog", name) != nil
	case schema.InfoSchemaOID:
		return Lookup("information_schema", name) != nil
	}
	return v.Source.Has(ns, name)
}

// quoteIdent quotes a name when it needs it.
func quoteIdent(s string) string {
	if s != "" && !reservedWord(s) {
		plain := s[0] == '_' || s[0] >= 'a' && s[0] <= 'z'
		for i := 1; plain && i < len(s); i++ {
			c := s[i]
			plain = c == '_' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		}
		if plain {
			return s
		}
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// qualified returns a relation's name, with its schema unless it is visible.
func (v *View) qualified(namespace schema.OID, name string) string {
	if v.visible(namespace, name) {
		return quoteIdent(name)
	}
	return quoteIdent(v.namespaceName(namespace)) + "." + quoteIdent(name)
}
