#include "tui/action.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "tui/app.h"
#include "tui/offer.h"

enum { WORD_MOST = 32, LINE_MOST = 1536 };
static const double message_seconds = 3;

const struct action *const action_tables[] = {
    training_actions, time_actions,        sample_actions,  draw_actions,
    layer_actions,    attack_actions,      branch_actions,  look_actions,
    pointing_actions, inspect_actions,     keep_actions,    neuron_actions,
    screen_actions,   showing_actions,     signal_actions,  listen_actions,
    match_actions,    step_source_actions, live_actions,    step_actions,
    slide_actions,    pencil_actions,      fooling_actions, sweep_actions,
    filter_actions,   turning_actions,     scenery_actions, NULL,
};

const struct action *action_table_of(const char *line)
{
    size_t length = strcspn(line, " ;");
    for (int t = 0; action_tables[t]; t++)
        for (const struct action *a = action_tables[t]; a->word; a++)
            if (strlen(a->word) == length && strncmp(a->word, line, length) == 0)
                return action_tables[t];
    return NULL;
}

const struct action *action_find(const char *word)
{
    for (int t = 0; action_tables[t]; t++)
        for (const struct action *a = action_tables[t]; a->word; a++)
            if (strcmp(a->word, word) == 0)
                return a;
    return NULL;
}

bool argument_is(const char *argument, const char *word)
{
    return strcmp(argument, word) == 0;
}

int argument_turn(const char *argument, int at, int count)
{
    int to = argument_is(argument, "more") ? at + 1 : argument_is(argument, "less") ? at - 1 : -1;
    if (!argument_is(argument, "more") && !argument_is(argument, "less"))
        return -1;
    return to < 0 ? 0 : to >= count ? count - 1 : to;
}

void app_say(struct app *app, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(app->message, sizeof app->message, format, args);
    va_end(args);
    app->message_until = clock_now() + message_seconds;
}

void app_refuse(struct app *app, const struct diag *diag)
{
    app_say(app, "%s", diag->text);
    app->failed = true;
}

/* How many letters must be put in, left out or replaced (Levenshtein 1966). */
static int distance(const char *a, const char *b)
{
    int row[WORD_MOST + 1], length = (int)strlen(b);
    for (int j = 0; j <= length; j++)
        row[j] = j;
    for (int i = 0; a[i]; i++) {
        int corner = row[0];
        row[0] = i + 1;
        for (int j = 0; j < length; j++) {
            int same = corner + (a[i] != b[j]), either = row[j] < row[j + 1] ? row[j] + 1 : row[j + 1] + 1;
            corner = row[j + 1];
            row[j + 1] = same < either ? same : either;
        }
    }
    return row[length];
}

static const char *nearest_to(const char *word)
{
    const char *nearest = "";
    int least = 2 * WORD_MOST;
    for (int t = 0; action_tables[t]; t++)
        for (const struct action *a = action_tables[t]; a->word; a++)
            if (strlen(a->word) < WORD_MOST && distance(word, a->word) < least) {
                least = distance(word, a->word);
                nearest = a->word;
            }
    return nearest;
}

static bool do_one(struct app *app, const char *line)
{
    char word[WORD_MOST];
    size_t length = strcspn(line, " ");
    const char *argument = line + length + strspn(line + length, " ");
    snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : sizeof word - 1), line);
    const struct action *a = action_find(word);
    if (!a) {
        app_say(app, "no action '%s'; the nearest is %s, and Tab behind : lists all", word, nearest_to(word));
        return false;
    }
    if (a->argument ? a->run(app, argument) : !*argument && a->run(app, argument))
        return true;
    if (a->argument) {
        char known[160];
        offer_listed(app, word, known, sizeof known);
        app_say(app, "'%s' takes %s, not '%.60s'%s%s", word, a->argument, argument,
                *known ? "; there are " : "", known);
    } else
        app_say(app, "'%s' stands alone, without '%.60s'", word, argument);
    return false;
}

bool app_do(struct app *app, const char *line)
{
    char one[LINE_MOST];
    app->dirty = true;
    app->failed = false;
    for (const char *at = line;;) {
        size_t length = strcspn(at, ";"), kept = length < sizeof one ? length : sizeof one - 1;
        memcpy(one, at, kept);
        while (kept > 0 && one[kept - 1] == ' ')
            kept--;
        one[kept] = 0;
        if (!do_one(app, one + strspn(one, " ")))
            return false;
        if (!at[length])
            return true;
        at += length + 1;
    }
}

/* ---- undoing ---- */

void app_undoable(struct app *app, const char *format, ...)
{
    if (app->undoing)
        return;
    if (app->undos == UNDO_MOST)
        memmove(app->undo[0], app->undo[1], sizeof app->undo[0] * (UNDO_MOST - 1));
    else
        app->undos++;
    va_list args;
    va_start(args, format);
    vsnprintf(app->undo[app->undos - 1], sizeof app->undo[0], format, args);
    va_end(args);
}

bool app_undo(struct app *app)
{
    char line[UNDO_TEXT];
    if (app->undos == 0)
        return false;
    app->undos--;
    memcpy(line, app->undo[app->undos], sizeof line);
    app->undoing = true;
    bool done = app_do(app, line);
    app->undoing = false;
    if (done)
        app_say(app, "undone: %s", line);
    return done;
}
