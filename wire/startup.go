package wire

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/wire/backend"
)

// protocolMajor is the version that we speak: 3.0.
const protocolMajor = 3

// startup reads the first messages, authenticates and opens the session.
func (c *conn) startup(ctx context.Context) error {
	m, encrypted, err := c.firstMessage()
	if err != nil {
		return err
	}
	start := backend.Startup{Params: map[string]string{}, RemoteAddr: c.nc.RemoteAddr().String(), TLS: encrypted}
	var unknown []string
	for k, v := range m.Parameters {
		switch {
		case k == "user":
			start.User = v
		case k == "database":
			start.Database = v
		case strings.HasPrefix(k, "_pq_."):
			unknown = append(unknown, k)
		default:
			start.Params[k] = v
		}
	}
	if m.ProtocolVersion&0xffff > 0 || len(unknown) > 0 {
		slices.Sort(unknown)
		c.be.Send(&negotiate{unknown})
	}
	if start.User == "" {
		return c.sendFatal(pgerr.New(pgerrcode.InvalidAuthorizationSpecification, "no PostgreSQL user name specified in startup packet"))
	}
	if start.Database == "" {
		start.Database = start.User
	}
	if c.tooMany {
		return c.sendFatal(pgerr.New(pgerrcode.TooManyConnections, "sorry, too many clients already"))
	}
	if err := c.authenticate(ctx, start); err != nil {
		return err
	}
	c.be.Send(&pgproto3.AuthenticationOk{})
	return c.open(ctx, start)
}

// negotiate is NegotiateProtocolVersion: the newest minor version we know, and the options we do not.
type negotiate struct{ options []string }

// Backend marks a message of the server.
func (*negotiate) Backend() {}

// Decode is not needed: nobody sends this message to us.
func (*negotiate) Decode([]byte) error { return errors.New("not a message of clients") }

// Encode implements pgproto3.Message.
func (m *negotiate) Encode(dst []byte) ([]byte, error) {
	body := binary.BigEndian.AppendUint32(nil, protocolMajor<<16)
	body = binary.BigEndian.AppendUint32(body, uint32(len(m.options)))
	for _, o := range m.options {
		body = append(append(body, o...), 0)
	}
	dst = binary.BigEndian.AppendUint32(append(dst, 'v'), uint32(len(body)+4))
	return append(dst, body...), nil
}

// firstMessage answers requests for encryption and cancel until the real startup message comes.
func (c *conn) firstMessage() (*pgproto3.StartupMessage, bool, error) {
	encrypted := false
	for range 4 { // SSL, GSS, then the startup; more is a client gone wrong
		msg, err := c.be.ReceiveStartupMessage()
		if err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return nil, false, errClosed
			}
			return nil, false, c.sendFatal(protocolViolation("invalid startup packet").Wrap(err))
		}
		switch m := msg.(type) {
		case *pgproto3.StartupMessage:
			if m.ProtocolVersion>>16 != protocolMajor {
				return nil, false, c.sendFatal(pgerr.New(pgerrcode.FeatureNotSupported,
					"unsupported frontend protocol %d.%d: server supports 3.0 to 3.0", m.ProtocolVersion>>16, m.ProtocolVersion&0xffff))
			}
			return &pgproto3.StartupMessage{ProtocolVersion: m.ProtocolVersion, Parameters: maps.Clone(m.Parameters)}, encrypted, nil
		case *pgproto3.SSLRequest:
			if c.srv.TLS == nil || encrypted {
				_, err = c.nc.Write([]byte{'N'})
			} else if _, err = c.nc.Write([]byte{'S'}); err == nil {
				tc := tls.Server(c.nc, c.srv.TLS)
				if err = tc.Handshake(); err == nil {
					c.attach(tc)
					encrypted = true
				}
			}
		case *pgproto3.GSSEncRequest:
			_, err = c.nc.Write([]byte{'N'})
		case *pgproto3.CancelRequest:
			c.srv.cancel(m.ProcessID, binary.BigEndian.Uint32(pad4(m.SecretKey)))
			return nil, false, errClosed
		}
		if err != nil {
			return nil, false, fmt.Errorf("start encryption: %w", err)
		}
	}
	return nil, false, c.sendFatal(protocolViolation("too many requests before the startup packet"))
}

// pad4 makes a key of four bytes; protocol 3.0 has no other.
func pad4(b []byte) []byte {
	out := make([]byte, 4)
	copy(out, b)
	return out
}

// open starts the session and tells the client all it needs.
func (c *conn) open(ctx context.Context, start backend.Startup) error {
	sess, err := c.srv.Backend.Open(ctx, start, c)
	if err != nil {
		return c.sendFatal(err)
	}
	c.sess = sess
	c.shared.Store(&sess)
	for _, p := range sess.Parameters() {
		c.ParameterStatus(p[0], p[1])
	}
	c.be.Send(&pgproto3.BackendKeyData{ProcessID: sess.PID(), SecretKey: binary.BigEndian.AppendUint32(nil, sess.Secret())})
	return c.ready(ctx)
}
