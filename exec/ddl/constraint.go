package ddl

import (
	"context"
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// addTableConstraint plans a table constraint of CREATE TABLE.
func (c *Context) addTableConstraint(p *tablePlan, con *sql.Constraint) error {
	return c.addConstraint(p, con, "")
}

// addConstraint plans a constraint; column is the one whose definition it stands in, or "".
func (c *Context) addConstraint(p *tablePlan, con *sql.Constraint, column string) error {
	if con.Deferrable && con.Kind != sql.ConForeign {
		return pgerr.Unsupported("DEFERRABLE on unique constraints")
	}
	if con.Name != "" && findConstraint(p.table, con.Name) >= 0 {
		return pgerr.New(pgerrcode.DuplicateObject, "constraint %q for relation %q already exists", con.Name, p.table.Name)
	}
	switch con.Kind {
	case sql.ConCheck:
		return c.addCheck(p.table, con, column)
	case sql.ConPrimary:
		for _, k := range p.keys {
			if k.con.Kind == sql.ConPrimary {
				return pgerr.New(pgerrcode.InvalidTableDefinition, "multiple primary keys for table %q are not allowed", p.table.Name)
			}
		}
		nums, err := columnNums(p.table, con.Keys, "primary key")
		if err != nil {
			return err
		}
		for _, n := range nums {
			p.table.Col(n).NotNull = true
		}
		p.keys = append([]keyConstraint{{con, con.Keys}}, p.keys...)
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

// addCheck adds a check constraint to a record that is not put yet.
func (c *Context) addCheck(t *schema.Table, con *sql.Constraint, column string) error {
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
		if column == "" && len(cols) == 1 {
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
	include, err := columnNums(t, k.con.Include, what)
	if err != nil {
		return err
	}
	x := &schema.Index{
		OID: c.newOID(), DB: t.DB, Namespace: t.Namespace, Table: t.OID, Name: name, Owner: t.Owner, Method: "btree",
		Unique: true, Primary: kind == 'p', NullsNotDistinct: k.con.NullsNotDistinct, Include: include,
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

func joinNames(names []string) string {
	s := ""
	for i, n := range names {
		if i > 0 {
			s += "_"
		}
		s += n
	}
	return s
}

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
		return pgerr.Unsupported("MATCH PARTIAL")
	}
	if con.Match == 'f' && len(nums) > 1 {
		return pgerr.Unsupported("MATCH FULL of several columns")
	}
	t.Constraints = append(t.Constraints, schema.Constraint{
		OID: c.newOID(), Name: name, Type: 'f', Columns: nums, RefTable: ref.OID, RefColumns: refNums,
		OnDelete: actionOf(con.OnDelete), OnUpdate: actionOf(con.OnUpdate), Deferrable: con.Deferrable, Deferred: con.Deferred,
		NotValid: con.NotValid,
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
	if r.Kind() != schema.KindTable || r.Table.DB == 0 {
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

// comparable refuses a foreign key between types that have no equality in common.
func (c *Context) comparable(t, ref *schema.Table, num, refNum int16, name string) error {
	a, b := t.Col(num), ref.Col(refNum)
	ta, tb := types.Lookup(a.Type.OID), types.Lookup(b.Type.OID)
	if ta == nil || tb == nil || ta.OID == tb.OID || ta.Category == tb.Category && ta.Category != 'U' {
		return nil
	}
	return pgerr.New(pgerrcode.DatatypeMismatch, "foreign key constraint %q cannot be implemented", name).
		Detail("Key columns %q and %q are of incompatible types: %s and %s.", a.Name, b.Name,
			types.FormatType(a.Type), types.FormatType(b.Type))
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
	match, notNull := "", ""
	for i, n := range con.Columns {
		if i > 0 {
			match += " AND "
		}
		col := quote(t.Col(n).Name)
		match += "p." + quote(ref.Col(con.RefColumns[i]).Name) + " = f." + col
		notNull += " AND f." + col + " IS NOT NULL"
	}
	n, err := c.Data.Run(ctx, "SELECT 1 FROM "+c.quoted(t)+" f WHERE NOT EXISTS (SELECT 1 FROM "+c.quoted(ref)+
		" p WHERE "+match+")"+notNull+" LIMIT 1")
	if err == nil && n > 0 {
		err = pgerr.New(pgerrcode.ForeignKeyViolation,
			"insert or update on table %q violates foreign key constraint %q", t.Name, con.Name).On(c.catalog().NamespaceName(t), t.Name, "", con.Name)
	}
	return err
}

// checkCheckRows looks for rows that a new check constraint would forbid.
func (c *Context) checkCheckRows(ctx context.Context, t *schema.Table, con *schema.Constraint) error {
	n, err := c.Data.Run(ctx, "SELECT 1 FROM "+c.quoted(t)+" WHERE NOT ("+con.Expr+") LIMIT 1")
	if err == nil && n > 0 {
		err = pgerr.New(pgerrcode.CheckViolation, "check constraint %q of relation %q is violated by some row", con.Name, t.Name).
			On(c.catalog().NamespaceName(t), t.Name, "", con.Name)
	}
	return err
}

// checkNotNullRows looks for nulls in a column that becomes NOT NULL.
func (c *Context) checkNotNullRows(ctx context.Context, t *schema.Table, col *schema.Column) error {
	n, err := c.Data.Run(ctx, "SELECT 1 FROM "+c.quoted(t)+" WHERE "+quote(col.Name)+" IS NULL LIMIT 1")
	if err == nil && n > 0 {
		err = pgerr.New(pgerrcode.NotNullViolation, "column %q of relation %q contains null values", col.Name, t.Name).
			On(c.catalog().NamespaceName(t), t.Name, col.Name, "")
	}
	return err
}

// lockTable takes the lock of an ALTER or DROP.
func (c *Context) lockTable(ctx context.Context, table schema.OID) error {
	return c.Txn.Lock(ctx, table, storage.AccessExclusive)
}
