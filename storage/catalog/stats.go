package catalog

import (
	"github.com/vecdb/vecdb/sql/types"
)

// Stats are the statistics of a table that the planner estimates with, made by ANALYZE and by
// upkeep from a sample of rows. Immutable.
type Stats struct {
	Table   OID
	Rows    int64         // visible rows when they were made
	Bytes   int64         // of the table, without its indexes
	Sampled int64         // rows looked at
	Version uint64        // the store's version when they were made
	Columns []ColumnStats `json:",omitempty"`
}

// ColumnStats are the statistics of one column.
type ColumnStats struct {
	Num          int16
	NullFraction float64
	// Distinct is the estimated number of distinct values in the whole table.
	Distinct float64
	Width    int // average bytes of a value that is not null
	// Min and Max are over the sample, null when it has no value or the type has no order.
	Min, Max types.Datum
	// Common holds the most common values and CommonFraction the share of all rows that each has.
	Common         []types.Datum `json:",omitempty"`
	CommonFraction []float64     `json:",omitempty"`
	// Histogram divides the other values into parts of equal counts: bounds in ascending order.
	Histogram []types.Datum `json:",omitempty"`
	// Correlation is how far the order of rows follows the order of values: -1 to 1; 0 when it is not known.
	Correlation float64 `json:",omitempty"`
}

// Column returns the statistics of the column num, or nil.
func (s *Stats) Column(num int16) *ColumnStats {
	if s == nil {
		return nil
	}
	for i := range s.Columns {
		if s.Columns[i].Num == num {
			return &s.Columns[i]
		}
	}
	return nil
}
