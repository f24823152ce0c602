/** Whole networks: training, activations, residual nets, attacks and activation maximisation. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attack/attack.h"
#include "attack/attacks/attacks.h"
#include "base/asset.h"
#include "base/file.h"
#include "explain/maximise.h"
#include "helpers.h"
#include "nn/model.h"
#include "nn/pass.h"
#include "train/optimizer.h"

double golden_train(const struct golden *g)
{
    struct weights w = {0}, last = {0};
    struct net *net = small_net(g, "init.", &w);
    struct tensor want = get(g, "loss");
    struct optimizer o = {0};
    struct pass *pass = NULL;
    struct optimizer_options options = {.momentum = (float)number(g, "momentum", 0)};
    float *grads = net ? calloc(net->params, sizeof *grads) : NULL;
    double error = grads && want.data &&
                           !optimizer_init(&o, optimizer_find(setting(g, "optimizer", "sgd")), options,
                                           net->params, NULL)
                       ? 0
                       : -1;
    for (size_t i = 0; error >= 0 && i < tensor_count(&want); i++) {
        struct tensor x = get(g, "x%zu", i);
        int *label = get_labels(g, "y%zu", i);
        struct net_step step = {.n = (int)x.dim[0],
                                .x = x.data,
                                .label = label,
                                .loss = &loss_cross_entropy,
                                .mode = MODE_TRAIN,
                                .mean = true,
                                .grads = grads};
        if (!pass && pass_new(net, (struct pass_options){.capacity = step.n, .grads = true}, &pass, NULL))
            error = -1;
        if (error >= 0) {
            net_step(net, &w, pass, &step);
            optimizer_step(&o, (float)number(g, "lr", 0), w.params, grads, NULL);
            error = worse(error, fabs(step.total_loss / step.n - (double)want.data[i]));
        }
        tensor_fini(&x);
        free(label);
    }
    if (error >= 0 && !weights_init(&last, net, NULL))
        error = worse(error,
                      read_weights(g, "final.", net, &last) ? apart(net->params, w.params, last.params) : -1);
    pass_free(pass);
    optimizer_fini(&o);
    weights_fini(&w);
    weights_fini(&last);
    net_free(net);
    tensor_fini(&want);
    free(grads);
    return error;
}

double golden_activations(const struct golden *g)
{
    struct weights w = {0};
    struct net *net = small_net(g, "", &w);
    struct tensor x = get(g, "x");
    double error = net && x.data ? 0 : -1;
    for (int lanes = 1; lanes <= 16 && error >= 0; lanes += 15) {
        struct pass *pass = NULL;
        if (pass_new(net, (struct pass_options){.capacity = (int)x.dim[0], .lanes = lanes, .keep = true},
                     &pass, NULL))
            return -1;
        net_forward(net, &w, pass, (int)x.dim[0], x.data, MODE_INFER);
        for (int l = 0; l < net->layers; l++) {
            struct tensor want = get(g, "y%d", l);
            size_t count = shape_count(net->layer[l].out);
            float *have = calloc(count, sizeof *have);
            for (int i = 0; i < pass_images(pass); i++) {
                pass_read(pass, l, i, have);
                error = worse(error, want.data ? apart(count, have, want.data + (size_t)i * count) : -1);
            }
            free(have);
            tensor_fini(&want);
        }
        pass_free(pass);
    }
    weights_fini(&w);
    net_free(net);
    tensor_fini(&x);
    return error;
}

/* The built-in model at the width of the case. The case's images are not normalised, so that line is left out. */
static struct net *residual_net(const struct golden *g, const struct tensor *x, int classes)
{
    char settings[96], *path = NULL;
    struct bytes bytes = {0};
    struct net *net = NULL;
    struct diag diag = {0};
    snprintf(settings, sizeof settings, "width=%s,classes=%d,size=%ld", setting(g, "width", "64"), classes,
             x->dim[2]);
    if (!asset_path("models/resnet18.model", &path, &diag) && !file_read(path, 0, &bytes, &diag)) {
        char *line = strstr((char *)bytes.data, "\nnormalize ");
        if (line)
            line[1] = '#';
        if (model_parse((char *)bytes.data, path, settings, &net, &diag))
            net = NULL;
    }
    if (!net)
        printf("     %s\n", diag.text);
    bytes_free(&bytes);
    free(path);
    return net;
}

double golden_resnet(const struct golden *g)
{
    struct tensor x = get(g, "x"), logits = get(g, "logits"), gx = get(g, "gx");
    int *labels = get_labels(g, "labels"), n = (int)x.dim[0];
    struct net *net = residual_net(g, &x, (int)logits.dim[1]);
    struct weights w = {0};
    struct diag diag = {0};
    char path[4096];
    snprintf(path, sizeof path, "%.*s.weights.safetensors", (int)(strlen(g->path) - strlen(".safetensors")),
             g->path);
    double error = net && !weights_init(&w, net, &diag) && !weights_load(&w, net, path, &diag) ? 0 : -1;
    float *dx = calloc(tensor_count(&x), sizeof *dx);
    for (int lanes = 1; lanes <= 16 && error >= 0; lanes += 15) {
        struct pass *pass = NULL;
        struct net_step step = {
            .n = n, .x = x.data, .label = labels, .loss = &loss_cross_entropy, .mode = MODE_INFER, .dx = dx};
        if (pass_new(net, (struct pass_options){.capacity = n, .lanes = lanes, .backward = true}, &pass,
                     NULL))
            return -1;
        net_step(net, &w, pass, &step);
        error = worse(error, apart(tensor_count(&logits), pass_logits(pass), logits.data));
        error = worse(error, apart(tensor_count(&gx), dx, gx.data));
        pass_free(pass);
    }
    if (diag.err)
        printf("     %s\n", diag.text);
    weights_fini(&w);
    net_free(net);
    free(labels);
    free(dx);
    tensor_fini(&x);
    tensor_fini(&logits);
    tensor_fini(&gx);
    return error;
}

/* The gradient itself; of an attack the share of pixels that are off by more than 1e-4. */
double golden_attack(const struct golden *g)
{
    const char *op = setting(g, "op", "");
    struct weights w = {0};
    struct net *net = small_net(g, "", &w);
    struct tensor x = get(g, "x"), adv = get(g, "adv"), gx = get(g, "gx");
    bool targeted = number(g, "targeted", 0) > 0;
    int *labels = get_labels(g, targeted ? "target" : "labels"), n = (int)x.dim[0];
    size_t count = tensor_count(&x);
    float *have = calloc(count, sizeof *have), *scratch = calloc(ATTACK_SCRATCH * count, sizeof *scratch);
    struct pass *pass = NULL;
    double error = -1;
    struct attack_options o = {.eps = (float)number(g, "eps", 0),
                               .step = (float)number(g, "step", 0),
                               .targeted = targeted,
                               .iterations = (int)number(g, "iterations", 0)};
    o.norm = strcmp(setting(g, "norm", "linf"), "l2") == 0 ? NORM_L2 : NORM_LINF;
    if (net && labels &&
        !pass_new(net, (struct pass_options){.capacity = n, .backward = true}, &pass, NULL)) {
        if (gx.data) {
            attack_gradient(net, &w, pass, n, x.data, labels, &loss_cross_entropy, have);
            error = apart(count, have, gx.data);
        } else if (adv.data && attack_find(op)) {
            size_t off = 0;
            attack_find(op)->run(&o, net, &w, pass, n, x.data, labels, 0, have, scratch);
            for (size_t i = 0; i < count; i++)
                off += !(fabs((double)have[i] - (double)adv.data[i]) <= 1e-4);
            error = (double)off / (double)count;
        }
    }
    pass_free(pass);
    weights_fini(&w);
    net_free(net);
    free(labels);
    free(have);
    free(scratch);
    tensor_fini(&x);
    tensor_fini(&adv);
    tensor_fini(&gx);
    return error;
}

double golden_maximise(const struct golden *g)
{
    struct weights w = {0};
    struct net *net = small_net(g, "", &w);
    struct tensor final = get(g, "x_final"), want = get(g, "activation");
    struct unit unit = {(int)number(g, "layer", 0), (int)number(g, "channel", 0), (int)number(g, "row", 0),
                        (int)number(g, "col", 0)};
    struct maximise_options o = {.step = (float)number(g, "step", 0)};
    struct maximiser *m = NULL;
    int iterations = (int)number(g, "iterations", 0);
    double error = -1;
    if (net && unit.layer < net->layers && (size_t)iterations == tensor_count(&want) &&
        !maximise_new(net, 2, &m, NULL)) {
        size_t count = shape_count(net->in);
        float *x = calloc(count, sizeof *x), *values = calloc((size_t)iterations + 1, sizeof *values);
        for (size_t i = 0; i < count; i++)
            x[i] = (float)number(g, "start", 0.5);
        maximise_begin(m, &o, unit, x);
        for (int k = 0; k < iterations; k++) {
            maximise_more(m, &w, 0);
            values[k] = maximise_activation(m);
            maximise_more(m, &w, 1);
        }
        error = worse(apart(count, maximise_picture(m), final.data),
                      apart(tensor_count(&want), values, want.data));
        free(x);
        free(values);
    }
    maximise_free(m);
    weights_fini(&w);
    net_free(net);
    tensor_fini(&final);
    tensor_fini(&want);
    return error;
}
