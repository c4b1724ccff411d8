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

// sumWriter passes bytes on and keeps the CRC-32C of each block of checksumBlockBytes.
type sumWriter struct {
	w       io.Writer
	written int64
	sums    []uint32
	sum     uint32
	inBlock int
	head    [16]byte // the first bytes
}

// Write implements io.Writer.
func (s *sumWriter) Write(p []byte) (int, error) {
	total := len(p)
	if s.written < int64(len(s.head)) {
		copy(s.head[s.written:], p)
	}
	for rest := p; len(rest) > 0; {
		n := min(len(rest), checksumBlockBytes-s.inBlock)
		s.sum = crc32.Update(s.sum, castagnoli, rest[:n])
		if s.inBlock += n; s.inBlock == checksumBlockBytes {
			s.sums, s.sum, s.inBlock = append(s.sums, s.sum), 0, 0
		}
		rest = rest[n:]
	}
	// Pebble's files may change the slice they are given, so the sums are taken first.
	if _, err := s.w.Write(p); err != nil {
		return 0, err
	}
	s.written += int64(total)
	return total, nil
}

// finish returns the sums of all blocks, the last of which may be short.
func (s *sumWriter) finish() []uint32 {
	if s.inBlock > 0 {
		s.sums, s.sum, s.inBlock = append(s.sums, s.sum), 0, 0
	}
	return s.sums
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
