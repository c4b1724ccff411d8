package ivfpq

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"sync/atomic"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/index/distance/simd"
	"github.com/vecdb/vecdb/internal/vfs"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"
)

const (
	segmentMagic   = "VDBIVFPQ"
	segmentVersion = 1
	segmentHead    = 128
	segmentAlign   = 64
	directoryEntry = 16

	flagCode8  = 1
	flagCopies = 2
	flagsKnown = flagCode8 | flagCopies
)

// header is the decoded head of a segment file.
type header struct {
	flags             uint32
	nlist, subs       int
	base              index.RowID
	rows, entries     int64
	directory         int64
	model, modelBytes int64
	print             Fingerprint
	size              int64
}

func (h *header) encode() []byte {
	le := binary.LittleEndian
	b := make([]byte, segmentHead)
	copy(b, segmentMagic)
	for i, v := range []uint32{segmentVersion, h.flags, 0, uint32(h.nlist), uint32(h.subs), 0} {
		le.PutUint32(b[8+4*i:], v)
	}
	for i, v := range []uint64{
		uint64(h.base), uint64(h.rows), uint64(h.entries), uint64(h.directory),
		uint64(h.model), uint64(h.modelBytes),
	} {
		le.PutUint64(b[32+8*i:], v)
	}
	copy(b[80:], h.print[:])
	le.PutUint64(b[96:], uint64(h.size))
	le.PutUint32(b[124:], crc32.Checksum(b[:124], castagnoli))
	return b
}

func (h *header) decode(b []byte) error {
	le := binary.LittleEndian
	if len(b) < segmentHead || string(b[:8]) != segmentMagic {
		return fmt.Errorf("header: %w", index.ErrCorrupt)
	}
	if v := le.Uint32(b[8:]); v > segmentVersion {
		return fmt.Errorf("version %d: %w", v, index.ErrVersion)
	}
	if le.Uint32(b[124:]) != crc32.Checksum(b[:124], castagnoli) {
		return fmt.Errorf("header checksum: %w", index.ErrCorrupt)
	}
	h.flags = le.Uint32(b[12:])
	if h.flags&^flagsKnown != 0 {
		return fmt.Errorf("reader flags %#x: %w", h.flags, index.ErrVersion)
	}
	h.nlist, h.subs = int(le.Uint32(b[20:])), int(le.Uint32(b[24:]))
	h.base, h.rows, h.entries = index.RowID(le.Uint64(b[32:])), int64(le.Uint64(b[40:])), int64(le.Uint64(b[48:]))
	h.directory = int64(le.Uint64(b[56:]))
	h.model, h.modelBytes = int64(le.Uint64(b[64:])), int64(le.Uint64(b[72:]))
	copy(h.print[:], b[80:])
	h.size = int64(le.Uint64(b[96:]))
	size := int64(len(b))
	ok := h.size == size && h.nlist >= 1 && h.nlist <= PartitionsMax && h.subs >= 1 && h.subs <= DimsMax+3 &&
		(h.flags&flagCode8 != 0 || h.subs%4 == 0) &&
		within(h.directory, int64(h.nlist)*directoryEntry+4, size) && within(h.model, h.modelBytes, size)
	if !ok {
		return fmt.Errorf("header: %w", index.ErrCorrupt)
	}
	return nil
}

// within tells whether n bytes from offset lie in a file of the given size.
func within(offset, n, size int64) bool {
	return offset >= 0 && n >= 0 && offset <= size && n <= size-offset
}

func (h *header) blockBytes() int {
	if h.flags&flagCode8 != 0 {
		return simd.Block8Bytes(h.subs)
	}
	return simd.Block4Bytes(h.subs)
}

// Segment is an open segment file.
type Segment struct {
	header
	name string
	m    *vfs.Mapping

	offset   []int64
	count    []int32
	crc      []uint32
	verified []atomic.Bool
}

// OpenSegment maps a segment file and checks its header and directory. The caller closes it.
func OpenSegment(fs vfs.FS, name string) (*Segment, error) {
	m, err := vfs.Map(fs, name)
	if err != nil {
		return nil, fmt.Errorf("open index segment: %w", err)
	}
	s := &Segment{name: name, m: m}
	if err := s.load(); err != nil {
		_ = m.Close() // nothing was written through it
		return nil, fmt.Errorf("open index segment %s: %w", name, err)
	}
	return s, nil
}

func (s *Segment) load() error {
	data := s.m.Data
	if err := s.m.Touch(0, segmentHead); err != nil {
		return err
	}
	if err := s.decode(data); err != nil {
		return err
	}
	n := s.nlist * directoryEntry
	if err := s.m.Touch(int(s.directory), n+4); err != nil {
		return err
	}
	dir := data[s.directory:][:n+4]
	le := binary.LittleEndian
	if le.Uint32(dir[n:]) != crc32.Checksum(dir[:n], castagnoli) {
		return fmt.Errorf("directory checksum: %w", index.ErrCorrupt)
	}
	s.offset, s.count = make([]int64, s.nlist), make([]int32, s.nlist)
	s.crc, s.verified = make([]uint32, s.nlist), make([]atomic.Bool, s.nlist)
	entries := int64(0)
	for p := range s.nlist {
		e := dir[p*directoryEntry:]
		count := le.Uint32(e[8:])
		s.offset[p], s.count[p], s.crc[p] = int64(le.Uint64(e)), int32(count), le.Uint32(e[12:])
		if count > math.MaxInt32-simd.BlockRows || !within(s.offset[p], s.partitionBytes(p), s.size) {
			return fmt.Errorf("partition %d: %w", p, index.ErrCorrupt)
		}
		entries += int64(count)
	}
	if entries != s.entriesTotal() || s.rows < 0 || s.rows > entries {
		return fmt.Errorf("entries: %w", index.ErrCorrupt)
	}
	return nil
}

func (s *Segment) entriesTotal() int64 { return s.header.entries }

// partitionBytes is the size of partition p's blocks.
func (s *Segment) partitionBytes(p int) int64 {
	return (int64(s.count[p]) + simd.BlockRows - 1) / simd.BlockRows * int64(s.blockBytes())
}

// Close unmaps the file.
func (s *Segment) Close() error { return s.m.Close() }

// Name returns the path that the segment was opened by.
func (s *Segment) Name() string { return s.name }

// Rows returns the number of rows in the segment.
func (s *Segment) Rows() int64 { return s.rows }

// Bytes returns the size of the file.
func (s *Segment) Bytes() int64 { return s.size }

// Fingerprint identifies the model that the segment was built over.
func (s *Segment) Fingerprint() Fingerprint { return s.print }

// HasModel tells whether the file carries its model.
func (s *Segment) HasModel() bool { return s.model != 0 }

// Model reads the model in the file; index.ErrStale if there is none.
func (s *Segment) Model() (*Model, error) {
	if !s.HasModel() {
		return nil, fmt.Errorf("model of %s is not in the file: %w", s.name, index.ErrStale)
	}
	if err := s.m.Touch(int(s.model), int(s.modelBytes)); err != nil {
		return nil, fmt.Errorf("read %s: %w", s.name, err)
	}
	m, err := UnmarshalModel(s.m.Data[s.model : s.model+s.modelBytes])
	if err == nil && m.print != s.print {
		err = index.ErrCorrupt
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", s.name, err)
	}
	return m, nil
}

// Verify checks every partition's checksum.
func (s *Segment) Verify(ctx context.Context) error {
	for p := range s.nlist {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.ensure(p); err != nil {
			return err
		}
	}
	return nil
}

// ensure touches partition p where a fault can be caught, and checks it, once after opening. Kernels
// read it only then.
func (s *Segment) ensure(p int) error {
	if s.verified[p].Load() {
		return nil
	}
	offset, n := s.offset[p], s.partitionBytes(p)
	s.m.WillNeed(int(offset), int(n))
	if err := s.m.Touch(int(offset), int(n)); err != nil {
		return fmt.Errorf("read partition %d of %s: %w", p, s.name, err)
	}
	if crc32.Checksum(s.m.Data[offset:offset+n], castagnoli) != s.crc[p] {
		return fmt.Errorf("checksum of partition %d of %s: %w", p, s.name, index.ErrCorrupt)
	}
	s.verified[p].Store(true)
	return nil
}

// willNeed asks for the partitions that will be read for the first time, all before the first touch.
func (s *Segment) willNeed(parts []uint64) {
	for _, p := range parts {
		if !s.verified[p].Load() && s.count[p] > 0 {
			s.m.WillNeed(int(s.offset[p]), int(s.partitionBytes(int(p))))
		}
	}
}

// entries calls f for each entry of partition p, with codes as packCode makes them, valid during the
// call.
func (s *Segment) entries(p int, m *Model, f func(id index.RowID, add, mul float32, code []byte) error) error {
	if err := s.ensure(p); err != nil {
		return err
	}
	le := binary.LittleEndian
	size := s.blockBytes()
	codes, packed := make([]byte, m.book.M), make([]byte, m.codeBytes())
	for i := range int(s.count[p]) {
		b := s.m.Data[int(s.offset[p])+i/simd.BlockRows*size:][:size]
		j := i % simd.BlockRows
		m.blockCode(b[simd.BlockHead:], j, codes)
		m.packCode(packed, codes)
		id := s.base + index.RowID(le.Uint32(b[4*j:]))
		add, mul := math.Float32frombits(le.Uint32(b[128+4*j:])), math.Float32frombits(le.Uint32(b[256+4*j:]))
		if err := f(id, add, mul, packed); err != nil {
			return err
		}
	}
	return nil
}

// blockCode reads entry j's codes from a block.
func (m *Model) blockCode(block []byte, j int, codes []byte) {
	for s := range codes {
		switch {
		case m.bits == 8:
			codes[s] = block[s*simd.BlockRows+j]
		case j < 16:
			codes[s] = block[s*16+j] & 15
		default:
			codes[s] = block[s*16+j-16] >> 4
		}
	}
}

// setBlockCode is the reverse: it writes packed codes as entry j of a zeroed block.
func (m *Model) setBlockCode(block []byte, j int, packed []byte) {
	if m.bits == 8 {
		for s, c := range packed {
			block[s*simd.BlockRows+j] = c
		}
		return
	}
	shift, at := 0, j
	if j >= 16 {
		shift, at = 4, j-16
	}
	for i, c := range packed {
		block[2*i*16+at] |= c & 15 << shift
		if 2*i+1 < m.book.M {
			block[(2*i+1)*16+at] |= c >> 4 << shift
		}
	}
}

// segmentWriter writes a file from front to back.
type segmentWriter struct {
	w   *bufio.Writer
	at  int64
	err error
}

func (w *segmentWriter) write(b []byte) {
	if w.err == nil {
		_, w.err = w.w.Write(b)
		w.at += int64(len(b))
	}
}

func (w *segmentWriter) align() {
	var zero [segmentAlign]byte
	w.write(zero[:-w.at&(segmentAlign-1)])
}

// writeSegment merges the runs into the segment file.
func (b *Builder) writeSegment(ctx context.Context, runs []*run) (err error) {
	f, err := b.fs.Create(b.name, pvfs.WriteCategoryUnspecified)
	if err != nil {
		return fmt.Errorf("write index segment: %w", err)
	}
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	h, offset, count, model, err := b.plan(runs)
	if err != nil {
		return err
	}
	w := &segmentWriter{w: bufio.NewWriterSize(f, bufferBytes)}
	w.write(h.encode())
	le := binary.LittleEndian
	dir := make([]byte, 0, h.nlist*directoryEntry+4)
	for p := range h.nlist {
		if err := ctx.Err(); err != nil {
			return err
		}
		crc, err := b.writePartition(w, runs, p)
		if err != nil {
			return fmt.Errorf("write index segment %s: %w", b.name, err)
		}
		dir = le.AppendUint64(dir, uint64(offset[p]))
		dir = le.AppendUint32(dir, count[p])
		dir = le.AppendUint32(dir, crc)
		b.o.Progress.report(PhaseMerge, int64(p+1), int64(h.nlist))
	}
	w.write(le.AppendUint32(dir, crc32.Checksum(dir, castagnoli)))
	w.align()
	w.write(model)
	if w.err == nil {
		w.err = w.w.Flush()
	}
	if w.err == nil {
		w.err = f.Sync()
	}
	if w.err != nil {
		return fmt.Errorf("write index segment %s: %w", b.name, w.err)
	}
	return nil
}

// plan lays the file out, which the runs' counts suffice for.
func (b *Builder) plan(runs []*run) (h *header, offset []int64, count []uint32, model []byte, err error) {
	h = &header{nlist: b.m.nlist, subs: b.m.codeSubs(), base: b.lo, rows: b.rows, print: b.m.print}
	if b.m.bits == 8 {
		h.flags |= flagCode8
	}
	if b.m.double {
		h.flags |= flagCopies
	}
	align := func(n int64) int64 { return (n + segmentAlign - 1) &^ (segmentAlign - 1) }
	at := int64(segmentHead)
	offset, count = make([]int64, h.nlist), make([]uint32, h.nlist)
	for p := range h.nlist {
		for _, r := range runs {
			count[p] += r.counts[p]
		}
		h.entries += int64(count[p])
		if count[p] == 0 {
			continue
		}
		at = align(at)
		offset[p] = at
		at += (int64(count[p]) + simd.BlockRows - 1) / simd.BlockRows * int64(b.m.blockBytes())
	}
	h.directory = at
	at = align(at + int64(h.nlist)*directoryEntry + 4)
	if !b.o.OmitModel {
		if model, err = b.m.MarshalBinary(); err != nil {
			return nil, nil, nil, nil, err
		}
		h.model, h.modelBytes = at, int64(len(model))
		at += h.modelBytes
	}
	h.size = at
	return h, offset, count, model, nil
}

// writePartition writes the blocks of partition p from all runs, and returns their checksum.
func (b *Builder) writePartition(w *segmentWriter, runs []*run, p int) (uint32, error) {
	le := binary.LittleEndian
	block := make([]byte, b.m.blockBytes())
	crc, j, started := uint32(0), 0, false
	flush := func() {
		crc = crc32.Update(crc, castagnoli, block)
		w.write(block)
		clear(block)
		j = 0
	}
	for _, r := range runs {
		if r.counts[p] > 0 && !started {
			w.align()
			started = true
		}
		for range r.counts[p] {
			rec, err := r.next()
			if err != nil {
				return 0, err
			}
			le.PutUint32(block[4*j:], uint32(le.Uint64(rec)-uint64(b.lo)))
			copy(block[128+4*j:][:4], rec[8:])
			copy(block[256+4*j:][:4], rec[12:])
			b.m.setBlockCode(block[simd.BlockHead:], j, rec[recordHead:])
			if j++; j == simd.BlockRows {
				flush()
			}
		}
	}
	if j > 0 {
		flush()
	}
	return crc, w.err
}
