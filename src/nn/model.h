/**
 * The model file: line-based text that a teacher can type from memory (see man page fovea-model(5)).
 *
 *     # the lecture's first network
 *     input 1x28x28
 *     conv 8 5x5
 *     relu
 *     maxpool 2
 *     flatten
 *     dense 10
 *
 * One layer a line: [NAME:] TYPE words... [from NAME]. `let NAME NUMBER` gives a number a name that can be used, with a whole factor before it,
 * wherever a number can stand (`let w 64`, `conv 2w 3x3`) and set from outside (`resnet18:w=8,classes=10`).
 */
#ifndef FOVEA_NN_MODEL_H
#define FOVEA_NN_MODEL_H

#include "base/err.h"
#include "nn/net.h"

/** Parses text. @param path for messages; @param settings "w=8,classes=10" overrides of its `let` lines, or NULL. */
MUST_USE enum err model_parse(const char *text, const char *path, const char *settings, struct net **out,
                              struct diag *diag);

/** A built-in name ("lenet", "resnet18:w=8") or the path of a file. An unknown name lists the built-in ones. */
MUST_USE enum err model_load(const char *name, struct net **out, struct diag *diag);

/* ---- writing, for who makes a model of another one ---- */

void model_write_input(struct text *t, const struct net *net);
/** The line of a layer. in[k] names its k-th input; in[0] NULL: the line before (only where it has one input). */
void model_write_layer(struct text *t, const struct layer *l, const char *const in[LAYER_INPUTS]);
/** What in[k] is in the text of `net` itself. */
const char *model_input_name(const struct net *net, int layer, int k);

/** Names of the built-in models (files in assets/models); free with asset_list_free(). */
MUST_USE enum err model_list(char ***out, struct diag *diag);

#endif
