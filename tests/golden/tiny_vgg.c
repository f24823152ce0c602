/**
 * A published network with published answers: `fovea predict` gives the recorded probabilities, and the engine the recorded sums of every layer.
 * The files lie in tiny-vgg/ of the directory that FOVEA_TEST_DATA names; without it the test is skipped.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/text.h"
#include "data/image.h"
#include "nn/model.h"
#include "nn/pass.h"
#include "nn/weights.h"

enum { SKIPPED = 77 };

static int failures, compared;

static void compare(const char *what, const char *which, double have, double want, double tolerance)
{
    compared++;
    if (fabs(have - want) <= tolerance)
        return;
    failures++;
    printf("FAIL %s %s: %.9g, expected %.9g\n", what, which, have, want);
}

/* One line of `fovea predict --json` against what was recorded of that image. */
static void check_line(const json_t *line, const json_t *expected, const char *image)
{
    const json_t *classes = json_object_get(expected, "classes");
    const json_t *want =
        json_object_get(json_object_get(json_object_get(expected, "images"), image), "probs");
    const json_t *have = json_object_get(line, "probabilities"), *name = json_object_get(line, "class");
    size_t best = 0;
    if (json_array_size(have) != json_array_size(want) || json_array_size(want) == 0) {
        printf("FAIL %s: %zu probabilities, expected %zu\n", image, json_array_size(have),
               json_array_size(want));
        failures++;
        return;
    }
    for (size_t i = 0; i < json_array_size(want); i++) {
        compare(image, "probability", json_number_value(json_array_get(have, i)),
                json_number_value(json_array_get(want, i)), 1e-4);
        if (json_number_value(json_array_get(want, i)) > json_number_value(json_array_get(want, best)))
            best = i;
    }
    if (!json_equal(name, json_array_get(classes, best)) ||
        json_integer_value(json_object_get(line, "index")) != (json_int_t)best) {
        printf("FAIL %s: class '%s', expected '%s'\n", image, json_string_value(name),
               json_string_value(json_array_get(classes, best)));
        failures++;
    }
}

static void check_program(const char *fovea, const char *dir, json_t *expected)
{
    struct text command = {0};
    const char *image;
    json_t *value;
    text_format(
        &command,
        "'%s' predict --json --model tiny-vgg --weights '%s/tiny-vgg.safetensors' --classes '%s/classes.txt'",
        fovea, dir, dir);
    json_object_foreach(json_object_get(expected, "images"), image, value)
        text_format(&command, " '%s/images/%s'", dir, image);
    FILE *said = popen(text_str(&command), "r");
    size_t lines = 0;
    json_object_foreach(json_object_get(expected, "images"), image, value)
    {
        json_t *line = said ? json_loadf(said, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
        const char *file = json_string_value(json_object_get(line, "file"));
        const char *end = file ? strrchr(file, '/') : NULL;
        if (!end || strcmp(end + 1, image) != 0) {
            printf("FAIL %s: no line of its own\n", image);
            failures++;
        } else
            check_line(line, expected, image);
        lines += line != NULL;
        json_decref(line);
    }
    int status = said ? pclose(said) : -1;
    if (status != 0 || lines == 0) {
        printf("FAIL %s ended with %d after %zu lines\n", text_str(&command), status, lines);
        failures++;
    }
    text_free(&command);
}

static void check_layer(const struct net *net, const struct pass *pass, int layer, const char *image,
                        const json_t *want)
{
    size_t count = shape_count(net->layer[layer].out);
    float *y = malloc(count * sizeof *y);
    double sum = 0, squares = 0, all = 1, k;
    char what[160];
    if (!y)
        exit(1);
    pass_read(pass, layer, 0, y);
    for (size_t i = 0; i < count; i++) {
        sum += (double)y[i];
        squares += (double)y[i] * (double)y[i];
    }
    for (size_t i = 0; i < json_array_size(json_object_get(want, "shape")); i++)
        all *= json_number_value(json_array_get(json_object_get(want, "shape"), i));
    snprintf(what, sizeof what, "%s %s", image, net->layer[layer].name);
    k = json_number_value(json_object_get(want, "sumsq"));
    compare(what, "size", (double)count, all, 0);
    compare(what, "sum of squares", squares, k, 1e-3 + 1e-4 * k);
    compare(what, "sum", sum, json_number_value(json_object_get(want, "sum")),
            1e-3 + 1e-4 * sqrt(k * (double)count));
    free(y);
}

static void check_layers(const char *dir, json_t *expected)
{
    struct net *net = NULL;
    struct weights w = {0};
    struct pass *pass = NULL;
    struct diag diag = {0};
    struct text path = {0};
    const char *image;
    json_t *value;
    text_format(&path, "%s/tiny-vgg.safetensors", dir);
    if (model_load("tiny-vgg", &net, &diag) || weights_init(&w, net, &diag) ||
        weights_load(&w, net, text_str(&path), &diag) ||
        pass_new(net, (struct pass_options){.capacity = 1, .lanes = 1, .keep = true}, &pass, &diag)) {
        printf("FAIL %s\n", diag.text);
        failures++;
        goto out;
    }
    json_object_foreach(json_object_get(expected, "images"), image, value)
    {
        struct image picture = {0};
        text_free(&path);
        text_format(&path, "%s/images/%s", dir, image);
        if (image_read_png(text_str(&path), &picture, &diag) || image_fit(&picture, net->in, &diag)) {
            printf("FAIL %s\n", diag.text);
            failures++;
        } else {
            net_forward(net, &w, pass, 1, picture.data, MODE_INFER);
            for (int l = 0; l < net->layers; l++) {
                const json_t *want = json_object_get(json_object_get(value, "layers"), net->layer[l].name);
                if (want && l < net->layers - 1) /* of the last one the probabilities were recorded */
                    check_layer(net, pass, l, image, want);
            }
        }
        image_fini(&picture);
    }
out:
    text_free(&path);
    pass_free(pass);
    weights_fini(&w);
    net_free(net);
}

int main(int argc, char **argv)
{
    const char *data = getenv("FOVEA_TEST_DATA");
    struct text dir = {0}, path = {0};
    json_error_t error;
    text_format(&dir, "%s/tiny-vgg", data ? data : "");
    text_format(&path, "%s/expected.json", text_str(&dir));
    if (!data || !*data || access(text_str(&path), R_OK) != 0) {
        printf("skipped: FOVEA_TEST_DATA doesn't name a directory with tiny-vgg/expected.json\n");
        text_free(&dir);
        text_free(&path);
        return SKIPPED;
    }
    json_t *expected = json_load_file(text_str(&path), 0, &error);
    if (!expected || argc != 2) {
        printf("FAIL %s: %s\n", text_str(&path),
               argc == 2 ? error.text : "the path of the program is wanted");
        return 1;
    }
    check_program(argv[1], text_str(&dir), expected);
    check_layers(text_str(&dir), expected);
    json_decref(expected);
    text_free(&dir);
    text_free(&path);
    printf("%d numbers compared, %d failures\n", compared, failures);
    return failures > 0 || compared == 0;
}
