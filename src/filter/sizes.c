#include "filter/sizes.h"

static const char *times(bool plain)
{
    return plain ? "*" : "\u00b7";
}

static enum err check(int in, int k, int stride, int dilation, struct diag *diag)
{
    if (in < 1 || k < 1 || stride < 1 || dilation < 1)
        return diag_fail(diag, ERR_RANGE, NULL, 0,
                         "input %d, kernel %d, stride %d, dilation %d: each must be at least 1", in, k,
                         stride, dilation);
    if ((long)(k - 1) * dilation >= 1L << 30)
        return diag_fail(diag, ERR_RANGE, NULL, 0, "a kernel of %d stretched by %d is too large", k,
                         dilation);
    return ERR_NONE;
}

/* The kernel's extent as a term that something is taken from. */
static void add_extent(struct text *t, int k, int dilation, bool plain)
{
    if (dilation == 1)
        text_format(t, "%d", k);
    else
        text_format(t, "(%d%s(%d - 1) + 1)", dilation, times(plain), k);
}

static enum err refuse(int in, int k, int dilation, int pad, struct diag *diag)
{
    long extent = (long)(k - 1) * dilation + 1;
    if (dilation > 1)
        return diag_fail(
            diag, ERR_SHAPE, NULL, 0,
            "a kernel of %d stretched by %d spans %ld, but there are only %d + 2*%d = %ld samples", k,
            dilation, extent, in, pad, in + 2L * pad);
    return diag_fail(diag, ERR_SHAPE, NULL, 0, "a kernel of %d doesn't fit into %d + 2*%d = %ld samples", k,
                     in, pad, in + 2L * pad);
}

/* `(room) / stride` as it is written, the room being what `inside` says. */
static int finish(struct text *t, const char *inside, long room, int stride)
{
    long out = room / stride + 1;
    if (stride > 1)
        text_format(t, "floor((%s) / %d) + 1 = %ld", inside, stride, out);
    else
        text_format(t, "%s + 1 = %ld", inside, out);
    return (int)out;
}

enum err size_mode(struct text *t, int in, int k, enum correlate_mode mode, int stride, int dilation,
                   bool plain, int *out, struct diag *diag)
{
    struct text inside = {0};
    enum err err = check(in, k, stride, dilation, diag);
    if (err)
        return err;
    long reach = (long)(k - 1) * dilation, room = in - 1;
    int length;
    if (mode == CORRELATE_VALID)
        room -= reach;
    if (room < 0)
        return refuse(in, k, dilation, 0, diag);
    text_format(&inside, "%d", in);
    if (mode == CORRELATE_FULL) {
        room += reach;
        text_add(&inside, " + ");
        add_extent(&inside, k, dilation, plain);
        text_add(&inside, " - 2");
    } else {
        text_add(&inside, " - ");
        if (mode == CORRELATE_VALID)
            add_extent(&inside, k, dilation, plain);
        else
            text_add(&inside, "1");
    }
    if (stride == 1 && mode == CORRELATE_SAME) {
        text_format(t, "%d = %d", in, in);
        length = in;
    } else if (stride == 1 && mode == CORRELATE_FULL && dilation == 1) {
        length = (int)room + 1;
        text_format(t, "%d + %d - 1 = %d", in, k, length);
    } else
        length = finish(t, text_str(&inside), room, stride);
    text_free(&inside);
    if (out)
        *out = length;
    return ERR_NONE;
}

enum err size_window(struct text *t, int in, struct window win, bool plain, int *out, struct diag *diag)
{
    struct text inside = {0};
    enum err err = check(in, win.size, win.stride, win.dilation, diag);
    if (!err && win.pad < 0)
        err = diag_fail(diag, ERR_RANGE, NULL, 0, "a padding of %d: it can't be negative", win.pad);
    if (err)
        return err;
    long room = in + 2L * win.pad - (long)(win.size - 1) * win.dilation - 1;
    if (room < 0)
        return refuse(in, win.size, win.dilation, win.pad, diag);
    text_format(&inside, "%d", in);
    if (win.pad > 0)
        text_format(&inside, " + 2%s%d", times(plain), win.pad);
    text_add(&inside, " - ");
    add_extent(&inside, win.size, win.dilation, plain);
    int length = finish(t, text_str(&inside), room, win.stride);
    text_free(&inside);
    if (out)
        *out = length;
    return ERR_NONE;
}

enum err sharing_of(int rows, int cols, int k, int n, struct sharing *out, struct diag *diag)
{
    struct text unused = {0};
    struct shape in = {1, rows, cols}, y = {n, 0, 0};
    enum err err = size_mode(&unused, rows, k, CORRELATE_VALID, 1, 1, true, &y.h, diag);
    if (!err)
        err = size_mode(&unused, cols, k, CORRELATE_VALID, 1, 1, true, &y.w, diag);
    text_free(&unused);
    if (err)
        return err;
    struct sharing s = {.in = in, .out = y, .inputs = (long)rows * cols, .outputs = (long)y.h * y.w};
    s.distinct = (long)k * k;
    s.tied = s.distinct * s.outputs;
    s.dense = s.inputs * s.outputs;
    s.weights = s.distinct * n;
    s.parameters = s.weights + n;
    s.ratio = (double)s.dense / (double)s.distinct;
    *out = s;
    return ERR_NONE;
}
