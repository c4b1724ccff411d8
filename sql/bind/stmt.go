package bind

import (
	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// Stmt is a bound data statement: *Query, *Insert, *Update or *Delete. Utility statements (DDL, SET,
// transactions, COPY, EXPLAIN) stay as package sql has them; exec binds the expressions in them one by
// one.
type Stmt interface {
	// Returning lists the result columns (the select list of a Query); nil: no rows.
	Returning() []eval.Column
}

// Result is a statement with what was learnt of its parameters and of what it depends on.
type Result struct {
	Stmt   Stmt
	Params []types.T // type of $1..$n
	// Deps are the relations read or written, for privileges, plan invalidation and stored views.
	Deps []schema.Dep
	// MaxID is the greatest column id in use; rewrites take ids above it.
	MaxID eval.ColID
	// Origins say how relations in FROM were written, for DeparseQuery. Only BindQueryForView fills it.
	Origins map[Rel]Origin
	// Joins say how joins were written.
	Joins map[*Join]JoinShape
}

// Query is a SELECT, VALUES or TABLE.
type Query struct{ Rel Rel }

// Insert adds the rows of Source. Source's columns are in the order of Cols, already coerced; columns
// of the table that are not in Cols get Defaults.
type Insert struct {
	Rel    *cat.Relation
	Source Rel
	Cols   []int16 // attnums given
	// Row computes the whole new row: one expression per live column of the table, in order, over Source's
	// columns (a column reference, a default, or NULL).
	Row []eval.Expr
	// NewCols names the new row's columns, one a live column: what Checks, OnConflict and Return refer to.
	NewCols    []eval.Column
	Checks     []Check
	OnConflict *OnConflict
	Return     []eval.Expr // over ReturnInput; nil: no RETURNING
	ReturnCols []eval.Column
	// Xmax, if not 0, is in Return for 0 where the row is new, and the transaction's number where DO UPDATE changed it.
	Xmax eval.ColID
	// OverridingUser: OVERRIDING USER VALUE.
	OverridingUser bool
}

// ReturnInput are the columns that Return is over: those of the new row, and Xmax.
func (s *Insert) ReturnInput() []eval.Column {
	if s.Xmax == 0 {
		return s.NewCols
	}
	xmax := eval.Column{ID: s.Xmax, Name: "xmax", T: types.Of(types.XIDOID), Table: s.Rel.Table.OID, Attr: AttrXmax}
	return append(s.NewCols[:len(s.NewCols):len(s.NewCols)], xmax)
}

// Check is a CHECK constraint bound over the new row.
type Check struct {
	Name string
	Expr eval.Expr
}

// OnConflict is ON CONFLICT. With Set nil it is DO NOTHING.
type OnConflict struct {
	Indexes  []types.OID   // arbiters; nil: any unique index
	Update   bool          // DO UPDATE
	Existing []eval.Column // the row in the table: one a live column, plus its row id (AttrRowID) last
	Set      []Assign      // over Existing and the proposed row (NewCols, as EXCLUDED)
	Where    eval.Expr
	// Updated names the row after SET for checks and RETURNING: the expressions of a whole row over
	// Existing and NewCols, one a live column.
	Updated []eval.Expr
}

// Assign is one column = expression of SET.
type Assign struct {
	Attr int16
	Expr eval.Expr
}

// Update changes rows. Source yields the row id column and everything that Set, Checks and Return use,
// at most one row a target row counts (the first).
type Update struct {
	Rel    *cat.Relation
	Source Rel
	RowID  eval.ColID
	// Old are the columns of the target row within Source, one a live column.
	Old []eval.Column
	Set []Assign // over Source's columns
	// New names the row after SET, one a live column; Checks and Return are over New and Source.
	New        []eval.Column
	NewExprs   []eval.Expr // the whole row after SET over Source's columns
	Checks     []Check
	Return     []eval.Expr
	ReturnCols []eval.Column
}

// Delete removes rows. Source yields the row id and what Return uses.
type Delete struct {
	Rel        *cat.Relation
	Source     Rel
	RowID      eval.ColID
	Old        []eval.Column
	Return     []eval.Expr
	ReturnCols []eval.Column
}

// Returning implements Stmt.
func (s *Query) Returning() []eval.Column  { return s.Rel.Output() }
func (s *Insert) Returning() []eval.Column { return s.ReturnCols }
func (s *Update) Returning() []eval.Column { return s.ReturnCols }
func (s *Delete) Returning() []eval.Column { return s.ReturnCols }
