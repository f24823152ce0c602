/** The sweep over a test set: its counts are those of the attacks run one by one, however many threads there are, and what is whole stays until more is. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "attack/robustness.h"
#include "base/clock.h"
#include "nets.h"
#include "observe/sweep.h"
#include "toy.h"
#include "train/run.h"

static const char *const models[] = {"input 1x8x8\nconv 6 3x3\nrelu\nmaxpool 2\nflatten\ndense 4\n",
                                     "input 1x8x8\nflatten\ndense 12\nrelu\ndense 4\n",
                                     "input 1x8x8\nconv 4 3x3\nbatchnorm\nrelu\nflatten\ndense 4\n"};
enum { IMAGES = 130, PIXELS = 64, CLASSES = 4 };

static struct dataset data;
static struct run run[SWEEP_NETS];
static struct net *net[SWEEP_NETS];
static struct sweep *sweep;

static void setup(void)
{
    data = toy_data((struct shape){1, 8, 8}, CLASSES, 200, 170);
    for (int k = 0; k < SWEEP_NETS; k++) {
        struct run_options o = run_defaults();
        o.seed = (uint64_t)k + 1;
        net[k] = net_of(models[k]);
        cr_assert_eq(run_init(&run[k], net[k], &data, NULL, &o, NULL), ERR_NONE);
        for (int i = 0; i < 40; i++)
            cr_assert_eq(run_step(&run[k], NULL), ERR_NONE);
    }
    cr_assert_eq(sweep_new(&data, SPLIT_TEST, NULL, NULL, &sweep, NULL), ERR_NONE);
}

static void teardown(void)
{
    sweep_free(sweep);
    for (int k = 0; k < SWEEP_NETS; k++) {
        run_fini(&run[k]);
        net_free(net[k]);
    }
}

TestSuite(sweep, .init = setup, .fini = teardown);

static struct sweep_task task_of(const char *attack, enum norm norm, float eps)
{
    return (struct sweep_task){.type = attack_find(attack),
                               .options = {.norm = norm, .eps = eps, .iterations = 3, .seed = 5},
                               .images = IMAGES};
}

static void enter(int k, unsigned long moment)
{
    struct diag d = {0};
    cr_assert_eq(sweep_enter(sweep, k, net[k], &d), ERR_NONE, "%s", d.text);
    sweep_offer(sweep, k, net[k], &run[k].weights, moment, run[k].step);
}

static struct sweep_result settle(void)
{
    const struct sweep_result *r = NULL, *newer;
    double until = clock_now() + 60;
    while (!sweep_rests(sweep, r) && clock_now() < until) {
        if ((newer = sweep_result(sweep)))
            r = newer;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    cr_assert(sweep_rests(sweep, r));
    return *r;
}

static struct robustness alone(int k, const struct sweep_task *t, const char *attack, float eps)
{
    struct robustness found;
    cr_assert_eq(robustness_run(attack_find(attack), &t->options, net[k], &run[k].weights, &data, SPLIT_TEST,
                                IMAGES, 0, &eps, 1, NULL, &found, NULL),
                 ERR_NONE);
    return found;
}

/* How many are still right, by the other way to count. */
static int right_alone(int k, const struct sweep_task *t, const char *attack, float eps)
{
    return (int)lround(alone(k, t, attack, eps).accuracy * IMAGES);
}

Test(sweep, curves_are_those_of_the_attacks_alone)
{
    for (int l2 = 0; l2 < 2; l2++) {
        struct sweep_task t = task_of(l2 ? "pgd" : "fgsm", (enum norm)l2, 0.1f);
        enter(0, 1);
        enter(1, 1);
        sweep_ask(sweep, &t);
        struct sweep_result r = settle();
        for (int k = 0; k < SWEEP_BRANCHES; k++) {
            const struct sweep_curve *c = &r.curve[k];
            cr_assert(c->seen == IMAGES && c->total == IMAGES && c->step == run[k].step);
            for (int e = 0; e < SWEEP_EPSILONS; e++) {
                float eps = sweep_epsilon(t.options.norm, e);
                cr_assert_eq(c->attack[e], right_alone(k, &t, t.type->name, eps), "net %d, %g: %d", k,
                             (double)eps, c->attack[e]);
                cr_assert_eq(c->noise[e], right_alone(k, &t, "noise", eps), "net %d, noise %g", k,
                             (double)eps);
            }
            cr_assert_lt(c->attack[SWEEP_EPSILONS - 1], c->attack[0]);
        }
    }
}

/* An attack without an epsilon: what it takes, image by image. */
Test(sweep, the_smallest_perturbations_make_a_curve)
{
    struct sweep_task t = task_of("deepfool", NORM_L2, 1);
    t.options.iterations = 0;
    enter(0, 1);
    sweep_ask(sweep, &t);
    struct sweep_result r = settle();
    const struct sweep_curve *c = &r.curve[0];
    struct robustness whole = alone(0, &t, "deepfool", INFINITY);
    cr_assert_eq(c->attack[0], lround(whole.clean_accuracy * IMAGES));
    for (int e = 1; e < SWEEP_EPSILONS; e++)
        cr_assert_leq(c->attack[e], c->attack[e - 1]);
    int half = 0; /* of those that were right, half are lost at the median */
    while (half < SWEEP_EPSILONS && (double)sweep_epsilon(NORM_L2, half) < whole.median_l2)
        half++;
    cr_assert(half > 0 && half < SWEEP_EPSILONS);
    cr_assert_leq(2 * (c->attack[half] - (c->attack[0] - whole.fooled)), whole.fooled + 1);
    cr_assert_geq(2 * (c->attack[half - 1] - (c->attack[0] - whole.fooled)), whole.fooled - 1);
    cr_assert_eq(r.curve[1].total, 0, "there is no second branch");
}

Test(sweep, cells_of_the_grid_are_attacks_of_their_own)
{
    struct sweep_task t = task_of("pgd", NORM_LINF, 0.15f);
    struct pass *pass = NULL;
    float x[PIXELS], adv[PIXELS], scratch[ATTACK_SCRATCH * PIXELS], p[CLASSES];
    int reached = 0, last = -1;
    t.subject = 1;
    enter(1, 1);
    sweep_ask(sweep, &t);
    struct sweep_result r = settle();
    const struct sweep_grid *g = &r.grid;
    cr_assert(g->rows == SWEEP_IMAGES && g->done == g->rows && g->classes == CLASSES && g->subject == 1);
    cr_assert_eq(pass_new(net[1], (struct pass_options){.capacity = 1, .backward = true}, &pass, NULL),
                 ERR_NONE);
    t.options.targeted = true;
    for (int i = 0; i < g->rows; i++) {
        cr_assert_eq(dataset_read_floats(&data, SPLIT_TEST, g->index[i], x), g->label[i]);
        cr_assert_geq(g->label[i], last, "in the order of the classes");
        last = g->label[i];
        for (int k = 0; k < CLASSES; k++) {
            const struct sweep_cell *cell = &g->cell[i][k];
            t.type->run(&t.options, net[1], &run[1].weights, pass, 1, x, &k, 0, adv, scratch);
            net_forward(net[1], &run[1].weights, pass, 1, adv, MODE_INFER);
            softmax(CLASSES, pass_logits(pass), p);
            cr_assert_eq(cell->says, pass_says(pass, 0));
            cr_assert_float_eq(cell->p, p[k], 1e-4f);
            cr_assert_float_eq((double)cell->linf, distance_linf(PIXELS, x, adv), 1e-6);
            cr_assert_float_eq((double)cell->l2, distance_l2(PIXELS, x, adv), 1e-5);
            reached += k != g->label[i] && cell->says == k;
        }
    }
    cr_assert_gt(reached, 0);
    pass_free(pass);
}

Test(sweep, transfer_is_a_matrix_of_accuracies)
{
    struct sweep_task t = task_of("fgsm", NORM_LINF, 0.12f);
    for (int k = 0; k < SWEEP_NETS; k++)
        enter(k, 1);
    sweep_ask(sweep, &t);
    struct sweep_result r = settle();
    const struct sweep_transfer *m = &r.transfer;
    cr_assert(m->seen == IMAGES && m->total == IMAGES);
    for (int k = 0; k < SWEEP_NETS; k++) {
        struct robustness own = alone(k, &t, "fgsm", t.options.eps);
        cr_assert(m->there[k] && m->step[k] == run[k].step);
        cr_assert_eq(m->right[k][k], lround(own.accuracy * IMAGES));
        cr_assert_eq(m->clean[k], lround(own.clean_accuracy * IMAGES));
        for (int on = 0; on < SWEEP_NETS; on++)
            cr_assert(on == k || m->right[k][on] > m->right[on][on],
                      "made for %d, on %d: no one fools %d better", k, on, on);
    }
    cr_assert_eq(sweep_enter(sweep, 1, NULL, NULL), ERR_NONE);
    r = settle();
    cr_assert(r.transfer.there[0] && !r.transfer.there[1] && r.transfer.there[2] && r.curve[1].total == 0);
    cr_assert_eq(r.transfer.right[0][2], m->right[0][2]);
}

Test(sweep, any_number_of_threads_measures_the_same)
{
    struct sweep_task t = task_of("pgd", NORM_LINF, 0.1f);
    struct sweep_result r[3];
    for (int k = 0; k < SWEEP_NETS; k++)
        enter(k, 1);
    for (int k = 0; k < 3; k++) {
        sweep_threads(sweep, k + 1);
        sweep_ask(sweep, &t);
        r[k] = settle();
        cr_assert_eq(memcmp(r[k].curve, r[0].curve, sizeof r[0].curve), 0, "%d threads", k + 1);
        cr_assert_eq(memcmp(&r[k].grid, &r[0].grid, sizeof r[0].grid), 0, "%d threads", k + 1);
        cr_assert_eq(memcmp(&r[k].transfer, &r[0].transfer, sizeof r[0].transfer), 0, "%d threads", k + 1);
    }
}

/* While new weights are measured, what was found with the last ones stays. */
Test(sweep, it_follows_the_weights_and_shows_what_is_whole)
{
    struct sweep_task t = task_of("pgd", NORM_LINF, 0.1f);
    enter(0, 1);
    sweep_ask(sweep, &t);
    struct sweep_result before = settle();
    while (run[0].step < 60)
        cr_assert_eq(run_step(&run[0], NULL), ERR_NONE);
    sweep_offer(sweep, 0, net[0], &run[0].weights, 2, run[0].step);
    const struct sweep_result *r = NULL;
    while (!sweep_rests(sweep, r)) {
        const struct sweep_result *newer = sweep_result(sweep);
        r = newer ? newer : r;
        cr_assert(!newer || (newer->curve[0].seen == IMAGES && newer->grid.done == SWEEP_IMAGES));
    }
    cr_assert(r->curve[0].step == 60 && before.curve[0].step == 40 && r->moment[0] == 2);
    cr_assert_eq(r->curve[0].attack[3], right_alone(0, &t, "pgd", sweep_epsilon(NORM_LINF, 3)));
    /* weights of another network, or of the same moment again, are not for it */
    sweep_offer(sweep, 0, net[1], &run[1].weights, 3, 70);
    sweep_offer(sweep, 0, net[0], &run[0].weights, 2, 60);
    cr_assert(sweep_rests(sweep, r));
}

/* Another epsilon in view, or another network for the grid, is no reason to measure the curves anew. */
Test(sweep, curves_hold_for_every_epsilon_in_view)
{
    struct sweep_task t = task_of("pgd", NORM_LINF, 0.1f);
    const struct sweep_result *r = NULL;
    enter(0, 1);
    enter(1, 1);
    sweep_ask(sweep, &t);
    struct sweep_result before = settle();
    t.options.eps = 0.2f;
    t.subject = 1;
    sweep_ask(sweep, &t);
    while (!sweep_rests(sweep, r)) {
        const struct sweep_result *newer = sweep_result(sweep);
        r = newer ? newer : r;
        cr_assert(!newer || memcmp(newer->curve, before.curve, sizeof before.curve) == 0);
    }
    cr_assert(r->grid.subject == 1 && r->transfer.right[0][0] < before.transfer.right[0][0]);
    t.options.iterations = 1;
    sweep_ask(sweep, &t);
    cr_assert_neq(memcmp(settle().curve, before.curve, sizeof before.curve), 0);
}

Test(sweep, it_rests_when_told_and_goes_on)
{
    struct sweep_task t = task_of("fgsm", NORM_LINF, 0.1f);
    sweep_run(sweep, false);
    enter(0, 1);
    sweep_ask(sweep, &t);
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    cr_assert_null(sweep_result(sweep));
    sweep_run(sweep, true);
    cr_assert_eq(settle().curve[0].seen, IMAGES);
}

Test(sweep, networks_of_other_images_are_refused)
{
    struct net *large = net_of("input 1x9x9\nflatten\ndense 4\n"),
               *few = net_of("input 1x8x8\nflatten\ndense 3\n");
    struct diag d = {0};
    cr_assert_eq(sweep_enter(sweep, 2, large, &d), ERR_SHAPE);
    cr_assert_str_eq(d.text, "the network wants images of 1x9x9, but those here are 1x8x8");
    cr_assert_eq(sweep_enter(sweep, 2, few, &d), ERR_SHAPE);
    cr_assert_str_eq(d.text, "the network has 3 classes, but the data 4");
    net_free(large);
    net_free(few);
}
