// dispatch.c gives each kernel its one entry point, and holds what no variant does better: the
// selection of the smallest and the scan of 8-bit codes (gathers lose to scalar loads there).
#include "pool.h"

VDB_VARIANT(generic)
#if defined(__x86_64__)
VDB_VARIANT(avx2)
VDB_VARIANT(avx512)
#define PICK(name, ...)                                                                            \
  (lv >= 3 ? name##_avx512(__VA_ARGS__) : lv == 2 ? name##_avx2(__VA_ARGS__)                       \
                                                  : name##_generic(__VA_ARGS__))
int64_t vdb_panel(int lv) { return lv >= 3 ? 48 : lv == 2 ? 16 : 8; }
#else
#define PICK(name, ...) ((void)lv, name##_generic(__VA_ARGS__))
int64_t vdb_panel(int lv) { (void)lv; return 8; }
#endif

float vdb_pair(int lv, int op, const float *a, const float *b, int64_t d) {
  return PICK(vdb_pair, op, a, b, d);
}
void vdb_rows(int lv, int op, const float *q, const float *rows, int64_t n, int64_t d, float *out,
              float *out2) {
  PICK(vdb_rows, op, q, rows, n, d, out, out2);
}
void vdb_gather(int lv, int op, const float *q, const float *slab, const int64_t *off, int64_t n,
                int64_t d, float *out, float *out2) {
  PICK(vdb_gather, op, q, slab, off, n, d, out, out2);
}
void vdb_dots(int lv, const float *x, int64_t n, int64_t d, const float *packed, int64_t k,
              float *out, int64_t ldo) {
  PICK(vdb_dots, x, n, d, packed, k, out, ldo);
}
void vdb_argmin(int lv, const float *dots, int64_t ldo, int64_t n, int64_t k, const float *cnorm,
                int32_t *idx, float *val) {
  PICK(vdb_argmin, dots, ldo, n, k, cnorm, idx, val);
}
void vdb_soar(int lv, const float *dots, const float *rdots, int64_t ldo, int64_t n, int64_t k,
              const float *cnorm, const float *rx, const float *rr, float lambda,
              const int32_t *first, int32_t *idx) {
  PICK(vdb_soar, dots, rdots, ldo, n, k, cnorm, rx, rr, lambda, first, idx);
}
void vdb_scatter_add(int lv, const float *x, int64_t n, int64_t d, const int32_t *idx,
                     float *sums) {
  PICK(vdb_scatter_add, x, n, d, idx, sums);
}
void vdb_sub_rows(int lv, const float *x, int64_t n, int64_t d, const float *table,
                  const int32_t *idx, float *out) {
  PICK(vdb_sub_rows, x, n, d, table, idx, out);
}
void vdb_encode(int lv, const float *r, int64_t n, int64_t m, int64_t dsub, int64_t ksub,
                const float *cb, const float *cbnorm, uint8_t *codes) {
  PICK(vdb_encode, r, n, m, dsub, ksub, cb, cbnorm, codes);
}
void vdb_decode_dots(int lv, const uint8_t *codes, int64_t n, int64_t m, int64_t dsub, int64_t ksub,
                     const float *cb, const float *r, const float *centroids, const int32_t *idx,
                     float *tmp, float *out) {
  PICK(vdb_decode_dots, codes, n, m, dsub, ksub, cb, r, centroids, idx, tmp, out);
}
void vdb_lut(int lv, const float *q, int64_t m, int64_t dsub, int64_t ksub, const float *cbt,
             float *out) {
  PICK(vdb_lut, q, m, dsub, ksub, cbt, out);
}
void vdb_lut_u8(int lv, const float *lut, int64_t m, int64_t mpad, uint8_t *out,
                float *scale_bias) {
  PICK(vdb_lut_u8, lut, m, mpad, out, scale_bias);
}
void vdb_scan4(int lv, const uint8_t *slab, const int64_t *off, const int32_t *rows,
               const float *base, int64_t parts, int64_t m, const uint8_t *lut, float scale,
               float bias, uint64_t id_base, const uint64_t *fbits, int64_t fn, int64_t fshift,
               const uint64_t *xbits, int64_t xn, int64_t xshift, vdb_pool *pool, float *est,
               uint64_t *id) {
  vdb_filter keep = {fbits, fn, fshift, 1}, drop = {xbits, xn, xshift, 0};
  PICK(vdb_scan4, slab, off, rows, base, parts, m, lut, scale, bias, id_base, &keep, &drop, pool,
       est, id);
}

// A block of which a filter leaves no more rows than this is summed row by row.
enum { SPARSE = 12 };

// Layout of an 8-bit block's codes: [m][32]uint8.
void vdb_scan8(int lv, const uint8_t *slab, const int64_t *off, const int32_t *rows,
               const float *base, int64_t parts, int64_t m, const float *lut, uint64_t id_base,
               const uint64_t *fbits, int64_t fn, int64_t fshift, const uint64_t *xbits, int64_t xn,
               int64_t xshift, vdb_pool *pool, float *est, uint64_t *id) {
  (void)lv;
  vdb_filter keep = {fbits, fn, fshift, 1}, drop = {xbits, xn, xshift, 0};
  for (int64_t p = 0; p < parts; p++) {
    const uint8_t *b = slab + off[p];
    for (int32_t left = rows[p]; left > 0; left -= BLOCK, b += BLOCK_HEAD + m * BLOCK) {
      uint32_t mask = block_mask(left);
      if (fbits) mask = filter_mask(&keep, b, mask);
      if (xbits) mask = filter_mask(&drop, b, mask);
      if (!mask) continue;
      float sum[BLOCK] = {0};
      const uint8_t *c = b + BLOCK_HEAD;
      if (__builtin_popcount(mask) <= SPARSE) {
        for (uint32_t rest = mask; rest; rest &= rest - 1) {
          int j = __builtin_ctz(rest);
          for (int64_t s = 0; s < m; s++) sum[j] += lut[s * 256 + c[s * BLOCK + j]];
        }
      } else {
        for (int64_t s = 0; s < m; s++, c += BLOCK) {
          const float *t = lut + s * 256;
          for (int j = 0; j < BLOCK; j++) sum[j] += t[c[j]];
        }
      }
      pool->codes += __builtin_popcount(mask);
      for (; mask; mask &= mask - 1) {
        int j = __builtin_ctz(mask);
        uint32_t v;
        float add, mul;
        memcpy(&v, b + 4 * j, 4);
        memcpy(&add, b + 128 + 4 * j, 4);
        memcpy(&mul, b + 256 + 4 * j, 4);
        float e = base[p] + add + mul * sum[j];
        if (!(e < FLT_MAX)) e = FLT_MAX;
        if (e < pool->thr) pool_add(pool, est, id, e, id_base + v);
      }
      if (pool->n >= pool->cap) pool_shrink(pool, est, id);
    }
  }
}

// vdb_select moves the keep smallest to the front, in no order: Hoare's selection with the median of
// three. Estimates are never NaN. Equal ones stop both hands, so equal input stays linear.
void vdb_select(float *est, uint64_t *id, int64_t n, int64_t keep) {
  int64_t lo = 0, hi = n - 1;
  while (lo < hi && keep > 0 && keep < n) {
    float a = est[lo], b = est[lo + (hi - lo) / 2], c = est[hi];
    float pivot = a < b ? (b < c ? b : (a < c ? c : a)) : (a < c ? a : (b < c ? c : b));
    int64_t i = lo, j = hi;
    while (i <= j) {
      while (est[i] < pivot) i++;
      while (est[j] > pivot) j--;
      if (i > j) break;
      float e = est[i];
      est[i] = est[j];
      est[j] = e;
      uint64_t t = id[i];
      id[i++] = id[j];
      id[j--] = t;
    }
    if (keep - 1 <= j) hi = j;
    else if (keep - 1 >= i) lo = i;
    else break;
  }
}

// vdb_nearest writes the keep smallest of dist with their positions, nearest first. est and id have
// room for n. NaN counts as the largest.
void vdb_nearest(const float *dist, int64_t n, int64_t keep, float *est, uint64_t *id) {
  for (int64_t i = 0; i < n; i++) {
    est[i] = dist[i] < FLT_MAX ? dist[i] : FLT_MAX;
    id[i] = (uint64_t)i;
  }
  if (keep < n) vdb_select(est, id, n, keep);
  else keep = n;
  // Shell sort: short, in place, and good for the few thousand partitions there are.
  for (int64_t gap = keep / 2; gap > 0; gap /= 2) {
    for (int64_t i = gap; i < keep; i++) {
      float e = est[i];
      uint64_t t = id[i];
      int64_t j = i;
      for (; j >= gap && (est[j - gap] > e || (est[j - gap] == e && id[j - gap] > t)); j -= gap) {
        est[j] = est[j - gap];
        id[j] = id[j - gap];
      }
      est[j] = e;
      id[j] = t;
    }
  }
}
