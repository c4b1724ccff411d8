package storage

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/vecdb/vecdb/sql/types"
)

// rowFormat is the first byte of a row's bytes in the tail.
const rowFormat = 1

// Tags of values in row bytes. On disk: docs/format/store.md.
const (
	tagNull   = 0
	tagFalse  = 1
	tagTrue   = 2
	tagInt    = 3 // zigzag varint
	tagFloat  = 4 // 8 bytes, little-endian
	tagString = 5 // uvarint length, bytes
	tagRef    = 6 // uvarint version: the vector of that version of the row
)

// appendRow appends the bytes of row off of c: format, number of columns, and for each column its
// number, a tag and the value. A column that is not there has the missing value.
func appendRow(dst []byte, c *chunk, off rowOffset) []byte {
	dst = append(dst, rowFormat)
	dst = binary.AppendUvarint(dst, uint64(len(c.cols)))
	for i := range c.cols {
		cc := &c.cols[i]
		dst = binary.AppendUvarint(dst, uint64(c.layout.cols[i].num))
		switch {
		case cc.refs != nil && cc.refs[off] != 0:
			dst = append(dst, tagRef)
			dst = binary.AppendUvarint(dst, uint64(cc.refs[off]))
		case cc.col.Nulls[off]:
			dst = append(dst, tagNull)
		default:
			dst = appendValue(dst, cc, off)
		}
	}
	return dst
}

func appendValue(dst []byte, cc *chunkColumn, off rowOffset) []byte {
	switch cc.col.Phys {
	case types.Bool:
		if cc.col.B[off] {
			return append(dst, tagTrue)
		}
		return append(dst, tagFalse)
	case types.Int:
		return binary.AppendVarint(append(dst, tagInt), cc.col.I[off])
	case types.Float:
		return binary.LittleEndian.AppendUint64(append(dst, tagFloat), math.Float64bits(cc.col.F[off]))
	default:
		s := cc.col.S[off]
		dst = binary.AppendUvarint(append(dst, tagString), uint64(len(s)))
		return append(dst, s...)
	}
}

// decodeRow reads row bytes into row at of c. Columns that c's layout has no longer are skipped,
// those that the bytes lack get the missing value. The strings are copies.
func decodeRow(c *chunk, at int, b []byte) error {
	for i := range c.cols {
		c.setDatum(i, at, c.layout.cols[i].missing)
	}
	if len(b) == 0 || b[0] != rowFormat {
		return fmt.Errorf("%w: row format", ErrCorrupt)
	}
	r := byteReader{rest: b[1:]}
	for range r.uvarint() {
		num := r.uvarint()
		d, ref, err := r.value()
		if err != nil {
			return err
		}
		i := c.layout.at(int16(min(num, math.MaxInt16)))
		if i < 0 {
			continue
		}
		if ref != 0 && c.cols[i].refs == nil {
			return fmt.Errorf("%w: reference in a scalar column", ErrCorrupt)
		}
		c.setDatum(i, at, d)
		if c.cols[i].refs != nil {
			c.cols[i].refs[at] = ref
		}
	}
	if r.bad || len(r.rest) != 0 {
		return fmt.Errorf("%w: row bytes", ErrCorrupt)
	}
	return nil
}

// byteReader takes varints and fixed fields off bytes; bad turns true when they end too early.
type byteReader struct {
	rest []byte
	bad  bool
}

func (r *byteReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *byteReader) take(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.bad, r.rest = true, nil
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *byteReader) value() (d types.Datum, ref Version, err error) {
	tag := r.take(1)
	if r.bad {
		return d, 0, fmt.Errorf("%w: row bytes end early", ErrCorrupt)
	}
	switch tag[0] {
	case tagNull:
		d = types.NullDatum
	case tagFalse, tagTrue:
		d = types.BoolDatum(tag[0] == tagTrue)
	case tagInt:
		v, n := binary.Varint(r.rest)
		if n <= 0 {
			r.bad = true
			break
		}
		r.rest = r.rest[n:]
		d = types.IntDatum(v)
	case tagFloat:
		if b := r.take(8); b != nil {
			d.I = int64(binary.LittleEndian.Uint64(b))
		}
	case tagString:
		d = types.StringDatum(string(r.take(r.uvarint())))
	case tagRef:
		ref = Version(r.uvarint())
	default:
		return d, 0, fmt.Errorf("%w: row value tag %d", ErrCorrupt, tag[0])
	}
	if r.bad {
		err = fmt.Errorf("%w: row bytes end early", ErrCorrupt)
	}
	return d, ref, err
}
