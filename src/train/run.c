#include "train/run.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/text.h"

enum { BATCH = 32, WARMUP_MOST = 100 };

struct run_options run_defaults(void)
{
    return (struct run_options){.momentum = -1, .weight_decay = -1, .seed = RNG_SEED};
}

/* What was chosen by name, and the numbers that were left to the optimizer. */
static enum err choose(struct run *run, const struct optimizer_type **type, struct optimizer_options *o,
                       struct diag *diag)
{
    const struct run_options *want = &run->options; /* and at the end, what it came to */
    const char *optimizer = want->optimizer ? want->optimizer : "sgd",
               *loss = want->loss ? want->loss : "cross-entropy";
    struct text known = {0};
    if (!(*type = optimizer_find(optimizer))) {
        for (int i = 0; optimizer_types[i]; i++)
            text_listed(&known, optimizer_types[i]->name, !optimizer_types[i + 1]);
        return text_unknown(diag, NULL, 0, "optimizer", optimizer, &known);
    }
    if (!(run->loss = loss_find(loss))) {
        for (int i = 0; loss_types[i]; i++)
            text_listed(&known, loss_types[i]->name, !loss_types[i + 1]);
        return text_unknown(diag, NULL, 0, "loss", loss, &known);
    }
    *o = (*type)->defaults;
    if (want->momentum >= 0)
        o->momentum = (float)want->momentum;
    if (want->weight_decay >= 0)
        o->weight_decay = (float)want->weight_decay;
    o->nesterov = want->nesterov;
    enum err err = schedule_parse(want->schedule     ? want->schedule
                                  : want->epochs > 0 ? "cosine"
                                                     : "constant",
                                  &run->schedule, diag);
    run->options.optimizer = (*type)->name;
    run->options.loss = run->loss->name;
    run->options.lr = want->lr > 0 ? want->lr : (double)(*type)->lr;
    run->options.momentum = (double)o->momentum;
    run->options.weight_decay = (double)o->weight_decay;
    run->options.batch = want->batch > 0 ? want->batch : BATCH;
    run->schedule.base = run->options.lr;
    return err;
}

static enum err check_fit(const struct net *net, const struct dataset *data, struct diag *diag)
{
    if (!shape_equal(net->in, data->shape))
        return diag_fail(diag, ERR_SHAPE, data->spec, 0, "its images are %s, but the network wants %s",
                         shape_text(data->shape).s, shape_text(net->in).s);
    if (net_classes(net) < data->classes)
        return diag_fail(diag, ERR_SHAPE, data->spec, 0, "it has %d classes, but the network only %d",
                         data->classes, net_classes(net));
    return ERR_NONE;
}

static enum err allocate(struct run *run, const struct optimizer_type *type, struct optimizer_options o,
                         struct diag *diag)
{
    const struct net *net = run->net;
    struct augment augment = {0};
    enum err err = augment_parse(run->options.augment, &augment, diag);
    if (!err)
        err = adversarial_parse(run->options.adversarial, &run->adversarial, diag);
    if (!err)
        err = weights_init(&run->weights, net, diag);
    if (!err)
        err = optimizer_init(&run->optimizer, type, o, net->params, diag);
    if (!err)
        err = batches_init(&run->batches, run->data, run->options.batch, run->options.seed, diag);
    if (!err)
        err = batches_augment(&run->batches, &augment, diag);
    struct pass_options want = {
        .capacity = run->batches.size, .grads = true, .backward = true, .team = run->team};
    if (!err)
        err = pass_new(net, want, &run->pass, diag);
    if (!err && !(run->grads = mem_floats(net->params)))
        err = diag_memory(diag, "gradients");
    size_t scratch = adversarial_scratch(&run->adversarial, net, run->batches.size);
    if (!err && scratch > 0 && !(run->attacked = mem_floats(scratch)))
        err = diag_memory(diag, "adversarial images");
    return err;
}

enum err run_init(struct run *run, const struct net *net, const struct dataset *data, struct team *team,
                  const struct run_options *options, struct diag *diag)
{
    const struct optimizer_type *type = NULL;
    struct optimizer_options o;
    *run = (struct run){.net = net, .data = data, .team = team, .options = *options};
    enum err err = check_fit(net, data, diag);
    if (!err)
        err = choose(run, &type, &o, diag);
    if (!err)
        err = allocate(run, type, o, diag);
    if (err) {
        run_fini(run);
        return err;
    }
    run->total = (long)options->epochs * run->batches.per_epoch;
    run->schedule.total = run->total;
    if (!options->schedule && run->total > 0) /* a short rise keeps the first steps from running off */
        run->schedule.warmup = run->total / 20 < WARMUP_MOST ? run->total / 20 : WARMUP_MOST;
    init_weights(&run->weights, net, options->init, options->seed);
    return ERR_NONE;
}

void run_fini(struct run *run)
{
    weights_fini(&run->weights);
    optimizer_fini(&run->optimizer);
    batches_fini(&run->batches);
    pass_free(run->pass);
    free(run->grads);
    free(run->attacked);
    *run = (struct run){0};
}

void run_reset(struct run *run, uint64_t seed)
{
    run->options.seed = run->batches.seed = seed;
    run->batches.epoch = -1; /* the order belonged to the other seed */
    init_weights(&run->weights, run->net, run->options.init, seed);
    run->optimizer.step = run->step = 0;
    for (int i = 0; i < run->optimizer.type->slots; i++)
        memset(run->optimizer.slot[i], 0, run->optimizer.count * sizeof(float));
    memset(run->grads, 0, run->net->params * sizeof *run->grads);
    run->lr = run->loss_mean = run->accuracy = run->grad_norm = run->epoch_loss = 0;
    run->epoch_correct = run->epoch_images = run->reported = 0;
}

/* A mean loss beyond this is no learning any more: cross-entropy gives the truth a probability of e^-10000 there. Numbers
 * of images lie within some tens in a network that learns. */
static const double diverged_loss = 1e4;
static const float large_output = 1e3f;

/* Runs the batch once more in a pass that keeps, only to say where it went wrong. */
static enum err name_layer(const struct run *run, double loss, struct diag *diag)
{
    const struct net *net = run->net;
    struct pass *pass = NULL;
    int first = -1, large = -1;
    if (!pass_new(net, (struct pass_options){.capacity = run->batches.n, .keep = true, .team = run->team},
                  &pass, NULL)) {
        net_forward(net, &run->weights, pass, run->batches.n, run->batches.x, MODE_TRAIN);
        first = pass_first_beyond(pass, FLT_MAX);
        large = pass_first_beyond(pass, large_output);
    }
    pass_free(pass);
    if (first >= 0)
        return diag_fail(diag, ERR_NUMBERS, NULL, 0,
                         "step %ld: the numbers are no longer finite, first in the output of layer '%s'",
                         run->step + 1, net->layer[first].name);
    for (int i = net->layers - 1; i >= 0; i--)
        for (int k = 0; k < net->layer[i].params; k++)
            for (size_t j = 0; j < net->layer[i].param[k].count; j++)
                if (!isfinite(run->grads[net->layer[i].param[k].offset + j]))
                    return diag_fail(
                        diag, ERR_NUMBERS, NULL, 0,
                        "step %ld: the numbers are no longer finite, first in the gradient of layer '%s'",
                        run->step + 1, net->layer[i].name);
    if (isfinite(loss))
        return diag_fail(diag, ERR_NUMBERS, NULL, 0,
                         "step %ld: training has diverged, the loss is %.3g; layer '%s' is the first whose "
                         "output is beyond %g",
                         run->step + 1, loss, net->layer[large >= 0 ? large : net->layers - 1].name,
                         (double)large_output);
    return diag_fail(diag, ERR_NUMBERS, NULL, 0, "step %ld: the loss is no longer finite", run->step + 1);
}

/* The next batch through the network, and back when grads aren't NULL. */
static void run_batch(struct run *run, float *grads)
{
    struct batches *b = &run->batches;
    batches_gather(b, run_epoch(run), (int)(run->step % b->per_epoch), run->team);
    adversarial_apply(&run->adversarial, run->net, &run->weights, run->pass,
                      rng_key(run->options.seed, (uint64_t)run->step, 0x616476), b->n, b->x, b->label,
                      run->attacked);
    struct net_step step = {.n = b->n,
                            .x = b->x,
                            .label = b->label,
                            .key = b->key,
                            .loss = run->loss,
                            .mode = MODE_TRAIN,
                            .mean = true,
                            .grads = grads};
    net_step(run->net, &run->weights, run->pass, &step);
    run->batch.total_loss = step.total_loss;
    run->batch.loss = step.total_loss / b->n;
    run->batch.correct = step.correct;
}

void run_forward(struct run *run)
{
    run_batch(run, NULL);
}

enum err run_backward(struct run *run, struct diag *diag)
{
    run_batch(run, run->grads);
    double squares = 0;
    for (size_t i = 0; i < run->net->params; i++)
        squares += (double)run->grads[i] * (double)run->grads[i];
    run->batch.grad_norm = sqrt(squares);
    if (!(run->batch.loss <= diverged_loss) || !isfinite(squares))
        return name_layer(run, run->batch.loss, diag);
    return ERR_NONE;
}

void run_update(struct run *run)
{
    int n = run->batches.n;
    net_absorb(run->net, run->pass, &run->weights);
    run->lr = schedule_rate(&run->schedule, run->step);
    optimizer_step(&run->optimizer, (float)run->lr, run->weights.params, run->grads, run->team);
    if (run->step % run->batches.per_epoch == 0)
        run->epoch_loss = 0, run->epoch_correct = run->epoch_images = 0;
    run->step++;
    run->grad_norm = run->batch.grad_norm;
    run->loss_mean = run->batch.loss;
    run->accuracy = (double)run->batch.correct / n;
    run->epoch_loss += run->batch.total_loss;
    run->epoch_correct += run->batch.correct;
    run->epoch_images += n;
}

enum err run_step(struct run *run, struct diag *diag)
{
    enum err err = run_backward(run, diag);
    if (!err)
        run_update(run);
    return err;
}
