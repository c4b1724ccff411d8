package ivfpq

import (
	"context"

	"github.com/vecdb/vecdb/index"
)

// Cursor yields an index's rows from the nearest on, batch by batch, for callers that cannot say
// beforehand how many they will look at: a condition is checked on each row, or a portal is
// suspended. Each batch is sorted; a row that a wider search finds late comes late, but every row
// that matches comes once. It is not safe for concurrent use.
type Cursor struct {
	s     *Searcher
	query []float32
	o     Options
	seen  map[index.RowID]struct{}
	found []index.Neighbor
	batch []index.Neighbor
	done  bool
	stats Stats
}

// cursorGrowth is how much wider each search of a cursor is than the one before, so that all of them
// together cost little more than the last.
const cursorGrowth = 4

// Cursor starts at query, which it keeps. o.K is the least number of rows in the first batch.
func (s *Searcher) Cursor(query []float32, o Options) *Cursor {
	o.K = max(o.K, 1)
	return &Cursor{s: s, query: query, o: o, seen: make(map[index.RowID]struct{})}
}

// Next returns further rows, none at the end. The batch is valid until the next call.
func (c *Cursor) Next(ctx context.Context) ([]index.Neighbor, error) {
	c.batch = c.batch[:0]
	for !c.done && len(c.batch) == 0 {
		var st Stats
		var err error
		c.found, st, err = c.s.Search(ctx, c.query, c.o, c.found[:0])
		if err != nil {
			return nil, err
		}
		c.stats.add(st)
		for _, n := range c.found {
			if _, old := c.seen[n.Row]; !old {
				c.seen[n.Row] = struct{}{}
				c.batch = append(c.batch, n)
			}
		}
		// A search that is not filled has met every row there is.
		c.done = len(c.found) < c.o.K
		c.o.K *= cursorGrowth
		c.o.Refine = max(c.o.Refine*cursorGrowth, c.o.K)
		c.o.NProbe = min(max(c.o.NProbe, 1)*2, c.s.m.nlist)
	}
	return c.batch, nil
}

// Stats returns the work of all searches so far.
func (c *Cursor) Stats() Stats { return c.stats }

func (s *Stats) add(o Stats) {
	s.Partitions += o.Partitions
	s.Codes += o.Codes
	s.Refined += o.Refined
	s.Bytes += o.Bytes
}
