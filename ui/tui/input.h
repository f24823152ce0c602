/**
 * Bytes from a terminal become keys: UTF-8, the sequences of function keys, the mouse, pasted text. Knows no terminal and no clock.
 *
 * Understands what terminals since the VT100 send (CSI, SS3, the Linux console's own, SGR and X10 mouse reports), and what it was taught.
 * A sequence that nobody knows is left out as a whole. Escape alone is a key when nothing has followed it for a moment.
 */
#ifndef FOVEA_UI_INPUT_H
#define FOVEA_UI_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/term.h"
#include "tui/utf8.h"

enum { INPUT_BYTES = 1024, INPUT_LEARNED = 24 };

/** {0} to begin. */
struct input {
    unsigned char bytes[INPUT_BYTES]; /* not yet understood */
    int have;
    double last; /* when the last bytes came */
    bool pasting;
    struct utf8_reader utf8;
    struct mouse mouse; /* of the last KEY_MOUSE_ */
    struct {
        char sequence[12];
        int key;
    } learned[INPUT_LEARNED];
    int learned_count;
};

/** Another sequence (NULL or a single character is left out) for a key. Learned ones come before those that everybody knows. */
void input_learn(struct input *in, const char *sequence, int key);

/** Takes what fits; returns how many bytes it took. */
int input_feed(struct input *in, const void *bytes, int count, double now);

/** The next key, or KEY_NOTHING while there is none that is complete. */
int input_key(struct input *in, double now);

/** Seconds until what has come so far means something by itself (a lone Escape); < 0: nothing is pending. */
double input_due(const struct input *in, double now);

#endif
