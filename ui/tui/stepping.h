/**
 * What the step lab works on: a correlation, or another step of a network, done by hand one multiplication at a time. Lecture items L20 to L24, L33, L46, L50, L51.
 *
 * Everything is seen as a window that slides over the input: each output is made of `terms` numbers of it, in the order of the input. A correlation multiplies
 * them with its kernel, a pooling takes the largest or the mean, ReLU has windows of one number; a dense layer and softmax have one window, the whole input, for
 * each output. Where one stands is a single number, `done`: the multiplications that are done, of all outputs in their order.
 *
 * Arrays are [depth][rows][columns], with the missing axes in front. Texts count places from 1, as on paper. UI thread only; nothing is allocated but when the source changes.
 */
#ifndef FOVEA_UI_STEPPING_H
#define FOVEA_UI_STEPPING_H

#include "base/decimal.h"
#include "base/text.h"
#include "filter/trace.h"
#include "observe/question.h"
#include "tui/widgets/numbers.h"

struct view;

enum step_operation {
    STEP_CORRELATE,
    STEP_RELU,
    STEP_MAX,
    STEP_MEAN,
    STEP_DENSE,
    STEP_SOFTMAX,
    STEP_OPERATIONS
};
extern const char *const step_operation_names[STEP_OPERATIONS]; /* "correlate", "relu", "max", ... */

/** What was changed of a source since its line: a bit each. */
enum {
    STEP_EDITED_CELLS = 1,
    STEP_EDITED_WEIGHTS = 2,
    STEP_EDITED_PADDING = 4,
    STEP_EDITED_STRIDE = 8,
    STEP_EDITED_DILATION = 16,
    STEP_EDITED_FLIP = 32,
    STEP_EDITED_BIAS = 64,
    STEP_EDITED_SIDE = 128,
    STEP_EDITED_ALL = 255
};

enum { STEP_LINE = 256, STEP_NUMBERS = 1 << 22 /* in the input, and in the weights */ };

/** What is stepped. */
struct step_source {
    enum step_operation operation;
    struct tensor x; /* of rank 1 to 3; owned */
    struct tensor w; /* of equal rank; of a dense layer [units] before that; of others {0}; owned */
    float *bias;     /* [units] of a dense layer; NULL: none; owned */
    struct trace_options options; /* the numbers of a pooling's window and its stride too */
    int side[CORRELATE_RANK];     /* of a pooling's window, along the axes of x */
    char line[STEP_LINE];         /* the action that brings it: "example slide"; "" when it was typed */
    char title[80];               /* what it is */
    char kernel[80]; /* of the library, as one types it: "gaussian:k=3"; "" when its numbers were typed */
    unsigned edited;
    double kept; /* of a Gaussian kernel: the share of its mass that lies over it; else 0 */
    bool narrow; /* and it is less than twice sigma wide */
    int filters; /* how many such kernels the arithmetic is for: n */
};

/** Deep. @return ERR_MEMORY, and `to` is {0} */
MUST_USE enum err step_source_copy(struct step_source *to, const struct step_source *from, struct diag *diag);
void step_source_fini(struct step_source *s); /* accepts {0} */
/** Replaces the input or the weights (row-major, copied); the rank may change. */
MUST_USE enum err step_source_set(struct tensor *t, int rank, const long *dim, const float *data,
                                  struct diag *diag);

/** A grid as it is drawn: the input with its padding, the kernel as it lies on it, the output as far as it is known. */
enum step_grid { STEP_IN, STEP_KERNEL, STEP_OUT, STEP_GRIDS };
struct step_shown {
    int n, h, w;
    float *v;                    /* [n][h][w], owned */
    uint8_t *sign;               /* [n][h][w] enum number_sign, owned */
    float range;                 /* largest magnitude */
    bool negative;               /* is there any number below 0? */
    int wide;                    /* columns that a number takes */
    long before[CORRELATE_RANK]; /* cells of padding before the first number along each axis */
};

enum step_pencil { PENCIL_OFF, PENCIL_PRODUCT, PENCIL_SUM, PENCIL_OUTPUT, PENCILS };
extern const char *const step_pencil_names[PENCILS];
enum { STEP_TYPED = 16, STEP_KEPT = 16 };

struct stepping {
    struct step_source source;
    struct trace trace;  /* of its windows; borrows from the source */
    bool whole;          /* one window for all outputs: dense, softmax */
    long outputs, terms; /* terms: of each */
    struct shape out;    /* of the outputs */
    float *y;            /* [outputs] */
    float *ones;         /* a kernel for windows without weights */
    struct step_shown shown[STEP_GRIDS];
    struct text arithmetic[2],
        slide[2]; /* the arithmetic of sizes, the slide's notation; as UTF-8, and in ASCII */

    long done;                      /* multiplications: 0 to outputs * terms */
    long pointed;                   /* the term that was pointed at; -1: none */
    enum step_grid from;            /* by the cursor of this grid; STEP_GRIDS: by none */
    struct place place[STEP_GRIDS]; /* where each grid's cursor stands */
    struct place seen
        [STEP_GRIDS]; /* where the view was told that they stand: it is elsewhere once somebody moves one */
    enum step_grid watched; /* the grid whose cursor is to be seen; STEP_GRIDS: none */
    bool reveal;            /* all outputs are shown */

    bool playing;
    double tempo; /* multiplications a second */
    double due;   /* when the next one is; 0: at once */
    int turning;  /* the kernel is being flipped: axes that are still as they were (from the last on) */
    double turn_due;

    enum step_pencil pencil;
    char typed[STEP_TYPED];
    long asked, right; /* the score */
    int tries;         /* at the answer that is wanted now */
    long wrong;        /* term that a wrong answer has shown to be wrong; -1: none, terms: the sum itself */
    char verdict[2][160]; /* what was wrong, or right, as UTF-8 and in ASCII; "" before the first answer */
    int blinks;           /* half periods that the wrong term still blinks */
    double blink_due;

    struct step_kept { /* what was stepped before, to go back to */
        unsigned long serial;
        struct step_source source;
        long done;
    } kept[STEP_KEPT];
    unsigned long serial; /* of the newest */

    bool waits;      /* for a live layer: the answers of the network */
    int layer, unit; /* which one */
    long wanted;     /* stand there when it is there; -1: at the first output */
};

/** Begins with the lecture's example. */
MUST_USE enum err stepping_new(struct stepping **out, struct diag *diag);
void stepping_free(struct stepping *s); /* accepts NULL */

/**
 * Steps something else, from its first output on; what was stepped before is kept under s->serial.
 * @param next  taken over, {0} afterwards; also on failure, when nothing changes
 * @return ERR_SHAPE or ERR_RANGE with the reason why it can't be
 */
MUST_USE enum err stepping_take(struct stepping *s, struct step_source *next, struct diag *diag);
/** Goes back to what was kept. ERR_UNKNOWN: it is too long ago. */
MUST_USE enum err stepping_recall(struct stepping *s, unsigned long serial, struct diag *diag);

/** The current example as worksheet_text() wants it; borrowed. @return false: it is no correlation */
bool stepping_example(const struct stepping *s, const struct tensor **x, const struct tensor **w,
                      struct trace_options *options);

/* ---- where one stands (stepping.c) ---- */

/** Multiplications done: kept within what there is. Nothing is pointed at then. */
void stepping_go(struct stepping *s, long done);
/** The grids anew, after what decides what they show was changed by hand. */
void stepping_refresh(struct stepping *s);
enum step_stride { STRIDE_PRODUCT, STRIDE_OUTPUT, STRIDE_ROW, STRIDES };
/** One stride forward (1) or back (-1). Forward and back again is where one was, of outputs and rows from whole ones on. @return false: there is nothing more there */
bool stepping_walk(struct stepping *s, enum step_stride stride, int by);
/** The window goes to where a grid's cursor points. Places that aren't there are brought inside. */
void stepping_point(struct stepping *s, enum step_grid grid, struct place at);
/** The cursor of that grid has appeared where it stands, or with STEP_GRIDS it has gone: nothing moves, but what is lit is what it points at. */
void stepping_watch(struct stepping *s, enum step_grid grid);

/** The output that is being made, 0 to outputs-1, and how many of its terms are there. While the pencil is used that is what comes next. */
long stepping_output(const struct stepping *s);
long stepping_count(const struct stepping *s);
/** The term that is marked: the one pointed at, or the last that was done; -1: none. */
long stepping_mark(const struct stepping *s);
/** Is the output's number shown? */
bool stepping_known(const struct stepping *s, long output);
/** What is lit in a grid, all else being dimmed; and around what there are lines. @return false: nothing */
bool stepping_light(const struct stepping *s, enum step_grid grid, struct light *out);
bool stepping_outline(const struct stepping *s, enum step_grid grid, struct light *out);

/* ---- terms, values and texts (stepping_term.c) ---- */

/** Term k of an output: the number of the input and its weight (1 where there is none). */
struct trace_product stepping_term(const struct stepping *s, long output, long k);
/** What the term contributes: product, number, power of e. */
double stepping_product(const struct stepping *s, long output, long k);
/** What the first `count` terms give: sum, maximum; all of them: the output. */
double stepping_partial(const struct stepping *s, long output, long count);
/** All outputs, into s->y. */
void stepping_compute(struct stepping *s);
/** Do the terms have weights? */
bool stepping_weighs(const struct stepping *s);
/** The whole expression in pieces: -1 what stands before the terms, `terms` what stands behind them, the result too. May be empty. */
void stepping_piece(const struct stepping *s, long output, long k, bool plain, char *text, size_t size);
/** A number for an expression: as short as tells it apart, or where that is long three digits of it. */
void stepping_number(double value, char out[DECIMAL_ROOM]);
/** "(2,3)" of an output, of as many axes as there are. */
void stepping_place_text(const struct stepping *s, long output, char *text, size_t size);
/** One line about a cell of a grid: its number, where it is, what it is for. */
void stepping_explain(const struct stepping *s, enum step_grid grid, struct place at, char *text,
                      size_t size);
/** Makes s->arithmetic anew (stepping_size.c). @return the reason why these settings can't be */
MUST_USE enum err stepping_measure(const struct step_source *source, bool plain, struct text *out,
                                   struct diag *diag);

/* ---- the examples (stepping_example.c) ---- */

struct step_example {
    const char *name, *help, *lecture;
};
extern const struct step_example step_examples[]; /* a row without a name ends it */
/** ERR_UNKNOWN, and which there are. step_source_fini() it. */
MUST_USE enum err step_example_make(const char *name, struct step_source *out, struct diag *diag);

/**
 * Numbers as one types them: "3 3 2/0 0 1", rows apart by `/`, planes by `//`, numbers by blanks or commas. One row is a vector. (stepping_text.c)
 * @return ERR_FORMAT or ERR_SHAPE (rows of unequal length)
 */
MUST_USE enum err step_cells_read(const char *text, struct tensor *out, struct diag *diag);
/** Adds them so that they read back to the same bits; of a rank below 3, with the axes that are missing in front. */
void step_cells_write(const struct tensor *t, struct text *out);
/** A kernel by its numbers, or by a name of the library (filter/kernels.h): its numbers, and what is known of them. For an input of that rank. */
MUST_USE enum err step_weights_read(const char *text, int rank, struct step_source *out, struct diag *diag);

/** Another operation on the same input. One that needs other weights than there are gets some: the slide's, or small whole numbers. (stepping_kind.c) */
MUST_USE enum err step_source_operate(struct step_source *s, enum step_operation operation,
                                      struct diag *diag);
/** A source whose input is what `s` has put out. The operation is the one that usually follows. */
MUST_USE enum err step_source_carry(const struct stepping *s, struct step_source *out, struct diag *diag);
/** Can a layer be stepped, and how? @return STEP_OPERATIONS: it can't */
enum step_operation step_layer_operation(const struct net *net, int layer);
/** Writes the questions whose answers a live layer is made of. @return how many */
int step_layer_ask(const struct view *v, int layer, struct question *out, int room);
/** The layer as it is now, of a convolution, ReLU and pooling one channel `unit` (stepping_live.c). ERR_UNKNOWN: the answers aren't there yet */
MUST_USE enum err step_layer_make(const struct view *v, int layer, int unit, struct step_source *out,
                                  struct diag *diag);

/* ---- with a pencil (stepping_pencil.c) ---- */

/** Begins, or ends with PENCIL_OFF; the score begins anew. */
void stepping_pencil(struct stepping *s, enum step_pencil pencil);
/** The number that is wanted now, and "3·1" or so: what is asked for. @return false: all is done */
bool stepping_wanted(const struct stepping *s, bool plain, double *value, char *text, size_t size);
/** An answer: right goes on, wrong marks what is wrong. @return was it right? */
bool stepping_answer(struct stepping *s, double answer);
/** The machine does the rest of this output. */
void stepping_finish(struct stepping *s);

#endif
