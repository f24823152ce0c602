/**
 * What a person can do: each thing is a word, with an argument or none. Keys, scripts, the mouse, undoing and a saved state are lines of such words.
 *
 * An action is one row of a table in actions/TOPIC.c. One that changes what is seen or trained says first how to go back, with app_undoable().
 */
#ifndef FOVEA_UI_ACTION_H
#define FOVEA_UI_ACTION_H

#include <stdbool.h>

struct app;

struct action {
    const char *word; /* "epsilon"; NULL ends a table */
    const char
        *argument; /* what may follow: "more|less|VALUE"; small letters are meant literally. NULL: nothing */
    const char *help; /* one sentence without its full stop */
    /** @return false when the argument (never NULL) isn't one; what can't be done now is said with app_say(), and true */
    bool (*run)(struct app *app, const char *argument);
};

extern const struct action training_actions[], time_actions[], sample_actions[], draw_actions[],
    layer_actions[], attack_actions[], branch_actions[], look_actions[], pointing_actions[],
    inspect_actions[], keep_actions[], neuron_actions[], screen_actions[], showing_actions[],
    signal_actions[], listen_actions[], match_actions[], step_source_actions[], live_actions[],
    step_actions[], slide_actions[], pencil_actions[], fooling_actions[], sweep_actions[], filter_actions[],
    turning_actions[], scenery_actions[];

/** All tables; NULL-terminated. */
extern const struct action *const action_tables[];

/** The table of the action that a line begins with. NULL: there is none of that name */
const struct action *action_table_of(const char *line);

/** NULL: there is none of that name. */
const struct action *action_find(const char *word);

/** Is the argument this word? For the words in struct action's `argument`. */
bool argument_is(const char *argument, const char *word);

/** An argument that is a place in an ascending list, or "more" or "less" from where one is: returns the new place, -1 when it is neither. */
int argument_turn(const char *argument, int at, int count);

#endif
