package facts_test

import (
	"testing"

	"github.com/vecdb/vecdb/internal/facts"
)

func TestRead(t *testing.T) {
	rows := facts.Read("t", "name\tflag\tlist\nint4\tt\t\"{\"\"a\"\",b}\"\n\"\"\tf\n")
	if len(rows) != 2 || rows[0].Get("name") != "int4" || !rows[0].Bool("flag") || rows[0].Get("list") != `{"a",b}` {
		t.Fatalf("rows %v", rows)
	}
	if rows[1].Get("name") != "" || rows[1].Get("list") != "" || rows[1].Get("none") != "" {
		t.Fatalf("missing fields %v", rows[1])
	}
}
