/** What the tests of panels share: a view of a small network in the middle of its training, with everything in it that panels show, and drawing it within bounds. */
#ifndef SHOWN_H
#define SHOWN_H

#include "observe/probe.h"
#include "tui/panel.h"

enum { SHOWN_STYLES = 8, SHOWN_SIZES = 16 };
/** Every kind of terminal, and windows from one cell to large and narrow ones, rows and columns. */
extern const struct style shown_styles[SHOWN_STYLES];
extern const int shown_sizes[SHOWN_SIZES][2];

struct shown {
    struct net *net;
    struct dataset data;
    struct moment moment;
    struct probe probe;
    struct answers answers;
    struct trainer_report report;
    struct view view;
    char **names;
};

/** Before the first answer and report. The net is its own from now on. */
void shown_open(struct shown *s, struct net *net);
void shown_close(struct shown *s);

/** How many panels there are. */
int shown_panels(void);

/** What the observer would answer to all of them, and the report of the training. */
void shown_answer(struct shown *s);

/** Draws a panel, which must keep to its place and in a whole frame. */
void shown_draw(const struct shown *s, const struct panel_type *type, const struct style *style, int rows,
                int cols);
/** Every panel at the sizes from..to-1, each with one style of every `step`, another one each time: over several calls all. */
void shown_draw_all(const struct shown *s, int from, int to, int step);

/** A panel as text, in colour and UTF-8. free() it. */
char *shown_text(const struct shown *s, const char *panel, int rows, int cols);
void shown_expect(const char *screen, const char *text);

#endif
