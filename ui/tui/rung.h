/**
 * Which rung of the ladder a terminal reaches: direct colour, 256 colours, 8 colours, none. Pure functions of the environment.
 */
#ifndef FOVEA_UI_RUNG_H
#define FOVEA_UI_RUNG_H

#include "base/err.h"
#include "tui/style.h"

/** What is known of the terminal before curses is asked; any may be NULL. */
struct rung_facts {
    const char *colors;                             /* wanted: "auto" or NULL, "direct", "256", "8", "mono" */
    const char *term, *colorterm, *tmux, *no_color; /* TERM, COLORTERM, TMUX, NO_COLOR */
};

/** What to try. */
struct rung_plan {
    enum rung rung;   /* the highest rung to use: what the terminal can do is asked of curses after that */
    const char *term; /* its name for curses: TERM itself, or an entry for more colours than TERM has */
    const char *terminfo; /* of an own entry: TERMINFO for curses, else NULL */
};

/**
 * NO_COLOR (not empty, see no-color.org) means mono. COLORTERM "truecolor" or "24bit" means direct colour for terminals that speak as
 * xterm or tmux do, though not for GNU screen, which hands on a COLORTERM that isn't its own. An explicit wish beats both.
 * @return ERR_UNKNOWN for a `colors` that isn't known or a TERM that isn't set
 */
MUST_USE enum err rung_choose(const struct rung_facts *facts, struct rung_plan *out, struct diag *diag);

/** The rung for so many colours: 0, 8, 256, 2^24; what lies between counts as the next lower one. */
enum rung rung_of_colors(int colors);

#endif
