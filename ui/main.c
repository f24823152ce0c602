/**
 * The front door: `fovea WORD` runs the subcommand of that name, `fovea` alone the interactive program.
 */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "tensor/gemm.h"
#include "tensor/isa.h"
#include "tui/tui.h"

static void print_help(void)
{
    char *ask[] = {(char[]){"fovea"}, (char[]){"--help"}};
    command_interactive.run(&command_interactive, ARRAY_LEN(ask), ask);
    printf("\nWith a command it works without a screen; each has its own --help:\n\n");
    for (int i = 0; commands[i]; i++)
        printf("  %-10s %s\n", commands[i]->name, commands[i]->help);
    printf("\nfovea --version says what this is.\n");
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, ""); /* only that: numbers keep their point */
    gemm_setup();
    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        print_help();
        return 0;
    }
    if (argc >= 2 && strcmp(argv[1], "--version") == 0) {
        printf("fovea %s, instructions: %s\n%s\n", FOVEA_VERSION, isa_name(isa_best()), gemm_version());
        return 0;
    }
    if (argc < 2 || argv[1][0] == '-')
        return command_interactive.run(&command_interactive, argc, argv);
    for (int i = 0; commands[i]; i++)
        if (strcmp(argv[1], commands[i]->name) == 0)
            return command_done(commands[i]->run(commands[i], argc - 1, argv + 1));
    fprintf(stderr, "fovea: no command '%s'; there are:", argv[1]);
    for (int i = 0; commands[i]; i++)
        fprintf(stderr, " %s", commands[i]->name);
    fprintf(stderr, "\n");
    return EXIT_USAGE;
}
