package exec_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

const orders = `
create table customer (id int primary key, name text, city text);
create table item (id int primary key, label text, price numeric(8, 2));
create table purchase (id int primary key, customer_id int references customer, day date);
create table line (purchase_id int references purchase, item_id int references item, n int,
primary key (purchase_id, item_id));
insert into customer values (1, 'Ada', 'Rome'), (2, 'Bob', 'Oslo'), (3, 'Cyd', 'Rome'), (4, 'Dan', null);
insert into item values (1, 'nut', 0.10), (2, 'bolt', 1.25), (3, 'gear', 30), (4, 'crane', 9000);
insert into purchase values (1, 1, '2024-01-05'), (2, 1, '2024-01-20'), (3, 2, '2024-01-20'),
(4, 3, '2024-02-01'), (5, 1, '2024-03-01'), (6, 3, null);
insert into line values (1, 1, 100), (1, 2, 10), (2, 3, 1), (3, 1, 50), (3, 3, 2), (4, 2, 4), (5, 1, 10),
(5, 2, 1), (5, 3, 3)`

// Operators stacked upon each other: aggregates over windows over joins over subqueries, and the like.
func TestNestedQueries(t *testing.T) {
	db := dbtest.New(t)
	db.Must(orders)
	f := func(query, want string) {
		t.Helper()
		db.Must("set work_mem = '64MB'")
		db.Is(query, want)
		db.Must("set work_mem = '64kB'; set enable_hashjoin = off; set enable_hashagg = off")
		db.Is(query, want)
		db.Must("reset all")
	}
	const total = `select p.id, p.customer_id, p.day, sum(n * price) as total from purchase p
		join line l on l.purchase_id = p.id join item i on i.id = l.item_id group by p.id`
	f("select id, total from ("+total+") s order by total desc, id", "5|92.25; 3|65.00; 2|30.00; 1|22.50; 4|5.00")
	f("select name, coalesce(sum(total), 0) from customer c left join ("+total+") s on s.customer_id = c.id "+
		"group by c.id order by 2 desc, 1",
		"Ada|144.75; Bob|65.00; Cyd|5.00; Dan|0")
	f("select name, day, total, sum(total) over (partition by name order by day) from ("+total+") s join "+
		"customer c on c.id = customer_id order by 1, 2",
		"Ada|2024-01-05|22.50|22.50; Ada|2024-01-20|30.00|52.50; Ada|2024-03-01|92.25|144.75; "+
			"Bob|2024-01-20|65.00|65.00; Cyd|2024-02-01|5.00|5.00")
	f("select name, total, rank() over (order by total desc), round(100 * total / sum(total) over (), 1) from ("+total+") s join customer c on c.id = customer_id order by total, name",
		"Cyd|5.00|5|2.3; Ada|22.50|4|10.5; Ada|30.00|3|14.0; Bob|65.00|2|30.3; Ada|92.25|1|43.0")
	f("select * from (select name, total, row_number() over (partition by name order by total desc) r from ("+total+") s join customer c on c.id = customer_id) x where r = 1 order by name",
		"Ada|92.25|1; Bob|65.00|1; Cyd|5.00|1")
	f("with t as ("+total+") select a.id, b.id from t a join t b on a.total < b.total and not exists (select "+
		"from t c where c.total > a.total and c.total < b.total) order by a.total",
		"4|1; 1|2; 2|3; 3|5")
	f("with t as ("+total+") select city, count(*), max(total) from t join customer c on c.id = customer_id "+
		"group by rollup (city) order by grouping(city), city",
		"Oslo|1|65.00; Rome|4|92.25; <null>|5|92.25")
	f("select label from item i where not exists (select from line where item_id = i.id)", "crane")
	f(`select label, (select count(distinct customer_id) from line l join purchase p on p.id = purchase_id
		where item_id = i.id) from item i order by i.id`,
		"nut|2; bolt|2; gear|2; crane|0")
	f(`select name from customer c where id in (select customer_id from purchase group by customer_id
		having count(*) > 1) and id not in (select customer_id from purchase where day is null) order by 1`,
		"Ada")
	f(`select name from customer c where (select count(*) from purchase where customer_id = c.id) = (select max(n)
		from (select count(*) n from purchase group by customer_id) m)`,
		"Ada")
	f(`select name, day from customer c left join lateral (select day from purchase where customer_id = c.id
		order by day desc nulls last limit 1) p on true order by name`,
		"Ada|2024-03-01; Bob|2024-01-20; Cyd|2024-02-01; Dan|<null>")
	f(`select name, array(select label from line l join item i on i.id = item_id
		join purchase p on p.id = purchase_id where customer_id = c.id group by label order by sum(n) desc, label)
		from customer c order by c.id`,
		"Ada|{nut,bolt,gear}; Bob|{nut,gear}; Cyd|{bolt}; Dan|{}")
	f("select day, count(*) filter (where total > 30), string_agg(id::text, '+' order by total) from ("+total+") s group by day order by day",
		"2024-01-05|0|1; 2024-01-20|1|2+3; 2024-02-01|0|4; 2024-03-01|1|5")
	f(`select g::date, count(p.id) from generate_series(timestamp '2024-01-01', '2024-03-01', '1 month') g
		left join purchase p on date_trunc('month', p.day) = g group by g order by g`,
		"2024-01-01|3; 2024-02-01|1; 2024-03-01|1")
	f(`select n, count(*) from (select unnest(array[n, n * 2, null]) n from line) u group by n
		having count(*) > 1 or n is null order by n`,
		"1|2; 2|3; 4|2; 10|2; 20|2; 100|2; <null>|9")
	f(`(select name from customer where city = 'Rome' except select name from customer where id = 1) union all
		select label from item where price > (select avg(price) from item) order by 1`,
		"Cyd; crane")
	f("select distinct on (customer_id) customer_id, id, total from ("+total+") s order by customer_id, total desc",
		"1|5|92.25; 2|3|65.00; 3|4|5.00")
	f(`select case when total > 100 then 'big' when total > 20 then 'mid' else 'small' end as size, count(*),
		min(total) from (`+total+") s group by 1 order by 2 desc, 1",
		"mid|4|22.50; small|1|5.00")
	f(`with recursive days(d) as (select min(day) from purchase union all select d + 15 from days
		where d < '2024-03-01') select d, (select count(*) from purchase where day >= d and day < d + 15) from days
		order by d`,
		"2024-01-05|1; 2024-01-20|3; 2024-02-04|0; 2024-02-19|1; 2024-03-05|0")
	f(`with recursive parts(root, id, depth) as (select id, id, 0 from item where id > 2 union all
		select root, p.id - 1, depth + 1 from parts p where p.id > 1) select label, count(*), max(depth) from parts
		join item on item.id = root group by label order by label`,
		"crane|4|3; gear|3|2")
	f("select sum(total) - lag(sum(total)) over (order by date_trunc('month', day)) from ("+total+") s group by "+
		"date_trunc('month', day) order by date_trunc('month', day)",
		"<null>; -112.50; 87.25")
	f("select c.name, d.name from customer c join customer d on c.city = d.city and c.id < d.id", "Ada|Cyd")
	f("select count(*) from customer natural join (select id, 'Rome' as city from item) x", "2")
	f(`select exists (select from line where n > (select count(*) * 10 from line)), all_small
		from (select bool_and(n <= 100) as all_small from line) x`,
		"t|t")
	f("select percentile_cont(0.5) within group (order by total), mode() within group (order by customer_id) from ("+total+") s",
		"30|1")
	f("select id from ("+total+") s order by (select count(*) from line where purchase_id = s.id) desc, total "+
		"limit 2 offset 1",
		"1; 3")
	f(`select * from (values (1, 'x'), (2, null)) v(a, b)
		full join (select id, label from item where id < 3) i on i.id = a + 1 order by a, id`,
		"1|x|2|bolt; 2|<null>|<null>|<null>; <null>|<null>|1|nut")
}

// Statements that change several tables by what they read of them, and what is there then.
func TestNestedChanges(t *testing.T) {
	db := dbtest.New(t)
	db.Must(orders)
	db.Is(`with gone as (delete from line where n < 5 returning purchase_id, n) select purchase_id, sum(n)
		from gone group by 1 order by 1`,
		"2|1; 3|2; 4|4; 5|4")
	db.Is(`update item i set price = price * 2 from (select item_id, sum(n) s from line group by item_id) x
		where x.item_id = i.id and s > 20 returning label, price`,
		"nut|0.20")
	db.Is(`insert into line select p.id, i.id, 7 from purchase p cross join item i where i.price > 100
		on conflict do nothing returning purchase_id`,
		"1; 2; 3; 4; 5; 6")
	db.Is(`insert into line select purchase_id, item_id, n from line on conflict (purchase_id, item_id) do update
		set n = line.n + excluded.n`,
		"INSERT 0 10")
	db.Rows("select purchase_id, item_id, n from line order by 1, 2",
		"1|1|200", "1|2|20", "1|4|14", "2|4|14", "3|1|100", "3|4|14", "4|4|14", "5|1|20", "5|4|14", "6|4|14")
	db.Is(`with moved as (update purchase set customer_id = 4 where customer_id = 3 returning id),
		named as (update customer set city = 'Bern' where id = 4 returning name) select count(*), max(name)
		from moved, named`,
		"2|Dan")
	db.Is("delete from customer where id = 3 returning name", "Cyd")
	db.Is("delete from customer where id = 4",
		`23503: update or delete on table "customer" violates foreign key constraint "purchase_customer_id_fkey" `+
			`on table "purchase" DETAIL: Key (id)=(4) is still referenced from table "purchase".`)
	db.Is(`with p as (insert into purchase values (7, 2, '2024-04-01') returning id) insert into line
		select id, 2, 1 from p returning *`,
		"7|2|1")
	db.Is(`update line set n = n + (select count(*) from line l where l.purchase_id = line.purchase_id)
		where item_id = 2 returning purchase_id, n`,
		"1|23; 7|2")
	db.Is(`create table copy as select name, (select sum(n) from line l join purchase p on p.id = l.purchase_id
		where customer_id = c.id) from customer c; select * from copy order by 1`,
		"Ada|285; Bob|116; Dan|28")
	db.Is("delete from line using item where item.id = item_id and label = 'crane' and n > 10 returning purchase_id, n",
		"1|14; 2|14; 3|14; 4|14; 5|14; 6|14")
	db.Is("truncate customer",
		`0A000: cannot truncate a table referenced in a foreign key constraint `+
			`DETAIL: Table "purchase" references "customer". `+
			`HINT: Truncate table "purchase" at the same time, or use TRUNCATE ... CASCADE.`)
	db.Is(`truncate customer, purchase, line; select (select count(*) from purchase) + (select count(*)
		from line) + (select count(*) from customer)`,
		"0")
}
