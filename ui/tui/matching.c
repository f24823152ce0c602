#include "tui/matching.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "filter/tuning.h"

const char *const matching_names[MATCHING_KINDS] = {"series", "pictures", "filters"};
const int matching_scale[MATCHING_SCALES] = {1, 2, 3, 4, 6, 8};

enum { SEED = 21, EDGE = 4 };

static void forget(struct matching *m)
{
    match_fini(&m->question);
    for (int s = 0; s < MATCHING_SCALES; s++) {
        free(m->reduced[s]);
        m->reduced[s] = NULL;
    }
    m->there = false;
    m->guess = -1;
    m->name = NULL;
    m->why[0] = 0;
}

enum err matching_new(struct matching **out, struct diag *diag)
{
    struct matching *m = *out = mem_new(1, sizeof *m);
    enum err err = m ? ERR_NONE : diag_memory(diag, "questions");
    for (int k = 0; k < MATCHING_FILTERS && !err; k++)
        err = match_set_new(k == MATCHING_PICTURES, &m->set[k], diag);
    if (err) {
        matching_free(m);
        *out = NULL;
        return err;
    }
    matching_ask(m, MATCHING_SERIES, 0);
    return ERR_NONE;
}

void matching_free(struct matching *m)
{
    if (!m)
        return;
    forget(m);
    for (int k = 0; k < MATCHING_FILTERS; k++)
        match_set_free(m->set[k]);
    free(m);
}

/* ---- a question ---- */

static const struct tensor *picture_of(const struct match *q, int i)
{
    return i == 0 ? &q->x : &q->y[i - 1];
}

/* Means of n x n pixels; what is left over at the edges is left out. */
static void reduce(const struct tensor *p, int n, int rows, int cols, float *out)
{
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) {
            float sum = 0;
            for (int k = 0; k < n * n; k++)
                sum += p->data[(i * n + k / n) * p->dim[1] + j * n + k % n];
            out[i * cols + j] = sum / (float)(n * n);
        }
}

static enum err reduce_all(struct matching *m, struct diag *diag)
{
    const struct match *q = &m->question;
    for (int s = 0; s < MATCHING_SCALES && q->x.rank == 2; s++) {
        int n = matching_scale[s], rows = (int)q->x.dim[0] / n, cols = (int)q->x.dim[1] / n;
        if (rows < 1 || cols < 1)
            continue;
        size_t pixels = (size_t)rows * (size_t)cols;
        m->rows[s] = rows;
        m->cols[s] = cols;
        m->reduced[s] = mem_floats(MATCHING_PICTURE * pixels);
        if (!m->reduced[s])
            return diag_memory(diag, "pictures");
        for (int i = 0; i < MATCHING_PICTURE; i++)
            reduce(picture_of(q, i), n, rows, cols, m->reduced[s] + (size_t)i * pixels);
    }
    return ERR_NONE;
}

static void measure(struct matching *m)
{
    const struct match *q = &m->question;
    float all = 0;
    for (int i = 0; i < MATCHING_PICTURE; i++) {
        const struct tensor *p = picture_of(q, i);
        long rows = p->rank == 2 ? p->dim[0] : 1, cols = p->dim[p->rank - 1];
        long down = rows > 4 * EDGE ? EDGE : 0, right = p->rank == 2 && cols > 4 * EDGE ? EDGE : 0;
        m->range[i] = 0;
        for (long r = down; r < rows - down; r++)
            for (long c = right; c < cols - right; c++)
                m->range[i] = fmaxf(m->range[i], fabsf(p->data[r * cols + c]));
        all = fmaxf(all, m->range[i]);
    }
    for (int i = 0; i < MATCHING_PICTURE && q->x.rank == 1; i++)
        m->range[i] = all;
}

/* The question is there, or `err` says why it isn't. */
static void settle(struct matching *m, enum err err, struct diag *diag)
{
    if (!err)
        err = reduce_all(m, diag);
    m->waiting = false;
    m->there = !err;
    if (!err)
        measure(m);
    if (err)
        snprintf(m->why, sizeof m->why, "%.159s", diag->text);
}

void matching_ask(struct matching *m, enum matching_kind kind, long number)
{
    struct diag diag = {0};
    int count;
    forget(m);
    m->kind = kind;
    m->number = number;
    m->waiting = kind == MATCHING_FILTERS;
    if (m->waiting) {
        snprintf(m->why, sizeof m->why, "the filters of the network are on their way");
        return;
    }
    m->choice = match_set_choices(m->set[kind], &count);
    enum err err = match_ask(m->set[kind], SEED, (uint64_t)number, &m->question, &m->name, &diag);
    settle(m, err, &diag);
}

/* ---- filters ---- */

/* Which oriented edge each resembles: all that can be said of a filter that nobody designed. */
static void describe(struct matching *m, const char *name, int filters, int rows, int cols)
{
    struct census_match like[MATCH_CHOICES_MOST];
    float edge[MATCHING_SIDE * MATCHING_SIDE];
    bool edges = rows == cols && rows >= 3;
    if (edges)
        census(filters, rows, m->filter_w, edge, like);
    for (int o = 0; o < filters; o++) {
        snprintf(m->filter_name[o], MATCHING_NAME, "filter %d of %.40s", o, name);
        if (edges)
            snprintf(m->filter_help[o], MATCHING_NAME, "like an edge at %.0f degrees, cosine %.2f",
                     like[o].angle, like[o].cosine);
        m->filter[o] = (struct match_choice){m->filter_name[o],
                                             edges ? m->filter_help[o] : NULL,
                                             {2, {rows, cols}, m->filter_w + o * rows * cols}};
    }
}

void matching_offer(struct matching *m, const char *name, const float *x, int channels, int h, int w,
                    const float *weight, int filters, int rows, int cols)
{
    const long dim[2] = {h, w};
    int pixels = h * w, taps = rows * cols;
    struct tensor grey = {0};
    struct diag diag = {0};
    if (!m->waiting)
        return;
    filters = filters < MATCH_CHOICES_MOST ? filters : MATCH_CHOICES_MOST;
    if (rows > MATCHING_SIDE || cols > MATCHING_SIDE) {
        matching_refuse(m, "the filters of the network are too large to be told apart here");
        return;
    }
    enum err err = tensor_init(&grey, 2, dim, &diag);
    for (int i = 0; i < pixels * channels && !err; i++)
        grey.data[i % pixels] += x[i] / (float)channels;
    memset(m->filter_w, 0, sizeof m->filter_w);
    for (int o = 0; o < filters; o++)
        for (int i = 0; i < channels * taps; i++)
            m->filter_w[o * taps + i % taps] += weight[o * channels * taps + i];
    describe(m, name, filters, rows, cols);
    m->choice = m->filter;
    if (!err)
        err =
            match_from(&grey, m->filter, filters, rng_key(SEED, (uint64_t)m->number, 1), &m->question, &diag);
    tensor_fini(&grey);
    settle(m, err, &diag);
}

void matching_refuse(struct matching *m, const char *why)
{
    m->waiting = false;
    snprintf(m->why, sizeof m->why, "%s", why);
}

/* ---- answers ---- */

bool matching_guess(struct matching *m, int output)
{
    bool right = output == m->question.right;
    if (!m->there || m->guess >= 0)
        return right;
    m->guess = output;
    m->answered++;
    m->right += right;
    m->row = right ? m->row + 1 : 0;
    return right;
}

static const char *what(const struct matching *m, int output)
{
    const struct match_choice *c = &m->choice[m->question.shown[output]];
    return c->help ? c->help : c->name;
}

void matching_explain(const struct matching *m, char *text, int size)
{
    int right = m->question.right;
    if (!m->there)
        snprintf(text, (size_t)size, "%s", m->why);
    else if (m->guess < 0)
        snprintf(text, (size_t)size, "Which of the four is x * w?  1 to 4 answer");
    else if (m->guess == right)
        snprintf(text, (size_t)size, "Right: %s  Enter: the next", what(m, right));
    else
        snprintf(text, (size_t)size, "Wrong: %d is %s  w makes %d: %s  Enter: the next", m->guess + 1,
                 what(m, m->guess), right + 1, what(m, right));
}
