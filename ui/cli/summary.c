/** fovea summary: layers, shapes, parameters with the product spelled out, multiply-adds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cli/commands.h"
#include "nn/conv.h"
#include "nn/model.h"

static size_t count_params(const struct layer *l)
{
    size_t count = 0;
    for (int p = 0; p < l->params; p++)
        count += l->param[p].count;
    return count;
}

static void print_text(const struct net *net, bool kernels)
{
    printf("%-22s %-14s %-14s %12s  %-26s %14s\n", "layer", "type", "output", "parameters", "as",
           "multiply-adds");
    printf("%-22s %-14s %-14s\n", "input", "", shape_text(net->in).s);
    for (int i = 0; i < net->layers; i++) {
        const struct layer *l = &net->layer[i];
        char spelled[96];
        layer_spell_params(l, " + ", spelled, sizeof spelled);
        printf("%-22s %-14s %-14s %12zu  %-26s %14.0f", l->name, l->type->name, shape_text(l->out).s,
               count_params(l), spelled, l->multiply_adds);
        if (kernels && l->kernel[0])
            printf("  1 lane: %s, 16 lanes: %s", l->kernel[0]->name, l->kernel[1]->name);
        printf("\n");
    }
    printf("in all %zu parameters, %.0f multiply-adds an image\n", net->params, net_multiply_adds(net));
}

static void print_json(const struct net *net)
{
    for (int i = 0; i < net->layers; i++) {
        const struct layer *l = &net->layer[i];
        json_t *row = json_pack("{s:s, s:s, s:[i,i,i], s:I, s:f}", "layer", l->name, "type", l->type->name,
                                "shape", l->out.c, l->out.h, l->out.w, "parameters",
                                (json_int_t)count_params(l), "multiply_adds", l->multiply_adds);
        json_dumpf(row, stdout, JSON_COMPACT);
        printf("\n");
        json_decref(row);
    }
}

static int run(const struct command *self, int argc, char **argv)
{
    const char *model = NULL;
    bool json = false, kernels = false;
    const struct option_row rows[] = {
        {"--model", "M", "built-in model or model file", OPTION_TEXT, &model, 0, 0},
        {"--kernels", NULL, "which kernel each convolution has picked", OPTION_FLAG, &kernels, 0, 0},
        {"--json", NULL, "one JSON object a layer", OPTION_FLAG, &json, 0, 0},
        {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
    };
    char **rest = calloc((size_t)argc, sizeof *rest);
    int count = 0, status = options_parse(self, rows, argc, argv, rest, &count);
    if (status < 0 && !model && count == 1)
        model = rest[count = 0];
    if (status < 0 && (count > 0 || !model))
        status = command_usage(self, "name one model");
    free(rest);
    if (status >= 0)
        return status;
    struct net *net = NULL;
    struct diag diag = {0};
    if (model_load(model, &net, &diag))
        return command_fail(&diag);
    if (json)
        print_json(net);
    else
        print_text(net, kernels);
    net_free(net);
    return 0;
}

const struct command command_summary = {"summary", "--model M",
                                        "Layers, shapes, parameters and multiply-adds of a model", run};
