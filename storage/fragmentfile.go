package storage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/cockroachdb/pebble/v2"

	"github.com/vecdb/vecdb/internal/vfs"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/batch/arrowcol"
)

// Hidden columns of a fragment and the metadata that marks all columns.
const (
	fieldRow     = "__row_id"
	fieldCreated = "__created"
	fieldRef     = "__vector_version_" // + number of the vector column

	metaColumn = "vecdb.column" // number of the column; hidden ones have none
	metaType   = "vecdb.type"   // OID and modifier
)

// fragmentFile is a mapped Arrow IPC file. Blocks are parsed on first use and kept.
type fragmentFile struct {
	rec    *fragmentRecord
	m      *vfs.Mapping
	verify *verifier
	mu     sync.Mutex // guards reader
	reader *ipc.FileReader
	fields map[int16]int // field index by column number
	row    int           // field indexes of the hidden columns, -1 when absent
	create int
	refs   map[int16]int
	blocks []atomic.Pointer[block]
}

// block is a record batch of a fragment.
type block struct {
	file    *fragmentFile
	batch   arrow.RecordBatch
	rows    []uint64 // ids, nil in a dense fragment
	created []uint64 // nil when all are the same
	refs    map[int16][]uint64
	checked []atomic.Bool // by field: its bytes are verified
}

func openFragmentFile(f *fragment) (_ *fragmentFile, err error) {
	sums := f.sums
	if sums == nil {
		value, closer, err := f.store.db.Get(sumsKey(f.table, f.rec.ID))
		if errors.Is(err, pebble.ErrNotFound) {
			err = fmt.Errorf("%w: no checksums", ErrCorrupt)
		}
		if err != nil {
			return nil, err
		}
		defer func() { _ = closer.Close() }() // releases memory, cannot fail
		sums = value
	}
	m, err := vfs.Map(f.store.fs, f.path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, m.Close())
		}
	}()
	verify, err := newVerifier(m, f.rec.File, sums)
	if err != nil {
		return nil, err
	}
	file := &fragmentFile{
		rec: f.rec, m: m, verify: verify, row: -1, create: -1,
		fields: map[int16]int{}, refs: map[int16]int{}, blocks: make([]atomic.Pointer[block], len(f.rec.Blocks)),
	}
	if err := file.readSchema(); err != nil {
		return nil, err
	}
	return file, nil
}

// guarded turns a panic of the Arrow reader, which trusts its input, into ErrCorrupt.
func guarded(what string, f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %s: %v", ErrCorrupt, what, r)
		}
	}()
	return f()
}

// arrowTail is the length of an Arrow file's end: footer length and magic.
const arrowTail = 4 + 6

func (f *fragmentFile) readSchema() error {
	size := len(f.m.Data)
	if size < 2*arrowTail {
		return fmt.Errorf("%w: %s is %d bytes long", ErrCorrupt, f.rec.File, size)
	}
	if err := f.verify.check(size-arrowTail, arrowTail); err != nil {
		return err
	}
	footer := int(binary.LittleEndian.Uint32(f.m.Data[size-arrowTail:]))
	if err := f.verify.check(size-arrowTail-footer, footer); err != nil {
		return err
	}
	if err := f.verify.check(0, 8); err != nil {
		return err
	}
	return guarded(f.rec.File, func() (err error) {
		if f.reader, err = ipc.NewMappedFileReader(f.m.Data); err != nil {
			return fmt.Errorf("%w: %w", ErrCorrupt, err)
		}
		if f.reader.NumRecords() != len(f.blocks) {
			return fmt.Errorf("%w: %s has %d blocks", ErrCorrupt, f.rec.File, f.reader.NumRecords())
		}
		return f.readFields()
	})
}

func (f *fragmentFile) readFields() error {
	for i, field := range f.reader.Schema().Fields() {
		switch ref, isRef := strings.CutPrefix(field.Name, fieldRef); {
		case field.HasMetadata() && field.Metadata.FindKey(metaColumn) >= 0:
			num, err := strconv.ParseInt(field.Metadata.Values()[field.Metadata.FindKey(metaColumn)], 10, 16)
			if err != nil {
				return fmt.Errorf("%w: column number: %w", ErrCorrupt, err)
			}
			f.fields[int16(num)] = i
		case field.Name == fieldRow:
			f.row = i
		case field.Name == fieldCreated:
			f.create = i
		case isRef:
			num, err := strconv.ParseInt(ref, 10, 16)
			if err != nil {
				return fmt.Errorf("%w: column number: %w", ErrCorrupt, err)
			}
			f.refs[int16(num)] = i
		}
	}
	return nil
}

func (f *fragmentFile) close() error {
	for i := range f.blocks {
		if b := f.blocks[i].Swap(nil); b != nil {
			b.batch.Release()
		}
	}
	return errors.Join(f.reader.Close(), f.m.Close())
}

// block returns the record batch i with its hidden columns verified.
func (f *fragmentFile) block(i int) (*block, error) {
	if b := f.blocks[i].Load(); b != nil {
		return b, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if b := f.blocks[i].Load(); b != nil {
		return b, nil
	}
	// The message starts with a marker and its length.
	at := int(f.rec.Blocks[i].Offset)
	if err := f.verify.check(at, 8); err != nil {
		return nil, err
	}
	if err := f.verify.check(at, 8+int(binary.LittleEndian.Uint32(f.m.Data[at+4:]))); err != nil {
		return nil, err
	}
	b := &block{file: f, checked: make([]atomic.Bool, f.reader.Schema().NumFields())}
	err := guarded(f.rec.File, func() (err error) {
		b.batch, err = f.reader.RecordBatchAt(i)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrCorrupt, err)
		}
		return b.readHidden()
	})
	if err != nil {
		return nil, err
	}
	f.blocks[i].Store(b)
	return b, nil
}

func (b *block) readHidden() (err error) {
	f := b.file
	if b.rows, err = b.uints(f.row); err != nil {
		return err
	}
	if b.created, err = b.uints(f.create); err != nil {
		return err
	}
	if len(f.refs) > 0 {
		b.refs = map[int16][]uint64{}
	}
	for num, i := range f.refs {
		if b.refs[num], err = b.uints(i); err != nil {
			return err
		}
	}
	return nil
}

// uints returns a hidden column, nil when there is none.
func (b *block) uints(field int) ([]uint64, error) {
	if field < 0 {
		return nil, nil
	}
	col, ok := b.batch.Column(field).(*array.Uint64)
	if !ok || col.NullN() != 0 {
		return nil, fmt.Errorf("%w: hidden column %d", ErrCorrupt, field)
	}
	return col.Uint64Values(), b.check(field)
}

// check verifies the bytes of a field, once.
func (b *block) check(field int) error {
	if b.checked[field].Load() {
		return nil
	}
	if err := b.checkData(b.batch.Column(field).Data()); err != nil {
		return err
	}
	b.checked[field].Store(true)
	return nil
}

func (b *block) checkData(d arrow.ArrayData) error {
	for _, buf := range d.Buffers() {
		if buf == nil {
			continue
		}
		if err := b.file.verify.checkSlice(buf.Bytes()); err != nil {
			return err
		}
	}
	for _, child := range d.Children() {
		if err := b.checkData(child); err != nil {
			return err
		}
	}
	return nil
}

// load fills dst with the rows from <= i < to of the block.
func (b *block) load(dst *batch.Column, c *column, from, to int) error {
	field, ok := b.file.fields[c.num]
	if !ok {
		fillMissing(dst, c, to-from)
		return nil
	}
	if err := b.check(field); err != nil {
		return err
	}
	return guarded(b.file.rec.File, func() error {
		return arrowcol.Read(dst, c.typ, b.batch.Column(field), from, to)
	})
}

// fillMissing makes dst n rows of the value that rows older than the column have.
func fillMissing(dst *batch.Column, c *column, n int) {
	*dst = batch.Column{Type: c.typ, Phys: c.phys}
	dst.Resize(n)
	dst.Nulls = make([]bool, n)
	for i := range n {
		setValue(dst, i, c.missing)
	}
	if !c.missing.Null {
		dst.Nulls = nil
	}
}

// vectors returns the bytes of all vectors of the block and the length of one, without verifying them;
// stride 0 when the column has not that form.
func (b *block) vectors(num int16) (data []byte, stride int, nulls arrow.Array) {
	field, ok := b.file.fields[num]
	if !ok {
		return nil, 0, nil
	}
	list, ok := b.batch.Column(field).(*array.FixedSizeList)
	if !ok {
		return nil, 0, nil
	}
	data, size := arrowcol.Elements(list)
	return data, size * int(list.DataType().(*arrow.FixedSizeListType).Len()), list
}
