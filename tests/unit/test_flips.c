/** flips: what is kept of answers over training time, and when it begins anew. */
#include <criterion/criterion.h>

#include "observe/flips.h"
#include "observe/probe.h"
#include "observing.h"

enum { MLP = 0, SEED = 8 };

static struct net *net;
static struct flips flips;
static struct answers answers;
static size_t pixels;

/* Answers to "flip", as an observer would give them, with numbers of the test's own. */
static void set_up(void)
{
    net = observed_net(MLP);
    pixels = shape_count(net->in);
    answers = (struct answers){.count = 1, .sample = {.label = 1, .x = observed_floats(pixels)}};
    observed_pixels(net->in, 1, answers.sample.x);
    struct question q = {.type = question_find("flip"), .attack = attack_find("fgsm")};
    cr_assert(answer_prepare(net, &q, &answers.answer[0]));
    answers.answer[0].ready = true;
    cr_assert_eq(flips_init(&flips, NULL), ERR_NONE);
}

static void tear_down(void)
{
    flips_fini(&flips);
    flips_fini(&flips);
    answer_fini(&answers.answer[0]);
    free(answers.sample.x);
    net_free(net);
}

TestSuite(flips, .init = set_up, .fini = tear_down);

static void take(long step, uint64_t seed)
{
    const struct answer *a = &answers.answer[0];
    answers.step = step;
    answer_part(a, "epsilon")->data[0] = (float)step / 1024;
    answer_part(a, "epsilon")->data[1] = 0.5f;
    answer_part(a, "limit")->data[0] = 0.5f;
    flips_take(&flips, &answers, pixels, seed);
}

static void take_three(void)
{
    for (long step = 10; step <= 30; step += 10)
        take(step, SEED);
    cr_assert_eq(flips.attack.count, 3);
}

Test(flips, keeps_what_is_newer)
{
    take_three();
    take(30, SEED);
    take(20, SEED); /* looking back */
    cr_assert_eq(flips.attack.count, 3);
    cr_assert_eq(flips.noise.count, 3);
    cr_assert_eq(flips.attack.point[1].first, 20);
    cr_assert_eq(flips.attack.point[1].mean, 20.0f / 1024);
    cr_assert_eq(flips.noise.point[1].mean, 0.5f);
    cr_assert_eq(flips.limit, 0.5f);
}

Test(flips, forgets_what_another_way_took_back)
{
    take_three();
    flips_cut(&flips, 40);
    cr_assert_eq(flips.attack.count, 3);
    flips_cut(&flips, 21);
    cr_assert_eq(flips.attack.count, 2);
    take(25, SEED);
    cr_assert_eq(flips.noise.count, 3);
    cr_assert_eq(flips.noise.point[2].last, 25);
}

Test(flips, another_sample_attack_or_run_begins_anew)
{
    take_three();
    answers.sample.x[7] += 0.25f;
    take(31, SEED);
    cr_assert_eq(flips.attack.count, 1);
    answers.sample.label = 2;
    take(32, SEED);
    cr_assert_eq(flips.attack.count, 1);
    answers.answer[0].question.attack = attack_find("pgd");
    take(33, SEED);
    cr_assert_eq(flips.attack.count, 1);
    answers.answer[0].question.options.norm = NORM_L2;
    take(34, SEED);
    cr_assert_eq(flips.attack.count, 1);
    take(3, SEED + 1);
    cr_assert_eq(flips.attack.count, 1);
    cr_assert_eq(flips.attack.point[0].first, 3);
    answers.answer[0].question.options.eps = 0.3f; /* which plays no part in it */
    take(4, SEED + 1);
    cr_assert_eq(flips.attack.count, 2);
}

Test(flips, takes_nothing_else)
{
    answers.answer[0].ready = false;
    take(10, SEED);
    cr_assert_eq(flips.attack.count, 0);
    answers.answer[0].ready = true;
    answers.count = 0;
    take(10, SEED);
    cr_assert_eq(flips.attack.count, 0);
}

Test(flips, is_bounded)
{
    for (long step = 0; step < 5 * FLIPS_POINTS; step++)
        take(step, SEED);
    cr_assert_leq(flips.attack.count, FLIPS_POINTS);
    cr_assert_eq(flips.attack.point[0].first, 0);
    cr_assert_eq(flips.attack.point[flips.attack.count - 1].last, 5 * FLIPS_POINTS - 1);
}
