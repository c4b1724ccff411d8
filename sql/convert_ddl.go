package sql

import (
	"github.com/jackc/pgerrcode"
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// ddlNode converts statements about tables, indexes, views and sequences; nil when n is none.
func (c *converter) ddlNode(n *pg_query.Node) Node {
	switch v := n.Node.(type) {
	case *pg_query.Node_CreateStmt:
		return c.createTable(v.CreateStmt)
	case *pg_query.Node_CreateTableAsStmt:
		return c.createTableAs(v.CreateTableAsStmt)
	case *pg_query.Node_IndexStmt:
		return c.createIndex(v.IndexStmt)
	case *pg_query.Node_ViewStmt:
		return c.createView(v.ViewStmt)
	case *pg_query.Node_CreateSeqStmt:
		s := v.CreateSeqStmt
		return &CreateSequence{Name: c.tableName(s.Sequence), Options: c.options(s.Options), IfNotExists: s.IfNotExists}
	case *pg_query.Node_AlterSeqStmt:
		s := v.AlterSeqStmt
		return &AlterSequence{Name: c.tableName(s.Sequence), Options: c.options(s.Options), MissingOK: s.MissingOk}
	case *pg_query.Node_AlterTableStmt:
		return c.alterTable(v.AlterTableStmt)
	case *pg_query.Node_DropStmt:
		return c.drop(v.DropStmt)
	case *pg_query.Node_TruncateStmt:
		s := &Truncate{RestartIdentity: v.TruncateStmt.RestartSeqs, Cascade: cascade(v.TruncateStmt.Behavior)}
		for _, r := range v.TruncateStmt.Relations {
			s.Tables = append(s.Tables, c.tableName(r.GetRangeVar()))
		}
		return s
	}
	return nil
}

func (c *converter) createTable(v *pg_query.CreateStmt) Node {
	switch {
	case len(v.InhRelations) > 0 && v.Partbound != nil:
		return &Unsupported{Feature: "CREATE TABLE ... PARTITION OF"}
	case len(v.InhRelations) > 0:
		return &Unsupported{Feature: "table inheritance"}
	case v.Partspec != nil:
		return &Unsupported{Feature: "CREATE TABLE ... PARTITION BY"}
	case v.OfTypename != nil:
		return &Unsupported{Feature: "CREATE TABLE ... OF type"}
	}
	c.tablespace(v.Tablespacename)
	s := &CreateTable{
		Table: c.tableName(v.Relation), IfNotExists: v.IfNotExists, Options: c.options(v.Options),
		Method: v.AccessMethod, OnCommit: onCommit(v.Oncommit),
	}
	for _, e := range v.TableElts {
		switch t := e.Node.(type) {
		case *pg_query.Node_ColumnDef:
			s.Cols = append(s.Cols, c.columnDef(t.ColumnDef))
		case *pg_query.Node_Constraint:
			s.Constraints = c.constraint(s.Constraints, t.Constraint)
		case *pg_query.Node_TableLikeClause:
			like := c.tableLike(t.TableLikeClause)
			like.Before = len(s.Cols)
			s.Likes = append(s.Likes, like)
		}
	}
	return s
}

func onCommit(a pg_query.OnCommitAction) byte {
	switch a {
	case pg_query.OnCommitAction_ONCOMMIT_PRESERVE_ROWS:
		return 'p'
	case pg_query.OnCommitAction_ONCOMMIT_DELETE_ROWS:
		return 'd'
	case pg_query.OnCommitAction_ONCOMMIT_DROP:
		return 'x'
	}
	return 0
}

// Bits of TableLikeClause.Options.
const (
	likeComments = 1 << iota
	likeCompression
	likeConstraints
	likeDefaults
	likeGenerated
	likeIdentity
	likeIndexes
)

func (c *converter) tableLike(v *pg_query.TableLikeClause) TableLike {
	o := v.Options
	return TableLike{
		Table: c.tableName(v.Relation), Comments: o&likeComments != 0, Constraints: o&likeConstraints != 0,
		Defaults: o&likeDefaults != 0, Generated: o&likeGenerated != 0, Identity: o&likeIdentity != 0,
		Indexes: o&likeIndexes != 0,
	}
}

func (c *converter) columnDef(v *pg_query.ColumnDef) *ColumnDef {
	d := &ColumnDef{
		At: At(v.Location), Name: v.Colname, Type: c.typeName(v.TypeName), Storage: v.StorageName, Compression: v.Compression,
	}
	if v.CollClause != nil {
		d.Collation = strs(v.CollClause.Collname)
	}
	for _, n := range v.Constraints {
		d.Constraints = c.constraint(d.Constraints, n.GetConstraint())
	}
	if v.RawDefault != nil {
		d.Constraints = append(d.Constraints, &Constraint{At: d.At, Kind: ConDefault, Expr: c.expr(v.RawDefault)})
	}
	return d
}

// constraint appends the constraint v to list; the attributes DEFERRABLE and so on, which the grammar
// gives as constraints of their own, go to the one before.
func (c *converter) constraint(list []*Constraint, v *pg_query.Constraint) []*Constraint {
	if v == nil {
		return list
	}
	var last *Constraint
	if len(list) > 0 {
		last = list[len(list)-1]
	}
	switch v.Contype {
	case pg_query.ConstrType_CONSTR_ATTR_DEFERRABLE, pg_query.ConstrType_CONSTR_ATTR_NOT_DEFERRABLE,
		pg_query.ConstrType_CONSTR_ATTR_DEFERRED, pg_query.ConstrType_CONSTR_ATTR_IMMEDIATE:
		if err := c.attribute(last, v.Contype); err != "" {
			c.fail(pgerr.New(pgerrcode.SyntaxError, "%s", err).At(int(v.Location)))
		}
		return list
	case pg_query.ConstrType_CONSTR_EXCLUSION:
		c.unsupported(v.Location, "EXCLUDE constraints")
		return list
	}
	c.tablespace(v.Indexspace)
	k := &Constraint{
		At: At(v.Location), Kind: constraintKinds[v.Contype], Name: v.Conname, Expr: c.expr(v.RawExpr),
		Keys: strs(v.Keys), Include: strs(v.Including), NullsNotDistinct: v.NullsNotDistinct,
		Options: c.options(v.Options), UsingIndex: v.Indexname,
		FKCols: strs(v.FkAttrs), RefTable: c.tableName(v.Pktable), RefCols: strs(v.PkAttrs),
		Match: first(v.FkMatchtype), OnDelete: first(v.FkDelAction), OnUpdate: first(v.FkUpdAction),
		Deferrable: v.Deferrable, Deferred: v.Initdeferred, NotValid: v.SkipValidation && !v.InitiallyValid,
		NoInherit: v.IsNoInherit,
	}
	switch k.Kind {
	case ConIdentity:
		k.Identity = first(v.GeneratedWhen)
	case ConGenerated:
		if v.GeneratedWhen == "d" {
			c.unsupported(v.Location, "GENERATED BY DEFAULT AS (expression)")
		}
	}
	c.said.deferrable, c.said.initially = false, false
	return append(list, k)
}

// attribute applies DEFERRABLE and its kin to the constraint that they follow, and says what is wrong with that.
func (c *converter) attribute(k *Constraint, t pg_query.ConstrType) string {
	words := map[pg_query.ConstrType]string{
		pg_query.ConstrType_CONSTR_ATTR_DEFERRABLE:     "DEFERRABLE",
		pg_query.ConstrType_CONSTR_ATTR_NOT_DEFERRABLE: "NOT DEFERRABLE",
		pg_query.ConstrType_CONSTR_ATTR_DEFERRED:       "INITIALLY DEFERRED",
		pg_query.ConstrType_CONSTR_ATTR_IMMEDIATE:      "INITIALLY IMMEDIATE",
	}
	if k == nil || k.Kind != ConPrimary && k.Kind != ConUnique && k.Kind != ConForeign {
		return "misplaced " + words[t] + " clause"
	}
	deferrable := t == pg_query.ConstrType_CONSTR_ATTR_DEFERRABLE
	deferred := t == pg_query.ConstrType_CONSTR_ATTR_DEFERRED
	switch {
	case deferrable || t == pg_query.ConstrType_CONSTR_ATTR_NOT_DEFERRABLE:
		if c.said.deferrable {
			return "multiple DEFERRABLE/NOT DEFERRABLE clauses not allowed"
		}
		c.said.deferrable, k.Deferrable = true, deferrable
	case c.said.initially:
		return "multiple INITIALLY IMMEDIATE/DEFERRED clauses not allowed"
	default:
		c.said.initially, k.Deferred = true, deferred
		k.Deferrable = k.Deferrable || deferred && !c.said.deferrable
	}
	if k.Deferred && !k.Deferrable {
		return "constraint declared INITIALLY DEFERRED must be DEFERRABLE"
	}
	return ""
}

func first(s string) byte {
	if s == "" {
		return 0
	}
	return s[0]
}

var constraintKinds = map[pg_query.ConstrType]ConstraintKind{
	pg_query.ConstrType_CONSTR_NULL:      ConNull,
	pg_query.ConstrType_CONSTR_NOTNULL:   ConNotNull,
	pg_query.ConstrType_CONSTR_DEFAULT:   ConDefault,
	pg_query.ConstrType_CONSTR_IDENTITY:  ConIdentity,
	pg_query.ConstrType_CONSTR_GENERATED: ConGenerated,
	pg_query.ConstrType_CONSTR_CHECK:     ConCheck,
	pg_query.ConstrType_CONSTR_PRIMARY:   ConPrimary,
	pg_query.ConstrType_CONSTR_UNIQUE:    ConUnique,
	pg_query.ConstrType_CONSTR_FOREIGN:   ConForeign,
}

func (c *converter) createTableAs(v *pg_query.CreateTableAsStmt) Node {
	if v.Objtype == pg_query.ObjectType_OBJECT_MATVIEW {
		return &Unsupported{Feature: "CREATE MATERIALIZED VIEW"}
	}
	s := c.into(v.Into)
	s.IfNotExists = v.IfNotExists
	s.Query = c.node(v.Query)
	return s
}

func (c *converter) into(v *pg_query.IntoClause) *CreateTable {
	c.tablespace(v.TableSpaceName)
	return &CreateTable{
		Table: c.tableName(v.Rel), ColNames: strs(v.ColNames), Options: c.options(v.Options),
		Method: v.AccessMethod, OnCommit: onCommit(v.OnCommit), NoData: v.SkipData,
	}
}

// intoOf is the INTO of a SELECT, which stands in the first one of a UNION and its kin; nil: there is none.
func intoOf(v *pg_query.SelectStmt) *pg_query.SelectStmt {
	for v.Larg != nil {
		v = v.Larg
	}
	if v.IntoClause == nil {
		return nil
	}
	return v
}

// selectInto turns SELECT ... INTO table, which stands in first, into CREATE TABLE AS.
func (c *converter) selectInto(v, first *pg_query.SelectStmt) Node {
	s := c.into(first.IntoClause)
	into := first.IntoClause
	first.IntoClause = nil
	s.Into, s.Query = true, c.selectStmt(v)
	first.IntoClause = into
	return s
}

func (c *converter) createIndex(v *pg_query.IndexStmt) Node {
	c.tablespace(v.TableSpace)
	return &CreateIndex{
		Name: v.Idxname, Table: c.tableName(v.Relation), Method: v.AccessMethod,
		Elems: c.indexElems(v.IndexParams), Include: includeNames(v.IndexIncludingParams),
		Options: c.options(v.Options), Where: c.expr(v.WhereClause), Unique: v.Unique,
		NullsNotDistinct: v.NullsNotDistinct, Concurrently: v.Concurrent, IfNotExists: v.IfNotExists,
	}
}

func includeNames(list []*pg_query.Node) []string {
	var out []string
	for _, n := range list {
		out = append(out, n.GetIndexElem().GetName())
	}
	return out
}

func (c *converter) indexElems(list []*pg_query.Node) []IndexElem {
	var out []IndexElem
	for _, n := range list {
		e := n.GetIndexElem()
		out = append(out, IndexElem{
			Column: e.Name, Expr: c.expr(e.Expr), Collation: strs(e.Collation), Opclass: strs(e.Opclass),
			OpOptions: c.options(e.Opclassopts), Desc: e.Ordering == pg_query.SortByDir_SORTBY_DESC,
			Nulls: nulls(e.NullsOrdering),
		})
	}
	return out
}

func (c *converter) createView(v *pg_query.ViewStmt) Node {
	sel := v.Query.GetSelectStmt()
	if sel == nil {
		return &Unsupported{Feature: "CREATE VIEW of this statement"}
	}
	s := &CreateView{
		View: c.tableName(v.View), Cols: strs(v.Aliases), Query: c.selectStmt(sel),
		Replace: v.Replace, Options: c.options(v.Options),
	}
	switch v.WithCheckOption {
	case pg_query.ViewCheckOption_LOCAL_CHECK_OPTION:
		s.Check = 'l'
	case pg_query.ViewCheckOption_CASCADED_CHECK_OPTION:
		s.Check = 'c'
	}
	return s
}

// objectKinds are the kinds of objects that we have.
var objectKinds = map[pg_query.ObjectType]ObjectKind{
	pg_query.ObjectType_OBJECT_TABLE:         ObjTable,
	pg_query.ObjectType_OBJECT_VIEW:          ObjView,
	pg_query.ObjectType_OBJECT_INDEX:         ObjIndex,
	pg_query.ObjectType_OBJECT_SEQUENCE:      ObjSequence,
	pg_query.ObjectType_OBJECT_SCHEMA:        ObjSchema,
	pg_query.ObjectType_OBJECT_DATABASE:      ObjDatabase,
	pg_query.ObjectType_OBJECT_ROLE:          ObjRole,
	pg_query.ObjectType_OBJECT_EXTENSION:     ObjExtension,
	pg_query.ObjectType_OBJECT_COLUMN:        ObjColumn,
	pg_query.ObjectType_OBJECT_TABCONSTRAINT: ObjConstraint,
}

// kindName is what the kind is called in messages, also of kinds that we do not have.
func kindName(t pg_query.ObjectType) string {
	if k, ok := objectKinds[t]; ok {
		return string(k)
	}
	if name, ok := rareKinds[t]; ok {
		return name
	}
	return "OBJECT"
}

var rareKinds = map[pg_query.ObjectType]string{
	pg_query.ObjectType_OBJECT_FUNCTION:      "FUNCTION",
	pg_query.ObjectType_OBJECT_PROCEDURE:     "PROCEDURE",
	pg_query.ObjectType_OBJECT_ROUTINE:       "ROUTINE",
	pg_query.ObjectType_OBJECT_AGGREGATE:     "AGGREGATE",
	pg_query.ObjectType_OBJECT_TYPE:          "TYPE",
	pg_query.ObjectType_OBJECT_DOMAIN:        "DOMAIN",
	pg_query.ObjectType_OBJECT_TRIGGER:       "TRIGGER",
	pg_query.ObjectType_OBJECT_RULE:          "RULE",
	pg_query.ObjectType_OBJECT_POLICY:        "POLICY",
	pg_query.ObjectType_OBJECT_MATVIEW:       "MATERIALIZED VIEW",
	pg_query.ObjectType_OBJECT_FOREIGN_TABLE: "FOREIGN TABLE",
	pg_query.ObjectType_OBJECT_COLLATION:     "COLLATION",
	pg_query.ObjectType_OBJECT_LANGUAGE:      "LANGUAGE",
	pg_query.ObjectType_OBJECT_OPERATOR:      "OPERATOR",
	pg_query.ObjectType_OBJECT_CAST:          "CAST",
	pg_query.ObjectType_OBJECT_TABLESPACE:    "TABLESPACE",
	pg_query.ObjectType_OBJECT_PUBLICATION:   "PUBLICATION",
	pg_query.ObjectType_OBJECT_SUBSCRIPTION:  "SUBSCRIPTION",
	pg_query.ObjectType_OBJECT_STATISTIC_EXT: "STATISTICS",
	pg_query.ObjectType_OBJECT_EVENT_TRIGGER: "EVENT TRIGGER",
	pg_query.ObjectType_OBJECT_LARGEOBJECT:   "LARGE OBJECT",
	pg_query.ObjectType_OBJECT_ATTRIBUTE:     "TYPE",

	pg_query.ObjectType_OBJECT_TSCONFIGURATION: "TEXT SEARCH CONFIGURATION",
	pg_query.ObjectType_OBJECT_TSDICTIONARY:    "TEXT SEARCH DICTIONARY",
	pg_query.ObjectType_OBJECT_TSPARSER:        "TEXT SEARCH PARSER",
	pg_query.ObjectType_OBJECT_TSTEMPLATE:      "TEXT SEARCH TEMPLATE",

	pg_query.ObjectType_OBJECT_DOMCONSTRAINT: "DOMAIN",
}

func (c *converter) drop(v *pg_query.DropStmt) Node {
	kind, ok := objectKinds[v.RemoveType]
	if !ok {
		return &Unsupported{Feature: "DROP " + kindName(v.RemoveType)}
	}
	s := &Drop{Kind: kind, MissingOK: v.MissingOk, Cascade: cascade(v.Behavior), Concurrently: v.Concurrent}
	for _, n := range v.Objects {
		s.Names = append(s.Names, qualified(objectName(n)))
	}
	return s
}

// objectName reads an object's name: a String, a list of them, or a type name.
func objectName(n *pg_query.Node) []string {
	switch v := n.Node.(type) {
	case *pg_query.Node_String_:
		return []string{v.String_.Sval}
	case *pg_query.Node_List:
		return strs(v.List.Items)
	case *pg_query.Node_TypeName:
		return strs(v.TypeName.Names)
	case *pg_query.Node_RangeVar:
		if v.RangeVar.Schemaname != "" {
			return []string{v.RangeVar.Schemaname, v.RangeVar.Relname}
		}
		return []string{v.RangeVar.Relname}
	}
	return nil
}
