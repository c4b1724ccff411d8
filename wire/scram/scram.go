package scram

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

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
	if len(c.StoredKey) != sha256.Size || len(c.ServerKey) != sha256.Size {
		return c, errors.New("bad key in verifier")
	}
	return c, errors.Join(err1, err2, err3)
}

// Decoy makes up credentials for users that have none. The salt of a user must be the same at every
// try, as a real one is, or it would tell who exists. The zero value is ready; it is safe for many
// goroutines.
type Decoy struct {
	once sync.Once
	key  [sha256.Size]byte
}

// credentials returns credentials that no password fits.
func (d *Decoy) credentials(user string) scram.StoredCredentials {
	d.once.Do(func() { _, _ = rand.Read(d.key[:]) }) // never fails on the systems we run on
	mac := hmac.New(sha256.New, d.key[:])
	mac.Write([]byte(user))
	salt := mac.Sum(nil)[:saltBytes]
	keys := make([]byte, 2*sha256.Size)
	_, _ = rand.Read(keys)
	return scram.StoredCredentials{
		KeyFactors: scram.KeyFactors{Salt: string(salt), Iters: iterations},
		StoredKey:  keys[:sha256.Size], ServerKey: keys[sha256.Size:],
	}
}

// Exchange is the server's side of one proof.
type Exchange struct {
	conv  *scram.ServerConversation
	known bool
}

// NewExchange starts a proof against a user's verifier. An empty or damaged verifier gives an exchange
// with the decoy's credentials that runs to its end and fails, so that nobody learns which users have
// passwords.
func NewExchange(user, verifier string, decoy *Decoy) (*Exchange, error) {
	creds, err := parse(verifier)
	known := err == nil
	if !known {
		creds = decoy.credentials(user)
	}
	srv, err := scram.SHA256.NewServer(func(string) (scram.StoredCredentials, error) { return creds, nil })
	if err != nil {
		return nil, fmt.Errorf("start SCRAM: %w", err)
	}
	return &Exchange{conv: srv.NewConversation(), known: known}, nil
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
