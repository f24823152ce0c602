/**
 * Everything that one number feeds: the numbers of the layers that read it, each with what becomes of it there.
 *
 * Parts, one number for each way from the number's layer into a layer that reads it (into a sum of a layer with itself there are two; at most FEEDS_READERS): "reader" the layer, "slot"
 * which of its inputs, "count" how many of its numbers are fed, "listed" how many of these follow, the largest products first and of equal ones the largest weights. A table of FEEDS_LISTED rows for each reader: "place" channel, row and
 * column of the fed number, "weight" and "product" of the term (see inspect.h), and "result", the fed number itself. Rows beyond "listed" are zeros.
 */
#include <math.h>
#include <string.h>

#include "observe/questions/questions.h"

enum { FEEDS_READERS = 8, FEEDS_LISTED = 64, FEEDS_LOOKED_AT = 1 << 20 };

/* The next way into a reader behind (*layer, *slot); {of, 0} at first. */
static bool next_reader(const struct net *net, int of, int *layer, int *slot)
{
    for (int l = *layer, k = *slot + 1;; l++, k = 0) {
        for (; l > of && l < net->layers && k < net->layer[l].inputs; k++)
            if (net->layer[l].in[k] == of) {
                *layer = l;
                *slot = k;
                return true;
            }
        if (l >= net->layers)
            return false;
    }
}

static int readers_of(const struct net *net, int layer)
{
    int count = 0;
    for (int l = layer, slot = 0; count < FEEDS_READERS && next_reader(net, layer, &l, &slot);)
        count++;
    return count;
}

static bool fits(const struct net *net, int layer)
{
    return readers_of(net, layer) > 0;
}

static void shape(const struct net *net, const struct question *q, struct answer *out)
{
    static const char *const each[] = {"reader", "slot", "count", "listed"};
    static const char *const table[] = {"weight", "product", "result"};
    int readers = readers_of(net, q->layer);
    for (int i = 0; i < ARRAY_LEN(each); i++)
        answer_add(out, each[i], readers, (struct shape){1, 1, 1});
    answer_add(out, "place", readers, (struct shape){1, FEEDS_LISTED, 3});
    for (int i = 0; i < ARRAY_LEN(table); i++)
        answer_add(out, table[i], readers, (struct shape){1, FEEDS_LISTED, 1});
}

/* The table of one reader. */
struct table {
    float *place, *weight, *product, *result;
    int listed;
};

/* The larger product, NaN as the largest: it has to be seen; of equal ones, of zeros most of all, the larger weight. */
static bool is_stronger(struct term a, float product, float weight)
{
    float size = fabsf(a.product), other = fabsf(product);
    if (size != size || other != other)
        return size != size && other == other;
    return size > other || (size == other && fabsf(a.b) > fabsf(weight));
}

/* Puts a row where it belongs; equals stay in order, and the weakest falls out. */
static void list(struct table *t, struct unit u, struct term term, float result)
{
    int at = t->listed;
    while (at > 0 && is_stronger(term, t->product[at - 1], t->weight[at - 1]))
        at--;
    if (at == FEEDS_LISTED)
        return;
    size_t after = (size_t)((t->listed < FEEDS_LISTED ? t->listed : FEEDS_LISTED - 1) - at);
    memmove(t->place + 3 * (at + 1), t->place + 3 * at, 3 * after * sizeof(float));
    memmove(t->weight + at + 1, t->weight + at, after * sizeof(float));
    memmove(t->product + at + 1, t->product + at, after * sizeof(float));
    memmove(t->result + at + 1, t->result + at, after * sizeof(float));
    t->place[3 * at] = (float)u.channel;
    t->place[3 * at + 1] = (float)u.row;
    t->place[3 * at + 2] = (float)u.col;
    t->weight[at] = term.b;
    t->product[at] = term.product;
    t->result[at] = result;
    t->listed += t->listed < FEEDS_LISTED;
}

/* in->unit runs over the numbers of the reader that read `from`. */
static void fill(struct inspected *in, const struct field *fed, int slot, struct unit from, const float *y,
                 struct table *t)
{
    const struct layer *l = &in->net->layer[in->unit.layer];
    bool share = inspect_form(l) == FORM_SHARE; /* all numbers of a softmax have the same term in them */
    struct term term = {0};
    int looked_at = 0;
    for (int c = 0; c < fed->channels.count; c++)
        for (int r = 0; r < fed->rows.count; r++)
            for (int k = 0; k < fed->cols.count && looked_at < FEEDS_LOOKED_AT; k++, looked_at++) {
                in->unit.channel = fed->channels.first + c * fed->channels.step;
                in->unit.row = fed->rows.first + r * fed->rows.step;
                in->unit.col = fed->cols.first + k * fed->cols.step;
                if (!share || looked_at == 0)
                    term = inspect_term(in, inspect_term_from(in->net, in->unit, slot, from));
                size_t row = (size_t)in->unit.channel * (size_t)l->out.h + (size_t)in->unit.row;
                list(t, in->unit, term, y[row * (size_t)l->out.w + (size_t)in->unit.col]);
            }
}

static void answer(const struct probe *probe, const struct question *q, struct answer *out)
{
    const struct net *net = probe->net;
    struct unit from = {q->layer, q->unit, q->row, q->col};
    struct field of = field_of_unit(from);
    size_t rows = FEEDS_LISTED;
    for (int i = 0; i < out->parts; i++)
        memset(out->part[i].data, 0,
               (size_t)out->part[i].n * shape_count(out->part[i].shape) * sizeof(float));
    for (int i = 0, reader = q->layer, slot = 0; i < out->part[0].n; i++) {
        next_reader(net, q->layer, &reader, &slot);
        struct table t = {.place = answer_part(out, "place")->data + 3 * rows * (size_t)i,
                          .weight = answer_part(out, "weight")->data + rows * (size_t)i,
                          .product = answer_part(out, "product")->data + rows * (size_t)i,
                          .result = answer_part(out, "result")->data + rows * (size_t)i};
        struct inspected in = {.net = net, .weights = &probe->moment->weights, .unit = {.layer = reader}};
        struct field fed = field_through(&net->layer[reader], slot, &of, false);
        for (int k = 0; k < net->layer[reader].inputs; k++) {
            pass_read(probe->pass, net->layer[reader].in[k], 0, probe->scratch[k]);
            in.x[k] = probe->scratch[k];
        }
        pass_read(probe->pass, reader, 0, probe->scratch[2]);
        fill(&in, &fed, slot, from, probe->scratch[2], &t);
        answer_part(out, "reader")->data[i] = (float)reader;
        answer_part(out, "slot")->data[i] = (float)slot;
        answer_part(out, "count")->data[i] = (float)field_count(&fed);
        answer_part(out, "listed")->data[i] = (float)t.listed;
    }
}

const struct question_type question_feeds = {
    .name = "feeds",
    .help = "everything that one number feeds, and what becomes of it there",
    .lecture = "L48",
    .needs_layer = true,
    .of_input = true,
    .needs_place = true,
    .fits = fits,
    .shape = shape,
    .answer = answer,
};
