/**
 * Numbers for pairs of colours, as curses wants them: given out as pairs are met, never taken back, because to redefine a
 * pair costs forty times as much as to make one, and repaints.
 */
#ifndef FOVEA_UI_PAIRS_H
#define FOVEA_UI_PAIRS_H

#include <stdint.h>

enum { PAIRS_MOST = 65536, PAIRS_SLOTS = 2 * PAIRS_MOST };

/** {0} to begin: no pairs to be had. */
struct pairs {
    int limit; /* numbers 1..limit-1 may be used, <= PAIRS_MOST */
    int used;
    struct {
        int32_t fg, bg;
        int number; /* 0: free */
    } slot[PAIRS_SLOTS];
};

/** Number of a pair met before, or 0. */
int pairs_find(const struct pairs *p, int32_t fg, int32_t bg);

/** A number for a pair that is new, or 0 when there are no more. */
int pairs_add(struct pairs *p, int32_t fg, int32_t bg);

#endif
