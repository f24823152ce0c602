/** The observer's thread: when it answers, about what, and when it leaves the machine alone. What the answers hold is for test_questions.c. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mailbox.h"
#include "observe/observer.h"
#include "observe/probe.h"
#include "observing.h"

enum { LENET = 2, IMAGES = 5 };
static const double patience = 20; /* seconds */

/* A source of moments that a test shows one by one. */
static struct net *net;
static struct dataset data;
static struct moment moments[4];
static atomic_int shown; /* index + 1 of the one to lend; 0: nothing new */
static atomic_int woken, fetched;
static atomic_bool signals_open;
static struct observer *observer;

static const struct moment *newest(void *source)
{
    (void)source;
    atomic_fetch_add(&fetched, 1);
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    if (!sigismember(&blocked, SIGINT) || !sigismember(&blocked, SIGWINCH))
        atomic_store(&signals_open, true);
    int at = atomic_exchange(&shown, 0);
    return at ? &moments[at - 1] : NULL;
}

static void wake(void *arg)
{
    cr_assert_eq(arg, &woken);
    atomic_fetch_add(&woken, 1);
}

/* With a share of a core for the observer. */
static void set_up_share(int model, double share)
{
    struct diag diag = {0};
    net = observed_net(model);
    observed_data(&data, net, IMAGES);
    for (int i = 0; i < ARRAY_LEN(moments); i++)
        observed_moment(&moments[i], net, (uint64_t)i + 1);
    struct observer_options options = {
        .net = net, .data = &data, .newest = newest, .wake = wake, .arg = &woken, .share = share};
    cr_assert_eq(observer_new(&options, &observer, &diag), ERR_NONE, "%s", diag.text);
}

static void set_up(int model)
{
    set_up_share(model, 0);
}

static void tear_down(void)
{
    observer_free(observer);
    for (int i = 0; i < ARRAY_LEN(moments); i++)
        moment_fini(&moments[i]);
    net_free(net);
}

static void show(int moment)
{
    atomic_store(&shown, moment + 1);
    observer_poke(observer);
}

static void doze(double seconds)
{
    nanosleep(&(struct timespec){.tv_nsec = (long)(seconds * 1e9)}, NULL);
}

static const struct answers *wait_for_answers(void)
{
    const struct answers *a = NULL;
    for (double begin = clock_now(); !(a = observer_answers(observer)) && clock_now() - begin < patience;)
        doze(0.0005);
    cr_assert_not_null(a, "no answer");
    return a;
}

static struct inquiry questions_of_all_types(unsigned long serial)
{
    struct inquiry q = {.serial = serial, .split = SPLIT_TEST, .index = 2};
    for (int t = 0; question_types[t]; t++) {
        q.question[q.count] =
            (struct question){.type = question_types[t], .options = {.eps = 0.1f, .iterations = 3}};
        q.question[q.count].layer = question_types[t]->needs_layer ? net_find(net, "conv1") : 0;
        q.question[q.count++].attack = question_types[t]->needs_attack ? attack_types[1] : NULL;
    }
    return q;
}

/* The same bits as a probe without a thread gives. */
static void check_answers(const struct answers *a, const struct moment *m, const struct inquiry *q)
{
    struct probe probe;
    struct sample sample = a->sample;
    struct answer expected = {0};
    cr_assert_eq(probe_init(&probe, net, NULL), ERR_NONE);
    probe_run(&probe, m, &sample);
    cr_assert(a->serial == q->serial && a->moment == m->serial && a->step == m->step && a->epoch == m->epoch);
    cr_assert_eq(a->count, q->count);
    cr_assert_gt(a->seconds, 0);
    for (int i = 0; i < q->count; i++) {
        const struct answer *answer = answers_find(a, &q->question[i]);
        cr_assert_eq(answer, &a->answer[i]);
        cr_assert(answer->ready && probe_answer(&probe, &q->question[i], &expected));
        cr_assert_eq(answer->parts, expected.parts);
        for (int p = 0; p < expected.parts; p++) {
            const struct part *x = &expected.part[p];
            cr_assert_arr_eq(answer->part[p].data, x->data,
                             (size_t)x->n * shape_count(x->shape) * sizeof(float), "%s", x->name);
        }
    }
    answer_fini(&expected);
    probe_fini(&probe);
}

static void check_image(const struct answers *a, enum split split, int index)
{
    float *x = observed_floats(shape_count(net->in));
    int label = dataset_read_floats(&data, split, index, x);
    cr_assert(!a->sample.own && a->sample.split == split && a->sample.index == index);
    cr_assert_eq(a->sample.label, label);
    cr_assert_arr_eq(a->sample.x, x, shape_count(net->in) * sizeof *x);
    free(x);
}

Test(observer, answers_about_the_newest_moment_and_the_last_inquiry, .timeout = 60)
{
    set_up(LENET);
    struct inquiry q = questions_of_all_types(1);
    observer_ask(observer, &q);
    doze(0.02);
    cr_assert_null(observer_answers(observer), "an answer before the first moment");
    cr_assert_eq(observer_weights(observer, NULL), -1);
    show(0);
    const struct answers *a = wait_for_answers();
    check_answers(a, &moments[0], &q);
    check_image(a, SPLIT_TEST, 2);

    show(1); /* another moment, the same inquiry */
    a = wait_for_answers();
    check_answers(a, &moments[1], &q);

    q.serial = 2; /* the same moment, another image and fewer questions */
    q.split = SPLIT_TRAIN;
    q.index = 4;
    q.count = 2;
    observer_ask(observer, &q);
    a = wait_for_answers();
    check_answers(a, &moments[1], &q);
    check_image(a, SPLIT_TRAIN, 4);
    struct question gone = {.type = question_find("probabilities")};
    cr_assert_null(answers_find(a, &gone));
    struct weights weights;
    cr_assert_eq(weights_init(&weights, net, NULL), ERR_NONE);
    cr_assert_eq(observer_weights(observer, &weights), moments[1].step);
    cr_assert_arr_eq(weights.params, moments[1].weights.params, weights.params_count * sizeof(float));
    weights_fini(&weights);
    cr_assert_not(atomic_load(&signals_open), "the observer's thread would catch signals");
    tear_down();
}

Test(observer, a_moment_may_come_before_the_first_inquiry, .timeout = 60)
{
    set_up(LENET);
    show(2);
    for (double begin = clock_now(); !atomic_load(&fetched) && clock_now() - begin < patience;)
        doze(0.001);
    cr_assert_null(observer_answers(observer), "an answer to no question");
    struct inquiry q = questions_of_all_types(1);
    observer_ask(observer, &q);
    check_answers(wait_for_answers(), &moments[2], &q);
    tear_down();
}

Test(observer, sleeps_when_nothing_is_new, .timeout = 60)
{
    set_up(LENET);
    struct inquiry q = questions_of_all_types(1);
    observer_ask(observer, &q);
    show(0);
    double rest = wait_for_answers()->seconds; /* as long as it worked */
    for (int i = 0; i < 10; i++) {
        if (i % 2)
            show(0); /* the same moment again */
        else
            observer_poke(observer);
        doze(0.003);
    }
    doze(rest + 0.1);
    cr_assert_null(observer_answers(observer), "an answer to nothing new");
    cr_assert_eq(atomic_load(&woken), 1);
    int before = atomic_load(&fetched);
    doze(0.05);
    cr_assert_eq(atomic_load(&fetched), before, "it looks for moments unasked");
    tear_down();
}

Test(observer, looks_at_pixels_that_it_is_given, .timeout = 60)
{
    set_up(LENET);
    size_t count = shape_count(net->in);
    float *x = observed_floats(count), *kept = observed_floats(count);
    observed_pixels(net->in, 77, x);
    memcpy(kept, x, count * sizeof *x);
    struct inquiry q = questions_of_all_types(1);
    q.own = x;
    q.own_label = -1;
    observer_ask(observer, &q);
    memset(x, 0, count * sizeof *x); /* it was copied */
    show(0);
    const struct answers *a = wait_for_answers();
    cr_assert(a->sample.own && a->sample.label == -1 && a->sample.index == 0);
    cr_assert_arr_eq(a->sample.x, kept, count * sizeof *x);
    struct question input = {.type = question_find("input")};
    cr_assert_arr_eq(answer_part(answers_find(a, &input), "x")->data, kept, count * sizeof *x);
    show(1); /* and stays what is looked at */
    a = wait_for_answers();
    cr_assert_eq(a->moment, moments[1].serial);
    cr_assert_arr_eq(a->sample.x, kept, count * sizeof *x);
    free(x);
    free(kept);
    tear_down();
}

Test(observer, keeps_its_storage_while_the_questions_stay, .timeout = 60)
{
    set_up(LENET);
    struct inquiry q = questions_of_all_types(1);
    const float *seen[MAILBOX_SLOTS] = {0};
    int kinds = 0;
    observer_ask(observer, &q);
    for (int round = 0; round < 30; round++) {
        show(round % 2);
        const struct answers *a = wait_for_answers();
        int k = 0;
        while (k < kinds && seen[k] != a->answer[0].storage)
            k++;
        cr_assert_lt(k, MAILBOX_SLOTS, "storage in a fourth place");
        seen[k] = a->answer[0].storage;
        kinds = k == kinds ? k + 1 : kinds;
    }
    tear_down();
}

Test(observer, says_what_it_cannot_answer, .timeout = 60)
{
    set_up(0); /* mlp: no convolution in it */
    struct inquiry q = {.serial = 1, .count = 2};
    q.question[0].type = question_find("filters");
    q.question[1].type = question_find("input");
    observer_ask(observer, &q);
    show(0);
    const struct answers *a = wait_for_answers();
    cr_assert(!a->answer[0].ready && a->answer[0].parts == 0 && a->answer[1].ready);
    tear_down();
}

/* Moments without a pause: answers take no more than their share of the time. True on any machine, since the rest is measured too. */
static void assert_share(double given, double most)
{
    set_up_share(LENET, given);
    struct inquiry q = questions_of_all_types(1);
    observer_ask(observer, &q);
    double begin = clock_now(), busy = 0, last = 0, now = begin;
    for (int i = 0; now - begin < 0.3 || busy == 0; i++) {
        show(i % 2);
        doze(0.0005);
        const struct answers *a = observer_answers(observer);
        busy += a ? last : 0;
        last = a ? a->seconds : last;
        now = clock_now();
    }
    cr_assert_gt(busy, 0);
    cr_assert_leq(busy, most * (now - begin));
    tear_down();
}

Test(observer, rests_as_long_as_it_worked, .timeout = 60)
{
    assert_share(0, OBSERVER_SHARE);
}

Test(observer, rests_longer_where_it_may_take_less, .timeout = 60)
{
    assert_share(0.1, 0.1);
}

/* A rest of half a second or so, which another inquiry ends. A machine that is busy with other things gets several tries. */
Test(observer, an_inquiry_ends_the_rest, .timeout = 60)
{
    bool ended = false;
    set_up(LENET);
    for (unsigned long try = 0; try < 5 && !ended; try++) {
        struct inquiry slow = questions_of_all_types(2 * try + 1), quick = {.serial = 2 * try + 2};
        slow.question[slow.count - 1].options.iterations = 1500;
        observer_ask(observer, &slow);
        show(0);
        const struct answers *a = wait_for_answers();
        while (a->serial != slow.serial)
            a = wait_for_answers();
        double rest = a->seconds, begin = clock_now();
        observer_ask(observer, &quick);
        a = wait_for_answers();
        cr_assert(a->serial == quick.serial && a->count == 0);
        ended = clock_now() - begin < rest / 2;
    }
    cr_assert(ended, "a new inquiry waits for the end of the rest");
    tear_down();
}

/* An attack that would take days: neither the next inquiry nor leaving waits for it. */
Test(observer, an_inquiry_ends_long_answers, .timeout = 60)
{
    set_up(LENET);
    struct inquiry endless = questions_of_all_types(1), quick = {.serial = 2};
    for (int i = 0; i < endless.count; i++)
        if (endless.question[i].type->needs_attack)
            endless.question[i].options.iterations = 2000000000;
    observer_ask(observer, &endless);
    show(0);
    doze(0.3);
    observer_ask(observer, &quick);
    const struct answers *a = wait_for_answers();
    cr_assert(a->serial == quick.serial && a->count == 0, "half an answer was published");
    endless.serial = 3;
    observer_ask(observer, &endless);
    doze(0.1);
    tear_down();
}

Test(observer, needs_images_of_the_right_shape)
{
    struct diag diag = {0};
    struct observer_options options = {.data = &data, .newest = newest};
    net = observed_net(LENET);
    options.net = net;
    observed_data(&data, net, IMAGES);
    data.shape = (struct shape){3, 32, 32};
    cr_assert_eq(observer_new(&options, &observer, &diag), ERR_SHAPE);
    cr_assert(strstr(diag.text, "3x32x32") && strstr(diag.text, "1x28x28"), "%s", diag.text);
    options.data = NULL; /* its own samples only */
    cr_assert_eq(observer_new(&options, &observer, &diag), ERR_NONE);
    observer_free(observer);
    observer_free(NULL);
    net_free(net);
}
