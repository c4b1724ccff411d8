package fn_test

import "testing"

// TestJSONArrows holds -> ->> #> #>> by key, index from either end, and path.
func TestJSONArrows(t *testing.T) {
	f := selecter(t)
	const doc = `'{"a": {"b": [10, {"c": null}, "x"]}, "1": "one", "": 0, "ä😀": 1.50}'`
	for _, kind := range []string{"json", "jsonb"} {
		v := doc + "::" + kind
		f(v+" -> 'a' -> 'b' -> 0, "+v+" -> 'a' -> 'b' ->> 2, "+v+" -> '1', "+v+" ->> '', "+v+" ->> 'ä😀'", `10|x|"one"|0|1.50`)
		f(v+" #> '{a,b,-1}', "+v+" #>> '{a,b,-1}', "+v+" #>> '{a,b,1,c}', "+v+" #> '{a,b,1,c}', "+v+" #> '{a,x,y}'",
			`"x"|x|<null>|null|<null>`)
		f(v+" -> 'none', "+v+" ->> 'none', "+v+" -> 0, "+v+" -> 'a' -> 'b' -> 9, "+v+" -> 'a' -> 'b' -> -4, "+v+" "+
			"-> 'a' -> 'b' -> 'c'",
			"<null>|<null>|<null>|<null>|<null>|<null>")
		f(v+" -> null::text, "+v+" -> null::int, "+v+" #> null, null::"+kind+" -> 'a', "+v+" #> '{a,null}'",
			"<null>|<null>|<null>|<null>|<null>")
		f("'[1,[2,3]]'::"+kind+" -> 1 -> 0, '[1,[2,3]]'::"+kind+" #> '{1,1}', '[1]'::"+kind+" #> '{x}', '5'::"+kind+" -> 'a', '\"s\"'::"+kind+" #>> '{}'",
			"2|3|<null>|<null>|s")
		f("'[0,1,2]'::"+kind+" -> -1, '[0,1,2]'::"+kind+" ->> -3, '[0,1,2]'::"+kind+" #>> '{-2}', '[null]'::"+kind+" -> 0, '[null]'::"+kind+" ->> 0",
			"2|0|1|null|<null>")
	}
	f(`'5'::json -> 0, '5'::jsonb -> 0, '5'::jsonb -> -1, '5'::jsonb -> 1, '"x"'::jsonb ->> 0, `+
		`'5'::jsonb #> '{0}', '5'::jsonb ->> '0'`,
		"<null>|5|5|<null>|x|<null>|<null>")
	f(`'{"a":{"b" :  1}}'::json -> 'a', '{"a":1,"a":2}'::json -> 'a', '{"a":1,"a":2}'::jsonb -> 'a', `+
		`'{"a":1,"a":2}'::jsonb`,
		`{"b" :  1}|2|2|{"a": 2}`)
	f(`json_extract_path('{"a":{"b":[7]}}', 'a', 'b', '0'), json_extract_path_text('{"a":"x"}', 'a'), `+
		`jsonb_extract_path('{"a":{"b":[7]}}', 'a', 'b'), jsonb_extract_path_text('{"a":null}', 'a')`,
		"7|x|[7]|<null>")
	f(`json_extract_path('{"a":1}', variadic '{}'), jsonb_extract_path('{"a":{"b":2}}', `+
		`variadic array['a','b']), jsonb_extract_path('{"a":1}', null), jsonb_extract_path('{"a":1}', variadic null)`,
		`{"a":1}|2|<null>|<null>`)
	f(`'{"a":[1]}'::jsonb #> '{a,0x}', '[1]'::jsonb #> '{ 0}', '[1]'::jsonb #> '{+0}', '[1]'::jsonb #> '{99999999999}'`,
		"<null>|1|1|<null>")
}

// TestJSONSubscripts holds v['key'][0], which is null wherever it does not fit.
func TestJSONSubscripts(t *testing.T) {
	f := selecter(t)
	f(`('{"a":{"b":[1,2]}}'::jsonb)['a'], ('{"a":{"b":[1,2]}}'::jsonb)['a']['b'][1], ('[1,2,3]'::jsonb)[-1], `+
		`('[1,2,3]'::jsonb)['1'], ('5'::jsonb)[0], ('{"a":1}'::jsonb)['b'], ('{"1":7}'::jsonb)[1]`,
		`{"b": [1, 2]}|2|3|2|<null>|<null>|7`)
	f(`('{"a":1}'::jsonb)[null], (null::jsonb)['a'], ('[1]'::jsonb)['x']`, "<null>|<null>|<null>")
	f(`('[1,2,3]'::jsonb)[0:1]`, "42804: jsonb subscript does not support slices")
	f(`('[1,2,3]'::json)[0]`, "42804: cannot subscript type json because it does not support subscripting")
}

// TestJSONContainment holds @> <@ ? ?| ?& and what an array contains.
func TestJSONContainment(t *testing.T) {
	f := selecter(t)
	f(`'{"a":1,"b":2}'::jsonb @> '{"b":2}', '{"a":1}'::jsonb @> '{"a":1,"b":2}', '[1,2,3]'::jsonb @> '[3,1,1]', `+
		`'[1,2]'::jsonb @> '3', '[1,2]'::jsonb @> '1', '1'::jsonb @> '[1]', '[[1,2]]'::jsonb @> '[[2]]', `+
		`'[1,[2]]'::jsonb @> '[2]'`,
		"t|f|t|f|t|f|t|f")
	f(`'{"a":{"b":[1,{"c":3}]}}'::jsonb @> '{"a":{"b":[{"c":3}]}}', '{"a":[]}'::jsonb @> '{"a":{}}', `+
		`'{}'::jsonb @> '{}', '[]'::jsonb @> '[]', '{"a":null}'::jsonb @> '{"a":null}', '"x"'::jsonb @> '"x"', `+
		`'{"a":1}'::jsonb @> '[]', '1.0'::jsonb @> '1'`,
		"t|f|t|t|t|t|f|t")
	f(`'{"b":2}'::jsonb <@ '{"a":1,"b":2}', '[1]'::jsonb <@ '[1,2]', null::jsonb @> '1', '1'::jsonb <@ null`,
		"t|t|<null>|<null>")
	f(`'{"a":1,"b":2}'::jsonb ? 'a', '["a","b"]'::jsonb ? 'b', '"a"'::jsonb ? 'a', '[1]'::jsonb ? '1', `+
		`'{"a":{"b":1}}'::jsonb ? 'b', '{"":1}'::jsonb ? '', '5'::jsonb ? '5'`,
		"t|t|t|f|f|t|f")
	f(`'{"a":1}'::jsonb ?| array['x','a'], '{"a":1}'::jsonb ?| '{}', '{"a":1}'::jsonb ?| array[null,'a'], `+
		`'["a"]'::jsonb ?| array['a'], '{"a":1,"b":1}'::jsonb ?& array['a','b'], `+
		`'{"a":1}'::jsonb ?& array['a','b'], '{"a":1}'::jsonb ?& '{}', '{"a":1}'::jsonb ?& array[null::text]`,
		"t|f|t|t|t|f|t|t")
	f(`jsonb_exists('{"a":1}', 'a'), jsonb_contains('[1]', '[1]'), jsonb_contained('[1]', '[1]'), `+
		`'{"a":1}'::json @> '{"a":1}'`,
		"42883: operator does not exist: json @> unknown "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
}

// TestJSONBOrder holds the order of jsonb: by kind, then size, then content; numbers by value.
func TestJSONBOrder(t *testing.T) {
	f := selecter(t)
	f(`array(select j from unnest(array['{}', '[]', 'null', '"b"', '"a"', '"B"', '2', '1.5', '10', 'true', `+
		`'false', '[1]', '[1,2]', '[2]', '{"a":1}', '{"b":1}', '{"a":1,"b":1}', '{"a":2}', '[[]]', '""', '-1', `+
		`'[null]']::jsonb[]) j order by j)`,
		`{[],"null","\"\"","\"B\"","\"a\"","\"b\"",-1,1.5,2,10,false,true,[null],[1],[2],[[]],"[1, `+
			`2]","{}","{\"a\": 1}","{\"a\": 2}","{\"b\": 1}","{\"a\": 1, \"b\": 1}"}`)
	f(`'1'::jsonb = '1.00', '{"a":1,"b":2}'::jsonb = '{"b":2,"a":1}', '[1,2]'::jsonb = '[2,1]', `+
		`'1'::jsonb < '"1"', 'null'::jsonb < '"a"', '{"a":1}'::jsonb > '[9,9,9]', '[1,2]'::jsonb > '[3]', `+
		`'false'::jsonb < 'true', '1e2'::jsonb = '100'`,
		"t|t|f|f|t|t|t|t|t")
	f(`jsonb_cmp('1', '2'), jsonb_cmp('{}', '[]'), '"a"'::jsonb <> '"a"', null::jsonb = '1'`, "-1|1|f|<null>")
	f(`count(distinct j) from unnest(array['1', '1.0', '{"a":1, "b":2}', '{"b":2, "a":1}', '[]', '{}']::jsonb[]) j`, "4")
	f(`'{"a":1}'::json = '{"a":1}'`,
		"42883: operator does not exist: json = unknown "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	f(`min(j) from unnest(array['1'::jsonb]) j`,
		"42883: function min(jsonb) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f(`greatest('1'::jsonb, '"a"', '[]'), least('{}'::jsonb, 'true', null)`, "1|true")
}

// TestJSONInput holds what text is JSON, and the words for what is not.
func TestJSONInput(t *testing.T) {
	f := selecter(t)
	f(`' {"a" : [1 , 2.0e1] } '::json, ' {"a" : [1 , 2.0e1] } '::jsonb, '1.10'::jsonb, '-0'::jsonb, `+
		`'-0.0'::jsonb, '1E400'::jsonb > '1', '12345678901234567890.123456789'::jsonb, '0.000000000000000000001'::jsonb`,
		` {"a" : [1 , 2.0e1] } |{"a": [1, 20]}|1.10|0|0.0|t|12345678901234567890.123456789|0.000000000000000000001`)
	f(`'"\u00e4\ud83d\ude00\n\"\\\/"'::jsonb, '"\u00e4\/"'::json, '{"b":1,"aa":2,"a":3,"":4}'::jsonb, `+
		`'{"a":1,"b":2,"a":3}'::jsonb, '[]'::jsonb, '{ }'::json`,
		`"ä😀\n\"\\/"|"\u00e4\/"|{"": 4, "a": 3, "b": 1, "aa": 2}|{"a": 3, "b": 2}|[]|{ }`)
	f(`''::json`, "22P02: invalid input syntax for type json DETAIL: The input string ended unexpectedly.")
	f(`'{'::json`, "22P02: invalid input syntax for type json DETAIL: The input string ended unexpectedly.")
	f(`'[1,]'::json`, `22P02: invalid input syntax for type json DETAIL: Expected JSON value, but found "]".`)
	f(`'{"a"}'::json`, `22P02: invalid input syntax for type json DETAIL: Expected ":", but found "}".`)
	f(`'{"a":1,}'::json`, `22P02: invalid input syntax for type json DETAIL: Expected string, but found "}".`)
	f(`'{a:1}'::json`, `22P02: invalid input syntax for type json DETAIL: Token "a" is invalid.`)
	f(`'01'::json`, `22P02: invalid input syntax for type json DETAIL: Token "01" is invalid.`)
	f(`'1.'::jsonb`, `22P02: invalid input syntax for type json DETAIL: Token "1." is invalid.`)
	f(`'.5'::json`, `22P02: invalid input syntax for type json DETAIL: Token "." is invalid.`)
	f(`'+1'::json`, `22P02: invalid input syntax for type json DETAIL: Token "+" is invalid.`)
	f(`'nul'::json`, `22P02: invalid input syntax for type json DETAIL: Token "nul" is invalid.`)
	f(`'"abc'::json`, `22P02: invalid input syntax for type json DETAIL: Token ""abc" is invalid.`)
	f(`'"\x"'::json`, `22P02: invalid input syntax for type json DETAIL: Escape sequence "\x" is invalid.`)
	f(`'"\u12"'::json`,
		`22P02: invalid input syntax for type json DETAIL: "\u" must be followed by four hexadecimal digits.`)
	f(`'"\u0000"'::jsonb`, `22P05: unsupported Unicode escape sequence DETAIL: \u0000 cannot be converted to text.`)
	f(`'"\ud800"'::jsonb`,
		"22P02: invalid input syntax for type json DETAIL: Unicode low surrogate must follow a high surrogate.")
	f(`'"\ude00"'::jsonb`,
		"22P02: invalid input syntax for type json DETAIL: Unicode low surrogate must follow a high surrogate.")
	f(`'"\u0000"'::json, '["\ud83d\ude00"]'::json ->> 0`, `"\u0000"|😀`)
	f(`'["\ud800"]'::json ->> 0`,
		"22P02: invalid input syntax for type json DETAIL: Unicode low surrogate must follow a high surrogate.")
	f(`'["\ude00x"]'::json ->> 0`,
		"22P02: invalid input syntax for type json DETAIL: Unicode low surrogate must follow a high surrogate.")
	f(`json_extract_path_text('{"a":"\ud800\ud800"}', 'a')`,
		"22P02: invalid input syntax for type json DETAIL: Unicode high surrogate must not follow a high surrogate.")
	f(`'"\u0000"'::json #>> '{}'`,
		`22P05: unsupported Unicode escape sequence DETAIL: \u0000 cannot be converted to text.`)
	f("e'\"a\\tb\"'::json", "22P02: invalid input syntax for type json DETAIL: Character with value 0x09 must be escaped.")
	f(`'1 2'::json`, `22P02: invalid input syntax for type json DETAIL: Expected end of input, but found "2".`)
	f(`'{"a":1 "b":2}'::json`, `22P02: invalid input syntax for type json DETAIL: Expected "," or "}", but found ""b"".`)
	f(`'[1}'::json`, `22P02: invalid input syntax for type json DETAIL: Expected "," or "]", but found "}".`)
	f(`'NaN'::jsonb`, `22P02: invalid input syntax for type json DETAIL: Token "NaN" is invalid.`)
	f(`'''a'''::json`, `22P02: invalid input syntax for type json DETAIL: Token "'" is invalid.`)
}

// TestJSONTypes holds the kinds of a value and casts of scalars from jsonb.
func TestJSONTypes(t *testing.T) {
	f := selecter(t)
	f(`json_typeof('{}'), json_typeof('[]'), json_typeof('"x"'), json_typeof('1.5'), json_typeof('true'), `+
		`json_typeof('null'), json_typeof(null), jsonb_typeof('{}'), jsonb_typeof('-1'), jsonb_typeof('null')`,
		"object|array|string|number|boolean|null|<null>|object|number|null")
	f(`('5'::jsonb)::int, ('5.5'::jsonb)::int, ('5.5'::jsonb)::numeric, ('1e3'::jsonb)::bigint, `+
		`('true'::jsonb)::bool, ('7'::jsonb)::smallint, ('1.5'::jsonb)::real, ('2.5'::jsonb)::float8, ('"x"'::jsonb)::text`,
		`5|6|5.5|1000|t|7|1.5|2.5|"x"`)
	f(`('"5"'::jsonb)::int`, "22023: cannot cast jsonb string to type integer")
	f(`('[]'::jsonb)::numeric`, "22023: cannot cast jsonb array to type numeric")
	f(`('null'::jsonb)::bool`, "22023: cannot cast jsonb null to type boolean")
	f(`('1'::jsonb)::bool`, "22023: cannot cast jsonb numeric to type boolean")
	f(`('{}'::jsonb)::float8`, "22023: cannot cast jsonb object to type double precision")
	f(`('1e100'::jsonb)::int`, "22003: integer out of range")
	f(`('70000'::jsonb)::smallint`, "22003: smallint out of range")
	f(`('1e400'::jsonb)::float8`,
		`22003: `+
			`"10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000" is out of range for type double precision`)
	f(`'{"a":1}'::json::jsonb, '{"a": 1}'::jsonb::json, '[1, 2]'::jsonb::text, '{"b":1, "a":2}'::json::text, `+
		`to_json('x'::text)::jsonb`,
		`{"a": 1}|{"a": 1}|[1, 2]|{"b":1, "a":2}|"x"`)
	f(`json_array_length('[1,[2],3]'), jsonb_array_length('[]'), json_array_length(null)`, "3|0|<null>")
	f(`json_array_length('{}')`, "22023: cannot get array length of a non-array")
	f(`jsonb_array_length('{"a":1}')`, "22023: cannot get array length of a non-array")
	f(`jsonb_array_length('5')`, "22023: cannot get array length of a scalar")
	f(`json_array_length('5')`, "22023: cannot get array length of a scalar")
}
