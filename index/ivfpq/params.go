package ivfpq

import (
	"errors"
	"fmt"
	"math"
	"runtime"

	"github.com/vecdb/vecdb/index/distance"
	"github.com/vecdb/vecdb/index/distance/simd"
)

// Limits of what an index takes.
const (
	// DimsMax is pgvector's limit on a vector's dimensions, too.
	DimsMax = 16000
	// PartitionsMax keeps the table of centroids, which every search reads, within reason.
	PartitionsMax = 1 << 16
	// iterationsMax bounds training time whatever is asked for.
	iterationsMax = 100
)

// ErrParams says that a parameter is out of range; the text says which.
var ErrParams = errors.New("index parameter out of range")

// Params is what a user or a test can choose for an index. The zero value works: L2, everything else
// from the number of rows.
type Params struct {
	// Metric is L2, InnerProduct or Cosine.
	Metric distance.Metric
	// NumPartitions is the number of k-means partitions, at most PartitionsMax and at most the rows
	// there are to train from. Default 1.5*sqrt(rows), but 16 rows each: a probe then reads some
	// tens of kB, and finding the nearest partitions costs about as much as scanning them.
	NumPartitions int
	// NumSubVectors is the number of sub-spaces, at most the dimensions, and at least a 64th of them.
	// Default: sub-spaces of 3 dimensions for 4-bit codes, 6 for 8-bit codes; less up to 64
	// dimensions, where codes are small anyway.
	NumSubVectors int
	// NumBits is the size of a code, 4 (default) or 8. 4-bit codes scan ten times as fast; 8-bit codes
	// of as many bytes estimate a little better.
	NumBits int
	// SingleAssignment puts each row into one partition only. It halves the file and costs three to
	// four times the probes at equal recall. Default false; always so below 16 partitions.
	SingleAssignment bool
	// Seed makes training repeatable on one machine.
	Seed uint64
	// Iterations is the number of rounds of k-means. Default 8: more adds less than 0.002 recall.
	Iterations int
	// SampleBytesMax bounds the training sample's memory in bytes, except that there are 32 rows per
	// partition. Default 64 MB.
	SampleBytesMax int
	// Workers is the number of goroutines that train and encode. Default GOMAXPROCS.
	Workers int

	kernels func() simd.Level // nil, but in tests
}

// Resolve checks p and fills in defaults for an index of rows vectors with dims dimensions.
func (p Params) Resolve(dims, rows int) (Params, error) {
	if dims < 1 || dims > DimsMax {
		return p, fmt.Errorf("%w: %d dimensions, must be 1 to %d", ErrParams, dims, DimsMax)
	}
	switch p.Metric {
	case distance.L2, distance.InnerProduct, distance.Cosine:
	default:
		return p, fmt.Errorf("%w: metric %v", ErrParams, p.Metric)
	}
	for _, c := range []struct {
		name       string
		value, max int
	}{
		{"num_partitions", p.NumPartitions, PartitionsMax},
		{"num_sub_vectors", p.NumSubVectors, dims},
		{"iterations", p.Iterations, iterationsMax},
	} {
		if c.value < 0 || c.value > c.max {
			return p, fmt.Errorf("%w: %s is %d, must be 1 to %d", ErrParams, c.name, c.value, c.max)
		}
	}
	if p.NumBits == 0 {
		p.NumBits = 4
	}
	if p.NumBits != 4 && p.NumBits != 8 {
		return p, fmt.Errorf("%w: num_bits is %d, must be 4 or 8", ErrParams, p.NumBits)
	}
	if p.NumSubVectors == 0 {
		dsub := subDims(dims, p.NumBits)
		p.NumSubVectors = (dims + dsub - 1) / dsub
	}
	if (dims+p.NumSubVectors-1)/p.NumSubVectors > simd.DsubMax {
		return p, fmt.Errorf("%w: num_sub_vectors is %d, must be at least %d for %d dimensions",
			ErrParams, p.NumSubVectors, (dims+simd.DsubMax-1)/simd.DsubMax, dims)
	}
	if p.NumPartitions == 0 {
		p.NumPartitions = min(int(1.5*math.Sqrt(float64(rows))), rows/16, PartitionsMax)
	}
	p.NumPartitions = max(min(p.NumPartitions, rows), 1)
	if p.NumPartitions < 16 {
		p.SingleAssignment = true
	}
	if p.Iterations == 0 {
		p.Iterations = 8
	}
	if p.SampleBytesMax <= 0 {
		p.SampleBytesMax = 64 << 20
	}
	if p.Workers <= 0 {
		p.Workers = runtime.GOMAXPROCS(0)
	}
	return p, nil
}

// subDims is the default number of dimensions of a sub-space: 4 bits for 3 dimensions, or 8 for 6. 4
// and 8 dimensions read a quarter less and need more candidates refined; on data that is not
// normalised that costs more than it saves.
func subDims(dims, bits int) int {
	switch {
	case dims <= 16:
		return 1
	case dims <= 64:
		return bits / 4 * 2
	}
	return bits / 4 * 3
}

// SampleRows returns how many of rows vectors Train wants to see, chosen evenly or at random.
func (p Params) SampleRows(dims, rows int) (int, error) {
	r, err := p.Resolve(dims, rows)
	if err != nil {
		return 0, err
	}
	most := max(128*r.NumPartitions, 4096)
	fit := max(r.SampleBytesMax/(4*dims), 32*r.NumPartitions)
	return min(rows, most, fit), nil
}

// Sizes predicts what a segment of rows vectors takes in bytes: its file, and the temporary files that lie beside
// it while it is written when the entries do not fit into memory bytes.
func (p Params) Sizes(dims, rows, memory int) (file, temp int64, err error) {
	r, err := p.Resolve(dims, rows)
	if err != nil {
		return 0, 0, err
	}
	m := Model{bits: r.NumBits, double: !r.SingleAssignment}
	m.book.M = r.NumSubVectors
	file = int64(rows) * int64(m.copies()) * int64(recordHead+m.codeBytes())
	if file > int64(memory) {
		temp = file
	}
	return file, temp, nil
}

// Phase is a step of a build, for progress reports.
type Phase string

// The phases of a build, in order. Their units are iterations, rows, and partitions.
const (
	PhaseTrain     Phase = "training"
	PhaseEncode    Phase = "encoding"
	PhaseMerge     Phase = "writing"
	PhaseCalibrate Phase = "measuring recall"
)

// Progress is told how far a phase is. It is called from one goroutine at a time, often.
type Progress func(phase Phase, done, total int64)

func (p Progress) report(phase Phase, done, total int64) {
	if p != nil {
		p(phase, done, total)
	}
}
