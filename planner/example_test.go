package planner_test

import (
	"fmt"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/planner/cat/testcat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/types"
)

// A statement is parsed, bound to a catalog, planned, and shown.
func ExampleMake() {
	c := testcat.New()
	if err := c.Exec("create table t (id int primary key, name text)"); err != nil {
		fmt.Println(err)
		return
	}
	stmts, err := sql.Parse("select name from t where id = $1")
	if err != nil {
		fmt.Println(err)
		return
	}
	b := &bind.Binder{Catalog: c, Session: &types.Session{Catalog: c}}
	bound, err := b.Bind(stmts[0])
	if err != nil {
		fmt.Println(err)
		return
	}
	plan, err := planner.Make(bound, c, planner.Settings{})
	if err != nil {
		fmt.Println(err)
		return
	}
	e := planner.Explainer{Plan: plan, Catalog: c}
	for _, line := range e.Lines() {
		fmt.Println(line)
	}
	// Output:
	// Index Scan using t_pkey on t
	//   Index Cond: (id = $1)
}
