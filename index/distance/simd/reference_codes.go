package simd

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// refEncode is the meaning of Encode.
func refEncode(r []float32, n int, c Codebook, codes []byte) {
	d := c.M * c.Dsub
	for i := range n {
		for s := range c.M {
			sub := r[i*d+s*c.Dsub : i*d+(s+1)*c.Dsub]
			best, at := float32(math.MaxFloat32), 0
			for k := range c.Ksub {
				w := c.Words[(s*c.Ksub+k)*c.Dsub:]
				var dot float32
				for j, v := range sub {
					dot += v * w[j]
				}
				if dist := c.Norms[s*c.Ksub+k] - 2*dot; dist < best {
					best, at = dist, k
				}
			}
			codes[i*c.M+s] = byte(at)
		}
	}
}

// refDecodeDots is the meaning of DecodeDots.
func refDecodeDots(codes []byte, n int, c Codebook, r, centroids []float32, idx []int32, tmp, out []float32) {
	d := c.M * c.Dsub
	for i := range n {
		for s, code := range codes[i*c.M : (i+1)*c.M] {
			copy(tmp[s*c.Dsub:(s+1)*c.Dsub], c.Words[(s*c.Ksub+int(code))*c.Dsub:])
		}
		row, cen := r[i*d:(i+1)*d], centroids[int(idx[i])*d:int(idx[i]+1)*d]
		out[3*i] = refPair(Dot, row, tmp[:d])
		out[3*i+1] = refPair(Dot, cen, tmp[:d])
		out[3*i+2] = refPair(Dot, cen, row)
	}
}

// refLUT is the meaning of LUT.
func refLUT(q []float32, c Codebook, out []float32) {
	for s := range c.M {
		to := out[s*c.Ksub : (s+1)*c.Ksub]
		clear(to)
		for j := range c.Dsub {
			v := q[s*c.Dsub+j]
			for k, w := range c.Turned[(s*c.Dsub+j)*c.Ksub : (s*c.Dsub+j+1)*c.Ksub] {
				to[k] += v * w
			}
		}
	}
}

// refLUT8 is the meaning of LUT8.
func refLUT8(lut []float32, m, mpad int, out []byte) (scale, bias float32) {
	lows := make([]float32, m)
	var spread float32
	for s := range m {
		t := lut[s*16 : s*16+16]
		lo, hi := t[0], t[0]
		for _, v := range t {
			if v < lo {
				lo = v
			}
			if v > hi {
				hi = v
			}
		}
		lows[s] = lo
		bias += lo
		spread = max(spread, hi-lo)
	}
	clear(out[:mpad*16])
	if bias-bias != 0 {
		bias = 0
	}
	if !(spread > 0 && spread <= math.MaxFloat32) {
		return 0, bias
	}
	inv := 255 / spread
	for i := range m * 16 {
		if x := (lut[i]-lows[i/16])*inv + 0.5; x > 0 {
			out[i] = byte(min(x, 255))
		}
	}
	return spread / 255, bias
}

// mask clears the bits of a block's rows that f does not let through.
func (f *Filter) mask(idBase uint64, ids []byte, mask uint32, want bool) uint32 {
	if f.Bits == nil {
		return mask
	}
	var out uint32
	for rest := mask; rest != 0; rest &= rest - 1 {
		j := bits.TrailingZeros32(rest)
		i := idBase + uint64(binary.LittleEndian.Uint32(ids[4*j:])) - f.Base
		set := i < uint64(f.rows()) && f.Bits[i>>6]>>(i&63)&1 == 1
		if set == want {
			out |= 1 << j
		}
	}
	return out
}

// blockSum adds the table entries of a block's codes. lut is Layout: [m][16]byte.
func blockSum4(codes []byte, m int, lut []byte, sum *[BlockRows]float32) {
	var acc [BlockRows]uint32
	for s := range m {
		t := (*[16]byte)(lut[s*16:])
		for j, c := range (*[16]byte)(codes[s*16:]) {
			acc[j] += uint32(t[c&15])
			acc[j+16] += uint32(t[c>>4])
		}
	}
	for j, v := range acc {
		sum[j] = float32(v)
	}
}

// blockSum8 is blockSum4 for 8-bit codes. lut is Layout: [m][256]float32.
func blockSum8(codes []byte, m int, lut []float32, sum *[BlockRows]float32) {
	clear(sum[:])
	for s := range m {
		t := (*[256]float32)(lut[s*256:])
		for j, c := range (*[BlockRows]byte)(codes[s*BlockRows:]) {
			sum[j] += t[c]
		}
	}
}

// refScan is the meaning of Scan4 and Scan8: sums fills the table sums of the block whose codes it is
// given, and scale and bias turn them into inner products.
func refScan(p *Partitions, blockBytes int, scale, bias float32, pool *Pool,
	sums func(codes []byte, sum *[BlockRows]float32),
) {
	var sum [BlockRows]float32
	for i, off := range p.Offset {
		b := p.Slab[off:]
		for left := int(p.Rows[i]); left > 0; left -= BlockRows {
			mask := ^uint32(0)
			if left < BlockRows {
				mask = 1<<left - 1
			}
			mask = p.Keep.mask(p.IDBase, b, mask, true)
			mask = p.Drop.mask(p.IDBase, b, mask, false)
			if mask != 0 {
				sums(b[BlockHead:blockBytes], &sum)
				for j := range sum {
					sum[j] = scale*sum[j] + bias
				}
				pool.block(b, p.Base[i], mask, &sum, p.IDBase)
			}
			if left > BlockRows {
				b = b[blockBytes:]
			}
		}
	}
}

// block takes the rows of mask into the pool.
func (p *Pool) block(b []byte, base float32, mask uint32, dots *[BlockRows]float32, idBase uint64) {
	st := &p.state
	st.codes += int64(bits.OnesCount32(mask))
	for ; mask != 0; mask &= mask - 1 {
		j := bits.TrailingZeros32(mask)
		add := math.Float32frombits(binary.LittleEndian.Uint32(b[128+4*j:]))
		mul := math.Float32frombits(binary.LittleEndian.Uint32(b[256+4*j:]))
		e := base + add + mul*dots[j]
		if !(e < math.MaxFloat32) {
			e = math.MaxFloat32
		}
		if e < st.thr {
			p.Est[st.n] = e
			p.ID[st.n] = idBase + uint64(binary.LittleEndian.Uint32(b[4*j:]))
			st.n++
		}
	}
	if st.n >= st.cap {
		refSelect(p.Est[:st.n], p.ID[:st.n], int(st.keep))
		st.n = st.keep
		st.thr = p.Est[0]
		for _, e := range p.Est[1:st.n] {
			st.thr = max(st.thr, e)
		}
	}
}
