package session_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// besideRounds is how often the tables change while other sessions use them.
const besideRounds = 30

// Statements that run while another session changes the form of their tables see it as it was or as it is, also
// when they were planned before: no error, no row lost, and none that an index does not have.
func TestStatementsBesideDDL(t *testing.T) {
	main := newCopier(t)
	must := func(c *copier, query, in string) string {
		t.Helper()
		out, err := c.run(query, strings.NewReader(in))
		if err != nil {
			t.Errorf("%s: %v", query, err)
		}
		return out
	}
	must(main, "CREATE TABLE parent (id int PRIMARY KEY); INSERT INTO parent VALUES (1);"+
		"CREATE TABLE child (id int REFERENCES parent, n int)", "")
	stop := make(chan struct{})
	done := make(chan int)
	users := []func(c *copier, i int) int{
		func(c *copier, i int) int {
			must(c, "COPY child (id, n) FROM STDIN", fmt.Sprintf("1\t%d\n1\t%d\n", i, -i))
			return 2
		},
		func(c *copier, i int) int {
			must(c, fmt.Sprintf("INSERT INTO child (id, n) VALUES (1, %d)", i), "")
			return 1
		},
		func(c *copier, _ int) int {
			must(c, "SELECT * FROM parent p JOIN child c ON p.id = c.id LIMIT 3", "")
			return 0
		},
		func(c *copier, _ int) int { must(c, "SELECT * FROM parent FOR UPDATE", ""); return 0 },
		func(c *copier, _ int) int { must(c, "EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM child", ""); return 0 },
		func(c *copier, _ int) int { must(c, "COPY child TO STDOUT", ""); return 0 },
	}
	for _, use := range users {
		c := main.beside()
		go func() {
			rows := 0
			for i := 0; ; i++ {
				select {
				case <-stop:
					done <- rows
					return
				default:
					rows += use(c, i)
				}
			}
		}()
	}
	for i := range besideRounds {
		must(main, fmt.Sprintf("ALTER TABLE parent ADD COLUMN x%d int", i), "") // one lock at a time: no deadlocks
		must(main, fmt.Sprintf("ALTER TABLE child ADD COLUMN y%d int DEFAULT 7", i), "")
		must(main, "CREATE INDEX child_n ON child (n)", "")
		must(main, fmt.Sprintf("ALTER TABLE parent DROP COLUMN x%d", i), "")
		must(main, fmt.Sprintf("ALTER TABLE child DROP COLUMN y%d", i), "")
		if i < besideRounds-1 {
			must(main, "DROP INDEX child_n", "")
		}
	}
	close(stop)
	rows := 0
	for range users {
		rows += <-done
	}
	for _, way := range []string{"enable_indexscan = off; SET enable_bitmapscan", "enable_seqscan"} {
		out := must(main, "SET "+way+" = off; COPY (SELECT count(*) FROM child WHERE n > -1000000) TO STDOUT", "")
		if n, _, _ := strings.Cut(out, "\n"); n != strconv.Itoa(rows) {
			t.Errorf("SET %s = off: %q, want %d rows", way, out, rows)
		}
	}
}
