#include "cli/commands.h"

#include <stddef.h>

const struct command *const commands[] = {
    &command_train,     &command_attack, &command_evaluate, &command_predict, &command_excite,
    &command_correlate, &command_filter, &command_summary,  &command_data,    NULL,
};
