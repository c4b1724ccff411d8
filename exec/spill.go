package exec

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"sync/atomic"

	"github.com/vecdb/vecdb/internal/vfs"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"
)

// tempFiles are the temporary files of one execution.
type tempFiles struct {
	open map[*spillFile]struct{}
}

// tempNumber makes file names unique within the process; the folder is emptied when the store opens.
var tempNumber atomic.Int64

func (t *tempFiles) removeAll(rt *Runtime) error {
	var first error
	for f := range t.open {
		if err := f.remove(rt); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// spillBufferBytes is the write and read buffer of one temporary file.
const spillBufferBytes = 64 << 10

// spillFile is a run of rows on disk, written once and read from the start any number of times.
//
// Layout: frames of {length uint32, rows uint32, columns}; a column is a null flag byte, the null bytes
// when the flag is 1, and the values: 8 bytes a number, 1 byte a boolean, uvarint length and bytes a string.
type spillFile struct {
	name  string
	types []types.T
	file  pvfs.File
	w     *bufio.Writer
	buf   []byte
	rows  int
	bytes int64
	gone  bool
	open  []*spillReader
}

func (rt *Runtime) fs() vfs.FS {
	if rt.FS != nil {
		return rt.FS
	}
	return vfs.Default
}

// newSpill makes an empty temporary file.
func (rt *Runtime) newSpill(ts []types.T) (*spillFile, error) {
	name := filepath.Join(rt.TempDir, fmt.Sprintf("rows-%d.tmp", tempNumber.Add(1)))
	f, err := rt.fs().Create(name, pvfs.WriteCategoryUnspecified)
	if err != nil {
		return nil, sqlError(fmt.Errorf("create temporary file: %w", err))
	}
	s := &spillFile{name: name, types: ts, file: f, w: bufio.NewWriterSize(f, spillBufferBytes)}
	if rt.temp.open == nil {
		rt.temp.open = map[*spillFile]struct{}{}
	}
	rt.temp.open[s] = struct{}{}
	return s, nil
}

// write appends the rows that sel lists (all n when nil), in that order.
func (s *spillFile) write(cols []*batch.Column, sel []int32, n int) error {
	rows := n
	if sel != nil {
		rows = len(sel)
	}
	if rows == 0 {
		return nil
	}
	b := append(s.buf[:0], 0, 0, 0, 0)
	b = binary.LittleEndian.AppendUint32(b, uint32(rows))
	for i := range s.types {
		b = appendColumn(b, cols[i], sel, rows)
	}
	binary.LittleEndian.PutUint32(b, uint32(len(b)-4))
	s.buf = b
	s.rows += rows
	s.bytes += int64(len(b))
	if _, err := s.w.Write(b); err != nil {
		return sqlError(fmt.Errorf("write temporary file: %w", err))
	}
	return nil
}

func appendColumn(b []byte, c *batch.Column, sel []int32, rows int) []byte {
	at := func(i int) int {
		if sel == nil {
			return i
		}
		return int(sel[i])
	}
	if c.Nulls == nil {
		b = append(b, 0)
	} else {
		b = append(b, 1)
		for i := range rows {
			v := byte(0)
			if c.Nulls[at(i)] {
				v = 1
			}
			b = append(b, v)
		}
	}
	for i := range rows {
		r := at(i)
		switch c.Phys {
		case types.Bool:
			v := byte(0)
			if c.B[r] {
				v = 1
			}
			b = append(b, v)
		case types.Int:
			b = binary.LittleEndian.AppendUint64(b, uint64(c.I[r]))
		case types.Float:
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(c.F[r]))
		default:
			v := c.S[r]
			if c.Null(r) {
				v = ""
			}
			b = binary.AppendUvarint(b, uint64(len(v)))
			b = append(b, v...)
		}
	}
	return b
}

// finish ends writing; readers may be made then.
func (s *spillFile) finish() error {
	if s.w == nil {
		return nil
	}
	err := s.w.Flush()
	s.w, s.buf = nil, nil
	if err != nil {
		return sqlError(fmt.Errorf("write temporary file: %w", err))
	}
	return nil
}

// remove deletes the file and ends what reads it.
func (s *spillFile) remove(rt *Runtime) error {
	if s.gone {
		return nil
	}
	s.gone = true
	delete(rt.temp.open, s)
	err := s.file.Close()
	for len(s.open) > 0 {
		_ = s.open[0].close() // reading is over; closing cannot lose anything
	}
	if rerr := rt.fs().Remove(s.name); err == nil {
		err = rerr
	}
	if err != nil {
		return sqlError(fmt.Errorf("remove temporary file: %w", err))
	}
	return nil
}

// spillReader reads a file's rows in the order in which they were written.
type spillReader struct {
	src *spillFile
	f   pvfs.File
	r   *bufio.Reader
	out batch.Batch
}

func (s *spillFile) reader(rt *Runtime) (*spillReader, error) {
	if err := s.finish(); err != nil {
		return nil, err
	}
	f, err := rt.fs().Open(s.name, pvfs.SequentialReadsOption)
	if err != nil {
		return nil, sqlError(fmt.Errorf("read temporary file: %w", err))
	}
	r := &spillReader{src: s, f: f, r: bufio.NewReaderSize(f, spillBufferBytes)}
	for _, t := range s.types {
		r.out.Cols = append(r.out.Cols, &batch.Column{Type: t, Phys: physOf(t)})
	}
	s.open = append(s.open, r)
	return r, nil
}

func (r *spillReader) close() error {
	if r.f == nil {
		return nil
	}
	err := r.f.Close()
	r.f = nil
	r.src.open = slices.DeleteFunc(r.src.open, func(o *spillReader) bool { return o == r })
	return err
}

// next returns the next frame, nil at the end. The strings stay valid; the columns are used again.
func (r *spillReader) next() (*batch.Batch, error) {
	var head [4]byte
	if _, err := io.ReadFull(r.r, head[:]); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, sqlError(fmt.Errorf("read temporary file: %w", err))
	}
	raw := make([]byte, binary.LittleEndian.Uint32(head[:]))
	if _, err := io.ReadFull(r.r, raw); err != nil {
		return nil, sqlError(fmt.Errorf("read temporary file: %w", err))
	}
	d := frameDecoder{text: string(raw)}
	n := int(d.uint32())
	for _, c := range r.out.Cols {
		c.Reset(n)
		c.Resize(n)
		d.column(c, n)
	}
	if d.bad {
		return nil, sqlError(errors.New("temporary file is damaged"))
	}
	r.out.N = n
	return &r.out, nil
}

// frameDecoder takes a frame apart. Strings are slices of its text.
type frameDecoder struct {
	text string
	bad  bool
}

func (d *frameDecoder) take(n int) string {
	if d.bad || n < 0 || n > len(d.text) {
		d.bad = true
		return ""
	}
	s := d.text[:n]
	d.text = d.text[n:]
	return s
}

func (d *frameDecoder) uint32() uint32 {
	s := d.take(4)
	if len(s) < 4 {
		return 0
	}
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

func (d *frameDecoder) uint64() uint64 {
	s := d.take(8)
	if len(s) < 8 {
		return 0
	}
	lo := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
	return lo | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func (d *frameDecoder) uvarint() int {
	var v uint64
	for shift := uint(0); shift < 64; shift += 7 {
		s := d.take(1)
		if s == "" {
			return 0
		}
		v |= uint64(s[0]&0x7f) << shift
		if s[0] < 0x80 {
			return int(v)
		}
	}
	d.bad = true
	return 0
}

func (d *frameDecoder) column(c *batch.Column, n int) {
	if d.take(1) == "\x01" {
		nulls := d.take(n)
		c.Nulls = make([]bool, n)
		for i := range nulls {
			c.Nulls[i] = nulls[i] == 1
		}
	}
	for i := range n {
		switch c.Phys {
		case types.Bool:
			c.B[i] = d.take(1) == "\x01"
		case types.Int:
			c.I[i] = int64(d.uint64())
		case types.Float:
			c.F[i] = math.Float64frombits(d.uint64())
		default:
			c.S[i] = d.take(d.uvarint())
		}
		if d.bad {
			return
		}
	}
}
