#include "tui/keys.h"

#include <string.h>

#include "base/err.h"
#include "tui/labs/labs.h"
#include "tui/term.h"
#include "tui/utf8.h"

enum { CONTROL_L = 12, CONTROL_N = 14, CONTROL_P = 16 };

const struct binding bindings[] = {
    {' ', NULL, "pause", "Space", "pause, or go on", "pause"},
    {'.', NULL, "step", ".", "one batch, then pause", "step"},
    {',', NULL, "step 100", ",", "100 batches, then pause", NULL},
    {';', NULL, "epoch", ";", "to the end of the epoch", NULL},
    {'s', NULL, "slow", "s", "one phase of a step", NULL},
    {'+', NULL, "speed more", "+", "train faster", "faster"},
    {'=', NULL, "speed more", NULL, NULL, NULL},
    {'-', NULL, "speed less", "-", "train slower", NULL},
    {'>', NULL, "rate more", ">", "a larger learning rate", NULL},
    {'<', NULL, "rate less", "<", "a smaller learning rate", NULL},
    {'R', NULL, "reset other", "R", "begin again, another seed", NULL},
    {'B', NULL, "reset same", "B", "begin again, the same seed", NULL},
    {'[', NULL, "seek back", "[", "back in training time", "back"},
    {']', NULL, "seek forward", "]", "forward again in time", NULL},
    {KEY_HOME_, NULL, "seek start", "Home", "back to the first step", NULL},
    {KEY_END_, NULL, "seek end", "End", "to the newest step", NULL},
    {'F', NULL, "fork", "F", "fork: change one thing", NULL},
    {KEY_TAB_, NULL, "branch other", "Tab", "the other branch", NULL},
    {'n', NULL, "sample next", "n", "the next sample", "sample"},
    {'N', NULL, "sample before", "N", "the sample before", NULL},
    {'r', NULL, "sample random", "r", "a sample at random", NULL},
    {'m', NULL, "sample mistake", "m", "the next mistake", "mistake"},
    {'d', NULL, "draw on", "d", "draw a digit by hand", "draw"},
    {KEY_UP_, "draw", "pen up", "Up", "the pen: arrows, or hjkl", "move"},
    {'k', "draw", "pen up", NULL, NULL, NULL},
    {KEY_DOWN_, "draw", "pen down", NULL, NULL, NULL},
    {'j', "draw", "pen down", NULL, NULL, NULL},
    {KEY_LEFT_, "draw", "pen left", NULL, NULL, NULL},
    {'h', "draw", "pen left", NULL, NULL, NULL},
    {KEY_RIGHT_, "draw", "pen right", NULL, NULL, NULL},
    {'l', "draw", "pen right", NULL, NULL, NULL},
    {' ', "draw", "pen press", "Space", "put the pen down, lift it", "pen"},
    {'x', "draw", "pen erase", "x", "erase, or stop", "erase"},
    {'u', "draw", "draw undo", "u", "take a stroke back", "undo"},
    {'U', "draw", "draw redo", "U", "bring it back", "redo"},
    {'C', "draw", "draw clear", "C", "clear the sheet", "clear"},
    {'+', "draw", "pen more", "+", "a wider pen", "wider"},
    {'=', "draw", "pen more", NULL, NULL, NULL},
    {'-', "draw", "pen less", "-", "a narrower pen", NULL},
    {'t', "draw", "nudge on", "t", "nudge the picture", "nudge"},
    {'0', "draw", "label 0", "0 ... 9", "what it is meant to be", "label"},
    {'1', "draw", "label 1", NULL, NULL, NULL},
    {'2', "draw", "label 2", NULL, NULL, NULL},
    {'3', "draw", "label 3", NULL, NULL, NULL},
    {'4', "draw", "label 4", NULL, NULL, NULL},
    {'5', "draw", "label 5", NULL, NULL, NULL},
    {'6', "draw", "label 6", NULL, NULL, NULL},
    {'7', "draw", "label 7", NULL, NULL, NULL},
    {'8', "draw", "label 8", NULL, NULL, NULL},
    {'9', "draw", "label 9", NULL, NULL, NULL},
    {KEY_ENTER_, "draw", "draw off", "Enter", "done, or Escape", "done"},
    {KEY_ESCAPE_, "draw", "draw off", NULL, NULL, NULL},
    {'t', NULL, "nudge on", "t", "nudge the picture", NULL},
    {KEY_UP_, "nudge", "nudge up", "Up", "nudge: arrows, or hjkl", "nudge"},
    {'k', "nudge", "nudge up", NULL, NULL, NULL},
    {KEY_DOWN_, "nudge", "nudge down", NULL, NULL, NULL},
    {'j', "nudge", "nudge down", NULL, NULL, NULL},
    {KEY_LEFT_, "nudge", "nudge left", NULL, NULL, NULL},
    {'h', "nudge", "nudge left", NULL, NULL, NULL},
    {KEY_RIGHT_, "nudge", "nudge right", NULL, NULL, NULL},
    {'l', "nudge", "nudge right", NULL, NULL, NULL},
    {'0', "nudge", "nudge 0 0", "0", "back to where it was", "back"},
    {'t', "nudge", "nudge off", "t", "done, or Escape", "done"},
    {KEY_ENTER_, "nudge", "nudge off", NULL, NULL, NULL},
    {KEY_ESCAPE_, "nudge", "nudge off", NULL, NULL, NULL},
    {')', NULL, "layer next", ")", "next layer, or PageDown", "layer"},
    {KEY_PAGE_DOWN_, NULL, "layer next", NULL, NULL, NULL},
    {'(', NULL, "layer before", "(", "layer before, or PageUp", NULL},
    {KEY_PAGE_UP_, NULL, "layer before", NULL, NULL, NULL},
    {KEY_RIGHT_, NULL, "cursor right", "Right", "point to the right, or l", "point"},
    {'l', NULL, "cursor right", NULL, NULL, NULL},
    {KEY_LEFT_, NULL, "cursor left", "Left", "point to the left, or h", NULL},
    {'h', NULL, "cursor left", NULL, NULL, NULL},
    {KEY_DOWN_, NULL, "cursor down", "Down", "point further down, or j", NULL},
    {'j', NULL, "cursor down", NULL, NULL, NULL},
    {KEY_UP_, NULL, "cursor up", "Up", "point further up, or k", NULL},
    {'k', NULL, "cursor up", NULL, NULL, NULL},
    {KEY_ESCAPE_, NULL, "cursor off", "Escape", "no cursor", NULL},
    {KEY_ESCAPE_, "detail", "fold all", "Escape", "in detail: leave it", NULL},
    {KEY_ENTER_, NULL, "unfold", "Enter", "take apart, further down", "apart"},
    {KEY_BACKSPACE_, NULL, "fold", "Backspace", "back a level", NULL},
    {'f', NULL, "feeds", "f", "what that number feeds", NULL},
    {'w', NULL, "focus next", "w", "focus on the next panel", "focus"},
    {'W', NULL, "focus before", "W", "focus on the panel before", NULL},
    {'z', NULL, "enlarge", "z", "that panel alone, or back", "enlarge"},
    {'x', NULL, "hide", "x", "hide that panel", NULL},
    {'X', NULL, "panels all", "X", "show all panels", NULL},
    {'1', NULL, "page 1", "1", "the overview", NULL},
    {'2', NULL, "page 2", "2 ... 9", "one panel alone, large", "panels"},
    {'3', NULL, "page 3", NULL, NULL, NULL},
    {'4', NULL, "page 4", NULL, NULL, NULL},
    {'5', NULL, "page 5", NULL, NULL, NULL},
    {'6', NULL, "page 6", NULL, NULL, NULL},
    {'7', NULL, "page 7", NULL, NULL, NULL},
    {'8', NULL, "page 8", NULL, NULL, NULL},
    {'9', NULL, "page 9", NULL, NULL, NULL},
    {'a', NULL, "attack next", "a", "another attack", "attack"},
    {'A', NULL, "norm next", "A", "another norm (linf, l2)", NULL},
    {'E', NULL, "epsilon more", "E", "a larger perturbation", NULL},
    {'e', NULL, "epsilon less", "e", "a smaller perturbation", "epsilon"},
    {'c', NULL, "scale next", "c", "the scale of the colours", "scale"},
    {'b', NULL, "show next", "b", "before the non-linearity", NULL},
    {'y', NULL, "gradients", "y", "gradients beside them", NULL},
    {'p', NULL, "winners", "p", "winners of the pooling", NULL},
    {'g', NULL, "gamma less", "g", "lift what is small", NULL},
    {'G', NULL, "gamma more", "G", "the other way", NULL},
    {'T', NULL, "theme next", "T", "other colours", NULL},
    {'#', NULL, "numbers", "#", "numbers, or pixels", "numbers"},
    {'i', NULL, "legend", "i", "what the colours mean", NULL},
    {'L', NULL, "log", "L", "the loss by its logarithm", NULL},
    {'o', NULL, "recent", "o", "the last tenth of curves", NULL},
    {'v', NULL, "smooth next", "v", "smoother curves, or rougher", NULL},
    {'S', NULL, "live", "S", "step this layer by hand", NULL},
    {'K', NULL, "lab neuron", "K", "ask a unit what it likes", NULL},
    {KEY_ENTER_, "curves", "press", "Enter", "in curves: go to that step", "there"},
    {KEY_ENTER_, "network", "press", "Enter", "in network: that layer", "layer"},
    {'u', NULL, "undo", "u", "undo the last change", NULL},
    {'P', NULL, "prompt save", "P", "save picture, numbers ...", NULL},
    {':', NULL, "prompt", ":", "type what to do", NULL},
    {'?', NULL, "help", "?", "this help", "help"},
    {KEY_F1_, NULL, "help", NULL, NULL, NULL},
    {CONTROL_N, NULL, "lab next", "C-n", "the next lab", "lab"},
    {CONTROL_P, NULL, "lab before", "C-p", "the lab before", NULL},
    {'M', NULL, "mouse", "M", "mouse for fovea or for text", NULL},
    {CONTROL_L, NULL, "redraw", "C-l", "draw everything anew", NULL},
    {'q', NULL, "quit", "q", "leave", "quit"},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct binding *const key_tables[] = {bindings,    step_keys,   filter_keys, signal_keys,
                                            attack_keys, neuron_keys, match_keys,  NULL};

const struct binding *binding_next(const struct binding *b)
{
    int t = 0;
    if (b && b[1].key)
        return b + 1;
    if (b) /* to the table behind the one that it ends */
        for (bool found = false; !found && key_tables[t]; t++)
            for (const struct binding *row = key_tables[t]; row->key && !found; row++)
                found = row == b;
    while (key_tables[t] && !key_tables[t]->key)
        t++;
    return key_tables[t];
}

const struct binding *binding_find(int key, const char *const *where)
{
    for (; *where; where++)
        for (int t = 0; key_tables[t]; t++)
            for (const struct binding *b = key_tables[t]; b->key; b++)
                if (b->key == key && b->where && strcmp(b->where, *where) == 0)
                    return b;
    for (const struct binding *b = bindings; b->key; b++)
        if (b->key == key && !b->where)
            return b;
    return NULL;
}

int key_named(const char *name)
{
    static const struct {
        const char *name;
        int key;
    } others[] = {{"Backspace", KEY_BACKSPACE_}, {"Tab", KEY_TAB_},       {"Shift-Tab", KEY_BACKTAB_},
                  {"Enter", KEY_ENTER_},         {"Escape", KEY_ESCAPE_}, {"Delete", KEY_DELETE_}};
    const char *rest = name;
    for (const struct binding *b = binding_next(NULL); b; b = binding_next(b))
        if (b->name && strcmp(b->name, name) == 0)
            return b->key;
    for (int i = 0; i < ARRAY_LEN(others); i++)
        if (strcmp(others[i].name, name) == 0)
            return others[i].key;
    int key = (int)utf8_next(&rest);
    return *rest ? 0 : key;
}
