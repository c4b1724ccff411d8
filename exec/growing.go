package exec

import (
	"context"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// growingRows keeps rows that are read while more come, in the order in which they came. Rows are only added at
// the end: a part that has reached the budget goes to disk and another begins.
type growingRows struct {
	rt    *Runtime
	types []types.T
	parts []*spoolRows // the last one is in memory
}

func newGrowingRows(rt *Runtime, ts []types.T) *growingRows {
	return &growingRows{rt: rt, types: ts, parts: []*spoolRows{newSpool(rt, ts)}}
}

func (g *growingRows) reset() {
	for _, p := range g.parts {
		p.reset()
	}
	g.parts = []*spoolRows{newSpool(g.rt, g.types)}
}

// add keeps the rows of b that count.
func (g *growingRows) add(b *batch.Batch) error {
	last := g.parts[len(g.parts)-1]
	last.mem.append(b)
	if last.mem.bytes <= g.rt.workMem() {
		return g.rt.Keep(&last.held, last.mem.bytes)
	}
	if err := last.spill(); err != nil {
		return err
	}
	if err := g.rt.Keep(&last.held, 0); err != nil {
		return err
	}
	last.mem = newRowStore(g.types) // not emptied: readers may have batches of it
	g.parts = append(g.parts, newSpool(g.rt, g.types))
	return nil
}

// growingCursor reads from the first row. At the end it may be asked again when rows have been added.
type growingCursor struct {
	g    *growingRows
	part int
	pos  int          // rows of the part that have been read
	disk *spillReader // of the part, nil when it is in memory or not begun
	skip int          // rows that disk gives once more
	v    view
	sel  []int32
}

func (g *growingRows) cursor() growingCursor { return growingCursor{g: g} }

// next returns the next rows, nil when there are none now. They are valid until the following call.
func (c *growingCursor) next(ctx context.Context) (*batch.Batch, error) {
	if err := ctx.Err(); err != nil {
		return nil, sqlError(err)
	}
	for c.g != nil {
		p := c.g.parts[c.part]
		if p.disk != nil {
			b, err := c.nextOnDisk(p)
			if b != nil || err != nil {
				return b, err
			}
		} else if c.pos < p.mem.n {
			to := min(c.pos+batch.RowsMax, p.mem.n)
			b := c.v.rows(p.mem, c.pos, to)
			c.pos = to
			return b, nil
		}
		if c.part == len(c.g.parts)-1 {
			return nil, nil
		}
		c.part, c.pos, c.skip = c.part+1, 0, 0
	}
	return nil, nil
}

// nextOnDisk reads on in a part that is on disk, behind what was read of it when it was in memory.
func (c *growingCursor) nextOnDisk(p *spoolRows) (_ *batch.Batch, err error) {
	if c.disk == nil {
		if c.disk, err = p.disk.reader(c.g.rt); err != nil {
			return nil, err
		}
		c.skip = c.pos
	}
	for {
		b, err := c.disk.next()
		if err != nil {
			return nil, err
		}
		if b == nil {
			return nil, c.close()
		}
		if c.skip >= b.N {
			c.skip -= b.N
			continue
		}
		if c.skip == 0 {
			return b, nil
		}
		c.sel = c.sel[:0]
		for i := c.skip; i < b.N; i++ {
			c.sel = append(c.sel, int32(i))
		}
		c.skip = 0
		return &batch.Batch{Cols: b.Cols, N: b.N, Sel: c.sel}, nil
	}
}

// close gives the file back. A cursor that is not read to its end must be closed.
func (c *growingCursor) close() error {
	if c.disk == nil {
		return nil
	}
	err := c.disk.close()
	c.disk = nil
	return err
}
