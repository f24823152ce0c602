/** Every panel, one file each: what panel.c puts into its table. */
#ifndef FOVEA_UI_PANELS_H
#define FOVEA_UI_PANELS_H

#include "tui/panel.h"
#include "tui/widgets/tiles.h"

extern const struct panel_type panel_input, panel_filters, panel_activations, panel_pooling, panel_attack,
    panel_probabilities, panel_curves, panel_network;

/** Sizes for pictures in rows: for each zoom the shapes that waste no place. Returns how many. */
int tiles_sizes(const struct tiles *t, struct panel_size *out);

/** What a panel shows instead of pictures: a sentence, broken into lines where it must be. */
void draw_note(struct canvas *c, const char *text);

/** Class names of the data set, or numbers; `number` is room for one. */
const char *class_text(const struct view *v, int index, char number[16]);

#endif
