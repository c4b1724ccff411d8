package planner

import (
	"slices"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// Settings are what a session may say about planning. The zero value plans with everything on.
type Settings struct {
	// The switches of enable_*, inverted so that zero means on. Like PostgreSQL's they make a choice dear, not impossible.
	NoSeqScan, NoIndexScan, NoBitmapScan, NoHashJoin, NoNestLoop, NoSort, NoHashAgg, NoAnn bool

	// Search steers approximate searches.
	Search SearchEffort

	// WorkMem is the memory of one sort or hash table in bytes; 0 means DefaultWorkMem.
	WorkMem int64

	// Exprs keeps the parsed texts of index expressions and predicates; nil parses them for each plan.
	Exprs *bind.Cache

	// Off names rewrite rules that are not applied, for tests.
	Off map[string]bool
}

// Defaults of Settings.
const (
	DefaultRecall        = 0.95
	DefaultWorkMem int64 = 64 << 20
)

// Plan is a planned statement. It is immutable and may run many times at once.
type Plan struct {
	Root   Node
	Params []types.T
	// Cols is the result row, nil when the statement returns none.
	Cols []eval.Column
	// Kind is the command: SELECT, INSERT, UPDATE, DELETE.
	Kind string
	// Writes says that the plan changes data, also by a WITH query.
	Writes bool
	// Relations are the relations that the plan names, each once with the most that it does there.
	Relations []RelationUse
	// Rules lists the rewrite rules that were applied, in the order of their first use.
	Rules []string
	// SubPlans are the subqueries that stay expressions, by number from 1.
	SubPlans []*SubPlan
	// MaxID is the greatest column id in the plan.
	MaxID eval.ColID
}

// Make plans a bound statement.
func Make(r *bind.Result, c cat.Catalog, s Settings) (*Plan, error) {
	o := &optimizer{cat: c, set: &s, next: r.MaxID + 1}
	p := &Plan{Params: r.Params}
	var err error
	switch st := r.Stmt.(type) {
	case *bind.Query:
		p.Kind, p.Cols = "SELECT", st.Rel.Output()
		p.Root, err = o.query(st.Rel)
		if err == nil {
			p.Root = exactColumns(p.Root, p.Cols)
		}
	case *bind.Insert:
		p.Kind = "INSERT"
		p.Root, err = o.modify(st)
	case *bind.Update:
		p.Kind = "UPDATE"
		p.Root, err = o.modify(st)
	case *bind.Delete:
		p.Kind = "DELETE"
		p.Root, err = o.modify(st)
	default:
		return nil, pgerr.Unsupported("planning this statement")
	}
	if err == nil {
		err = o.err
	}
	if err != nil {
		return nil, err
	}
	if p.Kind != "SELECT" {
		p.Cols = r.Stmt.Returning()
	}
	p.Writes = p.Kind != "SELECT" || o.writes
	p.Rules, p.SubPlans, p.MaxID = o.fired, o.subs, o.next
	for _, d := range r.Deps {
		if !slices.ContainsFunc(p.Relations, func(u RelationUse) bool { return u.OID == d.OID }) {
			p.Relations = append(p.Relations, RelationUse{d.OID, o.uses[d.OID]})
		}
	}
	return p, nil
}

// Command is the command's name in errors.
func (p *Plan) Command() string {
	for n := p.Root; p.Kind == "SELECT"; {
		if lock, ok := n.(*LockRows); ok {
			return "SELECT " + sql.LockWords(lock.Locks[0].Strength)
		}
		in := n.Inputs()
		if len(in) != 1 {
			break
		}
		n = in[0]
	}
	return p.Kind
}

// RelationUse is a relation with what a plan does there.
type RelationUse struct {
	OID types.OID
	Use Use
}

// Use is what is done with the rows of a relation. Greater ones keep more others off.
type Use uint8

// The uses.
const (
	UseRead Use = iota
	UseLock     // SELECT ... FOR
	UseWrite
)

// use notes what is done with a relation.
func (o *optimizer) use(oid types.OID, u Use) {
	if o.uses == nil {
		o.uses = map[types.OID]Use{}
	}
	o.uses[oid] = max(o.uses[oid], u)
}

// optimizer is the state of planning one statement.
type optimizer struct {
	cat   cat.Catalog
	set   *Settings
	next  eval.ColID // next free column id
	fired []string
	subs  []*SubPlan
	ctes  map[*bind.CTE]*CTE
	// pinned are WITH queries that expressions outside of the WITH's relation read; renewed says what became of them.
	pinned  map[*bind.CTE]bool
	renewed map[*bind.CTE]*bind.CTE
	writes  bool
	uses    map[types.OID]Use
	// origin says which stored column an id is, for statistics.
	origin map[eval.ColID]origin
	local  []rule
	// corr is set while a correlated subquery is planned: the columns of enclosing queries that may
	// change from one run to the next.
	corr    colSet
	planned map[eval.Rel]*SubPlan
	ordered bool // joins keep the order of a plannedRel
	indexes map[types.OID]*indexTexts
	reasons map[types.OID][]string // why distance indexes of a table were not taken
	err     error                  // the first error of planning a subquery in an expression
	depth   int
}

// origin is a stored column.
type origin struct {
	rel  *cat.Relation
	attr int16
}

// depthMax bounds the nesting of relations and subqueries that planning recurses into.
const depthMax = 6000

// on says whether a rule may be applied.
func (o *optimizer) on(rule string) bool { return !o.set.Off[rule] }

// fire records that a rule was applied.
func (o *optimizer) fire(rule string) {
	for _, f := range o.fired {
		if f == rule {
			return
		}
	}
	o.fired = append(o.fired, rule)
}

// newCol makes a column with an id of its own.
func (o *optimizer) newCol(name string, t types.T) eval.Column {
	id := o.next
	o.next++
	return eval.Column{ID: id, Name: name, T: t}
}

// query takes a whole relation, a statement's or a subquery's, through rewriting to nodes.
func (o *optimizer) query(r eval.Rel) (Node, error) {
	return o.block(o.simplify(r))
}

// block plans a relation that has been simplified.
func (o *optimizer) block(r eval.Rel) (Node, error) {
	o.depth++
	defer func() { o.depth-- }()
	if o.depth > depthMax {
		return nil, pgerr.New("54001", "statement is nested too deeply")
	}
	out := r.Output()
	r = o.push(r, nil)
	need := setOf(out)
	r = o.prune(r, need)
	return o.exact(reorder(r, out), out)
}

// exactColumns makes the node yield cols in their order.
func exactColumns(n Node, cols []eval.Column) Node {
	have := n.Info().Cols
	if len(have) == len(cols) {
		same := true
		for i := range cols {
			if have[i].ID != cols[i].ID {
				same = false
			}
		}
		if same {
			return n
		}
	}
	return projectTo(n, cols)
}

// projectTo is a projection of plain columns.
func projectTo(n Node, cols []eval.Column) Node {
	in := n.Info()
	p := &Project{Base: *in, Input: n, Exprs: make([]eval.Expr, len(cols))}
	p.Cols = cols
	for i := range cols {
		p.Exprs[i] = colOf(&cols[i])
	}
	return p
}
