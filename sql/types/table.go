package types

import (
	_ "embed" // facts
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/vecdb/vecdb/internal/facts"
)

//go:embed facts/pg_type.tsv
var typeFacts string

//go:embed facts/vector_types.tsv
var vectorFacts string

// codecs registers the codecs of each type that has some; the functions stand in the families' files.
// Arrays get theirs from their element's.
func codecs() map[string]func(*Type) {
	return map[string]func(*Type){
		"bool": registerBool, "int2": registerInt2, "int4": registerInt4, "int8": registerInt8,
		"oid": registerOID, "xid": registerOID, "cid": registerOID, "xid8": registerXID8,
		"regproc": registerReg, "regprocedure": registerReg, "regoper": registerReg, "regoperator": registerReg,
		"regclass": registerReg, "regtype": registerReg, "regrole": registerReg, "regnamespace": registerReg,
		"regcollation": registerReg, "regconfig": registerReg, "regdictionary": registerReg,
		"float4": registerFloat4, "float8": registerFloat8, "numeric": registerNumeric,
		"text": registerText, "varchar": registerVarchar, "bpchar": registerBpchar, "name": registerName,
		"char": registerChar, "unknown": registerText, "cstring": registerText, "pg_node_tree": registerText,
		"aclitem": registerText, "refcursor": registerText, "tid": registerTID, "bytea": registerBytea, "uuid": registerUUID,
		"json": registerJSON, "jsonb": registerJSONB, "void": registerVoid, "record": registerRecord,
		"date": registerDate, "time": registerTime, "timetz": registerTimetz, "timestamp": registerTimestamp,
		"timestamptz": registerTimestamptz, "interval": registerInterval, "int2vector": registerInt2Vector,
		"oidvector": registerOIDVector, "vector": registerDense(Vectors), "halfvec": registerDense(Halfvecs), "sparsevec": registerSparsevec,
		"bit": registerBit, "varbit": registerVarbit, "pg_lsn": registerLSN, "anyarray": registerAnyArray,
	}
}

// sqlNames are the names that the standard gives to types whose typname is another.
var sqlNames = map[string]string{
	"bool": "boolean", "int2": "smallint", "int4": "integer", "int8": "bigint", "float4": "real",
	"float8": "double precision", "varchar": "character varying", "bpchar": "character",
	"time": "time without time zone", "timetz": "time with time zone", "timestamp": "timestamp without time zone",
	"timestamptz": "timestamp with time zone", "bit": "bit", "varbit": "bit varying", "char": `"char"`, "any": `"any"`,
}

// aliases are further names that the grammar or users write.
var aliases = map[string]string{
	"int": "int4", "decimal": "numeric", "dec": "numeric", "float": "float8", "timestamp": "timestamp",
	"time": "time", "string": "text",
}

type typeTable struct {
	byOID  map[OID]*Type
	byName map[string]*Type
	facts  map[OID]facts.Row
	list   []*Type
}

var (
	tableOnce sync.Once
	tableData *typeTable
)

// table loads the entries at the first call.
func table() *typeTable {
	tableOnce.Do(func() { tableData = loadTable() })
	return tableData
}

func loadTable() *typeTable {
	tt := &typeTable{byOID: make(map[OID]*Type, 512), byName: make(map[string]*Type, 700), facts: make(map[OID]facts.Row, 512)}
	for _, r := range facts.Read("pg_type", typeFacts) {
		tt.add(typeFromFacts(r), r)
	}
	for _, r := range facts.Read("vector_types", vectorFacts) {
		tt.addExtension(r)
	}
	families := codecs()
	for _, t := range tt.list {
		if register := families[t.Name]; register != nil {
			register(t)
		}
	}
	for _, t := range tt.list {
		if t.IsArray() && t.Parse == nil {
			if elem := tt.byOID[t.Elem]; elem != nil && elem.Parse != nil {
				registerArray(t, elem)
			}
		}
	}
	for alias, name := range aliases {
		if tt.byName[alias] == nil {
			tt.byName[alias] = tt.byName[name]
		}
	}
	sort.Slice(tt.list, func(i, j int) bool { return tt.list[i].OID < tt.list[j].OID })
	return tt
}

func (tt *typeTable) add(t *Type, r facts.Row) {
	tt.byOID[t.OID] = t
	tt.byName[t.Name] = t
	if t.SQLName != t.Name && t.Name != "char" {
		tt.byName[t.SQLName] = t
	}
	tt.facts[t.OID] = r
	tt.list = append(tt.list, t)
}

// extensionOIDs numbers the extension's types; each array follows its element.
var extensionOIDs = map[string]OID{"vector": VectorOID, "halfvec": HalfvecOID, "sparsevec": SparsevecOID}

func (tt *typeTable) addExtension(r facts.Row) {
	name := r.Get("typname")
	t := &Type{
		OID: extensionOIDs[name], Name: name, SQLName: name, Len: -1, Kind: 'b', Category: 'U', Delim: ',',
		Array: extensionOIDs[name] + 1, Align: 'i', Storage: r.Get("typstorage")[0],
	}
	tt.add(t, r)
	tt.add(&Type{
		OID: t.Array, Name: "_" + name, SQLName: name + "[]", Len: -1, Kind: 'b', Category: 'A', Delim: ',', Elem: t.OID,
		Align: 'i', Storage: 'x',
	}, r)
}

func typeFromFacts(r facts.Row) *Type {
	n := func(col string) OID {
		v, _ := strconv.ParseUint(r.Get(col), 10, 32)
		return OID(v)
	}
	length, _ := strconv.Atoi(r.Get("typlen"))
	t := &Type{
		OID: n("oid"), Name: strings.Trim(r.Get("typname"), `"`), Len: int16(length), ByVal: r.Bool("typbyval"),
		Kind: r.Get("typtype")[0], Category: r.Get("typcategory")[0], Preferred: r.Bool("typispreferred"),
		Delim: r.Get("typdelim")[0], Elem: n("typelem"), Array: n("typarray"), Align: r.Get("typalign")[0],
		Storage: r.Get("typstorage")[0], Collation: n("typcollation"),
	}
	t.SQLName = t.Name
	if s := sqlNames[t.Name]; s != "" {
		t.SQLName = s
	}
	return t
}

// Lookup returns the entry of a type, or nil.
func Lookup(oid OID) *Type { return table().byOID[oid] }

// ByName finds a type by pg_type.typname, by its SQL name ("double precision") or by an alias the
// grammar knows ("int"). The quoted "char" is found by that name with its quotes, or as char.
func ByName(name string) *Type {
	if name == `"char"` {
		return Lookup(CharOID)
	}
	return table().byName[name]
}

// All lists the types by OID. The slice is shared: do not change it.
func All() []*Type { return table().list }

// FactsOf returns the pg_type row of a built-in type: names of its functions and the like. Nil when
// there is none.
func FactsOf(oid OID) *facts.Row {
	r, ok := table().facts[oid]
	if !ok {
		return nil
	}
	return &r
}

// Representation is Lookup for those who handle values: the row type of a table, which is not built in, has record's.
func Representation(oid OID) *Type {
	if t := Lookup(oid); t != nil {
		return t
	}
	return Lookup(RecordOID)
}

// TypeName is the name of a type that says nothing of modifiers, as regtype prints it and format_type
// without its second argument: "character", where FormatType has "bpchar".
func TypeName(oid OID) string {
	typ := Lookup(oid)
	switch {
	case oid == 0 || typ == nil:
		return FormatType(Of(oid))
	case typ.IsArray() && oid != Int2VectorOID && oid != OIDVectorOID:
		return TypeName(typ.Elem) + "[]"
	}
	return typ.SQLName
}

// FormatType prints a type as format_type does: "character varying(10)", "integer[]", "numeric(8,2)".
func FormatType(t T) string {
	if t.OID == 0 {
		return "-"
	}
	typ := Lookup(t.OID)
	if typ == nil {
		return "???"
	}
	if typ.IsArray() && typ.OID != Int2VectorOID && typ.OID != OIDVectorOID {
		return FormatType(T{typ.Elem, t.Mod}) + "[]"
	}
	if t.Mod < 0 { // written without a length, the SQL names mean a length of one
		switch typ.Name {
		case "bpchar":
			return "bpchar"
		case "bit":
			return `"bit"`
		}
	}
	if t.Mod < 0 {
		return typ.SQLName
	}
	if typ.ModOut == nil {
		return typ.SQLName + "(" + strconv.Itoa(int(t.Mod)) + ")"
	}
	mod := typ.ModOut(t.Mod)
	// A precision stands before WITH[OUT] TIME ZONE.
	if i := strings.Index(typ.SQLName, " with"); i > 0 && strings.HasPrefix(typ.SQLName, "time") {
		return typ.SQLName[:i] + mod + typ.SQLName[i:]
	}
	return typ.SQLName + mod
}
