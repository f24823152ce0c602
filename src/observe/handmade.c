#include "observe/handmade.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "filter/linear.h"
#include "observe/background.h"

enum { CHUNK = 64 };
static const double between = 0.1; /* seconds between two publications */
static const double ridge = 0.01;

struct handmade {
    const struct dataset *data;
    struct background background;
    /* under its lock: */
    unsigned long serial;
    int cell;
    /* the thread's: */
    struct handmade_result now;
    double began, told;
    float *x, *grey, *room; /* an image, its luma, its cells */
    float *features;        /* [CHUNK][HANDMADE_FEATURES] */
    int label[CHUNK];
    struct handmade_result slot[MAILBOX_SLOTS];
};

static struct hog hog_for(struct shape shape, int cell)
{
    return (struct hog){shape.h, shape.w, cell, HANDMADE_BINS};
}

bool handmade_fits(struct shape shape, int cell)
{
    struct hog hog = hog_for(shape, cell);
    return cell >= 2 && hog_features(&hog) > 0 && hog_features(&hog) <= HANDMADE_FEATURES;
}

int handmade_cell(struct shape shape)
{
    int least = shape.h < shape.w ? shape.h : shape.w;
    for (int cell = least / 4 > 2 ? least / 4 : 2; cell <= least / 2; cell++)
        if (handmade_fits(shape, cell))
            return cell;
    return 0;
}

/* Has it been told to do something else, or to end? */
static bool disturbed(struct handmade *h)
{
    pthread_mutex_lock(&h->background.lock);
    bool yes = h->background.quit || h->serial != h->now.serial;
    pthread_mutex_unlock(&h->background.lock);
    return yes;
}

static void publish(struct handmade *h, enum handmade_stage stage)
{
    h->now.stage = stage;
    h->now.seconds = clock_now() - h->began;
    h->told = clock_now();
    h->slot[mailbox_back(&h->background.mailbox)] = h->now;
    background_publish(&h->background);
}

/* Features and labels of images first..first+n-1 of a split. */
static void gather(struct handmade *h, enum split split, int first, int n)
{
    struct shape s = h->data->shape;
    int width = hog_features(&h->now.hog);
    for (int i = 0; i < n; i++) {
        h->label[i] = dataset_read_floats(h->data, split, first + i, h->x);
        hog_grey(s.c, (size_t)s.h * (size_t)s.w, h->x, h->grey);
        hog_extract(&h->now.hog, h->grey, h->room, h->features + (size_t)i * (size_t)width);
    }
}

/* All images of a stage, some at a time. @return false: something else is to be done */
static bool go_through(struct handmade *h, enum handmade_stage stage, struct linear_sums *sums,
                       const struct linear *l)
{
    enum split split = stage == HANDMADE_READS ? SPLIT_TRAIN : SPLIT_TEST;
    int most = split == SPLIT_TRAIN ? HANDMADE_TRAIN : HANDMADE_TEST, count = h->data->count[split];
    h->now.total = count < most ? count : most;
    for (h->now.done = 0; h->now.done < h->now.total;) {
        int left = h->now.total - h->now.done, n = left < CHUNK ? left : CHUNK;
        if (disturbed(h))
            return false;
        gather(h, split, h->now.done, n);
        if (split == SPLIT_TRAIN)
            linear_sums_add(sums, n, h->features, h->label);
        else
            h->now.right += linear_right(l, n, h->features, h->label);
        h->now.done += n;
        if (clock_now() > h->told + between)
            publish(h, stage);
    }
    return true;
}

static void fit(struct handmade *h)
{
    struct linear_sums *sums = NULL;
    struct linear l = {0};
    enum err err = linear_sums_new(hog_features(&h->now.hog), h->data->classes, &sums, &h->now.diag);
    bool going = !err && go_through(h, HANDMADE_READS, sums, NULL);
    if (going) {
        h->now.trained = h->now.total;
        publish(h, HANDMADE_SOLVES);
        err = linear_sums_fit(sums, ridge, &l, &h->now.diag);
        going = !err && go_through(h, HANDMADE_TESTS, NULL, &l);
    }
    if (going)
        h->now.tested = h->now.total;
    if (going || err)
        publish(h, err ? HANDMADE_FAILED : HANDMADE_DONE);
    linear_sums_free(sums);
    linear_fini(&l);
}

/* @return false: the end */
static bool wait_for_work(struct handmade *h)
{
    struct background *b = &h->background;
    pthread_mutex_lock(&b->lock);
    while (!b->quit && h->serial == h->now.serial)
        pthread_cond_wait(&b->changed, &b->lock);
    h->now = (struct handmade_result){.serial = h->serial, .hog = hog_for(h->data->shape, h->cell)};
    bool going = !b->quit;
    pthread_mutex_unlock(&b->lock);
    h->began = clock_now();
    return going;
}

static void *work(void *arg)
{
    struct handmade *h = arg;
    thread_lower_priority();
    while (wait_for_work(h))
        fit(h);
    return NULL;
}

enum err handmade_new(const struct dataset *data, void (*wake)(void *arg), void *arg, struct handmade **out,
                      struct diag *diag)
{
    struct handmade *h = calloc(1, sizeof *h);
    if (!h)
        return diag_memory(diag, "histograms of gradients");
    h->data = data;
    size_t plane = (size_t)data->shape.h * (size_t)data->shape.w;
    enum err err = background_init(&h->background, NULL, wake, arg, diag);
    h->x = mem_floats(shape_count(data->shape));
    h->grey = mem_floats(plane);
    h->room = mem_floats((plane / 4 + 1) * HANDMADE_BINS);
    h->features = mem_floats((size_t)CHUNK * HANDMADE_FEATURES);
    if (!err && !(h->x && h->grey && h->room && h->features))
        err = diag_memory(diag, "histograms of gradients");
    if (!err)
        err = background_start(&h->background, work, h, "histograms of gradients", diag);
    if (err) {
        handmade_free(h);
        return err;
    }
    *out = h;
    return ERR_NONE;
}

void handmade_free(struct handmade *h)
{
    if (!h)
        return;
    background_stop(&h->background);
    background_fini(&h->background);
    free(h->x);
    free(h->grey);
    free(h->room);
    free(h->features);
    free(h);
}

unsigned long handmade_begin(struct handmade *h, int cell)
{
    pthread_mutex_lock(&h->background.lock);
    h->cell = cell;
    unsigned long serial = ++h->serial;
    pthread_cond_signal(&h->background.changed);
    pthread_mutex_unlock(&h->background.lock);
    return serial;
}

const struct handmade_result *handmade_result(struct handmade *h)
{
    int front = mailbox_take(&h->background.mailbox);
    return front < 0 ? NULL : &h->slot[front];
}
