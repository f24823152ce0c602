/**
 * Subcommands: one file each in cli/, one row of the table, and what they share.
 *
 * A command parses, calls the engine and prints. It returns the exit status: 0 success, 1 the work failed, 2 wrong usage,
 * 128 + signal when it was interrupted. Only code in ui/ prints.
 */
#ifndef FOVEA_UI_COMMAND_H
#define FOVEA_UI_COMMAND_H

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { EXIT_WORK = 1, EXIT_USAGE = 2 };

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_WHOLE, OPTION_U64, OPTION_REAL, OPTION_LIST };

/** Options whose order counts, among each other too: each row of kind LIST that shares it adds its name and its value (NULL: a flag). */
enum { OPTION_LIST_MOST = 64 };
struct option_list {
    int count;
    struct {
        const char *name, *value;
    } word[OPTION_LIST_MOST];
};

/** One option of a command; `into` is a bool, const char *, int, uint64_t, double or struct option_list, as `kind` says. */
struct option_row {
    const char *name;  /* "--epochs" */
    const char *value; /* "E", as the help shows it; NULL for a flag */
    const char *help;
    enum option_kind kind;
    void *into;
    double low, high; /* allowed range of a number */
};

struct command {
    const char *name;
    const char *usage;                                             /* what follows the name */
    const char *help;                                              /* one sentence */
    int (*run)(const struct command *self, int argc, char **argv); /* argv[0] is the command's name */
};
extern const struct command *const commands[]; /* NULL-terminated */

/**
 * Reads argv[1..argc-1] against a table that ends with a NULL name; what isn't an option goes to rest[] (room for argc), `--` ends options.
 * `--help` prints the usage; `--quiet` is understood by every command. @return -1: go on; else the exit status to end with
 */
int options_parse(const struct command *self, const struct option_row *rows, int argc, char **argv,
                  char **rest, int *rest_count);
/** Reads one value (NULL for a flag) into its place. @return false: it isn't one, and nothing is changed */
bool option_store(const struct option_row *row, const char *value);
void options_help(const struct command *self, const struct option_row *rows);

/** Prints "fovea: SENTENCE" to standard error and returns the exit status for it. */
int command_fail(const struct diag *diag);
/** The same for wrong usage: always EXIT_USAGE. */
int command_usage(const struct command *self, const char *format, ...) PRINTF_LIKE(2, 3);

/** What a command returned, or EXIT_WORK when not all of its output could be written (a full disk). */
int command_done(int status);

/** SIGINT and SIGTERM from now on only set these; 0 and false: none came. The second is what long work of the engine looks at. */
extern volatile sig_atomic_t command_signal;
extern atomic_bool command_cancel;
void command_catch_signals(void);

/** SIGINT and SIGTERM from now on end the program at once with 128 + the signal: for when there is nothing to save yet. */
void command_leave_on_signals(void);

/* ---- what several commands open ---- */
struct net;
struct weights;

/** The net of --model, or of the file's own metadata, and its weights. Both are the caller's. */
MUST_USE enum err open_network(const char *model, const char *path, struct net **net, struct weights *weights,
                               struct diag *diag);

/**
 * The same, and the class names: of classes_file (one a line), else of the weights' metadata, else NULL (then numbers are shown).
 * @param names  classes_free() them; NULL: not wanted
 */
MUST_USE enum err open_named_network(const char *model, const char *path, const char *classes_file,
                                     struct net **net, struct weights *weights, char ***names,
                                     struct diag *diag);
/** The class names in a file, one a line; classes_free() them. */
MUST_USE enum err classes_read(const char *file, int classes, char ***out, struct diag *diag);
void classes_free(char **names); /* accepts NULL */

/** A directory to save in: made unless it is there. */
MUST_USE enum err make_folder(const char *path, struct diag *diag);

/** Threads asked for, or every core when 0. */
int threads_or_all(int threads);

#endif
