package storage

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"strings"

	"github.com/cockroachdb/pebble/v2"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// Rows are rows to insert, or the new values of an update.
type Rows struct {
	N int
	// Cols are aligned with the table's Live() columns for Insert, with the list of columns for Update.
	// They may be reused after the call.
	Cols []*batch.Column
	// Keys are the keys of expression and partial indexes, by index. Without them Options.Keys computes
	// them.
	Keys map[OID]*KeyCols
}

// Insert adds rows and returns their ids. The error is a *UniqueError for a duplicate key; waiting for
// another transaction that may insert the same key ends with ctx.
func (t *Txn) Insert(ctx context.Context, table OID, rows *Rows) ([]RowID, error) {
	if err := t.Lock(ctx, table, RowExclusive); err != nil {
		return nil, err
	}
	w, err := t.writable(table)
	if err != nil {
		return nil, err
	}
	if len(rows.Cols) != len(w.layout.cols) {
		return nil, fmt.Errorf("insert into table %d: %d columns for %d", table, len(rows.Cols), len(w.layout.cols))
	}
	first := w.table.nextRow.Add(uint64(rows.N)) - uint64(rows.N)
	ids := make([]RowID, rows.N)
	for i := range ids {
		ids[i] = RowID(first) + RowID(i)
	}
	keys, err := w.keysOf(rows.Cols, rows.N, rows.Keys)
	if err != nil {
		return nil, err
	}
	for i, l := range w.lists {
		if err := t.checkUnique(ctx, w, l, keys[i], nil, ids); err != nil {
			return nil, err
		}
	}
	w.appendRows(ids, rows.Cols, nil)
	for i, l := range w.lists {
		if err := w.addEntries(l, keys[i], ids); err != nil {
			return nil, err
		}
	}
	return ids, w.spillIfLarge(ctx)
}

// rowKeys are the encoded keys of a batch of rows for one index.
type rowKeys struct {
	cols  []*batch.Column // the values that the keys are of
	arena []byte
	ends  []int  // ends[i]: where the key of row i ends in arena
	in    []bool // row i is in the index; nil: all are
	same  []bool // row i had this key before; nil: none had
	null  []bool // the key of row i has a null; nil: none
}

func (k *rowKeys) key(i int) []byte {
	from := 0
	if i > 0 {
		from = k.ends[i-1]
	}
	return k.arena[from:k.ends[i]]
}

func (k *rowKeys) has(i int) bool { return k.in == nil || k.in[i] }

// stays says whether the key of row i is not new.
func (k *rowKeys) stays(i int) bool { return k.same != nil && k.same[i] }

// counts says whether the key of row i must be the only one in a unique index.
func (k *rowKeys) counts(i int, idx *schema.Index) bool {
	return k.has(i) && (k.null == nil || !k.null[i] || idx.NullsNotDistinct)
}

// duplicate says that another row has the key of row i already.
func (k *rowKeys) duplicate(idx *schema.Index, i int, existing RowID) *UniqueError {
	u := &UniqueError{Index: idx.OID, Existing: existing}
	for _, c := range k.cols {
		d := c.Datum(i)
		d.S = strings.Clone(d.S)
		u.Key = append(u.Key, d)
	}
	return u
}

// keysOf computes the keys of n rows, whose columns are aligned with the layout, for every list.
func (w *tableWrites) keysOf(cols []*batch.Column, n int, given map[OID]*KeyCols) ([]*rowKeys, error) {
	out := make([]*rowKeys, len(w.lists))
	for i, l := range w.lists {
		kc := given[l.spec.idx.OID]
		if kc == nil {
			var err error
			if kc, err = w.txn.store.keyColumns(w.txn, l.spec, w.layout, cols, n); err != nil {
				return nil, err
			}
		}
		out[i] = l.spec.encode(kc, n)
	}
	return out, nil
}

// keyColumns returns the key columns of rows whose columns are aligned with the layout.
func (s *Store) keyColumns(
	t *Txn, spec *keySpec, l *layout, cols []*batch.Column, n int,
) (*KeyCols, error) {
	if spec.plain {
		kc := &KeyCols{Cols: make([]*batch.Column, len(spec.cols))}
		for j, num := range spec.cols {
			at := l.at(num)
			if at < 0 {
				return nil, fmt.Errorf("index %d: column %d: %w", spec.idx.OID, num, ErrNoRelation)
			}
			kc.Cols[j] = cols[at]
		}
		return kc, nil
	}
	need, compute, err := s.keyFunc(t, spec.idx)
	if err != nil {
		return nil, err
	}
	b := &batch.Batch{N: n, Cols: make([]*batch.Column, len(need))}
	for j, num := range need {
		at := l.at(num)
		if at < 0 {
			return nil, fmt.Errorf("index %d: column %d: %w", spec.idx.OID, num, ErrNoRelation)
		}
		b.Cols[j] = cols[at]
	}
	return compute(b)
}

// keyFunc asks the layer above how to compute the keys of an expression or partial index.
func (s *Store) keyFunc(t *Txn, idx *schema.Index) ([]int16, func(*batch.Batch) (*KeyCols, error), error) {
	if s.opts.Keys == nil {
		return nil, nil, fmt.Errorf("index %d over an expression: %w", idx.OID, ErrUnsupported)
	}
	return s.opts.Keys(t.Catalog(), idx)
}

// encode encodes the keys of n rows.
func (k *keySpec) encode(kc *KeyCols, n int) *rowKeys {
	out := &rowKeys{cols: kc.Cols, ends: make([]int, n), arena: make([]byte, 0, 16*n)}
	if kc.Sel != nil {
		out.in = make([]bool, n)
		for _, i := range kc.Sel {
			out.in[i] = true
		}
	}
	for i := range n {
		if out.has(i) {
			var null bool
			if out.arena, null = k.appendRow(out.arena, kc.Cols, i); null {
				if out.null == nil {
					out.null = make([]bool, n)
				}
				out.null[i] = true
			}
		}
		out.ends[i] = len(out.arena)
	}
	return out
}

// appendRows appends row versions to the pending tail; refs gives, for vector columns (by index in the
// layout), the versions whose vectors rows share.
func (w *tableWrites) appendRows(ids []RowID, cols []*batch.Column, refs map[int][]Version) {
	for from := 0; from < len(ids); {
		c := w.tail.reserve(w.layout, len(ids)-from)
		n := min(c.room(), len(ids)-from)
		at := c.count()
		copy(c.rows[at:], ids[from:from+n])
		for i := at; i < at+n; i++ {
			c.created[i] = w.txn.seq
		}
		bytes := w.layout.width * int64(n)
		for i := range cols {
			c.copyColumn(i, at, cols[i], from, n)
			if c.cols[i].col.Phys == types.String {
				bytes += c.ownStrings(i, at, at+n)
			}
			if c.cols[i].refs != nil {
				if r := refs[i]; r != nil {
					copy(c.cols[i].refs[at:], r[from:from+n])
				} else {
					clear(c.cols[i].refs[at : at+n])
				}
			}
		}
		w.tail.publish(c, n, bytes)
		from += n
	}
}

// addEntries puts the keys of rows on a list, and writes it ahead when it is long.
func (w *tableWrites) addEntries(l *entryList, keys *rowKeys, ids []RowID) error {
	for i, id := range ids {
		if keys.has(i) && !keys.stays(i) {
			l.add(keys.key(i), id, w.txn.seq)
		}
	}
	if len(l.entries) > w.txn.store.opts.EntriesMax {
		return w.writeAhead(l)
	}
	return nil
}

var keySeed = maphash.MakeSeed()

// checkUnique makes sure that no live row has one of the keys, and locks each key so that nobody
// else inserts it before this transaction ends. A row that has the key and that another transaction changes or ends
// is waited for. For an update old are the keys that the rows had: as in PostgreSQL each row is checked when its turn
// comes, so it must not have the key of one that is still to move.
func (t *Txn) checkUnique(
	ctx context.Context, w *tableWrites, l *entryList, keys, old *rowKeys, ids []RowID,
) (err error) {
	idx := l.spec.idx
	if !idx.Unique {
		return nil
	}
	probe := keyProbe{txn: t, writes: w, list: l}
	defer func() { err = errors.Join(err, probe.close()) }()
	among := newBatchKeys(idx, keys, old, ids)
	for i, id := range ids {
		if other := among.next(i); other != 0 {
			return keys.duplicate(idx, i, other)
		}
		if keys.stays(i) || !keys.counts(i, idx) {
			continue
		}
		key := keys.key(i)
		if _, err := t.lockOne(ctx, lockKey, lockKeys, idx.OID, maphash.Bytes(keySeed, key), lockAll, Wait); err != nil {
			return fmt.Errorf("lock a key of index %d: %w", idx.OID, err)
		}
		other, err := probe.lasting(ctx, key, id)
		if err != nil {
			return err
		}
		if other != 0 {
			return keys.duplicate(idx, i, other)
		}
	}
	return nil
}

// keyProbe looks keys up in one unique index, in what is committed when it is asked.
type keyProbe struct {
	txn    *Txn
	writes *tableWrites
	list   *entryList
	it     *pebble.Iterator
	asOf   uint64 // the table's last change when it was opened
}

func (p *keyProbe) close() error {
	if p.it == nil {
		return nil
	}
	it := p.it
	p.it = nil
	return it.Close()
}

// stale says whether something was committed to the table since the last find.
func (p *keyProbe) stale() bool { return p.asOf != p.writes.table.lastChange.Load() }

// find returns a row other than self that has the key, 0 for none.
func (p *keyProbe) find(key []byte, self RowID) (RowID, error) {
	if p.it != nil && p.stale() {
		if err := p.close(); err != nil {
			return 0, err
		}
	}
	if p.it == nil {
		p.asOf = p.writes.table.lastChange.Load()
		prefix := indexKey(p.list.spec.idx.OID, indexEntry)
		var err error
		p.it, err = p.txn.store.db.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: prefixEnd(prefix)})
		if err != nil {
			return 0, err
		}
	}
	return p.txn.findDuplicate(p.writes, p.list, p.it, key, self)
}

// lasting is find for a row that no other transaction is about to take the key from.
func (p *keyProbe) lasting(ctx context.Context, key []byte, self RowID) (RowID, error) {
	for seen := RowID(0); ; {
		other, err := p.find(key, self)
		if err != nil || other == 0 {
			return 0, err
		}
		waited, err := p.txn.awaitChange(ctx, p.writes.table.oid, other)
		if err != nil {
			return 0, fmt.Errorf("wait for row %d of table %d: %w", other, p.writes.table.oid, err)
		}
		if !waited && (other == seen || !p.stale()) {
			return other, nil
		}
		seen = other
	}
}

// batchKeys finds equal keys among the rows of one batch, which are taken one after the other.
type batchKeys struct {
	idx       *schema.Index
	keys, old *rowKeys
	ids       []RowID
	taken     map[string]int   // rows before the next one, by their new keys
	left      map[string][]int // the others, by their old keys
}

func newBatchKeys(idx *schema.Index, keys, old *rowKeys, ids []RowID) *batchKeys {
	b := &batchKeys{idx: idx, keys: keys, old: old, ids: ids}
	if len(ids) < 2 {
		return b
	}
	b.taken = make(map[string]int, len(ids))
	if old != nil {
		b.left = make(map[string][]int, len(ids))
		for i := len(ids) - 1; i >= 0; i-- {
			if old.counts(i, idx) {
				k := string(old.key(i))
				b.left[k] = append(b.left[k], i)
			}
		}
	}
	return b
}

// next takes row i and returns another row of the batch that has its key at that moment, 0 for none.
func (b *batchKeys) next(i int) RowID {
	if b.taken == nil {
		return 0
	}
	if b.left != nil && b.old.counts(i, b.idx) {
		k := string(b.old.key(i))
		b.left[k] = b.left[k][:len(b.left[k])-1] // rows come off in their order
	}
	if !b.keys.counts(i, b.idx) {
		return 0
	}
	k := string(b.keys.key(i))
	if j, dup := b.taken[k]; dup {
		return b.ids[j]
	}
	if rows := b.left[k]; len(rows) > 0 {
		return b.ids[rows[len(rows)-1]]
	}
	b.taken[k] = i
	return 0
}

// findDuplicate returns a live row, other than self, that has the key; 0 for none. Live is what the
// newest commit left and this transaction has not ended, or what this transaction made.
func (t *Txn) findDuplicate(w *tableWrites, l *entryList, it *pebble.Iterator, key []byte, self RowID) (RowID, error) {
	for _, row := range l.byKey[string(key)] {
		if row != self {
			if p, err := w.locate(row, t.seq); err != nil || !p.none() {
				same, err := t.hasKey(w, l.spec, p, key, err)
				if err != nil || same {
					return row, err
				}
			}
		}
	}
	st := w.table.pin()
	defer st.unpin()
	_, truncated := t.truncatedAt(w.table.oid, t.seq)
	lo := appendEntry(nil, l.spec.idx.OID, key, 0)
	for ok := it.SeekGE(lo); ok; ok = it.Next() {
		k, row, _ := splitEntry(it.Key())
		if string(k) != string(key) {
			break
		}
		if row == self {
			continue
		}
		p, err := w.locate(row, t.seq)
		if err == nil && p.none() && !truncated && !w.endedAt(row, t.seq) {
			p, err = st.locateLive(row)
		}
		if err != nil {
			return 0, err
		}
		if p.none() {
			continue
		}
		if same, err := t.hasKey(w, l.spec, p, key, nil); err != nil || same {
			return row, err
		}
	}
	return 0, it.Error()
}

// hasKey says whether the row version at p has the key: entries are hints.
func (t *Txn) hasKey(w *tableWrites, spec *keySpec, p place, key []byte, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	r := rowFetcher{store: t.store, layout: w.layout}
	keys, err := r.keys(t, spec, []place{p})
	if err != nil {
		return false, err
	}
	return keys.has(0) && string(keys.key(0)) == string(key), nil
}
