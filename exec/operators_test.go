package exec

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// null stands for NULL in the rows of these tests.
const null = -1 << 30

var int4 = types.Of(types.Int4OID)

// intRows is a relation of integer columns with the ids first, first+1, ...
func intRows(first, width int, rows [][]int) *planner.Values {
	v := &planner.Values{}
	for i := range width {
		v.Cols = append(v.Cols, eval.Column{ID: eval.ColID(first + i), T: int4})
	}
	for _, row := range rows {
		var list []eval.Expr
		for _, x := range row {
			list = append(list, &eval.Const{T: int4, D: datumOf(x)})
		}
		v.Lists = append(v.Lists, list)
	}
	return v
}

func datumOf(x int) types.Datum {
	if x == null {
		return types.NullDatum
	}
	return types.IntDatum(int64(x))
}

func col(id int) eval.Expr { return &eval.Col{ID: eval.ColID(id), T: int4} }

// randomRows makes rows of (key, number of the row): few keys, some of them null.
func randomRows(r *rand.Rand, n, keys int) [][]int {
	rows := make([][]int, n)
	for i := range rows {
		k := r.Intn(keys)
		if k == 0 {
			k = null
		}
		rows[i] = []int{k, i}
	}
	return rows
}

func show(row []int) string {
	parts := make([]string, len(row))
	for i, x := range row {
		parts[i] = fmt.Sprint(x)
		if x == null {
			parts[i] = "-"
		}
	}
	return strings.Join(parts, " ")
}

// runPlan runs a plan twice, for operators are opened again, and returns the rows of the second run.
func runPlan(t *testing.T, n planner.Node, workMem int64) []string {
	t.Helper()
	rt := &Runtime{Env: &fn.Env{}, WorkMem: workMem, TempDir: t.TempDir()}
	op, err := Build(rt, &planner.Plan{Root: n})
	if err != nil {
		t.Fatal(err)
	}
	var first, rows []string
	for range 2 {
		first, rows = rows, nil
		if err := op.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		for {
			b, err := op.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if b == nil {
				break
			}
			if b.Rows() == 0 {
				t.Fatal("an empty batch")
			}
			for i := range b.Rows() {
				var parts []string
				for _, c := range b.Cols {
					parts = append(parts, showDatum(c.Datum(b.Row(i)), c.Phys))
				}
				rows = append(rows, strings.Join(parts, " "))
			}
		}
	}
	if !slices.Equal(first, rows) {
		t.Fatalf("run 1 gave %d rows, run 2 %d, or others", len(first), len(rows))
	}
	if err := op.Close(); err != nil {
		t.Fatal(err)
	}
	if n := len(rt.temp.open); n != 0 {
		t.Errorf("%d temporary files are left after Close", n)
	}
	if err := rt.Close(); err != nil {
		t.Fatal(err)
	}
	return rows
}

func showDatum(d types.Datum, p types.Physical) string {
	switch {
	case d.Null:
		return "-"
	case p == types.String:
		return d.S
	}
	return fmt.Sprint(d.I)
}

func wantRows(t *testing.T, got, want []string, ordered bool) {
	t.Helper()
	if !ordered {
		got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	}
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Fatalf("row %d is %q, want %q", i, got[i], want[i])
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
}

// joinOf is what a join of sides of one width gives, by definition, in the order of the left rows.
func joinOf(kind bind.JoinKind, left, right [][]int, on func(l, r []int) bool) []string {
	var out []string
	width := 2
	if len(left) > 0 {
		width = len(left[0])
	}
	none := strings.Repeat(" -", width)
	hit := make([]bool, len(right))
	for _, l := range left {
		found := false
		for i, r := range right {
			if !on(l, r) {
				continue
			}
			if kind != bind.Semi && kind != bind.Anti {
				out = append(out, show(l)+" "+show(r))
			}
			found, hit[i] = true, true
		}
		switch {
		case found && kind == bind.Semi, !found && kind == bind.Anti:
			out = append(out, show(l))
		case !found && (kind == bind.Left || kind == bind.Full):
			out = append(out, show(l)+none)
		}
	}
	for i, r := range right {
		if kind == bind.Full && !hit[i] {
			out = append(out, none[1:]+" "+show(r))
		}
	}
	return out
}

// budgets run a plan in memory, with the least memory there is, and in between.
var budgets = []int64{0, 1, 4 << 10}

func TestJoins(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	less := fn.FindOperator("<", types.Int4OID, types.Int4OID).Func
	equal := fn.FindOperator("=", types.Int4OID, types.Int4OID).Func
	cond := &eval.Call{F: less, Args: []eval.Expr{col(2), col(4)}, T: types.Of(types.BoolOID)}
	same := &eval.Call{F: equal, Args: []eval.Expr{col(1), col(3)}, T: types.Of(types.BoolOID)}
	for _, size := range [][3]int{{0, 5, 3}, {5, 0, 3}, {1, 1, 2}, {300, 200, 40}, {60, 2500, 2}, {30, 2500, 900}} {
		left, right := randomRows(r, size[0], size[2]), randomRows(r, size[1], size[2])
		ln, rn := intRows(1, 2, left), intRows(3, 2, right)
		for _, kind := range []bind.JoinKind{bind.Inner, bind.Left, bind.Full, bind.Semi, bind.Anti} {
			want := joinOf(kind, left, right, func(l, r []int) bool { return l[0] != null && l[0] == r[0] && l[1] < r[1] })
			for _, mem := range budgets {
				t.Run(fmt.Sprintf("%v/kind=%d/mem=%d", size, kind, mem), func(t *testing.T) {
					hash := &planner.HashJoin{
						Kind: kind, Left: ln, Right: rn,
						LeftKeys: []eval.Expr{col(1)}, RightKeys: []eval.Expr{col(3)}, Conds: []eval.Expr{cond},
					}
					wantRows(t, runPlan(t, hash, mem), want, kind != bind.Full)
					loop := &planner.NestLoop{Kind: kind, Left: ln, Right: rn, Conds: []eval.Expr{same, cond}}
					wantRows(t, runPlan(t, loop, mem), want, true)
				})
			}
		}
	}
}

// TestNotIn has the three cases of NOT IN: nulls on the right, nulls on the left, an empty right side.
func TestNotIn(t *testing.T) {
	f := func(right [][]int, want ...string) {
		t.Helper()
		n := &planner.HashJoin{
			Kind: bind.Anti, NullAware: true, Left: intRows(1, 1, [][]int{{1}, {null}, {2}, {3}}), Right: intRows(3, 1, right),
			LeftKeys: []eval.Expr{col(1)}, RightKeys: []eval.Expr{col(3)},
		}
		for _, mem := range budgets {
			wantRows(t, runPlan(t, n, mem), want, true)
		}
	}
	f(nil, "1", "-", "2", "3")
	f([][]int{{2}, {7}}, "1", "3")
	f([][]int{{2}, {null}})
}

func aggOf(name string, arg types.OID, args ...eval.Expr) *eval.Agg {
	for _, f := range fn.FuncsByName(name) {
		if f.Agg != nil && len(f.Args) == len(args) && (len(args) == 0 || f.Args[0] == arg) {
			return &eval.Agg{F: f, Args: args, T: types.Of(f.Ret), Star: len(args) == 0}
		}
	}
	panic("no aggregate " + name)
}

func TestAggregateSpills(t *testing.T) {
	rows := randomRows(rand.New(rand.NewSource(2)), 5000, 900)
	counts, sums, all := map[int]int{}, map[int]int{}, 0
	for _, r := range rows {
		counts[r[0]]++
		sums[r[0]] += r[1]
		all += r[1]
	}
	var want []string
	for k, n := range counts {
		want = append(want, show([]int{k, n, sums[k]}))
	}
	want = append(want, show([]int{null, len(rows), all}))
	n := &planner.Aggregate{
		Input: intRows(1, 2, rows), Groups: []eval.Expr{col(1)}, Sets: [][]int{{0}, {}},
		Aggs: []eval.Expr{aggOf("count", 0), aggOf("sum", types.Int4OID, col(2))},
	}
	n.Cols = []eval.Column{{ID: 5, T: int4}, {ID: 6, T: types.Of(types.Int8OID)}, {ID: 7, T: types.Of(types.Int8OID)}}
	for _, mem := range budgets {
		wantRows(t, runPlan(t, n, mem), want, false)
	}
}

// TestAggregateDistinctFilter takes DISTINCT and FILTER through files as well.
func TestAggregateDistinctFilter(t *testing.T) {
	rows := randomRows(rand.New(rand.NewSource(3)), 4000, 300)
	for _, r := range rows {
		r[1] %= 7
	}
	seen := map[[2]int]bool{}
	want := map[int]int{}
	for _, r := range rows {
		if want[r[0]] += 0; r[1] < 5 && !seen[[2]int{r[0], r[1]}] {
			seen[[2]int{r[0], r[1]}] = true
			want[r[0]]++
		}
	}
	var list []string
	for k, n := range want {
		list = append(list, show([]int{k, n}))
	}
	agg := aggOf("count", types.AnyOID, col(2))
	agg.Distinct = true
	agg.Filter = &eval.Call{
		F:    fn.FindOperator("<", types.Int4OID, types.Int4OID).Func,
		Args: []eval.Expr{col(2), &eval.Const{T: int4, D: datumOf(5)}}, T: types.Of(types.BoolOID),
	}
	n := &planner.Aggregate{Input: intRows(1, 2, rows), Groups: []eval.Expr{col(1)}, Aggs: []eval.Expr{agg}}
	n.Cols = []eval.Column{{ID: 5, T: int4}, {ID: 6, T: types.Of(types.Int8OID)}}
	for _, mem := range budgets {
		wantRows(t, runPlan(t, n, mem), list, false)
	}
}

func TestSetOps(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	one := func(n int) [][]int {
		rows := randomRows(r, n, 30)
		for i := range rows {
			rows[i] = rows[i][:1]
		}
		return rows
	}
	left, right := one(2000), one(1500)
	times := map[int][2]int{}
	for side, rows := range [][][]int{left, right} {
		for _, row := range rows {
			c := times[row[0]]
			c[side]++
			times[row[0]] = c
		}
	}
	count := map[bind.SetKind]func(l, r int) int{
		bind.Union:     func(l, r int) int { return l + r },
		bind.Intersect: func(l, r int) int { return min(l, r) },
		bind.Except:    func(l, r int) int { return max(l-r, 0) },
	}
	for kind, f := range count {
		for _, all := range []bool{false, true} {
			var want []string
			for k, c := range times {
				n := f(c[0], c[1])
				if !all {
					n = min(n, 1)
					if kind == bind.Except && c[1] > 0 {
						n = 0
					}
				}
				for range n {
					want = append(want, show([]int{k}))
				}
			}
			n := &planner.SetOp{Kind: kind, All: all, Left: intRows(1, 1, left), Right: intRows(2, 1, right)}
			n.Cols = []eval.Column{{ID: 3, T: int4}}
			wantRows(t, runPlan(t, n, 0), want, false)
		}
	}
}
