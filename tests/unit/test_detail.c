/** What is pointed at and taken apart: what is lit for it, what is said of it, and the panel that shows it, for all kinds of levels at any size. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn/model.h"
#include "observe/probe.h"
#include "observing.h"
#include "tui/apart.h"
#include "tui/panel.h"

static const struct style styles[] = {{.rung = RUNG_MONO, .utf8 = false},
                                      {.rung = RUNG_8, .utf8 = true},
                                      {.rung = RUNG_256, .utf8 = true},
                                      {.rung = RUNG_DIRECT, .utf8 = true}};
static const int sizes[][2] = {{1, 1},   {2, 2},   {3, 3},   {3, 80},   {5, 20},   {7, 33},   {10, 10},
                               {16, 30}, {22, 80}, {22, 82}, {120, 12}, {48, 160}, {120, 400}};

static struct net *net;
static struct dataset data;
static struct moment moment;
static struct probe probe;
static struct answers answers;
static struct view view;

static void open_scene(struct net *of)
{
    net = of;
    observed_moment(&moment, net, 1);
    observed_data(&data, net, 30);
    cr_assert_eq(probe_init(&probe, net, NULL), ERR_NONE);
    answers = (struct answers){.sample.x = observed_floats(shape_count(net->in))};
    answers.sample.label = dataset_read_floats(&data, SPLIT_TEST, 0, answers.sample.x);
    probe_run(&probe, &moment, &answers.sample);
    view_init(&view, net, &data);
    view.focus = panel_find("detail");
    view.pointing = true;
}

static void close_scene(void)
{
    for (int k = 0; k < QUESTIONS_MAX; k++)
        answer_fini(&answers.answer[k]);
    free(answers.sample.x);
    probe_fini(&probe);
    moment_fini(&moment);
    net_free(net);
}

static int model_of(const char *layer)
{
    for (int m = 0; m < observed_models(); m++) {
        struct net *one = observed_net(m);
        bool found = net_find(one, layer) >= 0;
        net_free(one);
        if (found)
            return m;
    }
    return 0;
}

/* What the observer would do for these panels. */
static void answer(const char *const *panel, int count)
{
    const struct panel_type *type[PANELS_MOST];
    struct question asked[QUESTIONS_MAX];
    for (int i = 0; i < count; i++)
        type[i] = panel_find(panel[i]);
    view.answers = NULL;
    answers.count = panels_ask(&view, type, count, asked);
    for (int i = 0; i < answers.count; i++)
        cr_assert(probe_answer(&probe, &asked[i], &answers.answer[i]), "%s of layer %d", asked[i].type->name,
                  asked[i].layer);
    view.answers = &answers;
}

static void answer_detail(void)
{
    static const char *const detail[] = {"detail"};
    answer(detail, 1);
}

static struct place *cursor(void)
{
    return &view.place[panel_index(view.focus)];
}

static struct spot at(int layer, int c, int row, int col)
{
    return (struct spot){.kind = SPOT_NUMBER, .layer = layer, .c = c, .row = row, .col = col};
}

/* ---- the panel ---- */

enum { GUARD = 0x2603, MARGIN = 2 };

static void draw(const struct style *style, int rows, int cols)
{
    struct canvas c;
    cr_assert_eq(canvas_init(&c, rows + 2 * MARGIN, cols + 2 * MARGIN, style), ERR_NONE);
    canvas_fill(&c, c.clip, ROLE_WARN, GUARD);
    canvas_fill(&c, (struct rect){MARGIN, MARGIN, rows, cols}, ROLE_TEXT, ' ');
    panel_draw(view.focus, &view, &c, (struct rect){MARGIN, MARGIN, rows, cols});
    for (int y = 0; y < c.rows; y++)
        for (int x = 0; x < c.cols; x++) {
            bool outside = y < MARGIN || x < MARGIN || y >= MARGIN + rows || x >= MARGIN + cols;
            cr_assert_eq(outside, c.cell[y * c.cols + x].ch == GUARD, "%dx%d: cell %d,%d", rows, cols,
                         y - MARGIN, x - MARGIN);
        }
    canvas_fini(&c);
}

static char *draw_text(int rows, int cols)
{
    struct canvas c;
    cr_assert_eq(canvas_init(&c, rows, cols, &styles[2]), ERR_NONE);
    panel_draw(view.focus, &view, &c, c.clip);
    char *dump = canvas_dump(&c);
    canvas_fini(&c);
    cr_assert_not_null(dump);
    return dump;
}

/* Every cell of the panel that belongs to a place is one where the cursor can be. */
static void point_everywhere(int rows, int cols)
{
    struct place before = *cursor(), to;
    struct spot spot;
    for (int y = -1; y <= rows; y++)
        for (int x = -1 + (y + 1) % 3; x <= cols; x += 3) {
            to = before;
            if (y >= 0 && x >= 0 && view.focus->hit(&view, rows, cols, y, x, &to))
                cr_assert(view.focus->spot(&view, to, &spot), "cell %d,%d", y, x);
        }
}

/* Goes about in the level; wherever the cursor gets there is something to say. */
static void wander(struct rng *rng)
{
    struct spot spot;
    for (int i = 0; i < 40; i++) {
        int down = (int)rng_below(rng, 3) - 1, right = down ? 0 : (int)rng_below(rng, 3) - 1;
        char text[256] = "";
        view.focus->move(&view, 20, 78, cursor(), down, right);
        cr_assert(view.focus->spot(&view, *cursor(), &spot), "kind %d of %s: %d,%d,%d",
                  (int)apart_top(&view)->kind,
                  apart_top(&view)->spot.layer < 0 ? "input" : net->layer[apart_top(&view)->spot.layer].name,
                  cursor()->tile, cursor()->row, cursor()->col);
        view.spot = spot;
        view.focus->explain(&view, *cursor(), text, sizeof text);
        cr_assert(*text || view.apart.level[view.apart.depth - 1].kind == APART_FEEDS);
    }
}

static void look_at_level(struct rng *rng)
{
    view.answers = NULL; /* it is asked and not known yet */
    draw(&styles[rng_below(rng, ARRAY_LEN(styles))], 22, 80);
    answer_detail();
    for (int i = 0; i < 3; i++) {
        const int *size = sizes[rng_below(rng, ARRAY_LEN(sizes))];
        draw(&styles[rng_below(rng, ARRAY_LEN(styles))], size[0], size[1]);
    }
    wander(rng);
    draw(&styles[2], 22, 80);
    if (rng_below(rng, 5) == 0)
        point_everywhere(20, 78);
}

/* From a number of each layer down to a pixel or to padding, always into some term. */
Test(detail, down_to_the_pixels, .timeout = 110)
{
    struct rng rng;
    rng_init(&rng, 3);
    for (int m = 0; m < observed_models(); m++) {
        open_scene(observed_net(m));
        for (int layer = 0; layer<net->layers; layer += net->layers> 15 ? 3 : 1) {
            struct shape s = net->layer[layer].out;
            bool map = s.h > 1 || s.w > 1;
            view.spot = at(layer, (int)rng_below(&rng, (uint32_t)s.c), (int)rng_below(&rng, (uint32_t)s.h),
                           (int)rng_below(&rng, (uint32_t)s.w));
            cr_assert(apart_push(&view, map ? APART_MAP : APART_NUMBER, view.spot));
            for (;;) {
                look_at_level(&rng);
                if (view.spot.kind == SPOT_PADDING || apart_top(&view)->spot.layer == NET_INPUT)
                    break;
                cr_assert(apart_push(&view, APART_NUMBER, view.spot));
            }
            cr_assert(apart_push(&view, APART_FEEDS, at(layer, 0, 0, 0)));
            look_at_level(&rng);
            while (apart_pop(&view))
                ;
        }
        close_scene();
    }
}

static void expect(const char *screen, const char *text)
{
    cr_assert(strstr(screen, text), "no '%s' in\n%s", text, screen);
}

/* A window at the corner, half of it padding, and a network that has gone astray. */
Test(detail, bears_what_is_no_number)
{
    struct rng rng;
    rng_init(&rng, 4);
    open_scene(observed_net(observed_models() - 1)); /* padded, in groups */
    for (size_t i = 0; i < net->params; i++)
        moment.weights.params[i] = i % 3 ? NAN : INFINITY;
    probe_run(&probe, &moment, &answers.sample);
    for (int kind = APART_MAP; kind <= APART_FEEDS; kind++) {
        apart_push(&view, (enum apart_kind)kind, at(0, 1, 0, 0));
        look_at_level(&rng);
    }
    close_scene();
}

/* The sum on the screen is the number that the network has put out, and the path is told. */
Test(detail, says_where_one_is)
{
    open_scene(observed_net(model_of("pool1")));
    int conv = net_find(net, "conv1"), relu = net_find(net, "relu1");
    char text[200], number[40];
    cr_assert(apart_push(&view, APART_MAP, at(relu, 3, 4, 7)));
    cr_assert(apart_push(&view, APART_NUMBER, at(relu, 3, 4, 7)));
    cr_assert(apart_push(&view, APART_NUMBER, at(conv, 3, 4, 7)));
    cr_assert(apart_push(&view, APART_NUMBER, at(NET_INPUT, 0, 5, 9)));
    apart_crumbs(&view, text, sizeof text, 80);
    cr_assert_str_eq(text, "relu1 map 3 > (4,7) > conv1[3](4,7) > input(5,9)");
    apart_crumbs(&view, text, sizeof text, 40);
    cr_assert_str_eq(text, "... > conv1[3](4,7) > input(5,9)");
    apart_crumbs(&view, text, sizeof text, 1);
    cr_assert_str_eq(text, "... > input(5,9)");
    answer_detail();
    char *screen = draw_text(22, 80);
    expect(screen, "nothing lies below");
    free(screen);
    cr_assert(apart_pop(&view));
    answer_detail();
    const struct answer *a = &answers.answer[0];
    snprintf(number, sizeof number, " = %.3g ", (double)answer_part(a, "result")->data[0]);
    screen = draw_text(22, 80);
    expect(screen, number);
    expect(screen, "the sum of 25 products and the bias");
    expect(screen, "* weight [3][0]");
    free(screen);
    close_scene();
}

Test(detail, the_cursor_comes_back_to_where_it_was)
{
    open_scene(observed_net(model_of("pool1")));
    apart_push(&view, APART_MAP, at(net_find(net, "relu1"), 3, 4, 7));
    cr_assert(cursor()->row == 4 && cursor()->col == 7);
    *cursor() = (struct place){1, 5, 6};
    apart_push(&view, APART_NUMBER, at(net_find(net, "conv1"), 3, 5, 6));
    *cursor() = (struct place){0, 2, 2};
    cr_assert(apart_pop(&view));
    cr_assert(cursor()->tile == 1 && cursor()->row == 5 && cursor()->col == 6);
    cr_assert(apart_pop(&view));
    cr_assert_not(apart_pop(&view));
    cr_assert_null(apart_top(&view));
    for (int i = 0; i < APART_LEVELS; i++)
        cr_assert(apart_push(&view, APART_NUMBER, at(0, 0, 0, 0)));
    cr_assert_not(apart_push(&view, APART_NUMBER, at(0, 0, 0, 0)));
    close_scene();
}

/* Another network comes into view: what it doesn't have can't be shown. */
Test(detail, leaves_out_what_another_network_lacks)
{
    open_scene(observed_net(model_of("pool1")));
    int conv = net_find(net, "conv1");
    apart_push(&view, APART_NUMBER, at(conv, 3, 4, 7));
    apart_push(&view, APART_NUMBER, at(net->layers - 1, 3, 0, 0));
    apart_push(&view, APART_NUMBER, at(NET_INPUT, 0, 27, 27));
    cr_assert_not(apart_trim(&view));
    struct net *small = NULL;
    cr_assert_eq(model_parse("input 1x28x28\nconv 4 5x5\nflatten\ndense 4\n", "small", NULL, &small, NULL),
                 ERR_NONE);
    view.net = small;
    view.apart.level[0].spot.layer = 0;
    cr_assert(apart_trim(&view));
    cr_assert_eq(view.apart.depth, 1);
    cr_assert_not(apart_trim(&view));
    net_free(small);
    close_scene();
}

/* ---- what is lit, and what is said ---- */

static const char *const looked_at[] = {"input", "filters", "activations", "detail"};

static void says(struct spot s, const char *what)
{
    char text[200];
    view.spot = s;
    answer(looked_at, ARRAY_LEN(looked_at));
    view_explain(&view, text, sizeof text);
    for (char *p = text, *digits; *p; p++) /* whatever the numbers are */
        if (strncmp(p, " = ", 3) == 0 || strncmp(p, "relu ", 5) == 0) {
            digits = strchr(p + 1, ' ') + 1;
            memmove(digits, digits + strcspn(digits, " ;"), strlen(digits + strcspn(digits, " ;")) + 1);
        }
    cr_assert_str_eq(text, what);
}

Test(spot, is_explained)
{
    open_scene(observed_net(model_of("pool1"))); /* lenet's or tiny's first layers: 28x28, 5x5 */
    int conv = net_find(net, "conv1"), relu = net_find(net, "relu1");
    view.layer = conv;
    says(at(relu, 3, 4, 7), "relu1 map 3 (4,7) =  before relu ; sees input rows 4-8, columns 7-11");
    says(at(NET_INPUT, 0, 4, 7), "input (4,7) =  =  of 255");
    struct spot w = {.kind = SPOT_WEIGHT, .layer = conv, .c = 3, .in = 0, .row = 2, .col = 1};
    says(w, "weight conv1[3][0](2,1) =  multiplies 576 pixels: rows 2-25, columns 1-24");
    close_scene();
}

Test(spot, weights_light_what_they_multiply)
{
    struct light l;
    open_scene(observed_net(model_of("pool1")));
    int conv = net_find(net, "conv1"), relu = net_find(net, "relu1");
    view.spot = (struct spot){.kind = SPOT_WEIGHT, .layer = conv, .c = 3, .in = 0, .row = 2, .col = 1};
    cr_assert(view_light(&view, NET_INPUT, &l));
    cr_assert(l.from == 0 && l.to == 1 && l.row == 2 && l.rows == 24 && l.col == 1 && l.cols == 24);
    cr_assert(view_light(&view, relu, &l), "and where the products go");
    cr_assert(l.from == 3 && l.to == 4 && l.row == 0 && l.rows == 24 && l.col == 0 && l.cols == 24);
    close_scene();
}

Test(spot, numbers_light_the_filter_that_makes_them)
{
    open_scene(observed_net(model_of("pool1")));
    int conv = net_find(net, "conv1"), relu = net_find(net, "relu1"), pool = net_find(net, "pool1");
    view.focus = panel_find("activations");
    view.spot = at(relu, 5, 1, 1);
    cr_assert_eq(view_filter(&view, conv), 5);
    view.spot = at(conv, 6, 1, 1);
    cr_assert_eq(view_filter(&view, conv), 6);
    view.spot = at(pool, 6, 1, 1);
    cr_assert_eq(view_filter(&view, conv), -1, "of several numbers of it");
    view.spot = at(NET_INPUT, 0, 1, 1);
    cr_assert_eq(view_filter(&view, conv), -1);
    close_scene();
}

Test(spot, numbers_light_what_they_see_or_feed)
{
    struct light l;
    open_scene(observed_net(model_of("pool1")));
    int conv = net_find(net, "conv1"), pool = net_find(net, "pool1");
    view.focus = panel_find("pooling");
    view.spot = at(pool, 2, 3, 4);
    cr_assert(view_light(&view, conv, &l));
    cr_assert(l.from == 2 && l.to == 3 && l.row == 6 && l.rows == 2 && l.col == 8 && l.cols == 2);
    cr_assert(view_light(&view, NET_INPUT, &l));
    cr_assert(l.row == 6 && l.rows == 6 && l.col == 8 && l.cols == 6);
    cr_assert_not(view_light(&view, pool, &l), "not itself");
    cr_assert_not(view_light(&view, pool + 1, &l), "nothing later");
    apart_push(&view, APART_FEEDS, at(NET_INPUT, 0, 10, 9));
    cr_assert(view_light(&view, conv, &l));
    cr_assert(l.from == 0 && l.to == 8 && l.row == 6 && l.rows == 5 && l.col == 5 && l.cols == 5);
    cr_assert_not(view_light(&view, NET_INPUT, &l));
    view.focus =
        panel_find("detail"); /* of a number taken apart that number's field, and a mark at the term */
    apart_push(&view, APART_NUMBER, at(conv, 2, 3, 4));
    view.spot = at(net->layer[conv].in[0], 0, 5, 6);
    struct place mark;
    cr_assert(view_light(&view, NET_INPUT, &l) && l.row == 3 && l.rows == 5 && l.col == 4 && l.cols == 5);
    cr_assert(view_mark(&view, NET_INPUT, &mark) && mark.row == 5 && mark.col == 6);
    cr_assert_not(view_mark(&view, conv, &mark));
    *cursor() = (struct place){0, 3, 1};
    cr_assert(view_mark_weight(&view, conv, &mark) && mark.tile == 2 && mark.row == 3 && mark.col == 1);
    cr_assert_not(view_mark_weight(&view, pool, &mark));
    close_scene();
}
