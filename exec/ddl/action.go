package ddl

import (
	"cmp"
	"slices"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
)

// action is what ALTER TABLE has to know of a command before it runs.
type action struct {
	words string // in messages
	on    string // the kinds of relations that it is for
	pass  pass
}

// pass is when a command runs: those of one ALTER TABLE run pass by pass, so that what one adds another may name,
// wherever they stand.
type pass uint8

const (
	passDrop pass = iota
	passType
	passColumn
	passAttribute
	passKey
	passConstraint
	passLast
)

// Kinds of relations, in one string.
const (
	onTable   = string(rune(schema.KindTable))
	onView    = string(rune(schema.KindView))
	onIndex   = string(rune(schema.KindIndex))
	onAnyKind = onTable + onView + onIndex + string(rune(schema.KindSequence))
)

var actions = map[sql.AlterKind]action{
	sql.AlterAddColumn:          {"ADD COLUMN", onTable, passColumn},
	sql.AlterDropColumn:         {"DROP COLUMN", onTable, passDrop},
	sql.AlterSetDefault:         {"ALTER COLUMN ... SET DEFAULT", onTable + onView, passConstraint},
	sql.AlterSetNotNull:         {"ALTER COLUMN ... SET NOT NULL", onTable, passAttribute},
	sql.AlterDropNotNull:        {"ALTER COLUMN ... DROP NOT NULL", onTable, passDrop},
	sql.AlterType:               {"ALTER COLUMN ... SET DATA TYPE", onTable, passType},
	sql.AlterAddConstraint:      {"ADD CONSTRAINT", onTable, passConstraint},
	sql.AlterDropConstraint:     {"DROP CONSTRAINT", onTable, passDrop},
	sql.AlterValidateConstraint: {"VALIDATE CONSTRAINT", onTable, passLast},
	sql.AlterConstraint:         {"ALTER CONSTRAINT", onTable, passLast},
	sql.AlterOwnerTo:            {"OWNER TO", onAnyKind, passLast},
	sql.AlterSetOptions:         {"SET", onTable + onView + onIndex, passLast},
	sql.AlterResetOptions:       {"RESET", onTable + onView + onIndex, passLast},
	sql.AlterAddIdentity:        {"ALTER COLUMN ... ADD IDENTITY", onTable + onView, passConstraint},
	sql.AlterSetIdentity:        {"ALTER COLUMN ... SET", onTable + onView, passAttribute},
	sql.AlterDropIdentity:       {"ALTER COLUMN ... DROP IDENTITY", onTable + onView, passDrop},
	sql.AlterDropExpression:     {"ALTER COLUMN ... DROP EXPRESSION", onTable, passDrop},
	sql.AlterSetStatistics:      {"ALTER COLUMN ... SET STATISTICS", onTable + onIndex, passLast},
	sql.AlterSetStorage:         {"ALTER COLUMN ... SET STORAGE", onTable, passLast},
	sql.AlterSetCompression:     {"ALTER COLUMN ... SET COMPRESSION", onTable, passLast},
	sql.AlterSetAttribute:       {"ALTER COLUMN ... SET", onTable + onIndex, passLast},
	sql.AlterResetAttribute:     {"ALTER COLUMN ... RESET", onTable + onIndex, passLast},
	sql.AlterSetMethod:          {"SET ACCESS METHOD", onTable, passLast},
	sql.AlterClusterOn:          {"CLUSTER ON", onTable, passLast},
	sql.AlterReplicaIdentity:    {"REPLICA IDENTITY", onTable, passLast},
	sql.AlterNothing:            {"this action of ALTER TABLE", onAnyKind, passLast},
}

// passOf is when a command runs.
func passOf(cmd *sql.AlterCmd) pass {
	switch {
	case cmd.Kind == sql.AlterSetDefault && cmd.Expr == nil:
		return passDrop
	case cmd.Kind == sql.AlterAddConstraint && (cmd.Constraint.Kind == sql.ConPrimary || cmd.Constraint.Kind == sql.ConUnique):
		return passKey
	}
	return actions[cmd.Kind].pass
}

// inPasses are the commands in the order in which they run.
func inPasses(cmds []sql.AlterCmd) []sql.AlterCmd {
	return slices.SortedStableFunc(slices.Values(cmds), func(a, b sql.AlterCmd) int { return cmp.Compare(passOf(&a), passOf(&b)) })
}

// actionsFit refuses commands that are not for the kind of relation.
func actionsFit(cmds []sql.AlterCmd, kind byte, name string) error {
	for _, cmd := range cmds {
		if a := actions[cmd.Kind]; strings.IndexByte(a.on, kind) < 0 {
			return pgerr.New(pgerrcode.WrongObjectType, "ALTER action %s cannot be performed on relation %q", a.words, name).
				Detail("%s", notFor(kind))
		}
	}
	return nil
}

// alterable finds the column that a command is about; verb is what it does to it.
func alterable(t *schema.Table, name, verb string) (*schema.Column, error) {
	if systemColumns[name] {
		return nil, pgerr.New(pgerrcode.FeatureNotSupported, "cannot %s system column %q", verb, name)
	}
	col := t.Column(name)
	if col == nil {
		return nil, noColumn(name, t)
	}
	return col, nil
}
