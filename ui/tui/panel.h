/**
 * The contract of a panel: it asks questions and draws their answers on a piece of canvas.
 *
 * A panel type is one file in panels/ and one row of panel_types[]. It has no state of its own: everything it draws comes from the view.
 */
#ifndef FOVEA_UI_PANEL_H
#define FOVEA_UI_PANEL_H

#include "base/text.h"
#include "tui/canvas.h"
#include "tui/view.h"

enum { PANEL_SIZES = 24 };

/** A size that the panel can use, frame not included, and how good it is. Sizes of one grade are other shapes of the same. */
struct panel_size {
    int rows, cols;
    float grade; /* higher: larger zoom, more shown; 1 is a picture at 1:1 */
};

struct panel_type {
    const char *name; /* "filters": the word in options and key tables */
    const char *title;
    const char *help;    /* one sentence: what it shows */
    const char *lecture; /* "L46, L53" */
    bool flexible;       /* gladly takes whatever room is left */
    unsigned
        phases; /* of a training step in slow motion, a bit 1 << PHASE_... each, that show here; in the others it's dimmed */
    /** Writes at most PANEL_SIZES sizes in rising grades for this view; returns how many (0: nothing to show for this network). */
    int (*sizes)(const struct view *v, const struct style *s, struct panel_size *out);
    /** Writes the questions it needs; returns how many (0: none). */
    int (*ask)(const struct view *v, struct question *out, int room);
    /** A title with numbers in it ("filters conv1  8 of 1x5x5  +-0.41"); NULL: the plain title. */
    void (*title_text)(const struct view *v, char *text, int size);
    /** Draws inside `c` (any size down to 1x1, clipped). Must show something sensible before the first answer. */
    void (*draw)(const struct view *v, struct canvas *c);
    /** Its numbers as CSV with a header line, where they aren't just those of its answers (take.h); NULL: they are. */
    void (*numbers)(const struct view *v, struct text *out);

    /*
     * Pointing; all or none of the first three (with none the panel has no cursor). rows and cols are the panel's size inside its frame, as draw gets it.
     */
    /** Moves the cursor by so many of the panel's pixels or lines, as far as there are some; false where it can't move. */
    bool (*move)(const struct view *v, int rows, int cols, struct place *at, int down, int right);
    /** The place that is drawn at a cell; false: none. */
    bool (*hit)(const struct view *v, int rows, int cols, int row, int col, struct place *at);
    /** The number at a place; false: none (the network has changed since). */
    bool (*spot)(const struct view *v, struct place at, struct spot *out);
    /** One line about that place: value, where it is, what it is. NULL: view_explain() of the spot. */
    void (*explain)(const struct view *v, struct place at, char *text, int size);
    /** Writes the line (action.h) that Enter does there, or a click; false: none. NULL: there never is one. */
    bool (*press)(const struct view *v, struct place at, bool click, char *line, int size);
};

/** In the order in which they are placed: what comes first is there in the smallest window. NULL-terminated. */
extern const struct panel_type *const panel_types[];
const struct panel_type *panel_find(const char *name);
int panel_index(const struct panel_type *type); /* its place in the table */

/** "input,curves": what the action `panels` takes, of the panels in a NULL-terminated list; "all" when none of them is hidden (a bit each by panel_index()). */
void panels_list_shown(const struct panel_type *const *list, uint64_t hidden, struct text *out);
bool panel_hidden(const struct panel_type *type, uint64_t hidden);

/** Where the cursor stands in the panel, while it has the focus and there is one; else NULL: nothing to draw. */
const struct place *panel_cursor(const struct view *v, const struct panel_type *type);

/** Questions of some panels without repetition, at most QUESTIONS_MAX; returns how many. */
int panels_ask(const struct view *v, const struct panel_type *const *panel, int count, struct question *out);

/**
 * Shortens a line whose parts are two blanks apart: as many parts as fit into so many columns, at least the first (which the canvas cuts, then). What matters
 * most comes first.
 */
void parts_fit(char *text, int columns);

/** A panel in its frame, marked when it has the focus, and as old when its answers are (view.stale). */
void panel_draw(const struct panel_type *type, const struct view *v, struct canvas *c, struct rect r);

#endif
