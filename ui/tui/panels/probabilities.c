/** What the network says of the sample: a bar a class, the true one marked by a sign. */
#include <math.h>
#include <stdio.h>

#include "tui/panels/panels.h"
#include "tui/widgets/bars.h"

enum { CLASSES_MOST = 4096 };

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    int classes = net_classes(v->net), rows = classes < 16 ? classes : 16;
    out[0] = (struct panel_size){rows < 5 ? rows : 5, 20, 0.5f};
    out[1] = (struct panel_size){rows, 18, 0.8f}; /* what 80 columns leave beside two pictures of 28 */
    out[2] = (struct panel_size){rows, 20, 1};
    out[3] = (struct panel_size){rows, 28, 1.5f};
    out[4] = (struct panel_size){rows, 40, 2.5f};
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

/* When not all classes have room: the most likely ones, and the true one always. */
static int choose(const float *p, int k, int label, int room, int *chosen)
{
    static bool taken[CLASSES_MOST];
    int count = 0;
    for (int i = 0; i < k; i++)
        taken[i] = false;
    while (count < room && count < k) {
        int best = -1;
        for (int i = 0; i < k; i++)
            if (!taken[i] && (best < 0 || p[i] > p[best]))
                best = i;
        if (count == room - 1 && label >= 0 && !taken[label])
            best = label;
        taken[best] = true;
        chosen[count++] = best;
    }
    return count;
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct part *part = view_part(v, "probabilities", 0, "p");
    if (!part)
        return;
    enum { ROWS_MOST = 128 };
    struct bar bars[ROWS_MOST];
    int chosen[ROWS_MOST];
    char number[ROWS_MOST][16];
    int k = (int)shape_count(part->shape), label = v->answers->sample.label, best = argmax(k, part->data);
    int rows = c->clip.rows < ROWS_MOST ? c->clip.rows : ROWS_MOST, count = k;
    k = k < CLASSES_MOST ? k : CLASSES_MOST;
    if (k <= rows)
        for (int i = 0; i < k; i++)
            chosen[i] = i;
    else
        count = choose(part->data, k, label, rows, chosen);
    for (int i = 0; i < count; i++)
        bars[i] = (struct bar){class_text(v, chosen[i], number[i]), part->data[chosen[i]], chosen[i] == label,
                               chosen[i] == best};
    bars_draw(c, bars, count);
}

const struct panel_type panel_probabilities = {
    .name = "probabilities",
    .title = "probabilities",
    .help = "what the network says of the sample; the true class is marked by a sign",
    .lecture = "L52",
    .flexible = true,
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
};
