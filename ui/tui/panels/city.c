/**
 * City or country: pictures ranked by what filters answer to them, what somebody says comes first before it is shown, and the picture that is pointed at with the map that its
 * number is the mean of. Lecture L36 to L39.
 */
#include <stdio.h>

#include "tui/panels/panels.h"
#include "tui/scenery.h"

enum { TABLE = 38, GAP = 2, HEAD = 1, NOTE = 400 };

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    static const struct panel_size offered[] = {{18, 66, 0.8f}, {26, 78, 1}, {34, 90, 2}, {50, 114, 3}};
    (void)s;
    return sizes_listed(v->scenery, offered, ARRAY_LEN(offered), out);
}

static const char *kind_of(int scene)
{
    return scenes[scene].city ? "city" : "landscape";
}

static const char *measure_of(const struct scenery *s)
{
    return s->ranking == RANKING_CLASSIFIER ? "a linear classifier" : feature_names[s->ranking];
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct scenery *s = v->scenery;
    if (s)
        snprintf(text, (size_t)size, "city or country  %d of 3: by %s", (int)s->ranking + 1, measure_of(s));
}

/* What is to be guessed. */
static void ask_first(const struct scenery *s, char *text, int size)
{
    static const char *const what[RANKINGS] = {
        "Which picture comes first by the mean of |V|, V being how it answers to an upright edge?",
        "Which comes first when V is followed by a long vertical line, so that edges above each other add "
        "up?",
        "Which has the highest score of a linear classifier that was fitted on both numbers?"};
    snprintf(text, (size_t)size, "%s Point at it, and press Enter. o shows it without a guess.",
             what[s->ranking]);
}

/* What has come out. */
static void tell_first(const struct scenery *s, char *text, int size)
{
    const struct city_study *c = &s->study;
    int order[CITY_MOST], guess = s->guess[s->ranking];
    scenery_order(s, order);
    const char *said = guess < 0 ? "" : guess == order[0] ? " As you said." : " You said ";
    int used = 0;
    if (s->ranking == RANKING_CLASSIFIER)
        used = snprintf(
            text, (size_t)size,
            "A city when %.2f edges %+.2f lines %+.3f > 0. Right for %d of %d; for %d of %d when each is "
            "left out of the fit.",
            c->weight[FEATURE_EDGE], c->weight[FEATURE_LONG], c->bias, c->right, c->scenes, c->left_out_right,
            c->scenes);
    else
        used = snprintf(
            text, (size_t)size, "%s comes first, a %s. %s", scenes[order[0]].name, kind_of(order[0]),
            s->ranking == RANKING_EDGES ? "The mean of |V| counts every upright edge, however short."
                                        : "A line of 25 rows adds up edges of one sign; short ones cancel.");
    if (used < size)
        snprintf(text + used, (size_t)(size - used), "%s%s%s%s", said,
                 guess < 0 || guess == order[0] ? "" : scenes[guess].name,
                 guess < 0 || guess == order[0] ? "" : ".",
                 s->ranking == RANKING_CLASSIFIER ? "" : " v: go on.");
}

static void draw_line(const struct view *v, struct canvas *c, int row, int rank, int scene)
{
    const struct scenery *s = v->scenery;
    const char *guessed = s->guess[s->ranking] == scene ? " guess" : "";
    bool pointed = panel_cursor(v, &panel_city) && s->scene == scene;
    bool wrong = s->shown[s->ranking] &&
                 (s->ranking == RANKING_CLASSIFIER ? s->study.says_city[scene] != scenes[scene].city
                                                   : rank == 0 && !scenes[scene].city);
    enum role role = pointed ? ROLE_CURSOR : wrong ? ROLE_BAD : s->scene == scene ? ROLE_STRONG : ROLE_TEXT;
    canvas_text(c, row, 0, role, s->scene == scene ? ">" : " ");
    if (!s->shown[s->ranking])
        canvas_format(c, row, 1, role, "   %s", scenes[scene].name);
    else if (s->ranking == RANKING_CLASSIFIER)
        canvas_format(c, row, 1, role, "%2d %-10s %+6.2f  %s", rank + 1, scenes[scene].name,
                      scenery_score(s, scene), wrong ? "wrong" : kind_of(scene));
    else
        canvas_format(c, row, 1, role, "%2d %-10s %.4f  %s", rank + 1, scenes[scene].name,
                      (double)s->study.feature[scene][s->ranking], kind_of(scene));
    if (*guessed && s->shown[s->ranking])
        canvas_text(c, row, TABLE - 6, role, guessed);
}

/* First line of the list that is shown in so many rows. */
static int first_line(const struct scenery *s, const int *order, int count, int rows)
{
    int at = 0;
    while (order[at] != s->scene)
        at++;
    return heat_scroll(count, rows - HEAD, at);
}

static void draw_table(const struct view *v, struct canvas *c)
{
    const struct scenery *s = v->scenery;
    int order[CITY_MOST], count = scenery_order(s, order), rows = c->clip.rows;
    char note[NOTE];
    canvas_format(c, 0, 0, ROLE_TITLE, "by %s", measure_of(s));
    int first = first_line(s, order, count, rows), row = HEAD;
    for (int i = first; i < count && row < rows; i++)
        draw_line(v, c, row++, i, order[i]);
    (s->shown[s->ranking] ? tell_first : ask_first)(s, note, sizeof note);
    if (row + 1 < rows) {
        struct canvas rest =
            canvas_part(c, (struct rect){row + (rows - row > 4), 0, rows - row, c->clip.cols});
        draw_note(&rest, note);
    }
}

/* The picture, and below it the map that its number is the mean of, once that is known. */
static void draw_pictures(const struct view *v, struct canvas *c)
{
    const struct scenery *s = v->scenery;
    const struct scene_view *at =
        scenery_fitting(s, s->shown[s->ranking] ? 2 : 1, 1, c->clip.rows, c->clip.cols);
    enum feature f = s->ranking == RANKING_EDGES ? FEATURE_EDGE : FEATURE_LONG;
    struct heat picture = {
        .v = at->picture, .h = at->h, .w = at->w, .map = MAP_COLOUR, .range = 1, .zoom = 1};
    struct heat map = {.v = at->map[f],
                       .h = at->map_h[f],
                       .w = at->map_w[f],
                       .map = MAP_HEAT,
                       .range = s->range[f],
                       .zoom = 1};
    int tall = heat_rows(at->h, 1), cols = c->clip.cols;
    char text[120];
    snprintf(text, sizeof text, "%s: %s", scenes[s->scene].name, scenes[s->scene].help);
    canvas_text_width(c, 0, 0, cols, ROLE_TITLE, text);
    heat_draw(c, 1, 0, tall, cols, &picture);
    if (!s->shown[s->ranking]) {
        canvas_text_width(c, tall + 1, 0, cols, ROLE_FAINT, "its map comes with the answer");
        return;
    }
    snprintf(text, sizeof text, "%s: mean %.4f", f == FEATURE_EDGE ? "|V|" : "|V * line|",
             (double)s->study.feature[s->scene][f]);
    canvas_text_width(c, tall + 1, 0, cols, ROLE_TITLE, text);
    heat_draw(c, tall + 2, 0, heat_rows(map.h, 1), cols, &map);
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct scenery *s = v->scenery;
    if (!s) {
        draw_note(c, "pictures of cities and landscapes: in the filter lab");
        return;
    }
    int rows = c->clip.rows, cols = c->clip.cols, least = heat_cols(s->view[SHRINKS - 1].w, 1);
    bool beside = cols >= TABLE + GAP + least;
    struct canvas table = canvas_part(c, (struct rect){0, 0, rows, beside ? TABLE : cols});
    draw_table(v, &table);
    if (!beside)
        return;
    struct canvas pictures = canvas_part(c, (struct rect){0, TABLE + GAP, rows, cols - TABLE - GAP});
    draw_pictures(v, &pictures);
}

static void numbers(const struct view *v, struct text *out)
{
    const struct scenery *s = v->scenery;
    if (s)
        text_add(out, "scene,city,edges,lines,score,says_city,left_out_says_city\n");
    for (int i = 0; s && i < s->study.scenes; i++)
        text_format(out, "%s,%d,%.9g,%.9g,%.9g,%d,%d\n", scenes[i].name, scenes[i].city,
                    (double)s->study.feature[i][FEATURE_EDGE], (double)s->study.feature[i][FEATURE_LONG],
                    scenery_score(s, i), s->study.says_city[i], s->study.left_out_says_city[i]);
}

/* ---- pointing: a place's tile is the scene ---- */

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    int order[CITY_MOST], line = 0;
    (void)rows, (void)cols, (void)right;
    if (!v->scenery || down == 0)
        return false;
    int count = scenery_order(v->scenery, order);
    while (line < count - 1 && order[line] != at->tile)
        line++;
    int to = line + down < 0 ? 0 : line + down >= count ? count - 1 : line + down;
    *at = (struct place){.tile = order[to]};
    return to != line;
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    int order[CITY_MOST];
    if (!v->scenery || row < HEAD || col >= TABLE || row >= rows || col >= cols)
        return false;
    int count = scenery_order(v->scenery, order),
        line = first_line(v->scenery, order, count, rows) + row - HEAD;
    if (line >= count)
        return false;
    *at = (struct place){.tile = order[line]};
    return true;
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    *out = (struct spot){.kind = SPOT_SCENE, .step = at.tile};
    return v->scenery && at.tile >= 0 && at.tile < v->scenery->study.scenes;
}

static int place_in(const int *order, int scene)
{
    int at = 0;
    while (order[at] != scene)
        at++;
    return at + 1;
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct scenery *s = v->scenery;
    const struct city_study *c = &s->study;
    int i = at.tile,
        used = snprintf(text, (size_t)size, "%s, a %s: %s", scenes[i].name, kind_of(i), scenes[i].help);
    if (s->shown[RANKING_EDGES] && used < size)
        used += snprintf(text + used, (size_t)(size - used), "  mean|V| %.4f, number %d",
                         (double)c->feature[i][FEATURE_EDGE], place_in(c->order[FEATURE_EDGE], i));
    if (s->shown[RANKING_LINES] && used < size)
        used += snprintf(text + used, (size_t)(size - used), "  along lines %.4f, number %d",
                         (double)c->feature[i][FEATURE_LONG], place_in(c->order[FEATURE_LONG], i));
    if (s->shown[RANKING_CLASSIFIER] && used < size)
        snprintf(text + used, (size_t)(size - used), "  score %+.3f%s", scenery_score(s, i),
                 c->left_out_says_city[i] == scenes[i].city ? "" : ", wrong when left out of the fit");
}

const struct panel_type panel_city = {
    .name = "city",
    .title = "city or country",
    .help = "pictures ranked by vertical edges, by edges along a long line, and by a classifier on both; "
            "what comes "
            "first is guessed, then shown",
    .lecture = "L36, L37, L38, L39",
    .sizes = sizes,
    .title_text = title_text,
    .draw = draw,
    .numbers = numbers,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
};
