package sql_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql"
)

// Names of more than 63 bytes are listed with what the parser leaves of them: no other text is, however long.
func TestLongNames(t *testing.T) {
	name := func(n int) string { return strings.Repeat("a", n) }
	f := func(query string, want ...sql.LongName) {
		t.Helper()
		if got := sql.LongNames(query); !slices.Equal(got, want) {
			t.Errorf("%s\n got %q\nwant %q", query, got, want)
		}
	}
	f("")
	f("select " + name(63))
	f("select "+name(64)+", "+name(65), sql.LongName{name(64), name(63)}, sql.LongName{name(65), name(63)})
	f("select "+strings.ToUpper(name(64)), sql.LongName{name(64), name(63)})
	f(`select "`+name(62)+`""b"`, sql.LongName{name(62) + `"b`, name(62) + `"`})
	f(`select "` + name(60) + `""b"`)
	f(`select "` + name(30) + ` ` + name(30) + `.."`)
	f(`select "`+name(62)+`é"`, sql.LongName{name(62) + "é", name(62)})
	f("select '" + name(64) + "' /* " + name(64) + " */ -- " + name(64))
	f("select $q$" + name(64) + "$q$")
	f("select '" + name(64)) // not a statement at all
}
