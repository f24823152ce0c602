#include "observe/purities.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/thread.h"
#include "observe/background.h"

static const double between = 0.2; /* seconds between two results of the first pass */

struct purities {
    int total;
    struct background background;
    bool wanted; /* under its lock */
    /* the thread's: */
    struct purity *purity;
    bool whole; /* a pass has been made to its end, with the weights of `moment`: */
    unsigned long moment;
    long step;
    struct purities_result slot[MAILBOX_SLOTS];
};

static void publish(struct purities *p, int seen)
{
    struct purities_result *r = &p->slot[mailbox_back(&p->background.mailbox)];
    r->moment = p->moment;
    r->step = p->step;
    r->seen = seen;
    r->total = p->total;
    for (int i = 0; i < r->layers; i++)
        r->layer[i] = purity_layer(p->purity, i);
    r->chance = purity_chance(p->purity);
    background_publish(&p->background);
}

/* Waits until it is wanted and there are weights that it hasn't measured. @return false: the end */
static bool wait_for_work(struct purities *p)
{
    struct background *b = &p->background;
    pthread_mutex_lock(&b->lock);
    while (!b->quit && !(p->wanted && b->moment > 0 && (b->offered || b->moment != p->moment)))
        pthread_cond_wait(&b->changed, &b->lock);
    bool going = !b->quit;
    if (going)
        background_take(b);
    p->step = b->step;
    p->moment = b->moment;
    pthread_mutex_unlock(&b->lock);
    return going;
}

static bool disturbed(struct purities *p)
{
    pthread_mutex_lock(&p->background.lock);
    bool yes = p->background.quit || !p->wanted;
    pthread_mutex_unlock(&p->background.lock);
    return yes;
}

static void *work(void *arg)
{
    struct purities *p = arg;
    thread_lower_priority();
    while (wait_for_work(p)) {
        double told = clock_now();
        int seen = 0;
        purity_begin(p->purity);
        while (seen < p->total && !disturbed(p)) {
            seen = purity_more(p->purity, &p->background.weights);
            if (seen == p->total || (!p->whole && clock_now() - told > between)) {
                publish(p, seen);
                told = clock_now();
            }
        }
        p->whole |= seen == p->total;
        if (seen < p->total)
            p->moment = 0; /* to be done another time */
    }
    return NULL;
}

enum err purities_new(const struct net *net, const struct dataset *data, enum split split,
                      void (*wake)(void *arg), void *arg, struct purities **out, struct diag *diag)
{
    struct purities *p = calloc(1, sizeof *p);
    if (!p)
        return diag_memory(diag, "the purity of layers");
    p->total = data->count[split];
    enum err err = background_init(&p->background, net, wake, arg, diag);
    if (!err)
        err = purity_new(net, data, split, &p->purity, diag);
    for (int i = 0; i < MAILBOX_SLOTS && !err; i++) {
        p->slot[i].layers = purity_layers(p->purity);
        p->slot[i].layer = calloc((size_t)p->slot[i].layers + 1, sizeof *p->slot[i].layer);
        err = p->slot[i].layer ? ERR_NONE : diag_memory(diag, "the purity of layers");
    }
    if (!err)
        err = background_start(&p->background, work, p, "the purity of layers", diag);
    if (err) {
        purities_free(p);
        return err;
    }
    *out = p;
    return ERR_NONE;
}

void purities_free(struct purities *p)
{
    if (!p)
        return;
    background_stop(&p->background);
    for (int i = 0; i < MAILBOX_SLOTS; i++)
        free(p->slot[i].layer);
    purity_free(p->purity);
    background_fini(&p->background);
    free(p);
}

void purities_want(struct purities *p, bool wanted)
{
    pthread_mutex_lock(&p->background.lock);
    p->wanted = wanted;
    pthread_cond_signal(&p->background.changed);
    pthread_mutex_unlock(&p->background.lock);
}

void purities_offer(struct purities *p, const struct moment *moment)
{
    background_offer(&p->background, moment);
}

const struct purities_result *purities_result(struct purities *p)
{
    int front = mailbox_take(&p->background.mailbox);
    return front < 0 ? NULL : &p->slot[front];
}
