package fn_test

import "testing"

// TestUnsignedOrder holds that pg_lsn and xid8 of 2^63 and above come after the smaller ones, wherever an order shows.
func TestUnsignedOrder(t *testing.T) {
	db := newDB(t)
	db.Must(`create table l (a pg_lsn, x xid8);
		insert into l values ('FFFFFFFF/0', '18446744073709551615'), ('1/0', '1'), ('80000000/0', '9223372036854775808')`)
	db.Rows("select a, x from l order by a",
		"1/0|1",
		"80000000/0|9223372036854775808",
		"FFFFFFFF/0|18446744073709551615",
	)
	db.Rows("select a, x from l order by x desc",
		"FFFFFFFF/0|18446744073709551615",
		"80000000/0|9223372036854775808",
		"1/0|1",
	)
	db.Rows("select max(a), min(a), max(x), min(x) from l",
		"FFFFFFFF/0|1/0|18446744073709551615|1",
	)
	db.Rows("select a from l where a > '2/0' order by a",
		"80000000/0",
		"FFFFFFFF/0",
	)
	db.Rows("select x from l where x between '1' and '9223372036854775808' order by x",
		"1",
		"9223372036854775808",
	)
	db.Rows("select '80000000/0'::pg_lsn > '1/0', '80000000/0'::pg_lsn <= '1/0', '80000000/0'::pg_lsn = '1/0'",
		"t|f|f",
	)
	db.Rows("select greatest('80000000/0'::pg_lsn, '1/0'), least('80000000/0'::pg_lsn, '1/0')",
		"80000000/0|1/0",
	)
	db.Rows("select array['80000000/0'::pg_lsn] < array['1/0'::pg_lsn], ('80000000/0'::pg_lsn, 1) > ('1/0'::pg_lsn, 1)",
		"f|t",
	)
	db.Rows("select count(*) over (order by x), x from l order by x",
		"1|1",
		"2|9223372036854775808",
		"3|18446744073709551615",
	)
	db.Must("create index on l (a); analyze l")
	db.Rows("select a from l where a >= '2/0' order by a",
		"80000000/0",
		"FFFFFFFF/0",
	)
}

// TestLSNArithmetic holds the distances between places in the log, and the steps from one to another.
func TestLSNArithmetic(t *testing.T) {
	db := newDB(t)
	db.Rows("select '1/0'::pg_lsn - '0/10'::pg_lsn, '0/1'::pg_lsn - 'FFFFFFFF/FFFFFFFF'::pg_lsn",
		"4294967280|-18446744073709551614",
	)
	db.Rows("select pg_wal_lsn_diff('1/0', '0/10'), pg_lsn(5.5), pg_lsn(23783416::numeric)",
		"4294967280|0/6|0/16AE7F8",
	)
	db.Rows("select '0/10'::pg_lsn + 16::numeric, 16::numeric + '0/10'::pg_lsn, '0/10'::pg_lsn - 15.5",
		"0/20|0/20|0/1",
	)
	db.Is("select '0/10'::pg_lsn + 'NaN'::numeric", "0A000: cannot add NaN to pg_lsn")
	db.Is("select '0/10'::pg_lsn - 'NaN'::numeric", "0A000: cannot subtract NaN from pg_lsn")
	db.Is("select '0/10'::pg_lsn + 'Infinity'::numeric", "0A000: cannot convert infinity to pg_lsn")
	db.Is("select pg_lsn('NaN'::numeric)", "0A000: cannot convert NaN to pg_lsn")
	db.Is("select '0/10'::pg_lsn - 17", "22023: pg_lsn out of range")
	db.Is("select 'FFFFFFFF/FFFFFFFF'::pg_lsn + 1", "22023: pg_lsn out of range")
}

// TestRecordsOfTwoTypes holds that records can be compared as far as their fields have the same types.
func TestRecordsOfTwoTypes(t *testing.T) {
	db := newDB(t)
	db.Must("create table d (id int, v int); insert into d values (1, 1); create table e (id int); insert into e values (1)")
	db.Rows("select d = row(1, 1), d = row(1, 2), d < row(1, 2), d = row(2, 'a'::text) from d where false")
	db.Is("select d = row(1, 1), d <> row(1, 1), d < row(1, 2), d >= row(1, null) from d", "42804: cannot compare dissimilar column types integer and unknown at record column 2")
	db.Is("select d = row(1) from d", "42804: cannot compare record types with different numbers of columns")
	db.Is("select d < row(1) from d", "42804: cannot compare record types with different numbers of columns")
	db.Is("select d = row(2) from d", "f")
	db.Is("select d = row(1, 'a'::text) from d", "42804: cannot compare dissimilar column types integer and text at record column 2")
	db.Is("select d = row(2, 'a'::text) from d", "f")
	db.Is("select d > e from d, e", "42804: cannot compare record types with different numbers of columns")
}
