package storage

import (
	"sync"
)

// tail is the part of a table that is not in fragments yet, in memory as chunks; the same rows lie in
// Pebble as records. A transaction keeps its pending rows in one too.
//
// One writer at a time appends (the holder of the commit lock, or the transaction); readers take mu
// shared only to copy a slice header or look a row up.
type tail struct {
	mu     sync.RWMutex
	chunks []*chunk
	next   uint32           // number of the next chunk
	newest map[RowID]uint64 // position + 1 of the newest version here of each row
	bytes  int64            // of strings and fixed parts, about; under mu
	rows   int64            // under mu
	sealed int              // number of first chunks that get no more rows; under the commit lock
}

// positionBits is the part of a position that is the row's offset in its chunk.
const positionBits = 16

func position(c *chunk, off rowOffset) uint64 {
	return uint64(c.no)<<positionBits | uint64(off)
}

func newTail() *tail { return &tail{newest: map[RowID]uint64{}} }

// list returns the chunks there are now.
func (t *tail) list() []*chunk {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.chunks
}

// size returns the rows and bytes held.
func (t *tail) size() (rows, bytes int64) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.rows, t.bytes
}

// at resolves a position; a chunk that has left the tail gives nil. Callers hold mu.
func (t *tail) at(pos uint64) (*chunk, rowOffset) {
	no := uint32(pos >> positionBits)
	if len(t.chunks) == 0 || no < t.chunks[0].no {
		return nil, 0
	}
	i := no - t.chunks[0].no
	if int(i) >= len(t.chunks) {
		return nil, 0
	}
	return t.chunks[i], rowOffset(pos & (1<<positionBits - 1))
}

// find returns the version of row id that is seen at v, or nil.
func (t *tail) find(id RowID, v uint64) (*chunk, rowOffset) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for pos := t.newest[id]; pos != 0; {
		c, off := t.at(pos - 1)
		if c == nil {
			return nil, 0
		}
		if c.visible(off, v) {
			return c, off
		}
		pos = c.prev[off]
	}
	return nil, 0
}

// findCreated returns the version of row id that was made at v, or nil.
func (t *tail) findCreated(id RowID, v uint64) (*chunk, rowOffset) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for pos := t.newest[id]; pos != 0; {
		c, off := t.at(pos - 1)
		if c == nil {
			return nil, 0
		}
		if c.created[off] == v {
			return c, off
		}
		pos = c.prev[off]
	}
	return nil, 0
}

// last returns the newest version of row id, ended or not, or nil.
func (t *tail) last(id RowID) (*chunk, rowOffset) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if pos := t.newest[id]; pos != 0 {
		return t.at(pos - 1)
	}
	return nil, 0
}

// reserve returns a chunk of layout l with room for at least one more row, want rows if it must make a
// new one. The caller writes rows behind count() and calls publish.
func (t *tail) reserve(l *layout, want int) *chunk {
	if k := len(t.chunks); k > t.sealed {
		if c := t.chunks[k-1]; c.layout == l && c.room() > 0 {
			return c
		}
	}
	capacity := chunkRowsMin
	if k := len(t.chunks); k > 0 {
		capacity = 2 * len(t.chunks[k-1].rows)
	}
	capacity = min(max(capacity, want), chunkRowsMax)
	c := newChunk(t.next, l, capacity)
	t.mu.Lock()
	t.next++
	t.chunks = append(t.chunks, c)
	t.mu.Unlock()
	return c
}

// publish makes n rows that were written behind c's count visible to look-ups and scans. bytes is what
// they take.
func (t *tail) publish(c *chunk, n int, bytes int64) {
	at := c.count()
	t.mu.Lock()
	for i := at; i < at+n; i++ {
		pos := position(c, rowOffset(i)) + 1
		c.prev[i] = t.newest[c.rows[i]]
		t.newest[c.rows[i]] = pos
	}
	t.rows += int64(n)
	t.bytes += bytes
	c.n.Store(int32(at + n))
	t.mu.Unlock()
}

// seal makes the next append start a new chunk and returns the chunks before it.
func (t *tail) seal() []*chunk {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sealed = len(t.chunks)
	return t.chunks[:len(t.chunks):len(t.chunks)]
}

// without returns a tail of the chunks that follow the first k, which are in fragments now. The old
// tail stays as it is for those who still read it. Appends go to the new one only.
func (t *tail) without(k int) *tail {
	t.mu.RLock()
	defer t.mu.RUnlock()
	out := &tail{newest: map[RowID]uint64{}, next: t.next}
	for _, c := range t.chunks[k:] {
		out.chunks = append(out.chunks, c)
		for i := range c.count() {
			out.newest[c.rows[i]] = position(c, rowOffset(i)) + 1
			out.rows++
		}
	}
	if t.rows > 0 {
		out.bytes = t.bytes * out.rows / t.rows
	}
	return out
}

// truncate removes the newest rows until it meets one to keep. Only a transaction does this with its
// own tail, which nobody else reads.
func (t *tail) truncate(keep func(created uint64) bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.chunks) > 0 {
		c := t.chunks[len(t.chunks)-1]
		n := c.count()
		for n > 0 && !keep(c.created[n-1]) {
			n--
			id := c.rows[n]
			if c.prev[n] == 0 {
				delete(t.newest, id)
			} else {
				t.newest[id] = c.prev[n]
			}
			if c.ended[n].Swap(0) != 0 {
				c.ends.Add(-1)
			}
			t.rows--
		}
		c.n.Store(int32(n))
		if n > 0 {
			return
		}
		t.chunks = t.chunks[:len(t.chunks)-1]
		t.next = c.no
	}
}
