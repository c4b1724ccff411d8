package ddl

import (
	"context"
	"fmt"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// columnsMax is the number of columns of a table, PostgreSQL's limit.
const columnsMax = 1600

// tablePlan gathers what a CREATE TABLE, or an ADD COLUMN, makes beside the table: sequences first,
// then the table, then indexes and foreign keys, which need it.
type tablePlan struct {
	table     *schema.Table
	sequences []*schema.Table
	keys      []keyConstraint
	foreign   []*sql.Constraint
	indexes   []*schema.Index // copies of another table's, without OIDs and names
	taken     map[string]bool // names of relations that the plan will make
}

// keyConstraint is a PRIMARY KEY or UNIQUE constraint to be made with its index.
type keyConstraint struct {
	con  *sql.Constraint
	cols []string
}

func (c *Context) createTable(ctx context.Context, n *sql.CreateTable) (string, error) {
	tag := n.Tag()
	ns, err := c.createIn(n.Table)
	if err != nil {
		return tag, err
	}
	free, err := c.freeName(ns, n.Table.Name, n.IfNotExists)
	if err != nil || !free {
		return tag, err
	}
	options, err := checkStorageClauses(n, c.isTemp(ns))
	if err != nil {
		return tag, err
	}
	p := &tablePlan{table: c.newTable(ns, n.Table.Name, schema.KindTable), taken: map[string]bool{n.Table.Name: true}}
	p.table.Options = options
	if n.OnCommit != 'p' {
		p.table.OnCommit = n.OnCommit
	}
	if n.Query != nil {
		return c.createTableAs(ctx, n, p)
	}
	if err := c.addColumns(p, n); err != nil {
		return tag, err
	}
	if len(p.table.Columns) > columnsMax {
		return tag, pgerr.New(pgerrcode.TooManyColumns, "tables can have at most %d columns", columnsMax)
	}
	return tag, c.finishTable(ctx, p, n)
}

// addColumns adds the columns of a table and those that it has from others by LIKE, each in its place.
func (c *Context) addColumns(p *tablePlan, n *sql.CreateTable) error {
	likes := n.Likes
	for i := range len(n.Cols) + 1 {
		for len(likes) > 0 && likes[0].Before == i {
			if err := c.addLike(p, likes[0]); err != nil {
				return err
			}
			likes = likes[1:]
		}
		if i < len(n.Cols) {
			if err := c.addColumn(p, n.Cols[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// finishTable adds the constraints and puts everything.
func (c *Context) finishTable(ctx context.Context, p *tablePlan, n *sql.CreateTable) error {
	// Columns first, so that a check of one column may name another.
	for _, def := range n.Cols {
		if err := c.addColumnConstraints(p, def); err != nil {
			return err
		}
	}
	for _, con := range n.Constraints {
		if err := c.addConstraint(p, con); err != nil {
			return err
		}
	}
	p.mergeKeys()
	// There are no rows yet that a constraint could not hold for.
	for i := range p.table.Constraints {
		p.table.Constraints[i].NotValid = false
	}
	for _, con := range p.foreign {
		con.NotValid = false
	}
	return c.putTable(ctx, p)
}

// putTable writes a planned table with its sequences, indexes and foreign keys.
func (c *Context) putTable(ctx context.Context, p *tablePlan) error {
	for _, s := range p.sequences {
		if err := c.Txn.Put(s); err != nil {
			return err
		}
	}
	if err := c.Txn.Put(p.table); err != nil {
		return err
	}
	for _, k := range p.keys {
		if err := c.addKey(ctx, p.table.OID, k, p.taken); err != nil {
			return err
		}
	}
	for _, x := range p.indexes {
		if err := c.addCopy(ctx, p.table.OID, x); err != nil {
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

// newTable makes a record without columns. Three OIDs after the table's belong to it: its row type, the
// array of that, and a view's rule.
func (c *Context) newTable(ns schema.OID, name string, kind byte) *schema.Table {
	t := &schema.Table{
		OID: c.newOID(), DB: c.DB.OID, Namespace: ns, Name: name, Kind: kind, Owner: c.Role.OID,
	}
	t.RowType = c.newOID()
	c.newOID() // the array of the row type
	if kind == schema.KindView {
		c.newOID() // the view's rule
	}
	return t
}

// checkStorageClauses checks the clauses about where and how a table is stored, and returns the parameters to keep.
func checkStorageClauses(n *sql.CreateTable, temp bool) (map[string]string, error) {
	if err := checkMethod(n.Method); err != nil {
		return nil, err
	}
	if n.OnCommit != 0 && !temp {
		return nil, pgerr.New(pgerrcode.InvalidTableDefinition, "ON COMMIT can only be used on temporary tables")
	}
	var kept []sql.Option
	for _, o := range n.Options {
		if o.Name != "oids" {
			kept = append(kept, o)
		} else if on, ok := boolWord(o.Value); on || !ok {
			return nil, pgerr.New(pgerrcode.FeatureNotSupported, "tables declared WITH OIDS are not supported")
		}
	}
	return readParameters(tableParameters, kept)
}

// createTableAs is CREATE TABLE AS and SELECT INTO.
func (c *Context) createTableAs(ctx context.Context, n *sql.CreateTable, p *tablePlan) (string, error) {
	tag := n.Tag()
	cols, err := c.Data.Columns(ctx, n.Query)
	if err != nil {
		return tag, err
	}
	if len(n.ColNames) > len(cols) {
		return tag, pgerr.New(pgerrcode.SyntaxError, "too many column names were specified")
	}
	for i := range cols {
		if i < len(n.ColNames) {
			cols[i].Name = n.ColNames[i]
		}
		if p.table.Column(cols[i].Name) != nil {
			return tag, pgerr.New(pgerrcode.DuplicateColumn, "column %q specified more than once", cols[i].Name)
		}
		if systemColumns[cols[i].Name] {
			return tag, errSystemColumn(cols[i].Name)
		}
		if err := checkColumnType(cols[i].Name, cols[i].Type); err != nil {
			return tag, err
		}
		cols[i].Num = int16(i + 1)
		p.table.Columns = append(p.table.Columns, cols[i])
	}
	if err := c.Txn.Put(p.table); err != nil || n.NoData {
		return tag, err
	}
	rows, err := c.Data.Fill(ctx, p.table, n.Query)
	return fmt.Sprintf("SELECT %d", rows), err
}

// checkColumnType refuses types that no table can store.
func checkColumnType(name string, t types.T) error {
	typ := types.Lookup(t.OID)
	if typ == nil {
		return pgerr.Unsupported("column %q of a composite type", name)
	}
	if typ.Arrow == nil || typ.Kind == 'p' {
		if typ.Kind != 'p' {
			return pgerr.Unsupported("a column of type %s", types.FormatType(t))
		}
		return pgerr.New(pgerrcode.InvalidTableDefinition, "column %q has pseudo-type %s", name, types.FormatType(t))
	}
	return nil
}
