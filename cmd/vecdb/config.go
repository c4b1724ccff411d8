package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
)

// config is what a server is started with. Flags come first, then the environment, then the config
// file, then the defaults.
type config struct {
	Data     string
	Listen   string
	Socket   string
	Auth     string
	Password string
	TLSCert  string
	TLSKey   string
	LogLevel string
	Memory   string
}

// option is one setting of the server process: its flag, its environment variable (VECDB_ and the name in
// upper case), its line in the config file.
type option struct {
	name, value, about string
	set                func(c *config) *string
}

func options() []option {
	return []option{
		{"data", "./vecdb-data", "folder that holds everything", func(c *config) *string { return &c.Data }},
		{"listen", "127.0.0.1:5432", "HOST:PORT to listen on", func(c *config) *string { return &c.Listen }},
		{"socket", "", "folder for a Unix socket, none when empty", func(c *config) *string { return &c.Socket }},
		{"auth", "trust", "how clients prove who they are: trust or scram", func(c *config) *string { return &c.Auth }},
		{"password", "", "password of the first superuser, used at the first start only", func(c *config) *string { return &c.Password }},
		{"tls-cert", "", "file with the certificate, PEM", func(c *config) *string { return &c.TLSCert }},
		{"tls-key", "", "file with its key, PEM", func(c *config) *string { return &c.TLSKey }},
		{"memory", "", "what the server may use, as 8GB; three quarters of the machine's or container's memory when empty", func(c *config) *string { return &c.Memory }},
		{"log-level", "info", "debug, info, warn or error", func(c *config) *string { return &c.LogLevel }},
	}
}

// readConfig reads flags, environment and config file. Extra adds flags of a command of its own.
func readConfig(name string, args []string, out io.Writer, extra func(*flag.FlagSet)) (*config, error) {
	fs := flag.NewFlagSet("vecdb "+name, flag.ContinueOnError)
	fs.SetOutput(out)
	c := &config{}
	file := fs.String("config", os.Getenv("VECDB_CONFIG"), "file with lines of name = value")
	for _, o := range options() {
		fs.StringVar(o.set(c), o.name, o.value, o.about)
	}
	if extra != nil {
		extra(fs)
	}
	if err := fs.Parse(args); err != nil {
		return nil, err
	}
	if fs.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q", fs.Arg(0))
	}
	given := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	lines, err := readConfigFile(*file)
	if err != nil {
		return nil, err
	}
	for _, o := range options() {
		env := os.Getenv(variable(o.name))
		switch {
		case given[o.name]:
		case env != "":
			*o.set(c) = env
		case lines[o.name] != "":
			*o.set(c) = lines[o.name]
		}
	}
	return c, c.check()
}

// variable is an option's environment variable.
func variable(name string) string {
	return "VECDB_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// readConfigFile reads name = value lines; # begins a comment, values may stand in single quotes.
func readConfigFile(path string) (map[string]string, error) {
	out := map[string]string{}
	if path == "" {
		return out, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("config file: %w", err)
	}
	known := map[string]bool{}
	for _, o := range options() {
		known[o.name] = true
	}
	for i, line := range strings.Split(string(b), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		name = strings.ReplaceAll(strings.TrimSpace(name), "_", "-")
		if !ok || !known[name] {
			return nil, fmt.Errorf("config file %s, line %d: unknown setting %q", path, i+1, name)
		}
		if out[name], err = readValue(name, strings.TrimSpace(value)); err != nil {
			return nil, fmt.Errorf("config file %s, line %d: %w", path, i+1, err)
		}
	}
	return out, nil
}

// readValue reads the value of a config line: up to a comment, or in quotes, where a doubled quote stands for one.
func readValue(name, text string) (string, error) {
	quoted, ok := strings.CutPrefix(text, "'")
	if !ok {
		value, _, _ := strings.Cut(text, "#")
		return strings.TrimSpace(value), nil
	}
	value := ""
	for {
		part, rest, closed := strings.Cut(quoted, "'")
		if !closed {
			return "", fmt.Errorf("the value of %s has no closing quote", name)
		}
		value += part
		if quoted, ok = strings.CutPrefix(rest, "'"); ok {
			value += "'"
			continue
		}
		if rest = strings.TrimSpace(rest); rest != "" && rest[0] != '#' {
			return "", fmt.Errorf("unexpected %q after the value of %s", rest, name)
		}
		return value, nil
	}
}

// check refuses what is not safe or makes no sense.
func (c *config) check() error {
	if c.Auth != "trust" && c.Auth != "scram" {
		return fmt.Errorf("--auth is %q, it must be trust or scram", c.Auth)
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key go together")
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, strings.ToLower(c.LogLevel)) {
		return fmt.Errorf("--log-level is %q, it must be debug, info, warn or error", c.LogLevel)
	}
	if _, err := c.memoryBytes(); err != nil {
		return err
	}
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("--listen %q is not HOST:PORT", c.Listen)
	}
	if c.Auth == "trust" && !isLoopback(host) {
		return fmt.Errorf("refusing to listen on %s without passwords: use --auth scram, or a loopback address", c.Listen)
	}
	return nil
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
