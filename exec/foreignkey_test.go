package exec_test

import (
	"fmt"
	"testing"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// TestForeignKeyRace deletes a parent while another session's child is not committed yet. Whichever
// comes first, no child may be left without its parent.
func TestForeignKeyRace(t *testing.T) {
	db := newDB(t)
	db.must("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p)")
	db.session("b")
	for i := range 50 {
		db.must(fmt.Sprintf("INSERT INTO p VALUES (%d)", i))
		db.must(fmt.Sprintf("BEGIN; INSERT INTO c VALUES (%d)", i))
		deleted := make(chan error)
		go func() {
			_, err := db.run("b", fmt.Sprintf("DELETE FROM p WHERE id = %d", i))
			deleted <- err
		}()
		db.must("COMMIT")
		if err := <-deleted; pgerr.Code(err) != "23503" {
			t.Fatalf("round %d: the delete ended with %v", i, err)
		}
	}
	if r := db.must("SELECT count(*) FROM c WHERE p_id NOT IN (SELECT id FROM p)"); r.lines()[0] != "0" {
		t.Fatalf("%s orphans", r.lines()[0])
	}
}
