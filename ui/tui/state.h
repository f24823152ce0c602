/**
 * The state as one line: what `fovea --state '...'` needs to show the same view again.
 *
 *     model lenet; seed 9; batch 64; step 1240; seek 600; sample 5; layer conv2; norm l2; epsilon 1.5; page 3
 *
 * First options of the command line, without their dashes and as far as they aren't the defaults, then lines for app_do(), each absolute. Training is
 * deterministic, so the weights needn't be in it: they are trained again. In values `;`, `'`, `%` and control characters stand as %XX.
 */
#ifndef FOVEA_UI_STATE_H
#define FOVEA_UI_STATE_H

#include "base/text.h"
#include "cli/command.h"
#include "tui/app.h"

enum { APP_OPTION_ROWS = 40 };
/** The options of the interactive program, into `o`; the last row has no name. */
void app_option_rows(struct app_options *o, struct option_row rows[APP_OPTION_ROWS]);

/** The line. free() it. NULL: no memory. */
char *state_line(const struct app *app);

/** Options ("--threads") that are about the machine, or about how it was started, not about what is seen: they aren't in a line. */
bool state_leaves_out(const char *option);

/** Is what this action sets part of the line? (What training was told is written apart from the view.) */
bool state_has(const char *action);

/**
 * Takes a line apart: options go into `o`, the rest is a line for app_do().
 * @param kept  becomes what texts in `o` point into; free() it after the last use of `o`
 * @param rest  free() it
 * @return ERR_USAGE, and one sentence, for a word that is neither an option nor an action, or a value that isn't one
 */
MUST_USE enum err state_read(const char *line, struct app_options *o, char **kept, char **rest,
                             struct diag *diag);

/* What its writer (state_line.c) and its settings (state_settings.c) share: */
void state_begin_part(struct text *out);
/** A value in which these characters, and control characters, stand as %XX. */
void state_add_encoded(struct text *out, const char *value, const char *which);
void state_add_settings(const struct app *app, struct text *out);

/** Begins to carry out such a rest, part by part: each when training stands still and the one before is done. */
void state_begin(struct app *app, const char *rest);
/** The next part, when it is time. */
void state_go_on(struct app *app);
void state_end(struct app *app); /* forgets what isn't done yet */

#endif
