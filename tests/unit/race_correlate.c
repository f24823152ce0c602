/** Blocks of a large correlation, handed to more threads than there are cores: each has a buffer of its own, and the bits are always the same. */
#include <stdio.h>
#include <string.h>

#include "filter/fast.h"

int main(void)
{
    static const long size[2] = {1500, 900}, side[2] = {5, 5};
    struct tensor x = {0}, w = {0}, want = {0};
    if (tensor_init(&x, 2, size, NULL) || tensor_init(&w, 2, side, NULL))
        return 1;
    for (int i = 0; i < 1350000; i++)
        x.data[i] = (float)(i % 1009 * 7919 % 1009) / 1009;
    for (int i = 0; i < 25; i++)
        w.data[i] = (float)(i * 13 % 7) - 3;
    if (correlate_fast(&x, &w, CORRELATE_SAME, false, NULL, &want, NULL, NULL))
        return 1;
    for (int threads = 1; threads <= 6; threads++) {
        struct team *team = team_new(threads);
        for (int round = 0; round < 5 && team; round++) {
            struct tensor y = {0};
            if (correlate_fast(&x, &w, CORRELATE_SAME, false, team, &y, NULL, NULL) ||
                memcmp(y.data, want.data, tensor_count(&y) * sizeof(float)) != 0) {
                printf("%d threads: other bits in round %d\n", threads, round);
                return 1;
            }
            tensor_fini(&y);
        }
        team_free(team);
    }
    tensor_fini(&x);
    tensor_fini(&w);
    tensor_fini(&want);
    return 0;
}
