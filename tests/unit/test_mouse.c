/** What the mouse does: pointing, drawing, the wheel; at any size, and whatever the order of its reports. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/rng.h"
#include "nn/model.h"
#include "toy.h"
#include "tui/app.h"
#include "tui/panels/panels.h"

static struct net *net;
static struct dataset data;
static struct app app;
static struct trainer_report report;
static const struct style style = {.rung = RUNG_256, .utf8 = true};

static void look(int rows, int cols)
{
    cr_assert_eq(canvas_resize(&app.canvas, rows, cols), ERR_NONE);
    app.lay_out = true;
    app_look(&app);
    app_draw(&app);
}

static void set_up(void)
{
    struct trainer_options options = {.paused = true};
    struct run_options run = run_defaults();
    cr_assert_eq(model_parse("input 1x8x8\nconv 2 3x3\nrelu\nmaxpool 2\nflatten\ndense 4\n", "model", NULL,
                             &net, NULL),
                 ERR_NONE);
    data = toy_data((struct shape){1, 8, 8}, 4, 203, 90);
    app = (struct app){.net = net, .data = &data, .speed = 100, .model_name = "toy"};
    view_init(&app.view, net, &data);
    cr_assert_eq(own_init(&app.view.own, net->in, NULL), ERR_NONE);
    cr_assert_eq(trainer_new(net, &data, &run, &options, &app.trainer, NULL), ERR_NONE);
    cr_assert_eq(canvas_init(&app.canvas, 1, 1, &style), ERR_NONE);
    report = (struct trainer_report){
        .state = TRAINER_PAUSED, .step = 50, .furthest = 100, .per_epoch = 40, .lr = 0.1};
    app.view.report = &report;
    look(50, 160);
}

static void tear_down(void)
{
    trainer_free(app.trainer);
    own_fini(&app.view.own);
    canvas_fini(&app.canvas);
    net_free(net);
}

TestSuite(mouse, .init = set_up, .fini = tear_down, .timeout = 120);

static struct rect frame_of(const struct panel_type *type)
{
    for (int i = 0; i < app.panels; i++)
        if (app.placed[i].type == type)
            return app.placed[i].frame;
    cr_assert_fail("%s isn't on the screen", type->name);
    return (struct rect){0};
}

/* "p" pressed, "d" dragged, "r" released, at a cell inside a panel's frame. */
static void mouse(const struct panel_type *type, int row, int col, int button, char what)
{
    struct rect f = frame_of(type);
    app_mouse(&app, (struct mouse){.row = f.row + 1 + row,
                                   .col = f.col + 1 + col,
                                   .button = button,
                                   .pressed = what == 'p',
                                   .dragged = what == 'd',
                                   .released = what == 'r'});
}

Test(mouse, a_click_gives_the_focus_and_points)
{
    struct rect f = frame_of(&panel_input);
    struct place at;
    mouse(&panel_input, 0, 0, 1, 'p');
    cr_assert(app.view.focus == &panel_input && app.view.pointing);
    cr_assert_eq(app.view.spot.layer, NET_INPUT);
    mouse(&panel_input, 1, 1, 1, 'd'); /* it follows the mouse */
    cr_assert(panel_input.hit(&app.view, f.rows - 2, f.cols - 2, 1, 1, &at));
    cr_assert(app.view.spot.row == at.row && app.view.spot.col == at.col);
    mouse(&panel_input, -1, 0, 1, 'p'); /* on the frame: the focus alone */
    cr_assert(app.view.focus == &panel_input && !app.view.pointing);
    mouse(&panel_network, 0, 0, 1, 'p');
    cr_assert_eq(app.view.focus, &panel_network);
}

Test(mouse, the_wheel_turns_what_is_under_it)
{
    mouse(&panel_input, 0, 0, 5, 'p');
    cr_assert_eq(app.view.index, 1);
    mouse(&panel_input, 0, 0, 4, 'p');
    cr_assert_eq(app.view.index, 0);
    mouse(&panel_network, 0, 0, 5, 'p');
    cr_assert_str_eq(net->layer[app.view.layer].name, "dense1");
    mouse(&panel_network, 0, 0, 4, 'p');
    cr_assert_str_eq(net->layer[app.view.layer].name, "conv1");
    mouse(&panel_curves, 0, 0, 4, 'p');
    cr_assert_eq(app.sought, 48);
}

Test(mouse, clicks_close_the_help)
{
    app.help = true;
    mouse(&panel_input, 0, 0, 1, 'p');
    cr_assert(!app.help && !app.view.pointing);
}

static int marks(void)
{
    return app.view.own.sketch.count;
}

/* Left draws, right erases, other buttons don't; a stroke goes on outside and ends with the release, wherever that is. */
Test(mouse, draws_on_the_sheet)
{
    struct own *o = &app.view.own;
    cr_assert(app_do(&app, "draw on"));
    look(50, 160);
    mouse(&panel_drawing, 2, 3, 1, 'd');
    cr_assert_eq(marks(), 0, "it wasn't pressed here");
    mouse(&panel_drawing, 2, 3, 2, 'p');
    cr_assert_eq(marks(), 0);
    mouse(&panel_drawing, 2, 3, 1, 'p');
    mouse(&panel_drawing, 2, 8, 1, 'd');
    mouse(&panel_drawing, 200, 8, 1, 'd');
    cr_assert(marks() == 3 && o->pen_down);
    mouse(&panel_drawing, 200, -50, 1, 'r');
    cr_assert(marks() == 3 && !o->pen_down);
    mouse(&panel_drawing, 3, 3, 1, 'd');
    cr_assert_eq(marks(), 3, "it was released");
    double ink = 0;
    struct shape s = o->sketch.sheet.shape;
    for (int i = 0; i < s.h * s.w; i++)
        ink += (double)o->sketch.sheet.data[i];
    cr_assert_gt(ink, 0);
    cr_assert_eq(o->sketch.mark[0].tool, SKETCH_PEN);
    mouse(&panel_drawing, 2, 3, 3, 'p');
    mouse(&panel_drawing, 2, 8, 3, 'd');
    mouse(&panel_drawing, 2, 8, 3, 'r');
    cr_assert(marks() == 5 && o->sketch.mark[3].tool == SKETCH_ERASER);
    mouse(&panel_input, 0, 0, 1, 'p');
    cr_assert(marks() == 5 && app.view.focus == &panel_input, "beside the sheet it points, as ever");
    app_do(&app, "draw undo; draw undo");
    cr_assert_eq(marks(), 0, "two strokes");
}

/* The ink is under the mouse at every size. */
Test(mouse, hits_the_sheet_where_it_is_drawn)
{
    static const int sizes[][2] = {{50, 160}, {24, 80}, {15, 60}, {12, 40}, {120, 400}};
    cr_assert(app_do(&app, "draw on; pen 1"));
    for (int i = 0; i < ARRAY_LEN(sizes); i++) {
        look(sizes[i][0], sizes[i][1]);
        struct rect f = frame_of(&panel_drawing);
        struct nib low, high, at;
        int rows = f.rows - 2, cols = f.cols - 2;
        cr_assert(drawing_hit(&app.view, rows, cols, 1, 1, &low));
        cr_assert(drawing_hit(&app.view, rows, cols, 1, 2, &high));
        cr_assert(high.x > low.x && high.y == low.y);
        mouse(&panel_drawing, 1, 1, 1, 'p');
        mouse(&panel_drawing, 1, 1, 1, 'r');
        const struct own *o = &app.view.own;
        at = o->sketch.mark[o->sketch.count - 1].at;
        cr_assert(at.x == low.x && at.y == low.y, "%dx%d", sizes[i][0], sizes[i][1]);
        app_look(&app);
        app_draw(&app);
        cr_assert_eq(app.canvas.cell[(f.row + 2) * app.canvas.cols + f.col + 2].ch, '+',
                     "the pen stays where it was, %dx%d", sizes[i][0], sizes[i][1]);
    }
}

/* Anything in any order at any size. */
Test(mouse, never_minds)
{
    static const char *const lines[] = {"draw on",    "draw off", "nudge on", "nudge off",  "page next",
                                        "nudge left", "help",     "invert",   "sample next"};
    struct rng rng;
    rng_init(&rng, 1);
    for (int i = 0; i < 3000; i++) {
        if (i % 20 == 0)
            look(1 + (int)rng_below(&rng, i % 40 ? 60 : 6), 1 + (int)rng_below(&rng, i % 60 ? 180 : 8));
        int what = (int)rng_below(&rng, 3);
        app_mouse(&app, (struct mouse){.row = (int)rng_below(&rng, 70) - 5,
                                       .col = (int)rng_below(&rng, 200) - 10,
                                       .button = (int)rng_below(&rng, 6),
                                       .pressed = what == 0,
                                       .released = what == 1,
                                       .dragged = what == 2});
        if (i % 7 == 0)
            cr_assert(app_do(&app, lines[rng_below(&rng, ARRAY_LEN(lines))]), "%s", app.message);
        if (i % 3 == 0) {
            app_look(&app);
            app_draw(&app);
        }
        app.quit = false;
    }
}
