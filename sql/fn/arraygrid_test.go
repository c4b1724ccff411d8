package fn_test

import "testing"

// TestArrayShapes holds the dimensions of arrays of each shape.
func TestArrayShapes(t *testing.T) {
	f := selecter(t)
	f("array_dims('[0:2]={1,2,3}'::int[]), array_dims('[-5:-4][2:3]={{1,2},{3,4}}'::int[])", "[0:2]|[-5:-4][2:3]")
	f("array_dims(array[[[1], [2]], [[3], [4]]]), array_ndims(array[[[[1]]]]), cardinality(array[[[1, 2]], [[3, 4]]])",
		"[1:2][1:2][1:1]|4|4")
	f("array_lower('[-5:-4][2:3]={{1,2},{3,4}}'::int[], 2), "+
		"array_upper('[-5:-4][2:3]={{1,2},{3,4}}'::int[], 1), array_length('[-5:-4][2:3]={{1,2},{3,4}}'::int[], 2)",
		"2|-4|2")
	f("array_length(array[[1]], 3), array_length(array[1], 2147483647), array_upper(array[1], 0)", "<null>|<null>|<null>")
	f("array[array[1, 2], array[3, 4]], array['{1,2}'::int[], '{3,4}'], array[array[]::int[], array[]::int[]]",
		"{{1,2},{3,4}}|{{1,2},{3,4}}|{}")
	f("array[array[1, 2], null]", "2202E: multidimensional arrays must have array expressions with matching dimensions")
	f("array[array[1], array[2, 3]]",
		"2202E: multidimensional arrays must have array expressions with matching dimensions")
	f("array[1, array[2]]", "42804: ARRAY types integer and integer[] cannot be matched")
	f("array[[1, 2], 3]", `42601: syntax error at or near "3"`)
	f("array(select 1 where false), array(select null::int), array(select array[1, 2]), "+
		"array(select array[i, i] from generate_series(1, 2) i)",
		"{}|{NULL}|{{1,2}}|{{1,1},{2,2}}")
	f("array(select array_fill(1, array[i]) from generate_series(1, 2) i)",
		"2202E: cannot accumulate arrays of different dimensionality")
	f("array(select 1, 2)", "42601: subquery must return only one column")
	f(`'{{1,2},{3,NULL}}'::int[], '{{a,"b c"},{"",NULL}}'::text[], '[1:1][0:0]={{5}}'::int[]`,
		`{{1,2},{3,NULL}}|{{a,"b c"},{"",NULL}}|[1:1][0:0]={{5}}`)
	f("'[1:2][1:1]={{1}}'::int[]",
		`22P02: malformed array literal: "[1:2][1:1]={{1}}" DETAIL: Specified array dimensions do not match array contents.`)
	f("'[1:1]={1,2}'::int[]",
		`22P02: malformed array literal: "[1:1]={1,2}" DETAIL: Specified array dimensions do not match array contents.`)
	f("'[2147483647:2147483647]={1}'::int[]", "54000: array lower bound is too large: 2147483647")
	f("'[-2147483648:2147483647]={1}'::int[]",
		`22P02: malformed array literal: "[-2147483648:2147483647]={1}" `+
			`DETAIL: Specified array dimensions do not match array contents.`)
	f("'[0]={1}'::int[]", "2202E: upper bound cannot be less than lower bound")
	f("'[2]={1,2}'::int[]", "{1,2}")
	f("'[]={1}'::int[]",
		`22P02: malformed array literal: "[]={1}" DETAIL: "[" must introduce explicitly-specified array dimensions.`)
	f("'[1:x]={1}'::int[]", `22P02: malformed array literal: "[1:x]={1}" DETAIL: Missing array dimension value.`)
	f("'{1}}'::int[]", `22P02: malformed array literal: "{1}}" DETAIL: Junk after closing right brace.`)
	f("'{{1}'::int[]", `22P02: malformed array literal: "{{1}" DETAIL: Unexpected end of input.`)
	f("'{1 2}'::int[]", `22P02: invalid input syntax for type integer: "1 2"`)
	f(`'{"1"2}'::int[]`, `22P02: malformed array literal: "{"1"2}" DETAIL: Unexpected array element.`)
	f(`'{"a"b}'::text[]`, `22P02: malformed array literal: "{"a"b}" DETAIL: Unexpected array element.`)
	f(`'{a b, c }'::text[], '{\a,\"}'::text[], '{"\\"}'::text[]`, `{"a b",c}|{a,"\""}|{"\\"}`)
	f(`'{NULL,null,"NULL",nUlL}'::text[]`, `{NULL,NULL,"NULL",NULL}`)
	f("'{1,,2}'::text[]", `22P02: malformed array literal: "{1,,2}" DETAIL: Unexpected "," character.`)
	f("'{,}'::text[]", `22P02: malformed array literal: "{,}" DETAIL: Unexpected "," character.`)
	f("'{1.5}'::int[]", `22P02: invalid input syntax for type integer: "1.5"`)
	f("'{99999999999}'::int[]", `22003: value "99999999999" is out of range for type integer`)
	f(`'{t,f,yes,0}'::bool[], '{2024-01-01,infinity}'::date[], '{"2024-01-01 10:00"}'::timestamp[], `+
		`'{1e400}'::numeric[] > '{1}'`,
		`{t,f,t,f}|{2024-01-01,infinity}|{"2024-01-01 10:00:00"}|t`)
	f("'{1,2}'::int[]::text[], '{1.5,2.5}'::numeric[]::int[], '{a,b}'::text[]::varchar(1)[], '{1,0}'::int[]::bool[]",
		"{1,2}|{2,3}|{a,b}|{t,f}")
	f("'{x}'::text[]::int[]", `22P02: invalid input syntax for type integer: "x"`)
	f("'{300000}'::int[]::smallint[]", "22003: smallint out of range")
	f("'{abc,de}'::varchar(2)[]", "{ab,de}")
	f("'{1,2}'::int", `22P02: invalid input syntax for type integer: "{1,2}"`)
	f("array[1, 2]::text, array[1, 2]::int", "42846: cannot cast type integer[] to integer")
}

// TestArraySliceGrid holds slices over bounds that are not 1 and over more dimensions.
func TestArraySliceGrid(t *testing.T) {
	f := selecter(t)
	f("('[0:3]={1,2,3,4}'::int[])[1:2], ('[0:3]={1,2,3,4}'::int[])[:0], ('[0:3]={1,2,3,4}'::int[])[3:], "+
		"('[0:3]={1,2,3,4}'::int[])[4:5]",
		"{2,3}|{1}|{4}|{}")
	f("('[-2:0]={1,2,3}'::int[])[-2:-1], ('[-2:0]={1,2,3}'::int[])[-1], ('[-2:0]={1,2,3}'::int[])[1]", "{1,2}|2|<null>")
	f("array_dims(('[-2:0]={1,2,3}'::int[])[-1:0]), array_dims(('[0:3]={1,2,3,4}'::int[])[:]), "+
		"array_dims(('{}'::int[])[1:2])",
		"[1:2]|[1:4]|<null>")
	f("(array[[1, 2, 3], [4, 5, 6]])[1:2][2:2], (array[[1, 2, 3], [4, 5, 6]])[2:2], "+
		"(array[[1, 2, 3], [4, 5, 6]])[2][2:3], (array[[1, 2, 3], [4, 5, 6]])[:][:1]",
		"{{2},{5}}|{{4,5,6}}|{{2,3},{5,6}}|{{1},{4}}")
	f("(array[[1, 2, 3], [4, 5, 6]])[1:2][3:4], (array[[1, 2, 3], [4, 5, 6]])[3:4][1:2], "+
		"(array[[1, 2, 3], [4, 5, 6]])[0:1][0:1]",
		"{{3},{6}}|{}|{{1}}")
	f("(array[[1, 2, 3], [4, 5, 6]])[1], (array[[1, 2, 3], [4, 5, 6]])[1][2], "+
		"(array[[1, 2, 3], [4, 5, 6]])[3][1], (array[[1, 2, 3], [4, 5, 6]])[1][2][1]",
		"<null>|2|<null>|<null>")
	f("(array[1, 2, 3])[2:1], (array[1, 2, 3])[1:null], (array[1, 2, 3])[2147483647], "+
		"(array[1, 2, 3])[-2147483648:2147483647]",
		"{}|<null>|<null>|{1,2,3}")
	f("(array[1, 2, 3])[2147483648]", "22003: integer out of range")
	f("(array[1, 2, 3])[1:2][1], ((array[1, 2, 3])[2:3])[1], (array['a', 'b'])[2] || 'x'", "{}|2|bx")
	f("((array[[1, 2], [3, 4]])[2:2])[1][2], (string_to_array('a,b', ','))[2], (array_agg(x))[2] "+
		"from generate_series(5, 7) x",
		"4|b|6")
}

// TestArrayFunctionsOfShapes holds append, remove, replace, position and fill over shapes and bounds.
func TestArrayFunctionsOfShapes(t *testing.T) {
	f := selecter(t)
	f("array_append('[5:6]={1,2}'::int[], 3), array_prepend(0, '[5:6]={1,2}'::int[]), "+
		"'[5:6]={1,2}'::int[] || '[9:9]={3}'::int[]",
		"[5:7]={1,2,3}|[5:7]={0,1,2}|[5:7]={1,2,3}")
	f("array_append(null::int[], null), array_prepend(null, null::int[]), array_append('{}'::text[], ''), "+
		"array_cat('{}'::int[], '{}')",
		`{NULL}|{NULL}|{""}|{}`)
	f("array_cat(array[[1, 2]], array[3])",
		"2202E: cannot concatenate incompatible arrays "+
			"DETAIL: Arrays with differing dimensions are not compatible for concatenation.")
	f("array_cat(array[[[1]]], array[1])",
		"2202E: cannot concatenate incompatible arrays "+
			"DETAIL: Arrays of 3 and 1 dimensions are not compatible for concatenation.")
	f("array_cat(array[[1]], array[[1, 2]])",
		"2202E: cannot concatenate incompatible arrays "+
			"DETAIL: Arrays with differing element dimensions are not compatible for concatenation.")
	f("array_cat(array[1], array['a'])",
		"42883: function array_cat(integer[], text[]) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f("array_remove(array[1, 1], 1), array_remove(array['a', null, 'b'], 'a'), array_remove('{}'::int[], null), "+
		"array_remove(array[1.0, 2], 1.00)",
		"{}|{NULL,b}|{}|{2}")
	f("array_remove(array[[1]], 2)", "0A000: removing elements from multidimensional arrays is not supported")
	f("array_remove(array[1], 'a')", `22P02: invalid input syntax for type integer: "a"`)
	f("array_replace('[3:5]={1,2,1}'::int[], 1, null), array_replace(array[[1, null], [null, 1]], null, 0), "+
		"array_replace(array['a', 'b'], 'b', 'bb'), array_replace(array[1], null, 2)",
		"[3:5]={NULL,2,NULL}|{{1,0},{0,1}}|{a,bb}|{1}")
	f("array_position(array['a', 'b', null], null), array_position(array[1, 2, 1], 1, 3), "+
		"array_position(array[1, 2], 2, 3), array_position('[-2:0]={1,2,1}'::int[], 1, -1)",
		"3|3|<null>|0")
	f("array_position(array[[1, 2], [3, 4]], 3)",
		"0A000: searching for elements in multidimensional arrays is not supported")
	f("array_positions('[-2:0]={1,2,1}'::int[], 1), array_positions(array[null, 1]::int[], null), "+
		"array_positions(array[1.0, 2], 1.00)",
		"{-2,0}|{1}|{1}")
	f("array_fill(0, array[2, 3]), array_fill(null::text, array[1]), array_fill(1, array[2], array[-1]), "+
		"array_fill(1, array[1, 1, 1, 1, 1, 1])",
		"{{0,0,0},{0,0,0}}|{NULL}|[-1:0]={1,1}|{{{{{{1}}}}}}")
	f("array_fill(1, array[0, 5]), array_fill(1, array[2], null)",
		"22004: dimension array or low bound array cannot be null")
	f("array_fill(1, array[2, null])", "22004: dimension values cannot be null")
	f("array_fill(1, array[[2]])",
		"2202E: wrong number of array subscripts DETAIL: Dimension array must be one dimensional.")
	f("array_fill(1, array[65536, 65536])", "54000: array size exceeds the maximum allowed (134217727)")
	f("trim_array('[-1:1]={1,2,3}'::int[], 1), trim_array(array[[1, 2], [3, 4]], 2), trim_array(array[[1, 2], [3, 4]], 0)",
		"{1,2}|{}|{{1,2},{3,4}}")
	f("trim_array(array[[1, 2], [3, 4]], 3)", "2202E: number of elements to trim must be between 0 and 2")
	f("trim_array('{}'::int[], -1)", "2202E: number of elements to trim must be between 0 and 0")
	f("array_to_string(array[[1, null], [3, 4]], ',', '?'), array_to_string('[5:6]={a,b}'::text[], ''), "+
		"array_to_string(array[true, false], ','), array_to_string(array[1.50, 2], ';'), array_to_string(null::int[], ',')",
		"1,?,3,4|ab|t,f|1.50;2|<null>")
	f("array_ndims(array_shuffle(array[[1, 2], [1, 2]])), array_dims(array_sample('[5:6]={7,7}'::int[], 1)), "+
		"array_sample('{}'::int[], 0)",
		"2|[1:1]|{}")
	f("array_sample(array[1], 2)", "22023: sample size must be between 0 and 1")
	f("array(select unnest('[0:1][0:1]={{1,2},{NULL,4}}'::int[])), array(select unnest('{}'::int[])), "+
		"array(select unnest(null::int[]))",
		"{1,2,NULL,4}|{}|{}")
	f("array(select generate_subscripts('[3:5]={1,2,3}'::int[], 1)), "+
		"array(select generate_subscripts('[3:5]={1,2,3}'::int[], 1, true)), "+
		"array(select generate_subscripts(array[1], 2)), array(select generate_subscripts(array[[1, 2]], 2))",
		"{3,4,5}|{5,4,3}|{}|{1,2}")
	f("array[1, 2] = '[1:2]={1,2}', '[0:1]={1,2}'::int[] @> array[2], array[[1, 2]] && array[2], "+
		"array[[1, 2]] <@ array[2, 1], array[null::int] <@ array[null::int]",
		"t|t|t|t|f")
	f("array[1, 2] < array[[1, 2]], array[1] < array[null]::int[], array[null]::int[] = array[null]::int[], "+
		"array['a'] < array['B'], array[2] > array[10]",
		"t|t|t|f|f")
	f("1 = any(array[[1, 2], [3, 4]]), 5 = any('{}'::int[]), 5 = all('{}'::int[]), 5 = any(array[1, null]), "+
		"1 = any(array[1, null]), 1 <> all(array[2, null]), 1 = all(array[1, null]), null = any('{}'::int[])",
		"t|f|t|<null>|t|<null>|<null>|f")
	f("1 = any(null::int[]), 1 = all(null::int[]), 'a' like any(array['b%', 'a%']), 3 > all(array[1, 2])",
		"<null>|<null>|t|t")
	f("1 = any('x')",
		`22P02: malformed array literal: "x" DETAIL: Array value must start with "{" or dimension information.`)
}
