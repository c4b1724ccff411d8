package bind_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

func viewTables(t *testing.T) *dbtest.DB {
	db := dbtest.New(t)
	db.Must(`create table tb (a int primary key, b text, c numeric(6,2), d date, ts timestamptz, j jsonb,
		arr int[], v varchar(10), f float8,
			bo bool, t2 timestamp, iv interval, ch char(3));
		create table tc (a int, x int, b text); create table te (x int, z text); create table t5 (a text, b text);
		create view x27 (p, q) as select a, b from tb`)
	return db
}

// TestViewTextJoins holds that how joins were written shows in the text of a view: USING, NATURAL, RIGHT, and the
// one column of a full join.
func TestViewTextJoins(t *testing.T) {
	db := viewTables(t)
	db.Is(`create view v2 as select * from tb natural join tc; select pg_get_viewdef('v2'::regclass, true)`,
		` SELECT tb.a,
    tb.b,
    tb.c,
    tb.d,
    tb.ts,
    tb.j,
    tb.arr,
    tb.v,
    tb.f,
    tb.bo,
    tb.t2,
    tb.iv,
    tb.ch,
    tc.x
   FROM tb
     JOIN tc USING (a, b);`)
	db.Is(`create view v3 as select tb.a, tc.x from tb right join tc on tb.a=tc.a;
		select pg_get_viewdef('v3'::regclass, true)`,
		" SELECT tb.a,\n    tc.x\n   FROM tb\n     RIGHT JOIN tc ON tb.a = tc.a;")
	db.Is(`create view v4 as select * from tb full join tc using (a, b); select pg_get_viewdef('v4'::regclass, true)`,
		` SELECT a,
    b,
    tb.c,
    tb.d,
    tb.ts,
    tb.j,
    tb.arr,
    tb.v,
    tb.f,
    tb.bo,
    tb.t2,
    tb.iv,
    tb.ch,
    tc.x
   FROM tb
     FULL JOIN tc USING (a, b);`)
	db.Is(`create view v5 as select a, x, z from tc left join te using (x) where x > 1 order by x;
		select pg_get_viewdef('v5'::regclass, true)`,
		" SELECT tc.a,\n    tc.x,\n    te.z\n   FROM tc\n     LEFT JOIN te USING (x)\n  WHERE tc.x > 1\n  ORDER BY tc.x;")
	db.Is(`create view v6 as select a from tb right join tc using (a); select pg_get_viewdef('v6'::regclass, true)`,
		" SELECT tc.a\n   FROM tb\n     RIGHT JOIN tc USING (a);")
	db.Is(`create view v8 as select tc.a, u.x from tc join te using (x) as u; select pg_get_viewdef('v8'::regclass, true)`,
		" SELECT tc.a,\n    tc.x\n   FROM tc\n     JOIN te USING (x) AS u;")
	db.Is(`create view x4 as select x.a from tb x left join tc y using (a) left join te z using (x)
		where z.z is not null; select pg_get_viewdef('x4'::regclass, true)`,
		" SELECT x.a\n   FROM tb x\n     LEFT JOIN tc y USING (a)\n     LEFT JOIN te z USING (x)\n  WHERE z.z IS NOT NULL;")
	db.Is(`create view x5 as select a, b from tb full join tc using (a, b) where a > 1 group by a, b order by a, b;
		select pg_get_viewdef('x5'::regclass, true)`,
		" SELECT a,\n    b\n   FROM tb\n     FULL JOIN tc USING (a, b)\n  WHERE a > 1\n  GROUP BY a, b\n  ORDER BY a, b;")
	db.Is(`create view x6 as select a + 1 as p, count(*) from tb full join tc using (a) group by a
		having max(a) > 1; select pg_get_viewdef('x6'::regclass, true)`,
		` SELECT a + 1 AS p,
    count(*) AS count
   FROM tb
     FULL JOIN tc USING (a)
  GROUP BY a
 HAVING max(a) > 1;`)
	db.Is(`create view x7 as select t.a from (tb t right join tc using (a)) right join te on te.x = t.a;
		select pg_get_viewdef('x7'::regclass, true)`,
		" SELECT t.a\n   FROM tb t\n     RIGHT JOIN tc USING (a)\n     RIGHT JOIN te ON te.x = t.a;")
	db.Is(`create view x17 as select tc.*, te.z from tc cross join te; select pg_get_viewdef('x17'::regclass, true)`,
		" SELECT tc.a,\n    tc.x,\n    tc.b,\n    te.z\n   FROM tc\n     CROSS JOIN te;")
	db.Is(`create view x18 as select tc.a from tc, te, tb where tc.x = te.x and tb.a = tc.a;
		select pg_get_viewdef('x18'::regclass, true)`,
		" SELECT tc.a\n   FROM tc,\n    te,\n    tb\n  WHERE tc.x = te.x AND tb.a = tc.a;")
	db.Is(`create view x20 as select l.v from tb cross join lateral (values (tb.a), (2)) l(v);
		select pg_get_viewdef('x20'::regclass, true)`,
		" SELECT l.v\n   FROM tb\n     CROSS JOIN LATERAL ( VALUES (tb.a), (2)) l(v);")
	db.Is("select pg_get_viewdef('v3'::regclass)",
		" SELECT tb.a,\n    tc.x\n   FROM (tb\n     RIGHT JOIN tc ON ((tb.a = tc.a)));")
	db.Is("select pg_get_viewdef('v4'::regclass)",
		` SELECT a,
    b,
    tb.c,
    tb.d,
    tb.ts,
    tb.j,
    tb.arr,
    tb.v,
    tb.f,
    tb.bo,
    tb.t2,
    tb.iv,
    tb.ch,
    tc.x
   FROM (tb
     FULL JOIN tc USING (a, b));`)
	db.Is("select pg_get_viewdef('v5'::regclass)",
		" SELECT tc.a,\n    tc.x,\n    te.z\n   FROM (tc\n     LEFT JOIN te USING (x))\n  WHERE (tc.x > 1)\n  ORDER BY tc.x;")
}

// TestViewTextSyntax holds that functions with a syntax of their own show in it.
func TestViewTextSyntax(t *testing.T) {
	db := viewTables(t)
	db.Is(`create view v9 as select trim(b) t1, trim(leading 'x' from b) t2, trim(trailing from b) t3,
		trim(both 'xy' from b) t4, ltrim(b) t5, btrim(b) t6 from tb; select pg_get_viewdef('v9'::regclass, true)`,
		` SELECT TRIM(BOTH FROM b) AS t1,
    TRIM(LEADING 'x'::text FROM b) AS t2,
    TRIM(TRAILING FROM b) AS t3,
    TRIM(BOTH 'xy'::text FROM b) AS t4,
    ltrim(b) AS t5,
    btrim(b) AS t6
   FROM tb;`)
	db.Is(`create view v10 as select position('a' in b) p, strpos(b,'a') sp, substring(b from 2) s1,
		substring(b from 2 for 3) s2, substring(b for 3) s3, substring(b,2,3) s4, substring(b from 'x.y') s5,
		substr(b,2) s6, substring(b similar 'a#"b#"c' escape '#') s7 from tb; select pg_get_viewdef('v10'::regclass, true)`,
		` SELECT POSITION(('a'::text) IN (b)) AS p,
    strpos(b, 'a'::text) AS sp,
    SUBSTRING(b FROM 2) AS s1,
    SUBSTRING(b FROM 2 FOR 3) AS s2,
    SUBSTRING(b FROM 1 FOR 3) AS s3,
    "substring"(b, 2, 3) AS s4,
    "substring"(b, 'x.y'::text) AS s5,
    substr(b, 2) AS s6,
    SUBSTRING(b SIMILAR 'a#"b#"c'::text ESCAPE '#'::text) AS s7
   FROM tb;`)
	db.Is(`create view v11 as select overlay(b placing 'x' from 2) o1, overlay(b placing 'x' from 2 for 3) o2,
		overlay(b,'x',2) o3 from tb; select pg_get_viewdef('v11'::regclass, true)`,
		` SELECT OVERLAY(b PLACING 'x'::text FROM 2) AS o1,
    OVERLAY(b PLACING 'x'::text FROM 2 FOR 3) AS o2,
    "overlay"(b, 'x'::text, 2) AS o3
   FROM tb;`)
	db.Is(`create view v12 as select extract(year from d) e1, extract(epoch from ts) e2, date_part('year', d) e3,
		extract(day from iv) e4, extract('hour' from t2) e5 from tb; select pg_get_viewdef('v12'::regclass, true)`,
		` SELECT EXTRACT(year FROM d) AS e1,
    EXTRACT(epoch FROM ts) AS e2,
    date_part('year'::text, d) AS e3,
    EXTRACT(day FROM iv) AS e4,
    EXTRACT(hour FROM t2) AS e5
   FROM tb;`)
	db.Is(`create view v13 as select ts at time zone 'UTC' z1, t2 at time zone 'UTC' z2, timezone('UTC', ts) z3,
		ts at time zone iv z4 from tb; select pg_get_viewdef('v13'::regclass, true)`,
		` SELECT (ts AT TIME ZONE 'UTC'::text) AS z1,
    (t2 AT TIME ZONE 'UTC'::text) AS z2,
    timezone('UTC'::text, ts) AS z3,
    (ts AT TIME ZONE iv) AS z4
   FROM tb;`)
	db.Is(`create view v14 as select coalesce(a,1) c1, nullif(a,2) c2, greatest(a,3) c3, least(a,4) c4,
		current_date cd, current_timestamp ct, current_timestamp(3) ct3, localtime lt, localtime(0) lt0,
		localtimestamp lts, localtimestamp(1) lts1, current_time cti, current_time(2) cti2, current_user cu,
		session_user su, user us, current_catalog cc, current_schema cs, current_role cr, system_user sysu from tb;
		select pg_get_viewdef('v14'::regclass, true)`,
		` SELECT COALESCE(a, 1) AS c1,
    NULLIF(a, 2) AS c2,
    GREATEST(a, 3) AS c3,
    LEAST(a, 4) AS c4,
    CURRENT_DATE AS cd,
    CURRENT_TIMESTAMP AS ct,
    CURRENT_TIMESTAMP(3) AS ct3,
    LOCALTIME AS lt,
    LOCALTIME(0) AS lt0,
    LOCALTIMESTAMP AS lts,
    LOCALTIMESTAMP(1) AS lts1,
    CURRENT_TIME AS cti,
    CURRENT_TIME(2) AS cti2,
    CURRENT_USER AS cu,
    SESSION_USER AS su,
    USER AS us,
    CURRENT_CATALOG AS cc,
    CURRENT_SCHEMA AS cs,
    CURRENT_ROLE AS cr,
    SYSTEM_USER AS sysu
   FROM tb;`)
	db.Is(`create view v17 as select b is normalized n1, b is nfc normalized n2, normalize(b) n3,
		normalize(b, nfd) n4 from tb; select pg_get_viewdef('v17'::regclass, true)`,
		` SELECT (b IS NORMALIZED) AS n1,
    (b IS NFC NORMALIZED) AS n2,
    NORMALIZE(b) AS n3,
    NORMALIZE(b, NFD) AS n4
   FROM tb;`)
	db.Is(`create view w1 as select trim(a), trim(leading a from b) from t5; select pg_get_viewdef('w1'::regclass, true)`,
		" SELECT TRIM(BOTH FROM a) AS btrim,\n    TRIM(LEADING a FROM b) AS ltrim\n   FROM t5;")
	db.Is(`create view w2 as select trim(both from a), substring(a from 1 for 2), substring(a from 'x' for '#'),
		(now(),now()) overlaps (now(),now()), collation for (a), position(a in b), position(a||b in b),
		overlay(a placing b from 1) from t5; select pg_get_viewdef('w2'::regclass, true)`,
		`42701: column "substring" specified more than once`)
	db.Is(`create view w3 as select a is normalized, a is not nfkc normalized, normalize(a||b, nfkd) from t5;
		select pg_get_viewdef('w3'::regclass, true)`,
		` SELECT (a IS NORMALIZED) AS is_normalized,
    NOT (a IS NFKC NORMALIZED) AS "?column?",
    NORMALIZE(a || b, NFKD) AS "normalize"
   FROM t5;`)
	db.Is(`create view w4 as select a is normalized and true, trim(a) = 'x' and b = trim(b) , -length(trim(a)),
		trim(a)::int + 1, (trim(a)) || 'x', ts at time zone 'UTC' + '1 day'::interval, (ts at time zone 'UTC')::date,
		not (a is normalized) from t5, (select now() ts) q; select pg_get_viewdef('w4'::regclass, true)`,
		`42701: column "?column?" specified more than once`)
	db.Is("select pg_get_viewdef('v10'::regclass)",
		` SELECT POSITION(('a'::text) IN (b)) AS p,
    strpos(b, 'a'::text) AS sp,
    SUBSTRING(b FROM 2) AS s1,
    SUBSTRING(b FROM 2 FOR 3) AS s2,
    SUBSTRING(b FROM 1 FOR 3) AS s3,
    "substring"(b, 2, 3) AS s4,
    "substring"(b, 'x.y'::text) AS s5,
    substr(b, 2) AS s6,
    SUBSTRING(b SIMILAR 'a#"b#"c'::text ESCAPE '#'::text) AS s7
   FROM tb;`)
	db.Is("select pg_get_viewdef('v11'::regclass)",
		` SELECT OVERLAY(b PLACING 'x'::text FROM 2) AS o1,
    OVERLAY(b PLACING 'x'::text FROM 2 FOR 3) AS o2,
    "overlay"(b, 'x'::text, 2) AS o3
   FROM tb;`)
	db.Is("select pg_get_viewdef('v12'::regclass)",
		` SELECT EXTRACT(year FROM d) AS e1,
    EXTRACT(epoch FROM ts) AS e2,
    date_part('year'::text, d) AS e3,
    EXTRACT(day FROM iv) AS e4,
    EXTRACT(hour FROM t2) AS e5
   FROM tb;`)
}

// TestViewTextCasts holds that collations and casts show as PostgreSQL shows them.
func TestViewTextCasts(t *testing.T) {
	db := viewTables(t)
	db.Is(`create view v15 as select b collate "C" c1, b || 'x' collate "C" c2, max(b collate "C") from tb
		group by b collate "C", b order by b collate "C"; select pg_get_viewdef('v15'::regclass, true)`,
		` SELECT b COLLATE "C" AS c1,
    b || ('x'::text COLLATE "C") AS c2,
    max(b COLLATE "C") AS max
   FROM tb
  GROUP BY (b COLLATE "C"), b
  ORDER BY (b COLLATE "C");`)
	db.Is(`create view v16 as select a::int c1, a::int8 c2, b::text c3, b::varchar c4, v::varchar(10) c5,
		v::varchar(5) c6, v::text c7, c::numeric(6,2) c8, c::numeric c9, c::numeric(8,1) c10, 'x'::text c11,
		1::int8 c12, '2024-01-01'::date c13, 1.5::float8 c14, null::int c15, 'abc'::varchar(2) c16, 'x'::varchar c17,
		ch::char(3) c18, ch::text c19, cast(a as text) c20, a::regclass c21, (a::text)::int c22, '{1,2}'::int[] c23,
		array[1,2]::int8[] c24, arr::text[] c25, 'infinity'::float8 c26, -1 c27, -1.5 c28, '-5'::int c29,
		(-5)::int8 c30, interval '1 day' c31, interval '1' hour c32, time '10:00' c33, timestamp(3) '2024-01-01' c34,
		true c35, 'f'::bool c36 from tb; select pg_get_viewdef('v16'::regclass, true)`,
		` SELECT a AS c1,
    a::bigint AS c2,
    b AS c3,
    b::character varying AS c4,
    v AS c5,
    v::character varying(5) AS c6,
    v::text AS c7,
    c AS c8,
    c::numeric AS c9,
    c::numeric(8,1) AS c10,
    'x'::text AS c11,
    1::bigint AS c12,
    '2024-01-01'::date AS c13,
    1.5::double precision AS c14,
    NULL::integer AS c15,
    'abc'::character varying(2) AS c16,
    'x'::character varying AS c17,
    ch AS c18,
    ch::text AS c19,
    a::text AS c20,
    a::regclass AS c21,
    a::text::integer AS c22,
    '{1,2}'::integer[] AS c23,
    ARRAY[1::bigint, 2::bigint] AS c24,
    arr::text[] AS c25,
    'Infinity'::double precision AS c26,
    '-1'::integer AS c27,
    '-1.5'::numeric AS c28,
    '-5'::integer AS c29,
    '-5'::integer::bigint AS c30,
    '1 day'::interval AS c31,
    '01:00:00'::interval hour AS c32,
    '10:00:00'::time without time zone AS c33,
    '2024-01-01 00:00:00'::timestamp(3) without time zone AS c34,
    true AS c35,
    false AS c36
   FROM tb;`)
	db.Is(`create view w5 as select a collate "C" < b, (a||b) collate "C", (a collate "C") || b,
		length(a collate "C"), a collate "C" is null, not (a collate "C" = 'x'), (a collate "C")::varchar from t5;
		select pg_get_viewdef('w5'::regclass, true)`,
		`42701: column "?column?" specified more than once`)
	db.Is(`create view x11 as select case when a = 1 and bo or not bo then 'x' else b end || 'y' z, -(-a) n,
		- -1 m, a - -1 o, 2 ^ -1 p, not a = 1 q, (a = 1) = bo r, (a is null) = bo s, a::text || 'x' t,
		(a + 1)::text u, (-1)::text v, (a = 1 or bo) and bo w, a = 1 or bo and bo x from tb;
		select pg_get_viewdef('x11'::regclass, true)`,
		` SELECT
        CASE
            WHEN a = 1 AND bo OR NOT bo THEN 'x'::text
            ELSE b
        END || 'y'::text AS z,
    - (- a) AS n,
    1 AS m,
    a - '-1'::integer AS o,
    2::double precision ^ '-1'::integer::double precision AS p,
    NOT a = 1 AS q,
    (a = 1) = bo AS r,
    (a IS NULL) = bo AS s,
    a::text || 'x'::text AS t,
    (a + 1)::text AS u,
    '-1'::integer::text AS v,
    (a = 1 OR bo) AND bo AS w,
    a = 1 OR bo AND bo AS x
   FROM tb;`)
	db.Is(`create view x16 as select a as "select", b as "A b", 'it''s' as q, E'a\nb' as e, 'a\b' bs, U&'\0041' u
		from tb; select pg_get_viewdef('x16'::regclass, true)`,
		" SELECT a AS \"select\",\n    b AS \"A b\",\n    'it''s'::text AS q,\n    'a\nb'::text AS e,\n"+
			"    'a\\b'::text AS bs,\n    'A'::text AS u\n   FROM tb;")
	db.Is("select pg_get_viewdef('v16'::regclass)",
		` SELECT a AS c1,
    (a)::bigint AS c2,
    b AS c3,
    (b)::character varying AS c4,
    v AS c5,
    (v)::character varying(5) AS c6,
    (v)::text AS c7,
    c AS c8,
    (c)::numeric AS c9,
    (c)::numeric(8,1) AS c10,
    'x'::text AS c11,
    (1)::bigint AS c12,
    '2024-01-01'::date AS c13,
    (1.5)::double precision AS c14,
    NULL::integer AS c15,
    'abc'::character varying(2) AS c16,
    'x'::character varying AS c17,
    ch AS c18,
    (ch)::text AS c19,
    (a)::text AS c20,
    (a)::regclass AS c21,
    ((a)::text)::integer AS c22,
    '{1,2}'::integer[] AS c23,
    ARRAY[(1)::bigint, (2)::bigint] AS c24,
    (arr)::text[] AS c25,
    'Infinity'::double precision AS c26,
    '-1'::integer AS c27,
    '-1.5'::numeric AS c28,
    '-5'::integer AS c29,
    ('-5'::integer)::bigint AS c30,
    '1 day'::interval AS c31,
    '01:00:00'::interval hour AS c32,
    '10:00:00'::time without time zone AS c33,
    '2024-01-01 00:00:00'::timestamp(3) without time zone AS c34,
    true AS c35,
    false AS c36
   FROM tb;`)
	db.Is("select pg_get_viewdef('w5'::regclass)", `42P01: relation "w5" does not exist`)
	db.Is("select pg_get_viewdef('x11'::regclass)",
		` SELECT (
        CASE
            WHEN (((a = 1) AND bo) OR (NOT bo)) THEN 'x'::text
            ELSE b
        END || 'y'::text) AS z,
    (- (- a)) AS n,
    1 AS m,
    (a - '-1'::integer) AS o,
    ((2)::double precision ^ ('-1'::integer)::double precision) AS p,
    (NOT (a = 1)) AS q,
    ((a = 1) = bo) AS r,
    ((a IS NULL) = bo) AS s,
    ((a)::text || 'x'::text) AS t,
    ((a + 1))::text AS u,
    ('-1'::integer)::text AS v,
    (((a = 1) OR bo) AND bo) AS w,
    ((a = 1) OR (bo AND bo)) AS x
   FROM tb;`)
}

// TestViewTextTests holds that predicates, rows and subqueries show as they were written.
func TestViewTextTests(t *testing.T) {
	db := viewTables(t)
	db.Is(`create view v18 as select a between 1 and 2 b1, a not between 1 and 2 b2, a between symmetric 1
		and 2 b3, a in (1,2) i1, a not in (1,2) i2, b in ('x') i3, b like 'x%' l1, b not like 'x%' l2,
		b ilike 'x' l3, b like 'x' escape '!' l4, b similar to 'x' s1, b not similar to 'x' escape '!' s2,
		b ~ 'x' r1, b !~* 'x' r2, a is null n1, a is not null n2, bo is true bt, bo is not false bf,
		bo is unknown bu, a is distinct from 1 d1, a is not distinct from 1 d2, a is distinct
		from null d3, not bo nb, a = any(arr) a1, a <> all(arr) a2, a = any('{1,2}') a3, a = some(array[1,2]) a4
		from tb; select pg_get_viewdef('v18'::regclass, true)`,
		` SELECT a >= 1 AND a <= 2 AS b1,
    a < 1 OR a > 2 AS b2,
    a >= 1 AND a <= 2 OR a >= 2 AND a <= 1 AS b3,
    a = ANY (ARRAY[1, 2]) AS i1,
    a <> ALL (ARRAY[1, 2]) AS i2,
    b = 'x'::text AS i3,
    b ~~ 'x%'::text AS l1,
    b !~~ 'x%'::text AS l2,
    b ~~* 'x'::text AS l3,
    b ~~ like_escape('x'::text, '!'::text) AS l4,
    b ~ similar_to_escape('x'::text) AS s1,
    b !~ similar_to_escape('x'::text, '!'::text) AS s2,
    b ~ 'x'::text AS r1,
    b !~* 'x'::text AS r2,
    a IS NULL AS n1,
    a IS NOT NULL AS n2,
    bo IS TRUE AS bt,
    bo IS NOT FALSE AS bf,
    bo IS UNKNOWN AS bu,
    a IS DISTINCT FROM 1 AS d1,
    NOT a IS DISTINCT FROM 1 AS d2,
    a IS NOT NULL AS d3,
    NOT bo AS nb,
    a = ANY (arr) AS a1,
    a <> ALL (arr) AS a2,
    a = ANY ('{1,2}'::integer[]) AS a3,
    a = ANY (ARRAY[1, 2]) AS a4
   FROM tb;`)
	db.Is(`create view v19 as select case a when 1 then 'x' when 2 then 'y' else 'z' end c1,
		case when a>1 then 1 end c2, case when bo then 1 else 2 end c3, case b when 'x' then 1 end c4 from tb;
		select pg_get_viewdef('v19'::regclass, true)`,
		` SELECT
        CASE a
            WHEN 1 THEN 'x'::text
            WHEN 2 THEN 'y'::text
            ELSE 'z'::text
        END AS c1,
        CASE
            WHEN a > 1 THEN 1
            ELSE NULL::integer
        END AS c2,
        CASE
            WHEN bo THEN 1
            ELSE 2
        END AS c3,
        CASE b
            WHEN 'x'::text THEN 1
            ELSE NULL::integer
        END AS c4
   FROM tb;`)
	db.Is(`create view v39 as select exists(select 1 from tc where tc.a=tb.a) e, (select max(x)
		from tc) m, a in (select x from tc) i, a not in (select x from tc) ni, a = any(select x
		from tc) an, a > all(select x from tc) al, array(select x from tc) ar, (a,b) in (select x,b
		from tc) rw, (a,1) = (select x,1 from tc limit 1) rs, row(a,b)=row(1,'x') rc, (a,b) < (1,'x') rl,
		(a,b) is null rn from tb; select pg_get_viewdef('v39'::regclass, true)`,
		` SELECT (EXISTS ( SELECT 1
           FROM tc
          WHERE tc.a = tb.a)) AS e,
    ( SELECT max(tc.x) AS max
           FROM tc) AS m,
    (a IN ( SELECT tc.x
           FROM tc)) AS i,
    NOT (a IN ( SELECT tc.x
           FROM tc)) AS ni,
    (a IN ( SELECT tc.x
           FROM tc)) AS an,
    (a > ALL ( SELECT tc.x
           FROM tc)) AS al,
    ARRAY( SELECT tc.x
           FROM tc) AS ar,
    ((a, b) IN ( SELECT tc.x,
            tc.b
           FROM tc)) AS rw,
    ((a, 1) = ( SELECT tc.x,
            1
           FROM tc
         LIMIT 1)) AS rs,
    a = 1 AND b = 'x'::text AS rc,
    (ROW(a, b) < ROW(1, 'x'::text)) AS rl,
    ROW(a, b) IS NULL AS rn
   FROM tb;`)
	db.Is(`create view x31 as select (select count(*) from tc where tc.a = tb.a) as n, array(select x from tc
		order by x) from tb where (select true) order by (select 1), n; select pg_get_viewdef('x31'::regclass, true)`,
		` SELECT ( SELECT count(*) AS count
           FROM tc
          WHERE tc.a = tb.a) AS n,
    ARRAY( SELECT tc.x
           FROM tc
          ORDER BY tc.x) AS "array"
   FROM tb
  WHERE ( SELECT true)
  ORDER BY (( SELECT 1)), (( SELECT count(*) AS count
           FROM tc
          WHERE tc.a = tb.a));`)
	db.Is(`create view x32 as select nullif(a, 1) is null as n, coalesce(b, 'x') like 'y%' l,
		(a between 1 and 2) is true bt, exists(table tc) ex, (array[1,2,3])[1:2] sl, (row(1,2)).f1 from tb;
		select pg_get_viewdef('x32'::regclass, true)`,
		` SELECT NULLIF(a, 1) IS NULL AS n,
    COALESCE(b, 'x'::text) ~~ 'y%'::text AS l,
    (a >= 1 AND a <= 2) IS TRUE AS bt,
    (EXISTS ( SELECT tc.a,
            tc.x,
            tc.b
           FROM tc)) AS ex,
    (ARRAY[1, 2, 3])[1:2] AS sl,
    (ROW(1, 2)).f1 AS f1
   FROM tb;`)
	db.Is("select pg_get_viewdef('v19'::regclass)",
		` SELECT
        CASE a
            WHEN 1 THEN 'x'::text
            WHEN 2 THEN 'y'::text
            ELSE 'z'::text
        END AS c1,
        CASE
            WHEN (a > 1) THEN 1
            ELSE NULL::integer
        END AS c2,
        CASE
            WHEN bo THEN 1
            ELSE 2
        END AS c3,
        CASE b
            WHEN 'x'::text THEN 1
            ELSE NULL::integer
        END AS c4
   FROM tb;`)
	db.Is("select pg_get_viewdef('v39'::regclass)",
		` SELECT (EXISTS ( SELECT 1
           FROM tc
          WHERE (tc.a = tb.a))) AS e,
    ( SELECT max(tc.x) AS max
           FROM tc) AS m,
    (a IN ( SELECT tc.x
           FROM tc)) AS i,
    (NOT (a IN ( SELECT tc.x
           FROM tc))) AS ni,
    (a IN ( SELECT tc.x
           FROM tc)) AS an,
    (a > ALL ( SELECT tc.x
           FROM tc)) AS al,
    ARRAY( SELECT tc.x
           FROM tc) AS ar,
    ((a, b) IN ( SELECT tc.x,
            tc.b
           FROM tc)) AS rw,
    ((a, 1) = ( SELECT tc.x,
            1
           FROM tc
         LIMIT 1)) AS rs,
    ((a = 1) AND (b = 'x'::text)) AS rc,
    (ROW(a, b) < ROW(1, 'x'::text)) AS rl,
    (ROW(a, b) IS NULL) AS rn
   FROM tb;`)
	db.Is("select pg_get_viewdef('x31'::regclass)",
		` SELECT ( SELECT count(*) AS count
           FROM tc
          WHERE (tc.a = tb.a)) AS n,
    ARRAY( SELECT tc.x
           FROM tc
          ORDER BY tc.x) AS "array"
   FROM tb
  WHERE ( SELECT true)
  ORDER BY ( SELECT 1), ( SELECT count(*) AS count
           FROM tc
          WHERE (tc.a = tb.a));`)
}

// TestViewTextQueries holds that names in subqueries differ from those around them.
func TestViewTextQueries(t *testing.T) {
	db := viewTables(t)
	db.Must("create view x1 as select a from tb where exists (select 1 from tb where a > 1)")
	db.Is(`create view v20 as select tb from tb; select pg_get_viewdef('v20'::regclass, true)`,
		" SELECT tb.*::tb AS tb\n   FROM tb;")
	db.Is(`create view v24 as select * from unnest(array[1,2], array['a','b']) with ordinality u(x,y,z);
		select pg_get_viewdef('v24'::regclass, true)`,
		" SELECT x,\n    y,\n    z\n   FROM UNNEST(ARRAY[1, 2], ARRAY['a'::text, 'b'::text]) WITH ORDINALITY u(x, y, z);")
	db.Is(`create view v25 as select * from rows from (generate_series(1,2), generate_series(1,3)) r(a,b);
		select pg_get_viewdef('v25'::regclass, true)`,
		" SELECT a,\n    b\n   FROM ROWS FROM(generate_series(1, 2), generate_series(1, 3)) r(a, b);")
	db.Is(`create view v28 as with recursive r(n) as (select 1 union all select n+1 from r where n<5) select n
		from r; select pg_get_viewdef('v28'::regclass, true)`,
		` WITH RECURSIVE r(n) AS (
         SELECT 1 AS "?column?"
        UNION ALL
         SELECT r_1.n + 1
           FROM r r_1
          WHERE r_1.n < 5
        )
 SELECT n
   FROM r;`)
	db.Is(`create view v29 as with w as materialized (select a from tb), w2 as not materialized (select 2 as q)
		select * from w, w2; select pg_get_viewdef('v29'::regclass, true)`,
		` WITH w AS MATERIALIZED (
         SELECT tb.a
           FROM tb
        ), w2 AS NOT MATERIALIZED (
         SELECT 2 AS q
        )
 SELECT w.a,
    w2.q
   FROM w,
    w2;`)
	db.Is(`create view v30 as select a from tb union select x from tc union all select 3 order by 1 limit 3
		offset 1; select pg_get_viewdef('v30'::regclass, true)`,
		`(
         SELECT tb.a
           FROM tb
        UNION
         SELECT tc.x AS a
           FROM tc
) UNION ALL
 SELECT 3 AS a
  ORDER BY 1
 OFFSET 1
 LIMIT 3;`)
	db.Is(`create view v31 as select a from tb intersect (select x from tc except select 3);
		select pg_get_viewdef('v31'::regclass, true)`,
		` SELECT tb.a
   FROM tb
INTERSECT (
         SELECT tc.x AS a
           FROM tc
        EXCEPT
         SELECT 3 AS a
);`)
	db.Is(`create view y1 as select a from tb where exists (select 1 from tb where a > 1) and a in (select a
		from tb t where t.b = tb.b); select pg_get_viewdef('y1'::regclass, true)`,
		` SELECT a
   FROM tb
  WHERE (EXISTS ( SELECT 1
           FROM tb tb_1
          WHERE tb_1.a > 1)) AND (a IN ( SELECT t.a
           FROM tb t
          WHERE t.b = tb.b));`)
	db.Is(`create view x2 as select * from tb, (select a as q from tb) s; select pg_get_viewdef('x2'::regclass, true)`,
		` SELECT tb.a,
    tb.b,
    tb.c,
    tb.d,
    tb.ts,
    tb.j,
    tb.arr,
    tb.v,
    tb.f,
    tb.bo,
    tb.t2,
    tb.iv,
    tb.ch,
    s.q
   FROM tb,
    ( SELECT tb_1.a AS q
           FROM tb tb_1) s;`)
	db.Is(`create view x3 as with w as (select a from tb) select w.a from w
		where exists (select 1 from w w2 where w2.a=w.a); select pg_get_viewdef('x3'::regclass, true)`,
		` WITH w AS (
         SELECT tb.a
           FROM tb
        )
 SELECT a
   FROM w
  WHERE (EXISTS ( SELECT 1
           FROM w w2
          WHERE w2.a = w.a));`)
	db.Is(`create view x8 as select a from tb union (select a from tc order by a limit 1) except all select x
		from te; select pg_get_viewdef('x8'::regclass, true)`,
		`(
         SELECT tb.a
           FROM tb
        UNION
        ( SELECT tc.a
           FROM tc
          ORDER BY tc.a
         LIMIT 1)
) EXCEPT ALL
 SELECT te.x AS a
   FROM te;`)
	db.Is(`create view x19 as select s.n from (select 1 as n union all select 2) s;
		select pg_get_viewdef('x19'::regclass, true)`,
		" SELECT n\n   FROM ( SELECT 1 AS n\n        UNION ALL\n         SELECT 2) s;")
	db.Is(`create view x21 as select g, o from generate_series(1, 3) with ordinality s(g, o) join tb on tb.a = g;
		select pg_get_viewdef('x21'::regclass, true)`,
		" SELECT s.g,\n    s.o\n   FROM generate_series(1, 3) WITH ORDINALITY s(g, o)\n     JOIN tb ON tb.a = s.g;")
	db.Is(`create view x30 as select * from x1 join x27 on x27.p = x1.a; select pg_get_viewdef('x30'::regclass, true)`,
		" SELECT x1.a,\n    x27.p,\n    x27.q\n   FROM x1\n     JOIN x27 ON x27.p = x1.a;")
	db.Is("select pg_get_viewdef('v24'::regclass)",
		" SELECT x,\n    y,\n    z\n   FROM UNNEST(ARRAY[1, 2], ARRAY['a'::text, 'b'::text]) WITH ORDINALITY u(x, y, z);")
	db.Is("select pg_get_viewdef('v25'::regclass)",
		" SELECT a,\n    b\n   FROM ROWS FROM(generate_series(1, 2), generate_series(1, 3)) r(a, b);")
	db.Is("select pg_get_viewdef('v28'::regclass)",
		` WITH RECURSIVE r(n) AS (
         SELECT 1 AS "?column?"
        UNION ALL
         SELECT (r_1.n + 1)
           FROM r r_1
          WHERE (r_1.n < 5)
        )
 SELECT n
   FROM r;`)
}

// TestViewTextGroups holds that WINDOW, ROLLUP, CUBE and grouping sets show as they were written.
func TestViewTextGroups(t *testing.T) {
	db := viewTables(t)
	db.Is(`create view v32 as select a, sum(a) over (partition by b
		order by a rows between 1 preceding and current row) s, rank() over w,
		lag(a,1) over (w rows unbounded preceding) l, count(*) filter (where a>1) over w c from tb
		window w as (partition by b order by a desc nulls last); select pg_get_viewdef('v32'::regclass, true)`,
		` SELECT a,
    sum(a) OVER (PARTITION BY b ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s,
    rank() OVER w AS rank,
    lag(a, 1) OVER (w ROWS UNBOUNDED PRECEDING) AS l,
    count(*) FILTER (WHERE a > 1) OVER w AS c
   FROM tb
  WINDOW w AS (PARTITION BY b ORDER BY a DESC NULLS LAST);`)
	db.Is(`create view v33 as select b, count(*), count(distinct a) cd, string_agg(b, ',' order by a desc) s,
		array_agg(a) filter (where a > 1) f, percentile_cont(0.5) within group (order by a) p, grouping(b) g from tb
		group by rollup(b), cube(a, d) having count(*) > 1 order by 2 desc; select pg_get_viewdef('v33'::regclass, true)`,
		` SELECT b,
    count(*) AS count,
    count(DISTINCT a) AS cd,
    string_agg(b, ','::text ORDER BY a DESC) AS s,
    array_agg(a) FILTER (WHERE a > 1) AS f,
    percentile_cont(0.5::double precision) WITHIN GROUP (ORDER BY (a::double precision)) AS p,
    GROUPING(b) AS g
   FROM tb
  GROUP BY ROLLUP(b), CUBE(a, d)
 HAVING count(*) > 1
  ORDER BY (count(*)) DESC;`)
	db.Is(`create view v34 as select b, a from tb group by grouping sets ((a),(b),());
		select pg_get_viewdef('v34'::regclass, true)`,
		" SELECT b,\n    a\n   FROM tb\n  GROUP BY GROUPING SETS ((a), (b), ());")
	db.Is(`create view v35 as select distinct on (a) a, b from tb order by a, b desc;
		select pg_get_viewdef('v35'::regclass, true)`,
		" SELECT DISTINCT ON (a) a,\n    b\n   FROM tb\n  ORDER BY a, b DESC;")
	db.Is(`create view v36 as select distinct b from tb order by b fetch first 3 rows with ties;
		select pg_get_viewdef('v36'::regclass, true)`,
		" SELECT DISTINCT b\n   FROM tb\n  ORDER BY b\n FETCH FIRST (3) ROWS WITH TIES;")
	db.Is(`create view x9 as select string_agg(distinct b, ',' order by b), jsonb_object_agg(a, b),
		mode() within group (order by a), rank(1,2) within group (order by a, d) from tb;
		select pg_get_viewdef('x9'::regclass, true)`,
		"42804: WITHIN GROUP types date and integer cannot be matched")
	db.Is(`create view x22 as select a, row_number() over (order by d rows between unbounded preceding
		and unbounded following exclude ties), ntile(4) over (partition by b),
		first_value(a) over (order by a range between 1 preceding and 1 following),
		nth_value(a, 2) over (order by a groups 2 preceding), count(*) over () from tb;
		select pg_get_viewdef('x22'::regclass, true)`,
		` SELECT a,
    row_number() OVER (ORDER BY d ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE TIES) AS row_number,
    ntile(4) OVER (PARTITION BY b) AS ntile,
    first_value(a) OVER (ORDER BY a RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS first_value,
    nth_value(a, 2) OVER (ORDER BY a GROUPS 2 PRECEDING) AS nth_value,
    count(*) OVER () AS count
   FROM tb;`)
	db.Is(`create view x23 as select sum(a) over w1, sum(a) over w2 from tb
		window w1 as (order by a), w2 as (w1 rows current row), w3 as (partition by b);
		select pg_get_viewdef('x23'::regclass, true)`,
		`42701: column "sum" specified more than once`)
	db.Is(`create view x24 as select b, d, count(*) from tb group by distinct rollup (b, d), b;
		select pg_get_viewdef('x24'::regclass, true)`,
		" SELECT b,\n    d,\n    count(*) AS count\n   FROM tb\n  GROUP BY DISTINCT ROLLUP(b, d), b;")
	db.Is(`create view x25 as select b, d, count(*) from tb
		group by grouping sets (b, (b, d), rollup (d, b), ()), a; select pg_get_viewdef('x25'::regclass, true)`,
		" SELECT b,\n    d,\n    count(*) AS count\n   FROM tb\n  GROUP BY GROUPING SETS ((b), (b, d), ROLLUP(d, b), ()), a;")
	db.Is(`create view x26 as select count(*) from tb group by (); select pg_get_viewdef('x26'::regclass, true)`,
		" SELECT count(*) AS count\n   FROM tb\n  GROUP BY ();")
	db.Is("select pg_get_viewdef('v33'::regclass)",
		` SELECT b,
    count(*) AS count,
    count(DISTINCT a) AS cd,
    string_agg(b, ','::text ORDER BY a DESC) AS s,
    array_agg(a) FILTER (WHERE (a > 1)) AS f,
    percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY ((a)::double precision)) AS p,
    GROUPING(b) AS g
   FROM tb
  GROUP BY ROLLUP(b), CUBE(a, d)
 HAVING (count(*) > 1)
  ORDER BY (count(*)) DESC;`)
	db.Is("select pg_get_viewdef('v34'::regclass)",
		" SELECT b,\n    a\n   FROM tb\n  GROUP BY GROUPING SETS ((a), (b), ());")
	db.Is("select pg_get_viewdef('v35'::regclass)", " SELECT DISTINCT ON (a) a,\n    b\n   FROM tb\n  ORDER BY a, b DESC;")
}

// TestViewTextStays holds that a view with USING means the same when other tables get columns of the name.
func TestViewTextStays(t *testing.T) {
	db := viewTables(t)
	db.Must(`insert into tc values (1, 7, 'c'); insert into te values (7, 'z'), (8, 'y');
		create table tf (y int, n int); insert into tf values (1, 5);
		create view s1 as select tc.x, z from tf join tc on tf.y = tc.a join te using (x);
		create view s2 as select x, z from tf left join (tc full join te using (x)) on tf.y = tc.a;
		alter table tf add column x int; alter table tf add column z text`)
	db.Is("select * from s1", "7|z")
	db.Is("select * from s2", "7|z")
	db.Must("alter table te rename column x to xx")
	db.Is("select * from s1", "7|z")
	db.Is("select * from s2", "7|z")
}
