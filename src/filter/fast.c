/**
 * How a large correlation is done.
 *
 * The kernel is split into passes: one for each axis along which it is an outer product, and one for what is left. The output is cut into
 * blocks. For each block the part of x that it needs, and zeros where that lies outside, is copied into a buffer of doubles; the
 * passes run over the buffer in place; what they leave is rounded into y. So the three modes are one case, no array of the size of x is
 * needed between two passes, and blocks are what the team shares out.
 *
 * The axes may change places: the longest of y becomes the lines that vectors run along, the next the planes that blocks are cut from. So a
 * picture whose three colours lie side by side is as fast as one that lies plane by plane.
 *
 * When w is the larger one the two change roles, since x * w = w * x: then w, turned round, is what the kernel x slides over.
 */
#include "filter/fast.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/mem.h"
#include "filter/pass.h"
#include "filter/separate.h"

enum { RANK = CORRELATE_RANK, MOST_PASSES = RANK + 1 };
enum { FEW = 20000 };                    /* products: below, the definition is as fast */
enum { CHUNK = 8192, BUFFER = 1 << 18 }; /* numbers: of a line; of a buffer, about */

/* Numbers somewhere in memory: the one at place (i, j, k) is data[i * step[0] + j * step[1] + k * step[2]]. */
struct array {
    const float *data;
    long dim[RANK], step[RANK];
};

struct step {
    double *w; /* into work.weights */
    long k[RANK];
};

struct work {
    struct array x;
    long out[RANK], first[RANK]; /* outputs, and the place in `full` of the first */
    long k[RANK];
    float *y;
    long y_step[RANK];
    double *weights; /* owned: the passes', and room for splitting */
    struct step step[MOST_PASSES];
    int steps;
    long planes, columns; /* outputs of a block along axes 0 and 2 */
    long across;          /* blocks along axis 2 */
    long lines, line;     /* of a buffer */
    double *buffers;      /* owned: one for each thread */
    size_t buffer;        /* numbers in each */
    int threads;
    atomic_bool *taken; /* owned */
    pass_function *run;
};

static long product(const long dim[RANK])
{
    return dim[0] * dim[1] * dim[2];
}

static pass_function *pass_best(void)
{
#define PASS_ROW(isa) pass_run_##isa,
    static pass_function *const functions[ISAS] = {EACH_ISA(PASS_ROW)};
#undef PASS_ROW
    return functions[isa_best()];
}

/* ---- roles and axes ---- */

static struct array array_of(const float *data, const long dim[RANK], bool turned)
{
    struct array a = {.data = data};
    long step = 1;
    for (int i = RANK - 1; i >= 0; i--) {
        a.dim[i] = dim[i];
        a.step[i] = turned ? -step : step;
        a.data += turned ? step * (dim[i] - 1) : 0;
        step *= dim[i];
    }
    return a;
}

/* order[2]: the axis of y that is longest; order[0]: the next. */
static void order_axes(const long out[RANK], int order[RANK])
{
    for (int i = 0; i < RANK; i++)
        order[i] = i;
    for (int i = RANK - 1; i > 0; i--) /* of equals the last stays last */
        for (int j = 0; j < i; j++)
            if (out[order[j]] > out[order[i]]) {
                int axis = order[i];
                order[i] = order[j];
                order[j] = axis;
            }
    int next = order[1];
    order[1] = order[0];
    order[0] = next;
}

/* Fills x, k, out, first and y_step; *kernel is the array that slides, with the same axes. */
static void set_roles(struct work *work, const struct correlate_extents *e, const float *x, const float *w,
                      bool flip, struct array *kernel)
{
    bool swap = product(e->w) > product(e->x);
    struct array still = swap ? array_of(w, e->w, !flip) : array_of(x, e->x, false);
    struct array slides = swap ? array_of(x, e->x, true) : array_of(w, e->w, flip);
    int order[RANK];
    long step[RANK], s = 1;
    for (int a = RANK - 1; a >= 0; a--) {
        step[a] = s;
        s *= e->y[a];
    }
    order_axes(e->y, order);
    work->x.data = still.data;
    kernel->data = slides.data;
    for (int a = 0; a < RANK; a++) {
        int from = order[a];
        work->x.dim[a] = still.dim[from], work->x.step[a] = still.step[from];
        kernel->dim[a] = slides.dim[from], kernel->step[a] = slides.step[from];
        work->k[a] = slides.dim[from];
        work->out[a] = e->y[from], work->first[a] = e->first[from], work->y_step[a] = step[from];
    }
}

/* ---- the passes ---- */

static bool split(struct work *work, const struct array *kernel)
{
    long k[RANK] = {work->k[0], work->k[1], work->k[2]}, count = product(k);
    double *rest = work->weights, *spare = rest + count, *line = spare + count;
    bool finite = true;
    for (long i = 0, at = 0; i < k[0]; i++)
        for (long j = 0; j < k[1]; j++)
            for (long l = 0; l < k[2]; l++) {
                rest[at] =
                    (double)kernel->data[i * kernel->step[0] + j * kernel->step[1] + l * kernel->step[2]];
                finite &= isfinite(rest[at++]) != 0;
            }
    for (int a = RANK - 1; a >= 0 && finite; a--) {
        if (k[a] == 1 || k[a] == product(k) || !separate_axis(rest, k, a, line, spare))
            continue;
        double *other = rest;
        rest = spare;
        spare = other;
        struct step *s = &work->step[work->steps++];
        *s = (struct step){line, {1, 1, 1}};
        s->k[a] = k[a];
        line += k[a];
        k[a] = 1;
    }
    work->step[work->steps++] = (struct step){rest, {k[0], k[1], k[2]}};
    return finite;
}

/* ---- a block ---- */

struct block {
    long from[RANK], out[RANK]; /* outputs: the first, how many */
};

static struct block block_at(const struct work *work, int index)
{
    struct block b = {{index / work->across * work->planes, 0, index % work->across * work->columns},
                      {work->planes, work->out[1], work->columns}};
    for (int a = 0; a < RANK; a++)
        if (b.from[a] + b.out[a] > work->out[a])
            b.out[a] = work->out[a] - b.from[a];
    return b;
}

/* Line (a, b) of the part of x under a block, zeros where it lies outside. */
static void copy_line(const struct work *work, const struct block *block, long a, long b, double *to)
{
    const struct array *x = &work->x;
    long at[RANK], count = block->out[2] + work->k[2] - 1;
    for (int i = 0; i < RANK; i++)
        at[i] = work->first[i] + block->from[i] - (work->k[i] - 1) + (i == 0 ? a : i == 1 ? b : 0);
    bool inside = at[0] >= 0 && at[0] < x->dim[0] && at[1] >= 0 && at[1] < x->dim[1];
    long from = at[2] < 0 ? -at[2] : 0, end = x->dim[2] - at[2];
    from = from < count && inside ? from : count;
    end = end < count ? end : count;
    end = end > from ? end : from;
    for (long c = 0; c < from; c++)
        to[c] = 0;
    const float *line = x->data + (inside ? at[0] * x->step[0] + at[1] * x->step[1] : 0);
    if (x->step[2] == 1)
        for (long c = from; c < end; c++)
            to[c] = (double)line[at[2] + c];
    else
        for (long c = from; c < end; c++)
            to[c] = (double)line[(at[2] + c) * x->step[2]];
    for (long c = end; c < work->line; c++)
        to[c] = 0;
}

static void store(const struct work *work, const struct block *block, const double *buffer)
{
    const long *step = work->y_step;
    for (long a = 0; a < block->out[0]; a++)
        for (long b = 0; b < block->out[1]; b++) {
            const double *from = buffer + (a * work->lines + b) * work->line;
            float *to = work->y + (block->from[0] + a) * step[0] + b * step[1] + block->from[2] * step[2];
            for (long c = 0; c < block->out[2]; c++)
                to[c * step[2]] = (float)from[c];
        }
}

static void do_block(void *arg, int index)
{
    struct work *work = arg;
    struct block block = block_at(work, index);
    int mine = 0;
    while (atomic_exchange(&work->taken[mine],
                           true)) /* there is one for each thread, but they change hands meanwhile */
        mine = (mine + 1) % work->threads;
    double *buffer = work->buffers + (size_t)mine * work->buffer;
    long have[RANK];
    for (int a = 0; a < RANK; a++)
        have[a] = block.out[a] + work->k[a] - 1;
    for (long a = 0; a < have[0]; a++)
        for (long b = 0; b < have[1]; b++)
            copy_line(work, &block, a, b, buffer + (a * work->lines + b) * work->line);
    for (int s = 0; s < work->steps; s++) {
        const struct step *step = &work->step[s];
        for (int a = 0; a < RANK; a++)
            have[a] -= step->k[a] - 1;
        work->run(&(struct pass){.x = buffer,
                                 .lines = work->lines,
                                 .line = work->line,
                                 .w = step->w,
                                 .k = {step->k[0], step->k[1], step->k[2]},
                                 .out = {have[0], have[1], have[2]}});
    }
    store(work, &block, buffer);
    atomic_store(&work->taken[mine], false);
}

/* ---- all of it ---- */

static long least(long a, long b)
{
    return a < b ? a : b;
}

static long most(long a, long b)
{
    return a > b ? a : b;
}

static int cut(struct work *work)
{
    const long *k = work->k, *out = work->out;
    work->columns = least(out[2], most(CHUNK, 2 * k[2]));
    work->lines = out[1] + k[1] - 1;
    work->line = (work->columns + k[2] - 1 + PASS_TILE - 1) / PASS_TILE * PASS_TILE + PASS_TILE + k[2];
    long room = BUFFER / (work->lines * work->line) - (k[0] - 1);
    work->planes = least(out[0], most(room, most(8, k[0])));
    work->across = (out[2] + work->columns - 1) / work->columns;
    work->buffer = (size_t)(work->planes + k[0] - 1) * (size_t)work->lines * (size_t)work->line;
    work->buffer += PASS_TILE;
    return (int)((out[0] + work->planes - 1) / work->planes * work->across);
}

static void tell(const struct work *work, struct correlate_plan *plan)
{
    *plan = (struct correlate_plan){.separable = work->steps > 1, .passes = work->steps};
    for (int s = 0; s < work->steps; s++)
        plan->products += product(work->step[s].k);
}

enum err correlate_fast(const struct tensor *x, const struct tensor *w, enum correlate_mode mode, bool flip,
                        struct team *team, struct tensor *y, struct correlate_plan *plan, struct diag *diag)
{
    struct correlate_extents e;
    struct work work = {.run = pass_best(), .threads = team_threads(team)};
    struct correlate_plan unused;
    struct array kernel;
    enum err err = correlate_measure(x, w, mode, &e, diag);
    *y = (struct tensor){0};
    plan = plan ? plan : &unused;
    if (err)
        return err;
    *plan = (struct correlate_plan){.defined = true, .passes = 1, .products = product(e.w)};
    if ((double)product(e.y) * (double)product(e.w) < FEW)
        return correlate(x, w, mode, flip, y, diag);
    set_roles(&work, &e, x->data, w->data, flip, &kernel);
    work.weights = mem_new(2 * (size_t)product(work.k) + (size_t)(work.k[0] + work.k[1] + work.k[2]),
                           sizeof *work.weights);
    if (!work.weights)
        return diag_memory(diag, "a kernel");
    if (!split(&work, &kernel)) { /* infinite weights must not meet the zeros around x */
        free(work.weights);
        return correlate(x, w, mode, flip, y, diag);
    }
    int blocks = cut(&work);
    work.buffers = mem_new((size_t)work.threads * work.buffer, sizeof *work.buffers);
    work.taken = calloc((size_t)work.threads, sizeof *work.taken);
    err = work.buffers && work.taken ? tensor_init(y, x->rank, e.y + RANK - x->rank, diag)
                                     : diag_memory(diag, "a correlation");
    if (!err) {
        work.y = y->data;
        tell(&work, plan);
        team_run(team, blocks, do_block, &work);
    }
    free(work.weights);
    free(work.buffers);
    free(work.taken);
    return err;
}
