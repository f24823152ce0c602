/** fovea predict: class probabilities of PNG images. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/json.h"
#include "data/image.h"
#include "nn/net.h"
#include "nn/pass.h"

struct job {
    const char *model, *weights, *classes;
    int top;
    bool json;
    struct net *net;
    struct weights w;
    struct pass *pass;
    char **names;
};

static void class_text(const struct job *j, int index, char *text, size_t size)
{
    if (j->names)
        snprintf(text, size, "%s", j->names[index]);
    else
        snprintf(text, size, "%d", index);
}

static void print_json(const struct job *j, const char *file, int k, const float *p)
{
    char name[256];
    int best = argmax(k, p);
    class_text(j, best, name, sizeof name);
    json_line(json_pack("{s:s, s:s, s:i, s:o}", "file", file, "class", name, "index", best, "probabilities",
                        json_floats(k, p)));
}

static void print_text(const struct job *j, const char *file, int k, const float *p)
{
    printf("%s\n", file);
    for (int rank = 0; rank < k && rank < j->top; rank++)
        for (int i = 0; i < k; i++) {
            int above = 0; /* classes before it; equals in their order */
            for (int o = 0; o < k; o++)
                above += p[o] > p[i] || (p[o] == p[i] && o < i);
            char name[256];
            class_text(j, i, name, sizeof name);
            if (above == rank)
                printf("  %-24s %9.4f %%\n", name, 100 * (double)p[i]);
        }
}

static enum err predict(struct job *j, const char *file, struct diag *diag)
{
    struct image image = {0};
    enum err err = image_read_png(file, &image, diag);
    if (!err)
        err = image_fit(&image, j->net->in, diag);
    int k = net_classes(j->net);
    float *p = calloc((size_t)k, sizeof *p);
    if (!err && !p)
        err = diag_memory(diag, "probabilities");
    if (!err) {
        net_forward(j->net, &j->w, j->pass, 1, image.data, MODE_INFER);
        softmax(k, pass_logits(j->pass), p);
        if (j->json)
            print_json(j, file, k, p);
        else
            print_text(j, file, k, p);
    }
    free(p);
    image_fini(&image);
    return err;
}

/* Every image gets its turn; one that can't be read makes the status 1 but doesn't stop the others. */
static int work(struct job *j, char **files, int count)
{
    struct diag diag = {0};
    int status = 0;
    enum err err = open_named_network(j->model, j->weights, j->classes, &j->net, &j->w, &j->names, &diag);
    if (!err)
        err = pass_new(j->net, (struct pass_options){.capacity = 1, .lanes = 1, .keep = true, .fixed = true},
                       &j->pass, &diag);
    if (err)
        status = command_fail(&diag);
    for (int i = 0; i < count && !err; i++)
        if (predict(j, files[i], &diag))
            status = command_fail(&diag);
    classes_free(j->names);
    pass_free(j->pass);
    weights_fini(&j->w);
    net_free(j->net);
    return status;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct job j = {.top = 5};
    int count = 0;
    const struct option_row rows[] = {
        {"--weights", "W", "safetensors file", OPTION_TEXT, &j.weights, 0, 0},
        {"--model", "M", "its network, when the file doesn't say", OPTION_TEXT, &j.model, 0, 0},
        {"--classes", "FILE", "names of the classes, one a line", OPTION_TEXT, &j.classes, 0, 0},
        {"--top", "K", "how many classes to show (5)", OPTION_WHOLE, &j.top, 1, 1e6},
        {"--json", NULL, "one JSON object an image, all probabilities", OPTION_FLAG, &j.json, 0, 0},
        {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
    };
    char **rest = calloc((size_t)argc, sizeof *rest);
    int status = options_parse(self, rows, argc, argv, rest, &count);
    if (status < 0 && (!j.weights || count == 0))
        status = command_usage(self, "--weights and at least one image are needed");
    if (status < 0)
        status = work(&j, rest, count);
    free(rest);
    return status;
}

const struct command command_predict = {"predict", "--weights W [--model M] IMAGE...",
                                        "Class probabilities of PNG images", run};
