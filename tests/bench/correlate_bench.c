/** One side of the benchmark's lines about pictures: fovea-correlate ROWS COLUMNS K plain|separable [THREADS]. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/rng.h"
#include "base/team.h"
#include "filter/fast.h"

static void fail(const char *sentence)
{
    fprintf(stderr, "fovea-correlate: %s\n", sentence);
    exit(1);
}

static struct tensor random_tensor(long rows, long cols, bool outer)
{
    struct tensor t = {0};
    struct rng rng;
    const long dim[2] = {rows, cols};
    if (tensor_init(&t, 2, dim, NULL))
        fail("no memory");
    rng_init(&rng, 1);
    for (long i = 0; i < rows * cols; i++)
        t.data[i] = outer ? (float)(1 + i / cols) / (float)(2 + i % cols) : rng_uniform(&rng);
    return t;
}

int main(int argc, char **argv)
{
    struct correlate_plan plan;
    struct tensor y = {0};
    if (argc < 5 || argc > 6)
        fail("usage: fovea-correlate ROWS COLUMNS K plain|separable [THREADS]");
    long rows = atol(argv[1]), cols = atol(argv[2]), k = atol(argv[3]);
    struct team *team = team_new(argc > 5 ? atoi(argv[5]) : 1);
    struct tensor x = random_tensor(rows, cols, false),
                  w = random_tensor(k, k, strcmp(argv[4], "separable") == 0);
    double began = clock_now();
    if (correlate_fast(&x, &w, CORRELATE_VALID, false, team, &y, &plan, NULL))
        fail("no memory, or the kernel is larger than the picture");
    double seconds = clock_now() - began;
    printf("{\"workload\": \"correlate\", \"seconds\": %.6f, \"products\": %ld, \"check\": %.9g}\n", seconds,
           plan.products, (double)y.data[0]);
    tensor_fini(&x);
    tensor_fini(&w);
    tensor_fini(&y);
    team_free(team);
    return 0;
}
