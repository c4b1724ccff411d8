package session_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// The options of EXPLAIN are read and refused as in PostgreSQL.
func TestExplainOptions(t *testing.T) {
	db := dbtest.New(t)
	db.Is("explain (costs off) select 1", "Result")
	db.Is("explain (costs 0, summary off, timing off) select 1", "Result")
	db.Is("explain (costs False, verbose Off, settings, buffers) select 1", "Result")
	db.Is("explain (costs 2) select 1", "42601: costs requires a Boolean value")
	db.Is("explain (analyze maybe) select 1", "42601: analyze requires a Boolean value")
	db.Is("explain (wal) select 1", "22023: EXPLAIN option WAL requires ANALYZE")
	db.Is("explain (timing) select 1", "22023: EXPLAIN option TIMING requires ANALYZE")
	db.Is("explain (analyze, generic_plan) select 1", "22023: EXPLAIN options ANALYZE and GENERIC_PLAN cannot be used together")
	db.Is("explain (format nonsense) select 1", `22023: unrecognized value for EXPLAIN option "format": "nonsense"`)
	db.Is("explain (nonsense) select 1", `42601: unrecognized EXPLAIN option "nonsense"`)
	db.Is("explain (analyze, timing off, summary off, costs off) select 1", "Result (actual rows=1 loops=1)")
}
