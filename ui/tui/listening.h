/**
 * What the signal lab works on: a series or a sound, the average that is taken of it at the cursor, noise, a piece that is searched for, and what the listener
 * found out in the background. Lecture items L17, L20, L25, L26, L28, L31.
 *
 * Samples and outputs count from 0 here, from 1 on the screen. Output i is the average of samples i .. i + width - 1; the cursor is in the middle of them.
 */
#ifndef FOVEA_UI_LISTENING_H
#define FOVEA_UI_LISTENING_H

#include "filter/listener.h"
#include "tui/own.h"

enum average { AVERAGE_UNIFORM, AVERAGE_GAUSSIAN, AVERAGE_TYPED, AVERAGES };
extern const char *const average_names[AVERAGES]; /* "uniform", ... */

/** Bells of a Gaussian: the lecture's exp(-d^2/sigma^2), the usual one with 2 sigma^2, with the sign that the slide has lost, and around the slide's centre k/2. */
enum bell { BELL_LECTURE, BELL_USUAL, BELL_PRINTED, BELL_SLIDE, BELLS };
extern const char *const bell_names[BELLS]; /* "lecture", ... */

/** Which weights an average has. */
struct average_choice {
    enum average average;
    int width;    /* weights, of UNIFORM and GAUSSIAN */
    double sigma; /* of GAUSSIAN, in samples */
    enum bell bell;
    char typed[140]; /* kernel of TYPED, as kernels.h reads it */
};

enum {
    LISTENING_SPAN = 16,                  /* samples that a view has at least */
    LISTENING_NEAR = 4 * STRETCH_WEIGHTS, /* samples close up */
    LISTENING_PIECE = 512,                /* columns of a picture of the piece */
    LISTENING_TEXT = 40 * STRETCH_WEIGHTS,
};

struct listening {
    char name[OWN_PATH]; /* a built-in series, or a file */
    struct signal signal;
    float largest; /* magnitude in it */

    struct average_choice choice;
    struct kernel kernel; /* what follows from it: one row */
    double noise;         /* its sigma */
    uint64_t seed;

    long sample;  /* where the cursor stands */
    int products; /* of the average there that are done: 0..width */
    bool playing;
    int pace;      /* products a second, while it plays */
    double played; /* when the last one was done */

    long from, span; /* samples in view */
    int window;      /* of the spectrogram */
    bool smoothed;   /* it is that of the smoothed series */
    int rows, cols;  /* of its picture: the room that there is */

    /* The piece that is searched for: samples of the series as it came, or of a file. */
    float *piece; /* owned; NULL: none */
    long piece_from, piece_length;
    char piece_name[OWN_PATH]; /* of its file; "" for a cut */
    int piece_columns;
    float piece_low[LISTENING_PIECE], piece_high[LISTENING_PIECE];
    bool plain;     /* the response isn't normalised */
    bool searching; /* panels are arranged with a piece to search for */
    long cut;       /* where a cut begins that isn't ended yet; -1: none */

    struct listener *listener;
    struct listener_question question; /* the last one */
    unsigned long serial;
    const struct listener_result *result; /* the newest of this series; NULL before the first */

    /* Close up: the samples around the window, with their noise, and the average in full. */
    long near_from;
    int near_count;
    float near[LISTENING_NEAR], near_clean[LISTENING_NEAR],
        near_smooth[LISTENING_NEAR]; /* by sample; NaN: no output there */
    double sum;                      /* of the products that are done */
    char expression[LISTENING_TEXT];
};

/** Starts its thread, which sleeps, and opens the first built-in series of the lab with some noise. */
MUST_USE enum err listening_new(void (*wake)(void *arg), void *arg, struct listening **out,
                                struct diag *diag);
void listening_free(struct listening *l); /* accepts NULL */

/** Another series: a built-in one by its name, else a file. The piece goes, all of it is in view, the cursor in its middle; to a file no noise is added. After an error nothing is changed. */
MUST_USE enum err listening_open(struct listening *l, const char *name, struct diag *diag);

/** Other weights; after an error (ERR_RANGE, ERR_SHAPE for a kernel of several rows, ...) nothing is changed. */
MUST_USE enum err listening_average(struct listening *l, const struct average_choice *choice,
                                    struct diag *diag);
void listening_noise(struct listening *l, double sigma, uint64_t seed);

/** The piece to search for, cut from the series. ERR_RANGE when it isn't wholly inside. */
MUST_USE enum err listening_cut(struct listening *l, long from, long length, struct diag *diag);
/** From a file; ERR_SHAPE when it is longer than the series, or has another rate. */
MUST_USE enum err listening_piece(struct listening *l, const char *path, struct diag *diag);
void listening_forget(struct listening *l);
void listening_normalise(struct listening *l, bool plain);

/* ---- the window ---- */
int listening_weights(const struct listening *l);
/** Outputs in all: count - weights + 1, or 0. */
long listening_outputs(const struct listening *l);
/** The output at the cursor; at the ends of the series the first or the last. -1: there is none. */
long listening_output(const struct listening *l);
/** Puts the cursor on a sample (the nearest there is), the average there complete, and the view to where it is seen. */
void listening_point(struct listening *l, long sample);
/** So many products on, or back, over as many outputs as that takes. @return false: at the end */
bool listening_step(struct listening *l, int by);
/** So many outputs on, or back. */
void listening_slide(struct listening *l, long by);

/** The part of it that is seen; brought inside. */
void listening_look_at(struct listening *l, long from, long span);

/** Makes what is seen close up, and asks the listener what isn't known. */
void listening_update(struct listening *l);
/** Takes what the listener has found. @return there was something */
bool listening_take(struct listening *l);

/** Where a sample lies on the axis: in seconds from the first on, or where nobody says how many a second there are by its number, from 1 on. */
const char *listening_unit(const struct listening *l);
double listening_time(const struct listening *l, double sample);
double listening_sample(const struct listening *l, double time); /* the other way */

#endif
