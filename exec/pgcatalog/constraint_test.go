package pgcatalog_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// pg_constraint has a row for each constraint, with its columns and, for a foreign key, its actions.
func TestConstraint(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create schema s")
	db.Is(`create table p (a int primary key, b text not null unique, c int, d int,
	constraint pair unique (c, d), constraint pos check (a > 0), check (length(b) < 10 or c is null))`,
		"CREATE TABLE")
	db.Is(`create table s.f (x int references p, y text references p (b) on delete cascade on update
		set null, c int, d int,
	constraint fk foreign key (c, d) references p (c, d) match simple on delete restrict deferrable initially deferred,
	z int constraint nochild check (z <> 0) no inherit, self int primary key,
	w int default 1 references s.f (self) on delete set default)`,
		"CREATE TABLE")
	db.Rows(`select conname, contype, connamespace::regnamespace, conrelid::regclass, conindid::regclass,
		confrelid::regclass, conkey, confkey
from pg_constraint where conrelid in ('p'::regclass, 's.f'::regclass) order by conrelid::regclass::text, conname`,
		"p_b_key|u|public|p|p_b_key|-|{2}|<null>",
		"p_check|c|public|p|-|-|{2,3}|<null>",
		"p_pkey|p|public|p|p_pkey|-|{1}|<null>",
		"pair|u|public|p|pair|-|{3,4}|<null>",
		"pos|c|public|p|-|-|{1}|<null>",
		"f_pkey|p|s|s.f|s.f_pkey|-|{6}|<null>",
		"f_w_fkey|f|s|s.f|s.f_pkey|s.f|{7}|{6}",
		"f_x_fkey|f|s|s.f|p_pkey|p|{1}|{1}",
		"f_y_fkey|f|s|s.f|p_b_key|p|{2}|{2}",
		"fk|f|s|s.f|pair|p|{3,4}|{3,4}",
		"nochild|c|s|s.f|-|-|{5}|<null>",
	)
	db.Rows(`select conname, condeferrable, condeferred, convalidated, confupdtype, confdeltype, confmatchtype,
		conislocal, coninhcount, connoinherit
from pg_constraint where conrelid in ('p'::regclass, 's.f'::regclass) order by conrelid::regclass::text, conname`,
		"p_b_key|f|f|t| | | |t|0|t",
		"p_check|f|f|t| | | |t|0|f",
		"p_pkey|f|f|t| | | |t|0|t",
		"pair|f|f|t| | | |t|0|t",
		"pos|f|f|t| | | |t|0|f",
		"f_pkey|f|f|t| | | |t|0|t",
		"f_w_fkey|f|f|t|a|d|s|t|0|t",
		"f_x_fkey|f|f|t|a|a|s|t|0|t",
		"f_y_fkey|f|f|t|n|c|s|t|0|t",
		"fk|t|t|t|a|r|s|t|0|t",
		"nochild|f|f|t| | | |t|0|t",
	)
	db.Rows(`select conname, pg_get_constraintdef(oid) from pg_constraint where conrelid in ('p'::regclass,
	's.f'::regclass) order by conrelid::regclass::text, conname`,
		"p_b_key|UNIQUE (b)",
		"p_check|CHECK (((length(b) < 10) OR (c IS NULL)))",
		"p_pkey|PRIMARY KEY (a)",
		"pair|UNIQUE (c, d)",
		"pos|CHECK ((a > 0))",
		"f_pkey|PRIMARY KEY (self)",
		"f_w_fkey|FOREIGN KEY (w) REFERENCES s.f(self) ON DELETE SET DEFAULT",
		"f_x_fkey|FOREIGN KEY (x) REFERENCES p(a)",
		"f_y_fkey|FOREIGN KEY (y) REFERENCES p(b) ON UPDATE SET NULL ON DELETE CASCADE",
		"fk|FOREIGN KEY (c, d) REFERENCES p(c, d) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED",
		"nochild|CHECK ((z <> 0)) NO INHERIT",
	)
	db.Is(`select conname, pg_get_expr(conbin, conrelid) from pg_constraint where contype = 'c' and
	conrelid = 'p'::regclass order by 1`,
		"p_check|((length(b) < 10) OR (c IS NULL)); pos|(a > 0)")
	db.Is("select contypid, conparentid, confdelsetcols from pg_constraint where conname = 'fk'",
		"0|0|<null>")
}

// pg_get_constraintdef is the constraint as ALTER TABLE takes it.
func TestConstraintDef(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create schema s")
	db.Must(`create table "P" (a int, "B" int, "order" text, primary key (a, "B"), unique ("order"))`)
	db.Is(`create table s.c (a int, b int, c text unique nulls not distinct, d date, e numeric(6,2), f boolean,
	foreign key (a, b) references "P" on update cascade on delete no action,
	unique (a) include (b), check (a between 1 and 5), check (c in ('x', 'y')), check (c like 'a%' and not f),
	check (d > '2020-01-01'),
	check (e > 0 or e is null), check (a = any (array[1, 2])), check (case when f then a > 0 else b > 0 end),
	check ((a + b) * 2 > 3),
	check (coalesce(a, b) is not null), check (length(c) > 2), check (f), check (a is distinct from b), check (not f))`,
		"CREATE TABLE")
	db.Rows(`select conname, pg_get_constraintdef(oid) from pg_constraint where conrelid = 's.c'::regclass
	order by 1`,
		`c_a_b_fkey|FOREIGN KEY (a, b) REFERENCES "P"(a, "B") ON UPDATE CASCADE`,
		"c_a_b_key|UNIQUE (a) INCLUDE (b)",
		"c_a_check|CHECK (((a >= 1) AND (a <= 5)))",
		"c_a_check1|CHECK ((a = ANY (ARRAY[1, 2])))",
		"c_c_check|CHECK ((c = ANY (ARRAY['x'::text, 'y'::text])))",
		"c_c_check1|CHECK ((length(c) > 2))",
		"c_c_key|UNIQUE NULLS NOT DISTINCT (c)",
		"c_check|CHECK (((c ~~ 'a%'::text) AND (NOT f)))",
		"c_check1|CHECK (\nCASE\n    WHEN f THEN (a > 0)\n    ELSE (b > 0)\nEND)",
		"c_check2|CHECK ((((a + b) * 2) > 3))",
		"c_check3|CHECK ((COALESCE(a, b) IS NOT NULL))",
		"c_check4|CHECK ((a IS DISTINCT FROM b))",
		"c_d_check|CHECK ((d > '2020-01-01'::date))",
		"c_e_check|CHECK (((e > (0)::numeric) OR (e IS NULL)))",
		"c_f_check|CHECK (f)",
		"c_f_check1|CHECK ((NOT f))",
	)
	db.Rows(`select conname, pg_get_constraintdef(oid, true) from pg_constraint where conrelid =
	's.c'::regclass order by 1`,
		`c_a_b_fkey|FOREIGN KEY (a, b) REFERENCES "P"(a, "B") ON UPDATE CASCADE`,
		"c_a_b_key|UNIQUE (a) INCLUDE (b)",
		"c_a_check|CHECK (a >= 1 AND a <= 5)",
		"c_a_check1|CHECK (a = ANY (ARRAY[1, 2]))",
		"c_c_check|CHECK (c = ANY (ARRAY['x'::text, 'y'::text]))",
		"c_c_check1|CHECK (length(c) > 2)",
		"c_c_key|UNIQUE NULLS NOT DISTINCT (c)",
		"c_check|CHECK (c ~~ 'a%'::text AND NOT f)",
		"c_check1|CHECK (\nCASE\n    WHEN f THEN a > 0\n    ELSE b > 0\nEND)",
		"c_check2|CHECK (((a + b) * 2) > 3)",
		"c_check3|CHECK (COALESCE(a, b) IS NOT NULL)",
		"c_check4|CHECK (a IS DISTINCT FROM b)",
		"c_d_check|CHECK (d > '2020-01-01'::date)",
		"c_e_check|CHECK (e > 0::numeric OR e IS NULL)",
		"c_f_check|CHECK (f)",
		"c_f_check1|CHECK (NOT f)",
	)
	db.Is(`select conname, pg_get_constraintdef(oid) from pg_constraint where conrelid = '"P"'::regclass
	order by 1`,
		`P_order_key|UNIQUE ("order"); P_pkey|PRIMARY KEY (a, "B")`)
	db.Must("set search_path = s")
	db.Is("select pg_get_constraintdef(oid) from pg_constraint where conname = 'c_a_b_fkey'",
		`FOREIGN KEY (a, b) REFERENCES public."P"(a, "B") ON UPDATE CASCADE`)
	db.Must("reset search_path")
	db.Is("select pg_get_constraintdef(0), pg_get_constraintdef(null)", "<null>|<null>")
	db.Must("alter table s.c add constraint later check (b < 100) not valid")
	db.Must(`alter table s.c add constraint fk2 foreign key (a, b) references "P" not valid`)
	db.Rows(`select conname, convalidated, pg_get_constraintdef(oid) from pg_constraint where conname in
	('later', 'fk2') order by 1`,
		`fk2|f|FOREIGN KEY (a, b) REFERENCES "P"(a, "B") NOT VALID`,
		"later|f|CHECK ((b < 100)) NOT VALID",
	)
	db.Must("alter table s.c validate constraint later")
	db.Must("alter table s.c validate constraint fk2")
	db.Rows(`select conname, convalidated, pg_get_constraintdef(oid) from pg_constraint where conname in
	('later', 'fk2') order by 1`,
		`fk2|t|FOREIGN KEY (a, b) REFERENCES "P"(a, "B")`,
		"later|t|CHECK ((b < 100))",
	)
	db.Must("alter table s.c rename column a to aa")
	db.Must(`alter table "P" rename column "B" to bb`)
	db.Must(`alter table "P" rename to p`)
	db.Must("alter table s.c rename constraint later to sooner")
	db.Rows(`select conname, pg_get_constraintdef(oid) from pg_constraint where conname in ('sooner', 'fk2',
	'c_a_check') order by 1`,
		"c_a_check|CHECK (((aa >= 1) AND (aa <= 5)))",
		"fk2|FOREIGN KEY (aa, b) REFERENCES p(a, bb)",
		"sooner|CHECK ((b < 100))",
	)
}

// Constraints without a name get PostgreSQL's.
func TestConstraintNames(t *testing.T) {
	db := dbtest.New(t)
	db.Is(`create table t (a int check (a > 0) check (a < 10), b int unique, c int references t (b), d int,
		primary key (a, d),
	check (a > d), check (1 > 0), unique (c, d), foreign key (a, d) references t, foreign key (c) references t (b))`,
		"CREATE TABLE")
	db.Rows("select conname, contype from pg_constraint where conrelid = 't'::regclass order by 1",
		"t_a_check|c",
		"t_a_check1|c",
		"t_a_d_fkey|f",
		"t_b_key|u",
		"t_c_d_key|u",
		"t_c_fkey|f",
		"t_c_fkey1|f",
		"t_check|c",
		"t_check1|c",
		"t_pkey|p",
	)
	db.Must("alter table t add check (b > 0), add unique (b), add foreign key (d) references t (b)")
	db.Rows("select conname, contype from pg_constraint where conrelid = 't'::regclass order by 1",
		"t_a_check|c",
		"t_a_check1|c",
		"t_a_d_fkey|f",
		"t_b_check|c",
		"t_b_key|u",
		"t_b_key1|u",
		"t_c_d_key|u",
		"t_c_fkey|f",
		"t_c_fkey1|f",
		"t_check|c",
		"t_check1|c",
		"t_d_fkey|f",
		"t_pkey|p",
	)
	db.Must("create table u (like t including all)")
	db.Rows(`select conname, contype, pg_get_constraintdef(oid) from pg_constraint where conrelid =
	'u'::regclass order by 1`,
		"t_a_check|c|CHECK ((a > 0))",
		"t_a_check1|c|CHECK ((a < 10))",
		"t_b_check|c|CHECK ((b > 0))",
		"t_check|c|CHECK ((a > d))",
		"t_check1|c|CHECK ((1 > 0))",
		"u_b_key|u|UNIQUE (b)",
		"u_b_key1|u|UNIQUE (b)",
		"u_c_d_key|u|UNIQUE (c, d)",
		"u_pkey|p|PRIMARY KEY (a, d)",
	)
}

// information_schema's views of constraints; a NOT NULL is a check there.
func TestInfoConstraints(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create schema s")
	db.Must(`create table p (a int primary key, b text unique, c int, d int not null, unique (d, c),
	constraint pos check (a > 0 and d > 0))`)
	db.Must(`create table s.f (x int references p on delete cascade, c int, d int, foreign key (d, c)
	references p (d, c) on update set null deferrable, unique nulls not distinct (x))`)
	db.Rows(`select table_schema, table_name, constraint_schema,
		regexp_replace(constraint_name, '^[0-9]+_[0-9]+_', 'N_N_') as n, constraint_type, is_deferrable,
	initially_deferred, enforced, nulls_distinct
from information_schema.table_constraints where table_schema in ('public', 's') order by 1, 2, 4`,
		"public|p|public|N_N_1_not_null|CHECK|NO|NO|YES|<null>",
		"public|p|public|N_N_4_not_null|CHECK|NO|NO|YES|<null>",
		"public|p|public|p_b_key|UNIQUE|NO|NO|YES|YES",
		"public|p|public|p_d_c_key|UNIQUE|NO|NO|YES|YES",
		"public|p|public|p_pkey|PRIMARY KEY|NO|NO|YES|<null>",
		"public|p|public|pos|CHECK|NO|NO|YES|<null>",
		"s|f|s|f_d_c_fkey|FOREIGN KEY|YES|NO|YES|<null>",
		"s|f|s|f_x_fkey|FOREIGN KEY|NO|NO|YES|<null>",
		"s|f|s|f_x_key|UNIQUE|NO|NO|YES|NO",
	)
	db.Rows(`select constraint_schema, constraint_name, table_schema, table_name, column_name, ordinal_position,
		position_in_unique_constraint
from information_schema.key_column_usage where table_schema in ('public', 's') order by 2, 6`,
		"s|f_d_c_fkey|s|f|d|1|1",
		"s|f_d_c_fkey|s|f|c|2|2",
		"s|f_x_fkey|s|f|x|1|1",
		"s|f_x_key|s|f|x|1|<null>",
		"public|p_b_key|public|p|b|1|<null>",
		"public|p_d_c_key|public|p|d|1|<null>",
		"public|p_d_c_key|public|p|c|2|<null>",
		"public|p_pkey|public|p|a|1|<null>",
	)
	db.Rows(`select constraint_schema, constraint_name, table_schema, table_name, column_name from
	information_schema.constraint_column_usage where constraint_schema in ('public', 's') order by
	2, 5`,
		"s|f_d_c_fkey|public|p|c",
		"s|f_d_c_fkey|public|p|d",
		"s|f_x_fkey|public|p|a",
		"s|f_x_key|s|f|x",
		"public|p_b_key|public|p|b",
		"public|p_d_c_key|public|p|c",
		"public|p_d_c_key|public|p|d",
		"public|p_pkey|public|p|a",
		"public|pos|public|p|a",
		"public|pos|public|p|d",
	)
	db.Rows(`select constraint_schema, constraint_name, unique_constraint_schema, unique_constraint_name,
		match_option, update_rule, delete_rule
from information_schema.referential_constraints order by 2`,
		"s|f_d_c_fkey|public|p_d_c_key|NONE|SET NULL|NO ACTION",
		"s|f_x_fkey|public|p_pkey|NONE|NO ACTION|CASCADE",
	)
	db.Rows(`select constraint_schema, regexp_replace(constraint_name, '^[0-9]+_[0-9]+_', 'N_N_') as n,
	check_clause from information_schema.check_constraints where constraint_schema in ('public',
	's') order by 1, 2`,
		"public|N_N_1_not_null|a IS NOT NULL",
		"public|N_N_4_not_null|d IS NOT NULL",
		"public|pos|(((a > 0) AND (d > 0)))",
	)
	db.Rows(`select table_name, constraint_name from information_schema.constraint_table_usage where
	constraint_schema in ('public', 's') order by 1, 2`,
		"f|f_x_key",
		"p|f_d_c_fkey",
		"p|f_x_fkey",
		"p|p_b_key",
		"p|p_d_c_key",
		"p|p_pkey",
	)
	db.Is(`select constraint_catalog = current_database(), table_catalog = current_database() from
	information_schema.key_column_usage limit 1`,
		"t|t")
}

// pg_depend ties indexes, sequences, defaults, constraints and views to what they need.
func TestDepend(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (a serial primary key, b int generated always as identity, c int default 5, d int
	references t (a))`)
	db.Must("create view v as select a, c from t")
	db.Must("create sequence free")
	db.Must("create sequence owned owned by t.c")
	db.Is(`select c.relname, d.refobjid::regclass, d.refobjsubid, d.deptype from pg_depend d
		join pg_class c on c.oid = d.objid
where classid = 'pg_class'::regclass and refclassid = 'pg_class'::regclass and c.relkind = 'S'
and c.relnamespace = 'public'::regnamespace order by 1`,
		"owned|t|3|a; t_a_seq|t|1|a; t_b_seq|t|2|i")
	db.Is(`select distinct r.ev_class::regclass, d.refobjid::regclass, a.attname from pg_depend d
		join pg_rewrite r on r.oid = d.objid
join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype = 'n'
and r.ev_class = 'v'::regclass order by 3`,
		"v|t|a; v|t|c")
	db.Is(`select k.conname, d.refobjid::regclass, d.refobjsubid, d.deptype from pg_depend d
		join pg_constraint k on k.oid = d.objid
where classid = 'pg_constraint'::regclass and refclassid = 'pg_class'::regclass and k.conrelid = 't'::regclass
order by 1, 4, 3`,
		"t_d_fkey|t|4|a; t_d_fkey|t_pkey|0|n; t_d_fkey|t|1|n; t_pkey|t|1|a")
	db.Is(`select ad.adnum, d.refobjid::regclass, d.refobjsubid, d.deptype from pg_depend d
		join pg_attrdef ad on ad.oid = d.objid
where classid = 'pg_attrdef'::regclass and refclassid = 'pg_class'::regclass and ad.adrelid = 't'::regclass
order by 1, 2::text`,
		"1|t|1|a; 1|t_a_seq|0|n; 3|t|3|a")
	db.Is(`select c.relname, k.conname, d.deptype from pg_depend d join pg_class c on c.oid = d.objid join
	pg_constraint k on k.oid = d.refobjid where d.classid = 'pg_class'::regclass and d.refclassid =
	'pg_constraint'::regclass`,
		"t_pkey|t_pkey|i")
	db.Rows(`select c.relname, n.nspname, d.deptype from pg_depend d join pg_class c on c.oid = d.objid join
	pg_namespace n on n.oid = d.refobjid where d.classid = 'pg_class'::regclass and d.refclassid =
	'pg_namespace'::regclass and n.nspname = 'public' order by 1`,
		"free|public|n",
		"owned|public|n",
		"t|public|n",
		"t_a_seq|public|n",
		"t_b_seq|public|n",
		"v|public|n",
	)
}
