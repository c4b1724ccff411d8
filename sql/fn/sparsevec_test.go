package fn_test

import "testing"

// A sparsevec is read as pairs of an index and a value, in any order, and prints those that are not zero.
func TestSparsevecInput(t *testing.T) {
	f := selecter(t)
	f("'{1:1.5,3:3.5}/5'::sparsevec, ' { 3 : 1.5 ,  1  :  -2  } / 5 '::sparsevec, '{1:0,2:1,3:-0}/3'::sparsevec, '{}/5'::sparsevec, '{+2:1}/+2'::sparsevec", "{1:1.5,3:3.5}/5|{1:-2,3:1.5}/5|{2:1}/3|{}/5|{2:1}/2")
	f("''::sparsevec", `22P02: invalid input syntax for type sparsevec: "" DETAIL: Vector contents must start with "{".`)
	f("'{'::sparsevec", `22P02: invalid input syntax for type sparsevec: "{"`)
	f("'{}'::sparsevec", `22P02: invalid input syntax for type sparsevec: "{}" DETAIL: Unexpected end of input.`)
	f("'{}/'::sparsevec", `22P02: invalid input syntax for type sparsevec: "{}/"`)
	f("'{}/1a'::sparsevec", `22P02: invalid input syntax for type sparsevec: "{}/1a" DETAIL: Junk after closing.`)
	f("'{:1}/1'::sparsevec", `22P02: invalid input syntax for type sparsevec: "{:1}/1"`)
	f("'{1:}/1'::sparsevec", `22P02: invalid input syntax for type sparsevec: "{1:}/1"`)
	f("'{1:1,}/1'::sparsevec", `22P02: invalid input syntax for type sparsevec: "{1:1,}/1"`)
	f("'{1 1}/1'::sparsevec", `22P02: invalid input syntax for type sparsevec: "{1 1}/1"`)
	f("'{1:1,1:2}/2'::sparsevec", "22000: sparsevec indices must not contain duplicates")
	f("'{0:1}/1'::sparsevec", "22000: sparsevec index out of bounds")
	f("'{3:1}/2'::sparsevec", "22000: sparsevec index out of bounds")
	f("'{99999999999:1}/2'::sparsevec", "22000: sparsevec index out of bounds")
	f("'{-99999999999:1}/2'::sparsevec", "22000: sparsevec index out of bounds")
	f("'{}/0'::sparsevec", "22000: sparsevec must have at least 1 dimension")
	f("'{}/1000000001'::sparsevec", "54000: sparsevec cannot have more than 1000000000 dimensions")
	f("'{}/99999999999999999999'::sparsevec", "54000: sparsevec cannot have more than 1000000000 dimensions")
	f("'{1:nan}/2'::sparsevec", "22000: NaN not allowed in sparsevec")
	f("'{1:-inf}/2'::sparsevec", "22000: infinite value not allowed in sparsevec")
	f("'{1:4e38}/2'::sparsevec", `22003: "4e38" is out of range for type sparsevec`)
	f("'{1:1e-46}/2'::sparsevec", `22003: "1e-46" is out of range for type sparsevec`)
	f("'{}/3'::sparsevec(3), '{}/3'::sparsevec::sparsevec(3), format_type('sparsevec'::regtype, 3), sparsevec_send('{2:1,4:-1}/5')", `{}/3|{}/3|sparsevec(3)|\x00000005000000020000000000000001000000033f800000bf800000`)
	f("'{}/3'::sparsevec(2)", "22000: expected 2 dimensions, not 3")
	f("'{}/3'::sparsevec(0)", "22023: dimensions for type sparsevec must be at least 1")
	f("'{}/3'::sparsevec(1000000001)", "22023: dimensions for type sparsevec cannot exceed 1000000000")
	f("'{}/3'::sparsevec(1,2)", "22023: invalid type modifier")
	f("length((array_fill(1, array[16000])::sparsevec)::text)", "116901")
	f("('{' || repeat('1:1,', 16000) || '1:1}/5')::sparsevec", "54000: sparsevec cannot have more than 16000 non-zero elements")
}

// Casts among sparsevec, the dense vectors and arrays.
func TestSparsevecCasts(t *testing.T) {
	f := selecter(t)
	f("'[0,1.5,0]'::vector::sparsevec, '[0,1.5,-0]'::halfvec::sparsevec, '{2:1.5}/3'::sparsevec::vector, '{2:1.1}/3'::sparsevec::halfvec, array[1,0,2]::sparsevec(3), array[0.5,0]::sparsevec, array[0,1]::real[]::sparsevec, array[0,1]::float8[]::sparsevec", "{2:1.5}/3|{2:1.5}/3|[0,1.5,0]|[0,1.0996094,0]|{1:1,3:2}/3|{1:0.5}/2|{2:1}/2|{2:1}/2")
	f("array[1,0]::sparsevec(3)", "22000: expected 3 dimensions, not 2")
	f("'[0,1]'::vector::sparsevec(3)", "22000: expected 3 dimensions, not 2")
	f("'{}/3'::sparsevec::vector(2)", "22000: expected 2 dimensions, not 3")
	f("'{}/16001'::sparsevec::vector", "54000: vector cannot have more than 16000 dimensions")
	f("'{}/16001'::sparsevec::halfvec", "54000: halfvec cannot have more than 16000 dimensions")
	f("'{1:70000}/1'::sparsevec::halfvec", `22003: "70000" is out of range for type halfvec`)
	f("array[1,null]::sparsevec", "22004: array must not contain nulls")
	f("array[[1]]::sparsevec", "22000: array must be 1-D")
	f("'{}'::int[]::sparsevec", "22000: sparsevec must have at least 1 dimension")
	f("array['nan']::real[]::sparsevec", "22000: NaN not allowed in sparsevec")
	f("l2_norm(array_fill(1, array[16900])::sparsevec)", "130")
	f("'{}/3'::sparsevec::real[]", "42846: cannot cast type sparsevec to real[]")
	f("'{2:1}/2'::sparsevec <-> '[1,1]'::vector", "1")
	f("'[1,2]'::halfvec <-> '{1:1}/2'::sparsevec", "2")
}

// Distances, norms and order of sparse vectors are those of the dense ones.
func TestSparsevecFunctions(t *testing.T) {
	f := selecter(t)
	f("'{}/2'::sparsevec <-> '{1:3,2:4}/2', '{1:1,2:2}/2'::sparsevec <#> '{1:3,2:4}/2', '{1:1,2:2}/2'::sparsevec <=> '{1:2,2:4}/2', '{}/2'::sparsevec <+> '{1:3,2:4}/2'", "5|-11|0|7")
	f("l2_distance('{1:3}/2'::sparsevec, '{2:4}/2'), inner_product('{1:1,3:3,5:5}/5'::sparsevec, '{2:4,3:6,4:8}/5'), l1_distance('{1:1,3:3,9:9}/9'::sparsevec, '{2:2,4:4,8:8}/9'), cosine_distance('{1:1}/2'::sparsevec, '{2:2}/2')", "5|18|27|1")
	f("inner_product('{1:3e38}/1'::sparsevec, '{1:3e38}/1'), cosine_distance('{}/1'::sparsevec, '{}/1'), cosine_distance('{1:3e38}/1'::sparsevec, '{1:3e38}/1'), l1_distance('{1:3e38}/1'::sparsevec, '{1:-3e38}/1')", "Infinity|NaN|NaN|Infinity")
	f("sparsevec_l2_squared_distance('{1:3}/2', '{2:4}/2'), sparsevec_negative_inner_product('{1:3}/2', '{1:4}/2')", "25|-12")
	f("'{}/2'::sparsevec <-> '{}/3'", "22000: different sparsevec dimensions 2 and 3")
	f("'{}/2'::sparsevec + '{}/2'", "42883: operator does not exist: sparsevec + unknown HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	f("vector_dims('{}/2'::sparsevec)", "42883: function vector_dims(sparsevec) does not exist HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f("l2_norm('{1:3,9:4}/9'::sparsevec), l2_norm('{}/1'::sparsevec), l2_normalize('{1:3,9:4}/9'::sparsevec), l2_normalize('{1:3e38,2:1e-37}/2'::sparsevec), l2_normalize('{}/2'::sparsevec)", "5|0|{1:0.6,9:0.8}/9|{1:1}/2|{}/2")
	f("sparsevec_cmp('{1:1}/3', '{2:1}/3'), sparsevec_cmp('{1:-1}/3', '{}/3'), sparsevec_cmp('{}/2', '{}/3'), sparsevec_cmp('{}/2', '{3:-1}/3'), sparsevec_cmp('{1:2}/2', '{1:1,2:5}/2')", "1|-1|-1|-1|1")
	f("'{1:1}/2'::sparsevec < '{1:1}/3', '{1:1}/2'::sparsevec = '{1:1,2:0}/2', '{1:1}/2'::sparsevec >= '{2:1}/2', '{1:1}/2'::sparsevec <> '{1:1}/2'", "t|t|t|f")
}

// Columns of sparsevec sort, group, join and are keys as the dense vectors, whatever their dimensions.
func TestSparsevecColumns(t *testing.T) {
	db := newDB(t)
	db.Must("create table t (id int, s sparsevec(3), u sparsevec)")
	db.Must(`insert into t values (1, '{1:1}/3', '{}/2'), (2, '{1:-1}/3', '{3:-1}/3'), (3, null, '{}/3'), (4, '{2:1}/3', '{3:1}/3'),
		(5, '{2:-1}/3', '{1:1}/1'), (6, '{}/3', '{1:1}/9'), (7, '{1:1,3:-2}/3', '{1:-1}/1'), (8, '{1:1,3:2}/3', '{1:1,9:-1}/10')`)
	db.Is("insert into t (s) values ('{}/4')", "22000: expected 3 dimensions, not 4")
	db.Rows("select id, s from t order by s, id",
		"2|{1:-1}/3",
		"5|{2:-1}/3",
		"6|{}/3",
		"4|{2:1}/3",
		"7|{1:1,3:-2}/3",
		"1|{1:1}/3",
		"8|{1:1,3:2}/3",
		"3|<null>",
	)
	db.Rows("select id, u from t order by u",
		"7|{1:-1}/1",
		"1|{}/2",
		"2|{3:-1}/3",
		"3|{}/3",
		"4|{3:1}/3",
		"5|{1:1}/1",
		"8|{1:1,9:-1}/10",
		"6|{1:1}/9",
	)
	db.Is("select count(*) from (select s from t group by s) g", "8")
	db.Must("create index on t (u); create unique index on t (s)")
	db.Is("select array_agg(id order by id) from t where u > '{}/2'", "{2,3,4,5,6,8}")
	db.Is("select array_agg(id order by id) from t where u <= '{1:1}/1'", "{1,2,3,4,5,7}")
	db.Is("select id from t where s = '{2:1,1:0}/3'", "4")
	db.Is("insert into t (s) values ('{1:0,2:1}/3')", `23505: duplicate key value violates unique constraint "t_s_idx" DETAIL: Key (s)=({2:1}/3) already exists.`)
	db.Is("select a.id from t a join t b on a.u = b.u and a.id = b.id where a.s <-> '{1:1}/3' < 1", "1")
	db.Is("select array_agg(id) from (select id from t order by s <-> '{1:1}/3', id limit 3) x", "{1,6,4}")
	db.Is("update t set s = '[0,0,7]'::vector where id = 3 returning s, s::real[]", "42846: cannot cast type sparsevec to real[]")
	db.Is("update t set s = '[0,0,7]'::vector where id = 3 returning s", "{3:7}/3")
}
