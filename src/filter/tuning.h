/**
 * What a filter prefers: its answer to a bar that turns, as Hubel and Wiesel measured cells in 1959, and which oriented edge it resembles
 * most. Lecture items L42 and L53.
 */
#ifndef FOVEA_FILTER_TUNING_H
#define FOVEA_FILTER_TUNING_H

/** What a filter is asked for everywhere: a bar so wide, at every degree of half a turn. */
enum { TUNING_WIDTH = 2, TUNING_ANGLES = 180 };

/** A bright bar (1) on dark (0), `width` pixels wide, longer than the patch, its middle `offset` pixels from the patch's, at an angle in degrees as kernels.h has it.
 *  Pixels that it covers in part are grey. */
void tuning_bar(int k, double angle, double offset, double width, float *patch);

/** The channels of each of `count` filters added up: w [count][channels][k][k], out [count][k][k]. What is the same in all channels sees nothing else of a filter. */
void tuning_add_channels(int count, int channels, int k, const float *w, float *out);

/**
 * Answers of `count` filters w [count][k][k] at `angles` angles over half a turn, answer [count][angles]: angle i is 180 i / angles degrees. The bar is moved across the
 * patch, as it was across the cat's screen, in half pixels, and the largest sum of products counts; less than nothing is nothing, a cell can only fire.
 * @param patch  room for k * k
 */
void tuning_curves(int count, int k, const float *w, double width, int angles, float *patch, float *answer);

/** Of one curve: where it is highest, in degrees, and (peak - across) / (peak + across), 0 to 1, `across` being the answer a quarter of a turn from there; 0 and 0 for a filter that never fires. */
struct tuning {
    double preferred, peak, selectivity;
};
struct tuning tuning_of(int angles, const float *answer);

/** The oriented edge (kernel "edge" of the same size, its defaults) that is most like a filter. */
struct census_match {
    double angle; /* degrees, 0 <= angle < 360: dark to bright, to the right of somebody who walks that way */
    double cosine; /* of the angle between filter and edge as vectors, 0..1; 0 for a filter of zeros */
};
/** From this cosine on a filter counts as an edge detector. */
#define CENSUS_EDGE 0.8

/**
 * One match for each of `count` filters, w [count][k][k], 3 <= k. Angles are tried degree by degree.
 * @param edge  room for k * k
 */
void census(int count, int k, const float *w, float *edge, struct census_match *match);

#endif
