#include "filter/chain.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "filter/fast.h"
#include "filter/separate.h"

/* ---- stages as text ---- */

static const struct stage_type *find_type(const char *name)
{
    for (int i = 0; stage_types[i]; i++)
        if (strcmp(stage_types[i]->name, name) == 0)
            return stage_types[i];
    return NULL;
}

static enum err unknown_stage(const char *name, struct diag *diag)
{
    struct text known = {0};
    for (int i = 0; stage_types[i]; i++)
        text_listed(&known, stage_types[i]->name, false);
    for (int i = 0; kernel_types[i]; i++)
        text_listed(&known, kernel_types[i]->name, !kernel_types[i + 1]);
    return text_unknown(diag, NULL, 0, "stage", name, &known);
}

/* @param word  cut up */
static enum err read_stage(const char *text, char *word, struct chain_stage *out, struct diag *diag)
{
    char *keys = strchr(word, ':');
    if (keys)
        *keys++ = 0;
    const struct stage_type *type = find_type(word);
    if (!type && !kernel_type_find(word))
        return unknown_stage(word, diag);
    *out = (struct chain_stage){.type = type};
    if (!type)
        return kernel_parse(text, &out->kernel, diag);
    knobs_initial(type->knob, out->value);
    enum err err = keys ? knobs_read(type->name, type->knob, keys, out->value, diag) : ERR_NONE;
    return err ? err : knobs_check(type->name, type->knob, out->value, diag);
}

static enum err parse_stage(const char *text, struct chain_stage *out, struct diag *diag)
{
    char *copy = text_copy(text);
    enum err err = copy ? read_stage(text, copy, out, diag) : diag_memory(diag, "a stage");
    free(copy);
    return err;
}

enum err chain_set(struct chain *chain, int index, const char *text, struct diag *diag)
{
    struct chain_stage stage;
    assert(index >= 0 && index < chain->stages);
    enum err err = parse_stage(text, &stage, diag);
    if (err)
        return err;
    kernel_fini(&chain->stage[index].kernel);
    chain->stage[index] = stage;
    return ERR_NONE;
}

enum err chain_add(struct chain *chain, const char *text, struct diag *diag)
{
    if (chain->stages == CHAIN_STAGES)
        return diag_fail(diag, ERR_RANGE, NULL, 0, "a chain has at most %d stages", CHAIN_STAGES);
    chain->stages++;
    enum err err = chain_set(chain, chain->stages - 1, text, diag);
    chain->stages -= err != ERR_NONE;
    return err;
}

void chain_spell(const struct chain_stage *stage, struct text *out)
{
    if (stage->type)
        knobs_spell(stage->type->name, stage->type->knob, stage->value, out);
    else
        kernel_spell(&stage->kernel, out);
}

/* ---- numbers ---- */

static void measure(struct chain_result *r, const struct image *clean)
{
    size_t count = shape_count(r->image.shape);
    bool comparable = shape_equal(r->image.shape, clean->shape);
    double sum = 0, square = 0;
    r->min = r->max = r->image.data[0];
    for (size_t i = 0; i < count; i++) {
        float x = r->image.data[i];
        r->min = x < r->min ? x : r->min;
        r->max = x > r->max ? x : r->max;
        sum += (double)x;
        if (comparable)
            square += ((double)x - (double)clean->data[i]) * ((double)x - (double)clean->data[i]);
    }
    r->mean = sum / (double)count;
    r->rmse = comparable ? sqrt(square / (double)count) : (double)NAN;
    r->psnr = -20 * log10(r->rmse);
}

/* ---- running ---- */

static long clamp(long at, long count)
{
    return at < 0 ? 0 : at < count ? at : count - 1;
}

/* The plane with its border repeated for as far as a kernel reaches in mode same: mode valid then gives the plane's own size. */
static enum err extend(const struct tensor *x, const struct tensor *w, struct tensor *out, struct diag *diag)
{
    const long dim[2] = {x->dim[0] + w->dim[0] - 1, x->dim[1] + w->dim[1] - 1};
    enum err err = tensor_init(out, 2, dim, diag);
    for (long i = 0; i < dim[0] && !err; i++)
        for (long j = 0; j < dim[1]; j++)
            out->data[i * dim[1] + j] = x->data[clamp(i - w->dim[0] / 2, x->dim[0]) * x->dim[1] +
                                                clamp(j - w->dim[1] / 2, x->dim[1])];
    return err;
}

static enum err slide(const struct chain *chain, const struct tensor *x, const struct tensor *w,
                      struct team *team, struct tensor *y, struct diag *diag)
{
    struct tensor wide = {0};
    if (chain->mode == CORRELATE_VALID && (w->dim[0] > x->dim[0] || w->dim[1] > x->dim[1]))
        return diag_fail(diag, ERR_SHAPE, NULL, 0, "the kernel %s doesn't fit into a picture of %s",
                         tensor_text(2, w->dim).s, tensor_text(2, x->dim).s);
    if (chain->mode != CORRELATE_SAME || !chain->repeats)
        return correlate_fast(x, w, chain->mode, false, team, y, NULL, diag);
    enum err err = extend(x, w, &wide, diag);
    if (!err)
        err = correlate_fast(&wide, w, CORRELATE_VALID, false, team, y, NULL, diag);
    tensor_fini(&wide);
    return err;
}

static enum err apply_kernel(const struct chain *chain, const struct kernel *k, const struct image *in,
                             struct team *team, struct image *out, struct diag *diag)
{
    size_t plane = (size_t)in->shape.h * (size_t)in->shape.w;
    enum err err = ERR_NONE;
    for (int c = 0; c < in->shape.c && !err; c++) {
        struct tensor x = {2, {in->shape.h, in->shape.w}, in->data + (size_t)c * plane}, y = {0};
        err = slide(chain, &x, &k->w, team, &y, diag);
        if (!err && c == 0) {
            out->shape = (struct shape){in->shape.c, (int)y.dim[0], (int)y.dim[1]};
            out->data = mem_floats(shape_count(out->shape));
            if (!out->data)
                err = diag_memory(diag, "a picture");
        }
        if (!err)
            memcpy(out->data + (size_t)c * tensor_count(&y), y.data, tensor_count(&y) * sizeof(float));
        tensor_fini(&y);
    }
    return err;
}

static void forget(struct chain *chain, int from)
{
    for (int i = from; i < chain->results; i++) {
        image_fini(&chain->result[i].image);
        chain->result[i] = (struct chain_result){0};
    }
    chain->results = chain->results < from ? chain->results : from;
}

enum err chain_picture(struct chain *chain, const struct image *picture, struct diag *diag)
{
    size_t count = shape_count(picture->shape);
    float *data = mem_floats(count);
    if (!data)
        return diag_memory(diag, "a picture");
    memcpy(data, picture->data, count * sizeof *data);
    forget(chain, 0);
    chain->result[0].image = (struct image){picture->shape, data};
    chain->results = 1;
    measure(&chain->result[0], &chain->result[0].image);
    return ERR_NONE;
}

enum err chain_run(struct chain *chain, int from, struct team *team, struct diag *diag)
{
    const struct image *picture = &chain->result[0].image;
    assert(from >= 0 && from < chain->results);
    forget(chain, from + 1);
    for (int i = from; i < chain->stages; i++) {
        const struct chain_stage *stage = &chain->stage[i];
        const struct image *in = &chain->result[i].image;
        struct chain_result *out = &chain->result[i + 1];
        struct diag inner = {0};
        enum err err = stage->type ? stage->type->apply(stage, picture, in, team, out, &inner)
                                   : apply_kernel(chain, &stage->kernel, in, team, &out->image, &inner);
        if (err) {
            image_fini(&out->image);
            *out = (struct chain_result){0};
            return diag_fail(diag, err, NULL, 0, "stage %d, %s: %s", i + 1,
                             stage->type ? stage->type->name : stage->kernel.type->name, inner.text);
        }
        measure(out, picture);
        chain->results = i + 2;
    }
    return ERR_NONE;
}

/* ---- copies, and what they cost ---- */

enum err chain_copy(const struct chain *chain, struct chain *out, struct diag *diag)
{
    enum err err = ERR_NONE;
    *out = (struct chain){.mode = chain->mode, .repeats = chain->repeats};
    for (int i = 0; i < chain->stages && !err; i++) {
        const struct chain_stage *from = &chain->stage[i];
        struct chain_stage *to = &out->stage[i];
        *to = *from;
        to->kernel = from->kernel;
        to->kernel.w = (struct tensor){0};
        out->stages = i + 1;
        if (!from->type) {
            err = tensor_init(&to->kernel.w, from->kernel.w.rank, from->kernel.w.dim, diag);
            if (!err)
                memcpy(to->kernel.w.data, from->kernel.w.data, tensor_count(&to->kernel.w) * sizeof(float));
        }
    }
    if (err)
        chain_fini(out);
    return err;
}

static double kernel_products(const struct kernel *k)
{
    long rows = k->w.dim[0], cols = k->w.dim[1];
    size_t count = (size_t)(rows * cols);
    double *w = mem_new(2 * count, sizeof *w), line[KERNEL_SIDE];
    bool splits = false;
    for (size_t i = 0; w && i < count; i++)
        w[i] = (double)k->w.data[i];
    if (w && rows > 1 && cols > 1)
        splits = separate_axis(w, (const long[]){1, rows, cols}, 1, line, w + count);
    free(w);
    return splits ? (double)(rows + cols) : (double)count;
}

double chain_stage_products(const struct chain_stage *stage)
{
    const char *name = stage->type ? stage->type->name : "";
    if (!stage->type)
        return kernel_products(&stage->kernel);
    if (strcmp(name, "template") == 0)
        return stage->value[2] * stage->value[3];
    if (strcmp(name, "max") == 0 || strcmp(name, "average") == 0)
        return stage->value[1] > 0 ? pow(stage->value[0] / stage->value[1], 2) : 1; /* windows apart */
    return 1;
}

double chain_products(const struct chain *chain, struct shape picture)
{
    double sum = 0;
    for (int i = 0; i < chain->stages; i++)
        sum += chain_stage_products(&chain->stage[i]);
    return sum * (double)shape_count(picture);
}

void chain_fini(struct chain *chain)
{
    forget(chain, 0);
    for (int i = 0; i < chain->stages; i++)
        kernel_fini(&chain->stage[i].kernel);
    *chain = (struct chain){0};
}
