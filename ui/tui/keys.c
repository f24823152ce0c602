#include "tui/keys.h"

#include <string.h>

#include "tui/term.h"
#include "tui/utf8.h"

enum { CONTROL_L = 12 };

const struct binding bindings[] = {
    {' ', ACTION_PAUSE, 0, "Space", "pause, or go on", "pause"},
    {'.', ACTION_STEP, 0, ".", "one batch, then pause", "step"},
    {',', ACTION_STEP_MANY, 0, ",", "100 batches, then pause", NULL},
    {KEY_RIGHT_, ACTION_SAMPLE_NEXT, 0, "Right", "the next sample", "sample"},
    {KEY_LEFT_, ACTION_SAMPLE_BEFORE, 0, "Left", "the sample before", NULL},
    {'r', ACTION_SAMPLE_RANDOM, 0, "r", "a sample at random", NULL},
    {KEY_DOWN_, ACTION_LAYER_NEXT, 0, "Down", "the next layer that learns", "layer"},
    {KEY_UP_, ACTION_LAYER_BEFORE, 0, "Up", "the layer before", NULL},
    {'[', ACTION_BACK, 0, "[", "back in training time", "back"},
    {']', ACTION_FORWARD, 0, "]", "forward again in time", NULL},
    {KEY_HOME_, ACTION_START, 0, "Home", "back to the first step", NULL},
    {'+', ACTION_FASTER, 0, "+", "train faster", "faster"},
    {'=', ACTION_FASTER, 0, NULL, NULL, NULL},
    {'-', ACTION_SLOWER, 0, "-", "train slower", NULL},
    {'>', ACTION_RATE_UP, 0, ">", "a larger learning rate", NULL},
    {'<', ACTION_RATE_DOWN, 0, "<", "a smaller learning rate", NULL},
    {'R', ACTION_RESET, 0, "R", "begin again, another seed", NULL},
    {'a', ACTION_ATTACK, 0, "a", "another attack", "attack"},
    {'n', ACTION_NORM, 0, "n", "another norm (linf, l2)", NULL},
    {'E', ACTION_EPSILON_UP, 0, "E", "a larger perturbation", NULL},
    {'e', ACTION_EPSILON_DOWN, 0, "e", "a smaller perturbation", "epsilon"},
    {'1', ACTION_PAGE, 0, "1", "the overview", NULL},
    {'2', ACTION_PAGE, 1, "2 ... 9", "one panel alone, large", "panels"},
    {'3', ACTION_PAGE, 2, NULL, NULL, NULL},
    {'4', ACTION_PAGE, 3, NULL, NULL, NULL},
    {'5', ACTION_PAGE, 4, NULL, NULL, NULL},
    {'6', ACTION_PAGE, 5, NULL, NULL, NULL},
    {'7', ACTION_PAGE, 6, NULL, NULL, NULL},
    {'8', ACTION_PAGE, 7, NULL, NULL, NULL},
    {'9', ACTION_PAGE, 8, NULL, NULL, NULL},
    {KEY_TAB_, ACTION_PAGE_NEXT, 0, "Tab", "the next page", NULL},
    {KEY_BACKTAB_, ACTION_PAGE_BEFORE, 0, "Shift-Tab", "the page before", NULL},
    {'?', ACTION_HELP, 0, "?", "this help", "help"},
    {KEY_F1_, ACTION_HELP, 0, NULL, NULL, NULL},
    {CONTROL_L, ACTION_REDRAW, 0, "C-l", "draw everything anew", NULL},
    {'q', ACTION_QUIT, 0, "q", "leave", "quit"},
    {0, ACTION_NONE, 0, NULL, NULL, NULL},
};

const struct binding *binding_find(int key)
{
    for (const struct binding *b = bindings; b->key; b++)
        if (b->key == key)
            return b;
    return NULL;
}

int key_named(const char *name)
{
    const char *rest = name;
    for (const struct binding *b = bindings; b->key; b++)
        if (b->name && strcmp(b->name, name) == 0)
            return b->key;
    if (strcmp(name, "Escape") == 0)
        return KEY_ESCAPE_;
    int key = (int)utf8_next(&rest);
    return *rest ? 0 : key;
}
