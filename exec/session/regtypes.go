package session

import (
	"slices"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/exec/pgcatalog"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// identBytesMax is the length to which names are cut, PostgreSQL's NAMEDATALEN - 1.
const identBytesMax = 63

// toReg is to_regclass and its kin: null instead of most errors.
func (d describer) toReg(name string, args []types.Datum) (types.Datum, error) {
	t := types.ByName(strings.TrimPrefix(name, "to_"))
	if t == nil || len(args) == 0 {
		return types.NullDatum, nil
	}
	v, err := t.Parse(args[0].S, -1, d.s.Settings())
	switch code := pgerr.Code(err); {
	case err == nil:
		return v, nil
	case code == pgerrcode.SyntaxError, code == pgerrcode.FeatureNotSupported:
		return v, err
	}
	return types.NullDatum, nil
}

// regResolver turns names into OIDs for regclass and its kin.
type regResolver struct{ s *Session }

// RegIn implements types.RegResolver.
func (r regResolver) RegIn(typ types.OID, text string) (types.OID, error) {
	kind := types.Lookup(typ).Name
	switch kind {
	case "regtype":
		return r.typ(text)
	case "regprocedure", "regoperator":
		return r.signature(kind, text)
	}
	names, err := splitQualified(text)
	if err != nil {
		return 0, err
	}
	switch kind {
	case "regclass":
		return r.class(names)
	case "regnamespace", "regrole":
		if len(names) != 1 {
			return 0, errNameSyntax()
		}
	case "regproc":
		return one(r.functions(names), "function", text)
	case "regoper":
		return one(r.operators(names), "operator", text)
	}
	return r.named(kind, names[len(names)-1])
}

// named finds an object that has no schema, or whose schema is not looked at.
func (r regResolver) named(kind, name string) (types.OID, error) {
	c := r.s.catalogView().cat
	switch kind {
	case "regnamespace":
		if n := c.Namespace(r.s.db.OID, name); n != nil {
			return n.OID, nil
		}
		return 0, pgerr.New(pgerrcode.InvalidSchemaName, "schema %q does not exist", name)
	case "regrole":
		if x := c.RoleNamed(name); x != nil {
			return x.OID, nil
		}
		return 0, pgerr.New(pgerrcode.UndefinedObject, "role %q does not exist", name)
	case "regcollation":
		if oid := pgcatalog.CollationOID(name); oid != 0 {
			return oid, nil
		}
		return 0, pgerr.New(pgerrcode.UndefinedObject, "collation %q for encoding \"UTF8\" does not exist", name)
	}
	return 0, pgerr.New(pgerrcode.UndefinedObject, "%q is not known as a %s here", name, kind)
}

func (r regResolver) class(names []string) (types.OID, error) {
	shown := strings.Join(names, ".")
	switch {
	case len(names) > 3:
		return 0, pgerr.New(pgerrcode.SyntaxError, "improper relation name (too many dotted names): %s", shown)
	case len(names) == 3 && names[0] != r.s.db.Name:
		return 0, pgerr.New(pgerrcode.FeatureNotSupported, "cross-database references are not implemented: %q", shown)
	}
	v := r.s.catalogView()
	ns, name, path := "", names[len(names)-1], v.path
	if len(names) > 1 {
		ns, path = names[len(names)-2], nil
		if n := v.cat.Namespace(v.db.OID, ns); n != nil {
			path = []schema.OID{n.OID}
		}
	}
	rel, err := v.Relation(ns, name)
	if err != nil && pgerr.Code(err) != pgerrcode.InvalidSchemaName {
		return 0, err
	}
	if rel != nil {
		return rel.Table.OID, nil
	}
	for _, o := range path {
		if x, ok := v.cat.Relation(o, name); ok {
			return x.OID(), nil
		}
	}
	return 0, pgerr.New(pgerrcode.UndefinedTable, "relation %q does not exist", shown)
}

func (r regResolver) typ(text string) (types.OID, error) {
	if strings.TrimSpace(text) == "" {
		return 0, pgerr.New(pgerrcode.SyntaxError, "invalid type name %q", text)
	}
	n, err := sql.ParseTypeName(text)
	if err != nil {
		return 0, err
	}
	t, err := r.s.binder().ResolveType(n)
	if err == nil {
		return t.OID, nil
	}
	if t := types.ByName(strings.ToLower(strings.TrimSpace(text))); t != nil && t.OID < types.FirstExtensionOID {
		return t.OID, nil // also types that no column can have yet
	}
	return 0, err
}

// signature finds a function or operator by its name and the types of its arguments.
func (r regResolver) signature(kind, text string) (types.OID, error) {
	names, args, err := r.splitSignature(text, kind == "regoperator")
	if err != nil {
		return 0, err
	}
	if kind == "regprocedure" {
		for _, f := range r.functions(names) {
			if slices.Equal(f.Args, args) {
				return f.OID, nil
			}
		}
		return 0, pgerr.New(pgerrcode.UndefinedFunction, "function %q does not exist", text)
	}
	switch {
	case len(args) == 1:
		return 0, pgerr.New(pgerrcode.UndefinedParameter, "missing argument").
			Hint("Use NONE to denote the missing argument of a unary operator.")
	case len(args) != 2:
		return 0, pgerr.New(pgerrcode.TooManyArguments, "too many arguments").Hint("Provide two argument types for operator.")
	}
	for _, o := range r.operators(names) {
		if o.Left == args[0] && o.Right == args[1] {
			return o.OID, nil
		}
	}
	return 0, pgerr.New(pgerrcode.UndefinedFunction, "operator does not exist: %s", text)
}

// splitSignature reads name(type, ...); with none, NONE stands for a missing argument.
func (r regResolver) splitSignature(text string, none bool) (names []string, args []types.OID, err error) {
	open := outsideQuotes(text, '(')
	if open < 0 {
		return nil, nil, pgerr.New(pgerrcode.InvalidTextRepresentation, "expected a left parenthesis")
	}
	if names, err = splitQualified(text[:open]); err != nil {
		return nil, nil, err
	}
	rest, closed := strings.CutSuffix(strings.TrimRight(text[open+1:], " \t\n"), ")")
	if !closed {
		return nil, nil, pgerr.New(pgerrcode.InvalidTextRepresentation, "expected a right parenthesis")
	}
	for more := strings.TrimSpace(rest) != ""; more; {
		part := rest
		comma := outsideQuotes(rest, ',')
		if more = comma >= 0; more {
			part, rest = rest[:comma], rest[comma+1:]
		}
		part = strings.TrimSpace(part)
		var oid types.OID
		switch {
		case part == "":
			return nil, nil, pgerr.New(pgerrcode.InvalidTextRepresentation, "expected a type name")
		case !none || !strings.EqualFold(part, "none"):
			if oid, err = r.typ(part); err != nil {
				return nil, nil, err
			}
		}
		args = append(args, oid)
	}
	return names, args, nil
}

// outsideQuotes finds a byte that stands in neither quotes nor parentheses.
func outsideQuotes(s string, want byte) int {
	quoted, depth := false, 0
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == want && depth == 0:
			return i
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		}
	}
	return -1
}

// functions lists the functions of a name.
func (r regResolver) functions(names []string) []*fn.Func {
	var list []*fn.Func
	for _, f := range fn.FuncsByName(names[len(names)-1]) {
		if r.in(f.Extension, names) {
			list = append(list, f)
		}
	}
	return list
}

func (r regResolver) operators(names []string) []*fn.Operator {
	var list []*fn.Operator
	for _, o := range fn.OperatorsByName(names[len(names)-1]) {
		if r.in(o.Extension, names) {
			list = append(list, o)
		}
	}
	return list
}

// in says whether a built-in object, or one of the extension, is what a name means that may have a schema.
func (r regResolver) in(extension bool, names []string) bool {
	v := r.s.catalogView()
	ns := schema.PgCatalogOID
	if extension {
		x := v.cat.Extension(v.db.OID, "vector")
		if x == nil {
			return false
		}
		ns = x.Namespace
	}
	if len(names) == 1 {
		return slices.Contains(v.path, ns)
	}
	n := v.cat.NamespaceByOID(ns)
	return n != nil && n.Name == names[len(names)-2]
}

// one is the only function or operator of a list.
func one[T *fn.Func | *fn.Operator](list []T, what, text string) (types.OID, error) {
	switch {
	case len(list) > 1 && what == "function":
		return 0, pgerr.New(pgerrcode.AmbiguousFunction, "more than one function named %q", text)
	case len(list) > 1:
		return 0, pgerr.New(pgerrcode.AmbiguousFunction, "more than one operator named %s", text)
	case len(list) == 0 && what == "function":
		return 0, pgerr.New(pgerrcode.UndefinedFunction, "function %q does not exist", text)
	case len(list) == 0:
		return 0, pgerr.New(pgerrcode.UndefinedFunction, "operator does not exist: %s", text)
	}
	switch x := any(list[0]).(type) {
	case *fn.Func:
		return x.OID, nil
	case *fn.Operator:
		return x.OID, nil
	}
	return 0, nil
}

// RegOut implements types.RegResolver.
func (r regResolver) RegOut(typ, oid types.OID) (string, bool) {
	v := r.s.catalogView()
	switch kind := types.Lookup(typ).Name; kind {
	case "regclass":
		if rel := v.RelationByOID(oid); rel != nil {
			return v.shownName(rel.Table.Namespace, rel.Table.Name), true
		}
		if x := v.cat.Index(oid); x != nil {
			return v.shownName(x.Namespace, x.Name), true
		}
	case "regtype":
		return r.typeOut(oid)
	case "regnamespace":
		if n := v.cat.NamespaceByOID(oid); n != nil {
			return bind.QuoteIdent(n.Name), true
		}
	case "regrole":
		if x := v.cat.Role(oid); x != nil {
			return bind.QuoteIdent(x.Name), true
		}
	case "regcollation":
		if name := pgcatalog.CollationName(oid); name != "" {
			return bind.QuoteIdent(name), true
		}
	case "regproc", "regprocedure":
		if f := fn.FuncByOID(oid); f != nil {
			return r.functionOut(f, kind == "regprocedure"), true
		}
	case "regoper":
		if o := fn.OperatorByOID(oid); o != nil {
			return r.schemaOf(o.Extension, len(r.operators([]string{o.Name})) == 1) + o.Name, true
		} else if oid == 0 {
			return "0", true
		}
	case "regoperator":
		if o := fn.OperatorByOID(oid); o != nil {
			return r.schemaOf(o.Extension, true) + o.Name + "(" + r.argName(o.Left) + "," + r.argName(o.Right) + ")", true
		} else if oid == 0 {
			return "0", true
		}
	}
	return "", false
}

func (r regResolver) typeOut(oid types.OID) (string, bool) {
	if types.Lookup(oid) != nil {
		return r.schemaOfType(oid) + types.TypeName(oid), true
	}
	v := r.s.catalogView()
	if t := v.cat.TableOfPart(oid); t != nil && t.DB == v.db.OID {
		switch oid {
		case t.RowType:
			return v.shownName(t.Namespace, t.Name), true
		case t.RowType + 1:
			return v.shownName(t.Namespace, t.Name) + "[]", true
		}
	}
	return "", false
}

// schemaOfType is the schema and dot before a type that the path does not find.
func (r regResolver) schemaOfType(oid types.OID) string {
	if oid < types.FirstExtensionOID {
		return ""
	}
	return r.schemaOf(true, true)
}

// functionOut prints a function: a name that others have too gets its schema, unless arguments tell it apart.
func (r regResolver) functionOut(f *fn.Func, args bool) string {
	name := bind.QuoteIdent(f.Name)
	if !args {
		return r.schemaOf(f.Extension, len(r.functions([]string{f.Name})) == 1) + name
	}
	list := make([]string, len(f.Args))
	for i, a := range f.Args {
		list[i] = r.argName(a)
	}
	return r.schemaOf(f.Extension, true) + name + "(" + strings.Join(list, ",") + ")"
}

func (r regResolver) argName(t types.OID) string {
	if t == 0 {
		return "NONE"
	}
	return r.schemaOfType(t) + types.TypeName(t)
}

// schemaOf is the schema and dot before a built-in object or one of the extension, or nothing if the path finds it.
func (r regResolver) schemaOf(extension, alone bool) string {
	v := r.s.catalogView()
	ns := schema.PgCatalogOID
	if extension {
		if x := v.cat.Extension(v.db.OID, "vector"); x != nil {
			ns = x.Namespace
		}
	}
	if n := v.cat.NamespaceByOID(ns); n != nil && !(alone && slices.Contains(v.path, ns)) {
		return bind.QuoteIdent(n.Name) + "."
	}
	return ""
}

func errNameSyntax() error { return pgerr.New(pgerrcode.InvalidName, "invalid name syntax") }

// splitQualified splits a.b."C" into names, cut to their greatest length.
func splitQualified(text string) ([]string, error) {
	names, ok := fn.SplitName(text)
	if !ok {
		return nil, errNameSyntax()
	}
	for i, name := range names {
		if len(name) > identBytesMax {
			names[i] = strings.ToValidUTF8(name[:identBytesMax], "")
		}
	}
	return names, nil
}
