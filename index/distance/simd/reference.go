package simd

import "math"

var inf = float32(math.Inf(1))

// refPair is the meaning of Pair. Four accumulators keep it at the speed of the multiplier.
func refPair(op Op, a, b []float32) float32 {
	b = b[:len(a)]
	var s [4]float32
	i := 0
	switch op {
	case L2:
		for ; i+4 <= len(a); i += 4 {
			x, y, z, w := a[i]-b[i], a[i+1]-b[i+1], a[i+2]-b[i+2], a[i+3]-b[i+3]
			s[0] += x * x
			s[1] += y * y
			s[2] += z * z
			s[3] += w * w
		}
		for ; i < len(a); i++ {
			x := a[i] - b[i]
			s[0] += x * x
		}
	case L1:
		for ; i < len(a); i++ {
			s[i&3] += float32(math.Abs(float64(a[i] - b[i])))
		}
	default:
		for ; i+4 <= len(a); i += 4 {
			s[0] += a[i] * b[i]
			s[1] += a[i+1] * b[i+1]
			s[2] += a[i+2] * b[i+2]
			s[3] += a[i+3] * b[i+3]
		}
		for ; i < len(a); i++ {
			s[0] += a[i] * b[i]
		}
	}
	return (s[0] + s[1]) + (s[2] + s[3])
}

// refRow writes one row's result of Rows and Gather.
func refRow(op Op, q, x []float32, i int, out, out2 []float32) {
	if op == DotNorm {
		out2[i] = refPair(Dot, x, x)
	}
	out[i] = refPair(op, q, x)
}

// refDots is the meaning of Dots.
func refDots(x []float32, n, d int, packed []float32, k int, out []float32, ldo int) {
	pw := Reference.PanelWidth()
	for r := range n {
		row := x[r*d : r*d+d]
		for j := 0; j < k; j += pw {
			panel := packed[j*d : (j+pw)*d]
			var acc [refPanel]float32
			for i, v := range row {
				c := (*[refPanel]float32)(panel[i*refPanel:])
				for w := range acc {
					acc[w] += v * c[w]
				}
			}
			copy(out[r*ldo+j:r*ldo+j+pw], acc[:])
		}
	}
}

// refPanel is the panel width of the Go matrix product.
const refPanel = 8

// refArgmin is the meaning of Argmin.
func refArgmin(dots []float32, ldo, n, k int, cnorm []float32, idx []int32, val []float32) {
	for r := range n {
		best, at := float32(math.MaxFloat32), 0
		for j, dot := range dots[r*ldo : r*ldo+k] {
			if s := cnorm[j] - 2*dot; s < best {
				best, at = s, j
			}
		}
		idx[r], val[r] = int32(at), best
	}
}

// refSoar is the meaning of Soar.
func refSoar(s SoarInput, k int, idx []int32) {
	for r := range idx {
		w := float32(0)
		if s.RR[r] > 0 {
			w = s.Lambda / s.RR[r]
		}
		best, at := float32(math.MaxFloat32), 0
		if s.First[r] == 0 {
			at = 1
		}
		for j := range k {
			along := s.RX[r] - s.RDots[r*s.Stride+j]
			e := s.CNorm[j] - 2*s.Dots[r*s.Stride+j] + w*along*along
			if e < best && j != int(s.First[r]) {
				best, at = e, j
			}
		}
		idx[r] = int32(at)
	}
}

// refScatterAdd is the meaning of ScatterAdd.
func refScatterAdd(x []float32, d int, idx []int32, sums []float32) {
	for r, to := range idx {
		if to < 0 {
			continue
		}
		s := sums[int(to)*d : int(to)*d+d]
		for i, v := range x[r*d : r*d+d] {
			s[i] += v
		}
	}
}

// refSubRows is the meaning of SubRows.
func refSubRows(x []float32, d int, table []float32, idx []int32, out []float32) {
	for r, from := range idx {
		c := table[int(from)*d : int(from)*d+d]
		for i, v := range x[r*d : r*d+d] {
			out[r*d+i] = v - c[i]
		}
	}
}

// refSelect moves the keep smallest to the front, in no order.
func refSelect(est []float32, id []uint64, keep int) {
	lo, hi := 0, len(est)-1
	for lo < hi && keep > 0 && keep < len(est) {
		pivot := median(est[lo], est[lo+(hi-lo)/2], est[hi])
		i, j := lo, hi
		for i <= j {
			for est[i] < pivot {
				i++
			}
			for est[j] > pivot {
				j--
			}
			if i > j {
				break
			}
			est[i], est[j] = est[j], est[i]
			id[i], id[j] = id[j], id[i]
			i++
			j--
		}
		switch {
		case keep-1 <= j:
			hi = j
		case keep-1 >= i:
			lo = i
		default:
			return
		}
	}
}

func median(a, b, c float32) float32 {
	return max(min(a, b), min(max(a, b), c))
}

// refNearest is the meaning of Nearest.
func refNearest(dist []float32, keep int, est []float32, id []uint64) {
	n := len(dist)
	for i, v := range dist {
		if !(v < math.MaxFloat32) {
			v = math.MaxFloat32
		}
		est[i], id[i] = v, uint64(i)
	}
	refSelect(est[:n], id[:n], keep)
	keep = min(keep, n)
	for gap := keep / 2; gap > 0; gap /= 2 {
		for i := gap; i < keep; i++ {
			e, t, j := est[i], id[i], i
			for ; j >= gap && (est[j-gap] > e || (est[j-gap] == e && id[j-gap] > t)); j -= gap {
				est[j], id[j] = est[j-gap], id[j-gap]
			}
			est[j], id[j] = e, t
		}
	}
}
