package fn_test

import "testing"

// TestJSONEach holds the rows of objects and arrays, in the order of the text for json and of keys for jsonb.
func TestJSONEach(t *testing.T) {
	db := newDB(t)
	db.Rows(`select * from json_each('{"b":[1, 2], "a":null, "b":"x"}')`, "b|[1, 2]", "a|null", `b|"x"`)
	db.Rows(`select * from json_each_text('{"b":[1, 2], "a":null, "c":"x\ny"}')`, "b|[1, 2]", "a|<null>", "c|x\ny")
	db.Rows(`select * from jsonb_each('{"b":[1, 2], "aa":null, "a":{"z":1}}')`, `a|{"z": 1}`, "b|[1, 2]", "aa|null")
	db.Rows(`select key, value, value is null from jsonb_each_text('{"b":1.50, "a":null, "c":"x"}')`, "a|<null>|t",
		"b|1.50|f", "c|x|f")
	db.Rows(`select * from jsonb_each('{}')`)
	db.Rows(`select * from json_each(null)`)
	db.Rows(`select json_each('{"a":1}'), 1`, "(a,1)|1")
	db.Is(`select * from json_each('[1]')`, "22023: cannot deconstruct an array as an object")
	db.Is(`select * from jsonb_each('[1]')`, "22023: cannot call jsonb_each on a non-object")
	db.Is(`select * from jsonb_each_text('5')`, "22023: cannot call jsonb_each_text on a non-object")
	db.Is(`select * from json_each_text('5')`, "22023: cannot deconstruct a scalar")
	db.Rows(`select json_object_keys('{"b":1,"a":2,"b":3}')`, "b", "a", "b")
	db.Rows(`select jsonb_object_keys('{"b":1,"aa":2,"a":3}')`, "a", "b", "aa")
	db.Is(`select json_object_keys('5')`, "22023: cannot call json_object_keys on a scalar")
	db.Is(`select jsonb_object_keys('[]')`, "22023: cannot call jsonb_object_keys on an array")
	db.Rows(`select * from json_array_elements('[1, {"a" : 2}, null, "x", [3]]')`, "1", `{"a" : 2}`, "null", `"x"`, "[3]")
	db.Rows(`select * from json_array_elements_text('[1, {"a" : 2}, null, "x"]')`, "1", `{"a" : 2}`, "<null>", "x")
	db.Rows(`select * from jsonb_array_elements('[1.0, {"a" : 2}, null, "x"]') with ordinality`,
		"1.0|1",
		`{"a": 2}|2`,
		"null|3",
		`"x"|4`)
	db.Rows(`select * from jsonb_array_elements_text('[1.0, {"a" : 2}, null, "x\u00e4"]')`, "1.0", `{"a": 2}`, "<null>",
		"xä")
	db.Rows(`select * from jsonb_array_elements('[]')`)
	db.Is(`select json_array_elements('{}')`, "22023: cannot call json_array_elements on a non-array")
	db.Is(`select jsonb_array_elements('{}')`, "22023: cannot extract elements from an object")
	db.Is(`select jsonb_array_elements('5')`, "22023: cannot extract elements from a scalar")
	db.Is(`select json_array_elements_text('5')`, "22023: cannot call json_array_elements_text on a scalar")
	db.Rows(`select t.id, e.value from (values (1, '[1,2]'::jsonb), (2, '[]'), (3, null)) t(id, j)
		left join lateral jsonb_array_elements(j) e on true`,
		"1|1",
		"1|2",
		"2|<null>",
		"3|<null>")
}
