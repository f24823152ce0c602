/**
 * The weights that come with the program: found by their names, good at the digits they were trained on, and the same bits when the command of their README trains again.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/asset.h"
#include "base/file.h"
#include "cli/command.h"
#include "nn/loss.h"
#include "nn/model.h"
#include "nn/weights.h"
#include "tensor/isa.h"
#include "train/evaluate.h"

enum { IMAGES = 2000 };

/* Other vector instructions and other compiler options may change the last bits. */
static bool makes_the_same_bits(void)
{
#if FOVEA_ISA_LEVELS == 3 && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    return isa_runs(ISA_avx2);
#else
    return false;
#endif
}

static const struct {
    const char *name, *model;
    int epochs;
    bool again; /* it takes seconds */
    double accuracy;
} shipped[] = {
    {"lenet-digits", "lenet", 3, true, 0.98},
    {"resnet-digits", "resnet-digits", 2, false, 0.98},
};

static char *path_of(const char *name)
{
    char *path = NULL;
    struct diag d = {0};
    cr_assert_eq(weights_path(name, &path, &d), ERR_NONE, "%s", d.text);
    return path;
}

static struct bytes bytes_of(const char *path)
{
    struct bytes b = {0};
    cr_assert_eq(file_read(path, 1 << 20, &b, NULL), ERR_NONE, "%s", path);
    return b;
}

Test(shipped, all_of_them_are_tested_and_small)
{
    char **names = NULL;
    int count = 0;
    cr_assert_eq(asset_list("weights", ".safetensors", &names, NULL), ERR_NONE);
    for (; names[count]; count++) {
        char *path = path_of(names[count]);
        struct bytes b = bytes_of(path);
        cr_assert(count < ARRAY_LEN(shipped) && strcmp(names[count], shipped[count].name) == 0, "%s",
                  names[count]);
        cr_assert_lt(b.size, 200000u, "%s", path);
        bytes_free(&b);
        free(path);
    }
    cr_assert_eq(count, ARRAY_LEN(shipped));
    asset_list_free(names);
}

Test(shipped, names_that_are_none)
{
    char *path = NULL;
    struct diag d = {0};
    cr_assert_eq(weights_path("lenet-digit", &path, &d), ERR_UNKNOWN);
    cr_assert_str_eq(
        d.text,
        "no file of weights and no built-in weights 'lenet-digit'; there are lenet-digits and resnet-digits");
    static const char *const taken[] = {"./lenet-digit", "lenet-digits.safetensors", "-", ""};
    for (int i = 0; i < ARRAY_LEN(taken); i++) {
        cr_assert_eq(weights_path(taken[i], &path, &d), ERR_NONE);
        cr_assert_str_eq(path, taken[i]);
        free(path);
    }
}

/* Digits of another seed than they were trained with. */
Test(shipped, they_know_digits)
{
    for (int i = 0; i < ARRAY_LEN(shipped); i++) {
        struct net *net = NULL, *model = NULL;
        struct weights w = {0};
        struct dataset *data = NULL;
        struct evaluator *evaluator = NULL;
        struct evaluation found = {0};
        struct diag d = {0};
        cr_assert_eq(open_network(NULL, shipped[i].name, &net, &w, &d), ERR_NONE, "%s", d.text);
        cr_assert_eq(model_load(shipped[i].model, &model, &d), ERR_NONE, "%s", d.text);
        cr_assert_str_eq(net->text, model->text);
        cr_assert_eq(dataset_open("digits", 12345, &data, &d), ERR_NONE, "%s", d.text);
        cr_assert_eq(evaluator_new(net, data, NULL, &evaluator, &d), ERR_NONE, "%s", d.text);
        evaluator_run(evaluator, &w, &loss_cross_entropy, SPLIT_TEST, 0, IMAGES, false, NULL, &found);
        cr_assert_geq(found.accuracy, shipped[i].accuracy, "%s: %.4f", shipped[i].name, found.accuracy);
        evaluation_fini(&found);
        evaluator_free(evaluator);
        dataset_close(data);
        weights_fini(&w);
        net_free(net);
        net_free(model);
    }
}

/* The line of the README that made the file. */
static void command_of(int i, char *line, size_t size)
{
    snprintf(line, size,
             "FOVEA_ISA=avx2 OPENBLAS_CORETYPE=Haswell fovea train --model %s --data digits --epochs %d "
             "--seed 1 --out %s.safetensors",
             shipped[i].model, shipped[i].epochs, shipped[i].name);
}

Test(shipped, the_readme_says_how_each_was_made)
{
    char *path = NULL, line[256];
    cr_assert_eq(asset_path("weights/README.md", &path, NULL), ERR_NONE);
    struct bytes b = bytes_of(path);
    for (int i = 0; i < ARRAY_LEN(shipped); i++) {
        command_of(i, line, sizeof line);
        cr_assert_not_null(strstr((const char *)b.data, line), "%s", line);
    }
    bytes_free(&b);
    free(path);
}

static void train_again(int i, const char *folder)
{
    char line[256], command[512];
    command_of(i, line, sizeof line);
    char *program = strstr(line, "fovea train");
    snprintf(command, sizeof command, "cd %s && %.*s%s%s --quiet", folder, (int)(program - line), line,
             FOVEA_PROGRAM, program + strlen("fovea"));
    cr_assert_eq(system(command), 0, "%s", command);
}

Test(shipped, training_again_makes_the_same_bytes)
{
    if (!makes_the_same_bits())
        cr_skip("it was compiled otherwise, or this processor has no AVX2");
    for (int i = 0; i < ARRAY_LEN(shipped); i++) {
        char folder[] = "/tmp/fovea-shipped-XXXXXX", made[128];
        if (!shipped[i].again)
            continue;
        cr_assert_not_null(mkdtemp(folder));
        train_again(i, folder);
        snprintf(made, sizeof made, "%s/%s.safetensors", folder, shipped[i].name);
        char *path = path_of(shipped[i].name);
        struct bytes a = bytes_of(path), b = bytes_of(made);
        cr_expect(a.size == b.size && memcmp(a.data, b.data, a.size) == 0, "%s", shipped[i].name);
        bytes_free(&a);
        bytes_free(&b);
        free(path);
        cr_assert(unlink(made) == 0 && rmdir(folder) == 0);
    }
}
