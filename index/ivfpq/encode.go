package ivfpq

import (
	"math"

	"github.com/vecdb/vecdb/index/distance"
	"github.com/vecdb/vecdb/index/distance/simd"
)

// soarLambda weighs how much a second partition should see a row from another side. 1 is the best of
// what was measured, and flat around it.
const soarLambda = 1

// encoder turns tiles of rows into entries. It is one goroutine's scratch.
type encoder struct {
	m       *Model
	gram    []float32 // from Model.gram
	stride  int
	x       []float32 // prepared rows. Layout: [tileRows][padded]float32
	zero    []bool    // rows without a direction
	r, r2   []float32 // residuals to the first and second partition
	dots    []float32 // <x, c>. Layout: [tileRows][stride]float32
	rdots   []float32 // <r, c>
	rx, rr  []float32
	val     []float32
	first   []int32
	second  []int32
	codes   []byte    // Layout: [tileRows][M]byte
	tmp     []float32 // a row
	triples []float32 // what DecodeDots gives
}

// gramMax bounds the centroids whose products with each other are kept while encoding, to 16 MB.
const gramMax = 2048

// gram returns the centroids' products with each other, nil where they are not wanted. Encoders share
// them. Layout: [nlist][stride]float32.
func (m *Model) gram() []float32 {
	if !m.double || m.nlist > gramMax {
		return nil
	}
	g := make([]float32, m.nlist*m.level.Stride(m.nlist))
	m.level.Dots(m.centroids, m.nlist, m.padded, m.packed, m.nlist, g)
	return g
}

func newEncoder(m *Model, gram []float32) *encoder {
	e := &encoder{m: m, gram: gram, stride: m.level.Stride(m.nlist)}
	e.x = make([]float32, tileRows*m.padded)
	e.r = make([]float32, tileRows*m.padded)
	e.dots = make([]float32, tileRows*e.stride)
	if m.double {
		e.r2 = make([]float32, tileRows*m.padded)
		e.rdots = make([]float32, tileRows*e.stride)
		e.second = make([]int32, tileRows)
	}
	e.zero = make([]bool, tileRows)
	e.rx, e.rr, e.val = make([]float32, tileRows), make([]float32, tileRows), make([]float32, tileRows)
	e.first = make([]int32, tileRows)
	e.codes = make([]byte, tileRows*m.book.M)
	e.tmp, e.triples = make([]float32, m.padded), make([]float32, 3*tileRows)
	return e
}

// assign finds the partitions of the first n rows of e.x, and their residuals.
func (e *encoder) assign(n int) {
	m := e.m
	m.level.Dots(e.x, n, m.padded, m.packed, m.nlist, e.dots)
	m.level.Argmin(e.dots, e.stride, m.cnorm, e.first[:n], e.val)
	m.level.SubRows(e.x, m.padded, m.centroids, e.first[:n], e.r)
	if !m.double {
		return
	}
	d := m.padded
	for i := range n {
		r := e.r[i*d : (i+1)*d]
		e.rx[i] = m.level.Pair(simd.Dot, r, e.x[i*d:(i+1)*d])
		e.rr[i] = m.level.Pair(simd.Dot, r, r)
	}
	if e.gram != nil {
		// <r, c> = <x, c> - <first, c>, and the latter is the same for all rows of a partition.
		m.level.SubRows(e.dots, e.stride, e.gram, e.first[:n], e.rdots)
	} else {
		m.level.Dots(e.r, n, d, m.packed, m.nlist, e.rdots)
	}
	m.level.Soar(simd.SoarInput{
		Dots: e.dots, RDots: e.rdots, Stride: e.stride, CNorm: m.cnorm,
		RX: e.rx, RR: e.rr, Lambda: soarLambda, First: e.first[:n],
	}, e.second[:n])
	m.level.SubRows(e.x, d, m.centroids, e.second[:n], e.r2)
}

// zeroAdd puts zero vectors, whose cosine distance is NaN, behind all others: squared distances of
// unit vectors are at most 4.
const zeroAdd = 8

// factors encodes residuals r to the partitions part into e.codes and returns for row i the add and
// mul of its estimate through put.
func (e *encoder) factors(r []float32, part []int32, n int, put func(i int, add, mul float32)) {
	m := e.m
	m.level.Encode(r, n, m.book, e.codes)
	m.level.DecodeDots(e.codes, n, m.book, r, m.centroids, part, e.tmp, e.triples)
	d := m.padded
	for i := range n {
		row := r[i*d : (i+1)*d]
		add, mul := m.factor(m.level.Pair(simd.Dot, row, row), e.triples[3*i], e.triples[3*i+1], e.triples[3*i+2])
		if e.zero[i] {
			add, mul = zeroAdd, 0
		}
		put(i, add, mul)
	}
}

// factor computes add and mul from rr = |r|^2, rd = <r, decoded>, cd = <c, decoded>, cr = <c, r>.
//
// <q-c, r> is estimated as s*<q-c, decoded> with s = rr/rd, which is right for q = x whatever the
// code lost. |q-x|^2 = |q-c|^2 + rr - 2<q-c, r>, and -<q, x> = -<q, c> - <q-c, r> - <c, r>.
func (m *Model) factor(rr, rd, cd, cr float32) (add, mul float32) {
	const stretchMax = 4 // a code nearly across its residual says little; do not amplify it
	s := float32(0)
	if rd > 0 {
		s = min(rr/rd, stretchMax)
	}
	if m.metric == distance.InnerProduct {
		add, mul = s*cd-cr, -s
	} else {
		add, mul = rr+2*s*cd, -2*s
	}
	if add-add != 0 || mul-mul != 0 {
		return math.MaxFloat32, 0 // not representable: last, but not lost
	}
	return add, mul
}

// packCode writes a row's codes as a run keeps them: two 4-bit codes a byte, or as they are.
func (m *Model) packCode(dst, codes []byte) {
	if m.bits == 8 {
		copy(dst, codes)
		return
	}
	for i := range dst {
		b := codes[2*i]
		if 2*i+1 < len(codes) {
			b |= codes[2*i+1] << 4
		}
		dst[i] = b
	}
}

// codeBytes is the size of what packCode writes.
func (m *Model) codeBytes() int {
	if m.bits == 8 {
		return m.book.M
	}
	return (m.book.M + 1) / 2
}
