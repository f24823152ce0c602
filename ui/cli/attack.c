/** fovea attack: adversarial examples of images, or the accuracy that an attack leaves over a data set. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "attack/attack.h"
#include "attack/robustness.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "data/image.h"

enum { EPSILONS_MOST = 64 };

struct job {
    const char *model, *weights, *data, *attack, *norm, *epsilons, *out_dir, *classes;
    int count, label, target, threads;
    double step, momentum, overshoot, confidence, constant;
    bool json;
    struct attack_options options;
    const struct attack_type *type;
    float eps[EPSILONS_MOST];
    int eps_count;
    struct net *net;
    struct weights w;
    struct pass *pass;
    char **names;
    float *adv, *scratch, *p, *adv_p; /* adversarial image, scratch, probabilities of both */
};

/* "0.01,0.03": at least one, each 0 or more. */
static bool parse_epsilons(struct job *j)
{
    char *list = text_copy(j->epsilons), *rest = list, *word = NULL;
    bool good = list != NULL;
    while (good && (word = strsep(&rest, ","))) {
        double eps = 0;
        good = j->eps_count < EPSILONS_MOST && text_real(word, &eps) && eps >= 0 && eps <= 1e6;
        if (good)
            j->eps[j->eps_count++] = (float)eps;
    }
    free(list);
    return good && j->eps_count > 0;
}

static void print_row(const struct job *j, const struct robustness *r)
{
    printf("%s %s  ", j->type->name, norm_names[j->options.norm]);
    if (isfinite(r->eps))
        printf("epsilon %-8g (%.1f of 255)  ", (double)r->eps, 255 * (double)r->eps);
    printf("%d images  accuracy %6.2f %%, clean %6.2f %%", r->count, 100 * r->accuracy,
           100 * r->clean_accuracy);
    if (j->type->smallest && r->fooled > 0)
        printf("  median L2 %.3f, largest change %.4f of those that fool", r->median_l2, r->median_linf);
    printf("\n");
}

static enum err on_data(struct job *j, struct diag *diag)
{
    struct dataset *data = NULL;
    struct robustness found[EPSILONS_MOST];
    struct team *team = team_new(threads_or_all(j->threads));
    enum err err = dataset_open(j->data, j->options.seed, &data, diag);
    if (!err && !shape_equal(data->shape, j->net->in))
        err = diag_fail(diag, ERR_SHAPE, j->data, 0, "its images are %s, but the network wants %s",
                        shape_text(data->shape).s, shape_text(j->net->in).s);
    int count = j->count > 0 || err ? j->count : data->count[SPLIT_TEST];
    if (!err)
        err = robustness_run(j->type, &j->options, j->net, &j->w, data, SPLIT_TEST, count, j->target, j->eps,
                             j->eps_count, team, found, diag);
    for (int i = 0; i < j->eps_count && !err; i++) {
        const struct robustness *r = &found[i];
        if (j->json) {
            json_t *line = json_pack(
                "{s:s, s:s, s:o, s:i, s:f, s:f, s:i, s:o, s:o}", "attack", j->type->name, "norm",
                norm_names[j->options.norm], "epsilon", json_number((double)r->eps), "count", r->count,
                "clean_accuracy", r->clean_accuracy, "accuracy", r->accuracy, "fooled", r->fooled,
                "median_linf", json_number(r->median_linf), "median_l2", json_number(r->median_l2));
            json_line(line);
        } else {
            print_row(j, r);
        }
    }
    dataset_close(data);
    team_free(team);
    return err;
}

static const char *class_text(const struct job *j, int index, char number[16])
{
    snprintf(number, 16, "%d", index);
    return j->names ? j->names[index] : number;
}

static void print_image(const struct job *j, const char *file, double linf, double l2)
{
    int k = net_classes(j->net), was = argmax(k, j->p), is = argmax(k, j->adv_p);
    char a[16], b[16];
    if (j->json) {
        json_t *line = json_pack("{s:s, s:s, s:o, s:s, s:s, s:o, s:o, s:o, s:o}", "file", file, "attack",
                                 j->type->name, "epsilon", json_number((double)j->options.eps), "class",
                                 class_text(j, was, a), "adversarial_class", class_text(j, is, b),
                                 "probabilities", json_floats(k, j->p), "adversarial_probabilities",
                                 json_floats(k, j->adv_p), "linf", json_number(linf), "l2", json_number(l2));
        json_line(line);
        return;
    }
    printf("%s  epsilon %g: %s %.2f %% -> %s %.2f %%  (largest change %.4f = %.1f of 255, L2 %.3f) %s\n",
           file, (double)j->options.eps, class_text(j, was, a), 100 * (double)j->p[was], class_text(j, is, b),
           100 * (double)j->adv_p[is], linf, 255 * linf, l2, was == is ? "not fooled" : "fooled");
}

/* OUT_DIR/NAME-ATTACK-EPSILON.png */
static enum err save_image(const struct job *j, const char *file, struct diag *diag)
{
    const char *base = strrchr(file, '/') ? strrchr(file, '/') + 1 : file, *dot = strrchr(base, '.');
    struct text path = {0};
    text_format(&path, "%s/%.*s-%s-%g.png", j->out_dir, dot ? (int)(dot - base) : (int)strlen(base), base,
                j->type->name, (double)j->options.eps);
    enum err err = path.failed ? diag_memory(diag, "a path")
                               : image_write_png(text_str(&path), j->net->in, j->adv, diag);
    text_free(&path);
    return err;
}

static enum err on_image(struct job *j, const char *file, long place, struct diag *diag)
{
    struct image image = {0};
    int k = net_classes(j->net);
    size_t count = shape_count(j->net->in);
    enum err err = image_read_png(file, &image, diag);
    if (!err)
        err = image_fit(&image, j->net->in, diag);
    for (int e = 0; e < j->eps_count && !err; e++) {
        net_forward(j->net, &j->w, j->pass, 1, image.data, MODE_INFER);
        softmax(k, pass_logits(j->pass), j->p);
        int label = j->target >= 0 ? j->target : j->label >= 0 ? j->label : argmax(k, j->p);
        j->options.eps = j->eps[e];
        j->type->run(&j->options, j->net, &j->w, j->pass, 1, image.data, &label, place, j->adv, j->scratch);
        net_forward(j->net, &j->w, j->pass, 1, j->adv, MODE_INFER);
        softmax(k, pass_logits(j->pass), j->adv_p);
        print_image(j, file, distance_linf(count, image.data, j->adv),
                    distance_l2(count, image.data, j->adv));
        if (j->out_dir)
            err = save_image(j, file, diag);
    }
    image_fini(&image);
    return err;
}

static enum err open_images(struct job *j, struct diag *diag)
{
    size_t count = shape_count(j->net->in), k = (size_t)net_classes(j->net);
    struct pass_options want = {.capacity = 1, .lanes = 1, .keep = true, .backward = true, .fixed = true};
    enum err err = pass_new(j->net, want, &j->pass, diag);
    j->adv = mem_floats(count);
    j->scratch = mem_floats(count * (size_t)j->type->scratch);
    j->p = mem_floats(k);
    j->adv_p = mem_floats(k);
    if (!err && (!j->adv || !j->scratch || !j->p || !j->adv_p))
        err = diag_memory(diag, "images");
    if (!err && j->out_dir)
        err = make_folder(j->out_dir, diag);
    return err;
}

static int work(struct job *j, char **files, int count)
{
    struct diag diag = {0};
    int status = 0;
    enum err err = open_named_network(j->model, j->weights, j->classes, &j->net, &j->w, &j->names, &diag);
    int wrong = j->label >= j->target ? j->label : j->target;
    if (!err && wrong >= net_classes(j->net))
        err = diag_fail(&diag, ERR_RANGE, NULL, 0, "class %d, but the network has classes 0 to %d", wrong,
                        net_classes(j->net) - 1);
    if (!err)
        err = j->data ? on_data(j, &diag) : open_images(j, &diag);
    if (err)
        status = command_fail(&diag);
    for (int i = 0; i < count && !err; i++)
        if (on_image(j, files[i], i, &diag))
            status = command_fail(&diag);
    classes_free(j->names);
    pass_free(j->pass);
    free(j->adv);
    free(j->scratch);
    free(j->p);
    free(j->adv_p);
    weights_fini(&j->w);
    net_free(j->net);
    return status;
}

/* Names and numbers that belong together. -1: all is well. */
static int check(const struct command *self, struct job *j, int files)
{
    if (!j->weights)
        return command_usage(self, "--weights is needed");
    if (!j->data == (files == 0))
        return command_usage(self, "name either --data or images");
    if (j->epsilons && !parse_epsilons(j))
        return command_usage(self, "--epsilon wants 1 to %d numbers from 0, as 0.01,0.03, not '%s'",
                             EPSILONS_MOST, j->epsilons);
    if (!(j->type = attack_find(j->attack))) {
        struct text known = {0};
        for (int i = 0; attack_types[i]; i++)
            text_listed(&known, attack_types[i]->name, !attack_types[i + 1]);
        int status = command_usage(self, "no attack '%s'; there are %s", j->attack, text_str(&known));
        text_free(&known);
        return status;
    }
    if (!j->epsilons && !j->type->smallest)
        return command_usage(self, "--epsilon is needed: %s makes perturbations of a given size",
                             j->type->name);
    if (!j->epsilons)
        j->eps[j->eps_count++] = INFINITY;
    int norm = 0;
    while (norm < NORMS && strcmp(j->norm, norm_names[norm]) != 0)
        norm++;
    if (norm == NORMS) {
        struct text known = {0};
        for (int i = 0; i < NORMS; i++)
            text_listed(&known, norm_names[i], i == NORMS - 1);
        int status = command_usage(self, "no norm '%s'; there are %s", j->norm, text_str(&known));
        text_free(&known);
        return status;
    }
    j->options.norm = (enum norm)norm;
    j->options.step = (float)j->step;
    j->options.momentum = (float)j->momentum;
    j->options.overshoot = (float)j->overshoot;
    j->options.confidence = (float)j->confidence;
    j->options.constant = (float)j->constant;
    j->options.targeted = j->target >= 0;
    return -1;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct job j = {
        .attack = "fgsm", .norm = "linf", .label = -1, .target = -1, .options = {.seed = RNG_SEED}};
    int count = 0;
    const struct option_row rows[] = {
        {"--weights", "W", "safetensors file", OPTION_TEXT, &j.weights, 0, 0},
        {"--model", "M", "its network, when the file doesn't say", OPTION_TEXT, &j.model, 0, 0},
        {"--data", "D", "attack the test images of a data set", OPTION_TEXT, &j.data, 0, 0},
        {"--count", "N", "only the first N of them", OPTION_WHOLE, &j.count, 1, 1e9},
        {"--label", "L", "true class of the images (what the network says)", OPTION_WHOLE, &j.label, 0, 1e6},
        {"--attack", "A", "fgsm, pgd, mifgsm, deepfool, cw or noise (fgsm)", OPTION_TEXT, &j.attack, 0, 0},
        {"--norm", "N", "linf or l2 (linf)", OPTION_TEXT, &j.norm, 0, 0},
        {"--epsilon", "E[,E...]", "size of the perturbation, in pixels from 0 to 1", OPTION_TEXT, &j.epsilons,
         0, 0},
        {"--step", "A", "size of one step (2.5 epsilon / iterations; of cw 0.1)", OPTION_REAL, &j.step, 0,
         1e6},
        {"--iterations", "K", "steps (10; of deepfool 50, of cw 100 a constant)", OPTION_WHOLE,
         &j.options.iterations, 1, 1e6},
        {"--momentum", "M", "of mifgsm (1)", OPTION_REAL, &j.momentum, 0, 1e3},
        {"--overshoot", "O", "how far deepfool goes beyond a wall (0.02)", OPTION_REAL, &j.overshoot, 0, 1e3},
        {"--confidence", "C", "by how much a logit must win for cw (0)", OPTION_REAL, &j.confidence, 0, 1e6},
        {"--constant", "C", "first weight of the logits for cw (0.01)", OPTION_REAL, &j.constant, 0, 1e9},
        {"--searches", "N", "constants that cw tries (9)", OPTION_WHOLE, &j.options.searches, 1, 100},
        {"--random-start", NULL, "pgd starts at a random place in the ball", OPTION_FLAG,
         &j.options.random_start, 0, 0},
        {"--target", "T", "class to reach", OPTION_WHOLE, &j.target, 0, 1e6},
        {"--classes", "FILE", "names of the classes, one a line", OPTION_TEXT, &j.classes, 0, 0},
        {"--seed", "S", "of all chance", OPTION_U64, &j.options.seed, 0, 0},
        {"--threads", "T", "threads (all cores)", OPTION_WHOLE, &j.threads, 1, TEAM_MAX},
        {"--out-dir", "DIR", "save the adversarial images as PNG", OPTION_TEXT, &j.out_dir, 0, 0},
        {"--json", NULL, "JSON Lines", OPTION_FLAG, &j.json, 0, 0},
        {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
    };
    char **rest = calloc((size_t)argc, sizeof *rest);
    int status = options_parse(self, rows, argc, argv, rest, &count);
    if (status < 0)
        status = check(self, &j, count);
    if (status < 0)
        status = work(&j, rest, count);
    free(rest);
    return status;
}

const struct command command_attack = {"attack", "--weights W (--data D | IMAGE...) --epsilon E[,E...]",
                                       "Adversarial examples and robust accuracy", run};
