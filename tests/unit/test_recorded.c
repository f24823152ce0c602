/** Answers about a network trained and run by another program: its probabilities, and sums over every layer, recorded there. Needs FOVEA_TEST_DATA. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "data/image.h"
#include "nn/model.h"
#include "observe/probe.h"

static const char *folder;
static struct net *net;
static struct moment moment;
static struct probe probe;

static char *path_of(const char *name)
{
    struct text path = {0};
    text_format(&path, "%s/tiny-vgg/%s", folder, name);
    char *copy = text_copy(text_str(&path));
    text_free(&path);
    return copy;
}

/* softmax is no layer of this model file: the recorded output is that of the probabilities. */
static void check_layer(const char *name, json_t *recorded)
{
    struct answer a = {0};
    struct question q = {.type = question_find("activation"), .layer = net_find(net, name)};
    bool last = strcmp(name, "output") == 0;
    if (last)
        q = (struct question){.type = question_find("probabilities")};
    cr_assert(probe_answer(&probe, &q, &a), "%s", name);
    const struct part *y = answer_part(&a, last ? "p" : "y");
    double sum = 0, squares = 0;
    for (size_t i = 0; i < shape_count(y->shape); i++) {
        sum += (double)y->data[i];
        squares += (double)y->data[i] * (double)y->data[i];
    }
    double sum_there = json_number_value(json_object_get(recorded, "sum"));
    double squares_there = json_number_value(json_object_get(recorded, "sumsq"));
    cr_assert_float_eq(sum, sum_there, 2e-3 + 1e-5 * fabs(sum_there), "%s: %g, not %g", name, sum, sum_there);
    cr_assert_float_eq(squares, squares_there, 2e-3 + 1e-5 * squares_there, "%s: %g, not %g", name, squares,
                       squares_there);
    answer_fini(&a);
}

static void check_image(const char *name, json_t *recorded)
{
    struct image image = {0};
    struct diag diag = {0};
    struct text file = {0};
    text_format(&file, "images/%s", name);
    char *path = path_of(text_str(&file));
    text_free(&file);
    cr_assert_eq(image_read_png(path, &image, &diag), ERR_NONE, "%s", diag.text);
    free(path);
    cr_assert(shape_equal(image.shape, net->in));
    struct sample sample = {.own = true, .label = -1, .x = image.data};
    probe_run(&probe, &moment, &sample);

    struct answer a = {0};
    struct question q = {.type = question_find("probabilities")};
    cr_assert(probe_answer(&probe, &q, &a));
    json_t *p = json_object_get(recorded, "probs");
    cr_assert_eq(json_array_size(p), (size_t)net_classes(net));
    for (size_t i = 0; i < json_array_size(p); i++)
        cr_assert_float_eq((double)answer_part(&a, "p")->data[i], json_number_value(json_array_get(p, i)),
                           1e-5, "%s, class %zu", name, i);
    answer_fini(&a);

    const char *layer;
    json_t *sums, *layers = json_object_get(recorded, "layers");
    cr_assert_eq(json_object_size(layers), (size_t)net->layers);
    json_object_foreach(layers, layer, sums) check_layer(layer, sums);
    image_fini(&image);
}

Test(recorded, every_layer_of_every_image)
{
    struct diag diag = {0};
    if (!(folder = getenv("FOVEA_TEST_DATA")))
        cr_skip_test("FOVEA_TEST_DATA isn't set");
    char *weights = path_of("tiny-vgg.safetensors"), *numbers = path_of("expected.json");
    if (access(weights, R_OK) != 0)
        cr_skip_test("there is no %s", weights);
    cr_assert_eq(model_load("tiny-vgg", &net, &diag), ERR_NONE, "%s", diag.text);
    cr_assert_eq(moment_init(&moment, net, &diag), ERR_NONE);
    cr_assert_eq(weights_load(&moment.weights, net, weights, &diag), ERR_NONE, "%s", diag.text);
    cr_assert_eq(probe_init(&probe, net, &diag), ERR_NONE);
    json_t *all = json_load_file(numbers, 0, NULL), *images = json_object_get(all, "images"), *recorded;
    const char *name;
    cr_assert_gt(json_object_size(images), 0);
    json_object_foreach(images, name, recorded) check_image(name, recorded);
    json_decref(all);
    free(weights);
    free(numbers);
    probe_fini(&probe);
    moment_fini(&moment);
    net_free(net);
}
