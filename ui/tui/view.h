/**
 * What the person looks at: a sample, a layer, an attack; set by keys, read by panels.
 */
#ifndef FOVEA_UI_VIEW_H
#define FOVEA_UI_VIEW_H

#include "observe/observer.h"
#include "train/trainer.h"
#include "tui/own.h"
#include "tui/widgets/tiles.h"

enum { PANELS_MOST = 16 };

/** A number that can be pointed at. */
enum spot_kind {
    SPOT_NONE,
    SPOT_NUMBER, /* an output of a layer, or with NET_INPUT a pixel: layer, c, row, col */
    SPOT_WEIGHT, /* of a convolution or a dense layer: layer, output channel c, input channel `in`, row, col */
    SPOT_STEP,   /* a moment of the run: step */
};
struct spot {
    enum spot_kind kind;
    int layer, c, row, col, in;
    long step;
};

struct panel_type;

struct view {
    const struct net *net;
    const struct dataset *data;
    enum split split;
    int index;      /* sample in view */
    struct own own; /* what is looked at instead of it, or made of it */
    int layer;      /* layer in view: index in net of a convolution or dense layer */
    const struct attack_type *attack_type;
    struct attack_options attack;
    const struct trainer_report *report; /* newest; NULL before the first */
    const struct answers *answers;       /* newest, or NULL before the first */
    bool stale; /* the answers are to older questions: what they show isn't what is asked */
    const struct trainer_report *other; /* newest of the branch that isn't in view; NULL: there is none */

    const struct panel_type *focus; /* the panel that keys are for; never NULL once panels have been placed */
    bool pointing;                  /* its cursor is there */
    struct place place[PANELS_MOST]; /* where each panel's cursor stands, by panel_index() */
    struct spot spot;                /* what it points at; SPOT_NONE without a cursor */
    bool reverse;                    /* light what the spot feeds, not what it sees */
};

/** Looks at the first test image and the first layer that learns, with FGSM of epsilon 0.1. */
void view_init(struct view *v, const struct net *net, const struct dataset *data);

/** Moves to another layer with weights that is a convolution or dense (stops at the ends). */
void view_move_layer(struct view *v, int by);

/** Can the layer be the one in view: is it a convolution or dense? */
bool view_learns(const struct net *net, int layer);

/**
 * What a panel that shows the output of `layer` (or the input: NET_INPUT) is to light for the spot, all else being dimmed: the receptive field of the spot, or
 * what it feeds when the view is reversed.
 * @return false: nothing is dimmed
 */
bool view_light(const struct view *v, int layer, struct light *out);

/** How much the maps of the layer in view and what is pooled of them changed with a nudge, and what became of the verdict. Empty where nothing was nudged. */
void view_explain_nudge(const struct view *v, char *text, int size);

/** One line about the spot: its value, where it is and what it is. Empty for SPOT_NONE. */
void view_explain(const struct view *v, char *text, int size);

/** Are the two layers of these types? Index of the layer, or -1 where the network has none. */
bool view_is_conv(const struct net *net, int layer);
int view_activation(
    const struct view *v);           /* the non-linearity behind the layer in view, or the layer itself */
int view_pool(const struct view *v); /* the pooling before the next layer that learns; -1: none */

/** Largest magnitude of count numbers; 0 when none is finite. */
float view_range(const float *v, size_t count);

/** Answer to a question of the given type about a layer (0 when it's about none). NULL: not there yet. */
const struct answer *view_answer(const struct view *v, const char *question, int layer);
/** A part of it. */
const struct part *view_part(const struct view *v, const char *question, int layer, const char *part);
struct question view_question(const struct view *v, const char *type, int layer);

#endif
