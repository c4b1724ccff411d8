package queries_test

import "testing"

// Outer joins that stand in each other keep the order in which they were written.
func TestNestedOuterJoins(t *testing.T) {
	db := shops(t)
	db.Rows("select l.v, r.w, s.x from l left join r on l.k = r.k left join s on r.k = s.k order by 1, 2, 3",
		"a|p|x1",
		"a|u|x1",
		"b|p|x1",
		"b|u|x1",
		"c|q|x2",
		"c|q|x3",
		"c|r|x2",
		"c|r|x3",
		"d|<null>|<null>",
		"f|<null>|<null>",
		"<null>|<null>|<null>",
	)
	db.Rows("select l.v, r.w, s.x from l left join (r join s on r.k = s.k and r.id = s.id) on l.k = r.k order by 1, 2, 3",
		"a|p|x1",
		"b|p|x1",
		"c|r|x2",
		"d|<null>|<null>",
		"f|<null>|<null>",
		"<null>|<null>|<null>",
	)
	db.Rows("select l.v, r.w, s.x from l left join r on l.k = r.k join s on r.k = s.k order by 1, 2, 3",
		"a|p|x1",
		"a|u|x1",
		"b|p|x1",
		"b|u|x1",
		"c|q|x2",
		"c|q|x3",
		"c|r|x2",
		"c|r|x3",
	)
	db.Rows("select l.v, r.w, s.x from (l left join r on l.k = r.k) full join s on s.id = l.id order by 1, 2, 3",
		"a|p|x1",
		"a|u|x1",
		"b|p|<null>",
		"b|u|<null>",
		"c|q|x2",
		"c|r|x2",
		"d|<null>|x4",
		"f|<null>|<null>",
		"<null>|<null>|x3",
		"<null>|<null>|x5",
	)
	db.Rows(`select l.v, r.w, s.x from l left join (r left join s on r.id = s.id) on l.k = r.k and s.x is null
		order by 1, 2, 3`,
		"a|u|<null>",
		"b|u|<null>",
		"c|q|<null>",
		"d|<null>|<null>",
		"f|<null>|<null>",
		"<null>|<null>|<null>",
	)
	db.Rows(`select l.v, r.w, s.x from l left join (r full join s on r.k = s.k) on l.k = coalesce(r.k, s.k)
		order by 1, 2, 3`,
		"a|p|x1",
		"a|u|x1",
		"b|p|x1",
		"b|u|x1",
		"c|q|x2",
		"c|q|x3",
		"c|r|x2",
		"c|r|x3",
		"d|<null>|<null>",
		"f|<null>|<null>",
		"<null>|<null>|<null>",
	)
	db.Rows(`select l.v, r.w, s.x from l right join r on l.k = r.k right join s on s.k = r.k and s.id = r.id
		order by 3, 2, 1`,
		"a|p|x1",
		"b|p|x1",
		"c|r|x2",
		"<null>|<null>|x3",
		"<null>|<null>|x4",
		"<null>|<null>|x5",
	)
	db.Rows("select l.v, r.w, s.x from l left join r join s on r.id = s.id on l.id = s.id order by 1, 2, 3",
		"a|p|x1",
		"b|<null>|<null>",
		"c|r|x2",
		"d|s|x4",
		"f|<null>|<null>",
		"<null>|<null>|x5",
	)
	db.Rows(`select l.v, r.w, s.x from l left join r on l.id = r.id left join s on coalesce(r.k, 20) = s.k
		order by 1, 2, 3`,
		"a|p|x1",
		"b|q|x2",
		"b|q|x3",
		"c|r|x2",
		"c|r|x3",
		"d|s|x2",
		"d|s|x3",
		"f|<null>|x2",
		"f|<null>|x3",
		"<null>|<null>|x5",
	)
	db.Rows(`select l.v, r.w, s.x from l left join r on l.k = r.k and l.v <> 'a' left join s on s.id = r.id
		where s.x is null order by 1, 2, 3`,
		"a|<null>|<null>",
		"b|u|<null>",
		"c|q|<null>",
		"d|<null>|<null>",
		"f|<null>|<null>",
		"<null>|<null>|<null>",
	)
	db.Rows(`select l.v, r.w, n.y from l left join r on l.id = r.id left join none n on n.k = r.k
		where n.y is null and r.k is not null order by 1`,
		"a|p|<null>",
		"b|q|<null>",
		"c|r|<null>",
		"<null>|<null>|<null>",
	)
	db.Rows(`select l.v, q.w from l left join (select k, w, 1 as here from r where id < 4) q on q.k = l.k
		where q.here is null order by 1`,
		"d|<null>",
		"f|<null>",
		"<null>|<null>",
	)
	db.Rows(`select l.v, q.w, q.c from l left join (select w, k, 'c' || id as c from r) q on q.k = l.k
		and q.c <> 'c1' order by 1, 2`,
		"a|u|c6",
		"b|u|c6",
		"c|q|c2",
		"c|r|c3",
		"d|<null>|<null>",
		"f|<null>|<null>",
		"<null>|<null>|<null>",
	)
	db.Rows("select l.v, q.one from l left join (select 1 as one) q on l.k > 10 order by 1",
		"a|<null>",
		"b|<null>",
		"c|1",
		"d|<null>",
		"f|1",
		"<null>|1",
	)
}

// A table joined with itself is two tables.
func TestSelfJoins(t *testing.T) {
	db := shops(t)
	db.Rows("select a.v, b.v from l a join l b on a.k = b.k order by 1, 2",
		"a|a",
		"a|b",
		"b|a",
		"b|b",
		"c|c",
		"f|f",
		"<null>|<null>",
	)
	db.Rows("select a.v, b.v from l a join l b on a.k = b.k and a.id < b.id order by 1, 2",
		"a|b",
	)
	db.Rows("select a.v, b.v from l a left join l b on b.id = a.id + 1 order by a.v, b.v",
		"a|b",
		"b|c",
		"c|d",
		"d|<null>",
		"f|<null>",
		"<null>|<null>",
	)
	db.Rows(`select a.w, b.w, c.w from r a, r b, r c where a.k = b.k and b.k = c.k and a.id < b.id and b.id <= c.id
		order by 1, 2, 3`,
		"p|u|u",
		"q|r|r",
	)
	db.Is("select count(*) from l, l", `42712: table name "l" specified more than once`)
	db.Is("select count(*) from l a, l a", `42712: table name "a" specified more than once`)
	db.Is("select l.v from l a",
		`42P01: invalid reference to FROM-clause entry for table "l" `+
			`HINT: Perhaps you meant to reference the table alias "a".`)
	db.Rows("select a.v from l a where not exists (select from l b where b.k > a.k) order by 1",
		"d",
		"f",
	)
	db.Rows("select l.v, public.l.k from public.l join r as l2 on l.id = l2.id where l2.w < 'r' order by 1",
		"a|10",
		"b|10",
	)
	db.Must(`create table staff (id int primary key, name text, boss int references staff);
insert into staff values (1, 'ada', null), (2, 'bob', 1), (3, 'cy', 1), (4, 'dot', 2), (5, 'eve', 4)`)
	db.Rows(`select e.name, b.name, g.name from staff e left join staff b on b.id = e.boss
		left join staff g on g.id = b.boss order by e.id`,
		"ada|<null>|<null>",
		"bob|ada|<null>",
		"cy|ada|<null>",
		"dot|bob|ada",
		"eve|dot|bob",
	)
	db.Rows(`select b.name, count(e.id), string_agg(e.name, ',' order by e.name) from staff b
		left join staff e on e.boss = b.id group by b.id order by b.id`,
		"ada|2|bob,cy",
		"bob|1|dot",
		"cy|0|<null>",
		"dot|1|eve",
		"eve|0|<null>",
	)
}

// LATERAL sees what stands before it, at each row.
func TestLateralJoins(t *testing.T) {
	db := shops(t)
	db.Rows("select l.v, q.w from l, lateral (select w from r where r.k = l.k order by id desc limit 1) q order by 1",
		"a|u",
		"b|u",
		"c|r",
	)
	db.Rows(`select l.v, q.w from l left join lateral (select w from r where r.k = l.k order by id desc
		limit 1) q on true order by 1`,
		"a|u",
		"b|u",
		"c|r",
		"d|<null>",
		"f|<null>",
		"<null>|<null>",
	)
	db.Rows("select l.v, q.n from l cross join lateral (select count(*) n from r where r.k = l.k) q order by 1",
		"a|2",
		"b|2",
		"c|2",
		"d|0",
		"f|0",
		"<null>|0",
	)
	db.Rows(`select l.v, q.n, q.m from l left join lateral (select count(*) n, max(w) m from r where r.k = l.k
		having count(*) > 1) q on true order by 1`,
		"a|2|u",
		"b|2|u",
		"c|2|r",
		"d|<null>|<null>",
		"f|<null>|<null>",
		"<null>|<null>|<null>",
	)
	db.Rows("select l.v, g from l, generate_series(1, l.k / 10) g where l.id <= 3 order by 1, 2",
		"a|1",
		"b|1",
		"c|1",
		"c|2",
	)
	db.Rows("select l.v, g from l left join lateral generate_series(3, l.id) g on true order by 1, 2",
		"a|<null>",
		"b|<null>",
		"c|3",
		"d|3",
		"d|4",
		"f|<null>",
		"<null>|3",
		"<null>|4",
		"<null>|5",
	)
	db.Rows("select l.v, u.a, u.o from l, unnest(array[l.id, l.k]) with ordinality u(a, o) where l.v < 'e' order by 1, 3",
		"a|1|1",
		"a|10|2",
		"b|2|1",
		"b|10|2",
		"c|3|1",
		"c|20|2",
		"d|4|1",
		"d|<null>|2",
	)
	db.Rows(`select l.v, p.twice, q.next from l, lateral (select k * 2 twice) p, lateral (select twice + 1 next) q
		where id < 4 order by 1`,
		"a|20|21",
		"b|20|21",
		"c|40|41",
	)
	db.Rows(`select l.v, q.w, p.x from l, lateral (select w, k from r where r.id = l.id) q
		left join lateral (select x from s where s.k = q.k) p on true order by 1, 2, 3`,
		"a|p|x1",
		"b|q|x2",
		"b|q|x3",
		"c|r|x2",
		"c|r|x3",
		"d|s|<null>",
		"<null>|<null>|x5",
	)
	db.Rows("select l.v, q.a, q.b from l, lateral (values (l.id, 1), (l.k, 2)) q(a, b) where l.id = 3 order by q.b",
		"c|3|1",
		"c|20|2",
	)
	db.Rows(`select l.v, q.* from l, lateral (select l.id union all select r.id from r where r.k = l.k) q(n)
		where l.v in ('a', 'c') order by 1, 2`,
		"a|1",
		"a|1",
		"a|6",
		"c|2",
		"c|3",
		"c|3",
	)
	db.Rows("select l.v, q.w from l join lateral (select * from r where r.k = l.k) q on q.id > l.id order by 1, 2",
		"a|u",
		"b|u",
	)
	db.Rows(`select l.v, (select string_agg(q.w, '' order by q.w) from lateral (select w from r where r.k = l.k) q)
		from l order by 1`,
		"a|pu",
		"b|pu",
		"c|qr",
		"d|<null>",
		"f|<null>",
		"<null>|<null>",
	)
	db.Is("select * from l, (select w from r where r.k = l.k) q",
		`42P01: invalid reference to FROM-clause entry for table "l" `+
			`DETAIL: There is an entry for table "l", but it cannot be referenced from this part of the query. `+
			`HINT: To reference that table, you must mark this subquery with LATERAL.`)
	db.Is("select * from l right join lateral (select w from r where r.k = l.k) q on true",
		`42P10: invalid reference to FROM-clause entry for table "l" `+
			`DETAIL: The combining JOIN type must be INNER or LEFT for a LATERAL reference.`)
	db.Is("select * from l full join lateral (select w from r where r.k = l.k) q on true",
		`42P10: invalid reference to FROM-clause entry for table "l" `+
			`DETAIL: The combining JOIN type must be INNER or LEFT for a LATERAL reference.`)
	db.Is("select * from lateral (select l.k) q, l", `42P01: missing FROM-clause entry for table "l"`)
}

// Semi joins give a row once however many partners it has; anti joins give it when it has none.
func TestSemiAndAntiJoins(t *testing.T) {
	db := shops(t)
	f := func(where, want string) {
		t.Helper()
		db.Is("select v from l where "+where+" order by v", want)
	}
	f("exists (select from r where r.k = l.k)", "a; b; c")
	f("not exists (select from r where r.k = l.k)", "d; f; <null>")
	f("k in (select k from r)", "a; b; c")
	f("k not in (select k from r)", "")
	f("k not in (select k from r where k is not null)", "f; <null>")
	f("k not in (select k from none)", "a; b; c; d; f; <null>")
	f("k in (select k from none)", "")
	f("(k, id) in (select k, id from r)", "a; c")
	f("(k, id) not in (select k, id from r)", "b; <null>")
	f("(k, id) not in (select k, id from r where k is not null)", "b; d; f; <null>")
	f("exists (select from r where r.k = l.k and r.id > l.id)", "a; b")
	f("not exists (select from r where r.k = l.k and r.id > l.id)", "c; d; f; <null>")
	f("exists (select from r join s on s.k = r.k and s.id = r.id where r.k > l.k)", "a; b; c; f; <null>")
	f("exists (select from r where r.k = l.k) and not exists (select from s where s.id = l.id)", "b")
	f("exists (select from r where r.k = l.k) or exists (select from s where s.id = l.id)", "a; b; c; d; <null>")
	f("not exists (select from r where r.k = l.k and exists (select from s where s.k = r.k and s.id = l.id))",
		"b; d; f; <null>")
	f("k in (select r.k from r where r.id in (select s.id from s where s.k = r.k))", "a; b; c")
	f("k + 10 in (select k from r) is not true", "c; d; <null>")
	f("(k in (select k from r)) is null", "d; f; <null>")
	f("exists (select from r) and k > 10", "c; f; <null>")
	f("exists (select from none)", "")
	f("exists (select count(*) from none)", "a; b; c; d; f; <null>")
	f("exists (select r.k from r group by r.k having count(*) > 1 and r.k = l.k)", "a; b; c")
	f("exists (select from r where r.k = l.k limit 0)", "")
	f("exists (select from r where r.k = l.k offset 1)", "a; b; c")
	db.Rows("select w from r where k in (select k from l) order by w",
		"p",
		"q",
		"r",
		"u",
	)
	db.Rows("select l.v, r.w from l left join r on r.k = l.k where l.k in (select k from s) order by 1, 2",
		"a|p",
		"a|u",
		"b|p",
		"b|u",
		"c|q",
		"c|r",
	)
	db.Rows("select l.v, r.w from l left join r on r.k = l.k and r.id in (select id from s) order by 1, 2",
		"a|p",
		"b|p",
		"c|r",
		"d|<null>",
		"f|<null>",
		"<null>|<null>",
	)
	db.Is("select count(*) from l where k in (select k, id from r)", "42601: subquery has too many columns")
	db.Is("select count(*) from l where (k, id) in (select k from r)", "42601: subquery has too few columns")
}

// A product with filters is a join, over any number of tables and in any order.
func TestProductsWithFilters(t *testing.T) {
	db := shops(t)
	db.Rows("select l.v, r.w, s.x from l, r, s where l.k = r.k and r.k = s.k and s.id = l.id order by 1, 2, 3",
		"a|p|x1",
		"a|u|x1",
		"c|q|x2",
		"c|r|x2",
	)
	db.Rows("select l.v, r.w, s.x from s, l, r where l.id = r.id and s.id = r.id order by 1",
		"a|p|x1",
		"c|r|x2",
		"d|s|x4",
		"<null>|<null>|x5",
	)
	db.Rows("select l.v, r.w, s.x from l, r, s where l.id + r.id = s.id and l.k is not null order by 1, 2, 3",
		"a|q|x2",
		"a|r|x4",
		"a|s|x5",
		"b|p|x2",
		"b|q|x4",
		"b|r|x5",
		"c|p|x4",
		"c|q|x5",
		"c|u|x3",
		"<null>|s|x3",
	)
	db.Rows("select l.v, r.w from l, r where l.k = 10 and r.k = 20 order by 1, 2",
		"a|q",
		"a|r",
		"b|q",
		"b|r",
	)
	db.Rows("select l.v, r.w from l, r where (l.k = 10 and r.w = 'p') or (l.k = 20 and r.w = 's') order by 1, 2",
		"a|p",
		"b|p",
		"c|s",
	)
	db.Rows("select l.v, r.w from l, r where (l.k = r.k and r.w = 'p') or (l.k = r.k and r.w = 'q') order by 1, 2",
		"a|p",
		"b|p",
		"c|q",
	)
	db.Rows("select l.v from l, r, s, none n where l.k = r.k order by 1")
	db.Rows(`select a.v, b.w from (select * from l where k >= 20) a, (select * from r where k <= 20) b
		where a.k = b.k order by 1, 2`,
		"c|q",
		"c|r",
	)
	db.Rows("select l.v, r.w, s.x, o.v from l, r, s, l o where l.id = r.id and r.id = s.id and o.id = s.id - 1 order by 1",
		"c|r|x2|b",
		"d|s|x4|c",
		"<null>|<null>|x5|d",
	)
	db.Rows(`select l.v, x.a from l, (values (10, 'ten'), (20, 'twenty'), (20, 'score')) x(k, a) where x.k = l.k
		order by 1, 2`,
		"a|ten",
		"b|ten",
		"c|score",
		"c|twenty",
	)
	db.Rows(`select l.v, count(*), sum(r.k), min(s.x) from l, r, s where r.k = s.k and l.id <= r.id group by l.v
		order by 1`,
		"a|7|160|x1",
		"b|6|150|x1",
		"c|4|110|x1",
		"d|2|70|x1",
		"<null>|2|70|x1",
	)
}

// Whole rows and stars of joined tables, with the names and NULLs of the side that is missing.
func TestRowsOfJoins(t *testing.T) {
	db := shops(t)
	db.Rows("select l.*, r.w from l join r on l.id = r.id order by 1",
		"1|10|a|p",
		"2|10|b|q",
		"3|20|c|r",
		"4|<null>|d|s",
		"5|40|<null>|<null>",
	)
	db.Rows("select r is null, r is not null, r.* is null from l left join r on l.k = r.k and r.id = 1 order by l.v",
		"f|t|f",
		"f|t|f",
		"t|f|t",
		"t|f|t",
		"t|f|t",
		"t|f|t",
	)
	db.Rows("select j from (select l.v, r.w from l join r using (id)) j order by j.v",
		"(a,p)",
		"(b,q)",
		"(c,r)",
		"(d,s)",
		"(,)",
	)
	db.Is("select x.* from l", `42P01: missing FROM-clause entry for table "x"`)
	db.Is("select k from l, r", `42702: column reference "k" is ambiguous`)
	db.Is("select l.k from l join r on k = 1", `42702: column reference "k" is ambiguous`)
	db.Is("select l.nope from l join r on l.k = r.k", "42703: column l.nope does not exist")
}

// Joins of some thousand rows, past the borders of batches, where each key has several partners.
func TestJoinsOfManyRows(t *testing.T) {
	db := shops(t)
	db.Must(`
create table big as select g id, g % 700 k, case when g % 13 = 0 then null else g % 50 end h
from generate_series(1, 2500) g;
create table side as select g id, g * 2 % 1400 k, g % 7 h from generate_series(1, 1025) g`)
	f := func(from, want string) {
		t.Helper()
		db.Is("select count(*), count(b.id), count(s.id), sum(b.id), sum(s.id) from "+from, want)
	}
	f("big b join side s on b.k = s.k", "2425|2425|2425|3024300|1206950")
	f("big b left join side s on b.k = s.k", "3675|3675|2425|4586800|1206950")
	f("big b right join side s on b.k = s.k", "2775|2425|2775|3024300|1390525")
	f("big b full join side s on b.k = s.k", "4025|3675|2775|4586800|1390525")
	f("big b full join side s on b.k = s.k and b.h = s.h", "3533|2522|1061|3154116|543979")
	f("big b left join side s on b.k = s.k and b.h < s.h", "2574|2574|152|3218938|75094")
	f("big b right join side s on b.h = s.h and b.id > s.id", "37295|37295|37295|55083190|17473340")
	f("big b join side s on b.id between s.id and s.id + 2", "3075|3075|3075|1580550|1577475")
	f("big b left join side s on b.id = s.id where s.id is null", "1475|1475|0|2600425|<null>")
	f("(select * from big where h in (select h from side)) b left join side s on s.id = b.k", "323|323|320|398916|98616")
	f("(select * from big x where not exists (select from side y where y.k = x.k)) b left join side s on s.id = b.h",
		"1250|1250|1154|1562500|28842")
	db.Is("select count(*), sum(id) from big where h not in (select h from side)", "1985|2486470")
	db.Is("select count(*), sum(id) from big where k not in (select k from side where h = 3)", "2321|2902142")
	db.Must("create index on side (k); analyze")
	f("big b join side s on b.k = s.k", "2425|2425|2425|3024300|1206950")
	f("big b left join side s on b.k = s.k where b.id < 40", "58|58|38|1160|13680")
	f("big b left join side s on b.k = s.k and s.h > 3 where b.id < 40", "47|47|16|956|5776")
}
