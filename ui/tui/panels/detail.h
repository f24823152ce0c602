/**
 * What the panel `detail` shows: one file for each kind of level (apart.h). Sizes and cells are those below the line that says where one is.
 */
#ifndef FOVEA_UI_DETAIL_H
#define FOVEA_UI_DETAIL_H

#include "tui/apart.h"
#include "tui/panels/panels.h"

/** As the functions of the same names in struct panel_type, for the level that is shown. */
struct detail_kind {
    int (*ask)(const struct view *v, struct question *out, int room);
    void (*draw)(const struct view *v, struct place at, struct canvas *c);
    bool (*move)(const struct view *v, int rows, int cols, struct place *at, int down, int right);
    bool (*hit)(const struct view *v, int rows, int cols, int row, int col, struct place *at);
    bool (*spot)(const struct view *v, struct place at, struct spot *out);
    void (*explain)(const struct view *v, struct place at, char *text, int size);
};

extern const struct detail_kind detail_map, detail_number, detail_feeds;

/** The question of that type about the number or map of the level that is shown, and its answer (NULL: not there yet). */
struct question detail_question(const struct view *v, const char *type);
const struct answer *detail_answer(const struct view *v, const char *type);

/** The number of the level that is shown. */
struct unit detail_unit(const struct view *v);

#endif
