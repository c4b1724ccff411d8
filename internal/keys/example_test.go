package keys_test

import (
	"bytes"
	"fmt"

	"github.com/vecdb/vecdb/internal/keys"
)

// A key of two columns: the bytes compare as the columns do.
func ExampleAppendString() {
	a := keys.AppendInt(keys.AppendString(nil, "ab"), -5)
	b := keys.AppendInt(keys.AppendString(nil, "ab"), 300)
	c := keys.AppendInt(keys.AppendString(nil, "abc"), -9)
	fmt.Println(bytes.Compare(a, b), bytes.Compare(b, c))
	s, rest, _ := keys.Bytes(nil, b)
	i, _, _ := keys.Int(rest)
	fmt.Printf("%s %d\n", s, i)
	// Output:
	// -1 -1
	// ab 300
}
