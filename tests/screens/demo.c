/**
 * A small program on the drawing ground, for tests to drive: shows every role and map, says which keys and signals came, and
 * comes to all kinds of ends.
 *
 *     demo [--colors C] [--mouse]
 *
 * q leaves; x crashes; a aborts in another thread while this one draws; e calls exit(); w writes to standard error; m switches the mouse.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/canvas.h"
#include "tui/term.h"

enum { RASTER = 33 }; /* levels 0, 2 .. 64 */

static const char *key_name(int key, char *text, size_t size)
{
    static const char *const names[] = {"up",  "down",    "left",      "right",  "home",
                                        "end", "page up", "page down", "enter",  "backspace",
                                        "tab", "backtab", "escape",    "delete", "insert"};

    if (key >= KEY_F1_ && key <= KEY_F12_)
        snprintf(text, size, "F%d", key - KEY_F1_ + 1);
    else if (key >= KEY_FIRST && key < KEY_F1_)
        snprintf(text, size, "%s", names[key - KEY_FIRST]);
    else if (key < 32)
        snprintf(text, size, "control %c", key + 64);
    else
        snprintf(text, size, "U+%04X", (unsigned)key);
    return text;
}

static void draw_maps(struct canvas *c, int row)
{
    static const char *const names[] = {NULL, "grey", "heat", "signed"};
    bool halves = style_half_blocks(c->style);

    for (int map = MAP_NONE + 1; map <= MAP_SIGNED; map++) {
        canvas_text(c, row + map - 1, 0, ROLE_FAINT, names[map]);
        for (int i = 0; i < RASTER; i++) {
            int level = 2 * i;

            if (halves)
                canvas_pixels(c, row + map - 1, 8 + i, (enum map)map, level, i % 4 == 3 ? level : 64 - level);
            else
                canvas_pixel_wide(c, row + map - 1, 8 + 2 * i, (enum map)map, level);
        }
        canvas_pixel_wide(c, row + 3 + map - 1, 8, (enum map)map, 48);
        canvas_pixel_wide(c, row + 3 + map - 1, 10, (enum map)map, 48 | LEVEL_DIM);
        canvas_pixel_wide(c, row + 3 + map - 1, 12, (enum map)map, 16);
        canvas_pixel_wide(c, row + 3 + map - 1, 14, (enum map)map, 16 | LEVEL_DIM);
        canvas_text_level(c, row + 3 + map - 1, 17, (enum map)map, 0, " -1.25 ");
        canvas_text_level(c, row + 3 + map - 1, 25, (enum map)map, 64, " +1.25 ");
        if (halves) {
            canvas_pixels(c, row + 3 + map - 1, 34, (enum map)map, 40, LEVEL_NONE);
            canvas_pixels(c, row + 3 + map - 1, 36, (enum map)map, LEVEL_NONE, 40);
        }
    }
}

static void draw(struct canvas *c, const char *last, int count)
{
    static const char *const rungs[RUNGS] = {"mono", "8", "256", "direct"};
    static const char *const roles[ROLES] = {"text", "faint", "strong", "title", "frame", "focus", "status",
                                             "key",  "good",  "bad",    "warn",  "bar",   "true",  "cursor"};

    canvas_clear(c);
    canvas_format(c, 0, 0, ROLE_TITLE, "demo %s %s %dx%d", rungs[c->style->rung],
                  c->style->utf8 ? "utf8" : "ascii", c->cols, c->rows);
    canvas_format(c, 1, 0, ROLE_TEXT, "%d: %s", count, last);
    draw_maps(c, 3);
    for (int i = 0; i < ROLES; i++)
        canvas_text(c, 10 + i / 9, i % 9 * 8, (enum role)i, roles[i]);
    canvas_frame(c, (struct rect){13, 0, 4, 24}, ROLE_FRAME, "frame");
    canvas_frame(c, (struct rect){13, 26, 4, 24}, ROLE_FOCUS, "a title too long for it, by far");
    canvas_text(c, 14, 2, ROLE_TEXT, "\u732b and e\u0301, \u03b5 = \u00b10.1 \u2713");
    canvas_fill(c, (struct rect){c->rows - 1, 0, 1, c->cols}, ROLE_STATUS, ' ');
    canvas_text(c, c->rows - 1, 1, ROLE_STATUS_KEY, "q");
    canvas_text(c, c->rows - 1, 3, ROLE_STATUS, "leave");
    canvas_put(c, c->rows - 1, c->cols - 1, ROLE_STATUS, '.'); /* the corner where a terminal might scroll */
}

static void *aborts(void *arg)
{
    (void)arg;
    abort();
}

static void end_badly(int key, struct term *t, struct canvas *c)
{
    pthread_t thread;

    if (key == 'x')
        raise(SIGSEGV);
    if (key == 'e')
        exit(7);
    if (pthread_create(&thread, NULL, aborts, NULL) != 0)
        exit(1);
    for (int i = 0;; i++) {
        draw(c, "drawing until the end", i);
        term_redraw(t);
        term_show(t, c);
    }
}

/** @return false to leave */
static bool answer(struct term *t, struct canvas *c, int key, char *last, size_t size)
{
    struct mouse m = term_mouse(t);
    static bool mouse = true;
    int rows, cols;

    switch (key) {
    case 'q':
    case KEY_LEAVE:
        return false;
    case 'x':
    case 'a':
    case 'e':
        end_badly(key, t, c);
        return false;
    case 'w':
        fprintf(stderr, "a warning\n");
        snprintf(last, size, "warned");
        break;
    case 'm':
        mouse = !mouse;
        term_set_mouse(t, mouse);
        snprintf(last, size, "mouse %s", mouse ? "on" : "off");
        break;
    case KEY_RESIZED:
        term_size(t, &rows, &cols);
        snprintf(last, size, "resized");
        if (canvas_resize(c, rows, cols) != ERR_NONE)
            return false;
        break;
    case KEY_MOUSE_:
        snprintf(last, size, "mouse %d %s %d,%d", m.button,
                 m.pressed    ? "pressed"
                 : m.released ? "released"
                              : "dragged",
                 m.row, m.col);
        break;
    default:
        key_name(key, last, size);
    }
    return true;
}

int main(int argc, char **argv)
{
    struct term_options options = {0};
    struct term *t = NULL;
    struct canvas c = {0};
    struct diag diag = {0};
    char last[80] = "none";
    int rows, cols, count = 0, left_by = 0;
    bool running = true;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--colors") == 0 && i + 1 < argc)
            options.colors = argv[++i];
        else if (strcmp(argv[i], "--mouse") == 0)
            options.mouse = true;
    }
    if (term_open(&options, &t, &diag) != ERR_NONE) {
        fprintf(stderr, "demo: %s\n", diag.text);
        return 2;
    }
    term_size(t, &rows, &cols);
    if (canvas_init(&c, rows, cols, term_style(t)) != ERR_NONE)
        running = false;
    while (running) {
        draw(&c, last, count);
        term_show(t, &c);
        term_wait(t, -1);
        for (int key; running && (key = term_key(t)) != KEY_NOTHING; count++)
            running = answer(t, &c, key, last, sizeof last);
    }
    left_by = term_signal(t);
    term_close(t);
    canvas_fini(&c);
    printf("goodbye\n");
    return left_by ? 128 + left_by : 0;
}
