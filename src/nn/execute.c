/**
 * Running a network: the order in which blocks go through layers.
 *
 * A block of images goes through as many layers as it can before the next one begins, forward, loss and backward, so that what it computes stays in
 * the cache. Only a layer that must see the whole batch (batch normalisation in training) stops it: the blocks meet there, and the run
 * falls into stages between two meetings. With no such layer there is one stage, and it does everything.
 *
 * The team takes chunks, runs of neighbouring blocks. A chunk adds parameter gradients up on its own; at the end the chunks are added in order.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "nn/lanes.h"
#include "nn/pass_memory.h"

/* One stage of a run: for every block, what a task does with it, in this order. */
struct stage {
    const struct net *net;
    const struct weights *weights;
    struct pass *pass;
    const float *x;               /* pack the input from here first; or NULL */
    int forward_from, forward_to; /* layers [from, to) */
    int gather;                   /* layer whose gather() comes then; -1: none */
    const struct net_step *step;  /* the loss comes then; or NULL */
    const float *dy;              /* unpack it into the gradient of layer `top` then; or NULL */
    int top;
    int backward_from, backward_to; /* layers from `from` down to `to`; from < to: none */
    int gather_back;                /* layer whose gather_back() comes then; -1: none */
    bool clear;                     /* the chunk's gradients begin at zero */
    float *grads, *dx;              /* as in net_step; dx is written when the input has been reached */
    bool last;                      /* backward ends here: write dx */
};

static const struct stage no_stage = {.gather = -1, .gather_back = -1, .backward_from = -1, .backward_to = 0};

/* ---- desks ---- */

static int desk_take(struct pass *p)
{
    if (p->desks == 1)
        return 0;
    for (;;) { /* never more tasks at once than desks, so one is free or about to be */
        unsigned long taken = atomic_load_explicit(&p->desk_taken, memory_order_relaxed);
        for (int d = 0; d < p->desks; d++)
            if (!(taken >> d & 1) && atomic_compare_exchange_strong(&p->desk_taken, &taken, taken | 1ul << d))
                return d;
    }
}

static void desk_give(struct pass *p, int desk)
{
    if (p->desks > 1)
        atomic_fetch_and(&p->desk_taken, ~(1ul << desk));
}

/* ---- one block ---- */

struct place {
    int block, chunk, desk, slot;
};

static float *activation_of(const struct pass *p, struct place at, int layer)
{
    return p->activation + (size_t)at.slot * p->slot_floats + p->at[layer + 1];
}

static float *gradient_of(const struct pass *p, struct place at, int layer)
{
    return p->gradient + (size_t)at.slot * p->slot_floats + p->at[layer + 1];
}

static float *chunk_grads(const struct stage *s, int chunk)
{
    return chunk == 0 ? s->grads : s->pass->chunk_grads + (size_t)(chunk - 1) * s->net->params;
}

static struct layer_io io_of(const struct stage *s, struct place at, int layer)
{
    struct pass *p = s->pass;
    const struct layer *l = &s->net->layer[layer];
    struct layer_io io = {
        .layer = l,
        .lanes = p->lanes,
        .live = pass_live(p, at.block),
        .mode = p->mode,
        .goes_back = p->options.backward,
        .prepared = p->prepared + p->prepared_at[layer],
        .y = activation_of(p, at, layer),
        .keep = p->keep + (size_t)at.slot * p->keep_bytes + p->keep_at[layer],
        .scratch = p->scratch + (size_t)at.desk * p->scratch_bytes,
        .shared = p->shared + p->shared_at[layer],
        .key = p->key + (size_t)at.block * (size_t)p->lanes,
        .team = p->live_blocks == 1 ? p->options.team : NULL,
    };
    for (int k = 0; k < l->inputs; k++)
        io.x[k] = activation_of(p, at, l->in[k]);
    for (int k = 0; k < l->params; k++)
        io.param[k] = s->weights->params + l->param[k].offset;
    for (int k = 0; k < l->buffers; k++)
        io.buffer[k] = s->weights->buffers + l->buffer[k].offset;
    return io;
}

/* Forward of one layer, and of those whose work it does. */
static void forward_layer(const struct stage *s, struct place at, int layer)
{
    struct pass *p = s->pass;
    struct layer_io io = io_of(s, at, layer);
    int last = p->tail[layer];
    if (last != layer) {
        int next = p->reader[layer];
        io.y = activation_of(p, at, last);
        io.finish.relu = s->net->layer[last].type->relu;
        if (s->net->layer[next].type->affine) {
            io.finish.scale = p->shared + p->shared_at[next];
            io.finish.shift = io.finish.scale + s->net->layer[next].out.c;
        }
    }
    s->net->layer[layer].type->forward(&io);
}

static bool meets(const struct pass *p, int layer)
{
    return p->mode == MODE_TRAIN && p->net->layer[layer].type->gather;
}

/* Backward of one layer. A second gradient for the same activation is computed aside and added. */
static void backward_layer(const struct stage *s, struct place at, int layer)
{
    struct pass *p = s->pass;
    const struct layer *l = &s->net->layer[layer];
    if (!p->reached[layer + 1] || plan_relu_left_out(p, layer))
        return;
    struct layer_io io = io_of(s, at, layer);
    float *spill = p->spill + (size_t)at.desk * p->spill_floats, *spilt = NULL;
    io.dy = gradient_of(p, at, layer);
    bool wanted = false;
    for (int k = 0; k < l->inputs; k++) {
        enum edge edge = (enum edge)p->edge[layer][k];
        if (edge == EDGE_WRITE && plan_relu_left_out(p, l->in[k])) {
            io.dx[k] = gradient_of(p, at, s->net->layer[l->in[k]].in[0]);
            io.relu_back = true;
        } else if (edge == EDGE_WRITE)
            io.dx[k] = gradient_of(p, at, l->in[k]);
        else if (edge == EDGE_ADD)
            io.dx[k] = spilt = spill;
        wanted = wanted || io.dx[k];
    }
    if (s->grads && !meets(p, layer))
        for (int k = 0; k < l->params; k++)
            io.dparam[k] = chunk_grads(s, at.chunk) + l->param[k].offset;
    if (!wanted && !io.dparam[0])
        return;
    l->type->backward(&io);
    for (int k = 0; k < l->inputs; k++)
        if (spilt && p->edge[layer][k] == EDGE_ADD) {
            float *sum = gradient_of(p, at, l->in[k]);
            size_t count = layer_in_floats(l, k, p->lanes);
            for (size_t i = 0; i < count; i++)
                sum[i] += spilt[i];
        }
}

/* Logits to plain rows, the loss and its gradient of each image, and the gradient back into the lanes. */
static void block_loss(const struct stage *s, struct place at)
{
    struct pass *p = s->pass;
    const struct net_step *step = s->step;
    int top = net_logits(s->net), live = pass_live(p, at.block), first = at.block * p->lanes;
    size_t k = shape_count(s->net->layer[top].out);
    float *z = p->logits + (size_t)first * k, *dz = p->dlogits + (size_t)first * k;
    bool backward = step->grads || step->dx;
    float scale = step->mean ? 1.0f / (float)step->n : 1.0f;
    lanes_unpack(activation_of(p, at, top), k, p->lanes, live, z);
    for (int i = 0; i < live; i++)
        p->losses[first + i] = step->loss->value((int)k, z + (size_t)i * k, step->label[first + i], scale,
                                                 backward ? dz + (size_t)i * k : NULL);
    if (backward)
        lanes_pack(dz, k, p->lanes, live, gradient_of(p, at, top));
}

/* What comes out, and the logits, which in a net that ends in softmax lie a layer before. */
static void read_out(const struct stage *s, struct place at)
{
    struct pass *p = s->pass;
    const struct net *net = s->net;
    int top = net_logits(net), live = pass_live(p, at.block), first = at.block * p->lanes;
    size_t out = shape_count(net_out(net)), k = shape_count(net->layer[top].out);
    lanes_unpack(activation_of(p, at, net->layers - 1), out, p->lanes, live, p->out + (size_t)first * out);
    lanes_unpack(activation_of(p, at, top), k, p->lanes, live, p->logits + (size_t)first * k);
}

static void run_block(const struct stage *s, struct place at)
{
    struct pass *p = s->pass;
    const struct net *net = s->net;
    int live = pass_live(p, at.block), first = at.block * p->lanes;
    size_t in = shape_count(net->in);
    if (s->x)
        lanes_pack(s->x + (size_t)first * in, in, p->lanes, live, activation_of(p, at, NET_INPUT));
    for (int l = s->forward_from; l < s->forward_to; l++)
        if (p->tail[l] >= 0)
            forward_layer(s, at, l);
    if (s->forward_to == net->layers && s->forward_from < s->forward_to)
        read_out(s, at);
    if (s->gather >= 0) {
        struct layer_io io = io_of(s, at, s->gather);
        const struct layer *l = &net->layer[s->gather];
        l->type->gather(&io, p->partial + p->partial_at[s->gather] + (size_t)at.block * l->partial);
    }
    if (s->step)
        block_loss(s, at);
    if (s->dy) {
        size_t k = shape_count(net->layer[s->top].out);
        lanes_pack(s->dy + (size_t)first * k, k, p->lanes, live, gradient_of(p, at, s->top));
    }
    for (int l = s->backward_from; l >= s->backward_to; l--)
        backward_layer(s, at, l);
    if (s->gather_back >= 0) {
        struct layer_io io = io_of(s, at, s->gather_back);
        const struct layer *l = &net->layer[s->gather_back];
        io.dy = gradient_of(p, at, s->gather_back);
        l->type->gather_back(&io, p->partial + p->partial_at[s->gather_back] + (size_t)at.block * l->partial);
    }
    if (s->last && s->dx)
        lanes_unpack(gradient_of(p, at, NET_INPUT), in, p->lanes, live, s->dx + (size_t)first * in);
}

static void run_chunk(void *arg, int chunk)
{
    const struct stage *s = arg;
    struct pass *p = s->pass;
    if (s->clear && s->grads)
        memset(chunk_grads(s, chunk), 0, s->net->params * sizeof(float));
    int desk = desk_take(p);
    int from = (int)((long)chunk * p->live_blocks / p->chunks),
        to = (int)((long)(chunk + 1) * p->live_blocks / p->chunks);
    for (int block = from; block < to; block++)
        run_block(s, (struct place){block, chunk, desk, p->whole ? block : desk});
    desk_give(p, desk);
}

static void run_stage(struct stage *s)
{
    struct pass *p = s->pass;
    if (p->chunks == 1)
        run_chunk(s, 0); /* not through the team, which the layers themselves may then use */
    else
        team_run(p->options.team, p->chunks, run_chunk, s);
}

/* ---- whole runs ---- */

static void begin(const struct net *net, const struct weights *weights, struct pass *p, int n, enum mode mode,
                  bool grads, const uint64_t *key)
{
    assert(p->net == net && n >= 1 && n <= p->options.capacity);
    p->n = n;
    p->mode = mode;
    p->live_blocks = (n + p->lanes - 1) / p->lanes;
    p->chunks = p->live_blocks < p->chunks_most ? p->live_blocks : p->chunks_most;
    memset(p->key, 0, (size_t)(p->live_blocks * p->lanes) * sizeof *p->key);
    if (key)
        memcpy(p->key, key, (size_t)n * sizeof *key);
    memset(p->reached, 0, (size_t)(net->layers + 1) * sizeof *p->reached);
    plan_forward(p, weights, grads);
}

static void meet_forward(struct pass *p, int layer)
{
    const struct layer *l = &p->net->layer[layer];
    l->type->meet(l, p->partial + p->partial_at[layer], p->live_blocks, p->shared + p->shared_at[layer]);
}

static void meet_backward(struct pass *p, int layer, float *grads)
{
    const struct layer *l = &p->net->layer[layer];
    float *dparam[LAYER_PARAMS] = {0};
    for (int k = 0; k < l->params && grads; k++)
        dparam[k] = grads + l->param[k].offset;
    l->type->meet_back(l, p->partial + p->partial_at[layer], p->live_blocks, p->shared + p->shared_at[layer],
                       dparam);
}

/* Forward to the end in stages; `last` is what the final one does besides. */
static void forward_stages(struct stage last, const float *x, int to)
{
    struct pass *p = last.pass;
    int from = 0;
    for (int l = 0; l < to; l++)
        if (meets(p, l)) {
            struct stage s = no_stage;
            s.net = last.net, s.weights = last.weights, s.pass = p, s.x = x;
            s.forward_from = from, s.forward_to = l, s.gather = l;
            run_stage(&s);
            meet_forward(p, l);
            from = l, x = NULL;
        }
    last.x = x;
    last.forward_from = from;
    last.forward_to = to;
    run_stage(&last);
}

/* The meeting that lies next below (or at) a layer, where backward must stop; -1: none. */
static int next_meeting(const struct pass *p, int from)
{
    while (from >= 0 && !(meets(p, from) && p->reached[from + 1]))
        from--;
    return from;
}

/* Sets what a stage does of backward from layer `from`: down to the next meeting, or to the end. */
static void set_backward(struct stage *s, int from, int meeting)
{
    s->backward_from = from;
    s->backward_to = meeting + 1;
    s->gather_back = meeting;
    s->last = meeting < 0;
}

/* What is left of backward below a first stage that ended at `meeting`. */
static void backward_stages(struct stage first, int meeting)
{
    struct pass *p = first.pass;
    while (meeting >= 0) {
        meet_backward(p, meeting, first.grads);
        struct stage s = no_stage;
        s.net = first.net, s.weights = first.weights, s.pass = p, s.grads = first.grads, s.dx = first.dx;
        int next = next_meeting(p, meeting - 1);
        set_backward(&s, meeting, next);
        run_stage(&s);
        meeting = next;
    }
}

enum { SUM_PIECE = 16384 };

static void sum_piece(void *arg, int piece)
{
    const struct stage *s = arg;
    size_t from = (size_t)piece * SUM_PIECE,
           to = from + SUM_PIECE < s->net->params ? from + SUM_PIECE : s->net->params;
    for (int chunk = 1; chunk < s->pass->chunks; chunk++) {
        const float *part = chunk_grads(s, chunk);
        for (size_t i = from; i < to; i++)
            s->grads[i] += part[i];
    }
}

static void sum_chunks(struct stage *s)
{
    if (s->grads && s->pass->chunks > 1)
        team_run(s->pass->options.team, (int)((s->net->params + SUM_PIECE - 1) / SUM_PIECE), sum_piece, s);
}

void net_forward(const struct net *net, const struct weights *weights, struct pass *pass, int n,
                 const float *x, enum mode mode)
{
    begin(net, weights, pass, n, mode, pass->options.grads, NULL);
    assert(pass->whole || mode == MODE_INFER || !net->meets);
    struct stage s = no_stage;
    s.net = net, s.weights = weights, s.pass = pass;
    forward_stages(s, x, net->layers);
}

void net_backward(const struct net *net, const struct weights *weights, struct pass *pass, int from,
                  const float *dy, float *grads, float *dx)
{
    assert(pass->options.keep && pass->options.backward && (!grads || pass->options.grads));
    assert(from >= 0 && from < net->layers && pass->n >= 1);
    plan_backward(pass, from, grads != NULL, dx != NULL);
    struct stage s = no_stage;
    s.net = net, s.weights = weights, s.pass = pass, s.grads = grads, s.dx = dx;
    s.dy = dy, s.top = from, s.clear = true;
    int meeting = next_meeting(pass, from);
    set_backward(&s, from, meeting);
    run_stage(&s);
    backward_stages(s, meeting);
    sum_chunks(&s);
}

void net_step(const struct net *net, const struct weights *weights, struct pass *pass, struct net_step *step)
{
    assert(!step->grads || pass->options.grads);
    assert(!step->dx || pass->options.backward);
    begin(net, weights, pass, step->n, step->mode, step->grads != NULL, step->key);
    assert(pass->whole || step->mode == MODE_INFER || !net->meets);
    int top = net_logits(net), meeting = -1;
    size_t k = shape_count(net->layer[top].out);
    for (int i = 0; i < step->n; i++)
        assert(step->label[i] >= 0 && (size_t)step->label[i] < k);
    bool backward = step->grads || step->dx;
    struct stage s = no_stage;
    s.net = net, s.weights = weights, s.pass = pass, s.step = step, s.grads = step->grads, s.dx = step->dx;
    s.clear = true;
    if (backward) {
        plan_backward(pass, top, step->grads != NULL, step->dx != NULL);
        meeting = next_meeting(pass, top);
        set_backward(&s, top, meeting);
    }
    forward_stages(s, step->x, pass->options.keep ? net->layers : top + 1);
    if (backward) {
        backward_stages(s, meeting);
        sum_chunks(&s);
    }
    step->total_loss = 0;
    step->correct = 0;
    for (int i = 0; i < step->n; i++) {
        step->total_loss += (double)pass->losses[i];
        step->correct += argmax((int)k, pass->logits + (size_t)i * k) == step->label[i];
    }
}

void net_absorb(const struct net *net, const struct pass *pass, struct weights *weights)
{
    assert(pass->mode == MODE_TRAIN);
    for (int i = 0; i < net->layers; i++) {
        const struct layer *l = &net->layer[i];
        if (!l->type->absorb)
            continue;
        float *buffer[LAYER_BUFFERS] = {0};
        for (int k = 0; k < l->buffers; k++)
            buffer[k] = weights->buffers + l->buffer[k].offset;
        l->type->absorb(l, pass->shared + pass->shared_at[i], buffer);
    }
}
