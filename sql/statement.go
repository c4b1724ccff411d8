package sql

import (
	"errors"
	"strings"

	"github.com/jackc/pgerrcode"
	pg_query "github.com/pganalyze/pg_query_go/v5"
	"github.com/pganalyze/pg_query_go/v5/parser"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// ParamsMax is the greatest N of a $N: what a Bind message can give values for.
const ParamsMax = 65535

// Statement is one statement of a query string.
type Statement struct {
	Node Node
	// Text is the statement as written, without the semicolon and the space around it.
	Text string
	// Start is where Text begins in the query string, which is what positions in Node count from.
	Start int
	// Params is the greatest N of the $N in it.
	Params int
}

// Node is what a statement says: one of the structs of query.go, ddl.go and utility.go.
type Node interface {
	// Tag is the command tag without counts: "SELECT", "CREATE TABLE".
	Tag() string
}

// queryBytesMax bounds the text given to the parser, whose stack and memory grow with it.
const queryBytesMax = 256 << 20

// Parse splits query into its statements. Errors are 42601 with PostgreSQL's message and position,
// or 0A000 for what the tree cannot hold.
func Parse(query string) ([]Statement, error) {
	return parse(query, nil)
}

func parse(query string, lits *literalSet) ([]Statement, error) {
	if len(query) > queryBytesMax {
		return nil, pgerr.New(pgerrcode.ProgramLimitExceeded, "query is longer than %d bytes", queryBytesMax)
	}
	if i := strings.IndexByte(query, 0); i >= 0 {
		return nil, pgerr.New(pgerrcode.CharacterNotInRepertoire,
			"invalid byte sequence for encoding \"UTF8\": 0x00")
	}
	if tooDeep(query) {
		return nil, errTooDeep()
	}
	tree, err := pg_query.Parse(query)
	if err != nil {
		return nil, syntaxError(query, err)
	}
	out := make([]Statement, 0, len(tree.Stmts))
	for _, raw := range tree.Stmts {
		start, end := int(raw.StmtLocation), int(raw.StmtLocation+raw.StmtLen)
		if raw.StmtLen == 0 {
			end = len(query)
		}
		c := &converter{query: query, lits: lits}
		node, err := c.statement(raw.Stmt)
		if err != nil {
			return nil, err
		}
		start = skipSpace(query, start, end)
		text := strings.TrimRight(query[start:end], " \t\r\n\f")
		out = append(out, Statement{Node: node, Text: text, Start: start, Params: c.params})
	}
	return out, nil
}

// ParseExpr parses one expression, as stored in the catalog for defaults, checks and index keys.
func ParseExpr(text string) (Expr, error) {
	stmts, err := Parse("SELECT " + text)
	if err != nil {
		return nil, err
	}
	if len(stmts) == 1 {
		if s, ok := stmts[0].Node.(*Select); ok && s.From == nil && len(s.Targets) == 1 {
			return s.Targets[0].Expr, nil
		}
	}
	return nil, pgerr.New(pgerrcode.SyntaxError, "%q is not an expression", text)
}

// ParseTypeName parses a type as written after "::" ("numeric(10,2)[]").
func ParseTypeName(text string) (*TypeName, error) {
	e, err := ParseExpr("CAST(NULL AS " + text + ")")
	if err != nil {
		return nil, err
	}
	if c, ok := e.(*Cast); ok {
		return c.Type, nil
	}
	return nil, pgerr.New(pgerrcode.SyntaxError, "invalid type name %q", text)
}

// byteOffset turns the parser's cursor, which counts characters, into a byte offset.
func byteOffset(query string, chars int) int {
	for i := range query {
		if chars == 0 {
			return i
		}
		chars--
	}
	if chars == 0 {
		return len(query)
	}
	return -1
}

// syntaxError gives the parser's error its SQLSTATE and position.
func syntaxError(query string, err error) error {
	var pe *parser.Error
	if !errors.As(err, &pe) {
		if strings.Contains(err.Error(), "maximum recursion depth") { // of the decoder of the tree
			return errTooDeep()
		}
		return pgerr.New(pgerrcode.SyntaxError, "%s", err.Error())
	}
	code := pgerrcode.SyntaxError
	for _, known := range parserCodes {
		if strings.Contains(pe.Message, known.part) {
			code = known.code
			break
		}
	}
	return pgerr.New(code, "%s", pe.Message).At(byteOffset(query, pe.Cursorpos-1))
}

// parserCodes are the errors of the grammar that are not syntax errors.
var parserCodes = []struct{ part, code string }{
	{"frame start", pgerrcode.WindowingError},
	{"frame end cannot", pgerrcode.WindowingError},
	{"stack depth limit", pgerrcode.StatementTooComplex},
	{"not implemented", pgerrcode.FeatureNotSupported},
	{"not yet implemented", pgerrcode.FeatureNotSupported},
	{"are not supported", pgerrcode.FeatureNotSupported},
	{"cannot be marked", pgerrcode.FeatureNotSupported},
	{"cannot include schema elements", pgerrcode.FeatureNotSupported},
	{"\" is reserved", pgerrcode.ReservedName},
	{"cannot be used as a role name here", pgerrcode.ReservedName},
	{"invalid Unicode escape", pgerrcode.InvalidEscapeSequence},
	{"must be greater than zero", pgerrcode.InvalidParameterValue},
	{"precision for type float", pgerrcode.InvalidParameterValue},
	{"invalid byte sequence", pgerrcode.CharacterNotInRepertoire},
	{"interval precision specified twice", pgerrcode.SyntaxError},
}

// skipSpace moves past white space and comments, which belong to no statement.
func skipSpace(s string, i, end int) int {
	for i < end {
		switch {
		case s[i] == ' ' || s[i] == '\t' || s[i] == '\n' || s[i] == '\r' || s[i] == '\f' || s[i] == ';':
			i++
		case strings.HasPrefix(s[i:end], "--"):
			n := strings.IndexByte(s[i:end], '\n')
			if n < 0 {
				return end
			}
			i += n
		case strings.HasPrefix(s[i:end], "/*"):
			i = skipComment(s, i, end)
		default:
			return i
		}
	}
	return i
}

// skipComment returns the end of the block comment at i; comments nest.
func skipComment(s string, i, end int) int {
	depth := 0
	for i < end {
		switch {
		case strings.HasPrefix(s[i:end], "/*"):
			depth++
			i += 2
		case strings.HasPrefix(s[i:end], "*/"):
			depth--
			i += 2
			if depth == 0 {
				return i
			}
		default:
			i++
		}
	}
	return end
}
