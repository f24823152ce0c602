#include "train/optimizer.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "train/optimizers/optimizers.h"

const struct optimizer_type *const optimizer_types[] = {&optimizer_sgd, &optimizer_adam, &optimizer_adamw,
                                                        NULL};

const struct optimizer_type *optimizer_find(const char *name)
{
    for (int i = 0; optimizer_types[i]; i++)
        if (strcmp(optimizer_types[i]->name, name) == 0)
            return optimizer_types[i];
    return NULL;
}

enum err optimizer_init(struct optimizer *o, const struct optimizer_type *type,
                        struct optimizer_options options, size_t count, struct diag *diag)
{
    *o = (struct optimizer){.type = type, .options = options, .count = count};
    for (int i = 0; i < type->slots; i++)
        if (!(o->slot[i] = mem_floats(count))) {
            optimizer_fini(o);
            return diag_memory(diag, "the optimizer");
        }
    return ERR_NONE;
}

void optimizer_fini(struct optimizer *o)
{
    for (int i = 0; i < OPTIMIZER_SLOTS; i++)
        free(o->slot[i]);
    *o = (struct optimizer){0};
}

enum { PIECE = 32768 };

struct update {
    struct optimizer *o;
    float lr, *p;
    const float *g;
};

static void update_piece(void *arg, int piece)
{
    const struct update *u = arg;
    struct optimizer *o = u->o;
    size_t from = (size_t)piece * PIECE, count = o->count - from < PIECE ? o->count - from : PIECE;
    float *slot[OPTIMIZER_SLOTS] = {0};
    for (int i = 0; i < o->type->slots; i++)
        slot[i] = o->slot[i] + from;
    o->type->update(&o->options, count, o->step, u->lr, u->p + from, u->g + from, slot);
}

void optimizer_step(struct optimizer *o, float lr, float *p, const float *g, struct team *team)
{
    struct update u = {o, lr, p, g};
    o->step++;
    team_run(team, (int)((o->count + PIECE - 1) / PIECE), update_piece, &u);
}
