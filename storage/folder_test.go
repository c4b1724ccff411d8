package storage_test

import (
	"errors"
	"testing"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"

	"github.com/vecdb/vecdb/storage"
)

// A store is made in a folder that is empty or not there, never among somebody's files; and none is made when one
// must exist.
func TestFolderOfNewStore(t *testing.T) {
	f := func(file string, mustExist bool, want error) {
		t.Helper()
		fs := pvfs.NewMem()
		if file != "" {
			if err := fs.MkdirAll("dir", 0o700); err != nil {
				t.Fatal(err)
			}
			w, err := fs.Create(fs.PathJoin("dir", file), pvfs.WriteCategoryUnspecified)
			if err = errors.Join(err, w.Close()); err != nil {
				t.Fatal(err)
			}
		}
		st, err := storage.Open("dir", storage.Options{FS: fs, MustExist: mustExist})
		if !errors.Is(err, want) {
			t.Fatalf("%q, must exist %v: %v, want %v", file, mustExist, err, want)
		}
		if err != nil {
			if names, err := fs.List("dir"); err == nil && (len(names) != 1 || names[0] != file) {
				t.Errorf("%q: files are left: %q", file, names)
			}
			return
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		if st, err = storage.Open("dir", storage.Options{FS: fs, MustExist: true}); err != nil {
			t.Fatalf("%q, again: %v", file, err)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	}
	f("", false, nil)
	f("", true, storage.ErrNoStore)
	f("lost+found", false, nil)
	f("vecdb.lock", false, nil) // of a start that died
	f("vecdb.lock", true, storage.ErrNoStore)
	f("thesis.tex", false, storage.ErrForeign)
	f("thesis.tex", true, storage.ErrNoStore)
}
