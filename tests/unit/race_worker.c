/**
 * A chain of filters computed in the background while it is asked for anew as fast as can be: what is taken belongs to the question whose number it bears, is
 * whole, and the last one comes.
 */
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "filter/worker.h"

enum { SIDE = 40, ROUNDS = 60, ASKED = 5 };
static const double patience = 60; /* seconds */
static atomic_long woken;

static void wake(void *arg)
{
    (void)arg;
    atomic_fetch_add(&woken, 1);
}

/* Number `serial` asks for a threshold of an even picture at serial / 1000, after a blur, which leaves it even. */
static bool ask(struct chain_worker *w, const struct image *picture, unsigned long serial)
{
    struct chain chain = {.mode = CORRELATE_SAME, .repeats = true};
    char level[40];
    snprintf(level, sizeof level, "threshold:level=%.3f", (double)serial / 1000);
    return !chain_picture(&chain, picture, NULL) && !chain_add(&chain, "gaussian:k=5,sigma=1", NULL) &&
           !chain_add(&chain, level, NULL) && chain_worker_ask(w, &chain) == serial;
}

static bool is_right(const struct chain_work *work)
{
    const struct chain *c = &work->chain;
    return !work->err && c->results == 3 &&
           (unsigned long)(c->stage[1].value[0] * 1000 + 0.5) == work->serial &&
           c->result[2].image.data[0] == (0.2001 > (double)work->serial / 1000 ? 1 : 0);
}

int main(void)
{
    struct chain_worker *w = NULL;
    struct image picture = {{1, SIDE, SIDE}, mem_floats(SIDE * SIDE)};
    unsigned long serial = 0;
    int status = !picture.data || chain_worker_new(wake, NULL, &w, NULL);
    for (int i = 0; i < SIDE * SIDE && !status; i++)
        picture.data[i] = 0.2002f;
    for (int round = 0; round < ROUNDS && !status; round++) {
        double until = clock_now() + patience;
        unsigned long last = 0;
        for (int i = 0; i < ASKED && !status; i++)
            status = !ask(w, &picture, ++serial);
        while (last != serial && !status) {
            struct chain_work work;
            if (!chain_worker_take(w, &work)) {
                status = clock_now() > until;
                sched_yield();
                continue;
            }
            last = work.serial;
            status = !is_right(&work);
            chain_fini(&work.chain);
        }
        if (status)
            fprintf(stderr, "round %d: nothing came, or something else than was asked for\n", round);
    }
    chain_worker_free(w);
    image_fini(&picture);
    return status || atomic_load(&woken) < ROUNDS;
}
