package types

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/internal/keys"
	"github.com/vecdb/vecdb/sql/pgerr"
)

// badInput is PostgreSQL's error for text that is no value of a type.
func badInput(sqlName, s string) error {
	return pgerr.New(pgerrcode.InvalidTextRepresentation, "invalid input syntax for type %s: \"%s\"", sqlName, s)
}

// BinaryLeftOver is the message of a binary value behind which bytes are left, to which PostgreSQL adds where it stood.
const BinaryLeftOver = "incorrect binary data format"

func badBinary() error { return pgerr.New(pgerrcode.InvalidBinaryRepresentation, BinaryLeftOver) }

func cutBinary() error {
	return pgerr.New(pgerrcode.ProtocolViolation, "insufficient data left in message")
}

// exactly refuses a binary value that has not n bytes.
func exactly(b []byte, n int) error {
	switch {
	case len(b) == 0 && n == 1:
		return pgerr.New(pgerrcode.ProtocolViolation, "no data left in message")
	case len(b) < n:
		return cutBinary()
	case len(b) > n:
		return badBinary()
	}
	return nil
}

// trim cuts the white space that numbers and names may have around them.
func trim(s string) string { return strings.Trim(s, " \t\n\r\v\f") }

func trimLeft(s string) string { return strings.TrimLeft(s, " \t\n\r\v\f") }

func compareInt(a, b Datum) int { return cmp.Compare(a.I, b.I) }

func compareString(a, b Datum) int { return strings.Compare(a.S, b.S) }

func appendIntKey(dst []byte, d Datum) []byte { return keys.AppendInt(dst, d.I) }

func appendStringKey(dst []byte, d Datum) []byte { return keys.AppendString(dst, d.S) }

func arrowOf(t arrow.DataType) func(int32) arrow.DataType {
	return func(int32) arrow.DataType { return t }
}

func registerBool(t *Type) {
	t.Physical = Bool
	t.Parse = func(s string, _ int32, _ *Session) (Datum, error) {
		b, ok := parseBool(trim(s))
		if !ok {
			return Datum{}, badInput("boolean", s)
		}
		return BoolDatum(b), nil
	}
	t.Format = func(dst []byte, d Datum, _ *Session) []byte {
		if d.I != 0 {
			return append(dst, 't')
		}
		return append(dst, 'f')
	}
	t.Recv = func(b []byte, _ int32, _ *Session) (Datum, error) {
		if err := exactly(b, 1); err != nil {
			return Datum{}, err
		}
		return BoolDatum(b[0] != 0), nil
	}
	t.Send = func(dst []byte, d Datum, _ *Session) []byte { return append(dst, byte(d.I&1)) }
	t.Compare = compareInt
	t.AppendKey = func(dst []byte, d Datum) []byte { return append(dst, byte(d.I&1)) }
	t.Arrow = arrowOf(arrow.FixedWidthTypes.Boolean)
}

// parseBool accepts unambiguous prefixes of true, false, yes and no, on and off, 1 and 0.
func parseBool(s string) (val, ok bool) {
	s = strings.ToLower(s)
	switch {
	case s == "":
		return false, false
	case s == "1" || s == "on" || strings.HasPrefix("true", s) || strings.HasPrefix("yes", s):
		return true, true
	case s == "0" || s == "of" || s == "off" || strings.HasPrefix("false", s) || strings.HasPrefix("no", s):
		return false, true
	}
	return false, false
}

func registerInt2(t *Type) { registerInt(t, 2, arrow.PrimitiveTypes.Int16) }
func registerInt4(t *Type) { registerInt(t, 4, arrow.PrimitiveTypes.Int32) }
func registerInt8(t *Type) { registerInt(t, 8, arrow.PrimitiveTypes.Int64) }

// registerInt fills an integer type of so many bytes.
func registerInt(t *Type, size int, at arrow.DataType) {
	t.Physical = Int
	t.Parse = func(s string, _ int32, _ *Session) (Datum, error) {
		v, err := parseInt(s, t.SQLName, size*8)
		return IntDatum(v), err
	}
	t.Format = func(dst []byte, d Datum, _ *Session) []byte { return strconv.AppendInt(dst, d.I, 10) }
	t.Recv = func(b []byte, _ int32, _ *Session) (Datum, error) {
		if err := exactly(b, size); err != nil {
			return Datum{}, err
		}
		return IntDatum(readInt(b)), nil
	}
	t.Send = func(dst []byte, d Datum, _ *Session) []byte { return appendInt(dst, d.I, size) }
	t.Compare, t.AppendKey = compareInt, appendIntKey
	t.Arrow = arrowOf(at)
}

func readInt(b []byte) int64 {
	switch len(b) {
	case 2:
		return int64(int16(binary.BigEndian.Uint16(b)))
	case 4:
		return int64(int32(binary.BigEndian.Uint32(b)))
	default:
		return int64(binary.BigEndian.Uint64(b))
	}
}

func appendInt(dst []byte, v int64, size int) []byte {
	switch size {
	case 2:
		return binary.BigEndian.AppendUint16(dst, uint16(v))
	case 4:
		return binary.BigEndian.AppendUint32(dst, uint32(v))
	default:
		return binary.BigEndian.AppendUint64(dst, uint64(v))
	}
}

// parseInt reads a decimal, 0x, 0o or 0b integer, with single underscores between digits.
func parseInt(in, name string, bits int) (int64, error) {
	s := trim(in)
	v, err := strconv.ParseInt(s, 10, bits)
	if err == nil {
		return v, nil
	}
	body := strings.TrimLeft(s, "+-")
	if len(s)-len(body) <= 1 && body != "" && (body[0] >= '0' && body[0] <= '9') {
		base := 10
		digits := body
		if len(body) > 2 && body[0] == '0' {
			if b, ok := map[byte]int{'x': 16, 'X': 16, 'o': 8, 'O': 8, 'b': 2, 'B': 2}[body[1]]; ok {
				base, digits = b, strings.TrimPrefix(body[2:], "_")
			}
		}
		if clean, ok := withoutUnderscores(digits); ok {
			sign := ""
			if s[0] == '-' {
				sign = "-"
			}
			v, err = strconv.ParseInt(sign+clean, base, bits)
			if err == nil {
				return v, nil
			}
		}
	}
	if ne, ok := err.(*strconv.NumError); ok && ne.Err == strconv.ErrRange { //nolint:errorlint // strconv returns it bare
		return 0, pgerr.New(pgerrcode.NumericValueOutOfRange, "value \"%s\" is out of range for type %s", in, name)
	}
	return 0, badInput(name, in)
}

func withoutUnderscores(s string) (string, bool) {
	if !strings.Contains(s, "_") {
		return s, true
	}
	if strings.HasPrefix(s, "_") || strings.HasSuffix(s, "_") || strings.Contains(s, "__") {
		return "", false
	}
	return strings.ReplaceAll(s, "_", ""), true
}

// registerOID fills the unsigned 32-bit types.
func registerOID(t *Type) { registerUnsigned(t, 4, arrow.PrimitiveTypes.Uint32) }

// registerXID8 fills xid8: 64 bits, held as int64.
func registerXID8(t *Type) { registerUnsigned(t, 8, arrow.PrimitiveTypes.Uint64) }

// registerUnsigned fills an unsigned type of so many bytes. As in C, a negative number wraps around.
func registerUnsigned(t *Type, size int, at arrow.DataType) {
	t.Physical = Int
	name := t.Name
	t.Parse = func(s string, _ int32, _ *Session) (Datum, error) {
		v, err := parseUnsigned(s, name, size*8)
		return IntDatum(v), err
	}
	t.Format = func(dst []byte, d Datum, _ *Session) []byte { return strconv.AppendUint(dst, uint64(d.I), 10) }
	t.Recv = func(b []byte, _ int32, _ *Session) (Datum, error) {
		if err := exactly(b, size); err != nil {
			return Datum{}, err
		}
		if size == 4 {
			return IntDatum(int64(binary.BigEndian.Uint32(b))), nil
		}
		return IntDatum(readInt(b)), nil
	}
	t.Send = func(dst []byte, d Datum, _ *Session) []byte { return appendInt(dst, d.I, size) }
	t.Compare, t.AppendKey = compareUint, appendUintKey
	t.Arrow = arrowOf(at)
}

func compareUint(a, b Datum) int { return cmp.Compare(uint64(a.I), uint64(b.I)) }

// appendUintKey orders as unsigned numbers. Those of 32 bits are never negative, so that they share the
// short form of integers.
func appendUintKey(dst []byte, d Datum) []byte {
	if d.I >= 0 {
		return keys.AppendInt(dst, d.I)
	}
	return keys.AppendUint64(append(dst, 0xff), uint64(d.I))
}

func parseUnsigned(in, name string, bits int) (int64, error) {
	v, n, err := scanUnsigned(in, name)
	if err == nil && trimLeft(in[n:]) != "" {
		err = badInput(name, in)
	}
	if err == nil && bits == 32 {
		v, err = narrowUnsigned(v, in, name)
	}
	return int64(v), err
}

// narrowUnsigned makes four bytes of a number that may have been negative.
func narrowUnsigned(v uint64, in, name string) (uint64, error) {
	if v != uint64(uint32(v)) && v != uint64(int32(v)) {
		return 0, pgerr.New(pgerrcode.NumericValueOutOfRange, "value \"%s\" is out of range for type %s", in, name)
	}
	return uint64(uint32(v)), nil
}

// scanUnsigned reads the number at the head of in as C's strtoul does, in decimal, octal (0) or hexadecimal (0x), and
// says where it ends.
func scanUnsigned(in, name string) (v uint64, end int, err error) {
	i := len(in) - len(trimLeft(in))
	negative := i < len(in) && in[i] == '-'
	if i < len(in) && (in[i] == '-' || in[i] == '+') {
		i++
	}
	base, digits := 10, "0123456789"
	switch {
	case len(in) > i+2 && in[i] == '0' && in[i+1]|0x20 == 'x' && hexDigit(in[i+2]) >= 0:
		base, digits, i = 16, "0123456789abcdefABCDEF", i+2
	case i < len(in) && in[i] == '0':
		base, digits = 8, "01234567"
	}
	end = i
	for end < len(in) && strings.IndexByte(digits, in[end]) >= 0 {
		end++
	}
	if end == i {
		return 0, 0, badInput(name, in)
	}
	if v, err = strconv.ParseUint(in[i:end], base, 64); err != nil {
		return 0, 0, pgerr.New(pgerrcode.NumericValueOutOfRange, "value \"%s\" is out of range for type %s", in, name)
	}
	if negative {
		v = -v
	}
	return v, end, nil
}

// hexDigit is the value of a hexadecimal digit, or -1.
func hexDigit(c byte) int {
	if c < '0' {
		return -1
	}
	return strings.IndexByte(hexDigits, c|0x20)
}

// registerLSN fills pg_lsn, a place in a log: "16/B374D848".
func registerLSN(t *Type) {
	registerUnsigned(t, 8, arrow.PrimitiveTypes.Uint64)
	t.Parse = func(s string, _ int32, _ *Session) (Datum, error) {
		high, low, ok := strings.Cut(s, "/")
		h, err1 := strconv.ParseUint(high, 16, 32)
		l, err2 := strconv.ParseUint(low, 16, 32)
		if !ok || err1 != nil || err2 != nil || len(high) > 8 || len(low) > 8 {
			return Datum{}, badInput("pg_lsn", s)
		}
		return IntDatum(int64(h<<32 | l)), nil
	}
	t.Format = func(dst []byte, d Datum, _ *Session) []byte {
		return fmt.Appendf(dst, "%X/%X", uint64(d.I)>>32, uint32(d.I))
	}
}

// registerReg fills regclass and its kin: OIDs that print as names.
func registerReg(t *Type) {
	registerOID(t)
	t.Parse = func(s string, _ int32, env *Session) (Datum, error) {
		if s == "-" {
			return IntDatum(0), nil
		}
		if v, err := strconv.ParseUint(s, 10, 32); err == nil {
			return IntDatum(int64(v)), nil
		}
		if env == nil || env.Catalog == nil {
			return Datum{}, pgerr.New(pgerrcode.UndefinedObject, "\"%s\" is not known as a %s here", s, t.Name)
		}
		oid, err := env.Catalog.RegIn(t.OID, s)
		return IntDatum(int64(oid)), err
	}
	t.Format = func(dst []byte, d Datum, env *Session) []byte {
		if d.I == 0 {
			if t.Name == "regoper" || t.Name == "regoperator" {
				return append(dst, '0')
			}
			return append(dst, '-')
		}
		if env != nil && env.Catalog != nil {
			if s, ok := env.Catalog.RegOut(t.OID, OID(d.I)); ok {
				return append(dst, s...)
			}
		}
		return strconv.AppendInt(dst, d.I, 10)
	}
}

// registerTID fills ctid: a row id shown as (block,offset). Physical Int.
func registerTID(t *Type) {
	t.Physical = Int
	t.Parse = func(s string, _ int32, _ *Session) (Datum, error) {
		body, ok := strings.CutPrefix(trim(s), "(")
		body, ok2 := strings.CutSuffix(body, ")")
		block, off, ok3 := strings.Cut(body, ",")
		b, err1 := parseUnsigned(block, "tid", 32)
		o, err2 := strconv.ParseUint(off, 10, 16)
		if !ok || !ok2 || !ok3 || err1 != nil || err2 != nil {
			return Datum{}, badInput("tid", s)
		}
		return IntDatum(b<<16 | int64(o)), nil
	}
	t.Format = func(dst []byte, d Datum, _ *Session) []byte {
		dst = strconv.AppendUint(append(dst, '('), uint64(d.I)>>16, 10)
		dst = strconv.AppendUint(append(dst, ','), uint64(d.I)&0xffff, 10)
		return append(dst, ')')
	}
	t.Recv = func(b []byte, _ int32, _ *Session) (Datum, error) {
		if err := exactly(b, 6); err != nil {
			return Datum{}, err
		}
		return IntDatum(int64(binary.BigEndian.Uint32(b))<<16 | int64(binary.BigEndian.Uint16(b[4:]))), nil
	}
	t.Send = func(dst []byte, d Datum, _ *Session) []byte {
		return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint32(dst, uint32(d.I>>16)), uint16(d.I))
	}
	t.Compare, t.AppendKey = compareInt, appendIntKey
	t.Arrow = arrowOf(arrow.PrimitiveTypes.Int64)
}

func registerFloat4(t *Type) { registerFloat(t, 32, arrow.PrimitiveTypes.Float32) }
func registerFloat8(t *Type) { registerFloat(t, 64, arrow.PrimitiveTypes.Float64) }

func registerFloat(t *Type, bits int, at arrow.DataType) {
	t.Physical = Float
	t.Parse = func(s string, _ int32, _ *Session) (Datum, error) {
		v, err := parseFloat(s, t.SQLName, bits)
		return FloatDatum(v), err
	}
	t.Format = func(dst []byte, d Datum, env *Session) []byte { return AppendFloat(dst, d.Float(), bits, env) }
	t.Recv = func(b []byte, _ int32, _ *Session) (Datum, error) {
		if err := exactly(b, bits/8); err != nil {
			return Datum{}, err
		}
		if bits == 32 {
			return FloatDatum(float64(math.Float32frombits(binary.BigEndian.Uint32(b)))), nil
		}
		return FloatDatum(math.Float64frombits(binary.BigEndian.Uint64(b))), nil
	}
	t.Send = func(dst []byte, d Datum, _ *Session) []byte {
		if bits == 32 {
			return binary.BigEndian.AppendUint32(dst, math.Float32bits(float32(d.Float())))
		}
		if f := d.Float(); math.IsNaN(f) { // one NaN for all
			return binary.BigEndian.AppendUint64(dst, 0x7ff8<<48)
		}
		return binary.BigEndian.AppendUint64(dst, uint64(d.I))
	}
	t.Compare = func(a, b Datum) int { return CompareFloat(a.Float(), b.Float()) }
	t.AppendKey = func(dst []byte, d Datum) []byte { return keys.AppendFloat(dst, d.Float()) }
	t.Arrow = arrowOf(at)
}

// CompareFloat orders as PostgreSQL does: NaN equals itself and is greater than all else, -0 equals 0.
func CompareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	case a == b:
		return 0
	case math.IsNaN(a) && math.IsNaN(b):
		return 0
	case math.IsNaN(a):
		return 1
	}
	return -1
}

func parseFloat(in, name string, bits int) (float64, error) {
	s := trimLeft(in)
	v, n, inRange := scanFloat(s, bits)
	switch {
	case n > 0 && !inRange:
		return 0, outOfRange(s[:n], name)
	case n == 0 || trimLeft(s[n:]) != "":
		return 0, badInput(name, in)
	}
	return v, nil
}

// scanFloat reads the number at the head of s as C's strtod does: end is where it ends, 0 when there is none. A number out
// of range is infinite or 0.
func scanFloat(s string, bits int) (v float64, end int, inRange bool) {
	body := s
	if s != "" && (s[0] == '-' || s[0] == '+') {
		body = s[1:]
	}
	sign := s[:len(s)-len(body)]
	for _, word := range []string{"infinity", "inf", "nan"} {
		if len(body) >= len(word) && strings.EqualFold(body[:len(word)], word) {
			v, _ = strconv.ParseFloat(word, 64)
			if sign == "-" {
				v = -v
			}
			return v, len(sign) + len(word), true
		}
	}
	prefix, isDigit, exponent := "", isDigit, byte('e')
	if len(body) > 2 && body[0] == '0' && body[1]|0x20 == 'x' {
		prefix, isDigit, exponent = body[:2], func(c byte) bool { return hexDigit(c) >= 0 }, 'p'
	}
	n, mantissa := len(prefix), 0
	for dot := false; n < len(body) && (isDigit(body[n]) || body[n] == '.' && !dot); n++ {
		if body[n] == '.' {
			dot = true
		} else {
			mantissa++
		}
	}
	switch {
	case mantissa == 0 && prefix != "":
		return math.Copysign(0, signed(sign)), len(sign) + 1, true // the 0 before the x
	case mantissa == 0:
		return 0, 0, true
	}
	digits, power := body[:n], ""
	if k := exponentEnd(body, n, exponent); k > n {
		power, n = body[n:k], k
	} else if prefix != "" { // C lets the exponent of a hexadecimal number away
		power = "p0"
	}
	v, err := strconv.ParseFloat(sign+digits+power, bits)
	zero := v == 0 && strings.ContainsAny(digits[len(prefix):], "123456789abcdefABCDEF")
	return v, len(sign) + n, err == nil && !zero
}

func signed(sign string) float64 {
	if sign == "-" {
		return -1
	}
	return 1
}

// exponentEnd is where an exponent that begins at n ends; n when there is none.
func exponentEnd(s string, n int, letter byte) int {
	k := n + 1
	if n >= len(s) || s[n]|0x20 != letter {
		return n
	}
	if k < len(s) && (s[k] == '+' || s[k] == '-') {
		k++
	}
	if k >= len(s) || !isDigit(s[k]) {
		return n
	}
	for k < len(s) && isDigit(s[k]) {
		k++
	}
	return k
}

func outOfRange(in, name string) error {
	return pgerr.New(pgerrcode.NumericValueOutOfRange, "\"%s\" is out of range for type %s", trim(in), name)
}

// AppendFloat prints a float of 32 or 64 bits as PostgreSQL does: shortest digits that read back, or
// fewer with extra_float_digits below 1.
func AppendFloat(dst []byte, f float64, bits int, env *Session) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, "NaN"...)
	case math.IsInf(f, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(f, -1):
		return append(dst, "-Infinity"...)
	}
	if env != nil && env.ExtraFloatDigits < 0 {
		digits := 16 + env.ExtraFloatDigits
		if bits == 32 {
			digits = 7 + env.ExtraFloatDigits
		}
		return appendG(dst, f, max(digits, 1))
	}
	var buf [32]byte
	b := strconv.AppendFloat(buf[:0], f, 'e', -1, bits)
	if whole := math.Abs(f); whole < middleEnd && (whole >= 1<<53 || bits == 32 && whole >= 1<<24) {
		b = offMiddle(b, f, bits)
	}
	i := len(b) - 1
	for b[i] != 'e' {
		i--
	}
	e := 0
	for _, c := range b[i+2:] {
		e = 10*e + int(c-'0')
	}
	if b[i+1] == '-' {
		e = -e
	}
	limit := 15
	if bits == 32 {
		limit = 6
	}
	if e < -4 || e >= limit {
		return append(dst, b...)
	}
	return appendFixed(dst, b[:i], e)
}

// middleEnd is beyond the numbers that can be in the middle of two floats and be written in 17 digits: with so many zeros behind them
// they would have to be a multiple of a greater power of 5 than 54 bits hold.
const middleEnd = 1e41

// offMiddle returns the shortest digits that are nearer to f than to any other float. The shortest that read back as f, in b,
// may stand in the middle between f and its neighbour, as 1e23 does: those PostgreSQL does not print. Only whole numbers beyond
// the float's digits have such middles that are short.
func offMiddle(b []byte, f float64, bits int) []byte {
	digits := 0 // behind the first
	if i := bytes.IndexByte(b, '.'); i >= 0 {
		digits = bytes.IndexByte(b, 'e') - i - 1
	}
	for inMiddle(b, f, bits) {
		digits++
		b = strconv.AppendFloat(b[:0], f, 'e', digits, bits)
	}
	return b
}

// inMiddle says whether a number stands in the middle between f and one of its neighbours.
func inMiddle(number []byte, f float64, bits int) bool {
	d, ok := new(big.Rat).SetString(string(number))
	if !ok {
		return false
	}
	for _, toward := range []float64{math.Inf(1), math.Inf(-1)} {
		next := math.Nextafter(f, toward)
		if bits == 32 {
			next = float64(math.Nextafter32(float32(f), float32(toward)))
		}
		if math.IsInf(next, 0) {
			continue
		}
		sum := new(big.Rat).SetFloat64(f)
		if sum.Add(sum, new(big.Rat).SetFloat64(next)).Cmp(new(big.Rat).Add(d, d)) == 0 {
			return true
		}
	}
	return false
}

// appendFixed prints digits of the form [-]d[.ddd] times ten to the e without an exponent.
func appendFixed(dst, mantissa []byte, e int) []byte {
	if mantissa[0] == '-' {
		dst, mantissa = append(dst, '-'), mantissa[1:]
	}
	var rest []byte
	if len(mantissa) > 2 {
		rest = mantissa[2:]
	}
	if e < 0 {
		dst = append(dst, "0.0000"[:1-e]...)
		return append(append(dst, mantissa[0]), rest...)
	}
	dst = append(dst, mantissa[0])
	if len(rest) > e {
		dst = append(append(dst, rest[:e]...), '.')
		return append(dst, rest[e:]...)
	}
	dst = append(dst, rest...)
	for range e - len(rest) {
		dst = append(dst, '0')
	}
	return dst
}

// appendG prints with C's %.*g.
func appendG(dst []byte, f float64, digits int) []byte {
	var buf [64]byte
	b := strconv.AppendFloat(buf[:0], f, 'e', digits-1, 64)
	i := strings.IndexByte(string(b), 'e')
	e, _ := strconv.Atoi(string(b[i+1:]))
	if e < -4 || e >= digits {
		mant := strings.TrimRight(string(b[:i]), "0")
		if !strings.Contains(string(b[:i]), ".") {
			mant = string(b[:i])
		}
		dst = append(dst, strings.TrimSuffix(mant, ".")...)
		return append(dst, b[i:]...)
	}
	s := strconv.FormatFloat(f, 'f', max(digits-1-e, 0), 64)
	if strings.Contains(s, ".") {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	return append(dst, s...)
}

// registerUUID: the canonical form is the 16 bytes.
func registerUUID(t *Type) {
	t.Physical = String
	t.Parse = func(s string, _ int32, _ *Session) (Datum, error) {
		body := s
		if strings.HasPrefix(body, "{") && strings.HasSuffix(body, "}") {
			body = body[1 : len(body)-1]
		}
		raw, err := hex.DecodeString(strings.ReplaceAll(body, "-", ""))
		if err != nil || len(raw) != 16 || !uuidHyphens(body) {
			return Datum{}, badInput("uuid", s)
		}
		return StringDatum(string(raw)), nil
	}
	t.Format = func(dst []byte, d Datum, _ *Session) []byte {
		for i, n := range [...]int{0, 4, 6, 8, 10, 16} {
			if i == 5 {
				break
			}
			if i > 0 {
				dst = append(dst, '-')
			}
			dst = hex.AppendEncode(dst, []byte(d.S[n:[...]int{4, 6, 8, 10, 16}[i]]))
		}
		return dst
	}
	t.Recv = func(b []byte, _ int32, _ *Session) (Datum, error) {
		if err := exactly(b, 16); err != nil {
			return Datum{}, err
		}
		return StringDatum(string(b)), nil
	}
	t.Send = sendString
	t.Compare = compareString
	t.AppendKey = func(dst []byte, d Datum) []byte { return append(dst, d.S...) }
	t.Arrow = arrowOf(&arrow.FixedSizeBinaryType{ByteWidth: 16})
}

// uuidHyphens says whether hyphens stand only after groups of four digits.
func uuidHyphens(s string) bool {
	digits := 0
	for i := 0; i < len(s); i++ {
		if s[i] != '-' {
			digits++
			continue
		}
		if digits == 0 || digits%4 != 0 || digits == 32 || s[i-1] == '-' {
			return false
		}
	}
	return true
}

func sendString(dst []byte, d Datum, _ *Session) []byte { return append(dst, d.S...) }

func registerVoid(t *Type) {
	t.Physical = String
	t.Parse = func(string, int32, *Session) (Datum, error) { return StringDatum(""), nil }
	t.Format = func(dst []byte, _ Datum, _ *Session) []byte { return dst }
	t.Recv = func([]byte, int32, *Session) (Datum, error) { return StringDatum(""), nil }
	t.Send = func(dst []byte, _ Datum, _ *Session) []byte { return dst }
}
