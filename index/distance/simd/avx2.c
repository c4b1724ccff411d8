// avx2.c is the variant for x86-64 with AVX2 and FMA.
#if defined(__x86_64__)
#include <immintrin.h>
#define FN2(n) n##_avx2
#define FN(n) FN2(n)
#define TARGET __attribute__((target("avx2,fma,popcnt")))
#define VW 8
#define MR 6
#define NV 2

static inline __attribute__((always_inline)) TARGET float hsum_avx2(__m256 v) {
  __m128 x = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  x = _mm_add_ps(x, _mm_movehl_ps(x, x));
  return _mm_cvtss_f32(_mm_add_ss(x, _mm_shuffle_ps(x, x, 1)));
}
static inline __attribute__((always_inline)) TARGET float hmin_avx2(__m256 v) {
  __m128 x = _mm_min_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  x = _mm_min_ps(x, _mm_movehl_ps(x, x));
  return _mm_cvtss_f32(_mm_min_ss(x, _mm_shuffle_ps(x, x, 1)));
}
static inline __attribute__((always_inline)) TARGET float hmax_avx2(__m256 v) {
  __m128 x = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  x = _mm_max_ps(x, _mm_movehl_ps(x, x));
  return _mm_cvtss_f32(_mm_max_ss(x, _mm_shuffle_ps(x, x, 1)));
}
#define HSUM(v) hsum_avx2((__m256)(v))
#define HMIN(v) hmin_avx2((__m256)(v))
#define HMAX(v) hmax_avx2((__m256)(v))
#include "float_template.h"
#include "pool.h"

// add16 adds 16 sums of 16 bits (even and odd bytes apart, two tables side by side) to two vectors.
static inline __attribute__((always_inline)) TARGET void add16(__m256i even, __m256i odd,
                                                               __m256 *lo, __m256 *hi) {
  __m128i e = _mm_add_epi16(_mm256_castsi256_si128(even), _mm256_extracti128_si256(even, 1));
  __m128i o = _mm_add_epi16(_mm256_castsi256_si128(odd), _mm256_extracti128_si256(odd, 1));
  *lo = _mm256_add_ps(*lo, _mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(_mm_unpacklo_epi16(e, o))));
  *hi = _mm256_add_ps(*hi, _mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(_mm_unpackhi_epi16(e, o))));
}

// Sums of 16 bits hold 256 tables of bytes; longer codes are added up in groups.
TARGET void vdb_scan4_avx2(const uint8_t *slab, const int64_t *off, const int32_t *rows,
                           const float *base, int64_t parts, int64_t m, const uint8_t *lut,
                           float scale, float bias, uint64_t id_base, const vdb_filter *keep,
                           const vdb_filter *drop, vdb_pool *pool, float *est, uint64_t *id) {
  const __m256i nib = _mm256_set1_epi8(15);
  const __m256 vscale = _mm256_set1_ps(scale), vbias = _mm256_set1_ps(bias);
  const __m256 top = _mm256_set1_ps(FLT_MAX);
  for (int64_t p = 0; p < parts; p++) {
    const uint8_t *b = slab + off[p];
    const __m256 vbase = _mm256_set1_ps(base[p]);
    for (int32_t left = rows[p]; left > 0; left -= BLOCK, b += BLOCK_HEAD + m * 16) {
      uint32_t mask = block_mask(left);
      if (keep->bits) mask = filter_mask(keep, b, mask);
      if (drop->bits) mask = filter_mask(drop, b, mask);
      if (!mask) continue;
      __m256 s[4] = {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(),
                     _mm256_setzero_ps()};
      const uint8_t *c = b + BLOCK_HEAD;
      for (int64_t g = 0; g < m; g += 256) {
        int64_t end = g + 256 < m ? g + 256 : m;
        __m256i a0 = _mm256_setzero_si256(), h0 = a0, a1 = a0, h1 = a0;
        for (int64_t t = g; t < end; t += 2) {
          __m256i x = _mm256_loadu_si256((const __m256i *)(c + t * 16));
          __m256i l = _mm256_loadu_si256((const __m256i *)(lut + t * 16));
          __m256i r0 = _mm256_shuffle_epi8(l, _mm256_and_si256(x, nib));
          __m256i r1 = _mm256_shuffle_epi8(l, _mm256_and_si256(_mm256_srli_epi16(x, 4), nib));
          a0 = _mm256_add_epi16(a0, r0);
          h0 = _mm256_add_epi16(h0, _mm256_srli_epi16(r0, 8));
          a1 = _mm256_add_epi16(a1, r1);
          h1 = _mm256_add_epi16(h1, _mm256_srli_epi16(r1, 8));
        }
        add16(_mm256_sub_epi16(a0, _mm256_slli_epi16(h0, 8)), h0, &s[0], &s[1]);
        add16(_mm256_sub_epi16(a1, _mm256_slli_epi16(h1, 8)), h1, &s[2], &s[3]);
      }
      const float *add = (const float *)(b + 128), *mul = (const float *)(b + 256);
      const __m256 thr = _mm256_set1_ps(pool->thr);
      uint32_t pass = 0;
      for (int i = 0; i < 4; i++) {
        __m256 e = _mm256_fmadd_ps(s[i], vscale, vbias);
        e = _mm256_fmadd_ps(e, _mm256_loadu_ps(mul + 8 * i),
                            _mm256_add_ps(vbase, _mm256_loadu_ps(add + 8 * i)));
        s[i] = _mm256_min_ps(e, top); // not a number becomes the largest
        pass |= (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(s[i], thr, _CMP_LT_OQ)) << (8 * i);
      }
      pool->codes += __builtin_popcount(mask);
      pass &= mask;
      if (!pass) continue;
      float e[BLOCK];
      for (int i = 0; i < 4; i++) _mm256_storeu_ps(e + 8 * i, s[i]);
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
typedef int vdb_no_avx2; // an empty translation unit is not C
#endif
