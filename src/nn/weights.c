#include "nn/weights.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/asset.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "nn/net.h"
#include "tensor/safetensors.h"

enum err weights_init(struct weights *w, const struct net *net, struct diag *diag)
{
    *w = (struct weights){net->params, net->buffers, mem_floats(net->params), mem_floats(net->buffers)};
    if (!w->params || !w->buffers) {
        weights_fini(w);
        return diag_memory(diag, "the weights");
    }
    for (int i = 0; i < net->layers; i++)
        if (net->layer[i].buffers == 2)
            for (size_t k = 0; k < net->layer[i].buffer[1].count; k++)
                w->buffers[net->layer[i].buffer[1].offset + k] = 1;
    return ERR_NONE;
}

void weights_fini(struct weights *w)
{
    free(w->params);
    free(w->buffers);
    *w = (struct weights){0};
}

void weights_copy(struct weights *to, const struct weights *from)
{
    memcpy(to->params, from->params, from->params_count * sizeof *to->params);
    memcpy(to->buffers, from->buffers, from->buffers_count * sizeof *to->buffers);
}

int weights_tensors(const struct net *net)
{
    int count = 0;
    for (int i = 0; i < net->layers; i++)
        count += net->layer[i].params + net->layer[i].buffers;
    return count;
}

/* The index-th array of the net, and whether it is a buffer. */
static const struct layer_array *array_at(const struct net *net, int index, const struct layer **layer,
                                          bool *buffer)
{
    for (int i = 0; i < net->layers; i++) {
        const struct layer *l = *layer = &net->layer[i];
        if (index < l->params + l->buffers) {
            *buffer = index >= l->params;
            return *buffer ? &l->buffer[index - l->params] : &l->param[index];
        }
        index -= l->params + l->buffers;
    }
    return NULL;
}

struct safetensors_item weights_item(const struct net *net, const struct weights *w, int index,
                                     struct weights_name *name)
{
    const struct layer *layer = NULL;
    bool buffer = false;
    const struct layer_array *a = array_at(net, index, &layer, &buffer);
    snprintf(name->s, sizeof name->s, "%s.%s", layer->name, a->suffix);
    struct safetensors_item item = {.name = name->s, .dtype = DTYPE_F32, .rank = a->rank};
    const float *numbers = buffer ? w->buffers : w->params;
    item.data = numbers ? numbers + a->offset : NULL;
    for (int i = 0; i < a->rank; i++)
        item.dim[i] = a->dim[i];
    return item;
}

/* Ones at the end don't count: [10, 64] and [10, 64, 1, 1] are the same numbers in the same order. */
static bool same_shape(const struct safetensors_item *want, const struct safetensors_entry *have)
{
    for (int i = 0; i < TENSOR_RANK; i++)
        if ((i < want->rank ? want->dim[i] : 1) != (i < have->rank ? have->dim[i] : 1))
            return false;
    return true;
}

/*
 * What a file puts before all of its names, "module." for instance: programs that wrap a network in another module do so. Empty where the file has the net's first tensor
 * by its own name, or under none.
 */
static struct weights_name prefix_of(const struct net *net, const struct safetensors *file)
{
    const struct weights none = {0};
    struct weights_name name, prefix = {""};
    if (weights_tensors(net) == 0)
        return prefix;
    struct safetensors_item first = weights_item(net, &none, 0, &name);
    size_t length = strlen(first.name);
    for (int i = 0; i < safetensors_count(file) && !safetensors_find(file, first.name); i++) {
        const char *other = safetensors_entry(file, i)->name;
        size_t before = strlen(other) - (strlen(other) < length ? strlen(other) : length);
        if (before < 2 || before >= sizeof prefix.s || other[before - 1] != '.' ||
            strcmp(other + before, first.name) != 0)
            continue;
        memcpy(prefix.s, other, before);
        break;
    }
    return prefix;
}

/* A tensor of the net in the file. NULL: it isn't there */
static const struct safetensors_entry *find(const struct safetensors *file, const struct weights_name *prefix,
                                            const char *name)
{
    char whole[2 * sizeof prefix->s];
    snprintf(whole, sizeof whole, "%s%s", prefix->s, name);
    return safetensors_find(file, whole);
}

static enum err check_tensor(const struct safetensors_item *want, const struct safetensors *file,
                             const struct weights_name *prefix, const char *path, struct diag *diag)
{
    const struct safetensors_entry *have = find(file, prefix, want->name);
    if (!have) {
        struct text known = {0};
        int count = safetensors_count(file);
        for (int i = 0; i < count; i++)
            text_listed(&known, safetensors_entry(file, i)->name, i == count - 1);
        enum err err =
            diag_fail(diag, ERR_SHAPE, path, 0, "the network needs a tensor '%s' %s, but the file has %s",
                      want->name, tensor_text(want->rank, want->dim).s, count ? text_str(&known) : "none");
        text_free(&known);
        return err;
    }
    if (!safetensors_is_float(have))
        return diag_fail(diag, ERR_FORMAT, path, 0,
                         "tensor '%s' holds whole numbers, but weights are F32, F16, BF16 or F64",
                         want->name);
    if (!same_shape(want, have))
        return diag_fail(diag, ERR_SHAPE, path, 0, "tensor '%s' is %s, but the network needs %s", want->name,
                         tensor_text(have->rank, have->dim).s, tensor_text(want->rank, want->dim).s);
    return ERR_NONE;
}

static bool belongs(const struct net *net, const char *name)
{
    const char *dot = strrchr(name, '.');
    if (!dot)
        return false;
    for (int i = 0; i < net->layers; i++) {
        const struct layer *l = &net->layer[i];
        if (strlen(l->name) != (size_t)(dot - name) || strncmp(l->name, name, (size_t)(dot - name)) != 0)
            continue;
        for (int k = 0; k < l->params; k++)
            if (strcmp(l->param[k].suffix, dot + 1) == 0)
                return true;
        for (int k = 0; k < l->buffers; k++)
            if (strcmp(l->buffer[k].suffix, dot + 1) == 0)
                return true;
    }
    return false;
}

static bool same_numbers(const float *a, const float *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(fabsf(a[i] - b[i]) <= 1e-3f))
            return false;
    return true;
}

/* Means or deviations that the model's own `normalize` line has already: networks that are published to be attacked keep them beside the weights, by all sorts of names. */
static bool normalizes(const struct net *net, const struct safetensors *file,
                       const struct safetensors_entry *e)
{
    float numbers[LAYER_CHANNELS];
    size_t count = 1;
    for (int i = 0; i < e->rank; i++)
        count = e->dim[i] <= LAYER_CHANNELS ? count * (size_t)e->dim[i] : LAYER_CHANNELS + 1;
    for (int i = 0; i < net->layers; i++) {
        const struct layer_options *o = &net->layer[i].options;
        if (count > LAYER_CHANNELS || count != (size_t)o->channels)
            continue;
        safetensors_floats(file, e, numbers);
        if (same_numbers(numbers, o->mean, count) || same_numbers(numbers, o->std, count))
            return true;
    }
    return false;
}

/* Float tensors that the net has no place for: the file is for another network, unless it is a checkpoint and they are its own. */
static enum err check_extras(const struct net *net, const struct safetensors *file,
                             const struct weights_name *prefix, const char *path, struct diag *diag)
{
    size_t before = strlen(prefix->s);
    bool checkpoint = safetensors_metadata(file, "fovea.checkpoint");
    for (int i = 0; i < safetensors_count(file); i++) {
        const struct safetensors_entry *e = safetensors_entry(file, i);
        const char *dot = strrchr(e->name, '.');
        bool own =
            checkpoint && (strncmp(e->name, "optimizer.", 10) == 0 || strncmp(e->name, "fovea.", 6) == 0);
        bool counts = dot && strcmp(dot, ".num_batches_tracked") == 0;
        bool place = strncmp(e->name, prefix->s, before) == 0 && belongs(net, e->name + before);
        if (safetensors_is_float(e) && !own && !counts && !place && !normalizes(net, file, e))
            return diag_fail(diag, ERR_SHAPE, path, 0,
                             "the file has a tensor '%s' %s that the network has no place for", e->name,
                             tensor_text(e->rank, e->dim).s);
    }
    return ERR_NONE;
}

enum err weights_check(const struct net *net, const struct safetensors *file, const char *path,
                       struct diag *diag)
{
    const struct weights none = {0};
    struct weights_name name, prefix = prefix_of(net, file);
    int count = weights_tensors(net);
    enum err err = ERR_NONE;
    for (int i = 0; i < count && !err; i++) {
        struct safetensors_item item = weights_item(net, &none, i, &name);
        err = check_tensor(&item, file, &prefix, path, diag);
    }
    return err ? err : check_extras(net, file, &prefix, path, diag);
}

enum err weights_from(struct weights *w, const struct net *net, const struct safetensors *file,
                      const char *path, struct diag *diag)
{
    struct weights_name prefix = prefix_of(net, file);
    enum err err = weights_check(net, file, path, diag);
    for (int i = 0; i < weights_tensors(net) && !err; i++) {
        const struct layer *layer = NULL;
        struct weights_name name;
        bool buffer = false;
        const struct layer_array *a = array_at(net, i, &layer, &buffer);
        struct safetensors_item item = weights_item(net, w, i, &name);
        safetensors_floats(file, find(file, &prefix, item.name),
                           (buffer ? w->buffers : w->params) + a->offset);
    }
    return err;
}

static enum err unknown_weights(const char *name, struct diag *diag)
{
    char **names = NULL;
    struct text known = {0};
    if (!asset_list("weights", ".safetensors", &names, NULL))
        for (int i = 0; names[i]; i++)
            text_listed(&known, names[i], !names[i + 1]);
    asset_list_free(names);
    return text_unknown(diag, NULL, 0, "file of weights and no built-in weights", name, &known);
}

enum err weights_path(const char *name, char **path, struct diag *diag)
{
    struct text asset = {0};
    struct diag ignored = {0};
    bool plain = *name && !strchr(name, '/') && !strchr(name, '.') && strcmp(name, "-") != 0;
    text_add(&asset, "weights/");
    text_add(&asset, name);
    text_add(&asset, ".safetensors");
    bool found = plain && !asset_path(text_str(&asset), path, &ignored);
    text_free(&asset);
    if (found)
        return ERR_NONE;
    if (plain && !file_exists(name))
        return unknown_weights(name, diag);
    *path = text_copy(name);
    return *path ? ERR_NONE : diag_memory(diag, "a file name");
}

enum err weights_load(struct weights *w, const struct net *net, const char *path, struct diag *diag)
{
    struct safetensors *file = NULL;
    enum err err = safetensors_open(path, &file, diag);
    if (!err)
        err = weights_from(w, net, file, path, diag);
    safetensors_close(file);
    return err;
}

enum err weights_save(const struct weights *w, const struct net *net, char *const *classes, int class_count,
                      const char *path, struct diag *diag)
{
    int count = weights_tensors(net), metas = 0;
    struct safetensors_item *items = calloc((size_t)count + 1, sizeof *items);
    struct weights_name *names = calloc((size_t)count + 1, sizeof *names);
    struct text lines = {0};
    struct safetensors_meta meta[2];
    enum err err = items && names ? ERR_NONE : diag_memory(diag, "a list of tensors");
    for (int i = 0; i < count && !err; i++)
        items[i] = weights_item(net, w, i, &names[i]);
    if (net->text)
        meta[metas++] = (struct safetensors_meta){"fovea.model", net->text};
    for (int i = 0; i < class_count && classes; i++)
        text_format(&lines, "%s\n", classes[i]);
    if (classes)
        meta[metas++] = (struct safetensors_meta){"fovea.classes", text_str(&lines)};
    if (!err)
        err = safetensors_write(path, items, count, meta, metas, diag);
    text_free(&lines);
    free(items);
    free(names);
    return err;
}
