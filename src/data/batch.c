#include "data/batch.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"

enum err batches_init(struct batches *b, const struct dataset *data, int size, uint64_t seed,
                      struct diag *diag)
{
    int count = data->count[SPLIT_TRAIN];
    *b = (struct batches){.data = data, .seed = seed, .epoch = -1};
    if (count == 0)
        return diag_fail(diag, ERR_RANGE, data->spec, 0, "it has no training images");
    b->size = size < count ? size : count;
    b->per_epoch = (count + b->size - 1) / b->size;
    size_t n = (size_t)b->size;
    b->x = mem_floats(n * shape_count(data->shape));
    b->label = mem_new(n, sizeof *b->label);
    b->index = mem_new(n, sizeof *b->index);
    b->key = mem_new(n, sizeof *b->key);
    b->order = mem_new((size_t)count, sizeof *b->order);
    if (b->x && b->label && b->index && b->key && b->order)
        return ERR_NONE;
    batches_fini(b);
    return diag_memory(diag, "a batch of images");
}

enum err batches_augment(struct batches *b, const struct augment *augment, struct diag *diag)
{
    if (augment->count > 0 && !b->scratch &&
        !(b->scratch = mem_new((size_t)b->size, augment_scratch(b->data->shape))))
        return diag_memory(diag, "augmentation");
    b->augment = *augment;
    return ERR_NONE;
}

void batches_fini(struct batches *b)
{
    free(b->scratch);
    free(b->x);
    free(b->label);
    free(b->index);
    free(b->key);
    free(b->order);
    *b = (struct batches){0};
}

static void gather_one(void *arg, int i)
{
    struct batches *b = arg;
    size_t at = (size_t)i * shape_count(b->data->shape);
    b->label[i] = dataset_read_floats(b->data, SPLIT_TRAIN, b->index[i], b->x + at);
    if (b->augment.count > 0) /* mixed again, so that it has nothing to do with dropout */
        augment_apply(&b->augment, b->data->shape, rng_key(b->key[i], 0x6175676d656e74, 0), b->x + at,
                      b->scratch + at);
}

void batches_gather(struct batches *b, long epoch, int place, struct team *team)
{
    int count = b->data->count[SPLIT_TRAIN], first = place * b->size;
    assert(place >= 0 && place < b->per_epoch);
    if (b->epoch != epoch) {
        struct rng rng;
        rng_init(&rng, rng_key(b->seed, (uint64_t)epoch, 0x6f72646572));
        rng_shuffle(&rng, b->order, count);
        b->epoch = epoch;
    }
    b->n = count - first < b->size ? count - first : b->size;
    for (int i = 0; i < b->n; i++) {
        b->index[i] = b->order[first + i];
        b->key[i] = rng_key(b->seed, (uint64_t)epoch, (uint64_t)b->index[i]);
    }
    team_run(team, b->n, gather_one, b);
}
