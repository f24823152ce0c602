/**
 * The observer: a thread that answers the questions of the visible panels about the newest moment, on its own copy of the weights.
 *
 * It is asked by the UI thread (observer_ask, any time, the newest set wins) and given moments by the trainer (observer_show). Each set of answers is about
 * one moment and one sample, whole: panels are never a mixture. When neither the moment nor the question changed it sleeps.
 */
#ifndef FOVEA_OBSERVE_OBSERVER_H
#define FOVEA_OBSERVE_OBSERVER_H

#include "base/err.h"
#include "data/dataset.h"
#include "observe/question.h"

/** What is asked: the sample and the questions. Plain memory, copied. */
struct inquiry {
    unsigned long serial; /* the asker's count; comes back in the answers */
    enum split split;
    int index; /* of the sample */
    int count;
    struct question question[QUESTIONS_MAX];
};

struct answers {
    unsigned long serial; /* of the inquiry; 0: nothing asked yet */
    unsigned long moment; /* serial of the moment */
    long step, epoch;
    struct sample sample; /* x owned by the answers */
    int count;
    struct answer answer[QUESTIONS_MAX];
    double seconds; /* it took to compute them */
};

struct observer;

/**
 * @param newest  called from the observer's thread to fetch the newest moment: NULL when there is nothing new (trainer_moment); what it returns stays valid until the next call
 * @param wake    called from the observer's thread after each publication
 */
struct observer_options {
    const struct net *net;
    const struct dataset *data;
    const struct moment *(*newest)(void *source);
    void *source;
    void (*wake)(void *arg);
    void *arg;
};

MUST_USE enum err observer_new(const struct observer_options *options, struct observer **out,
                               struct diag *diag);
void observer_free(struct observer *o); /* waits for the answer under way; accepts NULL */

void observer_ask(struct observer *o, const struct inquiry *inquiry); /* the asker's thread */
void observer_poke(struct observer *o); /* any thread: there may be a new moment */
const struct answers *observer_answers(
    struct observer *o); /* the asker's thread: newest, or NULL when nothing new; valid until the next call */

/** The answer to a question equal to q, or NULL. */
const struct answer *answers_find(const struct answers *a, const struct question *q);

#endif
