package keys

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"math/bits"
)

// ErrMalformed says that bytes are not a key that this package wrote.
var ErrMalformed = errors.New("malformed key")

// Markers stand before the elements of a list within one value: Present or NullLast before each, End
// behind the last, so that the shorter of two lists comes first and NULL is the greatest element.
const (
	End      byte = 0x00
	Present  byte = 0x02
	NullLast byte = 0x03
)

// intZero is the first byte of 0. A first byte above it counts the magnitude bytes of a positive
// number, one below it those of a negative number.
const intZero = 0x80

// AppendInt appends v in 1 to 9 bytes, fewer for smaller magnitudes.
//
// Layout: one byte intZero+n (v >= 0) or intZero-1-n (v < 0), then the low n bytes of v, big-endian,
// where n is the least number of bytes that hold v (for a negative v: ^v).
func AppendInt(dst []byte, v int64) []byte {
	magnitude, first := uint64(v), byte(intZero)
	if v < 0 {
		magnitude = ^magnitude
	}
	n := (bits.Len64(magnitude) + 7) / 8
	if v < 0 {
		first = intZero - 1 - byte(n)
	} else {
		first += byte(n)
	}
	dst = append(dst, first)
	for i := n - 1; i >= 0; i-- {
		dst = append(dst, byte(uint64(v)>>(8*i)))
	}
	return dst
}

// Int decodes what AppendInt wrote and returns the rest.
func Int(b []byte) (int64, []byte, error) {
	if len(b) == 0 || b[0] < intZero-9 || b[0] > intZero+8 {
		return 0, nil, ErrMalformed
	}
	n, fill := int(b[0])-intZero, uint64(0)
	if b[0] < intZero {
		n, fill = intZero-1-int(b[0]), math.MaxUint64
	}
	if len(b) < 1+n {
		return 0, nil, ErrMalformed
	}
	v := fill
	for _, c := range b[1 : 1+n] {
		v = v<<8 | uint64(c)
	}
	// The sign of the first byte and of the number must agree, and no shorter form may exist.
	if (v>>63 != 0) != (fill != 0) || (bits.Len64(v^fill)+7)/8 != n {
		return 0, nil, ErrMalformed
	}
	return int64(v), b[1+n:], nil
}

// AppendUint32 appends v in four bytes, for values of even spread.
func AppendUint32(dst []byte, v uint32) []byte { return binary.BigEndian.AppendUint32(dst, v) }

// AppendUint64 appends v in eight bytes.
func AppendUint64(dst []byte, v uint64) []byte { return binary.BigEndian.AppendUint64(dst, v) }

// Uint64 decodes what AppendUint64 wrote and returns the rest.
func Uint64(b []byte) (uint64, []byte, error) {
	if len(b) < 8 {
		return 0, nil, ErrMalformed
	}
	return binary.BigEndian.Uint64(b), b[8:], nil
}

// AppendFloat appends v in eight bytes: -0 equals 0 and NaN is the greatest value, as in PostgreSQL.
func AppendFloat(dst []byte, v float64) []byte {
	switch {
	case v != v:
		return AppendUint64(dst, math.MaxUint64)
	case v == 0:
		v = 0
	}
	u := math.Float64bits(v)
	if u>>63 != 0 {
		return AppendUint64(dst, ^u)
	}
	return AppendUint64(dst, u|1<<63)
}

// Float decodes what AppendFloat wrote and returns the rest.
func Float(b []byte) (float64, []byte, error) {
	u, rest, err := Uint64(b)
	if err != nil {
		return 0, nil, err
	}
	if u>>63 != 0 {
		return math.Float64frombits(u &^ (1 << 63)), rest, nil
	}
	return math.Float64frombits(^u), rest, nil
}

// AppendFloat32 appends v in four bytes, in the order of AppendFloat.
func AppendFloat32(dst []byte, v float32) []byte {
	switch {
	case v != v:
		return AppendUint32(dst, math.MaxUint32)
	case v == 0:
		v = 0
	}
	u := math.Float32bits(v)
	if u>>31 != 0 {
		return AppendUint32(dst, ^u)
	}
	return AppendUint32(dst, u|1<<31)
}

// AppendBool appends v in one byte, false first.
func AppendBool(dst []byte, v bool) []byte {
	if v {
		return append(dst, 1)
	}
	return append(dst, 0)
}

// Within an escaped string a zero byte is followed by escapedZero, and the string ends with a zero
// byte and terminator. terminator is the smaller, so that a prefix orders first.
const (
	escape      = 0x00
	terminator  = 0x01
	escapedZero = 0xff
)

// AppendString appends s escaped and terminated: bytewise order, a prefix first.
func AppendString(dst []byte, s string) []byte {
	for i := range len(s) {
		dst = append(dst, s[i])
		if s[i] == escape {
			dst = append(dst, escapedZero)
		}
	}
	return append(dst, escape, terminator)
}

// Bytes decodes what AppendString wrote, appended to dst, and returns the rest.
func Bytes(dst, b []byte) ([]byte, []byte, error) {
	for {
		i := bytes.IndexByte(b, escape)
		if i < 0 || i+1 >= len(b) {
			return nil, nil, ErrMalformed
		}
		dst = append(dst, b[:i]...)
		switch b[i+1] {
		case terminator:
			return dst, b[i+2:], nil
		case escapedZero:
			dst = append(dst, escape)
		default:
			return nil, nil, ErrMalformed
		}
		b = b[i+2:]
	}
}
