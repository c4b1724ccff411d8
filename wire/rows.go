package wire

import (
	"encoding/binary"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/wire/backend"
)

// columnEncoder appends a value in the format that the client asked for.
type columnEncoder func(dst []byte, d types.Datum, env *types.Session) []byte

// Formats of values.
const (
	textFormat   = 0
	binaryFormat = 1
)

// valueBytesGuess is what a value with its length takes in most results; it only decides how early the
// output borrows a page.
const valueBytesGuess = 16

// encoders finds the functions that encode rows with these fields.
func (c *conn) encoders(fields []backend.Field) error {
	c.columns = c.columns[:0]
	for i := range fields {
		enc, err := encoderOf(&fields[i])
		if err != nil {
			return err
		}
		c.columns = append(c.columns, enc)
	}
	return nil
}

func encoderOf(f *backend.Field) (columnEncoder, error) {
	t := types.Representation(f.Type.OID)
	var enc columnEncoder
	switch f.Format {
	case textFormat:
		if enc = t.Format; enc == nil {
			enc = plainText
		}
	case binaryFormat:
		enc = t.Send
	default:
		return nil, pgerr.New(pgerrcode.InvalidParameterValue, "unsupported format code: %d", f.Format)
	}
	if enc == nil {
		return nil, pgerr.New(pgerrcode.UndefinedFunction, "no binary output function available for type %s", t.SQLName)
	}
	return enc, nil
}

// plainText is the text form of types without codecs: only columns of the system catalog have them, and
// their values, if there are any, are held as text.
func plainText(dst []byte, d types.Datum, _ *types.Session) []byte { return append(dst, d.S...) }

// sendRows encodes the rows of a batch that count straight into the output.
func (c *conn) sendRows(b *batch.Batch) error {
	rows := b.Rows()
	env := c.sess.Settings()
	c.out.reserve(min(c.out.limit, rows*len(c.columns)*valueBytesGuess))
	for i := range rows {
		buf, ok := appendRow(c.out.buf, b.Cols, b.Row(i), c.columns, env)
		if !ok {
			return pgerr.New(pgerrcode.ProgramLimitExceeded, "row is too large to be sent: %d bytes", len(buf)-len(c.out.buf))
		}
		c.out.buf = buf
		c.out.bound()
	}
	return c.out.err
}

// appendRow appends a DataRow message; false if it is longer than the protocol can carry.
func appendRow(
	dst []byte, cols []*batch.Column, row int, encoders []columnEncoder, env *types.Session,
) ([]byte, bool) {
	start := len(dst)
	dst = append(dst, 'D', 0, 0, 0, 0)
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(encoders)))
	for i, enc := range encoders {
		col := cols[i]
		at := len(dst)
		dst = append(dst, 0xff, 0xff, 0xff, 0xff) // the length of NULL
		if col.Null(row) {
			continue
		}
		dst = enc(dst, col.Datum(row), env)
		binary.BigEndian.PutUint32(dst[at:], uint32(len(dst)-at-4))
	}
	size := len(dst) - start - 1
	binary.BigEndian.PutUint32(dst[start+1:], uint32(size))
	return dst, size <= rowBytesMax
}

// rowDescription adds a RowDescription.
func (o *output) rowDescription(fields []backend.Field) {
	o.start()
	start := len(o.buf)
	b := append(o.buf, 'T', 0, 0, 0, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(len(fields)))
	for i := range fields {
		f := &fields[i]
		b = append(append(b, f.Name...), 0)
		b = binary.BigEndian.AppendUint32(b, uint32(f.TableOID))
		b = binary.BigEndian.AppendUint16(b, uint16(f.Attr))
		b = binary.BigEndian.AppendUint32(b, uint32(f.Type.OID))
		b = binary.BigEndian.AppendUint16(b, uint16(f.Len))
		b = binary.BigEndian.AppendUint32(b, uint32(f.Type.Mod))
		b = binary.BigEndian.AppendUint16(b, uint16(f.Format))
	}
	binary.BigEndian.PutUint32(b[start+1:], uint32(len(b)-start-1))
	o.buf = b
	o.bound()
}
