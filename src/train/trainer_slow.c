/**
 * One step in slow motion: the parts of run_step() with a pause between them. The next phase computes what it tells of, nothing is played
 * back, and after the last one the run is where one plain step would have brought it, to the bit.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "train/trainer_parts.h"

static double softmax_of(const float *logits, int count, int which)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += exp((double)logits[i] - (double)logits[which]);
    return 1 / sum;
}

static void forward(struct trainer *t)
{
    const struct run *run = &t->run;
    run_forward(&t->run);
    const float *logits = pass_logits(run->pass);
    int classes = net_classes(t->net), guess = 0;
    for (int i = 1; i < classes; i++)
        if (logits[i] > logits[guess])
            guess = i;
    t->slow = (struct trainer_slow){.phase = PHASE_FORWARD,
                                    .images = run->batches.n,
                                    .index = run->batches.index[0],
                                    .label = run->batches.label[0],
                                    .guess = guess,
                                    .sure = softmax_of(logits, classes, guess),
                                    .loss = run->batch.loss,
                                    .correct = run->batch.correct};
}

/* Sum of squares of one layer's gradient. */
static double squares_of(const struct trainer *t, const struct layer *l)
{
    double sum = 0;
    for (int k = 0; k < l->params; k++)
        for (size_t i = 0; i < l->param[k].count; i++)
            sum +=
                (double)t->run.grads[l->param[k].offset + i] * (double)t->run.grads[l->param[k].offset + i];
    return sum;
}

/* How far one layer's parameters have moved from those that were kept, on average. */
static double moved(const struct trainer *t, const struct layer *l)
{
    double sum = 0, count = 0;
    for (int k = 0; k < l->params; k++) {
        const float *now = t->run.weights.params + l->param[k].offset, *then = t->kept + l->param[k].offset;
        for (size_t i = 0; i < l->param[k].count; i++)
            sum += fabs((double)now[i] - (double)then[i]);
        count += (double)l->param[k].count;
    }
    return count > 0 ? sum / count : -1;
}

/* The layer with the largest of these numbers. */
static int largest(const struct trainer *t, double (*of)(const struct trainer *t, const struct layer *l))
{
    int best = 0;
    for (int i = 1; i < t->net->layers; i++)
        if (of(t, &t->net->layer[i]) > of(t, &t->net->layer[best]))
            best = i;
    return best;
}

static void backward(struct trainer *t)
{
    memcpy(t->kept, t->run.grads, t->net->params * sizeof *t->kept);
    t->slow.phase = PHASE_BACKWARD;
    if (run_backward(&t->run, &t->diag)) {
        t->slow = (struct trainer_slow){0};
        trainer_fail(t);
        return;
    }
    t->slow.grad_norm = t->run.batch.grad_norm;
    t->slow.grad_layer = largest(t, squares_of);
}

static void update(struct trainer *t)
{
    trainer_branch(t);
    if (t->state == TRAINER_FAILED)
        return;
    memcpy(t->kept, t->run.weights.params, t->net->params * sizeof *t->kept);
    run_update(&t->run);
    trainer_finish_step(t);
    t->slow.phase = PHASE_UPDATE;
    t->slow.rule = t->run.optimizer.type->rule;
    t->slow.rate = t->run.lr;
    t->slow.moved_layer = largest(t, moved);
    t->slow.moved = moved(t, &t->net->layer[t->slow.moved_layer]);
}

void trainer_next_phase(struct trainer *t)
{
    if (run_done(&t->run))
        return;
    if (t->state == TRAINER_FAILED)
        trainer_recover(t);
    t->diag = (struct diag){0};
    t->left = 0;
    t->state = TRAINER_PAUSED;
    if (!t->kept && !(t->kept = mem_floats(t->net->params))) {
        diag_memory(&t->diag, "slow motion");
        return;
    }
    switch (t->slow.phase) {
    case PHASE_FORWARD:
        t->slow.phase = PHASE_LOSS;
        break;
    case PHASE_LOSS:
        backward(t);
        break;
    case PHASE_BACKWARD:
        update(t);
        break;
    default:
        forward(t);
    }
}

void trainer_leave_phase(struct trainer *t)
{
    if (t->slow.phase == PHASE_BACKWARD)
        memcpy(t->run.grads, t->kept, t->net->params * sizeof *t->kept);
    t->slow = (struct trainer_slow){0};
}
