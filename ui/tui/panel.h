/**
 * The contract of a panel: it asks questions and draws their answers on a piece of canvas.
 *
 * A panel type is one file in panels/ and one row of panel_types[]. It has no state of its own: everything it draws comes from the view.
 */
#ifndef FOVEA_UI_PANEL_H
#define FOVEA_UI_PANEL_H

#include "observe/observer.h"
#include "train/trainer.h"
#include "tui/canvas.h"

enum { PANEL_SIZES = 12 };

/** What the person looks at: set by keys, read by panels. */
struct view {
    const struct net *net;
    const struct dataset *data;
    enum split split;
    int index; /* sample in view */
    int layer; /* layer in view: index in net */
    struct attack_options attack;
    const struct attack_type *attack_type;
    const struct trainer_report *report; /* newest, never NULL once running */
    const struct answers *answers;       /* newest, or NULL before the first */
};

/** A size that the panel can use, frame and title not included, and how good it is (higher: larger zoom, more shown). */
struct panel_size {
    int rows, cols;
    float grade;
};

struct panel_type {
    const char *name; /* "filters": the word in options and key tables */
    const char *title;
    const char *help;    /* one sentence: what it shows */
    const char *lecture; /* "L46, L53" */
    int priority;        /* smaller is placed first */
    /** Writes at most PANEL_SIZES sizes, smallest first, for this view; returns how many (>= 1). */
    int (*sizes)(const struct view *v, const struct style *s, struct panel_size *out);
    /** Writes the questions it needs; returns how many (0: none). */
    int (*ask)(const struct view *v, struct question *out, int room);
    /** A title with numbers in it ("conv1 filters, 8 of 5x5, +-0.41"); NULL: the plain title. */
    void (*title_text)(const struct view *v, char *text, int size);
    /** Draws inside `c` (any size down to 1x1, clipped). Must show something sensible before the first answer. */
    void (*draw)(const struct view *v, struct canvas *c);
};

/** input, filters, activations, pooling, probabilities, curves, attack; NULL-terminated. */
extern const struct panel_type *const panel_types[];
const struct panel_type *panel_find(const char *name);

#endif
