#include <criterion/criterion.h>
#include <float.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

Test(text, grows)
{
    struct text t = {0};
    char *s;

    cr_assert_str_eq(text_str(&t), "");
    for (int i = 0; i < 1000; i++)
        text_format(&t, "%d,", i);
    cr_assert_eq(t.length, 3890);
    cr_assert_eq(strlen(text_str(&t)), 3890);
    text_add(&t, "end");
    text_add_n(&t, "xyz", 1);
    cr_assert_str_eq(text_str(&t) + 3886, "999,endx");
    s = text_take(&t);
    cr_assert_eq(strncmp(s, "0,1,2,", 6), 0);
    cr_assert_str_eq(text_str(&t), "", "empty after it was taken");
    free(s);
    s = text_take(&t);
    cr_assert_str_eq(s, "");
    free(s);
    text_free(&t);
}

Test(text, failure_sticks)
{
    struct text t = {.failed = true};

    text_add(&t, "x");
    cr_assert_str_eq(text_str(&t), "");
    cr_assert_null(text_take(&t));
    cr_assert_not(t.failed, "taken: a new beginning");
}

Test(text, whole_word_integers)
{
    static const char *const bad[] = {
        "", " 1", "1 ", "1x", "x", "-", "+", "--1", "1.0", "0x10", "99999999999999999999", "101", "-11"};
    long v = 5;

    for (int i = 0; i < ARRAY_LEN(bad); i++)
        cr_assert_not(text_int(bad[i], -10, 100, &v), "\"%s\"", bad[i]);
    cr_assert_eq(v, 5, "left alone");
    cr_assert(text_int("-10", -10, 100, &v) && v == -10);
    cr_assert(text_int("100", -10, 100, &v) && v == 100);
    cr_assert(text_int("+7", -10, 100, &v) && v == 7);
    cr_assert(text_int("007", -10, 100, &v) && v == 7, "decimal, not octal");
}

Test(text, whole_word_u64)
{
    uint64_t v = 3;

    cr_assert(text_u64("18446744073709551615", &v) && v == UINT64_MAX);
    cr_assert_not(text_u64("18446744073709551616", &v));
    cr_assert_not(text_u64("-1", &v));
    cr_assert_not(text_u64(" 1", &v));
    cr_assert_not(text_u64("", &v));
}

Test(text, whole_word_reals)
{
    static const char *const bad[] = {"",    ".",   "e5",  " 1",        "1 ",    "1,5",   "0x1p3",
                                      "nan", "NaN", "inf", "-infinity", "1e999", "1.2.3", "1e"};
    double v = 5;

    for (int i = 0; i < ARRAY_LEN(bad); i++)
        cr_assert_not(text_real(bad[i], &v), "\"%s\"", bad[i]);
    cr_assert_eq(v, 5.0, "left alone");
    cr_assert(text_real("-1.5e-3", &v) && v == -1.5e-3);
    cr_assert(text_real(".5", &v) && v == 0.5);
    cr_assert(text_real("7", &v) && v == 7.0);
}

static void check_round_trip(void)
{
    static const float values[] = {0.1f,    -3.14159274f, 1e-30f,      FLT_MAX,
                                   FLT_MIN, 1.0f,         16777217.0f, 1.0f / 3.0f};

    for (int i = 0; i < ARRAY_LEN(values); i++) {
        struct text t = {0};
        double v = 0;
        text_add(&t, "a,b ");
        text_real_exact(&t, (double)values[i]);
        cr_assert_null(strchr(text_str(&t) + 4, ','));
        cr_assert_eq(strlen(text_str(&t)), t.length);
        cr_assert(text_real(text_str(&t) + 4, &v), "%s", text_str(&t));
        cr_assert_eq((float)v, values[i]);
        text_free(&t);
    }
}

Test(text, floats_come_back_to_the_bit)
{
    check_round_trip();
}

Test(text, a_comma_locale_changes_nothing)
{
    static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8", "ru_RU.UTF-8"};
    bool found = false;

    for (int i = 0; i < ARRAY_LEN(locales) && !found; i++)
        found = setlocale(LC_ALL, locales[i]) && strcmp(localeconv()->decimal_point, ",") == 0;
    if (!found)
        cr_skip_test("no locale with a decimal comma is installed");
    check_round_trip();
}

Test(text, copy)
{
    char *s = text_copy("abc");

    cr_assert_str_eq(s, "abc");
    free(s);
}

/** What text_unknown() says when the first n of these names are known. */
static void check_unknown(int n, const char *expected)
{
    static const char *const names[] = {"sgd", "adam", "adamw"};
    struct text known = {0};
    struct diag d = {0};

    for (int i = 0; i < n; i++)
        text_listed(&known, names[i], i == n - 1);
    cr_assert_eq(text_unknown(&d, n == 2 ? "a" : NULL, 3, "optimizer", "sdg", &known), ERR_UNKNOWN);
    cr_assert_eq(d.err, ERR_UNKNOWN);
    cr_assert_str_eq(d.text, expected);
    cr_assert_null(known.data, "freed");
}

Test(text, unknown_names_list_the_known)
{
    check_unknown(0, "no optimizer 'sdg'; there are none");
    check_unknown(1, "no optimizer 'sdg'; there is only sgd");
    check_unknown(2, "a:3: no optimizer 'sdg'; there are sgd and adam");
    check_unknown(3, "no optimizer 'sdg'; there are sgd, adam and adamw");
}
