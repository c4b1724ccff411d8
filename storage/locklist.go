package storage

// LockInfo is a lock on a table or a name that somebody has or waits for.
type LockInfo struct {
	Owner    uint32 // Owner.ID
	Relation OID    // 0: Name
	Name     Name
	Mode     LockMode // of a name Share or Exclusive
	Granted  bool
}

// Locks lists the locks on tables and names, in no order: those that are held, one for each mode, and those that are
// waited for.
func (s *Store) Locks() []LockInfo {
	m := s.locks
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []LockInfo
	for id, l := range m.locks {
		if id.kind != lockTable && id.kind != lockName && id.kind != lockPair {
			continue
		}
		for _, h := range l.holders {
			for mode := range LockMode(16) {
				if h.modes&(1<<mode) != 0 {
					out = append(out, lockInfo(h.owner.who, id, mode, true))
				}
			}
		}
		for _, w := range l.queue {
			out = append(out, lockInfo(w.owner.who, id, w.mode, false))
		}
	}
	return out
}

func lockInfo(o *Owner, id lockID, mode LockMode, granted bool) LockInfo {
	if id.kind == lockTable {
		return LockInfo{Owner: o.ID, Relation: id.obj, Mode: mode, Granted: granted}
	}
	shown := Exclusive
	if mode == lockIntent {
		shown = Share
	}
	return LockInfo{Owner: o.ID, Name: Name{id.obj, id.id, id.kind == lockPair}, Mode: shown, Granted: granted}
}

// Waited is what a lock is waited for.
type Waited uint8

// Nothing; a table; the end of the transaction that has a row or key; a name.
const (
	WaitedNothing Waited = iota
	WaitedTable
	WaitedTxn
	WaitedName
)

// Waiting tells what each owner waits for that waits for a lock.
func (s *Store) Waiting() map[uint32]Waited {
	m := s.locks
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[uint32]Waited{}
	for id, l := range m.locks {
		kind := WaitedTxn
		switch id.kind {
		case lockTable:
			kind = WaitedTable
		case lockName, lockPair:
			kind = WaitedName
		}
		for _, w := range l.queue {
			out[w.owner.who.ID] = kind
		}
	}
	return out
}

// Blocking lists the owners for whom the owner of that ID waits, the holders of what it waits for first. One that has
// no ID counts as 0.
func (s *Store) Blocking(id uint32) (out []uint32) {
	m := s.locks
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.locks {
		for _, w := range l.queue {
			if w.owner.who.ID != id {
				continue
			}
			for _, b := range m.blockers(w.owner.who) {
				out = append(out, b.ID)
			}
		}
	}
	return out
}
