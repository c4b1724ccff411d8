package wire

import (
	"context"
	"errors"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/wire/backend"
	"github.com/vecdb/vecdb/wire/scram"
)

// mechanism is the one SASL mechanism there is. Channel binding is not offered: clients that require it
// refuse by themselves.
const mechanism = "SCRAM-SHA-256"

// authenticate proves that the client is who it says.
func (c *conn) authenticate(ctx context.Context, start backend.Startup) error {
	if c.srv.Auth == Trust {
		return nil
	}
	verifier, known, err := c.srv.Backend.Verifier(ctx, start.User)
	if err != nil {
		return fatal(err)
	}
	if !known {
		verifier = "" // and so is that of a role without a password, which cannot log in with one
	}
	err = c.proveSCRAM(start.User, verifier)
	if errors.Is(err, scram.ErrFailed) {
		// Why it failed is for the log only: the client must not learn which roles there are.
		return fatal(pgerr.New(pgerrcode.InvalidPassword, "password authentication failed for user %q", start.User).Wrap(err))
	}
	return err
}

// proveSCRAM runs the exchange.
func (c *conn) proveSCRAM(user, verifier string) error {
	ex, err := scram.NewExchange(user, verifier, &c.srv.decoy)
	if err != nil {
		return fatal(err)
	}
	answer, err := c.ask(&pgproto3.AuthenticationSASL{AuthMechanisms: []string{mechanism}})
	if err != nil {
		return err
	}
	var first pgproto3.SASLInitialResponse
	if err := first.Decode(answer); err != nil {
		return fatal(protocolViolation("invalid message format").Detail("%s", err.Error()))
	}
	if first.AuthMechanism != mechanism {
		return fatal(protocolViolation("client selected an invalid SASL authentication mechanism"))
	}
	reply, _, err := ex.Step(string(first.Data))
	if err != nil {
		return err
	}
	if answer, err = c.ask(&pgproto3.AuthenticationSASLContinue{Data: []byte(reply)}); err != nil {
		return err
	}
	reply, done, err := ex.Step(string(answer))
	if err != nil {
		return err
	}
	if !done {
		return scram.ErrFailed
	}
	c.out.send(&pgproto3.AuthenticationSASLFinal{Data: []byte(reply)})
	return nil
}

// ask sends a step of the exchange and waits for the client's answer.
func (c *conn) ask(m pgproto3.BackendMessage) ([]byte, error) {
	c.out.send(m)
	c.out.due = true
	typ, body, err := c.in.message(startupBytesMax)
	if err != nil {
		return nil, err
	}
	if typ != 'p' {
		return nil, fatal(protocolViolation("expected SASL response, got message type %d", typ))
	}
	return body, nil
}
