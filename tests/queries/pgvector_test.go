package queries_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// What pgvector's guide shows to applications runs as it stands there: methods and settings by its names, half
// precision, quantised and sparse vectors, averages and COPY.
func TestPgvectorGuide(t *testing.T) {
	db := dbtest.New(t)
	db.Must("set client_min_messages = error; create extension if not exists vector; reset client_min_messages")
	db.Must("create table items (id bigserial primary key, embedding vector(3), half halfvec(3), cat int)")
	db.Must(`insert into items (embedding, cat) select array[g, (g * 7) % 11 - 5, (g * 5) % 13 - 6]::vector, g % 3
		from generate_series(1, 60) g`)
	db.Is("update items set half = embedding::halfvec(3)", "UPDATE 60")
	db.Is("insert into items (embedding) values ('[1,2]')", "22000: expected 3 dimensions, not 2")
	db.Is("insert into items (id, embedding) values (1, '[1,2,3]') on conflict (id) do update set embedding = excluded.embedding "+
		"returning id, embedding", "1|[1,2,3]")
	db.Is("create index on items using hnsw (embedding vector_l2_ops) with (m = 16, ef_construction = 64)", "CREATE INDEX")
	db.Is("create index on items using hnsw (half halfvec_cosine_ops)", "CREATE INDEX")
	db.Is("set hnsw.ef_search = 100", "SET")
	db.Is("set hnsw.iterative_scan = strict_order", "SET")
	db.Is("begin; set local ivfflat.probes = 10; select current_setting('ivfflat.probes'); commit", "COMMIT")
	db.Rows("select id, embedding <-> '[3,1,2]' as d from items order by embedding <-> '[3,1,2]', id limit 5",
		"4|1.4142135623730951",
		"1|2.449489742783178",
		"2|3.7416573867739413",
		"7|4.242640687119285",
		"6|5.830951894845301",
	)
	db.Rows("select id from items where id != 1 order by embedding <-> (select embedding from items where id = 1), id limit 5",
		"4",
		"2",
		"7",
		"5",
		"6",
	)
	db.Rows("select id from items where embedding <-> '[3,1,2]' < 5 order by id",
		"1",
		"2",
		"4",
		"7",
	)
	db.Rows("select id, (embedding <#> '[3,1,2]') * -1 as p from items order by embedding <#> '[3,1,2]', id limit 3",
		"59|184",
		"57|181",
		"58|175",
	)
	db.Rows("select id, round((1 - (half <=> '[3,1,2]'))::numeric, 4) as s from items order by half <=> '[3,1,2]', id limit 4",
		"7|0.9475",
		"4|0.9449",
		"18|0.9297",
		"10|0.9286",
	)
	db.Rows("select id from items where cat = 2 order by half <=> '[3,1,2]', id limit 4",
		"23",
		"20",
		"17",
		"59",
	)
	db.Is("select avg(embedding), sum(half) from items", "[30.5,0.05,0.1]|[1830,3,2]")
	db.Rows("select cat, avg(embedding) from items group by cat order by cat",
		"0|[31.5,0.45,0.05]",
		"1|[29.5,-0.35,0]",
		"2|[30.5,0.05,0.25]",
	)
	db.Rows(`select id from (select id, embedding from items
		order by binary_quantize(embedding)::bit(3) <~> binary_quantize('[1,-2,3]'::vector), id limit 20) c
		order by embedding <=> '[1,-2,3]', id limit 5`,
		"2",
		"5",
		"10",
		"7",
		"18",
	)
	db.Rows("select id from items order by subvector(embedding, 1, 2)::vector(2) <-> subvector('[1,2,3]'::vector, 1, 2), id limit 5",
		"1",
		"4",
		"3",
		"2",
		"6",
	)
	db.Is("select l2_normalize(embedding), vector_dims(half), embedding || half::vector from items where id = 5", "[0.5976143,-0.35856858,0.71713716]|3|[5,-3,6,5,-3,6]")
	db.Must("create table docs (id int, terms sparsevec(100), flags bit(8))")
	db.IsCopy("copy docs from stdin", "1\t{1:1,50:2}/100\t10101010\n2\t{50:3}/100\t11111111\n3\t{}/100\t\\N\n", "COPY 3")
	db.IsCopy("copy docs from stdin", "4\t{1:1}/99\t10101010\n", "22000: expected 100 dimensions, not 99")
	db.IsCopy("copy docs from stdin", "4\t{1:1}/100\t101\n", "22026: bit string length 3 does not match type bit(8)")
	db.Rows("select id, terms <#> '{50:1}/100', flags <%> B'11110000' from docs order by terms <#> '{50:1}/100', id",
		"2|-3|0.5",
		"1|-2|0.6666666666666667",
		"3|-0|<null>",
	)
	db.Is("select count(*) from docs where flags & B'11110000' = B'11110000'", "1")
	db.Is("explain (costs off) insert into docs select 1, '{}/100', B'00000000'", "Insert on docs;   ->  Result")
	db.IsWith("select id from docs where flags = $1 and terms <-> $2 < 3", []string{"10101010", "{1:1}/100"}, "1")
	db.IsWith("select $1::halfvec <-> $2, $3::bit(3)", []string{"[1,2]", "[1,4]", "110"}, "2|110")
}
