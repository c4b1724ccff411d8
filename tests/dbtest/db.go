package dbtest

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"

	"github.com/vecdb/vecdb/exec/session"
	"github.com/vecdb/vecdb/internal/mem"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/catalog"
	"github.com/vecdb/vecdb/storage/upkeep"
	"github.com/vecdb/vecdb/wire/backend"
)

// DB is a server with a first session, which belongs to the superuser postgres in the database postgres.
type DB struct {
	*Session
	Store  *storage.Store
	Keeper *upkeep.Keeper // the background work; it acts only when asked (Settle)
	Memory *mem.Account   // what the sessions keep

	fs        *pvfs.MemFS
	server    *session.Server
	reference *reference // nil when vecdb itself is asked
	opened    []*Session
}

// New starts a server on an empty file system; it ends with the test.
func New(t testing.TB) *DB {
	t.Helper()
	db := &DB{fs: pvfs.NewMem()}
	if dsn := os.Getenv("VECDB_DSN"); dsn != "" {
		db.reference = newReference(t, dsn)
	}
	db.start(t)
	t.Cleanup(func() { db.stop(t) })
	return db
}

// NewOwn is New for a test of what is vecdb's own, with which PostgreSQL is not asked.
func NewOwn(t testing.TB) *DB {
	t.Helper()
	if os.Getenv("VECDB_DSN") != "" {
		t.Skip("of vecdb alone")
	}
	return New(t)
}

func (db *DB) start(t testing.TB) {
	t.Helper()
	var err error
	db.Store, err = storage.Open("db", storage.Options{
		FS: db.fs, Keys: session.IndexKeys, Builders: upkeep.Builders(),
		Bootstrap: catalog.BootstrapOptions{Superusers: []string{"postgres"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	db.Keeper = upkeep.New(db.Store, upkeep.Options{})
	db.Memory = mem.New("process", 0)
	db.server = &session.Server{Store: db.Store, Memory: db.Memory}
	db.Session = db.Open(t, "postgres", "postgres")
}

func (db *DB) stop(t testing.TB) {
	t.Helper()
	for _, s := range db.opened {
		s.Close()
	}
	db.opened = nil
	if err := errors.Join(db.Keeper.Close(), db.Store.Close()); err != nil {
		t.Error(err)
	}
}

// Restart ends every session, closes the store and opens it again.
func (db *DB) Restart() {
	db.t.Helper()
	t := db.t
	db.stop(t)
	db.start(t)
}

// Settle does background work until none is left.
func (db *DB) Settle() {
	db.t.Helper()
	for {
		busy, err := db.Keeper.Step(context.Background())
		if err != nil {
			db.t.Fatal(err)
		}
		if !busy {
			return
		}
	}
}

// Beside opens another session of postgres.
func (db *DB) Beside() *Session {
	db.t.Helper()
	return db.Open(db.t, "postgres", "postgres")
}

// Open opens a session of a role in a database and fails the test when it is refused.
func (db *DB) Open(t testing.TB, user, database string) *Session {
	t.Helper()
	s, err := db.Connect(t, backend.Startup{User: user, Database: database})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Connect opens a session as a client asks for it.
func (db *DB) Connect(t testing.TB, as backend.Startup) (*Session, error) {
	s := &Session{t: t}
	if db.reference != nil {
		conn, err := db.reference.connect(as, s)
		if err != nil {
			return nil, err
		}
		s.asked = conn
		db.opened = append(db.opened, s)
		return s, nil
	}
	backendSession, err := db.server.Open(context.Background(), as, (*ear)(s))
	if err != nil {
		return nil, err
	}
	s.Session = backendSession
	db.opened = append(db.opened, s)
	return s, nil
}

// Session is one session and what it was told. Statements of one session are for one goroutine.
type Session struct {
	backend.Session // nil when a reference server is asked
	asked           *asked
	t               testing.TB
	places          bool // ShowPosition was called

	mu     sync.Mutex
	heard  []string
	closed bool
}

// Close ends the session; a second call does nothing.
func (s *Session) Close() {
	if !s.closed {
		s.closed = true
		if s.asked != nil {
			s.asked.close()
			return
		}
		s.Session.Close()
	}
}

// ear keeps what the server tells a session beside its answers.
type ear Session

func (e *ear) hear(text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = append(e.heard, text)
}

func (e *ear) Notice(n *pgerr.Error)                { e.hear(n.Severity + ": " + n.Message) }
func (e *ear) ParameterStatus(name, value string)   { e.hear(name + "=" + value) }
func (e *ear) Notification(_ uint32, ch, pl string) { e.hear(ch + ": " + pl) }

// Heard returns the notices ("NOTICE: text"), parameter changes ("name=value") and notifications ("channel: payload")
// since it was last asked.
func (s *Session) Heard() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	heard := s.heard
	s.heard = nil
	return heard
}

// Is asks and compares the answer.
func (s *Session) Is(query, want string) {
	s.t.Helper()
	if got := s.Ask(query); got != want && !rewritten("Is", 1, query, want, got) {
		s.t.Errorf("%s\n got %s\nwant %s", query, got, want)
	}
}

// Rows is Is with one argument for each row that is wanted.
func (s *Session) Rows(query string, rows ...string) {
	s.t.Helper()
	got := s.Ask(query)
	if got == strings.Join(rows, "; ") || rewrittenRows("Rows", 1, strings.Split(got, "; ")) {
		return
	}
	s.t.Errorf("%s\n got %s\nwant %s", query, strings.ReplaceAll(got, "; ", ";\n     "), strings.Join(rows, ";\n     "))
}

// IsHeard is Is, and compares what is heard of the statement beside its answer.
func (s *Session) IsHeard(query, want string, heard ...string) {
	s.t.Helper()
	s.Heard()
	if got := s.Ask(query); got != want && !rewritten("IsHeard", 1, query, want, got) {
		s.t.Errorf("%s\n got %s\nwant %s", query, got, want)
	}
	if got := s.Heard(); !slices.Equal(got, heard) && !rewrittenRows("IsHeard", 2, got) {
		s.t.Errorf("%s\nheard %q\n want %q", query, got, heard)
	}
}

// IsWith is Is with parameters in text format ($1 ...), by way of the extended query protocol.
func (s *Session) IsWith(query string, args []string, want string) {
	s.t.Helper()
	if got := s.AskWith(query, args); got != want && !rewritten("IsWith", 2, query, want, got) {
		s.t.Errorf("%s %q\n got %s\nwant %s", query, args, got, want)
	}
}

// IsCopy is Is for a COPY FROM STDIN that reads data.
func (s *Session) IsCopy(query, data, want string) {
	s.t.Helper()
	got, err := s.simple(query, data)
	if err != nil {
		got = s.failed(query, err)
	}
	if got != want && !rewritten("IsCopy", 2, query, want, got) {
		s.t.Errorf("%s\n%s\n got %s\nwant %s", query, data, got, want)
	}
}

// Must runs statements that have to succeed.
func (s *Session) Must(query string) {
	s.t.Helper()
	if _, err := s.simple(query, ""); err != nil {
		s.t.Fatalf("%s\n%s", query, ErrorText(err))
	}
}

// Ask runs a simple query and returns the answer of its last statement. COPY TO answers with its data.
func (s *Session) Ask(query string) string {
	got, err := s.simple(query, "")
	if err != nil {
		return s.failed(query, err)
	}
	return got
}

// AskWith runs one statement by parse, bind and execute.
func (s *Session) AskWith(query string, args []string) string {
	values := make([][]byte, len(args))
	for i, a := range args {
		values[i] = []byte(a)
	}
	if s.asked != nil {
		got, err := s.asked.with(query, values)
		if err != nil {
			return s.failed(query, err)
		}
		return got
	}
	got, err := s.ended(func(ctx context.Context) (string, error) {
		if err := s.Parse(ctx, "", query, nil); err != nil {
			return "", err
		}
		if err := s.Bind(ctx, "", "", nil, values, nil); err != nil {
			return "", err
		}
		p, err := s.Portal("")
		if err != nil {
			return "", err
		}
		if err := p.Start(); err != nil {
			return "", err
		}
		return s.read(ctx, p, "")
	})
	if err != nil {
		return s.failed(query, err)
	}
	return got
}

// ShowPosition makes an answer that is an error end with what stands at its position in the query: " @ word".
func (s *Session) ShowPosition() { s.places = true }

// placeMax is how much of the query a position shows.
const placeMax = 12

// failed is the answer that the error of a query is.
func (s *Session) failed(query string, err error) string {
	out := ErrorText(err)
	at := pgerr.From(referenceError(err)).Position - 1
	if !s.places || at < 0 {
		return out
	}
	if s.asked != nil { // it counts characters
		query, at = string([]rune(query)[at:]), 0
	}
	rest, _, _ := strings.Cut(query[min(at, len(query)):], "\n")
	return out + " @ " + strings.TrimRight(rest[:min(placeMax, len(rest))], " ")
}

// ErrorText is the answer that an error is.
func ErrorText(err error) string {
	e := pgerr.From(referenceError(err))
	out := e.SQLState + ": " + e.Message
	if e.DetailMsg != "" {
		out += " DETAIL: " + e.DetailMsg
	}
	if e.HintMsg != "" {
		out += " HINT: " + e.HintMsg
	}
	return out
}

// ended runs the messages up to a Sync.
func (s *Session) ended(run func(context.Context) (string, error)) (string, error) {
	ctx := context.Background()
	out, err := run(ctx)
	if err != nil {
		s.Fail(err)
	}
	if serr := s.Sync(ctx, err != nil); err == nil && serr != nil {
		return "", serr
	}
	return out, err
}

func (s *Session) simple(query, data string) (string, error) {
	if s.asked != nil {
		return s.asked.simple(query, data)
	}
	return s.ended(func(ctx context.Context) (out string, err error) {
		script, err := s.Simple(ctx, query)
		if err != nil {
			return "", err
		}
		for {
			p, err := script.Next(ctx)
			if p == nil || err != nil {
				return out, err
			}
			if out, err = s.read(ctx, p, data); err != nil {
				return "", err
			}
		}
	})
}

// read runs a portal to its end.
func (s *Session) read(ctx context.Context, p backend.Portal, data string) (string, error) {
	switch p.Kind() {
	case backend.CopyIn:
		return p.RunCopyIn(ctx, strings.NewReader(data))
	case backend.CopyOut:
		var out bytes.Buffer
		_, err := p.RunCopyOut(ctx, &out)
		return out.String(), err
	}
	var rows []string
	for {
		b, err := p.Next(ctx, 0)
		if err != nil {
			return "", err
		}
		if b == nil {
			break
		}
		for k := range b.Rows() {
			rows = append(rows, s.line(p.Fields(), b, b.Row(k)))
		}
	}
	if p.Fields() == nil {
		return p.Tag(), nil
	}
	return strings.Join(rows, "; "), nil
}

// line is a row as text.
func (s *Session) line(fields []backend.Field, b *batch.Batch, row int) string {
	cells := make([]string, len(fields))
	for i, f := range fields {
		d := b.Cols[i].Datum(row)
		if d.Null {
			cells[i] = "<null>"
			continue
		}
		cells[i] = string(types.Representation(f.Type.OID).Format(nil, d, s.Settings()))
	}
	return strings.Join(cells, "|")
}
