package types_test

import (
	"testing"
	"time"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

func TestParseZone(t *testing.T) {
	f := func(in, wantName string, wantOffset int) {
		t.Helper()
		z, err := types.ParseZone(in)
		if err != nil {
			t.Fatalf("ParseZone(%q): %v", in, err)
		}
		_, off := time.Date(2024, 1, 15, 12, 0, 0, 0, z.Loc).Zone()
		if z.Name != wantName || off != wantOffset {
			t.Fatalf("ParseZone(%q) = %q %d, want %q %d", in, z.Name, off, wantName, wantOffset)
		}
	}
	f("UTC", "UTC", 0)
	f("utc", "UTC", 0)
	f("Europe/Berlin", "Europe/Berlin", 3600)
	f("europe/berlin", "Europe/Berlin", 3600)
	f("AMERICA/NEW_YORK", "America/New_York", -5*3600)
	f("-7", "<-07>+07", -7*3600)
	f("5.5", "<+05:30>-05:30", 19800)
	f("<+02>-02", "<+02>-02", 7200)
	f("UTC+3", "UTC+3", -3*3600)
	for _, bad := range []string{"", "Nowhere/City", "local", "x"} {
		if _, err := types.ParseZone(bad); pgerr.Code(err) != "22023" {
			t.Fatalf("ParseZone(%q): %v", bad, err)
		}
	}
}
