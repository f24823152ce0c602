/**
 * Own terminfo entries for direct colour, to be handed to curses as TERMINFO. term.c alone wants them.
 */
#ifndef FOVEA_UI_TERMINFO_H
#define FOVEA_UI_TERMINFO_H

#define TERMINFO_XTERM_DIRECT "fovea-direct"      /* its name: TERM for terminals like xterm */
#define TERMINFO_TMUX_DIRECT  "fovea-tmux-direct" /* its name: TERM within tmux */

/** "b64:...", without line breaks. */
extern const char terminfo_xterm_direct[], terminfo_tmux_direct[];

#endif
