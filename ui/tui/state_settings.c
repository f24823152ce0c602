/** What a state line says of the view: a row a setting. See state.h. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/state.h"

/* Each writes the argument that its action takes for what is now. @return false: a fresh start shows the same */

/* An image of the data set as it is. */
static bool sample(const struct app *app, const struct view *fresh, struct text *out)
{
    const struct view *v = &app->view;
    text_format(out, "%d", v->index);
    return v->index != fresh->index && v->split == fresh->split && !own_used(&v->own);
}

/* Another picture, or an image that something was done with: more actions follow. A drawing is the file that it was saved to. */
static bool split(const struct app *app, const struct view *fresh, struct text *out)
{
    static const char first[] = "split ";
    const struct view *v = &app->view;
    char line[OWN_PATH + 256];
    struct own own = v->own;
    if (own.source == OWN_DRAWING && app->saved_drawing && app->saved_drawing == app_drawing(app)) {
        own.source = OWN_FILE;
        own.centre = own.invert = false;
        snprintf(own.path, sizeof own.path, "%s", app->saved_path);
    }
    if (!own_line(&own, v->split, v->index, line, sizeof line) || strncmp(line, first, strlen(first)) != 0)
        return false;
    text_add(out, line + strlen(first));
    return v->split != fresh->split || own_used(&v->own);
}

static bool layer(const struct app *app, const struct view *fresh, struct text *out)
{
    text_add(out, app->net->layer[app->view.layer].name);
    return app->view.layer != fresh->layer;
}

static bool attack(const struct app *app, const struct view *fresh, struct text *out)
{
    text_add(out, app->view.attack_type->name);
    return app->view.attack_type != fresh->attack_type;
}

static bool norm(const struct app *app, const struct view *fresh, struct text *out)
{
    text_add(out, norm_names[app->view.attack.norm]);
    return app->view.attack.norm != fresh->attack.norm;
}

static bool epsilon(const struct app *app, const struct view *fresh, struct text *out)
{
    text_format(out, "%.9g", (double)app->view.attack.eps);
    return app->view.attack.norm != fresh->attack.norm || app->view.attack.eps < fresh->attack.eps ||
           app->view.attack.eps > fresh->attack.eps;
}

static bool iterations(const struct app *app, const struct view *fresh, struct text *out)
{
    text_format(out, "%d", app->view.attack.iterations);
    return app->view.attack.iterations != fresh->attack.iterations;
}

static bool target(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    text_format(out, "%d", app->view.target);
    return app->view.attack.targeted;
}

static bool turned(bool on, struct text *out)
{
    text_add(out, on ? "on" : "off");
    return on;
}

static bool numbers(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    return turned(app->view.numbers, out);
}

static bool legend(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    return turned(app->view.legend, out);
}

static bool log_axis(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    return turned(app->view.curves.log, out);
}

static bool recent(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    return turned(app->view.curves.recent, out);
}

static bool smooth(const struct app *app, const struct view *fresh, struct text *out)
{
    text_format(out, "%d", app->view.curves.smooth);
    return app->view.curves.smooth != fresh->curves.smooth;
}

static bool theme(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    text_add(out, theme_name(app->style.theme));
    return app->style.theme != THEME_DARK;
}

static bool gamma_of(const struct app *app, const struct view *fresh, struct text *out)
{
    float gamma = app->style.gamma;
    (void)fresh;
    text_format(out, "%g", (double)gamma);
    return gamma > 0 && (gamma < 1 || gamma > 1);
}

static bool scale(const struct app *app, const struct view *fresh, struct text *out)
{
    text_add(out, scale_names[app->view.scale]);
    return app->view.scale != fresh->scale;
}

static bool show(const struct app *app, const struct view *fresh, struct text *out)
{
    text_add(out, show_names[app->view.show]);
    return app->view.show != fresh->show;
}

static bool gradients(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    return turned(app->view.gradients, out);
}

static bool winners(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    return turned(app->view.winners, out);
}

static bool unit(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    text_format(out, "%d", app->unit);
    return app->unit != 0;
}

static bool stop_epochs(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    text_format(out, "epochs %d", app->stop_epochs);
    return app->stop_epochs > 0;
}

static bool stop_accuracy(const struct app *app, const struct view *fresh, struct text *out)
{
    double percent = 100 * app->stop_accuracy, given = app->given.stop_accuracy;
    (void)fresh;
    text_format(out, "accuracy %.9g", percent);
    return percent < given || percent > given;
}

/* A switch of the ascent. */
static bool switched(const struct app *app, float value, struct text *out)
{
    text_format(out, "%.9g", (double)value);
    return app->view.neuron && value > 0;
}

static bool decay(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    return switched(app, app->view.neuron ? app->view.neuron->switches.decay : 0, out);
}

static bool blur(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    return switched(app, app->view.neuron ? app->view.neuron->switches.blur : 0, out);
}

static bool jitter(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    return switched(app, app->view.neuron ? (float)app->view.neuron->switches.jitter : 0, out);
}

static bool clip(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    return switched(app, app->view.neuron ? app->view.neuron->switches.clip : 0, out);
}

/* Level by level, from none. */
static bool fold(const struct app *app, const struct view *fresh, struct text *out)
{
    const struct apart *apart = &app->view.apart;
    (void)fresh;
    text_add(out, "all");
    for (int i = 0; i < apart->depth; i++) {
        const struct apart_level *l = &apart->level[i];
        const char *name = l->spot.layer < 0 ? "input" : app->net->layer[l->spot.layer].name;
        text_add(out, l->kind == APART_FEEDS ? "; feeds " : "; unfold ");
        text_format(out, "%s[%d]", name, l->spot.c);
        if (l->kind != APART_MAP)
            text_format(out, "(%d,%d)", l->spot.row, l->spot.col);
    }
    return apart->depth > 0;
}

static bool panels(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    panels_list_shown(app_lab(app)->panels, app->hidden, out);
    return app->hidden != 0;
}

static bool page(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    text_add(out, app->alone ? app->alone->name : "overview");
    return app->alone;
}

static bool is_pointing(const struct app *app)
{
    return app->view.focus && app->view.pointing && app->view.spot.kind != SPOT_NONE;
}

static bool focus(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    text_add(out, app->view.focus ? app->view.focus->name : "");
    return app->view.focus && !is_pointing(app) && app->panels > 0 && app->view.focus != app->placed[0].type;
}

static bool point(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    if (!is_pointing(app))
        return false;
    const struct place *at = &app->view.place[panel_index(app->view.focus)];
    text_format(out, "%s %d %d %d", app->view.focus->name, at->tile, at->row, at->col);
    return true;
}

/* In this order: a norm brings an epsilon of its own, an ascent begins before its switches are turned, and the focus goes to what is on the screen. */
static const struct {
    const char *action;
    bool (*argument)(const struct app *app, const struct view *fresh, struct text *out);
} settings[] = {
    {"theme", theme},         {"gamma", gamma_of},     {"sample", sample},
    {"split", split},         {"layer", layer},        {"attack", attack},
    {"norm", norm},           {"epsilon", epsilon},    {"iterations", iterations},
    {"target", target},       {"scale", scale},        {"show", show},
    {"gradients", gradients}, {"winners", winners},    {"numbers", numbers},
    {"legend", legend},       {"log", log_axis},       {"recent", recent},
    {"smooth", smooth},       {"unit", unit},          {"decay", decay},
    {"blur", blur},           {"jitter", jitter},      {"clip", clip},
    {"stop", stop_epochs},    {"stop", stop_accuracy}, {"panels", panels},
    {"page", page},           {"fold", fold},          {"focus", focus},
    {"point", point},
};

bool state_has(const char *action)
{
    for (int i = 0; i < ARRAY_LEN(settings); i++)
        if (strcmp(settings[i].action, action) == 0)
            return true;
    return false;
}

void state_add_settings(const struct app *app, struct text *out)
{
    struct view fresh;
    view_init(&fresh, app->view.net, app->view.data);
    for (int i = 0; i < ARRAY_LEN(settings); i++) {
        struct text argument = {0};
        if (strcmp(settings[i].action, "panels") == 0 &&
            app_lab(app)->state) /* what is pointed at must be there */
            app_lab(app)->state(app, out);
        if (settings[i].argument(app, &fresh, &argument)) {
            state_begin_part(out);
            text_format(out, "%s ", settings[i].action);
            state_add_encoded(out, text_str(&argument), "'%");
        }
        text_free(&argument);
    }
}
