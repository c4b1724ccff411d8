package sql_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
)

// TestParse prints the statements of each text: "tag" gives tag, span and text, "tree" the whole AST
// without positions.
func TestParse(t *testing.T) {
	datadriven.RunTest(t, "testdata/parse", func(t *testing.T, d *datadriven.TestData) string {
		stmts, err := sql.Parse(d.Input)
		if err != nil {
			e := pgerr.From(err)
			return fmt.Sprintf("%s: %s (at %d)\n", e.SQLState, e.Message, e.Position)
		}
		var b strings.Builder
		for _, s := range stmts {
			switch d.Cmd {
			case "tag":
				fmt.Fprintf(&b, "%s params=%d start=%d %q\n", s.Node.Tag(), s.Params, s.Start, s.Text)
			case "tree":
				b.WriteString(shorten(stripPositions(s.Node)) + "\n")
			default:
				t.Fatalf("unknown command %s", d.Cmd)
			}
		}
		return b.String()
	})
}

// shorten leaves out the fields that are not set.
func shorten(tree string) string {
	for _, empty := range []string{"nil ", "[] ", "false ", "0 ", " "} {
		for {
			i := strings.Index(tree, ":"+empty)
			if i < 0 {
				break
			}
			j := strings.LastIndexAny(tree[:i], "{ ]") + 1
			tree = tree[:j] + tree[i+1+len(empty):]
		}
	}
	return tree
}

// A parameter number that no Bind message can reach is refused where it stands, before anything is made for each
// parameter below it.
func TestParamsMax(t *testing.T) {
	stmts, err := sql.Parse(fmt.Sprintf("SELECT $%d", sql.ParamsMax))
	if err != nil || stmts[0].Params != sql.ParamsMax {
		t.Fatalf("%v, %v", stmts, err)
	}
	for _, n := range []int64{sql.ParamsMax + 1, math.MaxInt32} {
		_, err := sql.Parse(fmt.Sprintf("SELECT 1, $%d", n))
		if pgerr.Code(err) != "42P02" || pgerr.From(err).Message != fmt.Sprintf("there is no parameter $%d", n) {
			t.Errorf("$%d: %v", n, err)
		}
	}
}
