package eval

import (
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
)

func (c *compiler) compileAnyArray(*AnyAll) (node, traits, error) {
	return nil, 0, pgerr.Unsupported("ANY over an array value")
}
func (c *compiler) compileArray(*Array) (node, traits, error) {
	return nil, 0, pgerr.Unsupported("ARRAY[...]")
}
func (c *compiler) compileSubscript(*Subscript) (node, traits, error) {
	return nil, 0, pgerr.Unsupported("subscripting")
}
func (c *compiler) compileRow(*Row) (node, traits, error) {
	return nil, 0, pgerr.Unsupported("ROW(...)")
}
func (c *compiler) compileField(*Field) (node, traits, error) {
	return nil, 0, pgerr.Unsupported("field selection")
}
func (c *compiler) compileArrayCast(*ArrayCast) (node, traits, error) {
	return nil, 0, pgerr.Unsupported("array cast")
}

type arrayCastNode struct{}
type arrayElemNode struct{ owner *arrayCastNode }

func (n *arrayElemNode) eval(*frame, []int32) (*batch.Column, error) { return nil, nil }
func (n *subqueryNode) arrayRow(*frame, int) error                   { return pgerr.Unsupported("ARRAY(SELECT ...)") }
