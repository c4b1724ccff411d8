package storage_test

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/vecdb/vecdb/storage"
)

const gigabyte = 1 << 30

// device is a file system of a size that the test sets.
func device(total, free uint64) *pvfs.MemFS {
	mem := pvfs.NewMem()
	setFree(mem, total, free)
	return mem
}

func setFree(mem *pvfs.MemFS, total, free uint64) {
	mem.TestingSetDiskUsage(pvfs.DiskUsage{TotalBytes: total, AvailBytes: free, UsedBytes: total - free})
}

// What does not fit beside the reserve is refused before anything is written, with the figures.
func TestNeedSpace(t *testing.T) {
	mem := device(100*gigabyte, 100*gigabyte)
	h := start(t, storage.Options{FS: mem})
	const reserve = 64 << 20
	f := func(free, total uint64, bytes int64, ok bool) {
		t.Helper()
		setFree(mem, total, free)
		defer setFree(mem, gigabyte, gigabyte)
		err := h.s.NeedSpace("it", bytes)
		if ok != (err == nil) || (!ok && !errors.Is(err, storage.ErrDiskFull)) {
			t.Fatalf("%d of %d free, %d wanted: %v", free, total, bytes, err)
		}
	}
	f(reserve+1000, 100*gigabyte, 1000, true)
	f(reserve+999, 100*gigabyte, 1000, false)
	f(reserve, 100*gigabyte, 0, true)
	f(reserve-1, 100*gigabyte, 0, false)
	f(1<<20, 16<<20, 0, true) // a small device has a small reserve
	f(1<<20-1, 16<<20, 0, false)
	f(0, 0, 1<<40, true) // usage unknown
	setFree(mem, 100*gigabyte, reserve+5)
	err := h.s.NeedSpace("it", 1000)
	if want := "it needs about 1000 bytes, 67108869 are free"; err == nil || !strings.Contains(err.Error(), want) {
		t.Fatalf("%v does not say %q", err, want)
	}
	setFree(mem, gigabyte, gigabyte)
}

// On a device that is nearly full new rows are refused; rows can be deleted and tables dropped, and once there is space
// again everything goes on without a restart.
func TestNearlyFull(t *testing.T) {
	mem := device(gigabyte, gigabyte)
	h := start(t, storage.Options{FS: mem})
	h.insert(1, 10)
	setFree(mem, gigabyte, 1<<20)
	tx := h.begin()
	_, err := tx.Insert(ctx, h.table, rows(20, 1))
	h.check(err)
	_, err = tx.Commit(ctx)
	h.wants(err, storage.ErrDiskFull)
	tx = h.begin()
	h.check(h.renameIn(tx, "x", 1))
	_, err = tx.Commit(ctx)
	h.wants(err, storage.ErrDiskFull)
	if n := h.s.Stats().Snapshots; n != 0 {
		t.Fatalf("%d versions pinned by refused commits", n)
	}
	h.holds(lines(1, 10)...)
	h.remove(1, 2, 3)
	h.flush()
	h.merge(h.s.Version())
	tx = h.begin()
	h.check(tx.Truncate(h.table))
	h.commit(tx)
	h.holds()
	setFree(mem, gigabyte, gigabyte)
	h.insert(1, 3)
	h.holds(lines(1, 3)...)
}

// A load that would not fit is refused when it outgrows memory, not when it fills the device.
func TestLoadDoesNotFit(t *testing.T) {
	mem := device(gigabyte, gigabyte)
	h := start(t, storage.Options{FS: mem, SpillBytes: 1 << 16})
	setFree(mem, gigabyte, 64<<20+1<<15)
	tx := h.begin()
	_, err := tx.Insert(ctx, h.table, rows(1, 5000))
	h.wants(err, storage.ErrDiskFull)
	tx.Rollback()
	if n := h.countFiles(h.dir + "/data"); n != 0 {
		t.Fatalf("%d files are left", n)
	}
	setFree(mem, gigabyte, gigabyte)
	h.insert(1, 5000)
}

// An index whose predicted size does not fit is refused before its build begins.
func TestIndexDoesNotFit(t *testing.T) {
	mem := device(gigabyte, gigabyte)
	h := start(t, storage.Options{FS: mem, EntriesMax: 10})
	h.insert(1, 3000)
	f := func(free uint64, ok bool) {
		t.Helper()
		setFree(mem, gigabyte, 64<<20+free)
		defer setFree(mem, gigabyte, gigabyte)
		tx := h.begin()
		defer tx.Rollback()
		steps := 0
		err := tx.BuildIndex(ctx, h.indexOf(h.oid(tx), "t_name", false, keyOn(2, textOID)),
			storage.BuildOptions{Progress: func(int64, int64) { steps++ }})
		if ok != (err == nil) || (!ok && !errors.Is(err, storage.ErrDiskFull)) {
			t.Fatalf("%d bytes free: %v", free, err)
		}
		if !ok && steps > 0 {
			t.Fatalf("refused after %d steps", steps)
		}
	}
	f(3000*20, false)
	f(3000*200, true)
	f(0, false)
}

// full makes every write to some files fail as a full device does.
func (f *faults) full(match func(errorfs.Op) bool, skip int) { f.set(match, skip, syscall.ENOSPC) }

// A full device is ErrDiskFull wherever it is met, leaves no file behind, and what is stored can be read.
func TestFullDevice(t *testing.T) {
	spill := storage.Options{DirectRows: 50, EntriesMax: 30}
	f := func(what string, o storage.Options, match func(errorfs.Op) bool, do func(h *harness) error) {
		t.Helper()
		for k := 0; ; k++ {
			h, faulty := startFaulty(t, o)
			h.insert(1, 40)
			before := h.countFiles(h.dir+"/data") + h.countFiles(h.dir+"/tmp")
			faulty.full(match, k)
			err := do(h)
			hits := faulty.off()
			if hits == 0 {
				if k == 0 {
					t.Fatalf("%s: nothing was written", what)
				}
				return
			}
			if !errors.Is(err, storage.ErrDiskFull) {
				t.Fatalf("%s, operation %d: got %v", what, k, err)
			}
			h.holds(lines(1, 40)...)
			if n := h.countFiles(h.dir+"/data") + h.countFiles(h.dir+"/tmp"); n != before {
				t.Fatalf("%s, operation %d: %d files, there were %d", what, k, n, before)
			}
			h.insert(1000, 1)
			h.reopen()
			h.holds(append(lines(1, 40), line(1000, ""))...)
		}
	}
	creates := func(parts ...string) func(errorfs.Op) bool {
		return func(op errorfs.Op) bool {
			switch op.Kind {
			case errorfs.OpCreate, errorfs.OpFileWrite, errorfs.OpFileSync, errorfs.OpMkdirAll:
				return has(op.Path, parts)
			default:
				return false
			}
		}
	}
	f("flush", spill, creates("/db/data"), func(h *harness) error { return h.s.FlushTable(ctx, h.table) })
	f("a large commit", spill, creates("/db/data"), func(h *harness) error {
		tx := h.begin()
		_, err := tx.Insert(ctx, h.table, rows(100, 60))
		h.check(err)
		_, err = tx.Commit(ctx)
		return err
	})
	f("a load that spills", storage.Options{SpillBytes: 2000}, creates("/db/data"), func(h *harness) error {
		tx := h.begin()
		defer tx.Rollback()
		_, err := tx.Insert(ctx, h.table, rows(100, 60))
		if err == nil {
			_, err = tx.Commit(ctx)
		}
		return err
	})
	f("an index build", storage.Options{EntriesMax: 2}, creates("/db/tmp"), func(h *harness) error {
		tx := h.begin()
		defer tx.Rollback()
		return tx.BuildIndex(ctx, h.indexOf(h.oid(tx), "t_name", false, keyOn(2, textOID)),
			storage.BuildOptions{})
	})
}

// A full device under the log is both: the commit did not fit, and the store wants to be opened again.
func TestFullDeviceUnderTheLog(t *testing.T) {
	h, f := startFaulty(t, storage.Options{})
	h.insert(1, 3)
	f.full(func(op errorfs.Op) bool { return isLog(op.Path) && op.Kind == errorfs.OpFileWrite }, 0)
	tx := h.begin()
	_, err := tx.Insert(ctx, h.table, rows(4, 1))
	h.check(err)
	_, err = tx.Commit(ctx)
	f.off()
	h.wants(err, storage.ErrDiskFull)
	h.wants(err, storage.ErrFailed)
	if !strings.Contains(fmt.Sprint(err), "no space left on device") {
		t.Fatal(err)
	}
	_ = h.s.Close() // tells the error again
	h.open()
	h.insert(10, 1)
}
