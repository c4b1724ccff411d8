package vfs_test

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"

	"github.com/vecdb/vecdb/internal/vfs"
)

// A full device and a full quota are told apart from other errors, however they are wrapped.
func TestIsFull(t *testing.T) {
	f := func(err error, want bool) {
		t.Helper()
		if vfs.IsFull(err) != want {
			t.Fatalf("%v: %v", err, !want)
		}
	}
	f(syscall.ENOSPC, true)
	f(syscall.EDQUOT, true)
	f(fmt.Errorf("write: %w", &os.PathError{Op: "write", Path: "f", Err: syscall.ENOSPC}), true)
	f(errors.Join(errors.New("x"), syscall.ENOSPC), true)
	f(syscall.EIO, false)
	f(errors.New("no space left on device"), false)
	f(nil, false)
}

// A real file system knows its space; the one in memory does when it is told.
func TestSpace(t *testing.T) {
	free, total, ok := vfs.Space(vfs.Default, t.TempDir())
	if !ok || total == 0 || free > total {
		t.Fatalf("%d of %d, %v", free, total, ok)
	}
	mem := pvfs.NewMem()
	if _, _, ok := vfs.Space(mem, "/"); ok {
		t.Fatal("memory has a size")
	}
	mem.TestingSetDiskUsage(pvfs.DiskUsage{AvailBytes: 5, TotalBytes: 9})
	if free, total, ok := vfs.Space(mem, "/"); free != 5 || total != 9 || !ok {
		t.Fatal(free, total, ok)
	}
}
