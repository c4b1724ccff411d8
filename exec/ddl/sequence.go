package ddl

import (
	"context"
	"math"
	"strconv"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
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
	if err := c.sequenceOptions(&seq, n.Options, true); err != nil {
		return err
	}
	s.Sequence = &seq
	return c.Txn.Put(s)
}

func (c *Context) alterSequence(ctx context.Context, n *sql.AlterSequence) error {
	r, err := c.relation(n.Name)
	if err != nil {
		return err
	}
	if r == nil && n.MissingOK {
		c.notice("relation %q does not exist, skipping", n.Name.Name)
		return nil
	}
	t, err := c.table(n.Name, schema.KindSequence)
	if err != nil {
		return err
	}
	if err := c.lockTable(ctx, t.OID); err != nil {
		return err
	}
	s := cloneTable(t)
	seq := *t.Sequence
	if err := c.sequenceOptions(&seq, n.Options, false); err != nil {
		return err
	}
	s.Sequence = &seq
	if err := c.Txn.Put(s); err != nil {
		return err
	}
	for _, o := range n.Options {
		if o.Name == "restart" {
			value := seq.Start
			if o.Set {
				if value, err = sequenceInt(o); err != nil {
					return err
				}
			}
			return c.Store.SetVal(t.OID, &seq, value, false)
		}
	}
	return nil
}

// sequenceOptions applies options. Fresh says that the sequence is new: a bound that is not given then
// follows the type and direction.
func (c *Context) sequenceOptions(s *schema.Sequence, opts []sql.Option, fresh bool) error {
	given := map[string]bool{}
	for _, o := range opts {
		if given[o.Name] {
			return pgerr.New(pgerrcode.SyntaxError, "conflicting or redundant options").At(o.Pos())
		}
		given[o.Name] = true
		if err := c.sequenceOption(s, o); err != nil {
			return err
		}
	}
	if s.Increment == 0 {
		return pgerr.New(pgerrcode.InvalidParameterValue, "INCREMENT must not be zero")
	}
	lo, hi := integerRange(s.Type)
	if fresh || given["as"] {
		if !given["minvalue"] {
			s.Min = 1
			if s.Increment < 0 {
				s.Min = lo
			}
		}
		if !given["maxvalue"] {
			s.Max = hi
			if s.Increment < 0 {
				s.Max = -1
			}
		}
	}
	if fresh && !given["start"] {
		s.Start = s.Min
		if s.Increment < 0 {
			s.Start = s.Max
		}
	}
	return checkSequence(s, lo, hi)
}

func checkSequence(s *schema.Sequence, lo, hi int64) error {
	bad := func(format string, args ...any) error {
		return pgerr.New(pgerrcode.InvalidParameterValue, format, args...)
	}
	name := types.FormatType(types.Of(s.Type))
	switch {
	case s.Max < lo || s.Max > hi:
		return bad("MAXVALUE (%d) is out of range for sequence data type %s", s.Max, name)
	case s.Min < lo || s.Min > hi:
		return bad("MINVALUE (%d) is out of range for sequence data type %s", s.Min, name)
	case s.Min >= s.Max:
		return bad("MINVALUE (%d) must be less than MAXVALUE (%d)", s.Min, s.Max)
	case s.Start < s.Min:
		return bad("START value (%d) cannot be less than MINVALUE (%d)", s.Start, s.Min)
	case s.Start > s.Max:
		return bad("START value (%d) cannot be greater than MAXVALUE (%d)", s.Start, s.Max)
	case s.Cache < 1:
		return bad("CACHE (%d) must be greater than zero", s.Cache)
	}
	return nil
}

func (c *Context) sequenceOption(s *schema.Sequence, o sql.Option) (err error) {
	switch o.Name {
	case "as":
		typ := types.ByName(o.Value)
		if typ == nil || !isInteger(typ.OID) {
			return pgerr.New(pgerrcode.InvalidParameterValue, "sequence type must be smallint, integer, or bigint")
		}
		s.Type = typ.OID
	case "increment":
		s.Increment, err = sequenceInt(o)
	case "start":
		s.Start, err = sequenceInt(o)
	case "minvalue", "maxvalue":
		if !o.Set { // NO MINVALUE
			return c.defaultBound(s, o.Name)
		}
		v, err := sequenceInt(o)
		if err != nil {
			return err
		}
		if o.Name == "minvalue" {
			s.Min = v
		} else {
			s.Max = v
		}
	case "cache":
		s.Cache, err = sequenceInt(o)
	case "cycle":
		s.Cycle = !o.Set || o.Value == "1" || o.Value == "true" || o.Value == "t"
	case "owned_by":
		return c.ownSequence(s, o)
	case "restart", "sequence_name", "logged":
	default:
		return pgerr.New(pgerrcode.SyntaxError, "sequence option %q not supported here", o.Name).At(o.Pos())
	}
	return err
}

func (c *Context) defaultBound(s *schema.Sequence, which string) error {
	lo, hi := integerRange(s.Type)
	switch {
	case which == "minvalue" && s.Increment < 0:
		s.Min = lo
	case which == "minvalue":
		s.Min = 1
	case s.Increment < 0:
		s.Max = -1
	default:
		s.Max = hi
	}
	return nil
}

func sequenceInt(o sql.Option) (int64, error) {
	v, err := strconv.ParseInt(o.Value, 10, 64)
	if err != nil {
		return 0, pgerr.New(pgerrcode.InvalidParameterValue, "%s requires a numeric value", o.Name).At(o.Pos())
	}
	return v, nil
}

// ownSequence is OWNED BY table.column, or NONE.
func (c *Context) ownSequence(s *schema.Sequence, o sql.Option) error {
	parts := o.List
	if len(parts) == 0 && o.Value != "" {
		parts = []string{o.Value}
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
	t, err := c.table(name)
	if err != nil {
		return err
	}
	col := t.Column(parts[len(parts)-1])
	if col == nil {
		return pgerr.New(pgerrcode.UndefinedColumn, "column %q of relation %q does not exist", parts[len(parts)-1], t.Name)
	}
	s.OwnerTable, s.OwnerColumn = t.OID, col.Num
	return nil
}
