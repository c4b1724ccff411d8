package ddl

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

func (c *Context) createSchema(ctx context.Context, n *sql.CreateSchema) error {
	owner := c.Role
	if n.Owner != nil {
		r, err := c.role(n.Owner)
		if err != nil {
			return err
		}
		owner = r
	}
	name := n.Name
	if name == "" {
		name = owner.Name
	}
	if err := checkSchemaName(name); err != nil {
		return err
	}
	if db := c.catalog().Database(c.DB.OID); !db.Object().Allows(c.Role, 'C', c.catalog().Role) {
		return pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied for database %s", db.Name)
	}
	if c.catalog().Namespace(c.DB.OID, name) != nil {
		if n.IfNotExists {
			c.notice("schema %q already exists, skipping", name)
			return nil
		}
		return duplicateObject(&schema.Namespace{Name: name})
	}
	if err := c.Txn.Put(&schema.Namespace{OID: c.newOID(), DB: c.DB.OID, Name: name, Owner: owner.OID}); err != nil {
		return err
	}
	for _, e := range n.Elements {
		if in := elementSchema(e); in != "" && in != name {
			return pgerr.New(pgerrcode.InvalidSchemaDefinition, "CREATE specifies a schema (%s) different from the one being created (%s)", in, name)
		}
	}
	inner := *c
	inner.Path = append([]schema.OID{c.catalog().Namespace(c.DB.OID, name).OID}, c.Path...)
	return c.Within(name, func() error {
		for _, e := range n.Elements {
			if _, err := inner.Run(ctx, e); err != nil {
				return err
			}
		}
		return nil
	})
}

// elementSchema is the schema that an element of CREATE SCHEMA names, or "".
func elementSchema(n sql.Node) string {
	switch n := n.(type) {
	case *sql.CreateTable:
		return n.Table.Schema
	case *sql.CreateView:
		return n.View.Schema
	case *sql.CreateSequence:
		return n.Name.Schema
	case *sql.CreateIndex:
		return n.Table.Schema
	}
	return ""
}

func checkSchemaName(name string) error {
	if strings.HasPrefix(name, "pg_") {
		return pgerr.New(pgerrcode.ReservedName, "unacceptable schema name %q", name).
			Detail("The prefix \"pg_\" is reserved for system schemas.")
	}
	return nil
}

func (c *Context) notInBlock(what string) error {
	if c.InBlock {
		return pgerr.New(pgerrcode.ActiveSQLTransaction, "%s cannot run inside a transaction block", what)
	}
	return nil
}

// databaseOptions are accepted when they say what is so anyway.
var databaseOptions = map[string]bool{
	"owner": true, "template": true, "encoding": true, "locale": true, "lc_collate": true, "lc_ctype": true,
	"icu_locale": true, "locale_provider": true, "tablespace": true, "allow_connections": true,
	"connection_limit": true, "is_template": true, "collation_version": true, "strategy": true, "oid": true,
}

func (c *Context) createDatabase(n *sql.CreateDatabase) error {
	if err := c.notInBlock("CREATE DATABASE"); err != nil {
		return err
	}
	if !c.Role.Super && !c.Role.CreateDB {
		return pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied to create database")
	}
	d := &schema.Database{Name: n.Name, Owner: c.Role.OID}
	template := "template1"
	for _, o := range n.Options {
		if !databaseOptions[o.Name] {
			return pgerr.New(pgerrcode.SyntaxError, "option %q not recognized", o.Name).At(o.Pos())
		}
		switch o.Name {
		case "template":
			template = o.Value
		case "owner":
			r := c.catalog().RoleNamed(o.Value)
			if r == nil {
				return pgerr.New(pgerrcode.UndefinedObject, "role %q does not exist", o.Value)
			}
			d.Owner = r.OID
		default:
			if err := databaseOption(d, o); err != nil {
				return err
			}
		}
	}
	if c.catalog().DatabaseNamed(n.Name) != nil {
		return duplicateObject(d)
	}
	from := c.catalog().DatabaseNamed(template)
	if from == nil {
		return pgerr.New(pgerrcode.InvalidCatalogName, "template database %q does not exist", template)
	}
	if len(c.catalog().Tables(from.OID)) > 0 {
		return pgerr.Unsupported("CREATE DATABASE from a template with relations")
	}
	d.OID = c.newOID()
	public := &schema.Namespace{OID: c.newOID(), DB: d.OID, Name: "public", Owner: d.Owner, Comment: "standard public schema"}
	d.PublicSchema = public.OID
	if err := c.Txn.Put(d); err != nil {
		return err
	}
	for _, e := range c.catalog().Extensions(from.OID) {
		if err := c.Txn.Put(&schema.Extension{OID: c.newOID(), DB: d.OID, Name: e.Name, Namespace: public.OID, Version: e.Version}); err != nil {
			return err
		}
	}
	return c.Txn.Put(public)
}

func databaseOption(d *schema.Database, o sql.Option) (err error) {
	truth := o.Value == "true" || o.Value == "t" || o.Value == "1" || o.Value == "on"
	switch o.Name {
	case "encoding":
		if o.Value != "" && o.Value != "UTF8" && o.Value != "utf8" && o.Value != "UTF-8" && o.Value != "6" && o.Value != "unicode" {
			return pgerr.Unsupported("database encoding %s", o.Value)
		}
	case "allow_connections":
		d.NoConnect = !truth
	case "is_template":
		d.Template = truth
	case "connection_limit":
		d.ConnLimit, err = connLimit(o)
	}
	return err
}

func (c *Context) dropDatabase(ctx context.Context, n *sql.DropDatabase) error {
	if err := c.notInBlock("DROP DATABASE"); err != nil {
		return err
	}
	d := c.catalog().DatabaseNamed(n.Name)
	if d == nil {
		if n.MissingOK {
			c.notice("database %q does not exist, skipping", n.Name)
			return nil
		}
		return pgerr.New(pgerrcode.InvalidCatalogName, "database %q does not exist", n.Name)
	}
	if err := c.mustOwn(d.Owner, 0, "database", d.Name); err != nil {
		return err
	}
	if d.OID == c.DB.OID {
		return pgerr.New(pgerrcode.ObjectInUse, "cannot drop the currently open database")
	}
	if d.Template {
		return pgerr.New(pgerrcode.WrongObjectType, "cannot drop a template database")
	}
	if n.Force {
		c.Disconnect(d.OID)
	}
	if err := c.awaitUnused(ctx, d); err != nil {
		return err
	}
	return c.dropContents(ctx, d)
}

// databaseInUseWait is how long DROP DATABASE waits for sessions that are leaving, as PostgreSQL does,
// and databaseInUseStep how often it looks.
const (
	databaseInUseWait = 5 * time.Second
	databaseInUseStep = 20 * time.Millisecond
)

// awaitUnused returns when no other session is in the database, or with 55006 when some stay.
func (c *Context) awaitUnused(ctx context.Context, d *schema.Database) error {
	deadline := time.Now().Add(databaseInUseWait)
	for {
		k := c.SessionsIn(d.OID)
		if k == 0 {
			return nil
		}
		if time.Now().After(deadline) {
			detail := "There is 1 other session using the database."
			if k > 1 {
				detail = fmt.Sprintf("There are %d other sessions using the database.", k)
			}
			return pgerr.New(pgerrcode.ObjectInUse, "database %q is being accessed by other users", d.Name).Detail("%s", detail)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(databaseInUseStep):
		}
	}
}

// dropContents drops a database with all that is in it.
func (c *Context) dropContents(ctx context.Context, d *schema.Database) error {
	for _, x := range c.catalog().Indexes(d.OID) {
		if err := c.Txn.Drop(x); err != nil {
			return err
		}
	}
	for _, t := range c.catalog().Tables(d.OID) {
		if err := c.lockTable(ctx, t.OID); err != nil {
			return err
		}
		if err := c.Txn.Drop(t); err != nil {
			return err
		}
	}
	for _, e := range c.catalog().Extensions(d.OID) {
		if err := c.Txn.Drop(e); err != nil {
			return err
		}
	}
	for _, ns := range c.catalog().Namespaces(d.OID) {
		if ns.DB == d.OID {
			if err := c.Txn.Drop(ns); err != nil {
				return err
			}
		}
	}
	return c.Txn.Drop(d)
}

func (c *Context) alterDatabase(n *sql.AlterDatabase) error {
	d := c.catalog().DatabaseNamed(n.Name)
	if d == nil {
		return pgerr.New(pgerrcode.InvalidCatalogName, "database %q does not exist", n.Name)
	}
	if err := c.mustOwn(d.Owner, 0, "database", d.Name); err != nil {
		return err
	}
	m := *d
	for _, o := range n.Options {
		if err := databaseOption(&m, o); err != nil {
			return err
		}
	}
	if n.Set != nil {
		var err error
		if m.Settings, err = c.changeSettings(d.Settings, n.Set); err != nil {
			return err
		}
	}
	return c.Txn.Put(&m)
}

// changeSettings applies SET or RESET to a stored set of settings.
func (c *Context) changeSettings(old map[string]string, s *sql.Set) (map[string]string, error) {
	if s.Kind == sql.ResetAll {
		return nil, nil
	}
	name, value, reset, err := c.CheckSetting(s)
	if err != nil {
		return nil, err
	}
	m := maps.Clone(old)
	if m == nil {
		m = map[string]string{}
	}
	if reset {
		delete(m, name)
	} else {
		m[name] = value
	}
	return m, nil
}

// extensionVersions are the extensions that exist, with the version that CREATE EXTENSION installs.
var extensionVersions = map[string]string{"vector": "0.8.5", "plpgsql": "1.0"}

func (c *Context) createExtension(n *sql.CreateExtension) error {
	if c.catalog().Extension(c.DB.OID, n.Name) != nil {
		if n.IfNotExists {
			c.notice("extension %q already exists, skipping", n.Name)
			return nil
		}
		return pgerr.New(pgerrcode.DuplicateObject, "extension %q already exists", n.Name)
	}
	if !c.Role.Super {
		return pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied to create extension %q", n.Name).
			Hint("Must be superuser to create this extension.")
	}
	version, ok := extensionVersions[n.Name]
	if !ok || n.Name == "plpgsql" {
		return pgerr.New(pgerrcode.FeatureNotSupported, "extension %q is not available", n.Name).
			Hint("The extension must first be installed on the system where PostgreSQL is running.")
	}
	ns := schema.OID(0)
	for _, o := range n.Options {
		switch o.Name {
		case "schema":
			s := c.catalog().Namespace(c.DB.OID, o.Value)
			if s == nil {
				return pgerr.New(pgerrcode.InvalidSchemaName, "schema %q does not exist", o.Value)
			}
			ns = s.OID
		case "new_version", "version":
			if o.Value != version {
				return pgerr.New(pgerrcode.InvalidParameterValue, "extension %q has no installation script nor update path for version %q", n.Name, o.Value)
			}
		}
	}
	if ns == 0 {
		var err error
		if ns, err = c.createIn(&sql.TableName{At: -1, Name: n.Name}); err != nil {
			return err
		}
	}
	return c.Txn.Put(&schema.Extension{OID: c.newOID(), DB: c.DB.OID, Name: n.Name, Namespace: ns, Version: version})
}

func (c *Context) alterExtension(n *sql.AlterExtension) error {
	e := c.catalog().Extension(c.DB.OID, n.Name)
	if e == nil {
		return pgerr.New(pgerrcode.UndefinedObject, "extension %q does not exist", n.Name)
	}
	for _, o := range n.Options {
		if o.Value != e.Version {
			return pgerr.New(pgerrcode.InvalidParameterValue, "extension %q has no update path from version %q to version %q", n.Name, e.Version, o.Value)
		}
	}
	c.notice("version %q of extension %q is already installed", e.Version, n.Name)
	return nil
}

// dropExtensions is DROP EXTENSION: columns of the extension's types depend on it.
func (c *Context) dropExtensions(ctx context.Context, n *sql.Drop) error {
	for _, name := range n.Names {
		e := c.catalog().Extension(c.DB.OID, name.Name)
		if e == nil {
			if n.MissingOK {
				c.notice("extension %q does not exist, skipping", name.Name)
				continue
			}
			return pgerr.New(pgerrcode.UndefinedObject, "extension %q does not exist", name.Name)
		}
		var cols []target
		for _, t := range c.catalog().Tables(c.DB.OID) {
			for _, col := range t.Live() {
				if isExtensionType(col.Type.OID) {
					cols = append(cols, target{oid: t.OID, whole: col.Num})
				}
			}
		}
		if len(cols) > 0 && !n.Cascade {
			var forced []edge
			for _, t := range cols {
				forced = append(forced, edge{dep: t, on: e.OID})
			}
			return c.dependentsError([]target{{oid: e.OID}}, forced)
		}
		if err := c.dropAll(ctx, cols, true); err != nil {
			return err
		}
		if err := c.Txn.Drop(e); err != nil {
			return err
		}
	}
	return nil
}

// isExtensionType says whether a type belongs to the vector extension.
func isExtensionType(o types.OID) bool { return o >= 16384 && o < schema.FirstUserOID }
