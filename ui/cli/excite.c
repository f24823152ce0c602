/** fovea excite: the images that a unit answers to most strongly and most weakly, and the input that gradient ascent finds. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "data/image.h"
#include "explain/exciters.h"
#include "explain/maximise.h"
#include "nn/pass.h"

struct job {
    const char *model, *weights, *layer, *unit_text, *data, *split_name, *start, *out;
    int top, count, threads;
    double step;
    uint64_t seed;
    bool json;
    struct maximise_options climb;
    struct unit unit; /* row and col -1: not named */
    struct net *net;
    struct weights w;
};

static const char *const split_names[SPLITS] = {"train", "test"};

/* ---- what was asked for ---- */

/* "3" or "3,10,12". */
static bool parse_unit(const char *text, struct unit *unit)
{
    char copy[64], *rest = copy, *word;
    long part[3] = {0, -1, -1};
    int parts = 0;
    if (strlen(text) >= sizeof copy)
        return false;
    memcpy(copy, text, strlen(text) + 1);
    while ((word = strsep(&rest, ",")))
        if (parts == 3 || !text_int(word, 0, 1 << 24, &part[parts++]))
            return false;
    *unit = (struct unit){0, (int)part[0], (int)part[1], (int)part[2]};
    return parts == 1 || parts == 3;
}

static enum err find_unit(struct job *j, struct diag *diag)
{
    int index = net_find(j->net, j->layer);
    if (index < 0) {
        struct text known = {0};
        for (int i = 0; i < j->net->layers; i++)
            text_listed(&known, j->net->layer[i].name, i == j->net->layers - 1);
        enum err err =
            diag_fail(diag, ERR_UNKNOWN, NULL, 0, "no layer '%.60s' in the network; there are %.500s",
                      j->layer, text_str(&known));
        text_free(&known);
        return err;
    }
    struct shape s = j->net->layer[index].out;
    j->unit.layer = index;
    if (j->unit.channel >= s.c || j->unit.row >= s.h || j->unit.col >= s.w)
        return diag_fail(
            diag, ERR_RANGE, NULL, 0,
            "no unit %s in layer %s, which is %s: channels 0 to %d, rows 0 to %d, columns 0 to %d",
            j->unit_text, j->layer, shape_text(s).s, s.c - 1, s.h - 1, s.w - 1);
    if (j->out && j->net->in.c != 1 && j->net->in.c != 3)
        return diag_fail(diag, ERR_SHAPE, j->out, 0, "a picture has 1 or 3 channels, but the input is %s",
                         shape_text(j->net->in).s);
    return ERR_NONE;
}

/* ---- the data set ---- */

static void print_exciter(const struct job *j, const struct dataset *data, const char *list, int rank,
                          const struct exciter *e)
{
    struct unit at = {j->unit.layer, j->unit.channel, e->row, e->col};
    struct box box = receptive_field(j->net, at);
    const char *label = data->class_name[e->label];
    if (j->json)
        json_line(json_pack("{s:s, s:i, s:i, s:s, s:o, s:[i,i], s:[i,i,i,i]}", "list", list, "rank", rank,
                            "image", e->index, "label", label, "activation", json_number((double)e->value),
                            "place", e->row, e->col, "box", box.top, box.left, box.bottom, box.right));
    else
        printf("%6d %8d  %-14s %13.6g  %4d %4d   rows %d to %d, columns %d to %d\n", rank, e->index, label,
               (double)e->value, e->row, e->col, box.top, box.bottom - 1, box.left, box.right - 1);
}

static void print_list(const struct job *j, const struct dataset *data, enum split split, const char *list,
                       int found, const struct exciter *e)
{
    if (!j->json)
        printf("%s images of the %s split that excite it %s\n%6s %8s  %-14s %13s  %4s %4s   %s\n", j->data,
               split_names[split], strcmp(list, "top") == 0 ? "most" : "least", "rank", "image", "class",
               "activation", "row", "col", "sees");
    for (int i = 0; i < found; i++)
        print_exciter(j, data, list, i + 1, &e[i]);
    if (!j->json)
        printf("\n");
}

static enum err on_data(struct job *j, struct diag *diag)
{
    struct dataset *data = NULL;
    struct exciters *exciters = NULL;
    struct team *team = team_new(threads_or_all(j->threads));
    int found = 0;
    enum err err = dataset_open(j->data, j->seed, &data, diag);
    enum split split = strcmp(j->split_name, "train") == 0 ? SPLIT_TRAIN : SPLIT_TEST;
    if (!err && data->count[split] == 0)
        err = diag_fail(diag, ERR_SHAPE, j->data, 0, "it has no %s images; try --split %s",
                        split_names[split], split_names[1 - split]);
    if (!err)
        err = exciters_new(j->net, data, split, team, &exciters, diag);
    int count = err || (j->count > 0 && j->count < data->count[split]) ? j->count : data->count[split];
    size_t room = (size_t)(j->top < count ? j->top : count);
    struct exciter *top = mem_new(room, sizeof *top), *bottom = mem_new(room, sizeof *bottom);
    if (!err && (!top || !bottom))
        err = diag_memory(diag, "lists of images");
    if (!err) {
        exciters_run(exciters, &j->w, j->unit, count, (int)room, NULL, top, bottom, &found);
        print_list(j, data, split, "top", found, top);
        print_list(j, data, split, "bottom", found, bottom);
    }
    free(top);
    free(bottom);
    exciters_free(exciters);
    dataset_close(data);
    team_free(team);
    return err;
}

/* ---- gradient ascent ---- */

/* Grey with a little noise, in which nothing can be seen yet; or a picture. */
static enum err begin(const struct job *j, float *x, struct diag *diag)
{
    size_t count = shape_count(j->net->in);
    struct image image = {0};
    struct rng rng;
    enum err err = ERR_NONE;
    rng_init(&rng, rng_key(j->seed, 0, 0));
    for (size_t i = 0; i < count; i++)
        x[i] = rng_between(&rng, 0.45f, 0.55f);
    if (j->start)
        err = image_read_png(j->start, &image, diag);
    if (j->start && !err)
        err = image_fit(&image, j->net->in, diag);
    if (j->start && !err)
        memcpy(x, image.data, count * sizeof *x);
    image_fini(&image);
    return err;
}

static float activation_of(const struct job *j, struct pass *pass, struct unit u, const float *x, float *map)
{
    struct shape s = j->net->layer[u.layer].out;
    net_forward(j->net, &j->w, pass, 1, x, MODE_INFER);
    pass_read(pass, u.layer, 0, map);
    return map[((size_t)u.channel * (size_t)s.h + (size_t)u.row) * (size_t)s.w + (size_t)u.col];
}

static void print_climb(const struct job *j, struct unit u, double before, double after)
{
    struct box box = receptive_field(j->net, u);
    if (j->json) {
        json_t *line = json_pack("{s:s, s:s, s:[i,i,i], s:i, s:o, s:o, s:[i,i,i,i]}", "list", "maximise",
                                 "layer", j->layer, "unit", u.channel, u.row, u.col, "iterations",
                                 j->climb.iterations, "start", json_number(before), "activation",
                                 json_number(after), "box", box.top, box.left, box.bottom, box.right);
        json_object_set_new(line, "file", j->out ? json_string(j->out) : json_null());
        json_line(line);
        return;
    }
    printf("gradient ascent on channel %d, row %d, column %d of %s, which sees rows %d to %d, columns %d to "
           "%d:\n"
           "activation %.6g at the start, %.6g after %d steps%s%s\n",
           u.channel, u.row, u.col, j->layer, box.top, box.bottom - 1, box.left, box.right - 1, before, after,
           j->climb.iterations, j->out ? "; the input is saved in " : "", j->out ? j->out : "");
}

static enum err climb(struct job *j, struct diag *diag)
{
    struct shape out = j->net->layer[j->unit.layer].out;
    size_t count = shape_count(j->net->in), map = shape_count(out);
    struct pass *pass = NULL;
    struct unit u = j->unit;
    if (u.row < 0) { /* in the middle nothing is cut off by the border */
        u.row = out.h / 2;
        u.col = out.w / 2;
    }
    j->climb.step = j->step > 0 ? (float)j->step : sqrtf((float)count) / 50;
    float *x = mem_floats(count), *dx = mem_floats(count), *dy = mem_floats(map);
    enum err err = x && dx && dy ? ERR_NONE : diag_memory(diag, "gradient ascent");
    if (!err)
        err = begin(j, x, diag);
    if (!err)
        err = pass_new(
            j->net,
            (struct pass_options){.capacity = 1, .lanes = 1, .keep = true, .backward = true, .fixed = true},
            &pass, diag);
    if (!err) {
        double before = (double)activation_of(j, pass, u, x, dy);
        maximise(&j->climb, j->net, &j->w, pass, u, x, dy, dx, NULL);
        double after = (double)activation_of(j, pass, u, x, dy);
        if (j->out)
            err = image_write_png(j->out, j->net->in, x, diag);
        if (!err)
            print_climb(j, u, before, after);
    }
    pass_free(pass);
    free(x);
    free(dx);
    free(dy);
    return err;
}

static int work(struct job *j)
{
    struct diag diag = {0};
    enum err err = open_network(j->model, j->weights, &j->net, &j->w, &diag);
    if (!err)
        err = find_unit(j, &diag);
    if (!err && j->data)
        err = on_data(j, &diag);
    if (!err)
        err = climb(j, &diag);
    weights_fini(&j->w);
    net_free(j->net);
    return err ? command_fail(&diag) : 0;
}

static int check(const struct command *self, struct job *j, int count, char **rest)
{
    if (count > 0)
        return command_usage(self, "'%s' is one word too many", rest[0]);
    if (!j->weights || !j->layer || !j->unit_text)
        return command_usage(self, "--weights, --layer and --unit are needed");
    if (!parse_unit(j->unit_text, &j->unit))
        return command_usage(self, "--unit wants CHANNEL or CHANNEL,ROW,COLUMN, counted from 0, not '%s'",
                             j->unit_text);
    if (strcmp(j->split_name, "train") != 0 && strcmp(j->split_name, "test") != 0)
        return command_usage(self, "no split '%s'; there are train and test", j->split_name);
    return -1;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct job j = {.top = 9, .seed = RNG_SEED, .split_name = "test", .climb = {.iterations = 100}};
    int count = 0;
    const struct option_row rows[] = {
        {"--weights", "W", "safetensors file", OPTION_TEXT, &j.weights, 0, 0},
        {"--model", "M", "its network, when the file doesn't say", OPTION_TEXT, &j.model, 0, 0},
        {"--layer", "NAME", "the layer whose output is looked at", OPTION_TEXT, &j.layer, 0, 0},
        {"--unit", "C[,ROW,COL]", "channel, and place in its map (any; the middle)", OPTION_TEXT,
         &j.unit_text, 0, 0},
        {"--data", "D", "rank the images of a data set too", OPTION_TEXT, &j.data, 0, 0},
        {"--split", "S", "train or test images (test)", OPTION_TEXT, &j.split_name, 0, 0},
        {"--count", "N", "only the first N of them", OPTION_WHOLE, &j.count, 1, 1e9},
        {"--top", "K", "how many to show, strongest and weakest (9)", OPTION_WHOLE, &j.top, 1, 1e6},
        {"--iterations", "N", "steps of gradient ascent (100)", OPTION_WHOLE, &j.climb.iterations, 0, 1e6},
        {"--step", "A", "length of a step (a 50th of the root of the number of pixels)", OPTION_REAL, &j.step,
         1e-9, 1e6},
        {"--start", "IMAGE", "climb from this picture (grey noise)", OPTION_TEXT, &j.start, 0, 0},
        {"--out", "FILE.png", "save the input that gradient ascent found", OPTION_TEXT, &j.out, 0, 0},
        {"--seed", "S", "of all chance", OPTION_U64, &j.seed, 0, 0},
        {"--threads", "T", "threads (all cores); the result doesn't depend on it", OPTION_WHOLE, &j.threads,
         1, TEAM_MAX},
        {"--json", NULL, "one JSON object an image, and one for the ascent", OPTION_FLAG, &j.json, 0, 0},
        {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
    };
    char **rest = calloc((size_t)argc, sizeof *rest);
    int status = options_parse(self, rows, argc, argv, rest, &count);
    if (status < 0)
        status = check(self, &j, count, rest);
    free(rest);
    return status >= 0 ? status : work(&j);
}

const struct command command_excite = {"excite", "--weights W --layer NAME --unit C[,ROW,COL] [option ...]",
                                       "The inputs that excite a unit most", run};
