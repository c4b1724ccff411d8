package planner

import "math"

// Cost units are about microseconds of one core, measured on this engine: reading columns is cheap, a
// look-up in an index costs as much as scanning a few hundred rows.
const (
	costRow        = 0.012 // passing one row through an operator
	costColumn     = 0.004 // reading one more column of a row
	costCond       = 0.008 // one condition on a row
	costExpr       = 0.010 // one computed expression on a row
	costIndexStart = 6.0   // positioning in a BTree
	costIndexRow   = 0.45  // the next entry, and checking it against the row
	costFetchRow   = 0.25  // finding one row by its id and reading it
	costBitmapRow  = 0.45  // an entry that goes into a bitmap
	costBitmap     = 2.0   // making a bitmap at all
	costFetchSort  = 0.15  // reading one row of many in storage order
	costBitmapSkip = 0.002 // a row of the table that is not in the bitmap
	costHashBuild  = 0.090
	costHashProbe  = 0.060
	costPair       = 0.010 // one pair of a nested loop
	costSortRow    = 0.040 // times log2(rows)
	costGroupRow   = 0.060
	costRerun      = 2.0 // opening a subtree again
	costAnnProbe   = 6.0
	costAnnRefine  = 0.25
	costDisabled   = 1e10 // what enable_* = off adds
)

// sortCost is the cost of ordering rows, of which only limit are kept when limit > 0.
func sortCost(rows, limit float64) float64 {
	if rows < 2 {
		return costRow
	}
	n := rows
	if limit > 0 && limit < rows {
		n = limit
	}
	return rows * costSortRow * math.Log2(math.Max(n, 2))
}

// clampRows keeps an estimate a sane number of rows: at least one, as PostgreSQL does.
func clampRows(r float64) float64 {
	if r < 1 || math.IsNaN(r) {
		return 1
	}
	if r > 1e15 {
		return 1e15
	}
	return math.Round(r)
}
