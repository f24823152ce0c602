/**
 * Any number down to pixels: what a number that a layer puts out is computed from, one level at a time.
 *
 * A *source* says where a term of the number comes from: that follows from the net alone. An *expression* is the number with the terms' values in it, for one
 * image and one state of the weights. Its forms are those of inference: running statistics, no dropout. All places count from 0.
 */
#ifndef FOVEA_EXPLAIN_INSPECT_H
#define FOVEA_EXPLAIN_INSPECT_H

#include "explain/field.h"
#include "nn/net.h"

/** How a number comes of its terms; from FORM_SCALED on it has one. In all forms but FORM_SHARE it is the sum of the products and the bias. */
enum form {
    FORM_SUM,      /* product a*b; conv, dense, add (b = 1) */
    FORM_MAX,      /* b is 1 for the largest, 0 for the others; maxpool */
    FORM_MEAN,     /* b is 1 / terms; avgpool, globalavgpool */
    FORM_SHARE,    /* product is e^a / sum of all e^a, the number is that of its own channel; softmax */
    FORM_SCALED,   /* product (a - mean) / deviation * gain; batchnorm */
    FORM_STANDARD, /* product (a - mean) / deviation; normalize */
    FORM_RELU,     /* b is 1 or, below zero, 0 */
    FORM_LEAKY,    /* b is 1 or the slope */
    FORM_ELU,      /* product a, or below zero gain * (e^a - 1) */
    FORM_SIGMOID,  /* product 1 / (1 + e^-a) */
    FORM_TANH,     /* product tanh(a) */
    FORM_SAME,     /* product a; flatten, dropout */
};

/** Of a layer of the net: each type has one. */
enum form inspect_form(const struct layer *layer);

/** The terms of a number as channels, rows and columns: of a convolution its filter. A maximum has only those inside of the padding. */
struct shape inspect_window(const struct net *net, struct unit u);

/** Where a term comes from. */
struct source {
    struct unit from; /* layer NET_INPUT: a pixel; in the padding where it would be */
    bool padding;     /* it is a zero around the map */
    long param;       /* index in weights->params of what it is multiplied with; -1: no parameter */
};

/** Term k of a number, 0 <= k < shape_count(inspect_window()), in the order [c][h][w]. */
struct source inspect_source(const struct net *net, struct unit u, int k);

/** The term of u that comes from `from`, the input number `slot` of u's layer (0, or 1 for the second of a sum); -1: none does. */
int inspect_term_from(const struct net *net, struct unit u, int slot, struct unit from);

/** The same number before layers that leave it as it is. */
struct unit inspect_origin(const struct net *net, struct unit u);

/** What an expression is computed from: one number of a layer, and all numbers of what the layer reads. */
struct inspected {
    const struct net *net;
    const struct weights *weights;
    struct unit unit;
    const float *x[LAYER_INPUTS]; /* [c][h][w] each */
};

struct expression {
    enum form form;
    int terms, listed;            /* in all, and in the arrays: the first of them */
    const float *a, *b, *product; /* [listed]; borrowed */
    bool factors;                 /* b are weights */
    bool biased;                  /* there is a bias */
    float bias;                   /* of conv and dense; beta of a batchnorm; else 0 */
    float mean, deviation,
        gain; /* of FORM_SCALED and FORM_STANDARD; of FORM_SHARE: the largest a, and the sum of e^(a - it) */
    int winner;   /* term: of FORM_MAX the largest, of FORM_SHARE its own; else -1 */
    float rest;   /* sum of the products that aren't listed */
    float result; /* the number */
};

/** @param most  numbers of the arrays a, b and product, which the expression then borrows; further terms are added up in `rest` */
void inspect_number(const struct inspected *in, int most, float *a, float *b, float *product,
                    struct expression *out);

/** One term alone. */
struct term {
    float a, b, product;
};
struct term inspect_term(const struct inspected *in, int k);

/* ---- as text ---- */

/** "conv2[3](4,7)": layer, channel, row and column; "dense1[3]" in a vector, "input(4,7)" of one channel. Cut to size. */
void unit_text(const struct net *net, struct unit u, char *text, size_t size);

/**
 * The expression in pieces that can be broken into lines: piece -1 is what stands before the terms, 0 to listed-1 are the terms with the sign before each,
 * and piece `listed` is the rest up to the result. A piece may be empty. @return bytes written
 */
int expression_piece(const struct expression *e, int piece, char *text, size_t size);

/** "conv2[3](4,7) = 0.31*-0.12 + ... + 0.05 = 0.82": as many terms as fit; beginning and result always do from some 160 bytes on. */
void expression_text(const struct net *net, struct unit u, const struct expression *e, char *text,
                     size_t size);

#endif
