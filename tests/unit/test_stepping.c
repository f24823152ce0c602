/** The step lab's state: the lecture's numbers, going forward and back, every setting against plain loops, the pencil. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "filter/expression.h"
#include "filter/sizes.h"
#include "tui/stepping.h"

static struct stepping *s;

static void setup(void)
{
    cr_assert_eq(stepping_new(&s, NULL), ERR_NONE);
}

static void teardown(void)
{
    stepping_free(s);
}

TestSuite(stepping, .init = setup, .fini = teardown, .timeout = 60);

static void use(const char *name)
{
    struct step_source next;
    struct diag diag = {0};
    cr_assert_eq(step_example_make(name, &next, &diag), ERR_NONE, "%s: %s", name, diag.text);
    cr_assert_eq(stepping_take(s, &next, &diag), ERR_NONE, "%s: %s", name, diag.text);
}

/* What stands on the screen: the pieces one after the other. */
static struct text written(long output, bool plain)
{
    struct text t = {0};
    char piece[96];
    for (long k = -1; k <= s->terms; k++) {
        stepping_piece(s, output, k, plain, piece, sizeof piece);
        text_add(&t, piece);
    }
    return t;
}

static void writes(long output, const char *want)
{
    struct text t = written(output, false);
    cr_assert_str_eq(text_str(&t), want);
    text_free(&t);
}

static void gives(const double *want, long count, double within)
{
    cr_assert_eq(s->outputs, count);
    for (long i = 0; i < count; i++)
        cr_assert_float_eq(s->y[i], want[i], within, "output %ld is %g, not %g", i + 1, (double)s->y[i],
                           want[i]);
}

static void says(const char *want)
{
    cr_assert_not_null(strstr(text_str(&s->arithmetic[0]), want), "'%s' isn't in:\n%s", want,
                       text_str(&s->arithmetic[0]));
}

/* ---- the lecture's numbers ---- */

Test(stepping, slide)
{
    static const double y[] = {12, 12, 17, 10, 17, 19, 9, 6, 14};
    use("slide");
    gives(y, 9, 0);
    writes(0, "3·0 + 3·1 + 2·2 + 0·2 + 0·2 + 1·0 + 3·0 + 1·1 + 2·2 = 12");
    writes(1, "3·0 + 2·1 + 1·2 + 0·2 + 1·2 + 3·0 + 1·0 + 2·1 + 2·2 = 12");
    writes(2, "2·0 + 1·1 + 0·2 + 1·2 + 3·2 + 1·0 + 2·0 + 2·1 + 3·2 = 17");
    writes(3, "0·0 + 0·1 + 1·2 + 3·2 + 1·2 + 2·0 + 2·0 + 0·1 + 0·2 = 10");
    writes(4, "0·0 + 1·1 + 3·2 + 1·2 + 2·2 + 2·0 + 0·0 + 0·1 + 2·2 = 17");
    writes(5, "1·0 + 3·1 + 1·2 + 2·2 + 2·2 + 3·0 + 0·0 + 2·1 + 2·2 = 19"); /* E7: not 18 */
    writes(6, "3·0 + 1·1 + 2·2 + 2·2 + 0·2 + 0·0 + 2·0 + 0·1 + 0·2 = 9");
    writes(7, "1·0 + 2·1 + 2·2 + 0·2 + 0·2 + 2·0 + 0·0 + 0·1 + 0·2 = 6");
    writes(8, "2·0 + 2·1 + 3·2 + 0·2 + 2·2 + 2·0 + 0·0 + 0·1 + 1·2 = 14");
    cr_assert_eq(strncmp(text_str(&s->slide[0]), "3₀ 3₁ 2₂ 1  0\n", strlen("3₀ 3₁ 2₂ 1  0\n")), 0, "%s",
                 text_str(&s->slide[0]));
    says("rows    5 - 3 + 1 = 3");
}

Test(stepping, padding_and_flip)
{
    static const double padded[] = {6,  14, 17, 11, 3, 14, 12, 12, 17, 11, 8, 10, 17,
                                    19, 13, 11, 9,  6, 14, 12, 6,  4,  4,  6, 4};
    static const double flipped[] = {18, 20, 19, 10, 9, 17, 11, 8, 14};
    use("padding");
    gives(padded, 25, 0);
    says("same: 1 of zeros above and below");
    cr_assert_eq(s->shown[STEP_IN].h, 7);
    cr_assert(s->shown[STEP_IN].sign[0] == NUMBER_PADDING && s->shown[STEP_IN].sign[8] == NUMBER_SHOWN);
    use("flip");
    gives(flipped, 9, 0);
    cr_assert_eq(s->shown[STEP_KERNEL].v[0], 2, "the kernel as it lies");
    use("wide"); /* E5: k1 counts rows */
    says("same: 1 of zeros above and below");
    says("same: 2 of zeros left and right");
}

Test(stepping, one_dimension_and_gaussians)
{
    static const double middle[] = {.0301, .1050, .2223, .2854, .2223, .1050, .0301};
    static const double slides[] = {.0134, .0602, .1635, .2696, .2696, .1635, .0602};
    static const double growing[] = {21.38, 4.77, 1.76, 1.06, 1.06, 1.76, 4.77};
    use("long");
    cr_assert_eq(s->outputs, 505);
    says("512 - 8 + 1 = 505");
    use("gauss");
    gives(middle, 7, 5e-5);
    use("centre"); /* the impulse meets the last weight first */
    gives(slides, 7, 5e-5);
    use("growing");
    gives(growing, 7, 5e-3);
    use("narrow");
    says("keeps 84.3 %");
    use("gaussian");
    float sum = 0;
    for (int i = 0; i < 25; i++)
        sum += s->source.w.data[i];
    cr_assert_float_eq(sum, 1, 1e-5);
    use("blur");
    cr_assert_float_eq(s->y[0], 4, 1e-5);
}

Test(stepping, layers)
{
    static const double largest[] = {100, 184, 12, 45}, means[] = {36, 80, 12, 15};
    static const double shares[] = {0.09003057, 0.24472847, 0.66524096}, units[] = {8, -4, 0.5};
    use("pool");
    gives(largest, 4, 0);
    writes(0, "max(29, 15, 0, 100) = 100");
    use("mean");
    gives(means, 4, 0);
    writes(0, "(29 + 15 + 0 + 100) / 4 = 36");
    use("softmax");
    gives(shares, 3, 1e-6);
    writes(0, "e^1 / (e^1 + e^2 + e^3) = 0.09003");
    use("dense");
    gives(units, 3, 0);
    writes(0, "1·2 + 0·0 + (-1)·1 + 2·3 + 0·1 + 1·0 + 1 = 8");
    use("relu");
    writes(1, "max(-1, 0) = 0");
    writes(0, "max(3, 0) = 3");
    use("lenet");
    says("rows    28 - 5 + 1 = 24");
    says("576 outputs of 25 products: 14,400");
    says("8 filters: 24x24x8, 200 weights, 208 with biases");
    says("784·576 = 451,584 weights a filter");
    says("14,400 not 0, 25 distinct: 18,063x");
    says("pooled by 2: 12x12x8");
}

Test(stepping, depth)
{
    use("colour");
    cr_assert(s->outputs == 9 && s->out.c == 1);
    double sum = 1;
    for (int c = 0; c < 3; c++)
        sum += trace_part(&s->trace, 4, 0, c);
    cr_assert_float_eq(s->y[4], sum, 1e-6, "the colours' sums and the bias");
    use("depth");
    cr_assert(s->outputs == 18 && s->out.c == 2);
    says("depth   3 - 2 + 1 = 2");
}

/* The same texts as those of the engine, which knows no terms one by one. */
Test(stepping, texts_agree)
{
    static const char *const names[] = {"slide", "padding", "flip", "series", "colour", "depth", "wide"};
    for (int i = 0; i < ARRAY_LEN(names); i++)
        for (int plain = 0; plain < 2; plain++) {
            use(names[i]);
            for (long k = 0; k < s->outputs; k++) {
                struct text want = {0}, t = written(k, plain == 1);
                expression_sum(&want, &s->trace, k, s->terms, plain == 1);
                cr_assert_str_eq(text_str(&t), text_str(&want));
                text_free(&want);
                text_free(&t);
            }
        }
}

/* ---- every setting against a loop that knows no trace ---- */

static double by_loop(const struct step_source *o, long r, long c, const int *pad)
{
    const struct trace_options *t = &o->options;
    double sum = (double)t->bias;
    for (long i = 0; i < 3; i++)
        for (long j = 0; j < 3; j++) {
            long row = r * t->stride[0] + i * t->dilation[0] - pad[0];
            long col = c * t->stride[1] + j * t->dilation[1] - pad[1];
            long k = t->flip ? 8 - i * 3 - j : i * 3 + j;
            if (row >= 0 && row < o->x.dim[0] && col >= 0 && col < o->x.dim[1])
                sum += (double)(o->x.data[row * o->x.dim[1] + col] * o->w.data[k]);
        }
    return sum;
}

static void check_against_loop(struct step_source *next)
{
    struct trace_options *t = &next->options;
    int pad[2], out[2];
    struct diag diag = {0};
    for (int a = 0; a < 2; a++) {
        int reach = 2 * t->dilation[a], in = (int)next->x.dim[a];
        pad[a] = t->padded                   ? t->pad[a]
                 : t->mode == CORRELATE_SAME ? reach / 2
                 : t->mode == CORRELATE_FULL ? reach
                                             : 0;
        out[a] = in + 2 * pad[a] - reach - 1 < 0 ? 0 : (in + 2 * pad[a] - reach - 1) / t->stride[a] + 1;
    }
    enum err err = stepping_take(s, next, &diag);
    cr_assert_eq(err == ERR_NONE, out[0] > 0 && out[1] > 0, "%s", diag.text);
    if (err) {
        cr_assert(*diag.text, "refused without a reason");
        return;
    }
    cr_assert(s->out.h == out[0] && s->out.w == out[1]);
    for (long i = 0; i < s->outputs; i++) {
        double want = by_loop(&s->source, i / out[1], i % out[1], pad);
        cr_assert_float_eq(s->y[i], want, 1e-4);
        cr_assert_float_eq(stepping_partial(s, i, s->terms), want, 1e-4);
    }
}

Test(stepping, every_setting)
{
    for (int stride = 1; stride <= 3; stride++)
        for (int dilation = 1; dilation <= 3; dilation++)
            for (int flip = 0; flip < 2; flip++)
                for (int padding = 0; padding < 6; padding++) { /* three modes, then 1 to 3 zeros */
                    struct step_source next;
                    cr_assert_eq(step_example_make("wide", &next, NULL), ERR_NONE);
                    cr_assert_eq(step_weights_read("1 -2 3/0 1 2/4 0 -1", 2, &next, NULL), ERR_NONE);
                    next.options = (struct trace_options){
                        .mode = padding < 3 ? (enum correlate_mode)padding : 0,
                        .flip = flip == 1,
                        .stride = {stride, stride},
                        .dilation = {dilation, dilation},
                        .padded = padding >= 3,
                        .pad = {padding < 3 ? 0 : padding - 2, padding < 3 ? 0 : padding - 2},
                        .bias = 0.5f};
                    check_against_loop(&next);
                }
}

/* What can't be is refused with its reason, and nothing changes. */
Test(stepping, refused)
{
    static const char *const kernels[] = {"1 2 3 4 5 6/1 2 3 4 5 6", "1 2/3 4/5 6/7 8/9 0/1 1"};
    for (int i = 0; i < ARRAY_LEN(kernels); i++) {
        struct step_source next;
        struct diag diag = {0};
        long outputs = s->outputs;
        cr_assert_eq(step_source_copy(&next, &s->source, NULL), ERR_NONE);
        cr_assert_eq(step_weights_read(kernels[i], 2, &next, NULL), ERR_NONE);
        cr_assert_eq(stepping_take(s, &next, &diag), ERR_SHAPE);
        cr_assert_not_null(strstr(diag.text, "6 doesn't fit into 5"), "%s", diag.text);
        cr_assert(s->outputs == outputs && s->source.w.dim[0] == 3);
    }
}

/* ---- going ---- */

static bool same_state(const struct stepping *a, long done, struct place in, struct place out)
{
    const struct place *i = &a->place[STEP_IN], *o = &a->place[STEP_OUT];
    return a->done == done && i->tile == in.tile && i->row == in.row && i->col == in.col &&
           o->tile == out.tile && o->row == out.row && o->col == out.col;
}

Test(stepping, forward_and_back)
{
    for (const struct step_example *e = step_examples; e->name; e++) {
        use(e->name);
        long all = s->outputs * s->terms, hop = all > 500 ? all / 131 : 1;
        for (long at = 0; at <= all; at += hop)
            for (int stride = 0; stride < STRIDES; stride++) {
                long unit = stride == STRIDE_PRODUCT  ? 1
                            : stride == STRIDE_OUTPUT ? s->terms
                                                      : s->terms * (s->whole ? s->outputs : s->out.w);
                stepping_go(s, at / unit * unit);
                long done = s->done;
                struct place in = s->place[STEP_IN], out = s->place[STEP_OUT];
                bool moved = stepping_walk(s, (enum step_stride)stride, 1);
                cr_assert_eq(moved, done < all);
                if (moved) {
                    cr_assert_eq(s->done, done + unit);
                    cr_assert(stepping_walk(s, (enum step_stride)stride, -1));
                }
                cr_assert(same_state(s, done, in, out), "%s at %ld", e->name, at);
            }
    }
}

/* An output is known exactly when all of its terms are done. */
Test(stepping, known)
{
    for (long at = 0; at <= 81; at++) {
        stepping_go(s, at);
        for (long k = 0; k < 9; k++) {
            cr_assert_eq(stepping_known(s, k), at >= 9 * (k + 1));
            cr_assert_eq(s->shown[STEP_OUT].sign[k], at >= 9 * (k + 1) ? NUMBER_SHOWN : NUMBER_HIDDEN);
        }
    }
    stepping_go(s, 3);
    s->reveal = true;
    stepping_refresh(s);
    cr_assert_eq(s->shown[STEP_OUT].v[8], 14);
}

/* Pointing at an output shows its inputs, at an input its outputs, at a weight all that it multiplies. */
Test(stepping, pointing)
{
    struct light l;
    stepping_point(s, STEP_OUT, (struct place){0, 1, 2});
    cr_assert(stepping_light(s, STEP_IN, &l));
    cr_assert(l.row == 1 && l.col == 2 && l.rows == 3 && l.cols == 3);
    cr_assert_eq(stepping_output(s), 5);
    stepping_point(s, STEP_IN, (struct place){0, 2, 2});
    cr_assert_eq(stepping_output(s), 4, "the window that has it in its middle");
    cr_assert_eq(stepping_mark(s), 4);
    cr_assert(stepping_light(s, STEP_OUT, &l));
    cr_assert(l.row == 0 && l.col == 0 && l.rows == 3 && l.cols == 3);
    stepping_point(s, STEP_IN, (struct place){0, 0, 0});
    cr_assert(stepping_light(s, STEP_OUT, &l) && l.rows == 1 && l.cols == 1);
    stepping_point(s, STEP_KERNEL, (struct place){0, 0, 2});
    cr_assert(stepping_light(s, STEP_IN, &l));
    cr_assert(l.row == 0 && l.col == 2 && l.rows == 3 && l.cols == 3);
    cr_assert_eq(stepping_mark(s), 2);
    stepping_point(s, STEP_IN, (struct place){7, 99, 99});
    cr_assert_eq(stepping_output(s), 8, "brought inside");
}

/* ---- texts ---- */

Test(stepping, cells_read_back)
{
    static const char *const texts[] = {"1 2 3", "1.5 -2/0 1e-07", "1 2/3 4//5 6/7 8"};
    static const char *const wrong[] = {"", "1 2/3", "1 x", "1 2//3", "1//", "nan", "1e99"};
    for (int i = 0; i < ARRAY_LEN(texts); i++) {
        struct tensor t = {0};
        struct text out = {0};
        cr_assert_eq(step_cells_read(texts[i], &t, NULL), ERR_NONE);
        cr_assert_eq(t.rank, i + 1);
        step_cells_write(&t, &out);
        struct tensor again = {0};
        cr_assert_eq(step_cells_read(text_str(&out), &again, NULL), ERR_NONE, "%s", text_str(&out));
        cr_assert_eq(memcmp(t.data, again.data, tensor_count(&t) * sizeof *t.data), 0);
        tensor_fini(&t);
        tensor_fini(&again);
        text_free(&out);
    }
    for (int i = 0; i < ARRAY_LEN(wrong); i++) {
        struct tensor t = {0};
        struct diag diag = {0};
        cr_assert_neq(step_cells_read(wrong[i], &t, &diag), ERR_NONE, "'%s'", wrong[i]);
        cr_assert(*diag.text);
        tensor_fini(&t);
    }
}

Test(stepping, goes_back_to_what_was)
{
    unsigned long first;
    use("padding");
    first = s->serial;
    use("pool");
    struct diag diag = {0};
    cr_assert_eq(stepping_recall(s, first, &diag), ERR_NONE);
    cr_assert_str_eq(s->source.line, "example slide");
    cr_assert_eq(s->outputs, 9);
    for (int i = 0; i < 2 * STEP_KEPT; i++)
        use("mean");
    cr_assert_eq(stepping_recall(s, first, &diag), ERR_UNKNOWN);
    cr_assert(*diag.text);
}

Test(stepping, carried_on)
{
    static const enum step_operation way[] = {STEP_RELU, STEP_MAX, STEP_DENSE, STEP_SOFTMAX, STEP_SOFTMAX};
    use("padding");
    for (int i = 0; i < ARRAY_LEN(way); i++) {
        struct step_source next;
        double first = (double)s->y[0];
        cr_assert_eq(step_source_carry(s, &next, NULL), ERR_NONE);
        cr_assert_eq(stepping_take(s, &next, NULL), ERR_NONE);
        cr_assert_eq(s->source.operation, way[i]);
        cr_assert_float_eq(s->source.x.data[0], first, 1e-6);
    }
    double sum = 0;
    for (long i = 0; i < s->outputs; i++)
        sum += (double)s->y[i];
    cr_assert_float_eq(sum, 1, 1e-6);
}

/* ---- with a pencil ---- */

static double wanted(void)
{
    double value = 0;
    char text[64];
    cr_assert(stepping_wanted(s, false, &value, text, sizeof text));
    return value;
}

/* Right answers lead through all of it, whatever is asked for. */
Test(stepping, pencil_right)
{
    for (const struct step_example *e = step_examples; e->name; e++)
        for (int pencil = PENCIL_PRODUCT; pencil < PENCILS; pencil++) {
            stepping_pencil(s, PENCIL_OFF);
            use(e->name);
            stepping_go(s, 0);
            stepping_pencil(s, (enum step_pencil)pencil);
            long count = 0, all = s->outputs * s->terms;
            while (s->done < all && count < 3000) {
                cr_assert(stepping_answer(s, wanted()), "%s: %s", e->name, s->verdict[0]);
                count++;
            }
            cr_assert(s->asked == count && s->right == count);
        }
}

Test(stepping, pencil_wrong)
{
    stepping_pencil(s, PENCIL_PRODUCT);
    cr_assert_eq(s->done, 0);
    cr_assert_not(stepping_answer(s, 1));
    cr_assert(s->wrong == 0 && s->blinks > 0 && s->done == 0);
    cr_assert(stepping_answer(s, 0));
    cr_assert(s->asked == 1 && s->right == 0, "the first try counts");
    cr_assert_eq(s->wrong, -1);
    stepping_pencil(s, PENCIL_OUTPUT);
    cr_assert_not(stepping_answer(s, 9));
    cr_assert_eq(s->wrong, 1, "3·1 was left out: %s", s->verdict[0]);
    cr_assert_not_null(strstr(s->verdict[0], "left out"), "%s", s->verdict[0]);
    cr_assert_not(stepping_answer(s, 13));
    cr_assert_eq(s->wrong, 7, "1·1 twice: %s", s->verdict[0]);
    cr_assert_not(stepping_answer(s, 50));
    cr_assert_eq(s->wrong, s->terms, "nothing explains that: the sum itself");
    stepping_finish(s);
    cr_assert(s->done == 9 && s->asked == 1 && s->right == 0);
    stepping_pencil(s, PENCIL_SUM);
    cr_assert(stepping_answer(s, 0));
    cr_assert(stepping_answer(s, 2));
    cr_assert_not(stepping_answer(s, 2));
    cr_assert_eq(s->wrong, 2, "1·2 was left out: %s", s->verdict[0]);
    stepping_pencil(s, PENCIL_OFF);
    double value;
    char text[8];
    cr_assert_not(stepping_wanted(s, false, &value, text, sizeof text));
}

/* Whole numbers are asked for exactly, others to two digits or so. */
Test(stepping, pencil_takes_rounded_numbers)
{
    use("softmax");
    stepping_go(s, 0);
    stepping_pencil(s, PENCIL_OUTPUT);
    cr_assert_not(stepping_answer(s, 0.1));
    cr_assert(stepping_answer(s, 0.09));
    cr_assert(stepping_answer(s, 0.245));
}
