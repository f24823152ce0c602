/**
 * The front door: `fovea` alone opens the terminal interface, `fovea WORD` runs the subcommand of that name.
 */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "tensor/gemm.h"
#include "tui/app.h"

static const struct command tui_command = {"", "[--model M] [--data D] [--weights W] [option ...]",
                                           "Look inside a convolutional network while it learns", NULL};

static void print_help(const struct option_row *rows)
{
    options_help(&tui_command, rows);
    printf("\nor a command, which has its own --help:\n\n");
    for (int i = 0; commands[i]; i++)
        printf("  %-10s %s\n", commands[i]->name, commands[i]->help);
}

static int open_interface(int argc, char **argv)
{
    struct app_options o = app_defaults();
    bool help = false, version = false;
    const struct option_row rows[] = {
        {"--model", "M", "built-in model or model file (lenet)", OPTION_TEXT, &o.model, 0, 0},
        {"--data", "D", "digits, mnist:DIR, idx:DIR, cifar10:DIR, folder:DIR", OPTION_TEXT, &o.data, 0, 0},
        {"--weights", "W", "start from these weights, paused", OPTION_TEXT, &o.weights, 0, 0},
        {"--lr", "R", "learning rate", OPTION_REAL, &o.lr, 0, 1e3},
        {"--batch", "B", "images in a batch", OPTION_WHOLE, &o.batch, 1, 65536},
        {"--seed", "S", "where all chance comes from", OPTION_U64, &o.seed, 0, 0},
        {"--threads", "T", "threads for training (all cores)", OPTION_WHOLE, &o.threads, 1, TEAM_MAX},
        {"--colors", "C", "auto, direct, 256, 8 or mono", OPTION_TEXT, &o.colors, 0, 0},
        {"--script", "FILE", "play keys and take screens without a terminal", OPTION_TEXT, &o.script, 0, 0},
        {"--version", NULL, "what this is", OPTION_FLAG, &version, 0, 0},
        {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
    };
    help = argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
    if (help) {
        print_help(rows);
        return 0;
    }
    char *rest[64];
    int rest_count = 0;
    if (argc > 64)
        return command_usage(&tui_command, "more than 63 words");
    int status = options_parse(&tui_command, rows, argc, argv, rest, &rest_count);
    if (status >= 0)
        return status;
    if (rest_count > 0) {
        fprintf(stderr, "fovea: no command '%s'; there are:", rest[0]);
        for (int i = 0; commands[i]; i++)
            fprintf(stderr, " %s", commands[i]->name);
        fprintf(stderr, "\n");
        return EXIT_USAGE;
    }
    if (version) {
        printf("fovea %s\n%s\n", FOVEA_VERSION, gemm_version());
        return 0;
    }
    return app_run(&o);
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, ""); /* only that: numbers keep their point */
    gemm_setup();
    for (int i = 0; argc > 1 && commands[i]; i++)
        if (strcmp(argv[1], commands[i]->name) == 0)
            return commands[i]->run(commands[i], argc - 1, argv + 1);
    return open_interface(argc, argv);
}
