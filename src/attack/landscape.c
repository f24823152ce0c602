#include "attack/landscape.h"

#include <math.h>
#include <string.h>

#include "attack/attacks/attacks.h"
#include "base/rng.h"

static float along(float reach, int count, int at)
{
    return count > 1 ? reach * (2 * (float)at / (float)(count - 1) - 1) : 0;
}

static void place(const struct landscape *l, size_t count, int point, float *out)
{
    float a = along(l->reach, l->across, point % l->across), b = along(l->reach, l->down, point / l->across);
    for (size_t i = 0; i < count; i++)
        out[i] = fminf(fmaxf(l->x[i] + a * l->u[i] + (l->down > 1 ? b * l->v[i] : 0), 0), 1);
}

void landscape_run(const struct landscape *l, const struct net *net, const struct weights *w,
                   struct pass *pass, int batch, int label, float *loss, int *says, float *scratch)
{
    size_t count = shape_count(net->in);
    int points = l->across * l->down;
    batch = batch < ATTACK_LOOK ? batch : ATTACK_LOOK;
    for (int at = 0; at < points && !(l->until && attack_stopped(l->until)); at += batch) {
        int n = points - at < batch ? points - at : batch;
        for (int i = 0; i < n; i++)
            place(l, count, at + i, scratch + (size_t)i * count);
        attack_look(net, w, pass, n, scratch, label);
        memcpy(loss + at, pass_losses(pass), (size_t)n * sizeof *loss);
        for (int i = 0; i < n && says; i++)
            says[at + i] = pass_says(pass, i);
    }
}

void landscape_uphill(enum norm norm, size_t count, const float *gradient, float *u)
{
    memset(u, 0, count * sizeof *u);
    attack_step(norm, 1, count, gradient, u);
}

void landscape_random(enum norm norm, size_t count, uint64_t key, float *u)
{
    struct rng rng;
    double squares = 0;
    rng_init(&rng, key);
    for (size_t i = 0; i < count; i++) {
        u[i] = norm == NORM_L2 ? rng_normal(&rng) : rng_below(&rng, 2) ? 1.0f : -1.0f;
        squares += (double)u[i] * (double)u[i];
    }
    for (size_t i = 0; i < count && norm == NORM_L2 && squares > 0; i++)
        u[i] = (float)((double)u[i] / sqrt(squares));
}
