#include "train/adversarial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { STEPS_MOST = 1000 };
static const float half = 0.5f;

/* Those that look for the smallest perturbation take no epsilon. */
static bool will_do(const struct attack_type *type)
{
    return type && !type->smallest;
}

static enum err unknown(const char *name, struct diag *diag)
{
    struct text known = {0};
    int last = 0;
    for (int i = 0; attack_types[i]; i++)
        last = will_do(attack_types[i]) ? i : last;
    for (int i = 0; attack_types[i]; i++)
        if (will_do(attack_types[i]))
            text_listed(&known, attack_types[i]->name, i == last);
    return text_unknown(diag, NULL, 0, "attack to train with", name, &known);
}

/* "steps=7" or "share=0.5" */
static enum err set_field(struct adversarial *a, const char *word, struct diag *diag)
{
    double number = 0;
    const char *value = strchr(word, '=');
    bool good = value && text_real(value + 1, &number);
    if (strncmp(word, "steps=", 6) == 0) {
        if (!good || !(number >= 1 && number <= STEPS_MOST) || number != floor(number))
            return diag_fail(diag, ERR_RANGE, NULL, 0, "'%s': steps are a whole number from 1 to %d", word,
                             STEPS_MOST);
        a->options.iterations = (int)number;
    } else if (strncmp(word, "share=", 6) == 0) {
        if (!good || !(number > 0 && number <= 1))
            return diag_fail(diag, ERR_RANGE, NULL, 0, "'%s': the share is a number above 0, up to 1", word);
        a->share = (float)number;
    } else {
        return diag_fail(
            diag, ERR_UNKNOWN, NULL, 0,
            "adversarial training has no '%s'; behind epsilon there are steps= and share=", word);
    }
    return ERR_NONE;
}

static enum err parse(char *name, struct adversarial *a, struct diag *diag)
{
    char *rest = name, *word;
    double eps = 0;
    strsep(&rest, ":");
    a->type = attack_find(name);
    if (!will_do(a->type))
        return unknown(name, diag);
    word = strsep(&rest, ",");
    if (!word || !text_real(word, &eps) || !(eps > 0 && eps <= 1))
        return diag_fail(diag, ERR_RANGE, NULL, 0,
                         "adversarial training wants an epsilon above 0, up to 1: %s:0.1", name);
    a->options.eps = (float)eps;
    enum err err = ERR_NONE;
    while (!err && (word = strsep(&rest, ",")))
        err = set_field(a, word, diag);
    return err;
}

enum err adversarial_parse(const char *text, struct adversarial *out, struct diag *diag)
{
    struct adversarial made = {.share = half, .options = {.norm = NORM_LINF, .random_start = true}};
    enum err err = ERR_NONE;
    if (!text || !*text) {
        made.type = NULL;
    } else {
        char *copy = text_copy(text);
        err = copy ? parse(copy, &made, diag) : diag_memory(diag, "an attack to train with");
        free(copy);
    }
    if (!err)
        *out = made;
    return err;
}

size_t adversarial_scratch(const struct adversarial *a, const struct net *net, int batch)
{
    return a->type ? (size_t)(1 + a->type->scratch) * (size_t)batch * shape_count(net->in) : 0;
}

void adversarial_apply(const struct adversarial *a, const struct net *net, const struct weights *w,
                       struct pass *pass, uint64_t key, int n, float *x, const int *label, float *scratch)
{
    int some = (int)lroundf(a->share * (float)n);
    size_t count = (size_t)some * shape_count(net->in);
    struct attack_options options = a->options;
    if (!a->type || some == 0)
        return;
    options.seed = key;
    a->type->run(&options, net, w, pass, some, x, label, 0, scratch, scratch + count);
    memcpy(x, scratch, count * sizeof *x);
}
