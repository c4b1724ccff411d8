// generic.c is the portable variant: four-lane vectors that every compiler lowers to what the machine
// has (SSE2, NEON, scalars), and plain C for the scan. It also serves as middle step in the tests.
#define FN2(n) n##_generic
#define FN(n) FN2(n)
#define TARGET
#define VW 4
#define MR 4
#define NV 2
#define HSUM(v) ({ V h_ = (v); (h_[0] + h_[1]) + (h_[2] + h_[3]); })
#define MIN2(a, b) ((a) < (b) ? (a) : (b))
#define MAX2(a, b) ((a) > (b) ? (a) : (b))
#define HMIN(v) ({ V h_ = (v); MIN2(MIN2(h_[0], h_[1]), MIN2(h_[2], h_[3])); })
#define HMAX(v) ({ V h_ = (v); MAX2(MAX2(h_[0], h_[1]), MAX2(h_[2], h_[3])); })
#include "float_template.h"
#include "pool.h"

void vdb_scan4_generic(const uint8_t *slab, const int64_t *off, const int32_t *rows,
                       const float *base, int64_t parts, int64_t m, const uint8_t *lut, float scale,
                       float bias, uint64_t id_base, const vdb_filter *keep,
                       const vdb_filter *drop, vdb_pool *pool, float *est, uint64_t *id) {
  for (int64_t p = 0; p < parts; p++) {
    const uint8_t *b = slab + off[p];
    for (int32_t left = rows[p]; left > 0; left -= BLOCK, b += BLOCK_HEAD + m * 16) {
      uint32_t mask = block_mask(left);
      if (keep->bits) mask = filter_mask(keep, b, mask);
      if (drop->bits) mask = filter_mask(drop, b, mask);
      if (!mask) continue;
      uint32_t sum[BLOCK] = {0};
      const uint8_t *c = b + BLOCK_HEAD;
      for (int64_t s = 0; s < m; s++, c += 16)
        for (int j = 0; j < 16; j++) {
          sum[j] += lut[s * 16 + (c[j] & 15)];
          sum[j + 16] += lut[s * 16 + (c[j] >> 4)];
        }
      pool->codes += __builtin_popcount(mask);
      for (; mask; mask &= mask - 1) {
        int j = __builtin_ctz(mask);
        uint32_t v;
        float add, mul;
        memcpy(&v, b + 4 * j, 4);
        memcpy(&add, b + 128 + 4 * j, 4);
        memcpy(&mul, b + 256 + 4 * j, 4);
        float e = base[p] + add + mul * (scale * (float)sum[j] + bias);
        if (!(e < FLT_MAX)) e = FLT_MAX;
        if (e < pool->thr) pool_add(pool, est, id, e, id_base + v);
      }
      if (pool->n >= pool->cap) pool_shrink(pool, est, id);
    }
  }
}
