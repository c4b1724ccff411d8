package demodata

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// Batch is some rows of a table.
type Batch struct {
	Rows  int
	Names []string // of the columns, in the table's order

	// columns has *array.String, *array.Int32 and, for embeddings, *array.Float16 over all rows,
	// layout [Rows][Dims].
	columns []arrow.Array
}

// newBatch checks the types of a record's columns.
func newBatch(record arrow.RecordBatch) (*Batch, error) {
	b := &Batch{Rows: int(record.NumRows())}
	for i, column := range record.Columns() {
		name := record.ColumnName(i)
		switch c := column.(type) {
		case *array.String, *array.Int32:
			b.columns = append(b.columns, c)
		case *array.FixedSizeList:
			values, ok := c.ListValues().(*array.Float16)
			if !ok || values.Len() != b.Rows*Dims {
				return nil, fmt.Errorf("column %s: %v is not an embedding", name, c.DataType())
			}
			b.columns = append(b.columns, values)
		default:
			return nil, fmt.Errorf("column %s: unexpected type %v", name, column.DataType())
		}
		b.Names = append(b.Names, name)
	}
	return b, nil
}

// Vector fills v, of length Dims, with the embedding in column c of a row.
func (b *Batch) Vector(v []float32, c, row int) {
	values := b.columns[c].(*array.Float16).Values()[row*Dims:][:Dims]
	for i, x := range values {
		v[i] = x.Float32()
	}
}

// Text gives a text or integer of a row as text; ok is false for NULL.
func (b *Batch) Text(c, row int) (text string, ok bool) {
	if b.columns[c].IsNull(row) {
		return "", false
	}
	return b.columns[c].ValueStr(row), true
}

// AppendCopy appends a row as COPY's binary format has it: the count of columns, then each value with its
// length before it, big-endian.
func (b *Batch) AppendCopy(dst []byte, row int) []byte {
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(b.columns)))
	for _, column := range b.columns {
		switch c := column.(type) {
		case *array.Int32:
			dst = binary.BigEndian.AppendUint32(dst, 4)
			dst = binary.BigEndian.AppendUint32(dst, uint32(c.Value(row)))
		case *array.String:
			if c.IsNull(row) {
				dst = binary.BigEndian.AppendUint32(dst, math.MaxUint32) // -1: NULL
				continue
			}
			dst = binary.BigEndian.AppendUint32(dst, uint32(len(c.Value(row))))
			dst = append(dst, c.Value(row)...)
		case *array.Float16:
			dst = binary.BigEndian.AppendUint32(dst, 4+4*Dims)
			dst = binary.BigEndian.AppendUint16(dst, Dims)
			dst = binary.BigEndian.AppendUint16(dst, 0) // unused by vector's format
			for _, x := range c.Values()[row*Dims:][:Dims] {
				dst = binary.BigEndian.AppendUint32(dst, math.Float32bits(x.Float32()))
			}
		}
	}
	return dst
}

// copyHead begins COPY's binary format: the signature, no flags, no extension.
const copyHead = "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"

// copyChunkBytes is about how much WriteCopy hands on at once.
const copyChunkBytes = 256 << 10

// WriteCopy writes all rows of a table as COPY ... FROM STDIN (FORMAT binary) reads them, and calls
// progress, unless it is nil, with the number of rows written so far.
func WriteCopy(w io.Writer, table string, progress func(rows int)) error {
	buf := []byte(copyHead)
	written := 0
	flush := func() error {
		_, err := w.Write(buf)
		buf = buf[:0]
		if err == nil && progress != nil {
			progress(written)
		}
		return err
	}
	err := each(table, func(b *Batch) error {
		for row := range b.Rows {
			buf = b.AppendCopy(buf, row)
			written++
			if len(buf) >= copyChunkBytes {
				if err := flush(); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	buf = binary.BigEndian.AppendUint16(buf, math.MaxUint16) // -1 columns: the end
	return flush()
}

// Vectors gives all embeddings of a table, layout [rows][Dims], for exact search.
func Vectors(table string) ([]float32, error) {
	var all []float32
	err := each(table, func(b *Batch) error {
		c := len(b.columns) - 1 // embeddings are the last column
		if _, ok := b.columns[c].(*array.Float16); !ok {
			return fmt.Errorf("demo table %s has no embeddings", table)
		}
		for row := range b.Rows {
			n := len(all)
			all = append(all, make([]float32, Dims)...)
			b.Vector(all[n:], c, row)
		}
		return nil
	})
	return all, err
}
