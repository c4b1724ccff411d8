package session

import (
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/exec/pgcatalog"
	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// environment makes the Env of one statement.
func (s *Session) environment(ctx context.Context) *fn.Env {
	v := s.catalogView()
	now := nowMicros()
	app, _ := s.set.Get("application_name")
	env := &fn.Env{
		Ctx: ctx, Session: s.Settings(), TxnStart: s.tx.start, StmtStart: now, User: s.role.Name, SessionUser: s.user.Name,
		Database: s.db.Name, ApplicationName: app, PID: s.pid, ClientAddr: s.addr, SearchPath: v.shownPath(),
		Settings: shownSettings{s}, Sequences: sequenceEnv{s}, Notice: s.notice,
		Random: s.rng.Float64,
		Seed:   func(f float64) { s.rng = rand.New(rand.NewPCG(uint64(f*(1<<53)), 0)) },
	}
	env.Catalog = describer{s, env}
	return env
}

// shownPath is the path of current_schemas: implicit schemas first.
func (v *catalogView) shownPath() []string { return v.names }

// shownSettings serves current_setting and set_config: values as SHOW prints them.
type shownSettings struct{ s *Session }

// Get implements fn.Settings.
func (e shownSettings) Get(name string) (string, bool) {
	v, err := e.s.set.Show(name)
	return v, err == nil
}

// Set implements fn.Settings.
func (e shownSettings) Set(name, value string, local bool) error {
	n := &sql.Set{Kind: sql.SetValue, Name: settingName(name), Args: []sql.SetArg{{Text: value}}, Local: local}
	if special := e.s.setSpecial(n); special != nil {
		return special(n)
	}
	return e.s.set.Set(n.Name, value, local)
}

// Reset implements fn.Settings.
func (e shownSettings) Reset(name string, local bool) error {
	return e.s.runSet(&sql.Set{Kind: sql.SetDefault, Name: name, Local: local})
}

// sequenceEnv serves nextval and its kin.
type sequenceEnv struct{ s *Session }

// find finds a sequence for which the current role has one of the privileges.
func (e sequenceEnv) find(oid types.OID, privileges ...string) (*schema.Table, error) {
	v := e.s.catalogView()
	t := v.cat.Table(oid)
	if t == nil {
		return nil, pgerr.New(pgerrcode.UndefinedTable, "could not open relation with OID %d", oid)
	}
	if t.Sequence == nil {
		return nil, pgerr.New(pgerrcode.WrongObjectType, "%q is not a sequence", t.Name)
	}
	rel := v.RelationByOID(oid)
	if rel == nil || !slices.ContainsFunc(privileges, func(p string) bool { return v.Allowed(rel, p) }) {
		return nil, pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied for sequence %s", t.Name)
	}
	return t, nil
}

// NextVal implements fn.Sequences.
func (e sequenceEnv) NextVal(seq types.OID) (int64, error) {
	t, err := e.find(seq, "USAGE", "UPDATE")
	if err != nil {
		return 0, err
	}
	if err := e.s.mayChange("nextval()", seq); err != nil {
		return 0, err
	}
	d := e.s.drawn.of(e.s, seq)
	n, err := e.s.srv.Store.Draw(seq, t.Sequence, &d.Draws)
	if err != nil {
		return 0, sequenceError(err, t)
	}
	e.s.seqValues[seq] = n
	e.s.lastSeq = seq
	return n, nil
}

// drawn is what the session has drawn from sequences since a mark.
type drawn struct {
	lastSeq schema.OID
	by      map[schema.OID]*drawnOf
}

// drawnOf is what was drawn from one sequence, and what currval was before.
type drawnOf struct {
	storage.Draws
	value int64
	had   bool
}

func (d *drawn) of(s *Session, seq schema.OID) *drawnOf {
	if d.by[seq] == nil {
		if d.by == nil {
			d.by = map[schema.OID]*drawnOf{}
		}
		v, had := s.seqValues[seq]
		d.by[seq] = &drawnOf{value: v, had: had}
	}
	return d.by[seq]
}

// Mark implements fn.Sequences.
func (e sequenceEnv) Mark() {
	clear(e.s.drawn.by)
	e.s.drawn.lastSeq = e.s.lastSeq
}

// GiveBack implements fn.Sequences.
func (e sequenceEnv) GiveBack() error {
	for seq, d := range e.s.drawn.by {
		t := e.s.catalogView().cat.Table(seq)
		if err := e.s.srv.Store.GiveBack(seq, t.Sequence, d.Draws); err != nil {
			return err
		}
		delete(e.s.seqValues, seq)
		if d.had {
			e.s.seqValues[seq] = d.value
		}
	}
	e.s.lastSeq = e.s.drawn.lastSeq
	e.Mark()
	return nil
}

// CurrVal implements fn.Sequences.
func (e sequenceEnv) CurrVal(seq types.OID) (int64, error) {
	t, err := e.find(seq, "USAGE", "SELECT")
	if err != nil {
		return 0, err
	}
	n, ok := e.s.seqValues[seq]
	if !ok {
		return 0, pgerr.New(pgerrcode.ObjectNotInPrerequisiteState, "currval of sequence %q is not yet defined in this session", t.Name)
	}
	return n, nil
}

// LastVal implements fn.Sequences.
func (e sequenceEnv) LastVal() (int64, error) {
	if e.s.lastSeq == 0 {
		return 0, pgerr.New(pgerrcode.ObjectNotInPrerequisiteState, "lastval is not yet defined in this session")
	}
	return e.CurrVal(e.s.lastSeq)
}

// SetVal implements fn.Sequences.
func (e sequenceEnv) SetVal(seq types.OID, v int64, called bool) error {
	t, err := e.find(seq, "UPDATE")
	if err != nil {
		return err
	}
	if err := e.s.mayChange("setval()", seq); err != nil {
		return err
	}
	if v < t.Sequence.Min || v > t.Sequence.Max {
		return pgerr.New(pgerrcode.NumericValueOutOfRange, "setval: value %d is out of bounds for sequence %q (%d..%d)",
			v, t.Name, t.Sequence.Min, t.Sequence.Max)
	}
	if called {
		e.s.seqValues[seq] = v
	}
	return e.s.srv.Store.SetVal(seq, t.Sequence, v, called)
}

// systemView is the system catalog as the session sees it.
func (s *Session) systemView() *pgcatalog.View {
	v := s.catalogView()
	return &pgcatalog.View{
		Source: v.cat, DB: s.db, Role: s.role, Settings: s.set, Path: v.path, Deparse: deparser{s}, Session: s.Settings(),
		Find: func(name string) (schema.OID, error) { return regResolver{s}.RegIn(types.RegclassOID, name) },
		Runtime: pgcatalog.Runtime{
			Rows:  func(oid schema.OID) float64 { return float64(s.srv.Store.RowCount(oid)) },
			Bytes: s.relationBytes, Sequence: s.sequenceState, Backends: s.srv.backends, Prepared: s.listPrepared,
			Cursors: s.listCursors, Progress: s.srv.builds, Locks: s.srv.locks, Stats: s.columnStats,
		},
	}
}

func (s *Session) relationBytes(oid schema.OID) int64 {
	n, err := s.srv.Store.Sizes(oid)
	if err != nil {
		return 0
	}
	return n
}

func (s *Session) sequenceState(oid schema.OID) (int64, bool) {
	t := s.catalogView().cat.Table(oid)
	if t == nil || t.Sequence == nil {
		return 0, false
	}
	st, err := s.srv.Store.Sequence(oid, t.Sequence)
	if err != nil {
		return 0, false
	}
	return st.Last, st.Called
}

func (s *Session) columnStats(oid schema.OID) []pgcatalog.ColumnStats {
	st := s.catalogView().cat.Stats(oid)
	if st == nil {
		return nil
	}
	out := make([]pgcatalog.ColumnStats, len(st.Columns))
	for i, c := range st.Columns {
		distinct := c.Distinct
		if rows := float64(st.Rows); distinct > rows/10 { // it is taken to grow with the table: a share of the rows
			distinct /= -rows
			if c.Distinct == rows*(1-c.NullFraction) { // as PostgreSQL rounds it
				distinct = float64(float32(c.NullFraction)) - 1
			}
		}
		out[i] = pgcatalog.ColumnStats{
			Attr: c.Num, NullFrac: c.NullFraction, Distinct: distinct, AvgBytes: int64(c.Width), Common: c.Common,
			CommonFrac: c.CommonFraction, Histogram: c.Histogram, Correlation: c.Correlation,
		}
	}
	return out
}

// describer answers the functions that describe objects, and those that act on sessions.
type describer struct {
	s   *Session
	env *fn.Env
}

// Describe implements fn.Catalog.
func (d describer) Describe(name string, args []types.Datum, argTypes []types.T) (types.Datum, error) {
	if f := sessionFuncs[name]; f != nil {
		return f(d.s, args)
	}
	if f, ok := advisoryFuncs[name]; ok {
		return d.s.advisory(d.env.Ctx, f, args)
	}
	if name == "format_type" {
		return d.s.formatType(args, argTypes)
	}
	if strings.HasPrefix(name, "to_reg") {
		return d.toReg(name, args)
	}
	return d.s.systemView().Describe(name, args, argTypes)
}

// sessionFuncs are the functions that act on sessions and transactions.
var sessionFuncs = map[string]func(s *Session, args []types.Datum) (types.Datum, error){
	"pg_cancel_backend": func(s *Session, a []types.Datum) (types.Datum, error) {
		pid := uint32(a[0].I)
		if err := s.maySignal(pid, "cancel query", "cancel queries", "whose query is being canceled", "cancel this query"); err != nil {
			return types.NullDatum, err
		}
		if pid == s.pid {
			return types.NullDatum, errCanceled
		}
		return types.BoolDatum(s.srv.cancelPID(pid)), nil
	},
	"pg_terminate_backend": func(s *Session, a []types.Datum) (types.Datum, error) {
		err := s.maySignal(uint32(a[0].I), "terminate process", "terminate processes", "whose process is being terminated", "terminate this process")
		if err != nil {
			return types.NullDatum, err
		}
		return types.BoolDatum(s.srv.Terminate != nil && s.srv.Terminate(uint32(a[0].I))), nil
	},
	"txid_current":                   currentXID,
	"pg_current_xact_id":             currentXID,
	"txid_current_if_assigned":       assignedXID,
	"pg_current_xact_id_if_assigned": assignedXID,
	"pg_postmaster_start_time":       func(*Session, []types.Datum) (types.Datum, error) { return types.IntDatum(processStart), nil },
	"pg_conf_load_time":              func(*Session, []types.Datum) (types.Datum, error) { return types.IntDatum(processStart), nil },
	"pg_reload_conf":                 func(*Session, []types.Datum) (types.Datum, error) { return types.BoolDatum(true), nil },
	"pg_blocking_pids":               blockingPIDs,
	"pg_listening_channels":          listeningChannels,
	"pg_notify": func(s *Session, a []types.Datum) (types.Datum, error) {
		return types.StringDatum(""), s.announce(message{'n', a[0].S, a[1].S})
	},
	"current_query": func(s *Session, _ []types.Datum) (types.Datum, error) {
		return types.StringDatum(s.info.query), nil
	},
}

// maySignal refuses to end what another role does, in the words given, to who has no right to.
func (s *Session) maySignal(pid uint32, what, plural, whose, this string) error {
	s.srv.mu.Lock()
	x := s.srv.sessions[pid]
	s.srv.mu.Unlock()
	if x == nil || s.role.Super {
		return nil
	}
	c := s.catalogView().cat
	owner := x.activity().Role
	denied := pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied to %s", what)
	if r := c.Role(owner); r != nil && r.Super {
		return denied.Detail("Only roles with the SUPERUSER attribute may %s of roles with the SUPERUSER attribute.", plural)
	}
	if !schema.Owns(s.role, owner, c.Role) {
		return denied.Detail("Only roles with privileges of the role %s or with privileges of the \"pg_signal_backend\" role may %s.", whose, this)
	}
	return nil
}

var processStart = nowMicros()

// currentXID is the number of the transaction.
func currentXID(s *Session, _ []types.Datum) (types.Datum, error) {
	return types.IntDatum(int64(s.tx.txn.Number())), nil
}

// assignedXID is the number of the transaction if it has one.
func assignedXID(s *Session, a []types.Datum) (types.Datum, error) {
	if !s.tx.txn.Numbered() && !s.tx.txn.Written() {
		return types.NullDatum, nil
	}
	return currentXID(s, a)
}

// formatType is format_type, from its arguments that are not null.
func (s *Session) formatType(a []types.Datum, argTypes []types.T) (types.Datum, error) {
	if len(a) == 0 || argTypes[0].OID != types.OIDOID {
		return types.NullDatum, nil
	}
	t := types.Of(types.OID(a[0].I))
	if types.Lookup(t.OID) != nil || t.OID == 0 {
		schema := regResolver{s}.schemaOfType(t.OID)
		if len(a) == 1 { // the modifier is null
			return types.StringDatum(schema + types.TypeName(t.OID)), nil
		}
		t.Mod = int32(a[1].I)
		return types.StringDatum(schema + types.FormatType(t)), nil
	}
	name, ok := regResolver{s}.RegOut(types.RegtypeOID, t.OID)
	if !ok {
		name = "???"
	}
	return types.StringDatum(name), nil
}

// shownName is a relation's name, with its schema unless the path finds it.
func (v *catalogView) shownName(ns schema.OID, name string) string {
	shown := bind.QuoteIdent(name)
	for _, o := range v.path {
		if o == ns {
			return shown
		}
		if _, taken := v.cat.Relation(o, name); taken {
			break
		}
	}
	n := v.cat.NamespaceByOID(ns)
	if n == nil {
		return shown
	}
	return bind.QuoteIdent(n.Name) + "." + shown
}

// deparser prints stored expressions for the system catalog.
type deparser struct{ s *Session }

// Expr implements pgcatalog.Deparser.
func (d deparser) Expr(t *schema.Table, text string, layout pgcatalog.Layout) string {
	b := d.s.binder()
	use := bind.UseCheck
	if t == nil {
		use = bind.UseDefault
	}
	for _, u := range []bind.ExprUse{use, bind.UseTransform, bind.UseDefault} {
		if x, err := b.BindText(text, t, u); err == nil {
			return bind.ShowExpr(b.Catalog, x.Expr, map[pgcatalog.Layout]bind.Layout{
				pgcatalog.Flat: bind.LayoutFlat, pgcatalog.Indented: bind.LayoutIndent, pgcatalog.Pretty: bind.LayoutPretty,
			}[layout])
		}
	}
	return text
}

// View implements pgcatalog.Deparser.
func (d deparser) View(t *schema.Table, pretty bool) string {
	stmts, err := sql.Parse(t.View)
	if err != nil || len(stmts) != 1 {
		return t.View
	}
	q, ok := stmts[0].Node.(*sql.Select)
	if !ok {
		return t.View
	}
	b := d.s.binder()
	r, err := b.BindQueryForView(q)
	if err != nil {
		return t.View
	}
	style := bind.DeparseShown
	if pretty {
		style = bind.DeparsePretty
	}
	names := make([]string, len(t.Columns))
	for i := range t.Columns {
		names[i] = t.Columns[i].Name
	}
	return bind.ShowView(b.Catalog, r, names, style) + ";"
}

// binder makes a binder over the current catalog.
func (s *Session) binder() *bind.Binder {
	return &bind.Binder{Catalog: s.catalogView(), Session: s.Settings(), Cache: s.srv.bindCache}
}

var _ cat.Catalog = (*catalogView)(nil)

func itoa(n int) string { return strconv.Itoa(n) }
