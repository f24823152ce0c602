/**
 * Pointing: the focus goes from panel to panel, each panel's cursor over its pixels, and what lies under it is the spot that the others light.
 */
#include "tui/app.h"

const struct placed *app_placed(const struct app *app, const struct panel_type *type)
{
    for (int i = 0; i < app->panels; i++)
        if (app->placed[i].type == type)
            return &app->placed[i];
    return NULL;
}

const struct placed *app_placed_at(const struct app *app, int row, int col)
{
    for (int i = 0; i < app->panels; i++) {
        struct rect f = app->placed[i].frame;
        if (row >= f.row && row < f.row + f.rows && col >= f.col && col < f.col + f.cols)
            return &app->placed[i];
    }
    return NULL;
}

/* The next of the placed panels from `from` on that can be pointed at, or any where none can. */
static const struct panel_type *panel_behind(const struct app *app, int from, int by)
{
    int n = app->panels;
    for (int k = 1; k <= n; k++) {
        const struct panel_type *type = app->placed[((from + by * k) % n + n) % n].type;
        if (type->move)
            return type;
    }
    return app->placed[from < 0 ? 0 : from].type;
}

void app_focus(struct app *app, int by)
{
    const struct placed *now = app_placed(app, app->view.focus);
    if (app->panels == 0)
        return;
    app->view.focus = panel_behind(app, now ? (int)(now - app->placed) : -1, by);
    app_point_update(app);
}

bool app_focus_on(struct app *app, const struct panel_type *type)
{
    if (!type || !app_placed(app, type))
        return false;
    app->view.focus = type;
    app_point_update(app);
    return true;
}

void app_point_move(struct app *app, int down, int right)
{
    struct view *v = &app->view;
    const struct placed *p = v->focus ? app_placed(app, v->focus) : NULL;
    if (!p || !v->focus->move)
        return;
    struct place *at = &v->place[panel_index(v->focus)];
    if (v->pointing)
        v->focus->move(v, p->frame.rows - 2, p->frame.cols - 2, at, down, right);
    v->pointing = true;
    app_point_update(app);
}

bool app_point_at(struct app *app, int row, int col)
{
    struct view *v = &app->view;
    const struct placed *p = app_placed_at(app, row, col);
    if (!p)
        return false;
    struct rect f = p->frame;
    const struct panel_type *type = p->type;
    v->focus = type;
    v->pointing =
        type->hit && row > f.row && col > f.col && row < f.row + f.rows - 1 && col < f.col + f.cols - 1 &&
        type->hit(v, f.rows - 2, f.cols - 2, row - f.row - 1, col - f.col - 1, &v->place[panel_index(type)]);
    app_point_update(app);
    app_press(app, true);
    return true;
}

bool app_press(struct app *app, bool click)
{
    const struct view *v = &app->view;
    char line[UNDO_TEXT];
    return v->focus && v->pointing && v->focus->press &&
           v->focus->press(v, v->place[panel_index(v->focus)], click, line, sizeof line) && app_do(app, line);
}

void app_point_update(struct app *app)
{
    struct view *v = &app->view;
    v->spot = (struct spot){0};
    if (app->panels > 0 && (!v->focus || !app_placed(app, v->focus)))
        v->focus = panel_behind(app, -1, 1);
    const struct placed *p = v->focus ? app_placed(app, v->focus) : NULL;
    if (!v->pointing || !p || !v->focus->spot)
        return;
    struct place *at = &v->place[panel_index(v->focus)];
    if (!v->focus->spot(v, *at, &v->spot)) { /* another layer has fewer: to the first */
        *at = (struct place){0};
        if (!v->focus->spot(v, *at, &v->spot))
            v->spot = (struct spot){0};
    }
}
