package exec

import (
	"context"

	"github.com/vecdb/vecdb/sql/batch"
)

// Operator yields the rows of a plan node. Open starts it, and starts it again from the beginning when
// called once more: the values of outer columns may then be others (a correlated subquery, the inner
// side of a lateral join), so an operator that is run again does not compile or allocate anew.
//
// A batch belongs to the operator that returned it: it and its columns are valid until that operator's
// next Next, Open or Close, and nobody else writes to them. A batch that is returned has at least one
// row that counts; nil is the end. Whoever changes the selection makes a Batch of its own over the
// same columns.
//
// Close frees what the operator and its inputs hold. It may be called at any time and more than once.
type Operator interface {
	Open(ctx context.Context) error
	Next(ctx context.Context) (*batch.Batch, error)
	Close() error
}

// closeAll closes operators and returns the first error.
func closeAll(ops ...Operator) error {
	var first error
	for _, o := range ops {
		if o == nil {
			continue
		}
		if err := o.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}
