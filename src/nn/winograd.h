/**
 * Convolutions with fewer products: Winograd's minimal filtering (Winograd 1980; Lavin & Gray 2016, arXiv:1509.09308), with vectors for numbers.
 *
 * m results of a kernel of k taps, m + k - 1 = 6, are polynomials evaluated at the six points 0, 1, -1, 2, -2 and infinity, multiplied there (six products where
 * the definition has m * k), and interpolated. In two dimensions a tile of 6x6 inputs meets 36 products instead of m * m * k * k: 144 for 3x3, 100 for 5x5. The
 * steps before and after are sums that serve all channels.
 *
 *     results      y = A(m) [ G(k) w  .  B x ]         m results from 6 inputs and k weights
 *     the weights  dw = A(k) [ G(m) dy  .  B x ]       the same with dy for weights: k results
 *
 * All functions are for one axis; the 2-d ones apply them to columns, then to rows. The points are powers of two, but sums of
 * large and small numbers lose some bits: about one decimal digit against the definition.
 */
#ifndef FOVEA_NN_WINOGRAD_H
#define FOVEA_NN_WINOGRAD_H

#include <stddef.h>

#include "tensor/shape.h"
#include "tensor/vec.h"

enum { WINOGRAD = 6, WINOGRAD_POINTS = WINOGRAD * WINOGRAD };

/** Results of a kernel of k taps (3 or 5). */
static inline int winograd_results(int k)
{
    return WINOGRAD + 1 - k;
}

/** B: six inputs to the six points. */
VEC_INLINE void winograd_in(const vec d[WINOGRAD], vec t[WINOGRAD])
{
    vec four = vec_all(4), two = vec_all(2);
    vec even1 = vec_fma(-four, d[2], d[4]), odd1 = vec_fma(-four, d[1], d[3]);
    vec even2 = d[4] - d[2], odd2 = two * (d[3] - d[1]);
    t[0] = vec_fma(four, d[0], vec_fma(vec_all(-5), d[2], d[4]));
    t[1] = even1 + odd1;
    t[2] = even1 - odd1;
    t[3] = even2 + odd2;
    t[4] = even2 - odd2;
    t[5] = vec_fma(four, d[1], vec_fma(vec_all(-5), d[3], d[5]));
}

/** G: `taps` weights to the six points. */
VEC_INLINE void winograd_weights(int taps, const vec *g, vec t[WINOGRAD])
{
    vec even1 = vec_all(0), odd1 = vec_all(0), even2 = vec_all(0), odd2 = vec_all(0);
    float power = 1;
    VEC_UNROLL for (int i = 0; i < taps; i++, power *= 2)
    {
        if (i % 2 == 0) {
            even1 += g[i];
            even2 = vec_fma(vec_all(power), g[i], even2);
        } else {
            odd1 += g[i];
            odd2 = vec_fma(vec_all(power), g[i], odd2);
        }
    }
    vec sixth = vec_all(-1.0f / 6), twenty_fourth = vec_all(1.0f / 24);
    t[0] = 0.25f * g[0];
    t[1] = sixth * (even1 + odd1);
    t[2] = sixth * (even1 - odd1);
    t[3] = twenty_fourth * (even2 + odd2);
    t[4] = twenty_fourth * (even2 - odd2);
    t[5] = g[taps - 1];
}

/** A: from the six points to `results` results. */
VEC_INLINE void winograd_out(int results, const vec t[WINOGRAD], vec *y)
{
    vec sum1 = t[1] + t[2], difference1 = t[1] - t[2], sum2 = t[3] + t[4], difference2 = t[3] - t[4];
    float power = 1;
    VEC_UNROLL for (int i = 0; i < results; i++, power *= 2) y[i] =
        i % 2 == 0 ? vec_fma(vec_all(power), sum2, sum1) : vec_fma(vec_all(power), difference2, difference1);
    y[0] += t[0];
    y[results - 1] += t[5];
}

/** A tile of size x size numbers of a plane [h][w], `step` vectors from one to the next; 0 outside. d is [size][WINOGRAD]. */
VEC_INLINE void winograd_load(const vec *plane, struct shape shape, int step, int row, int col, int size,
                              vec d[WINOGRAD][WINOGRAD])
{
    if (row >= 0 && col >= 0 && row + size <= shape.h && col + size <= shape.w) {
        const vec *from = plane + (row * shape.w + col) * step;
        VEC_UNROLL for (int i = 0; i < size; i++) VEC_UNROLL for (int j = 0; j < size; j++) d[i][j] =
            from[(i * shape.w + j) * step];
        return;
    }
    for (int i = 0; i < size; i++)
        for (int j = 0; j < size; j++) {
            int r = row + i, c = col + j;
            bool inside = r >= 0 && r < shape.h && c >= 0 && c < shape.w;
            d[i][j] = inside ? plane[(r * shape.w + c) * step] : vec_all(0);
        }
}

/** A tile of 6x6 inputs to the 36 points, `apart` vectors from one to the next. */
VEC_INLINE void winograd_tile_in(vec d[WINOGRAD][WINOGRAD], vec *to, size_t apart)
{
    vec t[WINOGRAD][WINOGRAD];
    VEC_UNROLL for (int j = 0; j < WINOGRAD; j++)
    {
        vec line[WINOGRAD], points[WINOGRAD];
        VEC_UNROLL for (int i = 0; i < WINOGRAD; i++) line[i] = d[i][j];
        winograd_in(line, points);
        VEC_UNROLL for (int i = 0; i < WINOGRAD; i++) t[i][j] = points[i];
    }
    VEC_UNROLL for (int i = 0; i < WINOGRAD; i++)
    {
        vec points[WINOGRAD];
        winograd_in(t[i], points);
        VEC_UNROLL for (int j = 0; j < WINOGRAD; j++) to[(size_t)(i * WINOGRAD + j) * apart] = points[j];
    }
}

/** taps x taps weights (or gradients in their place) to the 36 points. */
VEC_INLINE void winograd_tile_weights(int taps, vec g[WINOGRAD][WINOGRAD], vec *to, size_t apart)
{
    vec t[WINOGRAD][WINOGRAD];
    VEC_UNROLL for (int j = 0; j < taps; j++)
    {
        vec line[WINOGRAD], points[WINOGRAD];
        VEC_UNROLL for (int i = 0; i < taps; i++) line[i] = g[i][j];
        winograd_weights(taps, line, points);
        VEC_UNROLL for (int i = 0; i < WINOGRAD; i++) t[i][j] = points[i];
    }
    VEC_UNROLL for (int i = 0; i < WINOGRAD; i++)
    {
        vec points[WINOGRAD];
        winograd_weights(taps, t[i], points);
        VEC_UNROLL for (int j = 0; j < WINOGRAD; j++) to[(size_t)(i * WINOGRAD + j) * apart] = points[j];
    }
}

/** The 36 points to results x results numbers. */
VEC_INLINE void winograd_tile_out(int results, const vec *from, size_t apart, vec y[WINOGRAD][WINOGRAD])
{
    vec t[WINOGRAD][WINOGRAD];
    VEC_UNROLL for (int j = 0; j < WINOGRAD; j++)
    {
        vec points[WINOGRAD], line[WINOGRAD];
        VEC_UNROLL for (int i = 0; i < WINOGRAD; i++) points[i] = from[(size_t)(i * WINOGRAD + j) * apart];
        winograd_out(results, points, line);
        VEC_UNROLL for (int i = 0; i < results; i++) t[i][j] = line[i];
    }
    VEC_UNROLL for (int i = 0; i < results; i++) winograd_out(results, t[i], y[i]);
}

#endif
