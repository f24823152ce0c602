/** The step lab: a convolution by hand, product by product. */
#include "tui/app.h"
#include "tui/labs/labs.h"
#include "tui/matching.h"
#include "tui/panels/panels.h"

static const struct panel_type *const panels[] = {&panel_input, &panel_match, NULL};

const struct binding step_keys[] = {
    {0, NULL, NULL, NULL, NULL, NULL},
};

static bool settled(const struct app *app)
{
    return app->view.matching && !app->view.matching->waiting;
}

const struct lab lab_step = {.name = "step",
                             .title = "step lab",
                             .help = "Step a convolution by hand, product by product, forward and back",
                             .lecture = "L17 to L35, L45 to L51",
                             .panels = panels,
                             .topics = hand_topics,
                             .rests = true,
                             .enter = app_open_matching,
                             .close = app_close_matching,
                             .take = app_take_matching,
                             .settled = settled,
                             .state = app_state_matching};
