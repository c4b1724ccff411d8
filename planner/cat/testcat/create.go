package testcat

import (
	"fmt"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// Exec runs CREATE TABLE, CREATE INDEX, CREATE VIEW and CREATE SCHEMA statements.
func (c *Catalog) Exec(text string) error {
	stmts, err := sql.Parse(text)
	if err != nil {
		return err
	}
	for _, s := range stmts {
		switch n := s.Node.(type) {
		case *sql.CreateTable:
			err = c.createTable(n)
		case *sql.CreateIndex:
			err = c.createIndex(n)
		case *sql.CreateView:
			err = c.createView(n)
		case *sql.CreateSchema:
			c.namespaces[c.newOID()] = n.Name
		case *sql.CreateExtension:
			c.extensions[n.Name] = true
		default:
			err = fmt.Errorf("testcat: %s is not known here", s.Node.Tag())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func schemaOf(t *sql.TableName) string {
	if t.Schema == "" {
		return "public"
	}
	return t.Schema
}

// serials are the types that stand for an integer with a sequence.
var serials = map[string]types.OID{"serial": 23, "bigserial": 20, "smallserial": 21}

func (c *Catalog) createTable(n *sql.CreateTable) error {
	t := &schema.Table{Name: n.Table.Name, Kind: schema.KindTable, OID: c.newOID()}
	rel := &cat.Relation{Table: t}
	constraints := n.Constraints
	for i, d := range n.Cols {
		col := schema.Column{Num: int16(i + 1), Name: d.Name}
		if oid, ok := serials[d.Type.Names[0]]; ok {
			col.Type, col.NotNull = types.Of(oid), true
			col.Sequence = c.sequence(schemaOf(n.Table), t.Name+"_"+d.Name+"_seq")
			col.Default = fmt.Sprintf("nextval(%d::regclass)", col.Sequence)
		} else {
			typ, err := c.binder.ResolveType(d.Type)
			if err != nil {
				return err
			}
			col.Type = typ
		}
		t.Columns = append(t.Columns, col)
		for _, k := range d.Constraints {
			if k.Kind >= sql.ConCheck {
				own := *k
				if own.Keys == nil {
					own.Keys, own.FKCols = []string{d.Name}, []string{d.Name}
				}
				constraints = append(constraints, &own)
			}
		}
	}
	for i, d := range n.Cols {
		for _, k := range d.Constraints {
			if err := c.columnConstraint(t, &t.Columns[i], k, schemaOf(n.Table)); err != nil {
				return err
			}
		}
	}
	for _, k := range constraints {
		if err := c.tableConstraint(rel, k); err != nil {
			return err
		}
	}
	c.Add(schemaOf(n.Table), rel)
	return nil
}

// sequence adds a sequence and returns its OID.
func (c *Catalog) sequence(namespace, name string) types.OID {
	t := &schema.Table{Name: name, Kind: schema.KindSequence, Sequence: &schema.Sequence{Type: 20, Start: 1, Increment: 1}}
	t.Columns = []schema.Column{{Num: 1, Name: "last_value", Type: types.Of(types.Int8OID)}}
	c.Add(namespace, &cat.Relation{Table: t})
	return t.OID
}

func (c *Catalog) columnConstraint(t *schema.Table, col *schema.Column, k *sql.Constraint, namespace string) error {
	switch k.Kind {
	case sql.ConNotNull:
		col.NotNull = true
	case sql.ConPrimary:
		col.NotNull = true
	case sql.ConDefault:
		x, err := c.binder.BindAssign(k.Expr, t, col.Name, col.Type, bind.UseDefault)
		if err != nil {
			return err
		}
		col.Default = bind.DeparseExpr(c, x.Expr)
	case sql.ConGenerated:
		x, err := c.binder.BindExpr(k.Expr, t, bind.UseGenerated)
		if err != nil {
			return err
		}
		col.Generated = bind.DeparseExpr(c, x.Expr)
	case sql.ConIdentity:
		col.Identity, col.NotNull = k.Identity, true
		col.Sequence = c.sequence(namespace, t.Name+"_"+col.Name+"_seq")
	}
	return nil
}

func (c *Catalog) tableConstraint(rel *cat.Relation, k *sql.Constraint) error {
	t := rel.Table
	con := schema.Constraint{OID: c.newOID(), Name: k.Name}
	for _, name := range k.Keys {
		con.Columns = append(con.Columns, t.Column(name).Num)
	}
	switch k.Kind {
	case sql.ConCheck:
		x, err := c.binder.BindExpr(k.Expr, t, bind.UseCheck)
		if err != nil {
			return err
		}
		con.Type, con.Expr, con.Columns = 'c', bind.DeparseExpr(c, x.Expr), x.Attrs
		if con.Name == "" {
			con.Name = t.Name + "_check"
		}
	case sql.ConPrimary, sql.ConUnique:
		con.Type = 'u'
		if con.Name == "" {
			con.Name = t.Name + "_key"
		}
		if k.Kind == sql.ConPrimary {
			con.Type, con.Name = 'p', t.Name+"_pkey"
		}
		ix := &schema.Index{
			OID: c.newOID(), Table: t.OID, Name: con.Name, Method: "btree", Unique: true,
			Primary: con.Type == 'p', NullsNotDistinct: k.NullsNotDistinct, Constraint: con.OID,
		}
		for _, num := range con.Columns {
			t.Columns[num-1].NotNull = t.Columns[num-1].NotNull || con.Type == 'p'
			ix.Keys = append(ix.Keys, schema.IndexKey{Column: num, Type: t.Columns[num-1].Type})
		}
		con.Index = ix.OID
		rel.Indexes = append(rel.Indexes, ix)
	default:
		return nil // foreign keys play no part in binding and planning
	}
	t.Constraints = append(t.Constraints, con)
	return nil
}

func (c *Catalog) createIndex(n *sql.CreateIndex) error {
	rel, _ := c.Relation(n.Table.Schema, n.Table.Name)
	if rel == nil {
		return bind.NoRelation(n.Table)
	}
	ix := &schema.Index{
		OID: c.newOID(), Table: rel.Table.OID, Name: n.Name, Method: n.Method, Unique: n.Unique,
		NullsNotDistinct: n.NullsNotDistinct, Options: make(map[string]string),
	}
	for _, o := range n.Options {
		ix.Options[o.Name] = o.Value
	}
	for _, e := range n.Elems {
		key := schema.IndexKey{Desc: e.Desc, NullsFirst: e.Nulls == 'f' || e.Desc && e.Nulls == 0}
		if e.Column != "" {
			col := rel.Table.Column(e.Column)
			if col == nil {
				return fmt.Errorf("testcat: column %q does not exist", e.Column)
			}
			key.Column, key.Type = col.Num, col.Type
		} else {
			x, err := c.binder.BindExpr(e.Expr, rel.Table, bind.UseIndex)
			if err != nil {
				return err
			}
			key.Expr, key.Type = bind.DeparseExpr(c, x.Expr), x.Expr.Type()
		}
		if len(e.Opclass) > 0 {
			key.Opclass = e.Opclass[len(e.Opclass)-1]
		}
		ix.Keys = append(ix.Keys, key)
	}
	for _, name := range n.Include {
		ix.Include = append(ix.Include, rel.Table.Column(name).Num)
	}
	if n.Where != nil {
		x, err := c.binder.BindExpr(n.Where, rel.Table, bind.UsePredicate)
		if err != nil {
			return err
		}
		ix.Where = bind.DeparseExpr(c, x.Expr)
	}
	rel.Indexes = append(rel.Indexes, ix)
	return nil
}

func (c *Catalog) createView(n *sql.CreateView) error {
	r, err := c.binder.BindQueryForView(n.Query)
	if err != nil {
		return err
	}
	t := &schema.Table{Name: n.View.Name, Kind: schema.KindView, Deps: r.Deps}
	for i, col := range r.Stmt.Returning() {
		name := col.Name
		if i < len(n.Cols) {
			name = n.Cols[i]
		}
		t.Columns = append(t.Columns, schema.Column{Num: int16(i + 1), Name: name, Type: col.T})
	}
	t.View = bind.DeparseQuery(c, r, bind.DeparseStored)
	c.Add(schemaOf(n.View), &cat.Relation{Table: t})
	return nil
}
