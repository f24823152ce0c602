/** Drawing by hand: the mode, the sheet, and a pen that keys move. */
#include "base/text.h"
#include "tui/app.h"
#include "tui/panels/panels.h"

static const char full[] = "no more room on the sheet: C clears it, u takes strokes back";

/* Looks at the drawing, whatever was looked at before. */
static void show(struct app *app)
{
    struct own *o = &app->view.own;
    if (o->source == OWN_DRAWING)
        return;
    app_undoable_sample(app);
    own_reset(o, OWN_DRAWING);
}

static void begin(struct app *app)
{
    struct own *o = &app->view.own;
    show(app);
    o->drawing = app->lay_out = true;
    o->nudging = false;
    app->mode = "draw";
    app->alone = NULL;
    app->view.focus = &panel_drawing;
    app->view.pointing = false;
}

static void end(struct app *app)
{
    struct own *o = &app->view.own;
    o->drawing = o->pen_down = false;
    app->mode = NULL;
    app->lay_out = true;
}

static bool draw(struct app *app, const char *argument)
{
    struct own *o = &app->view.own;
    bool changed = false;
    if (argument_is(argument, "on"))
        begin(app);
    else if (argument_is(argument, "off"))
        end(app);
    else if (argument_is(argument, "show"))
        show(app);
    else if (argument_is(argument, "clear"))
        changed = sketch_clear(&o->sketch);
    else if (argument_is(argument, "undo"))
        changed = sketch_undo(&o->sketch);
    else if (argument_is(argument, "redo"))
        changed = sketch_redo(&o->sketch);
    else
        return false;
    bool takes = argument_is(argument, "undo") || argument_is(argument, "redo");
    if (changed) {
        o->pen_down = false;
        own_drawn(o);
    } else if (takes) {
        app_say(app, "no stroke to %s", argument_is(argument, "undo") ? "take back" : "bring back");
    }
    return true;
}

static float within(float v, int extent)
{
    return v < 0 ? 0 : v > (float)extent ? (float)extent : v;
}

bool app_pen_press(struct app *app, struct nib at, bool eraser)
{
    struct own *o = &app->view.own;
    show(app); /* another sample may have been chosen meanwhile */
    o->pen = at;
    o->pen_down = sketch_press(&o->sketch, eraser ? SKETCH_ERASER : SKETCH_PEN, at);
    if (!o->pen_down)
        app_say(app, full);
    own_drawn(o);
    return o->pen_down;
}

void app_pen_move(struct app *app, struct nib at)
{
    struct own *o = &app->view.own;
    o->pen = at;
    if (!o->pen_down)
        return;
    if (!sketch_drag(&o->sketch, at)) {
        o->pen_down = false;
        app_say(app, full);
    }
    own_drawn(o);
}

/* By one pixel of the network; it stays on the sheet. */
static void move(struct app *app, int down, int right)
{
    struct own *o = &app->view.own;
    struct nib at = o->pen;
    at.y = within(at.y + (float)(down * OWN_GRAIN), o->in.h * OWN_GRAIN);
    at.x = within(at.x + (float)(right * OWN_GRAIN), o->in.w * OWN_GRAIN);
    app_pen_move(app, at);
}

static bool set_width(struct app *app, const char *argument)
{
    static const double widths[] = {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8};
    struct own *o = &app->view.own;
    double width = 2 * (double)o->pen.radius / OWN_GRAIN;
    int at = 0;
    while (at < ARRAY_LEN(widths) - 1 && widths[at] < width - 0.01)
        at++;
    int to = argument_turn(argument, at, ARRAY_LEN(widths));
    if (to >= 0)
        width = widths[to];
    else if (!text_real(argument, &width) || width < 0.5 || width > 100)
        return false;
    o->pen.radius = (float)width * OWN_GRAIN / 2;
    app_say(app, "the pen is %g pixels wide", width);
    return true;
}

static bool pen(struct app *app, const char *argument)
{
    struct own *o = &app->view.own;
    if (argument_is(argument, "up"))
        move(app, -1, 0);
    else if (argument_is(argument, "down"))
        move(app, 1, 0);
    else if (argument_is(argument, "left"))
        move(app, 0, -1);
    else if (argument_is(argument, "right"))
        move(app, 0, 1);
    else if (argument_is(argument, "lift"))
        o->pen_down = false;
    else if (argument_is(argument, "press") || argument_is(argument, "erase")) {
        bool eraser = argument_is(argument, "erase");
        if (o->pen_down && o->eraser == eraser)
            o->pen_down = false;
        else
            app_pen_press(app, o->pen, eraser);
        o->eraser = eraser;
    } else
        return set_width(app, argument);
    return true;
}

const struct action draw_actions[] = {
    {"draw", "on|off|show|clear|undo|redo",
     "Draws by hand, or stops; clears the sheet, takes a stroke back or again", draw},
    {"pen", "up|down|left|right|press|erase|lift|WIDTH|more|less",
     "Moves the pen by a pixel, puts it down or lifts it, or sets its width", pen},
    {NULL, NULL, NULL, NULL},
};
