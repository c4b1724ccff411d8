package fn_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/planner/cat/testcat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// asker returns an f-test of expressions: f(expression, value as text). NULL is <null>, an error its
// SQLSTATE and message. What is wanted is what PostgreSQL 16 with pgvector answers to SELECT of the
// expression, in the time zone America/New_York.
func asker(t *testing.T) func(text, want string) {
	t.Helper()
	env := testEnv(t)
	catalog := testcat.New()
	catalog.SetExtension("vector", true)
	env.Session.Catalog = catalog
	env.User, env.SessionUser, env.Database = "postgres", "postgres", "postgres"
	env.SearchPath = []string{"pg_catalog", "public"}
	return func(text, want string) {
		t.Helper()
		if got := answer(catalog, env, text); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

// answer evaluates the expressions of a select list; a panic is an answer, so that it hides no other.
func answer(catalog *testcat.Catalog, env *fn.Env, text string) (got string) {
	defer func() {
		if p := recover(); p != nil {
			got = fmt.Sprint("panic: ", p)
		}
	}()
	fail := func(err error) string { return pgerr.Code(err) + " " + err.Error() }
	stmts, err := sql.Parse("select " + text)
	if err != nil {
		return fail(err)
	}
	bound, err := (&bind.Binder{Catalog: catalog, Session: env.Session}).Bind(stmts[0])
	if err != nil {
		return fail(err)
	}
	query := bound.Stmt.(*bind.Query)
	project, ok := query.Rel.(*bind.Project)
	if !ok {
		return fmt.Sprintf("%T is beyond this test", query.Rel)
	}
	var cells []string
	for _, e := range project.Exprs {
		d, err := eval.Constant(&eval.Runtime{Env: env}, e)
		if err != nil {
			return fail(err)
		}
		if d.Null {
			cells = append(cells, "<null>")
			continue
		}
		cells = append(cells, string(types.Lookup(e.Type().OID).Format(nil, d, env.Session)))
	}
	return strings.Join(cells, "|")
}
