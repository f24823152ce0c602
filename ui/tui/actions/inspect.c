/** Taking apart what is pointed at, or what is named: down to the pixels, and forward to everything that it feeds. */
#include <string.h>

#include "base/text.h"
#include "tui/apart.h"
#include "tui/app.h"

/* "4,7)" */
static bool read_place(const char *text, struct spot *s)
{
    char copy[32], *comma;
    long row, col;
    size_t length = strlen(text);
    if (length < 4 || length > sizeof copy || text[length - 1] != ')')
        return false;
    memcpy(copy, text, length - 1);
    copy[length - 1] = 0;
    comma = strchr(copy, ',');
    if (!comma)
        return false;
    *comma = 0;
    if (!text_int(copy, 0, 1L << 28, &row) || !text_int(comma + 1, 0, 1L << 28, &col))
        return false;
    s->row = (int)row;
    s->col = (int)col;
    return true;
}

/* "conv1[3](4,7)", "conv1[3]", "input(4,7)": as unit_text() writes them; without a place in a map it is the whole map. */
static bool read_unit(const struct net *net, const char *text, struct spot *s, bool *map)
{
    char name[LAYER_NAME], channel[16] = "0";
    size_t length = strcspn(text, "[(");
    if (length == 0 || length >= sizeof name)
        return false;
    memcpy(name, text, length);
    name[length] = 0;
    *s = (struct spot){.kind = SPOT_NUMBER, .layer = net_find(net, name)};
    if (s->layer < 0 && strcmp(name, "input") != 0)
        return false;
    text += length;
    if (*text == '[') {
        length = strcspn(text, "]");
        if (!text[length] || length > sizeof channel)
            return false;
        memcpy(channel, text + 1, length - 1);
        channel[length - 1] = 0;
        text += length + 1;
    }
    long c = 0;
    struct shape shape = s->layer < 0 ? net->in : net->layer[s->layer].out;
    bool flat = shape.h == 1 && shape.w == 1;
    *map = !*text && !flat;
    if (!text_int(channel, 0, shape.c - 1, &c) || (*text && (*text != '(' || !read_place(text + 1, s))))
        return false;
    s->c = (int)c;
    return s->row < shape.h && s->col < shape.w;
}

static void open_level(struct app *app, enum apart_kind kind, struct spot spot)
{
    struct view *v = &app->view;
    if (v->apart.depth == 0) {
        v->apart.before = v->focus;
        v->apart.pointing = v->pointing;
    }
    if (!apart_push(v, kind, spot))
        app_say(app, "the path is as long as it can be: Backspace goes back");
    v->focus = panel_find("detail");
    v->pointing = true;
    app->lay_out = true;
}

static bool is_flat(const struct net *net, int layer)
{
    return net->layer[layer].out.h == 1 && net->layer[layer].out.w == 1;
}

/* A map where there is one, so that a number of it is one step further; of a weight, the map that it helps to make. */
static void unfold_spot(struct app *app)
{
    struct view *v = &app->view;
    struct spot s = v->spot;
    bool inside = v->apart.depth > 0 && v->focus == panel_find("detail");
    const struct apart_level *top = apart_top(v);
    bool pixel = inside && top->kind == APART_NUMBER && top->spot.layer == NET_INPUT;
    if (pixel || (s.kind != SPOT_NUMBER && s.kind != SPOT_WEIGHT)) {
        app_say(app, inside ? "nothing lies below" : "first point at a number: the arrows move a cursor");
        return;
    }
    if (!inside)
        v->apart.depth = 0;
    if (s.kind == SPOT_WEIGHT)
        s.row = s.col = 0;
    open_level(app, inside || s.layer < 0 || is_flat(v->net, s.layer) ? APART_NUMBER : APART_MAP, s);
}

static bool unfold(struct app *app, const char *argument)
{
    struct spot s;
    bool map = false;
    if (!*argument) {
        unfold_spot(app);
        return true;
    }
    if (!read_unit(app->net, argument, &s, &map) || (map && s.layer < 0))
        return false;
    open_level(app, map ? APART_MAP : APART_NUMBER, s);
    return true;
}

static bool fold(struct app *app, const char *argument)
{
    struct view *v = &app->view;
    if (*argument && !argument_is(argument, "all"))
        return false;
    if (!apart_pop(v)) {
        app_say(app, "nothing is unfolded: Enter takes apart what the cursor points at");
        return true;
    }
    while (*argument && apart_pop(v))
        ;
    if (v->apart.depth == 0) {
        v->focus = v->apart.before;
        v->pointing = v->apart.pointing;
    }
    app->lay_out = true;
    return true;
}

static bool feeds(struct app *app, const char *argument)
{
    struct view *v = &app->view;
    const struct apart_level *top = apart_top(v);
    struct spot s = v->spot;
    bool map = false;
    if (*argument) {
        if (!read_unit(app->net, argument, &s, &map) || map)
            return false;
    } else if (top && top->kind == APART_FEEDS) {
        return fold(app, "");
    } else if (s.kind != SPOT_NUMBER) {
        app_say(app, "first point at a number: the arrows move a cursor");
        return true;
    } else if (v->focus != panel_find("detail")) {
        v->apart.depth = 0;
    }
    open_level(app, APART_FEEDS, s);
    return true;
}

const struct action inspect_actions[] = {
    {"unfold", "LAYER[CHANNEL](ROW,COLUMN)",
     "Takes apart what is pointed at, or this map or number, a level further", unfold},
    {"fold", "all", "Goes back a level, or leaves what is taken apart", fold},
    {"feeds", "LAYER[CHANNEL](ROW,COLUMN)", "Shows everything that a number feeds, or goes back", feeds},
    {NULL, NULL, NULL, NULL},
};
