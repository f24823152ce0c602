/**
 * The past of a run, in bounded memory, to the bit.
 *
 * Keyframes hold the whole state of the run now and then; a step between two is reached by training again from the keyframe before it, as a
 * video codec would. When the budget is full every second keyframe is dropped and the distance doubles.
 */
#ifndef FOVEA_TRAIN_TIMELINE_H
#define FOVEA_TRAIN_TIMELINE_H

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

/**
 * Puts `run` (made with the same net, data and options) at exactly `step`: restores the keyframe before it and trains the rest.
 * @return ERR_RANGE when no keyframe lies at or before it
 */
MUST_USE enum err timeline_seek(const struct timeline *t, struct run *run, long step, struct diag *diag);

/** Forgets keyframes after `step`: the run goes another way from there. */
void timeline_cut(struct timeline *t, long step);

#endif
