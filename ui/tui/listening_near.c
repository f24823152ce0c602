/** What is seen of a series close up, and what is asked of the listener. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/listening.h"

/* "(-0.51)": three digits say enough. */
static int add_number(char *text, int size, double value)
{
    return snprintf(text, (size_t)size, value < 0 ? "(%.3g)" : "%.3g", value);
}

/* "(0.5 + 0.52 + ...) / 8 = 0.51", or products with their weights: those that are done. */
static void write_expression(struct listening *l, const float *x)
{
    int used = 0, weights = listening_weights(l), size = sizeof l->expression;
    bool mean = l->choice.average == AVERAGE_UNIFORM;
    char *text = l->expression;
    *text = 0;
    for (int j = 0; j < l->products && used < size - 40; j++) {
        used += snprintf(text + used, (size_t)(size - used), "%s", j ? " + " : mean ? "(" : "");
        used += add_number(text + used, size - used, (double)x[j]);
        if (!mean) {
            used += snprintf(text + used, (size_t)(size - used), "\u00b7");
            used += add_number(text + used, size - used, (double)l->kernel.w.data[j]);
        }
    }
    if (l->products < weights)
        used += snprintf(text + used, (size_t)(size - used), "%s...", l->products ? " + " : mean ? "(" : "");
    if (mean)
        used += snprintf(text + used, (size_t)(size - used), ") / %d", weights);
    if (l->products == weights)
        snprintf(text + used, (size_t)(size - used), " = %.4g", l->sum);
}

static void fill_near(struct listening *l, const struct stretch_change *change)
{
    int weights = listening_weights(l), half = (weights - 1) / 2, around = weights > 12 ? weights : 12;
    long at = listening_output(l), outputs = listening_outputs(l);
    float x[LISTENING_NEAR + STRETCH_WEIGHTS];
    l->near_from = at - around;
    l->near_count = weights + 2 * around;
    l->near_count = l->near_count < LISTENING_NEAR ? l->near_count : LISTENING_NEAR;
    stretch_noisy(change, l->near_from - half, l->near_count + weights - 1, x);
    for (int i = 0; i < l->near_count; i++) {
        long sample = l->near_from + i, output = sample - half;
        bool there = sample >= 0 && sample < l->signal.count;
        double sum = 0;
        for (int j = 0; j < weights; j++)
            sum += (double)x[i + j] * (double)change->w[j];
        l->near[i] = there ? x[i + half] : NAN;
        l->near_clean[i] = there ? l->signal.x[sample] : NAN;
        l->near_smooth[i] = output >= 0 && output < outputs ? (float)sum : NAN;
    }
    l->sum = 0;
    for (int j = 0; j < l->products && at >= 0; j++)
        l->sum += (double)x[at - l->near_from + half + j] * (double)change->w[j];
    write_expression(l, x + (at - l->near_from + half));
}

void listening_update(struct listening *l)
{
    struct listener_question q = {
        .change = {.x = &l->signal, .sigma = l->noise, .seed = l->seed, .weights = listening_weights(l)},
        .piece = l->piece,
        .length = l->piece_length,
        .normalised = !l->plain,
        .serial = l->serial,
        .from = l->from,
        .span = l->span,
        .window = l->window,
        .rows = l->rows,
        .cols = l->cols,
        .smoothed = l->smoothed,
    };
    memcpy(q.change.w, l->kernel.w.data, (size_t)q.change.weights * sizeof *q.change.w);
    l->near_count = 0;
    l->expression[0] = 0;
    if (listening_outputs(l) > 0)
        fill_near(l, &q.change);
    const struct listener_question *was = &l->question;
    if (q.serial == was->serial && q.from == was->from && q.span == was->span && q.window == was->window &&
        q.rows == was->rows && q.cols == was->cols && q.smoothed == was->smoothed)
        return;
    l->question = q;
    listener_ask(l->listener, &q);
}

bool listening_take(struct listening *l)
{
    const struct listener_result *r = listener_take(l->listener);
    if (r)
        l->result = r;
    return r;
}
