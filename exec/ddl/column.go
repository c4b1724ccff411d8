package ddl

import (
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// serialTypes are the names that stand for an integer column with a sequence.
var serialTypes = map[string]types.OID{
	"smallserial": types.Int2OID, "serial2": types.Int2OID,
	"serial": types.Int4OID, "serial4": types.Int4OID,
	"bigserial": types.Int8OID, "serial8": types.Int8OID,
}

// addColumn adds a column without its constraints, but with NOT NULL and a serial's or identity's
// sequence.
func (c *Context) addColumn(p *tablePlan, def *sql.ColumnDef) error {
	if p.table.Column(def.Name) != nil {
		return pgerr.New(pgerrcode.DuplicateColumn, "column %q specified more than once", def.Name)
	}
	if systemColumns[def.Name] {
		return errSystemColumn(def.Name)
	}
	col := schema.Column{Num: int16(len(p.table.Columns) + 1), Name: def.Name}
	serial := types.OID(0)
	if len(def.Type.Names) == 1 {
		serial = serialTypes[def.Type.Names[0]]
	}
	if def.Type.SetOf {
		return pgerr.New(pgerrcode.InvalidTableDefinition, "column %q cannot be declared SETOF", def.Name)
	}
	if serial != 0 && def.Type.Dims > 0 {
		return pgerr.New(pgerrcode.FeatureNotSupported, "array of serial is not implemented").At(def.Type.Pos())
	}
	if serial != 0 {
		col.Type, col.NotNull = types.Of(serial), true
	} else {
		t, err := c.Binder.Type(def.Type)
		if err != nil {
			return err
		}
		col.Type = t
	}
	if err := checkColumnType(def.Name, col.Type); err != nil {
		return err
	}
	if err := checkCollation(def.Collation, col.Type); err != nil {
		return err
	}
	if err := checkColumnForm(def, col.Type); err != nil {
		return err
	}
	if serial != 0 {
		if err := c.addOwnedSequence(p, &col, nil); err != nil {
			return err
		}
	}
	if err := c.columnFlags(p, &col, def, serial != 0); err != nil {
		return err
	}
	p.table.Columns = append(p.table.Columns, col)
	return nil
}

var systemColumns = map[string]bool{
	"ctid": true, "xmin": true, "cmin": true, "xmax": true, "cmax": true, "tableoid": true,
}

func errSystemColumn(name string) error {
	return pgerr.New(pgerrcode.DuplicateColumn, "column name %q conflicts with a system column name", name)
}

// columnFlags applies NOT NULL and identity, and refuses contradictions.
func (c *Context) columnFlags(p *tablePlan, col *schema.Column, def *sql.ColumnDef, serial bool) error {
	null := false
	saw := map[sql.ConstraintKind]bool{sql.ConDefault: serial}
	for _, con := range def.Constraints {
		switch con.Kind {
		case sql.ConNull:
			null = true
		case sql.ConNotNull:
			col.NotNull = true
		case sql.ConDefault, sql.ConIdentity, sql.ConGenerated:
			if err := checkValueClauses(saw, con.Kind, col.Name, p.table.Name); err != nil {
				return err
			}
		}
		switch con.Kind {
		case sql.ConIdentity:
			if !isInteger(col.Type.OID) {
				return errIdentityType
			}
			col.Identity, col.NotNull = con.Identity, true
			if err := c.addOwnedSequence(p, col, con.Options); err != nil {
				return err
			}
		case sql.ConGenerated:
			col.Generated = beingGenerated
		}
		if null && col.NotNull {
			return pgerr.New(pgerrcode.SyntaxError, "conflicting NULL/NOT NULL declarations for column %q of table %q", col.Name, p.table.Name)
		}
	}
	return nil
}

// beingGenerated stands for a generation expression that is not bound yet, so that others cannot name its column.
const beingGenerated = "?"

var errIdentityType = pgerr.New(pgerrcode.InvalidParameterValue, "identity column type must be smallint, integer, or bigint")

// checkValueClauses refuses more than one clause that says where a column's value comes from. Saw are those so far.
func checkValueClauses(saw map[sql.ConstraintKind]bool, kind sql.ConstraintKind, column, table string) error {
	again := saw[kind]
	saw[kind] = true
	message := ""
	switch {
	case again && kind == sql.ConDefault:
		message = "multiple default values specified"
	case again && kind == sql.ConIdentity:
		message = "multiple identity specifications"
	case again:
		message = "multiple generation clauses specified"
	case saw[sql.ConDefault] && saw[sql.ConIdentity]:
		message = "both default and identity specified"
	case saw[sql.ConDefault] && saw[sql.ConGenerated]:
		message = "both default and generation expression specified"
	case saw[sql.ConIdentity] && saw[sql.ConGenerated]:
		message = "both identity and generation expression specified"
	default:
		return nil
	}
	return pgerr.New(pgerrcode.SyntaxError, "%s for column %q of table %q", message, column, table)
}

func isInteger(o types.OID) bool {
	return o == types.Int2OID || o == types.Int4OID || o == types.Int8OID
}

// addOwnedSequence plans the sequence of a serial or identity column. A serial's column gets its
// nextval as default.
func (c *Context) addOwnedSequence(p *tablePlan, col *schema.Column, opts []sql.Option) error {
	ns, name, err := c.ownedSequenceName(p, col, opts)
	if err != nil {
		return err
	}
	p.taken[name] = true
	s := c.newTable(ns, name, schema.KindSequence)
	s.Owner, s.Columns = p.table.Owner, sequenceColumns()
	seq := defaultSequence(col.Type.OID)
	if err := c.sequenceOptions(&seq, opts, nil); err != nil {
		return err
	}
	seq.OwnerTable, seq.OwnerColumn = p.table.OID, col.Num
	s.Sequence = &seq
	col.Sequence = s.OID
	if col.Identity == 0 {
		col.Default = "nextval('" + c.sequenceText(s) + "'::regclass)"
		col.Deps = []schema.Dep{{OID: s.OID}}
	}
	p.sequences = append(p.sequences, s)
	return nil
}

// ownedSequenceName is the name that SEQUENCE NAME gives, as a dump has it, or one made from the column's.
func (c *Context) ownedSequenceName(p *tablePlan, col *schema.Column, opts []sql.Option) (schema.OID, string, error) {
	ns := p.table.Namespace
	for _, o := range opts {
		if o.Name != "sequence_name" || len(o.List) == 0 {
			continue
		}
		name := &sql.TableName{At: o.At, Name: o.List[len(o.List)-1]}
		if len(o.List) > 1 {
			name.Schema = o.List[len(o.List)-2]
			var err error
			if ns, err = c.createIn(name); err != nil {
				return 0, "", err
			}
		}
		_, err := c.freeName(ns, name.Name, false)
		return ns, name.Name, err
	}
	return ns, c.chooseName(ns, p.table.Name, col.Name, "seq", p.taken), nil
}

// sequenceText names a sequence inside a stored nextval.
func (c *Context) sequenceText(s *schema.Table) string {
	ns := c.catalog().NamespaceByOID(s.Namespace)
	if ns == nil || ns.Temp {
		return quote(s.Name)
	}
	return ns.Name + "." + quote(s.Name)
}

// addColumnConstraints applies DEFAULT, GENERATED, CHECK, keys and REFERENCES of one column definition,
// once all columns of the table are known.
func (c *Context) addColumnConstraints(p *tablePlan, def *sql.ColumnDef) error {
	col := p.table.Column(def.Name)
	for _, con := range def.Constraints {
		var err error
		switch con.Kind {
		case sql.ConDefault:
			err = c.setDefault(p.table, col, con.Expr)
		case sql.ConGenerated:
			err = c.setGenerated(p.table, col, con.Expr)
		case sql.ConCheck, sql.ConForeign, sql.ConPrimary, sql.ConUnique:
			one := *con
			if con.Kind == sql.ConForeign {
				one.FKCols = []string{def.Name}
			} else if con.Kind != sql.ConCheck {
				one.Keys = []string{def.Name}
			}
			err = c.addConstraint(p, &one)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// setDefault stores a column's default.
func (c *Context) setDefault(t *schema.Table, col *schema.Column, e sql.Expr) error {
	s, err := c.Binder.Expr(e, t, Wanted{Type: col.Type, Column: col.Name, What: "DEFAULT expressions"})
	if err != nil {
		return err
	}
	if col.Type.Mod < 0 && s.Text == "NULL::"+types.FormatType(col.Type) {
		s.Text = "" // nothing more than no default says
	}
	col.Default, col.Deps = s.Text, s.Deps
	return nil
}

func (c *Context) setGenerated(t *schema.Table, col *schema.Column, e sql.Expr) error {
	s, err := c.Binder.Expr(e, t, Wanted{Type: col.Type, Column: col.Name, What: "column generation expressions", Columns: true, Immutable: true})
	if err != nil {
		return err
	}
	for _, d := range s.Deps {
		if d.OID == t.OID && t.Col(d.Column) != nil && t.Col(d.Column).Generated != "" {
			return pgerr.New(pgerrcode.InvalidObjectDefinition, "cannot use generated column %q in column generation expression", t.Col(d.Column).Name).
				Detail("A generated column cannot reference another generated column.")
		}
	}
	col.Generated, col.Deps = s.Text, s.Deps
	return nil
}

// checkCollation accepts the collations that are bytewise.
func checkCollation(names []string, t types.T) error {
	if len(names) == 0 {
		return nil
	}
	switch name := names[len(names)-1]; name {
	case "C", "POSIX", "default", "ucs_basic":
	default:
		return pgerr.New(pgerrcode.UndefinedObject, "collation %q for encoding \"UTF8\" does not exist", strings.Join(names, "."))
	}
	if typ := types.Lookup(t.OID); typ != nil && typ.Collation == 0 {
		return pgerr.New(pgerrcode.DatatypeMismatch, "collations are not supported by type %s", types.FormatType(types.Of(t.OID)))
	}
	return nil
}
