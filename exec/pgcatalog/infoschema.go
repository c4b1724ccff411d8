package pgcatalog

import (
	"strings"

	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

var infoEntries = []entry{
	{"information_schema_catalog_name", "catalog_name", "", func(v *View, _ types.OID, emit emitFunc) {
		emit(str(v.DB.Name))
	}},
	{"schemata", "catalog_name schema_name schema_owner", "", func(v *View, _ types.OID, emit emitFunc) {
		for _, ns := range v.namespaces() {
			emit(str(v.DB.Name), str(ns.Name), str(v.roleName(ns.Owner)))
		}
	}},
	{
		"tables", "table_catalog table_schema table_name table_type is_insertable_into is_typed", "",
		func(v *View, _ types.OID, emit emitFunc) {
			v.eachRelation(0, func(t *schema.Table) {
				kind := map[byte]string{schema.KindTable: "BASE TABLE", schema.KindView: "VIEW"}[t.Kind]
				if kind == "" {
					return
				}
				if v.persistence(t.Namespace) == 't' {
					kind = "LOCAL TEMPORARY"
				}
				emit(str(v.DB.Name), str(v.namespaceName(t.Namespace)), str(t.Name), str(kind),
					yesNo(t.Kind == schema.KindTable), yesNo(false))
			})
		},
	},
	{"views", "table_catalog table_schema table_name view_definition check_option is_updatable is_insertable_into " +
		"is_trigger_updatable is_trigger_deletable is_trigger_insertable_into", "", func(v *View, _ types.OID, emit emitFunc) {
		v.eachRelation(0, func(t *schema.Table) {
			if t.Kind == schema.KindView {
				no := yesNo(false)
				emit(str(v.DB.Name), str(v.namespaceName(t.Namespace)), str(t.Name), strOrNull(v.viewDef(t, false)), str("NONE"),
					no, no, no, no, no)
			}
		})
	}},
	{
		"view_table_usage", "view_catalog view_schema view_name table_catalog table_schema table_name", "",
		func(v *View, _ types.OID, emit emitFunc) {
			seen := map[[2]types.OID]bool{}
			v.eachViewDep(func(view, of *schema.Table, _ *schema.Column) {
				if pair := [2]types.OID{view.OID, of.OID}; !seen[pair] {
					seen[pair] = true
					emit(str(v.DB.Name), str(v.namespaceName(view.Namespace)), str(view.Name),
						str(v.DB.Name), str(v.namespaceName(of.Namespace)), str(of.Name))
				}
			})
		},
	},
	{
		"view_column_usage", "view_catalog view_schema view_name table_catalog table_schema table_name column_name", "",
		func(v *View, _ types.OID, emit emitFunc) {
			v.eachViewDep(func(view, of *schema.Table, c *schema.Column) {
				if c != nil {
					emit(str(v.DB.Name), str(v.namespaceName(view.Namespace)), str(view.Name),
						str(v.DB.Name), str(v.namespaceName(of.Namespace)), str(of.Name), str(c.Name))
				}
			})
		},
	},
	{"columns", "table_catalog table_schema table_name column_name ordinal_position column_default is_nullable data_type " +
		"character_maximum_length character_octet_length numeric_precision numeric_precision_radix numeric_scale " +
		"datetime_precision interval_type collation_catalog collation_schema collation_name udt_catalog udt_schema udt_name dtd_identifier is_self_referencing is_identity " +
		"identity_generation identity_start identity_increment identity_maximum identity_minimum identity_cycle " +
		"is_generated generation_expression is_updatable", "", fillInfoColumns},
	{"table_constraints", "constraint_catalog constraint_schema constraint_name table_catalog table_schema table_name " +
		"constraint_type is_deferrable initially_deferred enforced nulls_distinct", "", fillInfoConstraints},
	{"key_column_usage", "constraint_catalog constraint_schema constraint_name table_catalog table_schema table_name " +
		"column_name ordinal_position position_in_unique_constraint", "", fillKeyColumns},
	{"constraint_column_usage", "table_catalog table_schema table_name column_name constraint_catalog constraint_schema " +
		"constraint_name", "", fillConstraintColumns},
	{
		"constraint_table_usage", "table_catalog table_schema table_name constraint_catalog constraint_schema constraint_name", "",
		func(v *View, _ types.OID, emit emitFunc) {
			v.eachConstraint(func(ns string, t *schema.Table, c *schema.Constraint) {
				if c.Type == 'f' {
					t = v.relation(c.RefTable)
				}
				if t != nil && c.Type != 'c' {
					emit(str(v.DB.Name), str(v.namespaceName(t.Namespace)), str(t.Name), str(v.DB.Name), str(ns), str(c.Name))
				}
			})
		},
	},
	{"referential_constraints", "constraint_catalog constraint_schema constraint_name unique_constraint_catalog " +
		"unique_constraint_schema unique_constraint_name match_option update_rule delete_rule", "", fillReferential},
	{
		"check_constraints", "constraint_catalog constraint_schema constraint_name check_clause", "",
		func(v *View, _ types.OID, emit emitFunc) {
			v.eachConstraint(func(ns string, t *schema.Table, c *schema.Constraint) {
				if c.Type == 'c' {
					emit(str(v.DB.Name), str(ns), str(c.Name), str(strings.TrimPrefix(v.ConstraintDef(t, c, false), "CHECK ")))
				}
			})
			v.eachNotNull(func(ns string, t *schema.Table, c *schema.Column) {
				emit(str(v.DB.Name), str(ns), str(notNullName(t, c)), str(c.Name+" IS NOT NULL"))
			})
		},
	},
	{"sequences", "sequence_catalog sequence_schema sequence_name data_type numeric_precision numeric_precision_radix " +
		"numeric_scale start_value minimum_value maximum_value increment cycle_option", "", fillInfoSequences},
	{"role_table_grants", grantCols, "", fillGrants},
	{"table_privileges", grantCols, "", fillGrants},
	{"enabled_roles", "role_name", "", func(v *View, _ types.OID, emit emitFunc) {
		for _, r := range v.Source.Roles() {
			if v.Role == nil || v.Role.Super || r.OID == v.Role.OID {
				emit(str(r.Name))
			}
		}
	}},
	{
		"character_sets", "character_set_name character_repertoire form_of_use default_collate_catalog", "",
		func(v *View, _ types.OID, emit emitFunc) {
			emit(str("UTF8"), str("UCS"), str("UTF8"), str(v.DB.Name))
		},
	},
}

const grantCols = "grantor grantee table_catalog table_schema table_name privilege_type is_grantable with_hierarchy"

func yesNo(b bool) types.Datum {
	if b {
		return str("YES")
	}
	return str("NO")
}

// userTables visits the database's tables and views with the names of their schemas.
func (v *View) userTables(f func(ns string, t *schema.Table)) {
	for _, t := range v.Source.Tables(v.DB.OID) {
		if t.Kind != schema.KindSequence {
			f(v.namespaceName(t.Namespace), t)
		}
	}
}

// eachViewDep visits the tables that views use, and their columns: nil is the table as a whole.
func (v *View) eachViewDep(f func(view, of *schema.Table, c *schema.Column)) {
	for _, t := range v.Source.Tables(v.DB.OID) {
		if t.Kind != schema.KindView {
			continue
		}
		for _, d := range t.Deps {
			if of := v.relation(d.OID); of != nil && of.Kind != schema.KindSequence {
				f(t, of, of.Col(d.Column))
			}
		}
	}
}

func (v *View) eachConstraint(f func(ns string, t *schema.Table, c *schema.Constraint)) {
	v.userTables(func(ns string, t *schema.Table) {
		for i := range t.Constraints {
			f(ns, t, &t.Constraints[i])
		}
	})
}

func (v *View) eachNotNull(f func(ns string, t *schema.Table, c *schema.Column)) {
	v.userTables(func(ns string, t *schema.Table) {
		for i := range t.Columns {
			if c := &t.Columns[i]; c.NotNull && !c.Dropped {
				f(ns, t, c)
			}
		}
	})
}

// notNullName is the name that the standard's check constraint of a NOT NULL column has.
func notNullName(t *schema.Table, c *schema.Column) string {
	return itoa(int(t.Namespace)) + "_" + itoa(int(t.OID)) + "_" + itoa(int(c.Num)) + "_not_null"
}

func fillInfoColumns(v *View, _ types.OID, emit emitFunc) {
	db := str(v.DB.Name)
	v.eachRelation(0, func(t *schema.Table) {
		if t.Kind == schema.KindSequence {
			return
		}
		ns := str(v.namespaceName(t.Namespace))
		for i := range t.Columns {
			c := &t.Columns[i]
			if c.Dropped {
				continue
			}
			pos := int(c.Num)
			typ := infoType(c.Type, v.DB.Name)
			def, gen := null, null
			if c.Default != "" {
				def = str(v.expr(t, c.Default, Indented))
			}
			if c.Generated != "" {
				gen = str(v.expr(t, c.Generated, Indented))
			}
			id := v.identityOf(c)
			generated := "NEVER"
			if c.Generated != "" {
				generated = "ALWAYS"
			}
			emit(db, ns, str(t.Name), str(c.Name), num(pos), def, yesNo(!c.NotNull), str(typ.name), typ.charMax, typ.octets,
				typ.precision, typ.radix, typ.scale, typ.timePrecision, typ.interval, typ.collation[0], typ.collation[1],
				typ.collation[2], db, str(v.typeNamespace(c.Type.OID)), str(typ.udt),
				str(itoa(pos)), yesNo(false), yesNo(c.Identity != 0), id[0], id[1], id[2], id[3], id[4], id[5],
				str(generated), gen, yesNo(t.Kind == schema.KindTable && t.DB != 0))
		}
	})
}

func (v *View) typeNamespace(o types.OID) string {
	ns, ok := v.extensionNamespace(o >= 16384 && types.Lookup(o) != nil)
	if !ok {
		return "public"
	}
	return v.namespaceName(ns)
}

// identityOf gives generation, start, increment, maximum, minimum and cycle of an identity column.
func (v *View) identityOf(c *schema.Column) [6]types.Datum {
	out := [6]types.Datum{null, null, null, null, null, yesNo(false)}
	if c.Identity == 0 {
		return out
	}
	out[0] = str(map[byte]string{'a': "ALWAYS", 'd': "BY DEFAULT"}[c.Identity])
	if t := v.relation(c.Sequence); t != nil && t.Sequence != nil {
		s := t.Sequence
		out[1], out[2], out[3], out[4] = str(i64(s.Start)), str(i64(s.Increment)), str(i64(s.Max)), str(i64(s.Min))
		out[5] = yesNo(s.Cycle)
	}
	return out
}

type infoTypeRow struct {
	name, udt                                               string
	charMax, octets, precision, radix, scale, timePrecision types.Datum
	interval                                                types.Datum
	collation                                               [3]types.Datum // catalog, schema, name
}

// numericInfo gives precision and radix of the number types.
var numericInfo = map[types.OID][2]int{
	types.Int2OID: {16, 2}, types.Int4OID: {32, 2}, types.Int8OID: {64, 2}, types.Float4OID: {24, 2}, types.Float8OID: {53, 2},
}

// maxOctets is what the standard's views say of unlimited text.
const maxOctets = 1 << 30

func infoType(t types.T, db string) infoTypeRow {
	r := infoTypeRow{charMax: null, octets: null, precision: null, radix: null, scale: null, timePrecision: null, interval: null}
	r.collation = [3]types.Datum{null, null, null}
	def := types.Lookup(t.OID)
	if def == nil {
		r.name, r.udt = "USER-DEFINED", ""
		return r
	}
	r.udt = def.Name
	switch {
	case def.Category == 'A' && def.Elem != 0:
		r.name = "ARRAY"
	case t.OID >= 16384:
		r.name = "USER-DEFINED"
	default:
		r.name = types.TypeName(t.OID)
	}
	if n, ok := numericInfo[t.OID]; ok {
		r.precision, r.radix = num(n[0]), num(n[1])
		if n[1] == 2 && t.OID != types.Float4OID && t.OID != types.Float8OID {
			r.scale = num(0)
		}
	}
	switch t.OID {
	case types.NumericOID:
		r.radix = num(10)
		if t.Mod >= 4 {
			r.precision = num(int((t.Mod - 4) >> 16 & 0xffff))
			r.scale = num(int((t.Mod-4)&0x7ff^1024) - 1024)
		}
	case types.VarcharOID, types.BpcharOID:
		r.octets = num(maxOctets)
		if t.Mod >= 4 {
			r.charMax, r.octets = num(int(t.Mod-4)), num(int(t.Mod-4)*4)
		}
	case types.TextOID:
		r.octets = num(maxOctets)
	case types.DateOID:
		r.timePrecision = num(0)
	case types.TimeOID, types.TimetzOID, types.TimestampOID, types.TimestamptzOID:
		r.timePrecision = num(6)
		if t.Mod >= 0 {
			r.timePrecision = num(int(t.Mod))
		}
	case types.IntervalOID:
		r.timePrecision = num(6)
		if p := int(t.Mod & 0xffff); t.Mod >= 0 && p != 0xffff {
			r.timePrecision = num(p)
		}
		if _, fields, ok := strings.Cut(types.FormatType(t), " "); ok {
			r.interval = str(strings.ToUpper(fields))
		}
	case types.NameOID:
		r.collation = [3]types.Datum{str(db), str("pg_catalog"), str("C")}
	}
	return r
}

var constraintWords = map[byte]string{'p': "PRIMARY KEY", 'u': "UNIQUE", 'f': "FOREIGN KEY", 'c': "CHECK"}

func fillInfoConstraints(v *View, _ types.OID, emit emitFunc) {
	db := str(v.DB.Name)
	put := func(ns, name string, t *schema.Table, word string, deferrable, deferred bool, distinct types.Datum) {
		emit(db, str(ns), str(name), db, str(ns), str(t.Name), str(word), yesNo(deferrable), yesNo(deferred), yesNo(true), distinct)
	}
	v.eachConstraint(func(ns string, t *schema.Table, c *schema.Constraint) {
		distinct := null
		if c.Type == 'u' {
			x := v.index(c.Index)
			distinct = yesNo(x == nil || !x.NullsNotDistinct)
		}
		put(ns, c.Name, t, constraintWords[c.Type], c.Deferrable, c.Deferred, distinct)
	})
	v.eachNotNull(func(ns string, t *schema.Table, c *schema.Column) {
		put(ns, notNullName(t, c), t, "CHECK", false, false, null)
	})
}

func fillKeyColumns(v *View, _ types.OID, emit emitFunc) {
	db := str(v.DB.Name)
	v.eachConstraint(func(ns string, t *schema.Table, c *schema.Constraint) {
		if !strings.ContainsRune("puf", rune(c.Type)) {
			return
		}
		for i, n := range c.Columns {
			ref := null
			if c.Type == 'f' {
				ref = num(i + 1)
			}
			if col := t.Col(n); col != nil {
				emit(db, str(ns), str(c.Name), db, str(ns), str(t.Name), str(col.Name), num(i+1), ref)
			}
		}
	})
}

func fillConstraintColumns(v *View, _ types.OID, emit emitFunc) {
	db := str(v.DB.Name)
	v.eachConstraint(func(ns string, t *schema.Table, c *schema.Constraint) {
		of, cols := t, c.Columns
		if c.Type == 'f' {
			of, cols = v.relation(c.RefTable), c.RefColumns
		}
		if of == nil {
			return
		}
		for _, n := range cols {
			if col := of.Col(n); col != nil {
				emit(db, str(v.namespaceName(of.Namespace)), str(of.Name), str(col.Name), db, str(ns), str(c.Name))
			}
		}
	})
}

var actionWords = map[byte]string{
	'a': "NO ACTION", 'r': "RESTRICT", 'c': "CASCADE", 'n': "SET NULL", 'd': "SET DEFAULT",
}

func fillReferential(v *View, _ types.OID, emit emitFunc) {
	db := str(v.DB.Name)
	v.eachConstraint(func(ns string, _ *schema.Table, c *schema.Constraint) {
		if c.Type != 'f' {
			return
		}
		uniqueNS, unique := null, null
		if x := v.index(v.uniqueIndex(c.RefTable, c.RefColumns)); x != nil {
			uniqueNS, unique = str(v.namespaceName(x.Namespace)), str(x.Name)
		}
		emit(db, str(ns), str(c.Name), db, uniqueNS, unique, str("NONE"), str(actionWords[c.OnUpdate]), str(actionWords[c.OnDelete]))
	})
}

func fillInfoSequences(v *View, _ types.OID, emit emitFunc) {
	v.eachRelation(0, func(t *schema.Table) {
		s := t.Sequence
		if s == nil || v.ofIdentity(s) {
			return
		}
		emit(str(v.DB.Name), str(v.namespaceName(t.Namespace)), str(t.Name), str(types.FormatType(types.Of(s.Type))),
			num(numericInfo[s.Type][0]), num(2), num(0), str(i64(s.Start)), str(i64(s.Min)), str(i64(s.Max)),
			str(i64(s.Increment)), yesNo(s.Cycle))
	})
}

// ofIdentity says whether a sequence is the inner part of an identity column.
func (v *View) ofIdentity(s *schema.Sequence) bool {
	owner := v.relation(s.OwnerTable)
	if owner == nil {
		return false
	}
	c := owner.Col(s.OwnerColumn)
	return c != nil && c.Identity != 0
}

var tablePrivileges = []string{"INSERT", "SELECT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"}

// fillGrants lists what owners may do with their tables.
func fillGrants(v *View, _ types.OID, emit emitFunc) {
	v.userTables(func(ns string, t *schema.Table) {
		owner := v.roleName(t.Owner)
		for _, p := range tablePrivileges {
			emit(str(owner), str(owner), str(v.DB.Name), str(ns), str(t.Name), str(p), yesNo(true), yesNo(p == "SELECT"))
		}
	})
}
