package copyfmt

import (
	"encoding/binary"
	"io"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// Writer writes rows. Make one with NewWriter; Close ends the data.
type Writer struct {
	w     io.Writer
	rules rules
	opts  Options
	cols  []writeColumn
	env   *types.Session

	buf, value []byte
	escaped    [256]byte // text: what follows the backslash; 0: the byte stands for itself
	started    bool
}

type writeColumn struct {
	Column
	typ   *types.Type
	quote bool // FORCE_QUOTE
}

// NewWriter makes a writer of rows with the given columns. The options have been checked.
func NewWriter(w io.Writer, o Options, cols []Column, env *types.Session) *Writer {
	wr := &Writer{w: w, rules: o.rules(), opts: o, env: env}
	for _, c := range cols {
		wr.cols = append(wr.cols, writeColumn{Column: c, typ: types.Lookup(c.Type.OID), quote: o.ForceQuote.has(c.Name)})
	}
	wr.escaped['\\'] = '\\'
	wr.escaped[wr.rules.delim] = wr.rules.delim
	for letter, c := range unescapes {
		if c != 0 {
			wr.escaped[c] = byte(letter)
		}
	}
	return wr
}

// WriteBatch writes the rows of b that count, each with one Write.
func (w *Writer) WriteBatch(b *batch.Batch) error {
	if err := w.start(); err != nil {
		return err
	}
	for i := range b.Rows() {
		w.row(b, b.Row(i))
		if err := w.flush(); err != nil {
			return err
		}
	}
	return nil
}

// Close writes what ends the data. It does not close the stream.
func (w *Writer) Close() error {
	if err := w.start(); err != nil {
		return err
	}
	if w.opts.Format == Binary {
		w.buf = append(w.buf, 0xff, 0xff)
	}
	if len(w.buf) == 0 {
		return nil
	}
	return w.flush()
}

func (w *Writer) flush() error {
	_, err := w.w.Write(w.buf)
	w.buf = w.buf[:0]
	return err
}

// start writes the header: a line of names, or what begins binary data, which goes with the first row.
func (w *Writer) start() error {
	if w.started {
		return nil
	}
	w.started = true
	if w.opts.Format == Binary {
		w.buf = append(w.buf, binarySignature...)
		w.buf = append(w.buf, make([]byte, 8)...) // no flags, no extension
		return nil
	}
	if w.opts.Header == HeaderNone {
		return nil
	}
	for i := range w.cols {
		w.separate(i)
		w.value = append(w.value[:0], w.cols[i].Name...)
		w.field(false)
	}
	w.buf = append(w.buf, '\n')
	return w.flush()
}

func (w *Writer) separate(i int) {
	if i > 0 {
		w.buf = append(w.buf, w.rules.delim)
	}
}

func (w *Writer) row(b *batch.Batch, r int) {
	if w.opts.Format == Binary {
		w.binaryRow(b, r)
		return
	}
	for i := range w.cols {
		c := &w.cols[i]
		w.separate(i)
		if b.Cols[i].Null(r) {
			w.buf = append(w.buf, w.rules.null...)
			continue
		}
		w.value = c.typ.Format(w.value[:0], b.Cols[i].Datum(r), w.env)
		w.field(c.quote)
	}
	w.buf = append(w.buf, '\n')
}

// field writes w.value as the format has it.
func (w *Writer) field(quote bool) {
	if !w.rules.csv {
		w.escape(w.value)
		return
	}
	if !quote && !w.mustQuote(w.value) {
		w.buf = append(w.buf, w.value...)
		return
	}
	w.buf = append(w.buf, w.rules.quote)
	for _, c := range w.value {
		if c == w.rules.quote || c == w.rules.escape {
			w.buf = append(w.buf, w.rules.escape)
		}
		w.buf = append(w.buf, c)
	}
	w.buf = append(w.buf, w.rules.quote)
}

// escape writes a value of the text format.
func (w *Writer) escape(v []byte) {
	from := 0
	for i, c := range v {
		if e := w.escaped[c]; e != 0 {
			w.buf = append(append(w.buf, v[from:i]...), '\\', e)
			from = i + 1
		}
	}
	w.buf = append(w.buf, v[from:]...)
}

// mustQuote says whether a csv value would be read as something else without quotes.
func (w *Writer) mustQuote(v []byte) bool {
	if string(v) == w.rules.null || len(w.cols) == 1 && string(v) == endMarker {
		return true
	}
	for _, c := range v {
		if c == w.rules.delim || c == w.rules.quote || c == '\n' || c == '\r' {
			return true
		}
	}
	return false
}

func (w *Writer) binaryRow(b *batch.Batch, r int) {
	w.buf = binary.BigEndian.AppendUint16(w.buf, uint16(len(w.cols)))
	for i := range w.cols {
		if b.Cols[i].Null(r) {
			w.buf = append(w.buf, 0xff, 0xff, 0xff, 0xff)
			continue
		}
		at := len(w.buf)
		w.buf = w.cols[i].typ.Send(append(w.buf, 0, 0, 0, 0), b.Cols[i].Datum(r), w.env)
		binary.BigEndian.PutUint32(w.buf[at:], uint32(len(w.buf)-at-4))
	}
}
