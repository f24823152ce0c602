#include "attack/attack.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "attack/attacks/attacks.h"

const char *const norm_names[NORMS] = {"linf", "l2"};
const struct attack_type *const attack_types[] = {
    &attack_fgsm, &attack_pgd, &attack_mifgsm, &attack_deepfool, &attack_cw, &attack_noise, NULL,
};

const struct attack_type *attack_find(const char *name)
{
    for (int i = 0; attack_types[i]; i++)
        if (strcmp(attack_types[i]->name, name) == 0)
            return attack_types[i];
    return NULL;
}

void attack_show(const struct attack_options *o, int n, const float *adv)
{
    if (o->seen)
        o->seen(o->arg, n, adv);
}

bool attack_stopped(const struct attack_options *o)
{
    return o->stop && o->stop(o->stop_arg);
}

double distance_linf(size_t count, const float *a, const float *b)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs((double)b[i] - (double)a[i]));
    return most;
}

double distance_l2(size_t count, const float *a, const float *b)
{
    double squares = 0;
    for (size_t i = 0; i < count; i++)
        squares += ((double)b[i] - (double)a[i]) * ((double)b[i] - (double)a[i]);
    return sqrt(squares);
}

void attack_project(enum norm norm, float eps, size_t count, const float *x, float *adv)
{
    double length = norm == NORM_L2 ? distance_l2(count, x, adv) : 0;
    float shrink = length > (double)eps ? (float)((double)eps / length) : 1;
    for (size_t i = 0; i < count; i++) {
        float d = adv[i] - x[i];
        d = norm == NORM_L2 ? d * shrink : fminf(fmaxf(d, -eps), eps);
        adv[i] = fminf(fmaxf(x[i] + d, 0), 1);
    }
}

void attack_step(enum norm norm, float size, size_t count, const float *gradient, float *adv)
{
    double squares = 0;
    for (size_t i = 0; i < count && norm == NORM_L2; i++)
        squares += (double)gradient[i] * (double)gradient[i];
    float scale = squares > 0 ? size / (float)sqrt(squares) : 0;
    for (size_t i = 0; i < count; i++)
        adv[i] += norm == NORM_L2   ? scale * gradient[i]
                  : gradient[i] > 0 ? size
                  : gradient[i] < 0 ? -size
                                    : 0;
}

void attack_gradient(const struct net *net, const struct weights *w, struct pass *pass, int n, const float *x,
                     const int *label, const struct loss_type *loss, float *gradient)
{
    struct net_step step = {.n = n, .x = x, .label = label, .loss = loss, .mode = MODE_INFER, .dx = gradient};
    net_step(net, w, pass, &step);
}

void attack_look(const struct net *net, const struct weights *w, struct pass *pass, int n, const float *x,
                 int label)
{
    int labels[ATTACK_LOOK];
    assert(n <= ATTACK_LOOK);
    for (int i = 0; i < n; i++)
        labels[i] = label;
    struct net_step step = {.n = n, .x = x, .label = labels, .loss = &loss_cross_entropy, .mode = MODE_INFER};
    net_step(net, w, pass, &step);
}

/* ---- what attacks climb beside the loss of training ---- */

static float logit(int k, const float *z, int label, float scale, float *dz)
{
    for (int i = 0; i < k && dz; i++)
        dz[i] = i == label ? scale : 0;
    return z[label];
}

static float margin(int k, const float *z, int label, float scale, float *dz)
{
    int other = attack_runner_up(k, z, label);
    for (int i = 0; i < k && dz; i++)
        dz[i] = i == label ? scale : i == other ? -scale : 0;
    return other < 0 ? z[label] : z[label] - z[other];
}

int attack_runner_up(int k, const float *z, int label)
{
    int best = -1;
    for (int i = 0; i < k; i++)
        if (i != label && (best < 0 || z[i] > z[best]))
            best = i;
    return best;
}

const struct loss_type attack_loss_logit = {"logit", "the logit of the class itself", logit};
const struct loss_type attack_loss_margin = {"margin", "how far the class is before the best of the others",
                                             margin};
