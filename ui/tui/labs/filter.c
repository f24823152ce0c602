/** The filter lab: filters on pictures. */
#include "tui/actions/scenery.h"
#include "tui/labs/labs.h"
#include "tui/panels/panels.h"
#include "tui/term.h"

static const struct panel_type *const panels[] = {&panel_input, &panel_city,   &panel_hog,
                                                  &panel_eye,   &panel_census, NULL};

const struct binding filter_keys[] = {
    {'v', "city", "ranking next", "v", "in city: the next ranking", "ranking"},
    {'V', "city", "ranking before", "V", "in city: the one before", NULL},
    {KEY_ENTER_, "city", "ranking guess", "Enter", "in city: that comes first", "guess"},
    {'o', "city", "ranking", "o", "in city: show it, or hide", "show"},
    {'n', "city", "city next", "n", "in city: the next picture", NULL},
    {'N', "city", "city before", "N", "in city: the picture before", NULL},
    {' ', "hog", "pause", "Space", "in hog: train, or pause", "train"},
    {'n', "hog", "sample next", "n", "in hog: the next sample", "sample"},
    {'N', "hog", "sample before", "N", "in hog: the sample before", NULL},
    {'r', "hog", "sample random", "r", "in hog: one at random", NULL},
    {'+', "hog", "hog more", "+", "in hog: larger cells", "cells"},
    {'=', "hog", "hog more", NULL, NULL, NULL},
    {'-', "hog", "hog less", "-", "in hog: smaller cells", NULL},
    {' ', "eye", "bar", "Space", "in eye: the bar turns", "turn"},
    {KEY_RIGHT_, "eye", "bar less", "Right", "in eye: clockwise, or l", NULL},
    {'l', "eye", "bar less", NULL, NULL, NULL},
    {KEY_LEFT_, "eye", "bar more", "Left", "in eye: the other way", "bar"},
    {'h', "eye", "bar more", NULL, NULL, NULL},
    {KEY_DOWN_, "eye", "unit next", "Down", "in eye: next filter, or j", "filter"},
    {'j', "eye", "unit next", NULL, NULL, NULL},
    {KEY_UP_, "eye", "unit before", "Up", "in eye: filter before", NULL},
    {'k', "eye", "unit before", NULL, NULL, NULL},
    {')', "eye", "layer next", ")", "in eye: the next layer", "layer"},
    {KEY_PAGE_DOWN_, "eye", "layer next", NULL, NULL, NULL},
    {'(', "eye", "layer before", "(", "in eye: the layer before", NULL},
    {KEY_PAGE_UP_, "eye", "layer before", NULL, NULL, NULL},
    {'n', "eye", "city next", "n", "in eye: the next picture", NULL},
    {'N', "eye", "city before", "N", "in eye: the picture before", NULL},
    {' ', "census", "pause", "Space", "in census: train, or pause", "train"},
    {'.', "census", "step", ".", "in census: one batch", "step"},
    {',', "census", "step 100", ",", "in census: 100 batches", NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct lab lab_filter = {.name = "filter",
                               .title = "filter lab",
                               .help = "Put filters one behind the other on a picture, and see every stage",
                               .lecture = "L17 to L44",
                               .panels = panels,
                               .topics = hand_topics,
                               .rests = true,
                               .enter = scenery_enter,
                               .close = scenery_close,
                               .take = scenery_take,
                               .tick = scenery_tick,
                               .settled = scenery_settled,
                               .state = scenery_state};
