/** What the network says of the sample: a bar a class, the true one marked by a sign. */
#include <math.h>
#include <stdio.h>

#include "tui/panels/panels.h"
#include "tui/widgets/bars.h"
#include "tui/widgets/big.h"

enum { CLASSES_MOST = 4096, LARGE_MOST = 4 };

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    int classes = net_classes(v->net), rows = classes < 16 ? classes : 16;
    int large = style_large(s) && classes <= rows ? 1 + big_rows(s, 1) : 0;
    out[0] = (struct panel_size){rows < 5 ? rows : 5, 20, 0.5f};
    out[1] = (struct panel_size){rows, 18, 0.8f}; /* what 80 columns leave beside two pictures of 28 */
    out[2] = (struct panel_size){rows, 20, 1};
    out[3] = (struct panel_size){rows + large, 28, 1.5f};
    out[4] = (struct panel_size){rows + large, 40, 2.5f};
    return 5;
}

static int ask(const struct view *v, struct question *out, int room)
{
    if (room < 1)
        return 0;
    out[0] = view_question(v, "probabilities", 0);
    return 1;
}

static void title_text(const struct view *v, char *text, int size)
{
    char number[16];
    const struct part *p = view_part(v, "probabilities", 0, "p");
    if (!p)
        return;
    int k = (int)shape_count(p->shape), best = argmax(k, p->data), label = v->answers->sample.label;
    snprintf(text, (size_t)size, "says '%s' %.1f %%%s", class_text(v, best, number),
             100 * (double)p->data[best],
             label < 0       ? ""
             : label == best ? "  right"
                             : "  WRONG");
}

enum { ROWS_MOST = 128 };

/* The classes in the order of rows: as they are numbered, or, when not all have room, the most likely ones, and always the true one and the one that is pointed at. */
static int list(const struct view *v, const struct part *part, int rows, int *out)
{
    static bool taken[CLASSES_MOST];
    const struct place *cursor = panel_cursor(v, &panel_probabilities);
    int kept[] = {v->answers->sample.label, cursor ? cursor->row : -1}, count = 0;
    int k = (int)shape_count(part->shape), room = rows < ROWS_MOST ? rows : ROWS_MOST;
    k = k < CLASSES_MOST ? k : CLASSES_MOST;
    for (int i = 0; i < k; i++) {
        taken[i] = false;
        if (k <= room)
            out[i] = i;
    }
    while (k > room && count < room) {
        int best = -1, waiting = 0;
        for (int i = 0; i < k; i++)
            if (!taken[i] && (best < 0 || part->data[i] > part->data[best]))
                best = i;
        for (int i = 0; i < ARRAY_LEN(kept); i++)
            waiting += kept[i] >= 0 && kept[i] < k && !taken[kept[i]] && (i == 0 || kept[i] != kept[0]);
        for (int i = 0; i < ARRAY_LEN(kept) && waiting >= room - count; i++)
            if (kept[i] >= 0 && kept[i] < k && !taken[kept[i]])
                best = kept[i]; /* the pointed one, where there is room for one alone */
        taken[best] = true;
        out[count++] = best;
    }
    return k <= room ? k : count;
}

/* Below the bars, as large as it can be: "8 79.8%", and an exclamation mark when that is wrong. */
static void draw_large(const struct view *v, struct canvas *c, int from, const struct part *part)
{
    char number[16], text[64], share[24];
    int label = v->answers->sample.label, best = argmax((int)shape_count(part->shape), part->data);
    bool wrong = label >= 0 && best != label;
    int rows = c->clip.rows - from, cols = c->clip.cols;
    snprintf(share, sizeof share, "%.1f%%%s", 100 * (double)part->data[best], wrong ? "!" : "");
    snprintf(text, sizeof text, "%.30s %s", class_text(v, best, number), share);
    const char *shown = big_zoom(c->style, text, rows, cols, LARGE_MOST) > 0 ? text : share;
    int zoom = big_zoom(c->style, shown, rows, cols, LARGE_MOST);
    if (zoom > 0)
        big_draw(c, from, 0, wrong ? ROLE_BAD : label >= 0 ? ROLE_GOOD : ROLE_STRONG, shown, zoom);
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct part *part = view_part(v, "probabilities", 0, "p");
    if (!part)
        return;
    struct bar bars[ROWS_MOST];
    int chosen[ROWS_MOST], count = list(v, part, c->clip.rows, chosen);
    char number[ROWS_MOST][16];
    const struct place *cursor = panel_cursor(v, &panel_probabilities);
    int label = v->answers->sample.label, best = argmax((int)shape_count(part->shape), part->data);
    for (int i = 0; i < count; i++)
        bars[i] = (struct bar){.name = class_text(v, chosen[i], number[i]),
                               .value = part->data[chosen[i]],
                               .marked = chosen[i] == label,
                               .chosen = chosen[i] == best,
                               .pointed = cursor && cursor->row == chosen[i]};
    bars_draw(c, bars, count);
    if (style_large(c->style) && count < c->clip.rows)
        draw_large(v, c, count + 1, part);
}

/* Does class i stand before class j when they go by what is most likely? */
static bool before(const float *p, int i, int j)
{
    return p[i] > p[j] || (!(p[i] < p[j]) && i < j);
}

/* The class that comes next (by > 0) or before in that order; the same where there is none. */
static int neighbour(const float *p, int k, int class, int by)
{
    int best = class;
    for (int i = 0; i < k; i++) {
        bool beyond = by > 0 ? before(p, class, i) : before(p, i, class);
        bool nearer = best == class || (by > 0 ? before(p, i, best) : before(p, best, i));
        if (i != class && beyond && nearer)
            best = i;
    }
    return best;
}

/* A place's row is a class; up and down goes as the bars stand. */
static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    (void)cols, (void)right;
    const struct part *part = view_part(v, "probabilities", 0, "p");
    int classes = net_classes(v->net), was = at->row, now = was;
    now = now < 0 ? 0 : now >= classes ? classes - 1 : now;
    if (classes <= rows || !part) {
        now += down;
        now = now < 0 ? 0 : now >= classes ? classes - 1 : now;
    } else {
        for (int k = 0; k < (down < 0 ? -down : down); k++)
            now = neighbour(part->data, classes, now, down);
    }
    *at = (struct place){0, now, 0};
    return now != was;
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    const struct part *part = view_part(v, "probabilities", 0, "p");
    int chosen[ROWS_MOST];
    if (!part || row < 0 || col < 0 || row >= rows || col >= cols || row >= list(v, part, rows, chosen))
        return false;
    *at = (struct place){0, chosen[row], 0};
    return true;
}

/* What a probability is made of: the class's logit. */
static bool spot(const struct view *v, struct place at, struct spot *out)
{
    *out = (struct spot){.kind = SPOT_NUMBER, .layer = net_logits(v->net), .c = at.row};
    return at.row >= 0 && at.row < net_classes(v->net);
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct part *p = view_part(v, "probabilities", 0, "p"),
                      *z = view_part(v, "probabilities", 0, "logits");
    char number[16];
    int rank = 1;
    *text = 0;
    if (!p || !z)
        return;
    for (int i = 0; i < net_classes(v->net); i++)
        rank += before(p->data, i, at.row) && i != at.row;
    snprintf(text, (size_t)size, "class '%s': %.2f %%  logit %.3f  number %d of %d%s",
             class_text(v, at.row, number), 100 * (double)p->data[at.row], (double)z->data[at.row], rank,
             net_classes(v->net), at.row == v->answers->sample.label ? "  what it is" : "");
}

const struct panel_type panel_probabilities = {
    .name = "probabilities",
    .title = "probabilities",
    .help = "what the network says of the sample; the true class is marked by a sign",
    .lecture = "L52",
    .flexible = true,
    .phases = 1 << PHASE_FORWARD | 1 << PHASE_LOSS,
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
};
