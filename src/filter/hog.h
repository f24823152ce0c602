/**
 * Histograms of oriented gradients: what was built by hand before networks learned it. Lecture item L44.
 *
 * The gradient of every pixel by [-1 0 1] votes with its length for its direction, without sign, shared between the two nearest of `bins` bins
 * around 180 degrees; votes are collected in square cells; every 2 x 2 cells are a block, brought to length 1.
 * Source: Dalal & Triggs 2005, Histograms of Oriented Gradients for Human Detection.
 */
#ifndef FOVEA_FILTER_HOG_H
#define FOVEA_FILTER_HOG_H

#include <stddef.h>

#include "base/err.h"

enum { HOG_BINS_MOST = 36 };

struct hog {
    int rows, cols; /* of the picture */
    int cell;       /* pixels on a side; what is left over at the right and at the bottom isn't looked at */
    int bins;       /* 2..HOG_BINS_MOST */
};

int hog_cells(
    const struct hog *hog); /* numbers that hog_histograms() writes: cell rows * cell columns * bins */
int hog_features(
    const struct hog *
        hog); /* numbers that hog_extract() writes: block rows * block columns * 4 * bins; 0: too small a picture */

/** What is looked at of a picture x [channels][pixels]: its luma (BT.601) where it has three channels, else the first. */
void hog_grey(int channels, size_t pixels, const float *x, float *grey);

/** Votes of each cell: [cell row][cell column][bin]; bin b is centred at b * 180 / bins degrees, the direction of the edge, 0 lying flat. */
void hog_histograms(const struct hog *hog, const float *grey, float *out);

/**
 * The cells as a picture, [cell rows * side][cell columns * side]: a rod through the middle of each cell for every bin, along the edges that it counts, as bright as its share
 * of the strongest bin of all. @param votes  of hog_histograms()
 */
void hog_rods(const struct hog *hog, const float *votes, int side, float *out);

/** The features: [block row][block column][4 cells][bin]. @param room  hog_cells() numbers */
void hog_extract(const struct hog *hog, const float *grey, float *room, float *out);

#endif
