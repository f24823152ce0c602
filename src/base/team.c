/**
 * How a team shares out work.
 *
 * A round is one call of team_run(). The caller writes down the task, sets the ticket counter and only then raises the
 * round number; a worker that sees a new number takes tickets until they run out, and says that it has left. The caller
 * takes tickets too and returns when every worker has left: nobody can still be looking at an old round's task when
 * the next one is written down.
 *
 * Training calls team_run() thousands of times a second with microseconds between the calls, and waking a sleeping
 * thread costs several microseconds, so a worker first spins a short while on the round number before it sleeps on
 * the condition variable (and so does the caller, waiting for the last worker to leave). When there are more threads
 * than cores spinning would steal the core from whoever has the work: then everybody sleeps at once.
 *
 * The round number is an atomic that is changed under the lock; a thread checks it again under the lock before sleeping,
 * so no wake-up is lost. Workers block all signals: Ctrl-C is the main thread's business.
 */
#include "base/team.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/thread.h"

#define SPIN_SECONDS 50e-6

struct team {
    int threads; /* the caller included */
    bool spins;
    pthread_t worker[TEAM_MAX];

    pthread_mutex_t lock;
    pthread_cond_t start, finish;
    atomic_ulong round;
    bool stop; /* written before the round that ends the threads is raised */

    void (*task)(void *arg, int index);
    void *arg;
    int tasks;
    atomic_int ticket; /* next task to be taken */
    atomic_int inside; /* workers that haven't left the round */
};

static void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}

static void take_tickets(struct team *team)
{
    int tasks = team->tasks;

    for (;;) {
        int i = atomic_fetch_add_explicit(&team->ticket, 1, memory_order_relaxed);
        if (i >= tasks)
            return;
        team->task(team->arg, i);
    }
}

/** Waits until the round is no longer `seen`. @return the new one */
static unsigned long next_round(struct team *team, unsigned long seen)
{
    unsigned long round = atomic_load_explicit(&team->round, memory_order_acquire);

    if (round == seen && team->spins) {
        double until = clock_now() + SPIN_SECONDS;
        do {
            for (int i = 0; i < 32 && round == seen; i++) {
                relax();
                round = atomic_load_explicit(&team->round, memory_order_acquire);
            }
        } while (round == seen && clock_now() < until);
    }
    if (round == seen) {
        pthread_mutex_lock(&team->lock);
        while ((round = atomic_load_explicit(&team->round, memory_order_acquire)) == seen)
            pthread_cond_wait(&team->start, &team->lock);
        pthread_mutex_unlock(&team->lock);
    }
    return round;
}

static void leave_round(struct team *team)
{
    if (atomic_fetch_sub_explicit(&team->inside, 1, memory_order_acq_rel) == 1) {
        /* The lock is taken so that the caller is either before its check or already asleep. */
        pthread_mutex_lock(&team->lock);
        pthread_cond_signal(&team->finish);
        pthread_mutex_unlock(&team->lock);
    }
}

static void *work(void *arg)
{
    struct team *team = arg;
    unsigned long seen = 0;

    for (;;) {
        seen = next_round(team, seen);
        if (team->stop)
            return NULL;
        take_tickets(team);
        leave_round(team);
    }
}

static void raise_round(struct team *team)
{
    pthread_mutex_lock(&team->lock);
    atomic_fetch_add_explicit(&team->round, 1, memory_order_release);
    pthread_cond_broadcast(&team->start);
    pthread_mutex_unlock(&team->lock);
}

static void wait_for_all(struct team *team)
{
    if (team->spins) {
        double until = clock_now() + SPIN_SECONDS;
        do {
            for (int i = 0; i < 32; i++) {
                if (atomic_load_explicit(&team->inside, memory_order_acquire) == 0)
                    return;
                relax();
            }
        } while (clock_now() < until);
    }
    pthread_mutex_lock(&team->lock);
    while (atomic_load_explicit(&team->inside, memory_order_acquire) > 0)
        pthread_cond_wait(&team->finish, &team->lock);
    pthread_mutex_unlock(&team->lock);
}

struct team *team_new(int threads)
{
    struct team *team;
    int wanted = threads;

    assert(threads >= 1 && threads <= TEAM_MAX);
    team = calloc(1, sizeof *team);
    if (!team)
        return NULL;
    team->threads = 1;
    team->spins = threads <= team_cores();
    atomic_init(&team->round, 0);
    atomic_init(&team->ticket, 0);
    atomic_init(&team->inside, 0);
    pthread_mutex_init(&team->lock, NULL);
    pthread_cond_init(&team->start, NULL);
    pthread_cond_init(&team->finish, NULL);

    while (team->threads < wanted && thread_start(&team->worker[team->threads - 1], work, team))
        team->threads++;

    if (team->threads < wanted) {
        team_free(team);
        return NULL;
    }
    return team;
}

void team_free(struct team *team)
{
    if (!team)
        return;
    team->stop = true;
    raise_round(team);
    for (int i = 0; i < team->threads - 1; i++)
        pthread_join(team->worker[i], NULL);
    pthread_cond_destroy(&team->finish);
    pthread_cond_destroy(&team->start);
    pthread_mutex_destroy(&team->lock);
    free(team);
}

int team_threads(const struct team *team)
{
    return team ? team->threads : 1;
}

void team_run(struct team *team, int tasks, void (*task)(void *arg, int index), void *arg)
{
    assert(task);
    if (!team || team->threads == 1 || tasks <= 1) {
        for (int i = 0; i < tasks; i++)
            task(arg, i);
        return;
    }
    team->task = task;
    team->arg = arg;
    team->tasks = tasks;
    atomic_store_explicit(&team->ticket, 0, memory_order_relaxed);
    atomic_store_explicit(&team->inside, team->threads - 1, memory_order_relaxed);
    raise_round(team);
    take_tickets(team);
    wait_for_all(team);
}

int team_cores(void)
{
    long cores;
#ifdef CPU_COUNT
    cpu_set_t set;

    cores = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
#else
    cores = sysconf(_SC_NPROCESSORS_ONLN);
#endif
    return cores < 1 ? 1 : cores > TEAM_MAX ? TEAM_MAX : (int)cores;
}
