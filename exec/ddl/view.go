package ddl

import (
	"context"
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

func (c *Context) createView(ctx context.Context, n *sql.CreateView) error {
	options, err := viewOptions(n)
	if err != nil {
		return err
	}
	text, cols, deps, err := c.Binder.View(n.Query, n.Cols)
	if err != nil {
		return err
	}
	name := *n.View
	if !name.Temp && name.Schema != "pg_temp" && slices.ContainsFunc(deps, c.needsTemp) {
		name.Temp = true
		c.notice("view %q will be a temporary view", name.Name)
	}
	ns, err := c.createIn(&name)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for i := range cols {
		if seen[cols[i].Name] {
			return pgerr.New(pgerrcode.DuplicateColumn, "column %q specified more than once", cols[i].Name)
		}
		seen[cols[i].Name] = true
		if t := types.Lookup(cols[i].Type.OID); t != nil && t.Kind == 'p' {
			if err := checkColumnType(cols[i].Name, cols[i].Type); err != nil {
				return err
			}
		}
		cols[i].Num = int16(i + 1)
	}
	if old, taken := c.catalog().Relation(ns, n.View.Name); taken {
		if !n.Replace {
			return duplicateObject(&schema.Table{Name: n.View.Name})
		}
		if old.Kind() != schema.KindView {
			return pgerr.New(pgerrcode.WrongObjectType, "%q is not a view", n.View.Name)
		}
		v := cloneTable(old.Table)
		v.View, v.Columns, v.Deps, v.Options = text, cols, deps, options
		return c.replaceView(ctx, old.Table, v)
	}
	v := c.newTable(ns, n.View.Name, schema.KindView)
	v.View, v.Columns, v.Deps, v.Options = text, cols, deps, options
	return c.Txn.Put(v)
}

var viewParameters = map[string]parameter{
	"security_barrier": {kind: boolParameter}, // no function that a query may call tells what it was called with
	"security_invoker": {kind: boolParameter},
	"check_option":     {kind: choiceParameter, words: []string{"local", "cascaded"}},
}

// viewOptions checks WITH (...) and refuses what would change what a view or a write to it means.
func viewOptions(n *sql.CreateView) (map[string]string, error) {
	options, err := readParameters(viewParameters, n.Options)
	if err != nil {
		return nil, err
	}
	if n.Query.With != nil && n.Query.With.Changes() {
		return nil, pgerr.New(pgerrcode.FeatureNotSupported, "views must not contain data-modifying statements in WITH")
	}
	if n.Check != 0 {
		return nil, pgerr.Unsupported("WITH CHECK OPTION")
	}
	return options, refuseViewOptions(options)
}

func refuseViewOptions(options map[string]string) error {
	if options["check_option"] != "" {
		return pgerr.Unsupported("WITH CHECK OPTION")
	}
	if on, _ := boolWord(options["security_invoker"]); on {
		return pgerr.Unsupported("security_invoker")
	}
	return nil
}

// needsTemp says whether a dependency is on a temporary relation.
func (c *Context) needsTemp(d schema.Dep) bool {
	r, ok := c.catalog().RelationByOID(d.OID)
	return ok && c.isTemp(r.Namespace())
}

// replaceView keeps the old columns, in order; new ones may only follow.
func (c *Context) replaceView(ctx context.Context, old, v *schema.Table) error {
	if err := c.mustOwn(old.Owner, old.DB, "view", old.Name); err != nil {
		return err
	}
	if len(v.Columns) < len(old.Columns) {
		return pgerr.New(pgerrcode.InvalidTableDefinition, "cannot drop columns from view")
	}
	for i, o := range old.Columns {
		if v.Columns[i].Name != o.Name {
			return pgerr.New(pgerrcode.InvalidTableDefinition, "cannot change name of view column %q to %q", o.Name, v.Columns[i].Name).
				Hint("Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.")
		}
		if v.Columns[i].Type != o.Type {
			return pgerr.New(pgerrcode.InvalidTableDefinition, "cannot change data type of view column %q from %s to %s",
				o.Name, types.FormatType(o.Type), types.FormatType(v.Columns[i].Type))
		}
	}
	for _, d := range v.Deps {
		if d.OID == old.OID {
			return pgerr.New(pgerrcode.InvalidObjectDefinition, "infinite recursion detected in rules for relation %q", old.Name)
		}
	}
	if err := c.lockTable(ctx, old.OID); err != nil {
		return err
	}
	if err := c.Txn.Put(v); err != nil || len(v.Columns) == len(old.Columns) {
		return err
	}
	return c.reprintViews(v.OID)
}
