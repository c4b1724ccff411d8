package session

import (
	"context"
	"sort"
	"strconv"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/exec"
	"github.com/vecdb/vecdb/exec/pgcatalog"
	"github.com/vecdb/vecdb/internal/mem"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/wire/backend"
)

// cursor is DECLARE CURSOR. Rows that have been read are kept, so that it can go back; a holdable one
// is read to its end at commit.
type cursor struct {
	name    string
	text    string
	fields  []backend.Field
	portal  *dataPortal // nil once all rows are kept
	rows    []*batch.Batch
	count   int64 // rows kept
	pos     int64 // 0: before the first row; n: on row n; count+1: after the last
	hold    bool
	held    bool // outlived its transaction
	depth   int  // how many savepoints there were when it was declared
	scroll  bool
	binary  bool
	created int64
	memory  *mem.Account // of the rows kept
}

func (s *Session) cursor(name string) (*cursor, error) {
	if c := s.cursors[name]; c != nil {
		return c, nil
	}
	return nil, pgerr.New(pgerrcode.InvalidCursorName, "cursor %q does not exist", name)
}

// declare is DECLARE CURSOR.
func (s *Session) declare(ctx context.Context, n *sql.DeclareCursor, p *prepared, params []types.Datum) error {
	if err := checkCursorOptions(n); err != nil {
		return err
	}
	if !n.Hold && s.tx.alone() {
		return pgerr.New(pgerrcode.NoActiveSQLTransaction, "DECLARE CURSOR can only be used in transaction blocks")
	}
	if s.cursors[n.Name] != nil {
		return pgerr.New(pgerrcode.DuplicateCursor, "cursor %q already exists", n.Name)
	}
	q := &prepared{text: p.text, stmt: sql.Statement{Node: n.Query, Text: p.text, Start: p.stmt.Start}, declare: p.params}
	if err := s.planned(ctx, q); err != nil {
		return err
	}
	fields := q.fields
	if n.Binary {
		var err error
		if fields, err = withFormats(fields, []int16{1}); err != nil {
			return err
		}
	}
	c := &cursor{
		memory: s.memory.Child("cursor", s.kilobytes("vecdb.statement_memory")),
		name:   n.Name, text: s.info.query, fields: fields, hold: n.Hold, scroll: !n.NoScroll, binary: n.Binary, created: nowMicros(),
		portal: &dataPortal{plainPortal: plainPortal{fields: fields}, s: s, query: s.queryOf(q), params: params}, depth: len(s.tx.savepoints),
	}
	// It starts now: what the session writes later is not for it to see.
	if err := c.portal.start(ctx); err != nil {
		c.free()
		return err
	}
	s.cursors[n.Name] = c
	return nil
}

// checkCursorOptions refuses options and queries that do not go together.
func checkCursorOptions(n *sql.DeclareCursor) error {
	switch {
	case n.Scroll && n.NoScroll:
		return pgerr.New(pgerrcode.InvalidCursorDefinition, "cannot specify both SCROLL and NO SCROLL")
	case n.Asensitive && n.Insensitive:
		return pgerr.New(pgerrcode.InvalidCursorDefinition, "cannot specify both ASENSITIVE and INSENSITIVE")
	case n.Query.With != nil && n.Query.With.Changes():
		return pgerr.New(pgerrcode.FeatureNotSupported, "DECLARE CURSOR must not contain data-modifying statements in WITH")
	case len(n.Query.Locks) == 0:
		return nil
	}
	lock := n.Query.Locks[0].Words()
	switch {
	case n.Hold:
		return pgerr.New(pgerrcode.FeatureNotSupported, "DECLARE CURSOR WITH HOLD ... %s is not supported", lock).
			Detail("Holdable cursors must be READ ONLY.")
	case n.Scroll:
		return pgerr.New(pgerrcode.FeatureNotSupported, "DECLARE SCROLL CURSOR ... %s is not supported", lock).
			Detail("Scrollable cursors must be READ ONLY.")
	case n.Insensitive:
		return pgerr.New(pgerrcode.InvalidCursorDefinition, "DECLARE INSENSITIVE CURSOR ... %s is not valid", lock).
			Detail("Insensitive cursors must be READ ONLY.")
	}
	return nil
}

// read makes sure that n rows are kept, or all there are.
func (c *cursor) read(ctx context.Context, n int64) error {
	for c.portal != nil && c.count < n {
		b, err := c.portal.Next(ctx, 0)
		if err != nil {
			return err
		}
		if b == nil {
			c.portal = nil
			break
		}
		if err := c.memory.Grow(exec.BatchBytes(b)); err != nil {
			return translate(err)
		}
		b = cloneBatch(b)
		c.rows = append(c.rows, b)
		c.count += int64(b.N)
	}
	return nil
}

// take returns rows from+1 .. to as one batch, forwards or backwards.
func (c *cursor) take(from, to int64, backward bool) *batch.Batch {
	out := &batch.Batch{}
	if len(c.rows) == 0 || to <= from {
		return nil
	}
	for _, col := range c.rows[0].Cols {
		out.Cols = append(out.Cols, batch.New(col.Type, col.Phys, int(to-from)))
	}
	start := int64(0)
	for _, b := range c.rows {
		for i := range b.N {
			if at := start + int64(i); at >= from && at < to {
				for k, col := range b.Cols {
					out.Cols[k].Append(col.Datum(i))
				}
				out.N++
			}
		}
		start += int64(b.N)
	}
	if backward {
		out.Sel = make([]int32, out.N)
		for i := range out.Sel {
			out.Sel[i] = int32(out.N - 1 - i)
		}
	}
	return out
}

// cursorPortal is a cursor as the protocol sees it: Describe and Execute take the names of cursors too.
type cursorPortal struct {
	plainPortal
	c     *cursor
	given int64
}

// Next implements backend.Portal: it fetches forward, a batch at a time.
func (p *cursorPortal) Next(ctx context.Context, limit int) (b *batch.Batch, err error) {
	n := int64(batch.RowsMax)
	if limit > 0 {
		n = min(n, int64(limit))
	}
	b, err = p.c.forward(ctx, n)
	if b != nil {
		p.given += int64(b.Rows())
	}
	return b, err
}

// Tag implements backend.Portal.
func (p *cursorPortal) Tag() string { return "SELECT " + strconv.FormatInt(p.given, 10) }

// fetch is FETCH and MOVE.
func (s *Session) fetch(ctx context.Context, n *sql.Fetch) (string, *batch.Batch, error) {
	c, err := s.cursor(n.Cursor)
	if err != nil {
		return "", nil, err
	}
	b, err := c.move(ctx, n)
	if err != nil {
		return "", nil, err
	}
	rows := 0
	if b != nil {
		rows = b.Rows()
	}
	tag := n.Tag() + " " + strconv.Itoa(rows)
	if n.Move {
		b = nil
	}
	return tag, b, nil
}

// move changes the position and returns the rows passed or reached.
func (c *cursor) move(ctx context.Context, n *sql.Fetch) (*batch.Batch, error) {
	dir, count := n.Direction, n.Count
	if dir == sql.FetchForward && count < 0 && count != sql.FetchAll {
		dir, count = sql.FetchBackward, -count
	} else if dir == sql.FetchBackward && count < 0 {
		dir, count = sql.FetchForward, -count
	}
	if !c.scroll && c.goesBack(dir, count, n.Move) {
		return nil, pgerr.New(pgerrcode.ObjectNotInPrerequisiteState, "cursor can only scan forward").
			Hint("Declare it with SCROLL option to enable backward scan.")
	}
	switch dir {
	case sql.FetchForward:
		return c.forward(ctx, count)
	case sql.FetchBackward:
		return c.back(count), nil
	case sql.FetchAbsolute:
		if count < 0 {
			if err := c.read(ctx, sql.FetchAll); err != nil {
				return nil, err
			}
			count = max(c.count+1+count, 0)
		}
		return c.jump(ctx, count)
	}
	return c.jump(ctx, max(c.pos+count, 0))
}

// goesBack says whether a step needs a row that the cursor has passed, or stands on.
func (c *cursor) goesBack(dir sql.FetchDirection, count int64, move bool) bool {
	switch {
	case dir == sql.FetchAbsolute && count == 0:
		return c.pos > 0
	case dir == sql.FetchAbsolute:
		return count <= c.pos
	case count == 0:
		return !move && c.pos >= 1 && c.pos <= c.count
	}
	return dir == sql.FetchBackward || count < 0
}

func (c *cursor) forward(ctx context.Context, count int64) (*batch.Batch, error) {
	if count == 0 { // the row that the cursor is on
		if c.pos >= 1 && c.pos <= c.count {
			return c.take(c.pos-1, c.pos, false), nil
		}
		return nil, nil
	}
	want := int64(sql.FetchAll)
	if count < sql.FetchAll-c.pos {
		want = c.pos + count
	}
	if err := c.read(ctx, want); err != nil {
		return nil, err
	}
	from := min(c.pos, c.count)
	to := min(want, c.count)
	out := c.take(from, to, false)
	c.pos = to
	if to < want {
		c.pos = c.count + 1
	}
	return out, nil
}

func (c *cursor) back(count int64) *batch.Batch {
	if count == 0 {
		if c.pos >= 1 && c.pos <= c.count {
			return c.take(c.pos-1, c.pos, false)
		}
		return nil
	}
	to := c.pos - 1 // rows before the current one
	from := int64(0)
	if count < to {
		from = to - count
	}
	out := c.take(max(from, 0), max(to, 0), true)
	c.pos = from + 1
	if count > to {
		c.pos = 0
	}
	return out
}

// jump goes to row n and returns it.
func (c *cursor) jump(ctx context.Context, n int64) (*batch.Batch, error) {
	if err := c.read(ctx, n); err != nil {
		return nil, err
	}
	c.pos = min(n, c.count+1)
	if n < 1 || n > c.count {
		return nil, nil
	}
	return c.take(n-1, n, false), nil
}

// closeCursor is CLOSE; an empty name is ALL.
func (s *Session) closeCursor(name string) error {
	if name == "" {
		s.closeCursors(true)
		return nil
	}
	c, err := s.cursor(name)
	if err != nil {
		return err
	}
	c.free()
	delete(s.cursors, name)
	return nil
}

func (c *cursor) free() {
	c.memory.Close()
	if c.portal != nil {
		_ = c.portal.close()
	}
}

// closeCursors closes cursors at the end of a transaction; held ones stay unless all go.
func (s *Session) closeCursors(all bool) {
	for name, c := range s.cursors {
		if all || !c.held {
			c.free()
			delete(s.cursors, name)
		}
	}
}

// holdCursors reads the holdable cursors to their ends before a commit, which fails when that does.
func (s *Session) holdCursors(ctx context.Context) error {
	for _, c := range s.cursors {
		if !c.hold || c.held {
			continue
		}
		if err := c.read(ctx, sql.FetchAll); err != nil {
			return err
		}
		for _, b := range c.rows {
			own(b)
		}
	}
	for _, c := range s.cursors {
		c.held, c.depth = c.hold, 0
	}
	return nil
}

// own copies the strings of a batch, which otherwise live only as long as the snapshot.
func own(b *batch.Batch) {
	for _, col := range b.Cols {
		for i, v := range col.S {
			col.S[i] = string([]byte(v))
		}
	}
}

func (s *Session) listCursors() []pgcatalog.Cursor {
	var out []pgcatalog.Cursor
	for _, c := range s.cursors {
		out = append(out, pgcatalog.Cursor{
			Name: c.name, Statement: c.text, Holdable: c.hold, Binary: c.binary, Scrollable: c.scroll, CreationMicros: c.created,
		})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}
