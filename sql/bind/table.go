package bind

import (
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// ExprUse says what an expression of a table's definition is for: it decides what may be in it.
type ExprUse string

// Uses of expressions.
const (
	UseDefault   = ExprUse(inDefault)
	UseCheck     = ExprUse(inCheck)
	UseIndex     = ExprUse(inIndex)
	UsePredicate = ExprUse(inPredicate)
	UseGenerated = ExprUse(inGenerated)
	UseTransform = ExprUse(inUsing) // ALTER COLUMN TYPE ... USING
	UseWhere     = ExprUse(inCopyWhere)
)

// TableExpr is an expression over one table's row.
type TableExpr struct {
	Expr eval.Expr
	// Cols are the row's columns, one a live column, whose ids Expr refers to.
	Cols []eval.Column
	// Deps are the objects that the expression needs: the table's own columns with its OID, and
	// sequences named in nextval('...').
	Deps []schema.Dep
	// Attrs are the columns of the table that it uses.
	Attrs []int16
}

// BindExpr binds an expression of a table's definition. A condition (check, predicate, WHERE) must be
// boolean; index and generated expressions must be immutable (42P17).
func (bn *Binder) BindExpr(e sql.Expr, table *schema.Table, use ExprUse) (*TableExpr, error) {
	b := bn.start(0)
	b.noParams, b.columnDeps, b.unchecked = true, true, true
	b.textual = use != UseIndex && use != UsePredicate // which are compared with the expressions of queries
	out := &TableExpr{}
	sc := &scope{clause: clause(use)}
	if table != nil && use != UseDefault {
		for _, c := range table.Live() {
			out.Cols = append(out.Cols, eval.Column{ID: b.newID(), Name: c.Name, T: c.Type, Table: table.OID, Attr: c.Num})
		}
		it := newItem(table.Name, out.Cols)
		it.rel = &cat.Relation{Table: table}
		sc.items = []*item{it}
		sc.made = &sc.items
	}
	x, err := b.expr(sc, e)
	if err != nil {
		return nil, defaultRefs(err, use)
	}
	switch use {
	case UseCheck, UsePredicate, UseWhere:
		x, err = b.toBool(x, string(conditionNames[use]), e)
	case UseIndex:
		x, err = b.toText(x, e.Pos())
	}
	if err != nil {
		return nil, err
	}
	if err := checkImmutable(x, use, e.Pos()); err != nil {
		return nil, err
	}
	out.Expr = x
	for _, d := range b.deps {
		out.Deps = append(out.Deps, d)
		if table != nil && d.OID == table.OID && d.Column > 0 {
			out.Attrs = append(out.Attrs, d.Column)
		}
	}
	out.Deps = append(out.Deps, regDeps(x)...)
	return out, nil
}

// Deparse prints the expression with the column names of table, which may be a newer record than the
// one it was bound with.
func (x *TableExpr) Deparse(c cat.Catalog, table *schema.Table) string {
	d := &Deparser{Catalog: c, Column: func(col *eval.Col) string {
		for _, have := range x.Cols {
			if have.ID == col.ID {
				return QuoteIdent(table.Columns[have.Attr-1].Name)
			}
		}
		return QuoteIdent(col.Name)
	}}
	return d.Expr(x.Expr)
}

var conditionNames = map[ExprUse]string{UseCheck: "CHECK", UsePredicate: "WHERE", UseWhere: "WHERE"}

// defaultRefs gives the error for a column in a DEFAULT expression.
func defaultRefs(err error, use ExprUse) error {
	e := pgerr.From(err)
	table := e.SQLState == pgerrcode.UndefinedTable && strings.HasPrefix(e.Message, "missing FROM-clause")
	if use == UseDefault && (e.SQLState == pgerrcode.UndefinedColumn || table) {
		out := pgerr.New(pgerrcode.FeatureNotSupported, "cannot use column reference in DEFAULT expression")
		out.Position = e.Position
		return out
	}
	return err
}

func checkImmutable(x eval.Expr, use ExprUse, at int) error {
	if eval.IsImmutable(x) {
		return nil
	}
	switch use {
	case UseIndex:
		return errAt(at, pgerrcode.InvalidObjectDefinition, "functions in index expression must be marked IMMUTABLE")
	case UsePredicate:
		return errAt(at, pgerrcode.InvalidObjectDefinition, "functions in index predicate must be marked IMMUTABLE")
	case UseGenerated:
		return errAt(at, pgerrcode.InvalidObjectDefinition, "generation expression is not immutable")
	}
	return nil
}

// regDeps finds constants that name relations, as in nextval('s'::regclass).
func regDeps(x eval.Expr) []schema.Dep {
	var out []schema.Dep
	eval.Walk(x, func(e eval.Expr) bool {
		if c, ok := e.(*eval.Const); ok && c.T.OID == types.RegclassOID && !c.D.Null {
			out = append(out, schema.Dep{OID: types.OID(c.D.I)})
		}
		return true
	})
	return out
}

// BindAssign binds an expression for storage in a column: DEFAULT, GENERATED, and USING of ALTER COLUMN TYPE.
func (bn *Binder) BindAssign(e sql.Expr, table *schema.Table, column string, to types.T, use ExprUse) (*TableExpr, error) {
	out, err := bn.BindExpr(e, table, use)
	if err != nil {
		return nil, err
	}
	b := bn.start(0)
	b.columnDeps = true
	if from := out.Expr.Type().OID; from != to.OID && !b.canCoerce(from, to.OID, fn.Assignment) {
		if use == UseTransform {
			return nil, pgerr.New(pgerrcode.DatatypeMismatch, "result of USING clause for column %q cannot be cast automatically to type %s",
				column, types.FormatType(to)).Hint("You might need to add an explicit cast.")
		}
		return nil, pgerr.New(pgerrcode.DatatypeMismatch, "column %q is of type %s but default expression is of type %s",
			column, b.typeName(to.OID), b.typeName(from)).
			Hint("You will need to rewrite or cast the expression.")
	}
	out.Expr, err = b.assign(out.Expr, column, to, sql.Start(e))
	return out, err
}

// BindDefault binds what a column gets when an INSERT gives nothing for it: its identity's next value,
// its default, or NULL.
func (bn *Binder) BindDefault(rel *cat.Relation, c *schema.Column) (eval.Expr, error) {
	b := bn.start(0)
	b.noParams = true
	return b.columnDefault(rel, c)
}

// BindText binds the text of a stored expression of a table: a check, an index expression, a predicate.
func (bn *Binder) BindText(text string, table *schema.Table, use ExprUse) (*TableExpr, error) {
	e, err := bn.Cache.expr(text)
	if err != nil {
		return nil, err
	}
	return bn.BindExpr(e, table, use)
}

// BindValue binds an expression that refers to no table (EXECUTE's arguments, COPY's options) and
// coerces it to t as an assignment does.
func (bn *Binder) BindValue(e sql.Expr, t types.T) (eval.Expr, error) {
	b := bn.start(0)
	x, err := b.expr(&scope{clause: inValues}, e)
	if err != nil {
		return nil, err
	}
	if !b.canCoerce(x.Type().OID, t.OID, 'a') {
		return nil, errAt(e.Pos(), pgerrcode.DatatypeMismatch, "cannot use an expression of type %s as %s", b.typeName(x.Type().OID), b.typeText(t))
	}
	return b.coerce(x, t, 'a', e.Pos())
}
