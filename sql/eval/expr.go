package eval

import (
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// ColID identifies a column within one bound statement. Each relation node defines new ids, so a
// reference never depends on position.
type ColID int32

// Expr is a bound expression. The nodes below are all there are.
type Expr interface {
	Type() types.T
}

// Rel is a bound relation, the source of a subquery. Package bind has the nodes; eval only carries it.
type Rel interface {
	// Output lists the columns, in order.
	Output() []Column
}

// Column describes an output column of a relation.
type Column struct {
	ID   ColID
	Name string
	T    types.T
	// Origin of a plain table column, for RowDescription; zero otherwise.
	Table types.OID
	Attr  int16
}

type (
	// Const is a value.
	Const struct {
		T types.T
		D types.Datum
	}
	// Col refers to a column of the input or, when the input has no such id, of an outer query.
	Col struct {
		ID   ColID
		T    types.T
		Name string
	}
	// Param is $N (N from 1).
	Param struct {
		N int
		T types.T
	}
	// Call applies a function. Op is the operator's name when it was written as one, for deparse.
	Call struct {
		F        *fn.Func
		Args     []Expr
		T        types.T
		Op       string
		Form     CallForm
		Variadic bool // the last argument was written VARIADIC: it is already the array
		Defaults int  // so many arguments at the end were not written
	}
	// And is true when all are; Or when one is. Two or more arguments.
	And struct{ Args []Expr }
	// Or see And.
	Or struct{ Args []Expr }
	// Not negates.
	Not struct{ Arg Expr }
	// IsNull is IS [NOT] NULL. Of a row value it follows the row rules.
	IsNull struct {
		Arg Expr
		Not bool
	}
	// BoolTest is IS [NOT] TRUE, FALSE or UNKNOWN.
	BoolTest struct {
		Arg  Expr
		Want BoolWant
		Not  bool
	}
	// Distinct is IS [NOT] DISTINCT FROM; Eq is the equality of the operands' type.
	Distinct struct {
		Left, Right Expr
		Eq          *fn.Func
		Not         bool
	}
	// Case is a searched CASE; of a simple one, Arg is its operand and the conditions refer to it
	// through CaseValue.
	Case struct {
		Arg   Expr
		Whens []When
		Else  Expr // nil: NULL
		T     types.T
	}
	// CaseValue is the operand of the innermost Case around it.
	CaseValue struct{ T types.T }
	// Coalesce is the first argument that is not null. Merged is its name when it is the one column of both sides of a
	// full join with USING.
	Coalesce struct {
		Args   []Expr
		T      types.T
		Merged string
	}
	// MinMax is GREATEST or LEAST.
	MinMax struct {
		Args     []Expr
		Greatest bool
		T        types.T
	}
	// NullIf is NULLIF(Left, Right); Eq compares the coerced values, the result is Left.
	NullIf struct {
		Left, Right Expr // Right and CmpLeft are coerced for Eq
		CmpLeft     Expr
		Eq          *fn.Func
	}
	// AnyAll is Left op ANY (array) or ALL (array). IN over a list of values is AnyAll over an Array.
	AnyAll struct {
		Left, Right Expr
		F           *fn.Func
		Op          string
		All         bool
	}
	// Array is ARRAY[...]; elements of a multidimensional one are arrays.
	Array struct {
		Elems []Expr
		T     types.T
		Multi bool
	}
	// Subscript is arr[i], arr[a:b] or jsonb['key'].
	Subscript struct {
		Arg     Expr
		Indexes []SubscriptIndex
		T       types.T
	}
	// Row is ROW(...), or the row of an entry of FROM.
	Row struct {
		Fields []Expr
		Names  []string
		T      types.T
		// Whole is the name of the entry, for deparse. Present is null when an outer join did not find its row, and so
		// is then the whole; nil: it is always there.
		Whole   string
		Present Expr
	}
	// RowCompare is (a, b) op (c, d), field by field with the given operator functions; for < <= > >=
	// Lt are the strict comparisons (less or greater) and Eq the equalities.
	RowCompare struct {
		Op          string // = <> < <= > >=
		Left, Right []Expr
		Eq, Cmp     []*fn.Func
	}
	// Field is (composite).field, N from 0.
	Field struct {
		Arg  Expr
		N    int
		Name string
		T    types.T
	}
	// IOCast converts through the text form.
	IOCast struct {
		Arg      Expr
		T        types.T
		Explicit bool
	}
	// Relabel is a binary coercible cast: the same value under another type. Collation is set where the text of a
	// definition is wanted: the value under a collation that was written.
	Relabel struct {
		Arg       Expr
		T         types.T
		Explicit  bool
		Collation string
	}
	// ModCast applies a typmod (varchar(3), numeric(5,2), vector(3)).
	ModCast struct {
		Arg      Expr
		T        types.T
		Explicit bool
	}
	// ArrayCast casts element by element; Elem is an expression over ArrayElem.
	ArrayCast struct {
		Arg  Expr
		Elem Expr
		T    types.T
	}
	// ArrayElem is the current element inside ArrayCast.Elem.
	ArrayElem struct{ T types.T }
	// Subquery is an expression over a relation.
	Subquery struct {
		Kind SubqueryKind
		Rel  Rel
		// Left op ANY/ALL (Rel): one entry a column of Rel. Test is a boolean expression over Left's values
		// and Rel's output columns (ids), for Any and All.
		Left []Expr
		Test Expr
		Op   string // as written, "=" for IN
		T    types.T
		// Outer lists the ids used inside Rel that an enclosing query defines. Empty: run once.
		Outer []ColID
	}
	// Agg is an aggregate call. It stands only in an Aggregate or Window node's list.
	Agg struct {
		F        *fn.Func
		Args     []Expr
		Distinct bool
		Order    []SortKey
		Filter   Expr // nil: all rows
		T        types.T
		Star     bool
		// Direct arguments of an ordered-set aggregate (percentile_cont(0.5) WITHIN GROUP ...): Args then
		// are the direct ones and Order the aggregated.
		Within bool
	}
	// Grouping is GROUPING(...): bits of the grouping set, by index into the Aggregate's groups.
	Grouping struct{ Groups []int }
	// Default stands for DEFAULT in VALUES and SET until the statement's target is known.
	Default struct{ T types.T }
)

// When is one arm of a Case.
type When struct{ Cond, Result Expr }

// SubscriptIndex is one [i] or [lower:upper]; nil bounds are open.
type SubscriptIndex struct {
	Slice        bool
	Lower, Upper Expr // a plain index is Upper
}

// SortKey is one ORDER BY key. Less order is the type's default btree order.
type SortKey struct {
	Expr       Expr
	Desc       bool
	NullsFirst bool
}

// CallForm says how a call was written.
type CallForm uint8

// Forms of a call.
const (
	FormFunc         CallForm = iota // f(x)
	FormOp                           // a op b
	FormExplicitCast                 // x::t
	FormImplicitCast                 // inserted by resolution
	FormSyntax                       // a function with a syntax of its own: TRIM(x FROM y)
)

// BoolWant is what a BoolTest looks for.
type BoolWant uint8

// Wanted values.
const (
	WantTrue BoolWant = iota
	WantFalse
	WantUnknown
)

// SubqueryKind says what a subquery yields.
type SubqueryKind uint8

// Kinds of subquery expressions.
const (
	Scalar SubqueryKind = iota // one value, NULL for no row, 21000 for more than one row
	Exists
	Any     // Left op ANY (...), IN
	All     // Left op ALL (...)
	ArrayOf // ARRAY(SELECT ...)
	RowOf   // (SELECT a, b) compared as a row
)

var boolT = types.Of(types.BoolOID)

// Type implements Expr.
func (e *Const) Type() types.T      { return e.T }
func (e *Col) Type() types.T        { return e.T }
func (e *Param) Type() types.T      { return e.T }
func (e *Call) Type() types.T       { return e.T }
func (e *And) Type() types.T        { return boolT }
func (e *Or) Type() types.T         { return boolT }
func (e *Not) Type() types.T        { return boolT }
func (e *IsNull) Type() types.T     { return boolT }
func (e *BoolTest) Type() types.T   { return boolT }
func (e *Distinct) Type() types.T   { return boolT }
func (e *Case) Type() types.T       { return e.T }
func (e *CaseValue) Type() types.T  { return e.T }
func (e *Coalesce) Type() types.T   { return e.T }
func (e *MinMax) Type() types.T     { return e.T }
func (e *NullIf) Type() types.T     { return e.Left.Type() }
func (e *AnyAll) Type() types.T     { return boolT }
func (e *Array) Type() types.T      { return e.T }
func (e *Subscript) Type() types.T  { return e.T }
func (e *Row) Type() types.T        { return e.T }
func (e *RowCompare) Type() types.T { return boolT }
func (e *Field) Type() types.T      { return e.T }
func (e *IOCast) Type() types.T     { return e.T }
func (e *Relabel) Type() types.T    { return e.T }
func (e *ModCast) Type() types.T    { return e.T }
func (e *ArrayCast) Type() types.T  { return e.T }
func (e *ArrayElem) Type() types.T  { return e.T }
func (e *Subquery) Type() types.T   { return e.T }
func (e *Agg) Type() types.T        { return e.T }
func (e *Grouping) Type() types.T   { return types.Of(types.Int4OID) }
func (e *Default) Type() types.T    { return e.T }
