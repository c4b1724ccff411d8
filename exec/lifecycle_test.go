package exec

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand"
	"slices"
	"strings"
	"syscall"
	"testing"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// trackedFS is a file system in memory that knows how many files are open, and fails one operation on request.
type trackedFS struct {
	pvfs.FS
	open   int
	ops    int // creations, openings, reads and writes
	failAt int // the number of the operation that fails; 0: none
	err    error
}

type trackedFile struct {
	pvfs.File
	fs *trackedFS
}

func newTrackedFS() *trackedFS { return &trackedFS{FS: pvfs.NewMem()} }

func (t *trackedFS) step(op, name string) error {
	if t.ops++; t.ops == t.failAt {
		return &fs.PathError{Op: op, Path: name, Err: t.err}
	}
	return nil
}

func (t *trackedFS) tracked(f pvfs.File, err error) (pvfs.File, error) {
	if err != nil {
		return nil, err
	}
	t.open++
	return &trackedFile{f, t}, nil
}

func (t *trackedFS) Create(name string, c pvfs.DiskWriteCategory) (pvfs.File, error) {
	if err := t.step("create", name); err != nil {
		return nil, err
	}
	return t.tracked(t.FS.Create(name, c))
}

func (t *trackedFS) Open(name string, opts ...pvfs.OpenOption) (pvfs.File, error) {
	if err := t.step("open", name); err != nil {
		return nil, err
	}
	return t.tracked(t.FS.Open(name, opts...))
}

func (f *trackedFile) Read(p []byte) (int, error) {
	if err := f.fs.step("read", "temporary"); err != nil {
		return 0, err
	}
	return f.File.Read(p)
}

func (f *trackedFile) Write(p []byte) (int, error) {
	if err := f.fs.step("write", "temporary"); err != nil {
		return 0, err
	}
	return f.File.Write(p)
}

func (f *trackedFile) Close() error {
	f.fs.open--
	return f.File.Close()
}

// countdown is a context that is canceled when it has been asked so many times.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// trial is one execution of a plan with the least memory there is.
type trial struct {
	fs *trackedFS
	rt *Runtime
	op Operator
}

func newTrial(t *testing.T, n planner.Node, workMem int64) *trial {
	t.Helper()
	r := &trial{fs: newTrackedFS()}
	r.rt = &Runtime{Env: &fn.Env{}, WorkMem: workMem, FS: r.fs}
	var err error
	if r.op, err = Build(r.rt, &planner.Plan{Root: n}); err != nil {
		t.Fatal(err)
	}
	return r
}

// read opens the plan and reads at most so many batches, all when max is negative.
func (r *trial) read(ctx context.Context, maxBatches int) ([]string, error) {
	if err := r.op.Open(ctx); err != nil {
		return nil, err
	}
	var rows []string
	for k := 0; k != maxBatches; k++ {
		b, err := r.op.Next(ctx)
		if b == nil || err != nil {
			return rows, err
		}
		for i := range b.Rows() {
			var parts []string
			for _, c := range b.Cols {
				parts = append(parts, showDatum(c.Datum(b.Row(i)), c.Phys))
			}
			rows = append(rows, strings.Join(parts, " "))
		}
	}
	return rows, nil
}

// end closes the operator and the runtime; nothing may be left, and nothing but the runtime's own cleaning may be
// needed for the files to go.
func (r *trial) end(t *testing.T) {
	t.Helper()
	if err := r.op.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if n := len(r.rt.temp.open); n != 0 {
		t.Errorf("%d temporary files are left when the operator is closed", n)
	}
	if err := r.op.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
	if err := r.rt.Close(); err != nil {
		t.Errorf("close the runtime: %v", err)
	}
	if r.fs.open != 0 {
		t.Errorf("%d files are open at the end", r.fs.open)
	}
	if names, err := r.fs.List(""); err != nil || len(names) != 0 {
		t.Errorf("files at the end: %q, %v", names, err)
	}
}

// namedPlan is a plan of one operator that keeps rows.
type namedPlan struct {
	name string
	node planner.Node
	mem  int64 // what it is run with; not so little that there is a file a row
}

func intColumns(first, n int, t types.T) []eval.Column {
	var out []eval.Column
	for i := range n {
		out = append(out, eval.Column{ID: eval.ColID(first + i), T: t})
	}
	return out
}

func callOf(op string, a, b eval.Expr) *eval.Call {
	f := fn.FindOperator(op, a.Type().OID, b.Type().OID).Func
	return &eval.Call{F: f, Args: []eval.Expr{a, b}, T: types.Of(f.Ret)}
}

func intConst(x int) eval.Expr { return &eval.Const{T: int4, D: datumOf(x)} }

// seriesOf is generate_series(from, to).
func seriesOf(from, to eval.Expr) *eval.Call {
	for _, f := range fn.FuncsByName("generate_series") {
		if len(f.Args) == 2 && f.Args[0] == types.Int4OID {
			return &eval.Call{F: f, Args: []eval.Expr{from, to}, T: int4}
		}
	}
	panic("no generate_series")
}

// countingCTE is WITH RECURSIVE c AS (VALUES (1) UNION [ALL] SELECT a + 1 FROM c, steps WHERE a < to) SELECT * FROM c.
func countingCTE(all bool, width, to int) *planner.With {
	c := &planner.CTE{Name: "c", Cols: intColumns(1, 1, int4), Recursive: true, All: all}
	c.Plan = intRows(1, 1, [][]int{{0}})
	work := &planner.CTEScan{Base: planner.Base{Cols: intColumns(1, 1, int4)}, CTE: c, Working: true}
	var steps [][]int
	for i := range width {
		steps = append(steps, []int{i + 1})
	}
	join := &planner.NestLoop{
		Left: work, Right: intRows(2, 1, steps),
		Conds: []eval.Expr{callOf("<", col(1), intConst(to))},
	}
	join.Cols = append(intColumns(1, 1, int4), intColumns(2, 1, int4)...)
	c.Step = &planner.Project{
		Base: planner.Base{Cols: intColumns(1, 1, int4)}, Input: join,
		Exprs: []eval.Expr{callOf("+", col(1), col(2))},
	}
	scan := &planner.CTEScan{Base: planner.Base{Cols: intColumns(5, 1, int4)}, CTE: c}
	return &planner.With{Base: planner.Base{Cols: scan.Cols}, CTEs: []*planner.CTE{c}, Input: scan}
}

// twiceCTE reads one CTE by both sides of an Append.
func twiceCTE(in planner.Node) *planner.With {
	c := &planner.CTE{Name: "c", Cols: in.Info().Cols, Plan: in}
	a := &planner.Append{Base: planner.Base{Cols: in.Info().Cols}}
	for range 2 {
		a.Parts = append(a.Parts, &planner.CTEScan{Base: planner.Base{Cols: in.Info().Cols}, CTE: c})
	}
	return &planner.With{Base: a.Base, CTEs: []*planner.CTE{c}, Input: a}
}

// keepers are plans of every operator that keeps rows, over inputs of several batches.
func keepers() []namedPlan {
	r := rand.New(rand.NewSource(7))
	left, right := randomRows(r, 1500, 400), randomRows(r, 2600, 400)
	in, other := intRows(1, 2, left), intRows(3, 2, right)
	var out []namedPlan
	add := func(name string, n planner.Node, mem int64) { out = append(out, namedPlan{name, n, mem}) }
	keys := []eval.SortKey{{Expr: col(1)}, {Expr: col(2), Desc: true}}
	add("sort", &planner.Sort{Base: in.Base, Input: in, Keys: keys}, 1)
	for _, k := range []bind.JoinKind{bind.Inner, bind.Left, bind.Full, bind.Semi, bind.Anti} {
		add(fmt.Sprintf("hash join %d", k), &planner.HashJoin{
			Kind: k, Left: in, Right: other, LeftKeys: []eval.Expr{col(1)}, RightKeys: []eval.Expr{col(3)},
		}, 8<<10)
	}
	add("loop join", &planner.NestLoop{
		Kind: bind.Full, Left: intRows(1, 2, left[:7]), Right: other, Conds: []eval.Expr{callOf("=", col(1), col(3))},
	}, 1)
	add("material", &planner.Material{Base: other.Base, Input: other}, 1)
	add("distinct", &planner.Distinct{Base: other.Base, Input: other}, 8<<10)
	add("distinct on", &planner.Distinct{Base: other.Base, Input: other, On: []eval.Expr{col(3)}}, 4<<10)
	for _, k := range []bind.SetKind{bind.Union, bind.Intersect, bind.Except} {
		n := &planner.SetOp{Kind: k, Left: in, Right: other}
		n.Cols = in.Cols
		add(fmt.Sprintf("set operation %d", k), n, 8<<10)
	}
	agg := &planner.Aggregate{Input: other, Groups: []eval.Expr{col(3)}, Sets: [][]int{{0}, {}}, Aggs: []eval.Expr{
		aggOf("count", 0), aggOf("sum", types.Int4OID, col(4)),
	}}
	agg.Cols = append(intColumns(5, 1, int4), intColumns(6, 2, types.Of(types.Int8OID))...)
	add("aggregate", agg, 4<<10)
	win := &planner.Window{
		Input: intRows(1, 2, [][]int{{1, 1}, {1, 2}, {2, 1}}), Partition: []eval.Expr{col(1)}, Order: keys[1:],
		Frame: bind.Frame{Mode: 'r', Start: bind.UnboundedPreceding, End: bind.CurrentRow},
		Calls: []bind.WindowCall{{F: windowFuncNamed("row_number"), T: types.Of(types.Int8OID)}},
	}
	win.Cols = append(intColumns(1, 2, int4), intColumns(3, 1, types.Of(types.Int8OID))...)
	add("window", win, 1)
	add("cte", twiceCTE(other), 1)
	add("recursive all", countingCTE(true, 100, 5), 2<<10)
	add("recursive", countingCTE(false, 60, 1100), 2<<10)
	add("function", &planner.FuncScan{
		Base: planner.Base{Cols: intColumns(1, 1, int4)}, Calls: []eval.Expr{seriesOf(intConst(1), intConst(3000))},
		CallCols: []int{1},
	}, 1)
	add("functions", &planner.FuncScan{
		Base:       planner.Base{Cols: append(intColumns(1, 2, int4), intColumns(3, 1, types.Of(types.Int8OID))...)},
		Ordinality: true,
		Calls:      []eval.Expr{seriesOf(intConst(1), intConst(3000)), seriesOf(intConst(5), intConst(20))},
		CallCols:   []int{1, 1},
	}, 1)
	return out
}

// Rows that go through files come back the same, and the files are gone when the plan is at its end.
func TestSpilledAnswers(t *testing.T) {
	for _, p := range keepers() {
		t.Run(p.name, func(t *testing.T) {
			inMemory := newTrial(t, p.node, 0)
			want, err := inMemory.read(t.Context(), -1)
			if err != nil {
				t.Fatal(err)
			}
			if n := inMemory.fs.ops; n != 0 {
				t.Errorf("%d file operations with memory enough", n)
			}
			inMemory.end(t)
			spilled := newTrial(t, p.node, p.mem)
			got, err := spilled.read(t.Context(), -1)
			if err != nil {
				t.Fatal(err)
			}
			if p.name != "window" && spilled.fs.ops == 0 {
				t.Error("it did not spill")
			}
			wantRows(t, got, want, false)
			spilled.end(t)
		})
	}
}

// A plan that is closed, or opened anew, before its end leaves no file and no open handle behind.
func TestEarlyStop(t *testing.T) {
	for _, p := range keepers() {
		t.Run(p.name, func(t *testing.T) {
			whole := newTrial(t, p.node, p.mem)
			want, err := whole.read(t.Context(), -1)
			if err != nil {
				t.Fatal(err)
			}
			for _, batches := range []int{0, 1, 2, 4} {
				r := newTrial(t, p.node, p.mem)
				if _, err := r.read(t.Context(), batches); err != nil {
					t.Fatal(err)
				}
				r.end(t)
				r = newTrial(t, p.node, p.mem)
				for range 2 {
					if _, err := r.read(t.Context(), batches); err != nil {
						t.Fatal(err)
					}
				}
				got, err := r.read(t.Context(), -1)
				if err != nil {
					t.Fatal(err)
				}
				wantRows(t, got, want, false)
				r.end(t)
			}
		})
	}
}

// points gives numbers that are dense at first and then sparse, without end.
func points(yield func(int) bool) {
	for n := 0; yield(n); n += 1 + n/6 {
	}
}

// Wherever a cancel comes, it is 57014 and nothing is left.
func TestCancelAnywhere(t *testing.T) {
	for _, p := range keepers() {
		t.Run(p.name, func(t *testing.T) {
			canceled := 0
			for n := range points {
				r := newTrial(t, p.node, p.mem)
				_, err := r.read(&countdown{t.Context(), n}, -1)
				r.end(t)
				if err == nil {
					break
				}
				if canceled++; pgerr.Code(err) != "57014" || t.Failed() {
					t.Fatalf("canceled after %d: %v", n, err)
				}
			}
			if canceled == 0 {
				t.Error("it does not look for a cancel")
			}
		})
	}
}

// Whichever file operation fails, the statement fails with the reason and nothing is left.
func TestDiskFaultAnywhere(t *testing.T) {
	f := func(fault error, code string) {
		for _, p := range keepers() {
			t.Run(p.name+" "+code, func(t *testing.T) {
				for n := range points {
					r := newTrial(t, p.node, p.mem)
					r.fs.failAt, r.fs.err = n+1, fault
					_, err := r.read(t.Context(), -1)
					failed := r.fs.ops >= r.fs.failAt
					r.end(t)
					if err == nil && !failed {
						break
					}
					if !errors.Is(err, fault) || pgerr.Code(err) != code || t.Failed() {
						t.Fatalf("operation %d fails: %v", n+1, err)
					}
				}
			})
		}
	}
	f(syscall.ENOSPC, "53100")
	f(syscall.EIO, "58030")
}

// A merge of many runs goes in rounds, keeps equal keys in the order of the input and needs no more files than it says.
func TestSortInRounds(t *testing.T) {
	rows := make([][]int, 2*mergeMax*1024+1500)
	for i := range rows {
		rows[i] = []int{i * 7919 % 11, i}
	}
	in := intRows(1, 2, rows)
	n := &planner.Sort{Base: in.Base, Input: in, Keys: []eval.SortKey{{Expr: col(1)}}}
	r := newTrial(t, n, 1)
	got, err := r.read(t.Context(), -1)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(rows, func(a, b []int) int { return a[0] - b[0] })
	want := make([]string, len(rows))
	for i, row := range rows {
		want[i] = show(row)
	}
	wantRows(t, got, want, true)
	for range 2 { // stopped early and opened again, the files of the merged runs go as well
		if _, err := r.read(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
	}
	r.end(t)
}
