package session

import (
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage/catalog"
)

// renamer prints stored texts with the names that objects have now. The texts were written under the
// catalog before the rename, so they are bound with that one.
type renamer struct {
	s      *Session
	before *catalogView
	after  *catalogView
}

// reprint binds the texts of a table or view with the names before the change and prints them with those
// after it. The record returned is t itself when nothing in it has changed.
func (d definer) reprint(t *schema.Table) (*schema.Table, error) {
	r := d.renamer(t)
	n := *t
	n.Columns = append([]schema.Column(nil), t.Columns...)
	n.Constraints = append([]schema.Constraint(nil), t.Constraints...)
	old := r.before.cat.Table(t.OID)
	if old == nil {
		old = t
	}
	if t.View != "" {
		text, err := r.query(t.View)
		if err != nil {
			return nil, err
		}
		n.View = text
	}
	for i := range n.Columns {
		c := &n.Columns[i]
		var err error
		if c.Default, err = r.expr(c.Default, nil, nil, bind.UseDefault); err != nil {
			return nil, err
		}
		if c.Generated, err = r.expr(c.Generated, old, t, bind.UseTransform); err != nil {
			return nil, err
		}
	}
	for i := range n.Constraints {
		c := &n.Constraints[i]
		var err error
		if c.Expr, err = r.expr(c.Expr, old, t, bind.UseCheck); err != nil {
			return nil, err
		}
	}
	return &n, nil
}

// reprintIndex does so for an index's keys and predicate.
func (d definer) reprintIndex(x *schema.Index) (*schema.Index, error) {
	now := d.s.tx.txn.Catalog().Table(x.Table)
	if now == nil {
		return x, nil
	}
	r := d.renamer(now)
	old := r.before.cat.Table(x.Table)
	if old == nil {
		old = now
	}
	n := *x
	n.Keys = append([]schema.IndexKey(nil), x.Keys...)
	var err error
	for i := range n.Keys {
		if n.Keys[i].Expr, err = r.expr(n.Keys[i].Expr, old, now, bind.UseTransform); err != nil {
			return nil, err
		}
	}
	n.Where, err = r.expr(n.Where, old, now, bind.UseCheck)
	return &n, err
}

// renamer takes the view that the statement began with as the one before, and the newest catalog, with t
// as it will be, as the one after.
func (d definer) renamer(t *schema.Table) *renamer {
	s := d.s
	after := s.tx.txn.Catalog()
	if changed, err := after.With(catalog.Change{Object: t}); err == nil {
		after = changed
	}
	before := s.view
	if before == nil {
		before = s.catalogView()
	}
	return &renamer{s: s, before: before, after: s.newView(after)}
}

func (r *renamer) binder() *bind.Binder {
	return &bind.Binder{Catalog: r.before, Session: r.s.Settings(), Cache: r.s.srv.bindCache}
}

// expr reprints an expression over old, which is the table now called and shaped as now.
func (r *renamer) expr(text string, old, now *schema.Table, use bind.ExprUse) (string, error) {
	if text == "" {
		return "", nil
	}
	x, err := r.binder().BindText(text, old, use)
	if err != nil {
		return "", err
	}
	d := bind.Deparser{Catalog: r.after, Stored: true}
	if now != nil {
		return x.Deparse(r.after, now), nil
	}
	return d.Expr(x.Expr), nil
}

// query reprints a view's query.
func (r *renamer) query(text string) (string, error) {
	stmts, err := sql.Parse(text)
	if err != nil {
		return "", err
	}
	q, ok := stmts[0].Node.(*sql.Select)
	if !ok {
		return text, nil
	}
	res, err := r.binder().BindQueryForView(q)
	if err != nil {
		return "", err
	}
	return bind.ReprintQuery(r.after, res, text), nil
}
