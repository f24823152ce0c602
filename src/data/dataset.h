/**
 * Labelled images: a training split and a test split of one shape, and the table of where they come from.
 *
 * Pixels are bytes, [c][h][w] an image; a network sees pixel / 255. Images are copied out, never lent, so a source may
 * hold them all in memory (files) or make them when first asked for and keep them (digits). Reading is safe from any
 * number of threads and gives the same bytes whoever asks first.
 */
#ifndef FOVEA_DATA_DATASET_H
#define FOVEA_DATA_DATASET_H

#include <stdint.h>

#include "base/err.h"
#include "base/team.h"
#include "tensor/shape.h"

enum split { SPLIT_TRAIN, SPLIT_TEST, SPLITS };

struct dataset {
    const struct source_type *source;
    char *spec; /* as given: "mnist:DIR"; owned */
    struct shape shape;
    int classes;
    char **class_name; /* [classes], owned */
    int count[SPLITS]; /* images; a split may be empty */
    void *state;       /* the source's own */
};

struct source_type {
    const char *name;  /* "mnist": what stands before the colon */
    const char *usage; /* "mnist:DIR" */
    const char *help;  /* one sentence */
    /** Fills shape, classes, class_name, count and state. @param where what stands behind the colon, "" for none */
    enum err (*open)(struct dataset *d, const char *where, uint64_t seed, struct diag *diag);
    void (*close)(struct dataset *d); /* frees state; harmless when open failed half-way */
    /** Copies image `index` to pixels[c*h*w] and returns its label. */
    int (*read)(const struct dataset *d, enum split split, int index, uint8_t *pixels);
};

/** digits, mnist, idx, cifar10, folder, noise; NULL-terminated. */
extern const struct source_type *const source_types[];

/**
 * @param spec  "digits", "mnist:DIR", "idx:DIR", "cifar10:DIR", "folder:DIR[,size=HxW][,channels=C]", "noise:CxHxW[,classes=K]"
 * @param seed  for sources that make their images
 */
MUST_USE enum err dataset_open(const char *spec, uint64_t seed, struct dataset **out, struct diag *diag);
void dataset_close(struct dataset *d); /* accepts NULL */

/** @return the label, 0..classes-1. */
int dataset_read(const struct dataset *d, enum split split, int index, uint8_t *pixels);

/** As floats in [0,1]. */
int dataset_read_floats(const struct dataset *d, enum split split, int index, float *x);

/* ---- for the sources ---- */

/** A whole split in memory: what most sources keep as their state. */
struct image_store {
    uint8_t *pixels[SPLITS]; /* [count][c*h*w], owned */
    uint8_t *labels[SPLITS]; /* [count], owned */
};
int image_store_read(const struct dataset *d, enum split split, int index,
                     uint8_t *pixels); /* state is a struct image_store */
void image_store_close(struct dataset *d);

/** Sets classes and class_name from a list (copied) in place of what was set before, or "0", "1", ... when names is NULL. */
enum err dataset_set_classes(struct dataset *d, int classes, const char *const *names, struct diag *diag);

#endif
