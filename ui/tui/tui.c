/** The interactive program's command line: `fovea` without a subcommand. */
#include "tui/tui.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/state.h"

struct app_options app_defaults(void)
{
    return (struct app_options){.lab = all_labs[0]->name,
                                .theme_name = theme_name(THEME_DARK),
                                .run = run_defaults(),
                                .speed = 100,
                                .memory = 256,
                                .rows = 50,
                                .cols = 160};
}

void app_option_rows(struct app_options *o, struct option_row out[APP_OPTION_ROWS])
{
    const struct option_row rows[] = {
        {"--lab", "NAME", "what to open: train, step, filter, signal, attack or neuron", OPTION_TEXT, &o->lab,
         0, 0},
        {"--model", "M", "built-in model or model file (what goes with the data)", OPTION_TEXT, &o->model, 0,
         0},
        {"--data", "D", "digits, mnist:DIR, idx:DIR, cifar10:DIR, folder:DIR, noise:CxHxW (digits)",
         OPTION_TEXT, &o->data, 0, 0},
        {"--weights", "W", "begin with these weights, paused", OPTION_TEXT, &o->weights, 0, 0},
        {"--classes", "FILE", "names of the classes, one a line (those of the data)", OPTION_TEXT,
         &o->classes, 0, 0},
        {"--image", "FILE", "look at this PNG picture first", OPTION_TEXT, &o->image, 0, 0},
        {"--memory", "MB", "for the past, half of it for each of two branches (256)", OPTION_WHOLE,
         &o->memory, 1, 1000000},
        {"--until-accuracy", "A", "pause when the test accuracy is A % (never)", OPTION_REAL,
         &o->stop_accuracy, 0, 100},
        {"--epochs", "E", "stop after so many (never)", OPTION_WHOLE, &o->run.epochs, 1, 1e6},
        {"--batch", "B", "images in a batch (32)", OPTION_WHOLE, &o->run.batch, 1, 65536},
        {"--optimizer", "O", "sgd, adam or adamw (sgd)", OPTION_TEXT, &o->run.optimizer, 0, 0},
        {"--lr", "R", "learning rate (the optimizer's)", OPTION_REAL, &o->run.lr, 0, 1e6},
        {"--momentum", "M", "of sgd (0.9)", OPTION_REAL, &o->run.momentum, 0, 0.9999},
        {"--weight-decay", "W", "pull of the weights towards zero", OPTION_REAL, &o->run.weight_decay, 0, 10},
        {"--schedule", "S", "constant, step or cosine, as step:every=1000", OPTION_TEXT, &o->run.schedule, 0,
         0},
        {"--augment", "LIST", "changes of training images, as shift=2,rotate=10", OPTION_TEXT,
         &o->run.augment, 0, 0},
        {"--adversarial", "A:E", "learn from images that an attack makes, as fgsm:0.1", OPTION_TEXT,
         &o->run.adversarial, 0, 0},
        {"--seed", "S", "where all chance comes from (8)", OPTION_U64, &o->run.seed, 0, 0},
        {"--threads", "T", "threads that train (all cores but one)", OPTION_WHOLE, &o->threads, 1, TEAM_MAX},
        {"--speed", "N", "batches a second at most; 0: as fast as it goes (100)", OPTION_REAL, &o->speed, 0,
         1e6},
        {"--paused", NULL, "wait for a key before training begins", OPTION_FLAG, &o->paused, 0, 0},
        {"--colors", "C", "auto, direct, 256, 8 or mono (auto)", OPTION_TEXT, &o->colors, 0, 0},
        {"--theme", "NAME", "dark, night, light, projector or mono (dark)", OPTION_TEXT, &o->theme_name, 0,
         0},
        {"--script", "FILE", "run keys and save screens, without a terminal", OPTION_TEXT, &o->script, 0, 0},
        {"--state", "LINE", "show again what a line says that the action `state` wrote", OPTION_TEXT,
         &o->state, 0, 0},
        {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
    };
    assert(ARRAY_LEN(rows) <= APP_OPTION_ROWS);
    memcpy(out, rows, sizeof rows);
}

static int check(const struct command *self, const char *lab, int words, char **word)
{
    if (words > 0)
        return command_usage(self, "no command '%s'", word[0]);
    if (lab_find(lab))
        return -1;
    char known[120];
    labs_list(", ", known, sizeof known);
    return command_usage(self, "no lab '%s'; there are %s", lab, known);
}

static int check_theme(const struct command *self, const char *name, enum theme *out)
{
    char known[80] = "";
    if (theme_find(name, out))
        return -1;
    for (int t = 0; t < THEMES; t++)
        snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s", t ? ", " : "",
                 theme_name((enum theme)t));
    return command_usage(self, "no theme '%s'; there are %s", name, known);
}

/* What a state line says counts as if it stood before the other options. */
static int parse(const struct command *self, int argc, char **argv, struct app_options *o, char **kept,
                 char **state)
{
    struct option_row rows[APP_OPTION_ROWS];
    struct diag diag = {0};
    char **rest = calloc((size_t)argc, sizeof *rest);
    int count = 0, status = rest ? -1 : EXIT_WORK;
    app_option_rows(o, rows);
    if (status < 0)
        status = options_parse(self, rows, argc, argv, rest, &count);
    const char *line = o->state;
    if (status < 0 && line) {
        *o = app_defaults();
        if (state_read(line, o, kept, state, &diag))
            status = command_fail(&diag);
        else
            status = options_parse(self, rows, argc, argv, rest, &count);
        o->state = *state;
    }
    if (status < 0)
        status = check(self, o->lab, count, rest);
    if (status < 0)
        status = check_theme(self, o->theme_name, &o->theme);
    free(rest);
    return status;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct app_options o = app_defaults();
    char *kept = NULL, *state = NULL;
    int status = parse(self, argc, argv, &o, &kept, &state);
    if (status < 0)
        status = app_run(&o);
    free(kept);
    free(state);
    return status;
}

const struct command command_interactive = {
    "", "[option ...]", "Watch a network learn; with no option, lenet on handwritten digits", run};
