package pgcatalog

import (
	_ "embed" // facts
	"slices"
	"strings"
	"sync"

	"github.com/vecdb/vecdb/internal/facts"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

//go:embed facts/pg_opclass.tsv
var opclassFacts string

//go:embed facts/vector_opclasses.tsv
var vectorOpclassFacts string

//go:embed facts/pg_amop.tsv
var amopFacts string

//go:embed facts/pg_collation.tsv
var collationFacts string

// firstVectorOpclass numbers the extension's operator classes and families.
const firstVectorOpclass types.OID = 16560

// opclass is a row of pg_opclass with what index definitions need.
type opclass struct {
	oid          types.OID
	method, name string
	input        types.OID
	isDefault    bool
	family       string
	familyOID    types.OID
	extension    bool
}

var opclasses = sync.OnceValue(func() []opclass {
	var list []opclass
	families := map[string]types.OID{}
	next := types.OID(15000) // no fact has the families' own numbers
	add := func(c opclass) {
		key := c.method + "." + c.family
		if families[key] == 0 {
			families[key] = next
			next++
		}
		c.familyOID = families[key]
		list = append(list, c)
	}
	for _, r := range facts.Read("pg_opclass", opclassFacts) {
		add(opclass{
			oid: factOID(r.Get("oid")), method: r.Get("amname"), name: r.Get("opcname"),
			input: factType(r.Get("intype")).OID, isDefault: r.Bool("opcdefault"), family: r.Get("opfname"),
		})
	}
	n := firstVectorOpclass
	for _, r := range facts.Read("vector_opclasses", vectorOpclassFacts) {
		methods := []string{r.Get("amname")}
		if methods[0] == "ivfflat" { // our own method has its classes
			methods = append(methods, "ivfpq")
		}
		for _, method := range methods {
			add(opclass{
				oid: n, method: method, name: r.Get("opcname"), input: factType(r.Get("intype")).OID,
				isDefault: r.Bool("opcdefault"), family: r.Get("opcname"), extension: true,
			})
			n++
		}
	}
	return list
})

// opclassOID finds the class of an index key: the one it names, else the default for its type.
func opclassOID(method string, k schema.IndexKey) types.OID {
	for _, c := range opclasses() {
		if c.method != method {
			continue
		}
		if k.Opclass != "" && c.name == k.Opclass {
			return c.oid
		}
		if k.Opclass == "" && c.isDefault && (c.input == k.Type.OID || c.input == baseOf(k.Type.OID)) {
			return c.oid
		}
	}
	return 0
}

// DefaultOpclass names the default operator class of a method for a type, "" when there is none; Opclass
// says whether a class of that name exists for the method and type.
func DefaultOpclass(method string, typ types.OID) string {
	for _, c := range opclasses() {
		if c.method == method && c.isDefault && (c.input == typ || c.input == baseOf(typ)) {
			return c.name
		}
	}
	return ""
}

// Opclass says whether method has an operator class of that name, and whether it takes typ.
func Opclass(method, name string, typ types.OID) (exists, fits bool) {
	for _, c := range opclasses() {
		if c.method == method && c.name == name {
			exists = true
			if c.input == typ || c.input == baseOf(typ) {
				return true, true
			}
		}
	}
	return exists, false
}

// baseOf gives the type under whose operator class a type is indexed: text for varchar, anyarray ...
func baseOf(typ types.OID) types.OID {
	switch typ {
	case types.VarcharOID:
		return types.TextOID
	}
	if t := types.Lookup(typ); t != nil && t.Category == 'A' && t.Elem != 0 {
		return types.AnyArrayOID
	}
	return typ
}

// methodByName is the OID of an access method.
func methodByName(name string) types.OID {
	for _, am := range accessMethods {
		if am.name == name {
			return am.oid
		}
	}
	return 0
}

var typeEntries = []entry{
	{"pg_type", "oid typname typnamespace typowner typlen typbyval typtype typcategory typispreferred typisdefined " +
		"typdelim typrelid typelem typarray typinput typoutput typreceive typsend typmodin typmodout typalign " +
		"typstorage typtypmod typcollation", "oid", fillType},
	{"pg_range", "rngtypid rngsubtype rngmultitypid", "", fillRange},
	{"pg_collation", "oid collname collnamespace collowner collprovider collisdeterministic collencoding " +
		"collcollate collctype", "", func(_ *View, _ types.OID, emit emitFunc) {
		for _, r := range facts.Read("pg_collation", collationFacts) {
			emit(oid(factOID(r.Get("oid"))), str(r.Get("collname")), oid(schema.PgCatalogOID), oid(10),
				chr(r.Get("collprovider")[0]), yes(true), num(atoi(r.Get("collencoding"))),
				strOrNull(r.Get("collcollate")), strOrNull(r.Get("collctype")))
		}
	}},
	{
		"pg_opclass", "oid opcmethod opcname opcnamespace opcowner opcfamily opcintype opcdefault", "",
		func(v *View, _ types.OID, emit emitFunc) {
			for _, c := range opclasses() {
				ns, ok := v.extensionNamespace(c.extension)
				if ok {
					emit(oid(c.oid), oid(methodByName(c.method)), str(c.name), oid(ns), oid(10), oid(c.familyOID),
						oid(c.input), yes(c.isDefault))
				}
			}
		},
	},
	{"pg_opfamily", "oid opfmethod opfname opfnamespace opfowner", "", func(v *View, _ types.OID, emit emitFunc) {
		seen := map[types.OID]bool{}
		for _, c := range opclasses() {
			ns, ok := v.extensionNamespace(c.extension)
			if ok && !seen[c.familyOID] {
				seen[c.familyOID] = true
				emit(oid(c.familyOID), oid(methodByName(c.method)), str(c.family), oid(ns), oid(10))
			}
		}
	}},
	{"pg_amop", "oid amopfamily amoplefttype amoprighttype amopstrategy amoppurpose amopopr amopmethod", "", fillAmop},
}

// CollationOID finds a collation by name, or returns 0.
func CollationOID(name string) types.OID {
	for _, r := range facts.Read("pg_collation", collationFacts) {
		if r.Get("collname") == name {
			return factOID(r.Get("oid"))
		}
	}
	return 0
}

// CollationName names a collation, "" for none.
func CollationName(o types.OID) string {
	for _, r := range facts.Read("pg_collation", collationFacts) {
		if factOID(r.Get("oid")) == o {
			return r.Get("collname")
		}
	}
	return ""
}

// extensionNamespace is where an object stands: pg_catalog, or for the extension's, its schema when it is
// installed.
func (v *View) extensionNamespace(extension bool) (types.OID, bool) {
	if !extension {
		return schema.PgCatalogOID, true
	}
	for _, e := range v.Source.Extensions(v.DB.OID) {
		if e.Name == "vector" {
			return e.Namespace, true
		}
	}
	return 0, false
}

func fillType(v *View, only types.OID, emit emitFunc) {
	if only != 0 {
		if t := types.Lookup(only); t != nil {
			v.emitType(t, emit)
			return
		}
	} else {
		for _, t := range types.All() {
			v.emitType(t, emit)
		}
	}
	for _, t := range Relations() {
		if t.RowType != 0 && types.Lookup(t.RowType) == nil && (only == 0 || only == t.RowType) {
			emitRow(t, systemArrays()[t.RowType], emit)
		}
	}
	if only != 0 {
		if t := v.tableOfPart(only); t != nil && t.Kind != schema.KindSequence && (only == t.RowType || only == t.RowType+1) {
			emitRowType(t, emit)
		}
		return
	}
	for _, t := range v.Source.Tables(v.DB.OID) {
		if t.RowType != 0 && t.Kind != schema.KindSequence {
			emitRowType(t, emit)
		}
	}
}

func (v *View) emitType(t *types.Type, emit emitFunc) {
	ns, ok := v.extensionNamespace(t.OID >= 16384)
	if !ok {
		return
	}
	rel := types.OID(0)
	if t.Kind == 'c' {
		for _, r := range Relations() {
			if r.RowType == t.OID {
				rel, ns = r.OID, r.Namespace
			}
		}
	}
	in, out, recv, send, modin, modout := codecNames(t)
	emit(oid(t.OID), str(t.Name), oid(ns), oid(10), num(int(t.Len)), yes(t.ByVal), chr(t.Kind), chr(t.Category),
		yes(t.Preferred), yes(true), chr(t.Delim), oid(rel), oid(t.Elem), oid(t.Array), proc(in), proc(out), proc(recv),
		proc(send), proc(modin), proc(modout), chr(t.Align), chr(t.Storage), num(-1), oid(t.Collation))
}

// systemArrays maps the types of the system's rows to those of their arrays.
var systemArrays = sync.OnceValue(func() map[types.OID]types.OID {
	m := map[types.OID]types.OID{}
	for _, t := range types.All() {
		if t.Category == 'A' {
			m[t.Elem] = t.OID
		}
	}
	return m
})

// emitRow lists the composite type of a relation's rows.
func emitRow(t *schema.Table, array types.OID, emit emitFunc) {
	emit(oid(t.RowType), str(t.Name), oid(t.Namespace), oid(t.Owner), num(-1), yes(false), chr('c'), chr('C'),
		yes(false), yes(true), chr(','), oid(t.OID), oid(0), oid(array), proc("record_in"), proc("record_out"),
		proc("record_recv"), proc("record_send"), oid(0), oid(0), chr('d'), chr('x'), num(-1), oid(0))
}

// emitRowType lists the composite type of a table's rows and the array of it.
func emitRowType(t *schema.Table, emit emitFunc) {
	emitRow(t, t.RowType+1, emit)
	emit(oid(t.RowType+1), str("_"+t.Name), oid(t.Namespace), oid(t.Owner), num(-1), yes(false), chr('b'), chr('A'),
		yes(false), yes(true), chr(','), oid(0), oid(t.RowType), oid(0), proc("array_in"), proc("array_out"),
		proc("array_recv"), proc("array_send"), oid(0), oid(0), chr('d'), chr('x'), num(-1), oid(0))
}

// codecNames are the names of a type's input and output functions: what pg_type's facts have.
func codecNames(t *types.Type) (in, out, recv, send, modin, modout string) {
	f := types.FactsOf(t.OID)
	if f == nil {
		return "", "", "", "", "", ""
	}
	elem := t
	if e := types.Lookup(t.Elem); t.IsArray() && e != nil { // rows' arrays have no entry for their element
		elem = e
	}
	modin, modout = f.Get("typmodin"), f.Get("typmodout")
	if modin == "" && modout == "" { // built-in types' facts have not these columns, but they are named alike
		modin, modout = elem.Name+"typmodin", elem.Name+"typmodout"
	}
	if elem != t && f.Get("typname") == elem.Name { // the extension's arrays have their element's facts
		return "array_in", "array_out", "array_recv", "array_send", modin, modout
	}
	return f.Get("typinput"), f.Get("typoutput"), f.Get("typreceive"), f.Get("typsend"), modin, modout
}

// procOIDs maps a function's name to the OID of its first overload.
var procOIDs = sync.OnceValue(func() map[string]types.OID {
	m := make(map[string]types.OID, 3000)
	for _, f := range fn.AllFuncs() {
		if _, ok := m[f.Name]; !ok {
			m[f.Name] = f.OID
		}
	}
	return m
})

// proc is a regproc by name; 0 for "" and "-".
func proc(name string) types.Datum { return oid(procOIDs()[name]) }

func fillRange(_ *View, _ types.OID, emit emitFunc) {
	for _, r := range []struct{ name, sub, multi string }{
		{"int4range", "int4", "int4multirange"},
		{"numrange", "numeric", "nummultirange"},
		{"tsrange", "timestamp", "tsmultirange"},
		{"tstzrange", "timestamptz", "tstzmultirange"},
		{"daterange", "date", "datemultirange"},
		{"int8range", "int8", "int8multirange"},
	} {
		t, s, m := types.ByName(r.name), types.ByName(r.sub), types.ByName(r.multi)
		if t != nil && s != nil && m != nil {
			emit(oid(t.OID), oid(s.OID), oid(m.OID))
		}
	}
}

func fillAmop(v *View, _ types.OID, emit emitFunc) {
	families := map[string]types.OID{}
	for _, c := range opclasses() {
		families[c.method+"."+c.family] = c.familyOID
	}
	ops := map[string]types.OID{}
	for _, o := range fn.AllOperators() {
		ops[o.Name+"("+unquoted(types.FormatType(types.Of(o.Left)))+","+unquoted(types.FormatType(types.Of(o.Right)))+")"] = o.OID
	}
	next := firstAmop
	if _, ok := v.extensionNamespace(true); ok {
		for _, m := range fn.OpMembers() {
			if next = emitMember(m, families, next, emit); m.AM == "ivfflat" { // our own method has its classes
				own := *m
				own.AM = "ivfpq"
				next = emitMember(&own, families, next, emit)
			}
		}
	}
	for i, r := range facts.Read("pg_amop", amopFacts) {
		emit(oid(next+types.OID(i)), oid(families[r.Get("amname")+"."+r.Get("opfname")]),
			oid(factType(r.Get("lefttype")).OID), oid(factType(r.Get("righttype")).OID), num(atoi(r.Get("amopstrategy"))),
			chr(r.Get("amoppurpose")[0]), oid(ops[unquoted(r.Get("operator"))]),
			oid(methodByName(r.Get("amname"))))
	}
}

// firstAmop numbers the members of operator families.
const firstAmop types.OID = 17000000

func unquoted(s string) string { return strings.ReplaceAll(s, `"`, "") }

// emitMember lists an operator of the extension, whose classes the facts of built-in families lack, under the number next,
// and returns the one that follows.
func emitMember(m *fn.OpMember, families map[string]types.OID, next types.OID, emit emitFunc) types.OID {
	family := families[m.AM+"."+m.Family]
	if family == 0 || !isExtensionClass(m.AM, m.Family) {
		return next
	}
	purpose := byte('s')
	if m.Ordering {
		purpose = 'o'
	}
	emit(oid(next), oid(family), oid(m.Op.Left), oid(m.Op.Right), num(m.Strategy), chr(purpose), oid(m.Op.OID), oid(methodByName(m.AM)))
	return next + 1
}

func isExtensionClass(method, name string) bool {
	return slices.ContainsFunc(opclasses(), func(c opclass) bool { return c.extension && c.method == method && c.name == name })
}
