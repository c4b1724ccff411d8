package wire_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"
)

// protocolModel says what a server answers to messages, by the protocol's own rules: statements and portals by name,
// a transaction's state, and what is skipped after an error.
type protocolModel struct {
	statements map[string]string
	portals    map[string]*modelPortal
	status     byte
	failed     bool
}

type modelPortal struct {
	query string
	given int
}

func newModel() *protocolModel {
	return &protocolModel{statements: map[string]string{}, portals: map[string]*modelPortal{}, status: 'I'}
}

// fail answers with an error; what follows is skipped until Sync.
func (m *protocolModel) fail(code string) []string {
	m.failed = true
	if m.status == 'T' {
		m.status = 'E'
	}
	return []string{"ERROR " + code}
}

// answer is what comes for one message.
func (m *protocolModel) answer(msg pgproto3.FrontendMessage) []string {
	if _, ok := msg.(*pgproto3.Sync); ok {
		m.failed = false
		if m.status == 'I' {
			clear(m.portals)
		}
		return []string{"Z" + string(m.status)}
	}
	if m.failed {
		return nil
	}
	switch msg := msg.(type) {
	case *pgproto3.Parse:
		if strings.HasPrefix(msg.Query, "nonsense") {
			return m.fail("42601")
		}
		m.statements[msg.Name] = msg.Query
		return []string{"1"}
	case *pgproto3.Bind:
		query, ok := m.statements[msg.PreparedStatement]
		if !ok {
			return m.fail("26000")
		}
		m.portals[msg.DestinationPortal] = &modelPortal{query: query}
		return []string{"2"}
	case *pgproto3.Describe:
		return m.describe(msg)
	case *pgproto3.Execute:
		p := m.portals[msg.Portal]
		if p == nil {
			return m.fail("34000")
		}
		return m.execute(p, int(msg.MaxRows))
	case *pgproto3.Close:
		if msg.ObjectType == 'S' {
			delete(m.statements, msg.Name)
		} else {
			delete(m.portals, msg.Name)
		}
		return []string{"3"}
	}
	return nil // Flush
}

func (m *protocolModel) describe(msg *pgproto3.Describe) []string {
	var out []string
	query := ""
	if msg.ObjectType == 'S' {
		q, ok := m.statements[msg.Name]
		if !ok {
			return m.fail("26000")
		}
		query, out = q, []string{"t"}
	} else {
		p := m.portals[msg.Name]
		if p == nil {
			return m.fail("34000")
		}
		query = p.query
	}
	if strings.HasPrefix(query, "rows") {
		return append(out, "T")
	}
	return append(out, "n")
}

func (m *protocolModel) execute(p *modelPortal, limit int) []string {
	var n int
	if _, err := fmt.Sscanf(p.query, "rows %d", &n); err != nil {
		return m.command(p.query)
	}
	var out []string
	for limit == 0 || len(out) < limit {
		if p.given == n {
			return append(out, fmt.Sprintf("C(SELECT %d)", len(out)))
		}
		out = append(out, fmt.Sprintf("D(%d)", p.given))
		p.given++
	}
	return append(out, "s")
}

func (m *protocolModel) command(query string) []string {
	switch query {
	case "":
		return []string{"I"}
	case "begin":
		m.status = 'T'
	case "end":
		m.status = 'I'
	case "fail":
		return m.fail("22012")
	}
	return []string{"C(" + strings.ToUpper(query) + ")"}
}

// randomMessage makes a message of the extended protocol over few names, so that they meet.
func randomMessage(rng *rand.Rand) pgproto3.FrontendMessage {
	name := []string{"", "a", "b"}[rng.IntN(3)]
	object := []byte("SP")[rng.IntN(2)]
	switch rng.IntN(9) {
	case 0, 1:
		queries := []string{"rows 0", "rows 3", "rows 1001", "begin", "end", "fail", "", "nonsense"}
		return &pgproto3.Parse{Name: name, Query: queries[rng.IntN(len(queries))]}
	case 2, 3:
		return &pgproto3.Bind{DestinationPortal: []string{"", "p", "q"}[rng.IntN(3)], PreparedStatement: name}
	case 4, 5:
		return &pgproto3.Execute{
			Portal:  []string{"", "p", "q"}[rng.IntN(3)],
			MaxRows: []uint32{0, 1, 2, 3, 4, 1000, 1001}[rng.IntN(7)],
		}
	case 6:
		if object == 'P' {
			name = []string{"", "p", "q"}[rng.IntN(3)]
		}
		return &pgproto3.Describe{ObjectType: object, Name: name}
	case 7:
		return &pgproto3.Close{ObjectType: object, Name: name}
	}
	return &pgproto3.Sync{}
}

// Any order of extended messages is answered as the protocol's rules say, also when they come in one pipeline.
func TestExtendedLikeAModel(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	f := serve(t, nil)
	for range 20 {
		c, m := f.start(t), newModel()
		for range 20 {
			var msgs []pgproto3.FrontendMessage
			var want []string
			for range 1 + rng.IntN(15) {
				msgs = append(msgs, randomMessage(rng))
			}
			msgs = append(msgs, &pgproto3.Sync{})
			for _, msg := range msgs {
				want = append(want, m.answer(msg)...)
			}
			c.send(msgs...)
			c.until(strings.Join(want, ", "))
			if t.Failed() {
				t.Fatalf("messages %+v", msgs)
			}
		}
	}
}

// The same bytes give the same answers however they are cut into packets.
func TestFraming(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	f := serve(t, nil)
	sync := &pgproto3.Sync{}
	sent := one(t, query("rows 3; null"), &pgproto3.Parse{Name: "a", Query: "echo $1"},
		&pgproto3.Bind{PreparedStatement: "a", Parameters: [][]byte{[]byte(strings.Repeat("p", 9000))}}, &pgproto3.Execute{},
		sync,
		query("copyin"), &pgproto3.CopyData{Data: make([]byte, 20000)}, &pgproto3.CopyDone{}, query("nonsense"),
		&pgproto3.Bind{PreparedStatement: "none"}, &pgproto3.Execute{}, sync, query("copyout 2; text 30000"),
		&pgproto3.Terminate{})
	answer := func(most int) string {
		t.Helper()
		c := f.start(t)
		done := make(chan error, 1)
		go func() {
			var err error
			for rest := sent; len(rest) > 0 && err == nil; {
				n := min(1+rng.IntN(most), len(rest))
				_, err = c.nc.Write(rest[:n])
				rest = rest[n:]
			}
			done <- err
		}()
		got, err := io.ReadAll(c.nc)
		if werr := <-done; err != nil || werr != nil {
			t.Fatal(err, werr)
		}
		return string(got)
	}
	want := answer(len(sent))
	for _, most := range []int{2, 7, 100, 4096, 10000} {
		if got := answer(most); got != want {
			t.Fatalf("packets of at most %d bytes: %d bytes of answer, not %d", most, len(got), len(want))
		}
	}
}
