package pgcatalog

import (
	"slices"
	"strings"

	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// pageBytes is the size in which relpages counts.
const pageBytes = 8192

// OIDs of catalog tables that descriptions and dependencies name.
const (
	classClass      types.OID = 1259 // pg_class
	classProc       types.OID = 1255
	classType       types.OID = 1247
	classConstraint types.OID = 2606
	classAttrdef    types.OID = 2604
	classNamespace  types.OID = 2615
	classDatabase   types.OID = 1262
	classAuthid     types.OID = 1260
	classExtension  types.OID = 3079
	classRewrite    types.OID = 2618
)

// Access methods.
const (
	amHeap  types.OID = 2
	amBTree types.OID = 403
	amHash  types.OID = 405
	amIVFPQ types.OID = 16630

	amHNSW    types.OID = 16631
	amIVFFlat types.OID = 16632
)

var objectEntries = []entry{
	{"pg_namespace", "oid nspname nspowner nspacl", "", func(v *View, _ types.OID, emit emitFunc) {
		for _, ns := range v.namespaces() {
			emit(oid(ns.OID), str(ns.Name), oid(ns.Owner), aclItems(ns.ACL))
		}
	}},
	{"pg_class", "oid relname relnamespace reltype relowner relam relfilenode relpages reltuples " +
		"relhasindex relpersistence relkind relnatts relchecks relhasrules relhastriggers relispopulated " +
		"relreplident relacl reloptions relfrozenxid relminmxid", "oid", fillClass},
	{
		"pg_tables", "schemaname tablename tableowner hasindexes hasrules hastriggers rowsecurity", "",
		func(v *View, _ types.OID, emit emitFunc) {
			v.eachRelation(0, func(t *schema.Table) {
				if t.Kind == schema.KindTable {
					emit(str(v.namespaceName(t.Namespace)), str(t.Name), str(v.roleName(t.Owner)),
						yes(v.hasIndex(t.OID)), yes(false), yes(v.hasForeignKey(t)), yes(false))
				}
			})
		},
	},
	{"pg_views", "schemaname viewname viewowner definition", "", func(v *View, _ types.OID, emit emitFunc) {
		v.eachRelation(0, func(t *schema.Table) {
			if t.Kind == schema.KindView {
				emit(str(v.namespaceName(t.Namespace)), str(t.Name), str(v.roleName(t.Owner)), strOrNull(v.viewDef(t, false)))
			}
		})
	}},
	{
		"pg_rewrite", "oid rulename ev_class ev_type ev_enabled is_instead ev_qual ev_action", "ev_class",
		func(v *View, only types.OID, emit emitFunc) {
			v.eachRelation(only, func(t *schema.Table) {
				if t.Kind == schema.KindView && t.DB != 0 {
					// A view's rule has the OID after its row type's array: reserved with the view.
					emit(oid(t.RowType+2), str("_RETURN"), oid(t.OID), chr('1'), chr('O'), yes(true), str("<>"), str("<>"))
				}
			})
		},
	},
	{
		"pg_sequence", "seqrelid seqtypid seqstart seqincrement seqmax seqmin seqcache seqcycle", "seqrelid",
		func(v *View, only types.OID, emit emitFunc) {
			v.eachRelation(only, func(t *schema.Table) {
				if s := t.Sequence; s != nil {
					emit(oid(t.OID), oid(s.Type), types.IntDatum(s.Start), types.IntDatum(s.Increment),
						types.IntDatum(s.Max), types.IntDatum(s.Min), types.IntDatum(s.Cache), yes(s.Cycle))
				}
			})
		},
	},
	{"pg_sequences", "schemaname sequencename sequenceowner data_type start_value min_value max_value " +
		"increment_by cycle cache_size last_value", "", func(v *View, _ types.OID, emit emitFunc) {
		v.eachRelation(0, func(t *schema.Table) {
			if s := t.Sequence; s != nil {
				emit(str(v.namespaceName(t.Namespace)), str(t.Name), str(v.roleName(t.Owner)), oid(s.Type),
					types.IntDatum(s.Start), types.IntDatum(s.Min), types.IntDatum(s.Max), types.IntDatum(s.Increment),
					yes(s.Cycle), types.IntDatum(s.Cache), v.lastValue(t.OID))
			}
		})
	}},
	{"pg_description", "objoid classoid objsubid description", "objoid", fillDescription},
	{"pg_shdescription", "objoid classoid description", "", func(v *View, _ types.OID, emit emitFunc) {
		for _, d := range v.Source.Databases() {
			if d.Comment != "" {
				emit(oid(d.OID), oid(classDatabase), str(d.Comment))
			}
		}
		for _, r := range v.Source.Roles() {
			if r.Comment != "" {
				emit(oid(r.OID), oid(classAuthid), str(r.Comment))
			}
		}
	}},
	{"pg_depend", "classid objid objsubid refclassid refobjid refobjsubid deptype", "", fillDepend},
}

// eachRelation visits the system's and the database's tables, views and sequences, or only one.
func (v *View) eachRelation(only types.OID, f func(*schema.Table)) {
	if only != 0 {
		if t := v.relation(only); t != nil {
			f(t)
		}
		return
	}
	for _, t := range Relations() {
		f(t)
	}
	for _, t := range v.Source.Tables(v.DB.OID) {
		f(t)
	}
}

// eachIndex visits the database's indexes, or only one.
func (v *View) eachIndex(only types.OID, f func(*schema.Index)) {
	if only != 0 {
		if x := v.index(only); x != nil {
			f(x)
		}
		return
	}
	for _, x := range v.Source.Indexes(v.DB.OID) {
		f(x)
	}
}

func fillClass(v *View, only types.OID, emit emitFunc) {
	v.eachRelation(only, func(t *schema.Table) {
		am := types.OID(0)
		if t.Kind == schema.KindTable {
			am = amHeap
		}
		file := t.OID
		if t.Kind == schema.KindView {
			file = 0
		}
		rowType := t.RowType
		if t.Kind == schema.KindSequence {
			rowType = 0
		}
		rows, pages := v.sizes(t.OID, t.Kind)
		checks := 0
		for _, c := range t.Constraints {
			if c.Type == 'c' {
				checks++
			}
		}
		emit(oid(t.OID), str(t.Name), oid(t.Namespace), oid(rowType), oid(t.Owner), oid(am), oid(file),
			num(pages), real(rows), yes(v.hasIndex(t.OID)), chr(v.persistence(t.Namespace)), chr(t.Kind), num(len(t.Columns)),
			num(checks), yes(t.Kind == schema.KindView), yes(v.hasForeignKey(t)), yes(true),
			chr(replicaIdentity(t)), aclItems(t.ACL), options(t.Options), num(0), num(0))
	})
	v.eachIndex(only, func(x *schema.Index) {
		rows, pages := v.sizes(x.OID, schema.KindIndex)
		emit(oid(x.OID), str(x.Name), oid(x.Namespace), oid(0), oid(x.Owner), oid(methodByName(x.Method)), oid(x.OID),
			num(pages), real(rows), yes(false), chr(v.persistence(x.Namespace)), chr(schema.KindIndex), num(len(x.Keys)+len(x.Include)),
			num(0), yes(false), yes(false), yes(true), chr('n'), null, options(x.Options), num(0), num(0))
	})
}

func replicaIdentity(t *schema.Table) byte {
	if t.DB == 0 || t.Kind != schema.KindTable {
		return 'n'
	}
	return 'd'
}

func (v *View) persistence(namespace schema.OID) byte {
	if ns := v.Source.NamespaceByOID(namespace); ns != nil && ns.Temp {
		return 't'
	}
	return 'p'
}

func (v *View) sizes(o types.OID, kind byte) (rows float64, pages int) {
	if kind == schema.KindView {
		return -1, 0
	}
	rows = -1
	if v.Runtime.Rows != nil {
		rows = v.Runtime.Rows(o)
	}
	if v.Runtime.Bytes != nil {
		pages = int((v.Runtime.Bytes(o) + pageBytes - 1) / pageBytes)
	}
	return rows, pages
}

func (v *View) lastValue(o types.OID) types.Datum {
	if v.Runtime.Sequence != nil {
		if last, called := v.Runtime.Sequence(o); called {
			return types.IntDatum(last)
		}
	}
	return null
}

// sequenceRow is the one row of a sequence read as a table: last_value, log_cnt, is_called.
func (v *View) sequenceRow(t *schema.Table) []types.Datum {
	last, called := t.Sequence.Start, false
	if v.Runtime.Sequence != nil {
		last, called = v.Runtime.Sequence(t.OID)
	}
	return []types.Datum{types.IntDatum(last), types.IntDatum(0), yes(called)}
}

func (v *View) hasIndex(table types.OID) bool {
	return len(v.Source.IndexesOf(table)) > 0
}

// hasForeignKey says whether a table is on either side of a foreign key, which has triggers on both.
func (v *View) hasForeignKey(t *schema.Table) bool {
	is := func(c schema.Constraint) bool { return c.Type == 'f' }
	return slices.ContainsFunc(t.Constraints, is) ||
		slices.ContainsFunc(v.Source.Referrers(t.OID), func(r *schema.Table) bool { return slices.ContainsFunc(r.Constraints, is) })
}

func options(m map[string]string) types.Datum {
	list := make([]string, 0, len(m))
	for _, k := range sortedKeys(m) {
		list = append(list, k+"="+m[k])
	}
	return texts(types.TextOID, list)
}

func fillDescription(v *View, only types.OID, emit emitFunc) {
	put := func(o, class types.OID, sub int16, text string) {
		if text != "" && (only == 0 || only == o) {
			emit(oid(o), oid(class), num(int(sub)), str(text))
		}
	}
	for _, ns := range v.namespaces() {
		put(ns.OID, classNamespace, 0, ns.Comment)
	}
	for _, t := range v.Source.Tables(v.DB.OID) {
		put(t.OID, classClass, 0, t.Comment)
		for _, c := range t.Columns {
			put(t.OID, classClass, c.Num, c.Comment)
		}
		for _, c := range t.Constraints {
			put(c.OID, classConstraint, 0, c.Comment)
		}
	}
	v.eachIndex(0, func(x *schema.Index) { put(x.OID, classClass, 0, x.Comment) })
	for _, e := range v.Source.Extensions(v.DB.OID) {
		put(e.OID, classExtension, 0, extensionComments[e.Name])
	}
}

// fillDepend lists the dependencies between a database's objects: indexes and sequences on columns,
// defaults and views on what they use, constraints on tables.
func fillDepend(v *View, _ types.OID, emit emitFunc) {
	put := func(class, o types.OID, sub int16, refClass, ref types.OID, refSub int16, kind byte) {
		emit(oid(class), oid(o), num(int(sub)), oid(refClass), oid(ref), num(int(refSub)), chr(kind))
	}
	for _, t := range v.Source.Tables(v.DB.OID) {
		put(classClass, t.OID, 0, classNamespace, t.Namespace, 0, 'n')
		if s := t.Sequence; s != nil && s.OwnerTable != 0 {
			kind := byte('a')
			if v.ofIdentity(s) {
				kind = 'i'
			}
			put(classClass, t.OID, 0, classClass, s.OwnerTable, s.OwnerColumn, kind)
		}
		for _, d := range t.Deps {
			put(classRewrite, t.RowType+2, 0, classClass, d.OID, d.Column, 'n')
		}
		for _, c := range t.Constraints {
			for _, col := range c.Columns {
				put(classConstraint, c.OID, 0, classClass, t.OID, col, 'a')
			}
			if c.Type == 'f' {
				for _, col := range c.RefColumns {
					put(classConstraint, c.OID, 0, classClass, c.RefTable, col, 'n')
				}
				put(classConstraint, c.OID, 0, classClass, v.uniqueIndex(c.RefTable, c.RefColumns), 0, 'n')
			}
		}
		for i := range t.Columns {
			c := &t.Columns[i]
			if c.Default == "" && c.Generated == "" {
				continue
			}
			put(classAttrdef, defaultOID(t, c.Num), 0, classClass, t.OID, c.Num, 'a')
			for _, d := range c.Deps {
				put(classAttrdef, defaultOID(t, c.Num), 0, classClass, d.OID, d.Column, 'n')
			}
		}
	}
	v.eachIndex(0, func(x *schema.Index) {
		if x.Constraint != 0 {
			put(classClass, x.OID, 0, classConstraint, x.Constraint, 0, 'i')
			return
		}
		for _, k := range x.Keys {
			put(classClass, x.OID, 0, classClass, x.Table, k.Column, 'a')
		}
	})
}

// defaultOID is the pg_attrdef OID of a column's default. Defaults are no objects of ours, so theirs are
// made from the table's OID and the column, in a range of their own.
func defaultOID(t *schema.Table, col int16) types.OID {
	return 0x8000_0000 | t.OID<<11&0x7fff_f800 | types.OID(col)&0x7ff
}

func (v *View) viewDef(t *schema.Table, pretty bool) string {
	if t.View == "" {
		return ""
	}
	if v.Deparse != nil {
		return v.Deparse.View(t, pretty)
	}
	return strings.TrimSuffix(t.View, ";") + ";"
}
