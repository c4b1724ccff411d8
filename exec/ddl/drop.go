package ddl

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/catalog"
)

// target is something to drop: an object, or a part of one (a column's default, a constraint).
type target struct {
	oid        schema.OID
	column     int16      // of a table: only this column's default
	constraint schema.OID // of a table: only this constraint
	whole      int16      // of a table: this whole column
}

func (c *Context) drop(ctx context.Context, n *sql.Drop) error {
	switch n.Kind {
	case sql.ObjExtension:
		return c.dropExtensions(ctx, n)
	case sql.ObjSchema:
		return c.dropSchemas(ctx, n)
	}
	if n.Concurrently && c.InBlock {
		return pgerr.New(pgerrcode.ActiveSQLTransaction, "DROP INDEX CONCURRENTLY cannot run inside a transaction block")
	}
	var roots []target
	for _, name := range n.Names {
		o, err := c.dropped(name, n)
		if err != nil {
			return err
		}
		if o != 0 {
			roots = append(roots, target{oid: o})
		}
	}
	return c.dropAll(ctx, roots, n.Cascade)
}

// dropped finds a relation to drop; 0 when it does not exist and need not.
func (c *Context) dropped(name *sql.TableName, n *sql.Drop) (schema.OID, error) {
	r, err := c.relation(name)
	if err != nil && n.MissingOK && pgerr.Code(err) == pgerrcode.InvalidSchemaName {
		c.notice("schema %q does not exist, skipping", name.Schema)
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	word := strings.ToLower(string(n.Kind))
	if r == nil {
		if n.MissingOK {
			c.notice("%s %q does not exist, skipping", word, name.Name)
			return 0, nil
		}
		code := pgerrcode.UndefinedTable
		if n.Kind == sql.ObjIndex {
			code = pgerrcode.UndefinedObject
		}
		return 0, pgerr.New(code, "%s %q does not exist", word, name.Name)
	}
	if kindWords[r.Kind()] != word {
		err := pgerr.New(pgerrcode.WrongObjectType, "%q is not %s %s", name.Name, article(word), word)
		return 0, err.Hint("Use DROP %s to remove %s %s.", strings.ToUpper(kindWords[r.Kind()]), article(kindWords[r.Kind()]), kindWords[r.Kind()])
	}
	if x := r.Index; x != nil {
		if x.Constraint != 0 {
			return 0, c.requiredError(target{oid: x.OID}, target{oid: x.Table, constraint: x.Constraint})
		}
		return x.OID, c.mustOwn(x.Owner, x.DB, "index", x.Name)
	}
	t := r.Table
	if s := t.Sequence; s != nil && s.OwnerTable != 0 {
		if owner := c.catalog().Table(s.OwnerTable); owner != nil && owner.Col(s.OwnerColumn).Identity != 0 {
			return 0, c.requiredError(target{oid: t.OID}, target{oid: owner.OID, whole: s.OwnerColumn})
		}
	}
	return t.OID, c.mustOwn(t.Owner, t.DB, word, t.Name)
}

// requiredError says that something can only be dropped by dropping what it is part of.
func (c *Context) requiredError(part, of target) error {
	whole := c.describe(of)
	return pgerr.New(pgerrcode.DependentObjectsStillExist, "cannot drop %s because %s requires it", c.describe(part), whole).
		Hint("You can drop %s instead.", whole)
}

func article(word string) string {
	if strings.ContainsRune("aeiou", rune(word[0])) {
		return "an"
	}
	return "a"
}

// dropAll drops the roots and what depends on them. Without cascade, anything that depends on a root and
// does not belong to one is an error that lists it.
func (c *Context) dropAll(ctx context.Context, roots []target, cascade bool) error {
	order, forced := c.closure(roots)
	if len(forced) > 0 && !cascade {
		return c.dependentsError(roots, forced)
	}
	c.noticeCascade(forced)
	for _, t := range order {
		if err := c.dropOne(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// edge is one dependency found: what depends, on what.
type edge struct {
	dep target
	on  schema.OID
	// onColumn is the column that is needed, when it is dropped alone.
	onColumn int16
}

// closure lists the roots and all that depends on them, dependents before what they need; forced are
// those that go only with CASCADE, in the opposite order.
func (c *Context) closure(roots []target) (order []target, forced []edge) {
	w := dependentWalk{c: c, goes: map[target]bool{}, needs: map[target]edge{}, belongs: map[target]bool{}}
	for _, r := range roots {
		w.visit(r)
	}
	for _, t := range slices.Backward(w.order) {
		if e, ok := w.needs[t]; ok && !w.belongs[t] && !w.partOfDropped(t) && !slices.Contains(roots, t) {
			forced = append(forced, e)
		}
	}
	return w.order, forced
}

// dependentWalk finds what depends on something, depth first and the newest first, as PostgreSQL does.
type dependentWalk struct {
	c       *Context
	goes    map[target]bool // all that were visited
	needs   map[target]edge // by which of its dependencies each was found first
	belongs map[target]bool // those that are part of what goes
	order   []target
}

func (w *dependentWalk) visit(at target) {
	if w.goes[at] {
		return
	}
	w.goes[at] = true
	if at.column == 0 && at.constraint == 0 { // a default or constraint has no dependents of its own
		for _, d := range slices.Backward(w.c.catalog().Dependents(at.oid)) {
			if at.whole != 0 && !w.c.needsColumn(d, at) {
				continue
			}
			t := target{oid: d.OID, column: d.Column, constraint: d.Constraint}
			if d.OID == at.oid {
				if at.whole == 0 || d.Column == 0 {
					continue // part of what goes
				}
				t = target{oid: d.OID, whole: d.Column} // a generated column goes with its expression
			}
			if d.Auto || ownIndex(d, at) {
				w.belongs[t] = true
			} else if _, ok := w.needs[t]; !ok {
				w.needs[t] = edge{t, at.oid, at.whole}
			}
			w.visit(t)
		}
	}
	w.order = append(w.order, at)
}

// partOfDropped says whether a default or constraint goes anyway with its column or table.
func (w *dependentWalk) partOfDropped(t target) bool {
	part := t.column != 0 || t.constraint != 0
	return part && (w.goes[target{oid: t.oid}] || t.column != 0 && w.goes[target{oid: t.oid, whole: t.column}])
}

// ownIndex says whether a dependent is an index of the table itself, which goes with it.
func ownIndex(d catalog.Dependent, at target) bool {
	x, ok := d.Object.(*schema.Index)
	return ok && x.Table == at.oid
}

// needsColumn says whether a dependent of a table needs the column that is dropped.
func (c *Context) needsColumn(d catalog.Dependent, at target) bool {
	switch o := d.Object.(type) {
	case *schema.Index:
		if o.Table != at.oid {
			return false
		}
		for _, k := range o.Keys {
			if k.Column == at.whole {
				return true
			}
		}
		for _, dep := range o.Deps {
			if dep.Column == at.whole {
				return true
			}
		}
		return slices.Contains(o.Include, at.whole)
	case *schema.Table:
		if d.Constraint != 0 {
			for i := range o.Constraints {
				if o.Constraints[i].OID == d.Constraint {
					return slices.Contains(o.Constraints[i].RefColumns, at.whole)
				}
			}
		}
		if o.Sequence != nil && o.Sequence.OwnerTable == at.oid {
			return o.Sequence.OwnerColumn == at.whole
		}
	}
	return d.RefColumn == at.whole
}

// describe names a target as PostgreSQL does in messages.
func (c *Context) describe(t target) string {
	r, ok := c.catalog().RelationByOID(t.oid)
	if !ok {
		switch o := c.catalog().Object(t.oid).(type) {
		case *schema.Namespace:
			return "schema " + o.Name
		case *schema.Extension:
			return "extension " + o.Name
		}
		return fmt.Sprintf("object %d", t.oid)
	}
	self := kindWords[r.Kind()] + " " + c.shownName(r)
	switch {
	case t.column != 0:
		return "default value for column " + r.Table.Col(t.column).Name + " of " + self
	case t.whole != 0:
		return "column " + r.Table.Col(t.whole).Name + " of " + self
	case t.constraint != 0:
		for _, con := range r.Table.Constraints {
			if con.OID == t.constraint {
				return "constraint " + con.Name + " on " + self
			}
		}
	}
	return self
}

// shownName is a relation's name, with its schema when the search path does not find it.
func (c *Context) shownName(r catalog.Relation) string {
	if systemRelation("pg_catalog", r.Name()) == nil {
		for _, ns := range c.Path {
			if first, ok := c.catalog().Relation(ns, r.Name()); ok {
				if first.OID() == r.OID() {
					return fn.QuoteIdent(r.Name())
				}
				break
			}
		}
	}
	if ns := c.catalog().NamespaceByOID(r.Namespace()); ns != nil {
		return fn.QuoteIdent(ns.Name) + "." + fn.QuoteIdent(r.Name())
	}
	return fn.QuoteIdent(r.Name())
}

func (c *Context) dependentsError(roots []target, forced []edge) error {
	lines := make([]string, len(forced))
	for i, e := range forced {
		lines[i] = c.describe(e.dep) + " depends on " + c.describe(target{oid: e.on, whole: e.onColumn})
	}
	what := "desired object(s)"
	if len(roots) == 1 {
		what = c.describe(roots[0])
	}
	msg := "cannot drop " + what + " because other objects depend on it"
	if len(roots) > 1 {
		msg = "cannot drop desired object(s) because other objects depend on them"
	}
	return pgerr.New(pgerrcode.DependentObjectsStillExist, "%s", msg).Detail("%s", strings.Join(lines, "\n")).
		Hint("Use DROP ... CASCADE to drop the dependent objects too.")
}

func (c *Context) noticeCascade(forced []edge) {
	if len(forced) == 1 {
		c.notice("drop cascades to %s", c.describe(forced[0].dep))
		return
	}
	if len(forced) == 0 || c.Notice == nil {
		return
	}
	lines := make([]string, len(forced))
	for i, e := range forced {
		lines[i] = "drop cascades to " + c.describe(e.dep)
	}
	e := pgerr.New(pgerrcode.SuccessfulCompletion, "drop cascades to %d other objects", len(forced)).Detail("%s", strings.Join(lines, "\n"))
	e.Severity = "NOTICE"
	c.Notice(e)
}

// dropOne drops one target whose dependents are gone.
func (c *Context) dropOne(ctx context.Context, t target) error {
	r, ok := c.catalog().RelationByOID(t.oid)
	if !ok {
		if o := c.catalog().Object(t.oid); o != nil {
			return c.Txn.Drop(o)
		}
		return nil
	}
	if r.Index != nil {
		return c.dropIndex(ctx, r.Index)
	}
	if err := c.lockTable(ctx, t.oid); err != nil {
		return err
	}
	switch {
	case t.column != 0:
		n := cloneTable(r.Table)
		col := n.Col(t.column)
		col.Default, col.Deps = "", nil
		return c.Txn.Put(n)
	case t.constraint != 0:
		n := cloneTable(r.Table)
		n.Constraints = slices.DeleteFunc(n.Constraints, func(con schema.Constraint) bool { return con.OID == t.constraint })
		return c.Txn.Put(n)
	case t.whole != 0:
		return c.forgetColumn(r.Table, t.whole)
	}
	return c.Txn.Drop(r.Table)
}

// dropIndex drops an index and the constraint that it holds.
func (c *Context) dropIndex(ctx context.Context, x *schema.Index) error {
	if err := c.lockTable(ctx, x.Table); err != nil {
		return err
	}
	if t := c.catalog().Table(x.Table); t != nil && x.Constraint != 0 {
		n := cloneTable(t)
		n.Constraints = slices.DeleteFunc(n.Constraints, func(con schema.Constraint) bool { return con.OID == x.Constraint })
		if err := c.Txn.Put(n); err != nil {
			return err
		}
	}
	return c.Txn.Drop(x)
}

// dropColumn is ALTER TABLE DROP COLUMN.
func (c *Context) dropColumn(ctx context.Context, t *schema.Table, cmd *sql.AlterCmd) error {
	if cmd.MissingOK && t.Column(cmd.Name) == nil && !systemColumns[cmd.Name] {
		c.notice("column %q of relation %q does not exist, skipping", cmd.Name, t.Name)
		return nil
	}
	col, err := alterable(t, cmd.Name, "drop")
	if err != nil {
		return err
	}
	return c.dropAll(ctx, []target{{oid: t.OID, whole: col.Num}}, cmd.Cascade)
}

// forgetColumn marks a column dropped and takes out the constraints that name it.
func (c *Context) forgetColumn(t *schema.Table, num int16) error {
	n := cloneTable(t)
	*n.Col(num) = schema.Column{Num: num, Name: t.Col(num).Name, Type: t.Col(num).Type, Dropped: true}
	n.Constraints = slices.DeleteFunc(n.Constraints, func(con schema.Constraint) bool { return slices.Contains(con.Columns, num) })
	return c.Txn.Put(n)
}

// dropConstraint is ALTER TABLE DROP CONSTRAINT.
func (c *Context) dropConstraint(ctx context.Context, t *schema.Table, cmd *sql.AlterCmd) error {
	i := findConstraint(t, cmd.Name)
	if i < 0 {
		if cmd.MissingOK {
			c.notice("constraint %q of relation %q does not exist, skipping", cmd.Name, t.Name)
			return nil
		}
		return noConstraint(cmd.Name, t)
	}
	con := t.Constraints[i]
	if con.Index == 0 {
		return c.dropAll(ctx, []target{{oid: t.OID, constraint: con.OID}}, cmd.Cascade)
	}
	// Foreign keys that point at the key need it.
	roots := []target{{oid: con.Index}}
	var forced []edge
	for _, d := range c.catalog().Dependents(t.OID) {
		of, ok := d.Object.(*schema.Table)
		if !ok || d.Constraint == 0 {
			continue
		}
		for _, fk := range of.Constraints {
			if fk.OID == d.Constraint && slices.Equal(fk.RefColumns, con.Columns) {
				forced = append(forced, edge{dep: target{oid: of.OID, constraint: fk.OID}, on: con.Index})
			}
		}
	}
	if len(forced) > 0 && !cmd.Cascade {
		return c.dependentsError([]target{{oid: t.OID, constraint: con.OID}}, forced)
	}
	c.noticeCascade(forced)
	for _, e := range forced {
		roots = append(roots, e.dep)
	}
	for _, r := range slices.Backward(roots) {
		if err := c.dropOne(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// dropSchemas is DROP SCHEMA.
func (c *Context) dropSchemas(ctx context.Context, n *sql.Drop) error {
	var roots []target
	for _, name := range n.Names {
		ns := c.catalog().Namespace(c.DB.OID, name.Name)
		if ns == nil {
			if n.MissingOK {
				c.notice("schema %q does not exist, skipping", name.Name)
				continue
			}
			return pgerr.New(pgerrcode.InvalidSchemaName, "schema %q does not exist", name.Name)
		}
		if ns.DB == 0 {
			return pgerr.New(pgerrcode.DependentObjectsStillExist, "cannot drop schema %s because it is required by the database system", ns.Name)
		}
		if err := c.mustOwn(ns.Owner, ns.DB, "schema", ns.Name); err != nil {
			return err
		}
		roots = append(roots, target{oid: ns.OID})
	}
	return c.dropAll(ctx, roots, n.Cascade)
}

// emptied finds a table that the current role may truncate.
func (c *Context) emptied(name *sql.TableName) (*schema.Table, error) {
	r, err := c.relation(name)
	if err != nil {
		return nil, err
	}
	if r == nil || r.Kind() != schema.KindTable || r.Table.DB == 0 {
		return c.table(name) // says why not
	}
	if !r.Table.Object().Allows(c.Role, 'D', c.catalog().Role) {
		return nil, pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied for table %s", r.Table.Name)
	}
	return r.Table, nil
}

// truncate is TRUNCATE.
func (c *Context) truncate(ctx context.Context, n *sql.Truncate) error {
	var list []*schema.Table
	add := func(t *schema.Table) {
		if !slices.ContainsFunc(list, func(o *schema.Table) bool { return o.OID == t.OID }) {
			list = append(list, t)
		}
	}
	for _, name := range n.Tables {
		t, err := c.emptied(name)
		if err != nil {
			return err
		}
		add(t)
	}
	for i := 0; i < len(list); i++ {
		for _, d := range c.catalog().Dependents(list[i].OID) {
			ref, ok := d.Object.(*schema.Table)
			if !ok || d.Constraint == 0 || slices.ContainsFunc(list, func(o *schema.Table) bool { return o.OID == ref.OID }) {
				continue
			}
			if !n.Cascade {
				return pgerr.New(pgerrcode.FeatureNotSupported, "cannot truncate a table referenced in a foreign key constraint").
					Detail("Table %q references %q.", ref.Name, list[i].Name).
					Hint("Truncate table %q at the same time, or use TRUNCATE ... CASCADE.", ref.Name)
			}
			c.notice("truncate cascades to table %q", ref.Name)
			add(ref)
		}
	}
	for _, t := range list {
		if err := c.lockTable(ctx, t.OID); err != nil {
			return err
		}
		if err := c.Txn.Truncate(t.OID); err != nil {
			return err
		}
		if n.RestartIdentity {
			if err := c.restartSequences(t); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Context) restartSequences(t *schema.Table) error {
	for _, s := range c.catalog().Tables(c.DB.OID) {
		if s.Sequence != nil && s.Sequence.OwnerTable == t.OID {
			if err := c.putSequence(s, storage.SequenceState{Last: s.Sequence.Start}); err != nil {
				return err
			}
		}
	}
	return nil
}
