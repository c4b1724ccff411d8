package ddl

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// addConstraint plans a constraint.
func (c *Context) addConstraint(p *tablePlan, con *sql.Constraint) error {
	key := con.Kind == sql.ConPrimary || con.Kind == sql.ConUnique
	if con.Deferrable && key {
		return pgerr.Unsupported("DEFERRABLE on unique constraints")
	}
	if con.Name != "" && key {
		if _, err := c.freeName(p.table.Namespace, con.Name, false); err != nil {
			return err
		}
	}
	if i := findConstraint(p.table, con.Name); con.Name != "" && i >= 0 {
		if p.table.Constraints[i].Type == 'c' && con.Kind == sql.ConCheck && c.catalog().Table(p.table.OID) == nil {
			return pgerr.New(pgerrcode.DuplicateObject, "check constraint %q already exists", con.Name)
		}
		return pgerr.New(pgerrcode.DuplicateObject, "constraint %q for relation %q already exists", con.Name, p.table.Name)
	}
	switch con.Kind {
	case sql.ConCheck:
		return c.addCheck(p.table, con)
	case sql.ConPrimary:
		return addPrimary(p, con)
	case sql.ConUnique:
		if _, err := columnNums(p.table, con.Keys, "unique"); err != nil {
			return err
		}
		p.keys = append(p.keys, keyConstraint{con, con.Keys})
	case sql.ConForeign:
		p.foreign = append(p.foreign, con)
	default:
		return pgerr.Unsupported("this kind of constraint")
	}
	return nil
}

// addPrimary plans a primary key; the table must have none.
func addPrimary(p *tablePlan, con *sql.Constraint) error {
	again := pgerr.New(pgerrcode.InvalidTableDefinition, "multiple primary keys for table %q are not allowed", p.table.Name)
	if slices.ContainsFunc(p.keys, func(k keyConstraint) bool { return k.con.Kind == sql.ConPrimary }) {
		return again
	}
	nums, err := columnNums(p.table, con.Keys, "primary key")
	if err != nil {
		return err
	}
	if slices.ContainsFunc(p.table.Constraints, func(c schema.Constraint) bool { return c.Type == 'p' }) {
		return again
	}
	for _, n := range nums {
		p.table.Col(n).NotNull = true
	}
	p.keys = append([]keyConstraint{{con, con.Keys}}, p.keys...)
	return nil
}

// mergeKeys leaves one of the planned keys that are the same; it has the first name that one of them was given.
func (p *tablePlan) mergeKeys() {
	var kept []keyConstraint
next:
	for _, k := range p.keys {
		for _, have := range kept {
			same := slices.Equal(have.cols, k.cols) && slices.Equal(have.con.Include, k.con.Include) &&
				have.con.NullsNotDistinct == k.con.NullsNotDistinct
			if same {
				have.con.Name = cmp.Or(have.con.Name, k.con.Name)
				continue next
			}
		}
		kept = append(kept, k)
	}
	p.keys = kept
}

// addCheck adds a check constraint to a record that is not put yet. Without a name it gets one that has its column, when it
// is over one.
func (c *Context) addCheck(t *schema.Table, con *sql.Constraint) error {
	s, err := c.Binder.Expr(con.Expr, t, Wanted{Type: types.Of(types.BoolOID), What: "check constraints", Columns: true})
	if err != nil {
		return err
	}
	var cols []int16
	for _, d := range s.Deps {
		if d.OID == t.OID && d.Column > 0 {
			cols = append(cols, d.Column)
		}
	}
	name := con.Name
	if name == "" {
		column := ""
		if len(cols) == 1 {
			column = t.Col(cols[0]).Name
		}
		name = constraintName(t, column, "check")
	}
	t.Constraints = append(t.Constraints, schema.Constraint{
		OID: c.newOID(), Name: name, Type: 'c', Columns: cols, Expr: s.Text, Deps: withoutSelf(s.Deps, t.OID),
		NoInherit: con.NoInherit, NotValid: con.NotValid,
	})
	return nil
}

// withoutSelf drops dependencies of a table on itself.
func withoutSelf(deps []schema.Dep, self schema.OID) []schema.Dep {
	var out []schema.Dep
	for _, d := range deps {
		if d.OID != self {
			out = append(out, d)
		}
	}
	return out
}

// addKey makes the index of a primary or unique key and the constraint that it holds.
func (c *Context) addKey(ctx context.Context, table schema.OID, k keyConstraint, taken map[string]bool) error {
	t := cloneTable(c.catalog().Table(table))
	label, kind, what := "key", byte('u'), "unique"
	if k.con.Kind == sql.ConPrimary {
		label, kind, what = "pkey", 'p', "primary key"
	}
	nums, err := columnNums(t, k.cols, what)
	if err != nil {
		return err
	}
	name := k.con.Name
	if name == "" {
		middle := ""
		if kind == 'u' {
			middle = joinNames(append(slices.Clone(k.cols), k.con.Include...))
		}
		name = c.chooseName(t.Namespace, t.Name, middle, label, taken)
	}
	if len(k.cols)+len(k.con.Include) > indexKeysMax {
		return errTooManyKeys
	}
	include, err := columnNums(t, k.con.Include, what)
	if err != nil {
		return err
	}
	x := &schema.Index{
		OID: c.newOID(), DB: t.DB, Namespace: t.Namespace, Table: t.OID, Name: name, Owner: t.Owner, Method: "btree",
		Unique: true, Primary: kind == 'p', NullsNotDistinct: k.con.NullsNotDistinct, Include: include,
	}
	if x.Options, err = readParameters(methods[x.Method].parameters, k.con.Options); err != nil {
		return err
	}
	for _, n := range nums {
		key, err := indexKey(t, n, x.Method, "")
		if err != nil {
			return err
		}
		x.Keys = append(x.Keys, key)
		if kind == 'p' {
			t.Col(n).NotNull = true
		}
	}
	x.Constraint = c.newOID()
	t.Constraints = append(t.Constraints, schema.Constraint{OID: x.Constraint, Name: name, Type: kind, Columns: nums, Index: x.OID})
	if err := c.Txn.Put(t); err != nil {
		return err
	}
	return c.buildIndex(ctx, x, false)
}

func joinNames(names []string) string { return strings.Join(names, "_") }

// addForeignKey adds a foreign key to a table that is put already.
func (c *Context) addForeignKey(ctx context.Context, table schema.OID, con *sql.Constraint) error {
	t := cloneTable(c.catalog().Table(table))
	ref, err := c.referenced(t, con)
	if err != nil {
		return err
	}
	nums, err := foreignColumns(t, con.FKCols)
	if err != nil {
		return err
	}
	if err := c.sameLifetime(t, ref); err != nil {
		return err
	}
	refNums, err := c.referencedKey(ref, con)
	if err != nil {
		return err
	}
	if err := checkGeneratedKey(t, nums, con); err != nil {
		return err
	}
	if len(nums) != len(refNums) {
		return pgerr.New(pgerrcode.InvalidForeignKey, "number of referencing and referenced columns for foreign key disagree")
	}
	name := con.Name
	if name == "" {
		name = constraintName(t, joinNames(con.FKCols), "fkey")
	}
	for i := range nums {
		if err := c.comparable(t, ref, nums[i], refNums[i], name); err != nil {
			return err
		}
	}
	if con.Match == 'p' {
		return pgerr.New(pgerrcode.FeatureNotSupported, "MATCH PARTIAL not yet implemented")
	}
	if con.Match == 'f' && len(nums) > 1 {
		return pgerr.Unsupported("MATCH FULL of several columns")
	}
	t.Constraints = append(t.Constraints, schema.Constraint{
		OID: c.newOID(), Name: name, Type: 'f', Columns: nums, RefTable: ref.OID, RefColumns: refNums,
		OnDelete: actionOf(con.OnDelete), OnUpdate: actionOf(con.OnUpdate), Deferrable: con.Deferrable, Deferred: con.Deferred,
		NotValid: con.NotValid, MatchFull: con.Match == 'f',
	})
	if err := c.Txn.Put(t); err != nil || con.NotValid {
		return err
	}
	return c.checkForeignRows(ctx, t, &t.Constraints[len(t.Constraints)-1])
}

// checkGeneratedKey refuses actions that would write a generated column.
func checkGeneratedKey(t *schema.Table, nums []int16, con *sql.Constraint) error {
	for _, n := range nums {
		if t.Col(n).Generated == "" {
			continue
		}
		const message = "invalid ON %s action for foreign key constraint containing generated column"
		if a := actionOf(con.OnUpdate); a == 'c' || a == 'n' || a == 'd' {
			return pgerr.New(pgerrcode.SyntaxError, message, "UPDATE")
		}
		if a := actionOf(con.OnDelete); a == 'n' || a == 'd' {
			return pgerr.New(pgerrcode.SyntaxError, message, "DELETE")
		}
	}
	return nil
}

// referenced finds the table that a foreign key points at; the key may point at its own table.
func (c *Context) referenced(t *schema.Table, con *sql.Constraint) (*schema.Table, error) {
	r, err := c.relation(con.RefTable)
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, noRelation(con.RefTable)
	}
	if r.Kind() == schema.KindTable && r.Table.DB == 0 {
		return nil, c.mustOwn(0, 0, "table", con.RefTable.Name)
	}
	if r.Kind() != schema.KindTable {
		return nil, pgerr.New(pgerrcode.WrongObjectType, "referenced relation %q is not a table", con.RefTable.Name)
	}
	if r.OID() == t.OID {
		return t, nil
	}
	if !c.Role.Super && r.Table.Owner != c.Role.OID {
		return nil, pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied for table %s", r.Table.Name)
	}
	return r.Table, nil
}

// sameLifetime refuses a foreign key between a temporary table and one that stays.
func (c *Context) sameLifetime(t, ref *schema.Table) error {
	switch temp := c.isTemp(t.Namespace); {
	case temp == c.isTemp(ref.Namespace):
		return nil
	case temp:
		return pgerr.New(pgerrcode.InvalidTableDefinition, "constraints on temporary tables may reference only temporary tables")
	}
	return pgerr.New(pgerrcode.InvalidTableDefinition, "constraints on permanent tables may reference only permanent tables")
}

func foreignColumns(t *schema.Table, names []string) ([]int16, error) {
	nums := make([]int16, len(names))
	for i, name := range names {
		col := t.Column(name)
		if col == nil {
			return nil, pgerr.New(pgerrcode.UndefinedColumn, "column %q referenced in foreign key constraint does not exist", name)
		}
		nums[i] = col.Num
	}
	return nums, nil
}

// referencedKey returns the referenced columns: those named, which must be a key, or the primary key.
func (c *Context) referencedKey(ref *schema.Table, con *sql.Constraint) ([]int16, error) {
	if len(con.RefCols) == 0 {
		for i := range ref.Constraints {
			if ref.Constraints[i].Type == 'p' {
				return ref.Constraints[i].Columns, nil
			}
		}
		return nil, pgerr.New(pgerrcode.UndefinedObject, "there is no primary key for referenced table %q", ref.Name)
	}
	nums, err := foreignColumns(ref, con.RefCols)
	if err != nil {
		return nil, err
	}
	for i, n := range nums {
		if slices.Contains(nums[:i], n) {
			return nil, pgerr.New(pgerrcode.InvalidForeignKey, "foreign key referenced-columns list must not contain duplicates")
		}
	}
	for _, x := range c.catalog().IndexesOf(ref.OID) {
		if x.Unique && x.Where == "" && sameColumns(x, nums) {
			return nums, nil
		}
	}
	return nil, pgerr.New(pgerrcode.InvalidForeignKey, "there is no unique constraint matching given keys for referenced table %q", ref.Name)
}

func sameColumns(x *schema.Index, nums []int16) bool {
	if len(x.Keys) != len(nums) {
		return false
	}
	for _, k := range x.Keys {
		found := false
		for _, n := range nums {
			found = found || k.Column == n
		}
		if !found {
			return false
		}
	}
	return true
}

// comparable refuses a foreign key between types that cannot be compared by the key's index: neither has it an equality of
// the two, nor does the referencing type become the other by itself.
func (c *Context) comparable(t, ref *schema.Table, num, refNum int16, name string) error {
	a, b := t.Col(num), ref.Col(refNum)
	if a.Type.OID == b.Type.OID || fn.FindOperator("=", comparedAs(b.Type.OID), comparedAs(a.Type.OID)) != nil {
		return nil
	}
	if cast := fn.CastBetween(a.Type.OID, b.Type.OID); cast != nil && cast.Context == fn.Implicit {
		return nil
	}
	return pgerr.New(pgerrcode.DatatypeMismatch, "foreign key constraint %q cannot be implemented", name).
		Detail("Key columns %q and %q are of incompatible types: %s and %s.", a.Name, b.Name,
			types.FormatType(a.Type), types.FormatType(b.Type))
}

// comparedAs is the type whose operators compare values of a type.
func comparedAs(o types.OID) types.OID {
	if o == types.VarcharOID {
		return types.TextOID
	}
	return o
}

func actionOf(b byte) byte {
	if b == 0 {
		return 'a'
	}
	return b
}

// checkForeignRows looks for rows that a new foreign key would forbid.
func (c *Context) checkForeignRows(ctx context.Context, t *schema.Table, con *schema.Constraint) error {
	ref := c.catalog().Table(con.RefTable)
	match, notNull, shown := "", "", ""
	for i, n := range con.Columns {
		if i > 0 {
			match += " AND "
			shown += ", "
		}
		col := quote(t.Col(n).Name)
		match += "p." + quote(ref.Col(con.RefColumns[i]).Name) + " = f." + col
		notNull += " AND f." + col + " IS NOT NULL"
		shown += "f." + col
	}
	row, err := c.Data.First(ctx, "SELECT "+shown+" FROM "+c.quoted(t)+" f WHERE NOT EXISTS (SELECT 1 FROM "+c.quoted(ref)+
		" p WHERE "+match+")"+notNull+" LIMIT 1")
	if err == nil && row != nil {
		err = pgerr.New(pgerrcode.ForeignKeyViolation,
			"insert or update on table %q violates foreign key constraint %q", t.Name, con.Name).
			Detail("Key (%s)=(%s) is not present in table %q.", strings.Join(columnNames(t, con.Columns), ", "), strings.Join(row, ", "), ref.Name).
			On(c.catalog().NamespaceName(t), t.Name, "", con.Name)
	}
	return err
}

// checkCheckRows looks for rows that a new check constraint would forbid.
func (c *Context) checkCheckRows(ctx context.Context, t *schema.Table, con *schema.Constraint) error {
	row, err := c.Data.First(ctx, "SELECT 1 FROM "+c.quoted(t)+" WHERE NOT ("+con.Expr+") LIMIT 1")
	if err == nil && row != nil {
		err = pgerr.New(pgerrcode.CheckViolation, "check constraint %q of relation %q is violated by some row", con.Name, t.Name).
			On(c.catalog().NamespaceName(t), t.Name, "", con.Name)
	}
	return err
}

// checkNotNullRows looks for nulls in a column that becomes NOT NULL.
func (c *Context) checkNotNullRows(ctx context.Context, t *schema.Table, col *schema.Column) error {
	row, err := c.Data.First(ctx, "SELECT 1 FROM "+c.quoted(t)+" WHERE "+quote(col.Name)+" IS NULL LIMIT 1")
	if err == nil && row != nil {
		err = pgerr.New(pgerrcode.NotNullViolation, "column %q of relation %q contains null values", col.Name, t.Name).
			On(c.catalog().NamespaceName(t), t.Name, col.Name, "")
	}
	return err
}

// lockTable takes the lock of an ALTER or DROP.
func (c *Context) lockTable(ctx context.Context, table schema.OID) error {
	return c.Txn.Lock(ctx, table, storage.AccessExclusive)
}
