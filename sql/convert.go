package sql

import (
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// converter turns pg_query's tree of one statement into ours. The first failure sticks in err and
// stops what follows from mattering.
type converter struct {
	query  string
	params int
	err    error
	// lits are the literals to replace by parameters, or nil; keep > 0 says not to, here.
	lits  *literalSet
	keep  int
	depth int
	said  struct{ deferrable, initially bool } // which attributes the last constraint has been given
}

// depthMax bounds the nesting of expressions and queries that conversion follows.
const depthMax = 6000

func (c *converter) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

func (c *converter) unsupported(at int32, format string, args ...any) {
	c.fail(pgerr.Unsupported(format, args...).At(int(at)))
}

// enter counts one level of nesting; leave ends it.
func (c *converter) enter() bool {
	c.depth++
	if c.depth > depthMax {
		c.fail(errTooDeep())
	}
	return c.err == nil
}

func (c *converter) leave() { c.depth-- }

func (c *converter) statement(n *pg_query.Node) (Node, error) {
	out := c.node(n)
	if c.err != nil {
		return nil, c.err
	}
	return out, nil
}

// node converts any statement.
func (c *converter) node(n *pg_query.Node) Node {
	if s := c.dataNode(n); s != nil {
		return s
	}
	if s := c.ddlNode(n); s != nil {
		return s
	}
	if s := c.objectNode(n); s != nil {
		return s
	}
	if s := c.utilityNode(n); s != nil {
		return s
	}
	return &Unsupported{Feature: featureOf(n)}
}

// dataNode converts SELECT, INSERT, UPDATE, DELETE; nil when n is something else.
func (c *converter) dataNode(n *pg_query.Node) Node {
	switch v := n.Node.(type) {
	case *pg_query.Node_SelectStmt:
		if first := intoOf(v.SelectStmt); first != nil {
			return c.selectInto(v.SelectStmt, first)
		}
		return c.selectStmt(v.SelectStmt)
	case *pg_query.Node_InsertStmt:
		return c.insertStmt(v.InsertStmt)
	case *pg_query.Node_UpdateStmt:
		return c.updateStmt(v.UpdateStmt)
	case *pg_query.Node_DeleteStmt:
		return c.deleteStmt(v.DeleteStmt)
	case *pg_query.Node_MergeStmt:
		return &Unsupported{Feature: "MERGE"}
	}
	return nil
}

// featureOf names a statement that we do not have, from the name of its node: CreateFunctionStmt is
// CREATE FUNCTION.
func featureOf(n *pg_query.Node) string {
	switch v := n.Node.(type) {
	case *pg_query.Node_DefineStmt:
		return "CREATE " + kindName(v.DefineStmt.Kind)
	case *pg_query.Node_CreateFunctionStmt:
		if v.CreateFunctionStmt.IsProcedure {
			return "CREATE PROCEDURE"
		}
	}
	name := strings.TrimPrefix(typeName(n.Node), "*pg_query.Node_")
	if f, ok := featureNames[name]; ok {
		return f
	}
	name = strings.TrimSuffix(name, "Stmt")
	var b strings.Builder
	for i, r := range name {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return strings.ToUpper(b.String())
}

// featureNames are the statements whose node name does not say it.
var featureNames = map[string]string{
	"CreateOpClassStmt":          "CREATE OPERATOR CLASS",
	"CreateOpFamilyStmt":         "CREATE OPERATOR FAMILY",
	"CreateTrigStmt":             "CREATE TRIGGER",
	"CreateEventTrigStmt":        "CREATE EVENT TRIGGER",
	"AlterEventTrigStmt":         "ALTER EVENT TRIGGER",
	"CompositeTypeStmt":          "CREATE TYPE",
	"CreateEnumStmt":             "CREATE TYPE",
	"CreateRangeStmt":            "CREATE TYPE",
	"AlterEnumStmt":              "ALTER TYPE",
	"RuleStmt":                   "CREATE RULE",
	"CreatePlangStmt":            "CREATE LANGUAGE",
	"CreateStatsStmt":            "CREATE STATISTICS",
	"AlterStatsStmt":             "ALTER STATISTICS",
	"CreateFdwStmt":              "CREATE FOREIGN DATA WRAPPER",
	"AlterFdwStmt":               "ALTER FOREIGN DATA WRAPPER",
	"CreateForeignServerStmt":    "CREATE SERVER",
	"CreateAmStmt":               "CREATE ACCESS METHOD",
	"RefreshMatViewStmt":         "REFRESH MATERIALIZED VIEW",
	"SecLabelStmt":               "SECURITY LABEL",
	"AlterExtensionContentsStmt": "ALTER EXTENSION ADD or DROP",
	"AlterSystemStmt":            "ALTER SYSTEM",
	"CreateTableSpaceStmt":       "CREATE TABLESPACE",
	"DropTableSpaceStmt":         "DROP TABLESPACE",
	"AlterTableMoveAllStmt":      "ALTER TABLE ALL IN TABLESPACE",
}

// strs reads a list of String nodes.
func strs(list []*pg_query.Node) []string {
	if len(list) == 0 {
		return nil
	}
	out := make([]string, 0, len(list))
	for _, n := range list {
		out = append(out, str(n))
	}
	return out
}

// str reads a String, or the text of a star.
func str(n *pg_query.Node) string {
	if s := n.GetString_(); s != nil {
		return s.Sval
	}
	if n.GetAStar() != nil {
		return "*"
	}
	return ""
}

func (c *converter) tableName(r *pg_query.RangeVar) *TableName {
	if r == nil {
		return nil
	}
	return &TableName{
		At: At(r.Location), Catalog: r.Catalogname, Schema: r.Schemaname, Name: r.Relname,
		Only: !r.Inh, Temp: r.Relpersistence == "t", Alias: alias(r.Alias),
	}
}

// qualified makes a table name of a list of one to three names.
func qualified(names []string) *TableName {
	t := &TableName{At: -1}
	switch n := len(names); n {
	case 0:
	case 1:
		t.Name = names[0]
	case 2:
		t.Schema, t.Name = names[0], names[1]
	default:
		t.Catalog, t.Schema, t.Name = names[n-3], names[n-2], names[n-1]
	}
	return t
}

func alias(a *pg_query.Alias) *Alias {
	if a == nil {
		return nil
	}
	return &Alias{Name: a.Aliasname, Cols: strs(a.Colnames)}
}

// options converts a list of DefElem.
func (c *converter) options(list []*pg_query.Node) []Option {
	out := make([]Option, 0, len(list))
	for _, n := range list {
		if d := n.GetDefElem(); d != nil {
			out = append(out, c.option(d))
		}
	}
	return out
}

func (c *converter) option(d *pg_query.DefElem) Option {
	o := Option{At: At(d.Location), Namespace: d.Defnamespace, Name: d.Defname, Set: d.Arg != nil}
	if d.Arg == nil {
		return o
	}
	switch v := d.Arg.Node.(type) {
	case *pg_query.Node_List:
		for _, e := range v.List.Items {
			if r := e.GetRoleSpec(); r != nil {
				o.List = append(o.List, r.Rolename)
				continue
			}
			o.List = append(o.List, str(e))
		}
		o.Value = strings.Join(o.List, ".")
	case *pg_query.Node_AStar:
		o.Star, o.Value = true, "*"
	default:
		o.Value = c.valueText(d.Arg)
		if code := d.Arg.GetInteger(); code != nil && d.Defname == "generated" { // of an identity: the letter's code
			o.Value = string(rune(code.Ival))
		}
	}
	return o
}

// valueText is the text of a simple value in an option or SET.
func (c *converter) valueText(n *pg_query.Node) string {
	switch v := n.Node.(type) {
	case *pg_query.Node_String_:
		return v.String_.Sval
	case *pg_query.Node_Integer:
		return strconv.Itoa(int(v.Integer.Ival))
	case *pg_query.Node_Float:
		return v.Float.Fval
	case *pg_query.Node_Boolean:
		return strconv.FormatBool(v.Boolean.Boolval)
	case *pg_query.Node_AConst:
		switch k := v.AConst.Val.(type) {
		case *pg_query.A_Const_Ival:
			return strconv.Itoa(int(k.Ival.Ival))
		case *pg_query.A_Const_Fval:
			return k.Fval.Fval
		case *pg_query.A_Const_Sval:
			return k.Sval.Sval
		case *pg_query.A_Const_Boolval:
			return strconv.FormatBool(k.Boolval.Boolval)
		}
	case *pg_query.Node_TypeName:
		return strings.Join(strs(v.TypeName.Names), ".")
	case *pg_query.Node_TypeCast:
		return c.valueText(v.TypeCast.Arg)
	}
	return ""
}

// tablespace refuses a tablespace other than the one that there is.
func (c *converter) tablespace(name string) {
	switch name {
	case "", "pg_default":
	case "pg_global":
		c.fail(pgerr.New(pgerrcode.InvalidParameterValue, "only shared relations can be placed in pg_global tablespace"))
	default:
		c.fail(pgerr.New(pgerrcode.UndefinedObject, "tablespace %q does not exist", name))
	}
}

func (c *converter) roles(list []*pg_query.Node) []*RoleName {
	out := make([]*RoleName, 0, len(list))
	for _, n := range list {
		if r := n.GetRoleSpec(); r != nil {
			out = append(out, role(r))
		}
	}
	return out
}

func role(r *pg_query.RoleSpec) *RoleName {
	if r == nil {
		return nil
	}
	out := &RoleName{At: At(r.Location), Name: r.Rolename}
	switch r.Roletype {
	case pg_query.RoleSpecType_ROLESPEC_CURRENT_ROLE, pg_query.RoleSpecType_ROLESPEC_CURRENT_USER:
		out.Special = "current_user"
	case pg_query.RoleSpecType_ROLESPEC_SESSION_USER:
		out.Special = "session_user"
	case pg_query.RoleSpecType_ROLESPEC_PUBLIC:
		out.Special = "public"
	}
	return out
}

func cascade(b pg_query.DropBehavior) bool { return b == pg_query.DropBehavior_DROP_CASCADE }
