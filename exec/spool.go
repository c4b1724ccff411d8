package exec

import (
	"context"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// spoolRows keeps rows to be read any number of times: in memory, and on disk what passes the budget.
type spoolRows struct {
	rt    *Runtime
	types []types.T
	mem   *rowStore
	disk  *spillFile // the rows before those in mem
	held  int64      // bytes of mem that are counted
}

func newSpool(rt *Runtime, ts []types.T) *spoolRows {
	return &spoolRows{rt: rt, types: ts, mem: newRowStore(ts)}
}

func (s *spoolRows) reset() {
	s.mem.reset()
	_ = s.rt.Keep(&s.held, 0) // giving back is never refused
	if s.disk != nil {
		_ = s.disk.remove(s.rt) // a temporary file that stays is removed at the next start
		s.disk = nil
	}
}

// rows is the number of rows kept.
func (s *spoolRows) rows() int {
	n := s.mem.n
	if s.disk != nil {
		n += s.disk.rows
	}
	return n
}

// add keeps the rows of b that count.
func (s *spoolRows) add(b *batch.Batch) error {
	s.mem.append(b)
	if s.mem.bytes <= s.rt.workMem() {
		return s.rt.Keep(&s.held, s.mem.bytes)
	}
	if err := s.spill(); err != nil {
		return err
	}
	s.mem.reset()
	return s.rt.Keep(&s.held, 0)
}

// spill writes the rows in memory to disk. The caller forgets them.
func (s *spoolRows) spill() error {
	if s.disk == nil {
		var err error
		if s.disk, err = s.rt.newSpill(s.types); err != nil {
			return err
		}
	}
	var v view
	for from := 0; from < s.mem.n; from += batch.RowsMax {
		part := v.rows(s.mem, from, min(from+batch.RowsMax, s.mem.n))
		if err := s.disk.write(part.Cols, nil, part.N); err != nil {
			return err
		}
	}
	return nil
}

// fill opens an operator and keeps all its rows.
func (s *spoolRows) fill(ctx context.Context, in Operator) error {
	if err := in.Open(ctx); err != nil {
		return err
	}
	for {
		b, err := in.Next(ctx)
		if b == nil || err != nil {
			return err
		}
		if err := s.add(b); err != nil {
			return err
		}
	}
}

// spoolCursor reads a spool from its first row. Several may read at once; none while rows are added.
type spoolCursor struct {
	s    *spoolRows
	disk *spillReader
	done bool // with the part on disk
	pos  int
	v    view
}

func (s *spoolRows) cursor() spoolCursor { return spoolCursor{s: s, done: s.disk == nil} }

func (c *spoolCursor) next(ctx context.Context) (*batch.Batch, error) {
	if err := ctx.Err(); err != nil {
		return nil, sqlError(err)
	}
	if !c.done {
		if c.disk == nil {
			var err error
			if c.disk, err = c.s.disk.reader(c.s.rt); err != nil {
				return nil, err
			}
		}
		b, err := c.disk.next()
		if b != nil || err != nil {
			return b, err
		}
		c.done = true
		if err := c.disk.close(); err != nil {
			return nil, err
		}
	}
	if c.s == nil || c.pos >= c.s.mem.n {
		return nil, nil
	}
	to := min(c.pos+batch.RowsMax, c.s.mem.n)
	b := c.v.rows(c.s.mem, c.pos, to)
	c.pos = to
	return b, nil
}
