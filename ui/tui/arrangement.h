/**
 * What is remembered from one start to the next: which panels are shown, and which one is enlarged, for each lab and width of the terminal.
 *
 * A text of lines "LAB WIDTH: ACTIONS", as in
 *
 *     train wide: panels input,filters,curves; page overview
 *
 * in $XDG_STATE_HOME/fovea/arrangement (~/.local/state where that isn't set; XDG Base Directory Specification 0.8). Other labs' lines are kept as they are.
 */
#ifndef FOVEA_UI_ARRANGEMENT_H
#define FOVEA_UI_ARRANGEMENT_H

#include "base/text.h"

/** Where it lies. free() it. NULL: there is no home, or no memory. */
char *arrangement_path(void);

/** "narrow" below 100 columns, "middle" below 150, else "wide". */
const char *arrangement_width(int cols);

/**
 * The actions for a lab and a width, as a line for app_do(). free() it. NULL: none.
 * @param text  the file; NULL: there is none
 * @param good  becomes false when the text isn't one of such lines, or asks for actions that arrange nothing; then NULL is returned
 */
char *arrangement_get(const char *text, const char *lab, const char *width, bool *good);

/** The text with these actions for a lab and a width. free() it. NULL: no memory. */
char *arrangement_set(const char *text, const char *lab, const char *width, const char *actions);

struct app;
/** Reads the file and carries out what it says of the lab in view, the first time that it is; a damaged one is ignored, which is said. */
void arrangement_recall(struct app *app);
/** Writes the file when some lab's arrangement isn't the one that was recalled. Errors are nobody's business: it is a comfort. */
void arrangement_keep(const struct app *app);

#endif
