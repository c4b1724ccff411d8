package wire

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/wire/backend"
)

// socketPair is two ends of a loopback connection.
func socketPair(t testing.TB) (server, client net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	if client, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if server, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = client.Close(), server.Close() })
	return server, client
}

func newInput(nc net.Conn, b *buffers) *input {
	in := &input{buffers: b, waiting: func() error { return nil }, woken: func() error { return os.ErrDeadlineExceeded }}
	in.attach(nc)
	return in
}

// TestInputHoldsNothing holds that an input that waits has no buffer, and that one that was given back
// is used again.
func TestInputHoldsNothing(t *testing.T) {
	server, client := socketPair(t)
	var b buffers
	in := newInput(server, &b)
	for range 3 {
		if err := server.SetReadDeadline(time.Now()); err != nil {
			t.Fatal(err)
		}
		if _, err := in.take(1); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal(err)
		}
		if canReadRaw && (in.buf != nil || in.block != nil) {
			t.Fatal("a buffer is held although there is nothing to read")
		}
		if err := server.SetReadDeadline(time.Time{}); err != nil {
			t.Fatal(err)
		}
		if _, err := client.Write([]byte("abc")); err != nil {
			t.Fatal(err)
		}
		if got, err := in.take(3); err != nil || string(got) != "abc" {
			t.Fatalf("%q %v", got, err)
		}
		in.release()
		if in.buf != nil || in.block != nil {
			t.Fatal("a buffer is held although all is consumed")
		}
	}
	// A byte that is not consumed keeps it.
	if _, err := client.Write([]byte("abc")); err != nil {
		t.Fatal(err)
	}
	if _, err := in.take(2); err != nil {
		t.Fatal(err)
	}
	in.release()
	if got, err := in.take(1); err != nil || string(got) != "c" {
		t.Fatalf("%q %v", got, err)
	}
	if err := client.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := in.take(1); !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
}

// TestInputGrows holds that messages around the sizes of the buffers come whole, and that who announces
// a large one and does not send it costs little.
func TestInputGrows(t *testing.T) {
	server, client := socketPair(t)
	var b buffers
	in := newInput(server, &b)
	for _, n := range []int{
		0, 1, blockBytes - 6, blockBytes - 5, blockBytes - 4, blockBytes, 4 * blockBytes, 4*blockBytes + 1, heldBytesMax + 7,
	} {
		body := bytes.Repeat([]byte{byte(n)}, n)
		msg, err := (&pgproto3.CopyData{Data: body}).Encode(nil)
		if err != nil {
			t.Fatal(err)
		}
		go func() { _, _ = client.Write(append(msg, msg...)) }() // read below
		for range 2 {
			typ, got, err := in.message(1 << 30)
			if err != nil || typ != 'd' || !bytes.Equal(got, body) {
				t.Fatalf("%d bytes: %c, %d bytes, %v", n, typ, len(got), err)
			}
		}
	}
	go func() {
		_, _ = client.Write(append([]byte("d\x3f\xff\xff\xff"), make([]byte, 10000)...)) // a GB
		_ = client.Close()
	}()
	if _, _, err := in.message(1 << 30); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	if len(in.buf) > heldBytesMax {
		t.Fatalf("%d bytes for a message that did not come", len(in.buf))
	}
}

func TestOutput(t *testing.T) {
	server, client := socketPair(t)
	var b buffers
	o := &output{nc: server, buffers: &b, limit: 1000}
	all := make(chan []byte)
	go func() {
		got, _ := io.ReadAll(client) // ends with the close below
		all <- got
	}()
	o.constant(parseComplete)
	if err := o.flush(); err != nil || len(o.buf) != 5 {
		t.Fatal("written although nobody waits")
	}
	o.release()
	if o.buf == nil {
		t.Fatal("bytes were lost")
	}
	o.copyData(make([]byte, 10)) // fits
	o.copyData(make([]byte, 5500))
	if len(o.buf) > o.limit {
		t.Fatalf("%d bytes are held", len(o.buf))
	}
	o.send(&pgproto3.CopyData{Data: make([]byte, 2<<20)})
	if o.buf != nil {
		t.Fatal("a huge buffer is kept")
	}
	o.ready('I')
	if err := o.flush(); err != nil || len(o.buf) != 0 {
		t.Fatal(err)
	}
	o.release()
	if o.buf != nil || o.block != nil || o.page != nil {
		t.Fatal("a buffer is held")
	}
	_ = server.Close()
	if n := len(<-all); n != 5+5+10+5+5500+5+2<<20+6 {
		t.Fatalf("%d bytes came", n)
	}
	// An error of the network stays.
	o.ready('I')
	if err := o.flush(); err == nil || o.err == nil {
		t.Fatal("writing to a closed connection went well")
	}
	o.ready('I')
	if o.flush() == nil {
		t.Fatal("the error was forgotten")
	}
}

func TestPosition(t *testing.T) {
	f := func(query string, bytes int, want int32) {
		t.Helper()
		if got := position(query, bytes); got != want {
			t.Fatalf("position(%q, %d) = %d, want %d", query, bytes, got, want)
		}
	}
	f("", 0, 0)
	f("", 1, 1)
	f("", 2, 0)
	f("abc", 3, 3)
	f("abc", -1, 0)
	f("äöü", 1, 1)
	f("äöü", 5, 3)
	f("äöü", 7, 4)
	f("äöü", 8, 0)
}

func TestCheckUTF8(t *testing.T) {
	f := func(s, want string) {
		t.Helper()
		err := checkUTF8(s)
		if want == "" && err != nil || want != "" && (err == nil || !strings.HasSuffix(err.Error(), `"UTF8": `+want)) {
			t.Fatalf("checkUTF8(%q) = %v, want %s", s, err, want)
		}
	}
	f("", "")
	f("aü€😀", "")
	f("a\x80b", "0x80")
	f("a\xc3(", "0xc3 0x28")
	f("\xe2\x82", "0xe2 0x82")
	f("ü\xf0\x9f\x98x", "0xf0 0x9f 0x98 0x78")
	f("a\x00b", "0x00")
	f("\xff", "0xff")
}

func TestEncoders(t *testing.T) {
	f := func(oid types.OID, format int16, want bool) {
		t.Helper()
		enc, err := encoderOf(&backend.Field{Type: types.Of(oid), Format: format})
		if (err == nil) != want || (enc != nil) != want {
			t.Fatalf("type %d format %d: %v", oid, format, err)
		}
	}
	f(types.Int4OID, textFormat, true)
	f(types.Int4OID, binaryFormat, true)
	f(types.Int4OID, 2, false)
	f(1<<30, textFormat, true) // the row type of some table
	const inetOID = 869        // has no codecs: only catalog columns are of it
	f(inetOID, textFormat, true)
	f(inetOID, binaryFormat, false)
}

func TestAppendRow(t *testing.T) {
	a := batch.New(types.Of(types.Int4OID), types.Int, 2)
	b := batch.New(types.Of(types.TextOID), types.String, 2)
	for _, s := range []string{"x", "yz"} {
		a.Append(types.IntDatum(int64(len(s))))
		b.Append(types.StringDatum(s))
	}
	b.Append(types.NullDatum)
	a.Append(types.IntDatum(-1))
	var encoders []columnEncoder
	for _, c := range []*batch.Column{a, b} {
		enc, err := encoderOf(&backend.Field{Type: c.Type})
		if err != nil {
			t.Fatal(err)
		}
		encoders = append(encoders, enc)
	}
	f := func(row int, want string) {
		t.Helper()
		got, ok := appendRow([]byte("before"), []*batch.Column{a, b}, row, encoders, &types.Session{})
		if !ok || string(got) != "before"+want {
			t.Fatalf("row %d: %q", row, got)
		}
	}
	f(0, "D\x00\x00\x00\x10\x00\x02\x00\x00\x00\x011\x00\x00\x00\x01x")
	f(1, "D\x00\x00\x00\x11\x00\x02\x00\x00\x00\x012\x00\x00\x00\x02yz")
	f(2, "D\x00\x00\x00\x10\x00\x02\x00\x00\x00\x02-1\xff\xff\xff\xff")
}

func TestNotificationsAreBounded(t *testing.T) {
	server, _ := socketPair(t)
	c := newConn(&Server{}, server, Limits{}.withDefaults())
	for range notificationsMax + 10 {
		c.Notification(1, "ch", "x")
	}
	if len(c.notified) != notificationsMax {
		t.Fatalf("%d wait", len(c.notified))
	}
}

func TestStrangersAreBounded(t *testing.T) {
	s := &Server{Limits: Limits{Connections: 1}}
	server, _ := socketPair(t)
	told := 0
	for range strangersMax + 1 {
		c := newConn(s, server, s.Limits.withDefaults())
		if !s.add(c) {
			t.Fatal("too few were let in")
		}
		if c.tooMany {
			told++
		}
	}
	if told != strangersMax || s.add(newConn(s, server, s.Limits.withDefaults())) {
		t.Fatalf("%d are told, and one more got in", told)
	}
}
