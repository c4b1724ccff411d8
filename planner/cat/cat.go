package cat

import (
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// Catalog is one consistent view of the schema objects of one database, as one session sees it
// (search path, temporary schema, privileges). It is immutable and safe for many goroutines.
type Catalog interface {
	// Version changes whenever anything that binding or planning reads may have changed.
	Version() uint64
	// Database is the name of the database that the catalog is of.
	Database() string
	// Relation finds a table, view or sequence; an empty schema means the search path. Nil when there is none.
	Relation(namespace, name string) (*Relation, error)
	// RelationByOID finds a relation by its OID, or nil.
	RelationByOID(oid types.OID) *Relation
	// TypeByName finds a type that is not built in (row types of tables); an empty schema means the search path.
	TypeByName(namespace, name string) (types.OID, bool)
	// RowTypeRelation returns the relation whose row type is oid, or nil.
	RowTypeRelation(oid types.OID) *Relation
	// HasExtension says whether CREATE EXTENSION has run in this database.
	HasExtension(name string) bool
	// SchemaExists says whether a namespace of that name exists.
	SchemaExists(name string) bool
	// NamespaceOf returns the name of the relation's schema, and whether the relation is found by its bare
	// name through the search path.
	NamespaceOf(rel *Relation) (name string, visible bool)
	// Allowed checks a privilege (SELECT, INSERT, UPDATE, DELETE, TRUNCATE) of the current user.
	Allowed(rel *Relation, privilege string) bool
}

// Relation is a table, view, sequence or catalog table with what planning needs of it.
type Relation struct {
	Table   *schema.Table
	Indexes []*schema.Index
	// Virtual relations (pg_catalog, information_schema) are computed, not stored. Executing them is
	// exec/pgcatalog's business; planning may push down equality on KeyColumns.
	Virtual    bool
	KeyColumns []int16
	// Stats may be nil: nothing is known.
	Stats Stats
	// VirtualView is set when a catalog view is defined by SQL text.
	VirtualView string
}

// Stats is what is known of a relation's rows. Implementations are cheap to call.
type Stats interface {
	// Rows is the estimated number of live rows.
	Rows() float64
	// Column returns what is known of a column, or nil.
	Column(attr int16) *ColumnStats
	// ANN returns the measured recall curve of an ANN index, or nil.
	ANN(index types.OID) *ANNStats
}

// ColumnStats describes the distribution of a column's values.
type ColumnStats struct {
	NullFrac  float64
	Distinct  float64 // estimated number of distinct values
	AvgBytes  float64
	MCV       []types.Datum // most common values and their shares
	MCVFreq   []float64
	Histogram []types.Datum // bounds of equal-share buckets of the other values, ascending
}

// ANNStats is what planning knows of an ANN index.
type ANNStats struct {
	Rows       float64 // in segments
	Unindexed  float64 // searched exactly
	Partitions int
	Metric     string // l2, ip, cosine
	Curve      []ANNPoint
}

// ANNPoint is one measured point: effort to recall.
type ANNPoint struct {
	Probes, Refine int
	Recall         float64
}
