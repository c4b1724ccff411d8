package wire

import (
	"context"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/wire/backend"
	"github.com/vecdb/vecdb/wire/scram"
)

// authenticate proves that the client is who it says.
func (c *conn) authenticate(ctx context.Context, start backend.Startup) error {
	if c.srv.Auth == Trust {
		return nil
	}
	verifier, known, err := c.srv.Backend.Verifier(ctx, start.User)
	if err != nil {
		return c.sendFatal(err)
	}
	if known && verifier == "" {
		known = false // SCRAM is on: a role without a password cannot log in
	}
	if !known {
		verifier = ""
	}
	if err := c.proveSCRAM(verifier); err != nil {
		return c.sendFatal(pgerr.New(pgerrcode.InvalidPassword, "password authentication failed for user %q", start.User).Wrap(err))
	}
	return nil
}

// proveSCRAM runs the exchange.
func (c *conn) proveSCRAM(verifier string) error {
	ex, err := scram.NewExchange(verifier)
	if err != nil {
		return err
	}
	c.be.Send(&pgproto3.AuthenticationSASL{AuthMechanisms: []string{"SCRAM-SHA-256"}})
	if err := c.be.SetAuthType(pgproto3.AuthTypeSASL); err != nil {
		return err
	}
	if err := c.flush(); err != nil {
		return err
	}
	msg, err := c.be.Receive()
	if err != nil {
		return err
	}
	first, ok := msg.(*pgproto3.SASLInitialResponse)
	if !ok || first.AuthMechanism != "SCRAM-SHA-256" {
		return protocolViolation("client selected an invalid SASL authentication mechanism")
	}
	reply, _, err := ex.Step(string(first.Data))
	if err != nil {
		return err
	}
	c.be.Send(&pgproto3.AuthenticationSASLContinue{Data: []byte(reply)})
	if err := c.be.SetAuthType(pgproto3.AuthTypeSASLContinue); err != nil {
		return err
	}
	if err := c.flush(); err != nil {
		return err
	}
	if msg, err = c.be.Receive(); err != nil {
		return err
	}
	final, ok := msg.(*pgproto3.SASLResponse)
	if !ok {
		return protocolViolation("expected SASL response")
	}
	reply, done, err := ex.Step(string(final.Data))
	if err != nil {
		return err
	}
	if !done {
		return scram.ErrFailed
	}
	c.be.Send(&pgproto3.AuthenticationSASLFinal{Data: []byte(reply)})
	return nil
}
