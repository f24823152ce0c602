/**
 * The past of a run, in bounded memory, to the bit.
 *
 * Keyframes hold the whole state of the run now and then; a step between two is reached by training again from the keyframe before it, as a
 * video codec would. When the budget is full every second keyframe is dropped and the distance doubles. Changes of the learning rate are
 * remembered with the step at which they were made, and made again on the way.
 */
#ifndef FOVEA_TRAIN_TIMELINE_H
#define FOVEA_TRAIN_TIMELINE_H

#include <stdatomic.h>

#include "train/run.h"

struct timeline;

/** @param budget  bytes for keyframes; at least two always fit */
MUST_USE enum err timeline_new(const struct run *run, size_t budget, struct timeline **out,
                               struct diag *diag);
void timeline_free(struct timeline *t);

/** Call after every step (and before the first): keeps a keyframe when one is due. Allocates only keyframes, never past the budget. */
void timeline_visit(struct timeline *t, const struct run *run);

/** Steps between keyframes now, and how many there are. */
long timeline_spacing(const struct timeline *t);
int timeline_keyframes(const struct timeline *t);

/** The latest keyframe at or before `step`: its step, or -1. */
long timeline_before(const struct timeline *t, long step);

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
 * @return ERR_RANGE when no keyframe lies at or before it
 */
MUST_USE enum err timeline_seek(const struct timeline *t, struct run *run, long step,
                                const atomic_bool *cancel, struct diag *diag);

/** Forgets keyframes and changes after `step`: the run goes another way from there. -1: forgets all. */
void timeline_cut(struct timeline *t, long step);

#endif
