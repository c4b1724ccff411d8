package session

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/exec/pgcatalog"
	"github.com/vecdb/vecdb/exec/settings"
	"github.com/vecdb/vecdb/internal/mem"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/wire/backend"
)

// Session is one connection's state. It implements backend.Session.
type Session struct {
	srv    *Server
	pid    uint32
	secret uint32
	client backend.Client
	db     *schema.Database
	identity
	set     *settings.Session
	io      types.Session // what values' input and output depend on, made from the settings
	ioAt    uint64        // the settings' version that io was made of
	addr    string
	port    int // of the client, -1 over a unix socket
	started int64

	owner      storage.Owner // of its transactions
	tx         txState
	idle       idleLimits
	limit      statementLimit
	statements map[string]*prepared
	portals    map[string]backend.Portal
	cursors    map[string]*cursor
	cache      planCache
	shape      sql.Shape
	view       *catalogView // newest; nil: to be made
	temp       schema.OID   // the temporary schema, 0: none yet
	inside     string       // the schema that CREATE SCHEMA makes, first in the search path
	lastSeq    schema.OID   // of nextval, for lastval
	seqValues  map[schema.OID]int64
	drawn      drawn
	rng        *rand.Rand
	memory     *mem.Account

	cancelMu sync.Mutex
	cancel   context.CancelCauseFunc // of the running step; nil: idle
	info     sessionInfo
}

// sessionInfo is what other sessions may see, under cancelMu.
type sessionInfo struct {
	state, query, application   string
	queryStart, stateChange, tx int64
}

// pgEpoch is 2000-01-01 UTC, from which timestamps count.
var pgEpoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// nowMicros is the clock as a timestamptz.
func nowMicros() int64 { return time.Since(pgEpoch).Microseconds() }

func newSession(
	srv *Server, pid, secret uint32, db *schema.Database, role *schema.Role, client backend.Client, start backend.Startup,
) (*Session, error) {
	s := &Session{
		srv: srv, pid: pid, secret: secret, client: client, db: db, identity: identity{login: role, user: role, role: role}, set: settings.NewSession(),
		addr: start.RemoteAddr, port: start.RemotePort, started: nowMicros(), statements: map[string]*prepared{}, portals: map[string]backend.Portal{},
		owner: storage.Owner{ID: pid}, cursors: map[string]*cursor{}, seqValues: map[schema.OID]int64{},
		rng: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())),
	}
	s.memory = srv.Memory.Child("session "+strconv.FormatUint(uint64(pid), 10), 0)
	s.cache.init()
	s.set.Superuser = role.Super
	s.set.Force("is_superuser", onOff(role.Super))
	s.set.Force("session_authorization", role.Name)
	for _, m := range []map[string]string{db.Settings, role.Settings} {
		for k, v := range m {
			if err := s.set.SetDefault(k, v); err != nil {
				s.warn(err)
			}
		}
	}
	for k, v := range start.Params {
		if k == "options" {
			if err := s.commandLine(v); err != nil {
				return nil, err
			}
			continue
		}
		if k == "replication" {
			if v == "false" || v == "off" || v == "no" || v == "0" {
				continue
			}
			return nil, pgerr.Unsupported("replication connections")
		}
		if err := s.set.SetDefault(k, v); err != nil {
			return nil, err
		}
	}
	if name, _ := s.set.Get("role"); name != noRole {
		if err := s.becomeRole(srv.Store.Catalog(), name, false); err != nil {
			return nil, err
		}
	}
	s.set.OnReport = client.ParameterStatus
	s.info = sessionInfo{state: "idle", stateChange: s.started}
	return s, nil
}

func onOff(b bool) string {
	if b {
		return "on"
	}
	return "off"
}

// commandLine applies the options startup parameter: -c name=value and --name=value.
func (s *Session) commandLine(opts string) error {
	words := splitOptions(opts)
	for i := 0; i < len(words); i++ {
		flag, w := "--", words[i]
		switch {
		case w == "-c" && i+1 < len(words):
			i++
			flag, w = "-c ", words[i]
		case strings.HasPrefix(w, "-c") && len(w) > 2:
			flag, w = "-c ", w[2:]
		case strings.HasPrefix(w, "--") && len(w) > 2:
			w = w[2:]
		default:
			return pgerr.New(pgerrcode.SyntaxError, "invalid command-line argument for server process: %s", w).
				Hint("Try \"postgres --help\" for more information.")
		}
		name, value, ok := strings.Cut(w, "=")
		if !ok {
			return pgerr.New(pgerrcode.SyntaxError, "%s%s requires a value", flag, w)
		}
		if err := s.set.SetDefault(strings.ReplaceAll(name, "-", "_"), value); err != nil {
			return err
		}
	}
	return nil
}

// splitOptions parts words by spaces; what follows a backslash is taken as it is.
func splitOptions(opts string) (words []string) {
	var word []byte
	within, escaped := false, false
	for i := range len(opts) {
		c := opts[i]
		if space := strings.IndexByte(" \t\n\v\f\r", c) >= 0; space && !escaped {
			if within {
				words = append(words, string(word))
			}
			word, within = word[:0], false
			continue
		}
		within = true
		if escaped = c == '\\' && !escaped; !escaped {
			word = append(word, c)
		}
	}
	if within {
		words = append(words, string(word))
	}
	return words
}

func (s *Session) warn(err error) {
	e := *pgerr.From(err)
	e.Severity = "WARNING"
	s.client.Notice(&e)
}

// severities orders notices for client_min_messages.
var severities = map[string]int{
	"debug5": 0, "debug4": 1, "debug3": 2, "debug2": 3, "debug1": 4, "log": 5, "info": 9, "notice": 6, "warning": 7, "error": 8,
}

// notice sends a message unless client_min_messages is above it.
func (s *Session) notice(e *pgerr.Error) {
	least, _ := s.set.Get("client_min_messages")
	if severities[strings.ToLower(e.Severity)] >= severities[least] {
		s.client.Notice(e)
	}
}

// PID implements backend.Session.
func (s *Session) PID() uint32 { return s.pid }

// Secret implements backend.Session.
func (s *Session) Secret() uint32 { return s.secret }

// Parameters implements backend.Session.
func (s *Session) Parameters() [][2]string { return s.set.Reported() }

// Settings implements backend.Session.
func (s *Session) Settings() *types.Session {
	if s.ioAt == s.set.Version() && s.io.DateStyle != "" {
		return &s.io
	}
	get := func(name string) string { v, _ := s.set.Get(name); return v }
	style, order, _ := strings.Cut(get("DateStyle"), ", ")
	s.io.DateStyle, s.io.DateOrder = style, order
	s.io.IntervalStyle = get("IntervalStyle")
	s.io.ByteaEscape = get("bytea_output") == "escape"
	digits, _ := strconv.Atoi(get("extra_float_digits"))
	s.io.ExtraFloatDigits = digits - 1
	if z, err := types.ParseZone(get("TimeZone")); err == nil {
		s.io.TimeZone = z
	}
	s.io.Catalog = regResolver{s}
	s.ioAt = s.set.Version()
	return &s.io
}

// Cancel implements backend.Session.
func (s *Session) Cancel() {
	s.cancelMu.Lock()
	defer s.cancelMu.Unlock()
	if s.cancel != nil {
		s.cancel(errCanceled)
	}
}

var (
	errCanceled = pgerr.New(pgerrcode.QueryCanceled, "canceling statement due to user request")
	errTimeout  = pgerr.New(pgerrcode.QueryCanceled, "canceling statement due to statement timeout")
)

// statementLimit is statement_timeout at work. It counts from the first message of a statement and over all of its
// steps, until its portal has given its last row, or until Sync.
type statementLimit struct {
	begun bool
	until time.Time // zero: no limit
}

// beginStatement lets the time of a statement run, if it does not yet.
func (s *Session) beginStatement() {
	if s.limit.begun {
		return
	}
	s.limit.begun = true
	if d := s.millis("statement_timeout"); d > 0 {
		s.limit.until = time.Now().Add(d)
	}
}

// endStatement stops the time: the next message begins a statement of its own.
func (s *Session) endStatement() { s.limit = statementLimit{} }

// enter makes the context of one step of a statement, which Cancel and statement_timeout can end; it has ended already
// when the time is up. The returned function ends the step; it gives an error that came from the end of the context
// its meaning.
func (s *Session) enter(ctx context.Context) (context.Context, func(*error)) {
	ctx, cancel := context.WithCancelCause(ctx)
	var timer *time.Timer
	if until := s.limit.until; !until.IsZero() {
		if left := time.Until(until); left > 0 {
			timer = time.AfterFunc(left, func() { cancel(errTimeout) })
		} else {
			cancel(errTimeout)
		}
	}
	s.cancelMu.Lock()
	outer := s.cancel // of the step that this one is part of
	s.cancel = cancel
	s.cancelMu.Unlock()
	return ctx, func(err *error) {
		if timer != nil {
			timer.Stop()
		}
		s.cancelMu.Lock()
		s.cancel = outer
		s.cancelMu.Unlock()
		if *err != nil && ctx.Err() != nil && (errors.Is(*err, context.Canceled) || errors.Is(*err, ctx.Err())) {
			var pe *pgerr.Error
			if errors.As(context.Cause(ctx), &pe) {
				*err = pe
			} else {
				*err = errCanceled
			}
		}
		cancel(nil)
	}
}

// running notes what the session does, for pg_stat_activity.
func (s *Session) running(query string) {
	now := nowMicros()
	s.cancelMu.Lock()
	s.info.state, s.info.query, s.info.queryStart, s.info.stateChange = "active", query, now, now
	s.info.application, _ = s.set.Get("application_name")
	s.cancelMu.Unlock()
}

func (s *Session) resting() {
	state := "idle"
	switch s.TxStatus() {
	case backend.TxActive:
		state = "idle in transaction"
	case backend.TxFailed:
		state = "idle in transaction (aborted)"
	}
	s.cancelMu.Lock()
	s.info.state, s.info.stateChange = state, nowMicros()
	s.info.application, _ = s.set.Get("application_name")
	s.cancelMu.Unlock()
}

// activity is the session's row of pg_stat_activity.
func (s *Session) activity() pgcatalog.Backend {
	s.cancelMu.Lock()
	defer s.cancelMu.Unlock()
	return pgcatalog.Backend{
		PID: s.pid, Application: s.info.application, Database: s.db.OID, Role: s.login.OID, ClientAddr: s.addr, ClientPort: s.port, State: s.info.state,
		Query: s.info.query, StartMicros: s.started, XactStartMicros: s.info.tx, QueryStartMicros: s.info.queryStart,
		StateChangeMicros: s.info.stateChange,
	}
}

// Close implements backend.Session.
func (s *Session) Close() {
	s.closePortals()
	s.closeCursors(true)
	s.tx.abandon(s)
	s.srv.Store.UnlockNames(&s.owner)
	s.dropTemp()
	s.srv.forget(s)
}
