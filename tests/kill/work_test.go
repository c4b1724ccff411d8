package kill_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
)

// Sizes of what the clients do.
const (
	batchRowsMax = 3000
	groups       = 8
	groupRows    = 40
	dims         = 16
)

// batch is what one COPY sent.
type batch struct {
	first, rows int
	gen         int  // updates that were acknowledged
	acked       bool // the COPY was
	doubt       bool // a COPY or UPDATE was sent and not answered
}

// work is what was sent to the server and what it acknowledged.
type work struct {
	mu      sync.Mutex
	batches []*batch
	nextRow int
	groups  [groups + 1]struct {
		n     int
		doubt bool
	}
	indexes int

	loads, updates, books, builds *rand.Rand // one for each client
}

func newWork(seed uint64) *work {
	rng := func(i uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, i)) }
	return &work{nextRow: 1, loads: rng(1), updates: rng(2), books: rng(3), builds: rng(4)}
}

// sum tells what there is.
func (w *work) sum() string {
	booked := 0
	for _, g := range w.groups {
		booked += g.n
	}
	return fmt.Sprintf("%d rows in %d batches, %d bookings, %d indexes made", w.nextRow-1, len(w.batches), booked,
		w.indexes)
}

// vectorText is the vector that a row has after gen updates.
func vectorText(id, gen int) string {
	var b strings.Builder
	for i := range dims {
		sep := ","
		if i == 0 {
			sep = "["
		}
		fmt.Fprintf(&b, "%s%d", sep, (id*(2*i+3)+gen*7919*(i+1))%1009)
	}
	return b.String() + "]"
}

// load sends one batch by COPY.
func (w *work) load(ctx context.Context, c *pgconn.PgConn) error {
	w.mu.Lock()
	b := &batch{first: w.nextRow, rows: 1 + w.loads.IntN(batchRowsMax), doubt: true}
	w.nextRow += b.rows
	w.batches = append(w.batches, b)
	number := len(w.batches) - 1
	w.mu.Unlock()

	r, out := io.Pipe()
	go func() {
		var text strings.Builder
		for id := b.first; id < b.first+b.rows; id++ {
			fmt.Fprintf(&text, "%d\t%d\t%s\tnote %d\n", id, number, vectorText(id, 0), id%97)
		}
		_, err := io.WriteString(out, text.String())
		_ = out.CloseWithError(err) // never fails
	}()
	_, err := c.CopyFrom(ctx, r, "COPY items (id, batch, v, note) FROM STDIN")
	_ = r.Close() // lets the writer go when the server is gone
	if err != nil {
		return err
	}
	w.mu.Lock()
	b.acked, b.doubt = true, false
	w.mu.Unlock()
	return nil
}

// update gives the rows of a batch new vectors, in one statement.
func (w *work) update(ctx context.Context, c *pgconn.PgConn) error {
	w.mu.Lock()
	var acked []int
	for i, b := range w.batches {
		if b.acked {
			acked = append(acked, i)
		}
	}
	if len(acked) == 0 {
		w.mu.Unlock()
		_, err := c.Exec(ctx, "SELECT 1").ReadAll()
		return err
	}
	number := acked[w.updates.IntN(len(acked))]
	b := w.batches[number]
	b.doubt = true
	gen := b.gen + 1
	w.mu.Unlock()

	var elems []string
	for i := range dims {
		elems = append(elems, fmt.Sprintf("(id*%d + %d) %% 1009", 2*i+3, gen*7919*(i+1)))
	}
	sql := fmt.Sprintf("UPDATE items SET gen = %d, v = ARRAY[%s]::real[]::vector WHERE batch = %d", gen,
		strings.Join(elems, ", "), number)
	if _, err := c.Exec(ctx, sql).ReadAll(); err != nil {
		return err
	}
	w.mu.Lock()
	b.gen, b.doubt = gen, false
	w.mu.Unlock()
	return nil
}

// book adds one to every row of a group, in a transaction of several statements.
func (w *work) book(ctx context.Context, c *pgconn.PgConn) error {
	g := 1 + w.books.IntN(groups)
	w.mu.Lock()
	w.groups[g].doubt = true
	w.mu.Unlock()
	sql := fmt.Sprintf("BEGIN; UPDATE accounts SET n = n + 1 WHERE grp = %d AND id <= 20; "+
		"UPDATE accounts SET n = n + 1 WHERE grp = %[1]d AND id > 20; COMMIT", g)
	if _, err := c.Exec(ctx, sql).ReadAll(); err != nil {
		return err
	}
	w.mu.Lock()
	w.groups[g].n++
	w.groups[g].doubt = false
	w.mu.Unlock()
	return nil
}

// index makes an index and drops it the next time.
func (w *work) index(ctx context.Context, c *pgconn.PgConn) error {
	sql := []string{
		"DROP INDEX IF EXISTS extra_note", "CREATE INDEX extra_note ON items (note, id)",
		"DROP INDEX IF EXISTS extra_v", "CREATE INDEX extra_v ON items USING ivfpq (v vector_cosine_ops)",
	}
	k := 2 * w.builds.IntN(2)
	for _, q := range sql[k : k+2] {
		if _, err := c.Exec(ctx, q).ReadAll(); err != nil {
			return err
		}
	}
	w.mu.Lock()
	w.indexes++
	w.mu.Unlock()
	return nil
}
