/**
 * What is kept stands in two tables of fields, one of what was chosen and one of where the run is. Saving writes every row and reading reads every
 * row, so neither can forget what the other knows.
 */
#include "train/checkpoint.h"

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tensor/safetensors.h"
#include "train/checkpoint_curves.h"

static const char version[] = "1";

enum kind { TEXT, FLAG, WHOLE, LONG, KEY, REAL }; /* const char *, bool, int, long, uint64_t, double */

struct field {
    const char *name;
    enum kind kind;
    size_t at;
};

#define OPTION(kind, name)                                                                                   \
    {                                                                                                        \
        "fovea.options." #name, kind, offsetof(struct run_options, name)                                     \
    }
#define STATE(kind, name)                                                                                    \
    {                                                                                                        \
        "fovea.run." #name, kind, offsetof(struct run, name)                                                 \
    }

/* A new field of struct run_options is a row here. */
static const struct field options[] = {
    OPTION(TEXT, optimizer),   OPTION(TEXT, schedule),     OPTION(TEXT, loss),     OPTION(TEXT, augment),
    OPTION(TEXT, adversarial), OPTION(REAL, lr),           OPTION(REAL, momentum), OPTION(FLAG, nesterov),
    OPTION(WHOLE, epochs),     OPTION(REAL, weight_decay), OPTION(WHOLE, batch),   OPTION(KEY, seed),
    OPTION(WHOLE, init),
};

static const struct field states[] = {
    STATE(LONG, step),
    STATE(LONG, optimizer.step),
    STATE(REAL, lr),
    STATE(REAL, loss_mean),
    STATE(REAL, accuracy),
    STATE(REAL, grad_norm),
    STATE(REAL, epoch_loss),
    STATE(LONG, epoch_correct),
    STATE(LONG, epoch_images),
    STATE(LONG, reported),
    STATE(REAL, schedule.base),
    STATE(LONG, schedule.total),
    STATE(LONG, schedule.warmup),
    STATE(LONG, schedule.every),
    STATE(REAL, schedule.factor),
};

static const char schedule_key[] = "fovea.run.schedule";

/* ---- writing ---- */

enum {
    METAS = ARRAY_LEN(options) + ARRAY_LEN(states) + HISTORY_SERIES + 8,
};

/* A file under way: what safetensors_write() wants, and the memory that it points to. */
struct draft {
    int items, metas;
    struct safetensors_item *item;
    struct weights_name *weight_name;
    struct weights_name slot_name[OPTIMIZER_SLOTS];
    struct safetensors_meta meta[METAS];
    char *text[METAS];
    struct curve curve[HISTORY_SERIES];
    bool failed; /* no memory */
};

static void add_meta(struct draft *d, const char *key, char *value)
{
    d->failed |= !value;
    d->text[d->metas] = value;
    d->meta[d->metas++] = (struct safetensors_meta){key, value};
}

static void add_field(struct draft *d, const struct field *f, const void *base)
{
    struct text t = {0};
    const char *at = (const char *)base + f->at, *string;
    switch (f->kind) {
    case TEXT:
        if (!(string = *(const char *const *)(const void *)at))
            return;
        text_add(&t, string);
        break;
    case FLAG:
        text_add(&t, *(const bool *)(const void *)at ? "1" : "0");
        break;
    case WHOLE:
        text_format(&t, "%d", *(const int *)(const void *)at);
        break;
    case LONG:
        text_format(&t, "%ld", *(const long *)(const void *)at);
        break;
    case KEY:
        text_format(&t, "%llu", (unsigned long long)*(const uint64_t *)(const void *)at);
        break;
    case REAL:
        text_double_exact(&t, *(const double *)(const void *)at);
        break;
    }
    add_meta(d, f->name, text_take(&t));
}

static void add_words(struct draft *d, const struct run *run)
{
    struct text classes = {0}, images = {0};
    add_meta(d, "fovea.checkpoint", text_copy(version));
    if (run->net->text)
        add_meta(d, "fovea.model", text_copy(run->net->text));
    for (int i = 0; i < run->data->classes && run->data->class_name; i++)
        text_format(&classes, "%s\n", run->data->class_name[i]);
    if (run->data->class_name)
        add_meta(d, "fovea.classes", text_take(&classes));
    add_meta(d, "fovea.data", text_copy(run->data->spec));
    text_format(&images, "%d", run->data->count[SPLIT_TRAIN]);
    add_meta(d, "fovea.images", text_take(&images));
    for (int i = 0; i < ARRAY_LEN(options); i++)
        add_field(d, &options[i], &run->options);
    for (int i = 0; i < ARRAY_LEN(states); i++)
        add_field(d, &states[i], run);
    add_meta(d, schedule_key, text_copy(run->schedule.type->name));
}

static void add_arrays(struct draft *d, const struct run *run)
{
    int tensors = weights_tensors(run->net);
    d->item = calloc((size_t)tensors + OPTIMIZER_SLOTS + 2 * HISTORY_SERIES, sizeof *d->item);
    d->weight_name = calloc((size_t)tensors + 1, sizeof *d->weight_name);
    if (!d->item || !d->weight_name) {
        d->failed = true;
        return;
    }
    for (int i = 0; i < tensors; i++)
        d->item[d->items++] = weights_item(run->net, &run->weights, i, &d->weight_name[i]);
    for (int i = 0; i < run->optimizer.type->slots; i++) {
        snprintf(d->slot_name[i].s, sizeof d->slot_name[i].s, "optimizer.%s",
                 run->optimizer.type->slot_name[i]);
        d->item[d->items++] = (struct safetensors_item){.name = d->slot_name[i].s,
                                                        .dtype = DTYPE_F32,
                                                        .rank = 1,
                                                        .dim = {(long)run->optimizer.count},
                                                        .data = run->optimizer.slot[i]};
    }
}

static void add_curve(struct draft *d, const struct series *s, int which)
{
    struct curve *c = &d->curve[which];
    if (!curve_pack(c, s, history_names[which])) {
        d->failed = true;
        return;
    }
    d->item[d->items++] = c->item[0];
    d->item[d->items++] = c->item[1];
    add_meta(d, c->key, text_copy(c->per_point));
}

enum err checkpoint_save(const struct run *run, const struct history *history, const char *path,
                         struct diag *diag)
{
    struct draft *d = calloc(1, sizeof *d);
    if (!d)
        return diag_memory(diag, "a checkpoint");
    add_words(d, run);
    add_arrays(d, run);
    for (int i = 0; i < HISTORY_SERIES && history && !d->failed; i++)
        if (history->series[i].count > 0)
            add_curve(d, &history->series[i], i);
    enum err err = d->failed ? diag_memory(diag, "a checkpoint")
                             : safetensors_write(path, d->item, d->items, d->meta, d->metas, diag);
    for (int i = 0; i < d->metas; i++)
        free(d->text[i]);
    for (int i = 0; i < HISTORY_SERIES; i++)
        curve_fini(&d->curve[i]);
    free(d->item);
    free(d->weight_name);
    free(d);
    return err;
}

/* ---- reading ---- */

/* Counts and steps are never negative. */
static bool read_value(const char *value, const struct field *f, void *base)
{
    char *at = (char *)base + f->at;
    long whole = 0;
    switch (f->kind) {
    case TEXT:
        *(const char **)(void *)at = value;
        return true;
    case FLAG:
        *(bool *)(void *)at = strcmp(value, "1") == 0;
        return strlen(value) == 1;
    case WHOLE:
        if (!text_int(value, 0, INT_MAX, &whole))
            return false;
        *(int *)(void *)at = (int)whole;
        return true;
    case LONG:
        return text_int(value, 0, LONG_MAX / 4, (long *)(void *)at); /* there is always a next step */
    case KEY:
        return text_u64(value, (uint64_t *)(void *)at);
    case REAL:
        return text_real(value, (double *)(void *)at);
    }
    return false;
}

static enum err read_fields(const struct safetensors *file, const char *path, const struct field *fields,
                            int count, void *base, struct diag *diag)
{
    for (int i = 0; i < count; i++) {
        const char *value = safetensors_metadata(file, fields[i].name);
        if (!value && fields[i].kind != TEXT)
            return diag_fail(diag, ERR_FORMAT, path, 0, "the checkpoint doesn't say its %s", fields[i].name);
        if (value && !read_value(value, &fields[i], base))
            return diag_fail(diag, ERR_FORMAT, path, 0, "the checkpoint's %s can't be '%.40s'",
                             fields[i].name, value);
    }
    return ERR_NONE;
}

static enum err open_checkpoint(const char *path, struct safetensors **out, struct diag *diag)
{
    struct safetensors *file = NULL;
    enum err err = safetensors_open(path, &file, diag);
    if (err)
        return err;
    const char *found = safetensors_metadata(file, "fovea.checkpoint");
    if (!found)
        err = diag_fail(diag, ERR_FORMAT, path, 0,
                        "it holds tensors, but isn't a checkpoint of fovea train --checkpoint");
    else if (strcmp(found, version) != 0)
        err = diag_fail(diag, ERR_FORMAT, path, 0,
                        "a checkpoint of version '%.20s', but this program knows %s", found, version);
    if (err)
        safetensors_close(file);
    else
        *out = file;
    return err;
}

/* The options' strings lie in the file that is about to be closed: they move into the info. */
static bool own_strings(struct checkpoint_info *info)
{
    int strings = 0;
    for (int i = 0; i < ARRAY_LEN(options); i++) {
        const char **at = (const char **)(void *)((char *)&info->options + options[i].at);
        if (options[i].kind != TEXT || !*at)
            continue;
        if (!(info->string[strings] = text_copy(*at)))
            return false;
        *at = info->string[strings++];
    }
    return true;
}

enum err checkpoint_read(const char *path, struct checkpoint_info *out, struct diag *diag)
{
    struct safetensors *file = NULL;
    enum err err = open_checkpoint(path, &file, diag);
    if (err)
        return err;
    *out = (struct checkpoint_info){0};
    const struct field step = {"fovea.run.step", LONG, offsetof(struct checkpoint_info, step)};
    const char *model = safetensors_metadata(file, "fovea.model"),
               *data = safetensors_metadata(file, "fovea.data");
    if (!model || !data)
        err = diag_fail(diag, ERR_FORMAT, path, 0, "the checkpoint doesn't say its %s",
                        model ? "data" : "model");
    if (!err)
        err = read_fields(file, path, options, ARRAY_LEN(options), &out->options, diag);
    if (!err)
        err = read_fields(file, path, &step, 1, out, diag);
    if (!err && (!own_strings(out) || !(out->model = text_copy(model)) || !(out->data = text_copy(data))))
        err = diag_memory(diag, "a checkpoint");
    safetensors_close(file);
    if (err)
        checkpoint_info_fini(out);
    return err;
}

void checkpoint_info_fini(struct checkpoint_info *info)
{
    for (int i = 0; i < CHECKPOINT_STRINGS; i++)
        free(info->string[i]);
    free(info->model);
    free(info->data);
    *info = (struct checkpoint_info){0};
}

/* The run must be the one that was saved: same optimizer, same batches in the same order. */
static enum err check_run(const struct run *run, const struct safetensors *file, const char *path,
                          struct diag *diag)
{
    struct run_options saved = {0};
    const struct run_options *o = &run->options;
    const char *images = safetensors_metadata(file, "fovea.images");
    long count = 0;
    enum err err = read_fields(file, path, options, ARRAY_LEN(options), &saved, diag);
    if (err)
        return err;
    if (!images || !text_int(images, 1, INT_MAX, &count))
        return diag_fail(diag, ERR_FORMAT, path, 0, "the checkpoint doesn't say how many images it had");
    if (count != run->data->count[SPLIT_TRAIN])
        return diag_fail(diag, ERR_SHAPE, run->data->spec, 0,
                         "it has %d training images, but the checkpoint was made with %ld",
                         run->data->count[SPLIT_TRAIN], count);
    if (!saved.optimizer || strcmp(saved.optimizer, o->optimizer) != 0 || saved.batch != o->batch ||
        saved.seed != o->seed)
        return diag_fail(diag, ERR_FORMAT, path, 0,
                         "made with optimizer %.20s, batch %d and seed %llu, but the run has %s, %d and %llu",
                         saved.optimizer ? saved.optimizer : "?", saved.batch, (unsigned long long)saved.seed,
                         o->optimizer, o->batch, (unsigned long long)o->seed);
    return ERR_NONE;
}

static enum err find_slots(const struct run *run, const struct safetensors *file, const char *path,
                           const struct safetensors_entry **slot, struct diag *diag)
{
    for (int i = 0; i < run->optimizer.type->slots; i++) {
        char name[96];
        snprintf(name, sizeof name, "optimizer.%s", run->optimizer.type->slot_name[i]);
        slot[i] = safetensors_find(file, name);
        if (!slot[i] || !safetensors_is_float(slot[i]) || slot[i]->rank != 1 ||
            slot[i]->dim[0] != (long)run->optimizer.count)
            return diag_fail(diag, ERR_FORMAT, path, 0, "the checkpoint needs a tensor '%s' of %zu numbers",
                             name, run->optimizer.count);
    }
    return ERR_NONE;
}

enum err checkpoint_restore(struct run *run, struct history *history, const char *path, struct diag *diag)
{
    struct safetensors *file = NULL;
    const struct safetensors_entry *slot[OPTIMIZER_SLOTS];
    struct run next = *run; /* the numbers change all at once, at the end */
    enum err err = open_checkpoint(path, &file, diag);
    if (!err)
        err = check_run(run, file, path, diag);
    if (!err)
        err = read_fields(file, path, states, ARRAY_LEN(states), &next, diag);
    if (!err) {
        const char *type = safetensors_metadata(file, schedule_key);
        struct schedule schedule;
        if (!(err = schedule_parse(type ? type : "", &schedule, diag)))
            next.schedule.type = schedule.type;
    }
    if (!err)
        err = find_slots(run, file, path, slot, diag);
    if (!err && history)
        err = curves_read(file, path, history, diag);
    if (!err)
        err = weights_from(&run->weights, run->net, file, path, diag);
    if (!err) {
        for (int i = 0; i < run->optimizer.type->slots; i++)
            safetensors_floats(file, slot[i], run->optimizer.slot[i]);
        *run = next;
    }
    safetensors_close(file);
    return err;
}
