package queries_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// trade is a database of a trading company, in the shape of the decision support benchmark TPC-H: regions, nations,
// suppliers, customers, parts, what suppliers have of them, orders and their lines. The data is made by arithmetic.
func trade(t *testing.T) *dbtest.DB {
	t.Helper()
	db := dbtest.New(t)
	db.Must(`
create table region (r_regionkey int primary key, r_name text not null);
create table nation (n_nationkey int primary key, n_name text not null, n_regionkey int not null references region);
create table supplier (s_suppkey int primary key, s_name text, s_address text,
s_nationkey int references nation, s_phone text,
	s_acctbal numeric(15,2), s_comment text);
create table customer (c_custkey int primary key, c_name text, c_address text,
c_nationkey int references nation, c_phone text,
	c_acctbal numeric(15,2), c_mktsegment char(10), c_comment text);
create table part (p_partkey int primary key, p_name text, p_mfgr char(25), p_brand char(10), p_type text, p_size int,
	p_container char(10), p_retailprice numeric(15,2));
create table partsupp (ps_partkey int references part, ps_suppkey int references supplier, ps_availqty int,
ps_supplycost numeric(15,2),
	primary key (ps_partkey, ps_suppkey));
create table orders (o_orderkey int primary key, o_custkey int references customer, o_orderstatus char(1),
o_totalprice numeric(15,2),
	o_orderdate date, o_orderpriority char(15), o_shippriority int, o_comment text);
create table lineitem (l_orderkey int references orders, l_partkey int, l_suppkey int, l_linenumber int,
l_quantity numeric(15,2),
	l_extendedprice numeric(15,2), l_discount numeric(15,2), l_tax numeric(15,2), l_returnflag char(1),
	l_linestatus char(1),
	l_shipdate date, l_commitdate date, l_receiptdate date, l_shipinstruct char(25), l_shipmode char(10),
	primary key (l_orderkey, l_linenumber))`)
	db.Must(`
insert into region select g, (array['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST'])[g + 1]
from generate_series(0, 4) g;
insert into nation select g, (array['ALGERIA', 'ARGENTINA', 'BRAZIL', 'CANADA', 'EGYPT', 'ETHIOPIA', 'FRANCE',
'GERMANY', 'INDIA', 'CHINA'])[g + 1],
	(array[0, 1, 1, 1, 4, 0, 3, 3, 2, 2])[g + 1] from generate_series(0, 9) g;
insert into supplier select g, 'Supplier#' || lpad(g::text, 9, '0'), 'street ' || g * 7, g / 4 % 10,
10 + g / 4 % 10 || '-' || 100 + g,
	(g * 7919 % 20000 - 5000)::numeric / 2, case when g % 9 = 4 then 'Customer always Complaints' else 'calm ' ||
	g end from generate_series(1, 40) g;
insert into customer select g, 'Customer#' || lpad(g::text, 9, '0'), 'road ' || g, g * 3 % 10,
10 + g * 3 % 10 || '-' || 500 + g,
	(g * 6007 % 19000 - 3000)::numeric / 3, (array['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'MACHINERY',
	'HOUSEHOLD'])[g % 5 + 1], 'note ' || g
	from generate_series(1, 120) g;
insert into part select g, (array['green', 'blue', 'red', 'forest', 'almond'])[g % 5 + 1] || ' ' ||
(array['lace', 'puff', 'sand'])[g % 3 + 1],
	'Manufacturer#' || g % 5 + 1, 'Brand#' || g % 5 + 1 || g % 3 + 1,
	(array['STANDARD', 'SMALL', 'MEDIUM', 'PROMO', 'ECONOMY'])[g % 5 + 1] || ' ' ||
	(array['ANODIZED', 'POLISHED', 'BRUSHED'])[g % 3 + 1] || ' '
		|| (array['TIN', 'BRASS', 'STEEL', 'COPPER'])[g % 4 + 1],
	g * 7 % 50 + 1, (array['SM CASE', 'MED BOX', 'LG PACK', 'WRAP BAG'])[g % 4 + 1],
	900 + g % 100 + g::numeric / 10 from generate_series(1, 100) g;
insert into partsupp select p, (p * 3 + s * 11) % 40 + 1, p * s * 37 % 5000, (p * 17 + s * 29) % 1000 + 0.5
	from generate_series(1, 100) p, generate_series(0, 3) s;
insert into orders select g, g * 7 % 90 + 1, (array['F', 'O', 'P'])[g % 3 + 1], 0, date '1993-01-01' + g * 13 % 2000,
	(array['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'])[g % 5 + 1], 0,
	case when g % 11 = 0 then 'special packages requests' else 'plain ' || g end from generate_series(1, 400) g;
insert into lineitem select o, (o * 5 + l * 31) % 100 + 1,
(((o * 5 + l * 31) % 100 + 1) * 3 + (l % 4) * 11) % 40 + 1, l, (o * l * 3) % 50 + 1,
	((o * l * 3) % 50 + 1) * (900 + (o * 5 + l * 31) % 100), (o + l) % 11 * 0.01, l % 9 * 0.01,
	(array['A', 'N', 'R'])[(o + l) % 3 + 1], (array['F', 'O'])[o % 2 + 1],
	date '1993-01-01' + o * 13 % 2000 + l * 17 % 100,
	date '1993-01-01' + o * 13 % 2000 + 45 + l * 5, date '1993-01-01' + o * 13 % 2000 + l * 17 % 100 + o % 30,
	(array['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN'])[(o + l) % 4 + 1],
	(array['AIR', 'AIR REG', 'MAIL', 'SHIP', 'TRUCK', 'RAIL'])[(o * l) % 6 + 1]
	from generate_series(1, 400) o, generate_series(1, 7) l where l <= o % 7 + 1;
update orders set o_totalprice = (select sum(l_extendedprice * (1 + l_tax) * (1 - l_discount)) from lineitem
where l_orderkey = o_orderkey)`)
	db.Must(`create index on lineitem (l_shipdate); create index on orders (o_custkey);
		create index on lineitem (l_partkey, l_suppkey)`)
	db.Must("analyze")
	return db
}

// The twenty-two questions of the benchmark, in its order.
func TestTradeOneToSix(t *testing.T) {
	db := trade(t)
	db.Rows(`select l_returnflag, l_linestatus, sum(l_quantity) as sum_qty, sum(l_extendedprice) as sum_base_price,
	sum(l_extendedprice * (1 - l_discount)) as sum_disc_price,
	sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)) as sum_charge,
	avg(l_quantity) as avg_qty, avg(l_extendedprice) as avg_price, avg(l_discount) as avg_disc, count(*) as count_order
from lineitem
where l_shipdate <= date '1998-12-01' - interval '90' day
group by l_returnflag, l_linestatus
order by l_returnflag, l_linestatus`,
		"A|F|6448.00|6122805.00|5820807.4200|5992699.625200|24.0597014925373134|22846.287313432836|"+
			"0.05026119402985074627|268",
		"A|O|6770.00|6431350.00|6119202.5700|6300489.320400|25.6439393939393939|24361.174242424242|"+
			"0.04984848484848484848|264",
		"N|F|6480.00|6147470.00|5825520.5300|5997979.343100|24.3609022556390977|23110.789473684211|"+
			"0.04992481203007518797|266",
		"N|O|6996.00|6660672.00|6326130.8300|6517531.814000|26.3007518796992481|25040.120300751880|"+
			"0.05015037593984962406|266",
		"R|F|6721.00|6367459.00|6061361.5000|6240624.716600|25.1722846441947566|23848.161048689139|"+
			"0.04981273408239700375|267",
		"R|O|6610.00|6277036.00|5958405.5100|6136450.851000|24.9433962264150943|23686.928301886792|"+
			"0.05022641509433962264|265",
	)
	db.Rows(`select s_acctbal, s_name, n_name, p_partkey, p_mfgr, s_address, s_phone, s_comment
from part, supplier, partsupp, nation, region
where p_partkey = ps_partkey and s_suppkey = ps_suppkey and p_size < 30 and p_type like '%BRASS'
	and s_nationkey = n_nationkey and n_regionkey = r_regionkey and r_name = 'EUROPE'
	and ps_supplycost = (
		select min(ps_supplycost) from partsupp, supplier, nation, region
		where p_partkey = ps_partkey and s_suppkey = ps_suppkey and s_nationkey = n_nationkey
			and n_regionkey = r_regionkey and r_name = 'EUROPE')
order by s_acctbal desc, n_name, s_name, p_partkey
limit 10`,
		"6487.50|Supplier#000000025|FRANCE|37|Manufacturer#3           |street 175|16-125|calm 25",
		"6285.00|Supplier#000000030|GERMANY|29|Manufacturer#5           |street 210|17-130|calm 30",
		"4406.50|Supplier#000000027|FRANCE|45|Manufacturer#1           |street 189|16-127|calm 27",
		"2528.00|Supplier#000000024|FRANCE|61|Manufacturer#2           |street 168|16-124|calm 24",
		"2325.50|Supplier#000000029|GERMANY|25|Manufacturer#1           |street 203|17-129|calm 29",
		"2325.50|Supplier#000000029|GERMANY|65|Manufacturer#1           |street 203|17-129|calm 29",
		"447.00|Supplier#000000026|FRANCE|1|Manufacturer#2           |street 182|16-126|calm 26",
		"447.00|Supplier#000000026|FRANCE|81|Manufacturer#2           |street 182|16-126|calm 26",
		"244.50|Supplier#000000031|GERMANY|73|Manufacturer#4           |street 217|17-131|Customer always Complaints",
		"-1634.00|Supplier#000000028|GERMANY|9|Manufacturer#5           |street 196|17-128|calm 28",
	)
	db.Rows(`select l_orderkey, sum(l_extendedprice * (1 - l_discount)) as revenue, o_orderdate, o_shippriority
from customer, orders, lineitem
where c_mktsegment = 'BUILDING' and c_custkey = o_custkey and l_orderkey = o_orderkey
	and o_orderdate < date '1995-03-15' and l_shipdate > date '1995-03-15'
group by l_orderkey, o_orderdate, o_shippriority
order by revenue desc, o_orderdate
limit 10`,
		"215|157866.1000|1995-03-07|0",
		"60|65814.3600|1995-02-20|0",
	)
	db.Rows(`select o_orderpriority, count(*) as order_count
from orders
where o_orderdate >= date '1993-07-01' and o_orderdate < date '1993-07-01' + interval '8' month
	and exists (select * from lineitem where l_orderkey = o_orderkey and l_commitdate < l_receiptdate)
group by o_orderpriority
order by o_orderpriority`,
		"1-URGENT       |8",
		"2-HIGH         |8",
		"3-MEDIUM       |8",
		"4-NOT SPECIFIED|7",
		"5-LOW          |8",
	)
	db.Rows(`select n_name, sum(l_extendedprice * (1 - l_discount)) as revenue
from customer, orders, lineitem, supplier, nation, region
where c_custkey = o_custkey and l_orderkey = o_orderkey and l_suppkey = s_suppkey and c_nationkey = s_nationkey
	and s_nationkey = n_nationkey and n_regionkey = r_regionkey and r_name <> 'ASIA'
	and o_orderdate >= date '1993-01-01' and o_orderdate < date '1993-01-01' + interval '6' year
group by n_name
order by revenue desc`,
		"FRANCE|772268.8100",
		"ARGENTINA|564568.9100",
		"CANADA|432652.2200",
		"ALGERIA|389394.2800",
		"BRAZIL|296998.5000",
		"ETHIOPIA|218410.5000",
		"EGYPT|174386.2700",
		"GERMANY|66995.5000",
	)
	db.Rows(`select sum(l_extendedprice * l_discount) as revenue
from lineitem
where l_shipdate >= date '1994-01-01' and l_shipdate < date '1994-01-01' + interval '1' year
	and l_discount between 0.06 - 0.01 and 0.06 + 0.01 and l_quantity < 24`,
		"35050.5100",
	)
}

func TestTradeSevenToTwelve(t *testing.T) {
	db := trade(t)
	db.Rows(`select supp_nation, cust_nation, l_year, sum(volume) as revenue
from (
	select n1.n_name as supp_nation, n2.n_name as cust_nation, extract(year from l_shipdate) as l_year,
		l_extendedprice * (1 - l_discount) as volume
	from supplier, lineitem, orders, customer, nation n1, nation n2
	where s_suppkey = l_suppkey and o_orderkey = l_orderkey and c_custkey = o_custkey
		and s_nationkey = n1.n_nationkey and c_nationkey = n2.n_nationkey
		and ((n1.n_name = 'FRANCE' and n2.n_name = 'GERMANY') or (n1.n_name = 'GERMANY' and n2.n_name = 'FRANCE'))
		and l_shipdate between date '1995-01-01' and date '1996-12-31') as shipping
group by supp_nation, cust_nation, l_year
order by supp_nation, cust_nation, l_year`,
		"FRANCE|GERMANY|1995|97426.7100",
		"FRANCE|GERMANY|1996|120201.6600",
		"GERMANY|FRANCE|1995|160294.7000",
		"GERMANY|FRANCE|1996|25002.7500",
	)
	db.Rows(`select o_year, round(sum(case when nation = 'BRAZIL' then volume else 0 end) / sum(volume), 6) as mkt_share
from (
	select extract(year from o_orderdate) as o_year, l_extendedprice * (1 - l_discount) as volume, n2.n_name as nation
	from part, supplier, lineitem, orders, customer, nation n1, nation n2, region
	where p_partkey = l_partkey and s_suppkey = l_suppkey and l_orderkey = o_orderkey and o_custkey = c_custkey
		and c_nationkey = n1.n_nationkey and n1.n_regionkey = r_regionkey and r_name = 'AMERICA'
		and s_nationkey = n2.n_nationkey
		and o_orderdate between date '1995-01-01' and date '1996-12-31' and p_type like 'ECONOMY%') as all_nations
group by o_year
order by o_year`,
		"1995|0.000000",
		"1996|0.000000",
	)
	db.Rows(`select nation, o_year, sum(amount) as sum_profit
from (
	select n_name as nation, extract(year from o_orderdate) as o_year,
		l_extendedprice * (1 - l_discount) - ps_supplycost * l_quantity as amount
	from part, supplier, lineitem, partsupp, orders, nation
	where s_suppkey = l_suppkey and ps_suppkey = l_suppkey and ps_partkey = l_partkey and p_partkey = l_partkey
		and o_orderkey = l_orderkey and s_nationkey = n_nationkey and p_name like '%green%') as profit
group by nation, o_year
order by nation, o_year desc
limit 12`,
		"ALGERIA|1998|11669.2100",
		"ALGERIA|1997|55378.7500",
		"ALGERIA|1996|38574.8300",
		"ALGERIA|1995|46593.6300",
		"ALGERIA|1994|15321.7400",
		"ALGERIA|1993|45961.5200",
		"ARGENTINA|1998|16387.4200",
		"ARGENTINA|1997|36357.2800",
		"ARGENTINA|1996|51476.0000",
		"ARGENTINA|1995|35011.3600",
		"ARGENTINA|1994|50232.6600",
		"ARGENTINA|1993|90215.5800",
	)
	db.Rows(`select c_custkey, c_name, sum(l_extendedprice * (1 - l_discount)) as revenue, c_acctbal, n_name,
		c_address, c_phone
from customer, orders, lineitem, nation
where c_custkey = o_custkey and l_orderkey = o_orderkey and o_orderdate >= date '1993-10-01'
	and o_orderdate < date '1993-10-01' + interval '3' month and l_returnflag = 'R' and c_nationkey = n_nationkey
group by c_custkey, c_name, c_acctbal, c_phone, n_name, c_address
order by revenue desc, c_custkey
limit 8`,
		"82|Customer#000000082|82086.2500|4858.00|FRANCE|road 82|16-582",
		"77|Customer#000000077|63056.8700|1179.67|ARGENTINA|road 77|11-577",
		"8|Customer#000000008|59982.4900|2352.00|EGYPT|road 8|14-508",
		"3|Customer#000000003|45707.2500|5007.00|CHINA|road 3|19-503",
		"6|Customer#000000006|44039.9600|4680.67|INDIA|road 6|18-506",
		"68|Customer#000000068|42516.3200|2158.67|EGYPT|road 68|14-568",
		"79|Customer#000000079|42422.4000|5184.33|GERMANY|road 79|17-579",
		"75|Customer#000000075|35308.6500|3508.33|ETHIOPIA|road 75|15-575",
	)
	db.Rows(`select ps_partkey, sum(ps_supplycost * ps_availqty) as value
from partsupp, supplier, nation
where ps_suppkey = s_suppkey and s_nationkey = n_nationkey and n_name = 'GERMANY'
group by ps_partkey
having sum(ps_supplycost * ps_availqty) > (
	select sum(ps_supplycost * ps_availqty) * 0.04 from partsupp, supplier, nation
	where ps_suppkey = s_suppkey and s_nationkey = n_nationkey and n_name = 'GERMANY')
order by value desc`,
		"55|4043545.00",
		"39|3248914.50",
		"38|3093903.00",
		"99|2609887.50",
		"42|2400930.00",
		"79|1622554.50",
		"86|1563953.00",
		"78|1512583.00",
		"96|1452812.00",
		"25|1422187.50",
		"46|1381173.00",
		"95|1367205.00",
	)
	db.Rows(`select l_shipmode,
	sum(case when o_orderpriority = '1-URGENT' or o_orderpriority = '2-HIGH' then 1 else 0 end) as high_line_count,
	sum(case when o_orderpriority <> '1-URGENT' and o_orderpriority <> '2-HIGH' then 1 else 0 end) as low_line_count
from orders, lineitem
where o_orderkey = l_orderkey and l_shipmode in ('MAIL', 'SHIP') and l_commitdate < l_receiptdate
and l_shipdate < l_commitdate
	and l_receiptdate >= date '1994-01-01' and l_receiptdate < date '1994-01-01' + interval '2' year
group by l_shipmode
order by l_shipmode`,
		"MAIL      |4|9",
		"SHIP      |16|22",
	)
}

func TestTradeThirteenToSeventeen(t *testing.T) {
	db := trade(t)
	db.Rows(`select c_count, count(*) as custdist
from (
	select c_custkey, count(o_orderkey)
	from customer left outer join orders on c_custkey = o_custkey and o_comment not like '%special%requests%'
	group by c_custkey) as c_orders (c_custkey, c_count)
group by c_count
order by custdist desc, c_count desc`,
		"4|50",
		"0|30",
		"5|22",
		"3|18",
	)
	db.Rows(`select round(100.00 * sum(case when p_type like 'PROMO%' then l_extendedprice * (1 - l_discount) else 0 end)
	/ sum(l_extendedprice * (1 - l_discount)), 4) as promo_revenue
from lineitem, part
where l_partkey = p_partkey and l_shipdate >= date '1995-09-01'
and l_shipdate < date '1995-09-01' + interval '6' month`,
		"25.9589",
	)
	db.Must(`create view revenue (supplier_no, total_revenue) as
select l_suppkey, sum(l_extendedprice * (1 - l_discount)) from lineitem
where l_shipdate >= date '1996-01-01' and l_shipdate < date '1996-01-01' + interval '3' month
group by l_suppkey`)
	db.Rows(`select s_suppkey, s_name, s_address, s_phone, total_revenue
from supplier, revenue
where s_suppkey = supplier_no and total_revenue = (select max(total_revenue) from revenue)
order by s_suppkey`,
		"33|Supplier#000000033|street 231|18-133|126424.9200",
	)
	db.Rows(`select p_brand, p_type, p_size, count(distinct ps_suppkey) as supplier_cnt
from partsupp, part
where p_partkey = ps_partkey and p_brand <> 'Brand#41' and p_type not like 'MEDIUM POLISHED%'
and p_size in (49, 14, 23, 45, 19, 3, 36, 9, 8, 15, 22)
	and ps_suppkey not in (select s_suppkey from supplier where s_comment like '%Customer%Complaints%')
group by p_brand, p_type, p_size
order by supplier_cnt desc, p_brand, p_type, p_size
limit 12`,
		"Brand#12  |STANDARD POLISHED COPPER|36|4",
		"Brand#13  |STANDARD BRUSHED BRASS|36|4",
		"Brand#21  |SMALL ANODIZED COPPER|8|4",
		"Brand#22  |SMALL POLISHED STEEL|23|4",
		"Brand#23  |SMALL BRUSHED STEEL|3|4",
		"Brand#33  |MEDIUM BRUSHED TIN|45|4",
		"Brand#51  |ECONOMY ANODIZED BRASS|14|4",
		"Brand#52  |ECONOMY POLISHED STEEL|9|4",
		"Brand#53  |ECONOMY BRUSHED STEEL|19|4",
		"Brand#53  |ECONOMY BRUSHED STEEL|49|4",
		"Brand#21  |SMALL ANODIZED TIN|23|3",
		"Brand#22  |SMALL POLISHED BRASS|8|3",
	)
	db.Rows(`select round(sum(l_extendedprice) / 7.0, 4) as avg_yearly
from lineitem, part
where p_partkey = l_partkey and p_brand in ('Brand#23', 'Brand#12') and p_container like '%A%'
	and l_quantity < (select 0.9 * avg(l_quantity) from lineitem where l_partkey = p_partkey)`,
		"31098.0000",
	)
}

func TestTradeEighteenToTwentyTwo(t *testing.T) {
	db := trade(t)
	db.Rows(`select c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice, sum(l_quantity)
from customer, orders, lineitem
where o_orderkey in (select l_orderkey from lineitem group by l_orderkey having sum(l_quantity) > 225)
	and c_custkey = o_custkey and o_orderkey = l_orderkey
group by c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice
order by o_totalprice desc, o_orderdate
limit 10`,
		"Customer#000000042|42|83|1995-12-16|303912.60|329.00",
		"Customer#000000073|73|216|1995-03-20|280861.34|301.00",
		"Customer#000000052|52|33|1994-03-06|272406.23|285.00",
		"Customer#000000072|72|383|1995-09-07|267953.18|285.00",
		"Customer#000000014|14|349|1994-06-22|254587.64|273.00",
		"Customer#000000083|83|166|1993-06-08|249414.74|264.00",
		"Customer#000000025|25|132|1997-09-13|233825.96|245.00",
		"Customer#000000024|24|299|1998-03-03|226323.40|243.00",
		"Customer#000000082|82|333|1993-11-26|222662.15|240.00",
		"Customer#000000058|58|111|1996-12-14|217838.00|231.00",
	)
	db.Rows(`select sum(l_extendedprice * (1 - l_discount)) as revenue
from lineitem, part
where (p_partkey = l_partkey and p_brand = 'Brand#12' and p_container in ('SM CASE', 'SM BOX', 'SM PACK', 'LG PACK')
		and l_quantity >= 1 and l_quantity <= 1 + 30 and p_size between 1 and 25 and l_shipmode in ('AIR', 'AIR REG')
		and l_shipinstruct = 'DELIVER IN PERSON')
	or (p_partkey = l_partkey and p_brand = 'Brand#23' and p_container in ('MED BAG', 'MED BOX', 'WRAP BAG')
		and l_quantity >= 10 and l_quantity <= 10 + 30 and p_size between 1 and 40
		and l_shipmode in ('AIR', 'AIR REG', 'MAIL')
		and l_shipinstruct in ('DELIVER IN PERSON', 'NONE'))
	or (p_partkey = l_partkey and p_brand = 'Brand#31' and l_quantity >= 20 and l_quantity <= 20 + 10
	and p_size between 1 and 15)`,
		"267514.9000",
	)
	db.Rows(`select s_name, s_address
from supplier, nation
where s_suppkey in (
	select ps_suppkey from partsupp
	where ps_partkey in (select p_partkey from part where p_name like '%puff')
		and ps_availqty > (
			select 0.5 * sum(l_quantity) from lineitem
			where l_partkey = ps_partkey and l_suppkey = ps_suppkey
				and l_shipdate >= date '1994-01-01' and l_shipdate < date '1994-01-01' + interval '3' year))
	and s_nationkey = n_nationkey and n_name not in ('CANADA', 'INDIA')
order by s_name`,
		"Supplier#000000002|street 14",
		"Supplier#000000003|street 21",
		"Supplier#000000004|street 28",
		"Supplier#000000005|street 35",
		"Supplier#000000006|street 42",
		"Supplier#000000007|street 49",
		"Supplier#000000008|street 56",
		"Supplier#000000009|street 63",
		"Supplier#000000011|street 77",
		"Supplier#000000016|street 112",
		"Supplier#000000018|street 126",
		"Supplier#000000019|street 133",
		"Supplier#000000020|street 140",
		"Supplier#000000021|street 147",
		"Supplier#000000022|street 154",
		"Supplier#000000023|street 161",
		"Supplier#000000024|street 168",
		"Supplier#000000025|street 175",
		"Supplier#000000026|street 182",
		"Supplier#000000027|street 189",
		"Supplier#000000030|street 210",
		"Supplier#000000031|street 217",
		"Supplier#000000036|street 252",
		"Supplier#000000037|street 259",
		"Supplier#000000038|street 266",
		"Supplier#000000040|street 280",
	)
	db.Rows(`select s_name, count(*) as numwait
from supplier, lineitem l1, orders, nation
where s_suppkey = l1.l_suppkey and o_orderkey = l1.l_orderkey and o_orderstatus = 'F'
and l1.l_receiptdate > l1.l_commitdate
	and exists (select * from lineitem l2 where l2.l_orderkey = l1.l_orderkey and l2.l_suppkey <> l1.l_suppkey)
	and not exists (
		select * from lineitem l3
		where l3.l_orderkey = l1.l_orderkey and l3.l_suppkey <> l1.l_suppkey and l3.l_receiptdate > l3.l_commitdate)
	and s_nationkey = n_nationkey
group by s_name
order by numwait desc, s_name
limit 10`,
		"Supplier#000000006|5",
		"Supplier#000000011|5",
		"Supplier#000000001|2",
		"Supplier#000000021|2",
		"Supplier#000000036|2",
		"Supplier#000000007|1",
		"Supplier#000000016|1",
		"Supplier#000000026|1",
		"Supplier#000000031|1",
		"Supplier#000000032|1",
	)
	db.Rows(`select cntrycode, count(*) as numcust, sum(c_acctbal) as totacctbal
from (
	select substring(c_phone from 1 for 2) as cntrycode, c_acctbal from customer
	where substring(c_phone from 1 for 2) in ('13', '11', '16', '19', '10')
		and c_acctbal > (
			select avg(c_acctbal) from customer
			where c_acctbal > 0.00 and substring(c_phone from 1 for 2) in ('13', '11', '16', '19', '10'))
		and not exists (select * from orders where o_custkey = c_custkey)) as custsale
group by cntrycode
order by cntrycode`,
		"10|3|11770.00",
		"11|3|12749.00",
		"13|2|8781.33",
		"19|1|3597.00",
	)
}

// The same questions with rules, indexes and memory taken away have the same answers.
func TestTradeUnderOtherPlans(t *testing.T) {
	db := trade(t)
	questions := []string{
		`select n_name, sum(l_extendedprice * (1 - l_discount)) from customer, orders, lineitem, supplier, nation, region
where c_custkey = o_custkey and l_orderkey = o_orderkey and l_suppkey = s_suppkey and c_nationkey = s_nationkey
	and s_nationkey = n_nationkey and n_regionkey = r_regionkey and r_name <> 'ASIA' group by n_name order by n_name`,
		`select c_count, count(*) from (select c_custkey, count(o_orderkey) from customer
			left join orders on c_custkey = o_custkey
	and o_comment not like '%special%' group by c_custkey) as o (c_custkey, c_count) group by c_count order by c_count`,
		`select count(*), sum(l_quantity) from lineitem, part where p_partkey = l_partkey
	and l_quantity < (select 0.9 * avg(l_quantity) from lineitem where l_partkey = p_partkey)`,
		`select s_name, count(*) from supplier, lineitem l1 where s_suppkey = l1.l_suppkey
	and not exists (select * from lineitem l3 where l3.l_orderkey = l1.l_orderkey and l3.l_suppkey <> l1.l_suppkey
	and l3.l_receiptdate > l3.l_commitdate)
	group by s_name order by s_name`,
		`select o_orderkey from orders where o_orderkey in (select l_orderkey from lineitem group by l_orderkey
			having sum(l_quantity) > 200)
	and o_custkey not in (select c_custkey from customer where c_acctbal < 0) order by o_orderkey`,
	}
	want := make([]string, len(questions))
	for i, q := range questions {
		want[i] = db.Ask(q)
	}
	for _, setting := range []string{
		"set vecdb.rules_off = 'all'", "set work_mem = '64kB'", "set enable_hashjoin = off; set enable_hashagg = off",
		"set enable_nestloop = off", "set enable_indexscan = off; set enable_bitmapscan = off", "set enable_seqscan = off",
	} {
		db.Must(setting)
		for i, q := range questions {
			if got := db.Ask(q); got != want[i] {
				t.Errorf("%s\n%s\n got %s\nwant %s", setting, q, got, want[i])
			}
		}
		db.Must("reset all")
	}
}
