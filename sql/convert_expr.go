package sql

import (
	"fmt"
	"strconv"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/vecdb/vecdb/sql/pgerr"
)

func typeName(v any) string { return fmt.Sprintf("%T", v) }

func (c *converter) exprs(list []*pg_query.Node) []Expr {
	if len(list) == 0 {
		return nil
	}
	out := make([]Expr, 0, len(list))
	for _, n := range list {
		out = append(out, c.expr(n))
	}
	return out
}

// expr converts an expression; nil stays nil.
func (c *converter) expr(n *pg_query.Node) Expr {
	if n == nil || n.Node == nil {
		return nil
	}
	defer c.leave()
	if !c.enter() {
		return nil
	}
	switch v := n.Node.(type) {
	case *pg_query.Node_ColumnRef:
		return columnRef(v.ColumnRef)
	case *pg_query.Node_AConst:
		return c.constant(v.AConst)
	case *pg_query.Node_ParamRef:
		n, at := int(v.ParamRef.Number), At(v.ParamRef.Location)
		if n > ParamsMax {
			c.fail(pgerr.New("42P02", "there is no parameter $%d", n).At(int(at)))
			n = 0
		}
		c.params = max(c.params, n)
		return &Param{At: at, N: n}
	case *pg_query.Node_AExpr:
		return c.aExpr(v.AExpr)
	case *pg_query.Node_FuncCall:
		return c.funcCall(v.FuncCall)
	case *pg_query.Node_TypeCast:
		t := c.typeName(v.TypeCast.TypeName)
		return &Cast{At: At(v.TypeCast.Location), Arg: c.expr(v.TypeCast.Arg), Type: t}
	case *pg_query.Node_BoolExpr:
		return c.boolExpr(v.BoolExpr)
	case *pg_query.Node_SubLink:
		return c.subLink(v.SubLink)
	case *pg_query.Node_AIndirection:
		arg := c.expr(v.AIndirection.Arg)
		if arg == nil {
			return nil
		}
		return &Indirection{At: At(arg.Pos()), Arg: arg, Steps: c.steps(v.AIndirection.Indirection)}
	default:
		return c.rareExpr(n)
	}
}

// rareExpr converts the expressions that are not in every statement.
func (c *converter) rareExpr(n *pg_query.Node) Expr {
	switch v := n.Node.(type) {
	case *pg_query.Node_CaseExpr:
		e := &Case{At: At(v.CaseExpr.Location), Arg: c.expr(v.CaseExpr.Arg), Else: c.expr(v.CaseExpr.Defresult)}
		for _, w := range v.CaseExpr.Args {
			cw := w.GetCaseWhen()
			e.Whens = append(e.Whens, When{At: At(cw.Location), Cond: c.expr(cw.Expr), Result: c.expr(cw.Result)})
		}
		return e
	case *pg_query.Node_CoalesceExpr:
		return &Coalesce{At: At(v.CoalesceExpr.Location), Args: c.exprs(v.CoalesceExpr.Args)}
	case *pg_query.Node_MinMaxExpr:
		return &MinMax{
			At: At(v.MinMaxExpr.Location), Args: c.exprs(v.MinMaxExpr.Args),
			Greatest: v.MinMaxExpr.Op == pg_query.MinMaxOp_IS_GREATEST,
		}
	case *pg_query.Node_NullTest:
		return &IsNull{
			At: At(v.NullTest.Location), Arg: c.expr(v.NullTest.Arg),
			Not: v.NullTest.Nulltesttype == pg_query.NullTestType_IS_NOT_NULL,
		}
	case *pg_query.Node_BooleanTest:
		return c.boolTest(v.BooleanTest)
	case *pg_query.Node_SqlvalueFunction:
		f := v.SqlvalueFunction
		return &ValueFunc{At: At(f.Location), Name: valueFuncs[f.Op], Mod: f.Typmod}
	case *pg_query.Node_RowExpr:
		return &Row{
			At: At(v.RowExpr.Location), Fields: c.exprs(v.RowExpr.Args),
			Explicit: v.RowExpr.RowFormat == pg_query.CoercionForm_COERCE_EXPLICIT_CALL,
		}
	case *pg_query.Node_AArrayExpr:
		return &Array{At: At(v.AArrayExpr.Location), Elems: c.exprs(v.AArrayExpr.Elements)}
	case *pg_query.Node_NamedArgExpr:
		return &NamedArg{At: At(v.NamedArgExpr.Location), Name: v.NamedArgExpr.Name, Arg: c.expr(v.NamedArgExpr.Arg)}
	case *pg_query.Node_CollateClause:
		return &Collate{At: At(v.CollateClause.Location), Arg: c.expr(v.CollateClause.Arg), Names: strs(v.CollateClause.Collname)}
	case *pg_query.Node_SetToDefault:
		return &Default{At: At(v.SetToDefault.Location)}
	case *pg_query.Node_GroupingFunc:
		return &Grouping{At: At(v.GroupingFunc.Location), Args: c.exprs(v.GroupingFunc.Args)}
	case *pg_query.Node_GroupingSet:
		return c.groupingSet(v.GroupingSet)
	case *pg_query.Node_MultiAssignRef:
		m := v.MultiAssignRef
		return &MultiAssign{At: -1, Source: c.expr(m.Source), N: int(m.Colno), Count: int(m.Ncolumns)}
	case *pg_query.Node_CurrentOfExpr:
		return &CurrentOf{At: -1, Cursor: v.CurrentOfExpr.CursorName}
	case *pg_query.Node_List:
		return &Row{At: -1, Fields: c.exprs(v.List.Items)}
	case *pg_query.Node_XmlExpr, *pg_query.Node_XmlSerialize:
		c.unsupported(-1, "XML")
	case *pg_query.Node_JsonObjectConstructor, *pg_query.Node_JsonArrayConstructor,
		*pg_query.Node_JsonArrayQueryConstructor, *pg_query.Node_JsonObjectAgg,
		*pg_query.Node_JsonArrayAgg, *pg_query.Node_JsonIsPredicate:
		c.unsupported(-1, "SQL/JSON constructor syntax")
	default:
		c.unsupported(-1, "expression %s", featureOf(n))
	}
	return nil
}

func columnRef(v *pg_query.ColumnRef) Expr {
	r := &ColumnRef{At: At(v.Location), Names: make([]string, 0, len(v.Fields))}
	for _, f := range v.Fields {
		if f.GetAStar() != nil {
			r.Star = true
			break
		}
		r.Names = append(r.Names, f.GetString_().GetSval())
	}
	return r
}

func (c *converter) constant(v *pg_query.A_Const) Expr {
	at := At(v.Location)
	if v.Isnull {
		return &Literal{At: at, Kind: LitNull}
	}
	if c.lits != nil && c.keep == 0 {
		if p := c.lits.take(c.query, int(v.Location), v); p != nil {
			c.params = max(c.params, p.N)
			return p
		}
	}
	switch k := v.Val.(type) {
	case *pg_query.A_Const_Ival:
		return &Literal{At: at, Kind: LitInt, Text: strconv.Itoa(int(k.Ival.Ival))}
	case *pg_query.A_Const_Fval:
		return &Literal{At: at, Kind: LitNumber, Text: k.Fval.Fval}
	case *pg_query.A_Const_Sval:
		return &Literal{At: at, Kind: LitString, Text: k.Sval.Sval}
	case *pg_query.A_Const_Bsval:
		return &Literal{At: at, Kind: LitBit, Text: k.Bsval.Bsval}
	case *pg_query.A_Const_Boolval:
		if k.Boolval.Boolval {
			return &Literal{At: at, Kind: LitBool, Text: "t"}
		}
		return &Literal{At: at, Kind: LitBool, Text: "f"}
	}
	return &Literal{At: at, Kind: LitNull}
}

func (c *converter) aExpr(v *pg_query.A_Expr) Expr {
	at := At(v.Location)
	schema, name := "", ""
	if names := strs(v.Name); len(names) > 0 {
		name = names[len(names)-1]
		if len(names) > 1 {
			schema = names[len(names)-2]
		}
	}
	list := func() []Expr { return c.exprs(v.Rexpr.GetList().GetItems()) }
	switch v.Kind {
	case pg_query.A_Expr_Kind_AEXPR_OP:
		return &Op{At: at, Schema: schema, Name: name, Left: c.expr(v.Lexpr), Right: c.expr(v.Rexpr)}
	case pg_query.A_Expr_Kind_AEXPR_OP_ANY, pg_query.A_Expr_Kind_AEXPR_OP_ALL:
		return &OpAnyAll{
			At: at, Schema: schema, Name: name, Left: c.expr(v.Lexpr), Right: c.expr(v.Rexpr),
			All: v.Kind == pg_query.A_Expr_Kind_AEXPR_OP_ALL,
		}
	case pg_query.A_Expr_Kind_AEXPR_DISTINCT, pg_query.A_Expr_Kind_AEXPR_NOT_DISTINCT:
		return &IsDistinct{
			At: at, Left: c.expr(v.Lexpr), Right: c.expr(v.Rexpr),
			Not: v.Kind == pg_query.A_Expr_Kind_AEXPR_NOT_DISTINCT,
		}
	case pg_query.A_Expr_Kind_AEXPR_NULLIF:
		return &NullIf{At: at, Left: c.expr(v.Lexpr), Right: c.expr(v.Rexpr)}
	case pg_query.A_Expr_Kind_AEXPR_IN:
		return &In{At: at, Not: name == "<>", Left: c.expr(v.Lexpr), List: list()}
	case pg_query.A_Expr_Kind_AEXPR_LIKE:
		return &Like{At: at, Kind: LikePlain, Name: name, Left: c.expr(v.Lexpr), Right: c.expr(v.Rexpr)}
	case pg_query.A_Expr_Kind_AEXPR_ILIKE:
		return &Like{At: at, Kind: LikeFold, Name: name, Left: c.expr(v.Lexpr), Right: c.expr(v.Rexpr)}
	case pg_query.A_Expr_Kind_AEXPR_SIMILAR:
		return &Like{At: at, Kind: LikeSimilar, Name: name, Left: c.expr(v.Lexpr), Right: c.expr(v.Rexpr)}
	default:
		args := list()
		if len(args) != 2 {
			c.unsupported(v.Location, "this form of BETWEEN")
			return nil
		}
		k := v.Kind
		return &Between{
			At: at, Arg: c.expr(v.Lexpr), Low: args[0], High: args[1],
			Not: k == pg_query.A_Expr_Kind_AEXPR_NOT_BETWEEN || k == pg_query.A_Expr_Kind_AEXPR_NOT_BETWEEN_SYM,
			Symmetric: k == pg_query.A_Expr_Kind_AEXPR_BETWEEN_SYM ||
				k == pg_query.A_Expr_Kind_AEXPR_NOT_BETWEEN_SYM,
		}
	}
}

func (c *converter) boolExpr(v *pg_query.BoolExpr) Expr {
	kinds := map[pg_query.BoolExprType]BoolKind{
		pg_query.BoolExprType_AND_EXPR: BoolAnd, pg_query.BoolExprType_OR_EXPR: BoolOr,
		pg_query.BoolExprType_NOT_EXPR: BoolNot,
	}
	return &BoolOp{At: At(v.Location), Kind: kinds[v.Boolop], Args: c.exprs(v.Args)}
}

func (c *converter) boolTest(v *pg_query.BooleanTest) Expr {
	e := &BoolTest{At: At(v.Location), Arg: c.expr(v.Arg)}
	switch v.Booltesttype {
	case pg_query.BoolTestType_IS_TRUE:
		e.Want = 't'
	case pg_query.BoolTestType_IS_NOT_TRUE:
		e.Want, e.Not = 't', true
	case pg_query.BoolTestType_IS_FALSE:
		e.Want = 'f'
	case pg_query.BoolTestType_IS_NOT_FALSE:
		e.Want, e.Not = 'f', true
	case pg_query.BoolTestType_IS_UNKNOWN:
		e.Want = 'u'
	default:
		e.Want, e.Not = 'u', true
	}
	return e
}

var valueFuncs = map[pg_query.SQLValueFunctionOp]string{
	pg_query.SQLValueFunctionOp_SVFOP_CURRENT_DATE:        "CURRENT_DATE",
	pg_query.SQLValueFunctionOp_SVFOP_CURRENT_TIME:        "CURRENT_TIME",
	pg_query.SQLValueFunctionOp_SVFOP_CURRENT_TIME_N:      "CURRENT_TIME",
	pg_query.SQLValueFunctionOp_SVFOP_CURRENT_TIMESTAMP:   "CURRENT_TIMESTAMP",
	pg_query.SQLValueFunctionOp_SVFOP_CURRENT_TIMESTAMP_N: "CURRENT_TIMESTAMP",
	pg_query.SQLValueFunctionOp_SVFOP_LOCALTIME:           "LOCALTIME",
	pg_query.SQLValueFunctionOp_SVFOP_LOCALTIME_N:         "LOCALTIME",
	pg_query.SQLValueFunctionOp_SVFOP_LOCALTIMESTAMP:      "LOCALTIMESTAMP",
	pg_query.SQLValueFunctionOp_SVFOP_LOCALTIMESTAMP_N:    "LOCALTIMESTAMP",
	pg_query.SQLValueFunctionOp_SVFOP_CURRENT_ROLE:        "CURRENT_ROLE",
	pg_query.SQLValueFunctionOp_SVFOP_CURRENT_USER:        "CURRENT_USER",
	pg_query.SQLValueFunctionOp_SVFOP_USER:                "USER",
	pg_query.SQLValueFunctionOp_SVFOP_SESSION_USER:        "SESSION_USER",
	pg_query.SQLValueFunctionOp_SVFOP_CURRENT_CATALOG:     "CURRENT_CATALOG",
	pg_query.SQLValueFunctionOp_SVFOP_CURRENT_SCHEMA:      "CURRENT_SCHEMA",
}

func (c *converter) funcCall(v *pg_query.FuncCall) Expr {
	return &Func{
		At: At(v.Location), Names: strs(v.Funcname), Args: c.exprs(v.Args),
		Star: v.AggStar, Distinct: v.AggDistinct, Variadic: v.FuncVariadic,
		OrderBy: c.orderBy(v.AggOrder, false), Within: v.AggWithinGroup,
		Filter: c.expr(v.AggFilter), Over: c.window(v.Over),
		SQLSyntax: v.Funcformat == pg_query.CoercionForm_COERCE_SQL_SYNTAX,
	}
}

func (c *converter) subLink(v *pg_query.SubLink) Expr {
	sel := v.Subselect.GetSelectStmt()
	if sel == nil {
		c.unsupported(v.Location, "this form of subquery")
		return nil
	}
	e := &Subquery{At: At(v.Location), Test: c.expr(v.Testexpr), Query: c.selectStmt(sel), Op: "="}
	if names := strs(v.OperName); len(names) > 0 {
		e.Op = names[len(names)-1]
	}
	switch v.SubLinkType {
	case pg_query.SubLinkType_EXISTS_SUBLINK:
		e.Kind = SubExists
	case pg_query.SubLinkType_ALL_SUBLINK:
		e.Kind = SubAll
	case pg_query.SubLinkType_ANY_SUBLINK:
		e.Kind = SubAny
	case pg_query.SubLinkType_EXPR_SUBLINK:
		e.Kind = SubScalar
	case pg_query.SubLinkType_ARRAY_SUBLINK:
		e.Kind = SubArray
	default:
		c.unsupported(v.Location, "this form of subquery")
	}
	return e
}

func (c *converter) steps(list []*pg_query.Node) []Step {
	if len(list) == 0 {
		return nil
	}
	out := make([]Step, 0, len(list))
	for _, n := range list {
		switch v := n.Node.(type) {
		case *pg_query.Node_String_:
			out = append(out, Step{Field: v.String_.Sval})
		case *pg_query.Node_AStar:
			out = append(out, Step{Star: true})
		case *pg_query.Node_AIndices:
			out = append(out, Step{
				Slice: v.AIndices.IsSlice, Lower: c.expr(v.AIndices.Lidx), Upper: c.expr(v.AIndices.Uidx),
			})
		}
	}
	return out
}

func (c *converter) typeName(t *pg_query.TypeName) *TypeName {
	if t == nil {
		return nil
	}
	if t.PctType {
		c.unsupported(t.Location, "%%TYPE")
	}
	c.keep++
	defer func() { c.keep-- }()
	return &TypeName{
		At: At(t.Location), Names: strs(t.Names), Mods: c.exprs(t.Typmods),
		Dims: len(t.ArrayBounds), SetOf: t.Setof,
	}
}

func (c *converter) groupingSet(v *pg_query.GroupingSet) Expr {
	e := &GroupSet{At: At(v.Location), Args: c.exprs(v.Content)}
	switch v.Kind {
	case pg_query.GroupingSetKind_GROUPING_SET_ROLLUP:
		e.Kind = GroupRollup
	case pg_query.GroupingSetKind_GROUPING_SET_CUBE:
		e.Kind = GroupCube
	case pg_query.GroupingSetKind_GROUPING_SET_SETS:
		e.Kind = GroupSets
	default:
		e.Kind = GroupEmpty
	}
	return e
}
