package wire

import (
	"context"

	"github.com/vecdb/vecdb/wire/backend"
)

// simpleQuery serves a Query message: its statements one by one, as one implicit transaction.
func (c *conn) simpleQuery(ctx context.Context, text string) error {
	c.query = text
	err := c.runScript(ctx, text)
	if err != nil {
		if err := c.fail(err); err != nil {
			return err
		}
	}
	if err := c.sess.Sync(ctx, err != nil); err != nil {
		if err := c.fail(err); err != nil {
			return err
		}
	}
	return c.ready()
}

func (c *conn) runScript(ctx context.Context, text string) error {
	// A simple query takes the place of the unnamed statement and portal.
	if err := c.sess.ClosePortal(""); err != nil {
		return err
	}
	if err := c.sess.CloseStatement(""); err != nil {
		return err
	}
	script, err := c.sess.Simple(ctx, text)
	if err != nil {
		return err
	}
	if script.Empty() {
		c.out.constant(emptyQuery)
		return nil
	}
	for {
		p, err := script.Next(ctx)
		if err != nil || p == nil {
			return err
		}
		if p.Kind() == backend.Plain {
			if fields := p.Fields(); fields != nil {
				c.out.rowDescription(fields)
			}
		}
		if err := c.execute(ctx, p, 0); err != nil {
			return err
		}
	}
}

// execute runs a portal to its end, or until limit rows have been sent (0: no limit).
func (c *conn) execute(ctx context.Context, p backend.Portal, limit int) error {
	if p.Empty() {
		c.out.constant(emptyQuery)
		return nil
	}
	if err := p.Start(); err != nil {
		return err
	}
	switch p.Kind() {
	case backend.CopyIn:
		return c.copyIn(ctx, p)
	case backend.CopyOut:
		return c.copyOut(ctx, p)
	case backend.Plain:
	}
	if err := c.encoders(p.Fields()); err != nil {
		return err
	}
	for left := limit; ; {
		b, err := p.Next(ctx, left)
		if err != nil {
			return err
		}
		if b == nil {
			break
		}
		if err := c.sendRows(b); err != nil {
			return err
		}
		if limit == 0 {
			continue
		}
		// As in PostgreSQL, a portal that gave the last of its rows is suspended too: only an Execute
		// that wants more learns that there is none.
		if left -= b.Rows(); left == 0 {
			c.out.constant(portalSuspended)
			return nil
		}
	}
	if tag := p.Tag(); tag != "" {
		c.out.commandComplete(tag)
	}
	return nil
}
