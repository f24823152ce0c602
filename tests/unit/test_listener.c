/** What listens to a series: answers to the newest question, whole, whatever came before it. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "filter/listener.h"
#include "filter/spectrogram.h"

static struct listener_question question_of(const struct signal *x, unsigned long serial)
{
    struct listener_question q = {
        .change = {.x = x, .sigma = 0.1, .seed = 2, .weights = 4, .w = {0.25f, 0.25f, 0.25f, 0.25f}},
        .serial = serial,
        .span = x->count,
        .window = 256,
        .rows = 16,
        .cols = 40,
    };
    return q;
}

static const struct listener_result *settle(struct listener *l)
{
    const struct listener_result *r = NULL, *more;
    double until = clock_now() + 60;
    while (!listener_settled(l) && clock_now() < until) {
        more = listener_take(l);
        r = more ? more : r;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    cr_assert(listener_settled(l) && r);
    return r;
}

Test(listener, smooths_and_measures)
{
    struct signal x;
    struct listener *l;
    cr_assert(!signal_make("waves", &x, NULL));
    cr_assert(!listener_new(NULL, NULL, &l, NULL));
    cr_assert_null(listener_take(l));
    struct listener_question q = question_of(&x, 1);
    listener_ask(l, &q);
    const struct listener_result *r = settle(l);
    cr_assert(r->serial == 1 && r->whole_done && r->whole.columns == 512 && r->near.columns == 0);
    cr_assert_eq(r->error.count, 512 - 4 + 1);
    cr_assert_float_eq(stretch_rmse(&r->error, STRETCH_NOISY), 0.1, 0.01);
    cr_assert_str_empty(r->failed);
    cr_assert_not(r->search_done);
    listener_rest(l);
    signal_fini(&x);
    listener_free(l);
    listener_free(NULL);
}

/* A tone's energy is in the row of its frequency, at the time when it sounds. */
Test(listener, spectrogram_of_the_view)
{
    struct signal x;
    struct listener *l;
    cr_assert(!signal_make("chirp", &x, NULL));
    cr_assert(!listener_new(NULL, NULL, &l, NULL));
    struct listener_question q = question_of(&x, 1);
    q.change.sigma = 0;
    listener_ask(l, &q);
    for (int half = 0; half < 2; half++) {
        const struct listener_result *r = settle(l);
        cr_assert(r->rows == 16 && r->cols == 40);
        for (int col = 2; col < 38; col++) {
            int best = 0;
            for (int row = 0; row < r->rows; row++)
                best = r->picture[row * 40 + col] > r->picture[best * 40 + col] ? row : best;
            double time = ((double)q.from + (col + 0.5) * (double)q.span / 40) / x.rate;
            double hertz = 200 + 2800 * time / 2, row = (1 - hertz / 4000) * 16;
            cr_assert(fabs(best + 0.5 - row) <= 1, "column %d: row %d, not %g", col, best, row);
        }
        q.from = q.span = x.count / 2;
        listener_ask(l, &q);
    }
    listener_free(l);
    signal_fini(&x);
}

Test(listener, finds_a_note)
{
    struct signal x;
    struct listener *l;
    cr_assert(!signal_make("melody", &x, NULL));
    cr_assert(!listener_new(NULL, NULL, &l, NULL));
    struct listener_question q = question_of(&x, 1);
    q.piece = x.x + 2000;
    q.length = 2000;
    q.normalised = true;
    for (unsigned long i = 0; i < 20; i++) { /* each replaced by the next */
        q.serial = i + 1;
        listener_ask(l, &q);
    }
    const struct listener_result *r = settle(l);
    cr_assert(r->search_done && r->peaks == 2);
    cr_assert(abs(r->peak[0].col + r->peak[1].col - 12000) <= 2);
    cr_assert_float_eq(r->response_high[stretch_column(&r->whole, r->peak[0].col)], r->peak[0].score, 1e-6);
    q.from = 1500; /* another view of the same: a part of it, sample by sample */
    q.span = 500;
    listener_ask(l, &q);
    r = settle(l);
    cr_assert(r->near.columns == 1500 && r->near.from == 1000);
    cr_assert(r->search_done && r->peaks == 2);
    int first = r->peak[0].col < r->peak[1].col ? 0 : 1;
    cr_assert_eq(r->near_high[r->peak[first].col - 1000], r->peak[first].score);
    listener_free(l);
    signal_fini(&x);
}
