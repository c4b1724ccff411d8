package storage_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/internal/rowset"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// typed replaces the harness's table by one with the columns id int4 and v of the type.
func (h *harness) typed(typ types.T) {
	h.t.Helper()
	tx := h.begin()
	h.table = h.oid(tx)
	h.check(tx.Put(&schema.Table{
		OID: h.table, DB: schema.PostgresDBOID, Namespace: schema.PublicOID, Name: fmt.Sprint("t", h.table),
		Kind:    schema.KindTable,
		Columns: []schema.Column{{Num: 1, Name: "id", Type: types.Of(int4OID)}, {Num: 2, Name: "v", Type: typ}},
	}))
	h.commit(tx)
}

// insertValues commits a row for each value, ids from 0 on.
func (h *harness) insertValues(typ types.T, values []types.Datum) {
	h.t.Helper()
	tx := h.begin()
	defer tx.Rollback()
	ids := batch.New(types.Of(int4OID), types.Int, len(values))
	col := batch.New(typ, types.Lookup(typ.OID).Physical, len(values))
	for i, d := range values {
		ids.Append(types.IntDatum(int64(i)))
		col.Append(d)
	}
	_, err := tx.Insert(ctx, h.table, &storage.Rows{N: len(values), Cols: []*batch.Column{ids, col}})
	h.check(err)
	h.commit(tx)
}

// values reads v of the typed table, by id.
func (h *harness) values(n int) []types.Datum {
	h.t.Helper()
	out := make([]types.Datum, n)
	tx := h.begin()
	defer tx.Rollback()
	r, tr := h.reader(tx)
	defer func() { h.check(r.Close()) }()
	seen := 0
	for s := tr.Scan(storage.ScanOptions{Cols: []int16{1, 2}}); ; {
		b, _, err := s.Next(ctx)
		h.check(err)
		if b == nil {
			break
		}
		for i := range b.N {
			d := b.Cols[1].Datum(i)
			d.S = strings.Clone(d.S)
			out[b.Cols[0].I[i]] = d
			seen++
		}
	}
	if seen != n {
		h.t.Fatalf("%d rows, want %d", seen, n)
	}
	return out
}

// Values of every type that can be stored come back as they were: from memory, from the log, from fragments and
// from merged fragments, nulls and empty values included.
func TestEveryType(t *testing.T) {
	h := start(t, storage.Options{})
	long := strings.Repeat("long text with ü and \\ and ' ", 5000)
	f := func(name string, mod int32, texts ...string) {
		t.Helper()
		typ := types.ByName(name)
		if typ == nil {
			t.Fatalf("no type %s", name)
		}
		of := types.T{OID: typ.OID, Mod: mod}
		want := []types.Datum{types.NullDatum}
		for _, s := range texts {
			d, err := typ.Parse(s, mod, &types.Session{})
			if err != nil {
				t.Fatalf("%s %q: %v", name, s, err)
			}
			want = append(want, d, types.NullDatum)
		}
		h.typed(of)
		h.insertValues(of, want)
		check := func(where string) {
			t.Helper()
			for i, got := range h.values(len(want)) {
				if got.Null != want[i].Null {
					t.Fatalf("%s, %s: value %d is %v, want %v", name, where, i, got, want[i])
				}
				if got.Null {
					continue
				}
				g, w := typ.Format(nil, got, &types.Session{}), typ.Format(nil, want[i], &types.Session{})
				if string(g) != string(w) {
					t.Fatalf("%s, %s: value %d is %.60s, want %.60s", name, where, i, g, w)
				}
			}
		}
		check("memory")
		h.reopen()
		check("log")
		h.flush()
		check("fragment")
		h.reopen()
		check("fragment after a restart")
		h.merge(h.s.Version())
		check("merged fragment")
	}
	f("bool", -1, "t", "f")
	f("int2", -1, "-32768", "32767", "0")
	f("int4", -1, "-2147483648", "2147483647")
	f("int8", -1, "-9223372036854775808", "9223372036854775807")
	f("oid", -1, "0", "4294967295")
	f("float4", -1, "NaN", "-Infinity", "1e-38", "3.4e38", "-0")
	f("float8", -1, "NaN", "Infinity", "5e-324", "-1.7976931348623157e308", "-0")
	f("numeric", -1, "0", "0.00", "-1.50", "NaN", "Infinity", "-Infinity", strings.Repeat("9", 38),
		"-"+strings.Repeat("9", 39),
		strings.Repeat("1234567890", 100)+"."+strings.Repeat("0987654321", 100), "1e-300")
	f("text", -1, "", "a", "\n\t", "häß 漢字 😀", long)
	f("varchar", 14, "", "1234567890")
	f("bpchar", 14, "ab", "")
	f("name", -1, "a", "")
	f("bytea", -1, `\x`, `\x00ff00`, `\x`+strings.Repeat("00ff", 20000))
	f("uuid", -1, "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff")
	f("json", -1, `{"a": [1, null, "x"]}`, `null`, `  "x"  `)
	f("jsonb", -1, `{"b": 1, "a": {"c": [1.50, true]}}`, `[]`, `"`+strings.Repeat("x", 10000)+`"`)
	f("date", -1, "2024-02-29", "infinity", "-infinity", "4713-01-01 BC", "5874897-12-31")
	f("time", -1, "00:00:00", "24:00:00", "12:34:56.789012")
	f("timetz", -1, "00:00:00+15:59", "23:59:59.999999-15:59")
	f("timestamp", -1, "infinity", "-infinity", "2000-01-01 00:00:00", "4713-01-01 00:00:00 BC",
		"294276-12-31 23:59:59.999999")
	f("timestamptz", -1, "infinity", "1999-12-31 23:59:59.999999+00")
	f("interval", -1, "0", "1 year -2 mons 3 days -04:05:06.789", "-178000000 years")
	f("_int4", -1, "{}", "{1,NULL,-3}", "{{1,2},{3,4}}", "[5:6]={7,8}")
	f("_text", -1, `{}`, `{"a b","",NULL,"\"q\"",\\}`)
	f("_numeric", -1, "{1.10,NaN,"+strings.Repeat("9", 50)+"}")
	f("vector", 3, "[1,2,3]", "[0,0,0]", "[-1e38,1e-38,0.1]")
	f("vector", -1, "[1]", "[1,2,3,4]") // of any dimensions
	f("halfvec", 3, "[1,2,3]", "[0,-0,0]", "[-65504,6e-8,0.1]")
	f("halfvec", -1, "[1]", "[1,2,3,4]")
	f("sparsevec", 5, "{}/5", "{1:1.5,5:-3e38}/5")
	f("sparsevec", -1, "{}/1000000000", "{1000000000:1}/1000000000", "{1:1}/1")
	f("bit", 9, "101010101", "000000000")
	f("varbit", -1, "", "0", "00000000", "111111111", strings.Repeat("10", 20000))
	f("_halfvec", 2, "{}", `{"[1,2]",NULL,"[0,-0]"}`)
	f("_varbit", -1, `{"",101,NULL}`)
}

// Vectors of halfvec columns are given as float32, in the order that was asked for, wherever they lie.
func TestFetchHalfvecs(t *testing.T) {
	for _, mod := range []int32{2, -1} {
		h := start(t, storage.Options{})
		of := types.T{OID: types.HalfvecOID, Mod: mod}
		h.typed(of)
		values := []types.Datum{types.NullDatum}
		for i := range 5 {
			values = append(values, types.StringDatum(types.Halfvecs.Pack([]float32{float32(i), -0.5})))
		}
		h.insertValues(of, values)
		check := func(where string) {
			t.Helper()
			tx := h.begin()
			defer tx.Rollback()
			r, tr := h.reader(tx)
			defer func() { h.check(r.Close()) }()
			ids := []storage.RowID{6, 1, 3, 3}
			got := ""
			h.check(tr.FetchVectors(ids, 2, func(i int, v []float32) { got += fmt.Sprint(i, v) }))
			if want := "0 [4 -0.5]1 []2 [1 -0.5]3 [1 -0.5]"; got != want {
				t.Errorf("modifier %d, %s: %s, want %s", mod, where, got, want)
			}
		}
		check("memory")
		h.flush()
		check("fragment")
		h.merge(h.s.Version())
		h.reopen()
		check("merged fragment")
	}
}

// keysOf reads a scan of the column id to its end.
func (h *harness) keysOf(s *storage.Scan) (out []int64) {
	h.t.Helper()
	for {
		b, _, err := s.Next(ctx)
		h.check(err)
		if b == nil {
			return out
		}
		out = append(out, b.Cols[0].I[:b.N]...)
	}
}

// Rows come back in every number around the borders of chunks, batches and blocks, in the order they were inserted.
func TestRowNumbersAtBorders(t *testing.T) {
	for _, n := range []int{1, 31, 32, 33, 1023, 1024, 1025, 4095, 4096, 4097, 16383, 16384, 16385, 33000} {
		h := start(t, storage.Options{DirectRows: 1 << 30, DirectBytes: 1 << 40})
		h.insert(1, n)
		check := func(where string) {
			t.Helper()
			tx := h.begin()
			defer tx.Rollback()
			r, tr := h.reader(tx)
			defer func() { h.check(r.Close()) }()
			got := h.keysOf(tr.Scan(storage.ScanOptions{Cols: allCols}))
			for i, k := range got {
				if k != int64(i+1) {
					t.Fatalf("%d rows, %s: row %d has key %d", n, where, i, k)
				}
			}
			if len(got) != n {
				t.Fatalf("%d rows, %s: %d came back", n, where, len(got))
			}
			slices.Reverse(got)
			if back := h.keysOf(tr.Scan(storage.ScanOptions{Cols: allCols, Reverse: true})); !slices.Equal(back, got) {
				t.Fatalf("%d rows, %s, in reverse: %d came back, or others", n, where, len(back))
			}
		}
		check("tail")
		h.flush()
		check("fragment")
		h.insert(n+1, 1) // a tail behind it
		n++
		check("fragment and tail")
	}
}

// A scan with a filter, with columns in another order, or with no column, gives the rows that it says.
func TestScanOptions(t *testing.T) {
	h := start(t, storage.Options{})
	h.insert(1, 3000)
	h.flush()
	h.insert(3001, 100)
	h.remove(5, 2000, 3050)
	tx := h.begin()
	defer tx.Rollback()
	h.check(h.renameIn(tx, "own", 7))
	r, tr := h.reader(tx)
	defer func() { h.check(r.Close()) }()
	f := func(o storage.ScanOptions, want ...string) {
		t.Helper()
		if got := h.readAll(tr.Scan(o)); !slices.Equal(got, want) {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
	some := rowset.New(5, 6, 7, 1025, 2000, 3001, 3050, 3100, 9999)
	f(storage.ScanOptions{Cols: []int16{1}, Filter: some}, "6", "1025", "3001", "3100", "7")
	f(storage.ScanOptions{Cols: []int16{1}, Filter: some, Reverse: true}, "7", "3100", "3001", "1025", "6")
	f(storage.ScanOptions{Cols: []int16{1}, Filter: rowset.New()})
	f(storage.ScanOptions{Cols: []int16{4, 1, 4, 2}, Filter: rowset.New(7, 1026)}, "true|1026|true|name 1026",
		"false|7|false|own")
	n := 0
	for s := tr.Scan(storage.ScanOptions{}); ; {
		b, ids, err := s.Next(ctx)
		h.check(err)
		if b == nil {
			break
		}
		if len(b.Cols) != 0 || len(ids) != b.N {
			t.Fatalf("%d columns, %d ids for %d rows", len(b.Cols), len(ids), b.N)
		}
		n += b.N
	}
	if n != 3097 {
		t.Fatalf("%d rows counted", n)
	}
	for _, col := range []int16{0, 6, -1} {
		s := tr.Scan(storage.ScanOptions{Cols: []int16{1, col}})
		for range 2 {
			if _, _, err := s.Next(ctx); err == nil || !strings.Contains(err.Error(), fmt.Sprint("column ", col)) {
				t.Fatalf("column %d: %v", col, err)
			}
		}
	}
}

// Blocks that cannot hold a match are left out, those that may are read; nothing is known of a column's bounds
// when a value is NaN or long, and of a column that was added later.
func TestPrunedScan(t *testing.T) {
	const n = 40000 // three blocks
	h := start(t, storage.Options{DirectRows: 1})
	h.insert(1, n)
	tx := h.begin()
	wide := *h.s.Catalog().Table(h.table)
	wide.Columns = append(slices.Clone(wide.Columns), schema.Column{Num: 6, Name: "later", Type: types.Of(int4OID)})
	h.check(tx.Put(&wide))
	h.commit(tx)
	tx = h.begin()
	defer tx.Rollback()
	r, tr := h.reader(tx)
	defer func() { h.check(r.Close()) }()
	f := func(what string, want int, prune ...storage.ColumnRange) {
		t.Helper()
		for _, reverse := range []bool{false, true} {
			if got := len(h.keysOf(tr.Scan(storage.ScanOptions{
				Cols: []int16{1}, Prune: prune,
				Reverse: reverse,
			}))); got != want {
				t.Fatalf("%s, reverse %v: %d rows, want %d", what, reverse, got, want)
			}
		}
	}
	at := func(v int64) *types.Datum { d := types.IntDatum(v); return &d }
	const block = 16384
	f("all", n, storage.ColumnRange{Col: 1, Lo: at(1), Hi: at(n)})
	f("the last of a block", block, storage.ColumnRange{Col: 1, Hi: at(block)})
	f("the first of a block", 2*block, storage.ColumnRange{Col: 1, Hi: at(block + 1)})
	f("from the first of a block", n-block, storage.ColumnRange{Col: 1, Lo: at(block + 1)})
	f("one block", block, storage.ColumnRange{Col: 1, Lo: at(20000), Hi: at(20001)})
	f("none above", 0, storage.ColumnRange{Col: 1, Lo: at(n + 1)})
	f("none below", 0, storage.ColumnRange{Col: 1, Hi: at(0)})
	f("two columns", 0, storage.ColumnRange{Col: 1, Hi: at(10)}, storage.ColumnRange{Col: 1, Lo: at(n - 10)})
	f("a later column", n, storage.ColumnRange{Col: 6, Lo: at(1)})
	f("a column without bounds", n, storage.ColumnRange{Col: 4, Lo: at(7)})
	f("no column", n, storage.ColumnRange{Col: 99, Lo: at(7)})
}

// Columns whose values cannot all bound a zone are never pruned wrongly.
func TestPruneWithoutBounds(t *testing.T) {
	h := start(t, storage.Options{DirectRows: 1})
	f := func(name string, prune string, texts ...string) {
		t.Helper()
		typ := types.ByName(name)
		var values []types.Datum
		for _, s := range texts {
			d, err := typ.Parse(s, -1, &types.Session{})
			h.check(err)
			values = append(values, d)
		}
		h.typed(types.Of(typ.OID))
		h.insertValues(types.Of(typ.OID), values)
		lo, err := typ.Parse(prune, -1, &types.Session{})
		h.check(err)
		tx := h.begin()
		defer tx.Rollback()
		r, tr := h.reader(tx)
		defer func() { h.check(r.Close()) }()
		got := h.readAll(tr.Scan(storage.ScanOptions{Cols: []int16{1}, Prune: []storage.ColumnRange{{Col: 2, Lo: &lo}}}))
		if len(got) != len(texts) {
			t.Fatalf("%s: %d rows of %d", name, len(got), len(texts))
		}
	}
	f("float8", "1e300", "1", "2", "NaN") // NaN is the greatest
	f("text", "zz", "a", strings.Repeat("z", 1000))
	f("bytea", `\xfe`, `\x00`, `\xff`)
}

// Rows fetched by id come in the order asked for, wherever they lie, far from each other or near, twice or not there.
func TestFetch(t *testing.T) {
	h := start(t, storage.Options{DirectRows: 1000})
	h.insert(1, 20000) // two blocks of a fragment
	h.insert(20001, 50)
	h.flush()
	h.rename("tail", 3, 15000)
	h.remove(4)
	tx := h.begin()
	defer tx.Rollback()
	h.check(h.renameIn(tx, "own", 5, 20050))
	h.check(tx.Delete(ctx, h.table, h.findAll(tx, 6)))
	_, err := tx.Insert(ctx, h.table, rows(30000, 1))
	h.check(err)
	names := map[int64]string{3: "tail", 15000: "tail", 5: "own", 20050: "own"}
	gone := map[int64]bool{4: true, 6: true, 77777: true}
	r, tr := h.reader(tx)
	defer func() { h.check(r.Close()) }()
	rowOf := func(key int64) storage.RowID {
		if key == 30000 {
			return h.find(tx, key)
		}
		return storage.RowID(key) // ids were given in the order of insertion
	}
	const seed = 4
	rng := rand.New(rand.NewPCG(seed, 1))
	pool := []int64{
		1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 40, 41, 42, 15000, 16383, 16384, 16385, 16386, 20000,
		20001, 20050, 77777,
	}
	for range 200 {
		var ids []storage.RowID
		var keys []int64
		for range rng.IntN(40) {
			k := pool[rng.IntN(len(pool))]
			keys, ids = append(keys, k), append(ids, rowOf(k))
		}
		if rng.IntN(2) == 0 {
			slices.Sort(keys)
			slices.Sort(ids)
		}
		b, found, err := tr.Fetch(ctx, ids, allCols)
		h.check(err)
		if b.N != len(ids) {
			t.Fatalf("%d rows for %d ids", b.N, len(ids))
		}
		for i, k := range keys {
			if found[i] == gone[k] {
				t.Fatalf("seed %d: row %d found: %v", seed, k, found[i])
			}
			want := line(int(k), names[k])
			if gone[k] {
				want = "null|null|null|null|null"
			}
			if got := show(b, i); got != want {
				t.Fatalf("seed %d: row %d is %s, want %s (ids %v)", seed, k, got, want, ids)
			}
		}
		h.check(tr.FetchVectors(ids, 5, func(i int, v []float32) {
			if (v == nil) != gone[keys[i]] || (v != nil && (len(v) != 3 || v[0] != float32(keys[i]))) {
				t.Fatalf("seed %d: vector of row %d is %v", seed, keys[i], v)
			}
		}))
	}
	for _, col := range []int16{0, 1, 9} { // no column, no vector
		h.wants(tr.FetchVectors(nil, col, nil), storage.ErrNoRelation)
	}
	_, _, err = tr.Fetch(ctx, nil, []int16{7})
	h.wants(err, storage.ErrNoRelation)
}
