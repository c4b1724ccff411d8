package vfs_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/vecdb/vecdb/internal/vfs"
)

// Every call that Map makes may fail; it says so.
func TestMapFailsWhereTheFileDoes(t *testing.T) {
	mem := pvfs.NewMem()
	write(t, mem, "f", []byte("content"))
	broken := errors.New("broken")
	f := func(kind errorfs.OpKind) {
		t.Helper()
		m, err := vfs.Map(errorfs.Wrap(mem, errorfs.InjectorFunc(func(op errorfs.Op) error {
			if op.Kind == kind {
				return broken
			}
			return nil
		})), "f")
		if !errors.Is(err, broken) || m != nil {
			t.Fatalf("%v: %v, %v", kind, m, err)
		}
	}
	f(errorfs.OpOpen)
	f(errorfs.OpFileStat)
	f(errorfs.OpFileReadAt)
}

// A file that is not there is an error that says so, on both kinds of file system.
func TestMapOfNothing(t *testing.T) {
	f := func(s vfs.FS, name string) {
		t.Helper()
		if _, err := vfs.Map(s, name); !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	f(pvfs.NewMem(), "f")
	f(vfs.Default, filepath.Join(t.TempDir(), "f"))
}

// The device not delivering a mapped page is an error, not the end of the process: a file that shrinks
// under its map is how a test can have that.
func TestTouchOfALostPage(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	const size = 64 << 10
	if err := os.WriteFile(name, bytes.Repeat([]byte{7}, size), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := vfs.Map(vfs.Default, name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
	}()
	if err := m.Touch(0, size); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, size/2); err != nil {
		t.Fatal(err)
	}
	if err := m.Touch(0, size/2); err != nil {
		t.Fatalf("the pages that are left: %v", err)
	}
	if err := m.Touch(size/2, 1); !errors.Is(err, vfs.ErrFault) {
		t.Fatalf("got %v, want a fault", err)
	}
	if err := m.Touch(0, size); !errors.Is(err, vfs.ErrFault) {
		t.Fatalf("got %v, want a fault", err)
	}
}

// Asking for what is not there, and closing twice, does nothing.
func TestMappingEdges(t *testing.T) {
	f := func(s vfs.FS, dir string) {
		t.Helper()
		name := filepath.Join(dir, "f")
		write(t, s, name, []byte("abc"))
		m, err := vfs.Map(s, name)
		if err != nil {
			t.Fatal(err)
		}
		m.WillNeed(0, 0)
		m.WillNeed(5, 10)
		m.WillNeed(2, 1<<20)
		if err := errors.Join(m.Touch(0, 0), m.Touch(1, 1<<20), m.Close(), m.Close()); err != nil {
			t.Fatal(err)
		}
		if m.Data != nil {
			t.Fatal("data after Close")
		}
	}
	f(pvfs.NewMem(), "")
	f(vfs.Default, t.TempDir())
}
