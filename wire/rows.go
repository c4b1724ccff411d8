package wire

import (
	"encoding/binary"
	"errors"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/wire/backend"
)

// rowEncoder turns batches into DataRow messages in one buffer that is used again and again.
type rowEncoder struct {
	buf     []byte
	columns []columnEncoder
}

// columnEncoder appends one column's values.
type columnEncoder func(dst []byte, d types.Datum, env *types.Session) []byte

// raw is messages that are encoded already.
type raw struct{ b []byte }

// Backend marks a message of the server.
func (raw) Backend() {}

// Decode is not needed: nobody sends this message to us.
func (raw) Decode([]byte) error { return errors.New("not a message of clients") }

// Encode implements pgproto3.Message.
func (m raw) Encode(dst []byte) ([]byte, error) { return append(dst, m.b...), nil }

// begin prepares for rows with these fields.
func (e *rowEncoder) begin(fields []backend.Field) {
	e.columns = e.columns[:0]
	for _, f := range fields {
		e.columns = append(e.columns, encoderOf(f))
	}
}

func encoderOf(f backend.Field) columnEncoder {
	t := types.Lookup(f.Type.OID)
	if t == nil { // the row type of a table
		t = types.Lookup(types.RecordOID)
	}
	if f.Format == 1 && t.Send != nil {
		return t.Send
	}
	if t.Format != nil {
		return t.Format
	}
	return func(dst []byte, d types.Datum, _ *types.Session) []byte { return append(dst, d.S...) }
}

// append encodes the rows of a batch that count, up to most (0: all).
func (e *rowEncoder) append(b *batch.Batch, env *types.Session) {
	for i := range b.Rows() {
		e.row(b, b.Row(i), env)
	}
}

func (e *rowEncoder) row(b *batch.Batch, r int, env *types.Session) {
	start := len(e.buf)
	e.buf = append(e.buf, 'D', 0, 0, 0, 0)
	e.buf = binary.BigEndian.AppendUint16(e.buf, uint16(len(e.columns)))
	for i, enc := range e.columns {
		at := len(e.buf)
		e.buf = append(e.buf, 0xff, 0xff, 0xff, 0xff)
		col := b.Cols[i]
		if col.Null(r) {
			continue
		}
		e.buf = enc(e.buf, col.Datum(r), env)
		binary.BigEndian.PutUint32(e.buf[at:], uint32(len(e.buf)-at-4))
	}
	binary.BigEndian.PutUint32(e.buf[start+1:], uint32(len(e.buf)-start-1))
}

// bufferKept is the size up to which a buffer stays with an idle connection.
const bufferKept = 16 << 10

// release gives a large buffer back.
func (e *rowEncoder) release() {
	if cap(e.buf) > bufferKept {
		e.buf = nil
	}
}

// sendBatch sends a batch's rows, and everything so far when the output has grown past its limit.
func (c *conn) sendBatch(b *batch.Batch) error {
	env := c.sess.Settings()
	for i := range b.Rows() {
		c.rows.row(b, b.Row(i), env)
		if len(c.rows.buf) >= c.limits.OutputBytes {
			if err := c.drainRows(); err != nil {
				return err
			}
			if err := c.flush(); err != nil {
				return err
			}
		}
	}
	return c.drainRows()
}

func (c *conn) drainRows() error {
	if len(c.rows.buf) > 0 {
		c.be.Send(raw{c.rows.buf})
		c.rows.buf = c.rows.buf[:0]
	}
	return nil
}

func rowDescription(fields []backend.Field) *pgproto3.RowDescription {
	rd := &pgproto3.RowDescription{Fields: make([]pgproto3.FieldDescription, len(fields))}
	for i, f := range fields {
		rd.Fields[i] = pgproto3.FieldDescription{
			Name: []byte(f.Name), TableOID: uint32(f.TableOID), TableAttributeNumber: uint16(f.Attr),
			DataTypeOID: uint32(f.Type.OID), DataTypeSize: f.Len, TypeModifier: f.Type.Mod, Format: f.Format,
		}
	}
	return rd
}
