package bind_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

const namesDDL = `create table t (id int, a int, b text, "Mixed Case" int, c date);
	create table u (id int, t_id int, name text, a numeric);
	create schema s; create table s.t (x int); create table s.only (y int);
	insert into t values (1, 10, 'one', 5, '2024-01-01'); insert into u values (7, 1, 'seven', 1.5);
	insert into s.t values (100); insert into s.only values (200);`

// A column is named alone, by its table, by schema and table, or by database, schema and table.
func TestColumnNames(t *testing.T) {
	f := answers(t, namesDDL)
	f("select a, t.a, public.t.a from t", "10|10|10")
	f("select A, T.a, T.A, PUBLIC.T.A from T", "10|10|10|10")
	f(`select "a", "t"."a" from "t"`, "10|10")
	f(`select "A" from t`, `42703: column "A" does not exist @ "A" from t`)
	f(`select t."A" from t`, `42703: column t.A does not exist @ t."A" from t`)
	f(`select "T".a from t`, `42P01: missing FROM-clause entry for table "T" @ "T".a from t`)
	f(`select a from "T"`, `42P01: relation "T" does not exist @ "T"`)
	f(`select "Mixed Case", t."Mixed Case" from t`, "5|5")
	f(`select "mixed case" from t`,
		`42703: column "mixed case" does not exist `+
			`HINT: Perhaps you meant to reference the column "t.Mixed Case". @ "mixed case"`)
	f("select mixed from t", `42703: column "mixed" does not exist @ mixed from t`)
	f("select x.a from t x", "10")
	f("select x.a from t as x", "10")
	f(`select "X".a from t as "X"`, "10")
	f(`select x.a from t as "X"`, `42P01: missing FROM-clause entry for table "x" @ x.a from t a`)
	f("select t.a from t x",
		`42P01: invalid reference to FROM-clause entry for table "t" `+
			`HINT: Perhaps you meant to reference the table alias "x". @ t.a from t x`)
	f("select public.t.a from t x",
		`42P01: invalid reference to FROM-clause entry for table "t" `+
			`HINT: Perhaps you meant to reference the table alias "x". @ public.t.a f`)
	f("select public.x.a from t x",
		`42P01: invalid reference to FROM-clause entry for table "x" `+
			`DETAIL: There is an entry for table "x", but it cannot be referenced from this part of the query. @ public.x.a f`)
	f("select s.t.x, public.t.a from s.t, public.t", "100|10")
	f("select t.x from s.t", "100")
	f("select s.t.x from s.t as t",
		`42P01: invalid reference to FROM-clause entry for table "t" `+
			`DETAIL: There is an entry for table "t", but it cannot be referenced from this part of the query. @ s.t.x from s`)
	f("select s.t.a from t",
		`42P01: invalid reference to FROM-clause entry for table "t" `+
			`DETAIL: There is an entry for table "t", but it cannot be referenced from this part of the query. @ s.t.a from t`)
	f("select public.t.x from s.t",
		`42P01: invalid reference to FROM-clause entry for table "t" `+
			`DETAIL: There is an entry for table "t", but it cannot be referenced from this part of the query. @ public.t.x f`)
	f("select t.a from s.t, public.t", `42P09: table reference "t" is ambiguous @ t.a from s.t`)
	f("select t.x, t.a from s.t, public.t", `42P09: table reference "t" is ambiguous @ t.x, t.a fro`)
	f("select nope.t.a from t",
		`42P01: invalid reference to FROM-clause entry for table "t" `+
			`DETAIL: There is an entry for table "t", but it cannot be referenced from this part of the query. @ nope.t.a fro`)
	f("select other.public.t.a from t",
		"0A000: cross-database references are not implemented: other.public.t.a @ other.public")
	f("select a.b.c.d.e from t", "42601: improper qualified name (too many dotted names): a.b.c.d.e @ a.b.c.d.e fr")
	f("select a from t, u", `42702: column reference "a" is ambiguous @ a from t, u`)
	f("select id from t, u where t.id = u.t_id", `42702: column reference "id" is ambiguous @ id from t, u`)
	f("select t.id, u.id from t, u where t.id = u.t_id", "1|7")
	f("select b, name from t, u where t.id = t_id", "one|seven")
	f("select * from t, u order by id", `42702: ORDER BY "id" is ambiguous @ id`)
	f("select t.id from t, u order by id", "1")
	f("select t.id as id, u.id as id from t, u order by id", `42702: ORDER BY "id" is ambiguous @ id`)
	f("select t.id, u.id from t, u group by id", `42702: column reference "id" is ambiguous @ id`)
	f("select 1 from t, u where a > 0", `42702: column reference "a" is ambiguous @ a > 0`)
	f("select 1 from t x, t y where x.a = y.a and b = 'one'", `42702: column reference "b" is ambiguous @ b = 'one'`)
	f("select nope from t, u",
		`42703: column "nope" does not exist HINT: Perhaps you meant to reference the column "u.name". @ nope from t,`)
	f("select t.nope, u.a from t, u",
		`42703: column t.nope does not exist HINT: Perhaps you meant to reference the column "u.name". @ t.nope, u.a`)
	f("select u.b from t, u",
		`42703: column u.b does not exist HINT: Perhaps you meant to reference the column "t.b". @ u.b from t,`)
	f("select nope.a from t, u", `42P01: missing FROM-clause entry for table "nope" @ nope.a from`)
	f("select nope.* from t", `42P01: missing FROM-clause entry for table "nope" @ nope.* from`)
	f("select t.* from t x",
		`42P01: invalid reference to FROM-clause entry for table "t" `+
			`HINT: Perhaps you meant to reference the table alias "x". @ t.* from t x`)
	f("select s.t.* from t",
		`42P01: invalid reference to FROM-clause entry for table "t" `+
			`DETAIL: There is an entry for table "t", but it cannot be referenced from this part of the query. @ s.t.* from t`)
	f("select *", "42601: SELECT * with no tables specified is not valid @ *")
	f("select * from t where *", `42601: syntax error at or near "*" @ *`)
	f("select t.*.a from t", `42601: improper use of "*" at or near "from" @ from t`)
	f("select a", `42703: column "a" does not exist @ a`)
	f("select t.a", `42P01: missing FROM-clause entry for table "t" @ t.a`)
	f("select a from t where u.id = 1", `42P01: missing FROM-clause entry for table "u" @ u.id = 1`)
	f("select a from t order by u.id", `42P01: missing FROM-clause entry for table "u" @ u.id`)
	f("select a from t group by u.id", `42P01: missing FROM-clause entry for table "u" @ u.id`)
	f("select a from t having u.id = 1", `42P01: missing FROM-clause entry for table "u" @ u.id = 1`)
	f("select a.b from t", `42P01: missing FROM-clause entry for table "a" @ a.b from t`)
	f("select b.a from t", `42P01: missing FROM-clause entry for table "b" @ b.a from t`)
	f("select t.a.b from t", `42P01: missing FROM-clause entry for table "a" @ t.a.b from t`)
}

// A near name is offered when it is near enough: as the column of its table, and one only, or two that are alike.
func TestPerhapsYouMeant(t *testing.T) {
	f := answers(t,
		`create table orders (order_id int, customer_id int, total numeric, created_at timestamp, "Quoted Name" int,
			x int, yy int);
		create table customers (customer_id int, name text, created_on date, total_spent numeric)`)
	f("select ordr_id from orders",
		`42703: column "ordr_id" does not exist `+
			`HINT: Perhaps you meant to reference the column "orders.order_id". @ ordr_id from`)
	f("select order_idd from orders",
		`42703: column "order_idd" does not exist `+
			`HINT: Perhaps you meant to reference the column "orders.order_id". @ order_idd fr`)
	f("select orderid from orders",
		`42703: column "orderid" does not exist `+
			`HINT: Perhaps you meant to reference the column "orders.order_id". @ orderid from`)
	f("select oid from orders", `42703: column "oid" does not exist @ oid from ord`)
	f("select id from orders", `42703: column "id" does not exist @ id from orde`)
	f("select tot from orders", `42703: column "tot" does not exist @ tot from ord`)
	f("select totl from orders",
		`42703: column "totl" does not exist HINT: Perhaps you meant to reference the column "orders.total". @ totl from or`)
	f("select Total_ from orders",
		`42703: column "total_" does not exist HINT: Perhaps you meant to reference the column "orders.total". @ Total_ from`)
	f("select customer from orders",
		`42703: column "customer" does not exist `+
			`HINT: Perhaps you meant to reference the column "orders.customer_id". @ customer fro`)
	f("select customerid from orders, customers",
		`42703: column "customerid" does not exist `+
			`HINT: Perhaps you meant to reference the column "orders.customer_id" `+
			`or the column "customers.customer_id". @ customerid f`)
	f("select custmer_id from orders o, customers c",
		`42703: column "custmer_id" does not exist `+
			`HINT: Perhaps you meant to reference the column "o.customer_id" or the column "c.customer_id". @ custmer_id f`)
	f("select created from orders o, customers c",
		`42703: column "created" does not exist `+
			`HINT: Perhaps you meant to reference the column "o.created_at" or the column "c.created_on". @ created from`)
	f("select created_ax from orders o, customers c",
		`42703: column "created_ax" does not exist `+
			`HINT: Perhaps you meant to reference the column "o.created_at". @ created_ax f`)
	f("select o.name from orders o, customers c",
		`42703: column o.name does not exist HINT: Perhaps you meant to reference the column "c.name". @ o.name from`)
	f("select o.nam from orders o, customers c",
		`42703: column o.nam does not exist HINT: Perhaps you meant to reference the column "c.name". @ o.nam from o`)
	f("select name from orders", `42703: column "name" does not exist @ name from or`)
	f("select c.totl from orders o, customers c",
		`42703: column c.totl does not exist HINT: Perhaps you meant to reference the column "o.total". @ c.totl from`)
	f("select o.totl from orders o, customers c",
		`42703: column o.totl does not exist HINT: Perhaps you meant to reference the column "o.total". @ o.totl from`)
	f("select orders.totl from orders",
		`42703: column orders.totl does not exist `+
			`HINT: Perhaps you meant to reference the column "orders.total". @ orders.totl`)
	f("select customers.total from orders, customers", "42703: column customers.total does not exist @ customers.to")
	f("select quoted_name from orders",
		`42703: column "quoted_name" does not exist `+
			`HINT: Perhaps you meant to reference the column "orders.Quoted Name". @ quoted_name`)
	f(`select "quoted name" from orders`,
		`42703: column "quoted name" does not exist `+
			`HINT: Perhaps you meant to reference the column "orders.Quoted Name". @ "quoted name`)
	f("select z from orders", `42703: column "z" does not exist @ z from order`)
	f("select y from orders", `42703: column "y" does not exist @ y from order`)
	f("select xx from orders",
		`42703: column "xx" does not exist HINT: Perhaps you meant to reference the column "orders.x". @ xx from orde`)
	f("select yyy from orders",
		`42703: column "yyy" does not exist HINT: Perhaps you meant to reference the column "orders.yy". @ yyy from ord`)
	f("select nothing_like_it_at_all from orders", `42703: column "nothing_like_it_at_all" does not exist @ nothing_like`)
	f("select order_id from customers", `42703: column "order_id" does not exist @ order_id fro`)
	f("select (select totl from customers) from orders",
		`42703: column "totl" does not exist HINT: Perhaps you meant to reference the column "orders.total". @ totl from cu`)
	f("select (select nam from orders) from customers",
		`42703: column "nam" does not exist HINT: Perhaps you meant to reference the column "customers.name". @ nam from ord`)
	f("select 1 from orders where exists (select 1 from customers where order_idx = 1)",
		`42703: column "order_idx" does not exist `+
			`HINT: Perhaps you meant to reference the column "orders.order_id". @ order_idx =`)
	f("select totl from (select total from orders) s",
		`42703: column "totl" does not exist HINT: Perhaps you meant to reference the column "s.total". @ totl from (s`)
	f("select s.totl from (select total from orders) s",
		`42703: column s.totl does not exist HINT: Perhaps you meant to reference the column "s.total". @ s.totl from`)
	f("select totl from (select total from orders) s, customers",
		`42703: column "totl" does not exist HINT: Perhaps you meant to reference the column "s.total". @ totl from (s`)
	f("with w as (select total from orders) select totl from w",
		`42703: column "totl" does not exist HINT: Perhaps you meant to reference the column "w.total". @ totl from w`)
	f("select gs from generate_series(1, 2) g",
		`42703: column "gs" does not exist HINT: Perhaps you meant to reference the column "g.g". @ gs from gene`)
	f("select column3 from (values (1, 2)) v",
		`42703: column "column3" does not exist `+
			`HINT: Perhaps you meant to reference the column "v.column1" or the column "v.column2". @ column3 from`)
	f("select nme from orders join customers using (customer_id)",
		`42703: column "nme" does not exist HINT: Perhaps you meant to reference the column "customers.name". @ nme from ord`)
	f("select o.custmer_id from orders o join customers c using (customer_id)",
		`42703: column o.custmer_id does not exist `+
			`HINT: Perhaps you meant to reference the column "o.customer_id". @ o.custmer_id`)
	f("select custmer_id from orders o join customers c using (customer_id)",
		`42703: column "custmer_id" does not exist `+
			`HINT: Perhaps you meant to reference the column "o.customer_id" or the column "c.customer_id". @ custmer_id f`)
	f("update orders set total = totl",
		`42703: column "totl" does not exist HINT: Perhaps you meant to reference the column "orders.total". @ totl`)
	f("update orders set totl = 1", `42703: column "totl" of relation "orders" does not exist @ totl = 1`)
	f("delete from orders where totl = 1",
		`42703: column "totl" does not exist HINT: Perhaps you meant to reference the column "orders.total". @ totl = 1`)
	f("insert into orders (totl) values (1)", `42703: column "totl" of relation "orders" does not exist @ totl) values`)
	f("insert into orders (total) values (1) returning totl",
		`42703: column "totl" does not exist HINT: Perhaps you meant to reference the column "orders.total". @ totl`)
	f("insert into orders (total) values (1) on conflict do nothing returning excluded.total",
		`42P01: missing FROM-clause entry for table "excluded" @ excluded.tot`)
	f("select ordr.total from orders", `42P01: missing FROM-clause entry for table "ordr" @ ordr.total f`)
	f("select order.total from orders", `42601: syntax error at or near "." @ .total from`)
	f("select o.total from orders", `42P01: missing FROM-clause entry for table "o" @ o.total from`)
	f("select orders.total from orders o",
		`42P01: invalid reference to FROM-clause entry for table "orders" `+
			`HINT: Perhaps you meant to reference the table alias "o". @ orders.total`)
	f("select total from orders o where orders.total > 1",
		`42P01: invalid reference to FROM-clause entry for table "orders" `+
			`HINT: Perhaps you meant to reference the table alias "o". @ orders.total`)
	f("select total from orders o join customers c on orders.customer_id = c.customer_id",
		`42P01: invalid reference to FROM-clause entry for table "orders" `+
			`HINT: Perhaps you meant to reference the table alias "o". @ orders.custo`)
	f("update orders o set total = orders.total + 1",
		`42P01: invalid reference to FROM-clause entry for table "orders" `+
			`HINT: Perhaps you meant to reference the table alias "o". @ orders.total`)
	f("delete from orders o where orders.total = 1",
		`42P01: invalid reference to FROM-clause entry for table "orders" `+
			`HINT: Perhaps you meant to reference the table alias "o". @ orders.total`)
	f("delete from orders using customers c where customers.name = 'x'",
		`42P01: invalid reference to FROM-clause entry for table "customers" `+
			`HINT: Perhaps you meant to reference the table alias "c". @ customers.na`)
	f("create index on orders (totl)", `42703: column "totl" does not exist`)
	f("create index on orders (lower(totl))",
		`42703: column "totl" does not exist HINT: Perhaps you meant to reference the column "orders.total". @ totl))`)
	f("alter table orders add check (totl > 0)",
		`42703: column "totl" does not exist HINT: Perhaps you meant to reference the column "orders.total".`)
	f("create view v as select totl from orders",
		`42703: column "totl" does not exist HINT: Perhaps you meant to reference the column "orders.total". @ totl from or`)
	f("select sum(totl) from orders",
		`42703: column "totl" does not exist HINT: Perhaps you meant to reference the column "orders.total". @ totl) from o`)
	f("select total from orders order by totl",
		`42703: column "totl" does not exist HINT: Perhaps you meant to reference the column "orders.total". @ totl`)
	f("select total from orders group by totl",
		`42703: column "totl" does not exist HINT: Perhaps you meant to reference the column "orders.total". @ totl`)
	f("select total from orders union select total_spent from customers order by totl",
		`42703: column "totl" does not exist HINT: Perhaps you meant to reference the column "*SELECT* 1.total". @ totl`)
	f("select total as tx from orders where tx > 1",
		`42703: column "tx" does not exist HINT: Perhaps you meant to reference the column "orders.x". @ tx > 1`)
	f("select total as tx from orders group by total having tx > 1",
		`42703: column "tx" does not exist HINT: Perhaps you meant to reference the column "orders.x". @ tx > 1`)
	f("select total as tx from orders order by tx + 1",
		`42703: column "tx" does not exist HINT: Perhaps you meant to reference the column "orders.x". @ tx + 1`)
	f("select total as tx from orders order by tx", "")
}

// Bare names of relations are looked for along search_path, where pg_catalog is first unless it is named.
func TestSearchPath(t *testing.T) {
	f := answers(t, namesDDL)
	f("select * from only", "42601: syntax error at end of input @ ")
	f(`select * from "only"`, `42P01: relation "only" does not exist @ "only"`)
	f("select * from s.only", "200")
	f("set search_path = s", "SET")
	f(`select * from "only"`, "200")
	f("select * from t", "100")
	f("select * from u", `42P01: relation "u" does not exist @ u`)
	f("select * from public.u", "7|1|seven|1.5")
	f("set search_path = s, public", "SET")
	f("select * from t", "100")
	f("select u.id from u", "7")
	f("select s.t.x from t", "100")
	f("select public.t.x from t",
		`42P01: invalid reference to FROM-clause entry for table "t" `+
			`DETAIL: There is an entry for table "t", but it cannot be referenced from this part of the query. @ public.t.x f`)
	f("set search_path = public, s", "SET")
	f("select a from t", "10")
	f(`select y from "only"`, "200")
	f("create table s.pg_class (z int)", "CREATE TABLE")
	f("select count(z) from pg_class", `42703: column "z" does not exist @ z) from pg_c`)
	f("set search_path = s, pg_catalog", "SET")
	f("select count(z) from pg_class", "0")
	f("select relname from pg_catalog.pg_class where relname = 'pg_class' and relnamespace = 11", "pg_class")
	f("set search_path = ''", "SET")
	f("select * from t", `42P01: relation "t" does not exist @ t`)
	f("select count(*) > 100 from pg_class", "t")
	f("select abs(-1), 'x'::text || 'y'", "1|xy")
	f("create table q (a int)", "3F000: no schema has been selected to create in @ q (a int)")
	f("set search_path = nope, s", "SET")
	f("select * from t", "100")
	f("set search_path = nope", "SET")
	f("select * from t", `42P01: relation "t" does not exist @ t`)
	f("select current_schema(), current_schemas(false), current_schemas(true)", "<null>|{}|{pg_catalog}")
	f(`set search_path = "$user", public`, "SET")
	f("select a from t", "10")
	f("create schema postgres; create table postgres.t (mine int)", "CREATE TABLE")
	f("select * from t", "")
	f("set search_path = 'S'", "SET")
	f("select * from t", `42P01: relation "t" does not exist @ t`)
	f("reset search_path", "RESET")
	f("select * from nope.t", `42P01: relation "nope.t" does not exist @ nope.t`)
	f("select * from s.nope", `42P01: relation "s.nope" does not exist @ s.nope`)
	f("select * from other.s.t", `0A000: cross-database references are not implemented: "other.s.t" @ other.s.t`)
	f("select nope.f(1)", `3F000: schema "nope" does not exist @ nope.f(1)`)
	f("insert into nope.t values (1)", `42P01: relation "nope.t" does not exist @ nope.t value`)
	f("update s.nope set a = 1", `42P01: relation "s.nope" does not exist @ s.nope set a`)
	f("delete from nope.nope", `42P01: relation "nope.nope" does not exist @ nope.nope`)
	f("select 's.t'::regclass, 't'::regclass, 'public.t'::regclass", "s.t|t|public.t")
}

// A temporary table hides one of its name, and is not found as a function or in another session.
func TestTemporaryNames(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int); insert into t values (1); create table u (a int)")
	db.Must("create temp table t (b int); insert into t values (2)")
	f := func(query, want string) {
		t.Helper()
		db.Is(query, want)
	}
	f("select * from t", "2")
	f("select * from public.t", "1")
	f("select * from pg_temp.t", "2")
	f("select pg_temp.t.b from t", "2")
	f("select a from t", `42703: column "a" does not exist`)
	f("insert into t values (3) returning b", "3")
	f("update t set b = 4 where b = 3 returning *", "4")
	f("delete from pg_temp.t where b = 4 returning *", "4")
	f("select * from pg_temp.u", `42P01: relation "pg_temp.u" does not exist`)
	f("create temp view v as select b from t", "CREATE VIEW")
	f("select * from v", "2")
	f("create view w as select t.b from t", "CREATE VIEW")
	f("select pg_get_viewdef('w'::regclass)", ` SELECT b
   FROM t;`)
	f("select relpersistence, relnamespace::regnamespace::text like 'pg_temp_%' from pg_class where relname = 'w'", "t|t")
	f("set search_path = public, pg_temp", "SET")
	f("select * from t", "1")
	f("select * from v", "2")
	f("drop table t", "DROP TABLE")
	f("select * from t", "2")
	f("create table pg_temp.x (a int)", "CREATE TABLE")
	f("create temp table public.x (a int)", "42P16: cannot create temporary relation in non-temporary schema")
	f("create temp table pg_temp.y (a int); select * from y", "")
	other := db.Beside()
	other.Is("select * from t", `42P01: relation "t" does not exist`)
	other.Is("select * from pg_temp.t", `42P01: relation "pg_temp.t" does not exist`)
}

// System columns are there without being part of *, and an alias or a column list does not hide them.
func TestSystemColumns(t *testing.T) {
	f := answers(t, namesDDL+"create view v as select id from t;")
	f("select tableoid::regclass, t.tableoid::regclass from t", "t|t")
	f("select pg_typeof(ctid), pg_typeof(xmin), pg_typeof(tableoid) from t", "tid|xid|oid")
	f("select x.tableoid::regclass from t x (tableoid2)", "t")
	f("select tableoid from t, u", `42702: column reference "tableoid" is ambiguous @ tableoid fro`)
	f("select t.tableoid::regclass, u.tableoid::regclass from t, u", "t|u")
	f("select xmax, pg_typeof(cmin), pg_typeof(cmax) from t", "0|cid|cid")
	f("select ctid from v",
		`42703: column "ctid" does not exist HINT: Perhaps you meant to reference the column "v.id". @ ctid from v`)
	f("select tableoid from (select * from t) q", `42703: column "tableoid" does not exist @ tableoid fro`)
	f("select ctid from generate_series(1, 2)", `42703: column "ctid" does not exist @ ctid from ge`)
	f("select oid from t",
		`42703: column "oid" does not exist HINT: Perhaps you meant to reference the column "t.id". @ oid from t`)
	f("select oid::regclass from pg_class where relname = 't' and relkind = 'r' order by 1", "t; s.t")
	f("select tableoid::regclass from pg_class limit 1", "pg_class")
	f("select count(*) from t where ctid is not null and xmin is not null", "1")
	f("select t.a from t group by t.tableoid, a", "10")
	f("select t.ctid from t group by t.id",
		`42803: column "t.ctid" must appear in the GROUP BY clause or be used in an aggregate function @ t.ctid from`)
	f("update t set ctid = '(0,1)'", `0A000: cannot assign to system column "ctid" @ ctid = '(0,1`)
	f("insert into t (tableoid) values (1)", `42703: column "tableoid" of relation "t" does not exist @ tableoid) va`)
	f("update t set a = 11 returning tableoid::regclass, a", "t|11")
	f("insert into t (a) values (12) returning tableoid::regclass", "t")
	f("delete from t where a = 12 returning tableoid::regclass", "t")
	f("create table x (ctid int)", `42701: column name "ctid" conflicts with a system column name`)
	f("create index on t (ctid)", "0A000: index creation on system columns is not supported")
	f("create index on t (tableoid)", "0A000: index creation on system columns is not supported")
}

// An alias hides the table's name, and a list of column aliases renames from the left.
func TestAliases(t *testing.T) {
	f := answers(t, namesDDL)
	f("select p, q from t as x (p, q)", "1|10")
	f("select p, b from t x (p)", "1|one")
	f("select id from t x (p)", `42703: column "id" does not exist @ id from t x`)
	f("select x.id from t x (p)", "42703: column x.id does not exist @ x.id from t")
	f("select x.p from t x (p, q, r, s, t)", "1")
	f("select * from t x (p, q, r, s, t, u)", `42P10: table "x" has 5 columns available but 6 columns specified`)
	f("select a from t x (a, a2)", "1")
	f("select a from t x (p, q, a)", "one")
	f("select a from t x (a)", `42702: column reference "a" is ambiguous @ a from t x (`)
	f("select p from (select 1, 2) x (p)", "1")
	f("select * from (select 1 as a, 2 as b) x (p)", "1|2")
	f("select * from (select 1) x (p, q)", `42P10: table "x" has 1 columns available but 2 columns specified`)
	f("select * from (values (1, 2)) x (p, q)", "1|2")
	f("select column1, column2 from (values (1, 2)) x", "1|2")
	f("select column1, q from (values (1, 2)) x (column2, q)",
		`42703: column "column1" does not exist HINT: Perhaps you meant to reference the column "x.column2". @ column1, q f`)
	f("select * from (values (1, 2)) x (p, q, r)", `42P10: table "x" has 2 columns available but 3 columns specified`)
	f("select * from generate_series(1, 2) x (p)", "1; 2")
	f("select x, x.x from generate_series(1, 2) x", "1|1; 2|2")
	f("select generate_series from generate_series(1, 2)", "1; 2")
	f("select * from generate_series(1, 2) x (p, q)", `42P10: table "x" has 1 columns available but 2 columns specified`)
	f("select * from generate_series(1, 2) with ordinality", "1|1; 2|2")
	f("select * from generate_series(1, 2) with ordinality x (p, n)", "1|1; 2|2")
	f("select x.ordinality, x.x from generate_series(1, 2) with ordinality x", "1|1; 2|2")
	f("select * from (t x join u y on x.id = y.t_id) as j", "1|10|one|5|2024-01-01|7|1|seven|1.5")
	f("select j.b, j.name from (t x join u y on x.id = y.t_id) as j", "one|seven")
	f("select x.b from (t x join u y on x.id = y.t_id) as j",
		`42P01: invalid reference to FROM-clause entry for table "x" `+
			`DETAIL: There is an entry for table "x", but it cannot be referenced from this part of the query. @ x.b from (t`)
	f("select j.p, j.a from (t x join u y on x.id = y.t_id) as j (p, q)", "1|1.5")
	f("select j.p, j.q from (t x join u y on x.id = y.t_id) as j (p, q)", "1|10")
	f("select * from (t x join u y on true) as j (a, b, c, d, e, f, g, h, i, j)",
		`42P10: join expression "j" has 9 columns available but 10 columns specified`)
	f("select x.b, y.name from (t x join u y on x.id = y.t_id)", "one|seven")
	f("select * from t, t", `42712: table name "t" specified more than once`)
	f("select * from t, t x", "1|10|one|5|2024-01-01|1|10|one|5|2024-01-01")
	f("select 1 from t x, u x", `42712: table name "x" specified more than once`)
	f("select 1 from t, s.t", "1")
	f("select 1 from t join t on true", `42712: table name "t" specified more than once`)
	f("select 1 from t join (u join t on true) on true", `42712: table name "t" specified more than once`)
	f("select 1 from t, (select 1) t", `42712: table name "t" specified more than once`)
	f("select 1 from (select 1) x, (select 2) x", `42712: table name "x" specified more than once`)
	f("select 1 from t, generate_series(1, 2) t", `42712: table name "t" specified more than once`)
	f("select 1 from (t join u on true) t, u", "1")
	f("select 1 from (t join u on true) x, t", "1")
	f("select 1 from t as u, u as t", "1")
	f("select count(*) from (select 1), (select 2)", "1")
	f("select * from (select 1 as a), (select 2 as b)", "1|2")
	f("select * from (values (1)), (values (2))", "1|2")
	f("select column1 from (values (1))", "1")
	f("update t x set a = 1 from t", "UPDATE 1")
	f("update t set a = 1 from t x where x.id = t.id", "UPDATE 1")
	f("update t set a = 1 from u t where true", `42712: table name "t" specified more than once`)
	f("delete from t using t", `42712: table name "t" specified more than once`)
	f("delete from t x using t y where x.id = y.id returning x.a", "1")
	f("insert into t as x (id) values (5) returning x.id", "5")
	f("insert into t as x (id) values (5) returning t.id",
		`42P01: invalid reference to FROM-clause entry for table "t" `+
			`HINT: Perhaps you meant to reference the table alias "x". @ t.id`)
	f("insert into t as x (id) values (5) on conflict do nothing", "INSERT 0 1")
}

// What a select list's columns are called.
func TestColumnNamesOfResults(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b text, c int[], d date, j jsonb)")
	f := func(list, want string) {
		t.Helper()
		db.Describes("select "+list+" from t", want)
	}
	f("a, t.a, a as x, a y, a \"Z\"", "-> a integer t.a; a integer t.a; x integer t.a; y integer t.a; Z integer t.a")
	f("1, 'x', null, true, 1.5, - 1, a + 1, a = 1, not true",
		"-> ?column? integer; ?column? text; ?column? text; ?column? boolean; ?column? numeric; ?column? integer; "+
			"?column? integer; ?column? boolean; ?column? boolean")
	f("a::text, '1'::int, cast(a as int8), a::varchar(3), date '2024-01-01', '{}'::int[]",
		"-> a text; int4 integer; a bigint; a character varying(3); date date; int4 integer[]")
	f("(a + 1)::text, (a::text)::int, (upper(b))::varchar, ('x' || b)::text",
		"-> text text; a integer; upper character varying; text text")
	f("upper(b), pg_catalog.lower(b), count(*) over (), coalesce(a, 1), nullif(a, 1), greatest(a, 1), least(a, 1)",
		"-> upper text; lower text; count bigint; coalesce integer; nullif integer; greatest integer; least integer")
	f("extract(year from d), substring(b from 1), trim(b), position('x' in b), overlay(b placing 'x' from 1), "+
		"d at time zone 'UTC'",
		"-> extract numeric; substring text; btrim text; position integer; overlay text; "+
			"timezone timestamp without time zone")
	f("case when true then a end, case when true then 1 else a end, case a when 1 then 2 else upper(b) end, "+
		"case when true then a else 1 end",
		"42804: CASE types text and integer cannot be matched")
	f(`(select a), (select max(a) from t x), (select 1), (select 1 as one), (values (1)), exists (select 1),
		array(select 1), a in (select 1)`,
		"-> a integer; max integer; ?column? integer; one integer; column1 integer; exists boolean; "+
			"array integer[]; ?column? boolean")
	f("array[a], row(a), (a, b), array[a][1], c[1], c[1:2], (c)[1], t, (t).a, (t).b", `42601: syntax error at or near "["`)
	f("current_date, current_timestamp, localtime, current_user, session_user, current_schema, current_catalog, user",
		"-> current_date date; current_timestamp timestamp with time zone; localtime time without time zone; "+
			"current_user name; session_user name; current_schema name; current_catalog name; user name")
	f("a is null, a is distinct from 1, a between 1 and 2, b like 'x', a = any(c), d is not null",
		"-> ?column? boolean; ?column? boolean; ?column? boolean; ?column? boolean; ?column? boolean; ?column? boolean")
	f("j -> 'x', j['x'], j['x']['y'], b collate \"C\", (b collate \"C\")::varchar",
		"-> ?column? jsonb; j jsonb; j jsonb; b text; b character varying")
	f("interval '1 day', timestamp '2024-01-01', int4 '5', bool 'true', 1::double precision, 1::real, 1::\"char\"",
		`-> interval interval; timestamp timestamp without time zone; int4 integer; bool boolean; `+
			`float8 double precision; float4 real; char "char"`)
	f("*", "-> a integer t.a; b text t.b; c integer[] t.c; d date t.d; j jsonb t.j")
	f("t.*, t.a", "-> a integer t.a; b text t.b; c integer[] t.c; d date t.d; j jsonb t.j; a integer t.a")
	db.Describes("select * from (select 1, 2 as b, 'x' from t) s", "-> ?column? integer; b integer; ?column? text")
	db.Describes("select * from generate_series(1, 2), unnest(array[1]), unnest(array['a']) x, json_each('{}'), now()",
		"-> generate_series integer; unnest integer; x text; key text; value json; now timestamp with time zone")
	db.Describes("values (1, 'a', null)", "-> column1 integer; column2 text; column3 text")
	db.Describes("select 1 as a union select 2 as b", "-> a integer")
	db.Describes("select 1 union select 2 as b", "-> ?column? integer")
	db.Describes("with w (p) as (select a, b from t) select * from w", "-> p integer t.a; b text t.b")
	db.Describes("insert into t (a) values (1) returning a, b as bee, a + 1, t.*",
		"-> a integer t.a; bee text t.b; ?column? integer; a integer t.a; b text t.b; c integer[] t.c; d date t.d; "+
			"j jsonb t.j")
	db.Describes("update t set a = 1 returning *",
		"-> a integer t.a; b text t.b; c integer[] t.c; d date t.d; j jsonb t.j")
	db.Describes("delete from t returning upper(b)", "-> upper text")
	db.Describes("select grouping(a), a from t group by a", "-> grouping integer; a integer t.a")
	db.Describes(`select max(a), sum(a) filter (where true), string_agg(b, ','),
		percentile_cont(0.5) within group (order by a) from t`,
		"-> max integer; sum bigint; string_agg text; percentile_cont double precision")
}
