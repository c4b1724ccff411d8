package exec

import (
	"context"
	"errors"
	"math"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// hashJoin builds a table of the right side by its keys and looks the left rows up in it.
//
// When the right side passes the memory budget, both sides are dealt into files by the hash of the key and
// joined file by file. The output must keep the left order all the same, so left rows are numbered, what
// each file gives is written out with the numbers, and these runs are merged.
type hashJoin struct {
	*pairs
	rt          *Runtime
	left, right Operator
	lkeys       []*eval.Program
	rkeys       []*eval.Program
	lcols       []*batch.Column
	rcols       []*batch.Column
	nullAware   bool

	keys    *keyTable
	rows    *rowStore // the right side
	held    int64     // bytes of the two that are counted
	first   []int32   // by key: its first row, chained by next
	next    []int32
	last    []int32
	hit     []bool // Full: right rows that found a partner
	anyNull bool   // a right key was null
	rights  int    // right rows in all
	parts   []joinPart
	runs    []*spillFile
	merge   *runMerge
	merged  *gathered
	wait    queue
	in      *batch.Batch // the left batch that is being probed
	todo    []int32      // its rows that are still to be looked up
	drained bool         // the left side is at its end
	buf     []int32
	li, ri  []int32
}

func newHashJoin(b *builder, n *planner.HashJoin) (Operator, error) {
	left, err := b.build(n.Left)
	if err != nil {
		return nil, err
	}
	right, err := b.build(n.Right)
	if err != nil {
		return nil, err
	}
	p, err := newPairs(b, n.Kind, n.Left, n.Right, n.Conds)
	if err != nil {
		return nil, err
	}
	j := &hashJoin{pairs: p, rt: b.rt, left: left, right: right, nullAware: n.NullAware}
	if j.lkeys, err = b.compileList(n.LeftKeys, n.Left.Info().Cols); err != nil {
		return nil, err
	}
	if j.rkeys, err = b.compileList(n.RightKeys, n.Right.Info().Cols); err != nil {
		return nil, err
	}
	j.lcols, j.rcols = make([]*batch.Column, len(j.lkeys)), make([]*batch.Column, len(j.rkeys))
	j.keys = newKeyTable(exprTypes(n.RightKeys))
	j.rows = newRowStore(p.rtypes)
	return j, nil
}

// Open implements Operator.
func (j *hashJoin) Open(ctx context.Context) error {
	j.dropFiles()
	j.clearTable()
	j.anyNull, j.drained, j.rights = false, false, 0
	if err := j.build(ctx); err != nil {
		return err
	}
	if err := j.left.Open(ctx); err != nil {
		return err
	}
	if j.parts != nil {
		return j.joinParts(ctx)
	}
	j.startHits()
	return nil
}

func (j *hashJoin) clearTable() {
	j.keys.clear()
	j.rows.reset()
	j.first, j.next, j.last = j.first[:0], j.next[:0], j.last[:0]
	_ = j.rt.Keep(&j.held, 0) // giving back is never refused
	j.wait, j.in, j.todo = queue{}, nil, nil
}

// startHits begins to note the right rows that find a partner.
func (j *hashJoin) startHits() {
	if j.kind == bind.Full {
		j.hit = make([]bool, j.rows.n)
	}
}

// build reads the right side into the table, or into files when it is too large.
func (j *hashJoin) build(ctx context.Context) error {
	if err := j.right.Open(ctx); err != nil {
		return err
	}
	for {
		b, err := j.right.Next(ctx)
		if b == nil || err != nil {
			return err
		}
		j.rights += b.Rows()
		if j.parts != nil {
			if err := j.deal(b, j.parts, false, 0); err != nil {
				return err
			}
			continue
		}
		if err := j.insert(b); err != nil {
			return err
		}
		if j.rows.bytes+j.keys.bytes > j.rt.workMem() {
			if err := j.spill(); err != nil {
				return err
			}
		}
	}
}

// insert adds right rows to the table.
func (j *hashJoin) insert(b *batch.Batch) error {
	if err := evalAll(j.sc, j.rkeys, b, j.rcols); err != nil {
		return err
	}
	base := j.rows.n
	j.rows.append(b)
	for i := range b.Rows() {
		j.chain(b.Row(i), int32(base+i))
	}
	return j.rt.Keep(&j.held, j.rows.bytes+j.keys.bytes)
}

// chain adds a right row to the rows of its key. A null key has no partner, but a Full join still gives
// its row.
func (j *hashJoin) chain(r int, row int32) {
	j.next = append(j.next, -1)
	if hasNull(j.rcols, r) {
		j.anyNull = true
		return
	}
	k, isNew := j.keys.add(j.rcols, r)
	if isNew {
		j.first, j.last = append(j.first, row), append(j.last, row)
		return
	}
	j.next[j.last[k]] = row
	j.last[k] = row
}

// Next implements Operator.
func (j *hashJoin) Next(ctx context.Context) (*batch.Batch, error) {
	if j.merge != nil {
		if err := ctx.Err(); err != nil {
			return nil, sqlError(err)
		}
		return j.merge.next(j.merged, len(j.out.b.Cols))
	}
	for {
		if b := j.wait.next(j.pairs); b != nil {
			return b, nil
		}
		if len(j.todo) > 0 {
			if err := j.probe(ctx); err != nil {
				return nil, err
			}
			continue
		}
		if j.drained {
			return nil, nil
		}
		b, err := j.left.Next(ctx)
		if err != nil {
			return nil, err
		}
		if b == nil {
			j.drained = true
			if j.kind == bind.Full {
				j.restOfRight()
			}
			continue
		}
		if err := j.start(b); err != nil {
			return nil, err
		}
	}
}

// start begins to look up the rows of a left batch.
func (j *hashJoin) start(b *batch.Batch) error {
	rows := selected(b, j.buf)
	j.buf = rows[:0:cap(rows)]
	if b.Sel != nil {
		j.buf = nil
	}
	if j.nullAware {
		return j.probeNotIn(b, rows)
	}
	j.in, j.todo = b, rows
	return evalAll(j.sc, j.lkeys, b, j.lcols)
}

// probe finds the partners of the next left rows: as many as have a bounded number of pairs, at least one.
func (j *hashJoin) probe(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return sqlError(err)
	}
	j.li, j.ri = j.li[:0], j.ri[:0]
	n := 0
	for n < len(j.todo) && len(j.li) < pairsMax {
		r := j.todo[n]
		n++
		if hasNull(j.lcols, int(r)) {
			continue
		}
		k := j.keys.find(j.lcols, int(r))
		if k < 0 {
			continue
		}
		for row := j.first[k]; row >= 0; row = j.next[row] {
			j.li, j.ri = append(j.li, r), append(j.ri, row)
			if j.cond == nil && j.onlyLeft() {
				break
			}
		}
	}
	rows := j.todo[:n]
	j.todo = j.todo[n:]
	left := j.in.Cols[:j.nl] // without the number of a row that comes from a file
	li, ri, err := j.match(left, j.rows.cols, j.li, j.ri)
	if err != nil {
		return err
	}
	if j.kind == bind.Full {
		for _, r := range ri {
			j.hit[r] = true
		}
	}
	li, ri = j.resolve(rows, li, ri)
	j.wait.set(left, j.rows.cols, li, ri)
	return nil
}

// probeNotIn is the anti join of NOT IN: a null among the right keys keeps every row out, and so does a
// null on the left unless the right side is empty.
func (j *hashJoin) probeNotIn(b *batch.Batch, rows []int32) error {
	if j.anyNull {
		return nil
	}
	if err := evalAll(j.sc, j.lkeys, b, j.lcols); err != nil {
		return err
	}
	var out []int32
	for _, r := range rows {
		switch {
		case j.rights == 0:
		case hasNull(j.lcols, int(r)), j.keys.find(j.lcols, int(r)) >= 0:
			continue
		}
		out = append(out, r)
	}
	j.wait.set(b.Cols[:j.nl], nil, out, nil)
	return nil
}

// restOfRight queues the right rows of a Full join that found no partner.
func (j *hashJoin) restOfRight() {
	var li, ri []int32
	for r, hit := range j.hit {
		if !hit {
			li, ri = append(li, -1), append(ri, int32(r))
		}
	}
	j.wait.set(newRowStore(j.ltypes).cols, j.rows.cols, li, ri)
}

// Close implements Operator.
func (j *hashJoin) Close() error {
	j.dropFiles()
	j.clearTable()
	return closeAll(j.left, j.right)
}

// joinPart is the rows of both sides whose keys hash alike; a file that has no rows is nil.
type joinPart struct {
	left, right *spillFile
	level       int // how often the rows were dealt before
}

// joinFanout is the number of parts into which rows are dealt.
const joinFanout = 16

// joinLevelsMax is how often rows are dealt; a part that is too large then is joined in memory, for its
// rows have few keys.
const joinLevelsMax = 4

// joinSplitRowsMin is the number of right rows up to which a part is not dealt again: files would cost more.
const joinSplitRowsMin = batch.RowsMax

// noLeftRow is the number of output rows without a left row: they come last.
const noLeftRow = math.MaxInt64

// numbered are the types of rows with a number behind them.
func numbered(ts []types.T) []types.T {
	return append(append([]types.T(nil), ts...), types.Of(types.Int8OID))
}

// spill moves the table into files.
func (j *hashJoin) spill() error {
	j.parts = make([]joinPart, joinFanout)
	var v view
	for from := 0; from < j.rows.n; from += batch.RowsMax {
		b := v.rows(j.rows, from, min(from+batch.RowsMax, j.rows.n))
		if err := j.deal(b, j.parts, false, 0); err != nil {
			return err
		}
	}
	j.clearTable()
	return nil
}

// deal writes the rows of one side to the files of their parts.
func (j *hashJoin) deal(b *batch.Batch, parts []joinPart, left bool, level int) error {
	progs, cols, ts := j.rkeys, j.rcols, j.rtypes
	if left {
		progs, cols, ts = j.lkeys, j.lcols, numbered(j.ltypes)
	}
	if err := evalAll(j.sc, progs, b, cols); err != nil {
		return err
	}
	var sels [joinFanout][]int32
	for i := range b.Rows() {
		r := b.Row(i)
		if !left && hasNull(cols, r) {
			j.anyNull = true
		}
		p := j.keys.hashKey(cols, r, level) % joinFanout
		sels[p] = append(sels[p], int32(r))
	}
	for p, sel := range sels {
		if len(sel) == 0 {
			continue
		}
		f := &parts[p].right
		if left {
			f = &parts[p].left
		}
		if *f == nil {
			var err error
			if *f, err = j.rt.newSpill(ts); err != nil {
				return err
			}
		}
		if err := (*f).write(b.Cols, sel, b.N); err != nil {
			return err
		}
	}
	return nil
}

// joinParts deals the left side, joins the parts and begins to merge what they gave.
func (j *hashJoin) joinParts(ctx context.Context) error {
	if j.nullAware && j.anyNull {
		j.drained = true // no row passes NOT IN over a null
		return nil
	}
	if err := j.dealLeft(ctx); err != nil {
		return err
	}
	for len(j.parts) > 0 {
		p := j.parts[len(j.parts)-1]
		if p.left != nil && p.right != nil && p.level < joinLevelsMax &&
			p.right.rows > joinSplitRowsMin && p.right.bytes > j.rt.workMem() {
			if err := j.split(ctx, p); err != nil {
				return err
			}
			continue
		}
		if err := j.joinPart(ctx, p); err != nil {
			return err
		}
		if err := j.dropPart(p); err != nil {
			return err
		}
		j.parts = j.parts[:len(j.parts)-1]
	}
	j.clearTable()
	ts := numbered(columnTypes(j.out.b.Cols))
	ord := &ordering{keys: []orderKey{newOrderKey(len(ts)-1, types.Of(types.Int8OID), false, false)}}
	j.merged = newGathered(columnTypes(j.out.b.Cols))
	var err error
	j.merge, err = newRunMerge(ctx, j.rt, ord, ts, &j.runs)
	return err
}

func (j *hashJoin) dealLeft(ctx context.Context) error {
	number := &batch.Column{Type: types.Of(types.Int8OID), Phys: types.Int}
	next := int64(0)
	for {
		b, err := j.left.Next(ctx)
		if b == nil || err != nil {
			return err
		}
		number.Reset(b.N)
		for range b.N { // rows that do not count take a number too; only the order matters
			number.I = append(number.I, next)
			next++
		}
		cols := append(append([]*batch.Column(nil), b.Cols[:j.nl]...), number)
		if err := j.deal(&batch.Batch{Cols: cols, N: b.N, Sel: b.Sel}, j.parts, true, 0); err != nil {
			return err
		}
	}
}

// split deals a part, the last one, again.
func (j *hashJoin) split(ctx context.Context, p joinPart) error {
	parts := make([]joinPart, joinFanout)
	for i := range parts {
		parts[i].level = p.level + 1
	}
	// The files are known to the join before they are filled, so that an error does not leave them behind.
	j.parts = append(j.parts[:len(j.parts)-1], parts...)
	parts = j.parts[len(j.parts)-joinFanout:]
	err := j.eachRow(ctx, p.right, func(b *batch.Batch) error { return j.deal(b, parts, false, p.level+1) })
	if err == nil {
		err = j.eachRow(ctx, p.left, func(b *batch.Batch) error { return j.deal(b, parts, true, p.level+1) })
	}
	if derr := j.dropPart(p); err == nil {
		err = derr
	}
	return err
}

// eachRow reads a file; nil is an empty one.
func (j *hashJoin) eachRow(ctx context.Context, f *spillFile, do func(*batch.Batch) error) error {
	if f == nil {
		return nil
	}
	r, err := f.reader(j.rt)
	if err != nil {
		return err
	}
	for {
		b, err := r.next()
		if b == nil || err != nil {
			return errors.Join(err, r.close())
		}
		if err = ctx.Err(); err != nil {
			err = sqlError(err)
		} else {
			err = do(b)
		}
		if err != nil {
			_ = r.close() // the error at hand says more
			return err
		}
	}
}

// joinPart joins one part in memory and writes the result as a run in the order of the left rows.
func (j *hashJoin) joinPart(ctx context.Context, p joinPart) error {
	if p.left == nil && j.kind != bind.Full || p.right == nil && (j.kind == bind.Inner || j.kind == bind.Semi) {
		return nil
	}
	j.clearTable()
	if err := j.eachRow(ctx, p.right, j.insert); err != nil {
		return err
	}
	j.startHits()
	run, err := j.rt.newSpill(numbered(columnTypes(j.out.b.Cols)))
	if err != nil {
		return err
	}
	j.runs = append(j.runs, run)
	err = j.eachRow(ctx, p.left, func(b *batch.Batch) error {
		if err := j.start(b); err != nil {
			return err
		}
		for {
			if err := j.writeRun(run, b.Cols[j.nl].I); err != nil {
				return err
			}
			if len(j.todo) == 0 {
				return nil
			}
			if err := j.probe(ctx); err != nil {
				return err
			}
		}
	})
	if err != nil {
		return err
	}
	if j.kind == bind.Full {
		j.restOfRight()
		if err := j.writeRun(run, nil); err != nil {
			return err
		}
	}
	return run.finish()
}

// writeRun writes the pairs that wait, each with the number of its left row.
func (j *hashJoin) writeRun(run *spillFile, numbers []int64) error {
	number := &batch.Column{Type: types.Of(types.Int8OID), Phys: types.Int}
	for {
		from := j.wait.at
		b := j.wait.next(j.pairs)
		if b == nil {
			return nil
		}
		number.Reset(b.N)
		for _, l := range j.wait.li[from:j.wait.at] {
			n := int64(noLeftRow)
			if l >= 0 {
				n = numbers[l]
			}
			number.I = append(number.I, n)
		}
		cols := append(append([]*batch.Column(nil), b.Cols...), number)
		if err := run.write(cols, nil, b.N); err != nil {
			return err
		}
	}
}

func (j *hashJoin) dropPart(p joinPart) error {
	var err error
	for _, f := range []*spillFile{p.left, p.right} {
		if f != nil {
			err = errors.Join(err, f.remove(j.rt))
		}
	}
	return err
}

// dropFiles removes the files of an earlier run.
func (j *hashJoin) dropFiles() {
	if j.merge != nil {
		j.merge.close()
		j.merge = nil
	}
	for _, r := range j.runs {
		_ = r.remove(j.rt) // a temporary file that stays is removed at the next start
	}
	for _, p := range j.parts {
		_ = j.dropPart(p) // as above
	}
	j.runs, j.parts = nil, nil
}
