package storage

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/batch/arrowcol"
	"github.com/vecdb/vecdb/sql/types"
)

// buildArray returns the Arrow form of a column.
func buildArray(t types.T, col *batch.Column, n int) (arrow.Array, error) {
	a, err := arrowcol.Build(memory.DefaultAllocator, t, col, n)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	return a, nil
}

// readArray fills dst with rows from <= i < to of an Arrow array.
func readArray(dst *batch.Column, t types.T, a arrow.Array, from, to int) error {
	*dst = batch.Column{}
	if err := arrowcol.Read(dst, t, a, from, to); err != nil {
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return nil
}
