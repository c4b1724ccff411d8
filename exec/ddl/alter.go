package ddl

import (
	"context"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

func (c *Context) alterTable(ctx context.Context, n *sql.AlterTable) error {
	r, err := c.relation(n.Table)
	if err != nil {
		return err
	}
	if r == nil && n.MissingOK {
		c.notice("relation %q does not exist, skipping", n.Table.Name)
		return nil
	}
	if r != nil && r.Index != nil {
		return c.alterIndex(n, r.Index)
	}
	t, err := c.table(n.Table, alterKinds(n.Kind)...)
	if err != nil {
		return err
	}
	if err := c.lockTable(ctx, t.OID); err != nil {
		return err
	}
	for i := range n.Cmds {
		// Each command sees what the one before it put.
		if err := c.alterOne(ctx, c.catalog().Table(t.OID), &n.Cmds[i]); err != nil {
			return err
		}
	}
	return nil
}

// alterKinds are the kinds of relations that ALTER TABLE, VIEW or SEQUENCE takes.
func alterKinds(k sql.ObjectKind) []byte {
	switch k {
	case sql.ObjView:
		return []byte{schema.KindView}
	case sql.ObjSequence:
		return []byte{schema.KindSequence}
	}
	return []byte{schema.KindTable, schema.KindView, schema.KindSequence}
}

// alterIndex knows what can be changed of an index: nothing but its owner, which follows the table, and
// options that have no effect after the build.
func (c *Context) alterIndex(n *sql.AlterTable, x *schema.Index) error {
	if err := c.mustOwn(x.Owner, x.DB, "index", x.Name); err != nil {
		return err
	}
	for _, cmd := range n.Cmds {
		switch cmd.Kind {
		case sql.AlterSetStatistics, sql.AlterNothing:
		default:
			return pgerr.Unsupported("ALTER INDEX with this action")
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
	case sql.AlterSetOptions, sql.AlterResetOptions, sql.AlterSetStatistics, sql.AlterSetStorage, sql.AlterSetCompression,
		sql.AlterNothing:
		return c.alterOptions(cmd)
	case sql.AlterSetMethod, sql.AlterConstraint:
		return pgerr.Unsupported("this action of ALTER TABLE")
	}
	return c.alterColumn(ctx, old, cmd)
}

// alterOptions accepts tuning that has no effect here, and refuses what is unknown.
func (c *Context) alterOptions(cmd *sql.AlterCmd) error {
	for _, o := range cmd.Options {
		if !tableOptions[o.Name] && cmd.Kind == sql.AlterSetOptions && cmd.Name == "" {
			return pgerr.New(pgerrcode.InvalidParameterValue, "unrecognized parameter %q", o.Name)
		}
	}
	return nil
}

func (c *Context) alterAddColumn(ctx context.Context, old *schema.Table, cmd *sql.AlterCmd) error {
	if old.Column(cmd.Column.Name) != nil {
		if cmd.MissingOK {
			c.notice("column %q of relation %q already exists, skipping", cmd.Column.Name, old.Name)
			return nil
		}
		return pgerr.New(pgerrcode.DuplicateColumn, "column %q of relation %q already exists", cmd.Column.Name, old.Name)
	}
	if old.Kind != schema.KindTable {
		return pgerr.New(pgerrcode.WrongObjectType, "ALTER action ADD COLUMN cannot be performed on relation %q", old.Name).
			Detail("%s", notFor(old.Kind))
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
	return nil
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
	col := t.Column(cmd.Name)
	if col == nil {
		return noColumn(cmd.Name, old)
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

// alterType changes a column's type and rewrites the rows.
func (c *Context) alterType(ctx context.Context, old *schema.Table, cmd *sql.AlterCmd) error {
	t := cloneTable(old)
	col := t.Column(cmd.Name)
	if col == nil {
		return noColumn(cmd.Name, old)
	}
	if col.Generated != "" && cmd.Expr != nil {
		return pgerr.New(pgerrcode.SyntaxError, "cannot specify USING when altering type of generated column")
	}
	to, err := c.Binder.Type(cmd.Column.Type)
	if err != nil {
		return err
	}
	if err := checkColumnType(col.Name, to); err != nil {
		return err
	}
	for _, d := range c.catalog().Dependents(t.OID) {
		if d.OID == t.OID && d.Column != 0 && d.RefColumn == col.Num {
			return pgerr.New(pgerrcode.FeatureNotSupported, "cannot alter type of a column used by a generated column").
				Detail("Column %q is used by generated column %q.", col.Name, t.Col(d.Column).Name)
		}
		if v, ok := d.Object.(*schema.Table); ok && v.Kind == schema.KindView && (d.RefColumn == col.Num || d.RefColumn == 0) {
			return pgerr.New(pgerrcode.FeatureNotSupported, "cannot alter type of a column used by a view or rule").
				Detail("rule _RETURN on view %s depends on column %q", v.Name, col.Name)
		}
	}
	text, err := c.newValue(old, col, cmd.Expr, to)
	if err != nil {
		return err
	}
	col.Type = to
	if col.Default != "" {
		e, err := sql.ParseExpr(col.Default)
		if err != nil {
			return err
		}
		s, err := c.Binder.Expr(e, t, Wanted{Type: to, Column: col.Name, What: "DEFAULT expressions"})
		if err != nil {
			return pgerr.New(pgerrcode.DatatypeMismatch, "default for column %q cannot be cast automatically to type %s", col.Name, types.FormatType(to)).Wrap(err)
		}
		col.Default = s.Text
	}
	col.HasMissing, col.Missing = false, ""
	return c.rewriteType(ctx, old, t, col.Num, text)
}

// newValue is the text of a column's new value: USING, or the assignment cast of the old one.
func (c *Context) newValue(old *schema.Table, col *schema.Column, using sql.Expr, to types.T) (string, error) {
	if using != nil {
		s, err := c.Binder.Expr(using, old, Wanted{Type: to, Column: col.Name, What: "transform expressions", Columns: true})
		return s.Text, err
	}
	e, err := sql.ParseExpr(quote(col.Name))
	if err != nil {
		return "", err
	}
	s, err := c.Binder.Expr(e, old, Wanted{Type: to, Column: col.Name, What: "transform expressions", Columns: true})
	if err != nil {
		shown := types.FormatType(to)
		return "", pgerr.New(pgerrcode.DatatypeMismatch, "column %q cannot be cast automatically to type %s", col.Name, shown).
			Hint("You might need to specify \"USING %s::%s\".", fn.QuoteIdent(col.Name), shown).Wrap(nil)
	}
	return s.Text, nil
}

// rewriteType replaces the table's rows and its indexes over the column.
func (c *Context) rewriteType(ctx context.Context, old, t *schema.Table, num int16, text string) error {
	if err := c.Data.Rewrite(ctx, old, t, map[int16]string{num: text}); err != nil {
		return err
	}
	for _, x := range c.catalog().IndexesOf(t.OID) {
		n := *x
		n.Keys = append([]schema.IndexKey(nil), x.Keys...)
		for i := range n.Keys {
			if n.Keys[i].Column == num {
				key, err := indexKey(t, num, x.Method, "")
				if err != nil {
					return err
				}
				key.Desc, key.NullsFirst = n.Keys[i].Desc, n.Keys[i].NullsFirst
				n.Keys[i] = key
			}
		}
		if err := c.rebuild(ctx, &n); err != nil {
			return err
		}
	}
	return nil
}

func (c *Context) alterAddConstraint(ctx context.Context, old *schema.Table, cmd *sql.AlterCmd) error {
	con := cmd.Constraint
	if con.UsingIndex != "" {
		return pgerr.Unsupported("ADD CONSTRAINT USING INDEX")
	}
	p := &tablePlan{table: cloneTable(old), taken: map[string]bool{}}
	if con.Kind == sql.ConPrimary {
		for i := range old.Constraints {
			if old.Constraints[i].Type == 'p' {
				return pgerr.New(pgerrcode.InvalidTableDefinition, "multiple primary keys for table %q are not allowed", old.Name)
			}
		}
	}
	if err := c.addConstraint(p, con, ""); err != nil {
		return err
	}
	if con.Kind == sql.ConPrimary {
		for _, name := range con.Keys {
			if err := c.checkNotNullRows(ctx, old, old.Column(name)); err != nil {
				return err
			}
		}
	}
	if con.Kind == sql.ConCheck {
		if !con.NotValid {
			if err := c.checkCheckRows(ctx, old, &p.table.Constraints[len(p.table.Constraints)-1]); err != nil {
				return err
			}
		}
	}
	return c.putTable(ctx, p)
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
