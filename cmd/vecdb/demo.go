package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/vecdb/vecdb/cmd/vecdb/demodata"
	"github.com/vecdb/vecdb/internal/guard"
)

// demo shows the whole way on real data: load, index, search, and how to connect.
type demo struct {
	conn *pgconn.PgConn
	out  io.Writer
	tty  bool
}

func runDemo(ctx context.Context, args []string, out io.Writer) error {
	once := false
	cfg, err := readConfig("demo", args, out, func(fs *flag.FlagSet) {
		fs.BoolVar(&once, "once", false, "end after the searches instead of serving on")
		fs.Lookup("data").DefValue = "a new temporary folder"
	})
	if err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	if cfg.Data == "./vecdb-data" { // the demo leaves a real store alone
		if cfg.Data, err = os.MkdirTemp("", "vecdb-demo-"); err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(cfg.Data) }() // a folder in /tmp that stays harms nobody
	}
	cfg.LogLevel = "error"
	s, err := startDemoServer(ctx, cfg)
	if err != nil {
		return err
	}
	err = showDemo(ctx, s, out)
	if err == nil && !once {
		_, _ = fmt.Fprintf(out, "\nThe server is up with the tables above. Connect with:\n  %s\nCtrl-C ends it.\n", s.psql())
		select {
		case <-ctx.Done():
		case err = <-s.done:
		}
	}
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	return errors.Join(err, s.stop())
}

// startDemoServer takes another port when the usual one is taken.
func startDemoServer(ctx context.Context, cfg *config) (*server, error) {
	if l, err := net.Listen("tcp", cfg.Listen); errors.Is(err, syscall.EADDRINUSE) {
		cfg.Listen = "127.0.0.1:0"
	} else if err == nil {
		if err := l.Close(); err != nil {
			return nil, err
		}
	}
	return startServer(ctx, cfg, os.Stderr)
}

func showDemo(ctx context.Context, s *server, out io.Writer) error {
	cc, err := pgconn.ParseConfig(fmt.Sprintf("host=%s port=%s user=postgres dbname=postgres sslmode=disable", s.host(), s.port()))
	if err != nil {
		return err
	}
	cc.Password = s.cfg.Password
	conn, err := pgconn.ConnectConfig(ctx, cc)
	if err != nil {
		return fmt.Errorf("connect to the demo's own server: %w", err)
	}
	d := &demo{conn: conn, out: out, tty: isTerminal(out)}
	err = d.run(ctx)
	return errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (d *demo) run(ctx context.Context) error {
	d.say("vecdb demo: WordNet, 30,000 definitions and 6,000 words with 384-dimensional embeddings.\n")
	if _, err := d.exec(ctx, "CREATE EXTENSION IF NOT EXISTS vector"); err != nil {
		return err
	}
	for _, t := range demodata.Tables {
		if err := d.load(ctx, t); err != nil {
			return fmt.Errorf("load %s: %w", t.Name, err)
		}
	}
	for _, t := range demodata.Tables {
		for _, x := range t.Indexes {
			if err := d.timed(ctx, x); err != nil {
				return err
			}
		}
	}
	for i, q := range demodata.Searches {
		if err := d.search(ctx, i+1, q); err != nil {
			return fmt.Errorf("search %q: %w", q.Title, err)
		}
	}
	return d.recall(ctx)
}

func (d *demo) say(format string, args ...any) { _, _ = fmt.Fprintf(d.out, format, args...) }

func (d *demo) exec(ctx context.Context, sql string) ([]*pgconn.Result, error) {
	return d.conn.Exec(ctx, sql).ReadAll()
}

func (d *demo) timed(ctx context.Context, sql string) error {
	start := time.Now()
	_, err := d.exec(ctx, sql)
	d.say("%8.2f s  %s\n", time.Since(start).Seconds(), sql)
	return err
}

// load creates a table and copies its rows, with a progress bar.
func (d *demo) load(ctx context.Context, t demodata.Table) error {
	if _, err := d.exec(ctx, "DROP TABLE IF EXISTS "+t.Name+"; "+t.Create); err != nil {
		return err
	}
	start := time.Now()
	r, w := io.Pipe()
	write := func() error {
		return demodata.WriteCopy(w, t.Name, func(rows int) { d.bar(t, rows) })
	}
	guard.Go("demo rows", func(err error) { _ = w.CloseWithError(err) }, write)
	_, err := d.conn.CopyFrom(ctx, r, "COPY "+t.Name+" FROM STDIN (FORMAT binary)")
	if d.tty {
		d.say("\r%-60s\r", "")
	}
	d.say("%8.2f s  COPY %s (%d rows)\n", time.Since(start).Seconds(), t.Name, t.Rows)
	return err
}

// barWidth is the progress bar's in characters.
const barWidth = 30

func (d *demo) bar(t demodata.Table, rows int) {
	if !d.tty {
		return
	}
	n := min(barWidth*rows/max(t.Rows, 1), barWidth)
	d.say("\r  %-12s [%s%s] %d", t.Name, strings.Repeat("#", n), strings.Repeat(" ", barWidth-n), rows)
}

// search prints a question, the plan and the answer.
func (d *demo) search(ctx context.Context, n int, q demodata.Search) error {
	vec, err := d.vector(ctx, q.Vector)
	if err != nil {
		return err
	}
	d.say("\n%d. %s\n\n%s\n\n", n, q.Title, indent(q.SQL))
	plan := d.conn.ExecParams(ctx, "EXPLAIN "+q.SQL, [][]byte{vec}, nil, nil, nil).Read()
	if plan.Err != nil {
		// EXPLAIN takes no parameters through the protocol everywhere; the value stands in the text then.
		res, err := d.exec(ctx, "EXPLAIN "+strings.ReplaceAll(q.SQL, "$1", "'"+string(vec)+"'"))
		if err != nil {
			return err
		}
		plan = res[0]
	}
	for _, row := range plan.Rows {
		d.say("   | %s\n", shorten(string(row[0])))
	}
	start := time.Now()
	res := d.conn.ExecParams(ctx, q.SQL, [][]byte{vec}, nil, nil, nil).Read()
	took := time.Since(start)
	if res.Err != nil {
		return res.Err
	}
	d.say("\n%s\n   (%d rows in %.2f ms)\n", table(res), len(res.Rows), float64(took.Microseconds())/1000)
	return nil
}

// vector runs a query that gives one vector, in text.
func (d *demo) vector(ctx context.Context, sql string) ([]byte, error) {
	res, err := d.exec(ctx, sql)
	if err != nil {
		return nil, err
	}
	if len(res) != 1 || len(res[0].Rows) != 1 {
		return nil, errors.New("no vector to search with")
	}
	return res[0].Rows[0][0], nil
}

func indent(sql string) string { return "   " + strings.ReplaceAll(sql, "\n", "\n   ") }

// shorten cuts vectors out of plan lines.
func shorten(line string) string {
	const most = 100
	if len(line) > most {
		return line[:most] + " ..."
	}
	return line
}

// cellMax is how wide a column of an answer is printed.
const cellMax = 60

func table(res *pgconn.Result) string {
	widths := make([]int, len(res.FieldDescriptions))
	rows := make([][]string, 0, len(res.Rows)+1)
	head := make([]string, len(widths))
	for i, f := range res.FieldDescriptions {
		head[i] = f.Name
	}
	rows = append(rows, head)
	for _, r := range res.Rows {
		row := make([]string, len(r))
		for i, v := range r {
			if row[i] = string(v); len(row[i]) > cellMax {
				row[i] = row[i][:cellMax-3] + "..."
			}
		}
		rows = append(rows, row)
	}
	for _, r := range rows {
		for i, v := range r {
			widths[i] = max(widths[i], len(v))
		}
	}
	lines := make([]string, len(rows))
	for k, r := range rows {
		var b strings.Builder
		for i, v := range r {
			fmt.Fprintf(&b, "  %-*s", widths[i], v)
		}
		lines[k] = " " + strings.TrimRight(b.String(), " ")
	}
	return strings.Join(lines, "\n")
}

// recallQueries is how many stored vectors are searched for the figures at the end.
const recallQueries = 200

// recall compares index search with exact search and prints recall and times.
func (d *demo) recall(ctx context.Context) error {
	res, err := d.exec(ctx, fmt.Sprintf("SELECT embedding FROM definitions WHERE id %% 150 = 7 ORDER BY id LIMIT %d", recallQueries))
	if err != nil {
		return err
	}
	const search = "SELECT id FROM definitions ORDER BY embedding <=> $1 LIMIT 10"
	// Without index scans the same query is computed over all rows.
	exact, slow, err := d.answers(ctx, "exact", "off", search, res[0].Rows)
	if err != nil {
		return err
	}
	got, fast, err := d.answers(ctx, "indexed", "on", search, res[0].Rows)
	if err != nil {
		return err
	}
	found, total := 0, 0
	for i, truth := range exact {
		total += len(truth)
		for id := range got[i] {
			if truth[id] {
				found++
			}
		}
	}
	n := max(len(res[0].Rows), 1)
	d.say("\nRecall@10 over %d searches: %.3f of what exact search finds; %.2f ms a search against %.2f ms exact.\n",
		n, float64(found)/float64(max(total, 1)), float64(fast.Microseconds())/1000/float64(n), float64(slow.Microseconds())/1000/float64(n))
	return nil
}

// answers runs a search for each vector, with or without index scans, and returns the ids found.
func (d *demo) answers(ctx context.Context, name, indexScans, sql string, vectors [][][]byte) ([]map[string]bool, time.Duration, error) {
	if _, err := d.exec(ctx, "SET enable_indexscan = "+indexScans); err != nil {
		return nil, 0, err
	}
	if _, err := d.conn.Prepare(ctx, name, sql, nil); err != nil {
		return nil, 0, err
	}
	out := make([]map[string]bool, len(vectors))
	start := time.Now()
	for i, v := range vectors {
		r := d.conn.ExecPrepared(ctx, name, v[:1], nil, nil).Read()
		if r.Err != nil {
			return nil, 0, r.Err
		}
		out[i] = map[string]bool{}
		for _, x := range r.Rows {
			out[i][string(x[0])] = true
		}
	}
	return out, time.Since(start), nil
}
