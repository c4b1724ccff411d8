package schema

import "github.com/vecdb/vecdb/sql/types"

// OID is an object identifier, unique over the whole store.
type OID = types.OID

// OIDs that are the same in every store.
const (
	PgCatalogOID     OID = 11    // namespace pg_catalog
	PublicOID        OID = 2200  // namespace public of the database postgres
	InfoSchemaOID    OID = 13200 // namespace information_schema
	BootstrapRoleOID OID = 10    // superuser made by the first start
	PostgresDBOID    OID = 5     // database postgres
	FirstUserOID     OID = 16640 // the first OID handed out; below lie built-in objects and extension types
)

// Database is a row of pg_database. Databases and roles are store-wide.
type Database struct {
	OID          OID
	Name         string
	Owner        OID
	Comment      string            `json:",omitempty"`
	Settings     map[string]string `json:",omitempty"` // ALTER DATABASE ... SET
	NoConnect    bool              `json:",omitempty"` // ALLOW_CONNECTIONS false
	ConnLimit    ConnLimit         `json:",omitempty"`
	Template     bool              `json:",omitempty"`
	PublicSchema OID               `json:",omitempty"` // 0: PublicOID
	ACL          []string          `json:",omitempty"`
}

// Role is a row of pg_authid.
type Role struct {
	OID         OID
	Name        string
	Super       bool              `json:",omitempty"`
	Login       bool              `json:",omitempty"`
	CreateDB    bool              `json:",omitempty"`
	CreateRole  bool              `json:",omitempty"`
	BypassRLS   bool              `json:",omitempty"`
	NoInherit   bool              `json:",omitempty"`
	Replication bool              `json:",omitempty"`
	Verifier    string            `json:",omitempty"` // SCRAM-SHA-256$...; empty: no password
	ConnLimit   ConnLimit         `json:",omitempty"`
	ValidUntil  string            `json:",omitempty"`
	Settings    map[string]string `json:",omitempty"`
	MemberOf    []OID             `json:",omitempty"`
	Comment     string            `json:",omitempty"`
}

// Namespace is a schema of one database.
type Namespace struct {
	OID     OID
	DB      OID
	Name    string
	Owner   OID
	Comment string   `json:",omitempty"`
	Temp    bool     `json:",omitempty"` // a session's pg_temp_N: dropped with the session and at start
	ACL     []string `json:",omitempty"`
}

// Extension is a row of pg_extension.
type Extension struct {
	OID       OID
	DB        OID
	Name      string
	Namespace OID
	Version   string
}

// Dep is an edge of the dependency graph: the object that has it needs OID (and its Column when not
// 0), so dropping that needs CASCADE.
type Dep struct {
	OID    OID
	Column int16 `json:",omitempty"`
	// Auto dependents go silently with what they depend on (an identity's sequence); others need
	// CASCADE.
	Auto bool `json:",omitempty"`
}
