package schema

import "github.com/vecdb/vecdb/sql/types"

// Kinds of relations, as pg_class.relkind.
const (
	KindTable    = 'r'
	KindView     = 'v'
	KindSequence = 'S'
	KindIndex    = 'i'
)

// Table is a relation with columns: a table, a view or a sequence. It is immutable.
type Table struct {
	OID       OID
	DB        OID
	Namespace OID
	Name      string
	Kind      byte
	Owner     OID
	RowType   OID      // composite type of its rows; RowType+1 is the array of it
	Columns   []Column // in order of Num: Columns[i].Num == i+1, dropped ones included

	Constraints []Constraint      `json:",omitempty"`
	Options     map[string]string `json:",omitempty"`
	Comment     string            `json:",omitempty"`
	Deps        []Dep             `json:",omitempty"`
	ACL         []string          `json:",omitempty"` // aclitem texts; empty: owner only

	View     string    `json:",omitempty"` // KindView: the query, deparsed with qualified names
	Sequence *Sequence `json:",omitempty"` // KindSequence

	OnCommit byte `json:",omitempty"` // of a temporary table: 'd' DELETE ROWS, 'x' DROP; 0: neither
}

// Column is one column of a table.
type Column struct {
	Num       int16 // attnum, from 1, never reused
	Name      string
	Type      types.T
	NotNull   bool   `json:",omitempty"`
	Dropped   bool   `json:",omitempty"`
	Default   string `json:",omitempty"` // expression text
	Identity  byte   `json:",omitempty"` // 'a' ALWAYS, 'd' BY DEFAULT
	Generated string `json:",omitempty"` // GENERATED ALWAYS AS (expression) STORED
	Collation OID    `json:",omitempty"`
	Sequence  OID    `json:",omitempty"` // the sequence owned by a serial or identity column
	Comment   string `json:",omitempty"`
	Deps      []Dep  `json:",omitempty"` // of Default and Generated

	// Missing is the text form of the value that rows stored before ADD COLUMN ... DEFAULT have; without
	// HasMissing it is null.
	Missing    string `json:",omitempty"`
	HasMissing bool   `json:",omitempty"`
}

// Constraint is a row of pg_constraint. Unique and primary keys name the index that holds them.
type Constraint struct {
	OID     OID
	Name    string
	Type    byte    // 'c' check, 'p' primary, 'u' unique, 'f' foreign
	Columns []int16 `json:",omitempty"`
	Expr    string  `json:",omitempty"` // check: the condition's text
	Index   OID     `json:",omitempty"`
	Deps    []Dep   `json:",omitempty"`
	Comment string  `json:",omitempty"`

	RefTable   OID     `json:",omitempty"`
	RefColumns []int16 `json:",omitempty"`
	OnDelete   byte    `json:",omitempty"` // 'a' no action, 'r' restrict, 'c' cascade, 'n' set null, 'd' set default
	OnUpdate   byte    `json:",omitempty"`
	Deferrable bool    `json:",omitempty"`
	Deferred   bool    `json:",omitempty"`
	NotValid   bool    `json:",omitempty"`
	NoInherit  bool    `json:",omitempty"`
	MatchFull  bool    `json:",omitempty"`
}

// Sequence holds a sequence's parameters; its value lives in the store and is not transactional.
type Sequence struct {
	Type        types.OID // int2, int4, int8
	Start       int64
	Increment   int64
	Min, Max    int64
	Cache       int64
	Cycle       bool
	OwnerTable  OID   `json:",omitempty"`
	OwnerColumn int16 `json:",omitempty"`
	// Values is where storage keeps the values since the last ALTER SEQUENCE; 0: at the sequence's own OID.
	Values OID `json:",omitempty"`
}

// Live returns the columns that are not dropped, in order.
func (t *Table) Live() []*Column {
	out := make([]*Column, 0, len(t.Columns))
	for i := range t.Columns {
		if !t.Columns[i].Dropped {
			out = append(out, &t.Columns[i])
		}
	}
	return out
}

// Column returns the live column of that name, or nil.
func (t *Table) Column(name string) *Column {
	for i := range t.Columns {
		if c := &t.Columns[i]; c.Name == name && !c.Dropped {
			return c
		}
	}
	return nil
}

// Col returns the column numbered num, or nil.
func (t *Table) Col(num int16) *Column {
	if num < 1 || int(num) > len(t.Columns) {
		return nil
	}
	return &t.Columns[num-1]
}
