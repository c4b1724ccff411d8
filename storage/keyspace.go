package storage

import (
	"encoding/binary"
)

// The first byte of a Pebble key. On disk for ever: docs/format/store.md.
const (
	spaceMeta     = 0x01 // name -> value
	spaceObject   = 0x02 // db u32, oid u32 -> catalog record
	spaceTable    = 0x03 // oid u32, kind, ... : all of one table, so that DROP is a range
	spaceIndex    = 0x04 // oid u32, kind, ... : all of one index
	spaceLog      = 0x05 // version u64 -> commit record
	spaceTag      = 0x06 // name -> pinned version
	spaceIntent   = 0x07 // file -> nothing
	spaceSequence = 0x08 // oid u32 -> value
	spaceStats    = 0x09 // oid u32 -> catalog record
	spaceNumber   = 0x0a // version u64 -> number u64 of its transaction, when that is another
)

// Kinds under spaceTable.
const (
	tableFragment = 'f' // fragment u64 -> fragment record
	tableSums     = 's' // fragment u64 -> checksums
	tableEnd      = 'e' // fragment u64, offset u32 -> version u64
	tableTail     = 't' // row u64, created u64 -> row bytes
	tableTailEnd  = 'x' // row u64, created u64 -> ended u64
	tableMeta     = 'm' // -> next row id
)

// Kinds under spaceIndex.
const (
	indexEntry   = 'k' // key bytes, row u64 -> nothing
	indexModel   = 'm' // -> trained model
	indexSegment = 's' // segment u64 -> segment record
)

func spaceKey(space byte, name string) []byte { return append([]byte{space}, name...) }

func oidKey(space byte, oid OID) []byte {
	return binary.BigEndian.AppendUint32([]byte{space}, uint32(oid))
}

func objectKey(db, oid OID) []byte {
	return binary.BigEndian.AppendUint32(oidKey(spaceObject, db), uint32(oid))
}

func tableKey(oid OID, kind byte) []byte { return append(oidKey(spaceTable, oid), kind) }

func indexKey(oid OID, kind byte) []byte { return append(oidKey(spaceIndex, oid), kind) }

func fragmentKey(oid OID, id fragmentID) []byte {
	return binary.BigEndian.AppendUint64(tableKey(oid, tableFragment), uint64(id))
}

func sumsKey(oid OID, id fragmentID) []byte {
	return binary.BigEndian.AppendUint64(tableKey(oid, tableSums), uint64(id))
}

func endKey(dst []byte, oid OID, id fragmentID, off rowOffset) []byte {
	dst = append(dst[:0], spaceTable)
	dst = binary.BigEndian.AppendUint32(dst, uint32(oid))
	dst = append(dst, tableEnd)
	dst = binary.BigEndian.AppendUint64(dst, uint64(id))
	return binary.BigEndian.AppendUint32(dst, uint32(off))
}

// tailKey is the key of a tail row (tableTail) or of its end (tableTailEnd).
func tailKey(dst []byte, oid OID, kind byte, row RowID, created Version) []byte {
	dst = append(dst[:0], spaceTable)
	dst = binary.BigEndian.AppendUint32(dst, uint32(oid))
	dst = append(dst, kind)
	dst = binary.BigEndian.AppendUint64(dst, uint64(row))
	return binary.BigEndian.AppendUint64(dst, uint64(created))
}

func logKey(v Version) []byte {
	return binary.BigEndian.AppendUint64([]byte{spaceLog}, uint64(v))
}

func numberKey(v Version) []byte {
	return binary.BigEndian.AppendUint64([]byte{spaceNumber}, uint64(v))
}

// prefixEnd returns the least key that is greater than every key with the prefix; the prefix must
// have a byte below 0xff.
func prefixEnd(prefix []byte) []byte {
	end := append([]byte(nil), prefix...)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i] != 0xff {
			end[i]++
			return end[:i+1]
		}
	}
	return nil
}

func u64(v uint64) []byte { return binary.BigEndian.AppendUint64(nil, v) }

// keyReader takes fixed-size fields off a key; bad turns true when one is missing.
type keyReader struct {
	rest []byte
	bad  bool
}

func (r *keyReader) take(n int) []byte {
	if len(r.rest) < n {
		r.bad = true
		return make([]byte, n)
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *keyReader) u8() byte    { return r.take(1)[0] }
func (r *keyReader) u32() uint32 { return binary.BigEndian.Uint32(r.take(4)) }
func (r *keyReader) u64() uint64 { return binary.BigEndian.Uint64(r.take(8)) }
