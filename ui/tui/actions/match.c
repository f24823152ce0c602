/** Match the convolution: questions and answers. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/app.h"
#include "tui/matching.h"

static struct matching *matching_of(struct app *app)
{
    if (!app->view.matching)
        app_say(app, "nothing is asked yet: lab step");
    return app->view.matching;
}

static bool ask(struct app *app, const char *argument)
{
    struct matching *m = matching_of(app);
    char word[16] = "", rest[24] = "";
    if (!m)
        return true;
    enum matching_kind kind = m->kind;
    long number = m->number;
    sscanf(argument, "%15s %23s", word, rest);
    for (int k = 0; k < MATCHING_KINDS; k++)
        if (argument_is(word, matching_names[k]))
            kind = (enum matching_kind)k;
    bool named = argument_is(word, matching_names[kind]);
    if (argument_is(argument, "next"))
        number++;
    else if (argument_is(argument, "other"))
        kind = (enum matching_kind)((kind + 1) % MATCHING_KINDS);
    else if (!(named && !*rest) && !text_int(named ? rest : argument, 1, 1000000000, &number))
        return false;
    else if (*rest || !named)
        number--;
    app_undoable(app, "question %s %ld", matching_names[m->kind], m->number + 1);
    matching_ask(m, kind, number);
    app_take_matching(app);
    return true;
}

static bool guess(struct app *app, const char *argument)
{
    struct matching *m = matching_of(app);
    long output;
    if (!text_int(argument, 1, MATCH_OUTPUTS, &output))
        return false;
    if (!m)
        return true;
    if (!m->there)
        app_say(app, "%s", m->why);
    else if (m->guess >= 0)
        app_say(app, "that is answered: Enter asks the next");
    else if (matching_guess(m, (int)output - 1))
        app_say(app, "%ld is right", output);
    else
        app_say(app, "%ld is wrong", output);
    return true;
}

const struct action match_actions[] = {
    {"question", "next|other|series|pictures|filters|KIND NUMBER",
     "Another question of match the convolution", ask},
    {"guess", "1|2|3|4", "Answers it", guess},
    {NULL, NULL, NULL, NULL},
};
