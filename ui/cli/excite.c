/** fovea excite: the images that a unit answers to most strongly and most weakly, and the input that gradient ascent finds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/excite.h"

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

static enum err find_unit(struct excite *j, struct diag *diag)
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
    const char *picture = j->out ? j->out : j->sheet ? j->sheet : j->film;
    if (picture && j->net->in.c != 1 && j->net->in.c != 3)
        return diag_fail(diag, ERR_SHAPE, picture, 0, "a picture has 1 or 3 channels, but the input is %s",
                         shape_text(j->net->in).s);
    return ERR_NONE;
}

static int work(struct excite *j)
{
    struct diag diag = {0};
    enum err err = open_network(j->model, j->weights, &j->net, &j->w, &diag);
    if (!err)
        err = find_unit(j, &diag);
    if (!err && j->data)
        err = excite_rank(j, &diag);
    if (!err)
        err = excite_climb(j, &diag);
    weights_fini(&j->w);
    net_free(j->net);
    return err ? command_fail(&diag) : 0;
}

static int check(const struct command *self, struct excite *j, int count, char **rest)
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
    if (j->sheet && !j->data)
        return command_usage(self, "--sheet shows images of a data set; name it with --data");
    j->climb.step = (float)j->step;
    j->climb.decay = (float)j->decay;
    j->climb.blur = (float)j->blur;
    j->climb.clip = (float)j->clip;
    j->climb.ground = (float)j->ground;
    return -1;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct excite j = {.top = 9, .iterations = 100, .split_name = "test", .climb = {.seed = RNG_SEED}};
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
        {"--iterations", "N", "steps of gradient ascent (100)", OPTION_WHOLE, &j.iterations, 0, 1e6},
        {"--step", "A", "length of a step (a 50th of the root of the number of pixels)", OPTION_REAL, &j.step,
         1e-9, 1e6},
        {"--start", "IMAGE", "climb from this picture (grey noise)", OPTION_TEXT, &j.start, 0, 0},
        {"--decay", "D", "share of the picture that each step takes away (0)", OPTION_REAL, &j.decay, 0, 1},
        {"--blur", "SIGMA", "Gaussian over so many pixels after a step (0)", OPTION_REAL, &j.blur, 0,
         BLUR_MOST},
        {"--blur-every", "N", "only after every Nth step (1)", OPTION_WHOLE, &j.climb.blur_every, 1, 1e6},
        {"--jitter", "J", "shift by up to so many pixels before each gradient (0)", OPTION_WHOLE,
         &j.climb.jitter, 0, 1e4},
        {"--clip", "SHARE", "share of the pixels, the weakest, that each step blanks (0)", OPTION_REAL,
         &j.clip, 0, 1},
        {"--ground", "G", "what decay and clip lead to: 0 is black (0)", OPTION_REAL, &j.ground, 0, 1},
        {"--film", "DIR", "save pictures of the ascent, evenly spaced", OPTION_TEXT, &j.film, 0, 0},
        {"--sheet", "FILE.png", "save the top images and what the unit sees of each", OPTION_TEXT, &j.sheet,
         0, 0},
        {"--out", "FILE.png", "save the input that gradient ascent found", OPTION_TEXT, &j.out, 0, 0},
        {"--seed", "S", "of all chance", OPTION_U64, &j.climb.seed, 0, 0},
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
