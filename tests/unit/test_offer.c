/** offer: every action, every word and every name can be completed with Tab, and what is wrong is answered with what there is. */
#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nn/model.h"
#include "toy.h"
#include "tui/app.h"
#include "tui/keys.h"
#include "tui/offer.h"
#include "tui/state.h"

static struct net *net;
static struct dataset data;
static struct app app;
static struct choices found;
static const struct style style = {.rung = RUNG_256, .utf8 = true};

static void setup(void)
{
    cr_assert_eq(model_parse("input 1x8x8\nconv 2 3x3\nrelu\nconv 3 3x3\nrelu\nflatten\ndense 4\n", "model",
                             NULL, &net, NULL),
                 ERR_NONE);
    data = toy_data((struct shape){1, 8, 8}, 4, 203, 90);
    app = (struct app){.net = net, .data = &data, .model_name = "toy", .options.data = "toy"};
    view_init(&app.view, net, &data);
    cr_assert_eq(canvas_init(&app.canvas, 24, 80, &style), ERR_NONE);
    app.lay_out = true;
}

static void teardown(void)
{
    canvas_fini(&app.canvas);
    net_free(net);
}

TestSuite(offer, .init = setup, .fini = teardown);

static bool offers(const char *before, const char *word, const char *what)
{
    found.count = 0;
    offer_words(&app, before, word, &found);
    for (int i = 0; i < found.count; i++)
        if (strcmp(found.word[i], what) == 0)
            return true;
    return false;
}

Test(offer, every_action_and_what_it_takes)
{
    for (int t = 0; action_tables[t]; t++)
        for (const struct action *a = action_tables[t]; a->word; a++) {
            char before[64], words[256];
            cr_assert(offers("", "", a->word) && offers("pause; ", "", a->word), "%s", a->word);
            snprintf(before, sizeof before, "%s ", a->word);
            cr_assert(a->argument || !offers(before, "", ""), "%s", a->word);
            snprintf(words, sizeof words, "%s", a->argument ? a->argument : "");
            char *save = NULL;
            for (char *way = strtok_r(words, "|", &save); way; way = strtok_r(NULL, "|", &save)) {
                way[strcspn(way, " ")] = 0;
                cr_assert(isupper((unsigned char)*way) || offers(before, "", way), "%s doesn't offer %s",
                          a->word, way);
            }
            char help[256];
            offer_help(before, help, sizeof help);
            cr_assert(strstr(help, a->help), "%s", help);
        }
}

Test(offer, names)
{
    cr_assert(offers("layer ", "", "conv2") && !offers("layer ", "", "relu1") &&
              offers("layer ", "", "next"));
    cr_assert(offers("attack ", "", "pgd") && offers("enlarge ", "", "curves") &&
              offers("focus ", "", "input"));
    cr_assert(offers("panels ", "input,cu", "input,curves") && offers("panels ", "", "all"));
    cr_assert(offers("sample 3; layer ", "", "conv1"));
    cr_assert(!offers("layer conv1 ", "", "conv1") && !offers("nothing ", "", "conv1"));
    cr_assert(!offers("epsilon ", "", "VALUE"), "numbers are for the person to choose");
}

/* Files by name, folders to go on in, nothing that a line couldn't hold. */
Test(offer, files)
{
    char folder[] = "/tmp/fovea-offer-XXXXXX", word[64], name[64];
    cr_assert_not_null(mkdtemp(folder));
    static const char *const files[] = {"b.csv", "a.csv", "with blank", "semi;colon", ".hidden"};
    for (int i = 0; i < ARRAY_LEN(files); i++) {
        snprintf(name, sizeof name, "%s/%s", folder, files[i]);
        FILE *file = fopen(name, "w");
        cr_assert(file && fclose(file) == 0);
    }
    snprintf(name, sizeof name, "%s/c", folder);
    cr_assert_eq(mkdir(name, 0777), 0);
    snprintf(word, sizeof word, "%s/", folder);
    found.count = 0;
    offer_words(&app, "save numbers ", word, &found);
    cr_assert_eq(found.count, 3);
    for (int i = 0; i < 3; i++) {
        static const char *const sorted[] = {"a.csv", "b.csv", "c/"};
        cr_assert_str_eq(found.word[i] + strlen(word), sorted[i]);
        cr_assert_eq(found.open[i], i == 2);
    }
    cr_assert_not(offers("save ", "", "FILE"));
    char help[256], command[64];
    offer_help("save numbers x", help, sizeof help);
    cr_assert_eq(strncmp(help, "numbers FILE  ", 14), 0, "%s", help);
    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_assert_eq(system(command), 0);
}

/* A wrong word is answered with the nearest, a wrong argument with those there are. */
Test(offer, what_there_is)
{
    cr_assert_not(app_do(&app, "epsilno 0.1"));
    cr_assert(strstr(app.message, "the nearest is epsilon"), "%s", app.message);
    cr_assert_not(app_do(&app, "layer conv9"));
    cr_assert(strstr(app.message, "not 'conv9'; there are next, before, conv1, conv2 or dense1"), "%s",
              app.message);
    cr_assert_not(app_do(&app, "epsilon x"));
    cr_assert(strstr(app.message, "VALUE"), "%s", app.message);
}

static void keys(const char *text)
{
    for (; *text; text++)
        app_key(&app, *text == '\t'     ? KEY_TAB_
                      : *text == '\n'   ? KEY_ENTER_
                      : *text == '\033' ? KEY_ESCAPE_
                                        : *text);
}

/* From `:` to what it does, and what stands at the bottom meanwhile. */
Test(offer, the_prompt_on_the_screen)
{
    app_look(&app);
    keys(":eps\t");
    cr_assert(app.prompt.open);
    app_draw(&app);
    char *text = canvas_dump(&app.canvas);
    cr_assert(strstr(text, "\n:epsilon     more|less|VALUE  How large a perturbation may be"), "%s", text);
    free(text);
    keys("0.25\n");
    cr_assert_not(app.prompt.open);
    cr_assert_float_eq(app.view.attack.eps, 0.25, 1e-6);
    keys(":layer \t\t\n"); /* "before", then the first of the names that begin with nothing in common */
    cr_assert_not(app.prompt.open);
    keys(":quit\033");
    cr_assert(!app.prompt.open && !app.quit);
    keys(":sample 3; layer conv2\n");
    cr_assert(app.view.index == 3 && strcmp(net->layer[app.view.layer].name, "conv2") == 0);
    keys(":prompt layer\n");
    cr_assert(app.prompt.open);
    cr_assert_str_eq(app.prompt.text, "layer ");
    keys("\033:\n");
    cr_assert_not(app.prompt.open);
    for (int rows = 1; rows < 8; rows++)
        for (int cols = 1; cols < 60; cols += 3) {
            cr_assert_eq(canvas_resize(&app.canvas, rows, cols), ERR_NONE);
            app.lay_out = true;
            app_look(&app);
            keys(":layer \t\t");
            app_draw(&app);
            keys("\033");
        }
}

/* Whatever an action sets is in a state line, or is here because there is nothing of it to set. */
Test(offer, a_state_knows_every_setting)
{
    static const char *const others[] = {
        /* training's way */ "pause",
        "step",
        "epoch",
        "speed",
        "rate",
        "reset",
        "seek",
        "slow",
        "fork",
        "branch",
        "drop",
        /* by `split` and what follows */ "open",
        "label",
        "invert",
        "centre",
        "nudge",
        "draw",
        "pen",
        /* by `point`, `fold`, `page` and `panels` */ "cursor",
        "unfold",
        "feeds",
        "enlarge",
        "hide",
        /* by the attack lab */ "changes",
        "magnify",
        "predict",
        "budget",
        "fool",
        /* by the state of the filter lab */ "picture",
        "grey",
        "recipe",
        "stage",
        "insert",
        "filter",
        "remove",
        "border",
        "extent",
        "knob",
        "turn",
        "weight",
        "crop",
        "peak",
        /* in a file of its own */ "name",
        /* the step lab's, which writes it itself */ "example",
        "cells",
        "weights",
        "cell",
        "operation",
        "carry",
        "patch",
        "live",
        "channel",
        "recall",
        "multiply",
        "output",
        "row",
        "play",
        "tempo",
        "reveal",
        "padding",
        "stride",
        "dilation",
        "convolution",
        "bias",
        "filters",
        "window",
        "pencil",
        "type",
        "answer",
        "finish",
        /* nothing that is set */ "climb",
        "press",
        "undo",
        "prompt",
        "help",
        "redraw",
        "quit",
        "save",
        "state",
        "worksheet",
        "mouse",
        "lab",
        /* by the signal lab itself */ "signal",
        "average",
        "width",
        "sigma",
        "bell",
        "noise",
        "span",
        "scroll",
        "instant",
        "tap",
        "slide",
        "listen",
        "pace",
        "cut",
        "piece",
        "search",
        "found",
        "fourier",
        "hear",
        /* by the attack lab */ "images",
        "rival",
        /* of the machine */ "sweepers",
        /* by the filter lab */ "ranking",
        "city",
        "bar",
        "hog",
        /* by the step lab */ "question",
        "guess",
    };
    for (int t = 0; action_tables[t]; t++)
        for (const struct action *a = action_tables[t]; a->word; a++) {
            bool known = state_has(a->word);
            for (int i = 0; i < ARRAY_LEN(others) && !known; i++)
                known = strcmp(others[i], a->word) == 0;
            cr_assert(known, "what '%s' sets isn't in settings[] of ui/tui/state_settings.c", a->word);
        }
    cr_assert(state_has("epsilon") && !state_has("epsilno"));
}
