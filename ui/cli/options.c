#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/command.h"

volatile sig_atomic_t command_signal;
atomic_bool command_cancel;

static void note(int number)
{
    command_signal = number;
    atomic_store(&command_cancel, true);
}

static void leave(int number)
{
    static const char said[] = "fovea: interrupted before there was anything to save\n";
    (void)!write(STDERR_FILENO, said, sizeof said - 1);
    _exit(128 + number);
}

static void handle_signals(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

void command_catch_signals(void)
{
    handle_signals(note);
}

void command_leave_on_signals(void)
{
    handle_signals(leave);
}

int command_fail(const struct diag *diag)
{
    fprintf(stderr, "fovea: %s\n", diag->text);
    return diag->err == ERR_USAGE ? EXIT_USAGE : EXIT_WORK;
}

int command_done(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    fprintf(stderr, "fovea: cannot write to standard output: %s\n", strerror(errno));
    return status ? status : EXIT_WORK;
}

int command_usage(const struct command *self, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "fovea: %s%s", self->name, *self->name ? ": " : "");
    vfprintf(stderr, format, args);
    fprintf(stderr, "; see fovea %s%s--help\n", self->name, *self->name ? " " : "");
    va_end(args);
    return EXIT_USAGE;
}

/* What every command takes. A command that has something to be quiet about has its own row. */
static const struct option_row quiet_row = {
    "--quiet", NULL, "nothing but results and errors", OPTION_FLAG, NULL, 0, 0};

static void print_row(const struct option_row *row)
{
    char left[64];
    snprintf(left, sizeof left, "%s %s", row->name, row->value ? row->value : "");
    printf("  %-26s %s\n", left, row->help);
}

/* The row of an option, given as "--name" or "--name=value"; NULL: there is none. */
static const struct option_row *find_row(const struct option_row *rows, const char *word, size_t length)
{
    for (const struct option_row *row = rows; row->name; row++)
        if (strlen(row->name) == length && strncmp(row->name, word, length) == 0)
            return row;
    return strlen(quiet_row.name) == length && strncmp(quiet_row.name, word, length) == 0 ? &quiet_row : NULL;
}

void options_help(const struct command *self, const struct option_row *rows)
{
    printf("usage: fovea %s%s%s\n\n%s.\n\n", self->name, *self->name ? " " : "", self->usage, self->help);
    for (const struct option_row *row = rows; row->name; row++)
        print_row(row);
    if (find_row(rows, quiet_row.name, strlen(quiet_row.name)) == &quiet_row)
        print_row(&quiet_row);
    printf("  %-26s %s\n", "--help", "show this");
}

static bool append(const struct option_row *row, const char *value)
{
    struct option_list *list = row->into;
    if (list->count == OPTION_LIST_MOST)
        return false;
    list->word[list->count].name = row->name;
    list->word[list->count++].value = value;
    return true;
}

bool option_store(const struct option_row *row, const char *value)
{
    long whole = 0;
    double real = 0;
    switch (row->kind) {
    case OPTION_FLAG:
        if (row->into)
            *(bool *)row->into = true;
        return true;
    case OPTION_TEXT:
        *(const char **)row->into = value;
        return true;
    case OPTION_WHOLE:
        if (!text_int(value, (long)row->low, (long)row->high, &whole))
            return false;
        *(int *)row->into = (int)whole;
        return true;
    case OPTION_U64:
        return text_u64(value, row->into);
    case OPTION_REAL:
        if (!text_real(value, &real) || real < row->low || real > row->high)
            return false;
        *(double *)row->into = real;
        return true;
    case OPTION_LIST:
        return append(row, value);
    }
    return false;
}

static int wrong_value(const struct command *self, const struct option_row *row, const char *value)
{
    if (row->kind == OPTION_WHOLE)
        return command_usage(self, "%s wants a whole number from %.0f to %.0f, not '%s'", row->name, row->low,
                             row->high, value);
    if (row->kind == OPTION_REAL)
        return command_usage(self, "%s wants a number from %g to %g, not '%s'", row->name, row->low,
                             row->high, value);
    if (row->kind == OPTION_LIST)
        return command_usage(self, "%s is one option of its kind too many; there can be %d", row->name,
                             OPTION_LIST_MOST);
    return command_usage(self, "%s wants a whole number from 0, not '%s'", row->name, value);
}

int options_parse(const struct command *self, const struct option_row *rows, int argc, char **argv,
                  char **rest, int *rest_count)
{
    bool ended = false;
    *rest_count = 0;
    for (int i = 1; i < argc; i++) {
        char *word = argv[i];
        if (ended || word[0] != '-' || !word[1]) {
            rest[(*rest_count)++] = word;
            continue;
        }
        if (strcmp(word, "--") == 0) {
            ended = true;
            continue;
        }
        if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            options_help(self, rows);
            return 0;
        }
        const char *equals = strchr(word, '=');
        size_t length = equals ? (size_t)(equals - word) : strlen(word);
        const struct option_row *row = find_row(rows, word, length);
        if (!row)
            return command_usage(self, "no option '%.*s'", (int)length, word);
        const char *value = equals ? equals + 1 : NULL;
        if (!row->value && value)
            return command_usage(self, "%s takes no value", row->name);
        if (row->value && !value) {
            if (i + 1 >= argc)
                return command_usage(self, "%s wants a value: %s", row->name, row->value);
            value = argv[++i];
        }
        if (!option_store(row, value))
            return wrong_value(self, row, value);
    }
    return -1;
}
