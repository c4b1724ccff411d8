package wire_test

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
)

// one encodes messages of a client.
func one(t testing.TB, msgs ...pgproto3.FrontendMessage) []byte {
	t.Helper()
	var b []byte
	for _, m := range msgs {
		var err error
		if b, err = m.Encode(b); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// FuzzMessages sends any bytes in place of messages, and then closes its side. The server must answer
// with well-formed messages, and end the connection: no panic (which would be told as XX000), no hang.
func FuzzMessages(f *testing.F) {
	srv := serve(f, nil)
	sync := &pgproto3.Sync{}
	f.Add(one(f, query("rows 3; fail; rows 1"), query("null; notice; set x; begin; fail 3"), query("end")))
	f.Add(one(f, &pgproto3.Parse{Name: "a", Query: "echo $1", ParameterOIDs: []uint32{25}},
		&pgproto3.Describe{ObjectType: 'S', Name: "a"},
		&pgproto3.Bind{PreparedStatement: "a", Parameters: [][]byte{[]byte("x")}},
		&pgproto3.Describe{ObjectType: 'P'}, &pgproto3.Execute{MaxRows: 1}, &pgproto3.Flush{},
		&pgproto3.Close{ObjectType: 'S', Name: "a"}, sync))
	f.Add(one(f, query("copyin"), &pgproto3.CopyData{Data: []byte("abc")}, &pgproto3.CopyDone{}, query("copyout 3")))
	f.Add(one(f, query("copyin 2"), &pgproto3.CopyData{Data: []byte("abc")}, &pgproto3.CopyFail{Message: "x"}))
	f.Add(one(f, &pgproto3.FunctionCall{Function: 1}, sync, &pgproto3.Terminate{}))
	f.Add([]byte("Q\x00\x00\x00\x03"))
	f.Add([]byte("B\x00\x00\x00\x06\x00\x00S\x00\x00\x00\x04"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c := srv.start(t)
		exchange(t, c.nc, b)
	})
}

// FuzzStartup sends any bytes first.
func FuzzStartup(f *testing.F) {
	srv := serve(f, nil)
	f.Add([]byte("\x00\x00\x00\x10\x00\x03\x00\x00user\x00u\x00\x00"))
	f.Add([]byte("\x00\x00\x00\x16\x00\x03\x00\x02_pq_.x\x00y\x00user\x00u\x00\x00"))
	f.Add([]byte("\x00\x00\x00\x08\x04\xd2\x16\x2f"))
	f.Add([]byte("\x00\x00\x00\x08\x04\xd2\x16\x30"))
	f.Add([]byte("\x00\x00\x00\x10\x04\xd2\x16\x2e\x00\x00\x00\x01\x00\x00\x00\x07"))
	f.Fuzz(func(t *testing.T, b []byte) {
		nc := srv.dial(t)
		// The answers to requests for encryption are bytes without a frame.
		if len(b) >= 8 && binary.BigEndian.Uint16(b[4:]) == 1234 {
			_, _ = nc.Write(b) // the server may have closed already
			_ = nc.(*net.TCPConn).CloseWrite()
			drain(t, nc)
			return
		}
		exchange(t, nc, b)
	})
}

// exchange sends bytes, and reads messages until the server closes the connection.
func exchange(t *testing.T, nc net.Conn, b []byte) {
	t.Helper()
	_, _ = nc.Write(b) // the server may have closed already
	_ = nc.(*net.TCPConn).CloseWrite()
	fe := pgproto3.NewFrontend(nc, nc)
	for {
		m, err := fe.Receive()
		var ne net.Error
		switch {
		case errors.As(err, &ne) && ne.Timeout():
			t.Fatal("the server hangs")
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &ne):
			return
		case err != nil:
			t.Fatalf("not a message: %v", err)
		}
		if e, ok := m.(*pgproto3.ErrorResponse); ok && e.Code == "XX000" && e.Message != "disk on fire" &&
			e.Message != "internal error: panic in connection: a bug" {
			t.Fatalf("internal error: %s", e.Message)
		}
	}
}

// drain reads until the server closes the connection.
func drain(t *testing.T, nc net.Conn) {
	t.Helper()
	if err := nc.SetReadDeadline(time.Now().Add(hangMax)); err != nil {
		t.Fatal(err)
	}
	var ne net.Error
	if _, err := io.Copy(io.Discard, nc); errors.As(err, &ne) && ne.Timeout() {
		t.Fatal("the server hangs")
	}
}
