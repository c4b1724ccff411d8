package pgcatalog

import (
	_ "embed" // facts
	"strconv"
	"strings"
	"sync"

	"github.com/vecdb/vecdb/internal/facts"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

//go:embed facts/relations.tsv
var relationFacts string

//go:embed facts/columns.tsv
var columnFacts string

type relationSet struct {
	byName map[string]*schema.Table // "namespace.name"
	byOID  map[types.OID]*schema.Table
	list   []*schema.Table
}

var relations = sync.OnceValue(func() *relationSet {
	set := &relationSet{
		byName: make(map[string]*schema.Table, 256),
		byOID:  make(map[types.OID]*schema.Table, 256),
	}
	for _, r := range facts.Read("relations", relationFacts) {
		oid := factOID(r.Get("oid"))
		t := &schema.Table{
			OID: oid, Namespace: namespaceOf(r.Get("schema")), Name: r.Get("relname"),
			Kind: r.Get("relkind")[0], Owner: schema.BootstrapRoleOID, RowType: factOID(r.Get("reltype")),
			ACL: []string{"postgres=arwdDxt/postgres", "=r/postgres"},
		}
		set.byName[r.Get("schema")+"."+t.Name] = t
		set.byOID[oid] = t
		set.list = append(set.list, t)
	}
	for _, r := range facts.Read("columns", columnFacts) {
		num, _ := strconv.Atoi(r.Get("attnum"))
		t := set.byName[r.Get("schema")+"."+r.Get("relname")]
		if num < 1 || t == nil {
			continue
		}
		// Facts are ordered by number; dropped numbers would leave gaps.
		for len(t.Columns) < num-1 {
			t.Columns = append(t.Columns, schema.Column{Num: int16(len(t.Columns) + 1), Dropped: true})
		}
		t.Columns = append(t.Columns, schema.Column{
			Num: int16(num), Name: r.Get("attname"), Type: factType(r.Get("type")), NotNull: r.Bool("attnotnull"),
		})
	}
	return set
})

// Relations lists all system relations. The slice and what it points to are shared: do not change them.
func Relations() []*schema.Table { return relations().list }

// Lookup finds a system relation by the name of its schema and its own, or nil.
func Lookup(namespace, name string) *schema.Table { return relations().byName[namespace+"."+name] }

// ByOID finds a system relation by OID, or nil.
func ByOID(oid types.OID) *schema.Table { return relations().byOID[oid] }

func namespaceOf(name string) types.OID {
	if name == "information_schema" {
		return schema.InfoSchemaOID
	}
	return schema.PgCatalogOID
}

func factOID(s string) types.OID {
	n, _ := strconv.ParseUint(s, 10, 32)
	return types.OID(n)
}

// infoDomains are information_schema's domains, which we show as their base types.
var infoDomains = map[string]string{
	"information_schema.sql_identifier":  "name",
	"information_schema.character_data":  "character varying",
	"information_schema.cardinal_number": "integer",
	"information_schema.yes_or_no":       "character varying",
	"information_schema.time_stamp":      "timestamp with time zone",
	"pg_ndistinct":                       "bytea",
	"pg_dependencies":                    "bytea",
	"pg_mcv_list":                        "bytea",
	"pg_statistic[]":                     "text[]",
}

// factType reads a type as format_type prints it.
func factType(s string) types.T {
	if base, ok := infoDomains[s]; ok {
		s = base
	}
	s = strings.Trim(s, `"`)
	elem, isArray := strings.CutSuffix(s, "[]")
	elem = strings.Trim(elem, `"`)
	t := types.ByName(elem)
	if elem == "char" { // the quoted one: character is bpchar
		t = types.Lookup(types.CharOID)
	}
	if t == nil {
		return types.Of(types.TextOID)
	}
	if isArray {
		return types.Of(t.Array)
	}
	return types.Of(t.OID)
}
