/** prompt: editing a line, completing its words, remembering lines, and drawing it in little room. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/rng.h"
#include "looks.h"
#include "tui/prompt.h"
#include "tui/term.h"
#include "tui/utf8.h"

static struct prompt p;

/* Characters as they are; ^x is Control with x, and <Left> the key of that name. */
static enum prompt_answer type(const char *keys)
{
    static const struct {
        const char *name;
        int key;
    } names[] = {{"<Left>", KEY_LEFT_},      {"<Right>", KEY_RIGHT_}, {"<Home>", KEY_HOME_},
                 {"<End>", KEY_END_},        {"<Up>", KEY_UP_},       {"<Down>", KEY_DOWN_},
                 {"<Back>", KEY_BACKSPACE_}, {"<Del>", KEY_DELETE_},  {"<Tab>", KEY_TAB_},
                 {"<STab>", KEY_BACKTAB_},   {"<Enter>", KEY_ENTER_}, {"<Esc>", KEY_ESCAPE_}};
    enum prompt_answer answer = PROMPT_GOES_ON;
    while (*keys) {
        int key = 0;
        for (int i = 0; i < ARRAY_LEN(names) && !key; i++)
            if (strncmp(keys, names[i].name, strlen(names[i].name)) == 0) {
                key = names[i].key;
                keys += strlen(names[i].name);
            }
        if (!key && *keys == '^') {
            key = keys[1] - 'a' + 1;
            keys += 2;
        }
        if (!key)
            key = (int)utf8_next(&keys);
        answer = prompt_key(&p, key);
    }
    return answer;
}

static void open(const char *text)
{
    memset(&p, 0, sizeof p);
    prompt_open(&p, text);
}

Test(prompt, edits)
{
    static const struct {
        const char *keys, *text;
        int cursor;
    } cases[] = {
        {"layer 2", "layer 2", 7},
        {"layer<Left><Left>X", "layXer", 4},
        {"abc<Home>x<End>y", "xabcy", 5},
        {"abc<Left><Back>", "ac", 1},
        {"abc<Home><Back><Del>", "bc", 0},
        {"abc<Del>^d", "abc", 3},
        {"one two^w", "one ", 4},
        {"one two  ^w", "one ", 4},
        {"one two^w^w^w", "", 0},
        {"one two^b^b^b^u", "two", 0},
        {"one two^a^f^f^f^k", "one", 3},
        {"\u00fc\u732bx<Left><Left><Back>", "\u732bx", 0},
        {"\u00fc\u732b<Home><Del>", "\u732b", 0},
        {"a<Right><Left><Left>b", "ba", 1},
        {"a\u0301b", "ab", 2}, /* combining marks have no cell of their own */
        {"a^l^gb", "ab", 2},
    };
    for (int i = 0; i < ARRAY_LEN(cases); i++) {
        open("");
        cr_assert_eq(type(cases[i].keys), PROMPT_GOES_ON);
        cr_assert_str_eq(p.text, cases[i].text, "after %s", cases[i].keys);
        cr_assert_eq(p.cursor, cases[i].cursor, "after %s", cases[i].keys);
    }
}

Test(prompt, ends)
{
    open("save ");
    cr_assert_eq(type("screen<Enter>"), PROMPT_READY);
    cr_assert_str_eq(p.text, "save screen");
    cr_assert_not(p.open);
    prompt_open(&p, "");
    cr_assert_eq(type("x<Esc>"), PROMPT_LEFT);
    prompt_open(&p, "");
    cr_assert_eq(type("x<Back>"), PROMPT_GOES_ON);
    cr_assert_eq(type("<Back>"), PROMPT_LEFT);
    cr_assert_not(p.open);
}

Test(prompt, remembers_lines)
{
    open("");
    type("one<Enter>");
    prompt_open(&p, "");
    type("two<Enter>");
    prompt_open(&p, "");
    type("two<Enter>"); /* twice the same is one */
    prompt_open(&p, "");
    type("half<Up>");
    cr_assert_str_eq(p.text, "two");
    type("<Up><Up>");
    cr_assert_str_eq(p.text, "one");
    type("^n^n");
    cr_assert_str_eq(p.text, "half");
    type("<Down>");
    cr_assert_str_eq(p.text, "half");
    for (int i = 0; i < 2 * PROMPT_LINES; i++) {
        char line[16];
        snprintf(line, sizeof line, "%d<Enter>", i);
        prompt_open(&p, "");
        type(line);
    }
    prompt_open(&p, "");
    for (int i = 0; i < 2 * PROMPT_LINES; i++)
        type("<Up>");
    cr_assert_str_eq(p.text, "32");
}

static void offer(void *arg, const char *before, const char *word, struct choices *out)
{
    static const char *const first[] = {"panel", "pause", "epsilon", "epoch", "n\u00e4chste", "n\u00e9e"};
    (void)word;
    ++*(int *)arg;
    if (!*before)
        for (int i = 0; i < ARRAY_LEN(first); i++)
            choices_add(out, first[i], false);
    if (strcmp(before, "panel ") == 0) {
        choices_add(out, "curves", false);
        choices_add(out, "conv/", true);
    }
}

Test(prompt, completes)
{
    static const struct {
        const char *keys, *text;
    } cases[] = {
        {"eps<Tab>", "epsilon "},
        {"ep<Tab>", "ep"},
        {"ep<Tab><Tab>", "epsilon"},
        {"ep<Tab><Tab><Tab>", "epoch"},
        {"ep<Tab><Tab><Tab><Tab>", "epsilon"},
        {"ep<Tab><STab>", "epoch"},
        {"e<Tab>", "ep"},
        {"pa<Tab><Tab> x", "panel x"},
        {"x<Tab><Tab>", "x"},
        {"pan<Tab><Tab>", "panel c"},
        {"pan<Tab>cu<Tab>", "panel curves "},
        {"panel con<Tab>", "panel conv/"},
        {"panel conv/<Tab>x", "panel conv/x"},
        {"n<Tab>", "n"}, /* not half of an e with an accent */
        {"eps 0.1<Home>^f^f^f<Tab>", "epsilon 0.1"},
        {"nothing<Tab><STab><Tab>", "nothing"},
    };
    for (int i = 0; i < ARRAY_LEN(cases); i++) {
        int asked = 0;
        open("");
        p.offer = offer;
        p.arg = &asked;
        type(cases[i].keys);
        cr_assert_str_eq(p.text, cases[i].text, "after %s", cases[i].keys);
        cr_assert_gt(asked, 0);
    }
    open("x"); /* without an offer */
    type("<Tab><Tab>");
    cr_assert_str_eq(p.text, "x");
}

Test(prompt, is_drawn_in_any_room)
{
    int asked = 0;
    struct canvas c = new_canvas(2, 24, &full);
    open("epsilon 0.1");
    prompt_draw(&p, &c, 1, "how large it is");
    looks(&c, "\n:epsilon 0.1    how la\u2026\n");
    cr_assert_eq(c.cell[24 + 12].role, ROLE_CURSOR);
    open("");
    p.offer = offer;
    p.arg = &asked;
    type("ep<Tab><Tab><Tab>");
    canvas_clear(&c);
    prompt_draw(&p, &c, 1, NULL);
    looks(&c, " epsilon  epoch\n:epoch\n");
    cr_assert_eq(c.cell[10].role, ROLE_CURSOR);
    open("0123456789 0123456789 0123456789");
    canvas_clear(&c);
    prompt_draw(&p, &c, 1, "note");
    looks(&c, "\n: 0123456789 0123456789\n");
    type("<Home>");
    prompt_draw(&p, &c, 1, "note");
    looks(&c, "\n:0123456789 0123456789 0\n");
    canvas_fini(&c);
}

/* A restless hand. */
Test(prompt, holds_any_keys)
{
    static const int keys[] = {KEY_LEFT_,    KEY_RIGHT_,     KEY_HOME_, KEY_END_,   KEY_UP_,
                               KEY_DOWN_,    KEY_BACKSPACE_, KEY_TAB_,  KEY_TAB_,   KEY_TAB_,
                               KEY_BACKTAB_, KEY_DELETE_,    23,        11,         21,
                               0x732b,       0xfc,           0x1f600,   KEY_ENTER_, KEY_MOUSE_};
    struct rng rng;
    int asked = 0;
    rng_init(&rng, 1);
    open("");
    p.offer = offer;
    p.arg = &asked;
    for (int i = 0; i < 200000; i++) {
        int k = (int)rng_below(&rng, 2 * ARRAY_LEN(keys));
        int key = k < ARRAY_LEN(keys) ? keys[k] : "epan l"[k % 6];
        if (prompt_key(&p, key) != PROMPT_GOES_ON)
            prompt_open(&p, rng_below(&rng, 2) ? "panel " : "");
        cr_assert(p.cursor >= 0 && p.cursor <= (int)strlen(p.text) && strlen(p.text) < PROMPT_BYTES);
        cr_assert((p.text[p.cursor] & 0xc0) != 0x80, "the cursor is within a character");
        if (i % 50 == 0) {
            struct canvas c = new_canvas(1 + (int)rng_below(&rng, 3), 1 + (int)rng_below(&rng, 30), &full);
            prompt_draw(&p, &c, c.rows - 1, "a note");
            canvas_fini(&c);
        }
    }
}
