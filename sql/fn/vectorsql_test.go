package fn_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// TestVectorInput holds the text form of a vector, its numbers and limits.
func TestVectorInput(t *testing.T) {
	f := selecter(t)
	f("'[1,2,3]'::vector, ' [ 1 , -2.5e1 , .5 ] '::vector, '[1e-45]'::vector, '[-0]'::vector, '[0.1]'::vector, "+
		"'[16777217]'::vector, '[1.23456789]'::vector, '[3.4e38]'::vector",
		"[1,2,3]|[1,-25,0.5]|[1e-45]|[-0]|[0.1]|[1.6777216e+07]|[1.2345679]|[3.4e+38]")
	f("''::vector", `22P02: invalid input syntax for type vector: "" DETAIL: Vector contents must start with "[".`)
	f("'[]'::vector", "22000: vector must have at least 1 dimension")
	f("'[1,2'::vector", `22P02: invalid input syntax for type vector: "[1,2"`)
	f("'1,2'::vector", `22P02: invalid input syntax for type vector: "1,2" DETAIL: Vector contents must start with "[".`)
	f("'[1,]'::vector", `22P02: invalid input syntax for type vector: "[1,]"`)
	f("'[,1]'::vector", `22P02: invalid input syntax for type vector: "[,1]"`)
	f("'[1,,2]'::vector", `22P02: invalid input syntax for type vector: "[1,,2]"`)
	f("'[1 2]'::vector", `22P02: invalid input syntax for type vector: "[1 2]"`)
	f("'[1,a]'::vector", `22P02: invalid input syntax for type vector: "[1,a]"`)
	f("'[1]x'::vector", `22P02: invalid input syntax for type vector: "[1]x" DETAIL: Junk after closing right brace.`)
	f("'[[1]]'::vector", `22P02: invalid input syntax for type vector: "[[1]]"`)
	f("'{1,2}'::vector",
		`22P02: invalid input syntax for type vector: "{1,2}" DETAIL: Vector contents must start with "[".`)
	f("'[nan]'::vector", "22000: NaN not allowed in vector")
	f("'[inf]'::vector", "22000: infinite value not allowed in vector")
	f("'[-infinity]'::vector", "22000: infinite value not allowed in vector")
	f("'[4e38]'::vector", `22003: "4e38" is out of range for type vector`)
	f("'[-4e38]'::vector", `22003: "-4e38" is out of range for type vector`)
	f("'[1e-50]'::vector", "[0]")
	f("'[1,2]'::vector(2), '[1,2]'::vector::vector(2)", "[1,2]|[1,2]")
	f("'[1,2]'::vector(3)", "22000: expected 3 dimensions, not 2")
	f("'[1]'::vector(0)", "22023: dimensions for type vector must be at least 1")
	f("'[1]'::vector(-1)", "22023: dimensions for type vector must be at least 1")
	f("'[1]'::vector(16001)", "22023: dimensions for type vector cannot exceed 16000")
	f("'[1]'::vector(2,3)", "22023: invalid type modifier")
	f("'[1]'::vector('a')", `22P02: invalid input syntax for type integer: "a"`)
	f("vector_dims(('[' || repeat('1,', 15999) || '1]')::vector)", "16000")
	f("('[' || repeat('1,', 16000) || '1]')::vector", "54000: vector cannot have more than 16000 dimensions")
	db := newDB(t)
	db.Must("create table t (id int, v vector(2), u vector)")
	db.Is("insert into t values (1, '[1,2]', '[1]'), (2, null, '[1,2,3]'), (3, '[0,-0]', null)", "INSERT 0 3")
	db.Is("insert into t (v) values ('[1]')", "22000: expected 2 dimensions, not 1")
	db.Is("insert into t (v) values (array[1,2,3])", "22000: expected 2 dimensions, not 3")
	db.Is("insert into t (v) values (array[3,4]::float8[]), (array[5,6])", "INSERT 0 2")
	db.Is("insert into t (v) values (array['nan', 1]::float8[])", "22000: NaN not allowed in vector")
	db.Rows("select id, v, u from t order by id, v",
		"1|[1,2]|[1]",
		"2|<null>|[1,2,3]",
		"3|[0,-0]|<null>",
		"<null>|[3,4]|<null>",
		"<null>|[5,6]|<null>")
}

// TestVectorCasts holds the casts to and from arrays and text.
func TestVectorCasts(t *testing.T) {
	f := selecter(t)
	f("array[1,2,3]::vector, array[1.5,2]::numeric[]::vector, array[1.5,2]::float8[]::vector, "+
		"array[1.5,2]::real[]::vector, '{1,2}'::int[]::vector(2), '[1,2]'::vector::real[], '[1,2]'::vector::text, "+
		"'[1,2]'::text::vector",
		"[1,2,3]|[1.5,2]|[1.5,2]|[1.5,2]|[1,2]|{1,2}|[1,2]|[1,2]")
	f("array[1,2]::vector(3)", "22000: expected 3 dimensions, not 2")
	f("array[1,null]::vector", "22004: array must not contain nulls")
	f("array[[1,2],[3,4]]::vector", "22000: array must be 1-D")
	f("'{}'::int[]::vector", "22000: vector must have at least 1 dimension")
	f("'{}'::real[]::vector", "22000: vector must have at least 1 dimension")
	f("array['nan']::real[]::vector", "22000: NaN not allowed in vector")
	f("array['inf']::float8[]::vector", "22000: infinite value not allowed in vector")
	f("array[1e300]::float8[]::vector", "22000: infinite value not allowed in vector")
	f("array['nan']::numeric[]::vector", "22000: NaN not allowed in vector")
	f("array_fill(1, array[16001])::vector", "54000: vector cannot have more than 16000 dimensions")
	f("array_fill(1, array[16000])::vector is not null", "t")
	f("array['1','2']::text[]::vector", "42846: cannot cast type text[] to vector")
	f("array[1,2]::bigint[]::vector", "42846: cannot cast type bigint[] to vector")
	f("'[1,2]'::vector::int[]", "42846: cannot cast type vector to integer[]")
	f("'[1,2]'::vector::float8[]", "42846: cannot cast type vector to double precision[]")
	f("'[2:3]={7,8}'::int[]::vector, '[1,2]'::vector = array[1,2]::vector, "+
		"array_to_vector(array[1,2], 2, false), vector_to_float4('[1,2]', -1, true)",
		"[7,8]|t|[1,2]|{1,2}")
	f("array_to_vector(array[1,2], 3, false)", "22000: expected 3 dimensions, not 2")
	f("vector('[1,2]', 3, true)", "22000: expected 3 dimensions, not 2")
	f("null::vector, null::real[]::vector, cast(null as vector(3)), '[1,2]'::vector::varchar, "+
		"array_length('[1,2,3]'::vector::real[], 1)",
		"<null>|<null>|<null>|[1,2]|3")
	f("'[1,2]'::vector::json", "42846: cannot cast type vector to json")
	f("1::vector", "42846: cannot cast type integer to vector")
}

// TestVectorDistances holds the six distances, by function and operator.
func TestVectorDistances(t *testing.T) {
	f := selecter(t)
	f("'[0,0]'::vector <-> '[3,4]', '[1,2]'::vector <#> '[3,4]', '[1,2]'::vector <=> '[2,4]', "+
		"'[0,0]'::vector <+> '[3,-4]'",
		"5|-11|0|7")
	f("l2_distance('[0,0]'::vector, '[3,4]'), inner_product('[1,2]'::vector, '[3,4]'), "+
		"cosine_distance('[1,0]'::vector, '[0,1]'), l1_distance('[1,2]'::vector, '[-3,4]'), "+
		"vector_l2_squared_distance('[0,0]', '[3,4]'), vector_negative_inner_product('[1,2]', '[3,4]'), "+
		"vector_spherical_distance('[1,0]', '[0,1]')",
		"5|11|1|6|25|-11|0.5")
	f("cosine_distance('[1,1]'::vector, '[0,0]'), cosine_distance('[0,0]'::vector, '[0,0]'), "+
		"cosine_distance('[1,1]'::vector, '[-1,-1]'), cosine_distance('[1,1]'::vector, '[1.1,1.1]'), "+
		"'[1,2]'::vector <=> '[1,2]', cosine_distance('[3e38,0]'::vector, '[3e38,0]')",
		"NaN|NaN|2|0|0|NaN")
	f("l2_distance('[3e38]'::vector, '[-3e38]'), inner_product('[3e38]'::vector, '[3e38]'), "+
		"'[3e38]'::vector <#> '[3e38]', l1_distance('[3e38]'::vector, '[-3e38]'), "+
		"vector_spherical_distance('[1,0]', '[1,0]'), vector_spherical_distance('[1,0]', '[-1,0]')",
		"Infinity|Infinity|-Infinity|Infinity|0|1")
	f("'[1,2]'::vector <-> null, null::vector <#> '[1]', cosine_distance(null::vector, '[1]'), "+
		"l1_distance('[1]'::vector, null)",
		"<null>|<null>|<null>|<null>")
	for _, call := range []string{"<->", "<#>", "<=>", "<+>", "+", "-", "*"} {
		f("'[1,2]'::vector "+call+" '[1,2,3]'", "22000: different vector dimensions 2 and 3")
	}
	f("vector_spherical_distance('[1,2]', '[1]')", "22000: different vector dimensions 2 and 1")
	f("'[1,2]' <-> '[1,2]'",
		"42725: operator is not unique: unknown <-> unknown "+
			"HINT: Could not choose a best candidate operator. You might need to add explicit type casts.")
	f("'[1,2]'::vector <-> array[1,2]",
		"42883: operator does not exist: vector <-> integer[] "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	f("'[1,2]'::vector <-> 1",
		"42883: operator does not exist: vector <-> integer "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	db := newDB(t)
	db.Must(`create table t (id int, v vector(3)); insert into t
		values (1, '[1,2,3]'), (2, '[0,0,0]'), (3, null), (4, '[1,1,1]'), (5, '[-1,-2,-3]')`)
	db.Rows("select id, v <-> '[3,3,3]', v <#> '[3,3,3]', v <=> '[3,3,3]', v <+> '[3,3,3]' from t order by id",
		"1|2.23606797749979|-18|0.07417990022744858|3",
		"2|5.196152422706632|-0|NaN|9",
		"3|<null>|<null>|<null>|<null>",
		"4|3.4641016151377544|-9|0|6",
		"5|8.774964387392123|18|1.9258200997725514|15")
	db.Rows("select id from t order by v <-> '[3,3,3]'", "1", "4", "2", "5", "3")
	db.Rows("select id from t order by v <=> '[3,3,3]', id", "4", "1", "5", "2", "3")
	db.Rows("select id from t order by v <#> '[3,3,3]' desc limit 2", "3", "5")
	db.Is("select id from t order by v <-> '[3,3]'", "22000: different vector dimensions 3 and 2")
	db.Rows("select id from t where v <-> '[3,3,3]' < 3 order by id", "1")
}

// TestVectorArithmetic holds + - * and || with overflow, underflow and length.
func TestVectorArithmetic(t *testing.T) {
	f := selecter(t)
	f("'[1,2]'::vector + '[3,4]', '[1,2]'::vector - '[3,4]', '[1,2]'::vector * '[3,-4]', "+
		"'[1,2]'::vector || '[3]', '[1]'::vector + null, null::vector || '[1]', '[0.1]'::vector + '[0.2]', "+
		"'[1e-30]'::vector * '[0]'",
		"[4,6]|[-2,-2]|[3,-8]|[1,2,3]|<null>|<null>|[0.3]|[0]")
	f("'[3e38]'::vector + '[3e38]'", "22003: value out of range: overflow")
	f("'[-3e38]'::vector - '[3e38]'", "22003: value out of range: overflow")
	f("'[1e37]'::vector * '[1e37]'", "22003: value out of range: overflow")
	f("'[1e-37]'::vector * '[1e-37]'", "22003: value out of range: underflow")
	f("(array_fill(0, array[16000])::vector) || '[1]'", "54000: vector cannot have more than 16000 dimensions")
	f("vector_dims((array_fill(0, array[15999])::vector) || '[1]')", "16000")
	f("- '[1]'::vector",
		"42883: operator does not exist: - vector "+
			"HINT: No operator matches the given name and argument type. You might need to add an explicit type cast.")
	f("'[1]'::vector / '[1]'",
		"42883: operator does not exist: vector / unknown "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	f("'[1]'::vector * 2",
		"42883: operator does not exist: vector * integer "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	f("vector_add('[1]', '[2]'), vector_sub('[1]', '[2]'), vector_mul('[3]', '[2]'), vector_concat('[1]', '[2]')",
		"[3]|[-1]|[6]|[1,2]")
}

// TestVectorParts holds dims, norm, normalization and parts.
func TestVectorParts(t *testing.T) {
	f := selecter(t)
	f("vector_dims('[1,2,3]'::vector), vector_norm('[3,4]'), vector_norm('[0,0]'), vector_norm('[3e37,4e37]'), "+
		"vector_dims(null::vector), vector_norm(null)",
		"3|5|0|5.000000042966943e+37|<null>|<null>")
	f("l2_normalize('[3,4]'::vector), l2_normalize('[0,0]'::vector), l2_normalize('[3e38]'::vector), "+
		"l2_normalize('[1,1]'::vector), l2_normalize(null::vector), l2_normalize('[-2]'::vector), "+
		"l2_normalize('[1e-40]'::vector)",
		"[0.6,0.8]|[0,0]|[1]|[0.70710677,0.70710677]|<null>|[-1]|[1]")
	f("subvector('[1,2,3,4,5]'::vector, 1, 3), subvector('[1,2,3,4,5]'::vector, 3, 2), "+
		"subvector('[1,2,3,4,5]'::vector, -1, 3), subvector('[1,2,3,4,5]'::vector, 3, 9), "+
		"subvector('[1,2,3,4,5]'::vector, 5, 1), subvector('[1,2,3]'::vector, 1, 2147483647), "+
		"subvector('[1,2,3]'::vector, 2147483647, 10) is null",
		"22000: vector must have at least 1 dimension")
	f("subvector('[1,2,3]'::vector, 1, 0)", "22000: vector must have at least 1 dimension")
	f("subvector('[1,2,3]'::vector, 3, -1)", "22000: vector must have at least 1 dimension")
	f("subvector('[1,2,3]'::vector, -1, 2)", "22000: vector must have at least 1 dimension")
	f("subvector('[1,2,3]'::vector, 4, 1)", "22000: vector must have at least 1 dimension")
	f("subvector('[1,2,3]'::vector, 2147483647, 10)", "22000: vector must have at least 1 dimension")
	f("subvector('[1,2,3]'::vector, -2147483648, 2147483647)", "22000: vector must have at least 1 dimension")
	f("subvector(null::vector, 1, 1), subvector('[1]'::vector, null, 1), subvector('[1]'::vector, 1, null)",
		"<null>|<null>|<null>")
	f("vector_send('[1,-2]'), vector_cmp('[1]', '[2]'), vector_cmp('[1,2]', '[1]'), vector_cmp('[1]', '[1]')",
		`\x000200003f800000c0000000|-1|1|0`)
}

// TestVectorOrder holds comparison: element by element, then length.
func TestVectorOrder(t *testing.T) {
	f := selecter(t)
	f("'[1,2]'::vector < '[1,3]', '[1,2]'::vector < '[1,2,0]', '[2]'::vector > '[1,9]', "+
		"'[1,2]'::vector = '[1,2]', '[1]'::vector <> '[1,0]', '[0]'::vector = '[-0]', '[1]'::vector <= '[1]', "+
		"'[-1]'::vector >= '[0]', '[1]'::vector = null",
		"t|t|t|t|t|t|t|f|<null>")
	f("greatest('[1]'::vector, '[2]', '[1,5]'), least('[1]'::vector, null, '[0,9]'), "+
		"'[1]'::vector in ('[1]', '[2]'), '[1]'::vector is distinct from null, nullif('[1]'::vector, '[1]')",
		"[2]|[0,9]|t|t|<null>")
	db := newDB(t)
	db.Rows(`select v from (values ('[2]'::vector), ('[1,2]'), (null), ('[1]'), ('[1,-1]'), ('[1,2]')) t(v)
		order by v desc`,
		"<null>",
		"[2]",
		"[1,2]",
		"[1,2]",
		"[1,-1]",
		"[1]")
	db.Rows(`select v, count(*) from (values ('[2]'::vector), ('[1,2]'), (null), ('[1,2]'), (null)) t(v) group by v
		order by v`,
		"[1,2]|2",
		"[2]|1",
		"<null>|2")
	db.Rows("select distinct v from (values ('[0]'::vector), ('[-0]'), ('[1]')) t(v) order by v", "[0]", "[1]")
	db.Rows(`select a.v from (values ('[1]'::vector), ('[2]')) a(v)
		join (values ('[2]'::vector), ('[3]')) b(v) on a.v = b.v`,
		"[2]")
}

// TestVectorSums holds sum and avg, whose inputs agree in length.
func TestVectorSums(t *testing.T) {
	db := newDB(t)
	db.Is(`select sum(v), avg(v), count(v), count(distinct v)
		from (values ('[1,2]'::vector), ('[3,5]'), (null), ('[1,2]')) t(v)`,
		"[5,9]|[1.6666666,3]|3|2")
	db.Is("select sum(v), avg(v) from (values (null::vector)) t(v)", "<null>|<null>")
	db.Is("select sum(v) from (values ('[1,2]'::vector), ('[1]')) t(v)", "22000: different vector dimensions 2 and 1")
	db.Is("select avg(v) from (values ('[1,2]'::vector), ('[1]')) t(v)", "22000: expected 2 dimensions, not 1")
	db.Is("select sum(v) from (values ('[3e38]'::vector), ('[3e38]')) t(v)", "22003: value out of range: overflow")
	db.Is("select avg(v) from (values ('[3e38]'::vector), ('[3e38]')) t(v)", "[3e+38]")
	db.Rows(`select g, sum(v), avg(v) from (values (1, '[1,2]'::vector), (2, '[1]'), (1, '[0,4]'),
		(3, null)) t(g, v) group by g order by g`,
		"1|[1,6]|[0.5,3]",
		"2|[1]|[1]",
		"3|<null>|<null>")
	db.Is(`select sum(v) filter (where v <> '[1]'), avg(distinct v)
		from (values ('[1]'::vector), ('[2]'), ('[2]'), ('[4]')) t(v)`,
		"[8]|[2.3333333]")
	db.Rows(`select sum(v) over (order by i rows 1 preceding), avg(v) over (order by i)
		from (values (1, '[1]'::vector), (2, '[2]'), (3, null), (4, '[4]')) t(i, v)`,
		"[1]|[1]",
		"[3]|[1.5]",
		"[2]|[1.5]",
		"[4]|[2.3333333]")
	db.Is("select array_agg(v order by v), json_agg(v order by v desc) from (values ('[2]'::vector), ('[1]')) t(v)",
		`{[1],[2]}|["[2]", "[1]"]`)
	db.Is("select stddev(v) from (values ('[2]'::vector)) t(v)",
		"42883: function stddev(vector) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
}

// TestVectorDistancesAgree compares the distances over a table with those computed here, over lengths about the widths
// that kernels have.
func TestVectorDistancesAgree(t *testing.T) {
	const seed = 7
	r := rand.New(rand.NewPCG(seed, seed))
	db := newDB(t)
	db.Must("create table t (id int, v vector, w vector)")
	type pair struct{ v, w []float32 }
	var pairs []pair
	var rows []string
	for i, n := range []int{1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129, 257, 1023, 1537} {
		p := pair{make([]float32, n), make([]float32, n)}
		for k := range n {
			p.v[k], p.w[k] = float32(r.IntN(2001)-1000)/128, float32(r.IntN(2001)-1000)/128
		}
		pairs = append(pairs, p)
		rows = append(rows, fmt.Sprintf("(%d, '%s', '%s')", i, vectorText(p.v), vectorText(p.w)))
	}
	db.Must("insert into t values " + strings.Join(rows, ", "))
	answer := db.Ask("select v <-> w, v <#> w, v <=> w, v <+> w, vector_norm(v) from t order by id")
	for i, row := range strings.Split(answer, "; ") {
		var l2, dot, l1, vv, ww float64
		for k := range pairs[i].v {
			x, y := float64(pairs[i].v[k]), float64(pairs[i].w[k])
			l2, dot, l1, vv, ww = l2+(x-y)*(x-y), dot+x*y, l1+math.Abs(x-y), vv+x*x, ww+y*y
		}
		for k, want := range []float64{math.Sqrt(l2), -dot, 1 - dot/math.Sqrt(vv*ww), l1, math.Sqrt(vv)} {
			got, err := strconv.ParseFloat(strings.Split(row, "|")[k], 64)
			if err != nil || math.Abs(got-want) > 1e-4*(1+math.Abs(want)) {
				t.Errorf("seed %d, %d dimensions, column %d: got %v (%v), want %v", seed, len(pairs[i].v), k, got, err, want)
			}
		}
	}
}

func vectorText(v []float32) string {
	cells := make([]string, len(v))
	for i, x := range v {
		cells[i] = strconv.FormatFloat(float64(x), 'g', -1, 32)
	}
	return "[" + strings.Join(cells, ",") + "]"
}
