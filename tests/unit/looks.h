/** Canvases as text, for tests that compare what was drawn. */
#ifndef FOVEA_TESTS_LOOKS_H
#define FOVEA_TESTS_LOOKS_H

#include <criterion/criterion.h>
#include <stdlib.h>

#include "tui/canvas.h"

static const struct style full = {.rung = RUNG_DIRECT, .utf8 = true};
static const struct style poor = {.rung = RUNG_MONO, .utf8 = false};

static inline struct canvas new_canvas(int rows, int cols, const struct style *style)
{
    struct canvas c;
    cr_assert_eq(canvas_init(&c, rows, cols, style), ERR_NONE);
    return c;
}

static inline void looks(const struct canvas *c, const char *expected)
{
    char *dump = canvas_dump(c);
    cr_assert_not_null(dump);
    cr_assert_str_eq(dump, expected, "found:\n%s\nexpected:\n%s", dump, expected);
    free(dump);
}

#endif
