package sql

import (
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
)

const (
	// chainMax bounds the left-deep chains of a statement (1+1+1..., UNION, JOIN), those around it counted in. The
	// parser builds them without a limit and then recurses over them in C, where the stack ends the process
	// at some 20,000. What passes is still refused by depthMax.
	chainMax = 12000
	// chainFreeBytes is the length up to which no statement can have a longer chain.
	chainFreeBytes = 2 * chainMax
)

// errTooDeep is what PostgreSQL says when its stack depth limit is met.
func errTooDeep() error {
	return pgerr.New(pgerrcode.StatementTooComplex, "stack depth limit exceeded").
		Hint("Increase the configuration parameter \"max_stack_depth\" (currently 2048kB), after ensuring the platform's stack depth limit is adequate.")
}

// chains counts how deep to the left a statement may nest, bracket by bracket.
type chains struct {
	levels []chain
	total  int
}

// chain is one bracket's count: steps of the expression that is being read, and steps of clauses, which
// go on behind commas.
type chain struct{ expr, clause int }

func (c *chains) top() *chain { return &c.levels[len(c.levels)-1] }

func (c *chains) step()   { c.top().expr++; c.total++ }
func (c *chains) clause() { c.top().clause++; c.total++ }

// rest begins a new expression.
func (c *chains) rest() { c.total -= c.top().expr; c.top().expr = 0 }

func (c *chains) push() { c.levels = append(c.levels, chain{}) }

func (c *chains) pop() {
	if len(c.levels) == 1 {
		return // the parser words the error
	}
	c.total -= c.top().expr + c.top().clause
	c.levels = c.levels[:len(c.levels)-1]
}

// chainWords are the keywords that make a chain longer: postfix operators of expressions, and clauses.
var chainWords = map[string]func(*chains){
	"is": (*chains).step, "isnull": (*chains).step, "notnull": (*chains).step, "collate": (*chains).step, "at": (*chains).step,
	"in": (*chains).step, "not": (*chains).step, "like": (*chains).step, "ilike": (*chains).step, "similar": (*chains).step,
	"between": (*chains).step,
	"union":   (*chains).clause, "intersect": (*chains).clause, "except": (*chains).clause, "join": (*chains).clause,
	"and": (*chains).rest, "or": (*chains).rest,
}

// tooDeep says whether query may have a chain longer than chainMax. It reads words, not grammar, and so may
// count too much, never too little.
func tooDeep(query string) bool {
	if len(query) <= chainFreeBytes {
		return false
	}
	c := &chains{levels: make([]chain, 1, 16)}
	for i := 0; i < len(query); {
		switch ch := query[i]; {
		case ch == '(' || ch == '[':
			c.push()
			i++
		case ch == ')' || ch == ']':
			c.pop()
			i++
		case ch == ',':
			c.rest()
			i++
		case ch == ';':
			c.rest()
			c.total -= c.top().clause
			c.top().clause = 0
			i++
		case lexClass[ch] == lexWord:
			end := wordEnd(query, i)
			if end < len(query) && query[end] == '\'' && (query[i:end] == "e" || query[i:end] == "E") {
				i = escapedEnd(query, end)
				continue
			}
			if end-i <= len("intersect") {
				if f := chainWords[strings.ToLower(query[i:end])]; f != nil {
					f(c)
				}
			}
			i = end
		case isOperator(ch) && !startsComment(query, i):
			c.step()
			for i++; i < len(query) && isOperator(query[i]) && !startsComment(query, i); i++ {
			}
		default:
			i = pastOther(query, i)
		}
		if c.total > chainMax {
			return true
		}
	}
	return false
}

func isOperator(ch byte) bool { return strings.IndexByte("+-*/<>=~!@#%^&|`?:", ch) >= 0 }

func startsComment(s string, i int) bool {
	return strings.HasPrefix(s[i:], "--") || strings.HasPrefix(s[i:], "/*")
}

// escapedEnd is behind the E'...' string whose quote is at i.
func escapedEnd(s string, i int) int {
	for i++; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '\'':
			return i + 1
		}
	}
	return len(s)
}

// pastOther moves past a string, a quoted name, a comment, or one byte of something else.
func pastOther(s string, i int) int {
	until := func(mark string, from int) int {
		if n := strings.Index(s[from:], mark); n >= 0 {
			return from + n + len(mark)
		}
		return len(s)
	}
	switch {
	case s[i] == '\'' || s[i] == '"': // a doubled quote begins another string, which is as good here
		return until(s[i:i+1], i+1)
	case strings.HasPrefix(s[i:], "--"):
		return until("\n", i)
	case strings.HasPrefix(s[i:], "/*"):
		return skipComment(s, i, len(s))
	case s[i] == '$':
		if end := wordEnd(s, i+1); end > i && s[end-1] == '$' && (end == i+1 || lexClass[s[i+1]] != lexDigit) {
			return until(s[i:end], end)
		}
		if strings.HasPrefix(s[i:], "$$") {
			return until("$$", i+2)
		}
	}
	return i + 1
}
