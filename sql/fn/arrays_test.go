package fn_test

import "testing"

// TestArrayBounds holds the functions of dimensions, with lower bounds and of nothing.
func TestArrayBounds(t *testing.T) {
	f := selecter(t)
	f("array_dims(array[[1,2,3],[4,5,6]]), array_ndims(array[[1,2,3],[4,5,6]]), "+
		"array_length(array[[1,2,3],[4,5,6]], 1), array_length(array[[1,2,3],[4,5,6]], 2), "+
		"array_length(array[1], 2), array_length(array[1], 0), array_length(array[1], -1)",
		"[1:2][1:3]|2|2|3|<null>|<null>|<null>")
	f("array_dims('{}'::int[]), array_ndims('{}'::int[]), array_length('{}'::int[], 1), "+
		"cardinality('{}'::int[]), cardinality(array[[1,2],[3,4]]), array_lower('{}'::int[], 1), cardinality(null::int[])",
		"<null>|<null>|<null>|0|4|<null>|<null>")
	f("array_dims('[2:4]={1,2,3}'::int[]), array_lower('[2:4]={1,2,3}'::int[], 1), "+
		"array_upper('[2:4]={1,2,3}'::int[], 1), array_dims('[-1:0][5:5]={{1},{2}}'::int[]), "+
		"array_lower('[-1:0]={1,2}'::int[], 1), array_upper('[-1:0]={1,2}'::int[], 1)",
		"[2:4]|2|4|[-1:0][5:5]|-1|0")
	f("array_length(null::int[], 1), array_length(array[1], null), array_dims(null::int[]), "+
		"array_upper(array[1], 2), array_lower(array[1], null)",
		"<null>|<null>|<null>|<null>|<null>")
	f("array_length(1, 1)",
		"42883: function array_length(integer, integer) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f("array_ndims(null)", "42804: could not determine polymorphic type because input has type unknown")
}

// TestArraySubscripts holds elements and slices, which are null or empty outside of the bounds.
func TestArraySubscripts(t *testing.T) {
	f := selecter(t)
	f("(array[1,2,3])[1], (array[1,2,3])[0], (array[1,2,3])[4], (array[1,2,3])[-1], (array[[1,2],[3,4]])[2][1], "+
		"(array[[1,2],[3,4]])[2], (array[[1,2],[3,4]])[1][1][1], (array[1,2,3])[null]",
		"1|<null>|<null>|<null>|3|<null>|<null>|<null>")
	f("(array[1,2,3])[2:3], (array[1,2,3])[:2], (array[1,2,3])[2:], (array[1,2,3])[:], (array[1,2,3])[5:9], "+
		"(array[1,2,3])[3:2], (array[1,2,3])[0:1], (array[1,2,3])[null:2], (array[1,2,3])[-5:99]",
		"{2,3}|{1,2}|{2,3}|{1,2,3}|{}|{}|{1}|<null>|{1,2,3}")
	f("(array[[1,2,3],[4,5,6],[7,8,9]])[2:3][1:2], (array[[1,2,3],[4,5,6],[7,8,9]])[1:2], "+
		"(array[[1,2,3],[4,5,6],[7,8,9]])[1:2][2], (array[[1,2],[3,4]])[2:2][2:2], (array[[1,2],[3,4]])[:][2:2], "+
		"(array[[1,2],[3,4]])[1:1][5:6]",
		"{{4,5},{7,8}}|{{1,2,3},{4,5,6}}|{{1,2},{4,5}}|{{4}}|{{2},{4}}|{}")
	f("('[5:7]={1,2,3}'::int[])[5], ('[5:7]={1,2,3}'::int[])[1], ('[5:7]={1,2,3}'::int[])[6:7], "+
		"('[5:7]={1,2,3}'::int[])[:6], (null::int[])[1], ('{}'::int[])[1], ('{}'::int[])[1:1]",
		"1|<null>|{2,3}|{1,2}|<null>|<null>|{}")
	f("(array['a','b'])['2'], (array['a','b'])[2::bigint], (array[1,2,3])[1.6], "+
		"array_length((array[1,2,3])[2:3], 1), array_lower((array[1,2,3])[2:3], 1)",
		"b|b|2|2|1")
	f("(array[1,2,3])['x']", `22P02: invalid input syntax for type integer: "x"`)
	f("(array[1,2,3])[true]", "42804: array subscript must have type integer")
	f("(5)[1]", "42804: cannot subscript type integer because it does not support subscripting")
	f("(array[[1,2],[3,4]])[1][1:2]", "{{1,2}}")
	f("(array[1])[1][1][1][1][1][1][1]", "54000: number of array dimensions (7) exceeds the maximum allowed (6)")
}

// TestArrayInput holds the text form: quotes, escapes, nulls, bounds, and what is malformed.
func TestArrayInput(t *testing.T) {
	f := selecter(t)
	f(`'{1, 2 ,NULL}'::int[], '{"a b",c\"d,"e\\f","null",null,""}'::text[], '{ a , b c , "" }'::text[], `+
		`'{}'::text[], ' { } '::int[], '{{1,2},{3,4}}'::int[], '[0:1]={1,2}'::int[], '[1:2]={1,2}'::int[], `+
		`'{"{","}",","}'::text[]`,
		`{1,2,NULL}|{"a b","c\"d","e\\f","null",NULL,""}|{a,"b c",""}|{}|{}|{{1,2},{3,4}}|[0:1]={1,2}|{1,2}|{"{","}",","}`)
	f(`array['a b', 'c"d', 'e\f', 'null', null, '', ' x ', 'a,b', '{}'], array[]::int[], `+
		`array[array[1],array[2]], array[[[1]]], array[null]::int[], array['x'::char(3)], array[e'a\tb', 'ä😀']`,
		"{\"a b\",\"c\\\"d\",\"e\\\\f\",\"null\",NULL,\"\",\" x \",\"a,b\",\"{}\"}|{}|{{1},{2}}|{{{1}}}|{NULL}|"+
			"{\"x  \"}|{\"a\tb\",ä😀}")
	f("'{1,2'::int[]", `22P02: malformed array literal: "{1,2" DETAIL: Unexpected end of input.`)
	f("'1,2}'::int[]",
		`22P02: malformed array literal: "1,2}" DETAIL: Array value must start with "{" or dimension information.`)
	f("'{1,,2}'::int[]", `22P02: malformed array literal: "{1,,2}" DETAIL: Unexpected "," character.`)
	f("'{1,}'::int[]", `22P02: malformed array literal: "{1,}" DETAIL: Unexpected "}" character.`)
	f("'{{1,2},{3}}'::int[]",
		`22P02: malformed array literal: "{{1,2},{3}}" `+
			`DETAIL: Multidimensional arrays must have sub-arrays with matching dimensions.`)
	f("'{{1},2}'::int[]", `22P02: malformed array literal: "{{1},2}" DETAIL: Unexpected array element.`)
	f("'{1}x'::int[]", `22P02: malformed array literal: "{1}x" DETAIL: Junk after closing right brace.`)
	f("'{\"a}'::text[]", `22P02: malformed array literal: "{"a}" DETAIL: Unexpected end of input.`)
	f("'{a\"b}'::text[]", `22P02: malformed array literal: "{a"b}" DETAIL: Unexpected array element.`)
	f("'[2:1]={1}'::int[]", "2202E: upper bound cannot be less than lower bound")
	f("'[1:2]={1}'::int[]",
		`22P02: malformed array literal: "[1:2]={1}" DETAIL: Specified array dimensions do not match array contents.`)
	f("'[1:1={1}'::int[]", `22P02: malformed array literal: "[1:1={1}" DETAIL: Missing "]" after array dimensions.`)
	f("'[a:1]={1}'::int[]",
		`22P02: malformed array literal: "[a:1]={1}" DETAIL: "[" must introduce explicitly-specified array dimensions.`)
	f("'{x}'::int[]", `22P02: invalid input syntax for type integer: "x"`)
	f("'{{{{{{{1}}}}}}}'::int[]", "54000: number of array dimensions (7) exceeds the maximum allowed (6)")
	f("'{{},{}}'::int[], '{{}}'::text[]", `22P02: malformed array literal: "{{},{}}" DETAIL: Unexpected "}" character.`)
	f("''::int[]", `22P02: malformed array literal: "" DETAIL: Array value must start with "{" or dimension information.`)
	f("array[1, 'x']", `22P02: invalid input syntax for type integer: "x"`)
	f("array[[1,2],[3]]", "2202E: multidimensional arrays must have array expressions with matching dimensions")
	f("array[]",
		"42P18: cannot determine type of empty array "+
			"HINT: Explicitly cast to the desired type, for example ARRAY[]::integer[].")
	f("array[1, null, 2.5], pg_typeof(array[1, 2.5]), array['1', 2], pg_typeof(array[null, null])",
		"{1,NULL,2.5}|numeric[]|{1,2}|text[]")
}

// TestArrayEdit holds append, prepend, concatenation and what they do to bounds.
func TestArrayEdit(t *testing.T) {
	f := selecter(t)
	f("array_append(array[1,2], 3), array_append('{}'::int[], 1), array_append(null, 1), "+
		"array_append(array[1], null), array_append('[0:1]={1,2}'::int[], 3), array[1] || 2, "+
		"array[1] || null::int, array[1] || null",
		"{1,2,3}|{1}|{1}|{1,NULL}|[0:2]={1,2,3}|{1,2}|{1,NULL}|{1}")
	f("array_prepend(0, array[1,2]), array_prepend(1, '{}'::int[]), array_prepend(1, null), "+
		"array_prepend(null, array[1]), array_prepend(9, '[0:1]={1,2}'::int[]), 0 || array[1]",
		"{0,1,2}|{1}|{1}|{NULL,1}|[0:2]={9,1,2}|{0,1}")
	f("array_cat(array[1], array[2,3]), array_cat('{}'::int[], array[1]), array_cat(null, array[1]), "+
		"array_cat(array[1], null), array_cat(null::int[], null), array[1,2] || array[[3,4]], "+
		"array[[1,2]] || array[3,4], array[[1,2],[3,4]] || array[[5,6]]",
		"{1,2,3}|{1}|{1}|{1}|<null>|{{1,2},{3,4}}|{{1,2},{3,4}}|{{1,2},{3,4},{5,6}}")
	f("array_cat('[0:0]={1}'::int[], '[5:5]={2}'::int[]), array[1] || array[2.5], array['a'] || 'b'::text, "+
		"'a'::text || array['b'], array[1] || '{2}'",
		"[0:1]={1,2}|{1,2.5}|{a,b}|{a,b}|{1,2}")
	f("array_cat(array[[1,2]], array[[1,2,3]])",
		"2202E: cannot concatenate incompatible arrays "+
			"DETAIL: Arrays with differing element dimensions are not compatible for concatenation.")
	f("array_cat(array[1], array[[[1]]])",
		"2202E: cannot concatenate incompatible arrays "+
			"DETAIL: Arrays of 1 and 3 dimensions are not compatible for concatenation.")
	f("array[[1,2]] || array[3]",
		"2202E: cannot concatenate incompatible arrays "+
			"DETAIL: Arrays with differing dimensions are not compatible for concatenation.")
	f("array_append(array[[1,2]], 3)", "22000: argument must be empty or one-dimensional array")
	f("array_prepend(3, array[[1,2]])", "22000: argument must be empty or one-dimensional array")
	f("array_append(array[1], 'x')", `22P02: invalid input syntax for type integer: "x"`)
	f("array_append(array[1], 2.5), pg_typeof(array_append(array[1], 2.5))", "{1,2.5}|numeric[]")
	f("array_remove(array[1,2,1,null], 1), array_remove(array[1,null,2,null], null), "+
		"array_remove('{}'::int[], 1), array_remove(null::int[], 1), array_remove(array[1], 1), "+
		"array_remove('[5:7]={1,2,1}'::int[], 1), array_remove(array['a'], 'A')",
		"{2,NULL}|{1,2}|{}|<null>|{}|[5:5]={2}|{a}")
	f("array_remove(array[[1,2],[3,4]], 1)", "0A000: removing elements from multidimensional arrays is not supported")
	f("array_replace(array[1,2,1,null], 1, 9), array_replace(array[1,null], null, 0), "+
		"array_replace(array[1,2], 2, null), array_replace(array[[1,2],[2,3]], 2, 0), "+
		"array_replace(null::int[], 1, 2), array_replace('{}'::int[], 1, 2), array_replace('[0:1]={1,2}'::int[], 1, 5)",
		"{9,2,9,NULL}|{1,0}|{1,NULL}|{{1,0},{0,3}}|<null>|{}|[0:1]={5,2}")
	f("trim_array(array[1,2,3,4], 2), trim_array(array[1,2], 2), trim_array(array[1,2], 0), "+
		"trim_array('{}'::int[], 0), trim_array(array[[1,2],[3,4],[5,6]], 1), "+
		"trim_array('[3:5]={1,2,3}'::int[], 1), trim_array(null::int[], 1), trim_array(array[1], null)",
		"{1,2}|{}|{1,2}|{}|{{1,2},{3,4}}|{1,2}|<null>|<null>")
	f("trim_array(array[1,2], 3)", "2202E: number of elements to trim must be between 0 and 2")
	f("trim_array(array[1,2], -1)", "2202E: number of elements to trim must be between 0 and 2")
	f("trim_array('{}'::int[], 1)", "2202E: number of elements to trim must be between 0 and 0")
	f("array_fill(7, array[3]), array_fill(7, array[2,2]), array_fill(null::int, array[2]), "+
		"array_fill('x'::text, array[2], array[0]), array_fill(7, array[2,1], array[5,-1]), "+
		"array_fill(1, array[0]), array_fill(1, '{}'), array_fill(1, array[2,0])",
		"{7,7,7}|{{7,7},{7,7}}|{NULL,NULL}|[0:1]={x,x}|[5:6][-1:-1]={{7},{7}}|{}|{}|{}")
	f("array_fill(1, null)", "22004: dimension array or low bound array cannot be null")
	f("array_fill(1, array[null])",
		"42883: function array_fill(integer, text[]) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f("array_fill(1, array[-1])", "54000: array size exceeds the maximum allowed (134217727)")
	f("array_fill(1, array[[1,2]])",
		"2202E: wrong number of array subscripts DETAIL: Dimension array must be one dimensional.")
	f("array_fill(1, array[1,2], array[1])",
		"2202E: wrong number of array subscripts DETAIL: Low bound array has different size than dimensions array.")
	f("array_fill(1, array[2147483647])", "54000: array size exceeds the maximum allowed (134217727)")
	f("array_fill(1, array[1,1,1,1,1,1,1])", "54000: number of array dimensions (7) exceeds the maximum allowed (6)")
	f("array_shuffle(array[1]), array_sample(array[1], 1), cardinality(array_shuffle(array[1,2,3])), "+
		"cardinality(array_sample(array[1,2,3], 2))",
		"{1}|{1}|3|2")
	f("array_sample(array[1,2], 3)", "22023: sample size must be between 0 and 2")
	f("array_sample(array[1,2], -1)", "22023: sample size must be between 0 and 2")
}

// TestArraySearch holds positions, which follow the lower bound, and that null is found as null.
func TestArraySearch(t *testing.T) {
	f := selecter(t)
	f("array_position(array[1,2,1], 1), array_position(array[1,2,1], 1, 2), array_position(array[1,2], 9), "+
		"array_position(array[1,null], null), array_position(null::int[], 1), array_position('{}'::int[], 1), "+
		"array_position('[5:6]={1,2}'::int[], 2), array_position(array[1,2,1], 1, 9), array_position(array[1,2], 1, -5)",
		"1|3|<null>|2|<null>|<null>|6|<null>|1")
	f("array_position(array[1,2], 1, null)", "22004: initial position must not be null")
	f("array_position(array[[1,2]], 1)", "0A000: searching for elements in multidimensional arrays is not supported")
	f("array_positions(array[1,2,1], 1), array_positions(array[1,2], 9), "+
		"array_positions(array[1,null,null], null), array_positions(null::int[], 1), "+
		"array_positions('{}'::int[], 1), array_positions('[5:7]={1,2,1}'::int[], 1), array_positions(array['a','b'], 'b')",
		"{1,3}|{}|{2,3}|<null>|{}|{5,7}|{2}")
	f("array_positions(array[[1,2]], 1)", "0A000: searching for elements in multidimensional arrays is not supported")
}

// TestArraySets holds @> <@ && over elements as sets; null is no member.
func TestArraySets(t *testing.T) {
	f := selecter(t)
	f("array[1,2,3] @> array[3,1,1], array[1,2] @> array[4], array[1] @> '{}'::int[], '{}'::int[] @> array[1], "+
		"array[1,null] @> array[1], array[1,null] @> array[null]::int[], array[[1,2],[3,4]] @> array[4,1], "+
		"array[1] @> null::int[]",
		"t|f|t|f|t|f|t|<null>")
	f("array[1] <@ array[1,2], '{}'::int[] <@ '{}'::int[], array[1,null] <@ array[1,null], array[2] <@ array[[1,2]]",
		"t|t|f|t")
	f("array[1,2] && array[2,3], array[1] && array[2], '{}'::int[] && array[1], "+
		"array[null]::int[] && array[null]::int[], array['a'] && array['a','b'], array[1] && null",
		"t|f|f|f|t|<null>")
	f("array[1.0] @> array[1.00], array['a '::char(3)] && array['a'::char(5)], array[1] @> array['1']::text[]",
		"42883: operator does not exist: integer[] @> text[] "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	f("array[1] && array['a']",
		"42883: operator does not exist: integer[] && text[] "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
}

// TestArrayOrder holds comparison: element by element, then size, then bounds; null is above all.
func TestArrayOrder(t *testing.T) {
	f := selecter(t)
	f("array[1,2] = array[1,2], array[1,2] < array[1,3], array[1,2] < array[1,2,0], array[2] > array[1,9], "+
		"array[1,null] = array[1,null], array[1,null] > array[1,2], '{}'::int[] < array[null]::int[], "+
		"array[[1,2]] = array[1,2], array[[1],[2]] > array[1,2]",
		"t|t|t|t|t|t|t|f|t")
	f("'[0:1]={1,2}'::int[] = '[1:2]={1,2}'::int[], '[0:1]={1,2}'::int[] < '[1:2]={1,2}'::int[], "+
		"array[1,2] <> array[1,2], array['a','B'] < array['a','b'], array[1] = null::int[], "+
		"array[0.0] = array[-0.0], array['nan'::float8] = array['nan'::float8]",
		"f|t|f|t|<null>|t|t")
	db := newDB(t)
	db.Rows(`select a from (values ('{2}'::int[]), ('{1,2}'), ('{}'), ('{1}'), ('{1,NULL}'), ('{NULL}'), ('{{1}}'),
		('[0:0]={1}'), (null)) v(a) order by a`,
		"{}",
		"[0:0]={1}",
		"{1}",
		"{{1}}",
		"{1,2}",
		"{1,NULL}",
		"{2}",
		"{NULL}",
		"<null>")
	db.Rows(`select a, count(*) from (values (array[1,2]), (array[1,2]), ('{}'), ('{}'), (array[[1,2]]), (null),
		(null)) v(a) group by a order by a`,
		"{}|2",
		"{1,2}|2",
		"{{1,2}}|1",
		"<null>|2")
	f("greatest(array[1], array[2], array[1,5]), least(array[1], array[1,5], null), "+
		"array_larger(array[1], array[2]), array_smaller(array[1], array[2]), btarraycmp(array[1], array[2])",
		"{2}|{1}|{2}|{1}|-1")
	f("array[1] < array['a']",
		"42883: operator does not exist: integer[] < text[] "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	f("array['1'::json] = array['1'::json]", "42883: could not identify an equality operator for type json")
}

// TestAnyAll holds the quantified comparisons over arrays.
func TestAnyAll(t *testing.T) {
	f := selecter(t)
	f("1 = any(array[1,2]), 3 = any(array[1,2]), 3 = any(array[1,null]), 1 = any(array[1,null]), "+
		"1 = any('{}'::int[]), 1 = any(null::int[]), null = any(array[1]), null = any('{}'::int[])",
		"t|f|<null>|t|f|<null>|<null>|f")
	f("1 = all(array[1,1]), 1 = all(array[1,2]), 1 = all(array[1,null]), 2 = all(array[1,null]), "+
		"1 = all('{}'::int[]), 1 = all(null::int[]), null = all('{}'::int[])",
		"t|f|<null>|f|t|<null>|t")
	f("5 > any(array[9,4]), 5 > all(array[9,4]), 'b' between any(array['a'])  and 'c' is null",
		`42601: syntax error at or near "any"`)
	f("1 <> any(array[1,2]), 1 <> all(array[2,3]), 1.0 = any(array[1,2]), 'a' = any('{a,b}'), "+
		"'x' like any(array['a%','x%']), 2 = any(array[[1,2],[3,4]])",
		"t|t|t|t|t|t")
	f("1 = any(5)", "42809: op ANY/ALL (array) requires array on right side")
	f("1 = any(array['a'])",
		"42883: operator does not exist: integer = text "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	f("1 + any(array[1])", "42809: op ANY/ALL (array) requires operator to yield boolean")
	f("'a' = some(array['a']), 1 in (1, 2), 1 not in (1, null), 3 not in (1, null), null in (1)", "t|t|f|<null>|<null>")
}

// TestUnnest holds the rows of arrays, alone, beside each other, and with ordinality.
func TestUnnest(t *testing.T) {
	db := newDB(t)
	db.Rows("select unnest(array[1,null,3])", "1", "<null>", "3")
	db.Rows("select unnest(array[[1,2],[3,4]])", "1", "2", "3", "4")
	db.Rows("select unnest('{}'::int[])")
	db.Rows("select unnest(null::int[])")
	db.Rows("select unnest(array[1,2]), unnest(array['a','b','c'])", "1|a", "2|b", "<null>|c")
	db.Rows("select * from unnest(array[1,2], array['a','b','c']) as t(n, s)", "1|a", "2|b", "<null>|c")
	db.Rows("select * from unnest(array['a','b']) with ordinality", "a|1", "b|2")
	db.Rows("select * from unnest(array[1,2], '{}'::text[]) with ordinality as t(n, s, i)", "1|<null>|1", "2|<null>|2")
	db.Rows("select generate_subscripts('[2:4]={1,2,3}'::int[], 1)", "2", "3", "4")
	db.Rows("select generate_subscripts(array[[1,2],[3,4]], 2, true)", "2", "1")
	db.Rows("select generate_subscripts(array[1], 2)")
	db.Rows("select generate_subscripts(array[1], 0)")
	db.Rows("select array(select unnest(array[3,1,2]) order by 1)", "{1,2,3}")
	db.Rows("select array(select 1 where false), array(select null::int)", "{}|{NULL}")
	db.Rows("select array(select array[x, x+1] from generate_series(1,2) x)", "{{1,2},{2,3}}")
	db.Is("select unnest(1)",
		"42883: function unnest(integer) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select unnest(array[1], array[2])",
		"42883: function unnest(integer[], integer[]) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
}
