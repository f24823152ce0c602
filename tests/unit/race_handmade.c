/**
 * Histograms of gradients are fitted anew while a fit is under way, and a network sits its exam while moments come as fast as they can: every result is whole, the last ones
 * are what is computed without threads.
 */
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "filter/linear.h"
#include "nn/init.h"
#include "nn/loss.h"
#include "nn/model.h"
#include "observe/exam.h"
#include "observe/handmade.h"
#include "toy.h"
#include "train/evaluate.h"

enum { TRAIN = 300, TEST = 150, SIDE = 12, ROUNDS = 10, MOST = 4 * 4 * 4 * HANDMADE_BINS };
static const double patience = 60; /* seconds */

static const char model[] = "input 1x12x12\nconv 3 3x3\ntanh\nmaxpool 2\nflatten\ndense 4\n";
static struct net *net;
static struct dataset data;
static struct moment moment;
static struct exam *exam;
static atomic_bool stop;

static void *trainer(void *arg)
{
    (void)arg;
    while (!atomic_load(&stop)) {
        moment.serial++;
        moment.step += 3;
        exam_offer(exam, &moment);
        sched_yield();
    }
    return NULL;
}

static const struct handmade_result *finished(struct handmade *h, unsigned long serial)
{
    double until = clock_now() + patience;
    while (clock_now() < until) {
        const struct handmade_result *r = handmade_result(h);
        if (r && (r->done < 0 || r->done > r->total || r->right > TEST))
            return NULL;
        if (r && r->serial == serial && r->stage == HANDMADE_DONE)
            return r;
        sched_yield();
    }
    return NULL;
}

/* The same from all images at once. */
static int right_alone(int cell)
{
    struct hog hog = {SIDE, SIDE, cell, HANDMADE_BINS};
    int width = hog_features(&hog), label[TRAIN + TEST], right = -1;
    float *x = mem_floats((size_t)(TRAIN + TEST) * MOST), picture[SIDE * SIDE], room[36 * HANDMADE_BINS];
    struct linear l;
    for (int i = 0; x && i < TRAIN + TEST; i++) {
        label[i] = dataset_read_floats(&data, i < TRAIN ? SPLIT_TRAIN : SPLIT_TEST, i < TRAIN ? i : i - TRAIN,
                                       picture);
        hog_extract(&hog, picture, room, x + (size_t)i * (size_t)width);
    }
    if (x && !linear_fit(TRAIN, width, x, label, data.classes, 0.01, &l, NULL)) {
        right = linear_right(&l, TEST, x + (size_t)TRAIN * (size_t)width, label + TRAIN);
        linear_fini(&l);
    }
    free(x);
    return right;
}

static bool exam_passes(void)
{
    struct evaluator *e = NULL;
    struct evaluation whole = {0};
    double until = clock_now() + patience;
    if (evaluator_new(net, &data, NULL, &e, NULL))
        return false;
    evaluator_run(e, &moment.weights, loss_types[0], SPLIT_TEST, 0, TEST, false, NULL, &whole);
    evaluator_free(e);
    int right = (int)lrint(whole.accuracy * TEST), passes = 0;
    unsigned long last = 0;
    while (clock_now() < until && passes < ROUNDS) {
        const struct exam_result *r = exam_result(exam);
        if (r && (r->seen > r->total || r->total != TEST || r->moment < last))
            return false;
        if (r && r->seen == r->total && r->right != right)
            return false;
        passes += r && r->seen == r->total;
        last = r ? r->moment : last;
        sched_yield();
    }
    return passes == ROUNDS;
}

int main(void)
{
    pthread_t thread;
    struct diag diag = {0};
    struct handmade *h = NULL;
    int status = 0;
    data = toy_data((struct shape){1, SIDE, SIDE}, 4, TRAIN, TEST);
    if (handmade_cell(data.shape) != 3 || handmade_fits(data.shape, 7) || handmade_fits(data.shape, 1))
        status = 2;
    if (model_parse(model, "model", NULL, &net, &diag) || moment_init(&moment, net, &diag) ||
        exam_new(net, &data, NULL, NULL, &exam, &diag) || handmade_new(&data, NULL, NULL, &h, &diag))
        return 1;
    init_weights(&moment.weights, net, INIT_HE, 3);
    if (pthread_create(&thread, NULL, trainer, NULL))
        return 1;
    for (int round = 0; round < ROUNDS && status == 0; round++) {
        int cell = 3 + round % 4;
        handmade_begin(h, 4); /* left at once */
        const struct handmade_result *r = finished(h, handmade_begin(h, cell));
        if (!r || r->hog.cell != cell || r->trained != TRAIN || r->tested != TEST ||
            r->right != right_alone(cell)) {
            fprintf(stderr, "round %d: %s\n", round, r ? "another result" : "no result, or a torn one");
            status = 1;
        }
    }
    if (status == 0 && !exam_passes()) {
        fprintf(stderr, "the exam has another result, or none\n");
        status = 1;
    }
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    exam_free(exam);
    exam_free(NULL);
    handmade_free(h);
    handmade_free(NULL);
    moment_fini(&moment);
    net_free(net);
    return status;
}
