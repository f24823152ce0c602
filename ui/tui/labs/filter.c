/** The filter lab: filters on pictures. */
#include "tui/labs/labs.h"
#include "tui/panels/panels.h"

static const struct panel_type *const panels[] = {&panel_input, NULL};

const struct binding filter_keys[] = {
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct lab lab_filter = {.name = "filter",
                               .title = "filter lab",
                               .help = "Put filters one behind the other on a picture, and see every stage",
                               .lecture = "L17 to L44",
                               .panels = panels,
                               .topics = hand_topics,
                               .rests = true};
