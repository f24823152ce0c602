/** The program under a mouse, in pseudo-terminals: it points, draws, turns the wheel, and can be left to the terminal. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "screen.h"

#define PROGRAM(...)                                                                                         \
    (const char *const[])                                                                                    \
    {                                                                                                        \
        FOVEA, "--paused", __VA_ARGS__, NULL                                                                 \
    }

TestSuite(pointing, .timeout = 60);

static struct screen *run(int rows, int cols)
{
    struct screen *s =
        screen_run(&(struct screen_options){.rows = rows, .cols = cols}, PROGRAM("--model", "lenet"));
    cr_assert(screen_wait_text(s, "says '"), "the first answers");
    return s;
}

static void leave(struct screen *s)
{
    screen_send(s, "qq"); /* a drawing is asked about */
    cr_assert_eq(screen_exit(s), 0);
    cr_assert_not(screen_mouse(s));
    screen_free(s);
}

/* The corner of the panel with this title. */
static void find_panel(struct screen *s, const char *title, int *row, int *col)
{
    cr_assert(screen_find(s, title, row, col), "no panel '%s'", title);
    *col -= 2;
}

Test(pointing, a_click_points_and_the_wheel_turns)
{
    struct screen *s = run(24, 80);
    int row, col;
    cr_assert(screen_mouse(s), "it is on from the start");
    find_panel(s, " input ", &row, &col);
    screen_point(s, 1, 'p', row + 5, col + 8);
    screen_point(s, 1, 'r', row + 5, col + 8);
    cr_assert(screen_wait_text(s, "input ("));
    screen_point(s, 5, 'p', row + 5, col + 8);
    cr_assert(screen_wait_text(s, "test 1:"));
    find_panel(s, " input ", &row, &col);
    screen_point(s, 4, 'p', row + 5, col + 8);
    cr_assert(screen_wait_text(s, "test 0:"));
    leave(s);
}

Test(pointing, can_be_left_to_the_terminal)
{
    struct screen *s = run(24, 80);
    screen_send(s, "M");
    cr_assert(screen_wait_text(s, "selects text again"));
    cr_assert_not(screen_mouse(s));
    screen_send(s, "M");
    cr_assert(screen_wait_text(s, "the mouse points"));
    cr_assert(screen_mouse(s));
    leave(s);
}

static bool has_ink(struct screen *s, void *with)
{
    (void)with;
    return screen_has(s, "scaled by");
}

/* A seven in three movements; the network's answer follows while the button is down. */
Test(pointing, draws)
{
    struct screen *s = run(30, 100);
    int row, col;
    screen_send(s, "d");
    cr_assert(screen_wait_text(s, "nothing to see yet"));
    find_panel(s, " drawing ", &row, &col);
    screen_point(s, 1, 'p', row + 4, col + 8);
    for (int x = 9; x < 18; x++)
        screen_point(s, 1, 'd', row + 4, col + x);
    cr_assert(screen_wait(s, has_ink, NULL), "the stroke isn't over, and is seen");
    cr_assert(screen_wait_text(s, "pen down"));
    for (int y = 5; y < 12; y++)
        screen_point(s, 1, 'd', row + y, col + 23 - y);
    screen_point(s, 1, 'd', row + 200, col + 10); /* out of the window */
    screen_point(s, 1, 'r', 0, 0);
    cr_assert(screen_wait_text(s, "pen lifted"));
    cr_assert(screen_has(s, "to 20x"));
    screen_send(s, "u");
    cr_assert(screen_wait_text(s, "nothing to see yet"));
    screen_send(s, "U");
    cr_assert(screen_wait_text(s, "scaled by"));
    screen_send(s, "t\033[C");
    cr_assert(screen_wait_text(s, "nudged by (0,1): relu1 changed by"));
    screen_send(s, "\033");
    cr_assert(screen_wait_text(s, "Space pause"));
    leave(s);
}

/* The window shrinks to nothing in the middle of a stroke. */
Test(pointing, in_windows_of_any_size)
{
    static const int sizes[][2] = {{1, 1}, {2, 40}, {5, 20}, {14, 59}, {24, 80}};
    struct screen *s = run(24, 80);
    screen_send(s, "d");
    cr_assert(screen_wait_text(s, "nothing to see yet"));
    for (int i = 0; i < 5; i++) {
        screen_point(s, 1, 'p', 5, 10);
        screen_resize(s, sizes[i][0], sizes[i][1]);
        screen_point(s, 1, 'd', 7, 12);
        screen_point(s, 3, 'p', 0, 0);
        screen_point(s, 5, 'p', 3, 3);
        screen_point(s, 1, 'r', 200, 200);
        screen_settle(s);
        cr_assert(screen_running(s));
    }
    cr_assert(screen_wait_text(s, "scaled by"));
    screen_send(s, "\033");
    cr_assert(screen_wait_text(s, "Space pause"));
    leave(s);
}
