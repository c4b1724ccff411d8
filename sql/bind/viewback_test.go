package bind_test

import (
	"fmt"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A view made from a printed definition prints as the same text and gives the same rows, also where the text is not
// PostgreSQL's own spelling of the query.
func TestViewReadsBack(t *testing.T) {
	db := dbtest.New(t)
	db.Must(viewDDL)
	n := 0
	f := func(query string) {
		t.Helper()
		n++
		v := fmt.Sprintf("v%d", n)
		db.Must("create view " + v + " as " + query)
		readsBack(t, db, query, v)
	}
	f(`select a = 1 as eq, a <> 1 as ne, a != 2 as ne2, a < 1 as lt, a >= 1 as ge, a is distinct
		from 1 as d, a is not distinct from null as nd from t`)
	f(`select a in (1, 2) as i, a not in (1, 2) as ni, a in (1) as one, b in ('x', null) as n, a in (a, 2) as m from t`)
	f(`select (a, b) in ((1, 'one'), (2, 'x')) as i, (a, b) not in ((1, 'one')) as ni, row(a) = row(1) as one from t`)
	f(`select b collate "C" as c, b collate "C" < 'x' as l, lower(b collate "C") as lo from t order by b collate "C"`)
	f(`select t is null as n, t is not null as nn, t.* is null as st, t as whole from t`)
	f(`select interval '1' year as y, interval '1-2' year to month as ym, interval '1.234' second(1) as s,
		time(2) '03:04:05.678' as t2`)
	f(`select null::int as i, null::text as t, null::varchar(3) as v, null::int[] as a, null::jsonb as j`)
	f(`select 't'::regclass as c, 'int4'::regtype as ty, 'public'::regnamespace as n, 1::oid as o,
		'pg_class'::regclass::oid as oo`)
	f(`select d::numeric as same, c::varchar as sv, b::text as st, a::int as si, a::oid as o, a::char(3) as ch,
		e::text as et from t`)
	f(`select substring(b from 2 for 1) as s, substring(b from 2) as s2, substring(b, 1, 2) as s3,
		substring(b from 'o.') as re, substring(b similar 'o#"_#"e' escape '#') as si from t`)
	f(`select trim(b) as t, trim(both 'x' from b) as bo, trim(leading from b) as l,
		trim(trailing 'e' from b) as tr, btrim(b, 'x') as bt, ltrim(b) as lt from t`)
	f(`select position('n' in b) as p, strpos(b, 'n') as s, overlay(b placing 'x' from 1 for 2) as o,
		overlay(b placing 'x' from 2) as o2 from t`)
	f(`select g at time zone 'UTC' as z, h::timestamp at time zone 'Europe/Paris' as p, timezone('UTC', g) as f from t`)
	f(`select (h, h) overlaps (h, interval '1 day') as o, (g, g) overlaps (g, g) as og from t`)
	f(`select normalize('a', nfc) as n, 'a' is normalized as i, 'a' is nfd normalized as d, 'a' is not normalized as nn`)
	f(`select current_date as d, current_time as t, current_time(2) as t2, current_timestamp as ts,
		current_timestamp(3) as ts3, localtime as lt, localtimestamp(1) as ls where false`)
	f(`select format('%s-%s', a, b) as f, concat_ws(',', b, c) as cw, concat(variadic array[b, c]) as cv,
		make_interval(days => a) as mi, make_date(2024, a, 1) as md from t`)
	f(`select t.a, u.x from t inner join u using (a)`)
	f(`select a, x, b from t left join u using (a) order by a`)
	f(`select * from t natural join (select a, x from u) n`)
	f(`select a, x from t full join u using (a) where a is not null order by 1`)
	f(`select t.a from t right join u on t.a = u.a and u.y > 5 order by 1`)
	f(`select j.a, j.x from (t join u using (a)) as j order by 1`)
	f(`select k.a, j.a as ja from t join u using (a) as k join s.t j on j.a = k.a`)
	f(`select p, q from t as r (p, q) order by 1`)
	f(`select r.p, r.b from t as r (p) join u as w (m, n) on r.p = w.m order by 1`)
	f(`select only_t.a from only t only_t order by 1`)
	f(`select b, c, sum(a) as s from t group by rollup (b, c) order by 1, 2, 3`)
	f(`select b, c, count(*) as s from t group by cube (b, c) order by 1, 2, 3`)
	f(`select b, c, count(*) as s from t group by b, rollup (c, (a, d)) order by 1, 2, 3`)
	f(`select array_agg(a order by a desc) as a, string_agg(b, ',' order by b, a) as s,
		string_agg(distinct b, '-') as sd, jsonb_agg(a order by a) as ja from t`)
	f(`select sum(a) over (partition by e order by a rows between 1 preceding and 1 following) as s,
		sum(a) over (order by a rows unbounded preceding) as u from t order by a`)
	f(`select sum(a) over w as s, avg(a) over (w rows 1 preceding) as v, lag(b) over w as l from t
		window w as (partition by e order by a) order by a`)
	f(`select a from t order by a limit all`)
	f(`select a from t where exists (select 1 from u where u.a = t.a) and not exists (select from u
		where u.y is null and u.a = t.a) order by a`)
	f(`select (select max(y) from u) as m, (select b from s.t where s.t.a = t.a) as b, (select count(*) from u
		where u.a = t.a) + 1 as n from t order by a`)
	f(`select`)
	f(`values (1, null::date, 1.5), (2, '2024-01-02', 2)`)
	f(`select a from t where a in (select a from u union select 3) order by a`)
	f(`with recursive n (i) as (values (1) union all select i + 1 from n where i < 3) select i from n order by i`)
	f(`with recursive n as (select 1 as i union select i + 1 from n where i < 3) select i, i * 2 as d from n order by 1`)
	f(`select "A", "select", "a""b", a1 from "Odd Name"`)
	f(`select "Odd Name"."A" from "Odd Name", t where "Odd Name"."A" = t.a`)
	f(`select t.a, (select t.b from s.t where t.a = 1) as inner_b from t order by a`)
}
