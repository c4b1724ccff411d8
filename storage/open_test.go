package storage_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"
	"testing"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/vecdb/vecdb/internal/vfs"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/catalog"
)

// write puts a file into the store's file system.
func (h *harness) write(name, content string) {
	h.t.Helper()
	h.check(h.fs.MkdirAll(h.fs.PathDir(name), 0o700))
	f, err := h.fs.Create(name, pvfs.WriteCategoryUnspecified)
	h.check(err)
	_, err = f.Write([]byte(content))
	h.check(errors.Join(err, f.Sync(), f.Close()))
}

func (h *harness) read(name string) string {
	h.t.Helper()
	f, err := h.fs.Open(name)
	h.check(err)
	b, err := io.ReadAll(f)
	h.check(errors.Join(err, f.Close()))
	return string(b)
}

func (h *harness) exists(name string) bool {
	_, err := h.fs.Stat(name)
	return err == nil
}

// A new folder gets its mark, directories, the objects that every store has, and version 1.
func TestOpenNewFolder(t *testing.T) {
	mem := pvfs.NewMem()
	s, err := storage.Open("/a/b/c", storage.Options{
		FS: mem, Bootstrap: catalog.BootstrapOptions{Superusers: []string{"ann", "bob"}, Verifier: "v"},
	})
	if err != nil {
		t.Fatal(err)
	}
	cat := s.Catalog()
	if cat.RoleNamed("ann") == nil || cat.RoleNamed("ann").Verifier != "v" || cat.RoleNamed("bob") == nil ||
		cat.DatabaseNamed("postgres") == nil || cat.Database(schema.PostgresDBOID) == nil {
		t.Fatal("the first content is not all there")
	}
	if s.Version() != 1 || s.TempDir() != "/a/b/c/tmp" || s.FS() != vfs.FS(mem) {
		t.Fatal(s.Version(), s.TempDir())
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatalf("the second Close: %v", err)
	}
	// Opened again it is the same store, whatever the options of a new one say.
	s, err = storage.Open("/a/b/c",
		storage.Options{FS: mem, Bootstrap: catalog.BootstrapOptions{Superusers: []string{"eve"}}})
	if err != nil {
		t.Fatal(err)
	}
	if s.Version() != 1 || s.Catalog().RoleNamed("eve") != nil {
		t.Fatal("bootstrapped twice")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// Two stores cannot have one folder, on a real file system too; once the first is closed the other can.
func TestOneProcessAFolder(t *testing.T) {
	f := func(fs vfs.FS) {
		t.Helper()
		h := newHarness(t, storage.Options{FS: fs})
		for range 2 { // a refused start takes no lock from the first
			_, err := storage.Open(h.dir, h.o)
			h.wants(err, storage.ErrInUse)
			if !strings.Contains(err.Error(), h.dir) {
				t.Fatalf("%v does not name the folder", err)
			}
		}
		h.insert(1, 1)
		h.reopen()
		h.holds(lines(1, 1)...)
		h.check(h.s.Close())
	}
	f(pvfs.NewMem())
	f(vfs.Default)
}

// A mark that does not read, or of a newer version, keeps the folder closed and untouched.
func TestFormatMark(t *testing.T) {
	h := start(t, storage.Options{})
	h.insert(1, 1)
	mark := h.dir + "/FORMAT"
	good := h.read(mark)
	h.check(h.s.Close())
	for _, bad := range []string{"", "vecdb", "vecdb x\n", "2\n", "vecdb 2\n", "vecdb 1000000\n"} {
		h.write(mark, bad)
		if _, err := storage.Open(h.dir, h.o); !errors.Is(err, storage.ErrFormat) {
			t.Fatalf("%q: %v", bad, err)
		}
		if h.read(mark) != bad {
			t.Fatalf("the mark %q has changed", bad)
		}
	}
	// A start that died before it wrote the mark leaves a folder without one.
	h.check(h.fs.Remove(mark))
	h.open()
	if got := h.read(mark); got != good {
		t.Fatalf("mark %q, it was %q", got, good)
	}
	h.holds(lines(1, 1)...)
}

// An error under the mark is an error, and not a new folder; and a start that meets one, or a full device, at
// any moment leaves a folder that the next start opens.
func TestOpenFails(t *testing.T) {
	for _, fault := range []error{errBroken, syscall.ENOSPC} {
		f := &faults{} // without start, since Pebble leaves files open when it fails to open
		h := newHarness(t, storage.Options{FS: errorfs.Wrap(pvfs.NewMem(), f)})
		h.insert(1, 5)
		h.flush()
		h.rename("tail", 1)
		want := append(lines(2, 4), line(1, "tail"))
		h.check(h.s.Close())
		// What Pebble's own goroutines cannot write ends the process, so its files fail for reads only.
		all := func(op errorfs.Op) bool {
			if op.Kind.ReadOrWrite() == errorfs.OpIsRead {
				return errors.Is(fault, errBroken)
			}
			return !strings.Contains(op.Path, "/catalog") || op.Kind == errorfs.OpMkdirAll
		}
		failed := 0
		for k := 0; ; k++ {
			f.setOnce(all, k, fault)
			var s *storage.Store
			var err error
			within(t, fmt.Sprintf("Open with fault %d", k), func() { s, err = storage.Open(h.dir, h.o) })
			hits := f.off()
			if err == nil {
				h.s = s
				h.holds(want...)
				h.check(s.Close())
				if hits == 0 {
					break
				}
				continue
			}
			if failed++; errors.Is(fault, syscall.ENOSPC) && !errors.Is(err, storage.ErrDiskFull) {
				t.Fatalf("fault %d: %v is no full device", k, err)
			}
			h.open()
			h.holds(want...)
			h.check(h.s.Close())
		}
		if failed < 3 {
			t.Fatalf("%v: Open failed %d times", fault, failed)
		}
	}
}

// A crash in the middle of any start, a first one or a later, leaves a folder that the next start opens.
func TestCrashInOpen(t *testing.T) {
	f := func(old bool) {
		t.Helper()
		for k := 0; ; k++ {
			mem := pvfs.NewCrashableMem()
			if old {
				s, err := storage.Open("/db", storage.Options{FS: mem})
				if err != nil {
					t.Fatal(err)
				}
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			}
			var clone *pvfs.MemFS
			n := 0
			inj := errorfs.InjectorFunc(func(op errorfs.Op) error {
				if op.Kind.ReadOrWrite() == errorfs.OpIsWrite {
					if n++; n == k+1 {
						clone = mem.CrashClone(pvfs.CrashCloneCfg{})
					}
				}
				return nil
			})
			s, err := storage.Open("/db", storage.Options{FS: errorfs.Wrap(mem, inj)})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if clone == nil {
				return
			}
			if s, err = storage.Open("/db", storage.Options{FS: clone}); err != nil {
				t.Fatalf("old %v, crash before operation %d: %v", old, k, err)
			}
			if s.Catalog().DatabaseNamed("postgres") == nil || s.Version() != 1 {
				t.Fatalf("old %v, crash before operation %d: the first content is not there", old, k)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	f(false)
	f(true)
}

// What no record names is removed at the start: files and folders in every place; what is named stays.
func TestStraysAreRemoved(t *testing.T) {
	h := start(t, storage.Options{DirectRows: 1})
	h.insert(1, 3)
	h.insert(4, 3)
	data := fmt.Sprintf("%s/data/%d", h.dir, h.table)
	named, err := h.fs.List(data)
	h.check(err)
	h.check(h.s.Close())
	strays := []string{
		data + "/99.arrow", data + "/1.arrow.tmp", data + "/sub/deep/file",
		h.dir + "/data/77777/1.arrow", h.dir + "/data/lost", h.dir + "/data/lost+found/x",
		h.dir + "/index/123/9.ivfpq", h.dir + "/index/file",
		h.dir + "/tmp/entries-5-1", h.dir + "/tmp/sub/file",
	}
	for _, s := range strays {
		h.write(s, "stray")
	}
	h.open()
	for _, s := range strays {
		if h.exists(s) {
			t.Errorf("%s is still there", s)
		}
	}
	left, err := h.fs.List(data)
	h.check(err)
	slices.Sort(left)
	slices.Sort(named)
	if !slices.Equal(left, named) {
		t.Fatalf("files %v, were %v", left, named)
	}
	if dirs, err := h.fs.List(h.dir + "/data"); err != nil || len(dirs) != 1 {
		t.Fatalf("folders %v, %v", dirs, err)
	}
	if h.s.Stats().OrphansRemoved == 0 {
		t.Fatal("no file was counted")
	}
	h.holds(lines(1, 6)...)
	h.reopen()
	if n := h.s.Stats().OrphansRemoved; n != 0 {
		t.Fatalf("%d files removed by the next start", n)
	}
}

// A file that a record names and that is not there is an error of its table, not of the store.
func TestMissingFile(t *testing.T) {
	h := start(t, storage.Options{})
	h.insert(1, 3)
	h.flush()
	tx := h.begin()
	other := h.oid(tx)
	h.check(tx.Put(tableOf(other, "other")))
	_, err := tx.Insert(ctx, other, rows(1, 1))
	h.check(err)
	h.commit(tx)
	h.check(h.s.Close())
	h.check(h.fs.Remove(fmt.Sprintf("%s/data/%d/%d.arrow", h.dir, h.table, h.fragmentOf(0))))
	h.open()
	tx = h.begin()
	defer tx.Rollback()
	r := tx.Reader()
	defer func() { h.check(r.Close()) }()
	tr, err := r.Table(h.table)
	h.check(err)
	_, _, err = tr.Scan(storage.ScanOptions{Cols: allCols}).Next(ctx)
	if err == nil || !strings.Contains(err.Error(), fmt.Sprint("table ", h.table)) {
		t.Fatalf("got %v", err)
	}
	tr, err = r.Table(other)
	h.check(err)
	if b, _, err := tr.Scan(storage.ScanOptions{Cols: allCols}).Next(ctx); err != nil || b.N != 1 {
		t.Fatalf("the other table: %v", err)
	}
}

// fragmentOf is the number of the only fragment of a group, as it was written after a flush of a new store.
func (h *harness) fragmentOf(group int16) uint64 {
	if group == 0 {
		return 2 // vectors are written first
	}
	return 1
}

// A transaction that is open when the store closes cannot commit.
func TestCommitAfterClose(t *testing.T) {
	h := start(t, storage.Options{})
	h.insert(1, 2)
	tx := h.begin()
	_, err := tx.Insert(ctx, h.table, rows(3, 1))
	h.check(err)
	h.check(h.s.Close())
	_, err = tx.Commit(ctx)
	h.wants(err, storage.ErrClosed)
	h.open()
	h.holds(lines(1, 2)...)
}
