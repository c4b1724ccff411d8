package session

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/exec/pgcatalog"
	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/wire/backend"
)

// prepared is a parsed statement. A data statement keeps its newest plan, which is made anew when what
// it depends on has changed.
type prepared struct {
	name    string
	text    string
	stmt    sql.Statement
	empty   bool
	declare []types.T // parameter types that the client declared
	fromSQL bool
	made    int64
	simple  bool // a simple query: without parameters
	told    bool // the client knows the columns of the result: they stay

	plan    *planner.Plan
	planKey planKey
	fields  []backend.Field
	params  []types.T
}

// planKey is what a plan depends on beside the statement.
type planKey struct {
	catalog  uint64
	settings uint64
}

// isData says whether a statement is bound and planned.
func isData(n sql.Node) bool {
	switch n.(type) {
	case *sql.Select, *sql.Insert, *sql.Update, *sql.Delete:
		return true
	}
	return false
}

// Parse implements backend.Session.
func (s *Session) Parse(ctx context.Context, name, query string, paramOIDs []types.OID) (err error) {
	s.beginStatement()
	s.running(query)
	if name != "" && s.statements[name] != nil {
		return pgerr.New(pgerrcode.DuplicatePreparedStatement, "prepared statement %q already exists", name)
	}
	p, err := s.prepare(ctx, query, paramOIDs)
	if err != nil {
		return err
	}
	p.name, p.told = name, true
	s.statements[name] = p
	return nil
}

// tellLongNames tells the client of names that the parser cuts.
func (s *Session) tellLongNames(query string) {
	for _, n := range sql.LongNames(query) {
		e := pgerr.New(pgerrcode.NameTooLong, "identifier %q will be truncated to %q", n.Name, n.Cut)
		e.Severity = "NOTICE"
		s.notice(e)
	}
}

// prepare parses one statement and, when it is a data statement, plans it.
func (s *Session) prepare(ctx context.Context, query string, paramOIDs []types.OID) (*prepared, error) {
	s.tellLongNames(query)
	stmts, err := sql.Parse(query)
	if err != nil {
		return nil, err
	}
	p := &prepared{text: query, made: nowMicros()}
	switch len(stmts) {
	case 0:
		p.empty = true
		return p, nil
	case 1:
		p.stmt = stmts[0]
	default:
		return nil, pgerr.New(pgerrcode.SyntaxError, "cannot insert multiple commands into a prepared statement")
	}
	for _, o := range paramOIDs {
		p.declare = append(p.declare, types.Of(o))
	}
	if !isTx(p.stmt.Node) {
		if err := s.ready(); err != nil {
			return nil, err
		}
	}
	return p, s.planned(ctx, p)
}

// planned makes sure that a data statement has a plan that is good now, and stays so because what it reads is
// locked, and describes the other statements.
func (s *Session) planned(ctx context.Context, p *prepared) error {
	for range retriesMax {
		if err := s.makePlan(p); err != nil || p.plan == nil {
			return err
		}
		err := s.lockPlan(ctx, p.plan)
		if !errors.Is(err, storage.ErrRetry) {
			return translate(err)
		}
		s.tx.txn.StartStatement()
	}
	return errRetries
}

// makePlan plans a data statement, unless its plan is good now, and describes the others. It locks nothing.
func (s *Session) makePlan(p *prepared) error {
	if p.empty {
		return nil
	}
	if !isData(p.stmt.Node) {
		var err error
		if p.fields == nil {
			p.fields, err = s.utilityFields(p.stmt.Node)
		}
		if err == nil && p.stmt.Params > 0 && p.params == nil {
			err = s.innerParams(p)
		}
		return err
	}
	s.freshView()
	key := planKey{s.view.version, s.planSettingsKey()}
	if p.plan != nil && p.planKey == key {
		return nil
	}
	b := s.binder()
	b.ParamTypes, b.NoParams = p.declare, p.simple
	r, err := b.Bind(p.stmt)
	if err != nil {
		return err
	}
	plan, err := planner.Make(r, s.view, s.planSettings())
	if err != nil {
		return err
	}
	fields := fieldsOf(r.Stmt.Returning())
	if p.told && !sameFields(fields, p.fields) {
		return pgerr.New(pgerrcode.FeatureNotSupported, "cached plan must not change result type")
	}
	p.plan, p.planKey, p.fields, p.params = plan, key, fields, r.Params
	return nil
}

// innerParams finds the types of the parameters of a utility statement, which are those of the query in it.
func (s *Session) innerParams(p *prepared) error {
	query := innerQuery(p.stmt.Node)
	if query == nil {
		return nil // whoever evaluates it says that there is no such parameter
	}
	s.freshView()
	b := s.binder()
	b.ParamTypes = p.declare
	r, err := b.Bind(sql.Statement{Node: query, Params: p.stmt.Params})
	if err == nil {
		p.params = r.Params
	}
	return err
}

// innerQuery is the query that a utility statement runs, nil if none or if it has parameters of its own.
func innerQuery(n sql.Node) sql.Node {
	var query sql.Node
	switch n := n.(type) {
	case *sql.Explain:
		if query = innerQuery(n.Query); query == nil {
			query = n.Query
		}
	case *sql.DeclareCursor:
		query = n.Query
	case *sql.CreateTable:
		query = n.Query
	}
	if query == nil || !isData(query) {
		return nil
	}
	return query
}

// arguments are the parameters of a utility statement with their types.
type arguments struct {
	types  []types.T
	values []types.Datum
}

// queryOf is the statement's plan for a portal, which plans it anew if it must.
func (s *Session) queryOf(p *prepared) query {
	p.told = true
	return query{plan: p.plan, view: p.planKey.catalog, make: func() (*planner.Plan, error) {
		err := s.makePlan(p)
		return p.plan, err
	}}
}

func sameFields(a, b []backend.Field) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name != b[i].Name || a[i].Type != b[i].Type {
			return false
		}
	}
	return true
}

// fieldsOf describes result columns; nil stays nil.
func fieldsOf(cols []eval.Column) []backend.Field {
	if cols == nil {
		return nil
	}
	out := make([]backend.Field, len(cols))
	for i, c := range cols {
		out[i] = backend.Field{Name: c.Name, TableOID: c.Table, Attr: c.Attr, Type: c.T, Len: -1}
		if t := types.Lookup(c.T.OID); t != nil {
			out[i].Len = t.Len
		}
		if c.T.OID == types.UnknownOID {
			out[i].Type = types.Of(types.TextOID)
		}
	}
	return out
}

// planSettings are the settings that change plans.
func (s *Session) planSettings() planner.Settings {
	off := func(name string) bool { v, _ := s.set.Get(name); return v == "off" }
	out := planner.Settings{
		NoSeqScan: off("enable_seqscan"), NoIndexScan: off("enable_indexscan"), NoBitmapScan: off("enable_bitmapscan"),
		NoHashJoin: off("enable_hashjoin"), NoNestLoop: off("enable_nestloop"), NoSort: off("enable_sort"),
		NoHashAgg: off("enable_hashagg"), WorkMem: s.workMem(), Exprs: s.srv.bindCache,
	}
	out.Search = s.searchEffort()
	if rules, _ := s.set.Get("vecdb.rules_off"); rules != "" {
		out.Off = planner.RulesOff(rules)
	}
	return out
}

// planSettingNames are the settings behind planSettings.
var planSettingNames = []string{
	"enable_seqscan", "enable_indexscan", "enable_bitmapscan", "enable_hashjoin", "enable_nestloop", "enable_sort",
	"enable_hashagg", "work_mem", "vecdb.target_recall", "vecdb.rules_off", "ivfpq.probes", "ivfpq.refine", "hnsw.ef_search", "ivfflat.probes",
	"DateStyle", "TimeZone", "IntervalStyle",
}

// planSettingsKey identifies their values. Literals are read when a statement is bound, so the settings
// that their reading depends on count too.
func (s *Session) planSettingsKey() uint64 {
	if s.cache.settingsAt == s.set.Version()+1 {
		return s.cache.settingsKey
	}
	h := uint64(14695981039346656037) // FNV-1a
	for _, name := range planSettingNames {
		v, _ := s.set.Get(name)
		for i := 0; i < len(v); i++ {
			h = (h ^ uint64(v[i])) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211
	}
	s.cache.settingsAt, s.cache.settingsKey = s.set.Version()+1, h
	return h
}

// workMem is work_mem in bytes.
func (s *Session) workMem() int64 { return s.kilobytes("work_mem") }

func (s *Session) kilobytes(name string) int64 {
	v, _ := s.set.Get(name)
	n, _ := strconv.ParseInt(v, 10, 64)
	return n << 10
}

// ivfflatProbesDefault is pgvector's value of ivfflat.probes, which is not meant by anybody: the recall decides.
const ivfflatProbesDefault = 1

func (s *Session) searchEffort() planner.SearchEffort {
	number := func(name string) int {
		v, _ := s.set.Get(name)
		n, _ := strconv.Atoi(v)
		return n
	}
	v, _ := s.set.Get("vecdb.target_recall")
	recall, _ := strconv.ParseFloat(v, 64)
	e := planner.SearchEffort{
		TargetRecall: recall, Probes: number("ivfpq.probes"), Refine: number("ivfpq.refine"),
		EfSearch: number("hnsw.ef_search"), ListProbes: number("ivfflat.probes"),
	}
	if e.ListProbes == ivfflatProbesDefault {
		e.ListProbes = 0
	}
	return e
}

// statement finds a prepared statement.
func (s *Session) statement(name string) (*prepared, error) {
	if p := s.statements[name]; p != nil {
		return p, nil
	}
	if name == "" {
		return nil, pgerr.New(pgerrcode.InvalidSQLStatementName, "unnamed prepared statement does not exist")
	}
	return nil, pgerr.New(pgerrcode.InvalidSQLStatementName, "prepared statement %q does not exist", name)
}

// StatementText implements backend.Session.
func (s *Session) StatementText(name string) string {
	if p := s.statements[name]; p != nil {
		return p.text
	}
	return ""
}

// DescribeStatement implements backend.Session.
func (s *Session) DescribeStatement(ctx context.Context, name string) ([]types.OID, []backend.Field, error) {
	s.beginStatement()
	p, err := s.statement(name)
	if err != nil {
		return nil, nil, err
	}
	if !p.empty && !isTx(p.stmt.Node) {
		if err := s.ready(); err != nil {
			return nil, nil, err
		}
		if err := s.planned(ctx, p); err != nil {
			return nil, nil, err
		}
	}
	oids := make([]types.OID, len(p.params))
	for i, t := range p.params {
		oids[i] = t.OID
	}
	return oids, p.fields, nil
}

// CloseStatement implements backend.Session.
func (s *Session) CloseStatement(name string) error {
	delete(s.statements, name)
	return nil
}

// Bind implements backend.Session.
func (s *Session) Bind(
	ctx context.Context, portal, statement string, formats []int16, values [][]byte, resultFormats []int16,
) error {
	s.beginStatement()
	p, err := s.statement(statement)
	if err != nil {
		return err
	}
	if portal != "" && s.portals[portal] != nil {
		return pgerr.New(pgerrcode.DuplicateCursor, "cursor %q already exists", portal)
	}
	if !p.empty && !isTx(p.stmt.Node) {
		if err := s.ready(); err != nil {
			return err
		}
	}
	if err := s.planned(ctx, p); err != nil {
		return err
	}
	params, err := s.readParams(p, formats, values)
	if err != nil {
		return err
	}
	fields, err := withFormats(p.fields, resultFormats)
	if err != nil {
		return err
	}
	_ = s.ClosePortal(portal) // an unnamed portal is replaced
	pt, err := s.portal(ctx, p, params, fields)
	if err != nil {
		return err
	}
	s.portals[portal] = pt
	return nil
}

// readParams reads the values of parameters in their formats.
func (s *Session) readParams(p *prepared, formats []int16, values [][]byte) ([]types.Datum, error) {
	if len(values) != len(p.params) {
		return nil, pgerr.New(pgerrcode.ProtocolViolation, "bind message supplies %d parameters, but prepared statement %q requires %d",
			len(values), p.name, len(p.params))
	}
	if len(formats) > 1 && len(formats) != len(values) {
		return nil, pgerr.New(pgerrcode.ProtocolViolation, "bind message has %d parameter formats but %d parameters", len(formats), len(values))
	}
	out := make([]types.Datum, len(values))
	env := s.Settings()
	for i, b := range values {
		if b == nil {
			out[i] = types.NullDatum
			continue
		}
		format := int16(0)
		if len(formats) == 1 {
			format = formats[0]
		} else if len(formats) > 1 {
			format = formats[i]
		}
		t := types.Lookup(p.params[i].OID)
		if t == nil || t.Parse == nil {
			return nil, pgerr.Unsupported("a parameter of type %d", p.params[i].OID)
		}
		var err error
		switch format {
		case 0:
			out[i], err = t.Parse(string(b), p.params[i].Mod, env)
		case 1:
			out[i], err = t.Recv(b, p.params[i].Mod, env)
		default:
			err = pgerr.New(pgerrcode.InvalidParameterValue, "unsupported format code: %d", format)
		}
		if err != nil {
			return nil, paramError(err, i)
		}
	}
	return out, nil
}

func paramError(err error, i int) error {
	var pe *pgerr.Error
	if errors.As(err, &pe) && pe.Where == "" {
		e := *pe
		if e.Message == types.BinaryLeftOver {
			e.Message += " in bind parameter " + strconv.Itoa(i+1)
		}
		e.Where = "unnamed portal parameter $" + strconv.Itoa(i+1)
		return &e
	}
	return err
}

// withFormats fills in the result formats.
func withFormats(fields []backend.Field, formats []int16) ([]backend.Field, error) {
	if len(formats) == 0 || fields == nil {
		return fields, nil
	}
	if len(formats) > 1 && len(formats) != len(fields) {
		return nil, pgerr.New(pgerrcode.ProtocolViolation, "bind message has %d result formats but query has %d columns", len(formats), len(fields))
	}
	out := make([]backend.Field, len(fields))
	copy(out, fields)
	for i := range out {
		out[i].Format = formats[min(i, len(formats)-1)]
	}
	return out, nil
}

// Portal implements backend.Session.
func (s *Session) Portal(name string) (backend.Portal, error) {
	s.beginStatement()
	if p := s.portals[name]; p != nil {
		return p, nil
	}
	if c := s.cursors[name]; c != nil {
		return &cursorPortal{plainPortal: plainPortal{fields: c.fields}, c: c}, nil
	}
	return nil, pgerr.New(pgerrcode.InvalidCursorName, "portal %q does not exist", name)
}

// ClosePortal implements backend.Session.
func (s *Session) ClosePortal(name string) error {
	if c := s.cursors[name]; c != nil && s.portals[name] == nil {
		c.free()
		delete(s.cursors, name)
		return nil
	}
	p := s.portals[name]
	delete(s.portals, name)
	if c, ok := p.(interface{ close() error }); ok {
		return c.close()
	}
	return nil
}

func (s *Session) closePortals() {
	for name := range s.portals {
		_ = s.ClosePortal(name) // what fails to close is gone with the transaction
	}
}

// script runs the statements of a simple query.
type script struct {
	s     *Session
	stmts []sql.Statement
	next  int
	ready *prepared // of a statement found in the plan cache
	args  []types.Datum
}

// Simple implements backend.Session.
func (s *Session) Simple(ctx context.Context, query string) (backend.Script, error) {
	s.beginStatement()
	s.running(query)
	s.tellLongNames(query)
	if p, args, err := s.cached(ctx, query); err != nil {
		return nil, err
	} else if p != nil {
		return &script{s: s, stmts: []sql.Statement{p.stmt}, ready: p, args: args}, nil
	}
	stmts, err := sql.Parse(query)
	if err != nil {
		return nil, err
	}
	return &script{s: s, stmts: stmts}, nil
}

// Empty implements backend.Script.
func (c *script) Empty() bool { return len(c.stmts) == 0 }

// Next implements backend.Script.
func (c *script) Next(ctx context.Context) (backend.Portal, error) {
	if c.next >= len(c.stmts) {
		return nil, nil
	}
	st := c.stmts[c.next]
	c.next++
	s := c.s
	s.beginStatement()
	last := c.next == len(c.stmts)
	if !isTx(st.Node) {
		if err := s.ready(); err != nil {
			return nil, err
		}
		s.tx.many = len(c.stmts) > 1
	}
	p := c.ready
	if p == nil {
		p = &prepared{text: st.Text, stmt: st, simple: true}
		if err := s.planned(ctx, p); err != nil {
			return nil, err
		}
		if n := len(p.params); n > 0 {
			return nil, pgerr.New(pgerrcode.UndefinedParameter, "there is no parameter $%d", 1)
		}
	}
	pt, err := s.portal(ctx, p, c.args, p.fields)
	if err != nil {
		return nil, err
	}
	if d, ok := pt.(interface{ commitAtEnd() }); ok && last {
		d.commitAtEnd()
	}
	s.portals[simplePortal] = pt
	return pt, nil
}

// simplePortal is the name under which the portal of a simple query is kept, so that it is closed with
// the others. No client can name it.
const simplePortal = "\x00simple"

// planCache keeps plans of simple-query statements by their shape: the text without its literals.
type planCache struct {
	plans       map[string]*template
	settingsAt  uint64
	settingsKey uint64
}

// planCacheMax bounds the plans of one session. When it is full it starts anew: shapes that are used
// come back at once.
const planCacheMax = 512

// template is a statement of some shape, planned with parameters in the place of literals.
type template struct {
	prepared
	lits []sql.ShapeParam
	kept []keptLiteral
	// seen counts uses; a shape is planned as a template when it comes a second time, since planning one
	// that is used once costs more than it saves.
	seen int
	bad  bool // cannot be a template
}

type keptLiteral struct {
	lit  int
	text string
}

func (c *planCache) init() { c.plans = map[string]*template{} }

// cached finds or makes the template for a query and reads its literals. Nil: none; go the long way.
func (s *Session) cached(ctx context.Context, query string) (*prepared, []types.Datum, error) {
	if s.tx.failed || !s.shape.Scan(query) {
		return nil, nil, nil
	}
	t := s.cache.plans[string(s.shape.Key)]
	if t == nil {
		if len(s.cache.plans) >= planCacheMax {
			s.cache.init()
		}
		s.cache.plans[string(s.shape.Key)] = &template{seen: 1}
		return nil, nil, nil
	}
	if t.bad {
		return nil, nil, nil
	}
	if err := s.ready(); err != nil {
		return nil, nil, err
	}
	if t.seen++; t.seen == 2 {
		if !s.makeTemplate(t, query) {
			t.bad = true
			return nil, nil, nil
		}
	}
	for _, k := range t.kept {
		if l := s.shape.Lits[k.lit]; query[l.Start:l.End] != k.text {
			return nil, nil, nil
		}
	}
	if err := s.makePlan(&t.prepared); err != nil {
		t.bad = true
		return nil, nil, nil //nolint:nilerr // the long way gives the error with its position
	}
	if err := s.planned(ctx, &t.prepared); err != nil {
		return nil, nil, err
	}
	args, ok := s.literals(t, query)
	if !ok {
		return nil, nil, nil
	}
	p := t.prepared
	p.text = query
	return &p, args, nil
}

// makeTemplate parses and plans the shape. False: it cannot be a template.
func (s *Session) makeTemplate(t *template, query string) bool {
	parsed, err := sql.ParseShape(query, &s.shape)
	if err != nil {
		return false
	}
	t.stmt, t.lits = parsed.Statement, parsed.Params
	for _, lit := range parsed.Kept {
		l := s.shape.Lits[lit]
		t.kept = append(t.kept, keptLiteral{lit, strings.Clone(query[l.Start:l.End])})
	}
	return s.makePlan(&t.prepared) == nil && len(t.params) == len(t.lits)
}

// literals reads the literals of a query as the parameters of its template. False: one cannot be read;
// the long way will say why, or knows better.
func (s *Session) literals(t *template, query string) ([]types.Datum, bool) {
	args := make([]types.Datum, len(t.lits))
	env := s.Settings()
	for i, l := range t.lits {
		typ := types.Lookup(t.params[i].OID)
		if typ == nil || typ.Parse == nil {
			return nil, false
		}
		d, err := typ.Parse(l.Value(query, s.shape.Lits), t.params[i].Mod, env)
		if err != nil {
			return nil, false
		}
		args[i] = d
	}
	return args, true
}

// listPrepared lists the prepared statements for pg_prepared_statements.
func (s *Session) listPrepared() []pgcatalog.Prepared {
	var out []pgcatalog.Prepared
	for name, p := range s.statements {
		if name == "" {
			continue
		}
		row := pgcatalog.Prepared{Name: name, Statement: p.text, FromSQL: p.fromSQL, PrepareMicros: p.made}
		for _, t := range p.params {
			row.Params = append(row.Params, t.OID)
		}
		for _, f := range p.fields {
			row.Results = append(row.Results, f.Type.OID)
		}
		out = append(out, row)
	}
	return out
}
