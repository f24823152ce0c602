/** rung, glyph, utf8 and the terminal without a terminal: what the environment leads to, and what cells become. The real thing: tests/screens. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "tui/glyph.h"
#include "tui/pairs.h"
#include "tui/rung.h"
#include "tui/term.h"
#include "tui/terminfo.h"

static const struct {
    struct rung_facts facts; /* colors, TERM, COLORTERM, TMUX, NO_COLOR */
    enum rung rung;
    const char *term;
} environments[] = {
    {{NULL, "xterm-256color", NULL, NULL, NULL}, RUNG_256, "xterm-256color"},
    {{"auto", "xterm-256color", "", "", ""}, RUNG_256, "xterm-256color"},
    {{NULL, "xterm-256color", "truecolor", NULL, NULL}, RUNG_DIRECT, TERMINFO_XTERM_DIRECT},
    {{NULL, "xterm", "24bit", NULL, NULL}, RUNG_DIRECT, TERMINFO_XTERM_DIRECT},
    {{NULL, "xterm-kitty", "truecolor", NULL, NULL}, RUNG_DIRECT, TERMINFO_XTERM_DIRECT},
    {{NULL, "xterm-256color", "yes", NULL, NULL}, RUNG_256, "xterm-256color"},
    {{NULL, "tmux-256color", "truecolor", "/tmp/x", NULL}, RUNG_DIRECT, TERMINFO_TMUX_DIRECT},
    {{NULL, "screen-256color", "truecolor", "/tmp/x", NULL}, RUNG_DIRECT, TERMINFO_TMUX_DIRECT},
    {{NULL, "screen-256color", "truecolor", NULL, NULL}, RUNG_256, "screen-256color"},
    {{NULL, "screen.xterm-256color", "truecolor", NULL, NULL}, RUNG_256, "screen.xterm-256color"},
    {{NULL, "linux", "truecolor", NULL, NULL}, RUNG_256, "linux"},
    {{NULL, "xterm-direct", NULL, NULL, NULL}, RUNG_DIRECT, TERMINFO_XTERM_DIRECT},
    {{NULL, "xterm-256color", "truecolor", NULL, "1"}, RUNG_MONO, "xterm-256color"},
    {{"256", "xterm-256color", "truecolor", NULL, "1"}, RUNG_256, "xterm-256color"},
    {{"256", "xterm", NULL, NULL, NULL}, RUNG_256, "xterm-256color"},
    {{"256", "screen", NULL, "/tmp/x", NULL}, RUNG_256, "tmux-256color"},
    {{"256", "xterm-direct", NULL, NULL, NULL}, RUNG_256, "xterm-256color"},
    {{"direct", "vt100", NULL, NULL, NULL}, RUNG_DIRECT, TERMINFO_XTERM_DIRECT},
    {{"8", "xterm-256color", "truecolor", NULL, NULL}, RUNG_8, "xterm-256color"},
    {{"mono", "xterm-256color", "truecolor", NULL, NULL}, RUNG_MONO, "xterm-256color"},
};

Test(rung, environments)
{
    for (int i = 0; i < ARRAY_LEN(environments); i++) {
        struct rung_plan plan;

        cr_assert_eq(rung_choose(&environments[i].facts, &plan, NULL), ERR_NONE);
        cr_assert_eq(plan.rung, environments[i].rung, "case %d: rung %d", i, plan.rung);
        cr_assert_str_eq(plan.term, environments[i].term, "case %d: %s", i, plan.term);
        cr_assert_eq(plan.terminfo != NULL, plan.rung == RUNG_DIRECT);
    }
}

Test(rung, what_cannot_be)
{
    struct rung_plan plan;
    struct diag diag = {0};
    struct rung_facts facts = {.term = NULL};

    cr_assert_eq(rung_choose(&facts, &plan, &diag), ERR_UNKNOWN);
    cr_assert_not_null(strstr(diag.text, "TERM is not set"));
    facts = (struct rung_facts){.term = "xterm", .colors = "many"};
    cr_assert_eq(rung_choose(&facts, &plan, &diag), ERR_UNKNOWN);
    cr_assert_not_null(strstr(diag.text, "\"many\""));
    cr_assert_not_null(strstr(diag.text, "auto, direct, 256, 8 or mono"));
}

Test(rung, of_a_number_of_colours)
{
    cr_assert_eq(rung_of_colors(-1), RUNG_MONO);
    cr_assert_eq(rung_of_colors(0), RUNG_MONO);
    cr_assert_eq(rung_of_colors(8), RUNG_8);
    cr_assert_eq(rung_of_colors(16), RUNG_8);
    cr_assert_eq(rung_of_colors(88), RUNG_8);
    cr_assert_eq(rung_of_colors(256), RUNG_256);
    cr_assert_eq(rung_of_colors(1 << 24), RUNG_DIRECT);
}

static struct glyphs glyphs;

static void expect_glyph(struct cell cell, uint32_t ch, int32_t fg, int32_t bg)
{
    struct glyph g = glyph_of(&glyphs, &cell);

    cr_assert_eq(g.ch, ch, "U+%04X", g.ch);
    cr_assert(g.look.fg == fg || ch == ' ', "fg %x", (unsigned)g.look.fg);
    cr_assert_eq(g.look.bg, bg, "bg %x", (unsigned)g.look.bg);
}

Test(glyph, halves)
{
    const struct style style = {.rung = RUNG_DIRECT, .utf8 = true};

    glyphs_init(&glyphs, &style);
    expect_glyph((struct cell){CELL_HALVES, MAP_GREY, 0, 0, 64}, 0x2580, 0x000000, 0xffffff);
    expect_glyph((struct cell){CELL_HALVES, MAP_GREY, 0, 64, 64}, ' ', 0, 0xffffff);
    expect_glyph((struct cell){CELL_HALVES, MAP_HEAT, 0, 64, LEVEL_NONE}, 0x2580, 0xfde725, -1);
    expect_glyph((struct cell){CELL_HALVES, MAP_HEAT, 0, LEVEL_NONE, 64}, 0x2584, 0xfde725, -1);
    expect_glyph((struct cell){CELL_HALVES, MAP_HEAT, 0, LEVEL_NONE, LEVEL_NONE}, ' ', 0, -1);
    expect_glyph((struct cell){' ', MAP_SIGNED, 0, LEVEL_ZERO, LEVEL_ZERO}, ' ', 0, 0xf4f4f4);
    expect_glyph((struct cell){'7', MAP_GREY, 0, 64, 64}, '7', 0x000000, 0xffffff);
    expect_glyph((struct cell){'7', MAP_GREY, 0, 64 | LEVEL_DIM, 0}, '7', 0xffffff, 0x525252);
}

Test(glyph, levels_that_look_the_same_are_the_same)
{
    const struct style style = {.rung = RUNG_256, .utf8 = true};

    glyphs_init(&glyphs, &style);
    expect_glyph((struct cell){CELL_HALVES, MAP_GREY, 0, 63, 64}, ' ', 0, 231);
    expect_glyph((struct cell){CELL_HALVES, MAP_SIGNED, 0, 31, 33}, ' ', 0, 255);
    expect_glyph((struct cell){CELL_HALVES, MAP_SIGNED, 0, 0, 64}, 0x2580, 26, 166);
}

/* Every theme on every rung: looks for all levels, and no curve of a theme without hues is lost in the other half of its cell. */
Test(glyph, themes)
{
    for (enum theme theme = 0; theme < THEMES; theme++)
        for (enum rung rung = RUNG_MONO; rung < RUNGS; rung++) {
            const struct style style = {rung, true, theme, 1};

            glyphs_init(&glyphs, &style);
        }
    expect_glyph((struct cell){CELL_HALVES, MAP_LINE, 0, LINE_NONE, LINE_TEST_LOSS}, 'o', -1, -1);
    expect_glyph((struct cell){CELL_HALVES, MAP_SIGNED, 0, 0, 64}, 0x2580, 0x000000, 0xffffff);
    expect_glyph((struct cell){CELL_HALVES, MAP_HEAT, 0, LEVEL_CURSOR, 0}, 0x2580, 0xff00ff, 0x000000);
}

Test(glyph, few_colours_and_none)
{
    struct style style = {.rung = RUNG_8, .utf8 = true};

    glyphs_init(&glyphs, &style);
    expect_glyph((struct cell){' ', MAP_SIGNED, 0, 0, 0}, 0x2588, 4, 0);
    expect_glyph((struct cell){' ', MAP_SIGNED, 0, 64, 64}, 0x2588, 3, 0);
    expect_glyph((struct cell){' ', MAP_HEAT, 0, 16, 16}, 0x2591, 7, 0);
    style = (struct style){.rung = RUNG_MONO, .utf8 = false};
    glyphs_init(&glyphs, &style);
    expect_glyph((struct cell){' ', MAP_SIGNED, 0, 0, 0}, 'O', -1, -1);
    expect_glyph((struct cell){' ', MAP_HEAT, 0, 64, 64}, '@', -1, -1);
    expect_glyph((struct cell){CELL_HALVES, MAP_HEAT, 0, 64, 0}, '@', -1,
                 -1); /* though nobody should ask for it */
}

static struct pairs pairs;

Test(pairs, one_number_each_up_to_the_limit)
{
    pairs.limit = PAIRS_MOST;
    for (int i = 1; i < PAIRS_MOST; i++) {
        int32_t fg = i % 250 * 0x010203 - 1, bg = i / 250 - 1;

        cr_assert_eq(pairs_find(&pairs, fg, bg), 0);
        cr_assert_eq(pairs_add(&pairs, fg, bg), i);
    }
    cr_assert_eq(pairs_add(&pairs, 0x123456, 0x654321), 0, "full");
    cr_assert_eq(pairs_find(&pairs, 0x123456, 0x654321), 0);
    for (int i = 1; i < PAIRS_MOST; i += 97)
        cr_assert_eq(pairs_find(&pairs, i % 250 * 0x010203 - 1, i / 250 - 1), i);
}

Test(pairs, few)
{
    cr_assert_eq(pairs_add(&pairs, 1, 2), 0, "none at all");
    pairs.limit = 3;
    cr_assert_eq(pairs_add(&pairs, 1, 2), 1);
    cr_assert_eq(pairs_add(&pairs, 2, 1), 2);
    cr_assert_eq(pairs_add(&pairs, 2, 2), 0);
    cr_assert_eq(pairs_find(&pairs, 1, 2), 1);
}

Test(terminfo, strings_without_pauses)
{
    char text[12] = "a";

    terminfo_append(text, sizeof text, "\033[m\017$<2/*>b");
    cr_assert_str_eq(text, "a\033[m\017b");
    terminfo_append(text, sizeof text, "$<12345 and more");
    cr_assert_str_eq(text, "a\033[m\017b$<123");
}

static struct term *headless(const char *colors, int rows, int cols)
{
    const struct term_options options = {.colors = colors, .headless = true, .rows = rows, .cols = cols};
    struct term *t = NULL;
    struct diag diag = {0};

    cr_assert_eq(term_open(&options, &t, &diag), ERR_NONE, "%s", diag.text);
    return t;
}

Test(term, headless_on_every_rung_and_size)
{
    static const char *const colors[] = {NULL, "direct", "256", "8", "mono"};
    static const enum rung rungs[] = {RUNG_256, RUNG_DIRECT, RUNG_256, RUNG_8, RUNG_MONO};
    static const int sizes[][2] = {{24, 80}, {1, 1}, {1, 400}, {120, 2}};

    unsetenv("TERM");
    for (int i = 0; i < ARRAY_LEN(colors); i++) {
        for (int k = 0; k < ARRAY_LEN(sizes); k++) {
            struct term *t = headless(colors[i], sizes[k][0], sizes[k][1]);
            struct canvas c;
            int rows, cols;

            cr_assert_eq(term_style(t)->rung, rungs[i]);
            cr_assert(term_style(t)->utf8);
            term_size(t, &rows, &cols);
            cr_assert_eq(rows, sizes[k][0]);
            cr_assert_eq(cols, sizes[k][1]);
            cr_assert_eq(canvas_init(&c, rows + 1, cols + 3, term_style(t)), ERR_NONE); /* clipped */
            for (int row = 0; row < c.rows; row++) {
                for (int col = 0; col < c.cols; col++)
                    canvas_pixels(&c, row, col, MAP_GREY + (row + col) % 3, row % 65, (col * 7) % 65);
            }
            canvas_text(&c, 0, cols - 1, ROLE_TEXT, "\u732b");
            cr_assert_geq(term_show(t, &c), 0);
            term_redraw(t);
            cr_assert_geq(term_show(t, &c), 0);
            cr_assert_eq(term_key(t), KEY_NOTHING);
            cr_assert_eq(term_signal(t), 0);
            term_close(t);
            canvas_fini(&c);
        }
    }
    term_close(NULL);
}

Test(term, headless_writes_nothing)
{
    FILE *file = tmpfile();
    int before = dup(STDOUT_FILENO);
    struct term *t;
    struct canvas c;

    cr_assert(file && before >= 0);
    fflush(stdout);
    dup2(fileno(file), STDOUT_FILENO);
    t = headless("direct", 24, 80);
    if (canvas_init(&c, 24, 80, term_style(t)) == ERR_NONE) {
        canvas_fill(&c, (struct rect){0, 0, 24, 80}, ROLE_BAD, 'x'); /* enough for a synchronized frame */
        term_show(t, &c);
        canvas_fini(&c);
    }
    term_set_mouse(t, true);
    term_close(t);
    dup2(before, STDOUT_FILENO);
    cr_assert_eq(lseek(fileno(file), 0, SEEK_END), 0);
    fclose(file);
}

static void *wake(void *t)
{
    usleep(20 * 1000);
    term_wake(t);
    return NULL;
}

Test(term, waits_no_longer_than_told_and_can_be_woken)
{
    struct term *t = headless(NULL, 4, 4);
    pthread_t thread;
    double start = clock_now();

    term_wait(t, 0.02);
    cr_assert_geq(clock_now() - start, 0.019);
    cr_assert_eq(pthread_create(&thread, NULL, wake, t), 0);
    start = clock_now();
    term_wait(t, 60);
    cr_assert_lt(clock_now() - start, 30);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    term_wake(t);
    term_wake(t);
    term_wait(t, -1); /* woken before it slept; both at once */
    start = clock_now();
    term_wait(t, 0.02);
    cr_assert_geq(clock_now() - start, 0.019, "drained");
    term_close(t);
}

Test(term, no_terminal)
{
    const struct term_options options = {0};
    struct term *t = NULL;
    struct diag diag = {0};
    int null = dup(0), pipes[2];

    cr_assert(null >= 0 && pipe(pipes) == 0);
    dup2(pipes[0], 0);
    cr_assert_eq(term_open(&options, &t, &diag), ERR_IO);
    cr_assert_str_eq(diag.text, "standard input is not a terminal");
    cr_assert_null(t);
    dup2(null, 0);
}
