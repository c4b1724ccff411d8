package session

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/catalog"
)

// Sizes of statistics, PostgreSQL's defaults.
const (
	sampleRowsMax   = 30000
	commonMax       = 100
	histogramBounds = 101
	// wideBytes is the size from which values are not compared with each other.
	wideBytes = 1024
)

// analyze makes the statistics of one table from a random sample of its rows (reservoir sampling,
// Vitter's algorithm R).
func (s *Session) analyze(ctx context.Context, t *schema.Table) error {
	s.tx.wrote = true
	if err := s.tx.txn.Lock(ctx, t.OID, storage.ShareUpdateExclusive); err != nil {
		return err
	}
	if t = s.view.cat.Table(t.OID); t == nil {
		return nil // dropped meanwhile
	}
	var cols []*schema.Column
	var attrs []int16
	for _, c := range t.Live() {
		if typ := types.Lookup(c.Type.OID); typ != nil && types.DenseOf(c.Type.OID) == nil {
			cols = append(cols, c)
			attrs = append(attrs, c.Num)
		}
	}
	sample, rows, err := s.sampleRows(ctx, t, attrs)
	if err != nil {
		return err
	}
	st := &catalog.Stats{Table: t.OID, Rows: rows, Bytes: s.relationBytes(t.OID), Version: uint64(s.tx.txn.Version())}
	for i, c := range cols {
		values := make([]types.Datum, len(sample))
		for k, row := range sample {
			values[k] = row[i]
		}
		st.Columns = append(st.Columns, columnStatistics(c, values, rows))
	}
	st.Sampled = int64(len(sample))
	return s.tx.txn.Put(st)
}

// sampleRows returns the sample in the order of the table, and the number of all rows.
func (s *Session) sampleRows(ctx context.Context, t *schema.Table, attrs []int16) ([][]types.Datum, int64, error) {
	r := s.tx.txn.Reader()
	defer func() { _ = r.Close() }() // it only reads
	tr, err := r.Table(t.OID)
	if err != nil {
		return nil, 0, err
	}
	scan := tr.Scan(storage.ScanOptions{Cols: attrs})
	type sampled struct {
		at  int64
		row []types.Datum
	}
	var sample []sampled
	rows := int64(0)
	for {
		b, _, err := scan.Next(ctx)
		if err != nil {
			return nil, 0, err
		}
		if b == nil {
			break
		}
		for i := range b.N {
			rows++
			if len(sample) < sampleRowsMax {
				sample = append(sample, sampled{rows, sampledRow(b, i)})
			} else if k := rand.Int64N(rows); k < sampleRowsMax {
				sample[k] = sampled{rows, sampledRow(b, i)}
			}
		}
	}
	slices.SortFunc(sample, func(a, b sampled) int { return cmp.Compare(a.at, b.at) })
	out := make([][]types.Datum, len(sample))
	for i := range sample {
		out[i] = sample[i].row
	}
	return out, rows, nil
}

// sampledRow copies a row, whose strings must outlive the snapshot.
func sampledRow(b *batch.Batch, i int) []types.Datum {
	row := make([]types.Datum, len(b.Cols))
	for k, c := range b.Cols {
		row[k] = c.Datum(i)
		row[k].S = string([]byte(row[k].S))
	}
	return row
}

// run is a value with how often it came.
type run struct {
	d     types.Datum
	count int
}

func columnStatistics(c *schema.Column, sample []types.Datum, rows int64) catalog.ColumnStats {
	out := catalog.ColumnStats{Num: c.Num}
	typ := types.Lookup(c.Type.OID)
	var vals []types.Datum
	bytes := 0
	for _, d := range sample {
		if d.Null {
			continue
		}
		bytes += max(len(d.S), 8)
		vals = append(vals, d)
	}
	if len(sample) == 0 {
		return out
	}
	out.NullFraction = 1 - float64(len(vals))/float64(len(sample))
	if len(vals) == 0 {
		return out
	}
	out.Width = bytes / len(vals)
	if typ.Compare == nil || out.Width > wideBytes {
		out.Distinct = float64(rows)
		return out
	}
	order := make([]int, len(vals))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return typ.Compare(vals[i], vals[j]) })
	out.Correlation = correlation(order)
	runs := []run{{vals[order[0]], 0}}
	for _, i := range order {
		if last := &runs[len(runs)-1]; typ.Compare(last.d, vals[i]) == 0 {
			last.count++
		} else {
			runs = append(runs, run{vals[i], 1})
		}
	}
	out.Min, out.Max = runs[0].d, runs[len(runs)-1].d
	out.Distinct = distinctValues(runs, len(vals), float64(rows)*(1-out.NullFraction))
	common := commonValues(runs, float64(len(sample)), float64(rows), &out)
	for _, r := range common {
		out.Common = append(out.Common, r.d)
		out.CommonFraction = append(out.CommonFraction, float64(r.count)/float64(len(sample)))
	}
	var rest []types.Datum
	for _, i := range order {
		if !contains(common, vals[i], typ) {
			rest = append(rest, vals[i])
		}
	}
	if bounds := min(len(runs)-len(common), histogramBounds); bounds >= 2 {
		for i := range bounds {
			out.Histogram = append(out.Histogram, rest[i*(len(rest)-1)/(bounds-1)])
		}
	}
	return out
}

// correlation is that of places in the table with places in the order of values, given the former in the latter's order.
func correlation(order []int) float64 {
	n := float64(len(order))
	if n < 2 {
		return 0
	}
	products := 0.0
	for i, at := range order {
		products += float64(i) * float64(at)
	}
	sum, squares := n*(n-1)/2, n*(n-1)*(2*n-1)/6
	return (n*products - sum*sum) / (n*squares - sum*sum)
}

// distinctValues is the estimator of Haas and Stokes (IBM RJ 10025, 1998) that PostgreSQL uses:
// n*d / (n - f1 + f1*n/N).
func distinctValues(runs []run, n int, total float64) float64 {
	once := 0
	for _, r := range runs {
		if r.count == 1 {
			once++
		}
	}
	d := float64(len(runs))
	if once == 0 || float64(n) >= total {
		return d
	}
	est := float64(n) * d / (float64(n) - float64(once) + float64(once)*float64(n)/total)
	return math.Min(math.Max(est, d), total)
}

// commonValues are the values that came more than once, the most common first: of a sample only those that are more common
// than the others by more than chance.
func commonValues(runs []run, sampled, rows float64, st *catalog.ColumnStats) []run {
	var list []run
	for _, r := range runs {
		if r.count > 1 {
			list = append(list, r)
		}
	}
	slices.SortStableFunc(list, func(a, b run) int { return b.count - a.count })
	list = list[:min(len(list), commonMax)]
	if sampled >= rows {
		return list
	}
	more := 0 // rows of the values before the last
	for _, r := range list {
		more += r.count
	}
	for len(list) > 0 {
		last := float64(list[len(list)-1].count)
		more -= list[len(list)-1].count
		// What the last would have if it were one of the others.
		share := min(max(1-float64(more)/sampled-st.NullFraction, 0), 1) / max(st.Distinct-float64(len(list)-1), 1)
		// The deviation of the hypergeometric distribution.
		all := rows * last / sampled
		variance := sampled * all * (rows - all) * (rows - sampled) / (rows * rows * (rows - 1))
		if last > share*sampled+2*math.Sqrt(variance)+0.5 {
			break
		}
		list = list[:len(list)-1]
	}
	return list
}

func contains(list []run, d types.Datum, typ *types.Type) bool {
	for _, r := range list {
		if typ.Compare(r.d, d) == 0 {
			return true
		}
	}
	return false
}
