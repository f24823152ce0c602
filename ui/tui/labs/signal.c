/** The signal lab: series and sounds. */
#include "tui/labs/labs.h"
#include "tui/panels/panels.h"

static const struct panel_type *const panels[] = {&panel_input, NULL};

const struct binding signal_keys[] = {
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct lab lab_signal = {.name = "signal",
                               .title = "signal lab",
                               .help = "Smooth a series or a sound, and look for a pattern in it",
                               .lecture = "L17 to L24",
                               .panels = panels,
                               .topics = hand_topics,
                               .rests = true};
