/**
 * The past of a run, in bounded memory, to the bit.
 *
 * Keyframes hold the whole state of the run now and then; a step between two is reached by training again from the keyframe before it, as a
 * video codec would. When the budget is full each new keyframe takes the place of an old one, so that they stay spread evenly over the whole
 * way, no two neighbours more than twice as far apart as two others. Changes of the learning rate are remembered with the step at which they
 * were made, and made again on the way.
 *
 * A *stop* is a step that takes one step of training to reach: the one after a keyframe. Stops are multiples of the spacing, and the first step. They
 * are what is scrubbed through in a run of any length: with lenet (5,994 parameters) and SGD a keyframe takes 48 kB, so that 128 MB
 * hold some 2,600 stops, whether the run took a minute or a day, and a second of replay is never needed to look at one.
 */
#ifndef FOVEA_TRAIN_TIMELINE_H
#define FOVEA_TRAIN_TIMELINE_H

#include <stdatomic.h>

#include "train/run.h"

struct timeline;

/**
 * @param run     at the first step that is to be remembered; only its shape is looked at
 * @param budget  bytes for all keyframes. The first step, and one more keyframe, are kept even where the budget has no room for them
 */
MUST_USE enum err timeline_new(const struct run *run, size_t budget, struct timeline **out,
                               struct diag *diag);
void timeline_free(struct timeline *t);

/** Call after every step (and before the first): keeps a keyframe when one is due. Allocates only keyframes, never past the budget. */
void timeline_visit(struct timeline *t, const struct run *run);

/** Call before the run leaves its furthest step for the past: coming back there takes no training then. */
void timeline_leave(struct timeline *t, const struct run *run);

/** Steps between the keyframes that are made now, and how many there are. */
long timeline_spacing(const struct timeline *t);
int timeline_keyframes(const struct timeline *t);

/** The first step that is remembered; -1: none is. */
long timeline_first(const struct timeline *t);

/** The latest stop at or before `step`, which is not after the last one visited; or -1. */
long timeline_before(const struct timeline *t, long step);

/**
 * What to show when someone asks for `step` and doesn't want to wait: that step when it takes at most `most` steps of training to reach, else
 * the nearest stop that lies in that direction.
 * @param step      within timeline_first() and furthest
 * @param from      where one stands; never the answer, unless it is `step`
 * @param furthest  the last step visited
 */
long timeline_near(const struct timeline *t, long step, long from, long furthest, long most);

/** A learning rate that was chosen when so many updates were done, and held from there on. */
struct timeline_rate {
    long step;
    double rate;
};
/** Those there are, by their steps; returns how many, or -1 when they are more than `most` or the schedule was changed in another way too. */
int timeline_rates(const struct timeline *t, struct timeline_rate *out, int most);

/** Remembers that run->schedule was changed at run->step, which is after every step visited so far. */
MUST_USE enum err timeline_schedule(struct timeline *t, const struct run *run, struct diag *diag);

/**
 * Puts `run` (made with the same net, data and options) at exactly `step`: restores the keyframe before it and trains the rest. Weights, buffers,
 * gradients, optimizer, sums and schedule are those of that moment to the bit.
 * @param step    not after the last one visited
 * @param cancel  when it becomes true the run stops on the way, at a step before; NULL: never
 * @return ERR_RANGE when it is before the first
 */
MUST_USE enum err timeline_seek(const struct timeline *t, struct run *run, long step,
                                const atomic_bool *cancel, struct diag *diag);

/** Forgets keyframes and changes after `step`: the run goes another way from there. -1: forgets all. */
void timeline_cut(struct timeline *t, long step);

#endif
