/** Behind the numbers of a chain: windows, places and sums; what it costs; and the thread that computes it. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/rng.h"
#include "filter/window.h"
#include "filter/worker.h"

static struct image random_picture(int c, int h, int w)
{
    struct image p = {{c, h, w}, mem_floats((size_t)(c * h * w))};
    struct rng rng;
    rng_init(&rng, 5);
    for (int i = 0; i < c * h * w; i++)
        p.data[i] = rng_uniform(&rng);
    return p;
}

static void make(struct chain *chain, enum correlate_mode mode, bool repeats, const struct image *p,
                 const char *const *stages)
{
    struct diag diag = {0};
    *chain = (struct chain){.mode = mode, .repeats = repeats};
    cr_assert(!chain_picture(chain, p, NULL));
    for (int i = 0; stages[i]; i++)
        cr_assert_eq(chain_add(chain, stages[i], &diag), ERR_NONE, "%s", diag.text);
}

/* The window's pixels times the kernel are the output, in every mode, for odd and even kernels, with zeros or the border outside. */
Test(window, is_what_the_output_comes_of)
{
    static const char *const kernels[] = {"edge:angle=30,k=5", "uniform:rows=4,cols=2", "custom:1 2 3;4 5 6",
                                          NULL};
    struct image p = random_picture(1, 9, 11);
    for (int mode = 0; mode < CORRELATE_MODES; mode++)
        for (int k = 0; kernels[k]; k++)
            for (int repeats = 0; repeats <= (mode == CORRELATE_SAME); repeats++) {
                struct chain c;
                make(&c, (enum correlate_mode)mode, repeats, &p, (const char *const[]){kernels[k], NULL});
                cr_assert(!chain_run(&c, 0, NULL, NULL));
                struct shape s = c.result[1].image.shape;
                const float *w = c.stage[0].kernel.w.data;
                for (int i = 0; i < s.h; i++)
                    for (int j = 0; j < s.w; j++) {
                        struct template_box b = chain_window(&c, 1, i, j);
                        double sum = 0;
                        for (int a = 0; a < b.rows * b.cols; a++)
                            sum += (double)w[a] *
                                   (double)chain_value(&c, 0, 0, b.row + a / b.cols, b.col + a % b.cols);
                        cr_assert_float_eq(sum, (double)chain_value(&c, 1, 0, i, j), 1e-5,
                                           "%s mode %d: %d,%d", kernels[k], mode, i, j);
                    }
                chain_fini(&c);
            }
    image_fini(&p);
}

Test(window, places_lead_back)
{
    struct image p = random_picture(1, 24, 30);
    struct chain c;
    int row = 5, col = 7;
    make(&c, CORRELATE_VALID, false, &p, (const char *const[]){"uniform:k=5", "max:k=2", "relu", NULL});
    cr_assert(!chain_run(&c, 0, NULL, NULL));
    chain_follow(&c, 3, 0, &row, &col); /* the middle of the window of 6 x 6 from (10,14) on */
    cr_assert(row == 13 && col == 17, "%d,%d", row, col);
    chain_follow(&c, 0, 3, &row, &col);
    cr_assert(row == 5 && col == 7, "%d,%d", row, col);
    row = 0, col = 29;
    chain_follow(&c, 0, 3, &row, &col);
    cr_assert(row == 0 && col == 12, "%d,%d", row, col);
    chain_fini(&c);
    image_fini(&p);
}

/* L22, L50, L51: written out, with as many terms as have room, and the sum always. */
Test(window, sums_are_written_out)
{
    static const float x[9] = {1, 2, 3, 4, 5, 6, 7, 8, -9};
    struct image p = {{1, 3, 3}, (float *)(uintptr_t)x};
    struct chain c;
    char text[200];
    make(&c, CORRELATE_VALID, false, &p,
         (const char *const[]){"custom:0 1;2 -1", "relu", "max:k=2", "average:k=1", NULL});
    cr_assert(!chain_run(&c, 0, NULL, NULL));
    chain_tell(&c, 1, 0, 0, 1, true, text, sizeof text);
    cr_assert_str_eq(text, "2*0 + 3*1 + 5*2 + 6*(-1) = 7");
    chain_tell(&c, 1, 0, 0, 1, false, text, 50);
    cr_assert_str_eq(text, "2\u00b70 + 3\u00b71 + ... = 7");
    chain_tell(&c, 1, 0, 1, 1, true, text, sizeof text);
    cr_assert_str_eq(text, "5*0 + 6*1 + 8*2 + (-9)*(-1) = 31");
    chain_tell(&c, 2, 0, 0, 0, true, text, sizeof text);
    cr_assert_str_eq(text, "max(5, 0) = 5");
    chain_tell(&c, 3, 0, 0, 0, true, text, sizeof text);
    cr_assert_str_eq(text, "max(5, 7, 11, 31) = 31");
    chain_tell(&c, 4, 0, 0, 0, true, text, sizeof text);
    cr_assert_str_eq(text, "(31) / 1 = 31");
    chain_tell(&c, 0, 0, 0, 0, true, text, sizeof text);
    cr_assert_str_empty(text);
    chain_fini(&c);
}

Test(window, every_stage_has_words)
{
    struct image p = random_picture(3, 14, 16);
    for (int i = 0; stage_types[i]; i++) {
        struct chain c;
        char text[120];
        make(&c, CORRELATE_SAME, true, &p, (const char *const[]){stage_types[i]->name, NULL});
        cr_assert(!chain_run(&c, 0, NULL, NULL));
        for (int size = 1; size < 120; size++) {
            chain_tell(&c, 1, 0, 2, 3, size % 2, text, size);
            cr_assert_lt((int)strlen(text), size);
        }
        cr_assert(strstr(text, " = "), "%s: %s", stage_types[i]->name, text);
        chain_fini(&c);
    }
    image_fini(&p);
}

Test(window, copies_and_costs)
{
    struct image p = random_picture(1, 20, 20);
    struct chain c, copy;
    make(&c, CORRELATE_FULL, false, &p,
         (const char *const[]){"gaussian:k=9,sigma=2", "edge:angle=20,k=5", "relu", "template:rows=3,cols=4",
                               NULL});
    cr_assert(!chain_copy(&c, &copy, NULL));
    cr_assert(copy.stages == 4 && copy.results == 0 && copy.mode == CORRELATE_FULL);
    for (int i = 0; i < 4; i++) {
        struct text a = {0}, b = {0};
        chain_spell(&c.stage[i], &a);
        chain_spell(&copy.stage[i], &b);
        cr_assert_str_eq(text_str(&a), text_str(&b));
        text_free(&a);
        text_free(&b);
    }
    cr_assert_neq(copy.stage[0].kernel.w.data, c.stage[0].kernel.w.data);
    cr_assert_float_eq(chain_products(&copy, p.shape), 400 * (9 + 9 + 25 + 1 + 12), 0);
    chain_fini(&c);
    chain_fini(&copy);
    image_fini(&p);
}

static struct chain_work wait_for(struct chain_worker *w)
{
    struct chain_work work;
    double until = clock_now() + 30;
    while (!chain_worker_take(w, &work)) {
        cr_assert_lt(clock_now(), until);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return work;
}

/* The newest counts, and has the same numbers as without a thread. */
Test(worker, computes_the_newest, .timeout = 60)
{
    struct image p = random_picture(3, 60, 50);
    struct chain_worker *w = NULL;
    struct chain here;
    unsigned long serial = 0;
    cr_assert(!chain_worker_new(NULL, NULL, &w, NULL));
    for (int i = 0; i < 20; i++) {
        struct chain c;
        make(&c, CORRELATE_SAME, true, &p,
             (const char *const[]){"edge:angle=10,k=9", i == 19 ? "abs" : "relu", NULL});
        serial = chain_worker_ask(w, &c);
        cr_assert_eq(c.stages, 0, "it is the worker's");
    }
    make(&here, CORRELATE_SAME, true, &p, (const char *const[]){"edge:angle=10,k=9", "abs", NULL});
    cr_assert(!chain_run(&here, 0, NULL, NULL));
    struct chain_work work = wait_for(w);
    while (work.serial != serial) {
        chain_fini(&work.chain);
        work = wait_for(w);
    }
    cr_assert(!work.err && work.chain.results == 3);
    cr_assert_arr_eq(work.chain.result[2].image.data, here.result[2].image.data,
                     shape_count(p.shape) * sizeof(float));
    chain_fini(&work.chain);
    chain_fini(&here);
    /* a stage that fails is said, and what stands before it is there */
    make(&here, CORRELATE_SAME, true, &p, (const char *const[]){"abs", "max:k=99", NULL});
    chain_worker_ask(w, &here);
    work = wait_for(w);
    cr_assert(work.err && strstr(work.diag.text, "max") && work.chain.results == 2, "%s", work.diag.text);
    chain_fini(&work.chain);
    make(&here, CORRELATE_SAME, true, &p, (const char *const[]){"abs", NULL});
    chain_worker_ask(w, &here); /* left behind */
    chain_worker_free(w);
    image_fini(&p);
}
