package types

import (
	"encoding/binary"
	"math"
)

// HalfFloat widens a number of half precision (IEEE binary16) to float32, which holds all of them.
func HalfFloat(h uint16) float32 {
	sign := uint32(h&0x8000) << 16
	if h&0x7c00 == 0x7c00 { // infinite or NaN
		return math.Float32frombits(sign | 0x7f800000 | uint32(h&0x3ff)<<13)
	}
	// Half's bits at float32's place are 2^112 too small, with or without a hidden bit.
	f := math.Float32frombits(uint32(h&0x7fff)<<13) * 0x1p112
	return math.Float32frombits(sign | math.Float32bits(f))
}

// FloatHalf rounds f to half precision, to even at the middle. What is beyond 65504 becomes infinite.
func FloatHalf(f float32) uint16 {
	const (
		infinite = 0x7f800000
		tooLarge = 0x477ff000 // 65520, the middle of 65504 and what would be next
		normal   = 0x38800000 // 2^-14
		rebias   = 112 << 23
	)
	b := math.Float32bits(f)
	sign := uint16(b >> 16 & 0x8000)
	b &= 0x7fffffff
	switch {
	case b > infinite:
		return sign | 0x7e00
	case b >= tooLarge:
		return sign | 0x7c00
	case b < normal:
		// At 0.5 the last bit of a float32 is half's smallest step, so the sum rounds as wanted.
		return sign | uint16(math.Float32bits(math.Float32frombits(b)+0.5)-math.Float32bits(0.5))
	}
	b += 0xfff + b>>13&1
	return sign | uint16((b-rebias)>>13)
}

// halfFloats returns the elements of a halfvec, copied.
func halfFloats(s string) []float32 { return AppendHalfFloats(make([]float32, 0, len(s)/2), s) }

// AppendHalfFloats appends the elements of a halfvec.
func AppendHalfFloats(dst []float32, s string) []float32 {
	for i := 0; i+1 < len(s); i += 2 {
		dst = append(dst, HalfFloat(uint16(s[i])|uint16(s[i+1])<<8))
	}
	return dst
}

// halfString returns values as a halfvec.
func halfString(v []float32) string {
	b := make([]byte, 0, 2*len(v))
	for _, f := range v {
		b = binary.LittleEndian.AppendUint16(b, FloatHalf(f))
	}
	return string(b)
}
