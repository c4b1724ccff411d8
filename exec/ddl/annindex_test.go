package ddl_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// An ivfpq index is over one vector column with known dimensions, by one of its operator classes.
func TestCreateANNIndex(t *testing.T) {
	db := dbtest.NewOwn(t)
	db.Must("create extension vector")
	db.Must("create table t (id int, v vector(4), loose vector, a int, r real[])")
	db.Must("insert into t select g, array[g, g % 5, 1, 0]::vector, null, g from generate_series(1, 400) g")
	for _, class := range []string{"vector_l2_ops", "vector_ip_ops", "vector_cosine_ops"} {
		db.Is("create index on t using ivfpq (v "+class+")", "CREATE INDEX")
	}
	db.Is("create index d on t using ivfpq (v)", "CREATE INDEX")
	db.Rows(shape("t"),
		"id integer",
		"v vector(4)",
		"loose vector",
		"a integer",
		"r real[]",
		"CREATE INDEX d ON public.t USING ivfpq (v)",
		"CREATE INDEX t_v_idx ON public.t USING ivfpq (v)",
		"CREATE INDEX t_v_idx1 ON public.t USING ivfpq (v vector_ip_ops)",
		"CREATE INDEX t_v_idx2 ON public.t USING ivfpq (v vector_cosine_ops)",
	)
	f := func(index, want string) {
		t.Helper()
		db.Is("create "+index, want)
	}
	f("index on t using ivfpq (loose)", "22023: column does not have dimensions")
	f("index on t using ivfpq (loose vector_ip_ops)", "22023: column does not have dimensions")
	f("index on t using ivfpq (a)",
		`42704: data type integer has no default operator class for access method "ivfpq" `+
			`HINT: You must specify an operator class for the index or define a default operator class for the data type.`)
	f("index on t using ivfpq (a vector_l2_ops)",
		`42804: operator class "vector_l2_ops" does not accept data type integer`)
	f("index on t using ivfpq (r)",
		`42704: data type real[] has no default operator class for access method "ivfpq" `+
			`HINT: You must specify an operator class for the index or define a default operator class for the data type.`)
	f("index on t using ivfpq (v int4_ops)", `42704: operator class "int4_ops" does not exist for access method "ivfpq"`)
	f("index on t using ivfpq (v nosuch)", `42704: operator class "nosuch" does not exist for access method "ivfpq"`)
	f("index on t (v vector_l2_ops)", `42704: operator class "vector_l2_ops" does not exist for access method "btree"`)
	f("index on t using ivfpq (v, v)", `0A000: access method "ivfpq" does not support multicolumn indexes`)
	f("unique index on t using ivfpq (v)", `0A000: access method "ivfpq" does not support unique indexes`)
	f("index on t using ivfpq (v) include (id)", `0A000: access method "ivfpq" does not support included columns`)
	f("index on t using ivfpq (v desc)", `0A000: access method "ivfpq" does not support ASC/DESC options`)
	f("index on t using ivfpq (v nulls first)", `0A000: access method "ivfpq" does not support ASC/DESC options`)
	f("index on t using ivfpq (v) where a > 0", `0A000: a partial index of method "ivfpq" is not supported`)
	f("index on t using ivfpq ((v + v))", `0A000: an expression index of method "ivfpq" is not supported`)
	for _, method := range []string{"hash", "gin", "gist", "brin", "spgist"} {
		f("index on t using "+method+" (v)", `0A000: access method "`+method+`" is not supported`)
	}
}

// The parameters of an ivfpq index have bounds; num_sub_vectors cannot be more than the dimensions.
func TestANNIndexParameters(t *testing.T) {
	db := dbtest.NewOwn(t)
	db.Must("create extension vector")
	db.Must("create table t (v vector(8))")
	f := func(with, want string) {
		t.Helper()
		db.Is("create index i on t using ivfpq (v) with ("+with+")", want)
		db.Must("drop index if exists i")
	}
	f("num_partitions = 1", "CREATE INDEX")
	f("num_partitions = 1048576", "CREATE INDEX")
	f("num_partitions = 0",
		`22023: value 0 out of bounds for option "num_partitions" DETAIL: Valid values are between "1" and "1048576".`)
	f("num_partitions = 1048577",
		`22023: value 1048577 out of bounds for option "num_partitions" DETAIL: Valid values are between "1" and "1048576".`)
	f("lists = 100", "CREATE INDEX")
	f("lists = -1", `22023: value -1 out of bounds for option "lists" DETAIL: Valid values are between "1" and "1048576".`)
	f("lists = 5, num_partitions = 5", `22023: parameter "num_partitions" specified more than once`)
	f("num_sub_vectors = 8", "CREATE INDEX")
	f("num_sub_vectors = 3", "CREATE INDEX")
	f("num_sub_vectors = 9", "22023: num_sub_vectors is 9, more than the 8 dimensions of the column")
	f("num_sub_vectors = 0",
		`22023: value 0 out of bounds for option "num_sub_vectors" DETAIL: Valid values are between "1" and "16000".`)
	f("num_bits = 4", "CREATE INDEX")
	f("num_bits = 8, num_sub_vectors = 4, lists = 2", "CREATE INDEX")
	f("num_bits = 6", `22023: value 6 is not allowed for option "num_bits" DETAIL: Allowed are 4 and 8.`)
	f("num_bits", `22023: invalid value for integer option "num_bits": true`)
	f("num_bits = four", `22023: invalid value for integer option "num_bits": four`)
	f("m = 16", `22023: unrecognized parameter "m"`)
	f("fillfactor = 70", `22023: unrecognized parameter "fillfactor"`)
	db.Must("create index i on t using ivfpq (v) with (lists = 7, num_bits = 4)")
	db.Is("select pg_get_indexdef('i'::regclass)",
		"CREATE INDEX i ON public.t USING ivfpq (v) WITH (num_bits='4', num_partitions='7')")
	db.Is("alter index i set (num_bits = 5)",
		`22023: value 5 is not allowed for option "num_bits" DETAIL: Allowed are 4 and 8.`)
	db.Is("alter table t drop column v", "ALTER TABLE")
	db.Is("select count(*) from pg_class where relname = 'i'", "0")
}

// The vector index finds rows through ADD and DROP COLUMN, a rename, REINDEX, TRUNCATE and a restart.
func TestANNIndexThroughChanges(t *testing.T) {
	db := dbtest.NewOwn(t)
	db.Must("create extension vector")
	db.Must("create table t (gone int, id int, v vector(3))")
	db.Must("insert into t select 0, g, array[g % 40, g % 9, g % 7]::vector from generate_series(1, 600) g")
	db.Must("create index i on t using ivfpq (v) with (lists = 4)")
	nearest := "select id from t order by v <-> (select v from t where id = 123), id limit 1"
	db.Settle()
	for _, change := range []string{
		"alter table t add b int default 5", "alter table t drop column gone",
		"alter table t rename v to w; alter table t rename w to v",
		"reindex index i", "alter table t rename to u; alter table u rename to t", "alter table t alter b type text",
		"update t set b = 'x' where id % 2 = 0",
	} {
		db.Must(change)
		db.Is(nearest, "123")
	}
	db.Restart()
	db.Settle()
	db.Is(nearest, "123")
	db.Must("truncate t")
	db.Is("select id from t order by v <-> '[1,2,3]' limit 1", "")
	db.Must("insert into t values (7, '[1,2,3]', 'y')")
	db.Is("select id from t order by v <-> '[1,2,3]' limit 1", "7")
}
