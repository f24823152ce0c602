#include "attack/trials.h"

#include <string.h>

#include "attack/attacks/attacks.h"
#include "base/rng.h"

void trials_run(const struct attack_options *options, const struct net *net, const struct weights *w,
                struct pass *pass, int batch, const float *x, int label, long index, long from, long to,
                struct trials *t, float *best, float *scratch)
{
    size_t count = shape_count(net->in);
    struct attack_options o = *options;
    o.seed = rng_key(options->seed, (uint64_t)index, 0x747269616c73);
    o.seen = NULL;
    batch = batch < ATTACK_LOOK ? batch : ATTACK_LOOK;
    int aim = o.targeted ? t->target : label;
    for (long at = from; at < to && !attack_stopped(&o); at += batch) {
        int n = to - at < batch ? (int)(to - at) : batch;
        for (int i = 0; i < n; i++)
            attack_noise.run(&o, net, w, pass, 1, x, &label, at + i, scratch + (size_t)i * count, NULL);
        attack_look(net, w, pass, n, scratch, aim);
        for (int i = 0; i < n; i++) {
            float loss = pass_losses(pass)[i];
            int says = pass_says(pass, i);
            t->flipped += says != label;
            t->hit += o.targeted && says == aim;
            if (t->best >= 0 && !(o.targeted ? loss < t->best_loss : loss > t->best_loss))
                continue;
            t->best = at + i;
            t->best_loss = loss;
            memcpy(best, scratch + (size_t)i * count, count * sizeof *best);
        }
        t->tried += n;
    }
}
