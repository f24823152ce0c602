/**
 * Behind every number of a chain's results: what it was computed from, where that lies, and the sum written out. Lecture items L22, L26, L50, L51.
 */
#ifndef FOVEA_FILTER_WINDOW_H
#define FOVEA_FILTER_WINDOW_H

#include "filter/chain.h"

/** The pixels of result `result - 1` that number (row, col) of result `result` >= 1 comes from; may reach beyond that picture. */
struct template_box chain_window(const struct chain *chain, int result, int row, int col);

/** The same place in another result: the middle of the window that it comes from, or whose window's middle it is; brought inside. Both results stand. */
void chain_follow(const struct chain *chain, int from, int to, int *row, int *col);

/** The number of result `result` there; beyond its border 0, or the border's where the chain repeats it. */
float chain_value(const struct chain *chain, int result, int c, int row, int col);

/**
 * How the number came about, as far as it has room: "0.5·0.11 + 0.52·0.11 + ... = 0.49", "max(0.2, 0.5, 0, 0.1) = 0.5". Of the picture itself: nothing.
 * @param plain  ASCII only
 */
void chain_tell(const struct chain *chain, int result, int c, int row, int col, bool plain, char *text,
                int size);

#endif
