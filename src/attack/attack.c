#include "attack/attack.h"

#include <math.h>
#include <string.h>

#include "attack/attacks/attacks.h"

const char *const norm_names[NORMS] = {"linf", "l2"};
const struct attack_type *const attack_types[] = {&attack_fgsm, &attack_pgd, &attack_noise, NULL};

const struct attack_type *attack_find(const char *name)
{
    for (int i = 0; attack_types[i]; i++)
        if (strcmp(attack_types[i]->name, name) == 0)
            return attack_types[i];
    return NULL;
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
                     const int *label, float *gradient)
{
    struct net_step step = {
        .n = n, .x = x, .label = label, .loss = &loss_cross_entropy, .mode = MODE_INFER, .dx = gradient};
    net_step(net, w, pass, &step);
}
