/** help: the panel with the focus stands first, and whoever scrolls meets every key, every panel and every word, at any size. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn/model.h"
#include "toy.h"
#include "tui/app.h"
#include "tui/keys.h"

static struct net *net;
static struct dataset data;
static struct app app;
static const struct style style = {.rung = RUNG_256, .utf8 = true};

static void setup(void)
{
    cr_assert_eq(model_parse("input 1x8x8\nconv 2 3x3\nrelu\nflatten\ndense 4\n", "model", NULL, &net, NULL),
                 ERR_NONE);
    data = toy_data((struct shape){1, 8, 8}, 4, 203, 90);
    app = (struct app){.net = net, .data = &data, .model_name = "toy", .options.data = "toy"};
    view_init(&app.view, net, &data);
    cr_assert_eq(canvas_init(&app.canvas, 24, 80, &style), ERR_NONE);
}

static void teardown(void)
{
    canvas_fini(&app.canvas);
    net_free(net);
}

TestSuite(help, .init = setup, .fini = teardown);

static void resize(int rows, int cols)
{
    cr_assert_eq(canvas_resize(&app.canvas, rows, cols), ERR_NONE);
    app.lay_out = true;
    app_look(&app);
}

/* All that stands in it, page after page, with single blanks. */
static char *read_help(void)
{
    struct text all = {0};
    app.help_row = 0;
    for (int last = -1; app.help_row != last;) {
        last = app.help_row;
        app_draw(&app);
        char *page = canvas_dump(&app.canvas);
        text_add(&all, page);
        free(page);
        app_key(&app, KEY_PAGE_DOWN_);
        app_draw(&app);
    }
    char *text = text_take(&all), *to = text;
    for (const char *at = text; *at; at++)
        if (*at != ' ' || at[1] != ' ')
            *to++ = *at;
    *to = 0;
    return text;
}

Test(help, has_everything)
{
    static const int sizes[][2] = {{24, 80}, {50, 160}, {60, 200}, {120, 400}};
    for (int i = 0; i < ARRAY_LEN(sizes); i++) {
        app.help = false;
        resize(sizes[i][0], sizes[i][1]);
        app_key(&app, '?');
        char *text = read_help();
        for (const struct binding *b = binding_next(NULL); b; b = binding_next(b)) {
            char line[64];
            snprintf(line, sizeof line, "%s %s", b->name ? b->name : "", b->help ? b->help : "");
            cr_assert(!b->name || b->where || strstr(text, line), "%d columns: no '%s'", sizes[i][1], line);
        }
        for (int k = 0; panel_types[k]; k++) {
            cr_assert(strstr(text, panel_types[k]->name));
            char item[16]; /* of several only the first: a line may end between them */
            snprintf(item, sizeof item, "%.*s", (int)strcspn(panel_types[k]->lecture, ","),
                     panel_types[k]->lecture);
            cr_assert(strstr(text, item), "%s", item);
        }
        for (int t = 0; action_tables[t]; t++)
            for (const struct action *a = action_tables[t]; a->word; a++)
                cr_assert(strstr(text, a->word), "%s", a->word);
        free(text);
    }
}

Test(help, the_focus_comes_first)
{
    resize(50, 160);
    for (int i = 0; i < app.panels; i++) {
        app.view.focus = app.placed[i].type;
        app.help = false;
        app_key(&app, '?');
        app_draw(&app);
        char *text = canvas_dump(&app.canvas), *second = strchr(strchr(text, '\n') + 1, '\n') + 1;
        char *title = strstr(second, app.view.focus->title), *sentence = strstr(second, app.view.focus->help);
        cr_assert(title && sentence && title < sentence && sentence < strstr(second, "training"), "%s", text);
        free(text);
    }
}

/* It scrolls, closes, and lets other keys through. */
Test(help, keys)
{
    resize(24, 80);
    app_key(&app, '?');
    app_key(&app, KEY_DOWN_);
    app_key(&app, 'j');
    app_draw(&app);
    cr_assert_eq(app.help_row, 2);
    cr_assert_not(app.view.pointing);
    app_key(&app, KEY_HOME_);
    app_key(&app, KEY_UP_);
    app_draw(&app);
    cr_assert_eq(app.help_row, 0);
    app_key(&app, KEY_END_);
    app_draw(&app);
    int last = app.help_row;
    cr_assert_gt(last, 20);
    app_key(&app, KEY_PAGE_UP_);
    app_draw(&app);
    cr_assert(app.help_row < last && app.help_row >= last - 20);
    app_key(&app, 'n');
    cr_assert(app.help && app.view.index == 1);
    app_key(&app, '?');
    cr_assert_not(app.help);
    app_key(&app, '?');
    cr_assert_eq(app.help_row, 0);
    for (int rows = 1; rows < 30; rows += 2)
        for (int cols = 1; cols < 100; cols += 3) {
            resize(rows, cols);
            app_key(&app, KEY_END_);
            app_draw(&app);
        }
}
