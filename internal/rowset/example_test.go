package rowset_test

import (
	"fmt"

	"github.com/vecdb/vecdb/internal/rowset"
)

// A filter's rows, cut down by another's.
func ExampleSet_And() {
	s := rowset.Range(10, 20)
	s.And(rowset.New(3, 12, 19, 25))
	s.All(func(id uint64) bool {
		fmt.Println(id)
		return true
	})
	// Output:
	// 12
	// 19
}
