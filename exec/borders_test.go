package exec

import (
	"cmp"
	"fmt"
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// borderSizes are numbers of rows at and around the borders of batches.
var borderSizes = []int{0, 1, 2, 1023, 1024, 1025, 2048, 3000}

// selections keep the rows with a number of at least from, which drops whole batches and parts of one.
func selections(size int) []int { return []int{0, size / 2, max(size-1, 0), size} }

// overBorders calls f with inputs of (key, number) of every size and selection, and the rows that they have.
func overBorders(t *testing.T, f func(t *testing.T, in planner.Node, rows [][]int)) {
	t.Helper()
	const seed = 31
	r := rand.New(rand.NewSource(seed))
	for _, size := range borderSizes {
		rows := randomRows(r, size, 1+r.Intn(size+3))
		for _, from := range selections(size) {
			t.Run(fmt.Sprintf("seed %d, %d rows from %d", seed, size, from), func(t *testing.T) {
				in := intRows(1, 2, rows)
				kept := &planner.Filter{Base: in.Base, Input: in, Conds: []eval.Expr{callOf(">=", col(2), intConst(from))}}
				f(t, kept, rows[from:])
			})
		}
	}
}

// wantTrial runs a plan with memory enough and with little.
func wantTrial(t *testing.T, n planner.Node, want []string, ordered bool) {
	t.Helper()
	for _, mem := range []int64{0, 4 << 10} {
		r := newTrial(t, n, mem)
		got, err := r.read(t.Context(), -1)
		if err != nil {
			t.Fatal(err)
		}
		wantRows(t, got, want, ordered)
		r.end(t)
	}
}

func shown(rows [][]int) []string {
	out := make([]string, len(rows))
	for i, row := range rows {
		out[i] = show(row)
	}
	return out
}

// byKey orders rows by their key, nulls last, then by number.
func byKey(a, b []int) int {
	x, y := a[0], b[0]
	if x == null {
		x = math.MaxInt
	}
	if y == null {
		y = math.MaxInt
	}
	return cmp.Or(cmp.Compare(x, y), cmp.Compare(a[1], b[1]))
}

var byKeyKeys = []eval.SortKey{{Expr: col(1)}, {Expr: col(2)}}

func TestSortBorders(t *testing.T) {
	overBorders(t, func(t *testing.T, in planner.Node, rows [][]int) {
		sorted := slices.SortedFunc(slices.Values(rows), byKey)
		wantTrial(t, &planner.Sort{Base: *in.Info(), Input: in, Keys: byKeyKeys}, shown(sorted), true)
		for _, keep := range []int{0, 1, 1024, len(rows)} {
			top := &planner.Sort{Base: *in.Info(), Input: in, Keys: byKeyKeys, Limit: intConst(keep), Offset: intConst(1)}
			wantTrial(t, top, shown(sorted[:min(keep+1, len(sorted))]), true)
		}
	})
}

func TestLimitBorders(t *testing.T) {
	overBorders(t, func(t *testing.T, in planner.Node, rows [][]int) {
		for _, skip := range []int{0, 1, 1023, 1024, 1025} {
			for _, count := range []int{null, 0, 1, 1024, 1025} {
				want := rows[min(skip, len(rows)):]
				if count != null {
					want = want[:min(count, len(want))]
				}
				n := &planner.Limit{Base: *in.Info(), Input: in, Count: intConst(count), Offset: intConst(skip)}
				wantTrial(t, n, shown(want), true)
			}
		}
	})
}

func TestDistinctBorders(t *testing.T) {
	overBorders(t, func(t *testing.T, in planner.Node, rows [][]int) {
		sorted := slices.SortedFunc(slices.Values(rows), byKey)
		first := slices.CompactFunc(slices.Clone(sorted), func(a, b []int) bool { return a[0] == b[0] })
		on := []eval.Expr{col(1)}
		order := &planner.Sort{Base: *in.Info(), Input: in, Keys: byKeyKeys}
		wantTrial(t, &planner.Distinct{Base: *in.Info(), Input: order, On: on, Sorted: true}, shown(first), true)
		wantTrial(t, &planner.Distinct{Base: *in.Info(), Input: in}, shown(rows),
			false) // the numbers make all rows different
		// Without an order the first of the input stays, which has the least number.
		wantTrial(t, &planner.Distinct{Base: *in.Info(), Input: in, On: on}, shown(first), false)
	})
}

func TestAggregateBorders(t *testing.T) {
	overBorders(t, func(t *testing.T, in planner.Node, rows [][]int) {
		counts, sums := map[int]int{}, map[int]int{}
		for _, r := range rows {
			counts[r[0]]++
			sums[r[0]] += r[1]
		}
		var want []string
		for k, n := range counts {
			want = append(want, show([]int{k, n, sums[k]}))
		}
		n := &planner.Aggregate{
			Input: in, Groups: []eval.Expr{col(1)}, Aggs: []eval.Expr{aggOf("count", 0), aggOf("sum", types.Int4OID, col(2))},
		}
		n.Cols = append(intColumns(5, 1, int4), intColumns(6, 2, types.Of(types.Int8OID))...)
		wantTrial(t, n, want, false)
	})
}

func TestSetOpBorders(t *testing.T) {
	other := intRows(3, 2, [][]int{{null, 0}, {1, 1}, {1, 1}, {7, 1024}})
	overBorders(t, func(t *testing.T, in planner.Node, rows [][]int) {
		n := &planner.SetOp{Kind: bind.Union, All: true, Left: in, Right: other, Base: *in.Info()}
		wantTrial(t, n, append(shown(rows), "- 0", "1 1", "1 1", "7 1024"), true)
		a := &planner.Append{Base: *in.Info(), Parts: []planner.Node{other, in, other}}
		four := []string{"- 0", "1 1", "1 1", "7 1024"}
		wantTrial(t, a, slices.Concat(four, shown(rows), four), true)
		self := &planner.SetOp{Kind: bind.Except, Left: in, Right: in, Base: *in.Info()}
		wantTrial(t, self, nil, true)
		same := &planner.SetOp{Kind: bind.Intersect, All: true, Left: in, Right: in, Base: *in.Info()}
		wantTrial(t, same, shown(rows), false)
	})
}

func TestMaterialAndProjectBorders(t *testing.T) {
	overBorders(t, func(t *testing.T, in planner.Node, rows [][]int) {
		wantTrial(t, &planner.Material{Base: *in.Info(), Input: in}, shown(rows), true)
		var sums []string
		for _, r := range rows {
			s := null
			if r[0] != null {
				s = r[0] + r[1]
			}
			sums = append(sums, show([]int{s, r[1]}))
		}
		p := &planner.Project{
			Base: planner.Base{Cols: intColumns(5, 2, int4)}, Input: in, Exprs: []eval.Expr{callOf("+", col(1), col(2)), col(2)},
		}
		wantTrial(t, p, sums, true)
	})
}

func TestProjectSetBorders(t *testing.T) {
	overBorders(t, func(t *testing.T, in planner.Node, rows [][]int) {
		// Each row gives (number, 1), (number, 2) and so on, as many as its key modulo four.
		four := callOf("%", col(1), intConst(4))
		n := &planner.ProjectSet{
			Base: planner.Base{Cols: intColumns(5, 2, int4)}, Input: in, Exprs: []eval.Expr{col(2), seriesOf(intConst(1), four)},
		}
		var want []string
		for _, r := range rows {
			for k := 1; r[0] != null && k <= r[0]%4; k++ {
				want = append(want, show([]int{r[1], k}))
			}
		}
		wantTrial(t, n, want, true)
	})
}

// A filter without columns is looked at once: it lets all rows pass, or does not even open its input.
func TestOneTimeFilter(t *testing.T) {
	in := intRows(1, 1, [][]int{{1}, {2}})
	f := func(cond eval.Expr, want ...string) {
		t.Helper()
		n := &planner.Filter{Base: in.Base, Input: in, Conds: []eval.Expr{cond}, OneTime: true}
		wantTrial(t, n, want, true)
	}
	f(callOf("<", intConst(1), intConst(2)), "1", "2")
	f(callOf("<", intConst(2), intConst(1)))
	f(callOf("<", intConst(null), intConst(1)))
}

// A node that no operator is for is an error, and so is one below others.
func TestBuildUnknownNode(t *testing.T) {
	type strange struct{ planner.Empty }
	for _, n := range []planner.Node{
		&strange{}, &planner.Material{Input: &strange{}},
		&planner.Append{Parts: []planner.Node{&planner.Empty{}, &strange{}}},
	} {
		op, err := Build(&Runtime{}, &planner.Plan{Root: n})
		if err == nil || op != nil || !strings.Contains(err.Error(), "strange") {
			t.Errorf("%T: %v", n, err)
		}
	}
}

// appendNulls, pickNullable and sliceColumn keep values and nulls in step.
func TestColumnParts(t *testing.T) {
	for _, typ := range formTypes {
		src := batch.New(typ, physOf(typ), 0)
		list := edges(typ)
		for _, d := range list {
			src.Append(d)
		}
		dst := batch.New(typ, physOf(typ), 0)
		pickNullable(dst, src, []int32{-1, 1, 0, -1, -1, 1})
		appendNulls(dst, 2)
		want := []types.Datum{
			types.NullDatum, list[1], list[0], types.NullDatum, types.NullDatum, list[1], types.NullDatum,
			types.NullDatum,
		}
		var part batch.Column
		for from := range want {
			sliceColumn(&part, dst, from, len(want))
			for i := range part.Len() {
				if !sameDatum(part.Datum(i), want[from+i], part.Phys) {
					t.Errorf("type %d, from %d: value %d is %v", typ.OID, from, i, part.Datum(i))
				}
			}
		}
		c := constColumn(typ, list[1], 3)
		if c.Len() != 3 || !sameDatum(c.Datum(2), list[1], c.Phys) || c.Null(0) {
			t.Errorf("type %d: a constant column is %v", typ.OID, c)
		}
		if c := constColumn(typ, types.NullDatum, 2); !c.Null(0) || !c.Null(1) {
			t.Errorf("type %d: a null column is %v", typ.OID, c)
		}
		all, some := columnBytes(src, nil, src.Len()), columnBytes(src, []int32{0}, src.Len())
		if some <= 0 || all <= some {
			t.Errorf("type %d: %d bytes of one value, %d of %d", typ.OID, some, all, src.Len())
		}
	}
}

// A bound that moves by an offset stays within the partition, also when the offset is far beyond it.
func TestFramePosition(t *testing.T) {
	f := func(i int, b bind.Bound, off int64, want int) {
		t.Helper()
		if got := position(i, b, off, 10); got != want {
			t.Errorf("position(%d, %d, %d) = %d, want %d", i, b, off, got, want)
		}
	}
	f(4, bind.CurrentRow, 3, 4)
	f(4, bind.OffsetPreceding, 3, 1)
	f(4, bind.OffsetPreceding, 5, 0)
	f(4, bind.OffsetPreceding, math.MaxInt64, 0)
	f(4, bind.OffsetFollowing, 5, 9)
	f(4, bind.OffsetFollowing, 7, 10)
	f(4, bind.OffsetFollowing, math.MaxInt64, 10)
}

// The range of strings with a prefix ends before the first string behind all of them; none when there is no such
// string.
func TestAfterPrefix(t *testing.T) {
	f := func(p, want string) {
		t.Helper()
		if got := afterPrefix(p); got != want {
			t.Errorf("afterPrefix(%q) = %q, want %q", p, got, want)
		}
	}
	f("a", "b")
	f("ab", "ac")
	f("a\xff", "b")
	f("a\xff\xff", "b")
	f("\xff", "")
	f("", "")
	f("é", "\xc3\xaa")
}

// Two lists of neighbours become one, nearest first, each row once and no more than asked for.
func TestMergedNeighbors(t *testing.T) {
	list := func(pairs ...float64) []index.Neighbor {
		var out []index.Neighbor
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, index.Neighbor{Row: index.RowID(pairs[i]), Distance: pairs[i+1]})
		}
		return out
	}
	f := func(a, b, want []index.Neighbor, k int) {
		t.Helper()
		if got := merged(nil, a, b, k); !slices.Equal(got, want) {
			t.Errorf("merged(%v, %v, %d) = %v, want %v", a, b, k, got, want)
		}
	}
	f(nil, nil, nil, 3)
	f(list(1, 0.5), nil, list(1, 0.5), 3)
	f(nil, list(1, 0.5), list(1, 0.5), 3)
	f(list(1, 1, 3, 3), list(2, 2, 4, 4), list(1, 1, 2, 2, 3, 3), 3)
	f(list(1, 1, 2, 2), list(2, 2, 3, 3), list(1, 1, 2, 2, 3, 3), 9)
	f(list(1, 1, 2, 2), list(1, 1, 2, 2), list(1, 1, 2, 2), 9)
	f(list(5, 1), list(4, 1), list(4, 1, 5, 1), 9)
	f(list(1, 1), list(2, 2), nil, 0)
}

// GROUPING has a bit for each argument, the first is the highest, set when the argument is not in the set.
func TestGroupingBits(t *testing.T) {
	f := func(list []int, member []bool, want int64) {
		t.Helper()
		if got := groupingBits(list, member); got != want {
			t.Errorf("groupingBits(%v, %v) = %d, want %d", list, member, got, want)
		}
	}
	f(nil, []bool{true}, 0)
	f([]int{0}, []bool{true}, 0)
	f([]int{0}, []bool{false}, 1)
	f([]int{0, 1, 2}, []bool{true, false, true}, 2)
	f([]int{2, 1, 0}, []bool{false, true, true}, 1)
	f([]int{1, 1}, []bool{true, false}, 3)
}

// A row is a target once, however often and in whichever batch it comes; a null is none.
func TestTargets(t *testing.T) {
	targets := newTargets(intColumns(1, 2, types.Of(types.Int8OID)), 2)
	take := func(sel []int32, ids ...int) ([]storage.RowID, []int32) {
		b := &batch.Batch{N: len(ids), Sel: sel, Cols: []*batch.Column{nil, batch.New(types.Of(types.Int8OID), types.Int, 0)}}
		for _, id := range ids {
			b.Cols[1].Append(datumOf(id))
		}
		return targets.take(b)
	}
	f := func(sel []int32, ids []int, want string) {
		t.Helper()
		got, at := take(sel, ids...)
		if s := fmt.Sprint(got, at); s != want {
			t.Errorf("%v of %v: %s, want %s", sel, ids, s, want)
		}
	}
	f(nil, []int{5, 6, 5, null}, "[5 6] [0 1]")
	f([]int32{1, 3}, []int{7, 6, 8, 9}, "[9] [3]")
	f(nil, []int{5, 9, 6}, "[] []")
	f([]int32{}, []int{100}, "[] []")
	f(nil, []int{100, 7}, "[100 7] [0 1]")
}
