#include "filter/worker.h"

#include <stdlib.h>

#include "base/thread.h"

struct chain_worker {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* under the lock: */
    bool quit, waiting, done; /* is there something in `wanted`, in `work`? */
    unsigned long serial;     /* of what was asked for last */
    struct chain wanted;
    struct chain_work work;
    /* for good: */
    void (*wake)(void *arg);
    void *arg;
    pthread_t thread;
    bool started;
};

/* @return false: the end */
static bool next(struct chain_worker *w, struct chain_work *work)
{
    pthread_mutex_lock(&w->lock);
    while (!w->quit && !w->waiting)
        pthread_cond_wait(&w->changed, &w->lock);
    bool going = !w->quit;
    if (going) {
        *work = (struct chain_work){.serial = w->serial, .chain = w->wanted};
        w->waiting = false;
        w->wanted = (struct chain){0};
    }
    pthread_mutex_unlock(&w->lock);
    return going;
}

static bool overtaken(struct chain_worker *w)
{
    pthread_mutex_lock(&w->lock);
    bool yes = w->quit || w->waiting;
    pthread_mutex_unlock(&w->lock);
    return yes;
}

/* Stage by stage, so that what nobody waits for any more ends soon. @return false: overtaken */
static bool run(struct chain_worker *w, struct chain_work *work)
{
    int stages = work->chain.stages;
    bool over = false;
    for (int i = 0; i < stages && !work->err && !over; i++) {
        work->chain.stages = i + 1;
        work->err = chain_run(&work->chain, i, NULL, &work->diag);
        over = overtaken(w);
    }
    work->chain.stages = stages;
    return !over;
}

static void *work(void *arg)
{
    struct chain_worker *w = arg;
    struct chain_work now;
    thread_lower_priority();
    while (next(w, &now)) {
        if (!run(w, &now)) {
            chain_fini(&now.chain);
            continue;
        }
        pthread_mutex_lock(&w->lock);
        chain_fini(&w->work.chain); /* one that wasn't taken */
        w->work = now;
        w->done = true;
        pthread_mutex_unlock(&w->lock);
        if (w->wake)
            w->wake(w->arg);
    }
    return NULL;
}

enum err chain_worker_new(void (*wake)(void *arg), void *arg, struct chain_worker **out, struct diag *diag)
{
    struct chain_worker *w = calloc(1, sizeof *w);
    if (!w)
        return diag_memory(diag, "the filters' thread");
    *w = (struct chain_worker){.wake = wake, .arg = arg};
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->changed, NULL);
    w->started = thread_start(&w->thread, work, w);
    if (!w->started) {
        chain_worker_free(w);
        return diag_fail(diag, ERR_MEMORY, NULL, 0, "no thread could be started for the filters");
    }
    *out = w;
    return ERR_NONE;
}

void chain_worker_free(struct chain_worker *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->quit = true;
    pthread_cond_signal(&w->changed);
    pthread_mutex_unlock(&w->lock);
    if (w->started)
        pthread_join(w->thread, NULL);
    chain_fini(&w->wanted);
    chain_fini(&w->work.chain);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

unsigned long chain_worker_ask(struct chain_worker *w, struct chain *chain)
{
    pthread_mutex_lock(&w->lock);
    chain_fini(&w->wanted);
    w->wanted = *chain;
    w->waiting = true;
    unsigned long serial = ++w->serial;
    pthread_cond_signal(&w->changed);
    pthread_mutex_unlock(&w->lock);
    *chain = (struct chain){0};
    return serial;
}

bool chain_worker_take(struct chain_worker *w, struct chain_work *out)
{
    pthread_mutex_lock(&w->lock);
    bool there = w->done;
    if (there) {
        *out = w->work;
        w->work = (struct chain_work){0};
        w->done = false;
    }
    pthread_mutex_unlock(&w->lock);
    return there;
}
