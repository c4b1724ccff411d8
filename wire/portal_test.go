package wire_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/vecdb/vecdb/wire"
)

// A row limit cuts a portal's rows wherever it falls in the batches (of 1000), and the next Execute goes on there.
func TestRowLimits(t *testing.T) {
	c := serve(t, nil).start(t)
	for _, rows := range []int{0, 1, 999, 1000, 1001, 2500} {
		for _, limit := range []int{1, 7, 999, 1000, 1001, 2499, 2500, 2501} {
			if limit == 1 && rows > 1 {
				continue // TestExtendedLikeAModel has them
			}
			c.send(&pgproto3.Parse{Query: fmt.Sprintf("rows %d", rows)}, &pgproto3.Bind{}, &pgproto3.Flush{})
			c.until("1, 2")
			given := 0
			for suspended := true; suspended; {
				c.send(&pgproto3.Execute{MaxRows: uint32(limit)}, &pgproto3.Flush{})
				n := min(limit, rows-given)
				want := make([]string, 0, n+1)
				for i := range n {
					want = append(want, fmt.Sprintf("D(%d)", given+i))
				}
				given += n
				if suspended = n == limit; suspended {
					want = append(want, "s")
				} else {
					want = append(want, fmt.Sprintf("C(SELECT %d)", n))
				}
				c.until(strings.Join(want, ", "))
			}
			c.send(&pgproto3.Sync{})
			c.until("ZI")
		}
	}
}

// A row limit below zero is none, as in PostgreSQL, and two portals go on side by side.
func TestPortalsSideBySide(t *testing.T) {
	c := serve(t, nil).start(t)
	execute := func(portal string, most uint32) *pgproto3.Execute {
		return &pgproto3.Execute{Portal: portal, MaxRows: most}
	}
	c.send(query("begin"))
	c.until("C(BEGIN), ZT")
	c.send(&pgproto3.Parse{Name: "s", Query: "rows 3"}, &pgproto3.Bind{DestinationPortal: "p", PreparedStatement: "s"},
		&pgproto3.Bind{DestinationPortal: "q", PreparedStatement: "s"}, execute("p", 2), execute("q", 1), &pgproto3.Sync{})
	c.until("1, 2, 2, D(0), D(1), s, D(0), s, ZT")
	// In a block they live on behind Sync, and behind a failed message of another, too.
	c.send(execute("p", 0), execute("q", 0xffffffff), &pgproto3.Sync{})
	c.until("D(2), C(SELECT 1), D(1), D(2), C(SELECT 2), ZT")
	c.send(&pgproto3.Close{ObjectType: 'P', Name: "p"}, execute("p", 0), &pgproto3.Sync{})
	c.until("3, ERROR 34000, ZE")
	c.send(query("end"))
	c.until("C(END), ZI")
	c.send(execute("q", 0), &pgproto3.Sync{})
	c.until("ERROR 34000, ZI")
}

// Describe says what comes: rows with their formats, nothing for COPY and commands, and the parameters of a statement.
func TestDescribe(t *testing.T) {
	c := serve(t, nil).start(t)
	f := func(text string, wantStatement, wantPortal string) {
		t.Helper()
		var values [][]byte
		if strings.HasPrefix(text, "echo") {
			values = [][]byte{[]byte("x")}
		}
		c.send(&pgproto3.Parse{Query: text}, &pgproto3.Describe{ObjectType: 'S'}, &pgproto3.Bind{Parameters: values},
			&pgproto3.Describe{ObjectType: 'P'}, &pgproto3.Sync{})
		c.until("1, t, " + wantStatement + ", 2, " + wantPortal + ", ZI")
	}
	f("rows 1", "T", "T")
	f("null", "T", "T")
	f("echo $1", "T", "T")
	f("begin", "n", "n")
	f("copyin", "n", "n")
	f("copyout 1", "n", "n")
	f("", "n", "n")
}

// A simple query of several statements answers each, up to the first error; empty ones between them are nothing.
func TestScripts(t *testing.T) {
	c := serve(t, nil).start(t)
	f := func(text, want string) {
		t.Helper()
		c.send(query(text))
		c.until(want)
	}
	f("", "I, ZI")
	f(" ;; ; ", "I, ZI")
	f("rows 1;; rows 0;", "T, D(0), C(SELECT 1), T, C(SELECT 0), ZI")
	f("rows 1; nonsense; rows 1", "T, D(0), C(SELECT 1), ERROR 42601, ZI")
	f("begin; rows 1; fail; end", "C(BEGIN), T, D(0), C(SELECT 1), ERROR 22012, ZE")
	f("end", "C(END), ZI")
	f("set a; notice; set b; set a", "C(SET), NOTICE look, C(NOTICE), C(SET), C(SET), S(setting=a), ZI")
	f("set c; fail", "C(SET), ERROR 22012, S(setting=c), ZI") // told whatever became of it
	f("copyout 1; rows 1", "H, d, c, C(COPY 1), T, D(0), C(SELECT 1), ZI")
	f("rows 2; internal; rows 1", "T, D(0), D(1), C(SELECT 2), ERROR XX000, ZI")
	f("rows 1; fatal; rows 1", "T, D(0), C(SELECT 1), FATAL 57P01, EOF")
}

// COPY takes what comes until its end in either protocol, and what is left behind of a failed one is thrown away.
func TestCopyLeftovers(t *testing.T) {
	c := serve(t, nil).start(t)
	data := &pgproto3.CopyData{Data: []byte("0123456789")}
	// All in one pipeline: the failed COPY's data must not be taken for commands.
	c.send(query("copyin 5"), data, data, &pgproto3.CopyFail{Message: "x"}, query("rows 1"))
	c.until("G, ERROR 22P04, ZI, T, D(0), C(SELECT 1), ZI")
	c.send(data, &pgproto3.CopyDone{}, query("rows 1"))
	c.until("T, D(0), C(SELECT 1), ZI")
	c.send(&pgproto3.Parse{Query: "copyin"}, &pgproto3.Bind{}, &pgproto3.Execute{}, data, &pgproto3.CopyDone{},
		&pgproto3.Sync{})
	c.until("1, 2, G, C(COPY 10), ZI")
	c.send(&pgproto3.Parse{Query: "copyin"}, &pgproto3.Bind{}, &pgproto3.Execute{}, data,
		&pgproto3.CopyFail{Message: "x"}, &pgproto3.Sync{})
	c.until("1, 2, G, ERROR 57014, ZI")
	c.send(&pgproto3.Parse{Query: "copyout 2"}, &pgproto3.Bind{}, &pgproto3.Execute{MaxRows: 1}, &pgproto3.Sync{})
	c.until("1, 2, H, d, d, c, C(COPY 2), ZI") // a row limit is not for COPY
	c.send(query("copyin; copyin"), data, &pgproto3.CopyDone{}, data, data, &pgproto3.CopyDone{})
	c.until("G, C(COPY 10), G, C(COPY 20), ZI")
}

// Every connection that ends gives back its place: many come and go, in every way of going.
func TestConnectionsComeAndGo(t *testing.T) {
	f := serve(t, func(s *wire.Server, _ *fakeServer) { s.Limits.Connections = 3 })
	for i := range 60 {
		c := f.start(t)
		switch i % 4 {
		case 0:
			c.send(&pgproto3.Terminate{})
			c.until("EOF")
		case 1:
			c.send(query("fatal"))
			c.until("FATAL 57P01, EOF")
		case 2:
			c.send(query("rows 1"), &pgproto3.Terminate{})
			c.until("T, D(0), C(SELECT 1), ZI, EOF")
		case 3:
			if _, err := c.nc.Write([]byte("Q\x00\x00\x00\x03")); err != nil {
				t.Fatal(err)
			}
			c.until("FATAL 08P01, EOF")
		}
		if n := f.back.count(); n > 1 {
			t.Fatalf("%d sessions are open", n)
		}
	}
}

// A first packet that stops in the middle, or a client that goes then, is no session and disturbs none.
func TestTruncatedStartup(t *testing.T) {
	f := serve(t, nil)
	other := f.start(t)
	const start = "\x00\x00\x00\x10\x00\x03\x00\x00user\x00u\x00\x00"
	for n := range len(start) {
		nc := f.dial(t)
		if _, err := nc.Write([]byte(start[:n])); err != nil {
			t.Fatal(err)
		}
		if err := nc.Close(); err != nil {
			t.Fatal(err)
		}
	}
	other.send(query("rows 1"))
	other.until("T, D(0), C(SELECT 1), ZI")
	if n := f.back.count(); n != 1 {
		t.Errorf("%d sessions are open", n)
	}
}
