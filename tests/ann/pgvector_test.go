package ann_test

import (
	"fmt"
	"testing"
)

// Searches of halfvec by every metric find what is near, as those of vector do, with filters and after updates.
func TestHalfvecRecall(t *testing.T) {
	for _, m := range metrics {
		t.Run(m.name, func(t *testing.T) {
			b := newBenchOf(t, 16, "halfvec", "ivfpq")
			centers := b.centers(30)
			b.loadNear(4000, centers)
			b.index(m)
			b.uses(m.search(b.near(centers), "", 10), true)
			b.loadNear(500, centers) // in no segment yet
			for id := 1; id < 200; id++ {
				v := b.near(centers)
				b.rows[id] = row{share: b.rows[id].share, vec: v}
				b.Must(fmt.Sprintf("update t set v = '%s' where id = %d", text(v), id))
			}
			check := func(where string, share int) {
				t.Helper()
				if got := b.recall(m, centers, 20, 10, where, func(r row) bool { return r.share < share }); got < recallFloor {
					t.Errorf("%s: recall %.3f", where, got)
				}
			}
			check("", 1000)
			check("where share < 100", 100)
			b.Settle()
			b.Restart()
			check("", 1000)
			check("where share < 5", 5)
		})
	}
}

// Distances over an index are those of the operator, and vectors of other dimensions have its error.
func TestHalfvecDistances(t *testing.T) {
	b := newBenchOf(t, 4, "halfvec", "hnsw")
	b.loadNear(2000, b.centers(5))
	b.index(l2)
	q := text(b.near(b.centers(1)))
	b.Is(fmt.Sprintf(`select count(*) from (select id, v <-> '%s' as d from t order by d limit 20) n join t using (id)
		where n.d is distinct from v <-> '%s'`, q, q), "0")
	b.Is("select id from t order by v <-> '[1,2]' limit 1", "22000: different halfvec dimensions 4 and 2")
	b.Is("select count(*) from (select id from t order by v <-> '[1,2,3,4]'::vector limit 7) n", "7")
}

// Indexes by pgvector's names find at least what the settings of pgvector promise.
func TestPgvectorMethods(t *testing.T) {
	for _, method := range []string{"hnsw", "ivfflat"} {
		t.Run(method, func(t *testing.T) {
			b := newBenchOf(t, 24, "vector", method)
			centers := b.centers(60)
			b.loadNear(6000, centers)
			b.index(l2)
			b.uses(l2.search(b.near(centers), "", 10), true)
			at := func(setting string, floor float64) {
				t.Helper()
				b.Must("reset all; " + setting)
				if got := b.recall(l2, centers, 25, 10, "", nil); got < floor {
					t.Errorf("%s: recall %.3f", setting, got)
				}
			}
			at("reset all", recallFloor)
			at("set hnsw.ef_search = 1000; set ivfflat.probes = 100", 0.98)
			at("set hnsw.ef_search = 1; set ivfflat.probes = 2; set hnsw.iterative_scan = strict_order", recallFloor)
			at("set hnsw.max_scan_tuples = 1; set hnsw.scan_mem_multiplier = 2; set ivfflat.max_probes = 1", recallFloor)
		})
	}
}

// As many probes as lists make a search of an ivfflat index exact.
func TestAllListsAreExact(t *testing.T) {
	b := newBench(t, 8)
	centers := b.centers(10)
	b.loadNear(3000, centers)
	b.Must("create index on t using ivfflat (v vector_l2_ops) with (lists = 12)")
	b.Settle()
	b.Must("set ivfflat.probes = 12")
	for range 10 {
		b.same(l2, b.near(centers), "", 10, nil)
		b.same(l2, b.near(centers), "where share < 400", 10, func(r row) bool { return r.share < 400 })
	}
}
