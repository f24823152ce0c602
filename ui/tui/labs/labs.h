/** Every lab, one file each: what lab.c puts into its table. And their keys, for keys.c. */
#ifndef FOVEA_UI_LABS_H
#define FOVEA_UI_LABS_H

#include "tui/keys.h"
#include "tui/lab.h"

extern const struct lab lab_train, lab_step, lab_filter, lab_signal, lab_attack, lab_neuron;

/** General keys of a lab in which one works by hand, without the network. */
extern const struct action *const hand_topics[];

/** Input, kernel and output beside or above each other in this order, and the expression below (step_place.c). */
int step_place(const struct view *v, const struct style *s, int rows, int cols, struct placed *out);

extern const struct binding step_keys[], filter_keys[], signal_keys[], match_keys[], attack_keys[],
    neuron_keys[];

#endif
