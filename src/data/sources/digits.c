/**
 * Digits that are written when first asked for, and kept.
 *
 * Opening only reserves addresses: calloc of this size gives pages that don't exist before they are touched. An image is written to the
 * reader's own memory; whoever finds nobody at it yet keeps a copy and says so. Nobody ever waits: two readers at the same image both
 * write it, and get the same bytes, since these depend on (seed, split, index) alone.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "data/handwriting.h"
#include "data/sources/sources.h"

enum { CLASSES = 10, PIXELS = HANDWRITING_SIDE * HANDWRITING_SIDE };
enum { NOT_KEPT, BEING_KEPT, KEPT };
static const int counts[SPLITS] = {60000, 10000};

struct digits {
    uint64_t seed;
    uint8_t *pixels[SPLITS];
    _Atomic uint8_t *state[SPLITS];
};

static enum err open(struct dataset *d, const char *where, uint64_t seed, struct diag *diag)
{
    if (*where)
        return diag_fail(diag, ERR_USAGE, NULL, 0,
                         "digits are built in: nothing stands behind the name, but ':%.60s' does", where);
    struct digits *digits = calloc(1, sizeof *digits);
    if (!(d->state = digits))
        return diag_memory(diag, "a data set");
    digits->seed = seed;
    d->shape = (struct shape){1, HANDWRITING_SIDE, HANDWRITING_SIDE};
    for (int s = 0; s < SPLITS; s++) {
        d->count[s] = counts[s];
        digits->pixels[s] = calloc((size_t)counts[s], PIXELS);
        digits->state[s] = calloc((size_t)counts[s], sizeof *digits->state[s]);
        if (!digits->pixels[s] || !digits->state[s])
            return diag_memory(diag, "images");
    }
    return dataset_set_classes(d, CLASSES, NULL, diag);
}

static void close(struct dataset *d)
{
    struct digits *digits = d->state;
    for (int s = 0; s < SPLITS && digits; s++) {
        free(digits->pixels[s]);
        free((void *)digits->state[s]);
    }
    free(digits);
    d->state = NULL;
}

static int read(const struct dataset *d, enum split split, int index, uint8_t *pixels)
{
    struct digits *digits = d->state;
    uint64_t key = rng_key(digits->seed, split, (uint64_t)index);
    uint8_t *kept = digits->pixels[split] + (size_t)index * PIXELS, none = NOT_KEPT;
    _Atomic uint8_t *state = &digits->state[split][index];
    if (atomic_load_explicit(state, memory_order_acquire) == KEPT) {
        memcpy(pixels, kept, PIXELS);
    } else {
        handwriting_draw(key, pixels);
        if (atomic_compare_exchange_strong_explicit(state, &none, BEING_KEPT, memory_order_relaxed,
                                                    memory_order_relaxed)) {
            memcpy(kept, pixels, PIXELS);
            atomic_store_explicit(state, KEPT, memory_order_release);
        }
    }
    return handwriting_label(key);
}

const struct source_type source_digits = {
    "digits", "digits", "handwritten digits, built in: made on the fly from strokes, ten classes",
    open,     close,    read,
};
