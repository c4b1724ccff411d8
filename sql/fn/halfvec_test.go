package fn_test

import "testing"

// Input and output of halfvec round as IEEE half precision does, and refuse what it cannot hold.
func TestHalfvecInput(t *testing.T) {
	f := selecter(t)
	f("'[1,2,3]'::halfvec, ' [ 1 , -2.5e1 , .5 ] '::halfvec, '[-0]'::halfvec, '[0.1]'::halfvec, '[1.23456]'::halfvec", "[1,2,3]|[1,-25,0.5]|[-0]|[0.099975586]|[1.234375]")
	f("'[65504,-65504,65519,-65519.9]'::halfvec, '[2049,2051,4098,4102]'::halfvec, '[6e-8,2.9e-8,3e-8,1e-8,-1e-8]'::halfvec", "[65504,-65504,65504,-65504]|[2048,2052,4096,4104]|[5.9604645e-08,0,5.9604645e-08,0,-0]")
	f("'[6.097e-5,6.1035e-5,6.1e-5,0.99975,0.9998,0.33333]'::halfvec", "[6.097555e-05,6.1035156e-05,6.097555e-05,0.9995117,1,0.33325195]")
	f("'[65520]'::halfvec", `22003: "65520" is out of range for type halfvec`)
	f("'[1,-65520]'::halfvec", `22003: "-65520" is out of range for type halfvec`)
	f("'[4e38]'::halfvec", `22003: "4e38" is out of range for type halfvec`)
	f("'[1e-50]'::halfvec", "[0]")
	f("''::halfvec", `22P02: invalid input syntax for type halfvec: "" DETAIL: Vector contents must start with "[".`)
	f("'[]'::halfvec", "22000: halfvec must have at least 1 dimension")
	f("'[1,2'::halfvec", `22P02: invalid input syntax for type halfvec: "[1,2"`)
	f("'[1,]'::halfvec", `22P02: invalid input syntax for type halfvec: "[1,]"`)
	f("'[1]x'::halfvec", `22P02: invalid input syntax for type halfvec: "[1]x" DETAIL: Junk after closing right brace.`)
	f("'[nan]'::halfvec", "22000: NaN not allowed in halfvec")
	f("'[-inf]'::halfvec", "22000: infinite value not allowed in halfvec")
	f("'[1,2]'::halfvec(2), '[1,2]'::halfvec::halfvec(2), '{\"[1,2]\",NULL}'::halfvec[]", `[1,2]|[1,2]|{"[1,2]",NULL}`)
	f("'[1,2]'::halfvec(3)", "22000: expected 3 dimensions, not 2")
	f("'{\"[1,2]\"}'::halfvec(3)[]", "22000: expected 3 dimensions, not 2")
	f("'[1]'::halfvec(0)", "22023: dimensions for type halfvec must be at least 1")
	f("'[1]'::halfvec(16001)", "22023: dimensions for type halfvec cannot exceed 16000")
	f("'[1]'::halfvec(2,3)", "22023: invalid type modifier")
	f("'[1]'::halfvec('a')", `22P02: invalid input syntax for type integer: "a"`)
	f("vector_dims(('[' || repeat('1,', 15999) || '1]')::halfvec)", "16000")
	f("('[' || repeat('1,', 16000) || '1]')::halfvec", "54000: halfvec cannot have more than 16000 dimensions")
	f("halfvec_send('[1,-2,0.1]'), pg_typeof('[1]'::halfvec), format_type('halfvec'::regtype, 7)", `\x000300003c00c0002e66|halfvec|halfvec(7)`)
}

// Casts among vectors and arrays check dimensions and range, and bind where pgvector's do.
func TestHalfvecCasts(t *testing.T) {
	f := selecter(t)
	f("'[1,2.1]'::vector::halfvec, '[1,2.1]'::halfvec::vector, '[1,0.1]'::halfvec::real[], '[1]'::halfvec::text", "[1,2.0996094]|[1,2.0996094]|{1,0.099975586}|[1]")
	f("array[1,2]::halfvec, array[1.5,2]::halfvec, array[1.1]::real[]::halfvec(1), array[1.1]::float8[]::halfvec", "[1,2]|[1.5,2]|[1.0996094]|[1.0996094]")
	f("array[1,2]::halfvec(3)", "22000: expected 3 dimensions, not 2")
	f("'[1,2]'::vector::halfvec(3)", "22000: expected 3 dimensions, not 2")
	f("'[1,2]'::halfvec::vector(3)", "22000: expected 3 dimensions, not 2")
	f("'[1,70000.5]'::vector::halfvec", `22003: "70000.5" is out of range for type halfvec`)
	f("array[70000]::halfvec", `22003: "70000" is out of range for type halfvec`)
	f("array['nan',70000]::real[]::halfvec", `22003: "70000" is out of range for type halfvec`)
	f("array['nan']::real[]::halfvec", "22000: NaN not allowed in halfvec")
	f("array['inf']::float8[]::halfvec", "22000: infinite value not allowed in halfvec")
	f("array[1,null]::halfvec", "22004: array must not contain nulls")
	f("array[[1]]::halfvec", "22000: array must be 1-D")
	f("'{}'::int[]::halfvec", "22000: halfvec must have at least 1 dimension")
	f("array[1e300]::numeric[]::halfvec", `22003: "1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000" is out of range for type real`)
	f("array[1]::bigint[]::halfvec", "42846: cannot cast type bigint[] to halfvec")
	f("'[1]'::halfvec::int[]", "42846: cannot cast type halfvec to integer[]")
	f("'[1,2]'::vector <-> '[1,2]'::halfvec, '[1]'::halfvec = '[1]'::vector, '[1,2]'::halfvec || '[3]', '[3,4]'::halfvec <-> '[0,0]'::vector", "0|t|[1,2,3]|5")
	f("halfvec_to_vector('[1,2]', 3, true)", "22000: expected 3 dimensions, not 2")
	db := newDB(t)
	db.Must("create table t (h halfvec(2), v vector(2))")
	db.Is("insert into t values ('[1,2]'::vector, '[3,4]'::halfvec), ('[1.0001,2]', array[5,6]) returning h, v", "[1,2]|[3,4]; [1,2]|[5,6]")
	db.Is("insert into t values (array[1,2,3])", "22000: expected 2 dimensions, not 3")
	db.Is("update t set h = v returning h", "[3,4]; [5,6]")
}

// Operators and functions of halfvec compute with float32 and round the elements that they return.
func TestHalfvecFunctions(t *testing.T) {
	f := selecter(t)
	f("'[1,2]'::halfvec + '[0.1,2]', '[1,2]'::halfvec - '[0.1,2]', '[1,2]'::halfvec * '[0.1,2]', '[1,2]'::halfvec || '[3]'", "[1.0996094,4]|[0.89990234,0]|[0.099975586,4]|[1,2,3]")
	f("'[65519]'::halfvec + '[65519]'", "22003: value out of range: overflow")
	f("'[-65519]'::halfvec - '[65519]'", "22003: value out of range: overflow")
	f("'[300]'::halfvec * '[300]'", "22003: value out of range: overflow")
	f("'[1e-5]'::halfvec * '[1e-5]'", "22003: value out of range: underflow")
	f("'[1,2]'::halfvec + '[3]'", "22000: different halfvec dimensions 2 and 1")
	f("vector_dims('[1,2]'::halfvec || '[1]'), array_fill(0, array[16000])::halfvec || '[1]'", "54000: halfvec cannot have more than 16000 dimensions")
	f("'[0,0]'::halfvec <-> '[3,4]', '[1,2]'::halfvec <#> '[3,4]', '[1,2]'::halfvec <=> '[2,4]', '[0,0]'::halfvec <+> '[3,4]'", "5|-11|0|7")
	f("l2_distance('[1,1,1,1,1,1,1,1,1]'::halfvec, '[1,1,1,1,1,1,1,4,5]'), inner_product('[65504]'::halfvec, '[65504]'), cosine_distance('[1,2]'::halfvec, '[0,0]'), l1_distance('[1,2,3]'::halfvec, '[0,3,2]')", "5|4290774016|NaN|3")
	f("halfvec_l2_squared_distance('[0,0]', '[3,4]'), halfvec_negative_inner_product('[1,2]', '[3,4]'), halfvec_spherical_distance('[1,0]', '[0,1]')", "25|-11|0.5")
	f("'[1,2]'::halfvec <-> '[3]'", "22000: different halfvec dimensions 2 and 1")
	f("'[1,2]'::halfvec <=> '[3]'", "22000: different halfvec dimensions 2 and 1")
	f("l2_norm('[3,4]'::halfvec), l2_norm('[0]'::halfvec), l2_normalize('[3,4]'::halfvec), l2_normalize('[0,0.1]'::halfvec), l2_normalize('[0,0]'::halfvec)", "5|0|[0.60009766,0.7998047]|[0,1]|[0,0]")
	f("binary_quantize('[1,0,-1,0.5,0,0,0,0,2]'::halfvec), binary_quantize('[1,0,-1,1e-40]'::vector), binary_quantize('[1]'::vector)::bit(3)", "100100001|1001|100")
	f("subvector('[1,2,3,4,5]'::halfvec, 2, 3), subvector('[1,2,3]'::halfvec, -1, 3), subvector('[1,2,3]'::halfvec, 3, 9)", "[2,3,4]|[1]|[3]")
	f("subvector('[1,2,3]'::halfvec, 4, 1)", "22000: halfvec must have at least 1 dimension")
	f("subvector('[1,2,3]'::halfvec, 1, 0)", "22000: halfvec must have at least 1 dimension")
	f("halfvec_cmp('[1,2]', '[1,2,3]'), halfvec_cmp('[2]', '[1,2]'), halfvec_cmp('[-0]', '[0]'), '[1,2]'::halfvec < '[1,3]', '[-0]'::halfvec = '[0]', '[1]'::halfvec <> '[1,0]', '[2]'::halfvec >= '[1,9]'", "-1|1|0|t|t|t|t")
	f("'[1,2]'::halfvec <~> '[1,2]'", "42883: operator does not exist: halfvec <~> unknown HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
}

// Sums of halfvec are rounded at each step, averages once.
func TestHalfvecAggregates(t *testing.T) {
	db := newDB(t)
	db.Is("select sum(v), avg(v) from unnest(array['[1,2,3]'::halfvec, '[3,5,7]', null]) v", "[4,7,10]|[2,3.5,5]")
	db.Is("select sum(v), avg(v) from unnest(array[]::halfvec[]) v", "<null>|<null>")
	db.Is("select sum(v), avg(v) from unnest(array['[2048]'::halfvec, '[1]', '[1]', '[1]']) v", "[2048]|[513]")
	db.Is("select sum(v) from unnest(array['[16777216]'::vector, '[1]', '[1]', '[1]']) v", "[1.6777216e+07]")
	db.Is("select sum(v) from unnest(array['[65504]'::halfvec, '[65504]']) v", "22003: value out of range: overflow")
	db.Is("select avg(v) from unnest(array['[65504]'::halfvec, '[65504]']) v", "[65504]")
	db.Is("select sum(v) from unnest(array['[1,2]'::halfvec, '[3]']) v", "22000: different halfvec dimensions 2 and 1")
	db.Is("select avg(v) from unnest(array['[1,2]'::halfvec, '[3]']) v", "22000: expected 2 dimensions, not 1")
	db.Is("select sum(v) from unnest(array['[3e38]'::vector, '[3e38]', '[-3e38]']) v", "22003: value out of range: overflow")
}

// Columns of halfvec sort, group, join and are keys as their values say, and survive text and binary copies.
func TestHalfvecColumns(t *testing.T) {
	db := newDB(t)
	db.Must("create table t (id int, h halfvec(2), u halfvec)")
	db.Must("insert into t values (1, '[1,2]', '[1]'), (2, '[0.1,3]', '[1,2,3]'), (3, null, null), (4, '[1,2]', '[-0]'), (5, '[-1,0]', '[0]')")
	db.Is("insert into t (h) values ('[1]')", "22000: expected 2 dimensions, not 1")
	db.Rows("select id, h, u from t order by h, id",
		"5|[-1,0]|[0]",
		"2|[0.099975586,3]|[1,2,3]",
		"1|[1,2]|[1]",
		"4|[1,2]|[-0]",
		"3|<null>|<null>",
	)
	db.Rows("select h, count(*) from t group by h order by h nulls first",
		"<null>|1",
		"[-1,0]|1",
		"[0.099975586,3]|1",
		"[1,2]|2",
	)
	db.Rows("select a.id, b.id from t a join t b on a.u = b.u order by 1, 2",
		"1|1",
		"2|2",
		"4|4",
		"4|5",
		"5|4",
		"5|5",
	)
	db.Is("select count(distinct u), max(id) from t", "3|5")
	db.Must("create index on t (h); create unique index on t (id, u)")
	db.Is("select array_agg(id order by id) from t where h = '[1,2]'", "{1,4}")
	db.Is("select array_agg(id order by id) from t where h > '[0.1,3]'", "{1,4}")
	db.Is("insert into t (id, u) values (5, '[-0]')", `23505: duplicate key value violates unique constraint "t_id_u_idx" DETAIL: Key (id, u)=(5, [-0]) already exists.`)
	db.Is("select id from t order by h <-> '[1,1]', id limit 3", "1; 4; 2")
	db.Is("select min(h) from t", "42883: function min(halfvec) does not exist HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	db.Must("create view w as select h + h as s from t where h <-> '[1,2]' < 1; alter table t alter u type vector")
	db.Is("select pg_get_viewdef('w')", " SELECT (h + h) AS s\n   FROM t\n  WHERE ((h <-> '[1,2]'::halfvec) < (1)::double precision);")
	db.Is("select atttypid::regtype, atttypmod, format_type(atttypid, atttypmod) from pg_attribute where attrelid = 't'::regclass and attname = 'h'", "halfvec|2|halfvec(2)")
}

// The steps of avg are functions over a state of doubles.
func TestVectorStates(t *testing.T) {
	f := selecter(t)
	f("vector_accum('{0}', '[1,2]'), vector_accum('{2,3,4}', '[1,2]'), halfvec_accum('{0}', '[0.5]'), halfvec_accum('{1,0.5}', '[2]')", "{1,1,2}|{3,4,6}|{1,0.5}|{2,2.5}")
	f("vector_combine('{0}', '{2,3,4}'), vector_combine('{2,3,4}', '{0}'), vector_combine('{2,3,4}', '{1,1,1}'), halfvec_combine('{1,2}', '{3,4}')", "{2,3,4}|{2,3,4}|{3,4,5}|{4,6}")
	f("vector_avg('{2,3,4}'), vector_avg('{0}'), vector_avg('{0,1}'), halfvec_avg('{3,1}'), halfvec_avg('{2,3,4}')", "[1.5,2]|<null>|<null>|[0.33325195]|[1.5,2]")
	f("vector_accum('{2,3,4}', '[1]')", "22000: expected 2 dimensions, not 1")
	f("vector_combine('{2,3,4}', '{1,1}')", "22000: expected 2 dimensions, not 1")
	f("vector_avg('{2}')", "22000: vector must have at least 1 dimension")
	f("vector_avg('{1,1e300}')", "22000: infinite value not allowed in vector")
	f("halfvec_avg('{1,70000}')", `22003: "70000" is out of range for type halfvec`)
	f("vector_accum('{}', '[1]')", "XX000: vector_accum: expected state array")
	f("vector_combine('{1,null}', '{1,1}')", "XX000: vector_combine: expected state array")
	f("halfvec_avg('{{1,2}}')", "XX000: halfvec_avg: expected state array")
	f("vector_combine('{1,1.7e308}', '{1,1.7e308}')", "22003: value out of range: overflow")
	f("halfvec_avg(array_agg(n)) from generate_series(1, 16002) n", "54000: halfvec cannot have more than 16000 dimensions")
	f("vector_avg(array_agg(n)) from generate_series(1, 4) n", "[2,3,4]")
}
