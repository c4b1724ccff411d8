// float_template.h is the float half of the kernels, written once over vectors of VW lanes and
// included by generic.c, avx2.c and avx512.c. The includer defines
//   FN(name)   the function's name with the variant's suffix
//   TARGET     the target attribute (empty for the portable variant)
//   VW, MR, NV lanes, and the register tile of the matrix product: MR rows x NV vectors
//   HSUM HMIN HMAX  horizontal sum, minimum, maximum of one vector
// GCC's vector extension carries it (clang has it too), so that arm64 gets NEON from the same text.
#include "kernels.h"
#include <float.h>
#include <string.h>

typedef float FN(vf) __attribute__((vector_size(VW * 4)));
typedef int32_t FN(vi) __attribute__((vector_size(VW * 4)));
typedef float FN(vfu) __attribute__((vector_size(VW * 4), aligned(4), may_alias));
typedef int32_t FN(viu) __attribute__((vector_size(VW * 4), aligned(4), may_alias));
#define V FN(vf)
#define VI FN(vi)
#define LD(p) ((V)(*(const FN(vfu) *)(p)))
#define ST(p, v) (*(FN(vfu) *)(p) = (FN(vfu))(v))
#define SPLAT(x) ((x) - (V){0})
#define INLINE static inline __attribute__((always_inline)) TARGET
#define ABSMASK(v) ((V)((VI)(v) & 0x7fffffff))

// Four accumulators hide the latency of the fused multiply-add. Pair, rows and gather share these
// bodies, so that a row has the same distance to the bit whichever way it is reached.
#define REDUCE(STEP, TAIL)                                                                         \
  V s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};                                                        \
  int64_t i = 0;                                                                                   \
  for (; i + 4 * VW <= d; i += 4 * VW) {                                                           \
    STEP(s0, i);                                                                                   \
    STEP(s1, i + VW);                                                                              \
    STEP(s2, i + 2 * VW);                                                                          \
    STEP(s3, i + 3 * VW);                                                                          \
  }                                                                                                \
  for (; i + VW <= d; i += VW) STEP(s0, i);                                                        \
  float r = HSUM((s0 + s1) + (s2 + s3));                                                           \
  for (; i < d; i++) TAIL;

#define STEP_L2(s, o) { V x_ = LD(a + (o)) - LD(b + (o)); s += x_ * x_; }
#define STEP_DOT(s, o) { s += LD(a + (o)) * LD(b + (o)); }
#define STEP_L1(s, o) { V x_ = LD(a + (o)) - LD(b + (o)); s += ABSMASK(x_); }
#define STEP_NORM(s, o) { V x_ = LD(b + (o)); s += x_ * x_; }

INLINE float FN(l2)(const float *a, const float *b, int64_t d) {
  REDUCE(STEP_L2, { float x = a[i] - b[i]; r += x * x; })
  return r;
}
INLINE float FN(dot)(const float *a, const float *b, int64_t d) {
  REDUCE(STEP_DOT, { r += a[i] * b[i]; })
  return r;
}
INLINE float FN(l1)(const float *a, const float *b, int64_t d) {
  REDUCE(STEP_L1, { r += __builtin_fabsf(a[i] - b[i]); })
  return r;
}
INLINE float FN(norm)(const float *b, int64_t d) {
  REDUCE(STEP_NORM, { r += b[i] * b[i]; })
  return r;
}

TARGET float FN(vdb_pair)(int op, const float *a, const float *b, int64_t d) {
  switch (op) {
  case VDB_L2: return FN(l2)(a, b, d);
  case VDB_L1: return FN(l1)(a, b, d);
  default: return FN(dot)(a, b, d);
  }
}

TARGET void FN(vdb_rows)(int op, const float *q, const float *x, int64_t n, int64_t d, float *out,
                         float *out2) {
  switch (op) {
  case VDB_L2:
    for (int64_t i = 0; i < n; i++) out[i] = FN(l2)(q, x + i * d, d);
    return;
  case VDB_L1:
    for (int64_t i = 0; i < n; i++) out[i] = FN(l1)(q, x + i * d, d);
    return;
  case VDB_DOT:
    for (int64_t i = 0; i < n; i++) out[i] = FN(dot)(q, x + i * d, d);
    return;
  default:
    for (int64_t i = 0; i < n; i++) {
      out[i] = FN(dot)(q, x + i * d, d);
      out2[i] = FN(norm)(x + i * d, d);
    }
  }
}

TARGET void FN(vdb_gather)(int op, const float *q, const float *slab, const int64_t *off, int64_t n,
                           int64_t d, float *out, float *out2) {
  for (int64_t i = 0; i < n; i++) {
    if (i + 1 < n) {
      const char *next = (const char *)(slab + off[i + 1]);
      for (int64_t b = 0; b < d * 4; b += 64) __builtin_prefetch(next + b);
    }
    const float *x = slab + off[i];
    switch (op) {
    case VDB_L2: out[i] = FN(l2)(q, x, d); break;
    case VDB_L1: out[i] = FN(l1)(q, x, d); break;
    case VDB_DOT: out[i] = FN(dot)(q, x, d); break;
    default: out[i] = FN(dot)(q, x, d); out2[i] = FN(norm)(x, d);
    }
  }
}

// The matrix product: a tile of R rows by one panel of NV*VW columns stays in registers over all d.
#define TILE(NAME, R)                                                                              \
  INLINE void FN(NAME)(const float *x, int64_t d, const float *p, float *out, int64_t ldo) {    \
    V acc[R][NV];                                                                                  \
    _Pragma("GCC unroll 16") for (int r = 0; r < R; r++)                                           \
      _Pragma("GCC unroll 4") for (int v = 0; v < NV; v++) acc[r][v] = (V){0};                     \
    for (int64_t k = 0; k < d; k++, p += NV * VW) {                                                \
      V c[NV];                                                                                     \
      _Pragma("GCC unroll 4") for (int v = 0; v < NV; v++) c[v] = LD(p + v * VW);                  \
      _Pragma("GCC unroll 16") for (int r = 0; r < R; r++) {                                       \
        V s = SPLAT(x[r * d + k]);                                                                 \
        _Pragma("GCC unroll 4") for (int v = 0; v < NV; v++) acc[r][v] += s * c[v];                \
      }                                                                                            \
    }                                                                                              \
    _Pragma("GCC unroll 16") for (int r = 0; r < R; r++)                                           \
      _Pragma("GCC unroll 4") for (int v = 0; v < NV; v++) ST(out + r * ldo + v * VW, acc[r][v]);  \
  }
TILE(tile_many, MR)
TILE(tile_one, 1)

TARGET void FN(vdb_dots)(const float *x, int64_t n, int64_t d, const float *packed, int64_t k,
                         float *out, int64_t ldo) {
  for (int64_t j = 0; j < k; j += NV * VW) {
    const float *p = packed + j * d;
    int64_t i = 0;
    for (; i + MR <= n; i += MR) FN(tile_many)(x + i * d, d, p, out + i * ldo + j, ldo);
    for (; i < n; i++) FN(tile_one)(x + i * d, d, p, out + i * ldo + j, ldo);
  }
}

static const int32_t FN(lanes)[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

// least reduces per-lane minima and their columns to one column; the lowest column wins a tie.
INLINE int32_t FN(least)(V best, VI at, float *val) {
  float b[VW];
  int32_t a[VW];
  memcpy(b, &best, sizeof b);
  memcpy(a, &at, sizeof a);
  int32_t w = 0;
  for (int i = 1; i < VW; i++)
    if (b[i] < b[w] || (b[i] == b[w] && a[i] < a[w])) w = i;
  *val = b[w];
  return a[w];
}

TARGET void FN(vdb_argmin)(const float *dots, int64_t ldo, int64_t n, int64_t k, const float *cnorm,
                           int32_t *idx, float *val) {
  for (int64_t r = 0; r < n; r++, dots += ldo) {
    V best = SPLAT(FLT_MAX);
    VI at = {0}, lane = *(const FN(viu) *)FN(lanes);
    int64_t j = 0;
    for (; j + VW <= k; j += VW, lane += VW) {
      V s = LD(cnorm + j) - 2.0f * LD(dots + j);
      VI less = (VI)(s < best);
      best = (V)(((VI)s & less) | ((VI)best & ~less));
      at = (lane & less) | (at & ~less);
    }
    float b;
    int32_t w = FN(least)(best, at, &b);
    for (; j < k; j++) {
      float s = cnorm[j] - 2.0f * dots[j];
      if (s < b) { b = s; w = (int32_t)j; }
    }
    idx[r] = w;
    val[r] = b;
  }
}

// soar picks the second partition: near, and with a residual across the first one's rather than
// along it, so that the two estimates of a row err independently.
TARGET void FN(vdb_soar)(const float *dots, const float *rdots, int64_t ldo, int64_t n, int64_t k,
                         const float *cnorm, const float *rx, const float *rr, float lambda,
                         const int32_t *first, int32_t *idx) {
  for (int64_t r = 0; r < n; r++, dots += ldo, rdots += ldo) {
    float w = rr[r] > 0 ? lambda / rr[r] : 0, rxr = rx[r];
    V best = SPLAT(FLT_MAX);
    VI at, lane = *(const FN(viu) *)FN(lanes), own = first[r] - (VI){0};
    at = (own == 0) & 1; // any other column than the first choice
    int64_t j = 0;
    for (; j + VW <= k; j += VW, lane += VW) {
      V along = rxr - LD(rdots + j);
      V s = LD(cnorm + j) - 2.0f * LD(dots + j) + w * along * along;
      VI less = (VI)(s < best) & (lane != own);
      best = (V)(((VI)s & less) | ((VI)best & ~less));
      at = (lane & less) | (at & ~less);
    }
    float b;
    int32_t o = FN(least)(best, at, &b);
    for (; j < k; j++) {
      float along = rxr - rdots[j];
      float s = cnorm[j] - 2.0f * dots[j] + w * along * along;
      if (s < b && (int32_t)j != first[r]) { b = s; o = (int32_t)j; }
    }
    idx[r] = o;
  }
}

TARGET void FN(vdb_scatter_add)(const float *x, int64_t n, int64_t d, const int32_t *idx,
                                float *sums) {
  for (int64_t r = 0; r < n; r++, x += d) {
    if (idx[r] < 0) continue;
    float *s = sums + (int64_t)idx[r] * d;
    int64_t i = 0;
    for (; i + VW <= d; i += VW) ST(s + i, LD(s + i) + LD(x + i));
    for (; i < d; i++) s[i] += x[i];
  }
}

// sub_rows writes x[i] - table[idx[i]] for rows of d floats.
TARGET void FN(vdb_sub_rows)(const float *x, int64_t n, int64_t d, const float *table,
                             const int32_t *idx, float *out) {
  for (int64_t r = 0; r < n; r++, x += d, out += d) {
    const float *c = table + (int64_t)idx[r] * d;
    int64_t i = 0;
    for (; i + VW <= d; i += VW) ST(out + i, LD(x + i) - LD(c + i));
    for (; i < d; i++) out[i] = x[i] - c[i];
  }
}

// encode gives each row of r (Layout: [n][m*dsub]) its nearest codeword in every sub-space. VW rows
// are turned on their side, so that one vector holds the same dimension of VW rows.
// cb is Layout: [m][ksub][dsub], cbnorm Layout: [m][ksub]. dsub is at most 64.
TARGET void FN(vdb_encode)(const float *r, int64_t n, int64_t m, int64_t dsub, int64_t ksub,
                           const float *cb, const float *cbnorm, uint8_t *codes) {
  int64_t d = m * dsub;
  float t[64 * VW];
  for (int64_t i = 0; i < n; i += VW) {
    int64_t rows = n - i < VW ? n - i : VW;
    if (rows < VW) memset(t, 0, sizeof t);
    for (int64_t s = 0; s < m; s++) {
      for (int64_t l = 0; l < rows; l++)
        for (int64_t j = 0; j < dsub; j++) t[j * VW + l] = r[(i + l) * d + s * dsub + j];
      const float *c = cb + s * ksub * dsub, *cn = cbnorm + s * ksub;
      V best = SPLAT(FLT_MAX);
      VI at = {0};
      for (int64_t k = 0; k < ksub; k++, c += dsub) {
        V dot = {0};
        for (int64_t j = 0; j < dsub; j++) dot += SPLAT(c[j]) * LD(t + j * VW);
        V dist = SPLAT(cn[k]) - 2.0f * dot;
        VI less = (VI)(dist < best);
        best = (V)(((VI)dist & less) | ((VI)best & ~less));
        at = (((int32_t)k - (VI){0}) & less) | (at & ~less);
      }
      int32_t a[VW];
      memcpy(a, &at, sizeof a);
      for (int64_t l = 0; l < rows; l++) codes[(i + l) * m + s] = (uint8_t)a[l];
    }
  }
}

// decode_dots rebuilds each row's residual from its codes and writes three products a row:
// <r, decoded>, <centroid, decoded>, <centroid, r>. tmp has m*dsub floats.
TARGET void FN(vdb_decode_dots)(const uint8_t *codes, int64_t n, int64_t m, int64_t dsub,
                                int64_t ksub, const float *cb, const float *r,
                                const float *centroids, const int32_t *idx, float *tmp,
                                float *out) {
  int64_t d = m * dsub;
  for (int64_t i = 0; i < n; i++, codes += m, r += d, out += 3) {
    for (int64_t s = 0; s < m; s++) {
      const float *w = cb + (s * ksub + codes[s]) * dsub;
      for (int64_t j = 0; j < dsub; j++) tmp[s * dsub + j] = w[j];
    }
    const float *c = centroids + (int64_t)idx[i] * d;
    out[0] = FN(dot)(r, tmp, d);
    out[1] = FN(dot)(c, tmp, d);
    out[2] = FN(dot)(c, r, d);
  }
}

// lut writes <sub-query, codeword> for all codewords. cbt is Layout: [m][dsub][ksub], ksub 16 or 256.
TARGET void FN(vdb_lut)(const float *q, int64_t m, int64_t dsub, int64_t ksub, const float *cbt,
                        float *out) {
  for (int64_t s = 0; s < m; s++, q += dsub, out += ksub, cbt += dsub * ksub)
    for (int64_t k = 0; k < ksub; k += VW) {
      V acc = {0};
      for (int64_t j = 0; j < dsub; j++) acc += SPLAT(q[j]) * LD(cbt + j * ksub + k);
      ST(out + k, acc);
    }
}

// lut_u8 maps every 16-entry table to bytes with one scale for all and an offset for each, so that
// sum(lut) ~ scale * sum(bytes) + bias. Tables from m to mpad are zero.
TARGET void FN(vdb_lut_u8)(const float *lut, int64_t m, int64_t mpad, uint8_t *out,
                           float *scale_bias) {
  float range = 0, bias = 0;
  for (int64_t s = 0; s < m; s++) {
    V lo = LD(lut + s * 16), hi = lo;
    for (int k = VW; k < 16; k += VW) {
      V x = LD(lut + s * 16 + k);
      VI less = (VI)(x < lo), more = (VI)(x > hi);
      lo = (V)(((VI)x & less) | ((VI)lo & ~less));
      hi = (V)(((VI)x & more) | ((VI)hi & ~more));
    }
    float l = HMIN(lo), h = HMAX(hi);
    bias += l;
    if (h - l > range) range = h - l;
  }
  // A range that is not finite cannot be quantised; zero tables leave the partition's distance.
  int ok = range > 0 && range <= FLT_MAX;
  float inv = ok ? 255.0f / range : 0;
  for (int64_t s = 0; s < m; s++) {
    float l = FLT_MAX;
    for (int k = 0; k < 16; k += VW) { float x = HMIN(LD(lut + s * 16 + k)); l = x < l ? x : l; }
    for (int k = 0; k < 16; k++) {
      float x = (lut[s * 16 + k] - l) * inv + 0.5f;
      out[s * 16 + k] = ok && x > 0 ? (x < 255.0f ? (uint8_t)(int32_t)x : 255) : 0;
    }
  }
  memset(out + m * 16, 0, (size_t)((mpad - m) * 16));
  scale_bias[0] = ok ? range / 255.0f : 0;
  scale_bias[1] = bias - bias == 0 ? bias : 0;
}

#undef V
#undef VI
#undef LD
#undef ST
#undef SPLAT
#undef INLINE
#undef ABSMASK
