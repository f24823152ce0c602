/** The training lab: everything that the network does, side by side, while it learns. */
#include "tui/labs/labs.h"
#include "tui/panels/panels.h"

static const struct panel_type *const panels[] = {
    &panel_input,  &panel_filters, &panel_activations, &panel_probabilities, &panel_curves, &panel_pooling,
    &panel_attack, &panel_network, &panel_flip,        &panel_drawing,       &panel_detail, NULL};

const struct lab lab_train = {.name = "train",
                              .title = "training lab",
                              .help = "Watch a network learn: all that it does, side by side",
                              .lecture = "L45 to L57, L75 to L80",
                              .panels = panels};
