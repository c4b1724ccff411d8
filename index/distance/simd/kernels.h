// kernels.h declares what the Go side calls. lv is the level chosen at start (1 portable, 2 AVX2,
// 3 AVX-512); it must be one that the machine has. Every pointer is to a flat slab, every position an
// offset or a row number; no kernel allocates, keeps a pointer, or calls back.
#ifndef VDB_KERNELS_H
#define VDB_KERNELS_H
#include <stdint.h>

enum { VDB_L2 = 0, VDB_DOT = 1, VDB_L1 = 2, VDB_DOTNORM = 3 };

// vdb_pool is a bounded pool of the smallest estimates met so far; est and id have room for cap + 32.
// When n reaches cap the pool shrinks to the keep smallest and thr becomes the largest of them.
typedef struct {
  float thr;
  int32_t n, keep, cap;
  int64_t codes; // rows that the filters let through, all of which were estimated
} vdb_pool;

// vdb_filter is a bitmap over row ids. Bit i of bits speaks for local id i - shift, where local ids
// are those stored in blocks; ids outside [0, n) do not match. want 1 keeps set bits, 0 clear ones
// (and, for 0, ids outside).
typedef struct {
  const uint64_t *bits;
  int64_t n, shift;
  int32_t want;
} vdb_filter;

float vdb_pair(int lv, int op, const float *a, const float *b, int64_t d);
void vdb_rows(int lv, int op, const float *q, const float *rows, int64_t n, int64_t d, float *out,
              float *out2);
void vdb_gather(int lv, int op, const float *q, const float *slab, const int64_t *off, int64_t n,
                int64_t d, float *out, float *out2);

int64_t vdb_panel(int lv);
void vdb_dots(int lv, const float *x, int64_t n, int64_t d, const float *packed, int64_t k,
              float *out, int64_t ldo);
void vdb_argmin(int lv, const float *dots, int64_t ldo, int64_t n, int64_t k, const float *cnorm,
                int32_t *idx, float *val);
void vdb_soar(int lv, const float *dots, const float *rdots, int64_t ldo, int64_t n, int64_t k,
              const float *cnorm, const float *rx, const float *rr, float lambda,
              const int32_t *first, int32_t *idx);
void vdb_scatter_add(int lv, const float *x, int64_t n, int64_t d, const int32_t *idx, float *sums);
void vdb_sub_rows(int lv, const float *x, int64_t n, int64_t d, const float *table,
                  const int32_t *idx, float *out);
void vdb_encode(int lv, const float *r, int64_t n, int64_t m, int64_t dsub, int64_t ksub,
                const float *cb, const float *cbnorm, uint8_t *codes);
void vdb_decode_dots(int lv, const uint8_t *codes, int64_t n, int64_t m, int64_t dsub, int64_t ksub,
                     const float *cb, const float *r, const float *centroids, const int32_t *idx,
                     float *tmp, float *out);
void vdb_lut(int lv, const float *q, int64_t m, int64_t dsub, int64_t ksub, const float *cbt,
             float *out);
void vdb_lut_u8(int lv, const float *lut, int64_t m, int64_t mpad, uint8_t *out, float *scale_bias);

void vdb_scan4(int lv, const uint8_t *slab, const int64_t *off, const int32_t *rows,
               const float *base, int64_t parts, int64_t m, const uint8_t *lut, float scale,
               float bias, uint64_t id_base, const uint64_t *fbits, int64_t fn, int64_t fshift,
               const uint64_t *xbits, int64_t xn, int64_t xshift, vdb_pool *pool, float *est,
               uint64_t *id);
void vdb_scan8(int lv, const uint8_t *slab, const int64_t *off, const int32_t *rows,
               const float *base, int64_t parts, int64_t m, const float *lut, uint64_t id_base,
               const uint64_t *fbits, int64_t fn, int64_t fshift, const uint64_t *xbits, int64_t xn,
               int64_t xshift, vdb_pool *pool, float *est, uint64_t *id);
void vdb_select(float *est, uint64_t *id, int64_t n, int64_t keep);
void vdb_nearest(const float *dist, int64_t n, int64_t keep, float *est, uint64_t *id);
#endif
