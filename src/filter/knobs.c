#include "filter/knobs.h"

#include <math.h>
#include <string.h>

int knobs_count(const struct knob *knob)
{
    int count = 0;
    while (count < KNOBS && knob[count].name)
        count++;
    return count;
}

void knobs_initial(const struct knob *knob, double *value)
{
    for (int i = 0; i < KNOBS; i++)
        value[i] = knob[i].initial;
}

static enum err unknown_key(const char *owner, const struct knob *knob, const char *name, struct diag *diag)
{
    struct text known = {0}, what = {0};
    int count = knobs_count(knob);
    if (count == 0)
        return diag_fail(diag, ERR_UNKNOWN, NULL, 0, "%s has no keys, so there is no '%s'", owner, name);
    for (int i = 0; i < count; i++)
        text_listed(&known, knob[i].name, i == count - 1);
    text_format(&what, "key of %s", owner);
    enum err err = text_unknown(diag, NULL, 0, text_str(&what), name, &known);
    text_free(&what);
    return err;
}

static enum err read_value(const char *owner, const struct knob *knob, const char *word, double *value,
                           struct diag *diag)
{
    struct text known = {0}, what = {0};
    if (!knob->words)
        return text_real(word, value) ? ERR_NONE
                                      : diag_fail(diag, ERR_FORMAT, NULL, 0, "%s: %s is a number, not '%s'",
                                                  owner, knob->name, word);
    for (int i = 0; knob->words[i]; i++)
        if (strcmp(knob->words[i], word) == 0) {
            *value = i;
            return ERR_NONE;
        }
    for (int i = 0; knob->words[i]; i++)
        text_listed(&known, knob->words[i], !knob->words[i + 1]);
    text_format(&what, "%s of %s", knob->name, owner);
    enum err err = text_unknown(diag, NULL, 0, text_str(&what), word, &known);
    text_free(&what);
    return err;
}

enum err knobs_read(const char *owner, const struct knob *knob, char *text, double *value, struct diag *diag)
{
    char *word;
    while ((word = strsep(&text, ","))) {
        char *equals = strchr(word, '=');
        int i = 0, count = knobs_count(knob);
        if (!equals)
            return diag_fail(diag, ERR_FORMAT, NULL, 0, "%s: '%s' should be key=value", owner, word);
        *equals = 0;
        while (i < count && strcmp(knob[i].name, word) != 0)
            i++;
        if (i == count)
            return unknown_key(owner, knob, word, diag);
        enum err err = read_value(owner, &knob[i], equals + 1, &value[i], diag);
        if (err)
            return err;
    }
    return ERR_NONE;
}

enum err knobs_check(const char *owner, const struct knob *knob, const double *value, struct diag *diag)
{
    for (int i = 0; i < knobs_count(knob); i++) {
        const struct knob *k = &knob[i];
        if (!(value[i] >= k->low && value[i] <= k->high) || (k->whole && value[i] != floor(value[i])))
            return diag_fail(diag, ERR_RANGE, NULL, 0, "%s: %s is a %snumber from %g to %g, not %g", owner,
                             k->name, k->whole ? "whole " : "", k->low, k->high, value[i]);
    }
    return ERR_NONE;
}

void knobs_spell(const char *owner, const struct knob *knob, const double *value, struct text *out)
{
    text_add(out, owner);
    for (int i = 0; i < knobs_count(knob); i++)
        if (knob[i].words)
            text_format(out, "%c%s=%s", i ? ',' : ':', knob[i].name, knob[i].words[(int)value[i]]);
        else
            text_format(out, "%c%s=%g", i ? ',' : ':', knob[i].name, value[i]);
}
