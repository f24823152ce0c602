/**
 * A strip: what becomes of an array of numbers over time, thinned evenly as it goes on, so that any number of moments fits into a fixed room.
 *
 * Every `stride`th is kept, the first one always; when the strip is full every second one of it is dropped and the stride doubles.
 */
#ifndef FOVEA_BASE_STRIP_H
#define FOVEA_BASE_STRIP_H

#include <stddef.h>

struct strip {
    size_t count; /* floats of one moment */
    int most, kept;
    int stride, seen; /* moments offered so far */
    float *data;      /* [most][count], the caller's */
};

/** @param most  at least 1 */
void strip_begin(struct strip *s, size_t count, int most, float *data);

/** Offers the next moment, which is kept or not. */
void strip_offer(struct strip *s, const float *moment);

#endif
