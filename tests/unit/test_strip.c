/** The strip: what is kept of how many. */
#include <criterion/criterion.h>

#include "base/strip.h"

/* Moments are {i, -i}. Whatever their number: the first is there, they are in order and equally far apart, and no more than half of the room is lost. */
Test(strip, thinned_evenly)
{
    enum { MOST = 9 };
    for (int most = 1; most <= MOST; most++) {
        float data[2 * MOST] = {0};
        struct strip s;
        strip_begin(&s, 2, most, data);
        cr_assert_eq(s.kept, 0);
        for (int i = 0; i < 200; i++) {
            strip_offer(&s, (float[]){(float)i, -(float)i});
            cr_assert_eq(s.seen, i + 1);
            cr_assert(s.kept >= 1 && s.kept <= most);
            cr_assert(i < most ? s.kept == i + 1 : s.kept >= most / 2, "%d of %d kept", s.kept, most);
            for (int k = 0; k < s.kept; k++)
                cr_assert(data[2 * k] == (float)(k * s.stride) && data[2 * k + 1] == -data[2 * k],
                          "place %d of %d after %d", k, most, i + 1);
            cr_assert(s.kept == most || (s.kept + 1) * s.stride > i, "the newest one is near");
        }
    }
}
