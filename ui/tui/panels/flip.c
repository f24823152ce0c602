/**
 * How little it takes to fool the network, over training time: the smallest epsilon of the attack in view that changes what is said of the sample, and that of random
 * noise. Lecture L75, L76.
 */
#include <stdio.h>

#include "tui/panels/panels.h"
#include "tui/widgets/plot.h"

enum { GREYS = 255 };

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)v, (void)s;
    static const struct panel_size offered[] = {
        {6, 30, 0.5f}, {10, 40, 1}, {14, 60, 1.5f}, {20, 80, 2.2f}, {30, 110, 3}};
    return sizes_listed(true, offered, ARRAY_LEN(offered), out);
}

static int ask(const struct view *v, struct question *out, int room)
{
    if (room < 1)
        return 0;
    out[0] = view_question(v, "flip", 0);
    return 1;
}

/* "11.2", "none to 128" or, where it is wrong without any perturbation, "0". */
static void say(const struct answer *a, int which, char *text, size_t size)
{
    double epsilon = GREYS * (double)answer_part(a, "epsilon")->data[which];
    bool found = answer_part(a, "found")->data[which] > 0;
    snprintf(text, size, !found ? "none to %.0f" : epsilon > 0 ? "%.1f" : "%.0f", epsilon);
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct answer *a = view_answer(v, "flip", 0);
    char attack[32], noise[32];
    int used = snprintf(text, (size_t)size, "flip %s %s", v->attack_type->name, norm_names[v->attack.norm]);
    if (!a || used >= size)
        return;
    say(a, 0, attack, sizeof attack);
    say(a, 1, noise, sizeof noise);
    snprintf(text + used, (size_t)(size - used), "  %s of 255  noise %s", attack, noise);
}

/* In grey levels; the axis is logarithmic, so what is nothing stands at its lower end. */
static int points_of(const struct series *s, double least, struct plot_point *out)
{
    for (int i = 0; i < s->count; i++) {
        double y = GREYS * (double)s->point[i].mean;
        out[i] = (struct plot_point){(double)s->point[i].last, (float)(y > least ? y : least)};
    }
    return s->count;
}

static void draw(const struct view *v, struct canvas *c)
{
    static struct plot_point attack[FLIPS_POINTS], noise[FLIPS_POINTS];
    const struct flips *f = v->flips;
    if (!f || f->attack.count == 0) {
        draw_note(c, "the smallest epsilon that changes what is said of the sample, once something is known");
        return;
    }
    double most = GREYS * (double)f->limit, least = most / 512;
    double last = (double)f->attack.point[f->attack.count - 1].last;
    struct plot p = {.count = 2,
                     .x_low = (double)f->attack.point[0].first,
                     .x_high = last > (double)f->attack.point[0].first ? last : last + 1,
                     .y_low = least,
                     .y_high = most,
                     .log_y = true,
                     .x_name = "step",
                     .mark = v->report ? (double)v->report->step : last};
    p.series[0] = (struct plot_series){.point = noise, .line = LINE_TEST_LOSS, .name = "noise"};
    p.series[1] =
        (struct plot_series){.point = attack, .line = LINE_TRAIN_LOSS, .name = v->attack_type->name};
    p.series[0].count = points_of(&f->noise, least, noise);
    p.series[1].count = points_of(&f->attack, least, attack);
    plot_draw(c, &p);
}

const struct panel_type panel_flip = {
    .name = "flip",
    .title = "flip",
    .help = "the smallest epsilon that changes the verdict, of the attack and of noise, over training time",
    .lecture = "L75, L76",
    .flexible = true,
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
};
