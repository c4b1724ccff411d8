package planner

import "github.com/vecdb/vecdb/sql/bind"

type (
	// Insert adds the rows of Source. The expressions are those of Stmt, with planned subqueries; it
	// yields the RETURNING columns.
	Insert struct {
		Base
		Stmt   *bind.Insert
		Source Node
	}
	// Update changes the rows that Source names.
	Update struct {
		Base
		Stmt   *bind.Update
		Source Node
	}
	// Delete removes the rows that Source names.
	Delete struct {
		Base
		Stmt   *bind.Delete
		Source Node
	}
)

// Inputs implements Node.
func (n *Insert) Inputs() []Node { return []Node{n.Source} }
func (n *Update) Inputs() []Node { return []Node{n.Source} }
func (n *Delete) Inputs() []Node { return []Node{n.Source} }
