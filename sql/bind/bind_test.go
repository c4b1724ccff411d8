package bind_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/vecdb/vecdb/planner/cat/testcat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// TestBind runs the files of testdata. Commands:
//
//	exec            DDL for the catalog of the file
//	deny            table PRIVILEGE: takes a privilege away
//	bind            prints the bound tree of one statement; types=(int8,..) declares parameters
//	errors          binds each line by itself and prints its error, or "ok"
//	view            prints a query as CREATE VIEW would store it, and checks that the text binds alike
//	shape           binds the statement with its literals as parameters
func TestBind(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		c := testcat.New()
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			b := &bind.Binder{Catalog: c, Cache: bind.NewCache(), Session: &types.Session{Catalog: c}}
			switch d.Cmd {
			case "exec":
				if err := c.Exec(d.Input); err != nil {
					return showError(d.Input, err)
				}
				return ""
			case "deny":
				table, privilege, _ := strings.Cut(d.Input, " ")
				c.Deny(table, privilege)
				return ""
			case "bind":
				return bindText(t, b, d)
			case "errors":
				var out strings.Builder
				for _, line := range strings.Split(d.Input, "\n") {
					out.WriteString(errorOf(b, line))
				}
				return out.String()
			case "view":
				return viewText(t, c, b, d.Input)
			case "shape":
				return shapeText(t, b, d.Input)
			}
			t.Fatalf("unknown command %s", d.Cmd)
			return ""
		})
	})
}

func showError(text string, err error) string {
	e := pgerr.From(err)
	out := fmt.Sprintf("%s: %s", e.SQLState, e.Message)
	if e.DetailMsg != "" {
		out += " / " + e.DetailMsg
	}
	if e.HintMsg != "" {
		out += " / " + e.HintMsg
	}
	if e.Position > 0 && e.Position <= len(text) {
		rest := text[e.Position-1:]
		if i := strings.IndexAny(rest, "\n"); i >= 0 {
			rest = rest[:i]
		}
		if len(rest) > 12 {
			rest = rest[:12]
		}
		out += " @ " + rest
	}
	return out + "\n"
}

func bindOne(b *bind.Binder, text string) (*bind.Result, error) {
	stmts, err := sql.Parse(text)
	if err != nil {
		return nil, err
	}
	return b.Bind(stmts[0])
}

func bindText(t *testing.T, b *bind.Binder, d *datadriven.TestData) string {
	for _, arg := range d.CmdArgs {
		if arg.Key != "types" {
			t.Fatalf("unknown argument %s", arg.Key)
		}
		for _, name := range arg.Vals {
			typ := types.T{Mod: -1}
			if bt := types.ByName(name); bt != nil {
				typ.OID = bt.OID
			}
			b.ParamTypes = append(b.ParamTypes, typ)
		}
	}
	r, err := bindOne(b, d.Input)
	if err != nil {
		return showError(d.Input, err)
	}
	return showResult(r)
}

func showResult(r *bind.Result) string {
	out := bind.Format(r.Stmt)
	for i, p := range r.Params {
		out += fmt.Sprintf("$%d %s\n", i+1, types.Lookup(p.OID).Name)
	}
	return out
}

func errorOf(b *bind.Binder, line string) string {
	r, err := bindOne(b, line)
	if err != nil {
		return showError(line, err)
	}
	_ = r
	return "ok\n"
}

func viewText(t *testing.T, c *testcat.Catalog, b *bind.Binder, text string) string {
	stmts, err := sql.Parse(text)
	if err != nil {
		return showError(text, err)
	}
	q := stmts[0].Node.(*sql.Select)
	r, err := b.BindQueryForView(q)
	if err != nil {
		return showError(text, err)
	}
	shown := bind.DeparseQuery(c, r, bind.DeparseShown)
	stored := bind.DeparseQuery(c, r, bind.DeparseStored)
	again, err := sql.Parse(stored)
	if err != nil {
		t.Errorf("stored text does not parse: %v\n%s", err, stored)
		return shown
	}
	r2, err := b.BindQueryForView(again[0].Node.(*sql.Select))
	if err != nil {
		t.Errorf("stored text does not bind: %v\n%s", err, stored)
		return shown
	}
	if twice := bind.DeparseQuery(c, r2, bind.DeparseStored); twice != stored {
		t.Errorf("stored text changes:\n%s\n%s", stored, twice)
	}
	return shown + "\n"
}

func shapeText(t *testing.T, b *bind.Binder, text string) string {
	var s sql.Shape
	if !s.Scan(text) {
		return "not shapeable\n"
	}
	tpl, err := sql.ParseShape(text, &s)
	if err != nil {
		return showError(text, err)
	}
	r, err := b.Bind(tpl.Statement)
	if err != nil {
		return showError(text, err)
	}
	return showResult(r)
}

func benchCatalog(b *testing.B) *testcat.Catalog {
	c := testcat.New()
	err := c.Exec("create table accounts (aid int primary key, bid int, abalance int, filler char(84))")
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func benchBind(b *testing.B, text string) {
	bn := &bind.Binder{Catalog: benchCatalog(b), Cache: bind.NewCache()}
	stmts, err := sql.Parse(text)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := bn.Bind(stmts[0]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBindSelect(b *testing.B) {
	benchBind(b, "SELECT abalance FROM accounts WHERE aid = 12345")
}

func BenchmarkBindUpdate(b *testing.B) {
	benchBind(b, "UPDATE accounts SET abalance = abalance + 17 WHERE aid = 12345")
}

func BenchmarkBindInsert(b *testing.B) {
	benchBind(b, "INSERT INTO accounts (aid, bid, abalance, filler) VALUES (1, 2, 3, '')")
}
