package ivfpq

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/internal/vfs"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"
)

// Entries on their way into a segment are records of one size.
// Layout: row id (8), add (4), mul (4), packed codes.
const recordHead = 16

// entries are records in memory with the partition of each, in the order they came.
type entries struct {
	size  int // of a record, in bytes
	parts []int32
	data  []byte
}

// extend makes room for n records and returns the number of the first.
func (e *entries) extend(n int) int {
	first := len(e.parts)
	e.parts = append(e.parts, make([]int32, n)...)
	e.data = append(e.data, make([]byte, n*e.size)...)
	return first
}

func (e *entries) record(i int) []byte { return e.data[i*e.size : (i+1)*e.size : (i+1)*e.size] }

// put fills a record but for its codes, which it returns to be written.
func (e *entries) put(i int, part int32, id index.RowID, add, mul float32) []byte {
	le := binary.LittleEndian
	r := e.record(i)
	e.parts[i] = part
	le.PutUint64(r, uint64(id))
	le.PutUint32(r[8:], math.Float32bits(add))
	le.PutUint32(r[12:], math.Float32bits(mul))
	return r[recordHead:]
}

// sorted returns the records' numbers by partition, in the order they came within one, and how many
// each partition has.
func (e *entries) sorted(nlist int) (order []uint32, counts []uint32) {
	counts = make([]uint32, nlist)
	for _, p := range e.parts {
		counts[p]++
	}
	next, at := make([]uint32, nlist), uint32(0)
	for p, n := range counts {
		next[p] = at
		at += n
	}
	order = make([]uint32, len(e.parts))
	for i, p := range e.parts {
		order[next[p]] = uint32(i)
		next[p]++
	}
	return order, counts
}

func (e *entries) reset() { e.parts, e.data = e.parts[:0], e.data[:0] }

// run yields records partition by partition.
type run struct {
	counts []uint32
	next   func() ([]byte, error) // the next record, valid until the next call
	close  func() error
}

// memoryRun reads the entries that were never spilled.
func memoryRun(e *entries, nlist int) *run {
	order, counts := e.sorted(nlist)
	i := -1
	return &run{counts: counts, close: func() error { return nil }, next: func() ([]byte, error) {
		i++
		return e.record(int(order[i])), nil
	}}
}

// bufferBytes is the size of a buffered read or write of a run or a segment.
const bufferBytes = 1 << 20

// spill writes the entries to a temporary file in the order of partitions.
func spill(fs vfs.FS, name string, e *entries, nlist int) (counts []uint32, err error) {
	order, counts := e.sorted(nlist)
	f, err := fs.Create(name, pvfs.WriteCategoryUnspecified)
	if err != nil {
		return nil, fmt.Errorf("spill index entries: %w", err)
	}
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	w := bufio.NewWriterSize(f, bufferBytes)
	for _, i := range order {
		if _, err := w.Write(e.record(int(i))); err != nil {
			return nil, fmt.Errorf("spill index entries to %s: %w", name, err)
		}
	}
	if err := w.Flush(); err != nil {
		return nil, fmt.Errorf("spill index entries to %s: %w", name, err)
	}
	return counts, nil
}

// openRun reads a spilled run back.
func openRun(fs vfs.FS, name string, counts []uint32, size int) (*run, error) {
	f, err := fs.Open(name, pvfs.SequentialReadsOption)
	if err != nil {
		return nil, fmt.Errorf("read index entries: %w", err)
	}
	in := bufio.NewReaderSize(f, bufferBytes)
	record := make([]byte, size)
	return &run{counts: counts, close: f.Close, next: func() ([]byte, error) {
		if _, err := io.ReadFull(in, record); err != nil {
			return nil, fmt.Errorf("read index entries from %s: %w", name, err)
		}
		return record, nil
	}}, nil
}
