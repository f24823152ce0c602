/** What the two plots of the curves panel show (curves_plot.c). */
#ifndef FOVEA_UI_CURVES_H
#define FOVEA_UI_CURVES_H

#include "tui/view.h"
#include "tui/widgets/plot.h"

/** Steps from which to which the axis goes: the whole run, or its last tenth. */
void curves_window(const struct view *v, double *low, double *high);

/**
 * The plot of loss, or of accuracy in `percent`: the branch in view, and dashed the other one where there is one. Its points are
 * memory of this function, until it is called again. Needs v->report.
 */
void curves_plot(const struct view *v, bool percent, struct plot *out);

#endif
