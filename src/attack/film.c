#include "attack/film.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Every `stride`th iterate is kept; when the strip is full every second one of it is dropped, and the stride doubles. */
struct strip {
    size_t count;
    int most, kept, stride, seen;
    float *picture;
};

static void take(void *arg, int n, const float *adv)
{
    struct strip *s = arg;
    assert(n == 1);
    if (s->seen++ % s->stride != 0)
        return;
    if (s->kept == s->most) {
        for (int i = 1; 2 * i < s->kept; i++)
            memmove(s->picture + (size_t)i * s->count, s->picture + 2 * (size_t)i * s->count,
                    s->count * sizeof *adv);
        s->kept = (s->kept + 1) / 2;
        s->stride *= 2;
        if ((s->seen - 1) % s->stride != 0)
            return;
    }
    memcpy(s->picture + (size_t)s->kept++ * s->count, adv, s->count * sizeof *adv);
}

static void look_at(const struct net *net, const struct weights *w, struct pass *pass, const float *x,
                    const float *picture, int label, struct film_frame *f)
{
    int k = net_classes(net);
    size_t count = shape_count(net->in);
    struct net_step step = {
        .n = 1, .x = picture, .label = &label, .loss = &loss_cross_entropy, .mode = MODE_INFER};
    net_step(net, w, pass, &step);
    const float *z = pass_logits(pass);
    double sum = 0;
    f->loss = pass_losses(pass)[0];
    f->linf = (float)distance_linf(count, x, picture);
    f->l2 = (float)distance_l2(count, x, picture);
    f->first = argmax(k, z);
    f->second = -1;
    for (int i = 0; i < k; i++) {
        sum += exp((double)(z[i] - z[f->first]));
        if (i != f->first && (f->second < 0 || z[i] > z[f->second]))
            f->second = i;
    }
    f->p_first = (float)(1 / sum);
    f->p_second = f->second < 0 ? 0 : (float)(exp((double)(z[f->second] - z[f->first])) / sum);
}

int film_run(const struct attack_type *type, const struct attack_options *options, const struct net *net,
             const struct weights *w, struct pass *pass, const float *x, int label, long index, int most,
             struct film_frame *frame, float *picture, float *scratch, int *crossed)
{
    size_t count = shape_count(net->in);
    struct strip s = {.count = count, .most = most - 1, .stride = 1, .picture = picture};
    struct attack_options o = *options;
    float *adv = picture + (size_t)(most - 1) * count; /* the last place is kept free for the result */
    assert(most >= 2);
    o.seen = take;
    o.arg = &s;
    type->run(&o, net, w, pass, 1, x, &label, index, adv, scratch);
    if (s.kept > 0 && memcmp(adv, picture + (size_t)(s.kept - 1) * count, count * sizeof *adv) != 0)
        memmove(picture + (size_t)s.kept++ * count, adv, count * sizeof *adv);
    *crossed = -1;
    for (int i = 0; i < s.kept; i++) {
        look_at(net, w, pass, x, picture + (size_t)i * count, label, &frame[i]);
        bool fooled = options->targeted ? frame[i].first == label : frame[i].first != label;
        if (fooled && *crossed < 0)
            *crossed = i;
    }
    return s.kept;
}
