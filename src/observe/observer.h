/**
 * The observer: a thread that answers the questions of the visible panels about the newest moment, on its own copy of the weights.
 *
 * It is asked by the UI thread (observer_ask, any time, the newest set wins) and told by the trainer that there are moments (observer_poke). Each set of
 * answers is about one moment and one sample, whole: panels are never a mixture. When neither the moment nor the question changed it sleeps.
 *
 * It shares the machine with the training it watches: after a set of answers it rests, so that it costs no more than a share of one core, however fast moments come.
 * A new inquiry ends the rest at once, and answers that have taken longer than OBSERVER_LONG seconds too (attack_options.stop): they aren't published.
 *
 * It also looks for the next image that the network gets wrong (observer_find): a batch between two sets of answers, each on the newest moment, without rest, until
 * one is found, all have been looked at, or something else is to be found.
 */
#ifndef FOVEA_OBSERVE_OBSERVER_H
#define FOVEA_OBSERVE_OBSERVER_H

#include "base/err.h"
#include "data/dataset.h"
#include "observe/question.h"
#include "observe/search.h"

/** What is asked: the sample and the questions. Plain memory, copied, pixels too. */
struct inquiry {
    unsigned long serial; /* the asker's count, from 1; comes back in the answers */
    enum split split;     /* of the data set; not looked at when `own` is given */
    int index;            /* of the sample in it, 0..count-1 */
    const float *own;     /* [c][h][w] in [0,1]: a sample from elsewhere; copied by observer_ask; or NULL */
    int own_label;        /* of that sample; -1: unknown */
    const float
        *other; /* [c][h][w]: what the sample is compared with (question "change"); copied too; or NULL */
    int count;  /* of questions, 0..QUESTIONS_MAX; 0 gets an answer too: the sample alone */
    struct question question[QUESTIONS_MAX];
};

struct answers {
    unsigned long serial; /* of the inquiry */
    unsigned long moment; /* serial of the moment */
    long step, epoch;
    struct sample sample; /* x owned by the answers; other is NULL */
    int count;            /* answer[k] answers question[k] of the inquiry */
    struct answer answer[QUESTIONS_MAX];
    double seconds; /* it took to compute them */
};

/** How far a search is. */
struct finding {
    unsigned long serial; /* of the search; 0: none was ever asked for */
    bool done;
    int index;         /* that was found; -1: none, or not yet */
    int looked, count; /* images looked at, and in all */
};

struct observer;

/**
 * @param data    samples come from here; NULL: every inquiry brings its own
 * @param newest  called from the observer's thread to fetch the newest moment: NULL when there is nothing new (trainer_moment); what it returns stays
 *                valid until the next call. A moment with the serial of the one before counts as nothing new.
 * @param seen    called from the observer's thread with the moment that is about to be looked at, anew with each inquiry and each poke: valid during the call; may be NULL
 * @param wake    called from the observer's thread after each publication, when a search ends and now and then while it goes on; may be NULL
 */
struct observer_options {
    const struct net *net;
    const struct dataset *data;
    const struct moment *(*newest)(void *source);
    void *source;
    void (*seen)(void *arg, const struct moment *moment);
    void (*wake)(void *arg);
    void *arg;
    double
        share; /* of a core's time, over 0 to 1, for answers about one moment after the other; 0: OBSERVER_SHARE */
};
#define OBSERVER_SHARE 0.5
#define OBSERVER_LONG  1.0

/** net, data and source are borrowed. ERR_SHAPE when the images of the data set don't have the shape of the network's input. */
MUST_USE enum err observer_new(const struct observer_options *options, struct observer **out,
                               struct diag *diag);
void observer_free(
    struct observer *o); /* waits for the answer under way, which is told to end; accepts NULL */

/** The asker's thread. What was asked before and isn't begun yet is forgotten. */
void observer_ask(struct observer *o, const struct inquiry *inquiry);
/**
 * The asker's thread: looks for an image, from now on. NULL: what was to be found no longer is. Needs data, and a moment before it begins.
 * @return the search's serial, which comes back in the finding; 0 for NULL
 */
unsigned long observer_find(struct observer *o, const struct search *search);
/** The asker's thread: how far it is now. */
struct finding observer_finding(struct observer *o);
/** Any thread: there may be a new moment. */
void observer_poke(struct observer *o);
/** The asker's thread: the newest answers, or NULL when there are no new ones. Valid until a call returns others. */
const struct answers *observer_answers(struct observer *o);

/**
 * The asker's thread: copies the weights of the moment that is being answered about, which the newest answers are about too once they have come.
 * @return the step they belong to; -1: there is no moment yet
 */
long observer_weights(struct observer *o, struct weights *out);

/** The answer to a question equal to q, or NULL: not asked then. Look at `ready` too. */
const struct answer *answers_find(const struct answers *a, const struct question *q);

#endif
