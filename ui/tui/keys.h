/**
 * The key table: what each key does. The dispatcher, the help screen, the hint bar and the manual's KEYS section are made from it.
 */
#ifndef FOVEA_UI_KEYS_H
#define FOVEA_UI_KEYS_H

struct binding {
    int key; /* as term_key() gives it; 0 ends the table */
    const char *
        where; /* the panel that must have the focus, the mode, or "lab step"; NULL: anywhere, where nothing else is said */
    const char *line; /* what it does: an action and its argument (action.h) */
    const char *name; /* "Space", "q"; what help shows. NULL: another key for the row before */
    const char *help; /* at most 27 columns, so that two columns of it fit into 80 */
    const char *hint; /* a word for the bar at the bottom; NULL: not there */
};

/** The general keys, and the tables of all labs behind them (labs/); NULL-terminated. */
extern const struct binding bindings[];
extern const struct binding *const key_tables[];
/** The row behind it in all tables; of NULL the first. NULL: it was the last */
const struct binding *binding_next(const struct binding *b);

/** What a key does at the first of these places (NULL-terminated) where it does something, or else anywhere. NULL: nothing. */
const struct binding *binding_find(int key, const char *const *where);

/** A key by the name that the table gives it, or a single character, or "C-l": for scripts. 0: no such key. */
int key_named(const char *name);

#endif
