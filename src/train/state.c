#include "train/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static size_t floats(const struct run *run, bool grads)
{
    return run->net->params * (size_t)(1 + run->optimizer.type->slots + grads) + run->net->buffers;
}

size_t state_bytes(const struct run *run, bool grads)
{
    return floats(run, grads) * sizeof(float) + sizeof(struct run_state);
}

enum err state_init(struct run_state *s, const struct run *run, bool grads, struct diag *diag)
{
    *s = (struct run_state){.grads = grads, .numbers = mem_floats(floats(run, grads))};
    return s->numbers ? ERR_NONE : diag_memory(diag, "the state of a run");
}

void state_fini(struct run_state *s)
{
    free(s->numbers);
    *s = (struct run_state){0};
}

/* Copies the run's arrays to (out) or from `numbers`. */
static void move_numbers(const struct run *run, bool grads, float *numbers, bool out)
{
    size_t params = run->net->params;
    int slots = run->optimizer.type->slots, parts = 2 + slots + grads;
    struct {
        float *p;
        size_t count;
    } part[3 + OPTIMIZER_SLOTS] = {{run->weights.params, params}, {run->weights.buffers, run->net->buffers}};
    for (int i = 0; i < slots; i++)
        part[2 + i].p = run->optimizer.slot[i], part[2 + i].count = params;
    part[2 + slots].p = run->grads, part[2 + slots].count = params;
    for (int i = 0; i < parts; i++) {
        memcpy(out ? numbers : part[i].p, out ? part[i].p : numbers, part[i].count * sizeof *numbers);
        numbers += part[i].count;
    }
}

void state_take(struct run_state *s, const struct run *run)
{
    *s = (struct run_state){.step = run->step,
                            .optimizer_step = run->optimizer.step,
                            .schedule = run->schedule,
                            .lr = run->lr,
                            .loss_mean = run->loss_mean,
                            .accuracy = run->accuracy,
                            .grad_norm = run->grad_norm,
                            .epoch_loss = run->epoch_loss,
                            .epoch_correct = run->epoch_correct,
                            .epoch_images = run->epoch_images,
                            .grads = s->grads,
                            .numbers = s->numbers};
    move_numbers(run, s->grads, s->numbers, true);
}

void state_put_course(const struct run_state *s, struct run *run)
{
    run->step = s->step;
    run->schedule = s->schedule;
    run->lr = s->lr;
    run->loss_mean = s->loss_mean;
    run->accuracy = s->accuracy;
    run->grad_norm = s->grad_norm;
    run->epoch_loss = s->epoch_loss;
    run->epoch_correct = s->epoch_correct;
    run->epoch_images = s->epoch_images;
}

void state_put(const struct run_state *s, struct run *run)
{
    state_put_course(s, run);
    run->optimizer.step = s->optimizer_step;
    move_numbers(run, s->grads, s->numbers, false);
}
