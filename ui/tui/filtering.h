/**
 * The filter lab: a picture, a chain of up to four stages on it, and every stage's result. Lecture items L25 to L35, L40, L50, L51.
 *
 * What is asked for and what is seen are two things: a large picture is computed in the background, and until that is there the results of the chain before
 * are seen, marked as old. UI thread only, but for the worker.
 */
#ifndef FOVEA_UI_FILTERING_H
#define FOVEA_UI_FILTERING_H

#include "filter/window.h"
#include "filter/worker.h"
#include "tui/widgets/tiles.h"

enum {
    FILTERING_STAGES = 4,
    FILTERING_RESULTS = FILTERING_STAGES + 1,
    FILTERING_TEXT = 1400, /* bytes of a stage as text, at most: it must fit into a line */
    FILTERING_SOURCE = 512,
    FILTERING_PIXELS = 4 << 20, /* of a picture, at most */
    FILTERING_PICTURES = 32     /* room for what is built in */
};

/** How the numbers of a result are shown: as a picture, 0..1; from 0 to the largest; or both ways from 0. */
enum look_of { LOOK_PICTURE, LOOK_POSITIVE, LOOK_SIGNED };

struct filtering {
    /* What is asked for. */
    char source[FILTERING_SOURCE];     /* "towers", "sample", "seven.png" */
    struct image original;             /* the picture as it came */
    bool grey;                         /* its luma instead of its colours */
    struct chain asked;                /* no results */
    double products[FILTERING_STAGES]; /* of each stage of it for one number: chain_stage_products() */
    int stage,
        knob; /* the stage that keys change, and which of its knobs; in range, or 0 where there are none */
    bool cutting; /* a template is being cut out, from this pixel to the cursor: */
    int corner_row, corner_col;

    /* What is seen. */
    struct chain seen; /* with its results; results 0: none yet */
    enum look_of look[FILTERING_RESULTS];
    float *shown
        [FILTERING_RESULTS]; /* of a signed or large result in colour the colours that stand for it; else NULL */
    struct image piece;      /* that a template of it was cut out of the picture; {0}: there is none */
    char trouble[DIAG_TEXT]; /* why the chain ends early; "" else */
    float *under[3];         /* room for the pixels under a kernel, by channels */

    struct chain_worker *worker;
    unsigned long serial; /* of what was asked of it last; 0: nothing */
    bool stale;           /* `seen` isn't what is asked for */
};

/** Built-in pictures, scenes and patterns by their names; behind the last NULL. */
const char *filtering_picture_name(int index);

/** A chain worth a look, and the picture that it is best seen on. Lecture items L25 to L40. */
struct recipe {
    const char *name, *help, *picture;
    const char *stage[FILTERING_STAGES]; /* NULL-terminated where there are fewer */
};
extern const struct recipe recipes[]; /* the last has no name */
int recipes_count(void);

/** With the first recipe. wake is called from the worker's thread. */
MUST_USE enum err filtering_new(void (*wake)(void *arg), void *arg, struct filtering **out,
                                struct diag *diag);
void filtering_free(struct filtering *f); /* accepts NULL */

/** Another picture: its pixels are copied. ERR_RANGE when it is too large. A chain that it has no room for ends early. */
MUST_USE enum err filtering_picture(struct filtering *f, const char *source, const struct image *picture,
                                    struct diag *diag);
/** A built-in one, or a PNG file. */
MUST_USE enum err filtering_open(struct filtering *f, const char *name, struct diag *diag);
void filtering_set_grey(struct filtering *f, bool grey);

/**
 * Another chain: `next` has no results and is taken over. All is as before when it fails; what takes long fails only later, in `trouble`.
 * @return a stage's error; ERR_RANGE too for more work than anybody waits for
 */
MUST_USE enum err filtering_change(struct filtering *f, struct chain *next, struct diag *diag);

/** Takes what the worker has done. @return there was something */
bool filtering_take(struct filtering *f);

/* ---- for panels; nothing of it allocates ---- */

/** "gaussian k=7 sigma=2": what matters of a stage. */
void filtering_brief(const struct chain_stage *stage, char *text, int size);

/** What stands behind stage `result` - 1 as a tile: pixels as they are shown, or the numbers themselves. */
struct tiles filtering_tile(const struct filtering *f, int result, bool numbers);

/** "0..1", "+-0.83": what its colours reach to. */
void filtering_range(const struct filtering *f, int result, char *text, int size);

/** "1 to 4 of 96 x 144"-like words about a stage's numbers: least, largest, mean, and the error to the picture. */
void filtering_numbers(const struct filtering *f, int result, char *text, int size);

/** The box from the corner to a pixel of the picture. */
struct template_box filtering_cut(const struct filtering *f, int row, int col);

/** A kernel's sum, and that of its magnitudes. */
void filtering_sums(const struct kernel *k, double *sum, double *magnitudes);

/** What the knobs of a stage are; an empty table for a typed kernel. */
const struct knob *filtering_knobs(const struct chain_stage *stage, const double **value);

/** A stage as an action reads it: rows of a typed kernel are apart by `/`, since `;` parts actions. */
void filtering_spell(const struct chain_stage *stage, struct text *out);

#endif
