/** Weights in files: written and read back, by the names that PyTorch gives, and what is said when they don't fit. */
#include <criterion/criterion.h>
#include <math.h>

#include "base/asset.h"
#include "base/file.h"
#include "base/text.h"
#include "nets.h"
#include "nn/weights.h"
#include "tensor/safetensors.h"

TestSuite(weights, .init = enter_folder, .fini = leave_folder);

static void check_round_trip(const char *model)
{
    struct net *net = net_load(model);
    struct weights w = weights_of(net, 3), read = {0};
    char *classes[] = {"one", "zwei", "drei \xc3\xa4"};
    struct diag d = {0};
    struct safetensors *f = NULL;
    cr_assert_eq(weights_save(&w, net, classes, 3, "saved", &d), ERR_NONE, "%s", d.text);
    cr_assert_eq(weights_init(&read, net, NULL), ERR_NONE);
    cr_assert_eq(weights_load(&read, net, "saved", &d), ERR_NONE, "%s", d.text);
    cr_assert(same_bits(w.params_count, w.params, read.params), "%s", model);
    cr_assert(same_bits(w.buffers_count, w.buffers, read.buffers), "%s", model);
    cr_assert_eq(safetensors_open("saved", &f, NULL), ERR_NONE);
    cr_assert_str_eq(safetensors_metadata(f, "fovea.model"), net->text);
    cr_assert_str_eq(safetensors_metadata(f, "fovea.classes"), "one\nzwei\ndrei \xc3\xa4\n");
    cr_assert_eq(safetensors_count(f), weights_tensors(net));
    cr_assert_eq(weights_check(net, f, "saved", NULL), ERR_NONE);
    safetensors_close(f);
    weights_fini(&w);
    weights_fini(&read);
    net_free(net);
}

Test(weights, of_every_built_in_model_read_back)
{
    char **names = NULL;
    cr_assert_eq(model_list(&names, NULL), ERR_NONE);
    for (int i = 0; names[i]; i++)
        check_round_trip(strcmp(names[i], "resnet18") == 0 ? "resnet18:width=8,size=64" : names[i]);
    asset_list_free(names);
}

Test(weights, copies_and_beginnings)
{
    struct net *net = net_of("input 2x4x4\nconv 3 3x3\nbatchnorm\n");
    struct weights a = weights_of(net, 1), b = {0};
    cr_assert_eq(weights_init(&b, net, NULL), ERR_NONE);
    for (size_t i = 0; i < b.params_count; i++)
        cr_assert_eq(b.params[i], 0);
    for (size_t i = 0; i < 6; i++)
        cr_assert_eq(b.buffers[i], i < 3 ? 0 : 1);
    weights_copy(&b, &a);
    cr_assert(same_bits(a.params_count, a.params, b.params) &&
              same_bits(a.buffers_count, a.buffers, b.buffers));
    weights_fini(&a);
    weights_fini(&b);
    weights_fini(&b);
    net_free(net);
}

/* ---- what fits, and what doesn't ---- */

/* Numbers enough for any of the tensors here. */
static const float numbers[200] = {1, 2, 3};
static const int64_t counts[1] = {5};

static const char small[] = "input 1x3x3\nconv 2 3x3\nbatchnorm\nflatten\nfc: dense 3\n";

#define CONV                                                                                                 \
    {"conv1.weight", DTYPE_F32, 4, {2, 1, 3, 3}, numbers},                                                   \
    {                                                                                                        \
        "conv1.bias", DTYPE_F32, 1, {2}, numbers                                                             \
    }
#define BN                                                                                                   \
    {"bn1.weight", DTYPE_F32, 1, {2}, numbers},                                                              \
    {                                                                                                        \
        "bn1.bias", DTYPE_F32, 1, {2}, numbers                                                               \
    }
#define STATS                                                                                                \
    {"bn1.running_mean", DTYPE_F32, 1, {2}, numbers},                                                        \
    {                                                                                                        \
        "bn1.running_var", DTYPE_F32, 1, {2}, numbers                                                        \
    }
#define FC                                                                                                   \
    {"fc.weight", DTYPE_F32, 2, {3, 2}, numbers},                                                            \
    {                                                                                                        \
        "fc.bias", DTYPE_F32, 1, {3}, numbers                                                                \
    }

static const struct {
    struct safetensors_item items[10];
    const char *said; /* NULL: it is read */
} files[] = {
    {{CONV, BN, STATS, FC}, NULL},
    {{FC, STATS, BN, CONV}, NULL},
    {{CONV, BN, STATS, FC, {"bn1.num_batches_tracked", DTYPE_I64, 0, {0}, counts}}, NULL},
    {{CONV, BN, STATS, FC, {"bn1.num_batches_tracked", DTYPE_F32, 0, {0}, numbers}}, NULL},
    {{CONV,
      BN,
      STATS,
      FC,
      {"steps", DTYPE_I64, 1, {1}, counts},
      {"optimizer.velocity", DTYPE_F32, 1, {7}, numbers}},
     "f: the file has a tensor 'optimizer.velocity' [7] that the network has no place for"},
    {{CONV, BN, STATS, FC, {"steps", DTYPE_I64, 1, {1}, counts}}, NULL},
    {{CONV,
      BN,
      STATS,
      {"fc.weight", DTYPE_F32, 4, {3, 2, 1, 1}, numbers},
      {"fc.bias", DTYPE_F32, 1, {3}, numbers}},
     NULL},
    {{CONV, BN, STATS, {"fc.weight", DTYPE_F32, 2, {2, 3}, numbers}, {"fc.bias", DTYPE_F32, 1, {3}, numbers}},
     "f: tensor 'fc.weight' is [2, 3], but the network needs [3, 2]"},
    {{CONV, BN, STATS, {"fc.weight", DTYPE_F32, 1, {6}, numbers}, {"fc.bias", DTYPE_F32, 1, {3}, numbers}},
     "f: tensor 'fc.weight' is [6], but the network needs [3, 2]"},
    {{{"conv1.weight", DTYPE_F32, 4, {2, 3, 3, 1}, numbers},
      {"conv1.bias", DTYPE_F32, 1, {2}, numbers},
      BN,
      STATS,
      FC},
     "f: tensor 'conv1.weight' is [2, 3, 3, 1], but the network needs [2, 1, 3, 3]"},
    {{CONV, BN, FC},
     "f: the network needs a tensor 'bn1.running_mean' [2], but the file has conv1.weight, conv1.bias, "
     "bn1.weight, bn1.bias, fc.weight and fc.bias"},
    {{{0}}, "f: the network needs a tensor 'conv1.weight' [2, 1, 3, 3], but the file has none"},
    {{CONV, BN, STATS, FC, {"conv2.weight", DTYPE_F32, 2, {3, 3}, numbers}},
     "f: the file has a tensor 'conv2.weight' [3, 3] that the network has no place for"},
    {{CONV, BN, STATS, FC, {"conv1", DTYPE_F32, 1, {3}, numbers}},
     "f: the file has a tensor 'conv1' [3] that the network has no place for"},
    {{CONV, BN, STATS, FC, {"fc.running_mean", DTYPE_F32, 1, {3}, numbers}},
     "f: the file has a tensor 'fc.running_mean' [3] that the network has no place for"},
    {{CONV, BN, STATS, {"fc.weight", DTYPE_F32, 2, {3, 2}, numbers}, {"fc.bias", DTYPE_I64, 1, {1}, counts}},
     "f: tensor 'fc.bias' holds whole numbers, but weights are F32, F16, BF16 or F64"},
};

Test(weights, fit_by_name_and_shape_alone)
{
    struct net *net = net_of(small);
    for (int i = 0; i < ARRAY_LEN(files); i++) {
        struct weights w = weights_of(net, 1), before = weights_of(net, 1);
        struct diag d = {0};
        int count = 0;
        while (count < ARRAY_LEN(files[i].items) && files[i].items[count].name)
            count++;
        cr_assert_eq(safetensors_write("f", files[i].items, count, NULL, 0, &d), ERR_NONE, "%s", d.text);
        enum err err = weights_load(&w, net, "f", &d);
        cr_expect_str_eq(d.text, files[i].said ? files[i].said : "", "file %d: %s", i, d.text);
        cr_assert_eq(!err, !files[i].said);
        if (err) {
            cr_assert(same_bits(w.params_count, w.params, before.params), "nothing is written on failure");
            cr_assert(same_bits(w.buffers_count, w.buffers, before.buffers));
        } else
            for (int l = 0; l < net->layers; l++)
                for (int p = 0; p < net->layer[l].params; p++)
                    cr_assert_eq(w.params[net->layer[l].param[p].offset + 1], 2);
        weights_fini(&w);
        weights_fini(&before);
    }
    net_free(net);
}

/* As data parallelism and wrappers name them: one prefix before all. */
static const struct {
    const char *prefix, *last; /* last: what the file calls the last tensor */
    const char *said;
} prefixed[] = {
    {"module.", "module.fc.bias", ""},
    {"model.body.", "model.body.fc.bias", ""},
    {"m", "mfc.bias", "f: the network needs a tensor 'conv1.weight' [2, 1, 3, 3], but the file has "},
    {".", ".fc.bias", "f: the network needs a tensor 'conv1.weight' [2, 1, 3, 3], but the file has "},
    {"a.", "fc.bias", "f: the network needs a tensor 'fc.bias' [3], but the file has "},
    {"a.", "b.fc.bias", "f: the network needs a tensor 'fc.bias' [3], but the file has "},
};

Test(weights, one_prefix_before_all_names)
{
    static const struct safetensors_item plain[] = {CONV, BN, STATS, FC};
    struct net *net = net_of(small);
    for (int i = 0; i < ARRAY_LEN(prefixed); i++) {
        struct weights w = weights_of(net, 1);
        struct safetensors_item item[ARRAY_LEN(plain)];
        char name[ARRAY_LEN(plain)][64];
        struct diag d = {0};
        for (int k = 0; k < ARRAY_LEN(plain); k++) {
            bool last = k == ARRAY_LEN(plain) - 1;
            item[k] = plain[k];
            snprintf(name[k], sizeof name[k], "%s%s", prefixed[i].prefix, plain[k].name);
            item[k].name = last ? prefixed[i].last : name[k];
        }
        cr_assert_eq(safetensors_write("f", item, ARRAY_LEN(item), NULL, 0, NULL), ERR_NONE);
        enum err err = weights_load(&w, net, "f", &d);
        cr_expect_eq(strncmp(d.text, prefixed[i].said, strlen(prefixed[i].said)), 0, "%s", d.text);
        cr_assert_eq(!err, !*prefixed[i].said, "%s", d.text);
        for (int l = 0; l < net->layers && !err; l++)
            for (int p = 0; p < net->layer[l].params; p++)
                cr_assert_eq(w.params[net->layer[l].param[p].offset + 1], 2);
        weights_fini(&w);
    }
    net_free(net);
}

/* The numbers of `normalize` may stand in the file too, if they are the same. */
static const struct {
    struct safetensors_item extra;
    const char *said;
} normalizing[] = {
    {{"normalize.mean", DTYPE_F32, 4, {1, 3, 1, 1}, (const float[]){0.1f, 0.2f, 0.3f}}, ""},
    {{"sigma", DTYPE_F32, 3, {3, 1, 1}, (const float[]){0.5f, 0.25f, 0.125f}}, ""},
    {{"mu", DTYPE_F32, 1, {3}, (const float[]){0.1f, 0.2f, 0.4f}},
     "f: the file has a tensor 'mu' [3] that the network has no place for"},
    {{"mu", DTYPE_F32, 1, {3}, (const float[]){0.1f, NAN, 0.3f}},
     "f: the file has a tensor 'mu' [3] that the network has no place for"},
    {{"mu", DTYPE_F32, 1, {1}, (const float[]){0.1f}},
     "f: the file has a tensor 'mu' [1] that the network has no place for"},
};

Test(weights, what_normalize_has_already)
{
    struct net *net = net_of("input 3x1x1\nnormalize 0.1,0.2,0.3 0.5,0.25,0.125\nfc: dense 2\n");
    for (int i = 0; i < ARRAY_LEN(normalizing); i++) {
        struct weights w = weights_of(net, 1);
        struct safetensors_item item[] = {{"fc.weight", DTYPE_F32, 2, {2, 3}, numbers},
                                          {"fc.bias", DTYPE_F32, 1, {2}, numbers},
                                          normalizing[i].extra};
        struct diag d = {0};
        cr_assert_eq(safetensors_write("f", item, 3, NULL, 0, NULL), ERR_NONE);
        cr_expect_eq(!weights_load(&w, net, "f", &d), !*normalizing[i].said);
        cr_expect_str_eq(d.text, normalizing[i].said);
        weights_fini(&w);
    }
    net_free(net);
}

Test(weights, halves_are_read)
{
    struct net *net = net_of("input 2\nd: dense 1\n");
    struct weights w = {0};
    struct text t = {0}, file = {0};
    text_add(&t, "{\"d.weight\":{\"dtype\":\"F16\",\"shape\":[1,2],\"data_offsets\":[0,4]},"
                 "\"d.bias\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[4,12]}}");
    const double bias = 0.25;
    for (int i = 0; i < 8; i++)
        text_add_n(&file, (const char[]){(char)(t.length >> 8 * i)}, 1);
    text_add_n(&file, t.data, t.length);
    text_add_n(&file, "\x00\x3c\x00\xc1", 4);
    text_add_n(&file, (const char *)&bias, 8);
    cr_assert_eq(file_write("f", file.data, file.length, NULL), ERR_NONE);
    cr_assert_eq(weights_init(&w, net, NULL), ERR_NONE);
    cr_assert_eq(weights_load(&w, net, "f", NULL), ERR_NONE);
    cr_assert_eq(w.params[0], 1);
    cr_assert_eq(w.params[1], -2.5f);
    cr_assert_eq(w.params[2], 0.25f);
    weights_fini(&w);
    net_free(net);
    text_free(&t);
    text_free(&file);
}

/* ---- ResNet-18 as PyTorch names and shapes it ---- */

enum { TENSORS = 122, WIDTH = 8, CLASSES = 10 };

struct list {
    struct safetensors_item item[TENSORS + 8];
    char name[TENSORS + 8][64];
    int count;
};

static void add(struct list *l, const char *prefix, const char *suffix, enum dtype dtype, int rank, int a,
                int b, int k)
{
    struct safetensors_item *item = &l->item[l->count];
    snprintf(l->name[l->count], sizeof l->name[0], "%s.%s", prefix, suffix);
    *item = (struct safetensors_item){l->name[l->count], dtype, rank, {a, b, k, k}, NULL};
    l->count++;
}

static void add_norm(struct list *l, const char *prefix, int channels)
{
    add(l, prefix, "weight", DTYPE_F32, 1, channels, 0, 0);
    add(l, prefix, "bias", DTYPE_F32, 1, channels, 0, 0);
    add(l, prefix, "running_mean", DTYPE_F32, 1, channels, 0, 0);
    add(l, prefix, "running_var", DTYPE_F32, 1, channels, 0, 0);
    add(l, prefix, "num_batches_tracked", DTYPE_I64, 0, 0, 0, 0);
}

/* conv1, bn1, four layers of two blocks of two convolutions, the first block of all but the first with a downsample, fc. */
static void list_resnet18(struct list *l)
{
    char prefix[32];
    int in = WIDTH;
    add(l, "conv1", "weight", DTYPE_F32, 4, WIDTH, 3, 7);
    add_norm(l, "bn1", WIDTH);
    for (int layer = 1; layer <= 4; layer++)
        for (int block = 0; block < 2; block++) {
            int out = WIDTH << (layer - 1);
            for (int k = 1; k <= 2; k++) {
                snprintf(prefix, sizeof prefix, "layer%d.%d.conv%d", layer, block, k);
                add(l, prefix, "weight", DTYPE_F32, 4, out, k == 1 ? in : out, 3);
                snprintf(prefix, sizeof prefix, "layer%d.%d.bn%d", layer, block, k);
                add_norm(l, prefix, out);
            }
            if (block == 0 && layer > 1) {
                snprintf(prefix, sizeof prefix, "layer%d.0.downsample.0", layer);
                add(l, prefix, "weight", DTYPE_F32, 4, out, in, 1);
                snprintf(prefix, sizeof prefix, "layer%d.0.downsample.1", layer);
                add_norm(l, prefix, out);
            }
            in = out;
        }
    add(l, "fc", "weight", DTYPE_F32, 2, CLASSES, 8 * WIDTH, 0);
    add(l, "fc", "bias", DTYPE_F32, 1, CLASSES, 0, 0);
}

Test(weights, resnet18_has_the_names_of_pytorch)
{
    static struct list l;
    struct net *net = net_load("resnet18:width=8,classes=10,size=64");
    struct weights w = {0};
    struct diag d = {0};
    const float *data = random_floats(8 * WIDTH * 8 * WIDTH * 9, 0, 1, 1);
    list_resnet18(&l);
    cr_assert_eq(l.count, TENSORS);
    for (int i = 0; i < l.count; i++)
        l.item[i].data = data;
    int floats = 0;
    for (int i = 0; i < l.count; i++)
        floats += l.item[i].dtype == DTYPE_F32;
    cr_assert_eq(weights_tensors(net), floats);
    cr_assert_eq(safetensors_write("resnet", l.item, l.count, NULL, 0, NULL), ERR_NONE);
    cr_assert_eq(weights_init(&w, net, NULL), ERR_NONE);
    cr_assert_eq(weights_load(&w, net, "resnet", &d), ERR_NONE, "%s", d.text);
    for (int l2 = 0; l2 < net->layers; l2++)
        for (int p = 0; p < net->layer[l2].params; p++)
            cr_assert(
                same_bits(net->layer[l2].param[p].count, w.params + net->layer[l2].param[p].offset, data));
    weights_fini(&w);
    net_free(net);
    free((float *)(uintptr_t)data);
}

/* What another program wrote. */
Test(weights, resnet18_of_another_program_is_read)
{
    static const char path[] =
        FOVEA_SOURCE_ASSETS "/../tests/golden/cases/network/resnet18-narrow.weights.safetensors";
    struct safetensors *f = NULL;
    struct diag d = {0};
    cr_assert_eq(safetensors_open(path, &f, &d), ERR_NONE, "%s", d.text);
    const struct safetensors_entry *conv = safetensors_find(f, "conv1.weight"),
                                   *fc = safetensors_find(f, "fc.weight");
    char model[96];
    cr_assert(conv && fc);
    snprintf(model, sizeof model, "resnet18:width=%ld,classes=%ld,size=64", conv->dim[0], fc->dim[0]);
    struct net *net = net_load(model);
    struct weights w = {0};
    cr_assert_eq(weights_init(&w, net, NULL), ERR_NONE);
    cr_assert_eq(weights_from(&w, net, f, path, &d), ERR_NONE, "%s", d.text);
    float last = 0;
    struct tensor t = {0};
    cr_assert_eq(safetensors_tensor(f, "fc.bias", &t, NULL), ERR_NONE);
    last = t.data[tensor_count(&t) - 1];
    cr_assert(same_bits(1, &last, &w.params[w.params_count - 1]));
    tensor_fini(&t);
    weights_fini(&w);
    net_free(net);
    safetensors_close(f);
}
