/**
 * City or country: two numbers of a picture, how they rank the built-in scenes, and what a linear classifier makes of them. Lecture items L36 to L39.
 */
#ifndef FOVEA_FILTER_FEATURES_H
#define FOVEA_FILTER_FEATURES_H

#include "base/team.h"
#include "data/image.h"
#include "data/scenes.h"

enum feature { FEATURE_EDGE, FEATURE_LONG, FEATURES };
extern const char *const feature_names[FEATURES];
enum { FEATURE_LINE = 25 }; /* rows of the long vertical line */

/** The maps behind the numbers, grey, in the order they are computed. image_fini() each. */
struct feature_maps {
    struct image edge; /* V: the picture * the upright edge filter (kernel "edge"), signed */
    struct image
        line; /* V * a column of FEATURE_LINE times 1/FEATURE_LINE, signed: edges of one sign above each other add up, others cancel */
};

/**
 * EDGE: the mean of |V|. LONG: the mean of |V * line|. A mean is V^T b with b = [1/n, ..., 1/n], n the numbers in V.
 * @param maps  NULL: not wanted. @return ERR_SHAPE when the picture has fewer rows than the line needs
 */
MUST_USE enum err features_measure(const struct image *picture, struct team *team, double value[FEATURES],
                                   struct feature_maps *maps, struct diag *diag);
void feature_maps_fini(struct feature_maps *maps);

enum { CITY_MOST = 24 };

/** The scenes as the features see them. */
struct city_study {
    int scenes;
    float feature[CITY_MOST][FEATURES];
    int order[FEATURES][CITY_MOST];     /* scenes, the highest value first */
    double weight[FEATURES], bias;      /* of the classifier: a city when weight . feature + bias > 0 */
    bool says_city[CITY_MOST];          /* fitted on all scenes */
    bool left_out_says_city[CITY_MOST]; /* fitted on all but this one */
    int right, left_out_right;          /* of `scenes` */
};
MUST_USE enum err city_study(struct team *team, struct city_study *out, struct diag *diag);

#endif
