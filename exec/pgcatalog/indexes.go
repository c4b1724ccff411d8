package pgcatalog

import (
	"slices"
	"strings"

	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

var indexEntries = []entry{
	{
		"pg_index", "indexrelid indrelid indnatts indnkeyatts indisunique indnullsnotdistinct indisprimary " +
			"indimmediate indisvalid indisready indislive indkey indcollation indclass indoption indexprs indpred",
		"", fillIndex,
	},
	{"pg_indexes", "schemaname tablename indexname indexdef", "", func(v *View, _ types.OID, emit emitFunc) {
		v.eachIndex(0, func(x *schema.Index) {
			if t := v.relation(x.Table); t != nil {
				emit(str(v.namespaceName(x.Namespace)), str(t.Name), str(x.Name), str(v.IndexDef(x, 0, false)))
			}
		})
	}},
	{
		"pg_constraint", "oid conname connamespace contype condeferrable condeferred convalidated conrelid conindid " +
			"confrelid confupdtype confdeltype confmatchtype conislocal connoinherit conkey confkey conbin",
		"conrelid", fillConstraint,
	},
	{"pg_am", "oid amname amhandler amtype", "", func(v *View, _ types.OID, emit emitFunc) {
		for _, am := range accessMethods {
			handler := oid(am.handler)
			if am.oid == amHNSW || am.oid == amIVFFlat {
				if _, ok := v.extensionNamespace(true); !ok {
					continue
				}
				handler = proc(am.name + "handler")
			}
			emit(oid(am.oid), str(am.name), handler, chr(am.kind))
		}
	}},
}

var accessMethods = []struct {
	oid     types.OID
	name    string
	handler types.OID
	kind    byte
}{
	{amHeap, "heap", 3, 't'},
	{amBTree, "btree", 330, 'i'},
	{amHash, "hash", 331, 'i'},
	{783, "gist", 332, 'i'},
	{2742, "gin", 333, 'i'},
	{4000, "spgist", 334, 'i'},
	{3580, "brin", 335, 'i'},
	{amIVFPQ, "ivfpq", 0, 'i'},
	{amHNSW, "hnsw", 0, 'i'},
	{amIVFFlat, "ivfflat", 0, 'i'},
}

func fillIndex(v *View, _ types.OID, emit emitFunc) {
	v.eachIndex(0, func(x *schema.Index) {
		keys := make([]int16, 0, len(x.Keys)+len(x.Include))
		var collations, classes []types.OID
		var flags []int16
		var exprs []string
		for _, k := range x.Keys {
			keys = append(keys, k.Column)
			coll := types.OID(0)
			if t := types.Lookup(k.Type.OID); t != nil {
				coll = t.Collation
			}
			collations = append(collations, coll)
			classes = append(classes, opclassOID(x.Method, k))
			flag := int16(0)
			if k.Desc {
				flag |= 1
			}
			if k.NullsFirst {
				flag |= 2
			}
			flags = append(flags, flag)
			if k.Column == 0 {
				exprs = append(exprs, k.Expr)
			}
		}
		keys = append(keys, x.Include...)
		pred := strOrNull(x.Where)
		emit(oid(x.OID), oid(x.Table), num(len(keys)), num(len(x.Keys)), yes(x.Unique), yes(x.NullsNotDistinct),
			yes(x.Primary), yes(true), yes(true), yes(true), yes(true),
			intVector(types.Int2VectorOID, keys), intVector(types.OIDVectorOID, collations),
			intVector(types.OIDVectorOID, classes), intVector(types.Int2VectorOID, flags),
			strOrNull(strings.Join(exprs, ", ")), pred)
	})
}

func fillConstraint(v *View, only types.OID, emit emitFunc) {
	v.eachRelation(only, func(t *schema.Table) {
		for i := range t.Constraints {
			c := &t.Constraints[i]
			match := byte(' ')
			up, del := byte(' '), byte(' ')
			index := c.Index
			if c.Type == 'f' {
				match, up, del = 's', c.OnUpdate, c.OnDelete
				if c.MatchFull {
					match = 'f'
				}
				index = v.uniqueIndex(c.RefTable, c.RefColumns)
			}
			emit(oid(c.OID), str(c.Name), oid(t.Namespace), chr(c.Type), yes(c.Deferrable), yes(c.Deferred),
				yes(!c.NotValid), oid(t.OID), oid(index), oid(c.RefTable), chr(up), chr(del), chr(match), yes(true),
				yes(c.NoInherit || c.Type != 'c'), ints(types.Int2OID, c.Columns), ints(types.Int2OID, c.RefColumns),
				strOrNull(c.Expr))
		}
	})
}

// uniqueIndex finds the unique index over exactly these columns of a table, in any order, or 0.
func (v *View) uniqueIndex(table types.OID, cols []int16) types.OID {
	for _, x := range v.Source.IndexesOf(table) {
		if !x.Unique || x.Where != "" || len(x.Keys) != len(cols) {
			continue
		}
		match := true
		for _, k := range x.Keys {
			match = match && slices.Contains(cols, k.Column)
		}
		if match {
			return x.OID
		}
	}
	return 0
}

// IndexDef prints CREATE INDEX, or only key column col (from 1), as pg_get_indexdef does.
func (v *View) IndexDef(x *schema.Index, col int, pretty bool) string {
	layout := Flat
	if pretty {
		layout = Pretty
	}
	t := v.relation(x.Table)
	if t == nil {
		return ""
	}
	if col > 0 {
		if col <= len(x.Keys) {
			return v.keyText(t, x.Keys[col-1], layout)
		}
		if i := col - len(x.Keys) - 1; i < len(x.Include) && t.Col(x.Include[i]) != nil {
			return quoteIdent(t.Col(x.Include[i]).Name)
		}
		return ""
	}
	var b strings.Builder
	b.WriteString("CREATE ")
	if x.Unique {
		b.WriteString("UNIQUE ")
	}
	b.WriteString("INDEX " + quoteIdent(x.Name) + " ON ")
	if pretty {
		b.WriteString(v.qualified(t.Namespace, t.Name))
	} else {
		b.WriteString(quoteIdent(v.namespaceName(t.Namespace)) + "." + quoteIdent(t.Name))
	}
	b.WriteString(" USING " + x.Method + " (")
	for i, k := range x.Keys {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(v.keyText(t, k, layout) + opclassSuffix(x.Method, k) + orderSuffix(k))
	}
	b.WriteString(")")
	for i, n := range x.Include {
		b.WriteString([]string{" INCLUDE (", ", "}[min(i, 1)] + quoteIdent(t.Col(n).Name))
	}
	if len(x.Include) > 0 {
		b.WriteString(")")
	}
	if x.NullsNotDistinct {
		b.WriteString(" NULLS NOT DISTINCT")
	}
	if len(x.Options) > 0 {
		b.WriteString(" WITH (")
		for i, k := range sortedKeys(x.Options) {
			if i > 0 {
				b.WriteString(", ")
			}
			value := x.Options[k]
			if quoteIdent(value) != value {
				value = "'" + strings.ReplaceAll(value, "'", "''") + "'"
			}
			b.WriteString(k + "=" + value)
		}
		b.WriteString(")")
	}
	if x.Where != "" {
		b.WriteString(" WHERE " + v.expr(t, x.Where, layout))
	}
	return b.String()
}

func (v *View) keyText(t *schema.Table, k schema.IndexKey, layout Layout) string {
	if k.Column != 0 {
		if c := t.Col(k.Column); c != nil {
			return quoteIdent(c.Name)
		}
		return ""
	}
	text := v.expr(t, k.Expr, layout)
	if isCall(text) {
		return text
	}
	return "(" + text + ")"
}

// isCall says whether an expression's text is a function call, which needs no parentheses as a key.
func isCall(text string) bool {
	open := strings.IndexByte(text, '(')
	return open > 0 && strings.HasSuffix(text, ")") && !strings.ContainsAny(text[:open], " +-*/<>=|&")
}

func orderSuffix(k schema.IndexKey) string {
	s := ""
	if k.Desc {
		s = " DESC"
	}
	if k.NullsFirst && !k.Desc {
		s += " NULLS FIRST"
	}
	if !k.NullsFirst && k.Desc {
		s += " NULLS LAST"
	}
	return s
}

// opclassSuffix names the operator class unless it is the type's default.
func opclassSuffix(method string, k schema.IndexKey) string {
	if k.Opclass == "" {
		return ""
	}
	for _, c := range opclasses() {
		if c.method == method && c.name == k.Opclass && c.isDefault {
			return ""
		}
	}
	return " " + k.Opclass
}

func (v *View) expr(t *schema.Table, text string, layout Layout) string {
	if text == "" || v.Deparse == nil {
		return text
	}
	return v.Deparse.Expr(t, text, layout)
}

// intVector is an int2vector or oidvector.
func intVector[N ~int16 | ~uint32](typ types.OID, list []N) types.Datum {
	parts := make([]string, len(list))
	for i, n := range list {
		parts[i] = itoa(int(n))
	}
	return vectorDatum(typ, parts)
}

func vectorDatum(typ types.OID, parts []string) types.Datum {
	t := types.Lookup(typ)
	if t == nil || t.Parse == nil {
		return str("")
	}
	d, err := t.Parse(strings.Join(parts, " "), -1, &types.Session{})
	if err != nil {
		return str("")
	}
	return d
}
