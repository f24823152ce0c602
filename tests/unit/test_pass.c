/** Running networks: the same numbers whatever a pass keeps, however many lanes, threads and images it has. */
#include <criterion/criterion.h>
#include <float.h>
#include <limits.h>
#include <math.h>

#include "base/team.h"
#include "nets.h"
#include "tensor/vec.h"

enum { IMAGES = 37 };

/* Everything that a run can differ by: strides, sums, statistics of the batch, chance, logits before the last layer. */
static const char *const texts[] = {
    "input 2x8x9\nconv 5 3x3 pad 1\nrelu\nmaxpool 2\nconv 6 3x3 stride 2 pad 1 groups "
    "1\ntanh\nflatten\ndense 7\n",
    "input 2x8x8\nnormalize 0.5 0.25\nconv 4 3x3\nleakyrelu\navgpool 2\ndropout 0.4\nflatten\ndense "
    "9\nsigmoid\ndense 6\nsoftmax\n",
    "input 3x6x6\na: conv 4 3x3 pad 1 nobias\nb: batchnorm\nr: relu\nc: conv 4 3x3 pad 1 nobias from r\nd: "
    "batchnorm\n"
    "e: add d r\nf: tanh\ng: conv 4 1x1 from r\nh: add f g\ni: add h h\nglobalavgpool\ndropout\ndense 5\n",
};

static int labels[IMAGES];
static uint64_t keys[IMAGES];

static void make_labels(void)
{
    for (int i = 0; i < IMAGES; i++) {
        labels[i] = i * 7 % 5;
        keys[i] = rng_key(1, 2, (uint64_t)i);
    }
}

TestSuite(pass, .init = make_labels);

/* What a training step gives. */
struct result {
    size_t classes, params, floats;
    float *logits, *losses, *grads, *dx;
    double total;
    int correct;
};

static void result_free(struct result *r)
{
    free(r->logits);
    free(r->losses);
    free(r->grads);
    free(r->dx);
}

static struct result step(const struct net *net, const struct weights *w, const float *x, int n,
                          enum mode mode, struct pass_options o)
{
    struct result r = {.classes = shape_count(net->layer[net_logits(net)].out),
                       .params = net->params,
                       .floats = shape_count(net->in)};
    struct pass *pass = pass_of(net, o);
    r.grads = mem_floats(r.params);
    r.dx = mem_floats((size_t)n * r.floats);
    r.logits = mem_floats((size_t)n * r.classes);
    r.losses = mem_floats((size_t)n);
    memset(r.grads, 0x7f, r.params * sizeof(float)); /* overwritten, not added to */
    struct net_step s = {.n = n,
                         .x = x,
                         .label = labels,
                         .loss = &loss_cross_entropy,
                         .mode = mode,
                         .mean = true,
                         .grads = r.grads,
                         .dx = r.dx,
                         .key = keys};
    net_step(net, w, pass, &s);
    memcpy(r.logits, pass_logits(pass), (size_t)n * r.classes * sizeof(float));
    memcpy(r.losses, pass_losses(pass), (size_t)n * sizeof(float));
    r.total = s.total_loss;
    r.correct = s.correct;
    cr_assert_eq(pass_images(pass), n);
    pass_free(pass);
    return r;
}

static void check_bits(const struct result *a, const struct result *b, int n, const char *what, int number)
{
    cr_assert(same_bits((size_t)n * a->classes, a->logits, b->logits), "logits, %s %d", what, number);
    cr_assert(same_bits((size_t)n, a->losses, b->losses), "losses, %s %d", what, number);
    cr_assert(same_bits(a->params, a->grads, b->grads), "gradients, %s %d", what, number);
    cr_assert(same_bits((size_t)n * a->floats, a->dx, b->dx), "input gradients, %s %d", what, number);
    cr_assert(a->total >= b->total && a->total <= b->total && a->correct == b->correct, "%s %d", what,
              number);
}

/* Calls with each net, some weights, and images. */
static void each(void (*check)(const struct net *net, const struct weights *w, const float *x))
{
    for (int t = 0; t < ARRAY_LEN(texts); t++) {
        struct net *net = net_of(texts[t]);
        struct weights w = weights_of(net, 4);
        float *x = random_floats(IMAGES * shape_count(net->in), 0, 1, 5);
        check(net, &w, x);
        free(x);
        weights_fini(&w);
        net_free(net);
    }
}

static void any_threads(const struct net *net, const struct weights *w, const float *x)
{
    static const int threads[] = {2, 3, 7};
    for (int lanes = 0; lanes <= LANES; lanes = lanes == 0 ? 1 : lanes + 15)
        for (int mode = MODE_INFER; mode <= MODE_TRAIN; mode++) {
            struct result one =
                step(net, w, x, IMAGES, (enum mode)mode,
                     (struct pass_options){.capacity = IMAGES, .lanes = lanes, .grads = true});
            for (int t = 0; t < ARRAY_LEN(threads); t++) {
                struct team *team = team_new(threads[t]);
                struct result many = step(
                    net, w, x, IMAGES, (enum mode)mode,
                    (struct pass_options){.capacity = IMAGES, .lanes = lanes, .grads = true, .team = team});
                check_bits(&one, &many, IMAGES, "threads", threads[t]);
                result_free(&many);
                team_free(team);
            }
            result_free(&one);
        }
}

Test(pass, the_same_bits_with_any_number_of_threads)
{
    each(any_threads);
}

static void any_memory(const struct net *net, const struct weights *w, const float *x)
{
    static const int capacities[] = {IMAGES, 48, 49, 500};
    for (int lanes = 1; lanes <= LANES; lanes += 15)
        for (int mode = MODE_INFER; mode <= MODE_TRAIN; mode++) {
            struct result first = {0};
            for (int keep = 0; keep < 2; keep++)
                for (int c = 0; c < ARRAY_LEN(capacities); c++) {
                    struct result r =
                        step(net, w, x, IMAGES, (enum mode)mode,
                             (struct pass_options){
                                 .capacity = capacities[c], .lanes = lanes, .keep = keep, .grads = true});
                    if (first.logits) {
                        check_bits(&first, &r, IMAGES, keep ? "keeping, capacity" : "capacity",
                                   capacities[c]);
                        result_free(&r);
                    } else
                        first = r;
                }
            result_free(&first);
        }
}

Test(pass, the_same_bits_whatever_is_kept_and_whatever_would_fit)
{
    each(any_memory);
}

static void both_lanes(const struct net *net, const struct weights *w, const float *x)
{
    for (int n = 1; n <= IMAGES; n += n < 4 || n == 15 || n == 16 ? 1 : 2)
        for (int mode = MODE_INFER; mode <= MODE_TRAIN; mode++) {
            struct result one = step(net, w, x, n, (enum mode)mode,
                                     (struct pass_options){.capacity = n, .lanes = 1, .grads = true}),
                          many = step(net, w, x, n, (enum mode)mode,
                                      (struct pass_options){.capacity = n, .lanes = LANES, .grads = true});
            cr_assert_lt(apart((size_t)n * one.classes, many.logits, one.logits), 2e-5, "logits of %d", n);
            cr_assert_lt(apart((size_t)n, many.losses, one.losses), 2e-5);
            /* of a batch of one, normalised, nothing but rounding may be left */
            if (!(net->meets && mode == MODE_TRAIN && n < 3)) {
                cr_assert_lt(apart(one.params, many.grads, one.grads), 2e-4, "gradients of %d, mode %d", n,
                             mode);
                cr_assert_lt(apart((size_t)n * one.floats, many.dx, one.dx), 2e-4,
                             "input gradients of %d, mode %d", n, mode);
            }
            result_free(&one);
            result_free(&many);
        }
}

Test(pass, one_lane_and_sixteen_agree)
{
    each(both_lanes);
}

static void alone(const struct net *net, const struct weights *w, const float *x)
{
    size_t in = shape_count(net->in), k = shape_count(net_out(net)),
           z = shape_count(net->layer[net_logits(net)].out);
    for (int lanes = 1; lanes <= LANES; lanes += 15) {
        struct pass *batch = pass_of(net, (struct pass_options){.capacity = IMAGES, .lanes = lanes}),
                    *single = pass_of(net, (struct pass_options){.capacity = 1, .lanes = lanes});
        net_forward(net, w, batch, IMAGES, x, MODE_INFER);
        for (int i = 0; i < IMAGES; i++) {
            net_forward(net, w, single, 1, x + (size_t)i * in, MODE_INFER);
            cr_assert(same_bits(k, pass_out(single), pass_out(batch) + (size_t)i * k), "image %d, %d lanes",
                      i, lanes);
            cr_assert(same_bits(z, pass_logits(single), pass_logits(batch) + (size_t)i * z),
                      "image %d, %d lanes", i, lanes);
        }
        pass_free(batch);
        pass_free(single);
    }
}

Test(pass, an_image_doesnt_see_its_neighbours)
{
    each(alone);
}

/* Without statistics of the batch the gradient of a batch is the sum of its images'. */
static void adds_up(const struct net *net, const struct weights *w, const float *x)
{
    struct pass *pass = pass_of(net, (struct pass_options){.capacity = IMAGES, .grads = true});
    size_t in = shape_count(net->in);
    float *sum = mem_floats(net->params), *one = mem_floats(net->params), *all = mem_floats(net->params),
          *mean = mem_floats(net->params);
    float *dx = mem_floats(IMAGES * in), *dx_mean = mem_floats(IMAGES * in);
    struct net_step s = {.n = IMAGES,
                         .x = x,
                         .label = labels,
                         .loss = &loss_cross_entropy,
                         .mode = MODE_INFER,
                         .grads = all,
                         .dx = dx};
    net_step(net, w, pass, &s);
    double total = s.total_loss;
    s.mean = true, s.grads = mean, s.dx = dx_mean;
    net_step(net, w, pass, &s);
    cr_assert_float_eq(s.total_loss, total, 1e-5 * total, "the loss itself is always the sum");
    s.mean = false, s.grads = one, s.dx = NULL, s.n = 1;
    double losses = 0;
    for (int i = 0; i < IMAGES; i++) {
        s.x = x + (size_t)i * in, s.label = labels + i;
        net_step(net, w, pass, &s);
        losses += s.total_loss;
        for (size_t p = 0; p < net->params; p++)
            sum[p] += one[p];
    }
    cr_assert_float_eq(losses, total, 1e-5 * total);
    cr_assert_lt(apart(net->params, all, sum), 2e-5);
    for (size_t p = 0; p < net->params; p++)
        mean[p] *= IMAGES;
    for (size_t i = 0; i < IMAGES * in; i++)
        dx_mean[i] *= IMAGES;
    cr_assert_lt(apart(net->params, mean, all), 1e-5);
    cr_assert_lt(apart(IMAGES * in, dx_mean, dx), 1e-5);
    free(sum);
    free(one);
    free(all);
    free(mean);
    free(dx);
    free(dx_mean);
    pass_free(pass);
}

Test(pass, sums_and_means)
{
    each(adds_up);
}

Test(pass, asks_for_only_what_is_wanted)
{
    struct net *net = net_of(texts[2]);
    struct weights w = weights_of(net, 4);
    float *x = random_floats(IMAGES * shape_count(net->in), 0, 1, 5), *grads = mem_floats(net->params),
          *dx = mem_floats(IMAGES * shape_count(net->in));
    struct result both =
        step(net, &w, x, IMAGES, MODE_TRAIN, (struct pass_options){.capacity = IMAGES, .grads = true});
    struct pass *pass = pass_of(net, (struct pass_options){.capacity = IMAGES, .grads = true});
    struct net_step s = {.n = IMAGES,
                         .x = x,
                         .label = labels,
                         .loss = &loss_cross_entropy,
                         .mode = MODE_TRAIN,
                         .mean = true,
                         .key = keys};
    s.grads = grads;
    net_step(net, &w, pass, &s);
    cr_assert(same_bits(net->params, grads, both.grads), "gradients alone");
    s.grads = NULL, s.dx = dx;
    net_step(net, &w, pass, &s);
    cr_assert(same_bits(IMAGES * both.floats, dx, both.dx), "input gradients alone");
    s.dx = NULL;
    net_step(net, &w, pass, &s);
    cr_assert(same_bits(IMAGES, pass_losses(pass), both.losses), "losses alone");
    cr_assert(same_bits(IMAGES * both.classes, pass_logits(pass), both.logits));
    result_free(&both);
    pass_free(pass);
    weights_fini(&w);
    net_free(net);
    free(x);
    free(grads);
    free(dx);
}

Test(pass, logits_lie_before_a_last_softmax)
{
    struct net *net = net_of("input 6\ndense 5\ntanh\ndense 5\nsoftmax\n"),
               *plain = net_of("input 6\ndense 5\ntanh\ndense 5\n");
    struct weights w = weights_of(net, 1);
    float *x = random_floats(IMAGES * 6, -1, 1, 2);
    cr_assert_eq(net_logits(net), 2);
    cr_assert_eq(net_logits(plain), 2);
    for (int keep = 0; keep < 2; keep++)
        for (int lanes = 1; lanes <= LANES; lanes += 15) {
            struct pass_options o = {.capacity = IMAGES, .lanes = lanes, .keep = keep, .grads = true};
            struct pass *a = pass_of(net, o), *b = pass_of(plain, o);
            net_forward(net, &w, a, IMAGES, x, MODE_INFER);
            net_forward(plain, &w, b, IMAGES, x, MODE_INFER);
            cr_assert(same_bits(IMAGES * 5, pass_logits(a), pass_out(b)), "keep %d, %d lanes", keep, lanes);
            for (int i = 0; i < IMAGES; i++) {
                float p[5];
                softmax(5, pass_logits(a) + 5 * i, p);
                cr_assert_lt(apart(5, pass_out(a) + 5 * i, p), 1e-6);
            }
            pass_free(a);
            pass_free(b);
            struct result r = step(net, &w, x, IMAGES, MODE_TRAIN, o),
                          s = step(plain, &w, x, IMAGES, MODE_TRAIN, o);
            check_bits(&r, &s, IMAGES, "with softmax and without, keep", keep);
            result_free(&r);
            result_free(&s);
        }
    struct net *only = net_of("input 3\nsoftmax\n");
    cr_assert_eq(net_logits(only), 0, "there is nothing before it");
    net_free(only);
    free(x);
    weights_fini(&w);
    net_free(net);
    net_free(plain);
}

/* ---- backward from any layer ---- */

/* The first lines of a model: the net that ends in layer `last`. */
static struct net *cut(const struct net *net, int last)
{
    const char *end = net->text;
    for (int line = 0; line < last + 2; line++)
        end = strchr(end, '\n') + 1;
    char *text = strndup(net->text, (size_t)(end - net->text));
    struct net *shorter = net_of(text);
    free(text);
    return shorter;
}

static void from_inside(const struct net *net, const struct weights *w, const float *x)
{
    enum { N = 21 };
    size_t in = shape_count(net->in);
    struct pass_options o = {.capacity = N, .keep = true, .grads = true};
    struct pass *pass = pass_of(net, o);
    float *grads = mem_floats(net->params), *dx = mem_floats(N * in), *short_grads = mem_floats(net->params),
          *short_dx = mem_floats(N * in), *read = mem_floats(10000);
    for (int from = 0; from < net->layers; from++)
        for (int mode = MODE_INFER; mode <= MODE_TRAIN; mode++) {
            size_t k = shape_count(net->layer[from].out);
            struct net *shorter = cut(net, from);
            struct pass *other = pass_of(
                shorter,
                (struct pass_options){.capacity = N, .keep = true, .grads = true, .lanes = pass_lanes(pass)});
            float *dy = random_floats(N * k, -1, 1, (uint64_t)from);
            net_forward(net, w, pass, N, x, (enum mode)mode);
            net_backward(net, w, pass, from, dy, grads, dx);
            net_forward(shorter, w, other, N, x, (enum mode)mode);
            net_backward(shorter, w, other, from, dy, short_grads, short_dx);
            cr_assert(same_bits(shorter->params, grads, short_grads), "from '%s'", net->layer[from].name);
            cr_assert(same_bits(N * in, dx, short_dx), "from '%s'", net->layer[from].name);
            for (size_t p = shorter->params; p < net->params; p++)
                cr_assert_eq(grads[p], 0, "above '%s' nothing is reached", net->layer[from].name);
            for (int i = 0; i < N; i += 5) {
                pass_read(pass, NET_INPUT, i, read);
                cr_assert(same_bits(in, read, x + (size_t)i * in));
                pass_read_gradient(pass, NET_INPUT, i, read);
                cr_assert(same_bits(in, read, dx + (size_t)i * in));
                pass_read_gradient(pass, from, i, read);
                cr_assert(same_bits(k, read, dy + (size_t)i * k));
                if (from + 1 < net->layers) {
                    pass_read_gradient(pass, from + 1, i, read);
                    for (size_t j = 0; j < shape_count(net->layer[from + 1].out); j++)
                        cr_assert_eq(read[j], 0);
                }
            }
            pass_free(other);
            net_free(shorter);
            free(dy);
        }
    free(grads);
    free(dx);
    free(short_grads);
    free(short_dx);
    free(read);
    pass_free(pass);
}

Test(pass, backward_from_any_layer_is_that_of_the_net_that_ends_there)
{
    each(from_inside);
}

/* <dy, y> of layer `from` as a number. */
static double value(const struct net *net, const struct weights *w, struct pass *pass, int n, const float *x,
                    int from, const float *dy)
{
    size_t k = shape_count(net->layer[from].out);
    float *y = mem_floats(k);
    double sum = 0;
    net_forward(net, w, pass, n, x, MODE_TRAIN);
    for (int i = 0; i < n; i++) {
        pass_read(pass, from, i, y);
        for (size_t j = 0; j < k; j++)
            sum += (double)y[j] * (double)dy[(size_t)i * k + j];
    }
    free(y);
    return sum;
}

/* Along a direction in the images and in the parameters: central differences of a smooth residual net with statistics of the batch. */
Test(pass, backward_is_the_derivative)
{
    enum { N = 19 };
    struct net *net = net_of("input 2x5x5\na: conv 4 3x3 pad 1\nb: batchnorm\nc: tanh\nd: conv 4 3x3 pad "
                             "1\ne: batchnorm\nf: add e c\ng: sigmoid\n"
                             "avgpool 2 stride 1\nflatten\ndense 6\n");
    struct weights w = weights_of(net, 8);
    size_t floats = N * shape_count(net->in);
    float *x = random_floats(floats, 0, 1, 1), *along = random_floats(floats, -1, 1, 2),
          *dx = mem_floats(floats), *moved = mem_floats(floats);
    float *grads = mem_floats(net->params), *turn = random_floats(net->params, -1, 1, 3);
    for (int from = 0; from < net->layers; from++)
        for (int lanes = 1; lanes <= LANES; lanes += 15) {
            struct pass *pass = pass_of(
                net, (struct pass_options){.capacity = N, .lanes = lanes, .keep = true, .grads = true});
            float *dy = random_floats(N * shape_count(net->layer[from].out), -1, 1, 9);
            value(net, &w, pass, N, x, from, dy);
            net_backward(net, &w, pass, from, dy, grads, dx);
            double slope = 0, scale = 0, h = 4e-3, side[2];
            for (size_t i = 0; i < floats; i++) {
                slope += (double)dx[i] * (double)along[i];
                scale += (double)dx[i] * (double)dx[i];
            }
            for (int s = 0; s < 2; s++) {
                for (size_t i = 0; i < floats; i++)
                    moved[i] = x[i] + (float)(s ? h : -h) * along[i];
                side[s] = value(net, &w, pass, N, moved, from, dy);
            }
            cr_assert_float_eq((side[1] - side[0]) / (2 * h), slope, 0.01 * sqrt(scale),
                               "images, from '%s', %d lanes: %g, not %g", net->layer[from].name, lanes,
                               (side[1] - side[0]) / (2 * h), slope);
            slope = scale = 0;
            for (size_t i = 0; i < net->params; i++) {
                slope += (double)grads[i] * (double)turn[i];
                scale += (double)grads[i] * (double)grads[i];
            }
            for (int s = 0; s < 2; s++) {
                for (size_t i = 0; i < net->params; i++)
                    w.params[i] += (float)(s ? 2 * h : -h) * turn[i];
                side[s] = value(net, &w, pass, N, x, from, dy);
            }
            for (size_t i = 0; i < net->params; i++)
                w.params[i] -= (float)h * turn[i];
            cr_assert_float_eq((side[1] - side[0]) / (2 * h), slope, 0.01 * sqrt(scale),
                               "parameters, from '%s', %d lanes: %g, not %g", net->layer[from].name, lanes,
                               (side[1] - side[0]) / (2 * h), slope);
            free(dy);
            pass_free(pass);
        }
    free(x);
    free(along);
    free(dx);
    free(moved);
    free(grads);
    free(turn);
    weights_fini(&w);
    net_free(net);
}

/* ---- statistics, trouble ---- */

Test(pass, running_statistics_move_towards_the_batch)
{
    struct net *net = net_of("input 2x3x4\nconv 3 2x2\nbatchnorm momentum 0.25\nrelu\n");
    struct weights w = weights_of(net, 1), before = weights_of(net, 1);
    float *x = random_floats(IMAGES * 24, 0, 1, 1), y[18];
    for (int lanes = 1; lanes <= LANES; lanes += 15) {
        struct pass *pass =
            pass_of(net, (struct pass_options){.capacity = IMAGES, .lanes = lanes, .keep = true});
        weights_copy(&w, &before);
        net_forward(net, &w, pass, IMAGES, x, MODE_TRAIN);
        cr_assert(same_bits(6, w.buffers, before.buffers), "not before net_absorb()");
        net_absorb(net, pass, &w);
        for (int c = 0; c < 3; c++) {
            double mean = 0, squares = 0, count = IMAGES * 6;
            for (int i = 0; i < IMAGES; i++) {
                pass_read(pass, 0, i, y);
                for (int k = 0; k < 6; k++) {
                    mean += (double)y[6 * c + k] / count;
                    squares += (double)y[6 * c + k] * (double)y[6 * c + k];
                }
            }
            double variance = (squares - count * mean * mean) / (count - 1);
            cr_assert_float_eq((double)w.buffers[c], 0.75 * (double)before.buffers[c] + 0.25 * mean, 1e-5);
            cr_assert_float_eq((double)w.buffers[3 + c],
                               0.75 * (double)before.buffers[3 + c] + 0.25 * variance, 1e-5);
        }
        pass_free(pass);
    }
    free(x);
    weights_fini(&w);
    weights_fini(&before);
    net_free(net);
}

Test(pass, the_first_layer_that_isnt_finite)
{
    struct net *net = net_of("input 4\ndense 4\nrelu\ndense 3\nrelu\n");
    struct weights w = weights_of(net, 1);
    float x[IMAGES * 4] = {0};
    for (int lanes = 1; lanes <= LANES; lanes += 15) {
        struct pass *pass =
            pass_of(net, (struct pass_options){.capacity = IMAGES, .lanes = lanes, .keep = true});
        for (int l = 0; l < 3; l += 2) {
            float *bias = w.params + net->layer[l].param[1].offset + 2, kept = *bias;
            net_forward(net, &w, pass, IMAGES, x, MODE_INFER);
            cr_assert_eq(pass_first_beyond(pass, FLT_MAX), -1);
            *bias = l ? INFINITY : NAN;
            net_forward(net, &w, pass, IMAGES, x, MODE_INFER);
            cr_assert_eq(pass_first_beyond(pass, FLT_MAX), l);
            *bias = kept;
        }
        x[4 * (IMAGES - 1)] = NAN;
        net_forward(net, &w, pass, IMAGES, x, MODE_INFER);
        cr_assert_eq(pass_first_beyond(pass, FLT_MAX), 0, "of the last image");
        net_forward(net, &w, pass, IMAGES - 1, x, MODE_INFER);
        cr_assert_eq(pass_first_beyond(pass, FLT_MAX), -1, "which isn't part of this batch");
        x[4 * (IMAGES - 1)] = 0;
        pass_free(pass);
    }
    weights_fini(&w);
    net_free(net);
}

Test(pass, too_much_memory_is_said)
{
    struct net *net = net_of("input 64x64x64\nrelu\n");
    struct pass *pass = NULL;
    struct diag d = {0};
    static const int capacities[] = {1 << 28, INT_MAX};
    for (int i = 0; i < ARRAY_LEN(capacities); i++) {
        cr_assert_eq(pass_new(net,
                              (struct pass_options){.capacity = capacities[i], .keep = true, .grads = true},
                              &pass, &d),
                     ERR_MEMORY);
        cr_assert_not_null(strstr(d.text, "MB were asked for"), "%s", d.text);
        cr_assert_null(pass);
    }
    pass_free(NULL);
    net_free(net);
}
