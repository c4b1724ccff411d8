package session

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// advisoryFunc is what a function of the pg_advisory_lock family does.
type advisoryFunc struct {
	unlock, all bool
	shared      bool
	xact        bool // to the end of the transaction, not of the session
	try         bool // answers false instead of waiting
}

var advisoryFuncs = map[string]advisoryFunc{
	"pg_advisory_lock":                 {},
	"pg_advisory_lock_shared":          {shared: true},
	"pg_advisory_xact_lock":            {xact: true},
	"pg_advisory_xact_lock_shared":     {xact: true, shared: true},
	"pg_try_advisory_lock":             {try: true},
	"pg_try_advisory_lock_shared":      {try: true, shared: true},
	"pg_try_advisory_xact_lock":        {try: true, xact: true},
	"pg_try_advisory_xact_lock_shared": {try: true, xact: true, shared: true},
	"pg_advisory_unlock":               {unlock: true},
	"pg_advisory_unlock_shared":        {unlock: true, shared: true},
	"pg_advisory_unlock_all":           {unlock: true, all: true},
}

// advisory runs one of them: a key is a bigint or two integers, of the session's database.
func (s *Session) advisory(ctx context.Context, f advisoryFunc, a []types.Datum) (types.Datum, error) {
	void := types.StringDatum("")
	if f.all {
		s.srv.Store.UnlockNames(&s.owner)
		return void, nil
	}
	name := storage.Name{Space: s.db.OID, Key: uint64(a[0].I)}
	if len(a) == 2 {
		name.Key, name.Pair = uint64(uint32(a[0].I))<<32|uint64(uint32(a[1].I)), true
	}
	if f.unlock {
		owned := s.srv.Store.UnlockName(&s.owner, name, f.shared)
		if !owned {
			mode := lockModes[storage.Exclusive]
			if f.shared {
				mode = lockModes[storage.Share]
			}
			s.warning(pgerrcode.Warning, "you don't own a lock of type "+mode)
		}
		return types.BoolDatum(owned), nil
	}
	wait := storage.Wait
	if f.try {
		wait = storage.NoWait
	}
	lock := s.tx.txn.LockNameBeyond
	if f.xact {
		lock = s.tx.txn.LockName
	}
	err := lock(ctx, name, f.shared, wait)
	if f.try && (err == nil || errors.Is(err, storage.ErrLocked)) {
		return types.BoolDatum(err == nil), nil
	}
	return void, translate(err)
}

// blockingPIDs is pg_blocking_pids.
func blockingPIDs(s *Session, a []types.Datum) (types.Datum, error) {
	pids := s.srv.Store.Blocking(uint32(a[0].I))
	slices.Sort(pids)
	items := make([]types.Datum, 0, len(pids))
	for _, pid := range slices.Compact(pids) {
		items = append(items, types.IntDatum(int64(pid)))
	}
	return types.StringDatum(types.ArrayOf(types.Int4OID, items)), nil
}
