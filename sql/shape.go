package sql

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// LitClass is the lexical class of a literal: what decides its type before any context does. Zero is
// no literal.
type LitClass byte

// Classes of literals. Their values are the markers in a shape's key, bytes that no shapeable text has.
const (
	ClassInt4   LitClass = 1 // an integer that fits int4
	ClassInt8   LitClass = 2 // one that fits int8 only
	ClassNumber LitClass = 3 // numeric: a point, an exponent, or too long for int8
	ClassString LitClass = 4 // '...': unknown until its context gives a type
)

// Lit is a literal's span in the text, quotes included.
type Lit struct {
	Start, End int
	Class      LitClass
}

// Shape is a statement's text without its literals. Statements of one shape differ in nothing but
// the values of literals of the same classes. A Shape may be reused, to save its memory; it is not
// safe for concurrent use.
type Shape struct {
	// Key is the text with each literal replaced by its class marker.
	Key  []byte
	Lits []Lit
}

// shapeLitsMax bounds the literals of one shape: longer statements (big multi-row inserts) would
// fill a cache with plans that are not used again.
const shapeLitsMax = 1600

// ShapeParam says which literal a parameter of a parsed shape stands for.
type ShapeParam struct {
	Lit int
	// Negative: a minus sign before the literal belongs to it.
	Negative bool
}

// Scan computes the shape of query. False means that the text is not shapeable: not one single data
// statement, or with a form of literal that only the parser understands.
func (s *Shape) Scan(query string) bool {
	s.Key, s.Lits = s.Key[:0], s.Lits[:0]
	if !startsShapeable(query) {
		return false
	}
	copied := 0 // query[:copied] is in Key
	for i := 0; i < len(query); {
		ch := query[i]
		class := lexClass[ch]
		if class == lexPlain {
			i++
			continue
		}
		var end int
		lit := LitClass(0)
		switch class {
		case lexWord:
			end = wordEnd(query, i)
			if end < len(query) && query[end] == '\'' && end-i == 1 || end < len(query) && query[end] == '&' && end-i == 1 {
				return false // E'', B'', X'', N'', U&''
			}
		case lexDigit:
			end, lit = scanNumber(query, i)
			if lit == 0 {
				return false
			}
		case lexDot:
			end = i + 1
			if end < len(query) && lexClass[query[end]] == lexDigit {
				if end, lit = scanNumber(query, i); lit == 0 {
					return false
				}
			}
		case lexQuote:
			if end = scanString(query, i); end < 0 {
				return false
			}
			lit = ClassString
		default:
			if end = skipOther(query, i); end < 0 {
				return false
			}
		}
		if lit != 0 {
			if len(s.Lits) == shapeLitsMax {
				return false
			}
			s.Key = append(s.Key, query[copied:i]...)
			s.Key = append(s.Key, byte(lit))
			s.Lits = append(s.Lits, Lit{Start: i, End: end, Class: lit})
			copied = end
		}
		i = end
	}
	s.Key = append(s.Key, query[copied:]...)
	return true
}

// Classes of bytes for Scan.
const (
	lexPlain  = iota
	lexWord   // begins an identifier or keyword
	lexDigit  // begins a number
	lexDot    // may begin a number
	lexQuote  // begins a string
	lexIdent  // begins a quoted identifier
	lexMinus  // may begin a comment
	lexSlash  // may begin a comment
	lexStop   // ends the statement
	lexRefuse // not shapeable: $n, dollar quotes, control bytes
)

var lexClass = func() (t [256]uint8) {
	for i := range t {
		switch {
		case i >= 'a' && i <= 'z' || i >= 'A' && i <= 'Z' || i == '_' || i >= 0x80:
			t[i] = lexWord
		case i >= '0' && i <= '9':
			t[i] = lexDigit
		case i < 9:
			t[i] = lexRefuse
		}
	}
	t['.'], t['\''], t['"'], t['-'], t['/'], t[';'], t['$'] = lexDot, lexQuote, lexIdent, lexMinus, lexSlash, lexStop,
		lexRefuse
	return t
}()

// shapeable are the first words of statements that have plans.
var shapeable = []string{"select", "insert", "update", "delete", "with", "values", "("}

func startsShapeable(query string) bool {
	q := query[skipSpace(query, 0, len(query)):]
	for _, w := range shapeable {
		if len(q) >= len(w) && strings.EqualFold(q[:len(w)], w) {
			return true
		}
	}
	return false
}

func wordEnd(s string, i int) int {
	for i < len(s) {
		if c := lexClass[s[i]]; c != lexWord && c != lexDigit && s[i] != '$' {
			break
		}
		i++
	}
	return i
}

// skipOther moves past a quoted identifier, an operator byte or a comment; -1 when the text is not shapeable.
func skipOther(s string, i int) int {
	switch lexClass[s[i]] {
	case lexIdent:
		for i++; i < len(s); i++ {
			if s[i] == '"' {
				return i + 1
			}
		}
		return -1
	case lexMinus:
		if strings.HasPrefix(s[i:], "--") {
			n := strings.IndexByte(s[i:], '\n')
			if n < 0 {
				return len(s)
			}
			return i + n
		}
		return i + 1
	case lexSlash:
		if strings.HasPrefix(s[i:], "/*") {
			return skipComment(s, i, len(s))
		}
		return i + 1
	case lexStop:
		if skipSpace(s, i, len(s)) == len(s) {
			return len(s)
		}
	}
	return -1
}

// scanNumber reads a decimal number. Class 0 says that what follows makes it something else: hex,
// underscores, junk, or a boundary value whose type depends on a sign before it.
func scanNumber(s string, i int) (int, LitClass) {
	start := i
	i = digitsEnd(s, i)
	whole := i - start
	integer := true
	if i < len(s) && s[i] == '.' {
		if i+1 < len(s) && s[i+1] == '.' {
			return i, 0
		}
		integer = false
		i = digitsEnd(s, i+1)
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		j := i + 1
		if j < len(s) && (s[j] == '+' || s[j] == '-') {
			j++
		}
		end := digitsEnd(s, j)
		if end == j {
			return i, 0
		}
		integer, i = false, end
	}
	if i < len(s) && lexClass[s[i]] == lexWord {
		return i, 0
	}
	if !integer {
		return i, ClassNumber
	}
	return i, integerClass(s[start : start+whole])
}

// integerClass compares the digits with the limits of int4 and int8.
func integerClass(digits string) LitClass {
	const max4, max8 = "2147483647", "9223372036854775807"
	const over4, over8 = "2147483648", "9223372036854775808"
	if len(digits) < len(max4) {
		return ClassInt4
	}
	d := strings.TrimLeft(digits, "0")
	switch {
	case d == over4 || d == over8:
		return 0
	case len(d) < len(max4) || len(d) == len(max4) && d <= max4:
		return ClassInt4
	case len(d) < len(max8) || len(d) == len(max8) && d <= max8:
		return ClassInt8
	}
	return ClassNumber
}

func digitsEnd(s string, i int) int {
	for i < len(s) && lexClass[s[i]] == lexDigit {
		i++
	}
	return i
}

// scanString returns the end of the string literal at i, or -1 when it does not end or goes on in the
// next line.
func scanString(s string, i int) int {
	for i++; ; i++ {
		n := strings.IndexByte(s[i:], '\'')
		if n < 0 {
			return -1
		}
		i += n
		if i+1 == len(s) || s[i+1] != '\'' {
			break
		}
		i++
	}
	i++
	newline := false
	for j := i; j < len(s); j++ {
		switch s[j] {
		case ' ', '\t', '\f', '\v':
		case '\n', '\r':
			newline = true
		case '\'':
			return refuseIf(newline, i)
		case '-': // a comment may stand between the parts
			return refuseIf(newline && strings.HasPrefix(s[j:], "--") || strings.HasPrefix(s[j:], "--"), i)
		default:
			return i
		}
	}
	return i
}

func refuseIf(refuse bool, end int) int {
	if refuse {
		return -1
	}
	return end
}

// Value returns the value of the literal in query: the digits of a number, the contents of a string.
func (l Lit) Value(query string) string {
	text := query[l.Start:l.End]
	if l.Class != ClassString {
		return text
	}
	text = text[1 : len(text)-1]
	if strings.IndexByte(text, '\'') >= 0 {
		text = strings.ReplaceAll(text, "''", "'")
	}
	return text
}

// Value returns the value of the parameter in query, whose shape has the literals lits.
func (p ShapeParam) Value(query string, lits []Lit) string {
	v := lits[p.Lit].Value(query)
	if p.Negative {
		return "-" + v
	}
	return v
}

// literalSet hands out parameters for the literals of a shape.
type literalSet struct {
	lits   []Lit
	params []ShapeParam
}

// take returns the parameter for the constant at loc, or nil when that is none of the literals.
func (l *literalSet) take(query string, loc int, v *pg_query.A_Const) *Param {
	start, negative := loc, false
	if v.GetSval() == nil && loc >= 0 && loc < len(query) && query[loc] == '-' {
		negative = true
		start = skipSpace(query, loc+1, len(query))
	}
	lo, hi := 0, len(l.lits)
	for lo < hi {
		mid := (lo + hi) / 2
		if l.lits[mid].Start < start {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == len(l.lits) || l.lits[lo].Start != start || v.GetBoolval() != nil || v.GetBsval() != nil {
		return nil
	}
	p := &Param{At: At(loc), Class: l.lits[lo].Class}
	for i := len(l.params) - 1; i >= 0; i-- {
		if l.params[i].Lit == lo {
			p.N = i + 1
			return p
		}
	}
	l.params = append(l.params, ShapeParam{Lit: lo, Negative: negative})
	p.N = len(l.params)
	return p
}

// Template is a statement of some shape with parameters in the place of literals.
type Template struct {
	Statement
	// Params are the literals behind $1, $2, ...
	Params []ShapeParam
	// Kept are the literals that stayed constants (typmods, ORDER BY positions): the template serves only
	// statements that have the same text there.
	Kept []int
}

// ParseShape parses query, whose shape is s, with parameters in the place of its literals as far as
// that keeps the meaning. Positions count in query.
func ParseShape(query string, s *Shape) (*Template, error) {
	set := &literalSet{lits: s.Lits}
	stmts, err := parse(query, set)
	if err != nil {
		return nil, err
	}
	if len(stmts) != 1 {
		return nil, pgerr.Unsupported("a shape of %d statements", len(stmts))
	}
	t := &Template{Statement: stmts[0], Params: set.params}
	taken := make([]bool, len(s.Lits))
	for _, p := range set.params {
		taken[p.Lit] = true
	}
	for i, ok := range taken {
		if !ok {
			t.Kept = append(t.Kept, i)
		}
	}
	return t, nil
}
