package exec

import (
	"encoding/binary"
	"math"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// keyTable numbers the distinct keys of rows from 0, in the order in which they were first seen. Keys
// are equal when the values are, by the types' default equality; nulls equal each other.
type keyTable struct {
	kinds []keyKind
	enc   []func(dst []byte, d types.Datum) []byte

	ints   map[int64]int32 // the single integer key
	null   int32           // number of the null key among ints, -1: none
	keys   map[string]int32
	n      int32
	buf    []byte
	bytes  int64
	single bool
}

// keyKind says how a column goes into a key.
type keyKind uint8

const (
	keyInt keyKind = iota
	keyFloat
	keyBool
	keyText    // bytes as they are
	keyEncoded // through the type's key encoding
)

// keyEntryBytes is about what a map entry costs beside its key.
const keyEntryBytes = 48

func newKeyTable(ts []types.T) *keyTable {
	t := &keyTable{kinds: make([]keyKind, len(ts)), enc: make([]func([]byte, types.Datum) []byte, len(ts)), null: -1}
	for i, typ := range ts {
		t.kinds[i] = kindOf(typ)
		t.enc[i] = types.Representation(typ.OID).AppendKey
		if t.kinds[i] == keyEncoded && t.enc[i] == nil {
			t.kinds[i] = keyText
		}
	}
	t.single = len(ts) == 1 && t.kinds[0] == keyInt
	t.clear()
	return t
}

func kindOf(t types.T) keyKind {
	switch physOf(t) {
	case types.Int:
		return keyInt
	case types.Float:
		return keyFloat
	case types.Bool:
		return keyBool
	}
	if isRawText(t.OID) {
		return keyText
	}
	return keyEncoded
}

func (t *keyTable) clear() {
	t.n, t.null, t.bytes = 0, -1, 0
	if t.single {
		if t.ints == nil {
			t.ints = make(map[int64]int32)
		}
		clear(t.ints)
		return
	}
	if t.keys == nil {
		t.keys = make(map[string]int32)
	}
	clear(t.keys)
}

// appendKey encodes the key of row r.
func (t *keyTable) appendKey(dst []byte, cols []*batch.Column, r int) []byte {
	for k, kind := range t.kinds {
		c := cols[k]
		if c.Null(r) {
			dst = append(dst, 0)
			continue
		}
		dst = append(dst, 1)
		switch kind {
		case keyInt:
			dst = binary.LittleEndian.AppendUint64(dst, uint64(c.I[r]))
		case keyFloat:
			dst = binary.LittleEndian.AppendUint64(dst, floatKey(c.F[r]))
		case keyBool:
			b := byte(0)
			if c.B[r] {
				b = 1
			}
			dst = append(dst, b)
		case keyText:
			dst = binary.AppendUvarint(dst, uint64(len(c.S[r])))
			dst = append(dst, c.S[r]...)
		case keyEncoded:
			dst = t.enc[k](dst, types.Datum{S: c.S[r]})
		}
	}
	return dst
}

// floatKey is the same for floats that are equal: both zeros, all NaNs.
func floatKey(f float64) uint64 {
	if f == 0 {
		return 0
	}
	if f != f { // NaN is what differs from itself
		return math.Float64bits(math.NaN())
	}
	return math.Float64bits(f)
}

// find returns the number of a row's key, or -1.
func (t *keyTable) find(cols []*batch.Column, r int) int32 {
	if t.single {
		c := cols[0]
		if c.Null(r) {
			return t.null
		}
		if n, ok := t.ints[c.I[r]]; ok {
			return n
		}
		return -1
	}
	t.buf = t.appendKey(t.buf[:0], cols, r)
	if n, ok := t.keys[string(t.buf)]; ok {
		return n
	}
	return -1
}

// add returns the number of a row's key, giving it the next one when it is new.
func (t *keyTable) add(cols []*batch.Column, r int) (n int32, isNew bool) {
	if n := t.find(cols, r); n >= 0 {
		return n, false
	}
	n = t.n
	t.n++
	t.bytes += keyEntryBytes
	if t.single {
		if cols[0].Null(r) {
			t.null = n
		} else {
			t.ints[cols[0].I[r]] = n
		}
		return n, true
	}
	t.keys[string(t.buf)] = n
	t.bytes += int64(len(t.buf))
	return n, true
}

// hasNull says whether a key column of row r is null.
func hasNull(cols []*batch.Column, r int) bool {
	for _, c := range cols {
		if c.Null(r) {
			return true
		}
	}
	return false
}

// hashKey is a hash of the row's key for partitioning; level makes it independent of the one by which
// the rows were partitioned before.
func (t *keyTable) hashKey(cols []*batch.Column, r, level int) uint64 {
	t.buf = t.appendKey(t.buf[:0], cols, r)
	h := uint64(14695981039346656037) + uint64(level)*0x9e3779b97f4a7c15
	for _, b := range t.buf {
		h = (h ^ uint64(b)) * 1099511628211
	}
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	return h ^ h>>32
}
