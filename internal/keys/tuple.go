package keys

// Markers stand before each column of a tuple. They also order lists that may end early: an element
// is preceded by Present or NullLast and the list is closed by End, so that the shorter list is first.
const (
	End       byte = 0x00
	NullFirst byte = 0x01
	Present   byte = 0x02
	NullLast  byte = 0x03
)

// Order is how one column of a tuple orders. The zero value is ascending with NULLs first; PostgreSQL's
// defaults are Ascending and Descending.
type Order struct {
	Desc      bool
	NullsLast bool
}

// The orders of ASC and DESC when a statement says nothing about NULLs.
var (
	Ascending  = Order{NullsLast: true}
	Descending = Order{Desc: true}
)

// AppendNull appends a NULL column. NULL order is independent of the direction, so markers are never
// inverted.
func (o Order) AppendNull(dst []byte) []byte {
	if o.NullsLast {
		return append(dst, NullLast)
	}
	return append(dst, NullFirst)
}

// AppendValue appends a column whose value encode appends; a descending one is inverted.
func (o Order) AppendValue(dst []byte, encode func([]byte) []byte) []byte {
	dst = append(dst, Present)
	from := len(dst)
	dst = encode(dst)
	if o.Desc {
		Invert(dst[from:])
	}
	return dst
}

// Invert turns an ascending encoding into the descending one and back, in place.
func Invert(b []byte) {
	for i := range b {
		b[i] = ^b[i]
	}
}

// PrefixEnd appends to dst the least key that is greater than every key with the given prefix. It
// returns nil when there is none (the prefix is empty or all 0xff).
func PrefixEnd(dst, prefix []byte) []byte {
	n := len(prefix)
	for n > 0 && prefix[n-1] == 0xff {
		n--
	}
	if n == 0 {
		return nil
	}
	dst = append(dst, prefix[:n]...)
	dst[len(dst)-1]++
	return dst
}
