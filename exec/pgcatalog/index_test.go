package pgcatalog_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// pg_index has the keys of each index with their classes and orders, included columns last.
func TestIndex(t *testing.T) {
	db := dbtest.New(t)
	db.Is(`create table t (a int primary key, b text, c varchar(9), d timestamptz, e boolean, f numeric,
		u uuid unique, g text[], x int,
	constraint pair unique nulls not distinct (b, x) include (f))`,
		"CREATE TABLE")
	db.Must("create index i1 on t (b desc, c, d asc nulls first, x desc nulls last)")
	db.Must("create index i2 on t (lower(b), (x + 1)) include (e)")
	db.Must("create index i3 on t (x) where x > 10 and b is not null")
	db.Must("create unique index i4 on t (g)")
	db.Must("create index i5 on t (b text_pattern_ops, c)")
	db.Rows(`select c.relname, indnatts, indnkeyatts, indisunique, indisprimary, indnullsnotdistinct, indkey,
		indoption, indexprs is not null,
	indpred is not null
from pg_index i join pg_class c on c.oid = indexrelid where indrelid = 't'::regclass order by 1`,
		"i1|4|4|f|f|f|2 3 4 9|3 0 2 1|f|f",
		"i2|3|2|f|f|f|0 0 5|0 0|t|f",
		"i3|1|1|f|f|f|9|0|f|t",
		"i4|1|1|t|f|f|8|0|f|f",
		"i5|2|2|f|f|f|2 3|0 0|f|f",
		"pair|3|2|t|f|t|2 9 6|0 0|f|f",
		"t_pkey|1|1|t|t|f|1|0|f|f",
		"t_u_key|1|1|t|f|f|7|0|f|f",
	)
	db.Rows(`select c.relname, indimmediate, indisvalid, indisready, indislive, indisclustered, indisreplident,
		indcheckxmin, indisexclusion
from pg_index i join pg_class c on c.oid = indexrelid where indrelid = 't'::regclass order by 1`,
		"i1|t|t|t|t|f|f|f|f",
		"i2|t|t|t|t|f|f|f|f",
		"i3|t|t|t|t|f|f|f|f",
		"i4|t|t|t|t|f|f|f|f",
		"i5|t|t|t|t|f|f|f|f",
		"pair|t|t|t|t|f|f|f|f",
		"t_pkey|t|t|t|t|f|f|f|f",
		"t_u_key|t|t|t|t|f|f|f|f",
	)
	// Operator classes and collations, by name.
	db.Rows(`select c.relname, array_agg(o.opcname order by k.n), array_agg(m.amname order by k.n)
from pg_index i join pg_class c on c.oid = indexrelid, unnest(i.indclass) with ordinality k (oid, n)
join pg_opclass o on o.oid = k.oid join pg_am m on m.oid = o.opcmethod
where indrelid = 't'::regclass group by 1 order by 1`,
		"i1|{text_ops,text_ops,timestamptz_ops,int4_ops}|{btree,btree,btree,btree}",
		"i2|{text_ops,int4_ops}|{btree,btree}",
		"i3|{int4_ops}|{btree}",
		"i4|{array_ops}|{btree}",
		"i5|{text_pattern_ops,text_ops}|{btree,btree}",
		"pair|{text_ops,int4_ops}|{btree,btree}",
		"t_pkey|{int4_ops}|{btree}",
		"t_u_key|{uuid_ops}|{btree}",
	)
	db.Rows(`select c.relname, indcollation from pg_index i join pg_class c on c.oid = indexrelid where
	indrelid = 't'::regclass order by 1`,
		"i1|100 100 0 0",
		"i2|100 0",
		"i3|0",
		"i4|100",
		"i5|100 100",
		"pair|100 0",
		"t_pkey|0",
		"t_u_key|0",
	)
	db.Is(`select indkey[0], indkey[1], array_length(indkey, 1), array_lower(indkey, 1), 2 = any(indkey)
	from pg_index where indexrelid = 'i1'::regclass`,
		"2|3|4|0|t")
	db.Is(`select pg_get_expr(indpred, indrelid), pg_get_expr(indexprs, indrelid) from pg_index where
	indexrelid in ('i2'::regclass, 'i3'::regclass) order by indexrelid::regclass::text`,
		"<null>|lower(b), (x + 1); ((x > 10) AND (b IS NOT NULL))|<null>")
	db.Is(`select indexrelid::regclass, indrelid::regclass from pg_index where indisprimary and indrelid =
	't'::regclass`,
		"t_pkey|t")
	db.Is(`select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum =
	any(i.indkey) where i.indrelid = 't'::regclass and i.indisprimary`,
		"a")
}

// pg_get_indexdef is the statement that makes the index, or one key of it.
func TestIndexDef(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create schema s")
	db.Must(`create table s."T" (a int, "B" text, c varchar(9), d timestamptz, x int, "select" int)`)
	db.Must(`create index i1 on s."T" ("B" desc, c, d nulls first, x desc nulls last)`)
	db.Must(`create unique index "I 2" on s."T" (lower("B"), (x + 1), a) include (c, "select")`)
	db.Must(`create index i3 on s."T" (x) where x > 10 and "B" is not null`)
	db.Must(`create unique index i4 on s."T" ("select") nulls not distinct`)
	db.Must(`create index i5 on s."T" ("B" text_pattern_ops desc)`)
	db.Must(`create index i6 on s."T" (coalesce(x, 0), (a is null), (a::text), abs(a - x))`)
	db.Must(`create index i8 on s."T" (a) where (x in (1, 2, 3))`)
	db.Rows(`select c.relname, pg_get_indexdef(indexrelid) from pg_index i join pg_class c on c.oid =
	indexrelid where indrelid = 's."T"'::regclass order by 1`,
		`I 2|CREATE UNIQUE INDEX "I 2" ON s."T" USING btree (lower("B"), ((x + 1)), a) INCLUDE (c, "select")`,
		`i1|CREATE INDEX i1 ON s."T" USING btree ("B" DESC, c, d NULLS FIRST, x DESC NULLS LAST)`,
		`i3|CREATE INDEX i3 ON s."T" USING btree (x) WHERE ((x > 10) AND ("B" IS NOT NULL))`,
		`i4|CREATE UNIQUE INDEX i4 ON s."T" USING btree ("select") NULLS NOT DISTINCT`,
		`i5|CREATE INDEX i5 ON s."T" USING btree ("B" text_pattern_ops DESC)`,
		`i6|CREATE INDEX i6 ON s."T" USING btree (COALESCE(x, 0), ((a IS NULL)), ((a)::text), abs((a - x)))`,
		`i8|CREATE INDEX i8 ON s."T" USING btree (a) WHERE (x = ANY (ARRAY[1, 2, 3]))`,
	)
	db.Rows(`select indexname, indexdef from pg_indexes where schemaname = 's' and tablename = 'T' and
	indexname < 'i3' order by 1`,
		`I 2|CREATE UNIQUE INDEX "I 2" ON s."T" USING btree (lower("B"), ((x + 1)), a) INCLUDE (c, "select")`,
		`i1|CREATE INDEX i1 ON s."T" USING btree ("B" DESC, c, d NULLS FIRST, x DESC NULLS LAST)`,
	)
	db.Is(`select pg_get_indexdef('s."I 2"'::regclass, 1, false), pg_get_indexdef('s."I 2"'::regclass, 2,
	false), pg_get_indexdef('s."I 2"'::regclass, 3, false), pg_get_indexdef('s."I 2"'::regclass, 4,
	false), pg_get_indexdef('s."I 2"'::regclass, 5, false), pg_get_indexdef('s."I 2"'::regclass, 6,
	false)`,
		`lower("B")|((x + 1))|a|c|"select"|`)
	db.Is(`select pg_get_indexdef('s.i1'::regclass, 1, true), pg_get_indexdef('s.i5'::regclass, 1, true),
	pg_get_indexdef('s.i6'::regclass, 2, true), pg_get_indexdef('s.i6'::regclass, 3, true)`,
		`"B"|"B"|(a IS NULL)|(a::text)`)
	db.Is("select pg_get_indexdef('s.i1'::regclass, 0, true), pg_get_indexdef('s.i3'::regclass, 0, true)",
		`CREATE INDEX i1 ON s."T" USING btree ("B" DESC, c, d NULLS FIRST, x DESC NULLS LAST)|CREATE INDEX i3 ON `+
			`s."T" USING btree (x) WHERE x > 10 AND "B" IS NOT NULL`)
	db.Must("set search_path = s")
	db.Is(`select pg_get_indexdef('i3'::regclass), pg_get_indexdef('i3'::regclass, 0, true),
	pg_get_indexdef('i6'::regclass, 0, true)`,
		`CREATE INDEX i3 ON s."T" USING btree (x) WHERE ((x > 10) AND ("B" IS NOT NULL))|CREATE INDEX i3 ON "T" `+
			`USING btree (x) WHERE x > 10 AND "B" IS NOT NULL|CREATE INDEX i6 ON "T" USING btree (COALESCE(x, 0), `+
			`(a IS NULL), (a::text), abs(a - x))`)
	db.Must("reset search_path")
	db.Is(`select pg_get_indexdef(0), pg_get_indexdef('s."T"'::regclass), pg_get_indexdef(null),
	pg_get_indexdef(null, 1, true)`,
		"<null>|<null>|<null>|<null>")
	// A renamed column and table show.
	db.Must(`alter table s."T" rename to t`)
	db.Must("alter table s.t rename column x to y")
	db.Must("alter index s.i3 rename to i33")
	db.Is("select pg_get_indexdef('s.i33'::regclass)",
		`CREATE INDEX i33 ON s.t USING btree (y) WHERE ((y > 10) AND ("B" IS NOT NULL))`)
}

// A generated index name is made of the table's and the keys' names, and cut to fit.
func TestIndexNames(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (a int, b int, "Up" text,
	a_very_long_column_name_of_sixty_three_bytes_that_is_too_long_too int)`)
	db.Must("create index on t (a)")
	db.Must("create index on t (a)")
	db.Must("create index on t (a, b desc)")
	db.Must(`create index on t (lower("Up"))`)
	db.Must(`create index on t (lower("Up"), upper("Up"))`)
	db.Must(`create index on t (lower("Up"), lower("Up" || 'x'))`)
	db.Must("create index on t ((a + b))")
	db.Must("create index on t ((a + b), (a - b))")
	db.Must("create index on t ((a::text))")
	db.Must("create index on t (coalesce(a, b))")
	db.Must("create index on t ((case when a > 0 then 1 end))")
	db.Must("create index on t (greatest(a, b), nullif(a, b))")
	db.Must("create index on t (b) include (a)")
	db.Must(`create index on t ("Up")`)
	db.Must("create unique index on t (a)")
	db.Must("create index on t (a_very_long_column_name_of_sixty_three_bytes_that_is_too_long_too)")
	db.Must("create index on t (a_very_long_column_name_of_sixty_three_bytes_that_is_too_long_too, b)")
	db.Rows(`select indexname from pg_indexes where tablename = 't' order by indexname collate "C"`,
		"t_Up_idx",
		"t_a_b_idx",
		"t_a_idx",
		"t_a_idx1",
		"t_a_idx2",
		"t_a_idx3",
		"t_a_very_long_column_name_of_sixty_three_bytes_that_is_too__idx",
		"t_a_very_long_column_name_of_sixty_three_bytes_that_is_too_idx1",
		"t_b_a_idx",
		"t_case_idx",
		"t_coalesce_idx",
		"t_expr_expr1_idx",
		"t_expr_idx",
		"t_greatest_nullif_idx",
		"t_lower_idx",
		"t_lower_lower1_idx",
		"t_lower_upper_idx",
	)
	db.Rows(`select c.relname, array_agg(attname order by attnum) from pg_class c join pg_attribute a on
	attrelid = c.oid where relkind = 'i' and relnatts > 1 and relnamespace = 'public'::regnamespace
	group by 1 order by 1`,
		"t_a_b_idx|{a,b}",
		"t_a_very_long_column_name_of_sixty_three_bytes_that_is_too_idx1|"+
			"{a_very_long_column_name_of_sixty_three_bytes_that_is_too_long_t,b}",
		"t_b_a_idx|{b,a}",
		"t_expr_expr1_idx|{expr,expr1}",
		"t_greatest_nullif_idx|{greatest,nullif}",
		"t_lower_lower1_idx|{lower,lower1}",
		"t_lower_upper_idx|{lower,upper}",
	)
	db.Must(`create table a_table_name_that_is_as_long_as_a_name_can_be_in_postgres_63bytes (id serial
	primary key, x int unique, check (x > 0))`)
	db.Rows(`select conname from pg_constraint where conname like 'a\_%' order by 1`,
		"a_table_name_that_is_as_long_as_a_name_can_be_in_postgr_x_check",
		"a_table_name_that_is_as_long_as_a_name_can_be_in_postgres__pkey",
		"a_table_name_that_is_as_long_as_a_name_can_be_in_postgres_x_key",
	)
	db.Is("select relname from pg_class where relkind = 'S'",
		"a_table_name_that_is_as_long_as_a_name_can_be_in_postgre_id_seq")
}

// What ALTER TABLE and DROP do to indexes shows in the catalogs.
func TestIndexesDropped(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key, b int unique, c int)")
	db.Must("create index i on t (b, c)")
	db.Must("create index j on t (c)")
	db.Is("select indexname from pg_indexes where tablename = 't' order by 1",
		"i; j; t_b_key; t_pkey")
	db.Must("alter table t drop column b")
	db.Is("select indexname from pg_indexes where tablename = 't' order by 1", "j; t_pkey")
	db.Must("drop index j")
	db.Must("alter table t drop constraint t_pkey")
	db.Is("select indexname from pg_indexes where tablename = 't' order by 1", "")
	db.Is("select relhasindex from pg_class where relname = 't_pkey'", "")
	db.Must("drop table t")
	db.Is("select count(*) from pg_indexes where schemaname = 'public'", "0")
	db.Is("select count(*) from pg_constraint where connamespace = 'public'::regnamespace", "0")
}

// pg_am, pg_opclass and pg_opfamily have PostgreSQL's access methods and their classes.
func TestAccessMethods(t *testing.T) {
	db := dbtest.New(t)
	db.Rows("select oid, amname, amtype, amhandler from pg_am where oid < 16384 order by oid",
		"2|heap|t|heap_tableam_handler",
		"403|btree|i|bthandler",
		"405|hash|i|hashhandler",
		"783|gist|i|gisthandler",
		"2742|gin|i|ginhandler",
		"3580|brin|i|brinhandler",
		"4000|spgist|i|spghandler",
	)
	db.Rows(`select opcname, opcintype::regtype, opcdefault, opcnamespace::regnamespace from pg_opclass join
	pg_am on pg_am.oid = opcmethod where amname = 'btree' and opcintype in (16, 21, 23, 20, 25,
	1043, 1700, 1082, 1184, 2950, 2277, 17, 3802) order by 1, 2::text`,
		"array_ops|anyarray|t|pg_catalog",
		"bool_ops|boolean|t|pg_catalog",
		"bytea_ops|bytea|t|pg_catalog",
		"date_ops|date|t|pg_catalog",
		"int2_ops|smallint|t|pg_catalog",
		"int4_ops|integer|t|pg_catalog",
		"int8_ops|bigint|t|pg_catalog",
		"jsonb_ops|jsonb|t|pg_catalog",
		"numeric_ops|numeric|t|pg_catalog",
		"text_ops|text|t|pg_catalog",
		"text_pattern_ops|text|f|pg_catalog",
		"timestamptz_ops|timestamp with time zone|t|pg_catalog",
		"uuid_ops|uuid|t|pg_catalog",
		"varchar_ops|text|f|pg_catalog",
		"varchar_pattern_ops|text|f|pg_catalog",
	)
	db.Rows(`select opcname, opcintype::regtype, opcdefault from pg_opclass join pg_am on pg_am.oid =
	opcmethod where amname = 'hash' and opcintype in (16, 23, 25, 2950) order by 1`,
		"bool_ops|boolean|t",
		"int4_ops|integer|t",
		"text_ops|text|t",
		"text_pattern_ops|text|f",
		"uuid_ops|uuid|t",
		"varchar_ops|text|f",
		"varchar_pattern_ops|text|f",
	)
	db.Rows(`select o.opcname, f.opfname, f.opfmethod = o.opcmethod from pg_opclass o join pg_opfamily f on
	f.oid = o.opcfamily where o.opcname in ('int4_ops', 'int8_ops', 'text_ops', 'varchar_ops',
	'text_pattern_ops', 'jsonb_ops') and o.opcmethod in (403, 405) order by 1, 2`,
		"int4_ops|integer_ops|t",
		"int4_ops|integer_ops|t",
		"int8_ops|integer_ops|t",
		"int8_ops|integer_ops|t",
		"jsonb_ops|jsonb_ops|t",
		"jsonb_ops|jsonb_ops|t",
		"text_ops|text_ops|t",
		"text_ops|text_ops|t",
		"text_pattern_ops|text_pattern_ops|t",
		"text_pattern_ops|text_pattern_ops|t",
		"varchar_ops|text_ops|t",
		"varchar_ops|text_ops|t",
	)
}
