package planner

import (
	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/schema"
)

type (
	// SeqScan reads all rows of a stored table. Conds filter; Prune are those of them that compare a
	// column with a value, for skipping blocks by their smallest and greatest values.
	SeqScan struct {
		Base
		Rel   *cat.Relation
		Alias string
		Conds []eval.Expr
		Prune []ColumnBound
		// NotUsed says for each index that could have served and was not taken, why.
		NotUsed []string
	}
	// VirtualScan reads a computed table (pg_catalog, information_schema). Keys are equalities on key
	// columns that the table's maker may use; Conds still hold all conditions.
	VirtualScan struct {
		Base
		Rel   *cat.Relation
		Alias string
		Conds []eval.Expr
		Keys  []KeyEqual
	}
	// IndexScan reads rows in the order of a BTree index. Conds are checked on the rows.
	IndexScan struct {
		Base
		Rel     *cat.Relation
		Alias   string
		Index   *schema.Index
		Ranges  *IndexRanges
		Reverse bool
		Conds   []eval.Expr
		NotUsed []string
	}
	// BitmapScan reads the rows that a combination of indexes yields, in storage order.
	BitmapScan struct {
		Base
		Rel   *cat.Relation
		Alias string
		Set   BitmapNode
		// Answered are the conditions that Set stands for, for EXPLAIN; Conds are those to check on the rows.
		Answered []eval.Expr
		Conds    []eval.Expr
	}
	// AnnScan yields the rows nearest to Query first, NULL distances last.
	AnnScan struct {
		Base
		Rel    *cat.Relation
		Alias  string
		Index  *schema.Index
		Metric string    // l2, ip, cosine, l1
		Vector int16     // attnum of the vector column
		Query  eval.Expr // without columns of the table
		// DistCol is the output column with the distance; DistExpr the expression it replaces.
		DistCol  eval.ColID
		DistExpr eval.Expr
		// Form says what DistExpr makes of the metric's distance.
		Form DistanceForm
		// NullsFirst: rows without a distance come first, not last.
		NullsFirst bool
		// Limit and Offset say how many rows are asked for. Below a join, and when keys after the distance
		// decide among equal ones, that is not known (Limit nil): the rows come as long as they are asked for,
		// First of them by the first search.
		Limit, Offset eval.Expr
		First         int
		// Set is the part of the filter that indexes answer (nil: none). Conds is the whole filter, for
		// EXPLAIN; Rest is what rows must be checked for, over FilterCols, the columns to read for it.
		Set        BitmapNode
		Conds      []eval.Expr
		Rest       []eval.Expr
		FilterCols []eval.Column
		// ReadsVectors: a condition is over the vectors themselves, so computing the distances of the rows that
		// pass costs nothing beside it.
		ReadsVectors bool
		// SkipNulls: rows without a vector are not wanted.
		SkipNulls bool
		// Estimates, for EXPLAIN; the strategy is decided when the filter has been counted.
		Probes, Refine int
		Recall         float64
		FilterRows     float64
		Strategy       string
	}
	// Values yields rows of expressions.
	Values struct {
		Base
		Lists [][]eval.Expr
	}
	// FuncScan is functions in FROM.
	FuncScan struct {
		Base
		Calls      []eval.Expr
		CallCols   []int
		Ordinality bool
		Alias      string
	}
	// CTEScan reads a CTE, or the working table inside a recursive one.
	CTEScan struct {
		Base
		CTE     *CTE
		Working bool
	}
	// Empty yields no row.
	Empty struct{ Base }
)

// ColumnBound is a condition column op value on a stored column.
type ColumnBound struct {
	Attr  int16
	Op    string // = < <= > >=
	Value eval.Expr
}

// KeyEqual is column = value on a virtual table.
type KeyEqual struct {
	Attr  int16
	Value eval.Expr
}

// IndexRanges says which part of an index to read: equalities on the leading key columns (each with one
// or several values), then at most one bounded column.
type IndexRanges struct {
	Eq []IndexEq
	// Lo and Hi bound the key column after Eq; nil is unbounded.
	Lo, Hi         eval.Expr
	LoOpen, HiOpen bool
	// NotNull: the key column after Eq is not null, with or without bounds.
	NotNull bool
	// Prefix: the key column after Eq starts with this literal (LIKE 'abc%').
	Prefix string
	// Conds are the conditions that the ranges stand for, for EXPLAIN.
	Conds []eval.Expr
}

// IndexEq is one key column that equals a value, one of several, or is null.
type IndexEq struct {
	Value eval.Expr   // = Value
	List  []eval.Expr // = one of List
	Array eval.Expr   // = ANY (Array)
	Null  bool        // IS NULL
}

// BitmapNode is a set of rows made from indexes: *BitmapIndex, *BitmapAnd or *BitmapOr.
type BitmapNode interface{ bitmap() }

type (
	// BitmapIndex is the rows of ranges of one index.
	BitmapIndex struct {
		Index  *schema.Index
		Ranges *IndexRanges
		Rows   float64
		Cost   float64
	}
	// BitmapAnd is the rows in all of Args.
	BitmapAnd struct{ Args []BitmapNode }
	// BitmapOr is the rows in any of Args.
	BitmapOr struct{ Args []BitmapNode }
)

func (*BitmapIndex) bitmap() {}
func (*BitmapAnd) bitmap()   {}
func (*BitmapOr) bitmap()    {}

// Inputs implements Node.
func (n *SeqScan) Inputs() []Node     { return nil }
func (n *VirtualScan) Inputs() []Node { return nil }
func (n *IndexScan) Inputs() []Node   { return nil }
func (n *BitmapScan) Inputs() []Node  { return nil }
func (n *AnnScan) Inputs() []Node     { return nil }
func (n *Values) Inputs() []Node      { return nil }
func (n *FuncScan) Inputs() []Node    { return nil }
func (n *CTEScan) Inputs() []Node     { return nil }
func (n *Empty) Inputs() []Node       { return nil }

type (
	// HashJoin builds a table of Right by RightKeys and probes it with Left. Conds are further conditions on
	// a pair. The output keeps the order of Left.
	HashJoin struct {
		Base
		Kind                bind.JoinKind
		Left, Right         Node
		LeftKeys, RightKeys []eval.Expr
		Conds               []eval.Expr
		// NullAware makes an Anti join that of NOT IN: a null on either side keeps a row out. It has one key
		// and no Conds.
		NullAware bool
	}
	// NestLoop reads Right for each row of Left. Lateral says that Right uses columns of Left and is run
	// anew for each; else it is read once and kept.
	NestLoop struct {
		Base
		Kind        bind.JoinKind
		Left, Right Node
		Conds       []eval.Expr
		Lateral     bool
	}
)

// Inputs implements Node.
func (n *HashJoin) Inputs() []Node { return []Node{n.Left, n.Right} }
func (n *NestLoop) Inputs() []Node { return []Node{n.Left, n.Right} }
