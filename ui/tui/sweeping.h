/**
 * What the attack lab measures over the test set: the curves of accuracy, the grid of image and target, and what carries over between the networks of the session.
 * Lecture items L75 to L79.
 */
#ifndef FOVEA_UI_SWEEPING_H
#define FOVEA_UI_SWEEPING_H

#include "observe/sweep.h"

enum { SWEEPING_NAME = 40, SWEEPING_RIVAL = SWEEP_NETS - 1 };

struct sweeping {
    struct sweep *sweep;
    const struct sweep_result *found;     /* newest; NULL before the first */
    struct sweep_task task;               /* asked for last */
    unsigned long asked;                  /* its serial, 0: nothing yet */
    char name[SWEEP_NETS][SWEEPING_NAME]; /* "A", "B", "lenet-digits"; "": there is none */
    char rival[256];                      /* the file or the name of the third one's weights; "": none */
    char usual_rival[SWEEPING_NAME];      /* of them, what the lab opened with */
    struct net *rival_net;                /* owned */
    int images, threads;
    double looked; /* when the observer of a branch out of view was last woken for its weights; 0: never */
};

enum { SWEEPING_IMAGES = 1000 };

/** Its thread rests until it is asked. wake is called from it. */
MUST_USE enum err sweeping_new(const struct dataset *data, enum split split, void (*wake)(void *arg),
                               void *arg, struct sweeping **out, struct diag *diag);
void sweeping_free(struct sweeping *s); /* accepts NULL */

/**
 * Measures transfer to and from these weights too: a file, or the name of built-in ones; NULL or "": of none. With an error it is as it was, but for networks of
 * other images, after which there is none.
 */
MUST_USE enum err sweeping_set_rival(struct sweeping *s, const char *weights, struct diag *diag);

/** Asks for this with its own number of images, unless that was asked last. */
void sweeping_ask(struct sweeping *s, struct sweep_task task);
/** Takes the newest results. @return there were some */
bool sweeping_take(struct sweeping *s);
/** Is all there that was asked for, with the newest weights? */
bool sweeping_settled(const struct sweeping *s);

/** "412/1000 images" while they come in, "1000 images" afterwards; while a later pass is under way "1000 images  again 41 %". */
void sweeping_count_text(const struct sweeping *s, int seen, int total, char *text, int size);

#endif
