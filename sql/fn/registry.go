package fn

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"github.com/vecdb/vecdb/sql/types"
)

// The facts are tab-separated dumps of PostgreSQL 16's catalogs with a header line; types are given
// by pg_type.typname. See facts/README.md.
var (
	//go:embed facts/functions.tsv
	functionFacts string
	//go:embed facts/operators.tsv
	operatorFacts string
	//go:embed facts/casts.tsv
	castFacts string
	//go:embed facts/typenames.tsv
	typeNameFacts string
	//go:embed facts/vector_functions.tsv
	vectorFunctionFacts string
	//go:embed facts/vector_operators.tsv
	vectorOperatorFacts string
	//go:embed facts/vector_casts.tsv
	vectorCastFacts string
)

// OIDs of the vector extension. PostgreSQL gives such objects a number when the extension is made; ours
// are fixed, below the first number of a user's object (16640). Its types have 16400 to 16419. A
// function's number is its line in the facts, so lines are only ever added at the end.
const (
	vectorFuncBase    types.OID = 16420 // functions: 16420 to 16539
	vectorOpBase      types.OID = 16540 // operators: 16540 to 16579
	vectorCastBase    types.OID = 16580 // casts: 16580 to 16603
	vectorOpClassBase types.OID = 16604 // operator classes and families: 16604 to 16639
)

// vectorTypeOIDs are the extension's types by name.
var vectorTypeOIDs = map[string]types.OID{
	"vector": types.VectorOID, "_vector": types.VectorArrayOID, "halfvec": types.HalfvecOID,
	"_halfvec": types.HalfvecArrayOID, "sparsevec": types.SparsevecOID, "_sparsevec": types.SparsevecArrayOID,
}

type (
	opKey struct {
		name        string
		left, right types.OID
	}
	castKey struct{ source, target types.OID }
)

// registry is all tables with their look-ups. It is built once and then read-only.
type registry struct {
	typeOID   map[string]types.OID
	funcs     []*Func
	funcName  map[string][]*Func
	funcOID   map[types.OID]*Func
	ops       []*Operator
	opName    map[string][]*Operator
	opOID     map[types.OID]*Operator
	opSig     map[opKey]*Operator
	casts     []*Cast
	castPair  map[castKey]*Cast
	classes   []*OpClass
	members   []*OpMember
	btreeOps  map[types.OID][]*OpMember
	unmatched []string // kernel entries without a fact: a fault that a test reports
	doubled   []string // functions that two entries claim
}

var theRegistry = sync.OnceValue(load)

// FuncsByName lists the functions of that name, aggregates and window functions included. The
// result is read-only.
func FuncsByName(name string) []*Func { return theRegistry().funcName[name] }

// FuncByOID returns a function, or nil.
func FuncByOID(oid types.OID) *Func { return theRegistry().funcOID[oid] }

// AllFuncs lists every function in the order of OIDs. The result is read-only.
func AllFuncs() []*Func { return theRegistry().funcs }

// OperatorsByName lists the operators of that name. The result is read-only.
func OperatorsByName(name string) []*Operator { return theRegistry().opName[name] }

// OperatorByOID returns an operator, or nil.
func OperatorByOID(oid types.OID) *Operator { return theRegistry().opOID[oid] }

// FindOperator returns the operator with exactly these operand types (left 0: prefix), or nil.
func FindOperator(name string, left, right types.OID) *Operator {
	return theRegistry().opSig[opKey{name, left, right}]
}

// AllOperators lists every operator in the order of OIDs. The result is read-only.
func AllOperators() []*Operator { return theRegistry().ops }

// CastBetween returns the declared cast from source to target, or nil.
func CastBetween(source, target types.OID) *Cast {
	return theRegistry().castPair[castKey{source, target}]
}

// AllCasts lists every cast in the order of OIDs. The result is read-only.
func AllCasts() []*Cast { return theRegistry().casts }

// load parses the facts and attaches the kernels. It costs a few milliseconds.
func load() *registry {
	r := &registry{
		typeOID:  make(map[string]types.OID, 640),
		funcs:    make([]*Func, 0, 3400),
		funcName: make(map[string][]*Func, 2800),
		funcOID:  make(map[types.OID]*Func, 3400),
		ops:      make([]*Operator, 0, 860),
		opName:   make(map[string][]*Operator, 128),
		opOID:    make(map[types.OID]*Operator, 860),
		opSig:    make(map[opKey]*Operator, 860),
		castPair: make(map[castKey]*Cast, 260),
		btreeOps: make(map[types.OID][]*OpMember, 400),
	}
	eachLine(typeNameFacts, func(f []string) { r.typeOID[f[1]] = parseOID(f[0]) })
	for name, oid := range vectorTypeOIDs {
		r.typeOID[name] = oid
	}
	r.loadFuncs()
	r.loadVectorFuncs()
	r.loadOperators()
	r.loadCasts()
	r.loadClasses()
	r.attach()
	return r
}

// eachLine calls f with the fields of every line after the header. The slice is reused.
func eachLine(facts string, f func(fields []string)) {
	fields := make([]string, 0, 16)
	_, facts, _ = strings.Cut(facts, "\n")
	for facts != "" {
		var line string
		line, facts, _ = strings.Cut(facts, "\n")
		fields = fields[:0]
		for {
			i := strings.IndexByte(line, '\t')
			if i < 0 {
				fields = append(fields, line)
				break
			}
			fields = append(fields, line[:i])
			line = line[i+1:]
		}
		f(fields)
	}
}

func parseOID(s string) types.OID {
	n, _ := strconv.ParseUint(s, 10, 32) // the facts are ours; a test checks them
	return types.OID(n)
}

// typeList resolves "int4,_text"; ok is false when a type is unknown.
func (r *registry) typeList(s string) (oids []types.OID, ok bool) {
	if s == "" {
		return nil, true
	}
	oids = make([]types.OID, 0, strings.Count(s, ",")+1)
	for s != "" {
		var name string
		name, s, _ = strings.Cut(s, ",")
		oid := r.typeOID[name]
		if oid == 0 {
			return nil, false
		}
		oids = append(oids, oid)
	}
	return oids, true
}

func (r *registry) addFunc(f *Func) {
	r.funcs = append(r.funcs, f)
	r.funcName[f.Name] = append(r.funcName[f.Name], f)
	r.funcOID[f.OID] = f
}

func (r *registry) loadFuncs() {
	eachLine(functionFacts, func(v []string) {
		f := &Func{
			OID: parseOID(v[0]), Name: v[1], Kind: v[2][0], Vol: Volatility(v[3][0]),
			Strict: v[4] == "t", RetSet: v[5] == "t", Defaults: int(v[6][0] - '0'),
			Ret: r.typeOID[v[8]], Variadic: r.typeOID[v[9]],
		}
		f.Args, _ = r.typeList(v[7])
		if v[10] != "" {
			f.ArgNames = strings.Split(v[10], ",")
		}
		if v[11] != "" {
			for out := range strings.SplitSeq(v[11], ",") {
				name, typ, _ := strings.Cut(out, " ")
				f.Outs = append(f.Outs, Out{name, r.typeOID[typ]})
			}
		}
		if f.Kind == 'a' {
			f.AggKind = 'n'
		}
		if v[12] != "" {
			f.AggKind = v[12][0]
			f.Direct, _ = strconv.Atoi(v[12][1:])
		}
		f.DefaultArgs = defaultArgs[f.Name]
		r.addFunc(f)
	})
}

// defaultArgs are the values of trailing arguments that may be left out, which the facts only count.
var defaultArgs = map[string][]string{
	"is_normalized":             {"NFC"},
	"json_populate_record":      {"false"},
	"json_populate_recordset":   {"false"},
	"jsonb_insert":              {"false"},
	"jsonb_path_exists":         {"{}", "false"},
	"jsonb_path_exists_tz":      {"{}", "false"},
	"jsonb_path_match":          {"{}", "false"},
	"jsonb_path_match_tz":       {"{}", "false"},
	"jsonb_path_query":          {"{}", "false"},
	"jsonb_path_query_array":    {"{}", "false"},
	"jsonb_path_query_array_tz": {"{}", "false"},
	"jsonb_path_query_first":    {"{}", "false"},
	"jsonb_path_query_first_tz": {"{}", "false"},
	"jsonb_path_query_tz":       {"{}", "false"},
	"jsonb_set":                 {"true"},
	"jsonb_set_lax":             {"true", "use_json_null"},
	"make_interval":             {"0", "0", "0", "0", "0", "0", "0.0"},
	"normalize":                 {"NFC"},
	"parse_ident":               {"true"},
	"pg_promote":                {"true", "60"},
	"pg_terminate_backend":      {"0"},
	"random_normal":             {"0", "1"},
}

func (r *registry) loadVectorFuncs() {
	oid := vectorFuncBase - 1
	eachLine(vectorFunctionFacts, func(v []string) {
		oid++
		args, ok := r.typeList(v[1])
		ret := r.typeOID[v[2]]
		if !ok || ret == 0 {
			return
		}
		f := &Func{
			OID: oid, Name: v[0], Args: args, Ret: ret, Kind: v[3][0], Vol: Volatility(v[4][0]),
			Strict: v[5] == "t", Extension: true,
		}
		if f.Kind == 'a' {
			f.AggKind = 'n'
		}
		r.addFunc(f)
	})
}

func (r *registry) loadOperators() {
	type link struct {
		op                  *Operator
		commutator, negator string
	}
	var links []link
	add := func(oid types.OID, v []string, extension bool) {
		if v[1] != "" && r.typeOID[v[1]] == 0 || r.typeOID[v[2]] == 0 || r.typeOID[v[3]] == 0 {
			return
		}
		op := &Operator{
			OID: oid, Name: v[0], Left: r.typeOID[v[1]], Right: r.typeOID[v[2]], Ret: r.typeOID[v[3]],
			CanMerge: v[7] == "t", CanHash: v[8] == "t", Extension: extension,
		}
		op.Func = r.operatorFunc(v[6], op.Left, op.Right)
		r.ops = append(r.ops, op)
		r.opName[op.Name] = append(r.opName[op.Name], op)
		r.opOID[oid] = op
		r.opSig[opKey{op.Name, op.Left, op.Right}] = op
		links = append(links, link{op, v[4], v[5]})
	}
	eachLine(operatorFacts, func(v []string) { add(parseOID(v[0]), v[1:], false) })
	oid := vectorOpBase - 1
	eachLine(vectorOperatorFacts, func(v []string) {
		oid++
		add(oid, v, true)
	})
	for _, l := range links {
		l.op.Commutator = r.operatorNamed(l.commutator)
		l.op.Negator = r.operatorNamed(l.negator)
	}
}

// operatorNamed resolves "< int4 int8"; "" is 0.
func (r *registry) operatorNamed(s string) types.OID {
	name, operands, ok := strings.Cut(s, " ")
	if !ok {
		return 0
	}
	left, right, _ := strings.Cut(operands, " ")
	if op := r.opSig[opKey{name, r.typeOID[left], r.typeOID[right]}]; op != nil {
		return op.OID
	}
	return 0
}

// operatorFunc finds the function of an operator: the one that takes exactly its operands, else the
// only one of that name and number of arguments (the function then takes a binary-coercible type).
func (r *registry) operatorFunc(name string, left, right types.OID) *Func {
	want := 2
	if left == 0 {
		want = 1
	}
	var fits *Func
	for _, f := range r.funcName[name] {
		if len(f.Args) != want || f.Kind != 'f' {
			continue
		}
		if f.Args[want-1] == right && (want == 1 || f.Args[0] == left) {
			return f
		}
		if fits == nil {
			fits = f
		}
	}
	return fits
}

func (r *registry) loadCasts() {
	add := func(oid types.OID, source, target, context, method, function string, extension bool) {
		c := &Cast{
			OID: oid, Source: r.typeOID[source], Target: r.typeOID[target],
			Context: CastContext(context[0]), Method: CastMethod(method[0]), Extension: extension,
		}
		if c.Source == 0 || c.Target == 0 {
			return
		}
		if c.Method == CastFunc {
			c.Func = r.funcBySignature(function)
		}
		r.casts = append(r.casts, c)
		r.castPair[castKey{c.Source, c.Target}] = c
	}
	eachLine(castFacts, func(v []string) { add(parseOID(v[0]), v[1], v[2], v[3], v[4], v[5], false) })
	oid := vectorCastBase - 1
	eachLine(vectorCastFacts, func(v []string) {
		oid++
		add(oid, v[0], v[1], v[2], "f", v[3], true)
	})
}

// funcBySignature resolves "int8(int4)", or nil.
func (r *registry) funcBySignature(sig string) *Func {
	name, args, _ := strings.Cut(strings.TrimSuffix(sig, ")"), "(")
	want, ok := r.typeList(args)
	if !ok {
		return nil
	}
	for _, f := range r.funcName[name] {
		if sameTypes(f.Args, want) {
			return f
		}
	}
	return nil
}

func sameTypes(a, b []types.OID) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
