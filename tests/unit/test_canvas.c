/** canvas: clipping, text of any language and of none, frames, pixels, and the text that tests compare. */
#include <criterion/criterion.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "looks.h"
#include "tui/canvas.h"

Test(canvas, text_is_clipped_on_every_side)
{
    struct canvas c = new_canvas(2, 5, &full);

    cr_assert_eq(canvas_text(&c, 0, -2, ROLE_TEXT, "abcdefghij"), 10);
    cr_assert_eq(canvas_text(&c, 1, 3, ROLE_TEXT, "xyz"), 3);
    canvas_text(&c, -1, 0, ROLE_TEXT, "no");
    canvas_text(&c, 2, 0, ROLE_TEXT, "no");
    looks(&c, "cdefg\n   xy\n");
    canvas_fini(&c);
}

Test(canvas, wide_and_combining_characters)
{
    struct canvas c = new_canvas(4, 6, &full);

    cr_assert_eq(text_columns("e\u0301\u732b!"), 4);
    cr_assert_eq(canvas_text(&c, 0, 0, ROLE_TEXT, "e\u0301\u732b!"), 4);
    cr_assert_eq(c.cell[1].ch, 0x732b);
    cr_assert_eq(c.cell[2].ch, 0);
    canvas_text(&c, 1, 1, ROLE_TEXT, "\u732b\u732b\u732b"); /* the last is cut in the middle */
    canvas_text(&c, 2, -1, ROLE_TEXT, "\u732bx");
    canvas_text(&c, 3, 0, ROLE_TEXT, "\u732b\u732b");
    canvas_put(&c, 3, 1, ROLE_TEXT, 'r'); /* onto a right half, then onto a left one */
    canvas_put(&c, 3, 2, ROLE_TEXT, 'l');
    looks(&c, "e\u732b!\n \u732b\u732b\n x\n rl\n");
    canvas_fini(&c);
}

Test(canvas, hostile_text)
{
    struct canvas c = new_canvas(1, 12, &full);

    /* A control, an escape, a stray continuation, a truncated, an overlong and a surrogate sequence. */
    cr_assert_eq(text_columns("\t\033\x80\xe2\x82"), 5);
    cr_assert_eq(text_columns("\xc0\xaf"), 2);
    cr_assert_eq(text_columns("\xed\xa0\x80"), 3);
    cr_assert_eq(text_columns("\xf4\x90\x80\x80"), 4);
    cr_assert_eq(text_columns("\u200b\u202e\ufeff"), 0);
    canvas_text(&c, 0, 0, ROLE_TEXT,
                "a\nb\xc2\x9b"
                "c");
    looks(&c, "a\ufffdb\ufffdc\n");
    canvas_fini(&c);
}

Test(canvas, cut_with_an_ellipsis)
{
    struct canvas c = new_canvas(5, 10, &full);

    cr_assert_eq(canvas_text_width(&c, 0, 0, 5, ROLE_TEXT, "abcde"), 5);
    cr_assert_eq(canvas_text_width(&c, 1, 0, 4, ROLE_TEXT, "abcde"), 4);
    cr_assert_eq(canvas_text_width(&c, 2, 0, 4, ROLE_TEXT, "a\u732b\u732b"), 4);
    cr_assert_eq(canvas_text_width(&c, 3, 0, 1, ROLE_TEXT, "abc"), 1);
    cr_assert_eq(canvas_text_width(&c, 4, 0, 0, ROLE_TEXT, "abc"), 0);
    looks(&c, "abcde\nabc\u2026\na\u732b\u2026\n\u2026\n\n");
    canvas_fini(&c);
}

Test(canvas, frames)
{
    struct canvas c = new_canvas(3, 12, &full);

    canvas_frame(&c, (struct rect){0, 0, 3, 12}, ROLE_FRAME, "conv1");
    looks(&c, "┌ conv1 ───┐\n│          │\n└──────────┘\n");
    cr_assert_eq(c.cell[2].role, ROLE_TITLE);
    c.style = &poor;
    canvas_clear(&c);
    canvas_frame(&c, (struct rect){0, 0, 3, 8}, ROLE_FOCUS, "longer");
    looks(&c, "+ lon~ +\n|      |\n+------+\n");
    canvas_clear(&c);
    canvas_frame(&c, (struct rect){0, 0, 1, 8}, ROLE_FRAME, "x");
    canvas_frame(&c, (struct rect){1, 0, 2, 2}, ROLE_FRAME, "x");
    canvas_frame(&c, (struct rect){1, 6, 5, 9}, ROLE_FRAME, NULL); /* cut by the edge */
    looks(&c, "\n++    +-----\n++    |\n");
    canvas_fini(&c);
}

Test(canvas, parts_stay_within_their_parents)
{
    struct canvas c = new_canvas(4, 8, &full), part, inner;

    part = canvas_part(&c, (struct rect){1, 2, 2, 4});
    cr_assert_eq(part.clip.rows, 2);
    cr_assert_eq(part.clip.cols, 4);
    canvas_fill(&part, (struct rect){-5, -5, 100, 100}, ROLE_TEXT, '.');
    inner = canvas_part(&part, (struct rect){-1, -2, 3, 4}); /* its corner is cut away */
    canvas_text(&inner, 1, 0, ROLE_TEXT, "abcdefgh");
    canvas_text(&inner, 0, 0, ROLE_TEXT, "ABCDEFGH");
    looks(&c, "\n  cd..\n  ....\n\n");
    looks(&part, "cd..\n....\n");
    inner = canvas_part(&part, (struct rect){7, 7, 3, 3});
    cr_assert_eq(inner.clip.rows * inner.clip.cols, 0);
    canvas_text(&inner, 0, 0, ROLE_TEXT, "none");
    looks(&inner, "");
    canvas_clear(&part);
    looks(&c, "\n\n\n\n");
    canvas_fini(&c);
}

Test(canvas, pixels_as_text)
{
    struct canvas c = new_canvas(3, 6, &full);

    canvas_pixels(&c, 0, 0, MAP_GREY, 64, 64);
    canvas_pixels(&c, 0, 1, MAP_HEAT, 64, LEVEL_NONE);
    canvas_pixels(&c, 0, 2, MAP_HEAT, 64, 0);
    canvas_pixels(&c, 0, 3, MAP_HEAT, 64 | LEVEL_DIM, 64);
    canvas_pixels(&c, 0, 4, MAP_GREY, LEVEL_NONE, LEVEL_NONE);
    canvas_pixels(&c, 0, 5, MAP_GREY, 0, 0);
    canvas_pixel_wide(&c, 1, 0, MAP_SIGNED, 0);
    canvas_pixel_wide(&c, 1, 2, MAP_SIGNED, LEVEL_ZERO);
    canvas_pixel_wide(&c, 1, 4, MAP_SIGNED, 64);
    canvas_pixel_wide(&c, 2, 5, MAP_SIGNED, 64); /* half of it */
    cr_assert_eq(canvas_text_level(&c, 2, 0, MAP_HEAT, 40, "-12"), 3);
    cr_assert_eq(c.cell[12].map, MAP_HEAT);
    looks(&c, "@@+@\nOO  @@\n-12  @\n");
    canvas_clear(&c);
    canvas_pixels(&c, 0, 0, MAP_HEAT, LEVEL_CURSOR, 64);
    canvas_pixels(&c, 0, 1, MAP_GREY, 64, LEVEL_CURSOR);
    canvas_pixels(&c, 0, 2, MAP_SIGNED, LEVEL_CURSOR, LEVEL_CURSOR);
    canvas_pixels(&c, 0, 3, MAP_HEAT, 64 | LEVEL_DIM, 64 | LEVEL_DIM);
    canvas_pixels(&c, 0, 4, MAP_SIGNED, 0 | LEVEL_DIM, LEVEL_NONE);
    canvas_pixels(&c, 0, 5, MAP_HEAT, 64 | LEVEL_DIM, 0);
    looks(&c, "^vX.,\n\n\n");
    canvas_fini(&c);
}

Test(canvas, resize_keeps_nothing)
{
    struct canvas c = new_canvas(2, 2, &full);

    canvas_text(&c, 0, 0, ROLE_BAD, "ab");
    cr_assert_eq(canvas_resize(&c, 1, 3), ERR_NONE);
    looks(&c, "\n");
    canvas_text(&c, 0, 0, ROLE_TEXT, "abcd");
    looks(&c, "abc\n");
    cr_assert_eq(canvas_resize(&c, 0, 0), ERR_NONE);
    canvas_text(&c, 0, 0, ROLE_TEXT, "abcd");
    canvas_frame(&c, (struct rect){0, 0, 9, 9}, ROLE_TEXT, "abcd");
    canvas_clear(&c);
    looks(&c, "");
    canvas_fini(&c);
}

Test(canvas, one_way_into_ascii)
{
    struct canvas c = new_canvas(1, 16, &poor);

    canvas_text(&c, 0, 0, ROLE_TEXT, "\u03b5=\u00b11 3\u00d73 \u2192 \u2713\u732b.");
    looks(&c, "e=+1 3x3 > *?.\n");
    canvas_fini(&c);
}

static int some(struct rng *rng)
{
    static const int far[] = {INT_MIN, INT_MIN + 1, INT_MAX, INT_MAX - 1, -100000, 100000};

    return rng_below(rng, 8) ? (int)rng_below(rng, 24) - 8 : far[rng_below(rng, ARRAY_LEN(far))];
}

Test(canvas, anything_anywhere_is_clipped)
{
    static const char *const texts[] = {"", "a", "\u732b\u732b", "e\u0301x\u732b",
                                        "a long text, longer than the canvas is wide"};
    struct rng rng;

    rng_init(&rng, 7);
    for (int round = 0; round < 300; round++) {
        int rows = (int)rng_below(&rng, 6), cols = (int)rng_below(&rng, 20);
        struct canvas c = new_canvas(rows, cols, round % 2 ? &full : &poor);

        for (int i = 0; i < 100; i++) {
            struct rect r = {some(&rng), some(&rng), some(&rng), some(&rng)};
            struct canvas part =
                canvas_part(&c, (struct rect){some(&rng), some(&rng), some(&rng), some(&rng)});
            const char *text = texts[rng_below(&rng, ARRAY_LEN(texts))];

            cr_assert_eq(canvas_text(&part, r.row, r.col, ROLE_TEXT, text), text_columns(text));
            cr_assert_leq(canvas_text_width(&part, r.row, r.col, r.cols, ROLE_TEXT, text),
                          r.cols > 0 ? r.cols : 0);
            canvas_frame(&part, r, ROLE_FRAME, text);
            canvas_pixel_wide(&part, r.row, r.col, MAP_HEAT, 64);
            canvas_text_level(&part, r.row, r.col, MAP_GREY, LEVEL_NONE, text);
            canvas_pixels(&part, r.row, r.col, MAP_SIGNED, LEVEL_NONE, 3 | LEVEL_DIM);
            if (i % 8 == 0)
                canvas_fill(&part, r, ROLE_TEXT, 0x732b);
            if (i % 16 == 0)
                canvas_clear(&part);
        }
        /* Wide characters are whole: a right half has its left one before it. */
        for (int i = 0; i < rows * cols; i++) {
            bool left = c.cell[i].map == MAP_NONE && char_columns(c.cell[i].ch) == 2;

            cr_assert(c.cell[i].ch != 0 || (i % cols > 0 && char_columns(c.cell[i - 1].ch) == 2));
            cr_assert(!left || (i % cols + 1 < cols && c.cell[i + 1].ch == 0));
        }
        free(canvas_dump(&c));
        canvas_fini(&c);
    }
}

Test(canvas, what_is_dimmed_recedes_and_stays_readable)
{
    static const struct style many = {.rung = RUNG_256, .utf8 = true};
    struct canvas c = {0}, part;
    cr_assert_eq(canvas_init(&c, 2, 8, &many), ERR_NONE);
    canvas_text(&c, 0, 0, ROLE_STRONG, "ab");
    canvas_pixels(&c, 0, 2, MAP_HEAT, 64, LEVEL_NONE);
    canvas_text(&c, 1, 0, ROLE_STRONG, "cd");
    part = canvas_part(&c, (struct rect){0, 0, 1, 8});
    canvas_dim(&part);
    char *after = canvas_dump(&c);
    cr_assert(strncmp(after, "ab", 2) == 0 && strstr(after, "\ncd\n"), "%s", after);
    cr_assert_eq(c.cell[0].role, ROLE_FAINT);
    cr_assert_eq(c.cell[2].top, 64 | LEVEL_DIM);
    cr_assert_eq(c.cell[2].bottom, LEVEL_NONE, "nothing stays nothing");
    cr_assert_eq(c.cell[8].role, ROLE_STRONG, "the rest isn't touched");
    free(after);
    canvas_fini(&c);
}
