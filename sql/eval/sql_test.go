package eval_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/planner/cat/testcat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// errBeyond says that a statement needs more than this test's few operators.
var errBeyond = errors.New("beyond this test")

// table is the rows of a relation.
type table struct {
	cols []eval.Column
	rows [][]types.Datum
}

// queries runs relations that need no tables: VALUES, select lists, functions in FROM, WHERE.
type queries struct{ rt *eval.Runtime }

func (q *queries) run(rel eval.Rel) (*table, error) {
	switch r := rel.(type) {
	case *bind.Values:
		out := &table{cols: r.Cols}
		for _, exprs := range r.Rows {
			row, err := q.row(exprs, &table{}, nil)
			if err != nil {
				return nil, err
			}
			out.rows = append(out.rows, row)
		}
		return out, nil
	case *bind.Project:
		return q.project(r.Input, r.Cols, r.Exprs)
	case *bind.ProjectSet:
		return q.project(r.Input, r.Cols, r.Exprs)
	case *bind.FuncScan:
		if len(r.Calls) != 1 || r.Ordinality {
			return nil, errBeyond
		}
		return q.function(r.Calls[0], r.Cols, &table{}, nil)
	case *bind.Filter:
		in, err := q.run(r.Input)
		if err != nil {
			return nil, err
		}
		out := &table{cols: in.cols}
		for _, row := range in.rows {
			keep, err := q.row([]eval.Expr{r.Cond}, in, row)
			if err != nil {
				return nil, err
			}
			if !keep[0].Null && keep[0].Bool() {
				out.rows = append(out.rows, row)
			}
		}
		return out, nil
	}
	return nil, errBeyond
}

// row computes expressions over one row.
func (q *queries) row(exprs []eval.Expr, in *table, row []types.Datum) ([]types.Datum, error) {
	b := &batch.Batch{N: 1}
	for i, c := range in.cols {
		col := batch.New(c.T, types.Lookup(c.T.OID).Physical, 1)
		col.Append(row[i])
		b.Cols = append(b.Cols, col)
	}
	var out []types.Datum
	for _, e := range exprs {
		p, err := eval.Compile(eval.Fold(e), func(id eval.ColID) (int, bool) {
			for i, c := range in.cols {
				if c.ID == id {
					return i, true
				}
			}
			return 0, false
		})
		if err != nil {
			return nil, err
		}
		col, err := p.Eval(q.rt, b)
		if err != nil {
			return nil, err
		}
		out = append(out, col.Datum(0))
	}
	return out, nil
}

func (q *queries) project(input eval.Rel, cols []eval.Column, exprs []eval.Expr) (*table, error) {
	in, err := q.run(input)
	if err != nil {
		return nil, err
	}
	out := &table{cols: cols}
	for _, row := range in.rows {
		if len(exprs) == 1 && isSet(exprs[0]) {
			t, err := q.function(exprs[0], cols, in, row)
			if err != nil {
				return nil, err
			}
			out.rows = append(out.rows, t.rows...)
			continue
		}
		for _, e := range exprs {
			if isSet(e) {
				return nil, errBeyond
			}
		}
		r, err := q.row(exprs, in, row)
		if err != nil {
			return nil, err
		}
		out.rows = append(out.rows, r)
	}
	return out, nil
}

func isSet(e eval.Expr) bool {
	c, ok := e.(*eval.Call)
	return ok && c.F.RetSet
}

func (q *queries) function(e eval.Expr, cols []eval.Column, in *table, row []types.Datum) (*table, error) {
	out := &table{cols: cols}
	call, ok := e.(*eval.Call)
	if !ok || !call.F.RetSet {
		r, err := q.row([]eval.Expr{e}, in, row)
		out.rows = [][]types.Datum{r}
		return out, err
	}
	args, err := q.row(call.Args, in, row)
	if err != nil {
		return nil, err
	}
	if call.F.Outs != nil && len(cols) != len(call.F.Outs) {
		return nil, errBeyond
	}
	c := &fn.Call{Env: q.rt.Env, Ret: call.T, Spread: call.Variadic}
	for _, a := range call.Args {
		c.Args = append(c.Args, a.Type())
	}
	err = fn.RunSet(call.F, c, args, func(r []types.Datum) error {
		out.rows = append(out.rows, append([]types.Datum(nil), r...))
		return nil
	})
	return out, err
}

// RunSubquery implements eval.SubqueryRunner.
func (q *queries) RunSubquery(sub *eval.Subquery, outer func(eval.ColID) types.Datum, emit func(*batch.Batch) (bool, error)) error {
	inner := &queries{rt: &eval.Runtime{Env: q.rt.Env, Outer: outer}}
	inner.rt.Subqueries = inner
	t, err := inner.run(sub.Rel)
	if err != nil || len(t.rows) == 0 {
		return err
	}
	b := &batch.Batch{N: len(t.rows)}
	for i, c := range t.cols {
		col := batch.New(c.T, types.Lookup(c.T.OID).Physical, len(t.rows))
		for _, r := range t.rows {
			col.Append(r[i])
		}
		b.Cols = append(b.Cols, col)
	}
	_, err = emit(b)
	return err
}

// answer runs one statement and prints its rows: columns by "|", rows by a blank and a slash.
func answer(catalog *testcat.Catalog, env *fn.Env, text string) (string, error) {
	stmts, err := sql.Parse(text)
	if err != nil {
		return "!" + pgerr.Code(err) + " " + err.Error(), nil
	}
	if len(stmts) != 1 {
		return "", errBeyond
	}
	bound, err := (&bind.Binder{Catalog: catalog, Session: env.Session}).Bind(stmts[0])
	if err != nil {
		return "!" + pgerr.Code(err) + " " + err.Error(), nil
	}
	query, ok := bound.Stmt.(*bind.Query)
	if !ok {
		return "", errBeyond
	}
	q := &queries{rt: &eval.Runtime{Env: env}}
	q.rt.Subqueries = q
	t, err := q.run(query.Rel)
	if errors.Is(err, errBeyond) {
		return "", err
	}
	if err != nil {
		return "!" + pgerr.Code(err) + " " + err.Error(), nil
	}
	var rows []string
	for _, r := range t.rows {
		var cells []string
		for i, d := range r {
			if d.Null {
				cells = append(cells, "<null>")
				continue
			}
			cells = append(cells, string(types.Lookup(t.cols[i].T.OID).Format(nil, d, env.Session)))
		}
		rows = append(rows, strings.Join(cells, "|"))
	}
	return strings.ReplaceAll(strings.Join(rows, " / "), "\n", `\n`), nil
}

// TestSQL holds statements without tables against what PostgreSQL answered (testdata/statements.tsv:
// statement, answer). VECDB_STATEMENTS names another such file to look for differences.
func TestSQL(t *testing.T) {
	path := "testdata/statements.tsv"
	if other := os.Getenv("VECDB_STATEMENTS"); other != "" {
		path = other
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	zone, err := types.ParseZone("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	catalog := testcat.New()
	catalog.SetExtension("vector", true)
	ran, beyond := 0, 0
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		text, want, ok := strings.Cut(lines.Text(), "\t")
		if !ok || strings.HasPrefix(text, "#") {
			continue
		}
		env := &fn.Env{
			Session: &types.Session{TimeZone: zone}, User: "postgres", SessionUser: "postgres", Database: "postgres",
			SearchPath: []string{"pg_catalog", "public"},
		}
		got, err := guarded(catalog, env, text)
		if err != nil {
			beyond++
			continue
		}
		ran++
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
	t.Logf("%d statements, %d beyond the test's operators", ran, beyond)
}

// guarded turns a panic into an answer, so that one fault does not hide the rest.
func guarded(catalog *testcat.Catalog, env *fn.Env, text string) (got string, err error) {
	defer func() {
		if p := recover(); p != nil {
			got = fmt.Sprint("panic: ", p)
		}
	}()
	return answer(catalog, env, text)
}
