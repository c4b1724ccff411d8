package simd

/*
#cgo CFLAGS: -O3 -std=gnu11 -Wno-psabi
#cgo noescape vdb_pair
#cgo nocallback vdb_pair
#cgo noescape vdb_rows
#cgo nocallback vdb_rows
#cgo noescape vdb_gather
#cgo nocallback vdb_gather
#cgo noescape vdb_panel
#cgo nocallback vdb_panel
#cgo noescape vdb_dots
#cgo nocallback vdb_dots
#cgo noescape vdb_argmin
#cgo nocallback vdb_argmin
#cgo noescape vdb_soar
#cgo nocallback vdb_soar
#cgo noescape vdb_scatter_add
#cgo nocallback vdb_scatter_add
#cgo noescape vdb_sub_rows
#cgo nocallback vdb_sub_rows
#cgo noescape vdb_encode
#cgo nocallback vdb_encode
#cgo noescape vdb_decode_dots
#cgo nocallback vdb_decode_dots
#cgo noescape vdb_lut
#cgo nocallback vdb_lut
#cgo noescape vdb_lut_u8
#cgo nocallback vdb_lut_u8
#cgo noescape vdb_scan4
#cgo nocallback vdb_scan4
#cgo noescape vdb_scan8
#cgo nocallback vdb_scan8
#cgo noescape vdb_select
#cgo nocallback vdb_select
#cgo noescape vdb_nearest
#cgo nocallback vdb_nearest
#include "kernels.h"
*/
import "C"

import "unsafe"

func f32(x []float32) *C.float   { return (*C.float)(unsafe.SliceData(x)) }
func i32(x []int32) *C.int32_t   { return (*C.int32_t)(unsafe.SliceData(x)) }
func i64(x []int64) *C.int64_t   { return (*C.int64_t)(unsafe.SliceData(x)) }
func u64(x []uint64) *C.uint64_t { return (*C.uint64_t)(unsafe.SliceData(x)) }
func u8(x []byte) *C.uint8_t     { return (*C.uint8_t)(unsafe.SliceData(x)) }

func cPanel(l Level) int { return int(C.vdb_panel(C.int(l))) }

// Pair computes op (not DotNorm) of a and b, which are of one length.
func (l Level) Pair(op Op, a, b []float32) float32 {
	if l == Reference {
		return refPair(op, a, b)
	}
	return float32(C.vdb_pair(C.int(l), C.int(op), f32(a), f32(b[:len(a)]), C.int64_t(len(a))))
}

// Rows computes op of q with len(out) rows that lie one after the other. out2, of the same length, is
// written by DotNorm alone and may else be nil.
func (l Level) Rows(op Op, q, rows, out, out2 []float32) {
	d := len(q)
	rows = rows[:d*len(out)]
	if op == DotNorm {
		out2 = out2[:len(out)]
	}
	if l == Reference {
		for i := range out {
			refRow(op, q, rows[i*d:i*d+d], i, out, out2)
		}
		return
	}
	C.vdb_rows(C.int(l), C.int(op), f32(q), f32(rows), C.int64_t(len(out)), C.int64_t(d), f32(out), f32(out2))
}

// Gather computes op of q with the rows that start at offsets (in floats) of slab.
func (l Level) Gather(op Op, q, slab []float32, offsets []int64, out, out2 []float32) {
	d := len(q)
	out = out[:len(offsets)]
	if op == DotNorm {
		out2 = out2[:len(offsets)]
	}
	for _, o := range offsets {
		_ = slab[o : o+int64(d)]
	}
	if l == Reference {
		for i, o := range offsets {
			refRow(op, q, slab[o:o+int64(d)], i, out, out2)
		}
		return
	}
	C.vdb_gather(C.int(l), C.int(op), f32(q), f32(slab), i64(offsets), C.int64_t(len(offsets)),
		C.int64_t(d), f32(out), f32(out2))
}

// Dots multiplies n rows of x (Layout: [n][d]float32) with k columns laid out by Pack. Row r of the
// product starts at out[r*Stride(k)]; columns from k on are zero.
func (l Level) Dots(x []float32, n, d int, packed []float32, k int, out []float32) {
	ldo := l.Stride(k)
	x, packed, out = x[:n*d], packed[:ldo*d], out[:n*ldo]
	if l == Reference {
		refDots(x, n, d, packed, k, out, ldo)
		return
	}
	C.vdb_dots(C.int(l), f32(x), C.int64_t(n), C.int64_t(d), f32(packed), C.int64_t(k), f32(out), C.int64_t(ldo))
}

// Argmin finds for each of len(idx) rows of dots (Layout: [n][stride]) the column j < len(cnorm) with
// the smallest cnorm[j]-2*dots[j], and that value. What is not a number is never smallest.
func (l Level) Argmin(dots []float32, stride int, cnorm []float32, idx []int32, val []float32) {
	n, k := len(idx), len(cnorm)
	dots, val = dots[:n*stride], val[:n]
	if l == Reference {
		refArgmin(dots, stride, n, k, cnorm, idx, val)
		return
	}
	C.vdb_argmin(C.int(l), f32(dots), C.int64_t(stride), C.int64_t(n), C.int64_t(k), f32(cnorm), i32(idx), f32(val))
}

// Soar finds for each of len(idx) rows the column other than s.First with the smallest
// |x-c|^2 + lambda*<r, x-c>^2/|r|^2. There are at least two columns.
func (l Level) Soar(s SoarInput, idx []int32) {
	n, k := len(idx), len(s.CNorm)
	s.Dots, s.RDots = s.Dots[:n*s.Stride], s.RDots[:n*s.Stride]
	s.RX, s.RR, s.First = s.RX[:n], s.RR[:n], s.First[:n]
	if l == Reference {
		refSoar(s, k, idx)
		return
	}
	C.vdb_soar(C.int(l), f32(s.Dots), f32(s.RDots), C.int64_t(s.Stride), C.int64_t(n), C.int64_t(k),
		f32(s.CNorm), f32(s.RX), f32(s.RR), C.float(s.Lambda), i32(s.First), i32(idx))
}

// ScatterAdd adds row r of x to row idx[r] of sums, unless idx[r] is negative.
func (l Level) ScatterAdd(x []float32, d int, idx []int32, sums []float32) {
	x = x[:len(idx)*d]
	if l == Reference {
		refScatterAdd(x, d, idx, sums)
		return
	}
	C.vdb_scatter_add(C.int(l), f32(x), C.int64_t(len(idx)), C.int64_t(d), i32(idx), f32(sums))
}

// SubRows writes row r of x less row idx[r] of table to row r of out; rows have d floats.
func (l Level) SubRows(x []float32, d int, table []float32, idx []int32, out []float32) {
	x, out = x[:len(idx)*d], out[:len(idx)*d]
	if l == Reference {
		refSubRows(x, d, table, idx, out)
		return
	}
	C.vdb_sub_rows(C.int(l), f32(x), C.int64_t(len(idx)), C.int64_t(d), f32(table), i32(idx), f32(out))
}

// Encode writes the codes of n rows of r. Layouts: r [n][M*Dsub]float32, codes [n][M]byte.
func (l Level) Encode(r []float32, n int, c Codebook, codes []byte) {
	r, codes = r[:n*c.M*c.Dsub], codes[:n*c.M]
	if l == Reference {
		refEncode(r, n, c, codes)
		return
	}
	C.vdb_encode(C.int(l), f32(r), C.int64_t(n), C.int64_t(c.M), C.int64_t(c.Dsub), C.int64_t(c.Ksub),
		f32(c.Words), f32(c.Norms), u8(codes))
}

// DecodeDots writes three products a row: <r, decoded>, <c, decoded> and <c, r>, where c is row
// idx[i] of centroids. tmp has room for a row.
func (l Level) DecodeDots(codes []byte, n int, c Codebook, r, centroids []float32, idx []int32, tmp, out []float32) {
	r, codes, tmp, out = r[:n*c.M*c.Dsub], codes[:n*c.M], tmp[:c.M*c.Dsub], out[:3*n]
	if l == Reference {
		refDecodeDots(codes, n, c, r, centroids, idx, tmp, out)
		return
	}
	C.vdb_decode_dots(C.int(l), u8(codes), C.int64_t(n), C.int64_t(c.M), C.int64_t(c.Dsub), C.int64_t(c.Ksub),
		f32(c.Words), f32(r), f32(centroids), i32(idx), f32(tmp), f32(out))
}

// LUT writes the inner products of q's parts with all codewords. Layout of out: [M][Ksub]float32.
func (l Level) LUT(q []float32, c Codebook, out []float32) {
	q, out = q[:c.M*c.Dsub], out[:c.M*c.Ksub]
	if l == Reference {
		refLUT(q, c, out)
		return
	}
	C.vdb_lut(C.int(l), f32(q), C.int64_t(c.M), C.int64_t(c.Dsub), C.int64_t(c.Ksub), f32(c.Turned), f32(out))
}

// LUT8 maps m tables of 16 floats to bytes such that a sum of floats is about scale times the sum of
// bytes plus bias. Layout of out: [mpad][16]byte; tables from m on are zero.
func (l Level) LUT8(lut []float32, m, mpad int, out []byte) (scale, bias float32) {
	lut, out = lut[:m*16], out[:mpad*16]
	if l == Reference {
		return refLUT8(lut, m, mpad, out)
	}
	var sb [2]float32
	C.vdb_lut_u8(C.int(l), f32(lut), C.int64_t(m), C.int64_t(mpad), u8(out), f32(sb[:]))
	return sb[0], sb[1]
}

// Scan4 estimates the rows of the partitions from 4-bit codes and keeps the best in pool.
// m is a multiple of 4; lut, scale and bias come from LUT8.
func (l Level) Scan4(p *Partitions, m int, lut []byte, scale, bias float32, pool *Pool) {
	p.check(Block4Bytes(m))
	lut = lut[:m*16]
	if l == Reference {
		refScan(p, Block4Bytes(m), scale, bias, pool, func(codes []byte, sum *[BlockRows]float32) {
			blockSum4(codes, m, lut, sum)
		})
		return
	}
	C.vdb_scan4(C.int(l), u8(p.Slab), i64(p.Offset), i32(p.Rows), f32(p.Base), C.int64_t(len(p.Offset)),
		C.int64_t(m), u8(lut), C.float(scale), C.float(bias), C.uint64_t(p.IDBase),
		u64(p.Keep.Bits), C.int64_t(p.Keep.rows()), C.int64_t(p.IDBase-p.Keep.Base),
		u64(p.Drop.Bits), C.int64_t(p.Drop.rows()), C.int64_t(p.IDBase-p.Drop.Base),
		(*C.vdb_pool)(unsafe.Pointer(&pool.state)), f32(pool.Est), u64(pool.ID))
}

// Scan8 is Scan4 for 8-bit codes, whose tables stay floats. lut comes from LUT.
func (l Level) Scan8(p *Partitions, m int, lut []float32, pool *Pool) {
	p.check(Block8Bytes(m))
	lut = lut[:m*256]
	if l == Reference {
		refScan(p, Block8Bytes(m), 1, 0, pool, func(codes []byte, sum *[BlockRows]float32) {
			blockSum8(codes, m, lut, sum)
		})
		return
	}
	C.vdb_scan8(C.int(l), u8(p.Slab), i64(p.Offset), i32(p.Rows), f32(p.Base), C.int64_t(len(p.Offset)),
		C.int64_t(m), f32(lut), C.uint64_t(p.IDBase),
		u64(p.Keep.Bits), C.int64_t(p.Keep.rows()), C.int64_t(p.IDBase-p.Keep.Base),
		u64(p.Drop.Bits), C.int64_t(p.Drop.rows()), C.int64_t(p.IDBase-p.Drop.Base),
		(*C.vdb_pool)(unsafe.Pointer(&pool.state)), f32(pool.Est), u64(pool.ID))
}

// Select moves the keep smallest estimates with their ids to the front, in no order.
func (l Level) Select(est []float32, id []uint64, keep int) {
	id = id[:len(est)]
	if l == Reference {
		refSelect(est, id, keep)
		return
	}
	C.vdb_select(f32(est), u64(id), C.int64_t(len(est)), C.int64_t(keep))
}

// Nearest writes the keep smallest of dist with their positions, nearest first; the lower position
// wins a tie. est and id have room for all of dist. NaN counts as largest.
func (l Level) Nearest(dist []float32, keep int, est []float32, id []uint64) {
	est, id = est[:len(dist)], id[:len(dist)]
	if l == Reference {
		refNearest(dist, keep, est, id)
		return
	}
	C.vdb_nearest(f32(dist), C.int64_t(len(dist)), C.int64_t(keep), f32(est), u64(id))
}
