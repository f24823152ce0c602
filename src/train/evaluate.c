#include "train/evaluate.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "nn/pass.h"

enum { BATCH = 128 };

struct evaluator {
    const struct net *net;
    const struct dataset *data;
    struct team *team;
    struct pass *pass;
    float *x;
    int *label;
    enum split split; /* of the batch being gathered */
    int first;
};

enum err evaluator_new(const struct net *net, const struct dataset *data, struct team *team,
                       struct evaluator **out, struct diag *diag)
{
    struct evaluator *e = calloc(1, sizeof *e);
    if (!e)
        return diag_memory(diag, "an evaluation");
    *e = (struct evaluator){.net = net, .data = data, .team = team};
    e->x = mem_floats(BATCH * shape_count(net->in));
    e->label = mem_new(BATCH, sizeof *e->label);
    enum err err = e->x && e->label ? ERR_NONE : diag_memory(diag, "an evaluation");
    if (!err)
        err = pass_new(net, (struct pass_options){.capacity = BATCH, .team = team}, &e->pass, diag);
    if (err) {
        evaluator_free(e);
        return err;
    }
    *out = e;
    return ERR_NONE;
}

void evaluator_free(struct evaluator *e)
{
    if (!e)
        return;
    pass_free(e->pass);
    free(e->x);
    free(e->label);
    free(e);
}

static void gather_one(void *arg, int i)
{
    struct evaluator *e = arg;
    e->label[i] =
        dataset_read_floats(e->data, e->split, e->first + i, e->x + (size_t)i * shape_count(e->net->in));
}

static void count_confusion(const struct evaluator *e, int n, long *confusion)
{
    int k = net_classes(e->net);
    for (int i = 0; i < n; i++)
        confusion[e->label[i] * k + pass_says(e->pass, i)]++;
}

bool evaluator_run(struct evaluator *e, const struct weights *w, const struct loss_type *loss,
                   enum split split, int first, int count, bool confusion, const atomic_bool *cancel,
                   struct evaluation *out)
{
    int k = net_classes(e->net),
        end = e->data->count[split] - first < count ? e->data->count[split] : first + count, correct = 0;
    double total = 0;
    if (confusion && !out->confusion)
        out->confusion = mem_new((size_t)k * (size_t)k, sizeof *out->confusion);
    else if (confusion)
        memset(out->confusion, 0, (size_t)k * (size_t)k * sizeof *out->confusion);
    e->split = split;
    for (e->first = first; e->first < end; e->first += BATCH) {
        if (cancel && atomic_load(cancel))
            return false;
        int n = end - e->first < BATCH ? end - e->first : BATCH;
        team_run(e->team, n, gather_one, e);
        struct net_step step = {.n = n, .x = e->x, .label = e->label, .loss = loss, .mode = MODE_INFER};
        net_step(e->net, w, e->pass, &step);
        total += step.total_loss;
        correct += step.correct;
        if (confusion && out->confusion)
            count_confusion(e, n, out->confusion);
    }
    out->count = end - first;
    out->loss = out->count > 0 ? total / out->count : 0;
    out->accuracy = out->count > 0 ? (double)correct / out->count : 0;
    return true;
}

void evaluation_fini(struct evaluation *e)
{
    free(e->confusion);
    *e = (struct evaluation){0};
}
