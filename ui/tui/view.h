/**
 * What the person looks at: a sample, a layer, an attack; set by keys, read by panels.
 */
#ifndef FOVEA_UI_VIEW_H
#define FOVEA_UI_VIEW_H

#include "observe/observer.h"
#include "train/trainer.h"

struct view {
    const struct net *net;
    const struct dataset *data;
    enum split split;
    int index; /* sample in view */
    int layer; /* layer in view: index in net of a convolution or dense layer */
    const struct attack_type *attack_type;
    struct attack_options attack;
    const struct trainer_report *report; /* newest; NULL before the first */
    const struct answers *answers;       /* newest, or NULL before the first */
};

/** Looks at the first test image and the first layer that learns, with FGSM of epsilon 0.1. */
void view_init(struct view *v, const struct net *net, const struct dataset *data);

/** Moves to another sample (round the split) or another layer with weights that is a convolution or dense (stops at the ends). */
void view_move_sample(struct view *v, int by);
void view_move_layer(struct view *v, int by);

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
