package sql

import (
	"github.com/jackc/pgerrcode"
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/vecdb/vecdb/sql/pgerr"
)

func (c *converter) selectStmt(v *pg_query.SelectStmt) *Select {
	defer c.leave()
	if v == nil || !c.enter() {
		return nil
	}
	if c.lits != nil && comparesExprs(v) {
		c.keep++
		defer func() { c.keep-- }()
	}
	s := &Select{With: c.with(v.WithClause)}
	if v.IntoClause != nil {
		c.fail(pgerr.New(pgerrcode.SyntaxError, "SELECT ... INTO is not allowed here").At(int(v.IntoClause.Rel.GetLocation())))
	}
	c.selectCore(s, v)
	s.OrderBy = c.orderBy(v.SortClause, true)
	s.Offset = c.expr(v.LimitOffset)
	s.Limit = c.expr(v.LimitCount)
	s.WithTies = v.LimitOption == pg_query.LimitOption_LIMIT_OPTION_WITH_TIES
	s.Locks = c.locks(v.LockingClause)
	return s
}

// selectCore converts what comes before ORDER BY.
func (c *converter) selectCore(s *Select, v *pg_query.SelectStmt) {
	switch v.Op {
	case pg_query.SetOperation_SETOP_UNION:
		s.Op = SetUnion
	case pg_query.SetOperation_SETOP_INTERSECT:
		s.Op = SetIntersect
	case pg_query.SetOperation_SETOP_EXCEPT:
		s.Op = SetExcept
	}
	if s.Op != SetNone {
		s.All, s.Left, s.Right = v.All, c.selectStmt(v.Larg), c.selectStmt(v.Rarg)
		return
	}
	if len(v.ValuesLists) > 0 {
		for _, row := range v.ValuesLists {
			s.Values = append(s.Values, c.exprs(row.GetList().GetItems()))
		}
		return
	}
	s.Distinct = len(v.DistinctClause) > 0
	if s.Distinct && v.DistinctClause[0].Node != nil {
		s.DistinctOn = c.groupKeys(v.DistinctClause)
	}
	s.Targets = c.targets(v.TargetList)
	s.From = c.from(v.FromClause)
	s.Where = c.expr(v.WhereClause)
	s.GroupBy = c.groupKeys(v.GroupClause)
	s.GroupDistinct = v.GroupDistinct
	s.Having = c.expr(v.HavingClause)
	for _, w := range v.WindowClause {
		s.Windows = append(s.Windows, c.window(w.GetWindowDef()))
	}
}

// comparesExprs says that the statement compares expressions with each other (GROUP BY and DISTINCT
// with the select list), so that equal literals must stay recognizable.
func comparesExprs(v *pg_query.SelectStmt) bool {
	for _, g := range v.GroupClause {
		if g.GetColumnRef() == nil {
			return true
		}
	}
	if len(v.DistinctClause) == 0 {
		return false
	}
	for _, s := range v.SortClause {
		if s.GetSortBy().GetNode().GetColumnRef() == nil {
			return true
		}
	}
	return v.DistinctClause[0].Node != nil
}

// groupKeys converts a list in which a bare constant is a position in the select list.
func (c *converter) groupKeys(list []*pg_query.Node) []Expr {
	out := make([]Expr, 0, len(list))
	for _, n := range list {
		out = append(out, c.sortable(n))
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// sortable converts an expression whose bare constants must stay constants.
func (c *converter) sortable(n *pg_query.Node) Expr {
	if n.GetAConst() != nil || n.GetGroupingSet() != nil {
		c.keep++
		defer func() { c.keep-- }()
	}
	return c.expr(n)
}

func (c *converter) targets(list []*pg_query.Node) []Target {
	if len(list) == 0 {
		return nil
	}
	out := make([]Target, 0, len(list))
	for _, n := range list {
		t := n.GetResTarget()
		out = append(out, Target{
			At: At(t.Location), Name: t.Name, Steps: c.steps(t.Indirection), Expr: c.expr(t.Val),
		})
	}
	return out
}

func (c *converter) orderBy(list []*pg_query.Node, ordinals bool) []OrderItem {
	if len(list) == 0 {
		return nil
	}
	out := make([]OrderItem, 0, len(list))
	for _, n := range list {
		s := n.GetSortBy()
		item := OrderItem{Desc: s.SortbyDir == pg_query.SortByDir_SORTBY_DESC, Nulls: nulls(s.SortbyNulls)}
		if ordinals {
			item.Expr = c.sortable(s.Node)
		} else {
			item.Expr = c.expr(s.Node)
		}
		if s.SortbyDir == pg_query.SortByDir_SORTBY_USING {
			names := strs(s.UseOp)
			item.Using = names[len(names)-1]
		}
		out = append(out, item)
	}
	return out
}

func nulls(n pg_query.SortByNulls) byte {
	switch n {
	case pg_query.SortByNulls_SORTBY_NULLS_FIRST:
		return 'f'
	case pg_query.SortByNulls_SORTBY_NULLS_LAST:
		return 'l'
	}
	return 0
}

func (c *converter) from(list []*pg_query.Node) []TableExpr {
	if len(list) == 0 {
		return nil
	}
	out := make([]TableExpr, 0, len(list))
	for _, n := range list {
		out = append(out, c.tableExpr(n))
	}
	return out
}

var joinKinds = map[pg_query.JoinType]JoinKind{
	pg_query.JoinType_JOIN_INNER: JoinInner,
	pg_query.JoinType_JOIN_LEFT:  JoinLeft,
	pg_query.JoinType_JOIN_RIGHT: JoinRight,
	pg_query.JoinType_JOIN_FULL:  JoinFull,
}

func (c *converter) tableExpr(n *pg_query.Node) TableExpr {
	defer c.leave()
	if !c.enter() {
		return nil
	}
	switch v := n.Node.(type) {
	case *pg_query.Node_RangeVar:
		return c.tableName(v.RangeVar)
	case *pg_query.Node_JoinExpr:
		j := v.JoinExpr
		out := &Join{
			At: -1, Kind: joinKinds[j.Jointype], Natural: j.IsNatural, Left: c.tableExpr(j.Larg),
			Right: c.tableExpr(j.Rarg), Using: strs(j.UsingClause), On: c.expr(j.Quals), Alias: alias(j.Alias),
		}
		if j.JoinUsingAlias != nil {
			out.UsingAlias = j.JoinUsingAlias.Aliasname
		}
		if out.Kind == JoinInner && !out.Natural && out.Using == nil && out.On == nil {
			out.Kind = JoinCross
		}
		return out
	case *pg_query.Node_RangeSubselect:
		sel := v.RangeSubselect.Subquery.GetSelectStmt()
		return &SubqueryTable{
			At: -1, Lateral: v.RangeSubselect.Lateral, Query: c.selectStmt(sel), Alias: alias(v.RangeSubselect.Alias),
		}
	case *pg_query.Node_RangeFunction:
		return c.funcTable(v.RangeFunction)
	case *pg_query.Node_RangeTableSample:
		c.unsupported(v.RangeTableSample.Location, "TABLESAMPLE")
	case *pg_query.Node_RangeTableFunc:
		c.unsupported(v.RangeTableFunc.Location, "XMLTABLE")
	default:
		c.unsupported(-1, "%s in FROM", featureOf(n))
	}
	return nil
}

func (c *converter) funcTable(v *pg_query.RangeFunction) TableExpr {
	out := &FuncTable{
		At: -1, Lateral: v.Lateral, Ordinality: v.Ordinality, RowsFrom: v.IsRowsfrom,
		Alias: alias(v.Alias), Cols: c.columnDefs(v.Coldeflist),
	}
	for _, f := range v.Functions {
		items := f.GetList().GetItems()
		if len(items) == 0 {
			continue
		}
		tf := TableFunc{Call: c.expr(items[0])}
		if len(items) > 1 && items[1].GetList() != nil {
			tf.Cols = c.columnDefs(items[1].GetList().Items)
		}
		if tf.Call != nil && out.At < 0 {
			out.At = At(tf.Call.Pos())
		}
		out.Funcs = append(out.Funcs, tf)
	}
	return out
}

func (c *converter) columnDefs(list []*pg_query.Node) []ColumnDef {
	if len(list) == 0 {
		return nil
	}
	out := make([]ColumnDef, 0, len(list))
	for _, n := range list {
		if d := n.GetColumnDef(); d != nil {
			out = append(out, *c.columnDef(d))
		}
	}
	return out
}

func (c *converter) with(v *pg_query.WithClause) *With {
	if v == nil {
		return nil
	}
	out := &With{Recursive: v.Recursive}
	for _, n := range v.Ctes {
		e := n.GetCommonTableExpr()
		if e.SearchClause != nil || e.CycleClause != nil {
			c.unsupported(e.Location, "SEARCH and CYCLE in WITH")
		}
		cte := &CTE{At: At(e.Location), Name: e.Ctename, Cols: strs(e.Aliascolnames), Materialized: 'd'}
		switch e.Ctematerialized {
		case pg_query.CTEMaterialize_CTEMaterializeAlways:
			cte.Materialized = 'm'
		case pg_query.CTEMaterialize_CTEMaterializeNever:
			cte.Materialized = 'n'
		}
		cte.Query = c.dataNode(e.Ctequery)
		if u, ok := cte.Query.(*Unsupported); ok {
			c.unsupported(e.Location, "%s in WITH", u.Feature)
		}
		out.CTEs = append(out.CTEs, cte)
	}
	return out
}

// Bits of WindowDef.FrameOptions.
const (
	frameNonDefault = 1 << iota
	frameRange
	frameRows
	frameGroups
	frameBetween
	frameStartUnboundedPreceding
	frameEndUnboundedPreceding
	frameStartUnboundedFollowing
	frameEndUnboundedFollowing
	frameStartCurrentRow
	frameEndCurrentRow
	frameStartOffsetPreceding
	frameEndOffsetPreceding
	frameStartOffsetFollowing
	frameEndOffsetFollowing
	frameExcludeCurrentRow
	frameExcludeGroup
	frameExcludeTies
)

func (c *converter) window(v *pg_query.WindowDef) *Window {
	if v == nil {
		return nil
	}
	w := &Window{
		At: At(v.Location), Name: v.Name, Ref: v.Refname,
		Partition: c.exprs(v.PartitionClause), OrderBy: c.orderBy(v.OrderClause, false),
	}
	o := v.FrameOptions
	if o&frameNonDefault == 0 {
		return w
	}
	f := &Frame{Mode: 'r', Between: o&frameBetween != 0, StartOff: c.expr(v.StartOffset), EndOff: c.expr(v.EndOffset)}
	switch {
	case o&frameRows != 0:
		f.Mode = 'o'
	case o&frameGroups != 0:
		f.Mode = 'g'
	}
	f.Start = frameBound(o, frameStartUnboundedPreceding, frameStartOffsetPreceding, frameStartCurrentRow,
		frameStartOffsetFollowing)
	f.End = frameBound(o, frameEndUnboundedPreceding, frameEndOffsetPreceding, frameEndCurrentRow,
		frameEndOffsetFollowing)
	switch {
	case o&frameExcludeCurrentRow != 0:
		f.Exclude = 'c'
	case o&frameExcludeGroup != 0:
		f.Exclude = 'g'
	case o&frameExcludeTies != 0:
		f.Exclude = 't'
	}
	w.Frame = f
	return w
}

func frameBound(o, unboundedPreceding, preceding, current, following int32) FrameBound {
	switch {
	case o&unboundedPreceding != 0:
		return UnboundedPreceding
	case o&preceding != 0:
		return OffsetPreceding
	case o&current != 0:
		return CurrentRow
	case o&following != 0:
		return OffsetFollowing
	}
	return UnboundedFollowing
}

func (c *converter) locks(list []*pg_query.Node) []Lock {
	var out []Lock
	for _, n := range list {
		v := n.GetLockingClause()
		l := Lock{
			NoWait: v.WaitPolicy == pg_query.LockWaitPolicy_LockWaitError,
			Skip:   v.WaitPolicy == pg_query.LockWaitPolicy_LockWaitSkip,
		}
		switch v.Strength {
		case pg_query.LockClauseStrength_LCS_FORUPDATE:
			l.Strength = 'u'
		case pg_query.LockClauseStrength_LCS_FORNOKEYUPDATE:
			l.Strength = 'n'
		case pg_query.LockClauseStrength_LCS_FORSHARE:
			l.Strength = 's'
		default:
			l.Strength = 'k'
		}
		for _, r := range v.LockedRels {
			l.Tables = append(l.Tables, c.tableName(r.GetRangeVar()))
		}
		out = append(out, l)
	}
	return out
}

func (c *converter) insertStmt(v *pg_query.InsertStmt) *Insert {
	s := &Insert{
		With: c.with(v.WithClause), Table: c.tableName(v.Relation), Cols: c.targets(v.Cols),
		Returning: c.targets(v.ReturningList),
	}
	if v.SelectStmt != nil {
		s.Query = c.selectStmt(v.SelectStmt.GetSelectStmt())
	}
	switch v.Override {
	case pg_query.OverridingKind_OVERRIDING_USER_VALUE:
		s.Override = 'u'
	case pg_query.OverridingKind_OVERRIDING_SYSTEM_VALUE:
		s.Override = 's'
	}
	if o := v.OnConflictClause; o != nil {
		s.OnConflict = &OnConflict{
			At: At(o.Location), Update: o.Action == pg_query.OnConflictAction_ONCONFLICT_UPDATE,
			Set: c.targets(o.TargetList), Where: c.expr(o.WhereClause),
		}
		if o.Infer != nil {
			s.OnConflict.Target = c.indexElems(o.Infer.IndexElems)
			c.keep++ // the predicate is compared with those of indexes
			s.OnConflict.TargetPred = c.expr(o.Infer.WhereClause)
			c.keep--
			s.OnConflict.Constraint = o.Infer.Conname
		}
	}
	return s
}

func (c *converter) updateStmt(v *pg_query.UpdateStmt) *Update {
	return &Update{
		With: c.with(v.WithClause), Table: c.tableName(v.Relation), Set: c.targets(v.TargetList),
		From: c.from(v.FromClause), Where: c.expr(v.WhereClause), Returning: c.targets(v.ReturningList),
	}
}

func (c *converter) deleteStmt(v *pg_query.DeleteStmt) *Delete {
	return &Delete{
		With: c.with(v.WithClause), Table: c.tableName(v.Relation), Using: c.from(v.UsingClause),
		Where: c.expr(v.WhereClause), Returning: c.targets(v.ReturningList),
	}
}
