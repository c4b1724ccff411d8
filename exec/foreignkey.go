package exec

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// foreignKeys keeps what a statement does to the keys of one table, and checks at its end that every
// reference holds: rows that were added must find what they refer to, and keys that were removed must
// not be referred to, or the referring rows follow (CASCADE, SET NULL, SET DEFAULT).
type foreignKeys struct {
	rt       *Runtime
	table    *schema.Table
	outgoing []*reference
	incoming []*reference
	searched bool // incoming has been looked for
	depth    int
}

// reference is one foreign key with the keys to be checked.
type reference struct {
	con    *schema.Constraint
	child  *schema.Table
	parent *schema.Table
	keys   *rowStore // added: the child's columns; removed: the parent's
	next   *rowStore // removed by an UPDATE: the keys that came in their place, row by row
	update bool      // the keys went by an UPDATE
}

// cascadeDepthMax bounds chains of cascades.
const cascadeDepthMax = 100

func newForeignKeys(rt *Runtime, t *schema.Table) *foreignKeys {
	f := &foreignKeys{rt: rt, table: t}
	cat := rt.Txn.Catalog()
	for i := range t.Constraints {
		if c := &t.Constraints[i]; c.Type == 'f' {
			if p := cat.Table(c.RefTable); p != nil {
				f.outgoing = append(f.outgoing, newReference(c, t, p, colTypes(t, c.Columns)))
			}
		}
	}
	return f
}

func newReference(c *schema.Constraint, child, parent *schema.Table, ts []types.T) *reference {
	return &reference{con: c, child: child, parent: parent, keys: newRowStore(ts), next: newRowStore(ts)}
}

// referrers finds the foreign keys that refer to the table. Only what removes or changes keys asks, so
// that an INSERT does not look through all tables.
func (f *foreignKeys) referrers() []*reference {
	if f.searched {
		return f.incoming
	}
	f.searched = true
	cat, t := f.rt.Txn.Catalog(), f.table
	keyed := false
	for _, x := range cat.IndexesOf(t.OID) {
		keyed = keyed || x.Unique
	}
	if !keyed {
		return nil
	}
	for _, child := range cat.Referrers(t.OID) {
		for i := range child.Constraints {
			if c := &child.Constraints[i]; c.Type == 'f' && c.RefTable == t.OID {
				f.incoming = append(f.incoming, newReference(c, child, t, colTypes(t, c.RefColumns)))
			}
		}
	}
	return f.incoming
}

func colTypes(t *schema.Table, nums []int16) []types.T {
	out := make([]types.T, len(nums))
	for i, n := range nums {
		out[i] = t.Col(n).Type
	}
	return out
}

// livePos is the position of a column among the live ones.
func livePos(t *schema.Table, num int16) int {
	pos := 0
	for i := range t.Columns {
		if t.Columns[i].Num == num {
			return pos
		}
		if !t.Columns[i].Dropped {
			pos++
		}
	}
	return -1
}

// added notes new rows: whole rows, one column a live one.
func (f *foreignKeys) added(b *batch.Batch) {
	for _, r := range f.outgoing {
		cols := make([]*batch.Column, len(r.con.Columns))
		for i, n := range r.con.Columns {
			cols[i] = b.Cols[livePos(f.table, n)]
		}
		r.keys.appendSel(cols, b.Sel, b.N)
	}
}

// addedAttrs notes the new values of an update, when it touches a key.
func (f *foreignKeys) addedAttrs(_ int, attrs []int16, _ []*batch.Column, full *batch.Batch, _ []*schema.Column) {
	for _, r := range f.outgoing {
		if touches(r.con.Columns, attrs) {
			cols := make([]*batch.Column, len(r.con.Columns))
			for i, n := range r.con.Columns {
				cols[i] = full.Cols[livePos(f.table, n)]
			}
			r.keys.appendSel(cols, full.Sel, full.N)
		}
	}
}

func touches(cols, attrs []int16) bool {
	for _, c := range cols {
		if slices.Contains(attrs, c) {
			return true
		}
	}
	return false
}

// changed notes rows before and after an update: whole rows, one column a live one.
func (f *foreignKeys) changed(before, after *batch.Batch) {
	for _, r := range f.referrers() {
		r.update = true
		r.keys.appendSel(f.keyColumns(r, before.Cols), before.Sel, before.N)
		r.next.appendSel(f.keyColumns(r, after.Cols), after.Sel, after.N)
	}
}

// keyColumns picks a reference's key of this table out of whole rows.
func (f *foreignKeys) keyColumns(r *reference, whole []*batch.Column) []*batch.Column {
	cols := make([]*batch.Column, len(r.con.RefColumns))
	for i, n := range r.con.RefColumns {
		cols[i] = whole[livePos(f.table, n)]
	}
	return cols
}

// replacedBy notes the keys that updated rows have now; replaced was called for the same rows before.
func (f *foreignKeys) replacedBy(attrs []int16, full *batch.Batch) {
	for _, r := range f.referrers() {
		if touches(r.con.RefColumns, attrs) {
			r.next.appendSel(f.keyColumns(r, full.Cols), full.Sel, full.N)
		}
	}
}

// replaced notes the keys of rows that are about to be deleted, or updated in attrs.
func (f *foreignKeys) replaced(ctx context.Context, ids []storage.RowID, attrs []int16) error {
	for _, r := range f.referrers() {
		if attrs != nil && !touches(r.con.RefColumns, attrs) {
			continue
		}
		tr, err := f.rt.Reader().Table(f.table.OID)
		if err != nil {
			return sqlError(err)
		}
		b, _, err := tr.Fetch(ctx, ids, r.con.RefColumns)
		if err != nil {
			return sqlError(err)
		}
		r.keys.append(b)
		r.update = attrs != nil
	}
	return nil
}

// finish checks and follows. It reads with the statement's own writes.
func (f *foreignKeys) finish(ctx context.Context) error {
	for _, r := range f.incoming {
		if r.keys.n > 0 {
			if err := f.follow(ctx, r); err != nil {
				return err
			}
			r.keys.reset()
			r.next.reset()
		}
	}
	for _, r := range f.outgoing {
		if r.keys.n > 0 {
			if err := f.checkParents(ctx, r); err != nil {
				return err
			}
			r.keys.reset()
		}
	}
	return nil
}

// checkParents looks for the parent of each added key and locks it against going.
func (f *foreignKeys) checkParents(ctx context.Context, r *reference) error {
	reader := f.rt.Txn.NewestReader()
	defer func() { _ = reader.Close() }() // it only reads
	tr, err := reader.Table(r.parent.OID)
	if err != nil {
		return sqlError(err)
	}
	seen := newKeyTable(columnTypes(r.keys.cols))
	for i := range r.keys.n {
		if hasNull(r.keys.cols, i) {
			continue
		}
		if _, isNew := seen.add(r.keys.cols, i); !isNew {
			continue
		}
		key := rowOf(&batch.Batch{Cols: r.keys.cols}, len(r.keys.cols), i)
		ids, err := f.find(ctx, tr, r.parent, r.con.RefColumns, colTypes(r.child, r.con.Columns), key)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return pgerr.New(pgerrcode.ForeignKeyViolation,
				"insert or update on table %q violates foreign key constraint %q", r.child.Name, r.con.Name).
				Detail("Key %s is not present in table %q.", shownKey(r.child, r.con.Columns, key), r.parent.Name).
				On(f.rt.Txn.Catalog().NamespaceName(r.child), r.child.Name, "", r.con.Name)
		}
		if _, err := f.rt.Txn.LockRows(ctx, r.parent.OID, ids[:1], storage.ForKeyShare, storage.Wait); err != nil {
			return sqlError(err)
		}
	}
	return nil
}

func shownKey(t *schema.Table, nums []int16, key []types.Datum) string {
	names, vals := make([]string, len(nums)), make([]string, len(nums))
	for i, n := range nums {
		names[i] = t.Col(n).Name // as it is: PostgreSQL quotes it for unique keys only
		vals[i] = ShownValue(t.Col(n).Type, key[i])
	}
	return "(" + strings.Join(names, ", ") + ")=(" + strings.Join(vals, ", ") + ")"
}

// find returns the rows of a table whose columns equal a key, through an index when one begins with
// the columns.
func (f *foreignKeys) find(
	ctx context.Context, tr *storage.TableReader, t *schema.Table, nums []int16, from []types.T, key []types.Datum,
) ([]storage.RowID, error) {
	key = f.convert(t, nums, from, key)
	for _, x := range f.rt.Txn.Catalog().IndexesOf(t.OID) {
		if x.Method != "btree" || x.Where != "" || len(x.Keys) < len(nums) {
			continue
		}
		prefix := make([]types.Datum, len(nums))
		fits := true
		for i := range nums {
			k := slices.Index(nums, x.Keys[i].Column)
			if k < 0 {
				fits = false
				break
			}
			prefix[i] = key[k]
		}
		if !fits {
			continue
		}
		return indexed(ctx, tr, x.OID, prefix)
	}
	return f.scan(ctx, tr, t, nums, key)
}

// indexed gives the rows that an index has under a key, or under the beginning of one.
func indexed(ctx context.Context, tr *storage.TableReader, index storage.OID, prefix []types.Datum) ([]storage.RowID, error) {
	scan := tr.IndexScan(index, []storage.KeyRange{{Lo: prefix, Hi: prefix}}, false)
	var out []storage.RowID
	for {
		ids, err := scan.Next(ctx)
		if err != nil || len(ids) == 0 {
			if cerr := scan.Close(); err == nil {
				err = cerr
			}
			return out, sqlError(err)
		}
		out = append(out, ids...)
	}
}

// convert brings key values to the types of the columns that they are compared with: integer types share
// their form, others that may differ go through text.
func (f *foreignKeys) convert(t *schema.Table, nums []int16, from []types.T, key []types.Datum) []types.Datum {
	out := slices.Clone(key)
	for i, n := range nums {
		to := t.Col(n).Type
		a, b := types.Lookup(from[i].OID), types.Lookup(to.OID)
		if from[i].OID == to.OID || a.Physical == types.Int && b.Physical == types.Int && a.Category == b.Category {
			continue
		}
		if d, err := b.Parse(string(a.Format(nil, key[i], &types.Session{})), -1, &types.Session{}); err == nil {
			out[i] = d
		}
	}
	return out
}

// scan looks through the whole table.
func (f *foreignKeys) scan(
	ctx context.Context, tr *storage.TableReader, t *schema.Table, nums []int16, key []types.Datum,
) ([]storage.RowID, error) {
	cmps := make([]func(a, b types.Datum) int, len(nums))
	for i, n := range nums {
		if typ := types.Lookup(t.Col(n).Type.OID); typ != nil {
			cmps[i] = typ.Compare
		}
	}
	scan := tr.Scan(storage.ScanOptions{Cols: nums})
	var out []storage.RowID
	for {
		b, ids, err := scan.Next(ctx)
		if b == nil || err != nil {
			return out, sqlError(err)
		}
		for r := range b.N {
			if hasNull(b.Cols, r) {
				continue
			}
			same := true
			for i := range nums {
				same = same && cmps[i] != nil && cmps[i](b.Cols[i].Datum(r), key[i]) == 0
			}
			if same {
				out = append(out, ids[r])
			}
		}
	}
}

// follow treats the rows that refer to removed keys.
func (f *foreignKeys) follow(ctx context.Context, r *reference) error {
	reader := f.rt.Txn.NewestReader()
	defer func() { _ = reader.Close() }() // it only reads
	parents, err := reader.Table(r.parent.OID)
	if err != nil {
		return sqlError(err)
	}
	children, err := reader.Table(r.child.OID)
	if err != nil {
		return sqlError(err)
	}
	action := r.con.OnDelete
	if r.update {
		action = r.con.OnUpdate
	}
	// All referring rows are found before any is changed: a row that follows one key must not be taken
	// for one that refers to another.
	referring := make([][]storage.RowID, r.keys.n)
	pt := colTypes(r.parent, r.con.RefColumns)
	for i := range r.keys.n {
		if hasNull(r.keys.cols, i) {
			continue
		}
		key := rowOf(&batch.Batch{Cols: r.keys.cols}, len(r.keys.cols), i)
		if action == 'a' {
			still, err := f.find(ctx, parents, r.parent, r.con.RefColumns, pt, key)
			if err != nil {
				return err
			}
			if len(still) > 0 {
				continue // another row has the key by now
			}
		}
		if referring[i], err = f.find(ctx, children, r.child, r.con.Columns, pt, key); err != nil {
			return err
		}
	}
	for i, ids := range referring {
		if len(ids) > 0 {
			if err := f.act(ctx, r, action, ids, i); err != nil {
				return err
			}
		}
	}
	return nil
}

// act applies an action to the rows that refer to the k-th removed key.
func (f *foreignKeys) act(ctx context.Context, r *reference, action byte, ids []storage.RowID, k int) error {
	if f.depth >= cascadeDepthMax {
		return pgerr.New(pgerrcode.StatementTooComplex, "foreign keys cascade deeper than %d", cascadeDepthMax)
	}
	inner := newForeignKeys(f.rt, r.child)
	inner.depth = f.depth + 1
	switch {
	case action == 'c' && !r.update:
		if err := inner.replacedNow(ctx, ids, nil); err != nil {
			return err
		}
		if err := f.rt.Txn.Delete(ctx, r.child.OID, ids); err != nil {
			return sqlError(err)
		}
		return inner.finish(ctx)
	case action == 'c':
		next := rowOf(&batch.Batch{Cols: r.next.cols}, len(r.next.cols), k)
		return f.set(ctx, r, inner, ids, f.convert(r.child, r.con.Columns, colTypes(r.parent, r.con.RefColumns), next))
	case action == 'n' || action == 'd':
		return f.reset(ctx, r, inner, action, ids)
	}
	key := rowOf(&batch.Batch{Cols: r.keys.cols}, len(r.keys.cols), k)
	return pgerr.New(pgerrcode.ForeignKeyViolation,
		"update or delete on table %q violates foreign key constraint %q on table %q", r.parent.Name, r.con.Name, r.child.Name).
		Detail("Key %s is still referenced from table %q.", shownKey(r.parent, r.con.RefColumns, key), r.child.Name).
		On(f.rt.Txn.Catalog().NamespaceName(r.child), r.child.Name, "", r.con.Name)
}

// replacedNow is replaced for rows of a cascade, which may have been written by this statement.
func (f *foreignKeys) replacedNow(ctx context.Context, ids []storage.RowID, attrs []int16) error {
	reader := f.rt.Txn.Reader()
	saved := f.rt.reader
	f.rt.reader = reader
	err := f.replaced(ctx, ids, attrs)
	f.rt.reader = saved
	if cerr := reader.Close(); err == nil {
		err = cerr
	}
	return err
}

// reset sets the referring columns to null or to their defaults.
func (f *foreignKeys) reset(ctx context.Context, r *reference, inner *foreignKeys, action byte, ids []storage.RowID) error {
	values := make([]types.Datum, len(r.con.Columns))
	for i, n := range r.con.Columns {
		values[i] = types.NullDatum
		col := r.child.Col(n)
		if action != 'd' || col.Default == "" || f.rt.Binder == nil {
			continue
		}
		e, err := f.rt.Binder.BindTableExpr(r.child, nil, col.Default, col.Type)
		if err != nil {
			return err
		}
		if values[i], err = eval.Constant(&eval.Runtime{Env: f.rt.Env}, e); err != nil {
			return err
		}
	}
	return f.set(ctx, r, inner, ids, values)
}

// set gives the referring columns of rows new values, and goes on with what refers to those.
func (f *foreignKeys) set(ctx context.Context, r *reference, inner *foreignKeys, ids []storage.RowID, values []types.Datum) error {
	allNull := !slices.ContainsFunc(values, func(d types.Datum) bool { return !d.Null })
	w, attrs, rows, err := f.rewritten(ctx, r, ids, values)
	if err != nil {
		return err
	}
	if err := inner.replacedNow(ctx, ids, r.con.Columns); err != nil {
		return err
	}
	inner.substitute(r.con.Columns, values)
	if err := f.rt.Txn.Update(ctx, r.child.OID, ids, attrs, rows); err != nil {
		return w.unique(err)
	}
	if !allNull {
		inner.outgoing = slices.DeleteFunc(inner.outgoing, func(o *reference) bool { return o.con.OID != r.con.OID })
		for _, o := range inner.outgoing {
			o.keys.appendSel(rows.Cols, nil, rows.N)
		}
	}
	return inner.finish(ctx)
}

// rewritten makes the columns that referring rows get when their keys have new values: these, and what is generated
// from them. The rows are checked as those of an UPDATE are.
func (f *foreignKeys) rewritten(
	ctx context.Context, r *reference, ids []storage.RowID, values []types.Datum,
) (w *writer, attrs []int16, rows *storage.Rows, err error) {
	w = &writer{rt: f.rt, sc: f.rt.newScope(nil, nil), table: r.child, live: r.child.Live()}
	reader := f.rt.Txn.NewestReader()
	defer func() { _ = reader.Close() }() // it only reads
	tr, err := reader.Table(r.child.OID)
	if err != nil {
		return nil, nil, nil, sqlError(err)
	}
	all := make([]int16, len(w.live))
	for i, c := range w.live {
		all[i] = c.Num
	}
	b, _, err := tr.Fetch(ctx, ids, all)
	if err != nil {
		return nil, nil, nil, sqlError(err)
	}
	whole := &batch.Batch{Cols: slices.Clone(b.Cols), N: len(ids)}
	attrs, rows = slices.Clone(r.con.Columns), &storage.Rows{N: len(ids)}
	for i, n := range r.con.Columns {
		at := livePos(r.child, n)
		whole.Cols[at] = constColumn(w.live[at].Type, values[i], len(ids))
		rows.Cols = append(rows.Cols, whole.Cols[at])
	}
	for at, c := range w.live {
		if c.Generated == "" {
			continue
		}
		p, err := w.stored(c.Generated, c.Type)
		if err != nil {
			return nil, nil, nil, err
		}
		if whole.Cols[at], err = p.Eval(&w.sc.ev, whole); err != nil {
			return nil, nil, nil, err
		}
		attrs, rows.Cols = append(attrs, c.Num), append(rows.Cols, compact(whole.Cols[at:at+1], w.live[at:], whole)[0])
	}
	return w, attrs, rows, w.checkRewritten(whole, attrs)
}

// checkRewritten refuses rows that a cascade may not make.
func (w *writer) checkRewritten(whole *batch.Batch, attrs []int16) error {
	changed := make(map[int16]bool, len(attrs))
	for _, n := range attrs {
		changed[n] = true
	}
	for i := range w.table.Constraints {
		c := &w.table.Constraints[i]
		if c.Type != 'c' {
			continue
		}
		p, err := w.stored(c.Expr, types.Of(types.BoolOID))
		if err != nil {
			return err
		}
		w.checks = append(w.checks, rowCheck{c.Name, p})
	}
	return w.check(whole, changed, func(r int) []types.Datum { return rowOf(whole, len(w.live), r) })
}

// substitute notes that the rows given to replaced get new values in some columns.
func (f *foreignKeys) substitute(nums []int16, values []types.Datum) {
	for _, r := range f.referrers() {
		if r.keys.n == 0 {
			continue
		}
		cols := make([]*batch.Column, len(r.con.RefColumns))
		for i, n := range r.con.RefColumns {
			cols[i] = r.keys.cols[i]
			if k := slices.Index(nums, n); k >= 0 {
				cols[i] = constColumn(r.keys.cols[i].Type, values[k], r.keys.n)
			}
		}
		r.next.appendSel(cols, nil, r.keys.n)
	}
}
