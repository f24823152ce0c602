/** Chains of stages on a picture, and templates: every row of the table, and the lecture's claims as numbers. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "filter/chain.h"
#include "filter/eye.h"

static struct image new_picture(int c, int h, int w)
{
    struct image p = {{c, h, w}, mem_floats((size_t)(c * h * w))};
    cr_assert(p.data);
    return p;
}

static struct image random_picture(int c, int h, int w)
{
    struct image p = new_picture(c, h, w);
    struct rng rng;
    rng_init(&rng, 1);
    for (int i = 0; i < c * h * w; i++)
        p.data[i] = rng_uniform(&rng);
    return p;
}

static void chain_of(struct chain *chain, const struct image *picture, const char *const *stages)
{
    struct diag diag = {0};
    *chain = (struct chain){.mode = CORRELATE_SAME};
    cr_assert(!chain_picture(chain, picture, NULL));
    for (int i = 0; stages[i]; i++)
        cr_assert_eq(chain_add(chain, stages[i], &diag), ERR_NONE, "%s: %s", stages[i], diag.text);
    cr_assert_eq(chain_run(chain, 0, NULL, &diag), ERR_NONE, "%s", diag.text);
    cr_assert_eq(chain->results, chain->stages + 1);
}

Test(chain, every_stage)
{
    for (int i = 0; stage_types[i]; i++)
        for (int c = 1; c <= 3; c += 2) {
            struct chain chain;
            struct text t = {0};
            struct image p = random_picture(c, 16, 20);
            chain_of(&chain, &p, (const char *const[]){stage_types[i]->name, NULL});
            cr_assert_gt(shape_count(chain.result[1].image.shape), 0, "%s", stage_types[i]->name);
            chain_spell(&chain.stage[0], &t);
            cr_assert_eq(chain_set(&chain, 0, text_str(&t), NULL), ERR_NONE, "%s", text_str(&t));
            for (int k = 0; k < knobs_count(stage_types[i]->knob); k++)
                cr_assert(*stage_types[i]->knob[k].help);
            text_free(&t);
            image_fini(&p);
            chain_fini(&chain);
        }
}

/* L51: max 100 184 / 12 45, average 36 80 / 12 15. */
Test(chain, pooling)
{
    static const float x[16] = {29, 15, 28, 184, 0, 100, 70, 38, 12, 12, 7, 2, 12, 12, 45, 6},
                       want[2][4] = {{100, 184, 12, 45}, {36, 80, 12, 15}};
    struct image p = new_picture(1, 4, 4);
    memcpy(p.data, x, sizeof x);
    for (int mean = 0; mean < 2; mean++) {
        struct chain chain;
        chain_of(&chain, &p, (const char *const[]){mean ? "average" : "max", NULL});
        const struct image *y = &chain.result[1].image;
        cr_assert(y->shape.h == 2 && y->shape.w == 2);
        for (int i = 0; i < 4; i++)
            cr_assert_eq(y->data[i], want[mean][i]);
        chain_fini(&chain);
    }
    struct chain chain;
    chain_of(&chain, &p, (const char *const[]){"max:k=2,stride=1", NULL});
    cr_assert(chain.result[1].image.shape.h == 3 && chain.result[1].image.data[1] == 100);
    chain_fini(&chain);
    image_fini(&p);
}

Test(chain, number_by_number)
{
    struct image p = new_picture(1, 1, 4);
    const float x[4] = {-2, 0, 0.5f, 1};
    static const struct {
        const char *stage;
        float y[4];
    } rows[] = {{"relu", {0, 0, 0.5f, 1}},
                {"abs", {2, 0, 0.5f, 1}},
                {"threshold", {0, 0, 1, 1}},
                {"scale", {0, 2 / 3.f, 2.5f / 3, 1}},
                {"scale:rule=signed", {0, 0.5f, 0.625f, 0.75f}},
                {"custom:2", {-4, 0, 1, 2}}};
    memcpy(p.data, x, sizeof x);
    for (int i = 0; i < ARRAY_LEN(rows); i++) {
        struct chain chain;
        chain_of(&chain, &p, (const char *const[]){rows[i].stage, NULL});
        for (int k = 0; k < 4; k++)
            cr_assert_float_eq(chain.result[1].image.data[k], rows[i].y[k], 1e-6, "%s", rows[i].stage);
        chain_fini(&chain);
    }
    image_fini(&p);
}

/* Numbers of every result, and the error to what the chain began with. */
Test(chain, numbers)
{
    struct chain chain;
    struct image p = new_picture(1, 2, 2);
    for (int i = 0; i < 4; i++)
        p.data[i] = (float)i / 4;
    chain_of(&chain, &p, (const char *const[]){"custom:0.5", "max", NULL});
    const struct chain_result *r = chain.result;
    cr_assert(r[0].min == 0 && r[0].max == 0.75f && r[0].mean == 0.375 && r[0].rmse == 0 && isinf(r[0].psnr));
    cr_assert(r[1].max == 0.375f);
    cr_assert_float_eq(r[1].rmse, sqrt((0.125 * 0.125 + 0.25 * 0.25 + 0.375 * 0.375) / 4), 1e-7);
    cr_assert_float_eq(r[1].psnr, 20 * log10(1 / r[1].rmse), 1e-9);
    cr_assert(isnan(r[2].rmse) && isnan(r[2].psnr), "another shape");
    image_fini(&p);
    chain_fini(&chain);
}

/* L26, L29: a mean over neighbours brings a noisy picture nearer to the clean one, but too wide a one takes the picture with it. */
Test(chain, noise_goes_and_detail_too)
{
    struct image p = new_picture(1, 64, 64);
    double rmse[3];
    for (int i = 0; i < 64 * 64; i++)
        p.data[i] = 0.5f + 0.4f * sinf((float)(i % 64) / 5) * cosf((float)(i / 64) / 7);
    static const char *const blurs[3] = {"uniform:k=1", "uniform:k=3", "uniform:k=31"};
    for (int i = 0; i < 3; i++) {
        struct chain chain;
        chain_of(&chain, &p, (const char *const[]){"noise:sigma=0.2,seed=4", blurs[i], NULL});
        cr_assert_float_eq(chain.result[1].rmse, 0.2, 0.01);
        rmse[i] = chain.result[2].rmse;
        chain_fini(&chain);
    }
    cr_assert_lt(rmse[1], 0.5 * rmse[0]);
    cr_assert_gt(rmse[2], rmse[1]);
    image_fini(&p);
}

/* A seed is a picture of noise; going on from a later stage gives what going through all of them gives. */
Test(chain, again)
{
    struct chain a, b;
    struct image p = random_picture(3, 20, 20);
    chain_of(&a, &p, (const char *const[]){"noise:seed=2", "gaussian:k=5", "salt", NULL});
    chain_of(&b, &p, (const char *const[]){"noise:seed=2", "uniform", "salt", NULL});
    cr_assert(!chain_set(&b, 1, "gaussian:k=5", NULL));
    cr_assert(!chain_run(&b, 1, NULL, NULL));
    cr_assert_eq(memcmp(a.result[3].image.data, b.result[3].image.data, 1200 * sizeof(float)), 0);
    cr_assert(!chain_set(&b, 0, "noise:seed=3", NULL) && !chain_run(&b, 0, NULL, NULL));
    cr_assert_neq(memcmp(a.result[1].image.data, b.result[1].image.data, 1200 * sizeof(float)), 0);
    chain_fini(&a);
    chain_fini(&b);
    image_fini(&p);
}

/* Each channel by itself, as correlate() has it. */
Test(chain, kernels)
{
    struct chain chain;
    struct image p = random_picture(3, 9, 11);
    chain_of(&chain, &p, (const char *const[]){"sobel", NULL});
    for (int c = 0; c < 3; c++) {
        struct tensor x = {2, {9, 11}, p.data + c * 99}, y = {0};
        cr_assert(!correlate(&x, &chain.stage[0].kernel.w, CORRELATE_SAME, false, &y, NULL));
        for (int i = 0; i < 99; i++)
            cr_assert_float_eq(chain.result[1].image.data[c * 99 + i], y.data[i], 1e-6);
        tensor_fini(&y);
    }
    chain.mode = CORRELATE_VALID;
    cr_assert(!chain_run(&chain, 0, NULL, NULL));
    cr_assert(chain.result[1].image.shape.h == 7 && chain.result[1].image.shape.w == 9);
    image_fini(&p);
    chain_fini(&chain);
}

/* A flat picture blurred stays flat up to its border when that goes on, and darkens there among zeros; inside nothing differs. */
Test(chain, borders)
{
    struct image p = random_picture(1, 12, 12), flat = new_picture(1, 12, 12);
    struct chain zeros, goes_on;
    for (int i = 0; i < 144; i++)
        flat.data[i] = 0.5f;
    static const char *const blurs[] = {"uniform:rows=3,cols=5", "uniform:rows=4,cols=2", "uniform:k=25"};
    for (int b = 0; b < 3; b++) {
        chain_of(&goes_on, &flat, (const char *const[]){blurs[b], NULL});
        cr_assert_lt(goes_on.result[1].image.data[0], 0.4f);
        goes_on.repeats = true;
        cr_assert(!chain_run(&goes_on, 0, NULL, NULL));
        cr_assert(shape_equal(goes_on.result[1].image.shape, flat.shape));
        for (int i = 0; i < 144; i++)
            cr_assert_float_eq(goes_on.result[1].image.data[i], 0.5, 1e-6);
        chain_fini(&goes_on);
    }
    for (int b = 0; b < 2; b++) {
        chain_of(&zeros, &p, (const char *const[]){blurs[b], NULL});
        chain_of(&goes_on, &p, (const char *const[]){blurs[b], NULL});
        goes_on.repeats = true;
        cr_assert(!chain_run(&goes_on, 0, NULL, NULL));
        for (int i = 3; i < 9; i++)
            for (int j = 3; j < 9; j++)
                cr_assert_float_eq(goes_on.result[1].image.data[i * 12 + j],
                                   zeros.result[1].image.data[i * 12 + j], 1e-6, "%s", blurs[b]);
        chain_fini(&zeros);
        chain_fini(&goes_on);
    }
    image_fini(&p);
    image_fini(&flat);
}

Test(chain, refuses)
{
    struct chain chain = {.mode = CORRELATE_VALID};
    struct image p = random_picture(1, 6, 6);
    struct diag diag = {0};
    cr_assert_eq(chain_add(&chain, "shine", &diag), ERR_UNKNOWN);
    cr_assert(strstr(diag.text, "noise") && strstr(diag.text, "gaussian"), "%s", diag.text);
    cr_assert_eq(chain_add(&chain, "relu:k=2", &diag), ERR_UNKNOWN);
    cr_assert_eq(chain_add(&chain, "noise:sigma=-1", &diag), ERR_RANGE);
    cr_assert_eq(chain.stages, 0);
    cr_assert(!chain_picture(&chain, &p, NULL));
    cr_assert(!chain_add(&chain, "relu", NULL) && !chain_add(&chain, "uniform:k=7", NULL));
    cr_assert_eq(chain_run(&chain, 0, NULL, &diag), ERR_SHAPE);
    cr_assert(strstr(diag.text, "stage 2, uniform:"), "%s", diag.text);
    cr_assert_eq(chain.results, 2);
    cr_assert(!chain_set(&chain, 1, "max:k=7", NULL));
    cr_assert_eq(chain_run(&chain, 1, NULL, &diag), ERR_SHAPE);
    cr_assert(!chain_set(&chain, 1, "template:row=3,rows=4", NULL));
    cr_assert_eq(chain_run(&chain, 1, NULL, &diag), ERR_RANGE);
    while (chain.stages < CHAIN_STAGES)
        cr_assert(!chain_add(&chain, "abs", NULL));
    cr_assert_eq(chain_add(&chain, "abs", &diag), ERR_RANGE);
    image_fini(&p);
    chain_fini(&chain);
}

/* L41: white is white for each cell; red light is long waves, blue short ones; in the dark blue is brighter than red. */
Test(eye, cells)
{
    static const float colours[5][3] = {{1, 1, 1}, {0, 0, 0}, {1, 0, 0}, {0, 0, 1}, {0.5f, 0.5f, 0.5f}};
    struct image p = new_picture(3, 1, 5), grey = new_picture(1, 1, 5), cell[EYE_CELLS], same;
    for (int i = 0; i < 15; i++)
        p.data[i] = colours[i % 5][i / 5];
    for (int i = 0; i < EYE_CELLS; i++) {
        cr_assert(!eye_view(&p, (enum eye_cell)i, &cell[i], NULL));
        cr_assert_float_eq(cell[i].data[0], 1, 1e-3);
        cr_assert_float_eq(cell[i].data[1], 0, 1e-6);
        cr_assert_float_eq(cell[i].data[4], 0.5, 1e-3, "grey stays as it is");
    }
    cr_assert(cell[EYE_LONG].data[2] > cell[EYE_MIDDLE].data[2] &&
              cell[EYE_MIDDLE].data[2] > cell[EYE_SHORT].data[2]);
    cr_assert_gt(cell[EYE_SHORT].data[3], cell[EYE_LONG].data[3]);
    cr_assert_gt(cell[EYE_ROD].data[3], cell[EYE_ROD].data[2]);
    grey.data[0] = 0.5f;
    cr_assert(!eye_view(&grey, EYE_ROD, &same, NULL));
    cr_assert_float_eq(same.data[0], 0.5, 1e-3);
    for (int i = 0; i < EYE_CELLS; i++)
        image_fini(&cell[i]);
    image_fini(&same);
    image_fini(&grey);
    image_fini(&p);
}

/* ---- templates ---- */

/* Against the formula itself. */
Test(template, as_defined)
{
    struct image p = random_picture(3, 12, 14), t = {0};
    struct tensor r = {0};
    cr_assert(!template_cut(&p, (struct template_box){4, 5, 3, 4}, &t, NULL));
    cr_assert(!template_match(&p, &t, true, NULL, &r, NULL));
    cr_assert(r.dim[0] == 10 && r.dim[1] == 11);
    for (int i = 0; i < 10; i++)
        for (int j = 0; j < 11; j++) {
            double mx = 0, mt = 0, xx = 0, tt = 0, xt = 0;
            for (int pass = 0; pass < 2; pass++)
                for (int n = 0; n < 36; n++) {
                    double x = (double)p.data[n / 12 * 168 + (i + n / 4 % 3) * 14 + j + n % 4],
                           y = (double)t.data[n];
                    if (pass == 0) {
                        mx += x / 36;
                        mt += y / 36;
                        continue;
                    }
                    xx += (x - mx) * (x - mx);
                    tt += (y - mt) * (y - mt);
                    xt += (x - mx) * (y - mt);
                }
            cr_assert_float_eq(r.data[i * 11 + j], xt / sqrt(xx * tt), 1e-5);
        }
    cr_assert_float_eq(r.data[4 * 11 + 5], 1, 1e-6);
    tensor_fini(&r);
    image_fini(&t);
    image_fini(&p);
}

/* A cross, wherever it is drawn, in a colour; everything else is grey. */
static void draw_cross(struct image *p, int row, int col, const float rgb[3])
{
    for (int i = 0; i < 7; i++)
        for (int j = 0; j < 7; j++)
            for (int c = 0; c < 3 && (i == 3 || j == 3); c++)
                p->data[(c * p->shape.h + row + i) * p->shape.w + col + j] = rgb[c];
}

/* L34: two colours of the same luma. In grey both crosses answer alike, in colour only the one that was cut out. */
Test(template, colour_tells_apart)
{
    static const float red[3] = {0.9f, 0.299f, 0.5f}, green[3] = {0.1f, 0.706453f, 0.5f};
    struct image p = new_picture(3, 30, 40);
    for (int i = 0; i < 3600; i++)
        p.data[i] = 0.1f;
    draw_cross(&p, 5, 6, red);
    draw_cross(&p, 18, 25, green);
    for (int grey = 0; grey < 2; grey++) {
        struct chain chain;
        chain_of(&chain, &p,
                 (const char *const[]){grey ? "grey" : "custom:1",
                                       "template:row=5,col=6,rows=7,cols=7,least=0.95", NULL});
        const struct chain_result *r = &chain.result[2];
        cr_assert_eq(r->image.shape.c, 1);
        cr_assert_eq(r->peaks, grey ? 2 : 1, "%d peaks", r->peaks);
        cr_assert(grey || (r->peak[0].row == 5 && r->peak[0].col == 6));
        cr_assert_float_eq(r->peak[0].score, 1, 1e-5);
        chain_fini(&chain);
    }
    image_fini(&p);
}

/* Plain correlation follows the light, normalised the shape. */
Test(template, light)
{
    struct image p = new_picture(3, 30, 40), t = {0};
    struct tensor r = {0};
    struct peak peak[2];
    static const float grey[3] = {0.5f, 0.5f, 0.5f};
    draw_cross(&p, 5, 6, grey);
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < 30; i++)
            for (int j = 28; j < 40; j++)
                p.data[(c * 30 + i) * 40 + j] = 1;
    cr_assert(!template_cut(&p, (struct template_box){5, 6, 7, 7}, &t, NULL));
    cr_assert(!template_match(&p, &t, false, NULL, &r, NULL));
    cr_assert_eq(template_peaks(&r, 7, 7, -1, 2, peak), 2);
    cr_assert_geq(peak[0].col, 28, "the bright wall answers more");
    tensor_fini(&r);
    cr_assert(!template_match(&p, &t, true, NULL, &r, NULL));
    cr_assert_eq(template_peaks(&r, 7, 7, 0.99f, 2, peak), 1);
    cr_assert(peak[0].row == 5 && peak[0].col == 6);
    cr_assert_eq(r.data[10 * 34 + 30], 0, "flat");
    tensor_fini(&r);
    image_fini(&t);
    image_fini(&p);
}

Test(template, peaks_apart)
{
    float data[40] = {0};
    struct tensor r = {2, {1, 40}, data};
    struct peak peak[8];
    data[5] = 3, data[7] = 2, data[12] = 4, data[30] = 1;
    cr_assert_eq(template_peaks(&r, 1, 5, 0.5f, 8, peak), 3);
    cr_assert(peak[0].col == 12 && peak[1].col == 5 && peak[2].col == 30);
    cr_assert_eq(template_peaks(&r, 1, 5, 0.5f, 2, peak), 2);
    cr_assert_eq(template_peaks(&r, 1, 2, 0.5f, 8, peak), 4);
}
