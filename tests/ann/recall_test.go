package ann_test

import (
	"fmt"
	"testing"
)

// recallFloor is below the default target of 0.95 by what a few hundred rows of chance are worth.
const recallFloor = 0.92

// Each metric finds what is near, and a filter of any share costs neither rows nor recall.
func TestRecallByMetricAndFilter(t *testing.T) {
	for _, m := range metrics {
		t.Run(m.name, func(t *testing.T) {
			b := newBench(t, 24)
			centers := b.centers(40)
			b.loadNear(6000, centers)
			b.index(m)
			b.Must("create index on t (share); analyze t")
			check := func(where string, share int) {
				t.Helper()
				pass := func(r row) bool { return r.share < share }
				if got := b.recall(m, centers, 25, 10, where, pass); got < recallFloor {
					t.Errorf("%s: recall %.3f", where, got)
				}
			}
			check("", 1000)
			for _, share := range []int{500, 100, 10, 1, 0} {
				check(fmt.Sprintf("where share < %d", share), share)
				// The same filter without help of an index.
				check(fmt.Sprintf("where share + 0 < %d", share), share)
			}
		})
	}
}

// A filter that follows the vectors' places loses nothing: the rows that pass lie far from the query.
func TestFilterFarFromQuery(t *testing.T) {
	b := newBench(t, 16)
	centers := b.centers(30)
	b.loadNear(6000, centers)
	far := b.centers(2)
	for i := range far {
		for j := range far[i] {
			far[i][j] += 40
		}
	}
	before := b.next
	b.loadNear(600, far)
	for id := before; id < b.next; id++ {
		r := b.rows[id]
		r.share = 5000
		b.rows[id] = r
	}
	b.Must(fmt.Sprintf("update t set share = 5000 where id >= %d", before))
	b.index(l2)
	pass := func(r row) bool { return r.share == 5000 }
	if got := b.recall(l2, centers, 20, 10, "where share = 5000", pass); got < recallFloor {
		t.Errorf("recall %.3f", got)
	}
	// And the other way round: the query lies where few rows pass.
	pass = func(r row) bool { return r.share != 5000 }
	if got := b.recall(l2, far, 20, 10, "where share <> 5000", pass); got < recallFloor {
		t.Errorf("recall %.3f around rows that do not pass", got)
	}
}

// The wanted recall is what the effort follows; explicit effort wins over it.
func TestEffort(t *testing.T) {
	b := newBench(t, 24)
	centers := b.centers(60)
	b.loadNear(9000, centers)
	b.index(l2)
	at := func(setting string) float64 {
		t.Helper()
		b.Must(setting)
		return b.recall(l2, centers, 40, 10, "", nil)
	}
	high := at("set vecdb.target_recall = 1")
	if high < 0.99 {
		t.Errorf("recall %.3f where 1 is wanted", high)
	}
	b.Must("reset vecdb.target_recall")
	if all := at("set ivfpq.probes = 100000; set ivfpq.refine = 2000"); all < 0.999 {
		t.Errorf("recall %.3f with every partition read", all)
	}
	if one := at("set ivfpq.probes = 1; set ivfpq.refine = 10"); one >= high {
		t.Errorf("recall %.3f with one partition read, %.3f with the most effort", one, high)
	}
	b.Must("reset ivfpq.probes; reset ivfpq.refine")
	if normal := at("reset all"); normal < recallFloor {
		t.Errorf("recall %.3f by default", normal)
	}
	b.Is("set ivfpq.probes = -1", `22023: -1 is outside the valid range for parameter "ivfpq.probes" (0 .. 1048576)`)
	b.Is("set vecdb.target_recall = 1.5",
		`22023: 1.5 is outside the valid range for parameter "vecdb.target_recall" (0 .. 1)`)
	b.Is("set vecdb.target_recall = 'high'", `22023: invalid value for parameter "vecdb.target_recall": "high"`)
}

// Searches for many rows, up to all there are, with and without OFFSET.
func TestLimits(t *testing.T) {
	b := newBench(t, 8)
	centers := b.centers(20)
	b.loadNear(4000, centers)
	b.index(l2)
	for _, k := range []int{0, 1, 2, 10, 100, 1000, 3999, 4000, 5000} {
		if got := b.recall(l2, centers, 2, k, "", nil); k > 0 && got < recallFloor {
			t.Errorf("limit %d: recall %.3f", k, got)
		}
	}
	q := b.near(centers)
	b.Must("set vecdb.target_recall = 1")
	all := ids(t, b.Session, l2.search(q, "", 60))
	for _, offset := range []int{0, 1, 17, 50, 59} {
		got := ids(t, b.Session, fmt.Sprintf("%s offset %d", l2.search(q, "", 60-offset), offset))
		if fmt.Sprint(got) != fmt.Sprint(all[offset:]) {
			t.Errorf("offset %d: got %v, want %v", offset, got, all[offset:])
		}
	}
	if got := ids(t, b.Session, fmt.Sprintf("select id from t order by v <-> '%s'", text(q))); len(got) != 4000 {
		t.Errorf("%d rows without a limit", len(got))
	}
	if got := ids(t, b.Session,
		fmt.Sprintf("select id from t order by v <-> '%s' limit null", text(q))); len(got) != 4000 {
		t.Errorf("%d rows with LIMIT NULL", len(got))
	}
	b.Is(l2.search(q, "", -1), "2201W: LIMIT must not be negative")
}

// Data that is hard on quantisers: few dimensions, equal rows, one point, far from the origin, of many lengths.
func TestHardData(t *testing.T) {
	fill := func(f func(b *bench, v []float32)) func(b *bench) {
		return func(b *bench) {
			vecs := make([][]float32, 2000)
			for i := range vecs {
				vecs[i] = make([]float32, b.dims)
				f(b, vecs[i])
			}
			b.load(vecs...)
		}
	}
	for _, c := range []struct {
		name string
		dims int
		load func(b *bench)
	}{
		{"one dimension", 1, fill(func(b *bench, v []float32) { v[0] = b.rng.Float32() })},
		{"two dimensions", 2, fill(func(b *bench, v []float32) { v[0], v[1] = b.rng.Float32(), b.rng.Float32() })},
		{"one point", 5, fill(func(_ *bench, v []float32) { v[3] = 7 })},
		{"ten points", 6, fill(func(b *bench, v []float32) { v[0] = float32(b.rng.Intn(10)) })},
		{"far away", 12, fill(func(b *bench, v []float32) {
			for j := range v {
				v[j] = 1000 + b.rng.Float32()
			}
		})},
		{"many lengths", 12, fill(func(b *bench, v []float32) {
			size := float32(1) / (0.001 + b.rng.Float32())
			for j := range v {
				v[j] = size * float32(b.rng.NormFloat64())
			}
		})},
		{"mostly zero", 40, fill(func(b *bench, v []float32) {
			for range 3 {
				v[b.rng.Intn(len(v))] = b.rng.Float32()
			}
		})},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, c.dims)
			c.load(b)
			b.index(l2)
			around := make([][]float32, 0, 20)
			for id := 1; len(around) < 20; id += 101 {
				around = append(around, b.rows[id].vec)
			}
			hits, wanted := 0, 0
			for _, q := range around {
				_, within := b.exact(l2, q, 10, nil)
				found := ids(t, b.Session, l2.search(q, "", 10))
				if len(found) != 10 {
					t.Fatalf("%d rows", len(found))
				}
				b.checkOrder(l2, q, found, nil)
				for _, id := range found {
					if l2.distance(q, b.rows[id].vec) <= within {
						hits++
					}
				}
				wanted += 10
			}
			if got := float64(hits) / float64(wanted); got < recallFloor {
				t.Errorf("recall %.3f", got)
			}
		})
	}
}

// Vectors as long as they may be are indexed and found.
func TestManyDimensions(t *testing.T) {
	for _, dims := range []int{2000, 16000} {
		b := newBench(t, dims)
		vecs := make([][]float32, 60)
		for i := range vecs {
			vecs[i] = make([]float32, dims)
			for j := 0; j < dims; j += 7 {
				vecs[i][j] = b.rng.Float32()
			}
		}
		b.load(vecs...)
		b.index(cosine)
		for _, id := range []int{1, 30, 60} {
			b.same(cosine, b.rows[id].vec, "", 1, nil)
		}
	}
	b := newBench(t, 3)
	b.Is("create table w (v vector(16001))", "22023: dimensions for type vector cannot exceed 16000")
}
