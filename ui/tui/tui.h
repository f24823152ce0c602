/** The interactive program, as the front door starts it. */
#ifndef FOVEA_UI_TUI_H
#define FOVEA_UI_TUI_H

#include "cli/command.h"

extern const struct command command_interactive;

#endif
