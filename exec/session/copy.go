package session

import (
	"context"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/exec"
	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/copyfmt"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/wire/backend"
)

// copyPortal makes the portal of COPY.
func (s *Session) copyPortal(ctx context.Context, n *sql.Copy) (backend.Portal, error) {
	way := map[bool]string{true: "FROM", false: "TO"}[n.From]
	switch {
	case n.Program:
		return nil, pgerr.Unsupported("COPY %s a program", way)
	case n.File != "":
		if err := s.mayCopyFile(n); err != nil {
			return nil, err
		}
	}
	opts, err := copyOptions(n)
	if err != nil {
		return nil, err
	}
	s.freshView()
	var p backend.Portal
	if n.From {
		p, err = s.copyFrom(ctx, n, opts)
	} else {
		p, err = s.copyTo(ctx, n, opts)
	}
	if err != nil || n.File == "" {
		return p, err
	}
	return s.ofFile(n, p)
}

// copyStream is what both ways of COPY share. Its rows do not go through Next.
type copyStream struct {
	plainPortal
	opts copyfmt.Options
	cols []copyfmt.Column
	tag  string
}

// Next implements backend.Portal.
func (p *copyStream) Next(context.Context, int) (*batch.Batch, error) {
	return nil, pgerr.New(pgerrcode.ProtocolViolation, "COPY gives no rows")
}

// Tag implements backend.Portal.
func (p *copyStream) Tag() string { return p.tag }

// Copy implements backend.Portal.
func (p *copyStream) Copy() backend.CopyInfo {
	return backend.CopyInfo{Binary: p.opts.Format == copyfmt.Binary, Columns: len(p.cols)}
}

// copyTag is the command tag of COPY.
func copyTag(rows int64) string { return "COPY " + strconv.FormatInt(rows, 10) }

// copyOut is COPY TO STDOUT: the rows of a query.
type copyOut struct {
	copyStream
	data *dataPortal
}

// copyTo makes the portal of COPY TO.
func (s *Session) copyTo(ctx context.Context, n *sql.Copy, opts copyfmt.Options) (backend.Portal, error) {
	if n.Where != nil {
		return nil, pgerr.New(pgerrcode.SyntaxError, "WHERE clause not allowed with COPY TO").At(n.Where.Pos())
	}
	node := n.Query
	q := query{make: func() (_ *planner.Plan, err error) {
		if n.Table != nil {
			if node, err = s.copyQuery(n); err != nil {
				return nil, err
			}
		}
		return definer{s: s}.plan(node, nil)
	}}
	if err := s.attempt(func() error { return q.current(ctx, s) }); err != nil {
		return nil, translate(err)
	}
	fields := fieldsOf(q.plan.Cols)
	if fields == nil && !isSelect(node) {
		return nil, pgerr.New(pgerrcode.FeatureNotSupported, "COPY query must have a RETURNING clause")
	}
	p := &copyOut{copyStream: copyStream{opts: opts}}
	for _, f := range fields {
		p.cols = append(p.cols, copyfmt.Column{Name: f.Name, Type: f.Type})
	}
	if err := p.opts.Check(false, p.cols); err != nil {
		return nil, err
	}
	p.data = &dataPortal{plainPortal: plainPortal{fields: fields}, s: s, query: q}
	return p, nil
}

func isSelect(n sql.Node) bool {
	_, ok := n.(*sql.Select)
	return ok
}

// copyQuery makes the query of COPY table TO.
func (s *Session) copyQuery(n *sql.Copy) (sql.Node, error) {
	q := &sql.Select{From: []sql.TableExpr{n.Table}}
	rel, err := s.view.Relation(n.Table.Schema, n.Table.Name)
	if err != nil {
		return nil, err
	}
	if rel == nil { // the binder words the error
		q.Targets = []sql.Target{{Expr: &sql.ColumnRef{Star: true}}}
		return q, nil
	}
	t := rel.Table
	switch t.Kind {
	case schema.KindView:
		return nil, pgerr.New(pgerrcode.WrongObjectType, "cannot copy from view %q", t.Name).Hint("Try the COPY (SELECT ...) TO variant.")
	case schema.KindSequence:
		return nil, pgerr.New(pgerrcode.WrongObjectType, "cannot copy from sequence %q", t.Name)
	}
	cols, err := copyColumns(t, n)
	if err != nil {
		return nil, err
	}
	for _, c := range cols {
		q.Targets = append(q.Targets, sql.Target{Expr: &sql.ColumnRef{At: -1, Names: []string{c.Name}}})
	}
	return q, nil
}

// Kind implements backend.Portal.
func (p *copyOut) Kind() backend.Kind { return backend.CopyOut }

// commitAtEnd passes it on: the rows are the statement.
func (p *copyOut) commitAtEnd() { p.data.commitAtEnd() }

func (p *copyOut) close() error { return p.data.close() }

// RunCopyOut implements backend.Portal.
func (p *copyOut) RunCopyOut(ctx context.Context, w io.Writer) (string, error) {
	out := copyfmt.NewWriter(w, p.opts, p.cols, p.data.s.Settings())
	rows := int64(0)
	for {
		b, err := p.data.Next(ctx, 0)
		if err != nil {
			return "", err
		}
		if b == nil {
			break
		}
		if err := out.WriteBatch(b); err != nil {
			return "", err
		}
		rows += int64(b.Rows())
	}
	if err := out.Close(); err != nil {
		return "", err
	}
	p.tag = copyTag(rows)
	return p.tag, nil
}

// copyIn is COPY FROM STDIN.
type copyIn struct {
	copyStream
	s     *Session
	stmt  *bind.Insert
	where *bind.TableExpr
}

// copyFrom makes the portal of COPY FROM: an INSERT whose VALUES the client's rows take the place of.
func (s *Session) copyFrom(ctx context.Context, n *sql.Copy, opts copyfmt.Options) (backend.Portal, error) {
	p := &copyIn{copyStream: copyStream{opts: opts}, s: s}
	err := s.attempt(func() error {
		if err := p.bind(n); err != nil {
			return err
		}
		if err := s.mayChange("COPY FROM", p.stmt.Rel.Table.OID); err != nil {
			return err
		}
		return p.lock(ctx)
	})
	if err != nil {
		return nil, translate(err)
	}
	return p, p.opts.Check(true, p.cols)
}

// bind makes the INSERT of the table as it is now.
func (p *copyIn) bind(n *sql.Copy) error {
	s := p.s
	rel, err := s.view.Relation(n.Table.Schema, n.Table.Name)
	if err != nil {
		return err
	}
	ast := &sql.Insert{Table: n.Table, Override: 's'}
	p.cols = nil
	if rel != nil {
		switch rel.Table.Kind {
		case schema.KindView:
			return pgerr.New(pgerrcode.WrongObjectType, "cannot copy to view %q", rel.Table.Name).
				Hint("To enable copying to a view, provide an INSTEAD OF INSERT trigger.")
		case schema.KindSequence:
			return pgerr.New(pgerrcode.WrongObjectType, "cannot copy to sequence %q", rel.Table.Name)
		}
		cols, err := copyColumns(rel.Table, n)
		if err != nil {
			return err
		}
		var row []sql.Expr
		for _, c := range cols {
			ast.Cols = append(ast.Cols, sql.Target{At: -1, Name: c.Name})
			row = append(row, &sql.Literal{At: -1, Kind: sql.LitNull})
			p.cols = append(p.cols, copyfmt.Column{Name: c.Name, Type: c.Type})
		}
		if row != nil {
			ast.Query = &sql.Select{Values: [][]sql.Expr{row}}
		}
	}
	b := s.binder()
	r, err := b.BindNode(ast)
	if err != nil {
		return err
	}
	p.stmt = r.Stmt.(*bind.Insert)
	p.where, err = copyWhere(b, n, p.stmt.Rel.Table)
	return err
}

// lock locks the table, and those that its rows refer to: once rows have come there is no way to begin anew.
func (p *copyIn) lock(ctx context.Context) error {
	t := p.stmt.Rel.Table
	for i := range t.Constraints {
		if c := &t.Constraints[i]; c.Type == 'f' {
			if err := p.s.lock(ctx, c.RefTable, storage.RowShare); err != nil {
				return err
			}
		}
	}
	return p.s.lock(ctx, t.OID, storage.RowExclusive)
}

// copyWhere binds the condition of COPY FROM over the new row.
func copyWhere(b *bind.Binder, n *sql.Copy, t *schema.Table) (*bind.TableExpr, error) {
	if n.Where == nil {
		return nil, nil
	}
	x, err := b.BindExpr(n.Where, t, bind.UseWhere)
	if err != nil {
		return nil, err
	}
	eval.Walk(x.Expr, func(e eval.Expr) bool {
		if _, ok := e.(*eval.Subquery); ok {
			err = pgerr.New(pgerrcode.FeatureNotSupported, "cannot use subquery in COPY FROM WHERE condition").At(n.Where.Pos())
		}
		return err == nil
	})
	return x, err
}

// Kind implements backend.Portal.
func (p *copyIn) Kind() backend.Kind { return backend.CopyIn }

// RunCopyIn implements backend.Portal.
func (p *copyIn) RunCopyIn(ctx context.Context, r io.Reader) (tag string, err error) {
	ctx, end := p.s.enter(ctx)
	defer end(&err)
	rows, err := p.load(ctx, r)
	if err != nil {
		return "", translate(err)
	}
	p.tag = copyTag(rows)
	return p.tag, p.finish(ctx, p.s)
}

// load inserts the rows of r and returns their number.
func (p *copyIn) load(ctx context.Context, r io.Reader) (rows int64, err error) {
	p.s.tx.wrote = true
	p.s.tx.txn.StartStatement()
	rt := p.s.runtime(ctx, nil)
	defer func() {
		if cerr := rt.Close(); err == nil {
			err = cerr
		}
	}()
	ins, err := exec.NewCopyInsert(rt, p.stmt, p.where)
	if err != nil {
		return 0, err
	}
	in := copyfmt.NewReader(r, p.stmt.Rel.Table.Name, p.opts, p.cols, p.s.Settings())
	for {
		b, err := in.Next(0)
		if b == nil && err == nil {
			break
		}
		bad := -1
		if err == nil {
			bad, err = ins.Insert(ctx, b)
		} else if b != nil {
			if at, cerr := ins.Check(b); cerr != nil {
				bad, err = at, cerr
			}
		}
		if bad >= 0 {
			err = in.At(err, in.Line(bad))
		}
		if err != nil {
			return 0, err
		}
		if err := ctx.Err(); err != nil {
			return 0, err
		}
	}
	if err := ins.Finish(ctx); err != nil {
		return 0, err
	}
	return rt.Affected, nil
}

// copyColumns are the columns that COPY of a table means: those listed, else all that are not generated.
func copyColumns(t *schema.Table, n *sql.Copy) ([]*schema.Column, error) {
	for _, o := range n.Options {
		if !strings.HasPrefix(o.Name, "force_") {
			continue
		}
		for _, name := range o.List {
			if t.Column(name) == nil {
				return nil, noColumn(t, name)
			}
		}
	}
	var out []*schema.Column
	if n.Cols == nil {
		for _, c := range t.Live() {
			if c.Generated == "" {
				out = append(out, c)
			}
		}
		return out, nil
	}
	seen := map[string]bool{}
	for _, name := range n.Cols {
		c := t.Column(name)
		switch {
		case c == nil:
			return nil, noColumn(t, name)
		case c.Generated != "":
			return nil, pgerr.New(pgerrcode.InvalidColumnReference, "column %q is a generated column", name).
				Detail("Generated columns cannot be used in COPY.")
		case seen[name]:
			return nil, pgerr.New(pgerrcode.DuplicateColumn, "column %q specified more than once", name)
		}
		seen[name] = true
		out = append(out, c)
	}
	return out, nil
}

func noColumn(t *schema.Table, name string) error {
	return pgerr.New(pgerrcode.UndefinedColumn, "column %q of relation %q does not exist", name, t.Name)
}

// copyOptionReaders read the options of COPY by name.
var copyOptionReaders = map[string]func(o *copyfmt.Options, opt *sql.Option, from bool) error{
	"format": func(o *copyfmt.Options, opt *sql.Option, _ bool) (err error) {
		o.Format, err = copyfmt.ParseFormat(opt.Value)
		return err
	},
	"header": func(o *copyfmt.Options, opt *sql.Option, from bool) (err error) {
		o.Header, err = copyfmt.ParseHeader(opt.Value, from)
		return err
	},
	"delimiter":      stringOption(func(o *copyfmt.Options) **string { return &o.Delimiter }),
	"null":           stringOption(func(o *copyfmt.Options) **string { return &o.Null }),
	"quote":          stringOption(func(o *copyfmt.Options) **string { return &o.Quote }),
	"escape":         stringOption(func(o *copyfmt.Options) **string { return &o.Escape }),
	"force_quote":    columnsOption(true, func(o *copyfmt.Options) *copyfmt.Columns { return &o.ForceQuote }),
	"force_not_null": columnsOption(false, func(o *copyfmt.Options) *copyfmt.Columns { return &o.ForceNotNull }),
	"force_null":     columnsOption(false, func(o *copyfmt.Options) *copyfmt.Columns { return &o.ForceNull }),
	"encoding": func(_ *copyfmt.Options, opt *sql.Option, _ bool) error {
		switch strings.ToLower(strings.ReplaceAll(opt.Value, "-", "")) {
		case "utf8", "unicode":
			return nil
		}
		if !otherEncodings.MatchString(opt.Value) {
			return pgerr.New(pgerrcode.InvalidParameterValue, "argument to option %q must be a valid encoding name", opt.Name).At(opt.Pos())
		}
		return pgerr.Unsupported("COPY in encoding %q", opt.Value)
	},
	// Rows are as cheap to store frozen or not, so the wish is granted by doing nothing.
	"freeze": func(_ *copyfmt.Options, opt *sql.Option, _ bool) error {
		switch strings.ToLower(opt.Value) {
		case "", "true", "on", "1", "false", "off", "0":
			return nil
		}
		return pgerr.New(pgerrcode.SyntaxError, "%s requires a Boolean value", opt.Name)
	},
	"log_verbosity": func(*copyfmt.Options, *sql.Option, bool) error { return nil },
	"on_error": func(_ *copyfmt.Options, opt *sql.Option, _ bool) error {
		if strings.EqualFold(opt.Value, "stop") {
			return nil
		}
		return pgerr.Unsupported("COPY with ON_ERROR %s", opt.Value)
	},
	"default": func(*copyfmt.Options, *sql.Option, bool) error { return pgerr.Unsupported("COPY with DEFAULT") },
}

func stringOption(at func(*copyfmt.Options) **string) func(*copyfmt.Options, *sql.Option, bool) error {
	return func(o *copyfmt.Options, opt *sql.Option, _ bool) error {
		if !opt.Set {
			return pgerr.New(pgerrcode.SyntaxError, "%s requires a parameter", opt.Name)
		}
		v := opt.Value
		*at(o) = &v
		return nil
	}
}

// otherEncodings are the names of the encodings that PostgreSQL has beside UTF-8, by how they begin.
var otherEncodings = regexp.MustCompile(`(?i)^(latin|iso.?8859|win|euc.?|koi8|sjis|shift.?jis|big5|gbk|gb18030|uhc|johab|mule|sql.?ascii)`)

// columnsOption reads a list of columns, or a star where that is taken.
func columnsOption(star bool, at func(*copyfmt.Options) *copyfmt.Columns) func(*copyfmt.Options, *sql.Option, bool) error {
	return func(o *copyfmt.Options, opt *sql.Option, _ bool) error {
		if opt.Star && !star || !opt.Star && opt.List == nil {
			return pgerr.New(pgerrcode.InvalidParameterValue, "argument to option %q must be a list of column names", opt.Name).At(opt.Pos())
		}
		*at(o) = copyfmt.Columns{All: opt.Star, Names: opt.List}
		return nil
	}
}

// copyOptions reads the options of COPY.
func copyOptions(n *sql.Copy) (copyfmt.Options, error) {
	var out copyfmt.Options
	seen := map[string]bool{}
	for i := range n.Options {
		o := &n.Options[i]
		read := copyOptionReaders[o.Name]
		if read == nil {
			return out, pgerr.New(pgerrcode.SyntaxError, "option %q not recognized", o.Name).At(o.Pos())
		}
		if seen[o.Name] {
			return out, pgerr.New(pgerrcode.SyntaxError, "conflicting or redundant options").At(o.Pos())
		}
		seen[o.Name] = true
		if err := read(&out, o, n.From); err != nil {
			return out, err
		}
	}
	return out, nil
}
