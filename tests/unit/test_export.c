/** export: a canvas taken away as text, drawing and picture, and read back by others: a terminal, a small parser, the reader of PNG. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vterm.h>

#include "data/image.h"
#include "looks.h"
#include "tui/block.h"
#include "tui/export.h"
#include "tui/font.h"
#include "tui/glyph.h"
#include "tui/utf8.h"

/* One of each kind of cell. */
static void draw_all(struct canvas *c)
{
    canvas_clear(c);
    canvas_frame(c, (struct rect){0, 0, c->rows, c->cols}, ROLE_FOCUS, "a < b & \"c\" > d");
    canvas_text(c, 1, 1, ROLE_STATUS, "status ");
    canvas_text(c, 1, 9, ROLE_BAD, "bad");
    canvas_text(c, 1, 13, ROLE_FAINT, "\u00b10.41 \u732b x");
    for (int level = 0; level < LEVELS; level += 8) {
        canvas_pixels(c, 2, 1 + level / 8, MAP_HEAT, level, LEVELS - 1 - level);
        canvas_pixels(c, 3, 1 + level / 8, MAP_SIGNED, level, LEVEL_NONE);
        canvas_pixels(c, 4, 1 + level / 8, MAP_GREY, level, level | LEVEL_DIM);
    }
    canvas_text_level(c, 2, 12, MAP_HEAT, 60, "0.5");
    canvas_pixel_wide(c, 3, 12, MAP_GREY, 64);
    canvas_text(c, 4, 12, ROLE_BAR, "\u2588\u2589\u2584\u2592\u28ff");
}

/* ---- text ---- */

static int32_t colour_of(VTermColor *c, bool back)
{
    if (back ? VTERM_COLOR_IS_DEFAULT_BG(c) : VTERM_COLOR_IS_DEFAULT_FG(c))
        return -1;
    if (VTERM_COLOR_IS_INDEXED(c))
        return c->indexed.idx;
    return c->rgb.red << 16 | c->rgb.green << 8 | c->rgb.blue;
}

/* Does a terminal that gets the text show what was drawn? */
static void expect_shown(const struct canvas *c, const char *text)
{
    VTerm *vt = vterm_new(c->rows + 1, c->cols);
    vterm_set_utf8(vt, 1);
    VTermScreen *screen = vterm_obtain_screen(vt);
    vterm_screen_reset(screen, 1);
    for (const char *at = text; *at; at++) { /* as the line discipline does */
        if (*at == '\n')
            vterm_input_write(vt, "\r", 1);
        vterm_input_write(vt, at, 1);
    }
    static struct glyphs g;
    glyphs_init(&g, c->style);
    for (int row = 0; row < c->rows; row++)
        for (int col = 0; col < c->cols; col++) {
            const struct cell *cell = &c->cell[row * c->cols + col];
            VTermScreenCell seen = {0};
            vterm_screen_get_cell(screen, (VTermPos){.row = row, .col = col}, &seen);
            if (!cell->ch)
                continue;
            struct glyph drawn = glyph_of(&g, cell);
            uint32_t ch = seen.chars[0] ? seen.chars[0] : ' ';
            uint32_t wanted = c->style->utf8 ? drawn.ch : style_ascii(drawn.ch);
            cr_assert_eq(ch, wanted, "rung %d, %d,%d: U+%04x instead of U+%04x", c->style->rung, row, col, ch,
                         wanted);
            cr_assert_eq(colour_of(&seen.bg, true), drawn.look.bg, "rung %d: paper at %d,%d", c->style->rung,
                         row, col);
            cr_assert(ch == ' ' || colour_of(&seen.fg, false) == drawn.look.fg, "rung %d: ink at %d,%d",
                      c->style->rung, row, col);
            cr_assert_eq(seen.attrs.reverse, (drawn.look.attrs & LOOK_REVERSE) != 0);
            cr_assert(ch == ' ' || seen.attrs.bold == ((drawn.look.attrs & LOOK_BOLD) != 0));
        }
    vterm_free(vt);
}

Test(export, text_that_a_terminal_shows_as_it_was)
{
    for (int utf8 = 0; utf8 < 2; utf8++)
        for (int rung = 0; rung < RUNGS; rung++) {
            const struct style style = {.rung = (enum rung)rung, .utf8 = utf8};
            struct canvas c = new_canvas(6, 30, &style);
            draw_all(&c);
            char *text = export_ansi(&c);
            cr_assert_not_null(text);
            expect_shown(&c, text);
            free(text);
            canvas_fini(&c);
        }
}

Test(export, text_without_colours_is_the_text)
{
    struct canvas c = new_canvas(2, 12, &poor);
    canvas_text(&c, 0, 1, ROLE_TEXT, "one two");
    char *text = export_ansi(&c);
    cr_assert_str_eq(text, " one two\n\n");
    free(text);
    canvas_text(&c, 1, 0, ROLE_BAD, "x");
    struct canvas part = canvas_part(&c, (struct rect){1, 0, 1, 3});
    text = export_ansi(&part);
    cr_assert_str_eq(text, "\033[0;1mx\033[0m\n");
    free(text);
    canvas_fini(&c);
}

/* ---- drawings ---- */

/* Every element is closed in its turn, every < and & means something, every attribute has quotes. Returns how many elements there are. */
static int count_elements(const char *svg)
{
    char open[16][16];
    int depth = 0, count = 0;
    const char *at = strstr(svg, "?>");
    cr_assert(strncmp(svg, "<?xml ", 6) == 0 && at);
    for (at += 2; (at = strpbrk(at, "<&>"));) {
        if (*at == '&') {
            cr_assert(strncmp(at, "&amp;", 5) == 0 || strncmp(at, "&lt;", 4) == 0 ||
                      strncmp(at, "&gt;", 4) == 0);
            at = strchr(at, ';');
            continue;
        }
        cr_assert_eq(*at, '<', "a stray >");
        const char *end = strchr(at, '>'), *name = at + 1 + (at[1] == '/');
        int length = (int)strcspn(name, " />"), quotes = 0;
        cr_assert(end && length > 0 && length < 16);
        for (const char *q = at; q < end; q++)
            quotes += *q == '"';
        cr_assert_eq(quotes % 2, 0);
        if (at[1] == '/') {
            cr_assert(depth > 0 && strncmp(open[depth - 1], name, (size_t)length) == 0, "</%.*s>", length,
                      name);
            depth--;
        } else if (end[-1] != '/') {
            cr_assert_lt(depth, 16);
            snprintf(open[depth++], 16, "%.*s", length, name);
        }
        count += at[1] != '/';
        at = end + 1;
    }
    cr_assert_eq(depth, 0);
    return count;
}

Test(export, a_drawing_is_well_formed_and_says_everything)
{
    for (int rung = 0; rung < RUNGS; rung++) {
        const struct style style = {.rung = (enum rung)rung, .utf8 = true};
        struct canvas c = new_canvas(6, 30, &style);
        draw_all(&c);
        char *svg = export_svg(&c);
        cr_assert_not_null(svg);
        cr_assert_gt(count_elements(svg), 40);
        cr_assert(strstr(svg, "viewBox=\"0 0 300 120\""));
        cr_assert(strstr(svg, ">a &lt; b &amp; \"c\" &gt; d</text>"), "%s", svg);
        cr_assert(strstr(svg, "\u732b"));
        free(svg);
        canvas_fini(&c);
    }
    struct canvas c = new_canvas(1, 1, &full);
    char *svg = export_svg(&c);
    cr_assert_eq(count_elements(svg), 2);
    free(svg);
    canvas_fini(&c);
}

/* A cell of two pixels: the paper of the lower one, and the upper one over it. */
Test(export, halves_of_a_cell_are_rectangles)
{
    char upper[96], lower[96];
    struct canvas c = new_canvas(2, 3, &full);
    canvas_pixels(&c, 1, 2, MAP_HEAT, 10, 50);
    char *svg = export_svg(&c);
    snprintf(lower, sizeof lower, "<rect x=\"20\" y=\"20\" width=\"10\" height=\"20\" fill=\"#%06x\"/>",
             style_rgb(THEME_DARK, MAP_HEAT, 50));
    snprintf(upper, sizeof upper, "<rect x=\"20\" y=\"20\" width=\"10\" height=\"10\" fill=\"#%06x\"/>",
             style_rgb(THEME_DARK, MAP_HEAT, 10));
    cr_assert(strstr(svg, lower) && strstr(strstr(svg, lower), upper), "%s", svg);
    free(svg);
    canvas_fini(&c);
}

/* ---- blocks ---- */

/* What the standard says that they cover; nothing leaves the cell, nothing is covered twice. */
Test(export, blocks_cover_what_they_should)
{
    static const struct {
        uint32_t ch;
        int covered; /* of 64 parts */
    } cases[] = {
        {0x2580, 32}, {0x2581, 8},  {0x2584, 32}, {0x2587, 56}, {0x2588, 64}, {0x2589, 56}, {0x258f, 8},
        {0x2590, 32}, {0x2591, 64}, {0x2594, 8},  {0x2595, 8},  {0x2596, 16}, {0x2599, 48}, {0x259a, 32},
        {0x259b, 48}, {0x259f, 48}, {0x2800, 0},  {0x28ff, 16}, {0x2502, 8},  {0x2500, 4},
    };
    struct block b;
    for (uint32_t ch = 0x2500; ch < 0x2900; ch++) {
        static bool taken[BLOCK_ROWS][BLOCK_COLS];
        int covered = 0;
        if (!block_of(ch, &b))
            continue;
        memset(taken, 0, sizeof taken);
        for (int i = 0; i < b.count; i++)
            for (int y = b.rect[i].y; y < b.rect[i].y + b.rect[i].h; y++)
                for (int x = b.rect[i].x; x < b.rect[i].x + b.rect[i].w; x++) {
                    cr_assert(x >= 0 && x < BLOCK_COLS && y >= 0 && y < BLOCK_ROWS && !taken[y][x], "U+%04x",
                              ch);
                    taken[y][x] = true;
                    covered++;
                }
        for (int i = 0; i < ARRAY_LEN(cases); i++)
            cr_assert(cases[i].ch != ch || covered == cases[i].covered * 8, "U+%04x covers %d", ch, covered);
    }
    cr_assert(!block_of('x', &b) && !block_of(' ', &b) && !block_of(0x2501, &b));
    cr_assert(block_of(0x2592, &b) && b.ink == 2);
}

Test(export, letters_are_all_there_and_all_others)
{
    for (uint32_t a = 0x21; a < 0x7f; a++)
        for (uint32_t b = 0x20; b < a; b++)
            cr_assert(memcmp(font_letter(a), font_letter(b), FONT_COLS) != 0, "%c looks like %c", (int)a,
                      (int)b);
    cr_assert_eq(font_letter(0x2212), font_letter('-'));
}

/* ---- pictures ---- */

static uint32_t pixel(const struct image *image, int row, int col)
{
    uint32_t out = 0;
    for (int k = 0; k < 3; k++)
        out =
            out << 8 | (uint32_t)lrintf(255 * image->data[(k * image->shape.h + row) * image->shape.w + col]);
    return out;
}

Test(export, a_picture_has_the_very_pixels)
{
    static const int zooms[] = {1, 3, 8};
    char path[] = "/tmp/fovea-export-XXXXXX";
    int fd = mkstemp(path);
    close(fd);
    for (int z = 0; z < ARRAY_LEN(zooms); z++) {
        struct canvas c = new_canvas(3, 9, &full);
        struct image image = {0};
        int zoom = zooms[z];
        for (int k = 0; k < 9; k++) {
            canvas_pixels(&c, 0, k, MAP_SIGNED, 8 * k, 64 - 8 * k);
            canvas_pixels(&c, 1, k, MAP_HEAT, 8 * k, LEVEL_NONE);
        }
        canvas_text(&c, 2, 0, ROLE_STRONG, "filters");
        cr_assert_eq(export_png(&c, zoom, path, NULL), ERR_NONE);
        cr_assert_eq(image_read_png(path, &image, NULL), ERR_NONE);
        cr_assert(image.shape.c == 3 && image.shape.w == 9 * zoom && image.shape.h == 6 * zoom);
        int letters = 0;
        for (int row = 0; row < 6 * zoom; row++)
            for (int col = 0; col < 9 * zoom; col++) {
                int y = row / zoom, k = col / zoom;
                uint32_t wanted = y == 0   ? style_rgb(THEME_DARK, MAP_SIGNED, 8 * k)
                                  : y == 1 ? style_rgb(THEME_DARK, MAP_SIGNED, 64 - 8 * k)
                                  : y == 2 ? style_rgb(THEME_DARK, MAP_HEAT, 8 * k)
                                           : EXPORT_PAPER;
                letters += y >= 4 && pixel(&image, row, col) == EXPORT_INK;
                cr_assert(y >= 4 || pixel(&image, row, col) == wanted, "zoom %d, %d,%d: %06x instead of %06x",
                          zoom, row, col, pixel(&image, row, col), wanted);
            }
        cr_assert_eq(letters > 0, zoom >= EXPORT_ZOOM_TEXT);
        image_fini(&image);
        canvas_fini(&c);
    }
    unlink(path);
}

Test(export, pictures_that_cannot_be)
{
    struct diag diag = {0};
    struct canvas c = new_canvas(120, 400, &full);
    cr_assert_eq(export_png(&c, 64, "/tmp/never.png", &diag), ERR_RANGE);
    cr_assert(strstr(diag.text, "25600 x 15360"), "%s", diag.text);
    cr_assert_neq(access("/tmp/never.png", F_OK), 0);
    cr_assert_eq(export_png(&c, 1, "/no/such/folder/x.png", &diag), ERR_IO);
    canvas_fini(&c);
}
