package vfs

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"
	"golang.org/x/sys/unix"
)

// FS is a file system: vfs.Default, vfs.NewMem, vfs.NewCrashableMem or errorfs.Wrap of one.
type FS = pvfs.FS

// Default is the operating system's file system.
var Default = pvfs.Default

// ErrFault is what Touch returns when the device could not deliver a mapped page.
var ErrFault = errors.New("I/O error under a memory map")

// pageBytes is the stride in which Touch reads. A smaller page than the machine's only costs time.
const pageBytes = 4096

// Mapping is the content of one file. Data must not be written to.
type Mapping struct {
	Data []byte
	mmap bool
}

// Map returns the content of the file name. A file that is mapped may be removed; it must not shrink.
func Map(fs FS, name string) (*Mapping, error) {
	f, err := fs.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // a map outlives its descriptor, and a reader's close cannot lose data
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	size := info.Size()
	if size == 0 {
		return &Mapping{}, nil
	}
	if fd := f.Fd(); fd != pvfs.InvalidFd {
		data, err := unix.Mmap(int(fd), 0, int(size), unix.PROT_READ, unix.MAP_SHARED)
		if err != nil {
			return nil, fmt.Errorf("map %s: %w", name, os.NewSyscallError("mmap", err))
		}
		// Read-ahead of a whole window per touched vector costs far more than it brings; those who read
		// in order say so with WillNeed. The advice may be refused, which only costs speed.
		_ = unix.Madvise(data, unix.MADV_RANDOM)
		return &Mapping{Data: data, mmap: true}, nil
	}
	data := make([]byte, size)
	if _, err := f.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return &Mapping{Data: data}, nil
}

// Close gives the memory back. Slices of Data must not be used after it.
func (m *Mapping) Close() error {
	data := m.Data
	m.Data = nil
	if !m.mmap || data == nil {
		return nil
	}
	return os.NewSyscallError("munmap", unix.Munmap(data))
}

// WillNeed asks for n bytes from offset to be read in the background. Ask for everything a search
// is about to touch before touching the first: the device then works on all at once.
func (m *Mapping) WillNeed(offset, n int) {
	if !m.mmap || n <= 0 || offset >= len(m.Data) {
		return
	}
	page := os.Getpagesize()
	lo := offset &^ (page - 1)
	hi := min(offset+n, len(m.Data))
	_ = unix.Madvise(m.Data[lo:hi], unix.MADV_WILLNEED) // advice only
}

// touched keeps the reads of Touch from being optimised away.
var touched byte

// Touch reads a byte of every page of n bytes from offset and returns ErrFault instead of dying when
// the device fails.
func (m *Mapping) Touch(offset, n int) (err error) {
	if !m.mmap {
		return nil
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", ErrFault, r)
		}
	}()
	end := min(offset+n, len(m.Data))
	var sum byte
	for i := offset; i < end; i += pageBytes {
		sum ^= m.Data[i]
	}
	if end > offset {
		sum ^= m.Data[end-1]
	}
	if sum == 0 && touched != 0 {
		touched = sum
	}
	return nil
}
