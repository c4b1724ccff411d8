package queries_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A company's tree: who is below whom, what a team costs, the way up, and loops that are found.
func TestHierarchies(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table staff (id int primary key, name text, boss int references staff, pay numeric(10,2))")
	db.Must(`insert into staff values (1, 'Ada', null, 900), (2, 'Bob', 1, 500), (3, 'Cyd', 1, 600),
		(4, 'Dan', 2, 300), (5, 'Eve', 2, 310.50),
	(6, 'Flo', 3, 320), (7, 'Gus', 6, 200), (8, 'Hal', 6, 210), (9, 'Ida', 8, 100)`)
	db.Rows(`with recursive team as (
	select id, name, boss, 0 as level, name::text as path from staff where boss is null
	union all
	select s.id, s.name, s.boss, t.level + 1, t.path || '/' || s.name from staff s join team t on s.boss = t.id)
select repeat('  ', level) || name, level, path from team order by path`,
		"Ada|0|Ada",
		"  Bob|1|Ada/Bob",
		"    Dan|2|Ada/Bob/Dan",
		"    Eve|2|Ada/Bob/Eve",
		"  Cyd|1|Ada/Cyd",
		"    Flo|2|Ada/Cyd/Flo",
		"      Gus|3|Ada/Cyd/Flo/Gus",
		"      Hal|3|Ada/Cyd/Flo/Hal",
		"        Ida|4|Ada/Cyd/Flo/Hal/Ida",
	)
	db.Rows(`with recursive below as (
	select id as top, id from staff
	union all
	select b.top, s.id from below b join staff s on s.boss = b.id)
select top, count(*) - 1 as people, sum(pay) from below join staff using (id) group by top having count(*) > 1
order by top`,
		"1|8|3440.50",
		"2|2|1110.50",
		"3|4|1430.00",
		"6|3|830.00",
		"8|1|310.00",
	)
	db.Rows(`with recursive up (id, name, boss, n) as (
	select id, name, boss, 1 from staff where name = 'Ida'
	union all
	select s.id, s.name, s.boss, up.n + 1 from staff s, up where s.id = up.boss)
select string_agg(name, ' < ' order by n) from up`,
		"Ida < Hal < Flo < Cyd < Ada",
	)
	db.Rows(`select b.name, count(s.id), max(s.pay), array_agg(s.name order by s.pay desc) from staff b
		left join staff s on s.boss = b.id
group by b.id order by b.id`,
		"Ada|2|600.00|{Cyd,Bob}",
		"Bob|2|310.50|{Eve,Dan}",
		"Cyd|1|320.00|{Flo}",
		"Dan|0|<null>|{NULL}",
		"Eve|0|<null>|{NULL}",
		"Flo|2|210.00|{Hal,Gus}",
		"Gus|0|<null>|{NULL}",
		"Hal|1|100.00|{Ida}",
		"Ida|0|<null>|{NULL}",
	)
	db.Must("create table edge (a int, b int); insert into edge values (1, 2), (2, 3), (3, 1), (3, 4), (4, 5)")
	db.Rows(`with recursive reach (a, b, path, looped) as (
	select a, b, array[a, b], false from edge where a = 1
	union all
	select r.a, e.b, r.path || e.b, e.b = any (r.path) from reach r join edge e on e.a = r.b where not r.looped)
select b, path, looped from reach order by path`,
		"2|{1,2}|f",
		"3|{1,2,3}|f",
		"1|{1,2,3,1}|t",
		"4|{1,2,3,4}|f",
		"5|{1,2,3,4,5}|f",
	)
	db.Rows(`with recursive reach as (select a, b from edge union select r.a, e.b from reach r
		join edge e on e.a = r.b) select a, count(*) from reach group by a order by a`,
		"1|5",
		"2|5",
		"3|5",
		"4|1",
	)
	db.Rows(`with recursive shortest (node, steps) as (
	select 1, 0 union select b, steps + 1 from shortest join edge on a = node where steps < 10)
select node, min(steps) from shortest group by node order by node`,
		"1|0",
		"2|1",
		"3|2",
		"4|3",
		"5|4",
	)
}

// Events in time: sessions, gaps, running sums, moving averages, first and last of groups.
func TestEventsInTime(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table event (who text, at timestamp, kind text, amount numeric);
insert into event select (array['ann', 'ben', 'cat'])[g % 3 + 1],
timestamp '2024-03-01 08:00' + g * g * interval '1 minute' / 2,
	(array['view', 'cart', 'buy', 'view', 'view'])[g % 5 + 1], case when g % 5 = 2 then (g * 37 % 50) + 0.99 end
	from generate_series(1, 60) g`)
	db.Rows(`select who, session, min(at), max(at), count(*), sum(amount)
from (
	select *, sum(case when gap is null or gap > interval '2 hours' then 1 else 0 end) over (partition by who
	order by at) as session
	from (select *, at - lag(at) over (partition by who order by at) as gap from event) g) s
group by who, session having count(*) > 2 order by who, session`,
		"ann|1|2024-03-01 08:04:30|2024-03-01 20:40:30|13|94.98",
		"ben|1|2024-03-01 08:00:30|2024-03-01 21:20:00|14|44.97",
		"cat|1|2024-03-01 08:02:00|2024-03-01 22:00:30|14|89.97",
	)
	db.Rows(`select at::date as day, count(*), count(*) filter (where kind = 'buy') as bought, sum(amount) as sales,
	sum(sum(amount)) over (order by at::date) as so_far,
	round(avg(count(*)) over (order by at::date rows between 1 preceding and current row), 2)
from event group by 1 order by 1`,
		"2024-03-01|43|9|234.91|234.91|43.00",
		"2024-03-02|17|3|74.97|309.88|30.00",
	)
	db.Rows("select distinct on (who) who, at, kind from event order by who, at desc",
		"ann|2024-03-02 14:00:00|view",
		"ben|2024-03-02 12:02:00|view",
		"cat|2024-03-02 13:00:30|view",
	)
	db.Rows(`select who, kind, at from (select *, row_number() over (partition by who, kind order by at) as n
		from event) e where n = 1 order by who, kind`,
		"ann|buy|2024-03-01 09:12:00",
		"ann|cart|2024-03-01 08:18:00",
		"ann|view|2024-03-01 08:04:30",
		"ben|buy|2024-03-01 08:24:30",
		"ben|cart|2024-03-01 08:00:30",
		"ben|view|2024-03-01 08:08:00",
		"cat|buy|2024-03-01 08:02:00",
		"cat|cart|2024-03-01 09:00:30",
		"cat|view|2024-03-01 08:12:30",
	)
	db.Rows(`select who, count(*), percentile_cont(0.5) within group (order by amount),
		percentile_disc(0.9) within group (order by amount),
	mode() within group (order by kind), round(stddev(amount), 3) from event group by who order by who`,
		"ann|20|27.490000000000002|49.99|view|23.274",
		"ben|20|17.49|24.99|view|6.455",
		"cat|20|32.49|39.99|view|6.455",
	)
	db.Rows(`select who, bucket, count(*) from (select who, ntile(3) over (order by at) as bucket from event) e
		group by rollup (who, bucket) order by who, bucket`,
		"ann|1|6",
		"ann|2|7",
		"ann|3|7",
		"ann|<null>|20",
		"ben|1|7",
		"ben|2|7",
		"ben|3|6",
		"ben|<null>|20",
		"cat|1|7",
		"cat|2|6",
		"cat|3|7",
		"cat|<null>|20",
		"<null>|<null>|60",
	)
	db.Rows(`select date_trunc('hour', at) as hour, count(*) from event where at < '2024-03-01 16:00' group by 1
		order by 1`,
		"2024-03-01 08:00:00|10",
		"2024-03-01 09:00:00|5",
		"2024-03-01 10:00:00|3",
		"2024-03-01 11:00:00|3",
		"2024-03-01 12:00:00|3",
		"2024-03-01 13:00:00|2",
		"2024-03-01 14:00:00|2",
		"2024-03-01 15:00:00|2",
	)
	db.Rows(`select h, count(e.at) from generate_series(timestamp '2024-03-01 08:00', '2024-03-01 20:00', '2 hours') h
left join event e on e.at >= h and e.at < h + interval '2 hours' group by h order by h`,
		"2024-03-01 08:00:00|15",
		"2024-03-01 10:00:00|6",
		"2024-03-01 12:00:00|5",
		"2024-03-01 14:00:00|4",
		"2024-03-01 16:00:00|4",
		"2024-03-01 18:00:00|3",
		"2024-03-01 20:00:00|3",
	)
	db.Rows(`select kind, extract(dow from at)::int as dow, count(*) from event
		group by grouping sets ((kind), (dow), ()) order by 1, 2`,
		"buy|<null>|12",
		"cart|<null>|12",
		"view|<null>|36",
		"<null>|5|43",
		"<null>|6|17",
		"<null>|<null>|60",
	)
	db.Rows(`select who, at, amount, sum(amount) over w as last_day, first_value(amount) over w,
		rank() over (partition by who order by amount desc nulls last)
from event where amount is not null window w as (partition by who
order by at range between interval '12 hours' preceding and current row) order by who, at`,
		"ann|2024-03-01 09:12:00|44.99|44.99|44.99|2",
		"ann|2024-03-01 14:04:30|49.99|94.98|44.99|1",
		"ann|2024-03-01 22:42:00|4.99|54.98|49.99|4",
		"ann|2024-03-02 11:04:30|9.99|9.99|9.99|3",
		"ben|2024-03-01 08:24:30|9.99|9.99|9.99|4",
		"ben|2024-03-01 12:02:00|14.99|24.98|9.99|3",
		"ben|2024-03-01 19:24:30|19.99|44.97|9.99|2",
		"ben|2024-03-02 06:32:00|24.99|44.98|19.99|1",
		"cat|2024-03-01 08:02:00|24.99|24.99|24.99|4",
		"cat|2024-03-01 10:24:30|29.99|54.98|24.99|3",
		"cat|2024-03-01 16:32:00|34.99|89.97|24.99|2",
		"cat|2024-03-02 02:24:30|39.99|74.98|34.99|1",
	)
	db.Rows(`select kind, nxt, count(*) from (select kind, lead(kind) over (partition by who order by at) as nxt
		from event) e
where nxt is not null group by kind, nxt order by count(*) desc, kind, nxt`,
		"buy|view|12",
		"cart|view|12",
		"view|buy|11",
		"view|cart|11",
		"view|view|11",
	)
	// Islands of days without a pause.
	db.Rows(`select min(day), max(day), count(*) from (
	select day, day - row_number() over (order by day)::int as island
	from (select distinct at::date as day from event) d) i
group by island order by 1`,
		"2024-03-01|2024-03-02|2",
	)
}

// Documents: taken apart, searched, put together, and changed.
func TestDocuments(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table doc (id int primary key, body jsonb);
insert into doc values
	(1, '{"title": "Lamp", "price": 19.5, "tags": ["home", "light"], "stock": {"berlin": 3, "paris": 0}}'),
	(2, '{"title": "Chair", "price": 49, "tags": ["home"], "stock": {"berlin": 1}, "sale": true}'),
	(3, '{"title": "Pen", "price": 1.25, "tags": [], "stock": {}}'),
	(4, '{"title": "Ghost"}')`)
	db.Rows(`select id, body ->> 'title', (body ->> 'price')::numeric * 2 from doc where body ? 'price'
		order by (body ->> 'price')::numeric desc`,
		"2|Chair|98",
		"1|Lamp|39.0",
		"3|Pen|2.50",
	)
	db.Rows("select id from doc where body @> '{\"tags\": [\"home\"]}' and not body ? 'sale' order by id",
		"1",
	)
	db.Rows(`select id, t.tag, t.n from doc, jsonb_array_elements_text(body -> 'tags') with ordinality as t (tag,
		n) order by id, n`,
		"1|home|1",
		"1|light|2",
		"2|home|1",
	)
	db.Rows("select id, s.key, s.value::int from doc, jsonb_each(body -> 'stock') s order by id, s.key",
		"1|berlin|3",
		"1|paris|0",
		"2|berlin|1",
	)
	db.Rows(`select id, coalesce((select sum(value::int) from jsonb_each_text(body -> 'stock')), 0) as pieces
		from doc order by id`,
		"1|3",
		"2|1",
		"3|0",
		"4|0",
	)
	db.Rows(`select tag, jsonb_agg(body -> 'title' order by id)
		from doc, jsonb_array_elements_text(body -> 'tags') tag group by tag order by tag`,
		`home|["Lamp", "Chair"]`,
		`light|["Lamp"]`,
	)
	db.Rows("select jsonb_object_agg(id, body -> 'price' order by id) from doc",
		`{"1": 19.5, "2": 49, "3": 1.25, "4": null}`,
	)
	db.Rows("select key, count(*) from doc, jsonb_object_keys(body) key group by key order by 2 desc, 1",
		"title|4",
		"price|3",
		"stock|3",
		"tags|3",
		"sale|1",
	)
	db.Is("update doc set body = jsonb_set(body, '{stock,rome}', '7') || '{\"new\": null}' where id <= 2", "UPDATE 2")
	db.Rows("select id, body -> 'stock', body ? 'new', jsonb_strip_nulls(body) ? 'new' from doc order by id",
		`1|{"rome": 7, "paris": 0, "berlin": 3}|t|f`,
		`2|{"rome": 7, "berlin": 1}|t|f`,
		"3|{}|f|f",
		"4|<null>|f|f",
	)
	db.Is("update doc set body = body - 'tags' #- '{stock,berlin}' where id = 1 returning body",
		`{"new": null, "price": 19.5, "stock": {"rome": 7, "paris": 0}, "title": "Lamp"}`)
	db.Is("create index on doc ((body ->> 'title'))", "CREATE INDEX")
	db.Rows("select id from doc where body ->> 'title' = 'Pen'",
		"3",
	)
	db.Rows("select jsonb_pretty(jsonb_build_object('ids', (select array_agg(id order by id) from doc), 'at', null))",
		"{\n    \"at\": null,\n    \"ids\": [\n        1,\n        2,\n        3,\n        4\n    ]\n}",
	)
	db.Rows("select row_to_json(r) from (select id, body ->> 'title' as title from doc where id < 3) r order by id",
		`{"id":1,"title":"Lamp"}`,
		`{"id":2,"title":"Chair"}`,
	)
	db.Rows("select json_agg(d) from (select id, body -> 'price' as price from doc order by id desc) d",
		"[{\"id\":4,\"price\":null}, \n {\"id\":3,\"price\":1.25}, \n {\"id\":2,\"price\":49}, \n {\"id\":1,\"price\":19.5}]",
	)
}

// A shop under statements that change several tables at once.
func TestShop(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table product (id int generated always as identity primary key, name text unique not null,
		stock int not null check (stock >= 0), price numeric(8,2));
create table basket (id int generated always as identity primary key, customer text,
state text not null default 'open');
create table item (basket int references basket on delete cascade, product int references product,
pieces int check (pieces > 0), primary key (basket, product));
create view worth as select b.id, customer, sum(pieces * price) as total from basket b
join item i on i.basket = b.id join product p on p.id = i.product group by b.id`)
	db.Is(`insert into product (name, stock, price) values ('pen', 10, 1.5), ('ink', 4, 7), ('pad', 0, 3.25)
		returning id, name`,
		"1|pen; 2|ink; 3|pad")
	db.Rows(`with b as (insert into basket (customer) values ('zoe'), ('yan') returning id, customer),
		i as (insert into item select b.id, p.id, case when customer = 'zoe' then 2 else 1 end from b, product p
		where stock > 0 returning *) select * from i order by 1, 2`,
		"1|1|2",
		"1|2|2",
		"2|1|1",
		"2|2|1",
	)
	db.Rows("select * from worth order by id",
		"1|zoe|17.00",
		"2|yan|8.50",
	)
	db.Is(`insert into item values (1, 1, 5) on conflict (basket, product) do update
		set pieces = item.pieces + excluded.pieces returning pieces`,
		"7")
	db.Is("insert into item values (1, 99, 1)",
		`23503: insert or update on table "item" violates foreign key constraint "item_product_fkey" `+
			`DETAIL: Key (product)=(99) is not present in table "product".`)
	db.Is("insert into item values (1, 3, 0)",
		`23514: new row for relation "item" violates check constraint "item_pieces_check" `+
			`DETAIL: Failing row contains (1, 3, 0).`)
	db.Is("insert into product (id, name, stock) values (7, 'cap', 1)",
		`428C9: cannot insert a non-DEFAULT value into column "id" `+
			`DETAIL: Column "id" is an identity column defined as GENERATED ALWAYS. `+
			`HINT: Use OVERRIDING SYSTEM VALUE to override.`)
	db.Is("insert into product (name, stock) values ('pen', 1)",
		`23505: duplicate key value violates unique constraint "product_name_key" DETAIL: Key (name)=(pen) already exists.`)
	db.Is("update product set stock = stock - 100 where name = 'pen'",
		`23514: new row for relation "product" violates check constraint "product_stock_check" `+
			`DETAIL: Failing row contains (1, pen, -90, 1.50).`)
	db.Rows(`with sold as (
	update product p set stock = stock - i.pieces from item i where i.product = p.id and i.basket = 1
	returning p.id, p.name, i.pieces, p.stock),
closed as (update basket set state = 'sold' where id = 1 returning id)
select name, pieces, stock, (select count(*) from closed), (select count(*) from basket where state = 'sold')
from sold order by name`,
		"ink|2|2|1|0",
		"pen|7|3|1|0",
	)
	db.Rows("select name, stock from product order by id",
		"pen|3",
		"ink|2",
		"pad|0",
	)
	db.Is("delete from product where name = 'pen'",
		`23503: update or delete on table "product" violates foreign key constraint "item_product_fkey" on table `+
			`"item" DETAIL: Key (id)=(1) is still referenced from table "item".`)
	db.Is("delete from basket where state = 'sold'", "DELETE 1")
	db.Rows("select basket, count(*) from item group by basket order by basket",
		"2|2",
	)
	db.Rows("select p.name from product p where not exists (select from item i where i.product = p.id) order by 1",
		"pad",
	)
	db.Rows(`with gone as (delete from item where basket = 2 returning product, pieces) select p.name, g.pieces
		from gone g join product p on p.id = g.product order by 1`,
		"ink|1",
		"pen|1",
	)
	db.Is("truncate basket",
		`0A000: cannot truncate a table referenced in a foreign key constraint `+
			`DETAIL: Table "item" references "basket". `+
			`HINT: Truncate table "item" at the same time, or use TRUNCATE ... CASCADE.`)
	db.Is("truncate basket cascade", "TRUNCATE TABLE")
	db.Rows("select count(*) from item union all select count(*) from worth",
		"0",
		"0",
	)
	db.Is("insert into basket default values returning id, customer, state", "3|<null>|open")
	db.Is("select currval(pg_get_serial_sequence('basket', 'id')), lastval()", "3|3")
}

// Sets of numbers and words: puzzles that need correlated subqueries, set operations and lateral joins together.
func TestPuzzles(t *testing.T) {
	db := dbtest.New(t)
	db.Rows(`select n from generate_series(2, 60) n where not exists (select from generate_series(2, 8) d
		where d < n and n % d = 0) order by n`,
		"2",
		"3",
		"5",
		"7",
		"11",
		"13",
		"17",
		"19",
		"23",
		"29",
		"31",
		"37",
		"41",
		"43",
		"47",
		"53",
		"59",
	)
	db.Rows(`with recursive fib (a, b) as (values (0::numeric, 1::numeric) union all select b, a + b from fib
		where b < 1e25) select max(a), count(*) from fib`,
		"8670007398507948658051921|122",
	)
	db.Rows(`select a, b, c from generate_series(1, 25) a, generate_series(a, 25) b, generate_series(b, 25) c
		where a * a + b * b = c * c order by a, b`,
		"3|4|5",
		"5|12|13",
		"6|8|10",
		"7|24|25",
		"8|15|17",
		"9|12|15",
		"12|16|20",
		"15|20|25",
	)
	db.Rows(`select word, count(*) from regexp_split_to_table('the cat and the dog and the bird', '\s+') word
		group by word having count(*) > 1 order by 2 desc, 1`,
		"the|3",
		"and|2",
	)
	db.Rows(`select string_agg(ch, '' order by n desc) from regexp_split_to_table('stressed',
		'') with ordinality w (ch, n)`,
		"desserts",
	)
	db.Rows(`(select n from generate_series(1, 20) n where n % 2 = 0 intersect select n
		from generate_series(1, 20) n where n % 3 = 0) except select 12 union all select -1 order by 1`,
		"-1",
		"6",
		"18",
	)
	db.Rows(`with recursive q (row, cols) as (
	select 0, array[]::int[]
	union all
	select row + 1, cols || c from q, generate_series(1, 6) c
	where row < 6 and not exists (select from unnest(cols) with ordinality u (col, r)
	where col = c or abs(col - c) = row + 1 - r))
select cols from q where row = 6 order by cols`,
		"{2,4,6,1,3,5}",
		"{3,6,2,5,1,4}",
		"{4,1,5,2,6,3}",
		"{5,3,1,6,4,2}",
	)
	db.Rows(`select x, (select array_agg(d order by d) from generate_series(1, x) d where x % d = 0)
		from (values (12), (7), (36)) v (x) order by x`,
		"7|{1,7}",
		"12|{1,2,3,4,6,12}",
		"36|{1,2,3,4,6,9,12,18,36}",
	)
	db.Rows(`select v.n, best.s, best.d from (values (2), (5)) v (n), lateral (select s, abs(s * s - v.n) as d
		from generate_series(1, 4) s order by d, s limit 2) best order by 1, 3, 2`,
		"2|1|1",
		"2|2|2",
		"5|2|1",
		"5|1|4",
	)
	db.Rows(`select to_char(d, 'Dy DD Mon'), d - date '2024-01-01'
		from generate_series(date '2024-02-27', '2024-03-02', '1 day') g (ts), lateral (select ts::date) x (d) order by d`,
		"Tue 27 Feb|57",
		"Wed 28 Feb|58",
		"Thu 29 Feb|59",
		"Fri 01 Mar|60",
		"Sat 02 Mar|61",
	)
	db.Rows(`with recursive c (n, steps) as (select 27::bigint, 0 union all
		select case when n % 2 = 0 then n / 2 else 3 * n + 1 end, steps + 1 from c where n <> 1)
		select max(steps), max(n) from c`,
		"111|9232",
	)
	db.Rows(`select a.v, b.v from (values (1), (2), (null)) a (v)
		full join (values (2), (3), (null)) b (v) on a.v = b.v order by 1, 2`,
		"1|<null>",
		"2|2",
		"<null>|3",
		"<null>|<null>",
		"<null>|<null>",
	)
	db.Rows(`select x.a, y.b, x.a is distinct from y.b from (select null::int as a union select 1) x
		cross join (select null::int as b union select 1) y order by 1, 2`,
		"1|1|f",
		"1|<null>|t",
		"<null>|1|t",
		"<null>|<null>|f",
	)
	db.Rows(`select sum(a) filter (where a > 2), count(distinct a % 3), bool_and(a > 0),
		array_agg(a order by a desc) filter (where a % 2 = 1), every(a < 9) from generate_series(1, 8) a`,
		"33|3|t|{7,5,3,1}|t",
	)
	db.Rows(`select (select count(*) from generate_series(1, n) i where i % 3 = 0) as threes, n
		from generate_series(1, 10) n where n in (select m * m from generate_series(1, 3) m) order by n`,
		"0|1",
		"1|4",
		"3|9",
	)
}
