package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/exec/settings"
)

// configFile writes a config file and returns its path.
func configFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "vecdb.conf")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// clearEnv takes away the variables that a developer's shell may have.
func clearEnv(t *testing.T) {
	t.Helper()
	for _, o := range options() {
		t.Setenv(variable(o.name), "")
	}
	t.Setenv("VECDB_CONFIG", "")
}

// A flag beats the environment, that beats the config file, and that beats the default, for each option alone.
func TestConfigPrecedence(t *testing.T) {
	clearEnv(t)
	read := func(args ...string) *config {
		t.Helper()
		c, err := readConfig("serve", args, io.Discard, nil)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if c := read(); *c != (config{Data: "./vecdb-data", Listen: "127.0.0.1:5432", Auth: "trust", LogLevel: "info"}) {
		t.Errorf("defaults: %+v", c)
	}
	file := configFile(t, "data = /file\nlisten = 127.0.0.1:1\nlog_level = warn\n")
	if c := read("--config", file); c.Data != "/file" || c.Listen != "127.0.0.1:1" || c.LogLevel != "warn" ||
		c.Auth != "trust" {
		t.Errorf("file: %+v", c)
	}
	t.Setenv("VECDB_LISTEN", "127.0.0.1:2")
	t.Setenv("VECDB_LOG_LEVEL", "error")
	if c := read("--config", file); c.Data != "/file" || c.Listen != "127.0.0.1:2" || c.LogLevel != "error" {
		t.Errorf("environment over file: %+v", c)
	}
	if c := read("--config", file, "--listen", "127.0.0.1:3"); c.Data != "/file" || c.Listen != "127.0.0.1:3" ||
		c.LogLevel != "error" {
		t.Errorf("flag over both: %+v", c)
	}
	// A flag counts also when it says what the default says.
	if c := read("--config", file, "--data", "./vecdb-data"); c.Data != "./vecdb-data" {
		t.Errorf("flag with the default's value: %+v", c)
	}
	t.Setenv("VECDB_CONFIG", file)
	if c := read(); c.Data != "/file" {
		t.Errorf("file named by the environment: %+v", c)
	}
	if c := read("--config", configFile(t, "data = /other")); c.Data != "/other" {
		t.Errorf("file named by the flag: %+v", c)
	}
}

// A config file has a name and a value a line, with comments and quotes as in postgresql.conf, and says where it is
// wrong.
func TestConfigFile(t *testing.T) {
	f := func(text, data, wantErr string) {
		t.Helper()
		got, err := readConfigFile(configFile(t, text))
		if wantErr != "" {
			if err == nil || !strings.Contains(err.Error(), wantErr) {
				t.Errorf("%q: %v, want %s", text, err, wantErr)
			}
			return
		}
		if err != nil || got["data"] != data {
			t.Errorf("%q: %q, %v, want %q", text, got["data"], err, data)
		}
	}
	f("", "", "")
	f("# data = /x\n\n   \n", "", "")
	f("data=/x", "/x", "")
	f("  data  =  /x  \r\n", "/x", "")
	f("data = /x # a comment", "/x", "")
	f("data = '/x # no comment'", "/x # no comment", "")
	f("data = '/x' # a comment", "/x", "")
	f("data = ' /x '", " /x ", "")
	f("data = 'it''s'", "it's", "")
	f("data = ''", "", "")
	f("data = /a=b", "/a=b", "")
	f("data = /x\ndata = /y", "/y", "") // the last one counts
	f("data = /x\ntls_cert = /y\ntls-key = /z", "/x", "")
	f("data", "", `line 1: unknown setting "data"`)
	f("data = /x\n\ncolour = red\n", "", `line 3: unknown setting "colour"`)
	f("= x", "", `line 1: unknown setting ""`)
	f("config = /y", "", `line 1: unknown setting "config"`)
	f("data = '/x", "", `line 1: the value of data has no closing quote`)
	f("data = '/x' /y", "", `line 1: unexpected "/y" after the value of data`)
	if _, err := readConfigFile(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

// What is not safe or makes no sense is refused before anything is opened, with the flag's name.
func TestConfigRefuses(t *testing.T) {
	clearEnv(t)
	f := func(want string, args ...string) {
		t.Helper()
		_, err := readConfig("serve", args, io.Discard, nil)
		if want == "" && err != nil || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%q: %v, want %s", args, err, want)
		}
	}
	f(`--auth is "md5", it must be trust or scram`, "--auth", "md5")
	f(`--auth is "", it must be trust or scram`, "--auth", "")
	f("--tls-cert and --tls-key go together", "--tls-cert", "x")
	f("--tls-cert and --tls-key go together", "--tls-key", "x")
	f(`--listen "5432" is not HOST:PORT`, "--listen", "5432")
	f(`--listen "::1:5432" is not HOST:PORT`, "--listen", "::1:5432")
	f(`--log-level is "loud", it must be debug, info, warn or error`, "--log-level", "loud")
	f("", "--log-level", "WARN")
	f(`unexpected argument "here"`, "here")
	f("flag provided but not defined: -port", "--port", "5432")
	// Without passwords only this machine may connect.
	const refusal = "refusing to listen on %s without passwords: use --auth scram, or a loopback address"
	for _, open := range []string{
		"0.0.0.0:5432", ":5432", "[::]:5432", "192.168.0.1:5432", "example.org:5432", "127.0.0.1.example.org:5432",
	} {
		f(strings.Replace(refusal, "%s", open, 1), "--listen", open)
		f("", "--listen", open, "--auth", "scram")
	}
	for _, loopback := range []string{"127.0.0.1:5432", "127.9.9.9:5432", "localhost:5432", "[::1]:5432"} {
		f("", "--listen", loopback)
	}
}

// Help lists every flag and is no error; a command's own flags are read too.
func TestConfigFlags(t *testing.T) {
	clearEnv(t)
	var help strings.Builder
	once := false
	extra := func(fs *flag.FlagSet) { fs.BoolVar(&once, "once", false, "end at once") }
	if _, err := readConfig("demo", []string{"--help"}, &help, extra); !errors.Is(err, flag.ErrHelp) {
		t.Fatal(err)
	}
	for _, o := range options() {
		if !strings.Contains(help.String(), "-"+o.name) || !strings.Contains(help.String(), o.about) {
			t.Errorf("help has no %s:\n%s", o.name, help.String())
		}
	}
	if !strings.Contains(help.String(), "-once") {
		t.Errorf("help has no -once:\n%s", help.String())
	}
	if _, err := readConfig("demo", []string{"--once"}, io.Discard, extra); err != nil || !once {
		t.Error(err, once)
	}
}

// The commands answer with an exit status: 0 when all is well, 1 for an error, which is one line, and 2 for bad usage.
func TestCommands(t *testing.T) {
	clearEnv(t)
	f := func(status int, out, errOut string, args ...string) {
		t.Helper()
		var o, e strings.Builder
		if got := run(context.Background(), args, &o, &e); got != status || !strings.Contains(o.String(), out) ||
			!strings.Contains(e.String(), errOut) {
			t.Errorf("%q: %d, %q, %q", args, got, o.String(), e.String())
		}
		if status == 1 && (strings.Count(e.String(), "\n") != 1 || !strings.HasPrefix(e.String(), "vecdb: ")) {
			t.Errorf("%q: not one line: %q", args, e.String())
		}
	}
	for _, help := range [][]string{{}, {"help"}, {"-h"}, {"--help"}} {
		f(0, "Usage: vecdb COMMAND", "", help...)
	}
	f(2, "", `unknown command "start"`, "start")
	f(0, "answering as PostgreSQL 16", "", "version")
	for _, command := range []string{"serve", "demo", "check"} {
		f(0, "-data", "", command, "--help")
		f(1, "", `--auth is "none"`, command, "--auth", "none")
		f(1, "", "config file: open /none/at/all", command, "--config", "/none/at/all")
	}
	f(1, "", "cannot listen on 127.0.0.1:99999", "serve", "--listen", "127.0.0.1:99999", "--data",
		filepath.Join(t.TempDir(), "d"))
	f(1, "", "data folder", "check", "--data", filepath.Join(t.TempDir(), "none"))
	empty := t.TempDir()
	f(1, "", "data folder "+empty+" holds no database", "check", "--data", empty)
	if left, err := os.ReadDir(empty); err != nil || len(left) > 0 {
		t.Errorf("check wrote into an empty folder: %v %v", left, err)
	}
}

// The page for operators names every flag and every setting of our own.
func TestOperationsPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	named := func(name string) {
		t.Helper()
		if !strings.Contains(string(page), "`"+name) {
			t.Errorf("docs/operations.md does not name %s", name)
		}
	}
	for _, o := range options() {
		named("--" + o.name)
	}
	for _, d := range settings.All() {
		if strings.HasPrefix(d.Name, "vecdb.") || strings.HasPrefix(d.Name, "ivfpq.") {
			named(d.Name)
		}
	}
}
