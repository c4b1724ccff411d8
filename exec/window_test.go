package exec

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// windowRows makes rows of (partition, key, weight) in window order. The weights of a partition are
// different powers of two, so that a sum tells which rows were in a frame.
func windowRows(r *rand.Rand, desc bool) [][]int {
	var rows [][]int
	for p := range 40 {
		keys := make([]int, 1+r.Intn(28))
		for i := range keys {
			keys[i] = r.Intn(12)
		}
		slices.Sort(keys)
		if desc {
			slices.Reverse(keys)
		}
		for i, k := range keys {
			if i >= len(keys)-p%4 { // nulls are last in both directions
				k = null
			}
			rows = append(rows, []int{p, k, 1 << i})
		}
	}
	return rows
}

// inFrame says by definition whether row j of a partition is in row i's frame.
func inFrame(f bind.Frame, keys []int, i, j, start, end int, desc bool) bool {
	group := func(i int) int { // the number of the peer group
		g := 0
		for k := 1; k <= i; k++ {
			if keys[k] != keys[k-1] {
				g++
			}
		}
		return g
	}
	var at, other int
	switch f.Mode {
	case 'o':
		at, other = i, j
	case 'g':
		at, other = group(i), group(j)
	default:
		at, other = keys[i], keys[j]
		if at == null || other == null {
			// A null key is behind all others and at no distance from them.
			at, other, start, end = min(group(i), group(j))-group(j), 0, 0, 0
			if keys[i] == null && keys[j] != null {
				at, other = 1, 0
			} else if keys[j] == null && keys[i] != null {
				at, other = 0, 1
			}
		} else if desc {
			at, other = -at, -other
		}
	}
	lo := map[bind.Bound]int{bind.OffsetPreceding: at - start, bind.CurrentRow: at, bind.OffsetFollowing: at + start}
	hi := map[bind.Bound]int{bind.OffsetPreceding: at - end, bind.CurrentRow: at, bind.OffsetFollowing: at + end}
	if b, ok := lo[f.Start]; ok && other < b {
		return false
	}
	if b, ok := hi[f.End]; ok && other > b {
		return false
	}
	peer := keys[i] == keys[j]
	switch f.Exclude {
	case 'c':
		return i != j
	case 'g':
		return !peer
	case 't':
		return i == j || !peer
	}
	return true
}

func checkFrame(t *testing.T, rows [][]int, f bind.Frame, start, end int, desc bool) {
	t.Helper()
	offset := func(b bind.Bound, n int) eval.Expr {
		if b != bind.OffsetPreceding && b != bind.OffsetFollowing {
			return nil
		}
		return &eval.Const{T: map[bool]types.T{true: int4, false: types.Of(types.Int8OID)}[f.Mode == 'r'], D: datumOf(n)}
	}
	f.StartOff, f.EndOff = offset(f.Start, start), offset(f.End, end)
	sum := aggOf("sum", types.Int4OID, col(3))
	n := &planner.Window{
		Input: intRows(1, 3, rows), Partition: []eval.Expr{col(1)}, Frame: f,
		Order: []eval.SortKey{{Expr: col(2), Desc: desc}},
		Calls: []bind.WindowCall{{F: sum.F, Args: sum.Args, T: sum.T}},
	}
	n.Cols = append(append(n.Cols, n.Input.Info().Cols...), eval.Column{ID: 9, T: sum.T})
	var want []string
	for from := 0; from < len(rows); {
		to := from
		var keys []int
		for to < len(rows) && rows[to][0] == rows[from][0] {
			keys = append(keys, rows[to][1])
			to++
		}
		for i := range keys {
			total := null
			for j := range keys {
				if inFrame(f, keys, i, j, start, end, desc) {
					total = max(total, 0) + rows[from+j][2]
				}
			}
			want = append(want, show(append(slices.Clone(rows[from+i]), total)))
		}
		from = to
	}
	wantRows(t, runPlan(t, n, 0), want, true)
}

func TestWindowFrames(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	starts := []bind.Bound{bind.UnboundedPreceding, bind.OffsetPreceding, bind.CurrentRow, bind.OffsetFollowing}
	ends := []bind.Bound{bind.OffsetPreceding, bind.CurrentRow, bind.OffsetFollowing, bind.UnboundedFollowing}
	for _, desc := range []bool{false, true} {
		rows := windowRows(r, desc)
		for _, mode := range []byte{'o', 'r', 'g'} {
			for _, s := range starts {
				for _, e := range ends {
					for _, exclude := range []byte{0, 'c', 'g', 't'} {
						f := bind.Frame{Mode: mode, Start: s, End: e, Exclude: exclude}
						name := fmt.Sprintf("desc=%v/%c/%d-%d/exclude=%d", desc, mode, s, e, exclude)
						t.Run(name, func(t *testing.T) { checkFrame(t, rows, f, r.Intn(4), r.Intn(4), desc) })
					}
				}
			}
		}
	}
}

// TestWindowPartitions has partitions that are larger and smaller than a batch, with the input cut anywhere.
func TestWindowPartitions(t *testing.T) {
	f := func(sizes ...int) {
		t.Helper()
		var rows [][]int
		var want []string
		for p, size := range sizes {
			for i := range size {
				rows = append(rows, []int{p, i / 3})
				want = append(want, show([]int{p, i / 3, i + 1, i/3*3 + 1, size}))
			}
		}
		n := &planner.Window{
			Input: intRows(1, 2, rows), Partition: []eval.Expr{col(1)}, Order: []eval.SortKey{{Expr: col(2)}},
			Frame: bind.Frame{Mode: 'r', Start: bind.UnboundedPreceding, End: bind.UnboundedFollowing},
		}
		int8 := types.Of(types.Int8OID)
		count := aggOf("count", 0)
		for _, fun := range []*fn.Func{windowFuncNamed("row_number"), windowFuncNamed("rank"), count.F} {
			n.Calls = append(n.Calls, bind.WindowCall{F: fun, T: int8})
		}
		n.Cols = append(n.Cols, n.Input.Info().Cols...)
		for i := range n.Calls {
			n.Cols = append(n.Cols, eval.Column{ID: eval.ColID(10 + i), T: int8})
		}
		wantRows(t, runPlan(t, n, 0), want, true)
	}
	f()
	f(1)
	f(1024, 1)
	f(1023, 2, 1)
	f(3000, 1, 1, 5000, 7)
	f(slices.Repeat([]int{1, 2}, 2000)...)
}

func windowFuncNamed(name string) *fn.Func {
	for _, f := range fn.FuncsByName(name) {
		if f.Window != nil && len(f.Args) == 0 {
			return f
		}
	}
	panic("no window function " + name)
}
