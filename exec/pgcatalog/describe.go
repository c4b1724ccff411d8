package pgcatalog

import (
	"slices"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// describer computes one describing function from its non-null arguments.
type describer func(v *View, a describeArgs) types.Datum

// describeArgs are the arguments of a describing function. An argument that names its object by text
// has been resolved already.
type describeArgs struct {
	name  string
	datum []types.Datum
	types []types.T
}

func (a describeArgs) oid(i int) types.OID {
	if i < len(a.datum) {
		return types.OID(a.datum[i].I)
	}
	return 0
}

func (a describeArgs) int(i int) int {
	if i < len(a.datum) {
		return int(a.datum[i].I)
	}
	return 0
}

func (a describeArgs) str(i int) string {
	if i < len(a.datum) {
		return a.datum[i].S
	}
	return ""
}

func (a describeArgs) bool(i int) bool { return i < len(a.datum) && a.datum[i].I != 0 }

// describers are the functions that fn.Catalog.Describe answers, by name.
var describers = map[string]describer{
	"pg_get_userbyid":                    func(v *View, a describeArgs) types.Datum { return str(v.roleName(a.oid(0))) },
	"pg_table_is_visible":                describeVisible,
	"pg_type_is_visible":                 typeVisible,
	"pg_function_is_visible":             alwaysVisible,
	"pg_operator_is_visible":             alwaysVisible,
	"pg_opclass_is_visible":              alwaysVisible,
	"pg_opfamily_is_visible":             alwaysVisible,
	"pg_collation_is_visible":            alwaysVisible,
	"pg_conversion_is_visible":           alwaysVisible,
	"pg_ts_config_is_visible":            alwaysVisible,
	"pg_ts_dict_is_visible":              alwaysVisible,
	"pg_ts_parser_is_visible":            alwaysVisible,
	"pg_ts_template_is_visible":          alwaysVisible,
	"pg_statistics_obj_is_visible":       alwaysVisible,
	"pg_get_expr":                        describeExpr,
	"pg_get_viewdef":                     describeView,
	"pg_get_indexdef":                    describeIndex,
	"pg_get_constraintdef":               describeConstraint,
	"pg_sequence_last_value":             func(v *View, a describeArgs) types.Datum { return v.lastValue(a.oid(0)) },
	"pg_get_functiondef":                 nullDescriber,
	"pg_get_ruledef":                     nullDescriber,
	"pg_get_triggerdef":                  nullDescriber,
	"pg_get_statisticsobjdef_columns":    nullDescriber,
	"pg_get_partkeydef":                  nullDescriber,
	"pg_get_function_arguments":          func(v *View, a describeArgs) types.Datum { return functionArgs(a.oid(0)) },
	"pg_get_function_identity_arguments": func(v *View, a describeArgs) types.Datum { return functionArgs(a.oid(0)) },
	"pg_get_function_result":             functionResult,
	"obj_description":                    describeComment,
	"col_description":                    columnComment,
	"shobj_description":                  sharedComment,
	"pg_relation_size":                   relationSize,
	"pg_table_size":                      relationSize,
	"pg_indexes_size":                    indexesSize,
	"pg_total_relation_size":             totalSize,
	"pg_database_size":                   databaseSize,
	"pg_relation_filenode":               func(_ *View, a describeArgs) types.Datum { return oid(a.oid(0)) },
	"pg_relation_is_publishable":         func(v *View, a describeArgs) types.Datum { return yes(v.Source.Table(a.oid(0)) != nil) },
	"pg_tablespace_location":             func(*View, describeArgs) types.Datum { return str("") },
	"pg_is_in_recovery":                  func(*View, describeArgs) types.Datum { return yes(false) },
	"pg_my_temp_schema":                  tempSchema,
	"pg_is_other_temp_schema":            func(*View, describeArgs) types.Datum { return yes(false) },
	"row_security_active":                func(*View, describeArgs) types.Datum { return yes(false) },
}

// Describes says whether a describing function of that name is known.
func Describes(name string) bool {
	return describers[name] != nil || privilegeFuncs[name] != nil || name == "pg_has_role" || name == "pg_get_serial_sequence"
}

// Describe answers a describing function: see fn.Catalog.
func (v *View) Describe(name string, args []types.Datum, argTypes []types.T) (types.Datum, error) {
	if privilegeFuncs[name] != nil {
		return v.hasPrivilege(name, args, argTypes)
	}
	if name == "pg_has_role" {
		return v.hasRole(args, argTypes)
	}
	if name == "pg_get_serial_sequence" {
		return v.serialSequence(describeArgs{name, args, argTypes})
	}
	d := describers[name]
	if d == nil {
		return null, pgerr.Unsupported("function %s", name)
	}
	return d(v, describeArgs{name, args, argTypes}), nil
}

func nullDescriber(*View, describeArgs) types.Datum { return null }

func alwaysVisible(*View, describeArgs) types.Datum { return yes(true) }

func describeVisible(v *View, a describeArgs) types.Datum {
	if t := v.relation(a.oid(0)); t != nil {
		return yes(v.visible(t.Namespace, t.Name))
	}
	if x := v.index(a.oid(0)); x != nil {
		return yes(v.visible(x.Namespace, x.Name))
	}
	return null
}

func typeVisible(v *View, a describeArgs) types.Datum {
	if types.Lookup(a.oid(0)) != nil {
		return yes(true)
	}
	for _, t := range v.Source.Tables(v.DB.OID) {
		if t.RowType == a.oid(0) || t.RowType+1 == a.oid(0) {
			return yes(v.visible(t.Namespace, t.Name))
		}
	}
	return null
}

func describeExpr(v *View, a describeArgs) types.Datum {
	return strOrNull(v.expr(v.relation(a.oid(1)), a.str(0), layoutOf(a.bool(2))))
}

func describeView(v *View, a describeArgs) types.Datum {
	t := v.relation(a.oid(0))
	if t == nil || t.Kind != schema.KindView {
		return str("Not a view")
	}
	// The second argument may be a column to wrap at, as well as a wish for few parentheses.
	return str(v.viewDef(t, a.bool(1)))
}

func describeIndex(v *View, a describeArgs) types.Datum {
	x := v.index(a.oid(0))
	if x == nil {
		return null
	}
	if len(a.datum) == 1 {
		return str(v.IndexDef(x, 0, false))
	}
	return str(v.IndexDef(x, a.int(1), a.bool(2)))
}

func describeConstraint(v *View, a describeArgs) types.Datum {
	for _, t := range v.Source.Tables(v.DB.OID) {
		for i := range t.Constraints {
			if t.Constraints[i].OID == a.oid(0) {
				return str(v.ConstraintDef(t, &t.Constraints[i], a.bool(1)))
			}
		}
	}
	return null
}

// ConstraintDef prints a constraint as pg_get_constraintdef does.
func (v *View) ConstraintDef(t *schema.Table, c *schema.Constraint, pretty bool) string {
	s := ""
	switch c.Type {
	case 'c':
		s = "CHECK (" + v.expr(t, c.Expr, layoutOf(pretty)) + ")"
	case 'p':
		s = "PRIMARY KEY (" + columnList(t, c.Columns) + ")"
	case 'u':
		s = "UNIQUE "
		if x := v.index(c.Index); x != nil && x.NullsNotDistinct {
			s += "NULLS NOT DISTINCT "
		}
		s += "(" + columnList(t, c.Columns) + ")"
	case 'f':
		s = v.foreignKeyDef(t, c)
	}
	if x := v.index(c.Index); x != nil && len(x.Include) > 0 {
		s += " INCLUDE (" + columnList(t, x.Include) + ")"
	}
	if c.NoInherit {
		s += " NO INHERIT"
	}
	if c.Deferrable {
		s += " DEFERRABLE"
	}
	if c.Deferred {
		s += " INITIALLY DEFERRED"
	}
	if c.NotValid {
		s += " NOT VALID"
	}
	return s
}

func (v *View) foreignKeyDef(t *schema.Table, c *schema.Constraint) string {
	ref := v.relation(c.RefTable)
	if ref == nil {
		return ""
	}
	s := "FOREIGN KEY (" + columnList(t, c.Columns) + ") REFERENCES " + v.qualified(ref.Namespace, ref.Name) +
		"(" + columnList(ref, c.RefColumns) + ")"
	if c.OnUpdate != 'a' && c.OnUpdate != 0 {
		s += " ON UPDATE " + actionWords[c.OnUpdate]
	}
	if c.OnDelete != 'a' && c.OnDelete != 0 {
		s += " ON DELETE " + actionWords[c.OnDelete]
	}
	return s
}

func columnList(t *schema.Table, nums []int16) string {
	names := make([]string, 0, len(nums))
	for _, n := range nums {
		if c := t.Col(n); c != nil {
			names = append(names, quoteIdent(c.Name))
		}
	}
	return strings.Join(names, ", ")
}

// serialSequence is pg_get_serial_sequence: the sequence that a column owns.
func (v *View) serialSequence(a describeArgs) (types.Datum, error) {
	parts, ok := fn.SplitName(a.str(0))
	if !ok {
		return null, pgerr.New(pgerrcode.InvalidName, "invalid name syntax")
	}
	name := parts[len(parts)-1]
	i := slices.IndexFunc(v.Source.Tables(v.DB.OID), func(t *schema.Table) bool {
		return t.Name == name && (len(parts) > 1 && v.namespaceName(t.Namespace) == parts[len(parts)-2] ||
			len(parts) == 1 && v.visible(t.Namespace, t.Name))
	})
	if i < 0 {
		return null, pgerr.New(pgerrcode.UndefinedTable, "relation %q does not exist", strings.Join(parts, "."))
	}
	t := v.Source.Tables(v.DB.OID)[i]
	c := t.Column(a.str(1))
	if c == nil {
		return null, pgerr.New(pgerrcode.UndefinedColumn, "column %q of relation %q does not exist", a.str(1), t.Name)
	}
	for _, s := range v.Source.Tables(v.DB.OID) {
		if s.Sequence != nil && s.Sequence.OwnerTable == t.OID && s.Sequence.OwnerColumn == c.Num {
			return str(quoteIdent(v.namespaceName(s.Namespace)) + "." + quoteIdent(s.Name)), nil
		}
	}
	return null, nil
}

func functionArgs(o types.OID) types.Datum {
	f := fn.FuncByOID(o)
	if f == nil {
		return null
	}
	names := make([]string, len(f.Args))
	for i, arg := range f.Args {
		names[i] = types.FormatType(types.Of(arg))
	}
	if f.Variadic != 0 && len(names) > 0 {
		names[len(names)-1] = "VARIADIC " + names[len(names)-1]
	}
	return str(strings.Join(names, ", "))
}

func functionResult(_ *View, a describeArgs) types.Datum {
	f := fn.FuncByOID(a.oid(0))
	if f == nil {
		return null
	}
	s := types.FormatType(types.Of(f.Ret))
	if f.RetSet {
		s = "SETOF " + s
	}
	return str(s)
}

// classOf maps a catalog's name, as obj_description takes it, to its OID.
var classOf = map[string]types.OID{
	"pg_class": classClass, "pg_proc": classProc, "pg_type": classType, "pg_constraint": classConstraint,
	"pg_namespace": classNamespace, "pg_extension": classExtension,
}

func describeComment(v *View, a describeArgs) types.Datum {
	out := null
	fillDescription(v, a.oid(0), func(row ...types.Datum) {
		if row[2].I == 0 && (len(a.datum) == 1 || types.OID(row[1].I) == classOf[a.str(1)]) {
			out = row[3]
		}
	})
	return out
}

func columnComment(v *View, a describeArgs) types.Datum {
	t := v.relation(a.oid(0))
	if t == nil {
		return null
	}
	if c := t.Col(int16(a.int(1))); c != nil {
		return strOrNull(c.Comment)
	}
	return null
}

func sharedComment(v *View, a describeArgs) types.Datum {
	for _, d := range v.Source.Databases() {
		if d.OID == a.oid(0) && a.str(1) == "pg_database" {
			return strOrNull(d.Comment)
		}
	}
	for _, r := range v.Source.Roles() {
		if r.OID == a.oid(0) && a.str(1) == "pg_authid" {
			return strOrNull(r.Comment)
		}
	}
	return null
}

func (v *View) bytes(o types.OID) int64 {
	if v.Runtime.Bytes == nil {
		return 0
	}
	return v.Runtime.Bytes(o)
}

func relationSize(v *View, a describeArgs) types.Datum {
	if v.relation(a.oid(0)) == nil && v.index(a.oid(0)) == nil {
		return null
	}
	return types.IntDatum(v.bytes(a.oid(0)))
}

func indexesSize(v *View, a describeArgs) types.Datum {
	sum := int64(0)
	v.eachIndex(0, func(x *schema.Index) {
		if x.Table == a.oid(0) {
			sum += v.bytes(x.OID)
		}
	})
	return types.IntDatum(sum)
}

func totalSize(v *View, a describeArgs) types.Datum {
	d := relationSize(v, a)
	d.I += indexesSize(v, a).I
	return d
}

func databaseSize(v *View, a describeArgs) types.Datum {
	db := a.oid(0)
	if a.types[0].OID == types.NameOID || a.types[0].OID == types.TextOID {
		db = 0
		for _, d := range v.Source.Databases() {
			if d.Name == a.str(0) {
				db = d.OID
			}
		}
	}
	sum := int64(0)
	for _, t := range v.Source.Tables(db) {
		sum += v.bytes(t.OID)
	}
	for _, x := range v.Source.Indexes(db) {
		sum += v.bytes(x.OID)
	}
	return types.IntDatum(sum)
}

func tempSchema(v *View, _ describeArgs) types.Datum {
	for _, ns := range v.Path {
		for _, n := range v.namespaces() {
			if n.OID == ns && n.Temp {
				return oid(n.OID)
			}
		}
	}
	return oid(0)
}
