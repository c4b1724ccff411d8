package wire

import (
	"context"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/vecdb/vecdb/wire/backend"
)

// simpleQuery serves a Query message: its statements one by one, as one implicit transaction.
func (c *conn) simpleQuery(ctx context.Context, text string) error {
	c.query = text
	defer c.rows.release()
	failed := false
	if err := c.runScript(ctx, text); err != nil {
		if c.fatal {
			return err
		}
		c.fail(err)
		failed = true
	}
	if err := c.sess.Sync(ctx, failed); err != nil {
		c.fail(err)
	}
	return c.ready(ctx)
}

func (c *conn) runScript(ctx context.Context, text string) error {
	script, err := c.sess.Simple(ctx, text)
	if err != nil {
		return err
	}
	if script.Empty() {
		c.be.Send(&pgproto3.EmptyQueryResponse{})
		return nil
	}
	for {
		p, err := script.Next(ctx)
		if err != nil || p == nil {
			return err
		}
		if fields := p.Fields(); fields != nil && p.Kind() == backend.Plain {
			c.be.Send(rowDescription(fields))
		}
		if _, err := c.execute(ctx, p, 0); err != nil {
			return err
		}
	}
}

// execute runs a portal to its end, or until limit rows have been sent (0: no limit). It reports whether
// the portal is suspended.
func (c *conn) execute(ctx context.Context, p backend.Portal, limit int) (suspended bool, err error) {
	switch p.Kind() {
	case backend.CopyIn:
		return false, c.copyIn(ctx, p)
	case backend.CopyOut:
		return false, c.copyOut(ctx, p)
	}
	if p.Empty() {
		c.be.Send(&pgproto3.EmptyQueryResponse{})
		return false, nil
	}
	c.rows.begin(p.Fields())
	sent := 0
	for {
		want := 0
		if limit > 0 {
			if want = limit - sent; want == 0 {
				c.be.Send(&pgproto3.PortalSuspended{})
				return true, nil
			}
		}
		b, err := p.Next(ctx, want)
		if err != nil {
			return false, err
		}
		if b == nil {
			break
		}
		sent += b.Rows()
		if err := c.sendBatch(b); err != nil {
			c.fatal = true
			return false, err
		}
	}
	c.be.Send(&pgproto3.CommandComplete{CommandTag: []byte(p.Tag())})
	return false, nil
}
