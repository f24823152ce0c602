#include "tui/theme.h"

#include <assert.h>
#include <string.h>

#include "base/err.h"

/* What a tint is where a theme has none of its own: the theme's text, or, where it has none either, the terminal's. */
#define OWN                                                                                                  \
    {                                                                                                        \
        COLOR_OWN, COLOR_OWN, COLOR_OWN                                                                      \
    }

enum column { ON_DARK, ON_LIGHT, PROJECTED, GREYS, COLUMNS };

static const struct {
    const char *name, *help;
    enum column column;
    struct tint paper, text;
} themes[THEMES] = {
    [THEME_DARK] = {"dark", "on the terminal's own, dark background", ON_DARK, OWN, OWN},
    [THEME_NIGHT] = {"night",
                     "on black; zero is dark in signed pictures too",
                     ON_DARK,
                     {0x000000, 16, COLOR_0_BLACK},
                     {0xe0e0e0, 254, COLOR_7_WHITE}},
    [THEME_LIGHT] =
        {"light", "on white", ON_LIGHT, {0xffffff, 231, COLOR_7_WHITE}, {0x1a1a1a, 234, COLOR_0_BLACK}},
    [THEME_PROJECTOR] = {"projector",
                         "black on white, bold, with thick lines and large digits",
                         PROJECTED,
                         {0xffffff, 231, COLOR_7_WHITE},
                         {0x000000, 16, COLOR_0_BLACK}},
    [THEME_MONO] = {"mono", "greys, and signs where a colour said something", GREYS, OWN, OWN},
};

/**
 * The colours on dark are those of Okabe and Ito (2008), which can be told apart with any kind of colour vision; the columns beside
 * them keep the hues, darkened until they can be read on white. What a colour says is always said by a sign, a word or a place too.
 */
static const struct ink {
    struct tint tint;
    unsigned attrs, attrs_few; /* with 256 colours and more; with less */
} roles[ROLES][COLUMNS] = {
    [ROLE_TEXT] = {{OWN, 0, 0}, {OWN, 0, 0}, {OWN, LOOK_BOLD, LOOK_BOLD}, {OWN, 0, 0}},
    [ROLE_FAINT] = {{{0x8a8a8a, 245, COLOR_OWN}, 0, LOOK_DIM},
                    {{0x5f5f5f, 59, COLOR_OWN}, 0, LOOK_DIM},
                    {{0x3a3a3a, 237, COLOR_OWN}, LOOK_BOLD, 0},
                    {{0x8a8a8a, 245, COLOR_OWN}, 0, LOOK_DIM}},
    [ROLE_STRONG] = {{OWN, LOOK_BOLD, LOOK_BOLD},
                     {OWN, LOOK_BOLD, LOOK_BOLD},
                     {OWN, LOOK_BOLD | LOOK_UNDERLINE, LOOK_BOLD | LOOK_UNDERLINE},
                     {OWN, LOOK_BOLD, LOOK_BOLD}},
    [ROLE_TITLE] = {{OWN, LOOK_BOLD, LOOK_BOLD},
                    {OWN, LOOK_BOLD, LOOK_BOLD},
                    {OWN, LOOK_BOLD, LOOK_BOLD},
                    {OWN, LOOK_BOLD, LOOK_BOLD}},
    [ROLE_FRAME] = {{{0x767676, 243, COLOR_OWN}, 0, 0},
                    {{0x767676, 243, COLOR_OWN}, 0, 0},
                    {{0x3a3a3a, 237, COLOR_OWN}, LOOK_BOLD, LOOK_BOLD},
                    {{0x767676, 243, COLOR_OWN}, 0, 0}},
    [ROLE_FOCUS] = {{{0x56b4e9, 74, COLOR_6_CYAN}, LOOK_BOLD, LOOK_BOLD},
                    {{0x0072b2, 25, COLOR_4_BLUE}, LOOK_BOLD, LOOK_BOLD},
                    {{0x004f86, 24, COLOR_4_BLUE}, LOOK_BOLD, LOOK_BOLD},
                    {OWN, LOOK_BOLD, LOOK_BOLD}},
    [ROLE_STATUS] = {{OWN, LOOK_REVERSE, LOOK_REVERSE},
                     {OWN, LOOK_REVERSE, LOOK_REVERSE},
                     {OWN, LOOK_REVERSE | LOOK_BOLD, LOOK_REVERSE | LOOK_BOLD},
                     {OWN, LOOK_REVERSE, LOOK_REVERSE}},
    [ROLE_STATUS_KEY] = {{OWN, LOOK_REVERSE | LOOK_BOLD, LOOK_REVERSE | LOOK_BOLD},
                         {OWN, LOOK_REVERSE | LOOK_BOLD, LOOK_REVERSE | LOOK_BOLD},
                         {OWN, LOOK_REVERSE | LOOK_BOLD, LOOK_REVERSE | LOOK_BOLD},
                         {OWN, LOOK_REVERSE | LOOK_BOLD, LOOK_REVERSE | LOOK_BOLD}},
    [ROLE_GOOD] = {{{0x009e73, 36, COLOR_2_GREEN}, 0, 0},
                   {{0x00694c, 22, COLOR_4_BLUE}, 0, 0},
                   {{0x00523b, 22, COLOR_4_BLUE}, LOOK_BOLD, LOOK_BOLD},
                   {OWN, 0, 0}},
    [ROLE_BAD] = {{{0xd55e00, 166, COLOR_1_RED}, LOOK_BOLD, LOOK_BOLD},
                  {{0xa63c00, 124, COLOR_1_RED}, LOOK_BOLD, LOOK_BOLD},
                  {{0x8c2d00, 88, COLOR_1_RED}, LOOK_BOLD, LOOK_BOLD},
                  {OWN, LOOK_BOLD | LOOK_UNDERLINE, LOOK_BOLD | LOOK_UNDERLINE}},
    [ROLE_WARN] = {{{0xe69f00, 178, COLOR_3_YELLOW}, 0, LOOK_BOLD},
                   {{0x855a00, 94, COLOR_5_MAGENTA}, 0, LOOK_BOLD},
                   {{0x6b4800, 58, COLOR_5_MAGENTA}, LOOK_BOLD, LOOK_BOLD},
                   {OWN, LOOK_BOLD, LOOK_BOLD}},
    [ROLE_BAR] = {{{0x56b4e9, 74, COLOR_6_CYAN}, 0, 0},
                  {{0x0072b2, 25, COLOR_4_BLUE}, 0, 0},
                  {{0x004f86, 24, COLOR_4_BLUE}, LOOK_BOLD, LOOK_BOLD},
                  {{0xa8a8a8, 248, COLOR_OWN}, 0, 0}},
    [ROLE_BAR_TRUE] = {{{0xe69f00, 178, COLOR_3_YELLOW}, LOOK_BOLD, LOOK_BOLD},
                       {{0xa65300, 130, COLOR_1_RED}, LOOK_BOLD, LOOK_BOLD},
                       {{0x8c2d00, 88, COLOR_1_RED}, LOOK_BOLD, LOOK_BOLD},
                       {OWN, LOOK_BOLD, LOOK_BOLD}},
    [ROLE_CURSOR] = {{OWN, LOOK_REVERSE | LOOK_BOLD, LOOK_REVERSE | LOOK_BOLD},
                     {OWN, LOOK_REVERSE | LOOK_BOLD, LOOK_REVERSE | LOOK_BOLD},
                     {OWN, LOOK_REVERSE | LOOK_BOLD, LOOK_REVERSE | LOOK_BOLD},
                     {OWN, LOOK_REVERSE | LOOK_BOLD, LOOK_REVERSE | LOOK_BOLD}},
};

/* Curves. */
static const struct tint lines[LINE_KINDS][COLUMNS] = {
    [LINE_NONE] = {OWN, OWN, OWN, OWN},
    [LINE_TRAIN_LOSS] = {{0xe69f00, 178, COLOR_3_YELLOW},
                         {0xb86a00, 130, COLOR_1_RED},
                         {0xa65300, 130, COLOR_1_RED},
                         OWN},
    [LINE_TEST_LOSS] = {{0x56b4e9, 74, COLOR_6_CYAN},
                        {0x0072b2, 25, COLOR_4_BLUE},
                        {0x004f86, 24, COLOR_4_BLUE},
                        OWN},
    [LINE_TRAIN_ACCURACY] = {{0x009e73, 36, COLOR_2_GREEN},
                             {0x00795a, 29, COLOR_OWN},
                             {0x00523b, 22, COLOR_OWN},
                             OWN},
    [LINE_TEST_ACCURACY] = {{0xcc79a7, 175, COLOR_5_MAGENTA},
                            {0xa84886, 126, COLOR_5_MAGENTA},
                            {0x8c2f6b, 90, COLOR_5_MAGENTA},
                            OWN},
    [LINE_RAW] = {{0x585858, 240, COLOR_OWN},
                  {0xb2b2b2, 249, COLOR_OWN},
                  {0xa8a8a8, 248, COLOR_OWN},
                  {0x767676, 243, COLOR_OWN}},
    [LINE_OTHER_TRAIN_LOSS] = {{0xd55e00, 166, COLOR_1_RED},
                               {0x8c2d00, 88, COLOR_1_RED},
                               {0x6b1f00, 52, COLOR_1_RED},
                               OWN},
    [LINE_OTHER_TEST_LOSS] = {{0x0072b2, 25, COLOR_7_WHITE},
                              {0x0093b8, 31, COLOR_4_BLUE},
                              {0x006f9a, 31, COLOR_4_BLUE},
                              OWN},
    [LINE_OTHER_TRAIN_ACCURACY] = {{0xb3de69, 149, COLOR_2_GREEN},
                                   {0x7a8b00, 100, COLOR_OWN},
                                   {0x4f5a00, 58, COLOR_OWN},
                                   OWN},
    [LINE_OTHER_TEST_ACCURACY] = {{0x9467bd, 98, COLOR_5_MAGENTA},
                                  {0x6a3d9a, 55, COLOR_5_MAGENTA},
                                  {0x4b2a78, 54, COLOR_5_MAGENTA},
                                  OWN},
};

/* Shades of signed pictures where there are 8 colours: below zero and above. */
static const int16_t signs[2][COLUMNS] = {
    {COLOR_4_BLUE, COLOR_4_BLUE, COLOR_4_BLUE, COLOR_OWN},
    {COLOR_3_YELLOW, COLOR_1_RED, COLOR_1_RED, COLOR_OWN},
};

const char *theme_name(enum theme theme)
{
    assert(theme >= 0 && theme < THEMES);
    return themes[theme].name;
}

const char *theme_help(enum theme theme)
{
    assert(theme >= 0 && theme < THEMES);
    return themes[theme].help;
}

bool theme_find(const char *name, enum theme *out)
{
    for (int t = 0; t < THEMES; t++)
        if (strcmp(name, themes[t].name) == 0) {
            *out = (enum theme)t;
            return true;
        }
    return false;
}

static int32_t on_rung(const struct tint *tint, enum rung rung)
{
    return rung == RUNG_DIRECT ? tint->rgb
           : rung == RUNG_256  ? tint->x256
           : rung == RUNG_8    ? tint->x8
                               : COLOR_OWN;
}

static int32_t or_text(int32_t color, const struct style *s)
{
    return color == COLOR_OWN ? on_rung(&themes[s->theme].text, s->rung) : color;
}

int32_t theme_paper(const struct style *s)
{
    return on_rung(&themes[s->theme].paper, s->rung);
}

struct look theme_role(const struct style *s, enum role role)
{
    const struct ink *ink = &roles[role][themes[s->theme].column];

    assert(role >= 0 && role < ROLES);
    return (struct look){or_text(on_rung(&ink->tint, s->rung), s), theme_paper(s),
                         s->rung >= RUNG_256 ? ink->attrs : ink->attrs_few};
}

int32_t theme_line(const struct style *s, enum line line)
{
    assert(line > LINE_NONE && line < LINE_KINDS);
    return or_text(on_rung(&lines[line][themes[s->theme].column], s->rung), s);
}

int32_t theme_sign(const struct style *s, bool positive)
{
    return s->rung == RUNG_8 ? or_text(signs[positive][themes[s->theme].column], s) : COLOR_OWN;
}
