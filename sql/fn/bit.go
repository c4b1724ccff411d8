package fn

import (
	"math/bits"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// A bit string is a string in types' canonical form: its bits, and a byte that tells their number.
var bitKernels = []entry{
	{"bit(bit,int4,bool)", coerceLength("bit")},
	{"varbit(varbit,int4,bool)", coerceLength("varbit")},
	{"bit(int4,int4)", map2(func(v, n int64) string { return bitsOfInt(v, n) })},
	{"bit(int8,int4)", map2(func(v, n int64) string { return bitsOfInt(v, n) })},
	{"int4(bit)", try1(func(s string) (int64, error) {
		v, err := intOfBits(s, 32, "integer")
		return int64(int32(v)), err
	})},
	{"int8(bit)", try1(func(s string) (int64, error) { return intOfBits(s, 64, "bigint") })},
	{"bitand", try2(bitwise("AND", func(a, b byte) byte { return a & b }))},
	{"bitor", try2(bitwise("OR", func(a, b byte) byte { return a | b }))},
	{"bitxor", try2(bitwise("XOR", func(a, b byte) byte { return a ^ b }))},
	{"bitnot", map1(func(s string) string {
		x := types.BitsOf(s)
		for i, b := range x.Bytes() {
			x.Bytes()[i] = ^b
		}
		return x.String()
	})},
	{"bitshiftleft", map2(func(s string, by int64) string { return shiftBits(s, by) })},
	{"bitshiftright", map2(func(s string, by int64) string { return shiftBits(s, -by) })},
	{"bitcat", try2(concatBits)},
	{"bitcmp", map2(func(a, b string) int64 { return int64(types.CompareBits(a, b)) })},
	{"varbitcmp", map2(func(a, b string) int64 { return int64(types.CompareBits(a, b)) })},
	{"length(bit)", map1(bitLen)},
	{"bit_length(bit)", map1(bitLen)},
	{"octet_length(bit)", map1(func(s string) int64 { return int64(len(types.BitBytes(s))) })},
	{"bit_count(bit)", map1(func(s string) int64 { return countBits(types.BitBytes(s)) })},
	{"substring(bit,int4)", map2(func(s string, from int64) string { return cutBits(s, from-1, positionMax) })},
	{"substring(bit,int4,int4)", try3(func(s string, from, count int64) (string, error) {
		if count < 0 {
			return "", pgerr.New(pgerrcode.SubstringError, "negative substring length not allowed")
		}
		return cutBits(s, from-1, from-1+count), nil
	})},
	{"overlay(bit,bit,int4,int4)", overlay(bitLen, cutBits, concatBits)},
	{"overlay(bit,bit,int4)", overlay(bitLen, cutBits, concatBits)},
	{"position(bit,bit)", map2(bitPosition)},
	{"get_bit(bit,int4)", try2(func(s string, i int64) (int64, error) {
		if err := checkBitIndex(s, i); err != nil || !types.BitAt(s, int(i)) {
			return 0, err
		}
		return 1, nil
	})},
	{"set_bit(bit,int4,int4)", try3(setBitOf)},
	{"hamming_distance", try2(func(a, b string) (float64, error) {
		differ, _, err := compareBits(a, b)
		return float64(differ), err
	})},
	{"jaccard_distance", try2(func(a, b string) (float64, error) {
		differ, both, err := compareBits(a, b)
		if both == 0 {
			return 1, err
		}
		return 1 - float64(both)/float64(differ+both), err
	})},
}

var bitAggs = []aggEntry{
	{"bit_and(bit)", tryFold(bitwise("AND", func(a, b byte) byte { return a & b }))},
	{"bit_or(bit)", tryFold(bitwise("OR", func(a, b byte) byte { return a | b }))},
	{"bit_xor(bit)", tryFold(bitwise("XOR", func(a, b byte) byte { return a ^ b }))},
}

func bitLen(s string) int64 { return int64(types.BitLen(s)) }

// bitsOfInt is v's last n bits, with its sign before them where there are not so many.
func bitsOfInt(v, n int64) string {
	if n < 1 || n > types.BitLenMax {
		n = 1
	}
	x := types.NewBits(int(n))
	if v < 0 {
		for i := range x.Bytes() {
			x.Bytes()[i] = 0xff
		}
	}
	for i := range min(n, 64) {
		if at := int(n - 1 - i); v>>i&1 != 0 {
			x.Set(at)
		} else {
			x.Clear(at)
		}
	}
	return x.String()
}

// intOfBits reads bits as a number in two's complement of that width.
func intOfBits(s string, width int, typeName string) (int64, error) {
	n := types.BitLen(s)
	if n > width {
		return 0, errOutOfRange(typeName)
	}
	v := uint64(0)
	for i := range n {
		v <<= 1
		if types.BitAt(s, i) {
			v |= 1
		}
	}
	return int64(v), nil
}

func bitwise(name string, op func(a, b byte) byte) func(a, b string) (string, error) {
	return func(a, b string) (string, error) {
		if types.BitLen(a) != types.BitLen(b) {
			return "", pgerr.New(pgerrcode.StringDataLengthMismatch, "cannot %s bit strings of different sizes", name)
		}
		x, other := types.BitsOf(a), types.BitBytes(b)
		for i, v := range x.Bytes() {
			x.Bytes()[i] = op(v, other[i])
		}
		return x.String(), nil
	}
}

// shiftBits moves bits towards the first one, or for a negative by towards the last; zeros follow.
func shiftBits(s string, by int64) string {
	n := bitLen(s)
	x := types.NewBits(int(n))
	switch {
	case by >= n || by <= -n:
	case by >= 0:
		x.Copy(0, s, int(by), int(n-by))
	default:
		x.Copy(int(-by), s, 0, int(n+by))
	}
	return x.String()
}

func concatBits(a, b string) (string, error) {
	n, m := types.BitLen(a), types.BitLen(b)
	if n+m > types.BitLenMax {
		return "", pgerr.New(pgerrcode.ProgramLimitExceeded, "bit string length exceeds the maximum allowed (%d)", types.BitLenMax)
	}
	x := types.NewBits(n + m)
	x.Copy(0, a, 0, n)
	x.Copy(n, b, 0, m)
	return x.String(), nil
}

// cutBits is bits from (counted from 0) to to.
func cutBits(s string, from, to int64) string {
	n := bitLen(s)
	from, to = min(max(from, 0), n), min(to, n)
	return types.CutBits(s, int(from), int(max(to-from, 0)))
}

// bitPosition is where sub begins in s, from 1; 0 when it is not there.
func bitPosition(s, sub string) int64 {
	n, m := types.BitLen(s), types.BitLen(sub)
	if n == 0 {
		return 0
	}
	for i := 0; i+m <= n; i++ {
		j := 0
		for j < m && types.BitAt(s, i+j) == types.BitAt(sub, j) {
			j++
		}
		if j == m {
			return int64(i) + 1
		}
	}
	return 0
}

func checkBitIndex(s string, i int64) error {
	if n := bitLen(s); i < 0 || i >= n {
		return pgerr.New(pgerrcode.ArraySubscriptError, "bit index %d out of valid range (0..%d)", i, n-1)
	}
	return nil
}

func setBitOf(s string, i, v int64) (string, error) {
	if err := checkBitIndex(s, i); err != nil {
		return "", err
	}
	x := types.BitsOf(s)
	switch v {
	case 0:
		x.Clear(int(i))
	case 1:
		x.Set(int(i))
	default:
		return "", errParameter("new bit must be 0 or 1")
	}
	return x.String(), nil
}

func countBits(s string) int64 {
	n := 0
	for i := range len(s) {
		n += bits.OnesCount8(s[i])
	}
	return int64(n)
}

// compareBits counts the bits that differ and those that are one in both.
func compareBits(a, b string) (differ, both int64, err error) {
	if n, m := types.BitLen(a), types.BitLen(b); n != m {
		return 0, 0, pgerr.New(pgerrcode.DataException, "different bit lengths %d and %d", n, m)
	}
	x, y := types.BitBytes(a), types.BitBytes(b)
	for len(x) >= 8 {
		v, w := wordOf(x), wordOf(y)
		differ += int64(bits.OnesCount64(v ^ w))
		both += int64(bits.OnesCount64(v & w))
		x, y = x[8:], y[8:]
	}
	for i := range len(x) {
		differ += int64(bits.OnesCount8(x[i] ^ y[i]))
		both += int64(bits.OnesCount8(x[i] & y[i]))
	}
	return differ, both, nil
}

// wordOf is the first eight bytes of s as one number.
func wordOf(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}
