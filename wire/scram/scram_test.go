package scram_test

import (
	"errors"
	"testing"

	client "github.com/xdg-go/scram"

	"github.com/vecdb/vecdb/wire/scram"
)

// prove runs a whole exchange as a client with that password.
func prove(t *testing.T, verifier, password string) error {
	t.Helper()
	c, err := client.SHA256.NewClient("", password, "")
	if err != nil {
		t.Fatal(err)
	}
	conv := c.NewConversation()
	ex, err := scram.NewExchange("anna", verifier, &scram.Decoy{})
	if err != nil {
		t.Fatal(err)
	}
	msg := ""
	for {
		if msg, err = conv.Step(msg); err != nil {
			t.Fatal(err)
		}
		reply, done, err := ex.Step(msg)
		if err != nil {
			return err
		}
		if done {
			_, err = conv.Step(reply)
			return err
		}
		msg = reply
	}
}

func TestExchange(t *testing.T) {
	v, err := scram.MakeVerifier("geheim")
	if err != nil || !scram.IsVerifier(v) || scram.IsVerifier("geheim") {
		t.Fatal(v, err)
	}
	if err := prove(t, v, "geheim"); err != nil {
		t.Fatal(err)
	}
	for _, verifier := range []string{v, "", "SCRAM-SHA-256$0:x$y:z"} {
		if err := prove(t, verifier, "falsch"); !errors.Is(err, scram.ErrFailed) {
			t.Fatalf("verifier %q: %v", verifier, err)
		}
	}
}
