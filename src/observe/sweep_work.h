/** How a sweep measures: batch by batch, on networks and memory of its own. For sweep.c alone. */
#ifndef FOVEA_OBSERVE_SWEEP_WORK_H
#define FOVEA_OBSERVE_SWEEP_WORK_H

#include "nn/pass.h"
#include "observe/sweep.h"

/** A network as the thread works on it. */
struct sweep_net {
    struct net *net; /* NULL: none */
    struct weights weights;
    struct pass *pass; /* made for these very weights */
    unsigned long generation, moment;
    long step;
};

struct sweep_room {
    const struct dataset *data;
    enum split split;
    int batch; /* images that have room */
    size_t image;
    float *x, *adv, *scratch;
    int *label, *aim;
};

MUST_USE enum err sweep_room_init(struct sweep_room *r, const struct dataset *data, enum split split,
                                  struct diag *diag);
void sweep_room_fini(struct sweep_room *r);

/** Takes the passes apart, and makes new ones for the weights and the team as they are. ERR_MEMORY. */
void sweep_passes_free(struct sweep_net net[SWEEP_NETS]);
MUST_USE enum err sweep_passes_make(struct sweep_net net[SWEEP_NETS], const struct sweep_room *r,
                                    struct team *team, struct diag *diag);

/** Empties the result, and says what there is to do. With `curves` those that are in it stay. */
void sweep_begin(struct sweep_room *r, const struct sweep_net net[SWEEP_NETS], bool curves,
                 struct sweep_result *out);
/** Measures a little more: a batch of curves and of the transfer, an image of the grid. @return false: all is measured */
bool sweep_more(struct sweep_room *r, const struct sweep_net net[SWEEP_NETS], struct sweep_result *out);

#endif
