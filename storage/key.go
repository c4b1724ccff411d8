package storage

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// Bytes before each key column. A value is between the two nulls, so a range of values never meets one.
const (
	keyNullFirst = 0x00
	keyValue     = 0x01
	keyNullLast  = 0x02
)

// methodOrdered is the index method whose entries storage keeps itself.
const methodOrdered = "btree"

// isOrdered says whether the index has ordered entries in Pebble.
func isOrdered(idx *schema.Index) bool { return idx.Method == methodOrdered }

// keySpec is how the keys of an index are encoded.
type keySpec struct {
	idx   *schema.Index
	parts []keyPart
	plain bool    // every key is a column and there is no predicate
	cols  []int16 // plain: the columns
}

type keyPart struct {
	typ  *types.Type
	desc bool
	null byte
}

func newKeySpec(idx *schema.Index) (*keySpec, error) {
	k := &keySpec{idx: idx, plain: idx.Where == ""}
	for _, part := range idx.Keys {
		typ := types.Lookup(part.Type.OID)
		if typ == nil || typ.AppendKey == nil {
			return nil, fmt.Errorf("index %d: %w: a key of type %d", idx.OID, ErrUnsupported, part.Type.OID)
		}
		p := keyPart{typ: typ, desc: part.Desc, null: keyNullLast}
		if part.NullsFirst {
			p.null = keyNullFirst
		}
		k.parts = append(k.parts, p)
		k.cols = append(k.cols, part.Column)
		k.plain = k.plain && part.Column != 0
	}
	return k, nil
}

// append appends the encoding of one key column.
func (p *keyPart) append(dst []byte, d types.Datum) []byte {
	if d.Null {
		return append(dst, p.null)
	}
	dst = append(dst, keyValue)
	at := len(dst)
	dst = p.typ.AppendKey(dst, d)
	if p.desc {
		for i := at; i < len(dst); i++ {
			dst[i] = ^dst[i]
		}
	}
	return dst
}

// appendRow appends the key of row i of cols. null tells whether a column of it is.
func (k *keySpec) appendRow(dst []byte, cols []*batch.Column, i int) (_ []byte, null bool) {
	for j := range k.parts {
		d := cols[j].Datum(i)
		null = null || d.Null
		dst = k.parts[j].append(dst, d)
	}
	return dst, null
}

// appendPrefix appends the encoding of the first key columns.
func (k *keySpec) appendPrefix(dst []byte, prefix []types.Datum) ([]byte, error) {
	if len(prefix) > len(k.parts) {
		return nil, fmt.Errorf("index %d: %d values for %d key columns", k.idx.OID, len(prefix), len(k.parts))
	}
	for j, d := range prefix {
		dst = k.parts[j].append(dst, d)
	}
	return dst, nil
}

// KeyRange is a part of an index, in the index's own order (a DESC column counts down): from Lo to Hi,
// prefixes of the key columns, both included unless open. An empty bound is unbounded and takes in
// the nulls on its side; to leave them out, bound that side by a null and make it open.
type KeyRange struct {
	Lo, Hi         []types.Datum
	LoOpen, HiOpen bool
}

// bounds returns the Pebble keys from <= key < to of the range.
func (k *keySpec) bounds(r KeyRange) (from, to []byte, err error) {
	prefix := indexKey(k.idx.OID, indexEntry)
	if from, err = k.appendPrefix(bytes.Clone(prefix), r.Lo); err != nil {
		return nil, nil, err
	}
	if r.LoOpen && len(r.Lo) > 0 {
		from = prefixEnd(from)
	}
	if to, err = k.appendPrefix(bytes.Clone(prefix), r.Hi); err != nil {
		return nil, nil, err
	}
	if !r.HiOpen || len(r.Hi) == 0 {
		to = prefixEnd(to)
	}
	return from, to, nil
}

// entryPrefixBytes is the length of what comes before the key in an entry.
const entryPrefixBytes = 6

// appendEntry appends the Pebble key of an index entry.
func appendEntry(dst []byte, idx OID, key []byte, row RowID) []byte {
	dst = append(dst, spaceIndex)
	dst = binary.BigEndian.AppendUint32(dst, uint32(idx))
	dst = append(dst, indexEntry)
	dst = append(dst, key...)
	return binary.BigEndian.AppendUint64(dst, uint64(row))
}

// splitEntry returns the key and the row of an index entry.
func splitEntry(entry []byte) (key []byte, row RowID, ok bool) {
	if len(entry) < entryPrefixBytes+8 {
		return nil, 0, false
	}
	at := len(entry) - 8
	return entry[entryPrefixBytes:at], RowID(binary.BigEndian.Uint64(entry[at:])), true
}
