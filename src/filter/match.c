#include "filter/match.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "data/scenes.h"
#include "data/signal.h"
#include "filter/fast.h"
#include "filter/kernels.h"

/* Of the largest magnitude: two outputs that nowhere differ by more look the same. */
static const float apart = 0.1f;

void match_fini(struct match *m)
{
    tensor_fini(&m->x);
    for (int i = 0; i < MATCH_OUTPUTS; i++)
        tensor_fini(&m->y[i]);
    *m = (struct match){0};
}

static bool differ(const struct tensor *a, const struct tensor *b)
{
    float top = 0, most = 0;
    for (size_t i = 0; i < tensor_count(a); i++) {
        top = fmaxf(top, fmaxf(fabsf(a->data[i]), fabsf(b->data[i])));
        most = fmaxf(most, fabsf(a->data[i] - b->data[i]));
    }
    return most > apart * top;
}

/* Takes kernels in the order given until four answer differently. */
static enum err collect(const struct match_choice *choice, const int *order, int choices, struct match *m,
                        struct diag *diag)
{
    int found = 0;
    enum err err = ERR_NONE;
    for (int i = 0; i < choices && found < MATCH_OUTPUTS && !err; i++) {
        struct tensor y = {0};
        bool fresh = true;
        err = correlate_fast(&m->x, &choice[order[i]].w, CORRELATE_SAME, false, NULL, &y, NULL, diag);
        for (int k = 0; k < found && !err; k++)
            fresh &= differ(&y, &m->y[k]);
        if (err || !fresh) {
            tensor_fini(&y);
            continue;
        }
        m->y[found] = y;
        m->shown[found++] = order[i];
    }
    if (!err && found < MATCH_OUTPUTS)
        err = diag_fail(diag, ERR_RANGE, NULL, 0,
                        "only %d of %d kernels answer differently; a question needs %d", found, choices,
                        MATCH_OUTPUTS);
    return err;
}

enum err match_from(const struct tensor *x, const struct match_choice *choice, int choices, uint64_t key,
                    struct match *out, struct diag *diag)
{
    int order[MATCH_CHOICES_MOST];
    struct rng rng;
    assert(choices <= MATCH_CHOICES_MOST);
    *out = (struct match){0};
    enum err err = tensor_init(&out->x, x->rank, x->dim, diag);
    if (err)
        return err;
    memcpy(out->x.data, x->data, tensor_count(x) * sizeof *x->data);
    rng_init(&rng, key);
    rng_shuffle(&rng, order, choices);
    err = collect(choice, order, choices, out, diag);
    out->right = (int)rng_below(&rng, MATCH_OUTPUTS);
    if (err)
        match_fini(out);
    return err;
}

/* ---- the program's own ---- */

static const char *const rows[][2] = {
    {"custom:1", "x as it is"},
    {"custom:-1", "x upside down"},
    {"custom:0.5", "half of x"},
    {"uniform:rows=1,cols=15", "the mean over 15 neighbours"},
    {"custom:-1 0 1", "the difference of the two neighbours: how steep x is"},
    {"custom:1 0 -1", "the same difference with the other sign"},
    {"custom:1 -2 1", "how much x bends"},
    {"custom:0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1", "x ten samples earlier"},
    {"custom:1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0", "x ten samples later"},
    {"custom:1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1",
     "x ten samples earlier and ten later, added: everything twice"},
};
static const char *const squares[][2] = {
    {"uniform:k=9", "a mean: all is blurred"},
    {"gaussian:k=5,sigma=1", "a slight blur"},
    {"custom:-1", "light and dark exchanged"},
    {"sharpen:amount=2", "borders pushed apart"},
    {"laplacian:neighbours=8", "spots and borders, both sides of them"},
    {"sobel:edge=vertical", "edges that stand upright"},
    {"sobel:edge=horizontal", "edges that lie flat"},
    {"edge:angle=45,k=5", "edges that climb to the right"},
    {"edge:angle=135,k=5", "edges that climb to the left"},
    {"uniform:rows=1,cols=21", "a blur to the sides only"},
    {"uniform:rows=21,cols=1", "a blur up and down only"},
};

struct match_set {
    bool pictures;
    int count;
    struct kernel kernel[MATCH_CHOICES_MOST]; /* owned */
    struct match_choice choice[MATCH_CHOICES_MOST];
};

enum err match_set_new(bool pictures, struct match_set **out, struct diag *diag)
{
    const char *const(*names)[2] = pictures ? squares : rows;
    int count = pictures ? ARRAY_LEN(squares) : ARRAY_LEN(rows);
    struct match_set *set = *out = mem_new(1, sizeof *set);
    enum err err = set ? ERR_NONE : diag_memory(diag, "kernels");
    for (int i = 0; i < count && !err; i++) {
        err = kernel_parse(names[i][0], &set->kernel[i], diag);
        if (err)
            break;
        set->pictures = pictures;
        set->choice[set->count++] = (struct match_choice){names[i][0], names[i][1], set->kernel[i].w};
        struct tensor *w = &set->choice[i].w;
        if (!pictures) /* a row of weights slides over a series */
            *w = (struct tensor){1, {w->dim[0] * w->dim[1]}, w->data};
    }
    if (err) {
        match_set_free(set);
        *out = NULL;
    }
    return err;
}

void match_set_free(struct match_set *set)
{
    for (int i = 0; set && i < set->count; i++)
        kernel_fini(&set->kernel[i]);
    free(set);
}

const struct match_choice *match_set_choices(const struct match_set *set, int *count)
{
    *count = set->count;
    return set->choice;
}

/* A piece of 200 samples of one of the built-in series. */
static enum err draw_series(struct rng *rng, struct tensor *x, const char **name, struct diag *diag)
{
    enum { PIECE = 200 };
    const long dim[1] = {PIECE};
    static const char *const kinds[] = {"steps", "waves", "beats"};
    struct signal s;
    *name = kinds[rng_below(rng, ARRAY_LEN(kinds))];
    enum err err = signal_make(*name, &s, diag);
    if (!err)
        err = tensor_init(x, 1, dim, diag);
    if (!err)
        memcpy(x->data, s.x + rng_below(rng, (uint32_t)(s.count - PIECE)), PIECE * sizeof *x->data);
    signal_fini(&s);
    return err;
}

static enum err draw_scene(struct rng *rng, struct tensor *x, const char **name, struct diag *diag)
{
    struct image p;
    int index = (int)rng_below(rng, (uint32_t)scenes_count());
    *name = scenes[index].name;
    enum err err = scene_picture(index, &p, diag);
    if (!err)
        err = image_set_channels(&p, 1, diag);
    if (!err) {
        *x = (struct tensor){2, {p.shape.h, p.shape.w}, p.data};
        p.data = NULL;
    }
    image_fini(&p);
    return err;
}

enum err match_ask(const struct match_set *set, uint64_t seed, uint64_t number, struct match *out,
                   const char **name, struct diag *diag)
{
    enum { TRIES = 50 }; /* a flat piece of a series tells few kernels apart: then another one */
    enum err err = ERR_RANGE;
    *out = (struct match){0};
    for (uint64_t i = 0; i < TRIES && err == ERR_RANGE; i++) {
        struct tensor x = {0};
        struct rng rng;
        const char *called = NULL;
        rng_init(&rng, rng_key(seed, number, i));
        err = set->pictures ? draw_scene(&rng, &x, &called, diag) : draw_series(&rng, &x, &called, diag);
        if (!err)
            err = match_from(&x, set->choice, set->count, rng_u64(&rng), out, diag);
        if (name)
            *name = called;
        tensor_fini(&x);
    }
    return err;
}
