/** The attack lab: how a network is fooled. */
#include "tui/labs/labs.h"
#include "tui/panels/panels.h"

static const struct panel_type *const panels[] = {&panel_input, &panel_attack, &panel_flip,
                                                  &panel_probabilities, NULL};

const struct binding attack_keys[] = {
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct lab lab_attack = {.name = "attack",
                               .title = "attack lab",
                               .help = "Fool the network, and see how little it takes",
                               .lecture = "L53 to L57, L75 to L79",
                               .panels = panels};
