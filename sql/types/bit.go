package types

import (
	"cmp"
	"encoding/binary"
	"math"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/internal/keys"
	"github.com/vecdb/vecdb/sql/pgerr"
)

// Limits of bit strings, PostgreSQL's: of a modifier, and of a value's length.
const (
	bitModMax = 83886080
	BitLenMax = math.MaxInt32 - 7
)

// The canonical form of a bit string: its bits, eight to a byte with the first one highest and zeros behind the last,
// and one byte more with the number of bits of the last byte that are not used (0 to 7). Equal values have equal bytes.

// BitLen is the number of bits of a bit string.
func BitLen(s string) int {
	if s == "" {
		return 0
	}
	return 8*(len(s)-1) - int(s[len(s)-1])
}

// BitBytes are the bytes of a bit string that hold its bits.
func BitBytes(s string) string {
	if s == "" {
		return ""
	}
	return s[:len(s)-1]
}

// BitAt is bit i, from 0.
func BitAt(s string, i int) bool { return s[i/8]>>(7-i%8)&1 != 0 }

// Bits is a bit string of a known length that is being made.
type Bits struct {
	b []byte
	n int
}

// NewBits returns n zeros.
func NewBits(n int) Bits { return Bits{make([]byte, (n+7)/8+1), n} }

// BitsOf returns a changeable copy of a bit string.
func BitsOf(s string) Bits {
	n := BitLen(s)
	x := NewBits(n)
	copy(x.Bytes(), BitBytes(s))
	return x
}

// Bytes are those that hold the bits, to be changed.
func (x Bits) Bytes() []byte { return x.b[:len(x.b)-1] }

// Set makes bit i one.
func (x Bits) Set(i int) { x.b[i/8] |= 1 << (7 - i%8) }

// Clear makes bit i zero.
func (x Bits) Clear(i int) { x.b[i/8] &^= 1 << (7 - i%8) }

// Copy puts n bits of s from bit from to bit at.
func (x Bits) Copy(at int, s string, from, n int) {
	if at%8 == 0 && from%8 == 0 {
		copy(x.Bytes()[at/8:], BitBytes(s)[from/8:(from+n)/8])
		at, from, n = at+n/8*8, from+n/8*8, n%8
	}
	for i := range n {
		if BitAt(s, from+i) {
			x.Set(at + i)
		}
	}
}

// String is the bit string; what bits behind the last were set count no more. x must not be used afterwards.
func (x Bits) String() string {
	unused := 8*(len(x.b)-1) - x.n
	if unused > 0 {
		x.b[len(x.b)-2] &= 0xff << unused
	}
	x.b[len(x.b)-1] = byte(unused)
	return string(x.b)
}

// CutBits returns n bits from bit from; those beyond the end are zeros.
func CutBits(s string, from, n int) string {
	x := NewBits(n)
	x.Copy(0, s, from, min(n, BitLen(s)-from))
	return x.String()
}

// CompareBits orders bytewise, then by length.
func CompareBits(a, b string) int {
	x, y := BitBytes(a), BitBytes(b)
	n := min(len(x), len(y))
	if c := strings.Compare(x[:n], y[:n]); c != 0 {
		return c
	}
	return cmp.Compare(BitLen(a), BitLen(b))
}

func registerBit(t *Type) {
	registerBits(t)
	t.ApplyMod = func(d Datum, mod int32, explicit bool) (Datum, error) {
		n := BitLen(d.S)
		if n == int(mod) || mod < 1 || mod > BitLenMax {
			return d, nil
		}
		if !explicit {
			return Datum{}, errBitLength(n, mod)
		}
		return StringDatum(CutBits(d.S, 0, int(mod))), nil
	}
	fitted(t, func(n int, mod int32) error {
		if mod > 0 && n != int(mod) {
			return errBitLength(n, mod)
		}
		return nil
	})
	t.ModIn = bitMod("bit")
}

func errBitLength(n int, mod int32) error {
	return pgerr.New(pgerrcode.StringDataLengthMismatch, "bit string length %d does not match type bit(%d)", n, mod)
}

func registerVarbit(t *Type) {
	registerBits(t)
	check := func(n int, mod int32) error {
		if mod > 0 && n > int(mod) {
			return pgerr.New(pgerrcode.StringDataRightTruncationDataException, "bit string too long for type bit varying(%d)", mod)
		}
		return nil
	}
	t.ApplyMod = func(d Datum, mod int32, explicit bool) (Datum, error) {
		err := check(BitLen(d.S), mod)
		if err != nil && explicit {
			return StringDatum(CutBits(d.S, 0, int(mod))), nil
		}
		return d, err
	}
	fitted(t, check)
	t.ModIn = bitMod("varbit")
}

// fitted lets input and binary input have lengths that check allows only.
func fitted(t *Type, check func(n int, mod int32) error) {
	t.Parse = func(s string, mod int32, _ *Session) (Datum, error) {
		bits, err := parseBits(s)
		if err == nil {
			err = check(BitLen(bits), mod)
		}
		return StringDatum(bits), err
	}
	t.Recv = func(b []byte, mod int32, _ *Session) (Datum, error) {
		bits, err := recvBits(b)
		if err == nil {
			err = check(BitLen(bits), mod)
		}
		return StringDatum(bits), err
	}
}

// registerBits is what bit and bit varying share.
func registerBits(t *Type) {
	t.Physical = String
	t.Format = func(dst []byte, d Datum, _ *Session) []byte {
		for i := range BitLen(d.S) {
			c := byte('0')
			if BitAt(d.S, i) {
				c = '1'
			}
			dst = append(dst, c)
		}
		return dst
	}
	t.Send = func(dst []byte, d Datum, _ *Session) []byte {
		return append(binary.BigEndian.AppendUint32(dst, uint32(BitLen(d.S))), BitBytes(d.S)...)
	}
	t.Compare = func(a, b Datum) int { return CompareBits(a.S, b.S) }
	t.AppendKey = func(dst []byte, d Datum) []byte {
		n := byte(0)
		if d.S != "" {
			n = 8 - d.S[len(d.S)-1]
		}
		return append(keys.AppendString(dst, BitBytes(d.S)), n)
	}
	t.Arrow = arrowOf(arrow.BinaryTypes.Binary)
	t.ModOut = parenthesized
}

func bitMod(name string) func(args []int32) (int32, error) {
	return func(args []int32) (int32, error) {
		switch {
		case len(args) != 1:
			return 0, pgerr.New(pgerrcode.InvalidParameterValue, "invalid type modifier")
		case args[0] < 1:
			return 0, pgerr.New(pgerrcode.InvalidParameterValue, "length for type %s must be at least 1", name)
		case args[0] > bitModMax:
			return 0, pgerr.New(pgerrcode.InvalidParameterValue, "length for type %s cannot exceed %d", name, bitModMax)
		}
		return args[0], nil
	}
}

// parseBits reads "101", "b101" or "x1F".
func parseBits(in string) (string, error) {
	digits, perDigit, kind := in, 1, "binary"
	if in != "" {
		switch in[0] {
		case 'b', 'B':
			digits = in[1:]
		case 'x', 'X':
			digits, perDigit, kind = in[1:], 4, "hexadecimal"
		}
	}
	if len(digits) > BitLenMax/perDigit {
		return "", pgerr.New(pgerrcode.ProgramLimitExceeded, "bit string length exceeds the maximum allowed (%d)", BitLenMax)
	}
	x := NewBits(len(digits) * perDigit)
	for i := range len(digits) {
		v := hexDigit(digits[i])
		if v < 0 || v >= 1<<perDigit {
			return "", errBitDigit(digits[i:], kind)
		}
		at := i * perDigit
		x.b[at/8] |= byte(v) << (8 - perDigit - at%8)
	}
	return x.String(), nil
}

// errBitDigit names the character that rest begins with.
func errBitDigit(rest, kind string) error {
	for _, c := range rest {
		return pgerr.New(pgerrcode.InvalidTextRepresentation, "\"%c\" is not a valid %s digit", c, kind)
	}
	return nil
}

func recvBits(b []byte) (string, error) {
	if len(b) < 4 {
		return "", cutBinary()
	}
	n := int(int32(binary.BigEndian.Uint32(b)))
	if n < 0 || n > BitLenMax {
		return "", pgerr.New(pgerrcode.InvalidBinaryRepresentation, "invalid length in external bit string")
	}
	if err := exactly(b, 4+(n+7)/8); err != nil {
		return "", err
	}
	x := NewBits(n)
	copy(x.Bytes(), b[4:])
	return x.String(), nil
}
