package ddl_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// Indexes by pgvector's methods are made, shown and checked as pgvector does.
func TestPgvectorIndexes(t *testing.T) {
	db := dbtest.New(t)
	db.Must("set client_min_messages = error; create extension if not exists vector")
	db.Must("create table t (id int, v vector(3), h halfvec(3), loose vector)")
	db.Must("insert into t select g, array[g, g % 5, 1]::vector, array[g, g % 5, 1]::halfvec from generate_series(1, 50) g")
	f := func(index, want string) {
		t.Helper()
		db.Is("create index "+index, want)
	}
	f("i1 on t using hnsw (v vector_l2_ops)", "CREATE INDEX")
	f("i2 on t using hnsw (v vector_cosine_ops) with (ef_construction = 10, m = 4)", "CREATE INDEX")
	f("i3 on t using hnsw (h halfvec_ip_ops)", "CREATE INDEX")
	f("i4 on t using ivfflat (v) with (lists = 2)", "CREATE INDEX")
	f("i5 on t using ivfflat (h halfvec_cosine_ops) with (lists = 3)", "CREATE INDEX")
	f("on t using ivfflat (h halfvec_l2_ops) with (lists = 1)", "CREATE INDEX")
	f("on t using hnsw (v) with (m = 16)", `42704: data type vector has no default operator class for access method "hnsw" HINT: You must specify an operator class for the index or define a default operator class for the data type.`)
	f("on t using ivfflat (h)", `42704: data type halfvec has no default operator class for access method "ivfflat" HINT: You must specify an operator class for the index or define a default operator class for the data type.`)
	f("on t using hnsw (v nosuch_ops)", `42704: operator class "nosuch_ops" does not exist for access method "hnsw"`)
	f("on t using hnsw (v halfvec_l2_ops)", `42804: operator class "halfvec_l2_ops" does not accept data type vector`)
	f("on t using hnsw (loose vector_l2_ops)", "22023: column does not have dimensions")
	f("on t using hnsw (v vector_l2_ops, id)", `0A000: access method "hnsw" does not support multicolumn indexes`)
	f("on t using hnsw (v vector_l2_ops desc)", `0A000: access method "hnsw" does not support ASC/DESC options`)
	f("on t using ivfflat (v vector_l2_ops) include (id)", `0A000: access method "ivfflat" does not support included columns`)
	f("on t using hnsw (v vector_l2_ops) with (m = 1)", `22023: value 1 out of bounds for option "m" DETAIL: Valid values are between "2" and "100".`)
	f("on t using hnsw (v vector_l2_ops) with (m = 101)", `22023: value 101 out of bounds for option "m" DETAIL: Valid values are between "2" and "100".`)
	f("on t using hnsw (v vector_l2_ops) with (ef_construction = 3)", `22023: value 3 out of bounds for option "ef_construction" DETAIL: Valid values are between "4" and "1000".`)
	f("on t using hnsw (v vector_l2_ops) with (ef_construction = 1001)", `22023: value 1001 out of bounds for option "ef_construction" DETAIL: Valid values are between "4" and "1000".`)
	f("on t using hnsw (v vector_l2_ops) with (ef_construction = 31)", "22023: ef_construction must be greater than or equal to 2 * m")
	f("on t using hnsw (v vector_l2_ops) with (m = 33)", "22023: ef_construction must be greater than or equal to 2 * m")
	f("on t using hnsw (v vector_l2_ops) with (lists = 3)", `22023: unrecognized parameter "lists"`)
	f("on t using ivfflat (v vector_l2_ops) with (lists = 0)", `22023: value 0 out of bounds for option "lists" DETAIL: Valid values are between "1" and "32768".`)
	f("on t using ivfflat (v vector_l2_ops) with (lists = 32769)", `22023: value 32769 out of bounds for option "lists" DETAIL: Valid values are between "1" and "32768".`)
	f("on t using ivfflat (v vector_l2_ops) with (m = 4)", `22023: unrecognized parameter "m"`)
	db.Is("create unique index on t using hnsw (v vector_l2_ops)", `0A000: access method "hnsw" does not support unique indexes`)
	db.Rows("select pg_get_indexdef(indexrelid) from pg_index where indrelid = 't'::regclass order by indexrelid::regclass::text",
		"CREATE INDEX i1 ON public.t USING hnsw (v vector_l2_ops)",
		"CREATE INDEX i2 ON public.t USING hnsw (v vector_cosine_ops) WITH (ef_construction='10', m='4')",
		"CREATE INDEX i3 ON public.t USING hnsw (h halfvec_ip_ops)",
		"CREATE INDEX i4 ON public.t USING ivfflat (v) WITH (lists='2')",
		"CREATE INDEX i5 ON public.t USING ivfflat (h halfvec_cosine_ops) WITH (lists='3')",
		"CREATE INDEX t_h_idx ON public.t USING ivfflat (h halfvec_l2_ops) WITH (lists='1')",
	)
	db.Rows(`select c.relname, a.amname, a.amtype, a.amhandler, o.opcname, o.opcdefault, c.reloptions from pg_index x
		join pg_class c on c.oid = x.indexrelid join pg_am a on a.oid = c.relam join pg_opclass o on o.oid = x.indclass[0]
		where x.indrelid = 't'::regclass order by 1`,
		"i1|hnsw|i|hnswhandler|vector_l2_ops|f|<null>",
		"i2|hnsw|i|hnswhandler|vector_cosine_ops|f|{ef_construction=10,m=4}",
		"i3|hnsw|i|hnswhandler|halfvec_ip_ops|f|<null>",
		"i4|ivfflat|i|ivfflathandler|vector_l2_ops|t|{lists=2}",
		"i5|ivfflat|i|ivfflathandler|halfvec_cosine_ops|f|{lists=3}",
		"t_h_idx|ivfflat|i|ivfflathandler|halfvec_l2_ops|f|{lists=1}",
	)
	db.Rows(`select a.amname, o.opcname, o.opcintype::regtype, o.opcdefault, f.opfname, f.opfmethod = o.opcmethod from pg_opclass o
		join pg_am a on a.oid = o.opcmethod join pg_opfamily f on f.oid = o.opcfamily
		where a.amname in ('hnsw', 'ivfflat') order by 1, 2`,
		"hnsw|bit_hamming_ops|bit|f|bit_hamming_ops|t",
		"hnsw|bit_jaccard_ops|bit|f|bit_jaccard_ops|t",
		"hnsw|halfvec_cosine_ops|halfvec|f|halfvec_cosine_ops|t",
		"hnsw|halfvec_ip_ops|halfvec|f|halfvec_ip_ops|t",
		"hnsw|halfvec_l1_ops|halfvec|f|halfvec_l1_ops|t",
		"hnsw|halfvec_l2_ops|halfvec|f|halfvec_l2_ops|t",
		"hnsw|sparsevec_cosine_ops|sparsevec|f|sparsevec_cosine_ops|t",
		"hnsw|sparsevec_ip_ops|sparsevec|f|sparsevec_ip_ops|t",
		"hnsw|sparsevec_l1_ops|sparsevec|f|sparsevec_l1_ops|t",
		"hnsw|sparsevec_l2_ops|sparsevec|f|sparsevec_l2_ops|t",
		"hnsw|vector_cosine_ops|vector|f|vector_cosine_ops|t",
		"hnsw|vector_ip_ops|vector|f|vector_ip_ops|t",
		"hnsw|vector_l1_ops|vector|f|vector_l1_ops|t",
		"hnsw|vector_l2_ops|vector|f|vector_l2_ops|t",
		"ivfflat|bit_hamming_ops|bit|f|bit_hamming_ops|t",
		"ivfflat|halfvec_cosine_ops|halfvec|f|halfvec_cosine_ops|t",
		"ivfflat|halfvec_ip_ops|halfvec|f|halfvec_ip_ops|t",
		"ivfflat|halfvec_l2_ops|halfvec|f|halfvec_l2_ops|t",
		"ivfflat|vector_cosine_ops|vector|f|vector_cosine_ops|t",
		"ivfflat|vector_ip_ops|vector|f|vector_ip_ops|t",
		"ivfflat|vector_l2_ops|vector|t|vector_l2_ops|t",
	)
	db.Rows("select am.amname, count(*) from pg_class c join pg_am am on am.oid = c.relam where c.relname ~ '^i[1-5]$' group by 1 order by 1",
		"hnsw|3",
		"ivfflat|2",
	)
	for _, q := range []string{"v <-> '[7,2,1]'", "v <=> '[7,2,1]'", "h <=> '[7,2,1]'", "h <-> '[7,2,1]'"} {
		db.Is("select id from t order by "+q+" limit 1", "7")
	}
	db.Is("select id from t order by h <#> '[7,2,1]' limit 1", "49")
	db.Is("alter index i1 set (m = 20); reindex index i1", "REINDEX")
	db.Is("alter index i1 set (m = 200)", `22023: value 200 out of bounds for option "m" DETAIL: Valid values are between "2" and "100".`)
	db.Is("drop index i1, i2, i3, i4, i5", "DROP INDEX")
}

// What an index of vectors cannot do is refused by name: classes without an approximate search among them.
func TestANNOpclassesOfLater(t *testing.T) {
	db := dbtest.NewOwn(t)
	db.Must("create extension vector")
	db.Must("create table t (v vector(3), h halfvec(3), b bit(3), s sparsevec(3))")
	f := func(index, class string) {
		t.Helper()
		db.Is("create index on t using "+index, `0A000: an index of method "hnsw" with operator class "`+class+`" is not supported`)
	}
	f("hnsw (b bit_hamming_ops)", "bit_hamming_ops")
	f("hnsw (b bit_jaccard_ops)", "bit_jaccard_ops")
	f("hnsw (s sparsevec_l2_ops)", "sparsevec_l2_ops")
	f("hnsw (v vector_l1_ops)", "vector_l1_ops")
	f("hnsw (h halfvec_l1_ops)", "halfvec_l1_ops")
	db.Is("create index on t using ivfpq (h halfvec_l2_ops)", "CREATE INDEX")
	db.Is("create index on t using ivfflat (b bit_hamming_ops)",
		`0A000: an index of method "ivfflat" with operator class "bit_hamming_ops" is not supported`)
	db.Is("select count(*) from pg_am where amname in ('hnsw', 'ivfflat')", "2")
	db.Must("drop table t; drop extension vector")
	db.Is("select count(*) from pg_am where amname in ('hnsw', 'ivfflat')", "0")
}
