/**
 * Nicknames: what a person calls the units of networks, kept in a small text file from one session to the next. Lecture item L54.
 *
 * One a line, `MODEL LAYER CHANNEL NAME`, a blank between; the name goes to the end of the line. Lines that say something else are left out, and left alone when the
 * file is written again.
 */
#ifndef FOVEA_OBSERVE_NICKNAMES_H
#define FOVEA_OBSERVE_NICKNAMES_H

#include "base/err.h"

enum { NICKNAME_MOST = 40, NICKNAME_MODEL = 128 }; /* bytes of a name, of a model's name */

/** {0} is empty. */
struct nicknames {
    char *path;  /* owned */
    char **line; /* of the file, with those that aren't understood; owned */
    int lines;
    int damaged, first_damaged; /* lines that aren't understood; the first of them, from 1 */
};

/** Where they are kept: fovea/nicknames in $XDG_STATE_HOME, or else in ~/.local/state. @return from malloc; NULL: neither is known */
char *nicknames_path(void);

/**
 * Reads the file; that there is none yet is no error. With damaged lines it succeeds, and nicknames_complaint() has a sentence.
 * @param n  {0}; nicknames_free() it, also after a failure
 */
MUST_USE enum err nicknames_read(struct nicknames *n, const char *path, struct diag *diag);
void nicknames_free(struct nicknames *n);

/** What was wrong with the file, or "". */
void nicknames_complaint(const struct nicknames *n, char *text, int size);

/** @return the unit's name, valid until the next change; or NULL. Blanks in the model's name count as `_`. Allocates nothing. */
const char *nicknames_find(const struct nicknames *n, const char *model, const char *layer, int channel);

/**
 * Gives the unit a name, or with "" takes it away, and writes the file (whole or not at all; its folder is made).
 * ERR_RANGE when the name is too long, begins with a blank or holds control characters: nothing is changed then. When the file can't be written the name holds for this session.
 */
MUST_USE enum err nicknames_set(struct nicknames *n, const char *model, const char *layer, int channel,
                                const char *name, struct diag *diag);

#endif
