#include "observe/flips.h"

#include <string.h>

#include "base/rng.h"

enum err flips_init(struct flips *f, struct diag *diag)
{
    *f = (struct flips){0};
    enum err err = series_init(&f->attack, FLIPS_POINTS, diag);
    if (!err)
        err = series_init(&f->noise, FLIPS_POINTS, diag);
    if (err)
        flips_fini(f);
    return err;
}

void flips_fini(struct flips *f)
{
    series_fini(&f->attack);
    series_fini(&f->noise);
}

static uint64_t number_of(const struct sample *s, size_t pixels)
{
    uint64_t number = (uint64_t)s->label;
    for (size_t i = 0; i < pixels; i++) {
        uint32_t bits;
        memcpy(&bits, &s->x[i], sizeof bits);
        number = rng_key(number, bits, i);
    }
    return number;
}

static const struct answer *answer_of(const struct answers *a)
{
    for (int i = 0; i < a->count; i++)
        if (a->answer[i].ready && strcmp(a->answer[i].question.type->name, "flip") == 0)
            return &a->answer[i];
    return NULL;
}

static long newest(const struct series *s)
{
    return s->count > 0 ? s->point[s->count - 1].last : -1;
}

void flips_take(struct flips *f, const struct answers *a, size_t pixels, uint64_t run)
{
    const struct answer *answer = answer_of(a);
    if (!answer)
        return;
    struct question about = answer->question;
    uint64_t sample = number_of(&a->sample, pixels);
    about.options.eps = 0;
    if (!question_equal(&f->question, &about) || sample != f->sample || run != f->run)
        flips_cut(f, -1);
    f->question = about;
    f->sample = sample;
    f->run = run;
    if (a->step <= newest(&f->attack))
        return;
    const float *epsilon = answer_part(answer, "epsilon")->data;
    f->limit = answer_part(answer, "limit")->data[0];
    series_add(&f->attack, a->step, (double)epsilon[0]);
    series_add(&f->noise, a->step, (double)epsilon[1]);
}

void flips_cut(struct flips *f, long step)
{
    series_cut(&f->attack, step);
    series_cut(&f->noise, step);
}
