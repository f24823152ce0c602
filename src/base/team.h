/**
 * A small team of threads that shares out numbered tasks.
 *
 * The caller works too, so a team of one has no thread of its own. Which thread does which task is left to chance;
 * a task may therefore only write what belongs to its index, and whoever adds results up does it afterwards in the
 * order of the indices: that is how the same seed gives the same bits with any number of threads.
 */
#ifndef FOVEA_BASE_TEAM_H
#define FOVEA_BASE_TEAM_H

#include "base/err.h"

enum { TEAM_MAX = 64 };

struct team;

/** @param threads 1..TEAM_MAX, the caller included. Threads are made with all signals blocked. NULL: no memory. */
struct team *team_new(int threads);
void team_free(struct team *team);         /* accepts NULL; waits for the threads to end */
int team_threads(const struct team *team); /* NULL counts as 1 */

/**
 * Calls task(arg, i) once for every i in 0..tasks-1 and returns when all are done. One caller at a time. NULL team: all in the caller.
 * A task must not call team_run on the same team.
 */
void team_run(struct team *team, int tasks, void (*task)(void *arg, int index), void *arg);

/** Cores this process may run on, at least 1, at most TEAM_MAX. */
int team_cores(void);

#endif
