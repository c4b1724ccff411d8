package types

import (
	"cmp"
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/internal/keys"
	"github.com/vecdb/vecdb/sql/pgerr"
)

// Limits of arrays, PostgreSQL's: of dimensions, and of items.
const (
	ArrayDimsMax  = 6
	arrayItemsMax = 1<<27 - 1
)

// Array is a decoded array. Items are in row-major order. An empty array has no dimensions.
type Array struct {
	Elem  OID
	Dims  []int // length of each dimension
	Lower []int // lower bound of each
	Items []Datum
}

// The canonical form of an array: element OID (4 bytes, little-endian), number of dimensions (1 byte),
// for each its length and lower bound (varints), then the items: 0 for null, else 1 and the value (Bool
// 1 byte, Int varint, Float 8 bytes little-endian, String length as uvarint and bytes).

// ArrayOf encodes a one-dimensional array with lower bound 1.
func ArrayOf(elem OID, items []Datum) string {
	a := Array{Elem: elem, Items: items}
	if len(items) > 0 {
		a.Dims, a.Lower = []int{len(items)}, []int{1}
	}
	return a.Encode()
}

// Encode returns the canonical form.
func (a Array) Encode() string {
	dst := make([]byte, 0, 16+8*len(a.Items))
	dst = binary.LittleEndian.AppendUint32(dst, uint32(a.Elem))
	dst = append(dst, byte(len(a.Dims)))
	for i, n := range a.Dims {
		dst = binary.AppendUvarint(dst, uint64(n))
		dst = binary.AppendVarint(dst, int64(a.Lower[i]))
	}
	phys := physicalOf(a.Elem)
	for _, d := range a.Items {
		dst = appendItem(dst, phys, d)
	}
	return string(dst)
}

func physicalOf(oid OID) Physical {
	if t := Lookup(oid); t != nil {
		return t.Physical
	}
	return String
}

func appendItem(dst []byte, phys Physical, d Datum) []byte {
	if d.Null {
		return append(dst, 0)
	}
	dst = append(dst, 1)
	switch phys {
	case Bool:
		return append(dst, byte(d.I&1))
	case Int:
		return binary.AppendVarint(dst, d.I)
	case Float:
		return binary.LittleEndian.AppendUint64(dst, uint64(d.I))
	default:
		return append(binary.AppendUvarint(dst, uint64(len(d.S))), d.S...)
	}
}

// DecodeArray reads the canonical form. Strings of items share s.
func DecodeArray(s string) (Array, error) {
	bad := pgerr.New(pgerrcode.DataCorrupted, "array value is damaged")
	if len(s) < 5 {
		return Array{}, bad
	}
	a := Array{Elem: OID(binary.LittleEndian.Uint32([]byte(s[:4])))}
	r := itemReader{s: s[5:]}
	nd := int(s[4])
	if nd > ArrayDimsMax {
		return Array{}, bad
	}
	n := min(nd, 1)
	for range nd {
		k := int(r.uvarint())
		a.Dims = append(a.Dims, k)
		a.Lower = append(a.Lower, int(r.varint()))
		if k < 0 || k > arrayItemsMax || n*k > arrayItemsMax {
			return Array{}, bad
		}
		n *= k
	}
	if n > len(r.s) { // each item takes a byte at least
		return Array{}, bad
	}
	phys := physicalOf(a.Elem)
	a.Items = make([]Datum, n)
	for i := range a.Items {
		a.Items[i] = r.item(phys)
	}
	if r.bad {
		return Array{}, bad
	}
	return a, nil
}

// itemReader reads the parts of canonical arrays and records; bad is set when the bytes end early.
type itemReader struct {
	s   string
	bad bool
}

func (r *itemReader) take(n int) string {
	if n < 0 || n > len(r.s) {
		r.bad, r.s = true, ""
		return ""
	}
	out := r.s[:n]
	r.s = r.s[n:]
	return out
}

func (r *itemReader) uvarint() uint64 {
	var v uint64
	for shift := 0; shift < 64; shift += 7 {
		b := r.take(1)
		if b == "" {
			return 0
		}
		v |= uint64(b[0]&0x7f) << shift
		if b[0] < 0x80 {
			return v
		}
	}
	r.bad = true
	return 0
}

func (r *itemReader) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (r *itemReader) item(phys Physical) Datum {
	flag := r.take(1)
	if flag == "" || flag[0] == 0 {
		return NullDatum
	}
	switch phys {
	case Bool:
		if b := r.take(1); b != "" {
			return BoolDatum(b[0] != 0)
		}
		return NullDatum
	case Int:
		return IntDatum(r.varint())
	case Float:
		if b := r.take(8); b != "" {
			return Datum{I: int64(binary.LittleEndian.Uint64([]byte(b)))}
		}
		return NullDatum
	default:
		return StringDatum(r.take(int(r.uvarint())))
	}
}

// registerAnyArray fills anyarray, which columns of pg_stats have: an array of whatever it says.
func registerAnyArray(t *Type) {
	t.Physical = String
	t.Parse = func(string, int32, *Session) (Datum, error) {
		return Datum{}, pgerr.New(pgerrcode.FeatureNotSupported, "cannot accept a value of type %s", t.SQLName)
	}
	t.Recv = func([]byte, int32, *Session) (Datum, error) { return t.Parse("", -1, nil) }
	elem := func(d Datum) *Type {
		a, _ := DecodeArray(d.S)
		return Lookup(a.Elem)
	}
	t.Format = func(dst []byte, d Datum, env *Session) []byte { return appendArray(dst, d.S, elem(d), env) }
	t.Send = func(dst []byte, d Datum, env *Session) []byte { return sendArray(dst, d.S, elem(d), env) }
}

func registerArray(t, elem *Type) {
	t.Physical = String
	t.Parse = func(s string, mod int32, env *Session) (Datum, error) {
		a, err := parseArray(s, t, elem, mod, env)
		if err != nil {
			return Datum{}, err
		}
		return StringDatum(a.Encode()), nil
	}
	t.Format = func(dst []byte, d Datum, env *Session) []byte { return appendArray(dst, d.S, elem, env) }
	t.Recv = func(b []byte, mod int32, env *Session) (Datum, error) { return recvArray(b, elem, mod, env) }
	t.Send = func(dst []byte, d Datum, env *Session) []byte { return sendArray(dst, d.S, elem, env) }
	if elem.Compare != nil {
		t.Compare = func(a, b Datum) int { return compareArrays(a.S, b.S, elem) }
	}
	if elem.AppendKey != nil {
		t.AppendKey = func(dst []byte, d Datum) []byte { return appendArrayKey(dst, d.S, elem) }
	}
	if elem.Arrow != nil { // the text form, which other readers of fragments understand
		t.Arrow = arrowOf(arrow.BinaryTypes.String)
	}
	t.ModIn, t.ModOut = elem.ModIn, elem.ModOut
	if elem.ApplyMod != nil {
		t.ApplyMod = func(d Datum, mod int32, explicit bool) (Datum, error) {
			a, err := DecodeArray(d.S)
			if err != nil {
				return Datum{}, err
			}
			for i, it := range a.Items {
				if it.Null {
					continue
				}
				if a.Items[i], err = elem.ApplyMod(it, mod, explicit); err != nil {
					return Datum{}, err
				}
			}
			return StringDatum(a.Encode()), nil
		}
	}
}

// compareArrays orders element by element, then by number of elements, dimensions, lengths and bounds.
func compareArrays(sa, sb string, elem *Type) int {
	a, _ := DecodeArray(sa)
	b, _ := DecodeArray(sb)
	for i := range min(len(a.Items), len(b.Items)) {
		x, y := a.Items[i], b.Items[i]
		switch {
		case x.Null && y.Null:
			continue
		case x.Null:
			return 1
		case y.Null:
			return -1
		}
		if c := elem.Compare(x, y); c != 0 {
			return c
		}
	}
	if d := len(a.Items) - len(b.Items); d != 0 {
		return d
	}
	if d := len(a.Dims) - len(b.Dims); d != 0 {
		return d
	}
	for i := range a.Dims {
		if d := a.Dims[i] - b.Dims[i]; d != 0 {
			return d
		}
		if d := a.Lower[i] - b.Lower[i]; d != 0 {
			return d
		}
	}
	return 0
}

func appendArrayKey(dst []byte, s string, elem *Type) []byte {
	a, _ := DecodeArray(s)
	for _, it := range a.Items {
		if it.Null {
			dst = append(dst, keys.NullLast)
			continue
		}
		dst = elem.AppendKey(append(dst, keys.Present), it)
	}
	dst = append(dst, keys.End, byte(len(a.Dims)))
	for i := range a.Dims {
		dst = keys.AppendInt(dst, int64(a.Dims[i]))
		dst = keys.AppendInt(dst, int64(a.Lower[i]))
	}
	return dst
}

func appendArray(dst []byte, s string, elem *Type, env *Session) []byte {
	a, err := DecodeArray(s)
	if err != nil || len(a.Items) == 0 {
		return append(dst, "{}"...)
	}
	for _, l := range a.Lower {
		if l != 1 {
			for i := range a.Dims {
				dst = append(dst, '[')
				dst = strconv.AppendInt(dst, int64(a.Lower[i]), 10)
				dst = append(dst, ':')
				dst = strconv.AppendInt(dst, int64(a.Lower[i]+a.Dims[i]-1), 10)
				dst = append(dst, ']')
			}
			dst = append(dst, '=')
			break
		}
	}
	next := 0
	return appendLevel(dst, &a, 0, &next, elem, env)
}

func appendLevel(dst []byte, a *Array, depth int, next *int, elem *Type, env *Session) []byte {
	dst = append(dst, '{')
	for i := range a.Dims[depth] {
		if i > 0 {
			dst = append(dst, elem.Delim)
		}
		if depth+1 < len(a.Dims) {
			dst = appendLevel(dst, a, depth+1, next, elem, env)
			continue
		}
		d := a.Items[*next]
		*next++
		if d.Null {
			dst = append(dst, "NULL"...)
			continue
		}
		start := len(dst)
		dst = elem.Format(dst, d, env)
		dst = quoteItem(dst, start, elem.Delim)
	}
	return append(dst, '}')
}

// quoteItem puts quotes around what was appended since start when the syntax of arrays needs them.
func quoteItem(dst []byte, start int, delim byte) []byte {
	text := string(dst[start:])
	if text != "" && !strings.EqualFold(text, "null") && !strings.ContainsAny(text, "\"\\{} \t\n\r\v\f"+string(delim)) {
		return dst
	}
	dst = append(dst[:start], '"')
	for i := 0; i < len(text); i++ {
		if text[i] == '"' || text[i] == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, text[i])
	}
	return append(dst, '"')
}

func sendArray(dst []byte, s string, elem *Type, env *Session) []byte {
	a, _ := DecodeArray(s)
	nulls := uint32(0)
	for _, d := range a.Items {
		if d.Null {
			nulls = 1
		}
	}
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(a.Dims)))
	dst = binary.BigEndian.AppendUint32(dst, nulls)
	dst = binary.BigEndian.AppendUint32(dst, uint32(elem.OID))
	for i := range a.Dims {
		dst = binary.BigEndian.AppendUint32(dst, uint32(a.Dims[i]))
		dst = binary.BigEndian.AppendUint32(dst, uint32(a.Lower[i]))
	}
	for _, d := range a.Items {
		dst = sendField(dst, d, elem, env)
	}
	return dst
}

// sendField appends a value with its length, -1 for null.
func sendField(dst []byte, d Datum, t *Type, env *Session) []byte {
	at := len(dst)
	dst = append(dst, 0xff, 0xff, 0xff, 0xff)
	if d.Null {
		return dst
	}
	dst = t.Send(dst, d, env)
	binary.BigEndian.PutUint32(dst[at:], uint32(len(dst)-at-4))
	return dst
}

func recvArray(b []byte, elem *Type, mod int32, env *Session) (Datum, error) {
	short := false
	u := func() int {
		if len(b) < 4 {
			short = true
			return 0
		}
		v := int32(binary.BigEndian.Uint32(b))
		b = b[4:]
		return int(v)
	}
	bad := func(format string, args ...any) (Datum, error) {
		return Datum{}, pgerr.New(pgerrcode.InvalidBinaryRepresentation, format, args...)
	}
	nd, flags, oid := u(), u(), u()
	switch {
	case short:
		return Datum{}, cutBinary()
	case nd < 0:
		return bad("invalid number of dimensions: %d", nd)
	case nd > ArrayDimsMax:
		return Datum{}, ErrDimensions(nd)
	case flags != 0 && flags != 1:
		return bad("invalid array flags")
	case OID(uint32(oid)) != elem.OID:
		return Datum{}, pgerr.New(pgerrcode.DatatypeMismatch, "binary data has array element type %d (%s) instead of expected %d (%s)",
			uint32(oid), FormatType(Of(OID(uint32(oid)))), elem.OID, elem.SQLName)
	}
	a := Array{Elem: elem.OID}
	for range nd {
		a.Dims, a.Lower = append(a.Dims, u()), append(a.Lower, u())
	}
	if short {
		return Datum{}, cutBinary()
	}
	n, err := checkBounds(a.Dims, a.Lower)
	if err != nil {
		return Datum{}, err
	}
	for k := range n {
		size := u()
		switch {
		case short:
			return Datum{}, cutBinary()
		case size < -1 || size > len(b):
			return bad("insufficient data left in message")
		}
		if size == -1 {
			a.Items = append(a.Items, NullDatum)
			continue
		}
		d, err := elem.Recv(b[:size:size], mod, env)
		if err != nil {
			if pgerr.Code(err) == pgerrcode.InvalidBinaryRepresentation && err.Error() == BinaryLeftOver {
				return bad("improper binary format in array element %d", k+1)
			}
			return Datum{}, err
		}
		a.Items = append(a.Items, d)
		b = b[size:]
	}
	if len(b) != 0 {
		return Datum{}, badBinary()
	}
	if n == 0 {
		a.Dims, a.Lower = nil, nil
	}
	return StringDatum(a.Encode()), nil
}

// checkBounds counts the items of an array of such dimensions and refuses bounds beyond PostgreSQL's limits.
func checkBounds(dims, lower []int) (int, error) {
	n := min(len(dims), 1)
	for _, k := range dims {
		if k < 0 || k > arrayItemsMax || n*k > arrayItemsMax {
			return 0, errArraySize()
		}
		n *= k
	}
	for i, l := range lower {
		if l+dims[i] > math.MaxInt32 {
			return 0, pgerr.New(pgerrcode.ProgramLimitExceeded, "array lower bound is too large: %d", l)
		}
	}
	return n, nil
}

func registerInt2Vector(t *Type) { registerIntVector(t, Int2OID) }
func registerOIDVector(t *Type)  { registerIntVector(t, OIDOID) }

// registerIntVector fills int2vector and oidvector: arrays with lower bound 0, written with blanks.
func registerIntVector(t *Type, elem OID) {
	element := func() *Type { return Lookup(elem) }
	t.Physical = String
	t.Parse = func(s string, _ int32, _ *Session) (Datum, error) {
		a := Array{Elem: elem}
		for s = trimLeft(s); s != ""; s = trimLeft(s) {
			v, rest, err := parseVectorItem(s, elem)
			if err != nil {
				return Datum{}, err
			}
			a.Items = append(a.Items, IntDatum(v))
			s = rest
		}
		a.Dims, a.Lower = []int{len(a.Items)}, []int{0}
		return StringDatum(a.Encode()), nil
	}
	t.Format = func(dst []byte, d Datum, env *Session) []byte {
		a, _ := DecodeArray(d.S)
		for i, it := range a.Items {
			if i > 0 {
				dst = append(dst, ' ')
			}
			dst = element().Format(dst, it, env)
		}
		return dst
	}
	t.Recv = func(b []byte, mod int32, env *Session) (Datum, error) {
		d, err := recvArray(b, element(), mod, env)
		if err != nil {
			return d, err
		}
		a, err := DecodeArray(d.S)
		if err != nil {
			return d, err
		}
		if len(a.Dims) == 0 { // as Parse has it; PostgreSQL sends it and does not read it
			a.Dims, a.Lower = []int{0}, []int{0}
		}
		if len(a.Dims) != 1 || a.Lower[0] != 0 || slices.ContainsFunc(a.Items, func(d Datum) bool { return d.Null }) {
			return d, pgerr.New(pgerrcode.InvalidBinaryRepresentation, "invalid %s data", t.Name)
		}
		return StringDatum(a.Encode()), nil
	}
	t.Send = func(dst []byte, d Datum, env *Session) []byte { return sendArray(dst, d.S, element(), env) }
	t.Compare = func(a, b Datum) int { return compareArrays(a.S, b.S, element()) }
	t.AppendKey = func(dst []byte, d Datum) []byte { return appendArrayKey(dst, d.S, element()) }
	if elem == OIDOID { // ordered by length before members
		t.Compare = func(a, b Datum) int {
			if c := cmp.Compare(itemCount(a.S), itemCount(b.S)); c != 0 {
				return c
			}
			return compareArrays(a.S, b.S, element())
		}
		t.AppendKey = func(dst []byte, d Datum) []byte {
			return appendArrayKey(keys.AppendInt(dst, int64(itemCount(d.S))), d.S, element())
		}
	}
	t.Arrow = arrowOf(arrow.BinaryTypes.String)
}

// parseVectorItem reads the number at the head of s. Errors show all of s, as in PostgreSQL.
func parseVectorItem(s string, elem OID) (v int64, rest string, err error) {
	if elem == OIDOID {
		u, n, err := scanUnsigned(s, "oid")
		if err == nil {
			u, err = narrowUnsigned(u, s, "oid")
		}
		return int64(u), s[n:], err
	}
	n := 0
	for n < len(s) && (isDigit(s[n]) || n == 0 && (s[0] == '-' || s[0] == '+')) {
		n++
	}
	v, err = strconv.ParseInt(s[:n], 10, 16)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return 0, "", pgerr.New(pgerrcode.NumericValueOutOfRange, "value \"%s\" is out of range for type smallint", s)
	case err != nil || n < len(s) && s[n] != ' ':
		return 0, "", badInput("smallint", s)
	}
	return v, s[n:], nil
}

func itemCount(s string) int {
	a, _ := DecodeArray(s)
	return len(a.Items)
}
