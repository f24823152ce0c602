/** The neuron lab: a unit is asked what it likes. */
#include "tui/app.h"
#include "tui/labs/labs.h"
#include "tui/panels/panels.h"

static const struct panel_type *const panels[] = {&panel_top,         &panel_maximise, &panel_unit,
                                                  &panel_activations, &panel_bottom,   NULL};

const struct binding neuron_keys[] = {
    {'K', "lab neuron", "lab train", "K", "back to the training lab", NULL},
    {'}', "lab neuron", "unit next", "}", "ask the next unit", "unit"},
    {'{', "lab neuron", "unit before", "{", "ask the unit before", NULL},
    {KEY_ENTER_, "maximise", "climb noise", "Enter", "in maximise: from noise", NULL},
    {'s', "maximise", "climb sample", "s", "in maximise: from sample", NULL},
    {'d', "maximise", "decay next", "d", "in maximise: L2 decay", NULL},
    {'b', "maximise", "blur next", "b", "in maximise: blur", NULL},
    {'j', "maximise", "jitter next", "j", "in maximise: jitter", NULL},
    {'c', "maximise", "clip next", "c", "in maximise: clip", NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

static bool settled(const struct app *app)
{
    const struct neuron *n = app->view.neuron;
    return n && app->view.answers && neuron_settled(n, app->view.answers->moment);
}

const struct lab lab_neuron = {.name = "neuron",
                               .title = "neuron lab",
                               .help = "Ask a unit of the network what it likes",
                               .lecture = "L54 to L56",
                               .panels = panels,
                               .enter = app_open_neuron,
                               .leave = app_leave_neuron,
                               .take = app_take_neuron,
                               .settled = settled};
