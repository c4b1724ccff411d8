package pgcatalog

import (
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// privilegeFuncs are the has_*_privilege functions, each with how it finds the object that it is asked about.
var privilegeFuncs = map[string]func(*View, describeArgs) (found *schema.Object, err error){
	"has_table_privilege":      (*View).tableObject,
	"has_any_column_privilege": (*View).tableObject,
	"has_column_privilege":     (*View).columnObject,
	"has_sequence_privilege":   (*View).sequenceObject,
	"has_schema_privilege":     (*View).schemaObject,
	"has_database_privilege":   (*View).databaseObject,
	"has_function_privilege":   always(&schema.ACLKind{Privileges: []schema.Privilege{{Word: "EXECUTE", Letter: 'X'}}, Public: "X"}),
	"has_type_privilege":       always(&schema.ACLKind{Privileges: []schema.Privilege{{Word: "USAGE", Letter: 'U'}}, Public: "U"}),
	"has_language_privilege":   always(&schema.ACLKind{Privileges: []schema.Privilege{{Word: "USAGE", Letter: 'U'}}, Public: "U"}),
	"has_tablespace_privilege": always(&schema.ACLKind{Privileges: []schema.Privilege{{Word: "CREATE", Letter: 'C'}}}),
}

// always finds an object on which nothing can be granted: what its kind gives everyone holds.
func always(kind *schema.ACLKind) func(*View, describeArgs) (*schema.Object, error) {
	return func(*View, describeArgs) (*schema.Object, error) {
		return &schema.Object{Kind: kind, Owner: schema.BootstrapRoleOID}, nil
	}
}

// hasPrivilege answers has_*_privilege([user,] object [, column], privileges).
func (v *View) hasPrivilege(name string, args []types.Datum, argTypes []types.T) (types.Datum, error) {
	a := describeArgs{name, args, argTypes}
	own := 2
	if name == "has_column_privilege" {
		own = 3
	}
	role := v.Role
	if len(args) > own {
		var err error
		if role, err = v.roleArg(a, 0); err != nil {
			return null, err
		}
		a.datum, a.types = args[1:], argTypes[1:]
	}
	o, err := privilegeFuncs[name](v, a)
	if err != nil {
		return null, err
	}
	kind := schema.TableACL
	if o != nil {
		kind = o.Kind
	}
	list := a.str(len(a.datum) - 1)
	any := false
	for _, part := range strings.Split(list, ",") {
		word, grant := schema.WithoutGrantOption(part)
		letter, ok := kind.Letter(word)
		if !ok {
			if _, ok = schema.TableACL.Letter(word); !ok || kind != schema.SequenceACL || name == "has_sequence_privilege" {
				return null, unknownPrivilege(part)
			}
		}
		if o == nil {
			continue
		}
		if grant { // only owners grant
			any = any || role != nil && schema.Owns(role, o.Owner, v.Source.Role)
		} else {
			any = any || o.Allows(role, letter, v.Source.Role)
		}
	}
	if o == nil {
		return null, nil
	}
	return yes(any), nil
}

func unknownPrivilege(word string) error {
	return pgerr.New(pgerrcode.InvalidParameterValue, "unrecognized privilege type: %q", strings.TrimSpace(word))
}

// hasRole answers pg_has_role([user,] role, privileges).
func (v *View) hasRole(args []types.Datum, argTypes []types.T) (types.Datum, error) {
	a := describeArgs{"pg_has_role", args, argTypes}
	role := v.Role
	if len(args) > 2 {
		var err error
		if role, err = v.roleArg(a, 0); err != nil {
			return null, err
		}
		a.datum, a.types = args[1:], argTypes[1:]
	}
	of, err := v.roleArg(a, 0)
	if err != nil {
		return null, err
	}
	any := false
	for _, part := range strings.Split(a.str(1), ",") {
		word, admin := schema.WithoutGrantOption(part)
		if word != "MEMBER" && word != "USAGE" && word != "SET" {
			return null, unknownPrivilege(part)
		}
		switch {
		case role == nil || of == nil:
		case role.Super:
			any = true
		case admin: // nobody else has it
		case word == "USAGE":
			any = any || schema.Owns(role, of.OID, v.Source.Role)
		default:
			any = any || schema.IsMember(role, of.OID, v.Source.Role)
		}
	}
	return yes(any), nil
}

// roleArg reads a role given by name or OID. Nil is public, or an OID without a role.
func (v *View) roleArg(a describeArgs, i int) (*schema.Role, error) {
	if !isText(a.types[i].OID) {
		return v.Source.Role(a.oid(i)), nil
	}
	name := a.datum[i].S
	r := v.roleNamed(name)
	if r == nil && (name != "public" || a.name == "pg_has_role") {
		return nil, pgerr.New(pgerrcode.UndefinedObject, "role %q does not exist", name)
	}
	return r, nil
}

func (v *View) roleNamed(name string) *schema.Role {
	for _, r := range v.Source.Roles() {
		if r.Name == name {
			return r
		}
	}
	return nil
}

func isText(o types.OID) bool {
	return o == types.NameOID || o == types.TextOID || o == types.UnknownOID
}

// tableArg finds the relation of the first argument: an error if it is given by a name that there is not, nil if
// by such an OID.
func (v *View) tableArg(a describeArgs) (*schema.Table, error) {
	if !isText(a.types[0].OID) {
		return v.relation(a.oid(0)), nil
	}
	o, err := v.relationNamed(a.str(0))
	if err != nil {
		return nil, err
	}
	if t := v.relation(o); t != nil {
		return t, nil
	}
	return nil, pgerr.New(pgerrcode.UndefinedTable, "relation %q does not exist", a.str(0))
}

func (v *View) tableObject(a describeArgs) (*schema.Object, error) {
	t, err := v.tableArg(a)
	if t == nil || err != nil {
		return nil, err
	}
	o := t.Object()
	return &o, nil
}

func (v *View) columnObject(a describeArgs) (*schema.Object, error) {
	t, err := v.tableArg(a)
	if t == nil || err != nil {
		return nil, err
	}
	if isText(a.types[1].OID) {
		if t.Column(a.str(1)) == nil {
			return nil, pgerr.New(pgerrcode.UndefinedColumn, "column %q of relation %q does not exist", a.str(1), t.Name)
		}
	} else if c := t.Col(int16(a.datum[1].I)); c == nil || c.Dropped {
		return nil, nil
	}
	o := t.Object()
	return &o, nil
}

func (v *View) sequenceObject(a describeArgs) (*schema.Object, error) {
	t, err := v.tableArg(a)
	if t == nil || err != nil {
		return nil, err
	}
	if t.Kind != schema.KindSequence {
		return nil, pgerr.New(pgerrcode.WrongObjectType, "%q is not a sequence", t.Name)
	}
	o := t.Object()
	return &o, nil
}

func (v *View) schemaObject(a describeArgs) (*schema.Object, error) {
	for _, ns := range v.namespaces() {
		if isText(a.types[0].OID) && ns.Name == a.str(0) || !isText(a.types[0].OID) && ns.OID == a.oid(0) {
			o := ns.Object()
			return &o, nil
		}
	}
	if isText(a.types[0].OID) {
		return nil, pgerr.New(pgerrcode.InvalidSchemaName, "schema %q does not exist", a.str(0))
	}
	return nil, nil
}

func (v *View) databaseObject(a describeArgs) (*schema.Object, error) {
	for _, d := range v.Source.Databases() {
		if isText(a.types[0].OID) && d.Name == a.str(0) || !isText(a.types[0].OID) && d.OID == a.oid(0) {
			o := d.Object()
			return &o, nil
		}
	}
	if isText(a.types[0].OID) {
		return nil, pgerr.New(pgerrcode.InvalidCatalogName, "database %q does not exist", a.str(0))
	}
	return nil, nil
}

func (v *View) relationNamed(name string) (types.OID, error) {
	if v.Find != nil {
		return v.Find(name)
	}
	if t := Lookup("pg_catalog", name); t != nil {
		return t.OID, nil
	}
	return 0, pgerr.New(pgerrcode.UndefinedTable, "relation %q does not exist", name)
}
