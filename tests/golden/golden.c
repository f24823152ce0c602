/**
 * Reference answers, one safetensors file a case, the operation and its settings in its metadata: every case of a directory is computed with the
 * engine and compared. A new case needs nothing here; a new operation is one row of the table. See tests/golden/README.md.
 */
#include <dirent.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "golden.h"

static const struct operation {
    const char *name;
    double tolerance;
    double (*error)(
        const struct golden
            *g); /* relative to the largest value where that makes sense; < 0: it couldn't be computed */
} operations[] = {
    {"correlate", 1e-5, golden_correlate},
    {"convolve", 1e-5, golden_correlate},
    {"conv2d", 1e-5, golden_layer},
    {"maxpool2d", 1e-5, golden_layer},
    {"avgpool2d", 1e-5, golden_layer},
    {"globalavgpool", 1e-5, golden_layer},
    {"dense", 1e-5, golden_layer},
    {"relu", 1e-5, golden_layer},
    {"leakyrelu", 1e-5, golden_layer},
    {"sigmoid", 1e-5, golden_layer},
    {"tanh", 1e-5, golden_layer},
    {"softmax", 1e-5, golden_layer},
    {"batchnorm", 1e-5, golden_layer},
    {"softmax_cross_entropy", 1e-5, golden_cross_entropy},
    {"mse", 1e-5, golden_mse},
    {"sgd", 1e-5, golden_optimizer},
    {"sgd-momentum", 1e-5, golden_optimizer},
    {"sgd-nesterov-decay", 1e-5, golden_optimizer},
    {"adam", 1e-5, golden_optimizer},
    {"adamw", 1e-5, golden_optimizer},
    {"train", 1e-4, golden_train},
    {"activations", 1e-5, golden_activations},
    {"resnet18", 1e-4, golden_resnet},
    {"input_gradient", 1e-4, golden_attack},
    {"fgsm", 1e-3, golden_attack}, /* share of pixels that are off by more than 1e-4 */
    {"pgd", 1e-3, golden_attack},
    {"activation_maximization", 1e-4, golden_maximise},
};

static int cases, failures;

static void run_case(const char *path)
{
    struct golden g = {.path = path};
    struct diag diag = {0};
    if (safetensors_open(path, &g.file, &diag)) {
        printf("FAIL %s\n", diag.text);
        failures++;
        return;
    }
    const char *op = safetensors_metadata(g.file, "op");
    size_t length = strlen(path);
    if (!op && length > 20 && strcmp(path + length - 20, ".weights.safetensors") == 0) {
        safetensors_close(g.file); /* the weights of a case beside it */
        return;
    }
    const struct operation *found = NULL;
    for (int i = 0; i < ARRAY_LEN(operations) && op; i++)
        if (strcmp(operations[i].name, op) == 0)
            found = &operations[i];
    double error = found ? found->error(&g) : -1;
    bool good = found && error >= 0 && error <= found->tolerance;
    printf("%s %-60s %-24s %s %.2e\n", good ? "ok  " : "FAIL", path, op ? op : "(no op)",
           found ? "error" : "unknown operation", error);
    cases++;
    failures += !good;
    safetensors_close(g.file);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void walk(const char *dir)
{
    DIR *d = opendir(dir);
    char *path[4096];
    int count = 0;
    for (struct dirent *e; d && (e = readdir(d)) && count < ARRAY_LEN(path);)
        if (e->d_name[0] != '.' && asprintf(&path[count], "%s/%s", dir, e->d_name) > 0)
            count++;
    if (d)
        closedir(d);
    qsort(path, (size_t)count, sizeof *path, by_name);
    for (int i = 0; i < count; i++) {
        struct stat s;
        const char *end = strrchr(path[i], '.');
        if (stat(path[i], &s) == 0 && S_ISDIR(s.st_mode))
            walk(path[i]);
        else if (end && strcmp(end, ".safetensors") == 0)
            run_case(path[i]);
        free(path[i]);
    }
}

int main(int argc, char **argv)
{
    const char *dir = getenv("FOVEA_GOLDEN");
    if (!dir || !*dir)
        dir = argc > 1 ? argv[1] : "";
    walk(dir);
    if (cases == 0)
        printf("FAIL no cases in '%s'\n", dir);
    printf("%d cases, %d failed\n", cases, failures);
    return cases == 0 || failures > 0;
}
