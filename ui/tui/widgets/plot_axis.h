/**
 * The axis of y of a plot: its ends, its ticks, and where on it a value lies.
 */
#ifndef FOVEA_UI_PLOT_AXIS_H
#define FOVEA_UI_PLOT_AXIS_H

#include <stddef.h>

#include "tui/widgets/plot.h"

enum { PLOT_LABEL = 6 /* columns left of the axis */ };

struct axis {
    double low, high; /* of y, or of its logarithm (to base 10) */
    bool log;
};

struct axis axis_of(const struct plot *p);

/** Where y lies: 0 at the lower end, 1 at the upper, beyond them what is beyond. NaN: it can't be shown. */
double axis_part(struct axis a, double y);

/** The line, with ticks at round numbers: about one in three rows; powers of ten, or 1, 2 and 5 times these, where it is logarithmic. */
void axis_draw(struct canvas *c, const struct plot *p, struct axis a, int rows);

/** y in words: "0.123", "2.1e-05", "97.3 %", "-" for a NaN. */
void axis_value(const struct plot *p, double y, char *text, size_t size);

#endif
