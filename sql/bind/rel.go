package bind

import (
	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// Rel is a bound relation: one of the nodes below. Column ids are unique in the statement, and every
// node but Filter, Sort, Limit, Distinct, Join, With and LockRows defines the ids it outputs.
type Rel = eval.Rel

// System columns have negative attribute numbers, as in PostgreSQL.
const (
	AttrCTID     int16 = -1 // tid: shown as (block,offset) made from the row id
	AttrXmin     int16 = -2 // the number of the transaction that made the row's version
	AttrCmin     int16 = -3 // the other numbers are 0: no transaction has ended a row that is seen
	AttrXmax     int16 = -4
	AttrCmax     int16 = -5
	AttrTableOID int16 = -6
	// AttrRowID is ours: the stable row id as int8, which UPDATE and DELETE carry.
	AttrRowID int16 = -100
)

type (
	// Scan reads a stored or virtual table. Cols lists only the columns that are used once planning has
	// pruned; as bound it lists all.
	Scan struct {
		Rel   *cat.Relation
		Alias string
		Cols  []eval.Column // Attr says which
	}
	// Values is VALUES, or one empty row for SELECT without FROM (no columns, one row).
	Values struct {
		Cols []eval.Column
		Rows [][]eval.Expr
	}
	// Project computes expressions; plain columns may pass through with their own id.
	Project struct {
		Input Rel
		Cols  []eval.Column // Cols[i] is the output of Exprs[i]
		Exprs []eval.Expr
	}
	// Filter keeps rows for which Cond is true.
	Filter struct {
		Input Rel
		Cond  eval.Expr
	}
	// Join combines two relations. Semi and Anti output the left columns only. Lateral says that Right
	// uses columns of Left.
	Join struct {
		Kind        JoinKind
		Left, Right Rel
		On          eval.Expr // nil: true
		Lateral     bool
	}
	// Aggregate groups by Groups (none: one group, also of no rows) and computes Aggs, each of whose
	// expression is an *eval.Agg or *eval.Grouping. Sets lists grouping sets as indexes into Groups; nil is one set of all.
	// As bound, a group that is a plain column keeps that column's id, unless there are Sets.
	Aggregate struct {
		Input     Rel
		Groups    []eval.Expr
		GroupCols []eval.Column
		Sets      [][]int
		Written   *GroupClause // with Sets: the clause that they stand for
		Aggs      []eval.Expr
		AggCols   []eval.Column
	}
	// Window computes window functions over one window definition and adds their columns to the input's.
	Window struct {
		Input     Rel
		Partition []eval.Expr
		Order     []eval.SortKey
		Frame     Frame
		Calls     []WindowCall
		Cols      []eval.Column // one a call
		// Named are the windows of the query's WINDOW clause; only the first Window of a query has them.
		Named []NamedWindow
	}
	// Distinct drops rows equal in On (nil: in all columns); the first in input order stays.
	Distinct struct {
		Input Rel
		On    []eval.Expr
	}
	// Sort orders. As bound, its keys are columns of the projection below, which computes expressions that
	// are not in the select list as well; a Project above drops those.
	Sort struct {
		Input Rel
		Keys  []eval.SortKey
	}
	// Limit skips Offset rows and passes Count (nil: none, all). Both are int8 expressions without columns
	// of the input.
	Limit struct {
		Input         Rel
		Count, Offset eval.Expr
		WithTies      bool // Input is then a Sort
	}
	// SetOp combines two relations of equal column types, by position.
	SetOp struct {
		Kind        SetKind
		All         bool
		Left, Right Rel
		Cols        []eval.Column
	}
	// With makes CTEs visible to Input and to later CTEs.
	With struct {
		CTEs  []*CTE
		Input Rel
	}
	// CTERef reads a CTE, or the working table inside a recursive one.
	CTERef struct {
		CTE     *CTE
		Cols    []eval.Column // new ids, by position
		Working bool
	}
	// FuncScan is functions in FROM (ROWS FROM zips several), with an ordinality column at the end when
	// Ordinality.
	FuncScan struct {
		Calls      []eval.Expr // *eval.Call of set-returning or plain functions
		CallCols   []int       // number of output columns of each call
		Cols       []eval.Column
		Ordinality bool
		Unnest     bool // Calls were written as one unnest of several arrays
		Alias      string
	}
	// ProjectSet computes set-returning functions of a select list; Exprs without one repeat.
	ProjectSet struct {
		Input Rel
		Cols  []eval.Column
		Exprs []eval.Expr // *eval.Call with F.RetSet at the top, or plain
	}
	// LockRows is FOR UPDATE/SHARE: locks the rows named by RowIDs columns of the scans.
	LockRows struct {
		Input  Rel
		Locks  []RowLock
		NoWait bool
		Skip   bool
	}
	// Modify is a data-modifying statement as a relation: it yields its RETURNING columns. It is the root
	// of INSERT, UPDATE, DELETE and may stand in With.
	Modify struct {
		Stmt Stmt // *Insert, *Update, *Delete
	}
)

// GroupClause is GROUP BY with grouping sets as it was written.
type GroupClause struct {
	Distinct bool
	Items    []GroupItem
}

// GroupItem is an element of GROUP BY: a list of groups by index, or ROLLUP, CUBE or GROUPING SETS of others.
type GroupItem struct {
	Word   string // "" for a list
	Groups []int
	Items  []GroupItem
}

// CTE is one WITH query.
type CTE struct {
	Name string
	Rel  Rel // not recursive: the query
	Cols []eval.Column
	// Recursive: Rel is the non-recursive term, Step the recursive one (it has a Working CTERef), All says
	// UNION ALL.
	Recursive bool
	Step      Rel
	All       bool
	// Materialized: 'd' default, 'm' MATERIALIZED, 'n' NOT MATERIALIZED.
	Materialized byte
	Refs         int // number of CTERefs
}

// JoinKind is the kind of a Join.
type JoinKind uint8

// Join kinds. RIGHT is bound as LEFT with the sides exchanged.
const (
	Inner JoinKind = iota
	Left
	Full
	Semi
	Anti
)

// SetKind is the kind of a SetOp.
type SetKind uint8

// Set operations.
const (
	Union SetKind = iota
	Intersect
	Except
)

// NamedWindow is an entry of the WINDOW clause, as it was written.
type NamedWindow struct {
	Name      string
	Partition []eval.Expr
	Order     []eval.SortKey
	Frame     Frame
	Over      Over
}

// Over says how OVER was written.
type Over struct {
	Name  string // OVER name
	Base  string // OVER (name ...)
	Order bool   // ORDER BY stands there, not in the window that is named
}

// WindowCall is one call of a Window node: a window function or an aggregate.
type WindowCall struct {
	Over   Over
	F      *fn.Func
	Args   []eval.Expr
	Filter eval.Expr
	T      types.T
	Star   bool
}

// Frame is a window frame.
type Frame struct {
	Mode       byte // 'r' range, 'o' rows, 'g' groups
	Start, End Bound
	StartOff   eval.Expr
	EndOff     eval.Expr
	Exclude    byte // 0 none, 'c' current row, 'g' group, 't' ties
	Form       FrameForm
}

// FrameForm says how a frame was written.
type FrameForm uint8

// Forms of frames.
const (
	FrameDefault FrameForm = iota // not at all
	FrameStart                    // ROWS start
	FrameBetween                  // ROWS BETWEEN start AND end
)

// Bound is one end of a frame.
type Bound uint8

// Frame bounds.
const (
	UnboundedPreceding Bound = iota
	OffsetPreceding
	CurrentRow
	OffsetFollowing
	UnboundedFollowing
)

// RowLock names one table of a LockRows.
type RowLock struct {
	Table    types.OID
	RowID    eval.ColID
	Strength byte // 'u' update, 'n' no key update, 's' share, 'k' key share
}

// Output implements eval.Rel.
func (r *Scan) Output() []eval.Column       { return r.Cols }
func (r *Values) Output() []eval.Column     { return r.Cols }
func (r *Project) Output() []eval.Column    { return r.Cols }
func (r *Filter) Output() []eval.Column     { return r.Input.Output() }
func (r *Distinct) Output() []eval.Column   { return r.Input.Output() }
func (r *Sort) Output() []eval.Column       { return r.Input.Output() }
func (r *Limit) Output() []eval.Column      { return r.Input.Output() }
func (r *SetOp) Output() []eval.Column      { return r.Cols }
func (r *With) Output() []eval.Column       { return r.Input.Output() }
func (r *CTERef) Output() []eval.Column     { return r.Cols }
func (r *FuncScan) Output() []eval.Column   { return r.Cols }
func (r *ProjectSet) Output() []eval.Column { return r.Cols }
func (r *LockRows) Output() []eval.Column   { return r.Input.Output() }

// Output lists the RETURNING columns.
func (r *Modify) Output() []eval.Column { return r.Stmt.Returning() }

// Output lists left and right columns; semi and anti joins have the left ones alone.
func (r *Join) Output() []eval.Column {
	if r.Kind == Semi || r.Kind == Anti {
		return r.Left.Output()
	}
	l, rr := r.Left.Output(), r.Right.Output()
	return append(l[:len(l):len(l)], rr...)
}

// Output lists group columns, then aggregates.
func (r *Aggregate) Output() []eval.Column {
	return append(r.GroupCols[:len(r.GroupCols):len(r.GroupCols)], r.AggCols...)
}

// Output lists the input's columns, then one a call.
func (r *Window) Output() []eval.Column {
	in := r.Input.Output()
	return append(in[:len(in):len(in)], r.Cols...)
}
