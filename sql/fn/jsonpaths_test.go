package fn_test

import "testing"

// TestJSONBSetPaths holds jsonb_set by path: present, absent, through scalars, by index from either end.
func TestJSONBSetPaths(t *testing.T) {
	f := selecter(t)
	f(`jsonb_set('{"a":1}', '{a}', '2')`, `{"a": 2}`)
	f(`jsonb_set('{"a":1}', '{b}', '2')`, `{"a": 1, "b": 2}`)
	f(`jsonb_set('{"a":1}', '{b}', '2', false)`, `{"a": 1}`)
	f(`jsonb_set('{"a":{"b":1}}', '{a,c}', '[1]')`, `{"a": {"b": 1, "c": [1]}}`)
	f(`jsonb_set('{"a":{"b":1}}', '{x,c}', '1')`, `{"a": {"b": 1}}`)
	f(`jsonb_set('{"a":1}', '{a,c}', '2')`, `{"a": 1}`)
	f(`jsonb_set('{"a":null}', '{a,c}', '2')`, `{"a": null}`)
	f(`jsonb_set('{"a":1}', '{}', '2')`, `{"a": 1}`)
	f(`jsonb_set('[1,2,3]', '{0}', '"x"')`, `["x", 2, 3]`)
	f(`jsonb_set('[1,2,3]', '{-1}', '"x"')`, `[1, 2, "x"]`)
	f(`jsonb_set('[1,2,3]', '{-3}', '"x"')`, `["x", 2, 3]`)
	f(`jsonb_set('[1,2,3]', '{-4}', '"x"')`, `["x", 1, 2, 3]`)
	f(`jsonb_set('[1,2,3]', '{3}', '"x"')`, `[1, 2, 3, "x"]`)
	f(`jsonb_set('[1,2,3]', '{9}', '"x"')`, `[1, 2, 3, "x"]`)
	f(`jsonb_set('[1,2,3]', '{9}', '"x"', false)`, "[1, 2, 3]")
	f(`jsonb_set('[1,2,3]', '{-9}', '"x"', false)`, "[1, 2, 3]")
	f("jsonb_set('[]', '{0}', '1')", "[1]")
	f("jsonb_set('[]', '{-1}', '1')", "[1]")
	f("jsonb_set('{}', '{a}', 'null')", `{"a": null}`)
	f("jsonb_set('[[1,2],[3]]', '{1,0}', '9')", "[[1, 2], [9]]")
	f(`jsonb_set('[{"a":1}]', '{0,a}', '9')`, `[{"a": 9}]`)
	f(`jsonb_set('[{"a":1}]', '{0,b}', '9')`, `[{"a": 1, "b": 9}]`)
	f("jsonb_set('[1,2]', '{a}', '9')", `22P02: path element at position 1 is not an integer: "a"`)
	f("jsonb_set('[1,2]', '{0x1}', '9')", `22P02: path element at position 1 is not an integer: "0x1"`)
	f("jsonb_set('[1,2]', '{99999999999}', '9')", `22P02: path element at position 1 is not an integer: "99999999999"`)
	f("jsonb_set('5', '{a}', '9')", "22023: cannot set path in scalar")
	f(`jsonb_set('"s"', '{}', '9')`, "22023: cannot set path in scalar")
	f(`jsonb_set('{"a":1}', '{null}', '9')`, "22004: path element at position 1 is null")
	f(`jsonb_set('{"a":{"b":1}}', '{a,null}', '9')`, "22004: path element at position 2 is null")
	f("jsonb_set(null, '{a}', '1'), jsonb_set('{}', null, '1'), jsonb_set('{}', '{a}', null)", "<null>|<null>|<null>")
	f(`jsonb_set_lax('{"a":1}', '{a}', null)`, `{"a": null}`)
	f(`jsonb_set_lax('{"a":1}', '{a}', null, true, 'delete_key')`, "{}")
	f(`jsonb_set_lax('{"a":1}', '{a}', null, true, 'return_target')`, `{"a": 1}`)
	f(`jsonb_set_lax('{"a":1}', '{a}', null, true, 'use_json_null')`, `{"a": null}`)
	f(`jsonb_set_lax('{"a":1}', '{b}', null, false, 'use_json_null')`, `{"a": 1}`)
	f(`jsonb_set_lax('{"a":1}', '{a}', null, true, 'other')`,
		`22023: null_value_treatment must be "delete_key", "return_target", "use_json_null", or "raise_exception"`)
	f(`jsonb_set_lax('{"a":1}', '{a}', '2', null)`, "<null>")
	f(`jsonb_set_lax('{"a":1}', '{a}', '2', true, 'other')`, `{"a": 2}`)
}

// TestJSONBInsertPaths holds jsonb_insert before and after each place.
func TestJSONBInsertPaths(t *testing.T) {
	f := selecter(t)
	f(`jsonb_insert('[0,1,2]', '{1}', '"x"')`, `[0, "x", 1, 2]`)
	f(`jsonb_insert('[0,1,2]', '{1}', '"x"', true)`, `[0, 1, "x", 2]`)
	f(`jsonb_insert('[0,1,2]', '{0}', '"x"')`, `["x", 0, 1, 2]`)
	f(`jsonb_insert('[0,1,2]', '{2}', '"x"', true)`, `[0, 1, 2, "x"]`)
	f(`jsonb_insert('[0,1,2]', '{-1}', '"x"')`, `[0, 1, "x", 2]`)
	f(`jsonb_insert('[0,1,2]', '{-1}', '"x"', true)`, `[0, 1, 2, "x"]`)
	f(`jsonb_insert('[0,1,2]', '{9}', '"x"')`, `[0, 1, 2, "x"]`)
	f(`jsonb_insert('[0,1,2]', '{-9}', '"x"')`, `["x", 0, 1, 2]`)
	f(`jsonb_insert('[0,1,2]', '{-9}', '"x"', true)`, `["x", 0, 1, 2]`)
	f("jsonb_insert('[]', '{0}', '1')", "[1]")
	f(`jsonb_insert('{"a":1}', '{b}', '2')`, `{"a": 1, "b": 2}`)
	f(`jsonb_insert('{"a":1}', '{b}', '2', true)`, `{"a": 1, "b": 2}`)
	f(`jsonb_insert('{"a":[1]}', '{a,0}', '{"n":1}')`, `{"a": [{"n": 1}, 1]}`)
	f(`jsonb_insert('{"a":1}', '{x,y}', '2')`, `{"a": 1}`)
	f("jsonb_insert('5', '{0}', '2')", "22023: cannot set path in scalar")
	f("jsonb_insert('[1]', '{x}', '2')", `22P02: path element at position 1 is not an integer: "x"`)
	f(`jsonb_insert('{"a":1}', '{}', '2')`, `{"a": 1}`)
}

// TestJSONBDeletePaths holds - and #- by key, keys, index and path.
func TestJSONBDeletePaths(t *testing.T) {
	f := selecter(t)
	f(`'{"a":1,"b":2}'::jsonb - 'a'`, `{"b": 2}`)
	f(`'{"a":1,"b":2}'::jsonb - 'x'`, `{"a": 1, "b": 2}`)
	f(`'{"a":1,"b":2,"c":3}'::jsonb - array['a', 'c', 'x']`, `{"b": 2}`)
	f(`'{"a":1}'::jsonb - '{}'::text[]`, `{"a": 1}`)
	f(`'{"a":1}'::jsonb - array[null]::text[]`, `{"a": 1}`)
	f(`'["a","b","a"]'::jsonb - 'a'`, `["b"]`)
	f(`'["a",1,"b"]'::jsonb - array['b', '1']`, `["a", 1]`)
	f("'[1,2,3]'::jsonb - 0", "[2, 3]")
	f("'[1,2,3]'::jsonb - -1", "[1, 2]")
	f("'[1,2,3]'::jsonb - 9", "[1, 2, 3]")
	f("'[1,2,3]'::jsonb - -9", "[1, 2, 3]")
	f("'{}'::jsonb - 'a'", "{}")
	f(`'{"a":{"b":[1,2]}}'::jsonb #- '{a,b,0}'`, `{"a": {"b": [2]}}`)
	f(`'{"a":{"b":[1,2]}}'::jsonb #- '{a,b,-1}'`, `{"a": {"b": [1]}}`)
	f(`'{"a":{"b":[1,2]}}'::jsonb #- '{a,b,9}'`, `{"a": {"b": [1, 2]}}`)
	f(`'{"a":{"b":[1,2]}}'::jsonb #- '{a,b,x}'`, `22P02: path element at position 3 is not an integer: "x"`)
	f(`'{"a":{"b":[1,2]}}'::jsonb #- '{a}'`, "{}")
	f(`'{"a":{"b":[1,2]}}'::jsonb #- '{a,x,0}'`, `{"a": {"b": [1, 2]}}`)
	f(`'{"a":{"b":[1,2]}}'::jsonb #- '{}'`, `{"a": {"b": [1, 2]}}`)
	f(`'{"a":1}'::jsonb #- '{a,null}'`, "22004: path element at position 2 is null")
	f("'[1,[2,3]]'::jsonb #- '{1,0}'", "[1, [3]]")
	f(`'[1]'::jsonb - null::int, '{"a":1}'::jsonb - null::text, '{"a":1}'::jsonb #- null`, "<null>|<null>|<null>")
}

// TestJSONBConcatenation holds || between every pair of kinds.
func TestJSONBConcatenation(t *testing.T) {
	f := selecter(t)
	f(`'{"a":1}'::jsonb || '{"a":2,"b":3}'`, `{"a": 2, "b": 3}`)
	f(`'{"a":{"x":1}}'::jsonb || '{"a":{"y":2}}'`, `{"a": {"y": 2}}`)
	f("'[1]'::jsonb || '[2,3]'", "[1, 2, 3]")
	f("'[1]'::jsonb || '2'", "[1, 2]")
	f("'1'::jsonb || '[2]'", "[1, 2]")
	f("'1'::jsonb || '2'", "[1, 2]")
	f(`'"a"'::jsonb || 'null'`, `["a", null]`)
	f("'[]'::jsonb || '[]'", "[]")
	f("'{}'::jsonb || '{}'", "{}")
	f("'[]'::jsonb || '{}'", "[{}]")
	f("'{}'::jsonb || '[1]'", "[{}, 1]")
	f(`'{"a":1}'::jsonb || '[1]'`, `[{"a": 1}, 1]`)
	f(`'[1]'::jsonb || '{"a":1}'`, `[1, {"a": 1}]`)
	f(`'{"a":1}'::jsonb || '1'`, `[{"a": 1}, 1]`)
	f(`'1'::jsonb || '{"a":1}'`, `[1, {"a": 1}]`)
	f("'{}'::jsonb || 'null'", "[{}, null]")
	f("'[1]'::jsonb || null", "<null>")
}

// TestJSONValuesByKind holds what each function says of each kind of value.
func TestJSONValuesByKind(t *testing.T) {
	f := selecter(t)
	f(`jsonb_typeof('{}'), jsonb_typeof('[]'), jsonb_typeof('"a"'), jsonb_typeof('1'), jsonb_typeof('true'), `+
		`jsonb_typeof('null'), jsonb_typeof(null)`,
		"object|array|string|number|boolean|null|<null>")
	f("json_typeof(' {} '), json_typeof(' -1.5e3'), json_typeof('null')", "object|number|null")
	f("jsonb_array_length('[]'), jsonb_array_length('[1,[2,3]]')", "0|2")
	f(`json_array_length('{"a":1}')`, "22023: cannot get array length of a non-array")
	f(`json_array_length('"x"')`, "22023: cannot get array length of a scalar")
	f(`array(select jsonb_array_elements('[1,null,"a",{"b":[2]}]'))`, `{1,"null","\"a\"","{\"b\": [2]}"}`)
	f(`array(select jsonb_array_elements_text('[1,null,"a",{"b":[2]}]'))`, `{1,NULL,a,"{\"b\": [2]}"}`)
	f(`array(select jsonb_array_elements('{"a":1}'))`, "22023: cannot extract elements from an object")
	f("array(select jsonb_array_elements('5'))", "22023: cannot extract elements from a scalar")
	f(`array(select json_array_elements('{"a":1}'))`, "22023: cannot call json_array_elements on a non-array")
	f("array(select json_array_elements_text('5'))", "22023: cannot call json_array_elements_text on a scalar")
	f(`array(select jsonb_object_keys('{"b":1,"a":2,"aa":3}'))`, "{a,b,aa}")
	f(`array(select json_object_keys('{"b":1,"a":2,"b":3}'))`, "{b,a,b}")
	f("array(select jsonb_object_keys('[1]'))", "22023: cannot call jsonb_object_keys on an array")
	f("array(select jsonb_object_keys('5'))", "22023: cannot call jsonb_object_keys on a scalar")
	f("array(select json_object_keys('[1]'))", "22023: cannot call json_object_keys on an array")
	f("array(select json_object_keys('5'))", "22023: cannot call json_object_keys on a scalar")
	f(`array(select e::text from jsonb_each('{"b":1,"a":null,"c":{"x":[1]}}') e)`,
		`{"(a,null)","(b,1)","(c,\"{\"\"x\"\": [1]}\")"}`)
	f(`array(select e::text from jsonb_each_text('{"b":1,"a":null,"c":{"x":[1]}}') e)`,
		`{"(a,)","(b,1)","(c,\"{\"\"x\"\": [1]}\")"}`)
	f(`array(select e::text from json_each('{"b":1,"b": 2}') e)`, `{"(b,1)","(b,2)"}`)
	f("array(select e::text from jsonb_each('[1]') e)", "22023: cannot call jsonb_each on a non-object")
	f("array(select e::text from json_each('5') e)", "22023: cannot deconstruct a scalar")
	f(`jsonb_strip_nulls('{"a":null,"b":[null,{"c":null}],"d":{}}'), `+
		`json_strip_nulls('{"a":null,"b":[null,{"c":null}], "d":{}}')`,
		`{"b": [null, {}], "d": {}}|{"b":[null,{}],"d":{}}`)
	f("jsonb_strip_nulls('null'), jsonb_strip_nulls('[null]')", "null|[null]")
	f(`jsonb_pretty('{"a":[1,{"b":null}],"c":{}}')`,
		"{\n    \"a\": [\n        1,\n        {\n            \"b\": null\n        }\n    ],\n    \"c\": {\n    }\n}")
	f(`jsonb_pretty('[]'), jsonb_pretty('{}'), jsonb_pretty('"a"')`, "[\n]|{\n}|\"a\"")
	f("'1'::jsonb::int, '1.5'::jsonb::int, '2.5'::jsonb::int, '1.5'::jsonb::numeric, 'true'::jsonb::bool, "+
		"'1e2'::jsonb::float8",
		"1|2|3|1.5|t|100")
	f(`'"1"'::jsonb::int`, "22023: cannot cast jsonb string to type integer")
	f("'null'::jsonb::int", "22023: cannot cast jsonb null to type integer")
	f("'[]'::jsonb::bool", "22023: cannot cast jsonb array to type boolean")
	f("'{}'::jsonb::numeric", "22023: cannot cast jsonb object to type numeric")
	f("'3000000000'::jsonb::int", "22003: integer out of range")
	f("'1e400'::jsonb::float8",
		`22003: `+
			`"10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000" is out of range for type double precision`)
	f("'1'::jsonb::bool", "22023: cannot cast jsonb numeric to type boolean")
	f(`'"a"'::jsonb::text, '"a"'::jsonb #>> '{}', 'null'::jsonb #>> '{}', '[1, 2]'::jsonb::text`, `"a"|a|<null>|[1, 2]`)
}

// TestJSONBuilders holds the builders for each kind of argument and their errors.
func TestJSONBuilders(t *testing.T) {
	f := selecter(t)
	f(`json_build_array(1, 'a', null, true, 1.50, array[1, 2], row(1, 'x'), '{"a":1}'::json)`,
		`[1, "a", null, true, 1.50, [1,2], {"f1":1,"f2":"x"}, {"a":1}]`)
	f(`jsonb_build_array(1, 'a', null, true, 1.50, array[1, 2], row(1, 'x'), '{"b": 2,"a":1}'::json)`,
		`[1, "a", null, true, 1.50, [1, 2], {"f1": 1, "f2": "x"}, {"a": 1, "b": 2}]`)
	f("json_build_array(), jsonb_build_array(), json_build_object(), jsonb_build_object()", "[]|[]|{}|{}")
	f("json_build_array(variadic array['a', null]), jsonb_build_array(variadic '{}'::int[])", `["a", null]|[]`)
	f("json_build_object('a', 1, 'b', null, 3, true, 'a', 2)", `{"a" : 1, "b" : null, "3" : true, "a" : 2}`)
	f("jsonb_build_object('a', 1, 'b', null, 3, true, 'a', 2)", `{"3": true, "a": 2, "b": null}`)
	f("jsonb_build_object('a', 1, 'b')",
		"22023: argument list must have even number of elements "+
			"HINT: The arguments of jsonb_build_object() must consist of alternating keys and values.")
	f("json_build_object(array[1], 2)", "22023: key value must be scalar, not array, composite, or json")
	f("jsonb_build_object(array[1], 2)", "22023: key value must be scalar, not array, composite, or json")
	f(`json_build_object('{"a":1}'::json, 2)`, "22023: key value must be scalar, not array, composite, or json")
	f("json_build_object(variadic array['a', 'b', 'c', null])", `{"a" : "b", "c" : null}`)
	f("json_object('{a,1,b,null,c,x y}'), jsonb_object('{a,1,b,null,a,2}')",
		`{"a" : "1", "b" : null, "c" : "x y"}|{"a": "2", "b": null}`)
	f("json_object('{{a,1},{b,2}}'), jsonb_object('{{a,1},{b,null}}'), json_object('{}')",
		`{"a" : "1", "b" : "2"}|{"a": "1", "b": null}|{}`)
	f("json_object('{a}')", "2202E: array must have even number of elements")
	f("json_object('{{{a,b}}}')", "2202E: wrong number of array subscripts")
	f("json_object('{a,b}', '{1,null}'), jsonb_object('{a,b}', '{1,2}')", `{"a" : "1", "b" : null}|{"a": "1", "b": "2"}`)
	f("json_object('{a,b}', '{1}')", "2202E: mismatched array dimensions")
	f("json_object('{null}', '{1}')", "22004: null value not allowed for object key")
	f("json_object('{{a}}', '{{1}}')", "2202E: wrong number of array subscripts")
	f(`to_json('a"b'::text), to_json(1.50), to_json(null::int), to_json(true), to_json('x'::char(3)), `+
		`to_json('{ "a":1}'::json)`,
		`"a\"b"|1.50|<null>|true|"x  "|{ "a":1}`)
	f(`to_jsonb('a"b'::text), to_jsonb(1.50), to_jsonb('NaN'::float8), to_jsonb('inf'::numeric), `+
		`to_jsonb('{ "a":1}'::json)`,
		`"a\"b"|1.50|"NaN"|"Infinity"|{"a": 1}`)
	f("to_json(date '2024-02-29'), to_json(timestamp '2024-02-29 10:00:00.5'), "+
		"to_json(timestamptz '2024-07-01 12:00+00'), to_json(interval '1 day 2 hours'), to_json(time '10:00')",
		`"2024-02-29"|"2024-02-29T10:00:00.5"|"2024-07-01T08:00:00-04:00"|"1 day 02:00:00"|"10:00:00"`)
	f("to_json(date 'infinity'), to_jsonb(timestamp '-infinity'), to_json(date '0044-03-15 BC')",
		`"infinity"|"-infinity"|"0044-03-15 BC"`)
	f("to_json(array[[1, 2], [3, 4]]), to_json('{}'::int[]), to_json(array[null, 'a']), to_jsonb('[5:6]={1,2}'::int[])",
		`[[1,2],[3,4]]|[]|[null,"a"]|[1, 2]`)
	f("array_to_json(array[[1, 2], [3, 4]]), array_to_json(array[[1, 2], [3, 4]], true), array_to_json(null::int[])",
		"[[1,2],[3,4]]|[[1,2],\n [3,4]]|<null>")
	f("row_to_json(row(1, 'a', null)), row_to_json(row(1, row(2, 3)), true)",
		"{\"f1\":1,\"f2\":\"a\",\"f3\":null}|{\"f1\":1,\n \"f2\":{\"f1\":2,\"f2\":3}}")
	f(`to_json('\x01ff'::bytea), to_json('[1,2]'::vector), to_jsonb(e'\t\n\u0001ä😀\\/'::text)`,
		`"\\x01ff"|"[1,2]"|"\t\n\u0001ä😀\\/"`)
	f(`jsonb_exists_any('{"a":1}', array['a', 'b']), jsonb_exists_all('{"a":1}', array['a', 'b']), `+
		`jsonb_exists_any('["a"]', '{}')`,
		"t|f|f")
	f(`jsonb_concat('[1]', '2'), jsonb_delete('{"a":1}', 'a'), jsonb_delete('[1,2]', 0), `+
		`jsonb_delete_path('{"a":{"b":1}}', '{a,b}')`,
		`[1, 2]|{}|[2]|{"a": {}}`)
}
