#include "filter/separate.h"

#include <math.h>

/* w seen as a matrix: `rows` along the axis, and for each of them all the others, row-major. */
struct matrix {
    const double *w;
    long rows, inner, outer; /* inner: numbers from one row to the next */
};

static double number_at(const struct matrix *m, long row, long col)
{
    return m->w[(col / m->inner * m->rows + row) * m->inner + col % m->inner];
}

/* rest = W^T line / |line|^2; false when line is 0. */
static bool project_rest(const struct matrix *m, const double *line, double *rest)
{
    double norm = 0;
    for (long i = 0; i < m->rows; i++)
        norm += line[i] * line[i];
    for (long j = 0; j < m->inner * m->outer; j++) {
        rest[j] = 0;
        for (long i = 0; i < m->rows; i++)
            rest[j] += line[i] * number_at(m, i, j) / norm;
    }
    return norm > 0;
}

/* line = W rest / |rest|^2 */
static bool project_line(const struct matrix *m, const double *rest, double *line)
{
    double norm = 0;
    for (long j = 0; j < m->inner * m->outer; j++)
        norm += rest[j] * rest[j];
    for (long i = 0; i < m->rows; i++) {
        line[i] = 0;
        for (long j = 0; j < m->inner * m->outer; j++)
            line[i] += rest[j] * number_at(m, i, j) / norm;
    }
    return norm > 0;
}

/* sum|w - line * rest| */
static double distance(const struct matrix *m, const double *line, const double *rest)
{
    double apart = 0;
    for (long j = 0; j < m->inner * m->outer; j++)
        for (long i = 0; i < m->rows; i++)
            apart += fabs(number_at(m, i, j) - line[i] * rest[j]);
    return apart;
}

/* The row and the column through the largest number; returns sum|w|. */
static double cross(const struct matrix *m, double *line, double *rest)
{
    double sum = 0, largest = 0;
    long row = 0, col = 0, cols = m->inner * m->outer;
    for (long j = 0; j < cols; j++)
        for (long i = 0; i < m->rows; i++) {
            double size = fabs(number_at(m, i, j));
            sum += size;
            if (size > largest) {
                largest = size;
                row = i;
                col = j;
            }
        }
    for (long i = 0; i < m->rows; i++)
        line[i] = number_at(m, i, col);
    for (long j = 0; j < cols; j++)
        rest[j] = number_at(m, row, j) / number_at(m, row, col);
    return sum;
}

bool separate_axis(const double *w, const long k[3], int axis, double *line, double *rest)
{
    enum { ROUNDS = 3 };
    struct matrix m = {.w = w, .rows = k[axis], .inner = 1, .outer = 1};
    for (int a = 0; a < 3; a++) {
        m.inner *= a > axis ? k[a] : 1;
        m.outer *= a < axis ? k[a] : 1;
    }
    double sum = cross(&m, line, rest);
    if (!isfinite(sum) || sum == 0)
        return false;
    if (distance(&m, line, rest) <= 1e-14 * sum)
        return true; /* whole numbers stay whole, so that what adds up to 0 is 0 */
    for (int round = 0; round < ROUNDS; round++)
        if (!project_rest(&m, line, rest) || !project_line(&m, rest, line))
            return false;
    return distance(&m, line, rest) <= SEPARATE_TOLERANCE * sum;
}
