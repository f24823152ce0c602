/**
 * What the person looks at: a sample, a layer, an attack; set by keys, read by panels.
 */
#ifndef FOVEA_UI_VIEW_H
#define FOVEA_UI_VIEW_H

#include "observe/flips.h"
#include "observe/observer.h"
#include "train/trainer.h"
#include "tui/neuron.h"
#include "tui/own.h"
#include "tui/widgets/tiles.h"

enum { PANELS_MOST = 64 };

/** A number that can be pointed at. */
enum spot_kind {
    SPOT_NONE,
    SPOT_NUMBER, /* an output of a layer, or with NET_INPUT a pixel: layer, c, row, col */
    SPOT_WEIGHT, /* of a convolution or a dense layer: layer, output channel c, input channel `in`, row, col */
    SPOT_STEP,   /* a moment of the run: step */
    SPOT_LAYER,  /* a layer as a whole: layer */
    SPOT_SAMPLE,  /* of the series that the signal lab listens to: step is its number */
    SPOT_SCENE,   /* a picture of a city or a landscape: step is its number */
    SPOT_PADDING, /* a zero around a map */
    SPOT_OTHER    /* what only its panel knows: its `explain` says it, and no other lights anything */
};
struct spot {
    enum spot_kind kind;
    int layer, c, row, col, in;
    long step;
};

struct panel_type;
/* What the labs work on; each has its own header of that name. */
struct stepping;
struct matching;
struct filtering;
struct scenery;
struct listening;
struct fooling;
struct sweeping;

/**
 * What is being taken apart: a path from what was pointed at down to the number or map that is shown now. See apart.h.
 */
enum apart_kind {
    APART_MAP,    /* a map of a layer (spot: layer, c): what it is put together from */
    APART_NUMBER, /* a number or pixel: its terms */
    APART_FEEDS,  /* a number or pixel: everything that it feeds */
};
enum { APART_LEVELS = 128 };
struct apart {
    struct apart_level {
        enum apart_kind kind;
        struct spot spot; /* SPOT_NUMBER; of a map row and col are where the cursor was */
        struct place at;  /* where the cursor stood before the next level was opened */
    } level[APART_LEVELS];
    int depth;                       /* 0: nothing is taken apart */
    const struct panel_type *before; /* had the focus; gets it back */
    bool pointing;                   /* was there a cursor then? */
};

/** How curves are shown. */
enum { CURVES_SMOOTH_MOST = 3 };
struct curves_view {
    bool log, recent; /* the loss by its logarithm; only the last tenth of the run */
    int smooth;       /* how many neighbours a point is the mean of: 0 (itself alone) to CURVES_SMOOTH_MOST */
};

/** What the end of a colour map stands for: the largest of one picture, of all in its panel, or of all layers. */
enum scale { SCALE_UNIT, SCALE_LAYER, SCALE_NETWORK, SCALE_KINDS };
extern const char *const scale_names[SCALE_KINDS]; /* "unit", ... */

/** Activations behind the non-linearity, before it, or both beside each other. */
enum show { SHOW_AFTER, SHOW_BEFORE, SHOW_BOTH, SHOWS };
extern const char *const show_names[SHOWS]; /* "after", ... */

struct view {
    const struct net *net;
    const char *model; /* its name, by which nicknames of its units are kept; "" until it is known */
    const struct dataset *data;
    enum split split;
    int index;      /* sample in view */
    struct own own; /* what is looked at instead of it, or made of it */
    int layer;      /* layer in view: index in net of a convolution or dense layer */
    const struct attack_type *attack_type;
    struct attack_options attack;
    int target;                          /* class that it is to reach, where attack.targeted says so */
    const struct trainer_report *report; /* newest; NULL before the first */
    const struct answers *answers;       /* newest, or NULL before the first */
    const struct neuron *neuron;         /* what a unit likes, while that is looked at; else NULL */
    struct stepping *stepping;           /* and what the other labs work on; NULL until they are entered */
    struct matching *matching;
    struct filtering *filtering;
    struct scenery *scenery;
    struct listening *listening;
    struct fooling *fooling;
    struct sweeping *sweeping;
    const struct flips *flips; /* smallest epsilons over training time, or NULL */
    bool stale;                /* the answers are to older questions: what they show isn't what is asked */
    const struct trainer_report *other; /* newest of the branch that isn't in view; NULL: there is none */
    long forked;                        /* the step at which the two parted, where there is another */

    const struct panel_type *focus; /* the panel that keys are for; never NULL once panels have been placed */
    bool pointing;                  /* its cursor is there */
    struct place place[PANELS_MOST]; /* where each panel's cursor stands, by panel_index() */
    struct spot spot;                /* what it points at; SPOT_NONE without a cursor */
    struct apart apart;              /* what is shown as its parts */
    struct curves_view curves;
    enum scale scale;
    enum show show;
    bool winners;         /* of the activations only those that win the pooling behind them are bright */
    bool gradients;       /* beside each picture of weights or activations that of their gradients */
    bool numbers, legend; /* pictures as numbers; a strip of their colours with what they stand for */
};

/** Looks at the first test image and the first layer that learns, with FGSM of epsilon 0.1. */
void view_init(struct view *v, const struct net *net, const struct dataset *data);

/** Moves to another layer with weights that is a convolution or dense (stops at the ends). */
void view_move_layer(struct view *v, int by);

/** Can the layer be the one in view: is it a convolution or dense? */
bool view_learns(const struct net *net, int layer);

/**
 * What a panel that shows the output of `layer` (or the input: NET_INPUT) is to light for the spot, all else being dimmed: in earlier layers what a number sees, or what a
 * weight multiplies and where that goes; while it is shown what a number feeds, that, in later layers. A picture in colours is one tile.
 * @return false: nothing is dimmed
 */
bool view_light(const struct view *v, int layer, struct light *out);

/** The filter of the convolution `layer` that makes the number at the spot, through whatever follows that changes each number for itself; -1: none does. */
int view_filter(const struct view *v, int layer);

/** Where in the output of `layer` (or the input) the term lies that the cursor of the panel `detail` is at: channel, row and column. false: it is no number of that layer */
bool view_mark(const struct view *v, int layer, struct place *out);
/** The same for the weight of the term: its slice of all filters of the convolution `layer` (output channel after output channel), row and column. */
bool view_mark_weight(const struct view *v, int layer, struct place *out);
/** How much the maps of the layer in view and what is pooled of them changed with a nudge, and what became of the verdict. Empty where nothing was nudged. */
void view_explain_nudge(const struct view *v, char *text, int size);

/** One line about the spot: its value, where it is and what it is. Empty for SPOT_NONE. */
void view_explain(const struct view *v, char *text, int size);

/** Are the two layers of these types? Index of the layer, or -1 where the network has none. */
bool view_is_conv(const struct net *net, int layer);
int view_activation(
    const struct view *v);             /* the non-linearity behind the layer in view, or the layer itself */
int view_before(const struct view *v); /* what that reads, or the layer itself */
bool view_is_dense(const struct net *net, int layer);
int view_reader(const struct net *net, int layer); /* the first layer that reads it; -1: none */
int view_pool(const struct view *v); /* the pooling before the next layer that learns; -1: none */

/** Largest magnitude of count numbers; 0 when none is finite. */
float view_range(const float *v, size_t count);

/**
 * What the end of a colour map stands for, for a panel's pictures: 0 where each has its own, the largest of these count numbers, or that of the whole network:
 * the largest of part `of` of the question "network" (while that isn't answered, of these numbers).
 */
float view_scale(const struct view *v, const char *of, const float *numbers, size_t count);

/** "max 4.32" or "\u00b10.0031". */
void view_range_text(const struct tile_kind *kind, char *text, int size);

/** Answer to a question of the given type about a layer (0 when it's about none). NULL: not there yet. */
const struct answer *view_answer(const struct view *v, const char *question, int layer);
/** A part of it. */
const struct part *view_part(const struct view *v, const char *question, int layer, const char *part);
struct question view_question(const struct view *v, const char *type, int layer);

#endif
