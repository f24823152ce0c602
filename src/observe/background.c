#include "observe/background.h"

#include "base/thread.h"

enum err background_init(struct background *b, const struct net *net, void (*wake)(void *arg), void *arg,
                         struct diag *diag)
{
    *b = (struct background){.wake = wake, .arg = arg};
    mailbox_init(&b->mailbox);
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->changed, NULL);
    enum err err = net ? weights_init(&b->weights, net, diag) : ERR_NONE;
    return err || !net ? err : weights_init(&b->newest, net, diag);
}

enum err background_start(struct background *b, void *(*work)(void *self), void *self, const char *what,
                          struct diag *diag)
{
    b->started = thread_start(&b->thread, work, self);
    return b->started ? ERR_NONE
                      : diag_fail(diag, ERR_MEMORY, NULL, 0, "no thread could be started for %s", what);
}

void background_stop(struct background *b)
{
    pthread_mutex_lock(&b->lock);
    b->quit = true;
    pthread_cond_signal(&b->changed);
    pthread_mutex_unlock(&b->lock);
    if (b->started)
        pthread_join(b->thread, NULL);
    b->started = false;
}

void background_fini(struct background *b)
{
    weights_fini(&b->weights);
    weights_fini(&b->newest);
    pthread_cond_destroy(&b->changed);
    pthread_mutex_destroy(&b->lock);
}

void background_offer(struct background *b, const struct moment *moment)
{
    pthread_mutex_lock(&b->lock);
    if (moment->serial != b->moment) {
        weights_copy(&b->newest, &moment->weights);
        b->moment = moment->serial;
        b->step = moment->step;
        b->offered = true;
        pthread_cond_signal(&b->changed);
    }
    pthread_mutex_unlock(&b->lock);
}

bool background_take(struct background *b)
{
    if (!b->offered)
        return false;
    weights_copy(&b->weights, &b->newest);
    b->offered = false;
    return true;
}

void background_publish(struct background *b)
{
    mailbox_publish(&b->mailbox);
    if (b->wake)
        b->wake(b->arg);
}
