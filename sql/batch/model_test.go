package batch_test

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// randomDatum is a value of a form, sometimes null.
func randomDatum(r *rand.Rand, phys types.Physical) types.Datum {
	if r.Intn(4) == 0 {
		return types.NullDatum
	}
	switch phys {
	case types.Bool:
		return types.BoolDatum(r.Intn(2) == 0)
	case types.Int:
		return types.IntDatum(int64(r.Uint64()))
	case types.Float:
		return types.FloatDatum(r.NormFloat64())
	}
	return types.StringDatum(fmt.Sprint(r.Intn(1000)))
}

// TestColumnAgainstModel does random steps on a column of each form and on a slice of datums, which must stay the
// same. Slots that a step leaves open are not looked at before they are set.
func TestColumnAgainstModel(t *testing.T) {
	const seed = 91
	r := rand.New(rand.NewSource(seed))
	for _, f := range forms {
		c, model := batch.New(types.Of(0), f.phys, r.Intn(4)), []types.Datum{}
		for step := range 4000 {
			switch n := c.Len(); r.Intn(7) {
			case 0, 1:
				d := randomDatum(r, f.phys)
				c.Append(d)
				model = append(model, d)
			case 2:
				if n > 0 {
					i, d := r.Intn(n), randomDatum(r, f.phys)
					c.SetDatum(i, d)
					model[i] = d
				}
			case 3:
				if n > 0 {
					i := r.Intn(n)
					c.SetNull(i)
					model[i] = types.NullDatum
				}
			case 4:
				k := r.Intn(n + 5)
				c.Resize(k)
				for i := n; i < k; i++ {
					if c.Null(i) {
						t.Fatalf("seed %d, %s, step %d: new slot %d is null", seed, f.name, step, i)
					}
					d := randomDatum(r, f.phys)
					c.SetDatum(i, d)
					model = append(model, d)
				}
				model = model[:k]
			case 5:
				if r.Intn(20) == 0 {
					c.Reset(r.Intn(2000))
					model = model[:0]
				}
			case 6:
				src, rows := batch.New(types.Of(0), f.phys, 0), []types.Datum{}
				for range r.Intn(6) {
					d := randomDatum(r, f.phys)
					src.Append(d)
					rows = append(rows, d)
				}
				var sel []int32
				if r.Intn(2) == 0 {
					sel = []int32{}
					var chosen []types.Datum
					for i := range rows {
						if r.Intn(2) == 0 {
							sel, chosen = append(sel, int32(i)), append(chosen, rows[i])
						}
					}
					rows = chosen
				}
				c.AppendFrom(src, sel, src.Len())
				model = append(model, rows...)
			}
			if got := datums(c); !slices.Equal(got, model) || c.Nulls != nil && len(c.Nulls) != len(model) {
				t.Fatalf("seed %d, %s, step %d: %v, want %v", seed, f.name, step, got, model)
			}
		}
	}
}

// TestAppendAcrossBatches fills columns with sizes around a full batch, with a null first, last and nowhere.
func TestAppendAcrossBatches(t *testing.T) {
	for _, f := range forms {
		for _, n := range []int{1, batch.RowsMax - 1, batch.RowsMax, batch.RowsMax + 1, 3*batch.RowsMax + 7} {
			for _, nullAt := range []int{-1, 0, n / 2, n - 1} {
				c := batch.New(types.Of(0), f.phys, batch.RowsMax)
				for i := range n {
					d := f.a
					if i%3 == 1 {
						d = f.b
					}
					if i == nullAt {
						d = types.NullDatum
					}
					c.Append(d)
				}
				if c.Len() != n || (c.Nulls != nil) != (nullAt >= 0) {
					t.Fatalf("%s: %d rows, mask %v", f.name, c.Len(), c.Nulls != nil)
				}
				for i := range n {
					want := f.a
					if i%3 == 1 {
						want = f.b
					}
					if i == nullAt {
						want = types.NullDatum
					}
					if c.Datum(i) != want {
						t.Fatalf("%s: row %d of %d is %v, want %v", f.name, i, n, c.Datum(i), want)
					}
				}
			}
		}
	}
}

// TestResetKeepsMemory holds that a column is filled again without allocating, as operators do for every batch.
func TestResetKeepsMemory(t *testing.T) {
	for _, f := range forms {
		c := batch.New(types.Of(0), f.phys, batch.RowsMax)
		allocated := testing.AllocsPerRun(10, func() {
			c.Reset(batch.RowsMax)
			for range batch.RowsMax {
				c.Append(f.a)
			}
		})
		if allocated > 0 {
			t.Errorf("%s: %v allocations", f.name, allocated)
		}
	}
}

// TestAppendFromItself holds that the rows of a column may be appended to it.
func TestAppendFromItself(t *testing.T) {
	for _, f := range forms {
		c := batch.New(types.Of(0), f.phys, 0)
		c.Append(f.a)
		c.Append(types.NullDatum)
		for range 4 {
			c.AppendFrom(c, nil, c.Len())
		}
		if c.Len() != 32 {
			t.Fatalf("%s: %d rows", f.name, c.Len())
		}
		for i := range c.Len() {
			if want := []types.Datum{f.a, types.NullDatum}[i%2]; c.Datum(i) != want {
				t.Fatalf("%s: row %d is %v", f.name, i, c.Datum(i))
			}
		}
	}
}

// TestRowsOfSelections holds rows and positions of a batch under selections of every size.
func TestRowsOfSelections(t *testing.T) {
	for _, n := range []int{0, 1, batch.RowsMax - 1, batch.RowsMax, batch.RowsMax + 1} {
		b := &batch.Batch{N: n}
		if b.Rows() != n {
			t.Errorf("%d of %d rows count", b.Rows(), n)
		}
		b.Sel = []int32{}
		for i := 0; i < n; i += 3 {
			b.Sel = append(b.Sel, int32(i))
		}
		if b.Rows() != (n+2)/3 {
			t.Errorf("%d of %d rows count, every third was selected", b.Rows(), n)
		}
		for i := range b.Rows() {
			if b.Row(i) != 3*i {
				t.Errorf("row %d is at %d", i, b.Row(i))
			}
		}
	}
}
