package sql

// Expr is an expression as written: one of the structs below.
type Expr interface {
	// Pos is the byte offset that an error about the expression points at, -1 when unknown.
	Pos() int
}

// At is the position of a node.
type At int

// Pos implements Expr.
func (a At) Pos() int { return int(a) }

type (
	// ColumnRef is a name with up to four parts. Star says that ".*" follows (or that it is a bare *).
	ColumnRef struct {
		At
		Names []string
		Star  bool
	}
	// Literal is a constant.
	Literal struct {
		At
		Kind LitKind
		// Text is the number without sign handling of its own ("-5" is possible), the string's value, or
		// the digits of a bit string after its B or X.
		Text string
	}
	// Param is $N. Class is not 0 when the parameter stands for a literal cut out of the text: it is then
	// typed as that literal would be.
	Param struct {
		At
		N     int
		Class LitClass
	}
	// Op is an operator; Left is nil for a prefix one.
	Op struct {
		At
		Schema      string // of OPERATOR(schema.op)
		Name        string
		Left, Right Expr
	}
	// OpAnyAll is Left op ANY (Right) or ALL (Right) over an array.
	OpAnyAll struct {
		At
		Schema      string
		Name        string
		All         bool
		Left, Right Expr
	}
	// In is Left [NOT] IN (List).
	In struct {
		At
		Not  bool
		Left Expr
		List []Expr
	}
	// Between is [NOT] BETWEEN [SYMMETRIC].
	Between struct {
		At
		Not, Symmetric bool
		Arg, Low, High Expr
	}
	// Like is [NOT] LIKE, ILIKE or SIMILAR TO: Name is the operator (~~ !~~ ~~* !~~* ~ !~), the pattern
	// of a SIMILAR TO already wrapped in the function that translates it.
	Like struct {
		At
		Kind        LikeKind
		Name        string
		Left, Right Expr
	}
	// IsDistinct is IS [NOT] DISTINCT FROM.
	IsDistinct struct {
		At
		Not         bool
		Left, Right Expr
	}
	// NullIf is NULLIF(Left, Right).
	NullIf struct {
		At
		Left, Right Expr
	}
	// BoolOp is AND, OR or NOT.
	BoolOp struct {
		At
		Kind BoolKind
		Args []Expr
	}
	// IsNull is IS [NOT] NULL.
	IsNull struct {
		At
		Not bool
		Arg Expr
	}
	// BoolTest is IS [NOT] TRUE, FALSE or UNKNOWN: Want is 't', 'f' or 'u'.
	BoolTest struct {
		At
		Not  bool
		Want byte
		Arg  Expr
	}
	// Case is CASE; Arg is nil for the searched form.
	Case struct {
		At
		Arg   Expr
		Whens []When
		Else  Expr
	}
	// Coalesce is COALESCE.
	Coalesce struct {
		At
		Args []Expr
	}
	// MinMax is GREATEST or LEAST.
	MinMax struct {
		At
		Greatest bool
		Args     []Expr
	}
	// Func is a call.
	Func struct {
		At
		Names    []string // schema-qualified or not
		Args     []Expr   // a named argument is a *NamedArg
		Star     bool
		Distinct bool
		Variadic bool
		OrderBy  []OrderItem
		Within   bool
		Filter   Expr
		Over     *Window
		// SQLSyntax says that the grammar made it from special syntax (EXTRACT, TRIM, AT TIME ZONE), whose
		// functions live in pg_catalog.
		SQLSyntax bool
	}
	// NamedArg is name => value.
	NamedArg struct {
		At
		Name string
		Arg  Expr
	}
	// ValueFunc is CURRENT_DATE and its kin, by upper-case name; Mod is the precision or -1.
	ValueFunc struct {
		At
		Name string
		Mod  int32
	}
	// Cast is CAST(Arg AS Type) or Arg::Type.
	Cast struct {
		At
		Arg  Expr
		Type *TypeName
	}
	// Collate is Arg COLLATE Name.
	Collate struct {
		At
		Arg   Expr
		Names []string
	}
	// Subquery is a query in an expression.
	Subquery struct {
		At
		Kind  SubqueryKind
		Test  Expr // left side of ANY, ALL, IN
		Op    string
		Query *Select
	}
	// Array is ARRAY[...].
	Array struct {
		At
		Elems []Expr
	}
	// Row is ROW(...) or (a, b). Explicit says that ROW was written.
	Row struct {
		At
		Fields   []Expr
		Explicit bool
	}
	// Indirection is subscripts and fields after an expression.
	Indirection struct {
		At
		Arg   Expr
		Steps []Step
	}
	// Default is DEFAULT in VALUES or SET.
	Default struct{ At }
	// Grouping is GROUPING(...).
	Grouping struct {
		At
		Args []Expr
	}
	// GroupSet stands only in GROUP BY: (), ROLLUP, CUBE or GROUPING SETS.
	GroupSet struct {
		At
		Kind GroupSetKind
		Args []Expr
	}
	// MultiAssign stands only in UPDATE SET (a, b) = source: column N (from 1) of Count.
	MultiAssign struct {
		At
		Source   Expr
		N, Count int
	}
	// CurrentOf is WHERE CURRENT OF cursor.
	CurrentOf struct {
		At
		Cursor string
	}
)

// When is one arm of CASE.
type When struct {
	At
	Cond, Result Expr
}

// Step is one element of an Indirection: a field, a subscript, a slice, or ".*".
type Step struct {
	Field        string
	Star         bool
	Slice        bool
	Lower, Upper Expr // a plain subscript is Upper
}

// LitKind is the kind of a Literal.
type LitKind uint8

// Kinds of literals.
const (
	LitInt LitKind = iota // fits int4
	LitNumber
	LitString
	LitBool // Text is "t" or "f"
	LitNull
	LitBit // B'..' or X'..': Text has the b or x in front
)

// LikeKind is the kind of a Like.
type LikeKind uint8

// Kinds of pattern matching.
const (
	LikePlain LikeKind = iota
	LikeFold
	LikeSimilar
)

// BoolKind is the kind of a BoolOp.
type BoolKind uint8

// Boolean connectives.
const (
	BoolAnd BoolKind = iota
	BoolOr
	BoolNot
)

// SubqueryKind is the kind of a Subquery expression.
type SubqueryKind uint8

// Kinds of subquery expressions.
const (
	SubScalar SubqueryKind = iota
	SubExists
	SubAny
	SubAll
	SubArray
)

// GroupSetKind is the kind of a GroupSet.
type GroupSetKind uint8

// Kinds of grouping sets.
const (
	GroupEmpty GroupSetKind = iota
	GroupRollup
	GroupCube
	GroupSets
)

// TypeName is a type as written.
type TypeName struct {
	At
	Names []string
	Mods  []Expr
	Dims  int  // number of []
	SetOf bool // SETOF
}
