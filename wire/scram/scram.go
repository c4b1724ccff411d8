package scram

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/xdg-go/scram"
)

// Iterations and salt size of verifiers that we make, PostgreSQL's defaults.
const (
	iterations = 4096
	saltBytes  = 16
	prefix     = "SCRAM-SHA-256$"
)

// ErrFailed says that the client did not prove that it knows the password.
var ErrFailed = errors.New("password authentication failed")

// IsVerifier says whether s is a verifier rather than a password.
func IsVerifier(s string) bool {
	_, err := parse(s)
	return err == nil
}

// MakeVerifier returns the verifier of a password with a random salt.
func MakeVerifier(password string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("make salt: %w", err)
	}
	client, err := scram.SHA256.NewClient("", password, "")
	if err != nil {
		// SASLprep refuses some strings; PostgreSQL then takes the bytes as they are.
		if client, err = scram.SHA256.NewClientUnprepped("", password, ""); err != nil {
			return "", fmt.Errorf("make verifier: %w", err)
		}
	}
	c, err := client.GetStoredCredentialsWithError(scram.KeyFactors{Salt: string(salt), Iters: iterations})
	if err != nil {
		return "", fmt.Errorf("make verifier: %w", err)
	}
	b64 := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("%s%d:%s$%s:%s", prefix, iterations, b64(salt), b64(c.StoredKey), b64(c.ServerKey)), nil
}

func parse(v string) (scram.StoredCredentials, error) {
	var c scram.StoredCredentials
	body, ok := strings.CutPrefix(v, prefix)
	factors, keys, ok2 := strings.Cut(body, "$")
	iters, salt, ok3 := strings.Cut(factors, ":")
	stored, server, ok4 := strings.Cut(keys, ":")
	if !ok || !ok2 || !ok3 || !ok4 {
		return c, errors.New("not a SCRAM-SHA-256 verifier")
	}
	n, err := strconv.Atoi(iters)
	if err != nil || n < 1 {
		return c, errors.New("bad iteration count in verifier")
	}
	var err1, err2, err3 error
	var rawSalt []byte
	rawSalt, err1 = base64.StdEncoding.DecodeString(salt)
	c.StoredKey, err2 = base64.StdEncoding.DecodeString(stored)
	c.ServerKey, err3 = base64.StdEncoding.DecodeString(server)
	c.KeyFactors = scram.KeyFactors{Salt: string(rawSalt), Iters: n}
	return c, errors.Join(err1, err2, err3)
}

// Exchange is the server's side of one proof.
type Exchange struct {
	conv  *scram.ServerConversation
	known bool
}

// NewExchange starts a proof against a verifier. An empty or damaged verifier gives a mock exchange
// that runs to its end and fails, so that nobody learns which users have passwords.
func NewExchange(verifier string) (*Exchange, error) {
	creds, err := parse(verifier)
	known := err == nil
	if !known {
		mock, err := MakeVerifier(base64.StdEncoding.EncodeToString(randomBytes()))
		if err != nil {
			return nil, err
		}
		if creds, err = parse(mock); err != nil {
			return nil, err
		}
	}
	srv, err := scram.SHA256.NewServer(func(string) (scram.StoredCredentials, error) { return creds, nil })
	if err != nil {
		return nil, err
	}
	return &Exchange{conv: srv.NewConversation(), known: known}, nil
}

func randomBytes() []byte {
	b := make([]byte, saltBytes)
	_, _ = rand.Read(b) // never fails on the systems we run on; zeros would only weaken the mock
	return b
}

// Step answers a client's message. Done says that the proof is complete and holds.
func (e *Exchange) Step(client string) (reply string, done bool, err error) {
	reply, err = e.conv.Step(client)
	if err != nil {
		return "", false, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	if e.conv.Done() {
		if !e.conv.Valid() || !e.known {
			return "", false, ErrFailed
		}
		return reply, true, nil
	}
	return reply, false, nil
}
