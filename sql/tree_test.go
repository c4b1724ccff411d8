package sql_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
)

// parsed parses one statement and compares its tree, positions left out.
func parsed(t *testing.T, query string, want sql.Node) {
	t.Helper()
	stmts, err := sql.Parse(query)
	if err != nil {
		t.Errorf("%s\n%v", query, err)
		return
	}
	got, expected := shorten(stripPositions(stmts[0].Node)), shorten(stripPositions(want))
	if len(stmts) != 1 || got != expected {
		t.Errorf("%s\n got %s\nwant %s", query, got, expected)
	}
}

// refused parses a statement that must not be: want is SQLSTATE and message, at where the error points, counted from 1.
func refused(t *testing.T, query, want string, at int) {
	t.Helper()
	_, err := sql.Parse(query)
	if err == nil {
		t.Errorf("%s\nis not refused", query)
		return
	}
	e := pgerr.From(err)
	if got := e.SQLState + ": " + e.Message; got != want || e.Position != at {
		t.Errorf("%s\n got %s at %d\nwant %s at %d", query, got, e.Position, want, at)
	}
}

// unsupported parses a statement of a feature that we do not have.
func unsupported(t *testing.T, query, feature string) {
	t.Helper()
	stmts, err := sql.Parse(query)
	if err != nil {
		t.Errorf("%s\n%v", query, err)
		return
	}
	if u, ok := stmts[0].Node.(*sql.Unsupported); !ok || u.Feature != feature || u.Tag() != feature {
		t.Errorf("%s\n got %s\nwant %s", query, stmts[0].Node.Tag(), feature)
	}
}

// The nodes that stand everywhere, short.

func names(dotted string) []string {
	if dotted == "" {
		return nil
	}
	return strings.Split(dotted, ".")
}

func col(dotted string) *sql.ColumnRef { return &sql.ColumnRef{Names: names(dotted)} }
func star(of string) *sql.ColumnRef    { return &sql.ColumnRef{Names: names(of), Star: true} }
func num(n int) *sql.Literal           { return &sql.Literal{Kind: sql.LitInt, Text: strconv.Itoa(n)} }
func text(s string) *sql.Literal       { return &sql.Literal{Kind: sql.LitString, Text: s} }
func null() *sql.Literal               { return &sql.Literal{Kind: sql.LitNull} }
func typ(dotted string) *sql.TypeName  { return &sql.TypeName{Names: names(dotted)} }
func as(name, alias string) *sql.TableName {
	return &sql.TableName{Name: name, Alias: &sql.Alias{Name: alias}}
}

func op(left sql.Expr, name string, right sql.Expr) *sql.Op {
	return &sql.Op{Name: name, Left: left, Right: right}
}

func table(dotted string) *sql.TableName {
	if schema, name, ok := strings.Cut(dotted, "."); ok {
		return &sql.TableName{Schema: schema, Name: name}
	}
	return &sql.TableName{Name: dotted}
}
