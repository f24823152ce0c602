/**
 * Images of noise, with labels by chance: what a network is opened with whose own images aren't there, so that a picture from a file can be looked at with it.
 * Nothing is kept: an image is made of (seed, split, index) whenever it is read.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "data/sources/sources.h"

enum { CLASSES = 10, CLASSES_MOST = 100000, SIDE_MOST = 4096 };
static const int counts[SPLITS] = {1000, 100};

/* "CxHxW[,classes=K]" */
static bool parse(const char *where, struct shape *shape, int *classes)
{
    int read = 0, end = 0;
    bool good = sscanf(where, "%dx%dx%d%n", &shape->c, &shape->h, &shape->w, &read) == 3;
    if (good && where[read])
        good = sscanf(where + read, ",classes=%d%n", classes, &end) == 1 && !where[read + end];
    return good && shape->c >= 1 && shape->c <= SIDE_MOST && shape->h >= 1 && shape->h <= SIDE_MOST &&
           shape->w >= 1 && shape->w <= SIDE_MOST && *classes >= 1 && *classes <= CLASSES_MOST;
}

static enum err open(struct dataset *d, const char *where, uint64_t seed, struct diag *diag)
{
    int classes = CLASSES;
    uint64_t *kept = NULL;
    if (!parse(where, &d->shape, &classes))
        return diag_fail(diag, ERR_USAGE, NULL, 0,
                         "noise is asked for as noise:CxHxW[,classes=K], as noise:3x64x64, not 'noise:%.60s'",
                         where);
    if (!(d->state = kept = malloc(sizeof *kept)))
        return diag_memory(diag, "a data set");
    *kept = seed;
    for (int s = 0; s < SPLITS; s++)
        d->count[s] = counts[s];
    return dataset_set_classes(d, classes, NULL, diag);
}

static void close(struct dataset *d)
{
    free(d->state);
    d->state = NULL;
}

static int read(const struct dataset *d, enum split split, int index, uint8_t *pixels)
{
    const uint64_t *seed = d->state;
    size_t count = shape_count(d->shape);
    struct rng rng;
    rng_init(&rng, rng_key(*seed, split, (uint64_t)index));
    int label = (int)rng_below(&rng, (uint32_t)d->classes);
    for (size_t i = 0; i < count; i++)
        pixels[i] = (uint8_t)rng_below(&rng, 256);
    return label;
}

const struct source_type source_noise = {
    "noise",
    "noise:CxHxW[,classes=K]",
    "images of noise with labels by chance, for a network whose own aren't there",
    open,
    close,
    read,
};
