package simd_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/index/distance/simd"
)

var lengths = []int{0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 100, 127, 129, 255, 384, 511, 768, 1537}

func floats(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// near tells whether two sums of n terms agree, given the size of the terms' sum of magnitudes.
func near(got, want, magnitude float32) bool {
	if math.IsNaN(float64(want)) || math.IsNaN(float64(got)) {
		return math.IsNaN(float64(want)) == math.IsNaN(float64(got))
	}
	return got == want || math.Abs(float64(got-want)) <= 1e-5*float64(magnitude)+1e-30
}

func magnitude(a, b []float32) float32 {
	var s float64
	for i := range a {
		s += math.Abs(float64(a[i])) + math.Abs(float64(b[i])) + math.Abs(float64(a[i])*float64(b[i])) +
			float64(a[i])*float64(a[i]) + float64(b[i])*float64(b[i])
	}
	return float32(s)
}

var ops = []simd.Op{simd.L2, simd.Dot, simd.L1, simd.DotNorm}

func TestPairRowsGather(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, l := range simd.Levels() {
		for _, d := range lengths {
			const n = 7
			q, rows := floats(r, d), floats(r, n*d)
			offsets := make([]int64, n)
			for i := range offsets {
				offsets[i] = int64((n - 1 - i) * d)
			}
			for _, op := range ops {
				out, out2 := make([]float32, n), make([]float32, n)
				gat, gat2 := make([]float32, n), make([]float32, n)
				l.Rows(op, q, rows, out, out2)
				l.Gather(op, q, rows, offsets, gat, gat2)
				for i := range n {
					x := rows[i*d : i*d+d]
					pairOp := op
					if op == simd.DotNorm {
						pairOp = simd.Dot
					}
					want := simd.Reference.Pair(pairOp, q, x)
					if !near(out[i], want, magnitude(q, x)) {
						t.Fatalf("%v d=%d op=%d: %g, want %g", l, d, op, out[i], want)
					}
					if one := l.Pair(pairOp, q, x); one != out[i] || gat[n-1-i] != out[i] || gat2[n-1-i] != out2[i] {
						t.Fatalf("%v d=%d op=%d: pair %g, rows %g, gather %g differ", l, d, op, one, out[i], gat[n-1-i])
					}
					if op == simd.DotNorm && !near(out2[i], simd.Reference.Pair(simd.Dot, x, x), magnitude(x, x)) {
						t.Fatalf("%v d=%d: norm %g", l, d, out2[i])
					}
				}
			}
		}
	}
}

func TestSpecialValues(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, l := range simd.Levels() {
		for _, d := range []int{1, 5, 16, 33, 100} {
			for _, special := range []float32{0, nan, inf, -inf, math.MaxFloat32, math.SmallestNonzeroFloat32} {
				for _, at := range []int{0, d / 2, d - 1} {
					a, b := make([]float32, d), make([]float32, d)
					a[at] = special
					for _, op := range ops[:3] {
						if got, want := l.Pair(op, a, b), simd.Reference.Pair(op, a, b); !near(got, want, 0) {
							t.Fatalf("%v d=%d op=%d %g at %d: %g, want %g", l, d, op, special, at, got, want)
						}
					}
				}
			}
		}
	}
}

func FuzzPair(f *testing.F) {
	f.Add([]byte("0123456789abcdef0123456789abcdef"))
	f.Add(make([]byte, 8*65))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := len(data) / 8
		a, b := make([]float32, d), make([]float32, d)
		for i := range d {
			// Finite and of moderate size: a sum's order must not decide between infinite and finite.
			a[i] = float32(int32(binary.LittleEndian.Uint32(data[8*i:]))) / (1 << 20)
			b[i] = float32(int32(binary.LittleEndian.Uint32(data[8*i+4:]))) / (1 << 20)
		}
		for _, l := range simd.Levels() {
			for _, op := range ops[:3] {
				if got, want := l.Pair(op, a, b), simd.Reference.Pair(op, a, b); !near(got, want, magnitude(a, b)) {
					t.Fatalf("%v op=%d: %g, want %g", l, op, got, want)
				}
			}
		}
	})
}

func TestDotsArgminSoar(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, l := range simd.Levels() {
		for _, d := range []int{1, 3, 16, 33, 100} {
			for _, k := range []int{1, 2, 7, 16, 47, 48, 49, 100} {
				for _, n := range []int{1, 5, 8, 13} {
					x, c := floats(r, n*d), floats(r, k*d)
					checkAssign(t, l, x, c, n, k, d)
				}
			}
		}
	}
}

func checkAssign(t *testing.T, l simd.Level, x, c []float32, n, k, d int) {
	t.Helper()
	stride := l.Stride(k)
	dots, rdots := make([]float32, n*stride), make([]float32, n*stride)
	packed := l.Pack(c, k, d)
	l.Dots(x, n, d, packed, k, dots)
	for i := range n {
		for j := range k {
			a, b := x[i*d:i*d+d], c[j*d:j*d+d]
			if want := simd.Reference.Pair(simd.Dot, a, b); !near(dots[i*stride+j], want, magnitude(a, b)) {
				t.Fatalf("%v n=%d k=%d d=%d: dots[%d,%d] %g, want %g", l, n, k, d, i, j, dots[i*stride+j], want)
			}
		}
	}
	cnorm := make([]float32, k)
	for j := range cnorm {
		cnorm[j] = simd.Reference.Pair(simd.Dot, c[j*d:j*d+d], c[j*d:j*d+d])
	}
	idx, val := make([]int32, n), make([]float32, n)
	widx, wval := make([]int32, n), make([]float32, n)
	l.Argmin(dots, stride, cnorm, idx, val)
	simd.Reference.Argmin(dots, stride, cnorm, widx, wval)
	if !slices.Equal(idx, widx) {
		t.Fatalf("%v n=%d k=%d d=%d: argmin %v, want %v", l, n, k, d, idx, widx)
	}
	if k < 2 {
		return
	}
	res, rx, rr := make([]float32, n*d), make([]float32, n), make([]float32, n)
	for i := range n {
		for j := range d {
			res[i*d+j] = x[i*d+j] - c[int(idx[i])*d+j]
		}
		rx[i] = simd.Reference.Pair(simd.Dot, res[i*d:i*d+d], x[i*d:i*d+d])
		rr[i] = simd.Reference.Pair(simd.Dot, res[i*d:i*d+d], res[i*d:i*d+d])
	}
	l.Dots(res, n, d, packed, k, rdots)
	in := simd.SoarInput{Dots: dots, RDots: rdots, Stride: stride, CNorm: cnorm, RX: rx, RR: rr, Lambda: 1, First: idx}
	second, want := make([]int32, n), make([]int32, n)
	l.Soar(in, second)
	simd.Reference.Soar(in, want)
	for i := range second {
		if second[i] == idx[i] || second[i] < 0 || int(second[i]) >= k {
			t.Fatalf("%v: second choice %d after %d of %d", l, second[i], idx[i], k)
		}
	}
	if d > 1 && !slices.Equal(second, want) {
		t.Fatalf("%v n=%d k=%d d=%d: soar %v, want %v", l, n, k, d, second, want)
	}
}

func TestArgminNaN(t *testing.T) {
	nan := float32(math.NaN())
	for _, l := range simd.Levels() {
		for _, k := range []int{1, 5, 16, 40} {
			stride := l.Stride(k)
			dots, cnorm := make([]float32, stride), make([]float32, k)
			for i := range dots {
				dots[i] = nan
			}
			idx, val := []int32{-1}, []float32{0}
			l.Argmin(dots, stride, cnorm, idx, val)
			if idx[0] < 0 || int(idx[0]) >= k {
				t.Fatalf("%v k=%d: %d", l, k, idx[0])
			}
			dots[k-1] = 1
			if l.Argmin(dots, stride, cnorm, idx, val); int(idx[0]) != k-1 {
				t.Fatalf("%v k=%d: NaN wins over a number: %d", l, k, idx[0])
			}
		}
	}
}

func book(r *rand.Rand, m, dsub, ksub int) simd.Codebook {
	c := simd.Codebook{M: m, Dsub: dsub, Ksub: ksub, Words: floats(r, m*dsub*ksub)}
	c.Index()
	return c
}

func TestEncodeLUT(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, l := range simd.Levels() {
		for _, ksub := range []int{16, 256} {
			for _, m := range []int{1, 3, 8, 37} {
				for _, dsub := range []int{1, 2, 4, 7} {
					const n = 19
					c, d := book(r, m, dsub, ksub), m*dsub
					x := floats(r, n*d)
					codes, want := make([]byte, n*m), make([]byte, n*m)
					l.Encode(x, n, c, codes)
					simd.Reference.Encode(x, n, c, want)
					if !slices.Equal(codes, want) {
						t.Fatalf("%v ksub=%d m=%d dsub=%d: codes differ", l, ksub, m, dsub)
					}
					cen, idx := floats(r, 3*d), make([]int32, n)
					for i := range idx {
						idx[i] = int32(i % 3)
					}
					out, wout, tmp := make([]float32, 3*n), make([]float32, 3*n), make([]float32, d)
					l.DecodeDots(codes, n, c, x, cen, idx, tmp, out)
					simd.Reference.DecodeDots(codes, n, c, x, cen, idx, tmp, wout)
					lut, wlut := make([]float32, m*ksub), make([]float32, m*ksub)
					l.LUT(x[:d], c, lut)
					simd.Reference.LUT(x[:d], c, wlut)
					for i := range out {
						if !near(out[i], wout[i], 100*float32(d)) {
							t.Fatalf("%v: decode %g, want %g", l, out[i], wout[i])
						}
					}
					for i := range lut {
						if !near(lut[i], wlut[i], 100) {
							t.Fatalf("%v: lut %g, want %g", l, lut[i], wlut[i])
						}
					}
				}
			}
		}
	}
}

func TestLUT8(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	f := func(lut []float32, m int) {
		t.Helper()
		mpad := simd.RoundUp4(m)
		want := make([]byte, mpad*16)
		ws, wb := simd.Reference.LUT8(lut, m, mpad, want)
		for _, l := range simd.Levels() {
			got := make([]byte, mpad*16)
			s, b := l.LUT8(lut, m, mpad, got)
			if !near(s, ws, ws) || !near(b, wb, float32(m)*10) {
				t.Fatalf("%v m=%d: scale %g bias %g, want %g %g", l, m, s, b, ws, wb)
			}
			for i := range got {
				if d := int(got[i]) - int(want[i]); d < -1 || d > 1 {
					t.Fatalf("%v m=%d: entry %d is %d, want %d", l, m, i, got[i], want[i])
				}
			}
		}
	}
	for _, m := range []int{1, 2, 5, 96, 257} {
		f(floats(r, m*16), m)
	}
	f(make([]float32, 32), 2)
	bad := make([]float32, 32)
	bad[7] = float32(math.Inf(1))
	f(bad, 2)
}

// slab makes partitions of the given sizes with random contents, and local ids counting up.
func slab(r *rand.Rand, blockBytes int, sizes []int32) *simd.Partitions {
	p := &simd.Partitions{Rows: sizes, IDBase: 1000}
	id := uint32(0)
	for range sizes {
		p.Base = append(p.Base, float32(r.NormFloat64()))
	}
	for _, n := range sizes {
		p.Offset = append(p.Offset, int64(len(p.Slab)))
		for at := int32(0); at < n; at += simd.BlockRows {
			b := make([]byte, blockBytes)
			for i := 384; i < blockBytes; i++ {
				b[i] = byte(r.Uint32())
			}
			for j := range simd.BlockRows {
				binary.LittleEndian.PutUint32(b[4*j:], id)
				id++
				binary.LittleEndian.PutUint32(b[128+4*j:], math.Float32bits(float32(r.NormFloat64())))
				binary.LittleEndian.PutUint32(b[256+4*j:], math.Float32bits(float32(r.NormFloat64())))
			}
			if at == 0 && len(p.Slab) == 0 { // a row whose estimate is not a number must not be lost
				binary.LittleEndian.PutUint32(b[128:], math.Float32bits(float32(math.NaN())))
			}
			p.Slab = append(p.Slab, b...)
		}
	}
	return p
}

// pooled lists the kept rows, nearest first.
func pooled(l simd.Level, p *simd.Pool, keep int) (est []float32, id []uint64) {
	n := p.Len()
	l.Select(p.Est[:n], p.ID[:n], keep)
	n = min(n, keep)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if p.Est[a] != p.Est[b] {
			return int(math.Copysign(1, float64(p.Est[a]-p.Est[b])))
		}
		return int(int64(p.ID[a]) - int64(p.ID[b]))
	})
	for _, o := range order {
		est, id = append(est, p.Est[o]), append(id, p.ID[o])
	}
	return est, id
}

func filters(r *rand.Rand) map[string]simd.Filter {
	words := func(n int, and uint64) []uint64 {
		w := make([]uint64, n)
		for i := range w {
			w[i] = r.Uint64() & and
		}
		return w
	}
	return map[string]simd.Filter{
		"none":  {},
		"half":  {Bits: words(40, ^uint64(0)), Base: 900},
		"above": {Bits: words(5, ^uint64(0)), Base: 1100},
		"few":   {Bits: words(40, 1<<17), Base: 0},
		"empty": {Bits: make([]uint64, 40), Base: 1000},
	}
}

func TestScan(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	sizes := []int32{45, 0, 1, 32, 33, 500}
	for _, m := range []int{4, 8, 96, 252, 256, 260, 516} {
		p4, p8 := slab(r, simd.Block4Bytes(m), sizes), slab(r, simd.Block8Bytes(m), sizes)
		lut8 := make([]byte, m*16)
		for i := range lut8 {
			lut8[i] = byte(r.Uint32())
		}
		lut := floats(r, m*256)
		all := filters(r)
		for name, keep := range all {
			for dropName, drop := range all {
				p4.Keep, p4.Drop, p8.Keep, p8.Drop = keep, drop, keep, drop
				what := fmt.Sprintf("m=%d keep=%s drop=%s", m, name, dropName)
				compareScans(t, what, func(l simd.Level, pool *simd.Pool) {
					l.Scan4(p4, m, lut8, 0.01, -3, pool)
				})
				compareScans(t, what+" 8 bits", func(l simd.Level, pool *simd.Pool) {
					l.Scan8(p8, m, lut, pool)
				})
			}
		}
	}
}

func compareScans(t *testing.T, what string, scan func(l simd.Level, pool *simd.Pool)) {
	t.Helper()
	for _, keep := range []int{1, 20, 5000} {
		var want simd.Pool
		want.Reset(keep)
		scan(simd.Reference, &want)
		wantEst, wantID := pooled(simd.Reference, &want, keep)
		for _, l := range simd.Levels() {
			var pool simd.Pool
			pool.Reset(keep)
			scan(l, &pool)
			est, id := pooled(l, &pool, keep)
			if pool.Codes() != want.Codes() || len(est) != len(wantEst) {
				t.Fatalf("%v %s: %d codes, %d rows; want %d, %d", l, what, pool.Codes(), len(est), want.Codes(), len(wantEst))
			}
			for i := range est {
				if !near(est[i], wantEst[i], 1000) {
					t.Fatalf("%v %s: %d: %g, want %g", l, what, i, est[i], wantEst[i])
				}
			}
			if keep == 5000 {
				slices.Sort(id)
				sorted := slices.Sorted(slices.Values(wantID))
				if !slices.Equal(id, sorted) {
					t.Fatalf("%v %s: rows differ", l, what)
				}
			}
		}
	}
}

func TestScanOutsideSlabPanics(t *testing.T) {
	for _, l := range simd.Levels() {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%v: a partition beyond the slab is read", l)
				}
			}()
			var pool simd.Pool
			pool.Reset(1)
			l.Scan4(&simd.Partitions{Slab: make([]byte, 100), Offset: []int64{0}, Rows: []int32{1}, Base: []float32{0}}, 4,
				make([]byte, 64), 1, 0, &pool)
		}()
	}
}

func TestSelectNearest(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, l := range simd.Levels() {
		for _, n := range []int{1, 2, 3, 10, 100, 1000} {
			for _, distinct := range []int{1, 3, 1 << 30} {
				dist := make([]float32, n)
				for i := range dist {
					dist[i] = float32(r.IntN(distinct))
				}
				if n > 5 {
					dist[3] = float32(math.NaN())
				}
				for _, keep := range []int{1, n / 2, n, n + 5} {
					checkNearest(t, l, dist, max(keep, 1))
				}
			}
		}
	}
}

func checkNearest(t *testing.T, l simd.Level, dist []float32, keep int) {
	t.Helper()
	n := len(dist)
	est, id := make([]float32, n), make([]uint64, n)
	l.Nearest(dist, keep, est, id)
	sorted := slices.Clone(dist)
	for i, v := range sorted {
		if v != v {
			sorted[i] = math.MaxFloat32
		}
	}
	slices.Sort(sorted)
	for i := range min(keep, n) {
		if est[i] != sorted[i] {
			t.Fatalf("%v n=%d keep=%d: %d-th is %g, want %g", l, n, keep, i, est[i], sorted[i])
		}
		if v := dist[id[i]]; v == v && v != est[i] {
			t.Fatalf("%v: id %d has %g, not %g", l, id[i], v, est[i])
		}
	}
}

func TestSubRows(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	for _, l := range simd.Levels() {
		for _, d := range []int{1, 16, 37} {
			x, table, idx := floats(r, 5*d), floats(r, 3*d), []int32{0, 2, 1, 2, 0}
			got, want := make([]float32, 5*d), make([]float32, 5*d)
			l.SubRows(x, d, table, idx, got)
			simd.Reference.SubRows(x, d, table, idx, want)
			if !slices.Equal(got, want) {
				t.Fatalf("%v d=%d: %v, want %v", l, d, got, want)
			}
		}
	}
}

func TestScatterAdd(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for _, l := range simd.Levels() {
		for _, d := range []int{1, 16, 37} {
			x, idx := floats(r, 5*d), []int32{0, 2, -1, 2, 0}
			got, want := make([]float32, 3*d), make([]float32, 3*d)
			l.ScatterAdd(x, d, idx, got)
			simd.Reference.ScatterAdd(x, d, idx, want)
			if !slices.Equal(got, want) {
				t.Fatalf("%v d=%d: %v, want %v", l, d, got, want)
			}
		}
	}
}

func BenchmarkRows(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	const n, d = 512, 384
	q, x, out := floats(r, d), floats(r, n*d), make([]float32, n)
	for _, l := range simd.Levels() {
		b.Run(l.String(), func(b *testing.B) {
			for b.Loop() {
				l.Rows(simd.L2, q, x, out, nil)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/vec")
		})
	}
}

func BenchmarkScan4(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	const m = 96
	p := slab(r, simd.Block4Bytes(m), []int32{1000, 1000, 1000, 1000})
	lut := make([]byte, m*16)
	for i := range lut {
		lut[i] = byte(r.Uint32())
	}
	for _, l := range simd.Levels() {
		b.Run(l.String(), func(b *testing.B) {
			var pool simd.Pool
			for b.Loop() {
				pool.Reset(80)
				l.Scan4(p, m, lut, 0.01, 0, &pool)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/4000, "ns/vec")
		})
	}
}

func BenchmarkDots(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	const n, d, k = 64, 384, 512
	x, c := floats(r, n*d), floats(r, k*d)
	for _, l := range simd.Levels() {
		b.Run(l.String(), func(b *testing.B) {
			packed, out := l.Pack(c, k, d), make([]float32, n*l.Stride(k))
			for b.Loop() {
				l.Dots(x, n, d, packed, k, out)
			}
			b.ReportMetric(2*n*d*k*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	const n = 64
	x := floats(r, n*384)
	for _, ksub := range []int{16, 256} {
		c := book(r, 96, 4, 16)
		if ksub == 256 {
			c = book(r, 48, 8, 256)
		}
		codes := make([]byte, n*c.M)
		for _, l := range simd.Levels() {
			b.Run(fmt.Sprintf("ksub=%d/%v", ksub, l), func(b *testing.B) {
				for b.Loop() {
					l.Encode(x, n, c, codes)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/vec")
			})
		}
	}
}
