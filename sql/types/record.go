package types

import (
	"cmp"
	"encoding/binary"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/internal/keys"
	"github.com/vecdb/vecdb/sql/pgerr"
)

// The canonical form of a record: number of fields as uvarint, then for each its type OID (4 bytes,
// little-endian) and its value as an array's item.

// Field is one field of a decoded record.
type Field struct {
	Type OID
	D    Datum
}

// EncodeRecord returns the canonical form.
func EncodeRecord(fields []Field) string {
	dst := binary.AppendUvarint(nil, uint64(len(fields)))
	for _, f := range fields {
		dst = binary.LittleEndian.AppendUint32(dst, uint32(f.Type))
		dst = appendItem(dst, physicalOf(f.Type), f.D)
	}
	return string(dst)
}

// DecodeRecord reads the canonical form. Strings of fields share s.
func DecodeRecord(s string) ([]Field, error) {
	r := itemReader{s: s}
	n := r.uvarint()
	if n > uint64(len(s)) {
		r.bad = true
		n = 0
	}
	fields := make([]Field, n)
	for i := range fields {
		b := r.take(4)
		if b == "" {
			break
		}
		fields[i].Type = OID(binary.LittleEndian.Uint32([]byte(b)))
		fields[i].D = r.item(physicalOf(fields[i].Type))
	}
	if r.bad {
		return nil, pgerr.New(pgerrcode.DataCorrupted, "record value is damaged")
	}
	return fields, nil
}

func registerRecord(t *Type) {
	t.Physical = String
	t.Parse = func(string, int32, *Session) (Datum, error) {
		return Datum{}, pgerr.New(pgerrcode.FeatureNotSupported, "input of anonymous composite types is not implemented")
	}
	t.Recv = func([]byte, int32, *Session) (Datum, error) {
		return Datum{}, pgerr.New(pgerrcode.FeatureNotSupported, "input of anonymous composite types is not implemented")
	}
	t.Format = formatRecord
	t.Send = sendRecord
	t.Compare = func(a, b Datum) int { return compareRecords(a.S, b.S) }
	t.AppendKey = func(dst []byte, d Datum) []byte { return appendRecordKey(dst, d.S) }
	t.Arrow = arrowOf(arrow.BinaryTypes.Binary)
}

func formatRecord(dst []byte, d Datum, env *Session) []byte {
	fields, _ := DecodeRecord(d.S)
	dst = append(dst, '(')
	for i, f := range fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		typ := Representation(f.Type)
		if f.D.Null || typ.Format == nil {
			continue
		}
		start := len(dst)
		dst = typ.Format(dst, f.D, env)
		dst = quoteField(dst, start)
	}
	return append(dst, ')')
}

// quoteField puts quotes around what was appended since start when the syntax of records needs them.
func quoteField(dst []byte, start int) []byte {
	text := string(dst[start:])
	if text != "" && !strings.ContainsAny(text, "\"\\(), \t\n\r\v\f") {
		return dst
	}
	dst = append(dst[:start], '"')
	for i := 0; i < len(text); i++ {
		if text[i] == '"' || text[i] == '\\' {
			dst = append(dst, text[i])
		}
		dst = append(dst, text[i])
	}
	return append(dst, '"')
}

func sendRecord(dst []byte, d Datum, env *Session) []byte {
	fields, _ := DecodeRecord(d.S)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(fields)))
	for _, f := range fields {
		dst = binary.BigEndian.AppendUint32(dst, uint32(f.Type))
		typ := Representation(f.Type)
		if typ.Send == nil {
			dst = append(dst, 0xff, 0xff, 0xff, 0xff)
			continue
		}
		dst = sendField(dst, f.D, typ, env)
	}
	return dst
}

func compareRecords(a, b string) int {
	c, _ := CompareRecords(a, b)
	return c
}

// CompareRecords orders two records by their first fields that differ. It refuses fields of two types before
// those, and records of two lengths that are equal as far as they go.
func CompareRecords(sa, sb string) (int, error) {
	a, _ := DecodeRecord(sa)
	b, _ := DecodeRecord(sb)
	for i := range min(len(a), len(b)) {
		if a[i].Type != b[i].Type {
			return cmp.Compare(a[i].Type, b[i].Type), pgerr.New(pgerrcode.DatatypeMismatch,
				"cannot compare dissimilar column types %s and %s at record column %d",
				FormatType(Of(a[i].Type)), FormatType(Of(b[i].Type)), i+1)
		}
		x, y := a[i].D, b[i].D
		switch {
		case x.Null && y.Null:
			continue
		case x.Null:
			return 1, nil
		case y.Null:
			return -1, nil
		}
		if t := Representation(a[i].Type); t.Compare != nil {
			if c := t.Compare(x, y); c != 0 {
				return c, nil
			}
		}
	}
	if len(a) != len(b) {
		return len(a) - len(b), pgerr.New(pgerrcode.DatatypeMismatch,
			"cannot compare record types with different numbers of columns")
	}
	return 0, nil
}

func appendRecordKey(dst []byte, s string) []byte {
	fields, _ := DecodeRecord(s)
	for _, f := range fields {
		t := Representation(f.Type)
		if f.D.Null || t.AppendKey == nil {
			dst = append(dst, keys.NullLast)
			continue
		}
		dst = t.AppendKey(append(dst, keys.Present), f.D)
	}
	return append(dst, keys.End)
}
