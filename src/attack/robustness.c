#include "attack/robustness.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BATCH = 128 };

struct job {
    const struct attack_type *type;
    struct attack_options options;
    const struct net *net;
    const struct weights *weights;
    struct pass *pass;
    float *x, *adv, *scratch;
    int *label, *aim;  /* the truth, and what the attack is told */
    bool *right;       /* before the attack */
    double *linf, *l2; /* of the fooled ones */
};

void wilson_interval(long successes, long count, double *low, double *high)
{
    const double z = 1.959963985; /* 95 % of a normal distribution lies within so many deviations */
    double n = (double)count, p = count > 0 ? (double)successes / n : 0;
    *low = 0, *high = 1;
    if (count <= 0)
        return;
    double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    double half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    *low = successes == 0 ? 0 : fmax(middle - half, 0);
    *high = successes == count ? 1 : fmin(middle + half, 1);
}

static int count_correct(const struct job *j, int n, const float *x)
{
    struct net_step step = {
        .n = n, .x = x, .label = j->label, .loss = &loss_cross_entropy, .mode = MODE_INFER};
    net_step(j->net, j->weights, j->pass, &step);
    return step.correct;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_of(double *v, int count)
{
    if (count == 0)
        return NAN;
    qsort(v, (size_t)count, sizeof *v, compare_doubles);
    return (v[(count - 1) / 2] + v[count / 2]) / 2;
}

/* After a run on the attacked images: those that were right before. */
static int measure_fooled(struct job *j, int n, int fooled)
{
    size_t size = shape_count(j->net->in);
    for (int i = 0; i < n; i++) {
        bool now =
            j->options.targeted ? pass_says(j->pass, i) == j->aim[i] : pass_says(j->pass, i) != j->label[i];
        if (!j->right[i] || !now)
            continue;
        const float *x = j->x + (size_t)i * size, *adv = j->adv + (size_t)i * size;
        j->linf[fooled] = distance_linf(size, x, adv);
        j->l2[fooled++] = distance_l2(size, x, adv);
    }
    return fooled;
}

static void attack_all(struct job *j, const struct dataset *data, enum split split, int end, int target,
                       struct robustness *out)
{
    size_t size = shape_count(j->net->in);
    int clean = 0, right = 0, counted = 0, fooled = 0;
    for (int next = 0; next < end;) {
        int n = 0, first = next;
        for (; next < end && n < BATCH; next++) {
            j->label[n] = dataset_read_floats(data, split, next, j->x + (size_t)n * size);
            j->aim[n] = j->options.targeted ? target : j->label[n];
            n += !j->options.targeted || j->label[n] != target;
        }
        if (n == 0)
            continue;
        clean += count_correct(j, n, j->x);
        for (int i = 0; i < n; i++)
            j->right[i] = pass_says(j->pass, i) == j->label[i];
        j->type->run(&j->options, j->net, j->weights, j->pass, n, j->x, j->aim, first, j->adv, j->scratch);
        right += count_correct(j, n, j->adv);
        fooled = measure_fooled(j, n, fooled);
        counted += n;
    }
    *out = (struct robustness){.eps = j->options.eps, .count = counted};
    out->clean_accuracy = counted ? (double)clean / counted : 0;
    out->accuracy = counted ? (double)right / counted : 0;
    out->fooled = fooled;
    out->median_linf = median_of(j->linf, fooled);
    out->median_l2 = median_of(j->l2, fooled);
}

static enum err check_fit(const struct net *net, const struct dataset *data, int target, struct diag *diag)
{
    int classes = (int)shape_count(net->layer[net_logits(net)].out);
    if (!shape_equal(net->in, data->shape))
        return diag_fail(diag, ERR_SHAPE, data->spec, 0, "its images are %s, but the network wants %s",
                         shape_text(data->shape).s, shape_text(net->in).s);
    if (data->classes > classes)
        return diag_fail(diag, ERR_SHAPE, data->spec, 0, "it has %d classes, but the network only %d",
                         data->classes, classes);
    if (target < 0 || target >= classes)
        return diag_fail(diag, ERR_RANGE, NULL, 0, "class %d, but the network has classes 0 to %d", target,
                         classes - 1);
    return ERR_NONE;
}

enum err robustness_run(const struct attack_type *type, const struct attack_options *options,
                        const struct net *net, const struct weights *weights, const struct dataset *data,
                        enum split split, int count, int target, const float *eps, int epsilons,
                        struct team *team, struct robustness *out, struct diag *diag)
{
    enum err err = check_fit(net, data, options->targeted ? target : 0, diag);
    if (err)
        return err;
    size_t floats = BATCH * shape_count(net->in);
    struct job j = {.type = type, .options = *options, .net = net, .weights = weights};
    j.x = mem_floats(floats);
    j.adv = mem_floats(floats);
    int end = count < data->count[split] ? count : data->count[split];
    j.scratch = mem_floats(floats * (size_t)type->scratch);
    j.label = mem_new(BATCH, sizeof *j.label);
    j.aim = mem_new(BATCH, sizeof *j.aim);
    j.right = mem_new(BATCH, sizeof *j.right);
    j.linf = mem_new((size_t)(end > 0 ? end : 1), sizeof *j.linf);
    j.l2 = mem_new((size_t)(end > 0 ? end : 1), sizeof *j.l2);
    if (!j.x || !j.adv || !j.scratch || !j.label || !j.aim || !j.right || !j.linf || !j.l2)
        err = diag_memory(diag, "images");
    if (!err)
        err = pass_new(
            net, (struct pass_options){.capacity = BATCH, .backward = true, .fixed = true, .team = team},
            &j.pass, diag);
    for (int i = 0; i < epsilons && !err; i++) {
        j.options.eps = eps[i];
        attack_all(&j, data, split, end, target, &out[i]);
    }
    pass_free(j.pass);
    free(j.x);
    free(j.adv);
    free(j.scratch);
    free(j.label);
    free(j.aim);
    free(j.right);
    free(j.linf);
    free(j.l2);
    return err;
}
