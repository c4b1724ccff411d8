package fn

import (
	_ "embed"
	"strings"

	"github.com/vecdb/vecdb/sql/types"
)

var (
	//go:embed facts/opclasses.tsv
	opClassFacts string
	//go:embed facts/opmembers.tsv
	opMemberFacts string
	//go:embed facts/vector_opclasses.tsv
	vectorOpClassFacts string
)

// OpClass is one pg_opclass row: what an index of a kind needs to know of a type.
type OpClass struct {
	OID       types.OID
	AM        string // access method: btree, hash, hnsw, ivfflat ...
	Name      string
	Type      types.OID
	Default   bool
	Family    string
	Extension bool
}

// OpMember is one pg_amop row: an operator that indexes of a family serve. Of btree, strategies 1 to
// 5 are < <= = >= >; of ordering members (Ordering) the operator is a distance.
type OpMember struct {
	AM, Family string
	Strategy   int
	Ordering   bool
	Op         *Operator
}

// OpClasses lists every operator class. The result is read-only.
func OpClasses() []*OpClass { return theRegistry().classes }

// OpMembers lists the members of the families of btree, hash and the vector indexes.
func OpMembers() []*OpMember { return theRegistry().members }

// FindOpClass returns the class of an access method by name that takes type t, or nil. Of several
// with the name the one whose type is t wins; t 0 takes the first.
func FindOpClass(am, name string, t types.OID) *OpClass {
	var first *OpClass
	for _, c := range theRegistry().classes {
		if c.AM != am || c.Name != name {
			continue
		}
		if c.Type == t {
			return c
		}
		if first == nil {
			first = c
		}
	}
	return first
}

// DefaultOpClass returns the default class of an access method for exactly type t, or nil.
func DefaultOpClass(am string, t types.OID) *OpClass {
	for _, c := range theRegistry().classes {
		if c.AM == am && c.Default && c.Type == t {
			return c
		}
	}
	return nil
}

// BtreeMembers lists the places of an operator in btree families; most operators have none or one.
func BtreeMembers(op types.OID) []*OpMember { return theRegistry().btreeOps[op] }

func (r *registry) loadClasses() {
	eachLine(opClassFacts, func(v []string) {
		r.classes = append(r.classes, &OpClass{
			OID: parseOID(v[0]), AM: v[1], Name: v[2], Type: r.typeOID[v[3]], Default: v[4] == "t", Family: v[5],
		})
	})
	eachLine(opMemberFacts, func(v []string) {
		r.addMember(v[0], v[1], int(v[2][0]-'0'), v[3] == "o", v[4])
	})
	oid := vectorOpClassBase - 1
	eachLine(vectorOpClassFacts, func(v []string) {
		oid++
		t := r.typeOID[v[2]]
		if t == 0 {
			return
		}
		r.classes = append(r.classes, &OpClass{
			OID: oid, AM: v[0], Name: v[1], Type: t, Default: v[3] == "t", Family: v[1], Extension: true,
		})
		for member := range strings.SplitSeq(v[4], ";") {
			i := strings.LastIndexByte(member, ' ')
			r.addMember(v[0], v[1], int(member[i+1]-'0'), member[i+2] == 'o', member[:i])
		}
	})
}

func (r *registry) addMember(am, family string, strategy int, ordering bool, operator string) {
	op := r.opOID[r.operatorNamed(operator)]
	if op == nil {
		return
	}
	m := &OpMember{AM: am, Family: family, Strategy: strategy, Ordering: ordering, Op: op}
	r.members = append(r.members, m)
	if am == "btree" && !ordering {
		r.btreeOps[op.OID] = append(r.btreeOps[op.OID], m)
	}
}
