package pgcatalog

import (
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

var attributeEntries = []entry{
	{"pg_attribute", "attrelid attname atttypid attlen attnum attcacheoff atttypmod attndims attbyval attalign " +
		"attstorage attnotnull atthasdef atthasmissing attidentity attgenerated attisdropped attislocal " +
		"attstattarget attcollation", "attrelid", fillAttribute},
	{"pg_attrdef", "oid adrelid adnum adbin", "adrelid", func(v *View, only types.OID, emit emitFunc) {
		v.eachRelation(only, func(t *schema.Table) {
			for i := range t.Columns {
				c := &t.Columns[i]
				if text := defaultText(c); text != "" && !c.Dropped {
					emit(oid(defaultOID(t, c.Num)), oid(t.OID), num(int(c.Num)), str(text))
				}
			}
		})
	}},
	{
		"pg_stats", "schemaname tablename attname inherited null_frac avg_width n_distinct " +
			"most_common_vals most_common_freqs histogram_bounds correlation", "",
		func(v *View, _ types.OID, emit emitFunc) {
			if v.Runtime.Stats == nil {
				return
			}
			for _, t := range v.Source.Tables(v.DB.OID) {
				for _, s := range v.Runtime.Stats(t.OID) {
					if c := t.Col(s.Attr); c != nil && !c.Dropped {
						emit(str(v.namespaceName(t.Namespace)), str(t.Name), str(c.Name), yes(false),
							real(s.NullFrac), types.IntDatum(s.AvgBytes), real(s.Distinct), listOrNull(c.Type.OID, s.Common),
							listOrNull(types.Float4OID, reals(s.CommonFrac)), listOrNull(c.Type.OID, s.Histogram),
							types.Datum{I: real(s.Correlation).I, Null: s.Correlation == 0})
					}
				}
			}
		},
	},
}

// listOrNull is an array, null instead of an empty one.
func listOrNull(elem types.OID, items []types.Datum) types.Datum {
	if len(items) == 0 {
		return null
	}
	return str(types.ArrayOf(elem, items))
}

func reals(list []float64) []types.Datum {
	out := make([]types.Datum, len(list))
	for i, v := range list {
		out[i] = real(v)
	}
	return out
}

// defaultText is the stored expression of a default or generated column. It stands in adbin, whose
// reader is pg_get_expr.
func defaultText(c *schema.Column) string {
	if c.Generated != "" {
		return c.Generated
	}
	return c.Default
}

// systemAttrs are the system columns that every stored table has.
var systemAttrs = []schema.Column{
	{Num: -1, Name: "ctid", Type: types.Of(types.TIDOID), NotNull: true},
	{Num: -2, Name: "xmin", Type: types.Of(types.XIDOID), NotNull: true},
	{Num: -3, Name: "cmin", Type: types.Of(types.CIDOID), NotNull: true},
	{Num: -4, Name: "xmax", Type: types.Of(types.XIDOID), NotNull: true},
	{Num: -5, Name: "cmax", Type: types.Of(types.CIDOID), NotNull: true},
	{Num: -6, Name: "tableoid", Type: types.Of(types.OIDOID), NotNull: true},
}

func fillAttribute(v *View, only types.OID, emit emitFunc) {
	v.eachRelation(only, func(t *schema.Table) {
		for i := range t.Columns {
			emitAttribute(t.OID, &t.Columns[i], emit)
		}
		if t.Kind == schema.KindTable {
			for i := range systemAttrs {
				emitAttribute(t.OID, &systemAttrs[i], emit)
			}
		}
	})
	v.eachIndex(only, func(x *schema.Index) {
		for i, k := range x.Keys {
			c := schema.Column{Num: int16(i + 1), Name: v.keyName(x, i), Type: k.Type}
			emitAttribute(x.OID, &c, emit)
		}
		for i, col := range x.Include {
			if t := v.relation(x.Table); t != nil && t.Col(col) != nil {
				c := schema.Column{Num: int16(len(x.Keys) + i + 1), Name: t.Col(col).Name, Type: t.Col(col).Type}
				emitAttribute(x.OID, &c, emit)
			}
		}
	})
}

// keyName names an index's key column: the column's name, or for an expression what it was named when the index
// was made. Indexes of older stores have no such names.
func (v *View) keyName(x *schema.Index, i int) string {
	k := x.Keys[i]
	if k.Name != "" {
		return k.Name
	}
	if k.Column == 0 {
		if i > 0 {
			return "expr" + string(rune('0'+i%10))
		}
		return "expr"
	}
	if t := v.relation(x.Table); t != nil && t.Col(k.Column) != nil {
		return t.Col(k.Column).Name
	}
	return ""
}

func emitAttribute(rel types.OID, c *schema.Column, emit emitFunc) {
	t := types.Lookup(c.Type.OID)
	length, byVal, align, storage := int16(-1), false, byte('i'), byte('x')
	collation, dims := types.OID(0), 0
	if t != nil {
		length, byVal, align, storage = t.Len, t.ByVal, t.Align, t.Storage
		collation = t.Collation
		if t.Category == 'A' && t.Elem != 0 {
			dims = 1
		}
	}
	if c.Collation != 0 {
		collation = c.Collation
	}
	name, typ := c.Name, c.Type.OID
	if c.Dropped {
		name, typ = droppedName(c.Num), 0
	}
	generated := byte(0)
	if c.Generated != "" {
		generated = 's'
	}
	emit(oid(rel), str(name), oid(typ), num(int(length)), num(int(c.Num)), num(-1), num(int(c.Type.Mod)), num(dims),
		yes(byVal), chr(align), chr(storage), yes(c.NotNull && !c.Dropped), yes(defaultText(c) != "" && !c.Dropped),
		yes(c.HasMissing), chr(c.Identity), chr(generated), yes(c.Dropped), yes(true), num(-1), oid(collation))
}

func droppedName(n int16) string {
	return "........pg.dropped." + itoa(int(n)) + "........"
}
