package exec

import (
	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/pgerr"
)

// newWindow refuses: functions have their window kernels, running them over partitions is still to come.
func newWindow(*builder, *planner.Window) (Operator, error) {
	return nil, pgerr.Unsupported("a window function")
}
