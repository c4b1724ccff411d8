package exec

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// insert adds rows.
type insert struct {
	*writer
	stmt *bind.Insert
	row  []*eval.Program // the new row over the source
	b    batch.Batch     // new rows
	conf *conflict
}

func newInsert(b *builder, n *planner.Insert) (Operator, error) {
	in, err := b.build(n.Source)
	if err != nil {
		return nil, err
	}
	s := n.Stmt
	w, err := newWriter(b, s.Rel.Table, s.Checks, s.Return, s.ReturnInput())
	if err != nil {
		return nil, err
	}
	ins := &insert{writer: w, stmt: s}
	if ins.row, err = b.compileList(s.Row, n.Source.Info().Cols); err != nil {
		return nil, err
	}
	ins.b.Cols = make([]*batch.Column, len(ins.row))
	if s.OnConflict != nil {
		if ins.conf, err = newConflict(b, ins); err != nil {
			return nil, err
		}
	}
	return &modifyOp{in: in, rt: b.rt, step: ins.step, end: w.fk.finish}, nil
}

func (s *insert) step(ctx context.Context, b *batch.Batch) (*batch.Batch, error) {
	if s.conf != nil {
		return s.put(ctx, b)
	}
	undo := s.rt.attempt()
	out, err := s.put(ctx, b)
	if err == nil || !aboutRow(err) {
		return out, err
	}
	_, err = oneByOne(b, err, undo, func(row *batch.Batch) error {
		_, err := s.put(ctx, row)
		return err
	})
	return nil, err
}

// put inserts the rows of b.
func (s *insert) put(ctx context.Context, b *batch.Batch) (*batch.Batch, error) {
	if err := evalAll(s.sc, s.row, b, s.b.Cols); err != nil {
		return nil, err
	}
	s.b.N, s.b.Sel = b.N, b.Sel
	if err := s.check(&s.b, nil, func(r int) []types.Datum { return rowOf(&s.b, len(s.live), r) }); err != nil {
		return nil, err
	}
	rows := &batch.Batch{Cols: compact(s.b.Cols, s.live, &s.b), N: s.b.Rows()}
	mark := s.rt.Txn.Savepoint()
	_, err := s.rt.Txn.Insert(ctx, s.table.OID, &storage.Rows{N: rows.N, Cols: rows.Cols})
	var u *storage.UniqueError
	if s.conf != nil && errors.As(err, &u) {
		s.rt.Txn.RollbackTo(mark)
		return s.conf.step(ctx, rows)
	}
	if err != nil {
		return nil, s.unique(err)
	}
	if s.conf != nil {
		s.conf.inserted = true
	}
	s.rt.Affected += int64(rows.N)
	s.fk.added(rows)
	return s.told(rows, nil)
}

// told computes RETURNING; updated says which rows were there before, nil that none was.
func (s *insert) told(rows *batch.Batch, updated []bool) (*batch.Batch, error) {
	if s.stmt.Xmax == 0 {
		return s.returning(rows)
	}
	xmax := constColumn(types.Of(types.XIDOID), types.IntDatum(0), rows.N)
	for i, u := range updated {
		if u {
			xmax.I[i] = int64(uint32(s.rt.Txn.Number()))
		}
	}
	return s.returning(&batch.Batch{N: rows.N, Cols: append(rows.Cols[:len(rows.Cols):len(rows.Cols)], xmax)})
}

// conflict is ON CONFLICT: rows are inserted one by one, and those that meet an existing key are left out
// or update it.
type conflict struct {
	*insert
	spec     *bind.OnConflict
	where    *eval.Program
	updated  []*eval.Program // the whole row after SET
	cols     []eval.Column   // of the programs: the new row, then the existing one
	both     batch.Batch
	touched  map[storage.RowID]bool // rows that this statement inserted or updated
	inserted bool                   // some were, in batches: their ids are not known one by one
}

func newConflict(b *builder, s *insert) (*conflict, error) {
	c := &conflict{insert: s, spec: s.stmt.OnConflict, touched: map[storage.RowID]bool{}}
	c.cols = append(append([]eval.Column(nil), s.stmt.NewCols...), c.spec.Existing...)
	var err error
	if c.where, err = b.compile(c.spec.Where, c.cols); err != nil {
		return nil, err
	}
	c.updated, err = b.compileList(c.spec.Updated, c.cols)
	return c, err
}

// step inserts the rows of a batch one by one.
func (c *conflict) step(ctx context.Context, rows *batch.Batch) (*batch.Batch, error) {
	kept := newGathered(columnTypes(rows.Cols))
	var updated []bool // by kept row
	for r := range rows.N {
		one := &batch.Batch{N: 1}
		for _, col := range rows.Cols {
			n := batch.New(col.Type, col.Phys, 1)
			n.AppendFrom(col, []int32{int32(r)}, rows.N)
			one.Cols = append(one.Cols, n)
		}
		ids, err := c.rt.Txn.Insert(ctx, c.table.OID, &storage.Rows{N: 1, Cols: one.Cols})
		inserted := err == nil
		if inserted {
			c.touched[ids[0]] = true
			c.fk.added(one)
		} else {
			existing, err := c.conflicting(ctx, one, err)
			if err != nil {
				return nil, err
			}
			if !c.spec.Update {
				continue
			}
			if one, err = c.update(ctx, one, existing); err != nil {
				return nil, err
			}
			if one == nil {
				continue
			}
		}
		c.rt.Affected++
		kept.pick(0, one.Cols, []int32{0}, false)
		kept.b.N++
		updated = append(updated, !inserted)
	}
	if kept.b.N == 0 {
		return nil, nil
	}
	return c.told(&kept.b, updated)
}

// conflicting returns the row whose key in an arbiter index a new row has, given the error of inserting it.
// Storage reports the first index that refuses; an arbiter that would refuse as well comes first.
func (c *conflict) conflicting(ctx context.Context, one *batch.Batch, cause error) (storage.RowID, error) {
	var u *storage.UniqueError
	if !errors.As(cause, &u) {
		return 0, sqlError(cause)
	}
	if c.arbiter(u.Index) {
		return u.Existing, nil
	}
	for _, oid := range c.spec.Indexes {
		id, err := c.probe(ctx, oid, one)
		if id != 0 || err != nil {
			return id, err
		}
	}
	return 0, c.unique(cause)
}

// probe looks a new row's key up in a unique index over columns; 0 when no row has it.
func (c *conflict) probe(ctx context.Context, oid storage.OID, one *batch.Batch) (storage.RowID, error) {
	x := c.rt.Txn.Catalog().Index(oid)
	if x == nil || x.Where != "" {
		return 0, nil
	}
	var key []types.Datum
	for _, k := range x.Keys {
		at := slices.IndexFunc(c.live, func(col *schema.Column) bool { return col.Num == k.Column })
		if at < 0 || one.Cols[at].Null(0) && !x.NullsNotDistinct {
			return 0, nil
		}
		key = append(key, one.Cols[at].Datum(0))
	}
	reader := c.rt.Txn.Reader()
	defer func() { _ = reader.Close() }() // it only reads
	tr, err := reader.Table(c.table.OID)
	if err != nil {
		return 0, sqlError(err)
	}
	scan := tr.IndexScan(oid, []storage.KeyRange{{Lo: key, Hi: key}}, false)
	ids, err := scan.Next(ctx)
	if cerr := scan.Close(); err == nil {
		err = cerr
	}
	if err != nil || len(ids) == 0 {
		return 0, sqlError(err)
	}
	return ids[0], nil
}

func (c *conflict) arbiter(index storage.OID) bool {
	return len(c.spec.Indexes) == 0 || slices.Contains(c.spec.Indexes, index)
}

// update runs DO UPDATE for one row and returns the row as it is then; nil when WHERE kept it out.
func (c *conflict) update(ctx context.Context, one *batch.Batch, id storage.RowID) (*batch.Batch, error) {
	if c.touched[id] || c.inserted && c.isOwn(id) {
		return nil, pgerr.New(pgerrcode.CardinalityViolation, "ON CONFLICT DO UPDATE command cannot affect row a second time").
			Hint("Ensure that no rows proposed for insertion within the same command have duplicate constrained values.")
	}
	reader := c.rt.Txn.Reader()
	defer func() { _ = reader.Close() }() // it only reads
	tr, err := reader.Table(c.table.OID)
	if err != nil {
		return nil, sqlError(err)
	}
	attrs := make([]int16, len(c.live))
	for i, col := range c.live {
		attrs[i] = col.Num
	}
	old, found, err := tr.Fetch(ctx, []storage.RowID{id}, attrs)
	if err != nil {
		return nil, sqlError(err)
	}
	if !found[0] { // committed after our snapshot
		return nil, storage.ErrRetry
	}
	c.both = batch.Batch{Cols: append(append([]*batch.Column(nil), one.Cols...), old.Cols...), N: 1}
	c.both.Cols = append(c.both.Cols, constColumn(c.cols[len(c.cols)-1].T, rowIDDatum(id), 1))
	if c.where != nil {
		sel, err := c.where.Filter(&c.sc.ev, &c.both)
		if err != nil || len(sel) == 0 {
			return nil, err
		}
	}
	next := &batch.Batch{Cols: make([]*batch.Column, len(c.updated)), N: 1}
	if err := evalAll(c.sc, c.updated, &c.both, next.Cols); err != nil {
		return nil, err
	}
	next.Cols = compact(next.Cols, c.live, next)
	if err := c.check(next, nil, func(r int) []types.Datum { return rowOf(next, len(c.live), r) }); err != nil {
		return nil, err
	}
	changed := make([]int16, 0, len(c.spec.Set))
	var cols []*batch.Column
	for i, col := range c.live {
		if slices.ContainsFunc(c.spec.Set, func(a bind.Assign) bool { return a.Attr == col.Num }) || col.Generated != "" {
			changed = append(changed, col.Num)
			cols = append(cols, next.Cols[i])
		}
	}
	err = c.rt.Txn.Update(ctx, c.table.OID, []storage.RowID{id}, changed, &storage.Rows{N: 1, Cols: cols})
	if err != nil {
		return nil, c.unique(err)
	}
	c.touched[id] = true
	c.fk.changed(old, next)
	c.fk.added(next)
	return next, nil
}

// isOwn says whether a row was inserted by this statement: it is not in the statement's snapshot.
func (c *conflict) isOwn(id storage.RowID) bool {
	tr, err := c.rt.Reader().Table(c.table.OID)
	if err != nil {
		return false
	}
	_, found, err := tr.Fetch(context.Background(), []storage.RowID{id}, nil)
	return err == nil && !found[0]
}
