/** The step lab: what is stepped. Examples, numbers that are typed, patches of pictures, layers of the network in training. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/actions/step_shared.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/text.h"
#include "data/image.h"
#include "tui/lab.h"
#include "tui/panels/step_grids.h"

enum { PATCH = 12, PATCH_MOST = 256, RANDOM_MOST = 4, PATH_MOST = 200 };

/* ---- examples ---- */

static const char *example_beside(const struct stepping *s, int by)
{
    int count = 0, at = -1;
    for (; step_examples[count].name; count++)
        if (strncmp(s->source.line, "example ", 8) == 0 &&
            strcmp(s->source.line + 8, step_examples[count].name) == 0)
            at = count;
    at = at < 0 && by < 0 ? 0 : at;
    return step_examples[(at + by + count) % count].name;
}

static bool example(struct app *app, const char *argument)
{
    struct stepping *s = step_of(app);
    struct step_source next;
    struct diag diag = {0};
    if (!s || !*argument)
        return !s;
    const char *name = argument_is(argument, "next")     ? example_beside(s, 1)
                       : argument_is(argument, "before") ? example_beside(s, -1)
                                                         : argument;
    if (step_example_make(name, &next, &diag)) {
        app_say(app, "%s", diag.text);
        return diag.err != ERR_UNKNOWN;
    }
    char said[160];
    snprintf(said, sizeof said, "%s: %s", name, next.title);
    if (step_change(app, &next))
        app_say(app, "%s", said);
    return true;
}

static bool recall(struct app *app, const char *argument)
{
    struct stepping *s = step_of(app);
    struct diag diag = {0};
    uint64_t serial;
    if (!s)
        return true;
    if (!text_u64(argument, &serial))
        return false;
    if (stepping_recall(s, (unsigned long)serial, &diag))
        app_say(app, "%s", diag.text);
    else
        app_undoable(app, "recall %lu", s->serial);
    app->lay_out = true;
    return true;
}

/* ---- numbers that are typed ---- */

/* A kernel goes with the input where it has as many axes; else it is the usual one. */
static bool put_input(struct app *app, struct step_source *next, struct diag *diag)
{
    enum step_operation operation = next->operation;
    enum err err = ERR_NONE;
    if (operation == STEP_CORRELATE ? next->w.rank != next->x.rank : operation != STEP_RELU)
        err = step_source_operate(next, operation, diag);
    if (!err)
        return step_change(app, next);
    app_say(app, "%s", diag->text);
    step_source_fini(next);
    return false;
}

static void now_typed(struct step_source *s, unsigned what)
{
    s->edited |= what;
    if (what == STEP_EDITED_CELLS)
        snprintf(s->title, sizeof s->title, "numbers of one's own");
}

static bool randomise(struct app *app, struct step_source *next)
{
    struct rng rng;
    rng_init(&rng, rng_key(app->view.stepping->serial, tensor_count(&next->x), 0x73746570));
    for (size_t i = 0; i < tensor_count(&next->x); i++)
        next->x.data[i] = (float)rng_below(&rng, RANDOM_MOST);
    now_typed(next, STEP_EDITED_CELLS);
    return step_change(app, next);
}

static bool cells(struct app *app, const char *argument)
{
    struct step_source next;
    struct diag diag = {0};
    if (!*argument || !step_begin(app, &next))
        return *argument;
    if (argument_is(argument, "random")) {
        randomise(app, &next);
        return true;
    }
    if (step_cells_read(argument, &next.x, &diag)) {
        app_say(app, "%s", diag.text);
        step_source_fini(&next);
        return diag.err != ERR_FORMAT;
    }
    now_typed(&next, STEP_EDITED_CELLS);
    put_input(app, &next, &diag);
    return true;
}

static bool weights(struct app *app, const char *argument)
{
    struct step_source next;
    struct diag diag = {0};
    if (!*argument || !step_begin(app, &next))
        return *argument;
    if (next.operation != STEP_CORRELATE) {
        app_say(app, "%s has no kernel to type", step_operation_names[next.operation]);
        step_source_fini(&next);
        return true;
    }
    if (step_weights_read(argument, next.x.rank, &next, &diag)) {
        app_say(app, "%s", diag.text);
        step_source_fini(&next);
        return true;
    }
    now_typed(&next, STEP_EDITED_WEIGHTS);
    step_change(app, &next);
    return true;
}

/* The number of the tensor under a grid's cursor; NULL: it is padding, or there is none. */
static float *under_cursor(const struct stepping *s, enum step_grid grid, struct step_source *next)
{
    const struct place *at = &s->place[grid];
    const struct step_shown *g = &s->shown[grid];
    const long *x = s->trace.extents.x;
    long place[CORRELATE_RANK] = {at->tile - g->before[0], at->row - g->before[1], at->col - g->before[2]};
    if (grid == STEP_KERNEL) {
        long k = ((long)at->tile * g->h + at->row) * g->w + at->col;
        long unit = s->whole ? stepping_output(s) * s->terms : 0;
        return &next->w.data[unit + (s->trace.flip ? s->terms - 1 - k : k)];
    }
    for (int a = 0; a < CORRELATE_RANK; a++)
        if (place[a] < 0 || place[a] >= x[a])
            return NULL;
    return &next->x.data[(place[0] * x[1] + place[1]) * x[2] + place[2]];
}

static bool cell(struct app *app, const char *argument)
{
    struct stepping *s = step_of(app);
    struct step_source next;
    double value = 0;
    bool kernel = app->view.focus == &panel_kernel;
    app_follow_stepping(app);
    if (!s || !text_real(argument, &value))
        return !s;
    if (app->view.focus == &panel_output || s->shown[kernel ? STEP_KERNEL : STEP_IN].n == 0) {
        app_say(app, "outputs are computed: point at a number of the input or the kernel");
        return true;
    }
    if (!step_begin(app, &next))
        return true;
    float *number = under_cursor(s, kernel ? STEP_KERNEL : STEP_IN, &next);
    if (!number) {
        step_source_fini(&next);
        app_say(app, "padding is always 0");
        return true;
    }
    *number = (float)value;
    if (kernel) {
        *next.kernel = 0; /* it is another now */
        next.kept = 0;
        next.narrow = false;
    }
    now_typed(&next, kernel ? STEP_EDITED_WEIGHTS : STEP_EDITED_CELLS);
    long stood = s->done;
    if (step_change(app, &next) && !s->pencil)
        stepping_go(s, stood);
    return true;
}

/* ---- operations ---- */

static bool operation(struct app *app, const char *argument)
{
    struct stepping *s = step_of(app);
    struct step_source next;
    struct diag diag = {0};
    int to = s && argument_is(argument, "next") ? ((int)s->source.operation + 1) % STEP_OPERATIONS : -1;
    if (!s)
        return true;
    for (int i = 0; i < STEP_OPERATIONS; i++)
        to = argument_is(argument, step_operation_names[i]) ? i : to;
    if (to < 0 || !step_begin(app, &next))
        return to >= 0;
    if (step_source_operate(&next, (enum step_operation)to, &diag)) {
        app_say(app, "%s", diag.text);
        step_source_fini(&next);
        return true;
    }
    *next.line = 0;
    next.edited = STEP_EDITED_ALL;
    step_change(app, &next);
    return true;
}

static bool carry(struct app *app, const char *argument)
{
    struct stepping *s = step_of(app);
    struct step_source next;
    struct diag diag = {0};
    (void)argument;
    if (!s)
        return true;
    if (step_source_carry(s, &next, &diag))
        app_say(app, "%s", diag.text);
    else if (step_change(app, &next))
        app_say(app, "what came out is the input now, of %s",
                step_operation_names[app->view.stepping->source.operation]);
    return true;
}

/* ---- a patch of a picture ---- */

/* "FILE ROW COLUMN SIZE": the numbers at the end, where there are three. @return length of what stands before them */
static int split_place(const char *argument, long at[3])
{
    int end = (int)strlen(argument), cut = end;
    for (int k = 2; k >= 0; k--) {
        char word[16];
        int from = cut;
        while (from > 0 && argument[from - 1] != ' ')
            from--;
        snprintf(word, sizeof word, "%.*s", cut - from < 15 ? cut - from : 15, argument + from);
        if (from == 0 || !text_int(word, 0, INT_MAX, &at[k]))
            return end;
        cut = from - 1;
    }
    return cut;
}

/* Rows and columns [at, at + size) of every channel, as far as there are some. */
static enum err cut_patch(const struct image *image, long at[3], struct step_source *out, struct diag *diag)
{
    struct shape s = image->shape;
    long size = at[2], rows = size < s.h ? size : s.h, cols = size < s.w ? size : s.w;
    at[0] = at[0] < 0 ? (s.h - rows) / 2 : at[0] > s.h - rows ? s.h - rows : at[0];
    at[1] = at[1] < 0 ? (s.w - cols) / 2 : at[1] > s.w - cols ? s.w - cols : at[1];
    long dim[CORRELATE_RANK] = {s.c, rows, cols};
    float *patch = mem_floats((size_t)(s.c * rows * cols));
    if (!patch)
        return diag_memory(diag, "a patch");
    for (long c = 0; c < s.c; c++)
        for (long r = 0; r < rows; r++)
            memcpy(patch + (c * rows + r) * cols, image->data + (c * s.h + at[0] + r) * s.w + at[1],
                   (size_t)cols * sizeof *patch);
    enum err err = step_source_set(&out->x, s.c > 1 ? 3 : 2, s.c > 1 ? dim : dim + 1, patch, diag);
    free(patch);
    return err;
}

static enum err open_sample(const struct app *app, struct image *image, struct diag *diag)
{
    const struct view *v = &app->view;
    size_t count = shape_count(v->data->shape);
    if (v->own.x && own_used(&v->own)) {
        image->shape = v->own.in;
        count = shape_count(v->own.in);
    } else {
        image->shape = v->data->shape;
    }
    image->data = mem_floats(count);
    if (!image->data)
        return diag_memory(diag, "a picture");
    if (v->own.x && own_used(&v->own))
        memcpy(image->data, v->own.x, count * sizeof *image->data);
    else
        dataset_read_floats(v->data, v->split, v->index, image->data);
    return ERR_NONE;
}

static bool patch(struct app *app, const char *argument)
{
    struct step_source next;
    struct image image = {0};
    struct diag diag = {0};
    char path[PATH_MOST];
    long at[3] = {-1, -1, PATCH};
    int length = split_place(argument, at);
    if (length == (int)strlen(argument))
        at[0] = at[1] = -1, at[2] = PATCH;
    if (!*argument || at[2] < 1 || at[2] > PATCH_MOST || length >= PATH_MOST || !step_begin(app, &next))
        return false;
    snprintf(path, sizeof path, "%.*s", length, argument);
    bool sample = argument_is(path, "sample");
    next.operation = STEP_CORRELATE;
    enum err err = sample ? open_sample(app, &image, &diag) : image_read_png(path, &image, &diag);
    if (!err)
        err = cut_patch(&image, at, &next, &diag);
    if (!err && (app->view.stepping->source.operation != STEP_CORRELATE || next.w.rank != next.x.rank)) {
        next.operation = STEP_DENSE; /* its weights fit nothing */
        err = step_source_operate(&next, STEP_CORRELATE, &diag);
    }
    image_fini(&image);
    if (err) {
        app_refuse(app, &diag);
        step_source_fini(&next);
        return true;
    }
    next.edited = STEP_EDITED_ALL & ~STEP_EDITED_CELLS;
    snprintf(next.line, sizeof next.line, "patch %s %ld %ld %ld", path, at[0], at[1], at[2]);
    const char *name = strrchr(path, '/');
    snprintf(next.title, sizeof next.title, "rows %ld, columns %ld on of %.40s", at[0], at[1],
             sample ? "the sample"
             : name ? name + 1
                    : path);
    step_change(app, &next);
    return true;
}

const struct action step_source_actions[] = {
    {"example", "next|before|NAME", "Steps an example of the lecture", example},
    {"cells", "random|ROW/ROW/...", "Types the input: rows apart by /, planes by //", cells},
    {"weights", "KERNEL|ROW/ROW/...", "Types the kernel, or takes one of the library", weights},
    {"cell", "VALUE", "Changes the number under the cursor of the input or the kernel", cell},
    {"operation", "next|correlate|relu|max|mean|dense|softmax", "What is done with the input", operation},
    {"carry", NULL, "Takes what came out as the input of what usually follows", carry},
    {"patch", "sample|FILE|FILE ROW COLUMN SIZE",
     "Steps over a patch of the sample in view, or of a PNG file", patch},
    {"recall", "NUMBER", "Steps again what was stepped before; undoing does that", recall},
    {NULL, NULL, NULL, NULL},
};
