package pgcatalog

import (
	"strings"
	"sync"

	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// emitFunc takes one row: a datum for each column that the entry names, in that order.
type emitFunc func(row ...types.Datum)

// entry is one system table: its name, the columns its provider fills, and the provider. Key names the
// column by which only can be asked: then only holds the wanted OID (0: all rows), and a provider may
// leave out other rows but need not.
type entry struct {
	name string
	cols string
	key  string
	fill func(v *View, only types.OID, emit emitFunc)
}

// entries are all tables that have rows, by schema and name.
var entries = sync.OnceValue(func() map[string]*entry {
	m := make(map[string]*entry, 128)
	for _, group := range [][]entry{
		objectEntries, attributeEntries, indexEntries, typeEntries, functionEntries, accessEntries,
		clusterEntries, activityEntries,
	} {
		for i := range group {
			m["pg_catalog."+group[i].name] = &group[i]
		}
	}
	for i := range infoEntries {
		m["information_schema."+infoEntries[i].name] = &infoEntries[i]
	}
	return m
})

// KeyColumn returns the column by which a scan can be narrowed, or 0.
func KeyColumn(t *schema.Table) int16 {
	e := entryOf(t)
	if e == nil || e.key == "" {
		return 0
	}
	if c := t.Column(e.key); c != nil {
		return c.Num
	}
	return 0
}

// perRelation is how many rows of a system table there are for each table, view, sequence and index, where that is what
// its size follows: the tables that clients join with one another.
var perRelation = map[string]float64{
	"pg_class": 1, "pg_attribute": 4, "pg_type": 1, "pg_index": 0.5, "pg_constraint": 0.5, "pg_depend": 4, "pg_attrdef": 0.5,
	"pg_tables": 0.5, "pg_indexes": 0.5, "pg_stats": 2, "pg_description": 0.1, "pg_sequence": 0.1, "pg_stat_all_tables": 0.5,
	"pg_stat_user_tables": 0.5, "pg_stat_all_indexes": 0.5, "pg_stat_user_indexes": 0.5,
	"tables": 0.5, "columns": 3, "table_constraints": 0.5, "key_column_usage": 0.5, "constraint_column_usage": 0.5,
	"role_table_grants": 4, "table_privileges": 4,
}

// Rows estimates the rows of a system table in a store with this many objects; 0 where it does not depend on them.
func Rows(t *schema.Table, objects int) float64 { return perRelation[t.Name] * float64(objects) }

func entryOf(t *schema.Table) *entry {
	ns := "pg_catalog."
	if t.Namespace == schema.InfoSchemaOID {
		ns = "information_schema."
	}
	return entries()[ns+t.Name]
}

// Scan computes the rows of a system table. Only, when not 0, asks just for rows whose KeyColumn has that
// OID (others may come as well). Each row has one datum a column of the table, and is the caller's to
// keep.
func (v *View) Scan(t *schema.Table, only types.OID, emit func(row []types.Datum)) {
	if t.Kind == schema.KindSequence {
		emit(v.sequenceRow(t))
		return
	}
	e := entryOf(t)
	if e == nil {
		return
	}
	names := strings.Fields(e.cols)
	place := make([]int, len(names))
	for i, name := range names {
		place[i] = -1
		if c := t.Column(name); c != nil {
			place[i] = int(c.Num) - 1
		}
	}
	blank := blankRow(t)
	e.fill(v, only, func(row ...types.Datum) {
		out := make([]types.Datum, len(blank))
		copy(out, blank)
		for i, d := range row {
			if place[i] >= 0 {
				out[place[i]] = d
			}
		}
		emit(out)
	})
}

// blankRow is null where the table allows it, else the type's zero.
func blankRow(t *schema.Table) []types.Datum {
	row := make([]types.Datum, len(t.Columns))
	for i := range t.Columns {
		row[i].Null = !t.Columns[i].NotNull
		if t.Columns[i].NotNull {
			row[i].S = zeroText(t.Columns[i].Type.OID)
		}
	}
	return row
}

func zeroText(oid types.OID) string {
	switch oid {
	case types.Int2VectorOID, types.OIDVectorOID:
		return vectorDatum(oid, nil).S
	}
	return ""
}

// Constructors of datums, short because rows are made of them.

func oid(v types.OID) types.Datum { return types.IntDatum(int64(v)) }

func num(v int) types.Datum { return types.IntDatum(int64(v)) }

func real(v float64) types.Datum { return types.FloatDatum(v) }

func str(s string) types.Datum { return types.StringDatum(s) }

func yes(b bool) types.Datum { return types.BoolDatum(b) }

// chr is a value of type "char".
func chr(c byte) types.Datum { return types.IntDatum(int64(int8(c))) }

// strOrNull is null for "".
func strOrNull(s string) types.Datum {
	if s == "" {
		return null
	}
	return str(s)
}

var null = types.NullDatum

// micros is a timestamptz, null for 0.
func micros(us int64) types.Datum {
	if us == 0 {
		return null
	}
	return types.IntDatum(us)
}

// texts is an array of a string type; null when empty.
func texts(elem types.OID, list []string) types.Datum {
	if len(list) == 0 {
		return null
	}
	ds := make([]types.Datum, len(list))
	for i, s := range list {
		ds[i] = str(s)
	}
	return str(types.ArrayOf(elem, ds))
}

// ints is an array of an integer type; null when empty.
func ints[N ~int16 | ~uint32](elem types.OID, list []N) types.Datum {
	if len(list) == 0 {
		return null
	}
	ds := make([]types.Datum, len(list))
	for i, n := range list {
		ds[i] = types.IntDatum(int64(n))
	}
	return str(types.ArrayOf(elem, ds))
}
