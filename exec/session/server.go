package session

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/exec/pgcatalog"
	"github.com/vecdb/vecdb/internal/mem"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/wire/backend"
)

// Server opens sessions over one store. Set the fields before the first Open.
type Server struct {
	Store *storage.Store
	// Memory counts what all sessions keep and has the limit for their sum; nil: no limit.
	Memory *mem.Account
	// Terminate ends the connection of a process id; nil when there is no wire.
	Terminate func(pid uint32) bool

	bindCache *bind.Cache
	once      sync.Once
	nextPID   atomic.Uint32
	mu        sync.Mutex
	sessions  map[uint32]*Session
	progress  map[uint32]pgcatalog.BuildProgress
	channels  map[string]map[*Session]bool // LISTEN
}

// firstPID is the first process id handed out. They only need to be unique.
const firstPID = 1000

func (s *Server) init() {
	s.once.Do(func() {
		s.bindCache = bind.NewCache()
		s.sessions = map[uint32]*Session{}
		s.progress = map[uint32]pgcatalog.BuildProgress{}
		s.channels = map[string]map[*Session]bool{}
		s.nextPID.Store(firstPID)
	})
}

// Verifier implements backend.Server.
func (s *Server) Verifier(_ context.Context, user string) (string, bool, error) {
	r := s.Store.Catalog().RoleNamed(user)
	if r == nil || !r.Login || expired(r) {
		return "", false, nil
	}
	return r.Verifier, true, nil
}

// expired says whether a role's password is no longer good.
func expired(r *schema.Role) bool {
	if r.ValidUntil == "" {
		return false
	}
	until, err := types.Lookup(types.TimestamptzOID).Parse(r.ValidUntil, -1, &types.Session{})
	return err == nil && until.I < nowMicros()
}

// Open implements backend.Server.
func (s *Server) Open(_ context.Context, start backend.Startup, client backend.Client) (backend.Session, error) {
	s.init()
	c := s.Store.Catalog()
	role := c.RoleNamed(start.User)
	if role == nil {
		return nil, pgerr.New(pgerrcode.InvalidAuthorizationSpecification, "role %q does not exist", start.User)
	}
	if !role.Login {
		return nil, pgerr.New(pgerrcode.InvalidAuthorizationSpecification, "role %q is not permitted to log in", start.User)
	}
	db := c.DatabaseNamed(start.Database)
	if db == nil {
		return nil, pgerr.New(pgerrcode.InvalidCatalogName, "database %q does not exist", start.Database)
	}
	if db.NoConnect {
		return nil, pgerr.New(pgerrcode.ObjectNotInPrerequisiteState, "database %q is not currently accepting connections", start.Database)
	}
	if !db.Object().Allows(role, 'c', c.Role) {
		return nil, pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied for database %q", db.Name).
			Detail("User does not have CONNECT privilege.")
	}
	if !role.Super && role.ConnLimit.Reached(s.count(func(x *Session) bool { return x.login.OID == role.OID })) {
		return nil, pgerr.New(pgerrcode.TooManyConnections, "too many connections for role %q", role.Name)
	}
	if !role.Super && db.ConnLimit.Reached(s.sessionsIn(db.OID, nil)) {
		return nil, pgerr.New(pgerrcode.TooManyConnections, "too many connections for database %q", db.Name)
	}
	sess, err := newSession(s, s.nextPID.Add(1), randomSecret(), db, role, client, start)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.sessions[sess.pid] = sess
	s.mu.Unlock()
	return sess, nil
}

func randomSecret() uint32 {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails on the systems we run on
	return binary.BigEndian.Uint32(b[:])
}

// count counts the sessions that match says yes to.
func (s *Server) count(match func(*Session) bool) int {
	n := 0
	s.each(func(x *Session) {
		if match(x) {
			n++
		}
	})
	return n
}

// each visits the sessions.
func (s *Server) each(f func(*Session)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.sessions {
		f(x)
	}
}

func (s *Server) forget(x *Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, x.pid)
	delete(s.progress, x.pid)
	s.unlisten(x, "")
}

// sessionsIn counts other sessions in a database.
func (s *Server) sessionsIn(db schema.OID, self *Session) int {
	return s.count(func(x *Session) bool { return x.db.OID == db && x != self })
}

// disconnect ends the sessions of a database.
func (s *Server) disconnect(db schema.OID) {
	var pids []uint32
	s.each(func(x *Session) {
		if x.db.OID == db {
			pids = append(pids, x.pid)
		}
	})
	for _, pid := range pids {
		if s.Terminate != nil {
			s.Terminate(pid)
		}
	}
}

// cancelPID cancels the statement of another session; false when there is none.
func (s *Server) cancelPID(pid uint32) bool {
	s.mu.Lock()
	x := s.sessions[pid]
	s.mu.Unlock()
	if x == nil {
		return false
	}
	x.Cancel()
	return true
}

// waitEvents are PostgreSQL's names of what locks are waited for.
var waitEvents = map[storage.Waited]string{
	storage.WaitedTable: "relation", storage.WaitedTxn: "transactionid", storage.WaitedName: "advisory",
}

// backends lists the sessions for pg_stat_activity.
func (s *Server) backends() []pgcatalog.Backend {
	waiting := s.Store.Waiting()
	var out []pgcatalog.Backend
	s.each(func(x *Session) {
		b := x.activity()
		switch w := waiting[b.PID]; {
		case w != storage.WaitedNothing:
			b.WaitType, b.WaitEvent = "Lock", waitEvents[w]
		case b.State != "active":
			b.WaitType, b.WaitEvent = "Client", "ClientRead"
		}
		out = append(out, b)
	})
	return out
}

func (s *Server) builds() []pgcatalog.BuildProgress {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]pgcatalog.BuildProgress, 0, len(s.progress))
	for _, p := range s.progress {
		out = append(out, p)
	}
	return out
}

func (s *Server) setProgress(pid uint32, p *pgcatalog.BuildProgress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p == nil {
		delete(s.progress, pid)
		return
	}
	s.progress[pid] = *p
}

// lockModes are PostgreSQL's names of the modes of table locks.
var lockModes = map[storage.LockMode]string{
	storage.AccessShare: "AccessShareLock", storage.RowShare: "RowShareLock", storage.RowExclusive: "RowExclusiveLock",
	storage.ShareUpdateExclusive: "ShareUpdateExclusiveLock", storage.Share: "ShareLock",
	storage.ShareRowExclusive: "ShareRowExclusiveLock", storage.Exclusive: "ExclusiveLock",
	storage.AccessExclusive: "AccessExclusiveLock",
}

// locks lists the locks for pg_locks.
func (s *Server) locks() []pgcatalog.Lock {
	var out []pgcatalog.Lock
	for _, l := range s.Store.Locks() {
		row := pgcatalog.Lock{PID: l.Owner, Relation: l.Relation, Mode: lockModes[l.Mode], Granted: l.Granted}
		if l.Relation == 0 {
			row.Database, row.Key, row.Pair = l.Name.Space, l.Name.Key, l.Name.Pair
		}
		out = append(out, row)
	}
	return out
}
