#include "observe/sweep_work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BATCH = 50, BATCH_SLOW = 10, BATCH_FLOATS = 1 << 19, LOOKED_AT = 2000 };

float sweep_epsilon(enum norm norm, int k)
{
    static const float linf[SWEEP_EPSILONS] = {0, 0.01f, 0.02f, 0.03f, 0.05f, 0.08f, 0.1f, 0.15f, 0.2f, 0.3f};
    return norm == NORM_L2 ? 10 * linf[k] : linf[k];
}

enum err sweep_room_init(struct sweep_room *r, const struct dataset *data, enum split split,
                         struct diag *diag)
{
    size_t image = shape_count(data->shape), most = BATCH_FLOATS / image;
    int batch = most >= BATCH ? BATCH : most > 1 ? (int)most : 1;
    *r = (struct sweep_room){.data = data, .split = split, .batch = batch, .image = image};
    r->x = mem_floats(image * (size_t)batch);
    r->adv = mem_floats(image * (size_t)batch);
    r->scratch = mem_floats(image * (size_t)batch * ATTACK_SCRATCH);
    r->label = mem_new((size_t)batch, sizeof *r->label);
    r->aim = mem_new((size_t)batch, sizeof *r->aim);
    if (!r->x || !r->adv || !r->scratch || !r->label || !r->aim)
        return diag_memory(diag, "images to attack");
    return ERR_NONE;
}

void sweep_room_fini(struct sweep_room *r)
{
    free(r->x);
    free(r->adv);
    free(r->scratch);
    free(r->label);
    free(r->aim);
}

void sweep_passes_free(struct sweep_net net[SWEEP_NETS])
{
    for (int k = 0; k < SWEEP_NETS; k++) {
        pass_free(net[k].pass);
        net[k].pass = NULL;
    }
}

enum err sweep_passes_make(struct sweep_net net[SWEEP_NETS], const struct sweep_room *r, struct team *team,
                           struct diag *diag)
{
    struct pass_options want = {.capacity = r->batch, .backward = true, .fixed = true, .team = team};
    enum err err = ERR_NONE;
    sweep_passes_free(net);
    for (int k = 0; k < SWEEP_NETS && !err; k++)
        if (net[k].net && net[k].moment > 0)
            err = pass_new(net[k].net, want, &net[k].pass, diag);
    return err;
}

/* ---- what there is to do ---- */

/* As many images of each class as have room, in the order of the classes. */
static void choose_images(struct sweep_room *r, struct sweep_grid *g)
{
    int classes = r->data->classes, each = SWEEP_IMAGES / classes > 0 ? SWEEP_IMAGES / classes : 1;
    int looked = r->data->count[r->split] < LOOKED_AT ? r->data->count[r->split] : LOOKED_AT;
    int kept[SWEEP_IMAGES] = {0};
    g->classes = classes < SWEEP_CLASSES ? classes : SWEEP_CLASSES;
    g->rows = 0;
    for (int i = 0; i < looked && g->rows < SWEEP_IMAGES && g->rows < each * classes; i++) {
        int label = dataset_read_floats(r->data, r->split, i, r->x);
        if (label >= SWEEP_IMAGES || kept[label] == each)
            continue;
        kept[label]++;
        int at = g->rows++;
        for (; at > 0 && g->label[at - 1] > label; at--) {
            g->label[at] = g->label[at - 1];
            g->index[at] = g->index[at - 1];
        }
        g->label[at] = label;
        g->index[at] = i;
    }
}

void sweep_begin(struct sweep_room *r, const struct sweep_net net[SWEEP_NETS], bool curves,
                 struct sweep_result *out)
{
    int count = r->data->count[r->split];
    int images = out->task.images < count ? out->task.images : count, there = 0;
    if (!curves)
        memset(out->curve, 0, sizeof out->curve);
    memset(&out->grid, 0, sizeof out->grid);
    memset(&out->transfer, 0, sizeof out->transfer);
    for (int k = 0; k < SWEEP_NETS; k++) {
        out->moment[k] = net[k].moment;
        out->transfer.there[k] = net[k].pass;
        out->transfer.step[k] = net[k].step;
        there += net[k].pass != NULL;
        if (k < SWEEP_BRANCHES && net[k].pass && !curves) {
            out->curve[k].total = images;
            out->curve[k].step = net[k].step;
        }
    }
    out->transfer.total = there > 0 ? images : 0;
    out->grid.subject = out->task.subject;
    if (net[out->task.subject].pass) {
        choose_images(r, &out->grid);
        out->grid.step = net[out->task.subject].step;
    }
    out->progress = 0;
}

/* ---- measuring ---- */

/* Attacks that look for the smallest perturbation take long: fewer at a time, so that results come. */
static int read_batch(struct sweep_room *r, const struct attack_type *type, int first, int total)
{
    int batch = type->smallest && r->batch > BATCH_SLOW ? BATCH_SLOW : r->batch;
    int n = total - first < batch ? total - first : batch;
    for (int i = 0; i < n; i++)
        r->label[i] = dataset_read_floats(r->data, r->split, first + i, r->x + (size_t)i * r->image);
    return n;
}

static int count_right(const struct sweep_net *k, int n, const float *x, const int *label)
{
    int right = 0;
    net_forward(k->net, &k->weights, k->pass, n, x, MODE_INFER);
    for (int i = 0; i < n; i++)
        right += pass_says(k->pass, i) == label[i];
    return right;
}

static void run_attack(struct sweep_room *r, const struct sweep_net *k, const struct attack_type *type,
                       const struct attack_options *o, int n, const int *aim, long first)
{
    type->run(o, k->net, &k->weights, k->pass, n, r->x, aim, first, r->adv, r->scratch);
}

static double size_of(const struct sweep_room *r, enum norm norm, const float *x, const float *adv)
{
    return norm == NORM_L2 ? distance_l2(r->image, x, adv) : distance_linf(r->image, x, adv);
}

/* One that finds the smallest perturbation runs once: an image is right up to the epsilon that it takes. */
static void add_smallest(struct sweep_room *r, const struct sweep_net *k, const struct sweep_task *task,
                         int n, struct sweep_curve *c)
{
    struct attack_options o = task->options;
    o.eps = INFINITY;
    run_attack(r, k, task->type, &o, n, r->label, c->seen);
    net_forward(k->net, &k->weights, k->pass, n, r->adv, MODE_INFER);
    for (int i = 0; i < n; i++) {
        const float *x = r->x + (size_t)i * r->image, *adv = r->adv + (size_t)i * r->image;
        bool fooled = pass_says(k->pass, i) != r->label[i];
        double size = size_of(r, o.norm, x, adv);
        for (int e = 0; e < SWEEP_EPSILONS; e++)
            c->attack[e] += !fooled || size > (double)sweep_epsilon(o.norm, e);
    }
}

static void add_at(struct sweep_room *r, const struct sweep_net *k, const struct attack_type *type,
                   const struct attack_options *given, int n, int first, int right[SWEEP_EPSILONS])
{
    struct attack_options o = *given;
    for (int e = 1; e < SWEEP_EPSILONS; e++) {
        o.eps = sweep_epsilon(o.norm, e);
        o.step = 0; /* of the epsilon in view; here it goes with each */
        run_attack(r, k, type, &o, n, r->label, first);
        right[e] += count_right(k, n, r->adv, r->label);
    }
}

static bool more_of_curve(struct sweep_room *r, const struct sweep_net *k, const struct sweep_task *task,
                          struct sweep_curve *c)
{
    if (c->seen == c->total)
        return false;
    int n = read_batch(r, task->type, c->seen, c->total), clean = count_right(k, n, r->x, r->label);
    c->noise[0] += clean;
    add_at(r, k, attack_find("noise"), &task->options, n, c->seen, c->noise);
    if (task->type->smallest) {
        add_smallest(r, k, task, n, c);
    } else {
        c->attack[0] += clean;
        add_at(r, k, task->type, &task->options, n, c->seen, c->attack);
    }
    c->seen += n;
    return true;
}

/* One image of the grid, towards `n` classes from `first` on. */
static void fill_cells(struct sweep_room *r, const struct sweep_net *k, const struct sweep_task *task,
                       struct sweep_grid *g, int row, int first, int n)
{
    struct attack_options o = task->options;
    o.targeted = true;
    o.eps = task->type->smallest ? INFINITY : o.eps;
    for (int i = 0; i < n; i++) {
        dataset_read_floats(r->data, r->split, g->index[row], r->x + (size_t)i * r->image);
        r->aim[i] = first + i;
    }
    if (first == 0) {
        net_forward(k->net, &k->weights, k->pass, 1, r->x, MODE_INFER);
        g->clean[row] = (short)pass_says(k->pass, 0);
    }
    run_attack(r, k, task->type, &o, n, r->aim, g->index[row]);
    net_forward(k->net, &k->weights, k->pass, n, r->adv, MODE_INFER);
    int classes = net_classes(k->net);
    for (int i = 0; i < n; i++) {
        const float *z = pass_logits(k->pass) + (size_t)i * (size_t)classes, top = z[argmax(classes, z)];
        const float *x = r->x + (size_t)i * r->image, *adv = r->adv + (size_t)i * r->image;
        double sum = 0;
        for (int j = 0; j < classes; j++)
            sum += exp((double)(z[j] - top));
        g->cell[row][first + i] = (struct sweep_cell){.says = (short)pass_says(k->pass, i),
                                                      .p = (float)(exp((double)(z[first + i] - top)) / sum),
                                                      .linf = (float)distance_linf(r->image, x, adv),
                                                      .l2 = (float)distance_l2(r->image, x, adv)};
    }
}

static bool more_of_grid(struct sweep_room *r, const struct sweep_net *k, const struct sweep_task *task,
                         struct sweep_grid *g)
{
    if (g->done == g->rows)
        return false;
    for (int first = 0; first < g->classes; first += r->batch) {
        int n = g->classes - first < r->batch ? g->classes - first : r->batch;
        fill_cells(r, k, task, g, g->done, first, n);
    }
    g->done++;
    return true;
}

static bool more_of_transfer(struct sweep_room *r, const struct sweep_net net[SWEEP_NETS],
                             const struct sweep_task *task, struct sweep_transfer *t)
{
    struct attack_options o = task->options;
    if (t->seen == t->total)
        return false;
    int n = read_batch(r, task->type, t->seen, t->total);
    o.eps = task->type->smallest ? INFINITY : o.eps;
    for (int made = 0; made < SWEEP_NETS; made++) {
        if (!t->there[made])
            continue;
        t->clean[made] += count_right(&net[made], n, r->x, r->label);
        run_attack(r, &net[made], task->type, &o, n, r->label, t->seen);
        for (int on = 0; on < SWEEP_NETS; on++)
            if (t->there[on])
                t->right[made][on] += count_right(&net[on], n, r->adv, r->label);
    }
    t->seen += n;
    return true;
}

bool sweep_more(struct sweep_room *r, const struct sweep_net net[SWEEP_NETS], struct sweep_result *out)
{
    const struct sweep_task *task = &out->task;
    double done = 0, all = 0;
    bool more = false;
    for (int k = 0; k < SWEEP_BRANCHES; k++) {
        more |= more_of_curve(r, &net[k], task, &out->curve[k]);
        done += out->curve[k].seen;
        all += out->curve[k].total;
    }
    more |= more_of_grid(r, &net[task->subject], task, &out->grid);
    more |= more_of_transfer(r, net, task, &out->transfer);
    done += out->grid.done + out->transfer.seen;
    all += out->grid.rows + out->transfer.total;
    out->progress = all > 0 ? done / all : 1;
    return more && done < all;
}
