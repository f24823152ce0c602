#include "train/history.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

const char *const history_names[HISTORY_SERIES] = {"train_loss", "train_accuracy", "test_loss",
                                                   "test_accuracy"};

/* ---- one series ---- */

enum err series_init(struct series *s, int capacity, struct diag *diag)
{
    *s = (struct series){.capacity = capacity, .per_point = 1};
    s->point = mem_new((size_t)capacity, sizeof *s->point);
    return s->point ? ERR_NONE : diag_memory(diag, "the curves");
}

void series_fini(struct series *s)
{
    free(s->point);
    *s = (struct series){0};
}

static struct history_point join(struct history_point a, struct history_point b)
{
    int values = a.values + b.values;
    float mean = (float)(((double)a.mean * a.values + (double)b.mean * b.values) / values);
    return (struct history_point){
        a.first, b.last, mean, a.low < b.low ? a.low : b.low, a.high > b.high ? a.high : b.high, values};
}

void series_add(struct series *s, long step, double value)
{
    struct history_point one = {step, step, (float)value, (float)value, (float)value, 1};
    if (s->count > 0 && s->point[s->count - 1].values < s->per_point) {
        s->point[s->count - 1] = join(s->point[s->count - 1], one);
        return;
    }
    if (s->count == s->capacity) { /* full: half the resolution from here on */
        for (int i = 0; i < s->count / 2; i++)
            s->point[i] = join(s->point[2 * i], s->point[2 * i + 1]);
        s->count /= 2;
        s->per_point *= 2;
    }
    s->point[s->count++] = one;
}

void series_cut(struct series *s, long step)
{
    while (s->count > 0 && s->point[s->count - 1].last > step)
        s->count--;
    if (s->count == 0)
        s->per_point = 1;
}

/* ---- all of a run ---- */

enum err history_init(struct history *h, int capacity, struct diag *diag)
{
    enum err err = ERR_NONE;
    *h = (struct history){0};
    for (int i = 0; i < HISTORY_SERIES && !err; i++)
        err = series_init(&h->series[i], capacity, diag);
    if (err)
        history_fini(h);
    return err;
}

void history_fini(struct history *h)
{
    for (int i = 0; i < HISTORY_SERIES; i++)
        series_fini(&h->series[i]);
}

void history_add(struct history *h, enum history_series which, long step, double value)
{
    series_add(&h->series[which], step, value);
}

void history_cut(struct history *h, long step)
{
    for (int i = 0; i < HISTORY_SERIES; i++)
        series_cut(&h->series[i], step);
}

void history_copy(struct history *to, const struct history *from)
{
    for (int i = 0; i < HISTORY_SERIES; i++) {
        struct series *a = &to->series[i];
        const struct series *b = &from->series[i];
        assert(a->capacity == b->capacity);
        a->count = b->count;
        a->per_point = b->per_point;
        memcpy(a->point, b->point, (size_t)b->count * sizeof *b->point);
    }
}

const struct history_point *history_at(const struct history *h, enum history_series which, long step)
{
    const struct series *s = &h->series[which];
    int low = 0, high = s->count; /* points before low begin at or before step, those from high on after it */
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (s->point[middle].first <= step)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? &s->point[low - 1] : NULL;
}

void history_csv(const struct history *h, struct text *out)
{
    text_add(out, "series,first_step,last_step,mean,low,high\n");
    for (int i = 0; i < HISTORY_SERIES; i++)
        for (int k = 0; k < h->series[i].count; k++) {
            const struct history_point *p = &h->series[i].point[k];
            text_format(out, "%s,%ld,%ld,%.9g,%.9g,%.9g\n", history_names[i], p->first, p->last,
                        (double)p->mean, (double)p->low, (double)p->high);
        }
}

enum err history_write_csv(const struct history *h, const char *path, struct diag *diag)
{
    struct text t = {0};
    history_csv(h, &t);
    enum err err =
        t.failed ? diag_memory(diag, "the curves") : file_write(path, text_str(&t), t.length, diag);
    text_free(&t);
    return err;
}
