/** What the attack lab measures over the test set: the network beside those in training, and the panels at any size, before and while results come. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "attack/robustness.h"
#include "base/clock.h"
#include "cli/command.h"
#include "looks.h"
#include "tui/panels/panels.h"
#include "tui/sweeping.h"

enum { IMAGES = 120 };
static const struct panel_type *const panels[] = {&panel_robustness, &panel_grid, &panel_transfer};
static const int sizes[][2] = {{1, 1},  {2, 2},  {1, 200}, {60, 1},  {3, 3},   {5, 20},
                               {8, 36}, {9, 60}, {22, 33}, {22, 78}, {48, 80}, {100, 300}};

static struct dataset *data;
static struct net *net;
static struct weights weights;
static struct sweeping *sweeping;
static struct view view;

static void setup(void)
{
    struct diag d = {0};
    cr_assert_eq(dataset_open("digits", 3, &data, &d), ERR_NONE, "%s", d.text);
    cr_assert_eq(open_network(NULL, "lenet-digits", &net, &weights, &d), ERR_NONE, "%s", d.text);
    cr_assert_eq(sweeping_new(data, SPLIT_TEST, NULL, NULL, &sweeping, &d), ERR_NONE, "%s", d.text);
    view_init(&view, net, data);
    view.sweeping = sweeping;
    sweeping->images = IMAGES;
}

static void teardown(void)
{
    sweeping_free(sweeping);
    weights_fini(&weights);
    net_free(net);
    dataset_close(data);
}

TestSuite(sweeping, .init = setup, .fini = teardown);

static void ask(void)
{
    sweeping_ask(sweeping, (struct sweep_task){.type = view.attack_type, .options = view.attack});
}

static void settle(void)
{
    double until = clock_now() + 60;
    while (!sweeping_settled(sweeping) && clock_now() < until) {
        sweeping_take(sweeping);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    cr_assert(sweeping_settled(sweeping));
}

static void measure(void)
{
    struct diag d = {0};
    cr_assert_eq(sweep_enter(sweeping->sweep, 0, net, &d), ERR_NONE, "%s", d.text);
    strcpy(sweeping->name[0], "A");
    sweep_offer(sweeping->sweep, 0, net, &weights, 1, 77);
    ask();
    settle();
}

Test(sweeping, the_network_beside_them_has_a_name)
{
    struct diag d = {0};
    cr_assert_eq(sweeping_set_rival(sweeping, "resnet-digits", &d), ERR_NONE, "%s", d.text);
    cr_assert_str_eq(sweeping->name[SWEEPING_RIVAL], "resnet-digits");
    cr_assert_eq(weights_save(&weights, net, NULL, 0, "/tmp/fovea-sweeping-x.y.safetensors", NULL), ERR_NONE);
    cr_assert_eq(sweeping_set_rival(sweeping, "/tmp/fovea-sweeping-x.y.safetensors", &d), ERR_NONE, "%s",
                 d.text);
    cr_assert_str_eq(sweeping->name[SWEEPING_RIVAL], "fovea-sweeping-x.y");
    remove("/tmp/fovea-sweeping-x.y.safetensors");
    cr_assert_eq(sweeping_set_rival(sweeping, "resnet-digit", &d), ERR_UNKNOWN);
    cr_assert_str_eq(sweeping->name[SWEEPING_RIVAL], "fovea-sweeping-x.y", "it stays");
    cr_assert_eq(sweeping_set_rival(sweeping, NULL, &d), ERR_NONE);
    cr_assert_str_empty(sweeping->name[SWEEPING_RIVAL]);
    cr_assert_str_empty(sweeping->rival);
}

Test(sweeping, it_asks_again_only_when_something_changed)
{
    ask();
    unsigned long first = sweeping->asked;
    ask();
    cr_assert_eq(sweeping->asked, first);
    view.attack.eps = 0.2f;
    ask();
    cr_assert_eq(sweeping->asked, first + 1);
    view.attack_type = attack_find("pgd");
    ask();
    sweeping->images = 50;
    ask();
    cr_assert_eq(sweeping->asked, first + 3);
}

/* Nothing is drawn outside, and whatever is pointed at says something. */
static void draw_at_all_sizes(bool found)
{
    for (int p = 0; p < ARRAY_LEN(panels); p++)
        for (int s = 0; s < ARRAY_LEN(sizes); s++)
            for (int rung = 0; rung < RUNGS; rung++) {
                struct style style = {.rung = (enum rung)rung, .utf8 = rung > 0};
                struct canvas c = new_canvas(sizes[s][0], sizes[s][1], &style);
                struct place at = {0};
                struct spot spot;
                char text[200] = "";
                view.focus = panels[p];
                view.pointing = found;
                panels[p]->draw(&view, &c);
                bool some = panels[p]->spot(&view, at, &spot);
                cr_assert_eq(some, found, "%s", panels[p]->name);
                if (some)
                    panels[p]->explain(&view, at, text, sizeof text);
                cr_assert_eq(strlen(text) > 0, found, "%s", panels[p]->name);
                canvas_fini(&c);
            }
    view.pointing = false;
}

Test(sweeping, panels_keep_to_their_place)
{
    draw_at_all_sizes(false);
    cr_assert_eq(sweeping_set_rival(sweeping, "resnet-digits", NULL), ERR_NONE);
    measure();
    draw_at_all_sizes(true);
    struct sweep_result part = *sweeping->found; /* as if it went on */
    part.progress = 0.4;
    part.curve[0].seen = 1;
    memset(part.curve[0].attack, 0, sizeof part.curve[0].attack);
    memset(part.curve[0].noise, 0, sizeof part.curve[0].noise);
    part.grid.done = 1;
    part.curve[1] = part.curve[0];
    strcpy(sweeping->name[1], "B");
    sweeping->found = &part;
    draw_at_all_sizes(true);
}

static const char *title(const struct panel_type *panel)
{
    static char text[200];
    panel->title_text(&view, text, sizeof text);
    return text;
}

static const char *explained(const struct panel_type *panel, int row, int col)
{
    static char text[200];
    panel->explain(&view, (struct place){0, row, col}, text, sizeof text);
    return text;
}

Test(sweeping, what_they_say_is_what_was_counted)
{
    char text[200];
    double low, high;
    measure();
    const struct sweep_curve *c = &sweeping->found->curve[0];
    const struct sweep_grid *g = &sweeping->found->grid;
    cr_assert_str_eq(title(&panel_robustness), "robustness fgsm linf  step 77  120 images");
    wilson_interval(c->attack[6], IMAGES, &low, &high);
    snprintf(text, sizeof text, "epsilon 0.1 = 25.5 of 255  fgsm %.1f %% (%.1f to %.1f)",
             100.0 * c->attack[6] / IMAGES, 100 * low, 100 * high);
    cr_assert_eq(strncmp(explained(&panel_robustness, 0, 6), text, strlen(text)), 0, "%s",
                 explained(&panel_robustness, 0, 6));
    cr_assert(panel_robustness.press(&view, (struct place){.col = 6}, false, text, sizeof text));
    cr_assert_str_eq(text, "epsilon 0.100000001");
    snprintf(text, sizeof text, "image %d, a '0', to '0': its own class, taken for '%d'", g->index[0],
             g->cell[0][0].says);
    cr_assert_eq(strncmp(explained(&panel_grid, 0, 0), text, strlen(text)), 0, "%s",
                 explained(&panel_grid, 0, 0));
    cr_assert(panel_grid.press(&view, (struct place){.row = 3}, false, text, sizeof text));
    cr_assert_eq(atoi(text + strlen("sample ")), g->index[3]);
    snprintf(text, sizeof text, "A is right on %d of 120 images", sweeping->found->transfer.clean[0]);
    cr_assert_eq(strncmp(explained(&panel_transfer, 0, 0), text, strlen(text)), 0);
    /* curves of another attack aren't shown for this one */
    view.attack_type = attack_find("pgd");
    cr_assert_str_eq(title(&panel_robustness), "robustness pgd linf");
}

/* Wherever a cell of the grid or of the table is drawn, the mouse finds it. */
Test(sweeping, what_is_drawn_is_what_is_hit)
{
    measure();
    for (int p = 0; p < ARRAY_LEN(panels); p++) {
        int found = 0;
        for (int row = 0; row < 48; row++)
            for (int col = 0; col < 80; col++) {
                struct place at = {0};
                struct spot spot;
                if (!panels[p]->hit(&view, 48, 80, row, col, &at))
                    continue;
                found++;
                cr_assert(panels[p]->spot(&view, at, &spot) && spot.kind == SPOT_OTHER, "%s",
                          panels[p]->name);
            }
        cr_assert_gt(found, 10, "%s", panels[p]->name);
        struct place at = {0}, last = {-1, -1, -1};
        while (memcmp(&at, &last, sizeof at) != 0) { /* to the end and no further */
            last = at;
            panels[p]->move(&view, 48, 80, &at, p > 0, 1);
        }
        struct spot spot;
        cr_assert(panels[p]->spot(&view, at, &spot), "%s", panels[p]->name);
    }
}

Test(sweeping, numbers_are_lines_of_all_that_was_counted)
{
    measure();
    static const int lines[] = {1 + SWEEP_EPSILONS, 1 + SWEEP_IMAGES * 10, 2};
    for (int p = 0; p < ARRAY_LEN(panels); p++) {
        struct text out = {0};
        int count = 0;
        panels[p]->numbers(&view, &out);
        for (const char *at = text_str(&out); *at; at++)
            count += *at == '\n';
        cr_assert_eq(count, lines[p], "%s: %d", panels[p]->name, count);
        text_free(&out);
    }
}
