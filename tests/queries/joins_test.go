package queries_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// shops is a small database whose join keys repeat, are NULL, and have no partner, on each side.
func shops(t *testing.T) *dbtest.DB {
	t.Helper()
	db := dbtest.New(t)
	db.Must(`
create table l (id int, k int, v text);
create table r (id int, k int, w text);
create table s (k int, id int, x text);
create table none (id int, k int, y text);
insert into l values (1, 10, 'a'), (2, 10, 'b'), (3, 20, 'c'), (4, null, 'd'), (5, 40, null), (null, 50, 'f');
insert into r values (1, 10, 'p'), (2, 20, 'q'), (3, 20, 'r'), (4, null, 's'), (5, 60, null), (6, 10, 'u');
insert into s values (10, 1, 'x1'), (20, 3, 'x2'), (20, 9, 'x3'), (null, 4, 'x4'), (60, 5, 'x5')`)
	return db
}

// Each kind of join keeps the rows its name says, and a NULL key meets nothing.
func TestJoinKinds(t *testing.T) {
	db := shops(t)
	db.Rows("select l.id, l.v, r.id, r.w from l join r on l.k = r.k order by 1, 3",
		"1|a|1|p",
		"1|a|6|u",
		"2|b|1|p",
		"2|b|6|u",
		"3|c|2|q",
		"3|c|3|r",
	)
	db.Rows("select l.id, l.v, r.id, r.w from l left join r on l.k = r.k order by l.v, r.id",
		"1|a|1|p",
		"1|a|6|u",
		"2|b|1|p",
		"2|b|6|u",
		"3|c|2|q",
		"3|c|3|r",
		"4|d|<null>|<null>",
		"<null>|f|<null>|<null>",
		"5|<null>|<null>|<null>",
	)
	db.Rows("select l.id, l.v, r.id, r.w from l right join r on l.k = r.k order by r.id, l.id",
		"1|a|1|p",
		"2|b|1|p",
		"3|c|2|q",
		"3|c|3|r",
		"<null>|<null>|4|s",
		"<null>|<null>|5|<null>",
		"1|a|6|u",
		"2|b|6|u",
	)
	db.Rows("select l.id, l.v, r.id, r.w from l full join r on l.k = r.k order by l.v, r.id",
		"1|a|1|p",
		"1|a|6|u",
		"2|b|1|p",
		"2|b|6|u",
		"3|c|2|q",
		"3|c|3|r",
		"4|d|<null>|<null>",
		"<null>|f|<null>|<null>",
		"<null>|<null>|4|s",
		"<null>|<null>|5|<null>",
		"5|<null>|<null>|<null>",
	)
	db.Is("select count(*), count(l.k), count(r.k) from l cross join r", "36|30|30")
	db.Is("select count(*), count(l.k), count(r.k) from l, r where l.k = r.k", "6|6|6")
	db.Is("select count(*), count(l.k), count(r.k) from l, r where l.k <> r.k", "19|19|19")
	db.Rows("select l.v, r.w from l join r on l.k is not distinct from r.k order by 1, 2",
		"a|p",
		"a|u",
		"b|p",
		"b|u",
		"c|q",
		"c|r",
		"d|s",
	)
}

// A join with no rows on one side keeps what an outer join must keep and nothing else.
func TestJoinsWithNothing(t *testing.T) {
	db := shops(t)
	f := func(join, want string) {
		t.Helper()
		db.Is("select count(*), count(l.k), count(n.k), count(y) from "+join, want)
	}
	f("l join none n on l.k = n.k", "0|0|0|0")
	f("l left join none n on l.k = n.k", "6|5|0|0")
	f("l right join none n on l.k = n.k", "0|0|0|0")
	f("l full join none n on l.k = n.k", "6|5|0|0")
	f("none n join l on l.k = n.k", "0|0|0|0")
	f("none n left join l on l.k = n.k", "0|0|0|0")
	f("none n right join l on l.k = n.k", "6|5|0|0")
	f("none n full join l on l.k = n.k", "6|5|0|0")
	f("l cross join none n", "0|0|0|0")
	f("l left join none n on true", "6|5|0|0")
	f("l left join none n on false", "6|5|0|0")
	f("l full join none n on true", "6|5|0|0")
	f("(select * from l where false) l full join none n on l.k = n.k", "0|0|0|0")
	f("(select * from l where false) l left join none n on true", "0|0|0|0")
}

// A condition that is constant decides for all rows at once, and NULL counts as false.
func TestJoinsOnConstants(t *testing.T) {
	db := shops(t)
	f := func(join, want string) {
		t.Helper()
		db.Is("select count(*), count(l.v), count(r.w) from "+join, want)
	}
	f("l join r on true", "36|30|30")
	f("l join r on false", "0|0|0")
	f("l join r on null", "0|0|0")
	f("l left join r on false", "6|5|0")
	f("l left join r on null::bool", "6|5|0")
	f("l right join r on false", "6|0|5")
	f("l full join r on false", "12|5|5")
	f("l left join r on 1 = 1", "36|30|30")
	f("l left join r on 1 = 2 or l.k = r.k", "9|8|6")
	f("l left join r on l.k = r.k and 1 = 2", "6|5|0")
	f("l left join r on l.k = r.k and null", "6|5|0")
	db.Is("select count(*) from l join r on 1", "42804: argument of JOIN/ON must be type boolean, not type integer")
	db.Is("select count(*) from l join r on l.v", "42804: argument of JOIN/ON must be type boolean, not type text")
	db.Is("select count(*) from l join r", "42601: syntax error at end of input")
	db.Is("select count(*) from l cross join r on true", `42601: syntax error at or near "on"`)
}

// USING makes one column of the two, the one that is there, in front of the rest.
func TestJoinUsing(t *testing.T) {
	db := shops(t)
	db.Rows("select * from l join r using (k) order by 1, 2, 4",
		"10|1|a|1|p",
		"10|1|a|6|u",
		"10|2|b|1|p",
		"10|2|b|6|u",
		"20|3|c|2|q",
		"20|3|c|3|r",
	)
	db.Rows("select * from l left join r using (k) order by v, 4",
		"10|1|a|1|p",
		"10|1|a|6|u",
		"10|2|b|1|p",
		"10|2|b|6|u",
		"20|3|c|2|q",
		"20|3|c|3|r",
		"<null>|4|d|<null>|<null>",
		"50|<null>|f|<null>|<null>",
		"40|5|<null>|<null>|<null>",
	)
	db.Rows("select k, v, w from l right join r using (k) order by w, v",
		"10|a|p",
		"10|b|p",
		"20|c|q",
		"20|c|r",
		"<null>|<null>|s",
		"10|a|u",
		"10|b|u",
		"60|<null>|<null>",
	)
	db.Rows("select k, l.k, r.k, v, w from l full join r using (k) order by v, w",
		"10|10|10|a|p",
		"10|10|10|a|u",
		"10|10|10|b|p",
		"10|10|10|b|u",
		"20|20|20|c|q",
		"20|20|20|c|r",
		"<null>|<null>|<null>|d|<null>",
		"50|50|<null>|f|<null>",
		"<null>|<null>|<null>|<null>|s",
		"40|40|<null>|<null>|<null>",
		"60|<null>|60|<null>|<null>",
	)
	db.Rows("select * from l join r using (k, id) order by 1",
		"10|1|a|p",
		"20|3|c|r",
	)
	db.Rows("select * from l join r using (id, k) order by 1",
		"1|10|a|p",
		"3|20|c|r",
	)
	db.Rows("select k, v, w, x from l join r using (k) join s using (k) order by v, w, x",
		"10|a|p|x1",
		"10|a|u|x1",
		"10|b|p|x1",
		"10|b|u|x1",
		"20|c|q|x2",
		"20|c|q|x3",
		"20|c|r|x2",
		"20|c|r|x3",
	)
	db.Rows("select k, v, w, x from l full join r using (k) full join s using (k) order by v, w, x",
		"10|a|p|x1",
		"10|a|u|x1",
		"10|b|p|x1",
		"10|b|u|x1",
		"20|c|q|x2",
		"20|c|q|x3",
		"20|c|r|x2",
		"20|c|r|x3",
		"<null>|d|<null>|<null>",
		"50|f|<null>|<null>",
		"<null>|<null>|s|<null>",
		"<null>|<null>|<null>|x4",
		"60|<null>|<null>|x5",
		"40|<null>|<null>|<null>",
	)
	db.Rows(`select j.k, v, w from (l join r using (k)) as j (k, a, b, c, w) join (select 10 k, 'z' v) z using (k)
		order by a, w`,
		"10|z|p",
		"10|z|u",
		"10|z|p",
		"10|z|u",
	)
	db.Rows("select j.k, l.v from l join r using (k) as j where l.v is not null order by l.v, r.w limit 3",
		"10|a",
		"10|a",
		"10|b",
	)
	db.Rows("select j.* from l full join r using (k) as j order by 1",
		"10",
		"10",
		"10",
		"10",
		"20",
		"20",
		"40",
		"50",
		"60",
		"<null>",
		"<null>",
	)
	db.Is("select j.v from l join r using (k) as j",
		`42703: column j.v does not exist HINT: Perhaps you meant to reference the column "l.v".`)
	db.Is("select * from l join r using (v)", `42703: column "v" specified in USING clause does not exist in right table`)
	db.Is("select * from l join r using (nothing)",
		`42703: column "nothing" specified in USING clause does not exist in left table`)
	db.Is("select * from l join r using (k, k)", `42701: column name "k" appears more than once in USING clause`)
	db.Is("select * from l join s using (k) join r using (id)",
		`42702: common column name "id" appears more than once in left table`)
	db.Is("select id from l join r using (k)", `42702: column reference "id" is ambiguous`)
	db.Is("select * from l as j join r using (k) as j", `42712: table name "j" specified more than once`)
	db.Is("select * from l join (select 'x' k) t using (k)",
		"42883: operator does not exist: integer = text "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.",
	)
}

// NATURAL is USING over the names that both sides have; with none it is a cross join.
func TestNaturalJoins(t *testing.T) {
	db := shops(t)
	db.Rows("select * from l natural join r order by 1",
		"1|10|a|p",
		"3|20|c|r",
	)
	db.Rows("select * from l natural left join r order by v",
		"1|10|a|p",
		"2|10|b|<null>",
		"3|20|c|r",
		"4|<null>|d|<null>",
		"<null>|50|f|<null>",
		"5|40|<null>|<null>",
	)
	db.Rows("select * from l natural right join r order by w",
		"1|10|a|p",
		"2|20|<null>|q",
		"3|20|c|r",
		"4|<null>|<null>|s",
		"6|10|<null>|u",
		"5|60|<null>|<null>",
	)
	db.Rows("select * from l natural full join r order by v, w",
		"1|10|a|p",
		"2|10|b|<null>",
		"3|20|c|r",
		"4|<null>|d|<null>",
		"<null>|50|f|<null>",
		"2|20|<null>|q",
		"4|<null>|<null>|s",
		"6|10|<null>|u",
		"5|40|<null>|<null>",
		"5|60|<null>|<null>",
	)
	db.Rows("select * from r natural join s order by x",
		"1|10|p|x1",
		"3|20|r|x2",
		"5|60|<null>|x5",
	)
	db.Is("select count(*) from l natural join (select w from r) r", "36")
	db.Is("select count(*) from l natural left join (select w from r where false) r", "6")
	db.Rows(`select * from (select id, v from l) a natural join (select id, w from r) b
		natural join (select id, x from s) c order by 1`,
		"1|a|p|x1",
		"3|c|r|x2",
		"4|d|s|x4",
		"5|<null>|<null>|x5",
	)
	db.Is("select * from l natural join r on true", `42601: syntax error at or near "on"`)
	db.Is("select * from (l cross join r) natural join s",
		`42702: common column name "id" appears more than once in left table`)
}

// In an outer join a condition of ON takes partners away, one of WHERE takes rows away.
func TestOuterJoinConditions(t *testing.T) {
	db := shops(t)
	db.Rows("select l.id, r.id from l left join r on l.k = r.k and r.w > 'q' order by l.v, r.id",
		"1|6",
		"2|6",
		"3|3",
		"4|<null>",
		"<null>|<null>",
		"5|<null>",
	)
	db.Rows("select l.id, r.id from l left join r on l.k = r.k where r.w > 'q' order by l.v, r.id",
		"1|6",
		"2|6",
		"3|3",
	)
	db.Rows("select l.id, r.id from l left join r on l.k = r.k and l.v > 'a' order by l.v, r.id",
		"1|<null>",
		"2|1",
		"2|6",
		"3|2",
		"3|3",
		"4|<null>",
		"<null>|<null>",
		"5|<null>",
	)
	db.Rows("select l.id, r.id from l left join r on l.k = r.k where l.v > 'a' order by l.v, r.id",
		"2|1",
		"2|6",
		"3|2",
		"3|3",
		"4|<null>",
		"<null>|<null>",
	)
	db.Rows("select l.id, l.v from l left join r on l.k = r.k where r.id is null order by l.v",
		"4|d",
		"<null>|f",
		"5|<null>",
	)
	db.Rows("select l.id, l.v, r.id from l left join r on l.k = r.k where r.w is null order by l.v, r.id",
		"4|d|<null>",
		"<null>|f|<null>",
		"5|<null>|<null>",
	)
	db.Rows(`select l.v, coalesce(r.w, 'none') from l left join r on l.k = r.k where coalesce(r.w, 'none') < 'q'
		order by 1, 2`,
		"a|p",
		"b|p",
		"d|none",
		"f|none",
		"<null>|none",
	)
	db.Rows("select l.v, r.w from l left join r on l.k = r.k where r.k = l.k or r.k is null order by 1, 2",
		"a|p",
		"a|u",
		"b|p",
		"b|u",
		"c|q",
		"c|r",
		"d|<null>",
		"f|<null>",
		"<null>|<null>",
	)
	db.Rows("select l.v, r.w from l left join r on l.k = r.k where (r.w = 'p') is not true order by 1, 2",
		"a|u",
		"b|u",
		"c|q",
		"c|r",
		"d|<null>",
		"f|<null>",
		"<null>|<null>",
	)
	db.Rows("select l.v, r.w from l right join r on l.k = r.k and l.v = 'a' order by 2, 1",
		"a|p",
		"<null>|q",
		"<null>|r",
		"<null>|s",
		"a|u",
		"<null>|<null>",
	)
	db.Rows("select l.v, r.w from l right join r on l.k = r.k where l.v = 'a' order by 2, 1",
		"a|p",
		"a|u",
	)
	db.Rows("select l.v, r.w from l full join r on l.k = r.k and l.id = r.id order by 1, 2",
		"a|p",
		"b|<null>",
		"c|r",
		"d|<null>",
		"f|<null>",
		"<null>|q",
		"<null>|s",
		"<null>|u",
		"<null>|<null>",
		"<null>|<null>",
	)
	db.Rows("select l.v, r.w from l full join r on l.k = r.k where l.v > 'a' order by 1, 2",
		"b|p",
		"b|u",
		"c|q",
		"c|r",
		"d|<null>",
		"f|<null>",
	)
	db.Rows("select l.v, r.w from l full join r on l.k = r.k where r.w < 's' order by 1, 2",
		"a|p",
		"b|p",
		"c|q",
		"c|r",
	)
	db.Rows("select l.v, r.w from l full join r on l.k = r.k where l.v > 'a' and r.w < 's' order by 1, 2",
		"b|p",
		"c|q",
		"c|r",
	)
	db.Rows("select l.v, r.w from l full join r on l.k = r.k where l.v is null or r.w is null order by 1, 2",
		"d|<null>",
		"f|<null>",
		"<null>|s",
		"<null>|<null>",
		"<null>|<null>",
	)
}

// Comparisons other than = and expressions of both sides join as well.
func TestJoinsOnExpressions(t *testing.T) {
	db := shops(t)
	db.Rows("select l.v, r.w from l join r on l.k < r.k order by 1, 2",
		"a|q",
		"a|r",
		"a|<null>",
		"b|q",
		"b|r",
		"b|<null>",
		"c|<null>",
		"f|<null>",
		"<null>|<null>",
	)
	db.Rows("select l.v, r.w from l left join r on l.k > r.k order by 1, 2",
		"a|<null>",
		"b|<null>",
		"c|p",
		"c|u",
		"d|<null>",
		"f|p",
		"f|q",
		"f|r",
		"f|u",
		"<null>|p",
		"<null>|q",
		"<null>|r",
		"<null>|u",
	)
	db.Rows("select l.v, r.w from l right join r on r.k between l.k and l.k + 10 order by 2, 1",
		"a|p",
		"b|p",
		"a|q",
		"b|q",
		"c|q",
		"a|r",
		"b|r",
		"c|r",
		"<null>|s",
		"a|u",
		"b|u",
		"f|<null>",
	)
	db.Rows("select l.v, r.w from l join r on l.k + 10 = r.k order by 1, 2",
		"a|q",
		"a|r",
		"b|q",
		"b|r",
		"f|<null>",
	)
	db.Rows("select l.v, r.w from l join r on l.k / 10 = r.id order by 1, 2",
		"a|p",
		"b|p",
		"c|q",
		"f|<null>",
		"<null>|s",
	)
	db.Rows("select l.v, r.w from l join r on l.k = r.k * 2 and l.id <> r.id order by 1, 2",
		"c|p",
		"c|u",
		"<null>|q",
		"<null>|r",
	)
	db.Rows("select l.v, r.w from l join r on l.k = r.k or l.id = r.id order by 1, 2",
		"a|p",
		"a|u",
		"b|p",
		"b|q",
		"b|u",
		"c|q",
		"c|r",
		"d|s",
		"<null>|<null>",
	)
	db.Rows("select l.v, r.w from l left join r on (l.k, l.id) = (r.k, r.id) order by 1, 2",
		"a|p",
		"b|<null>",
		"c|r",
		"d|<null>",
		"f|<null>",
		"<null>|<null>",
	)
	db.Rows("select l.v, r.w from l join r on (l.k, l.id) < (r.k, r.id) and l.v in ('b', 'c') order by 1, 2",
		"b|q",
		"b|r",
		"b|u",
		"b|<null>",
		"c|<null>",
	)
	db.Rows("select l.v, r.w from l join r on coalesce(l.k, -1) = coalesce(r.k, -1) order by 1, 2",
		"a|p",
		"a|u",
		"b|p",
		"b|u",
		"c|q",
		"c|r",
		"d|s",
	)
	db.Rows("select l.v, r.w from l left join r on l.k = r.k and r.w like 'p%' or l.v = r.w order by 1, 2",
		"a|p",
		"b|p",
		"c|<null>",
		"d|<null>",
		"f|<null>",
		"<null>|<null>",
	)
	db.Rows(`select l.v, r.w from l join r on l.k::text = r.k::text
		and case when l.id = 1 then r.id = 6 else true end order by 1, 2`,
		"a|u",
		"b|p",
		"b|u",
		"c|q",
		"c|r",
	)
	db.Rows("select l.v, r.w from l join r on l.k::numeric = r.k::bigint and l.k::float8 > 10 order by 1, 2",
		"c|q",
		"c|r",
	)
	db.Rows("select l.v, r.w from l join r on l.k = r.k and l.k = 20 and r.k = 20 order by 1, 2",
		"c|q",
		"c|r",
	)
	db.Is("select count(*) from l join r on l.k = r.k and l.k = 10 and r.k = 20", "0")
}
