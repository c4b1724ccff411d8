package bind

import (
	"strings"

	"github.com/vecdb/vecdb/planner/cat"
)

// qualifiedName is a relation's name as it must be written: with its schema when the search path does
// not find it.
func qualifiedName(c cat.Catalog, rel *cat.Relation) string {
	namespace, visible := c.NamespaceOf(rel)
	if visible {
		return QuoteIdent(rel.Table.Name)
	}
	return QuoteIdent(namespace) + "." + QuoteIdent(rel.Table.Name)
}

// QuoteIdent writes an identifier, in double quotes when it needs them.
func QuoteIdent(name string) string {
	safe := name != "" && !(name[0] >= '0' && name[0] <= '9')
	for i := 0; i < len(name) && safe; i++ {
		ch := name[i]
		safe = ch >= 'a' && ch <= 'z' || ch >= '0' && ch <= '9' || ch == '_'
	}
	if safe && !reservedWords[name] {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// QuoteLiteral writes a string constant.
func QuoteLiteral(s string) string {
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// reservedWords are the words that cannot stand for a column or table without quotes: all keywords
// but the unreserved ones.
var reservedWords = func() map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(reserved) {
		m[w] = true
	}
	return m
}()

const reserved = `all analyse analyze and any array as asc asymmetric both case cast check collate column constraint
	create current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc
	distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral leading
	limit localtime localtimestamp not null offset on only or order placing primary references returning select session_user
	some symmetric system_user table then to trailing true union unique user using variadic when where window with
	authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull join left like natural
	notnull outer overlaps right similar tablesample verbose
	between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping inout int integer
	interval json_array json_arrayagg json_object json_objectagg least national nchar none normalize nullif numeric out overlay
	position precision real row setof smallint substring time timestamp treat trim values varchar xmlattributes xmlconcat
	xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable`
