/**
 * The curves of a run: a bounded record that halves its resolution instead of growing.
 *
 * A series holds at most `capacity` points; when it is full, neighbours are merged in pairs (mean, smallest, largest, last step) and from then on each
 * point stands for twice as many values. So a run of any length fits, and the whole of it is always there.
 */
#ifndef FOVEA_TRAIN_HISTORY_H
#define FOVEA_TRAIN_HISTORY_H

#include "base/err.h"
#include "base/text.h"

enum history_series {
    HISTORY_TRAIN_LOSS,
    HISTORY_TRAIN_ACCURACY,
    HISTORY_TEST_LOSS,
    HISTORY_TEST_ACCURACY,
    HISTORY_SERIES
};
extern const char *const history_names[HISTORY_SERIES]; /* "train_loss", ... */

struct history_point {
    long first, last; /* steps it covers */
    float mean, low, high;
    int values;
};

struct series {
    int count, capacity;         /* points; capacity is even */
    int per_point;               /* values merged into one full point */
    struct history_point *point; /* owned */
};

MUST_USE enum err series_init(struct series *s, int capacity, struct diag *diag);
void series_fini(struct series *s); /* accepts {0} */
/** Steps never fall. */
void series_add(struct series *s, long step, double value);
/** Forgets everything after `step`; a point that reaches past it goes as a whole, so up to per_point - 1 values before it go too. */
void series_cut(struct series *s, long step);

struct history {
    struct series series[HISTORY_SERIES];
};

MUST_USE enum err history_init(struct history *h, int capacity, struct diag *diag);
void history_fini(struct history *h);
void history_add(struct history *h, enum history_series which, long step, double value);
/** series_cut() of each. */
void history_cut(struct history *h, long step);
/** `to` was made with the same capacity. Allocates nothing. */
void history_copy(struct history *to, const struct history *from);
/** The last point that begins at or before `step`, or NULL. */
const struct history_point *history_at(const struct history *h, enum history_series which, long step);
/** "series,first_step,last_step,mean,low,high" and a line a point. */
void history_csv(const struct history *h, struct text *out);
MUST_USE enum err history_write_csv(const struct history *h, const char *path, struct diag *diag);

#endif
