// pool.h holds what the scan variants share: the pool of best estimates and the row filter.
#ifndef VDB_POOL_H
#define VDB_POOL_H
#include "kernels.h"
#include <float.h>
#include <string.h>

// A block holds 32 rows. Layout: [32]uint32 local ids, [32]float add, [32]float mul, codes.
enum { BLOCK = 32, BLOCK_HEAD = 3 * 4 * BLOCK };

static inline void pool_shrink(vdb_pool *p, float *est, uint64_t *id) {
  vdb_select(est, id, p->n, p->keep);
  p->n = p->keep;
  float worst = est[0];
  for (int32_t i = 1; i < p->n; i++)
    if (est[i] > worst) worst = est[i];
  p->thr = worst;
}

static inline void pool_add(vdb_pool *p, float *est, uint64_t *id, float e, uint64_t i) {
  est[p->n] = e;
  id[p->n++] = i;
}

// filter_mask clears the bits of the block's rows that f does not let through.
static inline uint32_t filter_mask(const vdb_filter *f, const uint8_t *ids, uint32_t mask) {
  uint32_t out = 0;
  for (uint32_t rest = mask; rest; rest &= rest - 1) {
    int j = __builtin_ctz(rest);
    uint32_t v;
    memcpy(&v, ids + 4 * j, 4);
    int64_t i = (int64_t)v + f->shift;
    int set = i >= 0 && i < f->n && (f->bits[i >> 6] >> (i & 63) & 1);
    out |= (uint32_t)(set == f->want) << j;
  }
  return out;
}

static inline uint32_t block_mask(int32_t left) {
  return left >= BLOCK ? 0xffffffffu : (1u << left) - 1;
}

// VDB_VARIANT declares the functions of one variant.
#define VDB_VARIANT(S)                                                                             \
  float vdb_pair_##S(int, const float *, const float *, int64_t);                                  \
  void vdb_rows_##S(int, const float *, const float *, int64_t, int64_t, float *, float *);        \
  void vdb_gather_##S(int, const float *, const float *, const int64_t *, int64_t, int64_t,        \
                      float *, float *);                                                           \
  void vdb_dots_##S(const float *, int64_t, int64_t, const float *, int64_t, float *, int64_t);    \
  void vdb_argmin_##S(const float *, int64_t, int64_t, int64_t, const float *, int32_t *,          \
                      float *);                                                                    \
  void vdb_soar_##S(const float *, const float *, int64_t, int64_t, int64_t, const float *,        \
                    const float *, const float *, float, const int32_t *, int32_t *);              \
  void vdb_scatter_add_##S(const float *, int64_t, int64_t, const int32_t *, float *);             \
  void vdb_sub_rows_##S(const float *, int64_t, int64_t, const float *, const int32_t *, float *); \
  void vdb_encode_##S(const float *, int64_t, int64_t, int64_t, int64_t, const float *,            \
                      const float *, uint8_t *);                                                   \
  void vdb_decode_dots_##S(const uint8_t *, int64_t, int64_t, int64_t, int64_t, const float *,     \
                           const float *, const float *, const int32_t *, float *, float *);       \
  void vdb_lut_##S(const float *, int64_t, int64_t, int64_t, const float *, float *);              \
  void vdb_lut_u8_##S(const float *, int64_t, int64_t, uint8_t *, float *);                        \
  void vdb_scan4_##S(const uint8_t *, const int64_t *, const int32_t *, const float *, int64_t,    \
                     int64_t, const uint8_t *, float, float, uint64_t, const vdb_filter *,         \
                     const vdb_filter *, vdb_pool *, float *, uint64_t *);
#endif
