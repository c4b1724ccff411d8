package bind_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

const (
	defaultsQuery = `select a.attname, a.attgenerated, pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d
		join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum order by a.attname`
	indexesQuery = `select indexrelid::regclass, pg_get_expr(indexprs, indrelid), pg_get_expr(indpred, indrelid, true)
		from pg_index where indexprs is not null or indpred is not null order by indexrelid::regclass::text`
)

// Defaults are printed with the casts that the column's type asks for.
func TestDefaultText(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create sequence q; create table t (a int default 1, b text default 'x', c varchar(3) default 'y',
		d numeric(5,2)
		default 1 + 2, e timestamptz default now(), f date default current_date, g int[] default '{1,2}', h int default -1,
		i bigint default nextval('q'), j boolean default (not true), k text default upper('a' || 'b'), l int default null,
		m jsonb default '{}', n interval default '1 day', o int generated always as (a * (h + 2)) stored, p serial,
		q text default case when 1 > 2 then 'u' else 'v' end, r bytea default '\x01', s real default 1.5)`)
	db.Rows(defaultsQuery,
		"a||1",
		"b||'x'::text",
		"c||'y'::character varying",
		"d||(1 + 2)",
		"e||now()",
		"f||CURRENT_DATE",
		"g||'{1,2}'::integer[]",
		"h||'-1'::integer",
		"i||nextval('q'::regclass)",
		"j||(NOT true)",
		"k||upper(('a'::text || 'b'::text))",
		"m||'{}'::jsonb",
		"n||'1 day'::interval",
		"o|s|(a * (h + 2))",
		"p||nextval('t_p_seq'::regclass)",
		"q||\nCASE\n    WHEN (1 > 2) THEN 'u'::text\n    ELSE 'v'::text\nEND",
		`r||'\x01'::bytea`,
		"s||1.5",
	)
	db.Must(`alter sequence q rename to q2; alter table t rename a to aa; alter table t rename h to "H h";
		create schema s`)
	db.Must("alter sequence q2 set schema s; alter table t rename to tt; alter table tt set schema s")
	db.Rows(defaultsQuery,
		"H h||'-1'::integer",
		"aa||1",
		"b||'x'::text",
		"c||'y'::character varying",
		"d||(1 + 2)",
		"e||now()",
		"f||CURRENT_DATE",
		"g||'{1,2}'::integer[]",
		"i||nextval('s.q2'::regclass)",
		"j||(NOT true)",
		"k||upper(('a'::text || 'b'::text))",
		"m||'{}'::jsonb",
		"n||'1 day'::interval",
		`o|s|(aa * ("H h" + 2))`,
		"p||nextval('s.t_p_seq'::regclass)",
		"q||\nCASE\n    WHEN (1 > 2) THEN 'u'::text\n    ELSE 'v'::text\nEND",
		`r||'\x01'::bytea`,
		"s||1.5",
	)
}

// Index expressions and predicates follow the new names of columns and tables.
func TestIndexText(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (a int check (a > 0), b text, c int, constraint two check (a < c or b is null),
		constraint listed check (b in ('x', 'y') and c between 1 and 5), constraint called check (length(t.b) <> 3))`)
	db.Must(`create index i1 on t (lower(b)); create index i2 on t ((a + c), b) where b <> '' and a > 1;
		create index i3 on t (a) where c is not null; create unique index i4 on t ((b || 'x') desc, (-a))`)
	db.Rows(indexesQuery,
		"i1|lower(b)|<null>",
		"i2|(a + c)|b <> ''::text AND a > 1",
		"i3|<null>|c IS NOT NULL",
		"i4|(b || 'x'::text), (- a)|<null>",
	)
	db.Must("alter table t rename a to \"A a\"; alter table t rename b to bb; alter table t rename to \"T t\"")
	db.Rows(indexesQuery,
		"i1|lower(bb)|<null>",
		`i2|("A a" + c)|bb <> ''::text AND "A a" > 1`,
		"i3|<null>|c IS NOT NULL",
		`i4|(bb || 'x'::text), (- "A a")|<null>`,
	)
}
