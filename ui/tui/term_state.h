/**
 * What a terminal is inside: shared by term.c, which draws and knows curses, and term_wait.c, which waits and reads and doesn't.
 */
#ifndef FOVEA_UI_TERM_STATE_H
#define FOVEA_UI_TERM_STATE_H

#include <stdio.h>

#include "tui/glyph.h"
#include "tui/input.h"
#include "tui/pairs.h"
#include "tui/term.h"

struct term {
    struct style style;
    bool headless;
    bool xterm; /* it understands the private modes of xterm */
    bool mouse_on;
    bool cursor_stays;     /* the terminal can't hide it: it's parked in the last cell */
    struct screen *screen; /* of curses */
    FILE *in, *out;
    int wake;
    bool resized, leaving;
    bool away; /* asked to leave while the terminal is another program's: it must not be touched any more */
    int signal;
    struct input input;
    int rows, cols;
    struct cell *shown; /* [rows][cols]: what the screen shows; NULL: there was no memory */
    bool shown_valid;
    struct glyphs glyphs;
    struct pairs pairs;
};

/* Parts of term.c that answer signals. */
void term_leave_screen(struct term *t); /* as it was before, for a while */
void term_come_back(struct term *t);    /* after that; asks for everything anew */
void term_follow_size(struct term *t);  /* takes over the size of the window when it is another one */

#endif
