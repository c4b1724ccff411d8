package sqllogic

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// recordMax ends a record whose server hangs; nothing is measured with it.
const recordMax = 60 * time.Second

// Runner runs the records of one file on sessions of one database.
type Runner struct {
	Engine    string // vecdb or postgres
	DSN       string // of the database
	CodesOnly bool   // errors are compared by SQLSTATE only
	Rewrite   bool   // results replace what was expected
	Mark      bool   // `fails` lines are added and removed

	conns         map[string]*pgconn.PgConn
	extended      bool
	hashThreshold int
	halted        bool
}

// Outcome is what running a file gave.
type Outcome struct {
	Passed, Skipped int
	Known           int // marked as failing, and failed
	Failures        []string
}

// Run runs all records. The error is for a server that could not be reached.
func (r *Runner) Run(ctx context.Context, name string, records []*Record) (Outcome, error) {
	defer r.close()
	var o Outcome
	for _, rec := range records {
		switch {
		case rec.Kind == Text:
		case r.halted || !rec.runs(r.Engine):
			o.Skipped++
		case rec.Kind == Control:
			if err := r.control(rec); err != nil {
				return o, fmt.Errorf("%s:%d: %w", name, rec.Line, err)
			}
		default:
			if err := r.count(ctx, name, rec, &o); err != nil {
				return o, fmt.Errorf("%s:%d: %w", name, rec.Line, err)
			}
		}
	}
	return o, nil
}

// count runs a record and notes how it went.
func (r *Runner) count(ctx context.Context, name string, rec *Record, o *Outcome) error {
	conn, err := r.conn(ctx, rec.Connection)
	if err != nil {
		return err
	}
	bounded, cancel := context.WithTimeout(ctx, recordMax)
	defer cancel()
	problem := r.record(bounded, conn, rec)
	if conn.IsClosed() {
		delete(r.conns, rec.Connection)
	}
	known := slices.Contains(rec.Fails, r.Engine)
	if r.Mark {
		rec.mark(r.Engine, problem != "")
		known = problem != ""
	}
	switch {
	case problem == "" && known:
		o.Failures = append(o.Failures, fmt.Sprintf("%s:%d: works now: remove the line `fails %s`", name, rec.Line, r.Engine))
	case problem == "":
		o.Passed++
	case known:
		o.Known++
	default:
		o.Failures = append(o.Failures, fmt.Sprintf("%s:%d: %s\n%s", name, rec.Line, rec.SQL, problem))
	}
	return nil
}

// control obeys a line that is about the records behind it.
func (r *Runner) control(rec *Record) error {
	switch a := rec.Args; {
	case a[0] == "halt":
		r.halted = true
	case a[0] == "hash-threshold" && len(a) == 2:
		n, err := strconv.Atoi(a[1])
		r.hashThreshold = n
		return err
	case len(a) == 3 && a[1] == "protocol" && (a[2] == "simple" || a[2] == "extended"):
		r.extended = a[2] == "extended"
	default:
		return fmt.Errorf("unknown: %s", strings.Join(a, " "))
	}
	return nil
}

// conn is the session of that name, opened when it is first needed.
func (r *Runner) conn(ctx context.Context, name string) (*pgconn.PgConn, error) {
	if c := r.conns[name]; c != nil {
		return c, nil
	}
	cfg, err := pgconn.ParseConfig(r.DSN)
	if err != nil {
		return nil, err
	}
	cfg.RuntimeParams["timezone"] = "UTC"
	cfg.RuntimeParams["application_name"] = "sqllogic"
	c, err := pgconn.ConnectConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if r.conns == nil {
		r.conns = map[string]*pgconn.PgConn{}
	}
	r.conns[name] = c
	return c, nil
}

// close ends all sessions.
func (r *Runner) close() {
	for _, c := range r.conns {
		_ = c.Close(context.Background()) // the server sees the end of the connection in any case
	}
	r.conns = nil
}

// record runs one record and says what is wrong, "" if nothing is.
func (r *Runner) record(ctx context.Context, conn *pgconn.PgConn, rec *Record) string {
	switch rec.Kind {
	case CopyFrom:
		data := strings.Join(rec.Data, "\n")
		if data != "" {
			data += "\n"
		}
		_, err := conn.CopyFrom(ctx, strings.NewReader(data), rec.SQL)
		return r.judge(rec, nil, err)
	case CopyTo:
		var out bytes.Buffer
		_, err := conn.CopyTo(ctx, &out, rec.SQL)
		if err != nil || rec.WantError {
			return r.judge(rec, nil, err)
		}
		return r.expect(rec, strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n"))
	default: // a statement or a query
	}
	res, err := r.execute(ctx, conn, rec.SQL)
	return r.judge(rec, res, err)
}

// execute sends SQL by the chosen protocol; of several results the last is the one that counts.
func (r *Runner) execute(ctx context.Context, conn *pgconn.PgConn, sql string) (*pgconn.Result, error) {
	if r.extended {
		res := conn.ExecParams(ctx, sql, nil, nil, nil, nil).Read()
		return res, res.Err
	}
	results, err := conn.Exec(ctx, sql).ReadAll()
	if err != nil || len(results) == 0 {
		return &pgconn.Result{}, err
	}
	return results[len(results)-1], nil
}

// judge compares what came with what was wanted.
func (r *Runner) judge(rec *Record, res *pgconn.Result, err error) string {
	if err != nil {
		return r.judgeError(rec, err)
	}
	if rec.WantError {
		if r.Rewrite {
			r.turnOK(rec, res)
			return ""
		}
		return "succeeded, want an error"
	}
	switch rec.Kind {
	case Statement:
		if rec.Count < 0 {
			return ""
		}
		got := res.CommandTag.RowsAffected()
		if r.Rewrite {
			rec.setHeader(fmt.Sprintf("statement count %d", got))
		} else if got != rec.Count {
			return fmt.Sprintf("%d rows, want %d", got, rec.Count)
		}
	case Query:
		return r.judgeRows(rec, res)
	default: // COPY has nothing else to look at
	}
	return ""
}

// judgeRows compares a query's result.
func (r *Runner) judgeRows(rec *Record, res *pgconn.Result) string {
	types := typeLetters(res.FieldDescriptions)
	if r.Rewrite {
		sort := ""
		if rec.Sort != "nosort" {
			sort = " " + rec.Sort
		}
		rec.setHeader(strings.TrimRight("query "+types, " ") + sort)
	} else if rec.Types != "" && rec.Types != types {
		return fmt.Sprintf("columns are %s, want %s", types, rec.Types)
	}
	return r.expect(rec, renderRows(res, rec.Sort, r.hashThreshold))
}

// expect compares lines, or keeps them.
func (r *Runner) expect(rec *Record, got []string) string {
	if r.Rewrite {
		rec.Expected = got
		return ""
	}
	return compareLines(got, rec.Expected)
}

// turnOK rewrites a record that was expected to fail and did not.
func (r *Runner) turnOK(rec *Record, res *pgconn.Result) {
	rec.WantError = false
	switch {
	case rec.Kind == CopyFrom:
		rec.setHeader("copy from ok")
	case rec.Kind == CopyTo:
		rec.setHeader("copy to")
	case res != nil && len(res.FieldDescriptions) > 0:
		rec.Kind, rec.Sort = Query, "nosort"
		r.judgeRows(rec, res)
	default:
		rec.Kind = Statement
		rec.setHeader("statement ok")
	}
}

// judgeError compares an error with the one that was wanted.
func (r *Runner) judgeError(rec *Record, err error) string {
	var pe *pgconn.PgError
	if !errors.As(err, &pe) {
		return "no answer: " + err.Error()
	}
	if r.Rewrite {
		words := strings.Fields(rec.Lines[rec.head])
		kind := words[0]
		if kind == "copy" {
			kind += " " + words[1]
		}
		message, _, _ := strings.Cut(pe.Message, "\n")
		rec.setHeader(fmt.Sprintf("%s error pgcode %s %s", kind, pe.Code, regexp.QuoteMeta(message)))
		rec.WantError = true
		return ""
	}
	got := fmt.Sprintf("error %s: %s", pe.Code, pe.Message)
	switch {
	case !rec.WantError:
		return got
	case rec.Code != "" && rec.Code != pe.Code:
		return fmt.Sprintf("%s\nwant code %s", got, rec.Code)
	case rec.Message != nil && !r.CodesOnly && !rec.Message.MatchString(strings.Join(strings.Fields(pe.Message), " ")):
		return fmt.Sprintf("%s\nwant the message %s", got, rec.Message)
	}
	return ""
}
