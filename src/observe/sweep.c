#include "observe/sweep.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mailbox.h"
#include "base/team.h"
#include "base/text.h"
#include "base/thread.h"
#include "nn/model.h"
#include "observe/sweep_work.h"

static const double between = 0.1; /* seconds between two results of a pass that goes on */

/* A network as others bring it; under the lock. */
struct place {
    const struct net *as; /* who brings weights for it says it is this one; never looked into. NULL: none */
    char *text;           /* the model: what the thread makes its own of */
    struct weights newest;
    unsigned long generation, moment;
    long step;
    bool changed; /* the thread hasn't taken it yet */
};

struct sweep {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* under the lock: */
    bool quit, on, new_task, resting;
    struct sweep_task task;
    unsigned long asked;
    int threads;
    struct place place[SWEEP_NETS];
    /* the thread's: */
    struct sweep_net net[SWEEP_NETS];
    struct sweep_room room;
    struct team *team;
    int team_size;
    struct sweep_result now, shown; /* under way, and as it was published last */
    /* between it and its one reader: */
    struct mailbox mailbox;
    struct sweep_result slot[MAILBOX_SLOTS];
    void (*wake)(void *arg);
    void *arg;
    pthread_t thread;
    bool started;
};

/* ---- the thread ---- */

static void publish(struct sweep *s)
{
    s->slot[mailbox_back(&s->mailbox)] = s->shown;
    mailbox_publish(&s->mailbox);
    if (s->wake)
        s->wake(s->arg);
}

/* Under the lock: its own copy of what is in a place. A network for which there is no memory is left out. */
static void take_place(struct sweep_net *own, struct place *p)
{
    if (own->generation != p->generation) {
        net_free(own->net);
        weights_fini(&own->weights);
        *own = (struct sweep_net){.generation = p->generation};
        if (p->as && (model_parse(p->text, NULL, NULL, &own->net, NULL) ||
                      weights_init(&own->weights, own->net, NULL))) {
            net_free(own->net);
            own->net = NULL;
        }
    }
    if (own->net && p->moment > 0) {
        weights_copy(&own->weights, &p->newest);
        own->moment = p->moment;
        own->step = p->step;
    }
    p->changed = false;
}

static bool some_changed(const struct sweep *s)
{
    bool some = false;
    for (int k = 0; k < SWEEP_NETS; k++)
        some |= s->place[k].changed;
    return some;
}

static bool curves_done(const struct sweep_result *r)
{
    bool done = true;
    for (int k = 0; k < SWEEP_BRANCHES; k++)
        done &= r->curve[k].seen == r->curve[k].total;
    return done;
}

bool sweep_same_curves(const struct sweep_task *a, const struct sweep_task *b)
{
    const struct attack_options *p = &a->options, *q = &b->options;
    const float one[] = {p->step, p->momentum, p->overshoot, p->confidence, p->constant};
    const float other[] = {q->step, q->momentum, q->overshoot, q->confidence, q->constant};
    return a->type == b->type && a->images == b->images && p->norm == q->norm &&
           memcmp(one, other, sizeof one) == 0 && p->iterations == q->iterations &&
           p->random_start == q->random_start && p->searches == q->searches && p->seed == q->seed;
}

/* What a pass is to do. */
struct errand {
    bool first;  /* of this task and these networks: it is shown as it comes */
    bool curves; /* those that were measured still hold */
};

/* Waits for a task, or networks, that weren't measured yet. @return false: the end */
static bool wait_for_work(struct sweep *s, struct errand *e)
{
    pthread_mutex_lock(&s->lock);
    s->resting = true;
    while (!s->quit && !(s->on && s->asked > 0 && (s->new_task || some_changed(s))))
        pthread_cond_wait(&s->changed, &s->lock);
    bool going = !s->quit;
    if (going) {
        s->resting = false;
        e->first = s->new_task;
        e->curves = !some_changed(s) && sweep_same_curves(&s->now.task, &s->task) && curves_done(&s->now);
        s->new_task = false;
        s->now.task = s->task;
        s->now.asked = s->asked;
        for (int k = 0; k < SWEEP_NETS; k++) {
            e->first |= s->net[k].generation != s->place[k].generation;
            if (s->place[k].changed) {
                pass_free(s->net[k].pass); /* it is of the network and the weights before */
                s->net[k].pass = NULL;
                take_place(&s->net[k], &s->place[k]);
            }
        }
    }
    pthread_mutex_unlock(&s->lock);
    return going;
}

/* Waits while it is to rest. @return should the pass go on? */
static bool goes_on(struct sweep *s, int *threads)
{
    pthread_mutex_lock(&s->lock);
    while (!s->quit && !s->new_task && !s->on)
        pthread_cond_wait(&s->changed, &s->lock);
    bool going = !s->quit && !s->new_task;
    for (int k = 0; k < SWEEP_NETS; k++)
        going &= s->place[k].generation == s->net[k].generation;
    *threads = s->threads;
    pthread_mutex_unlock(&s->lock);
    return going;
}

/* Within an attack: is it to end, for what it makes isn't wanted any more? */
static bool stop(void *arg)
{
    struct sweep *s = arg;
    pthread_mutex_lock(&s->lock);
    bool now = s->quit || s->new_task;
    pthread_mutex_unlock(&s->lock);
    return now;
}

/* So many threads as there may be now; a pass belongs to its team. */
static enum err make_passes(struct sweep *s, int threads)
{
    if (s->team_size != threads) {
        sweep_passes_free(s->net);
        team_free(s->team);
        s->team = threads > 1 ? team_new(threads) : NULL;
        s->team_size = threads;
    }
    return sweep_passes_make(s->net, &s->room, s->team, NULL);
}

/* What is whole replaces what is shown; of a first pass everything does, as it comes. */
static void show(struct sweep *s, bool first)
{
    const struct sweep_result *now = &s->now;
    s->shown.progress = now->progress;
    s->shown.task = now->task;
    s->shown.asked = now->asked;
    for (int k = 0; k < SWEEP_BRANCHES; k++)
        if (first || now->curve[k].seen == now->curve[k].total)
            s->shown.curve[k] = now->curve[k];
    if (first || now->grid.done == now->grid.rows)
        s->shown.grid = now->grid;
    if (first || now->transfer.seen == now->transfer.total)
        s->shown.transfer = now->transfer;
    if (now->progress >= 1)
        memcpy(s->shown.moment, now->moment, sizeof now->moment);
}

static void *work(void *arg)
{
    struct sweep *s = arg;
    struct errand errand;
    thread_lower_priority();
    while (wait_for_work(s, &errand)) {
        double told = clock_now();
        int threads = 1;
        bool more = goes_on(s, &threads);
        if (!more || make_passes(s, threads))
            continue;
        sweep_begin(&s->room, s->net, errand.curves, &s->now);
        while (more && goes_on(s, &threads)) {
            if (threads != s->team_size && make_passes(s, threads))
                break;
            more = sweep_more(&s->room, s->net, &s->now);
            if (stop(s)) { /* then what was added last is of no use, whatever is asked next */
                s->now.task.type = NULL;
                break;
            }
            if (!more || clock_now() - told > between) {
                show(s, errand.first);
                publish(s);
                told = clock_now();
            }
        }
    }
    return NULL;
}

/* ---- the others ---- */

enum err sweep_new(const struct dataset *data, enum split split, void (*wake)(void *arg), void *arg,
                   struct sweep **out, struct diag *diag)
{
    struct sweep *s = calloc(1, sizeof *s);
    if (!s)
        return diag_memory(diag, "a sweep of the data");
    *s = (struct sweep){.wake = wake, .arg = arg, .on = true, .threads = 1, .resting = true};
    mailbox_init(&s->mailbox);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    enum err err = sweep_room_init(&s->room, data, split, diag);
    if (!err && !(s->started = thread_start(&s->thread, work, s)))
        err = diag_fail(diag, ERR_MEMORY, NULL, 0, "no thread could be started for the sweep of the data");
    if (err) {
        sweep_free(s);
        return err;
    }
    *out = s;
    return ERR_NONE;
}

void sweep_free(struct sweep *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->quit = true;
    pthread_cond_signal(&s->changed);
    pthread_mutex_unlock(&s->lock);
    if (s->started)
        pthread_join(s->thread, NULL);
    sweep_passes_free(s->net);
    for (int k = 0; k < SWEEP_NETS; k++) {
        net_free(s->net[k].net);
        weights_fini(&s->net[k].weights);
        weights_fini(&s->place[k].newest);
        free(s->place[k].text);
    }
    team_free(s->team);
    sweep_room_fini(&s->room);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

unsigned long sweep_ask(struct sweep *s, const struct sweep_task *task)
{
    pthread_mutex_lock(&s->lock);
    s->task = *task;
    s->task.options.seen = NULL;
    s->task.options.stop = stop;
    s->task.options.stop_arg = s;
    s->task.options.targeted = false;
    s->new_task = true;
    unsigned long asked = ++s->asked;
    pthread_cond_signal(&s->changed);
    pthread_mutex_unlock(&s->lock);
    return asked;
}

void sweep_run(struct sweep *s, bool on)
{
    pthread_mutex_lock(&s->lock);
    s->on = on;
    pthread_cond_signal(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

void sweep_threads(struct sweep *s, int threads)
{
    pthread_mutex_lock(&s->lock);
    s->threads = threads < 1 ? 1 : threads > TEAM_MAX ? TEAM_MAX : threads;
    pthread_mutex_unlock(&s->lock);
}

static enum err check(const struct sweep *s, const struct net *net, struct diag *diag)
{
    const struct dataset *data = s->room.data;
    if (!shape_equal(net->in, data->shape))
        return diag_fail(diag, ERR_SHAPE, NULL, 0, "the network wants images of %s, but those here are %s",
                         shape_text(net->in).s, shape_text(data->shape).s);
    if (net_classes(net) < data->classes)
        return diag_fail(diag, ERR_SHAPE, NULL, 0, "the network has %d classes, but the data %d",
                         net_classes(net), data->classes);
    return ERR_NONE;
}

enum err sweep_enter(struct sweep *s, int place, const struct net *net, struct diag *diag)
{
    struct weights newest = {0};
    char *text = NULL;
    enum err err = net ? check(s, net, diag) : ERR_NONE;
    if (!err && net && !(text = text_copy(net->text)))
        err = diag_memory(diag, "a network");
    if (!err && net)
        err = weights_init(&newest, net, diag);
    pthread_mutex_lock(&s->lock);
    struct place *p = &s->place[place];
    free(p->text);
    weights_fini(&p->newest);
    *p = (struct place){.as = err ? NULL : net,
                        .text = text,
                        .newest = newest,
                        .generation = p->generation + 1,
                        .changed = true};
    pthread_cond_signal(&s->changed);
    pthread_mutex_unlock(&s->lock);
    return err;
}

void sweep_offer(struct sweep *s, int place, const struct net *net, const struct weights *weights,
                 unsigned long moment, long step)
{
    pthread_mutex_lock(&s->lock);
    struct place *p = &s->place[place];
    /* another network may lie where one was: what is copied must at least be as large */
    bool same = p->as == net && p->newest.params_count == weights->params_count &&
                p->newest.buffers_count == weights->buffers_count;
    if (same && moment != p->moment) {
        weights_copy(&p->newest, weights);
        p->moment = moment;
        p->step = step;
        p->changed = true;
        pthread_cond_signal(&s->changed);
    }
    pthread_mutex_unlock(&s->lock);
}

long sweep_newest(struct sweep *s, int place)
{
    pthread_mutex_lock(&s->lock);
    long step = s->place[place].moment > 0 ? s->place[place].step : -1;
    pthread_mutex_unlock(&s->lock);
    return step;
}

const struct sweep_result *sweep_result(struct sweep *s)
{
    int front = mailbox_take(&s->mailbox);
    return front < 0 ? NULL : &s->slot[front];
}

bool sweep_rests(struct sweep *s, const struct sweep_result *r)
{
    pthread_mutex_lock(&s->lock);
    bool rests =
        s->resting && !s->new_task && !some_changed(s) && r && r->asked == s->asked && r->progress >= 1;
    for (int k = 0; k < SWEEP_NETS && rests; k++)
        rests = r->moment[k] == s->place[k].moment;
    pthread_mutex_unlock(&s->lock);
    return rests;
}
