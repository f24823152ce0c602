/**
 * The library of kernels: what a person can ask for by name, "gaussian:k=7,sigma=2". Lecture items L25, L27, L28, L35.
 *
 * One row of a table each, with its knobs (knobs.h). Pixels grow to
 * the right and downwards; angles are in degrees, counter-clockwise as on paper: an edge or stripe at 0 lies flat, at 90 it stands upright.
 */
#ifndef FOVEA_FILTER_KERNELS_H
#define FOVEA_FILTER_KERNELS_H

#include "filter/knobs.h"
#include "tensor/tensor.h"

enum { KERNEL_SIDE = 255 };

struct kernel {
    const struct kernel_type *type;
    double value[KNOBS]; /* in the order of the type's knobs */
    struct tensor w;     /* [rows][columns], owned */
    /* Of a Gaussian, else 1 and false: the share of its mass that lies over the kernel, along the columns' axis, the rows' axis, and both
       together; and whether an extent is less than twice sigma. */
    double kept_rows, kept_cols, kept;
    bool narrow;
};

struct kernel_type {
    const char *name, *help;
    struct knob knob[KNOBS]; /* none: custom, whose numbers are typed */
    /* Fills w; value[] is within its ranges. */
    enum err (*make)(struct kernel *kernel, struct diag *diag);
};
extern const struct kernel_type *const kernel_types[]; /* NULL-terminated */

/** The row called `name`; NULL: there is none. */
const struct kernel_type *kernel_type_find(const char *name);

/**
 * "NAME", "NAME:key=value,key=word" or "custom:0 1 2;2 2 0;0 1 2" (rows apart by semicolons). Keys that aren't there have their
 * defaults. kernel_fini() it.
 * @return ERR_UNKNOWN, ERR_RANGE or ERR_FORMAT, with what there is instead
 */
MUST_USE enum err kernel_parse(const char *text, struct kernel *out, struct diag *diag);

/** From values in the order of the knobs: what turning one needs. ERR_RANGE when one is outside. */
MUST_USE enum err kernel_make(const struct kernel_type *type, const double *value, struct kernel *out,
                              struct diag *diag);

/** A kernel whose numbers are given: row-major, copied. */
MUST_USE enum err kernel_custom(int rows, int cols, const float *w, struct kernel *out, struct diag *diag);
void kernel_fini(struct kernel *kernel);

/** Adds the kernel as kernel_parse() reads it, every key spelled out. */
void kernel_spell(const struct kernel *kernel, struct text *out);

/**
 * Share of the mass of exp(-t^2/spread^2), an infinite bell around `centre`, that lies over cells 1..k, each a unit wide. At the middle of
 * k = 2 spread that is erf(1) = 84.3 %.
 */
double kernel_mass(int k, double centre, double spread);

/**
 * The weights of L25: w_i ~ exp(-(i - centre)^2 / spread^2), i = 1..k, their sum 1. The slide's exponent has spread = sigma, the usual one
 * spread = sqrt(2) sigma; the slide's text has lost its minus sign, and with `grows` shows what that would give.
 */
void kernel_bell(int k, double centre, double spread, bool grows, double *w);

/** The numbers of the kernel "edge": w[k][k]. @param sigma  0: k / 2.5 */
void kernel_edge(int k, double angle, double sigma, float *w);

#endif
