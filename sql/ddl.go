package sql

// ObjectKind is a kind of schema object, as DROP, COMMENT and ALTER name it.
type ObjectKind string

// Kinds of objects that statements name. The text is what PostgreSQL calls them in command tags.
const (
	ObjTable      ObjectKind = "TABLE"
	ObjView       ObjectKind = "VIEW"
	ObjIndex      ObjectKind = "INDEX"
	ObjSequence   ObjectKind = "SEQUENCE"
	ObjSchema     ObjectKind = "SCHEMA"
	ObjDatabase   ObjectKind = "DATABASE"
	ObjRole       ObjectKind = "ROLE"
	ObjExtension  ObjectKind = "EXTENSION"
	ObjColumn     ObjectKind = "COLUMN"
	ObjConstraint ObjectKind = "CONSTRAINT"
)

type (
	// CreateTable is CREATE TABLE, and CREATE TABLE AS and SELECT INTO when Query is set.
	CreateTable struct {
		Table       *TableName
		IfNotExists bool
		Cols        []*ColumnDef
		Constraints []*Constraint
		Likes       []TableLike
		Options     []Option
		Method      string // USING
		OnCommit    byte   // 0, 'p' preserve, 'd' delete rows, 'x' drop
		// Query is the source of CREATE TABLE AS: *Select or *Execute; ColNames its column aliases.
		Query    Node
		ColNames []string
		NoData   bool
		Into     bool // SELECT INTO
	}
	// TableLike is LIKE table INCLUDING ... in CREATE TABLE.
	TableLike struct {
		Table  *TableName
		Before int // how many of the table's own columns stand before it
		// What is included beside columns and NOT NULL.
		Comments, Constraints, Defaults, Generated, Identity, Indexes bool
	}
	// ColumnDef is a column of CREATE TABLE, ADD COLUMN or a column definition list.
	ColumnDef struct {
		At
		Name        string
		Type        *TypeName
		Collation   []string
		Constraints []*Constraint
		// Storage and Compression are as written; "": not given.
		Storage, Compression string
	}
	// Constraint is a column or table constraint.
	Constraint struct {
		At
		Kind             ConstraintKind
		Name             string
		Expr             Expr     // DEFAULT, CHECK, GENERATED
		Keys             []string // PRIMARY KEY, UNIQUE; empty on a column constraint
		Include          []string
		NullsNotDistinct bool
		Options          []Option // WITH (...), or the sequence options of an identity
		Identity         byte     // 'a' ALWAYS, 'd' BY DEFAULT
		UsingIndex       string
		// Foreign keys.
		FKCols     []string
		RefTable   *TableName
		RefCols    []string
		Match      byte // 's' simple, 'f' full, 'p' partial
		OnDelete   byte // 'a' no action, 'r' restrict, 'c' cascade, 'n' set null, 'd' set default
		OnUpdate   byte
		Deferrable bool
		Deferred   bool
		NotValid   bool
		NoInherit  bool
	}
	// CreateIndex is CREATE INDEX.
	CreateIndex struct {
		Name             string // "": choose one
		Table            *TableName
		Method           string // "btree" when none was given
		Elems            []IndexElem
		Include          []string
		Options          []Option
		Where            Expr
		Unique           bool
		NullsNotDistinct bool
		Concurrently     bool
		IfNotExists      bool
	}
	// IndexElem is a key of an index or of ON CONFLICT (...).
	IndexElem struct {
		Column    string // "" when Expr is set
		Expr      Expr
		Collation []string
		Opclass   []string
		OpOptions []Option
		Desc      bool
		Nulls     byte // 0 default, 'f' first, 'l' last
	}
	// CreateView is CREATE [OR REPLACE] VIEW. QueryText is the query as written.
	CreateView struct {
		View    *TableName
		Cols    []string
		Query   *Select
		Replace bool
		Options []Option
		Check   byte // 0, 'l' local, 'c' cascaded
	}
	// CreateSequence is CREATE SEQUENCE.
	CreateSequence struct {
		Name        *TableName
		Options     []Option
		IfNotExists bool
	}
	// AlterSequence is ALTER SEQUENCE with sequence options.
	AlterSequence struct {
		Name      *TableName
		Options   []Option
		MissingOK bool
	}
	// CreateSchema is CREATE SCHEMA.
	CreateSchema struct {
		Name        string
		Owner       *RoleName
		IfNotExists bool
		Elements    []Node
	}
	// CreateDatabase is CREATE DATABASE.
	CreateDatabase struct {
		Name    string
		Options []Option
	}
	// DropDatabase is DROP DATABASE.
	DropDatabase struct {
		Name      string
		MissingOK bool
		Force     bool
	}
	// AlterDatabase is ALTER DATABASE ... WITH options, or SET/RESET of a parameter.
	AlterDatabase struct {
		Name    string
		Options []Option
		Set     *Set
	}
	// CreateRole is CREATE ROLE, USER or GROUP.
	CreateRole struct {
		Name    string
		Kind    string // ROLE, USER, GROUP
		Options []Option
	}
	// AlterRole is ALTER ROLE with options, or SET/RESET of a parameter. Add and Drop change membership (ALTER GROUP).
	AlterRole struct {
		Role     *RoleName // nil: ALL
		Options  []Option
		Set      *Set
		Database string // IN DATABASE
		Drop     bool   // ALTER GROUP ... DROP USER
	}
	// DropRole is DROP ROLE.
	DropRole struct {
		Roles     []*RoleName
		MissingOK bool
	}
	// CreateExtension is CREATE EXTENSION.
	CreateExtension struct {
		Name        string
		IfNotExists bool
		Options     []Option
	}
	// AlterExtension is ALTER EXTENSION ... UPDATE.
	AlterExtension struct {
		Name    string
		Options []Option
	}
	// Drop is DROP of tables, views, indexes, sequences, schemas or extensions.
	Drop struct {
		Kind         ObjectKind
		Names        []*TableName // of schemas and extensions only Name is set
		MissingOK    bool
		Cascade      bool
		Concurrently bool
	}
	// Truncate is TRUNCATE.
	Truncate struct {
		Tables          []*TableName
		RestartIdentity bool
		Cascade         bool
	}
	// Comment is COMMENT ON. Null says IS NULL.
	Comment struct {
		Kind   ObjectKind
		Table  *TableName // the relation; of a column or constraint, its table; else only Name
		Column string     // column or constraint
		Text   string
		Null   bool
	}
	// AlterTable is ALTER TABLE, INDEX, VIEW or SEQUENCE with its actions.
	AlterTable struct {
		Kind      ObjectKind
		Table     *TableName
		MissingOK bool
		Cmds      []AlterCmd
	}
	// AlterCmd is one action of ALTER TABLE.
	AlterCmd struct {
		Kind       AlterKind
		Name       string // column, constraint, access method, or index of CLUSTER ON
		MissingOK  bool   // IF EXISTS, IF NOT EXISTS
		Cascade    bool
		Column     *ColumnDef // AddColumn; AlterType: its Type
		Expr       Expr       // SetDefault (nil: drop), AlterType USING
		Constraint *Constraint
		Options    []Option
		Owner      *RoleName
		Value      string // storage, compression, statistics target
	}
	// Rename is ALTER ... RENAME TO and RENAME COLUMN.
	Rename struct {
		Kind      ObjectKind // of what is renamed
		Relation  ObjectKind // of a column: the kind of its relation
		Table     *TableName // the relation, or only Name
		Old       string     // column or constraint
		New       string
		MissingOK bool
	}
	// AlterOwner is ALTER ... OWNER TO for objects that are not relations.
	AlterOwner struct {
		Kind  ObjectKind
		Name  string
		Owner *RoleName
	}
	// AlterSchema is ALTER ... SET SCHEMA.
	AlterSchema struct {
		Kind      ObjectKind
		Table     *TableName
		New       string
		MissingOK bool
	}
	// Grant is GRANT and REVOKE of privileges.
	Grant struct {
		Grant       bool
		Kind        ObjectKind
		AllInSchema bool // Objects are then schemas
		Objects     []*TableName
		Privileges  []string // upper case; nil: ALL
		Columns     bool     // a column list was given
		Grantees    []*RoleName
		WithGrant   bool
		Cascade     bool
	}
	// GrantRole is GRANT and REVOKE of roles.
	GrantRole struct {
		Grant    bool
		Roles    []string
		Grantees []*RoleName
	}
	// OwnedBy is DROP OWNED BY, or REASSIGN OWNED BY when New is set.
	OwnedBy struct {
		Roles   []*RoleName
		New     *RoleName
		Cascade bool
	}
)

// ConstraintKind is the kind of a Constraint.
type ConstraintKind uint8

// Kinds of constraints.
const (
	ConNull ConstraintKind = iota
	ConNotNull
	ConDefault
	ConIdentity
	ConGenerated
	ConCheck
	ConPrimary
	ConUnique
	ConForeign
)

// AlterKind is an action of ALTER TABLE.
type AlterKind uint8

// Actions of ALTER TABLE.
const (
	AlterAddColumn AlterKind = iota
	AlterDropColumn
	AlterSetDefault // and DROP DEFAULT
	AlterSetNotNull
	AlterDropNotNull
	AlterType
	AlterAddConstraint
	AlterDropConstraint
	AlterValidateConstraint
	AlterConstraint
	AlterOwnerTo
	AlterSetOptions
	AlterResetOptions
	AlterAddIdentity
	AlterSetIdentity
	AlterDropIdentity
	AlterDropExpression
	AlterSetStatistics
	AlterSetStorage
	AlterSetMethod
	AlterSetCompression
	AlterSetAttribute // ALTER COLUMN ... SET (...)
	AlterResetAttribute
	AlterClusterOn
	AlterReplicaIdentity
	AlterNothing // accepted without effect: SET LOGGED, DISABLE TRIGGER ALL, ...
)

// RoleName is a role as written.
type RoleName struct {
	At
	Name string
	// Special is "current_user", "session_user" or "public" instead of a name.
	Special string
}

// Option is name [= value]: of WITH (...), COPY, EXPLAIN, CREATE ROLE, sequences.
type Option struct {
	At
	Namespace string
	Name      string
	Set       bool // a value was given
	Value     string
	List      []string // of a list value
	Star      bool     // the value is *
}
