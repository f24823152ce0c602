/** Match the convolution: one answer is right, the others are explained, and none can be mistaken for it. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "filter/correlate.h"
#include "filter/match.h"

Test(match, questions)
{
    for (int pictures = 0; pictures < 2; pictures++) {
        struct match_set *set;
        int choices, places[MATCH_OUTPUTS] = {0};
        cr_assert(!match_set_new(pictures, &set, NULL));
        const struct match_choice *choice = match_set_choices(set, &choices);
        for (uint64_t n = 0; n < 40; n++) {
            struct match m, again;
            const char *name = NULL;
            struct tensor y;
            cr_assert(!match_ask(set, 5, n, &m, &name, NULL) && !match_ask(set, 5, n, &again, NULL, NULL));
            cr_assert(name && m.x.rank == 1 + pictures);
            cr_assert_eq(again.right, m.right);
            cr_assert_eq(memcmp(again.shown, m.shown, sizeof m.shown), 0);
            for (int i = 0; i < MATCH_OUTPUTS; i++) {
                cr_assert(*choice[m.shown[i]].help);
                cr_assert(!correlate(&m.x, &choice[m.shown[i]].w, CORRELATE_SAME, false, &y, NULL));
                float most = 0, top = 0;
                for (size_t k = 0; k < tensor_count(&y); k++) {
                    cr_assert_float_eq(y.data[k], m.y[i].data[k], 1e-5, "%s of %s", choice[m.shown[i]].name,
                                       name);
                    most = fmaxf(most, fabsf(y.data[k] - m.y[m.right].data[k]));
                    top = fmaxf(top, fabsf(y.data[k]));
                }
                cr_assert(i == m.right || most > 0.09f * top, "number %d of %s is too like the right one", i,
                          name);
                tensor_fini(&y);
            }
            places[m.right]++;
            match_fini(&m);
            match_fini(&again);
        }
        for (int i = 0; i < MATCH_OUTPUTS; i++)
            cr_assert_gt(places[i], 2, "the right one is anywhere");
        match_set_free(set);
    }
}

/* Filters of a trained network are asked about in the same way; where they all do the same there is nothing to ask. */
Test(match, other_kernels)
{
    float x[20] = {0}, w[5][3] = {{1}, {0, 1}, {0, 0, 1}, {1, 1, 1}, {-1, 0, 1}}, same[4] = {1, 1, 1, 1};
    struct match_choice choice[5] = {0};
    struct tensor tx = {1, {20}, x};
    struct match m;
    struct diag diag = {0};
    x[10] = 1;
    for (int i = 0; i < 5; i++)
        choice[i].w = (struct tensor){1, {3}, w[i]};
    cr_assert(!match_from(&tx, choice, 5, 1, &m, NULL));
    match_fini(&m);
    for (int i = 0; i < 5; i++)
        choice[i].w = (struct tensor){1, {1}, same};
    cr_assert_eq(match_from(&tx, choice, 5, 1, &m, &diag), ERR_RANGE);
    cr_assert(strstr(diag.text, "only 1 of 5 kernels"), "%s", diag.text);
}
