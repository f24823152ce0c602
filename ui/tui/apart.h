/**
 * Taking apart: the path from what is pointed at down to the pixels. A map unfolds into the maps that it is put together from, a number into its terms, a term into
 * its own; `feeds` goes the other way. The path is part of the view; the panel `detail` shows its last level.
 */
#ifndef FOVEA_UI_APART_H
#define FOVEA_UI_APART_H

#include "explain/inspect.h"
#include "tui/view.h"

/** The level that is shown; NULL: nothing is taken apart. */
const struct apart_level *apart_top(const struct view *v);

/** How the terms of a number are laid out, channel after channel: as it reads them; a vector that was a map as that map, others in rows of eight. */
struct shape apart_table(const struct net *net, struct unit u);

/** Opens a level below the one that is shown, the cursor at its first part (of input channel spot.in). @return false: the path is as long as it can be */
bool apart_push(struct view *v, enum apart_kind kind, struct spot spot);

/** Back to the level before, the cursor where it was. @return false: there is none */
bool apart_pop(struct view *v);

/** After another network has come into view: leaves out what it doesn't have. @return true when that was something */
bool apart_trim(struct view *v);

/** Does each number of the layer come of the one at the same place? */
bool apart_is_pointwise(const struct layer *layer);

/** "relu1 map 3 > (4,7) > conv1[3](4,7) > input(6,9)": the path, its beginning cut where it is longer than `columns`. */
void apart_crumbs(const struct view *v, char *text, int size, int columns);

/** One line about a number or weight, of this value or (NULL) of the one in the answers; empty where there is none. */
void explain_spot(const struct view *v, const struct spot *s, const float *value, char *text, int size);

#endif
