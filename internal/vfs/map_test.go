package vfs_test

import (
	"bytes"
	"path/filepath"
	"testing"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/vecdb/vecdb/internal/vfs"
)

func write(t *testing.T, fs vfs.FS, name string, data []byte) {
	t.Helper()
	f, err := fs.Create(name, pvfs.WriteCategoryUnspecified)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(bytes.Clone(data)); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestMap(t *testing.T) {
	f := func(fs vfs.FS, dir string, size int) {
		t.Helper()
		want := make([]byte, size)
		for i := range want {
			want[i] = byte(i * 7)
		}
		name := filepath.Join(dir, "f")
		write(t, fs, name, want)
		m, err := vfs.Map(fs, name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(m.Data, want) {
			t.Fatalf("size %d: content differs", size)
		}
		m.WillNeed(0, size)
		m.WillNeed(size/2, size)
		m.WillNeed(size+10, 1)
		if err := m.Touch(0, size); err != nil {
			t.Fatal(err)
		}
		if err := fs.Remove(name); err != nil { // a mapped file may be removed
			t.Fatal(err)
		}
		if !bytes.Equal(m.Data, want) {
			t.Fatalf("size %d: content differs after remove", size)
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, size := range []int{0, 1, 4095, 4096, 4097, 70000} {
		f(vfs.Default, t.TempDir(), size)
		f(pvfs.NewMem(), "", size)
	}
}

func TestMapFault(t *testing.T) {
	mem := pvfs.NewMem()
	write(t, mem, "f", []byte("x"))
	inj, err := errorfs.ParseDSL(`(ErrInjected Reads)`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := vfs.Map(errorfs.Wrap(mem, inj), "f"); err == nil {
		t.Fatal("the injected error is lost")
	}
	if _, err := vfs.Map(mem, "missing"); err == nil {
		t.Fatal("no error for a missing file")
	}
}
