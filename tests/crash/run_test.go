package crash_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"

	"github.com/vecdb/vecdb/internal/vfs"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

const (
	int4 types.OID = 23
	text types.OID = 25

	tableOID storage.OID = 20001
	pkOID    storage.OID = 20002
	nameOID  storage.OID = 20003
	annOID   storage.OID = 20004
	seqOID   storage.OID = 20005
)

var ctx = context.Background()

// row is a row of the model; the key is not in it.
type row struct {
	name string
	vec  float32
}

// state is what the store contains: rows by key, and whether the index over name exists.
type state struct {
	rows  map[int64]row
	named bool
}

func (s state) clone() state { return state{maps.Clone(s.rows), s.named} }

func (s state) texts() []string {
	out := make([]string, 0, len(s.rows))
	for id, r := range s.rows {
		out = append(out, fmt.Sprintf("%d|%s|%g", id, r.name, r.vec))
	}
	slices.Sort(out)
	return out
}

// run is one seeded list of operations. acked is what every restart must find, at least; pending is
// what it may find as well while a commit is under way.
type run struct {
	t       testing.TB
	rng     *rand.Rand
	o       storage.Options
	s       *storage.Store
	acked   state
	pending *state
	nextKey int64
	given   int64 // greatest sequence value that a committed transaction was given
	log     []string
}

func newRun(t testing.TB, seed int64, fs vfs.FS) *run {
	rng := rand.New(rand.NewPCG(uint64(seed), 3))
	o := storage.Options{
		FS: fs, CacheBytes: 1 << 20, Retention: -1, Now: func() time.Time { return time.Unix(1e9, 0) },
		SpillBytes: []int64{0, 4000}[rng.IntN(2)], DirectRows: []int{0, 20}[rng.IntN(2)],
		EntriesMax: []int{0, 15}[rng.IntN(2)],
	}
	return &run{t: t, rng: rng, o: o, acked: state{rows: map[int64]row{}}}
}

func (r *run) note(format string, args ...any) { r.log = append(r.log, fmt.Sprintf(format, args...)) }

func (r *run) check(err error) {
	r.t.Helper()
	if err != nil {
		r.fail("%v", err)
	}
}

func (r *run) fail(format string, args ...any) {
	r.t.Helper()
	for _, l := range r.log {
		r.t.Log(l)
	}
	r.t.Fatalf(format, args...)
}

func vectorType() types.T { return types.T{OID: types.VectorOID, Mod: 2} }

func (r *run) open() {
	s, err := storage.Open("/db", r.o)
	r.check(err)
	r.s = s
}

var sequence = &schema.Sequence{Type: types.OID(20), Start: 1, Increment: 1, Min: 1, Max: math.MaxInt64, Cache: 1}

func (r *run) create() {
	r.open()
	tx := r.s.Begin(storage.TxnOptions{})
	r.check(tx.Put(&schema.Table{
		OID: tableOID, DB: 5, Namespace: schema.PublicOID, Name: "t", Kind: schema.KindTable,
		Columns: []schema.Column{
			{Num: 1, Name: "id", Type: types.Of(int4)},
			{Num: 2, Name: "name", Type: types.Of(text)},
			{Num: 3, Name: "vec", Type: vectorType()},
		},
	}))
	r.check(tx.Put(&schema.Table{
		OID: seqOID, DB: 5, Namespace: schema.PublicOID, Name: "s", Kind: schema.KindSequence,
		Sequence: sequence,
	}))
	r.check(tx.Put(&schema.Index{
		OID: pkOID, DB: 5, Namespace: schema.PublicOID, Table: tableOID, Name: "t_pkey",
		Method: "btree", Unique: true, Keys: []schema.IndexKey{{Column: 1, Type: types.Of(int4)}},
	}))
	r.check(tx.Put(&schema.Index{
		OID: annOID, DB: 5, Namespace: schema.PublicOID, Table: tableOID, Name: "t_vec",
		Method: "ivfpq", Keys: []schema.IndexKey{{Column: 3, Type: vectorType()}},
	}))
	_, err := tx.Commit(ctx)
	r.check(err)
}

// commit commits tx, which leads to next.
func (r *run) commit(tx *storage.Txn, next state) error {
	r.pending = &next
	_, err := tx.Commit(ctx)
	if err == nil {
		r.acked = next
	}
	r.pending = nil
	return err
}

func vecString(v float32) string {
	var b []byte
	for _, f := range []float32{v, -v} {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f))
	}
	return string(b)
}

func columns(ids []int64, rows []row) []*batch.Column {
	cols := []*batch.Column{
		batch.New(types.Of(int4), types.Int, len(ids)), batch.New(types.Of(text), types.String, len(ids)),
		batch.New(vectorType(), types.String, len(ids)),
	}
	for i, x := range rows {
		cols[0].Append(types.IntDatum(ids[i]))
		cols[1].Append(types.StringDatum(x.name))
		cols[2].Append(types.StringDatum(vecString(x.vec)))
	}
	return cols
}

func (r *run) randomRow() row {
	return row{fmt.Sprintf("n%d", r.rng.IntN(9)), float32(r.rng.IntN(100))}
}

// byKey returns the row ids of keys as the transaction sees them.
func byKey(tx *storage.Txn, keys []int64) ([]storage.RowID, error) {
	rd := tx.Reader()
	defer func() { _ = rd.Close() }() // nothing was written through it
	tr, err := rd.Table(tableOID)
	if err != nil {
		return nil, err
	}
	var out []storage.RowID
	for _, k := range keys {
		d := []types.Datum{types.IntDatum(k)}
		s := tr.IndexScan(pkOID, []storage.KeyRange{{Lo: d, Hi: d}}, false)
		ids, err := s.Next(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, ids...)
		if err := s.Close(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// write does a transaction of a few statements and commits it.
func (r *run) write() error {
	tx := r.s.Begin(storage.TxnOptions{})
	defer tx.Rollback()
	next := r.acked.clone()
	for range 1 + r.rng.IntN(3) {
		tx.StartStatement()
		keys := slices.Sorted(maps.Keys(next.rows))
		r.rng.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
		keys = keys[:min(len(keys), 1+r.rng.IntN(6))]
		switch k := r.rng.IntN(4); {
		case k == 0 && len(keys) > 0:
			ids, err := byKey(tx, keys)
			if err != nil {
				return err
			}
			if err := tx.Delete(ctx, tableOID, ids); err != nil {
				return err
			}
			for _, k := range keys {
				delete(next.rows, k)
			}
		case k == 1 && len(keys) > 0:
			if err := r.update(tx, next, keys); err != nil {
				return err
			}
		default:
			if err := r.insert(tx, next); err != nil {
				return err
			}
		}
	}
	if r.rng.IntN(6) == 0 {
		r.note("rollback")
		return nil
	}
	r.note("write to %d rows", len(next.rows))
	return r.commit(tx, next)
}

func (r *run) update(tx *storage.Txn, next state, keys []int64) error {
	ids, err := byKey(tx, keys)
	if err != nil {
		return err
	}
	rows := make([]row, len(keys))
	for i := range rows {
		rows[i] = r.randomRow()
	}
	all := columns(keys, rows)
	in, cols := &storage.Rows{N: len(keys), Cols: all[1:2]}, []int16{2}
	if r.rng.IntN(2) == 0 {
		in.Cols, cols = all[1:], []int16{2, 3}
	}
	for i, k := range keys {
		if len(cols) == 1 {
			rows[i].vec = next.rows[k].vec
		}
		next.rows[k] = rows[i]
	}
	return tx.Update(ctx, tableOID, ids, cols, in)
}

func (r *run) insert(tx *storage.Txn, next state) error {
	n := 1 + r.rng.IntN(5)
	if r.rng.IntN(8) == 0 {
		n = 50
	}
	ids, rows := make([]int64, n), make([]row, n)
	for i := range ids {
		r.nextKey++
		ids[i], rows[i] = r.nextKey, r.randomRow()
		next.rows[ids[i]] = rows[i]
	}
	_, err := tx.Insert(ctx, tableOID, &storage.Rows{N: n, Cols: columns(ids, rows)})
	return err
}

func (r *run) flush() error {
	r.note("flush")
	return r.s.FlushTable(ctx, tableOID)
}

func (r *run) merge() error {
	in, _ := r.s.TableInfo(tableOID)
	var ids []uint64
	for _, f := range in.Fragments {
		if f.Column == 0 && r.rng.IntN(3) > 0 {
			ids = append(ids, f.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	h, err := r.s.Horizon()
	if err != nil {
		return err
	}
	r.note("merge %v at %d", ids, h)
	_, err = r.s.MergeTable(ctx, tableOID, storage.MergeOptions{Fragments: ids, Horizon: h})
	return err
}

// segment gives the index a segment over the uncovered fragments, or drops one. Its content does not matter
// here.
func (r *run) segment() error {
	v, err := r.s.Vectors(tableOID, 3)
	if err != nil {
		return err
	}
	defer v.Close()
	_, segments := v.Index(annOID)
	var ch storage.ANNChange
	covered := map[uint64]bool{}
	for _, s := range segments {
		for _, id := range s.Covers {
			covered[id] = true
		}
	}
	if len(segments) > 0 && r.rng.IntN(2) == 0 {
		ch.Drop = append(ch.Drop, segments[0].ID)
	} else {
		id, err := r.s.NewSegmentID()
		if err != nil {
			return err
		}
		rec := storage.Segment{ID: id, File: fmt.Sprintf("%d.seg", id), Bytes: 3}
		for _, f := range v.Fragments() {
			if !covered[f.ID] {
				rec.Covers = append(rec.Covers, f.ID)
				rec.Rows += int64(f.Rows)
			}
		}
		path, err := r.s.SegmentPath(annOID, rec.File)
		if err != nil {
			return err
		}
		if err := writeFile(r.s.FS(), path); err != nil {
			return err
		}
		if err := r.s.SyncSegments(annOID); err != nil {
			return err
		}
		ch.Add, ch.Model = append(ch.Add, rec), []byte("model")
	}
	_, err = r.s.ChangeANN(tableOID, annOID, ch)
	r.note("segments +%d -%d", len(ch.Add), len(ch.Drop))
	return err
}

func writeFile(fs vfs.FS, path string) error {
	f, err := fs.Create(path, pvfs.WriteCategoryUnspecified)
	if err != nil {
		return err
	}
	if _, err := f.Write([]byte("seg")); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}

// toggleIndex builds or drops the index over name.
func (r *run) toggleIndex() error {
	idx := &schema.Index{
		OID: nameOID, DB: 5, Namespace: schema.PublicOID, Table: tableOID, Name: "t_name", Method: "btree",
		Keys: []schema.IndexKey{{Column: 2, Type: types.Of(text)}},
	}
	tx := r.s.Begin(storage.TxnOptions{})
	defer tx.Rollback()
	next := r.acked.clone()
	next.named = !next.named
	var err error
	if r.acked.named {
		err = tx.Drop(idx)
	} else {
		err = tx.BuildIndex(ctx, idx, storage.BuildOptions{})
	}
	if err != nil {
		return err
	}
	r.note("index over name: %v", next.named)
	return r.commit(tx, next)
}

func (r *run) truncate() error {
	tx := r.s.Begin(storage.TxnOptions{})
	defer tx.Rollback()
	next := r.acked.clone()
	clear(next.rows)
	if err := tx.Truncate(tableOID); err != nil {
		return err
	}
	if r.rng.IntN(2) == 0 {
		if err := r.insert(tx, next); err != nil {
			return err
		}
	}
	r.note("truncate to %d rows", len(next.rows))
	return r.commit(tx, next)
}

// nextVal gives sequence values and commits something, which makes them durable.
func (r *run) nextVal() error {
	v, err := r.s.NextVal(seqOID, sequence, int64(1+r.rng.IntN(20)))
	if err != nil {
		return err
	}
	tx := r.s.Begin(storage.TxnOptions{})
	defer tx.Rollback()
	next := r.acked.clone()
	if err := r.insert(tx, next); err != nil {
		return err
	}
	if err := r.commit(tx, next); err != nil {
		return err
	}
	r.given = max(r.given, v)
	return nil
}

// step does one operation.
func (r *run) step() error {
	switch n := r.rng.IntN(40); {
	case n < 24:
		return r.write()
	case n < 28:
		return r.flush()
	case n < 31:
		return r.merge()
	case n < 34:
		return r.segment()
	case n < 36:
		return r.toggleIndex()
	case n < 37:
		return r.truncate()
	case n < 39:
		return r.nextVal()
	default:
		_, _, err := r.s.SweepIndex(ctx, pkOID, nil)
		r.note("sweep")
		return err
	}
}
