/**
 * A team under load, for ThreadSanitizer: plain (not atomic) numbers pass from the caller to the workers and back, so
 * a missing happens-before shows up as a race and a lost wake-up as a test that never ends.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/team.h"

enum { TASKS = 64, ROUNDS = 2000 };

struct work {
    long in;
    long out[TASKS];
    sigset_t mask[TASKS];
};

static void square(void *arg, int i)
{
    struct work *w = arg;

    w->out[i] = w->in * w->in + i;
    pthread_sigmask(SIG_SETMASK, NULL, &w->mask[i]);
}

static int check(int threads, int rounds, int pause_every)
{
    struct team *team = team_new(threads);
    static struct work w;

    if (!team)
        return 1;
    for (int r = 0; r < rounds; r++) {
        int tasks = r % (TASKS + 1);
        w.in = r;
        team_run(team, tasks, square, &w);
        for (int i = 0; i < tasks; i++) {
            if (w.out[i] != (long)r * r + i) {
                fprintf(stderr, "%d threads, round %d: task %d gave %ld\n", threads, r, i, w.out[i]);
                return 1;
            }
        }
        /* Now and then long enough that everybody has gone to sleep. */
        if (pause_every && r % pause_every == 0)
            usleep(300);
    }
    team_free(team);
    return 0;
}

/** A thread of the team must never be the one that a signal interrupts. */
static int check_signals(void)
{
    struct team *team = team_new(4);
    static struct work w;
    sigset_t mine;
    int blocked = 0;

    pthread_sigmask(SIG_SETMASK, NULL, &mine);
    if (sigismember(&mine, SIGINT)) {
        fprintf(stderr, "making a team changed the caller's signals\n");
        return 1;
    }
    for (int r = 0; r < 1000 && !blocked; r++) {
        team_run(team, TASKS, square, &w);
        for (int i = 0; i < TASKS; i++)
            blocked += sigismember(&w.mask[i], SIGINT) && sigismember(&w.mask[i], SIGTERM);
        usleep(10);
    }
    team_free(team);
    if (!blocked)
        fprintf(stderr, "no thread of the team had its signals blocked\n");
    return !blocked;
}

int main(void)
{
    static const int threads[] = {1, 2, 3, 8, 16};
    int failed = 0;

    for (int i = 0; i < ARRAY_LEN(threads) && !failed; i++) {
        failed |= check(threads[i], ROUNDS, 0);
        failed |= check(threads[i], ROUNDS, 50);
    }
    for (int i = 0; i < 200 && !failed; i++)
        failed |= check(1 + i % 5, i % 3, 0);
    return failed || check_signals();
}
