/**
 * The key table: what each key does. The dispatcher, the help screen, the hint bar and the manual's KEYS section are made from it.
 */
#ifndef FOVEA_UI_KEYS_H
#define FOVEA_UI_KEYS_H

#include <stdbool.h>

enum action {
    ACTION_NONE,
    ACTION_PAUSE,
    ACTION_STEP,
    ACTION_STEP_MANY,
    ACTION_SAMPLE_NEXT,
    ACTION_SAMPLE_BEFORE,
    ACTION_SAMPLE_RANDOM,
    ACTION_LAYER_NEXT,
    ACTION_LAYER_BEFORE,
    ACTION_BACK,
    ACTION_FORWARD,
    ACTION_START,
    ACTION_FASTER,
    ACTION_SLOWER,
    ACTION_RATE_UP,
    ACTION_RATE_DOWN,
    ACTION_RESET,
    ACTION_ATTACK,
    ACTION_NORM,
    ACTION_EPSILON_UP,
    ACTION_EPSILON_DOWN,
    ACTION_PAGE,
    ACTION_PAGE_NEXT,
    ACTION_PAGE_BEFORE,
    ACTION_HELP,
    ACTION_REDRAW,
    ACTION_QUIT,
    ACTIONS
};

struct binding {
    int key; /* as term_key() gives it; 0 ends the table */
    enum action action;
    int value;        /* of ACTION_PAGE: which */
    const char *name; /* "Space", "q"; what help shows. NULL: another key for the row before */
    const char *help; /* at most 27 columns, so that two columns of it fit into 80 */
    const char *hint; /* a word for the bar at the bottom; NULL: not there */
};
extern const struct binding bindings[];

/** What a key does; NULL: nothing. */
const struct binding *binding_find(int key);

/** A key by the name that the table gives it, or a single character, or "C-l": for scripts. 0: no such key. */
int key_named(const char *name);

#endif
