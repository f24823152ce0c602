#include "explain/change.h"

#include <math.h>

double change_between(size_t n, const float *before, const float *after)
{
    double squares = 0, change = 0;
    for (size_t i = 0; i < n; i++) {
        double b = (double)before[i], d = (double)after[i] - b;
        squares += b * b;
        change += d * d;
    }
    return change == 0 ? 0 : sqrt(change / squares);
}
