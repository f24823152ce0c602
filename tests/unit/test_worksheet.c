/** The worksheet: what is asked, what is answered, and that it fits on paper. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "filter/worksheet.h"
#include "tui/app.h"

static float example_x[25] = {3, 3, 2, 1, 0, 0, 0, 1, 3, 1, 3, 1, 2, 2, 3, 2, 0, 0, 2, 2, 2, 0, 0, 0, 1};
static float example_w[9] = {0, 1, 2, 2, 2, 0, 0, 1, 2};
static const struct tensor five = {2, {5, 5}, example_x}, three = {2, {3, 3}, example_w};

static void write_sheet(const struct trace_options *o, bool plain, struct text *t)
{
    struct diag diag = {0};
    cr_assert_eq(worksheet_text(&five, &three, o, plain, t, &diag), ERR_NONE, "%s", diag.text);
}

static int widest(const char *text)
{
    int most = 0, column = 0;
    for (; *text; text++) {
        column = *text == '\n' || *text == '\f' ? 0 : column + ((*text & 0xc0) != 0x80);
        most = column > most ? column : most;
    }
    return most;
}

Test(worksheet, of_the_lecture)
{
    struct text t = {0};
    write_sheet(&(struct trace_options){0}, false, &t);
    const char *text = text_str(&t), *answers = strchr(text, '\f');
    cr_assert(answers && !strchr(answers + 1, '\f'));
    cr_assert(strstr(text, "x (5 x 5)\n\n    3 3 2 1 0\n    0 0 1 3 1\n"));
    cr_assert(strstr(text, "w (3 x 3)\n\n    0 1 2\n    2 2 0\n    0 1 2\n"));
    const char *sum = strstr(text, "(1,1)  3·0 + 3·1 + 2·2 + 0·2 + 0·2 + 1·0 + 3·0 + 1·1 + 2·2 = ____\n");
    cr_assert(sum && sum < answers, "the first is to be added up only");
    cr_assert(strstr(text, "(1,2)  3·__ + 2·__"));
    cr_assert(!strstr(answers, "__"), "no blank among the answers");
    cr_assert(strstr(answers, "(1,1)  3·0 + 3·1 + 2·2 + 0·2 + 0·2 + 1·0 + 3·0 + 1·1 + 2·2 = 12\n"));
    cr_assert(strstr(answers, "rows     5 - 3 + 1 = 3\n"));
    cr_assert(strstr(answers, "    12 12 17\n    10 17 19\n     9  6 14\n"));
    const char *early = strstr(text, "= 12");
    cr_assert(early > answers, "nothing is given away");
    cr_assert_leq(widest(text), WORKSHEET_COLS);
    text_free(&t);
}

Test(worksheet, other_ways)
{
    struct text t = {0};
    write_sheet(&(struct trace_options){.flip = true, .mode = CORRELATE_FULL, .stride = {2, 2}, .bias = -1},
                true, &t);
    const char *text = text_str(&t);
    cr_assert(strncmp(text, "CONVOLUTION", 11) == 0 && strstr(text, "turn w round"));
    cr_assert(strstr(text, "rows     zeros before 2, after 2; stride 2; dilation 1\n"));
    cr_assert(strstr(text, "bias     (-1), added to every sum"));
    cr_assert(strstr(text, "floor((5 + 3 - 2) / 2) + 1 = 4\n"));
    cr_assert_leq(widest(text), WORKSHEET_COLS);
    for (const char *c = text; *c; c++)
        cr_assert((unsigned char)*c < 0x80, "plain is ASCII");
    text_free(&t);
}

Test(worksheet, one_and_three_dimensions)
{
    float x[27] = {1, -2.5f, 3}, w[27] = {0.125f, -1};
    struct tensor line = {1, {10}, x}, two = {1, {2}, w}, cube = {3, {3, 3, 3}, x}, part = {3, {2, 2, 3}, w};
    struct text t = {0};
    cr_assert(!worksheet_text(&line, &two, &(struct trace_options){0}, true, &t, NULL));
    cr_assert(strstr(text_str(&t), "samples  10 - 2 + 1 = 9\n"));
    cr_assert(strstr(text_str(&t), "(2)  (-2.5)*0.125 + 3*(-1) = -3.3125\n"));
    text_free(&t);
    cr_assert(!worksheet_text(&cube, &part, &(struct trace_options){0}, true, &t, NULL));
    cr_assert(strstr(text_str(&t), "depth    3 - 2 + 1 = 2\n"));
    cr_assert_leq(widest(text_str(&t)), WORKSHEET_COLS);
    text_free(&t);
}

Test(worksheet, refuses)
{
    static float many[400];
    struct tensor large = {2, {20, 20}, many}, wide = {1, {60}, many}, small = {1, {2}, example_w};
    struct text t = {0};
    struct diag diag = {0};
    cr_assert_eq(worksheet_text(&large, &three, &(struct trace_options){0}, true, &t, &diag), ERR_RANGE);
    cr_assert(strstr(diag.text, "x has 400 numbers; a sheet of paper takes 256"), "%s", diag.text);
    cr_assert_eq(worksheet_text(&wide, &small, &(struct trace_options){0}, true, &t, &diag), ERR_RANGE);
    cr_assert_eq(worksheet_text(&three, &five, &(struct trace_options){0}, true, &t, &diag), ERR_SHAPE);
    cr_assert_eq(worksheet_text(&five, &three, &(struct trace_options){.dilation = {4, 4}}, true, &t, &diag),
                 ERR_SHAPE);
    cr_assert_eq(t.length, 0);
    text_free(&t);
}

Test(worksheet, postscript)
{
    struct text t = {0}, ps = {0};
    write_sheet(&(struct trace_options){0}, false, &t);
    worksheet_postscript(text_str(&t), &ps);
    const char *text = text_str(&ps);
    int pages = 0, shown = 0;
    cr_assert(strncmp(text, "%!PS-Adobe-3.0\n", 15) == 0 && strstr(text, "\n%%EOF\n"));
    for (const char *p = text; (p = strstr(p, "%%Page: ")); p++)
        pages++;
    for (const char *p = text; (p = strstr(p, "showpage")); p++)
        shown++;
    cr_assert(pages == 2 && shown == 2 && strstr(text, "%%Pages: 2\n"), "%d, %d", pages, shown);
    cr_assert(strstr(text, "(    \\(1,1\\)  3\\2670 + 3\\2671"), "brackets and the dot");
    for (const char *c = text; *c; c++)
        cr_assert((unsigned char)*c < 0x80);
    text_free(&t);
    text_free(&ps);
    worksheet_postscript("a\\\u2212\n", &ps);
    cr_assert(strstr(text_str(&ps), "(a\\\\?) l\n"));
    text_free(&ps);
    for (int i = 0; i < 2 * WORKSHEET_LINES + 1; i++)
        text_add(&t, "x\n");
    worksheet_postscript(text_str(&t), &ps);
    cr_assert(strstr(text_str(&ps), "%%Pages: 3\n"), "a long text goes on");
    text_free(&t);
    text_free(&ps);
}

/* What the path ends with decides what is written. */
Test(worksheet, files)
{
    static const char *const cases[][3] = {{"a.txt", "CORRELATION BY HAND", "3*0 + 3*1"},
                                           {"b.ps", "%!PS-Adobe-3.0", "3\\2670 + 3\\2671"},
                                           {"c", "CORRELATION BY HAND", "ANSWERS"}};
    char folder[] = "/tmp/fovea-worksheet-XXXXXX";
    struct diag diag;
    cr_assert(mkdtemp(folder) && chdir(folder) == 0);
    for (int i = 0; i < ARRAY_LEN(cases); i++) {
        struct bytes bytes = {0};
        cr_assert(!worksheet_write(&five, &three, &(struct trace_options){0}, true, cases[i][0], &diag), "%s",
                  diag.text);
        cr_assert_eq(file_read(cases[i][0], 0, &bytes, NULL), ERR_NONE, "%s", cases[i][0]);
        cr_assert_eq(memcmp(bytes.data, cases[i][1], strlen(cases[i][1])), 0, "%s", cases[i][0]);
        cr_assert_not_null(memmem(bytes.data, bytes.size, cases[i][2], strlen(cases[i][2])), "%s",
                           cases[i][0]);
        bytes_free(&bytes);
        cr_assert_eq(unlink(cases[i][0]), 0);
    }
    cr_assert_eq(worksheet_write(&five, &three, &(struct trace_options){0}, true, "none/a.txt", &diag),
                 ERR_IO);
    cr_assert_eq(worksheet_write(&three, &five, &(struct trace_options){0}, true, "d", &diag), ERR_SHAPE);
    cr_assert(chdir("/") == 0 && rmdir(folder) == 0, "nothing else was written");
}

/* The lecture's example, with which the step lab opens; other operations have no sheet. */
Test(worksheet, of_the_step_lab)
{
    static struct app app;
    static const struct style style = {.utf8 = true};
    char folder[] = "/tmp/fovea-worksheet-XXXXXX";
    struct bytes bytes = {0};
    cr_assert(mkdtemp(folder) && chdir(folder) == 0);
    app.canvas.style = &style;
    app.lab = lab_find("step");
    cr_assert(app_do(&app, "worksheet a.txt") && strstr(app.message, "lab step"), "%s", app.message);
    cr_assert(app.lab->enter(&app), "%s", app.message);
    cr_assert_not(app_do(&app, "worksheet"));
    cr_assert(app_do(&app, "worksheet a.txt") && !app.failed, "%s", app.message);
    cr_assert_eq(file_read("a.txt", 0, &bytes, NULL), ERR_NONE);
    cr_assert(memmem(bytes.data, bytes.size, "3\u00b70 + 3\u00b71 + 2\u00b72", 16) &&
              memmem(bytes.data, bytes.size, "= 12\n", 5));
    bytes_free(&bytes);
    cr_assert(app_do(&app, "worksheet none/a.txt") && app.failed, "%s", app.message);
    cr_assert(app_do(&app, "operation relu; worksheet b.txt") && strstr(app.message, "correlation"), "%s",
              app.message);
    app.lab->close(&app);
    cr_assert(unlink("a.txt") == 0 && chdir("/") == 0 && rmdir(folder) == 0, "nothing else was written");
}
