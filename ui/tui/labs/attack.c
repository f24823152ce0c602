/** The attack lab: how a network is fooled. */
#include "tui/app.h"
#include "tui/labs/labs.h"
#include "tui/panels/panels.h"

static const struct panel_type *const panels[] = {
    &panel_input,      &panel_attack, &panel_flip,     &panel_probabilities,
    &panel_robustness, &panel_grid,   &panel_transfer, NULL};

const struct binding attack_keys[] = {
    {'}', "lab attack", "images more", "}", "measure on more images", NULL},
    {'{', "lab attack", "images less", "{", "on fewer", NULL},
    {'H', "lab attack", "fork adversarial", "H", "a branch trained on attacks", "harden"},
    {'V', "lab attack", "prompt rival", "V", "another network beside", NULL},
    {KEY_ENTER_, "robustness", "press", "Enter", "in robustness: that epsilon", "epsilon"},
    {KEY_ENTER_, "grid", "press", "Enter", "in grid: look at that image", "image"},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct lab lab_attack = {.name = "attack",
                               .title = "attack lab",
                               .help = "Fool the network, and see how little it takes",
                               .lecture = "L53 to L57, L75 to L79",
                               .panels = panels,
                               .enter = app_open_sweeping,
                               .leave = app_leave_sweeping,
                               .take = app_take_sweeping,
                               .settled = app_sweeping_settled,
                               .state = app_state_sweeping};
