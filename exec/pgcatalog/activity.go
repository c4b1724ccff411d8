package pgcatalog

import (
	"strconv"

	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

var activityEntries = []entry{
	{"pg_stat_activity", "datid datname pid usesysid usename application_name client_addr client_port backend_start " +
		"xact_start query_start state_change wait_event_type wait_event state query backend_type", "", fillActivity},
	{"pg_locks", "locktype database relation classid objid objsubid virtualtransaction pid mode granted fastpath", "", fillLocks},
	{
		"pg_stat_progress_create_index", "pid datid datname relid index_relid command phase tuples_done tuples_total", "",
		func(v *View, _ types.OID, emit emitFunc) {
			if v.Runtime.Progress == nil {
				return
			}
			for _, p := range v.Runtime.Progress() {
				emit(types.IntDatum(int64(p.PID)), oid(p.Database), str(v.databaseName(p.Database)), oid(p.Table), oid(p.Index),
					str(p.Command), str(p.Phase), types.IntDatum(p.TuplesDone), types.IntDatum(p.TuplesTotal))
			}
		},
	},
	{
		"pg_prepared_statements", "name statement prepare_time parameter_types result_types from_sql generic_plans custom_plans",
		"", func(v *View, _ types.OID, emit emitFunc) {
			if v.Runtime.Prepared == nil {
				return
			}
			for _, p := range v.Runtime.Prepared() {
				results := types.NullDatum
				if len(p.Results) > 0 {
					results = regtypes(p.Results)
				}
				emit(str(p.Name), str(p.Statement), micros(p.PrepareMicros), regtypes(p.Params), results,
					yes(p.FromSQL), num(0), num(0))
			}
		},
	},
	{
		"pg_cursors", "name statement is_holdable is_binary is_scrollable creation_time", "",
		func(v *View, _ types.OID, emit emitFunc) {
			if v.Runtime.Cursors == nil {
				return
			}
			for _, c := range v.Runtime.Cursors() {
				emit(str(c.Name), str(c.Statement), yes(c.Holdable), yes(c.Binary), yes(c.Scrollable), micros(c.CreationMicros))
			}
		},
	},
	{"pg_stat_user_tables", "relid schemaname relname n_live_tup", "", fillTableStats},
	{"pg_stat_all_tables", "relid schemaname relname n_live_tup", "", fillTableStats},
	{"pg_stat_user_indexes", "relid indexrelid schemaname relname indexrelname", "", fillIndexStats},
	{"pg_stat_all_indexes", "relid indexrelid schemaname relname indexrelname", "", fillIndexStats},
	{"pg_stat_database", "datid datname numbackends", "", func(v *View, _ types.OID, emit emitFunc) {
		count := map[schema.OID]int{}
		if v.Runtime.Backends != nil {
			for _, b := range v.Runtime.Backends() {
				count[b.Database]++
			}
		}
		for _, d := range v.Source.Databases() {
			emit(oid(d.OID), str(d.Name), num(count[d.OID]))
		}
	}},
}

func regtypes(list []types.OID) types.Datum {
	if len(list) == 0 {
		return str(types.ArrayOf(types.RegtypeOID, nil))
	}
	return ints(types.RegtypeOID, list)
}

func fillActivity(v *View, _ types.OID, emit emitFunc) {
	if v.Runtime.Backends == nil {
		return
	}
	for _, b := range v.Runtime.Backends() {
		emit(oid(b.Database), str(v.databaseName(b.Database)), types.IntDatum(int64(b.PID)), oid(b.Role),
			str(v.roleName(b.Role)), str(b.Application), null, num(b.ClientPort), micros(b.StartMicros),
			micros(b.XactStartMicros), micros(b.QueryStartMicros), micros(b.StateChangeMicros), strOrNull(b.WaitType), strOrNull(b.WaitEvent), str(b.State), str(b.Query),
			str("client backend"))
	}
}

func (v *View) databaseName(o schema.OID) string {
	for _, d := range v.Source.Databases() {
		if d.OID == o {
			return d.Name
		}
	}
	return ""
}

func fillTableStats(v *View, _ types.OID, emit emitFunc) {
	for _, t := range v.Source.Tables(v.DB.OID) {
		if t.Kind == schema.KindTable {
			rows, _ := v.sizes(t.OID, t.Kind)
			emit(oid(t.OID), str(v.namespaceName(t.Namespace)), str(t.Name), types.IntDatum(int64(max(rows, 0))))
		}
	}
}

func fillIndexStats(v *View, _ types.OID, emit emitFunc) {
	v.eachIndex(0, func(x *schema.Index) {
		if t := v.relation(x.Table); t != nil {
			emit(oid(t.OID), oid(x.OID), str(v.namespaceName(t.Namespace)), str(t.Name), str(x.Name))
		}
	})
}

// fillLocks lists the locks on relations and the advisory ones. Rows are locked too, but as in PostgreSQL that does not
// show here.
func fillLocks(v *View, _ types.OID, emit emitFunc) {
	if v.Runtime.Locks == nil {
		return
	}
	for _, l := range v.Runtime.Locks() {
		kind, db, relation, class, object, sub := "relation", null, oid(l.Relation), null, null, null
		if l.Relation == 0 {
			kind, db, relation = "advisory", oid(l.Database), null
			class, object, sub = oid(schema.OID(l.Key>>32)), oid(schema.OID(uint32(l.Key))), num(1)
			if l.Pair {
				sub = num(2)
			}
		} else if t := v.Source.Table(l.Relation); t != nil {
			db = oid(t.DB)
		}
		emit(str(kind), db, relation, class, object, sub, str(strconv.FormatUint(uint64(l.PID), 10)+"/1"),
			types.IntDatum(int64(l.PID)), str(l.Mode), yes(l.Granted), yes(false))
	}
}
