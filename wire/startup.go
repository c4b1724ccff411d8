package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/wire/backend"
)

// Codes in the place of a protocol version that make a first packet something else.
const (
	codeCancel = 1234<<16 | 5678
	codeSSL    = 1234<<16 | 5679
	codeGSS    = 1234<<16 | 5680
)

const (
	// protocolMajor is the version that we speak: 3.0.
	protocolMajor = 3
	// tlsHandshake is the first byte of a client that starts with TLS and asks nothing.
	tlsHandshake = 0x16
	// alpnProtocol is what such a client must have agreed on, so that TLS for something else cannot be
	// turned against a database.
	alpnProtocol = "postgresql"
)

// startup serves the first packets, authenticates and opens the session.
func (c *conn) startup(ctx context.Context) error {
	start := backend.Startup{Params: map[string]string{}}
	version, body, err := c.negotiate(&start)
	if err != nil {
		return err
	}
	start.RemoteAddr, start.RemotePort = remote(c.sock.RemoteAddr())
	unknown, err := readParameters(body, &start)
	if err != nil {
		return fatal(err)
	}
	if version&0xffff > 0 || len(unknown) > 0 {
		c.out.send(&pgproto3.NegotiateProtocolVersion{
			NewestMinorProtocol: protocolMajor << 16, UnrecognizedOptions: unknown,
		})
	}
	if start.User == "" {
		return fatal(pgerr.New(pgerrcode.InvalidAuthorizationSpecification, "no PostgreSQL user name specified in startup packet"))
	}
	if start.Database == "" {
		start.Database = start.User
	}
	if c.tooMany {
		return fatal(pgerr.New(pgerrcode.TooManyConnections, "sorry, too many clients already"))
	}
	if err := c.authenticate(ctx, start); err != nil {
		return err
	}
	c.out.send(&pgproto3.AuthenticationOk{})
	return c.open(ctx, start)
}

// remote splits a client's address.
func remote(a net.Addr) (string, int) {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil || a.Network() == "unix" {
		return "", -1
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return host, -1
	}
	return host, n
}

// negotiate answers requests for encryption and cancel until the real startup packet comes; it returns
// that packet's protocol version and parameters.
func (c *conn) negotiate(start *backend.Startup) (version uint32, body []byte, err error) {
	askedSSL, askedGSS := false, false
	for {
		code, body, err := c.firstPacket(start)
		if err != nil {
			return 0, nil, err
		}
		switch {
		case code == codeCancel:
			if len(body) == 8 {
				c.srv.cancel(binary.BigEndian.Uint32(body), binary.BigEndian.Uint32(body[4:]))
			}
			return 0, nil, errClosed
		case code == codeSSL && !askedSSL && !start.TLS:
			askedSSL = true
			err = c.answerSSL(start)
		case code == codeGSS && !askedGSS:
			askedGSS = true
			err = c.answer('N')
		case code>>16 != protocolMajor:
			return 0, nil, fatal(pgerr.New(pgerrcode.FeatureNotSupported,
				"unsupported frontend protocol %d.%d: server supports 3.0 to 3.0", code>>16, code&0xffff))
		default:
			return code, body, nil
		}
		if err != nil {
			return 0, nil, err
		}
	}
}

// firstPacket reads a packet of the kind that has no type byte.
func (c *conn) firstPacket(start *backend.Startup) (code uint32, body []byte, err error) {
	head, err := c.in.take(4)
	if err != nil {
		return 0, nil, err
	}
	if head[0] == tlsHandshake && c.srv.TLS != nil && !start.TLS {
		if err := c.directTLS(start); err != nil {
			return 0, nil, err
		}
		if head, err = c.in.take(4); err != nil {
			return 0, nil, err
		}
	}
	size := int(int32(binary.BigEndian.Uint32(head))) - 4
	if size < 4 || size > startupBytesMax {
		return 0, nil, fatal(protocolViolation("invalid length of startup packet"))
	}
	if body, err = c.in.take(size); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return 0, nil, err
	}
	return binary.BigEndian.Uint32(body), body[4:], nil
}

// answer writes the single byte that answers a request for encryption.
func (c *conn) answer(b byte) error {
	if _, err := c.sock.Write([]byte{b}); err != nil {
		return fmt.Errorf("answer a request for encryption: %w", err)
	}
	return nil
}

// answerSSL starts TLS if there is a certificate. What came in the clear after the request must not be
// taken for what comes encrypted.
func (c *conn) answerSSL(start *backend.Startup) error {
	if c.srv.TLS == nil {
		return c.answer('N')
	}
	if c.in.buffered() > 0 {
		return fatal(protocolViolation("received unencrypted data after SSL request").
			Detail("This could be either a client-software bug or evidence of an attempted man-in-the-middle attack."))
	}
	if err := c.answer('S'); err != nil {
		return err
	}
	_, err := c.encrypt(c.sock, start)
	return err
}

// directTLS starts TLS for a client that began with it.
func (c *conn) directTLS(start *backend.Startup) error {
	// The four bytes that were taken stand before r, and nothing has moved since.
	seen := bytes.Clone(c.in.buf[c.in.r-4 : c.in.w])
	c.in.r = c.in.w
	tc, err := c.encrypt(&replayed{Conn: c.sock, first: seen}, start)
	if err != nil {
		return err
	}
	if tc.ConnectionState().NegotiatedProtocol != alpnProtocol {
		return fatal(protocolViolation("received direct SSL connection request without ALPN protocol negotiation extension"))
	}
	return nil
}

func (c *conn) encrypt(nc net.Conn, start *backend.Startup) (*tls.Conn, error) {
	config := c.srv.TLS
	if !slices.Contains(config.NextProtos, alpnProtocol) {
		config = config.Clone()
		config.NextProtos = append(slices.Clone(config.NextProtos), alpnProtocol)
	}
	tc := tls.Server(nc, config)
	if err := tc.Handshake(); err != nil {
		return nil, fmt.Errorf("TLS handshake: %w", err)
	}
	c.in.release()
	c.attach(tc)
	start.TLS = true
	return tc, nil
}

// replayed is a connection whose first bytes were read already.
type replayed struct {
	net.Conn
	first []byte
}

// Read implements net.Conn.
func (r *replayed) Read(p []byte) (int, error) {
	if len(r.first) > 0 {
		n := copy(p, r.first)
		r.first = r.first[n:]
		return n, nil
	}
	return r.Conn.Read(p)
}

// readParameters reads the name and value pairs of a startup packet. It returns the protocol options
// that it does not know, which is all of them.
func readParameters(body []byte, start *backend.Startup) (unknown []string, err error) {
	for {
		name, rest, ok := bytes.Cut(body, []byte{0})
		if !ok {
			return nil, protocolViolation("invalid startup packet layout: expected terminator as last byte")
		}
		if len(name) == 0 {
			if len(rest) > 0 {
				return nil, protocolViolation("invalid startup packet layout: expected terminator as last byte")
			}
			return unknown, nil
		}
		value, rest, ok := bytes.Cut(rest, []byte{0})
		if !ok {
			return nil, protocolViolation("invalid startup packet layout: expected terminator as last byte")
		}
		body = rest
		switch k := string(name); {
		case k == "user":
			start.User = string(value)
		case k == "database":
			start.Database = string(value)
		case strings.HasPrefix(k, "_pq_."):
			unknown = append(unknown, k)
		default:
			start.Params[k] = string(value)
		}
	}
}

// open starts the session and tells the client all it needs.
func (c *conn) open(ctx context.Context, start backend.Startup) error {
	sess, err := c.srv.Backend.Open(ctx, start, c)
	if err != nil {
		return fatal(err)
	}
	c.sess = sess
	c.shared.Store(&sess)
	c.srv.register(sess)
	c.changed = c.changed[:0] // Parameters has them
	for _, p := range sess.Parameters() {
		c.out.send(&pgproto3.ParameterStatus{Name: p[0], Value: p[1]})
	}
	c.out.send(&pgproto3.BackendKeyData{ProcessID: sess.PID(), SecretKey: binary.BigEndian.AppendUint32(nil, sess.Secret())})
	return c.ready()
}
