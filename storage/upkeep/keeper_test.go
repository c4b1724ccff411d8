package upkeep_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"

	"github.com/vecdb/vecdb/index/ivfpq"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/upkeep"
)

const (
	int8OID = types.Int8OID
	dims    = 8

	tableOID storage.OID = 20001
	pkOID    storage.OID = 20002
	annOID   storage.OID = 20003
)

var ctx = context.Background()

func vectorType() types.T { return types.T{OID: types.VectorOID, Mod: dims} }

// world is a store with a table (id int8, vec vector(8)) and a keeper that works on demand.
type world struct {
	t   *testing.T
	o   storage.Options
	s   *storage.Store
	k   *upkeep.Keeper
	now time.Time
	rng *rand.Rand
	// vectors are the rows there are, by id.
	vectors map[int64][]float32
	rows    map[int64]storage.RowID
}

func newWorld(t *testing.T) *world {
	w := &world{
		t: t, rng: rand.New(rand.NewPCG(1, 2)), vectors: map[int64][]float32{}, rows: map[int64]storage.RowID{},
		now: time.Unix(1_700_000_000, 0),
	}
	clock := func() time.Time { return w.now }
	w.o = storage.Options{FS: pvfs.NewMem(), Builders: upkeep.Builders(), Now: clock, Retention: time.Minute}
	w.open()
	tx := w.s.Begin(storage.TxnOptions{})
	w.check(tx.Put(&schema.Table{
		OID: tableOID, DB: 5, Namespace: schema.PublicOID, Name: "t", Kind: schema.KindTable,
		Columns: []schema.Column{{Num: 1, Name: "id", Type: types.Of(int8OID)}, {Num: 2, Name: "vec", Type: vectorType()}},
	}))
	w.check(tx.Put(&schema.Index{
		OID: pkOID, DB: 5, Namespace: schema.PublicOID, Table: tableOID, Name: "t_pkey",
		Method: "btree", Unique: true, Keys: []schema.IndexKey{{Column: 1, Type: types.Of(int8OID)}},
	}))
	w.commit(tx)
	return w
}

func (w *world) open() {
	s, err := storage.Open("/db", w.o)
	w.check(err)
	w.s = s
	w.k = upkeep.New(s, upkeep.Options{FlushRows: 2000, Now: w.o.Now})
}

func (w *world) reopen() {
	w.t.Helper()
	w.check(w.s.Close())
	w.open()
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) commit(tx *storage.Txn) {
	w.t.Helper()
	_, err := tx.Commit(ctx)
	w.check(err)
}

// keep does all upkeep there is and returns the number of steps.
func (w *world) keep() (n int) {
	w.t.Helper()
	for ; ; n++ {
		did, err := w.k.Step(ctx)
		w.check(err)
		if !did {
			return n
		}
		if n > 1000 {
			w.t.Fatal("upkeep does not come to rest")
		}
	}
}

// annIndex is the index that createIndex makes.
func annIndex() *schema.Index {
	return &schema.Index{
		OID: annOID, DB: 5, Namespace: schema.PublicOID, Table: tableOID, Name: "t_vec",
		Method: upkeep.Method, Keys: []schema.IndexKey{{Column: 2, Type: vectorType(), Opclass: "vector_l2_ops"}},
	}
}

// batch makes n random rows with ids from, from+1, ..., and returns their vectors.
func (w *world) batch(from, n int) (*storage.Rows, [][]float32) {
	cols := []*batch.Column{batch.New(types.Of(int8OID), types.Int, n), batch.New(vectorType(), types.String, n)}
	vectors := make([][]float32, n)
	for i := range vectors {
		vectors[i] = make([]float32, dims)
		for j := range vectors[i] {
			vectors[i][j] = float32(w.rng.NormFloat64())
		}
		cols[0].Append(types.IntDatum(int64(from + i)))
		cols[1].Append(types.StringDatum(types.VectorString(vectors[i])))
	}
	return &storage.Rows{N: n, Cols: cols}, vectors
}

func (w *world) insert(from, n int) {
	w.t.Helper()
	tx := w.s.Begin(storage.TxnOptions{})
	in, vectors := w.batch(from, n)
	ids, err := tx.Insert(ctx, tableOID, in)
	w.check(err)
	for i, id := range ids {
		w.rows[int64(from+i)], w.vectors[int64(from+i)] = id, vectors[i]
	}
	w.commit(tx)
}

func (w *world) remove(from, n int) {
	w.t.Helper()
	tx := w.s.Begin(storage.TxnOptions{})
	var ids []storage.RowID
	for i := from; i < from+n; i++ {
		ids = append(ids, w.rows[int64(i)])
		delete(w.vectors, int64(i))
		delete(w.rows, int64(i))
	}
	w.check(tx.Delete(ctx, tableOID, ids))
	w.commit(tx)
}

func (w *world) createIndex() {
	w.t.Helper()
	tx := w.s.Begin(storage.TxnOptions{})
	w.check(tx.BuildIndex(ctx, annIndex(), storage.BuildOptions{}))
	w.commit(tx)
}

func (w *world) info() (uncovered int64, segments int, trained bool) {
	w.t.Helper()
	in, ok := w.s.TableInfo(tableOID)
	if !ok || len(in.Indexes) != 1 {
		w.t.Fatalf("no index in %+v", in)
	}
	a := in.Indexes[0]
	return a.Uncovered + in.TailRows, len(a.Segments), a.Trained
}

func (w *world) expect(uncovered int64, segments int) {
	w.t.Helper()
	u, s, _ := w.info()
	if u != uncovered || s != segments {
		w.t.Fatalf("%d uncovered rows and %d segments, want %d and %d", u, s, uncovered, segments)
	}
}

// tableVectors is how a search reads the table.
type tableVectors struct {
	ann   *storage.ANN
	query []float32
}

func l2(a, b []float32) (d float64) {
	for i := range a {
		x := float64(a[i] - b[i])
		d += x * x
	}
	return d
}

func (v *tableVectors) Distances(_ context.Context, list []ivfpq.Candidate) error {
	ids, segments := make([]storage.RowID, len(list)), make([]int, len(list))
	for i, c := range list {
		ids[i], segments[i] = storage.RowID(c.Row), c.Segment
	}
	return v.ann.CodedVectors(ids, segments, func(i int, vec []float32) {
		if list[i].Live = vec != nil; list[i].Live {
			list[i].Distance = l2(v.query, vec)
		}
	})
}

// search returns the k nearest rows: those of the segments at full effort and the uncovered ones.
func (w *world) search(query []float32, k int) []storage.RowID {
	w.t.Helper()
	tx := w.s.Begin(storage.TxnOptions{})
	defer tx.Rollback()
	r := tx.Reader()
	defer func() { w.check(r.Close()) }()
	tr, err := r.Table(tableOID)
	w.check(err)
	a, err := tr.ANN(annOID)
	w.check(err)
	s, err := upkeep.Open(w.s.FS(), a)
	w.check(err)
	found := map[storage.RowID]float64{}
	if s != nil {
		out, _, err := s.Search(ctx, query, ivfpq.Options{
			K: k, NProbe: 1 << 16, Refine: 20 * k,
			Vectors: &tableVectors{a, query},
		}, nil)
		w.check(err)
		for _, n := range out {
			found[storage.RowID(n.Row)] = n.Distance
		}
	}
	for u := a.Uncovered(); ; {
		ids, vecs, err := u.Next(ctx)
		w.check(err)
		if len(ids) == 0 {
			break
		}
		for i, id := range ids {
			found[id] = l2(query, vecs[i])
		}
	}
	var ids []storage.RowID
	for id := range found {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b storage.RowID) int {
		if found[a] < found[b] {
			return -1
		}
		return 1
	})
	return ids[:min(k, len(ids))]
}

// verify compares searches with the exact answer.
func (w *world) verify() {
	w.t.Helper()
	const k, queries = 10, 20
	hits := 0
	for range queries {
		q := make([]float32, dims)
		for j := range q {
			q[j] = float32(w.rng.NormFloat64())
		}
		keys := make([]int64, 0, len(w.vectors))
		for id := range w.vectors {
			keys = append(keys, id)
		}
		slices.SortFunc(keys, func(a, b int64) int {
			if l2(q, w.vectors[a]) < l2(q, w.vectors[b]) {
				return -1
			}
			return 1
		})
		got := w.search(q, k)
		if len(got) != k {
			w.t.Fatalf("%d rows, want %d", len(got), k)
		}
		for _, id := range keys[:k] {
			if slices.Contains(got, w.rows[id]) {
				hits++
			}
		}
	}
	if hits < queries*k*98/100 {
		w.t.Fatalf("%d of %d nearest rows found", hits, queries*k)
	}
}

func TestIndexLife(t *testing.T) {
	w := newWorld(t)
	defer func() { w.check(w.s.Close()) }()
	w.createIndex() // on an empty table
	w.keep()
	w.expect(0, 0)
	w.insert(0, 500)
	w.keep()
	w.expect(500, 0) // too few: searched exactly
	w.verify()
	w.insert(500, 2500)
	w.keep()
	w.expect(0, 1) // trained itself
	w.verify()
	w.insert(3000, 2000)
	w.insert(5000, 10)
	w.now = w.now.Add(time.Minute)
	w.keep()
	w.verify()
	w.reopen()
	w.verify()
	w.remove(100, 1500)
	w.verify()
	w.now = w.now.Add(time.Hour)
	w.keep()
	w.verify()
	w.insert(10000, 9000)
	w.keep()
	_, segments, _ := w.info()
	if segments != 1 {
		t.Fatalf("%d segments after growth, want one new one", segments)
	}
	w.verify()
	w.reopen()
	w.verify()
}

func TestManySegments(t *testing.T) {
	w := newWorld(t)
	defer func() { w.check(w.s.Close()) }()
	w.insert(0, 4000)
	w.createIndex()
	w.expect(0, 1)
	w.verify()
	for i := range 12 {
		w.insert(10000+i*1000, 1024)
		w.remove(10000+i*1000+500, 524)
		w.now = w.now.Add(time.Minute)
		w.keep()
	}
	u, segments, _ := w.info()
	if u != 0 || segments > 8 {
		t.Fatalf("%d uncovered rows, %d segments", u, segments)
	}
	w.verify()
	w.reopen()
	w.verify()
}

func TestMergeAndSweep(t *testing.T) {
	w := newWorld(t)
	defer func() { w.check(w.s.Close()) }()
	w.insert(0, 8000)
	w.keep()
	w.remove(0, 6000)
	w.keep()
	before, _ := w.s.Sizes(tableOID)
	w.now = w.now.Add(time.Hour)
	w.insert(9000, 1) // the clock of versions moves with commits
	w.now = w.now.Add(time.Hour)
	if w.keep() == 0 {
		t.Fatal("nothing to do although most rows are dead and old")
	}
	after, _ := w.s.Sizes(tableOID)
	if after > before/2 {
		t.Fatalf("%d bytes after merging, %d before", after, before)
	}
	in, _ := w.s.TableInfo(tableOID)
	for _, f := range in.Fragments {
		if f.Column == 0 && f.Dead > 0 {
			t.Fatalf("dead rows left: %+v", f)
		}
	}
	w.reopen()
	tx := w.s.Begin(storage.TxnOptions{})
	defer tx.Rollback()
	r := tx.Reader()
	tr, err := r.Table(tableOID)
	w.check(err)
	set, err := tr.IndexRows(ctx, pkOID, []storage.KeyRange{{}})
	w.check(err)
	if set.Cardinality() != 2001 {
		t.Fatalf("%d rows in the index", set.Cardinality())
	}
	w.check(r.Close())
}

func TestStartClose(t *testing.T) {
	w := newWorld(t)
	w.insert(0, 3000)
	k := upkeep.Start(w.s, upkeep.Options{FlushRows: 1})
	w.insert(3000, 3000)
	w.check(k.Close())
	w.check(k.Close())
	w.check(w.s.Close())
}

func TestParams(t *testing.T) {
	f := func(ok bool, options map[string]string, opclass string) {
		t.Helper()
		_, err := upkeep.Params(&schema.Index{Options: options, Keys: []schema.IndexKey{{Column: 1, Opclass: opclass}}})
		if (err == nil) != ok {
			t.Fatalf("%v %q: %v", options, opclass, err)
		}
	}
	f(true, nil, "")
	f(true, map[string]string{"lists": "100", "num_bits": "8"}, "vector_ip_ops")
	f(false, map[string]string{"lists": "0"}, "vector_l2_ops")
	f(false, map[string]string{"lists": "x"}, "vector_l2_ops")
	f(true, map[string]string{"m": "16", "ef_construction": "64"}, "halfvec_l2_ops")
	f(false, map[string]string{"fillfactor": "70"}, "vector_l2_ops")
	f(false, nil, "bit_hamming_ops")
	f(false, nil, "vector_l1_ops")
}
