/** The model file: what it builds, what it writes back, and what it says of mistakes. */
#include <criterion/criterion.h>
#include <locale.h>

#include "base/asset.h"
#include "base/file.h"
#include "base/text.h"
#include "nets.h"

static void check_same(const struct net *a, const struct net *b)
{
    cr_assert_str_eq(a->text, b->text);
    cr_assert_eq(a->layers, b->layers);
    cr_assert(shape_equal(a->in, b->in));
    cr_assert_eq(a->params, b->params);
    cr_assert_eq(a->buffers, b->buffers);
    cr_assert_eq(a->meets, b->meets);
    for (int i = 0; i < a->layers; i++) {
        const struct layer *l = &a->layer[i], *m = &b->layer[i];
        cr_assert_str_eq(l->name, m->name);
        cr_assert_eq(l->type, m->type);
        cr_assert(shape_equal(l->out, m->out));
        for (int k = 0; k < l->inputs; k++)
            cr_assert_eq(l->in[k], m->in[k]);
        for (int p = 0; p < l->params; p++)
            cr_assert_eq(l->param[p].offset, m->param[p].offset);
    }
}

/* What a net writes of itself, read back. */
static struct net *again(const struct net *net)
{
    struct net *second = net_of(net->text);
    check_same(net, second);
    return second;
}

Test(model, every_built_in_one_reads_back)
{
    char **names = NULL;
    int count = 0;
    cr_assert_eq(model_list(&names, NULL), ERR_NONE);
    for (; names[count]; count++) {
        struct net *net = net_load(names[count]);
        net_free(again(net));
        net_free(net);
    }
    cr_assert_geq(count, 8);
    asset_list_free(names);
}

Test(model, parameters_as_worked_out_by_hand)
{
    static const struct {
        const char *name;
        size_t params, buffers;
        int outputs;
    } known[] = {
        {"mlp", 784 * 128 + 128 + 128 * 10 + 10, 0, 10},
        {"tiny", 8 * 25 + 8 + 8 * 144 * 10 + 10, 0, 10},
        {"lenet", 8 * 25 + 8 + 16 * 8 * 25 + 16 + 256 * 10 + 10, 0, 10},
        {"tiny-vgg", 10 * 27 + 10 + 3 * (10 * 90 + 10) + 1690 * 10 + 10, 0, 10},
        {"resnet18", 11689512, 2 * 4800, 1000}, /* as published */
        {"resnet18:width=8,classes=10,size=64",
         8 * 147 + 16 + 4 * 576 + 64 + (1152 + 2304 * 3 + 128 + 128 + 32) +
             (4608 + 9216 * 3 + 512 + 256 + 64) + (18432 + 36864 * 3 + 2048 + 512 + 128) + 650,
         1200 / 2 * 2, 10},
    };
    for (int i = 0; i < ARRAY_LEN(known); i++) {
        struct net *net = net_load(known[i].name);
        cr_assert_eq(net->params, known[i].params, "%s has %zu parameters, not %zu", known[i].name,
                     net->params, known[i].params);
        cr_assert_eq(net->buffers, known[i].buffers, "%s has %zu buffers", known[i].name, net->buffers);
        cr_assert_eq(net_classes(net), known[i].outputs);
        net_free(net);
    }
}

/* A line of each type with all its options, and what it is written as. A type that isn't here fails the test. */
static const struct {
    const char *line, *written;
} options[] = {
    {"conv 8 3x5 stride 2x3 pad 1x2 dilation 2x1 groups 4 nobias",
     "conv1: conv 8 3x5 stride 2x3 pad 1x2 dilation 2x1 groups 4 nobias"},
    {"conv 8 3", "conv1: conv 8 3x3"},
    {"conv 8 3 nobias pad 1", "conv1: conv 8 3x3 pad 1x1 nobias"},
    {"dense 7 from flat", "dense1: dense 7 from flat"},
    {"dense 7 nobias from flat", "dense1: dense 7 nobias from flat"},
    {"relu", "relu1: relu"},
    {"leakyrelu", "leakyrelu1: leakyrelu slope 0.00999999978"},
    {"leakyrelu slope 0.3", "leakyrelu1: leakyrelu slope 0.300000012"},
    {"leakyrelu 0.25", "leakyrelu1: leakyrelu slope 0.25"},
    {"leakyrelu slope 1", "leakyrelu1: leakyrelu slope 1"},
    {"elu", "elu1: elu alpha 1"},
    {"elu alpha 0.5", "elu1: elu alpha 0.5"},
    {"sigmoid", "sigmoid1: sigmoid"},
    {"tanh", "tanh1: tanh"},
    {"softmax", "softmax1: softmax"},
    {"maxpool 2", "pool1: maxpool 2x2"},
    {"maxpool 3x2 stride 1x2 pad 1x0", "pool1: maxpool 3x2 stride 1x2 pad 1x0"},
    {"avgpool 3 stride 2 pad 1", "pool1: avgpool 3x3 stride 2x2 pad 1x1"},
    {"globalavgpool", "pool1: globalavgpool"},
    {"batchnorm", "bn1: batchnorm eps 9.99999975e-06 momentum 0.100000001"},
    {"batchnorm momentum 0.5 eps 1e-12", "bn1: batchnorm eps 9.99999996e-13 momentum 0.5"},
    {"batchnorm eps 1 momentum 0", "bn1: batchnorm eps 1 momentum 0"},
    {"dropout", "dropout1: dropout 0.5"},
    {"dropout 0.999", "dropout1: dropout 0.999000013"},
    {"dropout rate 0", "dropout1: dropout 0"},
    {"flatten", "flatten1: flatten"},
    {"add input input", "add1: add input input"},
    {"normalize 0.5 1e-9", "normalize1: normalize 0.5 9.99999972e-10"},
    {"normalize -1,0,0.1,1e9 1,2,3,4", "normalize1: normalize -1,0,0.100000001,1e+09 1,2,3,4"},
};

static void check_options(void)
{
    for (int i = 0; i < ARRAY_LEN(options); i++) {
        struct text t = {0};
        text_format(&t, "input 4x12x13\nflat: flatten\nr: relu from input\n%s\n", options[i].line);
        struct net *net = net_of(text_str(&t)), *second = again(net);
        const char *line = strstr(net->text, "relu from input\n") + strlen("relu from input\n");
        cr_assert_eq(strncmp(line, options[i].written, strlen(options[i].written)), 0, "%s is written %s",
                     options[i].line, line);
        cr_assert_eq(line[strlen(options[i].written)], '\n');
        const struct layer *a = &net->layer[2], *b = &second->layer[2];
        cr_assert_eq(memcmp(&a->options, &b->options, sizeof a->options), 0, "the options of %s",
                     options[i].line);
        net_free(net);
        net_free(second);
        text_free(&t);
    }
}

Test(model, options_of_every_type_read_back)
{
    for (int i = 0; layer_types[i]; i++) {
        const struct layer_type *type = layer_types[i];
        size_t length = strlen(type->name);
        bool found = false;
        for (int k = 0; k < ARRAY_LEN(options); k++)
            found = found || (strncmp(options[k].line, type->name, length) == 0 &&
                              strchr(" ", options[k].line[length]));
        cr_assert(found, "this test has no line for %s", type->name);
        cr_assert_eq(layer_type_find(type->name), type);
        cr_assert_eq(strncmp(type->usage, type->name, length), 0, "the usage of %s begins with it",
                     type->name);
        cr_assert_not_null(type->help);
    }
    cr_assert_null(layer_type_find("convolution"));
    check_options();
}

Test(model, a_comma_locale_changes_nothing)
{
    static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8", "ru_RU.UTF-8"};
    bool found = false;
    for (int i = 0; i < ARRAY_LEN(locales) && !found; i++)
        found = setlocale(LC_ALL, locales[i]) && strcmp(localeconv()->decimal_point, ",") == 0;
    if (!found)
        cr_skip_test("no locale with a decimal comma is installed");
    check_options();
}

Test(model, names_inputs_and_numbers)
{
    struct net *net =
        net_of("# a comment\r\n\n  input 3x8x8 # and another\r\nlet w 3\n\tconv 2w wxw pad "
               "1\nrelu\nrelu2: relu\nr: relu\nrelu\n"
               "add relu2 r\nfrom.conv-1_: conv w 1 from relu2\nlast: add from.conv-1_ from.conv-1_");
    static const char *const names[] = {"conv1", "relu1", "relu2",        "r",
                                        "relu3", "add1",  "from.conv-1_", "last"};
    cr_assert_eq(net->layers, ARRAY_LEN(names));
    for (int i = 0; i < net->layers; i++) {
        cr_assert_str_eq(net->layer[i].name, names[i]);
        cr_assert_eq(net_find(net, names[i]), i);
    }
    cr_assert_eq(net_find(net, "relu4"), -1);
    cr_assert(shape_equal(net->layer[0].out, (struct shape){6, 8, 8}));
    cr_assert_eq(net->layer[5].in[0], 2);
    cr_assert_eq(net->layer[5].in[1], 3);
    cr_assert_eq(net->layer[6].in[0], 2);
    cr_assert_eq(net->layer[6].out.c, 3);
    cr_assert_eq(net->layer[6].line, 11);
    net_free(again(net));
    net_free(net);
}

Test(model, settings_replace_numbers)
{
    static const char text[] = "let w 4\nlet classes 10\ninput 2\ndense w\nrelu\ndense classes\n";
    struct net *net = NULL;
    struct diag d = {0};
    cr_assert_eq(model_parse(text, "m", "w=7,classes=3", &net, &d), ERR_NONE, "%s", d.text);
    cr_assert_eq(net->layer[0].out.c, 7);
    cr_assert_eq(net_classes(net), 3);
    net_free(net);
    cr_assert_eq(model_parse(text, "m", "", &net, &d), ERR_NONE);
    cr_assert_eq(net->layer[0].out.c, 4);
    net_free(net);
    static const struct {
        const char *settings, *said;
    } wrong[] = {
        {"width=7", "m: the model has no number named 'width' to set"},
        {"w", "m: the setting 'w' isn't NAME=NUMBER"},
        {"w=", "m: w is '', but must be a whole number from 0"},
        {"w=-1", "m: w is '-1', but must be a whole number from 0"},
        {"w=1,w=2", "m: w is set twice"},
        {"zz=1,zz=2", "m: zz is set twice"},
        {"w=0", "m:4: the number of outputs is '0', but must be a whole number from 1 to 16777216"},
    };
    for (int i = 0; i < ARRAY_LEN(wrong); i++) {
        cr_assert_neq(model_parse(text, "m", wrong[i].settings, &net, &d), ERR_NONE, "%s", wrong[i].settings);
        cr_assert_str_eq(d.text, wrong[i].said);
    }
}

#define TYPES                                                                                                \
    "conv, dense, relu, leakyrelu, elu, sigmoid, tanh, softmax, maxpool, avgpool, globalavgpool, "           \
    "batchnorm, "                                                                                            \
    "dropout, flatten, add and normalize"

/* Every sentence: where, what was found, what was expected or is known. */
static const struct {
    const char *text, *said;
    enum err err;
} mistakes[] = {
    {"", "f: a model has an `input` line and at least one layer", ERR_FORMAT},
    {"input 4\n", "f: a model has an `input` line and at least one layer", ERR_FORMAT},
    {"relu\n", "f:1: `input CHANNELSxROWSxCOLUMNS` must come before the first layer", ERR_FORMAT},
    {"input 4x4\n", "f:1: `input` wants CHANNELSxROWSxCOLUMNS, as in `input 1x28x28`", ERR_FORMAT},
    {"input 0x4x4\n", "f:1: `input` wants CHANNELSxROWSxCOLUMNS, as in `input 1x28x28`", ERR_FORMAT},
    {"input 1x4x4 2\n", "f:1: `input` wants CHANNELSxROWSxCOLUMNS, as in `input 1x28x28`", ERR_FORMAT},
    {"input\n", "f:1: `input` wants CHANNELSxROWSxCOLUMNS, as in `input 1x28x28`", ERR_FORMAT},
    {"input 4\ninput 4\n", "f:2: a second `input`", ERR_FORMAT},
    {"input 4\n\nrellu\n", "f:3: no layer type 'rellu'; there are " TYPES, ERR_UNKNOWN},
    {"input 4\nname:\n", "f:2: a name without a layer, as in `first: conv 8 5x5`", ERR_FORMAT},
    {"input 4\na/b: relu\n", "f:2: '/' in the name 'a/b': letters, digits, '.', '_' and '-' can stand there",
     ERR_FORMAT},
    {"input 4\na: relu\na: relu\n", "f:3: there is a layer 'a' already", ERR_FORMAT},
    {"input 4\ninput: relu\n", "f:2: there is a layer 'input' already", ERR_FORMAT},
    {"input 4\na: relu\nrelu from b\n", "f:3: no earlier layer 'b'; there are input and a", ERR_UNKNOWN},
    {"input 4\nrelu from b\n", "f:2: no earlier layer 'b'; there is only input", ERR_UNKNOWN},
    {"input 4\na: relu\nb: tanh\nadd a c\n", "f:4: no earlier layer 'c'; there are input, a and b",
     ERR_UNKNOWN},
    {"input 4\nadd input\n", "f:2: add wants more; it is written: add LAYER LAYER", ERR_FORMAT},
    {"input 4\nadd input input from input\n", "f:2: `from` wants the name of the one layer that add reads",
     ERR_FORMAT},
    {"input 4\nrelu from\n", "f:2: `from` wants the name of the one layer that relu reads", ERR_FORMAT},
    {"input 4\nrelu 7\n", "f:2: '7' isn't an option of relu; it is written: relu", ERR_UNKNOWN},
    {"input 4\nadd input input 7\n", "f:2: '7' isn't an option of add; it is written: add LAYER LAYER",
     ERR_UNKNOWN},
    {"input 1x4x4\nconv 8\n",
     "f:2: conv wants more; it is written: conv CHANNELS ROWSxCOLS [stride S] [pad P] [dilation D] [groups "
     "G] [nobias]",
     ERR_FORMAT},
    {"input 1x4x4\nconv 8 3 5\n",
     "f:2: '5' isn't an option of conv; it is written: conv CHANNELS ROWSxCOLS [stride S] [pad P] [dilation "
     "D] [groups G] [nobias]",
     ERR_UNKNOWN},
    {"input 1x4x4\nconv 8 3 padding 1\n",
     "f:2: 'padding' isn't an option of conv; it is written: conv CHANNELS ROWSxCOLS [stride S] [pad P] "
     "[dilation D] [groups G] [nobias]",
     ERR_UNKNOWN},
    {"input 1x4x4\nconv 8 3x\n", "f:2: the kernel is '', but must be a whole number from 1 to 16777216",
     ERR_FORMAT},
    {"input 1x4x4\nconv 8 3 stride 0\n", "f:2: stride is '0', but must be a whole number from 1 to 16777216",
     ERR_FORMAT},
    {"input 1x4x4\nconv 8 3 stride\n", "f:2: stride wants a value", ERR_FORMAT},
    {"input 1x4x4\nconv eight 3\n",
     "f:2: 'eight' isn't an option of conv; it is written: conv CHANNELS ROWSxCOLS [stride S] [pad P] "
     "[dilation D] [groups G] [nobias]",
     ERR_UNKNOWN},
    {"input 1x4x4\nc: conv 8 5\n",
     "f:2: conv 'c': a kernel of 5x5 is larger than its input 1x4x4 with its padding", ERR_SHAPE},
    {"input 3x4x4\nconv 8 3 groups 2\n",
     "f:2: conv 'conv1': 2 groups must divide its 3 input and its 8 output channels", ERR_SHAPE},
    {"input 1x4x4\nmaxpool\n", "f:2: maxpool wants more; it is written: maxpool ROWSxCOLS [stride S] [pad P]",
     ERR_FORMAT},
    {"input 1x4x4\nmaxpool 2 dilation 2\n",
     "f:2: 'dilation' isn't an option of maxpool; it is written: maxpool ROWSxCOLS [stride S] [pad P]",
     ERR_UNKNOWN},
    {"input 1x4x4\navgpool 5\n", "f:2: avgpool 'pool1': a window of 5x5 is larger than its input 1x4x4",
     ERR_SHAPE},
    {"input 1x4x4\nmaxpool 2 pad 2\n",
     "f:2: maxpool 'pool1': a pad of 2x2 is more than half of its window of 2x2", ERR_SHAPE},
    {"input 1x4x4\ndense 3\n",
     "f:2: dense 'dense1': its input is 1x4x4, but must be a vector: put `flatten` before it", ERR_SHAPE},
    {"input 1x4x4\nconv 1 2\nadd conv1 input\n", "f:3: no earlier layer 'conv1'; there is only input",
     ERR_UNKNOWN},
    {"input 1x4x4\na: conv 1 2\nadd a input\n",
     "f:3: add 'add1': it sums layers of 1x3x3 and 1x4x4, which must have the same shape", ERR_SHAPE},
    {"input 4\ndropout 1\n", "f:2: the rate is '1', but must be a number from 0 to 0.999", ERR_FORMAT},
    {"input 4\nleakyrelu slope nan\n", "f:2: slope is 'nan', but must be a number from 0 to 1", ERR_FORMAT},
    {"input 4\nbatchnorm eps 0\n", "f:2: eps is '0', but must be a number from 1e-12 to 1", ERR_FORMAT},
    {"input 4\nnormalize 1,2 3\n", "f:2: 2 means, but 1 standard deviations", ERR_FORMAT},
    {"input 4\nnormalize 1 0\n",
     "f:2: the standard deviation is '0', but must be a number from 1e-09 to 1e+09", ERR_FORMAT},
    {"input 4\nnormalize 1,2 1,2\n",
     "f:2: normalize 'normalize1': it lists 2 channels, but its input is 4x1x1", ERR_SHAPE},
    {"let a\n", "f:1: `let` wants a name and a number, as in `let width 64`", ERR_FORMAT},
    {"let x 1\n", "f:1: 'x' can't name a number: letters only, and no x", ERR_FORMAT},
    {"let a2 1\n", "f:1: 'a2' can't name a number: letters only, and no x", ERR_FORMAT},
    {"let a -1\n", "f:1: a is '-1', but must be a whole number from 0", ERR_FORMAT},
    {"input 4\nre\x07lu\n", "f:2: byte 7 can't stand in a model file, which is plain text", ERR_FORMAT},
    {"input 65536x65536x2\nrelu\n",
     "f: input 65536x65536x2: channels, rows and columns are at least 1 and 268435456 in all", ERR_SHAPE},
};

Test(model, mistakes_are_named_with_their_line)
{
    for (int i = 0; i < ARRAY_LEN(mistakes); i++) {
        struct net *net = NULL;
        struct diag d = {0};
        cr_expect_eq(model_parse(mistakes[i].text, "f", NULL, &net, &d), mistakes[i].err, "%s gave %d: %s",
                     mistakes[i].text, d.err, d.text);
        cr_expect_str_eq(d.text, mistakes[i].said, "%s gave:\n%s", mistakes[i].text, d.text);
        cr_assert_null(net);
    }
}

Test(model, files_and_built_in_names, .init = enter_folder, .fini = leave_folder)
{
    static const char text[] = "let n 3\ninput 2\ndense n\n";
    struct net *net = NULL;
    struct diag d = {0};
    cr_assert_eq(file_write("mine.model", text, strlen(text), NULL), ERR_NONE);
    cr_assert_eq(file_write("a:b=c.model", text, strlen(text), NULL), ERR_NONE);
    net = net_load("mine.model");
    cr_assert_eq(net_classes(net), 3);
    net_free(net);
    net = net_load("./mine.model:n=5");
    cr_assert_eq(net_classes(net), 5);
    net_free(net);
    net = net_load("a:b=c.model");
    net_free(net);
    cr_assert_eq(model_load("none", &net, &d), ERR_UNKNOWN);
    cr_assert_str_eq(
        d.text, "no model file and no built-in model 'none'; there are deep3x3, lenet, mlp, resnet-digits, "
                "resnet-small, resnet18, tiny, tiny-vgg and vgg-small");
    cr_assert_eq(model_load("./none", &net, &d), ERR_IO);
    cr_assert_str_eq(d.text, "./none: cannot open: No such file or directory");
    cr_assert_eq(model_load("none.model", &net, &d), ERR_IO);
    cr_assert_eq(model_load(".", &net, &d), ERR_IO);
    cr_assert_neq(model_load("", &net, &d), ERR_NONE);
    cr_assert_neq(model_load(":", &net, &d), ERR_NONE);
    cr_assert_eq(model_load("lenet:w=3", &net, &d), ERR_UNKNOWN);
    cr_assert_not_null(strstr(d.text, "lenet.model: the model has no number named 'w' to set"), "%s", d.text);
}
