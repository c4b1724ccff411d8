package main

import "testing"

// --memory is a size with PostgreSQL's units, and not less than the store itself needs.
func TestMemoryBytes(t *testing.T) {
	f := func(flag string, want int64, wantErr string) {
		t.Helper()
		got, err := (&config{Memory: flag}).memoryBytes()
		text := ""
		if err != nil {
			text = err.Error()
		}
		if got != want || text != wantErr {
			t.Errorf("%q: got %d, %q, want %d, %q", flag, got, text, want, wantErr)
		}
	}
	f("8GB", 8<<30, "")
	f("512 MB", 512<<20, "")
	f("256MB", 256<<20, "")
	f("268435455", 0, `--memory is "268435455", it must be at least 256MB`)
	f("much", 0, `--memory is "much", it must be a size such as 8GB`)
	f("8gb", 0, `--memory is "8gb", it must be a size such as 8GB`)
	if there, err := (&config{}).memoryBytes(); err != nil || there <= memoryBytesMin {
		t.Errorf("of this machine: %d, %v", there, err)
	}
}
