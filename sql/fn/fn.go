package fn

import (
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// Volatility says how far a call may be moved or folded.
type Volatility byte

// Volatilities, as pg_proc.provolatile.
const (
	Immutable Volatility = 'i'
	Stable    Volatility = 's'
	Volatile  Volatility = 'v'
)

// Func is one function, or the function behind an operator or cast: a pg_proc row and its kernel.
type Func struct {
	OID       types.OID
	Name      string
	Args      []types.OID // declared argument types, polymorphic ones included
	ArgNames  []string    // names for the name => value notation; nil when the arguments have none
	Outs      []Out       // output columns of a function that returns record; else nil
	Variadic  types.OID   // element type when the last argument is VARIADIC ("any" for any), else 0
	Defaults  int         // trailing arguments that may be left out
	Ret       types.OID
	RetSet    bool
	Strict    bool
	Vol       Volatility
	Kind      byte // f function, a aggregate, w window, p procedure
	Extension bool // of the vector extension: visible once CREATE EXTENSION vector has run

	// Kernel computes the function over a batch; nil means not supported (0A000 with the name).
	Kernel Kernel
	// Compare, when not 0, says that the function compares its two arguments by the order of their
	// physical form (NaN equal to itself and last), so that a caller may do it in a loop of its own.
	Compare Comparison
	// Agg makes the state of an aggregate.
	Agg func(call AggCall) State
	// AggKind of an aggregate: n normal, o ordered-set, h hypothetical-set. Direct is the number of
	// arguments before WITHIN GROUP of an ordered-set one; its State gets them as the first columns of
	// each row, before the aggregated columns, and rows in the order of WITHIN GROUP.
	AggKind byte
	Direct  int
	// Window computes a window function (Kind w).
	Window WindowFunc
	// Set computes a set-returning function for one row of arguments. RunSet calls it.
	Set SetFunc
	// DefaultArgs are the values of the Defaults trailing arguments, in text form.
	DefaultArgs []string
}

// Out is an output column of a function that returns record.
type Out struct {
	Name string
	Type types.OID
}

// Call is what a kernel may know of the call it serves. The trailing arguments of a VARIADIC function
// reach the kernel as one array, those of VARIADIC "any" one by one; Spread says that such a call was
// written with VARIADIC, so that its last argument is an array to be spread by the kernel.
type Call struct {
	Env    *Env
	Args   []types.T // actual argument types (polymorphism resolved)
	Ret    types.T
	Spread bool
	// Names has the field names of each argument that is a ROW with known names; nil when none is.
	Names [][]string
}

// Kernel computes out for the rows that sel lists (rows 0..n-1 when sel is nil). Args have n rows each; out
// has been resized to n rows, its Nulls are nil. Of a strict function the caller has already taken
// the rows with a null argument out of sel and marked them null in out. A kernel raises an error only
// for a selected row. It must not keep or change args.
type Kernel func(c *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error

// SetFunc computes the rows of a set-returning function for one row of argument values, calling emit
// once a row with one datum per output column. The row belongs to the function: emit copies it. An
// error of emit ends the function and is returned.
type SetFunc func(c *Call, args []types.Datum, emit func(row []types.Datum) error) error

// AggCall is what an aggregate's state is made for.
type AggCall struct {
	Call
	// Order has the direction of each key of the call's ORDER BY, in whose order rows come.
	Order []Direction
}

// State holds an aggregate's values for many groups. It belongs to one operator.
type State interface {
	// Resize makes room for groups 0..n-1; new ones are empty.
	Resize(n int)
	// Add takes row r of args into group groups[i] for the i-th selected row r (sel nil: r = i, n rows).
	// Strict aggregates skip rows with a null argument themselves.
	Add(groups []int32, args []*batch.Column, sel []int32, n int) error
	// Result stores the value of groups 0..n-1 into out, which has been resized to n.
	Result(n int, out *batch.Column) error
	// Bytes is the memory held, for the operator's account.
	Bytes() int64
}

// WindowFunc computes a window function for every row of one partition into out, which has been
// resized to p.N rows.
type WindowFunc func(c *Call, p *Partition, out *batch.Column) error

// Partition is one partition of a window, its rows in window order.
type Partition struct {
	N    int
	Args []*batch.Column // the call's arguments, N rows each
	// Peers[i] is the first row of row i's peer group: i itself when no earlier row ties with it.
	Peers []int32
	// Frame gives the rows [from, to) of row i's frame. Excluded, when not nil, says which of them an
	// EXCLUDE clause takes out.
	Frame    func(i int) (from, to int)
	Excluded func(i, j int) bool
}

// Operator is one pg_operator row. Left is 0 for a prefix operator.
type Operator struct {
	OID         types.OID
	Name        string
	Left, Right types.OID
	Ret         types.OID
	Func        *Func
	Commutator  types.OID // 0: none
	Negator     types.OID
	CanHash     bool
	CanMerge    bool
	Extension   bool
}

// CastContext says where a cast is applied by itself.
type CastContext byte

// Cast contexts, as pg_cast.castcontext.
const (
	Explicit   CastContext = 'e'
	Assignment CastContext = 'a'
	Implicit   CastContext = 'i'
)

// CastMethod says how a cast is done.
type CastMethod byte

// Cast methods, as pg_cast.castmethod.
const (
	CastFunc   CastMethod = 'f' // call Func
	CastBinary CastMethod = 'b' // the same bytes
	CastInOut  CastMethod = 'i' // through text
)

// Cast is one pg_cast row.
type Cast struct {
	OID            types.OID
	Source, Target types.OID
	Context        CastContext
	Method         CastMethod
	Func           *Func
	Extension      bool
}
