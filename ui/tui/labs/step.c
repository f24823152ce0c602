/** The step lab: a convolution by hand, product by product. */
#include "tui/labs/labs.h"
#include "tui/panels/panels.h"

static const struct panel_type *const panels[] = {&panel_input, NULL};

const struct binding step_keys[] = {
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct lab lab_step = {.name = "step",
                             .title = "step lab",
                             .help = "Step a convolution by hand, product by product, forward and back",
                             .lecture = "L17 to L35, L45 to L51",
                             .panels = panels,
                             .topics = hand_topics,
                             .rests = true};
