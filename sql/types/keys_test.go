package types_test

import (
	"bytes"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/types"
)

func sign(c int) int { return min(max(c, -1), 1) }

// TestBorders holds the order of each type's borders, by Compare and by key; with a server (see TestIO) by its ORDER
// BY.
func TestBorders(t *testing.T) {
	oracle := connect(t)
	for name, items := range borders {
		typ := types.ByName(name)
		type value struct {
			text string
			rank int
			d    types.Datum
			key  string
		}
		var values []value
		for rank, item := range items {
			for _, s := range strings.Split(item, " = ") {
				d := datum(t, typ, s)
				values = append(values, value{s, rank, d, string(typ.AppendKey(nil, d))})
			}
		}
		for _, a := range values {
			for _, b := range values {
				want := sign(a.rank - b.rank)
				if got := sign(typ.Compare(a.d, b.d)); got != want {
					t.Errorf("%s: %q and %q compare %d, want %d", name, a.text, b.text, got, want)
				}
				if got := strings.Compare(a.key, b.key); got != want {
					t.Errorf("%s: the keys of %q (%x) and %q (%x) compare %d, want %d", name, a.text, a.key, b.text, b.key, got, want)
				}
			}
		}
		if oracle == nil {
			continue
		}
		c := &ioCase{name: types.FormatType(types.Of(typ.OID)), typ: typ}
		for i := len(values) - 1; i >= 0; i-- {
			c.literals = append(c.literals, values[i].text)
		}
		want := ""
		for _, item := range items {
			parts := strings.Split(item, " = ")
			slices.Reverse(parts)
			want += escape(strings.Join(parts, " = ")) + "\n"
		}
		if got := oracle.run(t, c, "order"); got != want {
			t.Errorf("%s: PostgreSQL orders\n%s", name, got)
		}
	}
}

// TestEveryOrderIsSampled holds that a type with an order takes part in these tests.
func TestEveryOrderIsSampled(t *testing.T) {
	for _, typ := range ordered() {
		if typ.IsArray() || strings.HasPrefix(typ.Name, "reg") {
			continue
		}
		switch typ.Name {
		case "xid", "cid", "unknown", "cstring", "pg_node_tree", "aclitem", "refcursor":
			continue // as oid and text
		}
		if len(borders[typ.Name]) < 2 {
			t.Errorf("%s has an order and no borders", typ.Name)
		}
	}
}

// TestKeysOrderAsValues compares random values of every type by value and by key, and looks for keys that are the
// beginning of another's, which would not stand in an index of several columns.
func TestKeysOrderAsValues(t *testing.T) {
	const seed = 11
	r := rand.New(rand.NewSource(seed))
	for _, typ := range ordered() {
		const n = 30
		values, keys := make([]types.Datum, n), make([][]byte, n)
		for i := range values {
			values[i] = randomDatum(t, r, typ)
			keys[i] = typ.AppendKey(nil, values[i])
		}
		for i, a := range values {
			for k, b := range values {
				byValue, byKey := sign(typ.Compare(a, b)), bytes.Compare(keys[i], keys[k])
				if byValue != byKey {
					t.Fatalf("seed %d: %s %s and %s compare %d, their keys %x and %x %d", seed, typ.Name, text(typ, a), text(typ, b),
						byValue, keys[i], keys[k], byKey)
				}
				if byValue != 0 && bytes.HasPrefix(keys[i], keys[k]) {
					t.Fatalf("seed %d: %s: the key of %s begins with that of %s", seed, typ.Name, text(typ, a), text(typ, b))
				}
			}
		}
	}
}

// TestOrderIsTotal holds that Compare is an order: sorted values stay in order two by two and the other way round.
func TestOrderIsTotal(t *testing.T) {
	const seed = 12
	r := rand.New(rand.NewSource(seed))
	for _, typ := range ordered() {
		values := make([]types.Datum, 20)
		for i := range values {
			values[i] = randomDatum(t, r, typ)
		}
		slices.SortFunc(values, typ.Compare)
		for i, a := range values {
			for _, b := range values[i:] {
				if typ.Compare(a, b) > 0 || typ.Compare(b, a) < 0 {
					t.Fatalf("seed %d: %s: %s and %s are out of order", seed, typ.Name, text(typ, a), text(typ, b))
				}
			}
		}
	}
}

// TestCompositeKeys holds the order of rows of two and three columns by their joined keys.
func TestCompositeKeys(t *testing.T) {
	const seed = 13
	r := rand.New(rand.NewSource(seed))
	list := ordered()
	for range 200 {
		cols := make([]*types.Type, 2+r.Intn(2))
		for i := range cols {
			cols[i] = list[r.Intn(len(list))]
		}
		row := func() (d []types.Datum, key []byte) {
			for _, typ := range cols {
				v := randomDatum(t, r, typ)
				d, key = append(d, v), typ.AppendKey(key, v)
			}
			return d, key
		}
		rows := make([][]types.Datum, 8)
		keys := make([][]byte, len(rows))
		for i := range rows {
			rows[i], keys[i] = row()
			if i > 0 && r.Intn(2) == 0 { // the same first column
				rows[i][0] = rows[i-1][0]
				keys[i] = nil
				for c, typ := range cols {
					keys[i] = typ.AppendKey(keys[i], rows[i][c])
				}
			}
		}
		for i, a := range rows {
			for k, b := range rows {
				want := 0
				for c := 0; c < len(cols) && want == 0; c++ {
					want = sign(cols[c].Compare(a[c], b[c]))
				}
				if got := bytes.Compare(keys[i], keys[k]); got != want {
					t.Fatalf("seed %d: rows %s and %s compare %d, their keys %d", seed, showRow(cols, a), showRow(cols, b), want, got)
				}
			}
		}
	}
}

func showRow(cols []*types.Type, row []types.Datum) string {
	var parts []string
	for i, typ := range cols {
		parts = append(parts, fmt.Sprintf("%s %q", typ.Name, text(typ, row[i])))
	}
	return strings.Join(parts, ", ")
}

// TestRecordOrder holds the order of records field by field, nulls last, by Compare and by key.
func TestRecordOrder(t *testing.T) {
	const seed = 14
	r := rand.New(rand.NewSource(seed))
	record, list := types.ByName("record"), ordered()
	for range 200 {
		cols := make([]*types.Type, 1+r.Intn(3))
		for i := range cols {
			cols[i] = list[r.Intn(len(list))]
		}
		rows := make([]types.Datum, 6)
		fields := make([][]types.Field, len(rows))
		for i := range rows {
			for _, typ := range cols {
				d := types.NullDatum
				if r.Intn(4) > 0 {
					d = randomDatum(t, r, typ)
				}
				fields[i] = append(fields[i], types.Field{Type: typ.OID, D: d})
			}
			rows[i] = types.StringDatum(types.EncodeRecord(fields[i]))
		}
		for i, a := range rows {
			for k, b := range rows {
				want := 0
				for c := 0; c < len(cols) && want == 0; c++ {
					x, y := fields[i][c].D, fields[k][c].D
					switch {
					case x.Null || y.Null:
						want = int(flag(x.Null)) - int(flag(y.Null))
					default:
						want = sign(cols[c].Compare(x, y))
					}
				}
				byKey := bytes.Compare(record.AppendKey(nil, a), record.AppendKey(nil, b))
				if got := sign(record.Compare(a, b)); got != want || byKey != want {
					t.Fatalf("seed %d: %s and %s compare %d, by key %d, want %d", seed, text(record, a), text(record, b), got, byKey,
						want)
				}
			}
		}
	}
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// TestFormsRoundTrip sends random values of every type through the text and the binary form. The value comes back with
// an equal key and prints as before.
func TestFormsRoundTrip(t *testing.T) {
	const seed = 15
	r := rand.New(rand.NewSource(seed))
	for _, typ := range ordered() {
		for range 30 {
			d := randomDatum(t, r, typ)
			printed, key := text(typ, d), typ.AppendKey(nil, d)
			byText, err := typ.Parse(printed, -1, nil)
			if err != nil {
				t.Fatalf("seed %d: %s prints as %q: %v", seed, typ.Name, printed, err)
			}
			byBinary, err := typ.Recv(typ.Send(nil, d, nil), -1, nil)
			if err != nil {
				t.Fatalf("seed %d: %s %s: %v", seed, typ.Name, printed, err)
			}
			for form, back := range map[string]types.Datum{"text": byText, "binary": byBinary} {
				if text(typ, back) != printed || !bytes.Equal(typ.AppendKey(nil, back), key) || typ.Compare(back, d) != 0 {
					t.Fatalf("seed %d: %s %q comes back from %s as %q", seed, typ.Name, printed, form, text(typ, back))
				}
			}
		}
	}
}

// TestCanonicalForms cuts and changes the stored forms of arrays and records: they are refused or read, and what is
// read prints without a panic.
func TestCanonicalForms(t *testing.T) {
	const seed = 16
	r := rand.New(rand.NewSource(seed))
	list := ordered()
	record := types.ByName("record")
	for range 400 {
		typ := list[r.Intn(len(list))]
		if typ.Category == 'A' {
			continue
		}
		a := randomArray(t, r, typ)
		fields := make([]types.Field, len(a.Items))
		for i, d := range a.Items {
			fields[i] = types.Field{Type: typ.OID, D: d}
		}
		rec, err := types.DecodeRecord(types.EncodeRecord(fields))
		if err != nil || !slices.Equal(rec, fields) {
			t.Fatalf("seed %d: record of %s: %v %v", seed, typ.Name, rec, err)
		}
		arr, err := types.DecodeArray(a.Encode())
		if err != nil || arr.Elem != a.Elem || !slices.Equal(arr.Items, a.Items) || !slices.Equal(arr.Dims, a.Dims) ||
			!slices.Equal(arr.Lower, a.Lower) {
			t.Fatalf("seed %d: array of %s: %v %v, want %v", seed, typ.Name, arr, err, a)
		}
		for range 20 {
			b := []byte(a.Encode())
			b[r.Intn(len(b))] ^= byte(1 << r.Intn(8))
			if arrayType := types.Lookup(typ.Array); arrayType != nil {
				_, _ = types.DecodeArray(string(b))
				text(arrayType, types.StringDatum(string(b[:r.Intn(len(b)+1)])))
			}
			b = []byte(types.EncodeRecord(fields))
			b[r.Intn(len(b))] ^= byte(1 << r.Intn(8))
			_, _ = types.DecodeRecord(string(b))
			text(record, types.StringDatum(string(b[:r.Intn(len(b)+1)])))
		}
	}
}
