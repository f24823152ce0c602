/** What the actions of the step lab share (actions/step.c). */
#ifndef FOVEA_UI_STEP_SHARED_H
#define FOVEA_UI_STEP_SHARED_H

#include "tui/app.h"
#include "tui/stepping.h"

/** What is stepped. NULL: the lab wasn't entered yet, which was said. */
struct stepping *step_of(struct app *app);

/** A copy of what is stepped, to be changed. @return false: there is none, which was said */
bool step_begin(struct app *app, struct step_source *next);
/** Steps it instead, which can be undone; or says why that can't be. `next` is taken over. @return was it done? */
bool step_change(struct app *app, struct step_source *next);

/** "on" or "off", or with nothing the other than `now`. @return 1, 0, -1: it is none of them */
int step_turned(const char *argument, bool now);

#endif
