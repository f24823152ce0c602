/**
 * Where panels go: as many as fit side by side, each as large as the others allow.
 *
 * Every panel offers exact sizes with grades (panel.h). Where all panels fit at their smallest, they begin so; else in their order all get grade 1, or less where
 * there is no more room, and the last ones are left out. Then, again and again, the panel with the lowest grade is enlarged while all still fit. What room is left then goes to the neighbours, flexible ones first. Microseconds to a few milliseconds: done
 * when the size or the layer in view changes, not for every frame.
 */
#ifndef FOVEA_UI_LAYOUT_H
#define FOVEA_UI_LAYOUT_H

#include "tui/panel.h"

struct placed {
    const struct panel_type *type;
    struct rect frame; /* with its border */
};

/**
 * Places the first panels of the list that fit together into rows x cols.
 * @param out  [count]
 * @return how many were placed; panels that have nothing to show are left out. At least one where rows and cols are at least 3.
 */
int layout_place(const struct view *v, const struct style *s, int rows, int cols,
                 const struct panel_type *const *panel, int count, struct placed *out);

#endif
