package fn

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strings"

	"github.com/vecdb/vecdb/sql/types"
)

// hashKernels are the functions behind PostgreSQL's hash indexes and partitions. Clients use them to make numbers of
// words, for advisory locks and shards, so the values must be PostgreSQL's: Bob Jenkins' lookup3 over little-endian words.
func hashKernels() []entry {
	whole := func(d types.Datum) hashInput {
		lo, hi := uint32(d.I), uint32(d.I>>32)
		if d.I < 0 {
			hi = ^hi
		}
		return hashInput{word: lo ^ hi} // so that small numbers of all widths are alike
	}
	word := func(d types.Datum) hashInput { return hashInput{word: uint32(d.I)} }
	text := func(d types.Datum) hashInput { return hashInput{bytes: []byte(d.S), long: true} }
	float := func(d types.Datum) hashInput {
		switch {
		case d.Float() == 0:
			return hashInput{zero: true}
		case math.IsNaN(d.Float()):
			return hashInput{bytes: binary.LittleEndian.AppendUint64(nil, 0x7ff8000000000000), long: true}
		}
		return hashInput{bytes: binary.LittleEndian.AppendUint64(nil, math.Float64bits(d.Float())), long: true}
	}
	padded := func(d types.Datum) hashInput {
		return hashInput{bytes: []byte(strings.TrimRight(d.S, " ")), long: true}
	}
	var list []entry
	for _, h := range []struct {
		plain, seeded string
		input         func(types.Datum) hashInput
	}{
		{"hashint2", "hashint2extended", word},
		{"hashint4", "hashint4extended", word},
		{"hashint8", "hashint8extended", whole},
		{"hashoid", "hashoidextended", word},
		{"hashchar", "hashcharextended", func(d types.Datum) hashInput { return hashInput{word: uint32(d.I << 56 >> 56)} }},
		{"hashfloat4", "hashfloat4extended", float},
		{"hashfloat8", "hashfloat8extended", float},
		{"hashtext", "hashtextextended", text},
		{"hashname", "hashnameextended", text},
		{"hashbpchar", "hashbpcharextended", padded},
		{"uuid_hash", "uuid_hash_extended", text},
		{"time_hash", "time_hash_extended", whole},
		{"timestamp_hash", "timestamp_hash_extended", whole},
		{"pg_lsn_hash", "pg_lsn_hash_extended", whole},
	} {
		list = append(list,
			entry{h.plain, rows(func(_ *Call, a []types.Datum) (types.Datum, error) {
				return types.IntDatum(int64(int32(h.input(a[0]).hash(0)))), nil
			})},
			entry{h.seeded, rows(func(_ *Call, a []types.Datum) (types.Datum, error) {
				return types.IntDatum(int64(h.input(a[0]).hash(uint64(a[1].I)))), nil
			})})
	}
	return list
}

// hashInput is what is hashed: bytes, or one word.
type hashInput struct {
	word  uint32
	bytes []byte
	long  bool // bytes
	zero  bool // the number 0, whose hash is the seed
}

// hash is the hash of 64 bits; the hash of 32 bits is its lower half for the seed 0.
func (in hashInput) hash(seed uint64) uint64 {
	if in.zero {
		return seed
	}
	n := 4
	if in.long {
		n = len(in.bytes)
	}
	init := 0x9e3779b9 + uint32(n) + 3923095
	h := jenkins{init, init, init}
	if seed != 0 {
		h.a += uint32(seed >> 32)
		h.b += uint32(seed)
		h.mix()
	}
	if !in.long {
		h.a += in.word
		h.last()
		return uint64(h.b)<<32 | uint64(h.c)
	}
	rest := in.bytes
	for ; len(rest) >= 12; rest = rest[12:] {
		h.a += binary.LittleEndian.Uint32(rest)
		h.b += binary.LittleEndian.Uint32(rest[4:])
		h.c += binary.LittleEndian.Uint32(rest[8:])
		h.mix()
	}
	var tail [12]byte
	copy(tail[:8], rest)
	if len(rest) > 8 {
		copy(tail[9:], rest[8:]) // the lowest byte of the third word is the length's
	}
	h.a += binary.LittleEndian.Uint32(tail[:])
	h.b += binary.LittleEndian.Uint32(tail[4:])
	h.c += binary.LittleEndian.Uint32(tail[8:])
	h.last()
	return uint64(h.b)<<32 | uint64(h.c)
}

// jenkins is the state of lookup3.
type jenkins struct{ a, b, c uint32 }

func (h *jenkins) mix() {
	step := func(x, y, z *uint32, n int) { *x -= *z; *x ^= bits.RotateLeft32(*z, n); *z += *y }
	step(&h.a, &h.b, &h.c, 4)
	step(&h.b, &h.c, &h.a, 6)
	step(&h.c, &h.a, &h.b, 8)
	step(&h.a, &h.b, &h.c, 16)
	step(&h.b, &h.c, &h.a, 19)
	step(&h.c, &h.a, &h.b, 4)
}

func (h *jenkins) last() {
	step := func(x, y *uint32, n int) { *x ^= *y; *x -= bits.RotateLeft32(*y, n) }
	step(&h.c, &h.b, 14)
	step(&h.a, &h.c, 11)
	step(&h.b, &h.a, 25)
	step(&h.c, &h.b, 16)
	step(&h.a, &h.c, 4)
	step(&h.b, &h.a, 14)
	step(&h.c, &h.b, 24)
}
