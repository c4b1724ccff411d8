package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/exec"
	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/wire/backend"
)

// explainOptions are the options of EXPLAIN.
type explainOptions struct {
	analyze, costs, timing, summary, verbose bool
	format                                   string
}

func readExplain(opts []sql.Option) (explainOptions, error) {
	o := explainOptions{costs: true, format: "text"}
	var wal, generic, ignored bool
	flags := map[string]*bool{
		"analyze": &o.analyze, "costs": &o.costs, "timing": &o.timing, "summary": &o.summary, "verbose": &o.verbose,
		"buffers": &ignored, "wal": &wal, "settings": &ignored, "generic_plan": &generic,
	}
	given := map[string]bool{}
	for _, opt := range opts {
		given[opt.Name] = true
		flag := flags[opt.Name]
		switch {
		case opt.Name == "format":
			if !opt.Set {
				return o, pgerr.New(pgerrcode.SyntaxError, "%s requires a parameter", opt.Name)
			}
			o.format = opt.Value
			switch o.format {
			case "text", "json", "xml", "yaml":
			default:
				return o, pgerr.New(pgerrcode.InvalidParameterValue, "unrecognized value for EXPLAIN option %q: %q", opt.Name, opt.Value).At(opt.Pos())
			}
		case flag == nil:
			return o, pgerr.New(pgerrcode.SyntaxError, "unrecognized EXPLAIN option %q", opt.Name).At(opt.Pos())
		default:
			var err error
			if *flag, err = opt.On(); err != nil {
				return o, err
			}
		}
	}
	switch {
	case wal && !o.analyze:
		return o, pgerr.New(pgerrcode.InvalidParameterValue, "EXPLAIN option WAL requires ANALYZE")
	case o.timing && !o.analyze:
		return o, pgerr.New(pgerrcode.InvalidParameterValue, "EXPLAIN option TIMING requires ANALYZE")
	case generic && o.analyze:
		return o, pgerr.New(pgerrcode.InvalidParameterValue, "EXPLAIN options ANALYZE and GENERIC_PLAN cannot be used together")
	}
	if !given["summary"] {
		o.summary = o.analyze
	}
	if !given["timing"] {
		o.timing = o.analyze
	}
	return o, nil
}

func explainField(n *sql.Explain) backend.Field {
	f := textField("QUERY PLAN")
	for _, o := range n.Options {
		if o.Name == "format" && o.Value == "json" {
			f.Type = types.Of(types.JSONOID)
		}
	}
	return f
}

// explain is EXPLAIN.
func (s *Session) explain(ctx context.Context, n *sql.Explain, args arguments) (string, *batch.Batch, error) {
	o, err := readExplain(n.Options)
	if err != nil {
		return "", nil, err
	}
	node := n.Query
	switch q := node.(type) {
	case *sql.Execute:
		p, err := s.statement(q.Name)
		if err != nil {
			return "", nil, err
		}
		if args.values, err = s.executeArgs(q, p); err != nil {
			return "", nil, err
		}
		node, args.types = p.stmt.Node, p.params
	case *sql.DeclareCursor:
		node = q.Query
	case *sql.CreateTable:
		if q.Query == nil {
			return "", nil, pgerr.Unsupported("EXPLAIN of %s", q.Tag())
		}
		node = q.Query
	}
	if !isData(node) {
		return "", nil, pgerr.Unsupported("EXPLAIN of %s", node.Tag())
	}
	start := time.Now()
	q := query{make: func() (*planner.Plan, error) { return definer{s: s}.plan(node, args.types) }}
	if err := s.attempt(func() error { return q.current(ctx, s) }); err != nil {
		return "", nil, err
	}
	planning := time.Since(start)
	var actual func(planner.Node) *planner.Actual
	start = time.Now()
	if o.analyze {
		if actual, err = s.measure(ctx, &q, args.values); err != nil {
			return "", nil, err
		}
	}
	running := time.Since(start)
	e := planner.Explainer{Plan: q.plan, Catalog: s.catalogView(), Costs: o.costs, Timing: o.timing, Verbose: o.verbose, Actual: actual}
	if o.format != "text" {
		doc := &planner.Group{}
		doc.Add("Plan", e.Tree())
		if o.summary {
			doc.Add("Planning Time", planner.Fixed(millis(planning), 3))
		}
		if o.analyze {
			doc.Add("Triggers", []*planner.Group{}) // there are none
			if o.summary {
				doc.Add("Execution Time", planner.Fixed(millis(running), 3))
			}
		}
		text := map[string]func() string{"json": doc.JSON, "xml": doc.XML, "yaml": doc.YAML}[o.format]
		return "EXPLAIN", textRows([]string{text()}), nil
	}
	lines := e.Lines()
	if o.summary {
		lines = append(lines, fmt.Sprintf("Planning Time: %.3f ms", millis(planning)))
		if o.analyze {
			lines = append(lines, fmt.Sprintf("Execution Time: %.3f ms", millis(running)))
		}
	}
	return "EXPLAIN", textRows(lines), nil
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// measure runs a query for EXPLAIN ANALYZE and returns what was measured.
func (s *Session) measure(
	ctx context.Context, q *query, params []types.Datum,
) (actual func(planner.Node) *planner.Actual, err error) {
	s.tx.wrote = true
	err = s.attempt(func() error {
		if err := q.current(ctx, s); err != nil {
			return err
		}
		if err := s.mayRun(q.plan); err != nil {
			return err
		}
		rt := s.runtime(ctx, params)
		rt.Analyze = true
		op, err := exec.Build(rt, q.plan)
		if err != nil {
			return errors.Join(err, rt.Close())
		}
		if err = op.Open(ctx); err == nil {
			for {
				var b *batch.Batch
				if b, err = op.Next(ctx); b == nil || err != nil {
					break
				}
			}
		}
		actual = rt.Actuals
		return errors.Join(err, op.Close(), rt.Close())
	})
	return actual, err
}
