/** What tests of programs in pseudo-terminals expect of the terminal afterwards. */
#ifndef FOVEA_TESTS_GIVEN_BACK_H
#define FOVEA_TESTS_GIVEN_BACK_H

#include <criterion/criterion.h>

#include "screen.h"

#ifdef __SANITIZE_ADDRESS__
enum { ADDRESS_SANITIZER = 1 };
#else
enum { ADDRESS_SANITIZER = 0 };
#endif

/** The screen, the cursor, the modes of the line and the mouse are as they were, and `drawn`, which the program had on its screen, is gone. */
static inline void expect_given_back(struct screen *s, const char *drawn)
{
    struct termios before = screen_modes_before(s), after = screen_modes(s);
    cr_assert(same_modes(&before, &after), "the line is set as before");
    cr_assert(screen_cursor(s));
    cr_assert_not(screen_alternate(s));
    cr_assert_not(screen_mouse(s));
    cr_assert_not(screen_has(s, drawn));
}

#endif
