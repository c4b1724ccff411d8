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
	"acldefault":                         defaultACL,
	"pg_partition_root":                  nullDescriber,
	"pg_get_function_arg_default":        nullDescriber,
	"pg_get_statisticsobjdef":            nullDescriber,
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
	"pg_get_indexdef":                    describeIndex,
	"pg_get_constraintdef":               describeConstraint,
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
	"pg_table_size":                      relationSize,
	"pg_indexes_size":                    indexesSize,
	"pg_total_relation_size":             totalSize,
	"pg_relation_filenode":               relationFile,
	"pg_relation_is_publishable":         publishable,
	"pg_tablespace_location":             func(*View, describeArgs) types.Datum { return str("") },
	"pg_is_in_recovery":                  func(*View, describeArgs) types.Datum { return yes(false) },
	"pg_my_temp_schema":                  tempSchema,
	"pg_is_other_temp_schema":            func(*View, describeArgs) types.Datum { return yes(false) },
	"row_security_active":                func(*View, describeArgs) types.Datum { return yes(false) },
}

// failing are those that refuse some arguments.
var failing = map[string]func(v *View, a describeArgs) (types.Datum, error){
	"pg_get_viewdef":         (*View).describeView,
	"pg_get_serial_sequence": (*View).describeSerial,
	"pg_relation_size":       (*View).forkSize,
	"pg_database_size":       (*View).databaseSize,
	"pg_tablespace_size":     (*View).tablespaceSize,
	"pg_sequence_last_value": (*View).sequenceValue,
}

// Describes says whether a describing function of that name is known.
func Describes(name string) bool {
	return describers[name] != nil || privilegeFuncs[name] != nil || name == "pg_has_role" || failing[name] != nil
}

// Describe answers a describing function: see fn.Catalog.
func (v *View) Describe(name string, args []types.Datum, argTypes []types.T) (types.Datum, error) {
	if privilegeFuncs[name] != nil {
		return v.hasPrivilege(name, args, argTypes)
	}
	if name == "pg_has_role" {
		return v.hasRole(args, argTypes)
	}
	if f := failing[name]; f != nil {
		return f(v, describeArgs{name, args, argTypes})
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
	if t := v.tableOfPart(a.oid(0)); t != nil && (t.RowType == a.oid(0) || t.RowType+1 == a.oid(0)) {
		return yes(v.visible(t.Namespace, t.Name))
	}
	return null
}

func describeExpr(v *View, a describeArgs) types.Datum {
	return strOrNull(v.expr(v.relation(a.oid(1)), a.str(0), layoutOf(a.bool(2))))
}

func (v *View) describeView(a describeArgs) (types.Datum, error) {
	t, err := v.tableArg(a)
	if t == nil || err != nil || t.Kind != schema.KindView {
		return null, err
	}
	// The second argument may be a column to wrap at, as well as a wish for few parentheses.
	return str(v.viewDef(t, a.bool(1))), nil
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
	if t := v.tableOfPart(a.oid(0)); t != nil {
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
	if c.MatchFull {
		s += " MATCH FULL"
	}
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

// describeSerial is pg_get_serial_sequence: the sequence that a column owns.
func (v *View) describeSerial(a describeArgs) (types.Datum, error) {
	t, err := v.tableArg(a)
	if err != nil {
		return null, err
	}
	c := t.Column(a.str(1))
	if c == nil {
		return null, pgerr.New(pgerrcode.UndefinedColumn, "column %q of relation %q does not exist", a.str(1), t.Name)
	}
	for _, s := range v.Source.Referrers(t.OID) {
		if s.Sequence != nil && s.Sequence.OwnerTable == t.OID && s.Sequence.OwnerColumn == c.Num {
			return str(quoteIdent(v.namespaceName(s.Namespace)) + "." + quoteIdent(s.Name)), nil
		}
	}
	return null, nil
}

// sequenceValue is pg_sequence_last_value: null before the first.
func (v *View) sequenceValue(a describeArgs) (types.Datum, error) {
	if t := v.relation(a.oid(0)); t == nil || t.Sequence == nil {
		return null, pgerr.New(pgerrcode.WrongObjectType, "%q is not a sequence", v.anyName(a.oid(0)))
	}
	return v.lastValue(a.oid(0)), nil
}

// anyName is the name of a relation or index.
func (v *View) anyName(o types.OID) string {
	if t := v.relation(o); t != nil {
		return t.Name
	}
	if x := v.index(o); x != nil {
		return x.Name
	}
	return itoa(int(o))
}

func functionArgs(o types.OID) types.Datum {
	f := fn.FuncByOID(o)
	if f == nil {
		return null
	}
	names := make([]string, len(f.Args))
	for i, arg := range f.Args {
		names[i] = types.TypeName(arg)
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
	s := types.TypeName(f.Ret)
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
	if a.int(1) == 0 {
		return strOrNull(t.Comment)
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

// forkSize is pg_relation_size: all bytes are in the main fork.
func (v *View) forkSize(a describeArgs) (types.Datum, error) {
	if len(a.datum) == 2 && !slices.Contains([]string{"main", "fsm", "vm", "init"}, a.str(1)) {
		return null, pgerr.New(pgerrcode.InvalidParameterValue, "invalid fork name").
			Hint(`Valid fork names are "main", "fsm", "vm", and "init".`)
	}
	d := relationSize(v, a)
	if !d.Null && len(a.datum) == 2 && a.str(1) != "main" {
		d.I = 0
	}
	return d, nil
}

func relationFile(v *View, a describeArgs) types.Datum {
	if t := v.relation(a.oid(0)); t != nil && t.Kind != schema.KindView || v.index(a.oid(0)) != nil {
		return oid(a.oid(0))
	}
	return null
}

func publishable(v *View, a describeArgs) types.Datum {
	t := v.relation(a.oid(0))
	if t == nil {
		return null
	}
	return yes(t.DB != 0 && t.Kind == schema.KindTable && v.persistence(t.Namespace) == 'p')
}

func indexesSize(v *View, a describeArgs) types.Datum {
	if v.relation(a.oid(0)) == nil {
		return null
	}
	sum := int64(0)
	for _, x := range v.Source.IndexesOf(a.oid(0)) {
		sum += v.bytes(x.OID)
	}
	return types.IntDatum(sum)
}

func totalSize(v *View, a describeArgs) types.Datum {
	d := relationSize(v, a)
	if !d.Null {
		d.I += indexesSize(v, a).I
	}
	return d
}

func (v *View) databaseSize(a describeArgs) (types.Datum, error) {
	for _, d := range v.Source.Databases() {
		if isText(a.types[0].OID) && d.Name == a.str(0) || !isText(a.types[0].OID) && d.OID == a.oid(0) {
			return types.IntDatum(v.databaseBytes(d.OID)), nil
		}
	}
	if isText(a.types[0].OID) {
		return null, pgerr.New(pgerrcode.InvalidCatalogName, "database %q does not exist", a.str(0))
	}
	return null, nil
}

func (v *View) databaseBytes(db types.OID) int64 {
	sum := int64(0)
	for _, t := range v.Source.Tables(db) {
		sum += v.bytes(t.OID)
	}
	for _, x := range v.Source.Indexes(db) {
		sum += v.bytes(x.OID)
	}
	return sum
}

// tablespaceSize is that of all databases for pg_default, in which they are, and 0 for pg_global.
func (v *View) tablespaceSize(a describeArgs) (types.Datum, error) {
	sum := int64(0)
	switch {
	case isText(a.types[0].OID) && a.str(0) == "pg_default", !isText(a.types[0].OID) && a.oid(0) == tablespaceDefault:
		for _, d := range v.Source.Databases() {
			sum += v.databaseBytes(d.OID)
		}
	case isText(a.types[0].OID) && a.str(0) == "pg_global", !isText(a.types[0].OID) && a.oid(0) == tablespaceGlobal:
	case isText(a.types[0].OID):
		return null, pgerr.New(pgerrcode.UndefinedObject, "tablespace %q does not exist", a.str(0))
	default:
		return null, nil
	}
	return types.IntDatum(sum), nil
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

// defaultACLs are the privileges that PUBLIC and the owner have where none were granted, by kind of object.
var defaultACLs = map[byte][2]string{
	'r': {"", "arwdDxt"}, 's': {"", "rwU"}, 'd': {"Tc", "CTc"}, 'n': {"", "UC"}, 'f': {"X", "X"}, 'l': {"U", "U"},
	'T': {"U", "U"}, 't': {"", "C"}, 'L': {"", "rw"}, 'F': {"", "U"}, 'S': {"", "U"}, 'p': {"", "sA"}, 'c': {},
}

// defaultACL is acldefault(kind, owner).
func defaultACL(v *View, a describeArgs) types.Datum {
	grants, known := defaultACLs[byte(a.int(0))]
	if len(a.datum) < 2 || !known {
		return null
	}
	owner := v.roleName(a.oid(1))
	if grants[1] == "" {
		return str(types.ArrayOf(types.ACLItemOID, nil))
	}
	var items []string
	for i, grantee := range []string{"", owner} {
		if grants[i] != "" {
			items = append(items, grantee+"="+grants[i]+"/"+owner)
		}
	}
	return aclItems(items)
}

// aclItems shows privileges as they are kept, but for names that need quotes; null if there are none.
func aclItems(acl []string) types.Datum {
	items := make([]string, len(acl))
	for i, item := range acl {
		grantee, rest, _ := strings.Cut(item, "=")
		letters, grantor, _ := strings.Cut(rest, "/")
		items[i] = aclName(grantee) + "=" + letters + "/" + aclName(grantor)
	}
	return texts(types.ACLItemOID, items)
}

// aclName quotes a name unless all of it are letters, digits and underscores.
func aclName(name string) string {
	for _, r := range name {
		if r != '_' && r < 0x80 && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
		}
	}
	return name
}
