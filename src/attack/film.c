#include "attack/film.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "attack/attacks/attacks.h"
#include "base/strip.h"

static void take(void *arg, int n, const float *adv)
{
    assert(n == 1);
    (void)n;
    strip_offer(arg, adv);
}

static void look_at(const struct net *net, const struct weights *w, struct pass *pass, const float *x,
                    const float *picture, int label, struct film_frame *f)
{
    int k = net_classes(net);
    size_t count = shape_count(net->in);
    attack_look(net, w, pass, 1, picture, label);
    const float *z = pass_logits(pass);
    double sum = 0;
    f->loss = pass_losses(pass)[0];
    f->linf = (float)distance_linf(count, x, picture);
    f->l2 = (float)distance_l2(count, x, picture);
    f->first = argmax(k, z);
    f->second = attack_runner_up(k, z, f->first);
    for (int i = 0; i < k; i++)
        sum += exp((double)(z[i] - z[f->first]));
    f->p_first = (float)(1 / sum);
    f->p_second = f->second < 0 ? 0 : (float)(exp((double)(z[f->second] - z[f->first])) / sum);
}

int film_run(const struct attack_type *type, const struct attack_options *options, const struct net *net,
             const struct weights *w, struct pass *pass, const float *x, int label, long index, int most,
             struct film_frame *frame, float *picture, float *scratch, int *crossed)
{
    size_t count = shape_count(net->in);
    struct strip s;
    struct attack_options o = *options;
    float *adv = picture + (size_t)(most - 1) * count; /* the last place is kept free for the result */
    assert(most >= 2);
    strip_begin(&s, count, most - 1, picture);
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
