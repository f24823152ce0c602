/**
 * Match the convolution: an input, a kernel, and four outputs, of which one is theirs. Lecture item L21.
 *
 * The wrong outputs are the same input with other kernels, so each can be explained; outputs too alike to tell apart are never offered together.
 */
#ifndef FOVEA_FILTER_MATCH_H
#define FOVEA_FILTER_MATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "tensor/tensor.h"

enum { MATCH_OUTPUTS = 4, MATCH_CHOICES_MOST = 64 };

/** A kernel that a question may be about; borrowed. Filters of a trained network are such choices as well. */
struct match_choice {
    const char *name, *help; /* what it does: the explanation of a wrong answer. NULL: nothing is known */
    struct tensor w;
};

struct match {
    struct tensor x;                /* owned: a series [n] or a grey picture [h][w] */
    struct tensor y[MATCH_OUTPUTS]; /* owned: x * choice[shown[i]].w, in mode same */
    int shown[MATCH_OUTPUTS];       /* index of each output's kernel among the choices */
    int right; /* which output belongs to the kernel that is asked about, choice[shown[right]] */
};

/**
 * A question about x (copied), of the same rank as the kernels. The same key gives the same question.
 * @return ERR_RANGE when no four of the kernels answer differently enough: somewhere by a tenth of the largest magnitude. match_fini() it
 */
MUST_USE enum err match_from(const struct tensor *x, const struct match_choice *choice, int choices,
                             uint64_t key, struct match *out, struct diag *diag);
void match_fini(struct match *m);

/* ---- endless questions of the program's own ---- */

struct match_set; /* built-in kernels of one kind */

/** @param pictures  scenes with kernels of the library, or series with rows of weights. match_set_free() it; accepts NULL */
MUST_USE enum err match_set_new(bool pictures, struct match_set **out, struct diag *diag);
void match_set_free(struct match_set *set);
const struct match_choice *match_set_choices(const struct match_set *set, int *count);

/** Question `number` of a series that `seed` starts. @param name  what x is called; NULL: not wanted */
MUST_USE enum err match_ask(const struct match_set *set, uint64_t seed, uint64_t number, struct match *out,
                            const char **name, struct diag *diag);

#endif
