/** The subcommands, one file each. */
#ifndef FOVEA_UI_COMMANDS_H
#define FOVEA_UI_COMMANDS_H

#include "cli/command.h"

extern const struct command command_train, command_attack, command_evaluate, command_predict, command_excite,
    command_correlate, command_filter, command_summary, command_data;

#endif
