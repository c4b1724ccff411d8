package wire

import (
	"context"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/wire/backend"
)

// extended serves one message of the extended protocol.
func (c *conn) extended(ctx context.Context, msg pgproto3.FrontendMessage) error {
	switch m := msg.(type) {
	case *pgproto3.Parse:
		return c.parse(ctx, m)
	case *pgproto3.Bind:
		return c.bind(ctx, m)
	case *pgproto3.Describe:
		return c.describe(ctx, m)
	case *pgproto3.Execute:
		defer c.rows.release()
		p, err := c.sess.Portal(m.Portal)
		if err != nil {
			return err
		}
		_, err = c.execute(ctx, p, int(m.MaxRows))
		return err
	case *pgproto3.Close:
		return c.closeNamed(m)
	}
	return protocolViolation("unexpected message %T", msg)
}

func (c *conn) parse(ctx context.Context, m *pgproto3.Parse) error {
	c.query = m.Query
	oids := make([]types.OID, len(m.ParameterOIDs))
	for i, o := range m.ParameterOIDs {
		oids[i] = types.OID(o)
	}
	if err := c.sess.Parse(ctx, m.Name, m.Query, oids); err != nil {
		return err
	}
	c.texts[m.Name] = m.Query
	c.be.Send(&pgproto3.ParseComplete{})
	return nil
}

func (c *conn) bind(ctx context.Context, m *pgproto3.Bind) error {
	c.query = c.texts[m.PreparedStatement]
	err := c.sess.Bind(ctx, m.DestinationPortal, m.PreparedStatement, m.ParameterFormatCodes, m.Parameters, m.ResultFormatCodes)
	if err != nil {
		return err
	}
	c.be.Send(&pgproto3.BindComplete{})
	return nil
}

func (c *conn) describe(ctx context.Context, m *pgproto3.Describe) error {
	var fields []backend.Field
	if m.ObjectType == 'S' {
		c.query = c.texts[m.Name]
		params, cols, err := c.sess.DescribeStatement(ctx, m.Name)
		if err != nil {
			return err
		}
		oids := make([]uint32, len(params))
		for i, p := range params {
			oids[i] = uint32(p)
		}
		c.be.Send(&pgproto3.ParameterDescription{ParameterOIDs: oids})
		fields = cols
	} else {
		p, err := c.sess.Portal(m.Name)
		if err != nil {
			return err
		}
		if p.Kind() == backend.Plain {
			fields = p.Fields()
		}
	}
	if fields == nil {
		c.be.Send(&pgproto3.NoData{})
	} else {
		c.be.Send(rowDescription(fields))
	}
	return nil
}

func (c *conn) closeNamed(m *pgproto3.Close) error {
	var err error
	if m.ObjectType == 'S' {
		err = c.sess.CloseStatement(m.Name)
		delete(c.texts, m.Name)
	} else {
		err = c.sess.ClosePortal(m.Name)
	}
	if err == nil {
		c.be.Send(&pgproto3.CloseComplete{})
	}
	return err
}

// sync ends an exchange of extended messages.
func (c *conn) sync(ctx context.Context) error {
	if err := c.sess.Sync(ctx, c.failed); err != nil {
		c.fail(err)
	}
	c.failed = false
	return c.ready(ctx)
}
