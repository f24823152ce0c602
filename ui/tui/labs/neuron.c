/** The neuron lab: a unit is asked what it likes. */
#include "tui/app.h"
#include "tui/labs/labs.h"
#include "tui/panels/panels.h"
#include "tui/state.h"

static const struct panel_type *const panels[] = {
    &panel_top,      &panel_maximise, &panel_purity, &panel_histogram,   &panel_saliency,
    &panel_climbing, &panel_weights,  &panel_bottom, &panel_activations, NULL};

const struct binding neuron_keys[] = {
    {'K', "lab neuron", "lab train", "K", "back to the training lab", NULL},
    {'}', "lab neuron", "unit next", "}", "ask the next unit", "unit"},
    {'{', "lab neuron", "unit before", "{", "ask the unit before", NULL},
    {'i', "lab neuron", "name", "i", "give the unit a name", "name"},
    {KEY_ENTER_, "maximise", "climb noise", "Enter", "in maximise: from noise", "noise"},
    {'s', "maximise", "climb sample", "s", "in maximise: from sample", "sample"},
    {'t', "maximise", "climb top", "t", "in maximise: from the top", "top"},
    {'d', "maximise", "decay next", "d", "in maximise: L2 decay", "decay"},
    {'o', "maximise", "blur next", "o", "in maximise: blur", "blur"},
    {'j', "maximise", "jitter next", "j", "in maximise: jitter", "jitter"},
    {'c', "maximise", "clip next", "c", "in maximise: clip", "clip"},
    {0, NULL, NULL, NULL, NULL, NULL},
};

static bool settled(const struct app *app)
{
    const struct neuron *n = app->view.neuron;
    return n && app->view.answers && neuron_settled(n, app->view.answers->moment);
}

/* The unit and the switches are settings like others; an ascent that didn't begin in noise begins again. */
static void state(const struct app *app, struct text *out)
{
    const struct neuron *n = app->view.neuron;
    if (!n || n->from == CLIMB_NOISE)
        return;
    state_begin_part(out);
    text_format(out, "climb %s", climb_names[n->from]);
}

const struct lab lab_neuron = {.name = "neuron",
                               .title = "neuron lab",
                               .help = "Ask a unit of the network what it likes",
                               .lecture = "L53 to L57",
                               .panels = panels,
                               .enter = app_open_neuron,
                               .leave = app_leave_neuron,
                               .take = app_take_neuron,
                               .settled = settled,
                               .state = state};
