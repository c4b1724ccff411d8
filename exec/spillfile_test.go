package exec

import (
	"context"
	"fmt"
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// formTypes has a type of each physical form, and a string that does not order by its bytes.
var formTypes = []types.T{
	types.Of(types.BoolOID), types.Of(types.Int8OID), types.Of(types.Float8OID), types.Of(types.TextOID),
	types.Of(types.NumericOID),
}

// edges are values of a type that are easily got wrong.
func edges(t types.T) []types.Datum {
	switch physOf(t) {
	case types.Bool:
		return []types.Datum{types.BoolDatum(false), types.BoolDatum(true)}
	case types.Int:
		return []types.Datum{
			types.IntDatum(0), types.IntDatum(-1), types.IntDatum(math.MaxInt64),
			types.IntDatum(math.MinInt64), types.IntDatum(1),
		}
	case types.Float:
		var out []types.Datum
		for _, f := range []float64{
			0, math.Copysign(0, -1), 1.5, -1.5, math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64, 5e-324, -5e-324,
		} {
			out = append(out, types.FloatDatum(f))
		}
		return out
	}
	texts := []string{
		"", "a", "a\x00", "a\x00b", "aaaaaaaa", "aaaaaaaab", "aaaaaaaa\x00", "\xff", "é",
		strings.Repeat("long", 2000),
	}
	if t.OID == types.NumericOID {
		texts = []string{"0", "-0.00", "1.0", "1", "NaN", "Infinity", "-Infinity", "10", "9.99", "-10", "1e30"}
	}
	var out []types.Datum
	for _, s := range texts {
		if t.OID == types.TextOID {
			out = append(out, types.StringDatum(s))
			continue
		}
		d, err := types.Lookup(t.OID).Parse(s, -1, &types.Session{})
		if err != nil {
			panic(err)
		}
		out = append(out, d)
	}
	return out
}

// randomColumn has n values of a type, some of them null.
func randomColumn(r *rand.Rand, t types.T, n int, nulls bool) *batch.Column {
	c := batch.New(t, physOf(t), n)
	list := edges(t)
	for range n {
		if nulls && r.Intn(5) == 0 {
			c.Append(types.NullDatum)
			continue
		}
		c.Append(list[r.Intn(len(list))])
	}
	return c
}

func randomBatch(r *rand.Rand, n int) *batch.Batch {
	b := &batch.Batch{N: n}
	for _, t := range formTypes {
		b.Cols = append(b.Cols, randomColumn(r, t, n, r.Intn(2) == 0))
	}
	return b
}

// sameDatum says whether two values are alike to the bit.
func sameDatum(a, b types.Datum, phys types.Physical) bool {
	if a.Null || b.Null {
		return a.Null == b.Null
	}
	if phys == types.Float {
		return math.Float64bits(a.Float()) == math.Float64bits(b.Float())
	}
	return a.S == b.S && a.I == b.I
}

// What is written to a temporary file comes back to the bit, in the order of the selection, as often as it is read.
func TestSpillFileRoundTrip(t *testing.T) {
	const seed = 21
	r := rand.New(rand.NewSource(seed))
	fs := newTrackedFS()
	rt := &Runtime{FS: fs, Env: &fn.Env{}}
	f, err := rt.newSpill(formTypes)
	if err != nil {
		t.Fatal(err)
	}
	want := newRowStore(formTypes)
	for _, n := range []int{0, 1, 2, 1023, 1024, 1025, 7, 0, 300} {
		b := randomBatch(r, n)
		var sel []int32
		if n%2 == 1 { // every other row, backwards
			sel = []int32{}
			for i := n - 1; i >= 0; i -= 2 {
				sel = append(sel, int32(i))
			}
		}
		if err := f.write(b.Cols, sel, n); err != nil {
			t.Fatal(err)
		}
		want.appendSel(b.Cols, sel, n)
	}
	if f.rows != want.n {
		t.Errorf("%d rows are counted, not %d", f.rows, want.n)
	}
	for range 2 {
		reader, err := f.reader(rt)
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for {
			b, err := reader.next()
			if err != nil {
				t.Fatal(err)
			}
			if b == nil {
				break
			}
			for i := range b.N {
				for k, c := range b.Cols {
					if !sameDatum(c.Datum(i), want.cols[k].Datum(at+i), c.Phys) {
						t.Fatalf("seed %d: row %d, column %d: %v, want %v", seed, at+i, k, c.Datum(i), want.cols[k].Datum(at+i))
					}
				}
			}
			at += b.N
		}
		if at != want.n {
			t.Errorf("%d rows came back of %d", at, want.n)
		}
	}
	if err := f.remove(rt); err != nil {
		t.Fatal(err)
	}
	if err := f.remove(rt); err != nil || fs.open != 0 {
		t.Errorf("removed twice: %v, %d handles", err, fs.open)
	}
}

// A temporary file that was cut or changed is an error, not wrong rows without end.
func TestSpillFileDamage(t *testing.T) {
	r := rand.New(rand.NewSource(22))
	b := randomBatch(r, 50)
	var frame []byte
	for i, c := range b.Cols {
		frame = appendColumn(frame, b.Cols[i], nil, c.Len())
	}
	decode := func(text string) bool {
		d := frameDecoder{text: text}
		for _, typ := range formTypes {
			c := batch.New(typ, physOf(typ), 50)
			c.Resize(50)
			d.column(c, 50)
		}
		return !d.bad
	}
	if !decode(string(frame)) {
		t.Fatal("a whole frame is refused")
	}
	for n := range len(frame) {
		if decode(string(frame[:n])) {
			t.Fatalf("the first %d of %d bytes are taken for a frame", n, len(frame))
		}
	}
	d := frameDecoder{text: strings.Repeat("\xff", 40)}
	if d.uvarint(); !d.bad {
		t.Error("a length without end is taken")
	}
}

// FuzzFrame: whatever the bytes, a frame is decoded or refused within its bounds.
func FuzzFrame(f *testing.F) {
	b := randomBatch(rand.New(rand.NewSource(23)), 3)
	var frame []byte
	for _, c := range b.Cols {
		frame = appendColumn(frame, c, nil, 3)
	}
	f.Add(string(frame), 3)
	f.Add("", 0)
	f.Add("\x01\x01", 1)
	f.Fuzz(func(t *testing.T, text string, n int) {
		if n < 0 || n > 64 {
			return
		}
		d := frameDecoder{text: text}
		for _, typ := range formTypes {
			c := batch.New(typ, physOf(typ), n)
			c.Resize(n)
			d.column(c, n)
			if c.Len() != n {
				t.Fatalf("%d values, want %d", c.Len(), n)
			}
		}
	})
}

// Sorting by prefixes gives the order of the comparison, for each form of key, direction and place of nulls.
func TestOrderingAgreesWithComparison(t *testing.T) {
	const seed = 24
	r := rand.New(rand.NewSource(seed))
	for k, typ := range formTypes {
		for mode := range 4 {
			b := randomBatch(r, 700)
			o := &ordering{keys: []orderKey{
				newOrderKey(k, typ, mode&1 != 0, mode&2 != 0),
				newOrderKey((k+1)%len(formTypes), formTypes[(k+1)%len(formTypes)], false, true),
			}}
			want := make([]int32, b.N)
			for i := range want {
				want[i] = int32(i)
			}
			slices.SortStableFunc(want, func(x, y int32) int { return o.compare(b.Cols, int(x), b.Cols, int(y)) })
			if got := o.sorted(b.Cols, b.N); !slices.Equal(got, want) {
				t.Fatalf("seed %d: type %d, mode %d", seed, typ.OID, mode)
			}
		}
	}
}

// A comparison is an order: it turns about with its sides, equals mean equal keys, and it is transitive.
func TestComparisonIsAnOrder(t *testing.T) {
	for _, typ := range formTypes {
		c := batch.New(typ, physOf(typ), 0)
		for _, d := range append(edges(typ), types.NullDatum) {
			c.Append(d)
		}
		cols := []*batch.Column{c}
		o := &ordering{keys: []orderKey{newOrderKey(0, typ, false, false)}}
		keys := newKeyTable([]types.T{typ})
		for i := range c.Len() {
			keys.add(cols, i)
		}
		for i := range c.Len() {
			for j := range c.Len() {
				x := o.compare(cols, i, cols, j)
				if y := o.compare(cols, j, cols, i); x != -y {
					t.Errorf("type %d: %d and %d compare %d and %d", typ.OID, i, j, x, y)
				}
				if same := keys.find(cols, i) == keys.find(cols, j); same != (x == 0) {
					t.Errorf("type %d: %d and %d compare %d, one key: %v", typ.OID, i, j, x, same)
				}
				for k := range c.Len() {
					if x < 0 && o.compare(cols, j, cols, k) < 0 && o.compare(cols, i, cols, k) >= 0 {
						t.Errorf("type %d: %d < %d < %d, but not %d < %d", typ.OID, i, j, k, i, k)
					}
				}
			}
		}
	}
}

// A table of keys numbers them as a map of what they look like would, for one column and several, nulls being one
// value.
func TestKeyTable(t *testing.T) {
	const seed = 25
	r := rand.New(rand.NewSource(seed))
	for _, cols := range [][]int{{1}, {0}, {2}, {3}, {4}, {1, 3}, {3, 3, 1}, {0, 1, 2, 3, 4}, {}} {
		b := randomBatch(r, 400)
		var ts []types.T
		var keyCols []*batch.Column
		for _, k := range cols {
			ts, keyCols = append(ts, formTypes[k]), append(keyCols, b.Cols[k])
		}
		table := newKeyTable(ts)
		for range 2 { // the second time after clear
			table.clear()
			o := &ordering{}
			for i, typ := range ts {
				o.keys = append(o.keys, newOrderKey(i, typ, false, false))
			}
			var firsts []int // the row that first had a key
			for i := range b.N {
				want := slices.IndexFunc(firsts, func(j int) bool { return o.compare(keyCols, i, keyCols, j) == 0 })
				if got := int(table.find(keyCols, i)); got != want {
					t.Fatalf("seed %d, columns %v: row %d is found as %d, want %d", seed, cols, i, got, want)
				}
				n, isNew := table.add(keyCols, i)
				if isNew != (want < 0) {
					t.Fatalf("seed %d, columns %v: row %d is new: %v", seed, cols, i, isNew)
				}
				if isNew {
					want = len(firsts)
					firsts = append(firsts, i)
				}
				if int(n) != want || table.hashKey(keyCols, i, 0) != table.hashKey(keyCols, firsts[want], 0) {
					t.Fatalf("seed %d, columns %v: row %d has number %d, want %d", seed, cols, i, n, want)
				}
			}
			if int(table.n) != len(firsts) || len(firsts) > 1 && table.bytes <= 0 {
				t.Errorf("columns %v: %d keys in %d bytes, want %d keys", cols, table.n, table.bytes, len(firsts))
			}
		}
	}
}

// Keys that are divided again spread over the parts, whatever part they were in before.
func TestHashLevelsAreIndependent(t *testing.T) {
	c := batch.New(int4, types.Int, 0)
	for i := range 20000 {
		c.Append(types.IntDatum(int64(i) * 64))
	}
	cols := []*batch.Column{c}
	table := newKeyTable([]types.T{int4})
	for level := range joinLevelsMax {
		var spread [partFanout]int
		all := 0
		for i := range c.Len() {
			if table.hashKey(cols, i, level)%partFanout == 3 {
				spread[table.hashKey(cols, i, level+1)%partFanout]++
				all++
			}
		}
		for p, n := range spread {
			if n < all/partFanout/2 || n > all/partFanout*2 {
				t.Errorf("level %d: part %d has %d of %d rows", level, p, n, all)
			}
		}
	}
}

// Rows kept in memory and on disk come back in order, to several readers at once, and after a reset none do.
func TestSpool(t *testing.T) {
	r := rand.New(rand.NewSource(26))
	for _, sizes := range [][]int{{}, {0}, {1}, {1024}, {1025, 3}, {700, 700, 700, 1}, {2000, 0, 2000}} {
		rt := &Runtime{FS: newTrackedFS(), Env: &fn.Env{}, WorkMem: 20 << 10}
		spool, growing := newSpool(rt, formTypes), newGrowingRows(rt, formTypes)
		want := newRowStore(formTypes)
		early := growing.cursor() // reads on while rows come
		seen := 0
		for _, n := range sizes {
			b := randomBatch(r, n)
			if err := spool.add(b); err != nil {
				t.Fatal(err)
			}
			if err := growing.add(b); err != nil {
				t.Fatal(err)
			}
			want.append(b)
			seen += readSome(t, early.next, want, seen, 1)
		}
		if got := spool.rows(); got != want.n {
			t.Errorf("%v: %d rows are counted", sizes, got)
		}
		a, b := spool.cursor(), spool.cursor()
		first := readSome(t, a.next, want, 0, 1)
		if all := readSome(t, b.next, want, 0, -1); all != want.n {
			t.Errorf("%v: the second reader has %d rows", sizes, all)
		}
		if rest := readSome(t, a.next, want, first, -1); first+rest != want.n {
			t.Errorf("%v: the first reader has %d rows", sizes, first+rest)
		}
		if seen += readSome(t, early.next, want, seen, -1); seen != want.n {
			t.Errorf("%v: the early reader has %d rows", sizes, seen)
		}
		spool.reset()
		growing.reset()
		c := growing.cursor()
		if n := readSome(t, c.next, want, 0, -1); n != 0 || spool.rows() != 0 {
			t.Errorf("%v: %d rows after a reset", sizes, n)
		}
		if len(rt.temp.open) != 0 {
			t.Errorf("%v: files after a reset", sizes)
		}
		if err := rt.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// readSome reads at most so many batches (all when negative) and compares them with the rows of want behind from.
func readSome(t *testing.T, next func(context.Context) (*batch.Batch, error), want *rowStore, from, batches int) int {
	t.Helper()
	rows := 0
	for ; batches != 0; batches-- {
		b, err := next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if b == nil {
			break
		}
		for i := range b.Rows() {
			for k, c := range b.Cols {
				if !sameDatum(c.Datum(b.Row(i)), want.cols[k].Datum(from+rows+i), c.Phys) {
					t.Fatalf("row %d, column %d", from+rows+i, k)
				}
			}
		}
		rows += b.Rows()
	}
	return rows
}

// The runtime removes the temporary files that nobody else did.
func ExampleRuntime_Close() {
	rt := &Runtime{FS: newTrackedFS(), Env: &fn.Env{}}
	f, _ := rt.newSpill([]types.T{int4})
	fmt.Println(len(rt.temp.open), f.gone)
	fmt.Println(rt.Close(), len(rt.temp.open), f.gone)
	// Output:
	// 1 false
	// <nil> 0 true
}
