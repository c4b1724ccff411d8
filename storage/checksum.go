package storage

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"sync/atomic"
	"unsafe"

	"github.com/vecdb/vecdb/internal/vfs"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sumWriter passes bytes on and keeps the CRC-32C of each block of checksumBlockBytes. It writes whole
// blocks from a buffer of its own: Arrow writes many small pieces, and a file of Pebble's may change
// the slice it is given, which can be a constant of Arrow's.
type sumWriter struct {
	w       io.Writer
	buf     []byte
	written int64
	sums    []uint32
	head    [16]byte // the first bytes
}

// Write implements io.Writer.
func (s *sumWriter) Write(p []byte) (int, error) {
	total := len(p)
	if s.written < int64(len(s.head)) {
		copy(s.head[s.written:], p)
	}
	if s.buf == nil {
		s.buf = make([]byte, 0, checksumBlockBytes)
	}
	for rest := p; len(rest) > 0; {
		n := min(len(rest), checksumBlockBytes-len(s.buf))
		s.buf = append(s.buf, rest[:n]...)
		rest = rest[n:]
		if len(s.buf) == checksumBlockBytes {
			if err := s.flush(); err != nil {
				return 0, err
			}
		}
	}
	s.written += int64(total)
	return total, nil
}

// flush writes the block in the buffer; only the last of a file is short.
func (s *sumWriter) flush() error {
	if len(s.buf) == 0 {
		return nil
	}
	s.sums = append(s.sums, crc32.Checksum(s.buf, castagnoli))
	_, err := s.w.Write(s.buf)
	s.buf = s.buf[:0]
	return err
}

// verifier checks blocks of a mapped file against their sums, each once.
type verifier struct {
	m    *vfs.Mapping
	name string
	sums []uint32
	done []atomic.Uint64 // a bit for each block
}

func newVerifier(m *vfs.Mapping, name string, sums []byte) (*verifier, error) {
	blocks := (len(m.Data) + checksumBlockBytes - 1) / checksumBlockBytes
	if len(sums) != 4*blocks {
		return nil, fmt.Errorf("%w: %s has %d blocks and %d checksums", ErrCorrupt, name, blocks, len(sums)/4)
	}
	v := &verifier{m: m, name: name, sums: make([]uint32, blocks), done: make([]atomic.Uint64, blocks/64+1)}
	for i := range v.sums {
		v.sums[i] = binary.LittleEndian.Uint32(sums[4*i:])
	}
	return v, nil
}

// check verifies the blocks that n bytes from offset lie in, those not verified before. After it the
// bytes may be read without fear of a fault or of damage.
func (v *verifier) check(offset, n int) error {
	if n <= 0 {
		return nil
	}
	if offset < 0 || offset+n > len(v.m.Data) {
		return fmt.Errorf("%w: %s: bytes %d to %d of %d", ErrCorrupt, v.name, offset, offset+n, len(v.m.Data))
	}
	for b := offset / checksumBlockBytes; b <= (offset+n-1)/checksumBlockBytes; b++ {
		if v.done[b/64].Load()&(1<<(b%64)) != 0 {
			continue
		}
		if err := v.checkBlock(b); err != nil {
			return err
		}
		v.done[b/64].Or(1 << (b % 64))
	}
	return nil
}

func (v *verifier) checkBlock(b int) error {
	lo := b * checksumBlockBytes
	hi := min(lo+checksumBlockBytes, len(v.m.Data))
	v.m.WillNeed(lo, hi-lo)
	if err := v.m.Touch(lo, hi-lo); err != nil {
		return fmt.Errorf("%w: %s at byte %d: %w", ErrCorrupt, v.name, lo, err)
	}
	if crc32.Checksum(v.m.Data[lo:hi], castagnoli) != v.sums[b] {
		return fmt.Errorf("%w: %s: checksum of the block at byte %d", ErrCorrupt, v.name, lo)
	}
	return nil
}

// checkSlice verifies the blocks under b when b points into the file; other memory is good as it is.
func (v *verifier) checkSlice(b []byte) error {
	if len(b) == 0 || len(v.m.Data) == 0 {
		return nil
	}
	base := uintptr(unsafe.Pointer(unsafe.SliceData(v.m.Data)))
	at := uintptr(unsafe.Pointer(unsafe.SliceData(b)))
	if at < base || at >= base+uintptr(len(v.m.Data)) {
		return nil
	}
	return v.check(int(at-base), len(b))
}

// advise asks for the bytes of b to be read in the background when b points into the file.
func (v *verifier) advise(b []byte) {
	if len(b) == 0 || len(v.m.Data) == 0 {
		return
	}
	base := uintptr(unsafe.Pointer(unsafe.SliceData(v.m.Data)))
	at := uintptr(unsafe.Pointer(unsafe.SliceData(b)))
	if at >= base && at < base+uintptr(len(v.m.Data)) {
		v.m.WillNeed(int(at-base), len(b))
	}
}
