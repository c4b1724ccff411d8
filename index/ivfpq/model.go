package ivfpq

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/index/distance"
	"github.com/vecdb/vecdb/index/distance/simd"
)

// Model is what all segments of an index share: partitions and codebook.
type Model struct {
	metric distance.Metric
	dims   int
	padded int // m*dsub, the length of prepared vectors
	nlist  int
	double bool // rows go to two partitions
	bits   int
	rows   int64 // that it was trained for
	seed   uint64

	mean      []float32 // Layout: [dims]float32
	centroids []float32 // of vectors less the mean. Layout: [nlist][padded]float32
	book      simd.Codebook

	// Derived, not stored.
	level  simd.Level
	cnorm  []float32 // squared norms of centroids
	packed []float32 // centroids for the matrix product
	print  Fingerprint

	// queries are sampled vectors for Calibrate, as given by the caller. Only a model fresh from
	// Train has them. Layout: [][dims]float32.
	queries []float32
}

// Fingerprint identifies a model by its content.
type Fingerprint [16]byte

// Metric returns the metric that the model was trained for.
func (m *Model) Metric() distance.Metric { return m.metric }

// Dims returns the number of dimensions of the indexed vectors.
func (m *Model) Dims() int { return m.dims }

// NumPartitions returns the number of partitions.
func (m *Model) NumPartitions() int { return m.nlist }

// NumSubVectors returns the number of sub-spaces.
func (m *Model) NumSubVectors() int { return m.book.M }

// NumBits returns the size of a code.
func (m *Model) NumBits() int { return m.bits }

// TrainedRows returns the number of rows that the model was trained for; when a table has grown to
// several times that, it is time to train again.
func (m *Model) TrainedRows() int64 { return m.rows }

// Fingerprint returns the model's identity.
func (m *Model) Fingerprint() Fingerprint { return m.print }

// String is one line for EXPLAIN and the log.
func (m *Model) String() string {
	return fmt.Sprintf("%v dims=%d partitions=%d sub_vectors=%d bits=%d", m.metric, m.dims, m.nlist, m.book.M, m.bits)
}

// codeSubs is the number of sub-spaces in a block, padding included.
func (m *Model) codeSubs() int {
	if m.bits == 4 {
		return simd.RoundUp4(m.book.M)
	}
	return m.book.M
}

// blockBytes is the size of a block of 32 entries.
func (m *Model) blockBytes() int {
	if m.bits == 4 {
		return simd.Block4Bytes(m.codeSubs())
	}
	return simd.Block8Bytes(m.codeSubs())
}

const (
	modelMagic   = "VDBIVFMD"
	modelVersion = 1
	modelHead    = 56
	flagDouble   = 1
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// MarshalBinary returns the model in the form of docs/format/ivfpq.md.
func (m *Model) MarshalBinary() ([]byte, error) {
	le := binary.LittleEndian
	floats := len(m.mean) + len(m.centroids) + len(m.book.Words)
	b := make([]byte, 0, modelHead+4*floats+4)
	b = append(b, modelMagic...)
	flags := uint32(0)
	if m.double {
		flags |= flagDouble
	}
	for _, v := range []uint32{
		modelVersion, uint32(m.metric), uint32(m.dims), uint32(m.nlist),
		uint32(m.book.M), uint32(m.book.Dsub), uint32(m.bits), flags,
	} {
		b = le.AppendUint32(b, v)
	}
	b = le.AppendUint64(b, uint64(m.rows))
	b = le.AppendUint64(b, m.seed)
	for _, part := range [][]float32{m.mean, m.centroids, m.book.Words} {
		for _, v := range part {
			b = le.AppendUint32(b, math.Float32bits(v))
		}
	}
	return le.AppendUint32(b, crc32.Checksum(b, castagnoli)), nil
}

// UnmarshalModel reads what MarshalBinary wrote. It keeps nothing of data.
func UnmarshalModel(data []byte) (*Model, error) {
	le := binary.LittleEndian
	if len(data) < modelHead+4 || string(data[:8]) != modelMagic {
		return nil, fmt.Errorf("read index model: %w", index.ErrCorrupt)
	}
	if v := le.Uint32(data[8:]); v > modelVersion {
		return nil, fmt.Errorf("read index model of version %d: %w", v, index.ErrVersion)
	}
	if sum := le.Uint32(data[len(data)-4:]); sum != crc32.Checksum(data[:len(data)-4], castagnoli) {
		return nil, fmt.Errorf("read index model: checksum: %w", index.ErrCorrupt)
	}
	m := &Model{
		metric: distance.Metric(le.Uint32(data[12:])), dims: int(le.Uint32(data[16:])),
		nlist: int(le.Uint32(data[20:])), bits: int(le.Uint32(data[32:])),
		double: le.Uint32(data[36:])&flagDouble != 0, rows: int64(le.Uint64(data[40:])), seed: le.Uint64(data[48:]),
	}
	m.book.M, m.book.Dsub = int(le.Uint32(data[24:])), int(le.Uint32(data[28:]))
	if err := m.checkShape(); err != nil {
		return nil, err
	}
	m.padded = m.book.M * m.book.Dsub
	m.book.Ksub = 1 << m.bits
	sizes := [3]int{m.dims, m.nlist * m.padded, m.padded * m.book.Ksub}
	if len(data) != modelHead+4*(sizes[0]+sizes[1]+sizes[2])+4 {
		return nil, fmt.Errorf("read index model: size: %w", index.ErrCorrupt)
	}
	rest := data[modelHead:]
	for i, to := range []*[]float32{&m.mean, &m.centroids, &m.book.Words} {
		*to = make([]float32, sizes[i])
		for j := range *to {
			(*to)[j] = math.Float32frombits(le.Uint32(rest[4*j:]))
		}
		rest = rest[4*sizes[i]:]
	}
	m.level = simd.Best()
	m.derive(data)
	return m, nil
}

// checkShape refuses counts that would not be written, before anything is allocated by them.
func (m *Model) checkShape() error {
	ok := m.dims >= 1 && m.dims <= DimsMax && m.nlist >= 1 && m.nlist <= PartitionsMax &&
		m.book.M >= 1 && m.book.M <= m.dims && m.book.Dsub >= 1 && m.book.Dsub <= simd.DsubMax &&
		m.book.M*m.book.Dsub >= m.dims && (m.bits == 4 || m.bits == 8) && m.metric <= distance.Cosine
	if !ok {
		return fmt.Errorf("read index model: shape: %w", index.ErrCorrupt)
	}
	return nil
}

// derive computes what is not stored, but for the level. data is the marshalled model.
func (m *Model) derive(data []byte) {
	m.book.Index()
	m.cnorm = norms(m.level, m.centroids, m.nlist, m.padded)
	m.packed = m.level.Pack(m.centroids, m.nlist, m.padded)
	sum := sha256.Sum256(data)
	copy(m.print[:], sum[:])
}

func norms(l simd.Level, x []float32, n, d int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = l.Pair(simd.Dot, x[i*d:i*d+d], x[i*d:i*d+d])
	}
	return out
}

// prepareRow writes a stored vector as it is indexed: normalised for cosine, less the mean, padded.
// It reports whether the row is a zero vector under cosine, which has no direction.
func (m *Model) prepareRow(dst, vec []float32) (zero bool) {
	scale := float32(1)
	if m.metric == distance.Cosine {
		scale, zero = m.unit(vec)
	}
	for i, v := range vec {
		dst[i] = v*scale - m.mean[i]
	}
	clear(dst[m.dims:m.padded])
	return zero
}

// prepareQuery is prepareRow for queries. An inner product needs the query as it is: taking the mean
// off the rows alone moves all products of one query by one constant.
func (m *Model) prepareQuery(dst, vec []float32) {
	if m.metric == distance.InnerProduct {
		copy(dst, vec)
		clear(dst[m.dims:m.padded])
		return
	}
	m.prepareRow(dst, vec)
}

// unit returns the factor that makes vec one long.
func (m *Model) unit(vec []float32) (scale float32, zero bool) {
	n := m.level.Pair(simd.Dot, vec, vec)
	if n > 0 && n <= math.MaxFloat32 {
		return float32(1 / math.Sqrt(float64(n))), false
	}
	// The square under- or overflows: once more in double precision.
	var s float64
	for _, v := range vec {
		s += float64(v) * float64(v)
	}
	if s == 0 {
		return 0, true
	}
	return float32(1 / math.Sqrt(s)), false
}
