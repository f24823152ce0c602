/**
 * The mouse: a click gives a panel the focus and points, on what is pointed at already it does what Enter does, and the right button what Backspace does. The wheel
 * turns what the panel under it shows, and dragging over the curves goes through time. On the sheet the left button draws and the right one erases. Nothing here that a key doesn't do too.
 */
#include <stdio.h>

#include "tui/app.h"
#include "tui/fooling.h"
#include "tui/panels/panels.h"

/* What the wheel does over a panel; over all others it changes the layer. */
static const struct {
    const struct panel_type *panel;
    const char *up, *down;
} wheels[] = {
    {&panel_input, "sample before", "sample next"}, {&panel_curves, "seek back", "seek forward"},
    {&panel_drawing, "pen more", "pen less"},       {&panel_attack, "epsilon more", "epsilon less"},
    {&panel_stepin, "output back", "output on"},    {&panel_kernel, "multiply back", "multiply on"},
    {&panel_output, "output back", "output on"},    {&panel_expression, "multiply back", "multiply on"},
    {&panel_wave, "span less", "span more"},        {&panel_spectrum, "span less", "span more"},
    {&panel_search, "span less", "span more"},      {&panel_lanes, "epsilon more", "epsilon less"},
    {&panel_film, "cursor up", "cursor down"},      {&panel_corridor, "epsilon more", "epsilon less"},
    {&panel_plane, "epsilon more", "epsilon less"}, {&panel_fool, "budget more", "budget less"},
    {&panel_city, "city before", "city next"},      {&panel_hog, "sample before", "sample next"},
    {&panel_eye, "bar more", "bar less"},
};

static void turn_wheel(struct app *app, struct mouse m)
{
    const struct placed *p = app_placed_at(app, m.row, m.col);
    bool up = m.button == 4;
    const char *line = up ? "layer before" : "layer next";
    for (int i = 0; i < ARRAY_LEN(wheels) && p; i++)
        if (wheels[i].panel == p->type)
            line = up ? wheels[i].up : wheels[i].down;
    app_do(app, line);
}

/* The nib over a cell of the screen; false: beyond the sheet. */
static bool nib_over(const struct app *app, const struct placed *sheet, struct mouse m, struct nib *at)
{
    struct rect f = sheet->frame;
    int row = m.row - f.row - 1, col = m.col - f.col - 1;
    *at = app->view.own.pen;
    bool inside = drawing_hit(&app->view, f.rows - 2, f.cols - 2, row, col, at);
    return inside && row >= 0 && col >= 0 && row < f.rows - 2 && col < f.cols - 2;
}

/* A stroke goes on wherever the mouse drags it, and ends where the button comes up. @return was it about the sheet? */
static bool draw_with(struct app *app, struct mouse m)
{
    struct own *o = &app->view.own;
    const struct placed *sheet = o->drawing ? app_placed(app, &panel_drawing) : NULL;
    struct nib at;
    if (!sheet) {
        app->stroke = false;
        return false;
    }
    bool inside = nib_over(app, sheet, m, &at);
    if (m.pressed && inside && (m.button == 1 || m.button == 3)) {
        o->eraser = m.button == 3;
        app->stroke = app_pen_press(app, at, o->eraser);
        app->view.focus = &panel_drawing;
        return true;
    }
    if (!app->stroke)
        return false;
    if (m.dragged)
        app_pen_move(app, at);
    else
        app->stroke = o->pen_down = false;
    return true;
}

/* The left button makes pixels lighter, the right one darker; where a stroke begins on one that is so already, it takes marks back. @return was it about that panel? */
static bool fool_with(struct app *app, struct mouse m)
{
    struct fooling *f = app->view.fooling;
    const struct placed *p = f ? app_placed(app, &panel_fool) : NULL;
    struct place at = {0};
    char line[64];
    if (!p || (m.button != 1 && m.button != 3) || !(m.pressed || (f->stroke && (m.dragged || m.released))))
        return false;
    struct rect in = p->frame;
    bool over =
        m.row > in.row && m.col > in.col && m.row < in.row + in.rows - 1 && m.col < in.col + in.cols - 1 &&
        panel_fool.hit(&app->view, in.rows - 2, in.cols - 2, m.row - in.row - 1, m.col - in.col - 1, &at);
    if (m.released || (m.pressed && !over)) {
        bool was = f->stroke;
        f->stroke = false;
        return was;
    }
    if (!over)
        return true;
    if (m.pressed) {
        enum fool_mark mark = m.button == 1 ? MARK_LIGHTER : MARK_DARKER;
        f->brush = fooling_mark_at(f, at.row, at.col) == mark ? MARK_NONE : mark;
        f->stroke = true;
    }
    app_point_at(app, m.row, m.col);
    snprintf(line, sizeof line, "fool at %d %d %s", at.row, at.col,
             f->brush == MARK_LIGHTER  ? "lighter"
             : f->brush == MARK_DARKER ? "darker"
                                       : "none");
    app_do(app, line);
    return true;
}

static void click(struct app *app, struct mouse m)
{
    const struct view *v = &app->view;
    const struct panel_type *was = v->pointing ? v->focus : NULL;
    struct place before = was ? v->place[panel_index(was)] : (struct place){0};
    if (!app_point_at(app, m.row, m.col) || !v->pointing || v->focus != was)
        return;
    const struct place *now = &v->place[panel_index(was)];
    if (now->tile == before.tile && now->row == before.row && now->col == before.col)
        app_key(app, KEY_ENTER_);
}

/* Over the curves it takes all panels along through time. */
static void drag(struct app *app, struct mouse m)
{
    char line[40];
    const struct spot *s = &app->view.spot;
    app_point_at(app, m.row, m.col);
    snprintf(line, sizeof line, "seek near %ld", s->step);
    if (s->kind == SPOT_STEP && s->step != app->sought)
        app_do(app, line);
}

void app_mouse(struct app *app, struct mouse m)
{
    app->dirty = true;
    if (app->help && m.button < 4) {
        app->help = !m.pressed;
        return;
    }
    if (app->help)
        app_help_key(app, m.button == 4 ? KEY_UP_ : KEY_DOWN_);
    else if (m.button >= 4 && m.pressed)
        turn_wheel(app, m);
    else if (draw_with(app, m) || fool_with(app, m))
        return;
    else if (m.button == 1 && m.pressed)
        click(app, m);
    else if (m.button == 1 && m.dragged)
        drag(app, m);
    else if (m.button == 3 && m.pressed)
        app_key(app, KEY_BACKSPACE_);
}
