/**
 * The probe: one image run through one moment's network, forward and backward, with everything kept to be looked at.
 *
 * The observer owns one; whoever wants answers without a thread can have one too.
 */
#ifndef FOVEA_OBSERVE_PROBE_H
#define FOVEA_OBSERVE_PROBE_H

#include "base/err.h"
#include "observe/question.h"

/** All the memory that any question needs. net is borrowed. */
MUST_USE enum err probe_init(struct probe *p, const struct net *net, struct diag *diag);
void probe_fini(struct probe *p); /* accepts what probe_init left on failure, and {0} */

/** Runs the sample. Both are borrowed until the next run. Allocates nothing. */
void probe_run(struct probe *p, const struct moment *moment, const struct sample *sample);

/** After probe_run: prepares `a` for q (answer_prepare) and fills it. @return a->ready */
bool probe_answer(const struct probe *p, const struct question *q, struct answer *a);

#endif
