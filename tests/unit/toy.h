/** A data set for tests that train: made on the spot, of any size, its classes told apart by where a bright patch lies, not without errors. */
#ifndef FOVEA_TESTS_TOY_H
#define FOVEA_TESTS_TOY_H

#include "base/rng.h"
#include "data/dataset.h"

static int toy_read(const struct dataset *d, enum split split, int index, uint8_t *pixels)
{
    struct rng rng;
    int w = d->shape.w, label = index % d->classes, area = d->shape.h * w;
    rng_init(&rng, rng_key((uint64_t)split, (uint64_t)index, 7));
    for (int i = 0; i < d->shape.c * area; i++)
        pixels[i] = (uint8_t)rng_below(&rng, 120);
    for (int i = 0; i < area / d->classes; i++) /* each class has its own stretch of rows */
        if (rng_below(&rng, 3) > 0)
            pixels[label * (area / d->classes) + i] = (uint8_t)(120 + rng_below(&rng, 136));
    return label;
}

static const struct source_type toy_source = {.name = "toy", .read = toy_read};

static inline struct dataset toy_data(struct shape shape, int classes, int train, int test)
{
    static char spec[] = "toy";
    return (struct dataset){
        .source = &toy_source, .spec = spec, .shape = shape, .classes = classes, .count = {train, test}};
}

#endif
