/**
 * A trainer that publishes moments as fast as it can, an asker that changes its mind, and the observer between them: every set of answers is about one
 * moment and one sample, and neither moments nor inquiries go back in time; between them searches for mistakes begin, end and are called off. Moment number s has s in every weight and -s in every gradient, and
 * image number i has i in every pixel, so that a mixture shows.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mailbox.h"
#include "nn/model.h"
#include "observe/observer.h"

enum { IMAGES = 50, ANSWERS = 300 };
static const double patience = 60; /* seconds */

static const char model[] = "input 1x12x12\nconv 3 3x3\nrelu\nmaxpool 2\nflatten\ndense 4\n";
static struct net *net;
static struct mailbox mailbox;
static struct moment slot[MAILBOX_SLOTS];
static struct observer *observer;
static atomic_bool stop;
static atomic_int woken;

static int read_image(const struct dataset *d, enum split split, int index, uint8_t *pixels)
{
    (void)split;
    memset(pixels, index, shape_count(d->shape));
    return index % d->classes;
}

/* Small enough for a float to hold it exactly. */
static float number(unsigned long serial)
{
    return (float)(serial % (1 << 24));
}

static void *trainer(void *arg)
{
    (void)arg;
    for (unsigned long serial = 1; !atomic_load(&stop); serial++) {
        struct moment *m = &slot[mailbox_back(&mailbox)];
        for (size_t i = 0; i < net->params; i++) {
            m->weights.params[i] = number(serial);
            m->grads[i] = -number(serial);
        }
        m->serial = serial;
        m->step = (long)serial * 10;
        mailbox_publish(&mailbox);
        if (serial % 100 == 0) /* in between, moments change hands without a word */
            observer_poke(observer);
    }
    return NULL;
}

static const struct moment *newest(void *source)
{
    (void)source;
    int index = mailbox_take(&mailbox);
    return index < 0 ? NULL : &slot[index];
}

static void wake(void *arg)
{
    (void)arg;
    atomic_fetch_add(&woken, 1);
}

/* What inquiry number `serial` asks: another image each time, every fifth one the asker's own, 1 to 4 questions that
 * end with the filters; the first of four takes a while, so that moments come meanwhile. */
static void ask(unsigned long serial)
{
    float own[12 * 12];
    struct inquiry q = {.serial = serial, .index = (int)(serial % IMAGES), .own_label = -1};
    for (int i = 0; i < 12 * 12; i++)
        own[i] = (float)(serial % IMAGES) / 255.0f;
    q.own = serial % 5 == 0 ? own : NULL;
    struct question all[] = {
        {.type = question_find("attack"),
         .attack = attack_find("pgd"),
         .options = {.eps = 0.1f, .iterations = 100}},
        {.type = question_find("activation"), .layer = (int)(serial % (unsigned)net->layers)},
        {.type = question_find("input")},
        {.type = question_find("filters")},
    };
    q.count = 1 + (int)(serial % 4);
    memcpy(q.question, all + 4 - q.count, (size_t)q.count * sizeof *all);
    observer_ask(observer, &q);
    memset(own, 0, sizeof own); /* it was copied */
}

static bool constant(const struct part *p, float value)
{
    size_t count = (size_t)p->n * shape_count(p->shape);
    for (size_t i = 0; i < count; i++)
        if (p->data[i] != value)
            return false;
    return true;
}

static const char *whole(const struct answers *a)
{
    struct question filters = {.type = question_find("filters")}, input = {.type = question_find("input")};
    const struct answer *f = answers_find(a, &filters), *x = answers_find(a, &input);
    float pixel = (float)(a->serial % IMAGES) / 255.0f;
    if (a->count != 1 + (int)(a->serial % 4))
        return "not as many answers as questions";
    for (int i = 0; i < a->count; i++)
        if (!a->answer[i].ready)
            return "an answer isn't ready";
    if (!f || !constant(answer_part(f, "weight"), number(a->moment)) ||
        !constant(answer_part(f, "bias"), number(a->moment)) ||
        !constant(answer_part(f, "gradient"), -number(a->moment)))
        return "weights of several moments, or of another than it says";
    if (a->step != (long)a->moment * 10)
        return "the step of another moment";
    if (a->sample.own != (a->serial % 5 == 0) || a->sample.x[0] != pixel || a->sample.x[143] != pixel)
        return "a sample that wasn't asked for";
    if (x && !constant(answer_part(x, "x"), pixel))
        return "an answer about another sample";
    return NULL;
}

/* A search now and then, sometimes called off; the last one's end is looked for as a person would see it. */
static const char *seek(int seen)
{
    static unsigned long last;
    struct finding f = observer_finding(observer);
    if (f.serial != last || f.looked > f.count || f.index >= IMAGES || (f.index >= 0 && !f.done))
        return "a finding that wasn't asked for";
    if (seen % 7 == 0)
        last = observer_find(observer, &(struct search){SPLIT_TEST, seen % IMAGES, seen % 2 ? 1 : -1});
    else if (seen % 11 == 0)
        observer_find(observer, NULL);
    return NULL;
}

static const char *watch(void)
{
    unsigned long serial = 1, last_serial = 0, last_moment = 0, moments = 0;
    double begin = clock_now();
    ask(serial);
    for (int seen = 0; seen < ANSWERS;) {
        const struct answers *a = observer_answers(observer);
        if (clock_now() - begin > patience)
            return "it takes too long";
        if (!a) {
            sched_yield();
            continue;
        }
        const char *wrong = whole(a), *strange = seek(seen);
        if (wrong || strange)
            return wrong ? wrong : strange;
        if (a->serial < last_serial || a->serial > serial || a->moment < last_moment)
            return "back in time";
        moments += a->moment > last_moment;
        last_serial = a->serial;
        last_moment = a->moment;
        if (++seen % 3 == 0)
            ask(++serial);
        if (seen % 30 == 0)
            ask(++serial); /* twice in a row: the newest wins */
    }
    if (atomic_load(&woken) < ANSWERS - 1) /* the last call may be under way */
        return "answers that nobody was woken for";
    return moments > 2 && last_serial > 2 ? NULL : "neither moments nor inquiries came through";
}

int main(void)
{
    static const struct source_type source = {.name = "made", .read = read_image};
    struct dataset data = {.source = &source, .shape = {1, 12, 12}, .classes = 4, .count = {IMAGES, IMAGES}};
    struct diag diag = {0};
    pthread_t thread;
    mailbox_init(&mailbox);
    if (model_parse(model, "model", NULL, &net, &diag))
        return 1;
    for (int i = 0; i < MAILBOX_SLOTS; i++)
        if (moment_init(&slot[i], net, &diag))
            return 1;
    struct observer_options options = {.net = net, .data = &data, .newest = newest, .wake = wake};
    if (observer_new(&options, &observer, &diag) || pthread_create(&thread, NULL, trainer, NULL) != 0)
        return 1;
    const char *wrong = watch();
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    observer_free(observer);
    for (int i = 0; i < MAILBOX_SLOTS; i++)
        moment_fini(&slot[i]);
    net_free(net);
    if (wrong)
        fprintf(stderr, "%s\n", wrong);
    return wrong != NULL;
}
