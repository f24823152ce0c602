#include "train/checkpoint_curves.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

static void set_names(struct curve *c, const char *name)
{
    snprintf(c->values, sizeof c->values, "fovea.history.%s", name);
    snprintf(c->steps, sizeof c->steps, "fovea.history.%s.steps", name);
    snprintf(c->key, sizeof c->key, "fovea.history.%s.per_point", name);
}

bool curve_pack(struct curve *c, const struct series *s, const char *name)
{
    float *value = c->value = calloc((size_t)s->count + 1, 3 * sizeof *value);
    int64_t *place = c->place = calloc((size_t)s->count + 1, 3 * sizeof *place);
    if (!value || !place)
        return false;
    for (int i = 0; i < s->count; i++) {
        const struct history_point *p = &s->point[i];
        value[3 * i] = p->mean, value[3 * i + 1] = p->low, value[3 * i + 2] = p->high;
        place[3 * i] = p->first, place[3 * i + 1] = p->last, place[3 * i + 2] = p->values;
    }
    set_names(c, name);
    snprintf(c->per_point, sizeof c->per_point, "%d", s->per_point);
    c->item[0] = (struct safetensors_item){c->values, DTYPE_F32, 2, {s->count, 3}, value};
    c->item[1] = (struct safetensors_item){c->steps, DTYPE_I64, 2, {s->count, 3}, place};
    return true;
}

void curve_fini(struct curve *c)
{
    free(c->value);
    free(c->place);
    *c = (struct curve){0};
}

/* false: points that history_add() can't have made */
static bool unpack(const struct curve *c, long count, long per_point, struct series *out)
{
    for (long i = 0; i < count; i++) {
        const int64_t *p = c->place + 3 * i;
        const float *v = c->value + 3 * i;
        if (p[0] < 0 || p[1] < p[0] || p[2] < 1 || p[2] > per_point || (i > 0 && p[0] <= p[-2]))
            return false;
        out->point[i] = (struct history_point){(long)p[0], (long)p[1], v[0], v[1], v[2], (int)p[2]};
    }
    out->count = (int)count;
    out->per_point = (int)per_point;
    return true;
}

static bool is_table(const struct safetensors_entry *e, enum dtype dtype, long most)
{
    return e && e->dtype == dtype && e->rank == 2 && e->dim[0] <= most && e->dim[1] == 3;
}

static enum err read_curve(const struct safetensors *file, const char *path, const char *name,
                           struct series *out, struct diag *diag)
{
    struct curve c = {0};
    set_names(&c, name);
    const struct safetensors_entry *v = safetensors_find(file, c.values),
                                   *s = safetensors_find(file, c.steps);
    const char *text = safetensors_metadata(file, c.key);
    long each = 0;
    out->count = 0;
    out->per_point = 1;
    if (!v && !s)
        return ERR_NONE;
    bool good = is_table(v, DTYPE_F32, out->capacity) && is_table(s, DTYPE_I64, out->capacity) &&
                v->dim[0] == s->dim[0] && text && text_int(text, 1, INT_MAX / 2, &each);
    if (good) {
        c.value = calloc((size_t)v->dim[0] + 1, 3 * sizeof *c.value);
        c.place = calloc((size_t)v->dim[0] + 1, 3 * sizeof *c.place);
        if (!c.value || !c.place) {
            curve_fini(&c);
            return diag_memory(diag, "the curves");
        }
        safetensors_floats(file, v, c.value);
        safetensors_ints(file, s, c.place);
        good = unpack(&c, v->dim[0], each, out);
    }
    curve_fini(&c);
    if (good)
        return ERR_NONE;
    return diag_fail(diag, ERR_FORMAT, path, 0, "the checkpoint's curve %s makes no sense", name);
}

enum err curves_read(const struct safetensors *file, const char *path, struct history *out, struct diag *diag)
{
    enum err err = ERR_NONE;
    for (int i = 0; i < HISTORY_SERIES && !err; i++)
        err = read_curve(file, path, history_names[i], &out->series[i], diag);
    return err;
}
