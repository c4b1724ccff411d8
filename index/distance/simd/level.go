package simd

import "golang.org/x/sys/cpu"

// Level is an implementation of all kernels. Its methods are the kernels.
type Level uint8

const (
	// Reference is plain Go, the oracle of the tests. Best never chooses it.
	Reference Level = iota
	// Portable is C over four-lane vectors: SSE2 on any amd64, NEON on arm64.
	Portable
	// AVX2 needs AVX2 and FMA.
	AVX2
	// AVX512 needs AVX-512 F, BW, VL and DQ.
	AVX512
)

var levelNames = [...]string{"go", "portable", "avx2", "avx512"}

// String names the level as EXPLAIN and the log do.
func (l Level) String() string { return levelNames[l] }

// best is chosen once, before main.
var best = detect()

// Best returns the fastest level of this machine.
func Best() Level { return best }

// Levels returns every level that this machine can run, slowest first.
func Levels() []Level {
	all := make([]Level, 0, AVX512+1)
	for l := Reference; l <= best; l++ {
		all = append(all, l)
	}
	return all
}

func detect() Level {
	switch {
	case cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512DQ:
		return AVX512
	case cpu.X86.HasAVX2 && cpu.X86.HasFMA && cpu.X86.HasPOPCNT:
		return AVX2
	}
	return Portable
}

// Op is what Pair, Rows and Gather compute of two vectors.
type Op int32

const (
	// L2 is the squared Euclidean distance.
	L2 Op = iota
	// Dot is the inner product.
	Dot
	// L1 is the sum of absolute differences.
	L1
	// DotNorm is the inner product, and into the second output the row's squared norm.
	DotNorm
)

// BlockRows is how many rows one block of codes holds.
const BlockRows = 32

// BlockHead is the size in bytes of a block before its codes.
// Layout: [32]uint32 local ids, [32]float32 add, [32]float32 mul.
const BlockHead = 3 * 4 * BlockRows

// Block4Bytes is the size of a block of 4-bit codes of m sub-spaces, m a multiple of 4.
// Layout of the codes: [m][16]byte; byte j holds row j's code below and row j+16's above.
func Block4Bytes(m int) int { return BlockHead + m*16 }

// Block8Bytes is the size of a block of 8-bit codes. Layout of the codes: [m][32]byte.
func Block8Bytes(m int) int { return BlockHead + m*BlockRows }

// DsubMax is the greatest number of dimensions in a sub-space that Encode takes.
const DsubMax = 64

// Pool keeps the smallest estimates met by scans. Its slices have room for a block beyond cap.
// Several scans may fill one pool. The zero Pool is made ready by Reset.
type Pool struct {
	state poolState
	Est   []float32 // estimates, the first Len() of them valid
	ID    []uint64  // row ids beside Est
}

// poolState mirrors vdb_pool in kernels.h.
type poolState struct {
	thr          float32
	n, keep, cap int32
	codes        int64
}

// KeepMax bounds what a pool keeps, so that its counters do not overflow.
const KeepMax = 1 << 28

// Reset empties the pool and lets it keep the smallest estimates, at least 1 and at most KeepMax.
func (p *Pool) Reset(keep int) {
	keep = min(max(keep, 1), KeepMax)
	room := 2*keep + 2*BlockRows
	if len(p.Est) < room+BlockRows {
		p.Est = make([]float32, room+BlockRows)
		p.ID = make([]uint64, room+BlockRows)
	}
	p.state = poolState{thr: inf, keep: int32(keep), cap: int32(room)}
}

// Len returns how many estimates the pool holds, which may be more than it was told to keep.
func (p *Pool) Len() int { return int(p.state.n) }

// Codes returns how many rows have been estimated since Reset.
func (p *Pool) Codes() int { return int(p.state.codes) }

// Threshold returns the estimate from which rows are turned away.
func (p *Pool) Threshold() float32 { return p.state.thr }

// Filter is a bitmap over row ids for a scan: bit i of Bits is row Base+i. Bits nil is no filter.
type Filter struct {
	Bits []uint64
	Base uint64
}

// rows is the number of ids the bitmap speaks for.
func (f *Filter) rows() int64 { return int64(len(f.Bits)) * 64 }

// Partitions is what a scan reads: ranges of one slab, each with the distance that all its rows'
// estimates start from. The three slices are of one length.
type Partitions struct {
	Slab   []byte
	Offset []int64   // of the first block, in bytes
	Rows   []int32   // rows in the partition; its last block may be partly filled
	Base   []float32 // |q-c|^2 or what the metric has instead
	IDBase uint64    // added to the blocks' local ids
	Keep   Filter    // rows to consider
	Drop   Filter    // rows to leave out
}

// check panics when a partition does not lie within the slab: C would read on.
func (p *Partitions) check(blockBytes int) {
	rows, base := p.Rows[:len(p.Offset)], p.Base[:len(p.Offset)]
	for i, off := range p.Offset {
		blocks := (int64(rows[i]) + BlockRows - 1) / BlockRows
		_, _ = p.Slab[off:off+blocks*int64(blockBytes)], base[i]
	}
}
