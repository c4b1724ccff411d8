package exec

import (
	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/pgerr"
)

func newAnnScan(*builder, *planner.AnnScan) (Operator, error) {
	return nil, pgerr.Unsupported("a search of an ANN index")
}
