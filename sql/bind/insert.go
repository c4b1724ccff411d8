package bind

import (
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// dmlScope opens the scope of a data-modifying statement, with its WITH queries visible.
func (b *binder) dmlScope(parent *scope, w *sql.With) (*scope, []*CTE, error) {
	sc := &scope{parent: parent, made: new([]*item)}
	if parent != nil {
		sc.ctes = parent.ctes
		sc.parent = parent.parent
	}
	ctes, err := b.bindWith(sc, w)
	return sc, ctes, err
}

// targetTable finds the table that a statement changes.
func (b *binder) targetTable(t *sql.TableName, verb, privilege string) (*cat.Relation, error) {
	rel, err := b.relation(t)
	if err != nil {
		return nil, err
	}
	if err := b.needPrivilege(rel, privilege); err != nil {
		return nil, err
	}
	switch {
	case rel.Virtual:
		return nil, errAt(t.Pos(), pgerrcode.InsufficientPrivilege, "permission denied: %q is a system catalog", t.Name)
	case rel.Table.Kind == schema.KindView:
		return nil, pgerr.New(pgerrcode.FeatureNotSupported, "cannot %s view %q", verb, t.Name).
			Detail("Views are not automatically updatable.").At(t.Pos())
	case rel.Table.Kind == schema.KindSequence:
		return nil, errAt(t.Pos(), pgerrcode.WrongObjectType, "cannot change sequence %q", t.Name)
	}
	b.dep(rel.Table.OID, 0)
	return rel, nil
}

// insertion is the state of binding one INSERT.
type insertion struct {
	b    *binder
	ast  *sql.Insert
	out  *Insert
	live []*schema.Column
	// given are the columns that the statement gives, in its order; src the source's columns for them.
	given []*schema.Column
	src   []eval.Expr
	// defaulted: every row gives DEFAULT for the column.
	defaulted map[int16]bool
}

func (b *binder) bindInsert(s *sql.Insert, parent *scope) (Stmt, error) {
	sc, ctes, err := b.dmlScope(parent, s.With)
	if err != nil {
		return nil, err
	}
	rel, err := b.targetTable(s.Table, "insert into", "INSERT")
	if err != nil {
		return nil, err
	}
	in := &insertion{
		b: b, ast: s, out: &Insert{Rel: rel, OverridingUser: s.Override == 'u'}, live: rel.Table.Live(),
		defaulted: make(map[int16]bool),
	}
	if err := in.columns(); err != nil {
		return nil, err
	}
	if err := in.source(sc); err != nil {
		return nil, err
	}
	if ctes != nil {
		in.out.Source = &With{CTEs: ctes, Input: in.out.Source}
	}
	if err := in.row(); err != nil {
		return nil, err
	}
	for _, c := range in.live {
		in.out.NewCols = append(in.out.NewCols, eval.Column{ID: b.newID(), Name: c.Name, T: c.Type, Table: rel.Table.OID, Attr: c.Num})
	}
	if in.out.Checks, err = b.checks(rel, in.out.NewCols); err != nil {
		return nil, err
	}
	target := b.newRowItem(rel, s.Table, in.out.NewCols)
	if err := in.onConflict(sc, target); err != nil {
		return nil, err
	}
	target.written = true
	if c := in.out.OnConflict; c != nil && c.Update {
		target.upsert = in.out
	}
	ret := &scope{ctes: sc.ctes, items: []*item{target}, made: &[]*item{target}}
	in.out.Return, in.out.ReturnCols, err = b.returning(ret, s.Returning, rel)
	return in.out, err
}

// newRowItem is a FROM entry for the new row of a table.
func (b *binder) newRowItem(rel *cat.Relation, t *sql.TableName, cols []eval.Column) *item {
	it := newItem(rel.Table.Name, cols)
	it.rel = rel
	if t.Alias != nil {
		it.name, it.aliased = t.Alias.Name, true
	}
	return it
}

// columns resolves the column list.
func (in *insertion) columns() error {
	rel := in.out.Rel
	if in.ast.Cols == nil {
		in.given = in.live
		return nil
	}
	seen := make(map[int16]bool)
	for i := range in.ast.Cols {
		t := &in.ast.Cols[i]
		if len(t.Steps) > 0 {
			return unsupportedAt(t.Pos(), "assignment to a part of a column")
		}
		c := rel.Table.Column(t.Name)
		if c == nil {
			return errAt(t.Pos(), pgerrcode.UndefinedColumn, "column %q of relation %q does not exist", t.Name, rel.Table.Name)
		}
		if seen[c.Num] {
			return errAt(t.Pos(), pgerrcode.DuplicateColumn, "column %q specified more than once", t.Name)
		}
		seen[c.Num] = true
		in.given = append(in.given, c)
	}
	return nil
}

// source binds VALUES, a query, or DEFAULT VALUES.
func (in *insertion) source(sc *scope) error {
	q := in.ast.Query
	switch {
	case q == nil:
		in.given = nil
		in.out.Source = &Values{Rows: [][]eval.Expr{{}}}
		return nil
	case q.Values != nil && q.With == nil && q.OrderBy == nil && q.Limit == nil && q.Offset == nil:
		return in.values(sc, q)
	}
	return in.query(sc, q)
}

// checkCount compares the number of expressions with that of target columns.
func (in *insertion) checkCount(n, at int) error {
	if n > len(in.given) {
		return errAt(at, pgerrcode.SyntaxError, "INSERT has more expressions than target columns")
	}
	if n < len(in.given) {
		if in.ast.Cols != nil {
			return errAt(in.ast.Cols[n].Pos(), pgerrcode.SyntaxError, "INSERT has more target columns than expressions")
		}
		in.given = in.given[:n]
	}
	return nil
}

// values binds VALUES lists straight into the types of the target columns.
func (in *insertion) values(sc *scope, q *sql.Select) error {
	b := in.b
	sc.clause = inValues
	node := &Values{Rows: make([][]eval.Expr, len(q.Values))}
	if err := in.checkCount(len(q.Values[0]), extraPos(q.Values[0], len(in.given))); err != nil {
		return err
	}
	defaults := make([]int, len(in.given))
	for r, row := range q.Values {
		if len(row) != len(in.given) {
			return errAt(rowPos(row), pgerrcode.SyntaxError, "VALUES lists must all be the same length")
		}
		exprs := make([]eval.Expr, len(row))
		for i, e := range row {
			if _, ok := e.(*sql.Default); ok {
				defaults[i]++
				continue
			}
			c := in.given[i]
			x, err := b.expr(sc, e)
			if err != nil {
				return err
			}
			if exprs[i], err = b.assign(x, c.Name, c.Type, sql.Start(e)); err != nil {
				return err
			}
		}
		node.Rows[r] = exprs
	}
	for i, c := range in.given {
		if defaults[i] == len(q.Values) {
			in.defaulted[c.Num] = true
		}
		if err := in.writable(c, defaults[i] == len(q.Values)); err != nil {
			return err
		}
	}
	if err := in.fillDefaults(node, q, defaults); err != nil {
		return err
	}
	in.out.Source = node
	in.useSource(node.Cols)
	return nil
}

func extraPos(row []sql.Expr, n int) int {
	if n < len(row) {
		return sql.Start(row[n])
	}
	return rowPos(row)
}

// fillDefaults puts default expressions where some rows have DEFAULT, drops columns that have nothing
// else, and makes the source's columns.
func (in *insertion) fillDefaults(node *Values, q *sql.Select, defaults []int) error {
	keep := in.given[:0:0]
	for i, c := range in.given {
		if in.defaulted[c.Num] {
			continue
		}
		if defaults[i] > 0 {
			for r := range node.Rows {
				if node.Rows[r][i] != nil {
					continue
				}
				x, err := in.b.columnDefault(in.out.Rel, c)
				if err != nil {
					return err
				}
				node.Rows[r][i] = x
			}
		}
		keep = append(keep, c)
		node.Cols = append(node.Cols, eval.Column{ID: in.b.newID(), Name: c.Name, T: c.Type})
	}
	if len(keep) < len(in.given) {
		for r, row := range node.Rows {
			out := make([]eval.Expr, 0, len(keep))
			for i, x := range row {
				if !in.defaulted[in.given[i].Num] {
					out = append(out, x)
				}
			}
			node.Rows[r] = out
		}
	}
	in.given = keep
	return nil
}

// writable refuses values for generated columns and, without OVERRIDING, for identity ALWAYS.
func (in *insertion) writable(c *schema.Column, isDefault bool) error {
	if isDefault {
		return nil
	}
	if c.Generated != "" {
		return pgerr.New(pgerrcode.GeneratedAlways, "cannot insert a non-DEFAULT value into column %q", c.Name).
			Detail("Column %q is a generated column.", c.Name)
	}
	if c.Identity == 'a' && in.ast.Override == 0 {
		return pgerr.New(pgerrcode.GeneratedAlways, "cannot insert a non-DEFAULT value into column %q", c.Name).
			Detail("Column %q is an identity column defined as GENERATED ALWAYS.", c.Name).
			Hint("Use OVERRIDING SYSTEM VALUE to override.")
	}
	return nil
}

// useSource remembers which source column gives which table column.
func (in *insertion) useSource(cols []eval.Column) {
	in.src = make([]eval.Expr, len(in.given))
	for i, c := range in.given {
		in.src[i] = &eval.Col{ID: cols[i].ID, T: cols[i].T, Name: cols[i].Name}
		in.out.Cols = append(in.out.Cols, c.Num)
	}
}

// query binds INSERT ... SELECT: a projection coerces its columns.
func (in *insertion) query(sc *scope, q *sql.Select) error {
	b := in.b
	inner := sc.relay(nil)
	out, err := b.bindQuery(q, inner, queryOpts{keepUnknown: true})
	if err != nil {
		return err
	}
	cols := out.rel.Output()
	if err := in.checkCount(len(cols), out.at(len(in.given))); err != nil {
		return err
	}
	exprs := make([]eval.Expr, len(cols))
	changed := false
	for i, c := range in.given {
		if err := in.writable(c, false); err != nil {
			return err
		}
		if out.rel.Output()[i].T.OID == types.UnknownOID && out.retype != nil {
			if err := out.retype(i, c.Type, -1); err != nil {
				return err
			}
		}
		col := out.rel.Output()[i]
		ref := &eval.Col{ID: col.ID, T: col.T, Name: col.Name}
		if exprs[i], err = b.assign(ref, c.Name, c.Type, out.at(i)); err != nil {
			return err
		}
		changed = changed || exprs[i] != eval.Expr(ref)
	}
	in.out.Source = out.rel
	if changed {
		in.out.Source = b.projectAs(out.rel, exprs)
	}
	in.useSource(in.out.Source.Output())
	return nil
}

// row makes the expressions of the whole new row.
func (in *insertion) row() error {
	b := in.b
	given := make(map[int16]eval.Expr, len(in.given))
	for i, c := range in.given {
		if in.ast.Override == 'u' && c.Identity != 0 {
			continue // OVERRIDING USER VALUE: the sequence's value is taken
		}
		given[c.Num] = in.src[i]
	}
	in.out.Row = make([]eval.Expr, len(in.live))
	generated := false
	for i, c := range in.live {
		if x, ok := given[c.Num]; ok {
			in.out.Row[i] = x
			continue
		}
		if c.Generated != "" {
			generated = true
			continue
		}
		var err error
		if in.out.Row[i], err = b.columnDefault(in.out.Rel, c); err != nil {
			return err
		}
	}
	if !generated {
		return nil
	}
	return in.generated()
}

// generated computes generated columns over a projection of the others, so that a default that they
// use is evaluated once.
func (in *insertion) generated() error {
	b := in.b
	p := &Project{Input: in.out.Source}
	it := &item{name: in.out.Rel.Table.Name, bare: true, named: true}
	for i, c := range in.live {
		x := in.out.Row[i]
		if x == nil {
			continue
		}
		col := eval.Column{ID: b.newID(), Name: c.Name, T: c.Type}
		p.Cols, p.Exprs = append(p.Cols, col), append(p.Exprs, x)
		ref := &eval.Col{ID: col.ID, T: col.T, Name: col.Name}
		in.out.Row[i] = ref
		it.cols = append(it.cols, itemCol{name: c.Name, expr: ref, attr: c.Num})
	}
	in.out.Source = p
	in.out.Cols = nil
	for i, c := range in.live {
		if in.out.Row[i] != nil {
			in.out.Cols = append(in.out.Cols, c.Num)
			continue
		}
		x, err := b.generatedExpr(it, c)
		if err != nil {
			return err
		}
		in.out.Row[i] = x
	}
	return nil
}

// generatedExpr binds the expression of a generated column over a row.
func (b *binder) generatedExpr(row *item, c *schema.Column) (eval.Expr, error) {
	e, err := b.Cache.expr(c.Generated)
	if err != nil {
		return nil, err
	}
	x, err := b.expr(&scope{items: []*item{row}, clause: inGenerated}, e)
	if err != nil {
		return nil, err
	}
	return b.assign(x, c.Name, c.Type, -1)
}

// columnDefault is what a column gets when the statement gives nothing: the next value of an identity,
// its default, or NULL.
func (b *binder) columnDefault(rel *cat.Relation, c *schema.Column) (eval.Expr, error) {
	switch {
	case c.Identity != 0:
		next, err := b.function(callShape{path: []string{"nextval"}}, []types.OID{types.RegclassOID}, -1)
		if err != nil {
			return nil, err
		}
		seq := &eval.Const{T: types.Of(types.RegclassOID), D: types.IntDatum(int64(c.Sequence))}
		call := &eval.Call{F: next.f, Args: []eval.Expr{seq}, T: types.Of(types.Int8OID)}
		return b.assign(call, c.Name, c.Type, -1)
	case c.Default == "":
		return &eval.Const{T: c.Type, D: types.NullDatum}, nil
	}
	e, err := b.Cache.expr(c.Default)
	if err != nil {
		return nil, err
	}
	x, err := b.expr(&scope{clause: inDefault}, e)
	if err != nil {
		return nil, err
	}
	return b.assign(x, c.Name, c.Type, -1)
}

// checks binds the CHECK constraints over a new row.
func (b *binder) checks(rel *cat.Relation, cols []eval.Column) ([]Check, error) {
	var out []Check
	var sc *scope
	for i := range rel.Table.Constraints {
		k := &rel.Table.Constraints[i]
		if k.Type != 'c' {
			continue
		}
		if sc == nil {
			sc = &scope{items: []*item{newItem(rel.Table.Name, cols)}, clause: inCheck}
			sc.items[0].rel = rel
		}
		e, err := b.Cache.expr(k.Expr)
		if err != nil {
			return nil, err
		}
		x, err := b.expr(sc, e)
		if err != nil {
			return nil, err
		}
		if x, err = b.toBool(x, "CHECK", nil); err != nil {
			return nil, err
		}
		out = append(out, Check{Name: k.Name, Expr: x})
	}
	return out, nil
}

// returning binds RETURNING.
func (b *binder) returning(sc *scope, list []sql.Target, rel *cat.Relation) ([]eval.Expr, []eval.Column, error) {
	if list == nil {
		return nil, nil, nil
	}
	if err := b.needPrivilege(rel, "SELECT"); err != nil {
		return nil, nil, err
	}
	targets, err := b.targets(sc, list, queryOpts{})
	if err != nil {
		return nil, nil, err
	}
	exprs, cols := make([]eval.Expr, len(targets)), make([]eval.Column, len(targets))
	for i := range targets {
		t := &targets[i]
		exprs[i] = t.expr
		cols[i] = eval.Column{ID: b.newID(), Name: t.name, T: t.expr.Type(), Table: t.table, Attr: t.attr}
	}
	return exprs, cols, nil
}
