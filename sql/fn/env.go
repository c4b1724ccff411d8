package fn

import (
	"context"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// Env is what kernels may ask of the session, the transaction and the catalog. One Env serves one
// statement; the session makes it. Every interface may be nil in tests: kernels then answer with a
// clear error.
type Env struct {
	Ctx     context.Context
	Session *types.Session // input and output of values

	// Times in µs since 2000-01-01 UTC.
	TxnStart  int64
	StmtStart int64

	User, SessionUser, Database, ApplicationName string
	PID                                          uint32
	ClientAddr                                   string
	SearchPath                                   []string // effective schemas, in order

	Settings  Settings
	Sequences Sequences
	Catalog   Catalog
	// Notice sends a message to the client; nil drops it.
	Notice func(*pgerr.Error)
	// Random gives the session's generator (setseed); never nil in a server.
	Random func() float64
	Seed   func(float64)
}

// Settings serves current_setting, set_config and SHOW.
type Settings interface {
	Get(name string) (value string, ok bool)
	Set(name, value string, local bool) error
	Reset(name string, local bool) error
}

// Sequences serves nextval and its kin. Errors are *pgerr.Error.
type Sequences interface {
	NextVal(seq types.OID) (int64, error)
	CurrVal(seq types.OID) (int64, error)
	LastVal() (int64, error)
	SetVal(seq types.OID, v int64, called bool) error
	// Mark notes where the sequences are; GiveBack takes back what NextVal has given since, unless others have drawn from
	// the same sequence meanwhile, for rows that are to be computed anew.
	Mark()
	GiveBack() error
}

// Catalog serves the functions that describe schema objects (pg_get_*, format_type on user types,
// has_*_privilege, obj_description, *_is_visible, pg_*_size).
type Catalog interface {
	// Describe answers one describing function: name is the function's ("pg_get_viewdef",
	// "pg_get_constraintdef", "pg_get_indexdef", "pg_table_is_visible", "obj_description",
	// "has_table_privilege" ...), args its non-null arguments.
	Describe(name string, args []types.Datum, argTypes []types.T) (types.Datum, error)
}
