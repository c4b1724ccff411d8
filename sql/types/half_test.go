package types_test

import (
	"math"
	"testing"

	"github.com/vecdb/vecdb/sql/types"
)

// Every number of half precision is the float32 that IEEE 754 says, and survives the way through it.
func TestHalfRoundTrip(t *testing.T) {
	for i := range 1 << 16 {
		h := uint16(i)
		f := types.HalfFloat(h)
		if f != f {
			if h&0x7fff <= 0x7c00 || types.FloatHalf(f)&0x7fff <= 0x7c00 {
				t.Fatalf("%04x is no number", h)
			}
			continue
		}
		if got := types.FloatHalf(f); got != h {
			t.Fatalf("%04x is %v, which is %04x", h, f, got)
		}
		exponent, mantissa := int(h>>10&0x1f), float64(h&0x3ff)
		want := math.Ldexp(mantissa, -24)
		if exponent > 0 {
			want = math.Ldexp(1024+mantissa, exponent-25)
		}
		if exponent < 31 && math.Abs(float64(f)) != want {
			t.Fatalf("%04x is %v, want %v", h, f, want)
		}
	}
}

// A float32 becomes the nearest number of half precision, the even one in the middle, infinite from 65520 on.
func TestHalfRounding(t *testing.T) {
	last := math.Inf(-1)
	for h := uint16(0); h < 0x7bff; h++ {
		low, high := types.HalfFloat(h), types.HalfFloat(h+1)
		if float64(low) <= last {
			t.Fatalf("%04x is not above the one before", h)
		}
		last = float64(low)
		middle := (low + high) / 2 // exact: float32 has thirteen bits more
		even := h + h&1
		for f, want := range map[float32]uint16{
			middle: even, math.Nextafter32(middle, 0): h, math.Nextafter32(middle, 1e9): h + 1,
		} {
			if got := types.FloatHalf(f); got != want {
				t.Fatalf("%v becomes %04x, want %04x", f, got, want)
			}
			if got := types.FloatHalf(-f); got != want|0x8000 {
				t.Fatalf("%v becomes %04x, want %04x", -f, got, want|0x8000)
			}
		}
	}
	for _, f := range []float32{65520, 1e9, math.MaxFloat32, float32(math.Inf(1))} {
		if got := types.FloatHalf(f); got != 0x7c00 {
			t.Errorf("%v becomes %04x", f, got)
		}
	}
	if got := types.FloatHalf(math.Nextafter32(65520, 0)); got != 0x7bff {
		t.Errorf("what is below 65520 becomes %04x", got)
	}
}
