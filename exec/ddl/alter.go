package ddl

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage/catalog"
)

func (c *Context) alterTable(ctx context.Context, n *sql.AlterTable) error {
	r, err := c.existing(n.Table, n.MissingOK)
	if err != nil || r == nil {
		return err
	}
	if err := isKind(*r, n.Kind); err != nil {
		return err
	}
	if r.Index != nil {
		return c.alterIndex(n, r.Index)
	}
	t := r.Table
	if err := c.mustOwn(t.Owner, t.DB, kindWords[t.Kind], t.Name); err != nil {
		return err
	}
	if err := actionsFit(n.Cmds, t.Kind, t.Name); err != nil {
		return err
	}
	if err := c.lockTable(ctx, t.OID); err != nil {
		return err
	}
	for _, cmd := range inPasses(n.Cmds) {
		// Each command sees what the one before it put.
		if err := c.alterOne(ctx, c.catalog().Table(t.OID), &cmd); err != nil {
			return err
		}
	}
	return nil
}

// isKind refuses a relation that is not of the kind that ALTER names; ALTER TABLE takes any.
func isKind(r catalog.Relation, kind sql.ObjectKind) error {
	word := strings.ToLower(string(kind))
	if kind == sql.ObjTable || kindWords[r.Kind()] == word {
		return nil
	}
	return pgerr.New(pgerrcode.WrongObjectType, "%q is not %s %s", r.Name(), article(word), word)
}

// alterIndex runs the commands on an index: its owner follows the table, and its parameters have no effect after the build.
func (c *Context) alterIndex(n *sql.AlterTable, x *schema.Index) error {
	if err := c.mustOwn(x.Owner, x.DB, "index", x.Name); err != nil {
		return err
	}
	if err := actionsFit(n.Cmds, schema.KindIndex, x.Name); err != nil {
		return err
	}
	for i := range n.Cmds {
		cmd := &n.Cmds[i]
		switch cmd.Kind {
		case sql.AlterSetOptions, sql.AlterResetOptions:
			y := *c.catalog().Index(x.OID)
			var err error
			if y.Options, err = setParameters(methods[y.Method].parameters, y.Options, cmd.Options, cmd.Kind == sql.AlterResetOptions); err != nil {
				return err
			}
			if err := c.Txn.Put(&y); err != nil {
				return err
			}
		case sql.AlterOwnerTo:
			to, err := c.role(cmd.Owner)
			if err != nil || to.OID == x.Owner {
				return err
			}
			e := pgerr.New(pgerrcode.WrongObjectType, "cannot change owner of index %q", x.Name).
				Hint("Change the ownership of the index's table instead.")
			e.Severity = "WARNING"
			c.Notice(e)
		case sql.AlterSetStatistics, sql.AlterNothing:
		default:
			return pgerr.Unsupported("ALTER INDEX %s", actions[cmd.Kind].words)
		}
	}
	return nil
}

// alterOne runs one command on the newest record.
func (c *Context) alterOne(ctx context.Context, old *schema.Table, cmd *sql.AlterCmd) error {
	switch cmd.Kind {
	case sql.AlterAddColumn:
		return c.alterAddColumn(ctx, old, cmd)
	case sql.AlterDropColumn:
		return c.dropColumn(ctx, old, cmd)
	case sql.AlterType:
		return c.alterType(ctx, old, cmd)
	case sql.AlterAddConstraint:
		return c.alterAddConstraint(ctx, old, cmd)
	case sql.AlterDropConstraint:
		return c.dropConstraint(ctx, old, cmd)
	case sql.AlterValidateConstraint:
		return c.validateConstraint(ctx, old, cmd)
	case sql.AlterOwnerTo:
		return c.ownTable(old, cmd.Owner)
	case sql.AlterConstraint:
		return c.alterConstraint(old, cmd)
	case sql.AlterSetDefault, sql.AlterSetNotNull, sql.AlterDropNotNull, sql.AlterDropExpression,
		sql.AlterAddIdentity, sql.AlterSetIdentity, sql.AlterDropIdentity:
		return c.alterColumn(ctx, old, cmd)
	}
	return c.alterTuning(old, cmd)
}

func (c *Context) alterAddColumn(ctx context.Context, old *schema.Table, cmd *sql.AlterCmd) error {
	if old.Column(cmd.Column.Name) != nil {
		if cmd.MissingOK {
			c.notice("column %q of relation %q already exists, skipping", cmd.Column.Name, old.Name)
			return nil
		}
		return pgerr.New(pgerrcode.DuplicateColumn, "column %q of relation %q already exists", cmd.Column.Name, old.Name)
	}
	p := &tablePlan{table: cloneTable(old), taken: map[string]bool{}}
	if err := c.addColumn(p, cmd.Column); err != nil {
		return err
	}
	if len(p.table.Columns) > columnsMax {
		return pgerr.New(pgerrcode.TooManyColumns, "tables can have at most %d columns", columnsMax)
	}
	if err := c.addColumnConstraints(p, cmd.Column); err != nil {
		return err
	}
	col := &p.table.Columns[len(p.table.Columns)-1]
	notNull := col.NotNull
	// The column is put nullable first: rows that exist get its value, then they are checked.
	col.NotNull = false
	checks := p.table.Constraints[len(old.Constraints):]
	for _, s := range p.sequences {
		if err := c.Txn.Put(s); err != nil {
			return err
		}
	}
	if err := c.fillNewColumn(ctx, p.table, col); err != nil {
		return err
	}
	if err := c.finishNewColumn(ctx, p.table.OID, col.Num, notNull, checks); err != nil {
		return err
	}
	for _, k := range p.keys {
		if err := c.addKey(ctx, p.table.OID, k, p.taken); err != nil {
			return err
		}
	}
	for _, con := range p.foreign {
		if err := c.addForeignKey(ctx, p.table.OID, con); err != nil {
			return err
		}
	}
	return c.reprintViews(p.table.OID)
}

// fillNewColumn puts a table with its new last column and gives the rows that exist its value. A
// constant default is stored once, as the value that older rows have; another is computed for each row.
func (c *Context) fillNewColumn(ctx context.Context, t *schema.Table, col *schema.Column) error {
	text := col.Default
	if col.Generated != "" {
		text = col.Generated
	}
	if col.Identity != 0 {
		text = "nextval(" + literal(c.sequenceTextOf(col.Sequence)) + "::regclass)"
	}
	if text == "" {
		return c.Txn.Put(t)
	}
	if err := c.Txn.Put(t); err != nil {
		return err
	}
	return c.Data.Rewrite(ctx, t, t, map[int16]string{col.Num: text})
}

func (c *Context) sequenceTextOf(o schema.OID) string {
	if s := c.catalog().Table(o); s != nil {
		return c.quoted(s)
	}
	return ""
}

// literal quotes a string for the texts of internal statements.
func literal(s string) string {
	out := []byte{'\''}
	for i := 0; i < len(s); i++ {
		if s[i] == '\'' {
			out = append(out, '\'')
		}
		out = append(out, s[i])
	}
	return string(append(out, '\''))
}

func (c *Context) finishNewColumn(ctx context.Context, table schema.OID, num int16, notNull bool, checks []schema.Constraint) error {
	t := c.catalog().Table(table)
	if notNull {
		if err := c.checkNotNullRows(ctx, t, t.Col(num)); err != nil {
			return err
		}
		n := cloneTable(t)
		n.Col(num).NotNull = true
		if err := c.Txn.Put(n); err != nil {
			return err
		}
	}
	for i := range checks {
		if err := c.checkCheckRows(ctx, t, &checks[i]); err != nil {
			return err
		}
	}
	return nil
}

// alterColumn runs the commands that change one property of one column.
func (c *Context) alterColumn(ctx context.Context, old *schema.Table, cmd *sql.AlterCmd) error {
	t := cloneTable(old)
	col, err := alterable(t, cmd.Name, "alter")
	if err != nil {
		return err
	}
	switch cmd.Kind {
	case sql.AlterSetDefault:
		if err := mayHaveDefault(t, col, cmd.Expr == nil); err != nil {
			return err
		}
		if cmd.Expr == nil {
			col.Default, col.Deps = "", nil
		} else if err := c.setDefault(t, col, cmd.Expr); err != nil {
			return err
		}
	case sql.AlterSetNotNull:
		if err := c.checkNotNullRows(ctx, old, col); err != nil {
			return err
		}
		col.NotNull = true
	case sql.AlterDropNotNull:
		if err := mayBeNull(t, col); err != nil {
			return err
		}
		col.NotNull = false
	case sql.AlterDropExpression:
		if col.Generated == "" {
			if cmd.MissingOK {
				c.notice("column %q of relation %q is not a stored generated column, skipping", col.Name, t.Name)
				return nil
			}
			return pgerr.New(pgerrcode.ObjectNotInPrerequisiteState, "column %q of relation %q is not a stored generated column", col.Name, t.Name)
		}
		col.Generated, col.Deps = "", nil
	default:
		return c.alterIdentity(ctx, t, col, cmd)
	}
	return c.Txn.Put(t)
}

func noColumn(name string, t *schema.Table) error {
	return pgerr.New(pgerrcode.UndefinedColumn, "column %q of relation %q does not exist", name, t.Name)
}

// mayHaveDefault refuses a default, or to drop it, for a column whose values come from elsewhere.
func mayHaveDefault(t *schema.Table, col *schema.Column, drop bool) error {
	what, instead := "an identity", "IDENTITY"
	switch {
	case col.Generated != "":
		what, instead = "a generated", "EXPRESSION"
	case col.Identity == 0:
		return nil
	}
	err := pgerr.New(pgerrcode.SyntaxError, "column %q of relation %q is %s column", col.Name, t.Name, what)
	if drop {
		return err.Hint("Use ALTER TABLE ... ALTER COLUMN ... DROP %s instead.", instead)
	}
	return err
}

// mayBeNull refuses to let a key or identity column become nullable.
func mayBeNull(t *schema.Table, col *schema.Column) error {
	if col.Identity != 0 {
		return pgerr.New(pgerrcode.SyntaxError, "column %q of relation %q is an identity column", col.Name, t.Name)
	}
	for _, con := range t.Constraints {
		for _, n := range con.Columns {
			if con.Type == 'p' && n == col.Num {
				return pgerr.New(pgerrcode.InvalidTableDefinition, "column %q is in a primary key", col.Name)
			}
		}
	}
	return nil
}

// alterIdentity is ADD GENERATED, SET GENERATED and DROP IDENTITY.
func (c *Context) alterIdentity(ctx context.Context, t *schema.Table, col *schema.Column, cmd *sql.AlterCmd) error {
	switch cmd.Kind {
	case sql.AlterAddIdentity:
		if col.Identity != 0 {
			return pgerr.New(pgerrcode.ObjectNotInPrerequisiteState, "column %q of relation %q is already an identity column", col.Name, t.Name)
		}
		if col.Default != "" {
			return pgerr.New(pgerrcode.ObjectNotInPrerequisiteState, "column %q of relation %q already has a default value", col.Name, t.Name)
		}
		if !col.NotNull {
			return pgerr.New(pgerrcode.ObjectNotInPrerequisiteState, "column %q of relation %q must be declared NOT NULL before identity can be added", col.Name, t.Name)
		}
		if !isInteger(col.Type.OID) {
			return errIdentityType
		}
		p := &tablePlan{table: t, taken: map[string]bool{}}
		col.Identity = cmd.Constraint.Identity
		if err := c.addOwnedSequence(p, col, cmd.Constraint.Options); err != nil {
			return err
		}
		if err := c.Txn.Put(p.sequences[0]); err != nil {
			return err
		}
	case sql.AlterSetIdentity:
		if col.Identity == 0 {
			return pgerr.New(pgerrcode.ObjectNotInPrerequisiteState, "column %q of relation %q is not an identity column", col.Name, t.Name)
		}
		if err := c.setIdentity(ctx, col, cmd.Options); err != nil {
			return err
		}
	case sql.AlterDropIdentity:
		if col.Identity == 0 {
			if cmd.MissingOK {
				c.notice("column %q of relation %q is not an identity column, skipping", col.Name, t.Name)
				return nil
			}
			return pgerr.New(pgerrcode.ObjectNotInPrerequisiteState, "column %q of relation %q is not an identity column", col.Name, t.Name)
		}
		seq := c.catalog().Table(col.Sequence)
		col.Identity, col.Sequence = 0, 0
		if seq != nil {
			if err := c.Txn.Drop(seq); err != nil {
				return err
			}
		}
	default:
		return pgerr.Unsupported("this action of ALTER TABLE")
	}
	return c.Txn.Put(t)
}

// setIdentity applies SET GENERATED and the sequence options behind it.
func (c *Context) setIdentity(ctx context.Context, col *schema.Column, opts []sql.Option) error {
	var seqOpts []sql.Option
	for _, o := range opts {
		if o.Name == "generated" {
			if o.Value != "" {
				col.Identity = o.Value[0]
			}
			continue
		}
		seqOpts = append(seqOpts, o)
	}
	s := c.catalog().Table(col.Sequence)
	if s == nil || len(seqOpts) == 0 {
		return nil
	}
	if err := c.lockTable(ctx, s.OID); err != nil {
		return err
	}
	return c.changeSequence(s, seqOpts)
}

func (c *Context) alterAddConstraint(ctx context.Context, old *schema.Table, cmd *sql.AlterCmd) error {
	con := cmd.Constraint
	if con.UsingIndex != "" {
		return c.adoptIndex(ctx, old, con)
	}
	if con.Kind == sql.ConPrimary {
		for _, name := range con.Keys {
			if old.Column(name) == nil {
				return noColumn(name, old)
			}
		}
	}
	p := &tablePlan{table: cloneTable(old), taken: map[string]bool{}}
	if err := c.addConstraint(p, con); err != nil {
		return unplaced(err)
	}
	if con.Kind == sql.ConCheck && !con.NotValid {
		if err := c.checkCheckRows(ctx, old, &p.table.Constraints[len(p.table.Constraints)-1]); err != nil {
			return err
		}
	}
	if err := c.putTable(ctx, p); err != nil || con.Kind != sql.ConPrimary {
		return err
	}
	t := c.catalog().Table(old.OID)
	for _, name := range con.Keys {
		if err := c.checkNotNullRows(ctx, t, t.Column(name)); err != nil {
			return err
		}
	}
	return nil
}

// unplaced takes the position from an error, as PostgreSQL's about what ALTER TABLE adds have none.
func unplaced(err error) error {
	if e := new(pgerr.Error); errors.As(err, &e) {
		e.Position = 0
	}
	return err
}

// alterConstraint is ALTER CONSTRAINT: whether a foreign key can be deferred.
func (c *Context) alterConstraint(old *schema.Table, cmd *sql.AlterCmd) error {
	t := cloneTable(old)
	i := findConstraint(t, cmd.Constraint.Name)
	if i < 0 {
		return noConstraint(cmd.Constraint.Name, old)
	}
	con := &t.Constraints[i]
	if con.Type != 'f' {
		return pgerr.New(pgerrcode.WrongObjectType, "constraint %q of relation %q is not a foreign key constraint", con.Name, t.Name)
	}
	con.Deferrable, con.Deferred = cmd.Constraint.Deferrable, cmd.Constraint.Deferred
	return c.Txn.Put(t)
}

func (c *Context) validateConstraint(ctx context.Context, old *schema.Table, cmd *sql.AlterCmd) error {
	t := cloneTable(old)
	i := findConstraint(t, cmd.Name)
	if i < 0 {
		return noConstraint(cmd.Name, old)
	}
	con := &t.Constraints[i]
	var err error
	switch {
	case con.Type != 'c' && con.Type != 'f':
		return pgerr.New(pgerrcode.WrongObjectType, "constraint %q of relation %q is not a foreign key or check constraint", con.Name, t.Name)
	case !con.NotValid:
		return nil
	case con.Type == 'c':
		err = c.checkCheckRows(ctx, old, con)
	case con.Type == 'f':
		err = c.checkForeignRows(ctx, old, con)
	}
	if err != nil {
		return err
	}
	con.NotValid = false
	return c.Txn.Put(t)
}

func noConstraint(name string, t *schema.Table) error {
	return pgerr.New(pgerrcode.UndefinedObject, "constraint %q of relation %q does not exist", name, t.Name)
}
