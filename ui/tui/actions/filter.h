/** What both files of actions of the filter lab use. */
#ifndef FOVEA_UI_ACTIONS_FILTER_H
#define FOVEA_UI_ACTIONS_FILTER_H

#include "base/text.h"
#include "tui/app.h"
#include "tui/filtering.h"

/** What the lab works on; NULL, which was said, before it was entered. */
struct filtering *filter_of(struct app *app);

/** Adds the line that makes the chain as it is. */
void filter_line(const struct filtering *f, struct text *out);

/** The chain that is asked for, to be changed. @return false: no memory, which was said */
bool filter_copy(struct app *app, struct chain *next);

/** After another picture: all panels look at its middle, or where a template was found. */
void filter_centre(struct app *app);

/** Makes `next` the chain (and takes it over in any case), with that stage in view; undoable. @return false: it can't be, which was said */
bool filter_change(struct app *app, struct chain *next, int stage);

/** Puts a stage, as text, in place of number `index`, or before it. @return false: it can't be, which was said */
bool filter_put(struct app *app, int index, const char *text);
bool filter_insert(struct app *app, int index, const char *text);

#endif
