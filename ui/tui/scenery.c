#include "tui/scenery.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tui/widgets/heat.h"

const char *const ranking_names[RANKINGS + 1] = {"edges", "lines", "classifier", NULL};
const int shrinks[SHRINKS] = {1, 2, 3, 4, 6, 8};
const int rod_sides[ROD_SIDES] = {5, 7, 9, 13, 17, 25};

/* ---- opening and closing ---- */

static bool open_view(struct scene_view *v, int shrunk)
{
    v->h = SCENE_ROWS / shrunk;
    v->w = SCENE_COLS / shrunk;
    size_t plane = (size_t)v->h * (size_t)v->w;
    v->picture = mem_floats((3 + FEATURES + EYE_CELLS) * plane);
    for (int f = 0; f < FEATURES && v->picture; f++)
        v->map[f] = v->picture + (size_t)(3 + f) * plane;
    for (int c = 0; c < EYE_CELLS && v->picture; c++)
        v->eye[c] = v->picture + (size_t)(3 + FEATURES + c) * plane;
    return v->picture;
}

static bool open_sample(struct scenery *s)
{
    struct shape shape = s->data->shape;
    s->sample = mem_floats(shape_count(shape));
    s->grey = mem_floats((size_t)shape.h * (size_t)shape.w);
    s->votes = mem_floats((size_t)ROD_CELLS * HANDMADE_BINS);
    bool room = s->sample && s->grey && s->votes;
    for (int k = 0; k < ROD_SIDES; k++)
        room &= (s->rods[k] = mem_floats((size_t)(ROD_CELLS * rod_sides[k] * rod_sides[k]))) != NULL;
    return room;
}

enum err scenery_new(const struct dataset *data, struct scenery **out, struct diag *diag)
{
    struct scenery *s = calloc(1, sizeof *s);
    if (!s)
        return diag_memory(diag, "pictures of cities");
    *s = (struct scenery){.data = data, .scene = -1, .cell = handmade_cell(data->shape)};
    for (int r = 0; r < RANKINGS; r++)
        s->guess[r] = -1;
    bool room = (s->scratch = mem_floats((size_t)SCENE_ROWS * SCENE_COLS)) && open_sample(s);
    for (int k = 0; k < SHRINKS; k++)
        room &= open_view(&s->view[k], shrinks[k]);
    enum err err = room ? city_study(NULL, &s->study, diag) : diag_memory(diag, "pictures of cities");
    if (!err)
        err = scenery_look(s, 0, diag);
    if (err) {
        scenery_free(s);
        return err;
    }
    *out = s;
    return ERR_NONE;
}

void scenery_free(struct scenery *s)
{
    if (!s)
        return;
    handmade_free(s->handmade);
    for (int k = 0; k < SHRINKS; k++)
        free(s->view[k].picture);
    for (int k = 0; k < ROD_SIDES; k++)
        free(s->rods[k]);
    free(s->scratch);
    free(s->sample);
    free(s->grey);
    free(s->votes);
    free(s);
}

/* ---- scenes ---- */

/* Each channel of a picture at every size. */
static void keep(struct scenery *s, const struct image *x, float *(*where)(struct scene_view *v, int which),
                 int which)
{
    int h = x->shape.h, w = x->shape.w;
    struct image_part whole = {0, 0, h, w};
    for (int k = 0; k < SHRINKS; k++)
        for (int c = 0; c < x->shape.c; c++) {
            int rows = h / shrinks[k], cols = w / shrinks[k];
            image_scale(x->data + (size_t)(c * h * w), h, w, whole,
                        where(&s->view[k], which) + (size_t)(c * rows * cols), rows, cols, s->scratch);
        }
}

static float *picture_of(struct scene_view *v, int which)
{
    (void)which;
    return v->picture;
}

static float *map_of(struct scene_view *v, int which)
{
    return v->map[which];
}

static float *eye_of(struct scene_view *v, int which)
{
    return v->eye[which];
}

static void keep_map(struct scenery *s, struct image *map, enum feature f)
{
    for (size_t i = 0; i < shape_count(map->shape); i++)
        map->data[i] = fabsf(map->data[i]);
    keep(s, map, map_of, (int)f);
    s->range[f] = heat_range(map->data, shape_count(map->shape));
    for (int k = 0; k < SHRINKS; k++) {
        s->view[k].map_h[f] = map->shape.h / shrinks[k];
        s->view[k].map_w[f] = map->shape.w / shrinks[k];
    }
}

enum err scenery_look(struct scenery *s, int scene, struct diag *diag)
{
    struct image picture = {0}, eye[EYE_CELLS] = {0};
    struct feature_maps maps = {0};
    double value[FEATURES];
    enum err err = scene_picture(scene, &picture, diag);
    if (!err)
        err = features_measure(&picture, NULL, value, &maps, diag);
    for (int c = 0; c < EYE_CELLS && !err; c++)
        err = eye_view(&picture, (enum eye_cell)c, &eye[c], diag);
    if (!err) {
        s->scene = scene;
        keep(s, &picture, picture_of, 0);
        keep_map(s, &maps.edge, FEATURE_EDGE);
        keep_map(s, &maps.line, FEATURE_LONG);
        for (int c = 0; c < EYE_CELLS; c++)
            keep(s, &eye[c], eye_of, c);
    }
    for (int c = 0; c < EYE_CELLS; c++)
        image_fini(&eye[c]);
    feature_maps_fini(&maps);
    image_fini(&picture);
    return err;
}

double scenery_score(const struct scenery *s, int scene)
{
    double score = s->study.bias;
    for (int f = 0; f < FEATURES; f++)
        score += s->study.weight[f] * (double)s->study.feature[scene][f];
    return score;
}

int scenery_order(const struct scenery *s, int order[CITY_MOST])
{
    int count = s->study.scenes;
    for (int i = 0; i < count; i++)
        order[i] =
            s->shown[s->ranking] && s->ranking != RANKING_CLASSIFIER ? s->study.order[s->ranking][i] : i;
    if (!s->shown[s->ranking] || s->ranking != RANKING_CLASSIFIER)
        return count;
    for (int i = 1; i < count; i++)
        for (int k = i; k > 0 && scenery_score(s, order[k]) > scenery_score(s, order[k - 1]); k--) {
            int swap = order[k];
            order[k] = order[k - 1], order[k - 1] = swap;
        }
    return count;
}

const struct scene_view *scenery_fitting(const struct scenery *s, int pictures, int texts, int rows, int cols)
{
    for (int k = 0; k < SHRINKS; k++)
        if (pictures * (heat_rows(s->view[k].h, 1) + texts) <= rows && heat_cols(s->view[k].w, 1) <= cols)
            return &s->view[k];
    return &s->view[SHRINKS - 1];
}

/* ---- histograms of gradients ---- */

struct hog scenery_hog(const struct scenery *s)
{
    return (struct hog){s->data->shape.h, s->data->shape.w, s->cell, HANDMADE_BINS};
}

void scenery_sample(struct scenery *s, const float *x)
{
    struct shape shape = s->data->shape;
    struct hog hog = scenery_hog(s);
    memcpy(s->sample, x, shape_count(shape) * sizeof *x);
    hog_grey(shape.c, (size_t)shape.h * (size_t)shape.w, x, s->grey);
    hog_histograms(&hog, s->grey, s->votes);
    for (int k = 0; k < ROD_SIDES; k++)
        hog_rods(&hog, s->votes, rod_sides[k], s->rods[k]);
}

bool scenery_fitted(const struct scenery *s)
{
    return s->fitted && s->fitted->serial == s->fit && s->fitted->stage >= HANDMADE_DONE;
}
