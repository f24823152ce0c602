/** Adversarial training: which images are replaced, by what, and that the network gets harder to fool. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "attack/robustness.h"
#include "nets.h"
#include "toy.h"
#include "train/run.h"

static const char model[] = "input 1x8x8\nconv 8 3x3\nrelu\nmaxpool 2\nflatten\ndense 4\n";
enum { PIXELS = 64, BATCH = 24 };

static struct run begin(const struct net *net, const struct dataset *data, const char *adversarial)
{
    struct run_options o = run_defaults();
    struct run run;
    struct diag d = {0};
    o.batch = BATCH;
    o.seed = 5;
    o.adversarial = adversarial;
    cr_assert_eq(run_init(&run, net, data, NULL, &o, &d), ERR_NONE, "%s", d.text);
    return run;
}

Test(adversarial, what_is_chosen)
{
    struct adversarial a = {0};
    struct diag d = {0};
    cr_assert_eq(adversarial_parse("pgd:0.25,steps=7,share=1", &a, &d), ERR_NONE, "%s", d.text);
    cr_assert(a.type == attack_find("pgd") && a.options.eps == 0.25f && a.options.iterations == 7 &&
              a.share == 1);
    cr_assert_eq(adversarial_parse("fgsm:0.1", &a, &d), ERR_NONE);
    cr_assert(a.type == attack_find("fgsm") && a.share == 0.5f);
    cr_assert_eq(adversarial_parse(NULL, &a, &d), ERR_NONE);
    cr_assert_null(a.type);
    cr_assert_eq(adversarial_parse("", &a, &d), ERR_NONE);
    cr_assert_null(a.type);
}

Test(adversarial, what_is_refused)
{
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"fsgm:0.1", "no attack to train with 'fsgm'; there are fgsm, pgd, mifgsm and noise"},
        {"cw:0.1", "no attack to train with 'cw'; there are fgsm, pgd, mifgsm and noise"},
        {"fgsm", "adversarial training wants an epsilon above 0, up to 1: fgsm:0.1"},
        {"fgsm:0", "adversarial training wants an epsilon above 0, up to 1: fgsm:0.1"},
        {"fgsm:nan", "adversarial training wants an epsilon above 0, up to 1: fgsm:0.1"},
        {"pgd:0.1,steps=1.5", "'steps=1.5': steps are a whole number from 1 to 1000"},
        {"pgd:0.1,steps=", "'steps=': steps are a whole number from 1 to 1000"},
        {"pgd:0.1,share=0", "'share=0': the share is a number above 0, up to 1"},
        {"pgd:0.1,", "adversarial training has no ''; behind epsilon there are steps= and share="},
        {"pgd:0.1,part=1",
         "adversarial training has no 'part=1'; behind epsilon there are steps= and share="},
    };
    for (int i = 0; i < ARRAY_LEN(bad); i++) {
        struct adversarial a = {.share = 77};
        struct diag d = {0};
        cr_assert_neq(adversarial_parse(bad[i].text, &a, &d), ERR_NONE, "%s", bad[i].text);
        cr_assert_str_eq(d.text, bad[i].says);
        cr_assert_eq(a.share, 77, "written only on success");
    }
}

/* Of the share that is replaced, every image is up to epsilon away and costs more; the others are as they were. */
Test(adversarial, the_share_of_a_batch_is_replaced)
{
    struct dataset data = toy_data((struct shape){1, 8, 8}, 4, 203, 0);
    struct net *net = net_of(model);
    static const char *const kinds[] = {"fgsm:0.05,share=0.5", "pgd:0.05,share=0.5,steps=3",
                                        "noise:0.05,share=0.5"};
    for (int k = 0; k < ARRAY_LEN(kinds); k++) {
        struct run clean = begin(net, &data, NULL), made = begin(net, &data, kinds[k]);
        for (int i = 0; i < 3; i++)
            cr_assert_eq(run_step(&clean, NULL), ERR_NONE);
        weights_copy(&made.weights, &clean.weights);
        made.step = clean.step;
        run_forward(&clean);
        run_forward(&made);
        for (int i = 0; i < BATCH; i++) {
            const float *x = clean.batches.x + (size_t)i * PIXELS, *y = made.batches.x + (size_t)i * PIXELS;
            double far = distance_linf(PIXELS, x, y), nearer = fabs(far - 0.05);
            cr_assert_eq(clean.batches.label[i], made.batches.label[i]);
            cr_assert(i < BATCH / 2 ? nearer < 1e-3 : far == 0, "%s, image %d: %g", kinds[k], i, far);
            cr_assert(k == 2 || i >= BATCH / 2 || pass_losses(made.pass)[i] > pass_losses(clean.pass)[i],
                      "%s, image %d", kinds[k], i);
        }
        run_fini(&clean);
        run_fini(&made);
    }
    net_free(net);
}

Test(adversarial, a_network_that_learns_from_attacks_withstands_them)
{
    struct dataset data = toy_data((struct shape){1, 8, 8}, 4, 400, 200);
    struct net *net = net_of(model);
    struct robustness found[2];
    for (int k = 0; k < 2; k++) {
        struct run run = begin(net, &data, k ? "fgsm:0.1" : NULL);
        struct attack_options o = {.norm = NORM_LINF};
        const float eps = 0.1f;
        while (run.step < 300)
            cr_assert_eq(run_step(&run, NULL), ERR_NONE);
        cr_assert_eq(robustness_run(attack_find("fgsm"), &o, net, &run.weights, &data, SPLIT_TEST, 200, 0,
                                    &eps, 1, NULL, &found[k], NULL),
                     ERR_NONE);
        run_fini(&run);
    }
    cr_assert_gt(found[1].accuracy, found[0].accuracy + 0.05, "%.3f, without %.3f", found[1].accuracy,
                 found[0].accuracy);
    cr_assert_gt(found[1].clean_accuracy, 0.9);
    net_free(net);
}
