package ann_test

import (
	"fmt"
	"math"
	"math/rand"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/tests/dbtest"
)

// metric is a distance with its operator and operator class.
type metric struct {
	name, operator, class string
	distance              func(a, b []float32) float64
}

var (
	l2      = metric{"l2", "<->", "vector_l2_ops", euclidean}
	cosine  = metric{"cosine", "<=>", "vector_cosine_ops", cosineDistance}
	product = metric{"product", "<#>", "vector_ip_ops", func(a, b []float32) float64 { return -dot(a, b) }}
	metrics = []metric{l2, cosine, product}
)

func dot(a, b []float32) (sum float64) {
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func euclidean(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		d := float64(a[i]) - float64(b[i])
		sum += d * d
	}
	return math.Sqrt(sum)
}

func cosineDistance(a, b []float32) float64 {
	return 1 - dot(a, b)/math.Sqrt(dot(a, a)*dot(b, b))
}

// row is what the model knows of a row of table t (id, share, v).
type row struct {
	share int // 0 to 999, for filters of any share
	vec   []float32
}

// bench is a database with a table t and what must be in it.
type bench struct {
	*dbtest.DB
	t      *testing.T
	rng    *rand.Rand
	dims   int
	typ    string // vector or halfvec
	method string // of the index
	rows   map[int]row
	next   int
}

// newBench makes table t with an empty model.
func newBench(t *testing.T, dims int) *bench {
	t.Helper()
	return newBenchOf(t, dims, "vector", "ivfpq")
}

func newBenchOf(t *testing.T, dims int, typ, method string) *bench {
	t.Helper()
	b := &bench{
		DB: dbtest.New(t), t: t, rng: rand.New(rand.NewSource(1)), dims: dims, typ: typ, method: method,
		rows: map[int]row{}, next: 1,
	}
	b.Must("create extension vector")
	b.Must(fmt.Sprintf("create table t (id int primary key, share int not null, v %s(%d))", typ, dims))
	return b
}

// centers are where clustered vectors lie, in a cube of side 10.
func (b *bench) centers(n int) [][]float32 {
	out := make([][]float32, n)
	for i := range out {
		out[i] = make([]float32, b.dims)
		for j := range out[i] {
			out[i][j] = 10 * b.rng.Float32()
		}
	}
	return out
}

// near is a vector around one of the centers.
func (b *bench) near(centers [][]float32) []float32 {
	c := centers[b.rng.Intn(len(centers))]
	out := make([]float32, len(c))
	for j := range out {
		out[j] = types.DenseOf(types.ByName(b.typ).OID).Rounded(c[j] + float32(b.rng.NormFloat64()))
	}
	return out
}

// text is a vector as SQL takes it.
func text(v []float32) string {
	out := make([]string, len(v))
	for i, x := range v {
		out[i] = strconv.FormatFloat(float64(x), 'g', -1, 32)
	}
	return "[" + strings.Join(out, ",") + "]"
}

// load inserts vectors by COPY, in the model as well.
func (b *bench) load(vecs ...[]float32) {
	b.t.Helper()
	var data strings.Builder
	for _, v := range vecs {
		r := row{share: b.rng.Intn(1000), vec: v}
		b.rows[b.next] = r
		if v == nil {
			fmt.Fprintf(&data, "%d\t%d\t\\N\n", b.next, r.share)
		} else {
			fmt.Fprintf(&data, "%d\t%d\t%s\n", b.next, r.share, text(v))
		}
		b.next++
	}
	b.IsCopy("copy t from stdin", data.String(), fmt.Sprintf("COPY %d", len(vecs)))
}

// loadNear loads n vectors around the centers.
func (b *bench) loadNear(n int, centers [][]float32) {
	b.t.Helper()
	vecs := make([][]float32, n)
	for i := range vecs {
		vecs[i] = b.near(centers)
	}
	b.load(vecs...)
}

// index makes an index of the metric and waits until every row is in it.
func (b *bench) index(m metric) {
	b.t.Helper()
	b.Must("create index on t using " + b.method + " (v " + strings.Replace(m.class, "vector", b.typ, 1) + ")")
	b.Settle()
}

// neighbor is a row with its distance.
type neighbor struct {
	id       int
	distance float64
}

// exact are the k rows nearest to q that pass, and the distance within which a row counts as one of them.
func (b *bench) exact(m metric, q []float32, k int, pass func(row) bool) (nearest []neighbor, within float64) {
	for id, r := range b.rows {
		if r.vec != nil && (pass == nil || pass(r)) {
			nearest = append(nearest, neighbor{id, m.distance(q, r.vec)})
		}
	}
	slices.SortFunc(nearest, func(x, y neighbor) int {
		switch {
		case x.distance < y.distance:
			return -1
		case x.distance > y.distance:
			return 1
		}
		return x.id - y.id
	})
	if len(nearest) > k {
		nearest = nearest[:k]
	}
	if len(nearest) == 0 {
		return nil, math.Inf(-1)
	}
	last := nearest[len(nearest)-1].distance
	return nearest, last + 1e-4*math.Abs(last) + 1e-6
}

// ids asks for a list of ids.
func ids(t *testing.T, s *dbtest.Session, query string) []int {
	t.Helper()
	answer := s.Ask(query)
	if answer == "" {
		return nil
	}
	var out []int
	for _, cell := range strings.Split(answer, "; ") {
		id, err := strconv.Atoi(cell)
		if err != nil {
			t.Fatalf("%s\n%s", query, answer)
		}
		out = append(out, id)
	}
	return out
}

// search is the usual query.
func (m metric) search(q []float32, where string, k int) string {
	return fmt.Sprintf("select id from t %s order by v %s '%s' limit %d", where, m.operator, text(q), k)
}

// recall runs searches for k rows around the centers and returns which part of the nearest they found. Every search
// must fill its limit, with rows that pass, each once, in the order of their distances.
func (b *bench) recall(m metric, centers [][]float32, searches, k int, where string, pass func(row) bool) float64 {
	b.t.Helper()
	hits, wanted := 0, 0
	for range searches {
		q := b.near(centers)
		nearest, within := b.exact(m, q, k, pass)
		found := ids(b.t, b.Session, m.search(q, where, k))
		if len(found) != len(nearest) {
			b.t.Fatalf("%s %s: %d rows, want %d", m.name, where, len(found), len(nearest))
		}
		b.checkOrder(m, q, found, pass)
		for _, id := range found {
			if m.distance(q, b.rows[id].vec) <= within {
				hits++
			}
		}
		wanted += len(nearest)
	}
	if wanted == 0 {
		return 1
	}
	return float64(hits) / float64(wanted)
}

// checkOrder says that found are rows of the model that pass, each once, nearest first.
func (b *bench) checkOrder(m metric, q []float32, found []int, pass func(row) bool) {
	b.t.Helper()
	seen := map[int]bool{}
	last := math.Inf(-1)
	for _, id := range found {
		r, ok := b.rows[id]
		if !ok || seen[id] || pass != nil && !pass(r) {
			b.t.Fatalf("%s: row %d: there %v, again %v, share %d", m.name, id, ok, seen[id], r.share)
		}
		seen[id] = true
		d := m.distance(q, r.vec)
		if d < last-1e-4*math.Abs(last)-1e-5 {
			b.t.Fatalf("%s: row %d at %v comes behind one at %v", m.name, id, d, last)
		}
		last = d
	}
}

// same says that a search finds just the nearest rows.
func (b *bench) same(m metric, q []float32, where string, k int, pass func(row) bool) {
	b.t.Helper()
	nearest, _ := b.exact(m, q, k, pass)
	want := make([]int, len(nearest))
	for i, n := range nearest {
		want[i] = n.id
	}
	if got := ids(b.t, b.Session, m.search(q, where, k)); !slices.Equal(got, want) {
		b.t.Errorf("%s %s\n got %v\nwant %v", m.name, where, got, want)
	}
}
