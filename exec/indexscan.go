package exec

import (
	"context"
	"slices"

	"github.com/vecdb/vecdb/internal/rowset"
	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// keyRanges computes the ranges of an index that a plan describes, for the values of this run.
type keyRanges struct {
	sc     *scope
	index  *schema.Index
	plan   *planner.IndexRanges
	eq     [][]value // by key column: the values it may equal
	arrays []value   // by key column: = ANY (array)
	lo, hi value
}

func newKeyRanges(b *builder, ix *schema.Index, r *planner.IndexRanges) (*keyRanges, error) {
	k := &keyRanges{sc: b.sc, index: ix, plan: r, eq: make([][]value, len(r.Eq)), arrays: make([]value, len(r.Eq))}
	var err error
	for i, e := range r.Eq {
		list := e.List
		switch {
		case e.Value != nil:
			v, err := b.newValue(e.Value)
			if err != nil {
				return nil, err
			}
			k.eq[i] = []value{v}
		case e.Array != nil:
			if k.arrays[i], err = b.newValue(e.Array); err != nil {
				return nil, err
			}
		}
		for _, x := range list {
			v, err := b.newValue(x)
			if err != nil {
				return nil, err
			}
			k.eq[i] = append(k.eq[i], v)
		}
	}
	if k.lo, err = b.newValue(r.Lo); err != nil {
		return nil, err
	}
	k.hi, err = b.newValue(r.Hi)
	return k, err
}

// ranges returns disjoint ranges in index order; none when no row can match.
func (k *keyRanges) ranges() ([]storage.KeyRange, error) {
	prefixes := [][]types.Datum{nil}
	for i := range k.plan.Eq {
		vals, err := k.values(i)
		if err != nil || len(vals) == 0 {
			return nil, err
		}
		if len(vals) == 1 && len(prefixes) == 1 {
			prefixes[0] = append(prefixes[0], vals[0])
			continue
		}
		next := make([][]types.Datum, 0, len(prefixes)*len(vals))
		for _, p := range prefixes {
			for _, v := range vals {
				next = append(next, append(p[:len(p):len(p)], v))
			}
		}
		prefixes = next
	}
	out := make([]storage.KeyRange, 0, len(prefixes))
	for _, p := range prefixes {
		r, ok, err := k.bounded(p)
		if err != nil || !ok {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// values are the values that key column i may equal, ordered as in the index and without repeats.
func (k *keyRanges) values(i int) ([]types.Datum, error) {
	if k.plan.Eq[i].Null {
		return []types.Datum{types.NullDatum}, nil
	}
	var out []types.Datum
	if k.plan.Eq[i].Array != nil {
		d, err := k.arrays[i].get(k.sc)
		if err != nil {
			return nil, err
		}
		if out, err = arrayElements(k.plan.Eq[i].Array.Type(), d); err != nil {
			return nil, err
		}
	}
	for j := range k.eq[i] {
		d, err := k.eq[i][j].get(k.sc)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	out = slices.DeleteFunc(out, func(d types.Datum) bool { return d.Null })
	if len(out) < 2 {
		return out, nil
	}
	key := &k.index.Keys[i]
	t := types.Lookup(key.Type.OID)
	slices.SortFunc(out, func(a, b types.Datum) int {
		c := t.Compare(a, b)
		if key.Desc {
			return -c
		}
		return c
	})
	return slices.CompactFunc(out, func(a, b types.Datum) bool { return t.Compare(a, b) == 0 }), nil
}

// bounded adds the bounds of the key column after the prefix. Nulls are no values: an open end stops
// short of them.
func (k *keyRanges) bounded(prefix []types.Datum) (storage.KeyRange, bool, error) {
	r := storage.KeyRange{Lo: prefix, Hi: prefix}
	p := k.plan
	if p.Prefix != "" {
		with := func(s string) []types.Datum { return append(prefix[:len(prefix):len(prefix)], types.StringDatum(s)) }
		lo, hi := with(p.Prefix), []types.Datum(nil)
		if end := afterPrefix(p.Prefix); end != "" {
			hi = with(end)
		}
		return k.oriented(prefix, lo, hi, false, true), true, nil
	}
	if p.Lo == nil && p.Hi == nil && !p.NotNull {
		return r, true, nil
	}
	var lo, hi []types.Datum
	if p.Lo != nil {
		d, err := k.lo.get(k.sc)
		if err != nil || d.Null {
			return r, false, err
		}
		lo = append(prefix[:len(prefix):len(prefix)], d)
	}
	if p.Hi != nil {
		d, err := k.hi.get(k.sc)
		if err != nil || d.Null {
			return r, false, err
		}
		hi = append(prefix[:len(prefix):len(prefix)], d)
	}
	return k.oriented(prefix, lo, hi, p.LoOpen, p.HiOpen), true, nil
}

// oriented makes a range from bounds by value: a descending key exchanges them, and a missing one
// becomes the border to the nulls.
func (k *keyRanges) oriented(prefix, lo, hi []types.Datum, loOpen, hiOpen bool) storage.KeyRange {
	key := &k.index.Keys[len(prefix)]
	if key.Desc {
		lo, hi, loOpen, hiOpen = hi, lo, hiOpen, loOpen
	}
	null := append(prefix[:len(prefix):len(prefix)], types.NullDatum)
	if lo == nil {
		lo, loOpen = prefix, false
		if key.NullsFirst {
			lo, loOpen = null, true
		}
	}
	if hi == nil {
		hi, hiOpen = prefix, false
		if !key.NullsFirst {
			hi, hiOpen = null, true
		}
	}
	return storage.KeyRange{Lo: lo, Hi: hi, LoOpen: loOpen, HiOpen: hiOpen}
}

// afterPrefix is the smallest string behind all that start with p; "" when there is none.
func afterPrefix(p string) string {
	b := []byte(p)
	for len(b) > 0 {
		if b[len(b)-1] < 0xff {
			b[len(b)-1]++
			return string(b)
		}
		b = b[:len(b)-1]
	}
	return ""
}

// indexScan reads rows in index order.
type indexScan struct {
	*tableOutput
	rt      *Runtime
	index   *schema.Index
	keys    *keyRanges
	reverse bool
	table   *storage.TableReader
	scan    *storage.IndexScan
}

func newIndexScan(b *builder, n *planner.IndexScan) (Operator, error) {
	out, err := newTableOutput(b, n.Rel, n.Cols, n.Conds)
	if err != nil {
		return nil, err
	}
	k, err := newKeyRanges(b, n.Index, n.Ranges)
	if err != nil {
		return nil, err
	}
	return &indexScan{tableOutput: out, rt: b.rt, index: n.Index, keys: k, reverse: n.Reverse}, nil
}

func (s *indexScan) Open(context.Context) error {
	if err := s.Close(); err != nil {
		return err
	}
	ranges, err := s.keys.ranges()
	if err != nil || len(ranges) == 0 {
		return err
	}
	if s.table, err = s.rt.Reader().Table(s.rel.Table.OID); err != nil {
		return sqlError(err)
	}
	s.scan = s.table.IndexScan(s.index.OID, ranges, s.reverse)
	return nil
}

func (s *indexScan) Next(ctx context.Context) (*batch.Batch, error) {
	for s.scan != nil {
		ids, err := s.scan.Next(ctx)
		if err != nil {
			return nil, sqlError(err)
		}
		if len(ids) == 0 {
			return nil, s.Close()
		}
		b, _, err := s.table.Fetch(ctx, ids, s.stored)
		if err != nil {
			return nil, sqlError(err)
		}
		out, err := s.emit(b, ids)
		if out != nil || err != nil {
			return out, err
		}
	}
	return nil, nil
}

func (s *indexScan) Close() error {
	if s.scan == nil {
		return nil
	}
	err := s.scan.Close()
	s.scan = nil
	return sqlError(err)
}

// bitmapPlan computes a set of rows from indexes.
type bitmapPlan struct {
	rt    *Runtime
	table types.OID
	node  planner.BitmapNode
	keys  map[*planner.BitmapIndex]*keyRanges
}

func newBitmapPlan(b *builder, table types.OID, n planner.BitmapNode) (*bitmapPlan, error) {
	p := &bitmapPlan{rt: b.rt, table: table, node: n, keys: map[*planner.BitmapIndex]*keyRanges{}}
	return p, p.compile(b, n)
}

func (p *bitmapPlan) compile(b *builder, n planner.BitmapNode) error {
	var args []planner.BitmapNode
	switch n := n.(type) {
	case *planner.BitmapIndex:
		k, err := newKeyRanges(b, n.Index, n.Ranges)
		p.keys[n] = k
		return err
	case *planner.BitmapAnd:
		args = n.Args
	case *planner.BitmapOr:
		args = n.Args
	}
	for _, a := range args {
		if err := p.compile(b, a); err != nil {
			return err
		}
	}
	return nil
}

// rows computes the set, which others may share: it is only read.
func (p *bitmapPlan) rows(ctx context.Context, t *storage.TableReader) (*rowset.Set, error) {
	return p.eval(ctx, t, p.node)
}

func (p *bitmapPlan) eval(ctx context.Context, t *storage.TableReader, n planner.BitmapNode) (*rowset.Set, error) {
	var args []planner.BitmapNode
	and := false
	switch n := n.(type) {
	case *planner.BitmapIndex:
		ranges, err := p.keys[n].ranges()
		if err != nil {
			return nil, err
		}
		if len(ranges) == 0 {
			return rowset.New(), nil
		}
		set, err := t.IndexRows(ctx, n.Index.OID, ranges)
		return set, sqlError(err)
	case *planner.BitmapAnd:
		args, and = n.Args, true
	case *planner.BitmapOr:
		args = n.Args
	}
	var out *rowset.Set
	for i, a := range args {
		s, err := p.eval(ctx, t, a)
		if err != nil {
			return nil, err
		}
		if i == 1 {
			out = out.Clone() // the first may be shared
		}
		switch {
		case out == nil:
			out = s
		case and:
			out.And(s)
		default:
			out.Or(s)
		}
		if and && out.Empty() {
			break
		}
	}
	return out, nil
}

// bitmapScan reads the rows of a set in storage order: few of them one by one, many by a scan that passes
// over the others.
type bitmapScan struct {
	seqScan
	plan  *bitmapPlan
	table *storage.TableReader
	ids   *idChunks // nil: a scan reads
}

func newBitmapScan(b *builder, n *planner.BitmapScan) (Operator, error) {
	out, err := newTableOutput(b, n.Rel, n.Cols, n.Conds)
	if err != nil {
		return nil, err
	}
	p, err := newBitmapPlan(b, n.Rel.Table.OID, n.Set)
	if err != nil {
		return nil, err
	}
	return &bitmapScan{seqScan: seqScan{tableOutput: out, rt: b.rt}, plan: p}, nil
}

// fetchPart: sets of less than this part of the table are fetched row by row.
const fetchPart = 16

// isSparse says whether the rows of a set are better fetched than scanned for.
func isSparse(set *rowset.Set, t *storage.TableReader) bool {
	return int64(set.Cardinality())*fetchPart < t.Rows()
}

// Open implements Operator.
func (s *bitmapScan) Open(ctx context.Context) (err error) {
	if s.table, err = s.rt.Reader().Table(s.rel.Table.OID); err != nil {
		return sqlError(err)
	}
	if s.set, err = s.plan.rows(ctx, s.table); err != nil {
		return err
	}
	s.ids, s.scan = nil, nil
	if s.done = s.set.Empty(); s.done {
		return nil
	}
	if isSparse(s.set, s.table) {
		s.ids = newIDChunks(s.set)
		return nil
	}
	s.scan = s.table.Scan(storage.ScanOptions{Cols: s.stored, Filter: s.set})
	return nil
}

// Next implements Operator.
func (s *bitmapScan) Next(ctx context.Context) (*batch.Batch, error) {
	if s.ids == nil {
		return s.seqScan.Next(ctx)
	}
	for {
		ids := s.ids.next()
		if len(ids) == 0 {
			return nil, nil
		}
		b, err := fetchVisible(ctx, s.table, ids, s.stored)
		if err != nil {
			return nil, err
		}
		out, err := s.emit(b, ids)
		if out != nil || err != nil {
			return out, err
		}
	}
}

// fetchVisible reads rows by id; those that are gone do not count.
func fetchVisible(ctx context.Context, t *storage.TableReader, ids []storage.RowID, cols []int16) (*batch.Batch, error) {
	b, found, err := t.Fetch(ctx, ids, cols)
	if err != nil {
		return nil, sqlError(err)
	}
	for i, ok := range found {
		if ok {
			continue
		}
		sel := make([]int32, 0, len(found))
		for j, ok := range found {
			if ok && j != i {
				sel = append(sel, int32(j))
			}
		}
		b.Sel = sel
		break
	}
	return b, nil
}

// idChunks gives the rows of a set, some at a time.
type idChunks struct {
	it  *rowset.Iterator
	buf []uint64
	ids []storage.RowID
}

func newIDChunks(set *rowset.Set) *idChunks {
	return &idChunks{it: set.Iterator(), buf: make([]uint64, min(max(set.Cardinality(), 1), batch.RowsMax))}
}

// next returns the next rows, none at the end. They are valid until the following call.
func (c *idChunks) next() []storage.RowID {
	n := c.it.Next(c.buf)
	c.ids = c.ids[:0]
	for _, id := range c.buf[:n] {
		c.ids = append(c.ids, storage.RowID(id))
	}
	return c.ids
}
