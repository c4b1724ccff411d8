package bind

import (
	"errors"
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// windowDef is a bound window definition.
type windowDef struct {
	partition []eval.Expr
	order     []eval.SortKey
	frame     Frame
	hasFrame  bool
	over      Over
}

// bindWindows binds the WINDOW clause.
func (b *binder) bindWindows(sc *scope, list []*sql.Window) error {
	for _, w := range list {
		if sc.q.named == nil {
			sc.q.named = make(map[string]*windowDef)
		}
		if sc.q.named[w.Name] != nil {
			return errAt(w.Pos(), pgerrcode.WindowingError, "window %q is already defined", w.Name)
		}
		def, err := b.windowDef(sc, w)
		if err != nil {
			return err
		}
		sc.q.named[w.Name] = def
		if b.verbatim() {
			sc.q.windowClause = append(sc.q.windowClause, NamedWindow{
				Name: w.Name, Partition: def.partition, Order: def.order, Frame: def.frame, Over: def.over,
			})
		}
	}
	return nil
}

// windowDef binds OVER (...) or one entry of WINDOW. A reference to a named window takes over what that
// one defines.
func (b *binder) windowDef(sc *scope, w *sql.Window) (*windowDef, error) {
	def := &windowDef{frame: Frame{Mode: 'r', Start: UnboundedPreceding, End: CurrentRow}}
	if name := w.Ref; name != "" {
		base := sc.q.named[name]
		if base == nil {
			return nil, errAt(w.Pos(), pgerrcode.UndefinedObject, "window %q does not exist", name)
		}
		switch {
		case len(w.Partition) > 0:
			return nil, errAt(w.Pos(), pgerrcode.WindowingError, "cannot override PARTITION BY clause of window %q", name)
		case len(w.OrderBy) > 0 && len(base.order) > 0:
			return nil, errAt(w.Pos(), pgerrcode.WindowingError, "cannot override ORDER BY clause of window %q", name)
		case base.hasFrame:
			err := pgerr.New(pgerrcode.WindowingError, "cannot copy window %q because it has a frame clause", name).At(w.Pos())
			if len(w.Partition) == 0 && len(w.OrderBy) == 0 && w.Frame == nil {
				err = err.Hint("Omit the parentheses in this OVER clause.")
			}
			return nil, err
		}
		def.partition, def.order, def.over.Base = base.partition, base.order, name
	}
	saved := sc.clause
	sc.clause = inWindow
	defer func() { sc.clause = saved }()
	for _, p := range w.Partition {
		x, err := b.typedExpr(sc, p)
		if err != nil {
			return nil, err
		}
		if err := b.checkEquality(x.Type().OID, sql.Start(p)); err != nil {
			return nil, err
		}
		def.partition = append(def.partition[:len(def.partition):len(def.partition)], x)
	}
	if len(w.OrderBy) > 0 {
		keys, err := b.sortKeys(sc, w.OrderBy)
		if err != nil {
			return nil, err
		}
		def.order, def.over.Order = keys, true
	}
	return def, b.bindFrame(sc, w, def)
}

func (b *binder) bindFrame(sc *scope, w *sql.Window, def *windowDef) error {
	f := w.Frame
	if f == nil {
		return nil
	}
	def.hasFrame = true
	def.frame = Frame{Mode: f.Mode, Start: Bound(f.Start), End: Bound(f.End), Exclude: f.Exclude, Form: FrameStart}
	if f.Between {
		def.frame.Form = FrameBetween
	}
	if f.Mode == 'g' && len(def.order) == 0 {
		return errAt(w.Pos(), pgerrcode.WindowingError, "GROUPS mode requires an ORDER BY clause")
	}
	var err error
	if def.frame.StartOff, err = b.frameOffset(sc, f.Mode, f.StartOff, def); err != nil {
		return err
	}
	def.frame.EndOff, err = b.frameOffset(sc, f.Mode, f.EndOff, def)
	return err
}

// frameOffset binds the n of n PRECEDING: a row or group count, or a distance in the order's type.
func (b *binder) frameOffset(sc *scope, mode byte, e sql.Expr, def *windowDef) (eval.Expr, error) {
	if e == nil {
		return nil, nil //nolint:nilnil // no offset
	}
	x, err := b.expr(sc, e)
	if err != nil {
		return nil, err
	}
	what := map[byte]string{'o': "ROWS", 'g': "GROUPS", 'r': "RANGE"}[mode]
	for id := range columnsOf(x) {
		if sc.owns(id) {
			return nil, errAt(e.Pos(), pgerrcode.InvalidColumnReference, "argument of %s must not contain variables", what)
		}
	}
	if mode != 'r' {
		return b.toInt8(x, what, e)
	}
	if len(def.order) != 1 {
		return nil, errAt(e.Pos(), pgerrcode.WindowingError,
			"RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column")
	}
	key := def.order[0].Expr.Type().OID
	want, err := b.rangeOffsetType(key, x.Type().OID, e.Pos())
	if err != nil {
		return nil, err
	}
	return b.coerce(x, types.Of(want), fn.Implicit, e.Pos())
}

// rangeOffsetType is the type of a distance between values of type key when one of type given is written.
func (b *binder) rangeOffsetType(key, given types.OID, at int) (types.OID, error) {
	var can []types.OID
	for _, f := range fn.FuncsByName("in_range") {
		if f.Kernel != nil && f.Args[0] == key {
			can = append(can, f.Args[2])
		}
	}
	want := key
	switch {
	case len(can) == 0:
		return 0, errAt(at, pgerrcode.FeatureNotSupported,
			"RANGE with offset PRECEDING/FOLLOWING is not supported for column type %s", b.typeName(key))
	case slices.Contains(can, given):
		want = given
	case !slices.Contains(can, key):
		want = can[0]
	}
	if !b.canCoerce(given, want, fn.Implicit) {
		return 0, pgerr.New(pgerrcode.FeatureNotSupported,
			"RANGE with offset PRECEDING/FOLLOWING is not supported for column type %s and offset type %s", b.typeName(key), b.typeName(given)).
			Hint("Cast the offset value to an appropriate type.").At(at)
	}
	return want, nil
}

// windowCall binds f(...) OVER w and returns the column that will hold its value.
func (b *binder) windowCall(sc *scope, e *sql.Func, name string) (eval.Expr, error) {
	switch {
	case sc.inAgg:
		return nil, errAt(e.Pos(), pgerrcode.GroupingError, "aggregate function calls cannot contain window function calls")
	case sc.inWindow:
		return nil, errAt(e.Pos(), pgerrcode.WindowingError, "window function calls cannot be nested")
	case sc.q == nil || sc.clause != inTargets && sc.clause != inOrderBy:
		return nil, errAt(e.Pos(), pgerrcode.WindowingError, "window functions are not allowed in %s", sc.clause)
	case e.Distinct:
		return nil, errAt(e.Pos(), pgerrcode.FeatureNotSupported, "DISTINCT is not implemented for window functions")
	case len(e.OrderBy) > 0 && !e.Within:
		return nil, errAt(e.Pos(), pgerrcode.FeatureNotSupported, "aggregate ORDER BY is not implemented for window functions")
	case e.Within:
		return nil, errAt(e.Pos(), pgerrcode.FeatureNotSupported, "OVER is not supported for ordered-set aggregate %s", name)
	}
	sc.inWindow = true
	defer func() { sc.inWindow = false }()
	c, args, err := b.resolveCall(sc, e, name)
	if err != nil {
		return nil, err
	}
	if c.f == nil || c.f.Kind != 'w' && c.f.Kind != 'a' {
		return nil, errAt(e.Pos(), pgerrcode.WrongObjectType,
			"OVER specified, but %s is not a window function nor an aggregate function", name)
	}
	call, err := b.coerceArgs(c, args, argPos(e, c.f), e.Pos())
	if err != nil {
		return nil, err
	}
	wc := WindowCall{F: c.f, Args: call.Args, T: call.T, Star: e.Star}
	if e.Filter != nil && c.f.Kind == 'w' {
		return nil, errAt(e.Pos(), pgerrcode.FeatureNotSupported, "FILTER is not implemented for non-aggregate window functions")
	}
	if wc.Filter, err = b.filter(sc, e); err != nil {
		return nil, err
	}
	def := sc.q.named[e.Over.Name] // OVER name
	wc.Over = Over{Name: e.Over.Name}
	if e.Over.Name == "" {
		if def, err = b.windowDef(sc, e.Over); err == nil {
			wc.Over = def.over
		}
	} else if def == nil {
		err = errAt(e.Over.Pos(), pgerrcode.UndefinedObject, "window %q does not exist", e.Over.Name)
	}
	if err != nil {
		return nil, err
	}
	return sc.q.addWindow(b, def, wc), nil
}

// addWindow adds a call to the Window node of its definition, making one when there is none.
func (q *query) addWindow(b *binder, def *windowDef, call WindowCall) eval.Expr {
	var node *Window
	for _, w := range q.windows {
		if sameWindow(w, def) {
			node = w
			break
		}
	}
	if node == nil {
		node = &Window{
			Partition: append([]eval.Expr(nil), def.partition...),
			Order:     append([]eval.SortKey(nil), def.order...), Frame: def.frame,
		}
		if len(q.windows) == 0 {
			node.Named = q.windowClause
		}
		q.windows = append(q.windows, node)
	}
	c := eval.Column{ID: b.newID(), Name: call.F.Name, T: call.T}
	node.Calls, node.Cols = append(node.Calls, call), append(node.Cols, c)
	return &eval.Col{ID: c.ID, T: c.T, Name: c.Name}
}

func sameWindow(w *Window, def *windowDef) bool {
	if len(w.Partition) != len(def.partition) || len(w.Order) != len(def.order) {
		return false
	}
	for i, p := range w.Partition {
		if !eval.Equal(p, def.partition[i]) {
			return false
		}
	}
	for i, k := range w.Order {
		d := def.order[i]
		if k.Desc != d.Desc || k.NullsFirst != d.NullsFirst || !eval.Equal(k.Expr, d.Expr) {
			return false
		}
	}
	frame := def.frame
	frame.Form = w.Frame.Form // it means the same
	return w.Frame == frame
}

// regroup rewrites the expressions of a Window node over the query's Aggregate.
func (w *Window) regroup(r *regrouper) error {
	if err := r.exprs(w.Partition); err != nil {
		return err
	}
	if err := r.keysOf(w.Order); err != nil {
		return err
	}
	for i := range w.Named {
		n := &w.Named[i]
		n.Partition, n.Order = slices.Clone(n.Partition), slices.Clone(n.Order)
		if err := errors.Join(r.exprs(n.Partition), r.keysOf(n.Order)); err != nil {
			return err
		}
	}
	for i := range w.Calls {
		if err := r.exprs(w.Calls[i].Args); err != nil {
			return err
		}
		var err error
		if w.Calls[i].Filter, err = r.expr(w.Calls[i].Filter); err != nil {
			return err
		}
	}
	return nil
}
