package fn

import (
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// jsonGet makes -> and ->> of a key or an index: text says which.
func jsonGet[K string | int64](find func(jsonValue, K) (jsonValue, bool), asText bool, key func(types.Datum) K) Kernel {
	return rows(func(_ *Call, a []types.Datum) (types.Datum, error) {
		v, ok := find(parseJSON(a[0].S), key(a[1]))
		switch {
		case !ok:
			return types.NullDatum, nil
		case asText:
			return v.text()
		}
		return types.StringDatum(v.raw), nil
	})
}

func stringOf(d types.Datum) string { return d.S }
func intOf(d types.Datum) int64     { return d.I }

func jsonPath(asText bool) Kernel {
	return rows(func(_ *Call, a []types.Datum) (types.Datum, error) {
		path, err := elements(a[1])
		if err != nil {
			return types.Datum{}, err
		}
		v := parseJSON(a[0].S)
		for _, key := range path {
			var ok bool
			if key.Null {
				return types.NullDatum, nil
			}
			if v, ok = v.step(key.S); !ok {
				return types.NullDatum, nil
			}
		}
		if asText {
			return v.text()
		}
		return types.StringDatum(v.raw), nil
	})
}

// bothJSON are entries that json and jsonb share.
func bothJSON() []entry {
	var list []entry
	for _, p := range []string{"json", "jsonb"} {
		index := jsonValue.index
		if p == "jsonb" {
			index = jsonValue.indexOrScalar
		}
		list = append(list,
			entry{p + "_object_field", jsonGet(jsonValue.field, false, stringOf)},
			entry{p + "_object_field_text", jsonGet(jsonValue.field, true, stringOf)},
			entry{p + "_array_element", jsonGet(index, false, intOf)},
			entry{p + "_array_element_text", jsonGet(index, true, intOf)},
			entry{p + "_extract_path", jsonPath(false)}, entry{p + "_extract_path_text", jsonPath(true)},
			entry{p + "_typeof", map1(func(s string) string { return jsonKindNames[parseJSON(s).kind] })},
			entry{p + "_array_length", try1(jsonLength)},
			entry{p + "_strip_nulls", stripNulls(p == "jsonb")},
			entry{"to_" + p, rows(toJSON(p == "jsonb"))},
			entry{p + "_build_array", rows(buildArray(p == "jsonb"))},
			entry{p + "_build_object", rows(buildObject(p == "jsonb"))},
			entry{p + "_object(_text)", rows(objectOfPairs(p == "jsonb"))},
			entry{p + "_object(_text,_text)", rows(objectOfLists(p == "jsonb"))})
	}
	return list
}

var jsonKernels = []entry{
	{"array_to_json(anyarray)", rows(toJSON(false))},
	{"row_to_json(record)", rows(toJSON(false))},
	{"array_to_json(anyarray,bool)", rows(toJSONLines)},
	{"row_to_json(record,bool)", rows(toJSONLines)},
	{"jsonb_contains", map2(func(a, b string) bool { return parseJSON(a).contains(parseJSON(b)) })},
	{"jsonb_contained", map2(func(a, b string) bool { return parseJSON(b).contains(parseJSON(a)) })},
	{"jsonb_exists", map2(func(a, key string) bool { return parseJSON(a).exists(key) })},
	{"jsonb_exists_any", rows(existsMany(false))},
	{"jsonb_exists_all", rows(existsMany(true))},
	{"jsonb_concat", try2(concatJSON)},
	{"jsonb_delete(jsonb,text)", try2(deleteKey)},
	{"jsonb_delete(jsonb,int4)", try2(deleteIndex)},
	{"jsonb_delete(jsonb,_text)", rows(deleteKeys)},
	{"jsonb_delete_path", rows(deletePath)},
	{"jsonb_set", rows(setPath)},
	{"jsonb_insert", rows(insertPath)},
	{"jsonb_set_lax", rows(setPathLax)},
	{"jsonb_pretty", map1(func(s string) string { return string(pretty(nil, parseJSON(s), 0)) })},
	{"bool(jsonb)", try1(func(s string) (bool, error) {
		v := parseJSON(s)
		if v.kind != jsonBool {
			return false, errJSONCast(v, "boolean")
		}
		return v.raw == "true", nil
	})},
	{"numeric(jsonb)", try1(func(s string) (string, error) {
		v, err := jsonNumberOf(s, "numeric")
		if err != nil {
			return "", err
		}
		return numericParse(v)
	})},
	{"int2(jsonb)", jsonInt(int2)},
	{"int4(jsonb)", jsonInt(int4)},
	{"int8(jsonb)", jsonInt(int8)},
	{"float4(jsonb)", jsonFloat("real", float4FromNumeric)},
	{"float8(jsonb)", jsonFloat("double precision", float8FromNumeric)},
}

func jsonFloat(typeName string, convert func(numeric string) (float64, error)) Kernel {
	return try1(func(s string) (float64, error) {
		v, err := jsonNumberOf(s, typeName)
		if err != nil {
			return 0, err
		}
		if v, err = numericParse(v); err != nil {
			return 0, err
		}
		return convert(v)
	})
}

func errJSONCast(v jsonValue, typeName string) error {
	name := jsonKindNames[v.kind]
	switch v.kind {
	case jsonNumber:
		name = "numeric"
	case jsonArray, jsonObject:
	}
	return errParameter("cannot cast jsonb %s to type %s", name, typeName)
}

func jsonNumberOf(s, typeName string) (string, error) {
	v := parseJSON(s)
	if v.kind != jsonNumber {
		return "", errJSONCast(v, typeName)
	}
	return v.raw, nil
}

func jsonInt(w width) Kernel {
	return try1(func(s string) (int64, error) {
		text, err := jsonNumberOf(s, w.name)
		if err != nil {
			return 0, err
		}
		n, err := numericParse(text)
		if err != nil {
			return 0, err
		}
		return w.intFromNumeric(n)
	})
}

func jsonLength(s string) (int64, error) {
	switch v := parseJSON(s); v.kind {
	case jsonArray:
		return int64(len(v.elems)), nil
	case jsonObject:
		return 0, errParameter("cannot get array length of a non-array")
	}
	return 0, errParameter("cannot get array length of a scalar")
}

func existsMany(all bool) func(*Call, []types.Datum) (types.Datum, error) {
	return func(_ *Call, a []types.Datum) (types.Datum, error) {
		keys, err := elements(a[1])
		if err != nil {
			return types.Datum{}, err
		}
		v := parseJSON(a[0].S)
		for _, key := range keys {
			if !key.Null && v.exists(key.S) != all {
				return types.BoolDatum(!all), nil
			}
		}
		return types.BoolDatum(all), nil
	}
}

func stripNulls(canonical bool) Kernel {
	return map1(func(s string) string {
		v := withoutNullFields(parseJSON(s))
		if canonical {
			return string(v.write(nil))
		}
		return string(v.compact(nil))
	})
}

func withoutNullFields(v jsonValue) jsonValue {
	out := jsonValue{kind: v.kind, raw: v.raw}
	for i, e := range v.elems {
		if v.kind == jsonObject {
			if e.kind == jsonNull {
				continue
			}
			out.keys = append(out.keys, v.keys[i])
		}
		out.elems = append(out.elems, withoutNullFields(e))
	}
	return out
}

// compact is the text of a json made anew, without blanks.
func (v jsonValue) compact(dst []byte) []byte {
	open, closing := byte('['), byte(']')
	switch v.kind {
	case jsonObject:
		open, closing = '{', '}'
	case jsonArray:
	default:
		return append(dst, v.raw...)
	}
	dst = append(dst, open)
	for i, e := range v.elems {
		if i > 0 {
			dst = append(dst, ',')
		}
		if v.kind == jsonObject {
			dst = append(types.AppendJSONString(dst, v.keys[i]), ':')
		}
		dst = e.compact(dst)
	}
	return append(dst, closing)
}

// concatJSON is ||: objects are merged, everything else is joined as arrays.
func concatJSON(a, b string) (string, error) {
	v, w := parseJSON(a), parseJSON(b)
	if v.kind == jsonObject && w.kind == jsonObject {
		v.keys, v.elems = append(v.keys, w.keys...), append(v.elems, w.elems...)
		return string(v.canonical().write(nil)), nil
	}
	out := jsonValue{kind: jsonArray}
	for _, x := range []jsonValue{v, w} {
		if x.kind == jsonArray {
			out.elems = append(out.elems, x.elems...)
		} else {
			out.elems = append(out.elems, x)
		}
	}
	return string(out.write(nil)), nil
}

func errScalarDelete() error { return errParameter("cannot delete from scalar") }

func (v jsonValue) scalar() bool { return v.kind < jsonArray }

// dropWhere is v without the elements for which drop says so.
func (v jsonValue) dropWhere(drop func(i int) bool) jsonValue {
	out := jsonValue{kind: v.kind, raw: v.raw}
	for i, e := range v.elems {
		if drop(i) {
			continue
		}
		if v.kind == jsonObject {
			out.keys = append(out.keys, v.keys[i])
		}
		out.elems = append(out.elems, e)
	}
	return out
}

// withoutKey drops a key of an object or the equal strings of an array.
func (v jsonValue) withoutKey(key string) jsonValue {
	return v.dropWhere(func(i int) bool {
		if v.kind == jsonObject {
			return v.keys[i] == key
		}
		return v.elems[i].kind == jsonString && unquoteJSON(v.elems[i].raw) == key
	})
}

func deleteKey(s, key string) (string, error) {
	v := parseJSON(s)
	if v.scalar() {
		return "", errScalarDelete()
	}
	return string(v.withoutKey(key).write(nil)), nil
}

func deleteKeys(_ *Call, a []types.Datum) (types.Datum, error) {
	v := parseJSON(a[0].S)
	if v.scalar() {
		return types.Datum{}, errScalarDelete()
	}
	keys, err := elements(a[1])
	if err != nil {
		return types.Datum{}, err
	}
	for _, key := range keys {
		if !key.Null {
			v = v.withoutKey(key.S)
		}
	}
	return v.datum(), nil
}

func deleteIndex(s string, i int64) (string, error) {
	v := parseJSON(s)
	switch {
	case v.kind == jsonObject:
		return "", errParameter("cannot delete from object using integer index")
	case v.scalar():
		return "", errScalarDelete()
	}
	if i < 0 {
		i += int64(len(v.elems))
	}
	return string(v.dropWhere(func(k int) bool { return int64(k) == i }).write(nil)), nil
}

// jsonEdit is what is done at the end of a path.
type jsonEdit struct {
	value  jsonValue
	remove bool
	create bool // set what is not there
	insert bool // put beside, before or after
	after  bool
}

func errPathElement(i int, key string) error {
	return pgerr.New(pgerrcode.InvalidTextRepresentation, "path element at position %d is not an integer: %q", i+1, key)
}

// edit applies e at the end of the path below v; depth counts the steps taken.
func (v jsonValue) edit(path []types.Datum, depth int, e jsonEdit) (jsonValue, error) {
	key := path[depth]
	if key.Null {
		return v, pgerr.New(pgerrcode.NullValueNotAllowedDataException, "path element at position %d is null", depth+1)
	}
	last := depth == len(path)-1
	switch v.kind {
	case jsonObject:
		return v.editObject(key.S, path, depth, last, e)
	case jsonArray:
		i, err := strconv.ParseInt(strings.TrimSpace(key.S), 10, 32)
		if err != nil && e.remove && len(v.elems) == 0 {
			return v, nil
		}
		if err != nil {
			return v, errPathElement(depth, key.S)
		}
		return v.editArray(int(i), path, depth, last, e)
	}
	return v, nil
}

func (v jsonValue) editObject(key string, path []types.Datum, depth int, last bool, e jsonEdit) (jsonValue, error) {
	at := -1
	for i, k := range v.keys {
		if k == key {
			at = i
		}
	}
	switch {
	case at < 0 && (!last || e.remove || !e.create):
		return v, nil
	case at < 0:
		out := v.dropWhere(func(int) bool { return false })
		out.keys, out.elems = append(out.keys, key), append(out.elems, e.value)
		return out.canonical(), nil
	case last && e.insert:
		return v, errParameter("cannot replace existing key").
			Hint("Try using the function jsonb_set to replace key value.")
	case last && e.remove:
		return v.dropWhere(func(i int) bool { return i == at }), nil
	}
	return v.replaceElement(at, path, depth, last, e)
}

// replaceElement changes the element at a position: by the value, or further down the path.
func (v jsonValue) replaceElement(at int, path []types.Datum, depth int, last bool, e jsonEdit) (jsonValue, error) {
	out := v.dropWhere(func(int) bool { return false })
	if last {
		out.elems[at] = e.value
		return out, nil
	}
	child, err := v.elems[at].edit(path, depth+1, e)
	out.elems[at] = child
	return out, err
}

func (v jsonValue) editArray(i int, path []types.Datum, depth int, last bool, e jsonEdit) (jsonValue, error) {
	n := len(v.elems)
	at := i
	if at < 0 {
		at += n
	}
	inside := at >= 0 && at < n
	switch {
	case !inside && (!last || e.remove || !e.create):
		return v, nil
	case !inside:
		out := jsonValue{kind: jsonArray}
		if at < 0 {
			out.elems = append(append(out.elems, e.value), v.elems...)
		} else {
			out.elems = append(append(out.elems, v.elems...), e.value)
		}
		return out, nil
	case last && e.remove:
		return v.dropWhere(func(k int) bool { return k == at }), nil
	case last && e.insert:
		if e.after {
			at++
		}
		out := jsonValue{kind: jsonArray}
		out.elems = append(append(append(out.elems, v.elems[:at]...), e.value), v.elems[at:]...)
		return out, nil
	}
	return v.replaceElement(at, path, depth, last, e)
}

// editAt runs an edit for a function whose path is argument 1.
func editAt(a []types.Datum, what string, e jsonEdit) (types.Datum, error) {
	path, err := elements(a[1])
	if err != nil {
		return types.Datum{}, err
	}
	v := parseJSON(a[0].S)
	if v.scalar() {
		return types.Datum{}, errParameter("cannot %s", what)
	}
	if len(path) == 0 {
		return a[0], nil
	}
	out, err := v.edit(path, 0, e)
	if err != nil {
		return types.Datum{}, err
	}
	return out.datum(), nil
}

func deletePath(_ *Call, a []types.Datum) (types.Datum, error) {
	return editAt(a, "delete path in scalar", jsonEdit{remove: true})
}

func setPath(_ *Call, a []types.Datum) (types.Datum, error) {
	return editAt(a, "set path in scalar", jsonEdit{value: parseJSON(a[2].S), create: a[3].Bool()})
}

func insertPath(_ *Call, a []types.Datum) (types.Datum, error) {
	return editAt(a, "set path in scalar",
		jsonEdit{value: parseJSON(a[2].S), create: true, insert: true, after: a[3].Bool()})
}

// setPathLax is jsonb_set with a choice of what a NULL does.
func setPathLax(_ *Call, a []types.Datum) (types.Datum, error) {
	if a[0].Null || a[1].Null || a[3].Null {
		return types.NullDatum, nil
	}
	if !a[2].Null {
		return setPath(nil, a)
	}
	switch a[4].S {
	case "raise_exception":
		return types.Datum{}, pgerr.New(pgerrcode.NullValueNotAllowedDataException, "JSON value must not be null").
			Detail(`Exception was raised because null_value_treatment is "raise_exception".`).
			Hint("To avoid, either change the null_value_treatment argument or ensure that an SQL NULL is not passed.")
	case "use_json_null":
		return setPath(nil, []types.Datum{a[0], a[1], types.StringDatum("null"), a[3]})
	case "delete_key":
		return deletePath(nil, a)
	case "return_target":
		return a[0], nil
	}
	return types.Datum{}, errParameter(
		`null_value_treatment must be "delete_key", "return_target", "use_json_null", or "raise_exception"`)
}

// prettyIndent is the indentation of jsonb_pretty.
const prettyIndent = 4

func pretty(dst []byte, v jsonValue, depth int) []byte {
	if v.scalar() {
		return append(dst, v.raw...)
	}
	open, closing := byte('['), byte(']')
	if v.kind == jsonObject {
		open, closing = '{', '}'
	}
	line := func(depth int) {
		dst = append(append(dst, '\n'), strings.Repeat(" ", prettyIndent*depth)...)
	}
	dst = append(dst, open)
	for i, e := range v.elems {
		if i > 0 {
			dst = append(dst, ',')
		}
		line(depth + 1)
		if v.kind == jsonObject {
			dst = append(types.AppendJSONString(dst, v.keys[i]), ": "...)
		}
		dst = pretty(dst, e, depth+1)
	}
	line(depth)
	return append(dst, closing)
}
