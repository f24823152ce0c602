/**
 * The front door: `fovea WORD` runs the subcommand of that name.
 */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "tensor/gemm.h"

static void print_help(FILE *to)
{
    fprintf(to, "usage: fovea COMMAND [option ...]\n\nLook inside a convolutional network. Each command has "
                "its own --help:\n\n");
    for (int i = 0; commands[i]; i++)
        fprintf(to, "  %-10s %s\n", commands[i]->name, commands[i]->help);
    fprintf(to, "\nfovea --version says what this is.\n");
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, ""); /* only that: numbers keep their point */
    gemm_setup();
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(argc < 2 ? stderr : stdout);
        return argc < 2 ? EXIT_USAGE : 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("fovea %s\n%s\n", FOVEA_VERSION, gemm_version());
        return 0;
    }
    for (int i = 0; commands[i]; i++)
        if (strcmp(argv[1], commands[i]->name) == 0)
            return command_done(commands[i]->run(commands[i], argc - 1, argv + 1));
    fprintf(stderr, "fovea: no command '%s'; there are:", argv[1]);
    for (int i = 0; commands[i]; i++)
        fprintf(stderr, " %s", commands[i]->name);
    fprintf(stderr, "\n");
    return EXIT_USAGE;
}
