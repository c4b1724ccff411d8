// Command vecdb is the server: one binary and one folder that speak the PostgreSQL protocol and search
// vectors. Read main.go (the commands), config.go (flags, environment, config file), serve.go (what a
// server is made of) and demo.go.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/vecdb/vecdb/exec/settings"
)

// command is one subcommand.
type command struct {
	name, about string
	run         func(ctx context.Context, args []string, out io.Writer) error
}

func commands() []command {
	return []command{
		{"serve", "run the server", runServe},
		{"demo", "load a real data set, search it, and keep serving", runDemo},
		{"check", "open a data folder and verify what is in it", runCheck},
		{"version", "print the version", runVersion},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main without the process: it returns the exit status.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	if len(args) == 0 || args[0] == "-h" || args[0] == "--help" || args[0] == "help" {
		usage(out)
		return 0
	}
	for _, c := range commands() {
		if c.name == args[0] {
			if err := c.run(ctx, args[1:], out); err != nil {
				_, _ = fmt.Fprintf(errOut, "vecdb: %v\n", err)
				return 1
			}
			return 0
		}
	}
	_, _ = fmt.Fprintf(errOut, "vecdb: unknown command %q\n", args[0])
	usage(errOut)
	return 2
}

func usage(w io.Writer) {
	_, _ = fmt.Fprint(w, "Usage: vecdb COMMAND [flags]\n\n")
	for _, c := range commands() {
		_, _ = fmt.Fprintf(w, "  %-8s %s\n", c.name, c.about)
	}
	_, _ = fmt.Fprint(w, "\nvecdb COMMAND --help lists the flags.\n")
}

func runVersion(_ context.Context, _ []string, out io.Writer) error {
	_, err := fmt.Fprintf(out, "vecdb, answering as PostgreSQL %s\n", settings.ServerVersion)
	return err
}
