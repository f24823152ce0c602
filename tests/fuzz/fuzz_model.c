/**
 * Model text without sense, and with just enough of it: whatever is accepted must write itself down so that it reads back to the same,
 * and run forward and backward.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/asset.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "fuzz.h"
#include "nn/init.h"
#include "nn/model.h"
#include "nn/pass.h"
#include "tensor/vec.h"

/* Runs a training step and a backward pass from the middle, on as many images as leave a block half empty. */
static void run(const struct net *net, int lanes)
{
    enum { IMAGES = 3 };
    struct weights w = {0};
    struct pass *pass = NULL;
    struct pass_options o = {.capacity = IMAGES, .lanes = lanes, .keep = true, .grads = true};
    size_t in = shape_count(net->in), middle = shape_count(net->layer[net->layers / 2].out);
    float *x = mem_floats(IMAGES * in), *dx = mem_floats(IMAGES * in), *grads = mem_floats(net->params);
    float *dy = mem_floats(IMAGES * middle);
    int label[IMAGES] = {0};
    if (x && dx && grads && dy && !weights_init(&w, net, NULL) && !pass_new(net, o, &pass, NULL)) {
        init_weights(&w, net, INIT_AUTO, 1);
        for (size_t i = 0; i < IMAGES * in; i++)
            x[i] = (float)(i % 7) / 7;
        for (size_t i = 0; i < IMAGES * middle; i++)
            dy[i] = (float)(i % 5) - 2;
        struct net_step step = {.n = IMAGES,
                                .x = x,
                                .label = label,
                                .loss = &loss_cross_entropy,
                                .mode = MODE_TRAIN,
                                .mean = true,
                                .grads = grads,
                                .dx = dx};
        net_step(net, &w, pass, &step);
        net_absorb(net, pass, &w);
        net_forward(net, &w, pass, IMAGES, x, MODE_INFER);
        net_backward(net, &w, pass, net->layers / 2, dy, grads, dx);
    } else
        fuzz_fail("no memory to run a small network");
    pass_free(pass);
    weights_fini(&w);
    free(x);
    free(dx);
    free(dy);
    free(grads);
}

static bool small(const struct net *net)
{
    double numbers = (double)net->params + (double)shape_count(net->in), work = 0;
    for (int i = 0; i < net->layers; i++) {
        const struct layer *l = &net->layer[i];
        numbers += (double)shape_count(l->out);
        work += l->multiply_adds +
                (double)l->options.rows.size * l->options.cols.size * (double)shape_count(l->out);
    }
    return numbers < 20000 && work < 200000;
}

static enum err parse(const char *path, struct diag *diag)
{
    struct net *net = NULL, *again = NULL;
    struct diag second = {0};
    enum err err = model_load(path, &net, diag);
    if (err)
        return err;
    if (model_parse(net->text, "written", NULL, &again, &second))
        fuzz_fail("what was written isn't read: %s\n%s", second.text, net->text);
    else if (strcmp(again->text, net->text) != 0 || again->params != net->params ||
             !shape_equal(net_out(net), net_out(again)))
        fuzz_fail("what was written reads back to another network:\n%s\n%s", net->text, again->text);
    if (small(net)) {
        run(net, 1);
        run(net, LANES);
    }
    net_free(net);
    net_free(again);
    return ERR_NONE;
}

static const struct fuzz_reader reader = {parse};
static const char file[] = "./input.model";

static const char words[] =
    "input|let|from|conv|dense|relu|leakyrelu|elu|sigmoid|tanh|softmax|maxpool|avgpool|globalavgpool|"
    "batchnorm|"
    "dropout|flatten|add|normalize|stride|pad|dilation|groups|nobias|slope|alpha|rate|eps|momentum|a:|b:|a|b|"
    "w|2w|"
    "wxw|input:|0|1|2|3|3x3|5x5|1x8x8|2x3x4|0.5|0.999|1e-12|-1|16777216|16777216x16777216|"
    "99999999999999999999|0.1,0.2|1e9|1e-9|,|x|xx|:|#|nan|inf|0x10";

static void soup(int rounds)
{
    struct rng rng;
    rng_init(&rng, 11);
    for (int i = 0; i < rounds; i++) {
        struct text t = {0};
        if (rng_below(&rng, 8))
            text_add(&t, rng_below(&rng, 2) ? "input 1x8x8\n" : "input 2x3x4\nlet w 2\n");
        for (uint32_t lines = rng_below(&rng, 6); lines > 0; lines--) {
            for (uint32_t n = 1 + rng_below(&rng, 6); n > 0; n--) {
                fuzz_add_one_of(&t, &rng, words);
                text_add(&t, rng_below(&rng, 20) ? " " : "\t");
            }
            fuzz_add_one_of(&t, &rng, "\n|\n|\n|\n|\n|\n|\n|\r\n|");
        }
        (void)fuzz_try(reader, file, text_str(&t), t.length, text_str(&t));
        text_free(&t);
    }
}

static int below(struct rng *rng, int n)
{
    return (int)rng_below(rng, (uint32_t)n);
}

static void add_layer(struct text *t, struct rng *rng, int place)
{
    int kind = below(rng, 8), size = 1 + below(rng, 4), wide = 1 + below(rng, 4), stride = 1 + below(rng, 3),
        step = 1 + below(rng, 3), pad = below(rng, 3);
    if (below(rng, 3) > 0)
        text_format(t, "n%d: ", place);
    if (kind == 0) {
        fuzz_add_one_of(t, rng, "conv 1|conv 3|conv 4|conv 7");
        text_format(t, " %dx%d stride %dx%d pad %dx%d dilation %d", size, wide, stride, step, pad, pad / 2,
                    step);
    } else if (kind == 1) {
        fuzz_add_one_of(t, rng, "maxpool|avgpool");
        text_format(t, " %dx%d stride %dx%d pad %d", size, wide, stride, step, pad / 2);
    } else if (kind == 2 && place > 0)
        text_format(t, "add n%d n%d", place - 1, place > size ? place - size : 0);
    else
        fuzz_add_one_of(
            t, rng,
            "relu|leakyrelu|leakyrelu slope 0.3|elu|elu alpha 2|sigmoid|tanh|softmax|globalavgpool|batchnorm|"
            "batchnorm eps 0.001 momentum 0.5|batchnorm eps 1e-12|dropout|dropout 0.999|flatten|"
            "normalize 0.5 0.25|normalize 0.1,0.2 1e-9,3|conv 2 1x1|conv 4 3x3 pad 1 groups 2 nobias|"
            "dense 3|dense 2 nobias|flatten\ndense 4");
    if (kind == 3 && place > 0)
        text_format(t, " from n%d", below(rng, place));
    else if (kind == 4)
        text_add(t, " from input");
    text_add(t, "\n");
}

/* Lines that are right each by itself. */
static void sensible(int rounds)
{
    struct rng rng;
    rng_init(&rng, 12);
    for (int i = 0; i < rounds; i++) {
        struct text t = {0};
        unsigned c = 1 + rng_below(&rng, 4), h = 1 + rng_below(&rng, 12), w = 1 + rng_below(&rng, 12);
        text_format(&t, "input %ux%ux%u\n", c, h, w);
        int layers = 1 + (int)rng_below(&rng, 6);
        for (int k = 0; k < layers; k++)
            add_layer(&t, &rng, k);
        (void)fuzz_try(reader, file, text_str(&t), t.length, text_str(&t));
        text_free(&t);
    }
}

static void expect(const char *text, bool good, const char *word)
{
    fuzz_expect(reader, file, text, strlen(text), good, word, text);
}

static void repeated(const char *head, const char *line, int times, bool good, const char *word)
{
    struct text t = {0};
    char what[64];
    text_add(&t, head);
    for (int i = 0; i < times; i++)
        text_add(&t, line);
    snprintf(what, sizeof what, "%d times '%.20s'", times, line);
    fuzz_expect(reader, file, text_str(&t), t.length, good, word, what);
    text_free(&t);
}

static void edges(void)
{
    expect("input 4\r\ndense 2\r\n", true, NULL);
    expect("input\t4\n\tdense\t2", true, NULL);
    expect("\n\n# only this\n", false, "at least one layer");
    expect("", false, "at least one layer");
    fuzz_expect(reader, file, "input 4\0dense 2\n", 16, false, "zero bytes", "a zero byte");
    expect("input 4\ndense 2\x01\n", false, ":2: byte 1");
    expect("input 4\ndense \xc3\xa4\n", false, ":2: byte 195");
    expect("\xef\xbb\xbfinput 4\ndense 2\n", false, ":1: byte 239");
    expect("let a 4\nlet b a\ninput 1\nrelu\n", false, ":2:");
    expect("let a 2147483647\ninput 999999999a\nrelu\n", false, ":2: `input` wants");
    expect("input 1048576x1048576x1048576\nrelu\n", false, "channels, rows and columns");
    expect("input 1\nconv 16777216 16777216x16777216 pad 16777216\n", false, ":2:");
    expect("input 1\nconv 1 16777216x16777216 pad 8388608\n", false, ":2:");
    expect("input 1x1x1\nconv 16777216 4096x4096 pad 4096\n", false, ":2:");
    expect("input 1048576\ndense 16777216\n", false, "parameters");
    expect("input 1x16384x16384\nflatten\ndense 8\n", false, "parameters");
    expect("input 1x1x1\nmaxpool 16777216 pad 8388608\n", true, NULL);
    expect("input 1x1x1\nmaxpool 3 pad 2\n", false, "more than half");
    expect("input 1x4x4\nmaxpool 5\n", false, "larger than its input");
    expect("input 1\ndropout 0.999\n", true, NULL);
    expect("input 1\ndropout 1\n", false, ":2: the rate is '1'");
    repeated("input 4\n", "relu\n", 4096, true, NULL);
    repeated("input 4\n", "relu\n", 4097, false, "4096 layers");
    repeated("input 4\n", "batchnorm\n", 4096, true, NULL);
    repeated("input 4\n", "add input input\n", 4096, true, NULL);
    repeated("input 4\nrelu", " relu", 70, false, "64 words");
    repeated("input 4\nrelu", "u", 600, false, "511 letters");
    repeated("input 4\nrelu", "u", 300, false, "no layer type");
    repeated("", "let a 1\n", 5000, false, "at least one layer");
    repeated("", "\n", 1 << 20, false, "at least one layer");
    repeated("", " ", (1 << 20) + 1, false, "1048576 bytes");
}

int main(void)
{
    char **names = NULL;
    fuzz_begin();
    edges();
    soup(30000);
    sensible(6000);
    if (model_list(&names, NULL))
        fuzz_fail("no built-in models");
    for (int i = 0; names && names[i]; i++) {
        struct text asset = {0};
        char *path = NULL;
        struct bytes bytes = {0};
        text_format(&asset, "models/%s.model", names[i]);
        if (asset_path(text_str(&asset), &path, NULL) || file_read(path, 0, &bytes, NULL))
            fuzz_fail("no %s", text_str(&asset));
        else
            fuzz_mutate(reader, file, bytes.data, bytes.size, 500, names[i]);
        bytes_free(&bytes);
        free(path);
        text_free(&asset);
    }
    asset_list_free(names);
    return fuzz_end();
}
