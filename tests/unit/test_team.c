#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/team.h"

struct tally {
    int done[1000];
    atomic_int calls;
};

static void count_one(void *arg, int i)
{
    struct tally *t = arg;

    t->done[i]++;
    atomic_fetch_add(&t->calls, 1);
}

Test(team, every_index_once)
{
    for (int threads = 1; threads <= 9; threads++) {
        struct team *team = team_new(threads);
        cr_assert_not_null(team);
        cr_assert_eq(team_threads(team), threads);
        for (int tasks = 0; tasks < 1000; tasks = tasks * 2 + 1) {
            struct tally *t = calloc(1, sizeof *t);
            team_run(team, tasks, count_one, t);
            cr_assert_eq(atomic_load(&t->calls), tasks);
            for (int i = 0; i < 1000; i++)
                cr_assert_eq(t->done[i], i < tasks);
            free(t);
        }
        team_free(team);
    }
}

Test(team, no_team_is_the_caller_alone)
{
    struct tally *t = calloc(1, sizeof *t);

    team_run(NULL, 10, count_one, t);
    cr_assert_eq(atomic_load(&t->calls), 10);
    cr_assert_eq(team_threads(NULL), 1);
    team_free(NULL);
    free(t);
}

Test(team, cores_are_counted)
{
    cr_assert(team_cores() >= 1 && team_cores() <= TEAM_MAX);
}

Test(team, the_largest_team)
{
    struct team *team = team_new(TEAM_MAX);
    struct tally *t = calloc(1, sizeof *t);

    for (int round = 0; round < 20; round++)
        team_run(team, 100, count_one, t);
    cr_assert_eq(atomic_load(&t->calls), 2000);
    team_free(team);
    free(t);
}
