#include "train/moment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum err moment_init(struct moment *m, const struct net *net, struct diag *diag)
{
    *m = (struct moment){.net = net, .loss = NAN, .accuracy = NAN};
    enum err err = weights_init(&m->weights, net, diag);
    if (!err && !(m->grads = mem_floats(net->params)))
        err = diag_memory(diag, "a moment of training");
    if (err)
        moment_fini(m);
    return err;
}

void moment_fini(struct moment *m)
{
    weights_fini(&m->weights);
    free(m->grads);
    *m = (struct moment){0};
}

void moment_copy(struct moment *to, const struct moment *from)
{
    struct weights weights = to->weights;
    float *grads = to->grads;
    weights_copy(&weights, &from->weights);
    memcpy(grads, from->grads, from->net->params * sizeof *grads);
    *to = *from;
    to->weights = weights;
    to->grads = grads;
}
