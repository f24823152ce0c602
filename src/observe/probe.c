#include "observe/probe.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

enum err probe_init(struct probe *p, const struct net *net, struct diag *diag)
{
    int images = ATTACK_SCRATCH;
    if (images < PROBE_SIDE)
        images = PROBE_SIDE;
    size_t pictures = shape_count(net->in) * (size_t)images, widest = net_widest(net),
           most = pictures > widest ? pictures : widest;
    *p = (struct probe){.net = net};
    enum err err =
        pass_new(net, (struct pass_options){.capacity = 1, .lanes = 1, .keep = true, .backward = true},
                 &p->pass, diag);
    if (!err)
        err = pass_new(net, (struct pass_options){.capacity = 1, .lanes = 1, .keep = true, .backward = true},
                       &p->other, diag);
    if (!err)
        err = pass_new(net, (struct pass_options){.capacity = PROBE_SIDE, .lanes = 1, .backward = true},
                       &p->side, diag);
    for (int i = 0; i < ARRAY_LEN(p->scratch) && !err; i++)
        if (!(p->scratch[i] = mem_floats(most)))
            err = diag_memory(diag, "looking at an image");
    if (err)
        probe_fini(p);
    return err;
}

void probe_fini(struct probe *p)
{
    pass_free(p->pass);
    pass_free(p->other);
    pass_free(p->side);
    for (int i = 0; i < ARRAY_LEN(p->scratch); i++)
        free(p->scratch[i]);
    *p = (struct probe){0};
}

void probe_run(struct probe *p, const struct moment *moment, const struct sample *sample)
{
    const struct net *net = p->net;
    const struct weights *w = &moment->weights;
    int top = net_logits(net), k = net_classes(net);
    float *dz = p->scratch[0], *dx = p->scratch[1];
    assert(moment->net == net);
    p->moment = moment;
    p->sample = sample;
    net_forward(net, w, p->pass, 1, sample->x, MODE_INFER);
    const float *z = pass_logits(p->pass);
    p->known = sample->label >= 0 && sample->label < k;
    p->label = p->known ? sample->label : argmax(k, z);
    loss_cross_entropy.value(k, z, p->label, 1, dz);
    net_backward(net, w, p->pass, top, dz, NULL, dx); /* dx itself is read from the pass */
}

bool probe_answer(const struct probe *p, const struct question *q, struct answer *a)
{
    if (answer_prepare(p->net, q, a)) {
        struct question own = *q;
        own.options.stop = p->stop;
        own.options.stop_arg = p->stop_arg;
        q->type->answer(p, &own, a);
        a->ready = true;
    }
    return a->ready;
}
