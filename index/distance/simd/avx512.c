// avx512.c is the variant for x86-64 with AVX-512 F, BW, VL and DQ.
#if defined(__x86_64__)
#include <immintrin.h>
#define FN2(n) n##_avx512
#define FN(n) FN2(n)
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma,popcnt,prefer-vector-width=512")))
#define VW 16
#define MR 8
#define NV 3
#define HSUM(v) _mm512_reduce_add_ps((__m512)(v))
#define HMIN(v) _mm512_reduce_min_ps((__m512)(v))
#define HMAX(v) _mm512_reduce_max_ps((__m512)(v))
#include "float_template.h"
#include "pool.h"

// lanes4 folds four tables' sums of 16 bits into one vector of 16 floats, rows in order.
static inline __attribute__((always_inline)) TARGET __m512 lanes4(__m512i even, __m512i odd) {
  __m256i e = _mm256_add_epi16(_mm512_castsi512_si256(even), _mm512_extracti64x4_epi64(even, 1));
  __m256i o = _mm256_add_epi16(_mm512_castsi512_si256(odd), _mm512_extracti64x4_epi64(odd, 1));
  __m128i e1 = _mm_add_epi16(_mm256_castsi256_si128(e), _mm256_extracti128_si256(e, 1));
  __m128i o1 = _mm_add_epi16(_mm256_castsi256_si128(o), _mm256_extracti128_si256(o, 1));
  __m256i w = _mm256_set_m128i(_mm_unpackhi_epi16(e1, o1), _mm_unpacklo_epi16(e1, o1));
  return _mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(w));
}

// gather_mask is filter_mask with 16 ids at a time; it serves bitmaps below 2^31 bits whose base is
// not above the segment's.
static inline __attribute__((always_inline)) TARGET uint32_t gather_mask(const vdb_filter *f,
                                                                         const uint8_t *ids,
                                                                         uint32_t mask) {
  if (f->shift < 0 || f->shift >= 1 << 30 || f->n >= 1 << 30) return filter_mask(f, ids, mask);
  uint32_t set = 0;
  const __m512i n = _mm512_set1_epi32((int32_t)f->n), sh = _mm512_set1_epi32((int32_t)f->shift);
  for (int i = 0; i < 2; i++) {
    __m512i v = _mm512_loadu_si512(ids + 64 * i);
    __mmask16 in = (__mmask16)(mask >> (16 * i));
    // A local id at 2^31 or above would wrap with the shift; it is outside every such bitmap.
    in &= _mm512_cmplt_epu32_mask(v, _mm512_set1_epi32(1 << 30));
    v = _mm512_add_epi32(v, sh);
    in &= _mm512_cmplt_epu32_mask(v, n);
    __m512i w = _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), in, _mm512_srli_epi32(v, 5),
                                            (const int *)f->bits, 4);
    w = _mm512_srlv_epi32(w, _mm512_and_si512(v, _mm512_set1_epi32(31)));
    set |= (uint32_t)_mm512_mask_test_epi32_mask(in, w, _mm512_set1_epi32(1)) << (16 * i);
  }
  return mask & (f->want ? set : ~set);
}

TARGET void vdb_scan4_avx512(const uint8_t *slab, const int64_t *off, const int32_t *rows,
                             const float *base, int64_t parts, int64_t m, const uint8_t *lut,
                             float scale, float bias, uint64_t id_base, const vdb_filter *keep,
                             const vdb_filter *drop, vdb_pool *pool, float *est, uint64_t *id) {
  const __m512i nib = _mm512_set1_epi8(15);
  const __m512 vscale = _mm512_set1_ps(scale), vbias = _mm512_set1_ps(bias);
  const __m512 top = _mm512_set1_ps(FLT_MAX);
  const int64_t bytes = BLOCK_HEAD + m * 16;
  for (int64_t p = 0; p < parts; p++) {
    const uint8_t *b = slab + off[p];
    const __m512 vbase = _mm512_set1_ps(base[p]);
    if (p + 1 < parts) { // the head of the next partition; the rest comes by the hardware's stream
      const char *next = (const char *)(slab + off[p + 1]);
      for (int64_t i = 0; i < 512; i += 64) __builtin_prefetch(next + i);
    }
    for (int32_t left = rows[p]; left > 0; left -= BLOCK, b += bytes) {
      uint32_t mask = block_mask(left);
      if (keep->bits) mask = gather_mask(keep, b, mask);
      if (drop->bits) mask = gather_mask(drop, b, mask);
      if (!mask) continue;
      __m512 s0 = _mm512_setzero_ps(), s1 = s0;
      const uint8_t *c = b + BLOCK_HEAD;
      for (int64_t g = 0; g < m; g += 256) {
        int64_t end = g + 256 < m ? g + 256 : m;
        __m512i a0 = _mm512_setzero_si512(), h0 = a0, a1 = a0, h1 = a0;
        for (int64_t t = g; t < end; t += 4) {
          __m512i x = _mm512_loadu_si512(c + t * 16);
          __m512i l = _mm512_loadu_si512(lut + t * 16);
          __m512i r0 = _mm512_shuffle_epi8(l, _mm512_and_si512(x, nib));
          __m512i r1 = _mm512_shuffle_epi8(l, _mm512_and_si512(_mm512_srli_epi16(x, 4), nib));
          a0 = _mm512_add_epi16(a0, r0);
          h0 = _mm512_add_epi16(h0, _mm512_srli_epi16(r0, 8));
          a1 = _mm512_add_epi16(a1, r1);
          h1 = _mm512_add_epi16(h1, _mm512_srli_epi16(r1, 8));
        }
        s0 = _mm512_add_ps(s0, lanes4(_mm512_sub_epi16(a0, _mm512_slli_epi16(h0, 8)), h0));
        s1 = _mm512_add_ps(s1, lanes4(_mm512_sub_epi16(a1, _mm512_slli_epi16(h1, 8)), h1));
      }
      const float *add = (const float *)(b + 128), *mul = (const float *)(b + 256);
      s0 = _mm512_fmadd_ps(_mm512_fmadd_ps(s0, vscale, vbias), _mm512_loadu_ps(mul),
                           _mm512_add_ps(vbase, _mm512_loadu_ps(add)));
      s1 = _mm512_fmadd_ps(_mm512_fmadd_ps(s1, vscale, vbias), _mm512_loadu_ps(mul + 16),
                           _mm512_add_ps(vbase, _mm512_loadu_ps(add + 16)));
      s0 = _mm512_min_ps(s0, top); // not a number becomes the largest
      s1 = _mm512_min_ps(s1, top);
      const __m512 thr = _mm512_set1_ps(pool->thr);
      uint32_t pass = (uint32_t)_mm512_cmp_ps_mask(s0, thr, _CMP_LT_OQ) |
                      (uint32_t)_mm512_cmp_ps_mask(s1, thr, _CMP_LT_OQ) << 16;
      pool->codes += __builtin_popcount(mask);
      pass &= mask;
      if (!pass) continue;
      float e[BLOCK];
      _mm512_storeu_ps(e, s0);
      _mm512_storeu_ps(e + 16, s1);
      for (; pass; pass &= pass - 1) {
        int j = __builtin_ctz(pass);
        uint32_t v;
        memcpy(&v, b + 4 * j, 4);
        pool_add(pool, est, id, e[j], id_base + v);
      }
      if (pool->n >= pool->cap) pool_shrink(pool, est, id);
    }
  }
}
#else
typedef int vdb_no_avx512; // an empty translation unit is not C
#endif
