package sql

import (
	"strings"
	"unicode/utf8"

	pg_query "github.com/pganalyze/pg_query_go/v5"
)

// nameBytesMax is the length of a name, PostgreSQL's NAMEDATALEN - 1. The parser cuts longer ones.
const nameBytesMax = 63

// LongName is a name that the parser has cut.
type LongName struct {
	Name, Cut string
}

// LongNames lists the names in a query that are too long, in order.
func LongNames(query string) []LongName {
	if !mayHaveLongName(query) {
		return nil
	}
	tokens, err := pg_query.Scan(query)
	if err != nil {
		return nil // the parser says what is wrong
	}
	var out []LongName
	for _, t := range tokens.Tokens {
		if t.Token != pg_query.Token_IDENT || t.End-t.Start <= nameBytesMax {
			continue
		}
		name := query[t.Start:t.End]
		if name[0] == '"' {
			name = strings.ReplaceAll(name[1:len(name)-1], `""`, `"`)
		} else {
			name = strings.ToLower(name)
		}
		if len(name) > nameBytesMax {
			cut := nameBytesMax
			for !utf8.RuneStart(name[cut]) {
				cut--
			}
			out = append(out, LongName{name, name[:cut]})
		}
	}
	return out
}

// mayHaveLongName says whether a query has a word, or something in double quotes, of more bytes than a name. It is asked of
// every query, so it only counts.
func mayHaveLongName(query string) bool {
	if len(query) <= nameBytesMax {
		return false
	}
	run, quoted := 0, false
	for i := 0; i < len(query); i++ {
		switch c := query[i]; {
		case quoted && strings.HasPrefix(query[i:], `""`):
			i, run = i+1, run+1
		case c == '"':
			quoted, run = !quoted, 0
		case quoted, c >= 0x80, c == '_', c == '$', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
			if run++; run > nameBytesMax {
				return true
			}
		default:
			run = 0
		}
	}
	return false
}
