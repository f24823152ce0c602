#include "helpers.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn/model.h"

static const struct safetensors_entry *find(const struct golden *g, const char *format, va_list args)
{
    char name[128];
    vsnprintf(name, sizeof name, format, args);
    return safetensors_find(g->file, name);
}

struct tensor get(const struct golden *g, const char *format, ...)
{
    struct tensor t = {0};
    va_list args;
    va_start(args, format);
    const struct safetensors_entry *e = find(g, format, args);
    va_end(args);
    if (e && safetensors_is_float(e) && !tensor_init(&t, e->rank, e->dim, NULL))
        safetensors_floats(g->file, e, t.data);
    return t;
}

int *get_labels(const struct golden *g, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const struct safetensors_entry *e = find(g, format, args);
    va_end(args);
    size_t count = 1;
    for (int i = 0; e && i < e->rank; i++)
        count *= (size_t)e->dim[i];
    int64_t *wide = e ? calloc(count, sizeof *wide) : NULL;
    int *labels = e ? calloc(count, sizeof *labels) : NULL;
    if (wide)
        safetensors_ints(g->file, e, wide);
    for (size_t i = 0; i < count && wide; i++)
        labels[i] = (int)wide[i];
    free(wide);
    return labels;
}

const char *setting(const struct golden *g, const char *key, const char *otherwise)
{
    const char *value = safetensors_metadata(g->file, key);
    return value ? value : otherwise;
}

double number(const struct golden *g, const char *key, double otherwise)
{
    const char *value = safetensors_metadata(g->file, key);
    return value ? strtod(value, NULL) : otherwise;
}

double worse(double a, double b)
{
    return isnan(a) || a < 0 ? a : isnan(b) || b < 0 ? b : a > b ? a : b;
}

double apart(size_t count, const float *have, const float *want)
{
    double most = 0, scale = 1e-30;
    for (size_t i = 0; i < count; i++) {
        double d = fabs((double)have[i] - (double)want[i]);
        if (isnan(d))
            return INFINITY;
        most = fmax(most, d);
        scale = fmax(scale, fabs((double)want[i]));
    }
    return most / scale;
}

bool read_weights(const struct golden *g, const char *prefix, const struct net *net, struct weights *w)
{
    for (int i = 0; i < weights_tensors(net); i++) {
        struct weights_name name;
        struct safetensors_item item = weights_item(net, w, i, &name);
        struct tensor t = get(g, "%s%s", prefix, item.name);
        size_t count = 1;
        for (int k = 0; k < item.rank; k++)
            count *= (size_t)item.dim[k];
        bool good = t.data && tensor_count(&t) == count;
        if (good) /* the item lends us the place in w */
            memcpy((float *)(uintptr_t)item.data, t.data, count * sizeof(float));
        tensor_fini(&t);
        if (!good)
            return false;
    }
    return true;
}

struct net *small_net(const struct golden *g, const char *prefix, struct weights *w)
{
    char text[512];
    struct net *net = NULL;
    struct diag diag = {0};
    struct tensor a = get(g, "%s0.weight", prefix), b = get(g, "%s3.weight", prefix),
                  c = get(g, "%s7.weight", prefix);
    snprintf(text, sizeof text,
             "input 1x28x28\n0: conv %ld %ldx%ld\n1: relu\n2: maxpool 2\n3: conv %ld %ldx%ld\n4: relu\n5: "
             "maxpool 2\n6: flatten\n"
             "7: dense %ld\n",
             a.dim[0], a.dim[2], a.dim[3], b.dim[0], b.dim[2], b.dim[3], c.dim[0]);
    bool good = a.data && b.data && c.data && !model_parse(text, g->path, NULL, &net, &diag) &&
                !weights_init(w, net, &diag) && read_weights(g, prefix, net, w);
    tensor_fini(&a);
    tensor_fini(&b);
    tensor_fini(&c);
    if (!good)
        printf("     %s\n", diag.text);
    return good ? net : NULL;
}
