/** The step lab: going on and back, playing, how the window slides, and the pencil. */
#include <stdio.h>
#include <string.h>

#include "tui/actions/step_shared.h"
#include "base/clock.h"
#include "base/text.h"
#include "tui/app.h"
#include "tui/panels/panels.h"

enum { PAD_MOST = 64, STRIDE_MOST = 16, FILTERS_MOST = 4096, CYCLE = 4 };

static const struct panel_type *const grids[STEP_GRIDS] = {&panel_stepin, &panel_kernel, &panel_output};

struct stepping *step_of(struct app *app)
{
    if (!app->view.stepping)
        app_say(app, "nothing is stepped yet: lab step");
    return app->view.stepping;
}

bool step_begin(struct app *app, struct step_source *next)
{
    struct diag diag = {0};
    struct stepping *s = step_of(app);
    if (!s)
        return false;
    if (!step_source_copy(next, &s->source, &diag))
        return true;
    app_say(app, "%s", diag.text);
    return false;
}

bool step_change(struct app *app, struct step_source *next)
{
    struct stepping *s = app->view.stepping;
    struct diag diag = {0};
    app->lay_out = true;
    if (stepping_take(s, next, &diag)) {
        app_say(app, "%s", diag.text);
        return false;
    }
    app_undoable(app, "recall %lu", s->serial);
    app_follow_stepping(app);
    return true;
}

int step_number(const char *argument, int at, int low, int high)
{
    long value = 0;
    if (argument_is(argument, "next"))
        return at < low || at >= CYCLE ? low : at + 1;
    return text_int(argument, low, high, &value) ? (int)value : -1;
}

int step_first_axis(const struct step_source *s)
{
    return s->x.rank > 2 ? s->x.rank - 2 : 0;
}

/* ---- the lab's doing by itself ---- */

void app_follow_stepping(struct app *app)
{
    struct view *v = &app->view;
    struct stepping *s = v->stepping;
    if (!s)
        return;
    for (int g = 0; g < STEP_GRIDS; g++) {
        const struct place *at = &v->place[panel_index(grids[g])], *seen = &s->seen[g];
        if (!v->pointing || v->focus != grids[g] || s->shown[g].n == 0 ||
            (at->tile == seen->tile && at->row == seen->row && at->col == seen->col))
            continue;
        stepping_point(s, (enum step_grid)g, *at);
        s->playing = false;
        app->dirty = true;
    }
    for (int g = 0; g < STEP_GRIDS; g++)
        v->place[panel_index(grids[g])] = s->seen[g] = s->place[g];
}

bool app_open_stepping(struct app *app)
{
    struct diag diag = {0};
    if (!app->view.stepping && stepping_new(&app->view.stepping, &diag)) {
        app_say(app, "%s", diag.text);
        return false;
    }
    app_follow_stepping(app);
    return true;
}

/* One thing that is due, again and again; @return when the next one is, 0: none. */
static double play_on(struct app *app, struct stepping *s, double now)
{
    if (!s->playing)
        return 0;
    s->due = s->due > 0 ? s->due : now;
    bool moved = false;
    for (int k = 0; s->due <= now && k < 1000; k++, s->due += 1 / s->tempo) {
        if (!stepping_walk(s, STRIDE_PRODUCT, 1))
            s->playing = false;
        moved = true;
    }
    if (s->due <= now)
        s->due = now;
    app->dirty |= moved;
    return s->playing ? s->due : 0;
}

static double blink_on(struct app *app, struct stepping *s, double now)
{
    static const double half = 0.2;
    if (s->blinks > 0 && s->blink_due <= now) {
        s->blinks -= s->blink_due > 0;
        s->blink_due = now + half;
        app->dirty = true;
    }
    return s->blinks > 0 ? s->blink_due : 0;
}

static double turn_on(struct app *app, struct stepping *s, double now)
{
    static const double pause = 0.4;
    if (s->turning > 0 && s->turn_due <= now) {
        s->turning -= s->turn_due > 0;
        s->turn_due = now + pause;
        app->dirty = true;
        stepping_refresh(s);
    }
    return s->turning > 0 ? s->turn_due : 0;
}

double app_tick_stepping(struct app *app, double now)
{
    struct stepping *s = app->view.stepping;
    if (!s)
        return -1;
    const double due[] = {play_on(app, s, now), blink_on(app, s, now), turn_on(app, s, now)};
    double next = 0;
    for (int i = 0; i < ARRAY_LEN(due); i++)
        next = due[i] > 0 && (next <= 0 || due[i] < next) ? due[i] : next;
    app_follow_stepping(app);
    return next <= 0 ? -1 : next > now ? next - now : 0;
}

/* ---- going ---- */

static bool walk(struct app *app, enum step_stride stride, const char *argument)
{
    struct stepping *s = app->view.stepping;
    int by = argument_is(argument, "on") ? 1 : argument_is(argument, "back") ? -1 : 0;
    if (by == 0)
        return false;
    s->playing = false;
    if (!stepping_walk(s, stride, by))
        app_say(app, by > 0 ? "that was the last one" : "nothing was multiplied before");
    app_follow_stepping(app);
    return true;
}

static void jump(struct app *app, long done)
{
    struct stepping *s = app->view.stepping;
    app_undoable(app, "multiply %ld", s->done);
    s->playing = false;
    stepping_go(s, done);
    app_follow_stepping(app);
}

static bool multiply(struct app *app, const char *argument)
{
    struct stepping *s = step_of(app);
    long number = 0;
    if (!s)
        return true;
    long all = s->outputs * s->terms;
    if (argument_is(argument, "start"))
        jump(app, 0);
    else if (argument_is(argument, "end"))
        jump(app, all);
    else if (text_int(argument, 0, 1L << 40, &number) && s->waits)
        s->wanted = number;
    else if (text_int(argument, 0, all, &number))
        jump(app, number);
    else
        return walk(app, STRIDE_PRODUCT, argument);
    return true;
}

static bool output(struct app *app, const char *argument)
{
    struct stepping *s = step_of(app);
    long number = 0;
    if (!s)
        return true;
    if (!text_int(argument, 1, s->outputs, &number))
        return walk(app, STRIDE_OUTPUT, argument);
    jump(app, number * s->terms);
    return true;
}

static bool row(struct app *app, const char *argument)
{
    return !step_of(app) || walk(app, STRIDE_ROW, argument);
}

/* On or off, or with nothing the other one. @return -1: it is none of them */
static int turned(const char *argument, bool now)
{
    return !*argument ? !now : argument_is(argument, "on") ? 1 : argument_is(argument, "off") ? 0 : -1;
}

static bool play(struct app *app, const char *argument)
{
    struct stepping *s = step_of(app);
    int on = s ? turned(argument, s->playing) : 0;
    if (!s || on < 0)
        return on >= 0;
    if (on && s->pencil) {
        app_say(app, "the pencil is yours: p lets the machine finish, Escape puts it down");
        return true;
    }
    if (on && s->done == s->outputs * s->terms)
        stepping_go(s, 0);
    s->playing = on == 1;
    s->due = clock_now() + 1 / s->tempo;
    if (on)
        app_say(app, "%g multiplications a second: + and - change that", s->tempo);
    else
        app_say(app, "paused");
    return true;
}

static bool tempo(struct app *app, const char *argument)
{
    static const double tempi[] = {0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
    struct stepping *s = step_of(app);
    double value = 0;
    int at = 0;
    if (!s)
        return true;
    while (at < ARRAY_LEN(tempi) - 1 && tempi[at] < s->tempo)
        at++;
    int to = argument_turn(argument, at, ARRAY_LEN(tempi));
    if (to >= 0)
        value = tempi[to];
    else if (!text_real(argument, &value) || value < 0.1 || value > 10000)
        return false;
    app_undoable(app, "tempo %g", s->tempo);
    s->tempo = value;
    s->due = 0;
    app_say(app, "%g multiplications a second", value);
    return true;
}

static bool reveal(struct app *app, const char *argument)
{
    struct stepping *s = step_of(app);
    int on = s ? turned(argument, s->reveal) : 0;
    if (!s || on < 0)
        return on >= 0;
    app_undoable(app, "reveal %s", s->reveal ? "on" : "off");
    s->reveal = on == 1;
    stepping_refresh(s);
    return true;
}

/* ---- how the window slides ---- */

/* Padding of modes is symmetrical but for even kernels; of all colours at once there is none in depth. */
static bool pad_colours(struct app *app, struct step_source *next)
{
    struct trace_options *o = &next->options;
    for (int a = step_first_axis(next); a < next->x.rank; a++) {
        int reach = (int)(next->w.dim[a] - 1) * (o->dilation[a] ? o->dilation[a] : 1);
        if (o->mode == CORRELATE_SAME && reach % 2 == 1) {
            app_say(app,
                    "a kernel of %ld has no middle: padded to the same size, one side would have a zero more",
                    next->w.dim[a]);
            step_source_fini(next);
            return false;
        }
        o->pad[a] = o->mode == CORRELATE_SAME ? reach / 2 : reach;
    }
    o->padded = true;
    o->pad[0] = 0;
    return true;
}

static bool set_padding(struct app *app, const char *argument)
{
    struct step_source next;
    int mode = CORRELATE_MODES;
    long pad = 0;
    if (!step_begin(app, &next))
        return true;
    struct trace_options *o = &next.options;
    bool given = text_int(argument, 0, PAD_MOST, &pad);
    for (int m = 0; m < CORRELATE_MODES && !given; m++)
        if (argument_is(argument, correlate_mode_names[m]))
            mode = m;
    if (argument_is(argument, "next"))
        mode = o->padded ? (int)CORRELATE_VALID : ((int)o->mode + 1) % CORRELATE_MODES;
    if ((!given && mode == CORRELATE_MODES) || next.operation != STEP_CORRELATE) {
        bool other = next.operation != STEP_CORRELATE;
        step_source_fini(&next);
        if (other)
            app_say(app, "only a correlation is padded here");
        return other;
    }
    next.edited |= STEP_EDITED_PADDING;
    o->padded = given;
    o->mode = given ? CORRELATE_VALID : (enum correlate_mode)mode;
    for (int a = 0; a < CORRELATE_RANK; a++)
        o->pad[a] = a >= step_first_axis(&next) ? (int)pad : 0;
    if (!given && o->mode != CORRELATE_VALID && next.x.rank == 3 && next.x.dim[0] == next.w.dim[0] &&
        !pad_colours(app, &next))
        return true;
    step_change(app, &next);
    return true;
}

/* Stride or dilation of rows and columns. */
static bool set_step(struct app *app, const char *argument, bool stride)
{
    struct step_source next;
    if (!step_begin(app, &next))
        return true;
    int *to = stride ? next.options.stride : next.options.dilation, last = next.x.rank - 1;
    int value = step_number(argument, to[last] ? to[last] : 1, 1, STRIDE_MOST);
    bool pools = next.operation == STEP_MAX || next.operation == STEP_MEAN;
    if (value < 0 || (next.operation != STEP_CORRELATE && !(stride && pools))) {
        step_source_fini(&next);
        if (value > 0)
            app_say(app, "there is no %s to choose for %s", stride ? "stride" : "dilation",
                    step_operation_names[app->view.stepping->source.operation]);
        return value > 0;
    }
    for (int a = step_first_axis(&next); a <= last; a++)
        to[a] = value;
    next.edited |= stride ? STEP_EDITED_STRIDE : STEP_EDITED_DILATION;
    if (step_change(app, &next))
        app_say(app, "%s %d", stride ? "stride" : "dilation", value);
    return true;
}

static bool set_stride(struct app *app, const char *argument)
{
    return set_step(app, argument, true);
}

static bool set_dilation(struct app *app, const char *argument)
{
    return set_step(app, argument, false);
}

static bool set_flip(struct app *app, const char *argument)
{
    struct stepping *s = step_of(app);
    struct step_source next;
    int on = s ? turned(argument, s->source.options.flip) : 0;
    if (!s || on < 0 || !step_begin(app, &next))
        return on >= 0;
    next.options.flip = on == 1;
    next.edited |= STEP_EDITED_FLIP;
    long stood = s->done;
    if (next.operation != STEP_CORRELATE) {
        step_source_fini(&next);
        app_say(app, "only the kernel of a correlation is flipped");
    } else if (step_change(app, &next)) {
        s->turning = app->term ? CORRELATE_RANK : 0; /* before one's eyes; a script has none */
        s->turn_due = 0;
        stepping_go(s, stood);
        app_say(app, on ? "true convolution: the kernel is flipped along every axis"
                        : "correlation, which networks call convolution: the kernel as it is written");
    }
    return true;
}

static bool set_bias(struct app *app, const char *argument)
{
    struct step_source next;
    double value = 0;
    if (!text_real(argument, &value))
        return false;
    if (!step_begin(app, &next))
        return true;
    next.options.bias = (float)value;
    next.edited |= STEP_EDITED_BIAS;
    step_change(app, &next);
    return true;
}

static bool set_filters(struct app *app, const char *argument)
{
    struct step_source next;
    long value = 0;
    if (!text_int(argument, 1, FILTERS_MOST, &value))
        return false;
    if (!step_begin(app, &next))
        return true;
    next.filters = (int)value;
    step_change(app, &next);
    return true;
}

static bool set_side(struct app *app, const char *argument)
{
    struct step_source next;
    if (!step_begin(app, &next))
        return true;
    int last = next.x.rank - 1, value = step_number(argument, next.side[last], 1, STRIDE_MOST);
    bool pools = next.operation == STEP_MAX || next.operation == STEP_MEAN;
    if (value < 0 || !pools) {
        step_source_fini(&next);
        if (value > 0)
            app_say(app, "only a pooling has such a window");
        return value > 0;
    }
    for (int a = step_first_axis(&next); a <= last; a++)
        next.side[a] = next.options.stride[a] = value;
    next.edited |= STEP_EDITED_SIDE;
    step_change(app, &next);
    return true;
}

const struct action step_actions[] = {
    {"multiply", "on|back|start|end|NUMBER", "One multiplication on or back, or to where so many are done",
     multiply},
    {"output", "on|back|NUMBER", "One output on or back, or to that one", output},
    {"row", "on|back", "A row of outputs on or back", row},
    {"play", "on|off", "Multiplies by itself, or pauses", play},
    {"tempo", "more|less|VALUE", "Multiplications a second while it plays", tempo},
    {"reveal", "on|off", "Shows all outputs, also those that weren't made yet", reveal},
    {"padding", "next|valid|same|full|NUMBER", "Zeros around the input: a mode, or so many on each side",
     set_padding},
    {"stride", "next|NUMBER", "How far the window goes from output to output", set_stride},
    {"dilation", "next|NUMBER", "How far apart the weights lie on the input", set_dilation},
    {"convolution", "on|off", "Flips the kernel, or leaves it as it is written", set_flip},
    {"bias", "VALUE", "Is added to every sum", set_bias},
    {"filters", "NUMBER", "For how many such kernels the sizes are worked out", set_filters},
    {"window", "next|NUMBER", "Rows and columns of a pooling's window, and its stride", set_side},
    {NULL, NULL, NULL, NULL},
};
