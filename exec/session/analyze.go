package session

import (
	"context"
	"math"
	"math/rand/v2"
	"sort"

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

func (s *Session) sampleRows(ctx context.Context, t *schema.Table, attrs []int16) ([][]types.Datum, int64, error) {
	r := s.tx.txn.Reader()
	defer func() { _ = r.Close() }() // it only reads
	tr, err := r.Table(t.OID)
	if err != nil {
		return nil, 0, err
	}
	scan := tr.Scan(storage.ScanOptions{Cols: attrs})
	var sample [][]types.Datum
	rows := int64(0)
	for {
		b, _, err := scan.Next(ctx)
		if err != nil || b == nil {
			return sample, rows, err
		}
		for i := range b.N {
			rows++
			if len(sample) < sampleRowsMax {
				sample = append(sample, sampledRow(b, i))
			} else if k := rand.Int64N(rows); k < sampleRowsMax {
				sample[k] = sampledRow(b, i)
			}
		}
	}
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
	sort.SliceStable(vals, func(i, j int) bool { return typ.Compare(vals[i], vals[j]) < 0 })
	runs := []run{{vals[0], 1}}
	for _, d := range vals[1:] {
		if last := &runs[len(runs)-1]; typ.Compare(last.d, d) == 0 {
			last.count++
		} else {
			runs = append(runs, run{d, 1})
		}
	}
	out.Min, out.Max = vals[0], vals[len(vals)-1]
	out.Distinct = distinctValues(runs, len(vals), float64(rows)*(1-out.NullFraction))
	common := commonValues(runs, len(sample))
	rest := vals[:0:0]
	for _, r := range common {
		out.Common = append(out.Common, r.d)
		out.CommonFraction = append(out.CommonFraction, float64(r.count)/float64(len(sample)))
	}
	for _, d := range vals {
		if !contains(common, d, typ) {
			rest = append(rest, d)
		}
	}
	for i := 0; len(rest) > histogramBounds && i < histogramBounds; i++ {
		out.Histogram = append(out.Histogram, rest[i*(len(rest)-1)/(histogramBounds-1)])
	}
	return out
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

// commonValues are the values that come clearly more often than the average.
func commonValues(runs []run, n int) []run {
	sorted := append([]run(nil), runs...)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].count > sorted[j].count })
	least := 1.25 * float64(n) / float64(len(runs))
	if len(runs) <= commonMax {
		least = 2
	}
	k := 0
	for k < len(sorted) && k < commonMax && sorted[k].count > 1 && float64(sorted[k].count) >= least {
		k++
	}
	return sorted[:k]
}

func contains(list []run, d types.Datum, typ *types.Type) bool {
	for _, r := range list {
		if typ.Compare(r.d, d) == 0 {
			return true
		}
	}
	return false
}
