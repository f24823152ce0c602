/**
 * What a filter prefers: its answer to a bar that turns, as Hubel and Wiesel measured cells in 1959, and which oriented edge it resembles
 * most. Lecture items L42 and L53.
 */
#ifndef FOVEA_FILTER_TUNING_H
#define FOVEA_FILTER_TUNING_H

#include "base/err.h"

/** A bright bar (1) on dark (0), `width` pixels wide, longer than the patch, its middle `offset` pixels from the patch's, at an angle in degrees as kernels.h has it.
 *  Pixels that it covers in part are grey. */
void tuning_bar(int k, double angle, double offset, double width, float *patch);

/**
 * Answer at `angles` angles over half a turn: angle i is 180 i / angles degrees. The bar is moved across the patch, as it was across the cat's screen, in half pixels,
 * and the largest sum of products counts; less than nothing is nothing, a cell can only fire.
 * @param w  [channels][k][k]; the bar is the same in all channels. @param patch  room for k * k
 */
void tuning_curve(const float *w, int channels, int k, double width, int angles, float *patch, float *answer);

/** The oriented edge (kernel "edge" of the same size, its defaults) that is most like a filter. */
struct census_match {
    double angle; /* degrees, 0 <= angle < 360: dark to bright, to the right of somebody who walks that way */
    double cosine; /* of the angle between filter and edge as vectors, 0..1; 0 for a filter of zeros */
};

/**
 * One match for each of `count` filters, w [count][channels][k][k], 3 <= k; channels are added up first. Angles are tried degree by degree.
 * @return ERR_MEMORY, or ERR_SHAPE for a k that edges don't have
 */
MUST_USE enum err census(int count, int channels, int k, const float *w, struct census_match *match,
                         struct diag *diag);

#endif
