package batch_test

import (
	"slices"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// forms has two values and a column of each physical form.
var forms = []struct {
	name string
	phys types.Physical
	a, b types.Datum
}{
	{"bool", types.Bool, types.BoolDatum(true), types.BoolDatum(false)},
	{"int", types.Int, types.IntDatum(-7), types.IntDatum(1 << 40)},
	{"float", types.Float, types.FloatDatum(1.5), types.FloatDatum(-0.25)},
	{"string", types.String, types.StringDatum("x"), types.StringDatum("")},
}

// datums returns the rows of a column.
func datums(c *batch.Column) []types.Datum {
	out := make([]types.Datum, c.Len())
	for i := range out {
		out[i] = c.Datum(i)
	}
	return out
}

func TestColumn(t *testing.T) {
	null := types.NullDatum
	for _, f := range forms {
		check := func(step string, c *batch.Column, want ...types.Datum) {
			t.Helper()
			if got := datums(c); !slices.Equal(got, want) {
				t.Fatalf("%s, %s: %v, want %v", f.name, step, got, want)
			}
		}
		c := batch.New(types.Of(0), f.phys, 0)
		check("new", c)
		c.Append(f.a)
		c.Append(f.b)
		check("append", c, f.a, f.b)
		if c.Nulls != nil {
			t.Fatalf("%s: a null mask without nulls", f.name)
		}
		c.Append(null)
		c.Append(f.a)
		check("append after a null", c, f.a, f.b, null, f.a)

		c.SetDatum(2, f.b)
		c.SetDatum(0, null)
		check("set", c, null, f.b, f.b, f.a)
		c.SetNull(3)
		check("set null", c, null, f.b, f.b, null)

		c.Resize(2)
		check("shrink", c, null, f.b)
		c.Resize(3)
		if c.Len() != 3 || c.Null(2) {
			t.Fatalf("%s: a new slot is null", f.name)
		}

		c.Reset(10)
		if c.Len() != 0 || c.Nulls != nil {
			t.Fatalf("%s: reset keeps rows", f.name)
		}
	}
}

func TestSetNullFirst(t *testing.T) {
	c := batch.New(types.Of(0), types.Int, 0)
	c.Resize(3)
	c.SetNull(1)
	if c.Null(0) || !c.Null(1) || c.Null(2) {
		t.Fatal(c.Nulls)
	}
}

func TestAppendFrom(t *testing.T) {
	for _, f := range forms {
		plain := batch.New(types.Of(0), f.phys, 0)
		plain.Append(f.a)
		plain.Append(f.b)
		holed := batch.New(types.Of(0), f.phys, 0)
		holed.Append(types.NullDatum)
		holed.Append(f.b)
		holed.Append(f.a)

		check := func(step string, c *batch.Column, want ...types.Datum) {
			t.Helper()
			if got := datums(c); !slices.Equal(got, want) {
				t.Fatalf("%s, %s: %v, want %v", f.name, step, got, want)
			}
		}
		c := batch.New(types.Of(0), f.phys, 0)
		c.AppendFrom(plain, nil, 2)
		check("all", c, f.a, f.b)
		c.AppendFrom(plain, []int32{1}, 2)
		check("selected", c, f.a, f.b, f.b)
		c.AppendFrom(holed, []int32{0, 2}, 3)
		check("with a null", c, f.a, f.b, f.b, types.NullDatum, f.a)
		c.AppendFrom(plain, nil, 1)
		check("without nulls behind nulls", c, f.a, f.b, f.b, types.NullDatum, f.a, f.a)
		if len(c.Nulls) != c.Len() {
			t.Fatalf("%s: %d marks for %d rows", f.name, len(c.Nulls), c.Len())
		}
	}
}

func TestSelection(t *testing.T) {
	b := &batch.Batch{N: 5}
	if b.Rows() != 5 || b.Row(3) != 3 {
		t.Fatal("a batch without a selection")
	}
	b.Sel = []int32{1, 4}
	if b.Rows() != 2 || b.Row(1) != 4 {
		t.Fatal("a batch with a selection")
	}
	b.Sel = []int32{}
	if b.Rows() != 0 {
		t.Fatal("an empty selection")
	}
}
