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
	f("extra_float_digits", "0x2", "2")
	f("statement_timeout", "010", "8ms")
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

// Settings that would change what statements do take the values that hold, and refuse the others by name.
func TestUnsupportedValues(t *testing.T) {
	f := func(name, value, want string) {
		t.Helper()
		got, err := settings.Lookup(name).Parse(value)
		if err != nil {
			got = pgerr.Code(err) + " " + err.Error()
		}
		if got != want {
			t.Errorf("%s = %q: %s, want %s", name, value, got, want)
		}
	}
	f("array_nulls", "true", "on")
	f("array_nulls", "off", "0A000 array_nulls = off is not supported")
	f("standard_conforming_strings", "off", "0A000 standard_conforming_strings = off is not supported")
	f("transform_null_equals", "1", "0A000 transform_null_equals = on is not supported")
	f("session_replication_role", "origin", "origin")
	f("session_replication_role", "replica", "0A000 session_replication_role = replica is not supported")
	f("session_replication_role", "nobody", `22023 invalid value for parameter "session_replication_role": "nobody"`)
	f("password_encryption", "md5", "0A000 password_encryption = md5 is not supported")
	f("default_tablespace", "", "")
	f("default_tablespace", "pg_default", "pg_default")
	f("default_tablespace", "fast", "0A000 default_tablespace = fast is not supported")
	f("temp_file_limit", "-1", "-1")
	f("temp_file_limit", "1GB", "0A000 temp_file_limit = 1048576 is not supported")
	f("work_mem", "64MB", "65536")
}

// The value that each setting has at first is one that it takes.
func TestDefaultsAreTaken(t *testing.T) {
	for _, d := range settings.All() {
		if d.Context == "internal" || d.Name == "role" || d.Name == "session_authorization" || d.Name == "seed" {
			continue
		}
		if _, err := d.Parse(d.Default); err != nil {
			t.Errorf("%s = %q: %v", d.Name, d.Default, err)
		}
	}
}
