package wire_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/vecdb/vecdb/internal/invariants"
	"github.com/vecdb/vecdb/wire"
)

// hangMax ends a test that hangs; nothing is measured with it.
const hangMax = 3 * time.Minute

// fixture is a server over a fake backend on a loopback port.
type fixture struct {
	*wire.Server
	back *fakeServer
	addr string
	l    net.Listener
}

// serve starts a server as change leaves it.
func serve(t testing.TB, change func(*wire.Server, *fakeServer)) *fixture {
	t.Helper()
	f := &fixture{back: newFakeServer()}
	f.Server = &wire.Server{Backend: f.back, Log: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(f.Server, f.back)
	}
	var err error
	if f.l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	f.addr = f.l.Addr().String()
	done := make(chan error, 1)
	go func() { done <- f.Serve(context.Background(), f.l) }()
	t.Cleanup(func() {
		_ = f.l.Close() // some tests close it themselves
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		f.Shutdown(ctx)
		if n := f.back.count(); n != 0 {
			t.Errorf("%d sessions were not closed", n)
		}
	})
	return f
}

// dial opens a raw connection.
func (f *fixture) dial(t testing.TB) net.Conn {
	t.Helper()
	nc, err := net.Dial("tcp", f.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nc.Close() })
	if err := nc.SetDeadline(time.Now().Add(hangMax)); err != nil {
		t.Fatal(err)
	}
	return nc
}

// client is a connection that sends messages and shows what comes.
type client struct {
	*pgproto3.Frontend
	t   testing.TB
	nc  net.Conn
	key *pgproto3.BackendKeyData
}

// start opens a session.
func (f *fixture) start(t testing.TB) *client {
	t.Helper()
	nc := f.dial(t)
	c := &client{Frontend: pgproto3.NewFrontend(nc, nc), t: t, nc: nc}
	c.Send(&pgproto3.StartupMessage{
		ProtocolVersion: pgproto3.ProtocolVersion30,
		Parameters:      map[string]string{"user": "u"},
	})
	if err := c.Flush(); err != nil {
		t.Fatal(err)
	}
	for {
		m, err := c.Receive()
		if err != nil {
			t.Fatal(err)
		}
		switch m := m.(type) {
		case *pgproto3.BackendKeyData:
			k := *m
			c.key = &k
		case *pgproto3.ErrorResponse:
			t.Fatalf("start: %s", m.Message)
		case *pgproto3.ReadyForQuery:
			return c
		}
	}
}

// send sends messages in one write.
func (c *client) send(msgs ...pgproto3.FrontendMessage) {
	c.t.Helper()
	for _, m := range msgs {
		c.Send(m)
	}
	if err := c.Flush(); err != nil {
		c.t.Fatal(err)
	}
}

// short writes a message in a word or two.
func short(m pgproto3.BackendMessage) string {
	switch m := m.(type) {
	case *pgproto3.RowDescription:
		return "T"
	case *pgproto3.DataRow:
		var b strings.Builder
		b.WriteByte('D')
		for _, v := range m.Values {
			switch {
			case v == nil:
				b.WriteString("(null)")
			case len(v) > 20:
				b.WriteString("(...)")
			default:
				b.WriteString("(" + string(v) + ")")
			}
		}
		return b.String()
	case *pgproto3.CommandComplete:
		return "C(" + string(m.CommandTag) + ")"
	case *pgproto3.ReadyForQuery:
		return "Z" + string(m.TxStatus)
	case *pgproto3.ErrorResponse:
		return m.Severity + " " + m.Code
	case *pgproto3.NoticeResponse:
		return m.Severity + " " + m.Message
	case *pgproto3.ParameterStatus:
		return "S(" + m.Name + "=" + m.Value + ")"
	case *pgproto3.NotificationResponse:
		return "A(" + m.Payload + ")"
	case *pgproto3.ParseComplete:
		return "1"
	case *pgproto3.BindComplete:
		return "2"
	case *pgproto3.CloseComplete:
		return "3"
	case *pgproto3.NoData:
		return "n"
	case *pgproto3.ParameterDescription:
		return "t"
	case *pgproto3.PortalSuspended:
		return "s"
	case *pgproto3.EmptyQueryResponse:
		return "I"
	case *pgproto3.CopyInResponse:
		return "G"
	case *pgproto3.CopyOutResponse:
		return "H"
	case *pgproto3.CopyData:
		return "d"
	case *pgproto3.CopyDone:
		return "c"
	}
	return "?"
}

// until expects messages, the last of which is the last word of want; EOF is the connection's end.
func (c *client) until(want string) {
	c.t.Helper()
	var got []string
	for len(got) < len(strings.Split(want, ", ")) {
		m, err := c.Receive()
		if err != nil {
			var ne net.Error
			if errors.As(err, &ne) && ne.Timeout() {
				c.t.Fatalf("got %s, then nothing; want %s", strings.Join(got, ", "), want)
			}
			got = append(got, "EOF")
			break
		}
		got = append(got, short(m))
	}
	if s := strings.Join(got, ", "); s != want {
		c.t.Fatalf("got  %s\nwant %s", s, want)
	}
}

func query(s string) *pgproto3.Query { return &pgproto3.Query{String: s} }

func TestSimple(t *testing.T) {
	c := serve(t, nil).start(t)
	f := func(q, want string) {
		t.Helper()
		c.send(query(q))
		c.until(want)
	}
	f("rows 2", "T, D(0), D(1), C(SELECT 2), ZI")
	f("", "I, ZI")
	f(" ; ", "I, ZI")
	f("null; rows 1", "T, D(null)(1), C(SELECT 1), T, D(0), C(SELECT 1), ZI")
	f("rows 1; fail; rows 1", "T, D(0), C(SELECT 1), ERROR 22012, ZI")
	f("nonsense", "ERROR 42601, ZI")
	f("internal", "ERROR XX000, ZI")
	f("begin", "C(BEGIN), ZT")
	f("fail", "ERROR 22012, ZE")
	f("end", "C(END), ZI")
	f("notice; rows 1", "NOTICE look, C(NOTICE), T, D(0), C(SELECT 1), ZI")
	f("set 1; set 2; rows 0", "C(SET), C(SET), T, C(SELECT 0), S(setting=2), ZI")
	f("\xff", "ERROR 22021, ZI")
	f("fatal", "FATAL 57P01, EOF")
}

func TestExtended(t *testing.T) {
	c := serve(t, nil).start(t)
	parse := func(q string) *pgproto3.Parse { return &pgproto3.Parse{Query: q} }
	bind, execute, sync := &pgproto3.Bind{}, &pgproto3.Execute{}, &pgproto3.Sync{}
	f := func(want string, msgs ...pgproto3.FrontendMessage) {
		t.Helper()
		c.send(msgs...)
		c.until(want)
	}
	f("1, t, T, 2, T, D(x), C(SELECT 1), ZI", parse("echo $1"), &pgproto3.Describe{ObjectType: 'S'},
		&pgproto3.Bind{Parameters: [][]byte{[]byte("x")}}, &pgproto3.Describe{ObjectType: 'P'}, execute, sync)
	f("1, t, n, 2, n, C(BEGIN), ZT", parse("begin"), &pgproto3.Describe{ObjectType: 'S'}, bind,
		&pgproto3.Describe{ObjectType: 'P'}, execute, sync)
	f("1, 2, D(0), s, D(1), s, D(2), C(SELECT 1), C(SELECT 0), ZT", parse("rows 3"), bind, &pgproto3.Execute{MaxRows: 1},
		&pgproto3.Execute{MaxRows: 1}, &pgproto3.Execute{MaxRows: 2}, execute, sync)
	f("3, ERROR 34000, ZE", &pgproto3.Close{ObjectType: 'P'}, execute, sync)
	f("1, 2, C(END), ZI", parse("end"), bind, execute, sync)
	f("1, 2, I, ZI", parse(""), bind, execute, sync)
	// Four bytes in binary, and nothing in a third format.
	f("1, 2, D(\x00\x00\x00\x00), C(SELECT 1), ZI", parse("rows 1"), &pgproto3.Bind{ResultFormatCodes: []int16{1}},
		execute, sync)
	f("1, 2, ERROR 22023, ZI", parse("rows 1"), &pgproto3.Bind{ResultFormatCodes: []int16{2}}, execute, sync)
	// Errors in each message, and the skipping after them.
	f("ERROR 42601, ZI", parse("nonsense"), bind, execute, &pgproto3.Flush{}, query("rows 1"), sync)
	f("ERROR 26000, ZI", &pgproto3.Bind{PreparedStatement: "no"}, parse("rows 1"), sync)
	f("ERROR 26000, ZI", &pgproto3.Describe{ObjectType: 'S', Name: "no"}, sync)
	f("ERROR 08P01, ZI", &pgproto3.Describe{ObjectType: 'x'}, sync)
	f("ERROR 08P01, ZI", &pgproto3.Close{ObjectType: 'x'}, sync)
	f("1, ERROR 08P01, ZI", parse("echo $1"),
		&pgproto3.Bind{ParameterFormatCodes: []int16{0, 0}, Parameters: [][]byte{nil}}, sync)
	f("1, ERROR 22021, ZI", parse("echo $1"), &pgproto3.Bind{Parameters: [][]byte{{'a', 0}}}, sync)
	f("ERROR 22021, ZI", &pgproto3.Parse{Name: "\xc3(", Query: "rows 1"}, sync)
	// Flush brings out what is there.
	f("1", parse("rows 1"), &pgproto3.Flush{})
	f("2, D(0), C(SELECT 1)", bind, execute, &pgproto3.Flush{})
	f("ZI", sync)
	// A simple query replaces the unnamed statement.
	f("I, ZI", query(""))
	f("ERROR 26000, ZI", bind, sync)
}

func TestPipeline(t *testing.T) {
	c := serve(t, nil).start(t)
	var msgs []pgproto3.FrontendMessage
	want := []string{"1, ZI"}
	msgs = append(msgs, &pgproto3.Parse{Name: "s", Query: "rows 1"}, &pgproto3.Sync{})
	for i := range 500 {
		if i%10 == 3 {
			msgs = append(msgs, &pgproto3.Bind{PreparedStatement: "no"}, &pgproto3.Execute{}, &pgproto3.Sync{})
			want = append(want, "ERROR 26000, ZI")
			continue
		}
		msgs = append(msgs, &pgproto3.Bind{PreparedStatement: "s"}, &pgproto3.Execute{}, &pgproto3.Sync{})
		want = append(want, "2, D(0), C(SELECT 1), ZI")
	}
	c.send(msgs...)
	c.until(strings.Join(want, ", "))
}

// TestPipelineWithoutReading holds that the output is bounded: what nobody waits for goes out in pieces.
func TestPipelineWithoutReading(t *testing.T) {
	c := serve(t, func(s *wire.Server, _ *fakeServer) { s.Limits.OutputBytes = 1000 }).start(t)
	var msgs []pgproto3.FrontendMessage
	msgs = append(msgs, &pgproto3.Parse{Query: "rows 300"})
	for range 20 {
		msgs = append(msgs, &pgproto3.Bind{}, &pgproto3.Execute{})
	}
	c.send(msgs...) // no Sync: more than the limit comes all the same
	c.until("1, 2, D(0), D(1)")
}

func TestErrorFields(t *testing.T) {
	c := serve(t, nil).start(t)
	f := func(q string, position int32) {
		t.Helper()
		c.send(query(q))
		for {
			m, err := c.Receive()
			if err != nil {
				t.Fatal(err)
			}
			if e, ok := m.(*pgproto3.ErrorResponse); ok {
				if e.Position != position || e.SeverityUnlocalized != "ERROR" || e.Severity != "ERROR" || e.Detail != "d" ||
					e.Hint != "h" ||
					e.SchemaName != "s" || e.TableName != "t" || e.ColumnName != "c" || e.ConstraintName != "k" {
					t.Fatalf("%q: %+v", q, e)
				}
			}
			if _, ok := m.(*pgproto3.ReadyForQuery); ok {
				return
			}
		}
	}
	f("fail", 0)
	f("fail 0", 1)
	f("rows 1; fail 5", 14)
	f("fail 7 üü", 8)   // before them
	f("fail 9 üü", 9)   // after the first: two bytes, one character
	f("fail 1000", 0)   // outside of the text
	f("fail 12 üü", 11) // at the end
	f("rows 1;fail 3", 11)
}

// TestPositionOfPortal holds that the position of an error refers to the text of the portal that runs.
func TestPositionOfPortal(t *testing.T) {
	c := serve(t, nil).start(t)
	c.send(&pgproto3.Parse{Name: "a", Query: "fail 8 ü"}, &pgproto3.Parse{Name: "b", Query: "rows 1"},
		&pgproto3.Bind{DestinationPortal: "a", PreparedStatement: "a"},
		&pgproto3.Bind{DestinationPortal: "b", PreparedStatement: "b"},
		&pgproto3.Execute{Portal: "a"}, &pgproto3.Sync{})
	for {
		m, err := c.Receive()
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := m.(*pgproto3.ErrorResponse); ok {
			if e.Position != 9 {
				t.Fatalf("position %d", e.Position)
			}
			return
		}
	}
}

func TestCopy(t *testing.T) {
	c := serve(t, nil).start(t)
	data := func(n int) *pgproto3.CopyData { return &pgproto3.CopyData{Data: make([]byte, n)} }
	c.send(query("copyin; rows 1"))
	c.until("G")
	c.send(data(10), data(0), &pgproto3.Flush{}, &pgproto3.Sync{}, data(100000), &pgproto3.CopyDone{})
	c.until("C(COPY 100010), T, D(0), C(SELECT 1), ZI")
	c.send(query("copyin"))
	c.until("G")
	c.send(data(10), &pgproto3.CopyFail{Message: "no"})
	c.until("ERROR 57014, ZI")
	// The statement fails in the middle: the rest is thrown away, and the next query runs.
	c.send(query("copyin 5"))
	c.until("G")
	c.send(data(10), data(10), &pgproto3.CopyDone{}, query("rows 1"))
	c.until("ERROR 22P04, ZI, T, D(0), C(SELECT 1), ZI")
	c.send(&pgproto3.Parse{Query: "copyin 5"}, &pgproto3.Bind{}, &pgproto3.Execute{}, &pgproto3.Flush{})
	c.until("1, 2, G")
	c.send(data(10), data(10), &pgproto3.CopyDone{}, query("rows 1"), &pgproto3.Sync{})
	c.until("ERROR 22P04, ZI")
	c.send(query("copyout 3"))
	c.until("H, d, d, d, c, C(COPY 3), ZI")
	c.send(query("copyin"))
	c.until("G")
	c.send(query("rows 1"))
	c.until("ERROR 08P01, FATAL 08P01, EOF")
}

// TestCopyHangup holds that a client that goes away in a COPY ends its session.
func TestCopyHangup(t *testing.T) {
	f := serve(t, nil)
	c := f.start(t)
	c.send(query("copyin"))
	c.until("G")
	c.send(&pgproto3.CopyData{Data: []byte("x")})
	_ = c.nc.Close()
	// The fixture's end finds the session closed.
}

func TestCopyOutLarge(t *testing.T) {
	f := serve(t, nil)
	conn := connect(t, f, "")
	var n counter
	tag, err := conn.CopyTo(t.Context(), &n, "copyout 50000")
	if err != nil || tag.String() != "COPY 50000" || n != 50000*100 {
		t.Fatal(tag, err, n)
	}
	tag, err = conn.CopyFrom(t.Context(), io.LimitReader(zeros{}, 10<<20), "copyin")
	if err != nil || tag.String() != "COPY 10485760" {
		t.Fatal(tag, err)
	}
}

type counter int

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// connect opens a session with a real client.
func connect(t testing.TB, f *fixture, options string) *pgconn.PgConn {
	t.Helper()
	conn, err := pgconn.Connect(context.Background(), "postgres://u@"+f.addr+"/db?sslmode=disable"+options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func TestLargeMessages(t *testing.T) {
	conn := connect(t, serve(t, nil), "")
	res, err := conn.Exec(t.Context(), "text 5000000").ReadAll()
	if err != nil || len(res[0].Rows[0][0]) != 5000000 {
		t.Fatal(err)
	}
	long := strings.Repeat("ü", 3<<20)
	r := conn.ExecParams(t.Context(), "echo $1", [][]byte{[]byte(long)}, nil, nil, nil).Read()
	if r.Err != nil || string(r.Rows[0][0]) != long {
		t.Fatal(r.Err)
	}
	res, err = conn.Exec(t.Context(), "rows 100000").ReadAll()
	if err != nil || len(res[0].Rows) != 100000 || string(res[0].Rows[99999][0]) != "99999" {
		t.Fatal(err)
	}
}

func TestMessageLimit(t *testing.T) {
	c := serve(t, func(s *wire.Server, _ *fakeServer) { s.Limits.MessageBytes = 100 }).start(t)
	c.send(query("rows 1" + strings.Repeat(" ", 93)))
	c.until("T, D(0), C(SELECT 1), ZI")
	c.send(query("rows 1" + strings.Repeat(" ", 94)))
	c.until("FATAL 08P01, EOF")
}

// TestMalformed sends what no client would. Each connection is told, or hears nothing, and the server
// goes on.
func TestMalformed(t *testing.T) {
	f := serve(t, nil)
	send := func(b, want string) {
		t.Helper()
		c := f.start(t)
		if _, err := c.nc.Write([]byte(b)); err != nil {
			t.Fatal(err)
		}
		c.until(want)
	}
	const sync = "S\x00\x00\x00\x04"
	send("Q\x00\x00\x00\x08SELE", "ERROR 08P01, ZI")
	send("Q\x00\x00\x00\x04", "ERROR 08P01, ZI")
	send("P\x00\x00\x00\x06ab"+sync, "ERROR 08P01, ZI")
	send("B\x00\x00\x00\x06\x00\x00"+sync, "ERROR 08P01, ZI")
	send("B\x00\x00\x00\x06\x00\x00"+"B\x00\x00\x00\x06\x00\x00"+sync, "ERROR 08P01, ZI")
	send("E\x00\x00\x00\x05\x00"+sync, "ERROR 08P01, ZI")
	send("f\x00\x00\x00\x05x"+sync, "ZI") // of a COPY that is over
	send("F\x00\x00\x00\x04", "ERROR 08P01, ZI")
	send("B\x00\x00\x00\x06\x00\x00"+"F\x00\x00\x00\x04"+"Q\x00\x00\x00\x04"+sync, "ERROR 08P01, ZI")
	send("F\x00\x00\x00\x0e\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00", "ERROR 0A000, ZI")
	send("p\x00\x00\x00\x05\x00", "FATAL 08P01, EOF")
	send("y\x00\x00\x00\x04", "FATAL 08P01, EOF")
	send("Q\x00\x00\x00\x03", "FATAL 08P01, EOF")
	send("Q\xff\xff\xff\xff", "FATAL 08P01, EOF")
	send("Q\x7f\xff\xff\xff", "FATAL 08P01, EOF")
	send("S\x00\x01\x00\x00", "FATAL 08P01, EOF")
	send("X\x00\x00\x00\x04", "EOF")
}

func TestPanic(t *testing.T) {
	if invariants.Enabled {
		t.Skip("panics go on in a build with the tag invariants")
	}
	f := serve(t, nil)
	other := f.start(t)
	c := f.start(t)
	c.send(query("rows 1; panic"))
	c.until("T, D(0), C(SELECT 1), FATAL XX000, EOF")
	other.send(query("rows 1"))
	other.until("T, D(0), C(SELECT 1), ZI")
}

// A connection that is idle for longer than its session may be ends with the session's error; one that
// hears from its client or of a notification in time does not, nor does one that waits for COPY's data.
func TestIdleTimeout(t *testing.T) {
	f := serve(t, nil)
	c, long, sender := f.start(t), f.start(t), f.start(t)
	long.send(query("idle 3600000"))
	long.until("C(IDLE), ZI")
	sender.send(query("notify 1"))
	sender.until("C(NOTIFY), A(1), ZI")
	long.until("A(1)")
	c.until("A(1)")
	c.send(query("idle 1"))
	c.until("C(IDLE), ZI, FATAL 57P05, EOF")
	long.send(query("idle 0"))
	long.until("C(IDLE), ZI")
	long.send(query("rows 1"))
	long.until("T, D(0), C(SELECT 1), ZI")

	c = f.start(t)
	c.send(query("idle 1; copyin"))
	c.until("C(IDLE), G")
	sender.send(query("rows 1")) // time goes by
	sender.until("T, D(0), C(SELECT 1), ZI")
	c.send(&pgproto3.CopyData{Data: []byte("abc")}, &pgproto3.CopyDone{})
	c.until("C(COPY 3), ZI, FATAL 57P05, EOF")
}

// An error between Parse and Sync is told at once: a client may wait for it before it sends Sync.
func TestErrorBeforeSync(t *testing.T) {
	f := serve(t, nil)
	c := f.start(t)
	c.send(&pgproto3.Parse{Query: "rows 1"}, &pgproto3.Bind{}, &pgproto3.Execute{}, &pgproto3.Parse{Query: "nonsense"},
		&pgproto3.Bind{}, &pgproto3.Execute{}, &pgproto3.Flush{})
	c.until("1, 2, D(0), C(SELECT 1), ERROR 42601")
	c.send(&pgproto3.Sync{})
	c.until("ZI")
}

func TestNotification(t *testing.T) {
	f := serve(t, nil)
	idle, busy, sender := f.start(t), f.start(t), f.start(t)
	busy.send(query("begin"))
	busy.until("C(BEGIN), ZT")
	sender.send(query("notify 1"))
	sender.until("C(NOTIFY), A(1), ZI")
	idle.until("A(1)")
	busy.send(query("rows 1"))
	busy.until("T, D(0), C(SELECT 1), ZT")
	busy.send(query("end"))
	busy.until("C(END), A(1), ZI")
	// The idle connection lives on, and hears again.
	idle.send(query("rows 1"))
	idle.until("T, D(0), C(SELECT 1), ZI")
	sender.send(query("notify 2"))
	sender.until("C(NOTIFY), A(2), ZI")
	idle.until("A(2)")
	// Between Parse and Sync it does not come.
	idle.send(&pgproto3.Parse{Query: "rows 1"}, &pgproto3.Flush{})
	idle.until("1")
	sender.send(query("notify 3"))
	sender.until("C(NOTIFY), A(3), ZI")
	idle.send(&pgproto3.Bind{}, &pgproto3.Execute{}, &pgproto3.Sync{})
	idle.until("2, D(0), C(SELECT 1), A(3), ZI")
}
