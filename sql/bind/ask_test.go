package bind_test

import (
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// usualHints are written short in what is wanted.
var usualHints = strings.NewReplacer(
	" HINT: No operator matches the given name and argument types. You might need to add explicit type casts.",
	" (no operator)",
	" HINT: No operator matches the given name and argument type. You might need to add an explicit type cast.",
	" (no prefix operator)",
	" HINT: Could not choose a best candidate operator. You might need to add explicit type casts.", " (no best operator)",
	" HINT: No function matches the given name and argument types. You might need to add explicit type casts.",
	" (no function)",
	" HINT: Could not choose a best candidate function. You might need to add explicit type casts.", " (no best function)",
	" HINT: You will need to rewrite or cast the expression.", " (cast it)",
)

// answers asks a new database, in which ddl has run; an answer shows where an error points.
func answers(t *testing.T, ddl string) func(query, want string) {
	db := dbtest.New(t)
	db.ShowPosition()
	db.Must("create extension vector;" + ddl)
	return func(query, want string) {
		t.Helper()
		if got := usualHints.Replace(db.Ask(query)); got != want {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
}

// failing asks for expressions that have no meaning.
func failing(t *testing.T, ddl string) func(expr, want string) {
	ask := answers(t, ddl)
	return func(expr, want string) {
		t.Helper()
		ask("select "+expr, want)
	}
}

// typed asks for the type of an expression and its value.
func typed(t *testing.T) func(expr, want string) {
	ask := answers(t, "")
	return func(expr, want string) {
		t.Helper()
		ask("select pg_typeof(x), x from (select "+expr+" as x) s", want)
	}
}
