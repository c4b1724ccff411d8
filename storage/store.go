package storage

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"
	pvfs "github.com/cockroachdb/pebble/v2/vfs"

	"github.com/vecdb/vecdb/internal/vfs"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage/catalog"
)

// Names in the data folder.
const (
	lockFile    = "vecdb.lock"
	formatFile  = "FORMAT"
	catalogDir  = "catalog"
	dataDir     = "data"
	indexDir    = "index"
	tempDir     = "tmp"
	storeFormat = 1
)

// Store is an open data folder. All methods are safe for many goroutines.
type Store struct {
	dir   string
	fs    vfs.FS
	opts  Options
	db    *pebble.DB
	flock io.Closer

	pebbleOptions *pebble.Options
	locks         *lockManager

	// commitMu orders commits: what is checked and applied under it happens at one version.
	commitMu sync.Mutex
	applied  *published  // newest state applied to memory, perhaps not synced; under commitMu
	reserved Version     // newest Txn.Number; under commitMu
	failed   atomic.Bool // the log could not be written
	stuck    atomic.Bool // Pebble was left in the middle of something: closing it would wait for ever

	publishMu sync.Mutex
	published atomic.Pointer[published] // newest durable state

	tablesMu sync.RWMutex
	tables   map[OID]*table

	snapsMu   sync.Mutex
	snapshots map[Version]int // versions that transactions read at, with their number

	sequences sequences
	nextOID   atomic.Uint32
	oidLogged atomic.Uint32 // OIDs below are durable as used
	layouts   sync.Map      // *schema.Table -> *layout
	ranges    rangeCache    // sets of rows that index ranges gave
	horizon   atomic.Uint64 // versions below it may miss rows
	ahead     atomic.Int64  // transactions that wrote index entries ahead of their commit
	orphans   int           // files removed by Open
	closed    atomic.Bool
}

// published is a version with the catalog that goes with it.
type published struct {
	version Version
	catalog *catalog.Catalog
}

// Open opens the data folder dir, and makes it when it is empty. It fails with ErrInUse when another
// process has it and ErrFormat when a newer version wrote it.
func Open(dir string, o Options) (_ *Store, err error) {
	o = o.withDefaults()
	s := &Store{
		dir: dir, fs: o.FS, opts: o, locks: newLockManager(), tables: map[OID]*table{},
		snapshots: map[Version]int{},
	}
	defer func() { err = Marked(err) }()
	if err := s.checkFolder(); err != nil {
		return nil, err
	}
	if err := s.fs.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if err := s.syncDir(s.fs.PathDir(dir)); err != nil {
		return nil, err
	}
	if s.flock, err = s.fs.Lock(s.path(lockFile)); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrInUse, dir, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.flock.Close())
		}
	}()
	marked, err := s.checkFormat()
	if err != nil {
		return nil, err
	}
	if err := s.makeDirs(); err != nil {
		return nil, err
	}
	if !marked {
		if err := s.markFormat(); err != nil {
			return nil, err
		}
	}
	if s.db, s.pebbleOptions, err = openPebble(s.fs, s.path(catalogDir), o); err != nil {
		return nil, fmt.Errorf("open catalog: %w", err)
	}
	if err := s.recover(); err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	return s, nil
}

func (s *Store) path(elem ...string) string {
	return s.fs.PathJoin(append([]string{s.dir}, elem...)...)
}

func oidName(oid OID) string { return strconv.FormatUint(uint64(oid), 10) }

func (s *Store) fragmentPath(table OID, file string) string {
	return s.path(dataDir, oidName(table), file)
}

func (s *Store) segmentPath(index OID, file string) string {
	return s.path(indexDir, oidName(index), file)
}

// checkFolder refuses a folder that holds something else than a store: starting a store removes what is in its
// temporary folder. With Options.MustExist it refuses one without a store too.
func (s *Store) checkFolder() error {
	names, err := s.fs.List(s.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if slices.Contains(names, formatFile) {
		return nil
	}
	if s.opts.MustExist {
		return ErrNoStore
	}
	// A first start that died may have left any of these, and a disk of its own has a folder to begin with.
	ours := []string{lockFile, catalogDir, dataDir, indexDir, tempDir, "lost+found"}
	for _, name := range names {
		if !slices.Contains(ours, name) {
			return fmt.Errorf("%w: there is %s", ErrForeign, name)
		}
	}
	return nil
}

// checkFormat refuses a folder of a newer format. It says whether the folder has a mark.
func (s *Store) checkFormat() (marked bool, err error) {
	f, err := s.fs.Open(s.path(formatFile))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // new, or made by a start that died before it wrote the mark
	}
	if err != nil {
		return false, err
	}
	b, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return false, err
	}
	var n int
	if _, err := fmt.Sscanf(string(b), "vecdb %d", &n); err != nil {
		return false, fmt.Errorf("%w: %s does not read as a format mark", ErrFormat, formatFile)
	}
	if n > storeFormat {
		return false, fmt.Errorf("%w: it is %d, the newest known is %d", ErrFormat, n, storeFormat)
	}
	return true, nil
}

func (s *Store) makeDirs() error {
	if err := s.fs.RemoveAll(s.path(tempDir)); err != nil {
		return err
	}
	for _, d := range []string{catalogDir, dataDir, indexDir, tempDir} {
		if err := s.fs.MkdirAll(s.path(d), 0o700); err != nil {
			return err
		}
	}
	return nil
}

// markFormat writes the format mark, once: a mark that a crash or a full device left half written would keep the
// folder from being opened.
func (s *Store) markFormat() error {
	temp := s.path(tempDir, formatFile)
	f, err := s.fs.Create(temp, pvfs.WriteCategoryUnspecified)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "vecdb %d\n", storeFormat)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := s.fs.Rename(temp, s.path(formatFile)); err != nil {
		return err
	}
	return s.syncDir(s.dir)
}

func (s *Store) syncDir(dir string) error {
	d, err := s.fs.OpenDir(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Close ends the store. Transactions must have ended; what they did not commit is lost.
func (s *Store) Close() error {
	if !s.closed.Load() {
		_ = s.keepSequences() // without it the values that were promised and not given are skipped
	}
	if s.closed.Swap(true) {
		return nil
	}
	s.tablesMu.Lock()
	for _, t := range s.tables {
		t.state.Load().unpin()
	}
	s.tables = map[OID]*table{}
	s.tablesMu.Unlock()
	var err error
	if s.stuck.Load() {
		err = ErrFailed
	} else {
		err = s.db.Close()
	}
	return errors.Join(err, s.fs.RemoveAll(s.path(tempDir)), s.flock.Close())
}

// Catalog returns the newest durable catalog.
func (s *Store) Catalog() *catalog.Catalog { return s.published.Load().catalog }

// Version returns the newest durable version.
func (s *Store) Version() Version { return s.published.Load().version }

// TempDir is where temporary files go; FS is how to reach it. What is in it is gone after a restart.
func (s *Store) TempDir() string { return s.path(tempDir) }

// FS is the file system of the store.
func (s *Store) FS() vfs.FS { return s.fs }

// table returns the physical table, or nil.
func (s *Store) table(oid OID) *table {
	s.tablesMu.RLock()
	t := s.tables[oid]
	s.tablesMu.RUnlock()
	return t
}

// newTable returns an empty table that the store does not know yet.
func (s *Store) newTable(oid OID) *table {
	t := &table{store: s, oid: oid}
	t.nextRow.Store(1)
	t.nextFile.Store(1)
	t.state.Store(newState(t, nil, newTail(), nil))
	return t
}

// layoutOf returns the layout of a table record, made once.
func (s *Store) layoutOf(t *schema.Table) (*layout, error) {
	if l, ok := s.layouts.Load(t); ok {
		return l.(*layout), nil
	}
	l, err := newLayout(t)
	if err != nil {
		return nil, err
	}
	s.layouts.Store(t, l)
	return l, nil
}

// forgetLayout lets the layout of a replaced table record go.
func (s *Store) forgetLayout(t *schema.Table) { s.layouts.Delete(t) }

// removeFile deletes a file that nothing names. A failure costs space until the next start. Once the log has
// failed nobody knows what it names, and all files stay for the next start to sort out.
func (s *Store) removeFile(path string) {
	if s.failed.Load() {
		return
	}
	if err := s.fs.Remove(path); err != nil {
		s.opts.Log.Warn("remove file", "file", path, "error", err)
		return
	}
	s.removeFolder(s.fs.PathDir(path))
}

// removeFolder removes the folder of a table or index that is gone once its last file is.
func (s *Store) removeFolder(dir string) {
	n, err := strconv.ParseUint(s.fs.PathBase(dir), 10, 32)
	if err != nil {
		return
	}
	switch oid := OID(n); s.fs.PathBase(s.fs.PathDir(dir)) {
	case dataDir:
		if s.table(oid) == nil {
			_ = s.fs.Remove(dir) // fails as long as there are files in it
		}
	case indexDir:
		if s.published.Load().catalog.Index(oid) == nil {
			_ = s.fs.Remove(dir)
		}
	}
}

// pinVersion registers a version that a transaction reads at, so that upkeep keeps what it sees.
func (s *Store) pinVersion(v Version) {
	s.snapsMu.Lock()
	s.snapshots[v]++
	s.snapsMu.Unlock()
}

// pinNewest registers and returns the newest durable version.
func (s *Store) pinNewest() *published {
	s.snapsMu.Lock()
	p := s.published.Load()
	s.snapshots[p.version]++
	s.snapsMu.Unlock()
	return p
}

func (s *Store) unpinVersion(v Version) {
	s.snapsMu.Lock()
	if s.snapshots[v]--; s.snapshots[v] <= 0 {
		delete(s.snapshots, v)
	}
	s.snapsMu.Unlock()
}

// publish makes a synced version the one that new statements see. Syncs may finish out of order;
// the log is written in order, so whatever is older than a synced version is synced too.
func (s *Store) publish(p *published) {
	s.publishMu.Lock()
	defer s.publishMu.Unlock()
	if p.version > s.published.Load().version {
		s.published.Store(p)
	}
}
