package queries_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// sales is a small table whose dimensions repeat and are NULL.
func sales(t *testing.T) *dbtest.DB {
	t.Helper()
	db := dbtest.New(t)
	db.Must(`
create table sale (id int primary key, region text, product text, year int, qty int, price numeric(8,2),
rate float8, open bool);
insert into sale values
	(1, 'north', 'pen', 2022, 10, 1.50, 0.5, true), (2, 'north', 'pen', 2023, 20, 1.75, 0.25, false),
	(3, 'north', 'ink', 2022, 5, 7.00, null, true), (4, 'south', 'pen', 2022, 8, 1.50, 1.5, null),
	(5, 'south', 'ink', 2023, null, 7.25, 2.5, true), (6, 'south', null, 2023, 3, null, 0.5, false),
	(7, null, 'pen', 2022, 7, 1.60, 3, true), (8, null, null, null, null, null, null, null),
	(9, 'east', 'cap', 2023, 1, 12.00, -1, false), (10, 'east', 'cap', 2023, 1, 12.00, -1, false);
create table empty (a int, b text, c numeric)`)
	return db
}

// Groups are made by columns, places, aliases and expressions; NULL is a group.
func TestGroupByForms(t *testing.T) {
	db := sales(t)
	db.Rows("select region, count(*), sum(qty), avg(qty) from sale group by region order by region",
		"east|2|2|1.00000000000000000000",
		"north|3|35|11.6666666666666667",
		"south|3|11|5.5000000000000000",
		"<null>|2|7|7.0000000000000000",
	)
	db.Rows("select region, product, count(*) from sale group by region, product order by 1, 2",
		"east|cap|2",
		"north|ink|1",
		"north|pen|2",
		"south|ink|1",
		"south|pen|1",
		"south|<null>|1",
		"<null>|pen|1",
		"<null>|<null>|1",
	)
	db.Rows("select region as where_it_is, sum(price * qty) from sale group by 1 order by 2, 1",
		"<null>|11.20",
		"south|12.00",
		"east|24.00",
		"north|85.00",
	)
	db.Rows("select upper(region) u, max(id) from sale group by u order by u",
		"EAST|10",
		"NORTH|3",
		"SOUTH|6",
		"<null>|8",
	)
	db.Rows("select qty % 3 as m, count(*) from sale group by qty % 3 order by m",
		"0|1",
		"1|4",
		"2|3",
		"<null>|2",
	)
	db.Rows("select qty % 3 + 1, count(*) from sale group by qty % 3 order by 1",
		"1|1",
		"2|4",
		"3|3",
		"<null>|2",
	)
	db.Rows("select count(*) from sale group by region, year order by region, year",
		"2",
		"2",
		"1",
		"1",
		"2",
		"1",
		"1",
	)
	db.Rows("select year from sale group by year order by count(*) desc, year",
		"2023",
		"2022",
		"<null>",
	)
	db.Rows("select open, bool_and(qty > 2), bool_or(qty > 9), every(id > 0) from sale group by open order by open",
		"f|f|t|t",
		"t|t|t|t",
		"<null>|t|f|t",
	)
	db.Rows("select s from sale s where id < 3 group by s order by s",
		"(1,north,pen,2022,10,1.50,0.5,t)",
		"(2,north,pen,2023,20,1.75,0.25,f)",
	)
	db.Rows("select id, region, price from sale group by id having price > 7 order by id",
		"5|south|7.25",
		"9|east|12.00",
		"10|east|12.00",
	)
	db.Rows("select (region, year), count(*) from sale group by (region, year) order by region, year limit 3",
		"(east,2023)|2",
		"(north,2022)|2",
		"(north,2023)|1",
	)
	db.Rows(`select case when qty > 5 then 'many' when qty is null then 'unknown' else 'few' end as size,
		array_agg(id order by id) from sale group by size order by size`,
		"few|{3,6,9,10}",
		"many|{1,2,4,7}",
		"unknown|{5,8}",
	)
	db.Rows("select product, year, count(*) from sale group by distinct product, year order by 1, 2 limit 2",
		"cap|2023|2",
		"ink|2022|1",
	)
	db.Rows("select region from sale group by region, region order by region",
		"east",
		"north",
		"south",
		"<null>",
	)
	db.Rows("select 'all', count(*) from sale group by 'all'::text",
		"all|10",
	)
	db.Rows(`select region, (select max(s.year) from sale s where s.region = t.region) from sale t group by region
		order by 1`,
		"east|2023",
		"north|2023",
		"south|2023",
		"<null>|<null>",
	)
	db.Is("select region, qty from sale group by region",
		`42803: column "sale.qty" must appear in the GROUP BY clause or be used in an aggregate function`,
	)
	db.Is("select region, count(*) from sale",
		`42803: column "sale.region" must appear in the GROUP BY clause or be used in an aggregate function`)
	db.Is("select region from sale group by count(*)", "42803: aggregate functions are not allowed in GROUP BY")
	db.Is("select region from sale group by 2", "42P10: GROUP BY position 2 is not in select list")
	db.Is("select count(*) from sale group by 1", "42803: aggregate functions are not allowed in GROUP BY")
	db.Is("select region from sale where count(*) > 1 group by region",
		"42803: aggregate functions are not allowed in WHERE")
	db.Is("select sum(count(*)) from sale", "42803: aggregate function calls cannot be nested")
	db.Is("select region from sale group by region order by qty",
		`42803: column "sale.qty" must appear in the GROUP BY clause or be used in an aggregate function`,
	)
	db.Is("select qty + 1 from sale group by qty + 2",
		`42803: column "sale.qty" must appear in the GROUP BY clause or be used in an aggregate function`,
	)
	db.Is("select region from sale group by nope",
		`42703: column "nope" does not exist HINT: Perhaps you meant to reference the column "sale.open".`)
}

// ROLLUP, CUBE and GROUPING SETS make their sets, and grouping() tells a total's NULL from the data's.
func TestGroupingSets(t *testing.T) {
	db := sales(t)
	db.Rows(`select region, year, grouping(region, year), count(*), sum(qty) from sale
		group by rollup (region, year) order by 3, 1, 2`,
		"east|2023|0|2|2",
		"north|2022|0|2|15",
		"north|2023|0|1|20",
		"south|2022|0|1|8",
		"south|2023|0|2|3",
		"<null>|2022|0|1|7",
		"<null>|<null>|0|1|<null>",
		"east|<null>|1|2|2",
		"north|<null>|1|3|35",
		"south|<null>|1|3|11",
		"<null>|<null>|1|2|7",
		"<null>|<null>|3|10|55",
	)
	db.Rows(`select region, year, grouping(region), grouping(year), count(*) from sale group by cube (region, year)
		order by 3, 4, 1, 2`,
		"east|2023|0|0|2",
		"north|2022|0|0|2",
		"north|2023|0|0|1",
		"south|2022|0|0|1",
		"south|2023|0|0|2",
		"<null>|2022|0|0|1",
		"<null>|<null>|0|0|1",
		"east|<null>|0|1|2",
		"north|<null>|0|1|3",
		"south|<null>|0|1|3",
		"<null>|<null>|0|1|2",
		"<null>|2022|1|0|4",
		"<null>|2023|1|0|5",
		"<null>|<null>|1|0|1",
		"<null>|<null>|1|1|10",
	)
	db.Rows(`select region, year, count(*) from sale group by grouping sets ((region), (year), ())
		order by grouping(region, year), 1, 2`,
		"east|<null>|2",
		"north|<null>|3",
		"south|<null>|3",
		"<null>|<null>|2",
		"<null>|2022|4",
		"<null>|2023|5",
		"<null>|<null>|1",
		"<null>|<null>|10",
	)
	db.Rows(`select region, product, year, count(*) from sale where id < 6 group by region, rollup (product, year)
		order by grouping(product, year), 1, 2, 3`,
		"north|ink|2022|1",
		"north|pen|2022|1",
		"north|pen|2023|1",
		"south|ink|2023|1",
		"south|pen|2022|1",
		"north|ink|<null>|1",
		"north|pen|<null>|2",
		"south|ink|<null>|1",
		"south|pen|<null>|1",
		"north|<null>|<null>|3",
		"south|<null>|<null>|2",
	)
	db.Rows(`select region, product, year, sum(qty) from sale where id < 5
		group by rollup ((region, product), year) order by grouping(region, product, year), 1, 2, 3`,
		"north|ink|2022|5",
		"north|pen|2022|10",
		"north|pen|2023|20",
		"south|pen|2022|8",
		"north|ink|<null>|5",
		"north|pen|<null>|30",
		"south|pen|<null>|8",
		"<null>|<null>|<null>|43",
	)
	db.Rows(`select region, product, count(*) from sale where id < 6
		group by grouping sets (rollup (region), cube (product)) order by grouping(region, product), 1, 2`,
		"north|<null>|3",
		"south|<null>|2",
		"<null>|ink|2",
		"<null>|pen|3",
		"<null>|<null>|5",
		"<null>|<null>|5",
	)
	db.Rows("select region, count(*) from sale group by grouping sets ((region), (region)) order by 1, 2",
		"east|2",
		"east|2",
		"north|3",
		"north|3",
		"south|3",
		"south|3",
		"<null>|2",
		"<null>|2",
	)
	db.Rows("select region, count(*) from sale group by distinct grouping sets ((region), (region)) order by 1",
		"east|2",
		"north|3",
		"south|3",
		"<null>|2",
	)
	db.Rows(`select region, year, count(*) from sale group by rollup (region), rollup (year)
		having grouping(region) = 1 order by 2, 3`,
		"<null>|2022|4",
		"<null>|2023|5",
		"<null>|<null>|1",
		"<null>|<null>|10",
	)
	db.Rows(`select coalesce(region, case grouping(region) when 1 then 'total' else 'unknown' end) r, sum(qty)
		from sale group by rollup (region) order by grouping(region), r`,
		"east|2",
		"north|35",
		"south|11",
		"unknown|7",
		"total|55",
	)
	db.Rows("select year % 2 odd, sum(qty), grouping(year % 2) from sale group by rollup (year % 2) order by 3, 1",
		"0|30|0",
		"1|25|0",
		"<null>|<null>|0",
		"<null>|55|1",
	)
	db.Rows("select count(*), sum(qty) from sale group by grouping sets ((), ()) order by 1",
		"10|55",
		"10|55",
	)
	db.Rows("select count(*), sum(a) from empty group by grouping sets ((), ())",
		"0|<null>",
		"0|<null>",
	)
	db.Rows("select a, count(*) from empty group by grouping sets ((a), ())",
		"<null>|0",
	)
	db.Rows("select a, b, count(*) from empty group by cube (a, b)",
		"<null>|<null>|0",
	)
	db.Rows("select a, count(*) from empty group by a")
	db.Rows(`select region, count(distinct product), array_agg(distinct year order by year desc) from sale
		group by rollup (region) order by grouping(region), 1`,
		"east|1|{2023}",
		"north|2|{2023,2022}",
		"south|2|{2023,2022}",
		"<null>|1|{NULL,2022}",
		"<null>|3|{NULL,2023,2022}",
	)
	db.Rows(`select region, sum(qty) filter (where year = 2022), sum(qty) filter (where open) from sale
		group by rollup (region) order by grouping(region), 1`,
		"east|<null>|<null>",
		"north|15|15",
		"south|8|<null>",
		"<null>|7|7",
		"<null>|30|22",
	)
	db.Rows(`select region, year, sum(sum(qty)) over (partition by grouping(region), grouping(year)) from sale
		group by rollup (region, year) order by grouping(region, year), 1, 2`,
		"east|2023|55",
		"north|2022|55",
		"north|2023|55",
		"south|2022|55",
		"south|2023|55",
		"<null>|2022|55",
		"<null>|<null>|55",
		"east|<null>|55",
		"north|<null>|55",
		"south|<null>|55",
		"<null>|<null>|55",
		"<null>|<null>|55",
	)
	db.Rows(`select * from (select region, year, sum(qty) s from sale group by cube (region, year)) q
		where region = 'north' order by year`,
		"north|2022|15",
		"north|2023|20",
		"north|<null>|35",
	)
	db.Rows(`select region, year from sale group by cube (region, year) having sum(qty) > 20
		order by grouping(region, year), 1, 2`,
		"north|<null>",
		"<null>|2022",
		"<null>|2023",
		"<null>|<null>",
	)
	db.Rows("select distinct grouping(region, product, year) g from sale group by cube (region, product, year) order by g",
		"0",
		"1",
		"2",
		"3",
		"4",
		"5",
		"6",
		"7",
	)
	db.Is("select grouping(region) from sale",
		"42803: arguments to GROUPING must be grouping expressions of the associated query level")
	db.Is("select grouping(qty) from sale group by region",
		"42803: arguments to GROUPING must be grouping expressions of the associated query level")
	db.Is("select region from sale where grouping(region) = 0 group by region",
		"42803: grouping operations are not allowed in WHERE")
}

// HAVING chooses groups, by aggregates that need not be shown; without GROUP BY there is one group.
func TestHaving(t *testing.T) {
	db := sales(t)
	db.Rows("select region from sale group by region having count(*) > 2 order by 1",
		"north",
		"south",
	)
	db.Rows("select region, sum(qty) from sale group by region having sum(qty) > 10 and region is not null order by 1",
		"north|35",
		"south|11",
	)
	db.Rows("select region from sale group by region having sum(qty) is null or min(year) = 2023 order by 1",
		"east",
	)
	db.Rows("select product from sale group by product having max(price) > all (select avg(price) from sale) order by 1",
		"cap",
		"ink",
	)
	db.Rows(`select product from sale p group by product having exists (select from sale s
		where s.product = p.product and s.qty > 9) order by 1`,
		"pen",
	)
	db.Is("select count(*) from sale having count(*) > 5", "10")
	db.Is("select count(*) from sale having count(*) > 50", "")
	db.Is("select 1 from sale having true", "1")
	db.Is("select 1 from empty having true", "1")
	db.Is("select 1 from sale having false", "")
	db.Is("select count(*) from sale having null", "")
	db.Is("select id from sale having count(*) > 1",
		`42803: column "sale.id" must appear in the GROUP BY clause or be used in an aggregate function`)
	db.Is("select count(*) from sale having region = 'x'",
		`42803: column "sale.region" must appear in the GROUP BY clause or be used in an aggregate function`,
	)
	db.Is("select count(*) c from sale having c > 1", `42703: column "c" does not exist`)
	db.Is("select count(*) from sale having 1", "42804: argument of HAVING must be type boolean, not type integer")
}

// DISTINCT takes NULLs as equal; DISTINCT ON keeps the first of each group in the order asked for.
func TestDistinctRows(t *testing.T) {
	db := sales(t)
	db.Rows("select distinct region from sale order by 1",
		"east",
		"north",
		"south",
		"<null>",
	)
	db.Rows("select distinct region, product from sale order by region desc nulls last, product",
		"south|ink",
		"south|pen",
		"south|<null>",
		"north|ink",
		"north|pen",
		"east|cap",
		"<null>|pen",
		"<null>|<null>",
	)
	db.Rows("select distinct qty > 5 from sale order by 1",
		"f",
		"t",
		"<null>",
	)
	db.Rows("select distinct price from sale order by price desc",
		"<null>",
		"12.00",
		"7.25",
		"7.00",
		"1.75",
		"1.60",
		"1.50",
	)
	db.Rows("select distinct region, count(*) from sale group by region, year order by 1, 2",
		"east|2",
		"north|1",
		"north|2",
		"south|1",
		"south|2",
		"<null>|1",
	)
	db.Rows("select distinct on (region) region, id, qty from sale order by region, id desc",
		"east|10|1",
		"north|3|5",
		"south|6|3",
		"<null>|8|<null>",
	)
	db.Rows("select distinct on (region) id from sale order by region nulls first, qty nulls last, id",
		"7",
		"9",
		"3",
		"6",
	)
	db.Rows("select distinct on (region, year) region, year, id from sale order by year, region, id",
		"north|2022|1",
		"south|2022|4",
		"<null>|2022|7",
		"east|2023|9",
		"north|2023|2",
		"south|2023|5",
		"<null>|<null>|8",
	)
	db.Rows("select distinct on (qty % 2) id, qty from sale where qty is not null order by qty % 2, price desc, id",
		"2|20",
		"6|3",
	)
	db.Rows("select distinct on (1) region, id from sale order by 1, 2 limit 2",
		"east|9",
		"north|1",
	)
	db.Rows("select distinct on (r) region as r, id from sale order by r desc, id",
		"<null>|7",
		"south|4",
		"north|1",
		"east|9",
	)
	db.Rows(`select * from (select distinct on (product) product, id from sale order by product, id) q where id > 2
		order by id`,
		"ink|3",
		"<null>|6",
		"cap|9",
	)
	db.Rows(`select distinct on (year) year, sum(qty) from sale group by year, region
		order by year, sum(qty) desc nulls last`,
		"2022|15",
		"2023|20",
		"<null>|<null>",
	)
	db.Rows("select distinct array[region, product] a from sale where id in (1, 2, 9, 10) order by a",
		"{east,cap}",
		"{north,pen}",
	)
	db.Is("select count(*) from (select distinct * from sale) s", "10")
	db.Is("select count(*) from (select distinct region, product, year, qty, price, rate, open from sale) s", "9")
	db.Is("select count(*) from (select distinct from sale) s", `42601: syntax error at or near "from"`)
	db.Is("select distinct region from sale order by id",
		"42P10: for SELECT DISTINCT, ORDER BY expressions must appear in select list")
	db.Is("select distinct on (region) id from sale order by id",
		"42P10: SELECT DISTINCT ON expressions must match initial ORDER BY expressions")
	db.Is("select distinct on (nope) id from sale",
		`42703: column "nope" does not exist HINT: Perhaps you meant to reference the column "sale.open".`)
}

// FILTER, DISTINCT and ORDER BY within an aggregate work for it alone.
func TestAggregateModifiers(t *testing.T) {
	db := sales(t)
	db.Is(`select count(*) filter (where open), count(*) filter (where not open),
		count(*) filter (where open is null) from sale`,
		"4|4|2")
	db.Is(`select sum(qty) filter (where false), count(*) filter (where null), array_agg(id) filter (where id < 0)
		from sale`,
		"<null>|0|<null>")
	db.Is(`select count(distinct region), count(distinct product), count(distinct (region, product)),
		count(distinct qty % 2) from sale`,
		"3|3|8|2")
	db.Is("select sum(distinct qty), avg(distinct price), max(distinct id) from sale", "54|5.1833333333333333|10")
	db.Is("select string_agg(region, ',' order by region desc, id), string_agg(distinct region, '-') from sale",
		"south,south,south,north,north,north,east,east|east-north-south",
	)
	db.Is("select string_agg(distinct region, ',' order by region desc) from sale", "south,north,east")
	db.Is("select array_agg(qty order by qty nulls first, id), array_agg(qty order by qty desc nulls last) from sale",
		"{NULL,NULL,1,1,3,5,7,8,10,20}|{20,10,8,7,5,3,1,1,NULL,NULL}",
	)
	db.Is("select array_agg(distinct qty order by qty desc) from sale", "{NULL,20,10,8,7,5,3,1}")
	db.Is("select array_agg(id order by region, price desc nulls last, id) filter (where qty > 1) from sale",
		"{3,2,1,4,6,7}")
	db.Is("select string_agg(product, id::text order by id) from sale where id < 4", "pen2pen3ink")
	db.Is("select string_agg(null::text, ','), string_agg(product, null order by id) from sale",
		"<null>|penpeninkpeninkpencapcap")
	db.Is("select json_agg(region order by id), jsonb_agg(distinct year) from sale where id < 7",
		`["north", "north", "north", "south", "south", "south"]|[2022, 2023]`,
	)
	db.Is("select json_object_agg(id, product order by id desc) from sale where id < 4",
		`{ "3" : "ink", "2" : "pen", "1" : "pen" }`)
	db.Is("select jsonb_object_agg(product, qty order by id) from sale where product is not null",
		`{"cap": 1, "ink": null, "pen": 7}`)
	db.Is("select array_agg(array[id, qty] order by id) from sale where id < 4", "{{1,10},{2,20},{3,5}}")
	db.Is("select min(region), max(region), min(open::text), max(array[year, id]) from sale where year is not null",
		"east|south|false|{2023,10}")
	db.Is("select string_agg(distinct region, ',' order by id) from sale",
		"42P10: in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list",
	)
	db.Is("select count(distinct) from sale", `42601: syntax error at or near ")"`)
	db.Is("select sum(qty order by) from sale", `42601: syntax error at or near ")"`)
	db.Is("select upper(distinct region) from sale", "42809: DISTINCT specified, but upper is not an aggregate function")
	db.Is("select lower(region) filter (where true) from sale",
		"42809: FILTER specified, but lower is not an aggregate function")
	db.Is("select sum(region) from sale",
		"42883: function sum(text) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.",
	)
	db.Is("select count(*) filter (where 1) from sale", "42804: argument of FILTER must be type boolean, not type integer")
	db.Is("select count(*) filter (where count(*) > 1) from sale", "42803: aggregate functions are not allowed in FILTER")
}

// The statistics aggregates, with pairs in which either is NULL left out, and NULL where the figure does not exist.
func TestStatisticsAggregates(t *testing.T) {
	db := sales(t)
	db.Rows(`select year, round(var_pop(qty), 6), round(var_samp(qty), 6), round(stddev_pop(qty), 6),
		round(stddev(qty), 6) from sale group by year order by year`,
		"2022|3.250000|4.333333|1.802776|2.081666",
		"2023|63.687500|84.916667|7.980445|9.215024",
		"<null>|<null>|<null>|<null>|<null>",
	)
	db.Is(`select var_samp(rate), var_pop(rate), stddev_samp(rate)::numeric(12,8), variance(rate) from sale
		where id in (1, 5)`,
		"2|1|1.41421356|2")
	db.Is("select var_samp(qty), var_pop(qty), stddev(qty), stddev_pop(qty) from sale where id = 1", "<null>|0|<null>|0")
	db.Is("select covar_pop(qty, year), covar_samp(qty, id), corr(id, id), regr_count(rate, qty) from sale where id < 5",
		"2.3124999999999996|-3.5|1|3")
	db.Is(`select regr_slope(y, x), regr_intercept(y, x), regr_r2(y, x), regr_avgx(y, x), regr_avgy(y, x)
		from (values (1, 3), (2, 5), (3, 7), (null, 9)) p(x, y)`,
		"2|1|1|2|5",
	)
	db.Is(`select regr_sxx(y, x), regr_syy(y, x), regr_sxy(y, x), regr_count(y, x)
		from (values (1, 3), (2, 5), (3, 7), (4, null)) p(x, y)`,
		"2|8|4|3")
	db.Is("select corr(y, x), regr_slope(y, x), regr_r2(y, x) from (values (1, 3), (1, 5)) p(x, y)",
		"<null>|<null>|<null>")
	db.Is("select corr(y, x), regr_r2(y, x), regr_slope(y, x) from (values (1, 5), (2, 5)) p(x, y)", "<null>|1|0")
	db.Is("select covar_samp(y, x), covar_pop(y, x), corr(y, x) from (values (1, 5)) p(x, y)", "<null>|0|<null>")
	db.Is(`select percentile_cont(0.5) within group (order by qty),
		percentile_disc(0.5) within group (order by qty) from sale`,
		"6|5")
	db.Is(`select percentile_cont(array[0, 0.25, 1]) within group (order by rate),
		percentile_disc(array[0.1, null, 0.9]) within group (order by region) from sale`,
		"{-1,-0.0625,3}|{east,NULL,south}",
	)
	db.Rows(`select region, percentile_cont(0.25) within group (order by price::float8 desc) from sale
		group by region order by region`,
		"east|12",
		"north|4.375",
		"south|5.8125",
		"<null>|1.6",
	)
	db.Is("select mode() within group (order by product), mode() within group (order by year desc) from sale", "pen|2023")
	db.Is(`select percentile_disc(0) within group (order by id), percentile_disc(1) within group (order by id desc)
		from sale`,
		"1|1")
	db.Is(`select rank(6) within group (order by qty), dense_rank(6) within group (order by qty),
		percent_rank(6) within group (order by id), cume_dist(6) within group (order by id) from sale`,
		"5|4|0.5|0.6363636363636364",
	)
	db.Is("select rank('pen', 2022) within group (order by product, year) from sale", "5")
	db.Is("select percentile_cont(1.5) within group (order by qty) from sale",
		"22003: percentile value 1.5 is not between 0 and 1")
	db.Is("select percentile_cont(0.5) from sale",
		"42883: function percentile_cont(numeric) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.",
	)
	db.Is("select percentile_cont(0.5) within group (order by region) from sale",
		"42883: function percentile_cont(numeric, text) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.",
	)
	db.Is("select bit_and(qty), bit_or(qty), bit_xor(qty), any_value(year) filter (where year = 2022) from sale",
		"0|31|23|2022")
}

// Without rows count is 0, the rest is NULL, and with GROUP BY there is no row.
func TestAggregatesOfNothing(t *testing.T) {
	db := sales(t)
	db.Is("select count(*), count(a), sum(a), avg(c), min(b), max(b) from empty", "0|0|<null>|<null>|<null>|<null>")
	db.Is("select array_agg(a), string_agg(b, ','), json_agg(a), bool_and(a > 1), stddev(c), corr(a, a) from empty",
		"<null>|<null>|<null>|<null>|<null>|<null>",
	)
	db.Is(`select percentile_cont(0.5) within group (order by a), mode() within group (order by b),
		rank(1) within group (order by a) from empty`,
		"<null>|<null>|1",
	)
	db.Is("select count(*), sum(a) from empty group by b", "")
	db.Is("select count(*), sum(qty) from sale where id > 100", "0|<null>")
	db.Is("select coalesce(sum(qty), 0) + count(*) from sale where false", "0")
	db.Is("select (select sum(a) from empty), (select count(*) from empty where a = s.id) from sale s where id = 1",
		"<null>|0")
	db.Is("select sum(n) from (select count(*) n from empty) q", "0")
	db.Is("select count(*) from (select count(*) from empty) q", "1")
	db.Is("select count(*)", "1")
	db.Is("select sum(1), max(null), count(null)", "1|<null>|0")
	db.Is("select sum(qty), avg(price), min(rate), count(open) from sale where id = 8", "<null>|<null>|<null>|0")
}

// Thousands of groups and of rows in a group, past the borders of batches.
func TestManyGroups(t *testing.T) {
	db := sales(t)
	db.Must(`create table many as select g, g % 1025 k, g % 3 m, case when g % 10 = 0 then null else g end v
		from generate_series(1, 5000) g`)
	db.Rows(`select count(*), sum(c), sum(s), min(n), max(x)
		from (select k, count(*) c, sum(v) s, min(v) n, max(v) x from many group by k) q`,
		"1025|5000|11250000|1|4999",
	)
	db.Rows("select m, count(*), count(v), sum(v), avg(v), count(distinct k) from many group by m order by m",
		"0|1666|1500|3750003|2500.0020000000000000|1025",
		"1|1667|1500|3750000|2500.0000000000000000|1025",
		"2|1667|1500|3749997|2499.9980000000000000|1025",
	)
	db.Rows("select m, k, count(*), sum(v) from many group by rollup (m, k) having grouping(k) = 1 order by m",
		"0|<null>|1666|3750003",
		"1|<null>|1667|3750000",
		"2|<null>|1667|3749997",
		"<null>|<null>|5000|11250000",
	)
	db.Rows(`select m, cardinality(array_agg(g order by g desc)), (array_agg(g order by g desc))[1],
		(array_agg(v order by v nulls first))[1:2] from many group by m order by m`,
		"0|1666|4998|{NULL,NULL}",
		"1|1667|4999|{NULL,NULL}",
		"2|1667|5000|{NULL,NULL}",
	)
	db.Rows("select c, count(*) from (select k, m, count(*) c from many group by k, m) q group by c order by c",
		"1|1150",
		"2|1925",
	)
	db.Is("select count(*), sum(g) from (select distinct on (k) k, g from many order by k, g desc) q", "1025|4600200")
	db.Is("select count(*) from (select distinct k, m from many) q", "3075")
	db.Is(`select percentile_disc(0.5) within group (order by v),
		percentile_cont(0.999) within group (order by v desc) from many`,
		"2499|5.498999999999796",
	)
}
