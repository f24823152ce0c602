#include "tui/filtering.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/patterns.h"
#include "data/scenes.h"

/* Multiplications that are done between two keys; and those that nobody waits for. */
static const double instant = 6e7, endless = 4e10;

/* ---- what there is ---- */

const char *filtering_picture_name(int index)
{
    int scene = scenes_count();
    return index < scene ? scenes[index].name : patterns[index - scene].name;
}

const struct recipe recipes[] = {
    {"denoise",
     "noise, and a blur that removes it",
     "star",
     {"noise:sigma=0.15", "gaussian:k=5,sigma=1", NULL}},
    {"smoothing",
     "what edges are left at a coarser scale",
     "old-town",
     {"gaussian:k=9,sigma=3", "edge:angle=90", "abs", NULL}},
    {"angle", "edges at one angle", "star", {"edge:angle=45,k=5", "abs", NULL}},
    {"layer", "what a layer of a network does", "towers", {"grey", "edge:angle=90", "relu", "max:k=2"}},
    {"lines",
     "upright lines: edges, and then those above one another",
     "meadow",
     {"grey", "edge:angle=90", "abs", "uniform:rows=15,cols=1"}},
    {"find",
     "one digit of a page, wherever it stands again",
     "page",
     {"template:row=2,col=114,rows=24,cols=24", NULL}},
    {"colours", "a shape in its colour", "shapes", {"template:row=1,col=1,rows=18,cols=18", NULL}},
    {"sharpen",
     "a blur, and what sharpening brings back",
     "street",
     {"gaussian:k=5,sigma=1.2", "sharpen", NULL}},
    {"stripes", "stripes of one width and angle", "rings", {"gabor:angle=45", "relu", NULL}},
    {NULL, NULL, NULL, {NULL}},
};

int recipes_count(void)
{
    int count = 0;
    while (recipes[count].name)
        count++;
    return count;
}

/* ---- what is seen ---- */

static enum look_of look_behind(const struct chain_stage *s, enum look_of before)
{
    double sum, magnitudes;
    const char *name = s->type ? s->type->name : s->kernel.type->name;
    if (strcmp(name, "relu") == 0 || strcmp(name, "abs") == 0)
        return before == LOOK_SIGNED ? LOOK_POSITIVE : before;
    if (strcmp(name, "threshold") == 0 || strcmp(name, "scale") == 0)
        return LOOK_PICTURE;
    if (strcmp(name, "template") == 0)
        return s->value[4] > 0 && before != LOOK_SIGNED ? LOOK_POSITIVE : LOOK_SIGNED;
    if (s->type || before == LOOK_SIGNED)
        return before;
    filtering_sums(&s->kernel, &sum, &magnitudes);
    bool mean = fabs(sum - 1)<1e-3, positive = sum>(1 - 1e-6) * magnitudes;
    return mean && before == LOOK_PICTURE ? LOOK_PICTURE : positive ? LOOK_POSITIVE : LOOK_SIGNED;
}

/* A picture in colour can't show what is below 0 or above 1: 0 is put into the middle, or the largest to 1. */
static float *shown_of(const struct chain_result *r, enum look_of look)
{
    size_t count = shape_count(r->image.shape);
    float reach = heat_range(r->image.data, count);
    float *out = r->image.shape.c == 3 && look != LOOK_PICTURE ? mem_floats(count) : NULL;
    for (size_t i = 0; out && i < count; i++) {
        float share = reach > 0 ? r->image.data[i] / reach : 0;
        out[i] = look == LOOK_SIGNED ? 0.5f + 0.5f * share : share;
    }
    return out;
}

/* What the template in the chain was cut out as. */
static void keep_piece(struct filtering *f)
{
    struct diag unsaid = {0};
    image_fini(&f->piece);
    f->piece = (struct image){0};
    for (int i = f->seen.results - 2; i >= 0; i--) {
        const struct chain_stage *s = &f->seen.stage[i];
        const double *v = s->value;
        if (!s->type || strcmp(s->type->name, "template") != 0)
            continue;
        image_fini(&f->piece);
        if (template_cut(&f->seen.result[0].image,
                         (struct template_box){(int)v[0], (int)v[1], (int)v[2], (int)v[3]}, &f->piece,
                         &unsaid))
            f->piece = (struct image){0};
    }
}

/* Takes the chain over. */
static void see(struct filtering *f, struct chain *chain)
{
    chain_fini(&f->seen);
    f->seen = *chain;
    *chain = (struct chain){0};
    f->look[0] = LOOK_PICTURE;
    for (int i = 0; i < FILTERING_RESULTS; i++) {
        free(f->shown[i]);
        f->shown[i] = NULL;
    }
    for (int i = 1; i < f->seen.results; i++) {
        f->look[i] = look_behind(&f->seen.stage[i - 1], f->look[i - 1]);
        f->shown[i] = shown_of(&f->seen.result[i], f->look[i]);
    }
    keep_piece(f);
}

/* ---- computing ---- */

/* The picture of a chain that is about to be run. */
static enum err lay_picture(const struct filtering *f, struct chain *chain, struct diag *diag)
{
    struct image grey = {0};
    const struct image *p = &f->original;
    enum err err = ERR_NONE;
    if (f->grey && p->shape.c == 3) {
        grey = (struct image){p->shape, mem_floats(shape_count(p->shape))};
        if (!grey.data)
            return diag_memory(diag, "a picture");
        memcpy(grey.data, p->data, shape_count(p->shape) * sizeof(float));
        err = image_set_channels(&grey, 1, diag);
        p = &grey;
    }
    if (!err)
        err = chain_picture(chain, p, diag);
    image_fini(&grey);
    return err;
}

/* Runs these stages now, or has them run. @param whole  all of them must stand */
static enum err compute(struct filtering *f, const struct chain *stages, bool whole, struct diag *diag)
{
    double products = chain_products(stages, f->original.shape);
    struct chain chain;
    struct diag inner = {0};
    if (products > endless)
        return diag_fail(
            diag, ERR_RANGE, NULL, 0,
            "that is %.2g multiplications, more than anybody waits for: a smaller kernel or picture",
            products);
    enum err err = chain_copy(stages, &chain, diag);
    if (!err)
        err = lay_picture(f, &chain, diag);
    if (err) {
        chain_fini(&chain);
        return err;
    }
    if (products > instant) {
        f->serial = chain_worker_ask(f->worker, &chain);
        f->stale = true;
        return ERR_NONE;
    }
    err = chain_run(&chain, 0, NULL, &inner);
    if (err && whole) {
        chain_fini(&chain);
        return diag_fail(diag, err, NULL, 0, "%s", inner.text);
    }
    snprintf(f->trouble, sizeof f->trouble, "%s", inner.text);
    f->stale = false;
    f->serial = 0; /* what the worker may still be at is out of date */
    see(f, &chain);
    return ERR_NONE;
}

bool filtering_take(struct filtering *f)
{
    struct chain_work work;
    if (!chain_worker_take(f->worker, &work))
        return false;
    if (work.serial == f->serial) {
        snprintf(f->trouble, sizeof f->trouble, "%s", work.err ? work.diag.text : "");
        see(f, &work.chain);
        f->stale = false;
    }
    chain_fini(&work.chain);
    return true;
}

static void keep_in_range(struct filtering *f)
{
    const double *value;
    if (f->stage >= f->asked.stages)
        f->stage = f->asked.stages > 0 ? f->asked.stages - 1 : 0;
    int knobs = f->asked.stages > 0 ? knobs_count(filtering_knobs(&f->asked.stage[f->stage], &value)) : 0;
    if (f->knob >= knobs)
        f->knob = 0;
}

enum err filtering_change(struct filtering *f, struct chain *next, struct diag *diag)
{
    assert(next->stages <= FILTERING_STAGES);
    for (int i = 0; i < next->stages; i++) {
        struct text t = {0};
        filtering_spell(&next->stage[i], &t);
        bool fits = !t.failed && t.length < FILTERING_TEXT;
        text_free(&t);
        if (!fits)
            return diag_fail(diag, ERR_RANGE, NULL, 0, "a typed kernel has at most %d characters here",
                             FILTERING_TEXT - 1);
    }
    enum err err =
        compute(f, next, !*f->trouble, diag); /* a chain that ends early is mended stage by stage */
    if (err)
        return err;
    chain_fini(&f->asked);
    f->asked = *next;
    *next = (struct chain){0};
    for (int i = 0; i < f->asked.stages; i++)
        f->products[i] = chain_stage_products(&f->asked.stage[i]);
    keep_in_range(f);
    return ERR_NONE;
}

/* ---- the picture ---- */

/* After another picture: stages that don't fit any more are told of, not taken away. */
static void run_again(struct filtering *f)
{
    struct diag diag = {0};
    if (compute(f, &f->asked, false, &diag))
        snprintf(f->trouble, sizeof f->trouble, "%s", diag.text);
}

enum err filtering_picture(struct filtering *f, const char *source, const struct image *picture,
                           struct diag *diag)
{
    struct shape s = picture->shape;
    size_t count = shape_count(s);
    if ((long)s.h * s.w > FILTERING_PIXELS)
        return diag_fail(diag, ERR_RANGE, NULL, 0,
                         "a picture of %d x %d is too large to look at: at most 4 megapixels, and "
                         "`fovea filter` takes larger ones",
                         s.h, s.w);
    float *data = mem_floats(count);
    if (!data)
        return diag_memory(diag, "a picture");
    memcpy(data, picture->data, count * sizeof *data);
    image_fini(&f->original);
    f->original = (struct image){s, data};
    snprintf(f->source, sizeof f->source, "%s", source);
    f->cutting = false;
    run_again(f);
    return ERR_NONE;
}

enum err filtering_open(struct filtering *f, const char *name, struct diag *diag)
{
    struct image picture = {0};
    int index = 0, scene = scenes_count();
    if (strlen(name) >= FILTERING_SOURCE - 16)
        return diag_fail(diag, ERR_RANGE, NULL, 0, "that file's name is too long");
    while (filtering_picture_name(index) && strcmp(filtering_picture_name(index), name) != 0)
        index++;
    enum err err = index < scene                   ? scene_picture(index, &picture, diag)
                   : filtering_picture_name(index) ? pattern_picture(index - scene, &picture, diag)
                                                   : image_read_png(name, &picture, diag);
    if (!err)
        err = filtering_picture(f, name, &picture, diag);
    image_fini(&picture);
    return err;
}

void filtering_set_grey(struct filtering *f, bool grey)
{
    f->grey = grey;
    run_again(f);
}

/* ---- opening and closing ---- */

enum err filtering_new(void (*wake)(void *arg), void *arg, struct filtering **out, struct diag *diag)
{
    struct filtering *f = calloc(1, sizeof *f);
    struct chain first = {.mode = CORRELATE_SAME, .repeats = true};
    enum err err = f ? chain_worker_new(wake, arg, &f->worker, diag) : diag_memory(diag, "the filter lab");
    for (int c = 0; c < 3 && !err; c++) {
        f->under[c] = mem_floats((size_t)KERNEL_SIDE * KERNEL_SIDE);
        err = f->under[c] ? ERR_NONE : diag_memory(diag, "the filter lab");
    }
    for (int i = 0; i < FILTERING_STAGES && recipes[0].stage[i] && !err; i++)
        err = chain_add(&first, recipes[0].stage[i], diag);
    if (!err)
        err = filtering_open(f, recipes[0].picture, diag);
    if (!err)
        err = filtering_change(f, &first, diag);
    chain_fini(&first);
    if (err) {
        filtering_free(f);
        return err;
    }
    f->stage = f->asked.stages - 1;
    *out = f;
    return ERR_NONE;
}

void filtering_free(struct filtering *f)
{
    if (!f)
        return;
    chain_worker_free(f->worker);
    chain_fini(&f->asked);
    chain_fini(&f->seen);
    image_fini(&f->original);
    image_fini(&f->piece);
    for (int i = 0; i < FILTERING_RESULTS; i++)
        free(f->shown[i]);
    for (int c = 0; c < 3; c++)
        free(f->under[c]);
    free(f);
}
