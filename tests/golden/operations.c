/** Correlation, single layers, losses and optimizers. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/correlate.h"
#include "helpers.h"
#include "nn/model.h"
#include "nn/pass.h"
#include "train/optimizer.h"

double golden_correlate(const struct golden *g)
{
    struct tensor x = get(g, "x"), w = get(g, "w"), want = get(g, "y"), y = {0};
    struct diag diag = {0};
    int mode = 0;
    while (mode < CORRELATE_MODES && strcmp(correlate_mode_names[mode], setting(g, "mode", "")) != 0)
        mode++;
    double error = -1;
    if (mode < CORRELATE_MODES &&
        !correlate(&x, &w, (enum correlate_mode)mode, strcmp(setting(g, "op", ""), "convolve") == 0, &y,
                   &diag) &&
        tensor_count(&y) == tensor_count(&want))
        error = apart(tensor_count(&y), y.data, want.data);
    if (diag.err)
        printf("     %s\n", diag.text);
    tensor_fini(&x);
    tensor_fini(&w);
    tensor_fini(&want);
    tensor_fini(&y);
    return error;
}

/* The one-layer model of a case, as a person would write it. */
static void layer_text(const struct golden *g, const struct tensor *x, char *text, size_t size)
{
    const char *op = setting(g, "op", ""), *kernel = setting(g, "kernel", "1"),
               *stride = setting(g, "stride", "1"), *pad = setting(g, "pad", "0");
    struct tensor w = get(g, "weight"), bias = get(g, "bias");
    int sh = 1, sw = 1, ph = 0, pw = 0, dh = 1, dw = 1, used;
    if (sscanf(stride, "%d,%d", &sh, &sw) < 2)
        sw = sh;
    if (sscanf(pad, "%d,%d", &ph, &pw) < 2)
        pw = ph;
    if (sscanf(setting(g, "dilation", "1"), "%d,%d", &dh, &dw) < 2)
        dw = dh;
    used = snprintf(text, size, "input %ldx%ldx%ld\nit: ", x->dim[1], x->rank > 2 ? x->dim[2] : 1,
                    x->rank > 2 ? x->dim[3] : 1);
    text += used, size -= (size_t)used;
    if (strcmp(op, "conv2d") == 0)
        snprintf(text, size, "conv %ld %ldx%ld stride %dx%d pad %dx%d dilation %dx%d groups %s%s", w.dim[0],
                 w.dim[2], w.dim[3], sh, sw, ph, pw, dh, dw, setting(g, "groups", "1"),
                 bias.data ? "" : " nobias");
    else if (strstr(op, "pool2d")) {
        int kh = 1, kw = 1;
        if (sscanf(kernel, "%d,%d", &kh, &kw) < 2)
            kw = kh;
        snprintf(text, size, "%.7s %dx%d stride %dx%d pad %dx%d", op, kh, kw, sh, sw, ph, pw);
    } else if (strcmp(op, "dense") == 0)
        snprintf(text, size, "dense %ld%s", w.dim[0], bias.data ? "" : " nobias");
    else if (strcmp(op, "leakyrelu") == 0)
        snprintf(text, size, "leakyrelu slope %s", setting(g, "slope", "0.01"));
    else if (strcmp(op, "batchnorm") == 0)
        snprintf(text, size, "batchnorm eps %s momentum %s", setting(g, "eps", "0.00001"),
                 setting(g, "momentum", "0.1"));
    else
        snprintf(text, size, "%s", op);
    tensor_fini(&w);
    tensor_fini(&bias);
}

/* Parameters and, of a batch norm in inference, running statistics. */
static bool layer_weights(const struct golden *g, const struct net *net, struct weights *w, bool statistics)
{
    const struct layer *l = &net->layer[0];
    bool good = true;
    for (int k = 0; k < l->params + (statistics ? l->buffers : 0); k++) {
        const struct layer_array *a = k < l->params ? &l->param[k] : &l->buffer[k - l->params];
        struct tensor t = get(g, "%s", a->suffix);
        good = good && t.data && tensor_count(&t) == a->count;
        if (good)
            memcpy((k < l->params ? w->params : w->buffers) + a->offset, t.data, a->count * sizeof(float));
        tensor_fini(&t);
    }
    return good;
}

static double compare(const struct golden *g, const char *name, const float *have, size_t count)
{
    struct tensor want = get(g, "%s", name);
    double error = !want.data ? 0 : tensor_count(&want) == count ? apart(count, have, want.data) : -1;
    tensor_fini(&want);
    return error;
}

static double run_layer(const struct golden *g, const struct net *net, struct weights *w,
                        const struct tensor *x, int lanes)
{
    int n = (int)x->dim[0];
    bool training = number(g, "training", 0) > 0;
    size_t in = tensor_count(x), out = (size_t)n * shape_count(net_out(net));
    struct pass *pass = NULL;
    struct tensor gy = get(g, "gy");
    float *gx = calloc(in, sizeof *gx), *grads = calloc(net->params + 1, sizeof *grads);
    struct pass_options want = {.capacity = n, .lanes = lanes, .keep = true, .grads = true};
    double error = -1;
    if (gx && grads && gy.data && tensor_count(&gy) == out && !pass_new(net, want, &pass, NULL)) {
        const struct layer *l = &net->layer[0];
        net_forward(net, w, pass, n, x->data, training ? MODE_TRAIN : MODE_INFER);
        error = compare(g, "y", pass_out(pass), out);
        net_backward(net, w, pass, 0, gy.data, grads, gx);
        error = worse(error, compare(g, "gx", gx, in));
        for (int k = 0; k < l->params; k++)
            error = worse(error, compare(g, k == 0 ? "g_weight" : "g_bias", grads + l->param[k].offset,
                                         l->param[k].count));
        if (training) {
            net_absorb(net, pass, w);
            for (int k = 0; k < l->buffers; k++)
                error = worse(error, compare(g, l->buffer[k].suffix, w->buffers + l->buffer[k].offset,
                                             l->buffer[k].count));
        }
    }
    pass_free(pass);
    tensor_fini(&gy);
    free(gx);
    free(grads);
    return error;
}

double golden_layer(const struct golden *g)
{
    double error = 0;
    struct tensor x = get(g, "x");
    char text[512];
    layer_text(g, &x, text, sizeof text);
    for (int lanes = 1; lanes <= 16; lanes += 15) {
        struct net *net = NULL;
        struct weights w = {0};
        struct diag diag = {0};
        bool good = !model_parse(text, g->path, NULL, &net, &diag) && !weights_init(&w, net, &diag) &&
                    layer_weights(g, net, &w, number(g, "training", 0) == 0);
        if (!good)
            printf("     %s: %s\n", text, diag.text);
        error = worse(error, good ? run_layer(g, net, &w, &x, lanes) : -1);
        weights_fini(&w);
        net_free(net);
    }
    tensor_fini(&x);
    return error;
}

double golden_cross_entropy(const struct golden *g)
{
    struct tensor x = get(g, "x"), want = get(g, "loss"), gx = get(g, "gx");
    int *labels = get_labels(g, "labels"), n = (int)x.dim[0], k = (int)x.dim[1];
    float *dz = calloc((size_t)n * (size_t)k, sizeof *dz), loss = 0;
    for (int i = 0; i < n; i++)
        loss +=
            loss_cross_entropy.value(k, x.data + i * k, labels[i], 1.0f / (float)n, dz + i * k) / (float)n;
    double error = worse(apart(1, &loss, want.data), apart((size_t)n * (size_t)k, dz, gx.data));
    tensor_fini(&x);
    tensor_fini(&want);
    tensor_fini(&gx);
    free(labels);
    free(dz);
    return error;
}

double golden_mse(const struct golden *g)
{
    struct tensor x = get(g, "x"), target = get(g, "target"), want = get(g, "loss"), gx = get(g, "gx");
    float *dx = calloc(tensor_count(&x), sizeof *dx),
          loss = (float)mse(tensor_count(&x), x.data, target.data, dx);
    double error = worse(apart(1, &loss, want.data), apart(tensor_count(&x), dx, gx.data));
    tensor_fini(&x);
    tensor_fini(&target);
    tensor_fini(&want);
    tensor_fini(&gx);
    free(dx);
    return error;
}

double golden_optimizer(const struct golden *g)
{
    char name[16];
    struct optimizer o;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(setting(g, "op", ""), "-"), setting(g, "op", ""));
    const struct optimizer_type *type = optimizer_find(name);
    struct optimizer_options options = type->defaults;
    options.momentum = (float)number(g, "momentum", 0);
    options.nesterov = strstr(setting(g, "op", ""), "nesterov") != NULL;
    options.weight_decay = (float)number(g, "weight_decay", 0);
    options.eps = (float)number(g, "eps", 1e-8);
    double b1 = 0.9, b2 = 0.999, error = 0;
    if (sscanf(setting(g, "betas", ""), "(%lf, %lf)", &b1, &b2) == 2)
        options.beta1 = (float)b1, options.beta2 = (float)b2;
    struct tensor p = get(g, "p0");
    if (!p.data || optimizer_init(&o, type, options, tensor_count(&p), NULL))
        return -1;
    for (int i = 0;; i++) {
        struct tensor step = get(g, "g%d", i), want = get(g, "p%d", i + 1);
        bool more = step.data && want.data;
        if (more) {
            optimizer_step(&o, (float)number(g, "lr", 0), p.data, step.data, NULL);
            error = worse(error, apart(tensor_count(&p), p.data, want.data));
        }
        tensor_fini(&step);
        tensor_fini(&want);
        if (!more)
            break;
    }
    error = o.step > 0 ? error : -1;
    optimizer_fini(&o);
    tensor_fini(&p);
    return error;
}
