package wire

import (
	"context"
	"io"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/wire/backend"
)

func copyFormats(info backend.CopyInfo) (byte, []uint16) {
	codes := make([]uint16, info.Columns)
	if !info.Binary {
		return textFormat, codes
	}
	for i := range codes {
		codes[i] = binaryFormat
	}
	return binaryFormat, codes
}

// copyIn serves COPY FROM STDIN. After an error the client goes on sending until it sees it. In the simple
// protocol handle throws that away by its kind; in the extended one everything up to Sync is skipped.
func (c *conn) copyIn(ctx context.Context, p backend.Portal) error {
	format, codes := copyFormats(p.Copy())
	c.out.send(&pgproto3.CopyInResponse{OverallFormat: format, ColumnFormatCodes: codes})
	c.out.due = true
	r := &copyReader{c: c}
	tag, err := p.RunCopyIn(ctx, r)
	if r.lost != nil {
		return r.lost
	}
	if err == nil {
		err = r.finish()
	}
	if err != nil {
		return err
	}
	c.out.commandComplete(tag)
	return nil
}

// copyReader reads the data of CopyData messages. After CopyDone it returns io.EOF. An error stays.
type copyReader struct {
	c    *conn
	rest []byte
	err  error
	lost error // the error that ends the connection, if that is why reading ended
}

// Read implements io.Reader.
func (r *copyReader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		if r.err == nil {
			r.err = r.next()
		}
		if r.err != nil {
			return 0, r.err
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// next receives a message.
func (r *copyReader) next() error {
	c := r.c
	typ, body, err := c.in.message(c.limits.MessageBytes)
	if err != nil {
		if !endsConnection(err) {
			err = &lostError{err}
		}
		r.lost = err
		return err
	}
	c.served.Add(1)
	if typ == 'd' { // the message is nothing but data
		r.rest = body
		return nil
	}
	switch typ {
	case 'c':
		return io.EOF
	case 'H', 'S': // the protocol wants them ignored here
		return nil
	case 'f':
		msg, err := c.msgs.decode(typ, body)
		if err != nil {
			return err
		}
		return pgerr.New(pgerrcode.QueryCanceled, "COPY from stdin failed: %s", msg.(*pgproto3.CopyFail).Message)
	default:
		c.sendError(protocolViolation("unexpected message type 0x%02X during COPY from stdin", typ))
		r.lost = fatal(protocolViolation("terminating connection because protocol synchronization was lost"))
		return r.lost
	}
}

// finish reads what a statement left unread, so that the next message is a new one.
func (r *copyReader) finish() error {
	for r.err == nil {
		r.err = r.next()
	}
	if r.lost != nil {
		return r.lost
	}
	if r.err != io.EOF { //nolint:errorlint // next returns it bare
		return r.err
	}
	return nil
}

// copyOut serves COPY TO STDOUT.
func (c *conn) copyOut(ctx context.Context, p backend.Portal) error {
	format, codes := copyFormats(p.Copy())
	c.out.send(&pgproto3.CopyOutResponse{OverallFormat: format, ColumnFormatCodes: codes})
	tag, err := p.RunCopyOut(ctx, copyWriter{c})
	if err != nil {
		return err
	}
	c.out.constant(copyDone)
	c.out.commandComplete(tag)
	return nil
}

// copyWriter sends each Write as one CopyData message.
type copyWriter struct{ c *conn }

// Write implements io.Writer.
func (w copyWriter) Write(p []byte) (int, error) {
	if len(p) > rowBytesMax-lengthBytes {
		return 0, pgerr.New(pgerrcode.ProgramLimitExceeded, "row is too large to be sent: %d bytes", len(p))
	}
	w.c.out.copyData(p)
	return len(p), w.c.out.err
}
