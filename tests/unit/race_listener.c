/**
 * Questions to a listener as fast as they can be asked, series opened and closed between them: every result is of a question that was asked, and the last one is whole.
 */
#include <math.h>
#include <sched.h>
#include <stdio.h>

#include "base/clock.h"
#include "filter/listener.h"

enum { ROUNDS = 60, QUESTIONS = 20 };
static const double patience = 60; /* seconds */

static bool settle(struct listener *l, const struct listener_question *q)
{
    const struct listener_result *r = NULL;
    double until = clock_now() + patience;
    while (!listener_settled(l) && clock_now() < until) {
        const struct listener_result *more = listener_take(l);
        r = more ? more : r;
        sched_yield();
    }
    return r && r->serial == q->serial && r->whole_done && r->error.count == q->change.x->count - 2 &&
           r->search_done == (q->piece != NULL) && r->rows == q->rows &&
           fabs((double)r->view_from - (double)q->from) < 1;
}

int main(void)
{
    struct listener *l;
    struct signal x;
    unsigned long serial = 0;
    int status = 0;
    if (listener_new(NULL, NULL, &l, NULL))
        return 1;
    for (int round = 0; round < ROUNDS && status == 0; round++) {
        if (signal_make(round % 2 ? "melody" : "waves", &x, NULL))
            return 1;
        struct listener_question q = {.change = {.x = &x, .weights = 3, .w = {0.25f, 0.5f, 0.25f}},
                                      .window = 64};
        for (int i = 0; i < QUESTIONS; i++) {
            q.change.sigma = 0.01 * (double)serial;
            q.from = 3 * i;
            q.span = x.count / (1 + i) - q.from;
            q.span = q.span > 0 ? q.span : 1;
            q.piece = i % 2 ? x.x + 10 : NULL;
            q.length = 100;
            q.serial = ++serial;
            q.rows = q.cols = i;
            listener_ask(l, &q);
            if (i % 7 == 0)
                (void)listener_take(l);
        }
        if (!settle(l, &q)) {
            fprintf(stderr, "round %d: no result, or another\n", round);
            status = 1;
        }
        listener_rest(l); /* before the series goes */
        signal_fini(&x);
    }
    listener_free(l);
    return status;
}
