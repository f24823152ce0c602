/** Attacks: within their ball, a function of the seed and the image alone, and as strong as they should be. */
#include <criterion/criterion.h>
#include <math.h>

#include "attack/attack.h"
#include "attack/attacks/attacks.h"
#include "attack/film.h"
#include "attack/flip.h"
#include "attack/landscape.h"
#include "attack/pixels.h"
#include "attack/robustness.h"
#include "attack/trials.h"
#include "base/team.h"
#include "nets.h"
#include "tensor/vec.h"

enum { IMAGES = 40, SIDE = 6, PIXELS = SIDE * SIDE, CLASSES = 3 };

static struct net *net;
static struct weights w;
static float *images;
static int labels[IMAGES], targets[IMAGES];

/* Three classes that differ by where it is bright, so that a few steps of plain gradient descent learn them. */
static void make_images(void)
{
    struct rng rng;
    rng_init(&rng, 1);
    images = mem_floats(IMAGES * PIXELS);
    for (int i = 0; i < IMAGES; i++) {
        labels[i] = i % CLASSES;
        targets[i] = (i + 1) % CLASSES;
        for (int k = 0; k < PIXELS; k++)
            images[i * PIXELS + k] =
                fminf(fmaxf(rng_between(&rng, 0, 0.5f) + (k / 12 == labels[i] ? 0.35f : 0), 0), 1);
    }
    memset(images, 0, 5 * sizeof *images); /* at the ends of the range too */
    for (int k = 5; k < 9; k++)
        images[k] = 1;
}

static void train(void)
{
    struct pass *pass = pass_of(net, (struct pass_options){.capacity = IMAGES, .grads = true});
    float *grads = mem_floats(net->params);
    struct net_step s = {.n = IMAGES,
                         .x = images,
                         .label = labels,
                         .loss = &loss_cross_entropy,
                         .mode = MODE_TRAIN,
                         .mean = true,
                         .grads = grads};
    for (int k = 0; k < 150; k++) {
        net_step(net, &w, pass, &s);
        for (size_t p = 0; p < net->params; p++)
            w.params[p] -= 0.2f * grads[p];
    }
    cr_assert_eq(s.correct, IMAGES, "the small net learned its images");
    free(grads);
    pass_free(pass);
}

static void begin(void)
{
    net = net_of("input 1x6x6\nconv 6 3x3\ntanh\nflatten\ndense 3\nsoftmax\n");
    w = weights_of(net, 3);
    make_images();
    train();
}

static void end(void)
{
    free(images);
    weights_fini(&w);
    net_free(net);
}

TestSuite(attack, .init = begin, .fini = end);

static const float *attack(const struct attack_type *type, const struct attack_options *o, const int *label,
                           int batch, int lanes, struct team *team)
{
    static float adv[IMAGES * PIXELS], scratch[ATTACK_SCRATCH * IMAGES * PIXELS];
    struct pass *pass = pass_of(
        net, (struct pass_options){.capacity = batch, .lanes = lanes, .backward = true, .team = team});
    memset(adv, 0x7f, sizeof adv);
    for (int i = 0; i < IMAGES; i += batch) {
        int n = IMAGES - i < batch ? IMAGES - i : batch;
        type->run(o, net, &w, pass, n, images + i * PIXELS, label + i, i, adv + i * PIXELS, scratch);
    }
    pass_free(pass);
    return adv;
}

/* Mean loss, and how many are right. */
static double loss_of(const float *x, const int *label, int *correct)
{
    struct pass *pass = pass_of(net, (struct pass_options){.capacity = IMAGES});
    struct net_step s = {
        .n = IMAGES, .x = x, .label = label, .loss = &loss_cross_entropy, .mode = MODE_INFER};
    net_step(net, &w, pass, &s);
    pass_free(pass);
    if (correct)
        *correct = s.correct;
    return s.total_loss / IMAGES;
}

static int says(const float *x)
{
    struct pass *pass = pass_of(net, (struct pass_options){.capacity = 1});
    net_forward(net, &w, pass, 1, x, MODE_INFER);
    int class = argmax(CLASSES, pass_logits(pass));
    pass_free(pass);
    return class;
}

static double loss_of_one(const float *x, int label)
{
    struct pass *pass = pass_of(net, (struct pass_options){.capacity = 1});
    struct net_step s = {.n = 1, .x = x, .label = &label, .loss = &loss_cross_entropy, .mode = MODE_INFER};
    net_step(net, &w, pass, &s);
    pass_free(pass);
    return s.total_loss;
}

/* Calls with every attack, norm and kind of aim. */
static void each(void (*check)(const struct attack_type *type, struct attack_options o))
{
    static const float eps[NORMS] = {0.08f, 0.5f};
    for (int t = 0; attack_types[t]; t++)
        for (int norm = 0; norm < NORMS; norm++)
            for (int targeted = 0; targeted < 2; targeted++)
                for (int random = 0; random < 2; random++)
                    check(attack_types[t],
                          (struct attack_options){.norm = (enum norm)norm,
                                                  .eps = eps[norm],
                                                  .targeted = targeted,
                                                  .random_start = random,
                                                  .iterations = attack_types[t]->smallest ? 30 : 7,
                                                  .searches = 3,
                                                  .seed = 11});
}

static void stays_in_its_ball(const struct attack_type *type, struct attack_options o)
{
    static const float factors[] = {0, 0.01f, 1, 30};
    float eps = o.eps;
    for (int f = 0; f < ARRAY_LEN(factors); f++) {
        o.eps = eps * factors[f];
        const float *adv = attack(type, &o, o.targeted ? targets : labels, IMAGES, 0, NULL);
        for (int i = 0; i < IMAGES; i++) {
            const float *x = images + i * PIXELS, *y = adv + i * PIXELS;
            double far = o.norm == NORM_L2 ? distance_l2(PIXELS, x, y) : distance_linf(PIXELS, x, y);
            cr_assert_leq(far, (double)o.eps * 1.00001 + 1e-6, "%s %s eps %g: %g", type->name,
                          norm_names[o.norm], (double)o.eps, far);
            for (int k = 0; k < PIXELS; k++)
                cr_assert(y[k] >= 0 && y[k] <= 1, "%s: a pixel of %g", type->name, (double)y[k]);
            if (factors[f] > 0 && factors[f] <= 1 && !type->smallest)
                cr_assert_gt(far, 0.3 * (double)o.eps, "%s %s uses its room", type->name, norm_names[o.norm]);
        }
    }
}

Test(attack, stays_in_its_ball_and_in_the_picture)
{
    each(stays_in_its_ball);
}

static void same_in_any_batch(const struct attack_type *type, struct attack_options o)
{
    static const int batches[] = {1, 3, 16, 17};
    float first[IMAGES * PIXELS];
    for (int lanes = 1; lanes <= LANES; lanes += 15) {
        memcpy(first, attack(type, &o, labels, IMAGES, lanes, NULL), sizeof first);
        cr_assert(same_bits(IMAGES * PIXELS, first, attack(type, &o, labels, IMAGES, lanes, NULL)),
                  "%s twice", type->name);
        for (int b = 0; b < ARRAY_LEN(batches); b++)
            cr_assert(same_bits(IMAGES * PIXELS, first, attack(type, &o, labels, batches[b], lanes, NULL)),
                      "%s in batches of %d", type->name, batches[b]);
        struct team *team = team_new(3);
        cr_assert(same_bits(IMAGES * PIXELS, first, attack(type, &o, labels, IMAGES, lanes, team)),
                  "%s with three threads", type->name);
        team_free(team);
    }
    struct attack_options other = o;
    other.seed++;
    bool random = type == &attack_noise || (type == &attack_pgd && o.random_start);
    cr_assert_eq(same_bits(IMAGES * PIXELS, first, attack(type, &other, labels, IMAGES, LANES, NULL)),
                 !random, "%s: another seed", type->name);
}

Test(attack, a_function_of_the_seed_and_the_image)
{
    each(same_in_any_batch);
}

/* Towards a target the loss falls, away from the truth it rises; noise does next to nothing. */
static void moves_the_loss(const struct attack_type *type, struct attack_options o)
{
    const int *label = o.targeted ? targets : labels;
    double before = loss_of(images, label, NULL),
           after = loss_of(attack(type, &o, label, IMAGES, 0, NULL), label, NULL),
           change = o.targeted ? before - after : after - before;
    if (type != &attack_noise)
        cr_assert_gt(change, type->smallest ? 0 : 0.1, "%s %s: from %g to %g", type->name, norm_names[o.norm],
                     before, after);
    else
        cr_assert_lt(fabs(change), 0.25, "noise: from %g to %g", before, after);
}

Test(attack, moves_the_loss_where_it_should)
{
    each(moves_the_loss);
}

Test(attack, pgd_is_at_least_as_strong_as_fgsm)
{
    static const float eps[NORMS][3] = {{0.03f, 0.08f, 0.15f}, {0.2f, 0.5f, 1}};
    for (int norm = 0; norm < NORMS; norm++)
        for (int e = 0; e < 3; e++) {
            struct attack_options o = {.norm = (enum norm)norm, .eps = eps[norm][e], .iterations = 20};
            int right[3] = {0};
            double noise = loss_of(attack(&attack_noise, &o, labels, IMAGES, 0, NULL), labels, &right[0]),
                   fgsm = loss_of(attack(&attack_fgsm, &o, labels, IMAGES, 0, NULL), labels, &right[1]),
                   pgd = loss_of(attack(&attack_pgd, &o, labels, IMAGES, 0, NULL), labels, &right[2]);
            cr_assert_gt(fgsm, noise);
            cr_assert_geq(pgd, fgsm - 1e-3, "%s %g: pgd %g, fgsm %g", norm_names[norm], (double)o.eps, pgd,
                          fgsm);
            cr_assert(right[2] <= right[1] && right[1] <= right[0], "%d, %d, %d", right[0], right[1],
                      right[2]);
        }
}

/* FGSM is one step of PGD of the same length. */
Test(attack, fgsm_is_pgd_with_one_step)
{
    for (int norm = 0; norm < NORMS; norm++)
        for (int targeted = 0; targeted < 2; targeted++) {
            struct attack_options o = {
                .norm = (enum norm)norm, .eps = 0.1f, .step = 0.1f, .iterations = 1, .targeted = targeted};
            float one[IMAGES * PIXELS];
            memcpy(one, attack(&attack_fgsm, &o, labels, IMAGES, 0, NULL), sizeof one);
            cr_assert(same_bits(IMAGES * PIXELS, one, attack(&attack_pgd, &o, labels, IMAGES, 0, NULL)));
        }
}

/* Each reaches where no linear step does; what they find fools, and is no further than what PGD needs. */
Test(attack, smallest_perturbations)
{
    static float best[IMAGES];
    for (int i = 0; i < IMAGES; i++)
        best[i] = INFINITY;
    for (int e = 1; e <= 60; e++) { /* the smallest ball in which PGD finds something */
        struct attack_options o = {.norm = NORM_L2, .eps = 0.02f * (float)e, .iterations = 40};
        const float *adv = attack(&attack_pgd, &o, labels, IMAGES, 0, NULL);
        for (int i = 0; i < IMAGES; i++)
            if (!isfinite(best[i]) && says(adv + i * PIXELS) != labels[i])
                best[i] = o.eps;
    }
    for (int t = 0; attack_types[t]; t++) {
        if (!attack_types[t]->smallest)
            continue;
        struct attack_options o = {.norm = NORM_L2, .eps = INFINITY, .iterations = 200};
        const float *adv = attack(attack_types[t], &o, labels, IMAGES, 0, NULL);
        double sum = 0, sum_pgd = 0;
        for (int i = 0; i < IMAGES; i++) {
            cr_assert_neq(says(adv + i * PIXELS), labels[i], "%s, image %d", attack_types[t]->name, i);
            cr_assert(isfinite(best[i]));
            sum += distance_l2(PIXELS, images + i * PIXELS, adv + i * PIXELS);
            sum_pgd += (double)best[i];
        }
        cr_assert_lt(sum, 1.1 * sum_pgd, "%s: %g, pgd %g", attack_types[t]->name, sum / IMAGES,
                     sum_pgd / IMAGES);
        o.targeted = true;
        adv = attack(attack_types[t], &o, targets, IMAGES, 0, NULL);
        for (int i = 0; i < IMAGES; i++)
            cr_assert_eq(says(adv + i * PIXELS), targets[i], "%s, image %d to a target",
                         attack_types[t]->name, i);
    }
}

/* What is wrong already, or at its target, stays as it is. */
Test(attack, nothing_to_do)
{
    for (int t = 0; attack_types[t]; t++) {
        if (!attack_types[t]->smallest)
            continue;
        struct attack_options o = {.norm = NORM_L2, .eps = INFINITY, .iterations = 20, .searches = 2};
        const float *adv = attack(attack_types[t], &o, targets, IMAGES, 0, NULL);
        cr_assert_lt(apart(IMAGES * PIXELS, adv, images), 1e-5, "%s", attack_types[t]->name);
        o.targeted = true;
        adv = attack(attack_types[t], &o, labels, IMAGES, 0, NULL);
        cr_assert_lt(apart(IMAGES * PIXELS, adv, images), 1e-5, "%s", attack_types[t]->name);
    }
}

/* The loss margin by hand; without momentum mifgsm would be pgd. */
Test(attack, losses_by_hand)
{
    const float z[4] = {1, 4, 2, 3};
    float dz[4];
    cr_assert_eq(attack_loss_margin.value(4, z, 1, 1, dz), 1);
    cr_assert_lt(apart(4, dz, (float[]){0, 1, 0, -1}), 1e-7);
    cr_assert_eq(attack_loss_margin.value(4, z, 0, 2, dz), -3);
    cr_assert_lt(apart(4, dz, (float[]){2, -2, 0, 0}), 1e-7);
    cr_assert_eq(attack_loss_logit.value(4, z, 2, 1, dz), 2);
    cr_assert_lt(apart(4, dz, (float[]){0, 0, 1, 0}), 1e-7);
    cr_assert_eq(attack_runner_up(1, z, 0), -1);
    struct attack_options o = {.norm = NORM_LINF, .eps = 0.1f, .momentum = 1e-9f};
    float plain[IMAGES * PIXELS];
    memcpy(plain, attack(&attack_pgd, &o, labels, IMAGES, 0, NULL), sizeof plain);
    cr_assert_lt(apart(IMAGES * PIXELS, plain, attack(&attack_mifgsm, &o, labels, IMAGES, 0, NULL)), 1e-6);
}

Test(attack, noise_has_its_length)
{
    struct attack_options o = {.norm = NORM_LINF, .eps = 0.01f, .seed = 4};
    for (int i = 0; i < IMAGES * PIXELS; i++)
        images[i] = 0.5f;
    const float *adv = attack(&attack_noise, &o, labels, IMAGES, 0, NULL);
    int up = 0;
    for (int i = 0; i < IMAGES * PIXELS; i++) {
        cr_assert_float_eq(fabs((double)adv[i] - 0.5), 0.01, 1e-7);
        up += adv[i] > 0.5f;
    }
    cr_assert_float_eq((double)up / (IMAGES * PIXELS), 0.5, 0.06);
    o.norm = NORM_L2;
    o.eps = 0.7f;
    adv = attack(&attack_noise, &o, labels, IMAGES, 0, NULL);
    for (int i = 0; i < IMAGES; i++)
        cr_assert_float_eq(distance_l2(PIXELS, images + i * PIXELS, adv + i * PIXELS), 0.7, 1e-5);
}

Test(attack, distances_and_projections_by_hand)
{
    const float x[3] = {0, 0.5f, 1}, far[3] = {0.3f, 0.1f, 1};
    float adv[3];
    cr_assert_float_eq(distance_linf(3, x, far), 0.4, 1e-7);
    cr_assert_float_eq(distance_l2(3, x, far), 0.5, 1e-7);
    memcpy(adv, far, sizeof adv);
    attack_project(NORM_LINF, 0.25f, 3, x, adv);
    cr_assert_lt(apart(3, adv, (float[]){0.25f, 0.25f, 1}), 1e-6);
    memcpy(adv, far, sizeof adv);
    attack_project(NORM_L2, 0.25f, 3, x, adv);
    cr_assert_lt(apart(3, adv, (float[]){0.15f, 0.3f, 1}), 1e-6);
    memcpy(adv, (float[]){-0.1f, 0.5f, 1.2f}, sizeof adv);
    attack_project(NORM_L2, 1, 3, x, adv);
    cr_assert_lt(apart(3, adv, (float[]){0, 0.5f, 1}), 1e-6, "into the picture");
    memcpy(adv, x, sizeof adv);
    attack_step(NORM_LINF, 0.1f, 3, (float[]){5, 0, -1e-20f}, adv);
    cr_assert_lt(apart(3, adv, (float[]){0.1f, 0.5f, 0.9f}), 1e-6, "a gradient of 0 has no sign");
    memcpy(adv, x, sizeof adv);
    attack_step(NORM_L2, -0.5f, 3, (float[]){3, 0, 4}, adv);
    cr_assert_lt(apart(3, adv, (float[]){-0.3f, 0.5f, 0.6f}), 1e-6);
    attack_step(NORM_L2, 1, 3, (float[]){0, 0, 0}, adv);
    cr_assert_lt(apart(3, adv, (float[]){-0.3f, 0.5f, 0.6f}), 1e-6, "a dead gradient moves nothing");
}

Test(attack, are_found_by_name)
{
    for (int t = 0; attack_types[t]; t++) {
        cr_assert_eq(attack_find(attack_types[t]->name), attack_types[t]);
        cr_assert_not_null(attack_types[t]->help);
    }
    cr_assert_null(attack_find("none"));
}

/* ---- what labs show of attacks ---- */

enum { STRIP = 6 };

Test(attack, a_film_is_the_attack_itself)
{
    static float picture[STRIP * PIXELS], scratch[ATTACK_SCRATCH * PIXELS];
    struct pass *pass = pass_of(net, (struct pass_options){.capacity = 1, .backward = true});
    for (int t = 0; attack_types[t]; t++)
        for (int iterations = 1; iterations < 40; iterations += 6) {
            struct attack_options o = {
                .norm = NORM_L2, .eps = 2, .step = 0.05f, .iterations = iterations, .searches = 3};
            struct film_frame frame[STRIP];
            int crossed = 0, kept = film_run(attack_types[t], &o, net, &w, pass, images, labels[0], 0, STRIP,
                                             frame, picture, scratch, &crossed);
            cr_assert(kept >= 2 && kept <= STRIP, "%s: %d frames", attack_types[t]->name, kept);
            cr_assert(same_bits(PIXELS, picture, images), "it begins with the clean image");
            const float *adv = attack(attack_types[t], &o, labels, 1, 1, NULL);
            cr_assert(same_bits(PIXELS, picture + (kept - 1) * PIXELS, adv),
                      "%s, %d: it ends with the result", attack_types[t]->name, iterations);
            for (int i = 0; i < kept; i++) {
                const float *x = picture + i * PIXELS;
                cr_assert_float_eq(frame[i].loss, loss_of_one(x, labels[0]), 1e-4);
                cr_assert_float_eq(frame[i].l2, distance_l2(PIXELS, images, x), 1e-5);
                cr_assert_eq(frame[i].first, says(x));
                cr_assert(frame[i].second != frame[i].first && frame[i].p_first >= frame[i].p_second);
                cr_assert(crossed < 0 || i > crossed || (frame[i].first != labels[0]) == (i == crossed));
            }
        }
    pass_free(pass);
}

Test(attack, trials_add_up)
{
    static float best[PIXELS], again[PIXELS], scratch[7 * PIXELS];
    struct pass *pass = pass_of(net, (struct pass_options){.capacity = 7});
    struct attack_options o = {.norm = NORM_LINF, .eps = 0.3f, .seed = 5};
    struct trials all = {.best = -1}, parts = {.best = -1};
    trials_run(&o, net, &w, pass, 7, images, labels[0], 3, 0, 500, &all, best, scratch);
    for (long at = 0; at < 500; at += 100)
        trials_run(&o, net, &w, pass, 3, images, labels[0], 3, at, at + 100, &parts, again, scratch);
    cr_assert(all.tried == 500 && parts.tried == 500 && all.flipped == parts.flipped &&
              all.best == parts.best);
    cr_assert(same_bits(PIXELS, best, again));
    cr_assert_float_eq(loss_of_one(best, labels[0]), all.best_loss, 1e-4);
    cr_assert_float_eq(distance_linf(PIXELS, images, best), 0.3, 1e-6);
    cr_assert(all.flipped > 0 && all.flipped < 500, "%ld", all.flipped);
    struct attack_options tiny = {.norm = NORM_LINF, .eps = 0.001f, .seed = 5};
    struct trials none = {.best = -1};
    trials_run(&tiny, net, &w, pass, 7, images, labels[0], 3, 0, 50, &none, best, scratch);
    cr_assert_eq(none.flipped, 0);
    pass_free(pass);
}

Test(attack, targeted_trials_count_what_they_reach)
{
    static float best[PIXELS], scratch[7 * PIXELS];
    struct pass *pass = pass_of(net, (struct pass_options){.capacity = 7});
    struct attack_options o = {.norm = NORM_LINF, .eps = 0.3f, .seed = 5, .targeted = true};
    long hit = 0, flipped = -1;
    for (int k = 0; k < net_classes(net); k++) {
        struct trials t = {.best = -1, .target = k};
        trials_run(&o, net, &w, pass, 7, images, labels[0], 3, 0, 200, &t, best, scratch);
        hit += k == labels[0] ? 0 : t.hit;
        cr_assert(flipped < 0 || t.flipped == flipped, "the target changes nothing");
        flipped = t.flipped;
        cr_assert_float_eq(loss_of_one(best, k), t.best_loss, 1e-4);
        struct trials worse = {.best = -1, .target = k};
        trials_run(&o, net, &w, pass, 7, images, labels[0], 3, 0, 20, &worse, best, scratch);
        cr_assert_geq(worse.best_loss, t.best_loss, "the best is the nearest to the target");
    }
    cr_assert_eq(hit, flipped, "each that flips reaches one of the others");
    pass_free(pass);
}

static int places_changed(const float *a, const float *b)
{
    int count = 0;
    for (int p = 0; p < net->in.h * net->in.w; p++) {
        bool differs = false;
        for (int c = 0; c < net->in.c; c++)
            differs = differs || a[c * net->in.h * net->in.w + p] != b[c * net->in.h * net->in.w + p];
        count += differs;
    }
    return count;
}

Test(attack, few_pixels_fool)
{
    static float adv[PIXELS], less[PIXELS], scratch[2 * PIXELS];
    struct pass *pass = pass_of(net, (struct pass_options){.capacity = 1, .backward = true});
    struct attack_options o = {0};
    bool fooled = false;
    int label = says(images), used = pixels_run(&o, net, &w, pass, images, label, 60, adv, scratch, &fooled);
    cr_assert(fooled && used > 1 && used <= 60, "%d", used);
    cr_assert_neq(says(adv), label);
    cr_assert(places_changed(images, adv) <= used);
    pixels_run(&o, net, &w, pass, images, label, used - 1, less, scratch, &fooled);
    cr_assert(!fooled && says(less) == label, "one less doesn't do it");
    for (int i = 0; i < PIXELS; i++)
        cr_assert(less[i] == images[i] || less[i] == 0 || less[i] == 1);
    int target = says(adv);
    o.targeted = true;
    cr_assert_eq(pixels_run(&o, net, &w, pass, images, label, 60, less, scratch, &fooled), 0);
    cr_assert(fooled && same_bits(PIXELS, less, images), "it is there already");
    pixels_run(&o, net, &w, pass, images, target, 200, less, scratch, &fooled);
    cr_assert(fooled && says(less) == target);
    pass_free(pass);
}

static bool ends(void *left)
{
    return (*(int *)left)-- <= 0;
}

/* Iterations without an end, but for the one that is asked for. */
Test(attack, are_stopped, .timeout = 30)
{
    static float adv[PIXELS], scratch[ATTACK_SCRATCH * PIXELS];
    struct pass *pass = pass_of(net, (struct pass_options){.capacity = 1, .backward = true});
    for (int t = 0; attack_types[t]; t++) {
        int left = 3;
        struct attack_options o = {.eps = 1e-4f, .iterations = 2000000000, .stop = ends, .stop_arg = &left};
        attack_types[t]->run(&o, net, &w, pass, 1, images, labels, 0, adv, scratch);
    }
    struct trials trials = {.best = -1};
    int left = 3;
    struct attack_options o = {.eps = 0.1f, .stop = ends, .stop_arg = &left};
    trials_run(&o, net, &w, pass, 1, images, labels[0], 0, 0, 1L << 40, &trials, adv, scratch);
    cr_assert_eq(trials.tried, 3);
    pass_free(pass);
}

Test(attack, landscapes)
{
    enum { ACROSS = 11, DOWN = 5 };
    static float u[PIXELS], v[PIXELS], gradient[PIXELS], scratch[7 * PIXELS], loss[ACROSS * DOWN];
    int class[ACROSS * DOWN];
    struct pass *pass = pass_of(net, (struct pass_options){.capacity = 7, .backward = true});
    attack_gradient(net, &w, pass, 1, images, labels, &loss_cross_entropy, gradient);
    for (int norm = 0; norm < NORMS; norm++) {
        landscape_uphill((enum norm)norm, PIXELS, gradient, u);
        landscape_random((enum norm)norm, PIXELS, 4, v);
        static const float zero[PIXELS];
        double one = norm == NORM_L2 ? distance_l2(PIXELS, zero, v) : distance_linf(PIXELS, zero, v);
        cr_assert_float_eq(one, 1, 1e-5);
        struct landscape l = {.x = images,
                              .u = u,
                              .v = v,
                              .reach = norm == NORM_L2 ? 0.5f : 0.05f,
                              .across = ACROSS,
                              .down = DOWN};
        landscape_run(&l, net, &w, pass, 7, labels[0], loss, class, scratch);
        cr_assert_float_eq(loss[DOWN / 2 * ACROSS + ACROSS / 2], loss_of_one(images, labels[0]), 1e-5,
                           "the image itself lies in the middle");
        cr_assert_gt(loss[DOWN / 2 * ACROSS + ACROSS - 1], loss[DOWN / 2 * ACROSS], "uphill is uphill");
        float middle = loss[DOWN / 2 * ACROSS + 3], line[ACROSS];
        l.down = 1;
        l.v = NULL;
        landscape_run(&l, net, &w, pass, 7, labels[0], line, NULL, scratch);
        cr_assert_float_eq(line[3], middle, 1e-5, "the middle row is the corridor");
        cr_assert_eq(class[DOWN / 2 * ACROSS + ACROSS / 2], says(images));
    }
    pass_free(pass);
}

Test(attack, wilson_by_hand)
{
    double low, high;
    wilson_interval(50, 100, &low, &high); /* Brown, Cai and DasGupta 2001 give 0.404 to 0.596 */
    cr_assert(fabs(low - 0.4038) < 1e-3 && fabs(high - 0.5962) < 1e-3, "%g %g", low, high);
    wilson_interval(0, 10, &low, &high);
    cr_assert(low == 0 && fabs(high - 0.2775) < 1e-3, "%g", high);
    wilson_interval(10, 10, &low, &high);
    cr_assert(high == 1 && fabs(low - 0.7225) < 1e-3, "%g", low);
    wilson_interval(0, 0, &low, &high);
    cr_assert(low == 0 && high == 1);
}

/* ---- robustness over a data set ---- */

static int read_image(const struct dataset *d, enum split split, int index, uint8_t *pixels)
{
    (void)d;
    (void)split;
    for (int k = 0; k < PIXELS; k++)
        pixels[k] = (uint8_t)lrintf(images[index * PIXELS + k] * 255);
    return labels[index];
}

static const struct source_type source = {.name = "test", .read = read_image};

Test(attack, robustness_counts_what_is_still_right)
{
    struct dataset d = {.source = &source,
                        .spec = "test",
                        .shape = {1, SIDE, SIDE},
                        .classes = CLASSES,
                        .count = {0, IMAGES}};
    struct attack_options o = {.norm = NORM_LINF, .iterations = 7, .seed = 1};
    const float eps[] = {0, 0.05f, 0.5f};
    struct robustness r[3], many[3];
    struct team *team = team_new(3);
    struct diag diag = {0};
    cr_assert_eq(robustness_run(&attack_pgd, &o, net, &w, &d, SPLIT_TEST, 1000, 0, eps, 3, NULL, r, &diag),
                 ERR_NONE, "%s", diag.text);
    cr_assert_eq(robustness_run(&attack_pgd, &o, net, &w, &d, SPLIT_TEST, 1000, 0, eps, 3, team, many, &diag),
                 ERR_NONE);
    cr_assert_eq(memcmp(r, many, sizeof r), 0, "with three threads");
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(r[i].count, IMAGES);
        cr_assert_eq(r[i].clean_accuracy, 1);
    }
    cr_assert_eq(r[0].accuracy, 1);
    cr_assert_lt(r[2].accuracy, 0.1);
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(r[i].fooled, (int)lrint((1 - r[i].accuracy) * IMAGES));
        cr_assert_eq(isnan(r[i].median_l2), r[i].fooled == 0);
        cr_assert(r[i].fooled == 0 || (r[i].median_linf <= (double)eps[i] * 1.0001 && r[i].median_l2 > 0 &&
                                       r[i].median_l2 <= r[i].median_linf * SIDE * 1.0001));
    }
    cr_assert(r[1].accuracy >= r[2].accuracy);
    o.targeted = true;
    cr_assert_eq(robustness_run(&attack_pgd, &o, net, &w, &d, SPLIT_TEST, 20, 1, eps, 1, NULL, r, &diag),
                 ERR_NONE);
    cr_assert_eq(r[0].count, 13, "the images of class 1 among the first 20 are left out");

    cr_assert_eq(robustness_run(&attack_pgd, &o, net, &w, &d, SPLIT_TEST, 20, 3, eps, 1, NULL, r, &diag),
                 ERR_RANGE);
    cr_assert_str_eq(diag.text, "class 3, but the network has classes 0 to 2");
    d.classes = 4;
    cr_assert_eq(robustness_run(&attack_pgd, &o, net, &w, &d, SPLIT_TEST, 20, 1, eps, 1, NULL, r, &diag),
                 ERR_SHAPE);
    cr_assert_str_eq(diag.text, "test: it has 4 classes, but the network only 3");
    d.shape.h = 7;
    cr_assert_eq(robustness_run(&attack_pgd, &o, net, &w, &d, SPLIT_TEST, 20, 1, eps, 1, NULL, r, &diag),
                 ERR_SHAPE);
    cr_assert_str_eq(diag.text, "test: its images are 1x7x6, but the network wants 1x6x6");
    team_free(team);
}

/* ---- the smallest epsilon ---- */

/* Is the attack of this size what is looked for? A run of its own, and a forward pass of its own. */
static bool flips(const struct flip_task *t, float eps)
{
    float adv[PIXELS], scratch[ATTACK_SCRATCH * PIXELS];
    struct attack_options o = t->options;
    o.eps = eps;
    struct pass *pass = pass_of(net, (struct pass_options){.capacity = 1, .lanes = 1, .backward = true});
    t->type->run(&o, net, &w, pass, 1, t->x, &t->label, t->index, adv, scratch);
    net_forward(net, &w, pass, 1, adv, MODE_INFER);
    bool same = argmax(CLASSES, pass_logits(pass)) == t->label;
    pass_free(pass);
    return same == o.targeted;
}

static struct flip flip_of(struct flip_task *t, int capacity)
{
    static float room[8 * PIXELS], scratch[2][ATTACK_SCRATCH * PIXELS];
    t->net = net;
    t->weights = &w;
    t->capacity = capacity;
    t->images = room;
    t->scratch[0] = scratch[0];
    t->scratch[1] = scratch[1];
    t->pass = pass_of(net, (struct pass_options){.capacity = t->capacity, .lanes = 1, .backward = true});
    struct flip found = flip_find(t);
    pass_free(t->pass);
    return found;
}

static void as_a_fine_scan_finds_it(const struct attack_type *type, struct attack_options o)
{
    if (!type->direction || o.random_start)
        return;
    for (int i = 0; i < IMAGES; i += 7) {
        struct flip_task t = {.type = type,
                              .options = o,
                              .limit = flip_limit(o.norm, PIXELS),
                              .x = images + i * PIXELS,
                              .label = o.targeted ? targets[i] : labels[i],
                              .index = i};
        struct flip found = flip_of(&t, 4), one = flip_of(&t, 1);
        int first = 0;
        while (first <= FLIP_STEPS && !flips(&t, t.limit * (float)first / FLIP_STEPS))
            first++;
        cr_assert_eq(found.found, first <= FLIP_STEPS, "%s image %d", type->name, i);
        cr_assert_float_eq(found.precision, t.limit / FLIP_STEPS, 1e-7);
        cr_assert_eq(found.eps, found.found ? t.limit * (float)first / FLIP_STEPS : t.limit,
                     "%s %s image %d: %g, scanned %d", type->name, norm_names[o.norm], i, (double)found.eps,
                     first);
        cr_assert(one.found == found.found && one.eps == found.eps, "one at a time");
    }
}

Test(attack, flip_of_a_straight_attack)
{
    each(as_a_fine_scan_finds_it);
}

static void flips_here_and_not_before(const struct attack_type *type, struct attack_options o)
{
    if (type->direction || type->smallest)
        return;
    for (int i = 0; i < IMAGES; i += 9) {
        struct flip_task t = {.type = type,
                              .options = o,
                              .limit = flip_limit(o.norm, PIXELS),
                              .x = images + i * PIXELS,
                              .label = o.targeted ? targets[i] : labels[i],
                              .index = i};
        struct flip found = flip_of(&t, 4);
        cr_assert_float_eq(found.precision, t.limit / FLIP_STEPS_RUN, 1e-7);
        if (found.found)
            cr_assert(flips(&t, found.eps) && !flips(&t, found.eps - found.precision), "%s image %d at %g",
                      type->name, i, (double)found.eps);
        else
            cr_assert(found.eps == t.limit && !flips(&t, t.limit));
    }
}

Test(attack, flip_of_one_that_is_run)
{
    each(flips_here_and_not_before);
}

/* What such an attack finds, measured here: it flips, and within that eps it still does. */
static void as_large_as_what_it_finds(const struct attack_type *type, struct attack_options o)
{
    if (!type->smallest)
        return;
    for (int i = 0; i < IMAGES; i += 9) {
        float adv[PIXELS], scratch[ATTACK_SCRATCH * PIXELS];
        struct flip_task t = {.type = type,
                              .options = o,
                              .limit = flip_limit(o.norm, PIXELS),
                              .x = images + i * PIXELS,
                              .label = o.targeted ? targets[i] : labels[i],
                              .index = i};
        struct flip found = flip_of(&t, 4);
        struct pass *pass = pass_of(net, (struct pass_options){.capacity = 1, .lanes = 1, .backward = true});
        o.eps = INFINITY;
        type->run(&o, net, &w, pass, 1, t.x, &t.label, i, adv, scratch);
        pass_free(pass);
        double far = o.norm == NORM_L2 ? distance_l2(PIXELS, t.x, adv) : distance_linf(PIXELS, t.x, adv);
        cr_assert_eq(found.found, flips(&t, INFINITY) && far <= (double)t.limit, "%s image %d", type->name,
                     i);
        cr_assert_float_eq((double)found.eps, found.found ? far : (double)t.limit, 1e-6);
        cr_assert_eq(found.precision, 0);
    }
}

Test(attack, flip_of_one_that_finds_the_smallest)
{
    each(as_large_as_what_it_finds);
}

/* Nothing is needed where the network is wrong already, and nothing is enough within too small a limit. */
Test(attack, flip_at_the_ends)
{
    struct flip_task t = {.type = &attack_fgsm, .limit = 0.5f, .x = images, .label = targets[0]};
    struct flip found = flip_of(&t, 2);
    cr_assert(found.found && found.eps == 0);
    t.label = labels[0];
    t.limit = 1e-6f;
    found = flip_of(&t, 2);
    cr_assert(!found.found && found.eps == t.limit);
    t.type = &attack_pgd;
    found = flip_of(&t, 2);
    cr_assert(!found.found && found.eps == t.limit);
}

/* What an epsilon scales is what the attack adds, as far as it stays within the picture. */
Test(attack, directions)
{
    for (int k = 0; attack_types[k]; k++)
        for (int norm = 0; norm < NORMS && attack_types[k]->direction; norm++)
            for (int i = 0; i < IMAGES; i++) {
                float d[PIXELS], scratch[PIXELS], adv[PIXELS];
                const float *x = images + i * PIXELS;
                struct attack_options o = {.norm = (enum norm)norm, .eps = 0.03f, .seed = 5};
                struct pass *pass = pass_of(net, (struct pass_options){.capacity = 1, .backward = true});
                attack_types[k]->direction(&o, net, &w, pass, x, labels[i], i, d, scratch);
                attack_types[k]->run(&o, net, &w, pass, 1, x, &labels[i], i, adv, scratch);
                for (int p = 0; p < PIXELS; p++)
                    cr_assert_float_eq(adv[p], fminf(fmaxf(x[p] + o.eps * d[p], 0), 1), 1e-6);
                pass_free(pass);
            }
}
