#include "nn/pass.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "nn/pass_memory.h"
#include "tensor/vec.h"

/* A block whose largest activation is beyond this leaves the caches in sixteen lanes: then an image at a time is faster. */
enum { LANES_LARGEST = 8 << 20 /* bytes */ };
/* Chunks of gradients: enough for many cores, but no more memory than this many floats if two will do. */
enum { CHUNKS_LEAST = 2, CHUNKS_MOST = 32, CHUNK_FLOATS = 16 << 20 };

static size_t round_up(size_t n, size_t to)
{
    return (n + to - 1) / to * to;
}

static int choose_lanes(const struct net *net, int capacity)
{
    size_t in = shape_count(net->in), widest = net_widest(net), largest = in > widest ? in : widest;
    return capacity >= LANES / 2 && largest * LANES * sizeof(float) <= LANES_LARGEST ? LANES : 1;
}

static int choose_chunks(const struct pass *p)
{
    if (!p->options.grads)
        return p->blocks < CHUNKS_MOST ? p->blocks : CHUNKS_MOST;
    size_t most = CHUNK_FLOATS / (p->net->params + 1);
    most = most < CHUNKS_LEAST ? CHUNKS_LEAST : most > CHUNKS_MOST ? CHUNKS_MOST : most;
    return p->blocks < (int)most ? p->blocks : (int)most;
}

/* Where everything lies: only sizes, so that a shortage of memory can say how much was asked for. */
static void measure(struct pass *p, size_t *prepared, size_t *seen, size_t *partial, size_t *shared)
{
    const struct net *net = p->net;
    int li = pass_lane_index(p);
    size_t lanes = (size_t)p->lanes, floats = MEM_ALIGN / sizeof(float);
    p->at[0] = 0;
    p->slot_floats = round_up(shape_count(net->in) * lanes, floats);
    p->spill_floats = p->slot_floats;
    for (int i = 0; i < net->layers; i++) {
        const struct layer *l = &net->layer[i];
        size_t size = round_up(layer_out_floats(l, p->lanes), floats);
        p->at[i + 1] = p->slot_floats;
        p->slot_floats += size;
        if (size > p->spill_floats)
            p->spill_floats = size;
        p->keep_at[i] = p->keep_bytes;
        p->keep_bytes += round_up(l->keep * lanes, MEM_ALIGN);
        if (round_up(l->scratch[li], MEM_ALIGN) > p->scratch_bytes)
            p->scratch_bytes = round_up(l->scratch[li], MEM_ALIGN);
        p->prepared_at[i] = *prepared;
        size_t made = l->prepared[li][p->options.backward];
        *prepared += round_up(made, floats);
        p->seen_at[i] = *seen;
        for (int k = 0; k < l->params && made && !p->options.fixed; k++)
            *seen += l->param[k].count;
        p->partial_at[i] = *partial;
        *partial += round_up(l->partial * (size_t)p->blocks, floats);
        p->shared_at[i] = *shared;
        *shared += round_up(l->shared, floats);
    }
}

static void find_readers(struct pass *p)
{
    const struct net *net = p->net;
    for (int i = 0; i < net->layers; i++) {
        int readers = 0;
        p->reader[i] = -1;
        for (int l = i + 1; l < net->layers; l++)
            for (int k = 0; k < net->layer[l].inputs; k++)
                if (net->layer[l].in[k] == i) {
                    p->reader[i] = l;
                    readers++;
                }
        if (readers != 1)
            p->reader[i] = -1;
    }
}

static bool allocate(struct pass *p)
{
    size_t layers = (size_t)p->net->layers, prepared = 0, seen = 0, partial = 0, shared = 0;
    p->at = calloc(layers + 1, sizeof *p->at);
    p->keep_at = calloc(layers, sizeof *p->keep_at);
    p->prepared_at = calloc(layers, sizeof *p->prepared_at);
    p->seen_at = calloc(layers, sizeof *p->seen_at);
    p->made = calloc(layers, sizeof *p->made);
    p->reader = calloc(layers, sizeof *p->reader);
    p->tail = calloc(layers, sizeof *p->tail);
    p->partial_at = calloc(layers, sizeof *p->partial_at);
    p->shared_at = calloc(layers, sizeof *p->shared_at);
    p->edge = calloc(layers, sizeof *p->edge);
    p->wanted = calloc(layers + 1, sizeof *p->wanted);
    p->reached = calloc(layers + 1, sizeof *p->reached);
    if (!p->at || !p->keep_at || !p->prepared_at || !p->partial_at || !p->shared_at || !p->edge ||
        !p->wanted || !p->reached || !p->seen_at || !p->made || !p->reader || !p->tail)
        return false;
    measure(p, &prepared, &seen, &partial, &shared);
    find_readers(p);

    size_t slots = (size_t)p->slots, desks = (size_t)p->desks, images = (size_t)p->blocks * (size_t)p->lanes;
    size_t out = shape_count(net_out(p->net)), classes = shape_count(p->net->layer[net_logits(p->net)].out);
    bool backward = p->options.backward;
    /* the largest first, and nothing more once one of them failed; in two factors, whose product mem_new() checks */
    size_t chunks = p->options.grads ? (size_t)(p->chunks_most - 1) : 0, f = sizeof(float);
    return (p->activation = mem_new(slots, p->slot_floats * f)) &&
           (p->gradient = mem_new(backward ? slots : 0, p->slot_floats * f)) &&
           (p->chunk_grads = mem_new(chunks, p->net->params * f)) &&
           (p->keep = mem_new(slots, p->keep_bytes)) && (p->scratch = mem_new(desks, p->scratch_bytes)) &&
           (p->spill = mem_new(backward ? desks : 0, p->spill_floats * f)) &&
           (p->prepared = mem_floats(prepared)) && (p->seen = mem_floats(seen)) &&
           (p->partial = mem_floats(partial)) && (p->shared = mem_floats(shared)) &&
           (p->out = mem_new(images, out * f)) && (p->logits = mem_new(images, classes * f)) &&
           (p->dlogits = mem_new(images, classes * f)) && (p->losses = mem_floats(images)) &&
           (p->key = mem_new(images, sizeof *p->key));
}

enum err pass_new(const struct net *net, struct pass_options options, struct pass **out, struct diag *diag)
{
    assert(options.capacity >= 1);
    assert(options.lanes == 0 || options.lanes == 1 || options.lanes == LANES);
    struct pass *p = calloc(1, sizeof *p);
    if (!p)
        return diag_memory(diag, "a pass");
    p->net = net;
    p->options = options;
    p->options.backward = options.backward || options.grads;
    p->lanes = options.lanes ? options.lanes : choose_lanes(net, options.capacity);
    p->blocks = options.capacity / p->lanes + (options.capacity % p->lanes > 0);
    p->whole = options.keep || (net->meets && options.grads);
    p->chunks_most = choose_chunks(p);
    int threads = team_threads(options.team);
    p->desks = threads < p->chunks_most ? threads : p->chunks_most;
    p->slots = p->whole ? p->blocks : p->desks;
    if (!allocate(p)) {
        size_t megabytes = pass_bytes(p) >> 20;
        pass_free(p);
        return diag_fail(diag, ERR_MEMORY, NULL, 0,
                         "no memory for the activations of %d images: about %zu MB were asked for",
                         options.capacity, megabytes);
    }
    *out = p;
    return ERR_NONE;
}

void pass_free(struct pass *p)
{
    if (!p)
        return;
    void *owned[] = {p->at,     p->keep_at,  p->prepared_at, p->partial_at, p->shared_at,   p->edge,
                     p->wanted, p->reached,  p->activation,  p->gradient,   p->keep,        p->scratch,
                     p->spill,  p->prepared, p->partial,     p->shared,     p->chunk_grads, p->out,
                     p->logits, p->dlogits,  p->losses,      p->key,        p->seen_at,     p->seen,
                     p->made,   p->reader,   p->tail};
    for (int i = 0; i < ARRAY_LEN(owned); i++)
        free(owned[i]);
    free(p);
}

int pass_lanes(const struct pass *p)
{
    return p->lanes;
}

int pass_images(const struct pass *p)
{
    return p->n;
}

size_t pass_bytes(const struct pass *p)
{
    size_t slot = p->slot_floats * sizeof(float) * (p->options.backward ? 2 : 1) + p->keep_bytes;
    size_t grads = p->options.grads ? (size_t)(p->chunks_most - 1) * p->net->params * sizeof(float) : 0;
    return (size_t)p->slots * slot + (size_t)p->desks * (p->scratch_bytes + p->spill_floats * sizeof(float)) +
           grads;
}

const float *pass_out(const struct pass *p)
{
    return p->out;
}

const float *pass_logits(const struct pass *p)
{
    return p->logits;
}

int pass_says(const struct pass *p, int i)
{
    int classes = net_classes(p->net);
    return argmax(classes, p->logits + (size_t)i * (size_t)classes);
}

const float *pass_losses(const struct pass *p)
{
    return p->losses;
}

static struct shape shape_of(const struct pass *p, int layer)
{
    return layer == NET_INPUT ? p->net->in : p->net->layer[layer].out;
}

/* One image's numbers out of the lanes of its block. */
static void read_lane(const struct pass *p, const float *from, int layer, int i, float *out)
{
    assert(p->options.keep && i >= 0 && i < p->n);
    size_t count = shape_count(shape_of(p, layer)), lanes = (size_t)p->lanes;
    const float *block = from + (size_t)(i / p->lanes) * p->slot_floats + p->at[layer + 1] + i % p->lanes;
    for (size_t k = 0; k < count; k++)
        out[k] = block[k * lanes];
}

void pass_read(const struct pass *p, int layer, int i, float *out)
{
    read_lane(p, p->activation, layer, i, out);
}

void pass_read_gradient(const struct pass *p, int layer, int i, float *out)
{
    assert(p->options.backward);
    if (p->reached[layer + 1])
        read_lane(p, p->gradient, layer, i, out);
    else
        memset(out, 0, shape_count(shape_of(p, layer)) * sizeof *out);
}

int pass_first_beyond(const struct pass *p, float limit)
{
    assert(p->options.keep);
    for (int l = 0; l < p->net->layers; l++) {
        size_t count = shape_count(p->net->layer[l].out);
        for (int b = 0; b < p->live_blocks; b++) {
            const float *y = p->activation + (size_t)b * p->slot_floats + p->at[l + 1];
            for (size_t k = 0; k < count; k++)
                for (int lane = 0; lane < pass_live(p, b); lane++)
                    if (!(fabsf(y[k * (size_t)p->lanes + (size_t)lane]) <= limit))
                        return l;
        }
    }
    return -1;
}
