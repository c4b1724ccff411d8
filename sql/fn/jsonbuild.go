package fn

import (
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// jsonWriter turns SQL values into JSON text.
type jsonWriter struct {
	env *Env
	dst []byte
	iso *types.Session // the session with ISO dates, made when first needed
}

// session is the caller's, but with ISO dates.
func (w *jsonWriter) session() *types.Session {
	if w.iso == nil {
		s := *sessionOf(w.env)
		s.DateStyle, s.DateOrder = "ISO", ""
		w.iso = &s
	}
	return w.iso
}

// value appends a value. Names are those of the fields when it is a row.
func (w *jsonWriter) value(oid types.OID, d types.Datum, names []string) error {
	if d.Null {
		w.dst = append(w.dst, "null"...)
		return nil
	}
	t := types.Representation(oid)
	switch t.OID {
	case types.BoolOID:
		w.dst = append(w.dst, boolText(d.Bool())...)
		return nil
	case types.JSONOID, types.JSONBOID:
		w.dst = append(w.dst, d.S...)
		return nil
	case types.RecordOID:
		return w.record(d, names, ",")
	}
	if t.Format == nil {
		return pgerr.Unsupported("JSON of type %s", types.FormatType(types.Of(oid)))
	}
	if t.IsArray() {
		return w.array(d, ",")
	}
	start := len(w.dst)
	w.dst = t.Format(w.dst, d, w.session())
	text := string(w.dst[start:])
	switch {
	case t.Category == 'N' && (oid == types.NumericOID || t.Physical == types.Float || t.Name[:3] == "int"):
		if text[len(text)-1] >= '0' && text[len(text)-1] <= '9' {
			return nil
		}
	case oid == types.TimestampOID:
		text = strings.Replace(text, " ", "T", 1)
	case oid == types.TimestamptzOID:
		text = strings.Replace(text, " ", "T", 1)
		if i := len(text) - 3; i > 0 && (text[i] == '+' || text[i] == '-') {
			text += ":00"
		}
	}
	w.dst = types.AppendJSONString(w.dst[:start], text)
	return nil
}

// array writes the elements of the outermost dimension with the given text between them.
func (w *jsonWriter) array(d types.Datum, comma string) error {
	a, err := types.DecodeArray(d.S)
	if err != nil {
		return err
	}
	if len(a.Dims) == 0 {
		w.dst = append(w.dst, "[]"...)
		return nil
	}
	next := 0
	return w.level(&a, 0, &next, comma)
}

func (w *jsonWriter) level(a *types.Array, depth int, next *int, comma string) error {
	w.dst = append(w.dst, '[')
	for i := range a.Dims[depth] {
		if i > 0 {
			w.dst = append(w.dst, comma...)
		}
		if depth+1 < len(a.Dims) {
			if err := w.level(a, depth+1, next, ","); err != nil {
				return err
			}
			continue
		}
		if err := w.value(a.Elem, a.Items[*next], nil); err != nil {
			return err
		}
		*next++
	}
	w.dst = append(w.dst, ']')
	return nil
}

// record writes the fields of a row, f1, f2 ... where there are no names, with the given text between them.
func (w *jsonWriter) record(d types.Datum, names []string, comma string) error {
	fields, err := types.DecodeRecord(d.S)
	if err != nil {
		return err
	}
	w.dst = append(w.dst, '{')
	for i, f := range fields {
		if i > 0 {
			w.dst = append(w.dst, comma...)
		}
		name := "f" + strconv.Itoa(i+1)
		if i < len(names) {
			name = names[i]
		}
		w.dst = append(types.AppendJSONString(w.dst, name), ':')
		if err := w.value(f.Type, f.D, nil); err != nil {
			return err
		}
	}
	w.dst = append(w.dst, '}')
	return nil
}

// result is the text, in canonical form for jsonb.
func (w *jsonWriter) result(canonical bool) (types.Datum, error) {
	if !canonical {
		return types.StringDatum(string(w.dst)), nil
	}
	s, err := types.CanonicalJSONB(string(w.dst))
	return types.StringDatum(s), err
}

func (c *Call) namesOf(i int) []string {
	if i < len(c.Names) {
		return c.Names[i]
	}
	return nil
}

func toJSON(canonical bool) func(*Call, []types.Datum) (types.Datum, error) {
	return func(c *Call, args []types.Datum) (types.Datum, error) {
		w := jsonWriter{env: c.Env}
		if err := w.value(c.Args[0].OID, args[0], c.namesOf(0)); err != nil {
			return types.Datum{}, err
		}
		return w.result(canonical)
	}
}

// toJSONLines is row_to_json and array_to_json with the choice of a line for each field or element.
func toJSONLines(c *Call, args []types.Datum) (types.Datum, error) {
	comma := ","
	if args[1].Bool() {
		comma = ",\n "
	}
	w := jsonWriter{env: c.Env}
	write := w.array
	if elementOf(c.Args[0].OID) == 0 {
		write = func(d types.Datum, comma string) error { return w.record(d, c.namesOf(0), comma) }
	}
	if err := write(args[0], comma); err != nil {
		return types.Datum{}, err
	}
	return w.result(false)
}

func buildArray(canonical bool) func(*Call, []types.Datum) (types.Datum, error) {
	return func(c *Call, args []types.Datum) (types.Datum, error) {
		list, oids, err := spread(c, args, 0)
		if err != nil {
			return types.Datum{}, err
		}
		if c.Spread && args[0].Null {
			return types.NullDatum, nil
		}
		w := jsonWriter{env: c.Env, dst: []byte{'['}}
		for i, d := range list {
			if i > 0 {
				w.dst = append(w.dst, ", "...)
			}
			if err := w.value(oids[i], d, c.namesOf(i)); err != nil {
				return types.Datum{}, err
			}
		}
		w.dst = append(w.dst, ']')
		return w.result(canonical)
	}
}

func buildObject(canonical bool) func(*Call, []types.Datum) (types.Datum, error) {
	name := "json_build_object"
	if canonical {
		name = "jsonb_build_object"
	}
	return func(c *Call, args []types.Datum) (types.Datum, error) {
		list, oids, err := spread(c, args, 0)
		if err != nil {
			return types.Datum{}, err
		}
		if c.Spread && args[0].Null {
			return types.NullDatum, nil
		}
		if len(list)%2 != 0 {
			return types.Datum{}, errParameter("argument list must have even number of elements").
				Hint("The arguments of %s() must consist of alternating keys and values.", name)
		}
		w := jsonWriter{env: c.Env, dst: []byte{'{'}}
		for i := 0; i < len(list); i += 2 {
			if i > 0 {
				w.dst = append(w.dst, ", "...)
			}
			if list[i].Null {
				if canonical {
					return types.Datum{}, errParameter("argument %d: key must not be null", i+1)
				}
				return types.Datum{}, pgerr.New(pgerrcode.NullValueNotAllowedDataException, "null value not allowed for object key")
			}
			if !scalarKey(oids[i]) {
				return types.Datum{}, errParameter("key value must be scalar, not array, composite, or json")
			}
			key, err := textOf(c.Env, oids[i], list[i])
			if err != nil {
				return types.Datum{}, err
			}
			w.dst = append(types.AppendJSONString(w.dst, key), " : "...)
			if err := w.value(oids[i+1], list[i+1], c.namesOf(i+1)); err != nil {
				return types.Datum{}, err
			}
		}
		w.dst = append(w.dst, '}')
		return w.result(canonical)
	}
}

// scalarKey says whether a type can give an object's key.
func scalarKey(oid types.OID) bool {
	return oid != types.JSONOID && oid != types.JSONBOID && oid != types.RecordOID && elementOf(oid) == 0
}

// objectText writes an object of texts; a null value is JSON's null.
func objectText(keys, values []types.Datum, canonical bool) (types.Datum, error) {
	w := jsonWriter{dst: []byte{'{'}}
	for i, k := range keys {
		if k.Null {
			return types.Datum{}, pgerr.New(pgerrcode.NullValueNotAllowedDataException, "null value not allowed for object key")
		}
		if i > 0 {
			w.dst = append(w.dst, ", "...)
		}
		w.dst = append(types.AppendJSONString(w.dst, k.S), " : "...)
		if values[i].Null {
			w.dst = append(w.dst, "null"...)
		} else {
			w.dst = types.AppendJSONString(w.dst, values[i].S)
		}
	}
	w.dst = append(w.dst, '}')
	return w.result(canonical)
}

func objectOfPairs(canonical bool) func(*Call, []types.Datum) (types.Datum, error) {
	return func(_ *Call, args []types.Datum) (types.Datum, error) {
		a, err := types.DecodeArray(args[0].S)
		if err != nil {
			return types.Datum{}, err
		}
		switch {
		case len(a.Dims) == 2 && a.Dims[1] != 2:
			return types.Datum{}, pgerr.New(pgerrcode.ArraySubscriptError, "array must have two columns")
		case len(a.Dims) > 2:
			return types.Datum{}, pgerr.New(pgerrcode.ArraySubscriptError, "wrong number of array subscripts")
		case len(a.Items)%2 != 0:
			return types.Datum{}, pgerr.New(pgerrcode.ArraySubscriptError, "array must have even number of elements")
		}
		var keys, values []types.Datum
		for i := 0; i < len(a.Items); i += 2 {
			keys, values = append(keys, a.Items[i]), append(values, a.Items[i+1])
		}
		return objectText(keys, values, canonical)
	}
}

func objectOfLists(canonical bool) func(*Call, []types.Datum) (types.Datum, error) {
	return func(_ *Call, args []types.Datum) (types.Datum, error) {
		for _, a := range args {
			if dims, err := arrayDims(a); err != nil || dims > 1 {
				return types.Datum{}, pgerr.New(pgerrcode.ArraySubscriptError, "wrong number of array subscripts")
			}
		}
		keys, err := elements(args[0])
		if err != nil {
			return types.Datum{}, err
		}
		values, err := elements(args[1])
		if err != nil {
			return types.Datum{}, err
		}
		if len(keys) != len(values) {
			return types.Datum{}, pgerr.New(pgerrcode.ArraySubscriptError, "mismatched array dimensions")
		}
		return objectText(keys, values, canonical)
	}
}

// jsonAgg is json_agg and jsonb_agg; strict passes over nulls.
func jsonAgg(canonical, strict bool) func(AggCall) State {
	return func(c AggCall) State {
		oid := c.Args[0].OID
		separator := ", "
		if t := types.Representation(oid); t.OID == types.RecordOID || t.IsArray() {
			separator = ", \n " // structured values begin on lines of their own
		}
		return &listState{width: 1, skipNulls: strict, result: func(list []types.Datum) (types.Datum, error) {
			if len(list) == 0 {
				return types.NullDatum, nil
			}
			w := jsonWriter{env: c.Env, dst: []byte{'['}}
			for i, d := range list {
				if i > 0 {
					w.dst = append(w.dst, separator...)
				}
				if err := w.value(oid, d, c.namesOf(0)); err != nil {
					return types.Datum{}, err
				}
			}
			w.dst = append(w.dst, ']')
			return w.result(canonical)
		}}
	}
}

// jsonObjectAgg is json_object_agg and its kin.
func jsonObjectAgg(canonical, strict, unique bool) func(AggCall) State {
	return func(c AggCall) State {
		key, value := c.Args[0].OID, c.Args[1].OID
		return &listState{width: 2, skipNulls: strict, result: func(list []types.Datum) (types.Datum, error) {
			if len(list) == 0 {
				return types.NullDatum, nil
			}
			w := jsonWriter{env: c.Env, dst: []byte("{ ")}
			seen := make(map[string]bool)
			for i := 0; i < len(list); i += 2 {
				if list[i].Null {
					return types.Datum{}, errNullKey(canonical)
				}
				if i > 0 {
					w.dst = append(w.dst, ", "...)
				}
				k, err := textOf(c.Env, key, list[i])
				if err != nil {
					return types.Datum{}, err
				}
				if unique && seen[k] {
					return types.Datum{}, errDoubleKey(canonical, k)
				}
				seen[k] = true
				w.dst = append(types.AppendJSONString(w.dst, k), " : "...)
				if err := w.value(value, list[i+1], c.namesOf(1)); err != nil {
					return types.Datum{}, err
				}
			}
			w.dst = append(w.dst, " }"...)
			return w.result(canonical)
		}}
	}
}

// Errors of the keys of an object that is aggregated, in which jsonb says less than json.

func errNullKey(canonical bool) error {
	if canonical {
		return errParameter("field name must not be null")
	}
	return pgerr.New(pgerrcode.NullValueNotAllowedDataException, "null value not allowed for object key")
}

func errDoubleKey(canonical bool, key string) error {
	if canonical {
		return pgerr.New(pgerrcode.DuplicateJSONObjectKeyValue, "duplicate JSON object key value")
	}
	return pgerr.New(pgerrcode.DuplicateJSONObjectKeyValue, "duplicate JSON object key value: %s", types.AppendJSONString(nil, key))
}

// jsonAggs are the aggregates of json and jsonb.
func jsonAggs() []aggEntry {
	var list []aggEntry
	for _, canonical := range []bool{false, true} {
		p := "json"
		if canonical {
			p = "jsonb"
		}
		list = append(list,
			aggEntry{p + "_agg", jsonAgg(canonical, false)}, aggEntry{p + "_agg_strict", jsonAgg(canonical, true)},
			aggEntry{p + "_object_agg", jsonObjectAgg(canonical, false, false)},
			aggEntry{p + "_object_agg_strict", jsonObjectAgg(canonical, true, false)},
			aggEntry{p + "_object_agg_unique", jsonObjectAgg(canonical, false, true)},
			aggEntry{p + "_object_agg_unique_strict", jsonObjectAgg(canonical, true, true)})
	}
	return list
}

// errNotObject is what a function of objects says of anything else; json and jsonb have words of their own.
func errNotObject(name string, v jsonValue) error {
	switch {
	case strings.HasSuffix(name, "object_keys"):
		return errParameter("cannot call %s on %s", name, article(v))
	case strings.HasPrefix(name, "jsonb"):
		return errParameter("cannot call %s on a non-object", name)
	case v.kind == jsonArray:
		return errParameter("cannot deconstruct an array as an object")
	}
	return errParameter("cannot deconstruct a scalar")
}

// errNotArray is errNotObject for functions of arrays.
func errNotArray(name string, v jsonValue) error {
	switch {
	case strings.HasPrefix(name, "jsonb"):
		return errParameter("cannot extract elements from %s", article(v))
	case v.kind == jsonObject:
		return errParameter("cannot call %s on a non-array", name)
	}
	return errParameter("cannot call %s on a scalar", name)
}

// article is what a value is, with an article.
func article(v jsonValue) string {
	switch v.kind {
	case jsonArray:
		return "an array"
	case jsonObject:
		return "an object"
	}
	return "a scalar"
}

// jsonEach is json_each and its kin: a row (key, value) a field.
func jsonEach(name string, asText bool) SetFunc {
	return func(_ *Call, args []types.Datum, emit func([]types.Datum) error) error {
		v := parseJSON(args[0].S)
		if v.kind != jsonObject {
			return errNotObject(name, v)
		}
		row := make([]types.Datum, 2)
		for i, key := range v.keys {
			row[0], row[1] = types.StringDatum(key), types.StringDatum(v.elems[i].raw)
			if asText {
				var err error
				if row[1], err = v.elems[i].text(); err != nil {
					return err
				}
			}
			if err := emit(row); err != nil {
				return err
			}
		}
		return nil
	}
}

func jsonKeys(name string) SetFunc {
	return func(_ *Call, args []types.Datum, emit func([]types.Datum) error) error {
		v := parseJSON(args[0].S)
		if v.kind != jsonObject {
			return errNotObject(name, v)
		}
		row := make([]types.Datum, 1)
		for _, key := range v.keys {
			row[0] = types.StringDatum(key)
			if err := emit(row); err != nil {
				return err
			}
		}
		return nil
	}
}

func jsonElements(name string, asText bool) SetFunc {
	return func(_ *Call, args []types.Datum, emit func([]types.Datum) error) error {
		v := parseJSON(args[0].S)
		if v.kind != jsonArray {
			return errNotArray(name, v)
		}
		row := make([]types.Datum, 1)
		for _, e := range v.elems {
			row[0] = types.StringDatum(e.raw)
			if asText {
				var err error
				if row[0], err = e.text(); err != nil {
					return err
				}
			}
			if err := emit(row); err != nil {
				return err
			}
		}
		return nil
	}
}

// jsonSets are the set-returning functions of json and jsonb.
func jsonSets() []setEntry {
	var list []setEntry
	for _, p := range []string{"json", "jsonb"} {
		list = append(list,
			setEntry{p + "_each", jsonEach(p+"_each", false)}, setEntry{p + "_each_text", jsonEach(p+"_each_text", true)},
			setEntry{p + "_object_keys", jsonKeys(p + "_object_keys")},
			setEntry{p + "_array_elements", jsonElements(p+"_array_elements", false)},
			setEntry{p + "_array_elements_text", jsonElements(p+"_array_elements_text", true)})
	}
	return list
}
