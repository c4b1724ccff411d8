package wire

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// answerMax is how long a server may be silent before a script fails. It only ends a script that hangs.
const answerMax = 30 * time.Second

// Script runs the commands of one file. Each works on the connection named by its argument conn, "a"
// without one, which is opened when it is first used:
//
//	send          one message a line: its type and its fields as JSON. Query "text", Parse, CopyData and
//	              some others have a short form, see message.
//	until TYPES   prints what comes until a message of each of the types has come, in that order;
//	              ignore=(TYPE,...) leaves out some; canceling sends CancelRequests until it is heard, since
//	              one that comes before the statement runs has no effect; codes leaves out what errors say
//	raw           sends bytes: hex digits, and text in double quotes
//	byte          prints the one byte that answers a request for encryption
//	end           prints what comes until the server closes the connection
//	dial          opens a connection without the startup message
//	cancel        sends a CancelRequest for the connection
//	close         closes the connection without a word
//
// A connection that the server has closed prints EOF.
type Script struct {
	config *pgconn.Config
	conns  map[string]*client
}

// client is one connection of a script.
type client struct {
	nc     net.Conn
	fe     *pgproto3.Frontend
	pid    uint32
	secret []byte
}

// NewScript makes a script for the server of a DSN. Database is the one its connections use.
func NewScript(dsn, database string) (*Script, error) {
	config, err := pgconn.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	config.Database = database
	return &Script{config: config, conns: map[string]*client{}}, nil
}

// Close closes the script's connections.
func (s *Script) Close() {
	for _, c := range s.conns {
		_ = c.nc.Close() // the script is over
	}
	clear(s.conns)
}

// Run serves one directive of a file and returns its output.
func (s *Script) Run(d *datadriven.TestData) (string, error) {
	name := "a"
	for _, a := range d.CmdArgs {
		if a.Key == "conn" && len(a.Vals) == 1 {
			name = a.Vals[0]
		}
	}
	if d.Cmd == "dial" {
		return "", s.dial(name)
	}
	c, err := s.conn(name)
	if err != nil {
		return "", err
	}
	if err := c.nc.SetDeadline(time.Now().Add(answerMax)); err != nil {
		return "", err
	}
	switch d.Cmd {
	case "send":
		return "", c.send(d.Input)
	case "raw":
		return "", c.raw(d.Input)
	case "until":
		return s.until(c, d)
	case "byte":
		var b [1]byte
		_, err := io.ReadFull(c.nc, b[:])
		return string(b[:]) + "\n", err
	case "end":
		return c.end()
	case "cancel":
		return "", s.cancel(c)
	case "close":
		delete(s.conns, name)
		return "", c.nc.Close()
	}
	return "", fmt.Errorf("unknown command %q", d.Cmd)
}

// network opens a connection to the server.
func (s *Script) network() (net.Conn, error) {
	network, address := pgconn.NetworkAddress(s.config.Host, s.config.Port)
	return net.DialTimeout(network, address, answerMax)
}

// dial opens a connection and sends nothing.
func (s *Script) dial(name string) error {
	nc, err := s.network()
	if err == nil {
		s.conns[name] = &client{nc: nc, fe: pgproto3.NewFrontend(nc, nc)}
	}
	return err
}

// conn finds or starts a connection.
func (s *Script) conn(name string) (*client, error) {
	if c := s.conns[name]; c != nil {
		return c, nil
	}
	if err := s.dial(name); err != nil {
		return nil, err
	}
	c := s.conns[name]
	if err := c.nc.SetDeadline(time.Now().Add(answerMax)); err != nil {
		return nil, err
	}
	c.fe.Send(&pgproto3.StartupMessage{ProtocolVersion: pgproto3.ProtocolVersion30, Parameters: map[string]string{
		"user": s.config.User, "database": s.config.Database, "application_name": "script",
	}})
	if err := c.fe.Flush(); err != nil {
		return nil, err
	}
	for {
		m, err := c.fe.Receive()
		if err != nil {
			return nil, err
		}
		switch m := m.(type) {
		case *pgproto3.BackendKeyData:
			c.pid, c.secret = m.ProcessID, slices.Clone(m.SecretKey)
		case *pgproto3.ErrorResponse:
			return nil, fmt.Errorf("start %s: %s %s", name, m.Code, m.Message)
		case *pgproto3.ReadyForQuery:
			return c, nil
		}
	}
}

// cancel sends a CancelRequest over a connection of its own, and waits until it was read.
func (s *Script) cancel(c *client) error {
	nc, err := s.network()
	if err != nil {
		return err
	}
	defer func() { _ = nc.Close() }() // nothing was to be sent any more
	b, err := (&pgproto3.CancelRequest{ProcessID: c.pid, SecretKey: c.secret}).Encode(nil)
	if err != nil {
		return err
	}
	if _, err := nc.Write(b); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, nc)
	return err
}

// send sends the messages of a text in one write.
func (c *client) send(text string) error {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		kind, rest, _ := strings.Cut(line, " ")
		m, err := message(kind, strings.TrimSpace(rest))
		if err != nil {
			return fmt.Errorf("%s: %w", line, err)
		}
		c.fe.Send(m)
	}
	return c.fe.Flush()
}

// messages makes an empty message by its name.
var messages = map[string]func() pgproto3.FrontendMessage{
	"Bind": func() pgproto3.FrontendMessage { return &pgproto3.Bind{} }, "Close": func() pgproto3.FrontendMessage { return &pgproto3.Close{} },
	"CopyData": func() pgproto3.FrontendMessage { return &pgproto3.CopyData{} }, "CopyDone": func() pgproto3.FrontendMessage { return &pgproto3.CopyDone{} },
	"CopyFail": func() pgproto3.FrontendMessage { return &pgproto3.CopyFail{} }, "Describe": func() pgproto3.FrontendMessage { return &pgproto3.Describe{} },
	"Execute": func() pgproto3.FrontendMessage { return &pgproto3.Execute{} }, "Flush": func() pgproto3.FrontendMessage { return &pgproto3.Flush{} },
	"FunctionCall": func() pgproto3.FrontendMessage { return &pgproto3.FunctionCall{} },
	"Parse":        func() pgproto3.FrontendMessage { return &pgproto3.Parse{} },
	"Query":        func() pgproto3.FrontendMessage { return &pgproto3.Query{} }, "Sync": func() pgproto3.FrontendMessage { return &pgproto3.Sync{} },
	"Terminate": func() pgproto3.FrontendMessage { return &pgproto3.Terminate{} },
	"Startup":   func() pgproto3.FrontendMessage { return &pgproto3.StartupMessage{} },
}

// message makes a message from its name and either its fields as JSON, or, where one field says it all,
// a Go string: the query of Query and Parse, the name of Close and Describe (with S or P before it), the
// data of CopyData, the message of CopyFail, the portal of Execute.
func message(kind, text string) (pgproto3.FrontendMessage, error) {
	newMessage := messages[kind]
	if newMessage == nil {
		return nil, errors.New("no such message")
	}
	m := newMessage()
	switch {
	case text == "":
		return m, nil
	case text[0] == '{':
		return m, json.Unmarshal([]byte(text), m)
	}
	object := byte(0)
	if (text[0] == 'S' || text[0] == 'P') && len(text) > 2 {
		object, text = text[0], text[2:]
	}
	value, err := strconv.Unquote(text)
	if err != nil {
		return nil, err
	}
	switch m := m.(type) {
	case *pgproto3.Query:
		m.String = value
	case *pgproto3.Parse:
		m.Query = value
	case *pgproto3.Close:
		m.ObjectType, m.Name = object, value
	case *pgproto3.Describe:
		m.ObjectType, m.Name = object, value
	case *pgproto3.CopyData:
		m.Data = []byte(value)
	case *pgproto3.CopyFail:
		m.Message = value
	case *pgproto3.Execute:
		m.Portal = value
	default:
		return nil, errors.New("the message has no short form")
	}
	return m, nil
}

// raw sends hex digits and quoted text as they are.
func (c *client) raw(text string) error {
	var out []byte
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		if text[0] == '"' {
			quoted, err := strconv.QuotedPrefix(text)
			if err != nil {
				return err
			}
			value, err := strconv.Unquote(quoted)
			if err != nil {
				return err
			}
			out, text = append(out, value...), text[len(quoted):]
			continue
		}
		word := strings.Fields(text)[0]
		b, err := hex.DecodeString(word)
		if err != nil {
			return err
		}
		out, text = append(out, b...), text[len(word):]
	}
	_, err := c.nc.Write(out)
	return err
}

// cancelEvery is the pause between the CancelRequests of one that is repeated.
const cancelEvery = 50 * time.Millisecond

// receive waits for a message, and cancels the statement that it is waiting for if that is asked for.
func (s *Script) receive(c *client, canceling bool) (pgproto3.BackendMessage, error) {
	end := time.Now().Add(answerMax)
	for canceling {
		if err := s.cancel(c); err != nil {
			return nil, err
		}
		if err := c.nc.SetReadDeadline(time.Now().Add(cancelEvery)); err != nil {
			return nil, err
		}
		m, err := c.fe.Receive()
		if !errors.Is(err, os.ErrDeadlineExceeded) || time.Now().After(end) {
			return m, errors.Join(err, c.nc.SetReadDeadline(end))
		}
	}
	return c.fe.Receive()
}

// until prints messages until one of each wanted type has come, in order.
func (s *Script) until(c *client, d *datadriven.TestData) (string, error) {
	canceling, codes := false, false
	var want, ignore []string
	for _, a := range d.CmdArgs {
		switch {
		case a.Key == "ignore":
			ignore = a.Vals
		case a.Key == "canceling":
			canceling = true
		case a.Key == "codes":
			codes = true
		case len(a.Vals) == 0:
			want = append(want, a.Key)
		}
	}
	var b strings.Builder
	for len(want) > 0 {
		m, err := s.receive(c, canceling)
		canceling = false
		if ended(err) {
			return b.String() + "EOF\n", nil
		}
		if err != nil {
			return b.String(), fmt.Errorf("after\n%swaiting for %v: %w", b.String(), want, err)
		}
		kind := typeName(m)
		if e, ok := m.(*pgproto3.ErrorResponse); ok && codes {
			m = &pgproto3.ErrorResponse{Severity: e.Severity, Code: e.Code, Message: "..."}
		}
		if !slices.Contains(ignore, kind) {
			b.WriteString(render(m))
		}
		if kind == want[0] {
			want = want[1:]
		}
	}
	return b.String(), nil
}

// end prints messages until the server closes the connection.
func (c *client) end() (string, error) {
	var b strings.Builder
	for {
		m, err := c.fe.Receive()
		if ended(err) {
			return b.String() + "EOF\n", nil
		}
		if err != nil {
			return "", err
		}
		b.WriteString(render(m))
	}
}

// ended says whether an error is the end of the connection, clean or not.
func ended(err error) bool {
	var ne *net.OpError
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &ne) && !ne.Timeout()
}

// Do runs SQL on the server, for what a script needs around it.
func Do(ctx context.Context, dsn, sql string) error {
	conn, err := pgconn.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql).ReadAll()
	return errors.Join(err, conn.Close(ctx))
}
