/** arrangement: what is read is what was written, whatever else stands in the file; and where it lies. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "tui/arrangement.h"

static void expect(const char *text, const char *lab, const char *width, const char *actions, bool good)
{
    bool is_good;
    char *found = arrangement_get(text, lab, width, &is_good);
    cr_assert_eq(is_good, good, "%s", text ? text : "(none)");
    cr_assert(found == NULL ? actions == NULL : actions && strcmp(found, actions) == 0, "'%s' in %s",
              found ? found : "", text ? text : "(none)");
    free(found);
}

Test(arrangement, comes_back)
{
    char *one = arrangement_set(NULL, "train", "wide", "panels input,curves; page overview");
    cr_assert_str_eq(one, "train wide: panels input,curves; page overview\n");
    expect(one, "train", "wide", "panels input,curves; page overview", true);
    expect(one, "train", "narrow", NULL, true);
    expect(one, "teach", "wide", NULL, true);
    char *two = arrangement_set(one, "train", "narrow", "page attack");
    char *three = arrangement_set(two, "train", "wide", "panels all");
    expect(three, "train", "wide", "panels all", true);
    expect(three, "train", "narrow", "page attack", true);
    free(one);
    free(two);
    free(three);
    expect(NULL, "train", "wide", NULL, true);
    expect("", "train", "wide", NULL, true);
}

/* Lines of others stay; what isn't a line of an arrangement, or would do more than arrange, isn't believed. */
Test(arrangement, of_others)
{
    char *text = arrangement_set("# a note\nother lab: dance all night\n\n", "train", "wide", "page input");
    cr_assert_str_eq(text, "# a note\nother lab: dance all night\n\ntrain wide: page input\n");
    expect(text, "train", "wide", "page input", true);
    free(text);
    expect("train wide: quit\n", "train", "wide", NULL, false);
    expect("train wide: page input; save screen /etc/passwd\n", "train", "wide", NULL, false);
    expect("train wide: panelsx all\n", "train", "wide", NULL, false);
    expect("train wide: \n", "train", "wide", NULL, false);
    expect("train wide: page input;\n", "train", "wide", NULL, false);
    expect("nonsense\n", "train", "wide", NULL, false);
    expect("\x7f\x45\x4c\x46\x01", "train", "wide", NULL, false);
    expect("train wide: page input", "train", "wide", "page input", true);
}

/* Any damage gives a line of the allowed words, or nothing. */
Test(arrangement, damaged)
{
    static const char whole[] = "train wide: panels input,curves; page overview\ntrain narrow: page attack\n";
    struct rng rng;
    rng_init(&rng, 1);
    for (int i = 0; i < 20000; i++) {
        char text[sizeof whole];
        bool good;
        memcpy(text, whole, sizeof whole);
        for (int k = (int)rng_below(&rng, 4); k >= 0; k--)
            text[rng_below(&rng, sizeof whole - 1)] = (char)rng_below(&rng, 256);
        char *found = arrangement_get(text, "train", "wide", &good);
        cr_assert(!found || strncmp(found, "panels ", 7) == 0 ||
                      strncmp(found + strspn(found, " "), "pa", 2) == 0,
                  "%s", found);
        char *again = arrangement_set(text, "train", "wide", "page input");
        cr_assert_not_null(strstr(again, "train wide: page input\n"));
        free(found);
        free(again);
    }
}

Test(arrangement, lies_where_the_specification_says)
{
    static const struct {
        const char *state, *home, *path;
    } cases[] = {
        {"/s", "/h", "/s/fovea/arrangement"},
        {NULL, "/h", "/h/.local/state/fovea/arrangement"},
        {"", "/h", "/h/.local/state/fovea/arrangement"},
        {"not/absolute", "/h", "/h/.local/state/fovea/arrangement"},
        {NULL, NULL, NULL},
        {NULL, "", NULL},
    };
    for (int i = 0; i < ARRAY_LEN(cases); i++) {
        unsetenv("XDG_STATE_HOME");
        unsetenv("HOME");
        if (cases[i].state)
            setenv("XDG_STATE_HOME", cases[i].state, 1);
        if (cases[i].home)
            setenv("HOME", cases[i].home, 1);
        char *path = arrangement_path();
        cr_assert(path == NULL ? cases[i].path == NULL : cases[i].path && strcmp(path, cases[i].path) == 0,
                  "case %d: %s", i, path ? path : "(none)");
        free(path);
    }
    cr_assert_str_eq(arrangement_width(80), "narrow");
    cr_assert_str_eq(arrangement_width(120), "middle");
    cr_assert_str_eq(arrangement_width(160), "wide");
}
