/** The manuals against the program: what the tables and --help know stands there too. */
#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attack/attack.h"
#include "base/asset.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/fetch.h"
#include "data/augment.h"
#include "data/dataset.h"
#include "data/scenes.h"
#include "filter/chain.h"
#include "nn/model.h"
#include "train/optimizer.h"
#include "train/schedule.h"
#include "tui/action.h"
#include "tui/filtering.h"
#include "tui/keys.h"
#include "tui/lab.h"
#include "tui/panel.h"
#include "tui/stepping.h"

static char *read_page(const char *name)
{
    struct bytes bytes = {0};
    struct diag diag = {0};
    struct text path = {0};
    text_format(&path, "%s/%s", FOVEA_MAN, name);
    cr_assert_eq(file_read(text_str(&path), 0, &bytes, &diag), ERR_NONE, "%s", diag.text);
    text_free(&path);
    return (char *)bytes.data;
}

/* Where `word` stands as a whole word at or behind `at`, and before `end` (NULL: anywhere). */
static const char *find_word(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);
    for (const char *p = strstr(at, word); p && (!end || p < end); p = strstr(p + 1, word)) {
        bool begins = p == at || !(isalnum((unsigned char)p[-1]) || p[-1] == '-' || p[-1] == '_');
        bool ends = !(isalnum((unsigned char)p[length]) || p[length] == '-' || p[length] == '_');
        if (begins && ends)
            return p;
    }
    return NULL;
}

static bool names(const char *page, const char *word)
{
    return find_word(page, NULL, word) != NULL;
}

/* The part of a page that begins with a line; *end is where the next line of the same kind, or another section, begins. */
static const char *part(const char *page, const char *line, const char *next, const char **end)
{
    const char *found = strstr(page, line);
    if (!found)
        return NULL;
    *end = strstr(found + 1, next);
    const char *section = strstr(found + 1, "\n.Sh ");
    if (!*end || (section && section < *end))
        *end = section;
    return found;
}

/* ---- fovea.1 ---- */

static void options_in(const char *page, const struct command *command)
{
    char line[256], start[64], heading[64];
    const char *end = NULL;
    snprintf(heading, sizeof heading, "\n.Ss %s\n", command->name);
    const char *section = part(page, heading, "\n.Ss ", &end);
    cr_assert(section, "fovea.1 has no section .Ss %s", command->name);
    snprintf(line, sizeof line, "%s %s --help", FOVEA_PROGRAM, command->name);
    FILE *help = popen(line, "r");
    cr_assert(help);
    while (fgets(line, sizeof line, help)) {
        char name[48] = "";
        if (sscanf(line, "  --%47s", name) != 1 || strncmp(line, "  --", 4) != 0)
            continue;
        if (strcmp(name, "help") == 0 || strcmp(name, "quiet") == 0)
            continue; /* of every subcommand, explained before them */
        snprintf(start, sizeof start, "\n.It Fl -%s", name);
        bool found = false;
        for (const char *p = strstr(section, start); p && (!end || p < end) && !found;
             p = strstr(p + 1, start))
            found = strchr(" \n", p[strlen(start)]) != NULL;
        cr_assert(found, "fovea.1 doesn't explain --%s of %s: a line '.It Fl -%s' is missing", name,
                  command->name, name);
    }
    cr_assert_eq(pclose(help), 0);
}

Test(manual, commands_and_options)
{
    char *page = read_page("fovea.1");
    const char *end = NULL, *synopsis = part(page, "\n.Sh SYNOPSIS", "\n.Sh ", &end);
    for (int i = 0; commands[i]; i++) {
        cr_assert(find_word(synopsis, end, commands[i]->name), "fovea.1 names no %s in its synopsis",
                  commands[i]->name);
        options_in(page, commands[i]);
    }
    free(page);
}

/* A row's `.It Li name`, and behind it each of its knobs with its range. */
static void knobs_in(const char *page, const char *name, const struct knob *knob)
{
    char line[96];
    const char *end = NULL;
    snprintf(line, sizeof line, "\n.It Li %s\n", name);
    const char *row = part(page, line, "\n.It Li ", &end);
    cr_assert(row, "fovea.1 has no line '.It Li %s'", name);
    for (int i = 0; i < knobs_count(knob); i++) {
        if (!knob[i].words)
            snprintf(line, sizeof line, ".Va %s\n.Pq %.10g to %.10g; default %g :", knob[i].name, knob[i].low,
                     knob[i].high, knob[i].initial);
        else
            snprintf(line, sizeof line, "; default %s :", knob[i].words[(int)knob[i].initial]);
        const char *found = strstr(row, line);
        cr_assert(found && (!end || found < end), "fovea.1 doesn't say of %s: '%s'", name, line);
        cr_assert(find_word(row, end, knob[i].name), "%s of %s", knob[i].name, name);
    }
}

Test(manual, filters)
{
    char *page = read_page("fovea.1");
    const char *end = NULL, *section = part(page, "\n.Ss filter\n", "\n.Ss ", &end);
    cr_assert(section);
    for (int i = 0; kernel_types[i]; i++)
        knobs_in(section, kernel_types[i]->name, kernel_types[i]->knob);
    for (int i = 0; scenes[i].name; i++)
        cr_assert(find_word(section, end, scenes[i].name), "scene %s", scenes[i].name);
    for (int i = 0; filtering_picture_name(i); i++)
        cr_assert(names(page, filtering_picture_name(i)), "picture %s", filtering_picture_name(i));
    for (int i = 0; recipes[i].name; i++)
        cr_assert(names(page, recipes[i].name), "recipe %s", recipes[i].name);
    for (int i = 0; stage_types[i]; i++)
        knobs_in(section, stage_types[i]->name, stage_types[i]->knob);
    free(page);
}

Test(manual, tables)
{
    char *page = read_page("fovea.1"), **models = NULL;
    cr_assert_eq(model_list(&models, NULL), ERR_NONE);
    for (int i = 0; models[i]; i++)
        cr_assert(names(page, models[i]), "model %s", models[i]);
    asset_list_free(models);
    for (int i = 0; source_types[i]; i++)
        cr_assert(names(page, source_types[i]->name), "data source %s", source_types[i]->name);
    for (int i = 0; attack_types[i]; i++)
        cr_assert(names(page, attack_types[i]->name), "attack %s", attack_types[i]->name);
    for (int i = 0; optimizer_types[i]; i++)
        cr_assert(names(page, optimizer_types[i]->name), "optimizer %s", optimizer_types[i]->name);
    for (int i = 0; schedule_types[i]; i++)
        cr_assert(names(page, schedule_types[i]->name), "schedule %s", schedule_types[i]->name);
    for (int i = 0; augment_types[i].name; i++)
        cr_assert(names(page, augment_types[i].name), "augmentation %s", augment_types[i].name);
    for (const struct fetch_set *set = fetch_sets; set->name; set++)
        cr_assert(names(page, set->name), "data set %s", set->name);
    free(page);
}

/* ---- fovea-model.5 ---- */

/* Letters of one case in a row are a word of the usage: CHANNELS, ROWS, COLS, stride, S ... */
static void words_in(const char *line, const char *end, const struct layer_type *type)
{
    for (const char *at = type->usage; *at;) {
        char word[32] = "";
        size_t length = 0;
        bool upper = isupper((unsigned char)*at) != 0;
        while (isalpha((unsigned char)at[length]) && (isupper((unsigned char)at[length]) != 0) == upper)
            length++;
        snprintf(word, sizeof word, "%.*s", (int)length, at);
        at += length ? length : 1;
        if (length > 0)
            cr_assert(find_word(line, end, word),
                      "fovea-model.5 says nothing of '%s', but a line of %s is: %s", word, type->name,
                      type->usage);
    }
}

Test(manual, layers)
{
    char *page = read_page("fovea-model.5");
    const char *section = strstr(page, "\n.Sh LAYERS"), *section_end = strstr(section + 1, "\n.Sh ");
    int items = 0, types = 0;
    for (types = 0; layer_types[types]; types++) {
        char start[64];
        const char *line = section;
        snprintf(start, sizeof start, "\n.It Ic %s", layer_types[types]->name);
        do
            line = strstr(line + 1, start);
        while (line && !strchr(" \n", line[strlen(start)]));
        cr_assert(line && line < section_end, "fovea-model.5 has no line '.It Ic %s'",
                  layer_types[types]->name);
        words_in(line + 1, strchr(line + 1, '\n') + 1, layer_types[types]);
    }
    for (const char *p = strstr(section, "\n.It Ic "); p && p < section_end; p = strstr(p + 1, "\n.It Ic "))
        items++;
    cr_assert_eq(items, types, "fovea-model.5 describes %d layers, but there are %d", items, types);
    free(page);
}

/* Every example that begins with its input is a model. */
Test(manual, examples)
{
    char *page = read_page("fovea-model.5");
    int found = 0;
    for (char *p = strstr(page, "\n.Bd -literal"); p; p = strstr(p, "\n.Bd -literal")) {
        char *begin = strchr(p + 1, '\n') + 1, *end = strstr(begin, "\n.Ed");
        cr_assert(end);
        *end = 0;
        p = end + 1;
        if (!strstr(begin, "input "))
            continue;
        struct net *net = NULL;
        struct diag diag = {0};
        cr_assert_eq(model_parse(begin, "example", NULL, &net, &diag), ERR_NONE, "%s in:\n%s", diag.text,
                     begin);
        cr_assert_eq(net_classes(net), 10);
        net_free(net);
        found++;
    }
    cr_assert_geq(found, 2);
    free(page);
}

/* Each action with its words: ".It Ic epsilon Ar more | less | VALUE". */
Test(manual, knows_every_action)
{
    char *page = read_page("fovea.1");
    const char *actions = strstr(page, "\n.Sh ACTIONS\n"), *end = strstr(actions + 1, "\n.Sh ");
    for (int t = 0; action_tables[t]; t++)
        for (const struct action *a = action_tables[t]; a->word; a++) {
            struct text item = {0};
            text_format(&item, "\n.It Ic %s%s", a->word, a->argument ? " Ar " : "");
            for (const char *c = a->argument ? a->argument : ""; *c; c++)
                text_format(&item, *c == '|' ? " %c " : "%c", *c);
            text_format(&item, "\n%s.\n", a->help);
            const char *found = strstr(actions, text_str(&item));
            cr_expect(found && found < end, "ACTIONS of fovea.1 lacks %s", text_str(&item));
            text_free(&item);
        }
    free(page);
}

Test(manual, knows_every_example)
{
    char *page = read_page("fovea.1");
    const char *examples = strstr(page, "\nThe examples are\n");
    cr_assert_not_null(examples);
    for (const struct step_example *e = step_examples; e->name; e++) {
        char word[32];
        snprintf(word, sizeof word, " %s%s", e->name, e[1].name ? "" : " .");
        const char *found = strstr(examples, word);
        cr_expect(found, "the example %s isn't in THE SCREEN", e->name);
    }
    free(page);
}

/* "[" stands as "\\&[" where a line would begin with what mandoc reads as a request or a delimiter. */
Test(manual, knows_every_key_and_panel)
{
    char *page = read_page("fovea.1");
    const char *keys = strstr(page, "\n.Sh KEYS\n"), *screen = strstr(page, "\n.Sh THE SCREEN\n");
    cr_assert_not_null(keys);
    cr_assert_not_null(screen);
    const char *end = strstr(keys + 1, "\n.Sh ");
    for (const struct binding *b = binding_next(NULL); b; b = binding_next(b)) {
        if (!b->name)
            continue;
        struct text key = {0};
        text_format(&key, "%s\n%s\n", b->name, b->help);
        const char *found = strstr(keys, text_str(&key));
        cr_expect(found && found < end, "%s: %s isn't in KEYS", b->name, b->help);
        text_free(&key);
    }
    for (int i = 0; all_labs[i]; i++) {
        struct text item = {0};
        text_format(&item, "\n.It Cm %s\n%s\n", all_labs[i]->name, all_labs[i]->help);
        const char *found = strstr(screen, text_str(&item));
        cr_expect(found && found < keys, "the lab %s isn't in THE SCREEN", all_labs[i]->name);
        text_free(&item);
    }
    for (int i = 0; panel_types[i]; i++) {
        struct text item = {0};
        text_format(&item, "\n.It Sy %s\n", panel_types[i]->name);
        const char *found = strstr(screen, text_str(&item));
        cr_expect(found && found < keys, "the panel %s isn't in THE SCREEN", panel_types[i]->name);
        text_free(&item);
    }
    free(page);
}
