package ddl

import (
	"context"
	"slices"
	"strconv"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/exec/pgcatalog"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/upkeep"
)

// indexKeysMax is the number of columns of an index, PostgreSQL's limit.
const indexKeysMax = 32

var errTooManyKeys = pgerr.New(pgerrcode.TooManyColumns, "cannot use more than %d columns in an index", indexKeysMax)

// method describes an index method of ours.
type method struct {
	name          string
	unique        bool // may be UNIQUE, have several keys, INCLUDE, DESC
	expressions   bool
	parameters    map[string]parameter
	dimensionsMax int // of a vector key
}

// annDimensionsMax is the greatest number of dimensions of an indexed vector: every vector's.
const annDimensionsMax = 16000

var methods = map[string]*method{
	"btree": {name: "btree", unique: true, expressions: true, parameters: map[string]parameter{
		"fillfactor":        {min: 10, max: 100},
		"deduplicate_items": {kind: boolParameter},
	}},
	"ivfpq": {name: "ivfpq", dimensionsMax: annDimensionsMax, parameters: map[string]parameter{
		"num_partitions":  {min: 1, max: 1 << 20},
		"lists":           {name: "num_partitions", min: 1, max: 1 << 20},
		"num_sub_vectors": {min: 1, max: annDimensionsMax},
		"num_bits":        {only: []int{4, 8}},
	}},
	"hnsw": {name: "hnsw", dimensionsMax: annDimensionsMax, parameters: map[string]parameter{
		"m":               {min: 2, max: 100},
		"ef_construction": {min: 4, max: 1000},
	}},
	"ivfflat": {name: "ivfflat", dimensionsMax: annDimensionsMax, parameters: map[string]parameter{
		"lists": {min: 1, max: 1 << 15},
	}},
}

// otherMethods are PostgreSQL's methods that we do not have.
var otherMethods = map[string]bool{"hash": true, "gist": true, "gin": true, "spgist": true, "brin": true}

func findMethod(name string) (*method, error) {
	if m := methods[name]; m != nil {
		return m, nil
	}
	if otherMethods[name] {
		return nil, pgerr.Unsupported("access method %q", name)
	}
	return nil, pgerr.New(pgerrcode.UndefinedObject, "access method %q does not exist", name)
}

func (c *Context) createIndex(ctx context.Context, n *sql.CreateIndex) error {
	if r, err := c.relation(n.Table); err == nil && r != nil && r.Kind() != schema.KindTable {
		return pgerr.New(pgerrcode.WrongObjectType, "cannot create index on relation %q", r.Name()).Detail("%s", notFor(r.Kind()))
	}
	t, err := c.table(n.Table)
	if err != nil {
		return err
	}
	m, err := findMethod(n.Method)
	if err != nil {
		return err
	}
	if n.Concurrently && c.InBlock {
		return pgerr.New(pgerrcode.ActiveSQLTransaction, "CREATE INDEX CONCURRENTLY cannot run inside a transaction block")
	}
	if n.Name != "" {
		free, err := c.freeName(t.Namespace, n.Name, n.IfNotExists)
		if err != nil || !free {
			return err
		}
	}
	x := &schema.Index{
		OID: c.newOID(), DB: t.DB, Namespace: t.Namespace, Table: t.OID, Name: n.Name, Owner: t.Owner, Method: m.name,
		Unique: n.Unique, NullsNotDistinct: n.NullsNotDistinct,
	}
	if err := c.indexShape(x, t, n, m); err != nil {
		return err
	}
	if x.Options, err = readParameters(m.parameters, n.Options); err != nil {
		return err
	}
	if err := checkSubVectors(x); err != nil {
		return err
	}
	if err := checkGraph(x); err != nil {
		return err
	}
	if x.Name == "" {
		x.Name = c.chooseName(t.Namespace, t.Name, indexColumnsText(t, x), "idx", nil)
	}
	return c.buildIndex(ctx, x, n.Concurrently)
}

// indexShape fills keys, INCLUDE and WHERE, and refuses what the method cannot do.
func (c *Context) indexShape(x *schema.Index, t *schema.Table, n *sql.CreateIndex, m *method) error {
	if n.Unique && !m.unique {
		return pgerr.New(pgerrcode.FeatureNotSupported, "access method %q does not support unique indexes", m.name)
	}
	if len(n.Include) > 0 && !m.unique {
		return pgerr.New(pgerrcode.FeatureNotSupported, "access method %q does not support included columns", m.name)
	}
	if len(n.Elems) > 1 && !m.unique {
		return pgerr.New(pgerrcode.FeatureNotSupported, "access method %q does not support multicolumn indexes", m.name)
	}
	if len(n.Elems)+len(n.Include) > indexKeysMax {
		return errTooManyKeys
	}
	for _, e := range n.Elems {
		key, err := c.indexElem(t, e, m, x)
		if err != nil {
			return err
		}
		nameKey(t, x.Keys, &key, e.Expr)
		x.Keys = append(x.Keys, key)
	}
	for _, name := range n.Include {
		col := t.Column(name)
		if col == nil {
			return pgerr.New(pgerrcode.UndefinedColumn, "column %q does not exist", name)
		}
		x.Include = append(x.Include, col.Num)
	}
	if n.Where != nil {
		if !m.unique {
			return pgerr.Unsupported("a partial index of method %q", m.name)
		}
		s, err := c.Binder.Expr(n.Where, t, Wanted{Type: types.Of(types.BoolOID), What: "index predicates", Columns: true, Immutable: true})
		if err != nil {
			return err
		}
		x.Where = s.Text
		x.Deps = append(x.Deps, s.Deps...)
	}
	return nil
}

// indexElem makes one key.
func (c *Context) indexElem(t *schema.Table, e sql.IndexElem, m *method, x *schema.Index) (schema.IndexKey, error) {
	var key schema.IndexKey
	class := ""
	if len(e.Opclass) > 0 {
		class = e.Opclass[len(e.Opclass)-1]
	}
	num, text := int16(0), ""
	var typ types.T
	if e.Column != "" {
		col := t.Column(e.Column)
		if col == nil && bind.IsSystemColumn(e.Column) {
			return key, pgerr.New(pgerrcode.FeatureNotSupported, "index creation on system columns is not supported")
		}
		if col == nil {
			return key, pgerr.New(pgerrcode.UndefinedColumn, "column %q does not exist", e.Column)
		}
		num, typ = col.Num, col.Type
	} else {
		if !m.expressions {
			return key, pgerr.Unsupported("an expression index of method %q", m.name)
		}
		s, err := c.Binder.Expr(e.Expr, t, Wanted{What: "index expressions", Columns: true, Immutable: true})
		if err != nil {
			return key, err
		}
		num, text, typ = s.Simple, s.Text, s.Type
		x.Deps = append(x.Deps, s.Deps...)
	}
	if err := checkCollation(e.Collation, typ); err != nil {
		return key, err
	}
	key, err := indexKey(t, num, m.name, class, typ)
	if err != nil {
		return key, err
	}
	if num == 0 {
		key.Expr = text
	}
	if (e.Desc || e.Nulls != 0) && !m.unique {
		return key, pgerr.New(pgerrcode.FeatureNotSupported, "access method %q does not support ASC/DESC options", m.name)
	}
	key.Desc = e.Desc
	key.NullsFirst = e.Nulls == 'f' || e.Nulls == 0 && e.Desc
	return key, nil
}

// indexKey makes a key over a column, or over an expression of type typ when num is 0, and checks its
// operator class.
func indexKey(t *schema.Table, num int16, method, class string, typ ...types.T) (schema.IndexKey, error) {
	key := schema.IndexKey{Column: num}
	if num != 0 {
		key.Type = t.Col(num).Type
	} else {
		key.Type = typ[0]
	}
	shown := types.FormatType(types.Of(key.Type.OID))
	if class == "" {
		class = pgcatalog.DefaultOpclass(method, key.Type.OID)
		if class == "" {
			return key, pgerr.New(pgerrcode.UndefinedObject, "data type %s has no default operator class for access method %q", shown, method).
				Hint("You must specify an operator class for the index or define a default operator class for the data type.")
		}
	} else {
		exists, fits := pgcatalog.Opclass(method, class, key.Type.OID)
		if !exists {
			return key, pgerr.New(pgerrcode.UndefinedObject, "operator class %q does not exist for access method %q", class, method)
		}
		if !fits {
			return key, pgerr.New(pgerrcode.DatatypeMismatch, "operator class %q does not accept data type %s", class, shown)
		}
	}
	key.Opclass = class
	if def := types.Lookup(key.Type.OID); method == "btree" && (def == nil || def.AppendKey == nil) {
		return key, pgerr.Unsupported("a btree index over type %s", shown)
	}
	if methods[method].dimensionsMax > 0 && !upkeep.HasOpclass(class) {
		return key, pgerr.Unsupported("an index of method %q with operator class %q", method, class)
	}
	if methods[method].dimensionsMax > 0 && key.Type.Mod < 0 {
		return key, pgerr.New(pgerrcode.InvalidParameterValue, "column does not have dimensions")
	}
	return key, nil
}

// checkSubVectors wants no more sub-vectors than the column has dimensions.
func checkSubVectors(x *schema.Index) error {
	n, _ := strconv.Atoi(x.Options["num_sub_vectors"])
	if dims := int(x.Keys[0].Type.Mod); n > dims && x.Method == "ivfpq" {
		return pgerr.New(pgerrcode.InvalidParameterValue, "num_sub_vectors is %d, more than the %d dimensions of the column", n, dims)
	}
	return nil
}

// checkGraph wants of the two sizes of an hnsw index, or their defaults, what pgvector does.
func checkGraph(x *schema.Index) error {
	size := func(name string, unset int) int {
		if n, err := strconv.Atoi(x.Options[name]); err == nil {
			return n
		}
		return unset
	}
	if x.Method == "hnsw" && size("ef_construction", 64) < 2*size("m", 16) {
		return pgerr.New(pgerrcode.InvalidParameterValue, "ef_construction must be greater than or equal to 2 * m")
	}
	return nil
}

// indexColumnsText is the middle of a generated index name.
func indexColumnsText(t *schema.Table, x *schema.Index) string {
	var names []string
	for _, k := range x.Keys {
		names = append(names, keyName(t, k))
	}
	for _, n := range x.Include {
		names = append(names, t.Col(n).Name)
	}
	return joinNames(names)
}

func keyName(t *schema.Table, k schema.IndexKey) string {
	if k.Name != "" {
		return k.Name
	}
	return t.Col(k.Column).Name
}

// nameKey gives a key a name that none before it has: two of one name are told apart by a number.
func nameKey(t *schema.Table, before []schema.IndexKey, key *schema.IndexKey, e sql.Expr) {
	name := bind.KeyName(e)
	if e == nil {
		name = t.Col(key.Column).Name
	}
	own := name
	taken := func(k schema.IndexKey) bool { return keyName(t, k) == own }
	for n := 1; slices.ContainsFunc(before, taken); n++ {
		own = name + strconv.Itoa(n)
	}
	if key.Column == 0 || own != t.Col(key.Column).Name {
		key.Name = own
	}
}

// buildIndex locks out writers, puts the record and fills the index.
func (c *Context) buildIndex(ctx context.Context, x *schema.Index, concurrently bool) error {
	if err := c.Txn.Lock(ctx, x.Table, storage.Share); err != nil {
		return err
	}
	if err := c.Txn.Put(x); err != nil {
		return err
	}
	return c.Data.BuildIndex(ctx, x, concurrently)
}

// reindexOptions checks the options of REINDEX and says whether it shall run beside writers.
func reindexOptions(options []sql.Option) (concurrently bool, err error) {
	for _, o := range options {
		on, err := o.On()
		switch {
		case o.Name == "tablespace":
			return false, pgerr.New(pgerrcode.UndefinedObject, "tablespace %q does not exist", o.Value)
		case o.Name != "verbose" && o.Name != "concurrently":
			return false, pgerr.New(pgerrcode.SyntaxError, "unrecognized REINDEX option %q", o.Name).At(o.Pos())
		case err != nil:
			return false, err
		}
		if o.Name == "concurrently" {
			concurrently = on
		}
	}
	return concurrently, nil
}

// reindex builds indexes anew: drops and makes them again under the same record.
func (c *Context) reindex(ctx context.Context, n *sql.Reindex) error {
	var list []*schema.Index
	what := "REINDEX " + n.Kind
	concurrently, err := reindexOptions(n.Options)
	if err != nil {
		return err
	}
	if concurrently {
		what = "REINDEX CONCURRENTLY"
	}
	if concurrently || n.Table == nil {
		if err := c.notInBlock(what); err != nil {
			return err
		}
	}
	switch n.Kind {
	case "INDEX":
		r, err := c.relation(n.Table)
		if err != nil {
			return err
		}
		if r == nil {
			return noRelation(n.Table)
		}
		if r.Index == nil {
			return pgerr.New(pgerrcode.WrongObjectType, "%q is not an index", n.Table.Name)
		}
		list = []*schema.Index{r.Index}
	case "TABLE":
		if r, err := c.relation(n.Table); err == nil && r != nil && r.Kind() != schema.KindTable {
			return pgerr.New(pgerrcode.WrongObjectType, "%q is not a table or materialized view", r.Name())
		}
		t, err := c.table(n.Table)
		if err != nil {
			return err
		}
		list = c.catalog().IndexesOf(t.OID)
	case "SCHEMA":
		ns := c.catalog().Namespace(c.DB.OID, n.Name)
		if ns == nil {
			return pgerr.New(pgerrcode.InvalidSchemaName, "schema %q does not exist", n.Name)
		}
		if err := c.mustOwn(ns.Owner, ns.DB, "schema", ns.Name); err != nil {
			return err
		}
		for _, x := range c.catalog().Indexes(c.DB.OID) {
			if x.Namespace == ns.OID {
				list = append(list, x)
			}
		}
	default:
		if n.Name != "" && n.Name != c.DB.Name {
			return pgerr.New(pgerrcode.FeatureNotSupported, "can only reindex the currently open database")
		}
		list = c.catalog().Indexes(c.DB.OID)
	}
	for _, x := range list {
		if err := c.mustOwn(x.Owner, x.DB, "index", x.Name); err != nil {
			return err
		}
		if err := c.lockTable(ctx, x.Table); err != nil {
			return err
		}
		if err := c.rebuild(ctx, x); err != nil {
			return err
		}
	}
	return nil
}

// rebuild replaces an index by one with the same name under a new OID, so that the old one serves its
// readers to the end.
func (c *Context) rebuild(ctx context.Context, x *schema.Index) error {
	if err := c.Txn.Drop(x); err != nil {
		return err
	}
	return c.remake(ctx, x)
}

// remake makes an index that was dropped under a new OID.
func (c *Context) remake(ctx context.Context, x *schema.Index) error {
	n := *x
	n.OID = c.newOID()
	if n.Constraint != 0 {
		t := cloneTable(c.catalog().Table(x.Table))
		for i := range t.Constraints {
			if t.Constraints[i].OID == n.Constraint {
				t.Constraints[i].Index = n.OID
			}
		}
		if err := c.Txn.Put(t); err != nil {
			return err
		}
	}
	return c.buildIndex(ctx, &n, false)
}
