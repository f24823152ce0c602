/**
 * Convolutions with fewer products: Winograd's minimal filtering (Winograd 1980; Lavin & Gray 2016, arXiv:1509.09308), with vectors for numbers.
 *
 * m results of a kernel of k taps, m + k - 1 = 6, are polynomials evaluated at the six points 0, 1, -1, 2, -2 and infinity, multiplied there (six products where
 * the definition has m * k), and interpolated. In two dimensions a tile of 6x6 inputs meets 36 products instead of m * m * k * k: 144 for 3x3, 100 for 5x5. The
 * steps before and after are sums that serve all channels.
 *
 *     results      y = A(m) [ G(k) w  .  B x ]         m results from 6 inputs and k weights
 *     the weights  dw = A(k) [ G(m) dy  .  B x ]       the same with dy for weights: k results
 *     the inputs   dx = B' [ G(k) w  .  A(m)' dy ]     the transposed steps in the other order; tiles overlap and add up
 *
 * Along one axis alone eight points, 1/2 and -1/2 besides, give four results of 5 taps: 8 products where the definition has 20.
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
enum { WINOGRAD_LONG = 8 }; /* points along one axis alone */

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

/** A turned round: the polynomial with `taps` coefficients g, evaluated at the six points. */
VEC_INLINE void winograd_evaluate(int taps, const vec *g, vec t[WINOGRAD])
{
    vec even1 = vec_all(0), odd1 = vec_all(0), even2 = vec_all(0), odd2 = vec_all(0);
    VEC_FOR (i, taps) {
        float power = (float)(1 << i);
        if (i % 2 == 0) {
            even1 += g[i];
            even2 = vec_fma(vec_all(power), g[i], even2);
        } else {
            odd1 += g[i];
            odd2 = vec_fma(vec_all(power), g[i], odd2);
        }
    }
    t[0] = g[0];
    t[1] = even1 + odd1;
    t[2] = even1 - odd1;
    t[3] = even2 + odd2;
    t[4] = even2 - odd2;
    t[5] = g[taps - 1];
}

/** G: `taps` weights to the six points. The same with the factors that the interpolation divides by. */
VEC_INLINE void winograd_weights(int taps, const vec *g, vec t[WINOGRAD])
{
    static const float factor[WINOGRAD] = {1.0f / 4, -1.0f / 6, -1.0f / 6, 1.0f / 24, 1.0f / 24, 1};
    winograd_evaluate(taps, g, t);
    VEC_FOR (i, WINOGRAD)
        t[i] *= vec_all(factor[i]);
}

/** B turned round: from the six points to what six inputs get. */
VEC_INLINE void winograd_in_back(const vec t[WINOGRAD], vec d[WINOGRAD])
{
    vec sum1 = t[1] + t[2], difference1 = t[1] - t[2], sum2 = t[3] + t[4], difference2 = t[3] - t[4];
    vec four = vec_all(4), five = vec_all(5), two = vec_all(2);
    d[0] = four * t[0];
    d[1] = vec_fma(four, t[5], vec_fma(-four, difference1, -two * difference2));
    d[2] = vec_fma(-five, t[0], vec_fma(-four, sum1, -sum2));
    d[3] = vec_fma(-five, t[5], vec_fma(two, difference2, difference1));
    d[4] = t[0] + sum1 + sum2;
    d[5] = t[5];
}

/** A: from the six points to `results` results. */
VEC_INLINE void winograd_out(int results, const vec t[WINOGRAD], vec *y)
{
    vec sum1 = t[1] + t[2], difference1 = t[1] - t[2], sum2 = t[3] + t[4], difference2 = t[3] - t[4];
    VEC_FOR (i, results) {
        vec power = vec_all((float)(1 << i));
        y[i] = i % 2 == 0 ? vec_fma(power, sum2, sum1) : vec_fma(power, difference2, difference1);
    }
    y[0] += t[0];
    y[results - 1] += t[5];
}

/* ---- eight points: 0, 1, -1, 2, -2, 1/2, -1/2 and infinity ---- */

/**
 * B: eight inputs to the eight points. Differences come first: eight equal inputs, the background of a picture, give exactly zero everywhere but at 1, and so
 * results that are exactly equal.
 */
VEC_INLINE void winograd_long_in(const vec d[WINOGRAD_LONG], vec t[WINOGRAD_LONG])
{
    vec a = d[2] - d[4], b = d[6] - d[4], c = d[1] - d[3], e = d[5] - d[3];
    vec quarter = vec_all(0.25f), half = vec_all(0.5f), two = vec_all(2), four = vec_all(4);
    vec even1 = vec_fma(vec_all(-2.25f), d[4], a + b), odd1 = vec_fma(vec_all(-2.25f), d[3], c + e);
    vec even2 = vec_fma(quarter, a, b), odd2 = vec_fma(two, e, half * c);
    vec even3 = vec_fma(four, a, b), odd3 = vec_fma(two, c, half * e);
    t[0] = vec_fma(vec_all(-5.25f), a, d[0] - d[6]);
    t[1] = even1 + odd1;
    t[2] = even1 - odd1;
    t[3] = even2 + odd2;
    t[4] = even2 - odd2;
    t[5] = even3 + odd3;
    t[6] = even3 - odd3;
    t[7] = vec_fma(vec_all(-5.25f), e, d[7] - d[1]);
}

/** G: `taps` weights to the eight points. */
VEC_INLINE void winograd_long_weights(int taps, const vec *g, vec t[WINOGRAD_LONG])
{
    static const float point[WINOGRAD_LONG] = {0, 1, -1, 2, -2, 0.5f, -0.5f, 0};
    static const float factor[WINOGRAD_LONG] = {1,         -2.0f / 9,  -2.0f / 9,  1.0f / 90,
                                                1.0f / 90, 32.0f / 45, 32.0f / 45, 1};
    VEC_FOR (q, WINOGRAD_LONG) {
        vec sum = g[taps - 1];
        for (int i = taps - 2; i >= 0 && q < WINOGRAD_LONG - 1; i--)
            sum = vec_fma(sum, vec_all(point[q]), g[i]);
        t[q] = sum * vec_all(factor[q]);
    }
}

/** A: from the eight points to `results` results. */
VEC_INLINE void winograd_long_out(int results, const vec t[WINOGRAD_LONG], vec *y)
{
    vec sum1 = t[1] + t[2], sum2 = t[3] + t[4], sum3 = t[5] + t[6];
    vec difference1 = t[1] - t[2], difference2 = t[3] - t[4], difference3 = t[5] - t[6];
    VEC_FOR (i, results) {
        vec power = vec_all((float)(1 << i)), inverse = vec_all(1.0f / (float)(1 << i));
        y[i] = i % 2 == 0 ? vec_fma(power, sum2, vec_fma(inverse, sum3, sum1))
                          : vec_fma(power, difference2, vec_fma(inverse, difference3, difference1));
    }
    y[0] += t[0];
    y[results - 1] += t[7];
}

/* ---- two axes, six points along each ---- */

/** A tile of size x size numbers of a plane [h][w], `step` vectors from one to the next; 0 outside. d is [size][WINOGRAD]. */
VEC_INLINE void winograd_load(const vec *plane, struct shape shape, int step, int row, int col, int size,
                              vec d[WINOGRAD][WINOGRAD])
{
    if (row >= 0 && col >= 0 && row + size <= shape.h && col + size <= shape.w) {
        const vec *from = plane + (row * shape.w + col) * step;
        VEC_FOR (i, size)
            VEC_FOR (j, size)
                d[i][j] = from[(i * shape.w + j) * step];
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
    VEC_FOR (j, WINOGRAD) {
        vec line[WINOGRAD], points[WINOGRAD];
        VEC_FOR (i, WINOGRAD)
            line[i] = d[i][j];
        winograd_in(line, points);
        VEC_FOR (i, WINOGRAD)
            t[i][j] = points[i];
    }
    VEC_FOR (i, WINOGRAD) {
        vec points[WINOGRAD];
        winograd_in(t[i], points);
        VEC_FOR (j, WINOGRAD)
            to[(size_t)(i * WINOGRAD + j) * apart] = points[j];
    }
}

/** taps x taps weights (or gradients in their place) to the 36 points. */
VEC_INLINE void winograd_tile_weights(int taps, vec g[WINOGRAD][WINOGRAD], vec *to, size_t apart)
{
    vec t[WINOGRAD][WINOGRAD];
    VEC_FOR (j, taps) {
        vec line[WINOGRAD], points[WINOGRAD];
        VEC_FOR (i, taps)
            line[i] = g[i][j];
        winograd_weights(taps, line, points);
        VEC_FOR (i, WINOGRAD)
            t[i][j] = points[i];
    }
    VEC_FOR (i, WINOGRAD) {
        vec points[WINOGRAD];
        winograd_weights(taps, t[i], points);
        VEC_FOR (j, WINOGRAD)
            to[(size_t)(i * WINOGRAD + j) * apart] = points[j];
    }
}

/** The 36 points to results x results numbers. */
VEC_INLINE void winograd_tile_out(int results, const vec *from, size_t apart, vec y[WINOGRAD][WINOGRAD])
{
    vec t[WINOGRAD][WINOGRAD];
    VEC_FOR (j, WINOGRAD) {
        vec points[WINOGRAD], line[WINOGRAD];
        VEC_FOR (i, WINOGRAD)
            points[i] = from[(size_t)(i * WINOGRAD + j) * apart];
        winograd_out(results, points, line);
        VEC_FOR (i, results)
            t[i][j] = line[i];
    }
    VEC_FOR (i, results)
        winograd_out(results, t[i], y[i]);
}

/** results x results numbers to the 36 points by A turned round. */
VEC_INLINE void winograd_tile_out_back(int results, vec y[WINOGRAD][WINOGRAD], vec *to, size_t apart)
{
    vec t[WINOGRAD][WINOGRAD];
    VEC_FOR (j, results) {
        vec line[WINOGRAD], points[WINOGRAD];
        VEC_FOR (i, results)
            line[i] = y[i][j];
        winograd_evaluate(results, line, points);
        VEC_FOR (i, WINOGRAD)
            t[i][j] = points[i];
    }
    VEC_FOR (i, WINOGRAD) {
        vec points[WINOGRAD];
        winograd_evaluate(results, t[i], points);
        VEC_FOR (j, WINOGRAD)
            to[(size_t)(i * WINOGRAD + j) * apart] = points[j];
    }
}

/** The 36 points to what a tile of 6x6 inputs gets, by B turned round. */
VEC_INLINE void winograd_tile_in_back(const vec *from, size_t apart, vec d[WINOGRAD][WINOGRAD])
{
    vec t[WINOGRAD][WINOGRAD];
    VEC_FOR (j, WINOGRAD) {
        vec points[WINOGRAD], line[WINOGRAD];
        VEC_FOR (i, WINOGRAD)
            points[i] = from[(size_t)(i * WINOGRAD + j) * apart];
        winograd_in_back(points, line);
        VEC_FOR (i, WINOGRAD)
            t[i][j] = line[i];
    }
    VEC_FOR (i, WINOGRAD)
        winograd_in_back(t[i], d[i]);
}

#endif
