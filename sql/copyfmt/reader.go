package copyfmt

import (
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
	"unsafe"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// Limits of a batch and of what errors show.
const (
	// batchBytesMax is the input after which a batch ends early, so that wide rows do not pile up.
	batchBytesMax = 8 << 20
	// shownBytesMax is how much of a line or a value an error shows, as in PostgreSQL.
	shownBytesMax = 100
)

// Reader reads rows. Make one with NewReader.
type Reader struct {
	in       input
	relation string
	opts     Options
	rules    rules
	cols     []readColumn
	env      *types.Session
	next     func() (bool, error) // reads a row into fields

	line    int64 // number of the row's last line, from 1; in binary of the row
	eol     eol
	scan    scan
	fields  []field
	decoded []byte  // of fields with escapes
	rowLine []int64 // of the rows of the last batch
	started bool
	ending  int  // bytes that end the last line
	open    bool // the last line has no end
	marked  bool // text: the end marker stood behind the last row's data
	done    bool
}

// field is one value of a row before it is parsed. The bytes are valid until the next row.
type field struct {
	b      []byte
	null   bool
	quoted bool
}

type readColumn struct {
	Column
	typ *types.Type
	// view: the parser keeps nothing of the text, so that it need not be copied.
	view      bool
	notNull   bool // FORCE_NOT_NULL
	forceNull bool
}

// viewTypes are the types whose values share no memory with the text they are parsed from.
var viewTypes = map[types.OID]bool{
	types.BoolOID: true, types.Int2OID: true, types.Int4OID: true, types.Int8OID: true, types.Float4OID: true,
	types.Float8OID: true, types.VectorOID: true, types.HalfvecOID: true, types.SparsevecOID: true,
	types.BitOID: true, types.VarbitOID: true,
}

// NewReader makes a reader of rows for the columns of relation, whose name errors give. The options
// have been checked.
func NewReader(r io.Reader, relation string, o Options, cols []Column, env *types.Session) *Reader {
	rd := &Reader{in: input{r: r}, relation: relation, opts: o, rules: o.rules(), env: env}
	for _, c := range cols {
		rd.cols = append(rd.cols, readColumn{
			Column: c, typ: types.Lookup(c.Type.OID), view: viewTypes[c.Type.OID],
			notNull: o.ForceNotNull.has(c.Name), forceNull: o.ForceNull.has(c.Name),
		})
	}
	rd.fields = make([]field, 0, len(cols)+1)
	switch o.Format {
	case Binary:
		rd.next = rd.binaryRow
	case CSV:
		rd.next = func() (bool, error) { return rd.lineRow(rd.splitCSV) }
	default:
		rd.next = func() (bool, error) { return rd.lineRow(rd.splitText) }
	}
	return rd
}

// Next returns the next rows, at most limit (0: batch.RowsMax), nil at the end. The batch is the caller's. With an error
// come the rows before it.
func (r *Reader) Next(limit int) (*batch.Batch, error) {
	if limit <= 0 || limit > batch.RowsMax {
		limit = batch.RowsMax
	}
	if r.done {
		return nil, nil
	}
	if !r.started {
		r.started = true
		if err := r.begin(); err != nil || r.done {
			return nil, err
		}
	}
	out := &batch.Batch{Cols: make([]*batch.Column, len(r.cols))}
	for i := range r.cols { // room for as many rows as last time: little data needs little memory
		out.Cols[i] = batch.New(r.cols[i].Type, r.cols[i].typ.Physical, len(r.rowLine))
	}
	r.rowLine = r.rowLine[:0]
	for start := r.in.taken; out.N < limit && r.in.taken-start < batchBytesMax; {
		ok, err := r.next()
		if err != nil {
			return out, err
		}
		if !ok {
			r.done = true
			break
		}
		if err := r.store(out); err != nil {
			return out, err
		}
		r.rowLine = append(r.rowLine, r.line)
		out.N++
	}
	if out.N == 0 {
		return nil, nil
	}
	return out, nil
}

func (r *Reader) begin() error {
	if r.opts.Format == Binary {
		return r.binaryHeader()
	}
	if r.opts.Header == HeaderNone {
		return nil
	}
	return r.headerLine()
}

// store parses the fields of a row into the columns.
func (r *Reader) store(out *batch.Batch) error {
	for i := range r.cols {
		d, err := r.parse(i)
		if err != nil {
			return err
		}
		out.Cols[i].Append(d)
	}
	return nil
}

// parse makes the value of field i of the current row.
func (r *Reader) parse(i int) (d types.Datum, err error) {
	c, f := &r.cols[i], &r.fields[i]
	binary := r.opts.Format == Binary
	switch {
	case f.null:
		return types.NullDatum, nil
	case binary:
		d, err = c.typ.Recv(f.b, c.Type.Mod, r.env)
	case c.view:
		d, err = c.typ.Parse(view(f.b), c.Type.Mod, r.env)
	default:
		d, err = c.typ.Parse(string(f.b), c.Type.Mod, r.env)
	}
	if err != nil {
		where := r.fieldWhere(i)
		if !binary {
			where += `: "` + shown(f.b) + `"`
		}
		return d, within(err, where)
	}
	return d, nil
}

// view is b as a string without a copy, for functions that do not keep it.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// Line is the number of the line where row i of the last batch ended.
func (r *Reader) Line(i int) int64 { return r.rowLine[i] }

// Where is the context of an error about a line.
func (r *Reader) Where(line int64) string {
	return "COPY " + r.relation + ", line " + strconv.FormatInt(line, 10)
}

// bad is an error about the data of the current row; line is shown when it is not nil.
func (r *Reader) bad(line []byte, format string, args ...any) error {
	e := pgerr.New(pgerrcode.BadCopyFileFormat, format, args...)
	if r.line == 0 { // in the header of binary data, which is before all rows
		return e
	}
	e.Where = r.Where(r.line)
	if line != nil {
		e.Where += `: "` + shown(line) + `"`
	}
	return e
}

// about gives an error the context of the current line and shows it, unless the error has a context.
func (r *Reader) about(err error, line []byte) error {
	return at(err, r.Where(r.line)+`: "`+shown(line)+`"`)
}

// At gives an error the context of a line, unless it has one.
func (r *Reader) At(err error, line int64) error { return at(err, r.Where(line)) }

// within adds a context around the one that an error may have already.
func within(err error, where string) error {
	var pe *pgerr.Error
	if !errors.As(err, &pe) || pe.Where == "" {
		return at(err, where)
	}
	e := *pe
	e.Where += "\n" + where
	return &e
}

func at(err error, where string) error {
	var pe *pgerr.Error
	if !errors.As(err, &pe) || pe.Where != "" {
		return err
	}
	e := *pe
	e.Where = where
	return &e
}

// shown is the beginning of what an error shows of the input, cut between characters.
func shown(b []byte) string {
	if len(b) <= shownBytesMax {
		return string(b)
	}
	n := shownBytesMax
	for n > 0 && !utf8.RuneStart(b[n]) {
		n--
	}
	return string(b[:n]) + "..."
}
