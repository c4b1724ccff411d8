package ddl

import (
	"context"
	"errors"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/catalog"
)

// Stored is a bound expression as the catalog keeps it.
type Stored struct {
	Text string
	Type types.T
	Deps []schema.Dep
	// Simple is the column that the expression is, or 0.
	Simple int16
}

// Wanted says what an expression of a definition must be.
type Wanted struct {
	Type   types.T // coerced to by assignment; OID 0: any
	Column string  // that gets the value, for errors
	What   string  // for errors: "DEFAULT", "check constraints", "index expressions" ...
	// Columns says that the table's columns may be used.
	Columns bool
	// Immutable refuses functions that are not.
	Immutable bool
}

// Binder gives definitions their meaning: it binds what stands in them and prints it as it is stored.
type Binder interface {
	// Expr binds an expression over the columns of t (which need not exist yet).
	Expr(e sql.Expr, t *schema.Table, w Wanted) (Stored, error)
	// View binds a query. The columns are the result's, named as the query names them.
	View(q *sql.Select, names []string) (text string, cols []schema.Column, deps []schema.Dep, err error)
	// Rename prints the stored texts of an object anew after a change of names: see rename.go.
	Rename(t *schema.Table) (*schema.Table, error)
	// RenameIndex does so for an index's expressions.
	RenameIndex(x *schema.Index) (*schema.Index, error)
	// Type resolves a type name, with its typmod.
	Type(t *sql.TypeName) (types.T, error)
}

// Data runs statements over rows in the same transaction.
type Data interface {
	// First runs an internal query and returns its first row as text, nil when there is none.
	First(ctx context.Context, text string) ([]string, error)
	// Fill runs CREATE TABLE AS: it inserts the rows of query into table.
	Fill(ctx context.Context, table *schema.Table, query sql.Node) (int64, error)
	// Columns describes the result of a query.
	Columns(ctx context.Context, query sql.Node) ([]schema.Column, error)
	// Rewrite computes the rows of a table anew: exprs gives, for each changed column, the text of its
	// new value over the old row. To is the table's record afterwards.
	Rewrite(ctx context.Context, from, to *schema.Table, exprs map[int16]string) error
	// BuildIndex fills a new index from the table's rows.
	BuildIndex(ctx context.Context, x *schema.Index, concurrently bool) error
}

// Context is what one statement runs in.
type Context struct {
	Txn    *storage.Txn
	Store  *storage.Store
	DB     *schema.Database
	Role   *schema.Role
	Path   []schema.OID // effective search path, pg_catalog excluded unless named
	Binder Binder
	Data   Data
	Notice func(*pgerr.Error)
	// TempSchema returns the session's temporary schema and makes it when needed.
	TempSchema func() (schema.OID, error)
	// Within runs f with a schema before all others in the search path.
	Within func(namespace string, f func() error) error
	// Password turns the text of PASSWORD into a verifier.
	Password func(password string) (string, error)
	// Timestamp checks the text of a timestamptz and returns it as it is stored, which does not depend on the session.
	Timestamp func(text string) (string, error)
	// InBlock says that the statement runs inside a transaction block.
	InBlock bool
	// SessionsIn counts other sessions in a database, for DROP DATABASE; Disconnect ends them.
	SessionsIn func(db schema.OID) int
	Disconnect func(db schema.OID)
	// CheckSetting checks a value of ALTER ROLE/DATABASE ... SET and returns its stored form.
	CheckSetting func(s *sql.Set) (name, value string, reset bool, err error)

	failed error // the first failure to get an OID
}

// newOID hands out an OID. A failure to log it ends the statement when Run returns.
func (c *Context) newOID() schema.OID {
	oid, err := c.Txn.NewOID()
	if err != nil && c.failed == nil {
		c.failed = err
	}
	return oid
}

// Handles says whether Run knows the statement.
func Handles(n sql.Node) bool {
	switch n.(type) {
	case *sql.CreateTable, *sql.CreateIndex, *sql.CreateView, *sql.CreateSequence, *sql.AlterSequence, *sql.CreateSchema,
		*sql.CreateDatabase, *sql.DropDatabase, *sql.AlterDatabase, *sql.CreateRole, *sql.AlterRole, *sql.DropRole,
		*sql.CreateExtension, *sql.AlterExtension, *sql.Drop, *sql.Truncate, *sql.Comment, *sql.AlterTable, *sql.Rename,
		*sql.AlterOwner, *sql.AlterSchema, *sql.Grant, *sql.GrantRole, *sql.OwnedBy, *sql.Reindex:
		return true
	}
	return false
}

// Run executes one statement and returns its command tag.
func (c *Context) Run(ctx context.Context, n sql.Node) (tag string, err error) {
	tag = n.Tag()
	switch n := n.(type) {
	case *sql.CreateTable:
		tag, err = c.createTable(ctx, n)
	case *sql.CreateIndex:
		err = c.createIndex(ctx, n)
	case *sql.CreateView:
		err = c.createView(ctx, n)
	case *sql.CreateSequence:
		err = c.createSequence(ctx, n)
	case *sql.AlterSequence:
		err = c.alterSequence(ctx, n)
	case *sql.CreateSchema:
		err = c.createSchema(ctx, n)
	case *sql.Drop:
		err = c.drop(ctx, n)
	case *sql.Truncate:
		err = c.truncate(ctx, n)
	case *sql.Comment:
		err = c.comment(ctx, n)
	case *sql.AlterTable:
		err = c.alterTable(ctx, n)
	case *sql.Rename:
		err = c.rename(ctx, n)
	case *sql.AlterOwner:
		err = c.alterOwner(n)
	case *sql.AlterSchema:
		err = c.alterSchema(ctx, n)
	case *sql.Grant:
		err = c.grant(n)
	case *sql.Reindex:
		err = c.reindex(ctx, n)
	default:
		err = c.runCluster(ctx, n)
	}
	if err == nil {
		err = c.failed
	}
	return tag, c.translate(err)
}

// runCluster runs the statements about objects that are not in a schema.
func (c *Context) runCluster(ctx context.Context, n sql.Node) error {
	switch n := n.(type) {
	case *sql.CreateDatabase:
		return c.createDatabase(n)
	case *sql.DropDatabase:
		return c.dropDatabase(ctx, n)
	case *sql.AlterDatabase:
		return c.alterDatabase(n)
	case *sql.CreateRole:
		return c.createRole(n)
	case *sql.AlterRole:
		return c.alterRole(n)
	case *sql.DropRole:
		return c.dropRole(n)
	case *sql.GrantRole:
		return c.grantRole(n)
	case *sql.OwnedBy:
		return c.ownedBy(ctx, n)
	case *sql.CreateExtension:
		return c.createExtension(n)
	case *sql.AlterExtension:
		return c.alterExtension(n)
	}
	return pgerr.Unsupported("%s", n.Tag())
}

// translate gives the store's errors about names their SQLSTATE.
func (c *Context) translate(err error) error {
	var dup *catalog.DuplicateError
	if errors.As(err, &dup) {
		return duplicateObject(c.catalog().Object(dup.Existing))
	}
	return err
}

// duplicateObject says that the name of an object is taken.
func duplicateObject(o any) error {
	switch o := o.(type) {
	case *schema.Table:
		return pgerr.New(pgerrcode.DuplicateTable, "relation %q already exists", o.Name)
	case *schema.Index:
		return pgerr.New(pgerrcode.DuplicateTable, "relation %q already exists", o.Name)
	case *schema.Namespace:
		return pgerr.New(pgerrcode.DuplicateSchema, "schema %q already exists", o.Name)
	case *schema.Database:
		return pgerr.New(pgerrcode.DuplicateDatabase, "database %q already exists", o.Name)
	case *schema.Role:
		return pgerr.New(pgerrcode.DuplicateObject, "role %q already exists", o.Name)
	}
	return pgerr.New(pgerrcode.DuplicateObject, "object already exists")
}

func (c *Context) catalog() *catalog.Catalog { return c.Txn.Catalog() }

func (c *Context) notice(format string, args ...any) {
	if c.Notice != nil {
		e := pgerr.New(pgerrcode.SuccessfulCompletion, format, args...)
		e.Severity = "NOTICE"
		c.Notice(e)
	}
}
