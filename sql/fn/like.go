package fn

import (
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// LikePattern is a compiled LIKE pattern. Patterns with % only at the ends, which most are, need no
// matcher.
type LikePattern struct {
	kind   byte   // '=' equal, '^' prefix, '$' suffix, '*' contains, 'a' all, '?' general
	text   string // of the simple kinds
	tokens []likeToken
	fold   bool
}

type likeToken struct {
	kind byte // 'l' literal, '_' one character, '%' any run
	text string
}

// CompileLike compiles a pattern whose escape is the backslash; fold makes it ILIKE.
func CompileLike(pattern string, fold bool) (*LikePattern, error) {
	p := &LikePattern{fold: fold}
	if fold {
		pattern = strings.ToLower(pattern)
	}
	var literal []byte
	flush := func() {
		if len(literal) > 0 {
			p.tokens = append(p.tokens, likeToken{'l', string(literal)})
			literal = literal[:0]
		}
	}
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '\\':
			if i++; i == len(pattern) {
				return nil, pgerr.New(pgerrcode.InvalidEscapeSequence, "LIKE pattern must not end with escape character")
			}
			literal = append(literal, pattern[i])
		case '%':
			flush()
			if n := len(p.tokens); n == 0 || p.tokens[n-1].kind != '%' {
				p.tokens = append(p.tokens, likeToken{kind: '%'})
			}
		case '_':
			flush()
			p.tokens = append(p.tokens, likeToken{kind: '_'})
		default:
			literal = append(literal, c)
		}
	}
	flush()
	p.simplify()
	return p, nil
}

// simplify finds the kind of the pattern.
func (p *LikePattern) simplify() {
	shape := make([]byte, len(p.tokens))
	for i, t := range p.tokens {
		shape[i] = t.kind
		if t.kind == 'l' {
			p.text = t.text
		}
	}
	switch string(shape) {
	case "", "l":
		p.kind = '='
	case "l%":
		p.kind = '^'
	case "%l":
		p.kind = '$'
	case "%l%":
		p.kind = '*'
	case "%":
		p.kind = 'a'
	default:
		p.kind = '?'
	}
}

// Prefix is the text that every match begins with, and whether the pattern is nothing but that
// prefix with or without a % behind it. An index range is made of it.
func (p *LikePattern) Prefix() (prefix string, exact bool) {
	if p.fold || len(p.tokens) == 0 || p.tokens[0].kind != 'l' {
		return "", false
	}
	return p.tokens[0].text, p.kind == '=' || p.kind == '^'
}

// Match says whether s matches.
func (p *LikePattern) Match(s string) bool {
	if p.fold {
		s = strings.ToLower(s)
	}
	switch p.kind {
	case '=':
		return s == p.text
	case '^':
		return strings.HasPrefix(s, p.text)
	case '$':
		return strings.HasSuffix(s, p.text)
	case '*':
		return strings.Contains(s, p.text)
	case 'a':
		return true
	}
	return p.match(s)
}

// match goes through the tokens; on a mismatch it returns to the last % and lets it take one more
// character. An earlier % never has to be tried again.
func (p *LikePattern) match(s string) bool {
	tokens := p.tokens
	k, i := 0, 0
	retryToken, retryAt := -1, 0
	for {
		if k == len(tokens) {
			if i == len(s) {
				return true
			}
		} else {
			switch t := &tokens[k]; t.kind {
			case '%':
				if k == len(tokens)-1 {
					return true
				}
				k++
				retryToken, retryAt = k, i
				continue
			case '_':
				if i < len(s) {
					_, n := utf8.DecodeRuneInString(s[i:])
					i += n
					k++
					continue
				}
			default:
				if strings.HasPrefix(s[i:], t.text) {
					i += len(t.text)
					k++
					continue
				}
			}
		}
		if retryToken < 0 || retryAt >= len(s) {
			return false
		}
		_, n := utf8.DecodeRuneInString(s[retryAt:])
		retryAt += n
		k, i = retryToken, retryAt
	}
}

// like makes a kernel; the pattern is compiled again only when it differs from the row before.
func like(fold, negate, blankPadded bool) Kernel {
	return func(_ *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
		var p *LikePattern
		last := ""
		for k := range selected(sel, n) {
			i := at(sel, k)
			if pattern := args[1].S[i]; p == nil || pattern != last {
				var err error
				if p, err = CompileLike(pattern, fold); err != nil {
					return err
				}
				last = pattern
			}
			out.B[i] = p.Match(args[0].S[i]) != negate
		}
		return nil
	}
}

var likeKernels = []entry{
	{"textlike", like(false, false, false)},
	{"textnlike", like(false, true, false)},
	{"bpcharlike", like(false, false, true)},
	{"bpcharnlike", like(false, true, true)},
	{"namelike", like(false, false, false)},
	{"namenlike", like(false, true, false)},
	{"bytealike", like(false, false, false)},
	{"byteanlike", like(false, true, false)},
	{"texticlike", like(true, false, false)},
	{"texticnlike", like(true, true, false)},
	{"bpchariclike", like(true, false, true)},
	{"bpcharicnlike", like(true, true, true)},
	{"nameiclike", like(true, false, false)},
	{"nameicnlike", like(true, true, false)},
	{"like(text,text)", like(false, false, false)},
	{"notlike(text,text)", like(false, true, false)},
	{"like(name,text)", like(false, false, false)},
	{"notlike(name,text)", like(false, true, false)},
	{"like(bytea,bytea)", like(false, false, false)},
	{"notlike(bytea,bytea)", like(false, true, false)},
	{"like_escape(text,text)", try2(likeEscape)},
	{"like_escape(bytea,bytea)", try2(likeEscape)},
	{"similar_to_escape(text)", try1(func(p string) (string, error) { return similarPattern(p, `\`) })},
	{"similar_to_escape(text,text)", try2(similarPattern)},
	{"similar_escape", rows(similarEscape)},
}

func errEscape() error {
	return pgerr.New(pgerrcode.InvalidEscapeSequence, "invalid escape string").
		Hint("Escape string must be empty or one character.")
}

// likeEscape rewrites a pattern for the escape backslash.
func likeEscape(pattern, escape string) (string, error) {
	if escape == `\` {
		return pattern, nil
	}
	if utf8.RuneCountInString(escape) > 1 {
		return "", errEscape()
	}
	var b strings.Builder
	for len(pattern) > 0 {
		_, n := utf8.DecodeRuneInString(pattern)
		c := pattern[:n]
		pattern = pattern[n:]
		switch {
		case escape != "" && c == escape:
			b.WriteByte('\\')
			if pattern == "" {
				return "", pgerr.New(pgerrcode.InvalidEscapeSequence, "LIKE pattern must not end with escape character")
			}
			_, n := utf8.DecodeRuneInString(pattern)
			b.WriteString(pattern[:n])
			pattern = pattern[n:]
		case c == `\`:
			b.WriteString(`\\`)
		default:
			b.WriteString(c)
		}
	}
	return b.String(), nil
}

func similarEscape(_ *Call, args []types.Datum) (types.Datum, error) {
	if args[0].Null {
		return types.NullDatum, nil
	}
	escape := `\`
	if !args[1].Null {
		escape = args[1].S
	}
	s, err := similarPattern(args[0].S, escape)
	return types.StringDatum(s), err
}

// similarPattern turns a SIMILAR TO pattern into a regular expression that matches the whole string.
// escape-double-quote marks, which part substring(... similar ...) into three, become groups.
func similarPattern(pattern, escape string) (string, error) {
	if utf8.RuneCountInString(escape) > 1 {
		return "", errEscape()
	}
	var b strings.Builder
	b.WriteString("^(?:")
	bracket, quotes := false, 0
	for len(pattern) > 0 {
		_, n := utf8.DecodeRuneInString(pattern)
		c := pattern[:n]
		pattern = pattern[n:]
		switch {
		case escape != "" && c == escape:
			if pattern == "" {
				return b.String() + ")$", nil
			}
			_, n := utf8.DecodeRuneInString(pattern)
			next := pattern[:n]
			pattern = pattern[n:]
			if next != `"` || bracket {
				b.WriteString(`\` + next)
				continue
			}
			switch quotes++; quotes {
			case 1:
				b.WriteString("){1,1}?(")
			case 2:
				b.WriteString("){1,1}(?:")
			default:
				return "", pgerr.New(pgerrcode.InvalidUseOfEscapeCharacter,
					"SQL regular expression may not contain more than two escape-double-quote separators")
			}
		case bracket:
			if c == "]" {
				bracket = false
			}
			if c == `\` {
				c = `\\`
			}
			b.WriteString(c)
		default:
			bracket = c == "["
			b.WriteString(similarChar(c))
		}
	}
	return b.String() + ")$", nil
}

// similarChar is the regular expression of a character outside brackets.
func similarChar(c string) string {
	switch c {
	case "%":
		return ".*"
	case "_":
		return "."
	case "(":
		return "(?:"
	case `\`, ".", "^", "$":
		return `\` + c
	}
	return c
}
