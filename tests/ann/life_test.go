package ann_test

import (
	"fmt"
	"testing"
)

// An index made before there are rows trains itself when they have come, and finds all of them at any time.
func TestIndexOfAnEmptyTable(t *testing.T) {
	b := newBench(t, 8)
	b.index(l2)
	centers := b.centers(12)
	b.Is("select count(*) from (select id from t order by v <-> '[1,2,3,4,5,6,7,8]' limit 5) s", "0")
	for _, rows := range []int{1, 9, 90, 900, 3000} {
		b.loadNear(rows, centers)
		for _, settled := range []bool{false, true} {
			if settled {
				b.Settle()
			}
			if got := b.recall(l2, centers, 12, 10, "", nil); got < recallFloor {
				t.Errorf("%d rows, settled %v: recall %.3f", len(b.rows), settled, got)
			}
		}
	}
}

// Rows of another kind than those that the index was trained with are found as well as those.
func TestDrift(t *testing.T) {
	b := newBench(t, 8)
	first := b.centers(12)
	b.loadNear(3000, first)
	b.index(l2)
	second := b.centers(12)
	for i := range second {
		for j := range second[i] {
			second[i][j] += 60
		}
	}
	for range 4 {
		b.loadNear(3000, second)
		b.Settle()
	}
	for name, centers := range map[string][][]float32{"first": first, "second": second} {
		if got := b.recall(l2, centers, 25, 10, "", nil); got < recallFloor {
			t.Errorf("around the %s centers: recall %.3f", name, got)
		}
	}
}

// After a restart the index is as it was, with what had not reached it yet.
func TestRestart(t *testing.T) {
	b := newBench(t, 8)
	centers := b.centers(12)
	b.loadNear(3000, centers)
	b.index(cosine)
	b.loadNear(50, centers)
	b.Must("delete from t where id between 100 and 200")
	for id := 100; id <= 200; id++ {
		delete(b.rows, id)
	}
	for range 3 {
		b.Restart()
		b.uses("select id from t order by v <=> '[1,2,3,4,5,6,7,8]' limit 5", true)
		if got := b.recall(cosine, centers, 20, 10, "", nil); got < recallFloor {
			t.Errorf("recall %.3f", got)
		}
		b.same(cosine, b.rows[3050].vec, "", 1, nil)
		b.Settle()
		b.loadNear(20, centers)
	}
}

// Statements about the table and the index leave searches right.
func TestDefinitions(t *testing.T) {
	b := newBench(t, 8)
	centers := b.centers(12)
	b.loadNear(3000, centers)
	b.index(l2)
	check := func(after string) {
		t.Helper()
		b.Must(after)
		if got := b.recall(l2, centers, 10, 10, "", nil); got < recallFloor {
			t.Errorf("after %s: recall %.3f", after, got)
		}
	}
	check("alter table t add column note text default 'x'")
	check("alter table t drop column note")
	check("alter index t_v_idx rename to other; alter index other rename to t_v_idx")
	check("reindex index t_v_idx")
	check("reindex table t")
	check("drop index t_v_idx")
	check("create index t_v_idx on t using ivfpq (v vector_l2_ops) with (lists = 20, num_bits = 8)")
	check("begin; drop index t_v_idx; rollback")
	check("begin; create index again on t using ivfpq (v vector_l2_ops); rollback")
	check("create index second on t using ivfpq (v vector_cosine_ops)")
	check("vacuum analyze t")
	check("alter table t rename column v to w; alter table t rename column w to v")
	check("alter table t rename to u; alter table u rename to t")
	check("begin; truncate t; rollback")
	b.Must("truncate t")
	b.rows = map[int]row{}
	b.Is("select count(*) from (select id from t order by v <-> '[1,2,3,4,5,6,7,8]' limit 5) s", "0")
	b.loadNear(2500, centers)
	check("select 1")
	b.Settle()
	check("select 1")
	b.Is("alter table t drop column v", "ALTER TABLE")
	b.Is("select count(*) from pg_indexes where tablename = 't' and indexname <> 't_pkey'", "0")
	b.Is(fmt.Sprintf("alter table t add column v vector(8) default '%s'", text(b.near(centers))), "ALTER TABLE")
	b.Must("create index on t using ivfpq (v vector_l2_ops)")
	b.Settle()
	b.Is("select count(*) from (select id from t order by v <-> '[1,2,3,4,5,6,7,8]' limit 9) s", "9")
}

// Options of the index have bounds, and each combination that is allowed finds what is near.
func TestOptions(t *testing.T) {
	b := newBench(t, 12)
	centers := b.centers(12)
	b.loadNear(2000, centers)
	for _, with := range []string{
		"num_partitions = 1", "num_partitions = 200", "lists = 50", "num_sub_vectors = 3",
		"num_partitions = 30, num_sub_vectors = 6, num_bits = 8",
	} {
		b.Must("create index t_v_idx on t using ivfpq (v vector_l2_ops) with (" + with + ")")
		b.Settle()
		if got := b.recall(l2, centers, 20, 10, "", nil); got < recallFloor {
			t.Errorf("with (%s): recall %.3f", with, got)
		}
		b.Must("drop index t_v_idx")
	}
	refused := func(definition, code string) {
		t.Helper()
		if got := b.Ask("create index t_v_idx on t using ivfpq " + definition); len(got) < 5 || got[:5] != code {
			t.Errorf("%s: %s, want %s", definition, got, code)
		}
	}
	refused("(v vector_l2_ops) with (num_bits = 5)", "22023")
	refused("(v vector_l2_ops) with (num_partitions = 0)", "22023")
	refused("(v vector_l2_ops) with (num_partitions = 100000000)", "22023")
	refused("(v vector_l2_ops) with (num_sub_vectors = 13)", "22023")
	refused("(v vector_l2_ops) with (num_sub_vectors = -1)", "22023")
	refused("(v vector_l2_ops) with (colour = 3)", "22023")
	refused("(v vector_l2_ops) with (num_partitions = many)", "22023")
	refused("(share)", "42704")
	refused("(v text_ops)", "42704")
	refused("(v no_ops)", "42704")
	refused("(v vector_l2_ops, share)", "0A000")
	refused("(v vector_l2_ops desc)", "0A000")
	b.Is("create unique index on t using ivfpq (v vector_l2_ops)",
		`0A000: access method "ivfpq" does not support unique indexes`)
	b.Must("create table free (v vector)")
	b.Is("create index on free using ivfpq (v vector_l2_ops)", "22023: column does not have dimensions")
	b.Is("select count(*) from pg_indexes where indexname = 't_v_idx'", "0")
}

// Several indexes of one column and of several columns do not mix.
func TestSeveralIndexes(t *testing.T) {
	b := newBench(t, 8)
	centers := b.centers(12)
	b.loadNear(3000, centers)
	b.Must("alter table t add column w vector(3)")
	b.Must("update t set w = ('[' || id || ',0,0]')::vector")
	for _, m := range metrics {
		b.Must("create index on t using ivfpq (v " + m.class + ")")
	}
	b.Must("create index on t using ivfpq (w vector_l2_ops)")
	b.Settle()
	for _, m := range metrics {
		if got := b.recall(m, centers, 15, 10, "", nil); got < recallFloor {
			t.Errorf("%s: recall %.3f", m.name, got)
		}
	}
	b.Is("select id from t order by w <-> '[1234,0,0]' limit 1", "1234")
	b.Must("update t set w = '[99999,0,0]' where id = 77")
	b.Is("select id from t order by w <-> '[99999,0,0]' limit 1", "77")
	b.same(l2, b.rows[77].vec, "", 1, nil)
}

// What an index takes on disk is told, and given back with it.
func TestSizes(t *testing.T) {
	b := newBench(t, 64)
	b.loadNear(4000, b.centers(12))
	b.index(l2)
	b.Is("select pg_relation_size('t_v_idx') between 50000 and 64 * 4 * 4000", "t")
	b.Is("select pg_total_relation_size('t') >= pg_relation_size('t') + pg_relation_size('t_v_idx')", "t")
	b.Must("drop index t_v_idx")
	b.Is("select pg_relation_size('t_v_idx')", `42P01: relation "t_v_idx" does not exist`)
}
