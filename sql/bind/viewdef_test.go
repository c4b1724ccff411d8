package bind_test

import (
	"fmt"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

const viewDDL = `create table t (a int primary key, b text, c varchar(5), d numeric(6,2), e boolean, f int[],
	g timestamptz,
		h date, j jsonb);
	create table u (a int, x text, y bigint, z double precision);
	create table "Odd Name" ("A" int, "select" text, "a""b" int, a1 int);
	create schema s; create table s.t (a int, b text); create table s.far (k int);
	insert into t values (1, 'one', 'c1', 1.5, true, '{1,2}', '2024-01-02 03:04:05+00', '2024-01-02', '{"k": [1, 2]}'),
		(2, 'two', null, 2.25, false, '{3}', null, null, '{"k": null}'), (3, null, 'c3', null, null, null, null, null, null);
	insert into u values (1, 'x', 10, 1.5), (2, 'y', 20, 2.5), (5, null, null, null);
	insert into "Odd Name" values (1, 'sel', 2, 3);
	insert into s.t values (1, 's1'), (4, 's4'); insert into s.far values (9)`

// views returns an f-test: the definition of a view of the query, plain and pretty, and that a view made from the
// definition has the same definition and the same rows.
func views(t *testing.T) func(query, plain, pretty string) {
	db := dbtest.New(t)
	db.Must(viewDDL)
	n := 0
	return func(query, plain, pretty string) {
		t.Helper()
		n++
		v := fmt.Sprintf("v%d", n)
		if got := db.Ask("create view " + v + " as " + query); got != "CREATE VIEW" {
			t.Errorf("%s: %s", query, got)
			return
		}
		db.Is("select pg_get_viewdef('"+v+"'::regclass)", plain)
		db.Is("select pg_get_viewdef('"+v+"'::regclass, true)", pretty)
		readsBack(t, db, query, v)
	}
}

// readsBack checks that a view made from the definition of v has the same definition and the same rows.
func readsBack(t *testing.T, db *dbtest.DB, query, v string) {
	t.Helper()
	again := "again_" + v
	for _, full := range []string{"", ", true"} {
		def := db.Ask("select pg_get_viewdef('" + v + "'::regclass" + full + ")")
		if got := db.Ask("create view " + again + " as " + def); got != "CREATE VIEW" {
			t.Errorf("%s\nprints as %s\nwhich says %s", query, def, got)
			continue
		}
		if got := db.Ask("select pg_get_viewdef('" + again + "'::regclass" + full + ")"); got != def {
			t.Errorf("%s\nprints as %s\nthen as %s", query, def, got)
		}
		if got, want := db.Ask("select * from "+again), db.Ask("select * from "+v); got != want {
			t.Errorf("%s\n gives %s\nbut what it prints as gives %s", query, want, got)
		}
		db.Must("drop view " + again)
	}
}

// Operators, conditions and their parentheses are in the definition of a view as PostgreSQL prints them.
func TestViewExpressions(t *testing.T) {
	f := views(t)
	f(`select a + 1 - 2 * 3 / 4 % 5 as x, -a as neg, - (-a) as negneg, @ (-a) as abs from t`,
		` SELECT ((a + 1) - (((2 * 3) / 4) % 5)) AS x,
    (- a) AS neg,
    (- (- a)) AS negneg,
    (@ (- a)) AS abs
   FROM t;`,
		" SELECT a + 1 - 2 * 3 / 4 % 5 AS x,\n    - a AS neg,\n    - (- a) AS negneg,\n    @ (- a) AS abs\n   FROM t;")
	f(`select a - (b::int - 1) as l, (a - 1) - 2 as r, 2 ^ 3 ^ 2 as p, a * (a + 1) as q from t where b ~ '^[0-9]+$'`,
		` SELECT (a - ((b)::integer - 1)) AS l,
    ((a - 1) - 2) AS r,
    (((2)::double precision ^ (3)::double precision) ^ (2)::double precision) AS p,
    (a * (a + 1)) AS q
   FROM t
  WHERE (b ~ '^[0-9]+$'::text);`,
		` SELECT a - (b::integer - 1) AS l,
    a - 1 - 2 AS r,
    (2::double precision ^ 3::double precision) ^ 2::double precision AS p,
    a * (a + 1) AS q
   FROM t
  WHERE b ~ '^[0-9]+$'::text;`)
	f(`select not e as n, not (e and a > 1) as na, e or a = 1 and b is null as o, (e or a = 1)
		and b is not null as p from t`,
		` SELECT (NOT e) AS n,
    (NOT (e AND (a > 1))) AS na,
    (e OR ((a = 1) AND (b IS NULL))) AS o,
    ((e OR (a = 1)) AND (b IS NOT NULL)) AS p
   FROM t;`,
		` SELECT NOT e AS n,
    NOT (e AND a > 1) AS na,
    e OR a = 1 AND b IS NULL AS o,
    (e OR a = 1) AND b IS NOT NULL AS p
   FROM t;`)
	f(`select e is true as t, e is not true as nt, e is false as f, e is not false as nf, e is unknown as u,
		e is not unknown as nu from t`,
		` SELECT (e IS TRUE) AS t,
    (e IS NOT TRUE) AS nt,
    (e IS FALSE) AS f,
    (e IS NOT FALSE) AS nf,
    (e IS UNKNOWN) AS u,
    (e IS NOT UNKNOWN) AS nu
   FROM t;`,
		` SELECT e IS TRUE AS t,
    e IS NOT TRUE AS nt,
    e IS FALSE AS f,
    e IS NOT FALSE AS nf,
    e IS UNKNOWN AS u,
    e IS NOT UNKNOWN AS nu
   FROM t;`)
	f(`select a between 1 and 2 as b, a not between 1 and 2 as nb, a between symmetric 2 and 1 as s,
		a not between symmetric 2 and 1 as ns from t`,
		` SELECT ((a >= 1) AND (a <= 2)) AS b,
    ((a < 1) OR (a > 2)) AS nb,
    (((a >= 2) AND (a <= 1)) OR ((a >= 1) AND (a <= 2))) AS s,
    (((a < 2) OR (a > 1)) AND ((a < 1) OR (a > 2))) AS ns
   FROM t;`,
		` SELECT a >= 1 AND a <= 2 AS b,
    a < 1 OR a > 2 AS nb,
    a >= 2 AND a <= 1 OR a >= 1 AND a <= 2 AS s,
    (a < 2 OR a > 1) AND (a < 1 OR a > 2) AS ns
   FROM t;`)
	f(`select b like 'o%' as l, b not like 'o%' as nl, b ilike 'O%' as il, b not ilike 'O%' as nil,
		b like 'o#%' escape '#' as le from t`,
		` SELECT (b ~~ 'o%'::text) AS l,
    (b !~~ 'o%'::text) AS nl,
    (b ~~* 'O%'::text) AS il,
    (b !~~* 'O%'::text) AS nil,
    (b ~~ like_escape('o#%'::text, '#'::text)) AS le
   FROM t;`,
		` SELECT b ~~ 'o%'::text AS l,
    b !~~ 'o%'::text AS nl,
    b ~~* 'O%'::text AS il,
    b !~~* 'O%'::text AS nil,
    b ~~ like_escape('o#%'::text, '#'::text) AS le
   FROM t;`)
	f(`select b similar to 'o(n|x)e' as s, b not similar to 'a' as ns, b ~ 'o' as r, b ~* 'O' as ri,
		b !~ 'o' as nr, b !~* 'O' as nri from t`,
		` SELECT (b ~ similar_to_escape('o(n|x)e'::text)) AS s,
    (b !~ similar_to_escape('a'::text)) AS ns,
    (b ~ 'o'::text) AS r,
    (b ~* 'O'::text) AS ri,
    (b !~ 'o'::text) AS nr,
    (b !~* 'O'::text) AS nri
   FROM t;`,
		` SELECT b ~ similar_to_escape('o(n|x)e'::text) AS s,
    b !~ similar_to_escape('a'::text) AS ns,
    b ~ 'o'::text AS r,
    b ~* 'O'::text AS ri,
    b !~ 'o'::text AS nr,
    b !~* 'O'::text AS nri
   FROM t;`)
	f(`select b || c as cc, b || 'x' || a as bx, 'x' || f::text as xf, f || 4 as fa, 0 || f as af, f || f as ff from t`,
		` SELECT (b || (c)::text) AS cc,
    ((b || 'x'::text) || a) AS bx,
    ('x'::text || (f)::text) AS xf,
    (f || 4) AS fa,
    (0 || f) AS af,
    (f || f) AS ff
   FROM t;`,
		` SELECT b || c::text AS cc,
    (b || 'x'::text) || a AS bx,
    'x'::text || f::text AS xf,
    f || 4 AS fa,
    0 || f AS af,
    f || f AS ff
   FROM t;`)
	f(`select case a when 1 then 'one' when 2 then 'two' end as s,
		case when e then 1 when not e then 2 else a end as w from t`,
		` SELECT
        CASE a
            WHEN 1 THEN 'one'::text
            WHEN 2 THEN 'two'::text
            ELSE NULL::text
        END AS s,
        CASE
            WHEN e THEN 1
            WHEN (NOT e) THEN 2
            ELSE a
        END AS w
   FROM t;`,
		` SELECT
        CASE a
            WHEN 1 THEN 'one'::text
            WHEN 2 THEN 'two'::text
            ELSE NULL::text
        END AS s,
        CASE
            WHEN e THEN 1
            WHEN NOT e THEN 2
            ELSE a
        END AS w
   FROM t;`)
	f(`select case when a > 1 then case when e then 1 else 2 end end as nested,
		case b when 'one' then null else c end as n from t`,
		` SELECT
        CASE
            WHEN (a > 1) THEN
            CASE
                WHEN e THEN 1
                ELSE 2
            END
            ELSE NULL::integer
        END AS nested,
        CASE b
            WHEN 'one'::text THEN NULL::character varying
            ELSE c
        END AS n
   FROM t;`,
		` SELECT
        CASE
            WHEN a > 1 THEN
            CASE
                WHEN e THEN 1
                ELSE 2
            END
            ELSE NULL::integer
        END AS nested,
        CASE b
            WHEN 'one'::text THEN NULL::character varying
            ELSE c
        END AS n
   FROM t;`)
	f(`select coalesce(b, c, 'none') as c, nullif(a, 1) as n, greatest(a, 2, 3) as g, least(d, 1) as l,
		coalesce(d, a) as mixed from t`,
		` SELECT COALESCE(b, (c)::text, 'none'::text) AS c,
    NULLIF(a, 1) AS n,
    GREATEST(a, 2, 3) AS g,
    LEAST(d, (1)::numeric) AS l,
    COALESCE(d, (a)::numeric) AS mixed
   FROM t;`,
		` SELECT COALESCE(b, c::text, 'none'::text) AS c,
    NULLIF(a, 1) AS n,
    GREATEST(a, 2, 3) AS g,
    LEAST(d, 1::numeric) AS l,
    COALESCE(d, a::numeric) AS mixed
   FROM t;`)
	f(`select a = any (f) as an, a <> all (f) as al, a = any ('{1,2}') as lit, a > some (array[1, 2]) as so,
		b like any (array['o%', 't%']) as la from t`,
		` SELECT (a = ANY (f)) AS an,
    (a <> ALL (f)) AS al,
    (a = ANY ('{1,2}'::integer[])) AS lit,
    (a > ANY (ARRAY[1, 2])) AS so,
    (b ~~ ANY (ARRAY['o%'::text, 't%'::text])) AS la
   FROM t;`,
		` SELECT a = ANY (f) AS an,
    a <> ALL (f) AS al,
    a = ANY ('{1,2}'::integer[]) AS lit,
    a > ANY (ARRAY[1, 2]) AS so,
    b ~~ ANY (ARRAY['o%'::text, 't%'::text]) AS la
   FROM t;`)
	f(`select f[1] as one, f[1:2] as slice, f[:1] as upto, f[a:] as rest, (array[1, 2, 3])[2] as lit,
		(f || 1)[1] as e from t`,
		` SELECT f[1] AS one,
    f[1:2] AS slice,
    f[:1] AS upto,
    f[a:] AS rest,
    (ARRAY[1, 2, 3])[2] AS lit,
    ((f || 1))[1] AS e
   FROM t;`,
		` SELECT f[1] AS one,
    f[1:2] AS slice,
    f[:1] AS upto,
    f[a:] AS rest,
    (ARRAY[1, 2, 3])[2] AS lit,
    (f || 1)[1] AS e
   FROM t;`)
	f(`select array[a, 2] as ar, array[[1, 2], [3, 4]] as two, array[]::int[] as empty, array[b, c] as mixed,
		array(select a from u order by 1) as q from t`,
		` SELECT ARRAY[a, 2] AS ar,
    ARRAY[ARRAY[1, 2], ARRAY[3, 4]] AS two,
    ARRAY[]::integer[] AS empty,
    ARRAY[b, (c)::text] AS mixed,
    ARRAY( SELECT u.a
           FROM u
          ORDER BY u.a) AS q
   FROM t;`,
		` SELECT ARRAY[a, 2] AS ar,
    ARRAY[ARRAY[1, 2], ARRAY[3, 4]] AS two,
    ARRAY[]::integer[] AS empty,
    ARRAY[b, c::text] AS mixed,
    ARRAY( SELECT u.a
           FROM u
          ORDER BY u.a) AS q
   FROM t;`)
	f(`select j -> 'k' as o, j ->> 'k' as ot, j #> '{k,0}' as p, j #>> array['k', '1'] as pt, j ? 'k' as has,
		j @> '{"k": null}' as c, j - 'k' as m, j['k'] as sub from t`,
		` SELECT (j -> 'k'::text) AS o,
    (j ->> 'k'::text) AS ot,
    (j #> '{k,0}'::text[]) AS p,
    (j #>> ARRAY['k'::text, '1'::text]) AS pt,
    (j ? 'k'::text) AS has,
    (j @> '{"k": null}'::jsonb) AS c,
    (j - 'k'::text) AS m,
    j['k'::text] AS sub
   FROM t;`,
		` SELECT j -> 'k'::text AS o,
    j ->> 'k'::text AS ot,
    j #> '{k,0}'::text[] AS p,
    j #>> ARRAY['k'::text, '1'::text] AS pt,
    j ? 'k'::text AS has,
    j @> '{"k": null}'::jsonb AS c,
    j - 'k'::text AS m,
    j['k'::text] AS sub
   FROM t;`)
	f(`select a & 1 as b_and, a | 6 as b_or, a # 3 as b_xor, ~ a as b_not, a << 2 as shl, a >> 1 as shr from t`,
		` SELECT (a & 1) AS b_and,
    (a | 6) AS b_or,
    (a # 3) AS b_xor,
    (~ a) AS b_not,
    (a << 2) AS shl,
    (a >> 1) AS shr
   FROM t;`,
		` SELECT a & 1 AS b_and,
    a | 6 AS b_or,
    a # 3 AS b_xor,
    ~ a AS b_not,
    a << 2 AS shl,
    a >> 1 AS shr
   FROM t;`)
}

// A constant is printed with the type that it needs to be read back.
func TestViewConstants(t *testing.T) {
	f := views(t)
	f(`select 1 as i, -1 as ni, 2147483648 as big, 1.5 as n, -1.50 as nn, 1e10 as e, 'x' as s, '' as empty,
		true as t, false as f, null as nu`,
		` SELECT 1 AS i,
    '-1'::integer AS ni,
    '2147483648'::bigint AS big,
    1.5 AS n,
    '-1.50'::numeric AS nn,
    '10000000000'::numeric AS e,
    'x'::text AS s,
    ''::text AS empty,
    true AS t,
    false AS f,
    NULL::text AS nu;`,
		` SELECT 1 AS i,
    '-1'::integer AS ni,
    '2147483648'::bigint AS big,
    1.5 AS n,
    '-1.50'::numeric AS nn,
    '10000000000'::numeric AS e,
    'x'::text AS s,
    ''::text AS empty,
    true AS t,
    false AS f,
    NULL::text AS nu;`)
	f(`select 'it''s' as q, E'a\b' as bs, E'tab\t' as tab, E'line\nbreak' as nl, $$dollar$$ as dol, U&'\0041' as uni,
		'é' as acc`,
		" SELECT 'it''s'::text AS q,\n    'a\b'::text AS bs,\n    'tab\t'::text AS tab,\n"+
			"    'line\nbreak'::text AS nl,\n    'dollar'::text AS dol,\n    'A'::text AS uni,\n    'é'::text AS acc;",
		" SELECT 'it''s'::text AS q,\n    'a\b'::text AS bs,\n    'tab\t'::text AS tab,\n"+
			"    'line\nbreak'::text AS nl,\n    'dollar'::text AS dol,\n    'A'::text AS uni,\n    'é'::text AS acc;")
	f(`select 1::bigint as i8, 1::smallint as i2, 1::real as f4, 1::float8 as f8, 1::numeric as n,
		1::numeric(5,2) as n2, -1::bigint as ni8`,
		` SELECT (1)::bigint AS i8,
    (1)::smallint AS i2,
    (1)::real AS f4,
    (1)::double precision AS f8,
    (1)::numeric AS n,
    (1)::numeric(5,2) AS n2,
    (- (1)::bigint) AS ni8;`,
		` SELECT 1::bigint AS i8,
    1::smallint AS i2,
    1::real AS f4,
    1::double precision AS f8,
    1::numeric AS n,
    1::numeric(5,2) AS n2,
    - 1::bigint AS ni8;`)
	f(`select 'NaN'::float8 as nan, 'Infinity'::float8 as inf, '-Infinity'::numeric as ninf, 1e300::float8 as big,
		0.1::real as r`,
		` SELECT 'NaN'::double precision AS nan,
    'Infinity'::double precision AS inf,
    '-Infinity'::numeric AS ninf,
    ('1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric)::double precision AS big,
    (0.1)::real AS r;`,
		` SELECT 'NaN'::double precision AS nan,
    'Infinity'::double precision AS inf,
    '-Infinity'::numeric AS ninf,
    '1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000'::numeric::double precision AS big,
    0.1::real AS r;`)
	f(`select date '2024-01-02' as d, time '03:04' as t, timestamp '2024-01-02 03:04' as ts,
		timestamptz '2024-01-02 03:04+00' as tz, interval '1 day 2 hours' as i`,
		` SELECT '2024-01-02'::date AS d,
    '03:04:00'::time without time zone AS t,
    '2024-01-02 03:04:00'::timestamp without time zone AS ts,
    '2024-01-02 03:04:00+00'::timestamp with time zone AS tz,
    '1 day 02:00:00'::interval AS i;`,
		` SELECT '2024-01-02'::date AS d,
    '03:04:00'::time without time zone AS t,
    '2024-01-02 03:04:00'::timestamp without time zone AS ts,
    '2024-01-02 03:04:00+00'::timestamp with time zone AS tz,
    '1 day 02:00:00'::interval AS i;`)
	f(`select 'a'::char as ch, 'ab'::char(4) as ch4, 'ab'::varchar as vc, 'ab'::varchar(1) as vc1,
		'a'::"char" as qc, 'n'::name as nm, 'ab'::bpchar as bp`,
		` SELECT 'a'::character(1) AS ch,
    'ab'::character(4) AS ch4,
    'ab'::character varying AS vc,
    'ab'::character varying(1) AS vc1,
    'a'::"char" AS qc,
    'n'::name AS nm,
    'ab'::bpchar AS bp;`,
		` SELECT 'a'::character(1) AS ch,
    'ab'::character(4) AS ch4,
    'ab'::character varying AS vc,
    'ab'::character varying(1) AS vc1,
    'a'::"char" AS qc,
    'n'::name AS nm,
    'ab'::bpchar AS bp;`)
	f(`select '{1,2}'::int[] as a, '{{a,b},{c,d}}'::text[] as t, '{}'::date[] as e, '{1.5,NULL}'::numeric[] as n,
		'{1.50}'::numeric(4,1)[] as nm`,
		` SELECT '{1,2}'::integer[] AS a,
    '{{a,b},{c,d}}'::text[] AS t,
    '{}'::date[] AS e,
    '{1.5,NULL}'::numeric[] AS n,
    '{1.50}'::numeric(4,1)[] AS nm;`,
		` SELECT '{1,2}'::integer[] AS a,
    '{{a,b},{c,d}}'::text[] AS t,
    '{}'::date[] AS e,
    '{1.5,NULL}'::numeric[] AS n,
    '{1.50}'::numeric(4,1)[] AS nm;`)
}

// A cast that was written is printed as one, one that was added is printed where the text would not get it by itself.
func TestViewCasts(t *testing.T) {
	f := views(t)
	f(`select a::text as t, cast(a as bigint) as b, a::numeric(5,1) as n, b::varchar(2) as v, c::text as ct,
		d::int as di, e::int as ei, f::text[] as ft from t`,
		` SELECT (a)::text AS t,
    (a)::bigint AS b,
    (a)::numeric(5,1) AS n,
    (b)::character varying(2) AS v,
    (c)::text AS ct,
    (d)::integer AS di,
    (e)::integer AS ei,
    (f)::text[] AS ft
   FROM t;`,
		` SELECT a::text AS t,
    a::bigint AS b,
    a::numeric(5,1) AS n,
    b::character varying(2) AS v,
    c::text AS ct,
    d::integer AS di,
    e::integer AS ei,
    f::text[] AS ft
   FROM t;`)
	f(`select g::date as gd, g::timestamp as gt, g::time as gti, h::timestamp as ht, h::text as hx,
		g::timestamptz(0) as g0 from t`,
		` SELECT (g)::date AS gd,
    (g)::timestamp without time zone AS gt,
    (g)::time without time zone AS gti,
    (h)::timestamp without time zone AS ht,
    (h)::text AS hx,
    (g)::timestamp(0) with time zone AS g0
   FROM t;`,
		` SELECT g::date AS gd,
    g::timestamp without time zone AS gt,
    g::time without time zone AS gti,
    h::timestamp without time zone AS ht,
    h::text AS hx,
    g::timestamp(0) with time zone AS g0
   FROM t;`)
	f(`select text 'x' as t, int4 '1' as i, a::float4::float8 as f, int '1' + a as s, (a + 1)::text as p,
		(-a)::text as np, (- 1)::text as nc from t`,
		` SELECT 'x'::text AS t,
    1 AS i,
    ((a)::real)::double precision AS f,
    (1 + a) AS s,
    ((a + 1))::text AS p,
    ((- a))::text AS np,
    ('-1'::integer)::text AS nc
   FROM t;`,
		` SELECT 'x'::text AS t,
    1 AS i,
    a::real::double precision AS f,
    1 + a AS s,
    (a + 1)::text AS p,
    (- a)::text AS np,
    '-1'::integer::text AS nc
   FROM t;`)
	f(`select a = 1.5 as n, a = 2::bigint as b8, d > a as m, d = 1.5::float8 as fl, c = b as cb, c = 'x' as cx,
		c || b as ccb, b = c::char(3) as bc from t`,
		` SELECT ((a)::numeric = 1.5) AS n,
    (a = (2)::bigint) AS b8,
    (d > (a)::numeric) AS m,
    ((d)::double precision = (1.5)::double precision) AS fl,
    ((c)::text = b) AS cb,
    ((c)::text = 'x'::text) AS cx,
    ((c)::text || b) AS ccb,
    (b = ((c)::character(3))::text) AS bc
   FROM t;`,
		` SELECT a::numeric = 1.5 AS n,
    a = 2::bigint AS b8,
    d > a::numeric AS m,
    d::double precision = 1.5::double precision AS fl,
    c::text = b AS cb,
    c::text = 'x'::text AS cx,
    c::text || b AS ccb,
    b = c::character(3)::text AS bc
   FROM t;`)
	f(`select a::bigint + 1 as s, sqrt(a) as sq, round(d, 1) as r, length(c) as l, upper(c) as up,
		substr(c, 1, 2) as su, concat(a, b, c) as co from t`,
		` SELECT ((a)::bigint + 1) AS s,
    sqrt((a)::double precision) AS sq,
    round(d, 1) AS r,
    length((c)::text) AS l,
    upper((c)::text) AS up,
    substr((c)::text, 1, 2) AS su,
    concat(a, b, c) AS co
   FROM t;`,
		` SELECT a::bigint + 1 AS s,
    sqrt(a::double precision) AS sq,
    round(d, 1) AS r,
    length(c::text) AS l,
    upper(c::text) AS up,
    substr(c::text, 1, 2) AS su,
    concat(a, b, c) AS co
   FROM t;`)
	f(`select h + 1 as d1, h - h as dd, h + interval '1 day' as di, g - interval '1 hour' as gi, g - g as gg,
		h < g as c, now() - g > interval '1 day' as old from t`,
		` SELECT (h + 1) AS d1,
    (h - h) AS dd,
    (h + '1 day'::interval) AS di,
    (g - '01:00:00'::interval) AS gi,
    (g - g) AS gg,
    (h < g) AS c,
    ((now() - g) > '1 day'::interval) AS old
   FROM t;`,
		` SELECT h + 1 AS d1,
    h - h AS dd,
    h + '1 day'::interval AS di,
    g - '01:00:00'::interval AS gi,
    g - g AS gg,
    h < g AS c,
    (now() - g) > '1 day'::interval AS old
   FROM t;`)
}

// Functions with a syntax of their own are printed with it.
func TestViewCalls(t *testing.T) {
	f := views(t)
	f(`select extract(year from g) as y, extract('month' from h) as m, date_part('day', h) as d,
		date_trunc('hour', g) as tr from t`,
		` SELECT EXTRACT(year FROM g) AS y,
    EXTRACT(month FROM h) AS m,
    date_part('day'::text, h) AS d,
    date_trunc('hour'::text, g) AS tr
   FROM t;`,
		` SELECT EXTRACT(year FROM g) AS y,
    EXTRACT(month FROM h) AS m,
    date_part('day'::text, h) AS d,
    date_trunc('hour'::text, g) AS tr
   FROM t;`)
	f(`select current_user as u, session_user as s, current_role as r, user as us, current_catalog as c,
		current_schema as sc where false`,
		` SELECT CURRENT_USER AS u,
    SESSION_USER AS s,
    CURRENT_ROLE AS r,
    USER AS us,
    CURRENT_CATALOG AS c,
    CURRENT_SCHEMA AS sc
  WHERE false;`,
		` SELECT CURRENT_USER AS u,
    SESSION_USER AS s,
    CURRENT_ROLE AS r,
    USER AS us,
    CURRENT_CATALOG AS c,
    CURRENT_SCHEMA AS sc
  WHERE false;`)
	f(`select char_length(b) as c, octet_length(b) as o, bit_length(b) as bl, lower(b) as l, initcap(b) as i,
		lpad(b, 5, '*') as lp, repeat(b, 2) as re from t`,
		` SELECT char_length(b) AS c,
    octet_length(b) AS o,
    bit_length(b) AS bl,
    lower(b) AS l,
    initcap(b) AS i,
    lpad(b, 5, '*'::text) AS lp,
    repeat(b, 2) AS re
   FROM t;`,
		` SELECT char_length(b) AS c,
    octet_length(b) AS o,
    bit_length(b) AS bl,
    lower(b) AS l,
    initcap(b) AS i,
    lpad(b, 5, '*'::text) AS lp,
    repeat(b, 2) AS re
   FROM t;`)
	f(`select array_length(f, 1) as l, array_append(f, 3) as ap, cardinality(f) as c, array_to_string(f, ',') as s,
		array_position(f, 2) as p, string_to_array(b, 'n') as sa from t`,
		` SELECT array_length(f, 1) AS l,
    array_append(f, 3) AS ap,
    cardinality(f) AS c,
    array_to_string(f, ','::text) AS s,
    array_position(f, 2) AS p,
    string_to_array(b, 'n'::text) AS sa
   FROM t;`,
		` SELECT array_length(f, 1) AS l,
    array_append(f, 3) AS ap,
    cardinality(f) AS c,
    array_to_string(f, ','::text) AS s,
    array_position(f, 2) AS p,
    string_to_array(b, 'n'::text) AS sa
   FROM t;`)
	f(`select pg_catalog.lower(b) as l, pg_catalog.upper(b) as u, "left"(b, 2) as le, "right"(b, 1) as ri,
		ascii(b) as a, reverse(b) as re from t`,
		` SELECT lower(b) AS l,
    upper(b) AS u,
    "left"(b, 2) AS le,
    "right"(b, 1) AS ri,
    ascii(b) AS a,
    reverse(b) AS re
   FROM t;`,
		` SELECT lower(b) AS l,
    upper(b) AS u,
    "left"(b, 2) AS le,
    "right"(b, 1) AS ri,
    ascii(b) AS a,
    reverse(b) AS re
   FROM t;`)
	f(`select unnest(f) as u, a from t order by 1, 2`,
		" SELECT unnest(f) AS u,\n    a\n   FROM t\n  ORDER BY (unnest(f)), a;",
		" SELECT unnest(f) AS u,\n    a\n   FROM t\n  ORDER BY (unnest(f)), a;")
	f(`select generate_series(1, a) as g, a * 2 as d from t order by 2, 1`,
		" SELECT generate_series(1, a) AS g,\n    (a * 2) AS d\n   FROM t\n  ORDER BY (a * 2), (generate_series(1, a));",
		" SELECT generate_series(1, a) AS g,\n    a * 2 AS d\n   FROM t\n  ORDER BY (a * 2), (generate_series(1, a));")
}
