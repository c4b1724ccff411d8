package eval_test

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// maker makes random expressions over the columns of testBatch. Divisions may fail, so that it shows when a row is
// computed that nobody asked for.
type maker struct{ r *rand.Rand }

var int4T, boolT = types.Of(int4OID), types.Of(boolOID)

func equality(oid types.OID) *fn.Func { return fn.FindOperator("=", oid, oid).Func }

func (m *maker) ints(depth int) eval.Expr {
	if depth == 0 {
		return m.intLeaf()
	}
	sub := func() eval.Expr { return m.ints(depth - 1 - m.r.Intn(depth)) }
	switch m.r.Intn(11) {
	case 0, 1:
		return op([]string{"+", "-", "*"}[m.r.Intn(3)], sub(), sub())
	case 2:
		return op([]string{"/", "%"}[m.r.Intn(2)], sub(), sub())
	case 3:
		c := &eval.Case{T: int4T}
		for range 1 + m.r.Intn(3) {
			c.Whens = append(c.Whens, eval.When{Cond: m.bools(depth - 1), Result: sub()})
		}
		if m.r.Intn(2) == 0 {
			c.Else = sub()
		}
		return c
	case 4:
		c := &eval.Case{Arg: sub(), T: int4T}
		for range 1 + m.r.Intn(2) {
			c.Whens = append(c.Whens, eval.When{Cond: op("=", &eval.CaseValue{T: int4T}, sub()), Result: sub()})
		}
		return c
	case 5:
		return &eval.Coalesce{Args: []eval.Expr{sub(), sub(), sub()}, T: int4T}
	case 6:
		return &eval.MinMax{Args: []eval.Expr{sub(), sub(), sub()}, Greatest: m.r.Intn(2) == 0, T: int4T}
	case 7:
		return &eval.NullIf{Left: sub(), Right: sub(), Eq: equality(int4OID)}
	case 8:
		index := op("+", op("%", sub(), num(3)), num(1))
		return &eval.Subscript{Arg: list(sub(), sub(), sub()), Indexes: []eval.SubscriptIndex{{Upper: index}}, T: int4T}
	case 9:
		return &eval.IOCast{Arg: &eval.IOCast{Arg: sub(), T: types.Of(textOID)}, T: int4T}
	}
	row := &eval.Row{Fields: []eval.Expr{sub(), sub()}, T: types.Of(types.RecordOID)}
	if m.r.Intn(2) == 0 {
		return &eval.Field{Arg: row, N: m.r.Intn(2), T: int4T}
	}
	return &eval.Field{Arg: &eval.Relabel{Arg: row, T: row.T}, N: m.r.Intn(2), T: int4T}
}

func (m *maker) intLeaf() eval.Expr {
	switch m.r.Intn(6) {
	case 0, 1:
		return a()
	case 2:
		return b()
	case 3:
		return null(int4OID)
	case 4:
		return &eval.Param{N: 1, T: int4T}
	}
	return num(int64(m.r.Intn(7) - 2))
}

func (m *maker) bools(depth int) eval.Expr {
	if depth == 0 {
		return []eval.Expr{tt(), lit("bool", "t"), lit("bool", "f"), null(boolOID)}[m.r.Intn(4)]
	}
	sub := func() eval.Expr { return m.bools(depth - 1 - m.r.Intn(depth)) }
	ints := func() eval.Expr { return m.ints(depth - 1) }
	switch m.r.Intn(11) {
	case 0, 1:
		return op([]string{"=", "<>", "<", "<=", ">", ">="}[m.r.Intn(6)], ints(), ints())
	case 2:
		return &eval.And{Args: []eval.Expr{sub(), sub(), sub()}[:2+m.r.Intn(2)]}
	case 3:
		return &eval.Or{Args: []eval.Expr{sub(), sub(), sub()}[:2+m.r.Intn(2)]}
	case 4:
		return &eval.Not{Arg: sub()}
	case 5:
		return &eval.IsNull{Arg: []eval.Expr{
			ints(), sub(),
			&eval.Row{Fields: []eval.Expr{ints(), sub()}, T: types.Of(types.RecordOID)},
		}[m.r.Intn(3)], Not: m.r.Intn(2) == 0}
	case 6:
		return &eval.BoolTest{Arg: sub(), Want: eval.BoolWant(m.r.Intn(3)), Not: m.r.Intn(2) == 0}
	case 7:
		return &eval.Distinct{Left: ints(), Right: ints(), Eq: equality(int4OID), Not: m.r.Intn(2) == 0}
	case 8:
		return m.anyAll(depth)
	case 9:
		names := []string{"=", "<>", "<", "<=", ">", ">="}
		name := names[m.r.Intn(6)]
		strict := "<"
		if name[0] == '>' {
			strict = ">"
		}
		lt := fn.FindOperator(strict, int4OID, int4OID).Func
		return &eval.RowCompare{
			Op: name, Left: []eval.Expr{ints(), ints()}, Right: []eval.Expr{ints(), ints()},
			Eq: []*fn.Func{equality(int4OID), equality(int4OID)}, Cmp: []*fn.Func{lt, lt},
		}
	}
	return &eval.Case{Whens: []eval.When{{Cond: sub(), Result: sub()}}, Else: sub(), T: boolT}
}

// anyAll is IN and its like over lists of constants and of others, and over an array value.
func (m *maker) anyAll(depth int) eval.Expr {
	name := []string{"=", "<>", "<", ">="}[m.r.Intn(4)]
	e := &eval.AnyAll{
		Left: m.ints(depth - 1), F: fn.FindOperator(name, int4OID, int4OID).Func, Op: name,
		All: m.r.Intn(2) == 0,
	}
	items := list()
	for range m.r.Intn(7) {
		if m.r.Intn(4) == 0 {
			items.Elems = append(items.Elems, m.ints(depth-1))
		} else {
			items.Elems = append(items.Elems, []eval.Expr{num(int64(m.r.Intn(30))), null(int4OID)}[m.r.Intn(8)/7])
		}
	}
	e.Right = items
	if m.r.Intn(3) == 0 {
		e.Right = &eval.Relabel{Arg: items, T: items.T}
	}
	return e
}

// outcome is what an expression gives for each selected row: the value, or the code of the error of all.
type outcome struct {
	rows []types.Datum
	code string
}

func evaluate(t *testing.T, e eval.Expr, in *batch.Batch) outcome {
	t.Helper()
	p, err := eval.Compile(e, slot)
	if err != nil {
		t.Fatalf("%s: %v", show(e), err)
	}
	return outcomeOf(p, in)
}

func runtime() *eval.Runtime {
	return &eval.Runtime{Env: &fn.Env{}, Params: []types.Datum{types.IntDatum(3)}}
}

func outcomeOf(p *eval.Program, in *batch.Batch) outcome {
	col, err := p.Eval(runtime(), in)
	if err != nil {
		return outcome{code: pgerr.Code(err)}
	}
	var out outcome
	for i := range in.Rows() {
		out.rows = append(out.rows, col.Datum(in.Row(i)))
	}
	return out
}

// oneByOne evaluates each selected row as a batch of its own. Errors gives the codes that rows failed with.
func oneByOne(t *testing.T, e eval.Expr, in *batch.Batch) (rows []types.Datum, errors []string) {
	t.Helper()
	for i := range in.Rows() {
		single := &batch.Batch{N: 1}
		for _, c := range in.Cols {
			col := batch.New(c.Type, c.Phys, 1)
			col.Append(c.Datum(in.Row(i)))
			single.Cols = append(single.Cols, col)
		}
		got := evaluate(t, e, single)
		if got.code != "" {
			errors = append(errors, got.code)
			continue
		}
		rows = append(rows, got.rows[0])
	}
	return rows, errors
}

// selections are none, and some of every kind.
func selections(r *rand.Rand, n int) [][]int32 {
	some := []int32{}
	for i := range n {
		if r.Intn(3) == 0 {
			some = append(some, int32(i))
		}
	}
	out := [][]int32{nil, some}
	if n > 0 {
		out = append(out, []int32{int32(n - 1)}, []int32{0})
	}
	return out
}

// TestBatchesAsRows holds that an expression gives for each row of a batch what it gives for the row alone, whatever
// rows are selected, and fails only when a selected row fails.
func TestBatchesAsRows(t *testing.T) {
	const seed = 101
	m := &maker{r: rand.New(rand.NewSource(seed))}
	for i := range 1500 {
		e := m.ints(1 + i%4)
		if i%2 == 0 {
			e = m.bools(1 + i%4)
		}
		in := testBatch(7)
		for _, sel := range selections(m.r, in.N) {
			in.Sel = sel
			got := evaluate(t, e, in)
			want, errors := oneByOne(t, e, in)
			switch {
			case len(errors) > 0 && !slices.Contains(errors, got.code):
				t.Fatalf("seed %d: %s over %v gives %v, a row alone fails with %v", seed, show(e), sel, got, errors)
			case len(errors) == 0 && (got.code != "" || !slices.Equal(got.rows, want)):
				t.Fatalf("seed %d: %s over %v gives %v, want %v", seed, show(e), sel, got, want)
			}
		}
	}
}

// TestFoldKeepsValues holds that folding changes no value and no error of any row.
func TestFoldKeepsValues(t *testing.T) {
	const seed = 102
	m := &maker{r: rand.New(rand.NewSource(seed))}
	for i := range 2500 {
		e := m.bools(1 + i%4)
		if i%2 == 0 {
			e = m.ints(1 + i%4)
		}
		before := show(e)
		folded := eval.Fold(e)
		if show(e) != before {
			t.Fatalf("seed %d: folding changed its operand: %s, was %s", seed, show(e), before)
		}
		in := testBatch(5)
		want, errors := oneByOne(t, e, in)
		got, foldedErrors := oneByOne(t, folded, in)
		if len(errors) == 0 && (len(foldedErrors) > 0 || !slices.Equal(got, want)) {
			t.Fatalf("seed %d: %s gives %v, folded %s %v %v", seed, before, want, show(folded), got, foldedErrors)
		}
		if again := eval.Fold(folded); show(again) != show(folded) {
			t.Fatalf("seed %d: %s folds to %s, then to %s", seed, before, show(folded), show(again))
		}
		if folded.Type().OID != e.Type().OID {
			t.Fatalf("seed %d: %s of type %d folds to type %d", seed, before, e.Type().OID, folded.Type().OID)
		}
	}
}

// TestFilterKeepsTheTrue holds that Filter gives the selected rows for which Eval gives true.
func TestFilterKeepsTheTrue(t *testing.T) {
	const seed = 103
	m := &maker{r: rand.New(rand.NewSource(seed))}
	for i := range 1500 {
		e := m.bools(1 + i%4)
		in := testBatch(9)
		for _, sel := range selections(m.r, in.N) {
			in.Sel = sel
			want := evaluate(t, e, in)
			if want.code != "" {
				continue
			}
			p, err := eval.Compile(e, slot)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := p.Filter(runtime(), in)
			if err != nil {
				t.Fatalf("seed %d: %s over %v: %v", seed, show(e), sel, err)
			}
			var yes []int32
			for i, d := range want.rows {
				if !d.Null && d.Bool() {
					yes = append(yes, int32(in.Row(i)))
				}
			}
			if !slices.Equal(rows, yes) {
				t.Fatalf("seed %d: %s over %v keeps %v, want %v", seed, show(e), sel, rows, yes)
			}
		}
	}
}

// TestProgramsAreUsedAgain holds that a program gives the same for batches of any size one after the other, around a
// full batch and under changing selections.
func TestProgramsAreUsedAgain(t *testing.T) {
	const seed = 104
	m := &maker{r: rand.New(rand.NewSource(seed))}
	sizes := []int{batch.RowsMax, 1, 0, batch.RowsMax + 1, 3, batch.RowsMax - 1, 1}
	whole := testBatch(batch.RowsMax + 1)
	for i := range 60 {
		e := m.bools(1 + i%3)
		if i%2 == 0 {
			e = m.ints(1 + i%3)
		}
		p, err := eval.Compile(e, slot)
		if err != nil {
			t.Fatal(err)
		}
		all, _ := eval.Compile(e, slot)
		want := outcomeOf(all, whole)
		if want.code != "" {
			continue
		}
		for _, n := range sizes {
			in := testBatch(n)
			for _, sel := range selections(m.r, n) {
				in.Sel = sel
				got := outcomeOf(p, in)
				if got.code != "" || len(got.rows) != in.Rows() {
					t.Fatalf("seed %d: %s over %d rows: %v", seed, show(e), n, got.code)
				}
				for i, d := range got.rows {
					if d != want.rows[in.Row(i)] {
						t.Fatalf("seed %d: %s: row %d of %d is %v, want %v", seed, show(e), in.Row(i), n, d, want.rows[in.Row(i)])
					}
				}
			}
		}
	}
}

// TestRewriteIsFaithful holds that rebuilding an expression from copies of its leaves gives an equal one with the
// same columns, and that changing a leaf gives another.
func TestRewriteIsFaithful(t *testing.T) {
	const seed = 105
	m := &maker{r: rand.New(rand.NewSource(seed))}
	for i := range 1000 {
		e := m.bools(1 + i%4)
		copied := eval.Rewrite(e, func(x eval.Expr) eval.Expr {
			if c, ok := x.(*eval.Col); ok {
				return &eval.Col{ID: c.ID, T: c.T, Name: c.Name}
			}
			return x
		})
		if !eval.Equal(e, copied) || !eval.Equal(copied, e) || show(e) != show(copied) {
			t.Fatalf("seed %d: %s is copied as %s", seed, show(e), show(copied))
		}
		if eval.Rewrite(e, func(x eval.Expr) eval.Expr { return x }) != e {
			t.Fatalf("seed %d: %s is rebuilt without need", seed, show(e))
		}
		used, leaves := map[eval.ColID]bool{}, 0
		eval.Columns(e, used)
		eval.Walk(e, func(x eval.Expr) bool {
			if _, ok := x.(*eval.Col); ok {
				leaves++
			}
			return true
		})
		if (leaves > 0) != (len(used) > 0) {
			t.Fatalf("seed %d: %s has %d leaves and uses %v", seed, show(e), leaves, used)
		}
		other := eval.Rewrite(e, func(x eval.Expr) eval.Expr {
			if c, ok := x.(*eval.Col); ok {
				return &eval.Col{ID: c.ID + 10, T: c.T, Name: c.Name}
			}
			return x
		})
		if leaves > 0 && eval.Equal(e, other) {
			t.Fatalf("seed %d: %s equals itself with other columns", seed, show(e))
		}
		if !eval.UsesOnly(e, func(id eval.ColID) bool { return used[id] }) ||
			leaves > 0 && eval.UsesOnly(e, func(eval.ColID) bool { return false }) {
			t.Fatalf("seed %d: the columns of %s: %v", seed, show(e), fmt.Sprint(used))
		}
	}
}
