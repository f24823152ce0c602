/**
 * Four pages of the filter lab about pictures, hands and eyes: city or country (lecture items L36 to L39), histograms of gradients against the network (L44), rods and cones and the bar
 * that turns (L41 to L43). The census of edges (L53) has no state: it is a question. UI thread only.
 */
#ifndef FOVEA_UI_SCENERY_H
#define FOVEA_UI_SCENERY_H

#include "filter/eye.h"
#include "filter/features.h"
#include "observe/exam.h"
#include "observe/handmade.h"

/** By what the scenes are ranked: a feature, or the classifier's score. */
enum ranking { RANKING_EDGES = FEATURE_EDGE, RANKING_LINES = FEATURE_LONG, RANKING_CLASSIFIER, RANKINGS };
extern const char *const ranking_names[RANKINGS + 1]; /* "edges", ...; NULL-terminated */

/** Sizes at which pictures are kept: one shrunk by each of these. */
enum { SHRINKS = 6 };
extern const int shrinks[SHRINKS]; /* 1, 2, 3, ... */

/** A scene at one size: [h][w] each, the picture [3][h][w]. Maps of responses are magnitudes, smaller ones their means. */
struct scene_view {
    int h, w;
    float *picture, *map[FEATURES],
        *eye[EYE_CELLS];                  /* one piece of memory, which `picture` is the owner of */
    int map_h[FEATURES], map_w[FEATURES]; /* a map is smaller than its picture by what the filters take */
};

enum {
    ROD_SIDES = 6,
    ROD_BLOCKS = HANDMADE_FEATURES / (4 * HANDMADE_BINS),
    ROD_CELLS = 2 * (ROD_BLOCKS + 1) /* in one row of blocks; in a square there are fewer */
};
extern const int rod_sides[ROD_SIDES]; /* pixels of a cell in a picture of rods, ascending */

struct scenery {
    /* City or country. */
    struct city_study study;
    enum ranking ranking;
    int scene;           /* that is looked at */
    int guess[RANKINGS]; /* the scene that somebody says comes first; -1: nobody did */
    bool shown[RANKINGS];
    float range[FEATURES]; /* of its maps of full size */
    struct scene_view view[SHRINKS];
    float *scratch; /* for scaling */

    /* The eye. */
    double angle; /* of the bar, 0 <= angle < 180 */
    bool turning;
    double turned; /* when it last turned by itself */
    int unit;      /* of the layer in view */

    /* Histograms of gradients. */
    const struct dataset *data;
    int cell; /* pixels on a side; 0: the images are too small for any */
    struct handmade *handmade;
    unsigned long fit;                    /* serial of the one that is asked for; 0: none yet */
    const struct handmade_result *fitted; /* newest; NULL before the first */
    struct exam_result exam;              /* of the network in view, newest; total 0 before the first */
    unsigned long sampled;                /* serial of the answers whose sample the rods are of, */
    int sampled_cell;                     /* and with which cells */
    float *sample, *grey, *votes;         /* that sample as it is */
    float *rods[ROD_SIDES];
};

/** Looks at the scenes, and measures them. data is borrowed. */
MUST_USE enum err scenery_new(const struct dataset *data, struct scenery **out, struct diag *diag);
void scenery_free(struct scenery *s); /* accepts NULL */

/** Looks at another scene. @return an error: it looks at the one before */
MUST_USE enum err scenery_look(struct scenery *s, int scene, struct diag *diag);

/** The score by which the classifier calls a scene a city, when it is more than 0. */
double scenery_score(const struct scenery *s, int scene);
/** Scenes in the order in which they are listed: by the ranking, or as they come while that isn't shown. Returns how many. */
int scenery_order(const struct scenery *s, int order[CITY_MOST]);

/** The largest size at which so many pictures above each other, each with so many rows of text, fit into cells; the smallest, where none does. */
const struct scene_view *scenery_fitting(const struct scenery *s, int pictures, int texts, int rows,
                                         int cols);

/** How the cells of the sample in view are cut. */
struct hog scenery_hog(const struct scenery *s);
/** Rods and grey of a sample x, of the data set's shape. */
void scenery_sample(struct scenery *s, const float *x);
/** Has what is asked of the hand-made features been found? */
bool scenery_fitted(const struct scenery *s);

#endif
