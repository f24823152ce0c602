#include "train/fork.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "nn/model.h"
#include "nn/variant.h"

enum { MEASURED = 8 }; /* batches */

const struct fork_type fork_types[FORK_KNOBS] = {
    [FORK_SAME] = {"same", NULL, NULL, "nothing changes: the same bits again"},
    [FORK_RATE] = {"rate", "RATE", NULL, "another learning rate, constant from here on"},
    [FORK_SCHEDULE] = {"schedule", "SCHEDULE", NULL, "another course of the learning rate"},
    [FORK_OPTIMIZER] = {"optimizer", "NAME", NULL, "another optimizer, with its own usual rate"},
    [FORK_AUGMENT] = {"augment", "LIST", NULL, "images changed at random, as --augment"},
    [FORK_ADVERSARIAL] = {"adversarial", "ATTACK:EPSILON", "fgsm:0.1",
                          "images made by an attack, as --adversarial"},
    [FORK_SEED] = {"seed", "N", NULL, "another order of the images from here on"},
    [FORK_BATCHNORM] = {"batchnorm", NULL, NULL, "batch normalisation behind every convolution"},
    [FORK_DROPOUT] = {"dropout", "P", "0.5", "dropout before the last dense layer"},
};

static enum err unknown(const char *name, struct diag *diag)
{
    struct text known = {0};
    for (int i = 0; i < FORK_KNOBS; i++)
        text_listed(&known, fork_types[i].name, i == FORK_KNOBS - 1);
    return text_unknown(diag, NULL, 0, "knob to change in a fork", name, &known);
}

/* Names and lists are read once here, so that what a fork is made of is known to be right. */
static enum err check_text(const struct fork *fork, struct diag *diag)
{
    struct schedule schedule = {0};
    struct augment augment = {0};
    struct adversarial adversarial = {0};
    struct text known = {0};
    switch (fork->knob) {
    case FORK_SCHEDULE:
        return schedule_parse(fork->text, &schedule, diag);
    case FORK_AUGMENT:
        return augment_parse(fork->text, &augment, diag);
    case FORK_ADVERSARIAL:
        return adversarial_parse(fork->text, &adversarial, diag);
    case FORK_OPTIMIZER:
        if (optimizer_find(fork->text))
            return ERR_NONE;
        for (int i = 0; optimizer_types[i]; i++)
            text_listed(&known, optimizer_types[i]->name, !optimizer_types[i + 1]);
        return text_unknown(diag, NULL, 0, "optimizer", fork->text, &known);
    default:
        return ERR_NONE;
    }
}

enum err fork_parse(const char *text, struct fork *out, struct diag *diag)
{
    char name[16];
    const char *value = strchr(text, '=');
    size_t length = value ? (size_t)(value - text) : strlen(text);
    snprintf(name, sizeof name, "%.*s", length < sizeof name ? (int)length : 0, text);
    int knob = 0;
    while (knob < FORK_KNOBS && strcmp(fork_types[knob].name, name) != 0)
        knob++;
    if (knob == FORK_KNOBS)
        return unknown(text, diag);
    const struct fork_type *type = &fork_types[knob];
    value = value ? value + 1 : type->usual;
    *out = (struct fork){.knob = (enum fork_knob)knob};
    if (value && !type->argument)
        return diag_fail(diag, ERR_FORMAT, NULL, 0, "'%s' takes no value", name);
    if (type->argument && (!value || !*value))
        return diag_fail(diag, ERR_FORMAT, NULL, 0, "'%s' wants a value: %s=%s", name, name, type->argument);
    if (value && strlen(value) >= sizeof out->text)
        return diag_fail(diag, ERR_RANGE, NULL, 0, "what stands behind %s= is too long", name);
    if (value)
        memcpy(out->text, value, strlen(value) + 1);
    bool number = knob == FORK_RATE || knob == FORK_DROPOUT;
    if (number && (!text_real(out->text, &out->number) || !(out->number >= 0) ||
                   (knob == FORK_DROPOUT && !(out->number < 1))))
        return diag_fail(diag, ERR_RANGE, NULL, 0, "%s is '%s', but must be a number from 0%s", name,
                         out->text, knob == FORK_DROPOUT ? " to less than 1" : "");
    if (knob == FORK_SEED && !text_u64(out->text, &out->seed))
        return diag_fail(diag, ERR_RANGE, NULL, 0, "seed is '%s', but must be a whole number from 0",
                         out->text);
    return check_text(out, diag);
}

void fork_options(const struct fork *fork, struct run_options *options)
{
    switch (fork->knob) {
    case FORK_SCHEDULE:
        options->schedule = fork->text;
        break;
    case FORK_OPTIMIZER:
        options->optimizer = fork->text;
        options->lr = 0;
        options->momentum = options->weight_decay = -1;
        options->nesterov = false;
        break;
    case FORK_AUGMENT:
        options->augment = fork->text;
        break;
    case FORK_ADVERSARIAL:
        options->adversarial = fork->text;
        break;
    case FORK_SEED:
        options->seed = fork->seed;
        break;
    default: /* the network, or the schedule in force */
        break;
    }
}

enum err fork_net(const struct fork *fork, const struct net *net, struct net **out, struct diag *diag)
{
    if (fork->knob == FORK_BATCHNORM)
        return variant_batchnorm(net, out, diag);
    if (fork->knob == FORK_DROPOUT)
        return variant_dropout(net, (float)fork->number, out, diag);
    return model_parse(net->text, NULL, NULL, out, diag);
}

enum err handover_take(struct handover *h, const struct run *run, const struct history *history,
                       double first_loss, struct diag *diag)
{
    enum err err = ERR_NONE;
    if (!h->history.series[0].point)
        err = history_init(&h->history, history->series[0].capacity, diag);
    if (!err && !h->state.numbers)
        err = state_init(&h->state, run, true, diag);
    if (err)
        return err;
    h->net = run->net;
    h->optimizer = run->optimizer.type;
    h->first_loss = first_loss;
    state_take(&h->state, run);
    history_copy(&h->history, history);
    return ERR_NONE;
}

void handover_fini(struct handover *h)
{
    state_fini(&h->state);
    history_fini(&h->history);
    *h = (struct handover){0};
}

/* ---- weights by name ---- */

static bool same_shape(const struct layer_array *a, const struct layer_array *b)
{
    return a->rank == b->rank && memcmp(a->dim, b->dim, (size_t)a->rank * sizeof *a->dim) == 0;
}

/* Copies the arrays (parameters, or what lies like them) of layers that both have. */
static void copy_params(const struct net *to, float *out, const struct net *from, const float *in)
{
    for (int i = 0; i < to->layers; i++) {
        const struct layer *a = &to->layer[i];
        int k = net_find(from, a->name);
        for (int p = 0; k >= 0 && p < a->params && p < from->layer[k].params; p++)
            if (same_shape(&a->param[p], &from->layer[k].param[p]))
                memcpy(out + a->param[p].offset, in + from->layer[k].param[p].offset,
                       a->param[p].count * sizeof *out);
    }
}

static void copy_buffers(const struct net *to, float *out, const struct net *from, const float *in)
{
    for (int i = 0; i < to->layers; i++) {
        const struct layer *a = &to->layer[i];
        int k = net_find(from, a->name);
        for (int b = 0; k >= 0 && b < a->buffers && b < from->layer[k].buffers; b++)
            if (same_shape(&a->buffer[b], &from->layer[k].buffer[b]))
                memcpy(out + a->buffer[b].offset, in + from->layer[k].buffer[b].offset,
                       a->buffer[b].count * sizeof *out);
    }
}

/* The optimizer's arrays go over when it is the same one. */
static void copy_numbers(struct run *run, const struct handover *from)
{
    const struct net *net = from->net;
    const float *at = from->state.numbers;
    bool same = run->optimizer.type == from->optimizer;
    copy_params(run->net, run->weights.params, net, at);
    at += net->params;
    copy_buffers(run->net, run->weights.buffers, net, at);
    at += net->buffers;
    for (int i = 0; i < from->optimizer->slots; i++, at += net->params)
        if (same)
            copy_params(run->net, run->optimizer.slot[i], net, at);
    copy_params(run->net, run->grads, net, at);
    run->optimizer.step = same ? from->state.optimizer_step : 0;
}

/* ---- what new batch normalisations normalise ---- */

struct measure {
    const struct net *net; /* the old one */
    struct weights weights;
    struct pass *pass;
    float *image;          /* what one layer made of one image */
    double *sum, *squares; /* [buffers of the new net]: at the place of each channel's running mean */
    double *count;
};

/* Is it one that the old network doesn't have? `layer` of the old one is what it reads. */
static bool is_new_norm(const struct run *run, const struct net *old, int i, int *layer)
{
    const struct layer *l = &run->net->layer[i];
    if (strcmp(l->type->name, "batchnorm") != 0 || net_find(old, l->name) >= 0 || l->in[0] < 0)
        return false;
    *layer = net_find(old, run->net->layer[l->in[0]].name);
    return *layer >= 0;
}

static void add_image(const struct run *run, struct measure *m, int image)
{
    int layer;
    for (int i = 0; i < run->net->layers; i++) {
        if (!is_new_norm(run, m->net, i, &layer))
            continue;
        const struct layer *l = &run->net->layer[i];
        size_t area = (size_t)l->out.h * (size_t)l->out.w, at = l->buffer[0].offset;
        pass_read(m->pass, layer, image, m->image);
        for (size_t j = 0; j < area * (size_t)l->out.c; j++) {
            double z = (double)m->image[j];
            m->sum[at + j / area] += z;
            m->squares[at + j / area] += z * z;
            m->count[at + j / area]++;
        }
    }
}

static void set_norms(struct run *run, const struct measure *m)
{
    int layer;
    for (int i = 0; i < run->net->layers; i++) {
        if (!is_new_norm(run, m->net, i, &layer))
            continue;
        const struct layer *l = &run->net->layer[i];
        for (int c = 0; c < l->out.c; c++) {
            size_t at = l->buffer[0].offset + (size_t)c;
            double mean = m->sum[at] / m->count[at],
                   var = fmax(m->squares[at] / m->count[at] - mean * mean, 0);
            run->weights.buffers[at] = (float)mean;
            run->weights.buffers[l->buffer[1].offset + (size_t)c] = (float)var;
            run->weights.params[l->param[0].offset + (size_t)c] = (float)sqrt(var + (double)l->options.eps);
            run->weights.params[l->param[1].offset + (size_t)c] = (float)mean;
        }
    }
}

static enum err measure_norms(struct run *run, const struct handover *from, struct diag *diag)
{
    const struct net *old = from->net;
    struct batches *b = &run->batches;
    struct measure m = {.net = old};
    m.weights = (struct weights){.params_count = old->params,
                                 .buffers_count = old->buffers,
                                 .params = from->state.numbers,
                                 .buffers = from->state.numbers + old->params};
    m.image = mem_floats(net_widest(old));
    m.sum = mem_new(3 * run->net->buffers, sizeof *m.sum);
    enum err err = m.image && m.sum ? ERR_NONE : diag_memory(diag, "a fork");
    if (!err)
        err = pass_new(old, (struct pass_options){.capacity = b->size, .keep = true, .team = run->team},
                       &m.pass, diag);
    if (!err) {
        m.squares = m.sum + run->net->buffers;
        m.count = m.squares + run->net->buffers;
        for (long k = run->step; k < run->step + MEASURED; k++) {
            batches_gather(b, k / b->per_epoch, (int)(k % b->per_epoch), run->team);
            net_forward(old, &m.weights, m.pass, b->n, b->x, MODE_INFER);
            for (int i = 0; i < b->n; i++)
                add_image(run, &m, i);
        }
        set_norms(run, &m);
    }
    pass_free(m.pass);
    free(m.image);
    free(m.sum);
    return err;
}

/* ---- beginning ---- */

/* run_init() has made one of the new options. */
static struct schedule schedule_of(const struct fork *fork, struct schedule made, struct schedule was)
{
    struct schedule now = was;
    switch (fork->knob) {
    case FORK_RATE:
        if (!schedule_parse("constant", &now, NULL))
            now.base = fork->number, now.total = was.total;
        break;
    case FORK_SCHEDULE:
        now = made;
        now.base = was.base;
        break;
    case FORK_OPTIMIZER:
        now.base = made.base;
        break;
    default:
        break;
    }
    return now;
}

enum err fork_begin(const struct fork *fork, struct run *run, const struct handover *from, struct diag *diag)
{
    struct schedule made = run->schedule;
    state_put_course(&from->state, run);
    run->schedule = schedule_of(fork, made, from->state.schedule);
    copy_numbers(run, from);
    return fork->knob == FORK_BATCHNORM ? measure_norms(run, from, diag) : ERR_NONE;
}
