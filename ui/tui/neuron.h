/**
 * What a unit of the network likes: the images that excite it most and least, looked for in the background, and the picture that is climbed to. Lecture items L54 to L56.
 */
#ifndef FOVEA_UI_NEURON_H
#define FOVEA_UI_NEURON_H

#include <stdatomic.h>

#include "observe/ascent.h"
#include "observe/nicknames.h"
#include "observe/purities.h"
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

/** Where an ascent begins: noise, the sample in view, or the image that the unit answers to most. */
enum climb_start { CLIMB_NOISE, CLIMB_SAMPLE, CLIMB_TOP, CLIMB_STARTS };
extern const char *const climb_names[CLIMB_STARTS]; /* "noise", ... */

struct neuron {
    const struct net *net;
    const struct dataset *data;
    enum split split;
    struct unit unit; /* layer -1: none yet; row and col -1: wherever in its map */
    struct maximise_options switches;
    struct survey *survey;
    struct ascent *ascent;
    struct purities *purities;
    atomic_bool asleep;                   /* no moments are taken */
    bool pure;                            /* the purity of layers is wanted */
    enum climb_start from;                /* the ascent began there */
    unsigned long climb;                  /* serial of the ascent */
    const struct survey_result *found;    /* newest; NULL before the first */
    const struct ascent_result *climbed;  /* likewise */
    const struct purities_result *purity; /* likewise */
    struct neuron_list top, bottom;       /* of `found` */
    struct nicknames names;
};

/** Starts its threads, which wait. wake is called from them. The nicknames are read from `names` (NULL: there are none); a damaged file is said in `note`, "" else. */
MUST_USE enum err neuron_new(const struct net *net, const struct dataset *data, const char *names,
                             void (*wake)(void *arg), void *arg, struct neuron **out, char *note,
                             int note_size, struct diag *diag);
void neuron_free(struct neuron *n); /* accepts NULL */

/** Sleeps while nobody looks: what is under way comes to its end, and moments are no longer taken. */
void neuron_sleep(struct neuron *n, bool asleep);
/** Whether the purity of layers is to be measured. */
void neuron_want_purity(struct neuron *n, bool wanted);

/** Any thread: a moment to use the weights of. */
void neuron_offer(struct neuron *n, const struct moment *moment);

/** Looks at another unit: both searches begin anew. */
void neuron_ask(struct neuron *n, struct unit unit);
/** Looks through the images of another split from now on, where there are any. */
void neuron_look_through(struct neuron *n, enum split split);
/** Climbs anew, from a picture (NULL: from noise), which is called `from`. */
void neuron_climb(struct neuron *n, enum climb_start from, const float *start);
/** Takes the newest results. @return there were some */
bool neuron_take(struct neuron *n);

/** Are there results of the unit that is asked for? */
bool neuron_found(const struct neuron *n);
bool neuron_climbed(const struct neuron *n);
/** Are there results about all images for the weights of that moment, as far as they are wanted, and is the ascent at rest? */
bool neuron_settled(const struct neuron *n, unsigned long moment);

#endif
