package exec

import (
	"context"
	"slices"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/index/ivfpq"
	"github.com/vecdb/vecdb/internal/rowset"
	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/upkeep"
)

const (
	// exactRowsMax is the number of rows up to which distances to all of them are computed: at about 66 ns
	// a row it costs what a search of the index does.
	exactRowsMax = 3000
	// exactPerRow: a search for k rows is exact up to so many rows for each of them.
	exactPerRow = 20
)

// search finds the rows: exactly over what a filter leaves when that is little, else in the index with
// the filter as a bitmap inside the scan, and exactly over the rows that no segment has yet.
func (a *annScan) search(ctx context.Context, query []float32) error {
	var set *rowset.Set
	rows := int(a.table.Rows())
	if a.filter != nil {
		var err error
		if set, err = a.filter.rows(ctx, a.table); err != nil {
			return err
		}
		rows = set.Cardinality()
	}
	if a.k == 0 && a.limited() {
		a.say("nothing is wanted")
		return nil
	}
	if a.q == nil || a.plan.NullsFirst || a.k == 0 || rows <= max(exactRowsMax, exactPerRow*a.k) {
		a.say("exact search of %d rows", rows)
		return a.exact(ctx, set)
	}
	ann, err := a.table.ANN(a.plan.Index.OID)
	if err != nil {
		return err
	}
	s, err := upkeep.Open(a.rt.fs(), ann)
	if err != nil {
		return err
	}
	if s == nil {
		a.say("exact search of %d rows: the index is not trained yet", rows)
		return a.exact(ctx, set)
	}
	if err := a.approximate(ctx, s, ann, query, set, rows); err != nil {
		return err
	}
	if len(a.found) < min(a.k, rows) {
		// Rows that no distance was found for remain: nulls, or what estimates could not tell apart.
		a.found = a.found[:0]
		a.say("exact search of %d rows, to fill the limit", rows)
		return a.exact(ctx, set)
	}
	return nil
}

// limited says whether a limit was given.
func (a *annScan) limited() bool { return a.plan.Limit != nil && (a.limit.p != nil || !a.limit.d.Null) }

// approximate searches the segments and the rows that none has.
func (a *annScan) approximate(
	ctx context.Context, s *upkeep.Searcher, ann *storage.ANN, query []float32, set *rowset.Set, rows int,
) error {
	o := ivfpq.Options{K: a.k, Vectors: a, Refine: a.rt.Refine}
	recall := a.rt.TargetRecall
	if recall <= 0 {
		recall = planner.DefaultRecall
	}
	effort := s.Curve.Pick(recall, a.k)
	o.NProbe = effort.NProbe
	if o.Refine == 0 {
		o.Refine = effort.Refine
	}
	o.Refine = max(o.Refine, a.k)
	if a.rt.Probes > 0 {
		o.NProbe, o.FixedProbes = a.rt.Probes, true
	}
	if set != nil {
		lo, hi, ok := set.Bounds()
		if !ok {
			return nil
		}
		base := lo &^ 63
		n := int(hi-base) + 1
		o.Filter = index.Bitmap{Base: index.RowID(base), Bits: set.Dense(nil, base, n)}
		o.FilterRows = rows
	}
	var err error
	var stats ivfpq.Stats
	if a.found, stats, err = s.Search(ctx, query, o, a.found[:0]); err != nil {
		return err
	}
	if a.note != nil {
		a.say("index search, partitions=%d codes=%d refined=%d of %d rows", stats.Partitions, stats.Codes, stats.Refined, rows)
	}
	return a.addUncovered(ctx, ann, set)
}

// addUncovered adds the rows that no segment has, by their exact distances.
func (a *annScan) addUncovered(ctx context.Context, ann *storage.ANN, set *rowset.Set) error {
	if ann.UncoveredRows() == 0 {
		return nil
	}
	top := index.NewTopK(a.k)
	seen := make(map[index.RowID]bool, len(a.found))
	for _, f := range a.found {
		seen[f.Row] = true
		top.Push(f.Row, f.Distance)
	}
	u := ann.Uncovered()
	for {
		ids, vecs, err := u.Next(ctx)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		for i, id := range ids {
			row := index.RowID(id)
			if seen[row] || set != nil && !set.Contains(uint64(id)) || vecs[i] == nil {
				continue
			}
			top.Push(row, a.q.Pair(vecs[i]))
		}
	}
	a.found = top.Sorted(a.found[:0])
	return nil
}

// Distances implements ivfpq.Vectors: exact distances by the vectors that the statement sees.
func (a *annScan) Distances(_ context.Context, rows []index.RowID, dist []float64, live []bool) error {
	a.ids = a.ids[:0]
	for _, r := range rows {
		a.ids = append(a.ids, storage.RowID(r))
	}
	return a.table.FetchVectors(a.ids, a.plan.Vector, func(i int, v []float32) {
		if v == nil {
			live[i] = false
			return
		}
		dist[i] = a.q.Pair(v)
	})
}

// exact computes the distance of every row of the set (nil: of the table).
func (a *annScan) exact(ctx context.Context, set *rowset.Set) error {
	scan := a.table.Scan(storage.ScanOptions{Cols: []int16{a.plan.Vector}, Filter: set})
	var top *index.TopK
	if a.k > 0 {
		top = index.NewTopK(a.k)
	}
	for {
		b, ids, err := scan.Next(ctx)
		if err != nil {
			return err
		}
		if b == nil {
			break
		}
		for i := range b.N {
			switch {
			case a.q == nil || b.Cols[0].Null(i):
				if a.k == 0 || len(a.nulls) < a.k {
					a.nulls = append(a.nulls, ids[i])
				}
			case top != nil:
				top.Push(index.RowID(ids[i]), a.q.Pair(types.VectorFloats(b.Cols[0].S[i])))
			default:
				a.found = append(a.found, index.Neighbor{Row: index.RowID(ids[i]), Distance: a.q.Pair(types.VectorFloats(b.Cols[0].S[i]))})
			}
		}
	}
	if top != nil {
		a.found = top.Sorted(a.found[:0])
	} else {
		slices.SortFunc(a.found, index.Neighbor.Compare)
	}
	return nil
}
