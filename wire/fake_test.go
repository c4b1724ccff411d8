package wire_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/wire/backend"
)

// fakeServer is a backend whose statements are words:
//
//	rows N        rows 0..N-1 of one int4 column, 1000 a batch
//	text N        one row with a text of N bytes
//	echo $1       its parameter
//	null          a row with a null and a 1
//	fail [N]      an error, at byte N of the statement
//	internal      an error without a code
//	fatal         an error that ends the session
//	panic         panics
//	wait          runs until it is canceled
//	begin, end    a transaction block
//	copyin [N]    reads data, or N bytes of it and then fails; the tag counts bytes
//	copyout N     N rows
//	notice, set V, notify V
//	idle MS       limits how long the session may be idle
type fakeServer struct {
	verifiers map[string]string // by user; nil: everybody is trusted
	pid       atomic.Uint32
	waiting   chan struct{} // receives when a wait has begun
	ended     chan error    // receives the end of a wait

	mu       sync.Mutex
	sessions map[uint32]*fakeSession
}

func newFakeServer() *fakeServer {
	return &fakeServer{
		waiting: make(chan struct{}, 100), ended: make(chan error, 100), sessions: map[uint32]*fakeSession{},
	}
}

func (s *fakeServer) Verifier(_ context.Context, user string) (string, bool, error) {
	if user == "broken" {
		return "", false, errors.New("catalog lost")
	}
	v, ok := s.verifiers[user]
	return v, ok, nil
}

func (s *fakeServer) Open(_ context.Context, start backend.Startup, client backend.Client) (backend.Session, error) {
	if start.Database == "none" {
		return nil, pgerr.New(pgerrcode.InvalidCatalogName, "database %q does not exist", start.Database)
	}
	x := &fakeSession{
		srv: s, start: start, client: client, pid: s.pid.Add(1), status: backend.TxIdle,
		statements: map[string]string{}, portals: map[string]*fakePortal{},
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[x.pid] = x
	return x, nil
}

func (s *fakeServer) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sessions)
}

type fakeSession struct {
	srv    *fakeServer
	start  backend.Startup
	client backend.Client
	pid    uint32

	status     backend.TxStatus
	statements map[string]string
	portals    map[string]*fakePortal
	io         types.Session
	idle       time.Duration

	mu     sync.Mutex
	cancel context.CancelFunc
}

func (x *fakeSession) PID() uint32    { return x.pid }
func (x *fakeSession) Secret() uint32 { return x.pid * 7 }
func (x *fakeSession) Parameters() [][2]string {
	return [][2]string{{"server_version", "16"}, {"client_encoding", "UTF8"}}
}
func (x *fakeSession) TxStatus() backend.TxStatus { return x.status }
func (x *fakeSession) Idle() (time.Duration, error) {
	return x.idle, pgerr.New(pgerrcode.IdleSessionTimeout, "idle for too long")
}
func (x *fakeSession) Settings() *types.Session { return &x.io }

func (x *fakeSession) Simple(_ context.Context, query string) (backend.Script, error) {
	sc := &fakeScript{x: x}
	at := 0
	for part := range strings.SplitSeq(query, ";") {
		if strings.TrimSpace(part) != "" {
			sc.stmts = append(sc.stmts, fakeStatement{part, at})
		}
		at += len(part) + 1
	}
	return sc, nil
}

type fakeStatement struct {
	text string
	at   int
}

type fakeScript struct {
	x     *fakeSession
	stmts []fakeStatement
	next  int
}

func (s *fakeScript) Empty() bool { return len(s.stmts) == 0 }

func (s *fakeScript) Next(context.Context) (backend.Portal, error) {
	if s.next == len(s.stmts) {
		return nil, nil
	}
	st := s.stmts[s.next]
	s.next++
	return s.x.portal(st.text, st.at, nil)
}

func (x *fakeSession) Parse(_ context.Context, name, query string, _ []types.OID) error {
	if _, err := x.portal(query, 0, nil); err != nil && !strings.HasPrefix(query, "fail") {
		return err
	}
	x.statements[name] = query
	return nil
}

func (x *fakeSession) StatementText(name string) string { return x.statements[name] }

func (x *fakeSession) DescribeStatement(_ context.Context, name string) ([]types.OID, []backend.Field, error) {
	q, ok := x.statements[name]
	if !ok {
		return nil, nil, pgerr.New(pgerrcode.InvalidSQLStatementName, "prepared statement %q does not exist", name)
	}
	p, err := x.portal(q, 0, nil)
	if err != nil {
		return nil, nil, err
	}
	if strings.HasPrefix(q, "echo") {
		return []types.OID{types.TextOID}, p.fields, nil
	}
	return nil, p.fields, nil
}

func (x *fakeSession) Bind(_ context.Context, portal, statement string, _ []int16, values [][]byte, formats []int16) error {
	q, ok := x.statements[statement]
	if !ok {
		return pgerr.New(pgerrcode.InvalidSQLStatementName, "prepared statement %q does not exist", statement)
	}
	var args []string
	for _, v := range values {
		args = append(args, string(v))
	}
	p, err := x.portal(q, 0, args)
	if err != nil {
		return err
	}
	for i := range p.fields {
		if len(formats) > 0 {
			p.fields[i].Format = formats[min(i, len(formats)-1)]
		}
	}
	x.portals[portal] = p
	return nil
}

func (x *fakeSession) Portal(name string) (backend.Portal, error) {
	if p := x.portals[name]; p != nil {
		return p, nil
	}
	return nil, pgerr.New(pgerrcode.InvalidCursorName, "portal %q does not exist", name)
}

func (x *fakeSession) CloseStatement(name string) error { delete(x.statements, name); return nil }
func (x *fakeSession) ClosePortal(name string) error    { delete(x.portals, name); return nil }

func (x *fakeSession) Sync(context.Context, bool) error {
	if x.status == backend.TxIdle {
		clear(x.portals)
	}
	return nil
}

func (x *fakeSession) Fail(error) {
	if x.status == backend.TxActive {
		x.status = backend.TxFailed
	}
}

func (x *fakeSession) Cancel() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.cancel != nil {
		x.cancel()
	}
}

func (x *fakeSession) Close() {
	x.srv.mu.Lock()
	defer x.srv.mu.Unlock()
	delete(x.srv.sessions, x.pid)
}

// fakePortal is one statement that runs.
type fakePortal struct {
	x      *fakeSession
	verb   string
	n      int
	arg    string
	at     int
	args   []string
	fields []backend.Field

	given int
	run   int // rows of this run
}

func (x *fakeSession) portal(text string, at int, args []string) (*fakePortal, error) {
	words := strings.Fields(text)
	p := &fakePortal{x: x, args: args, at: at + len(text) - len(strings.TrimLeft(text, " "))}
	if len(words) == 0 {
		return p, nil
	}
	p.verb = words[0]
	if len(words) > 1 {
		p.arg = words[1]
		p.n, _ = strconv.Atoi(words[1])
	}
	field := func(name string, oid types.OID) backend.Field {
		return backend.Field{Name: name, Type: types.Of(oid), Len: types.Lookup(oid).Len}
	}
	switch p.verb {
	case "rows":
		p.fields = []backend.Field{field("n", types.Int4OID)}
	case "text", "echo":
		p.fields = []backend.Field{field("t", types.TextOID)}
	case "null":
		p.fields = []backend.Field{field("a", types.TextOID), field("b", types.Int4OID)}
	case "fail", "internal", "fatal", "panic", "wait", "begin", "end", "copyin", "copyout", "notice", "set", "notify", "idle":
	default:
		return nil, pgerr.New(pgerrcode.SyntaxError, "syntax error at or near %q", p.verb).At(p.at)
	}
	return p, nil
}

func (p *fakePortal) Kind() backend.Kind {
	return map[string]backend.Kind{"copyin": backend.CopyIn, "copyout": backend.CopyOut}[p.verb]
}
func (p *fakePortal) Fields() []backend.Field { return p.fields }
func (p *fakePortal) Empty() bool             { return p.verb == "" }
func (p *fakePortal) Start() error            { p.run = 0; return nil }
func (p *fakePortal) Copy() backend.CopyInfo  { return backend.CopyInfo{Columns: 2} }

func (p *fakePortal) Tag() string {
	if p.fields != nil {
		return fmt.Sprintf("SELECT %d", p.run)
	}
	return strings.ToUpper(p.verb)
}

func (p *fakePortal) Next(ctx context.Context, limit int) (*batch.Batch, error) {
	switch p.verb {
	case "rows":
		return p.numbers(limit), nil
	case "text", "echo", "null":
		return p.single(), nil
	case "begin":
		p.x.status = backend.TxActive
	case "end":
		p.x.status = backend.TxIdle
	case "notice":
		p.x.client.Notice(&pgerr.Error{Severity: "NOTICE", Message: "look"})
	case "set":
		p.x.client.ParameterStatus("setting", p.arg)
	case "idle":
		ms, err := strconv.Atoi(p.arg)
		p.x.idle = time.Duration(ms) * time.Millisecond
		return nil, err
	case "notify":
		p.x.srv.notify(p.x.pid, p.arg)
	default:
		return nil, p.fails(ctx)
	}
	return nil, nil
}

// fails runs the statements that end in an error.
func (p *fakePortal) fails(ctx context.Context) error {
	switch p.verb {
	case "panic":
		panic("a bug")
	case "wait":
		return p.x.wait(ctx)
	case "internal":
		return errors.New("disk on fire")
	case "fatal":
		e := pgerr.New(pgerrcode.AdminShutdown, "no more")
		e.Severity = "FATAL"
		return e
	}
	e := pgerr.New(pgerrcode.DivisionByZero, "division by zero").Detail("d").Hint("h").On("s", "t", "c", "k")
	if p.arg != "" {
		_ = e.At(p.at + p.n) // returns e
	}
	return e
}

func (x *fakeSession) wait(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	x.mu.Lock()
	x.cancel = cancel
	x.mu.Unlock()
	x.srv.waiting <- struct{}{}
	<-ctx.Done()
	x.srv.ended <- context.Cause(ctx)
	return pgerr.New(pgerrcode.QueryCanceled, "canceling statement due to user request")
}

// notify tells every session.
func (s *fakeServer) notify(pid uint32, payload string) {
	s.mu.Lock()
	all := maps.Clone(s.sessions)
	s.mu.Unlock()
	for _, x := range all {
		x.client.Notification(pid, "ch", payload)
	}
}

func (p *fakePortal) numbers(limit int) *batch.Batch {
	n := min(p.n-p.given, 1000)
	if limit > 0 {
		n = min(n, limit)
	}
	if n == 0 {
		return nil
	}
	c := batch.New(types.Of(types.Int4OID), types.Int, n)
	for range n {
		c.Append(types.IntDatum(int64(p.given)))
		p.given++
	}
	p.run += n
	return &batch.Batch{Cols: []*batch.Column{c}, N: n}
}

func (p *fakePortal) single() *batch.Batch {
	if p.given++; p.given > 1 {
		return nil
	}
	p.run++
	text := batch.New(types.Of(types.TextOID), types.String, 1)
	b := &batch.Batch{Cols: []*batch.Column{text}, N: 1}
	switch p.verb {
	case "echo":
		text.Append(types.StringDatum(p.args[0]))
	case "text":
		text.Append(types.StringDatum(strings.Repeat("x", p.n)))
	default:
		text.Append(types.NullDatum)
		one := batch.New(types.Of(types.Int4OID), types.Int, 1)
		one.Append(types.IntDatum(1))
		b.Cols = append(b.Cols, one)
	}
	return b
}

func (p *fakePortal) RunCopyIn(_ context.Context, r io.Reader) (string, error) {
	if p.arg != "" {
		if _, err := io.CopyN(io.Discard, r, int64(p.n)); err != nil {
			return "", err
		}
		return "", pgerr.New(pgerrcode.BadCopyFileFormat, "extra data after last expected column")
	}
	n, err := io.Copy(io.Discard, r)
	return fmt.Sprintf("COPY %d", n), err
}

func (p *fakePortal) RunCopyOut(_ context.Context, w io.Writer) (string, error) {
	row := bytes.Repeat([]byte("r"), 100)
	for range p.n {
		if _, err := w.Write(row); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("COPY %d", p.n), nil
}
