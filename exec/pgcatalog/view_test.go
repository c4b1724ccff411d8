package pgcatalog_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// pg_get_viewdef is a view's query as PostgreSQL prints it.
func TestViewDef(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (a int primary key, b text, c varchar(5), d numeric(6,2), e boolean, f int[], g
	timestamptz)`)
	db.Must("create table u (a int, x text, y bigint)")
	db.Must("create view v01 as select * from t")
	db.Must(`create view v02 as select a as "A", b || 'x' as bx, c = 'y' as eq, d > 5 as big, lower(c) as l
	from t where a > 1 and (b = 'q' or not e)`)
	db.Must("create view v03 as select t.a, u.x from t join u on t.a = u.a where u.y > 3")
	db.Must(`create view v04 as select t.a, u.x from t left join u on t.a = u.y order by t.a desc, u.x nulls
	first limit 3 offset 1`)
	db.Must(`create view v05 as select b, count(*) as n, sum(a) from t group by b having count(*) > 1 order
	by n desc`)
	db.Must("create view v06 as select distinct b, c from t")
	db.Must("create view v07 as select distinct on (b) b, a from t order by b, a desc")
	db.Must("create view v08 as select a from t union all select a from u union select 5 order by a")
	db.Must("create view v09 as with q as (select a, b from t where a > 0) select q.a, q.b from q")
	db.Must(`create view v10 as select a, (select max(y) from u where u.a = t.a) as m from t where exists
	(select 1 from u where u.a = t.a) and a in (select a from u)`)
	db.Must(`create view v11 as select case when a > 1 then 'x' when a is null then b else c end as k, case a
	when 1 then 2 end as z, coalesce(b, c) as co from t`)
	db.Must(`create view v12 as select row_number() over (partition by b order by a) as rn, sum(a) over
	(order by a rows between 1 preceding and current row) as s from t`)
	db.Must("create view v13 as values (1, 'x'), (2, null)")
	db.Must(`create view v14 as select s.n, l.v from (select a as n from t) s, lateral (select s.n + 1 as v)
	l`)
	db.Must(`create view v15 as select g::date as day, a::text, b::varchar(3), '5'::int as five, f[1] as f1,
	array[a, 2] as arr, g at time zone 'UTC' as z from t`)
	db.Must("create view v16 as select generate_series as i from generate_series(1, 3)")
	db.Must("create view v17 as select x.i from generate_series(1, 3) x (i) cross join u")
	db.Must(`create view v18 as select -a as neg, a + 2 * a as expr, (a + 2) * a as expr2, a % 2 = 0 as even,
	b like 'x%' as l, b between 'a' and 'b' as btw, b is distinct from c as dis from t`)
	db.Must(`create view v19 as select count(distinct a) filter (where e) as n, string_agg(b, ',' order by a
	desc) as s, array_agg(a) as arr from t`)
	db.Must(`create view v20 as select current_date as d, now() as n, current_user as u, extract(year from g)
	as y, greatest(a, 2) as g from t`)
	db.Must("create view v21 as select t.* from t, u where t.a = u.a")
	db.Must(`create view v22 as select 1 as one, null as nothing, 'text' as txt, true as yes, 1.50 as num, -3
	as neg, date '2020-01-01' as d, interval '1 day' as i`)
	db.Must(`create view v23 as select a from v01 where a = any (array[1, 2]) or a in (3, 4) or a not in (5,
	6)`)
	db.Must("create view v24 as select b from t group by b, lower(b) order by lower(b), 1")
	db.Must(`create view v25 as select t1.a from t t1 join t t2 on t1.a = t2.a and t1.b = t2.b full join u on
	true`)
	db.Rows(`select c.relname, pg_get_viewdef(c.oid) from pg_class c where relkind = 'v' and relnamespace =
	'public'::regnamespace order by 1`,
		"v01| SELECT a,\n    b,\n    c,\n    d,\n    e,\n    f,\n    g\n   FROM t;",
		`v02| SELECT a AS "A",
    (b || 'x'::text) AS bx,
    ((c)::text = 'y'::text) AS eq,
    (d > (5)::numeric) AS big,
    lower((c)::text) AS l
   FROM t
  WHERE ((a > 1) AND ((b = 'q'::text) OR (NOT e)));`,
		"v03| SELECT t.a,\n    u.x\n   FROM (t\n     JOIN u ON ((t.a = u.a)))\n  WHERE (u.y > 3);",
		`v04| SELECT t.a,
    u.x
   FROM (t
     LEFT JOIN u ON ((t.a = u.y)))
  ORDER BY t.a DESC, u.x NULLS FIRST
 OFFSET 1
 LIMIT 3;`,
		`v05| SELECT b,
    count(*) AS n,
    sum(a) AS sum
   FROM t
  GROUP BY b
 HAVING (count(*) > 1)
  ORDER BY (count(*)) DESC;`,
		"v06| SELECT DISTINCT b,\n    c\n   FROM t;",
		"v07| SELECT DISTINCT ON (b) b,\n    a\n   FROM t\n  ORDER BY b, a DESC;",
		`v08|(
         SELECT t.a
           FROM t
        UNION ALL
         SELECT u.a
           FROM u
) UNION
 SELECT 5 AS a
  ORDER BY 1;`,
		`v09| WITH q AS (
         SELECT t.a,
            t.b
           FROM t
          WHERE (t.a > 0)
        )
 SELECT a,
    b
   FROM q;`,
		`v10| SELECT a,
    ( SELECT max(u.y) AS max
           FROM u
          WHERE (u.a = t.a)) AS m
   FROM t
  WHERE ((EXISTS ( SELECT 1
           FROM u
          WHERE (u.a = t.a))) AND (a IN ( SELECT u.a
           FROM u)));`,
		`v11| SELECT
        CASE
            WHEN (a > 1) THEN 'x'::character varying
            WHEN (a IS NULL) THEN (b)::character varying
            ELSE c
        END AS k,
        CASE a
            WHEN 1 THEN 2
            ELSE NULL::integer
        END AS z,
    COALESCE(b, (c)::text) AS co
   FROM t;`,
		`v12| SELECT row_number() OVER (PARTITION BY b ORDER BY a) AS rn,
    sum(a) OVER (ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s
   FROM t;`,
		"v13| VALUES (1,'x'::text), (2,NULL::text);",
		`v14| SELECT s.n,
    l.v
   FROM ( SELECT t.a AS n
           FROM t) s,
    LATERAL ( SELECT (s.n + 1) AS v) l;`,
		`v15| SELECT (g)::date AS day,
    (a)::text AS a,
    (b)::character varying(3) AS b,
    5 AS five,
    f[1] AS f1,
    ARRAY[a, 2] AS arr,
    (g AT TIME ZONE 'UTC'::text) AS z
   FROM t;`,
		"v16| SELECT generate_series AS i\n   FROM generate_series(1, 3) generate_series(generate_series);",
		"v17| SELECT x.i\n   FROM (generate_series(1, 3) x(i)\n     CROSS JOIN u);",
		`v18| SELECT (- a) AS neg,
    (a + (2 * a)) AS expr,
    ((a + 2) * a) AS expr2,
    ((a % 2) = 0) AS even,
    (b ~~ 'x%'::text) AS l,
    ((b >= 'a'::text) AND (b <= 'b'::text)) AS btw,
    (b IS DISTINCT FROM (c)::text) AS dis
   FROM t;`,
		`v19| SELECT count(DISTINCT a) FILTER (WHERE e) AS n,
    string_agg(b, ','::text ORDER BY a DESC) AS s,
    array_agg(a) AS arr
   FROM t;`,
		`v20| SELECT CURRENT_DATE AS d,
    now() AS n,
    CURRENT_USER AS u,
    EXTRACT(year FROM g) AS y,
    GREATEST(a, 2) AS g
   FROM t;`,
		`v21| SELECT t.a,
    t.b,
    t.c,
    t.d,
    t.e,
    t.f,
    t.g
   FROM t,
    u
  WHERE (t.a = u.a);`,
		`v22| SELECT 1 AS one,
    NULL::text AS nothing,
    'text'::text AS txt,
    true AS yes,
    1.50 AS num,
    '-3'::integer AS neg,
    '2020-01-01'::date AS d,
    '1 day'::interval AS i;`,
		`v23| SELECT a
   FROM v01
  WHERE ((a = ANY (ARRAY[1, 2])) OR (a = ANY (ARRAY[3, 4])) OR (a <> ALL (ARRAY[5, 6])));`,
		"v24| SELECT b\n   FROM t\n  GROUP BY b, (lower(b))\n  ORDER BY (lower(b)), b;",
		`v25| SELECT t1.a
   FROM ((t t1
     JOIN t t2 ON (((t1.a = t2.a) AND (t1.b = t2.b))))
     FULL JOIN u ON (true));`,
	)
	db.Rows(`select c.relname, pg_get_viewdef(c.oid, true) from pg_class c where relkind = 'v' and
	relnamespace = 'public'::regnamespace order by 1`,
		"v01| SELECT a,\n    b,\n    c,\n    d,\n    e,\n    f,\n    g\n   FROM t;",
		`v02| SELECT a AS "A",
    b || 'x'::text AS bx,
    c::text = 'y'::text AS eq,
    d > 5::numeric AS big,
    lower(c::text) AS l
   FROM t
  WHERE a > 1 AND (b = 'q'::text OR NOT e);`,
		"v03| SELECT t.a,\n    u.x\n   FROM t\n     JOIN u ON t.a = u.a\n  WHERE u.y > 3;",
		`v04| SELECT t.a,
    u.x
   FROM t
     LEFT JOIN u ON t.a = u.y
  ORDER BY t.a DESC, u.x NULLS FIRST
 OFFSET 1
 LIMIT 3;`,
		`v05| SELECT b,
    count(*) AS n,
    sum(a) AS sum
   FROM t
  GROUP BY b
 HAVING count(*) > 1
  ORDER BY (count(*)) DESC;`,
		"v06| SELECT DISTINCT b,\n    c\n   FROM t;",
		"v07| SELECT DISTINCT ON (b) b,\n    a\n   FROM t\n  ORDER BY b, a DESC;",
		`v08|(
         SELECT t.a
           FROM t
        UNION ALL
         SELECT u.a
           FROM u
) UNION
 SELECT 5 AS a
  ORDER BY 1;`,
		`v09| WITH q AS (
         SELECT t.a,
            t.b
           FROM t
          WHERE t.a > 0
        )
 SELECT a,
    b
   FROM q;`,
		`v10| SELECT a,
    ( SELECT max(u.y) AS max
           FROM u
          WHERE u.a = t.a) AS m
   FROM t
  WHERE (EXISTS ( SELECT 1
           FROM u
          WHERE u.a = t.a)) AND (a IN ( SELECT u.a
           FROM u));`,
		`v11| SELECT
        CASE
            WHEN a > 1 THEN 'x'::character varying
            WHEN a IS NULL THEN b::character varying
            ELSE c
        END AS k,
        CASE a
            WHEN 1 THEN 2
            ELSE NULL::integer
        END AS z,
    COALESCE(b, c::text) AS co
   FROM t;`,
		`v12| SELECT row_number() OVER (PARTITION BY b ORDER BY a) AS rn,
    sum(a) OVER (ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s
   FROM t;`,
		"v13| VALUES (1,'x'::text), (2,NULL::text);",
		"v14| SELECT s.n,\n    l.v\n   FROM ( SELECT t.a AS n\n           FROM t) s,\n    LATERAL ( SELECT s.n + 1 AS v) l;",
		`v15| SELECT g::date AS day,
    a::text AS a,
    b::character varying(3) AS b,
    5 AS five,
    f[1] AS f1,
    ARRAY[a, 2] AS arr,
    (g AT TIME ZONE 'UTC'::text) AS z
   FROM t;`,
		"v16| SELECT generate_series AS i\n   FROM generate_series(1, 3) generate_series(generate_series);",
		"v17| SELECT x.i\n   FROM generate_series(1, 3) x(i)\n     CROSS JOIN u;",
		`v18| SELECT - a AS neg,
    a + 2 * a AS expr,
    (a + 2) * a AS expr2,
    (a % 2) = 0 AS even,
    b ~~ 'x%'::text AS l,
    b >= 'a'::text AND b <= 'b'::text AS btw,
    b IS DISTINCT FROM c::text AS dis
   FROM t;`,
		`v19| SELECT count(DISTINCT a) FILTER (WHERE e) AS n,
    string_agg(b, ','::text ORDER BY a DESC) AS s,
    array_agg(a) AS arr
   FROM t;`,
		`v20| SELECT CURRENT_DATE AS d,
    now() AS n,
    CURRENT_USER AS u,
    EXTRACT(year FROM g) AS y,
    GREATEST(a, 2) AS g
   FROM t;`,
		"v21| SELECT t.a,\n    t.b,\n    t.c,\n    t.d,\n    t.e,\n    t.f,\n    t.g\n   FROM t,\n    u\n  WHERE t.a = u.a;",
		`v22| SELECT 1 AS one,
    NULL::text AS nothing,
    'text'::text AS txt,
    true AS yes,
    1.50 AS num,
    '-3'::integer AS neg,
    '2020-01-01'::date AS d,
    '1 day'::interval AS i;`,
		"v23| SELECT a\n   FROM v01\n  WHERE (a = ANY (ARRAY[1, 2])) OR (a = ANY (ARRAY[3, 4])) OR (a <> ALL (ARRAY[5, 6]));",
		"v24| SELECT b\n   FROM t\n  GROUP BY b, (lower(b))\n  ORDER BY (lower(b)), b;",
		"v25| SELECT t1.a\n   FROM t t1\n     JOIN t t2 ON t1.a = t2.a AND t1.b = t2.b\n     FULL JOIN u ON true;",
	)
}

// Names given to a view's columns, and new names of what it uses, are in its definition.
func TestViewNames(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b text)")
	db.Must("create view v (x, y) as select a, upper(b) from t")
	db.Must("create view w (p, q) as values (1, 'x'), (2, null)")
	db.Must("create view u (n) as select a from t union select 5 order by 1")
	db.Must("create view c (k) as with q as (select a from t) select a from q")
	db.Must(`create view "V 2" as select v.x as "X", w.q from v, w where v.x = w.p`)
	db.Rows("select viewname, definition from pg_views where schemaname = 'public' order by 1",
		"V 2| SELECT v.x AS \"X\",\n    w.q\n   FROM v,\n    w\n  WHERE (v.x = w.p);",
		"c| WITH q AS (\n         SELECT t.a\n           FROM t\n        )\n SELECT a AS k\n   FROM q;",
		"u| SELECT t.a AS n\n   FROM t\nUNION\n SELECT 5 AS n\n  ORDER BY 1;",
		"v| SELECT a AS x,\n    upper(b) AS y\n   FROM t;",
		"w| SELECT column1 AS p,\n    column2 AS q\n   FROM (VALUES (1,'x'::text), (2,NULL::text)) \"*VALUES*\";",
	)
	db.Must("alter table t rename column a to aa")
	db.Must("alter view v rename column x to xx")
	db.Rows("select viewname, definition from pg_views where schemaname = 'public' order by 1",
		"V 2| SELECT v.xx AS \"X\",\n    w.q\n   FROM v,\n    w\n  WHERE (v.xx = w.p);",
		"c| WITH q AS (\n         SELECT t.aa AS a\n           FROM t\n        )\n SELECT a AS k\n   FROM q;",
		"u| SELECT t.aa AS n\n   FROM t\nUNION\n SELECT 5 AS n\n  ORDER BY 1;",
		"v| SELECT aa AS xx,\n    upper(b) AS y\n   FROM t;",
		"w| SELECT column1 AS p,\n    column2 AS q\n   FROM (VALUES (1,'x'::text), (2,NULL::text)) \"*VALUES*\";",
	)
	db.Is(`select column_name, data_type from information_schema.columns where table_name in ('v', 'c',
	'u') order by table_name, 1`,
		"k|integer; n|integer; xx|integer; y|text")
	db.Must("create schema s")
	db.Must("alter table t set schema s")
	db.Must("alter view v set schema s")
	db.Is(`select pg_get_viewdef('"V 2"'::regclass), pg_get_viewdef('c'::regclass)`,
		` SELECT v.xx AS "X",
    w.q
   FROM s.v,
    w
  WHERE (v.xx = w.p);| WITH q AS (
         SELECT t.aa AS a
           FROM s.t
        )
 SELECT a AS k
   FROM q;`)
	db.Is(`select pg_get_viewdef('c'), pg_get_viewdef('"V 2"', true), pg_get_viewdef('c', 80)`,
		`22P02: invalid input syntax for type oid: "c"`)
	db.Is("select pg_get_viewdef('s.t'::regclass)", "<null>")
	db.Is("select pg_get_viewdef(0), pg_get_viewdef('none')",
		`42P01: relation "none" does not exist`)
	db.Is("drop table s.t",
		`2BP01: cannot drop table s.t because other objects depend on it DETAIL: view s.v depends on table s.t
view "V 2" depends on view s.v
view u depends on table s.t
view c depends on table s.t HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is("drop view s.v",
		`2BP01: cannot drop view s.v because other objects depend on it DETAIL: view "V 2" depends on view s.v `+
			`HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is("drop view s.v cascade", "DROP VIEW")
	db.Is("select viewname from pg_views where schemaname in ('public', 's') order by 1", "c; u; w")
}
