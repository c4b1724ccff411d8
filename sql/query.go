package sql

import "slices"

type (
	// Select is SELECT, VALUES, TABLE or a set operation. ORDER BY, LIMIT and locking belong to all forms.
	Select struct {
		With       *With
		Distinct   bool
		DistinctOn []Expr // not nil: DISTINCT ON
		Targets    []Target
		From       []TableExpr
		Where      Expr
		GroupBy    []Expr
		// GroupDistinct is GROUP BY DISTINCT: equal grouping sets count once.
		GroupDistinct bool
		Having        Expr
		Windows       []*Window
		Values        [][]Expr // not nil: VALUES
		Op            SetOp    // not SetNone: Left op Right
		All           bool
		Left, Right   *Select
		OrderBy       []OrderItem
		Limit, Offset Expr
		WithTies      bool
		Locks         []Lock
	}
	// Insert is INSERT.
	Insert struct {
		With       *With
		Table      *TableName
		Cols       []Target // names and, seldom, indirection; nil: all columns
		Query      *Select  // nil: DEFAULT VALUES
		Override   byte     // 0 none, 'u' user value, 's' system value
		OnConflict *OnConflict
		Returning  []Target
	}
	// Update is UPDATE.
	Update struct {
		With      *With
		Table     *TableName
		Set       []Target
		From      []TableExpr
		Where     Expr
		Returning []Target
	}
	// Delete is DELETE.
	Delete struct {
		With      *With
		Table     *TableName
		Using     []TableExpr
		Where     Expr
		Returning []Target
	}
)

// Target is an element of a select list (Name is the AS name), of INSERT's column list, or of SET
// (Name is the column).
type Target struct {
	At
	Name  string
	Steps []Step
	Expr  Expr
}

// OrderItem is one ORDER BY key.
type OrderItem struct {
	Expr  Expr
	Desc  bool
	Nulls byte // 0 default, 'f' first, 'l' last
	Using string
}

// SetOp is a set operation.
type SetOp uint8

// Set operations.
const (
	SetNone SetOp = iota
	SetUnion
	SetIntersect
	SetExcept
)

// With is a WITH clause.
type With struct {
	Recursive bool
	CTEs      []*CTE
}

// Changes says whether one of the queries changes data.
func (w *With) Changes() bool {
	return slices.ContainsFunc(w.CTEs, func(c *CTE) bool { _, reads := c.Query.(*Select); return !reads })
}

// CTE is one query of a WITH clause. Query is *Select, *Insert, *Update or *Delete.
type CTE struct {
	At
	Name         string
	Cols         []string
	Query        Node
	Materialized byte // 'd' default, 'm' materialized, 'n' not
}

// TableExpr is an element of FROM: *TableName, *Join, *SubqueryTable or *FuncTable.
type TableExpr interface{ tableExpr() }

type (
	// TableName is a table, view or CTE by name, here and in all other statements.
	TableName struct {
		At
		Catalog, Schema, Name string
		Only                  bool
		Temp                  bool // CREATE TEMP ..., or UNLOGGED which we treat as permanent
		Alias                 *Alias
	}
	// Join is a join.
	Join struct {
		At
		Kind        JoinKind
		Natural     bool
		Left, Right TableExpr
		Using       []string
		UsingAlias  string
		On          Expr
		Alias       *Alias
	}
	// SubqueryTable is a subquery in FROM.
	SubqueryTable struct {
		At
		Lateral bool
		Query   *Select
		Alias   *Alias
	}
	// FuncTable is one function in FROM, or ROWS FROM of several.
	FuncTable struct {
		At
		Lateral    bool
		Ordinality bool
		RowsFrom   bool
		Funcs      []TableFunc
		Alias      *Alias
		Cols       []ColumnDef // AS (a int, b text)
	}
)

func (*TableName) tableExpr()     {}
func (*Join) tableExpr()          {}
func (*SubqueryTable) tableExpr() {}
func (*FuncTable) tableExpr()     {}

// TableFunc is one function of a FuncTable with its own column definitions, if any.
type TableFunc struct {
	Call Expr
	Cols []ColumnDef
}

// Alias is AS name (columns).
type Alias struct {
	Name string
	Cols []string
}

// JoinKind is the kind of a Join.
type JoinKind uint8

// Kinds of joins.
const (
	JoinInner JoinKind = iota
	JoinLeft
	JoinRight
	JoinFull
	JoinCross
)

// Window is a window definition or the contents of OVER.
type Window struct {
	At
	Name      string // WINDOW name AS
	Ref       string // OVER name, or the base of an OVER (name ...)
	Partition []Expr
	OrderBy   []OrderItem
	Frame     *Frame // nil: default
}

// Frame is a window frame.
type Frame struct {
	Mode       byte       // 'r' range, 'o' rows, 'g' groups
	Start, End FrameBound // between them
	StartOff   Expr
	EndOff     Expr
	Exclude    byte // 0 none, 'c' current row, 'g' group, 't' ties
	Between    bool // both ends were written
}

// FrameBound is one end of a frame.
type FrameBound uint8

// Frame bounds, from the first row to the last.
const (
	UnboundedPreceding FrameBound = iota
	OffsetPreceding
	CurrentRow
	OffsetFollowing
	UnboundedFollowing
)

// Lock is FOR UPDATE and its kin.
type Lock struct {
	Strength byte // 'u' update, 'n' no key update, 's' share, 'k' key share
	Tables   []*TableName
	NoWait   bool
	Skip     bool
}

// Words are how the lock is written.
func (l *Lock) Words() string { return LockWords(l.Strength) }

// LockWords are the words of a strength.
func LockWords(strength byte) string {
	switch strength {
	case 'n':
		return "FOR NO KEY UPDATE"
	case 's':
		return "FOR SHARE"
	case 'k':
		return "FOR KEY SHARE"
	}
	return "FOR UPDATE"
}

// OnConflict is ON CONFLICT.
type OnConflict struct {
	At
	Update     bool
	Target     []IndexElem // nil with Constraint "": any
	TargetPred Expr
	Constraint string
	Set        []Target
	Where      Expr
}

// Tag implements Node.
func (*Select) Tag() string { return "SELECT" }

// Tag implements Node.
func (*Insert) Tag() string { return "INSERT" }

// Tag implements Node.
func (*Update) Tag() string { return "UPDATE" }

// Tag implements Node.
func (*Delete) Tag() string { return "DELETE" }
