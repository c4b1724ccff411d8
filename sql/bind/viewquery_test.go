package bind_test

import "testing"

// Every form of join is printed with its condition, aliases and nesting.
func TestViewJoins(t *testing.T) {
	f := views(t)
	f(`select t.a, u.x from t join u on t.a = u.a`,
		" SELECT t.a,\n    u.x\n   FROM (t\n     JOIN u ON ((t.a = u.a)));",
		" SELECT t.a,\n    u.x\n   FROM t\n     JOIN u ON t.a = u.a;")
	f(`select t.a, u.a as ua from t cross join u order by 1, 2`,
		" SELECT t.a,\n    u.a AS ua\n   FROM (t\n     CROSS JOIN u)\n  ORDER BY t.a, u.a;",
		" SELECT t.a,\n    u.a AS ua\n   FROM t\n     CROSS JOIN u\n  ORDER BY t.a, u.a;")
	f(`select t1.a, t2.b from t t1, t as t2 where t1.a = t2.a`,
		" SELECT t1.a,\n    t2.b\n   FROM t t1,\n    t t2\n  WHERE (t1.a = t2.a);",
		" SELECT t1.a,\n    t2.b\n   FROM t t1,\n    t t2\n  WHERE t1.a = t2.a;")
	f(`select t1.a from t t1 left join (t t2 join u on t2.a = u.a) on t1.a = t2.a order by 1`,
		` SELECT t1.a
   FROM (t t1
     LEFT JOIN (t t2
     JOIN u ON ((t2.a = u.a))) ON ((t1.a = t2.a)))
  ORDER BY t1.a;`,
		" SELECT t1.a\n   FROM t t1\n     LEFT JOIN (t t2\n     JOIN u ON t2.a = u.a) ON t1.a = t2.a\n  ORDER BY t1.a;")
	f(`select t1.a from (t t1 left join t t2 on t1.a = t2.a) join u on t1.a = u.a order by 1`,
		` SELECT t1.a
   FROM ((t t1
     LEFT JOIN t t2 ON ((t1.a = t2.a)))
     JOIN u ON ((t1.a = u.a)))
  ORDER BY t1.a;`,
		" SELECT t1.a\n   FROM t t1\n     LEFT JOIN t t2 ON t1.a = t2.a\n     JOIN u ON t1.a = u.a\n  ORDER BY t1.a;")
	f(`select a.v, t.a from (values (1, 'x'), (2, 'y')) a (v, w) join t on t.a = a.v order by 1`,
		` SELECT a.v,
    t.a
   FROM (( VALUES (1,'x'::text), (2,'y'::text)) a(v, w)
     JOIN t ON ((t.a = a.v)))
  ORDER BY a.v;`,
		` SELECT a.v,
    t.a
   FROM ( VALUES (1,'x'::text), (2,'y'::text)) a(v, w)
     JOIN t ON t.a = a.v
  ORDER BY a.v;`)
	f(`select t.a, l.m from t, lateral (select max(u.y) as m from u where u.a = t.a) l order by 1`,
		` SELECT t.a,
    l.m
   FROM t,
    LATERAL ( SELECT max(u.y) AS m
           FROM u
          WHERE (u.a = t.a)) l
  ORDER BY t.a;`,
		` SELECT t.a,
    l.m
   FROM t,
    LATERAL ( SELECT max(u.y) AS m
           FROM u
          WHERE u.a = t.a) l
  ORDER BY t.a;`)
	f(`select t.a, l.y from t left join lateral (select y from u where u.a = t.a limit 1) l on true order by 1`,
		` SELECT t.a,
    l.y
   FROM (t
     LEFT JOIN LATERAL ( SELECT u.y
           FROM u
          WHERE (u.a = t.a)
         LIMIT 1) l ON (true))
  ORDER BY t.a;`,
		` SELECT t.a,
    l.y
   FROM t
     LEFT JOIN LATERAL ( SELECT u.y
           FROM u
          WHERE u.a = t.a
         LIMIT 1) l ON true
  ORDER BY t.a;`)
	f(`select t.a, g.n from t cross join lateral generate_series(1, t.a) as g (n) order by 1, 2`,
		" SELECT t.a,\n    g.n\n   FROM (t\n     CROSS JOIN LATERAL generate_series(1, t.a) g(n))\n  ORDER BY t.a, g.n;",
		" SELECT t.a,\n    g.n\n   FROM t\n     CROSS JOIN LATERAL generate_series(1, t.a) g(n)\n  ORDER BY t.a, g.n;")
	f(`select x.v, x.o from unnest(array['a', 'b']) with ordinality x (v, o) order by o`,
		" SELECT v,\n    o\n   FROM unnest(ARRAY['a'::text, 'b'::text]) WITH ORDINALITY x(v, o)\n  ORDER BY o;",
		" SELECT v,\n    o\n   FROM unnest(ARRAY['a'::text, 'b'::text]) WITH ORDINALITY x(v, o)\n  ORDER BY o;")
	f(`select r.a, r.b, r.n from rows from (generate_series(1, 2), unnest(array['x', 'y'])) with ordinality as r
		(a, b, n) order by n`,
		` SELECT a,
    b,
    n
   FROM ROWS FROM(generate_series(1, 2), unnest(ARRAY['x'::text, 'y'::text])) WITH ORDINALITY r(a, b, n)
  ORDER BY n;`,
		` SELECT a,
    b,
    n
   FROM ROWS FROM(generate_series(1, 2), unnest(ARRAY['x'::text, 'y'::text])) WITH ORDINALITY r(a, b, n)
  ORDER BY n;`)
	f(`select e.key, e.value from t, jsonb_each(t.j) e order by 1`,
		" SELECT e.key,\n    e.value\n   FROM t,\n    LATERAL jsonb_each(t.j) e(key, value)\n  ORDER BY e.key;",
		" SELECT e.key,\n    e.value\n   FROM t,\n    LATERAL jsonb_each(t.j) e(key, value)\n  ORDER BY e.key;")
	f(`select q.a, q.b from jsonb_to_recordset('[{"a": 1, "b": "x"}]') as q (a int, b text)`,
		" SELECT a,\n    b\n   FROM jsonb_to_recordset('[{\"a\": 1, \"b\": \"x\"}]'::jsonb) q(a integer, b text);",
		" SELECT a,\n    b\n   FROM jsonb_to_recordset('[{\"a\": 1, \"b\": \"x\"}]'::jsonb) q(a integer, b text);")
	f(`select st.a, far.k from s.t st, s.far order by 1`,
		" SELECT st.a,\n    far.k\n   FROM s.t st,\n    s.far\n  ORDER BY st.a;",
		" SELECT st.a,\n    far.k\n   FROM s.t st,\n    s.far\n  ORDER BY st.a;")
	f(`select t.a, s_t.b from t join s.t s_t on t.a = s_t.a`,
		" SELECT t.a,\n    s_t.b\n   FROM (t\n     JOIN s.t s_t ON ((t.a = s_t.a)));",
		" SELECT t.a,\n    s_t.b\n   FROM t\n     JOIN s.t s_t ON t.a = s_t.a;")
	f(`select x.a from (select a from t where a > 1) x where x.a < 3`,
		" SELECT a\n   FROM ( SELECT t.a\n           FROM t\n          WHERE (t.a > 1)) x\n  WHERE (a < 3);",
		" SELECT a\n   FROM ( SELECT t.a\n           FROM t\n          WHERE t.a > 1) x\n  WHERE a < 3;")
	f(`select x.* from (select a, b as bb from t) x order by 1`,
		" SELECT a,\n    bb\n   FROM ( SELECT t.a,\n            t.b AS bb\n           FROM t) x\n  ORDER BY a;",
		" SELECT a,\n    bb\n   FROM ( SELECT t.a,\n            t.b AS bb\n           FROM t) x\n  ORDER BY a;")
}

// Grouping, windows, order, limits and locks are printed clause by clause.
func TestViewClauses(t *testing.T) {
	f := views(t)
	f(`select b, count(*) as n from t group by b having count(*) > 0 order by n desc, b`,
		" SELECT b,\n    count(*) AS n\n   FROM t\n  GROUP BY b\n HAVING (count(*) > 0)\n  ORDER BY (count(*)) DESC, b;",
		" SELECT b,\n    count(*) AS n\n   FROM t\n  GROUP BY b\n HAVING count(*) > 0\n  ORDER BY (count(*)) DESC, b;")
	f(`select b, c, grouping(b, c) as g, count(*) as s from t group by grouping sets ((b, c), (b), ()) order by 1, 2, 3`,
		` SELECT b,
    c,
    GROUPING(b, c) AS g,
    count(*) AS s
   FROM t
  GROUP BY GROUPING SETS ((b, c), (b), ())
  ORDER BY b, c, GROUPING(b, c);`,
		` SELECT b,
    c,
    GROUPING(b, c) AS g,
    count(*) AS s
   FROM t
  GROUP BY GROUPING SETS ((b, c), (b), ())
  ORDER BY b, c, (GROUPING(b, c));`)
	f(`select a + 1 as k, count(*) as n from t group by a + 1 order by a + 1`,
		" SELECT (a + 1) AS k,\n    count(*) AS n\n   FROM t\n  GROUP BY (a + 1)\n  ORDER BY (a + 1);",
		" SELECT a + 1 AS k,\n    count(*) AS n\n   FROM t\n  GROUP BY (a + 1)\n  ORDER BY (a + 1);")
	f(`select a + 1 as k, count(*) as n from t group by 1 order by 1`,
		" SELECT (a + 1) AS k,\n    count(*) AS n\n   FROM t\n  GROUP BY (a + 1)\n  ORDER BY (a + 1);",
		" SELECT a + 1 AS k,\n    count(*) AS n\n   FROM t\n  GROUP BY (a + 1)\n  ORDER BY (a + 1);")
	f(`select distinct b, c from t order by b, c`,
		" SELECT DISTINCT b,\n    c\n   FROM t\n  ORDER BY b, c;",
		" SELECT DISTINCT b,\n    c\n   FROM t\n  ORDER BY b, c;")
	f(`select distinct on (e) e, a from t order by e, a desc`,
		" SELECT DISTINCT ON (e) e,\n    a\n   FROM t\n  ORDER BY e, a DESC;",
		" SELECT DISTINCT ON (e) e,\n    a\n   FROM t\n  ORDER BY e, a DESC;")
	f(`select distinct on (a % 2) a from t order by a % 2, a`,
		" SELECT DISTINCT ON ((a % 2)) a\n   FROM t\n  ORDER BY (a % 2), a;",
		" SELECT DISTINCT ON ((a % 2)) a\n   FROM t\n  ORDER BY (a % 2), a;")
	f(`select count(*) as c, count(b) as cb, count(distinct b) as cd, sum(a) filter (where e) as f, avg(d) as av,
		bool_or(e) as bo from t`,
		` SELECT count(*) AS c,
    count(b) AS cb,
    count(DISTINCT b) AS cd,
    sum(a) FILTER (WHERE e) AS f,
    avg(d) AS av,
    bool_or(e) AS bo
   FROM t;`,
		` SELECT count(*) AS c,
    count(b) AS cb,
    count(DISTINCT b) AS cd,
    sum(a) FILTER (WHERE e) AS f,
    avg(d) AS av,
    bool_or(e) AS bo
   FROM t;`)
	f(`select percentile_cont(0.5) within group (order by a) as p, mode() within group (order by b desc) as m,
		rank(2) within group (order by a) as r from t`,
		` SELECT percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY ((a)::double precision)) AS p,
    mode() WITHIN GROUP (ORDER BY b DESC) AS m,
    rank(2) WITHIN GROUP (ORDER BY a) AS r
   FROM t;`,
		` SELECT percentile_cont(0.5::double precision) WITHIN GROUP (ORDER BY (a::double precision)) AS p,
    mode() WITHIN GROUP (ORDER BY b DESC) AS m,
    rank(2) WITHIN GROUP (ORDER BY a) AS r
   FROM t;`)
	f(`select row_number() over () as r, rank() over (order by a) as ra,
		dense_rank() over (partition by e order by a desc nulls last) as dr from t order by a`,
		` SELECT row_number() OVER () AS r,
    rank() OVER (ORDER BY a) AS ra,
    dense_rank() OVER (PARTITION BY e ORDER BY a DESC NULLS LAST) AS dr
   FROM t
  ORDER BY a;`,
		` SELECT row_number() OVER () AS r,
    rank() OVER (ORDER BY a) AS ra,
    dense_rank() OVER (PARTITION BY e ORDER BY a DESC NULLS LAST) AS dr
   FROM t
  ORDER BY a;`)
	f(`select sum(a) over (order by a range between 1 preceding and current row) as r,
		count(*) over (order by a groups between unbounded preceding and 1 following exclude current row) as g from t
		order by a`,
		` SELECT sum(a) OVER (ORDER BY a RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS r,
    count(*) OVER (ORDER BY a GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) AS g
   FROM t
  ORDER BY a;`,
		` SELECT sum(a) OVER (ORDER BY a RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS r,
    count(*) OVER (ORDER BY a GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) AS g
   FROM t
  ORDER BY a;`)
	f(`select lag(a, 1, 0) over (order by a) as l, lead(b) over (order by a) as le,
		first_value(a) over (order by a) as f, nth_value(a, 2) over (order by a) as n,
		ntile(2) over (order by a) as nt from t order by a`,
		` SELECT lag(a, 1, 0) OVER (ORDER BY a) AS l,
    lead(b) OVER (ORDER BY a) AS le,
    first_value(a) OVER (ORDER BY a) AS f,
    nth_value(a, 2) OVER (ORDER BY a) AS n,
    ntile(2) OVER (ORDER BY a) AS nt
   FROM t
  ORDER BY a;`,
		` SELECT lag(a, 1, 0) OVER (ORDER BY a) AS l,
    lead(b) OVER (ORDER BY a) AS le,
    first_value(a) OVER (ORDER BY a) AS f,
    nth_value(a, 2) OVER (ORDER BY a) AS n,
    ntile(2) OVER (ORDER BY a) AS nt
   FROM t
  ORDER BY a;`)
	f(`select count(*) filter (where a > 1) over (order by a) as c, sum(sum(a)) over (order by e) as ss from t
		group by e, a order by a`,
		` SELECT count(*) FILTER (WHERE (a > 1)) OVER (ORDER BY a) AS c,
    sum(sum(a)) OVER (ORDER BY e) AS ss
   FROM t
  GROUP BY e, a
  ORDER BY a;`,
		` SELECT count(*) FILTER (WHERE a > 1) OVER (ORDER BY a) AS c,
    sum(sum(a)) OVER (ORDER BY e) AS ss
   FROM t
  GROUP BY e, a
  ORDER BY a;`)
	f(`select a from t order by b desc nulls last, c nulls first, a using > limit 2 offset 1`,
		" SELECT a\n   FROM t\n  ORDER BY b DESC NULLS LAST, c NULLS FIRST, a DESC\n OFFSET 1\n LIMIT 2;",
		" SELECT a\n   FROM t\n  ORDER BY b DESC NULLS LAST, c NULLS FIRST, a DESC\n OFFSET 1\n LIMIT 2;")
	f(`select a from t order by a limit 1 + 1 offset 0`,
		" SELECT a\n   FROM t\n  ORDER BY a\n OFFSET 0\n LIMIT (1 + 1);",
		" SELECT a\n   FROM t\n  ORDER BY a\n OFFSET 0\n LIMIT (1 + 1);")
	f(`select e from t order by e fetch first 1 rows with ties`,
		" SELECT e\n   FROM t\n  ORDER BY e\n FETCH FIRST (1) ROWS WITH TIES;",
		" SELECT e\n   FROM t\n  ORDER BY e\n FETCH FIRST (1) ROWS WITH TIES;")
	f(`select a from t order by a fetch first 2 rows only`,
		" SELECT a\n   FROM t\n  ORDER BY a\n LIMIT 2;",
		" SELECT a\n   FROM t\n  ORDER BY a\n LIMIT 2;")
	f(`select a from t order by (select 1), a + 1, b || c`,
		" SELECT a\n   FROM t\n  ORDER BY ( SELECT 1), (a + 1), (b || (c)::text);",
		" SELECT a\n   FROM t\n  ORDER BY (( SELECT 1)), (a + 1), (b || c::text);")
	f(`select a from t where a in (select a from u) and a not in (select y from u where y is not null) order by a`,
		` SELECT a
   FROM t
  WHERE ((a IN ( SELECT u.a
           FROM u)) AND (NOT (a IN ( SELECT u.y
           FROM u
          WHERE (u.y IS NOT NULL)))))
  ORDER BY a;`,
		` SELECT a
   FROM t
  WHERE (a IN ( SELECT u.a
           FROM u)) AND NOT (a IN ( SELECT u.y
           FROM u
          WHERE u.y IS NOT NULL))
  ORDER BY a;`)
	f(`select a from t where a > all (select a from u where a < 2) and a = any (select a from u) order by a`,
		` SELECT a
   FROM t
  WHERE ((a > ALL ( SELECT u.a
           FROM u
          WHERE (u.a < 2))) AND (a IN ( SELECT u.a
           FROM u)))
  ORDER BY a;`,
		` SELECT a
   FROM t
  WHERE (a > ALL ( SELECT u.a
           FROM u
          WHERE u.a < 2)) AND (a IN ( SELECT u.a
           FROM u))
  ORDER BY a;`)
	f(`select a from t where true and not false`,
		" SELECT a\n   FROM t\n  WHERE (true AND (NOT false));",
		" SELECT a\n   FROM t\n  WHERE true AND NOT false;")
	f(`select 1 where 1 = 1 having true`,
		" SELECT 1 AS \"?column?\"\n  WHERE (1 = 1)\n HAVING true;",
		" SELECT 1 AS \"?column?\"\n  WHERE 1 = 1\n HAVING true;")
}

// Set operations are printed with the parentheses that keep their meaning.
func TestViewSetOperations(t *testing.T) {
	f := views(t)
	f(`select a from t union select a from u order by 1`,
		" SELECT t.a\n   FROM t\nUNION\n SELECT u.a\n   FROM u\n  ORDER BY 1;",
		" SELECT t.a\n   FROM t\nUNION\n SELECT u.a\n   FROM u\n  ORDER BY 1;")
	f(`select a from t union all select a from u order by a`,
		" SELECT t.a\n   FROM t\nUNION ALL\n SELECT u.a\n   FROM u\n  ORDER BY 1;",
		" SELECT t.a\n   FROM t\nUNION ALL\n SELECT u.a\n   FROM u\n  ORDER BY 1;")
	f(`select a, b from t intersect select a, b from s.t`,
		" SELECT t.a,\n    t.b\n   FROM t\nINTERSECT\n SELECT t.a,\n    t.b\n   FROM s.t;",
		" SELECT t.a,\n    t.b\n   FROM t\nINTERSECT\n SELECT t.a,\n    t.b\n   FROM s.t;")
	f(`select a from t except all select a from u order by 1`,
		" SELECT t.a\n   FROM t\nEXCEPT ALL\n SELECT u.a\n   FROM u\n  ORDER BY 1;",
		" SELECT t.a\n   FROM t\nEXCEPT ALL\n SELECT u.a\n   FROM u\n  ORDER BY 1;")
	f(`select a from t union (select a from u intersect select 1) order by 1`,
		` SELECT t.a
   FROM t
UNION (
         SELECT u.a
           FROM u
        INTERSECT
         SELECT 1 AS a
)
  ORDER BY 1;`,
		` SELECT t.a
   FROM t
UNION (
         SELECT u.a
           FROM u
        INTERSECT
         SELECT 1 AS a
)
  ORDER BY 1;`)
	f(`(select a from t union select a from u) except select 1 order by 1`,
		`(
         SELECT t.a
           FROM t
        UNION
         SELECT u.a
           FROM u
) EXCEPT
 SELECT 1 AS a
  ORDER BY 1;`,
		`(
         SELECT t.a
           FROM t
        UNION
         SELECT u.a
           FROM u
) EXCEPT
 SELECT 1 AS a
  ORDER BY 1;`)
	f(`select a from t union all (select a from u union select 9) order by 1`,
		` SELECT t.a
   FROM t
UNION ALL (
         SELECT u.a
           FROM u
        UNION
         SELECT 9 AS a
)
  ORDER BY 1;`,
		` SELECT t.a
   FROM t
UNION ALL (
         SELECT u.a
           FROM u
        UNION
         SELECT 9 AS a
)
  ORDER BY 1;`)
	f(`(select a from t order by a limit 1) union all (select a from u order by a desc limit 1) order by 1`,
		`( SELECT t.a
   FROM t
  ORDER BY t.a
 LIMIT 1)
UNION ALL
( SELECT u.a
   FROM u
  ORDER BY u.a DESC
 LIMIT 1)
  ORDER BY 1;`,
		`( SELECT t.a
   FROM t
  ORDER BY t.a
 LIMIT 1)
UNION ALL
( SELECT u.a
   FROM u
  ORDER BY u.a DESC
 LIMIT 1)
  ORDER BY 1;`)
	f(`select a, null as n from t union select 1.5, 'x' order by 1, 2`,
		" SELECT t.a,\n    NULL::text AS n\n   FROM t\nUNION\n SELECT 1.5 AS a,\n    'x'::text AS n\n  ORDER BY 1, 2;",
		" SELECT t.a,\n    NULL::text AS n\n   FROM t\nUNION\n SELECT 1.5 AS a,\n    'x'::text AS n\n  ORDER BY 1, 2;")
	f(`select 1 as one union select 2 union select 3 order by one`,
		" SELECT 1 AS one\nUNION\n SELECT 2 AS one\nUNION\n SELECT 3 AS one\n  ORDER BY 1;",
		" SELECT 1 AS one\nUNION\n SELECT 2 AS one\nUNION\n SELECT 3 AS one\n  ORDER BY 1;")
	f(`values (1, 'a'), (2, 'b') order by 1`,
		" VALUES (1,'a'::text), (2,'b'::text)\n  ORDER BY column1;",
		" VALUES (1,'a'::text), (2,'b'::text)\n  ORDER BY column1;")
	f(`select x.column1 from (values (1), (2)) x order by 1`,
		" SELECT column1\n   FROM ( VALUES (1), (2)) x\n  ORDER BY column1;",
		" SELECT column1\n   FROM ( VALUES (1), (2)) x\n  ORDER BY column1;")
	f(`select * from (select a from t union select a from u) q where q.a > 1 order by 1`,
		` SELECT a
   FROM ( SELECT t.a
           FROM t
        UNION
         SELECT u.a
           FROM u) q
  WHERE (a > 1)
  ORDER BY a;`,
		` SELECT a
   FROM ( SELECT t.a
           FROM t
        UNION
         SELECT u.a
           FROM u) q
  WHERE a > 1
  ORDER BY a;`)
	f(`table s.t order by a`,
		" SELECT a,\n    b\n   FROM s.t\n  ORDER BY a;",
		" SELECT a,\n    b\n   FROM s.t\n  ORDER BY a;")
}

// WITH queries are printed with their columns, their hints and their recursion.
func TestViewWithQueries(t *testing.T) {
	f := views(t)
	f(`with q as (select a, b from t) select q.a from q order by 1`,
		` WITH q AS (
         SELECT t.a,
            t.b
           FROM t
        )
 SELECT a
   FROM q
  ORDER BY a;`,
		` WITH q AS (
         SELECT t.a,
            t.b
           FROM t
        )
 SELECT a
   FROM q
  ORDER BY a;`)
	f(`with q (x, y) as (select a, b from t) select x, y from q where x > 1 order by 1`,
		` WITH q(x, y) AS (
         SELECT t.a,
            t.b
           FROM t
        )
 SELECT x,
    y
   FROM q
  WHERE (x > 1)
  ORDER BY x;`,
		` WITH q(x, y) AS (
         SELECT t.a,
            t.b
           FROM t
        )
 SELECT x,
    y
   FROM q
  WHERE x > 1
  ORDER BY x;`)
	f(`with q as materialized (select a from t), r as not materialized (select a from q) select * from r order by 1`,
		` WITH q AS MATERIALIZED (
         SELECT t.a
           FROM t
        ), r AS NOT MATERIALIZED (
         SELECT q.a
           FROM q
        )
 SELECT a
   FROM r
  ORDER BY a;`,
		` WITH q AS MATERIALIZED (
         SELECT t.a
           FROM t
        ), r AS NOT MATERIALIZED (
         SELECT q.a
           FROM q
        )
 SELECT a
   FROM r
  ORDER BY a;`)
	f(`with q as (select 1 as a) select t.a, q.a as qa from t join q on q.a = t.a`,
		` WITH q AS (
         SELECT 1 AS a
        )
 SELECT t.a,
    q.a AS qa
   FROM (t
     JOIN q ON ((q.a = t.a)));`,
		" WITH q AS (\n         SELECT 1 AS a\n        )\n SELECT t.a,\n    q.a AS qa\n   FROM t\n     JOIN q ON q.a = t.a;")
	f(`with q as (with r as (select 2 as z) select z from r) select z from q`,
		` WITH q AS (
         WITH r AS (
                 SELECT 2 AS z
                )
         SELECT r.z
           FROM r
        )
 SELECT z
   FROM q;`,
		` WITH q AS (
         WITH r AS (
                 SELECT 2 AS z
                )
         SELECT r.z
           FROM r
        )
 SELECT z
   FROM q;`)
	f(`select a, (with w as (select max(y) as m from u) select m from w) as m from t order by a`,
		` SELECT a,
    ( WITH w AS (
                 SELECT max(u.y) AS m
                   FROM u
                )
         SELECT w.m
           FROM w) AS m
   FROM t
  ORDER BY a;`,
		` SELECT a,
    ( WITH w AS (
                 SELECT max(u.y) AS m
                   FROM u
                )
         SELECT w.m
           FROM w) AS m
   FROM t
  ORDER BY a;`)
	f(`select * from (with w as (select a from u) select a + 1 as b from w) s order by 1`,
		` SELECT b
   FROM ( WITH w AS (
                 SELECT u.a
                   FROM u
                )
         SELECT (w.a + 1) AS b
           FROM w) s
  ORDER BY b;`,
		` SELECT b
   FROM ( WITH w AS (
                 SELECT u.a
                   FROM u
                )
         SELECT w.a + 1 AS b
           FROM w) s
  ORDER BY b;`)
	f(`with q as (values (1, 'x')) select column1, column2 from q`,
		" WITH q AS (\n         VALUES (1,'x'::text)\n        )\n SELECT column1,\n    column2\n   FROM q;",
		" WITH q AS (\n         VALUES (1,'x'::text)\n        )\n SELECT column1,\n    column2\n   FROM q;")
	f(`with t as (select 5 as a) select a from t`,
		" WITH t AS (\n         SELECT 5 AS a\n        )\n SELECT a\n   FROM t;",
		" WITH t AS (\n         SELECT 5 AS a\n        )\n SELECT a\n   FROM t;")
	f(`with q as (select a from t union select a from u) select q.a from q union all select 0 order by 1`,
		` WITH q AS (
         SELECT t.a
           FROM t
        UNION
         SELECT u.a
           FROM u
        )
 SELECT q.a
   FROM q
UNION ALL
 SELECT 0 AS a
  ORDER BY 1;`,
		` WITH q AS (
         SELECT t.a
           FROM t
        UNION
         SELECT u.a
           FROM u
        )
 SELECT q.a
   FROM q
UNION ALL
 SELECT 0 AS a
  ORDER BY 1;`)
}

// Names are quoted where they must be, qualified where the search path does not find them, and made distinct.
func TestViewQuotedNames(t *testing.T) {
	f := views(t)
	f(`select o."A" as "B c", o."select" as "user", o.a1 as "from" from "Odd Name" as o`,
		" SELECT \"A\" AS \"B c\",\n    \"select\" AS \"user\",\n    a1 AS \"from\"\n   FROM \"Odd Name\" o;",
		" SELECT \"A\" AS \"B c\",\n    \"select\" AS \"user\",\n    a1 AS \"from\"\n   FROM \"Odd Name\" o;")
	f(`select "Q".a from t as "Q" where "Q".b = 'one'`,
		" SELECT a\n   FROM t \"Q\"\n  WHERE (b = 'one'::text);",
		" SELECT a\n   FROM t \"Q\"\n  WHERE b = 'one'::text;")
	f(`select "T x"."Y y" from (select a as "Y y" from t) "T x" order by 1`,
		" SELECT \"Y y\"\n   FROM ( SELECT t.a AS \"Y y\"\n           FROM t) \"T x\"\n  ORDER BY \"Y y\";",
		" SELECT \"Y y\"\n   FROM ( SELECT t.a AS \"Y y\"\n           FROM t) \"T x\"\n  ORDER BY \"Y y\";")
	f(`with "W w" ("C c") as (select 1) select "C c" from "W w"`,
		" WITH \"W w\"(\"C c\") AS (\n         SELECT 1 AS \"?column?\"\n        )\n SELECT \"C c\"\n   FROM \"W w\";",
		" WITH \"W w\"(\"C c\") AS (\n         SELECT 1 AS \"?column?\"\n        )\n SELECT \"C c\"\n   FROM \"W w\";")
	f(`select t.a, st.a as sa from t, s.t st where t.a = st.a`,
		" SELECT t.a,\n    st.a AS sa\n   FROM t,\n    s.t st\n  WHERE (t.a = st.a);",
		" SELECT t.a,\n    st.a AS sa\n   FROM t,\n    s.t st\n  WHERE t.a = st.a;")
	f(`select a as value, a as name, a as type, a as "order", a as "table", a as left_, a as date from t order by 1`,
		` SELECT a AS value,
    a AS name,
    a AS type,
    a AS "order",
    a AS "table",
    a AS left_,
    a AS date
   FROM t
  ORDER BY a;`,
		` SELECT a AS value,
    a AS name,
    a AS type,
    a AS "order",
    a AS "table",
    a AS left_,
    a AS date
   FROM t
  ORDER BY a;`)
	f(`select a as "ABC", a as "1x", a as "x-y", a as _x, a as "é", a as x1$ from t order by 1`,
		` SELECT a AS "ABC",
    a AS "1x",
    a AS "x-y",
    a AS _x,
    a AS "é",
    a AS "x1$"
   FROM t
  ORDER BY a;`,
		` SELECT a AS "ABC",
    a AS "1x",
    a AS "x-y",
    a AS _x,
    a AS "é",
    a AS "x1$"
   FROM t
  ORDER BY a;`)
	f(`select x."1" from (select a as "1" from t) x order by 1`,
		" SELECT \"1\"\n   FROM ( SELECT t.a AS \"1\"\n           FROM t) x\n  ORDER BY \"1\";",
		" SELECT \"1\"\n   FROM ( SELECT t.a AS \"1\"\n           FROM t) x\n  ORDER BY \"1\";")
	f(`select count(*), sum(a), max(b), now() is null from t`,
		" SELECT count(*) AS count,\n    sum(a) AS sum,\n    max(b) AS max,\n    (now() IS NULL) AS \"?column?\"\n   FROM t;",
		" SELECT count(*) AS count,\n    sum(a) AS sum,\n    max(b) AS max,\n    now() IS NULL AS \"?column?\"\n   FROM t;")
	f(`select a, a as "?column?", b::varchar(2), case when e then 1 end from t order by 1`,
		` SELECT a,
    a AS "?column?",
    (b)::character varying(2) AS b,
        CASE
            WHEN e THEN 1
            ELSE NULL::integer
        END AS "case"
   FROM t
  ORDER BY a;`,
		` SELECT a,
    a AS "?column?",
    b::character varying(2) AS b,
        CASE
            WHEN e THEN 1
            ELSE NULL::integer
        END AS "case"
   FROM t
  ORDER BY a;`)
}
