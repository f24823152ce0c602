/** fovea filter: a chain of kernels and other stages on a picture. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/team.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "filter/chain.h"
#include "filter/features.h"

struct job {
    const char *mode_name;
    struct option_list stages;
    const char *border;
    bool json, list, cities, quiet;
    int threads;
    struct chain chain;
};

/* ---- what there is ---- */

static void print_knobs(const struct knob *knob)
{
    for (int i = 0; i < knobs_count(knob); i++) {
        const struct knob *k = &knob[i];
        printf("    %-12s ", k->name);
        if (k->words)
            for (int w = 0; k->words[w]; w++)
                printf("%s%s", w ? "|" : "", k->words[w]);
        else
            printf("%.10g..%.10g", k->low, k->high);
        if (k->words)
            printf(" (%s)", k->words[(int)k->initial]);
        else
            printf(" (%g)", k->initial);
        printf("  %s\n", k->help);
    }
}

static int print_list(void)
{
    printf("pictures, for IN.png\n");
    for (int i = 0; scenes[i].name; i++)
        printf("  scene:%-12s %s, %s\n", scenes[i].name, scenes[i].city ? "city" : "landscape",
               scenes[i].help);
    printf("kernels, for --kernel NAME[:key=value,...]\n");
    for (int i = 0; kernel_types[i]; i++) {
        printf("  %-14s %s\n", kernel_types[i]->name, kernel_types[i]->help);
        print_knobs(kernel_types[i]->knob);
    }
    printf("stages, for --stage NAME[:key=value,...]\n");
    for (int i = 0; stage_types[i]; i++) {
        printf("  %-14s %s\n", stage_types[i]->name, stage_types[i]->help);
        print_knobs(stage_types[i]->knob);
    }
    return 0;
}

/* ---- numbers ---- */

static const struct kernel *kernel_of(const struct job *j, int result)
{
    return result > 0 && !j->chain.stage[result - 1].type ? &j->chain.stage[result - 1].kernel : NULL;
}

static void spell(const struct job *j, int result, struct text *t)
{
    if (result == 0)
        text_add(t, "picture");
    else
        chain_spell(&j->chain.stage[result - 1], t);
}

static void print_result(const struct job *j, int index)
{
    const struct chain_result *r = &j->chain.result[index];
    const struct kernel *k = kernel_of(j, index);
    struct text name = {0};
    spell(j, index, &name);
    printf("%s\n  %s  min %.4g  max %.4g  mean %.4g", text_str(&name), shape_text(r->image.shape).s,
           (double)r->min, (double)r->max, r->mean);
    if (index > 0 && isfinite(r->psnr))
        printf("  RMSE %.4g  PSNR %.2f dB", r->rmse, r->psnr);
    if (k && k->kept < 1)
        printf("  mass kept %.1f %%", 100 * k->kept);
    printf("\n");
    for (int i = 0; i < r->peaks; i++)
        printf("  peak %.4g at row %d, column %d\n", (double)r->peak[i].score, r->peak[i].row,
               r->peak[i].col);
    text_free(&name);
}

static void print_json(const struct job *j, int index)
{
    const struct chain_result *r = &j->chain.result[index];
    const struct kernel *k = kernel_of(j, index);
    struct shape s = r->image.shape;
    struct text name = {0};
    spell(j, index, &name);
    json_t *line =
        json_pack("{s:s, s:[i,i,i], s:o, s:o, s:o, s:o, s:o}", "stage", text_str(&name), "shape", s.c, s.h,
                  s.w, "min", json_number((double)r->min), "max", json_number((double)r->max), "mean",
                  json_number(r->mean), "rmse", json_number(r->rmse), "psnr", json_number(r->psnr));
    if (k)
        json_object_set_new(line, "kept", json_number(k->kept));
    if (r->peaks > 0) {
        json_t *peaks = json_array();
        for (int i = 0; i < r->peaks; i++)
            json_array_append_new(peaks,
                                  json_pack("{s:i, s:i, s:o}", "row", r->peak[i].row, "col", r->peak[i].col,
                                            "score", json_number((double)r->peak[i].score)));
        json_object_set_new(line, "peaks", peaks);
    }
    json_line(line);
    text_free(&name);
}

/* A Gaussian that is cut off, and numbers that a picture can't hold: said, not only done. */
static void warn(const struct job *j)
{
    const struct chain_result *last = &j->chain.result[j->chain.results - 1];
    size_t count = shape_count(last->image.shape), outside = 0;
    for (int i = 1; i < j->chain.results; i++) {
        const struct kernel *k = kernel_of(j, i);
        if (k && k->narrow)
            fprintf(stderr,
                    "fovea: filter: stage %d: a Gaussian of %ld x %ld with sigma %g is narrower than 2 sigma "
                    "and keeps %.1f %% of its mass\n",
                    i, k->w.dim[0], k->w.dim[1], k->value[3], 100 * k->kept);
    }
    for (size_t i = 0; i < count; i++)
        outside += !(last->image.data[i] >= 0 && last->image.data[i] <= 1);
    if (outside)
        fprintf(
            stderr,
            "fovea: filter: %.2g %% of the numbers lie outside [0,1] and were clipped; --scale keeps them\n",
            100 * (double)outside / (double)count);
}

/* ---- city or country ---- */

static void print_city(const struct city_study *s, int index, bool json)
{
    const char *says = s->says_city[index] ? "city" : "landscape",
               *is = scenes[index].city ? "city" : "landscape";
    double edge = (double)s->feature[index][FEATURE_EDGE], along = (double)s->feature[index][FEATURE_LONG];
    if (json)
        json_line(json_pack("{s:s, s:b, s:o, s:o, s:b}", "scene", scenes[index].name, "city",
                            scenes[index].city, "edges", json_number(edge), "lines", json_number(along),
                            "says_city", s->says_city[index]));
    else
        printf("  %-10s %.4f  %.4f  %-9s  %s\n", scenes[index].name, edge, along, is,
               strcmp(says, is) == 0 ? "right" : "wrong");
}

/* The built-in scenes, by vertical edges and by edges along a line; the classifier's words behind them. */
static int print_cities(bool json)
{
    struct city_study s;
    struct diag diag = {0};
    if (city_study(NULL, &s, &diag))
        return command_fail(&diag);
    for (int f = 0; f < FEATURES && !json; f++) {
        printf("%sby %s\n  %-10s %-6s  %-6s  %-9s  %s\n", f ? "\n" : "", feature_names[f], "scene", "edges",
               "lines", "is", "classified");
        for (int i = 0; i < s.scenes; i++)
            print_city(&s, s.order[f][i], false);
    }
    for (int i = 0; i < s.scenes && json; i++)
        print_city(&s, i, true);
    if (json)
        json_line(json_pack("{s:[o,o], s:o, s:i, s:i, s:i}", "weight", json_number(s.weight[FEATURE_EDGE]),
                            json_number(s.weight[FEATURE_LONG]), "bias", json_number(s.bias), "scenes",
                            s.scenes, "right", s.right, "left_out_right", s.left_out_right));
    else
        printf("\na city when %.4g edges + %.4g lines + %.4g > 0: right for %d of %d, and for %d of those "
               "left out of the "
               "fit one at a time\n",
               s.weight[FEATURE_EDGE], s.weight[FEATURE_LONG], s.bias, s.right, s.scenes, s.left_out_right);
    return 0;
}

/* ---- work ---- */

static enum err add_stages(struct job *j, struct diag *diag)
{
    enum err err = ERR_NONE;
    for (int i = 0; i < j->stages.count && !err; i++) {
        const char *name = j->stages.word[i].name, *value = j->stages.word[i].value;
        struct text t = {0};
        if (strcmp(name, "--kernel") == 0 || strcmp(name, "--stage") == 0 || strcmp(name, "--pool") == 0)
            text_add(&t, value);
        else if (strcmp(name, "--noise") == 0)
            text_format(&t, "noise:sigma=%s", value);
        else if (strcmp(name, "--scale") == 0)
            text_format(&t, "scale:rule=%s", value);
        else
            text_add(&t, name + 2); /* a flag is called like its stage */
        err = chain_add(&j->chain, text_str(&t), diag);
        text_free(&t);
    }
    return err;
}

static enum err read_picture(const char *path, struct image *picture, struct diag *diag)
{
    static const char built_in[] = "scene:";
    int scene = 0;
    if (strncmp(path, built_in, sizeof built_in - 1) != 0)
        return image_read_png(path, picture, diag);
    enum err err = scene_find(path + sizeof built_in - 1, &scene, diag);
    return err ? err : scene_picture(scene, picture, diag);
}

static int work(struct job *j, const char *in, const char *out)
{
    struct diag diag = {0};
    struct image picture = {0};
    struct team *team = team_new(threads_or_all(j->threads));
    enum err err = add_stages(j, &diag);
    if (!err)
        err = read_picture(in, &picture, &diag);
    if (!err)
        err = chain_picture(&j->chain, &picture, &diag);
    image_fini(&picture);
    if (!err)
        err = chain_run(&j->chain, 0, team, &diag);
    const struct image *last = err ? NULL : &j->chain.result[j->chain.results - 1].image;
    if (!err)
        err = image_write_png(out, last->shape, last->data, &diag);
    for (int i = 0; i < j->chain.results && !err; i++)
        if (j->json)
            print_json(j, i);
        else if (!j->quiet)
            print_result(j, i);
    if (!err && !j->quiet)
        warn(j);
    int status = err ? command_fail(&diag) : 0;
    chain_fini(&j->chain);
    team_free(team);
    return status;
}

static int check(const struct command *self, struct job *j, int count)
{
    int mode = 0;
    if (j->list)
        return count == 0 ? print_list() : command_usage(self, "--list takes no files");
    if (j->cities)
        return count == 0 ? print_cities(j->json) : command_usage(self, "--cities takes no files");
    if (count != 2)
        return command_usage(self, "name the picture IN.png and the picture OUT.png");
    while (mode < CORRELATE_MODES && strcmp(j->mode_name, correlate_mode_names[mode]) != 0)
        mode++;
    if (mode == CORRELATE_MODES)
        return command_usage(self, "no mode '%s'; there are valid, same and full", j->mode_name);
    if (strcmp(j->border, "zero") != 0 && strcmp(j->border, "repeat") != 0)
        return command_usage(self, "no border '%s'; there are zero and repeat", j->border);
    j->chain.mode = (enum correlate_mode)mode;
    j->chain.repeats = *j->border == 'r';
    if (j->chain.repeats && mode != CORRELATE_SAME)
        return command_usage(self, "a border is repeated in mode same only");
    if (j->stages.count == 0)
        return command_usage(self, "a stage is needed, as in --kernel gaussian:k=7,sigma=2");
    return -1;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct job j = {.mode_name = "same", .border = "zero"};
    int count = 0;
    const struct option_row rows[] = {
        {"--kernel", "K", "correlate with NAME[:key=value,...]; --list tells which", OPTION_LIST, &j.stages,
         0, 0},
        {"--stage", "S", "another stage, NAME[:key=value,...]", OPTION_LIST, &j.stages, 0, 0},
        {"--noise", "SIGMA", "add noise of this standard deviation", OPTION_LIST, &j.stages, 0, 0},
        {"--pool", "P", "max or average, by 2 x 2 or as max:k=3", OPTION_LIST, &j.stages, 0, 0},
        {"--relu", NULL, "max(x, 0)", OPTION_LIST, &j.stages, 0, 0},
        {"--abs", NULL, "|x|", OPTION_LIST, &j.stages, 0, 0},
        {"--grey", NULL, "luma instead of colours", OPTION_LIST, &j.stages, 0, 0},
        {"--scale", "RULE", "to [0,1]: range or signed (0 to the middle)", OPTION_LIST, &j.stages, 0, 0},
        {"--mode", "MODE", "valid, same or full, of the kernels (same)", OPTION_TEXT, &j.mode_name, 0, 0},
        {"--border", "B", "around the picture in mode same: zero, or repeat (zero)", OPTION_TEXT, &j.border,
         0, 0},
        {"--threads", "T", "threads (every core)", OPTION_WHOLE, &j.threads, 1, TEAM_MAX},
        {"--list", NULL, "print the kernels and stages with their keys, and the scenes", OPTION_FLAG, &j.list,
         0, 0},
        {"--cities", NULL, "rank the built-in scenes by two features, and classify them", OPTION_FLAG,
         &j.cities, 0, 0},
        {"--quiet", NULL, "print no numbers and no warnings", OPTION_FLAG, &j.quiet, 0, 0},
        {"--json", NULL, "one JSON object for the picture and each stage", OPTION_FLAG, &j.json, 0, 0},
        {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
    };
    char **rest = calloc((size_t)argc, sizeof *rest);
    int status = options_parse(self, rows, argc, argv, rest, &count);
    if (status < 0)
        status = check(self, &j, count);
    if (status < 0)
        status = work(&j, rest[0], rest[1]);
    free(rest);
    return status;
}

const struct command command_filter = {"filter", "--kernel K [--kernel K ...] IN.png OUT.png",
                                       "A chain of kernels and other stages on a picture, in the order given",
                                       run};
