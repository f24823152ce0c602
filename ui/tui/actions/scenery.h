/**
 * What the filter lab calls for its pages on pictures, hands and eyes (scenery.h).
 */
#ifndef FOVEA_UI_ACTIONS_SCENERY_H
#define FOVEA_UI_ACTIONS_SCENERY_H

#include "base/text.h"
#include "tui/app.h"

/** As the calls of the same names in struct lab. */
bool scenery_enter(struct app *app);
void scenery_close(struct app *app);
void scenery_take(struct app *app);
double scenery_tick(struct app *app, double now);
bool scenery_settled(const struct app *app);
void scenery_state(const struct app *app, struct text *out);

#endif
