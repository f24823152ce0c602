/** The step lab: a convolution by hand, product by product. */
#include <stdio.h>
#include <string.h>

#include "tui/app.h"
#include "tui/labs/labs.h"
#include "tui/matching.h"
#include "tui/panels/panels.h"
#include "tui/state.h"
#include "tui/stepping.h"

static const struct panel_type *const panels[] = {&panel_stepin,     &panel_kernel,     &panel_output,
                                                  &panel_expression, &panel_arithmetic, NULL};
static const struct panel_type *const pages[] = {&panel_match, NULL};

const struct binding step_keys[] = {
    {' ', "lab step", "play", "Space", "play, or pause", "play"},
    {'.', "lab step", "multiply on", ".", "one multiplication", "product"},
    {',', "lab step", "multiply back", ",", "one multiplication back", NULL},
    {']', "lab step", "output on", "]", "one output", "output"},
    {'[', "lab step", "output back", "[", "one output back", NULL},
    {'}', "lab step", "row on", "}", "a row of outputs", "row"},
    {'{', "lab step", "row back", "{", "a row back", NULL},
    {KEY_HOME_, "lab step", "multiply start", "Home", "back to the first product", NULL},
    {KEY_END_, "lab step", "multiply end", "End", "to the last product", NULL},
    {'+', "lab step", "tempo more", "+", "play faster", NULL},
    {'=', "lab step", "tempo more", NULL, NULL, NULL},
    {'-', "lab step", "tempo less", "-", "play slower", NULL},
    {'p', "lab step", "pencil next", "p", "a pencil: type it yourself", "pencil"},
    {'n', "lab step", "example next", "n", "the next example", "example"},
    {'N', "lab step", "example before", "N", "the example before", NULL},
    {'r', "lab step", "cells random", "r", "other numbers at random", NULL},
    {KEY_ENTER_, "stepin", "prompt cell", "Enter", "in input: another number", NULL},
    {KEY_ENTER_, "kernel", "prompt cell", "Enter", "in kernel: another number", NULL},
    {'v', "lab step", "convolution", "v", "flip the kernel, or back", "flip"},
    {'m', "lab step", "padding next", "m", "padding valid, same, full", "padding"},
    {'s', "lab step", "stride next", "s", "another stride", "stride"},
    {'d', "lab step", "dilation next", "d", "another dilation", NULL},
    {'o', "lab step", "operation next", "o", "ReLU, pooling, dense ...", NULL},
    {'O', "lab step", "carry", "O", "go on with what came out", NULL},
    {'a', "lab step", "reveal", "a", "all outputs, or those made", NULL},
    {'I', "lab step", "patch sample", "I", "a patch of the sample", NULL},
    {'H', "lab step", "prompt worksheet", "H", "a worksheet, to print", NULL},
    {'S', "lab step", "lab train", "S", "back to the training lab", NULL},
    {KEY_PAGE_DOWN_, "lab step", "live next", "PageDown", "a layer of the network", NULL},
    {KEY_PAGE_UP_, "lab step", "live before", "PageUp", "the layer before", NULL},
    {')', "lab step", "channel next", ")", "its next channel", NULL},
    {'(', "lab step", "channel before", "(", "the channel before", NULL},
    {KEY_ENTER_, "pencil", "answer", "Enter", "that is the answer", "answer"},
    {'p', "pencil", "finish", "p", "the machine finishes it", "finish"},
    {KEY_TAB_, "pencil", "pencil next", "Tab", "products, sums, or outputs", NULL},
    {KEY_ESCAPE_, "pencil", "pencil off", "Escape", "put the pencil down", "done"},
    {KEY_BACKSPACE_, "pencil", "type back", "Backspace", "take a digit back", NULL},
    {'0', "pencil", "type 0", "0 ... 9", "digits of the answer", "digits"},
    {'1', "pencil", "type 1", NULL, NULL, NULL},
    {'2', "pencil", "type 2", NULL, NULL, NULL},
    {'3', "pencil", "type 3", NULL, NULL, NULL},
    {'4', "pencil", "type 4", NULL, NULL, NULL},
    {'5', "pencil", "type 5", NULL, NULL, NULL},
    {'6', "pencil", "type 6", NULL, NULL, NULL},
    {'7', "pencil", "type 7", NULL, NULL, NULL},
    {'8', "pencil", "type 8", NULL, NULL, NULL},
    {'9', "pencil", "type 9", NULL, NULL, NULL},
    {'.', "pencil", "type .", NULL, NULL, NULL},
    {'-', "pencil", "type -", NULL, NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

static void status(const struct app *app, char *text, int size)
{
    const struct stepping *s = app->view.stepping;
    char where[64], score[48] = "";
    if (!s || app->alone == &panel_match)
        return;
    stepping_place_text(s, stepping_output(s), where, sizeof where);
    if (s->pencil)
        snprintf(score, sizeof score, "  pencil: %s, %ld of %ld right", step_pencil_names[s->pencil],
                 s->right, s->asked);
    else if (s->playing)
        snprintf(score, sizeof score, "  playing, %g a second", s->tempo);
    snprintf(text, (size_t)size, "%s  output %s  %ld of %ld done%s  %s",
             s->waits ? "waiting for the network" : s->source.title, where, s->done, s->outputs * s->terms,
             score, step_operation_names[s->source.operation]);
}

/* ---- for a state line ---- */

PRINTF_LIKE(2, 3) static void add(struct text *out, const char *format, ...)
{
    char line[STEP_LINE];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    state_begin_part(out);
    state_add_encoded(out, line, "';%");
}

static void add_cells(struct text *out, const char *word, const struct tensor *t)
{
    state_begin_part(out);
    text_format(out, "%s ", word);
    step_cells_write(t, out);
}

/* How the window slides: what was changed, and isn't as it usually is. */
static void add_options(const struct step_source *s, struct text *out)
{
    const struct trace_options *o = &s->options;
    bool correlates = s->operation == STEP_CORRELATE,
         pools = s->operation == STEP_MAX || s->operation == STEP_MEAN;
    int last = s->x.rank - 1;
    if (pools && s->edited & STEP_EDITED_SIDE)
        add(out, "window %d", s->side[last]);
    if ((correlates || pools) && s->edited & STEP_EDITED_STRIDE && o->stride[last] > 0)
        add(out, "stride %d", o->stride[last]);
    if (!correlates)
        return;
    if (s->edited & STEP_EDITED_DILATION && o->dilation[last] > 0)
        add(out, "dilation %d", o->dilation[last]);
    if (s->edited & STEP_EDITED_FLIP)
        add(out, "convolution %s", o->flip ? "on" : "off");
    if (s->edited & STEP_EDITED_BIAS)
        add(out, "bias %.9g", (double)o->bias);
    if (s->edited & STEP_EDITED_PADDING && o->padded && o->mode == CORRELATE_VALID)
        add(out, "padding %d", o->pad[last]);
    else if (s->edited & STEP_EDITED_PADDING)
        add(out, "padding %s", correlate_mode_names[o->mode]);
}

/* What was changed since its line, or with no line everything. */
static void add_source(const struct step_source *s, struct text *out)
{
    bool typed = !*s->line, weights = typed || s->edited & STEP_EDITED_WEIGHTS;
    if (!typed)
        add(out, "%s", s->line);
    if (typed || s->edited & STEP_EDITED_CELLS)
        add_cells(out, "cells", &s->x);
    if (typed)
        add(out, "operation %s", step_operation_names[s->operation]);
    if (s->operation == STEP_CORRELATE && weights && *s->kernel)
        add(out, "weights %s", s->kernel);
    else if (s->operation == STEP_CORRELATE && weights)
        add_cells(out, "weights", &s->w);
    add_options(s, out);
    if (s->filters > 1 && typed)
        add(out, "filters %d", s->filters);
}

static void state(const struct app *app, struct text *out)
{
    const struct stepping *s = app->view.stepping;
    if (!s)
        return;
    if (s->source.edited || strcmp(s->source.line, "example slide") != 0)
        add_source(&s->source, out);
    if (s->reveal)
        add(out, "reveal on");
    if (s->pencil)
        add(out, "pencil %s", step_pencil_names[s->pencil]);
    if (s->done != s->terms)
        add(out, "multiply %ld", s->done);
    app_state_matching(app, out);
}

static bool enter(struct app *app)
{
    return app_open_stepping(app) && app_open_matching(app);
}

static void take(struct app *app)
{
    app_take_stepping(app);
    app_take_matching(app);
}

static void leave(struct app *app)
{
    app_drop_pencil(app);
    if (app->view.stepping)
        app->view.stepping->playing = false;
}

static void close_lab(struct app *app)
{
    app_close_matching(app);
    stepping_free(app->view.stepping);
    app->view.stepping = NULL;
}

static bool settled(const struct app *app)
{
    const struct view *v = &app->view;
    return (!v->stepping || !v->stepping->waits) && (!v->matching || !v->matching->waiting);
}

const struct lab lab_step = {.name = "step",
                             .title = "step lab",
                             .help = "Step a convolution by hand, product by product, forward and back",
                             .lecture = "L17 to L35, L45 to L51",
                             .panels = panels,
                             .pages = pages,
                             .topics = hand_topics,
                             .rests = true,
                             .enter = enter,
                             .leave = leave,
                             .close = close_lab,
                             .take = take,
                             .tick = app_tick_stepping,
                             .settled = settled,
                             .status = status,
                             .place = step_place,
                             .state = state};
