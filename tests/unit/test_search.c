/** The next mistake: against every image looked at one by one, with and without the observer's thread. */
#include <criterion/criterion.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "observe/observer.h"
#include "observing.h"

enum { TINY = 1, IMAGES = 150 };
static const double patience = 20; /* seconds */

static struct net *net;
static struct dataset data;
static struct moment moment;
static atomic_bool shown;
static atomic_int woken;
static struct observer *observer;

static void set_up(void)
{
    net = observed_net(TINY);
    observed_moment(&moment, net, 3);
    observed_data(&data, net, IMAGES);
}

static void tear_down(void)
{
    observer_free(observer);
    moment_fini(&moment);
    net_free(net);
}

TestSuite(search, .init = set_up, .fini = tear_down, .timeout = 120);

static const struct moment *newest(void *source)
{
    (void)source;
    return atomic_exchange(&shown, true) ? NULL : &moment;
}

static void wake(void *arg)
{
    (void)arg;
    atomic_fetch_add(&woken, 1);
}

static void doze(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
}

static void observe(void)
{
    struct observer_options options = {.net = net, .data = &data, .newest = newest, .wake = wake};
    cr_assert_eq(observer_new(&options, &observer, NULL), ERR_NONE);
}

/* Is image `index` of the split a mistake? In a pass of its own. */
static bool mistaken(enum split split, int index)
{
    float *x = observed_floats(shape_count(net->in));
    int label = dataset_read_floats(&data, split, index, x), k = net_classes(net);
    struct pass *pass = observed_pass(&moment, x, label);
    bool wrong = argmax(k, pass_logits(pass)) != label;
    pass_free(pass);
    free(x);
    return wrong;
}

static int expected(const struct search *s)
{
    for (int i = 1; i <= data.count[s->split]; i++) {
        int index = ((s->from + s->step * i) % IMAGES + IMAGES) % IMAGES;
        if (mistaken(s->split, index))
            return index;
    }
    return -1;
}

/* All labels become what the network says, but for a few: mistakes are rare, as in a trained network. */
static int says[SPLITS][IMAGES];
static int read_mostly_right(const struct dataset *d, enum split split, int index, uint8_t *pixels)
{
    for (size_t i = 0; i < shape_count(d->shape); i++)
        pixels[i] = (uint8_t)((size_t)index * 7 + i * (size_t)(index % 5 + 1) + 90 * (size_t)split);
    return says[split][index % IMAGES];
}
static const struct source_type mostly_right = {.name = "mostly right", .read = read_mostly_right};

static void make_mistakes(const int *wrong, int count)
{
    data.source = &mostly_right;
    for (int split = 0; split < SPLITS; split++)
        for (int i = 0; i < IMAGES; i++) {
            for (says[split][i] = 0; mistaken((enum split)split, i);)
                says[split][i]++;
        }
    for (int i = 0; i < count; i++)
        says[SPLIT_TEST][wrong[i]] = (says[SPLIT_TEST][wrong[i]] + 1) % net_classes(net);
}

static int search_alone(const struct search *s)
{
    struct searcher *searcher;
    int looked = 0, found = -1;
    cr_assert_eq(searcher_new(net, &data, &searcher, NULL), ERR_NONE);
    while (found < 0 && looked < data.count[s->split])
        found = searcher_look(searcher, s, &moment, &looked);
    cr_assert(found < 0 || ((s->from + s->step * looked) % IMAGES + IMAGES) % IMAGES == found);
    looked = data.count[s->split];
    cr_assert_eq(searcher_look(searcher, s, &moment, &looked), -1, "nothing is left");
    searcher_free(searcher);
    return found;
}

Test(search, finds_what_looking_at_each_finds)
{
    static const int wrong[] = {3, 40, 41, 149};
    make_mistakes(wrong, ARRAY_LEN(wrong));
    for (int step = -1; step <= 1; step += 2)
        for (int from = 0; from < IMAGES; from++) {
            struct search s = {SPLIT_TEST, from, step}, other = {SPLIT_TRAIN, from, step};
            cr_assert_eq(search_alone(&s), expected(&s), "from %d", from);
            cr_assert_eq(search_alone(&other), -1, "the training images are right");
        }
    make_mistakes(wrong + 1, 1);
    cr_assert_eq(search_alone(&(struct search){SPLIT_TEST, 40, 1}), 40, "itself comes last");
}

static struct finding wait_for(unsigned long serial)
{
    struct finding f = {0};
    for (double begin = clock_now(); clock_now() - begin < patience && !(f.done && f.serial == serial);) {
        doze();
        f = observer_finding(observer);
    }
    cr_assert(f.done && f.serial == serial);
    return f;
}

Test(search, in_the_background)
{
    static const int wrong[] = {7, 90};
    make_mistakes(wrong, ARRAY_LEN(wrong));
    observe();
    cr_assert_eq(observer_finding(observer).serial, 0);
    observer_poke(observer);
    struct search s = {SPLIT_TEST, 8, 1};
    struct finding f = wait_for(observer_find(observer, &s));
    cr_assert(f.index == 90 && f.looked == 82 && f.count == IMAGES);
    s.step = -1;
    cr_assert_eq(wait_for(observer_find(observer, &s)).index, 7);
    s.split = SPLIT_TRAIN;
    f = wait_for(observer_find(observer, &s));
    cr_assert(f.index == -1 && f.looked == IMAGES);
    while (atomic_load(&woken) < 3) /* the last call may be under way */
        doze();
}

/* Blank images, all right, that take a while to read: a search through them lasts longer than this test may. */
static int blank_label;
static int read_slowly(const struct dataset *d, enum split split, int index, uint8_t *pixels)
{
    (void)split, (void)index;
    memset(pixels, 0, shape_count(d->shape));
    doze();
    return blank_label;
}
static const struct source_type slow = {.name = "slow", .read = read_slowly};

Test(search, nothing_waits_for_its_end)
{
    data.source = &slow;
    data.count[SPLIT_TEST] = 1000000;
    while (mistaken(SPLIT_TEST, 0))
        blank_label++;
    observe();
    observer_poke(observer);
    unsigned long first = observer_find(observer, &(struct search){SPLIT_TEST, 0, 1});
    struct inquiry q = {.serial = 1, .split = SPLIT_TEST, .index = 3, .count = 1};
    q.question[0].type = question_find("probabilities");
    observer_ask(observer, &q);
    for (double begin = clock_now(); !observer_answers(observer);) {
        cr_assert_lt(clock_now() - begin, patience, "no answer during a search");
        doze();
    }
    for (int last = 0, steps = 0; steps < 3;) { /* it goes on, and says so */
        struct finding f = observer_finding(observer);
        cr_assert(!f.done && f.serial == first && f.index == -1 && f.looked >= last);
        steps += f.looked > last;
        last = f.looked;
        doze();
    }
    unsigned long second = observer_find(observer, &(struct search){SPLIT_TEST, 5, -1});
    cr_assert(second == first + 1 && observer_finding(observer).looked == 0);
    cr_assert_eq(observer_find(observer, NULL), 0);
    struct finding f = observer_finding(observer);
    cr_assert(f.done && f.serial == second && f.index == -1, "called off");
}
