/** Which picture is looked at: of the data set, the next that the network gets wrong, a PNG file; inverted, centred, nudged. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/rng.h"
#include "base/text.h"
#include "tui/app.h"

void app_undoable_sample(struct app *app)
{
    char line[UNDO_TEXT];
    if (own_line(&app->view.own, app->view.split, app->view.index, line, sizeof line))
        app_undoable(app, "%s", line);
}

/* Another branch's search is none of this one's. */
static void stop_looking(struct app *app)
{
    if (app->looking_for && app->looking_in == app->observer)
        observer_find(app->observer, NULL);
    app->looking_for = 0;
}

static void look_at(struct app *app, enum split split, int index)
{
    app_undoable_sample(app);
    stop_looking(app);
    own_reset(&app->view.own, OWN_DATA);
    app->view.split = split;
    app->view.index = index;
}

static int index_by(const struct app *app, int by)
{
    int count = app->view.data->count[app->view.split];
    return (int)((((long)app->view.index + by) % count + count) % count);
}

/* Another one than the one in view. */
static int random_stride(const struct app *app)
{
    int count = app->view.data->count[app->view.split];
    struct rng rng;
    rng_init(&rng, rng_key((uint64_t)app->view.index, (uint64_t)(clock_now() * 1e6), 0));
    return count > 1 ? 1 + (int)rng_below(&rng, (uint32_t)count - 1) : 0;
}

/* ---- mistakes ---- */

static void look_for_mistake(struct app *app)
{
    struct search search = {app->view.split, app->view.index, 1};
    stop_looking(app);
    app->looking_in = app->observer;
    if (app->observer)
        app->looking_for = observer_find(app->observer, &search);
    app_say(app, "looking for a mistake");
}

void app_take_finding(struct app *app)
{
    if (app->looking_in != app->observer)
        app->looking_for = 0;
    if (!app->looking_for)
        return;
    struct finding f = observer_finding(app->observer);
    if (f.serial != app->looking_for) {
        app->looking_for = 0;
        return;
    }
    app->dirty = true;
    if (!f.done) {
        app_say(app, "looking for a mistake: %d of %d images are right", f.looked, f.count);
        return;
    }
    app->looking_for = 0;
    if (f.index < 0)
        app_say(app, "no mistake in %d images", f.count);
    else if (f.index == app->view.index && f.looked == f.count)
        app_say(app, "the only mistake in %d images", f.count);
    else
        app_say(app, "a mistake after %d images that are right", f.looked - 1);
    if (f.index >= 0)
        look_at(app, app->view.split, f.index);
}

static bool choose(struct app *app, const char *argument)
{
    const struct view *v = &app->view;
    long index = v->index;
    if (argument_is(argument, "mistake")) {
        look_for_mistake(app);
        return true;
    }
    if (argument_is(argument, "next"))
        index = index_by(app, 1);
    else if (argument_is(argument, "before"))
        index = index_by(app, -1);
    else if (argument_is(argument, "random"))
        index = index_by(app, random_stride(app));
    else if (!text_int(argument, 0, v->data->count[v->split] - 1, &index))
        return false;
    look_at(app, v->split, (int)index);
    return true;
}

static bool choose_split(struct app *app, const char *argument)
{
    enum split split = argument_is(argument, "test") ? SPLIT_TEST : SPLIT_TRAIN;
    if (split == SPLIT_TRAIN && !argument_is(argument, "train"))
        return false;
    if (app->view.data->count[split] == 0)
        app_say(app, "there are no images for %s", split == SPLIT_TEST ? "testing" : "training");
    else
        look_at(app, split,
                app->view.index < app->view.data->count[split] ? app->view.index
                                                               : app->view.data->count[split] - 1);
    return true;
}

/* ---- own pictures ---- */

static bool open_file(struct app *app, const char *argument)
{
    struct diag diag = {0};
    struct own *o = &app->view.own;
    char back[UNDO_TEXT];
    bool fits = own_line(o, app->view.split, app->view.index, back, sizeof back);
    if (!*argument)
        return false;
    if (own_read(o, argument, &diag)) {
        app_refuse(app, &diag);
        return true;
    }
    if (fits)
        app_undoable(app, "%s", back);
    stop_looking(app);
    if (o->invert)
        app_say(app, "dark on light: inverted (`invert off` takes it as it is)");
    return true;
}

static bool label(struct app *app, const char *argument)
{
    struct own *o = &app->view.own;
    long label = -1, classes = net_classes(app->net);
    if (!argument_is(argument, "unknown") && !text_int(argument, 0, INT_MAX, &label))
        return false;
    if (label >= classes) {
        app_say(app, "there are the classes 0 to %ld, and no %ld", classes - 1, label);
        return true;
    }
    if (o->source == OWN_DATA) {
        app_say(app, "what an image of the data set shows is settled");
        return true;
    }
    if (o->label >= 0)
        app_undoable(app, "label %d", o->label);
    else
        app_undoable(app, "label unknown");
    o->label = (int)label;
    o->changed = true;
    return true;
}

/* "on", "off", or nothing: the other way. */
static bool turn(struct app *app, const char *argument, bool *what)
{
    bool on = *argument ? argument_is(argument, "on") : !*what;
    if (*argument && !on && !argument_is(argument, "off"))
        return false;
    if (on != *what)
        app_undoable_sample(app);
    *what = on;
    app->view.own.changed = true;
    return true;
}

static bool invert(struct app *app, const char *argument)
{
    return turn(app, argument, &app->view.own.invert);
}

static bool centre(struct app *app, const char *argument)
{
    if (app->view.own.source == OWN_FILE)
        return turn(app, argument, &app->view.own.centre);
    app_say(app, "a drawing is always centred, an image of the data set never");
    return true;
}

/* "1 -2", or a way. Further than the picture is wide there is nothing to see. */
static bool nudge(struct app *app, const char *argument)
{
    static const struct {
        const char *word;
        int down, right;
    } ways[] = {{"up", -1, 0}, {"down", 1, 0}, {"left", 0, -1}, {"right", 0, 1}};
    struct own *o = &app->view.own;
    int down = o->down, right = o->right, end = 0;
    bool known = false;
    if (argument_is(argument, "on") || argument_is(argument, "off")) {
        o->nudging = argument_is(argument, "on");
        app->lay_out = app->lay_out || o->drawing;
        o->drawing = o->pen_down = false;
        app->mode = o->nudging ? "nudge" : NULL;
        return true;
    }
    for (int i = 0; i < ARRAY_LEN(ways); i++)
        if (argument_is(argument, ways[i].word)) {
            known = true;
            down += ways[i].down;
            right += ways[i].right;
        }
    if (!known && (sscanf(argument, "%4d %4d%n", &down, &right, &end) != 2 || argument[end]))
        return false;
    if (down < -o->in.h || down > o->in.h || right < -o->in.w || right > o->in.w)
        return known; /* by keys it stops there */
    app_undoable(app, "nudge %d %d", o->down, o->right);
    o->down = down;
    o->right = right;
    o->changed = true;
    return true;
}

const struct action sample_actions[] = {
    {"sample", "next|before|random|mistake|INDEX",
     "Looks at another image of the data set; mistake: the next one it gets wrong", choose},
    {"split", "test|train", "Looks at the test images, or at those that it learns from", choose_split},
    {"open", "FILE", "Looks at a PNG picture", open_file},
    {"label", "unknown|CLASS", "Says what a drawing or a PNG picture shows", label},
    {"invert", "on|off", "Shows light for dark", invert},
    {"centre", "on|off", "Sizes and centres a PNG picture as MNIST was, or only scales it", centre},
    {"nudge", "up|down|left|right|DOWN RIGHT|on|off",
     "Moves the picture by whole pixels; on: with the arrow keys", nudge},
    {NULL, NULL, NULL, NULL},
};
