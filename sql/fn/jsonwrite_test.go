package fn_test

import "testing"

// TestJSONBSet holds the replacing of what a path names, and what happens when nothing is there.
func TestJSONBSet(t *testing.T) {
	f := selecter(t)
	f(`jsonb_set('{"a":{"b":1}}', '{a,b}', '2'), jsonb_set('{"a":{"b":1}}', '{a,c}', '2'), `+
		`jsonb_set('{"a":{"b":1}}', '{a,c}', '2', false), jsonb_set('{"a":1}', '{b,c}', '2'), `+
		`jsonb_set('{"a":1}', '{}', '2')`,
		`{"a": {"b": 2}}|{"a": {"b": 1, "c": 2}}|{"a": {"b": 1}}|{"a": 1}|{"a": 1}`)
	f(`jsonb_set('[0,1,2]', '{1}', '9'), jsonb_set('[0,1,2]', '{-1}', '9'), jsonb_set('[0,1,2]', '{7}', '9'), `+
		`jsonb_set('[0,1,2]', '{-7}', '9'), jsonb_set('[0,1,2]', '{7}', '9', false), jsonb_set('[]', '{0}', '1'), `+
		`jsonb_set('[[1]]', '{0,0}', '{"a":1}')`,
		`[0, 9, 2]|[0, 1, 9]|[0, 1, 2, 9]|[9, 0, 1, 2]|[0, 1, 2]|[1]|[[{"a": 1}]]`)
	f(`jsonb_set('{"a":[1]}', '{a,x}', '2')`, `22P02: path element at position 2 is not an integer: "x"`)
	f(`jsonb_set('5', '{a}', '2')`, "22023: cannot set path in scalar")
	f(`jsonb_set('{"a":1}', '{a,null}', '2')`, "22004: path element at position 2 is null")
	f(`jsonb_set('{"a":1}', '{null}', '2')`, "22004: path element at position 1 is null")
	f(`jsonb_set(null, '{a}', '1'), jsonb_set('{}', null, '1'), jsonb_set('{}', '{a}', null), `+
		`jsonb_set('{}', '{a}', '1', null)`,
		"<null>|<null>|<null>|<null>")
	f(`jsonb_set_lax('{"a":1}', '{a}', null), jsonb_set_lax('{"a":1}', '{a}', null, true, 'delete_key'), `+
		`jsonb_set_lax('{"a":1}', '{a}', null, true, 'return_target'), `+
		`jsonb_set_lax('{"a":1}', '{b}', null, false, 'use_json_null'), jsonb_set_lax('{"a":1}', '{a}', '2')`,
		`{"a": null}|{}|{"a": 1}|{"a": 1}|{"a": 2}`)
	f(`jsonb_set_lax('{"a":1}', '{a}', null, true, 'raise_exception')`,
		`22004: JSON value must not be null `+
			`DETAIL: Exception was raised because null_value_treatment is "raise_exception". `+
			`HINT: To avoid, either change the null_value_treatment argument or ensure that an SQL NULL is not passed.`)
	f(`jsonb_set_lax('{"a":1}', '{a}', null, true, 'no_such')`,
		`22023: null_value_treatment must be "delete_key", "return_target", "use_json_null", or "raise_exception"`)
	f(`jsonb_set_lax('{"a":1}', '{a}', null, true, null)`,
		`22023: null_value_treatment must be "delete_key", "return_target", "use_json_null", or "raise_exception"`)
}

// TestJSONBInsert holds insertion before or after an element, and only of new keys.
func TestJSONBInsert(t *testing.T) {
	f := selecter(t)
	f(`jsonb_insert('{"a":[0,1,2]}', '{a,1}', '"n"'), jsonb_insert('{"a":[0,1,2]}', '{a,1}', '"n"', true), `+
		`jsonb_insert('{"a":[0,1,2]}', '{a,-1}', '9'), jsonb_insert('{"a":[0,1,2]}', '{a,-1}', '9', true), `+
		`jsonb_insert('[0]', '{9}', '1'), jsonb_insert('[0]', '{-9}', '1')`,
		`{"a": [0, "n", 1, 2]}|{"a": [0, 1, "n", 2]}|{"a": [0, 1, 9, 2]}|{"a": [0, 1, 2, 9]}|[0, 1]|[1, 0]`)
	f(`jsonb_insert('{"a":1}', '{b}', '2'), jsonb_insert('{"a":{"b":1}}', '{a,c}', '[2]'), `+
		`jsonb_insert('{"a":1}', '{b,c}', '2'), jsonb_insert('[]', '{0}', '{"x":1}'), jsonb_insert('{"a":1}', '{}', '2')`,
		`{"a": 1, "b": 2}|{"a": {"b": 1, "c": [2]}}|{"a": 1}|[{"x": 1}]|{"a": 1}`)
	f(`jsonb_insert('{"a":1}', '{a}', '2')`,
		"22023: cannot replace existing key HINT: Try using the function jsonb_set to replace key value.")
	f(`jsonb_insert('{"a":[1]}', '{a,x}', '2')`, `22P02: path element at position 2 is not an integer: "x"`)
	f(`jsonb_insert('5', '{a}', '2')`, "22023: cannot set path in scalar")
	f(`jsonb_insert(null, '{a}', '1'), jsonb_insert('{}', null, '1'), jsonb_insert('{}', '{a}', null)`,
		"<null>|<null>|<null>")
}

// TestJSONBDelete holds - by key, keys and index, and #- by path.
func TestJSONBDelete(t *testing.T) {
	f := selecter(t)
	f(`'{"a":1,"b":2}'::jsonb - 'a', '{"a":1}'::jsonb - 'x', '["a","b","a"]'::jsonb - 'a', `+
		`'{"a":1,"b":2,"c":3}'::jsonb - array['a','c'], '["a","b"]'::jsonb - '{b,null}'::text[], `+
		`'{"a":1}'::jsonb - '{}'::text[]`,
		`{"b": 2}|{"a": 1}|["b"]|{"b": 2}|["a"]|{"a": 1}`)
	f(`'[0,1,2]'::jsonb - 1, '[0,1,2]'::jsonb - -1, '[0,1,2]'::jsonb - 7, '[0,1,2]'::jsonb - -7, '[]'::jsonb - 0`,
		"[0, 2]|[0, 1]|[0, 1, 2]|[0, 1, 2]|[]")
	f(`'{"a":{"b":[1,2]}}'::jsonb #- '{a,b,0}', '{"a":{"b":1}}'::jsonb #- '{a}', '{"a":1}'::jsonb #- '{x,y}', `+
		`'[1,[2,3]]'::jsonb #- '{1,-1}', '{"a":1}'::jsonb #- '{}', '{"a":1}'::jsonb #- '{a,b}'`,
		`{"a": {"b": [2]}}|{}|{"a": 1}|[1, [2]]|{"a": 1}|{"a": 1}`)
	f(`'{"a":1}'::jsonb - 0`, "22023: cannot delete from object using integer index")
	f(`'5'::jsonb - 'a'`, "22023: cannot delete from scalar")
	f(`'5'::jsonb - 0`, "22023: cannot delete from scalar")
	f(`'"a"'::jsonb - array['a']`, "22023: cannot delete from scalar")
	f(`'[1]'::jsonb #- '{a}'`, `22P02: path element at position 1 is not an integer: "a"`)
	f(`'5'::jsonb #- '{a}'`, "22023: cannot delete path in scalar")
	f(`null::jsonb - 'a', '{}'::jsonb - null::text, '{}'::jsonb #- null`, "<null>|<null>|<null>")
}

// TestJSONBConcat holds || of objects, arrays and scalars.
func TestJSONBConcat(t *testing.T) {
	f := selecter(t)
	f(`'{"a":1,"b":2}'::jsonb || '{"b":3,"c":4}', '[1]'::jsonb || '[2]', '1'::jsonb || '2', `+
		`'[1]'::jsonb || '2', '1'::jsonb || '[2]', '{"a":1}'::jsonb || '[2]', '[2]'::jsonb || '{"a":1}', `+
		`'{}'::jsonb || '{}', '[]'::jsonb || '[]', '"a"'::jsonb || 'null'`,
		`{"a": 1, "b": 3, "c": 4}|[1, 2]|[1, 2]|[1, 2]|[1, 2]|[{"a": 1}, 2]|[2, {"a": 1}]|{}|[]|["a", null]`)
	f(`'{"a":1}'::jsonb || '2'`, `[{"a": 1}, 2]`)
	f(`'2'::jsonb || '{"a":1}'`, `[2, {"a": 1}]`)
	f(`null::jsonb || '1', '1'::jsonb || null`, "<null>|<null>")
	f(`jsonb_concat('[1]', '[2]'), jsonb_delete('{"a":1}', 'a'), jsonb_delete_path('[1]', '{0}')`, "[1, 2]|{}|[]")
}

// TestJSONStripPretty holds the dropping of null fields and the layout in lines.
func TestJSONStripPretty(t *testing.T) {
	f := selecter(t)
	f(`json_strip_nulls('{"a":null,"b":[1,null,{"c":null}],"d":{"e":null}}'), `+
		`jsonb_strip_nulls('{"a":null,"b":[1,null,{"c":null}],"d":{"e":null}}'), jsonb_strip_nulls('null'), `+
		`json_strip_nulls('[null]'), jsonb_strip_nulls('{"a":{"b":null}}')`,
		`{"b":[1,null,{}],"d":{}}|{"b": [1, null, {}], "d": {}}|null|[null]|{"a": {}}`)
	f(`jsonb_pretty('{"a":[1,{"b":null}],"c":{}, "d":[]}')`,
		`{
    "a": [
        1,
        {
            "b": null
        }
    ],
    "c": {
    },
    "d": [
    ]
}`)
	f(`jsonb_pretty('5'), jsonb_pretty('"x"'), jsonb_pretty('[]'), jsonb_pretty(null)`, "5|\"x\"|[\n]|<null>")
}

// TestJSONBuild holds builders of objects and arrays from any values.
func TestJSONBuild(t *testing.T) {
	f := selecter(t)
	f(`json_build_array(1, 'a', null, true, 1.50, '{"x":1}'::json, array[1,2], row(1,'b'), '2024-02-29'::date), `+
		`jsonb_build_array(1, 'a', null, true, 1.50, '{"x": 1}'::json, array[1,2])`,
		`[1, "a", null, true, 1.50, {"x":1}, [1,2], {"f1":1,"f2":"b"}, "2024-02-29"]|[1, "a", null, true, 1.50, `+
			`{"x": 1}, [1, 2]]`)
	f(`json_build_object('a', 1, 'b', null, 2, 'c', 'd', array[[1],[2]]), `+
		`jsonb_build_object('b', 1, 'a', json_build_array()), json_build_object(), jsonb_build_array()`,
		`{"a" : 1, "b" : null, "2" : "c", "d" : [[1],[2]]}|{"a": [], "b": 1}|{}|[]`)
	f(`json_build_object('a', 1, 'a', 2), jsonb_build_object('a', 1, 'a', 2), `+
		`json_build_object(1.5, 'x', true, 'y', date '2024-02-29', 'z')`,
		`{"a" : 1, "a" : 2}|{"a": 2}|{"1.5" : "x", "true" : "y", "2024-02-29" : "z"}`)
	f(`json_build_object('a')`,
		"22023: argument list must have even number of elements "+
			"HINT: The arguments of json_build_object() must consist of alternating keys and values.")
	f(`jsonb_build_object('a')`,
		"22023: argument list must have even number of elements "+
			"HINT: The arguments of jsonb_build_object() must consist of alternating keys and values.")
	f(`json_build_object(null, 1)`, "22004: null value not allowed for object key")
	f(`jsonb_build_object(null, 1)`, "22023: argument 1: key must not be null")
	f(`json_build_object('{}'::json, 1)`, "22023: key value must be scalar, not array, composite, or json")
	f(`jsonb_build_object(array[1], 1)`, "22023: key value must be scalar, not array, composite, or json")
	f(`json_build_array(variadic array[1,null,3]), json_build_object(variadic array['a','1','b','2']), `+
		`jsonb_build_object(variadic '{}'::text[]), json_build_array(variadic null::int[])`,
		`[1, null, 3]|{"a" : "1", "b" : "2"}|{}|<null>`)
	f(`json_build_object(variadic array['a',null,null,'b'])`, "22004: null value not allowed for object key")
	f(`json_object('{a,1,b,"def"}'), json_object('{{a,1},{b,null}}'), json_object('{a,b}', '{1,2}'), `+
		`jsonb_object('{a,1,b,"d"}'), jsonb_object('{a,b}', '{null,2}'), json_object('{}'), jsonb_object('{}', '{}')`,
		`{"a" : "1", "b" : "def"}|{"a" : "1", "b" : null}|{"a" : "1", "b" : "2"}|{"a": "1", "b": "d"}|`+
			`{"a": null, "b": "2"}|{}|{}`)
	f(`json_object('{a,b,c}')`, "2202E: array must have even number of elements")
	f(`json_object('{{a,b,c}}')`, "2202E: array must have two columns")
	f(`jsonb_object('{a,b}', '{1}')`, "2202E: mismatched array dimensions")
	f(`json_object('{a,null}', '{1,2}')`, "22004: null value not allowed for object key")
	f(`jsonb_object('{{{a,1}}}')`, "2202E: wrong number of array subscripts")
	f(`json_object('{null,1}')`, "22004: null value not allowed for object key")
}

// TestToJSON holds the forms of values of every kind.
func TestToJSON(t *testing.T) {
	f := selecter(t)
	f(`to_json('a"b\c'::text), to_json(e'\t\n\b\f\r\x01'::text), to_json('ä😀'::text), to_jsonb('a'::varchar), `+
		`to_json('ab '::char(4)), to_json(null::text), to_jsonb(''::text)`,
		`"a\"b\\c"|"\t\n\b\f\r\u0001"|"ä😀"|"a"|"ab  "|<null>|""`)
	f(`to_json(1), to_json(-1.50), to_json('nan'::float8), to_json('inf'::numeric), to_json(1e300::float8), `+
		`to_json(0.1::real), to_jsonb('nan'::numeric), to_jsonb(1.50), to_json(true), to_json(5::"char")`,
		`1|-1.50|"NaN"|"Infinity"|1e+300|0.1|"NaN"|1.50|true|"\u0005"`)
	f(`to_json(date '2024-02-29'), to_json(timestamp '2024-02-29 10:11:12.5'), `+
		`to_json(timestamptz '2024-07-01 12:00+00'), to_json(time '10:00'), to_json(interval '1 day 2:03'), `+
		`to_json(date 'infinity'), to_json(timestamp '0044-03-15 BC'), to_json(timestamptz '-infinity')`,
		`"2024-02-29"|"2024-02-29T10:11:12.5"|"2024-07-01T08:00:00-04:00"|"10:00:00"|"1 day 02:03:00"|"infinity"|`+
			`"0044-03-15T00:00:00 BC"|"-infinity"`)
	f(`to_json(array[1,null,3]), to_json(array[[1,2],[3,4]]), to_json('{}'::int[]), to_json(array['a','b c']), `+
		`to_json(array['{"a":1}'::json]), to_jsonb(array[array['x']]), to_json(array[row(1,'a'),row(2,null)])`,
		`[1,null,3]|[[1,2],[3,4]]|[]|["a","b c"]|[{"a":1}]|[["x"]]|[{"f1":1,"f2":"a"},{"f1":2,"f2":null}]`)
	f(`to_json(row(1,'x',null,array[1])), to_json('\x01ff'::bytea), `+
		`to_json('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid), to_json('[1,2]'::vector), `+
		`to_jsonb('{"b":1,"a":[1, 2]}'::json)`,
		`{"f1":1,"f2":"x","f3":null,"f4":[1]}|"\\x01ff"|"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"|"[1,2]"|{"a": [1, 2], "b": 1}`)
	f(`array_to_json(array[1,2]), array_to_json(array[[1,2],[3,4]], true), array_to_json('{}'::int[]), `+
		`array_to_json(null::int[]), array_to_json(array[1,null], false)`,
		"[1,2]|[[1,2],\n [3,4]]|[]|<null>|[1,null]")
	f(`row_to_json(row(1,'foo')), row_to_json(row(1,array[2,3],row(4)), true), row_to_json(null::record), `+
		`row_to_json(row())`,
		"{\"f1\":1,\"f2\":\"foo\"}|{\"f1\":1,\n \"f2\":[2,3],\n \"f3\":{\"f1\":4}}|<null>|{}")
	db := newDB(t)
	db.Must(`set timezone = 'UTC'; create table t (a int, "B c" text, d timestamptz, v vector(2));
		insert into t values (1, 'x', '2024-07-01 12:00+02', '[1,2]'), (null, null, null, null)`)
	db.Rows("select row_to_json(t) from t",
		`{"a":1,"B c":"x","d":"2024-07-01T10:00:00+00:00","v":"[1,2]"}`,
		`{"a":null,"B c":null,"d":null,"v":null}`)
	db.Rows("select to_jsonb(t) from t",
		`{"a": 1, "d": "2024-07-01T10:00:00+00:00", "v": "[1,2]", "B c": "x"}`,
		`{"a": null, "d": null, "v": null, "B c": null}`)
	db.Rows("select row_to_json(q, true) from (select a, d from t) q",
		"{\"a\":1,\n \"d\":\"2024-07-01T10:00:00+00:00\"}",
		"{\"a\":null,\n \"d\":null}")
	db.Rows("select json_agg(t) from t",
		"[{\"a\":1,\"B c\":\"x\",\"d\":\"2024-07-01T10:00:00+00:00\",\"v\":\"[1,2]\"}, \n"+
			" {\"a\":null,\"B c\":null,\"d\":null,\"v\":null}]")
	db.Rows("select jsonb_agg(q) from (select x as b, x * 2 as c from generate_series(1, 2) x) q",
		`[{"b": 1, "c": 2}, {"b": 2, "c": 4}]`)
	db.Rows(`select row_to_json(q) from (select $$a$$ || x as b, array[row(x.*, array[1,2]), row(x, null)] as z
		from generate_series(1, 2) x) q`,
		`{"b":"a1","z":[{"f1":1,"f2":[1,2]},{"f1":1,"f2":null}]}`,
		`{"b":"a2","z":[{"f1":2,"f2":[1,2]},{"f1":2,"f2":null}]}`)
}
