/**
 * Series of numbers over time: from CSV, from sound files (the only user of libsndfile), or made by the program. Lecture items L17, L20, L26.
 */
#ifndef FOVEA_DATA_SIGNAL_H
#define FOVEA_DATA_SIGNAL_H

#include <stdbool.h>

#include "base/err.h"

struct signal {
    long count;   /* >= 1 */
    float *x;     /* owned */
    double rate;  /* samples a second; 1 where nobody says */
    int channels; /* of the file; more than one were mixed to their mean */
};

/**
 * FILE.wav, .flac, .ogg or .aiff as sound in -1..1; all else, and "-", is CSV: one row or one column of numbers, or two columns, times in seconds
 * that rise evenly and values.
 * @return ERR_FORMAT also for a sound in a program that was built without libsndfile. At most 2^26 samples. signal_fini() it
 */
MUST_USE enum err signal_read(const char *path, struct signal *out, struct diag *diag);
void signal_fini(struct signal *s);

/** Whether this program reads sound files. */
bool signal_reads_sound(void);

/** A series that the program makes itself. */
struct signal_type {
    const char *name, *help;
    long count;
    double rate;
    void (*make)(float *x, long count, double rate);
};
extern const struct signal_type signal_types[]; /* the last has no name */

/** The built-in series called `name`, the same every time; ERR_UNKNOWN lists the names. */
MUST_USE enum err signal_make(const char *name, struct signal *out, struct diag *diag);

/* ---- for signal.c: sound.c is the door to libsndfile ---- */
MUST_USE enum err sound_read(const char *path, struct signal *out, struct diag *diag);

#endif
