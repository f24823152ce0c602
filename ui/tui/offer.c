#include "tui/offer.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/asset.h"
#include "data/signal.h"
#include "data/scenes.h"
#include "filter/kernels.h"
#include "tui/app.h"
#include "tui/filtering.h"
#include "tui/stepping.h"

enum { WORD_MOST = CHOICE_BYTES, PATH_MOST = 512 };

/* ---- names ---- */

static void offer_layers(const struct app *app, const char *word, struct choices *out)
{
    (void)word;
    for (int l = 0; app->net && l < app->net->layers; l++)
        if (view_learns(app->net, l))
            choices_add(out, app->net->layer[l].name, false);
}

static void offer_attacks(const struct app *app, const char *word, struct choices *out)
{
    (void)app, (void)word;
    for (int i = 0; attack_types[i]; i++)
        choices_add(out, attack_types[i]->name, false);
}

static void offer_classes(const struct app *app, const char *word, struct choices *out)
{
    (void)word;
    for (int k = 0; app->data && app->data->class_name && k < app->data->classes; k++)
        choices_add(out, app->data->class_name[k], false);
}

static void offer_themes(const struct app *app, const char *word, struct choices *out)
{
    (void)app, (void)word;
    for (int t = 0; t < THEMES; t++)
        choices_add(out, theme_name((enum theme)t), false);
}

static void offer_labs(const struct app *app, const char *word, struct choices *out)
{
    (void)app, (void)word;
    for (int i = 0; all_labs[i]; i++)
        choices_add(out, all_labs[i]->name, false);
}

static void offer_signals(const struct app *app, const char *word, struct choices *out)
{
    (void)app, (void)word;
    for (const struct signal_type *t = signal_types; t->name; t++)
        choices_add(out, t->name, false);
}

static void offer_rivals(const struct app *app, const char *word, struct choices *out)
{
    char **names = NULL;
    (void)app, (void)word;
    if (!asset_list("weights", ".safetensors", &names, NULL))
        for (int i = 0; names[i]; i++)
            choices_add(out, names[i], false);
    asset_list_free(names);
}

static void offer_scenes(const struct app *app, const char *word, struct choices *out)
{
    (void)app, (void)word;
    for (int i = 0; scenes[i].name; i++)
        choices_add(out, scenes[i].name, false);
}

static void offer_examples(const struct app *app, const char *word, struct choices *out)
{
    (void)app, (void)word;
    for (const struct step_example *e = step_examples; e->name; e++)
        choices_add(out, e->name, false);
}

/* Those that can be stepped by hand. */
static void offer_steppable(const struct app *app, const char *word, struct choices *out)
{
    (void)word;
    for (int l = 0; app->net && l < app->net->layers; l++)
        if (step_layer_operation(app->net, l) != STEP_OPERATIONS)
            choices_add(out, app->net->layer[l].name, false);
}

/* Of the library; what follows its name is typed. */
static void offer_kernels(const struct app *app, const char *word, struct choices *out)
{
    (void)app, (void)word;
    for (int i = 0; kernel_types[i]; i++)
        choices_add(out, kernel_types[i]->name, true);
}

static void offer_panels(const struct app *app, const char *word, struct choices *out)
{
    (void)app, (void)word;
    for (int i = 0; panel_types[i]; i++)
        choices_add(out, panel_types[i]->name, false);
}

/* "input,curves": the next name behind the last comma. */
static void offer_panel_list(const struct app *app, const char *word, struct choices *out)
{
    const char *comma = strrchr(word, ',');
    int head = comma ? (int)(comma + 1 - word) : 0;
    (void)app;
    for (int i = 0; panel_types[i]; i++) {
        char list[WORD_MOST];
        if (snprintf(list, sizeof list, "%.*s%s", head, word, panel_types[i]->name) < (int)sizeof list)
            choices_add(out, list, true);
    }
}

static void offer_file(const char *folder, const char *name, const char *begun, struct choices *out)
{
    char path[PATH_MOST + 300];
    struct stat st;
    if (strncmp(name, begun, strlen(begun)) != 0 || (*name == '.' && *begun != '.') || strpbrk(name, " ;"))
        return;
    snprintf(path, sizeof path, "%s%s", folder, name);
    bool open = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    if (open)
        strncat(path, "/", sizeof path - strlen(path) - 1);
    choices_add(out, path, open);
}

/* Files in the folder that the word names; hidden ones when their dot is typed. */
static void offer_files(const struct app *app, const char *word, struct choices *out)
{
    const char *slash = strrchr(word, '/'), *last = slash ? slash + 1 : word;
    char folder[PATH_MOST];
    struct dirent **found = NULL;
    (void)app;
    snprintf(folder, sizeof folder, "%.*s", (int)(last - word), word);
    int count = scandir(*folder ? folder : ".", &found, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        offer_file(folder, found[i]->d_name, last, out);
        free(found[i]);
    }
    free(found);
}

static void offer_pictures(const struct app *app, const char *word, struct choices *out)
{
    (void)app, (void)word;
    for (int i = 0; filtering_picture_name(i); i++)
        choices_add(out, filtering_picture_name(i), false);
}

static void offer_recipes(const struct app *app, const char *word, struct choices *out)
{
    (void)app, (void)word;
    for (int i = 0; recipes[i].name; i++)
        choices_add(out, recipes[i].name, false);
}

/* Stages of a chain; a colon begins their knobs. */
static void offer_stages(const struct app *app, const char *word, struct choices *out)
{
    (void)app, (void)word;
    for (int i = 0; kernel_types[i]; i++)
        choices_add(out, kernel_types[i]->name, false);
    for (int i = 0; stage_types[i]; i++)
        choices_add(out, stage_types[i]->name, false);
}

static void offer_knobs(const struct app *app, const char *word, struct choices *out)
{
    const struct filtering *f = app->view.filtering;
    const double *value;
    (void)word;
    if (!f || f->asked.stages == 0)
        return;
    const struct knob *k = filtering_knobs(&f->asked.stage[f->stage], &value);
    for (int i = 0; i < knobs_count(k); i++)
        choices_add(out, k[i].name, false);
}

/* What the capital words in struct action's `argument` stand for; those that are numbers aren't offered. */
static const struct {
    const char *action; /* NULL: of any */
    const char *kind;
    void (*offer)(const struct app *app, const char *word, struct choices *out);
} kinds[] = {
    {"attack", "NAME", offer_attacks},    {"layer", "NAME", offer_layers},
    {"lab", "NAME", offer_labs},          {"panels", "NAME,...", offer_panel_list},
    {"theme", "NAME", offer_themes},      {"target", "CLASS", offer_classes},
    {"city", "NAME", offer_scenes},       {"ranking", "NAME", offer_scenes},
    {"example", "NAME", offer_examples},  {"live", "LAYER", offer_steppable},
    {"weights", "KERNEL", offer_kernels}, {NULL, "PANEL", offer_panels},
    {"signal", "NAME", offer_signals},    {"rival", "NAME", offer_rivals},
    {"picture", "NAME", offer_pictures},  {NULL, "RECIPE", offer_recipes},
    {NULL, "STAGE", offer_stages},        {NULL, "KNOB", offer_knobs},
    {NULL, "FILE", offer_files},
};

static void offer_kind(const struct app *app, const char *action, const char *kind, const char *word,
                       struct choices *out)
{
    for (int i = 0; i < ARRAY_LEN(kinds); i++)
        if (strncmp(kind, kinds[i].kind, strlen(kinds[i].kind)) == 0 &&
            (!kinds[i].action || strcmp(kinds[i].action, action) == 0)) {
            kinds[i].offer(app, word, out);
            return;
        }
}

/* ---- arguments ---- */

/* The next word of a text that ends at a blank, a bar or its end; false: there is none. */
static bool next_word(const char **at, const char *end, char *word)
{
    while (*at < end && **at == ' ')
        ++*at;
    int length = 0;
    for (; *at < end && **at != ' '; ++*at)
        if (length < WORD_MOST - 1)
            word[length++] = **at;
    word[length] = 0;
    return length > 0;
}

static bool is_literal(const char *word)
{
    return !isupper((unsigned char)word[0]);
}

/* One way to say the argument ("screen FILE"): what follows what has been typed of it, if it fits. */
static void offer_way(const struct app *app, const char *action, const char *way, const char *way_end,
                      const char *typed, const char *word, struct choices *out)
{
    char expected[WORD_MOST], have[WORD_MOST];
    const char *typed_end = typed + strlen(typed);
    while (next_word(&typed, typed_end, have))
        if (!next_word(&way, way_end, expected) || (is_literal(expected) && strcmp(expected, have) != 0))
            return;
    if (!next_word(&way, way_end, expected))
        return;
    if (!is_literal(expected)) {
        offer_kind(app, action, expected, word, out);
        return;
    }
    for (int i = 0; i < out->count; i++)
        if (strcmp(out->word[i], expected) == 0)
            return;
    choices_add(out, expected, false);
}

static void offer_argument(const struct app *app, const struct action *a, const char *typed, const char *word,
                           struct choices *out)
{
    for (const char *way = a->argument; way;) {
        const char *bar = strchr(way, '|');
        offer_way(app, a->word, way, bar ? bar : way + strlen(way), typed, word, out);
        way = bar ? bar + 1 : NULL;
    }
}

/* The action that the last part of a line begins with, and where its argument does. */
static const struct action *action_of(const char *line, const char **argument)
{
    const char *last = strrchr(line, ';'), *at = last ? last + 1 : line;
    char word[WORD_MOST];
    if (!next_word(&at, line + strlen(line), word))
        return NULL;
    *argument = at;
    return action_find(word);
}

void offer_words(void *arg, const char *before, const char *word, struct choices *out)
{
    const struct app *app = arg;
    const char *last = strrchr(before, ';'), *typed = NULL;
    const char *part = last ? last + 1 : before;
    if (part[strspn(part, " ")] == 0) {
        for (int t = 0; action_tables[t]; t++)
            for (const struct action *a = action_tables[t]; a->word; a++)
                choices_add(out, a->word, false);
        return;
    }
    const struct action *a = action_of(before, &typed);
    if (a)
        offer_argument(app, a, typed, word, out);
}

/* The way of saying the argument that its first word has chosen, or all ways. */
static void ways_left(const struct action *a, const char *typed, char *out, int size)
{
    char have[WORD_MOST], first[WORD_MOST];
    bool whole = next_word(&typed, typed + strlen(typed), have) && *typed == ' ';
    snprintf(out, (size_t)size, "%s", a->argument);
    for (const char *way = a->argument; whole && way;) {
        const char *bar = strchr(way, '|'), *at = way, *end = bar ? bar : way + strlen(way);
        if (next_word(&at, end, first) && is_literal(first) && strcmp(first, have) == 0)
            snprintf(out, (size_t)size, "%.*s", (int)(end - way), way);
        way = bar ? bar + 1 : NULL;
    }
}

void offer_help(const char *line, char *text, int size)
{
    const char *argument = NULL;
    const struct action *a = action_of(line, &argument);
    char ways[160] = "";
    *text = 0;
    if (a && a->argument)
        ways_left(a, argument, ways, sizeof ways);
    if (a)
        snprintf(text, (size_t)size, "%s%s%s", ways, *ways ? "  " : "", a->help);
}

void offer_listed(struct app *app, const char *action, char *text, int size)
{
    static struct choices found; /* only ever used here, on the one thread of the screen */
    const struct action *a = action_find(action);
    int used = 0;
    found.count = 0;
    *text = 0;
    if (a && a->argument)
        offer_argument(app, a, "", "", &found);
    for (int i = 0; i < found.count && used < size; i++)
        used += snprintf(text + used, (size_t)(size - used), "%s%s",
                         i == 0                 ? ""
                         : i == found.count - 1 ? " or "
                                                : ", ",
                         found.word[i]);
}
