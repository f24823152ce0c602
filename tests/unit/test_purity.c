/** Purity of layers against lists that exciters_run() finds unit by unit. */
#include <criterion/criterion.h>
#include <math.h>

#include "explain/purity.h"
#include "nets.h"
#include "observing.h"

enum { IMAGES = 75, MODELS = 3 };

static const char *const models[MODELS] = {
    "input 1x9x9\nconv 20 3x3\nrelu\nmaxpool 2\nconv 5 2x2 nobias\nbatchnorm\nrelu\nflatten\ndense "
    "4\nsoftmax\n",
    "input 3x8x8\na: conv 3 3x3 pad 1\nb: conv 3 3x3 pad 1\ns: add a b\nrelu\nglobalavgpool\ndense 5\n",
    "input 7\ndense 6\ntanh\ndense 3\n",
};
/* Where units of the layers that learn are looked at. */
static const int behind[MODELS][4] = {{1, 5, 7, -1}, {0, 1, 5, -1}, {1, 2, -1}};

static double mean_of(const struct net *net, const struct weights *w, const struct dataset *data, int layer,
                      int *units, int *silent)
{
    struct exciters *e = NULL;
    struct exciter top[PURITY_KEPT], bottom[PURITY_KEPT];
    int channels = net->layer[layer].out.c, found = 0;
    double sum = 0;
    *units = channels < PURITY_UNITS ? channels : PURITY_UNITS;
    *silent = 0;
    cr_assert_eq(exciters_new(net, data, SPLIT_TEST, NULL, &e, NULL), ERR_NONE);
    for (int k = 0; k < *units; k++) {
        struct unit u = {layer, k * channels / *units, -1, -1};
        exciters_run(e, w, u, IMAGES, PURITY_KEPT, NULL, top, bottom, &found);
        if (found < PURITY_KEPT || top[PURITY_KEPT - 1].value <= bottom[0].value)
            ++*silent;
        else
            sum += exciters_purity(top, found);
    }
    exciters_free(e);
    return sum / (*units - *silent);
}

static void check(const struct net *net, const struct weights *w, const struct dataset *data,
                  const struct purity *p, int i, int layer)
{
    struct purity_layer r = purity_layer(p, i);
    int units = 0, silent = 0;
    double mean = mean_of(net, w, data, layer, &units, &silent);
    cr_assert_eq(r.layer, layer);
    cr_assert_eq(purity_behind(net, r.learns), layer);
    cr_assert(r.units == units && r.silent == silent, "%d of %d, not %d of %d", r.silent, r.units, silent,
              units);
    if (silent == units)
        cr_assert(isnan(r.purity) && isnan(r.low) && isnan(r.high));
    else
        cr_assert(fabs(r.purity - mean) < 1e-12 && r.low <= mean + 1e-12 && r.high >= mean - 1e-12);
}

Test(purity, of_every_layer_as_its_units_alone)
{
    for (int m = 0; m < MODELS; m++) {
        struct net *net = net_of(models[m]);
        struct moment moment;
        struct dataset data;
        struct purity *p = NULL;
        observed_moment(&moment, net, 5);
        observed_data(&data, net, IMAGES);
        cr_assert_eq(purity_new(net, &data, SPLIT_TEST, &p, NULL), ERR_NONE);
        for (int round = 0; round < 2; round++) { /* with other weights: units of which some are off */
            for (int l = 0; l < net->layers && round; l++)
                if (net->layer[l].params > 1)
                    for (size_t k = 0; k < net->layer[l].param[1].count; k += 2)
                        moment.weights.params[net->layer[l].param[1].offset + k] = -9;
            purity_begin(p);
            int seen = 0;
            while (seen < IMAGES)
                seen = purity_more(p, &moment.weights);
            cr_assert_eq(purity_more(p, &moment.weights), IMAGES);
            for (int i = 0; i < purity_layers(p); i++)
                check(net, &moment.weights, &data, p, i, behind[m][i]);
            cr_assert_eq(behind[m][purity_layers(p)], -1);
        }
        purity_free(p);
        moment_fini(&moment);
        net_free(net);
    }
}

/* Of equally many images of k classes: the mean share of the most frequent of nine, from the theory of occupancy. */
Test(purity, of_images_picked_blindly)
{
    struct net *net = net_of("input 1x3x3\nflatten\ndense 2\n");
    struct moment moment;
    struct dataset data;
    struct purity *p = NULL;
    observed_moment(&moment, net, 5);
    observed_data(&data, net, IMAGES - 1);
    cr_assert_eq(purity_new(net, &data, SPLIT_TEST, &p, NULL), ERR_NONE);
    purity_begin(p);
    cr_assert_eq(purity_chance(p), 0);
    while (purity_more(p, &moment.weights) < IMAGES - 1)
        ;
    double want = 0, ways = 1; /* of nine tosses of a coin */
    for (int heads = 0; heads <= 9; heads++) {
        want += ways / 512 * (heads > 4 ? heads : 9 - heads) / 9;
        ways = ways * (9 - heads) / (heads + 1);
    }
    cr_assert_float_eq(purity_chance(p), want, 0.02);
    purity_free(p);
    purity_free(NULL);
    struct diag d = {0};
    data.shape.w++;
    cr_assert_eq(purity_new(net, &data, SPLIT_TEST, &p, &d), ERR_SHAPE);
    moment_fini(&moment);
    net_free(net);
}
