package ddl

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// sequenceColumns are the columns that SELECT * FROM sequence shows.
func sequenceColumns() []schema.Column {
	return []schema.Column{
		{Num: 1, Name: "last_value", Type: types.Of(types.Int8OID), NotNull: true},
		{Num: 2, Name: "log_cnt", Type: types.Of(types.Int8OID), NotNull: true},
		{Num: 3, Name: "is_called", Type: types.Of(types.BoolOID), NotNull: true},
	}
}

// integerRange is the range of an integer type.
func integerRange(o types.OID) (lo, hi int64) {
	switch o {
	case types.Int2OID:
		return math.MinInt16, math.MaxInt16
	case types.Int4OID:
		return math.MinInt32, math.MaxInt32
	}
	return math.MinInt64, math.MaxInt64
}

func defaultSequence(t types.OID) schema.Sequence {
	_, hi := integerRange(t)
	return schema.Sequence{Type: t, Start: 1, Increment: 1, Min: 1, Max: hi, Cache: 1}
}

func (c *Context) createSequence(_ context.Context, n *sql.CreateSequence) error {
	ns, err := c.createIn(n.Name)
	if err != nil {
		return err
	}
	free, err := c.freeName(ns, n.Name.Name, n.IfNotExists)
	if err != nil || !free {
		return err
	}
	s := c.newTable(ns, n.Name.Name, schema.KindSequence)
	s.Columns = sequenceColumns()
	seq := defaultSequence(types.Int8OID)
	if err := c.sequenceOptions(&seq, n.Options, nil); err != nil {
		return err
	}
	if err := c.ownSequence(s, &seq, n.Options); err != nil {
		return err
	}
	s.Sequence = &seq
	return c.Txn.Put(s)
}

func (c *Context) alterSequence(ctx context.Context, n *sql.AlterSequence) error {
	if r, err := c.existing(n.Name, n.MissingOK); err != nil || r == nil {
		return err
	}
	t, err := c.table(n.Name, schema.KindSequence)
	if err != nil {
		return err
	}
	if err := c.lockTable(ctx, t.OID); err != nil {
		return err
	}
	return c.changeSequence(t, n.Options)
}

// changeSequence applies the options of ALTER SEQUENCE.
func (c *Context) changeSequence(t *schema.Table, opts []sql.Option) error {
	seq := *t.Sequence
	state, err := c.Store.Sequence(t.OID, t.Sequence)
	if err != nil {
		return err
	}
	if err := c.sequenceOptions(&seq, opts, t); err != nil {
		return err
	}
	anew := false
	for _, o := range opts {
		anew = anew || o.Name != "owned_by"
		if o.Name == "restart" {
			state.Last, state.Called = seq.Start, false
			if o.Set {
				if state.Last, err = sequenceInt(o); err != nil {
					return err
				}
			}
		}
	}
	if err := checkLast(&seq, state.Last); err != nil {
		return err
	}
	if err := c.ownSequence(t, &seq, opts); err != nil {
		return err
	}
	s := cloneTable(t)
	s.Sequence = &seq
	if anew {
		return c.putSequence(s, state)
	}
	return c.Txn.Put(s)
}

// putSequence puts a changed sequence with its state, kept elsewhere from then on: values that are taken after the
// change are given again when it is rolled back.
func (c *Context) putSequence(s *schema.Table, state storage.SequenceState) error {
	seq := *s.Sequence
	seq.Values = c.newOID()
	n := cloneTable(s)
	n.Sequence = &seq
	if err := c.Txn.Put(n); err != nil {
		return err
	}
	return c.Store.SetVal(n.OID, &seq, state.Last, state.Called)
}

// sequenceOptions applies the options of old, a sequence that exists, or of a new one when old is nil.
func (c *Context) sequenceOptions(s *schema.Sequence, opts []sql.Option, old *schema.Table) error {
	given := map[string]sql.Option{}
	for _, o := range opts {
		if _, twice := given[o.Name]; twice {
			return pgerr.New(pgerrcode.SyntaxError, "conflicting or redundant options").At(o.Pos())
		}
		given[o.Name] = o
		if err := sequenceOption(s, o); err != nil {
			return err
		}
	}
	if s.Increment == 0 {
		return pgerr.New(pgerrcode.InvalidParameterValue, "INCREMENT must not be zero")
	}
	if err := sequenceBounds(s, given, old); err != nil {
		return err
	}
	if _, set := given["start"]; !set && old == nil {
		s.Start = s.Min
		if s.Increment < 0 {
			s.Start = s.Max
		}
	}
	return checkSequence(s)
}

// sequenceBounds sets the bounds. One that is not given follows the type and the direction when the sequence is new;
// of one that exists it follows a change of type when it was the old type's.
func sequenceBounds(s *schema.Sequence, given map[string]sql.Option, old *schema.Table) (err error) {
	lo, hi := integerRange(s.Type)
	wasLo, wasHi := lo, hi
	_, retyped := given["as"]
	if old != nil {
		wasLo, wasHi = integerRange(old.Sequence.Type)
	}
	maxvalue, ok := given["maxvalue"]
	follow := retyped && old != nil && s.Max == wasHi
	switch {
	case maxvalue.Set:
		if s.Max, err = sequenceInt(maxvalue); err != nil {
			return err
		}
	case (ok || old == nil) && s.Increment < 0 && !follow:
		s.Max = -1
	case ok || old == nil || follow:
		s.Max = hi
	}
	minvalue, ok := given["minvalue"]
	follow = retyped && old != nil && s.Min == wasLo
	switch {
	case minvalue.Set:
		s.Min, err = sequenceInt(minvalue)
	case (ok || old == nil) && s.Increment > 0 && !follow:
		s.Min = 1
	case ok || old == nil || follow:
		s.Min = lo
	}
	return err
}

func badSequence(format string, args ...any) error {
	return pgerr.New(pgerrcode.InvalidParameterValue, format, args...)
}

func checkSequence(s *schema.Sequence) error {
	lo, hi := integerRange(s.Type)
	name := types.FormatType(types.Of(s.Type))
	switch {
	case s.Max < lo || s.Max > hi:
		return badSequence("MAXVALUE (%d) is out of range for sequence data type %s", s.Max, name)
	case s.Min < lo || s.Min > hi:
		return badSequence("MINVALUE (%d) is out of range for sequence data type %s", s.Min, name)
	case s.Min >= s.Max:
		return badSequence("MINVALUE (%d) must be less than MAXVALUE (%d)", s.Min, s.Max)
	case s.Start < s.Min:
		return badSequence("START value (%d) cannot be less than MINVALUE (%d)", s.Start, s.Min)
	case s.Start > s.Max:
		return badSequence("START value (%d) cannot be greater than MAXVALUE (%d)", s.Start, s.Max)
	case s.Cache < 1:
		return badSequence("CACHE (%d) must be greater than zero", s.Cache)
	}
	return nil
}

// checkLast refuses bounds that the sequence has passed, and a restart outside of them.
func checkLast(s *schema.Sequence, last int64) error {
	if last < s.Min {
		return badSequence("RESTART value (%d) cannot be less than MINVALUE (%d)", last, s.Min)
	}
	if last > s.Max {
		return badSequence("RESTART value (%d) cannot be greater than MAXVALUE (%d)", last, s.Max)
	}
	return nil
}

// sequenceOption applies what stands for itself: bounds are for sequenceBounds, OWNED BY for ownSequence.
func sequenceOption(s *schema.Sequence, o sql.Option) (err error) {
	switch o.Name {
	case "as":
		typ := types.ByName(strings.TrimPrefix(o.Value, "pg_catalog."))
		if typ == nil {
			return pgerr.New(pgerrcode.UndefinedObject, "type %q does not exist", o.Value).At(o.Pos())
		}
		if !isInteger(typ.OID) {
			return badSequence("sequence type must be smallint, integer, or bigint")
		}
		s.Type = typ.OID
	case "increment":
		s.Increment, err = sequenceInt(o)
	case "start":
		s.Start, err = sequenceInt(o)
	case "cache":
		s.Cache, err = sequenceInt(o)
	case "cycle":
		s.Cycle = !o.Set || o.Value == "1" || o.Value == "true" || o.Value == "t"
	case "minvalue", "maxvalue", "owned_by", "restart", "sequence_name", "logged":
	default:
		return pgerr.New(pgerrcode.SyntaxError, "sequence option %q not supported here", o.Name).At(o.Pos())
	}
	return err
}

func sequenceInt(o sql.Option) (int64, error) {
	d, err := types.Lookup(types.Int8OID).Parse(o.Value, -1, nil)
	if err != nil {
		return 0, err
	}
	return d.I, nil
}

// ownSequence applies OWNED BY table.column, or NONE, when it is among the options of t.
func (c *Context) ownSequence(t *schema.Table, s *schema.Sequence, opts []sql.Option) error {
	i := slices.IndexFunc(opts, func(o sql.Option) bool { return o.Name == "owned_by" })
	if i < 0 {
		return nil
	}
	if owner := c.catalog().Table(s.OwnerTable); owner != nil && owner.Col(s.OwnerColumn).Identity != 0 {
		return pgerr.New(pgerrcode.FeatureNotSupported, "cannot change ownership of identity sequence").
			Detail("Sequence %q is linked to table %q.", t.Name, owner.Name)
	}
	parts := opts[i].List
	if len(parts) == 0 && opts[i].Value != "" {
		parts = []string{opts[i].Value}
	}
	if len(parts) == 1 && parts[0] == "none" {
		s.OwnerTable, s.OwnerColumn = 0, 0
		return nil
	}
	if len(parts) < 2 {
		return pgerr.New(pgerrcode.SyntaxError, "invalid OWNED BY option").Hint("Specify OWNED BY table.column or OWNED BY NONE.")
	}
	name := &sql.TableName{At: -1, Name: parts[len(parts)-2]}
	if len(parts) > 2 {
		name.Schema = parts[len(parts)-3]
	}
	return c.linkSequence(t, s, name, parts[len(parts)-1])
}

// linkSequence makes a column the owner of a sequence.
func (c *Context) linkSequence(t *schema.Table, s *schema.Sequence, name *sql.TableName, column string) error {
	r, err := c.relation(name)
	if err != nil {
		return err
	}
	if r == nil {
		return noRelation(name)
	}
	owner := r.Table
	if owner == nil || owner.Kind == schema.KindSequence {
		return pgerr.New(pgerrcode.WrongObjectType, "sequence cannot be owned by relation %q", name.Name).Detail("%s", notFor(r.Kind()))
	}
	if owner.Owner != t.Owner {
		return pgerr.New(pgerrcode.ObjectNotInPrerequisiteState, "sequence must have same owner as table it is linked to")
	}
	if owner.Namespace != t.Namespace {
		return pgerr.New(pgerrcode.ObjectNotInPrerequisiteState, "sequence must be in same schema as table it is linked to")
	}
	col := owner.Column(column)
	if col == nil {
		return noColumn(column, owner)
	}
	s.OwnerTable, s.OwnerColumn = owner.OID, col.Num
	return nil
}

// notFor is the detail of an error that an operation is not there for a kind of relation.
func notFor(kind byte) string {
	many := map[byte]string{
		schema.KindTable: "tables", schema.KindView: "views", schema.KindSequence: "sequences", schema.KindIndex: "indexes",
	}
	return "This operation is not supported for " + many[kind] + "."
}
