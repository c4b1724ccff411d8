package sql

import (
	"strings"

	"github.com/jackc/pgerrcode"
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// utilityNode converts everything that is neither data nor definition; nil when n is none of it.
func (c *converter) utilityNode(n *pg_query.Node) Node {
	switch v := n.Node.(type) {
	case *pg_query.Node_TransactionStmt:
		return c.transaction(v.TransactionStmt)
	case *pg_query.Node_VariableSetStmt:
		return c.setStmt(v.VariableSetStmt)
	case *pg_query.Node_VariableShowStmt:
		return &Show{Name: v.VariableShowStmt.Name}
	case *pg_query.Node_ConstraintsSetStmt:
		s := &SetConstraints{Deferred: v.ConstraintsSetStmt.Deferred}
		for _, r := range v.ConstraintsSetStmt.Constraints {
			s.Names = append(s.Names, c.tableName(r.GetRangeVar()))
		}
		return s
	case *pg_query.Node_ExplainStmt:
		return &Explain{Query: c.node(v.ExplainStmt.Query), Options: c.options(v.ExplainStmt.Options)}
	case *pg_query.Node_CopyStmt:
		return c.copyStmt(v.CopyStmt)
	case *pg_query.Node_DiscardStmt:
		name := strings.TrimPrefix(v.DiscardStmt.Target.String(), "DISCARD_")
		return &Discard{What: name}
	case *pg_query.Node_ListenStmt:
		return &Listen{Channel: v.ListenStmt.Conditionname}
	case *pg_query.Node_UnlistenStmt:
		return &Unlisten{Channel: v.UnlistenStmt.Conditionname}
	case *pg_query.Node_NotifyStmt:
		return &Notify{Channel: v.NotifyStmt.Conditionname, Payload: v.NotifyStmt.Payload}
	case *pg_query.Node_DoStmt:
		return &Unsupported{Feature: "DO"}
	case *pg_query.Node_CallStmt:
		return &Unsupported{Feature: "CALL"}
	}
	if s := c.cursorNode(n); s != nil {
		return s
	}
	return c.upkeepNode(n)
}

// cursorNode converts prepared statements and cursors.
func (c *converter) cursorNode(n *pg_query.Node) Node {
	switch v := n.Node.(type) {
	case *pg_query.Node_PrepareStmt:
		return c.prepare(v.PrepareStmt)
	case *pg_query.Node_ExecuteStmt:
		return &Execute{Name: v.ExecuteStmt.Name, Args: c.exprs(v.ExecuteStmt.Params)}
	case *pg_query.Node_DeallocateStmt:
		return &Deallocate{Name: v.DeallocateStmt.Name}
	case *pg_query.Node_DeclareCursorStmt:
		d := v.DeclareCursorStmt
		return &DeclareCursor{
			Name: d.Portalname, Query: c.selectStmt(d.Query.GetSelectStmt()), Binary: d.Options&1 != 0,
			Scroll: d.Options&2 != 0, NoScroll: d.Options&4 != 0, Insensitive: d.Options&8 != 0, Asensitive: d.Options&0x10 != 0,
			Hold: d.Options&0x20 != 0,
		}
	case *pg_query.Node_FetchStmt:
		dirs := map[pg_query.FetchDirection]FetchDirection{
			pg_query.FetchDirection_FETCH_FORWARD:  FetchForward,
			pg_query.FetchDirection_FETCH_BACKWARD: FetchBackward,
			pg_query.FetchDirection_FETCH_ABSOLUTE: FetchAbsolute,
			pg_query.FetchDirection_FETCH_RELATIVE: FetchRelative,
		}
		f := v.FetchStmt
		return &Fetch{Cursor: f.Portalname, Direction: dirs[f.Direction], Count: f.HowMany, Move: f.Ismove}
	case *pg_query.Node_ClosePortalStmt:
		return &CloseCursor{Name: v.ClosePortalStmt.Portalname}
	}
	return nil
}

// prepare converts PREPARE; the statement inside counts its own parameters.
func (c *converter) prepare(v *pg_query.PrepareStmt) Node {
	s := &Prepare{Name: v.Name}
	for _, t := range v.Argtypes {
		s.Types = append(s.Types, c.typeName(t.GetTypeName()))
	}
	outer := c.params
	c.params = 0
	s.Query = Statement{Node: c.node(v.Query), Params: c.params}
	c.params = outer
	// The text runs from the first keyword after AS to the end; it serves only pg_prepared_statements.
	s.Query.Text = c.query
	return s
}

// upkeepNode converts VACUUM and its kin.
func (c *converter) upkeepNode(n *pg_query.Node) Node {
	switch v := n.Node.(type) {
	case *pg_query.Node_VacuumStmt:
		s := &Vacuum{Vacuum: v.VacuumStmt.IsVacuumcmd, Options: c.options(v.VacuumStmt.Options)}
		for _, r := range v.VacuumStmt.Rels {
			vr := r.GetVacuumRelation()
			s.Tables = append(s.Tables, VacuumTable{Table: c.tableName(vr.Relation), Cols: strs(vr.VaCols)})
		}
		return s
	case *pg_query.Node_ReindexStmt:
		r := v.ReindexStmt
		return &Reindex{
			Kind: strings.TrimPrefix(r.Kind.String(), "REINDEX_OBJECT_"), Table: c.tableName(r.Relation),
			Name: r.Name, Options: c.options(r.Params),
		}
	case *pg_query.Node_ClusterStmt:
		return &Cluster{Table: c.tableName(v.ClusterStmt.Relation), Index: v.ClusterStmt.Indexname}
	case *pg_query.Node_CheckPointStmt:
		return &Checkpoint{}
	case *pg_query.Node_LockStmt:
		s := &LockTable{Mode: int(v.LockStmt.Mode), NoWait: v.LockStmt.Nowait}
		for _, r := range v.LockStmt.Relations {
			s.Tables = append(s.Tables, c.tableName(r.GetRangeVar()))
		}
		return s
	}
	return nil
}

func (c *converter) transaction(v *pg_query.TransactionStmt) Node {
	switch v.Kind {
	case pg_query.TransactionStmtKind_TRANS_STMT_BEGIN:
		return &Begin{Options: c.txOptions(v.Options)}
	case pg_query.TransactionStmtKind_TRANS_STMT_START:
		return &Begin{Options: c.txOptions(v.Options), Start: true}
	case pg_query.TransactionStmtKind_TRANS_STMT_COMMIT:
		return &Commit{Chain: v.Chain}
	case pg_query.TransactionStmtKind_TRANS_STMT_ROLLBACK:
		return &Rollback{Chain: v.Chain}
	case pg_query.TransactionStmtKind_TRANS_STMT_SAVEPOINT:
		return &Savepoint{Name: v.SavepointName}
	case pg_query.TransactionStmtKind_TRANS_STMT_RELEASE:
		return &Release{Name: v.SavepointName}
	case pg_query.TransactionStmtKind_TRANS_STMT_ROLLBACK_TO:
		return &RollbackTo{Name: v.SavepointName}
	case pg_query.TransactionStmtKind_TRANS_STMT_PREPARE:
		return &Unsupported{Feature: "PREPARE TRANSACTION", Err: pgerr.New("55000", "prepared transactions are disabled").
			Hint("Set max_prepared_transactions to a nonzero value.")}
	case pg_query.TransactionStmtKind_TRANS_STMT_COMMIT_PREPARED:
		return notPrepared("COMMIT PREPARED", v.Gid)
	}
	return notPrepared("ROLLBACK PREPARED", v.Gid)
}

// notPrepared is the end of a prepared transaction: since none can be prepared, there is none.
func notPrepared(feature, id string) Node {
	return &Unsupported{Feature: feature, Err: pgerr.New("42704", "prepared transaction with identifier %q does not exist", id)}
}

func (c *converter) txOptions(list []*pg_query.Node) TxOptions {
	var out TxOptions
	for _, o := range c.options(list) {
		on := o.Value != "0"
		switch o.Name {
		case "transaction_isolation":
			out.Isolation = strings.ToLower(o.Value)
		case "transaction_read_only":
			out.ReadOnly = &on
		case "transaction_deferrable":
			out.Deferrable = &on
		}
	}
	return out
}

// setStmt converts SET, where SET TRANSACTION has a node of its own.
func (c *converter) setStmt(v *pg_query.VariableSetStmt) Node {
	if v.Kind == pg_query.VariableSetKind_VAR_SET_MULTI {
		switch v.Name {
		case "TRANSACTION":
			return &SetTransaction{Options: c.txOptions(v.Args)}
		case "SESSION CHARACTERISTICS":
			return &SetTransaction{Session: true, Options: c.txOptions(v.Args)}
		}
		return &Unsupported{Feature: "SET " + v.Name}
	}
	return c.set(v)
}

func (c *converter) set(v *pg_query.VariableSetStmt) *Set {
	kinds := map[pg_query.VariableSetKind]SetKind{
		pg_query.VariableSetKind_VAR_SET_VALUE:   SetValue,
		pg_query.VariableSetKind_VAR_SET_DEFAULT: SetDefault,
		pg_query.VariableSetKind_VAR_SET_CURRENT: SetFromCurrent,
		pg_query.VariableSetKind_VAR_RESET:       Reset,
		pg_query.VariableSetKind_VAR_RESET_ALL:   ResetAll,
	}
	s := &Set{Kind: kinds[v.Kind], Name: v.Name, Local: v.IsLocal}
	for _, a := range v.Args {
		if cast := a.GetTypeCast(); cast != nil && v.Name == "timezone" {
			s.Args = append(s.Args, SetArg{Text: c.zoneOf(cast)})
			continue
		}
		k := a.GetAConst()
		s.Args = append(s.Args, SetArg{
			Text: c.valueText(a), Number: k.GetIval() != nil || k.GetFval() != nil,
		})
	}
	return s
}

// zoneOf is the zone that SET TIME ZONE INTERVAL '...' names: so far east of UTC.
func (c *converter) zoneOf(v *pg_query.TypeCast) string {
	mods := make([]int32, 0, len(v.TypeName.Typmods))
	for _, m := range v.TypeName.Typmods {
		mods = append(mods, m.GetAConst().GetIval().GetIval())
	}
	typ := types.Lookup(types.IntervalOID)
	mod := int32(-1)
	var err error
	if len(mods) > 0 {
		mod, err = typ.ModIn(mods)
	}
	var d types.Datum
	if err == nil {
		d, err = typ.Parse(c.valueText(v.Arg), mod, &types.Session{})
	}
	if err != nil {
		c.fail(err)
		return ""
	}
	east := types.DecodeInterval(d.S)
	why := ""
	switch {
	case east.Months != 0:
		why = "Cannot specify months in time zone interval."
	case east.Days != 0:
		why = "Cannot specify days in time zone interval."
	case max(east.Micros, -east.Micros) >= zoneMicrosMax:
		why = "UTC timezone offset is out of range."
	}
	if why != "" {
		c.fail(pgerr.New(pgerrcode.InvalidParameterValue, "invalid value for parameter \"TimeZone\": \"INTERVAL '%s'\"",
			typ.Format(nil, d, &types.Session{})).Detail("%s", why))
	}
	return types.FixedZone(int(east.Micros / 1e6)).Name
}

// zoneMicrosMax is how far from UTC a zone may not be: PostgreSQL's MAX_TZDISP_HOUR and one more.
const zoneMicrosMax = 168 * 3600 * 1e6

func (c *converter) copyStmt(v *pg_query.CopyStmt) Node {
	s := &Copy{
		Table: c.tableName(v.Relation), Cols: strs(v.Attlist), From: v.IsFrom, Program: v.IsProgram,
		File: v.Filename, Options: c.options(v.Options), Where: c.expr(v.WhereClause),
	}
	if v.Query != nil {
		s.Query = c.node(v.Query)
	}
	return s
}
