package settings_test

import (
	"testing"

	"github.com/vecdb/vecdb/exec/settings"
	"github.com/vecdb/vecdb/sql/pgerr"
)

func TestSetShow(t *testing.T) {
	s := settings.NewSession()
	f := func(name, value, want string) {
		t.Helper()
		if err := s.Set(name, value, false); err != nil {
			t.Fatalf("SET %s = %s: %v", name, value, err)
		}
		if got, err := s.Show(name); err != nil || got != want {
			t.Fatalf("SHOW %s = %q, %v, want %q", name, got, err, want)
		}
	}
	f("work_mem", "64MB", "64MB")
	f("work_mem", "4096", "4MB")
	f("WORK_MEM", "100kB", "100kB")
	f("statement_timeout", "90s", "90s")
	f("statement_timeout", "1500", "1500ms")
	f("statement_timeout", "0", "0")
	f("enable_seqscan", "f", "off")
	f("enable_seqscan", "yes", "on")
	f("datestyle", "dmy", "ISO, DMY")
	f("datestyle", "SQL", "SQL, DMY")
	f("timezone", "europe/berlin", "Europe/Berlin")
	f("intervalstyle", "ISO_8601", "iso_8601")
	f("vecdb.target_recall", "0.99", "0.99")
	f("hnsw.ef_search", "100", "100")
	f("my.own", "x y", "x y")
	f("client_encoding", "utf-8", "UTF8")
	f("shared_preload_libraries_x.y", "1", "1")
}

func TestSetErrors(t *testing.T) {
	s := settings.NewSession()
	f := func(name, value, code string) {
		t.Helper()
		if got := pgerr.Code(s.Set(name, value, false)); got != code {
			t.Fatalf("SET %s = %s: code %q, want %q", name, value, got, code)
		}
	}
	f("no_such", "1", "42704")
	f("work_mem", "1", "22023")
	f("work_mem", "x", "22023")
	f("work_mem", "5 parsecs", "22023")
	f("enable_seqscan", "maybe", "22023")
	f("server_version", "17", "55P02")
	f("shared_buffers", "1GB", "55P02")
	f("intervalstyle", "roman", "22023")
	f("ivfpq.probs", "1", "42602")
	f("vecdb.target_recall", "1.5", "22023")
	f("log_statement", "all", "42501")
	f("timezone", "Mars/Olympus", "22023")
}

func TestLevels(t *testing.T) {
	s := settings.NewSession()
	var told []string
	s.OnReport = func(name, value string) { told = append(told, name+"="+value) }
	get := func(want string) {
		t.Helper()
		if v, _ := s.Get("application_name"); v != want {
			t.Fatalf("application_name = %q, want %q", v, want)
		}
	}
	set := func(v string, local bool) {
		t.Helper()
		if err := s.Set("application_name", v, local); err != nil {
			t.Fatal(err)
		}
	}
	set("a", false)
	s.BeginLevel()
	set("b", true)
	get("b")
	s.BeginLevel() // savepoint
	set("c", false)
	get("c")
	s.EndLevel(false)
	get("b")
	s.EndLevel(true)
	get("a") // SET LOCAL ends with the transaction
	if err := s.Reset("application_name"); err != nil {
		t.Fatal(err)
	}
	get("")
	want := []string{"a", "b", "c", "b", "a", ""}
	if len(told) != len(want) {
		t.Fatalf("reports %q", told)
	}
	for i, v := range want {
		if told[i] != "application_name="+v {
			t.Fatalf("report %d is %q, want %q", i, told[i], v)
		}
	}
}
