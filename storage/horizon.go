package storage

import (
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// Horizon moves the retention on and returns the version that upkeep must keep readable: the newest one
// that is older than the retention, or an older one that a transaction reads. What no version from it
// on can see may be dropped.
func (s *Store) Horizon() (Version, error) {
	cutoff, err := s.versionBefore(s.opts.Now().Add(-max(s.opts.Retention, 0)).UnixMicro())
	if err != nil {
		return 0, fmt.Errorf("find the horizon: %w", err)
	}
	s.snapsMu.Lock()
	defer s.snapsMu.Unlock()
	for v := range s.snapshots {
		cutoff = min(cutoff, v)
	}
	// Under the same lock as Begin's registration: a version below is either registered or refused.
	if uint64(cutoff) > s.horizon.Load() {
		s.horizon.Store(uint64(cutoff))
	}
	return cutoff, nil
}

// versionBefore returns the newest version committed at or before a time in µs.
func (s *Store) versionBefore(micros int64) (Version, error) {
	newest := s.Version()
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: []byte{spaceLog}, UpperBound: logKey(newest + 1)})
	if err != nil {
		return 0, err
	}
	// Most stores have few records within the retention; those before are trimmed.
	v := Version(0)
	for ok := it.Last(); ok; ok = it.Prev() {
		value, verr := it.ValueAndErr()
		if verr != nil {
			return 0, errors.Join(verr, it.Close())
		}
		rec, rerr := decodeLog(value)
		if rerr != nil {
			return 0, errors.Join(rerr, it.Close())
		}
		if rec.Time <= micros {
			r := keyReader{rest: it.Key()[1:]}
			v = Version(r.u64())
			break
		}
	}
	return v, errors.Join(it.Error(), it.Close())
}

// VersionAt returns the newest version committed at or before a time, in µs since 1970, for reading the
// store as it was then; ErrVersion when it is no longer readable.
func (s *Store) VersionAt(micros int64) (Version, error) {
	v, err := s.versionBefore(micros)
	if err == nil && (v == 0 || uint64(v) < s.horizon.Load()) {
		err = ErrVersion
	}
	return v, err
}

// TrimLog removes log records below the horizon, but never the last ones. It reports whether there
// was anything to remove.
func (s *Store) TrimLog() (bool, error) {
	h := Version(s.horizon.Load())
	newest := s.Version()
	if newest < logKeepMin || h == 0 {
		return false, nil
	}
	upto := min(h, newest-logKeepMin)
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: []byte{spaceLog}, UpperBound: logKey(upto)})
	if err != nil {
		return false, err
	}
	some := it.First()
	if err := errors.Join(it.Error(), it.Close()); err != nil || !some {
		return false, err
	}
	return true, s.toLog(func() error { return s.db.DeleteRange([]byte{spaceLog}, logKey(upto), pebble.NoSync) })
}
