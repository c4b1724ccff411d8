package storage_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"

	"github.com/vecdb/vecdb/internal/vfs"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// Types of the test tables.
const (
	boolOID  types.OID = 16
	int8OID  types.OID = 20
	int4OID  types.OID = 23
	textOID  types.OID = 25
	floatOID types.OID = 701
)

var ctx = context.Background()

func vectorType() types.T { return types.T{OID: types.VectorOID, Mod: 3} }

// harness is a store with one table: id int4, name text, score float8, ok bool, vec vector(3).
type harness struct {
	t     testing.TB
	fs    vfs.FS
	o     storage.Options
	s     *storage.Store
	dir   string
	table storage.OID
	pk    storage.OID
}

func tableOf(oid storage.OID, name string) *schema.Table {
	col := func(num int16, name string, t types.T) schema.Column {
		return schema.Column{Num: num, Name: name, Type: t}
	}
	return &schema.Table{
		OID: oid, DB: schema.PostgresDBOID, Namespace: schema.PublicOID, Name: name,
		Kind: schema.KindTable, Columns: []schema.Column{
			col(1, "id", types.Of(int4OID)), col(2, "name", types.Of(textOID)),
			col(3, "score", types.Of(floatOID)), col(4, "ok", types.Of(boolOID)), col(5, "vec", vectorType()),
		},
	}
}

func newHarness(t testing.TB, o storage.Options) *harness {
	t.Helper()
	if o.FS == nil {
		o.FS = pvfs.NewMem()
	}
	h := &harness{t: t, fs: o.FS, o: o, dir: "/db"}
	if o.FS == vfs.Default {
		h.dir = t.TempDir()
	}
	h.open()
	tx := h.s.Begin(storage.TxnOptions{})
	h.table, h.pk = h.oid(tx), h.oid(tx)
	h.check(tx.Put(tableOf(h.table, "t")))
	h.check(tx.Put(&schema.Index{
		OID: h.pk, DB: schema.PostgresDBOID, Namespace: schema.PublicOID, Table: h.table,
		Name: "t_pkey", Method: "btree", Unique: true, Primary: true,
		Keys: []schema.IndexKey{{Column: 1, Type: types.Of(int4OID)}},
	}))
	h.commit(tx)
	return h
}

func (h *harness) oid(tx *storage.Txn) storage.OID {
	h.t.Helper()
	oid, err := tx.NewOID()
	h.check(err)
	return oid
}

func (h *harness) check(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *harness) open() {
	h.t.Helper()
	s, err := storage.Open(h.dir, h.o)
	h.check(err)
	h.s = s
}

func (h *harness) reopen() {
	h.t.Helper()
	h.check(h.s.Close())
	h.open()
}

func (h *harness) commit(tx *storage.Txn) storage.Version {
	h.t.Helper()
	v, err := tx.Commit(ctx)
	h.check(err)
	return v
}

func (h *harness) begin() *storage.Txn { return h.s.Begin(storage.TxnOptions{}) }

func vec(x float64) string {
	var b []byte
	for i := range 3 {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(x)+float32(i)))
	}
	return string(b)
}

// rows makes n rows with ids from, from+1, ...
func rows(from, n int) *storage.Rows {
	r := &storage.Rows{N: n, Cols: columns(n)}
	for i := range n {
		id := from + i
		r.Cols[0].Append(types.IntDatum(int64(id)))
		if id%7 == 3 {
			r.Cols[1].Append(types.NullDatum)
		} else {
			r.Cols[1].Append(types.StringDatum(fmt.Sprintf("name %d", id)))
		}
		r.Cols[2].Append(types.FloatDatum(float64(id) / 2))
		r.Cols[3].Append(types.BoolDatum(id%2 == 0))
		r.Cols[4].Append(types.StringDatum(vec(float64(id))))
	}
	return r
}

func columns(n int) []*batch.Column {
	return []*batch.Column{
		batch.New(types.Of(int4OID), types.Int, n), batch.New(types.Of(textOID), types.String, n),
		batch.New(types.Of(floatOID), types.Float, n), batch.New(types.Of(boolOID), types.Bool, n),
		batch.New(vectorType(), types.String, n),
	}
}

// show is a row as text.
func show(b *batch.Batch, i int) string {
	out := ""
	for _, c := range b.Cols {
		d := c.Datum(i)
		switch {
		case d.Null:
			out += "|null"
		case c.Phys == types.Bool:
			out += fmt.Sprintf("|%v", d.Bool())
		case c.Phys == types.Int:
			out += fmt.Sprintf("|%d", d.I)
		case c.Phys == types.Float:
			out += fmt.Sprintf("|%g", d.Float())
		case c.Type.OID == types.VectorOID:
			out += fmt.Sprintf("|[%g]", math.Float32frombits(binary.LittleEndian.Uint32([]byte(d.S))))
		default:
			out += "|" + d.S
		}
	}
	return out[1:]
}

var allCols = []int16{1, 2, 3, 4, 5}

// scan returns the visible rows of the table as text, sorted, by id in the result.
func (h *harness) scan(tx *storage.Txn) []string {
	h.t.Helper()
	r := tx.Reader()
	defer func() { h.check(r.Close()) }()
	tr, err := r.Table(h.table)
	h.check(err)
	s := tr.Scan(storage.ScanOptions{Cols: allCols})
	var out []string
	for {
		b, ids, err := s.Next(ctx)
		h.check(err)
		if b == nil {
			slices.Sort(out)
			return out
		}
		if len(ids) != b.N {
			h.t.Fatalf("%d ids for %d rows", len(ids), b.N)
		}
		for i := range b.N {
			out = append(out, show(b, i))
		}
	}
}

func (h *harness) scanNew() []string {
	h.t.Helper()
	tx := h.begin()
	defer tx.Rollback()
	return h.scan(tx)
}

func (h *harness) expect(got []string, want ...string) {
	h.t.Helper()
	slices.Sort(want)
	if !slices.Equal(got, want) {
		h.t.Fatalf("got  %q\nwant %q", got, want)
	}
}

// find returns the row id that the primary key has.
func (h *harness) find(tx *storage.Txn, key int64) storage.RowID {
	h.t.Helper()
	r := tx.Reader()
	defer func() { h.check(r.Close()) }()
	tr, err := r.Table(h.table)
	h.check(err)
	k := []types.Datum{types.IntDatum(key)}
	s := tr.IndexScan(h.pk, []storage.KeyRange{{Lo: k, Hi: k}}, false)
	ids, err := s.Next(ctx)
	h.check(err)
	h.check(s.Close())
	if len(ids) == 0 {
		return 0
	}
	return ids[0]
}

func textColumn(s string) *storage.Rows {
	c := batch.New(types.Of(textOID), types.String, 1)
	c.Append(types.StringDatum(s))
	return &storage.Rows{N: 1, Cols: []*batch.Column{c}}
}

func TestInsertScanReopen(t *testing.T) {
	h := newHarness(t, storage.Options{})
	defer func() { h.check(h.s.Close()) }()
	tx := h.begin()
	_, err := tx.Insert(ctx, h.table, rows(1, 3))
	h.check(err)
	want := []string{"1|name 1|0.5|false|[1]", "2|name 2|1|true|[2]", "3|null|1.5|false|[3]"}
	h.expect(h.scan(tx), want...)
	h.expect(h.scanNew())
	h.commit(tx)
	h.expect(h.scanNew(), want...)
	h.reopen()
	h.expect(h.scanNew(), want...)
	h.check(h.s.FlushTable(ctx, h.table))
	h.expect(h.scanNew(), want...)
	h.reopen()
	h.expect(h.scanNew(), want...)
}

func TestUpdateDelete(t *testing.T) {
	f := func(flush, reopen bool) {
		t.Helper()
		h := newHarness(t, storage.Options{})
		defer func() { h.check(h.s.Close()) }()
		step := func() {
			t.Helper()
			if flush {
				h.check(h.s.FlushTable(ctx, h.table))
			}
			if reopen {
				h.reopen()
			}
		}
		tx := h.begin()
		_, err := tx.Insert(ctx, h.table, rows(1, 4))
		h.check(err)
		h.commit(tx)
		step()
		old := h.s.Version()
		tx = h.begin()
		h.check(tx.Update(ctx, h.table, []storage.RowID{h.find(tx, 2)}, []int16{2}, textColumn("two")))
		h.check(tx.Delete(ctx, h.table, []storage.RowID{h.find(tx, 3)}))
		want := []string{"1|name 1|0.5|false|[1]", "2|two|1|true|[2]", "4|name 4|2|true|[4]"}
		h.expect(h.scan(tx), want...)
		h.commit(tx)
		h.expect(h.scanNew(), want...)
		step()
		h.expect(h.scanNew(), want...)
		tx = h.begin()
		h.check(tx.Update(ctx, h.table, []storage.RowID{h.find(tx, 2)}, []int16{2}, textColumn("deux")))
		h.check(tx.Update(ctx, h.table, []storage.RowID{h.find(tx, 2)}, []int16{2}, textColumn("zwei")))
		want[1] = "2|zwei|1|true|[2]"
		h.expect(h.scan(tx), want...)
		h.commit(tx)
		step()
		h.expect(h.scanNew(), want...)
		tx = h.s.Begin(storage.TxnOptions{AsOf: old})
		h.expect(h.scan(tx), "1|name 1|0.5|false|[1]", "2|name 2|1|true|[2]", "3|null|1.5|false|[3]",
			"4|name 4|2|true|[4]")
		tx.Rollback()
	}
	f(false, false)
	f(false, true)
	f(true, false)
	f(true, true)
}

func TestUnique(t *testing.T) {
	h := newHarness(t, storage.Options{})
	defer func() { h.check(h.s.Close()) }()
	insert := func(tx *storage.Txn, id int) error {
		_, err := tx.Insert(ctx, h.table, rows(id, 1))
		return err
	}
	dup := func(err error) {
		t.Helper()
		var u *storage.UniqueError
		if !errors.As(err, &u) || u.Index != h.pk {
			t.Fatalf("got %v, want a duplicate key", err)
		}
	}
	tx := h.begin()
	h.check(insert(tx, 1))
	dup(insert(tx, 1))
	m := tx.Savepoint()
	h.check(insert(tx, 2))
	tx.RollbackTo(m)
	h.check(insert(tx, 2))
	h.commit(tx)
	tx = h.begin()
	dup(insert(tx, 2))
	h.check(tx.Delete(ctx, h.table, []storage.RowID{h.find(tx, 2)}))
	h.check(insert(tx, 2))
	h.commit(tx)
	if n := len(h.scanNew()); n != 2 {
		t.Fatalf("%d rows", n)
	}
}
