/**
 * Knobs: what of a kernel or a stage can be turned, as one table for parsing, help, manual and screens.
 */
#ifndef FOVEA_FILTER_KNOBS_H
#define FOVEA_FILTER_KNOBS_H

#include "base/text.h"

enum { KNOBS = 7 };

/** A number, or one of several words (then the value is the word's index). */
struct knob {
    const char *name, *help; /* no name: the table ends */
    double low, high, initial;
    bool whole;
    const char *const *words; /* NULL-terminated; NULL: a number */
};

/** A table has room for KNOBS rows and ends at the first without a name; `value` is KNOBS numbers in its order. */
int knobs_count(const struct knob *knob);

/** Every knob at its initial value. */
void knobs_initial(const struct knob *knob, double *value);

/**
 * "key=value,key=word" onto value[]; what it doesn't name stays. Ranges aren't looked at.
 * @param owner  whose knobs, for messages
 * @param text   cut up
 * @return ERR_UNKNOWN (says what there is) or ERR_FORMAT
 */
MUST_USE enum err knobs_read(const char *owner, const struct knob *knob, char *text, double *value,
                             struct diag *diag);

/** ERR_RANGE when a value is outside its range, or broken where it should be whole. */
MUST_USE enum err knobs_check(const char *owner, const struct knob *knob, const double *value,
                              struct diag *diag);

/** Adds "owner:key=value,..." with every knob, as knobs_read() takes it. */
void knobs_spell(const char *owner, const struct knob *knob, const double *value, struct text *out);

#endif
