package queries_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// library is a table of works with vectors whose distances are far enough from each other to be printed.
func library(t *testing.T) *dbtest.DB {
	t.Helper()
	db := dbtest.New(t)
	db.Must("create extension vector")
	db.Must(`create table work (id int primary key, genre text, year int, v vector(4));
insert into work select g, (array['poem', 'novel', 'play'])[g % 3 + 1], 1900 + g * 7 % 120,
	('[' || g % 7 || ',' || g * 3 % 11 || ',' || (g * g) % 13 || ',' || (g * 5) % 9 || ']')::vector
	from generate_series(1, 60) g;
insert into work values (61, 'play', 2001, null)`)
	return db
}

// The nearest by each operator, with what people put around it.
func TestNearest(t *testing.T) {
	db := library(t)
	db.Rows("select id, v <-> '[1,2,3,4]' as d from work order by d, id limit 5",
		"15|1.7320508075688772",
		"37|2",
		"30|2.23606797749979",
		"1|2.449489742783178",
		"22|2.8284271247461903",
	)
	db.Rows(`select id, round((v <=> '[1,2,3,4]')::numeric, 6) as d from work where v <> '[0,0,0,0]' order by d, id
		limit 5`,
		"16|0.019277",
		"30|0.021939",
		"37|0.030913",
		"23|0.038140",
		"15|0.051317",
	)
	db.Rows("select id, v <#> '[1,2,3,4]' as d from work order by d, id limit 5",
		"7|-82",
		"34|-80",
		"32|-78",
		"5|-77",
		"21|-76",
	)
	db.Rows("select id, v <+> '[1,2,3,4]' as d from work order by d, id limit 5",
		"15|3",
		"30|3",
		"1|4",
		"22|4",
		"37|4",
	)
	db.Rows(`select id, round((1 - (v <=> '[1,2,3,4]'))::numeric, 4) as likeness from work where id < 20
		order by likeness desc nulls last, id limit 5`,
		"16|0.9807",
		"15|0.9487",
		"7|0.9214",
		"5|0.9190",
		"3|0.9137",
	)
	db.Rows("select id, -(v <#> '[1,2,3,4]') as product from work order by product desc nulls last, id limit 3",
		"7|82",
		"34|80",
		"32|78",
	)
	db.Rows("select id from work where genre = 'novel' and year > 1950 order by v <-> '[1,2,3,4]', id limit 6",
		"28",
		"49",
		"43",
		"13",
		"16",
		"46",
	)
	db.Rows("select id, genre from work where v <-> '[1,2,3,4]' < 5 order by id",
		"1|novel",
		"4|novel",
		"11|play",
		"15|poem",
		"22|novel",
		"24|poem",
		"30|poem",
		"35|play",
		"37|novel",
		"38|play",
		"53|play",
		"56|play",
	)
	db.Rows("select id from work order by v <-> (select v from work where id = 10), id limit 4",
		"10",
		"3",
		"32",
		"46",
	)
	db.Rows(`select distinct on (genre) genre, id, v <-> '[3,3,3,3]' from work where v is not null
		order by genre, v <-> '[3,3,3,3]', id`,
		"novel|4|2.449489742783178",
		"play|38|3",
		"poem|15|3",
	)
	db.Rows(`select genre, id, d from (select genre, id, v <-> '[3,3,3,3]' as d,
		rank() over (partition by genre order by v <-> '[3,3,3,3]', id) as r from work) w where r <= 2 order by genre, d, id`,
		"novel|4|2.449489742783178",
		"novel|37|3.1622776601683795",
		"play|38|3",
		"play|53|3.1622776601683795",
		"poem|15|3",
		"poem|24|3.1622776601683795",
	)
	db.Rows(`select w.id, n.id, n.d from work w, lateral (select id, v <-> w.v as d from work o where o.id <> w.id
		order by v <-> w.v, id limit 2) n where w.id <= 4 order by 1, 3, 2`,
		"1|30|2.6457513110645907",
		"1|37|3.7416573867739413",
		"2|9|1.7320508075688772",
		"2|24|2.23606797749979",
		"3|10|1.4142135623730951",
		"3|32|2",
		"4|11|1.7320508075688772",
		"4|22|3.1622776601683795",
	)
	db.Rows(`select a.id, b.id, a.v <-> b.v from work a join work b on a.id < b.id and a.v <-> b.v < 1.5
		order by 3, 1, 2 limit 8`,
		"3|10|1.4142135623730951",
		"16|23|1.4142135623730951",
		"29|36|1.4142135623730951",
		"42|49|1.4142135623730951",
	)
	db.Rows("select id from work order by v <-> '[1,2,3,4]' desc nulls last, id limit 3",
		"18",
		"47",
		"7",
	)
	db.Rows("select id, v <-> '[1,2,3,4]' from work order by v <-> '[1,2,3,4]' nulls first, id limit 2",
		"61|<null>",
		"15|1.7320508075688772",
	)
	db.IsWith("select id from work where year >= $2 order by v <-> $1, id limit $3", []string{"[4,4,4,4]", "1990", "4"},
		"17; 30; 48; 15")
	db.Rows(`with q (name, e) as (values ('low', '[0,0,0,0]'::vector), ('high', '[6,9,9,8]'))
		select q.name, (select id from work order by v <-> q.e, id limit 1) from q order by 1`,
		"high|32",
		"low|22",
	)
}

// Arithmetic, sums and means of vectors, by groups and as targets of searches.
func TestVectorSums(t *testing.T) {
	db := library(t)
	db.Rows("select genre, avg(v), sum(v), count(v), count(*) from work group by genre order by genre",
		"novel|[2.9,4.9,6,4.85]|[58,98,120,97]|20|20",
		"play|[2.85,4.6,6.2,4]|[57,92,124,80]|20|21",
		"poem|[3.15,5.4,6.45,3.15]|[63,108,129,63]|20|20",
	)
	db.Rows(`select genre, round((avg(v) <-> '[3,5,6,4]')::numeric, 5), vector_dims(avg(v)),
		round(vector_norm(avg(v))::numeric, 5) from work group by genre having count(*) > 5 order by genre`,
		"novel|0.86168|4|9.58867",
		"play|0.47170|4|9.15000",
		"poem|1.05238|4|9.51880",
	)
	db.Rows(`with middle as (select genre, avg(v) as m from work group by genre)
		select w.genre, w.id, round((w.v <-> m)::numeric, 4) from work w join middle using (genre)
		where w.v is not null order by w.v <-> m, w.id limit 5`,
		"poem|24|2.5313",
		"play|17|4.0028",
		"play|2|4.0648",
		"poem|42|4.0752",
		"novel|28|4.1040",
	)
	db.Rows(`with middle as (select genre, avg(v) as m from work group by genre),
		nearest as (select w.id, (select genre from middle order by m <-> w.v, genre limit 1) as near, w.genre
		from work w where v is not null) select genre, near, count(*) from nearest group by 1, 2 order by 1, 2`,
		"novel|novel|8",
		"novel|play|5",
		"novel|poem|7",
		"play|novel|10",
		"play|play|5",
		"play|poem|5",
		"poem|novel|7",
		"poem|play|2",
		"poem|poem|11",
	)
	db.Rows("select a.v + b.v, a.v - b.v, a.v * b.v, a.v || b.v from work a, work b where a.id = 5 and b.id = 9",
		"[7,9,15,7]|[3,-1,9,7]|[10,20,36,0]|[5,4,12,7,2,5,3,0]",
	)
	db.Rows(`select id, v <-> (select a.v - b.v + c.v from work a, work b, work c
		where a.id = 3 and b.id = 7 and c.id = 11) as d from work order by d, id limit 3`,
		"11|3.872983346207417",
		"4|4.69041575982343",
		"27|5.5677643628300215",
	)
	db.Rows(`select l2_normalize(v), vector_norm(v), vector_dims(v), subvector(v, 2, 2) from work
		where id in (3, 8) order by id`,
		"[0.2085144,0.62554324,0.62554324,0.4170288]|14.38749456993816|4|[9,9]",
		"[0.077849895,0.15569979,0.93419874,0.31139958]|12.84523257866513|4|[2,12]",
	)
	db.Rows("select max(v <-> '[0,0,0,0]'), min(v <-> '[0,0,0,0]'), round(avg(v <-> '[0,0,0,0]')::numeric, 6) from work",
		"16.24807680927192|3.7416573867739413|10.737517",
	)
	db.Rows(`select v::text, v::real[], (v::real[])[2], array_length(v::real[], 1), array[1, 2]::vector,
		'{1,2.5}'::real[]::vector(2) from work where id = 4`,
		"[4,1,3,2]|{4,1,3,2}|1|4|[1,2]|[1,2.5]",
	)
	db.Rows("select count(distinct v), count(distinct subvector(v, 1, 1)) from work",
		"60|7",
	)
	db.Rows("select v, count(*) from work where v < '[0,4]' group by v order by v limit 3",
		"[0,3,3,1]|1",
	)
	db.Rows(`select id from work where v in ('[1,3,1,5]', '[2,6,4,1]') or v = any (array['[3,9,9,6]'::vector])
		order by id`,
		"1",
		"2",
		"3",
	)
	db.Rows("select avg(v), sum(v) from work where false",
		"<null>|<null>",
	)
	db.Rows("select array_agg(v order by id) from work where id < 4",
		`{"[1,3,1,5]","[2,6,4,1]","[3,9,9,6]"}`,
	)
	db.Rows("select json_agg(v order by id), jsonb_build_object('v', max(v::text)) from work where id < 3",
		`["[1,3,1,5]", "[2,6,4,1]"]|{"v": "[2,6,4,1]"}`,
	)
}

// Writes of vectors: defaults, checks, keys, updates from searches, copies.
func TestVectorWrites(t *testing.T) {
	db := library(t)
	db.Must(`create table note (id int generated always as identity primary key,
		e vector(2) not null default '[0,0]', norm double precision generated always as (vector_norm(e)) stored,
		check (e <-> '[0,0]' < 100), unique (e))`)
	db.Rows("insert into note (e) values ('[3,4]'), (default), ('[1e1,-2]') returning id, e, norm",
		"1|[3,4]|5", "2|[0,0]|0", "3|[10,-2]|10.198039027185569")
	db.Is("insert into note (e) values ('[3,4]')",
		`23505: duplicate key value violates unique constraint "note_e_key" DETAIL: Key (e)=([3,4]) already exists.`,
	)
	db.Is("insert into note (e) values ('[300,4]')",
		`23514: new row for relation "note" violates check constraint "note_e_check" `+
			`DETAIL: Failing row contains (5, [300,4], 300.0266654815868).`,
	)
	db.Is("insert into note (e) values (null)",
		`23502: null value in column "e" of relation "note" violates not-null constraint `+
			`DETAIL: Failing row contains (6, null, null).`,
	)
	db.Is("insert into note (e) values ('[1,2,3]')", "22000: expected 2 dimensions, not 3")
	db.Is("insert into note (e) values (array[1, 2.5]) returning e", "[1,2.5]")
	db.Is("insert into note (e) select subvector(v, 1, 2) from work where id = 5 on conflict (e) do nothing", "INSERT 0 1")
	db.Is("insert into note (e) values ('[3,4]') on conflict (e) do update set e = note.e + '[1,1]' returning e, norm",
		"[4,5]|6.4031242374328485")
	db.Is("update note set e = e * '[2,2]' where norm > 5 returning e, norm",
		"[20,-4]|20.396078054371138; [10,8]|12.806248474865697; [8,10]|12.806248474865697",
	)
	db.Is("update work set v = (select avg(v) from work where genre = 'poem') where id = 61 returning v",
		"[3.15,5.4,6.45,3.15]")
	db.Is("update work set v = v + '[1]' where id = 1", "22000: different vector dimensions 4 and 1")
	db.Is("update work set v = '[1,2,3]' where id = 1", "22000: expected 4 dimensions, not 3")
	db.Is("delete from note where e = (select e from note order by e <-> '[10,10]', id limit 1) returning e", "[8,10]")
	db.Is("alter table note add column f vector(3)", "ALTER TABLE")
	db.Is("update note set f = (e::real[] || 1::real)::vector", "UPDATE 4")
	db.Is("alter table note alter column f type vector(2)", "22000: expected 2 dimensions, not 3")
	db.Is("alter table note alter column f type real[] using f::real[]", "ALTER TABLE")
	db.Is("copy (select id, e, f from note order by id) to stdout",
		"2\t[0,0]\t{0,0,1}\n3\t[20,-4]\t{20,-4,1}\n7\t[1,2.5]\t{1,2.5,1}\n8\t[10,8]\t{10,8,1}\n",
	)
	db.Is("copy (select id, v from work where id in (2, 61) order by id) to stdout with (format csv, header)",
		"id,v\n2,\"[2,6,4,1]\"\n61,\"[3.15,5.4,6.45,3.15]\"\n",
	)
	db.IsCopy("copy note (e) from stdin", "[7,7]\n[8,8.5]\n", "COPY 2")
	db.IsCopy("copy note (e) from stdin with (format csv)", "\"[9,9]\"\n\"[9]\"\n", "22000: expected 2 dimensions, not 1")
	db.Rows("select e, norm from note order by id",
		"[0,0]|0",
		"[20,-4]|20.396078054371138",
		"[1,2.5]|2.692582403567252",
		"[10,8]|12.806248474865697",
		"[7,7]|9.899494936611665",
		"[8,8.5]|11.672617529928752",
	)
	db.Rows(`select column_name, data_type, udt_name from information_schema.columns where table_name = 'note'
		order by ordinal_position`,
		"id|integer|int4",
		"e|USER-DEFINED|vector",
		"norm|double precision|float8",
		"f|ARRAY|_float4",
	)
	db.Rows(`select attname, format_type(atttypid, atttypmod) from pg_attribute
		where attrelid = 'note'::regclass and attnum > 0 order by attnum`,
		"id|integer",
		"e|vector(2)",
		"norm|double precision",
		"f|real[]",
	)
}
