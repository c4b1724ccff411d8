package sql_test

import (
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
)

// deepStatements nest a part n times, in every way in which the grammar is left-deep or right-deep.
var deepStatements = map[string]func(n int) string{
	"plus":          func(n int) string { return "SELECT 1" + strings.Repeat("+1", n) },
	"concatenation": func(n int) string { return "SELECT ''" + strings.Repeat("||''", n) },
	"union":         func(n int) string { return "SELECT 1, 2" + strings.Repeat(" UNION SELECT 1, 2", n) },
	"except":        func(n int) string { return "SELECT 1" + strings.Repeat(" EXCEPT SELECT 1", n) },
	"join":          func(n int) string { return "SELECT 1 FROM a" + strings.Repeat(" CROSS JOIN a", n) },
	"join on":       func(n int) string { return "SELECT 1 FROM a" + strings.Repeat(" JOIN a ON (b) AND c", n) },
	"cast":          func(n int) string { return "SELECT 1" + strings.Repeat("::int", n) },
	"not":           func(n int) string { return "SELECT " + strings.Repeat("NOT ", n) + "true" },
	"minus":         func(n int) string { return "SELECT " + strings.Repeat("- ", n) + "1" },
	"parentheses":   func(n int) string { return "SELECT " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n) },
	"is null":       func(n int) string { return "SELECT 1" + strings.Repeat(" IS NULL", n) },
	"function":      func(n int) string { return "SELECT " + strings.Repeat("f(", n) + "1" + strings.Repeat(")", n) },
	"case": func(n int) string {
		return "SELECT " + strings.Repeat("CASE WHEN ", n) + "true" + strings.Repeat(" THEN 1 END", n)
	},
	"subquery":       func(n int) string { return strings.Repeat("SELECT (", n) + "SELECT 1" + strings.Repeat(")", n) },
	"array":          func(n int) string { return "SELECT " + strings.Repeat("ARRAY[", n) + "1" + strings.Repeat("]", n) },
	"collate":        func(n int) string { return "SELECT ''" + strings.Repeat(" COLLATE c", n) },
	"at time zone":   func(n int) string { return "SELECT 1" + strings.Repeat(" AT TIME ZONE 'x'", n) },
	"in":             func(n int) string { return "SELECT 1" + strings.Repeat(" IN (1)", n) },
	"in parentheses": func(n int) string { return "SELECT (1" + strings.Repeat("+1", n) + ")" },
	"two levels": func(n int) string {
		return "SELECT (1" + strings.Repeat("*1",
			n/2) + ")" + strings.Repeat("+1", n/2)
	},
	"after a string": func(n int) string {
		return "SELECT 'it''s (', E'\\'(', $a$ ' ( $a$, \"(\"" + strings.Repeat("+1",
			n)
	},
	"after a remark": func(n int) string { return "SELECT 1 -- '(\n /* ( ' /* */ */ " + strings.Repeat("+1", n) },
}

// A statement that nests too deep is an error of its own, in whatever way it nests and however deep, and never
// ends the process: the parser is C and has no guard of its own.
func TestDeepStatements(t *testing.T) {
	for name, f := range deepStatements {
		for _, n := range []int{11_500, 40_000} {
			_, err := sql.Parse(f(n))
			if code := pgerr.Code(err); err != nil && code != "54001" &&
				(code != "42601" || !strings.Contains(err.Error(), "memory exhausted")) {
				t.Errorf("%s, %d times: %s %v", name, n, code, err)
			}
		}
		if _, err := sql.Parse(f(300)); err != nil {
			t.Errorf("%s, 300 times: %v", name, err)
		}
	}
}

// Long statements that do not nest are no deep ones.
func TestLongStatements(t *testing.T) {
	for name, text := range map[string]string{
		"and":     "SELECT a FROM t WHERE a = 1" + strings.Repeat(" AND b + 1 = 2", 50_000),
		"or":      "SELECT a FROM t WHERE a = 1" + strings.Repeat(" OR b = -2", 50_000),
		"list":    "SELECT a FROM t WHERE a IN (1" + strings.Repeat(", -1 + 2", 50_000) + ")",
		"rows":    "INSERT INTO t VALUES (1, 'a')" + strings.Repeat(", (-1 + 1, 'b' || 'c')", 50_000),
		"script":  strings.Repeat("SELECT 1 + 1 UNION SELECT 2;", 20_000),
		"strings": "INSERT INTO t VALUES ('" + strings.Repeat("+-*/ union join '' ", 50_000) + "')",
		"dollars": "SELECT $x$" + strings.Repeat("+1 $y$ ", 50_000) + "$x$, $1",
		"remarks": "SELECT 1 /*" + strings.Repeat("+1", 50_000) + "*/",
		"vector":  "SELECT '[" + strings.Repeat("-1,", 50_000) + "1]'",
		"targets": "SELECT a" + strings.Repeat(", a + b * c", 50_000) + " FROM t",
	} {
		if _, err := sql.Parse(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
