/** The filter lab: its picture, and which stages stand in the chain. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "tui/actions/filter.h"
#include "tui/panels/panels.h"

struct filtering *filter_of(struct app *app)
{
    struct filtering *f = app->view.filtering;
    if (!f)
        app_say(app, "there is no chain of filters yet: lab filter");
    return f;
}

void filter_line(const struct filtering *f, struct text *out)
{
    text_add(out, "remove all");
    for (int i = 0; i < f->asked.stages; i++) {
        text_add(out, "; insert ");
        filtering_spell(&f->asked.stage[i], out);
    }
    if (f->asked.stages > 0)
        text_format(out, "; stage %d", f->stage + 1);
}

bool filter_change(struct app *app, struct chain *next, int stage)
{
    struct filtering *f = app->view.filtering;
    struct text back = {0};
    struct diag diag = {0};
    filter_line(f, &back);
    enum err err = filtering_change(f, next, &diag);
    if (err) {
        app_say(app, "%s", diag.text);
        chain_fini(next);
    } else {
        app_undoable(app, "%s", text_str(&back));
        f->stage = stage < f->asked.stages ? stage : f->asked.stages > 0 ? f->asked.stages - 1 : 0;
        f->knob = 0;
        app->lay_out = true;
    }
    text_free(&back);
    return !err;
}

void filter_centre(struct app *app)
{
    const struct filtering *f = app->view.filtering;
    int last = f->seen.results - 1;
    struct place at = {0, f->original.shape.h / 2, f->original.shape.w / 2};
    if (f->stale) { /* its results are still to come */
        app->view.place[panel_index(&panel_picture)] = at;
        app->view.place[panel_index(&panel_stages)] = (struct place){f->asked.stages, at.row, at.col};
        return;
    }
    if (last >= 0 && f->seen.result[last].peaks > 0) {
        at.row = f->seen.result[last].peak[0].row;
        at.col = f->seen.result[last].peak[0].col;
        chain_follow(&f->seen, last, 0, &at.row, &at.col);
    }
    app->view.place[panel_index(&panel_picture)] = at;
    if (last >= 0)
        chain_follow(&f->seen, 0, last, &at.row, &at.col);
    at.tile = last;
    app->view.place[panel_index(&panel_stages)] = at;
}

bool filter_copy(struct app *app, struct chain *next)
{
    struct diag diag = {0};
    if (!chain_copy(&app->view.filtering->asked, next, &diag))
        return true;
    app_say(app, "%s", diag.text);
    return false;
}

/* Rows of a typed kernel are apart by `/` in a line. free() it. */
static char *stage_text(const char *argument)
{
    char *text = text_copy(argument);
    for (char *at = text; at && *at; at++)
        if (*at == '/')
            *at = ';';
    return text;
}

bool filter_put(struct app *app, int index, const char *argument)
{
    struct chain next;
    struct diag diag = {0};
    char *text = stage_text(argument);
    bool copied = text && filter_copy(app, &next);
    enum err err = !copied ? ERR_MEMORY : chain_set(&next, index, text, &diag);
    free(text);
    if (err && copied) {
        app_say(app, "%s", diag.text);
        chain_fini(&next);
    }
    return !err && filter_change(app, &next, index);
}

bool filter_insert(struct app *app, int index, const char *argument)
{
    struct chain next;
    struct diag diag = {0};
    if (app->view.filtering->asked.stages == FILTERING_STAGES) {
        app_say(app, "the chain has its %d stages: `remove` takes one out", FILTERING_STAGES);
        return false;
    }
    char *text = stage_text(argument);
    bool copied = text && filter_copy(app, &next);
    enum err err = !copied ? ERR_MEMORY : chain_add(&next, text, &diag);
    free(text);
    if (err && copied) {
        app_say(app, "%s", diag.text);
        chain_fini(&next);
    }
    if (err)
        return false;
    struct chain_stage added = next.stage[next.stages - 1];
    for (int i = next.stages - 1; i > index; i--)
        next.stage[i] = next.stage[i - 1];
    next.stage[index] = added;
    return filter_change(app, &next, index);
}

/* ---- stages ---- */

static bool insert(struct app *app, const char *argument)
{
    struct filtering *f = *argument ? filter_of(app) : NULL;
    if (f)
        filter_insert(app, f->asked.stages > 0 ? f->stage + 1 : 0, argument);
    return *argument;
}

/* What the table has `by` rows further than the stage in view. */
static const char *name_by(const struct filtering *f, int by)
{
    const char *names[64];
    int count = 0, at = -1;
    const struct chain_stage *s = f->asked.stages > 0 ? &f->asked.stage[f->stage] : NULL;
    for (int i = 0; kernel_types[i]; i++)
        names[count++] = kernel_types[i]->name;
    for (int i = 0; stage_types[i]; i++)
        names[count++] = stage_types[i]->name;
    for (int i = 0; i < count && s; i++)
        if (strcmp(names[i], s->type ? s->type->name : s->kernel.type->name) == 0)
            at = i;
    return at < 0 ? names[by > 0 ? 0 : count - 1] : names[(at + by + count) % count];
}

/* A typed kernel begins with the numbers of the one before, where they aren't too many. */
static bool put_custom(struct app *app, struct filtering *f)
{
    static const char one[] = "custom:0 0 0/0 1 0/0 0 0";
    struct chain_stage *s = f->asked.stages > 0 ? &f->asked.stage[f->stage] : NULL;
    struct chain_stage typed = {0};
    struct text t = {0};
    if (!s)
        return filter_insert(app, 0, one);
    if (!s->type && s->kernel.w.dim[0] * s->kernel.w.dim[1] <= 49 &&
        !kernel_custom((int)s->kernel.w.dim[0], (int)s->kernel.w.dim[1], s->kernel.w.data, &typed.kernel,
                       NULL))
        filtering_spell(&typed, &t);
    bool done = filter_put(app, f->stage, t.length > 0 ? text_str(&t) : one);
    kernel_fini(&typed.kernel);
    text_free(&t);
    return done;
}

static bool replace(struct app *app, const char *argument)
{
    struct filtering *f = *argument ? filter_of(app) : NULL;
    const char *name = argument;
    if (!f)
        return *argument;
    if (argument_is(argument, "next") || argument_is(argument, "before"))
        name = name_by(f, argument_is(argument, "next") ? 1 : -1);
    if (strcmp(name, "custom") == 0)
        put_custom(app, f);
    else if (f->asked.stages == 0)
        filter_insert(app, 0, name);
    else
        filter_put(app, f->stage, name);
    return true;
}

static bool take_out(struct app *app, const char *argument)
{
    struct filtering *f = filter_of(app);
    struct chain next;
    bool all = argument_is(argument, "all");
    if (*argument && !all)
        return false;
    if (!f || !filter_copy(app, &next))
        return true;
    if (next.stages == 0 && !all)
        app_say(app, "the chain is empty");
    int from = all ? 0 : f->stage, to = all ? next.stages : from + 1;
    for (int i = from; i < to && i < next.stages; i++)
        kernel_fini(&next.stage[i].kernel);
    for (int i = to; i < next.stages; i++)
        next.stage[i - 1] = next.stage[i];
    next.stages = all || next.stages == 0 ? 0 : next.stages - 1;
    filter_change(app, &next, f->stage);
    return true;
}

static bool choose(struct app *app, const char *argument)
{
    struct filtering *f = filter_of(app);
    long to = 0;
    int count = f ? f->asked.stages : 0;
    bool turn = argument_is(argument, "next") || argument_is(argument, "before");
    if (!turn && !text_int(argument, 1, FILTERING_STAGES, &to))
        return false;
    if (!f)
        return true;
    if (turn && count > 0)
        to = 1 + (f->stage + (argument_is(argument, "next") ? 1 : count - 1)) % count;
    if (to < 1 || to > count) {
        app_say(app, "the chain has %d stages", count);
        return true;
    }
    char brief[100];
    f->stage = (int)to - 1;
    f->knob = 0;
    app->lay_out = true;
    filtering_brief(&f->asked.stage[f->stage], brief, sizeof brief);
    app_say(app, "stage %d of %d: %s", f->stage + 1, count, brief);
    return true;
}

/* ---- the picture ---- */

static enum err open_sample(struct app *app, struct diag *diag)
{
    struct view *v = &app->view;
    bool own = own_used(&v->own) && !v->own.changed;
    struct image picture = {own ? v->own.in : v->data->shape, NULL};
    picture.data = mem_floats(shape_count(picture.shape));
    if (!picture.data)
        return diag_memory(diag, "a picture");
    if (own)
        memcpy(picture.data, v->own.x, shape_count(picture.shape) * sizeof(float));
    else
        dataset_read_floats(v->data, v->split, v->index, picture.data);
    enum err err = filtering_picture(v->filtering, "sample", &picture, diag);
    image_fini(&picture);
    return err;
}

/* Built-in ones in a row; any other counts as before the first. */
static const char *picture_by(const struct filtering *f, const char *way)
{
    int count = 0, at = -1;
    for (; filtering_picture_name(count); count++)
        if (strcmp(filtering_picture_name(count), f->source) == 0)
            at = count;
    if (strcmp(way, "random") == 0) {
        struct rng rng;
        rng_init(&rng, rng_key((uint64_t)at + 1, (uint64_t)f->original.shape.w, 0x66696c74));
        at = at < 0 ? 0 : (at + 1 + (int)rng_below(&rng, (uint32_t)count - 1)) % count;
        return filtering_picture_name(at);
    }
    if (strcmp(way, "before") == 0)
        return filtering_picture_name(at > 0 ? at - 1 : count - 1);
    return filtering_picture_name((at + 1) % count);
}

static bool open_picture(struct app *app, const char *argument)
{
    struct filtering *f = *argument ? filter_of(app) : NULL;
    struct diag diag = {0};
    char was[FILTERING_SOURCE];
    bool way =
        argument_is(argument, "next") || argument_is(argument, "before") || argument_is(argument, "random");
    if (!f)
        return *argument;
    snprintf(was, sizeof was, "%s", f->source);
    enum err err = argument_is(argument, "sample")
                       ? open_sample(app, &diag)
                       : filtering_open(f, way ? picture_by(f, argument) : argument, &diag);
    if (err) {
        app_refuse(app, &diag);
        return true;
    }
    app_undoable(app, "picture %s", was);
    app->lay_out = true;
    filter_centre(app);
    if (*f->trouble)
        app_say(app, "%s", f->trouble);
    return true;
}

static bool set_grey(struct app *app, const char *argument)
{
    struct filtering *f = filter_of(app);
    bool on = *argument ? argument_is(argument, "on") : f && !f->grey;
    if (*argument && !on && !argument_is(argument, "off"))
        return false;
    if (f && on != f->grey) {
        app_undoable(app, "grey %s", on ? "off" : "on");
        filtering_set_grey(f, on);
    }
    return true;
}

/* ---- the border ---- */

static bool set_mode(struct app *app, enum correlate_mode mode, bool repeats, const char *back)
{
    struct chain next;
    struct filtering *f = app->view.filtering;
    struct diag diag = {0};
    if (!filter_copy(app, &next))
        return true;
    next.mode = mode;
    next.repeats = repeats;
    if (filtering_change(f, &next, &diag)) {
        app_say(app, "%s", diag.text);
        chain_fini(&next);
    } else {
        app_undoable(app, "%s", back);
        app->lay_out = true;
    }
    return true;
}

static bool set_border(struct app *app, const char *argument)
{
    struct filtering *f = filter_of(app);
    bool next = argument_is(argument, "next");
    if (!next && !argument_is(argument, "zero") && !argument_is(argument, "repeat"))
        return false;
    return !f || set_mode(app, f->asked.mode, next ? !f->asked.repeats : *argument == 'r',
                          f->asked.repeats ? "border repeat" : "border zero");
}

static bool set_extent(struct app *app, const char *argument)
{
    struct filtering *f = filter_of(app);
    int mode = 0;
    char back[32];
    while (mode < CORRELATE_MODES && !argument_is(argument, correlate_mode_names[mode]))
        mode++;
    if (mode == CORRELATE_MODES && !argument_is(argument, "next"))
        return false;
    if (!f)
        return true;
    if (mode == CORRELATE_MODES)
        mode = ((int)f->asked.mode + 1) % CORRELATE_MODES;
    snprintf(back, sizeof back, "extent %s", correlate_mode_names[f->asked.mode]);
    return set_mode(app, (enum correlate_mode)mode, f->asked.repeats, back);
}

/* ---- recipes ---- */

static void cook(struct app *app, const struct recipe *r)
{
    struct filtering *f = app->view.filtering;
    struct chain next = {.mode = f->asked.mode, .repeats = f->asked.repeats};
    struct text back = {0};
    struct diag diag = {0};
    enum err err = ERR_NONE;
    text_format(&back, "picture %s; ", f->source);
    filter_line(f, &back);
    for (int i = 0; i < FILTERING_STAGES && r->stage[i] && !err; i++)
        err = chain_add(&next, r->stage[i], &diag);
    if (!err)
        err = filtering_open(f, r->picture, &diag);
    if (!err)
        err = filtering_change(f, &next, &diag);
    chain_fini(&next);
    app_undoable(app, "%s", text_str(&back));
    text_free(&back);
    f->stage = f->asked.stages - 1;
    f->knob = 0;
    app->lay_out = true;
    filter_centre(app);
    app_say(app, "%s: %s", r->name, err ? diag.text : r->help);
}

/* The one that the chain was made by isn't kept: it is the one whose stages are those of the chain, knobs apart. */
static int recipe_now(const struct filtering *f)
{
    for (int i = 0; recipes[i].name; i++) {
        int k = 0;
        bool same = strcmp(recipes[i].picture, f->source) == 0;
        for (; k < f->asked.stages && k < FILTERING_STAGES && recipes[i].stage[k] && same; k++) {
            const struct chain_stage *s = &f->asked.stage[k];
            const char *name = s->type ? s->type->name : s->kernel.type->name;
            same = strncmp(name, recipes[i].stage[k], strlen(name)) == 0;
        }
        if (same && k == f->asked.stages)
            return i;
    }
    return -1;
}

static bool follow(struct app *app, const char *argument)
{
    struct filtering *f = filter_of(app);
    int count = recipes_count(), to = 0;
    while (to < count && !argument_is(argument, recipes[to].name))
        to++;
    if (to == count && !argument_is(argument, "next") && !argument_is(argument, "before"))
        return false;
    if (!f)
        return true;
    if (to == count)
        to = (recipe_now(f) + (argument_is(argument, "next") ? 1 : count - 1) + count) % count;
    cook(app, &recipes[to]);
    return true;
}

const struct action filter_actions[] = {
    {"picture", "next|before|random|sample|NAME|FILE",
     "What the chain begins with: a built-in picture, a PNG, or the sample in view", open_picture},
    {"grey", "on|off", "Makes the picture grey", set_grey},
    {"recipe", "next|before|RECIPE", "A picture and a chain worth a look", follow},
    {"stage", "next|before|NUMBER", "Which stage of the chain keys are for", choose},
    {"insert", "STAGE", "Puts a stage behind it, as gaussian:k=7,sigma=2 or custom:0 1 2/2 2 0/0 1 2",
     insert},
    {"filter", "next|before|STAGE", "Puts another stage in its place", replace},
    {"remove", "all", "Takes the stage in view out of the chain, or all", take_out},
    {"border", "zero|repeat|next", "What lies around the picture: zeros, or its border again", set_border},
    {"extent", "valid|same|full|next", "Kernels go wholly inside, over each pixel, or wherever they touch",
     set_extent},
    {NULL, NULL, NULL, NULL},
};
