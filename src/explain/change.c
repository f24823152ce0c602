#include "explain/change.h"

#include <math.h>

static const double noticeable = 0.1;

struct change change_between(size_t n, const float *before, const float *after)
{
    double squares = 0, change = 0, most = 0;
    size_t moved = 0;
    for (size_t i = 0; i < n; i++) {
        double b = (double)before[i], d = (double)after[i] - b;
        squares += b * b;
        change += d * d;
        most = fmax(most, fabs(b));
    }
    for (size_t i = 0; i < n; i++)
        moved += fabs((double)after[i] - (double)before[i]) > noticeable * most;
    return (struct change){.relative = change == 0 ? 0 : sqrt(change / squares),
                           .moved = n > 0 ? (double)moved / (double)n : 0};
}
