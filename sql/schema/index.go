package schema

import "github.com/vecdb/vecdb/sql/types"

// Index is an index over one table. It is immutable.
type Index struct {
	OID       OID
	DB        OID
	Namespace OID
	Table     OID
	Name      string
	Owner     OID
	Method    string // btree, ivfpq, hnsw, ivfflat
	Keys      []IndexKey
	Include   []int16 `json:",omitempty"`
	Unique    bool    `json:",omitempty"`
	Primary   bool    `json:",omitempty"`
	// NullsNotDistinct makes nulls equal for uniqueness.
	NullsNotDistinct bool              `json:",omitempty"`
	Where            string            `json:",omitempty"` // partial index: the predicate's text
	Options          map[string]string `json:",omitempty"` // WITH (...)
	Constraint       OID               `json:",omitempty"` // the constraint it holds
	Comment          string            `json:",omitempty"`
	Deps             []Dep             `json:",omitempty"`
}

// IndexKey is one key column: a table column or an expression.
type IndexKey struct {
	Column     int16   `json:",omitempty"` // 0: Expr
	Expr       string  `json:",omitempty"`
	Name       string  `json:",omitempty"` // the key's own name, where it is not the column's
	Type       types.T // of the key
	Opclass    string  `json:",omitempty"` // vector_l2_ops, int4_ops ...
	Desc       bool    `json:",omitempty"`
	NullsFirst bool    `json:",omitempty"`
}
