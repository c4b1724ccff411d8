package fn_test

import "testing"

// Bit strings are read as binary or hexadecimal digits and have the length that their type wants.
func TestBitInput(t *testing.T) {
	f := selecter(t)
	f("B'101', b'', X'1F', x'aB0', '1010'::bit(4), 'x5'::varbit, 'B01'::varbit, pg_typeof(B'1'), pg_typeof(X'1'::varbit)", "101||00011111|101010110000|1010|0101|01|bit|bit varying")
	f("'101'::bit, '101'::bit(2), '101'::bit(5), B'101'::bit(2), B'101'::varbit(2), '101'::varbit(2), cast('1' as bit varying(3))", "1|10|10100|10|10|10|1")
	f("B'102'", `22P02: "2" is not a valid binary digit`)
	f("X'1G'", `22P02: "G" is not a valid hexadecimal digit`)
	f("'12'::bit(2)", `22P02: "2" is not a valid binary digit`)
	f("'1 '::varbit", `22P02: " " is not a valid binary digit`)
	f("'xä'::varbit", `22P02: "ä" is not a valid hexadecimal digit`)
	f("'1'::bit(0)", "22023: length for type bit must be at least 1")
	f("'1'::bit(83886081)", "22023: length for type bit cannot exceed 83886080")
	f("'1'::varbit(0)", "22023: length for type varbit must be at least 1")
	f("'1'::bit(1,2)", "22023: invalid type modifier")
	f("bit_send(B'101'), varbit_send(X'ABCD'), bit_send(B'')", `\x00000003a0|\x00000010abcd|\x00000000`)
	f("'{101,11}'::bit(2)[], array[B'1', B'01'], format_type('bit'::regtype, 3), format_type('varbit'::regtype, 3), format_type('bit'::regtype, -1), format_type('bit'::regtype, null)", `{10,11}|{1,01}|bit(3)|bit varying(3)|"bit"|bit`)
	db := newDB(t)
	db.Must("create table t (a bit(3), b varbit(3), c bit, d varbit)")
	db.Is("insert into t values (B'101', B'11', B'1', B'10101') returning *", "101|11|1|10101")
	db.Is("insert into t (a) values (B'10')", "22026: bit string length 2 does not match type bit(3)")
	db.Is("insert into t (a) values ('1000')", "22026: bit string length 4 does not match type bit(3)")
	db.Is("insert into t (b) values (B'1000')", "22001: bit string too long for type bit varying(3)")
	db.Is("insert into t (c) values (B'11')", "22026: bit string length 2 does not match type bit(1)")
	db.Is("update t set b = a, d = a returning *", "101|101|1|101")
	db.Is("update t set a = d::bit(3)", "UPDATE 1")
	db.Rows("select attname, format_type(atttypid, atttypmod) from pg_attribute where attrelid = 't'::regclass and attnum > 0 order by attnum",
		"a|bit(3)",
		"b|bit varying(3)",
		"c|bit(1)",
		"d|bit varying",
	)
}

// Numbers become bit strings with their sign before them, and come back when they fit.
func TestBitNumbers(t *testing.T) {
	f := selecter(t)
	f("44::bit(10), 44::bit(3), 44::bit, (-44)::bit(12), (-44)::bit(40), 44::bit(40), (-1)::bigint::bit(70), 5::bigint::bit(2)", "0000101100|100|0|111111010100|1111111111111111111111111111111111010100|0000000000000000000000000000000000101100|1111111111111111111111111111111111111111111111111111111111111111111111|01")
	f("B'101'::int, '11111111111111111111111111111111'::bit(32)::int, B'1'::bigint, (-7)::bigint::bit(64)::bigint, B''::int", "5|-1|1|-7|0")
	f("(1::bit(33))::int", "22003: integer out of range")
	f("(1::bit(65))::bigint", "22003: bigint out of range")
	f("B'1'::smallint", "42846: cannot cast type bit to smallint")
	f("1.5::bit(3)", "42846: cannot cast type numeric to bit")
	f("1::varbit", "42846: cannot cast type integer to bit varying")
	f("B'101'::text, '101'::text::bit(3), B'101'::varbit::text", "101|101|101")
}

// Operators on bit strings.
func TestBitOperators(t *testing.T) {
	f := selecter(t)
	f("B'1100' & B'1010', B'1100' | B'1010', B'1100' # B'1010', ~B'1100', ~B'', ~X'F0F'", "1000|1110|0110|0011||000011110000")
	f("B'11001' << 1, B'11001' >> 2, B'11001' << 0, B'11001' << 7, B'11001' >> 5, B'11001' << -1, B'11001' >> -3, X'ABCDEF' << 8, X'ABCDEF' >> 12, X'ABCDEF' >> 5", "10010|00110|11001|00000|00000|01100|01000|110011011110111100000000|000000000000101010111100|000001010101111001101111")
	f("B'1' || B'01', B'101' || X'FF', B'' || B'', pg_typeof(B'1' || B'1'), X'ABC' || X'DEF1'", "101|10111111111||bit varying|1010101111001101111011110001")
	f("B'11' & B'1'", "22026: cannot AND bit strings of different sizes")
	f("B'11' | B'1'", "22026: cannot OR bit strings of different sizes")
	f("B'11' # B'1'", "22026: cannot XOR bit strings of different sizes")
	f("B'1' < B'10', B'10' < B'1', B'1' = B'10', B'' < B'0', B'0' < B'00', B'01' > B'00111', B'1'::varbit <> B'1', B'1' <= B'1'::varbit, B'101' >= B'1001'", "t|f|f|t|t|t|f|t|t")
	f("bitcmp(B'1', B'10') < 0, bitcmp(B'1', B'1'), bitcmp(B'11', B'101') > 0, varbitcmp(B'1', B'0') > 0", "t|0|t|t")
}

// Functions on bit strings.
func TestBitFunctions(t *testing.T) {
	f := selecter(t)
	f("length(B'10101'), bit_length(B'10101'), octet_length(B'101010101'), octet_length(B''), bit_count(B'10101'), bit_count(X'FFF')", "5|5|2|0|3|12")
	f("substring(B'110101' from 2 for 3), substring(B'110101' from 3), substring(B'110101' from -1 for 4), substring(B'110101' from 9), substring(X'ABCDEF' from 6 for 2147483647)", "101|0101|11||0111100110111101111")
	f("substring(B'110101' from -9 for 4), substring(B'110101' from -2147483648 for 2147483647)", "|")
	f("substring(B'1' from 1 for -1)", "22011: negative substring length not allowed")
	f("overlay(B'110101' placing B'000' from 2), overlay(B'110101' placing B'000' from 2 for 1), overlay(B'11' placing B'0' from 9)", "100001|10000101|110")
	f("overlay(B'11' placing B'0' from 0)", "22011: negative substring length not allowed")
	f("overlay(B'11' placing B'0' from 2147483647 for 2)", "22003: integer out of range")
	f("position(B'01' in B'110101'), position(B'111' in B'1101'), position(B'' in B'1'), position(B'1' in B''), position(B'' in B''), position(X'CD' in X'ABCDEF')", "3|0|1|0|0|9")
	f("get_bit(B'0101', 1), get_bit(B'0101', 2), set_bit(B'0101', 0, 1), set_bit(B'0101', 1, 0)", "1|0|1101|0001")
	f("get_bit(B'0101', 4)", "2202E: bit index 4 out of valid range (0..3)")
	f("get_bit(B'0101', -1)", "2202E: bit index -1 out of valid range (0..3)")
	f("set_bit(B'', 0, 1)", "2202E: bit index 0 out of valid range (0..-1)")
	f("set_bit(B'0101', 1, 2)", "22023: new bit must be 0 or 1")
	f("bit_and(x), bit_or(x), bit_xor(x) from (values (B'110'), (B'011'), (null)) v(x)", "010|111|101")
	f("bit_and(x), min(y) from (values (B'110', 1)) v(x, y) where y > 1", "<null>|<null>")
	f("bit_or(x) from (values (B'110'), (B'01')) v(x)", "22026: cannot OR bit strings of different sizes")
	f("max(x) from (values (B'110')) v(x)", "42883: function max(bit) does not exist HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f("hamming_distance(B'111', B'100'), B'111' <~> B'000', X'0123456789ABCDEF01' <~> X'FEDCBA9876543210FE', B'' <~> B''", "2|3|72|0")
	f("jaccard_distance(B'1111', B'1100'), B'1111' <%> B'0000', B'0' <%> B'0', X'0123456789ABCDEF01' <%> X'0123456789ABCDEF02'", "0.5|1|1|0.05882352941176472")
	f("B'11' <~> B'1'", "22000: different bit lengths 2 and 1")
	f("B'11' <%> B'0'", "22000: different bit lengths 2 and 1")
}

// Columns of bit strings sort, group, join and are keys as their values say.
func TestBitColumns(t *testing.T) {
	db := newDB(t)
	db.Must("create table t (id int, a bit(9), b varbit)")
	db.Must("insert into t values (1, B'101010101', B'1'), (2, B'000000000', B'10'), (3, null, B''), (4, B'101010101', B'00000000'), (5, B'111111110', B'000000000'), (6, B'000000001', B'0')")
	db.Rows("select id, a, b from t order by a, id",
		"2|000000000|10",
		"6|000000001|0",
		"1|101010101|1",
		"4|101010101|00000000",
		"5|111111110|000000000",
		"3|<null>|",
	)
	db.Rows("select id, b from t order by b desc",
		"2|10",
		"1|1",
		"5|000000000",
		"4|00000000",
		"6|0",
		"3|",
	)
	db.Rows("select a, count(*) from t group by a order by a",
		"000000000|1",
		"000000001|1",
		"101010101|2",
		"111111110|1",
		"<null>|1",
	)
	db.Is("select count(distinct b), count(distinct a) from t", "6|4")
	db.Must("create index on t (a desc); create unique index on t (b)")
	db.Is("select array_agg(id order by id) from t where a = B'101010101'", "{1,4}")
	db.Is("select array_agg(id order by id) from t where a = '101010101'", "{1,4}")
	db.Is("select array_agg(id order by id) from t where b < B'10'", "{1,3,4,5,6}")
	db.Is("insert into t (b) values (B'10')", `23505: duplicate key value violates unique constraint "t_b_idx" DETAIL: Key (b)=(10) already exists.`)
	db.Rows("select id from t where a is not null order by a <~> B'101010100', id limit 2",
		"1",
		"4",
	)
	db.Must("create view w as select a & B'111000111' as m, b::bit(4) as c from t where b <> B'1'; alter table t alter b set default B'11', add check (a <> X'1FF'::bit(9))")
	db.Is("select pg_get_viewdef('w')", " SELECT (a & '111000111'::\"bit\") AS m,\n    (b)::bit(4) AS c\n   FROM t\n  WHERE (b <> ('1'::\"bit\")::bit varying);")
	db.Rows("select m, c from w order by 1, 2",
		"000000000|1000",
		"000000001|0000",
		"101000101|0000",
		"111000110|0000",
		"<null>|0000",
	)
	db.Rows("select pg_get_constraintdef(oid) from pg_constraint where conrelid = 't'::regclass",
		"CHECK ((a <> '000111111111'::bit(9)))",
	)
	db.Is("insert into t (id) values (7) returning b", "11")
	db.Is("alter table t alter a type varbit, alter b type bit(3) using b::bit(3)", `0A000: cannot alter type of a column used by a view or rule DETAIL: rule _RETURN on view w depends on column "a"`)
	db.Rows("select a, b from t order by id",
		"101010101|1",
		"000000000|10",
		"<null>|",
		"101010101|00000000",
		"111111110|000000000",
		"000000001|0",
		"<null>|11",
	)
}
