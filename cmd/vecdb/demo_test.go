package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/vecdb/vecdb/cmd/vecdb/demodata"
)

// Answers are printed in columns as wide as their widest cell, and cells have a limit.
func TestDemoTable(t *testing.T) {
	f := func(want string, names []string, rows ...[]string) {
		t.Helper()
		res := &pgconn.Result{}
		for _, n := range names {
			res.FieldDescriptions = append(res.FieldDescriptions, pgconn.FieldDescription{Name: n})
		}
		for _, r := range rows {
			var cells [][]byte
			for _, c := range r {
				cells = append(cells, []byte(c))
			}
			res.Rows = append(res.Rows, cells)
		}
		if got := table(res); got != want {
			t.Errorf("got\n%q\nwant\n%q", got, want)
		}
	}
	f("   id  word", []string{"id", "word"})
	f("   id  word\n   1   gaggle\n   20  a", []string{"id", "word"}, []string{"1", "gaggle"}, []string{"20", "a"})
	f("   w\n   "+strings.Repeat("x", cellMax), []string{"w"}, []string{strings.Repeat("x", cellMax)})
	f("   w\n   "+strings.Repeat("x", cellMax-3)+"...", []string{"w"}, []string{strings.Repeat("x", cellMax+1)})
}

// A long line of a plan is cut, one at the limit is not.
func TestDemoShorten(t *testing.T) {
	f := func(n int, want string) {
		t.Helper()
		if got := shorten(strings.Repeat("x", n)); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
	f(0, "")
	f(100, strings.Repeat("x", 100))
	f(101, strings.Repeat("x", 100)+" ...")
}

// The progress bar is for terminals, and full at the end.
func TestDemoBar(t *testing.T) {
	f := func(tty bool, rows int, want string) {
		t.Helper()
		var out strings.Builder
		d := &demo{out: &out, tty: tty}
		d.bar(demodata.Table{Name: "words", Rows: 60}, rows)
		if out.String() != want {
			t.Errorf("%d: %q, want %q", rows, out.String(), want)
		}
	}
	f(false, 30, "")
	f(true, 0, "\r  words        ["+strings.Repeat(" ", 30)+"] 0")
	f(true, 30, "\r  words        ["+strings.Repeat("#", 15)+strings.Repeat(" ", 15)+"] 30")
	f(true, 60, "\r  words        ["+strings.Repeat("#", 30)+"] 60")
	f(true, 90, "\r  words        ["+strings.Repeat("#", 30)+"] 90")
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	if isTerminal(file) || isTerminal(&strings.Builder{}) {
		t.Error("a file is no terminal")
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

// The demo takes another port when the usual one is taken, and logs in also when passwords are on.
func TestDemoServer(t *testing.T) {
	taken := running(t, config{Data: filepath.Join(t.TempDir(), "a")})
	cfg := &config{
		Data: filepath.Join(t.TempDir(), "b"), Listen: taken.addr(), Auth: "scram", Password: "it's",
		LogLevel: "error",
	}
	s, err := startDemoServer(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stopped(t, s) })
	if s.port() == taken.port() {
		t.Error("the port is not free")
	}
	// It is ended while it loads: the connection works, the data is not waited for.
	ctx, cancel := context.WithCancel(t.Context())
	out := &cancelingWriter{cancel: cancel}
	if err := showDemo(ctx, s, out); !errors.Is(err, context.Canceled) {
		t.Errorf("showDemo: %v", err)
	}
	if !strings.HasPrefix(out.String(), "vecdb demo: ") {
		t.Errorf("printed %q", out.String())
	}
}

// cancelingWriter cancels at the first write.
type cancelingWriter struct {
	strings.Builder
	cancel context.CancelFunc
}

func (w *cancelingWriter) Write(p []byte) (int, error) {
	w.cancel()
	return w.Builder.Write(p)
}
