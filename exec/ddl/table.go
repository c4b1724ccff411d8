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
	if err := checkTableOptions(n); err != nil {
		return tag, err
	}
	p := &tablePlan{table: c.newTable(ns, n.Table.Name, schema.KindTable), taken: map[string]bool{n.Table.Name: true}}
	if n.Query != nil {
		return c.createTableAs(ctx, n, p)
	}
	for _, like := range n.Likes {
		if err := c.addLike(p, like); err != nil {
			return tag, err
		}
	}
	for _, def := range n.Cols {
		if err := c.addColumn(p, def); err != nil {
			return tag, err
		}
	}
	if len(p.table.Columns) > columnsMax {
		return tag, pgerr.New(pgerrcode.TooManyColumns, "tables can have at most %d columns", columnsMax)
	}
	return tag, c.finishTable(ctx, p, n)
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
		if err := c.addTableConstraint(p, con); err != nil {
			return err
		}
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

// tableOptions are the storage parameters that are accepted for PostgreSQL's sake; they tune what this
// store does by itself.
var tableOptions = map[string]bool{
	"fillfactor": true, "autovacuum_enabled": true, "toast_tuple_target": true, "parallel_workers": true,
	"autovacuum_vacuum_scale_factor": true, "autovacuum_vacuum_threshold": true,
	"autovacuum_analyze_scale_factor": true, "autovacuum_analyze_threshold": true, "oids": true,
	"user_catalog_table": true, "vacuum_truncate": true, "vacuum_index_cleanup": true,
}

func checkTableOptions(n *sql.CreateTable) error {
	if n.Method != "" && n.Method != "heap" {
		return pgerr.New(pgerrcode.UndefinedObject, "access method %q does not exist", n.Method)
	}
	for _, o := range n.Options {
		if !tableOptions[o.Name] {
			return pgerr.New(pgerrcode.InvalidParameterValue, "unrecognized parameter %q", o.Name)
		}
	}
	if n.OnCommit == 'x' || n.OnCommit == 'd' {
		return pgerr.Unsupported("ON COMMIT %s", map[byte]string{'x': "DROP", 'd': "DELETE ROWS"}[n.OnCommit])
	}
	return nil
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
	if typ == nil || typ.Arrow == nil || typ.Kind == 'p' {
		if typ != nil && typ.Kind != 'p' {
			return pgerr.Unsupported("a column of type %s", types.FormatType(t))
		}
		return pgerr.New(pgerrcode.InvalidTableDefinition, "column %q has pseudo-type %s", name, types.FormatType(t))
	}
	return nil
}

// addLike copies the columns of another table: LIKE t INCLUDING ...
func (c *Context) addLike(p *tablePlan, like sql.TableLike) error {
	r, err := c.relation(like.Table)
	if err != nil {
		return err
	}
	if r == nil || r.Table == nil {
		return noRelation(like.Table)
	}
	for _, col := range r.Table.Live() {
		n := schema.Column{
			Num: int16(len(p.table.Columns) + 1), Name: col.Name, Type: col.Type, NotNull: col.NotNull, Collation: col.Collation,
		}
		if like.Defaults && col.Identity == 0 && col.Generated == "" {
			n.Default, n.Deps = col.Default, col.Deps
		}
		if like.Generated {
			n.Generated = col.Generated
		}
		if like.Comments {
			n.Comment = col.Comment
		}
		if like.Identity && col.Identity != 0 {
			n.Identity = col.Identity
			if err := c.addOwnedSequence(p, &n, nil); err != nil {
				return err
			}
			c.copySequence(p.sequences[len(p.sequences)-1], col.Sequence)
		}
		if p.table.Column(n.Name) != nil {
			return pgerr.New(pgerrcode.DuplicateColumn, "column %q specified more than once", n.Name)
		}
		p.table.Columns = append(p.table.Columns, n)
	}
	if like.Generated {
		c.copyGenerated(p.table, r.Table)
	}
	if like.Constraints {
		c.copyChecks(p, r.Table)
	}
	if like.Indexes {
		return c.copyKeys(p, r.Table)
	}
	return nil
}

// copySequence gives a new sequence the options of another.
func (c *Context) copySequence(to *schema.Table, from schema.OID) {
	if s := c.catalog().Table(from); s != nil {
		seq := *s.Sequence
		seq.OwnerTable, seq.OwnerColumn, seq.Values = to.Sequence.OwnerTable, to.Sequence.OwnerColumn, 0
		to.Sequence = &seq
	}
}

// copyGenerated lets the generated columns of a copy depend on the copy's columns.
func (c *Context) copyGenerated(to, from *schema.Table) {
	for _, col := range from.Live() {
		if col.Generated == "" {
			continue
		}
		for _, d := range col.Deps {
			if d.OID == from.OID {
				d.OID, d.Column = to.OID, to.Column(from.Col(d.Column).Name).Num
			}
			n := to.Column(col.Name)
			n.Deps = append(n.Deps, d)
		}
	}
}

// copyChecks copies check constraints; column numbers of the copy follow the live columns' order.
func (c *Context) copyChecks(p *tablePlan, from *schema.Table) {
	for _, con := range from.Constraints {
		if con.Type == 'c' {
			con.OID = c.newOID()
			con.Columns = c.mapColumns(p.table, from, con.Columns)
			p.table.Constraints = append(p.table.Constraints, con)
		}
	}
}

// copyKeys plans copies of primary and unique keys.
func (c *Context) copyKeys(p *tablePlan, from *schema.Table) error {
	for _, con := range from.Constraints {
		switch con.Type {
		case 'p':
			p.keys = append(p.keys, keyConstraint{&sql.Constraint{Kind: sql.ConPrimary}, columnNames(from, con.Columns)})
		case 'u':
			p.keys = append(p.keys, keyConstraint{&sql.Constraint{Kind: sql.ConUnique}, columnNames(from, con.Columns)})
		}
	}
	for _, x := range c.catalog().IndexesOf(from.OID) {
		if x.Constraint == 0 {
			return pgerr.Unsupported("LIKE ... INCLUDING INDEXES of indexes that are no constraints")
		}
	}
	return nil
}

func (c *Context) mapColumns(to, from *schema.Table, nums []int16) []int16 {
	out := make([]int16, 0, len(nums))
	for _, n := range nums {
		if col := to.Column(from.Col(n).Name); col != nil {
			out = append(out, col.Num)
		}
	}
	return out
}
