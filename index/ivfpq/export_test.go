package ivfpq

import "github.com/vecdb/vecdb/index/distance/simd"

// At makes the model trained with p use the kernels of one level.
func (p Params) At(l simd.Level) Params {
	p.kernels = func() simd.Level { return l }
	return p
}
