package distance_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/vecdb/vecdb/index/distance"
)

var metrics = []distance.Metric{distance.L2, distance.InnerProduct, distance.Cosine, distance.L1}

func TestKnownDistances(t *testing.T) {
	f := func(m distance.Metric, a, b []float32, want float64) {
		t.Helper()
		got := m.Final(m.Pair(a, b))
		if got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("%v %v %v: %v, want %v", m, a, b, got, want)
		}
	}
	inf, nan := float32(math.Inf(1)), math.NaN()
	f(distance.L2, []float32{0, 0}, []float32{3, 4}, 5)
	f(distance.L2, []float32{3e38}, []float32{-3e38}, math.Inf(1))
	f(distance.L2, nil, nil, 0)
	f(distance.InnerProduct, []float32{1, 2}, []float32{3, 4}, -11)
	f(distance.Cosine, []float32{1, 2}, []float32{2, 4}, 0)
	f(distance.Cosine, []float32{1, 0}, []float32{0, 2}, 1)
	f(distance.Cosine, []float32{1, 1}, []float32{-1, -1}, 2)
	f(distance.Cosine, []float32{1, 1}, []float32{1.1, 1.1}, 0)
	f(distance.Cosine, []float32{1, 1}, []float32{0, 0}, nan)
	f(distance.Cosine, []float32{inf}, []float32{1}, nan)
	f(distance.L1, []float32{0, -1}, []float32{3, 4}, 8)
}

func TestRowsGatherPairAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, m := range metrics {
		for _, d := range []int{1, 3, 16, 33, 384} {
			const n = 600 // more than two kernel calls
			rows, query := make([]float32, n*d), make([]float32, d)
			for i := range rows {
				rows[i] = r.Float32() - 0.5
			}
			for i := range query {
				query[i] = r.Float32() - 0.5
			}
			clear(rows[5*d : 6*d])
			offsets := make([]int64, n)
			for i := range offsets {
				offsets[i] = int64(i * d)
			}
			q := m.NewQuery(query)
			a, b := make([]float64, n), make([]float64, n)
			q.Rows(rows, a)
			q.Gather(rows, offsets, b)
			for i := range n {
				row := rows[i*d : i*d+d]
				one := q.Pair(row)
				if math.IsNaN(one) && math.IsNaN(a[i]) && math.IsNaN(b[i]) && m == distance.Cosine && i == 5 {
					continue
				}
				if one != a[i] || one != b[i] || one != m.Pair(query, row) {
					t.Fatalf("%v d=%d row %d: pair %v, rows %v, gather %v", m, d, i, one, a[i], b[i])
				}
			}
		}
	}
}

func TestRawInvertsFinal(t *testing.T) {
	for _, m := range metrics {
		if got := m.Raw(m.Final(4)); got != 4 {
			t.Errorf("%v: %v", m, got)
		}
	}
}

func ExampleMetric_NewQuery() {
	rows := []float32{0, 0, 3, 4, 6, 8}
	out := make([]float64, 3)
	distance.L2.NewQuery([]float32{0, 0}).Rows(rows, out)
	for _, raw := range out {
		fmt.Println(distance.L2.Final(raw))
	}
	// Output:
	// 0
	// 5
	// 10
}
