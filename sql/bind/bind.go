package bind

import (
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// Binder binds statements against one catalog snapshot. The zero value of every field but Catalog
// works. A Binder may be used again and again, by one goroutine at a time.
type Binder struct {
	Catalog cat.Catalog
	// ParamTypes are the declared types of $1..$n; OID 0 means infer.
	ParamTypes []types.T
	// Session is what the text form of literals depends on; nil is the default session.
	Session *types.Session
	// NoParams refuses $n: the statement comes without values for them.
	NoParams bool
	// Cache keeps what does not depend on the catalog; nil works without.
	Cache *Cache
}

// Limits of binding.
const (
	// viewDepthMax bounds views over views.
	viewDepthMax = 100
	// targetsMax is PostgreSQL's limit of select list entries.
	targetsMax = 1664
	// callArgsMax is PostgreSQL's limit of arguments of a call.
	callArgsMax = 100
	// exprDepthMax bounds the nesting of expressions.
	exprDepthMax = 6000
)

// Bind binds a data statement: *sql.Select, *sql.Insert, *sql.Update or *sql.Delete.
func (bn *Binder) Bind(stmt sql.Statement) (*Result, error) {
	b := bn.start(stmt.Params)
	s, err := b.bindNode(stmt.Node)
	if err != nil {
		return nil, err
	}
	return b.result(s)
}

// BindNode is Bind for a statement inside another: EXPLAIN, CREATE TABLE AS, COPY (query).
func (bn *Binder) BindNode(n sql.Node) (*Result, error) {
	return bn.Bind(sql.Statement{Node: n})
}

// BindQueryForView binds the query of CREATE VIEW. Unlike Bind it lists the columns that the query
// uses in Deps, and refuses parameters.
func (bn *Binder) BindQueryForView(q *sql.Select) (*Result, error) {
	b := bn.start(0)
	b.columnDeps, b.noParams, b.origins = true, true, make(map[Rel]Origin)
	b.joins = make(map[*Join]JoinShape)
	s, err := b.bindNode(q)
	if err != nil {
		return nil, err
	}
	return b.result(s)
}

// binder is the state of binding one statement.
type binder struct {
	*Binder
	lastID eval.ColID
	params []param
	deps   []schema.Dep
	// columnDeps: record columns in deps, not only relations.
	columnDeps bool
	noParams   bool
	viewDepth  int
	depth      int
	ext        int8 // 0 unknown, 1 no, 2 yes
	// refs remembers where column references stand, for errors found later.
	refs []ref
	// textual: the text of an expression is kept, with what does not change its value.
	textual bool
	// unchecked silences privilege checks, where the definition of a table is bound.
	unchecked bool
	origins   map[Rel]Origin      // nil: not wanted
	joins     map[*Join]JoinShape // made with origins
	// fields are those of the anonymous records in columns, by column.
	fields map[eval.ColID][]eval.Column
}

// param is what is known of one $n.
type param struct {
	t types.T
	// open are the references made while the type was unknown and not given it since.
	open []paramUse
}

type paramUse struct {
	node *eval.Param
	at   int
}

type ref struct {
	col *eval.Col
	at  int
}

func (bn *Binder) start(params int) *binder {
	b := &binder{Binder: bn, noParams: bn.NoParams}
	n := max(params, len(bn.ParamTypes))
	if n > 0 {
		b.params = make([]param, n)
		for i := range b.params {
			b.params[i].t = types.Of(types.UnknownOID)
			if i < len(bn.ParamTypes) && bn.ParamTypes[i].OID != 0 && bn.ParamTypes[i].OID != types.UnknownOID {
				b.params[i].t = bn.ParamTypes[i]
			}
		}
	}
	return b
}

// verbatim says that the text of a view is wanted, which shows what does not change its rows.
func (b *binder) verbatim() bool { return b.viewDepth == 0 && (b.origins != nil || b.textual) }

func (b *binder) bindNode(n sql.Node) (Stmt, error) {
	switch n := n.(type) {
	case *sql.Select:
		out, err := b.bindQuery(n, nil, queryOpts{})
		if err != nil {
			return nil, err
		}
		return &Query{Rel: out.rel}, nil
	case *sql.Insert:
		return b.bindInsert(n, nil)
	case *sql.Update:
		return b.bindUpdate(n, nil)
	case *sql.Delete:
		return b.bindDelete(n, nil)
	case *sql.Unsupported:
		return nil, pgerr.Unsupported("%s", n.Feature)
	}
	return nil, pgerr.Unsupported("%s here", n.Tag())
}

// result finishes a statement: every parameter must have a type by now.
func (b *binder) result(s Stmt) (*Result, error) {
	r := &Result{Stmt: s, Deps: b.deps, MaxID: b.lastID, Origins: b.origins, Joins: b.joins}
	for i := range b.params {
		p := &b.params[i]
		if p.t.OID == types.UnknownOID {
			return nil, pgerr.New(pgerrcode.IndeterminateDatatype, "could not determine data type of parameter $%d", i+1)
		}
		if len(p.open) > 0 {
			return nil, errAt(p.open[0].at, pgerrcode.AmbiguousParameter, "could not determine data type of parameter $%d", i+1)
		}
		r.Params = append(r.Params, p.t)
	}
	return r, nil
}

// newID hands out the next column id.
func (b *binder) newID() eval.ColID {
	b.lastID++
	return b.lastID
}

// dep records that the statement uses a relation, or one column of it.
func (b *binder) dep(oid types.OID, attr int16) {
	if attr != 0 && !b.columnDeps {
		return
	}
	for i := range b.deps {
		if b.deps[i].OID == oid && b.deps[i].Column == attr {
			return
		}
	}
	b.deps = append(b.deps, schema.Dep{OID: oid, Column: attr})
}

// posOf returns where the reference col stands in the text, or -1.
func (b *binder) posOf(col *eval.Col) int {
	for i := range b.refs {
		if b.refs[i].col == col {
			return b.refs[i].at
		}
	}
	return -1
}

func (b *binder) session() *types.Session {
	if b.Session != nil {
		return b.Session
	}
	return &types.Session{}
}

// enter counts one level of nesting; the caller calls leave.
func (b *binder) enter() error {
	b.depth++
	if b.depth > exprDepthMax {
		return pgerr.New(pgerrcode.StatementTooComplex, "stack depth limit exceeded").
			Hint("The statement nests more than %d levels deep.", exprDepthMax)
	}
	return nil
}

func (b *binder) leave() { b.depth-- }

func errAt(at int, code, format string, args ...any) error {
	return pgerr.New(code, format, args...).At(at)
}

func unsupportedAt(at int, format string, args ...any) error {
	return pgerr.Unsupported(format, args...).At(at)
}

// place adds a position to an error that has none.
func place(err error, at int) error {
	if err == nil {
		return nil
	}
	e := pgerr.From(err)
	if e.Position == 0 && at >= 0 {
		copied := *e
		return copied.At(at)
	}
	return err
}
