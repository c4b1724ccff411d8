package exec

import (
	"context"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/internal/mem"
	"github.com/vecdb/vecdb/internal/vfs"
	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// Runtime is one execution of one plan: the transaction, the parameters, the session below. Make one a
// run; it belongs to one goroutine.
type Runtime struct {
	Txn     *storage.Txn
	Env     *fn.Env
	Params  []types.Datum
	Catalog cat.Catalog
	// Virtual serves pg_catalog and information_schema; nil when there are none.
	Virtual VirtualTables
	// WorkMem bounds what one sort or hash table keeps in memory, in bytes. 0: planner.DefaultWorkMem.
	WorkMem int64
	// Memory counts what operators keep, and refuses what passes a limit. It belongs to this execution; nil: no limit.
	Memory *mem.Account
	// FS and TempDir are where rows go that do not fit. FS nil: the operating system's.
	FS      vfs.FS
	TempDir string
	// Search steers approximate searches.
	Search planner.SearchEffort
	// Analyze makes every operator measure itself.
	Analyze bool
	// Binder turns stored expressions (defaults of foreign key actions, index predicates) into bound ones.
	Binder ExprBinder

	// Affected is the number of rows that the statement has inserted, updated, deleted or returned; it is
	// complete when the root operator has ended.
	Affected int64

	reader  *storage.Reader
	temp    tempFiles
	actuals map[planner.Node]*Actual
	ctes    map[*planner.CTE]*cteState
	subs    []Operator // of subqueries, to be closed with the runtime
}

// VirtualTables computes tables that are not stored.
type VirtualTables interface {
	// Scan calls emit with batches of rel's live columns, in order, until it returns an error. keys are
	// equalities that may be used to compute fewer rows; the caller checks them again.
	Scan(ctx context.Context, rel *cat.Relation, keys []KeyValue, emit func(*batch.Batch) error) error
}

// KeyValue is column = value.
type KeyValue struct {
	Attr  int16
	Value types.Datum
}

// ExprBinder binds stored expression text over the columns of a table: cols[i] is the i-th live column.
type ExprBinder interface {
	BindTableExpr(t *schema.Table, cols []eval.Column, text string, want types.T) (eval.Expr, error)
}

// Reader is the statement's view of the tables, opened on first use: writes of the statement itself are
// not in it.
func (rt *Runtime) Reader() *storage.Reader {
	if rt.reader == nil {
		rt.reader = rt.Txn.Reader()
	}
	return rt.reader
}

// Close frees the reader and the temporary files. Rows handed out before are invalid then.
func (rt *Runtime) Close() error {
	err := closeAll(rt.subs...)
	rt.subs = nil
	if rt.reader != nil {
		if rerr := rt.reader.Close(); err == nil {
			err = rerr
		}
		rt.reader = nil
	}
	if terr := rt.temp.removeAll(rt); err == nil {
		err = terr
	}
	if rt.Memory != nil {
		rt.Memory.Close()
	}
	return err
}

// Keep says that an operator, which kept *held bytes, keeps so many now; 53200 when there is no room for them. What an
// operator keeps to its end is given back by Close.
func (rt *Runtime) Keep(held *int64, bytes int64) error {
	if err := rt.Memory.Resize(held, bytes); err != nil {
		return pgerr.New(pgerrcode.OutOfMemory, "out of memory").Detail("%s", err).Wrap(err)
	}
	return nil
}

func (rt *Runtime) workMem() int64 {
	if rt.WorkMem > 0 {
		return rt.WorkMem
	}
	return planner.DefaultWorkMem
}

// scope is what the programs of one subtree run with. A subtree below a lateral join or in a correlated
// subquery has a scope of its own, whose outer columns are looked up there first.
type scope struct {
	ev     eval.Runtime
	parent *scope
	// row gives a column of the row that the subtree runs for.
	row func(eval.ColID) (types.Datum, bool)
}

// newScope makes a scope inside of parent (nil: the statement's own).
func (rt *Runtime) newScope(parent *scope, row func(eval.ColID) (types.Datum, bool)) *scope {
	s := &scope{parent: parent, row: row}
	s.ev = eval.Runtime{Env: rt.Env, Params: rt.Params}
	s.ev.Outer = s.outer
	s.ev.Subqueries = &subqueries{rt: rt, scope: s}
	return s
}

func (s *scope) outer(id eval.ColID) types.Datum {
	for c := s; c != nil; c = c.parent {
		if c.row == nil {
			continue
		}
		if d, ok := c.row(id); ok {
			return d
		}
	}
	return types.NullDatum
}
