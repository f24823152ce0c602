/** Layout: whatever the size and the network, no two panels overlap, none leaves the screen, and the same comes out again. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "nn/model.h"
#include "toy.h"
#include "tui/layout.h"

static const char *const models[] = {"lenet", "mlp", "tiny", "vgg-small", "resnet-small", "resnet18"};
static const struct style full = {.rung = RUNG_DIRECT, .utf8 = true};

struct scene {
    struct net *net;
    struct dataset data;
    struct view view;
    int panels;
};

static void open_scene(struct scene *s, const char *model)
{
    cr_assert_eq(model_load(model, &s->net, NULL), ERR_NONE);
    s->data = toy_data(s->net->in, net_classes(s->net), 9, 9);
    view_init(&s->view, s->net, &s->data);
    s->panels = 0;
    while (panel_types[s->panels])
        s->panels++;
    cr_assert_leq(s->panels, PANELS_MOST);
}

static int place(const struct scene *s, int rows, int cols, struct placed *out)
{
    memset(out, 0, PANELS_MOST * sizeof *out);
    return layout_place(&s->view, &full, rows, cols, panel_types, s->panels, out);
}

static void expect_sound(const char *model, int rows, int cols, const struct placed *p, int count)
{
    cr_assert_geq(count, 1, "%s at %dx%d: nothing", model, rows, cols);
    for (int i = 0; i < count; i++) {
        struct rect a = p[i].frame;
        cr_assert(a.row >= 0 && a.col >= 0 && a.rows > 0 && a.cols > 0 && a.row + a.rows <= rows &&
                      a.col + a.cols <= cols,
                  "%s at %dx%d: %s leaves the screen", model, rows, cols, p[i].type->name);
        for (int k = 0; k < i; k++) {
            struct rect b = p[k].frame;
            cr_assert(p[i].type != p[k].type, "%s at %dx%d: %s twice", model, rows, cols, p[i].type->name);
            cr_assert(a.row + a.rows <= b.row || b.row + b.rows <= a.row || a.col + a.cols <= b.col ||
                          b.col + b.cols <= a.col,
                      "%s at %dx%d: %s over %s", model, rows, cols, p[i].type->name, p[k].type->name);
        }
    }
}

/* Criterion hands the index to another process. */
ParameterizedTestParameters(layout, any_size)
{
    static int index[ARRAY_LEN(models)];
    for (int i = 0; i < ARRAY_LEN(models); i++)
        index[i] = i;
    return cr_make_param_array(int, index, ARRAY_LEN(models));
}

ParameterizedTest(int *index, layout, any_size)
{
    const char *model = models[*index];
    struct scene s;
    struct placed p[PANELS_MOST], again[PANELS_MOST];
    double longest = 0;
    open_scene(&s, model);
    for (int rows = 1; rows <= 120; rows += rows < 6 ? 1 : 19)
        for (int cols = 1; cols <= 400; cols += cols < 6 ? 1 : 41) {
            double start = clock_now();
            int count = place(&s, rows, cols, p);
            double took = clock_now() - start;
            longest = took > longest ? took : longest;
            expect_sound(model, rows, cols, p, count);
            if (cols % 3 == 0) {
                cr_assert_eq(place(&s, rows, cols, again), count);
                cr_assert_eq(memcmp(p, again, sizeof p), 0, "%s at %dx%d: another layout", model, rows, cols);
            }
        }
    cr_log_info("%s: %.1f ms at most", model, 1000 * longest);
    net_free(s.net);
}

/* Every layer of a network can be in view. */
Test(layout, any_layer)
{
    for (int m = 0; m < ARRAY_LEN(models); m++) {
        struct scene s;
        struct placed p[PANELS_MOST];
        open_scene(&s, models[m]);
        for (int layer = -1; layer != s.view.layer; view_move_layer(&s.view, 1)) {
            layer = s.view.layer;
            expect_sound(models[m], 22, 80, p, place(&s, 22, 80, p));
            expect_sound(models[m], 48, 160, p, place(&s, 48, 160, p));
            view_move_layer(&s.view, 1);
            if (s.view.layer == layer)
                break;
            view_move_layer(&s.view, -1);
        }
        net_free(s.net);
    }
}

/* Is it at least as large as a size of that grade? */
static bool reaches(const struct scene *s, const struct placed *p, float grade)
{
    struct panel_size size[PANEL_SIZES];
    int count = p->type->sizes(&s->view, &full, size);
    for (int i = 0; i < count; i++)
        if (size[i].grade >= grade && p->frame.rows - 2 >= size[i].rows && p->frame.cols - 2 >= size[i].cols)
            return true;
    return false;
}

/* The lecture's network, whole: every panel, if not each as large as could be. */
Test(layout, everything_at_once_on_160x50)
{
    static const char *const wanted[] = {"input",         "filters", "activations", "pooling", "attack",
                                         "probabilities", "curves",  "network",     "flip"};
    for (int lab = 0; lab < 2; lab++) {
        struct scene s;
        struct placed p[PANELS_MOST];
        open_scene(&s, lab ? "tiny" : "lenet");
        int count = place(&s, 48, 160, p);
        for (int w = 0; w < ARRAY_LEN(wanted); w++) {
            const struct placed *found = NULL;
            for (int i = 0; i < count; i++)
                if (strcmp(p[i].type->name, wanted[w]) == 0)
                    found = &p[i];
            cr_assert(found, "%s isn't there", wanted[w]);
            bool partly = !strchr("if", *wanted[w]); /* all but the input and the filters */
            cr_assert(reaches(&s, found, partly ? 0.4f : 1), "%s is %dx%d", wanted[w], found->frame.rows,
                      found->frame.cols);
        }
        net_free(s.net);
    }
}

Test(layout, sizes_rise_and_are_sizes)
{
    for (int m = 0; m < ARRAY_LEN(models); m++) {
        struct scene s;
        open_scene(&s, models[m]);
        for (int last = -1; last != s.view.layer; last = s.view.layer, view_move_layer(&s.view, 1))
            for (int i = 0; i < s.panels; i++) {
                struct panel_size size[PANEL_SIZES];
                int count = panel_types[i]->sizes(&s.view, &full, size);
                cr_assert(count >= 0 && count <= PANEL_SIZES);
                for (int k = 0; k < count; k++)
                    cr_assert(size[k].rows > 0 && size[k].cols > 0 &&
                                  (k == 0 || size[k].grade >= size[k - 1].grade),
                              "%s of %s", panel_types[i]->name, models[m]);
            }
        net_free(s.net);
    }
}
