package exec

import (
	"fmt"
	"math/rand"
	"testing"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
)

// A left batch with very many partners is joined some rows at a time, so that the pairs at hand stay bounded.
func TestHashJoinPairsAreBounded(t *testing.T) {
	same := make([][]int, 1500)
	for i := range same {
		same[i] = []int{1, i}
	}
	for _, kind := range []bind.JoinKind{bind.Inner, bind.Left, bind.Full} {
		n := &planner.HashJoin{
			Kind: kind, Left: intRows(1, 2, same), Right: intRows(3, 2, same),
			LeftKeys: []eval.Expr{col(1)}, RightKeys: []eval.Expr{col(3)},
		}
		r := newTrial(t, n, 0)
		if err := r.op.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		rows := 0
		for {
			b, err := r.op.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if b == nil {
				break
			}
			for k := range b.Rows() { // in the order of the left rows
				if at := b.Cols[1].I[b.Row(k)]; at != int64((rows+k)/len(same)) {
					t.Fatalf("row %d is of left row %d", rows+k, at)
				}
			}
			rows += b.Rows()
			if n := len(r.op.(*hashJoin).wait.li); n > pairsMax+len(same) {
				t.Fatalf("%d pairs at once", n)
			}
		}
		if rows != len(same)*len(same) {
			t.Errorf("%d rows", rows)
		}
		r.end(t)
	}
}

// Joins of inputs that end at, before and behind the border of a batch, with selections that leave out rows and
// batches.
func TestJoinBorders(t *testing.T) {
	r := rand.New(rand.NewSource(11))
	sizes := []int{0, 1, 1023, 1024, 1025, 2049}
	for i, ls := range sizes {
		for _, rs := range []int{sizes[i], sizes[(i+2)%len(sizes)]} {
			keys := 1 + r.Intn(3000)
			left, right := randomRows(r, ls, keys), randomRows(r, rs, keys)
			for kind := bind.Inner; kind <= bind.Anti; kind++ {
				t.Run(fmt.Sprintf("%d-%d kind %d keys %d", ls, rs, kind, keys), func(t *testing.T) {
					joinedAsModel(t, kind, left, right, r.Intn(2*max(ls, 1)))
				})
			}
		}
	}
}

// joinedAsModel joins the rows of the left side whose number is at least from with the right side.
func joinedAsModel(t *testing.T, kind bind.JoinKind, left, right [][]int, from int) {
	t.Helper()
	in := intRows(1, 2, left)
	passed := &planner.Filter{Base: in.Base, Input: in, Conds: []eval.Expr{callOf(">=", col(2), intConst(from))}}
	n := &planner.HashJoin{
		Kind: kind, Left: passed, Right: intRows(3, 2, right), LeftKeys: []eval.Expr{col(1)}, RightKeys: []eval.Expr{col(3)},
	}
	want := joinOf(kind, left[min(from, len(left)):], right, func(l, r []int) bool { return l[0] != null && l[0] == r[0] })
	for _, mem := range []int64{0, 16 << 10} {
		r := newTrial(t, n, mem)
		got, err := r.read(t.Context(), -1)
		if err != nil {
			t.Fatal(err)
		}
		wantRows(t, got, want, kind != bind.Full)
		r.end(t)
	}
}

// Several keys have to be equal together; a null in one of them is enough to have no partner.
func TestJoinOfSeveralKeys(t *testing.T) {
	r := rand.New(rand.NewSource(12))
	three := func(n int) [][]int {
		rows := randomRows(r, n, 6)
		for i := range rows {
			k := r.Intn(5)
			if k == 0 {
				k = null
			}
			rows[i] = []int{rows[i][0], k, i}
		}
		return rows
	}
	left, right := three(60), three(1100)
	on := func(l, r []int) bool { return l[0] != null && l[1] != null && l[0] == r[0] && l[1] == r[1] }
	for kind := bind.Inner; kind <= bind.Anti; kind++ {
		n := &planner.HashJoin{
			Kind: kind, Left: intRows(1, 3, left), Right: intRows(4, 3, right),
			LeftKeys: []eval.Expr{col(1), col(2)}, RightKeys: []eval.Expr{col(4), col(5)},
		}
		loop := &planner.NestLoop{
			Kind: kind, Left: n.Left, Right: n.Right,
			Conds: []eval.Expr{callOf("=", col(1), col(4)), callOf("=", col(2), col(5))},
		}
		want := joinOf(kind, left, right, on)
		for _, mem := range []int64{0, 8 << 10} {
			wantRows(t, runPlan(t, n, mem), want, kind != bind.Full)
			wantRows(t, runPlan(t, loop, mem), want, kind != bind.Full)
		}
	}
}

// A lateral side is run for each left row with that row's values, stops at the first partner where one is enough,
// and may give more rows than a batch.
func TestLateralJoinKinds(t *testing.T) {
	left := [][]int{{3, 0}, {null, 1}, {0, 2}, {2500, 3}, {1, 4}}
	side := &planner.FuncScan{
		Base: planner.Base{Cols: intColumns(3, 1, int4)}, Calls: []eval.Expr{seriesOf(intConst(1), col(1))},
		CallCols: []int{1},
	}
	for _, kind := range []bind.JoinKind{bind.Inner, bind.Left, bind.Semi, bind.Anti} {
		var want []string
		for _, l := range left {
			n := l[0] // null is far below
			switch {
			case kind == bind.Semi && n >= 2, kind == bind.Anti && n < 2:
				want = append(want, show(l))
			case kind == bind.Left && n < 2:
				want = append(want, show(l)+" -")
			case kind == bind.Inner || kind == bind.Left:
				for g := 2; g <= n; g++ {
					want = append(want, show(l)+" "+fmt.Sprint(g))
				}
			}
		}
		n := &planner.NestLoop{
			Kind: kind, Lateral: true, Left: intRows(1, 2, left), Right: side,
			Conds: []eval.Expr{callOf(">", col(3), intConst(1))},
		}
		for _, mem := range budgets {
			wantRows(t, runPlan(t, n, mem), want, true)
		}
		r := newTrial(t, n, 1)
		if _, err := r.read(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		r.end(t)
	}
}
