/**
 * What a unit of the network likes: the images that excite it most and least, looked for in the background, and the picture that is climbed to. Lecture items L54 to L56.
 */
#ifndef FOVEA_UI_NEURON_H
#define FOVEA_UI_NEURON_H

#include "observe/ascent.h"
#include "observe/nicknames.h"
#include "observe/survey.h"

/** One of the two lists, with pictures: channel after channel as the network sees them. */
struct neuron_list {
    int count;
    struct exciter item[SURVEY_KEPT];
    float *picture;     /* [SURVEY_KEPT][c][h][w] */
    uint8_t *field;     /* [SURVEY_KEPT][h][w]: 1 where the unit sees the picture */
    int crop_h, crop_w; /* of the largest field */
    float *crop; /* [SURVEY_KEPT][c][crop_h][crop_w]: what lies in the field, zeros where it is smaller */
};

struct neuron {
    const struct net *net;
    const struct dataset *data;
    enum split split;
    struct unit unit; /* layer -1: none yet; row and col -1: wherever in its map */
    struct maximise_options switches;
    struct survey *survey;
    struct ascent *ascent;
    unsigned long climb;                 /* serial of the ascent */
    const struct survey_result *found;   /* newest; NULL before the first */
    const struct ascent_result *climbed; /* likewise */
    struct neuron_list top, bottom;      /* of `found` */
    struct nicknames names;
};

/** Starts its threads, which wait. wake is called from them. The nicknames are read from `names` (NULL: there are none); a damaged file is said in `note`, "" else. */
MUST_USE enum err neuron_new(const struct net *net, const struct dataset *data, const char *names,
                             void (*wake)(void *arg), void *arg, struct neuron **out, char *note,
                             int note_size, struct diag *diag);
void neuron_free(struct neuron *n); /* accepts NULL */

/** Any thread: a moment to use the weights of. */
void neuron_offer(struct neuron *n, const struct moment *moment);

/** Looks at another unit: both searches begin anew. */
void neuron_ask(struct neuron *n, struct unit unit);
/** Climbs anew, from a picture or (NULL) from noise. */
void neuron_climb(struct neuron *n, const float *start);
/** Takes the newest results. @return there were some */
bool neuron_take(struct neuron *n);

/** Are there results of the unit that is asked for? */
bool neuron_found(const struct neuron *n);
bool neuron_climbed(const struct neuron *n);
/** Is nothing under way: all images looked at with the weights of that moment, and the ascent at rest? */
bool neuron_settled(const struct neuron *n, unsigned long moment);

#endif
