package fn_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/vecdb/vecdb/sql/fn"
)

func TestLikePrefix(t *testing.T) {
	f := func(pattern, prefix string, exact bool) {
		t.Helper()
		p, err := fn.CompileLike(pattern, false)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := p.Prefix(); got != prefix || ok != exact {
			t.Errorf("%s: got %q %v", pattern, got, ok)
		}
	}
	f("abc", "abc", true)
	f("abc%", "abc", true)
	f("abc%d", "abc", false)
	f("a_c", "a", false)
	f("%abc", "", false)
	f(`a\%b%`, "a%b", true)
	f("", "", false)
}

// FuzzLike compares the matcher with a regular expression.
func FuzzLike(f *testing.F) {
	for _, seed := range []string{"a%", "%a", "%a%b_c%", "_", "%", "", "ä_%"} {
		f.Add(seed, "xabc")
		f.Add(seed, "ab_c%")
	}
	f.Fuzz(func(t *testing.T, pattern, s string) {
		if !utf8.ValidString(pattern) || !utf8.ValidString(s) || len(pattern) > 30 || len(s) > 60 {
			return
		}
		p, err := fn.CompileLike(pattern, false)
		if err != nil {
			return
		}
		var re strings.Builder
		re.WriteString(`(?s)\A`)
		for rest := pattern; rest != ""; {
			r, n := utf8.DecodeRuneInString(rest)
			rest = rest[n:]
			switch r {
			case '%':
				re.WriteString(".*")
			case '_':
				re.WriteString(".")
			case '\\':
				r, n = utf8.DecodeRuneInString(rest)
				rest = rest[n:]
				re.WriteString(regexp.QuoteMeta(string(r)))
			default:
				re.WriteString(regexp.QuoteMeta(string(r)))
			}
		}
		re.WriteString(`\z`)
		if want := regexp.MustCompile(re.String()).MatchString(s); p.Match(s) != want {
			t.Errorf("%q LIKE %q: got %v", s, pattern, !want)
		}
	})
}

// FuzzRegex looks for panics: any pattern compiles or is refused.
func FuzzRegex(f *testing.F) {
	for _, seed := range []string{
		"a", "(a|b)*c", `[[:alpha:]]+\d`, `\m\w`, "a{2,3}?", "(?i)x", "***=a.b", `[^\]]`, "[]a]", `\u00e4`,
	} {
		f.Add(seed, "abc")
	}
	f.Fuzz(func(t *testing.T, pattern, s string) {
		if len(pattern) > 60 || len(s) > 100 || strings.Contains(pattern, "|") {
			return
		}
		run(t, testEnv(t), "regexp_replace(text,text,text,text)", []string{s, pattern, `<\&>`, "g"}, "text")
		run(t, testEnv(t), "regexp_split_to_array(text,text)", []string{s, pattern}, "_text")
	})
}

// FuzzFormat looks for panics in templates of numbers and times.
func FuzzFormat(f *testing.F) {
	for _, seed := range []string{
		"9,999.99", "FM000", "S999", "EEEE", "RN", "YYYY-MM-DD HH24:MI:SS.US", `"x"Day`, "FMDDth", "V9",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, template string) {
		if len(template) > 100 {
			return
		}
		env := testEnv(t)
		for _, v := range []string{"0", "-1234.567", "1e20"} {
			run(t, env, "to_char(numeric,text)", []string{v, template}, "text")
		}
		run(t, env, "to_char(timestamp,text)", []string{"2002-04-20 17:31:12.66", template}, "text")
		run(t, env, "to_number(text,text)", []string{"-12,345.67", template}, "numeric")
		run(t, env, "to_timestamp(text,text)", []string{"2002-04-20 17:31:12.66", template}, "timestamptz")
	})
}

func TestQuote(t *testing.T) {
	if got := fn.QuoteIdent("user"); got != `"user"` {
		t.Error(got)
	}
	if got := fn.QuoteIdent("plain_1"); got != "plain_1" {
		t.Error(got)
	}
	if got := fn.QuoteLiteral(`a'b\c`); got != `E'a''b\\c'` {
		t.Error(got)
	}
}
