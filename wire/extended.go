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
		p, err := c.portal(m.Portal)
		if err != nil {
			return err
		}
		return c.execute(ctx, p, max(0, int(int32(m.MaxRows))))
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
	c.out.constant(parseComplete)
	return nil
}

func (c *conn) bind(ctx context.Context, m *pgproto3.Bind) error {
	c.query = c.sess.StatementText(m.PreparedStatement)
	err := c.sess.Bind(ctx, m.DestinationPortal, m.PreparedStatement, m.ParameterFormatCodes, m.Parameters, m.ResultFormatCodes)
	if err != nil {
		return err
	}
	c.portals[m.DestinationPortal] = c.query
	c.out.constant(bindComplete)
	return nil
}

// portal finds a portal and makes its text the one that error positions refer to.
func (c *conn) portal(name string) (backend.Portal, error) {
	p, err := c.sess.Portal(name)
	c.query = c.portals[name]
	return p, err
}

func (c *conn) describe(ctx context.Context, m *pgproto3.Describe) error {
	var fields []backend.Field
	switch m.ObjectType {
	case 'S':
		c.query = c.sess.StatementText(m.Name)
		params, cols, err := c.sess.DescribeStatement(ctx, m.Name)
		if err != nil {
			return err
		}
		oids := make([]uint32, len(params))
		for i, p := range params {
			oids[i] = uint32(p)
		}
		c.out.send(&pgproto3.ParameterDescription{ParameterOIDs: oids})
		fields = cols
	case 'P':
		p, err := c.portal(m.Name)
		if err != nil {
			return err
		}
		if p.Kind() == backend.Plain {
			fields = p.Fields()
		}
	default:
		return protocolViolation("invalid DESCRIBE message subtype %d", m.ObjectType)
	}
	if fields == nil {
		c.out.constant(noData)
	} else {
		c.out.rowDescription(fields)
	}
	return nil
}

func (c *conn) closeNamed(m *pgproto3.Close) error {
	var err error
	switch m.ObjectType {
	case 'S':
		err = c.sess.CloseStatement(m.Name)
	case 'P':
		delete(c.portals, m.Name)
		err = c.sess.ClosePortal(m.Name)
	default:
		return protocolViolation("invalid CLOSE message subtype %d", m.ObjectType)
	}
	if err == nil {
		c.out.constant(closeComplete)
	}
	return err
}
