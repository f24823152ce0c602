#include "train/schedule.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static double constant(const struct schedule *s, long step)
{
    (void)s;
    (void)step;
    return 1;
}

static double drops(const struct schedule *s, long step)
{
    long every = s->every > 0 ? s->every : s->total / 3;
    return every > 0 ? pow(s->factor, (double)(step / every)) : 1;
}

/* Half a cosine from 1 to 0. Loshchilov & Hutter 2016 (arXiv:1608.03983), equation 5 without restarts. */
static double cosine(const struct schedule *s, long step)
{
    if (s->total <= 0)
        return 1;
    double part = step < s->total ? (double)step / (double)s->total : 1;
    return 0.5 * (1 + cos(3.14159265358979323846 * part));
}

static const struct schedule_type schedule_constant = {"constant", "the same all the time", constant};
static const struct schedule_type schedule_step = {"step", "times `factor` after each `every` steps", drops};
static const struct schedule_type schedule_cosine = {"cosine", "half a cosine down to 0 at the last step",
                                                     cosine};

const struct schedule_type *const schedule_types[] = {&schedule_constant, &schedule_step, &schedule_cosine,
                                                      NULL};

double schedule_rate(const struct schedule *s, long step)
{
    double warm = step < s->warmup ? (double)(step + 1) / (double)(s->warmup + 1) : 1;
    return s->base * warm * s->type->factor(s, step);
}

static enum err set_field(struct schedule *s, char *word, struct diag *diag)
{
    char *value = strchr(word, '=');
    long whole = 0;
    double real = 0;
    if (value)
        *value++ = 0;
    if (value && strcmp(word, "warmup") == 0 && text_int(value, 0, LONG_MAX, &whole))
        s->warmup = whole;
    else if (value && strcmp(word, "every") == 0 && text_int(value, 1, LONG_MAX, &whole))
        s->every = whole;
    else if (value && strcmp(word, "factor") == 0 && text_real(value, &real) && real > 0 && real <= 1)
        s->factor = real;
    else
        return diag_fail(
            diag, ERR_FORMAT, NULL, 0,
            "the schedule's '%.40s' isn't warmup=STEPS, every=STEPS or factor=NUMBER from 0 to 1", word);
    return ERR_NONE;
}

enum err schedule_parse(const char *text, struct schedule *out, struct diag *diag)
{
    char *copy = text_copy(text), *rest = copy;
    if (!copy)
        return diag_memory(diag, "a schedule");
    char *name = strsep(&rest, ":"), *word;
    out->type = NULL;
    out->warmup = out->every = 0;
    out->factor = 0.1;
    for (int i = 0; schedule_types[i]; i++)
        if (strcmp(schedule_types[i]->name, name) == 0)
            out->type = schedule_types[i];
    enum err err = ERR_NONE;
    if (!out->type) {
        struct text known = {0};
        for (int i = 0; schedule_types[i]; i++)
            text_listed(&known, schedule_types[i]->name, !schedule_types[i + 1]);
        err = text_unknown(diag, NULL, 0, "schedule", name, &known);
    }
    while (!err && (word = strsep(&rest, ",")))
        err = set_field(out, word, diag);
    free(copy);
    return err;
}
