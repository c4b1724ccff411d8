package ddl

import (
	"context"
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/exec/pgcatalog"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// alterType changes a column's type: it computes the rows anew and looks whether all constraints hold still.
func (c *Context) alterType(ctx context.Context, old *schema.Table, cmd *sql.AlterCmd) error {
	t := cloneTable(old)
	col, err := alterable(t, cmd.Name, "alter")
	if err != nil {
		return err
	}
	if col.Generated != "" && cmd.Expr != nil {
		return pgerr.New(pgerrcode.InvalidColumnDefinition, "cannot specify USING when altering type of generated column").
			Detail("Column %q is a generated column.", col.Name)
	}
	to, err := c.Binder.Type(cmd.Column.Type)
	if err != nil {
		return err
	}
	if err := checkColumnType(col.Name, to); err != nil {
		return err
	}
	if err := checkCollation(cmd.Column.Collation, to); err != nil {
		return err
	}
	if err := c.checkTypeNeeded(t, col); err != nil {
		return err
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
	if err := c.checkForeignTypes(t, col.Num); err != nil {
		return err
	}
	if err := c.rewriteType(ctx, old, t, col.Num, text); err != nil {
		return err
	}
	return c.recheck(ctx, t, col)
}

// checkTypeNeeded refuses a change of type that something else is made of.
func (c *Context) checkTypeNeeded(t *schema.Table, col *schema.Column) error {
	for _, d := range c.catalog().Dependents(t.OID) {
		if d.RefColumn != col.Num {
			continue
		}
		if d.OID == t.OID && d.Column != 0 {
			return pgerr.New(pgerrcode.FeatureNotSupported, "cannot alter type of a column used by a generated column").
				Detail("Column %q is used by generated column %q.", col.Name, t.Col(d.Column).Name)
		}
		if v, ok := d.Object.(*schema.Table); ok && v.Kind == schema.KindView {
			return pgerr.New(pgerrcode.FeatureNotSupported, "cannot alter type of a column used by a view or rule").
				Detail("rule _RETURN on view %s depends on column %q", v.Name, col.Name)
		}
	}
	return nil
}

// foreignKeysOf calls f for each foreign key of or to a table that is over one of its columns: with the table that has it.
func (c *Context) foreignKeysOf(t *schema.Table, num int16, f func(of *schema.Table, con *schema.Constraint) error) error {
	for _, of := range c.catalog().Tables(t.DB) {
		if of.OID == t.OID {
			of = t
		}
		for i := range of.Constraints {
			con := &of.Constraints[i]
			from := of.OID == t.OID && slices.Contains(con.Columns, num)
			to := con.RefTable == t.OID && slices.Contains(con.RefColumns, num)
			if con.Type != 'f' || !from && !to {
				continue
			}
			if err := f(of, con); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkForeignTypes looks whether the foreign keys over a column can be compared with its new type.
func (c *Context) checkForeignTypes(t *schema.Table, num int16) error {
	return c.foreignKeysOf(t, num, func(of *schema.Table, con *schema.Constraint) error {
		ref := t
		if con.RefTable != t.OID {
			ref = c.catalog().Table(con.RefTable)
		}
		for i := range con.Columns {
			if err := c.comparable(of, ref, con.Columns[i], con.RefColumns[i], con.Name); err != nil {
				return err
			}
		}
		return nil
	})
}

// recheck looks whether the new values of a column keep its constraints.
func (c *Context) recheck(ctx context.Context, t *schema.Table, col *schema.Column) error {
	if col.NotNull {
		if err := c.checkNotNullRows(ctx, t, col); err != nil {
			return err
		}
	}
	for i := range t.Constraints {
		if con := &t.Constraints[i]; con.Type == 'c' && !con.NotValid && slices.Contains(con.Columns, col.Num) {
			if err := c.checkCheckRows(ctx, t, con); err != nil {
				return err
			}
		}
	}
	return c.foreignKeysOf(t, col.Num, func(of *schema.Table, con *schema.Constraint) error {
		if con.NotValid {
			return nil
		}
		return c.checkForeignRows(ctx, of, con)
	})
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

// rewriteType replaces the table's rows. Its indexes go before, since their keys have the old type, and are made anew.
func (c *Context) rewriteType(ctx context.Context, old, t *schema.Table, num int16, text string) error {
	indexes := c.catalog().IndexesOf(t.OID)
	for _, x := range indexes {
		if err := c.Txn.Drop(x); err != nil {
			return err
		}
	}
	if err := c.Data.Rewrite(ctx, old, t, map[int16]string{num: text}); err != nil {
		return err
	}
	for _, x := range indexes {
		n := *x
		n.Keys = append([]schema.IndexKey(nil), x.Keys...)
		for i := range n.Keys {
			if n.Keys[i].Column == num {
				key, err := retypedKey(t, n.Keys[i], x.Method)
				if err != nil {
					return err
				}
				n.Keys[i] = key
			}
		}
		if err := c.remake(ctx, &n); err != nil {
			return err
		}
	}
	return nil
}

// retypedKey is a key over a column that has a new type: its operator class stays when it was not the default one and takes
// the type.
func retypedKey(t *schema.Table, old schema.IndexKey, method string) (schema.IndexKey, error) {
	class := old.Opclass
	if class == pgcatalog.DefaultOpclass(method, old.Type.OID) {
		class = ""
	}
	key, err := indexKey(t, old.Column, method, class)
	key.Name, key.Desc, key.NullsFirst = old.Name, old.Desc, old.NullsFirst
	return key, err
}
