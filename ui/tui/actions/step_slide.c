/** The step lab: how the window slides. Padding, stride, dilation, the flipped kernel, the bias. */
#include <string.h>

#include "base/text.h"
#include "tui/actions/step_shared.h"

enum { PAD_MOST = 64, STRIDE_MOST = 16, FILTERS_MOST = 4096, CYCLE = 4 };

/* "next", a whole number from `low` to `high`, or neither (-1). */
static int number(const char *argument, int at, int low, int high)
{
    long value = 0;
    if (argument_is(argument, "next"))
        return at < low || at >= CYCLE ? low : at + 1;
    return text_int(argument, low, high, &value) ? (int)value : -1;
}

/* The axes that stride, dilation and padding are about: rows and columns. */
static int first_axis(const struct step_source *s)
{
    return s->x.rank > 2 ? s->x.rank - 2 : 0;
}

/* Padding of modes is symmetrical but for even kernels; of all colours at once there is none in depth. */
static bool pad_colours(struct app *app, struct step_source *next)
{
    struct trace_options *o = &next->options;
    for (int a = first_axis(next); a < next->x.rank; a++) {
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
        o->pad[a] = a >= first_axis(&next) ? (int)pad : 0;
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
    int value = number(argument, to[last] ? to[last] : 1, 1, STRIDE_MOST);
    bool pools = next.operation == STEP_MAX || next.operation == STEP_MEAN;
    if (value < 0 || (next.operation != STEP_CORRELATE && !(stride && pools))) {
        step_source_fini(&next);
        if (value > 0)
            app_say(app, "there is no %s to choose for %s", stride ? "stride" : "dilation",
                    step_operation_names[app->view.stepping->source.operation]);
        return value > 0;
    }
    for (int a = first_axis(&next); a <= last; a++)
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
    int on = s ? step_turned(argument, s->source.options.flip) : 0;
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
    int last = next.x.rank - 1, value = number(argument, next.side[last], 1, STRIDE_MOST);
    bool pools = next.operation == STEP_MAX || next.operation == STEP_MEAN;
    if (value < 0 || !pools) {
        step_source_fini(&next);
        if (value > 0)
            app_say(app, "only a pooling has such a window");
        return value > 0;
    }
    for (int a = first_axis(&next); a <= last; a++)
        next.side[a] = next.options.stride[a] = value;
    next.edited |= STEP_EDITED_SIDE;
    step_change(app, &next);
    return true;
}

const struct action slide_actions[] = {
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
