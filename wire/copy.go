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
		return 0, codes
	}
	for i := range codes {
		codes[i] = 1
	}
	return 1, codes
}

// copyIn serves COPY FROM STDIN.
func (c *conn) copyIn(ctx context.Context, p backend.Portal) error {
	format, codes := copyFormats(p.Copy())
	c.be.Send(&pgproto3.CopyInResponse{OverallFormat: format, ColumnFormatCodes: codes})
	if err := c.flush(); err != nil {
		c.fatal = true
		return err
	}
	r := &copyReader{c: c}
	tag, err := p.RunCopyIn(ctx, r)
	if r.lost != nil {
		c.fatal = true
		return r.lost
	}
	if err != nil {
		// In the simple protocol the client goes on sending until it sees the error; what it sends is
		// thrown away by handle. In the extended one everything up to Sync is.
		return err
	}
	if err := r.finish(); err != nil {
		return err
	}
	c.be.Send(&pgproto3.CommandComplete{CommandTag: []byte(tag)})
	return nil
}

// copyReader reads the data of CopyData messages. After CopyDone it returns io.EOF.
type copyReader struct {
	c    *conn
	rest []byte
	done bool
	lost error // the connection broke
}

// Read implements io.Reader.
func (r *copyReader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		if r.done {
			return 0, io.EOF
		}
		msg, err := r.c.be.Receive()
		if err != nil {
			r.lost = err
			return 0, err
		}
		switch m := msg.(type) {
		case *pgproto3.CopyData:
			r.rest = m.Data
		case *pgproto3.CopyDone:
			r.done = true
		case *pgproto3.CopyFail:
			r.done = true
			return 0, pgerr.New(pgerrcode.QueryCanceled, "COPY from stdin failed: %s", m.Message)
		case *pgproto3.Flush, *pgproto3.Sync: // the protocol wants them ignored here
		case *pgproto3.Terminate:
			r.lost = errClosed
			return 0, errClosed
		default:
			return 0, protocolViolation("unexpected message type %T during COPY from stdin", msg)
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// finish reads what a statement left unread, so that the next message is a new one.
func (r *copyReader) finish() error {
	var sink [4096]byte
	for {
		if _, err := r.Read(sink[:]); err == io.EOF { //nolint:errorlint // Read returns it bare
			return nil
		} else if err != nil {
			return err
		}
	}
}

// copyOut serves COPY TO STDOUT.
func (c *conn) copyOut(ctx context.Context, p backend.Portal) error {
	format, codes := copyFormats(p.Copy())
	c.be.Send(&pgproto3.CopyOutResponse{OverallFormat: format, ColumnFormatCodes: codes})
	w := &copyWriter{c: c}
	tag, err := p.RunCopyOut(ctx, w)
	if w.lost != nil {
		c.fatal = true
		return w.lost
	}
	if err != nil {
		return err
	}
	c.be.Send(&pgproto3.CopyDone{})
	c.be.Send(&pgproto3.CommandComplete{CommandTag: []byte(tag)})
	return nil
}

// copyWriter sends each Write as one CopyData message.
type copyWriter struct {
	c       *conn
	waiting int
	lost    error
}

// Write implements io.Writer.
func (w *copyWriter) Write(p []byte) (int, error) {
	w.c.be.Send(&pgproto3.CopyData{Data: p})
	w.waiting += len(p)
	if w.waiting >= w.c.limits.OutputBytes {
		w.waiting = 0
		if err := w.c.flush(); err != nil {
			w.lost = err
			return 0, err
		}
	}
	return len(p), nil
}
