/** Variants of networks: what is put in, where, and that all else keeps its name and its shape. */
#include <criterion/criterion.h>

#include "base/asset.h"
#include "nets.h"
#include "nn/variant.h"

static void assert_line(const struct net *net, const char *line)
{
    cr_assert(strstr(net->text, line), "no '%s' in\n%s", line, net->text);
}

/* Every layer of the old one is in the new one, with the same parameters. */
static void assert_holds(const struct net *variant, const struct net *net)
{
    for (int i = 0; i < net->layers; i++) {
        const struct layer *l = &net->layer[i];
        int k = net_find(variant, l->name);
        cr_assert_geq(k, 0, "no %s", l->name);
        cr_assert_str_eq(variant->layer[k].type->name, l->type->name);
        cr_assert(shape_equal(variant->layer[k].out, l->out));
        cr_assert_eq(variant->layer[k].params, l->params);
    }
}

Test(variant, batch_normalisation_stands_behind_every_convolution)
{
    struct net *net = net_load("lenet"), *variant = NULL;
    cr_assert_eq(variant_batchnorm(net, &variant, NULL), ERR_NONE);
    cr_assert_eq(variant->layers, net->layers + 2);
    assert_holds(variant, net);
    assert_line(variant, "conv1: conv 8 5x5\nconv1_bn: batchnorm");
    assert_line(variant, "conv2: conv 16 5x5\nconv2_bn: batchnorm");
    net_free(variant);
    net_free(net);
}

Test(variant, sums_and_from_read_what_is_normalised)
{
    struct net *variant = NULL,
               *net = net_of("input 2x8x8\na: conv 2 3x3 pad 1\nrelu\nb: conv 2 3x3 pad 1\nadd a b\n"
                             "c: conv 2 3x3 from a\nflatten\ndense 3\n");
    cr_assert_eq(variant_batchnorm(net, &variant, NULL), ERR_NONE);
    assert_holds(variant, net);
    const struct layer *sum = &variant->layer[net_find(variant, "add1")],
                       *c = &variant->layer[net_find(variant, "c")];
    cr_assert_eq(sum->in[0], net_find(variant, "a_bn"));
    cr_assert_eq(sum->in[1], net_find(variant, "b_bn"));
    cr_assert_eq(c->in[0], net_find(variant, "a_bn"));
    net_free(variant);
    net_free(net);
}

Test(variant, what_is_normalised_already_stays)
{
    struct net *variant = NULL, *net = net_of("input 1x8x8\nconv 2 3x3\nbatchnorm\nflatten\ndense 3\n");
    struct diag diag = {0};
    cr_assert_eq(variant_batchnorm(net, &variant, &diag), ERR_UNKNOWN);
    cr_assert(strstr(diag.text, "no convolution"), "%s", diag.text);
    cr_assert_null(variant);
    net_free(net);
}

Test(variant, dropout_stands_before_the_last_dense_layer)
{
    struct net *net = net_of("input 1x8x8\nflatten\ndense 12\nrelu\nd: dense 4\nsoftmax\n"), *variant = NULL,
               *again = NULL;
    cr_assert_eq(variant_dropout(net, 0.5f, &variant, NULL), ERR_NONE);
    cr_assert_eq(variant->layers, net->layers + 1);
    assert_holds(variant, net);
    assert_line(variant, "d_dropout: dropout 0.5\nd: dense 4");
    cr_assert_eq(variant_dropout(variant, 0.25f, &again, NULL), ERR_NONE);
    cr_assert_eq(again->layers, variant->layers, "there is one already");
    assert_line(again, "d_dropout: dropout 0.25\nd: dense 4");
    net_free(again);
    net_free(variant);
    net_free(net);
}

Test(variant, dropout_reads_what_the_dense_layer_read)
{
    struct net *variant = NULL, *net = net_of("input 1x8x8\nf: flatten\ndense 12\ndense 4 from f\n");
    struct diag diag = {0};
    cr_assert_eq(variant_dropout(net, 0.5f, &variant, NULL), ERR_NONE);
    const struct layer *dropout = &variant->layer[net_find(variant, "dense2_dropout")];
    cr_assert_eq(dropout->in[0], net_find(variant, "f"));
    cr_assert_eq(variant->layer[variant->layers - 1].in[0], net_find(variant, "dense2_dropout"));
    net_free(variant);
    net_free(net);
    net = net_of("input 1x8x8\nconv 4 8x8\nflatten\n");
    cr_assert_eq(variant_dropout(net, 0.5f, &variant, &diag), ERR_UNKNOWN);
    cr_assert(strstr(diag.text, "no dense layer"), "%s", diag.text);
    net_free(net);
}

Test(variant, every_built_in_model_has_its_variants)
{
    char **names = NULL;
    cr_assert_eq(model_list(&names, NULL), ERR_NONE);
    for (int i = 0; names[i]; i++) {
        struct net *net = net_load(names[i]), *norm = NULL, *dropout = NULL;
        if (!variant_batchnorm(net, &norm, NULL))
            assert_holds(norm, net);
        if (!variant_dropout(net, 0.5f, &dropout, NULL))
            assert_holds(dropout, net);
        net_free(norm);
        net_free(dropout);
        net_free(net);
    }
    asset_list_free(names);
}
