package scram_test

import (
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"testing"

	client "github.com/xdg-go/scram"

	"github.com/vecdb/vecdb/wire/scram"
)

// RFC 7677's example: its password against the verifier that PostgreSQL makes of its salt.
const (
	rfcPassword = "pencil"
	rfcVerifier = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
)

// A verifier made elsewhere takes its password and no other.
func TestForeignVerifier(t *testing.T) {
	if err := prove(t, rfcVerifier, rfcPassword); err != nil {
		t.Error(err)
	}
	if err := prove(t, rfcVerifier, rfcPassword+" "); !errors.Is(err, scram.ErrFailed) {
		t.Errorf("another password: %v", err)
	}
}

// A password proves itself in each form that SASLprep makes equal, and one that SASLprep refuses as it stands.
func TestPasswordForms(t *testing.T) {
	f := func(stored, given string, want bool) {
		t.Helper()
		v, err := scram.MakeVerifier(stored)
		if err != nil {
			t.Fatal(err)
		}
		if err := prove(t, v, given); (err == nil) != want {
			t.Errorf("%q for %q: %v", given, stored, err)
		}
	}
	f("x", "x", true)
	f("x", "X", false)
	f("größe", "gro\u0308ße", true) // composed or not
	f("I\u00adX", "IX", true)       // a soft hyphen is nothing
	f("\u00aa", "a", true)          // compatibility forms
	f("a\u00a0b", "a b", true)      // spaces
	f("日本", "日本", true)             //
	f(strings.Repeat("p", 2000), strings.Repeat("p", 2000), true)
	f(strings.Repeat("p", 2000), strings.Repeat("p", 1999), false)
}

// Two verifiers of one password differ: the salt is random.
func TestVerifiersAreSalted(t *testing.T) {
	seen := map[string]bool{}
	for range 3 {
		v, err := scram.MakeVerifier("x")
		if err != nil || seen[v] || !strings.HasPrefix(v, "SCRAM-SHA-256$4096:") {
			t.Fatal(v, err)
		}
		seen[v] = true
	}
}

// Only what has all parts of a verifier is one; a password that looks like it is a password.
func TestIsVerifier(t *testing.T) {
	f := func(s string, want bool) {
		t.Helper()
		if scram.IsVerifier(s) != want {
			t.Errorf("IsVerifier(%q) = %v", s, !want)
		}
	}
	replace := func(old, by string) string { return strings.Replace(rfcVerifier, old, by, 1) }
	f(rfcVerifier, true)
	f(replace("4096", "1"), true)
	f("", false)
	f("SCRAM-SHA-256$", false)
	f("md5d41d8cd98f00b204e9800998ecf8427e", false)
	f(replace("SHA-256", "SHA-1"), false)
	f(replace("SCRAM", "scram"), false)
	f(replace("4096", "0"), false)
	f(replace("4096", "-1"), false)
	f(replace("4096", "x"), false)
	f(replace("4096", "99999999999999999999"), false)
	f(replace("4096:", ""), false)
	f(replace("==$", "=="), false)
	f(replace("=:", "="), false)
	f(replace("W22Z", "W2!Z"), false)
	f(replace("WG5d", "WG5"), false)
	f(replace("wfPL", "w"), false)
	f(replace("WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=", "WG5d"), false) // a key of three bytes
	f(rfcVerifier+"AAAA", false)
}

// conversation is an exchange with a client that is about to prove the RFC's password.
func conversation(t *testing.T, verifier string) (ex *scram.Exchange, final func(serverFirst string) string, first string) {
	t.Helper()
	c, err := client.SHA256.NewClient("", rfcPassword, "")
	if err != nil {
		t.Fatal(err)
	}
	conv := c.NewConversation()
	if first, err = conv.Step(""); err != nil {
		t.Fatal(err)
	}
	if ex, err = scram.NewExchange("user", verifier, &scram.Decoy{}); err != nil {
		t.Fatal(err)
	}
	return ex, func(serverFirst string) string {
		t.Helper()
		m, err := conv.Step(serverFirst)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}, first
}

// A first message that is none, or asks for what there is not, fails at once and as any failure does.
func TestBadFirstMessage(t *testing.T) {
	for _, first := range []string{
		"", "n", "n,,", "n,,r=abc", "n,,n=user", "n,,n=user,x=1,r=abc", "x,,n=,r=abc", "n,,m=ext,n=,r=abc",
		"p=tls-server-end-point,,n=,r=abc", "p=tls-unique,,n=,r=abc", "\x00\xff", strings.Repeat("n,", 3000),
	} {
		ex, _, _ := conversation(t, rfcVerifier)
		if reply, done, err := ex.Step(first); !errors.Is(err, scram.ErrFailed) || done || reply != "" {
			t.Errorf("%q: %q, %v, %v", first, reply, done, err)
		}
	}
}

// A last message whose proof, nonce or channel is not that of this exchange fails.
func TestBadFinalMessage(t *testing.T) {
	f := func(name string, change func(final string) string) {
		t.Helper()
		ex, final, first := conversation(t, rfcVerifier)
		reply, done, err := ex.Step(first)
		if err != nil || done || !strings.Contains(reply, ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096") {
			t.Fatalf("first step: %q %v %v", reply, done, err)
		}
		reply, done, err = ex.Step(change(final(reply)))
		if name == "nothing" {
			if err != nil || !done || !strings.HasPrefix(reply, "v=") {
				t.Fatalf("the right message: %q %v %v", reply, done, err)
			}
			return
		}
		if !errors.Is(err, scram.ErrFailed) || done || reply != "" {
			t.Errorf("%s: %q, %v, %v", name, reply, done, err)
		}
	}
	proof := func(s string) []byte {
		b, err := base64.StdEncoding.DecodeString(s[strings.LastIndex(s, ",p=")+3:])
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	withProof := func(s string, p []byte) string {
		return s[:strings.LastIndex(s, ",p=")+3] + base64.StdEncoding.EncodeToString(p)
	}
	f("nothing", func(s string) string { return s })
	f("empty", func(string) string { return "" })
	f("no proof", func(s string) string { return s[:strings.LastIndex(s, ",p=")] })
	f("a bit of the proof", func(s string) string { p := proof(s); p[len(p)-1] ^= 1; return withProof(s, p) })
	f("a short proof", func(s string) string { return withProof(s, proof(s)[:31]) })
	f("a long proof", func(s string) string { return withProof(s, append(proof(s), 0)) })
	f("an empty proof", func(s string) string { return withProof(s, nil) })
	f("a proof that is not base64", func(s string) string { return s[:len(s)-4] + "!!!!" })
	f("another nonce", func(s string) string { return strings.Replace(s, ",r=", ",r=x", 1) })
	f("a cut nonce", func(s string) string { return strings.Replace(s, ",p=", "", 1) })
	f("another channel", func(s string) string { return strings.Replace(s, "c=biws", "c=eSws", 1) })
	f("the first message again", func(string) string { return "n,,n=,r=abc" })
}

// An exchange ends once: what comes after the end fails, whether it ended well or not.
func TestStepAfterTheEnd(t *testing.T) {
	ex, final, first := conversation(t, rfcVerifier)
	reply, _, err := ex.Step(first)
	if err != nil {
		t.Fatal(err)
	}
	last := final(reply)
	if _, done, err := ex.Step(last); err != nil || !done {
		t.Fatal(done, err)
	}
	if _, done, err := ex.Step(last); !errors.Is(err, scram.ErrFailed) || done {
		t.Errorf("again: %v %v", done, err)
	}
	ex, final, first = conversation(t, rfcVerifier)
	if reply, _, err = ex.Step(first); err != nil {
		t.Fatal(err)
	}
	last = final(reply)
	if _, _, err := ex.Step("nonsense"); !errors.Is(err, scram.ErrFailed) {
		t.Fatal(err)
	}
	if _, done, err := ex.Step(last); !errors.Is(err, scram.ErrFailed) || done {
		t.Errorf("after a failure: %v %v", done, err)
	}
}

// Who has no password gets the same salt at every try, another user another, in the form of a real one: the answer
// does not tell who exists.
func TestDecoy(t *testing.T) {
	var d, other scram.Decoy
	salt := func(user, verifier string, d *scram.Decoy) string {
		t.Helper()
		ex, err := scram.NewExchange(user, verifier, d)
		if err != nil {
			t.Fatal(err)
		}
		reply, done, err := ex.Step("n,,n=,r=abc")
		if err != nil || done {
			t.Fatal(done, err)
		}
		_, rest, _ := strings.Cut(reply, ",s=")
		s, iterations, ok := strings.Cut(rest, ",i=")
		if raw, err := base64.StdEncoding.DecodeString(s); err != nil || !ok || iterations != strconv.Itoa(4096) ||
			len(raw) != 16 {
			t.Fatalf("%q: %v", reply, err)
		}
		return s
	}
	anna := salt("anna", "", &d)
	if salt("anna", "", &d) != anna || salt("anna", "damaged", &d) != anna {
		t.Error("the salt changes from try to try")
	}
	if salt("bert", "", &d) == anna || salt("", "", &d) == anna {
		t.Error("two users have one salt")
	}
	if salt("anna", "", &other) == anna {
		t.Error("two servers make up one salt")
	}
}

// FuzzStep holds that no message of a client ends an exchange well but the one with the proof.
func FuzzStep(f *testing.F) {
	f.Add("n,,n=,r=abc", "c=biws,r=abc,p=AAAA")
	f.Add("y,,n=user,r=abc", "")
	f.Add("", "c=biws,r=abc")
	f.Fuzz(func(t *testing.T, first, final string) {
		ex, err := scram.NewExchange("user", rfcVerifier, &scram.Decoy{})
		if err != nil {
			t.Fatal(err)
		}
		reply, done, err := ex.Step(first)
		if done || err != nil && !errors.Is(err, scram.ErrFailed) {
			t.Fatalf("%q: %v %v", first, done, err)
		}
		nonce, _, _ := strings.Cut(strings.TrimPrefix(reply, "r="), ",")
		if _, done, err := ex.Step(strings.Replace(final, "r=abc", "r="+nonce, 1)); done || !errors.Is(err, scram.ErrFailed) {
			t.Fatalf("%q, %q: %v %v", first, final, done, err)
		}
	})
}
