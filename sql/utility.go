package sql

import (
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
)

type (
	// Unsupported is a statement of a feature that we do not have. Running it gives 0A000.
	Unsupported struct {
		Feature string
		Err     *pgerr.Error // what it gives instead, if PostgreSQL without the feature says something else
	}
	// Explain is EXPLAIN.
	Explain struct {
		Query   Node
		Options []Option
	}
	// Copy is COPY. Table or Query is set.
	Copy struct {
		Table   *TableName
		Query   Node // *Select, or a statement with RETURNING
		Cols    []string
		From    bool
		Program bool
		File    string // "": STDIN or STDOUT
		Options []Option
		Where   Expr
	}
	// Begin is BEGIN or START TRANSACTION.
	Begin struct {
		Options TxOptions
		Start   bool
	}
	// Commit is COMMIT.
	Commit struct{ Chain bool }
	// Rollback is ROLLBACK.
	Rollback struct{ Chain bool }
	// Savepoint is SAVEPOINT.
	Savepoint struct{ Name string }
	// Release is RELEASE SAVEPOINT.
	Release struct{ Name string }
	// RollbackTo is ROLLBACK TO SAVEPOINT.
	RollbackTo struct{ Name string }
	// SetTransaction is SET TRANSACTION, or SET SESSION CHARACTERISTICS when Session.
	SetTransaction struct {
		Session bool
		Options TxOptions
	}
	// SetConstraints is SET CONSTRAINTS.
	SetConstraints struct {
		Names    []*TableName // nil: ALL
		Deferred bool
	}
	// Set is SET, RESET and RESET ALL.
	Set struct {
		Kind  SetKind
		Name  string
		Args  []SetArg
		Local bool
	}
	// Show is SHOW; Name "all" is SHOW ALL.
	Show struct{ Name string }
	// Discard is DISCARD: ALL, PLANS, SEQUENCES, TEMP.
	Discard struct{ What string }
	// Prepare is PREPARE.
	Prepare struct {
		Name  string
		Types []*TypeName
		Query Statement
	}
	// Execute is EXECUTE.
	Execute struct {
		Name string
		Args []Expr
	}
	// Deallocate is DEALLOCATE; Name "" is ALL.
	Deallocate struct{ Name string }
	// DeclareCursor is DECLARE CURSOR.
	DeclareCursor struct {
		Name     string
		Query    *Select
		Binary   bool
		Scroll   bool
		NoScroll bool
		Hold     bool

		Insensitive, Asensitive bool // both mean nothing: no cursor sees later changes
	}
	// Fetch is FETCH, or MOVE.
	Fetch struct {
		Cursor    string
		Direction FetchDirection
		Count     int64 // FetchAll: the rest
		Move      bool
	}
	// CloseCursor is CLOSE; Name "" is ALL.
	CloseCursor struct{ Name string }
	// Listen is LISTEN.
	Listen struct{ Channel string }
	// Unlisten is UNLISTEN; Channel "" is *.
	Unlisten struct{ Channel string }
	// Notify is NOTIFY.
	Notify struct{ Channel, Payload string }
	// Vacuum is VACUUM, or ANALYZE alone when Analyze and not Vacuum.
	Vacuum struct {
		Vacuum  bool
		Options []Option
		Tables  []VacuumTable
	}
	// VacuumTable is one table of VACUUM and ANALYZE.
	VacuumTable struct {
		Table *TableName
		Cols  []string
	}
	// Reindex is REINDEX. Kind is TABLE, INDEX, SCHEMA, SYSTEM or DATABASE.
	Reindex struct {
		Kind    string
		Table   *TableName
		Name    string
		Options []Option
	}
	// Cluster is CLUSTER.
	Cluster struct {
		Table *TableName
		Index string
	}
	// Checkpoint is CHECKPOINT.
	Checkpoint struct{}
	// LockTable is LOCK TABLE. Mode counts from 1 (ACCESS SHARE) to 8 (ACCESS EXCLUSIVE).
	LockTable struct {
		Tables []*TableName
		Mode   int
		NoWait bool
	}
)

// FetchAll is the count of FETCH ALL.
const FetchAll = int64(1<<63 - 1)

// TxOptions are the modes of a transaction. Nil and empty mean not given.
type TxOptions struct {
	Isolation  string // "read committed", ... in lower case
	ReadOnly   *bool
	Deferrable *bool
}

// SetKind is the kind of a Set.
type SetKind uint8

// Kinds of SET.
const (
	SetValue SetKind = iota
	SetDefault
	SetFromCurrent
	Reset
	ResetAll
)

// SetArg is one value of SET: its text, and whether it was written as a number or a string.
type SetArg struct {
	Text   string
	Number bool
}

// FetchDirection is the direction of FETCH.
type FetchDirection uint8

// Directions of FETCH.
const (
	FetchForward FetchDirection = iota
	FetchBackward
	FetchAbsolute
	FetchRelative
)

// Tag implements Node.
func (s *Unsupported) Tag() string { return s.Feature }

// Tag implements Node.
func (*Explain) Tag() string { return "EXPLAIN" }

// Tag implements Node.
func (*Copy) Tag() string { return "COPY" }

// Tag implements Node.
func (s *Begin) Tag() string {
	if s.Start {
		return "START TRANSACTION"
	}
	return "BEGIN"
}

// Tag implements Node.
func (*Commit) Tag() string { return "COMMIT" }

// Tag implements Node.
func (*Rollback) Tag() string { return "ROLLBACK" }

// Tag implements Node.
func (*Savepoint) Tag() string { return "SAVEPOINT" }

// Tag implements Node.
func (*Release) Tag() string { return "RELEASE" }

// Tag implements Node.
func (*RollbackTo) Tag() string { return "ROLLBACK" }

// Tag implements Node.
func (*SetTransaction) Tag() string { return "SET" }

// Tag implements Node.
func (*SetConstraints) Tag() string { return "SET CONSTRAINTS" }

// Tag implements Node.
func (s *Set) Tag() string {
	if s.Kind == Reset || s.Kind == ResetAll {
		return "RESET"
	}
	return "SET"
}

// Tag implements Node.
func (*Show) Tag() string { return "SHOW" }

// Tag implements Node.
func (s *Discard) Tag() string { return "DISCARD " + s.What }

// Tag implements Node.
func (*Prepare) Tag() string { return "PREPARE" }

// Tag implements Node.
func (*Execute) Tag() string { return "EXECUTE" }

// Tag implements Node.
func (s *Deallocate) Tag() string {
	if s.Name == "" {
		return "DEALLOCATE ALL"
	}
	return "DEALLOCATE"
}

// Tag implements Node.
func (*DeclareCursor) Tag() string { return "DECLARE CURSOR" }

// Tag implements Node.
func (s *Fetch) Tag() string {
	if s.Move {
		return "MOVE"
	}
	return "FETCH"
}

// Tag implements Node.
func (s *CloseCursor) Tag() string {
	if s.Name == "" {
		return "CLOSE CURSOR ALL"
	}
	return "CLOSE CURSOR"
}

// Tag implements Node.
func (*Listen) Tag() string { return "LISTEN" }

// Tag implements Node.
func (*Unlisten) Tag() string { return "UNLISTEN" }

// Tag implements Node.
func (*Notify) Tag() string { return "NOTIFY" }

// Tag implements Node.
func (s *Vacuum) Tag() string {
	if s.Vacuum {
		return "VACUUM"
	}
	return "ANALYZE"
}

// Tag implements Node.
func (*Reindex) Tag() string { return "REINDEX" }

// Tag implements Node.
func (*Cluster) Tag() string { return "CLUSTER" }

// Tag implements Node.
func (*Checkpoint) Tag() string { return "CHECKPOINT" }

// Tag implements Node.
func (*LockTable) Tag() string { return "LOCK TABLE" }

// Analyze says whether statistics are wanted: ANALYZE, or VACUUM with that option.
func (s *Vacuum) Analyze() bool {
	if !s.Vacuum {
		return true
	}
	for _, o := range s.Options {
		if o.Name == "analyze" && o.Value != "false" && o.Value != "off" && o.Value != "0" {
			return true
		}
	}
	return false
}

// On reads a boolean option of a statement of upkeep or EXPLAIN; without a value it is on.
func (o Option) On() (bool, error) {
	switch strings.ToLower(o.Value) {
	case "true", "on", "1":
		return true, nil
	case "false", "off", "0":
		return false, nil
	}
	if o.Set {
		return false, pgerr.New(pgerrcode.SyntaxError, "%s requires a Boolean value", o.Name)
	}
	return true, nil
}
